import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { concat, hex } from "../support/bytes.ts";
import { parseIdl, type ThriftToJsonOptions, thriftToJson } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { fails, type Row, testRows } from "./check.ts";
import * as W from "./wire.ts";

const { I32, I64, BYTE, BOOL, DOUBLE, STRING, STRUCT, LIST, SET, MAP } = TType;

const one = (id: number, value: W.Wire): W.Wire => W.struct([id, value]);

describe("int64", () => {
  const idl = `struct S {
    1: i64 v, 2: list<i64> l, 3: set<i64> s, 4: map<i64,i64> m, 5: i32 i, 6: i64 j (api.js_conv), 7: list<list<i64>> ll,
    8: map<list<i64>,i64> pairs
  }`;
  const value = W.struct(
    [1, W.i64(2n ** 63n - 1n)],
    [2, W.list(I64, [W.i64(-1), W.i64(0)])],
    [3, W.set(I64, [W.i64(5)])],
    [4, W.map(I64, I64, [[W.i64(-(2n ** 63n)), W.i64(7)]])],
    [5, W.i32(9)],
    [6, W.i64(3)],
    [7, W.list(LIST, [W.list(I64, [W.i64(4)])])],
    [8, W.map(LIST, I64, [[W.list(I64, [W.i64(1)]), W.i64(2)]])],
  );
  testRows(idl, [
    [
      "number (default)",
      value,
      '{"v":9223372036854775807,"l":[-1,0],"s":[5],"m":{"-9223372036854775808":7},"i":9,"j":"3","ll":[[4]],"pairs":[[[1],2]]}',
    ],
    [
      "number",
      value,
      '{"v":9223372036854775807,"l":[-1,0],"s":[5],"m":{"-9223372036854775808":7},"i":9,"j":"3","ll":[[4]],"pairs":[[[1],2]]}',
      { int64: "number" },
    ],
    [
      "string",
      value,
      '{"v":"9223372036854775807","l":["-1","0"],"s":["5"],"m":{"-9223372036854775808":"7"},"i":9,"j":"3","ll":[["4"]],"pairs":[[["1"],"2"]]}',
      { int64: "string" },
    ],
  ]);
});

describe("byte", () => {
  const idl =
    "struct S { 1: byte v, 2: list<i8> l, 3: map<byte,byte> m, 4: byte j (api.js_conv), 5: i16 h, 6: map<list<byte>,i32> p }";
  const value = W.struct(
    [1, W.byte(-1)],
    [2, W.list(BYTE, [W.byte(-128), W.byte(127)])],
    [3, W.map(BYTE, BYTE, [[W.byte(-2), W.byte(-3)]])],
    [4, W.byte(-4)],
    [5, W.i16(-5)],
    [6, W.map(LIST, I32, [[W.list(BYTE, [W.byte(-6)]), W.i32(1)]])],
  );
  const signed = '{"v":-1,"l":[-128,127],"m":{"-2":-3},"j":"-4","h":-5,"p":[[[-6],1]]}';
  testRows(idl, [
    ["signed (default)", value, signed],
    ["signed", value, signed, { byte: "signed" }],
    [
      "unsigned",
      value,
      '{"v":255,"l":[128,127],"m":{"254":253},"j":"252","h":-5,"p":[[[250],1]]}',
      { byte: "unsigned" },
    ],
  ]);
});

describe("nonFinite", () => {
  const idl = `struct S {
    1: double v, 2: list<double> l, 3: map<double,i32> k, 4: map<i32,double> m, 5: double j (api.js_conv),
    6: map<list<double>,i32> p
  }`;
  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const places: readonly (readonly [
    name: string,
    wrap: (value: W.Wire) => W.Wire,
    path: string,
    json: (text: string) => string,
    type?: string,
  ])[] = [
    ["field", (v) => one(1, v), "v", (text) => `{"v":${text}}`],
    ["element", (v) => one(2, W.list(DOUBLE, [W.double(1), v])), "l[1]", (text) => `{"l":[1,${text}]}`],
    ["value", (v) => one(4, W.map(I32, DOUBLE, [[W.i32(5), v]])), "m[5]", (text) => `{"m":{"5":${text}}}`],
    ["js_conv", (v) => one(5, v), "j", (text) => `{"j":${text}}`],
    [
      "element of a key",
      (v) => one(6, W.map(LIST, I32, [[W.list(DOUBLE, [v]), W.i32(1)]])),
      "p[0][0][0]",
      (text) => `{"p":[[[${text}],1]]}`,
    ],
  ];
  const rows: Row[] = [];
  for (const number of numbers) {
    for (const [name, wrap, path, json] of places) {
      const error = fails("OUT_OF_RANGE", path);
      rows.push([`${number} as ${name}`, wrap(W.here(W.double(number))), error]);
      rows.push([
        `error: ${number} as ${name}`,
        wrap(W.here(W.double(number))),
        error,
        { nonFinite: "error" },
      ]);
      rows.push([`null: ${number} as ${name}`, wrap(W.double(number)), json("null"), { nonFinite: "null" }]);
      rows.push([
        `string: ${number} as ${name}`,
        wrap(W.double(number)),
        json(`"${number}"`),
        { nonFinite: "string" },
      ]);
    }
    // A key cannot be null.
    const key = (value: W.Wire): W.Wire => one(3, W.map(DOUBLE, I32, [[value, W.i32(1)]]));
    rows.push([`${number} as key`, key(W.here(W.double(number))), fails("OUT_OF_RANGE", "k")]);
    rows.push([
      `null: ${number} as key`,
      key(W.here(W.double(number))),
      fails("OUT_OF_RANGE", "k"),
      { nonFinite: "null" },
    ]);
    rows.push([
      `string: ${number} as key`,
      key(W.double(number)),
      `{"k":{"${number}":1}}`,
      { nonFinite: "string" },
    ]);
    rows.push([`root ${number}`, W.here(W.double(number)), fails("OUT_OF_RANGE"), {}, "double"]);
    rows.push([`null: root ${number}`, W.double(number), "null", { nonFinite: "null" }, "double"]);
    rows.push([`string: root ${number}`, W.double(number), `"${number}"`, { nonFinite: "string" }, "double"]);
  }
  testRows(idl, rows);
});

describe("binary", () => {
  const idl =
    "struct S { 1: binary v, 2: list<binary> l, 3: map<binary,binary> m, 4: string s, 5: map<list<binary>,i32> p }";
  const value = W.struct(
    [1, W.text("é")],
    [2, W.list(STRING, [W.text('q"'), W.text("")])],
    [3, W.map(STRING, STRING, [[W.text("a\n"), W.text("b")]])],
    [4, W.text("s")],
    [5, W.map(LIST, I32, [[W.list(STRING, [W.text("k")]), W.i32(1)]])],
  );
  const base64 = '{"v":"w6k=","l":["cSI=",""],"m":{"YQo=":"Yg=="},"s":"s","p":[[["aw=="],1]]}';
  const asText: ThriftToJsonOptions = { binary: "utf8" };
  testRows(idl, [
    ["base64 (default)", value, base64],
    ["base64", value, base64, { binary: "base64" }],
    ["utf8", value, String.raw`{"v":"é","l":["q\"",""],"m":{"a\n":"b"},"s":"s","p":[[["k"],1]]}`, asText],
    ["base64 of any bytes", one(1, W.text(hex`00 ff 80`)), '{"v":"AP+A"}'],
    ["utf8 of any bytes", one(1, W.markedText("ab", hex`ff 80`)), fails("INVALID_UTF8", "v"), asText],
    [
      "utf8 of any bytes in a key",
      one(3, W.map(STRING, STRING, [[W.markedText("a", hex`c3 28`), W.text("")]])),
      fails("INVALID_UTF8", "m"),
      asText,
    ],
    [
      "utf8 of any bytes, replaced",
      one(1, W.text(hex`61 ff 62`)),
      '{"v":"a\ufffdb"}',
      { ...asText, utf8: "replace" },
    ],
    ["root, base64", W.text("é"), '"w6k="', {}, "binary"],
    ["root, utf8", W.text("é"), '"é"', asText, "binary"],
  ]);
});

describe("enums", () => {
  const idl = `
    enum E { ZERO = 0, ONE = 1, UNO = 1, NEGATIVE = -7, BIG = 2147483647 }
    struct S {
      1: E v, 2: list<E> l, 3: map<E,E> m, 4: E j (api.js_conv), 5: list<E> jl (api.js_conv), 6: map<list<E>,i32> p,
      7: set<E> s
    }
  `;
  const value = W.struct(
    [1, W.i32(-7)],
    [2, W.list(I32, [W.i32(0), W.i32(1), W.i32(2)])],
    [
      3,
      W.map(I32, I32, [
        [W.i32(2147483647), W.i32(0)],
        [W.i32(9), W.i32(-9)],
      ]),
    ],
    [4, W.i32(1)],
    [5, W.list(I32, [W.i32(1), W.i32(5)])],
    [6, W.map(LIST, I32, [[W.list(I32, [W.i32(0)]), W.i32(1)]])],
    [7, W.set(I32, [W.i32(-(2 ** 31))])],
  );
  const numbers =
    '{"v":-7,"l":[0,1,2],"m":{"2147483647":0,"9":-9},"j":"1","jl":["1","5"],"p":[[[0],1]],"s":[-2147483648]}';
  testRows(idl, [
    ["number (default)", value, numbers],
    ["number", value, numbers, { enums: "number" }],
    [
      "name",
      value,
      '{"v":"NEGATIVE","l":["ZERO","ONE",2],"m":{"BIG":"ZERO","9":-9},"j":"ONE","jl":["ONE","5"],"p":[[["ZERO"],1]],"s":[-2147483648]}',
      { enums: "name" },
    ],
    ["root by name", W.i32(1), '"ONE"', { enums: "name" }, "E"],
    ["unknown root by name", W.i32(3), "3", { enums: "name" }, "E"],
  ]);
});

describe("unknownFields", () => {
  const idl = "struct T { 1: i32 a } struct S { 1: T t, 2: list<T> l, 3: map<string,T> m }";
  const error: ThriftToJsonOptions = { unknownFields: "error" };
  const unknown = W.struct([1, W.i32(1)], W.here(W.field(9, W.text("x"))));
  testRows(idl, [
    ["skip (default)", one(1, unknown), '{"t":{"a":1}}'],
    ["skip", one(1, unknown), '{"t":{"a":1}}', { unknownFields: "skip" }],
    ["error at the root", W.struct(W.here(W.field(77, W.bool(true)))), fails("UNKNOWN_FIELD", "#77"), error],
    ["error in a struct", one(1, unknown), fails("UNKNOWN_FIELD", "t.#9"), error],
    [
      "error in a list",
      one(2, W.list(STRUCT, [W.struct(), unknown])),
      fails("UNKNOWN_FIELD", "l[1].#9"),
      error,
    ],
    [
      "error in a map",
      one(3, W.map(STRING, STRUCT, [[W.text("k"), unknown]])),
      fails("UNKNOWN_FIELD", 'm["k"].#9'),
      error,
    ],
    ["no unknown ones", one(1, one(1, W.i32(1))), '{"t":{"a":1}}', error],
  ]);
  // What is skipped is still checked.
  testRows(
    idl,
    [
      [
        "a bad type inside",
        one(99, W.raw(STRUCT, { binary: "07 0001", compact: "1e" })),
        { code: "INVALID_TYPE", path: undefined },
      ],
    ].map(([name, value, failure]) => [name, markInside(value as W.Wire), failure] as Row),
  );

  function markInside(value: W.Wire): W.Wire {
    return {
      type: STRUCT,
      write: (out) => {
        const before = out.size;
        value.write(out);
        out.mark = before + (out.compact ? 2 + 1 : 3);
      },
    };
  }
});

describe("duplicateFields", () => {
  const idl =
    "struct T { 1: i32 a, 2: T t } union U { 1: i32 x, 2: i32 y } struct S { 1: T t, 2: list<T> l, 3: U u }";
  const twice = W.struct([1, W.i32(1)], W.here(W.field(1, W.i32(2))));
  const keep: ThriftToJsonOptions = { duplicateFields: "keep" };
  testRows(idl, [
    ["error (default)", one(1, twice), fails("DUPLICATE_FIELD", "t.a")],
    ["error", one(1, twice), fails("DUPLICATE_FIELD", "t.a"), { duplicateFields: "error" }],
    ["error in a list", one(2, W.list(STRUCT, [W.struct(), twice])), fails("DUPLICATE_FIELD", "l[1].a")],
    ["keep", one(1, twice), '{"t":{"a":1,"a":2}}', keep],
    [
      "the same field of a nested struct is another one",
      one(1, W.struct([1, W.i32(1)], [2, W.struct([1, W.i32(2)])])),
      '{"t":{"a":1,"t":{"a":2}}}',
    ],
    ["unknown fields may repeat", W.struct([9, W.i32(1)], [9, W.i32(1)]), "{}"],
    ["a member twice, in a union", one(3, twice), '{"u":{"x":1,"x":2}}', keep],
    ["a member twice, in a union, error", one(3, twice), fails("DUPLICATE_FIELD", "u.x")],
  ]);
});

describe("duplicateKeys", () => {
  const idl = `
    enum E { A = 1 }
    struct T { 1: i32 a, 2: i32 b }
    struct S {
      1: map<string,i32> s, 2: map<i32,i32> i, 3: map<bool,i32> b, 4: map<double,i32> d, 5: map<binary,i32> bin,
      6: map<E,i32> e, 7: map<T,i32> t, 8: map<list<string>,i32> l, 9: map<string,map<string,i32>> m,
      10: list<map<string,i32>> lm, 11: map<map<string,i32>,i32> mm, 12: map<i64,i32> i64s, 13: map<uuid,i32> u,
      14: map<byte,i32> y, 15: map<list<string>,list<i32>> lv
    }
  `;
  const error: ThriftToJsonOptions = { duplicateKeys: "error" };
  const n = W.i32;
  const entries = (...keys: W.Wire[]): readonly (readonly [W.Wire, W.Wire])[] =>
    keys.map((key, i) => [key, n(i)] as const);
  const twice = W.map(STRING, I32, entries(W.text("k"), W.text("l"), W.here(W.text("k"))));
  const uuid = "00112233-4455-6677-8899-aabbccddeeff";
  const keyRows: readonly (readonly [string, number, number, W.Wire, W.Wire, string, string])[] = [
    ["i32", 2, I32, n(-1), n(1), "i", "-1"],
    ["bool", 3, BOOL, W.bool(true), W.bool(false), "b", "true"],
    ["double", 4, DOUBLE, W.double(-0), W.double(0), "d", "-0"],
    ["binary", 5, STRING, W.text(hex`00 ff`), W.text(hex`00`), "bin", "0x00ff"],
    ["enum", 6, I32, n(1), n(2), "e", "A"],
    ["i64", 12, I64, W.i64(2n ** 53n + 1n), W.i64(2n ** 53n), "i64s", "9007199254740993"],
    ["uuid", 13, TType.UUID, W.uuid(uuid), W.uuid(uuid.replace("0", "1")), "u", `"${uuid.slice(0, 32)}…"`],
    ["byte", 14, BYTE, W.byte(-1), W.byte(1), "y", "-1"],
  ];
  const t = (a: number, b: number): W.Wire => W.struct([1, n(a)], [2, n(b)]);
  testRows(idl, [
    ["keep (default)", one(1, twice), '{"s":{"k":0,"l":1,"k":2}}'],
    ["keep", one(1, twice), '{"s":{"k":0,"l":1,"k":2}}', { duplicateKeys: "keep" }],
    ["error", one(1, twice), fails("DUPLICATE_FIELD", 's["k"]'), error],
    ...keyRows.map(
      ([name, id, type, key, other, field, shown]): Row => [
        `error: ${name}`,
        one(id, W.map(type, I32, entries(key, other, W.here(key)))),
        fails("DUPLICATE_FIELD", `${field}[${shown === "A" ? '"A"' : shown}]`),
        error,
      ],
    ),
    ...keyRows.map(
      ([name, id, type, key, other, field]): Row => [
        `different keys: ${name}`,
        one(id, W.map(type, I32, entries(key, other))),
        `{"${field}":{${KEYS_JSON[name]!.map((text, i) => `"${text}":${i}`)}}}`,
        error,
      ],
    ),
    [
      "no duplicate: the same key in sibling and nested maps",
      W.struct(
        [1, W.map(STRING, I32, entries(W.text("k")))],
        [
          9,
          W.map(STRING, MAP, [
            [W.text("k"), W.map(STRING, I32, entries(W.text("k"), W.text("l")))],
            [W.text("l"), W.map(STRING, I32, entries(W.text("k"), W.text("l")))],
          ]),
        ],
        [
          10,
          W.list(MAP, [W.map(STRING, I32, entries(W.text("k"))), W.map(STRING, I32, entries(W.text("k")))]),
        ],
      ),
      '{"s":{"k":0},"m":{"k":{"k":0,"l":1},"l":{"k":0,"l":1}},"lm":[{"k":0},{"k":0}]}',
      error,
    ],
    [
      "no duplicate: containers as values, under mismatch: skip",
      W.struct(
        [
          9,
          W.map(STRING, MAP, [
            [W.text("k"), W.map(STRING, I32, entries(W.text("k")))],
            [W.text("l"), W.map(STRING, I32)],
          ]),
        ],
        [
          15,
          W.map(LIST, LIST, [
            [W.list(STRING, [W.text("x")]), W.list(I32, [n(1)])],
            [W.list(STRING), W.list(STRING, [W.text("no i32")])],
            [W.list(STRING, [W.text("y")]), W.list(I32)],
          ]),
        ],
      ),
      '{"m":{"k":{"k":0},"l":{}},"lv":[[["x"],[1]],[["y"],[]]]}',
      { ...error, mismatch: "skip" },
    ],
    [
      "error behind a nested map with the same keys",
      one(
        9,
        W.map(STRING, MAP, [
          [W.text("a"), W.map(STRING, I32, entries(W.text("a"), W.text("b")))],
          [W.here(W.text("a")), W.map(STRING, I32)],
        ]),
      ),
      fails("DUPLICATE_FIELD", 'm["a"]'),
      error,
    ],
    [
      "error in a nested map",
      one(9, W.map(STRING, MAP, [[W.text("a"), twice]])),
      fails("DUPLICATE_FIELD", 'm["a"]["k"]'),
      error,
    ],
    ["error in a list", one(10, W.list(MAP, [twice])), fails("DUPLICATE_FIELD", 'lm[0]["k"]'), error],
    [
      "keep: structs",
      one(7, W.map(STRUCT, I32, entries(t(1, 2), t(1, 2)))),
      '{"t":[[{"a":1,"b":2},0],[{"a":1,"b":2},1]]}',
    ],
    [
      "error: structs",
      one(7, W.map(STRUCT, I32, entries(t(1, 2), W.here(t(1, 2))))),
      fails("DUPLICATE_FIELD", "t[1][0]"),
      error,
    ],
    [
      "different structs",
      one(7, W.map(STRUCT, I32, entries(t(1, 2), t(2, 1)))),
      '{"t":[[{"a":1,"b":2},0],[{"a":2,"b":1},1]]}',
      error,
    ],
    [
      "error: lists",
      one(
        8,
        W.map(
          LIST,
          I32,
          entries(W.list(STRING, [W.text("x")]), W.list(STRING), W.here(W.list(STRING, [W.text("x")]))),
        ),
      ),
      fails("DUPLICATE_FIELD", "l[2][0]"),
      error,
    ],
    [
      "error: maps",
      one(
        11,
        W.map(
          MAP,
          I32,
          entries(W.map(STRING, I32, entries(W.text("x"))), W.here(W.map(STRING, I32, entries(W.text("x"))))),
        ),
      ),
      fails("DUPLICATE_FIELD", "mm[1][0]"),
      error,
    ],
    [
      "error inside a key",
      one(11, W.map(MAP, I32, entries(twice))),
      fails("DUPLICATE_FIELD", 'mm[0][0]["k"]'),
      error,
    ],
    [
      "error: keys that replacement makes equal",
      one(1, W.map(STRING, I32, entries(W.text(hex`ff`), W.here(W.text(hex`fe`))))),
      fails("DUPLICATE_FIELD", 's["\ufffd"]'),
      { ...error, utf8: "replace" },
    ],
  ]);
});

const KEYS_JSON: Readonly<Record<string, readonly [string, string]>> = {
  i32: ["-1", "1"],
  bool: ["true", "false"],
  double: ["-0", "0"],
  binary: ["AP8=", "AA=="],
  enum: ["1", "2"],
  i64: ["9007199254740993", "9007199254740992"],
  uuid: ["00112233-4455-6677-8899-aabbccddeeff", "10112233-4455-6677-8899-aabbccddeeff"],
  byte: ["-1", "1"],
};

describe("unions", () => {
  const idl = `
    union U { 1: i32 x, 2: string y, 3: U u }
    struct S { 1: U u, 2: list<U> l, 3: map<string,U> m, 4: i32 end }
  `;
  const any: ThriftToJsonOptions = { unions: "any" };
  /** The stop byte is what the error points at. */
  const stop = (...fields: readonly (readonly [number, W.Wire])[]): W.Wire => ({
    type: STRUCT,
    write: (out) => {
      W.struct(...fields).write(out);
      out.mark = out.size - 1;
    },
  });
  const x = [1, W.i32(1)] as const;
  const y = [2, W.text("b")] as const;
  testRows(idl, [
    ["one", one(1, W.struct(x)), '{"u":{"x":1}}'],
    ["none", one(1, stop()), fails("INVALID_UNION", "u")],
    ["two", one(1, stop(x, y)), fails("INVALID_UNION", "u")],
    ["check: two", one(1, stop(x, y)), fails("INVALID_UNION", "u"), { unions: "check" }],
    ["unknown only", one(1, stop([9, W.i32(1)])), fails("INVALID_UNION", "u")],
    ["one and unknown", one(1, W.struct([9, W.i32(1)], y)), '{"u":{"y":"b"}}'],
    ["nested", one(1, W.struct([3, W.struct(y)])), '{"u":{"u":{"y":"b"}}}'],
    ["none, nested", one(1, W.struct([3, stop()])), fails("INVALID_UNION", "u.u")],
    ["none in a list", one(2, W.list(STRUCT, [W.struct(x), stop()])), fails("INVALID_UNION", "l[1]")],
    [
      "two in a map",
      one(3, W.map(STRING, STRUCT, [[W.text("k"), stop(x, y)]])),
      fails("INVALID_UNION", 'm["k"]'),
    ],
    ["none at the root", stop(), fails("INVALID_UNION"), {}, "U"],
    ["any: none", one(1, W.struct()), '{"u":{}}', any],
    ["any: two", one(1, W.struct(x, y)), '{"u":{"x":1,"y":"b"}}', any],
    ["any: unknown only", one(1, one(9, W.i32(1))), '{"u":{}}', any],
    [
      "a member of another type, passed over",
      one(1, stop([1, W.i64(1)])),
      fails("INVALID_UNION", "u"),
      { mismatch: "skip" },
    ],
    ["… beside another", one(1, W.struct([1, W.i64(1)], y)), '{"u":{"y":"b"}}', { mismatch: "skip" }],
    [
      "missing members are no missing fields",
      one(1, W.struct(y)),
      '{"u":{"y":"b"},"l":[],"m":{},"end":0}',
      { missing: { default: "write", optional: "write" } },
    ],
  ]);
});

describe("mismatch", () => {
  const skip: ThriftToJsonOptions = { mismatch: "skip" };
  const values: readonly (readonly [string, string, W.Wire, string])[] = [
    ["bool", "bool", W.bool(true), "true"],
    ["byte", "byte", W.byte(1), "1"],
    ["i16", "i16", W.i16(1), "1"],
    ["i32", "i32", W.i32(1), "1"],
    ["i64", "i64", W.i64(1), "1"],
    ["double", "double", W.double(1), "1"],
    ["string", "string", W.text("1"), '"1"'],
    [
      "uuid",
      "uuid",
      W.uuid("00112233-4455-6677-8899-aabbccddeeff"),
      '"00112233-4455-6677-8899-aabbccddeeff"',
    ],
    ["list", "list<i32>", W.list(I32, [W.i32(1)]), "[1]"],
    ["set", "set<i32>", W.set(I32, [W.i32(1)]), "[1]"],
    ["map", "map<i32,i32>", W.map(I32, I32, [[W.i32(1), W.i32(2)]]), '{"1":2}'],
    ["struct", "T", W.struct([1, W.i32(1)]), '{"a":1}'],
  ];
  const idl = parseIdl(`
    enum E { A = 1 }
    struct T { 1: i32 a }
    struct S {
      ${values.map(([name, type], i) => `${i + 1}: ${type} f_${name}`).join(", ")},
      20: list<list<i32>> ll, 21: list<map<i32,string>> lm, 22: map<string,list<i32>> ml, 23: list<T> lt,
      24: map<list<i32>,i32> kl, 25: E e, 26: binary bin, 27: map<string,map<i32,i32>> mm, 28: list<set<i32>> ls
    }
    struct R { 1: required i32 r, 2: i32 d }
  `);
  const end = [25, W.i32(1)] as const;
  const rows: Row[] = [];
  values.forEach(([name, , right, json], i) => {
    const wrong = values.flatMap(([other, , value]) => (other === name ? [] : [[i + 1, value] as const]));
    rows.push([`all others for ${name}, skip`, W.struct(...wrong, end), '{"e":1}', skip]);
    rows.push([
      `all others and then ${name}, skip`,
      W.struct(...wrong, [i + 1, right], end),
      `{"f_${name}":${json},"e":1}`,
      skip,
    ]);
    rows.push([
      `${name} for ${name}, skip`,
      W.struct([i + 1, right], end),
      `{"f_${name}":${json},"e":1}`,
      skip,
    ]);
    for (const [other, , wrong] of values) {
      if (other === name) continue;
      rows.push([
        `${other} for ${name}`,
        W.struct(W.here(W.field(i + 1, wrong)), end),
        fails("TYPE_MISMATCH", `f_${name}`, { message: new RegExp(`[ (]${name}\\)?, found ${other} `) }),
      ]);
    }
  });
  testRows(idl, rows);

  const l64 = W.list(I64, [W.i64(1)]);
  const l32 = W.list(I32, [W.i32(1)]);
  const id = (name: string): number => values.findIndex(([candidate]) => candidate === name) + 1;
  const inError = (name: string, value: W.Wire, path: string): Row => [
    name,
    value,
    fails("TYPE_MISMATCH", path),
  ];
  const skipped = (name: string, value: W.Wire, json: string): Row => [`skip: ${name}`, value, json, skip];
  testRows(idl, [
    inError("elements of a list", one(id("list"), W.here(l64)), "f_list"),
    inError("elements of a set", one(id("set"), W.here(W.set(STRING, [W.text("x")]))), "f_set"),
    inError("keys", one(id("map"), W.here(W.map(I64, I32, [[W.i64(1), W.i32(1)]]))), "f_map"),
    inError("values", one(id("map"), W.here(W.map(I32, I64, [[W.i32(1), W.i64(1)]]))), "f_map"),
    [
      "skip: a length that cannot be, where the bytes end in a key that does not fit",
      one(
        24,
        W.here(W.map(LIST, I32, [[W.raw(LIST, { binary: "0b00000001", compact: "18" }), W.struct()]], 100)),
      ),
      fails("INVALID_SIZE", "kl"),
      skip,
    ],
    inError("elements of elements", one(20, W.list(LIST, [l32, W.here(l64)])), "ll[1]"),
    inError(
      "values of elements",
      one(21, W.list(MAP, [W.here(W.map(I32, I32, [[W.i32(1), W.i32(1)]]))])),
      "lm[0]",
    ),
    inError("elements of values", one(22, W.map(STRING, LIST, [[W.text("k"), W.here(l64)]])), 'ml["k"]'),
    inError("elements of keys", one(24, W.map(LIST, I32, [[W.here(l64), W.i32(1)]])), "kl[0][0]"),
    inError("a set for a list of lists", one(20, W.here(W.list(SET, [W.set(I32)]))), "ll"),
    inError(
      "a field of an element",
      one(23, W.list(STRUCT, [W.struct(W.here(W.field(1, W.i64(1))))])),
      "lt[0].a",
    ),
    inError("i64 for an enum", W.struct(W.here(W.field(25, W.i64(1)))), "e"),
    inError("list for binary", W.struct(W.here(W.field(26, l32))), "bin"),

    skipped("elements of a list", W.struct([id("list"), l64], end), '{"e":1}'),
    skipped("elements of a set", W.struct([id("set"), W.set(STRING, [W.text("x")])], end), '{"e":1}'),
    skipped("keys", W.struct([id("map"), W.map(I64, I32, [[W.i64(1), W.i32(1)]])], end), '{"e":1}'),
    skipped("values", W.struct([id("map"), W.map(I32, I64, [[W.i32(1), W.i64(1)]])], end), '{"e":1}'),
    skipped(
      "elements of elements",
      W.struct([20, W.list(LIST, [l64, l32, l64, l64, l32])], end),
      '{"ll":[[1],[1]],"e":1}',
    ),
    skipped("all elements of elements", W.struct([20, W.list(LIST, [l64, l64])], end), '{"ll":[],"e":1}'),
    skipped(
      "values of elements",
      W.struct(
        [
          21,
          W.list(MAP, [
            W.map(I32, I32, [[W.i32(1), W.i32(1)]]),
            W.map(I32, STRING, [[W.i32(2), W.text("x")]]),
          ]),
        ],
        end,
      ),
      '{"lm":[{"2":"x"}],"e":1}',
    ),
    skipped(
      "elements of sets in a list",
      W.struct([28, W.list(SET, [W.set(I64, [W.i64(1)]), W.set(I32)])], end),
      '{"ls":[[]],"e":1}',
    ),
    skipped("a set for a list of lists", W.struct([20, W.list(SET, [W.set(I32)])], end), '{"e":1}'),
    skipped(
      "a field of an element",
      W.struct([23, W.list(STRUCT, [W.struct([1, W.i64(1)]), W.struct([1, W.i32(2)])])], end),
      '{"lt":[{},{"a":2}],"e":1}',
    ),
    skipped("an empty list of type 0", W.struct([id("list"), W.list(0)], end), '{"f_list":[],"e":1}'),
    skipped("an empty list of another type", W.struct([id("list"), W.list(I64)], end), '{"e":1}'),
    skipped("an enum", W.struct([25, W.text("A")], [26, W.text("a")]), '{"bin":"YQ=="}'),
    skipped(
      "elements of values",
      W.struct(
        [
          22,
          W.map(STRING, LIST, [
            [W.text("a"), l32],
            [W.text("b"), l64],
            [W.text("c"), l32],
          ]),
        ],
        end,
      ),
      '{"ml":{"a":[1],"c":[1]},"e":1}',
    ),
    skipped(
      "elements of the first and only value",
      W.struct([22, W.map(STRING, LIST, [[W.text("a"), l64]])], end),
      '{"ml":{},"e":1}',
    ),
    skipped(
      "keys of values",
      W.struct(
        [
          27,
          W.map(STRING, MAP, [
            [W.text("a"), W.map(I64, I32, [[W.i64(1), W.i32(1)]])],
            [W.text("b"), W.map(I32, I32)],
          ]),
        ],
        end,
      ),
      '{"mm":{"b":{}},"e":1}',
    ),
    skipped(
      "elements of keys",
      W.struct(
        [
          24,
          W.map(LIST, I32, [
            [l64, W.i32(1)],
            [l32, W.i32(2)],
          ]),
        ],
        end,
      ),
      '{"kl":[[[1],2]],"e":1}',
    ),
    [
      "skip: a required field is missing then",
      {
        type: STRUCT,
        write: (out) => {
          W.struct([1, W.text("x")]).write(out);
          out.mark = out.size - 1;
        },
      },
      fails("MISSING_REQUIRED", "r"),
      skip,
      "R",
    ],
    [
      "skip: a field that is written then",
      W.struct([1, W.i32(1)], [2, W.i64(1)]),
      '{"r":1,"d":0}',
      { ...skip, missing: { default: "write" } },
      "R",
    ],
    ["skip: then right", W.struct([1, W.i64(1)], [1, W.i32(2)]), '{"r":2}', skip, "R"],
  ]);
  // In the compact protocol the number 7 is double.
  testRows(
    idl,
    [
      [
        "skip: a type that does not exist",
        W.struct(W.here(W.field(1, W.raw(7, "00")))),
        fails("INVALID_TYPE", "r"),
        skip,
        "R",
      ],
    ],
    ["binary"],
  );
  testRows(
    idl,
    [
      [
        "skip: a type that does not exist",
        W.markedRaw(STRUCT, "", "1e 00"),
        fails("INVALID_TYPE", "r"),
        skip,
        "R",
      ],
    ],
    ["compact"],
  );
});

describe("limits", () => {
  const idl = parseIdl(
    "struct N { 1: N n, 2: list<N> l, 3: map<string,N> m, 4: string s, 5: list<i32> li, 6: map<N,N> p }",
  );
  const nest = (depth: number, wrap: (inner: W.Wire) => W.Wire, core: W.Wire = W.struct()): W.Wire => {
    let value = core;
    for (let i = 1; i < depth; i++) value = wrap(value);
    return value;
  };
  const inStruct = (inner: W.Wire): W.Wire => W.struct([1, inner]);
  const inList = (inner: W.Wire): W.Wire => W.struct([2, W.list(STRUCT, [inner])]);
  const inMap = (inner: W.Wire): W.Wire => W.struct([3, W.map(STRING, STRUCT, [[W.text("k"), inner]])]);
  const inUnknown = (inner: W.Wire): W.Wire => W.struct([99, inner]);
  const json = (depth: number): string => `${'{"n":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;
  const n = (steps: number): string => Array(steps).fill("n").join(".");
  testRows(idl, [
    ["depth 64", nest(64, inStruct), json(64), {}, "N"],
    ["depth 65", nest(65, inStruct, W.here(W.struct())), fails("LIMIT_EXCEEDED", n(64)), {}, "N"],
    ["maxDepth 1", W.struct(), "{}", { limits: { maxDepth: 1 } }, "N"],
    [
      "maxDepth 1, a struct inside",
      W.struct([1, W.here(W.struct())]),
      fails("LIMIT_EXCEEDED", "n"),
      { limits: { maxDepth: 1 } },
      "N",
    ],
    [
      "maxDepth 1, a list inside",
      W.struct([5, W.here(W.list(I32))]),
      fails("LIMIT_EXCEEDED", "li"),
      { limits: { maxDepth: 1 } },
      "N",
    ],
    [
      "maxDepth 1, a map inside",
      W.struct([3, W.here(W.map(STRING, STRUCT))]),
      fails("LIMIT_EXCEEDED", "m"),
      { limits: { maxDepth: 1 } },
      "N",
    ],
    [
      "maxDepth 1, a string inside",
      W.struct([4, W.text("x")]),
      '{"s":"x"}',
      { limits: { maxDepth: 1 } },
      "N",
    ],
    ["maxDepth 3 through a list", inList(W.struct()), '{"l":[{}]}', { limits: { maxDepth: 3 } }, "N"],
    [
      "maxDepth 2 through a list",
      W.struct([2, W.list(STRUCT, [W.here(W.struct())])]),
      fails("LIMIT_EXCEEDED", "l[0]"),
      { limits: { maxDepth: 2 } },
      "N",
    ],
    ["maxDepth 3 through a map", inMap(W.struct()), '{"m":{"k":{}}}', { limits: { maxDepth: 3 } }, "N"],
    [
      "maxDepth 2 through a map",
      W.struct([3, W.map(STRING, STRUCT, [[W.text("k"), W.here(W.struct())]])]),
      fails("LIMIT_EXCEEDED", 'm["k"]'),
      { limits: { maxDepth: 2 } },
      "N",
    ],
    [
      "maxDepth 2 in a key",
      W.struct([6, W.map(STRUCT, STRUCT, [[W.here(W.struct()), W.struct()]])]),
      fails("LIMIT_EXCEEDED", "p[0][0]"),
      { limits: { maxDepth: 2 } },
      "N",
    ],
    [
      "siblings are not deeper",
      W.struct([1, inStruct(W.struct())], [2, W.list(STRUCT, [W.struct(), W.struct()])]),
      '{"n":{"n":{}},"l":[{},{}]}',
      { limits: { maxDepth: 3 } },
      "N",
    ],
    ["depth 64 of unknown structs", nest(64, inUnknown), "{}", {}, "N"],
    [
      "depth 65 of unknown structs",
      nest(65, inUnknown, W.here(W.struct())),
      fails("LIMIT_EXCEEDED"),
      {},
      "N",
    ],
    [
      "unknown values count with known ones",
      nest(10, inStruct, nest(4, inUnknown, W.here(W.struct()))),
      fails("LIMIT_EXCEEDED", n(9)),
      { limits: { maxDepth: 12 } },
      "N",
    ],
    [
      "maxDepth 13 for the same",
      nest(10, inStruct, nest(4, inUnknown)),
      json(10),
      { limits: { maxDepth: 13 } },
      "N",
    ],

    [
      "maxLength 2, list",
      W.struct([5, W.list(I32, [W.i32(1), W.i32(2)])]),
      '{"li":[1,2]}',
      { limits: { maxLength: 2 } },
      "N",
    ],
    [
      "maxLength 2, longer list",
      W.struct([5, W.here(W.list(I32, [W.i32(1), W.i32(2), W.i32(3)]))]),
      fails("LIMIT_EXCEEDED", "li"),
      { limits: { maxLength: 2 } },
      "N",
    ],
    [
      "maxLength 0",
      W.struct([5, W.list(I32)], [3, W.map(STRING, STRUCT)]),
      '{"li":[],"m":{}}',
      { limits: { maxLength: 0 } },
      "N",
    ],
    ["maxLength 1, map", inMap(W.struct()), '{"m":{"k":{}}}', { limits: { maxLength: 1 } }, "N"],
    [
      "maxLength 0, map",
      W.struct([3, W.here(W.map(STRING, STRUCT, [[W.text("k"), W.struct()]]))]),
      fails("LIMIT_EXCEEDED", "m"),
      { limits: { maxLength: 0 } },
      "N",
    ],
    [
      "maxLength 2, unknown longer list",
      W.struct([99, W.here(W.list(I32, [W.i32(1), W.i32(2), W.i32(3)]))]),
      fails("LIMIT_EXCEEDED"),
      { limits: { maxLength: 2 } },
      "N",
    ],
    [
      "maxLength 2, unknown longer map",
      W.struct([
        99,
        W.here(
          W.map(
            I32,
            I32,
            [1, 2, 3].map((i) => [W.i32(i), W.i32(i)] as const),
          ),
        ),
      ]),
      fails("LIMIT_EXCEEDED"),
      { limits: { maxLength: 2 } },
      "N",
    ],
    [
      "maxLength does not bound strings",
      W.struct([4, W.text("abc")]),
      '{"s":"abc"}',
      { limits: { maxLength: 0 } },
      "N",
    ],
    [
      "no limits",
      W.struct([4, W.text("abc")]),
      '{"s":"abc"}',
      { limits: { maxLength: Infinity, maxSize: Infinity, maxOutputSize: Infinity, maxDepth: Infinity } },
      "N",
    ],
  ]);

  it.each(W.PROTOCOLS)("depth 3000, %s", (protocol) => {
    const convert = (maxDepth: number): string =>
      thriftToJson(idl.type("N"), { protocol, limits: { maxDepth } }).convertToString(
        W.encodeBytes(nest(3000, inStruct), protocol),
      );
    expect(convert(3000)).toBe(json(3000));
    expectThriftError(() => convert(2999), { code: "LIMIT_EXCEEDED", path: n(2999) });
  });

  // The machine's stack is bounded, whatever the limit says.
  it.each(W.PROTOCOLS)("depth 100000, %s", (protocol) => {
    const converter = thriftToJson(idl.type("N"), { protocol, limits: { maxDepth: Infinity } });
    for (const wrap of [inStruct, inList, inMap, inUnknown]) {
      const { bytes } = W.encode(nest(1, wrap), protocol);
      const header = W.encodeBytes(wrap(W.struct()), protocol).subarray(0, -2);
      const deep = concat([...Array<Uint8Array>(100_000).fill(header), bytes]);
      expectThriftError(() => converter.convert(deep), { code: "LIMIT_EXCEEDED" });
    }
    expect(converter.convertToString(hex`00`)).toBe("{}");
  });

  describe.each(W.PROTOCOLS)("sizes, %s", (protocol) => {
    const value = W.struct([4, W.text("abc")]);
    const bytes = W.encodeBytes(value, protocol);
    const output = '{"s":"abc"}';
    const convert = (limits: ThriftToJsonOptions["limits"]): string =>
      thriftToJson(idl.type("N"), { protocol, ...(limits === undefined ? {} : { limits }) }).convertToString(
        bytes,
      );

    it("of the message", () => {
      expect(convert({ maxSize: bytes.length })).toBe(output);
      const maxSize = bytes.length - 1;
      expectThriftError(() => convert({ maxSize }), { code: "LIMIT_EXCEEDED", offset: maxSize });
      expectThriftError(() => convert({ maxSize: 0 }), { code: "LIMIT_EXCEEDED", offset: 0 });
    });

    it("of the output", () => {
      expect(convert({ maxOutputSize: output.length })).toBe(output);
      expectThriftError(() => convert({ maxOutputSize: output.length - 1 }), { code: "LIMIT_EXCEEDED" });
      expectThriftError(() => convert({ maxOutputSize: 0 }), { code: "LIMIT_EXCEEDED" });
    });
  });
});

describe("options that do not exist", () => {
  const type = parseIdl("struct S {}").struct("S");
  it.each([
    [{ int46: "string" }, /unknown option `int46`.*did you mean `int64`/],
    [{ quotedNumbers: "accept" }, /^thriftToJson: unknown option `quotedNumbers`; `jsonToThrift` has it$/],
    [{ nullElements: "skip" }, /unknown option `nullElements`/],
    [{ int64: "bigint" }, /`int64` must be "number" or "string", got "bigint"/],
    [{ int64: true }, /`int64`/],
    [{ int64: null }, /`int64`/],
    [{ byte: "uint8" }, /`byte`/],
    [{ nonFinite: "nan" }, /`nonFinite`/],
    [{ binary: "hex" }, /`binary`/],
    [{ enums: "names" }, /`enums`.*"name"/],
    [{ unknownFields: "keep" }, /`unknownFields`/],
    [{ duplicateFields: "skip" }, /`duplicateFields`/],
    [{ duplicateKeys: "skip" }, /`duplicateKeys`/],
    [{ unions: "none" }, /`unions`/],
    [{ mismatch: "ignore" }, /`mismatch`/],
    [{ utf8: "lossy" }, /`utf8`/],
    [{ exceptions: "catch" }, /`exceptions`/],
    [{ valueMapping: true }, /`valueMapping`/],
    [{ missingBase: "write" }, /`missingBase`/],
    [{ protocol: "json" }, /`protocol`/],
    [{ output: "shared" }, /`output`/],
    [{ missing: { require: "error" } }, /`require`/],
    [{ missing: { required: "fill" } }, /`missing.required`/],
    [{ missing: "write" }, /missing/],
    [{ limits: { depth: 3 } }, /`depth`/],
    [{ limits: { maxDepth: 0 } }, /maxDepth/],
    [{ limits: { maxDepth: 1.5 } }, /maxDepth/],
    [{ limits: { maxSize: -1 } }, /maxSize/],
    [{ limits: { maxLength: "3" } }, /maxLength/],
    [{ limits: { maxOutputSize: Number.NaN } }, /maxOutputSize/],
    [{ limits: 5 }, /limits/],
    ["binary", /must be an object/],
    [null, /must be an object/],
  ])("%j", (options, message) => {
    expectThriftError(() => thriftToJson(type, options as never), { code: "INVALID_OPTION", message });
  });

  it("undefined is as good as absent", () => {
    const options = { int64: undefined, missing: undefined, limits: undefined, mask: undefined } as never;
    expect(thriftToJson(type, options).convertToString(hex`00`)).toBe("{}");
    expect(thriftToJson(type, undefined).convertToString(hex`00`)).toBe("{}");
  });

  it("options are read once", () => {
    const options: { int64: "number" | "string" } = { int64: "string" };
    const converter = thriftToJson(parseIdl("").type("i64"), options);
    options.int64 = "number";
    expect(converter.convertToString(W.encodeBytes(W.i64(1), "binary"))).toBe('"1"');
  });
});
