import { describe, expect, it } from "vitest";
import { chunksOf, hex, toHex, utf8 } from "../support/bytes.ts";
import { jsonToThrift, parseIdl } from "../support/engines.ts";
import {
  type Expected,
  expectConversion,
  expectFailure,
  failure,
  outcomeOf,
  streamOutcome,
} from "./conversion.ts";

const idl = parseIdl(`
  struct Rec { 1: optional Rec next, 2: list<Rec> all, 3: map<string, Rec> byName, 4: i32 i, 5: string raw (agw.body_dynamic = "") }
  struct S { 1: string s, 2: binary b, 3: double d, 4: i64 l, 5: map<string, i32> m, 6: list<list<i32>> ll }
`);
const REC = idl.struct("Rec");
const S = idl.struct("S");

describe("depth", () => {
  // What opens one more level, what closes it, and the path of the value that is too deep, from its depth.
  it.each<[name: string, open: string, core: string, close: string]>([
    ["structs", '{"next":', "{}", "}"],
    ["lists of structs", '{"all":[', "", "]}"],
    ["unknown arrays", "[", "[]", "]"],
    ["unknown objects", '{"a":', "{}", "}"],
  ])("%s: the limit is exact", (_name, open, core, close) => {
    const unknown = open === "[" || open === '{"a":';
    const levels = close.length;
    const build = (depth: number): string => {
      if (unknown) {
        const inner = depth - 2;
        return `{"unknown":${open.repeat(inner)}${core}${close.repeat(inner)}}`;
      }
      const count = Math.floor((depth - (core === "" ? 0 : 1)) / levels);
      return open.repeat(count) + core + close.repeat(count);
    };
    for (const maxDepth of [4, 64, 200]) {
      const converter = jsonToThrift(REC, { limits: { maxDepth } });
      expect(typeof outcomeOf(() => converter.convert(build(maxDepth)))).toBe("string");
      const json = build(maxDepth + levels);
      expect(outcomeOf(() => converter.convert(json))).toMatchObject({ code: "LIMIT_EXCEEDED" });
    }
  });

  it.each<[maxDepth: number, type: string, json: string, expected: Expected]>([
    [1, "i32", "1", "00000001"],
    [1, "Rec", "{}", "00"],
    [1, "list<i32>", "[1]", "08 00000001 00000001"],
    [1, "Rec", '{"all":[]}', failure("LIMIT_EXCEEDED", 7, "all")],
    [1, "Rec", '{"unknown":[]}', failure("LIMIT_EXCEEDED", 11)],
    [1, "Rec", '{"unknown":"[[["}', "00"],
    [2, "Rec", '{"all":[]}', "0f 0002 0c 00000000 00"],
    [2, "Rec", '{"all":[{}]}', failure("LIMIT_EXCEEDED", 8, "all[0]")],
    [2, "Rec", '{"byName":{"k":{}}}', failure("LIMIT_EXCEEDED", 15, 'byName["k"]')],
    [3, "Rec", '{"all":[{}]}', "0f 0002 0c 00000001 00 00"],
    // Levels that have been closed do not count.
    [
      2,
      "Rec",
      '{"all":[],"byName":{},"next":{},"u":[],"v":{}}',
      "0f 0002 0c 00000000 0d 0003 0b 0c 00000000 0c 0001 00 00",
    ],
    [2, "map<list<i32>, i32>", "[[[1],2]]", "0f 08 00000001 08 00000001 00000001 00000002"],
    [1, "map<list<i32>, i32>", "[[[1],2]]", failure("LIMIT_EXCEEDED", 2, "[0][0]")],
    [1, "map<list<i32>, i32>", "[]", "0f 08 00000000"],
  ])("maxDepth %i: %s %s", (maxDepth, type, json, expected) => {
    expectConversion(jsonToThrift(idl.type(type), { limits: { maxDepth } }), json, expected);
  });

  it("64 by default, the root counts", () => {
    const nested = (depth: number): string => `${'{"next":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;
    const converter = jsonToThrift(REC);
    expect(converter.convert(nested(64)).length).toBe(63 * 4 + 1);
    expectFailure(
      () => converter.convert(nested(65)),
      "LIMIT_EXCEEDED",
      64 * 8,
      Array(64).fill("next").join("."),
    );
  });

  it.each<[name: string, head: string, repeated: string, offset: number]>([
    ["brackets of an unknown field", '{"u":', "[", 5 + 63],
    ["braces of an unknown field", '{"u":', '{"":', 5 + 63 * 4],
    ["structs", "", '{"next":', 64 * 8],
    ["lists of structs", "", '{"all":[', 32 * 8],
    ["brackets of captured JSON", '{"raw":', "[", 7 + 63],
  ])("a million %s", (_name, head, repeated, offset) => {
    const bytes = Buffer.alloc(head.length + 1_000_000 * repeated.length, repeated);
    bytes.set(utf8(head));
    bytes.fill(repeated, head.length);
    const converter = jsonToThrift(REC);
    const outcome = outcomeOf(() => converter.convert(bytes));
    expect(outcome).toMatchObject({ code: "LIMIT_EXCEEDED", offset });
    // Without a limit it ends too: the machine has a stack of its own.
    const unlimited = jsonToThrift(REC, { limits: { maxDepth: Number.POSITIVE_INFINITY } });
    expect(outcomeOf(() => unlimited.convert(bytes))).toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(toHex(converter.convert("{}"))).toBe("00");
  });

  it("thousands of levels where the limit allows them", () => {
    const converter = jsonToThrift(REC, { limits: { maxDepth: 5_000 } });
    const json = `{"u":${"[".repeat(4_000)}${"]".repeat(4_000)},"i":1}`;
    expect(toHex(converter.convert(json))).toBe(toHex(hex`08 0004 00000001 00`));
  });
});

describe("a key", () => {
  // The kernel once took what stands behind any character for the text of a key.
  it.each<[json: string, expected: Expected]>([
    ['{zi":1}', failure("INVALID_JSON", 1)],
    ['{{i":1}', failure("INVALID_JSON", 1)],
    ['{1i":1}', failure("INVALID_JSON", 1)],
    ['{"s":"x",zi":1}', failure("INVALID_JSON", 9)],
    ['{"unknown":{zi":1}}', failure("INVALID_JSON", 12, undefined)],
  ])("begins with a quote: %s", (json, expected) => {
    expectConversion(jsonToThrift(S), json, expected);
  });
});

describe("size", () => {
  it("is checked before anything else: 100 MiB by default", () => {
    const bytes = new Uint8Array(100 * 1024 * 1024 + 1);
    const before = process.memoryUsage().arrayBuffers;
    expectFailure(() => jsonToThrift(S).convert(bytes), "LIMIT_EXCEEDED", 100 * 1024 * 1024);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
  });

  it("counts bytes, not characters", () => {
    const json = '{"s":"ééé"}';
    const size = utf8(json).length;
    expectConversion(jsonToThrift(S, { limits: { maxSize: size } }), json, `0b 0001 00000006 "ééé" 00`);
    expectConversion(
      jsonToThrift(S, { limits: { maxSize: size - 1 } }),
      json,
      failure("LIMIT_EXCEEDED", size - 1),
    );
  });

  it("zero allows nothing, not even an empty object", () => {
    expectConversion(jsonToThrift(S, { limits: { maxSize: 0 } }), "{}", failure("LIMIT_EXCEEDED", 0));
    expectConversion(jsonToThrift(S, { limits: { maxSize: 0 } }), "", failure("INVALID_JSON", 0));
  });
});

describe("length", () => {
  it.each<[maxLength: number, type: string, json: string, expected: Expected]>([
    [0, "list<i32>", "[]", "08 00000000"],
    [0, "list<i32>", "[1]", failure("LIMIT_EXCEEDED", 1)],
    [0, "map<string, i32>", "{}", "0b 08 00000000"],
    [0, "map<string, i32>", '{"a":1}', failure("LIMIT_EXCEEDED", 5)],
    [2, "list<i32>", "[1,2]", "08 00000002 00000001 00000002"],
    [2, "list<i32>", "[1,2,3]", failure("LIMIT_EXCEEDED", 5)],
    [2, "set<bool>", "[true,true,true]", failure("LIMIT_EXCEEDED", 11)],
    [1, "list<list<i32>>", "[[1,2]]", failure("LIMIT_EXCEEDED", 4, "[0]")],
    [1, "map<list<i32>, i32>", "[[[1],2],[[2],3]]", failure("LIMIT_EXCEEDED", 14)],
    [0, "map<list<i32>, i32>", "[]", "0f 08 00000000"],
    // What is passed over is not held: its length does not matter.
    [1, "S", '{"unknown":[1,2,3]}', "00"],
  ])("maxLength %i: %s %s", (maxLength, type, json, expected) => {
    expectConversion(jsonToThrift(idl.type(type), { limits: { maxLength } }), json, expected);
  });
});

describe("output", () => {
  it.each<[maxOutputSize: number, json: string, expected: Expected]>([
    [1, "{}", "00"],
    [0, "{}", failure("LIMIT_EXCEEDED", 2)],
    [9, '{"s":"a"}', '0b 0001 00000001 "a" 00'],
    [8, '{"s":"a"}', failure("LIMIT_EXCEEDED", 9)],
  ])("maxOutputSize %i: %s", (maxOutputSize, json, expected) => {
    expectConversion(jsonToThrift(S, { limits: { maxOutputSize } }), json, expected);
  });

  it.each<[name: string, type: string, json: string, size: number]>([
    ["base64", "binary", `"${"AAAA".repeat(400_000)}"`, 4 + 1_200_000],
    ["padded base64", "list<binary>", `["","${"AAAA".repeat(400_000)}AA=="]`, 5 + 4 + 4 + 1_200_001],
    ["a key that a null takes back", "map<string, byte>", `{"a":1,"${"k".repeat(700_000)}":null}`, 6 + 5 + 1],
  ])("counts what a long string becomes: %s", async (_, type, json, size) => {
    for (const [maxOutputSize, isEnough] of [
      [size, true],
      [size - 1, false],
    ] as const) {
      const converter = jsonToThrift(idl.type(type), { nullElements: "skip", limits: { maxOutputSize } });
      const whole = outcomeOf(() => converter.convert(json));
      const streamed = await streamOutcome(converter, chunksOf(utf8(json), 100_000));
      for (const outcome of [whole, streamed]) {
        if (isEnough) expect(String(outcome).length).toBe(2 * size);
        else expect(outcome).toMatchObject({ code: "LIMIT_EXCEEDED" });
      }
    }
  });

  it("ends in the middle of a large message", () => {
    const json = `{"ll":[${"[1],".repeat(50_000)}[1]]}`;
    const converter = jsonToThrift(S, { limits: { maxOutputSize: 300_000 } });
    const before = process.memoryUsage().arrayBuffers;
    expect(outcomeOf(() => converter.convert(utf8(json)))).toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
  });
});

// The sizes are such that work which grows with their square, 10^10 steps and more, runs into the timeout of a test.
describe("work is linear", () => {
  it.each<[name: string, json: () => string]>([
    ["a string without an end", () => `{"s":"${"x".repeat(2_000_000)}`],
    ["escapes without an end", () => `{"s":"${"\\n".repeat(1_000_000)}`],
    ["base64 without an end", () => `{"b":"${"A".repeat(2_000_000)}`],
    ["a number of a million digits", () => `{"d":${"1".repeat(1_000_000)}}`],
    ["a fraction of a million digits", () => `{"l":0.${"0".repeat(1_000_000)}1}`],
    ["an exponent of a million digits", () => `{"d":1e${"9".repeat(1_000_000)}}`],
    ["an unknown number of a million digits", () => `{"u":${"1".repeat(1_000_000)},"s":1}`],
    ["a key of a million characters", () => `{"${"k".repeat(1_000_000)}":1,"s":1}`],
    ["blanks", () => `{${" ".repeat(2_000_000)}`],
    ["many empty containers", () => `{"ll":[${"[],".repeat(300_000)}`],
    [
      "many unknown fields",
      () => `{${Array.from({ length: 300_000 }, (_, i) => `"unknown${i}":${i}`).join(",")}`,
    ],
    [
      "many entries of a map",
      () => `{"m":{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":${i}`).join(",")}`,
    ],
  ])("%s", (_name, json) => {
    const bytes = utf8(json());
    const converter = jsonToThrift(S);
    const outcome = outcomeOf(() => converter.convert(bytes));
    expect(typeof outcome, JSON.stringify(outcome)).toBe("object");
    expect(toHex(converter.convert("{}"))).toBe("00");
  });

  it("many keys that are compared with each other", () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => `"key${i}":1`);
    const converter = jsonToThrift(S, { duplicateKeys: "error" });
    expect(converter.convert(`{"m":{${entries.join(",")}}}`).length).toBeGreaterThan(1_000_000);
    const again = `{"m":{${entries.join(",")},"key5":1}}`;
    expect(outcomeOf(() => converter.convert(again))).toMatchObject({
      code: "DUPLICATE_FIELD",
      path: 'm["key5"]',
    });
  });

  it("long containers inside long containers of the compact protocol, where headers must grow", () => {
    // Every level has 15 elements, of which one is the next level.
    const depth = 60;
    let type = "i32";
    let json = "1";
    for (let level = 0; level < depth; level++) {
      type = `list<${type}>`;
      json = level === 0 ? `[${"1,".repeat(1_000)}1]` : `[${json}${",[]".repeat(15)}]`;
    }
    const bytes = jsonToThrift(idl.type(type), { protocol: "compact" }).convert(json);
    expect(toHex(bytes.subarray(0, 4))).toBe("f910f910");
  });
});
