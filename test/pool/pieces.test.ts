import { describe, expect, it, vi } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { copyRanges, Pieces } from "../../src/pool/pieces.ts";
import { concat, hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { createRandom } from "../support/random.ts";

const MAX = 2 ** 31 - 1;
const A = withNoise(Uint8Array.from({ length: 20 }, (_, i) => 0xa0 + i));
const B = withNoise(Uint8Array.from({ length: 20 }, (_, i) => 0xc0 + i));

type Range = readonly [source: Uint8Array, start: number, end: number];

function piecesOf(ranges: readonly Range[]): Pieces {
  const pieces = new Pieces();
  for (const [source, start, end] of ranges) pieces.add(source, start, end);
  return pieces;
}

describe("Pieces", () => {
  it.each<[what: string, ranges: Range[], output: string, copies: number]>([
    ["nothing", [], "", 0],
    ["one range", [[A, 2, 5]], "a2a3a4", 1],
    ["a whole source", [[A, 0, 20]], toHex(A), 1],
    ["an empty range", [[A, 3, 3]], "", 0],
    [
      "ranges that touch",
      [
        [A, 0, 1],
        [A, 1, 2],
        [A, 2, 4],
      ],
      "a0a1a2a3",
      1,
    ],
    [
      "ranges that touch, with an empty one between",
      [
        [A, 0, 1],
        [B, 4, 4],
        [A, 1, 2],
      ],
      "a0a1",
      1,
    ],
    [
      "ranges with a gap",
      [
        [A, 0, 1],
        [A, 2, 3],
      ],
      "a0a2",
      2,
    ],
    [
      "ranges in another order",
      [
        [A, 2, 3],
        [A, 0, 1],
      ],
      "a2a0",
      2,
    ],
    [
      "ranges that overlap",
      [
        [A, 0, 3],
        [A, 1, 4],
      ],
      "a0a1a2a1a2a3",
      2,
    ],
    [
      "one range twice",
      [
        [A, 0, 2],
        [A, 0, 2],
      ],
      "a0a1a0a1",
      2,
    ],
    [
      "ranges of two sources that would touch",
      [
        [A, 0, 1],
        [B, 1, 2],
      ],
      "a0c1",
      2,
    ],
    [
      "ranges that touch, with another source between",
      [
        [A, 0, 1],
        [B, 0, 1],
        [A, 1, 2],
      ],
      "a0c0a1",
      3,
    ],
    [
      "the same memory as another array",
      [
        [A, 0, 1],
        [A.subarray(0), 1, 2],
      ],
      "a0a1",
      2,
    ],
  ])("%s", (_, ranges, output, copies) => {
    expect(toHex(piecesOf(ranges).toBytes(MAX))).toBe(output);
    const writer = new ByteWriter({ capacity: 0 });
    writer.append(hex`ff`);
    const append = vi.spyOn(writer, "append");
    piecesOf(ranges).appendTo(writer, MAX);
    expect(toHex(writer.view())).toBe(`ff${output}`);
    expect(append).toHaveBeenCalledTimes(copies);
  });

  it("random ranges, against putting them together one by one", () => {
    const random = createRandom(5);
    for (let run = 0; run < 300; run++) {
      const ranges = Array.from({ length: random.int(0, 12) }, (): Range => {
        const source = random.pick([A, A, B]);
        const start = random.int(0, source.length);
        return [source, start, random.int(start, source.length)];
      });
      const expected = concat(ranges.map(([source, start, end]) => source.subarray(start, end)));
      expect(toHex(piecesOf(ranges).toBytes(MAX))).toBe(toHex(expected));
    }
  });

  it("the output is a copy that belongs to the caller", () => {
    const source = hex`01 02 03`;
    const first = piecesOf([[source, 0, 3]]).toBytes(MAX);
    first.fill(0xee);
    expect(toHex(source)).toBe("010203");
    expect(toHex(piecesOf([[source, 0, 3]]).toBytes(MAX))).toBe("010203");
  });

  it("nothing can be added after the output has been made", () => {
    const pieces = piecesOf([[A, 0, 1]]);
    pieces.toBytes(MAX);
    expect(() => pieces.add(A, 1, 2)).toThrow(TypeError);
    expect(toHex(piecesOf([[B, 0, 1]]).toBytes(MAX))).toBe("c0");
  });

  it("outputs that are put together at the same time", () => {
    const outer = piecesOf([[A, 0, 1]]);
    const inner = piecesOf([[B, 0, 2]]);
    expect(toHex(inner.toBytes(MAX))).toBe("c0c1");
    outer.add(A, 5, 6);
    const later = piecesOf([[B, 4, 5]]);
    outer.add(A, 7, 8);
    expect(toHex(later.toBytes(MAX))).toBe("c4");
    expect(toHex(outer.toBytes(MAX))).toBe("a0a5a7");
  });

  it.each([0, 2, 3, 4])("maxSize %d for three bytes", (maxSize) => {
    const make = () =>
      piecesOf([
        [A, 0, 1],
        [B, 0, 2],
      ]);
    const writer = new ByteWriter();
    writer.append(hex`ff`);
    if (maxSize >= 3) {
      expect(toHex(make().toBytes(maxSize))).toBe("a0c0c1");
      make().appendTo(writer, maxSize);
      expect(toHex(writer.view())).toBe("ffa0c0c1");
    } else {
      const expected = {
        code: "LIMIT_EXCEEDED",
        message: `the output is larger than the limit of ${maxSize} bytes`,
      } as const;
      expectThriftError(() => make().toBytes(maxSize), expected);
      expectThriftError(() => make().appendTo(writer, maxSize), expected);
      expect(toHex(writer.view())).toBe("ff");
    }
  });

  it("a writer that has no room stays as it was", () => {
    const writer = new ByteWriter({ maxSize: 3 });
    writer.append(hex`ff`);
    const pieces = piecesOf([
      [A, 0, 2],
      [B, 0, 1],
    ]);
    expectThriftError(() => pieces.appendTo(writer, MAX), { code: "LIMIT_EXCEEDED" });
    expect(toHex(writer.view())).toBe("ff");
  });

  it("the writer's own memory is a source, also while it grows", () => {
    const writer = new ByteWriter({ capacity: 2 });
    writer.append(hex`01 02`);
    const pieces = piecesOf([
      [writer.bytes, 0, 2],
      [B, 0, 1],
      [writer.bytes, 1, 2],
    ]);
    pieces.appendTo(writer, MAX);
    expect(toHex(writer.view())).toBe("01020102c002");
  });

  it("large outputs have memory of their own, small ones share it", () => {
    const source = new Uint8Array(40_000);
    expect(piecesOf([[source, 0, 40_000]]).toBytes(MAX).buffer.byteLength).toBe(40_000);
    expect(piecesOf([[source, 0, 10]]).toBytes(MAX)).toHaveLength(10);
  });
});

describe("copyRanges", () => {
  it("random ranges of one source, against putting them together one by one", () => {
    const random = createRandom(6);
    const source = withNoise(Uint8Array.from({ length: 2000 }, () => random.int(0, 255)));
    for (let run = 0; run < 300; run++) {
      const longest = random.pick([3, 10, 100, 400]);
      const ranges = Array.from({ length: random.int(0, 30) }, () => {
        const start = random.int(0, source.length - longest);
        return [start, start + random.int(1, longest)] as const;
      });
      const expected = concat(ranges.map(([start, end]) => source.subarray(start, end)));
      const output = withNoise(new Uint8Array(expected.length), 0xee);
      copyRanges(source, Int32Array.from([...ranges.flat(), 1, 2]), 2 * ranges.length, output);
      expect(toHex(output)).toBe(toHex(expected));
      const around = new Uint8Array(output.buffer);
      expect(around.filter((byte) => byte === 0xee).length).toBeGreaterThanOrEqual(
        around.length - output.length,
      );
    }
  });
});
