import { describe, expect, it } from "vitest";
import { readHex, writeHex } from "../../src/bytes/hex.ts";
import { readUuidText, UUID_SIZE, uuidOf, uuidText, writeUuidText } from "../../src/bytes/uuid.ts";
import { fromUtf8, toHex, utf8 } from "../support/bytes.ts";

/** The decoded bytes as hex, or the offset of the first bad character as `!n`. */
function decode(read: typeof readHex, text: string): string {
  const source = utf8(`00${text}0`);
  const target = new Uint8Array(source.length + UUID_SIZE);
  const result = read(source, 2, source.length - 1, target, 1);
  return result < 0 ? `!${~result - 2}` : toHex(target.subarray(1, result));
}

describe("hex", () => {
  it.each([
    ["", ""],
    ["00ff10", "00ff10"],
    ["aBcDeF", "abcdef"],
    ["0", "!1"],
    ["000", "!3"],
    ["0g", "!1"],
    ["g0", "!0"],
    ["00 0", "!2"],
    ["@`", "!0"],
    [":/", "!0"],
    ["aG", "!1"],
  ])("decoding %j gives %s", (text, expected) => {
    expect(decode(readHex, text)).toBe(expected);
  });

  it("encodes every byte in lower case", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const target = new Uint8Array(513);
    expect(writeHex(bytes, 0, 256, target, 1)).toBe(513);
    expect(fromUtf8(target.subarray(1))).toBe(toHex(bytes));
  });
});

describe("uuid", () => {
  const text = "00112233-4455-6677-8899-aabbccddeeff";
  const digits = text.replaceAll("-", "");

  it("reads both cases and writes lower case", () => {
    expect(decode(readUuidText, text)).toBe(digits);
    expect(decode(readUuidText, text.toUpperCase())).toBe(digits);
    const source = Uint8Array.from({ length: 18 }, (_, i) => (i - 1) * 0x11);
    const target = new Uint8Array(38);
    expect(writeUuidText(source, 1, target, 1)).toBe(37);
    expect(fromUtf8(target.subarray(1, 37))).toBe(text);
    expect(uuidText(source.subarray(1))).toBe(text);
    expect(uuidOf(text)).toEqual(source.subarray(1, 17));
  });

  it.each([
    ["", "!0"],
    [text.slice(0, 35), "!35"],
    [`${text}0`, "!36"],
    [digits, "!8"],
    [`{${text}}`, "!0"],
    [text.replace("4455-", "4455+"), "!13"],
    [text.slice(0, 8), "!8"],
    [text.slice(0, 9), "!9"],
    [text.replace("6677", "667x"), "!17"],
    ["0011223-34455-6677-8899-aabbccddeeff", "!7"],
  ])("%j is wrong at %s", (wrong, expected) => {
    expect(decode(readUuidText, wrong)).toBe(expected);
    expect(uuidOf(wrong)).toBeUndefined();
  });

  it("uuidOf a lone surrogate is undefined", () => {
    expect(uuidOf("\ud800")).toBeUndefined();
  });
});
