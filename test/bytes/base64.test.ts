import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  base64DecodedSize,
  base64Text,
  base64TextSize,
  decodeBase64,
  maxBase64DecodedSize,
  readBase64,
  writeBase64,
} from "../../src/bytes/base64.ts";
import { fromUtf8, toHex, utf8, withNoise } from "../support/bytes.ts";

function encode(bytes: Uint8Array): string {
  const target = new Uint8Array(base64TextSize(bytes.length) + 6);
  const end = writeBase64(bytes, 0, bytes.length, target, 3);
  expect(end).toBe(3 + base64TextSize(bytes.length));
  expect(target.subarray(end).every((byte) => byte === 0)).toBe(true);
  const text = fromUtf8(target.subarray(3, end));
  expect(base64Text(bytes)).toBe(text);
  return text;
}

/** The decoded bytes as hex, or the offset of the first bad character as `!n`. */
function decode(text: string): string {
  const source = utf8(`AA${text}AAAA`);
  const end = source.length - 4;
  const target = new Uint8Array(maxBase64DecodedSize(end - 2) + 1);
  const result = readBase64(source, 2, end, target, 1);
  if (result < 0) return `!${~result - 2}`;
  expect(base64DecodedSize(source, 2, end)).toBe(result - 1);
  return toHex(target.subarray(1, result));
}

describe("base64", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("%j is %j", (text, encoded) => {
    expect(encode(utf8(text))).toBe(encoded);
    expect(decode(encoded)).toBe(toHex(utf8(text)));
  });

  it.each([
    ["A", "!1"],
    ["AA", "!2"],
    ["AAA", "!3"],
    ["AAAAA", "!5"],
    ["AA=", "!3"],
    ["=", "!0"],
    ["====", "!0"],
    ["A===", "!1"],
    ["AA==A", "!4"],
    ["AA==AAAA", "!4"],
    ["AAA=AAAA", "!4"],
    ["AAAA====", "!4"],
    ["AA=A", "!3"],
    ["AB==", "!1"], // bits behind the first byte
    ["AAB=", "!2"], // bits behind the second byte
    ["AA-A", "!2"],
    ["AA_A", "!2"],
    ["A A=", "!1"],
    ["AAAA\nAAAA", "!4"],
    ["AAA\u00e9", "!3"],
    ["AAAAAA*A", "!6"],
    ["/+8=", "ffef"],
    ["////", "ffffff"],
  ])("decoding %j gives %s", (text, expected) => {
    expect(decode(text)).toBe(expected);
  });

  it("agrees with Buffer on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encode(withNoise(bytes))).toBe(text);
        expect(decode(text)).toBe(toHex(bytes));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it("decodes in place", () => {
    const bytes = utf8("Zm9vYmE=");
    expect(readBase64(bytes, 0, 8, bytes, 0)).toBe(5);
    expect(fromUtf8(bytes.subarray(0, 5))).toBe("fooba");
  });
});

describe("decodeBase64", () => {
  const TEXTS = [
    "",
    "AA==",
    "aGVsbG8=",
    "aGVsbG8h",
    Buffer.from(Array.from({ length: 1000 }, (_, i) => i)).toString("base64"),
  ];

  const original = Object.getOwnPropertyDescriptor(Uint8Array, "fromBase64");
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(Uint8Array, "fromBase64");
    if (original !== undefined) Object.defineProperty(Uint8Array, "fromBase64", original);
  });

  const RUNTIMES: readonly [what: string, prepare: () => void][] = [
    ["Node", () => {}],
    ["neither", () => vi.stubGlobal("Buffer", undefined)],
    [
      "Uint8Array.fromBase64",
      () => {
        const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        Object.assign(Uint8Array, { fromBase64 });
        vi.stubGlobal("Buffer", { from: () => expect.unreachable() });
      },
    ],
  ];
  it.each(RUNTIMES)("with what the runtime has: %s", (_what, prepare) => {
    const expected = TEXTS.map((text) => [...Buffer.from(text, "base64")]);
    prepare();
    const decoded = TEXTS.map((text) => [...decodeBase64(text)]);
    expect(decoded).toEqual(expected);
  });
});
