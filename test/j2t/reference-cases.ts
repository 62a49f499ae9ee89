import { concat, utf8 } from "../support/bytes.ts";
import { type JsonToThriftOptions, parseIdl, type StructDescriptor } from "../support/engines.ts";
import { type Expected, failure } from "./conversion.ts";

/**
 * The inputs that dynamicgo's own behaviour is recorded for, with what this library makes of them. Where
 * dynamicgo converts without wrapping, truncating, guessing or losing data, the bytes are the same; else the
 * row says which error there is instead.
 */
export type Case = readonly [json: string | Uint8Array, expected: Expected];

export const REFERENCE_IDL = `
  enum E { A = 1, B = 5 }
  struct In { 1: required i32 x, 2: optional string s = "dd", 3: i64 d }
  struct S {
    1: bool b, 2: byte y, 3: i16 h, 4: i32 i, 5: i64 l, 6: double d, 7: string s, 8: binary bin,
    9: list<i32> li, 10: set<string> ss, 11: map<string, i32> ms, 12: map<i32, string> mi,
    13: map<byte, string> mb, 14: map<double, string> md, 15: map<bool, string> mbo, 16: map<E, string> me,
    17: E e, 18: In inn, 19: list<In> lin, 20: map<i64, string> ml, 21: map<binary, string> mbin,
    22: list<list<i32>> ll, 23: list<binary> lb, 24: map<i16, string> mi16
  }
  struct J {
    30: i64 jl (api.js_conv = ""), 31: list<i64> jll (api.js_conv = ""), 32: byte jb (api.js_conv = ""),
    33: double jd (api.js_conv = ""), 34: string js (api.js_conv = ""), 35: set<i64> jset (api.js_conv = ""),
    36: bool jbo (api.js_conv = ""), 37: i32 ji (api.js_conv = ""), 38: i16 jh (api.js_conv = ""),
    39: map<i64, i64> jm (api.js_conv = ""), 40: list<list<i64>> jlll (api.js_conv = ""),
    41: list<bool> jlb (api.js_conv = "")
  }
`;

const idl = parseIdl(REFERENCE_IDL);

const INVALID_UTF8_CASE: Uint8Array = concat([utf8('{"s":"'), Uint8Array.of(0xff, 0xfe), utf8('"}')]);

/** Under the default options, type S. */
const DEFAULT_CASES: readonly Case[] = [
  ["{}", "00"],
  ["null", failure("TYPE_MISMATCH", 0)],
  [" {}", "00"],
  ["{} x", failure("TRAILING_DATA", 3)],
  ["{}}", failure("TRAILING_DATA", 2)],
  ["", failure("INVALID_JSON", 0)],
  [" \n\t\r", failure("INVALID_JSON", 4)],
  ["[]", failure("TYPE_MISMATCH", 0)],
  ["1", failure("TYPE_MISMATCH", 0)],
  ['"a"', failure("TYPE_MISMATCH", 0)],
  ["{", failure("INVALID_JSON", 1)],
  ['{"b"', failure("INVALID_JSON", 4)],
  ['{"b":', failure("INVALID_JSON", 5, "b")],
  ['{"b":true', failure("INVALID_JSON", 9)],
  ['{"b":true,}', failure("INVALID_JSON", 10)],

  ['{"b":1}', failure("TYPE_MISMATCH", 5, "b")],
  ['{"b":"true"}', failure("TYPE_MISMATCH", 5, "b")],
  ['{"b":true}', "02 0001 01 00"],
  ['{"b":false}', "02 0001 00 00"],
  ['{"b":tru}', failure("INVALID_JSON", 5, "b")],
  ['{"b":False}', failure("INVALID_JSON", 5, "b")],

  ['{"y":127}', "03 0002 7f 00"],
  ['{"y":128}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"y":255}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"y":256}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"y":-129}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"y":-128}', "03 0002 80 00"],
  ['{"y":1.9}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"y":-1.9}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"y":1e2}', "03 0002 64 00"],
  ['{"y":300.5}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"h":32768}', failure("OUT_OF_RANGE", 5, "h")],
  ['{"h":65536}', failure("OUT_OF_RANGE", 5, "h")],
  ['{"h":-32768}', "06 0003 8000 00"],
  ['{"h":-1.5}', failure("OUT_OF_RANGE", 5, "h")],
  ['{"i":2147483648}', failure("OUT_OF_RANGE", 5, "i")],
  ['{"i":1e10}', failure("OUT_OF_RANGE", 5, "i")],
  ['{"i":4294967296}', failure("OUT_OF_RANGE", 5, "i")],
  ['{"i":-0}', "08 0004 00000000 00"],
  ['{"i":-0.0}', "08 0004 00000000 00"],
  ['{"i":1e400}', failure("OUT_OF_RANGE", 5, "i")],
  ['{"l":9223372036854775807}', "0a 0005 7fffffffffffffff 00"],
  ['{"l":9223372036854775808}', failure("OUT_OF_RANGE", 5, "l")],
  ['{"l":-9223372036854775808}', "0a 0005 8000000000000000 00"],
  ['{"l":-9223372036854775809}', failure("OUT_OF_RANGE", 5, "l")],
  ['{"l":18446744073709551615}', failure("OUT_OF_RANGE", 5, "l")],
  ['{"l":1e19}', failure("OUT_OF_RANGE", 5, "l")],
  ['{"l":1e18}', "0a 0005 0de0b6b3a7640000 00"],
  // The reference goes through a double and loses the last digit.
  ['{"l":9007199254740993.0}', "0a 0005 0020000000000001 00"],
  ['{"l":123456789012345678901234}', failure("OUT_OF_RANGE", 5, "l")],
  ['{"i":01}', failure("INVALID_JSON", 6)],
  ['{"i":+1}', failure("INVALID_JSON", 5, "i")],
  ['{"i":1.}', failure("INVALID_JSON", 7, "i")],
  ['{"i":.5}', failure("INVALID_JSON", 5, "i")],
  ['{"i":1e}', failure("INVALID_JSON", 7, "i")],
  ['{"i":-}', failure("INVALID_JSON", 6, "i")],
  ['{"i":NaN}', failure("INVALID_JSON", 5, "i")],
  ['{"i":0x10}', failure("INVALID_JSON", 6)],
  ['{"i":true}', failure("TYPE_MISMATCH", 5, "i")],
  ['{"i":"1"}', failure("TYPE_MISMATCH", 5, "i")],
  ['{"i":""}', failure("TYPE_MISMATCH", 5, "i")],
  ['{"i":null}', "00"],
  ['{"i":[]}', failure("TYPE_MISMATCH", 5, "i")],
  ['{"i":{}}', failure("TYPE_MISMATCH", 5, "i")],

  ['{"d":1}', "04 0006 3ff0000000000000 00"],
  ['{"d":1.5}', "04 0006 3ff8000000000000 00"],
  // The reference loses the sign of `-0` but keeps that of `-0.0`.
  ['{"d":-0}', "04 0006 8000000000000000 00"],
  ['{"d":-0.0}', "04 0006 8000000000000000 00"],
  ['{"d":1e308}', "04 0006 7fe1ccf385ebc8a0 00"],
  ['{"d":1e309}', failure("OUT_OF_RANGE", 5, "d")],
  ['{"d":"1"}', failure("TYPE_MISMATCH", 5, "d")],
  ['{"d":NaN}', failure("INVALID_JSON", 5, "d")],
  ['{"d":"NaN"}', failure("TYPE_MISMATCH", 5, "d")],
  ['{"d":9223372036854775808}', "04 0006 43e0000000000000 00"],
  ['{"d":0.1}', "04 0006 3fb999999999999a 00"],
  ['{"d":123456789012345678901234567890}', "04 0006 45f8ee90ff6c373e 00"],
  ['{"d":5e-324}', "04 0006 0000000000000001 00"],
  ['{"d":1e-400}', "04 0006 0000000000000000 00"],

  ['{"s":1}', failure("TYPE_MISMATCH", 5, "s")],
  ['{"s":true}', failure("TYPE_MISMATCH", 5, "s")],
  ['{"s":null}', "00"],
  ['{"s":""}', "0b 0007 00000000 00"],
  [String.raw`{"s":"a\u0041\n\"\\\/"}`, "0b 0007 00000006 61410a225c2f 00"],
  [String.raw`{"s":"\ud83d\ude00"}`, "0b 0007 00000004 f09f9880 00"],
  [String.raw`{"s":"\ud83d"}`, failure("INVALID_JSON", 6, "s")],
  [String.raw`{"s":"\ude00x"}`, failure("INVALID_JSON", 6, "s")],
  [String.raw`{"s":"\x"}`, failure("INVALID_JSON", 6, "s")],
  ['{"s":"a\nb"}', failure("INVALID_JSON", 7, "s")],
  [INVALID_UTF8_CASE, failure("INVALID_UTF8", 6, "s")],
  [String.raw`{"s":"\u0000"}`, "0b 0007 00000001 00 00"],
  [String.raw`{"s":"\u12"}`, failure("INVALID_JSON", 6, "s")],
  ['{"s":{}}', failure("TYPE_MISMATCH", 5, "s")],
  ['{"s":[1]}', failure("TYPE_MISMATCH", 5, "s")],

  ['{"bin":"aGVsbG8="}', '0b 0008 00000005 "hello" 00'],
  ['{"bin":"aGVsbG8"}', failure("INVALID_VALUE", 15, "bin")],
  ['{"bin":"!!"}', failure("INVALID_VALUE", 8, "bin")],
  ['{"bin":""}', "0b 0008 00000000 00"],
  ['{"bin":"_-8="}', failure("INVALID_VALUE", 8, "bin")],
  ['{"bin":"/+8="}', "0b 0008 00000002 ffef 00"],
  // A newline in the text; its place in the JSON is not that in the text, so the offset is the value's.
  [String.raw`{"bin":"aGVs\nbG8="}`, failure("INVALID_VALUE", 7, "bin")],
  [String.raw`{"bin":"aGVs\u0062G8="}`, '0b 0008 00000005 "hello" 00'],
  ['{"bin":1}', failure("TYPE_MISMATCH", 7, "bin")],
  ['{"bin":null}', "00"],

  ['{"lb":["YQ==",null,"Yg=="]}', failure("TYPE_MISMATCH", 14, "lb[1]")],
  ['{"lb":["YQ==","Yg=="]}', '0f 0017 0b 00000002 00000001 "a" 00000001 "b" 00'],
  ['{"li":[]}', "0f 0009 08 00000000 00"],
  ['{"li":[1,null,2]}', failure("TYPE_MISMATCH", 9, "li[1]")],
  ['{"li":[null]}', failure("TYPE_MISMATCH", 7, "li[0]")],
  ['{"li":{}}', failure("TYPE_MISMATCH", 6, "li")],
  ['{"li":null}', "00"],
  ['{"li":[1,]}', failure("INVALID_JSON", 9, "li[1]")],
  ['{"li":[,1]}', failure("INVALID_JSON", 7, "li[0]")],
  ['{"li":[1 2]}', failure("INVALID_JSON", 9, "li")],
  ['{"li":1}', failure("TYPE_MISMATCH", 6, "li")],
  ['{"ss":["a","a"]}', '0e 000a 0b 00000002 00000001 "a" 00000001 "a" 00'],
  ['{"ll":[[1],[],null]}', failure("TYPE_MISMATCH", 14, "ll[2]")],
  ['{"ll":[[1],[]]}', "0f 0016 0f 00000002 08 00000001 00000001 08 00000000 00"],
  ['{"li":["1"]}', failure("TYPE_MISMATCH", 7, "li[0]")],

  ['{"ms":{}}', "0d 000b 0b 08 00000000 00"],
  ['{"ms":{"a":1,"a":2}}', '0d 000b 0b 08 00000002 00000001 "a" 00000001 00000001 "a" 00000002 00'],
  ['{"ms":{"a":null,"b":2}}', failure("TYPE_MISMATCH", 11, 'ms["a"]')],
  ['{"ms":{"a":1,"b":null}}', failure("TYPE_MISMATCH", 17, 'ms["b"]')],
  ['{"ms":{"a":null}}', failure("TYPE_MISMATCH", 11, 'ms["a"]')],
  ['{"ms":[]}', failure("TYPE_MISMATCH", 6, "ms")],
  ['{"ms":null}', "00"],
  ['{"ms":{a:1}}', failure("INVALID_JSON", 7, "ms")],
  [String.raw`{"ms":{"\u0061":1}}`, '0d 000b 0b 08 00000001 00000001 "a" 00000001 00'],
  ['{"mi":{"1":"a","-2":"b"}}', '0d 000c 08 0b 00000002 00000001 00000001 "a" fffffffe 00000001 "b" 00'],
  ['{"mi":{"a":"a"}}', failure("INVALID_VALUE", 7, "mi")],
  ['{"mi":{"":"a"}}', failure("INVALID_VALUE", 7, "mi")],
  ['{"mi":{"1.5":"a"}}', failure("OUT_OF_RANGE", 7, "mi")],
  ['{"mi":{"1x":"a"}}', failure("INVALID_VALUE", 7, "mi")],
  ['{"mi":{" 1":"a"}}', failure("INVALID_VALUE", 7, "mi")],
  ['{"mi":{"1e2":"a"}}', '0d 000c 08 0b 00000001 00000064 00000001 "a" 00'],
  ['{"mi":{"4294967297":"a"}}', failure("OUT_OF_RANGE", 7, "mi")],
  ['{"mi":{"01":"a"}}', failure("INVALID_VALUE", 7, "mi")],
  ['{"mb":{"200":"a"}}', failure("OUT_OF_RANGE", 7, "mb")],
  ['{"mb":{"-56":"a"}}', '0d 000d 03 0b 00000001 c8 00000001 "a" 00'],
  ['{"md":{"1.5":"a"}}', '0d 000e 04 0b 00000001 3ff8000000000000 00000001 "a" 00'],
  ['{"mbo":{"true":"a"}}', '0d 000f 02 0b 00000001 01 00000001 "a" 00'],
  ['{"mbo":{}}', "0d 000f 02 0b 00000000 00"],
  ['{"me":{"5":"a"}}', '0d 0010 08 0b 00000001 00000005 00000001 "a" 00'],
  ['{"me":{"B":"a"}}', '0d 0010 08 0b 00000001 00000005 00000001 "a" 00'],
  ['{"ml":{"9223372036854775808":"a"}}', failure("OUT_OF_RANGE", 7, "ml")],
  // A repair: the reference takes the text itself as the key.
  ['{"mbin":{"YQ==":"a"}}', '0d 0015 0b 0b 00000001 00000001 "a" 00000001 "a" 00'],
  ['{"mi16":{"-32768":"a"}}', '0d 0018 06 0b 00000001 8000 00000001 "a" 00'],

  ['{"e":5}', "08 0011 00000005 00"],
  ['{"e":7}', "08 0011 00000007 00"],
  ['{"e":"B"}', "08 0011 00000005 00"],
  ['{"inn":{}}', failure("MISSING_REQUIRED", 8, "inn.x")],
  ['{"inn":{"x":1}}', "0c 0012 08 0001 00000001 00 00"],
  ['{"inn":{"x":null}}', failure("MISSING_REQUIRED", 16, "inn.x")],
  ['{"inn":null}', "00"],
  ['{"lin":[{"x":1},null,{}]}', failure("TYPE_MISMATCH", 16, "lin[1]")],
  ['{"lin":[{"x":1},{}]}', failure("MISSING_REQUIRED", 17, "lin[1].x")],
  ['{"inn":{"x":1,"x":2}}', failure("DUPLICATE_FIELD", 14, "inn.x")],
  ['{"inn":{"x":1,"x":null}}', failure("DUPLICATE_FIELD", 14, "inn.x")],
  ['{"inn":{"x":null,"x":1}}', failure("DUPLICATE_FIELD", 17, "inn.x")],
  ['{"i":1,"i":2}', failure("DUPLICATE_FIELD", 7, "i")],
  ['{"i":1,"i":null}', failure("DUPLICATE_FIELD", 7, "i")],

  ['{"unk":1}', "00"],
  ['{"unk":{"a":[1,2,{"x":"}"}]}}', "00"],
  ['{"unk":[}', failure("INVALID_JSON", 8)],
  ['{"unk":tru}', failure("INVALID_JSON", 7)],
  [String.raw`{"unk":"a\nb"}`, "00"],
  ['{"unk":"a\nb"}', failure("INVALID_JSON", 9)],
  [String.raw`{"\u0069":5}`, "08 0004 00000005 00"],
  ['{"":5}', "00"],
  ['{"I":5}', "00"],
];

const UNKNOWN_CASES: readonly Case[] = [
  ['{"unk":1}', failure("UNKNOWN_FIELD", 1, "unk")],
  ['{"":1}', failure("UNKNOWN_FIELD", 1, '[""]')],
  ['{"inn":{"x":1,"zz":{}}}', failure("UNKNOWN_FIELD", 14, "inn.zz")],
  ['{"b":true}', "02 0001 01 00"],
];

const QUOTED_CASES: readonly Case[] = [
  ['{"i":"12"}', "08 0004 0000000c 00"],
  ['{"i":""}', "08 0004 00000000 00"],
  ['{"i":" 1"}', failure("INVALID_VALUE", 5, "i")],
  ['{"i":"1 "}', failure("INVALID_VALUE", 5, "i")],
  ['{"i":"a"}', failure("INVALID_VALUE", 5, "i")],
  ['{"i":"1.9"}', failure("OUT_OF_RANGE", 5, "i")],
  ['{"i":"1e3"}', "08 0004 000003e8 00"],
  ['{"l":"9223372036854775808"}', failure("OUT_OF_RANGE", 5, "l")],
  ['{"l":"-9223372036854775808"}', "0a 0005 8000000000000000 00"],
  ['{"y":"300"}', failure("OUT_OF_RANGE", 5, "y")],
  ['{"h":"5"}', "06 0003 0005 00"],
  ['{"d":"1.5"}', "04 0006 3ff8000000000000 00"],
  ['{"d":""}', "04 0006 0000000000000000 00"],
  ['{"d":"NaN"}', "04 0006 7ff8000000000000 00"],
  ['{"d":"Infinity"}', "04 0006 7ff0000000000000 00"],
  ['{"d":"-Infinity"}', "04 0006 fff0000000000000 00"],
  ['{"d":"+Infinity"}', failure("INVALID_VALUE", 5, "d")],
  ['{"d":"nan"}', failure("INVALID_VALUE", 5, "d")],
  ['{"d":"1e309"}', failure("OUT_OF_RANGE", 5, "d")],
  ['{"b":"true"}', failure("TYPE_MISMATCH", 5, "b")],
  ['{"b":"1"}', failure("TYPE_MISMATCH", 5, "b")],
  ['{"li":["1","2"]}', "0f 0009 08 00000002 00000001 00000002 00"],
  ['{"li":["", 3]}', "0f 0009 08 00000002 00000000 00000003 00"],
  ['{"e":"5"}', "08 0011 00000005 00"],
  ['{"e":"A"}', "08 0011 00000001 00"],
  ['{"e":"C"}', failure("INVALID_VALUE", 5, "e")],
  ['{"i":"-0"}', "08 0004 00000000 00"],
  ['{"i":"+1"}', failure("INVALID_VALUE", 5, "i")],
  ['{"i":"0x1"}', failure("INVALID_VALUE", 5, "i")],
  [String.raw`{"i":"\u0031"}`, "08 0004 00000001 00"],
  ['{"l":123}', "0a 0005 000000000000007b 00"],
  ['{"s":123}', failure("TYPE_MISMATCH", 5, "s")],
  ['{"i":"01"}', failure("INVALID_VALUE", 5, "i")],
];

const UTF8_BINARY_CASES: readonly Case[] = [
  ['{"bin":"aGVsbG8="}', '0b 0008 00000008 "aGVsbG8=" 00'],
  [String.raw`{"bin":"\u0061"}`, '0b 0008 00000001 "a" 00'],
  ['{"mbin":{"ä":"ö"}}', '0d 0015 0b 0b 00000001 00000002 "ä" 00000002 "ö" 00'],
  ['{"lb":["","!"]}', '0f 0017 0b 00000002 00000000 00000001 "!" 00'],
];

/** `api.js_conv` on fields of every type. The reference knows scalars only; here it reaches into containers. */
const JS_CONV_CASES: readonly Case[] = [
  ['{"jl":"12"}', "0a 001e 000000000000000c 00"],
  ['{"jl":12}', "0a 001e 000000000000000c 00"],
  ['{"jl":""}', "0a 001e 0000000000000000 00"],
  ['{"jl":null}', "00"],
  ['{"jl":"a"}', failure("INVALID_VALUE", 6, "jl")],
  ['{"jl":1.5}', failure("OUT_OF_RANGE", 6, "jl")],
  ['{"jl":"1.5"}', failure("OUT_OF_RANGE", 6, "jl")],
  ['{"jl":"9223372036854775807"}', "0a 001e 7fffffffffffffff 00"],
  ['{"jl":true}', failure("TYPE_MISMATCH", 6, "jl")],
  ['{"jll":["1"]}', "0f 001f 0a 00000001 0000000000000001 00"],
  ['{"jll":[1]}', "0f 001f 0a 00000001 0000000000000001 00"],
  ['{"jll":["x"]}', failure("INVALID_VALUE", 8, "jll[0]")],
  ['{"jb":"5"}', "03 0020 05 00"],
  ['{"jb":"255"}', failure("OUT_OF_RANGE", 6, "jb")],
  ['{"jh":"5"}', "06 0026 0005 00"],
  ['{"jh":5,"ji":1}', "06 0026 0005 08 0025 00000001 00"],
  ['{"ji":"5"}', "08 0025 00000005 00"],
  ['{"jd":"1.5"}', "04 0021 3ff8000000000000 00"],
  ['{"jd":""}', "04 0021 0000000000000000 00"],
  ['{"jd":"NaN"}', "04 0021 7ff8000000000000 00"],
  ['{"js":"abc"}', '0b 0022 00000003 "abc" 00'],
  ['{"js":12}', '0b 0022 00000002 "12" 00'],
  ['{"js":1.50}', '0b 0022 00000004 "1.50" 00'],
  ['{"js":-1e+2}', '0b 0022 00000005 "-1e+2" 00'],
  ['{"js":01}', failure("INVALID_JSON", 7)],
  ['{"js":1.}', failure("INVALID_JSON", 8, "js")],
  ['{"js":true}', failure("TYPE_MISMATCH", 6, "js")],
  ['{"js":""}', "0b 0022 00000000 00"],
  ['{"jbo":true}', "02 0024 01 00"],
  ['{"jbo":"true"}', failure("TYPE_MISMATCH", 7, "jbo")],
  ['{"jset":["1"]}', "0e 0023 0a 00000001 0000000000000001 00"],
  ['{"jm":{}}', "0d 0027 0a 0a 00000000 00"],
  [
    '{"jm":{"1":"2","3":4}}',
    "0d 0027 0a 0a 00000002 0000000000000001 0000000000000002 0000000000000003 0000000000000004 00",
  ],
  [
    '{"jlll":[["1"],[2,""]]}',
    "0f 0028 0f 00000002 0a 00000001 0000000000000001 0a 00000002 0000000000000002 0000000000000000 00",
  ],
  ['{"jlb":[true]}', "0f 0029 02 00000001 01 00"],
];

/** Tables by the options that they are about. */
export const REFERENCE_TABLES: readonly {
  readonly name: string;
  readonly type: StructDescriptor;
  readonly options: JsonToThriftOptions;
  readonly cases: readonly Case[];
}[] = [
  { name: "default options", type: idl.struct("S"), options: {}, cases: DEFAULT_CASES },
  {
    name: 'unknownFields: "error"',
    type: idl.struct("S"),
    options: { unknownFields: "error" },
    cases: UNKNOWN_CASES,
  },
  {
    name: 'quotedNumbers: "accept-empty"',
    type: idl.struct("S"),
    options: { quotedNumbers: "accept-empty" },
    cases: QUOTED_CASES,
  },
  {
    name: 'binary: "utf8"',
    type: idl.struct("S"),
    options: { binary: "utf8" },
    cases: UTF8_BINARY_CASES,
  },
  { name: "api.js_conv", type: idl.struct("J"), options: {}, cases: JS_CONV_CASES },
];
