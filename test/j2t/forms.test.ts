import { describe, expect, it } from "vitest";
import { hex, toHex, utf8, withNoise } from "../support/bytes.ts";
import {
  ByteWriter,
  type ErrorCode,
  type JsonToThriftConverter,
  jsonToThrift,
  parseIdl,
} from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { outcomeOf } from "./conversion.ts";

const idl = parseIdl(`
  struct In { 1: required i32 x }
  union U { 1: i32 a }
  struct S {
    1: i32 i, 2: string s, 3: list<In> list, 4: map<string, string> map, 5: binary b, 6: U u, 7: optional S next
  }
`);
const S = idl.struct("S");

const GOOD = '{"i":1,"list":[{"x":2}],"map":{"é":"ö"}}';
const GOOD_HEX = toHex(
  hex`08 0001 00000001 0f 0003 0c 00000001 08 0001 00000002 00 0d 0004 0b 0b 00000001 00000002 "é" 00000002 "ö" 00`,
);

describe("input forms", () => {
  const converter = jsonToThrift(S);
  const json = JSON.stringify({ i: 7, s: "é😀\n", map: { 键: "v".repeat(50) }, list: [{ x: 1 }], b: "YQ==" });
  const bytes = utf8(json);
  const expected = toHex(converter.convert(bytes));

  it.each<[name: string, input: Uint8Array | string]>([
    ["string", json],
    ["Uint8Array", bytes],
    ["Buffer", Buffer.from(json)],
    ["Buffer of the pool", Buffer.allocUnsafe(bytes.length).fill(json)],
    ["a view within noise", withNoise(bytes)],
    ["a view within quotes", withNoise(bytes, 0x22)],
    ["a view within digits", withNoise(bytes, 0x31)],
    ["a view within braces", withNoise(bytes, 0x7d)],
    ["a view of shared memory", sharedCopyOf(bytes)],
  ])("%s", (_name, input) => {
    expect(toHex(converter.convert(input))).toBe(expected);
  });

  it("reads nothing beyond the end of a view", () => {
    // What follows would make each of these another, valid text.
    for (const [text, noise] of [
      ['{"i":1', 0x7d],
      ['{"i":', 0x31],
      ['{"s":"a', 0x22],
      ['{"i"', 0x3a],
      ["{", 0x7d],
    ] as const) {
      expectThriftError(() => converter.convert(withNoise(utf8(text), noise)), { code: "INVALID_JSON" });
    }
    expect(toHex(jsonToThrift(idl.type("i32")).convert(withNoise(utf8("12"), 0x33)))).toBe("0000000c");
    expectThriftError(() => jsonToThrift(idl.type("bool")).convert(withNoise(utf8("tru"), 0x65)), {
      code: "INVALID_JSON",
    });
    expectThriftError(() => jsonToThrift(idl.type("bool")).convert(withNoise(utf8("fals"), 0x65)), {
      code: "INVALID_JSON",
    });
  });

  it("remembers nothing of a longer message before", () => {
    const long = JSON.stringify({ s: "z".repeat(1000), i: 123456789 });
    for (const text of ['{"i":1', '{"s":"z', '{"i":12345678', "{"]) {
      converter.convert(long);
      expectThriftError(() => converter.convert(text), { code: "INVALID_JSON", offset: text.length });
    }
  });

  it("offsets of errors are bytes for strings too", () => {
    for (const input of ['{"s":"é😀键","i":"x"}', utf8('{"s":"é😀键","i":"x"}')]) {
      expectThriftError(() => converter.convert(input), { code: "TYPE_MISMATCH", offset: 21, path: "i" });
    }
  });
});

function sharedCopyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

describe("reuse after an error", () => {
  const wrong: [name: string, json: string | Uint8Array, code: string][] = [
    ["syntax at once", "x", "INVALID_JSON"],
    ["syntax deep inside", '{"next":{"next":{"list":[{"x":1},{"x":]}]}}}', "INVALID_JSON"],
    ["a cut message", '{"map":{"a":"', "INVALID_JSON"],
    ["a cut string of many windows", `{"s":"${"x".repeat(600_000)}`, "INVALID_JSON"],
    ["a cut key of many windows", `{"map":{"${"x".repeat(600_000)}`, "INVALID_JSON"],
    ["a bad escape behind two windows", `{"s":"${"x".repeat(600_000)}\\q`, "INVALID_JSON"],
    ["bad UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22), "INVALID_UTF8"],
    ["a lone surrogate", '{"s":"\ud800"}', "INVALID_UTF8"],
    ["another type", '{"list":{}}', "TYPE_MISMATCH"],
    ["out of range", '{"i":1e10}', "OUT_OF_RANGE"],
    ["base64", '{"b":"?"}', "INVALID_VALUE"],
    ["base64 of many windows", `{"b":"${"A".repeat(600_000)}?"}`, "INVALID_VALUE"],
    ["missing", '{"list":[{}]}', "MISSING_REQUIRED"],
    ["unknown", '{"list":[{"x":1}],"zzz":1}', "UNKNOWN_FIELD"],
    ["duplicate", '{"i":1,"i":1}', "DUPLICATE_FIELD"],
    ["duplicate key", '{"map":{"a":"","a":""}}', "DUPLICATE_FIELD"],
    ["union", '{"u":{}}', "INVALID_UNION"],
    ["depth", `${'{"next":'.repeat(80)}{}${"}".repeat(80)}`, "LIMIT_EXCEEDED"],
    ["size", " ".repeat(700_001), "LIMIT_EXCEEDED"],
    ["length", `{"list":[${'{"x":1},'.repeat(50)}{"x":1}]}`, "LIMIT_EXCEEDED"],
    ["output", `{"s":"${"x".repeat(650_000)}"}`, "LIMIT_EXCEEDED"],
    ["a key too long", `{"${"k".repeat(9000)}":1}`, "LIMIT_EXCEEDED"],
    ["more data", `${GOOD}{}`, "TRAILING_DATA"],
  ];
  const options = {
    unknownFields: "error",
    duplicateKeys: "error",
    limits: { maxSize: 700_000, maxLength: 50, maxOutputSize: 640_000 },
  } as const;
  const converter = jsonToThrift(S, options);
  it.each(wrong)("%s", (_name, json, code) => {
    for (let round = 0; round < 2; round++) {
      expect(outcomeOf(() => converter.convert(json))).toMatchObject({ code });
      expect(toHex(converter.convert(GOOD))).toBe(GOOD_HEX);
      expect(toHex(jsonToThrift(S, { output: "own" }).convert(utf8(GOOD)))).toBe(GOOD_HEX);
    }
  });
  it.each(wrong)("convertInto leaves the writer alone: %s", (_name, json, code) => {
    const writer = new ByteWriter({ capacity: 4 });
    writer.append(hex`01 02 03`);
    expectThriftError(() => converter.convertInto(json, writer), { code: code as ErrorCode });
    expect(toHex(writer.view())).toBe("010203");
    converter.convertInto(GOOD, writer);
    expect(toHex(writer.view())).toBe(`010203${GOOD_HEX}`);
  });
});

describe("convertInto", () => {
  const converter = jsonToThrift(S);
  it("appends one message after the other", () => {
    const writer = new ByteWriter();
    for (let i = 0; i < 100; i++) converter.convertInto(GOOD, writer);
    expect(toHex(writer.view())).toBe(GOOD_HEX.repeat(100));
  });
  it("appends a message of many windows", () => {
    const writer = new ByteWriter();
    const json = JSON.stringify({ i: 1, s: "x".repeat(700_000), b: "" });
    converter.convertInto(GOOD, writer);
    converter.convertInto(json, writer);
    converter.convertInto(GOOD, writer);
    const size = GOOD_HEX.length / 2;
    expect(toHex(writer.view().subarray(0, size))).toBe(GOOD_HEX);
    expect(Buffer.from(writer.view().subarray(size, -size)).equals(converter.convert(json))).toBe(true);
    expect(toHex(writer.view().subarray(-size))).toBe(GOOD_HEX);
  });
  it("does not grow a writer beyond its own limit, and leaves it as it was", () => {
    const writer = new ByteWriter({ maxSize: 40 });
    writer.append(hex`aa`);
    expectThriftError(() => converter.convertInto(GOOD, writer), { code: "LIMIT_EXCEEDED" });
    expect(toHex(writer.view())).toBe("aa");
  });
});

describe("results", () => {
  /** Messages whose results have these sizes. */
  function jsonOfSize(size: number): string {
    return JSON.stringify({ s: "x".repeat(size - 8) });
  }
  const SIZES = [8, 9, 100, 4095, 4096, 8192, 16_383, 16_384, 16_385, 65_536, 262_144, 262_145, 600_000];

  it.each(SIZES)("of %i bytes", (size) => {
    const pooled = jsonToThrift(S).convert(jsonOfSize(size));
    expect(pooled.length).toBe(size);
    expect(Object.getPrototypeOf(pooled)).toBe(Uint8Array.prototype);
    const own = jsonToThrift(S, { output: "own" }).convert(jsonOfSize(size));
    expect(own.length).toBe(size);
    expect(own.byteOffset).toBe(0);
    expect(own.buffer.byteLength).toBe(size);
    expect(Buffer.from(own).equals(pooled)).toBe(true);
  });

  it("small ones share memory under `pooled`, none under `own`", () => {
    const pooled = jsonToThrift(S);
    const own = jsonToThrift(S, { output: "own" });
    const buffers = (converter: JsonToThriftConverter): Set<ArrayBufferLike> =>
      new Set(Array.from({ length: 100 }, () => converter.convert(GOOD).buffer));
    expect(buffers(pooled).size).toBeLessThan(5);
    expect(buffers(own).size).toBe(100);
  });

  it("are never overwritten by later calls, and do not overlap", () => {
    const converter = jsonToThrift(S);
    const kept: [result: Uint8Array, hex: string][] = [];
    for (let i = 0; i < 200; i++) {
      const size = SIZES[i % 7]! + (i % 13);
      const result = converter.convert(jsonOfSize(size));
      kept.push([result, toHex(result)]);
      // A caller may write to what it owns.
      if (i % 5 === 0) result.fill(i);
    }
    kept.forEach(([result, text], index) => {
      if (index % 5 === 0) expect(result.every((byte) => byte === (index & 0xff))).toBe(true);
      else expect(toHex(result)).toBe(text);
    });
  });

  it("do not depend on the input afterwards", () => {
    const input = utf8(GOOD);
    const result = jsonToThrift(S).convert(input);
    input.fill(0);
    expect(toHex(result)).toBe(GOOD_HEX);
  });

  it("of an error give nothing", () => {
    const converter = jsonToThrift(S);
    let result: unknown = "nothing";
    expectThriftError(() => (result = converter.convert('{"i":1,"list":[{"x":1},')), {
      code: "INVALID_JSON",
    });
    expect(result).toBe("nothing");
  });
});

describe("a converter", () => {
  it("is used through any reference", () => {
    const { convert, convertInto, engine } = jsonToThrift(S);
    expect(toHex(convert(GOOD))).toBe(GOOD_HEX);
    const writer = new ByteWriter();
    convertInto(GOOD, writer);
    expect(toHex(writer.view())).toBe(GOOD_HEX);
    expect(engine).toBe("wasm");
  });

  it("interleaves with others", () => {
    const converters = ["binary", "compact"].flatMap((protocol) =>
      ["i32", "string", "list<In>", "S", "map<string, string>"].map((type) =>
        jsonToThrift(idl.type(type), { protocol: protocol as "binary" | "compact" }),
      ),
    );
    const inputs = ["5", '"five"', '[{"x":5}]', GOOD, '{"f":"ive"}'];
    const first = converters.map((converter, index) => toHex(converter.convert(inputs[index % 5]!)));
    for (let round = 0; round < 50; round++) {
      converters.forEach((converter, index) => {
        expect(toHex(converter.convert(inputs[index % 5]!))).toBe(first[index]);
        outcomeOf(() => converter.convert(inputs[(index + round + 1) % 5]!));
      });
    }
  });
});
