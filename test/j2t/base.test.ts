import { describe, expect, it } from "vitest";
import { chunksOf, concat, hex, toHex, utf8 } from "../support/bytes.ts";
import {
  type CallContext,
  createAnnotationRegistry,
  type FieldSource,
  type JsonToThriftOptions,
  jsonToThrift,
  type MaskRule,
  mergeThriftBase,
  parseIdl,
  ThriftError,
} from "../support/engines.ts";
import { type Expected, expectConversion, expectFailure, failure, streamOutcome } from "./conversion.ts";

const BASE = `
  struct TrafficEnv { 1: bool Open = false, 2: string Env = "" }
  struct Base {
    1: string LogID = "", 2: string Caller = "", 3: string Addr = "", 4: string Client = "",
    5: optional TrafficEnv TrafficEnv, 6: optional map<string, string> Extra
  }
  struct BaseResp { 1: string StatusMessage = "", 2: i32 StatusCode = 0, 3: optional map<string, string> Extra }
`;
const idl = parseIdl(
  `
  include "base.thrift"
  struct Nested { 1: string q, 255: optional base.Base Base }
  struct Req { 1: string q, 2: Nested n, 3: list<Nested> l, 255: required base.Base Base }
  struct Lenient { 1: string q, 255: optional base.Base Base }
  struct Resp { 1: string q, 255: base.BaseResp BaseResp }
  service S { string call(1: Req req, 2: i32 n, 3: Nested other), string direct(1: string q, 255: base.Base Base) }
`,
  { sources: { "base.thrift": BASE } },
);
const REQ = idl.struct("Req");
const call = (): CallContext => ({ base: { LogID: "L", Caller: "C" } });

const Q = '0b 0001 00000001 "a"';
const CALL_BASE = '0c 00ff 0b 0001 00000001 "L" 0b 0002 00000001 "C" 00';
const JSON_BASE = '0c 00ff 0b 0001 00000004 "json" 00';
const MERGED = CALL_BASE;

describe("a call's base", () => {
  it.each<
    [
      name: string,
      options: JsonToThriftOptions,
      context: (() => CallContext) | undefined,
      json: string,
      expected: Expected,
    ]
  >([
    ["is written where the JSON has none", {}, call, '{"q":"a"}', `${Q} ${CALL_BASE} 00`],
    ["is all there is of an empty object", {}, call, "{}", `${CALL_BASE} 00`],
    ["wins over the JSON's members", {}, call, '{"Base":{"LogID":"json"},"q":"a"}', `${MERGED} ${Q} 00`],
    [
      "keeps members that only the JSON has",
      {},
      call,
      '{"Base":{"LogID":"json","Addr":"here"}}',
      '0c 00ff 0b 0001 00000001 "L" 0b 0002 00000001 "C" 0b 0003 00000004 "here" 00 00',
    ],
    ["takes the place of null", {}, call, '{"Base":null,"q":"a"}', `${CALL_BASE} ${Q} 00`],
    ["is not needed: the JSON's is written", {}, undefined, '{"Base":{"LogID":"json"}}', `${JSON_BASE} 00`],
    ["missing with a required field", {}, undefined, '{"q":"a"}', failure("MISSING_REQUIRED", 8, "Base")],
    ["missing and passed over", { missingBase: "omit" }, undefined, '{"q":"a"}', `${Q} 00`],
    ["missing as null and passed over", { missingBase: "omit" }, undefined, '{"Base":null}', "00"],
    [
      "in a nested struct is none of its business",
      {},
      call,
      '{"n":{"q":"a"},"l":[{"q":"a","Base":{"LogID":"json"}}]}',
      `0c 0002 ${Q} 00 0f 0003 0c 00000001 ${Q} ${JSON_BASE} 00 ${CALL_BASE} 00`,
    ],
    ["written twice in the JSON", {}, call, '{"Base":{},"Base":{}}', failure("DUPLICATE_FIELD", 11, "Base")],
    ["with JSON that is broken", {}, call, '{"Base":{"LogID":tru}}', failure("INVALID_JSON", 17, "Base")],
    [
      "with a member of the JSON that it does not know",
      {},
      call,
      '{"Base":{"Unknown":1}}',
      `${CALL_BASE} 00`,
    ],
    [
      "with such a member where that is an error",
      { unknownFields: "error" },
      call,
      '{"Base":{"Unknown":1}}',
      failure("UNKNOWN_FIELD", 9, "Base.Unknown"),
    ],
    ["with JSON that is no object", {}, call, '{"q":"a","Base":5}', failure("TYPE_MISMATCH", 16, "Base")],
    ["with JSON that is an array", {}, call, '{"Base": [] }', failure("TYPE_MISMATCH", 9, "Base")],
    ["with JSON of wrong types", {}, call, '{"Base":{"Addr":1}}', failure("TYPE_MISMATCH", 16, "Base.Addr")],
    ["that is no base", {}, () => ({ base: { Nope: 1 } }), '{"q":"a"}', failure("UNKNOWN_FIELD", 9, "Base")],
    ["of wrong types", {}, () => ({ base: { LogID: 1 } }), '{"q":"a"}', failure("TYPE_MISMATCH", 9, "Base")],
    [
      "that is hidden by a mask",
      { mask: { fields: new Map([[255, "skip"]]), otherFields: "keep" } },
      call,
      '{"q":"a","Base":{}}',
      `${Q} 00`,
    ],
  ])("%s", (_name, options, context, json, expected) => {
    expectConversion(jsonToThrift(REQ, options), json, expected, context);
  });

  it("has maps and structs", () => {
    const base = { LogID: "L", Extra: { a: "1", b: "2" }, TrafficEnv: { Open: true, Env: "e" } };
    const expected = `0c 00ff 0b 0001 00000001 "L"
      0c 0005 02 0001 01 0b 0002 00000001 "e" 00
      0d 0006 0b 0b 00000002 00000001 "a" 00000001 "1" 00000001 "b" 00000001 "2" 00 00`;
    expectConversion(jsonToThrift(idl.struct("Lenient")), "{}", expected, () => ({ base }));
    expectConversion(
      jsonToThrift(idl.struct("Lenient"), { protocol: "compact" }),
      "{}",
      '0c fe03 18 01 "L" 4c 11 18 01 "e" 00 1b 02 88 01 "a" 01 "1" 01 "b" 01 "2" 00 00',
      () => ({ base }),
    );
  });

  it("merges the maps in Extra, the call's entries winning", () => {
    const expected = `0c 00ff 0d 0006 0b 0b 00000003 00000001 "a" 00000004 "json"
      00000001 "b" 00000004 "call" 00000001 "c" 00000004 "call" 00 00`;
    expectConversion(
      jsonToThrift(idl.struct("Lenient")),
      '{"Base":{"Extra":{"a":"json","b":"json"}}}',
      expected,
      () => ({ base: { Extra: { b: "call", c: "call" } } }),
    );
  });

  it("is not changed by a merge", () => {
    const base = { LogID: "L", Extra: { a: "1" } };
    const before = JSON.stringify(base);
    jsonToThrift(REQ).convert('{"Base":{"Caller":"json","Extra":{"b":"2"}}}', { base });
    expect(JSON.stringify(base)).toBe(before);
  });

  it("is ignored where the type has no field for it", () => {
    expectConversion(jsonToThrift(idl.struct("Resp")), '{"q":"a"}', `${Q} 00`, call);
    expectConversion(jsonToThrift(idl.type("list<Req>")), '[{"Base":{}}]', "0c 00000001 0c 00ff 00 00", call);
    expectConversion(jsonToThrift(idl.type("i32")), "1", "00000001", call);
    expectConversion(jsonToThrift(idl.type("map<string, i32>")), "{}", "0b 08 00000000", call);
  });

  it("goes into the arguments of a method, and into its structs", () => {
    const args = idl.service("S").method("call").args;
    const converter = jsonToThrift(args);
    expectConversion(
      converter,
      '{"req":{"q":"a"},"n":1,"other":{"q":"a"}}',
      `0c 0001 ${Q} ${CALL_BASE} 00 08 0002 00000001 0c 0003 ${Q} ${CALL_BASE} 00 00`,
      call,
    );
    // One level deeper it is a plain field.
    expectConversion(
      converter,
      '{"req":{"n":{"q":"a"}}}',
      `0c 0001 0c 0002 ${Q} 00 ${CALL_BASE} 00 00`,
      call,
    );
    expectConversion(converter, '{"req":{"Base":{"LogID":"json"}}}', `0c 0001 ${MERGED} 00 00`, call);
    expectConversion(
      jsonToThrift(args, { protocol: "compact" }),
      '{"req":{"q":"a"}}',
      '1c 18 01 "a" 0c fe03 18 01 "L" 18 01 "C" 00 00 00',
      call,
    );
    // An argument can be the base itself.
    expectConversion(
      jsonToThrift(idl.service("S").method("direct").args),
      '{"q":"a"}',
      `${Q} ${CALL_BASE} 00`,
      call,
    );
  });

  it("compact: its header follows the id of the field in front of it", () => {
    expectConversion(
      jsonToThrift(REQ, { protocol: "compact" }),
      '{"q":"a"}',
      '18 01 "a" 0c fe03 18 01 "L" 18 01 "C" 00 00',
      call,
    );
    expectConversion(
      jsonToThrift(REQ, { protocol: "compact" }),
      '{"Base":{},"q":"a"}',
      '0c fe03 18 01 "L" 18 01 "C" 00 08 02 01 "a" 00',
      call,
    );
  });

  it("takes members of the JSON by their keys, and numbers with all their digits", () => {
    const wide = parseIdl('include "base.thrift" struct Req { 255: base.Base Base }', {
      sources: {
        "base.thrift": "struct Base { 1: i64 id, 2: double d, 3: string name (api.key = 'the name') }",
      },
    }).struct("Req");
    const context = (): CallContext => ({ base: { d: 1.5 } });
    const converter = jsonToThrift(wide);
    expectConversion(
      converter,
      '{"Base":{"id":9007199254740991,"the name":"n"}}',
      '0c 00ff 0a 0001 001fffffffffffff 04 0002 3ff8000000000000 0b 0003 00000001 "n" 00 00',
      context,
    );
    expectConversion(
      converter,
      '{"Base":{"id":9007199254740993}}',
      "0c 00ff 0a 0001 0020000000000001 04 0002 3ff8000000000000 00 00",
      context,
    );
  });

  it("in a stream, byte by byte", async () => {
    const converter = jsonToThrift(REQ);
    const json = utf8('{ "q":"a", "Base" : {"LogID":"é\\n","Addr":"x"} ,"n":{}}');
    const expected = toHex(converter.convert(json, call()));
    expect(await streamOutcome(converter, chunksOf(json, 1), call())).toBe(expected);
  });

  it("in a large message", () => {
    const q = "q".repeat(400_000);
    const bytes = jsonToThrift(REQ).convert(
      JSON.stringify({ q, Base: { Addr: "z".repeat(300_000) } }),
      call(),
    );
    const base = bytes.subarray(7 + q.length);
    expect(toHex(base.subarray(0, 19))).toBe(toHex(hex`0c 00ff 0b 0001 00000001 "L" 0b 0002 00000001 "C"`));
    expect(
      Buffer.from(base.subarray(19)).equals(
        concat([hex`0b 0003 000493e0`, new Uint8Array(300_000).fill(0x7a), hex`00 00`]),
      ),
    ).toBe(true);
  });
});

/** A base with a member of every form that JSON has for values. */
const wide = parseIdl(
  `
  include "base.thrift"
  struct Req { 255: base.Base Base }
`,
  {
    sources: {
      "base.thrift": `
        enum Level { LOW = 1, HIGH = 2 }
        struct Env { 1: required i64 id, 2: i32 n = 7 }
        struct Base {
          13: required string need, 1: i64 big, 2: binary bin, 3: double d, 4: Level level, 5: Level other, 6: uuid id, 7: set<i64> ids,
          8: i64 quoted (api.js_conv), 9: string body (agw.body_dynamic), 10: bool on, 11: map<binary, i32> bins,
          12: Env env, 14: string log = "none", 15: list<i64> list,
          16: string header (api.header = "X"), 17: map<i64, i64> numbers, 18: bool off, 19: optional i32 opt = 3
        }
      `,
    },
  },
).struct("Req");
const NEED = '0b 000d 00000001 "n"';

/** Hides all members of the base but these. */
function maskOf(...ids: number[]): MaskRule {
  const members: MaskRule = { fields: new Map(ids.map((id) => [id, "keep"])), otherFields: "skip" };
  return { fields: new Map([[255, members]]), otherFields: "keep" };
}

describe("the JSON's base beside a call's", () => {
  const needs = (): CallContext => ({ base: { need: "n" } });
  const rows: [name: string, options: JsonToThriftOptions, base: string, members: Expected][] = [
    ["i64", {}, '"big":9223372036854775807', "0a 0001 7fffffffffffffff"],
    ["a negative i64", {}, '"big":-9223372036854775808', "0a 0001 8000000000000000"],
    ["i64 that overflows", {}, '"big":9223372036854775808', failure("OUT_OF_RANGE", 15, "Base.big")],
    ["i64 as 1e2", {}, '"big":1e2', "0a 0001 0000000000000064"],
    ["i64 in quotes", { quotedNumbers: "accept" }, '"big":"9007199254740993"', "0a 0001 0020000000000001"],
    ["i64 in refused quotes", {}, '"big":"1"', failure("TYPE_MISMATCH", 15, "Base.big")],
    ["base64", {}, '"bin":"AP/+"', "0b 0002 00000003 00fffe"],
    ["base64 with escapes", {}, '"bin":"AP\\/+"', "0b 0002 00000003 00fffe"],
    ["what is no base64", {}, '"bin":"AP/"', failure("INVALID_VALUE", 19, "Base.bin")],
    ["binary as text", { binary: "utf8" }, '"bin":"AP/+"', '0b 0002 00000004 "AP/+"'],
    ["double -0", {}, '"d":-0', "04 0003 8000000000000000"],
    ["double NaN", { quotedNumbers: "accept" }, '"d":"NaN"', "04 0003 7ff8000000000000"],
    ["double beyond its range", {}, '"d":1e999', failure("OUT_OF_RANGE", 13, "Base.d")],
    ["an enum as name and as number", {}, '"level":"HIGH","other":9', "08 0004 00000002 08 0005 00000009"],
    ["an enum with no such member", {}, '"level":"NONE"', failure("INVALID_VALUE", 17, "Base.level")],
    ["a uuid", {}, '"id":"00112233-4455-6677-8899-AABBCCDDEEFF"', "10 0006 00112233445566778899aabbccddeeff"],
    ["a set", {}, '"ids":[9007199254740993]', "0e 0007 0a 00000001 0020000000000001"],
    ["api.js_conv", {}, '"quoted":"9007199254740993"', "0a 0008 0020000000000001"],
    ["api.js_conv, empty", {}, '"quoted":""', "0a 0008 0000000000000000"],
    [
      "api.js_conv switched off",
      { valueMapping: "off" },
      '"quoted":"1"',
      failure("TYPE_MISMATCH", 18, "Base.quoted"),
    ],
    ["agw.body_dynamic", {}, '"body":{"a": [1]}', `0b 0009 0000000a "{" 22 "a" 22 ": [1]}"`],
    ["booleans", {}, '"on":true,"off":false', "02 000a 01 02 0012 00"],
    ["base64 as keys", {}, '"bins":{"//8=":1}', "0d 000b 0b 08 00000001 00000002 ffff 00000001"],
    [
      "numbers as keys",
      {},
      '"numbers":{"9007199254740993":1}',
      "0d 0011 0a 0a 00000001 0020000000000001 0000000000000001",
    ],
    ["a nested struct", {}, '"env":{"id":9007199254740993}', "0c 000c 0a 0001 0020000000000001 00"],
    ["a nested struct that lacks a field", {}, '"env":{}', failure("MISSING_REQUIRED", 16, "Base.env.id")],
    [
      "a nested struct that is filled",
      { missing: { required: "write", default: "write" }, mask: maskOf(12, 13) },
      '"env":{}',
      "0c 000c 0a 0001 0000000000000000 08 0002 00000007 00",
    ],
    [
      "a missing default, but not of what the call has",
      { missing: { default: "write" }, mask: maskOf(13, 14) },
      "",
      '0b 000e 00000004 "none"',
    ],
    ["a missing default after null", { missing: { optional: "write" } }, '"opt":null', ""],
    ["a missing optional", { missing: { optional: "write" } }, "", "08 0013 00000003"],
    ["a field twice", {}, '"on":true,"on":true', failure("DUPLICATE_FIELD", 19, "Base.on")],
    ["a field twice, kept", { duplicateFields: "keep" }, '"on":true,"on":true', "02 000a 01 02 000a 01"],
    [
      "a key twice",
      { duplicateKeys: "error" },
      '"numbers":{"1":1,"1":1}',
      failure("DUPLICATE_FIELD", 29, "Base.numbers[1]"),
    ],
    ["null in a list", {}, '"list":[null]', failure("TYPE_MISMATCH", 17, "Base.list[0]")],
    [
      "null in a list, skipped",
      { nullElements: "skip" },
      '"list":[null,1]',
      "0f 000f 0a 00000001 0000000000000001",
    ],
    ["an unknown member", {}, '"nope":{"x":[1]}', ""],
    ["a member that a mask hides", { mask: maskOf(13) }, '"big":1', ""],
    ["a lone surrogate", {}, '"log":"\\ud800"', failure("INVALID_JSON", 16, "Base")],
  ];
  it.each(rows)("%s", (_name, options, members, expected) => {
    const json = `{"Base":{${members}}}`;
    const converter = jsonToThrift(wide, options);
    const wanted = typeof expected === "string" ? `0c 00ff ${NEED} ${expected} 00 00` : expected;
    expectConversion(converter, json, wanted, needs);
  });

  it.each(["binary", "compact"] as const)("is what it is without one: %s", (protocol) => {
    const json = `{"Base":{"need":"n","big":9223372036854775807,"bin":"AP/+","d":-0,"level":"LOW","ids":[1],"quoted":"5","body":[{}],
      "on":true,"bins":{"AA==":1},"env":{"id":1},"list":[],"numbers":{"1":1},"off":false}}`;
    const converter = jsonToThrift(wide, { protocol });
    const expected = toHex(converter.convert(json));
    expectConversion(converter, json, expected, () => ({ base: {} }));
    expectConversion(converter, json, expected, () => ({
      base: { need: "n", on: true, off: false, big: 2n ** 63n - 1n },
    }));
  });

  it("must fit where the call has the member, too", () => {
    const json = '{"Base":{"need":1}}';
    expectConversion(jsonToThrift(wide), json, failure("TYPE_MISMATCH", 16, "Base.need"), needs);
  });

  it("lacks a required member that the call lacks, too", () => {
    const converter = jsonToThrift(wide);
    const context = (): CallContext => ({ base: { on: true } });
    expectConversion(converter, '{"Base":{"big":1}}', failure("MISSING_REQUIRED", 16, "Base.need"), context);
    const erasing = (): CallContext => ({ base: { need: null } });
    expectConversion(converter, '{"Base":{"need":"n"}}', failure("MISSING_REQUIRED", 20, "Base"), erasing);
  });

  it("loses what the call says is absent", () => {
    const converter = jsonToThrift(wide);
    for (const big of [null, undefined]) {
      expectConversion(converter, '{"Base":{"big":1,"need":"n"}}', `0c 00ff ${NEED} 00 00`, () => ({
        base: { big },
      }));
    }
  });

  it('has bytes that `utf8: "trust"` lets through', () => {
    const json = concat([utf8('{"Base":{"log":"'), hex`ff`, utf8('"}}')]);
    const converter = jsonToThrift(wide, { utf8: "trust" });
    expectConversion(converter, json, `0c 00ff ${NEED} 0b 000e 00000001 ff 00 00`, needs);
  });

  it("may be larger encoded than the JSON's limit of size", () => {
    const limits = { maxSize: 60 };
    const base = '{"Base":{"list":[1,2,3,4,5,6,7,8]}}';
    const context = (): CallContext => ({ base: { need: "n" } });
    const list = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `000000000000000${i}`).join(" ");
    const expected = `0c 00ff ${NEED} 0f 000f 0a 00000008 ${list} 00 00`;
    expectConversion(jsonToThrift(wide, { limits }), base, expected, context);
    expectConversion(
      jsonToThrift(wide, { limits, mergeBase: (a, b) => ({ ...a, ...b }) }),
      base,
      expected,
      context,
    );
  });

  it("asks the call's source", () => {
    const source: FieldSource = {
      read: (field) => (field.name === "header" ? hex`00000001 "h"` : undefined),
      allowsBody: () => false,
    };
    const converter = jsonToThrift(wide);
    const json = '{"Base":{"header":"json"}}';
    expectConversion(converter, json, `0c 00ff ${NEED} 0b 0010 00000001 "h" 00 00`, () => ({
      ...needs(),
      source,
    }));
    expectConversion(converter, json, `0c 00ff ${NEED} 0b 0010 00000001 "c" 00 00`, () => ({
      base: { need: "n", header: "c" },
      source,
    }));
  });

  it("goes through a mapping of its field", () => {
    const mapped = parseIdl('include "base.thrift" struct Req { 255: base.Base Base (my.map) }', {
      annotations: createAnnotationRegistry({
        values: {
          "my.map": () => ({
            kind: "custom",
            name: "test",
            jsonToThrift: (json, context) => context.fromJson(`{"Addr":${new TextDecoder().decode(json)}}`),
            thriftToJson: (bytes, context) => context.toJson(bytes),
          }),
        },
      }),
      sources: { "base.thrift": BASE },
    }).struct("Req");
    const expected = '0c 00ff 0b 0001 00000001 "L" 0b 0002 00000001 "C" 0b 0003 00000001 "a" 00 00';
    expectConversion(jsonToThrift(mapped), '{"Base":"a"}', expected, call);
  });

  it("has entries of Extra that are merged by their keys, whatever these are", () => {
    const type = parseIdl('include "base.thrift" struct Req { 255: base.Base Base }', {
      sources: { "base.thrift": "struct Base { 1: map<i64, i64> Extra }" },
    }).struct("Req");
    const entries = (...hexes: string[]): string =>
      `0c 00ff 0d 0001 0a 0a 0000000${hexes.length} ${hexes.join(" ")} 00 00`;
    const json = '{"Base":{"Extra":{"9007199254740993":9007199254740993,"9007199254740995":1}}}';
    const one = "0020000000000001 0020000000000001";
    const key = 9007199254740995n;
    for (const Extra of [{ [String(key)]: 2 }, new Map([[key, 2n]]), [[key, 2]]]) {
      expectConversion(jsonToThrift(type), json, entries(one, "0020000000000003 0000000000000002"), () => ({
        base: { Extra },
      }));
    }
  });

  it("is a union: the call's member takes the place of the JSON's only with a function", () => {
    const type = parseIdl('include "base.thrift" struct Req { 255: base.Base Base }', {
      sources: { "base.thrift": "union Base { 1: i64 a, 2: i64 b }" },
    }).struct("Req");
    const context = (): CallContext => ({ base: { b: 2 } });
    const json = '{"Base":{"a":1}}';
    expectConversion(jsonToThrift(type), '{"Base":{}}', "0c 00ff 0a 0002 0000000000000002 00 00", context);
    expectConversion(jsonToThrift(type), json, failure("INVALID_UNION", 15, "Base"), context);
    const converter = jsonToThrift(type, { mergeBase: (_fromJson, fromCall) => fromCall });
    expectConversion(converter, json, "0c 00ff 0a 0002 0000000000000002 00 00", context);
  });

  it("in a stream, byte by byte, with a mapping inside", async () => {
    const converter = jsonToThrift(wide);
    const json = utf8(
      '{"Base": {"quoted":"9007199254740993","body":{"a":1},"bin":"AP/+","big":9007199254740993} }',
    );
    expect(await streamOutcome(converter, chunksOf(json, 1), needs())).toBe(
      toHex(converter.convert(json, needs())),
    );
    const wrong = utf8('{"Base": {"bin":"AP/"} }');
    expect(await streamOutcome(converter, chunksOf(wrong, 1), needs())).toEqual(
      failure("INVALID_VALUE", 20, "Base.bin"),
    );
  });
});

describe("mergeBase", () => {
  it("gets the JSON's base converted, by field name", () => {
    const json = `{"Base":{"big":9223372036854775807,"bin":"AP/+","level":"HIGH","ids":[1],"quoted":"5","body":{"a":1},
      "numbers":{"1":1},"bins":{"AA==":1},"env":{"id":1}}}`;
    let seen: unknown;
    const converter = jsonToThrift(wide, {
      missing: { default: "write" },
      mask: maskOf(1, 2, 13),
      mergeBase: (fromJson, fromCall) => {
        seen = fromJson;
        return { ...fromJson, ...fromCall };
      },
    });
    expectConversion(
      converter,
      json,
      `0c 00ff ${NEED} 0a 0001 7fffffffffffffff 0b 0002 00000003 00fffe 00 00`,
      () => ({
        base: { need: "n" },
      }),
    );
    expect(seen).toEqual({ big: 2n ** 63n - 1n, bin: hex`00fffe` });
    const all = jsonToThrift(wide, {
      mergeBase: (fromJson, fromCall) => {
        seen = fromJson;
        return { ...fromJson, ...fromCall };
      },
    });
    const bytes = all.convert(json, { base: { need: "n" } });
    expect(seen).toEqual({
      big: 2n ** 63n - 1n,
      bin: hex`00fffe`,
      level: 2,
      ids: new Set([1n]),
      quoted: 5n,
      body: '{"a":1}',
      numbers: { "1": 1n },
      bins: new Map([[hex`00`, 1]]),
      env: { id: 1n },
    });
    // Nothing is lost on the way through the function.
    expect(toHex(bytes)).toBe(toHex(jsonToThrift(wide).convert(json, { base: { need: "n" } })));
  });
  const json = '{"Base":{"LogID":"json"}}';
  it("leaves what is missing then to the options", () => {
    const mergeBase: JsonToThriftOptions["mergeBase"] = (fromJson, fromCall) => ({
      ...fromJson,
      ...fromCall,
    });
    const json = '{"Base":{"LogID":"json"}}';
    expectConversion(
      jsonToThrift(REQ, { mergeBase, missing: { optional: "write" } }),
      json,
      '0c 00ff 0b 0001 00000001 "L" 0b 0002 00000001 "C" 0c 0005 00 0d 0006 0b 0b 00000000 00 00',
      call,
    );
    const required = '{"Base":{"big":1}}';
    const base = (): CallContext => ({ base: { on: true } });
    const omitted = "0c 00ff 0a 0001 0000000000000001 02 000a 01 00 00";
    expectConversion(
      jsonToThrift(wide, { mergeBase }),
      required,
      failure("MISSING_REQUIRED", 17, "Base"),
      base,
    );
    expectConversion(
      jsonToThrift(wide, { mergeBase, missing: { required: "omit" } }),
      required,
      omitted,
      base,
    );
  });
  it("decides alone", () => {
    const converter = jsonToThrift(REQ, { mergeBase: (fromJson) => fromJson });
    expectConversion(converter, json, `${JSON_BASE} 00`, call);
  });
  it("is not called when only one side has a base", () => {
    const converter = jsonToThrift(REQ, {
      mergeBase: () => {
        throw new Error("never");
      },
    });
    expectConversion(converter, json, `${JSON_BASE} 00`);
    expectConversion(converter, "{}", `${CALL_BASE} 00`, call);
  });
  it("that throws is FAILED_MAPPING", () => {
    const cause = new Error("merge");
    const converter = jsonToThrift(REQ, {
      mergeBase: () => {
        throw cause;
      },
    });
    const error = expectFailure(() => converter.convert(json, call()), "FAILED_MAPPING", 24, "Base");
    expect(error.cause).toBe(cause);
  });
  it("that throws an error of the library passes it on", () => {
    const cause = new ThriftError("NOT_FOUND", "no such base");
    const converter = jsonToThrift(REQ, {
      mergeBase: () => {
        throw cause;
      },
    });
    expect(() => converter.convert(json, call())).toThrow(cause);
  });
  it("by default lets the call win", () => {
    expect(mergeThriftBase({ a: 1, b: 1 }, { b: 2, c: 2 })).toEqual({ a: 1, b: 2, c: 2 });
    expect(mergeThriftBase({ Extra: { a: 1, b: 1 } }, { Extra: { b: 2 } })).toEqual({
      Extra: { a: 1, b: 2 },
    });
  });
  it.each<[string, unknown, unknown]>([
    ["an object", { b: 2 }, { a: 1, b: 2 }],
    ["a Map", new Map([["b", 2]]), { a: 1, b: 2 }],
    ["pairs", [["b", 2]], { a: 1, b: 2 }],
    ["a Map of numbers", new Map([[7n, 2]]), { a: 1, b: 1, 7: 2 }],
    ["an empty Map", new Map(), { a: 1, b: 1 }],
    ["`__proto__`", new Map([["__proto__", 2]]), JSON.parse('{"a":1,"b":1,"__proto__":2}')],
    ["a Map without names, which replaces", new Map([[{}, 2]]), new Map([[{}, 2]])],
    ["no pairs, which replace", [["b"]], [["b"]]],
    ["a Set, which replaces", new Set(["b"]), new Set(["b"])],
    ["null, which replaces", null, null],
  ])("by default merges an Extra by key that is %s", (_, Extra, expected) => {
    expect(mergeThriftBase({ Extra: { a: 1, b: 1 } }, { Extra })).toEqual({ Extra: expected });
  });
  it("by default takes an Extra that only one has", () => {
    expect(mergeThriftBase({ Extra: null }, { Extra: { b: 2 } })).toEqual({ Extra: { b: 2 } });
    expect(mergeThriftBase({ Extra: { a: 1 } }, {})).toEqual({ Extra: { a: 1 } });
  });
});
