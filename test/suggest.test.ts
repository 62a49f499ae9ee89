import { describe, expect, it } from "vitest";
import { didYouMean } from "../src/suggest.ts";

describe("didYouMean", () => {
  it.each<[name: string, candidates: string[], best: string | undefined]>([
    ["Usr", ["Order", "User", "Usage"], "User"],
    ["user", ["User", "Uses"], "User"],
    ["userId", ["user_id", "userIds"], "user_id"],
    ["teh_name", ["the_name"], "the_name"],
    ["stuct", ["struct"], "struct"],
    ["structt", ["struct"], "struct"],
    ["User", ["base.User"], "base.User"],
    ["base.User", ["User"], "User"],
    ["bsae.User", ["base.User"], "base.User"],
    ["User", ["Usex", "base.User"], "base.User"],
    ["other.thrift", ["main.thrift"], undefined],
    ["Account", ["User", "Order"], undefined],
    ["ab", ["cd", "ac"], undefined],
    ["id", ["ID"], "ID"],
    ["", ["a"], undefined],
    ["a", [], undefined],
    ["User", ["User"], undefined],
    ["User", [""], undefined],
    ["constructor", ["__proto__"], undefined],
    ["CreateTime", ["CraetTime", "CreateTme"], "CreateTme"],
    ["abcdef", ["xbcdef", "abcdefg"], "xbcdef"],
    ["abcdefghi", ["xxxdefghi"], "xxxdefghi"],
    ["abcdefghi", ["xxxxefghi"], undefined],
    ["abcdefghi", ["abcdefghixyz"], "abcdefghixyz"],
    ["abcdefghi", ["abcdefghiwxyz"], undefined],
    ["abcdefghi", ["defghi"], "defghi"],
    ["abcdefghi", ["efghi"], undefined],
    ["abcdefghi", ["badcfeghi"], "badcfeghi"],
    ["abcdefghi", ["bacdfehgi", "badcefhgi"], "bacdfehgi"],
    ["ÉTAT", ["état"], "état"],
    ["base.user_id", ["UserId"], "UserId"],
    ["a.User", ["b.User"], "b.User"],
    ["a.b.User", ["x.y.User"], "x.y.User"],
  ])("%j among %j", (name, candidates, best) => {
    expect(didYouMean(name, candidates)).toBe(best === undefined ? undefined : `did you mean \`${best}\`?`);
  });

  it("takes any iterable", () => {
    expect(didYouMean("usr", new Map([["user", 1]]).keys())).toBe("did you mean `user`?");
  });

  it.each<[name: string, candidate: string, found: boolean]>([
    ["A".repeat(128), "a".repeat(128), true],
    [`${"a".repeat(127)}b`, `${"a".repeat(127)}c`, true],
    ["A".repeat(129), "a".repeat(128), false],
    ["A".repeat(128), `${"a".repeat(128)}_`, false],
    ["User", `${"a".repeat(123)}.User`, true],
    ["User", `${"a".repeat(124)}.User`, false],
  ])("longer names than 128 characters are passed over: %s, %s", (name, candidate, found) => {
    expect(didYouMean(name, [candidate])).toBe(found ? `did you mean \`${candidate}\`?` : undefined);
  });

  it.each<[position: number, candidate: string, found: boolean]>([
    [2000, "candidate_x", true],
    [2001, "candidate_x", false],
    [2001, "Candidate_Y", true],
    [2001, "base.candidate_y", true],
    [100_000, "Candidate_Y", true],
    [100_001, "Candidate_Y", false],
  ])("at place %d of all candidates, %s", (position, candidate, found) => {
    const candidates = [...Array(position - 1).fill("other"), candidate];
    expect(didYouMean("candidate_y", candidates)).toBe(found ? `did you mean \`${candidate}\`?` : undefined);
  });

  it("does not walk further than it looks", () => {
    let walked = 0;
    function* endless(): Generator<string> {
      for (;;) yield `other${++walked}`;
    }
    expect(didYouMean("wanted", endless())).toBeUndefined();
    expect(walked).toBe(100_001);
  });
});
