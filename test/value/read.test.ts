import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, utf8, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idl, make, PROTOCOLS, structOf, TType, UUID } from "./fixtures.ts";

const MAPS = {
  text: { a: 1, größe: 2, "": 3 },
  raw: new Map([
    [hex`ff`, 1],
    [utf8("k"), 2],
  ]),
  bools: { true: 1, false: 2 },
  bytes: { "-1": 1, "127": 2 },
  shorts: { "-32768": 1 },
  ints: { "7": 1, "-7": 2 },
  longs: { "9223372036854775807": 1, "5": 2 },
  doubles: new Map([
    [0.5, 1],
    [0, 2],
  ]),
  colors: { RED: 1, "77": 2 },
  ids: { [UUID]: 1 },
  points: [[{ x: 1 }, 1]],
  lists: [[[1, 2], 1]],
  places: { home: { x: 4 } },
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

describe.each(PROTOCOLS)("in %s", (protocol) => {
  describe("get gives", () => {
    it.each<[path: PathStep | PathStep[], expected: unknown]>([
      [["items", 0, "id"], 1n],
      [["items", 0, "author"], { id: 11n, name: "Ann", verified: true }],
      [["items", 2, "author", "verified"], false],
      [["items", 2, "author", "invitedBy", "name"], "Ann"],
      [["items", 0, "tags", 2], "größe"],
      [["items", 0, "attrs", "k"], "v"],
      [["items", 0, "attrs", utf8("__k2")], "w"],
      [["items", 0, "hidden"], false],
      [["items", 1, "hidden"], true],
      [["items", 0, "marks", 1], 5],
      [["items", 0, "color"], 2],
      [["byRank", -1], { id: 2n }],
      [["byRank", 5n, "title"], "one"],
      [["grid", 0, 1], 2n],
      [["grid", 1], []],
      [["points", 1], { x: 3 }],
      ["more", true],
      [fieldId(300), "next"],
      [["flags", 1], false],
      [["flags"], [true, false, true]],
      // What the data lacks
      [["items", 3], undefined],
      [["items", 3, "author", "id"], undefined],
      [["items", 2 ** 40], undefined],
      [["items", 1, "author"], undefined],
      [["items", 1, "author", "invitedBy", "invitedBy", "id"], undefined],
      [["items", 0, "author", "invitedBy", "name"], undefined],
      [["items", 1, "tags", 0], undefined],
      [["items", 0, "attrs", "K"], undefined],
      [["items", 0, "attrs", "__proto__"], undefined],
      [["byRank", 6, "title"], undefined],
      [["grid", 1, 0], undefined],
      [["grid", 3, 0], undefined],
      [["pinned", "author", "name"], undefined],
    ])("%o → %o", (path, expected) => {
      const value = feed(protocol);
      const got = value.get(path);
      expect(got?.toJS()).toEqual(expected);
      expect(value.has(path)).toBe(expected !== undefined);
      expect(value.getMany([path])[0]?.toJS()).toEqual(expected);
      const compiled = compilePath(value.descriptor, path);
      expect(value.get(compiled)?.toJS()).toEqual(expected);
      expect(value.node.get(compiled)?.toBytes()).toEqual(got?.toBytes());
      if (got === undefined) return;
      expect(got.descriptor).toBe(compiled.target);
      expect(got.protocol).toBe(protocol);
      got.validate();
      expect(got.size).toBe(got.bytes.length);
      expect(toHex(got.bytes)).toBe(toHex(Value.of(got.descriptor, expected, { protocol }).bytes));
    });
  });

  it("the empty path gives the value itself, as another view", () => {
    const value = feed(protocol);
    const same = value.get([])!;
    expect(same === value).toBe(false);
    expect(same.bytes).toEqual(value.bytes);
    expect(value.getMany([[], []]).map((found) => found?.size)).toEqual([value.size, value.size]);
    expect(make("i32", 5, protocol).get([])?.asNumber()).toBe(5);
  });

  it.each<[path: PathStep[], expected: number | undefined]>([
    [["text", "a"], 1],
    [["text", "größe"], 2],
    [["text", ""], 3],
    [["text", utf8("größe")], 2],
    [["text", "b"], undefined],
    [["text", "\ud800"], undefined],
    [["raw", hex`ff`], 1],
    [["raw", "k"], 2],
    [["raw", hex``], undefined],
    [["bools", true], 1],
    [["bools", false], 2],
    [["bytes", -1], 1],
    [["bytes", 127n], 2],
    [["bytes", 0], undefined],
    [["shorts", -32768], 1],
    [["ints", -7n], 2],
    [["ints", -0], undefined],
    [["longs", 9223372036854775807n], 1],
    [["longs", 5], 2],
    [["longs", -5], undefined],
    [["doubles", 0.5], 1],
    [["doubles", 0], 2],
    [["doubles", -0], undefined],
    [["colors", "RED"], 1],
    [["colors", 1], 1],
    [["colors", 77], 2],
    [["colors", "GREEN"], undefined],
    [["ids", UUID], 1],
    [["ids", UUID.toUpperCase()], 1],
    [["ids", hex(UUID.replaceAll("-", ""))], 1],
    [["ids", new Uint8Array(16)], undefined],
    [["points", protocol === "binary" ? hex`08 0001 00000001 00` : hex`15 02 00`], 1],
    [["points", hex`00`], undefined],
    [["lists", protocol === "binary" ? hex`08 00000002 00000001 00000002` : hex`25 02 04`], 1],
    [["places", "home", "x"], 4],
    [["places", "away", "x"], undefined],
    [["flags", 1], undefined],
  ])("a map entry: %o → %o", (path, expected) => {
    const value = make("Maps", MAPS, protocol);
    expect(value.get(path)?.asNumber()).toBe(expected);
    expect(value.get(compilePath(value.descriptor, path))?.asNumber()).toBe(expected);
    expect(value.getMany([path, path]).map((found) => found?.asNumber())).toEqual([expected, expected]);
  });

  it("keys in several forms lead to one entry in getMany", () => {
    const value = make("Maps", MAPS, protocol);
    const forms: PathStep[][] = [
      ["ids", UUID],
      ["ids", UUID.toUpperCase()],
      ["ids", hex(UUID.replaceAll("-", ""))],
      ["colors", "RED"],
      ["colors", 1],
      ["colors", 1n],
      ["text", "a"],
      ["text", utf8("a")],
    ];
    const compiled = forms.map((path) => compilePath(value.descriptor, path));
    expect(value.getMany([...forms, ...compiled]).map((found) => found?.asNumber())).toEqual(
      new Array(16).fill(1),
    );
  });

  it("the indices 0 and -0 are one", () => {
    const value = make("list<string>", ["a", "bcd", "e"], protocol);
    expect(value.getMany([-0, 0, 1, -0]).map((found) => found?.asString())).toEqual(["a", "a", "bcd", "a"]);
  });

  it.each<
    [field: string, as: "asBoolean" | "asNumber" | "asBigInt" | "asString" | "asBytes", expected: unknown]
  >([
    ["b", "asBoolean", true],
    ["y", "asNumber", -1],
    ["y", "asBigInt", -1n],
    ["s", "asNumber", -32768],
    ["i", "asNumber", 2147483647],
    ["i", "asBigInt", 2147483647n],
    ["l", "asBigInt", -(2n ** 63n)],
    ["d", "asNumber", 0.1],
    ["t", "asString", "größe"],
    ["t", "asBytes", utf8("größe")],
    ["r", "asBytes", hex`00ff`],
    ["u", "asString", UUID],
    ["u", "asBytes", hex(UUID.replaceAll("-", ""))],
    ["e", "asNumber", 77],
    ["e", "asBigInt", 77n],
    ["l", "asNumber", "OUT_OF_RANGE"],
    ["r", "asString", "INVALID_UTF8"],
    ["b", "asNumber", "TYPE_MISMATCH"],
    ["b", "asString", "TYPE_MISMATCH"],
    ["i", "asBoolean", "TYPE_MISMATCH"],
    ["i", "asString", "TYPE_MISMATCH"],
    ["i", "asBytes", "TYPE_MISMATCH"],
    ["d", "asBigInt", "TYPE_MISMATCH"],
    ["t", "asNumber", "TYPE_MISMATCH"],
    ["t", "asBigInt", "TYPE_MISMATCH"],
    ["u", "asNumber", "TYPE_MISMATCH"],
  ])("%s.%s() → %o", (field, as, expected) => {
    const value = make("Scalars", SCALARS, protocol).get(field)!;
    for (const each of [
      value,
      value.detach(),
      Value.of(value.descriptor, SCALARS[field as "b"], { protocol }),
    ]) {
      if (typeof expected === "string" && /^[A-Z_8]+$/.test(expected)) {
        expectThriftError(() => each[as](), { code: expected as "TYPE_MISMATCH" });
      } else {
        expect(each[as]()).toEqual(expected);
      }
    }
  });

  it.each<[type: string, js: unknown, length: number]>([
    ["list<i32>", [], 0],
    ["list<i32>", [1, 2, 3], 3],
    ["set<string>", ["a", "b"], 2],
    ["map<i32,bool>", {}, 0],
    ["map<i32,bool>", { 1: true, 2: false }, 2],
    ["Feed", FEED, 9],
    ["Item", {}, 0],
    ["Odd", JSON.parse('{"below":"b","__proto__":1,"constructor":2,"toString":{"__proto__":3}}'), 4],
  ])("length of %s %o → %i", (type, js, length) => {
    expect(make(type, js, protocol).length).toBe(length);
  });

  it.each(["i32", "string", "Color"])("%s has no length and no parts", (type) => {
    const value = make(type, type === "string" ? "" : 1, protocol);
    const expected = { code: "TYPE_MISMATCH", offset: value.node.start } as const;
    expectThriftError(() => value.length, expected);
    expectThriftError(() => [...value], expected);
    expectThriftError(() => [...value.keys()], expected);
    expectThriftError(() => [...value.values()], expected);
    expectThriftError(() => value.forEach(() => {}), expected);
  });

  it.each<[type: string, js: unknown, keys: PathStep[]]>([
    ["Item", { id: 1, tags: [], hidden: false, color: 1 }, ["id", "tags", "hidden", "color"]],
    [
      "Odd",
      JSON.parse('{"below":"b","__proto__":1,"constructor":2,"far":true}'),
      ["below", "__proto__", "constructor", "far"],
    ],
    ["list<bool>", [true, false], [0, 1]],
    ["set<string>", ["x", "y"], [0, 1]],
    ["map<string,i32>", { b: 1, a: 2, größe: 3 }, ["b", "a", "größe"]],
    ["map<binary,i32>", new Map([[hex`ff`, 1]]), [hex`ff`]],
    ["map<bool,i32>", { true: 1, false: 2 }, [true, false]],
    ["map<byte,i32>", { "-1": 1 }, [-1]],
    ["map<i64,i32>", { "5": 1 }, [5n]],
    ["map<double,i32>", { "-0.5": 1 }, [-0.5]],
    ["map<Color,i32>", { RED: 1, BLUE: 2 }, [1, -5]],
    ["map<uuid,i32>", { [UUID]: 1 }, [UUID]],
    ["map<Point,i32>", [[{ x: 1 }, 1]], [protocol === "binary" ? hex`08 0001 00000001 00` : hex`15 02 00`]],
    ["map<set<bool>,i32>", [[[true], 1]], [protocol === "binary" ? hex`02 00000001 01` : hex`12 01`]],
  ])("iteration of %s %o gives the keys %o, which get takes", (type, js, keys) => {
    const value = make(type, js, protocol);
    const entries = [...value];
    expect(entries.map(([key]) => key)).toEqual(keys);
    expect([...value.keys()]).toEqual(keys);
    const parts = entries.map(([, part]) => toHex(part.bytes));
    expect([...value.values()].map(({ bytes }) => toHex(bytes))).toEqual(parts);
    expect(keys.map((key) => toHex(value.get(key)!.bytes))).toEqual(parts);
    expect(value.getMany(keys).map((part) => part!.descriptor)).toEqual(
      entries.map(([, part]) => part.descriptor),
    );
    const calls: unknown[] = [];
    value.forEach((part, key, parent) => {
      calls.push([key, toHex(part.bytes), parent === value]);
    });
    expect(calls).toEqual(keys.map((key, index) => [key, parts[index], true]));
  });

  it("an iteration goes on over the bytes that it has started with", () => {
    const value = make("list<i32>", [1, 2, 3], protocol);
    const seen: number[] = [];
    for (const [index, element] of value) {
      value.set(index, element.asNumber() * 10);
      value.set(value.length, 9);
      seen.push(element.asNumber());
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(value.toJS()).toEqual([10, 20, 30, 9, 9, 9]);
  });

  describe("data that the type does not know", () => {
    const node = structOf(protocol, [
      [7, TType.STRING, "unknown"],
      [1, TType.I64, 5n],
      [99, TType.BOOL, true],
      [2, TType.STRING, "first"],
      [1, TType.I64, 6n],
      [2, TType.I32, 3],
    ]);
    const value = Value.from(idl.struct("Author"), withNoise(node.bytes), { protocol });

    it("fields are passed over, and reached through node", () => {
      expect([...value.keys()]).toEqual(["id", "name"]);
      expect(value.length).toBe(2);
      expect(value.toJS()).toEqual({ id: 5n, name: "first" });
      expectThriftError(() => value.get(fieldId(99)), { code: "INVALID_PATH" });
      expect(value.node.get(fieldId(99))?.asBoolean()).toBe(true);
      expect(value.node.get(fieldId(7))?.asString()).toBe("unknown");
      expect(value.node.length).toBe(6);
    });

    it("the first of repeated fields counts, whatever the others are", () => {
      expect(value.get("id")?.asBigInt()).toBe(5n);
      expect(value.get("name")?.asString()).toBe("first");
      expect(value.getMany(["name", "id"]).map((found) => found?.toJS())).toEqual(["first", 5n]);
      expect([...value.values()].map((part) => part.toJS())).toEqual([5n, "first"]);
    });
  });

  it("the first of repeated keys counts; an iteration gives all of them", () => {
    const entries = [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ] as const;
    const node = ThriftNode.mapOf(TType.STRING, TType.I32, entries, protocol);
    const value = Value.from(idl.type("map<string,i32>"), node.bytes, { protocol });
    expect(value.get("a")?.asNumber()).toBe(1);
    expect(value.getMany(["b", "a"]).map((found) => found?.asNumber())).toEqual([2, 1]);
    expect([...value].map(([key, part]) => [key, part.asNumber()])).toEqual(entries);
    expect(value.length).toBe(3);
  });

  it("a value inside a larger buffer, by start and end, tells offsets of that buffer", () => {
    const encoded = feed(protocol).toBytes();
    const buffer = new Uint8Array(encoded.length + 20).fill(0xee);
    buffer.set(encoded, 13);
    const value = Value.from(idl.struct("Feed"), buffer, { protocol, start: 13, end: 13 + encoded.length });
    expect(value.toJS()).toEqual(feed(protocol).toJS());
    const start = make("Feed", FEED, protocol).get(["items", 0, "title"])!.node.start;
    expect(value.get(["items", 0, "title"])?.node.start).toBe(start + 13);
    const cut = Value.from(idl.struct("Feed"), buffer, { protocol, start: 13, end: 13 + encoded.length - 1 });
    expectThriftError(() => cut.validate(), { code: "TRUNCATED", offset: 13 + encoded.length - 1 });
    expect(cut.get("more")?.asBoolean()).toBe(true);
  });

  it("reading looks at nothing behind what it gives", () => {
    const encoded = feed(protocol).toBytes();
    const end = feed(protocol).get(["items", 1])!.node.end;
    const value = Value.from(idl.struct("Feed"), encoded.fill(0xff, end), { protocol });
    expect(value.get(["items", 1, "id"])?.asBigInt()).toBe(2n);
  });

  it("a limit of depth counts from the value", () => {
    const bytes = feed(protocol).toBytes();
    const value = Value.from(idl.struct("Feed"), bytes, { protocol, limits: { maxDepth: 4 } });
    expect(value.get(["items", 2, "author", "id"])?.asBigInt()).toBe(33n);
    expectThriftError(() => value.get(["items", 2]), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => value.get(["items", 2, "author", "invitedBy", "id"]), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => value.toJS(), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => value.validate(), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => value.project(value.descriptor), { code: "LIMIT_EXCEEDED" });
  });
});
