import { afterEach, describe, expect, it, vi } from "vitest";
import { Dom, type DomBytesOptions } from "../../src/dom/dom.ts";
import { isThriftError } from "../../src/errors.ts";
import { Value } from "../../src/value/value.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex, truncationsOf, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { createRandom, type Random } from "../support/random.ts";
import { feed, idl, make, PROTOCOLS } from "../value/fixtures.ts";
import { errorOf, load, loadBytes } from "./fixtures.ts";

const DEPTHS = [0, 1, 2, Number.POSITIVE_INFINITY];
const MUTATIONS = 1200;

/** One to three changes of some bytes. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes.slice();
  for (let changes = random.int(1, 3); changes > 0; changes--) {
    const at = random.int(0, result.length - 1);
    switch (random.int(0, 4)) {
      case 0:
        result[at]! ^= 1 << random.int(0, 7);
        break;
      case 1:
        result[at] = random.pick([0, 1, 2, 0x0b, 0x0c, 0x0d, 0x0f, 0x7f, 0x80, 0xff]);
        break;
      case 2:
        result = Uint8Array.from([
          ...result.subarray(0, at),
          ...random.bytes(random.int(1, 5)),
          ...result.subarray(at),
        ]);
        break;
      case 3:
        result = Uint8Array.from([...result.subarray(0, at), ...result.subarray(at + random.int(1, 6))]);
        break;
      default:
        result = result.subarray(0, Math.max(1, at));
    }
  }
  return result;
}

/** Does all sorts of things with whatever has been loaded; returns how many of them have worked. */
function exercise(dom: Dom, random: Random): number {
  const { root } = dom;
  const acts: (() => unknown)[] = [
    () => root.findAll((node) => node.step === "id" && node.asBigInt() > 0n),
    () => root.findAll((node) => node.step !== undefined && node.length > 2),
    () => root.toJS(),
    () => root.get(["byRank", -1, "author", "name"])?.asString(),
    () => root.get(["counts", "b"])?.asNumber(),
    () => root.set(["counts", "new"], 4),
    () => root.set(["items", 1, "author"], { id: 5n }),
    () => root.set("cursor", "other"),
    () => root.delete(["items", 0, "author", "name"]),
    () => root.delete(["counts", "a"]),
    () => root.get("items")?.push({ id: 9n }),
    () =>
      root
        .get("items")
        ?.sort((a, b) => b.get("title")!.asString().length - a.get("title")!.asString().length),
    () => root.get("items")?.filter((item) => item.get("hidden")?.asBoolean() !== true),
    () => root.get("items")?.move(0, 1),
    () => root.get("points")?.push({ x: 1, y: 2 }),
    () => root.append({ items: [], more: false }),
    () => dom.toBytes(),
  ];
  let worked = 0;
  for (let i = 0; i < 6; i++) {
    try {
      random.pick(acts)();
      worked++;
    } catch (error) {
      // `!` on a field that is not there is a mistake of this test's own.
      if (!isThriftError(error) && !(error instanceof TypeError && /asString/.test(error.message)))
        throw error;
    }
  }
  return worked;
}

describe.each(PROTOCOLS)("bad bytes in %s", (protocol) => {
  const { bytes } = feed(protocol);
  const type = idl.type("Feed");

  it.each(DEPTHS)("every truncation is an error, at depth %d", (depth) => {
    const before = Dom.pool;
    for (const part of truncationsOf(bytes)) {
      if (depth > 0) {
        const { code } = errorOf(() => loadBytes(type, part, protocol, { depth }));
        expect(["TRUNCATED", "INVALID_SIZE"]).toContain(code);
      } else {
        // Found when something is asked for, and each time again.
        using dom = loadBytes(type, part, protocol, { depth });
        const first = errorOf(() => dom.root.children);
        const second = errorOf(() => dom.root.set("more", true));
        expect([second.code, second.offset]).toEqual([first.code, first.offset]);
        expect(toHex(dom.toBytes())).toBe(toHex(part));
      }
    }
    expect(Dom.pool.idle).toBeGreaterThanOrEqual(Math.min(1, before.idle));
    expect(Dom.pool.created - before.created).toBeLessThanOrEqual(1);
  });

  it.each(DEPTHS)("bytes behind the value are TRAILING_DATA, at depth %d", (depth) => {
    const trailing = Uint8Array.from([...bytes, 0]);
    const expected = { code: "TRAILING_DATA", offset: bytes.length } as const;
    if (depth > 0) {
      expectThriftError(() => loadBytes(type, trailing, protocol, { depth }), expected);
    } else {
      using dom = loadBytes(type, trailing, protocol, { depth });
      expectThriftError(() => dom.root.get("more"), expected);
      expectThriftError(() => dom.root.get("more"), expected);
      expectThriftError(() => dom.root.delete("more"), expected);
      expect(toHex(dom.toBytes())).toBe(toHex(trailing));
    }
  });

  it.each<[type: string, binary: string, compact: string, code: "TRAILING_DATA" | "TRUNCATED", at: number]>([
    ["i64", "0000000000000001 ff", "02 ff", "TRAILING_DATA", protocol === "binary" ? 8 : 1],
    ["i64", "00000000000000", "80", "TRUNCATED", 0],
    ["bool", "01 01", "01 01", "TRAILING_DATA", 1],
    ["bool", "", "", "TRUNCATED", 0],
  ])("a root of type %s: %s or %s", (name, binary, compact, code, at) => {
    const input = hex(protocol === "binary" ? binary : compact);
    expectThriftError(() => loadBytes(idl.type(name), input, protocol), { code, offset: at });
  });

  it(`${MUTATIONS} damaged messages: errors of ours or none, the input as it was, nothing left behind`, () => {
    const random = createRandom(protocol === "binary" ? 71 : 72);
    const before = Dom.pool;
    let loaded = 0;
    let worked = 0;
    for (let run = 0; run < MUTATIONS; run++) {
      const input = withNoise(damage(bytes, random));
      const whole = toHex(new Uint8Array(input.buffer));
      const depth = random.pick(DEPTHS);
      try {
        using dom = Dom.load(type, input, { protocol, depth });
        loaded++;
        worked += exercise(dom, random);
        // Whatever was wrong with the input: what has been loaded is written with the structure of a message.
        if (depth > 0) expect(() => dom.toValue().node.validate()).not.toThrow();
      } catch (error) {
        if (!isThriftError(error)) throw error;
      }
      if (run % 16 === 0) expect(toHex(new Uint8Array(input.buffer))).toBe(whole);
    }
    // The test is worth something: many are loaded, and much of it works.
    expect(loaded).toBeGreaterThan(MUTATIONS / 5);
    expect(worked).toBeGreaterThan(loaded);
    expect(Dom.pool.created - before.created).toBeLessThanOrEqual(2);
  });

  it.each<[what: string, type: string, binary: string, compact: string]>([
    ["a list", "list<i32>", "08 7fffffff 00000001", "f5 ffffffff07 01"],
    ["a list of empty structs", "list<Author>", "0c 7fffffff 00", "fc ffffffff07 00"],
    ["a map", "map<i32, i32>", "08 08 7fffffff 00000001", "ffffffff07 55 01"],
    ["a string in a list", "list<string>", "0b 00000001 7fffffff", "18 ffffffff07"],
    ["a negative length", "list<i32>", "08 ffffffff", "f5 ffffffff0f"],
  ])("a hostile length: %s", (_, name, binary, compact) => {
    const input = hex(protocol === "binary" ? binary : compact);
    for (const depth of [1, Number.POSITIVE_INFINITY]) {
      expectThriftError(() => loadBytes(idl.type(name), input, protocol, { depth }), {
        code: "INVALID_SIZE",
      });
    }
  });
});

describe.each(PROTOCOLS)("limits in %s", (protocol) => {
  const nested = (levels: number): unknown =>
    levels === 0 ? { id: 1n } : { id: 1n, invitedBy: nested(levels - 1) };

  it.each(DEPTHS)("maxDepth, loading to depth %d", (depth) => {
    const { bytes } = make("Author", nested(4), protocol);
    const type = idl.type("Author");
    using dom = loadBytes(type, bytes, protocol, { depth, limits: { maxDepth: 5 } });
    expect(dom.root.get(["invitedBy", "invitedBy", "invitedBy", "invitedBy", "id"])?.asBigInt()).toBe(1n);
    const read = (): unknown => {
      using deep = loadBytes(type, bytes, protocol, { depth, limits: { maxDepth: 4 } });
      return deep.root.children;
    };
    expectThriftError(read, { code: "LIMIT_EXCEEDED" });
  });

  it("maxDepth counts the keys of maps too", () => {
    const { bytes } = make("Maps", { lists: [[[1], 1]] }, protocol);
    const options = (maxDepth: number): DomBytesOptions => ({ limits: { maxDepth } }) as never;
    using dom = loadBytes(idl.type("Maps"), bytes, protocol, options(3));
    expect(dom.root.get("lists")?.length).toBe(1);
    expectThriftError(() => loadBytes(idl.type("Maps"), bytes, protocol, options(2)), {
      code: "LIMIT_EXCEEDED",
    });
  });

  it("maxDepth of what is written: edits may not nest deeper", () => {
    using dom = Dom.load(
      make("Author", nested(1), protocol).descriptor,
      make("Author", nested(1), protocol).bytes,
      {
        protocol,
        limits: { maxDepth: 3 },
      },
    );
    dom.root.set(["invitedBy", "invitedBy"], { id: 2n });
    dom.root.set(["invitedBy", "invitedBy", "name"], "x");
    expect(dom.root.get(["invitedBy", "invitedBy"])?.toJS()).toEqual({ id: 2n, name: "x" });
    dom.root.set(["invitedBy", "invitedBy", "invitedBy"], { id: 3n });
    dom.root.set(["invitedBy", "invitedBy", "invitedBy", "name"], "y");
    expectThriftError(() => dom.toBytes(), { code: "LIMIT_EXCEEDED" });
    dom.root.delete(["invitedBy", "invitedBy", "invitedBy"]);
    expect(dom.toValue().toJS()).toEqual({ id: 1n, invitedBy: { id: 1n, invitedBy: { id: 2n, name: "x" } } });
  });

  it("deep documents need no call stack, up to the depth that writing has", () => {
    const levels = 500;
    const { bytes } = Value.of(idl.type("Author"), nested(levels - 1), {
      protocol,
      limits: { maxDepth: levels },
    });
    using dom = Dom.load(idl.type("Author"), bytes, { protocol, limits: { maxDepth: levels } });
    const all = dom.root.findAll((node) => node.type === TType.STRUCT);
    expect(all).toHaveLength(levels);
    all.at(-1)!.set("name", "deepest");
    expect(dom.toBytes().length).toBeGreaterThan(bytes.length);
  });

  it("maxLength", () => {
    const { bytes } = make("list<list<i32>>", [[1, 2, 3]], protocol);
    const options = { depth: 1, limits: { maxLength: 2 } };
    using dom = loadBytes(idl.type("list<list<i32>>"), bytes, protocol, options);
    expectThriftError(() => dom.root.get([0, 0]), { code: "LIMIT_EXCEEDED" });
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
  });

  it("maxOutputSize bounds what is written, and a writer stays as it was", () => {
    const { bytes } = make("Author", { id: 1n }, protocol);
    const options = { limits: { maxOutputSize: bytes.length } };
    using dom = loadBytes(idl.type("Author"), bytes, protocol, options);
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
    dom.root.set("verified", true);
    for (const write of [
      () => dom.toBytes(),
      () => dom.toValue(),
      () => dom.root.toJS(),
      () => dom.toJSON(),
    ]) {
      expectThriftError(write, { code: "LIMIT_EXCEEDED" });
    }
    dom.root.delete("verified");
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
  });

  it("a new value is bounded too", () => {
    const { bytes } = make("Author", { id: 1n }, protocol);
    using dom = loadBytes(idl.type("Author"), bytes, protocol, { limits: { maxOutputSize: 100 } });
    expectThriftError(() => dom.root.set("name", "x".repeat(200)), { code: "LIMIT_EXCEEDED" });
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
  });
});

// The sizes are such that work which grows with their square, 10^10 steps and more, runs into the timeout of a test.
describe("cost", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each(PROTOCOLS)("many repetitions of a field are edited in one pass, in %s", (protocol) => {
    const count = 300_000;
    const field = protocol === "binary" ? hex`02 0006 01` : hex`02 0c`;
    const input = new Uint8Array(count * field.length + 1);
    for (let i = 0; i < count; i++) input.set(field, i * field.length);
    using dom = Dom.load(idl.type("Item"), input, { protocol });
    dom.root.set("hidden", false);
    expect(dom.root.children.every((node) => !node.asBoolean())).toBe(true);
    expect(dom.root.delete("hidden")).toBe(true);
    expect(toHex(dom.toBytes())).toBe("00");
  });

  it.each(PROTOCOLS)(
    "a long list is entered, pushed to and merged without a call stack or a square, in %s",
    (protocol) => {
      const count = 250_000;
      const flags = new Array<boolean>(count).fill(true);
      using dom = load("list<bool>", flags, protocol);
      expect(dom.root.find((node) => node.step === -1)).toBeUndefined();
      const middle = dom.root.get(count / 2)!;
      expect(middle.step).toBe(count / 2);
      dom.root.delete(0);
      expect(middle.step).toBe(count / 2 - 1);
      dom.root.insert(0, true);
      dom.root.append(dom.root);
      for (let i = 0; i < 100; i++) dom.root.push(true);
      expect(dom.root.length).toBe(2 * count + 100);
    },
  );

  it.each(PROTOCOLS)("maps and sets are merged by their keys at once, in %s", (protocol) => {
    const numbers = Array.from({ length: 100_000 }, (_, i) => i);
    using map = load(
      "map<i32, i32>",
      numbers.map((i) => [i, i]),
      protocol,
    );
    using set = load("set<i32>", numbers, protocol);
    map.root.append(numbers.map((i) => [i + 50_000, -1]));
    set.root.append(numbers.map((i) => i + 50_000));
    expect([map.root.length, set.root.length]).toEqual([150_000, 150_000]);
  });

  it.each(PROTOCOLS)("memory that there is not is LIMIT_EXCEEDED, in %s", (protocol) => {
    const value = make("list<bool>", new Array<boolean>(45_000).fill(true), protocol);
    const Real = Int32Array;
    vi.stubGlobal("Int32Array", function allocate(length: number) {
      if (length > 300_000) throw new RangeError("Array buffer allocation failed");
      return new Real(length);
    });
    const before = Dom.pool;
    expectThriftError(() => Dom.load(value), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => Dom.load(value, { depth: 0 }).root.length, { code: "LIMIT_EXCEEDED" });
    vi.unstubAllGlobals();
    expect(Dom.pool.created - before.created).toBeLessThanOrEqual(2);
    using dom = Dom.load(value);
    expect(dom.root.length).toBe(45_000);
  });
});
