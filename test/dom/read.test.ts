import { describe, expect, it } from "vitest";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idl, idlAgain, PROTOCOLS, UUID } from "../value/fixtures.ts";
import { load, loadBytes } from "./fixtures.ts";

const MAPS = {
  text: { a: 1, größe: 2, "": 3, __proto__x: 4 },
  raw: new Map([
    [hex`ff`, 1],
    [utf8("k"), 2],
  ]),
  bools: { true: 1, false: 2 },
  bytes: { "-1": 1, "127": 2 },
  shorts: { "-32768": 1 },
  ints: { "7": 1, "-7": 2 },
  longs: { "9223372036854775807": 1, "5": 2 },
  // Pairs: a Map takes −0 for 0.
  doubles: [
    [0.5, 1],
    [0, 2],
    [-0, 3],
  ],
  colors: { RED: 1, "77": 2 },
  ids: { [UUID]: 1 },
  points: [[{ x: 1 }, 1]],
  lists: [[[1, 2], 1]],
  places: { home: { x: 4 } },
  flags: { "1": true, "2": false },
};

const SCALARS = {
  b: true,
  y: -1,
  s: -32768,
  i: 2147483647,
  l: -(2n ** 63n),
  d: 0.1,
  t: "größe",
  r: hex`00ff`,
  u: UUID,
  e: 77,
};

describe.each(PROTOCOLS)("a node in %s", (protocol) => {
  describe("get gives", () => {
    it.each<[path: PathStep | PathStep[], expected: unknown]>([
      [[], Value.of(idl.type("Feed"), FEED).toJS()],
      ["cursor", "next"],
      [fieldId(300), "next"],
      [["items", 0, "id"], 1n],
      [["items", 0, "author"], { id: 11n, name: "Ann", verified: true }],
      [[fieldId(1), 2, fieldId(3), fieldId(3)], false],
      [["items", 2, "author", "invitedBy", "name"], "Ann"],
      [["items", 0, "tags", 2], "größe"],
      [["items", 0, "attrs", "k"], "v"],
      [["items", 0, "attrs", utf8("__k2")], "w"],
      [["items", 0, "hidden"], false],
      [["items", 1, "hidden"], true],
      [["items", 0, "marks", 1], 5],
      [["byRank", -1], { id: 2n }],
      [["byRank", 5n, "title"], "one"],
      [["grid", 0, 1], 2n],
      [["grid", 1], []],
      [["points", 0, "y"], 2],
      [["flags", 1], false],
      [["items", 0, "blob"], hex`00 ff`],
    ])("%o", (path, expected) => {
      using dom = load("Feed", FEED, protocol);
      expect(dom.root.get(path)?.toJS()).toEqual(expected);
      expect(dom.root.get(compilePath(idl.type("Feed"), path))?.toJS()).toEqual(expected);
      expect(dom.root.has(path)).toBe(true);
      using lazy = load("Feed", FEED, protocol, { depth: 0 });
      expect(lazy.root.get(path)?.toJS()).toEqual(expected);
    });

    it.each<[path: PathStep | PathStep[]]>([
      [["items", 3]],
      [["items", 3, "author", "name"]],
      [["items", 1, "author"]],
      [["items", 1, "author", "invitedBy", "name"]],
      [["items", 0, "tags", 99]],
      [["items", 1, "tags", 0]],
      [["items", 0, "attrs", "K"]],
      [["counts", "__proto__"]],
      [["counts", ""]],
      [["byRank", 6]],
      [["byRank", 6, "title"]],
      [["points", 2]],
      [["pinned", "author"]],
    ])("nothing at %o", (path) => {
      using dom = load("Feed", FEED, protocol);
      expect(dom.root.get(path)).toBeUndefined();
      expect(dom.root.has(path)).toBe(false);
    });

    it.each<[path: PathStep[], expected: number | boolean | undefined]>([
      [["text", "größe"], 2],
      [["text", ""], 3],
      [["text", utf8("a")], 1],
      [["text", "b"], undefined],
      [["raw", hex`ff`], 1],
      [["raw", "k"], 2],
      [["bools", true], 1],
      [["bools", false], 2],
      [["bytes", -1], 1],
      [["bytes", 127n], 2],
      [["bytes", 1], undefined],
      [["shorts", -32768], 1],
      [["ints", 7], 1],
      [["ints", -7n], 2],
      [["longs", 9223372036854775807n], 1],
      [["longs", 5], 2],
      [["doubles", 0.5], 1],
      [["doubles", 0], 2],
      [["doubles", -0], 3],
      [["colors", "RED"], 1],
      [["colors", 77], 2],
      [["colors", "GREEN"], undefined],
      [["ids", UUID], 1],
      [["ids", hex(UUID.replaceAll("-", ""))], 1],
      [["points", Value.of(idl.type("Point"), { x: 1 }, { protocol }).bytes], 1],
      [["points", hex`00`], undefined],
      [["lists", Value.of(idl.type("list<i32>"), [1, 2], { protocol }).bytes], 1],
      [["places", "home", "x"], 4],
      [["flags", 1], true],
      [["flags", 2], false],
      [["flags", 3], undefined],
    ])("of a map: %o", (path, expected) => {
      using dom = load("Maps", MAPS, protocol);
      expect(dom.root.get(path)?.toJS()).toBe(expected);
    });
  });

  it.each<[path: PathStep | PathStep[], at: string]>([
    ["itmes", "itmes"],
    [["items", 0, "nope"], "items[0].nope"],
    [["items", "0"], "items"],
    [["items", -1], "items"],
    [["counts", 1], "counts"],
    [["cursor", 0], "cursor"],
    [fieldId(99), ""],
  ])("an impossible path: %o", (path, at) => {
    using dom = load("Feed", {}, protocol);
    const expected = { code: "INVALID_PATH", path: at } as const;
    for (const act of [
      () => dom.root.get(path),
      () => dom.root.has(path),
      () => dom.root.set(path, 1),
      () => dom.root.delete(path),
    ]) {
      expectThriftError(act, expected);
    }
  });

  it("a path that has been compiled for another load of the IDL", () => {
    using dom = load("Feed", FEED, protocol);
    const path = compilePath(idlAgain.struct("Feed"), "cursor");
    expectThriftError(() => dom.root.get(path), { code: "INVALID_PATH" });
  });

  it("step and descriptor, of what get gives and of children", () => {
    using dom = load("Feed", FEED, protocol);
    const { root } = dom;
    const seen = (node: DomNode | undefined): unknown => [node?.step, node?.descriptor.name, node?.type];
    expect(seen(root)).toEqual([undefined, "Feed", TType.STRUCT]);
    expect(seen(root.get("cursor"))).toEqual(["cursor", "string", TType.STRING]);
    expect(seen(root.get(["items", 2]))).toEqual([2, "Item", TType.STRUCT]);
    expect(seen(root.get(["items", 2, "author", "verified"]))).toEqual(["verified", "bool", TType.BOOL]);
    expect(seen(root.get(["byRank", -1]))).toEqual([-1, "Item", TType.STRUCT]);
    expect(seen(root.get(["points", 1]))).toEqual([1, "Point", TType.STRUCT]);
    expect(root.get("items")!.children.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(root.get("counts")!.children.map(({ step }) => step)).toEqual(["a", "b", "c"]);
    expect(root.get("byRank")!.children.map(({ step }) => step)).toEqual([5, -1]);
    expect([...root].map(({ step }) => step)).toEqual(Object.keys(FEED));
  });

  it.each(Object.keys(MAPS))("the steps of map %s lead to its entries, and are those of Value", (name) => {
    using dom = load("Maps", MAPS, protocol);
    const map = dom.root.get(name)!;
    const steps = map.children.map(({ step }) => step!);
    expect(steps).toEqual([...dom.toValue().get(name)!.keys()]);
    for (const [index, step] of steps.entries()) {
      expect(map.get([step])?.isSame(map.children[index]!)).toBe(true);
    }
  });

  it.each<[path: PathStep[], length: number]>([
    [[], 9],
    [["items"], 3],
    [["items", 0], 10],
    [["items", 1, "tags"], 0],
    [["items", 1, "attrs"], 0],
    [["counts"], 3],
    [["points"], 2],
    [["grid", 2], 1],
    [["cursor"], 0],
    [["more"], 0],
    [["items", 0, "id"], 0],
  ])("length of %o is %d, whatever the memory has been used for", (path, length) => {
    // Leaves a used tape behind.
    load("Feed", FEED, protocol)[Symbol.dispose]();
    using dom = load("Feed", FEED, protocol);
    const node = dom.root.get(path)!;
    expect(node.length).toBe(length);
    expect(node.children).toHaveLength(length);
    expect([...node]).toHaveLength(length);
  });

  it("isSame tells places, not objects", () => {
    using dom = load("Feed", FEED, protocol);
    using other = load("Feed", FEED, protocol);
    const id = dom.root.get(["items", 0, "id"])!;
    expect(id.isSame(dom.root.get("items")!.children[0]!.get("id")!)).toBe(true);
    expect(id.isSame(dom.root.get(["items", 1, "id"])!)).toBe(false);
    expect(id.isSame(other.root.get(["items", 0, "id"])!)).toBe(false);
    expect(dom.root.isSame(dom.root.get([])!)).toBe(true);
  });

  it("scalars", () => {
    using dom = load("Scalars", SCALARS, protocol);
    const at = (name: string): DomNode => dom.root.get(name)!;
    expect(at("b").asBoolean()).toBe(true);
    expect(["y", "s", "i", "d", "e"].map((name) => at(name).asNumber())).toEqual([
      -1, -32768, 2147483647, 0.1, 77,
    ]);
    expect(["y", "s", "i", "l", "e"].map((name) => at(name).asBigInt())).toEqual([
      -1n,
      -32768n,
      2147483647n,
      -(2n ** 63n),
      77n,
    ]);
    expect([at("t").asString(), at("u").asString()]).toEqual(["größe", UUID]);
    expect(toHex(at("r").asBytes())).toBe("00ff");
    expectThriftError(() => at("l").asNumber(), { code: "OUT_OF_RANGE" });
    for (const name of ["y", "t", "d"])
      expectThriftError(() => at(name).asBoolean(), { code: "TYPE_MISMATCH" });
    for (const name of ["b", "t"]) expectThriftError(() => at(name).asNumber(), { code: "TYPE_MISMATCH" });
    expectThriftError(() => at("d").asBigInt(), { code: "TYPE_MISMATCH" });
    expectThriftError(() => at("b").asString(), { code: "TYPE_MISMATCH" });
    expectThriftError(() => dom.root.asBytes(), { code: "TYPE_MISMATCH" });
  });

  it("toJS with its options, toJSON, toValue, toNode and toBytes are those of the value", () => {
    const value = feed(protocol);
    using dom = load("Feed", FEED, protocol);
    const { root } = dom;
    const item = root.get(["items", 0])!;
    const same = value.get(["items", 0])!;
    expect(item.toJS({ int64: "string", keys: "id", map: "object", enums: "name" })).toEqual(
      same.toJS({ int64: "string", keys: "id", map: "object", enums: "name" }),
    );
    expectThriftError(() => item.toJS({ int65: 1 } as never), { code: "INVALID_OPTION" });
    expect(JSON.stringify(item)).toBe(JSON.stringify(same));
    expect(JSON.stringify(dom)).toBe(JSON.stringify(value));
    expect(JSON.stringify({ root })).toBe(JSON.stringify({ root: value }));
    expect(item.toValue()).toBeInstanceOf(Value);
    expect(item.toValue().descriptor).toBe(idl.type("Item"));
    expect(toHex(item.toBytes())).toBe(toHex(same.bytes));
    expect(toHex(item.toNode().bytes)).toBe(toHex(same.bytes));
    expect(item.toNode().get(fieldId(1))?.asBigInt()).toBe(1n);
    // A boolean gets the form that it has alone.
    expect(toHex(root.get("more")!.toBytes())).toBe("01");
  });

  it("a compact boolean in its header, wherever it is read from", () => {
    using dom = load("Scalars", { b: false, y: 1 }, protocol);
    const node = dom.root.get("b")!;
    expect([node.asBoolean(), node.toJS(), node.toValue().toJS(), node.toNode().asBoolean()]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(node.children).toEqual([]);
  });

  it("an empty map without types", () => {
    const empty = protocol === "binary" ? hex`00 00 00000000` : hex`00`;
    for (const type of ["map<string, i32>", "map<Point, Point>", "map<i64, bool>"]) {
      using dom = loadBytes(idl.type(type), empty, protocol);
      expect([dom.root.length, dom.root.children]).toEqual([0, []]);
      expect(toHex(dom.toBytes())).toBe(toHex(empty));
    }
    using dom = loadBytes(idl.type("map<string, i32>"), empty, protocol);
    expect(dom.root.get("a")).toBeUndefined();
    expect(dom.root.delete("a")).toBe(false);
    expect(dom.root.filter(() => false)).toBe(0);
    expect(toHex(dom.toBytes())).toBe(toHex(empty));
  });
});
