/**
 * 64-bit integers as two 32-bit halves: `hi` (signed in meaning) and `lo`, both accepted as signed or
 * unsigned JavaScript numbers. Nothing here allocates or uses BigInt but the two functions that convert to
 * and from it, which belong at the edge of the API.
 */

const TWO_32 = 0x1_0000_0000;

/** Scratch for `joinInt64` and `splitInt64`; DataView reads and writes of BigInt beat its arithmetic. */
const scratch = new DataView(new ArrayBuffer(8));

/** The bigint of two halves. */
export function joinInt64(hi: number, lo: number): bigint {
  scratch.setInt32(0, hi);
  scratch.setInt32(4, lo);
  return scratch.getBigInt64(0);
}

/** Two 32-bit halves, written by the functions that make them; both signed. */
export interface Int64Halves {
  hi: number;
  lo: number;
}

/** Splits a bigint into `out`. Returns whether it fits an i64; if not, the halves of its low 64 bits. */
export function splitInt64(value: bigint, out: Int64Halves): boolean {
  scratch.setBigInt64(0, value);
  out.hi = scratch.getInt32(0);
  out.lo = scratch.getInt32(4);
  return scratch.getBigInt64(0) === value;
}

/** Splits a number, which must be an integer of at most 2^53 in size, into `out`. */
export function splitNumber(value: number, out: Int64Halves): void {
  out.hi = Math.floor(value / TWO_32) | 0;
  out.lo = value | 0;
}

/** Whether the halves hold an integer that a JavaScript number represents exactly (−2^53 < n < 2^53). */
export function isSafeInt64(hi: number, lo: number): boolean {
  const high = hi | 0;
  // −2^53 itself is (−0x200000, 0): not safe, as `Number.isSafeInteger` has it.
  return high < 0x20_0000 && (high > -0x20_0000 || (high === -0x20_0000 && lo !== 0));
}

/** The number nearest to the halves; exact when `isSafeInt64`. */
export function int64ToNumber(hi: number, lo: number): number {
  return (hi | 0) * TWO_32 + (lo >>> 0);
}

const BILLION = 1e9;
const ZERO = 0x30;

/** `00` … `99` as text: two digits for one division. */
const DIGIT_PAIRS: Uint8Array = /* @__PURE__ */ makeDigitPairs();

function makeDigitPairs(): Uint8Array {
  const pairs = new Uint8Array(200);
  for (let i = 0; i < 100; i++) {
    pairs[2 * i] = ZERO + Math.floor(i / 10);
    pairs[2 * i + 1] = ZERO + (i % 10);
  }
  return pairs;
}

/** Writes the digits of an integer in 0 … 2^53 from `at` on; at most 16 bytes. Returns the position behind. */
export function writeSafeInteger(value: number, bytes: Uint8Array, at: number): number {
  if (value < BILLION) return writeSmall(value | 0, bytes, at);
  const high = Math.floor(value / BILLION);
  return writeNineDigits(value - high * BILLION, bytes, writeSmall(high, bytes, at));
}

/** Writes an integer in 0 … 2^31 − 1 or a little above, up to 9,999,999,999. */
function writeSmall(value: number, bytes: Uint8Array, at: number): number {
  if (value >= BILLION) {
    const high = Math.floor(value / BILLION);
    bytes[at] = ZERO + high;
    return writeNineDigits(value - high * BILLION, bytes, at + 1);
  }
  const count = countDigits(value);
  let rest = value | 0;
  let pos = at + count;
  while (rest >= 100) {
    const quotient = (rest / 100) | 0;
    const pair = (rest - quotient * 100) << 1;
    bytes[--pos] = DIGIT_PAIRS[pair + 1]!;
    bytes[--pos] = DIGIT_PAIRS[pair]!;
    rest = quotient;
  }
  if (rest >= 10) {
    bytes[--pos] = DIGIT_PAIRS[(rest << 1) + 1]!;
    bytes[--pos] = DIGIT_PAIRS[rest << 1]!;
  } else {
    bytes[--pos] = ZERO + rest;
  }
  return at + count;
}

/** Writes exactly nine digits with leading zeros; `value` is below 10^9. Returns the position behind. */
export function writeNineDigits(value: number, bytes: Uint8Array, at: number): number {
  let rest = value | 0;
  for (let pos = at + 7; pos > at; pos -= 2) {
    const quotient = (rest / 100) | 0;
    const pair = (rest - quotient * 100) << 1;
    bytes[pos] = DIGIT_PAIRS[pair]!;
    bytes[pos + 1] = DIGIT_PAIRS[pair + 1]!;
    rest = quotient;
  }
  bytes[at] = ZERO + rest;
  return at + 9;
}

/** The number of decimal digits of an integer in 0 … 10^9 − 1. */
function countDigits(value: number): number {
  if (value < 10_000) {
    if (value < 100) return value < 10 ? 1 : 2;
    return value < 1000 ? 3 : 4;
  }
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  if (value < 100_000_000) return value < 10_000_000 ? 7 : 8;
  return 9;
}

/** More digits than any i64 has. */
const MAX_INT64_DIGITS = 19;
/** So many decimal digits always fit a safe integer. */
const MAX_SAFE_DIGITS = 15;

/**
 * Parses the decimal digits `bytes[start … end)` exactly into `out`; `negative` gives the sign. Returns
 * false when the number does not fit an i64 (`out` is undefined then). Leading zeros are allowed. The caller
 * has checked that the range is not empty and holds digits only.
 */
export function parseInt64(
  bytes: Uint8Array,
  start: number,
  end: number,
  negative: boolean,
  out: Int64Halves,
): boolean {
  if (end - start <= MAX_SAFE_DIGITS) {
    const value = digitsToNumber(bytes, start, end);
    splitNumber(negative ? -value : value, out);
    return true;
  }
  let first = start;
  while (first < end && bytes[first] === ZERO) first++;
  if (end - first > MAX_INT64_DIGITS) return false;
  const split = Math.max(end - 9, first);
  const upper = digitsToNumber(bytes, first, split);
  const lower = digitsToNumber(bytes, split, end);

  // upper * 10^9 + lower, with upper < 10^10 taken as 16-bit low part and the rest above it.
  const upperHigh = Math.floor(upper / 0x1_0000) * BILLION;
  const upperLow = (upper % 0x1_0000) * BILLION + lower;
  const bottom = (upperHigh % 0x1_0000) * 0x1_0000 + upperLow;
  const high = Math.floor(upperHigh / 0x1_0000) + Math.floor(bottom / TWO_32);
  const low = bottom % TWO_32;
  if (high > 0x7fff_ffff && !(negative && high === 0x8000_0000 && low === 0)) return false;
  if (negative) {
    out.lo = -low | 0;
    out.hi = out.lo === 0 ? -high | 0 : ~high;
  } else {
    out.lo = low | 0;
    out.hi = high;
  }
  return true;
}

function digitsToNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i]! - ZERO);
  return value;
}
