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
  ])("%j among %j", (name, candidates, best) => {
    expect(didYouMean(name, candidates)).toBe(best === undefined ? undefined : `did you mean \`${best}\`?`);
  });

  it("takes any iterable", () => {
    expect(didYouMean("usr", new Map([["user", 1]]).keys())).toBe("did you mean `user`?");
  });

  it("is bounded for many and long names", () => {
    const many = Array.from({ length: 1_000_000 }, (_, index) => `candidate_number_${index}`);
    expect(didYouMean("candidate_nmber_x", many)).toMatch(/did you mean/);
    expect(didYouMean("a".repeat(1_000_000), ["b".repeat(1_000_000), "a".repeat(1_000_001)])).toBeUndefined();
    expect(didYouMean("A".repeat(100), ["a".repeat(100)])).toBe(`did you mean \`${"a".repeat(100)}\`?`);
  });
});
