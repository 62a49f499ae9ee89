import { describe, expect, it } from "vitest";
import type { DomNode } from "../../src/dom/dom-node.ts";
import type { PathStep } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import type { Protocol } from "../../src/wire/ttype.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { idl, make, PROTOCOLS, UUID } from "../value/fixtures.ts";
import { expectDom, load, loadBytes } from "./fixtures.ts";

const DEPTHS = [0, 1, 9];
const UUID2 = "ffffffff-0000-1111-2222-333333333333";

/** The encoded form of a key that is no scalar. */
const encoded =
  (type: string, js: unknown) =>
  (protocol: Protocol): PathStep =>
    Value.of(idl.type(type), js, { protocol, missing: { required: "omit" } }).bytes;

type Key = PathStep | ((protocol: Protocol) => PathStep);

/** Two keys of each type: as a step, and as the JavaScript key that `Value.of` takes. */
const KEYS: readonly (readonly [field: string, a: Key, aJs: unknown, b: Key, bJs: unknown])[] = [
  ["text", "größe", "größe", "", ""],
  ["text", utf8("__proto__"), "__proto__", "constructor", "constructor"],
  ["raw", hex`ff 00`, hex`ff 00`, "k", utf8("k")],
  ["bools", true, true, false, false],
  ["bytes", -128, -128, 127n, 127],
  ["shorts", -32768, -32768, 32767, 32767],
  ["ints", -(2 ** 31), -(2 ** 31), 2n ** 31n - 1n, 2 ** 31 - 1],
  ["longs", -(2n ** 63n), -(2n ** 63n), Number.MAX_SAFE_INTEGER, BigInt(Number.MAX_SAFE_INTEGER)],
  ["doubles", 0.1, 0.1, -1e300, -1e300],
  ["doubles", -0, -0, 0, 0],
  ["doubles", Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ["colors", "RED", 1, -77, -77],
  ["ids", UUID, UUID, hex(UUID2.replaceAll("-", "")), UUID2],
  ["points", encoded("Point", { x: 1 }), { x: 1 }, encoded("Point", { x: 2 }), { x: 2 }],
  ["lists", encoded("list<i32>", [1, 2]), [1, 2], encoded("list<i32>", []), []],
];

describe.each(PROTOCOLS)("a map in %s", (protocol) => {
  const stepOf = (key: Key): PathStep => (typeof key === "function" ? key(protocol) : key);

  describe.each(KEYS)("%s with the keys %o and %o", (field, a, aJs, b, bJs) => {
    const first = stepOf(a);
    const second = stepOf(b);
    const maps = (...entries: [unknown, unknown][]): object => ({ [field]: entries });

    it("entries come into an empty map", () => {
      for (const depth of DEPTHS) {
        using dom = load("Maps", maps(), protocol, { depth });
        expect(dom.root.set([field, first], 1)).toBe(false);
        expectDom(dom, maps([aJs, 1]));
        expect(dom.root.set([field, second], 2)).toBe(false);
        expect(dom.root.set([field, first], 3)).toBe(true);
        expectDom(dom, maps([aJs, 3], [bJs, 2]));
        expect(dom.root.get([field, second])?.asNumber()).toBe(2);
        expect(dom.root.get(field)?.length).toBe(2);
      }
    });

    it("entries are set and deleted where they are", () => {
      for (const depth of DEPTHS) {
        using dom = load("Maps", maps([aJs, 1], [bJs, 2]), protocol, { depth });
        expect(dom.root.set([field, second], 5)).toBe(true);
        expectDom(dom, maps([aJs, 1], [bJs, 5]));
        expect(dom.root.delete([field, first])).toBe(true);
        expectDom(dom, maps([bJs, 5]));
        expect(dom.root.delete([field, first])).toBe(false);
        expect(dom.root.set([field, first], 6)).toBe(false);
        expectDom(dom, maps([bJs, 5], [aJs, 6]));
      }
    });

    it("a map that has been emptied, in several ways, takes entries again", () => {
      using dom = load("Maps", maps([aJs, 1], [bJs, 2]), protocol);
      const map = dom.root.get(field)!;
      map.delete(first);
      map.get(second)!.remove();
      expect(map.length).toBe(0);
      expect(dom.root.get(field)!.toJS()).toEqual(new Map());
      dom.toValue().validate();
      map.set(second, 3);
      expectDom(dom, maps([bJs, 3]));
      expect(map.filter(() => false)).toBe(1);
      map.append([[aJs, 4]]);
      expectDom(dom, maps([aJs, 4]));
    });

    it("append sets what is there and adds the rest, in their order", () => {
      using dom = load("Maps", maps([aJs, 1]), protocol);
      const map = dom.root.get(field)!;
      map.append([
        [bJs, 2],
        [aJs, 3],
      ]);
      expectDom(dom, maps([aJs, 3], [bJs, 2]));
      map.append(map);
      expectDom(dom, maps([aJs, 3], [bJs, 2]));
    });

    it("order: sort and filter; handles know their keys", () => {
      using dom = load("Maps", maps([aJs, 1], [bJs, 2]), protocol);
      const map = dom.root.get(field)!;
      const [one, two] = map.children;
      map.sort((x, y) => y.asNumber() - x.asNumber());
      expectDom(dom, maps([bJs, 2], [aJs, 1]));
      expect(map.get([one!.step!])?.isSame(one!)).toBe(true);
      expect(one!.replace(7).step).toEqual(map.children[1]!.step);
      expect(map.filter((node) => node.asNumber() === 7)).toBe(1);
      expectDom(dom, maps([aJs, 7]));
      expect(two!.step).toBeUndefined();
      expect(two!.asNumber()).toBe(2);
    });
  });

  it("values of every kind", () => {
    using dom = load("Feed", { byRank: new Map([[1, { id: 1n }]]) }, protocol);
    dom.root.set(["byRank", -7], { id: 2n, tags: ["x"] });
    dom.root.set(["byRank", 1, "author"], { id: 3n });
    dom.root.set(["byRank", -7, "tags", 1], "y");
    dom.root.set(["byRank", -7, "hidden"], true);
    expectDom(dom, {
      byRank: new Map([
        [1, { id: 1n, author: { id: 3n } }],
        [-7, { id: 2n, tags: ["x", "y"], hidden: true }],
      ] as [number, object][]),
    });
    using flags = load("Maps", { flags: { "1": true } }, protocol);
    flags.root.set(["flags", 2], false);
    flags.root.set(["flags", 1], false);
    expectDom(flags, { flags: { "1": false, "2": false } });
    // A boolean that comes out of a field header.
    const header = make("Author", { verified: true }, protocol).get("verified")!;
    flags.root.set(["flags", 2], header);
    flags.root.set(["flags", 3], header.node);
    expectDom(flags, { flags: { "1": false, "2": true, "3": true } });
  });

  it("nested maps", () => {
    const type = "map<string, map<i32, list<string>>>";
    using dom = load(type, new Map([["a", new Map()]]), protocol);
    dom.root.set(["a", 5], ["x"]);
    dom.root.set(["b"], new Map());
    dom.root.set(["b", -1], []);
    dom.root.get(["b", -1])!.push("y");
    dom.root.set("c", new Map());
    expectDom(
      dom,
      new Map([
        ["a", new Map([[5, ["x"]]])],
        ["b", new Map([[-1, ["y"]]])],
        ["c", new Map()],
      ]),
    );
  });

  it("repeated keys: all are set, all are deleted", () => {
    const bytes =
      protocol === "binary"
        ? hex`0b 08 00000003  00000001 "a" 00000001  00000001 "b" 00000002  00000001 "a" 00000003`
        : hex`03 85  01 "a" 02  01 "b" 04  01 "a" 06`;
    const type = idl.type("map<string, i32>");
    using dom = loadBytes(type, bytes, protocol);
    const value = Value.from(type, bytes, { protocol });
    for (const root of [dom.root, value]) expect(root.set("a", 7)).toBe(true);
    expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
    dom.root.append({ a: 8, c: 9 });
    expect(dom.root.children.map((node) => node.asNumber())).toEqual([8, 2, 8, 9]);
    expect(dom.root.delete("a")).toBe(true);
    expectDom(dom, { b: 2, c: 9 });
  });

  it("append of a value that repeats a key takes its first", () => {
    const bytes =
      protocol === "binary"
        ? hex`0b 08 00000002  00000001 "a" 00000001  00000001 "a" 00000003`
        : hex`02 85  01 "a" 02  01 "a" 06`;
    const type = idl.type("map<string, i32>");
    using dom = load(type, { b: 0 }, protocol);
    dom.root.append(Value.from(type, bytes, { protocol }));
    expectDom(dom, { b: 0, a: 1 });
  });

  it("NaN as a key can be found and merged", () => {
    using dom = load("map<double, i32>", new Map([[Number.NaN, 1]]), protocol);
    expect(dom.root.get(Number.NaN)?.step).toBeNaN();
    dom.root.append([
      [Number.NaN, 2],
      [0, 3],
      [-0, 4],
    ]);
    expect(dom.root.children.map((node) => [node.step, node.asNumber()])).toEqual([
      [Number.NaN, 2],
      [0, 3],
      [-0, 4],
    ]);
  });

  it("varints of another form are the same key in compact", () => {
    if (protocol === "binary") return;
    const type = idl.type("map<i32, i32>");
    // 7 in two bytes, with a continuation that adds nothing
    using dom = loadBytes(type, hex`01 55 8e 00 02`, protocol);
    expect(dom.root.get(7)?.asNumber()).toBe(1);
    expect(dom.root.children[0]?.step).toBe(7);
    dom.root.append([[7, 2]]);
    expect(dom.root.toJS()).toEqual(new Map([[7, 2]]));
    expect(toHex(dom.toBytes())).toBe("01558e0004");
  });

  it("the bytes, by hand", () => {
    using dom = load("map<string, bool>", {}, protocol);
    dom.root.set("k", true);
    expect(toHex(dom.toBytes())).toBe(
      toHex(protocol === "binary" ? hex`0b 02 00000001 00000001 "k" 01` : hex`01 82 01 "k" 01`),
    );
    dom.root.set("k", false);
    dom.root.set("", true);
    expect(toHex(dom.toBytes())).toBe(
      toHex(
        protocol === "binary" ? hex`0b 02 00000002 00000001 "k" 00 00000000 01` : hex`02 82 01 "k" 02 00 01`,
      ),
    );
    dom.root.filter(() => false);
    expect(toHex(dom.toBytes())).toBe(protocol === "binary" ? "0b0200000000" : "00");
  });

  it.each<[what: string, path: PathStep[], value: unknown, code: string, at: string | undefined]>([
    ["another type of value", ["text", "a"], "x", "TYPE_MISMATCH", 'text["a"]'],
    ["another type of key", ["text", 1], 1, "INVALID_PATH", "text"],
    ["a key out of range", ["bytes", 128], 1, "INVALID_PATH", "bytes"],
    ["a member that the enum does not have", ["colors", "REDD"], 1, "INVALID_PATH", "colors"],
    ["a lone surrogate as key", ["text", "\ud800"], 1, "INVALID_UTF8", undefined],
    ["bytes that are no struct", ["points", hex`ff`], 1, "INVALID_VALUE", "points[0xff]"],
    ["bytes of a struct with more behind", ["points", hex`00 00`], 1, "INVALID_VALUE", "points[0x0000]"],
    ["no bytes of a struct", ["points", hex``], 1, "INVALID_VALUE", "points[0x]"],
    ["bytes that are no text", ["text", hex`ff`], 1, "INVALID_UTF8", "text[0xff]"],
    [
      "bytes of a list of another type",
      ["lists", encoded("list<string>", ["x"])(protocol)],
      1,
      "INVALID_VALUE",
      protocol === "binary" ? "lists[0x0b000000010000000178]" : "lists[0x180178]",
    ],
  ])("%s is an error, and nothing has changed", (_, path, value, code, at) => {
    const js = { text: { b: 1 }, bytes: {}, colors: { RED: 1 }, points: [[{ x: 1 }, 1]], lists: [] };
    using dom = load("Maps", js, protocol);
    const expected = { code: code as never, path: at };
    expectThriftError(() => dom.root.set(path, value), expected);
    expectThriftError(() => make("Maps", js, protocol).set(path, value), expected);
    expectDom(dom, js);
  });

  it.each<[what: string, act: (map: DomNode) => unknown, code: string]>([
    [
      "append of a map of another type",
      (map) => map.append(Value.of(idl.type("map<string, i64>"), {})),
      "TYPE_MISMATCH",
    ],
    ["append of which the last is wrong", (map) => map.append({ z: 1, a: "x" }), "TYPE_MISMATCH"],
    ["append of no map", (map) => map.append(7), "TYPE_MISMATCH"],
    ["move", (map) => map.move(0, 0), "TYPE_MISMATCH"],
  ])("%s is an error, and nothing has changed", (_, act, code) => {
    using dom = load("map<string, i32>", { a: 1, b: 2 }, protocol);
    expectThriftError(() => act(dom.root), { code: code as never });
    expectDom(dom, { a: 1, b: 2 });
  });
});
