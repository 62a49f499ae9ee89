import { describe, expect, it } from "vitest";
import { toHex } from "../support/bytes.ts";
import { type JsonToThriftOptions, jsonToThrift, type MissingAction, parseIdl } from "../support/engines.ts";
import { type Expected, expectConversion, failure, outcomeOf } from "./conversion.ts";

/** dynamicgo's matrix of requiredness and defaults. Its defaults are only scalars; here they are all. */
const idl = parseIdl(`
  enum E { A = 1, B = 5 }
  const i32 C2 = 77
  const string CS = "cs"
  struct In { 1: required i32 x = 9, 2: optional string s = "dd", 3: i64 d }
  struct S {
    1: required i32 r, 2: i32 d, 3: optional i32 o, 4: required i32 rd = 11, 5: i32 dd = 12,
    6: optional i32 od = 13, 7: string cs = CS, 8: i32 c2 = C2, 9: E e = E.B, 10: bool bo = true,
    11: double f = 1, 12: double g = 1.5, 13: list<i32> l = [1, 2], 14: map<string, i32> m = {"a": 1},
    15: In inn, 16: In inn2 = {"x": 3}, 17: byte by = 1, 18: i64 i64 = -5, 19: E e2 = 5, 20: binary bin = "xx",
    21: bool bi = 1, 23: set<string> ss, 24: optional In oin
  }
  struct Ids { 5: i32 five = 5, 1: i32 one = 1, 40: bool forty = true, 3: i32 three = 3, -2: i32 negative = -2 }
  struct Holder { 1: required In inn, 2: list<In> list, 3: map<string, In> map }
  struct Zeros {
    1: bool a, 2: byte b, 3: i16 c, 4: i32 d, 5: i64 e, 6: double f, 7: string g, 8: binary h, 9: uuid i,
    10: E j, 11: list<In> k, 12: set<string> l, 13: map<i32, In> m, 14: In n, 15: map<In, bool> o
  }
  union U { 1: i32 a = 1, 2: i32 b }
  struct Outer { 1: U u, 2: string tail }
  struct Tree { 1: i32 v = 1, 2: optional Tree left, 3: list<Tree> all }
  service Sv { i32 call(1: required i32 a = 4, 2: i32 b, 3: In c) throws (1: In e) }
`);
const S = idl.struct("S");

const GIVEN = "08 0001 00000001 08 0004 00000002";
const R = "08 0001 00000000";
const RD = "08 0004 0000000b";
const O = "08 0003 00000000";
const OD = "08 0006 0000000d";
const OIN = "0c 0018 00";
const D = "08 0002 00000000";
const DEFAULTS = `08 0005 0000000c 0b 0007 00000002 "cs" 08 0008 0000004d 08 0009 00000005 02 000a 01
  04 000b 3ff0000000000000 04 000c 3ff8000000000000 0f 000d 08 00000002 00000001 00000002
  0d 000e 0b 08 00000001 00000001 "a" 00000001 0c 000f 00 0c 0010 08 0001 00000003 00
  03 0011 01 0a 0012 fffffffffffffffb 08 0013 00000005 0b 0014 00000002 "xx" 02 0015 01
  0e 0017 0b 00000000`;
/** The fields of \`DEFAULTS\` with the id 5, which an optional one follows. */
const [FIVE = "", REST = ""] = DEFAULTS.split(/(?<=0000000c) (?=0b 0007)/);

describe("what is missing", () => {
  const given = '{"r":1,"rd":2}';
  it.each<[missing: JsonToThriftOptions["missing"], json: string, expected: Expected]>([
    [{}, "{}", failure("MISSING_REQUIRED", 1, "r")],
    [{}, '{"r":1}', failure("MISSING_REQUIRED", 6, "rd")],
    [{}, given, `${GIVEN} 00`],
    [{ required: "omit" }, "{}", "00"],
    [{ required: "write" }, "{}", `${R} ${RD} 00`],
    [{ required: "write" }, '{"rd":2}', `08 0004 00000002 ${R} 00`],
    [{ required: "write" }, '{"rd":null,"r":null}', `${R} ${RD} 00`],
    [{ default: "write" }, given, `${GIVEN} ${D} ${DEFAULTS} 00`],
    [{ default: "write" }, "{}", failure("MISSING_REQUIRED", 1, "r")],
    [{ optional: "write" }, given, `${GIVEN} ${O} ${OD} ${OIN} 00`],
    [
      { required: "write", default: "write", optional: "write" },
      "{}",
      `${R} ${D} ${O} ${RD} ${FIVE} ${OD} ${REST} ${OIN} 00`,
    ],
    // An explicit null: a default field is written, an optional one is not.
    [
      { required: "write", default: "write", optional: "write" },
      '{"d":null,"dd":null,"o":null,"od":null,"oin":null}',
      `${R} ${D} ${RD} ${DEFAULTS} 00`,
    ],
    [{ default: "error" }, given, failure("MISSING_REQUIRED", 13, "d")],
    [{ optional: "error" }, given, failure("MISSING_REQUIRED", 13, "o")],
    [{ optional: "error" }, '{"r":1,"rd":2,"o":null,"od":null}', failure("MISSING_REQUIRED", 32, "oin")],
    [{ optional: "error" }, '{"r":1,"rd":2,"o":null,"od":null,"oin":null}', `${GIVEN} 00`],
    [{ required: "omit", default: "error" }, '{"d":1}', failure("MISSING_REQUIRED", 6, "dd")],
  ])("%j %s", (missing, json, expected) => {
    expectConversion(jsonToThrift(S, { missing: missing! }), json, expected);
  });

  it("all 27 combinations of actions agree field by field", () => {
    const actions: readonly MissingAction[] = ["error", "omit", "write"];
    const type = parseIdl("struct T { 1: required i32 r = 1, 2: i32 d = 2, 3: optional i32 o = 3 }").struct(
      "T",
    );
    const fields = ["08000100000001", "08000200000002", "08000300000003"];
    for (const required of actions) {
      for (const byDefault of actions) {
        for (const optional of actions) {
          const chosen = [required, byDefault, optional];
          const converter = jsonToThrift(type, { missing: { required, default: byDefault, optional } });
          const failing = chosen.indexOf("error");
          const expected =
            failing >= 0
              ? failure("MISSING_REQUIRED", 1, ["r", "d", "o"][failing])
              : `${fields.filter((_, index) => chosen[index] === "write").join("")}00`;
          expect(
            outcomeOf(() => converter.convert("{}")),
            chosen.join(),
          ).toEqual(expected);
        }
      }
    }
  });

  it("is written by ascending id, behind what is given", () => {
    const converter = jsonToThrift(idl.struct("Ids"), { missing: { default: "write" } });
    expectConversion(
      converter,
      '{"three":7}',
      "08 0003 00000007 08 fffe fffffffe 08 0001 00000001 08 0005 00000005 02 0028 01 00",
    );
    const compact = jsonToThrift(idl.struct("Ids"), { protocol: "compact", missing: { default: "write" } });
    // The boolean field is its header.
    expectConversion(compact, '{"three":7}', "35 0e 05 03 03 35 02 45 0a 01 50 00");
  });

  it("zeros of every type", () => {
    const options: JsonToThriftOptions = { missing: { default: "write" } };
    expectConversion(
      jsonToThrift(idl.struct("Zeros"), options),
      "{}",
      `02 0001 00 03 0002 00 06 0003 0000 08 0004 00000000 0a 0005 0000000000000000 04 0006 0000000000000000
       0b 0007 00000000 0b 0008 00000000 10 0009 ${"00".repeat(16)} 08 000a 00000000 0f 000b 0c 00000000
       0e 000c 0b 00000000 0d 000d 08 0c 00000000 0c 000e 00 0d 000f 0c 02 00000000 00`,
    );
    expectConversion(
      jsonToThrift(idl.struct("Zeros"), { ...options, protocol: "compact" }),
      "{}",
      `12 13 00 14 00 15 00 16 00 17 0000000000000000 18 00 18 00 1d ${"00".repeat(16)} 15 00 19 0c 1a 08 1b 00
       1c 00 1b 00 00`,
    );
  });

  it("inside: required fields of structs that are there, not of those that are missing", () => {
    const write: JsonToThriftOptions = { missing: { required: "write" } };
    const converter = jsonToThrift(idl.struct("Holder"), write);
    expectConversion(converter, "{}", "0c 0001 00 00");
    expectConversion(
      converter,
      '{"inn":{},"list":[{},{"x":1}],"map":{"a":{}}}',
      `0c 0001 08 0001 00000009 00 0f 0002 0c 00000002 08 0001 00000009 00 08 0001 00000001 00
       0d 0003 0b 0c 00000001 00000001 "a" 08 0001 00000009 00 00`,
    );
    expectConversion(
      jsonToThrift(idl.struct("Holder"), {
        missing: { required: "write", default: "write", optional: "write" },
      }),
      '{"inn":{"s":null}}',
      "0c 0001 08 0001 00000009 0a 0003 0000000000000000 00 0f 0002 0c 00000000 0d 0003 0b 0c 00000000 00",
    );
  });

  it("of unions is nothing", () => {
    const write = { required: "write", default: "write", optional: "write" } as const;
    expectConversion(jsonToThrift(idl.struct("U"), { missing: write }), '{"b":1}', "08 0002 00000001 00");
    expectConversion(jsonToThrift(idl.struct("U"), { missing: write }), "{}", failure("INVALID_UNION", 1));
    // A missing union is an empty struct, as every missing struct is.
    expectConversion(
      jsonToThrift(idl.struct("Outer"), { missing: write }),
      "{}",
      "0c 0001 00 0b 0002 00000000 00",
    );
  });

  it("of a recursive struct ends", () => {
    const write = { required: "write", default: "write", optional: "write" } as const;
    expectConversion(
      jsonToThrift(idl.struct("Tree"), { missing: write }),
      '{"all":[{}]}',
      `0f 0003 0c 00000001 08 0001 00000001 0c 0002 00 0f 0003 0c 00000000 00
       08 0001 00000001 0c 0002 00 00`,
    );
  });

  it("of arguments follows the rules, of results nothing is written", () => {
    const { args, result } = idl.service("Sv").method("call");
    const write: JsonToThriftOptions = {
      missing: { required: "write", default: "write", optional: "write" },
    };
    expectConversion(jsonToThrift(args), "{}", failure("MISSING_REQUIRED", 1, "a"));
    expectConversion(jsonToThrift(args, write), "{}", "08 0001 00000004 08 0002 00000000 0c 0003 00 00");
    expectConversion(jsonToThrift(result), '{"success":1}', "08 0000 00000001 00");
    expectConversion(jsonToThrift(result, write), "{}", "00");
    expectConversion(jsonToThrift(result), '{"e":{"x":1}}', "0c 0001 08 0001 00000001 00 00");
  });

  it("many: bitmaps of several words", () => {
    const fields = Array.from(
      { length: 100 },
      (_, i) => `${i + 1}: ${i % 3 === 0 ? "required " : ""}i32 f${i} = ${i}`,
    );
    const type = parseIdl(`struct M { ${fields.join(", ")} }`).struct("M");
    const all = (count: number, skip: (index: number) => boolean): string =>
      Array.from({ length: count }, (_, i) => i)
        .filter((i) => !skip(i))
        .map((i) => `08${(i + 1).toString(16).padStart(4, "0")}${i.toString(16).padStart(8, "0")}`)
        .join("");
    const write = jsonToThrift(type, { missing: { required: "write", default: "write" } });
    expect(toHex(write.convert("{}"))).toBe(`${all(100, () => false)}00`);
    expect(toHex(write.convert('{"f64":64}'))).toBe(`08004100000040${all(100, (i) => i === 64)}00`);
    const strict = jsonToThrift(type);
    const given = Object.fromEntries(Array.from({ length: 34 }, (_, i) => [`f${3 * i}`, 3 * i]));
    expect(strict.convert(JSON.stringify(given)).length).toBe(34 * 7 + 1);
    for (const missing of [0, 30, 33, 63, 66, 96, 99]) {
      const { [`f${missing}`]: _gone, ...rest } = given;
      const json = JSON.stringify(rest);
      expectConversion(strict, json, failure("MISSING_REQUIRED", json.length - 1, `f${missing}`));
    }
  });
});

describe("amplification by what is missing", () => {
  const type = parseIdl(
    `struct Big { 1: string s = "${"d".repeat(1000)}" } struct L { 1: list<Big> l }`,
  ).struct("L");
  const json = `{"l":[${"{},".repeat(99_999)}{}]}`;

  it.each([0, 20, 1_000_000])("ends at maxOutputSize: %i", (maxOutputSize) => {
    const converter = jsonToThrift(type, { missing: { default: "write" }, limits: { maxOutputSize } });
    const before = process.memoryUsage().arrayBuffers;
    expect(outcomeOf(() => converter.convert(json))).toMatchObject({ code: "LIMIT_EXCEEDED" });
    // 100 MB would come out of this.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it("is possible below it", () => {
    const small = `{"l":[${"{},".repeat(99)}{}]}`;
    const converter = jsonToThrift(type, {
      missing: { default: "write" },
      limits: { maxOutputSize: 100_809 },
    });
    expect(converter.convert(small).length).toBe(8 + 100 * 1_008 + 1);
    const less = jsonToThrift(type, { missing: { default: "write" }, limits: { maxOutputSize: 100_808 } });
    expect(outcomeOf(() => less.convert(small))).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });
});
