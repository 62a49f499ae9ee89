import { describe, expect, it } from "vitest";
import type { Dom } from "../../src/dom/dom.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import type { PathStep } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError, expectWireError } from "../support/errors.ts";
import { PROTOCOLS } from "../value/fixtures.ts";
import { errorOf, loadBytes } from "./fixtures.ts";

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
  /** A path that meets the data which contradicts the IDL, and where it is said to be. */
  readonly path: readonly PathStep[];
  readonly at: string;
  readonly offset: Offsets;
  /** The value whose children are wrong, and where that is said to be. */
  readonly parent: readonly PathStep[];
  readonly childAt: string;
  readonly childOffset: Offsets;
}

const CASES: readonly Case[] = [
  {
    what: "a string for i32",
    binary: '0b 0001 00000001 "x" 00',
    compact: '18 01 "x" 00',
    path: ["a"],
    at: "a",
    offset: [3, 1],
    parent: [],
    childAt: "a",
    childOffset: [3, 1],
  },
  {
    what: "a bool for i32",
    binary: "02 0001 01 00",
    compact: "11 00",
    path: ["a"],
    at: "a",
    offset: [3, 0],
    parent: [],
    childAt: "a",
    childOffset: [3, 0],
  },
  {
    what: "an i32 for bool",
    binary: "08 0005 00000001 00",
    compact: "55 02 00",
    path: ["f"],
    at: "f",
    offset: [3, 1],
    parent: [],
    childAt: "f",
    childOffset: [3, 1],
  },
  {
    what: "a list for a struct",
    binary: "0f 0004 08 00000000 00",
    compact: "49 05 00",
    path: ["p", "x"],
    at: "p",
    offset: [3, 1],
    parent: [],
    childAt: "p",
    childOffset: [3, 1],
  },
  {
    what: "i64 for i32 in a struct",
    binary: "0c 0004 0a 0001 0000000000000001 00 00",
    compact: "4c 16 02 00 00",
    path: ["p", "x"],
    at: "p.x",
    offset: [6, 2],
    parent: ["p"],
    childAt: "x",
    childOffset: [6, 2],
  },
  {
    what: "a set for a list",
    binary: "0e 0002 08 00000001 00000005 00",
    compact: "2a 15 0a 00",
    path: ["l", 0],
    at: "l",
    offset: [3, 1],
    parent: [],
    childAt: "l",
    childOffset: [3, 1],
  },
  {
    what: "elements i64 for i32",
    binary: "0f 0002 0a 00000002 0000000000000005 0000000000000006 00",
    compact: "29 26 0a 0c 00",
    path: ["l", 1],
    at: "l[1]",
    offset: [16, 3],
    parent: ["l"],
    childAt: "[0]",
    childOffset: [8, 2],
  },
  {
    what: "elements i64 for i32, and the index behind them",
    binary: "0f 0002 0a 00000001 0000000000000005 00",
    compact: "29 16 0a 00",
    path: ["l", 1],
    at: "l",
    offset: [3, 1],
    parent: ["l"],
    childAt: "[0]",
    childOffset: [8, 2],
  },
  {
    what: "elements of a set",
    binary: "0e 0006 08 00000001 00000005 00",
    compact: "6a 15 0a 00",
    path: ["s", 0],
    at: "s[0]",
    offset: [8, 2],
    parent: ["s"],
    childAt: "[0]",
    childOffset: [8, 2],
  },
  {
    what: "elements of an inner list",
    binary: '0f 0009 0f 00000001 0b 00000001 00000001 "x" 00',
    compact: '99 19 18 01 "x" 00',
    path: ["ll", 0, 0],
    at: "ll[0][0]",
    offset: [13, 3],
    parent: ["ll", 0],
    childAt: "[0]",
    childOffset: [13, 3],
  },
  {
    what: "keys i32 for string",
    binary: "0d 0003 08 08 00000001 00000001 00000002 00",
    compact: "3b 01 55 02 04 00",
    path: ["m", "a"],
    at: "m",
    offset: [3, 1],
    parent: ["m"],
    childAt: "[…]",
    childOffset: [9, 3],
  },
  {
    what: "values string for i32",
    binary: '0d 0003 0b 0b 00000001 00000001 "a" 00000001 "x" 00',
    compact: '3b 01 88 01 "a" 01 "x" 00',
    path: ["m", "a"],
    at: "m",
    offset: [3, 1],
    parent: ["m"],
    childAt: '["a"]',
    childOffset: [14, 5],
  },
  {
    what: "values string for i32, under another key",
    binary: '0d 0003 0b 0b 00000001 00000001 "a" 00000001 "x" 00',
    compact: '3b 01 88 01 "a" 01 "x" 00',
    path: ["m", "zz"],
    at: "m",
    offset: [3, 1],
    parent: ["m"],
    childAt: '["a"]',
    childOffset: [14, 5],
  },
  {
    what: "a field of a struct in a list",
    binary: '0f 0007 0c 00000002 00 0b 0001 00000001 "x" 00 00',
    compact: '79 2c 00 18 01 "x" 00 00',
    path: ["lp", 1, "x"],
    at: "lp[1].x",
    offset: [12, 4],
    parent: ["lp", 1],
    childAt: "x",
    childOffset: [12, 4],
  },
  {
    what: "a field of a struct in a map",
    binary: '0d 0008 08 0c 00000001 00000007 0b 0001 00000001 "x" 00 00',
    compact: '8b 01 5c 0e 18 01 "x" 00 00',
    path: ["mp", 7, "x"],
    at: "mp[7].x",
    offset: [16, 5],
    parent: ["mp", 7],
    childAt: "x",
    childOffset: [16, 5],
  },
];

describe.each(PROTOCOLS)("data that contradicts the IDL, in %s", (protocol) => {
  const column = protocol === "binary" ? 0 : 1;

  it.each(CASES)("$what", ({ binary, compact, path, at, offset, parent, childAt, childOffset }) => {
    const bytes = hex(protocol === "binary" ? binary : compact);
    for (const depth of [0, 1, 2, 9]) {
      using dom = loadBytes(type, bytes, protocol, { depth });
      const { root } = dom;
      const found = { code: "TYPE_MISMATCH", path: at, offset: offset[column] } as const;
      expectWireError(() => root.get(path), found);
      expectWireError(() => root.has(path), found);
      // Edits are refused as well: they would write a header that is wrong for what is there.
      expectWireError(() => root.delete(path), found);
      expectWireError(() => root.set(path, valueFor(path)), found);
      const iterated = { code: "TYPE_MISMATCH", path: childAt, offset: childOffset[column] } as const;
      const holder = root.get(parent)!;
      expectWireError(() => holder.children, iterated);
      expectWireError(() => [...holder], iterated);
      expectWireError(() => holder.find(() => false), iterated);
      expectWireError(() => root.findAll(() => true), iterated);
      for (const edit of editsOf(dom, parent)) expect(errorOf(edit).code).toBe("TYPE_MISMATCH");
      expectThriftError(() => root.toJS(), { code: "TYPE_MISMATCH" });
      expectThriftError(() => root.toJSON(), { code: "TYPE_MISMATCH" });
      expect(toHex(dom.toBytes())).toBe(toHex(bytes));
    }
  });

  /** Something of the type at the end of a path. */
  function valueFor(path: readonly PathStep[]): unknown {
    const first = path[0]!;
    if (first === "f") return true;
    if (first === "s") return "x";
    return 1;
  }

  /** What else changes a list, set, map or struct. */
  function editsOf(dom: Dom, path: readonly PathStep[]): (() => unknown)[] {
    const holder = dom.root.get(path)!;
    const { descriptor } = holder;
    switch (descriptor.kind) {
      case "list":
      case "set": {
        const element = descriptor.element.kind === "string" ? "x" : 1;
        return [
          () => holder.push(element),
          () => holder.insert(0, element),
          () => holder.append([element]),
          () => holder.set(0, element),
          () => holder.sort(() => 0),
          () => holder.filter(() => false),
          () => holder.move(0, 0),
        ];
      }
      case "map":
        return [
          () => holder.append(new Map([["a", 1]])),
          () => holder.append(new Map([["other", 1]])),
          () => holder.set("other", 1),
          () => holder.delete("other"),
          () => holder.sort(() => 0),
          () => holder.filter(() => false),
        ];
      default:
        return [];
    }
  }

  it("the first of repeated fields counts, whatever those behind are; edits meet them all", () => {
    const bytes =
      protocol === "binary" ? hex`08 0001 00000005  0b 0001 00000001 "x"  00` : hex`15 0a  08 02 01 "x"  00`;
    using dom = loadBytes(type, bytes, protocol);
    expect(dom.root.get("a")?.asNumber()).toBe(5);
    expectThriftError(() => dom.root.children, { code: "TYPE_MISMATCH", path: "a" });
    expectThriftError(() => dom.root.set("a", 6), { code: "TYPE_MISMATCH", path: "a" });
    expectThriftError(() => dom.root.delete("a"), { code: "TYPE_MISMATCH", path: "a" });
    expectThriftError(() => dom.root.append({ a: 6 }), { code: "TYPE_MISMATCH", path: "a" });
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
  });

  it("merging a value of the IDL with fields of another type", () => {
    const bytes = protocol === "binary" ? hex`08 0001 00000005 00` : hex`15 0a 00`;
    const other = protocol === "binary" ? hex`0b 0001 00000001 "x" 00` : hex`18 01 "x" 00`;
    using dom = loadBytes(type, bytes, protocol);
    const offset = protocol === "binary" ? 3 : 1;
    expectThriftError(() => dom.root.append(Value.from(type, other, { protocol })), {
      code: "TYPE_MISMATCH",
      path: "a",
      offset,
    });
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
  });

  it.each<
    [what: string, path: PathStep[], binary: string, compact: string, added: unknown, expected: unknown]
  >([
    ["list", ["l"], "0f 0002 0b 00000000 00", "29 08 00", 7, [7]],
    ["set", ["s"], "0e 0006 08 00000000 00", "6a 05 00", "x", new Set(["x"])],
    ["list without a type", ["l"], "0f 0002 00 00000000 00", "29 00 00", 7, [7]],
  ])("the type that an empty %s declares does not matter", (_, path, binary, compact, added, expected) => {
    using dom = loadBytes(type, hex(protocol === "binary" ? binary : compact), protocol);
    const node = dom.root.get(path)!;
    expect(node.children).toEqual([]);
    node.push(added);
    expect(node.toJS()).toEqual(expected);
    dom.toValue().validate();
    node.delete(0);
    expect(node.length).toBe(0);
    dom.toValue().validate();
  });

  it("the types that an empty map declares do not matter", () => {
    using dom = loadBytes(
      type,
      hex(protocol === "binary" ? "0d 0003 08 0c 00000000 00" : "3b 00 00"),
      protocol,
    );
    expect(dom.root.get(["m", "a"])).toBeUndefined();
    expect(dom.root.set(["m", "a"], 1)).toBe(false);
    expect(dom.root.set(["m", "a"], 2)).toBe(true);
    expect(dom.root.get(["m", "a"])?.asNumber()).toBe(2);
    expect(dom.root.toJS()).toEqual({ m: new Map([["a", 2]]) });
    dom.toValue().validate();
    expect(dom.root.delete(["m", "a"])).toBe(true);
    expect(dom.root.toJS()).toEqual({ m: new Map() });
    dom.toValue().validate();
  });

  it("text that is no text: found where it is read as such, with its offset", () => {
    const bytes = protocol === "binary" ? hex`0b 08 00000001 00000001 ff 00000001` : hex`01 85 01 ff 02`;
    using dom = loadBytes(idl.type("map<string, i32>"), bytes, protocol);
    const [entry] = dom.root.children;
    expectThriftError(() => entry!.step, { code: "INVALID_UTF8", offset: protocol === "binary" ? 10 : 3 });
    expect(dom.root.get(hex`ff`)?.asNumber()).toBe(1);
    expect(dom.root.get("a")).toBeUndefined();
    expect(dom.root.set(hex`ff`, 2)).toBe(true);
    dom.root.append([["a", 3]]);
    expect(dom.root.length).toBe(2);
    expect(dom.root.delete(hex`ff`)).toBe(true);
    expect(dom.root.toJS()).toEqual(new Map([["a", 3]]));
  });
});
