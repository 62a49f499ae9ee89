import type { Int64Halves } from "../bytes/int64.ts";
import { failTruncated, failVarint } from "./wire-error.ts";

/**
 * The variable-length integers of the compact protocol: unsigned LEB128, seven bits per byte, low ones first,
 * a high bit on all bytes but the last. Signed integers are zigzag-mapped first: 0, −1, 1, −2 → 0, 1, 2, 3.
 *
 * Padded forms (`80 00` for 0) are accepted up to the size of the longest canonical form; bits that the type
 * cannot hold are an error, where many implementations drop them silently.
 */

export const MAX_VARINT32_SIZE = 5;
export const MAX_VARINT64_SIZE = 10;

/** What the fifth byte of a 32-bit varint may hold: bits 28 to 31. */
const LAST_BYTE_32 = 0x0f;
/** What the tenth byte of a 64-bit varint may hold: bit 63. */
const LAST_BYTE_64 = 0x01;

/** What `readVarint32` returns for a varint that does not fit 32 bits. */
export const VARINT_OVERFLOW = -1;

/**
 * Reads a 32-bit varint. Returns value and size in one number, so that nothing is allocated:
 *
 *     bits 3 … 34: the unsigned value    bits 0 … 2: bytes it took, 1 … 5
 *
 * which `varintValue` and `varintSize` take apart, or `VARINT_OVERFLOW`. Throws `TRUNCATED` at `pos` when the
 * bytes end inside it.
 */
export function readVarint32(bytes: Uint8Array, pos: number, end: number): number {
  let value = 0;
  for (let size = 1; size <= MAX_VARINT32_SIZE; size++) {
    const at = pos + size - 1;
    if (at >= end) failTruncated(pos);
    const byte = bytes[at]!;
    if (size === MAX_VARINT32_SIZE && byte > LAST_BYTE_32) return VARINT_OVERFLOW;
    value |= (byte & 0x7f) << (7 * (size - 1));
    if (byte < 0x80) return (value >>> 0) * 8 + size;
  }
  return VARINT_OVERFLOW;
}

export function varintValue(packed: number): number {
  return Math.floor(packed / 8);
}

export function varintSize(packed: number): number {
  return packed & 7;
}

/** The position behind a varint of at most 32 bits. Throws `TRUNCATED` or `OUT_OF_RANGE` at `pos`. */
export function skipVarint32(bytes: Uint8Array, pos: number, end: number): number {
  const longest = pos + MAX_VARINT32_SIZE - 1;
  const last = endOfVarint(bytes, pos, longest, end);
  return last === longest && bytes[last]! > LAST_BYTE_32 ? failVarint(32, pos) : last + 1;
}

/** The position behind a varint of at most 64 bits. Throws `TRUNCATED` or `OUT_OF_RANGE` at `pos`. */
export function skipVarint64(bytes: Uint8Array, pos: number, end: number): number {
  const longest = pos + MAX_VARINT64_SIZE - 1;
  const last = endOfVarint(bytes, pos, longest, end);
  return last === longest && bytes[last]! > LAST_BYTE_64 ? failVarint(64, pos) : last + 1;
}

/** The offset of the last byte of a varint, `longest` also for one that goes on behind it. */
function endOfVarint(bytes: Uint8Array, pos: number, longest: number, end: number): number {
  const stop = Math.min(longest, end);
  let last = pos;
  while (last < stop && bytes[last]! >= 0x80) last++;
  return last < end ? last : failTruncated(pos);
}

/** Reads a 64-bit varint into `out`, without zigzag. Returns and throws like `skipVarint64`. */
export function readVarint64(bytes: Uint8Array, pos: number, end: number, out: Int64Halves): number {
  const next = skipVarint64(bytes, pos, end);
  let lo = 0;
  let hi = 0;
  for (let at = pos, shift = 0; at < next; at++, shift += 7) {
    const bits = bytes[at]! & 0x7f;
    if (shift < 28) {
      lo |= bits << shift;
    } else if (shift === 28) {
      // The byte across the middle: four bits for `lo`, three for `hi`.
      lo |= bits << 28;
      hi = bits >> 4;
    } else {
      hi |= bits << (shift - 32);
    }
  }
  out.hi = hi;
  out.lo = lo;
  return next;
}

/** Writes the low 32 bits of `value` as a varint of up to 5 bytes; returns the position behind it. */
export function writeVarint32(value: number, bytes: Uint8Array, at: number): number {
  let rest = value >>> 0;
  let pos = at;
  while (rest >= 0x80) {
    bytes[pos++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[pos++] = rest;
  return pos;
}

/** Writes 64 bits as a varint of up to 10 bytes; returns the position behind it. */
export function writeVarint64(hi: number, lo: number, bytes: Uint8Array, at: number): number {
  let high = hi >>> 0;
  let low = lo >>> 0;
  let pos = at;
  while (high !== 0) {
    bytes[pos++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  return writeVarint32(low, bytes, pos);
}

export function zigzag32(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

export function unzigzag32(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** Zigzag-maps the halves in place. */
export function zigzag64(halves: Int64Halves): void {
  const sign = halves.hi >> 31;
  halves.hi = ((halves.hi << 1) | (halves.lo >>> 31)) ^ sign;
  halves.lo = (halves.lo << 1) ^ sign;
}

/** Undoes `zigzag64` in place. */
export function unzigzag64(halves: Int64Halves): void {
  const sign = -(halves.lo & 1);
  halves.lo = ((halves.lo >>> 1) | (halves.hi << 31)) ^ sign;
  halves.hi = (halves.hi >>> 1) ^ sign;
}
