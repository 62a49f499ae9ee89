import { describe, expect, it } from "vitest";
import { parseIdl } from "../../src/idl/idl.ts";
import type { PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError, expectWireError } from "../support/errors.ts";
import { PROTOCOLS } from "./fixtures.ts";

const idl = parseIdl(`
  struct In { 1: i32 x }
  struct T {
    1: i32 a, 2: list<i32> l, 3: map<string, i32> m, 4: In p, 5: bool f, 6: set<string> s, 7: list<In> lp,
    8: map<i32, In> mp, 9: list<list<i32>> ll
  }
`);
const type = idl.struct("T");

/** Offsets in the binary and the compact form. */
type Offsets = readonly [binary: number, compact: number];

interface Case {
  readonly what: string;
  readonly binary: string;
  readonly compact: string;
  /** A path that meets the data which contradicts the IDL. */
  readonly path: readonly PathStep[];
  /** Where it is said to be by what follows a path … */
  readonly at: string;
  readonly offset: Offsets;
  /** … and by what reads everything. */
  readonly wholeAt?: string;
  readonly wholeOffset: Offsets;
}

const CASES: readonly Case[] = [
  {
    what: "a string for i32",
    binary: '0b 0001 00000001 "x" 00',
    compact: '18 01 "x" 00',
    path: ["a"],
    at: "a",
    offset: [3, 1],
    wholeOffset: [0, 0],
  },
  {
    what: "a bool for i32",
    binary: "02 0001 01 00",
    compact: "11 00",
    path: ["a"],
    at: "a",
    offset: [3, 0],
    wholeOffset: [0, 0],
  },
  {
    what: "an i32 for bool",
    binary: "08 0005 00000001 00",
    compact: "55 02 00",
    path: ["f"],
    at: "f",
    offset: [3, 1],
    wholeOffset: [0, 0],
  },
  {
    what: "a list for struct",
    binary: "0f 0004 08 00000000 00",
    compact: "49 05 00",
    path: ["p", "x"],
    at: "p",
    offset: [3, 1],
    wholeOffset: [0, 0],
  },
  {
    what: "i64 for i32, in a struct",
    binary: "0c 0004 0a 0001 0000000000000001 00 00",
    compact: "4c 16 02 00 00",
    path: ["p", "x"],
    at: "p.x",
    offset: [6, 2],
    wholeOffset: [3, 1],
  },
  {
    what: "a set for list",
    binary: "0e 0002 08 00000001 00000005 00",
    compact: "2a 15 0a 00",
    path: ["l", 0],
    at: "l",
    offset: [3, 1],
    wholeOffset: [0, 0],
  },
  {
    what: "a list for set",
    binary: "0f 0006 0b 00000000 00",
    compact: "69 08 00",
    path: ["s", 0],
    at: "s",
    offset: [3, 1],
    wholeOffset: [0, 0],
  },
  {
    what: "elements i64 for i32",
    binary: "0f 0002 0a 00000002 0000000000000005 0000000000000006 00",
    compact: "29 26 0a 0c 00",
    path: ["l", 1],
    at: "l[1]",
    offset: [16, 3],
    wholeAt: "l",
    wholeOffset: [3, 1],
  },
  {
    what: "elements i64 for i32, and an index beyond them",
    binary: "0f 0002 0a 00000001 0000000000000005 00",
    compact: "29 16 0a 00",
    path: ["l", 1],
    at: "l",
    offset: [3, 1],
    wholeOffset: [3, 1],
  },
  {
    what: "elements of a set",
    binary: "0e 0006 08 00000001 00000005 00",
    compact: "6a 15 0a 00",
    path: ["s", 0],
    at: "s[0]",
    offset: [8, 2],
    wholeAt: "s",
    wholeOffset: [3, 1],
  },
  {
    what: "structs where lists are elements",
    binary: "0f 0009 0c 00000001 00 00",
    compact: "99 1c 00 00",
    path: ["ll", 0, 0],
    at: "ll[0]",
    offset: [8, 2],
    wholeAt: "ll",
    wholeOffset: [3, 1],
  },
  {
    what: "elements of an inner list",
    binary: '0f 0009 0f 00000001 0b 00000001 00000001 "x" 00',
    compact: '99 19 18 01 "x" 00',
    path: ["ll", 0, 0],
    at: "ll[0][0]",
    offset: [13, 3],
    wholeAt: "ll[0]",
    wholeOffset: [8, 2],
  },
  {
    what: "keys i32 for string",
    binary: "0d 0003 08 08 00000001 00000001 00000002 00",
    compact: "3b 01 55 02 04 00",
    path: ["m", "a"],
    at: "m",
    offset: [3, 1],
    wholeOffset: [3, 1],
  },
  {
    what: "values string for i32",
    binary: '0d 0003 0b 0b 00000001 00000001 "a" 00000001 "x" 00',
    compact: '3b 01 88 01 "a" 01 "x" 00',
    path: ["m", "a"],
    at: "m",
    offset: [3, 1],
    wholeOffset: [3, 1],
  },
  {
    what: "values that no path leads to",
    binary: '0d 0003 0b 0b 00000001 00000001 "a" 00000001 "x" 00',
    compact: '3b 01 88 01 "a" 01 "x" 00',
    path: ["m", "zz"],
    at: "m",
    offset: [3, 1],
    wholeOffset: [3, 1],
  },
  {
    what: "a field of a struct in a list",
    binary: '0f 0007 0c 00000002 00 0b 0001 00000001 "x" 00 00',
    compact: '79 2c 00 18 01 "x" 00 00',
    path: ["lp", 1, "x"],
    at: "lp[1].x",
    offset: [12, 4],
    wholeOffset: [9, 3],
  },
  {
    what: "a field of a struct in a map",
    binary: '0d 0008 08 0c 00000001 00000007 0b 0001 00000001 "x" 00 00',
    compact: '8b 01 5c 0e 18 01 "x" 00 00',
    path: ["mp", 7, "x"],
    at: "mp[7].x",
    offset: [16, 5],
    wholeOffset: [13, 4],
  },
];

describe.each(PROTOCOLS)("data that contradicts the IDL, in %s", (protocol) => {
  const isCompact = protocol === "compact";

  it.each(CASES)("$what", ({ what, binary, compact, path, at, offset, wholeAt = at, wholeOffset }) => {
    const bytes = withNoise(hex(isCompact ? compact : binary));
    const before = toHex(bytes);
    const value = Value.from(type, bytes, { protocol });
    const found = { code: "TYPE_MISMATCH", path: at, offset: offset[isCompact ? 1 : 0] } as const;
    expectWireError(() => value.get(path), found);
    expectWireError(() => value.get(compilePath(type, path)), found);
    expectWireError(() => value.has(path), found);
    expectWireError(() => value.getMany([["f"], path].slice(path[0] === "f" ? 1 : 0)), found);
    const whole = { code: "TYPE_MISMATCH", path: wholeAt, offset: wholeOffset[isCompact ? 1 : 0] } as const;
    // Where elements differ from the IDL, edits speak of the list.
    const edited = wholeAt === at ? found : whole;
    const put = Value.empty(compilePath(type, path).target, { protocol });
    if (what.endsWith("beyond them")) {
      // The place where an element would be appended: the others are not looked at for nothing.
      expect(value.delete(path)).toBe(false);
      expectThriftError(() => value.set(path, put), { code: "TYPE_MISMATCH", path: "l[1]" });
    } else {
      expectThriftError(() => value.delete(path, { required: "remove" }), edited);
      expectThriftError(() => value.set(path, put, { createParents: true }), edited);
    }
    expectWireError(() => value.toJS(), whole);
    expectWireError(() => JSON.stringify(value), whole);
    expectWireError(() => value.project(type), whole);
    expectThriftError(() => value.validate(), { code: "TYPE_MISMATCH", offset: whole.offset });
    expect(toHex(value.bytes)).toBe(before);
    expect(toHex(bytes)).toBe(before);
  });

  it.each<[what: string, path: PathStep[], binary: string, compact: string, at: string, offset: Offsets]>([
    ["fields", [], '08 0001 00000001 0b 0005 00000001 "x" 00', '15 02 48 01 "x" 00', "f", [10, 3]],
    ["a compact bool", [], "02 0001 01 00", "11 00", "a", [3, 0]],
    ["elements", ["l"], "0f 0002 0a 00000001 0000000000000005 00", "29 16 0a 00", "[0]", [8, 2]],
    ["elements of a set", ["s"], "0e 0006 08 00000001 00000005 00", "6a 15 0a 00", "[0]", [8, 2]],
    ["keys", ["m"], "0d 0003 08 08 00000001 00000001 00000002 00", "3b 01 55 02 04 00", "[…]", [9, 3]],
    [
      "values",
      ["m"],
      '0d 0003 0b 0b 00000001 00000001 "a" 00000001 "x" 00',
      '3b 01 88 01 "a" 01 "x" 00',
      '["a"]',
      [14, 5],
    ],
  ])("iteration: %s", (_, path, binary, compact, at, offset) => {
    const value = Value.from(type, hex(isCompact ? compact : binary), { protocol }).get(path)!;
    const expected = { code: "TYPE_MISMATCH", path: at, offset: offset[isCompact ? 1 : 0] } as const;
    expectWireError(() => [...value], expected);
    expectWireError(() => [...value.keys()], expected);
    expectWireError(() => [...value.values()], expected);
    expectWireError(() => value.forEach(() => {}), expected);
  });

  it("a root of another type is found out by what reads it", () => {
    const list = Value.from(idl.type("list<i32>"), hex(isCompact ? "15 02" : "08 00000001 00000001"), {
      protocol,
    });
    const asStrings = Value.from(idl.type("list<string>"), list.bytes, { protocol });
    expectThriftError(() => asStrings.get(0), { code: "TYPE_MISMATCH", path: "[0]" });
    expectThriftError(() => asStrings.toJS(), { code: "TYPE_MISMATCH", path: "" });
    expectThriftError(() => asStrings.project(asStrings.descriptor), { code: "TYPE_MISMATCH", path: "" });
    expect(list.toJS()).toEqual([1]);
  });

  it.each<[what: string, binary: string, compact: string]>([
    ["a list", "0f 0002 0a 00000000 00", "29 06 00"],
    ["a list of no type", "0f 0002 00 00000000 00", "29 05 00"],
    ["a set", "0e 0006 0c 00000000 00", "6a 0c 00"],
    ["a map", "0d 0003 08 0c 00000000 00", "3b 00 00"],
    ["a map of no types", "0d 0003 00 00 00000000 00", "3b 00 00"],
  ])("an empty container may have any types: %s", (_, binary, compact) => {
    const value = Value.from(type, hex(isCompact ? compact : binary), { protocol });
    const [name, part] = [...value][0]!;
    expect(part.length).toBe(0);
    expect([...part]).toEqual([]);
    const step = name === "m" ? "a" : 0;
    expect(value.get([name, step])).toBeUndefined();
    expect(value.getMany([[name, step]])).toEqual([undefined]);
    expect(value.delete([name, step])).toBe(false);
    value.toJS();
    value.validate();
    expect(value.project(type).length).toBe(1);
    // What is added brings its types.
    const added = name === "s" ? "x" : 5;
    expect(value.set([name, step], added)).toBe(false);
    value.validate();
    expect(value.get([name, step])?.toJS()).toBe(added);
  });
});
