import { describe, expect, it } from "vitest";
import { toHex } from "../support/bytes.ts";
import { type JsonToThriftOptions, jsonToThrift, parseIdl } from "../support/engines.ts";
import { type Expected, expectConversion, failure } from "./conversion.ts";

const idl = parseIdl(`
  union U { 1: i32 a, 2: string b = "x", 3: U c, 40: bool d }
  exception X { 1: i32 code }
  struct In { 1: required i32 x }
  struct S {
    1: list<i32> li, 2: set<string> ss, 3: map<string, i32> ms, 4: list<list<i32>> ll,
    5: map<string, list<i32>> ml, 6: list<In> lin, 7: list<map<i32, i32>> lm, 8: list<bool> lb, 9: U u, 10: X x
  }
  struct Nulls { 1: required i32 r, 2: i32 d, 3: optional i32 o }
`);

describe("unions", () => {
  it.each<[json: string, expected: Expected]>([
    ['{"a":1}', "08 0001 00000001 00"],
    ['{"b":""}', "0b 0002 00000000 00"],
    ['{"c":{"c":{"a":1}}}', "0c 0003 0c 0003 08 0001 00000001 00 00 00"],
    ['{"d":false}', "02 0028 00 00"],
    ['{"a":1,"unknown":{}}', "08 0001 00000001 00"],
    ['{"a":null,"b":"y","c":null}', '0b 0002 00000001 "y" 00'],
    ["{}", failure("INVALID_UNION", 1)],
    ['{"unknown":1}', failure("INVALID_UNION", 12)],
    ['{"a":null}', failure("INVALID_UNION", 9)],
    ['{"a":1,"b":"y"}', failure("INVALID_UNION", 14)],
    ['{"c":{"c":{}}}', failure("INVALID_UNION", 11, "c.c")],
    ['{"c":{"a":1,"d":true} }', failure("INVALID_UNION", 20, "c")],
    ['{"a":1,"a":2}', failure("DUPLICATE_FIELD", 7, "a")],
    ["null", failure("TYPE_MISMATCH", 0)],
  ])("%s", (json, expected) => {
    expectConversion(jsonToThrift(idl.struct("U")), json, expected);
  });

  it("hold one field whatever is missing: no rule of `missing` applies", () => {
    for (const action of ["error", "omit", "write"] as const) {
      const missing = { required: action, default: action, optional: action };
      expectConversion(
        jsonToThrift(idl.struct("U"), { missing }),
        '{"c":{"a":1}}',
        "0c 0003 08 0001 00000001 00 00",
      );
    }
  });

  it("are checked inside lists, and with a path", () => {
    const converter = jsonToThrift(idl.type("list<U>"));
    expectConversion(converter, '[{"a":1},{}]', failure("INVALID_UNION", 10, "[1]"));
  });

  it("exceptions are no unions", () => {
    expectConversion(jsonToThrift(idl.struct("X")), "{}", "00");
  });
});

describe("null fields", () => {
  it.each<[options: JsonToThriftOptions, json: string, expected: Expected]>([
    [{}, '{"r":1,"d":null,"o":null}', "08 0001 00000001 00"],
    [{}, '{"r":null}', failure("MISSING_REQUIRED", 9, "r")],
    [{}, '{"r":nul}', failure("INVALID_JSON", 5, "r")],
    [{}, '{"r":nulL}', failure("INVALID_JSON", 5, "r")],
    [{}, '{"r":null', failure("INVALID_JSON", 9)],
    [{ missing: { required: "write" } }, '{"r":null}', "08 0001 00000000 00"],
    [{ missing: { default: "write" } }, '{"r":1,"d":null}', "08 0001 00000001 08 0002 00000000 00"],
    [{ missing: { optional: "write" } }, '{"r":1,"o":null}', "08 0001 00000001 00"],
    // A null does not make the value that follows it absent.
    [{ duplicateFields: "keep" }, '{"r":null,"r":1}', "08 0001 00000001 00"],
    [{ duplicateFields: "keep" }, '{"r":1,"o":2,"o":null}', "08 0001 00000001 08 0003 00000002 00"],
    [{ duplicateFields: "keep" }, '{"r":null,"r":null}', failure("MISSING_REQUIRED", 18, "r")],
    [
      { duplicateFields: "keep", missing: { default: "write" } },
      '{"r":1,"d":null,"d":2}',
      "08 0001 00000001 08 0002 00000002 00",
    ],
  ])("%j %s", (options, json, expected) => {
    expectConversion(jsonToThrift(idl.struct("Nulls"), options), json, expected);
  });
});

describe("null elements", () => {
  const cases: [json: string, binary: string, compact: string, failsAt: number, path: string][] = [
    ['{"li":[1,null,2]}', "0f 0001 08 00000002 00000001 00000002 00", "19 25 02 04 00", 9, "li[1]"],
    ['{"li":[null]}', "0f 0001 08 00000000 00", "19 05 00", 7, "li[0]"],
    ['{"li":[null,null,3]}', "0f 0001 08 00000001 00000003 00", "19 15 06 00", 7, "li[0]"],
    ['{"ss":["a",null]}', '0e 0002 0b 00000001 00000001 "a" 00', '2a 18 01 "a" 00', 11, "ss[1]"],
    [
      '{"ms":{"a":null,"b":2}}',
      '0d 0003 0b 08 00000001 00000001 "b" 00000002 00',
      '3b 01 85 01 "b" 04 00',
      11,
      'ms["a"]',
    ],
    [
      '{"ms":{"a":1,"bb":null}}',
      '0d 0003 0b 08 00000001 00000001 "a" 00000001 00',
      '3b 01 85 01 "a" 02 00',
      18,
      'ms["bb"]',
    ],
    ['{"ms":{"a":null}}', "0d 0003 0b 08 00000000 00", "3b 00 00", 11, 'ms["a"]'],
    [
      '{"ll":[[1],null,[],[null,2]]}',
      "0f 0004 0f 00000003 08 00000001 00000001 08 00000000 08 00000001 00000002 00",
      "49 39 15 02 05 15 04 00",
      11,
      "ll[1]",
    ],
    [
      '{"ml":{"a":[null],"b":null,"c":[1]}}',
      '0d 0005 0b 0f 00000002 00000001 "a" 08 00000000 00000001 "c" 08 00000001 00000001 00',
      '5b 02 89 01 "a" 05 01 "c" 15 02 00',
      12,
      'ml["a"][0]',
    ],
    [
      '{"lin":[null,{"x":1}]}',
      "0f 0006 0c 00000001 08 0001 00000001 00 00",
      "69 1c 15 02 00 00",
      8,
      "lin[0]",
    ],
    [
      '{"lm":[{"1":null,"2":3},null]}',
      "0f 0007 0d 00000001 08 08 00000001 00000002 00000003 00",
      "79 1b 01 55 04 06 00",
      12,
      "lm[0][1]",
    ],
    ['{"lb":[true,null,false]}', "0f 0008 02 00000002 01 00 00", "89 22 01 02 00", 12, "lb[1]"],
  ];
  it.each(cases)("%s", (json, binary, compact, failsAt, path) => {
    const type = idl.struct("S");
    expectConversion(jsonToThrift(type, { nullElements: "skip" }), json, binary);
    expectConversion(jsonToThrift(type, { nullElements: "skip", protocol: "compact" }), json, compact);
    for (const protocol of ["binary", "compact"] as const) {
      expectConversion(jsonToThrift(type, { protocol }), json, failure("TYPE_MISMATCH", failsAt, path));
    }
  });

  it("are skipped as values of maps that are written as pairs", () => {
    const type = idl.type("map<In, i32>");
    const json = '[[{"x":1},null],[{"x":2},3],[{"x":4},null]]';
    expectConversion(
      jsonToThrift(type, { nullElements: "skip" }),
      json,
      "0c 08 00000001 08 0001 00000002 00 00000003",
    );
    expectConversion(
      jsonToThrift(type, { nullElements: "skip", protocol: "compact" }),
      json,
      "01 c5 15 04 00 06",
    );
  });

  it.each<[type: string, json: string, expected: Expected]>([
    // Only the value of a pair can be skipped.
    ["map<In, i32>", "[null]", failure("TYPE_MISMATCH", 1)],
    ["map<In, i32>", "[[null,1]]", failure("TYPE_MISMATCH", 2, "[0][0]")],
    ["list<i32>", "[1,nul]", failure("INVALID_JSON", 3, "[1]")],
    ["list<i32>", "[1,null", failure("INVALID_JSON", 7)],
    ["list<i32>", "[1,null 2]", failure("INVALID_JSON", 8)],
    ["map<string, i32>", '{"a":nulx}', failure("INVALID_JSON", 5, '["a"]')],
    ["list<In>", '[null,{"x":null}]', failure("MISSING_REQUIRED", 15, "[1].x")],
  ])('nullElements: "skip" rejects %s %s', (type, json, expected) => {
    expectConversion(jsonToThrift(idl.type(type), { nullElements: "skip" }), json, expected);
  });

  it("may bring a compact container below a longer header", () => {
    const compact = { protocol: "compact", nullElements: "skip" } as const;
    const list = jsonToThrift(idl.type("list<byte>"), compact);
    // 15 elements take a varint, 14 do not.
    const bytes = "01".repeat(14);
    expect(toHex(list.convert(`[${"1,".repeat(14)}null]`))).toBe(`e3${bytes}`);
    expect(toHex(list.convert(`[null,${"1,".repeat(14)}null,1]`))).toBe(`f30f${bytes}01`);
    const map = jsonToThrift(idl.type("map<i32, byte>"), compact);
    const entries = (count: number, value: string): string[] =>
      Array.from({ length: count }, (_, index) => `"${index}":${value}`);
    expect(toHex(map.convert(`{${[...entries(127, "1"), '"999":null'].join(",")}}`))).toMatch(/^7f53/);
    expect(toHex(map.convert(`{${entries(129, "null").join(",")},"0":1}`))).toBe("01530001");
    expect(toHex(map.convert(`{${entries(128, "1").join(",")}}`))).toMatch(/^800153/);
  });

  it("are not counted by maxLength", () => {
    const type = idl.type("list<i32>");
    const options = { nullElements: "skip", limits: { maxLength: 2 } } as const;
    expectConversion(jsonToThrift(type, options), "[1,null,2,null]", "08 00000002 00000001 00000002");
    expectConversion(jsonToThrift(type, options), "[1,null,2,null,3]", failure("LIMIT_EXCEEDED", 15));
    const map = jsonToThrift(idl.type("map<byte, bool>"), options);
    expectConversion(map, '{"1":true,"2":true,"3":null}', "03 02 00000002 01 01 02 01");
    expectConversion(map, '{"1":true,"2":true,"3":true}', failure("LIMIT_EXCEEDED", 23));
    const pairs = jsonToThrift(idl.type("map<list<byte>, bool>"), options);
    expectConversion(
      pairs,
      "[[[],true],[[1],null],[[],true],[[],null]]",
      "0f 02 00000002 03 00000000 01 03 00000000 01",
    );
    expectConversion(pairs, "[[[],true],[[],true],[[],true]]", failure("LIMIT_EXCEEDED", 25));
  });

  it("roll back a key that is longer than a window", () => {
    const key = "k".repeat(600 * 1024);
    const type = idl.type("map<string, list<i32>>");
    const json = `{"a":[1],"${key}":null,"b":[2]}`;
    for (const protocol of ["binary", "compact"] as const) {
      const converter = jsonToThrift(type, { protocol, nullElements: "skip" });
      expect(toHex(converter.convert(json))).toBe(toHex(converter.convert('{"a":[1],"b":[2]}')));
    }
  });
});
