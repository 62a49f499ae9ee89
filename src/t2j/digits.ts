import { IN_VIEW, OUT, OUT_VIEW } from "./scratch.ts";

/**
 * The text of numbers and bytes, written to the scratch output at `o`. The functions of `bytes/` do the same in
 * any array; here two or four characters are stored at once, which takes half the time. Each returns the
 * position behind the text. `view` is `OUT_VIEW` and `pairs` is `DIGIT_PAIRS`: as arguments they stay constants
 * where the machine's loop inlines these functions (see there).
 */

const ZERO = 0x30;
const MINUS = 0x2d;

/** `00` … `99` as little-endian 16-bit words. */
export const DIGIT_PAIRS: Uint16Array = /* @__PURE__ */ makeDigitPairs();

function makeDigitPairs(): Uint16Array {
  const pairs = new Uint16Array(100);
  for (let i = 0; i < 100; i++) pairs[i] = ZERO + Math.floor(i / 10) + ((ZERO + (i % 10)) << 8);
  return pairs;
}

const HUNDRED_MILLION = 100_000_000;

/** Four digits with leading zeros, as a little-endian word. */
function fourDigits(value: number, pairs: Uint16Array): number {
  const high = (value / 100) | 0;
  return pairs[high]! | (pairs[value - high * 100]! << 16);
}

/** Eight digits with leading zeros. */
function writeEight(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  const high = (value / 10_000) | 0;
  view.setInt32(o, fourDigits(high, pairs), true);
  view.setInt32(o + 4, fourDigits((value - high * 10_000) | 0, pairs), true);
  return o + 8;
}

/** Up to four digits: without branches, which would not be foreseen where numbers differ. */
function writeFour(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  const size = 4 + ((value - 10) >> 31) + ((value - 100) >> 31) + ((value - 1000) >> 31);
  view.setInt32(o, fourDigits(value, pairs) >>> ((4 - size) << 3), true);
  return o + size;
}

/** Up to eight digits. Single ones are frequent where they occur at all. */
function writeSmall(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  if (value < 10) {
    view.setInt8(o, ZERO + value);
    return o + 1;
  }
  if (value < 10_000) return writeFour(value, o, view, pairs);
  const high = (value / 10_000) | 0;
  const behind = writeFour(high, o, view, pairs);
  view.setInt32(behind, fourDigits((value - high * 10_000) | 0, pairs), true);
  return behind + 4;
}

export function writeInt32(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  if (value >= 0 && value < HUNDRED_MILLION) return writeSmall(value, o, view, pairs);
  return writeLarge(value, o, view, pairs);
}

/** An i32 that is negative or has nine digits or more. */
function writeLarge(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  // The minimum has no positive counterpart: what is divided is the negative number. `0 -` and not `-`, which could
  // give −0, so that it stays an integer for the compiler.
  let rest = value;
  if (value < 0) view.setInt8(o++, MINUS);
  else rest = 0 - value;
  if (rest > -HUNDRED_MILLION) return writeSmall(0 - rest, o, view, pairs);
  const high = (rest / -HUNDRED_MILLION) | 0;
  return writeEight(0 - (rest + high * HUNDRED_MILLION), writeFour(high, o, view, pairs), view, pairs);
}

const TWO_32 = 0x1_0000_0000;
const TEN_16 = 1e16;
/** 10^16 modulo 2^32. */
const TEN_16_LOW = 0x6fc1_0000;

/**
 * Subtracted from quotients before they are cut to integers, so that they are never too large. It is more than they
 * can be wrong by: their dividend is rounded to 53 bits of at most 63, 2^9 of 10^8.
 */
const QUOTIENT_ERROR = 1e-3;

/** The i64 with the halves `hi` and `lo`, both signed. */
export function writeInt64(hi: number, lo: number, o: number): number {
  // Too long to be inlined: arguments would neither be constants nor known as integers (1.4 times the time).
  const view = OUT_VIEW;
  const pairs = DIGIT_PAIRS;
  let high = hi | 0;
  let low = lo | 0;
  if (high === low >> 31) return writeInt32(low, o, view, pairs);
  if (high < 0) {
    view.setInt8(o++, MINUS);
    // Two's complement; for the minimum the halves stay as they are and read as unsigned 2^63.
    low = (0 - low) | 0;
    high = low === 0 ? (0 - high) | 0 : ~high;
  }
  // The digits are top · 10^16 + middle · 10^8 + bottom. Doubles give the first two, or one less than that; the low
  // words, where everything but the rest cancels out, give the last one, which tells.
  const size = (high >>> 0) * TWO_32 + (low >>> 0);
  let top = (size * 1e-16 - QUOTIENT_ERROR) | 0;
  let middle = ((size - top * TEN_16) * 1e-8 - QUOTIENT_ERROR) | 0;
  let bottom = (low - Math.imul(top, TEN_16_LOW) - Math.imul(middle, HUNDRED_MILLION)) | 0;
  if (bottom >= HUNDRED_MILLION) {
    bottom -= HUNDRED_MILLION;
    middle++;
  }
  if (middle >= HUNDRED_MILLION) {
    middle -= HUNDRED_MILLION;
    top++;
  }
  const behind =
    top === 0
      ? writeSmall(middle, o, view, pairs)
      : writeEight(middle, writeFour(top, o, view, pairs), view, pairs);
  return writeEight(bottom, behind, view, pairs);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;

/** Two base64 characters for twelve bits, as little-endian 16-bit words. */
const CHARACTER_PAIRS: Uint16Array = /* @__PURE__ */ makeCharacterPairs();

function makeCharacterPairs(): Uint16Array {
  const pairs = new Uint16Array(4096);
  for (let i = 0; i < 4096; i++) {
    pairs[i] = ALPHABET.charCodeAt(i >> 6) | (ALPHABET.charCodeAt(i & 63) << 8);
  }
  return pairs;
}

/** Padded standard base64 of `IN[p … end)`. */
export function writeBase64(p: number, end: number, o: number): number {
  const view = IN_VIEW;
  const outView = OUT_VIEW;
  const pairs = CHARACTER_PAIRS;
  for (; p + 3 <= end; p += 3) {
    const bits = view.getInt32(p);
    outView.setInt32(o, pairs[bits >>> 20]! | (pairs[(bits >>> 8) & 0xfff]! << 16), true);
    o += 4;
  }
  if (p === end) return o;
  // One or two bytes are left; the bits behind them are zero.
  const left = end - p;
  const bits = view.getInt32(p) & (left === 1 ? 0xff00_0000 : 0xffff_0000);
  outView.setInt32(o, pairs[bits >>> 20]! | (pairs[(bits >>> 8) & 0xfff]! << 16), true);
  OUT[o + 3] = PAD;
  if (left === 1) OUT[o + 2] = PAD;
  return o + 4;
}
