import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { concat, hex, truncationsOf, utf8, withNoise } from "../support/bytes.ts";
import {
  ConvertError,
  parseIdl,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  thriftToJson,
  WireError,
} from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { pump } from "../support/streams.ts";
import { convertEveryWay, expectError, type Failure, fails, type Row, testRows } from "./check.ts";
import { MESSAGES } from "./messages.ts";
import { truncationError } from "./truncation-model.ts";
import * as W from "./wire.ts";

const { I16, I32, I64, BYTE, BOOL, DOUBLE, STRING, STRUCT, LIST, SET, MAP, UUID } = TType;

describe.each(W.PROTOCOLS)("every truncation, %s", (protocol) => {
  it.each(MESSAGES)("$name", ({ type, value, json }) => {
    const converter = thriftToJson(type, { protocol });
    const bytes = W.encodeBytes(value, protocol);
    expect(converter.convertToString(bytes)).toBe(json);
    expect(truncationError(type, bytes, bytes.length, protocol)).toBeUndefined();
    for (const cut of truncationsOf(bytes)) {
      const expected = truncationError(type, bytes, cut.length, protocol)!;
      const error = expectThriftError(() => converter.convert(withNoise(cut, 0x00)), expected);
      expect(error).toBeInstanceOf(WireError);
    }
  });

  it("of streams that have given everything", async () => {
    for (const { type, value } of MESSAGES) {
      const bytes = W.encodeBytes(value, protocol);
      for (let end = 0; end < bytes.length; end += 7) {
        const expected = truncationError(type, bytes, end, protocol)!;
        const { error } = await pump([bytes.subarray(0, end)], thriftToJson(type, { protocol }).stream());
        expectThriftError(() => {
          throw error;
        }, expected);
      }
    }
  });
});

describe.each(W.PROTOCOLS)("trailing data, %s", (protocol) => {
  it.each(MESSAGES)("behind $name", async ({ type, value }) => {
    const converter = thriftToJson(type, { protocol });
    const bytes = W.encodeBytes(value, protocol);
    for (const more of [hex`00`, hex`ff`, bytes]) {
      await expectError(converter, concat([bytes, more]), {
        code: "TRAILING_DATA",
        offset: bytes.length,
        path: undefined,
      });
    }
  });
});

describe("hostile sizes and lengths", () => {
  const idl = parseIdl(`
    struct T { 1: i32 a }
    struct S {
      1: string s, 2: binary bin, 3: list<bool> lb, 4: list<i64> ll, 5: list<double> ld, 6: list<string> ls,
      7: list<T> lt, 8: map<string,string> ms, 9: map<double,double> md, 10: set<uuid> su, 11: list<list<i32>> lli,
      12: map<T,i32> mt, 13: list<i16> lh, 14: map<bool,bool> mb
    }
  `);
  const most = 2 ** 31 - 1;
  const sizes = [-1, -2, -(2 ** 31), most, most - 1, 2 ** 30, 2 ** 29, 2 ** 28, 100, 20];
  const places: readonly (readonly [
    string,
    (value: W.Wire) => W.Wire,
    (name: string) => string | undefined,
  ])[] = [
    ["known", (value) => W.struct([ids.get(value)!, value]), (name) => name],
    ["unknown", (value) => W.struct([99, value]), () => undefined],
    ["in an unknown struct", (value) => W.struct([99, W.struct([1, W.i32(1)], [2, value])]), () => undefined],
    ["in an unknown list", (value) => W.struct([99, W.list(value.type, [value])]), () => undefined],
    [
      "a key of an unknown map",
      (value) => W.struct([99, W.map(value.type, BOOL, [[value, W.bool(true)]])]),
      () => undefined,
    ],
    [
      "a value of an unknown map",
      (value) => W.struct([99, W.map(BOOL, value.type, [[W.bool(true), value]])]),
      () => undefined,
    ],
  ];
  const ids = new Map<W.Wire, number>();
  const values = (size: number): (readonly [number, string, string, W.Wire])[] => [
    [1, "s", "string", W.text("abc", size)],
    [2, "bin", "binary", W.text("abc", size)],
    [3, "lb", "list of bool", W.list(BOOL, [W.bool(true)], size)],
    [4, "ll", "list of i64", W.list(I64, [W.i64(1)], size)],
    [5, "ld", "list of double", W.list(DOUBLE, [W.double(1)], size)],
    [6, "ls", "list of string", W.list(STRING, [W.text("a")], size)],
    [7, "lt", "list of struct", W.list(STRUCT, [W.struct()], size)],
    [8, "ms", "map of strings", W.map(STRING, STRING, [[W.text("a"), W.text("b")]], size)],
    [9, "md", "map of doubles", W.map(DOUBLE, DOUBLE, [[W.double(1), W.double(2)]], size)],
    [10, "su", "set of uuid", W.set(UUID, [W.uuid("00112233-4455-6677-8899-aabbccddeeff")], size)],
    [11, "lli", "list of lists", W.list(LIST, [W.list(I32)], size)],
    [12, "mt", "map of structs", W.map(STRUCT, I32, [[W.struct(), W.i32(1)]], size)],
    [13, "lh", "list of i16", W.list(I16, [W.i16(1)], size)],
    [14, "mb", "map of bools", W.map(BOOL, BOOL, [[W.bool(true), W.bool(true)]], size)],
  ];

  describe.each(W.PROTOCOLS)("%s", (protocol) => {
    const converter = thriftToJson(idl.struct("S"), { protocol });
    it.each(sizes)("%i", (size) => {
      for (const [place, wrap, pathOf] of places) {
        for (const [id, name, what, value] of values(size)) {
          const marked = W.here(value);
          ids.set(marked, id);
          const { bytes, mark } = W.encode(wrap(marked), protocol);
          const error = expectThriftError(() => converter.convert(bytes), {
            code: "INVALID_SIZE",
            offset: mark,
            path: pathOf(name),
          });
          expect(error, `${what}, ${place}`).toBeInstanceOf(WireError);
        }
      }
    });

    it("allocate nothing of that size", async () => {
      const inputs = sizes.flatMap((size) =>
        values(size).flatMap(([id, , , value]) =>
          [id, 99].map((field) => W.encodeBytes(W.struct([field, value]), protocol)),
        ),
      );
      const before = process.memoryUsage();
      for (const bytes of inputs) {
        expectThriftError(() => converter.convert(bytes), { code: "INVALID_SIZE" });
        const { error } = await pump([bytes], converter.stream());
        expect(error).toBeInstanceOf(Error);
      }
      const after = process.memoryUsage();
      // One allocation of the smallest of the big sizes would be 256 MiB.
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024);
      expect(after.heapUsed - before.heapUsed).toBeLessThan(128 * 1024 * 1024);
    });

    it("in a stream, when it ends", async () => {
      for (const size of [most, 2 ** 28, 100]) {
        for (const [id, name, what, value] of values(size)) {
          if (what === "list of struct" || what === "list of lists" || what === "list of string") continue;
          const { bytes, mark } = W.encode(W.struct([id, W.here(value)]), protocol);
          // The bytes that follow the first element are no valid ones, so the message ends before them.
          const cut = bytes.subarray(0, -1);
          const { error } = await pump([cut], converter.stream());
          expectThriftError(
            () => {
              throw error;
            },
            { code: "INVALID_SIZE", offset: mark, path: name },
          );
        }
      }
    });
  });
});

describe("varints of fields that nobody knows", () => {
  const large = "ffffffffffffffffff01";
  const beyond = "ffffffffffffffffffff01";
  const tooLarge = (bits: number): Failure =>
    fails("OUT_OF_RANGE", undefined, { message: new RegExp(`a varint does not fit ${bits} bits`) });
  const unknown = (type: number, digits: string): W.Wire => W.markedRaw(type, "", digits);
  testRows(
    "struct S {}",
    [
      ["i16, 64 bits", W.struct([9, unknown(I16, large)]), tooLarge(32)],
      ["i32, 64 bits", W.struct([9, unknown(I32, large)]), tooLarge(32)],
      ["i32, 33 bits", W.struct([9, unknown(I32, "8080808010")]), tooLarge(32)],
      ["i32, 32 bits", W.struct([9, unknown(I32, "ffffffff0f")]), "{}"],
      ["i64, 64 bits", W.struct([9, unknown(I64, large)]), "{}"],
      ["i64, 71 bits", W.struct([9, unknown(I64, beyond)]), tooLarge(64)],
      ["i32 in a list", W.struct([9, W.list(I32, [W.i32(1), unknown(I32, large)])]), tooLarge(32)],
      [
        "an id",
        W.struct([9, W.struct([1, W.i32(1)], [2, W.markedRaw(STRUCT, "", `05${large}0200`)])]),
        tooLarge(32),
      ],
    ],
    ["compact"],
  );
});

describe("paths", () => {
  const idl = parseIdl(`
    enum E { ONE = 1 }
    struct T { 1: required i32 x, 2: T t, 3: list<T> l, 4: map<string,T> m }
    struct S {
      1: list<T> l, 2: map<string,T> s, 3: map<i32,T> i, 4: map<i64,T> l64, 5: map<E,T> e, 6: map<bool,T> b,
      7: map<double,T> d, 8: map<binary,T> bin, 9: map<uuid,T> u, 10: map<T,T> p, 11: map<list<T>,T> pl, 12: set<T> set,
      13: list<list<T>> ll, 14: map<string,map<i32,list<T>>> mm, 15: T t, 16: T __proto__, 17: T constructor,
      18: T key (api.key = "alias"), 19: map<byte,T> y, 20: map<i16,T> h
    }
    service Svc { S f(1: S arg) }
  `);
  const x = W.struct([1, W.i32(1)]);
  /** A struct without its required field: the error is at its stop byte. */
  const bad: W.Wire = {
    type: STRUCT,
    write: (out) => {
      out.put([0]);
      out.mark = out.size - 1;
    },
  };
  const list = (...elements: W.Wire[]): W.Wire => W.list(STRUCT, elements);
  const entry = (type: number, key: W.Wire, other: W.Wire): W.Wire =>
    W.map(type, STRUCT, [
      [other, x],
      [key, bad],
    ]);
  const rows: readonly (readonly [string, W.Wire])[] = [
    ["l[0]", W.struct([1, list(bad)])],
    ["l[3]", W.struct([1, list(x, x, x, bad)])],
    ['s["key"]', W.struct([2, entry(STRING, W.text("key"), W.text("other"))])],
    ['s[""]', W.struct([2, entry(STRING, W.text(""), W.text("other"))])],
    [String.raw`s["q\"\n"]`, W.struct([2, entry(STRING, W.text('q"\n'), W.text("other"))])],
    ['s["größe"]', W.struct([2, entry(STRING, W.text("größe"), W.text("other"))])],
    [`s["${"a".repeat(32)}"]`, W.struct([2, entry(STRING, W.text("a".repeat(32)), W.text("other"))])],
    [`s["${"a".repeat(32)}…"]`, W.struct([2, entry(STRING, W.text("a".repeat(33)), W.text("other"))])],
    [`s["${"b".repeat(32)}…"]`, W.struct([2, entry(STRING, W.text("b".repeat(5000)), W.text("other"))])],
    [`s["${"é".repeat(32)}…"]`, W.struct([2, entry(STRING, W.text("é".repeat(500)), W.text("other"))])],
    [`s["${"😀".repeat(16)}…"]`, W.struct([2, entry(STRING, W.text("😀".repeat(500)), W.text("other"))])],
    ["i[-5]", W.struct([3, entry(I32, W.i32(-5), W.i32(0))])],
    ["l64[9223372036854775807]", W.struct([4, entry(I64, W.i64(2n ** 63n - 1n), W.i64(0))])],
    ['e["ONE"]', W.struct([5, entry(I32, W.i32(1), W.i32(0))])],
    ["e[9]", W.struct([5, entry(I32, W.i32(9), W.i32(0))])],
    ["b[true]", W.struct([6, entry(BOOL, W.bool(true), W.bool(false))])],
    ["d[2.5]", W.struct([7, entry(DOUBLE, W.double(2.5), W.double(0))])],
    ["d[-0]", W.struct([7, entry(DOUBLE, W.double(-0), W.double(0))])],
    ["bin[0x00ff]", W.struct([8, entry(STRING, W.text(hex`00 ff`), W.text(""))])],
    [`bin[0x${"ab".repeat(16)}…]`, W.struct([8, entry(STRING, W.text(hex("ab".repeat(700))), W.text(""))])],
    [
      'u["00112233-4455-6677-8899-aabbccdd…"]',
      W.struct([
        9,
        entry(
          UUID,
          W.uuid("00112233-4455-6677-8899-aabbccddeeff"),
          W.uuid("ff112233-4455-6677-8899-aabbccddeeff"),
        ),
      ]),
    ],
    [
      "p[1][0]",
      W.struct([
        10,
        W.map(STRUCT, STRUCT, [
          [x, x],
          [bad, x],
        ]),
      ]),
    ],
    [
      "p[1][1]",
      W.struct([
        10,
        W.map(STRUCT, STRUCT, [
          [x, x],
          [x, bad],
        ]),
      ]),
    ],
    ["pl[0][0][1]", W.struct([11, W.map(LIST, STRUCT, [[list(x, bad), x]])])],
    ["pl[0][1]", W.struct([11, W.map(LIST, STRUCT, [[list(x, x), bad]])])],
    ["set[1]", W.struct([12, W.set(STRUCT, [x, bad])])],
    ["ll[1][2]", W.struct([13, W.list(LIST, [list(x), list(x, x, bad)])])],
    [
      'mm["k"][7][1]',
      W.struct([14, W.map(STRING, MAP, [[W.text("k"), W.map(I32, LIST, [[W.i32(7), list(x, bad)]])]])]),
    ],
    [
      't.t.l[0].m["k"]',
      W.struct([
        15,
        W.struct(
          [1, W.i32(1)],
          [
            2,
            W.struct(
              [1, W.i32(1)],
              [3, list(W.struct([1, W.i32(1)], [4, W.map(STRING, STRUCT, [[W.text("k"), bad]])]))],
            ),
          ],
        ),
      ]),
    ],
    ["__proto__", W.struct([16, bad])],
    ["constructor", W.struct([17, bad])],
    // Paths have names, not aliases.
    ["key", W.struct([18, bad])],
    ["y[-1]", W.struct([19, entry(BYTE, W.byte(255), W.byte(0))])],
    ["h[-300]", W.struct([20, entry(I16, W.i16(-300), W.i16(0))])],
    [
      "l[0] behind others",
      W.struct([15, x], [2, W.map(STRING, STRUCT, [[W.text("z"), x]])], [13, W.list(LIST)], [1, list(bad)]),
    ],
    ["l[0] behind unknown fields", W.struct([99, W.map(STRING, STRUCT, [[W.text("z"), x]])], [1, list(bad)])],
    [
      's["b"] behind a nested map',
      W.struct(
        [14, W.map(STRING, MAP, [[W.text("k"), W.map(I32, LIST)]])],
        [2, entry(STRING, W.text("b"), W.text("a"))],
      ),
    ],
  ];
  testRows(
    idl,
    rows.map(
      ([path, value]): Row => [path, value, fails("MISSING_REQUIRED", `${path.split(" behind")[0]}.x`)],
    ),
  );
  testRows(idl, [["the root", bad, fails("MISSING_REQUIRED", "x"), {}, "T"]]);

  it.each(W.PROTOCOLS)("of a result, %s", async (protocol) => {
    const { bytes, mark } = W.encode(W.struct([0, W.struct([1, list(x, bad)])]), protocol);
    const { result } = idl.service("Svc").method("f");
    await expectError(thriftToJson(result, { protocol }), bytes, {
      code: "MISSING_REQUIRED",
      path: "success.l[1].x",
      offset: mark,
    });
  });
});

describe("the struct itself is at fault, not the field before", () => {
  const idl = parseIdl(
    "struct T { 1: i32 a } union U { 1: i32 a, 2: i32 b } struct S { 1: T t, 2: i32 i, 3: U u }",
  );
  const raw = (binary: [string, string], compact: [string, string]): W.Wire => ({
    type: STRUCT,
    write: (out) => {
      const [before, marked] = out.compact ? compact : binary;
      out.put(hex(before));
      out.mark = out.size;
      out.put(hex(marked));
    },
  });
  testRows(idl, [
    [
      "an unknown type behind a field",
      raw(["08 0002 00000001", "07 0009 00"], ["25 02", "7e 00"]),
      fails("INVALID_TYPE"),
    ],
    ["the end behind a field", raw(["08 0002 00000001", ""], ["25 02", ""]), fails("TRUNCATED")],
    ["half a header behind a field", raw(["08 0002 00000001", "08 00"], ["25 02", "05"]), fails("TRUNCATED")],
    ["the end in a struct", raw(["0c 0001 08 0001 00000001", ""], ["1c 15 02", ""]), fails("TRUNCATED", "t")],
    ["the end of a field", raw(["08 0002", "000000"], ["25", "80"]), fails("TRUNCATED", "i")],
    [
      "an unknown field behind a field",
      W.struct([2, W.i32(1)], W.here(W.field(9, W.i32(1)))),
      fails("UNKNOWN_FIELD", "#9"),
      { unknownFields: "error" },
    ],
    [
      "a union behind its fields",
      raw(["0c 0003 08 0001 00000001 08 0002 00000001", "00 00"], ["3c 15 02 15 02", "00 00"]),
      fails("INVALID_UNION", "u"),
    ],
  ]);
});

describe("classes, messages, excerpts", () => {
  const idl = parseIdl("struct S { 1: string s, 2: required i32 r, 3: map<string,list<i32>> m }");
  const secret = "s3cr3t-value";
  const cases: readonly (readonly [string, Uint8Array, typeof WireError | typeof ConvertError, string])[] = [
    ["TRUNCATED", hex`0b 0001 0000`, WireError, "the bytes end inside a value (at s, offset 3)"],
    [
      "INVALID_SIZE",
      hex`0b 0001 000000ff ${utf8(secret)}`,
      WireError,
      "a size beyond the bytes that are left (at s, offset 3)",
    ],
    ["INVALID_SIZE", hex`0b 0001 ffffffff`, WireError, "a negative size (at s, offset 3)"],
    [
      "INVALID_UTF8",
      hex`0b 0001 0000000d ${utf8(secret)} ff 00`,
      WireError,
      "a string that is not valid UTF-8 (at s, offset 19)",
    ],
    ["INVALID_TYPE", hex`63 0001 00`, WireError, "99 is not a type of the protocol (at s, offset 0)"],
    ["TYPE_MISMATCH", hex`08 0001 00000000 00`, ConvertError, "expected string, found i32 (at s, offset 0)"],
    [
      "MISSING_REQUIRED",
      hex`0b 0001 0000000c ${utf8(secret)} 00`,
      ConvertError,
      "the required field `r` is missing (at r, offset 19)",
    ],
    [
      "TRAILING_DATA",
      hex`08 0002 00000001 00 ${utf8(secret)}`,
      WireError,
      "more bytes behind the end of the value (offset 8)",
    ],
    [
      "TYPE_MISMATCH",
      hex`0d 0003 0b 0f 00000001 00000001 "k" 0a 00000001 0000000000000001 00`,
      ConvertError,
      'expected elements of type i32, found i64 (at m["k"], offset 14)',
    ],
  ];
  it.each(cases)("%s %#", (code, bytes, errorClass, message) => {
    const error = expectThriftError(() => thriftToJson(idl.struct("S")).convert(bytes), {
      code: code as never,
      message,
      excerpt: undefined,
    });
    expect(error).toBeInstanceOf(errorClass);
    expect(error.message).not.toContain(secret);
    expect(error.cause).toBeUndefined();
  });

  it("what a stream has given stays given", async () => {
    const filler = "x".repeat(500_000);
    const bytes = W.encodeBytes(W.struct([1, W.text(filler)], [3, W.list(I32)]), "binary");
    const { bytes: output, error } = await pump([bytes], thriftToJson(idl.struct("S")).stream());
    expectThriftError(
      () => {
        throw error;
      },
      { code: "TYPE_MISMATCH", path: "m" },
    );
    expect(`{"s":"${filler}"`.startsWith(Buffer.from(output).toString())).toBe(true);
  });
});

describe("reuse after an error", () => {
  const options: readonly ThriftToJsonOptions[] = [
    {},
    { duplicateKeys: "error" },
    { mismatch: "skip", utf8: "replace" },
    { missing: { default: "write", optional: "write" }, unions: "any" },
  ];
  it.each(W.PROTOCOLS)("any error, then a good message, %s", async (protocol) => {
    for (const some of options) {
      const converters = new Map<string, ThriftToJsonConverter>();
      for (const { name, type, value } of MESSAGES) {
        const converter = thriftToJson(type, { ...some, protocol });
        converters.set(name, converter);
        const bytes = W.encodeBytes(value, protocol);
        const expected = converter.convertToString(bytes);
        for (let end = 0; end < bytes.length; end += 23) {
          const { code, offset, path } = truncationError(type, bytes, end, protocol)!;
          // Under "skip" a field is not entered before the types of its elements are there.
          const place = some.mismatch === "skip" ? {} : { offset, path };
          expectThriftError(() => converter.convert(bytes.subarray(0, end)), { code, ...place });
          expect(converter.convertToString(bytes)).toBe(expected);
        }
        const outcome = await convertEveryWay(converter, bytes);
        expect(outcome).toEqual({ json: expected });
      }
    }
  });
});

describe("sets and lists", () => {
  // The two have the same form, but they are different types.
  const idl = parseIdl("struct S { 1: list<set<i32>> l }");
  testRows(idl, [
    [
      "a list in place of a set",
      W.struct([1, W.here(W.list(LIST, [W.list(I32)]))]),
      fails("TYPE_MISMATCH", "l"),
    ],
    ["a set", W.struct([1, W.list(SET, [W.set(I32, [W.i32(1)])])]), '{"l":[[1]]}'],
  ]);
});
