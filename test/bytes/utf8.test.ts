import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  decodeUtf8,
  decodeValidUtf8,
  encodeUtf8,
  isAscii,
  isWellFormed,
  utf8ByteLength,
  utf8Room,
  validateUtf8,
  writeUtf8,
} from "../../src/bytes/utf8.ts";
import { concat, hex, toHex, utf8, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe("validateUtf8", () => {
  it.each([
    ["", -1],
    ["61", -1],
    ["7f", -1],
    ["c280", -1],
    ["dfbf", -1],
    ["e0a080", -1],
    ["ed9fbf", -1],
    ["ee8080", -1],
    ["efbfbf", -1],
    ["f0908080", -1],
    ["f48fbfbf", -1],
    ["efbbbf", -1], // a byte order mark is content
    ["80", 0], // a lone continuation
    ["bf", 0],
    ["c080", 0], // overlong NUL
    ["c1bf", 0],
    ["e09fbf", 0], // overlong, three bytes
    ["f08fbfbf", 0], // overlong, four bytes
    ["eda080", 0], // U+D800
    ["edbfbf", 0], // U+DFFF
    ["f4908080", 0], // U+110000
    ["f5808080", 0],
    ["ff", 0],
    ["fe", 0],
    ["c2", 0],
    ["e0a0", 0],
    ["f09080", 0],
    ["c27f", 0],
    ["c2c2", 0],
    ["e0a07f", 0],
    ["e0a0c0", 0],
    ["f09080c0", 0],
    ["f090c080", 0],
    ["f0908000", 0],
    ["6162c3a4e2", 4],
    ["c3a4c3a4ff", 4],
    ["6161616161616161616161ff6161616161", 11],
    ["616161616161616180", 8],
    ["f09f98806161616161616161e28z".replace("z", "2"), 12],
  ])("%s: %i", (text, expected) => {
    const bytes = hex(text);
    expect(validateUtf8(bytes, 0, bytes.length)).toBe(expected);
    // Noise that would complete a cut sequence must not be looked at.
    const noisy = new Uint8Array(bytes.length + 20).fill(0x80);
    noisy.set(bytes, 10);
    const result = validateUtf8(noisy, 10, 10 + bytes.length);
    expect(result < 0 ? result : result - 10).toBe(expected);
  });

  it("accepts and rejects what TextDecoder does: all sequences of two bytes and ends of three", () => {
    for (let a = 0x7f; a < 256; a++) {
      for (let b = 0; b < 256; b++) {
        for (const tail of [[], [0xbf, 0x80]]) {
          const bytes = Uint8Array.from([a, b, ...tail]);
          const valid = isValid(bytes);
          if (validateUtf8(bytes, 0, bytes.length) < 0 !== valid) expect.fail(`wrong for ${toHex(bytes)}`);
        }
      }
    }
  });

  it("finds the first invalid sequence of random bytes", () => {
    const byte = fc.oneof(
      fc.constantFrom(0x61, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), (values) => {
        const bytes = Uint8Array.from(values);
        const at = validateUtf8(bytes, 0, bytes.length);
        if (at < 0) return isValid(bytes);
        return isValid(bytes.subarray(0, at)) && !isValid(bytes);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });
});

describe("decodeValidUtf8", () => {
  it("gives the text of valid bytes, and undefined for others", () => {
    const piece = fc.constantFrom(hex`61`, hex`c3b6`, hex`e4bda0`, hex`f09f9491`, hex`80`, hex`eda080`);
    const prefix = fc.constantFrom(0, 0, 1, 8, 63, 64, 65);
    fc.assert(
      fc.property(prefix, fc.array(piece, { maxLength: 12 }), (length, pieces) => {
        const bytes = concat([new Uint8Array(length).fill(0x61), ...pieces]);
        const text = isValid(bytes) ? strict.decode(bytes) : undefined;
        expect(decodeValidUtf8(withNoise(bytes, 0x80), 0, bytes.length)).toBe(text);
        expect(decodeValidUtf8(concat([hex`80`, bytes, hex`80`]), 1, 1 + bytes.length)).toBe(text);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it("of text larger than the scratch memory", () => {
    const text = "größer als 16 KiB 你好 🔑 ".repeat(2000);
    const bytes = utf8(text);
    expect(decodeValidUtf8(bytes, 0, bytes.length)).toBe(text);
    expect(decodeValidUtf8(bytes, 0, bytes.length - 2)).toBeUndefined();
    expect(decodeValidUtf8(concat([bytes, hex`ff`]), 0, bytes.length + 1)).toBeUndefined();
  });
});

describe("isAscii", () => {
  it.each([0, 1, 7, 8, 9, 16, 17])("of %i bytes", (size) => {
    const bytes = new Uint8Array(size + 4).fill(0x41);
    bytes[1] = 0x80;
    bytes[size + 2] = 0x80;
    expect(isAscii(bytes, 2, 2 + size)).toBe(true);
    for (let i = 0; i < size; i++) {
      const other = bytes.slice();
      other[2 + i] = 0x80;
      expect(isAscii(other, 2, 2 + size)).toBe(false);
    }
  });
});

const anyText = fc.string({ unit: "binary", maxLength: 200 });

describe("text and bytes", () => {
  it("decodeUtf8 is the inverse of encodeUtf8, and both agree with the platform", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 3 }), (piece, repeat) => {
        const text = piece.repeat(repeat);
        const bytes = encodeUtf8(text);
        expect(bytes).toEqual(utf8(text));
        expect(utf8ByteLength(text)).toBe(bytes.length);
        expect(utf8Room(text)).toBeGreaterThanOrEqual(bytes.length);
        expect(decodeUtf8(withNoise(bytes, 0xc3))).toBe(text);
        const target = new Uint8Array(5 + utf8Room(text));
        expect(writeUtf8(text, target, 5)).toBe(5 + bytes.length);
        expect(target.subarray(5, 5 + bytes.length)).toEqual(bytes);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it.each([
    ["efbbbf61", "\ufeffa"],
    ["ff", "\ufffd"],
    ["61ff62", "a\ufffdb"],
    ["e0a0", "\ufffd"],
    ["eda080", "\ufffd\ufffd\ufffd"],
    ["c3", "\ufffd"],
  ])("decodeUtf8 of %s", (bytes, text) => {
    expect(decodeUtf8(hex(bytes))).toBe(text);
    // Also behind text that is long enough for the native ways.
    const long = hex(`"${"long ascii text ".repeat(4)}" ${bytes}`);
    expect(decodeUtf8(withNoise(long, 0x80))).toBe("long ascii text ".repeat(4) + text);
  });

  it("decodes text larger than the scratch memory", () => {
    const text = "größer als 16 KiB 你好 🔑 ".repeat(2000);
    expect(decodeUtf8(utf8(text))).toBe(text);
  });

  it("a decoded string does not change with the next one", () => {
    const first = decodeUtf8(utf8("ä".repeat(100)));
    decodeUtf8(utf8("ö".repeat(100)));
    expect(first).toBe("ä".repeat(100));
  });

  it.each([["\ufffd"], ["a\ufffd"], ["，。！"], ["\uffff"], ["🔑\ufffd"]])(
    "text of many %j, whose bytes could be those of a replacement, is well-formed",
    (piece) => {
      for (const text of [piece.repeat(70), `${"a".repeat(200)}${piece}`]) {
        const target = new Uint8Array(utf8Room(text));
        expect(target.subarray(0, writeUtf8(text, target, 0))).toEqual(utf8(text));
      }
    },
  );

  it("utf8Room is exact for long text", () => {
    const text = "ä".repeat(20_000);
    expect(utf8Room(text)).toBe(40_000);
    const target = new Uint8Array(40_000);
    expect(writeUtf8(text, target, 0)).toBe(40_000);
  });

  it.each([
    ["\ud800"],
    ["\udc00"],
    ["a\ud800b"],
    ["\ud800\ud800\udc00"],
    ["\udc00\ud800"],
    [`${"a".repeat(100)}\ud83d`],
    [`\udc00${"a".repeat(100)}`],
    [`${"你好，\ufffd".repeat(20)}\ud83d`],
    [`${"你好".repeat(40)}\ud83d${"🔑".repeat(40)}`],
  ])("the lone surrogate in %j is refused", (text) => {
    expect(isWellFormed(text)).toBe(false);
    expect(writeUtf8(text, new Uint8Array(400), 0)).toBe(-1);
    expectThriftError(() => encodeUtf8(text), { code: "INVALID_UTF8" });
    expect(utf8ByteLength(text)).toBe(utf8(text).length);
  });
});

describe("without Node's Buffer and without String.prototype.isWellFormed", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it.each(["", "short", "long ascii text ".repeat(10), "größe", "你好🔑".repeat(50), "\ufeffa"])(
    "decodes %j",
    async (text) => {
      const bytes = utf8(text);
      vi.resetModules();
      vi.stubGlobal("Buffer", undefined);
      const fresh = await import("../../src/bytes/utf8.ts");
      vi.unstubAllGlobals();
      expect(fresh.decodeUtf8).not.toBe(decodeUtf8);
      expect(fresh.decodeUtf8(bytes)).toBe(text);
      expect(fresh.decodeUtf8(hex`ff`)).toBe("\ufffd");
      const target = new Uint8Array(utf8Room(text));
      expect(target.subarray(0, fresh.writeUtf8(text, target, 0))).toEqual(bytes);
      expect(fresh.writeUtf8(`${text}${"ö".repeat(60)}\ud83d`, new Uint8Array(2000), 0)).toBe(-1);
      expect(fresh.decodeValidUtf8(bytes, 0, bytes.length)).toBe(text);
      expect(fresh.decodeValidUtf8(concat([bytes, hex`ff`]), 0, bytes.length + 1)).toBeUndefined();
    },
  );

  it("finds lone surrogates", () => {
    const withoutNative = (text: string): string => Object.assign(Object(text), { isWellFormed: undefined });
    expect(isWellFormed(withoutNative("a🔑"))).toBe(true);
    expect(isWellFormed(withoutNative("a\ud83d"))).toBe(false);
  });
});
