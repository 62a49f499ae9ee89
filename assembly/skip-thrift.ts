import { base, inputEnd } from "./memory";
import { HEADER_COMPACT } from "./program";
import { readVarint, varint } from "./varint";

/**
 * Values that are passed over: fields that nobody knows or wants. What `t2j/skip.ts` checks is checked here.
 * As everywhere, a position may come to lie behind the end of the input until the next comparison.
 */

/** The most elements of a container. */
let maxLength: i64 = 0;

export function setMaxLength(length: i32): void {
  maxLength = length;
}

const NO_TYPE: i32 = -1;

const STRING: u32 = 11;
const STRUCT: u32 = 12;
const MAP: u32 = 13;
const SET: u32 = 14;
const LIST: u32 = 15;
const UUID: u32 = 16;

/**
 * By type byte of the binary protocol up to `UUID`: the width of the type, 0 where the size is in the value,
 * `NO_TYPE` for bytes that are no type; then the least bytes that a value takes.
 */
// prettier-ignore
const BINARY_WIDTH: usize = memory.data<i8>([-1, -1, 1, 1, 8, -1, 2, -1, 4, -1, 8, 0, 0, 0, 0, 0, 16]);
// prettier-ignore
const BINARY_LEAST: usize = memory.data<u8>([0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16]);

// @ts-ignore: decorator
@inline
function binaryWidth(type: u32): i32 {
  return type > UUID ? NO_TYPE : <i32>load<i8>(BINARY_WIDTH + type);
}

// @ts-ignore: decorator
@inline
function binaryLeast(type: u32): i64 {
  return type > UUID ? 0 : <i64>load<u8>(BINARY_LEAST + type);
}

/** The same by compact type, all of which have four bits. Varints have no fixed width. */
// prettier-ignore
const COMPACT_WIDTH: usize = memory.data<i8>([-1, 1, 1, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 16, -1, -1]);
// prettier-ignore
const COMPACT_LEAST: usize = memory.data<u8>([0, 1, 1, 1, 1, 1, 1, 8, 1, 1, 1, 1, 1, 16, 0, 0]);

const COMPACT_FALSE: u32 = 2;
const COMPACT_I16: u32 = 4;
const COMPACT_I64: u32 = 6;
const COMPACT_STRING: u32 = 8;
const COMPACT_LIST: u32 = 9;
const COMPACT_SET: u32 = 10;
const COMPACT_MAP: u32 = 11;
const COMPACT_STRUCT: u32 = 12;
/** From this length on a list has its length in a varint. */
const LONG_LENGTH: i32 = 15;

/** The length or size that has been read as a varint; −1 for one that no i32 holds. */
// @ts-ignore: decorator
@inline
export function smallVarint(): i32 {
  return varint > 0x7fff_ffff ? -1 : <i32>varint;
}

/**
 * Whether a container may have `length` elements that take at least `least` bytes each, the first one at `p`.
 */
// @ts-ignore: decorator
@inline
export function isLength(length: i32, least: i64, p: usize): bool {
  return length >= 0 && <i64>length <= maxLength && <i64>length * least <= <i64>inputEnd - <i64>p;
}

/** Whether `size` bytes may stand from `p` on. A negative size is one that no memory has. */
// @ts-ignore: decorator
@inline
export function isSize(size: i32, p: usize): bool {
  return <u64>p + <u64>(<u32>size) <= <u64>inputEnd;
}

/**
 * The position behind the value of a wire type that starts at `p`, with `depth` levels left; 0 when it is
 * wrong.
 */
export function skipValue(p: usize, type: u32, depth: i32): usize {
  return load<i32>(base, HEADER_COMPACT) != 0 ? skipCompact(p, type, depth) : skipBinary(p, type, depth);
}

function skipBinary(p: usize, type: u32, depth: i32): usize {
  const width = binaryWidth(type);
  if (width > 0) return p + width;
  switch (type) {
    case STRING: {
      const size = bswap(load<i32>(p));
      p += 4;
      return isSize(size, p) ? p + size : 0;
    }
    case STRUCT:
      return skipBinaryStruct(p, depth);
    case LIST:
    case SET: {
      // element type, i32 length
      const element = <u32>load<u8>(p);
      const length = bswap(load<i32>(p, 1));
      p += 5;
      return skipBinaryElements(p, element, length, depth);
    }
    case MAP: {
      // key type, value type, i32 length
      const key = <u32>load<u8>(p);
      const value = <u32>load<u8>(p, 1);
      const length = bswap(load<i32>(p, 2));
      p += 6;
      return skipBinaryEntries(p, key, value, length, depth);
    }
    default:
      return 0;
  }
}

function skipBinaryStruct(p: usize, depth: i32): usize {
  if (depth == 0) return 0;
  while (true) {
    // type, i16 id; type 0 alone ends the struct
    if (p >= inputEnd) return 0;
    const type = <u32>load<u8>(p);
    if (type == 0) return p + 1;
    const width = binaryWidth(type);
    p += 3;
    if (width > 0) p += width;
    else if ((p = skipBinary(p, type, depth - 1)) == 0) return 0;
  }
}

function skipBinaryElements(p: usize, type: u32, length: i32, depth: i32): usize {
  const width = binaryWidth(type);
  // An empty container may carry type 0.
  if (width == NO_TYPE && (type != 0 || length != 0)) return 0;
  if (!isLength(length, binaryLeast(type), p)) return 0;
  if (width > 0) return p + <usize>length * width;
  if (depth == 0) return 0;
  for (; length > 0; length--) {
    if (p >= inputEnd || (p = skipBinary(p, type, depth - 1)) == 0) return 0;
  }
  return p;
}

function skipBinaryEntries(p: usize, key: u32, value: u32, length: i32, depth: i32): usize {
  const keyWidth = binaryWidth(key);
  const valueWidth = binaryWidth(value);
  if ((keyWidth == NO_TYPE && key != 0) || (valueWidth == NO_TYPE && value != 0)) return 0;
  if ((key == 0 || value == 0) && length != 0) return 0;
  const least = binaryLeast(key) + binaryLeast(value);
  if (!isLength(length, least, p)) return 0;
  if (keyWidth > 0 && valueWidth > 0) return p + <usize>length * <usize>least;
  if (length == 0) return p;
  if (depth == 0) return 0;
  for (; length > 0; length--) {
    if (p >= inputEnd || (p = skipBinary(p, key, depth - 1)) == 0) return 0;
    if (p >= inputEnd || (p = skipBinary(p, value, depth - 1)) == 0) return 0;
  }
  return p;
}

function skipCompact(p: usize, type: u32, depth: i32): usize {
  const width = <i32>load<i8>(COMPACT_WIDTH + type);
  if (width > 0) return p + width;
  if (type >= COMPACT_I16 && type <= COMPACT_I64) {
    p = readVarint(p);
    return type != COMPACT_I64 && varint >> 32 != 0 ? 0 : p;
  }
  switch (type) {
    case COMPACT_STRING: {
      p = readVarint(p);
      if (p == 0) return 0;
      const size = smallVarint();
      return isSize(size, p) ? p + size : 0;
    }
    case COMPACT_STRUCT:
      return skipCompactStruct(p, depth);
    case COMPACT_LIST:
    case COMPACT_SET: {
      // (length << 4) | type, from 15 on 0xf0 | type and a varint
      const element = <u32>load<u8>(p) & 0x0f;
      let length = <i32>load<u8>(p) >> 4;
      p++;
      if (length == LONG_LENGTH) {
        p = readVarint(p);
        if (p == 0) return 0;
        length = smallVarint();
      }
      return skipCompactElements(p, element, length, depth);
    }
    case COMPACT_MAP: {
      // varint length, then unless 0 (key << 4) | value type
      p = readVarint(p);
      if (p == 0) return 0;
      const length = smallVarint();
      if (length == 0) return p;
      const types = <u32>load<u8>(p);
      return skipCompactEntries(p + 1, types >> 4, types & 0x0f, length, depth);
    }
    default:
      return 0;
  }
}

function skipCompactStruct(p: usize, depth: i32): usize {
  if (depth == 0) return 0;
  while (true) {
    // (id delta << 4) | type; delta 0: the id follows as a varint; type 0 ends the struct
    if (p >= inputEnd) return 0;
    const header = <u32>load<u8>(p);
    const type = header & 0x0f;
    p++;
    if (type == 0) return p;
    if (header >> 4 == 0) {
      p = readVarint(p);
      if (p == 0 || varint >> 32 != 0) return 0;
    }
    // A boolean field is its header.
    if (type > COMPACT_FALSE && (p = skipCompact(p, type, depth - 1)) == 0) return 0;
  }
}

function skipCompactElements(p: usize, type: u32, length: i32, depth: i32): usize {
  const width = <i32>load<i8>(COMPACT_WIDTH + type);
  if (width == NO_TYPE && (type != 0 || length != 0)) return 0;
  if (!isLength(length, <i64>load<u8>(COMPACT_LEAST + type), p)) return 0;
  if (length == 0) return p;
  if (width > 0) return p + <usize>length * width;
  if (depth == 0) return 0;
  for (; length > 0; length--) {
    if (p >= inputEnd || (p = skipCompact(p, type, depth - 1)) == 0) return 0;
  }
  return p;
}

function skipCompactEntries(p: usize, key: u32, value: u32, length: i32, depth: i32): usize {
  const keyWidth = <i32>load<i8>(COMPACT_WIDTH + key);
  const valueWidth = <i32>load<i8>(COMPACT_WIDTH + value);
  if (keyWidth == NO_TYPE || valueWidth == NO_TYPE) return 0;
  const least = <i64>load<u8>(COMPACT_LEAST + key) + <i64>load<u8>(COMPACT_LEAST + value);
  if (!isLength(length, least, p)) return 0;
  if (keyWidth > 0 && valueWidth > 0) return p + <usize>length * <usize>least;
  if (depth == 0) return 0;
  for (; length > 0; length--) {
    if (p >= inputEnd || (p = skipCompact(p, key, depth - 1)) == 0) return 0;
    if (p >= inputEnd || (p = skipCompact(p, value, depth - 1)) == 0) return 0;
  }
  return p;
}
