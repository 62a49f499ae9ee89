import { describe, expect, it } from "vitest";
import { toHex, truncationsOf, utf8 } from "../support/bytes.ts";
import { jsonToThrift, parseIdl } from "../support/engines.ts";
import { type Expected, expectConversion, failure, outcomeOf } from "./conversion.ts";
import { REFERENCE_IDL, REFERENCE_TABLES } from "./reference-cases.ts";

const idl = parseIdl(REFERENCE_IDL);

/** For the name of a test. */
function shown(json: string | Uint8Array): string {
  return typeof json === "string" ? JSON.stringify(json).slice(1, -1) : toHex(json);
}

describe.each(REFERENCE_TABLES)("$name", ({ type, options, cases }) => {
  const converter = jsonToThrift(type, options);
  it.each(cases.map((row) => [shown(row[0]), ...row] as const))("%s", (_name, json, expected) => {
    expectConversion(converter, json, expected);
  });

  it("fails for every truncation of the inputs that convert", () => {
    for (const [json, expected] of cases) {
      if (typeof expected !== "string" || typeof json !== "string") continue;
      for (const bytes of truncationsOf(utf8(json.trim()))) {
        const outcome = outcomeOf(() => converter.convert(bytes));
        expect(outcome, toHex(bytes)).toMatchObject({ code: "INVALID_JSON" });
      }
    }
  });
});

describe('quotedNumbers: "accept"', () => {
  const converter = jsonToThrift(idl.struct("S"), { quotedNumbers: "accept" });
  it.each<[json: string, expected: Expected]>([
    ['{"i":"12"}', "08 0004 0000000c 00"],
    ['{"i":""}', failure("INVALID_VALUE", 5, "i")],
    ['{"d":""}', failure("INVALID_VALUE", 5, "d")],
    ['{"e":""}', failure("INVALID_VALUE", 5, "e")],
    ['{"e":"5"}', "08 0011 00000005 00"],
    ['{"li":["", 3]}', failure("INVALID_VALUE", 7, "li[0]")],
  ])("%s", (json, expected) => {
    expectConversion(converter, json, expected);
  });
});

describe("enum values", () => {
  const converter = jsonToThrift(idl.struct("S"));
  it.each<[json: string, expected: Expected]>([
    ['{"e":"A"}', "08 0011 00000001 00"],
    [String.raw`{"e":"\u0041"}`, "08 0011 00000001 00"],
    ['{"e":-2147483648}', "08 0011 80000000 00"],
    ['{"e":2147483648}', failure("OUT_OF_RANGE", 5, "e")],
    ['{"e":1.5}', failure("OUT_OF_RANGE", 5, "e")],
    ['{"e":"a"}', failure("INVALID_VALUE", 5, "e")],
    ['{"e":"1"}', failure("INVALID_VALUE", 5, "e")],
    ['{"e":""}', failure("INVALID_VALUE", 5, "e")],
    ['{"e":"E.A"}', failure("INVALID_VALUE", 5, "e")],
    ['{"e":"__proto__"}', failure("INVALID_VALUE", 5, "e")],
    ['{"e":true}', failure("TYPE_MISMATCH", 5, "e")],
  ])("%s", (json, expected) => {
    expectConversion(converter, json, expected);
  });
});

describe("root values", () => {
  const types = ["string", "binary", "i64", "double", "bool", "list<i32>", "map<string, i32>"] as const;
  const mismatch = failure("TYPE_MISMATCH", 0);
  const noJson = failure("INVALID_JSON", 0);
  // The reference takes any text for a string and nothing at all for a zero; a root value is JSON here.
  it.each<[json: string, ...expected: Expected[]]>([
    [
      '"abc"',
      '00000003 "abc"',
      failure("INVALID_VALUE", 4),
      mismatch,
      mismatch,
      mismatch,
      mismatch,
      mismatch,
    ],
    ["abc", noJson, noJson, noJson, noJson, noJson, noJson, noJson],
    ['abc"', noJson, noJson, noJson, noJson, noJson, noJson, noJson],
    ["1", mismatch, mismatch, "0000000000000001", "3ff0000000000000", mismatch, mismatch, mismatch],
    ["null", mismatch, mismatch, mismatch, mismatch, mismatch, mismatch, mismatch],
    ["[1,2]", mismatch, mismatch, mismatch, mismatch, mismatch, "08 00000002 00000001 00000002", mismatch],
    [
      '{"a":1}',
      mismatch,
      mismatch,
      mismatch,
      mismatch,
      mismatch,
      mismatch,
      '0b 08 00000001 00000001 "a" 00000001',
    ],
    ["true", mismatch, mismatch, mismatch, mismatch, "01", mismatch, mismatch],
    ["", noJson, noJson, noJson, noJson, noJson, noJson, noJson],
    ['"YQ=="', '00000004 "YQ=="', '00000001 "a"', mismatch, mismatch, mismatch, mismatch, mismatch],
    ["YQ==", noJson, noJson, noJson, noJson, noJson, noJson, noJson],
    ["1.5", mismatch, mismatch, failure("OUT_OF_RANGE", 0), "3ff8000000000000", mismatch, mismatch, mismatch],
    [
      "1 2",
      mismatch,
      mismatch,
      failure("TRAILING_DATA", 2),
      failure("TRAILING_DATA", 2),
      mismatch,
      mismatch,
      mismatch,
    ],
    [
      ' "x"',
      '00000001 "x"',
      failure("INVALID_VALUE", 3),
      failure("TYPE_MISMATCH", 1),
      failure("TYPE_MISMATCH", 1),
      failure("TYPE_MISMATCH", 1),
      failure("TYPE_MISMATCH", 1),
      failure("TYPE_MISMATCH", 1),
    ],
  ])("%s", (json, ...expected) => {
    types.forEach((type, index) => {
      expectConversion(jsonToThrift(idl.type(type)), json, expected[index]!);
    });
  });

  it.each<[type: string, json: string, binary: string, compact: string]>([
    ["bool", "false", "00", "02"],
    ["byte", "-1", "ff", "ff"],
    ["i16", "-2", "fffe", "03"],
    ["i32", "300", "0000012c", "d804"],
    ["i64", "-9223372036854775808", "8000000000000000", "ffffffffffffffffff01"],
    ["double", "1.5", "3ff8000000000000", "000000000000f83f"],
    ["E", '"B"', "00000005", "0a"],
    [
      "uuid",
      '"00112233-4455-6677-8899-aabbccddeeff"',
      "00112233445566778899aabbccddeeff",
      "00112233445566778899aabbccddeeff",
    ],
    ["set<bool>", "[true,false]", "02 00000002 01 00", "22 01 02"],
    ["map<In, i32>", '[[{"x":1},2]]', "0c08 00000001 08 0001 00000001 00 00000002", "01 c5 15 02 00 04"],
  ])("%s %s", (type, json, binary, compact) => {
    expectConversion(jsonToThrift(idl.type(type)), json, binary);
    expectConversion(jsonToThrift(idl.type(type), { protocol: "compact" }), json, compact);
  });
});

describe("paths", () => {
  const converter = jsonToThrift(idl.struct("S"));
  // An error in what the descriptor lacks is about the struct or container around it.
  it.each<[json: string, expected: Expected]>([
    ['{"unknown":tru}', failure("INVALID_JSON", 11)],
    ['{"b":true,"unknown":tru}', failure("INVALID_JSON", 20)],
    ['{"b":true,"unknown":[1,}]}', failure("INVALID_JSON", 23)],
    ['{"b":true,"unknown":{"a" 1}}', failure("INVALID_JSON", 25)],
    ['{"b":true,"unknown" 1}', failure("INVALID_JSON", 20)],
    ['{"b":true,"unknown":"\\q"}', failure("INVALID_JSON", 21)],
    ['{"b":true,"\\q":1}', failure("INVALID_JSON", 11)],
    ['{"lin":[{"x":1,"unknown":-}]}', failure("INVALID_JSON", 26, "lin[0]")],
    ['{"b":true,x}', failure("INVALID_JSON", 10)],
    ['{"b" true}', failure("INVALID_JSON", 5)],
    ['{"lin":[{"x":1} {"x":2}]}', failure("INVALID_JSON", 16, "lin")],
    ['{"lin":[{"x":1},{"x":2,"s":5}]}', failure("TYPE_MISMATCH", 27, "lin[1].s")],
    ['{"ll":[[1],[2,3,"4"]]}', failure("TYPE_MISMATCH", 16, "ll[1][2]")],
  ])("%s", (json, expected) => {
    expectConversion(converter, json, expected);
  });
});
