import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { StructDescriptor } from "../../src/descriptor/types.ts";
import { isThriftError } from "../../src/errors.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { fieldId } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, truncationsOf, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { createRandom, type Random } from "../support/random.ts";
import { FEED, feed, idl, PROTOCOLS, typeOf } from "./fixtures.ts";

const FEED_TYPE = idl.struct("Feed");
const PATHS = [
  ["items", 2, "author", "invitedBy", "name"],
  ["items", 0, "attrs", "k"],
  ["items", 1, "hidden"],
  ["counts", "c"],
  ["byRank", -1, "id"],
  ["grid", 2, 0],
  ["points", 1, "x"],
  ["pinned", "hidden"],
  ["flags", 2],
  ["cursor"],
].map((path) => compilePath(FEED_TYPE, path));

const BRIEF: StructDescriptor = parseIdl(`
  struct Brief { 1: required i64 id, 6: bool hidden, 10: i32 color = 3 }
  struct T { 1: list<Brief> items, 3: map<i32, Brief> byRank, 4: Brief pinned, 7: bool more, 301: list<bool> flags, 400: i32 last }
`).struct("T");

/** Reads every part, one after the other. */
function walk(value: Value): number {
  if (!["struct", "list", "set", "map"].includes(value.descriptor.kind)) return 1;
  let count = value.length;
  for (const [key, part] of value) {
    value.has(key);
    count += walk(part);
  }
  return count;
}

/** What is done to damaged values; whether the operation goes over all of the bytes. */
const OPERATIONS: readonly [name: string, work: (value: Value) => unknown, readsAll: boolean][] = [
  ["get", (value) => PATHS.map((path) => attempt(() => value.get(path))), false],
  ["getMany", (value) => value.getMany(PATHS), false],
  ["has and length", (value) => [value.has("flags"), value.length], false],
  ["iteration", walk, true],
  ["toJS", (value) => value.toJS(), true],
  ["toJS with options", (value) => value.toJS({ map: "object", enums: "name", int64: "string" }), true],
  ["JSON.stringify", (value) => JSON.stringify(value), true],
  ["project to itself", (value) => value.project(FEED_TYPE, { required: "omit" }), true],
  ["project", (value) => value.project(BRIEF, { required: "omit", default: "write" }), true],
  ["validate", (value) => value.validate(), true],
  ["set", (value) => value.set(["items", 0, "title"], "changed"), false],
  ["set deep", (value) => value.set(["items", 2, "author", "invitedBy", "name"], "x"), false],
  ["append", (value) => value.set(["items", 3, "id"], 4n, { createParents: true }), false],
  ["insert", (value) => value.set(["byRank", 77], { id: 1n }), false],
  [
    "setMany",
    (value) =>
      value.setMany(
        PATHS.map((path) => [path, Value.empty(path.target)]),
        { createParents: true },
      ),
    false,
  ],
  ["delete", (value) => value.delete("more"), false],
  ["deleteMany", (value) => value.deleteMany(PATHS, { required: "remove" }), false],
  ["inspect", (value) => inspect(value), true],
];

/** The result, or the code of our error; any other error is a bug, and is shown. */
function attempt(work: () => unknown): { result: unknown } | { code: string } {
  try {
    return { result: work() };
  } catch (error) {
    if (!isThriftError(error)) throw error;
    return { code: error.code };
  }
}

/** Much faster than an assertion, of which there would be thousands. */
function expectUnchanged(bytes: Uint8Array, original: Uint8Array): void {
  if (Buffer.compare(bytes, original) !== 0) expect(toHex(bytes)).toBe(toHex(original));
}

function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let count = random.int(1, 3); count > 0; count--) {
    const at = random.int(0, copy.length - 1);
    switch (random.int(0, 3)) {
      case 0:
        copy[at] = random.int(0, 255);
        break;
      case 1:
        copy[at]! ^= 1 << random.int(0, 7);
        break;
      case 2:
        copy[at] = random.pick([0x00, 0x7f, 0x80, 0xff]);
        break;
      default:
        copy.copyWithin(at, random.int(0, copy.length - 1), copy.length);
    }
  }
  return copy;
}

describe.each(PROTOCOLS)("hostile bytes in %s", (protocol) => {
  const sound = Value.of(FEED_TYPE, FEED, { protocol }).toBytes();
  const from = (bytes: Uint8Array): Value => Value.from(FEED_TYPE, bytes, { protocol });
  const expected = toHex(from(sound).project(BRIEF, { default: "write" }).bytes);

  /** Nothing of a failed operation is left behind in what operations share. */
  function expectUsable(): void {
    const value = from(sound);
    expect(value.get(PATHS[0]!)?.asString()).toBe("Ann");
    expect(toHex(value.project(BRIEF, { default: "write" }).bytes)).toBe(expected);
    value.set("more", false);
    expect(value.get("more")?.asBoolean()).toBe(false);
  }

  it.each(OPERATIONS)("every truncation: %s", (name, work, readsAll) => {
    for (const cut of truncationsOf(sound)) {
      const bytes = withNoise(cut, cut.length % 2 === 0 ? 0x00 : 0xff);
      const value = from(bytes);
      const { node } = value;
      const outcome = attempt(() => work(value));
      if ("result" in outcome) {
        if (readsAll && name !== "inspect")
          throw new Error(`${name} has read ${cut.length} bytes and missed the end`);
      } else if (value.node !== node) {
        throw new Error(`${name} has failed and changed the value`);
      }
      expectUnchanged(bytes, cut);
    }
    expectUsable();
  });

  it("thousands of damaged messages give our errors, and sound ones are edited into sound ones", () => {
    const random = createRandom(protocol === "binary" ? 31 : 32);
    let accepted = 0;
    for (let run = 0; run < 1000; run++) {
      const original = damaged(random, sound);
      const bytes = withNoise(original);
      const isSound = "result" in attempt(() => from(bytes).validate());
      if (isSound) accepted++;
      const some = [random.pick(OPERATIONS), random.pick(OPERATIONS)];
      for (const [name, work, readsAll] of isSound && random.chance(0.2) ? OPERATIONS : some) {
        const value = from(bytes);
        const { node } = value;
        const outcome = attempt(() => work(value));
        const isFailure = "code" in outcome;
        if (isFailure && value.node !== node) throw new Error(`${name} has failed and changed the value`);
        if (!isSound) continue;
        // Whatever else it says now, it is a message, and is one after the edits.
        if (isFailure && readsAll)
          throw new Error(`${name} fails with ${outcome.code} on what validate accepts`);
        value.validate();
      }
      expectUnchanged(bytes, original);
    }
    expect(accepted).toBeGreaterThan(50);
    expectUsable();
  });

  it("noise is no message, whatever is done to it", () => {
    const random = createRandom(33);
    for (let run = 0; run < 100; run++) {
      const bytes = random.bytes(random.int(0, 60));
      const original = Uint8Array.from(bytes);
      for (const [, work] of OPERATIONS) attempt(() => work(from(bytes)));
      expectUnchanged(bytes, original);
    }
    expectUsable();
  });

  it("damaged values that are put in", () => {
    const random = createRandom(34);
    const item = feed(protocol).get(["items", 0])!;
    for (let run = 0; run < 300; run++) {
      const bytes = damaged(random, item.bytes);
      const node = Value.from(item.descriptor, bytes, { protocol }).node;
      const value = from(sound);
      const outcome = attempt(() => value.set("pinned", node));
      if ("code" in outcome) expectUnchanged(value.bytes, sound);
      value.validate();
      value.toJS();
    }
  });

  it.each<[what: string, type: string, binary: string, compact: string]>([
    ["a list of 2^31 − 1 elements", "list<i32>", "08 7fffffff", "f5 ffffffff07"],
    ["a list of as many structs", "list<Point>", "0c 7fffffff 00", "fc ffffffff07 00"],
    ["a negative length", "list<i32>", "08 ffffffff", "f5 ffffffff0f"],
    ["a map of 2^31 − 1 entries", "map<i32,i32>", "08 08 7fffffff", "ffffffff07 55"],
    ["a string of 2 GiB", "string", "7fffffff", "ffffffff07"],
    ["a string of negative size", "string", "80000000", "8080808008"],
  ])("%s is refused before anything is allocated", (_, type, binary, compact) => {
    const value = Value.from(typeOf(type), hex(protocol === "binary" ? binary : compact), { protocol });
    const before = process.memoryUsage().arrayBuffers;
    for (const work of [
      () => value.toJS(),
      () => value.validate(),
      () => value.project(value.descriptor),
      () => [...value],
      () => value.asBytes(),
    ]) {
      const outcome = attempt(work);
      expect(outcome).toHaveProperty("code");
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  it("structs nested without end meet the limit, not the end of the stack", () => {
    const levels = 20_000;
    const bytes = new Uint8Array(protocol === "binary" ? levels * 3 : levels);
    // The field 4, a struct, again and again.
    for (let level = 0; level < levels; level++)
      bytes.set(protocol === "binary" ? [0x0c, 0, 4] : [0x4c], level * (protocol === "binary" ? 3 : 1));
    const type = idl.struct("Author");
    for (const limits of [{}, { maxDepth: Number.POSITIVE_INFINITY }]) {
      const value = Value.from(type, bytes, { protocol, limits });
      const path = Array(50).fill("invitedBy");
      for (const work of [
        () => value.toJS(),
        () => value.validate(),
        () => value.project(type),
        () => value.get([...path, "id"]),
        () => value.set([...path, "id"], 1n),
        () => value.delete([...path, "name"]),
        () => value.node.get([fieldId(4), fieldId(1)]),
      ]) {
        expect(attempt(work)).toEqual({
          code:
            limits.maxDepth === undefined
              ? "LIMIT_EXCEEDED"
              : expect.stringMatching(/LIMIT_EXCEEDED|TRUNCATED/),
        });
      }
    }
  });

  it("getters and iterables of the caller may use the same values", () => {
    const value = from(sound);
    const js = {
      get x(): number {
        value.get(["items", 0, "title"]);
        return value.project(BRIEF).length;
      },
    };
    value.set(["points", 0], js);
    expect(value.get(["points", 0])?.toJS()).toEqual({ x: 5 });
    function* entries(): Generator<[string, unknown]> {
      yield ["cursor", value.get("cursor")?.asString()];
      value.set("cursor", "inner");
      yield ["more", false];
    }
    value.setMany(entries());
    expect(value.getMany(["cursor", "more"]).map((part) => part?.toJS())).toEqual(["next", false]);
    expectThriftError(() => value.setMany([["cursor", { toString: () => "x" }]]), {
      code: "TYPE_MISMATCH",
      path: "cursor",
    });
  });
});
