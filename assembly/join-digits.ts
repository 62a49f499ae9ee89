/** The numbers that digits are. */
import { ZERO_TEXT } from "./digits";

const HUNDRED_MILLION: u64 = 100_000_000;

/** Added to text, makes the digits the greatest signed bytes of all. */
const RAISE_DIGITS: usize = memory.data<u64>([0x4646_4646_4646_4646, 0x4646_4646_4646_4646]);
/** The greatest byte below them. */
const BELOW_DIGITS: usize = memory.data<u64>([0x7575_7575_7575_7575, 0x7575_7575_7575_7575]);

/** Read from its place n on: the order that moves the first n of 16 bytes to the end, behind zeros. */
export const TO_END: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8,
  9, 10, 11, 12, 13, 14, 15,
]);

/** Makes two digits, the first in the lower byte, a number in the upper byte. */
const JOIN_DIGITS: usize = memory.data<u64>([0x0a01_0a01_0a01_0a01, 0x0a01_0a01_0a01_0a01]);
const JOIN_PAIRS: usize = memory.data<u64>([0x0001_0064_0001_0064, 0x0001_0064_0001_0064]);
const JOIN_FOURS: usize = memory.data<u64>([0x0001_2710_0001_2710, 0x0001_2710_0001_2710]);

/** Sets all bits of the characters of `text` that are digits. */
// @ts-ignore: decorator
@inline
export function findDigits(text: v128): v128 {
  return i8x16.gt_s(i8x16.add(text, v128.load(RAISE_DIGITS)), v128.load(BELOW_DIGITS));
}

/** The characters of `text` that `mask` has, as digits, in another order. */
// @ts-ignore: decorator
@inline
export function orderDigits(text: v128, mask: v128, order: v128): v128 {
  return i8x16.swizzle(v128.and(v128.xor(text, v128.load(ZERO_TEXT)), mask), order);
}

/** The number that sixteen digits are. */
// @ts-ignore: decorator
@inline
export function joinSixteen(digits: v128): u64 {
  const pairs = i16x8.shr_u(i16x8.mul(digits, v128.load(JOIN_DIGITS)), 8);
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(JOIN_PAIRS));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), v128.load(JOIN_FOURS));
  const both = <u64>i64x2.extract_lane(eights, 0);
  return (both & 0xffff_ffff) * HUNDRED_MILLION + (both >> 32);
}

/** The number that the characters of `text`, all of them digits, are. */
// @ts-ignore: decorator
@inline
export function joinAll(text: v128): u64 {
  return joinSixteen(v128.xor(text, v128.load(ZERO_TEXT)));
}

/** The number that the first `count` characters of `text` are; `mask` has those of them that are digits. */
// @ts-ignore: decorator
@inline
export function joinFirst(text: v128, mask: v128, count: usize): u64 {
  return joinSixteen(orderDigits(text, mask, v128.load(TO_END + count)));
}
