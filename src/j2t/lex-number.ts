import { scaleDecimal, scaleWide } from "../bytes/parse-double.ts";
import { HIGH_BITS } from "../json/words.ts";
import { isDigit, MINUS, PLUS, POINT } from "./lex.ts";
import { IN, IN_VIEW } from "./scratch.ts";

/**
 * The values of JSON numbers, read from `IN`: the short ways for what numbers are like. Whatever they refuse,
 * `endOfNumber` and the slow way decide. Results beside the position are left in module variables.
 */

/** The number that `lexInteger` or `lexDouble` has read. */
export let lexedNumber = 0;

/** The halves of the number that `lexInt64` has read. */
export let lexedHigh = 0;
export let lexedLow = 0;

/** Integers of so many digits fit an int32, whose arithmetic is the fastest. */
const SMALL_DIGITS = 9;

/** Integers of so many digits are exact while they are summed up in a double. */
const EXACT_DIGITS = 15;

/**
 * Reads a plain integer of at most 15 digits at `p` into `lexedNumber`. Returns the position behind it, or −1
 * for everything else: longer numbers, fractions, exponents, no number at all.
 */
export function lexInteger(p: number): number {
  const input = IN;
  let q = p;
  const negative = input[q] === MINUS;
  if (negative) q++;
  const first = q;
  let digit = input[q]! - 0x30;
  if (digit < 0 || digit > 9) return -1;
  let small = digit;
  digit = input[++q]! - 0x30;
  if (small !== 0) {
    const stop = first + SMALL_DIGITS;
    while (digit >= 0 && digit <= 9 && q < stop) {
      small = (small * 10 + digit) | 0;
      digit = input[++q]! - 0x30;
    }
  }
  let value = small;
  if (digit >= 0 && digit <= 9) {
    // A digit behind a leading zero is no JSON.
    if (small === 0) return -1;
    do {
      value = value * 10 + digit;
      digit = input[++q]! - 0x30;
    } while (digit >= 0 && digit <= 9);
    if (q - first > EXACT_DIGITS) return -1;
  }
  const next = input[q]!;
  if (next === POINT || (next | 0x20) === 0x65) return -1;
  lexedNumber = negative ? -value : value;
  return q;
}

const ZEROS = 0x30303030;
/** Added to the bytes 0 … 9, leaves the high bit clear; added to greater ones, sets it. */
const ABOVE_NINE = 0x76767676;

/** The number that the four digits at `p` are. */
function fourDigits(p: number): number {
  const digits = IN_VIEW.getInt32(p, true) - ZEROS;
  const pairs = Math.imul(digits, 10) + (digits >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}

/** The position behind the digits at `p`. */
function endOfDigits(p: number): number {
  const inView = IN_VIEW;
  for (;;) {
    const digits = inView.getInt32(p, true) ^ ZEROS;
    const others = ((digits + ABOVE_NINE) | digits) & HIGH_BITS;
    if (others !== 0) return p + ((31 - Math.clz32(others & -others)) >> 3);
    p += 4;
  }
}

/**
 * Reads a plain integer of any length that an i64 can have at `p` into `lexedHigh` and `lexedLow`. Returns the
 * position behind it, or −1 for everything else.
 */
export function lexInt64(p: number): number {
  const input = IN;
  const negative = input[p] === MINUS;
  const first = negative ? p + 1 : p;
  const q = endOfDigits(first);
  const count = q - first;
  const next = input[q]!;
  if (count === 0 || count > 19 || next === POINT || (next | 0x20) === 0x65) return -1;
  if (input[first] === 0x30 && count > 1) return -1;
  if (count <= SMALL_DIGITS) {
    let small = input[first]! - 0x30;
    for (let i = first + 1; i < q; i++) small = (small * 10 + (input[i]! - 0x30)) | 0;
    if (negative) small = -small | 0;
    lexedLow = small;
    lexedHigh = small >> 31;
    return q;
  }
  // The last nine digits, and those in front of them, at most ten; doubles hold both exactly.
  const lower = (fourDigits(q - 9) * 10000 + fourDigits(q - 5)) * 10 + (input[q - 1]! - 0x30);
  let upper: number;
  if (count === 19) {
    upper = (fourDigits(first) * 10000 + fourDigits(first + 4)) * 100 + (input[first + 8]! - 0x30) * 10;
    upper += input[first + 9]! - 0x30;
  } else {
    let small = input[first]! - 0x30;
    for (let i = first + 1; i < q - 9; i++) small = (small * 10 + (input[i]! - 0x30)) | 0;
    upper = small;
  }
  // upper × 10^9 + lower in 16-bit steps; every intermediate is below 2^53.
  const upperHigh = Math.floor(upper / 0x1_0000);
  const low = (upper - upperHigh * 0x1_0000) * 1e9 + lower;
  const carry = Math.floor(low / 0x1_0000);
  const rest = upperHigh * 1e9 + carry;
  const high = Math.floor(rest / 0x1_0000);
  const lowHalf = ((rest & 0xffff) << 16) | (low & 0xffff);
  if (high > 0x7fff_ffff && !(negative && high === 0x8000_0000 && lowHalf === 0)) return -1;
  lexedHigh = negative ? (~high + (lowHalf === 0 ? 1 : 0)) | 0 : high | 0;
  lexedLow = negative ? -lowHalf | 0 : lowHalf;
  return q;
}

/**
 * Reads a number at `p` into `lexedNumber`, correctly rounded. Returns the position behind it, or −1 for
 * everything else: no JSON number, more than 19 digits, a result that needs a closer look.
 */
export function lexDouble(p: number): number {
  const input = IN;
  let q = p;
  const negative = input[q] === MINUS;
  if (negative) q++;
  const first = q;
  let digit = input[q]! - 0x30;
  if (digit < 0 || digit > 9) return -1;
  let value = digit;
  digit = input[++q]! - 0x30;
  if (value !== 0) {
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = input[++q]! - 0x30;
    }
  } else if (digit >= 0 && digit <= 9) {
    return -1;
  }
  let count = q - first;
  let exponent = 0;
  if (input[q] === POINT) {
    const start = ++q;
    for (digit = input[q]! - 0x30; digit >= 0 && digit <= 9; digit = input[++q]! - 0x30)
      value = value * 10 + digit;
    exponent = start - q;
    if (exponent === 0) return -1;
    count -= exponent;
  }
  const digitsEnd = q;
  if ((input[q]! | 0x20) === 0x65) {
    q++;
    const negativeExponent = input[q] === MINUS;
    if (negativeExponent || input[q] === PLUS) q++;
    const start = q;
    let written = 0;
    while (isDigit(input[q]!) && q - start < 4) written = written * 10 + (input[q++]! - 0x30);
    if (q === start || isDigit(input[q]!)) return -1;
    exponent += negativeExponent ? -written : written;
  }
  if (count > EXACT_DIGITS) value = wideNumber(first, digitsEnd, count, exponent);
  else if (exponent !== 0) value = scaleDecimal(value, exponent);
  // NaN: undecided, or not exactly known
  if (!(value < Number.POSITIVE_INFINITY)) return -1;
  lexedNumber = negative ? -value : value;
  return q;
}

/** A number of 16 to 19 digits (a point among them) in `first … end`, or NaN. */
function wideNumber(first: number, end: number, count: number, exponent: number): number {
  const input = IN;
  if (count > 19) return Number.NaN;
  let high = 0;
  let low = 0;
  let left = count;
  for (let i = first; i < end; i++) {
    const digit = input[i]! - 0x30;
    if (digit < 0) continue;
    if (left > 9) high = high * 10 + digit;
    else low = low * 10 + digit;
    left--;
  }
  return scaleWide(high, low, exponent);
}
