import { IN } from "./scratch.ts";

/**
 * Varints of the compact protocol, read from the window into module variables: seven bits per byte, low ones
 * first, a high bit on all bytes but the last.
 */

/** The window ends inside the varint. */
export const SUSPEND = -1;
/** The varint does not fit 64 bits. */
export const OVERFLOW = -2;

/** The halves of the varint that has been read, without zigzag. */
export let varintHigh = 0;
export let varintLow = 0;

/** The tenth byte of a 64-bit varint holds bit 63 alone. */
const LAST_BYTE = 1;
const MAX_SIZE = 10;

/** Reads the varint at `p`; returns the position behind it, `SUSPEND` or `OVERFLOW`. */
export function readVarint(p: number, end: number): number {
  const input = IN;
  if (p >= end) return SUSPEND;
  let byte = input[p]!;
  if (byte < 0x80) {
    varintLow = byte;
    varintHigh = 0;
    return p + 1;
  }
  let low = byte & 0x7f;
  let high = 0;
  let at = p + 1;
  for (let shift = 7; ; shift += 7) {
    if (at >= end) return SUSPEND;
    byte = input[at++]!;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      // The byte across the middle: four bits for the low half, three for the high one.
      low |= bits << 28;
      high = bits >> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) break;
    if (at - p >= MAX_SIZE) return OVERFLOW;
  }
  if (at - p === MAX_SIZE && byte > LAST_BYTE) return OVERFLOW;
  varintLow = low;
  varintHigh = high;
  return at;
}

/** The low half of the zigzag-mapped integer that has been read; all of it when it has 32 bits. */
export function zigzagLow(): number {
  return ((varintLow >>> 1) | (varintHigh << 31)) ^ -(varintLow & 1);
}

export function zigzagHigh(): number {
  return (varintHigh >>> 1) ^ -(varintLow & 1);
}
