import { writeDoubleLE } from "../bytes/fixed.ts";
import { type Int64Halves, splitInt64 } from "../bytes/int64.ts";
import { utf8ByteLength, utf8Room, writeUtf8 } from "../bytes/utf8.ts";
import type { ByteWriter } from "../pool/byte-writer.ts";
import { COMPACT_TYPE_OF, CompactType, TType } from "./ttype.ts";
import {
  MAX_VARINT32_SIZE,
  MAX_VARINT64_SIZE,
  writeVarint32,
  writeVarint64,
  zigzag32,
  zigzag64,
} from "./varint.ts";
import { checkInteger, checkLength, checkUuid, failRange, failSurrogate, type WireWriter } from "./writer.ts";

/** Lengths below this fit the header byte of a list or set. */
const LONG_LENGTH = 15;
/** Id differences up to this fit the header byte of a field. */
const MAX_SHORT_DELTA = 15;
/** Text of fewer UTF-16 units is shorter than 128 bytes, so that its size is one byte. */
const ONE_BYTE_SIZE_LENGTH = 43;

/** Writes the compact protocol. See {@link WireWriter}. */
export class CompactWriter implements WireWriter {
  readonly protocol = "compact";
  readonly output: ByteWriter;

  /** The last ids of the structs around the open one; the first entry belongs to nothing. */
  readonly #outerFieldIds: number[] = [];
  #lastFieldId = 0;
  /** The id of a boolean field whose header waits for the value, which is part of it. */
  #boolFieldId: number | undefined;
  readonly #halves: Int64Halves = { hi: 0, lo: 0 };

  constructor(output: ByteWriter) {
    this.output = output;
  }

  /** Makes the next field one that follows the field `id` in the open struct. */
  continueAfter(id: number): void {
    this.#lastFieldId = id;
  }

  writeStructBegin(): void {
    this.#outerFieldIds.push(this.#lastFieldId);
    this.#lastFieldId = 0;
  }

  writeFieldBegin(type: TType, id: number): void {
    checkInteger(id, 16);
    if (type === TType.BOOL) this.#boolFieldId = id;
    else this.#writeFieldHeader(COMPACT_TYPE_OF[type]!, id);
  }

  #writeFieldHeader(compactType: number, id: number): void {
    // id delta (high nibble) and type (low nibble); delta 0: the id follows as a zigzag varint
    const output = this.output;
    output.reserve(1 + MAX_VARINT32_SIZE);
    const delta = id - this.#lastFieldId;
    if (delta > 0 && delta <= MAX_SHORT_DELTA) {
      output.bytes[output.length++] = (delta << 4) | compactType;
    } else {
      output.bytes[output.length++] = compactType;
      output.length = writeVarint32(zigzag32(id), output.bytes, output.length);
    }
    this.#lastFieldId = id;
  }

  writeStructEnd(): void {
    this.#writeRawByte(CompactType.STOP);
    this.#lastFieldId = this.#outerFieldIds.pop() ?? 0;
  }

  writeListBegin(elementType: TType, length: number): void {
    // length (high nibble) and element type (low nibble); length nibble 15: a varint has the length
    checkLength(length);
    const output = this.output;
    output.reserve(1 + MAX_VARINT32_SIZE);
    const type = COMPACT_TYPE_OF[elementType]!;
    if (length < LONG_LENGTH) {
      output.bytes[output.length++] = (length << 4) | type;
    } else {
      output.bytes[output.length++] = 0xf0 | type;
      output.length = writeVarint32(length, output.bytes, output.length);
    }
  }

  writeMapBegin(keyType: TType, valueType: TType, length: number): void {
    // length varint, then unless it is 0: key type (high nibble) and value type (low nibble)
    checkLength(length);
    const output = this.output;
    output.reserve(MAX_VARINT32_SIZE + 1);
    output.length = writeVarint32(length, output.bytes, output.length);
    if (length > 0) {
      output.bytes[output.length++] = (COMPACT_TYPE_OF[keyType]! << 4) | COMPACT_TYPE_OF[valueType]!;
    }
  }

  writeBool(value: boolean): void {
    const bits = value ? CompactType.TRUE : CompactType.FALSE;
    const id = this.#boolFieldId;
    if (id === undefined) {
      this.#writeRawByte(bits);
    } else {
      this.#boolFieldId = undefined;
      this.#writeFieldHeader(bits, id);
    }
  }

  writeByte(value: number): void {
    checkInteger(value, 8);
    this.#writeRawByte(value);
  }

  writeI16(value: number): void {
    checkInteger(value, 16);
    this.#writeVarint(zigzag32(value));
  }

  writeI32(value: number): void {
    checkInteger(value, 32);
    this.#writeVarint(zigzag32(value));
  }

  writeI64(value: bigint): void {
    if (!splitInt64(value, this.#halves)) failRange("i64");
    this.writeInt64(this.#halves.hi, this.#halves.lo);
  }

  writeInt64(hi: number, lo: number): void {
    const halves = this.#halves;
    halves.hi = hi;
    halves.lo = lo;
    zigzag64(halves);
    const output = this.output;
    output.reserve(MAX_VARINT64_SIZE);
    output.length = writeVarint64(halves.hi, halves.lo, output.bytes, output.length);
  }

  writeDouble(value: number): void {
    const output = this.output;
    output.reserve(8);
    writeDoubleLE(value, output.bytes, output.length);
    output.length += 8;
  }

  writeString(text: string): void {
    // size varint, content: the size of the size must be known before the content can be placed
    const output = this.output;
    output.reserve(MAX_VARINT32_SIZE + utf8Room(text));
    const size = text.length < ONE_BYTE_SIZE_LENGTH ? 0 : utf8ByteLength(text);
    const start = writeVarint32(size, output.bytes, output.length);
    const end = writeUtf8(text, output.bytes, start);
    if (end < 0) failSurrogate();
    if (size === 0) output.bytes[output.length] = end - start;
    output.length = end;
  }

  writeBinary(content: Uint8Array): void {
    // size varint, content
    checkLength(content.length);
    this.#writeVarint(content.length);
    this.output.append(content);
  }

  writeUuid(uuid: Uint8Array): void {
    checkUuid(uuid);
    this.output.append(uuid);
  }

  #writeRawByte(byte: number): void {
    const output = this.output;
    output.reserve(1);
    output.bytes[output.length++] = byte;
  }

  #writeVarint(value: number): void {
    const output = this.output;
    output.reserve(MAX_VARINT32_SIZE);
    output.length = writeVarint32(value, output.bytes, output.length);
  }
}
