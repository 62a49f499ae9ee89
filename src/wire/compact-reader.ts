import { readDoubleLE } from "../bytes/fixed.ts";
import { type Int64Halves, joinInt64 } from "../bytes/int64.ts";
import type { ResolvedLimits } from "./limits.ts";
import { checkInput, decodeString, type ResolvedReaderOptions, type WireReader } from "./reader.ts";
import {
  checkListLength,
  checkMapLength,
  readLength,
  readListLength,
  readListType,
  readMapTypes,
  skipCompact,
} from "./skip-compact.ts";
import { CompactType, TTYPE_OF_COMPACT, TType } from "./ttype.ts";
import {
  readVarint32,
  readVarint64,
  unzigzag32,
  unzigzag64,
  VARINT_OVERFLOW,
  varintSize,
  varintValue,
} from "./varint.ts";
import {
  failDepth,
  failMaxLength,
  failSize,
  failTruncated,
  failType,
  failVarint,
  WireError,
} from "./wire-error.ts";

/** The value of a boolean field between its header and `readBool`. */
type PendingBool = boolean | undefined;

/** Reads the compact protocol. See {@link WireReader}. Doubles are little-endian, as the specification has them. */
export class CompactReader implements WireReader {
  readonly protocol = "compact";
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
  /** Ids are relative to the field before in the same struct: the ids to go back to, of the structs around. */
  readonly #outerFieldIds: number[] = [];
  #lastFieldId = 0;
  #pendingBool: PendingBool;
  readonly #halves: Int64Halves = { hi: 0, lo: 0 };

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
    this.#outerFieldIds.length = 0;
    this.#lastFieldId = 0;
    this.#pendingBool = undefined;
  }

  /** Makes the next field one that follows the field `id` in the open struct. */
  continueAfter(id: number): void {
    this.#lastFieldId = id;
  }

  readStructBegin(): void {
    this.#open();
    this.#outerFieldIds.push(this.#lastFieldId);
    this.#lastFieldId = 0;
  }

  readFieldBegin(): TType {
    // id delta (high nibble) and type (low nibble); delta 0: the id follows as a zigzag varint
    const pos = this.#take(1);
    const header = this.bytes[pos]!;
    const compactType = header & 0x0f;
    if (compactType === CompactType.STOP) return TType.STOP;
    const type = TTYPE_OF_COMPACT[compactType]!;
    if (type < 0) failType(compactType, pos);
    const delta = header >> 4;
    const id = delta === 0 ? this.readI16() : this.#lastFieldId + delta;
    if (id > 0x7fff) throw new WireError("OUT_OF_RANGE", "a field id is beyond 32767", { offset: pos });
    this.fieldId = id;
    this.#lastFieldId = id;
    this.#pendingBool = type === TType.BOOL ? compactType === CompactType.TRUE : undefined;
    return type as TType;
  }

  readStructEnd(): void {
    this.depth--;
    this.#lastFieldId = this.#outerFieldIds.pop() ?? 0;
  }

  readListBegin(): void {
    this.#open();
    // length (high nibble) and element type (low nibble); length nibble 15: a varint has the length
    const pos = this.position;
    const packed = readListLength(this.bytes, pos, this.end);
    const type = readListType(this.bytes, pos);
    this.position = pos + varintSize(packed);
    this.length = varintValue(packed);
    this.elementType = type as TType;
    checkListLength(this.length, type, this.end - this.position, pos);
    if (this.length > this.#maxLength) failMaxLength(this.length, this.#maxLength, pos);
  }

  readListEnd(): void {
    this.depth--;
  }

  readMapBegin(): void {
    this.#open();
    // length varint, then unless it is 0: key type (high nibble) and value type (low nibble)
    const pos = this.position;
    const packed = readLength(this.bytes, pos, this.end);
    this.position = pos + varintSize(packed);
    this.length = varintValue(packed);
    this.keyType = TType.STOP;
    this.elementType = TType.STOP;
    if (this.length === 0) return;
    const types = readMapTypes(this.bytes, this.position, this.end);
    this.position++;
    this.keyType = (types & 0xff) as TType;
    this.elementType = (types >> 8) as TType;
    checkMapLength(this.length, types, this.end - this.position, pos);
    if (this.length > this.#maxLength) failMaxLength(this.length, this.#maxLength, pos);
  }

  readMapEnd(): void {
    this.depth--;
  }

  readBool(): boolean {
    const pending = this.#pendingBool;
    if (pending !== undefined) {
      this.#pendingBool = undefined;
      return pending;
    }
    return this.bytes[this.#take(1)] === CompactType.TRUE;
  }

  readByte(): number {
    return (this.bytes[this.#take(1)]! << 24) >> 24;
  }

  readI16(): number {
    const pos = this.position;
    const value = this.readI32();
    if (value !== (value << 16) >> 16) failVarint(16, pos);
    return value;
  }

  readI32(): number {
    const pos = this.position;
    const packed = readVarint32(this.bytes, pos, this.end);
    if (packed === VARINT_OVERFLOW) failVarint(32, pos);
    this.position = pos + varintSize(packed);
    return unzigzag32(varintValue(packed));
  }

  readI64(): bigint {
    const halves = this.#halves;
    this.readInt64(halves);
    return joinInt64(halves.hi, halves.lo);
  }

  /** Like `readI64`, into halves, both signed. */
  readInt64(out: Int64Halves): void {
    this.position = readVarint64(this.bytes, this.position, this.end, out);
    unzigzag64(out);
  }

  readDouble(): number {
    return readDoubleLE(this.bytes, this.#take(8));
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
    if (this.#pendingBool !== undefined && type === TType.BOOL) {
      // The header was all there is.
      this.#pendingBool = undefined;
      return;
    }
    this.position = skipCompact(this.bytes, this.position, this.end, type, this.#maxDepth - this.depth);
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
    const pos = this.position;
    const packed = readLength(this.bytes, pos, this.end);
    const start = pos + varintSize(packed);
    const size = varintValue(packed);
    if (size > this.end - start) failSize(size, this.end - start, pos);
    this.position = start + size;
    return start;
  }
}
