import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Codec,
  createDecoder,
  createEncoder,
  decodeText,
  type Encoding,
  encodeText,
} from "../../src/cli/encoding.ts";
import { chunksOf, concat, fromUtf8, toHex, twoChunks, utf8, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

function through(codec: Codec, chunks: Iterable<Uint8Array>): Uint8Array {
  const output: Uint8Array[] = [];
  for (const chunk of chunks) output.push(codec.push(chunk).slice());
  output.push(codec.end());
  return concat(output);
}

describe("decodes", () => {
  it.each<[encoding: Encoding, text: string, bytes: string]>([
    ["hex", "", ""],
    ["hex", "0a00FfeE", "0a00ffee"],
    ["hex", " 0a 00\n0 1\t\r\n", "0a0001"],
    ["base64", "", ""],
    ["base64", "AAEC", "000102"],
    ["base64", "AAE=", "0001"],
    ["base64", "A A\n=\n=\n", "00"],
    ["base64", "AAECAwQF\nBgc=\n", "0001020304050607"],
    ["base64", "+/+/", "fbffbf"],
  ])("%s %j", (encoding, text, bytes) => {
    expect(toHex(decodeText(encoding, withNoise(utf8(text))))).toBe(bytes);
    for (const pieces of twoChunks(utf8(text))) {
      expect(toHex(through(createDecoder(encoding), pieces))).toBe(bytes);
    }
    expect(toHex(through(createDecoder(encoding), chunksOf(utf8(text), 1)))).toBe(bytes);
  });
});

describe("rejects, with the offset in the text", () => {
  const MISPLACED = "it has a character that does not belong there";
  const SHORT = "it ends too early";
  it.each<[encoding: Encoding, text: string, offset: number, problem: string]>([
    ["hex", "0a0", 3, SHORT],
    ["hex", " 0 a 0 \n", 8, SHORT],
    ["hex", "0x0a", 1, MISPLACED],
    ["hex", "0a \n0g", 5, MISPLACED],
    ["hex", "zz", 0, MISPLACED],
    ["hex", "0a,0b", 2, MISPLACED],
    ["base64", "A", 1, SHORT],
    ["base64", "AAE", 3, SHORT],
    ["base64", "AA=", 3, SHORT],
    ["base64", "AA*=", 2, MISPLACED],
    ["base64", "AAE=AAEC", 4, MISPLACED],
    ["base64", "AAE=\n A", 6, MISPLACED],
    ["base64", "AAEC\nA-_=", 6, MISPLACED],
    ["base64", "=AAA", 0, MISPLACED],
    // The unused bits must be zero.
    ["base64", "AAF=", 2, MISPLACED],
  ])("%s %j", (encoding, text, offset, problem) => {
    const name = encoding === "hex" ? "hexadecimal digits" : "padded base64";
    const expected = {
      code: "INVALID_VALUE",
      offset,
      message: `the input is not ${name}: ${problem} (offset ${offset})`,
    } as const;
    expectThriftError(() => decodeText(encoding, utf8(text)), expected);
    for (const pieces of twoChunks(utf8(text))) {
      expectThriftError(() => through(createDecoder(encoding), pieces), expected);
    }
    expectThriftError(() => through(createDecoder(encoding), chunksOf(utf8(text), 1)), expected);
  });
});

it("raw passes chunks through", () => {
  const bytes = utf8("a b\n");
  expect(createDecoder("raw").push(bytes)).toBe(bytes);
  expect(createEncoder("raw").push(bytes)).toBe(bytes);
  expect(createDecoder("raw").end()).toHaveLength(0);
  expect(createEncoder("raw").end()).toHaveLength(0);
});

it.each(["hex", "base64"] as const)("%s is what Buffer makes, in chunks of any size", (encoding) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      (bytes, size, textSize) => {
        const text = Buffer.from(bytes).toString(encoding);
        expect(fromUtf8(encodeText(encoding, bytes))).toBe(text);
        const encoded = through(createEncoder(encoding), chunksOf(bytes, size));
        expect(fromUtf8(encoded)).toBe(`${text}\n`);
        expect(through(createDecoder(encoding), chunksOf(encoded, textSize))).toEqual(bytes);
      },
    ),
    { seed: 20250102, numRuns: 200 },
  );
});
