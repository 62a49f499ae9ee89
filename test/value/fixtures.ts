import { expect } from "vitest";
import type { TypeDescriptor } from "../../src/descriptor/types.ts";
import { type Idl, parseIdl } from "../../src/idl/idl.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { Value } from "../../src/value/value.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { toHex, withNoise } from "../support/bytes.ts";

export const PROTOCOLS: readonly Protocol[] = ["binary", "compact"];

const IDL_TEXT = `
  enum Color { RED = 1, GREEN = 2, BLUE = -5 }
  struct Point { 1: required i32 x, 2: i32 y, 3: optional string label }
  struct Author { 1: required i64 id, 2: optional string name, 3: optional bool verified, 4: optional Author invitedBy }
  struct Item {
    1: required i64 id, 2: string title, 3: optional Author author, 4: list<string> tags, 5: map<string, string> attrs,
    6: bool hidden, 7: double score, 8: binary blob, 9: set<i32> marks, 10: Color color
  }
  struct Feed {
    1: required list<Item> items, 2: map<string, i32> counts, 3: map<i32, Item> byRank, 4: optional Item pinned,
    5: list<list<i64>> grid, 6: set<Point> points, 7: bool more, 300: string cursor, 301: optional list<bool> flags
  }
  struct Maps {
    1: map<string, i32> text, 2: map<binary, i32> raw, 3: map<bool, i32> bools, 4: map<byte, i32> bytes,
    5: map<i16, i32> shorts, 6: map<i32, i32> ints, 7: map<i64, i32> longs, 8: map<double, i32> doubles,
    9: map<Color, i32> colors, 10: map<uuid, i32> ids, 11: map<Point, i32> points, 12: map<list<i32>, i32> lists,
    13: map<string, Point> places, 14: map<i32, bool> flags
  }
  struct Scalars {
    1: bool b, 2: byte y, 3: i16 s, 4: i32 i, 5: i64 l, 6: double d, 7: string t, 8: binary r, 9: uuid u, 10: Color e
  }
  union Shape { 1: i32 radius, 2: string name, 3: Point at }
  struct Odd { -3: string below, 1: i32 __proto__, 2: i32 constructor, 3: map<string, i32> toString, 300: bool far }
  struct Other { 1: i64 id }
  struct Far { 1: i32 a, 10: i32 b, 20: i32 c }
`;

export const idl: Idl = parseIdl(IDL_TEXT);

/** The same IDL, loaded again: other descriptors of the same types. */
export const idlAgain: Idl = parseIdl(IDL_TEXT);

export const UUID = "00112233-4455-6677-8899-aabbccddeeff";

/** A message with something in every part of `Feed`. */
export const FEED: Readonly<Record<string, unknown>> = {
  items: [
    {
      id: 1n,
      title: "one",
      author: { id: 11n, name: "Ann", verified: true },
      tags: ["a", "b", "größe"],
      attrs: { k: "v", __k2: "w" },
      hidden: false,
      score: 1.5,
      blob: Uint8Array.of(0, 255),
      marks: [3, 5, 7],
      color: 2,
    },
    { id: 2n, title: "", tags: [], attrs: {}, hidden: true, score: -0 },
    { id: 3n, title: "three", author: { id: 33n, verified: false, invitedBy: { id: 11n, name: "Ann" } } },
  ],
  counts: { a: 1, b: -2, c: 3 },
  byRank: new Map([
    [5, { id: 1n, title: "one" }],
    [-1, { id: 2n }],
  ]),
  pinned: { id: 9n, hidden: true },
  grid: [[1n, 2n], [], [-(2n ** 63n)]],
  points: [{ x: 1, y: 2 }, { x: 3 }],
  more: true,
  cursor: "next",
  flags: [true, false, true],
};

export function typeOf(type: string | TypeDescriptor): TypeDescriptor {
  return typeof type === "string" ? idl.type(type) : type;
}

/** A value of a JavaScript value. Required fields may be missing, and the bytes stand within noise. */
export function make(type: string | TypeDescriptor, js: unknown, protocol: Protocol): Value {
  const encoded = Value.of(typeOf(type), js, { protocol, missing: { required: "omit" } });
  return Value.from(typeOf(type), withNoise(encoded.bytes), { protocol });
}

export function feed(protocol: Protocol): Value {
  return make("Feed", FEED, protocol);
}

export type FieldsOf = readonly (readonly [
  id: number,
  type: TType,
  value: Parameters<typeof ThriftNode.of>[1],
])[];

/** A struct of such fields, in this order, whatever an IDL says. */
export function structOf(protocol: Protocol, fields: FieldsOf): ThriftNode {
  return ThriftNode.structOf(
    fields.map(([id, type, value]) => [
      id,
      value instanceof ThriftNode ? value : ThriftNode.of(type, value, protocol),
    ]),
    protocol,
  );
}

/** Asserts that a value has exactly the bytes that `Value.of` gives for what it should be, and is sound. */
export function expectValue(value: Value, js: unknown): void {
  const { descriptor, protocol } = value;
  const expected = Value.of(descriptor, js, { protocol, missing: { required: "omit" } });
  expect(value.toJS()).toEqual(expected.toJS());
  expect(toHex(value.bytes)).toBe(toHex(expected.bytes));
  value.validate();
}

export { TType };
