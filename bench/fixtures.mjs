// The messages that every row is measured on. Sizes are asserted, so that two runs never compare unlike things.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeNesting, encodeNestingList, encodeSimple } from "./npm-thrift.mjs";

/** `Simple` and `Nesting` of the dynamicgo benchmarks, from their description. */
export const NESTING_IDL = `
namespace * bench

struct Simple {
  1: byte ByteField
  2: i64 I64Field (api.js_conv = "")
  3: double DoubleField
  4: i32 I32Field
  5: string StringField
  6: binary BinaryField
}

struct PartialSimple {
  1: byte ByteField
  3: double DoubleField
  6: binary BinaryField
}

struct Nesting {
  1: string String
  2: list<Simple> ListSimple
  3: double Double
  4: i32 I32
  5: list<i32> ListI32
  6: i64 I64
  7: map<string, string> MapStringString
  8: Simple SimpleStruct
  9: map<i32, i64> MapI32I64
  10: list<string> ListString
  11: binary Binary
  12: map<i64, string> MapI64String
  13: list<i64> ListI64
  14: byte Byte
  15: map<string, Simple> MapStringSimple
}

struct PartialNesting {
  2: list<PartialSimple> ListSimple
  8: PartialSimple SimpleStruct
  15: map<string, PartialSimple> MapStringSimple
}
`;

const COUNT = 16;
const LARGE_COUNT = 100;
const TEXT = "你好,\b\n\r\t世界".repeat(2);
const BINARY = Buffer.from([...Array(COUNT).keys(), ...Array(COUNT).keys()]);
const I32_MAX = 0x7fff_ffff;
const I32_MIN = -0x8000_0000;
const I64_MAX = 0x7fff_ffff_ffff_ffffn;
const I64_MIN = -0x8000_0000_0000_0000n;

function simpleValue() {
  return {
    ByteField: 127,
    I64Field: I64_MAX,
    DoubleField: Number.MAX_VALUE,
    I32Field: I32_MAX,
    StringField: TEXT,
    BinaryField: BINARY,
  };
}

function nestingValue() {
  const keys = [...Array(COUNT).keys()];
  const entries = (create) => Object.fromEntries(keys.map((key) => [key, create()]));
  return {
    String: TEXT,
    ListSimple: keys.map(simpleValue),
    Double: Number.MAX_VALUE,
    I32: I32_MAX,
    ListI32: keys.map(() => I32_MIN),
    I64: I64_MAX,
    MapStringString: entries(() => TEXT),
    SimpleStruct: simpleValue(),
    MapI32I64: entries(() => I64_MIN),
    ListString: keys.map(() => TEXT),
    Binary: BINARY,
    MapI64String: entries(() => TEXT),
    ListI64: keys.map(() => I64_MIN),
    Byte: 127,
    MapStringSimple: entries(simpleValue),
  };
}

/** `JSON.stringify` has short escapes for these two, dynamicgo has not. */
function quote(text) {
  return JSON.stringify(text).replaceAll("\\b", "\\u0008").replaceAll("\\f", "\\u000c");
}

/** JSON text as dynamicgo writes it: digits of any i64, base64 for bytes. */
export function toJson(value) {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("base64")}"`;
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, member]) => `${quote(key)}:${toJson(member)}`)
    .join(",")}}`;
}

const FEED_FILES = {
  idlFile: fileURLToPath(new URL("../testdata/idl/feed.thrift", import.meta.url)),
  type: "FeedResponse",
};
const feedText = readFileSync(new URL("../testdata/feed.json", import.meta.url), "utf8");

const simple = simpleValue();
const nesting = nestingValue();
const large = Array.from({ length: LARGE_COUNT }, nestingValue);

/**
 * A fixture: JSON text in UTF-8 and the same message in Thrift binary, which is `undefined` where only the
 * library itself can make it. `type` is a type expression over `idl`.
 */
export const FIXTURES = {
  small: {
    idl: NESTING_IDL,
    type: "Simple",
    json: Buffer.from(toJson(simple)),
    thrift: encodeSimple(simple),
    peer: "Simple",
  },
  medium: {
    idl: NESTING_IDL,
    type: "Nesting",
    json: Buffer.from(toJson(nesting)),
    thrift: encodeNesting(nesting),
    peer: "Nesting",
  },
  /** Pure ASCII, so engines keep its text in one byte per character. */
  feed: { ...FEED_FILES, json: Buffer.from(feedText), thrift: undefined, peer: undefined },
  /** The same with an accent in some names, as real feeds have: strings get two bytes per character. */
  "feed-unicode": {
    ...FEED_FILES,
    json: Buffer.from(feedText.replaceAll("Garcia", "García")),
    thrift: undefined,
    peer: undefined,
  },
  large: {
    idl: NESTING_IDL,
    type: "list<Nesting>",
    json: Buffer.from(toJson(large)),
    thrift: encodeNestingList(large),
    peer: "NestingList",
  },
};

assert.deepEqual(
  Object.values(FIXTURES).map(({ json, thrift }) => [json.length, thrift?.length]),
  [
    [236, 114],
    [11_855, 6_455],
    [126_676, undefined],
    [126_694, undefined],
    [1_185_601, 645_505],
  ],
  "the fixtures have changed",
);
