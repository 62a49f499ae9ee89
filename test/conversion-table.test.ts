import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  JSON_TO_THRIFT_OPTION_NAMES,
  resolveJsonToThriftOptions,
  resolveThriftToJsonOptions,
  THRIFT_TO_JSON_OPTION_NAMES,
} from "../src/conv/options.ts";
import { fromUtf8, hex, toHex } from "./support/bytes.ts";
import {
  type CallContext,
  createAnnotationRegistry,
  encodeLiteral,
  isThriftError,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
  type ThriftToJsonOptions,
  thriftToJson,
} from "./support/engines.ts";
import { codeIn, tablesBelow } from "./support/markdown-table.ts";

/**
 * The conversion table of the README, row by row: each row has examples here, by its first cell, and names just
 * the error codes and option values that its examples show.
 */

const annotations = createAnnotationRegistry({
  values: {
    "test.upper": () => ({
      kind: "custom",
      name: "upper",
      jsonToThrift(json, context) {
        return context.fromJson(fromUtf8(json).toUpperCase());
      },
      thriftToJson(bytes, context) {
        return context.toJson(bytes).toLowerCase();
      },
    }),
    "test.broken": () => ({
      kind: "custom",
      name: "broken",
      jsonToThrift() {
        throw new Error("broken");
      },
      thriftToJson() {
        throw new Error("broken");
      },
    }),
  },
});

const BASE = `
  struct Base { 1: string LogID, 2: string Caller, 6: map<string, string> Extra }
  struct BaseResp { 1: string StatusMessage, 2: i32 StatusCode }
`;

const IDL = `
  include "base.thrift"
  enum E { A = 1, B = 5 }
  struct Key { 1: i32 k }
  union U { 1: i32 a, 2: string b }
  struct Alias {
    1: i32 one (api.key = "first"), 2: i32 two (go.tag = 'json:"second"'), 3: i32 three (go.tag = 'json:""')
  }
  struct Missing {
    1: required i32 r = 7, 2: i32 d, 3: optional binary o = "xx" (api.key = "O"), 4: list<i32> l = [1, 2],
    5: Key s = {"k": 3}, 6: double f = 1, 7: Key bare
  }
  struct Optional { 1: optional i32 o = 9, 2: i32 d = 8 }
  struct Order { 3: i32 c = 3, 1: i32 a = 1, 2: i32 b }
  struct Quoted { 1: i64 n (api.js_conv = ""), 2: map<i32, set<i64>> m (api.js_conv = ""), 3: string s (api.js_conv = "") }
  struct Dynamic { 1: string d (agw.body_dynamic = "") }
  struct Mapped { 1: string up (test.upper), 2: string bad (test.broken) }
  struct Request { 1: string q, 255: required base.Base Base }
  struct Response { 1: string q, 255: required base.BaseResp BaseResp }
  exception X { 1: string m }
  service S {
    i32 f(1: i32 a, 2: string b) throws (1: X x, 2: X y)
  }
`;

const sources = { "base.thrift": BASE };
const idl = parseIdl(IDL, { annotations, sources });
const idlByName = parseIdl(IDL, { annotations, sources, fieldKeys: "name" });
const idlByBoth = parseIdl(IDL, { annotations, sources, fieldKeys: "both" });
const { args, result } = idl.service("S").method("f");

/** One conversion of a row. Results are hex or JSON text; an error is its code in capitals. */
interface Example {
  readonly name: string;
  readonly expected: string;
  readonly run: () => string;
  readonly options: JsonToThriftOptions | ThriftToJsonOptions;
}

type Type = string | typeof args;

function typeOf(type: Type): ReturnType<typeof idl.type> {
  return typeof type === "string" ? idl.type(type) : type;
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === "function" ? "…" : member));
}

/** JSON → Thrift. `expected` is annotated hex, or an error code. */
function read(
  type: Type,
  json: string | Uint8Array,
  expected: string,
  options: JsonToThriftOptions = {},
  call?: CallContext,
): Example {
  const input = typeof json === "string" ? JSON.stringify(json).slice(1, -1) : toHex(json);
  return {
    name: `${typeof type === "string" ? type : type.name} ← ${input} ${show(options)}`,
    expected: isCode(expected) ? expected : toHex(hex(expected)),
    run: () => toHex(jsonToThrift(typeOf(type), options).convert(json, call)),
    options,
  };
}

/** Thrift → JSON. `bytes` is annotated hex; `expected` is JSON text, or an error code. */
function write(
  type: Type,
  bytes: string,
  expected: string,
  options: ThriftToJsonOptions = {},
  call?: CallContext,
): Example {
  return {
    name: `${typeof type === "string" ? type : type.name} → JSON: ${bytes} ${show(options)}`,
    expected,
    run: () => thriftToJson(typeOf(type), options).convertToString(hex(bytes), call),
    options,
  };
}

const CODE = /^[A-Z][A-Z0-9_]+$/;

function isCode(text: string): boolean {
  return CODE.test(text) && text.length > 6;
}

/** What a conversion gave: its result, or the code of its error. */
function outcomeOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (!isThriftError(error)) throw error;
    if (error.code === "FAILED_MAPPING") expect(error.cause).toMatchObject({ message: "broken" });
    return error.code;
  }
}

const NOT_UTF8 = hex`22 ff 22`;
const UUID = "00112233-4455-6677-8899-aabbccddeeff";
const UUID_BYTES = "00112233445566778899aabbccddeeff";
const NAN = "7ff8000000000000";
const TWO_FIELDS = "08 0001 00000001 0b 0002 00000001 62 00";
const ALL: JsonToThriftOptions & ThriftToJsonOptions = {
  missing: { required: "write", default: "write", optional: "write" },
};
/** What `Missing` is with all its defaults. */
const MISSING_BYTES =
  "08 0001 00000007 08 0002 00000000 0b 0003 00000002 7878 0f 0004 08 00000002 00000001 00000002 " +
  "0c 0005 08 0001 00000003 00 04 0006 3ff0000000000000 0c 0007 00 00";
const MISSING_JSON = '{"r":7,"d":0,"O":"eHg=","l":[1,2],"s":{"k":3},"f":1,"bare":{}}';

const BASE_OF_CALL: CallContext = { base: { LogID: "L", Extra: { b: "2" } } };
const DEEP = "[".repeat(65) + "]".repeat(65);
const DEEP_TYPE = `${"list<".repeat(65)}i32${">".repeat(65)}`;

const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  integers: [
    read("byte", "-128", "80"),
    read("byte", "1.0", "01"),
    read("i16", "1e2", "0064"),
    read("i64", "9007199254740993", "0020000000000001"),
    read("i64", "9007199254740993.0", "0020000000000001"),
    read("i64", "-9223372036854775808", "8000000000000000"),
    read("byte", "128", "OUT_OF_RANGE"),
    read("i32", "1.9", "OUT_OF_RANGE"),
    read("i64", "9223372036854775808", "OUT_OF_RANGE"),
    read("i64", "1e19", "OUT_OF_RANGE"),
  ],
  "i64 to JSON": [
    write("i64", "7fffffffffffffff", "9223372036854775807"),
    write("i64", "7fffffffffffffff", "9223372036854775807", { int64: "number" }),
    write("list<i64>", "0a 00000001 ffffffffffffffff", '["-1"]', { int64: "string" }),
    write("map<i64, i64>", "0a 0a 00000001 0000000000000001 0000000000000002", '{"1":2}'),
    write("map<i64, i64>", "0a 0a 00000001 0000000000000001 0000000000000002", '{"1":"2"}', {
      int64: "string",
    }),
  ],
  "byte to JSON": [
    write("byte", "ff", "-1"),
    write("byte", "ff", "-1", { byte: "signed" }),
    write("byte", "ff", "255", { byte: "unsigned" }),
    write("map<byte, byte>", "03 03 00000001 80 81", '{"128":129}', { byte: "unsigned" }),
  ],
  double: [
    read("double", "0.1", "3fb999999999999a"),
    read("double", "-0", "8000000000000000"),
    read("double", "-0.0", "8000000000000000"),
    read("double", "9007199254740993", "4340000000000000"),
    read("double", "1e309", "OUT_OF_RANGE"),
    write("double", "8000000000000000", "-0"),
    write("double", "3fb999999999999a", "0.1"),
    write("double", "444b1ae4d6e2ef50", "1e+21"),
    write("double", "4415af1d78b58c40", "100000000000000000000"),
    write("double", "3eb0c6f7a0b5ed8d", "0.000001"),
    write("double", "3e7ad7f29abcaf48", "1e-7"),
  ],
  "NaN and infinities to JSON": [
    write("double", NAN, "OUT_OF_RANGE"),
    write("double", "7ff0000000000000", "OUT_OF_RANGE", { nonFinite: "error" }),
    write("double", NAN, "null", { nonFinite: "null" }),
    write("double", NAN, '"NaN"', { nonFinite: "string" }),
    write("double", "7ff0000000000000", '"Infinity"', { nonFinite: "string" }),
    write("double", "fff0000000000000", '"-Infinity"', { nonFinite: "string" }),
  ],
  "numbers in JSON strings": [
    read("i32", '"12"', "TYPE_MISMATCH"),
    read("double", '"1.5"', "TYPE_MISMATCH", { quotedNumbers: "reject" }),
    read("i64", '"9223372036854775807"', "7fffffffffffffff", { quotedNumbers: "accept" }),
    read("E", '"5"', "00000005", { quotedNumbers: "accept" }),
    read("double", '"NaN"', NAN, { quotedNumbers: "accept" }),
    read("double", '"-Infinity"', "fff0000000000000", { quotedNumbers: "accept" }),
    read("i32", '""', "INVALID_VALUE", { quotedNumbers: "accept" }),
    read("i32", '"x"', "INVALID_VALUE", { quotedNumbers: "accept-empty" }),
    read("i32", '""', "00000000", { quotedNumbers: "accept-empty" }),
    read("double", '""', "0000000000000000", { quotedNumbers: "accept-empty" }),
  ],
  bool: [
    read("bool", "true", "01"),
    read("bool", "false", "00"),
    read("bool", "1", "TYPE_MISMATCH"),
    read("bool", '"true"', "TYPE_MISMATCH", { quotedNumbers: "accept" }),
    write("bool", "01", "true"),
    write("bool", "00", "false"),
    write("bool", "02", "false"),
  ],
  string: [
    read("string", '"é"', '00000002 "é"'),
    read("string", NOT_UTF8, "INVALID_UTF8"),
    read("string", NOT_UTF8, "INVALID_UTF8", { utf8: "check" }),
    read("string", NOT_UTF8, "00000001 ff", { utf8: "trust" }),
    write("string", '00000002 "é"', '"é"'),
    write("string", "00000001 ff", "INVALID_UTF8"),
    write("string", "00000001 ff", '"\ufffd"', { utf8: "replace" }),
  ],
  "strings in JSON text": [
    read("string", String.raw`"\u0041\n\"\\\/\ud83d\ude00"`, '00000009 41 0a 22 5c 2f "😀"'),
    read("string", String.raw`"\ud83d"`, "INVALID_JSON"),
    read("string", String.raw`"\x"`, "INVALID_JSON"),
    read("string", '"a\nb"', "INVALID_JSON"),
    write("string", "00000005 22 5c 0a 0d 09", String.raw`"\"\\\n\r\t"`),
    write("string", "00000003 00 08 1f", String.raw`"\u0000\u0008\u001f"`),
    write("string", "00000002 2f 7f", '"/\x7f"'),
  ],
  binary: [
    read("binary", '"/+8="', "00000002 ffef"),
    read("binary", String.raw`"\/+8="`, "00000002 ffef"),
    read("binary", '"_-8="', "INVALID_VALUE"),
    read("binary", '"/+8"', "INVALID_VALUE"),
    read("binary", '"/+9="', "INVALID_VALUE"),
    read("binary", '"YQ=="', "00000001 61", { binary: "base64" }),
    read("binary", '"YQ=="', '00000004 "YQ=="', { binary: "utf8" }),
    write("binary", "00000002 ffef", '"/+8="'),
    write("binary", "00000001 61", '"a"', { binary: "utf8" }),
  ],
  uuid: [
    read("uuid", `"${UUID}"`, UUID_BYTES),
    read("uuid", `"${UUID.toUpperCase()}"`, UUID_BYTES),
    read("uuid", `"{${UUID}}"`, "INVALID_VALUE"),
    write("uuid", UUID_BYTES, `"${UUID}"`),
  ],
  enum: [
    read("E", "5", "00000005"),
    read("E", "7", "00000007"),
    read("E", '"B"', "00000005"),
    read("E", '"C"', "INVALID_VALUE"),
    write("E", "00000005", "5"),
    write("E", "00000005", "5", { enums: "number" }),
    write("E", "00000005", '"B"', { enums: "name" }),
    write("E", "00000007", "7", { enums: "name" }),
  ],
  "list and set": [
    read("list<i32>", "[1,1]", "08 00000002 00000001 00000001"),
    read("set<i32>", "[1,1]", "08 00000002 00000001 00000001"),
    write("set<i32>", "08 00000002 00000001 00000001", "[1,1]"),
  ],
  "map with scalar keys": [
    read("map<string, i32>", '{"a":1}', '0b 08 00000001 00000001 "a" 00000001'),
    read("map<i32, i32>", '{"-2":1}', "08 08 00000001 fffffffe 00000001"),
    read("map<i32, i32>", '{"1x":1}', "INVALID_VALUE"),
    read("map<byte, i32>", '{"128":1}', "OUT_OF_RANGE"),
    read("map<E, i32>", '{"B":1}', "08 08 00000001 00000005 00000001"),
    read("map<bool, i32>", '{"true":1}', "02 08 00000001 01 00000001"),
    read("map<double, i32>", '{"1.5":1}', "04 08 00000001 3ff8000000000000 00000001"),
    read("map<uuid, i32>", `{"${UUID}":1}`, `10 08 00000001 ${UUID_BYTES} 00000001`),
    read("map<binary, i32>", '{"/+8=":1}', "0b 08 00000001 00000002 ffef 00000001"),
    write("map<bool, i32>", "02 08 00000001 01 00000001", '{"true":1}'),
    write("map<double, i32>", "04 08 00000001 3ff8000000000000 00000001", '{"1.5":1}'),
    write("map<binary, i32>", "0b 08 00000001 00000002 ffef 00000001", '{"/+8=":1}'),
    write("map<E, i32>", "08 08 00000001 00000005 00000001", '{"5":1}'),
    write("map<E, i32>", "08 08 00000001 00000005 00000001", '{"B":1}', { enums: "name" }),
  ],
  "map with struct or container keys": [
    read("map<Key, i32>", '[[{"k":2},1]]', "0c 08 00000001 08 0001 00000002 00 00000001"),
    read("map<list<i32>, i32>", "[[[2],1]]", "0f 08 00000001 08 00000001 00000002 00000001"),
    read("map<Key, i32>", "{}", "0c 08 00000000"),
    read("map<Key, i32>", '{"k":1}', "TYPE_MISMATCH"),
    write("map<Key, i32>", "0c 08 00000001 08 0001 00000002 00 00000001", '[[{"k":2},1]]'),
    write("map<Key, i32>", "0c 08 00000000", "[]"),
  ],
  "map key that occurs twice": [
    read("map<i32, i32>", '{"1":2,"1":3}', "08 08 00000002 00000001 00000002 00000001 00000003"),
    read("map<i32, i32>", '{"1":2,"1":3}', "DUPLICATE_FIELD", { duplicateKeys: "error" }),
    write("map<i32, i32>", "08 08 00000002 00000001 00000002 00000001 00000003", '{"1":2,"1":3}'),
    write("map<i32, i32>", "08 08 00000002 00000001 00000002 00000001 00000003", "DUPLICATE_FIELD", {
      duplicateKeys: "error",
    }),
  ],
  "field that occurs twice": [
    read("Key", '{"k":1,"k":2}', "DUPLICATE_FIELD"),
    read("Key", '{"k":1,"k":2}', "08 0001 00000001 08 0001 00000002 00", { duplicateFields: "keep" }),
    write("Key", "08 0001 00000001 08 0001 00000002 00", "DUPLICATE_FIELD"),
    write("Key", "08 0001 00000001 08 0001 00000002 00", '{"k":1,"k":2}', { duplicateFields: "keep" }),
  ],
  "keys of fields": [
    read("Alias", '{"first":1}', "08 0001 00000001 00"),
    read("Alias", String.raw`{"\u0066irst":1}`, "08 0001 00000001 00"),
    read("Alias", '{"First":1}', "00"),
    read("Alias", '{"one":1}', "00"),
    read("Alias", '{"second":2,"three":3}', "08 0002 00000002 08 0003 00000003 00"),
    read(idlByName.struct("Alias"), '{"one":1,"first":2}', "08 0001 00000001 00"),
    read(idlByBoth.struct("Alias"), '{"one":1}', "08 0001 00000001 00"),
    read(idlByBoth.struct("Alias"), '{"first":1}', "08 0001 00000001 00"),
    write(
      "Alias",
      "08 0001 00000001 08 0002 00000002 08 0003 00000003 00",
      '{"first":1,"second":2,"three":3}',
    ),
    write(idlByName.struct("Alias"), "08 0001 00000001 00", '{"first":1}'),
  ],
  "unknown fields": [
    read("Key", '{"x":[{"y":"}"}],"k":1}', "08 0001 00000001 00"),
    read("Key", '{"x":[{"y":tru}]}', "INVALID_JSON"),
    read("Key", '{"x":1}', "UNKNOWN_FIELD", { unknownFields: "error" }),
    write("Key", "0b 0063 00000001 61 00", "{}"),
    write("Key", "08 0063 0000", "TRUNCATED"),
    write("Key", "0b 0063 00000001 61 00", "UNKNOWN_FIELD", { unknownFields: "error" }),
  ],
  "missing fields": [
    read("Missing", "{}", "MISSING_REQUIRED"),
    read("Missing", '{"r":1}', "08 0001 00000001 00"),
    read("Missing", "{}", "00", { missing: { required: "omit" } }),
    read("Missing", '{"r":1}', "MISSING_REQUIRED", { missing: { default: "error" } }),
    read("Missing", "{}", MISSING_BYTES, ALL),
    write("Missing", "00", "MISSING_REQUIRED"),
    write("Missing", "00", MISSING_JSON, ALL),
  ],
  "`null` for a field": [
    read("Key", '{"k":null}', "00"),
    read("Optional", '{"o":null,"d":null}', "08 0002 00000008 00", ALL),
    read("Optional", "{}", "08 0001 00000009 08 0002 00000008 00", ALL),
  ],
  "`null` in a list, set or map": [
    read("list<i32>", "[1,null]", "TYPE_MISMATCH"),
    read("set<i32>", "[null]", "TYPE_MISMATCH", { nullElements: "error" }),
    read("map<i32, i32>", '{"1":null}', "TYPE_MISMATCH"),
    read("list<i32>", "[1,null]", "08 00000001 00000001", { nullElements: "skip" }),
    read("map<i32, i32>", '{"1":null,"2":3}', "08 08 00000001 00000002 00000003", { nullElements: "skip" }),
  ],
  union: [
    read("U", '{"a":1}', "08 0001 00000001 00"),
    read("U", '{"x":1}', "INVALID_UNION"),
    read("U", '{"a":1,"b":"b"}', "INVALID_UNION"),
    read("U", '{"a":1,"b":"b"}', TWO_FIELDS, { unions: "any" }),
    write("U", "00", "INVALID_UNION"),
    write("U", TWO_FIELDS, "INVALID_UNION"),
    write("U", "00", "{}", { unions: "any" }),
  ],
  "wire type that contradicts the IDL": [
    write("Key", "0a 0001 0000000000000001 00", "TYPE_MISMATCH"),
    write("list<i32>", "0a 00000001 0000000000000001", "TYPE_MISMATCH"),
    write("Key", "0a 0001 0000000000000001 00", "{}", { mismatch: "skip" }),
  ],
  "empty container on the wire": [
    write("list<i32>", "0a 00000000", "TYPE_MISMATCH"),
    write("list<i32>", "00 00000000", "[]"),
    write("map<i32, i32>", "00 00 00000000", "{}"),
  ],
  "order of fields": [
    read("Order", '{"b":2}', "08 0002 00000002 08 0001 00000001 08 0003 00000003 00", ALL),
    write("Order", "08 0003 00000007 08 0002 00000002 00", '{"c":7,"b":2,"a":1}', ALL),
  ],
  "JSON syntax": [
    read("Key", ' { "k" : 1 }\r\n\t', "08 0001 00000001 00"),
    read("Key", "\ufeff{}", "INVALID_JSON"),
    read("Key", '{"k":1,}', "INVALID_JSON"),
    read("Key", '{"k":01}', "INVALID_JSON"),
    read("Key", '{"k":1/**/}', "INVALID_JSON"),
    read("Key", "{k:1}", "INVALID_JSON"),
    read("double", "NaN", "INVALID_JSON"),
  ],
  "data after the value": [read("Key", "{} {}", "TRAILING_DATA"), write("Key", "00 00", "TRAILING_DATA")],
  "empty input": [
    read("Key", "", "INVALID_JSON"),
    read("string", "", "INVALID_JSON"),
    read("Key", " ", "INVALID_JSON"),
    write("Key", "", "TRUNCATED"),
  ],
  "root value": [
    read("string", '"a"', "00000001 61"),
    read("i64", "1", "0000000000000001"),
    read("list<i32>", "[]", "08 00000000"),
    read("i32", "null", "TYPE_MISMATCH"),
    read("Key", "null", "TYPE_MISMATCH"),
    write("string", "00000001 61", '"a"'),
  ],
  "arguments and results": [
    read(args, '{"b":"x","a":1}', '0b 0002 00000001 "x" 08 0001 00000001 00'),
    write(result, "08 0000 00000007 00", '{"success":7}'),
    write(result, '0c 0002 0b 0001 00000001 "m" 00 00', '{"y":{"m":"m"}}'),
    read(result, '{"success":7}', "08 0000 00000007 00"),
    write(result, "00", "{}"),
  ],
  "declared exceptions": [
    write(result, '0c 0001 0b 0001 00000001 "m" 00 00', '{"x":{"m":"m"}}'),
    write(result, '0c 0002 0b 0001 00000001 "m" 00 00', "EXCEPTION", { exceptions: "throw" }),
    write(result, "08 0000 00000007 00", '{"success":7}', { exceptions: "throw" }),
    write("X", '0b 0001 00000001 "m" 00', '{"m":"m"}', { exceptions: "throw" }),
  ],
  "`api.js_conv`": [
    read("Quoted", '{"n":"5"}', "0a 0001 0000000000000005 00"),
    read("Quoted", '{"n":5}', "0a 0001 0000000000000005 00"),
    read("Quoted", '{"n":""}', "0a 0001 0000000000000000 00"),
    read("Quoted", '{"n":"x"}', "INVALID_VALUE"),
    read("Quoted", '{"m":{"1":["2"]}}', "0d 0002 08 0e 00000001 00000001 0a 00000001 0000000000000002 00"),
    write("Quoted", "0a 0001 0000000000000005 00", '{"n":"5"}'),
    write("Quoted", "0d 0002 08 0e 00000001 00000001 0a 00000001 0000000000000002 00", '{"m":{"1":["2"]}}'),
    write("Quoted", "0b 0003 00000001 22 00", String.raw`{"s":"\""}`),
    write("Quoted", "0a 0001 0000000000000005 00", '{"n":5}', { valueMapping: "off" }),
  ],
  "`agw.body_dynamic`": [
    read(
      "Dynamic",
      '{"d":{"a":[1, 2]}}',
      `0b 0001 0000000c ${toHex(new TextEncoder().encode('{"a":[1, 2]}'))} 00`,
    ),
    write("Dynamic", '0b 0001 00000006 "[1, 2]" 00', '{"d":[1, 2]}'),
    write("Dynamic", '0b 0001 00000001 "[" 00', "INVALID_VALUE"),
    write("Dynamic", '0b 0001 00000001 "[" 00', '{"d":"["}', { valueMapping: "off" }),
  ],
  "value mapping of your own": [
    read("Mapped", '{"up":"a"}', '0b 0001 00000001 "A" 00'),
    read("Mapped", '{"bad":"a"}', "FAILED_MAPPING"),
    read("Mapped", '{"up":"a","bad":"b"}', '0b 0001 00000001 "a" 0b 0002 00000001 "b" 00', {
      valueMapping: "off",
    }),
    write("Mapped", '0b 0001 00000001 "A" 00', '{"up":"a"}'),
    write("Mapped", '0b 0002 00000001 "A" 00', "FAILED_MAPPING"),
  ],
  "Thrift base, to Thrift": [
    read(
      "Request",
      '{"q":"a"}',
      '0b 0001 00000001 "a" 0c 00ff 0b 0001 00000001 "L" 0d 0006 0b 0b 00000001 00000001 "b" 00000001 "2" 00 00',
      {},
      BASE_OF_CALL,
    ),
    read(
      "Request",
      '{"Base":{"LogID":"J","Caller":"C","Extra":{"a":"1"}},"q":"a"}',
      '0c 00ff 0b 0001 00000001 "L" 0b 0002 00000001 "C" 0d 0006 0b 0b 00000002 00000001 "a" 00000001 "1" 00000001 "b" 00000001 "2" 00 0b 0001 00000001 "a" 00',
      {},
      BASE_OF_CALL,
    ),
    read(
      "Request",
      '{"Base":{"LogID":"J"}}',
      '0c 00ff 0b 0001 00000001 "J" 00 00',
      { mergeBase: (fromJson) => ({ LogID: fromJson.LogID }) },
      BASE_OF_CALL,
    ),
    read("Request", '{"q":"a"}', "MISSING_REQUIRED"),
    read("Request", '{"q":"a"}', '0b 0001 00000001 "a" 00', { missingBase: "omit" }),
  ],
  "Thrift base, to JSON": [
    write("Response", '0c 00ff 0b 0001 00000002 "ok" 00 00', '{"BaseResp":{"StatusMessage":"ok"}}'),
    write("Response", '0c 00ff 0b 0001 00000002 "ok" 00 00', "{}", {}, { base: {} }),
    write("Response", "00", "MISSING_REQUIRED"),
    write("Response", "00", "{}", { missingBase: "omit" }),
  ],
  protocol: [
    read("Key", '{"k":1}', "08 0001 00000001 00", { protocol: "binary" }),
    read("Key", '{"k":1}', "15 02 00", { protocol: "compact" }),
    write("Key", "15 02 00", '{"k":1}', { protocol: "compact" }),
  ],
  "hostile sizes": [
    write("list<i32>", "08 7fffffff", "INVALID_SIZE"),
    write("string", "7fffffff", "INVALID_SIZE"),
    write("list<i32>", "08 ffffffff", "INVALID_SIZE"),
    read(DEEP_TYPE, DEEP, "LIMIT_EXCEEDED"),
    read("string", '"12345678"', "LIMIT_EXCEEDED", { limits: { maxSize: 9 } }),
    write("list<bool>", "02 00000002 0101", "LIMIT_EXCEEDED", { limits: { maxLength: 1 } }),
    write("string", "00000001 61", "LIMIT_EXCEEDED", { limits: { maxOutputSize: 2 } }),
  ],
};

const README = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const [table] = tablesBelow(README, "Conversion table");
const rows = table!.rows.map(([topic = "", here = "", options = "", dynamicgo = ""]) => ({
  topic,
  here,
  options,
  dynamicgo,
}));

describe.each(Object.entries(EXAMPLES))("%s", (_topic, examples) => {
  it.each(examples.map((example) => [example.name, example] as const))("%s", (_name, { run, expected }) => {
    expect(outcomeOf(run)).toBe(expected);
  });
});

it("a call's base gets what the response's base field has", () => {
  const base = {};
  const response = idl.struct("Response");
  const bytes = encodeLiteral(response, { BaseResp: { StatusMessage: "ok", StatusCode: 3 } });
  thriftToJson(response).convert(bytes, { base });
  expect(base).toEqual({ StatusMessage: "ok", StatusCode: 3 });
});

describe("the conversion table of the README", () => {
  it("has the rows that the examples are for, and no others", () => {
    expect(rows.map(({ topic }) => topic)).toEqual(Object.keys(EXAMPLES));
    for (const examples of Object.values(EXAMPLES)) expect(examples.length).toBeGreaterThan(1);
    for (const { topic, dynamicgo } of rows) expect(dynamicgo, topic).not.toBe("");
  });

  it.each(rows)("$topic: names the error codes that its examples show", ({ topic, here, options }) => {
    const shown = EXAMPLES[topic]!.map(({ expected }) => expected).filter(isCode);
    const named = codeIn(`${here} ${options}`).filter((code) => isCode(code));
    expect(new Set(named)).toEqual(new Set(shown));
  });

  const words = rows.flatMap(({ topic, options }) =>
    codeIn(options).flatMap((code) => {
      const [, name, values] = /^(\w+): ((?:"[\w-]+"(?: \| )?)+)$/.exec(code) ?? [];
      return values === undefined ? [] : [{ topic, name: name!, values: values.match(/[\w-]+/g)! }];
    }),
  );

  it.each(words)("$topic: $name is $values, the default first", ({ topic, name, values }) => {
    const isOfReading = JSON_TO_THRIFT_OPTION_NAMES.includes(name);
    const isOfWriting = THRIFT_TO_JSON_OPTION_NAMES.includes(name);
    expect(isOfReading || isOfWriting).toBe(true);
    const key = name as keyof ReturnType<typeof resolveJsonToThriftOptions>;
    if (isOfReading) expect(resolveJsonToThriftOptions()[key]).toBe(values[0]);
    if (isOfWriting) expect(resolveThriftToJsonOptions()[key]).toBe(values[0]);
    for (const value of values) {
      const examples = EXAMPLES[topic]!.filter(({ options }) => {
        const given = (options as Readonly<Record<string, unknown>>)[name];
        return given === value || (given === undefined && value === values[0]);
      });
      expect(examples.length, `examples of ${value}`).toBeGreaterThan(0);
    }
  });

  it("names every option but those that are no conversion rules", () => {
    const named = new Set(
      rows.flatMap(({ options }) => codeIn(options).map((code) => /^\w+/.exec(code)?.[0])),
    );
    const all = new Set([...JSON_TO_THRIFT_OPTION_NAMES, ...THRIFT_TO_JSON_OPTION_NAMES]);
    expect([...all].filter((name) => !named.has(name))).toEqual(["mask", "output", "kernel"]);
  });
});
