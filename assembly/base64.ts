/**
 * Base64 of RFC 4648 §4: the standard alphabet, padded. Twelve bytes and sixteen characters at a time.
 * Source: W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions".
 *
 * Constants are loaded from memory, once in each call: V8 would build each of them with four instructions.
 */

import { QUOTE } from "./characters";

const PAD: u32 = 0x3d;
const TWO_PADS: u32 = 0x3d3d;

/** Bytes that become a vector of characters. */
const BYTES: usize = 12;
const CHARACTERS: usize = 16;

/**
 * The order in which bytes become numbers of 24 bits in lanes of 32 bits, where the first byte is the
 * highest.
 */
const TO_GROUPS: usize = memory.data<u8>([2, 1, 0, 255, 5, 4, 3, 255, 8, 7, 6, 255, 11, 10, 9, 255]);
const FROM_GROUPS: usize = memory.data<u8>([2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255]);

/** What makes six bits a character, by its kind: lower case, ten digits, `+`, `/`, upper case. */
const TO_CHARACTER: usize = memory.data<i8>([71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0]);
/** What makes a character six bits, by its upper half; for `/`, by one less. */
const FROM_CHARACTER: usize = memory.data<i8>([0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0]);

/**
 * What the upper half and the lower half of a character stand for have a bit in common if it is a stranger.
 */
const BY_UPPER: usize = memory.data<u8>([
  0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
]);
const BY_LOWER: usize = memory.data<u8>([
  0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
]);

/** Read from its place 16 − n on: sets all bits of the first n bytes, none of the others. */
const FIRST_BYTES: usize = memory.data<u64>([0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0, 0]);
const NOTHING: usize = FIRST_BYTES + 16;

const UPPER_CASE_END: usize = memory.data<u64>([0x1a1a_1a1a_1a1a_1a1a, 0x1a1a_1a1a_1a1a_1a1a]);
const LOWER_CASE_END: usize = memory.data<u64>([0x3333_3333_3333_3333, 0x3333_3333_3333_3333]);
const UPPER_CASE_KIND: usize = memory.data<u64>([0x0d0d_0d0d_0d0d_0d0d, 0x0d0d_0d0d_0d0d_0d0d]);
const SLASHES: usize = memory.data<u64>([0x2f2f_2f2f_2f2f_2f2f, 0x2f2f_2f2f_2f2f_2f2f]);
const LOWER_HALVES: usize = memory.data<u64>([0x0f0f_0f0f_0f0f_0f0f, 0x0f0f_0f0f_0f0f_0f0f]);
const SIX_BITS: usize = memory.data<u64>([0x003f_003f_003f_003f, 0x003f_003f_003f_003f]);
const TWELVE_BITS: usize = memory.data<u64>([0x0000_0fff_0000_0fff, 0x0000_0fff_0000_0fff]);
/** Pairs of factors that join two numbers of twelve bits. */
const JOIN: usize = memory.data<u64>([0x0001_1000_0001_1000, 0x0001_1000_0001_1000]);

/**
 * The position behind the padding where `decodeText` has stopped; of the quote, after `readBase64ToQuote`.
 */
export let base64End: usize = 0;
/** Whether a quote stands there. */
let isQuoted: bool = false;

/**
 * Writes [p, end) as base64 at `o`, and up to 16 bytes behind it; returns the position behind the text. Reads
 * up to 16 bytes behind `end`.
 */
export function writeBase64(p: usize, end: usize, o: usize): usize {
  const toGroups = v128.load(TO_GROUPS);
  const twelveBits = v128.load(TWELVE_BITS);
  const sixBits = v128.load(SIX_BITS);
  const lowerCaseEnd = v128.load(LOWER_CASE_END);
  const upperCaseEnd = v128.load(UPPER_CASE_END);
  const upperCaseKind = v128.load(UPPER_CASE_KIND);
  const toCharacter = v128.load(TO_CHARACTER);
  for (;;) {
    const left = end - p;
    let bytes = v128.load(p);
    if (left < BYTES) bytes = v128.and(bytes, v128.load(FIRST_BYTES + 16 - left));
    const groups = i8x16.swizzle(bytes, toGroups);
    const halves = v128.or(i32x4.shr_u(groups, 12), i32x4.shl(v128.and(groups, twelveBits), 16));
    const values = v128.or(i16x8.shr_u(halves, 6), i16x8.shl(v128.and(halves, sixBits), 8));
    const kinds = v128.or(
      i8x16.sub_sat_u(values, lowerCaseEnd),
      v128.and(i8x16.lt_s(values, upperCaseEnd), upperCaseKind),
    );
    v128.store(o, i8x16.add(values, i8x16.swizzle(toCharacter, kinds)));
    if (left < BYTES) return padText(left, o);
    p += BYTES;
    o += CHARACTERS;
  }
  return o;
}

/** Pads the text at `o` of the last `size` bytes; returns the position behind it. */
// @ts-ignore: decorator
@inline
function padText(size: usize, o: usize): usize {
  // A third, rounded down; the size is below 12.
  const whole = (size * 11) >> 5;
  const rest = size - whole * 3;
  o += whole << 2;
  if (rest == 0) return o;
  if (rest == 1) store<u16>(o, <u16>TWO_PADS, 2);
  else store<u8>(o, <u8>PAD, 3);
  return o + 4;
}

/**
 * Decodes the base64 text from `p` on, which ends by `stop` or in front of what is no base64, to `o`, and up
 * to 16 bytes behind it. Leaves the position behind the text, padding included, in `base64End`, and returns
 * the one behind the bytes; 0 when padding is missing or the encoding is not the canonical one: the unused
 * bits in front of the padding are zero.
 */
function decodeText(p: usize, stop: usize, o: usize): usize {
  const lowerHalves = v128.load(LOWER_HALVES);
  const byUpper = v128.load(BY_UPPER);
  const byLower = v128.load(BY_LOWER);
  const slashes = v128.load(SLASHES);
  const fromCharacter = v128.load(FROM_CHARACTER);
  const sixBits = v128.load(SIX_BITS);
  const join = v128.load(JOIN);
  const fromGroups = v128.load(FROM_GROUPS);
  for (;;) {
    const text = v128.load(p);
    const upper = v128.and(i32x4.shr_u(text, 4), lowerHalves);
    const strangers = v128.and(
      i8x16.swizzle(byUpper, upper),
      i8x16.swizzle(byLower, v128.and(text, lowerHalves)),
    );
    const values = i8x16.add(text, i8x16.swizzle(fromCharacter, i8x16.add(upper, i8x16.eq(text, slashes))));
    const halves = v128.or(
      i16x8.shl(v128.and(values, sixBits), 6),
      v128.and(i16x8.shr_u(values, 8), sixBits),
    );
    const bytes = i8x16.swizzle(i32x4.dot_i16x8_s(halves, join), fromGroups);
    const left = stop - p;
    if (v128.any_true(strangers) || left <= CHARACTERS) {
      const known = <usize>ctz(~i8x16.bitmask(i8x16.eq(strangers, v128.load(NOTHING))));
      return writeLast(bytes, min(known, left), p, o);
    }
    v128.store(o, bytes);
    p += CHARACTERS;
    o += BYTES;
  }
  return 0;
}

/** Writes what the last `count` characters, at `p`, stand for, and checks the padding behind them. */
// @ts-ignore: decorator
@inline
function writeLast(bytes: v128, count: usize, p: usize, o: usize): usize {
  const rest = count & 3;
  // What is read here may be overwritten below.
  const group = load<u32>(p + count - rest);
  base64End = p + count + ((0 - count) & 3);
  isQuoted = <u32>load<u8>(base64End) == QUOTE;
  v128.store(o, bytes);
  const end = o + (count >> 2) * 3;
  if (rest == 0) return end;
  if (rest == 2) return group >> 16 == TWO_PADS && (<u32>load<u8>(end, 1) & 0xf0) == 0 ? end + 1 : 0;
  return rest == 3 && group >> 24 == PAD && (<u32>load<u8>(end, 2) & 0xc0) == 0 ? end + 2 : 0;
}

/**
 * Decodes the base64 text [p, end) to `o`, and up to 16 bytes behind it; returns the position behind the
 * bytes, or 0 when it is not padded, canonical base64. Reads up to 16 bytes behind `end`. `o` may be `p`, or
 * in front of it.
 */
export function readBase64(p: usize, end: usize, o: usize): usize {
  const behind = decodeText(p, end, o);
  return base64End == end ? behind : 0;
}

/**
 * Decodes the base64 text that a quote ends, from `p` on, to `o`, and up to 16 bytes behind it. Leaves the
 * position of the quote in `base64End` and returns the position behind the bytes; 0 when anything but padded,
 * canonical base64 stands in front of the quote, such as a JSON escape. Reads up to 16 bytes behind the
 * quote.
 */
export function readBase64ToQuote(p: usize, o: usize): usize {
  const behind = decodeText(p, usize.MAX_VALUE, o);
  return isQuoted ? behind : 0;
}
