/**
 * Checks vectors of UTF-8 (J. Keiser and D. Lemire, "Validating UTF-8 In Less Than One Instruction Per
 * Byte"): three look-ups by halves of two neighbouring bytes give the errors that these may be part of. What
 * all three agree on is an error.
 */

/** A lead byte without continuation byte. */
const TOO_SHORT: u8 = 0x01;
/** ASCII with a continuation byte. */
const TOO_LONG: u8 = 0x02;
const OVERLONG_3: u8 = 0x04;
const TOO_LARGE: u8 = 0x08;
const SURROGATE: u8 = 0x10;
const OVERLONG_2: u8 = 0x20;
/** Too large by the lead byte alone. */
const TOO_LARGE_LEAD: u8 = 0x40;
const OVERLONG_4: u8 = 0x40;
/** Two continuation bytes, which is no error behind lead bytes of three and four. */
const TWO_CONTINUATIONS: u8 = 0x80;
/** Errors that do not depend on the lower half of the first byte. */
const ANY: u8 = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS;
const ANY_LARGE: u8 = ANY | TOO_LARGE | TOO_LARGE_LEAD;

/** By the upper half of the first byte, by its lower half, by the upper half of the second byte. */
// prettier-ignore
const ERRORS: usize = memory.data<u8>([
  TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
  TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
  TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
  TOO_SHORT | TOO_LARGE | TOO_LARGE_LEAD | OVERLONG_4,

  ANY | OVERLONG_2 | OVERLONG_3 | OVERLONG_4, ANY | OVERLONG_2, ANY, ANY,
  ANY | TOO_LARGE, ANY_LARGE, ANY_LARGE, ANY_LARGE, ANY_LARGE, ANY_LARGE, ANY_LARGE, ANY_LARGE,
  ANY_LARGE, ANY_LARGE | SURROGATE, ANY_LARGE, ANY_LARGE,

  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
  TOO_LONG | TWO_CONTINUATIONS | OVERLONG_2 | OVERLONG_3 | OVERLONG_4 | TOO_LARGE_LEAD,
  TOO_LONG | TWO_CONTINUATIONS | OVERLONG_2 | OVERLONG_3 | TOO_LARGE,
  TOO_LONG | TWO_CONTINUATIONS | OVERLONG_2 | SURROGATE | TOO_LARGE,
  TOO_LONG | TWO_CONTINUATIONS | OVERLONG_2 | SURROGATE | TOO_LARGE,
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
], 16);

/** The last bytes of a vector that belong to a sequence which goes on behind it are greater than these. */
// prettier-ignore
const LAST_WHOLE: usize = memory.data<u8>([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0xdf, 0xbf,
], 16);

/** From 16 − n on, a mask of the first n bytes. */
// prettier-ignore
const MASKS: usize = memory.data<u64>([
  0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0, 0,
], 16);

/**
 * The vectors of comparisons: as constants they would be made anew, or kept on the stack, for each string.
 */
// prettier-ignore
const BYTES: usize = memory.data<u64>([
  0x0f0f_0f0f_0f0f_0f0f, 0x0f0f_0f0f_0f0f_0f0f,
  0x6060_6060_6060_6060, 0x6060_6060_6060_6060,
  0x7070_7070_7070_7070, 0x7070_7070_7070_7070,
  0x8080_8080_8080_8080, 0x8080_8080_8080_8080,
], 16);

/** How many bytes of the block are whole sequences, if it is well-formed and begins with one. */
// @ts-ignore: decorator
@inline
export function wholeSize(block: v128): usize {
  return <usize>ctz(<u32>i8x16.bitmask(i8x16.gt_u(block, v128.load(LAST_WHOLE))) | 0x10000);
}

/** Whether the first `size` bytes are well-formed UTF-8. */
// @ts-ignore: decorator
@inline
export function isWellFormed(block: v128, size: usize): bool {
  const text = v128.and(block, v128.load(MASKS + 16 - size));
  const none = i64x2.splat(0);
  const low = v128.load(BYTES);
  const first = i8x16.shuffle(none, text, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const second = i8x16.shuffle(none, text, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const third = i8x16.shuffle(none, text, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const errors = v128.and(
    v128.and(
      i8x16.swizzle(v128.load(ERRORS), v128.and(i16x8.shr_u(first, 4), low)),
      i8x16.swizzle(v128.load(ERRORS, 16), v128.and(first, low)),
    ),
    i8x16.swizzle(v128.load(ERRORS, 32), v128.and(i16x8.shr_u(text, 4), low)),
  );
  // Third and fourth bytes have two continuation bytes; others must not.
  const inside = v128.or(
    i8x16.sub_sat_u(second, v128.load(BYTES, 16)),
    i8x16.sub_sat_u(third, v128.load(BYTES, 32)),
  );
  return !v128.any_true(v128.xor(errors, v128.and(inside, v128.load(BYTES, 48))));
}
