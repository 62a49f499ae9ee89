import { MINUS, POINT, SMALL_E, ZERO } from "./characters";
import { powerOfTen } from "./digits";
import { findDigits, joinAll, joinFirst, joinSixteen, orderDigits, TO_END } from "./join-digits";
import { multiplyHigh } from "./multiply-high";
import { LEAST_POWER, POWERS_OF_TEN } from "./powers-of-ten";
import { exponent, readExponent } from "./read-integer";

const POINTS: usize = memory.data<u64>([0x2e2e_2e2e_2e2e_2e2e, 0x2e2e_2e2e_2e2e_2e2e]);

/** Read from its place n on: −1 in 16 bytes but for the last n of them. */
const FRONT: usize = memory.data<u64>([0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0, 0]);

/** 10^0 … 10^22: the powers of ten that a double holds exactly. */
const EXACT_POWERS: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
]);
const MOST_EXACT_POWER: i64 = 22;

const TEN_TO_16: u64 = 10_000_000_000_000_000;
const TWO_53: u64 = 0x20_0000_0000_0000;
const HIDDEN_BIT: u64 = 0x10_0000_0000_0000;
const FRACTION: u64 = HIDDEN_BIT - 1;
const INFINITY_BITS: u64 = 0x7ff0_0000_0000_0000;
const MANTISSA_BITS: i32 = 52;
const BIAS: i32 = 1023;
const MOST_BIASED: i32 = 0x7ff;

/** So many digits fit a u64. */
const MOST_DIGITS: usize = 19;
/** Greater powers make any integer greater than all finite doubles. */
const MOST_POWER: i64 = 308;

/** The position behind the number that `readDouble` has read; 0 when there is none. */
export let numberEnd: usize = 0;

/**
 * The double nearest to the JSON number at `p`; ±Infinity when it is beyond the finite range. Leaves the
 * position behind it in `numberEnd`, or 0 when there is no JSON number.
 */
export function readDouble(p: usize): f64 {
  const negative = <i32>(<u32>load<u8>(p) == MINUS);
  const text = v128.load(p);
  const mask = findDigits(text);
  // Of the sign and what is digits and points, and of the sign and the digits in front of the first point.
  const size = ctz(~(i8x16.bitmask(v128.or(mask, i8x16.eq(text, v128.load(POINTS)))) | negative));
  const others = ~(i8x16.bitmask(mask) | negative);
  const whole = ctz(others);
  const end = p + size;
  if (size == 16 || (<u32>load<u8>(end) | 0x20) == SMALL_E) return readLonger(p);
  // Behind the point; −1 without a point.
  const places = size - whole - 1;
  const hasLeadingZero = <i32>(<u32>load<u8>(p + negative) == ZERO) & <i32>(whole > negative + 1);
  const hasSecondPoint = <i32>(places > 0) & <i32>(ctz(others & (others - 1)) != size);
  if (<i32>(whole == negative) | <i32>(places == 0) | hasLeadingZero | hasSecondPoint) {
    numberEnd = 0;
    return 0;
  }
  numberEnd = end;
  // All characters are moved to the end, and those up to the point one place more, so that the digits come
  // together.
  const order = i8x16.add(v128.load(TO_END + size), v128.load(FRONT + <usize>select(16, places, places < 0)));
  const digits = joinSixteen(orderDigits(text, mask, order));
  // At most 15 digits and a power up to 10^14: both are exact, and their quotient is rounded once, thus
  // correctly.
  const value = <f64>(<i64>digits) / load<f64>(EXACT_POWERS + ((<usize>max(places, 0)) << 3));
  return reinterpret<f64>(reinterpret<u64>(value) | ((<u64>negative) << 63));
}

/** `readDouble` for numbers of more than 15 characters, and with an exponent. */
function readLonger(p: usize): f64 {
  numberEnd = 0;
  const negative = <i32>(<u32>load<u8>(p) == MINUS);
  const sign = (<u64>negative) << 63;
  const first = p + negative;
  let text = v128.load(p);
  let mask = findDigits(text);
  let count = ctz(~(i8x16.bitmask(mask) | negative));
  // Modulo 2^64: it counts only when there are few enough digits.
  let mantissa = joinFirst(text, mask, count);
  let q = p + count;
  while (count == 16) {
    text = v128.load(q);
    mask = findDigits(text);
    count = ctz(~i8x16.bitmask(mask));
    mantissa = mantissa * powerOfTen(count) + joinFirst(text, mask, count);
    q += count;
  }
  let digits = q - first;
  if (digits == 0 || (digits > 1 && <u32>load<u8>(first) == ZERO)) return 0;
  let power: i64 = 0;
  if (<u32>load<u8>(q) == POINT) {
    const start = ++q;
    text = v128.load(q);
    mask = findDigits(text);
    count = ctz(~i8x16.bitmask(mask));
    while (count == 16) {
      mantissa = mantissa * TEN_TO_16 + joinAll(text);
      q += 16;
      text = v128.load(q);
      mask = findDigits(text);
      count = ctz(~i8x16.bitmask(mask));
    }
    mantissa = mantissa * powerOfTen(count) + joinFirst(text, mask, count);
    q += count;
    const places = q - start;
    if (places == 0) return 0;
    digits += places;
    power = -(<i64>places);
  }
  let end = q;
  if ((<u32>load<u8>(q) | 0x20) == SMALL_E) {
    end = readExponent(q + 1);
    if (end == 0) return 0;
    power += exponent;
  }
  numberEnd = end;
  if (digits > MOST_DIGITS && countSignificant(first, q) > MOST_DIGITS)
    return readLong(first, q, power, sign);
  if (mantissa <= TWO_53 && power >= -MOST_EXACT_POWER && power <= MOST_EXACT_POWER) {
    // Source: W. D. Clinger, "How to Read Floating Point Numbers Accurately".
    const integer = <f64>(<i64>mantissa);
    const value =
      power < 0
        ? integer / load<f64>(EXACT_POWERS + ((<usize>-power) << 3))
        : integer * load<f64>(EXACT_POWERS + ((<usize>power) << 3));
    return reinterpret<f64>(reinterpret<u64>(value) | sign);
  }
  return reinterpret<f64>(scale(mantissa, power) | sign);
}

/** The position of the first digit in [p, end) that is not zero; `end` without any. */
function firstSignificant(p: usize, end: usize): usize {
  while (p < end && (<u32>load<u8>(p) == ZERO || <u32>load<u8>(p) == POINT)) p++;
  return p;
}

/** The number of digits in [p, end) without leading zeros. */
function countSignificant(p: usize, end: usize): usize {
  let count: usize = 0;
  for (p = firstSignificant(p, end); p < end; p++) count += <usize>(<u32>load<u8>(p) != POINT);
  return count;
}

/**
 * The bits of the double nearest to `mantissa` × 10^power, without a sign. Sources: D. Lemire, "Number
 * Parsing at a Gigabyte per Second"; N. Mushtak and D. Lemire, "Fast Number Parsing Without Fallback".
 */
function scale(mantissa: u64, power: i64): u64 {
  if (mantissa == 0 || power < <i64>LEAST_POWER) return 0;
  if (power > MOST_POWER) return INFINITY_BITS;
  const entry = POWERS_OF_TEN + ((<usize>(power - <i64>LEAST_POWER)) << 4);
  const zeros = clz(mantissa);
  const normal = mantissa << zeros;
  const factor = load<u64>(entry);
  let high = multiplyHigh(normal, factor);
  let low = normal * factor;
  // The lower half of the power counts only when the bits behind the 55 that are looked at are all set.
  if ((high & 0x1ff) == 0x1ff) {
    const more = multiplyHigh(normal, load<u64>(entry, 8));
    low += more;
    if (low < more) high++;
  }
  const upper = <i32>(high >> 63);
  // One bit more than a double has, for rounding.
  const shift = <u64>(upper + 64 - MANTISSA_BITS - 3);
  let bits = high >> shift;
  // log2(10) with 16 bits behind the point.
  let biased = ((<i32>power * 217706) >> 16) + 63 + upper - <i32>zeros + BIAS;
  if (biased <= 0) {
    if (biased <= -63) return 0;
    bits >>= <u64>(1 - biased);
    bits += bits & 1;
    // One that is rounded up to the least normal double gets its exponent by that.
    return bits >> 1;
  }
  // Exactly in the middle of two doubles, which is possible with these powers only, the even one is the
  // nearest.
  if (low <= 1 && power >= -4 && power <= 23 && (bits & 3) == 1 && bits << shift == high) bits &= ~1;
  bits += bits & 1;
  bits >>= 1;
  if (bits >= TWO_53) {
    bits = HIDDEN_BIT;
    biased++;
  }
  return biased >= MOST_BIASED ? INFINITY_BITS : (bits & FRACTION) | ((<u64>biased) << MANTISSA_BITS);
}

/** The double nearest to the digits [p, end) × 10^power; more than 19 of them are significant. */
function readLong(p: usize, end: usize, power: i64, sign: u64): f64 {
  const first = firstSignificant(p, end);
  let mantissa: u64 = 0;
  let count: usize = 0;
  let q = first;
  for (; count < MOST_DIGITS; q++) {
    const digit = <u32>load<u8>(q) - ZERO;
    if (digit > 9) continue;
    mantissa = mantissa * 10 + digit;
    count++;
  }
  let isExact = true;
  for (; q < end; q++) {
    const digit = <u32>load<u8>(q) - ZERO;
    if (digit > 9) continue;
    power++;
    if (digit != 0) isExact = false;
  }
  // The number is the mantissa, or between that and the next one: doubles lie further apart.
  const below = scale(mantissa, power);
  const above = isExact ? below : scale(mantissa + 1, power);
  if (below == above) return reinterpret<f64>(below | sign);
  const order = compareWithMiddle(first, end, power, below);
  const isAbove = order > 0 || (order == 0 && (below & 1) != 0);
  return reinterpret<f64>((isAbove ? above : below) | sign);
}

/**
 * Two integers of any size, little-endian words of 32 bits. In `compareWithMiddle` they have at most 2,650
 * bits: 771 digits of a number near the least doubles, and 54 bits times 5^1094.
 */
const LEFT: usize = memory.data(352);
const RIGHT: usize = memory.data(352);

/**
 * The middle of two doubles has at most 768 digits: where the digits of a number differ, these are among
 * them.
 */
const MOST_COMPARED_DIGITS: usize = 770;

/** 5^13, the greatest power of five below 2^32. */
const FIVE_13: u64 = 1220703125;

/** integer × factor + summand, in place; both are below 2^32. Returns the new number of words. */
function multiplyAdd(integer: usize, size: usize, factor: u64, summand: u64): usize {
  let carry = summand;
  const end = integer + (size << 2);
  for (let word = integer; word < end; word += 4) {
    carry += <u64>load<u32>(word) * factor;
    store<u32>(word, <u32>carry);
    carry >>= 32;
  }
  if (carry == 0) return size;
  store<u32>(end, <u32>carry);
  return size + 1;
}

function multiplyPowerOfFive(integer: usize, size: usize, power: i64): usize {
  for (; power >= 13; power -= 13) size = multiplyAdd(integer, size, FIVE_13, 0);
  for (; power > 0; power--) size = multiplyAdd(integer, size, 5, 0);
  return size;
}

function shiftLeft(integer: usize, size: usize, bits: i64): usize {
  size = multiplyAdd(integer, size, (<u64>1) << (<u64>bits & 31), 0);
  const words = <usize>(bits >> 5);
  memory.copy(integer + (words << 2), integer, size << 2);
  memory.fill(integer, 0, words << 2);
  return size + words;
}

/**
 * Compares a number with the middle of the double that has the bits `below` and the next one: negative, zero
 * or positive as the number is less, equal or greater. The number is the digits [first, end) with the point
 * `power` places behind the 19th of them.
 */
function compareWithMiddle(first: usize, end: usize, power: i64, below: u64): i32 {
  // left × 10^places
  let places = power + <i64>MOST_DIGITS;
  let leftSize: usize = 0;
  let count: usize = 0;
  let more: u64 = 0;
  for (let q = first; q < end; q++) {
    const digit = <u64>load<u8>(q) - ZERO;
    if (digit > 9) continue;
    if (count < MOST_COMPARED_DIGITS) {
      leftSize = multiplyAdd(LEFT, leftSize, 10, digit);
      places--;
      count++;
    } else if (digit != 0) {
      more = 1;
      break;
    }
  }
  // One digit stands for all that follow.
  leftSize = multiplyAdd(LEFT, leftSize, 10, more);
  places--;
  // right × 2^shift
  const biased = <i64>(below >> MANTISSA_BITS);
  const mantissa = (below & FRACTION) | (biased != 0 ? HIDDEN_BIT : 0);
  const middle = 2 * mantissa + 1;
  let shift = max<i64>(biased, 1) - BIAS - MANTISSA_BITS - 1;
  store<u64>(RIGHT, middle);
  let rightSize: usize = middle >> 32 != 0 ? 2 : 1;
  if (places < 0) rightSize = multiplyPowerOfFive(RIGHT, rightSize, -places);
  else leftSize = multiplyPowerOfFive(LEFT, leftSize, places);
  shift -= places;
  if (shift < 0) leftSize = shiftLeft(LEFT, leftSize, -shift);
  else rightSize = shiftLeft(RIGHT, rightSize, shift);
  if (leftSize != rightSize) return leftSize < rightSize ? -1 : 1;
  for (let i = leftSize << 2; i > 0; ) {
    i -= 4;
    const left = load<u32>(LEFT + i);
    const right = load<u32>(RIGHT + i);
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}
