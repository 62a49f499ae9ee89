/**
 * Scans that look at four bytes of text at a time, as little-endian words.
 */

export const HIGH_BITS: number = 0x80808080 | 0;

export const ONES = 0x01010101;
export const BACKSLASHES = 0x5c5c5c5c;
/** Exclusive-or with this makes a quote 0x20 and permutes the control characters: all are below 0x21 then. */
export const QUOTE_TO_SPACE = 0x02020202;
export const BEHIND_SPACE = 0x21212121;

/**
 * Zero when none of the four bytes is a quote, a backslash, a control or a non-ASCII byte. Otherwise the lowest
 * bit that is set is the high bit of the first of these.
 *
 * A subtraction per byte sets the high bit of bytes that are too small. It may borrow from the byte above, and
 * non-ASCII bytes have the bit anyway: neither disturbs anything below the first byte that is found.
 */
export function specialBytes(word: number): number {
  return (((word ^ QUOTE_TO_SPACE) - BEHIND_SPACE) | ((word ^ BACKSLASHES) - ONES) | word) & HIGH_BITS;
}

/** Words that start with a UTF-8 sequence of three bytes, `1110xxxx 10xxxxxx 10xxxxxx`. */
export const THREE_BYTES_MASK = 0xc0c0f0;
export const THREE_BYTES = 0x8080e0;
/** Bits of such a word that tell overlong forms (E0 80 … E0 9F) and surrogates (ED A0 … ED BF) apart. */
export const RANGE_MASK = 0x200f;
export const OVERLONG = 0;
export const SURROGATE = 0x200d;

/** Words that start with a UTF-8 sequence of two bytes, `110xxxxx 10xxxxxx`. */
export const TWO_BYTES_MASK = 0xc0e0;
export const TWO_BYTES = 0x80c0;
/** Bits of such a word that are zero in overlong forms (C0, C1). */
export const TWO_BYTES_RANGE = 0x1e;
