import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex } from "../support/bytes.ts";
import { isThriftError, parseIdl, type ThriftToJsonOptions, thriftToJson } from "../support/engines.ts";
import { expectError, expectJson, fails, type Row, testRows } from "./check.ts";
import * as W from "./wire.ts";

/**
 * The executed table of dynamicgo's Thrift→JSON conversion, row by row. Where dynamicgo answers with an error
 * for valid data, with garbage or with broken JSON, the row has what is right, and a comment.
 */

const idl = parseIdl(`
  enum E { A = 1, B = 5 }
  struct In { 1: required i32 x, 2: optional string s = "dd", 3: i64 d (api.key = "dAlias") }
  struct S {
    1: bool b, 2: byte y, 3: i16 h, 4: i32 i, 5: i64 l, 6: double d, 7: string s, 8: binary bin,
    9: list<i32> li, 10: set<string> ss, 11: map<string,i32> ms, 12: map<i32,string> mi, 13: map<byte,string> mb,
    14: map<double,string> md, 15: map<bool,string> mbo, 16: map<E,string> me, 17: E e, 18: In inn, 19: list<In> lin,
    20: map<i64,string> ml, 21: map<binary,string> mbin, 22: list<list<i32>> ll, 23: list<i64> l64,
    24: map<i16,string> mi16, 25: map<In,i32> mst,
    30: i64 jl (api.js_conv = ""), 31: list<i64> jll (api.js_conv = ""), 32: byte jb (api.js_conv = ""),
    33: double jd (api.js_conv = ""), 34: string js (api.js_conv = ""), 35: set<i64> jset (api.js_conv = ""),
    36: bool jbo (api.js_conv = ""), 37: i32 ji (api.js_conv = ""), 38: i16 jh (api.js_conv = ""),
    39: map<i64,i64> jm (api.js_conv = ""), 40: list<list<i64>> jlll (api.js_conv = ""),
    41: list<bool> jlb (api.js_conv = "")
  }
  exception Ex { 1: i32 code, 2: string msg }
  service Svc {
    S f(1: In arg) throws (1: Ex ex, 2: Ex other)
    string text()
    void nothing() throws (1: Ex ex)
  }
`);

const one = (id: number, value: W.Wire): W.Wire => W.struct([id, value]);
const bad = (id: number, value: W.Wire): W.Wire => W.struct([id, W.here(value)]);
const badField = (id: number, value: W.Wire): W.Wire => W.struct(W.here(W.field(id, value)));

describe("double", () => {
  const asNull: ThriftToJsonOptions = { nonFinite: "null" };
  testRows(idl, [
    ["0", one(6, W.double(0)), '{"d":0}'],
    ["-0", one(6, W.double(-0)), '{"d":-0}'],
    ["1", one(6, W.double(1)), '{"d":1}'],
    ["1.5", one(6, W.double(1.5)), '{"d":1.5}'],
    ["1e20", one(6, W.double(1e20)), '{"d":100000000000000000000}'],
    ["1e21", one(6, W.double(1e21)), '{"d":1e+21}'],
    ["1e22", one(6, W.double(1e22)), '{"d":1e+22}'],
    ["123456789", one(6, W.double(123456789)), '{"d":123456789}'],
    ["1e-6", one(6, W.double(1e-6)), '{"d":0.000001}'],
    ["1e-7", one(6, W.double(1e-7)), '{"d":1e-7}'],
    ["1.5e-9", one(6, W.double(1.5e-9)), '{"d":1.5e-9}'],
    ["0.1", one(6, W.double(0.1)), '{"d":0.1}'],
    ["1e100", one(6, W.double(1e100)), '{"d":1e+100}'],
    ["5e-324", one(6, W.double(5e-324)), '{"d":5e-324}'],
    ["the largest", one(6, W.double(Number.MAX_VALUE)), '{"d":1.7976931348623157e+308}'],
    ["2^53", one(6, W.double(2 ** 53)), '{"d":9007199254740992}'],
    ["123456789012345680000", one(6, W.double(1.2345678901234568e20)), '{"d":123456789012345680000}'],
    ["NaN", bad(6, W.double(Number.NaN)), fails("OUT_OF_RANGE", "d")],
    ["NaN as null", one(6, W.double(Number.NaN)), '{"d":null}', asNull],
    ["Infinity", bad(6, W.double(Number.POSITIVE_INFINITY)), fails("OUT_OF_RANGE", "d")],
    ["Infinity as null", one(6, W.double(Number.POSITIVE_INFINITY)), '{"d":null}', asNull],
    ["-Infinity", bad(6, W.double(Number.NEGATIVE_INFINITY)), fails("OUT_OF_RANGE", "d")],
    ["-Infinity as null", one(6, W.double(Number.NEGATIVE_INFINITY)), '{"d":null}', asNull],
  ]);
});

describe("string and binary", () => {
  const asText: ThriftToJsonOptions = { binary: "utf8" };
  const punctuation = 'a"b\\c/d<>&';
  const escapedPunctuation = String.raw`a\"b\\c/d<>&`;
  const controls = "\x00\x01\b\v\f\n\r\t\x1f\x7f";
  const escapedControls = `${String.raw`\u0000\u0001\u0008\u000b\u000c\n\r\t\u001f`}\x7f`;
  const unicode = "é😀\u2028\u2029";
  testRows(idl, [
    ["nothing", one(7, W.text("")), '{"s":""}'],
    ["nothing, as base64", one(8, W.text("")), '{"bin":""}'],
    ["nothing, as text", one(8, W.text("")), '{"bin":""}', asText],
    ["punctuation", one(7, W.text(punctuation)), `{"s":"${escapedPunctuation}"}`],
    ["punctuation, as base64", one(8, W.text(punctuation)), '{"bin":"YSJiXGMvZDw+Jg=="}'],
    ["punctuation, as text", one(8, W.text(punctuation)), `{"bin":"${escapedPunctuation}"}`, asText],
    ["control characters", one(7, W.text(controls)), `{"s":"${escapedControls}"}`],
    ["control characters, as base64", one(8, W.text(controls)), '{"bin":"AAEICwwKDQkffw=="}'],
    ["control characters, as text", one(8, W.text(controls)), `{"bin":"${escapedControls}"}`, asText],
    // dynamicgo passes the bytes through, so that its JSON is none.
    ["invalid UTF-8", one(7, W.markedText("", hex`ff fe`)), fails("INVALID_UTF8", "s")],
    ["invalid UTF-8, as base64", one(8, W.text(hex`ff fe`)), '{"bin":"//4="}'],
    ["invalid UTF-8, as text", one(8, W.markedText("", hex`ff fe`)), fails("INVALID_UTF8", "bin"), asText],
    ["unicode", one(7, W.text(unicode)), `{"s":"${unicode}"}`],
    ["unicode, as base64", one(8, W.text(unicode)), '{"bin":"w6nwn5iA4oCo4oCp"}'],
    ["unicode, as text", one(8, W.text(unicode)), `{"bin":"${unicode}"}`, asText],
  ]);

  it.each([
    [7, "s"],
    [8, "bin"],
  ] as const)("invalid UTF-8 passes through where it is trusted: field %i", (id, key) => {
    const converter = thriftToJson(idl.struct("S"), { utf8: "trust", binary: "utf8" });
    const json = converter.convert(W.encodeBytes(one(id, W.text(hex`ff fe`)), "binary"));
    const [before, after] = [Buffer.from(`{"${key}":"`), Buffer.from('"}')];
    expect(toHex(json)).toBe(toHex(hex`${before} ff fe ${after}`));
  });
});

describe("int", () => {
  testRows(idl, [
    ["byte -1", one(2, W.byte(-1)), '{"y":-1}'],
    ["byte -1, unsigned", one(2, W.byte(-1)), '{"y":255}', { byte: "unsigned" }],
    ["i64 -5", one(5, W.i64(-5)), '{"l":-5}'],
    ["i64 -5 as string", one(5, W.i64(-5)), '{"l":"-5"}', { int64: "string" }],
    ["i64 element as string", one(23, W.list(TType.I64, [W.i64(-5)])), '{"l64":["-5"]}', { int64: "string" }],
    [
      "i64 key",
      one(20, W.map(TType.I64, TType.STRING, [[W.i64(-5), W.text("v")]])),
      '{"ml":{"-5":"v"}}',
      { int64: "string" },
    ],
    ["false", one(1, W.bool(false)), '{"b":false}'],
    ["enum", one(17, W.i32(5)), '{"e":5}'],
  ]);
});

describe("map keys", () => {
  const v = W.text("v");
  const twice: readonly (readonly [W.Wire, W.Wire])[] = [
    [W.text('a"'), W.i32(1)],
    [W.text('a"'), W.i32(2)],
  ];
  testRows(idl, [
    ["a key twice", one(11, W.map(TType.STRING, TType.I32, twice)), String.raw`{"ms":{"a\"":1,"a\"":2}}`],
    ["i32", one(12, W.map(TType.I32, TType.STRING, [[W.i32(-1), v]])), '{"mi":{"-1":"v"}}'],
    ["byte", one(13, W.map(TType.BYTE, TType.STRING, [[W.byte(255), v]])), '{"mb":{"-1":"v"}}'],
    [
      "byte, unsigned",
      one(13, W.map(TType.BYTE, TType.STRING, [[W.byte(255), v]])),
      '{"mb":{"255":"v"}}',
      { byte: "unsigned" },
    ],
    // Errors in dynamicgo, which has no keys of these types.
    ["double", one(14, W.map(TType.DOUBLE, TType.STRING, [[W.double(1.5), v]])), '{"md":{"1.5":"v"}}'],
    ["bool", one(15, W.map(TType.BOOL, TType.STRING, [[W.bool(true), v]])), '{"mbo":{"true":"v"}}'],
    ["no bool", one(15, W.map(TType.BOOL, TType.STRING)), '{"mbo":{}}'],
    [
      "struct",
      one(25, W.map(TType.STRUCT, TType.I32, [[W.struct([1, W.i32(7)]), W.i32(1)]])),
      '{"mst":[[{"x":7},1]]}',
    ],
    // dynamicgo writes the bytes as text.
    ["binary", one(21, W.map(TType.STRING, TType.STRING, [[W.text(hex`ff`), v]])), '{"mbin":{"/w==":"v"}}'],
    ["enum", one(16, W.map(TType.I32, TType.STRING, [[W.i32(5), v]])), '{"me":{"5":"v"}}'],
    ["i16", one(24, W.map(TType.I16, TType.STRING, [[W.i16(-3), v]])), '{"mi16":{"-3":"v"}}'],
  ]);
  // The types of an empty map are not on the compact wire.
  testRows(
    idl,
    [
      ["an empty map of other types", bad(11, W.map(TType.I32, TType.I32)), fails("TYPE_MISMATCH", "ms")],
      ["an empty map of types 0", one(11, W.map(0, 0)), '{"ms":{}}'],
    ],
    ["binary"],
  );
  testRows(idl, [
    ["an empty list of another type", bad(9, W.list(TType.I64)), fails("TYPE_MISMATCH", "li")],
    // An error in dynamicgo; other writers do write it.
    ["an empty list of type 0", one(9, W.list(0)), '{"li":[]}'],
  ]);
});

describe("mismatch", () => {
  // dynamicgo reads the bytes by the IDL's type: garbage, or an error elsewhere.
  testRows(idl, [
    ["i64 for i32", badField(4, W.i64(5)), fails("TYPE_MISMATCH", "i")],
    ["string for i32", badField(4, W.text("abc")), fails("TYPE_MISMATCH", "i")],
    ["list<i64> for list<i32>", bad(9, W.list(TType.I64, [W.i64(1)])), fails("TYPE_MISMATCH", "li")],
    ["list for set", badField(10, W.list(TType.STRING, [W.text("x")])), fails("TYPE_MISMATCH", "ss")],
  ]);
});

describe("unknown", () => {
  const strict: ThriftToJsonOptions = { unknownFields: "error" };
  testRows(idl, [
    ["99", one(99, W.i32(5)), "{}"],
    ["99, an error", badField(99, W.i32(5)), fails("UNKNOWN_FIELD", "#99"), strict],
    ["65535 of dynamicgo is -1", one(-1, W.i32(5)), "{}"],
    ["-1, an error", badField(-1, W.i32(5)), fails("UNKNOWN_FIELD", "#-1"), strict],
  ]);
});

describe("a field twice", () => {
  testRows(idl, [
    // dynamicgo keeps both.
    ["", W.struct([4, W.i32(1)], W.here(W.field(4, W.i32(2)))), fails("DUPLICATE_FIELD", "i")],
    ["kept", W.struct([4, W.i32(1)], [4, W.i32(2)]), '{"i":1,"i":2}', { duplicateFields: "keep" }],
  ]);
});

describe("order", () => {
  testRows(idl, [["of the wire", W.struct([4, W.i32(1)], [1, W.bool(true)]), '{"i":1,"b":true}']]);
});

describe("truncated and trailing", () => {
  const converter = thriftToJson(idl.struct("S"));
  it.each([
    ["a cut i32", "08 0004 0000", "TRUNCATED", 3, "i"],
    ["no stop byte", "08 0004 00000001", "TRUNCATED", 7, undefined],
    // dynamicgo ignores what follows.
    ["two bytes behind", "08 0004 00000001 00 09 09", "TRAILING_DATA", 8, undefined],
    ["no bytes", "", "TRUNCATED", 0, undefined],
    ["a negative length", "0f 0009 08 ffffffff 00", "INVALID_SIZE", 3, "li"],
  ] as const)("%s: %s", async (_name, bytes, code, offset, path) => {
    await expectError(converter, hex(bytes), { code, offset, path });
  });
});

describe("js_conv", () => {
  const rows: readonly Row[] = [
    ["i64", one(30, W.i64(-5)), '{"jl":"-5"}'],
    ["list<i64>", one(31, W.list(TType.I64, [W.i64(1), W.i64(2)])), '{"jll":["1","2"]}'],
    // "255" in dynamicgo, which reads bytes as signed elsewhere.
    ["byte", one(32, W.byte(-1)), '{"jb":"-1"}'],
    ["double", one(33, W.double(1.5)), '{"jd":"1.5"}'],
    // "" in dynamicgo.
    ["NaN", bad(33, W.double(Number.NaN)), fails("OUT_OF_RANGE", "jd")],
    ["NaN as string", one(33, W.double(Number.NaN)), '{"jd":"NaN"}', { nonFinite: "string" }],
    // Not escaped by dynamicgo.
    ["string", one(34, W.text('a"b')), String.raw`{"js":"a\"b"}`],
    // Errors in dynamicgo.
    ["set<i64>", one(35, W.set(TType.I64, [W.i64(1), W.i64(2)])), '{"jset":["1","2"]}'],
    ["bool", one(36, W.bool(true)), '{"jbo":true}'],
    ["map<i64,i64>", one(39, W.map(TType.I64, TType.I64, [[W.i64(1), W.i64(2)]])), '{"jm":{"1":"2"}}'],
    ["no entries", one(39, W.map(TType.I64, TType.I64)), '{"jm":{}}'],
    ["list<list<i64>>", one(40, W.list(TType.LIST, [W.list(TType.I64, [W.i64(1)])])), '{"jlll":[["1"]]}'],
    ["list<bool>", one(41, W.list(TType.BOOL, [W.bool(true)])), '{"jlb":[true]}'],
    ["i32", one(37, W.i32(5)), '{"ji":"5"}'],
    ["i16", one(38, W.i16(5)), '{"jh":"5"}'],
  ];
  testRows(idl, rows);
  describe("switched off", () => {
    const off: ThriftToJsonOptions = { valueMapping: "off" };
    testRows(idl, [
      ["i64", one(30, W.i64(-5)), '{"jl":-5}', off],
      ["list<i64>", one(31, W.list(TType.I64, [W.i64(1)])), '{"jll":[1]}', off],
      ["double", one(33, W.double(1.5)), '{"jd":1.5}', off],
      ["map<i64,i64>", one(39, W.map(TType.I64, TType.I64, [[W.i64(1), W.i64(2)]])), '{"jm":{"1":2}}', off],
    ]);
  });
});

describe("results and exceptions", () => {
  const success = W.struct([4, W.i32(1)]);
  const exception = W.struct([1, W.i32(7)], [2, W.text('m"sg')]);
  const exceptionJson = String.raw`{"code":7,"msg":"m\"sg"}`;
  const { f, text, nothing } = Object.fromEntries(
    idl.service("Svc").methods.map((method) => [method.name, method.result]),
  );

  describe.each(W.PROTOCOLS)("%s", (protocol) => {
    it.each([
      // The key is "" in dynamicgo.
      ["success", f!, one(0, success), '{"success":{"i":1}}'],
      ["an exception", f!, one(1, exception), `{"ex":${exceptionJson}}`],
      // Lost in dynamicgo, which knows the first exception only.
      ["another exception", f!, one(2, W.struct([1, W.i32(7)])), '{"other":{"code":7}}'],
      ["an undeclared field", f!, one(3, W.struct([1, W.i32(7)])), "{}"],
      [
        "success and exception",
        f!,
        W.struct([0, success], [1, exception]),
        `{"success":{"i":1},"ex":${exceptionJson}}`,
      ],
      ["nothing", f!, W.struct(), "{}"],
      ["a string", text!, one(0, W.text("hi")), '{"success":"hi"}'],
      ["void", nothing!, W.struct(), "{}"],
      ["a string for void", nothing!, one(0, W.text("hi")), "{}"],
    ])("kept: %s", async (_name, type, value, json) => {
      const bytes = W.encodeBytes(value, protocol);
      await expectJson(thriftToJson(type, { protocol }), bytes, json);
      await expectJson(thriftToJson(type, { protocol, exceptions: "keep" }), bytes, json);
    });

    it.each([
      ["success", one(0, success), '{"success":{"i":1}}'],
      ["nothing", W.struct(), "{}"],
      ["an undeclared field", one(3, W.struct([1, W.i32(7)])), "{}"],
    ])("thrown: not for %s", async (_name, value, json) => {
      const converter = thriftToJson(f!, { protocol, exceptions: "throw" });
      await expectJson(converter, W.encodeBytes(value, protocol), json);
    });

    it.each([
      ["an exception", one(1, exception), "ex", exceptionJson],
      ["another exception", one(2, W.struct([1, W.i32(7)])), "other", '{"code":7}'],
      ["an exception behind success", W.struct([0, success], [1, exception]), "ex", exceptionJson],
    ])("thrown: %s", async (_name, value, field, json) => {
      const converter = thriftToJson(f!, { protocol, exceptions: "throw" });
      const error = await expectError(converter, W.encodeBytes(value, protocol), {
        code: "EXCEPTION",
        path: field,
      });
      expect(error).toMatchObject({ name: "DeclaredExceptionError", field, json, value: JSON.parse(json) });
      expect(error.message).not.toContain("sg");
      expect(isThriftError(error, "EXCEPTION")).toBe(true);
    });

    // An error in dynamicgo, for any field but 0.
    it("a plain struct has no exceptions", async () => {
      const converter = thriftToJson(idl.struct("S"), { protocol, exceptions: "throw" });
      const value = W.struct([1, W.bool(true)], [4, W.i32(1)]);
      await expectJson(converter, W.encodeBytes(value, protocol), '{"b":true,"i":1}');
      const asStruct = thriftToJson(idl.struct("Ex"), { protocol, exceptions: "throw" });
      await expectJson(asStruct, W.encodeBytes(exception, protocol), exceptionJson);
    });
  });
});

describe("aliases and defaults", () => {
  const write: ThriftToJsonOptions = { missing: { required: "write", default: "write" } };
  testRows(idl, [
    // Filled fields have their name instead of the alias in dynamicgo.
    ["nothing", W.struct(), '{"x":0,"dAlias":0}', write, "In"],
    ["d", one(3, W.i64(3)), '{"dAlias":3,"x":0}', { missing: { required: "write" } }, "In"],
    [
      "optional ones, too",
      one(1, W.i32(1)),
      '{"x":1,"s":"dd","dAlias":0}',
      { missing: { default: "write", optional: "write" } },
      "In",
    ],
  ]);
  describe.each(W.PROTOCOLS)("%s", (protocol) => {
    it("without the required one", async () => {
      const bytes = W.encodeBytes(one(3, W.i64(3)), protocol);
      await expectError(thriftToJson(idl.struct("In"), { protocol }), bytes, {
        code: "MISSING_REQUIRED",
        path: "x",
        offset: bytes.length - 1,
      });
    });
  });
});

describe("roots that are no structs", () => {
  testRows(idl, [
    ["list", W.list(TType.I32, [W.i32(1)]), "[1]", {}, "list<i32>"],
    ["string", W.text("ab"), '"ab"', {}, "string"],
    ["binary", W.text("ab"), '"YWI="', {}, "binary"],
    ["i64", W.i64(3), "3", {}, "i64"],
    ["i64 as string", W.i64(3), '"3"', { int64: "string" }, "i64"],
    ["i32", W.i32(-3), "-3", { int64: "string" }, "i32"],
  ]);
});
