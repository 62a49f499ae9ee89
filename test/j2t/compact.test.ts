import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { message, withBlanks } from "../support/arbitraries.ts";
import { toHex } from "../support/bytes.ts";
import { jsonToThrift, parseIdl } from "../support/engines.ts";
import { decodeWithNpmThrift, encodeWithNpmThrift } from "../support/npm-thrift.ts";
import { rootType, toIdl, toJsonText } from "../support/schema.ts";
import { expectConversion } from "./conversion.ts";

const idl = parseIdl(`
  struct Ids {
    1: bool a, 2: bool b, 3: i32 c, 15: i32 d, 16: i32 e, 17: bool f, 40: bool g, 300: string h,
    32767: byte last, -1: i32 minusOne, -5: bool negative, -32768: list<i32> first, 18: Ids inner
  }
`);

describe("field headers of the compact protocol", () => {
  const converter = jsonToThrift(idl.struct("Ids"), { protocol: "compact" });
  const binary = jsonToThrift(idl.struct("Ids"));
  it.each<[json: string, compact: string, binary: string]>([
    // A boolean field is its header: 1 for true, 2 for false.
    ['{"a":true}', "11 00", "02 0001 01 00"],
    ['{"a":false}', "12 00", "02 0001 00 00"],
    ['{"a":true,"b":false,"c":-1}', "11 12 15 01 00", "02 0001 01 02 0002 00 08 0003 ffffffff 00"],
    // Deltas of 1 to 15 are in the header, others are a type and a zigzag id.
    ['{"d":1}', "f5 02 00", "08 000f 00000001 00"],
    ['{"e":1}', "05 20 02 00", "08 0010 00000001 00"],
    ['{"a":true,"e":1}', "11 f5 02 00", "02 0001 01 08 0010 00000001 00"],
    ['{"a":true,"f":true}', "11 01 22 00", "02 0001 01 02 0011 01 00"],
    ['{"g":false,"a":true}', "02 50 01 02 00", "02 0028 00 02 0001 01 00"],
    ['{"d":1,"c":2}', "f5 02 05 06 04 00", "08 000f 00000001 08 0003 00000002 00"],
    ['{"h":"x"}', '08 d804 01 "x" 00', '0b 012c 00000001 "x" 00'],
    ['{"last":-1}', "03 feff03 ff 00", "03 7fff ff 00"],
    ['{"minusOne":1,"a":true}', "05 01 02 21 00", "08 ffff 00000001 02 0001 01 00"],
    ['{"a":true,"minusOne":1}', "11 05 01 02 00", "02 0001 01 08 ffff 00000001 00"],
    ['{"negative":true}', "01 09 00", "02 fffb 01 00"],
    [
      '{"first":[1],"last":2}',
      "09 ffff03 15 02 03 feff03 02 00",
      "0f 8000 08 00000001 00000001 03 7fff 02 00",
    ],
    // Ids start anew inside, and go on behind.
    [
      '{"f":true,"inner":{"a":true,"inner":{}},"g":true}',
      "01 22 1c 11 0c 24 00 00 01 50 00",
      "02 0011 01 0c 0012 02 0001 01 0c 0012 00 00 02 0028 01 00",
    ],
    // Nothing is written for a null, so it does not move the id.
    ['{"a":null,"b":true}', "21 00", "02 0002 01 00"],
    ['{"unknown":[1],"b":true}', "21 00", "02 0002 01 00"],
  ])("%s", (json, compact, expectedBinary) => {
    expectConversion(converter, json, compact);
    expectConversion(binary, json, expectedBinary);
  });

  it("repeats a field in long form", () => {
    const keep = jsonToThrift(idl.struct("Ids"), { protocol: "compact", duplicateFields: "keep" });
    expectConversion(keep, '{"c":1,"c":2,"a":true,"a":false}', "35 02 05 06 04 01 02 02 02 00");
  });
});

describe("sizes of the compact protocol", () => {
  const listOf = (count: number): string => `[${Array.from({ length: count }, () => "1").join(",")}]`;
  it.each<[count: number, header: string]>([
    [0, "03"],
    [1, "13"],
    [14, "e3"],
    [15, "f30f"],
    [16, "f310"],
    [127, "f37f"],
    [128, "f38001"],
    [16_383, "f3ff7f"],
    [16_384, "f3808001"],
    [100_000, "f3a08d06"],
  ])("list of %i bytes", (count, header) => {
    for (const kind of ["list", "set"]) {
      const bytes = jsonToThrift(idl.type(`${kind}<byte>`), { protocol: "compact" }).convert(listOf(count));
      expect(toHex(bytes.subarray(0, header.length / 2))).toBe(header);
      expect(bytes.length).toBe(header.length / 2 + count);
      expect(bytes.subarray(header.length / 2).every((byte) => byte === 1)).toBe(true);
    }
  });

  it.each<[count: number, header: string]>([
    [1, "0145"],
    [127, "7f45"],
    [128, "800145"],
    [16_383, "ff7f45"],
    [16_384, "80800145"],
  ])("map of %i entries", (count, header) => {
    const entries = Array.from({ length: count }, (_, index) => `"${index % 64}":${index % 64}`);
    const converter = jsonToThrift(idl.type("map<i16, i32>"), { protocol: "compact" });
    const bytes = converter.convert(`{${entries.join(",")}}`);
    expect(toHex(bytes.subarray(0, header.length / 2))).toBe(header);
    expect(bytes.length).toBe(header.length / 2 + 2 * count);
    expect(toHex(bytes.subarray(-2))).toBe((2 * ((count - 1) % 64) * 0x101).toString(16).padStart(4, "0"));
  });

  it.each<[size: number, header: string]>([
    [0, "00"],
    [127, "7f"],
    [128, "8001"],
    [16_383, "ff7f"],
    [16_384, "808001"],
    [2_097_152, "80808001"],
  ])("string of %i bytes", (size, header) => {
    for (const text of ["x".repeat(size), "é".repeat(size >> 1) + "x".repeat(size & 1)]) {
      const converter = jsonToThrift(idl.type("string"), { protocol: "compact" });
      const bytes = converter.convert(JSON.stringify(text));
      expect(toHex(bytes.subarray(0, header.length / 2))).toBe(header);
      expect(Buffer.from(bytes.subarray(header.length / 2)).equals(Buffer.from(text))).toBe(true);
    }
  });

  it("long containers inside long containers", () => {
    // 140 maps of 140 entries with strings of 200 bytes: every header grows while what is inside is there.
    const text = "s".repeat(200);
    const inner = Object.fromEntries(Array.from({ length: 140 }, (_, index) => [`key${index}`, text]));
    const json = JSON.stringify(Array.from({ length: 140 }, () => inner));
    const bytes = jsonToThrift(idl.type("list<map<string, string>>"), { protocol: "compact" }).convert(json);
    const entries = Object.keys(inner).reduce((size, key) => size + 1 + key.length + 2 + 200, 0);
    expect(bytes.length).toBe(3 + 140 * (3 + entries));
    let pos = 3;
    for (let map = 0; map < 140; map++) {
      expect(toHex(bytes.subarray(pos, pos + 3))).toBe("8c0188");
      pos += 3 + entries;
    }
  });
});

describe("random messages", () => {
  it.each(["binary", "compact"] as const)("are what npm thrift writes: %s", (protocol) => {
    // In compact, npm thrift names the type of bool elements 1, the specification 2.
    const without = protocol === "compact" ? (["bool"] as const) : [];
    const messages = message({ without }).chain((model) =>
      withBlanks(model.json).map((spaced) => ({ ...model, spaced })),
    );
    fc.assert(
      fc.property(messages, ({ schema, value, json, spaced }) => {
        const expected = toHex(encodeWithNpmThrift(schema, rootType(schema), value, protocol));
        const converter = jsonToThrift(parseIdl(toIdl(schema)).struct(schema.root), { protocol });
        expect(toHex(converter.convert(json))).toBe(expected);
        expect(toHex(converter.convert(Buffer.from(spaced)))).toBe(expected);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it("are read by npm thrift: compact", () => {
    fc.assert(
      fc.property(message(), ({ schema, json }) => {
        const type = rootType(schema);
        const converter = jsonToThrift(parseIdl(toIdl(schema)).struct(schema.root), { protocol: "compact" });
        const bytes = converter.convert(json);
        expect(toJsonText(schema, type, decodeWithNpmThrift(schema, type, bytes, "compact"))).toBe(json);
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
