import { describe, expect, it } from "vitest";
import { slabAllocate, slabCopy, slabCopyWords } from "../../src/pool/slab.ts";
import { withNoise } from "../support/bytes.ts";

describe("slabAllocate", () => {
  it.each([0, 1, 7, 8, 100, 16 * 1024, 16 * 1024 + 1, 1024 * 1024])("%i bytes are zeroed", (size) => {
    const piece = slabAllocate(size);
    expect(piece.length).toBe(size);
    expect(piece.every((byte) => byte === 0)).toBe(true);
  });

  it("pieces do not overlap, are aligned, and stay as they are", () => {
    const pieces: Uint8Array[] = [];
    for (let i = 0; i < 2000; i++) pieces.push(slabAllocate((i * 37) % 300).fill(i & 0xff));
    for (const [i, piece] of pieces.entries()) {
      expect(piece.byteOffset % 8).toBe(0);
      expect(piece.every((byte) => byte === (i & 0xff))).toBe(true);
    }
    // 2,000 pieces of 150 bytes on average, in slabs of 128 KiB.
    expect(new Set(pieces.map((piece) => piece.buffer)).size).toBeLessThanOrEqual(4);
  });

  it("a slab that somebody has transferred is replaced", () => {
    const { buffer } = slabAllocate(8);
    structuredClone(buffer, { transfer: [buffer] });
    expect(slabAllocate(0).length).toBe(0);
    expect(slabAllocate(8).length).toBe(8);
    expect(slabCopyWords(new BigInt64Array(2), 0, 9)).toEqual(new Uint8Array(9));
  });

  it("a large result has an ArrayBuffer of its own", () => {
    expect(slabAllocate(20_000).buffer.byteLength).toBe(20_000);
  });
});

describe("slabCopy", () => {
  it.each([0, 1, 31, 32, 33, 1000, 16 * 1024, 16 * 1024 + 1])("copies %i bytes", (size) => {
    const source = withNoise(Uint8Array.from({ length: size }, (_, i) => i * 31));
    const copy = slabCopy(source, 0, size);
    expect(copy).toEqual(Uint8Array.from(source));
    source.fill(0xee);
    if (size > 1) expect(copy[1]).toBe(31);
  });

  it("copies a part", () => {
    expect(slabCopy(Uint8Array.of(1, 2, 3, 4), 1, 3)).toEqual(Uint8Array.of(2, 3));
  });

  it.each([100, 20_000])("%i bytes of a Buffer become a plain Uint8Array of other memory", (size) => {
    const source = Buffer.alloc(size, 7);
    const copy = slabCopy(source, 0, size);
    expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype);
    expect(copy.buffer).not.toBe(source.buffer);
    expect(copy.every((byte) => byte === 7)).toBe(true);
  });
});

describe("slabCopyWords", () => {
  const ALL_SIZES = Array.from({ length: 340 }, (_, size) => size);
  const bytes = Uint8Array.from({ length: 8 * 1024 }, (_, i) => (i % 255) + 1);
  const source = new BigInt64Array(bytes.buffer);

  it("copies as many bytes as it is told, and what makes the last word whole", () => {
    const copies = ALL_SIZES.map((size) => slabCopyWords(source, size, size));
    for (const [size, copy] of copies.entries()) {
      expect(copy, `${size} bytes`).toEqual(bytes.slice(size * 8, size * 9));
    }
  });

  it.each([16 * 1024, 16 * 1024 + 1])("copies %i bytes", (size) => {
    const large = Uint8Array.from({ length: size + 24 }, (_, i) => i * 31);
    const copy = slabCopyWords(new BigInt64Array(large.buffer, 0, 8), 1, 0);
    expect(copy.length).toBe(0);
    const words = new BigInt64Array(large.slice(0, (size + 24) & -8).buffer);
    expect(slabCopyWords(words, 1, size)).toEqual(large.slice(8, 8 + size));
  });
});
