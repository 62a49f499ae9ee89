import { readDoubleBE, readInt16BE, readInt32BE } from "../bytes/fixed.ts";
import { type Int64Halves, joinInt64 } from "../bytes/int64.ts";
import { checkListHeader, checkMapHeader, FIELD_HEADER_SIZE, STOP } from "./binary-parts.ts";
import type { ResolvedLimits } from "./limits.ts";
import { checkInput, decodeString, type ResolvedReaderOptions, type WireReader } from "./reader.ts";
import { skipBinary } from "./skip-binary.ts";
import { BINARY_WIDTH, NOT_A_TYPE, TType } from "./ttype.ts";
import { failDepth, failMaxLength, failSize, failTruncated, failType } from "./wire-error.ts";

/** Reads the binary protocol. See {@link WireReader}. */
export class BinaryReader implements WireReader {
  readonly protocol = "binary";
  bytes: Uint8Array;
  end: number;
  position: number;
  depth = 0;
  fieldId = 0;
  keyType: TType = TType.STOP;
  elementType: TType = TType.STOP;
  length = 0;

  #maxDepth: number;
  #maxLength: number;

  /** Throws `INVALID_OPTION` for a range outside the array, `LIMIT_EXCEEDED` for one above `maxSize`. */
  constructor(bytes: Uint8Array, options: ResolvedReaderOptions = {}) {
    const { start, end, limits } = checkInput(bytes, options);
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.#maxDepth = limits.maxDepth;
    this.#maxLength = limits.maxLength;
  }

  /** Makes this reader one of another value, whose range has been checked. */
  restart(bytes: Uint8Array, start: number, end: number, limits: ResolvedLimits): void {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.depth = 0;
    this.#maxDepth = limits.maxDepth;
    this.#maxLength = limits.maxLength;
  }

  readStructBegin(): void {
    this.#open();
  }

  readFieldBegin(): TType {
    // type u8, then unless it is STOP: id i16
    const { bytes, position: pos, end } = this;
    if (pos >= end) failTruncated(pos);
    const type = bytes[pos]!;
    if (type === STOP) {
      this.position = pos + 1;
      return TType.STOP;
    }
    if (BINARY_WIDTH[type]! < 0) failType(type, pos);
    if (end - pos < FIELD_HEADER_SIZE) failTruncated(pos);
    this.fieldId = readInt16BE(bytes, pos + 1);
    this.position = pos + FIELD_HEADER_SIZE;
    return type as TType;
  }

  readStructEnd(): void {
    this.depth--;
  }

  readListBegin(): void {
    this.#open();
    // element type u8, length i32
    const pos = this.#take(5);
    this.length = checkListHeader(this.bytes, pos, this.end);
    this.elementType = this.bytes[pos]! as TType;
    if (this.length > this.#maxLength) failMaxLength(this.length, this.#maxLength, pos + 1);
  }

  readListEnd(): void {
    this.depth--;
  }

  readMapBegin(): void {
    this.#open();
    // key type u8, value type u8, length i32
    const pos = this.#take(6);
    this.length = checkMapHeader(this.bytes, pos, this.end);
    this.keyType = this.bytes[pos]! as TType;
    this.elementType = this.bytes[pos + 1]! as TType;
    if (this.length > this.#maxLength) failMaxLength(this.length, this.#maxLength, pos + 2);
  }

  readMapEnd(): void {
    this.depth--;
  }

  readBool(): boolean {
    return this.bytes[this.#take(1)] === 1;
  }

  readByte(): number {
    return (this.bytes[this.#take(1)]! << 24) >> 24;
  }

  readI16(): number {
    return readInt16BE(this.bytes, this.#take(2));
  }

  readI32(): number {
    return readInt32BE(this.bytes, this.#take(4));
  }

  readI64(): bigint {
    const pos = this.#take(8);
    return joinInt64(readInt32BE(this.bytes, pos), readInt32BE(this.bytes, pos + 4));
  }

  /** Like `readI64`, into halves, both signed. */
  readInt64(out: Int64Halves): void {
    const pos = this.#take(8);
    out.hi = readInt32BE(this.bytes, pos);
    out.lo = readInt32BE(this.bytes, pos + 4);
  }

  readDouble(): number {
    return readDoubleBE(this.bytes, this.#take(8));
  }

  readString(): string {
    const start = this.takeContent();
    return decodeString(this.bytes, start, this.position);
  }

  readBinary(): Uint8Array {
    const start = this.takeContent();
    return this.bytes.subarray(start, this.position);
  }

  readUuid(): Uint8Array {
    const start = this.#take(16);
    return this.bytes.subarray(start, this.position);
  }

  skip(type: TType): void {
    const next = this.position + (BINARY_WIDTH[type] ?? NOT_A_TYPE);
    // Scalars here: most of what is passed over, and not worth the call.
    if (next > this.position && next <= this.end) this.position = next;
    else this.position = skipBinary(this.bytes, this.position, this.end, type, this.#maxDepth - this.depth);
  }

  #open(): void {
    if (this.depth >= this.#maxDepth) failDepth(this.position);
    this.depth++;
  }

  /** Moves over `size` bytes that must be there; returns where they start. */
  #take(size: number): number {
    const pos = this.position;
    if (this.end - pos < size) failTruncated(pos);
    this.position = pos + size;
    return pos;
  }

  /** Moves over the size and the content of a string or binary; returns where the content starts. */
  takeContent(): number {
    const pos = this.#take(4);
    const size = readInt32BE(this.bytes, pos);
    const left = this.end - this.position;
    if (size < 0 || size > left) failSize(size, left, pos);
    this.position += size;
    return pos + 4;
  }
}
