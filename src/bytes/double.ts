import { writeSafeInteger } from "./int64.ts";
import { decodeUtf8 } from "./utf8.ts";

/** The most bytes that the text of a finite double takes: `-0.0000012345678901234567`. */
export const MAX_DOUBLE_TEXT_SIZE = 25;

/** 10^0 … 10^22: the powers of ten that a double holds exactly. */
const POWERS: Float64Array = Float64Array.of(
  1,
  1e1,
  1e2,
  1e3,
  1e4,
  1e5,
  1e6,
  1e7,
  1e8,
  1e9,
  1e10,
  1e11,
  1e12,
  1e13,
  1e14,
  1e15,
  1e16,
  1e17,
  1e18,
  1e19,
  1e20,
  1e21,
  1e22,
);
const MAX_EXACT_POWER = 22;
const TWO_53 = 9007199254740992;

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** Decimals of this many digits survive the way through a double, so two of them never share one. */
const STABLE_DIGITS = 15;

/** Numbers with up to so many decimals are most of what people write: amounts, and degrees. */
const FEW_DECIMALS = 3;
const SOME_DECIMALS = 7;

/** ECMAScript switches to exponents below this. */
const MIN_PLAIN = 1e-6;

/**
 * Writes the shortest decimal text that reads back as `value` to `bytes` from `at` on, formatted as
 * ECMAScript's `String(value)` but with `-0` as `-0`. Returns the position behind it. `value` must be finite;
 * the caller has made room for `MAX_DOUBLE_TEXT_SIZE` bytes.
 *
 * Numbers of at most 15 digits avoid `String`: when an integer `m` below 10^15 divided by 10^k gives `value`
 * exactly, `m` shifted by `k` places is a decimal that rounds to `value`, and no other decimal of at most 15
 * digits does. With trailing zeros removed it is the shortest.
 */
export function writeDoubleText(value: number, bytes: Uint8Array, at: number): number {
  let pos = at;
  let size = value;
  if (value < 0 || (value === 0 && 1 / value < 0)) {
    bytes[pos++] = MINUS;
    size = -value;
  }
  if (size < TWO_53 && Math.floor(size) === size) return writeSafeInteger(size, bytes, pos);
  if (size < 1e15 && size >= MIN_PLAIN) {
    let decimals = FEW_DECIMALS;
    let digits = digitsOf(size, decimals);
    if (digits < 0) digits = digitsOf(size, (decimals = SOME_DECIMALS));
    // As many decimals as 15 digits allow; if these do not give the value, no fewer do.
    if (digits < 0) digits = digitsOf(size, (decimals = mostDecimals(size)));
    if (digits >= 0) {
      const zeros = countTrailingZeros(digits);
      return writeDecimal(size, digits / POWERS[zeros]!, decimals - zeros, bytes, pos);
    }
  }
  const text = String(size);
  for (let i = 0; i < text.length; i++) bytes[pos++] = text.charCodeAt(i);
  return pos;
}

/** The integer of at most 15 digits that gives `size` when divided by `10^decimals`, or −1 without any. */
function digitsOf(size: number, decimals: number): number {
  const power = POWERS[decimals]!;
  const digits = Math.round(size * power);
  return digits < 1e15 && digits / power === size ? digits : -1;
}

/** How many decimals bring `size` to 15 digits; it is in `MIN_PLAIN` … 10^15. */
function mostDecimals(size: number): number {
  let decimals = STABLE_DIGITS;
  if (size >= 1) {
    for (let power = 1; size >= power; power *= 10) decimals--;
  } else {
    for (let scaled = size * 10; scaled < 1; scaled *= 10) decimals++;
  }
  return decimals;
}

/** How many zeros the decimal digits of an integer in 1 … 10^15 end with. */
function countTrailingZeros(digits: number): number {
  // In two halves that are 32-bit integers: the remainder of doubles is a call of 20 ns.
  const high = Math.floor(digits / 1e8);
  const low = digits - high * 1e8;
  let rest = (low === 0 ? high : low) | 0;
  let zeros = low === 0 ? 8 : 0;
  for (let shorter = (rest / 10) | 0; shorter * 10 === rest; shorter = (rest / 10) | 0) {
    rest = shorter;
    zeros++;
  }
  return zeros;
}

/** Writes `size`, which is no integer, as `digits / 10^decimals`. */
function writeDecimal(size: number, digits: number, decimals: number, bytes: Uint8Array, at: number): number {
  // The decimal and the double are nearer to each other than to any integer.
  const whole = Math.floor(size);
  let pos = writeSafeInteger(whole, bytes, at);
  bytes[pos++] = POINT;
  const fraction = digits - whole * POWERS[decimals]!;
  for (let places = decimals - 1; places > 0 && fraction < POWERS[places]!; places--) bytes[pos++] = ZERO;
  return writeSafeInteger(fraction, bytes, pos);
}

/**
 * `mantissa × 10^exponent`, correctly rounded, or NaN when the fast way cannot guarantee that and the text
 * must go through `Number`. `mantissa` is a non-negative integer that a double holds exactly (≤ 2^53).
 *
 * Source: W. D. Clinger, "How to Read Floating Point Numbers Accurately": one multiplication or division of
 * two exact doubles rounds once, thus correctly.
 */
export function scaleDecimal(mantissa: number, exponent: number): number {
  if (!(mantissa <= TWO_53)) return Number.NaN;
  if (exponent >= 0) {
    if (exponent <= MAX_EXACT_POWER) return mantissa * POWERS[exponent]!;
    // A short mantissa can take some of the power exactly first: 12e25 is 12000 × 10^22.
    const extra = exponent - MAX_EXACT_POWER;
    if (extra <= STABLE_DIGITS) {
      const shifted = mantissa * POWERS[extra]!;
      if (shifted <= TWO_53) return shifted * POWERS[MAX_EXACT_POWER]!;
    }
    return mantissa === 0 ? 0 : Number.NaN;
  }
  if (exponent >= -MAX_EXACT_POWER) return mantissa / POWERS[-exponent]!;
  return mantissa === 0 ? 0 : Number.NaN;
}

/** So many digits always fit a mantissa that a double holds exactly. */
const MAX_MANTISSA_DIGITS = 15;

/**
 * The double nearest to the decimal number in `bytes[start … end)`; ±Infinity when it is beyond the finite
 * range. The caller has checked the syntax: JSON's, that is `-? digits (. digits)? ([eE] [+-]? digits)?`.
 */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  const negative = bytes[pos] === MINUS;
  if (negative) pos++;
  let mantissa = 0;
  let digitCount = 0;
  let exponent = 0;
  let inFraction = false;
  for (; pos < end; pos++) {
    const digit = bytes[pos]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      if (mantissa !== 0) digitCount++;
      if (inFraction) exponent--;
    } else if (bytes[pos] === POINT) {
      inFraction = true;
    } else {
      break;
    }
  }
  if (digitCount <= MAX_MANTISSA_DIGITS) {
    if (pos < end) exponent += parseExponent(bytes, pos + 1, end);
    const size = scaleDecimal(mantissa, exponent);
    if (!Number.isNaN(size)) return negative ? -size : size;
  }
  return Number(decodeUtf8(bytes, start, end));
}

/** The exponent behind `e`; one of absurd length stops growing where every double is 0 or infinite. */
function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  let value = 0;
  for (let pos = negative || bytes[start] === 0x2b ? start + 1 : start; pos < end; pos++) {
    if (value < 1e8) value = value * 10 + (bytes[pos]! - ZERO);
  }
  return negative ? -value : value;
}
