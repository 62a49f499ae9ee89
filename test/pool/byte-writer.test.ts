import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

describe("ByteWriter", () => {
  it("keeps what is written when it grows", () => {
    const writer = new ByteWriter({ capacity: 4 });
    for (let i = 0; i < 1000; i++) {
      writer.reserve(1);
      writer.bytes[writer.length++] = i & 0xff;
    }
    expect(writer.length).toBe(1000);
    expect(writer.view()).toEqual(Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff));
  });

  it("reserve makes at least the room that is asked for and doubles", () => {
    const writer = new ByteWriter({ capacity: 16 });
    writer.length = 10;
    writer.reserve(6);
    expect(writer.bytes.length).toBe(16);
    writer.reserve(7);
    expect(writer.bytes.length).toBe(32);
    writer.reserve(1000);
    expect(writer.bytes.length).toBe(1010);
  });

  it("grows up to the maximum size and no further", () => {
    const writer = new ByteWriter({ capacity: 4, maxSize: 10 });
    writer.append(hex`00 01 02 03 04 05 06 07`);
    writer.reserve(2);
    expect(writer.bytes.length).toBe(10);
    const error = expectThriftError(() => writer.reserve(3), { code: "LIMIT_EXCEEDED" });
    expect(error.message).toBe("output is larger than the limit of 10 bytes");
    expect(toHex(writer.view())).toBe("0001020304050607");
  });

  it("refuses a size that is not a number", () => {
    const writer = new ByteWriter();
    expectThriftError(() => writer.reserve(Number.NaN), { code: "LIMIT_EXCEEDED" });
  });

  it("a huge reservation is an error of ours, not of the allocator", () => {
    const writer = new ByteWriter({ maxSize: Number.MAX_SAFE_INTEGER });
    expectThriftError(() => writer.reserve(2 ** 52), { code: "LIMIT_EXCEEDED" });
  });

  it.each([0, 1, 31, 32, 33, 64, 5000])("append copies %i bytes", (size) => {
    const source = Uint8Array.from({ length: size }, (_, i) => i * 7);
    const writer = new ByteWriter({ capacity: 1 });
    writer.append(hex`ff`);
    writer.append(withNoise(source));
    writer.append(withNoise(source), Math.min(1, size), size);
    const tail = source.subarray(Math.min(1, size));
    expect(writer.view()).toEqual(Uint8Array.from([0xff, ...source, ...tail]));
  });

  it("append takes its own memory as source, also when it grows", () => {
    const writer = new ByteWriter({ capacity: 4 });
    writer.append(hex`01 02 03`);
    writer.append(writer.bytes, 0, 3);
    writer.append(writer.bytes, 1, 5);
    expect(toHex(writer.view())).toBe("01020301020302030102");
  });

  it.each([
    [-1, 2],
    [2, 1],
    [0, 5],
    [Number.NaN, 2],
  ])("append refuses the range %d to %d of 4 bytes", (start, end) => {
    const writer = new ByteWriter();
    expectThriftError(() => writer.append(new Uint8Array(4), start, end), { code: "INVALID_SIZE" });
    expect(writer.length).toBe(0);
  });

  it("view is borrowed, toBytes is owned with an ArrayBuffer of its own", () => {
    const writer = new ByteWriter();
    writer.append(hex`01 02`);
    const view = writer.view();
    const owned = writer.toBytes();
    writer.bytes[0] = 9;
    expect(view[0]).toBe(9);
    expect(toHex(owned)).toBe("0102");
    expect(owned.buffer.byteLength).toBe(2);
  });

  it("truncate drops the end and refuses to lengthen", () => {
    const writer = new ByteWriter();
    writer.append(hex`01 02 03`);
    writer.truncate(1);
    expect(toHex(writer.view())).toBe("01");
    expectThriftError(() => writer.truncate(2), { code: "INVALID_SIZE" });
    expectThriftError(() => writer.truncate(-1), { code: "INVALID_SIZE" });
  });

  it("clear keeps ordinary memory and gives back an oversized one", () => {
    const writer = new ByteWriter({ capacity: 64 });
    writer.reserve(4096);
    const memory = writer.bytes;
    writer.length = 10;
    writer.clear();
    expect(writer.length).toBe(0);
    expect(writer.bytes).toBe(memory);
    writer.reserve(2 * 1024 * 1024);
    writer.clear();
    expect(writer.bytes.length).toBe(64);
  });

  it.each<[options: unknown, message: string]>([
    [{ capacity: -1 }, "ByteWriter: option `capacity` must be a non-negative integer, got -1"],
    [{ capacity: 1.5 }, "ByteWriter: option `capacity` must be a non-negative integer, got 1.5"],
    [{ capacity: "9" }, 'ByteWriter: option `capacity` must be a non-negative integer, got "9"'],
    [{ capacity: null }, "ByteWriter: option `capacity` must be a non-negative integer, got null"],
    [{ maxSize: -1 }, "ByteWriter: option `maxSize` must be a non-negative integer, got -1"],
    [{ maxSize: Number.NaN }, "ByteWriter: option `maxSize` must be a non-negative integer, got NaN"],
    [
      { maxSize: Number.POSITIVE_INFINITY },
      "ByteWriter: option `maxSize` must be a non-negative integer, got Infinity",
    ],
    [{ capactiy: 1 }, "ByteWriter: unknown option `capactiy`; did you mean `capacity`?"],
    [{ maxSize: 1, initialSize: 1 }, "ByteWriter: unknown option `initialSize`"],
    [null, "ByteWriter: options must be an object, got null"],
    ["x", "ByteWriter: options must be an object, got a string"],
    [64, "ByteWriter: options must be an object, got a number"],
    [[], "ByteWriter: options must be an object, got an array"],
  ])("refuses the options %o", (options, message) => {
    expectThriftError(() => new ByteWriter(options as never), { code: "INVALID_OPTION", message });
  });

  it("a capacity beyond the maximum size is cut to it", () => {
    expect(new ByteWriter({ capacity: 100, maxSize: 10 }).bytes.length).toBe(10);
  });
});
