import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { resolveLimits } from "../../src/wire/limits.ts";
import { createReader, createWriter } from "../../src/wire/protocols.ts";
import type { WireReader } from "../../src/wire/reader.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import type { WireWriter } from "../../src/wire/writer.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

const PROTOCOLS: readonly Protocol[] = ["binary", "compact"];

function written(protocol: Protocol, write: (writer: WireWriter) => void): string {
  const output = new ByteWriter({ capacity: 0 });
  write(createWriter(protocol, output));
  return toHex(output.view());
}

describe("writers", () => {
  it.each<[name: string, write: (w: WireWriter) => void, binary: string, compact: string]>([
    ["true", (w) => w.writeBool(true), "01", "01"],
    ["false", (w) => w.writeBool(false), "00", "02"],
    ["byte -1", (w) => w.writeByte(-1), "ff", "ff"],
    ["i16 -2", (w) => w.writeI16(-2), "fffe", "03"],
    ["i32 1", (w) => w.writeI32(1), "00000001", "02"],
    ["i32 min", (w) => w.writeI32(-(2 ** 31)), "80000000", "ffffffff0f"],
    ["i64 -1", (w) => w.writeI64(-1n), "ffffffffffffffff", "01"],
    ["i64 min", (w) => w.writeI64(-(2n ** 63n)), "8000000000000000", "ffffffffffffffffff01"],
    ["i64 by halves", (w) => w.writeInt64(1, 2), "0000000100000002", "8480808020"],
    ["i64 by unsigned halves", (w) => w.writeInt64(0xffffffff, 0xfffffffe), "fffffffffffffffe", "03"],
    ["double 1.5", (w) => w.writeDouble(1.5), "3ff8000000000000", "000000000000f83f"],
    ["double -0", (w) => w.writeDouble(-0), "8000000000000000", "0000000000000080"],
    ["string", (w) => w.writeString("hé"), "00000003 68c3a9", "03 68c3a9"],
    ["binary", (w) => w.writeBinary(hex`00ff`), "00000002 00ff", "02 00ff"],
    ["list header of 2", (w) => w.writeListBegin(TType.BOOL, 2), "02 00000002", "22"],
    ["list header of 15", (w) => w.writeListBegin(TType.I32, 15), "08 0000000f", "f5 0f"],
    ["map header", (w) => w.writeMapBegin(TType.STRING, TType.BOOL, 1), "0b 02 00000001", "01 82"],
    ["empty map header", (w) => w.writeMapBegin(TType.STRING, TType.BOOL, 0), "0b 02 00000000", "00"],
  ])("%s", (_name, write, binary, compact) => {
    expect(written("binary", write)).toBe(binary.replaceAll(" ", ""));
    expect(written("compact", write)).toBe(compact.replaceAll(" ", ""));
  });

  it("compact field headers: short, long, backwards, booleans, nested", () => {
    const text = written("compact", (w) => {
      w.writeStructBegin();
      w.writeFieldBegin(TType.BYTE, 1);
      w.writeByte(7);
      w.writeFieldBegin(TType.BOOL, 16);
      w.writeBool(true);
      w.writeFieldBegin(TType.BOOL, 32);
      w.writeBool(false);
      w.writeFieldBegin(TType.STRUCT, 33);
      w.writeStructBegin();
      w.writeFieldBegin(TType.BYTE, 2);
      w.writeByte(8);
      w.writeStructEnd();
      w.writeFieldBegin(TType.BYTE, 34);
      w.writeByte(9);
      w.writeFieldBegin(TType.BYTE, 3);
      w.writeByte(10);
      w.writeFieldBegin(TType.BYTE, -1);
      w.writeByte(11);
      w.writeStructEnd();
    });
    expect(text).toBe(
      toHex(hex`
        13 07       // delta 1
        f1          // delta 15, true
        02 40       // delta 16: long form, false
        1c          // delta 1, struct
          23 08     // delta 2 within the inner struct
          00
        13 09       // counts from 33, not from the inner 2
        03 06 0a    // backwards
        03 01 0b    // negative id
        00`),
    );
  });

  it.each<
    [name: string, write: (w: WireWriter) => void, code: "OUT_OF_RANGE" | "INVALID_UTF8" | "INVALID_VALUE"]
  >([
    ["byte 128", (w) => w.writeByte(128), "OUT_OF_RANGE"],
    ["i16 -32769", (w) => w.writeI16(-32769), "OUT_OF_RANGE"],
    ["i32 2^31", (w) => w.writeI32(2 ** 31), "OUT_OF_RANGE"],
    ["i32 1.5", (w) => w.writeI32(1.5), "OUT_OF_RANGE"],
    ["i32 NaN", (w) => w.writeI32(Number.NaN), "OUT_OF_RANGE"],
    ["i64 2^63", (w) => w.writeI64(2n ** 63n), "OUT_OF_RANGE"],
    ["field id 32768", (w) => w.writeFieldBegin(TType.I32, 32768), "OUT_OF_RANGE"],
    ["length -1", (w) => w.writeListBegin(TType.I32, -1), "OUT_OF_RANGE"],
    ["length 2^31", (w) => w.writeMapBegin(TType.I32, TType.I32, 2 ** 31), "OUT_OF_RANGE"],
    ["a lone surrogate", (w) => w.writeString("a\ud800"), "INVALID_UTF8"],
    ["a uuid of 15 bytes", (w) => w.writeUuid(new Uint8Array(15)), "INVALID_VALUE"],
  ])("refuse %s and write nothing", (_name, write, code) => {
    for (const protocol of PROTOCOLS) {
      const output = new ByteWriter();
      const writer = createWriter(protocol, output);
      expectThriftError(() => write(writer), { code });
      expect(output.length).toBe(0);
    }
  });

  it.each(PROTOCOLS)("long strings are not measured against thrice their size: %s", (protocol) => {
    const output = new ByteWriter({ maxSize: 101_000 });
    createWriter(protocol, output).writeString("x".repeat(100_000));
    expectThriftError(() => createWriter(protocol, output).writeString("x".repeat(1000)), {
      code: "LIMIT_EXCEEDED",
    });
  });
});

describe("readers", () => {
  it.each<
    [name: string, protocol: Protocol, bytes: string, read: (r: WireReader) => unknown, value: unknown]
  >([
    ["bool 1", "binary", "01", (r) => r.readBool(), true],
    ["bool 0", "binary", "00", (r) => r.readBool(), false],
    ["bool 2, as dynamicgo reads it", "binary", "02", (r) => r.readBool(), false],
    ["bool element 1", "compact", "01", (r) => r.readBool(), true],
    ["bool element 2", "compact", "02", (r) => r.readBool(), false],
    ["bool element 0", "compact", "00", (r) => r.readBool(), false],
    ["byte", "binary", "80", (r) => r.readByte(), -128],
    ["i16", "binary", "8001", (r) => r.readI16(), -32767],
    ["i16", "compact", "ffff03", (r) => r.readI16(), -32768],
    ["i32", "compact", "ffffffff0f", (r) => r.readI32(), -2147483648],
    ["i64", "compact", "feffffffffffffffff01", (r) => r.readI64(), 2n ** 63n - 1n],
    ["i64 across the halves", "compact", "8080808020", (r) => r.readI64(), 2n ** 32n],
    ["i64", "binary", "ffffffff00000000", (r) => r.readI64(), -4294967296n],
    ["double", "binary", "7fefffffffffffff", (r) => r.readDouble(), Number.MAX_VALUE],
    ["double", "compact", "9a9999999999b93f", (r) => r.readDouble(), 0.1],
    ["string", "compact", "03 68c3a9", (r) => r.readString(), "hé"],
    ["string", "binary", "00000003 68c3a9", (r) => r.readString(), "hé"],
    ["binary", "binary", "00000002 ff00", (r) => toHex(r.readBinary()), "ff00"],
    ["a padded varint", "compact", "828000", (r) => r.readI32(), 1],
  ])("%s in %s: %s", (_name, protocol, text, read, value) => {
    const bytes = hex(text);
    const reader = createReader(protocol, withNoise(bytes, 0x81));
    expect(read(reader)).toStrictEqual(value);
    expect(reader.position).toBe(bytes.length);
  });

  it("borrows what readBinary and readUuid give", () => {
    const bytes = hex`00000001 05`;
    const content = createReader("binary", bytes).readBinary();
    bytes[4] = 6;
    expect(content[0]).toBe(6);
  });

  it.each<
    [
      name: string,
      protocol: Protocol,
      bytes: string,
      code: string,
      offset: number,
      read: (r: WireReader) => unknown,
    ]
  >([
    ["a cut i32", "binary", "000000", "TRUNCATED", 0, (r) => r.readI32()],
    ["a cut i64", "compact", "8080", "TRUNCATED", 0, (r) => r.readI64()],
    ["an i16 of 17 bits", "compact", "808004", "OUT_OF_RANGE", 0, (r) => r.readI16()],
    ["an i32 of 36 bits", "compact", "ffffffff1f", "OUT_OF_RANGE", 0, (r) => r.readI32()],
    ["an i64 of 65 bits", "compact", "ffffffffffffffffff03", "OUT_OF_RANGE", 0, (r) => r.readI64()],
    ["invalid UTF-8", "binary", "00000003 61ff62", "INVALID_UTF8", 5, (r) => r.readString()],
    ["invalid UTF-8", "compact", "03 6162c3", "INVALID_UTF8", 3, (r) => r.readString()],
    ["a negative size", "binary", "80000000", "INVALID_SIZE", 0, (r) => r.readBinary()],
    ["a field id beyond 32767", "compact", "03 feff03 01 f3 01", "OUT_OF_RANGE", 5, (r) => walkFields(r)],
    ["a field id of 17 bits", "compact", "03 feff07 01", "OUT_OF_RANGE", 1, (r) => walkFields(r)],
    ["an unknown type", "binary", "09 0001", "INVALID_TYPE", 0, (r) => walkFields(r)],
    ["void", "binary", "01 0001", "INVALID_TYPE", 0, (r) => walkFields(r)],
    ["an unknown type", "compact", "1f", "INVALID_TYPE", 0, (r) => walkFields(r)],
    ["2^31 − 1 elements", "binary", "0a 7fffffff 00", "INVALID_SIZE", 1, (r) => r.readListBegin()],
    ["2^31 − 1 elements", "compact", "fc ffffffff07 00", "INVALID_SIZE", 0, (r) => r.readListBegin()],
    ["2^31 − 1 entries", "binary", "0c 0c 7fffffff 00", "INVALID_SIZE", 2, (r) => r.readMapBegin()],
    ["2^31 − 1 entries", "compact", "ffffffff07 cc 00", "INVALID_SIZE", 0, (r) => r.readMapBegin()],
  ])("%s in %s (%s): %s at %i", (_name, protocol, text, code, offset, read) => {
    const bytes = hex(text);
    const reader = createReader(protocol, new Uint8Array([...bytes, ...bytes]), { end: bytes.length });
    expectThriftError(() => read(reader), { code: code as never, offset });
  });

  function walkFields(reader: WireReader): void {
    reader.readStructBegin();
    for (let type = reader.readFieldBegin(); type !== TType.STOP; type = reader.readFieldBegin()) {
      reader.skip(type);
    }
  }

  it("tell the headers of fields and containers", () => {
    const bytes = hex`
      15 0e                 // i32 field 1
      02 64                 // false, long form, field 50
      11                    // true, field 51
      1b 01 85 01 "k" 02    // map<string, i32>, field 52
      19 00                 // an empty list without a type, field 53
      1b 00                 // an empty map, field 54
      00`;
    const r = createReader("compact", bytes);
    const seen: unknown[] = [];
    r.readStructBegin();
    seen.push(r.readFieldBegin(), r.fieldId, r.readI32());
    seen.push(r.readFieldBegin(), r.fieldId, r.readBool());
    seen.push(r.readFieldBegin(), r.fieldId);
    r.skip(TType.BOOL);
    seen.push(r.readFieldBegin(), r.fieldId);
    r.readMapBegin();
    seen.push(r.keyType, r.elementType, r.length, r.depth, r.readString(), r.readI32());
    r.readMapEnd();
    seen.push(r.readFieldBegin(), r.fieldId);
    r.readListBegin();
    seen.push(r.elementType, r.length);
    r.readListEnd();
    seen.push(r.readFieldBegin(), r.fieldId);
    r.readMapBegin();
    seen.push(r.keyType, r.elementType, r.length);
    r.readMapEnd();
    seen.push(r.readFieldBegin());
    r.readStructEnd();
    seen.push(r.depth, r.position);
    expect(seen).toEqual([
      ...[TType.I32, 1, 7],
      ...[TType.BOOL, 50, false],
      ...[TType.BOOL, 51],
      ...[TType.MAP, 52, TType.STRING, TType.I32, 1, 2, "k", 1],
      ...[TType.LIST, 53, TType.STOP, 0],
      ...[TType.MAP, 54, TType.STOP, TType.STOP, 0],
      ...[TType.STOP, 0, bytes.length],
    ]);
  });

  it.each(PROTOCOLS)("obey the limits of depth and length: %s", (protocol) => {
    const limits = resolveLimits({ maxDepth: 1, maxLength: 2 });
    const list = hex(protocol === "binary" ? "03 00000002 0000" : "23 0000");
    const longer = hex(protocol === "binary" ? "03 00000003 000000" : "33 000000");
    const map = hex(protocol === "binary" ? "03 03 00000003 000000000000" : "03 33 000000000000");
    const reader = createReader(protocol, list, { limits });
    reader.readListBegin();
    expectThriftError(() => reader.readStructBegin(), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => reader.skip(TType.STRUCT), { code: "LIMIT_EXCEEDED" });
    reader.readListEnd();
    reader.readStructBegin();
    expectThriftError(() => createReader(protocol, longer, { limits }).readListBegin(), {
      code: "LIMIT_EXCEEDED",
    });
    expectThriftError(() => createReader(protocol, map, { limits }).readMapBegin(), {
      code: "LIMIT_EXCEEDED",
    });
  });

  it.each(PROTOCOLS)("check their input: %s", (protocol) => {
    const bytes = new Uint8Array(10);
    expectThriftError(() => createReader(protocol, bytes, { limits: resolveLimits({ maxSize: 9 }) }), {
      code: "LIMIT_EXCEEDED",
    });
    createReader(protocol, bytes, { start: 1, limits: resolveLimits({ maxSize: 9 }) });
    for (const [start, end] of [
      [-1, 5],
      [6, 5],
      [0, 11],
      [0.5, 5],
      [Number.NaN, 5],
    ]) {
      expectThriftError(() => createReader(protocol, bytes, { start: start!, end: end! }), {
        code: "INVALID_OPTION",
      });
    }
  });
});
