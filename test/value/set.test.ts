import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, utf8, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import {
  expectValue,
  FEED,
  type FieldsOf,
  feed,
  idl,
  make,
  PROTOCOLS,
  structOf,
  TType,
  typeOf,
  UUID,
} from "./fixtures.ts";

type Row = readonly [
  type: string,
  before: unknown,
  path: PathStep | PathStep[],
  value: unknown,
  after: unknown,
  found: boolean,
];

const REPLACED: Row[] = [
  ["Scalars", { b: true, i: 1 }, "b", false, { b: false, i: 1 }, true],
  ["Scalars", { y: 1, l: 5 }, "y", -128, { y: -128, l: 5 }, true],
  ["Scalars", { i: 1, l: 5 }, "l", 2n ** 62n, { i: 1, l: 2n ** 62n }, true],
  ["Scalars", { i: 1, l: 5 }, fieldId(5), 6, { i: 1, l: 6n }, true],
  ["Scalars", { t: "a", e: 1 }, "t", "größe", { t: "größe", e: 1 }, true],
  ["Scalars", { e: 1 }, "e", "GREEN", { e: 2 }, true],
  ["Scalars", { u: UUID }, "u", new Uint8Array(16), { u: new Uint8Array(16) }, true],
  [
    "Author",
    { id: 1, invitedBy: { id: 2, name: "x" } },
    ["invitedBy", "name"],
    "y",
    { id: 1, invitedBy: { id: 2, name: "y" } },
    true,
  ],
  ["Author", { id: 1, invitedBy: { id: 2 } }, "invitedBy", { id: 3 }, { id: 1, invitedBy: { id: 3 } }, true],
  ["list<i32>", [1, 2, 3], 1, 300, [1, 300, 3], true],
  ["list<i32>", [1], -0, 2, [2], true],
  ["list<bool>", [true, true], 0, false, [false, true], true],
  ["list<list<i64>>", [[1], [2, 3]], [1, 0], 9, [[1], [9, 3]], true],
  ["map<string,i32>", { a: 1, b: 2 }, "b", 3, { a: 1, b: 3 }, true],
  ["map<string,Point>", { a: { x: 1 } }, ["a", "x"], 7, { a: { x: 7 } }, true],
  ["set<i32>", [1, 2, 3], 1, 9, [1, 9, 3], true],
  ["set<i32>", [1, 2, 3], 1, 2, [1, 2, 3], true],
  // Equal to another element: one of them stays.
  ["set<i32>", [1, 2, 3], 0, 3, [2, 3], true],
  ["Shape", { radius: 1 }, "radius", 2, { radius: 2 }, true],
];

const INSERTED: Row[] = [
  // Fields, in the order of ids among the fields of that struct
  ["Scalars", {}, "b", true, { b: true }, false],
  ["Scalars", { i: 1 }, "b", true, { b: true, i: 1 }, false],
  ["Scalars", { b: true, l: 5 }, "i", 7, { b: true, i: 7, l: 5 }, false],
  ["Scalars", { b: true }, "e", "BLUE", { b: true, e: -5 }, false],
  ["Scalars", { b: true, t: "x" }, "d", 0.5, { b: true, d: 0.5, t: "x" }, false],
  [
    "Author",
    { id: 1, invitedBy: { id: 2 } },
    ["invitedBy", "name"],
    "y",
    { id: 1, invitedBy: { id: 2, name: "y" } },
    false,
  ],
  [
    "Author",
    { id: 1, invitedBy: { id: 2 } },
    "verified",
    true,
    { id: 1, verified: true, invitedBy: { id: 2 } },
    false,
  ],
  ["Odd", { constructor: 2 }, "below", "b", { below: "b", constructor: 2 }, false],
  [
    "Odd",
    { below: "b", far: true },
    "__proto__",
    1,
    JSON.parse('{"below":"b","__proto__":1,"far":true}'),
    false,
  ],
  ["Odd", { constructor: 1 }, "far", false, { constructor: 1, far: false }, false],
  ["Feed", { items: [], cursor: "c" }, "flags", [true], { items: [], cursor: "c", flags: [true] }, false],
  // Lists and sets
  ["list<i32>", [], 0, 5, [5], false],
  ["list<i32>", [1, 2], 2, 3, [1, 2, 3], false],
  ["list<string>", Array(14).fill("x"), 14, "y", [...Array(14).fill("x"), "y"], false],
  ["list<Point>", [{ x: 1 }], 1, { x: 2 }, [{ x: 1 }, { x: 2 }], false],
  ["list<list<i64>>", [[1]], [0, 1], 2, [[1, 2]], false],
  ["set<i32>", [1, 2], 2, 3, [1, 2, 3], false],
  ["set<i32>", [1, 2], 2, 1, [1, 2], false],
  ["set<string>", [], 0, "a", ["a"], false],
  // Map entries with keys of every type
  ["map<string,i32>", {}, "a", 1, { a: 1 }, false],
  ["map<string,i32>", { a: 1 }, "größe", 2, { a: 1, größe: 2 }, false],
  ["map<string,i32>", { a: 1 }, utf8("b"), 2, { a: 1, b: 2 }, false],
  ["map<string,i32>", { a: 1 }, "__proto__", 2, JSON.parse('{"a":1,"__proto__":2}'), false],
  ["map<binary,i32>", {}, hex`00ff`, 1, new Map([[hex`00ff`, 1]]), false],
  ["map<binary,i32>", {}, "k", 1, { k: 1 }, false],
  ["map<bool,i32>", { true: 1 }, false, 2, { true: 1, false: 2 }, false],
  [
    "map<byte,i32>",
    { "1": 1 },
    -1,
    2,
    new Map([
      [1, 1],
      [-1, 2],
    ]),
    false,
  ],
  ["map<i16,i32>", {}, -32768n, 2, { "-32768": 2 }, false],
  ["map<i32,string>", { "5": "v" }, 6, "w", { "5": "v", "6": "w" }, false],
  ["map<i64,bool>", {}, 2n ** 62n, true, { [String(2n ** 62n)]: true }, false],
  ["map<i64,i32>", {}, -7, 1, { "-7": 1 }, false],
  [
    "map<double,i32>",
    { "0": 1 },
    -0,
    2,
    [
      [0, 1],
      [-0, 2],
    ],
    false,
  ],
  ["map<Color,i32>", {}, "BLUE", 1, { "-5": 1 }, false],
  ["map<uuid,i32>", {}, UUID.toUpperCase(), 1, { [UUID]: 1 }, false],
  ["map<string,Point>", {}, "p", { x: 1 }, { p: { x: 1 } }, false],
  ["map<i32,list<string>>", { "1": [] }, [1, 0], "a", { "1": ["a"] }, false],
];

describe.each(PROTOCOLS)("set in %s", (protocol) => {
  it.each([...REPLACED, ...INSERTED])("%s %o: %o ← %o gives %o", (type, before, path, js, after, found) => {
    const target = compilePath(typeOf(type), path).target;
    const other = protocol === "binary" ? "compact" : "binary";
    const forms = [js, Value.of(target, js, { protocol }), Value.of(target, js, { protocol: other })];
    for (const form of [...forms, (forms[1] as Value).node, (forms[2] as Value).node]) {
      const value = make(type, before, protocol);
      const bytes = value.bytes;
      const old = toHex(bytes);
      expect(value.set(path, form)).toBe(found);
      expectValue(value, after);
      // The caller's bytes, and what has been taken from them, stay as they were.
      expect(toHex(bytes)).toBe(old);
    }
    const compiled = make(type, before, protocol);
    expect(compiled.set(compilePath(typeOf(type), path), js)).toBe(found);
    // The next edit may encode its value where this one was encoded.
    const next = make("Scalars", { t: "" }, protocol);
    next.set("t", "z".repeat(40));
    expectValue(compiled, after);
    expectValue(next, { t: "z".repeat(40) });
  });

  it("small and large scalars of all sizes keep their bytes", () => {
    const sizes = [0, 1, 63, 64, 1019, 1020, 1021, 5000, 2 ** 20 + 1];
    const values = sizes.map((size) => {
      const value = make("Scalars", { r: hex`01`, t: "x" }, protocol);
      value.set("r", new Uint8Array(size).fill(size));
      return value;
    });
    for (const [index, size] of sizes.entries()) {
      const content = values[index]!.get("r")!.asBytes();
      expect(content.length).toBe(size);
      expect(content.every((byte) => byte === (size & 0xff))).toBe(true);
      const part = make("string", "", protocol);
      part.set([], "q".repeat(size));
      make("string", "", protocol).set([], "r".repeat(size));
      expect(part.asString() === "q".repeat(size)).toBe(true);
    }
  });

  it.each<[type: string, key: unknown]>([
    ["Point", { x: 1, label: "p" }],
    ["list<i32>", [1, 2]],
    ["set<string>", ["a"]],
    ["map<bool,i32>", { true: 1 }],
  ])("a map entry with a key of type %s is inserted by its encoded bytes, then found", (type, js) => {
    const map = make(`map<${type},i32>`, [], protocol);
    const step = Value.of(typeOf(type), js, { protocol }).bytes;
    expect(map.set(step, 5)).toBe(false);
    expectValue(map, [[js, 5]]);
    expect(map.set(step, 6)).toBe(true);
    expectValue(map, [[js, 6]]);
    expect(map.get(step)?.asNumber()).toBe(6);
    expect(map.delete(step)).toBe(true);
    expect(map.length).toBe(0);
  });

  it.each<[type: string, path: PathStep[], code: ErrorCode, at: string]>([
    ["map<Point,i32>", [hex`01 02 03`], "INVALID_VALUE", "[0x010203]"],
    ["map<Point,i32>", [hex``], "INVALID_VALUE", "[0x]"],
    ["map<Point,i32>", [hex`00 00`], "INVALID_VALUE", "[0x0000]"],
    ["map<list<string>,i32>", [hex`08 00000001 00000001`], "INVALID_VALUE", "[0x080000000100000001]"],
    ["map<list<string>,i32>", [hex`15 02`], "INVALID_VALUE", "[0x1502]"],
    ["map<string,i32>", [hex`61 ff`], "INVALID_UTF8", "[0x61ff]"],
    ["map<string,map<string,i32>>", ["a", hex`ff`], "INVALID_UTF8", '["a"][0xff]'],
  ])("%s refuses a key that is no value of its type: %o", (type, path, code, at) => {
    const map = make(type, [], protocol);
    const before = toHex(map.bytes);
    const expected = { code, path: at };
    const options = { createParents: true };
    expectThriftError(() => map.set(path, 5, options), expected);
    expectThriftError(() => map.setMany([[path, 5]], options), expected);
    expectThriftError(() => map.set(compilePath(map.descriptor, path), 5, options), expected);
    expect(toHex(map.bytes)).toBe(before);
    // Reading and deleting look for any bytes.
    expect(map.get(path)).toBeUndefined();
    expect(map.delete(path)).toBe(false);
  });

  it("text with a lone surrogate is no key, and no value", () => {
    const map = make("map<string,string>", { a: "b" }, protocol);
    const before = toHex(map.bytes);
    expectThriftError(() => map.set("\ud800", "x"), { code: "INVALID_UTF8" });
    expectThriftError(() => map.set("a", "\udc00"), { code: "INVALID_UTF8", path: '["a"]' });
    expect(toHex(map.bytes)).toBe(before);
    expect(map.get("\ud800")).toBeUndefined();
    expect(map.delete("\ud800")).toBe(false);
  });

  it("the empty path takes the place of the whole value", () => {
    const value = make("Point", { x: 1 }, protocol);
    expect(value.set([], { x: 2, y: 3 })).toBe(true);
    expectValue(value, { x: 2, y: 3 });
    const flag = feed(protocol).get("more")!;
    expect(flag.set([], false)).toBe(true);
    expect(flag.asBoolean()).toBe(false);
    expect(toHex(flag.bytes)).toBe(protocol === "binary" ? "00" : "02");
    expectThriftError(() => value.set([], { y: 3 }), { code: "MISSING_REQUIRED", path: "x" });
    expectThriftError(() => value.set([], Value.of(typeOf("i32"), 1)), { code: "TYPE_MISMATCH", path: "" });
  });

  it.each<
    [type: string, before: unknown, path: PathStep[], value: unknown, code: ErrorCode, at: string | undefined]
  >([
    // No parent, no place
    ["Author", { id: 1 }, ["invitedBy", "name"], "x", "NOT_FOUND", "invitedBy"],
    [
      "Author",
      { id: 1, invitedBy: { id: 2 } },
      ["invitedBy", "invitedBy", "id"],
      1,
      "NOT_FOUND",
      "invitedBy.invitedBy",
    ],
    ["Feed", { items: [] }, ["items", 0, "title"], "x", "NOT_FOUND", "items[0]"],
    ["Feed", { items: [] }, ["items", 1], { id: 1 }, "NOT_FOUND", "items[1]"],
    ["Feed", {}, ["items", 0], { id: 1 }, "NOT_FOUND", "items"],
    ["Feed", { items: [] }, ["byRank", 1, "title"], "x", "NOT_FOUND", "byRank"],
    ["Feed", { items: [], byRank: {} }, ["byRank", 1, "title"], "x", "NOT_FOUND", "byRank[1]"],
    ["list<i32>", [1, 2], [3], 1, "NOT_FOUND", "[3]"],
    ["list<i32>", [], [2 ** 31], 1, "NOT_FOUND", "[2147483648]"],
    ["set<i32>", [1, 2], [3], 1, "NOT_FOUND", "[3]"],
    // No value
    ["Scalars", { i: 1 }, ["i"], 2 ** 31, "OUT_OF_RANGE", "i"],
    ["Scalars", { i: 1 }, ["b"], 1, "TYPE_MISMATCH", "b"],
    ["Scalars", { i: 1 }, ["e"], "PINK", "INVALID_VALUE", "e"],
    ["Scalars", { i: 1 }, ["t"], null, "TYPE_MISMATCH", "t"],
    ["Scalars", { i: 1 }, ["t"], undefined, "TYPE_MISMATCH", "t"],
    ["Feed", FEED, ["items", 2, "author"], { name: "x" }, "MISSING_REQUIRED", "items[2].author.id"],
    ["Feed", FEED, ["items", 1, "tags"], ["a", 1], "TYPE_MISMATCH", "items[1].tags[1]"],
    ["Feed", FEED, ["byRank", 5, "attrs"], { k: 1 }, "TYPE_MISMATCH", 'byRank[5].attrs["k"]'],
    [
      "Feed",
      FEED,
      ["items"],
      [{ id: 1 }, { id: 2, author: { id: 1, zz: 1 } }],
      "UNKNOWN_FIELD",
      "items[1].author.zz",
    ],
    ["Shape", { radius: 1 }, ["at"], { y: 1 }, "MISSING_REQUIRED", "at.x"],
  ])("%s %o: %o ← %o fails with %s at %s, and changes nothing", (type, before, path, js, code, at) => {
    const value = make(type, before, protocol);
    const { node, bytes } = value;
    const old = toHex(bytes);
    expectThriftError(() => value.set(path, js), { code, path: at });
    expectThriftError(() => value.set(compilePath(value.descriptor, path), js), { code, path: at });
    expectThriftError(() => value.setMany([[[...path], js]]), { code, path: at });
    expect(value.node).toBe(node);
    expect(toHex(value.bytes)).toBe(old);
  });

  it("every occurrence of a repeated field is set, and unknown fields stay", () => {
    const authorOf = (name: string, verified: boolean, inner: FieldsOf): Uint8Array => {
      const author = structOf(protocol, inner);
      return structOf(protocol, [
        [99, TType.STRING, "unknown"],
        [2, TType.STRING, name],
        [3, TType.BOOL, verified],
        [2, TType.STRING, name],
        [4, TType.STRUCT, author],
        [-7, TType.BOOL, true],
        [4, TType.STRUCT, author],
      ]).bytes;
    };
    const value = Value.from(idl.struct("Author"), withNoise(authorOf("a", false, [[1, TType.I64, 7n]])), {
      protocol,
    });
    expect(value.set("name", "b")).toBe(true);
    expect(value.set("verified", true)).toBe(true);
    expect(value.set(["invitedBy", "name"], "c")).toBe(false);
    const inner: FieldsOf = [
      [1, TType.I64, 7n],
      [2, TType.STRING, "c"],
    ];
    expect(toHex(value.bytes)).toBe(toHex(authorOf("b", true, inner)));
    value.setMany([
      ["name", "d"],
      [["invitedBy", "name"], "e"],
      ["verified", false],
    ]);
    expect(toHex(value.bytes)).toBe(
      toHex(
        authorOf("d", false, [
          [1, TType.I64, 7n],
          [2, TType.STRING, "e"],
        ]),
      ),
    );
  });

  it("every occurrence of a repeated key is set", () => {
    const mapOf = (first: number, second: number): ThriftNode =>
      ThriftNode.mapOf(
        TType.STRING,
        TType.I32,
        [
          ["a", first],
          ["b", second],
          ["a", first],
        ],
        protocol,
      );
    const value = Value.from(typeOf("map<string,i32>"), mapOf(1, 2).bytes, { protocol });
    expect(value.set("a", 5)).toBe(true);
    expect(toHex(value.bytes)).toBe(toHex(mapOf(5, 2).bytes));
    value.setMany([
      ["b", 7],
      ["a", 6],
    ]);
    expect(toHex(value.bytes)).toBe(toHex(mapOf(6, 7).bytes));
  });

  it("views taken before an edit keep the old bytes, and the value's own node is never changed", () => {
    const value = feed(protocol);
    const { node } = value;
    const item = value.get(["items", 0])!;
    const title = item.get("title")!;
    value.set(["items", 0, "title"], "changed");
    item.set("id", 77n);
    expect(value.get(["items", 0])?.toJS()).toMatchObject({ id: 1n, title: "changed" });
    expect(item.toJS()).toMatchObject({ id: 77n, title: "one" });
    expect(title.asString()).toBe("one");
    expect(toHex(node.bytes)).toBe(toHex(feed(protocol).bytes));
    value.set(["items", 0], item);
    expect(value.get(["items", 0])?.toJS()).toMatchObject({ id: 77n, title: "one" });
  });

  it("a value can be put into itself", () => {
    const value = make("Author", { id: 1 }, protocol);
    value.set("invitedBy", value);
    value.set(["invitedBy", "invitedBy"], value);
    expectValue(value, { id: 1, invitedBy: { id: 1, invitedBy: { id: 1, invitedBy: { id: 1 } } } });
  });
});
