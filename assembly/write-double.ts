import { MINUS, PLUS, POINT, SMALL_E, ZERO } from "./characters";
import { powerOfTen, ZEROS } from "./digits";
import { multiplyHigh } from "./multiply-high";
import { LEAST_POWER, lackOfPower, POWERS_OF_TEN } from "./powers-of-ten";
import { splitEight, splitSixteen } from "./split-digits";
import { writeSmall, writeUnsigned } from "./write-integer";

const SIGN_BIT: u64 = 0x8000_0000_0000_0000;
const HIDDEN_BIT: u64 = 0x10_0000_0000_0000;
const FRACTION: u64 = HIDDEN_BIT - 1;
const MANTISSA_BITS: u64 = 52;
/** For the mantissa taken as an integer. */
const BIAS: i32 = 1075;

const HUNDRED_MILLION: u64 = 100_000_000;

/** Added to a number from 0 to this one, rounds it to an integer, which is the mantissa then. */
const TWO_52: f64 = 4503599627370496;

/**
 * Biased exponents: of 2^-19, from where on eight decimals are tried, and 2^23 and 2^39, from where on 3 and
 * none.
 */
const LEAST_EIGHT: u32 = 1004;
const MOST_EIGHT: u32 = 1046;
const MOST_THREE: u32 = 1062;

const EIGHT_PLACES: u64 = 100_000_000;
const THREE_PLACES: u64 = 1_000;

/**
 * Writes the shortest decimal text that reads back as `value` at `o`, and up to 24 bytes behind it, formatted
 * as ECMAScript's `String(value)` but with `-0` as `-0`. Returns the position behind it. `value` must be
 * finite.
 */
export function writeDouble(value: f64, o: usize): usize {
  const signed = reinterpret<u64>(value);
  store<u8>(o, <u8>MINUS);
  o += <usize>(signed >> 63);
  const bits = signed & ~SIGN_BIT;
  if (<u32>(bits >> MANTISSA_BITS) - LEAST_EIGHT < MOST_EIGHT - LEAST_EIGHT) {
    // Amounts and degrees have few decimals. If a decimal of at most 15 digits rounds to the double, no other
    // one of so few digits does: without the zeros at its end it is the shortest.
    const shifted = abs(value) * <f64>EIGHT_PLACES + TWO_52;
    if (reinterpret<u64>((shifted - TWO_52) / <f64>EIGHT_PLACES) == bits) {
      const digits = reinterpret<u64>(shifted) & FRACTION;
      const whole = digits / EIGHT_PLACES;
      return writePlaces(digits - whole * EIGHT_PLACES, writeSmall(whole, o));
    }
  }
  return writeLonger(bits, o);
}

/**
 * Writes the point and the decimals, eight digits without the zeros at their end; nothing when all are zeros.
 */
// @ts-ignore: decorator
@inline
function writePlaces(places: u64, o: usize): usize {
  if (places == 0) return o;
  const digits = splitEight(places);
  store<u8>(o, <u8>POINT);
  store<u64>(o, digits | ZEROS, 1);
  return o + 9 - <usize>(clz(digits) >> 3);
}

/** `writeDouble` for what is no small number of at most eight decimals. */
function writeLonger(bits: u64, o: usize): usize {
  const biased = <u32>(bits >> MANTISSA_BITS);
  const size = reinterpret<f64>(bits);
  if (biased < MOST_THREE) {
    const shifted = size * <f64>THREE_PLACES + TWO_52;
    if ((shifted - TWO_52) / <f64>THREE_PLACES == size) {
      const digits = reinterpret<u64>(shifted) & FRACTION;
      const whole = digits / THREE_PLACES;
      return writePlaces(
        (digits - whole * THREE_PLACES) * (EIGHT_PLACES / THREE_PLACES),
        writeUnsigned(whole, o),
      );
    }
  } else if (biased < <u32>BIAS) {
    const shifted = size + TWO_52;
    if (shifted - TWO_52 == size) return writeUnsigned(reinterpret<u64>(shifted) & FRACTION, o);
  } else if (biased == <u32>BIAS) {
    return writeUnsigned((bits & FRACTION) | HIDDEN_BIT, o);
  }
  return writeShortest(bits, o);
}

/** Of fractions of 64 bits in `writeShortest`; they are wrong by less than a fifteenth of this. */
const DOUBT: u64 = 1 << 27;

/** A digit in front of a fraction of 60 bits. */
const DIGIT_SHIFT: u64 = 60;
const HALF_DIGIT: u64 = 1 << 59;

const TEN_TO_15: u64 = 1_000_000_000_000_000;

/**
 * Writes the shortest decimal that rounds to a positive double, the nearest one where there are several.
 *
 * The double is divided by a power of ten such that its last bit stands for 0.1 … 1: of the decimals that
 * round to it, at most one integer is among them, which is the shortest; else the shortest ones have one
 * decimal more, and the nearest of all numbers with one decimal is among them. 96 bits of the power tell
 * which it is but for one double in billions, and those that lie in the middle of two decimals. Source: R.
 * Giulietti, "The Schubfach way to render doubles", with one multiplication instead of three.
 */
function writeShortest(bits: u64, o: usize): usize {
  // Sixteen digits, with the point `exponent` places behind the first of them, and a seventeenth.
  let first: u64 = 0;
  let last: u64 = 0;
  let exponent: i32 = 0;
  const fraction = bits & FRACTION;
  const biased = <i32>(bits >> MANTISSA_BITS);
  // Below a power of two doubles are closer together; subnormal doubles have fewer digits.
  let isHard = fraction == 0 || biased == 0;
  if (!isHard) {
    const q = biased - BIAS;
    // 10^k ≤ 2^q < 10^(k + 1), by 22 bits of log10(2).
    const k = (q * 1262611) >> 22;
    const power = POWERS_OF_TEN + ((<usize>(-1 - k - LEAST_POWER)) << 4);
    const upper = load<u64>(power);
    // 2^q × 10^(-1 - k) = the bits of the power × 2^(-127 - shift), by 19 bits of log2(10); 1 … 4.
    const shift = <u64>(0 - q - (((-1 - k) * 1741647) >> 19));
    const factor = (fraction | HIDDEN_BIT) << (11 - shift);
    // The scaled number with 74 bits behind the point.
    const more = (factor >> 32) * <u64>load<u32>(power, 12);
    const low = upper * factor + more;
    const high = multiplyHigh(upper, factor) + <u64>(low < more);
    const rest = (high << 54) | (low >> 10);
    // Half of its last bit: how far away a decimal may be.
    const reach = upper >> shift;
    const digits = (rest >> 4) * 10;
    isHard =
      (<u32>(rest - reach + DOUBT <= 2 * DOUBT) |
        <u32>(0 - rest - reach + DOUBT <= 2 * DOUBT) |
        <u32>((digits & (2 * HALF_DIGIT - 1)) - HALF_DIGIT + DOUBT <= 2 * DOUBT)) !=
      0;
    if (!isHard) {
      const isAbove = <u64>(~rest < reach);
      first = (high >> 10) + isAbove;
      last = select<u64>(0, (digits + HALF_DIGIT) >> DIGIT_SHIFT, <u64>(rest < reach) | isAbove);
      const isShort = first < TEN_TO_15;
      first = select<u64>(first * 10 + last, first, isShort);
      last = select<u64>(0, last, isShort);
      exponent = k + 16 - <i32>isShort;
    }
  }
  if (isHard) {
    findDecimal(bits);
    first = decimalDigits / 10;
    last = decimalDigits - first * 10;
    exponent = decimalExponent;
  }
  return writeDigits(first, last, exponent, o);
}

/** What `findDecimal` has found: 17 digits, with the point so many places behind the first of them. */
let decimalDigits: u64 = 0;
let decimalExponent: i32 = 0;

/** Finds the shortest decimal of any positive double. Source: R. Giulietti, as above. */
function findDecimal(bits: u64): void {
  const fraction = bits & FRACTION;
  const biased = <i32>(bits >> MANTISSA_BITS);
  const mantissa = biased == 0 ? fraction : fraction | HIDDEN_BIT;
  const q = max(biased, 1) - BIAS;
  // The middles of two doubles round to the even one.
  const odd = mantissa & 1;
  const isClose = fraction == 0 && biased > 1;
  // As above; 524031 is log10(4/3).
  const k = (q * 1262611 - (isClose ? 524031 : 0)) >> 22;
  const shift = <u64>(q + ((-k * 1741647) >> 19) + 1);
  const power = POWERS_OF_TEN + ((<usize>(-k - LEAST_POWER)) << 4);
  const lack = lackOfPower(-k);
  // In quarters.
  const lower = multiplyPower(power, lack, (4 * mantissa - 2 + <u64>isClose) << shift) + odd;
  const value = multiplyPower(power, lack, (4 * mantissa) << shift);
  const upper = multiplyPower(power, lack, (4 * mantissa + 2) << shift) - odd;
  let digits = value >> 2;
  let exponent = k;
  const tens = digits / 10;
  const isTensIn = digits >= 10 && lower <= 40 * tens;
  const isNextTensIn = digits >= 10 && 40 * tens + 40 <= upper;
  if (isTensIn != isNextTensIn) {
    digits = tens + <u64>isNextTensIn;
    exponent++;
  } else {
    const isIn = lower <= 4 * digits;
    const isNextIn = 4 * digits + 4 <= upper;
    const middle = 4 * digits + 2;
    digits += <u64>(isIn != isNextIn ? isNextIn : value > middle || (value == middle && (digits & 1) != 0));
  }
  let count: i32 = 1;
  while (digits >= powerOfTen(count)) count++;
  decimalDigits = digits * powerOfTen(17 - count);
  decimalExponent = exponent + count - 1;
}

/**
 * The upper 64 bits of `factor` × the bits of a power. The last of them is set, too, when what is below them
 * is more than the power is rounded up by.
 */
function multiplyPower(power: usize, lack: u64, factor: u64): u64 {
  const upper = load<u64>(power);
  const lower = multiplyHigh(load<u64>(power, 8) + lack, factor);
  const low = upper * factor + lower;
  const high = multiplyHigh(upper, factor) + <u64>(low < lower);
  return high | <u64>(low > 1);
}

/** Numbers from 10^21 on, and below 10^-6, are written with an exponent. */
const MOST_PLAIN: i32 = 20;
const LEAST_PLAIN: i32 = -6;

/**
 * Writes the digits of `first`, sixteen, and `last`, with the point `exponent` places behind the first of
 * them.
 */
function writeDigits(first: u64, last: u64, exponent: i32, o: usize): usize {
  const high = first / HUNDRED_MILLION;
  const digits = splitSixteen(high, first - high * HUNDRED_MILLION);
  const highDigits = <u64>i64x2.extract_lane(digits, 0);
  const lowDigits = <u64>i64x2.extract_lane(digits, 1);
  const highText = highDigits | ZEROS;
  const lowText = lowDigits | ZEROS;
  let count: usize = 16 - <usize>(clz(lowDigits) >> 3);
  if (lowDigits == 0) count -= <usize>(clz(highDigits) >> 3);
  count = select<usize>(17, count, last != 0);
  if (<u32>exponent <= <u32>MOST_PLAIN) {
    const point = <usize>exponent + 1;
    store<u64>(o, highText);
    if (count <= point) {
      store<u64>(o, lowText, 8);
      store<u64>(o, ZEROS + last, 16);
      return o + point;
    }
    // The text, and once more what is behind the point, one place further on.
    if (point <= 8) {
      store<u64>(o + point, highText >> ((<u64>point) << 3), 1);
      store<u64>(o, lowText, 9);
    } else {
      store<u64>(o, lowText, 8);
      store<u64>(o + point, lowText >> ((<u64>(point - 8)) << 3), 1);
    }
    store<u8>(o, <u8>(ZERO + <u32>last), 17);
    store<u8>(o + point, <u8>POINT);
    return o + count + 1;
  }
  if (exponent < 0 && exponent >= LEAST_PLAIN) {
    store<u64>(o, 0x3030_3030_3030_2e30);
    o += <usize>(1 - exponent);
    store<u64>(o, highText);
    store<u64>(o, lowText, 8);
    store<u8>(o, <u8>(ZERO + <u32>last), 16);
    return o + count;
  }
  store<u64>(o, highText);
  store<u64>(o, highText >> 8, 2);
  store<u64>(o, lowText, 9);
  store<u8>(o, <u8>(ZERO + <u32>last), 17);
  store<u8>(o, <u8>POINT, 1);
  o += count + <usize>(count > 1);
  store<u8>(o, <u8>SMALL_E);
  store<u8>(o, exponent < 0 ? <u8>MINUS : <u8>PLUS, 1);
  return writeSmall(<u64>abs(exponent), o + 2);
}
