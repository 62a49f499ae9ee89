import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { fromUtf8 } from "../support/bytes.ts";
import {
  createAnnotationRegistry,
  jsonToThrift,
  type MaskRule,
  type MissingOptions,
  parseIdl,
  thriftToJson,
  type ValueMapping,
} from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { expectJson, fails, type Row, testRows } from "./check.ts";
import * as W from "./wire.ts";

/** The executed matrix of dynamicgo's requiredness and defaults, where all defaults count as they should. */
const idl = parseIdl(`
  enum E { A = 1, B = 5 }
  const i32 C = 77
  const i32 C2 = C
  const string CS = "cs"
  struct In { 1: required i32 x = 9 }
  struct Plain { 1: i32 x = 9 }
  struct S {
    1: required i32 r, 2: i32 d, 3: optional i32 o, 4: required i32 rd = 11, 5: i32 dd = 12, 6: optional i32 od = 13,
    7: string cs = CS, 8: i32 c2 = C2, 9: E e = E.B, 10: bool bo = true, 11: double f = 1, 12: double g = 1.5,
    13: list<i32> l = [1, 2], 14: map<string,i32> m = {"a": 1}, 15: In inn, 16: In inn2 = {"x": 3}, 17: byte by = 1,
    18: i64 i64_ = -5, 19: E e2 = 5, 20: binary bin = "xx", 21: bool bi = 1, 23: set<string> ss, 24: optional In oin
  }
  struct Zeros {
    1: bool b, 2: byte y, 3: i16 h, 4: i32 i, 5: i64 l, 6: double d, 7: string s, 8: binary bin, 9: uuid u, 10: E e,
    11: list<i32> li, 12: set<string> ss, 13: map<string,i32> m, 14: map<In,i32> p, 15: In inn, 16: i64 j (api.js_conv),
    17: double jd (api.js_conv), 18: list<i64> jl (api.js_conv)
  }
  struct Odd {
    3: i64 big = 9223372036854775807, 1: byte y = -1, 2: i64 j = -1 (api.js_conv), 4: E e = E.A, 5: string s = "q\\"\\né",
    6: list<E> le = [E.A, E.B], 7: map<E,i64> me = {E.A: 1}, 8: map<list<i32>,bool> p = {[1]: true}, 9: double d = -0.0,
    10: string a = "x" (api.key = "größe"), 11: list<i64> jl = [1, 2] (api.js_conv), 12: uuid u = "00112233-4455-6677-8899-aabbccddeeff",
    13: binary b = "é", 14: set<i32> empty = [], 15: Plain p2 = {}, 16: list<Plain> lp = [{"x": 1}, {}], 17: double n = 1e21
  }
  union U { 1: i32 x = 5 }
  exception X { 1: i32 code = 3 }
  service Svc { i32 f() throws (1: X x) }
`);

const rAndRd = W.struct([1, W.i32(1)], [4, W.i32(2)]);
const missing = (options: MissingOptions): { readonly missing: MissingOptions } => ({ missing: options });
const DEFAULTS =
  '"cs":"cs","c2":77,"e":5,"bo":true,"f":1,"g":1.5,"l":[1,2],"m":{"a":1},"inn":{},"inn2":{"x":3},"by":1,"i64_":-5,' +
  '"e2":5,"bin":"eHg=","bi":true,"ss":[]';

/** A struct whose error is at its stop byte. */
function stopOf(value: W.Wire): W.Wire {
  return {
    type: TType.STRUCT,
    write: (out) => {
      value.write(out);
      out.mark = out.size - 1;
    },
  };
}

describe("what is missing", () => {
  testRows(idl, [
    ["everything", stopOf(W.struct()), fails("MISSING_REQUIRED", "r")],
    ["everything but one", stopOf(W.struct([1, W.i32(1)])), fails("MISSING_REQUIRED", "rd")],
    ["nothing that is required", rAndRd, '{"r":1,"rd":2}'],
    [
      "required, an error",
      stopOf(W.struct()),
      fails("MISSING_REQUIRED", "r"),
      missing({ required: "error" }),
    ],
    ["required, omitted", W.struct(), "{}", missing({ required: "omit" })],
    ["required, written", W.struct(), '{"r":0,"rd":11}', missing({ required: "write" })],
    ["required, one written", W.struct([4, W.i32(2)]), '{"rd":2,"r":0}', missing({ required: "write" })],
    ["default, written", rAndRd, `{"r":1,"rd":2,"d":0,"dd":12,${DEFAULTS}}`, missing({ default: "write" })],
    ["default, an error", stopOf(rAndRd), fails("MISSING_REQUIRED", "d"), missing({ default: "error" })],
    ["default, omitted", rAndRd, '{"r":1,"rd":2}', missing({ default: "omit" })],
    ["optional, written", rAndRd, '{"r":1,"rd":2,"o":0,"od":13,"oin":{}}', missing({ optional: "write" })],
    ["optional, an error", stopOf(rAndRd), fails("MISSING_REQUIRED", "o"), missing({ optional: "error" })],
    ["optional, omitted", rAndRd, '{"r":1,"rd":2}', missing({ optional: "omit" })],
    [
      "all written, by id",
      W.struct(),
      `{"r":0,"d":0,"o":0,"rd":11,"dd":12,"od":13,${DEFAULTS},"oin":{}}`,
      missing({ required: "write", default: "write", optional: "write" }),
    ],
    [
      "all written, behind what is there",
      W.struct([21, W.bool(false)], [3, W.i32(7)]),
      `{"bi":false,"o":7,"r":0,"d":0,"rd":11,"dd":12,"od":13,${DEFAULTS.replace(',"bi":true', "")},"oin":{}}`,
      missing({ required: "write", default: "write", optional: "write" }),
    ],
    [
      "in a struct that is there",
      W.struct([1, W.i32(1)], [4, W.i32(2)], [15, W.struct()]),
      '{"r":1,"rd":2,"inn":{"x":9}}',
      missing({ required: "write" }),
    ],
    [
      "in a struct that is there, an error",
      W.struct([1, W.i32(1)], [4, W.i32(2)], [15, stopOf(W.struct())]),
      fails("MISSING_REQUIRED", "inn.x"),
    ],
    [
      "the first of several by id",
      stopOf(W.struct([5, W.i32(1)])),
      fails("MISSING_REQUIRED", "r", { message: /the required field `r` is missing/ }),
      missing({ default: "error" }),
    ],
  ]);
});

describe("zeros", () => {
  const uuid = "00000000-0000-0000-0000-000000000000";
  const zeros = (changes: Readonly<Record<string, string>> = {}): string => {
    const texts = {
      b: "false",
      y: "0",
      h: "0",
      i: "0",
      l: "0",
      d: "0",
      s: '""',
      bin: '""',
      u: `"${uuid}"`,
      e: "0",
      li: "[]",
      ss: "[]",
      m: "{}",
      p: "[]",
      inn: "{}",
      j: '"0"',
      jd: '"0"',
      jl: "[]",
      ...changes,
    };
    return `{${Object.entries(texts).map(([key, text]) => `"${key}":${text}`)}}`;
  };
  const write = missing({ default: "write" });
  testRows(idl, [
    ["of every type", W.struct(), zeros(), write, "Zeros"],
    ["int64 as string", W.struct(), zeros({ l: '"0"' }), { ...write, int64: "string" }, "Zeros"],
    ["no value mapping", W.struct(), zeros({ j: "0", jd: "0" }), { ...write, valueMapping: "off" }, "Zeros"],
    // 0 is no member.
    ["enums by name", W.struct(), zeros(), { ...write, enums: "name" }, "Zeros"],
    ["nonFinite as string", W.struct(), zeros(), { ...write, nonFinite: "string", binary: "utf8" }, "Zeros"],
  ]);
});

describe("defaults follow the options", () => {
  const write = missing({ default: "write" });
  const odd = (changes: Readonly<Record<string, string>> = {}): string => {
    const texts = {
      y: "-1",
      j: '"-1"',
      big: "9223372036854775807",
      e: "1",
      s: String.raw`"q\"\né"`,
      le: "[1,5]",
      me: '{"1":1}',
      p: "[[[1],true]]",
      d: "-0",
      größe: '"x"',
      jl: '["1","2"]',
      u: '"00112233-4455-6677-8899-aabbccddeeff"',
      b: '"w6k="',
      empty: "[]",
      p2: "{}",
      lp: '[{"x":1},{}]',
      n: "1e+21",
      ...changes,
    };
    return `{${Object.entries(texts).map(([key, text]) => `"${key}":${text}`)}}`;
  };
  testRows(idl, [
    ["by default", W.struct(), odd(), write, "Odd"],
    [
      "int64 as string",
      W.struct(),
      odd({ big: '"9223372036854775807"', me: '{"1":"1"}' }),
      { ...write, int64: "string" },
      "Odd",
    ],
    ["unsigned bytes", W.struct(), odd({ y: "255" }), { ...write, byte: "unsigned" }, "Odd"],
    [
      "enums by name",
      W.struct(),
      odd({ e: '"A"', le: '["A","B"]', me: '{"A":1}' }),
      { ...write, enums: "name" },
      "Odd",
    ],
    ["binary as text", W.struct(), odd({ b: '"é"' }), { ...write, binary: "utf8" }, "Odd"],
    ["no value mapping", W.struct(), odd({ j: "-1", jl: "[1,2]" }), { ...write, valueMapping: "off" }, "Odd"],
  ] satisfies readonly Row[]);
});

describe("absence is the normal state of most", () => {
  const write = missing({ required: "write", default: "write", optional: "write" });
  const error = missing({ required: "error", default: "error", optional: "error" });
  const { result, args } = idl.service("Svc").method("f");
  it.each(W.PROTOCOLS)("members of unions, fields of results, %s", async (protocol) => {
    for (const options of [write, error]) {
      const union = thriftToJson(idl.type("U"), { ...options, protocol, unions: "any" });
      await expectJson(union, W.encodeBytes(W.struct(), protocol), "{}");
      await expectJson(
        thriftToJson(result, { ...options, protocol }),
        W.encodeBytes(W.struct([0, W.i32(1)]), protocol),
        '{"success":1}',
      );
      await expectJson(
        thriftToJson(args, { ...options, protocol }),
        W.encodeBytes(W.struct(), protocol),
        "{}",
      );
    }
  });
});

describe("both directions write the same", () => {
  const types = ["S", "Zeros", "Odd"];
  const all = { required: "write", default: "write", optional: "write" } as const;
  for (const type of types) {
    it.each(W.PROTOCOLS)(`${type}, %s`, (protocol) => {
      const descriptor = idl.type(type);
      const viaThrift = jsonToThrift(descriptor, { protocol, missing: all }).convert("{}");
      const plain = thriftToJson(descriptor, { protocol, missing: { required: "omit" } });
      const filling = thriftToJson(descriptor, { protocol, missing: all });
      expect(filling.convertToString(W.encodeBytes(W.struct(), protocol))).toBe(
        plain.convertToString(viaThrift),
      );
    });
  }
});

describe("defaults of fields with value mappings", () => {
  const mapping = {
    kind: "custom",
    name: "test",
    jsonToThrift: () => {
      throw new Error("no default is JSON");
    },
    thriftToJson: (bytes, context) => {
      // The scratch memory of the conversion is used meanwhile.
      const inner = context.toJson(bytes);
      return JSON.stringify(`<${context.field.name}=${inner}>`);
    },
  } as const satisfies ValueMapping;
  const mapped = parseIdl(
    `
    struct Sub { 1: string s = "q" (my.map), 2: required i32 x, 3: string t = "not given", 4: required Sub2 y }
    struct Sub2 { 1: i32 a = 1 }
    struct M {
      1: string a = "secret" (my.map), 2: string raw = '{"a":[1]}' (agw.body_dynamic), 3: Sub sub = {"s": "in"},
      4: list<Sub> l = [{}, {"s": "é", "x": 4}], 5: i64 n = 5 (my.map), 6: bool b = true (my.map), 7: string z (my.map),
      8: i32 plain = 1, 9: map<i32,Sub> m = {1: {"t": "given"}}, 10: Sub deep = {"s": "deep"} (my.map),
      11: string zeroRaw (agw.body_dynamic), 12: Mixed mixed = {"raw": "[]", "n": 3}, 13: string last = "last",
    }
    struct Mixed { 1: string raw (agw.body_dynamic), 2: required i64 n (api.js_conv), 3: required string s = "{}" (agw.body_dynamic) }
    struct Bad { 1: string raw = "no JSON" (agw.body_dynamic) }
    struct Outer { 1: i32 a, 2: M m, 3: list<Bad> bad }
    `,
    { annotations: createAnnotationRegistry({ values: { "my.map": () => mapping } }) },
  );
  const json =
    String.raw`{"a":"<a=\"secret\">","raw":{"a":[1]},"sub":{"s":"<s=\"in\">","x":0,"y":{}},` +
    String.raw`"l":[{"x":0,"y":{}},{"s":"<s=\"é\">","x":4,"y":{}}],"n":"<n=5>","b":"<b=true>","z":"<z=\"\">","plain":1,` +
    String.raw`"m":{"1":{"x":0,"t":"given","y":{}}},"deep":"<deep={\"s\":\"<s=\\\"deep\\\">\",\"x\":0,\"y\":{}}>",` +
    `"zeroRaw":"","mixed":{"raw":[],"n":"3","s":{}},"last":"last"}`;
  const write = missing({ default: "write" });
  const hide = (fields: readonly (readonly [number, MaskRule])[]): MaskRule => ({
    fields: new Map(fields),
    otherFields: "keep",
  });
  testRows(mapped, [
    ["custom, raw JSON, deep inside", W.struct(), json, write, "M"],
    [
      "behind and in front of other values",
      W.struct([1, W.i32(7)], [2, W.struct([8, W.i32(2)])], [3, W.list(TType.STRUCT)]),
      `{"a":7,"m":{"plain":2,${json.slice(1).replace('"plain":1,', "")},"bad":[]}`,
      write,
      "Outer",
    ],
    [
      "hidden by a mask",
      W.struct(),
      String.raw`{"a":"<a=\"secret\">","sub":{"x":0},"l":[{"x":0,"y":{}},{"x":4,"y":{}}],"last":"last"}`,
      {
        ...write,
        mask: hide([
          ...([2, 5, 6, 7, 8, 9, 10, 11, 12].map((id) => [id, "skip"]) as [number, "skip"][]),
          [
            3,
            hide([
              [1, "skip"],
              [4, "skip"],
            ]),
          ],
          [4, hide([[1, "skip"]])],
        ]),
      },
      "M",
    ],
    [
      "a default that is not JSON text",
      W.struct([3, W.list(TType.STRUCT, [stopOf(W.struct())])]),
      fails("INVALID_VALUE", "bad[0].raw", { message: /the default is not JSON text/ }),
      { ...write, mask: hide([[2, "skip"]]) },
      "Outer",
    ],
  ]);

  it.each(W.PROTOCOLS)("no value mapping: as in JSON→Thrift, %s", (protocol) => {
    const type = mapped.type("M");
    const options = { protocol, valueMapping: "off" } as const;
    const viaThrift = jsonToThrift(type, { ...options, ...write }).convert("{}");
    expect(
      thriftToJson(type, { ...options, ...write }).convertToString(W.encodeBytes(W.struct(), protocol)),
    ).toBe(thriftToJson(type, options).convertToString(viaThrift));
  });

  it.each(W.PROTOCOLS)("the other way, what JSON→Thrift writes becomes the same, %s", (protocol) => {
    const type = mapped.type("M");
    const viaThrift = jsonToThrift(type, { protocol, ...write }).convert("{}");
    // The zero of a string is no JSON text.
    const mask = hide([[11, "skip"]]);
    expect(thriftToJson(type, { protocol, mask }).convertToString(viaThrift)).toBe(
      json.replace('"zeroRaw":"",', ""),
    );
  });

  it("a mapping that fails: the error is behind the struct that lacks the field", () => {
    const failing = parseIdl("struct T { 1: string s (my.map) } struct S { 1: i32 a, 2: T t }", {
      annotations: createAnnotationRegistry({
        values: {
          "my.map": () => ({
            ...mapping,
            thriftToJson: () => {
              throw new Error("no");
            },
          }),
        },
      }),
    });
    const converter = thriftToJson(failing.type("S"), write);
    const { bytes, mark } = W.encode(W.struct([2, stopOf(W.struct())]), "binary");
    expectThriftError(() => converter.convert(bytes), {
      code: "FAILED_MAPPING",
      path: "t.s",
      offset: mark! + 1,
    });
  });
});

describe("size", () => {
  it("what is written counts as output", () => {
    const elements = 1000;
    const filler = "x".repeat(1000);
    const { type } = {
      type: parseIdl(`struct T { 1: string a = "${filler}" } struct S { 1: list<T> l }`).struct("S"),
    };
    const message = W.encodeBytes(
      W.struct([1, W.list(TType.STRUCT, Array(elements).fill(W.struct()))]),
      "binary",
    );
    const size = `{"l":[]}`.length + elements * (filler.length + `{"a":""}`.length) + elements - 1;
    const convert = (maxOutputSize: number): Uint8Array =>
      thriftToJson(type, { missing: { default: "write" }, limits: { maxOutputSize } }).convert(message);
    expect(convert(size)).toHaveLength(size);
    expect(() => convert(size - 1)).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });

  it("a default larger than the machine's memory", () => {
    const filler = "é".repeat(400_000);
    const type = parseIdl(`struct S { 1: i32 a, 2: string b = "${filler}", 3: i32 c = 1 }`).struct("S");
    const converter = thriftToJson(type, { missing: { default: "write" } });
    const message = W.encodeBytes(W.struct([1, W.i32(5)]), "binary");
    const expected = `{"a":5,"b":"${filler}","c":1}`;
    expect(converter.convertToString(message)).toBe(expected);
    expect(fromUtf8(converter.convert(message))).toBe(expected);
  });
});
