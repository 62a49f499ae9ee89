/**
 * Constants of scans that look at four bytes of text at a time, as little-endian words.
 *
 * `(x − ONES) & ~x & HIGH_BITS` marks the zero bytes of a word; `x ^ QUOTES` has them where quotes are. Borrows
 * only disturb bytes above the lowest one that is found.
 */
export const QUOTES = 0x22222222;
export const BACKSLASHES = 0x5c5c5c5c;
export const SPACES = 0x20202020;
export const ONES = 0x01010101;
export const HIGH_BITS: number = 0x80808080 | 0;

/** Words that start with a UTF-8 sequence of three bytes, `1110xxxx 10xxxxxx 10xxxxxx`. */
export const THREE_BYTES_MASK = 0xc0c0f0;
export const THREE_BYTES = 0x8080e0;
/** Bits of such a word that tell overlong forms (E0 80 … E0 9F) and surrogates (ED A0 … ED BF) apart. */
export const RANGE_MASK = 0x200f;
export const OVERLONG = 0;
export const SURROGATE = 0x200d;
