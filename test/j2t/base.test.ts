import { describe, expect, it } from "vitest";
import { chunksOf, concat, hex, toHex, utf8 } from "../support/bytes.ts";
import {
  type CallContext,
  type JsonToThriftOptions,
  jsonToThrift,
  mergeThriftBase,
  parseIdl,
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
      failure("UNKNOWN_FIELD", 8, "Base"),
    ],
    ["with JSON that is no object", {}, call, '{"q":"a","Base":5}', failure("TYPE_MISMATCH", 16, "Base")],
    ["with JSON that is an array", {}, call, '{"Base": [] }', failure("TYPE_MISMATCH", 9, "Base")],
    ["with JSON of wrong types", {}, call, '{"Base":{"Addr":1}}', failure("TYPE_MISMATCH", 18, "Base")],
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

  it("takes members of the JSON by their keys, and never numbers whose digits are lost", () => {
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
      failure("OUT_OF_RANGE", 31, "Base"),
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

describe("mergeBase", () => {
  const json = '{"Base":{"LogID":"json"}}';
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
  it("by default lets the call win", () => {
    expect(mergeThriftBase({ a: 1, b: 1 }, { b: 2, c: 2 })).toEqual({ a: 1, b: 2, c: 2 });
    expect(mergeThriftBase({ Extra: { a: 1, b: 1 } }, { Extra: { b: 2 } })).toEqual({
      Extra: { a: 1, b: 2 },
    });
    expect(mergeThriftBase({ Extra: { a: 1 } }, { Extra: new Map([["b", 2]]) })).toEqual({
      Extra: new Map([["b", 2]]),
    });
    expect(mergeThriftBase({ Extra: null }, { Extra: { b: 2 } })).toEqual({ Extra: { b: 2 } });
    expect(mergeThriftBase({ Extra: { a: 1 } }, {})).toEqual({ Extra: { a: 1 } });
  });
});
