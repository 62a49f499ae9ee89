/**
 * Decimal digits, eight in the bytes of a u64, the first in the lowest, or sixteen in the lanes of a v128.
 * Digits are 0 … 9; text is `0` … `9`.
 *
 * Constants of vectors are loaded from memory, because V8 takes up to four instructions to build one,
 * wherever a function begins that uses it.
 */

/** Eight zeros as text. */
export const ZEROS: u64 = 0x3030_3030_3030_3030;

/** Sixteen zeros as text. */
export const ZERO_TEXT: usize = memory.data<u64>([ZEROS, ZEROS]);

/** 10^0 … 10^19. */
const POWERS: usize = memory.data<u64>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
  100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
  10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]);

/** 10^exponent; the exponent is at most 19. */
// @ts-ignore: decorator
@inline
export function powerOfTen(exponent: usize): u64 {
  return load<u64>(POWERS + (exponent << 3));
}

/** Digits as text. */
// @ts-ignore: decorator
@inline
export function toText(digits: v128): v128 {
  return v128.or(digits, v128.load(ZERO_TEXT));
}
