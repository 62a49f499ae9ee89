import { describe, it } from "vitest";
import { concat, utf8 } from "../support/bytes.ts";
import {
  type CallContext,
  createAnnotationRegistry,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
} from "../support/engines.ts";
import { type Expected, expectConversion, failure } from "./conversion.ts";

const annotations = createAnnotationRegistry();
const idl = parseIdl(
  `
  include "base.thrift"
  enum E { A = 1 }
  union U { 1: i32 a, 2: string b }
  struct S {
    1: required i32 r = 7, 2: i32 d = 8, 3: optional i32 o = 9
  }
  struct Loose {
    1: binary bin, 2: list<i32> list, 3: map<string, i32> map, 4: U u, 5: i64 n (api.js_conv = ""), 6: E e,
    7: double d, 8: string s
  }
  struct Req { 1: string q, 255: required base.Base Base }
`,
  {
    annotations,
    sources: { "base.thrift": "struct Base { 1: string LogID, 2: string Caller }" },
  },
);

const INVALID_UTF8: Uint8Array = concat([utf8('{"s":"'), Uint8Array.of(0xff), utf8('"}')]);

describe.each<[options: JsonToThriftOptions, cases: [type: string, json: string | Uint8Array, Expected][]]>([
  [{ protocol: "binary" }, [["Loose", '{"list":[1]}', "0f 0002 08 00000001 00000001 00"]]],
  [{ protocol: "compact" }, [["Loose", '{"list":[1]}', "29 15 02 00"]]],
  [
    { binary: "base64" },
    [
      ["Loose", '{"bin":"YQ=="}', '0b 0001 00000001 "a" 00'],
      ["Loose", '{"bin":"a"}', failure("INVALID_VALUE", 9, "bin")],
    ],
  ],
  [
    { binary: "utf8" },
    [
      ["Loose", '{"bin":"a"}', '0b 0001 00000001 "a" 00'],
      ["Loose", '{"bin":1}', failure("TYPE_MISMATCH", 7, "bin")],
    ],
  ],
  [
    { unknownFields: "skip" },
    [
      ["Loose", '{"x":[{}]}', "00"],
      ["Loose", '{"x":[{]}', failure("INVALID_JSON", 7)],
    ],
  ],
  [
    { unknownFields: "error" },
    [
      ["Loose", '{"e":1}', "08 0006 00000001 00"],
      ["Loose", '{"e":1,"x":1}', failure("UNKNOWN_FIELD", 7, "x")],
      ["Loose", '{"u":{"x y":1}}', failure("UNKNOWN_FIELD", 6, 'u["x y"]')],
      ["Loose", `{"${"x".repeat(32)}":1}`, failure("UNKNOWN_FIELD", 1, "x".repeat(32))],
      ["Loose", `{"${"x".repeat(33)}":1}`, failure("UNKNOWN_FIELD", 1, `["${"x".repeat(32)}…"]`)],
      [
        "Loose",
        `{"u":{"${"\\u0078".repeat(800)}":1}}`,
        failure("UNKNOWN_FIELD", 6, `u["${"x".repeat(32)}…"]`),
      ],
    ],
  ],
  [
    { missing: { required: "error" } },
    [
      ["S", '{"r":1}', "08 0001 00000001 00"],
      ["S", '{"d":1}', failure("MISSING_REQUIRED", 6, "r")],
    ],
  ],
  [
    { missing: { required: "omit" } },
    [
      ["S", "{}", "00"],
      ["S", '{"r":null}', "00"],
    ],
  ],
  [
    { missing: { required: "write" } },
    [
      ["S", "{}", "08 0001 00000007 00"],
      ["S", '{"r":null}', "08 0001 00000007 00"],
      ["S", '{"r":1}', "08 0001 00000001 00"],
    ],
  ],
  [
    { missing: { default: "error" } },
    [
      ["S", '{"r":1}', failure("MISSING_REQUIRED", 6, "d")],
      ["S", '{"r":1,"d":null}', failure("MISSING_REQUIRED", 15, "d")],
      ["S", '{"r":1,"d":2}', "08 0001 00000001 08 0002 00000002 00"],
    ],
  ],
  [{ missing: { default: "omit" } }, [["S", '{"r":1}', "08 0001 00000001 00"]]],
  [
    { missing: { default: "write" } },
    [
      ["S", '{"r":1}', "08 0001 00000001 08 0002 00000008 00"],
      ["S", '{"d":null,"r":1}', "08 0001 00000001 08 0002 00000008 00"],
    ],
  ],
  [
    { missing: { optional: "error" } },
    [
      ["S", '{"r":1}', failure("MISSING_REQUIRED", 6, "o")],
      ["S", '{"r":1,"o":null}', "08 0001 00000001 00"],
      ["S", '{"r":1,"o":2}', "08 0001 00000001 08 0003 00000002 00"],
    ],
  ],
  [{ missing: { optional: "omit" } }, [["S", '{"r":1}', "08 0001 00000001 00"]]],
  [
    { missing: { optional: "write" } },
    [
      ["S", '{"r":1}', "08 0001 00000001 08 0003 00000009 00"],
      ["S", '{"r":1,"o":null}', "08 0001 00000001 00"],
    ],
  ],
  [
    { duplicateFields: "error" },
    [
      ["S", '{"r":1,"r":1}', failure("DUPLICATE_FIELD", 7, "r")],
      ["S", '{"r":1, "\\u0072":1}', failure("DUPLICATE_FIELD", 8, "r")],
    ],
  ],
  [{ duplicateFields: "keep" }, [["S", '{"r":1,"r":2}', "08 0001 00000001 08 0001 00000002 00"]]],
  [
    { duplicateKeys: "keep" },
    [
      [
        "Loose",
        '{"map":{"a":1,"a":2}}',
        '0d 0003 0b 08 00000002 00000001 "a" 00000001 00000001 "a" 00000002 00',
      ],
    ],
  ],
  [
    { duplicateKeys: "error" },
    [
      [
        "Loose",
        '{"map":{"a":1,"b":2}}',
        '0d 0003 0b 08 00000002 00000001 "a" 00000001 00000001 "b" 00000002 00',
      ],
      ["Loose", '{"map":{"a":1,"a":2}}', failure("DUPLICATE_FIELD", 17, 'map["a"]')],
    ],
  ],
  [
    { unions: "check" },
    [
      ["Loose", '{"u":{"a":1}}', "0c 0004 08 0001 00000001 00 00"],
      ["Loose", '{"u":{}}', failure("INVALID_UNION", 6, "u")],
      ["Loose", '{"u":{"a":1,"b":"x"}}', failure("INVALID_UNION", 19, "u")],
    ],
  ],
  [
    { unions: "any" },
    [
      ["Loose", '{"u":{}}', "0c 0004 00 00"],
      ["Loose", '{"u":{"a":1,"b":"x"}}', '0c 0004 08 0001 00000001 0b 0002 00000001 "x" 00 00'],
    ],
  ],
  [
    { valueMapping: "on" },
    [
      ["Loose", '{"n":"1"}', "0a 0005 0000000000000001 00"],
      ["Loose", '{"n":"x"}', failure("INVALID_VALUE", 5, "n")],
    ],
  ],
  [
    { valueMapping: "off" },
    [
      ["Loose", '{"n":1}', "0a 0005 0000000000000001 00"],
      ["Loose", '{"n":"1"}', failure("TYPE_MISMATCH", 5, "n")],
    ],
  ],
  [
    { missingBase: "error" },
    [
      ["Req", '{"q":"a"}', failure("MISSING_REQUIRED", 8, "Base")],
      ["Req", '{"Base":{}}', "0c 00ff 00 00"],
    ],
  ],
  [
    { missingBase: "omit" },
    [
      ["Req", '{"q":"a"}', '0b 0001 00000001 "a" 00'],
      ["Req", '{"Base":{}}', "0c 00ff 00 00"],
    ],
  ],
  [
    { mask: "keep" },
    [
      ["S", '{"r":1}', "08 0001 00000001 00"],
      ["S", "{}", failure("MISSING_REQUIRED", 1, "r")],
    ],
  ],
  [
    { mask: "skip" },
    [
      ["S", '{"r":1,"d":[]}', "00"],
      ["S", "{}", "00"],
      ["S", '{"r":}', failure("INVALID_JSON", 5, "r")],
    ],
  ],
  [
    { limits: { maxSize: 7 } },
    [
      ["S", '{"r":1}', "08 0001 00000001 00"],
      ["S", '{"r":1} ', failure("LIMIT_EXCEEDED", 7)],
    ],
  ],
  [
    { limits: { maxLength: 1 } },
    [
      ["Loose", '{"list":[1]}', "0f 0002 08 00000001 00000001 00"],
      ["Loose", '{"list":[1,2]}', failure("LIMIT_EXCEEDED", 11, "list")],
      ["Loose", '{"map":{"a":1,"b":2}}', failure("LIMIT_EXCEEDED", 18, "map")],
    ],
  ],
  [
    { limits: { maxOutputSize: 8 } },
    [
      ["S", '{"r":1}', "08 0001 00000001 00"],
      ["S", '{"r":1,"d":2}', failure("LIMIT_EXCEEDED", 13)],
    ],
  ],
  [
    { output: "pooled" },
    [
      ["S", '{"r":1}', "08 0001 00000001 00"],
      ["S", "[]", failure("TYPE_MISMATCH", 0)],
    ],
  ],
  [
    { output: "own" },
    [
      ["S", '{"r":1}', "08 0001 00000001 00"],
      ["S", "[]", failure("TYPE_MISMATCH", 0)],
    ],
  ],
  [
    { utf8: "check" },
    [
      ["Loose", '{"s":"é"}', "0b 0008 00000002 c3a9 00"],
      ["Loose", INVALID_UTF8, failure("INVALID_UTF8", 6, "s")],
    ],
  ],
  [
    { utf8: "trust" },
    [
      ["Loose", INVALID_UTF8, "0b 0008 00000001 ff 00"],
      ["Loose", '{"s":"\n"}', failure("INVALID_JSON", 6, "s")],
    ],
  ],
  [
    { quotedNumbers: "reject" },
    [
      ["Loose", '{"d":1}', "04 0007 3ff0000000000000 00"],
      ["Loose", '{"d":"1"}', failure("TYPE_MISMATCH", 5, "d")],
    ],
  ],
  [
    { quotedNumbers: "accept" },
    [
      ["Loose", '{"d":"1"}', "04 0007 3ff0000000000000 00"],
      ["Loose", '{"d":""}', failure("INVALID_VALUE", 5, "d")],
    ],
  ],
  [
    { quotedNumbers: "accept-empty" },
    [
      ["Loose", '{"d":""}', "04 0007 0000000000000000 00"],
      ["Loose", '{"d":" "}', failure("INVALID_VALUE", 5, "d")],
    ],
  ],
  [
    { nullElements: "error" },
    [
      ["Loose", '{"list":[1]}', "0f 0002 08 00000001 00000001 00"],
      ["Loose", '{"list":[1,null]}', failure("TYPE_MISMATCH", 11, "list[1]")],
    ],
  ],
  [
    { nullElements: "skip" },
    [
      ["Loose", '{"list":[1,null]}', "0f 0002 08 00000001 00000001 00"],
      ["Loose", '{"list":[1,nul]}', failure("INVALID_JSON", 11, "list[1]")],
    ],
  ],
])("%j", (options, cases) => {
  it.each(cases)("%s %s", (type, json, expected) => {
    expectConversion(jsonToThrift(idl.struct(type), options), json, expected);
  });
});

describe("mergeBase", () => {
  const call = (): CallContext => ({ base: { LogID: "call" } });
  const json = '{"Base":{"LogID":"json","Caller":"c"}}';
  it("gives the base that is written", () => {
    const converter = jsonToThrift(idl.struct("Req"), {
      mergeBase: (fromJson, fromCall) => ({ LogID: `${fromJson.LogID}+${fromCall.LogID}` }),
    });
    expectConversion(converter, json, '0c 00ff 0b 0001 00000009 "json+call" 00 00', call);
  });
  it("may not give what is no base", () => {
    const converter = jsonToThrift(idl.struct("Req"), { mergeBase: () => ({ LogID: 1 }) });
    expectConversion(converter, json, failure("TYPE_MISMATCH", 37, "Base"), call);
  });
});
