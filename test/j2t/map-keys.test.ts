import { describe, expect, it } from "vitest";
import { toHex } from "../support/bytes.ts";
import { jsonToThrift, parseIdl } from "../support/engines.ts";
import { type Expected, expectConversion, failure, outcomeOf } from "./conversion.ts";

const idl = parseIdl(`
  enum E { A = 1, B = 5, NEGATIVE = -1 }
  struct In { 1: required i32 x }
  struct Holder { 1: map<string, map<i32, string>> nested, 2: map<E, list<In>> lists }
`);

const UUID = "00112233-4455-6677-8899-aabbccddeeff";
const UUID_HEX = "00112233445566778899aabbccddeeff";

describe("keys", () => {
  it.each<[type: string, json: string, binary: string, compact: string]>([
    [
      "map<bool, i32>",
      '{"true":1,"false":2}',
      "02 08 00000002  01 00000001  00 00000002",
      "02 25  01 02  02 04",
    ],
    [
      "map<byte, i32>",
      '{"-128":1,"127":2}',
      "03 08 00000002  80 00000001  7f 00000002",
      "02 35  80 02  7f 04",
    ],
    [
      "map<i16, i32>",
      '{"-32768":1,"32767":2}',
      "06 08 00000002  8000 00000001  7fff 00000002",
      "02 45  ffff03 02  feff03 04",
    ],
    [
      "map<i32, i32>",
      '{"-2147483648":1,"2147483647":2}',
      "08 08 00000002  80000000 00000001  7fffffff 00000002",
      "02 55  ffffffff0f 02  feffffff0f 04",
    ],
    [
      "map<i64, i32>",
      '{"-9223372036854775808":1,"9223372036854775807":2}',
      "0a 08 00000002  8000000000000000 00000001  7fffffffffffffff 00000002",
      "02 65  ffffffffffffffffff01 02  feffffffffffffffff01 04",
    ],
    [
      "map<i64, i32>",
      '{"9007199254740993":1,"-0":2,"1.0":3,"12e1":4}',
      "0a 08 00000004  0020000000000001 00000001  0000000000000000 00000002  0000000000000001 00000003  0000000000000078 00000004",
      "04 65  8280808080808020 02  00 04  02 06  f001 08",
    ],
    [
      "map<double, i32>",
      '{"-0":1,"1.5":2,"1e-7":6}',
      "04 08 00000003  8000000000000000 00000001  3ff8000000000000 00000002  3e7ad7f29abcaf48 00000006",
      "03 75  0000000000000080 02  000000000000f83f 04  48afbc9af2d77a3e 0c",
    ],
    [
      "map<string, i32>",
      '{"":1,"ä":2,"\\u00e4\\n":3}',
      '0b 08 00000003  00000000 00000001  00000002 "ä" 00000002  00000003 "ä" 0a 00000003',
      '03 85  00 02  02 "ä" 04  03 "ä" 0a 06',
    ],
    [
      "map<binary, i32>",
      '{"":1,"/+8=":2,"\\u0059Q==":3}',
      '0b 08 00000003  00000000 00000001  00000002 ffef 00000002  00000001 "a" 00000003',
      '03 85  00 02  02 ffef 04  01 "a" 06',
    ],
    [
      "map<uuid, i32>",
      `{"${UUID}":1,"${UUID.toUpperCase()}":2}`,
      `10 08 00000002  ${UUID_HEX} 00000001  ${UUID_HEX} 00000002`,
      `02 d5  ${UUID_HEX} 02  ${UUID_HEX} 04`,
    ],
    [
      "map<E, i32>",
      '{"A":1,"5":2,"7":3,"-1":4,"\\u0042":5,"1.0":6}',
      `08 08 00000006  00000001 00000001  00000005 00000002  00000007 00000003
       ffffffff 00000004  00000005 00000005  00000001 00000006`,
      "06 55  02 02  0a 04  0e 06  01 08  0a 0a  02 0c",
    ],
    [
      "map<In, i32>",
      '[ [ {"x":1} , 2 ] , [{"x":3},4]]',
      "0c 08 00000002  08 0001 00000001 00 00000002  08 0001 00000003 00 00000004",
      "02 c5  15 02 00 04  15 06 00 08",
    ],
    [
      "map<list<i32>, string>",
      '[[[1,2],"a"],[[],"b"]]',
      '0f 0b 00000002  08 00000002 00000001 00000002 00000001 "a"  08 00000000 00000001 "b"',
      '02 98  25 02 04 01 "a"  05 01 "b"',
    ],
    [
      "map<set<string>, bool>",
      '[[["a"],true]]',
      '0e 02 00000001  0b 00000001 00000001 "a" 01',
      '01 a2  18 01 "a" 01',
    ],
    [
      "map<map<string, i32>, i32>",
      '[[{"a":1},2],[{},3]]',
      '0d 08 00000002  0b 08 00000001 00000001 "a" 00000001 00000002  0b 08 00000000 00000003',
      '02 b5  01 85 01 "a" 02 04  00 06',
    ],
    [
      "map<map<In, i32>, list<i32>>",
      '[[[[{"x":1},2]],[3]]]',
      "0d 0f 00000001  0c 08 00000001 08 0001 00000001 00 00000002  08 00000001 00000003",
      "01 b9  01 c5 15 02 00 04  15 06",
    ],
    ["map<In, i32>", "[]", "0c 08 00000000", "00"],
    ["map<In, i32>", " [ ] ", "0c 08 00000000", "00"],
    ["map<In, i32>", "{}", "0c 08 00000000", "00"],
    ["map<In, i32>", "{ \n }", "0c 08 00000000", "00"],
    ["map<string, i32>", "{ }", "0b 08 00000000", "00"],
    ["map<bool, i32>", "{}", "02 08 00000000", "00"],
    [
      "Holder",
      '{"nested":{"a":{"1":"x"},"b":{}},"lists":{"A":[],"B":[{"x":1}]}}',
      `0d 0001 0b 0d 00000002
         00000001 "a" 08 0b 00000001 00000001 00000001 "x"
         00000001 "b" 08 0b 00000000
       0d 0002 08 0f 00000002
         00000001 0c 00000000
         00000005 0c 00000001 08 0001 00000001 00
       00`,
      `1b 02 8b 01 "a" 01 58 02 01 "x" 01 "b" 00
       1b 02 59 02 0c 0a 1c 15 02 00
       00`,
    ],
  ])("%s %s", (type, json, binary, compact) => {
    expectConversion(jsonToThrift(idl.type(type)), json, binary);
    expectConversion(jsonToThrift(idl.type(type), { protocol: "compact" }), json, compact);
  });
});

describe("wrong keys", () => {
  it.each<[type: string, json: string, expected: Expected]>([
    ["map<bool, i32>", '{"True":1}', failure("INVALID_VALUE", 1)],
    ["map<bool, i32>", '{"1":1}', failure("INVALID_VALUE", 1)],
    ["map<bool, i32>", "{true:1}", failure("INVALID_JSON", 1)],
    ["map<byte, i32>", '{"128":1}', failure("OUT_OF_RANGE", 1)],
    ["map<byte, i32>", '{"":1}', failure("INVALID_VALUE", 1)],
    ["map<byte, i32>", '{"0x1":1}', failure("INVALID_VALUE", 1)],
    ["map<i16, i32>", '{"32768":1}', failure("OUT_OF_RANGE", 1)],
    ["map<i32, i32>", '{"2147483648":1}', failure("OUT_OF_RANGE", 1)],
    ["map<i32, i32>", '{"1":1,"x":2}', failure("INVALID_VALUE", 7)],
    ["map<i32, i32>", '{"1.5":1}', failure("OUT_OF_RANGE", 1)],
    ["map<i32, i32>", '{"+1":1}', failure("INVALID_VALUE", 1)],
    ["map<i32, i32>", "{1:1}", failure("INVALID_JSON", 1)],
    ["map<i64, i32>", '{"9223372036854775808":1}', failure("OUT_OF_RANGE", 1)],
    ["map<i64, i32>", '{"1e400":1}', failure("OUT_OF_RANGE", 1)],
    ["map<double, i32>", '{"1e400":1}', failure("OUT_OF_RANGE", 1)],
    ["map<double, i32>", '{"x":1}', failure("INVALID_VALUE", 1)],
    ["map<double, i32>", '{"":1}', failure("INVALID_VALUE", 1)],
    ["map<double, i32>", '{"1.":1}', failure("INVALID_VALUE", 1)],
    ["map<double, i32>", '{"-NaN":1}', failure("INVALID_VALUE", 1)],
    ["map<double, i32>", '{"NaN":1}', failure("INVALID_VALUE", 1)],
    ["map<double, i32>", '{"-Infinity":1}', failure("INVALID_VALUE", 1)],
    ["map<binary, i32>", '{"YQ":1}', failure("INVALID_VALUE", 1)],
    ["map<binary, i32>", '{"YR==":1}', failure("INVALID_VALUE", 1)],
    ["map<uuid, i32>", '{"0011":1}', failure("INVALID_VALUE", 1)],
    ["map<uuid, i32>", `{"{${UUID}}":1}`, failure("INVALID_VALUE", 1)],
    ["map<E, i32>", '{"C":1}', failure("INVALID_VALUE", 1)],
    ["map<E, i32>", '{"a":1}', failure("INVALID_VALUE", 1)],
    ["map<E, i32>", '{"":1}', failure("INVALID_VALUE", 1)],
    ["map<E, i32>", '{"1.5":1}', failure("OUT_OF_RANGE", 1)],
    ["map<E, i32>", '{"2147483648":1}', failure("OUT_OF_RANGE", 1)],
    ["map<string, i32>", '{"a":1,}', failure("INVALID_JSON", 7)],
    ["map<string, i32>", '{"a" 1}', failure("INVALID_JSON", 5)],
    ["map<string, i32>", '{"a":1 "b":2}', failure("INVALID_JSON", 7)],
    ["map<string, i32>", "{'a':1}", failure("INVALID_JSON", 1)],
    ["map<string, i32>", '{"\\q":1}', failure("INVALID_JSON", 2)],
    ["Holder", '{"nested":{"a":{"x":""}}}', failure("INVALID_VALUE", 16, 'nested["a"]')],
    ["Holder", '{"nested":{"a":{"7":1}}}', failure("TYPE_MISMATCH", 20, 'nested["a"][7]')],
    ["Holder", '{"lists":{"B":[{}]}}', failure("MISSING_REQUIRED", 16, 'lists["B"][0].x')],
    ["Holder", '{"lists":{"77":[{}]}}', failure("MISSING_REQUIRED", 17, "lists[77][0].x")],
  ])("%s %s", (type, json, expected) => {
    expectConversion(jsonToThrift(idl.type(type)), json, expected);
    expectConversion(jsonToThrift(idl.type(type), { protocol: "compact" }), json, expected);
  });
});

describe("paths show the key", () => {
  it.each<[type: string, json: string, path: string]>([
    ["map<bool, i32>", '{"true":""}', "[true]"],
    ["map<byte, i32>", '{"-1":""}', "[-1]"],
    ["map<i64, i32>", '{"9007199254740993":""}', "[9007199254740993]"],
    ["map<double, i32>", '{"-0":""}', "[-0]"],
    ["map<double, i32>", '{"1.50":""}', "[1.5]"],
    ["map<E, i32>", '{"5":""}', '["B"]'],
    ["map<string, i32>", '{"a\\nb":""}', String.raw`["a\nb"]`],
    ["map<string, i32>", `{"${"k".repeat(40)}":""}`, `["${"k".repeat(32)}…"]`],
    ["map<binary, i32>", '{"AP8=":""}', "[0x00ff]"],
  ])("%s %s", (type, json, path) => {
    const offset = json.lastIndexOf('""');
    const expected = failure("TYPE_MISMATCH", offset, path);
    expectConversion(jsonToThrift(idl.type(type)), json, expected);
    expectConversion(jsonToThrift(idl.type(type), { protocol: "compact" }), json, expected);
  });
});

it("takes NaN and infinities as keys where quoted numbers are accepted", () => {
  const json = '{"NaN":3,"-Infinity":4,"Infinity":5}';
  const converter = jsonToThrift(idl.type("map<double, i32>"), { quotedNumbers: "accept" });
  expectConversion(
    converter,
    json,
    "04 08 00000003  7ff8000000000000 00000003  fff0000000000000 00000004  7ff0000000000000 00000005",
  );
});

describe("pairs", () => {
  const type = idl.type("map<In, i32>");
  it.each<[json: string, expected: Expected]>([
    // Valid JSON of another form is no syntax error.
    ['{"a":1}', failure("TYPE_MISMATCH", 0)],
    ['{ "a":1}', failure("TYPE_MISMATCH", 0)],
    ["1", failure("TYPE_MISMATCH", 0)],
    ['"a"', failure("TYPE_MISMATCH", 0)],
    ["[1]", failure("TYPE_MISMATCH", 1)],
    ["[null]", failure("TYPE_MISMATCH", 1)],
    ['[{"x":1}]', failure("TYPE_MISMATCH", 1)],
    ['[[{"x":1}]]', failure("TYPE_MISMATCH", 9)],
    ['[[{"x":1},2,3]]', failure("TYPE_MISMATCH", 11)],
    ["[[null,2]]", failure("TYPE_MISMATCH", 2, "[0][0]")],
    ['[[{"x":1},null]]', failure("TYPE_MISMATCH", 10, "[0][1]")],
    ['[[{"x":1},"a"]]', failure("TYPE_MISMATCH", 10, "[0][1]")],
    ['[[{"x":1},2],[{"x":""},2]]', failure("TYPE_MISMATCH", 19, "[1][0].x")],
    ["[[{},2]]", failure("MISSING_REQUIRED", 3, "[0][0].x")],
    // These are no JSON.
    ["[", failure("INVALID_JSON", 1)],
    ["[,]", failure("INVALID_JSON", 1)],
    ['[[{"x":1},2],]', failure("INVALID_JSON", 13)],
    ['[[{"x":1},]]', failure("INVALID_JSON", 10, "[0][1]")],
    ['[[{"x":1} 2]]', failure("INVALID_JSON", 10)],
    ['[[{"x":1}:2]]', failure("INVALID_JSON", 9)],
    ['[[{"x":1},2}]', failure("INVALID_JSON", 11)],
    ['[[{"x":1},2', failure("INVALID_JSON", 11)],
    ['[[{"x":1}', failure("INVALID_JSON", 9)],
    ["{", failure("INVALID_JSON", 1)],
    ["{]", failure("INVALID_JSON", 1)],
  ])("%s", (json, expected) => {
    expectConversion(jsonToThrift(type), json, expected);
  });
});

describe('duplicateKeys: "error"', () => {
  it.each<[type: string, json: string, count: number, path: string | undefined]>([
    ["map<string, i32>", '{"a":1,"b":2,"a":3}', 3, '["a"]'],
    ["map<string, i32>", '{"a":1,"\\u0061":3}', 2, '["a"]'],
    ["map<string, i32>", '{"":1,"":3}', 2, '[""]'],
    ["map<string, i32>", '{"__proto__":1,"__proto__":3}', 2, '["__proto__"]'],
    ["map<i32, i32>", '{"1":1,"1.0":3}', 2, "[1]"],
    ["map<i64, i32>", '{"-0":1,"0":3}', 2, "[0]"],
    ["map<double, i32>", '{"1":1,"1e0":3}', 2, "[1]"],
    ["map<bool, i32>", '{"true":1,"false":2,"false":3}', 3, "[false]"],
    ["map<E, i32>", '{"A":1,"1":3}', 2, '["A"]'],
    ["map<binary, i32>", '{"YQ==":1,"\\u0059Q==":3}', 2, "[0x61]"],
    ["map<uuid, i32>", `{"${UUID}":1,"${UUID.toUpperCase()}":3}`, 2, undefined],
    ["map<In, i32>", '[[{"x":1},1],[{"x":2},2],[{"x":1},3]]', 3, "[2][0]"],
    ["map<list<i32>, i32>", "[[[1],1],[[],2],[[],3]]", 3, "[2][0]"],
  ])("%s %s", (type, json, count, path) => {
    for (const protocol of ["binary", "compact"] as const) {
      const strict = jsonToThrift(idl.type(type), { protocol, duplicateKeys: "error" });
      expect(outcomeOf(() => strict.convert(json))).toMatchObject({
        code: "DUPLICATE_FIELD",
        ...(path === undefined ? {} : { path }),
      });
      // Kept by default: all pairs are on the wire, and the count says so.
      const kept = toHex(jsonToThrift(idl.type(type), { protocol }).convert(json));
      if (protocol === "binary") expect(kept.slice(4, 12)).toBe(`0000000${count}`);
      else expect(kept.slice(0, 2)).toBe(`0${count}`);
    }
  });

  it.each<[type: string, json: string]>([
    ["map<string, map<string, i32>>", '{"a":{"a":1,"b":2},"b":{"a":1,"b":2}}'],
    ["list<map<string, i32>>", '[{"a":1},{"a":1},{},{"a":1}]'],
    ["map<double, i32>", '{"0":1,"-0":2}'],
    ["map<string, i32>", '{"a":1,"A":2,"ä":3,"a\\u0308":4}'],
    ["map<In, map<In, i32>>", '[[{"x":1},[[{"x":1},1]]],[{"x":2},[[{"x":1},1]]]]'],
  ])("accepts %s %s", (type, json) => {
    for (const protocol of ["binary", "compact"] as const) {
      const strict = jsonToThrift(idl.type(type), { protocol, duplicateKeys: "error" });
      const loose = jsonToThrift(idl.type(type), { protocol });
      expect(toHex(strict.convert(json))).toBe(toHex(loose.convert(json)));
    }
  });

  it("finds a duplicate among keys that are longer than the window", () => {
    const key = "k".repeat(300 * 1024);
    const strict = jsonToThrift(idl.type("map<string, i32>"), { duplicateKeys: "error" });
    expect(strict.convert(`{"${key}":1,"${key}l":2}`).length).toBe(6 + 2 * (8 + key.length) + 1);
    expect(() => strict.convert(`{"${key}":1,"${key}l":2,"${key}":3}`)).toThrow(
      expect.objectContaining({ code: "DUPLICATE_FIELD", path: `["${"k".repeat(32)}…"]` }),
    );
  });
});
