import { writeDoubleBE, writeInt16BE, writeInt32BE } from "../bytes/fixed.ts";
import { type Int64Halves, splitInt64 } from "../bytes/int64.ts";
import { utf8Room, writeUtf8 } from "../bytes/utf8.ts";
import type { ByteWriter } from "../pool/byte-writer.ts";
import { TType } from "./ttype.ts";
import { checkInteger, checkLength, checkUuid, failRange, failSurrogate, type WireWriter } from "./writer.ts";

/** Writes the binary protocol. See {@link WireWriter}. */
export class BinaryWriter implements WireWriter {
  readonly protocol = "binary";
  readonly output: ByteWriter;
  readonly #halves: Int64Halves = { hi: 0, lo: 0 };

  constructor(output: ByteWriter) {
    this.output = output;
  }

  writeStructBegin(): void {}

  writeFieldBegin(type: TType, id: number): void {
    // type u8, id i16
    checkInteger(id, 16);
    const at = this.#room(3);
    this.output.bytes[at] = type;
    writeInt16BE(id, this.output.bytes, at + 1);
  }

  writeStructEnd(): void {
    const at = this.#room(1);
    this.output.bytes[at] = TType.STOP;
  }

  writeListBegin(elementType: TType, length: number): void {
    // element type u8, length i32
    checkLength(length);
    const at = this.#room(5);
    this.output.bytes[at] = elementType;
    writeInt32BE(length, this.output.bytes, at + 1);
  }

  writeMapBegin(keyType: TType, valueType: TType, length: number): void {
    // key type u8, value type u8, length i32
    checkLength(length);
    const at = this.#room(6);
    this.output.bytes[at] = keyType;
    this.output.bytes[at + 1] = valueType;
    writeInt32BE(length, this.output.bytes, at + 2);
  }

  writeBool(value: boolean): void {
    const at = this.#room(1);
    this.output.bytes[at] = value ? 1 : 0;
  }

  writeByte(value: number): void {
    checkInteger(value, 8);
    const at = this.#room(1);
    this.output.bytes[at] = value;
  }

  writeI16(value: number): void {
    checkInteger(value, 16);
    const at = this.#room(2);
    writeInt16BE(value, this.output.bytes, at);
  }

  writeI32(value: number): void {
    checkInteger(value, 32);
    const at = this.#room(4);
    writeInt32BE(value, this.output.bytes, at);
  }

  writeI64(value: bigint): void {
    if (!splitInt64(value, this.#halves)) failRange("i64");
    this.writeInt64(this.#halves.hi, this.#halves.lo);
  }

  writeInt64(hi: number, lo: number): void {
    const at = this.#room(8);
    writeInt32BE(hi, this.output.bytes, at);
    writeInt32BE(lo, this.output.bytes, at + 4);
  }

  writeDouble(value: number): void {
    const at = this.#room(8);
    writeDoubleBE(value, this.output.bytes, at);
  }

  writeString(text: string): void {
    // size i32, content
    const output = this.output;
    output.reserve(4 + utf8Room(text));
    const start = output.length + 4;
    const end = writeUtf8(text, output.bytes, start);
    if (end < 0) failSurrogate();
    writeInt32BE(end - start, output.bytes, output.length);
    output.length = end;
  }

  writeBinary(content: Uint8Array): void {
    // size i32, content
    const size = content.length;
    checkLength(size);
    this.output.reserve(4 + size);
    writeInt32BE(size, this.output.bytes, this.output.length);
    this.output.length += 4;
    this.output.append(content);
  }

  writeUuid(uuid: Uint8Array): void {
    checkUuid(uuid);
    this.output.append(uuid);
  }

  /** Reserves `size` bytes and counts them as written; returns where they start. */
  #room(size: number): number {
    const output = this.output;
    output.reserve(size);
    const at = output.length;
    output.length = at + size;
    return at;
  }
}
