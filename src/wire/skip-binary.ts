import {
  BOOL,
  BYTE,
  checkListHeader,
  checkMapHeader,
  DOUBLE,
  FIELD_HEADER_SIZE,
  I32,
  I64,
  LIST_HEADER_SIZE,
  MAP,
  MAP_HEADER_SIZE,
  STOP,
  STRING,
  STRUCT,
  skipString,
} from "./binary-parts.ts";
import { skipDeep } from "./skip-binary-deep.ts";
import { BINARY_WIDTH, NOT_A_TYPE } from "./ttype.ts";
import { failDepth, failTruncated, failType } from "./wire-error.ts";

/** Limits of depth up to this are met by recursion, which keeps the innermost level in registers. */
const MAX_RECURSION = 64;

/** Bytes of a field of fixed width with its header. */
const FIELD_SIZE_8 = 4;
const FIELD_SIZE_32 = 7;
const FIELD_SIZE_64 = 11;

/**
 * The position behind the value of type `type` at `pos`, in the binary protocol. Reads nothing at or behind
 * `end`. `maxDepth` is the number of structs and containers that may be open, the value itself included. The content
 * of strings is not looked at.
 *
 * Throws `WireError`: `TRUNCATED`, `INVALID_TYPE`, `INVALID_SIZE`, `LIMIT_EXCEEDED` (depth).
 */
export function skipBinary(
  bytes: Uint8Array,
  pos: number,
  end: number,
  type: number,
  maxDepth: number,
): number {
  const width = BINARY_WIDTH[type] ?? NOT_A_TYPE;
  if (width > 0) return pos + width <= end ? pos + width : failTruncated(pos);
  if (width < 0) failType(type, pos);
  if (type === STRING) return skipString(bytes, pos, end);
  if (maxDepth > MAX_RECURSION) return skipDeep(bytes, pos, end, type, maxDepth);
  return type === STRUCT
    ? skipStruct(bytes, pos, end, maxDepth)
    : skipContainer(bytes, pos, end, type, maxDepth);
}

/**
 * Passes over the fields of a struct from `pos` on; the struct starts at `start`. Fields of fixed width are passed
 * without a look at the end: whoever comes to lie behind it finds out next, and has it told by `skipDeep`.
 */
function skipFields(bytes: Uint8Array, start: number, pos: number, end: number, depth: number): number {
  for (;;) {
    if (pos >= end) return skipDeep(bytes, start, end, STRUCT, depth);
    const type = bytes[pos]!;
    // Branches, not a table: the processor guesses them, and goes on before the byte has come from memory.
    if (type === STRING) {
      if (pos + FIELD_HEADER_SIZE > end) failTruncated(pos);
      pos = skipString(bytes, pos + FIELD_HEADER_SIZE, end);
    } else if (type === I32) {
      pos += FIELD_SIZE_32;
    } else if (type === I64 || type === DOUBLE) {
      pos += FIELD_SIZE_64;
    } else if (type === STOP) {
      return pos + 1;
    } else if (type === BYTE || type === BOOL) {
      pos += FIELD_SIZE_8;
    } else {
      const width = BINARY_WIDTH[type]!;
      if (width < 0) failType(type, pos);
      const value = pos + FIELD_HEADER_SIZE;
      if (width > 0) {
        pos = value + width;
      } else {
        if (value > end) failTruncated(pos);
        pos =
          type === STRUCT
            ? skipStruct(bytes, value, end, depth - 1)
            : skipContainer(bytes, value, end, type, depth - 1);
      }
    }
  }
}

function skipStruct(bytes: Uint8Array, pos: number, end: number, depth: number): number {
  if (depth <= 0) failDepth(pos);
  return skipFields(bytes, pos, pos, end, depth);
}

function skipContainer(bytes: Uint8Array, pos: number, end: number, type: number, depth: number): number {
  if (depth <= 0) failDepth(pos);
  if (type === MAP) {
    // key type u8, value type u8, length i32
    if (pos + MAP_HEADER_SIZE > end) failTruncated(pos);
    const length = checkMapHeader(bytes, pos, end);
    return skipItems(bytes, pos + MAP_HEADER_SIZE, end, length, bytes[pos]!, bytes[pos + 1]!, depth - 1);
  }
  // element type u8, length i32
  if (pos + LIST_HEADER_SIZE > end) failTruncated(pos);
  const length = checkListHeader(bytes, pos, end);
  return skipItems(bytes, pos + LIST_HEADER_SIZE, end, length, STOP, bytes[pos]!, depth - 1);
}

/**
 * Passes over elements, or over map entries where there is a key type. The length has been checked against the bytes
 * that are left.
 *
 * Structs in a row mostly start with the same fields. When the first one has four of fixed width in front, the type
 * bytes at their places tell whether another one has the same, and passes them at once: a list of structs takes a
 * quarter less time.
 */
function skipItems(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
  keyType: number,
  valueType: number,
  depth: number,
): number {
  const keyWidth = keyType === STOP ? 0 : BINARY_WIDTH[keyType]!;
  const valueWidth = BINARY_WIDTH[valueType]!;
  if (valueWidth > 0 && (keyWidth > 0 || keyType === STOP)) return start + length * (keyWidth + valueWidth);
  let pos = start;
  let type1 = 0;
  let type2 = 0;
  let type3 = 0;
  let type4 = 0;
  let at2 = 0;
  let at3 = 0;
  let at4 = 0;
  let size = 0;
  for (let left = length; left > 0; left--) {
    if (keyType === STRING) pos = skipString(bytes, pos, end);
    else if (keyType !== STOP) pos = skipBinary(bytes, pos, end, keyType, depth);
    if (valueType === STRING) {
      pos = skipString(bytes, pos, end);
    } else if (valueType !== STRUCT) {
      pos = skipBinary(bytes, pos, end, valueType, depth);
    } else if (
      size > 0 &&
      pos + size < end &&
      bytes[pos] === type1 &&
      bytes[pos + at2] === type2 &&
      bytes[pos + at3] === type3 &&
      bytes[pos + at4] === type4
    ) {
      if (depth <= 0) failDepth(pos);
      pos = skipFields(bytes, pos, pos + size, end, depth);
    } else {
      const struct = pos;
      pos = skipStruct(bytes, struct, end, depth);
      if (left < length) continue;
      // The struct is whole: its bytes can be read until its end.
      type1 = bytes[struct]!;
      at2 = fieldEnd(bytes, struct, 0, pos);
      type2 = bytes[struct + at2]!;
      at3 = fieldEnd(bytes, struct, at2, pos);
      type3 = bytes[struct + at3]!;
      at4 = fieldEnd(bytes, struct, at3, pos);
      type4 = bytes[struct + at4]!;
      const behind = fieldEnd(bytes, struct, at4, pos);
      size = at2 > 0 && at3 > at2 && at4 > at3 && behind > at4 ? behind : 0;
    }
  }
  return pos;
}

/** The end of the field at `struct + at`, counted from `struct`; `at` when it is of variable size or the stop byte. */
function fieldEnd(bytes: Uint8Array, struct: number, at: number, end: number): number {
  if (struct + at >= end) return at;
  const width = BINARY_WIDTH[bytes[struct + at]!]!;
  return width > 0 ? at + FIELD_HEADER_SIZE + width : at;
}
