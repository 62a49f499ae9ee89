import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { feed, idl, idlAgain, make, PROTOCOLS, structOf, TType, typeOf } from "./fixtures.ts";

/** Structs with the names of the fixtures' and other fields. */
const alien = parseIdl(`
  struct Point { 1: required i32 x, 2: string y, 9: i32 z }
  struct Author { 1: required string id }
  enum Color { PURPLE = 9 }
`);

describe.each(PROTOCOLS)("values of other types, in %s", (protocol) => {
  const other = protocol === "binary" ? "compact" : "binary";

  it.each<[path: PathStep[], type: string, js: unknown]>([
    [["pinned"], "Author", { id: 1 }],
    [["pinned", "author"], "Other", { id: 1 }],
    [["pinned", "id"], "i32", 1],
    [["pinned", "id"], "double", 1],
    [["pinned", "title"], "i32", 1],
    [["pinned", "hidden"], "byte", 1],
    [["pinned", "color"], "i64", 1],
    [["pinned", "tags"], "set<string>", ["a"]],
    [["pinned", "tags"], "list<i32>", [1]],
    [["pinned", "tags"], "list<i32>", []],
    [["pinned", "marks"], "list<i32>", [1]],
    [["pinned", "marks"], "set<i64>", [1]],
    [["pinned", "attrs"], "map<i32,string>", { "1": "a" }],
    [["pinned", "attrs"], "map<string,i32>", {}],
    [["grid"], "list<list<i32>>", [[1]]],
    [["grid", 0], "list<i32>", [1]],
    [["grid", 0, 0], "i32", 1],
    [["points", 0], "Author", { id: 1 }],
    [["byRank"], "map<i32,Author>", {}],
    [["byRank"], "map<i64,Item>", {}],
    [["items"], "list<Author>", []],
  ])("%o: a Value of %s is refused", (path, type, js) => {
    const value = feed(protocol);
    const before = toHex(value.bytes);
    const at = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
    const expected = {
      code: "TYPE_MISMATCH",
      path: at.slice(1),
      message: /^a value of type \S+ cannot stand for one of type /,
    } as const;
    expectThriftError(() => value.set(path, Value.of(typeOf(type), js, { protocol })), expected);
    expectThriftError(() => value.set(path, Value.of(typeOf(type), js, { protocol: other })), expected);
    expect(toHex(value.bytes)).toBe(before);
  });

  it.each<[path: PathStep[], type: string, js: unknown]>([
    [["pinned", "author"], "Author", { id: 5, name: "n" }],
    [["pinned", "blob"], "string", "text"],
    [["pinned", "title"], "binary", hex`c3a9`],
    [["pinned", "color"], "i32", 77],
    [["items", 0, "color"], "Color", "RED"],
    [["points", 0], "Point", { x: 9 }],
    [["grid"], "list<list<i64>>", [[5]]],
    [["byRank"], "map<i32,Item>", { "5": { id: 1 } }],
  ])("%o: a Value of %s is taken, also from another load of the IDL", (path, type, js) => {
    for (const source of [idl, idlAgain]) {
      for (const from of PROTOCOLS) {
        const value = feed(protocol);
        const put = Value.of(source.type(type), js, { protocol: from });
        const before = toHex(put.bytes);
        value.set(path, put);
        const found = value.get(path)!;
        const same = Value.from(found.descriptor, put.bytes, { protocol: from });
        expect(found.toJS()).toEqual(same.toJS());
        expect(toHex(put.bytes)).toBe(before);
        value.validate();
      }
    }
  });

  it.each<[what: string, type: string, js: unknown, path: PathStep[], code: ErrorCode | undefined]>([
    ["a field of another type", "Point", { x: 1, y: "text" }, ["points", 0], "TYPE_MISMATCH"],
    ["nothing but common fields", "Point", { x: 1 }, ["points", 0], undefined],
    ["a field that this one has not", "Point", { x: 1, z: 5 }, ["points", 0], undefined],
    ["another id", "Author", { id: "text" }, ["pinned", "author"], "TYPE_MISMATCH"],
    ["a list of such", "list<Point>", [{ x: 1 }, { x: 2, y: "text" }], ["points"], "TYPE_MISMATCH"],
    ["a set of such", "set<Point>", [{ x: 1 }, { x: 2, y: "text" }], ["points"], "TYPE_MISMATCH"],
    ["an enum of that name", "Color", "PURPLE", ["pinned", "color"], undefined],
    ["binary that is no text", "binary", hex`ff`, ["pinned", "title"], "INVALID_UTF8"],
    ["elements that are no text", "list<binary>", [hex`61`, hex`ff`], ["pinned", "tags"], "INVALID_UTF8"],
  ])("a Value of a type of the same name, with %s", (_, type, js, path, code) => {
    for (const from of PROTOCOLS) {
      const value = feed(protocol);
      const before = toHex(value.bytes);
      const put = Value.of(alien.type(type), js, { protocol: from });
      if (code === undefined) {
        value.set(path, put);
        value.validate();
      } else {
        expectThriftError(() => value.set(path, put), { code });
        expect(toHex(value.bytes)).toBe(before);
      }
    }
  });

  describe("a ThriftNode", () => {
    const scalar = (type: TType, js: Parameters<typeof ThriftNode.of>[1], from = protocol): ThriftNode =>
      ThriftNode.of(type, js, from);
    const longs = ThriftNode.listOf(TType.I64, [5n], protocol);
    const wrongPoint = structOf(protocol, [[1, TType.I64, 5n]]);
    const cut = Value.of(idl.struct("Author"), { id: 1, name: "n" }, { protocol }).bytes;
    const cutNode = (end: number, bytes = cut): ThriftNode =>
      ThriftNode.from(TType.STRUCT, bytes, { protocol, end });

    it.each<[what: string, path: PathStep[], node: ThriftNode, code: ErrorCode]>([
      ["i64 for i32", ["points", 0, "x"], scalar(TType.I64, 1n), "TYPE_MISMATCH"],
      [
        "i64 for i32 of the other protocol",
        ["points", 0, "x"],
        scalar(TType.I64, 1n, other),
        "TYPE_MISMATCH",
      ],
      ["a byte for bool", ["more"], scalar(TType.BYTE, 1), "TYPE_MISMATCH"],
      [
        "a set for a list",
        ["pinned", "tags"],
        ThriftNode.setOf(TType.STRING, ["a"], protocol),
        "TYPE_MISMATCH",
      ],
      ["list<i64> for list<string>", ["pinned", "tags"], longs, "TYPE_MISMATCH"],
      [
        "list<list<i32>> for list<list<i64>>",
        ["grid"],
        ThriftNode.listOf(TType.LIST, [ThriftNode.listOf(TType.I32, [1], protocol)], protocol),
        "TYPE_MISMATCH",
      ],
      ["a struct with i64 for i32", ["points", 0], wrongPoint, "TYPE_MISMATCH"],
      ["a list of them", ["points"], ThriftNode.setOf(TType.STRUCT, [wrongPoint], protocol), "TYPE_MISMATCH"],
      [
        "a struct with a list<i64> inside",
        ["pinned"],
        structOf(protocol, [[4, TType.LIST, longs]]),
        "TYPE_MISMATCH",
      ],
      [
        "map values",
        ["byRank"],
        ThriftNode.mapOf(
          TType.I32,
          TType.STRUCT,
          [
            [1, wrongPoint],
            [2, structOf(protocol, [[2, TType.I32, 1]])],
          ],
          protocol,
        ),
        "TYPE_MISMATCH",
      ],
      ["map keys", ["counts"], ThriftNode.mapOf(TType.I32, TType.I32, [[1, 1]], protocol), "TYPE_MISMATCH"],
      ["bytes that end too early", ["pinned", "author"], cutNode(cut.length - 1), "TRUNCATED"],
      ["no bytes", ["pinned", "author"], cutNode(0), "TRUNCATED"],
      [
        "bytes behind its end",
        ["pinned", "author"],
        cutNode(cut.length + 1, hex`${cut} 00`),
        "TRAILING_DATA",
      ],
      ["a string that is none", ["pinned", "title"], scalar(TType.STRING, hex`ff`), "INVALID_UTF8"],
    ])("is refused: %s", (_, path, node, code) => {
      const value = feed(protocol);
      const before = toHex(value.bytes);
      expectThriftError(() => value.set(path, node), { code });
      expectThriftError(() => value.setMany([[path, node]]), { code });
      expect(toHex(value.bytes)).toBe(before);
    });

    it.each<[what: string, path: PathStep[], node: ThriftNode]>([
      ["a scalar", ["points", 0, "x"], scalar(TType.I32, 7)],
      ["a scalar of the other protocol", ["points", 0, "x"], scalar(TType.I32, 7, other)],
      ["a bool of the other protocol", ["more"], scalar(TType.BOOL, false, other)],
      ["a bool out of a struct", ["more"], structOf(protocol, [[3, TType.BOOL, false]]).get(fieldId(3))!],
      ["any bytes for binary", ["pinned", "blob"], scalar(TType.STRING, hex`ff`)],
      ["an empty list of something else", ["pinned", "tags"], ThriftNode.listOf(TType.I64, [], protocol)],
      ["an empty map of something else", ["counts"], ThriftNode.mapOf(TType.BOOL, TType.SET, [], protocol)],
      [
        "a struct with unknown fields",
        ["points", 0],
        structOf(protocol, [
          [1, TType.I32, 7],
          [77, TType.BOOL, true],
        ]),
      ],
      ["a struct without its required fields", ["points", 0], structOf(protocol, [])],
      [
        "a part of a larger buffer",
        ["points", 0],
        ThriftNode.from(TType.STRUCT, hex`ff ${structOf(protocol, [[1, TType.I32, 7]]).bytes} ff`, {
          protocol,
          start: 1,
          end: structOf(protocol, [[1, TType.I32, 7]]).size + 1,
        }),
      ],
    ])("is taken: %s", (_, path, node) => {
      const value = feed(protocol);
      const before = toHex(node.bytes);
      value.set(path, node);
      value.validate();
      const found = value.get(path)!;
      const same = Value.from(found.descriptor, node.bytes, { protocol: node.protocol });
      expect(found.toJS()).toEqual(same.toJS());
      if (node.protocol === protocol) expect(toHex(found.bytes)).toBe(before);
      expect(toHex(node.bytes)).toBe(before);
    });
  });

  it("a compact bool goes from a header into a list and back", () => {
    const value = feed(protocol);
    value.set(["flags", 3], value.get("more"));
    expect(value.get("flags")?.toJS()).toEqual([true, false, true, true]);
    value.set(["pinned", "hidden"], value.get(["flags", 1]));
    expect(value.get(["pinned", "hidden"])?.asBoolean()).toBe(false);
    value.set("more", value.get(["pinned", "hidden"])?.node);
    expect(value.get("more")?.asBoolean()).toBe(false);
    const map = make("map<string,bool>", {}, protocol);
    map.set("k", value.get("more"));
    expect(map.toJS()).toEqual(new Map([["k", false]]));
  });

  it.each<[options: unknown]>([
    [{ createParent: true }],
    [{ createParents: 1 }],
    [{ missing: "create" }],
    [{ missing: "skip", createParents: true }],
    [null],
    [[]],
  ])("the options %o are refused", (options) => {
    const value = feed(protocol);
    expectThriftError(() => value.set("more", false, options as never), { code: "INVALID_OPTION" });
    expectThriftError(() => value.setMany([], options as never), { code: "INVALID_OPTION" });
  });
});
