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

/** Powers of ten for `scaleWide`: the double nearest to each, and the double nearest to what that one lacks. */
const LEAST_WIDE_POWER = -270;
const MOST_WIDE_POWER = 308;
const POWER_HIGH: Float64Array = new Float64Array(MOST_WIDE_POWER - LEAST_WIDE_POWER + 1);
const POWER_LOW: Float64Array = new Float64Array(MOST_WIDE_POWER - LEAST_WIDE_POWER + 1);

/** Splits a double into two halves of at most 26 bits, so that products of halves are exact (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

/** Bound of the relative error of the products and sums in `scaleWide`, with room to spare. */
const WIDE_ERROR = 2 ** -98;

/** Results below this are left alone: low parts of products could be subnormal there. */
const LEAST_WIDE_RESULT = 1e-270;

/**
 * `(high × 10^9 + low) × 10^exponent`, correctly rounded, or NaN when that cannot be guaranteed and the text
 * must go through `Number`. `high` is an integer below 10^10, `low` one below 10^9.
 *
 * Mantissa and power are pairs of doubles of 106 bits together; their product is exact to about 2^-100. It
 * rounds to the same double as the true value unless it lies that close to the middle between two doubles,
 * which both sums of the last line find out.
 */
export function scaleWide(high: number, low: number, exponent: number): number {
  if (exponent < LEAST_WIDE_POWER || exponent > MOST_WIDE_POWER) return Number.NaN;
  const index = exponent - LEAST_WIDE_POWER;
  if (POWER_HIGH[index] === 0) fillPower(exponent);
  const power = POWER_HIGH[index]!;

  // The mantissa: an exact product of integers, then an exact sum of integers below 2^53.
  const product = high * 1e9;
  const productError = twoProductError(high, 1e9, product);
  const tail = productError + low;
  const mantissa = product + tail;
  const mantissaLow = product - mantissa + tail;

  const result = mantissa * power;
  const rest =
    twoProductError(mantissa, power, result) + (mantissa * POWER_LOW[index]! + mantissaLow * power);
  if (!(result > LEAST_WIDE_RESULT && result < Number.POSITIVE_INFINITY)) return Number.NaN;
  const slack = result * WIDE_ERROR;
  const rounded = result + (rest - slack);
  // Close to the largest double the error terms overflow, and say nothing.
  return rounded === result + (rest + slack) && rounded < Number.POSITIVE_INFINITY ? rounded : Number.NaN;
}

/** What `product` = a × b, rounded, lacks of the exact product (Dekker). */
function twoProductError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** Computes a power of ten when it is first asked for: a table of all would cost a millisecond at start-up. */
function fillPower(exponent: number): void {
  const index = exponent - LEAST_WIDE_POWER;
  const high = Number(`1e${exponent}`);
  POWER_HIGH[index] = high;
  if (exponent >= 0) {
    POWER_LOW[index] = Number(10n ** BigInt(exponent) - BigInt(high));
    return;
  }
  // high = bits × 2^-shift; 10^exponent − high = (2^shift − bits × 10^-exponent) / (10^-exponent × 2^shift)
  let shift = 0n;
  let bits = high;
  while (!Number.isInteger(bits)) {
    bits *= 2;
    shift++;
  }
  const divisor = 10n ** BigInt(-exponent);
  const lack = (1n << shift) - BigInt(bits) * divisor;
  // 64 bits of the quotient are more than a double needs.
  const extra = BigInt(divisor.toString(2).length + 64);
  const quotient = Number((lack << extra) / divisor);
  POWER_LOW[index] = quotient * 2 ** -Number(extra) * 2 ** -Number(shift);
}

/** So many digits always fit a mantissa that a double holds exactly. */
const MAX_MANTISSA_DIGITS = 15;

/** So many digits fit the two parts that `scaleWide` takes. */
const MAX_WIDE_DIGITS = 19;

/**
 * The double nearest to the decimal number in `bytes[start … end)`; ±Infinity when it is beyond the finite
 * range. The caller has checked the syntax: JSON's, that is `-? digits (. digits)? ([eE] [+-]? digits)?`.
 */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  const negative = bytes[pos] === MINUS;
  if (negative) pos++;
  // The first ten significant digits, and the next nine.
  let high = 0;
  let low = 0;
  let digitCount = 0;
  let exponent = 0;
  let inFraction = false;
  for (; pos < end; pos++) {
    const digit = bytes[pos]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digitCount < MAX_WIDE_DIGITS - 9) high = high * 10 + digit;
      else low = low * 10 + digit;
      if (digitCount > 0 || digit !== 0) digitCount++;
      if (inFraction) exponent--;
    } else if (bytes[pos] === POINT) {
      inFraction = true;
    } else {
      break;
    }
  }
  if (digitCount <= MAX_WIDE_DIGITS) {
    if (pos < end) exponent += parseExponent(bytes, pos + 1, end);
    const size = scaleDigits(high, low, digitCount, exponent);
    if (!Number.isNaN(size)) return negative ? -size : size;
  }
  return Number(decodeUtf8(bytes, start, end));
}

/** The parts of up to 19 digits, ten in `high` and the others in `low`, times a power of ten; NaN: undecided. */
function scaleDigits(high: number, low: number, digitCount: number, exponent: number): number {
  if (digitCount <= MAX_WIDE_DIGITS - 9) return scaleDecimal(high, exponent);
  const lowCount = digitCount - (MAX_WIDE_DIGITS - 9);
  if (digitCount <= MAX_MANTISSA_DIGITS) {
    const size = scaleDecimal(high * POWERS[lowCount]! + low, exponent);
    if (!Number.isNaN(size)) return size;
  }
  // scaleWide wants nine digits in the low part.
  const missing = 9 - lowCount;
  return scaleWide(high, low * POWERS[missing]!, exponent - missing);
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
