import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Dom,
  FieldId,
  fieldId,
  parseIdl,
  parsePath,
  ThriftNode,
  TType,
  type TypeDescriptor,
  Value,
} from "dynamic-thrift";
import { describe, expect, it } from "vitest";
import { toHex } from "./support/bytes.ts";
import { thriftToJson } from "./support/engines.ts";
import { expectThriftError } from "./support/errors.ts";
import { codeIn, tablesBelow } from "./support/markdown-table.ts";

/** The tables of the README about views and edits, row by row: each row has a check here, by its first cell. */

const README = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

const idl = parseIdl(`
  enum Color { RED = 1, BLUE = 2 }
  union Choice { 1: string text, 2: i32 number }
  struct Inner { 1: required i32 x, 2: optional string s, 3: optional Inner inner }
  struct Outer {
    1: i32 a, 2: string b, 3: optional Inner inner, 4: list<i32> numbers, 5: map<string, i32> counts,
    6: map<i64, string> names, 7: set<i32> some, 8: byte tiny, 9: binary raw, 10: map<byte, i32> tinies,
    11: list<Inner> inners, 20: Choice choice, 12: map<Color, i32> colors, 13: map<Inner, i32> pairs, 14: i64 big, 15: double d,
    16: Color color, 17: uuid id, 18: map<bool, i32> flags, 19: map<double, i32> doubles
  }
`);
const OUTER = idl.struct("Outer");
const INNER = idl.struct("Inner");

const PROTOCOLS = ["binary", "compact"] as const;
type ProtocolName = (typeof PROTOCOLS)[number];

type Check = (make: (value: object) => Value, protocol: ProtocolName) => void;

/** The rows of a table have these checks, and no others. */
function table(heading: string, index: number, checks: Readonly<Record<string, Check>>): void {
  describe(`${heading}, table ${index + 1}`, () => {
    it("has the rows that are checked", () => {
      expect(tablesBelow(README, heading)[index]!.rows.map(([cell]) => cell)).toEqual(Object.keys(checks));
    });
    describe.each(PROTOCOLS)("%s", (protocol) => {
      it.each(Object.entries(checks))("%s", (_row, check) => {
        check((value) => Value.of(OUTER, value, { protocol }), protocol);
      });
    });
  });
}

/** A text of a path, and what it must be as steps. */
function texts(steps: Readonly<Record<string, unknown>>): void {
  const rows = tablesBelow(README, "Paths")[0]!.rows.flatMap(([, text = ""]) => codeIn(text));
  for (const [text, step] of Object.entries(steps)) {
    expect(rows).toContain(text);
    expect(parsePath(text)).toEqual([step]);
  }
}

table("Paths", 0, {
  string(make) {
    texts({ name: "name", '["any text"]': "any text" });
    const value = make({ a: 1, counts: { k: 2 }, colors: { BLUE: 3 } });
    expect(value.get("a")!.asNumber()).toBe(1);
    expect(value.get(["counts", "k"])!.asNumber()).toBe(2);
    expect(value.get(["colors", "BLUE"])!.asNumber()).toBe(3);
  },
  number(make) {
    texts({ "[3]": 3, "[1.5]": 1.5 });
    const value = make({ numbers: [5, 6], names: [[7, "x"]], doubles: [[1.5, 8]] });
    expect(value.get(["numbers", 1])!.asNumber()).toBe(6);
    expect(value.get(["names", 7])!.asString()).toBe("x");
    expect(value.get(["doubles", 1.5])!.asNumber()).toBe(8);
  },
  bigint(make) {
    const key = 7300012320594051505n;
    texts({ "[7300012320594051505]": key });
    expect(
      make({ names: [[key, "x"]] })
        .get(["names", key])!
        .asString(),
    ).toBe("x");
  },
  boolean(make) {
    texts({ "[true]": true });
    expect(
      make({ flags: [[true, 4]] })
        .get(["flags", true])!
        .asNumber(),
    ).toBe(4);
  },
  "`Uint8Array`"(make, protocol) {
    texts({ "[0x0aff]": Uint8Array.of(0x0a, 0xff) });
    const value = make({ counts: { k: 2 }, pairs: [[{ x: 1 }, 9]] });
    expect(value.get(["counts", Uint8Array.of(0x6b)])!.asNumber()).toBe(2);
    const { bytes } = Value.of(INNER, { x: 1 }, { protocol });
    expect(value.get(["pairs", bytes])!.asNumber()).toBe(9);
  },
  "`fieldId(7)`"(make) {
    texts({ "#7": fieldId(7) });
    expect(fieldId(7)).toBeInstanceOf(FieldId);
    expect(make({ a: 1 }).get(fieldId(1))!.asNumber()).toBe(1);
  },
});

/** A message with the field `a` twice, 1 and 2, and with the unknown field 99. */
function repeated(protocol: ProtocolName): Value {
  const i32 = (number: number) => ThriftNode.of(TType.I32, number, protocol);
  const node = ThriftNode.structOf(
    [
      [1, i32(1)],
      [1, i32(2)],
      [99, i32(3)],
    ],
    protocol,
  );
  return Value.from(OUTER, node.bytes, { protocol });
}

table("Editing", 0, {
  "`set` of what is there"(_make, protocol) {
    const value = repeated(protocol);
    expect(value.set("a", 9)).toBe(true);
    expect([...value.node].map(([, part]) => part.asNumber())).toEqual([9, 9, 3]);
  },
  "`set` of a missing field"(make) {
    const value = make({ a: 1, inner: { x: 1, inner: { x: 2 } }, tiny: 3 });
    expect(value.set("b", "x")).toBe(false);
    expect(value.set(["inner", "s"], "y")).toBe(false);
    expect([...value.keys()]).toEqual(["a", "b", "inner", "tiny"]);
    expect([...value.get("inner")!.keys()]).toEqual(["x", "s", "inner"]);
  },
  "`set` at the index `length`"(make) {
    const value = make({ numbers: [1] });
    expect(value.set(["numbers", 1], 2)).toBe(false);
    expectThriftError(() => value.set(["numbers", 3], 4), { code: "NOT_FOUND", path: "numbers[3]" });
    expect(value.toJS()).toEqual({ numbers: [1, 2] });
  },
  "`set` of a missing key"(make) {
    const value = make({ counts: { k: 1 }, names: [[1, "a"]], pairs: [], flags: [] });
    value.setMany([
      [["counts", "a"], 2],
      [["names", -(2n ** 60n)], "b"],
      [["flags", false], 3],
    ]);
    expect(value.toJS()).toEqual({
      counts: new Map([
        ["k", 1],
        ["a", 2],
      ]),
      names: new Map([
        [1n, "a"],
        [-(2n ** 60n), "b"],
      ]),
      pairs: new Map(),
      flags: new Map([[false, 3]]),
    });
  },
  "`set` of an element of a set"(make) {
    const value = make({ some: [1, 2] });
    value.set(["some", 2], 1);
    expect(value.toJS()).toEqual({ some: new Set([1, 2]) });
    value.set(["some", 1], 1);
    expect(value.toJS()).toEqual({ some: new Set([1]) });
  },
  "`set` of another member of a union"(make) {
    const value = make({ choice: { text: "x" } });
    expect(value.set(["choice", "number"], 1)).toBe(false);
    expect(value.toJS()).toEqual({ choice: { number: 1 } });
  },
  "`set` below a missing parent"(make) {
    const value = make({});
    expectThriftError(() => value.set(["inner", "s"], "x"), { code: "NOT_FOUND", path: "inner" });
    expect(value.set(["inner", "s"], "x", { missing: "skip" })).toBe(false);
    expect(value.toJS()).toEqual({});
    expect(value.set(["inner", "inner", "s"], "x", { createParents: true })).toBe(false);
    expect(value.toJS()).toEqual({ inner: { inner: { s: "x" } } });
  },
  "the new value"(make) {
    const value = make({ inner: { x: 1 } });
    for (const protocol of PROTOCOLS) {
      const inner = Value.of(INNER, { x: 5, s: "x" }, { protocol });
      for (const part of [inner, inner.node, { x: 5, s: "x" }]) {
        value.set("inner", part);
        expect(value.toJS()).toEqual({ inner: { x: 5, s: "x" } });
        value.set("inner", { x: 1 });
      }
      const wrong = Value.of(OUTER, {}, { protocol });
      for (const part of [wrong, ThriftNode.of(TType.I32, 1), "text", null, undefined]) {
        expectThriftError(() => value.set("inner", part), { code: "TYPE_MISMATCH" });
      }
    }
  },
  "`delete` of what is not there"(make) {
    const value = make({ a: 1 });
    const { source } = value.node;
    for (const path of ["b", ["inner", "s"], ["numbers", 4], ["counts", "k"]])
      expect(value.delete(path)).toBe(false);
    expect(value.node.source).toBe(source);
  },
  "`delete` of a required field"(make) {
    const value = make({ inner: { x: 1 } });
    expectThriftError(() => value.delete(["inner", "x"]), { code: "MISSING_REQUIRED", path: "inner.x" });
    expect(value.delete(["inner", "x"], { required: "remove" })).toBe(true);
    expect(value.toJS()).toEqual({ inner: {} });
  },
  "`delete` of the member of a union"(make, protocol) {
    const value = make({ choice: { text: "x" } });
    expect(value.delete(["choice", "text"])).toBe(true);
    expect(value.toJS()).toEqual({ choice: {} });
    expectThriftError(() => thriftToJson(OUTER, { protocol }).convert(value.bytes), {
      code: "INVALID_UNION",
    });
    expectThriftError(() => Value.of(OUTER, value.toJS()), { code: "INVALID_UNION" });
  },
  "`setMany`"(make) {
    const value = make({ numbers: [1] });
    value.setMany([
      [["numbers", 1], 2],
      [["numbers", 2], 3],
      ["inner", { x: 1 }],
      [["inner", "s"], "x"],
    ]);
    expect(value.toJS()).toEqual({ numbers: [1, 2, 3], inner: { x: 1, s: "x" } });
    const before = toHex(value.bytes);
    const entries: [string, unknown][] = [
      ["a", 7],
      ["b", 7],
    ];
    expectThriftError(() => value.setMany(entries), { code: "TYPE_MISMATCH", path: "b", offset: undefined });
    expect(toHex(value.bytes)).toBe(before);
    value.setMany([
      [["numbers", 99], 7],
      ["numbers", [5]],
    ]);
    expect(value.toJS()).toEqual({ numbers: [5], inner: { x: 1, s: "x" } });
  },
  "`deleteMany`"(make) {
    const value = make({ numbers: [1, 2, 3] });
    expect(value.deleteMany([["numbers", 0], ["numbers", 2], ["numbers", 7], "a"])).toBe(2);
    expect(value.toJS()).toEqual({ numbers: [2] });
  },
});

table("JavaScript values", 0, {
  i64(make) {
    const value = make({ big: 2n ** 60n });
    expect(value.toJS()).toEqual({ big: 2n ** 60n });
    expect(value.toJS({ int64: "string" })).toEqual({ big: String(2n ** 60n) });
    expect(make({ big: 5 }).toJS({ int64: "number" })).toEqual({ big: 5 });
    expectThriftError(() => value.toJS({ int64: "number" }), { code: "OUT_OF_RANGE", path: "big" });
    expect(JSON.stringify(value)).toBe(`{"big":"${2n ** 60n}"}`);
  },
  "other numbers"(make) {
    const value = make({ a: -1, tiny: -2, d: Number.NaN });
    expect(value.toJS()).toEqual({ a: -1, tiny: -2, d: Number.NaN });
    expect(JSON.stringify(value)).toBe('{"a":-1,"tiny":-2,"d":"NaN"}');
    expect(make({ d: -Infinity }).toJSON()).toEqual({ d: "-Infinity" });
  },
  enum(make) {
    const value = make({
      color: "BLUE",
      colors: [
        [1, 5],
        [7, 6],
      ],
    });
    expect(value.toJS()).toEqual({
      color: 2,
      colors: new Map([
        [1, 5],
        [7, 6],
      ]),
    });
    expect(value.toJS({ enums: "name" })).toEqual({
      color: "BLUE",
      colors: new Map<unknown, number>([
        ["RED", 5],
        [7, 6],
      ]),
    });
    expect(JSON.stringify(value)).toBe('{"colors":{"1":5,"7":6},"color":2}');
  },
  "string, uuid"(make) {
    const text = { b: "é", id: "48ea75c1-c36d-92a5-f0e0-230f7af37508" };
    expect(make(text).toJS()).toEqual(text);
    expect(make(text).toJSON()).toEqual(text);
  },
  binary(make) {
    const value = make({ raw: Uint8Array.of(1, 2) });
    const { raw } = value.toJS() as { raw: Uint8Array };
    raw[0] = 9;
    expect(value.get("raw")!.asBytes()).toEqual(Uint8Array.of(1, 2));
    expect(value.toJSON()).toEqual({ raw: "AQI=" });
  },
  list(make) {
    expect(make({ numbers: [1] }).toJS()).toEqual({ numbers: [1] });
    expect(make({ numbers: [1] }).toJSON()).toEqual({ numbers: [1] });
  },
  set(make) {
    expect(make({ some: [1] }).toJS()).toEqual({ some: new Set([1]) });
    expect(make({ some: [1] }).toJSON()).toEqual({ some: [1] });
  },
  map(make) {
    const value = make({ names: [[5, "x"]], pairs: [[{ x: 1 }, 2]] });
    expect(value.toJS()).toEqual({ names: new Map([[5n, "x"]]), pairs: new Map([[{ x: 1 }, 2]]) });
    const object = { names: { 5: "x" }, pairs: [[{ x: 1 }, 2]] };
    expect(value.toJS({ map: "object" })).toEqual(object);
    expect(value.toJSON()).toEqual(object);
  },
  struct(make) {
    expect(make({ a: 1 }).toJS()).toEqual({ a: 1 });
    expect(make({ a: 1 }).toJS({ keys: "id" })).toEqual({ 1: 1 });
    expect(make({ a: 1 }).toJSON()).toEqual({ a: 1 });
  },
});

const impossible = (value: Value, path: Parameters<Value["get"]>[0]): unknown =>
  expectThriftError(() => value.get(path), { code: "INVALID_PATH" });

/** Runs an edit, and the same for a `Dom`; gives what both make of it. */
function edited(value: Value, edit: (target: Pick<Value, "set" | "delete">) => void): unknown {
  const dom = Dom.load(value);
  edit(dom.root);
  edit(value);
  expect(dom.toValue().toJS()).toEqual(value.toJS());
  return value.toJS();
}

table("What differs from dynamicgo's generic", 0, {
  "what is not there"(make) {
    const value = make({});
    expect(value.get(["inner", "inner", "s"])).toBe(undefined);
    expect(value.get(["numbers", 4])).toBe(undefined);
  },
  "what can never be there (name, id, step below a scalar, key of another kind)"(make) {
    const value = make({ a: 1, counts: { k: 1 } });
    for (const path of ["zzz", fieldId(77), ["a", 0], ["counts", 1], ["names", "k"]]) impossible(value, path);
  },
  "negative index"(make) {
    impossible(make({ numbers: [1] }), ["numbers", -1]);
  },
  byte(make) {
    const value = make({ tiny: -1, tinies: [[-1, 5]] });
    expect(value.get("tiny")!.asNumber()).toBe(-1);
    expect(value.get(["tinies", -1])!.asNumber()).toBe(5);
    impossible(value, ["tinies", 255]);
  },
  "`SetByPath`: missing field"(make) {
    const value = make({ a: 1, inner: { x: 1 } });
    expect(edited(value, (target) => target.set(["inner", "s"], "x"))).toEqual({
      a: 1,
      inner: { x: 1, s: "x" },
    });
  },
  "`SetByPath`: new element"(make) {
    const value = make({ numbers: [1, 2] });
    expect(edited(value, (target) => target.set(["numbers", 2], 3))).toEqual({ numbers: [1, 2, 3] });
    expectThriftError(() => value.set(["numbers", 9], 3), { code: "NOT_FOUND" });
  },
  "`SetByPath`: new integer key"(make) {
    const value = make({ names: [[1, "a"]] });
    const names = new Map([
      [1n, "a"],
      [2n, "b"],
    ]);
    expect(edited(value, (target) => target.set(["names", 2], "b"))).toEqual({ names });
  },
  "`SetByPath`: type of the new value"(make, protocol) {
    const value = make({});
    // A struct as it should be on top, with a text for a number inside.
    const node = ThriftNode.structOf([[1, ThriftNode.of(TType.STRING, "x", protocol)]], protocol);
    expectThriftError(() => value.set("inner", node), { code: "TYPE_MISMATCH" });
    expectThriftError(() => value.set("inner", ThriftNode.of(TType.I32, 1)), { code: "TYPE_MISMATCH" });
  },
  "the bytes that came in"(make, protocol) {
    const { bytes } = make({ a: 1, numbers: [1, 2], counts: { k: 1 } });
    const before = toHex(bytes);
    edited(Value.from(OUTER, bytes, { protocol }), (target) => {
      target.set("a", 2);
      target.set(["numbers", 2], 3);
      target.delete(["counts", "k"]);
    });
    expect(toHex(bytes)).toBe(before);
  },
  "`UnsetByPath`: missing key"(make) {
    const value = make({ counts: { k: 1 }, names: [] });
    expect(value.delete(["counts", "zz"])).toBe(false);
    expect(value.delete(["names", 1])).toBe(false);
    expect(value.toJS()).toEqual({ counts: new Map([["k", 1]]), names: new Map() });
  },
  "`GetMany` of map entries"(make) {
    const found = make({ counts: { a: 1, b: 2, c: 3 } }).getMany([
      ["counts", "c"],
      ["counts", "zz"],
      ["counts", "a"],
      ["counts", "c"],
    ]);
    expect(found.map((part) => part?.asNumber())).toEqual([3, undefined, 1, 3]);
  },
  "`SetMany`"(make) {
    const entries = [
      [["numbers", 0], 1],
      [["a"], 2],
    ] as const;
    const copy = structuredClone(entries);
    make({ numbers: [5] }).setMany(entries);
    expect(entries).toEqual(copy);
  },
  "`MarshalTo`, here `project`: same type"(make) {
    const value = make({ inner: { x: 1 } });
    expect(toHex(value.project(OUTER).bytes)).toBe(toHex(value.bytes));
  },
  "`MarshalTo`: missing fields on request"(make) {
    const to = parseIdl("struct To { 1: i32 a = 5, 2: list<i32> l = [1, 2] }").struct("To");
    expect(make({}).project(to, { default: "write" }).toJS()).toEqual({ a: 5, l: [1, 2] });
  },
  "`DescriptorToPathNode`, here `Value.empty`"(_make, protocol) {
    const options = { protocol, optional: "write", depth: 3 } as const;
    const empty = Value.empty(OUTER as TypeDescriptor, options);
    empty.validate();
    expect(empty.toJS()).toMatchObject({
      numbers: [],
      counts: new Map(),
      inner: { x: 0, inner: { inner: {} } },
    });
  },
  "`PathNode`, here `Dom`: children of a value that was replaced"(make) {
    const dom = Dom.load(make({ inner: { x: 1, s: "old" } }));
    dom.root.set("inner", { x: 2 });
    expect(dom.toValue().toJS()).toEqual({ inner: { x: 2 } });
  },
  "`PathNode`: all children removed"(make) {
    const dom = Dom.load(make({ numbers: [1, 2] }));
    dom.root.get("numbers")!.filter(() => false);
    expect(dom.toValue().toJS()).toEqual({ numbers: [] });
  },
  protocols(make, protocol) {
    expect(make({ a: 1 }).protocol).toBe(protocol);
  },
});
