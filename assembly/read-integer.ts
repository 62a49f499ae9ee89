import { MINUS, PLUS, POINT, SMALL_E, ZERO } from "./characters";
import { powerOfTen, ZEROS } from "./digits";
import { findDigits, joinFirst } from "./join-digits";

/** 19 digits fit a u64, and an i64 has no more. */
const MOST_DIGITS: i64 = 19;

/** An exponent stops growing here: no text is so long that its digits would make up for it. */
const HUGE_EXPONENT: i64 = 1_000_000_000_000;

const MOST_INT64: u64 = 0x7fff_ffff_ffff_ffff;

/** Added to digits, leaves the high bits of their bytes clear; added to anything greater, sets it. */
const ABOVE_NINE: u64 = 0x7676_7676_7676_7676;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/** The position behind the integer that `readInteger` has read; 0 when there is none. */
export let integerEnd: usize = 0;

/**
 * The integer that the JSON number at `p` is. Leaves the position behind it in `integerEnd`, or 0 when there
 * is no JSON number, or one that is no integer or does not fit: `1.0` and `1e2` are integers, `1.5` is none.
 */
// @ts-ignore: decorator
@inline
export function readInteger(p: usize): i64 {
  const negative = <i32>(<u32>load<u8>(p) == MINUS);
  const text = v128.load(p);
  const mask = findDigits(text);
  // Of the sign and up to 15 or 16 digits.
  const size = ctz(~(i8x16.bitmask(mask) | negative));
  const hasLeadingZero = <i32>(<u32>load<u8>(p + negative) == ZERO) & <i32>(size > negative + 1);
  if (<i32>(size == negative) | hasLeadingZero) return failInteger();
  let value = joinFirst(text, mask, size);
  let end = p + size;
  if (size == 16) {
    const more = load<u64>(p, 16) ^ ZEROS;
    // Of digits that follow.
    const bits = ctz(((more + ABOVE_NINE) | more) & HIGH_BITS) - 7;
    const count = <usize>(bits >> 3);
    if (<i32>count > 3 + negative) return readUnusualInteger(p);
    value = value * powerOfTen(count) + joinFew((more << 8) << (56 - bits));
    if (value > MOST_INT64 + <u64>negative) return readUnusualInteger(p);
    end += count;
  }
  const next = <u32>load<u8>(end);
  if (next == POINT || (next | 0x20) == SMALL_E) return readUnusualInteger(p);
  integerEnd = end;
  const sign = <u64>negative;
  return <i64>((value ^ (0 - sign)) + sign);
}

/** The number that the four digits in the upper half of `digits` are. */
// @ts-ignore: decorator
@inline
function joinFew(digits: u64): u64 {
  const upper = digits >> 32;
  const pairs = upper * 10 + (upper >> 8);
  return (pairs & 0xff) * 100 + ((pairs >> 16) & 0xff);
}

function failInteger(): i64 {
  integerEnd = 0;
  return 0;
}

/**
 * `readInteger` for numbers with a fraction, an exponent, or very many digits. Linear in the size of the
 * text.
 */
function readUnusualInteger(p: usize): i64 {
  integerEnd = 0;
  const negative = <u64>(<u32>load<u8>(p) == MINUS);
  // The number is value × 10^zeros, and there are as many places more as the exponent says, and less as the
  // fraction has.
  let value: u64 = 0;
  let zeros: i64 = 0;
  let places: i64 = 0;
  let count: i64 = 0;
  let isFraction = false;
  let start = p + <usize>negative;
  let q = start;
  for (;;) {
    const character = <u32>load<u8>(q);
    const digit = character - ZERO;
    if (digit > 9) {
      if (q == start) return 0;
      if (!isFraction && <u32>load<u8>(start) == ZERO && q - start > 1) return 0;
      if (isFraction || character != POINT) break;
      isFraction = true;
      start = q + 1;
    } else {
      if (isFraction) places--;
      if (digit != 0) {
        count += zeros + 1;
        // Whether it is a fraction or too large: it does not fit.
        if (count > MOST_DIGITS) return 0;
        value = value * powerOfTen(<usize>(zeros + 1)) + digit;
        zeros = 0;
      } else if (value != 0) {
        zeros++;
      }
    }
    q++;
  }
  if ((<u32>load<u8>(q) | 0x20) == SMALL_E) {
    q = readExponent(q + 1);
    if (q == 0) return 0;
    places += exponent;
  }
  if (value != 0) {
    places += zeros;
    if (places < 0 || count + places > MOST_DIGITS) return 0;
    value *= powerOfTen(<usize>places);
    if (value > MOST_INT64 + negative) return 0;
  }
  integerEnd = q;
  return <i64>((value ^ (0 - negative)) + negative);
}

/** What `readExponent` has read; from `HUGE_EXPONENT` on in size, some number of that size. */
export let exponent: i64 = 0;

/**
 * Reads what follows the `e` of a JSON number; returns the position behind it, or 0 when there are no digits.
 */
export function readExponent(p: usize): usize {
  let q = p;
  const sign = <u32>load<u8>(q);
  if (sign == MINUS || sign == PLUS) q++;
  const first = q;
  let value: i64 = 0;
  for (;;) {
    const digit = <u32>load<u8>(q) - ZERO;
    if (digit > 9) break;
    if (value < HUGE_EXPONENT) value = value * 10 + digit;
    q++;
  }
  exponent = sign == MINUS ? -value : value;
  return q == first ? 0 : q;
}
