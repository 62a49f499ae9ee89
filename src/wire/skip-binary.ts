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
  skipSized,
  skipString,
} from "./binary-parts.ts";
import { skipDeep } from "./skip-binary-deep.ts";
import { BINARY_WIDTH, NOT_A_TYPE } from "./ttype.ts";
import { failDepth, failTruncated, failType } from "./wire-error.ts";

/** Limits of depth up to this are met by recursion, which keeps the innermost level in registers. */
const MAX_RECURSION = 64;

/** For entries whose keys are of no interest: no key has that size. */
const NO_KEY = new Uint8Array(0);
const NO_SIZE = -1;

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
      const next = skipTextFields(bytes, pos, end);
      if (next === pos) return skipDeep(bytes, start, end, STRUCT, depth);
      pos = next;
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

/** Passes over string fields in a row, as far as their headers and sizes are there. */
function skipTextFields(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  while (pos + (FIELD_HEADER_SIZE + 4) <= end && bytes[pos] === STRING) {
    pos = skipSized(bytes, pos + FIELD_HEADER_SIZE, end);
  }
  return pos;
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
    return skipEntries(bytes, pos + MAP_HEADER_SIZE, end, length, bytes[pos]!, bytes[pos + 1]!, depth - 1);
  }
  // element type u8, length i32
  if (pos + LIST_HEADER_SIZE > end) failTruncated(pos);
  const length = checkListHeader(bytes, pos, end);
  return skipElements(bytes, pos + LIST_HEADER_SIZE, end, length, bytes[pos]!, depth - 1);
}

/**
 * The position behind `length` elements of a type from `pos` on, which have been checked against the bytes that are
 * left. `depth`: the structs and containers that each may open.
 */
export function skipElements(
  bytes: Uint8Array,
  pos: number,
  end: number,
  length: number,
  type: number,
  depth: number,
): number {
  const width = BINARY_WIDTH[type]!;
  if (width > 0) return pos + length * width;
  if (type !== STRING) return skipItems(bytes, pos, end, length, STOP, type, NO_KEY, NO_SIZE, depth);
  let next = pos;
  for (let left = length; left > 0; left--) next = skipString(bytes, next, end);
  return next;
}

/** The same for map entries. */
function skipEntries(
  bytes: Uint8Array,
  pos: number,
  end: number,
  length: number,
  keyType: number,
  valueType: number,
  depth: number,
): number {
  const keyWidth = BINARY_WIDTH[keyType]!;
  const valueWidth = BINARY_WIDTH[valueType]!;
  if (keyWidth > 0 && valueWidth > 0) return pos + length * (keyWidth + valueWidth);
  if (valueType !== STRING || (keyType !== STRING && keyWidth === 0)) {
    return skipItems(bytes, pos, end, length, keyType, valueType, NO_KEY, NO_SIZE, depth);
  }
  let next = pos;
  for (let left = length; left > 0; left--) {
    if (keyType === STRING) {
      next = skipString(bytes, next, end);
    } else {
      if (next + keyWidth > end) failTruncated(next);
      next += keyWidth;
    }
    next = skipString(bytes, next, end);
  }
  return next;
}

/** What `seekTextKey` has left to look at: the entries from the one it stopped at on; 0 when it found none. */
export let entriesLeft = 0;

/**
 * Looks for a text or binary key with the content `key[0 … size)` among `length` map entries from `pos` on, which have
 * been checked against the bytes that are left. Returns where its value starts and sets `entriesLeft`; the position
 * behind the entries when there is none. A negative `size` is one that no key has.
 */
export function seekTextKey(
  bytes: Uint8Array,
  pos: number,
  end: number,
  length: number,
  key: Uint8Array,
  size: number,
  valueType: number,
  depth: number,
): number {
  return skipItems(bytes, pos, end, length, STRING, valueType, key, size, depth);
}

/**
 * Passes over the fields of a struct from `pos` on until one with that id, given as the 16 bits that it has on the
 * wire. Returns where its header starts; that of the stop byte when there is none, and where there is no whole header
 * of a field.
 */
export function seekBinaryField(
  bytes: Uint8Array,
  start: number,
  end: number,
  id: number,
  depth: number,
): number {
  const idHigh = (id >> 8) & 0xff;
  const idLow = id & 0xff;
  let pos = start;
  for (;;) {
    // type u8, then unless it is STOP: id i16
    const value = pos + FIELD_HEADER_SIZE;
    if (value > end) return pos;
    const type = bytes[pos]!;
    if (type === STOP || (bytes[pos + 2] === idLow && bytes[pos + 1] === idHigh)) return pos;
    const width = BINARY_WIDTH[type]!;
    if (width > 0) {
      pos = value + width;
      if (pos > end) failTruncated(value);
    } else if (type === STRING) {
      pos = skipString(bytes, value, end);
    } else if (width === 0) {
      pos = skipBinary(bytes, value, end, type, depth);
    } else {
      return pos;
    }
  }
}

/**
 * Passes over elements, or over map entries where there is a key type; stops behind a text key with the content
 * `key[0 … keySize)`. The length has been checked against the bytes that are left.
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
  key: Uint8Array,
  keySize: number,
  depth: number,
): number {
  // Whoever lets more levels be open than recursion may go down has them skipped one by one.
  const isPlain = valueType !== STRUCT || depth > MAX_RECURSION;
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
    if (keyType === STRING) {
      const content = pos + 4;
      pos = skipString(bytes, pos, end);
      if (pos - content === keySize && isSame(bytes, content, key, keySize)) {
        entriesLeft = left;
        return pos;
      }
    } else if (keyType !== STOP) {
      pos = skipBinary(bytes, pos, end, keyType, depth);
    }
    if (valueType === STRING) {
      pos = skipString(bytes, pos, end);
    } else if (isPlain) {
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
      const next = skipTextFields(bytes, pos + size, end);
      pos = next < end && bytes[next] === STOP ? next + 1 : skipFields(bytes, pos, next, end, depth);
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
  entriesLeft = 0;
  return pos;
}

function isSame(bytes: Uint8Array, start: number, key: Uint8Array, size: number): boolean {
  for (let i = 0; i < size; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}

/** The end of the field at `struct + at`, counted from `struct`; `at` when it is of variable size or the stop byte. */
function fieldEnd(bytes: Uint8Array, struct: number, at: number, end: number): number {
  if (struct + at >= end) return at;
  const width = BINARY_WIDTH[bytes[struct + at]!]!;
  return width > 0 ? at + FIELD_HEADER_SIZE + width : at;
}
