import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { chunksOf, fromUtf8, hex, toHex, utf8 } from "../support/bytes.ts";
import {
  createAnnotationRegistry,
  type DeclaredExceptionError,
  encodeLiteral,
  type FieldDescriptor,
  type FieldSink,
  type IdlOptions,
  isThriftError,
  jsonToThrift,
  type MaskRule,
  parseIdl,
  type ThriftToJsonContext,
  type ThriftToJsonOptions,
  type TypeDescriptor,
  thriftToJson,
  Value,
  type ValueMapping,
} from "../support/engines.ts";
import { expectThriftError, matchThriftError } from "../support/errors.ts";
import { pump } from "../support/streams.ts";
import { convertEveryWay, expectError, expectJson, fails, testRows } from "./check.ts";
import * as W from "./wire.ts";

const { I32, I64, STRING, STRUCT, LIST, MAP, BOOL, DOUBLE } = TType;
type Custom = Extract<ValueMapping, { kind: "custom" }>;

/** An IDL whose fields with the annotation `my.map` have this mapping to JSON. */
function mappedIdl(idl: string, toJson: Custom["thriftToJson"]): ReturnType<typeof parseIdl> {
  const mapping: Custom = {
    kind: "custom",
    name: "test",
    jsonToThrift: (json, context) => context.fromJson(json),
    thriftToJson: toJson,
  };
  return parseIdl(idl, { annotations: createAnnotationRegistry({ values: { "my.map": () => mapping } }) });
}

/** Runs the conversion whole and in chunks; each time with a call made anew. */
async function bothWays<T>(
  type: TypeDescriptor,
  options: ThriftToJsonOptions,
  bytes: Uint8Array,
  makeCall: () => T & { base?: Record<string, unknown>; sink?: FieldSink },
): Promise<{ json: string; call: T }> {
  const converter = thriftToJson(type, options);
  const whole = makeCall();
  const json = converter.convertToString(bytes, whole);
  for (const sizes of [[1], [5, 2]]) {
    const call = makeCall();
    const streamed = await pump(chunksOf(bytes, sizes), converter.stream(call));
    if (streamed.error !== undefined) throw streamed.error;
    expect(fromUtf8(streamed.bytes)).toBe(json);
    // What it received; functions do not compare.
    expect(JSON.stringify(call)).toBe(JSON.stringify(whole));
  }
  return { json, call: whole };
}

describe("field sinks", () => {
  const idl = parseIdl(`
    struct Inner { 1: string name (api.header = "X-Name"), 2: i32 n }
    struct S {
      1: string plain, 2: string text (api.header = "X-Text"), 3: bool flag (api.header = "X-Flag"),
      4: i64 big (api.header = "X-Big", api.js_conv), 5: list<i32> list (api.header = "X-List"), 6: Inner inner,
      7: list<Inner> inners, 8: i32 code (api.http_code), 9: Inner whole (api.header = "X-Whole"),
      10: map<string,Inner> named, 11: bool off (api.header = "X-Off")
    }
  `);
  const value = W.struct(
    [1, W.text("é")],
    [2, W.text("to a header")],
    [3, W.bool(true)],
    [4, W.i64(2n ** 60n)],
    [5, W.list(I32, [W.i32(1), W.i32(2)])],
    [6, W.struct([1, W.text("in")], [2, W.i32(6)])],
    [7, W.list(STRUCT, [W.struct([2, W.i32(7)], [1, W.text("first")]), W.struct([1, W.text("second")])])],
    [8, W.i32(404)],
    [9, W.struct([1, W.text("w")], [2, W.i32(9)])],
    [10, W.map(STRING, STRUCT, [[W.text("k"), W.struct([1, W.text("v")])]])],
    [11, W.bool(false)],
  );
  const plain =
    '{"plain":"é","text":"to a header","flag":true,"big":"1152921504606846976","list":[1,2],"inner":{"name":"in","n":6},' +
    '"inners":[{"n":7,"name":"first"},{"name":"second"}],"code":404,"whole":{"name":"w","n":9},"named":{"k":{"name":"v"}},"off":false}';

  interface Recorder extends FieldSink {
    readonly log: string[];
  }
  function recorder(
    accepts: (name: string) => boolean,
    takes: (name: string) => boolean = () => true,
  ): Recorder {
    const log: string[] = [];
    return {
      log,
      accepts: (field) => accepts(field.name),
      write(field, bytes, context) {
        expect(context.field).toBe(field);
        log.push(`${field.name}=${context.toJson(bytes)}`);
        return takes(field.name);
      },
    };
  }

  describe.each(W.PROTOCOLS)("%s", (protocol) => {
    const bytes = W.encodeBytes(value, protocol);
    const convert = (sink: () => Recorder, options: ThriftToJsonOptions = {}) =>
      bothWays(idl.struct("S"), { ...options, protocol }, bytes, () => ({ sink: sink() }));

    it("no sink", async () => {
      await expectJson(thriftToJson(idl.struct("S"), { protocol }), bytes, plain);
      await expectJson(thriftToJson(idl.struct("S"), { protocol }), bytes, plain, {});
    });

    it("accepts nothing", async () => {
      const { json, call } = await convert(() => recorder(() => false));
      expect(json).toBe(plain);
      expect(call.sink.log).toEqual([]);
    });

    it("accepts everything and takes nothing", async () => {
      const { json, call } = await convert(() =>
        recorder(
          () => true,
          () => false,
        ),
      );
      expect(json).toBe(plain);
      expect(call.sink.log).toEqual([
        'text="to a header"',
        "flag=true",
        // By the ordinary rules: without js_conv.
        "big=1152921504606846976",
        "list=[1,2]",
        'name="in"',
        'name="first"',
        'name="second"',
        "code=404",
        'whole={"name":"w","n":9}',
        // Offered as well, because the struct around it stays in the JSON.
        'name="w"',
        'name="v"',
        "off=false",
      ]);
    });

    it("takes everything", async () => {
      const { json, call } = await convert(() => recorder(() => true));
      expect(json).toBe('{"plain":"é","inner":{"n":6},"inners":[{"n":7},{}],"named":{"k":{}}}');
      expect(call.sink.log).toEqual([
        'text="to a header"',
        "flag=true",
        "big=1152921504606846976",
        "list=[1,2]",
        'name="in"',
        'name="first"',
        'name="second"',
        "code=404",
        'whole={"name":"w","n":9}',
        'name="v"',
        "off=false",
      ]);
    });

    it("takes some", async () => {
      const { json } = await convert(() =>
        recorder(
          (name) => name !== "text",
          (name) => ["flag", "code", "name"].includes(name),
        ),
      );
      expect(json).toBe(
        '{"plain":"é","text":"to a header","big":"1152921504606846976","list":[1,2],"inner":{"n":6},"inners":[{"n":7},{}],' +
          '"whole":{"n":9},"named":{"k":{}},"off":false}',
      );
    });

    it("gets the encoded value", () => {
      const taken: Record<string, string> = {};
      const sink: FieldSink = {
        accepts: () => true,
        write: (field, encoded, context) => {
          expect(context.protocol).toBe(protocol);
          taken[field.name] = toHex(encoded);
          return true;
        },
      };
      thriftToJson(idl.struct("S"), { protocol }).convert(bytes, { sink });
      const encoded = (wire: W.Wire): string => toHex(W.encodeBytes(wire, protocol));
      expect(taken).toEqual({
        text: encoded(W.text("to a header")),
        // In the compact protocol the header is all that a boolean has; here it is an element.
        flag: protocol === "compact" ? "01" : "01",
        off: protocol === "compact" ? "02" : "00",
        big: encoded(W.i64(2n ** 60n)),
        list: encoded(W.list(I32, [W.i32(1), W.i32(2)])),
        name: encoded(W.text("v")),
        code: encoded(W.i32(404)),
        whole: encoded(W.struct([1, W.text("w")], [2, W.i32(9)])),
      });
    });

    it("may keep nothing, may convert", async () => {
      const other = thriftToJson(parseIdl("").type("list<string>"));
      const otherBytes = W.encodeBytes(W.list(STRING, [W.text("other"), W.text("ASCII")]), "binary");
      const sink: FieldSink = {
        accepts: () => other.convertToString(otherBytes).length > 0,
        write: (_field, encoded, context) => {
          other.convert(otherBytes);
          expect(context.toJson(encoded.slice())).toBe(context.toJson(encoded));
          expect(other.convertToString(otherBytes)).toBe('["other","ASCII"]');
          return false;
        },
      };
      const outcome = await convertEveryWay(thriftToJson(idl.struct("S"), { protocol }), bytes, {
        call: { sink },
      });
      expect(outcome).toEqual({ json: plain });
      const taking: FieldSink = { ...sink, write: () => other.convertToString(otherBytes).length > 0 };
      await expectJson(
        thriftToJson(idl.struct("S"), { protocol }),
        bytes,
        '{"plain":"é","inner":{"n":6},"inners":[{"n":7},{}],"named":{"k":{}}}',
        { sink: taking },
      );
    });

    it("taken fields are not missing", async () => {
      const { json } = await convert(() => recorder((name) => name === "text"), {
        missing: { default: "error" },
        mask: {
          fields: new Map([
            [6, "skip" as const],
            [7, "skip" as const],
            [9, "skip" as const],
            [10, "skip" as const],
          ]),
          otherFields: "keep",
        },
      });
      expect(json).toBe(
        '{"plain":"é","flag":true,"big":"1152921504606846976","list":[1,2],"code":404,"off":false}',
      );
    });

    it("large values", async () => {
      const type = parseIdl(
        'struct S { 1: string a (api.header = "a"), 2: string b, 3: list<string> c (api.header = "c") }',
      ).struct("S");
      const long = "x".repeat(600_000);
      const message = W.encodeBytes(
        W.struct(
          [1, W.text(long)],
          [2, W.text("é")],
          [3, W.list(STRING, Array(30).fill(W.text("y".repeat(20_000))))],
        ),
        protocol,
      );
      let size = 0;
      const sink: FieldSink = {
        accepts: () => true,
        write: (_field, encoded) => {
          size += encoded.length;
          return true;
        },
      };
      const converter = thriftToJson(type, { protocol });
      expect(converter.convertToString(message, { sink })).toBe('{"b":"é"}');
      const whole = size;
      size = 0;
      const { bytes: streamed } = await pump(chunksOf(message, 7000), converter.stream({ sink }));
      expect(fromUtf8(streamed)).toBe('{"b":"é"}');
      expect(size).toBe(whole);
      expect(size).toBeGreaterThan(1_200_000);
      const declining: FieldSink = { accepts: () => true, write: () => false };
      expect(
        converter.convertToString(message, { sink: declining }) === converter.convertToString(message),
      ).toBe(true);
    });

    it.each([
      [
        "accepts",
        {
          accepts: () => {
            throw new TypeError("user");
          },
          write: () => true,
        },
      ],
      [
        "write",
        {
          accepts: () => true,
          write: () => {
            throw new TypeError("user");
          },
        },
      ],
    ] as readonly (readonly [string, FieldSink])[])("an error in %s", async (_name, sink) => {
      const converter = thriftToJson(idl.struct("S"), { protocol });
      const outcome = await convertEveryWay(converter, bytes, { call: { sink } });
      if (!("error" in outcome)) throw new Error("no error");
      matchThriftError(outcome.error, { code: "FAILED_MAPPING", path: "text" });
      expect(outcome.error.cause).toBeInstanceOf(TypeError);
      expect(converter.convertToString(bytes)).toBe(plain);
    });

    it("errors in a declined value speak of the message", async () => {
      const sink: FieldSink = { accepts: () => true, write: () => false };
      const { bytes: message, mark } = W.encode(
        W.struct(
          [1, W.text("before")],
          [
            10,
            W.map(STRING, STRUCT, [[W.text("k"), W.struct([2, W.i32(1)], [1, W.markedText("ab", hex`ff`)])]]),
          ],
        ),
        protocol,
      );
      const converter = thriftToJson(idl.struct("S"), { protocol });
      await expectError(
        converter,
        message,
        { code: "INVALID_UTF8", path: 'named["k"].name', offset: mark },
        { call: { sink } },
      );
      const { bytes: wrong, mark: at } = W.encode(
        W.struct([9, W.struct(W.here(W.field(2, W.text("no number"))))]),
        protocol,
      );
      await expectError(
        converter,
        wrong,
        { code: "TYPE_MISMATCH", path: "whole.n", offset: at },
        { call: { sink } },
      );
    });
  });
});

/** Members of every form that JavaScript has for values, whose JSON key is not their name. */
const WIDE_MEMBERS = `
  1: i64 i (api.key = "I"), 2: binary bin (api.key = "Bin"), 3: string s, 4: set<i64> ids, 5: Level level,
  6: map<i64, i64> numbers, 7: map<binary, i64> bins, 8: double d, 9: list<Part> list (api.key = "List"),
  10: map<string, list<i64>> lists, 11: uuid id, 12: bool on, 13: string body (agw.body_dynamic),
  14: i64 quoted (api.js_conv), 15: byte small, 16: map<Part, i32> parts, 17: optional i64 big = 9007199254740993
`;
const WIDE_TYPES = "enum Level { LOW = 1, HIGH = 2 } struct Part { 1: i64 i (api.key = 'I'), 2: bool b }";
const WIDE = `${WIDE_TYPES} exception Wide { ${WIDE_MEMBERS} } service Svc { void f() throws (1: Wide wide) }`;

const MAX = 2n ** 63n - 1n;
/** What stands on the wire, and its value by field name. */
const WIDE_ROWS: readonly (readonly [
  name: string,
  options: ThriftToJsonOptions,
  members: W.Wire,
  expected: object,
])[] = [
  ["i64", {}, W.struct([1, W.i64(MAX)]), { i: MAX }],
  ["a negative i64", {}, W.struct([1, W.i64(-MAX - 1n)]), { i: -MAX - 1n }],
  ["i64 that is a string in the JSON", { int64: "string" }, W.struct([1, W.i64(MAX)]), { i: MAX }],
  ["a small i64", {}, W.struct([1, W.i64(7)]), { i: 7n }],
  ["binary", {}, W.struct([2, W.text(hex`00 ff`)]), { bin: hex`00 ff` }],
  ["binary that is text in the JSON", { binary: "utf8" }, W.struct([2, W.text("é")]), { bin: utf8("é") }],
  ["text", {}, W.struct([3, W.text("größe")]), { s: "größe" }],
  ["a set", {}, W.struct([4, W.set(I64, [W.i64(MAX)])]), { ids: new Set([MAX]) }],
  ["an enum that is a name in the JSON", { enums: "name" }, W.struct([5, W.i32(2)]), { level: 2 }],
  ["an unknown number of an enum", { enums: "name" }, W.struct([5, W.i32(9)]), { level: 9 }],
  ["a double", {}, W.struct([8, W.double(-0)]), { d: -0 }],
  [
    "NaN that is null in the JSON",
    { nonFinite: "null" },
    W.struct([8, W.double(Number.NaN)]),
    { d: Number.NaN },
  ],
  [
    "structs in a list",
    {},
    W.struct([9, W.list(STRUCT, [W.struct([1, W.i64(MAX)]), W.struct()])]),
    { list: [{ i: MAX }, {}] },
  ],
  [
    "a uuid",
    {},
    W.struct([11, W.uuid("00112233-4455-6677-8899-aabbccddeeff")]),
    { id: "00112233-4455-6677-8899-aabbccddeeff" },
  ],
  ["a bool", {}, W.struct([12, W.bool(false)]), { on: false }],
  ["agw.body_dynamic", {}, W.struct([13, W.text('{"a":1}')]), { body: '{"a":1}' }],
  ["api.js_conv", {}, W.struct([14, W.i64(MAX)]), { quoted: MAX }],
  ["an unsigned byte in the JSON", { byte: "unsigned" }, W.struct([15, W.byte(-1)]), { small: -1 }],
  [
    "binary keys",
    {},
    W.struct([7, W.map(STRING, I64, [[W.text(hex`ff`), W.i64(MAX)]])]),
    { bins: new Map([[hex`ff`, MAX]]) },
  ],
  [
    "struct keys",
    {},
    W.struct([16, W.map(STRUCT, I32, [[W.struct([1, W.i64(MAX)]), W.i32(1)]])]),
    { parts: new Map([[{ i: MAX }, 1]]) },
  ],
  [
    "a map",
    {},
    W.struct([10, W.map(STRING, LIST, [[W.text("k"), W.list(I64, [W.i64(MAX)])]])]),
    { lists: new Map([["k", [MAX]]]) },
  ],
  [
    "number keys",
    {},
    W.struct([6, W.map(I64, I64, [[W.i64(MAX), W.i64(1)]])]),
    { numbers: new Map([[MAX, 1n]]) },
  ],
];

describe("Thrift base that is received", () => {
  const base = parseIdl(
    `include "base.thrift"
    struct Req { 255: base.Base Base }
    struct Resp { 255: base.BaseResp BaseResp }
    service Svc { Resp f(1: Req req) }`,
    {
      sources: {
        "base.thrift": `${WIDE_TYPES} struct Base { ${WIDE_MEMBERS} } struct BaseResp { ${WIDE_MEMBERS} }`,
      },
    },
  );

  describe.each(W.PROTOCOLS)("%s", (protocol) => {
    const receive = async (
      members: W.Wire,
      options: ThriftToJsonOptions,
    ): Promise<Record<string, unknown>> => {
      const type = base.service("Svc").method("f").result;
      const bytes = W.encodeBytes(W.struct([0, W.struct([255, members])]), protocol);
      const converter = thriftToJson(type, { ...options, protocol });
      const received: Record<string, unknown> = {};
      expect(converter.convertToString(bytes, { base: received })).toBe('{"success":{}}');
      const streamed: Record<string, unknown> = {};
      await pump(chunksOf(bytes, 1), converter.stream({ base: streamed }));
      expect(streamed).toEqual(received);
      return received;
    };

    it.each(WIDE_ROWS)("by field name, and can be given: %s", async (_name, options, members, expected) => {
      const received = await receive(members, options);
      expect(received).toEqual(withObjects(expected));
      const sent = jsonToThrift(base.struct("Req"), { protocol }).convert("{}", { base: received });
      expect(toHex(sent)).toBe(toHex(W.encodeBytes(W.struct([255, members]), protocol)));
    });

    it("of keys that occur twice the first counts, also where they are binary or structs", async () => {
      const bins = W.map(STRING, I64, [
        [W.text("a"), W.i64(1)],
        [W.text("b"), W.i64(2)],
        [W.text("a"), W.i64(3)],
      ]);
      const parts = W.map(STRUCT, I32, [
        [W.struct(), W.i32(1)],
        [W.struct(), W.i32(2)],
      ]);
      expect(await receive(W.struct([7, bins], [16, parts]), {})).toEqual({
        bins: new Map([
          [utf8("a"), 1n],
          [utf8("b"), 2n],
        ]),
        parts: new Map([[{}, 1]]),
      });
    });

    it("what a mask hides stays hidden", async () => {
      const mask: MaskRule = {
        fields: new Map([
          [
            0,
            {
              fields: new Map([[255, { fields: new Map([[1, "skip"]]), otherFields: "keep" }]]),
              otherFields: "keep",
            },
          ],
        ]),
        otherFields: "keep",
      };
      expect(await receive(W.struct([1, W.i64(1)], [12, W.bool(true)]), { mask })).toEqual({ on: true });
    });

    it("a field called __proto__", () => {
      const type = parseIdl('include "base.thrift" struct Resp { 255: base.BaseResp BaseResp }', {
        sources: { "base.thrift": "struct BaseResp { 1: map<string, i64> __proto__ }" },
      }).struct("Resp");
      const bytes = W.encodeBytes(
        W.struct([255, W.struct([1, W.map(STRING, I64, [[W.text("__proto__"), W.i64(1)]])])]),
        protocol,
      );
      const received = {};
      thriftToJson(type, { protocol }).convert(bytes, { base: received });
      expect(Object.getPrototypeOf(received)).toBe(Object.prototype);
      expect(Object.keys(received)).toEqual(["__proto__"]);
    });
  });

  /** The maps of a value as objects, where property names can be their keys. */
  function withObjects(value: object): object {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        member instanceof Map && name !== "bins" && name !== "parts" ? Object.fromEntries(member) : member,
      ]),
    );
  }
});

describe("Thrift base", () => {
  const options: IdlOptions = {
    sources: {
      "base.thrift": `
        struct TrafficEnv { 1: bool Open, 2: string Env }
        struct Base { 1: string LogID, 2: string Caller, 6: optional map<string,string> Extra }
        struct BaseResp { 1: string StatusMessage, 2: i32 StatusCode, 3: optional map<string,string> Extra }
      `,
    },
  };
  const idl = parseIdl(
    `
    include "base.thrift"
    struct Inner { 1: i32 a, 255: base.BaseResp base }
    struct Resp { 1: string q, 2: Inner inner, 3: list<Inner> inners, 255: required base.BaseResp BaseResp }
    service Svc { Resp f(1: Inner arg) }
  `,
    options,
  );
  const base = (code: number): W.Wire =>
    W.struct(
      [1, W.text("größe")],
      [2, W.i32(code)],
      [3, W.map(STRING, STRING, [[W.text("__proto__"), W.text("v")]])],
    );
  const inner = W.struct([1, W.i32(1)], [255, base(7)]);
  const resp = W.struct([1, W.text("q")], [255, base(3)], [2, inner], [3, W.list(STRUCT, [inner])]);
  const baseJson = (code: number): string =>
    `{"StatusMessage":"größe","StatusCode":${code},"Extra":{"__proto__":"v"}}`;
  const innerJson = `{"a":1,"base":${baseJson(7)}}`;
  const withBase = `{"q":"q","BaseResp":${baseJson(3)},"inner":${innerJson},"inners":[${innerJson}]}`;
  const without = `{"q":"q","inner":${innerJson},"inners":[${innerJson}]}`;
  const received = JSON.parse(baseJson(3)) as Record<string, unknown>;

  describe.each(W.PROTOCOLS)("%s", (protocol) => {
    const bytes = W.encodeBytes(resp, protocol);
    const type = idl.struct("Resp");

    it("stays in the JSON where nobody asks for it", async () => {
      await expectJson(thriftToJson(type, { protocol }), bytes, withBase);
      await expectJson(thriftToJson(type, { protocol }), bytes, withBase, {});
    });

    it("goes to the call", async () => {
      const { json, call } = await bothWays(type, { protocol }, bytes, () => ({
        base: { kept: 1 } as Record<string, unknown>,
      }));
      expect(json).toBe(without);
      expect(call.base).toEqual({ kept: 1, ...received });
    });

    it("cannot go to a call that does not take it", () => {
      const setter = Object.defineProperty({}, "StatusCode", {
        set: () => {
          throw new Error("no");
        },
      });
      for (const base of [Object.freeze({}), setter]) {
        expectThriftError(() => thriftToJson(type, { protocol }).convert(bytes, { base }), {
          code: "FAILED_MAPPING",
          path: "BaseResp",
        });
      }
    });

    it("of the success of a result", async () => {
      const result = idl.service("Svc").method("f").result;
      const { json, call } = await bothWays(
        result,
        { protocol },
        W.encodeBytes(W.struct([0, resp]), protocol),
        () => ({ base: {} as Record<string, unknown> }),
      );
      expect(json).toBe(`{"success":${without}}`);
      expect(call.base).toEqual(received);
    });

    it("is ordinary elsewhere", async () => {
      for (const [root, value, json] of [
        ["list<Inner>", W.list(STRUCT, [inner]), `[${innerJson}]`],
        ["map<string,Inner>", W.map(STRING, STRUCT, [[W.text("k"), inner]]), `{"k":${innerJson}}`],
        ["map<Inner,i32>", W.map(STRUCT, I32, [[inner, W.i32(1)]]), `[[${innerJson},1]]`],
        ["i32", W.i32(1), "1"],
      ] as const) {
        const { json: text, call } = await bothWays(
          idl.type(root),
          { protocol },
          W.encodeBytes(value, protocol),
          () => ({ base: {} as Record<string, unknown> }),
        );
        expect(text).toBe(json);
        expect(call.base).toEqual({});
      }
    });

    it("absent", async () => {
      const stop = W.encodeBytes(W.struct(), protocol);
      const converter = thriftToJson(type, { protocol });
      await expectError(converter, stop, {
        code: "MISSING_REQUIRED",
        path: "BaseResp",
        offset: stop.length - 1,
      });
      await expectJson(thriftToJson(type, { protocol, missingBase: "omit" }), stop, "{}");
      await expectJson(
        thriftToJson(type, { protocol, missingBase: "error", missing: { required: "omit" } }),
        stop,
        "{}",
      );
      await expectJson(
        thriftToJson(type, { protocol, missing: { required: "write" } }),
        stop,
        '{"BaseResp":{}}',
      );
    });

    it("absent, with a call that takes it, stays out of the JSON", async () => {
      const { json, call } = await bothWays(
        type,
        { protocol, missing: { required: "write" } },
        W.encodeBytes(W.struct([2, W.struct([1, W.i32(1)])]), protocol),
        () => ({ base: {} as Record<string, unknown> }),
      );
      expect(json).toBe('{"inner":{"a":1}}');
      expect(call.base).toEqual({});
    });

    it("errors in it speak of the message", async () => {
      const { bytes: message, mark } = W.encode(
        W.struct([1, W.text("q")], [255, W.struct([2, W.i32(1)], [1, W.markedText("abc", hex`80`)])]),
        protocol,
      );
      const converter = thriftToJson(type, { protocol });
      await expectError(
        converter,
        message,
        { code: "INVALID_UTF8", path: "BaseResp.StatusMessage", offset: mark },
        { call: { base: {} } },
      );
    });

    it("a mask hides it", async () => {
      const mask: MaskRule = { fields: new Map([[255, "skip"]]), otherFields: "keep" };
      const { json, call } = await bothWays(type, { protocol, mask }, bytes, () => ({
        base: {} as Record<string, unknown>,
      }));
      expect(json).toBe(without);
      expect(call.base).toEqual({});
    });
  });
});

describe("declared exceptions", () => {
  const idl = parseIdl(`
    struct Detail { 1: string text, 2: i64 id, 3: optional i32 extra = 5 }
    exception Failure { 1: required i32 code, 2: Detail detail, 3: map<string,list<string>> notes }
    service Svc { i32 f() throws (1: Failure failure) }
  `);
  const { result } = idl.service("Svc").method("f");
  const failure = (text: W.Wire): W.Wire =>
    W.struct([1, W.i32(1)], [3, W.map(STRING, LIST, [[W.text("k"), W.list(STRING, [W.text("a"), text])]])]);

  it.each(W.PROTOCOLS)("errors inside speak of the message, %s", async (protocol) => {
    const converter = thriftToJson(result, { protocol, exceptions: "throw" });
    const { bytes, mark } = W.encode(
      W.struct([0, W.i32(3)], [1, failure(W.markedText("é", hex`ff`))]),
      protocol,
    );
    await expectError(converter, bytes, {
      code: "INVALID_UTF8",
      path: 'failure.notes["k"][1]',
      offset: mark,
    });
    const missing = W.encodeBytes(W.struct([1, W.struct()]), protocol);
    await expectError(converter, missing, {
      code: "MISSING_REQUIRED",
      path: "failure.code",
      offset: missing.length - 2,
    });
    const cut = missing.subarray(0, -2);
    await expectError(converter, cut, { code: "TRUNCATED", path: "failure", offset: cut.length });
  });

  describe.each(W.PROTOCOLS)("have their value as Value.toJS gives it: %s", (protocol) => {
    const wide = parseIdl(WIDE).service("Svc").method("f").result;
    const thrown = async (value: W.Wire, options: ThriftToJsonOptions = {}): Promise<unknown> => {
      const converter = thriftToJson(wide, { ...options, protocol, exceptions: "throw" });
      const bytes = W.encodeBytes(W.struct([1, value]), protocol);
      const error = await expectError(converter, bytes, { code: "EXCEPTION", path: "wide" });
      return (error as DeclaredExceptionError).value;
    };
    const value = (members: W.Wire): unknown =>
      Value.from(parseIdl(WIDE).struct("Wide"), W.encodeBytes(members, protocol), { protocol }).toJS();

    it.each(WIDE_ROWS)("%s", async (_name, options, members, expected) => {
      expect(await thrown(members, options)).toEqual(expected);
      expect(value(members)).toEqual(expected);
    });

    it.each<[name: string, options: ThriftToJsonOptions, members: W.Wire, expected: object]>([
      [
        "what a mask hides",
        {
          mask: {
            fields: new Map([[1, { fields: new Map([[2, "skip"]]), otherFields: "keep" }]]),
            otherFields: "keep",
          },
        },
        W.struct([1, W.i64(1)], [2, W.text(hex`00`)]),
        { i: 1n },
      ],
      [
        "what a mask hides deeper",
        {
          mask: {
            fields: new Map([
              [
                1,
                {
                  fields: new Map([[9, { fields: new Map([[1, "skip"]]), otherFields: "keep" }]]),
                  otherFields: "keep",
                },
              ],
            ]),
            otherFields: "keep",
          },
        },
        W.struct([9, W.list(STRUCT, [W.struct([1, W.i64(1)], [2, W.bool(true)])])]),
        { list: [{ b: true }] },
      ],
      [
        "a wrong type, passed over",
        { mismatch: "skip" },
        W.struct([1, W.i32(1)], [3, W.text("s")]),
        { s: "s" },
      ],
      [
        "wrong elements, passed over",
        { mismatch: "skip" },
        W.struct([
          10,
          W.map(STRING, LIST, [
            [W.text("a"), W.list(I32, [W.i32(1)])],
            [W.text("b"), W.list(I64, [W.i64(1)])],
          ]),
        ]),
        { lists: new Map([["b", [1n]]]) },
      ],
      ["text that is mended", { utf8: "replace" }, W.struct([3, W.text(hex`61 ff`)]), { s: "a\ufffd" }],
      [
        "a missing field, written",
        { missing: { optional: "write" } },
        W.struct([1, W.i64(1)]),
        { i: 1n, big: 2n ** 53n + 1n },
      ],
      ["an unknown field", {}, W.struct([99, W.list(STRING, [W.text("x")])], [1, W.i64(1)]), { i: 1n }],
      [
        "the first of a field twice",
        { duplicateFields: "keep" },
        W.struct([1, W.i64(1)], [1, W.i64(2)]),
        { i: 1n },
      ],
    ])("%s", async (_name, options, members, expected) => {
      expect(await thrown(members, options)).toEqual(expected);
    });
  });

  it.each(W.PROTOCOLS)("follow the options, %s", async (protocol) => {
    const converter = thriftToJson(result, {
      protocol,
      exceptions: "throw",
      int64: "string",
      missing: { optional: "write" },
    });
    const bytes = W.encodeBytes(
      W.struct([1, W.struct([1, W.i32(1)], [2, W.struct([2, W.i64(2n ** 53n + 1n)])])]),
      protocol,
    );
    const error = await expectError(converter, bytes, { code: "EXCEPTION", path: "failure" });
    expect(error).toMatchObject({
      json: '{"code":1,"detail":{"id":"9007199254740993","extra":5}}',
      // The options are about the JSON.
      value: { code: 1, detail: { id: 9007199254740993n, extra: 5 } },
    });
  });
});

describe("value mappings", () => {
  describe("js_conv", () => {
    const idl = `
      enum E { A = 1 }
      struct T { 1: i64 plain, 2: i64 quoted (api.js_conv) }
      struct S {
        1: byte y (api.js_conv), 2: i16 h (api.js_conv), 3: i32 i (api.js_conv), 4: i64 l (api.js_conv),
        5: double d (api.js_conv), 6: string s (api.js_conv), 7: E e (api.js_conv), 8: list<i32> li (api.js_conv),
        9: map<i32,list<double>> m (api.js_conv), 10: T t (api.js_conv), 11: list<T> lt (api.js_conv),
        12: bool b (agw.js_conv), 13: binary bin (agw.js_conv), 14: uuid u (agw.js_conv), 15: map<i64,bool> k (agw.js_conv)
      }
    `;
    const t = W.struct([1, W.i64(1)], [2, W.i64(2)]);
    const uuid = "00112233-4455-6677-8899-aabbccddeeff";
    const value = W.struct(
      [1, W.byte(-1)],
      [2, W.i16(2)],
      [3, W.i32(3)],
      [4, W.i64(2n ** 63n - 1n)],
      [5, W.double(-0)],
      [6, W.text("1.50")],
      [7, W.i32(1)],
      [8, W.list(I32, [W.i32(8)])],
      [9, W.map(I32, LIST, [[W.i32(9), W.list(DOUBLE, [W.double(1e21)])]])],
      [10, t],
      [11, W.list(STRUCT, [t])],
      [12, W.bool(true)],
      [13, W.text("a")],
      [14, W.uuid(uuid)],
      [15, W.map(I64, BOOL, [[W.i64(1), W.bool(false)]])],
    );
    const tail = `"b":true,"bin":"YQ==","u":"${uuid}","k":{"1":false}}`;
    testRows(idl, [
      [
        "on (default)",
        value,
        '{"y":"-1","h":"2","i":"3","l":"9223372036854775807","d":"-0","s":"1.50","e":"1","li":["8"],"m":{"9":["1e+21"]},' +
          `"t":{"plain":1,"quoted":"2"},"lt":[{"plain":1,"quoted":"2"}],${tail}`,
      ],
      [
        "off",
        value,
        '{"y":-1,"h":2,"i":3,"l":9223372036854775807,"d":-0,"s":"1.50","e":1,"li":[8],"m":{"9":[1e+21]},' +
          `"t":{"plain":1,"quoted":2},"lt":[{"plain":1,"quoted":2}],${tail}`,
        { valueMapping: "off" },
      ],
    ]);
  });

  describe("raw JSON", () => {
    const idl =
      "struct S { 1: string a, 2: string raw (agw.body_dynamic), 3: i32 b, 4: binary bin (agw.body_dynamic) }";
    const raw = (text: string): W.Wire => W.struct([1, W.text("é")], [2, W.text(text)], [3, W.i32(1)]);
    const marked = (before: string, rest: string | Uint8Array): W.Wire =>
      W.struct([2, W.markedText(before, rest)]);
    testRows(idl, [
      ["object", raw('{"x":[1,2.50,"é",null]}'), '{"a":"é","raw":{"x":[1,2.50,"é",null]},"b":1}'],
      ["number", raw("1.50"), '{"a":"é","raw":1.50,"b":1}'],
      ["null", raw("null"), '{"a":"é","raw":null,"b":1}'],
      ["string", raw('"s"'), '{"a":"é","raw":"s","b":1}'],
      ["blanks", raw(" [ ] "), '{"a":"é","raw": [ ] ,"b":1}'],
      ["off", raw("[]"), '{"a":"é","raw":"[]","b":1}', { valueMapping: "off" }],
      ["binary is left alone", W.struct([4, W.text("[]")]), '{"bin":"W10="}'],
      // Anything else would break the JSON around it, or forge some.
      ["no JSON", marked("", "not json"), fails("INVALID_VALUE", "raw")],
      ["nothing", marked("", ""), fails("INVALID_VALUE", "raw")],
      ["two values", marked("", '1,"admin":true'), fails("INVALID_VALUE", "raw")],
      ["an open string", marked("", '"'), fails("INVALID_VALUE", "raw")],
      ["a byte order mark", marked("", "\ufeff{}"), fails("INVALID_VALUE", "raw")],
      ["invalid UTF-8", marked('"a', hex`ff 22`), fails("INVALID_UTF8", "raw")],
      [
        "invalid UTF-8, replaced",
        W.struct([2, W.text(hex`22 61 ff 22`)]),
        '{"raw":"a\ufffd"}',
        { utf8: "replace" },
      ],
    ]);
    it.each(W.PROTOCOLS)("large, %s", (protocol) => {
      const type = parseIdl(idl).struct("S");
      const text = JSON.stringify(Array.from({ length: 60_000 }, (_, i) => `é${i}`));
      const bytes = W.encodeBytes(raw(text), protocol);
      expect(
        thriftToJson(type, { protocol }).convertToString(bytes) === `{"a":"é","raw":${text},"b":1}`,
      ).toBe(true);
    });
  });

  describe.each(W.PROTOCOLS)("custom, %s", (protocol) => {
    const convert = (
      type: TypeDescriptor,
      value: W.Wire,
      options: ThriftToJsonOptions = {},
    ): Promise<string> =>
      convertEveryWay(thriftToJson(type, { ...options, protocol }), W.encodeBytes(value, protocol)).then(
        (outcome) => {
          if ("error" in outcome) throw outcome.error;
          return outcome.json;
        },
      );

    it("of every type", async () => {
      const seen: string[] = [];
      const idl = mappedIdl(
        `
        struct T { 1: i32 x }
        struct S {
          1: bool b (my.map), 2: byte y (my.map), 3: i16 h (my.map), 4: i32 i (my.map), 5: i64 l (my.map), 6: double d (my.map),
          7: string s (my.map), 8: list<i32> li (my.map), 9: map<string,T> m (my.map), 10: T t (my.map), 11: bool f (my.map),
          200: bool far (my.map), 13: string end
        }
      `,
        (bytes, context) => {
          seen.push(context.field.name);
          expect(context.protocol).toBe(protocol);
          return `{"was":${context.toJson(bytes)}}`;
        },
      );
      const t = W.struct([1, W.i32(1)]);
      const value = W.struct(
        [1, W.bool(true)],
        [2, W.byte(2)],
        [3, W.i16(3)],
        [4, W.i32(4)],
        [5, W.i64(5)],
        [6, W.double(6)],
        [7, W.text("é")],
        [8, W.list(I32, [W.i32(8)])],
        [9, W.map(STRING, STRUCT, [[W.text("k"), t]])],
        [10, t],
        [11, W.bool(false)],
        [200, W.bool(true)],
        [13, W.text("end")],
      );
      const was = (json: string): string => `{"was":${json}}`;
      expect(await convert(idl.struct("S"), value)).toBe(
        `{"b":${was("true")},"y":${was("2")},"h":${was("3")},"i":${was("4")},"l":${was("5")},"d":${was("6")},"s":${was('"é"')},` +
          `"li":${was("[8]")},"m":${was('{"k":{"x":1}}')},"t":${was('{"x":1}')},"f":${was("false")},"far":${was("true")},"end":"end"}`,
      );
      expect(new Set(seen).size).toBe(12);
      expect(
        await convert(idl.struct("S"), W.struct([1, W.bool(true)], [4, W.i32(1)]), { valueMapping: "off" }),
      ).toBe('{"b":true,"i":1}');
    });

    it("bytes or a string", async () => {
      const asBytes = mappedIdl("struct S { 1: i32 a (my.map) }", () => utf8('"é"'));
      const asString = mappedIdl("struct S { 1: i32 a (my.map) }", () => '"é"');
      for (const idl of [asBytes, asString])
        expect(await convert(idl.struct("S"), W.struct([1, W.i32(1)]))).toBe('{"a":"é"}');
    });

    it("a large result", async () => {
      const text = JSON.stringify("é".repeat(400_000));
      const idl = mappedIdl("struct S { 1: i32 a (my.map), 2: string b }", () => text);
      const bytes = W.encodeBytes(W.struct([1, W.i32(1)], [2, W.text("end")]), protocol);
      const converter = thriftToJson(idl.struct("S"), { protocol });
      expect(converter.convertToString(bytes) === `{"a":${text},"b":"end"}`).toBe(true);
      expectThriftError(
        () => thriftToJson(idl.struct("S"), { protocol, limits: { maxOutputSize: 800_000 } }).convert(bytes),
        { code: "LIMIT_EXCEEDED" },
      );
    });

    it("the bytes are those of the value", () => {
      const captured: string[] = [];
      const idl = mappedIdl(
        "struct S { 1: string a, 2: string b (my.map), 3: list<string> c (my.map) }",
        (bytes) => {
          captured.push(toHex(bytes));
          return "0";
        },
      );
      const long = "x".repeat(300_000);
      const b = W.text(long);
      const c = W.list(STRING, [W.text("y".repeat(250_000)), W.text(long)]);
      const bytes = W.encodeBytes(W.struct([1, W.text("a")], [2, b], [3, c]), protocol);
      expect(thriftToJson(idl.struct("S"), { protocol }).convertToString(bytes)).toBe(
        '{"a":"a","b":0,"c":0}',
      );
      expect(captured[0] === toHex(W.encodeBytes(b, protocol))).toBe(true);
      expect(captured[1] === toHex(W.encodeBytes(c, protocol))).toBe(true);
    });

    it("in a list and a map, with other conversions inside", async () => {
      const other = parseIdl('struct O { 1: i32 n, 2: string s (api.key = "größe") }').struct("O");
      const idl = mappedIdl(
        "struct T { 1: i32 n (my.map), 2: string s } struct S { 1: list<T> l, 2: map<string,T> m }",
        (bytes, context) => {
          const n = Number(context.toJson(bytes));
          const thrift = jsonToThrift(other).convert(JSON.stringify({ n, größe: `s${n}` }));
          const json = thriftToJson(other).convertToString(thrift);
          expect(encodeLiteral(other, { n, s: `s${n}` })).toEqual(thrift);
          return json;
        },
      );
      const element = (n: number): W.Wire => W.struct([1, W.i32(n)], [2, W.text(`é${n}`)]);
      const json = (n: number): string => `{"n":{"n":${n},"größe":"s${n}"},"s":"é${n}"}`;
      const value = W.struct(
        [1, W.list(STRUCT, [1, 2, 3].map(element))],
        [
          2,
          W.map(STRING, STRUCT, [
            [W.text("k"), element(4)],
            [W.text("l"), element(5)],
          ]),
        ],
      );
      expect(await convert(idl.struct("S"), value, { duplicateKeys: "error" })).toBe(
        `{"l":[${[1, 2, 3].map(json)}],"m":{"k":${json(4)},"l":${json(5)}}}`,
      );
    });

    it("its errors", async () => {
      const cause = new RangeError("user");
      const idl = mappedIdl(
        "struct T { 1: i32 n (my.map) } struct S { 1: map<string,list<T>> m }",
        (bytes, context) => {
          const n = Number(context.toJson(bytes));
          if (n === 1) throw cause;
          if (n === 2) thriftToJson(parseIdl("").type("string")).convert(hex`00`);
          if (n === 3) context.toJson(hex`ff`);
          // Other conversions before: the path must not come from their memory.
          thriftToJson(parseIdl("").type("string")).convert(
            W.encodeBytes(W.text("noise".repeat(100)), "binary"),
          );
          if (n === 4) throw cause;
          return "0";
        },
      );
      const converter = thriftToJson(idl.struct("S"), { protocol });
      const message = (n: number): Uint8Array =>
        W.encodeBytes(
          W.struct([
            1,
            W.map(STRING, LIST, [
              [W.text("key"), W.list(STRUCT, [W.struct([1, W.i32(0)]), W.struct([1, W.i32(n)])])],
            ]),
          ]),
          protocol,
        );
      for (const n of [1, 4]) {
        const failed = await expectError(converter, message(n), {
          code: "FAILED_MAPPING",
          path: 'm["key"][1].n',
        });
        expect(failed.cause).toBe(cause);
        expect(isThriftError(failed)).toBe(true);
      }
      // An error of the library passes through.
      await expectError(converter, message(2), { code: "TRUNCATED", offset: 0, path: undefined });
      await expectError(converter, message(3), { code: "TRUNCATED", path: 'm["key"][1].n' });
      expect(converter.convertToString(message(9))).toBe('{"m":{"key":[{"n":0},{"n":0}]}}');
    });

    it("errors in what it converts by the ordinary rules speak of the message", async () => {
      const idl = mappedIdl(
        "struct T { 1: string s } struct S { 1: i32 a, 2: list<T> l (my.map) }",
        (bytes, context) => context.toJson(bytes),
      );
      const { bytes, mark } = W.encode(
        W.struct(
          [1, W.i32(1)],
          [2, W.list(STRUCT, [W.struct(), W.struct([1, W.markedText("ok", hex`ff`)])])],
        ),
        protocol,
      );
      await expectError(thriftToJson(idl.struct("S"), { protocol }), bytes, {
        code: "INVALID_UTF8",
        path: "l[1].s",
        offset: mark,
      });
    });

    it("a value that is wrong itself never gets there", async () => {
      let calls = 0;
      const idl = mappedIdl("struct S { 1: list<string> l (my.map) }", () => {
        calls++;
        return "0";
      });
      const bytes = W.encodeBytes(W.struct([1, W.list(STRING, [W.text("abc")])]), protocol).subarray(0, -3);
      await expectError(thriftToJson(idl.struct("S"), { protocol }), bytes, {
        code: "INVALID_SIZE",
        path: "l",
        offset: bytes.length - (protocol === "binary" ? 5 : 2),
      });
      expect(calls).toBe(0);
    });

    it("with a mismatched type", async () => {
      const idl = mappedIdl("struct S { 1: i32 a (my.map), 2: bool b (my.map), 3: i32 c }", () => "0");
      const value = W.struct([1, W.text("x")], [2, W.i32(5)], [3, W.i32(1)]);
      expect(await convert(idl.struct("S"), value, { mismatch: "skip" })).toBe('{"c":1}');
      const { bytes, mark } = W.encode(W.struct(W.here(W.field(2, W.i32(5)))), protocol);
      await expectError(thriftToJson(idl.struct("S"), { protocol }), bytes, {
        code: "TYPE_MISMATCH",
        path: "b",
        offset: mark,
      });
    });
  });
});

/** A struct whose error is at its stop byte. */
function stopOf(value: W.Wire): W.Wire {
  return {
    type: STRUCT,
    write: (out) => {
      value.write(out);
      out.mark = out.size - 1;
    },
  };
}

describe("masks", () => {
  const idl = parseIdl(`
    struct T { 1: i32 a, 2: string b, 3: T t }
    struct S { 1: required i32 r, 2: T t, 3: list<T> l, 4: map<string,T> m, 5: string secret, 6: map<T,T> p, 7: bool f }
    union U { 1: i32 x, 2: i32 y }
  `);
  const only = (...ids: number[]): MaskRule => ({
    fields: new Map(ids.map((id) => [id, "keep" as const])),
    otherFields: "skip",
  });
  const without = (...ids: number[]): MaskRule => ({
    fields: new Map(ids.map((id) => [id, "skip" as const])),
    otherFields: "keep",
  });
  const inside = (id: number, rule: MaskRule, otherFields: "keep" | "skip" = "keep"): MaskRule => ({
    fields: new Map([[id, rule]]),
    otherFields,
  });
  const t = W.struct([1, W.i32(1)], [2, W.text("b")], [3, W.struct([1, W.i32(2)])]);
  const tJson = '{"a":1,"b":"b","t":{"a":2}}';
  const value = W.struct(
    [1, W.i32(0)],
    [2, t],
    [3, W.list(STRUCT, [t, W.struct()])],
    [4, W.map(STRING, STRUCT, [[W.text("k"), t]])],
    [5, W.text("secret")],
    [6, W.map(STRUCT, STRUCT, [[t, t]])],
    [7, W.bool(true)],
  );
  const all = `{"r":0,"t":${tJson},"l":[${tJson},{}],"m":{"k":${tJson}},"secret":"secret","p":[[${tJson},${tJson}]],"f":true}`;
  testRows(idl, [
    ["keep", value, all, { mask: "keep" }],
    ["nothing named", value, all, { mask: without() }],
    ["a field skipped", value, all.replace(',"secret":"secret"', ""), { mask: without(5) }],
    ["a boolean skipped", value, all.replace(',"f":true', ""), { mask: without(7) }],
    ["some kept", value, `{"r":0,"t":${tJson}}`, { mask: only(1, 2) }],
    // A skipped field is not missing.
    ["without the required one", value, `{"t":${tJson}}`, { mask: only(2) }],
    ["nothing kept", value, "{}", { mask: only() }],
    ["inside a struct", value, '{"t":{"b":"b"}}', { mask: inside(2, only(2), "skip") }],
    ["inside a list", value, '{"l":[{"a":1,"t":{"a":2}},{}]}', { mask: inside(3, without(2), "skip") }],
    ["inside a map", value, '{"m":{"k":{"a":1,"b":"b"}}}', { mask: inside(4, without(3), "skip") }],
    [
      "inside the values of pairs, not the keys",
      value,
      `{"p":[[${tJson},{"a":1}]]}`,
      { mask: inside(6, only(1), "skip") },
    ],
    ["deeper", value, '{"t":{"t":{"a":2}}}', { mask: inside(2, inside(3, only(1), "skip"), "skip") }],
    ["a recursive type, unmasked below", value, `{"t":{"t":{"a":2}}}`, { mask: inside(2, only(3), "skip") }],
    [
      "a skipped field of another type",
      W.struct([1, W.i32(0)], [5, W.list(I32, [W.i32(1)])]),
      '{"r":0}',
      { mask: without(5) },
    ],
    [
      "a skipped field twice",
      W.struct([1, W.i32(0)], [5, W.text("a")], [5, W.text("b")]),
      '{"r":0}',
      { mask: without(5) },
    ],
    ["a union whose member is skipped", W.struct([1, W.i32(1)]), "{}", { mask: without(1) }, "U"],
    // Both are on the wire.
    [
      "a union with a skipped member and another",
      stopOf(W.struct([1, W.i32(1)], [2, W.i32(2)])),
      fails("INVALID_UNION"),
      { mask: without(1) },
      "U",
    ],
    [
      "a union with a skipped member and two others",
      W.struct([1, W.i32(1)]),
      '{"x":1}',
      { mask: without(2) },
      "U",
    ],
    [
      "a skipped field is no unknown one",
      W.struct([1, W.i32(0)], [5, W.text("a")]),
      '{"r":0}',
      { mask: without(5), unknownFields: "error" },
    ],
    [
      "skipped fields are not written",
      W.struct([1, W.i32(0)], [7, W.bool(true)]),
      '{"r":0,"f":true}',
      { mask: only(1, 7), missing: { default: "write" } },
    ],
    ["the root of a list", W.list(STRUCT, [t]), '[{"a":1}]', { mask: only(1) }, "list<T>"],
    [
      "the root of a map",
      W.map(STRING, STRUCT, [[W.text("k"), t]]),
      '{"k":{"a":1}}',
      { mask: only(1) },
      "map<string,T>",
    ],
    [
      "invalid content of a skipped field",
      W.struct([1, W.i32(0)], [5, W.text(hex`ff`)]),
      '{"r":0}',
      { mask: without(5) },
    ],
  ]);

  it.each(W.PROTOCOLS)("with mappings, sinks and exceptions, %s", async (protocol) => {
    const source = `
      struct T { 1: i32 a, 2: string b, 3: list<i32> c }
      exception X { 1: i32 code, 2: string secret }
      struct S { 1: string s, 2: T mapped (my.map), 3: T sunk (api.header = "h") }
      service Svc { S f() throws (1: X x) }
    `;
    const masked = mappedIdl(source, (bytes, context) => context.toJson(bytes));
    const hidden = W.struct([1, W.i32(1)], [2, W.text("hidden")], [3, W.list(I32)]);
    const bytes = W.encodeBytes(W.struct([1, W.text("s")], [2, hidden], [3, hidden]), protocol);
    const mask: MaskRule = {
      fields: new Map([
        [2, without(2)],
        [3, only(1)],
      ]),
      otherFields: "keep",
    };
    const converter = thriftToJson(masked.struct("S"), { protocol, mask });
    const texts: string[] = [];
    const sink: FieldSink = {
      accepts: () => true,
      write: (_field: FieldDescriptor, encoded: Uint8Array, context: ThriftToJsonContext) => {
        texts.push(context.toJson(encoded));
        return false;
      },
    };
    await expectJson(converter, bytes, '{"s":"s","mapped":{"a":1,"c":[]},"sunk":{"a":1}}');
    await expectJson(converter, bytes, '{"s":"s","mapped":{"a":1,"c":[]},"sunk":{"a":1}}', { sink });
    expect(new Set(texts)).toEqual(new Set(['{"a":1}']));

    const result = masked.service("Svc").method("f").result;
    const throwing = thriftToJson(result, { protocol, exceptions: "throw", mask: inside(1, without(2)) });
    const failure = W.encodeBytes(W.struct([1, W.struct([1, W.i32(5)], [2, W.text("secret")])]), protocol);
    const error = await expectError(throwing, failure, { code: "EXCEPTION" });
    expect(error).toMatchObject({ json: '{"code":5}' });
  });
});

describe("variants of types", () => {
  const idl = parseIdl(`
    struct T { 1: i32 FooBar, 2: i32 hidden (api.none), 3: T Next }
    struct S { 1: T InnerT, 2: list<T> Ts, 3: i32 gone (api.none = "true"), 4: i32 Kept (api.key = "kept_as_is"), 5: i32 old (dynamicgo.deprecated) }
    service Svc {
      S f(1: S FirstArg) (agw.to_snake = "true")
      S g(1: S FirstArg)
      list<S> h()
    }
  `);
  const t = W.struct([1, W.i32(1)], [2, W.i32(2)], [3, W.struct([2, W.i32(3)])]);
  const s = W.struct([1, t], [2, W.list(STRUCT, [t])], [3, W.i32(4)], [4, W.i32(5)], [5, W.i32(6)]);
  const { f, g, h } = Object.fromEntries(idl.service("Svc").methods.map((method) => [method.name, method]));
  const hidden = '{"FooBar":1,"Next":{}}';
  const shown = '{"FooBar":1,"hidden":2,"Next":{"hidden":3}}';

  it.each(W.PROTOCOLS)("%s", async (protocol) => {
    for (const [type, value, json] of [
      [idl.struct("S"), s, `{"InnerT":${shown},"Ts":[${shown}],"gone":4,"kept_as_is":5}`],
      [g!.args, W.struct([1, s]), `{"FirstArg":{"InnerT":${shown},"Ts":[${shown}],"gone":4,"kept_as_is":5}}`],
      [g!.result, W.struct([0, s]), `{"success":{"InnerT":${hidden},"Ts":[${hidden}],"kept_as_is":5}}`],
      [
        h!.result,
        W.struct([0, W.list(STRUCT, [s])]),
        `{"success":[{"InnerT":${hidden},"Ts":[${hidden}],"kept_as_is":5}]}`,
      ],
      [f!.result, W.struct([0, s]), `{"success":{"inner_t":${hidden},"ts":[${hidden}],"kept_as_is":5}}`],
    ] as const) {
      await expectJson(thriftToJson(type, { protocol }), W.encodeBytes(value, protocol), json);
    }
  });

  it.each(W.PROTOCOLS)("fields that are absent in responses are unknown ones, %s", async (protocol) => {
    const { bytes, mark } = W.encode(
      W.struct([0, W.struct([1, W.struct(W.here(W.field(2, W.i32(2))))])]),
      protocol,
    );
    await expectError(thriftToJson(g!.result, { protocol, unknownFields: "error" }), bytes, {
      code: "UNKNOWN_FIELD",
      path: "success.InnerT.#2",
      offset: mark,
    });
  });
});

describe("map values that hooks see", () => {
  it.each(W.PROTOCOLS)("a map of maps, %s", async (protocol) => {
    const idl = mappedIdl("struct S { 1: map<string,map<i32,string>> m (my.map) }", (bytes, { toJson }) =>
      toJson(bytes),
    );
    const value = W.struct([
      1,
      W.map(STRING, MAP, [[W.text("k"), W.map(I32, STRING, [[W.i32(1), W.text("v")]])]]),
    ]);
    await expectJson(
      thriftToJson(idl.struct("S"), { protocol }),
      W.encodeBytes(value, protocol),
      '{"m":{"k":{"1":"v"}}}',
    );
  });
});
