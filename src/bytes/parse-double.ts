import {
  fillPower,
  LEAST_WIDE_POWER,
  MOST_WIDE_POWER,
  POWER_HIGH,
  POWER_LOW,
  POWERS,
  twoProductError,
} from "./powers-of-ten.ts";
import { decodeUtf8 } from "./utf8.ts";

const MAX_EXACT_POWER = 22;
const TWO_53 = 9007199254740992;

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** A double holds every integer of so many digits. */
const MAX_MANTISSA_DIGITS = 15;

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
    if (extra <= MAX_MANTISSA_DIGITS) {
      const shifted = mantissa * POWERS[extra]!;
      if (shifted <= TWO_53) return shifted * POWERS[MAX_EXACT_POWER]!;
    }
    return mantissa === 0 ? 0 : Number.NaN;
  }
  if (exponent >= -MAX_EXACT_POWER) return mantissa / POWERS[-exponent]!;
  return mantissa === 0 ? 0 : Number.NaN;
}

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
