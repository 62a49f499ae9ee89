import { BACKSLASH, QUOTE, SMALL_U, SPACE } from "./characters";
import { sequenceEnd } from "./utf8";

/**
 * The content of JSON strings. The byte 0 behind the input is a control character, at which every scan fails: none
 * asks for the end of the input.
 */

/** Behind the closing quote of the string that has been read. */
export let textEnd: usize = 0;
/** Whether the string that has been passed over has an escape. */
export let hasEscape: bool = false;

/** A sequence of three bytes in a little-endian word, and what it has none of: overlong forms and surrogates. */
const THREE_BYTES_MASK: u32 = 0x00c0c0f0;
const THREE_BYTES: u32 = 0x008080e0;
const RANGE_MASK: u32 = 0x0000200f;
const OVERLONG: u32 = 0x00000000;
const SURROGATE: u32 = 0x0000200d;

/** What stands for the character behind a backslash; 0 where none may stand. `u` is apart. */
// prettier-ignore
const ESCAPES: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5c, 0, 0, 0,
  0, 0, 0x08, 0, 0, 0, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0, 0, 0, 0x0d, 0, 0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** One bit for each byte that is more than copied: controls, a quote, a backslash, and bytes of other than ASCII. */
// @ts-ignore: decorator
@inline
function specialBytes(block: v128): u32 {
  return <u32>(
    i8x16.bitmask(
      v128.or(
        i8x16.lt_s(block, i8x16.splat(0x20)),
        v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
      ),
    )
  );
}

/** Copies 32 bytes; one bit for each of them that is special. */
// @ts-ignore: decorator
@inline
export function copyBlocks(p: usize, o: usize): u32 {
  const first = v128.load(p);
  const second = v128.load(p, 16);
  v128.store(o, first);
  v128.store(o, second, 16);
  return specialBytes(first) | (specialBytes(second) << 16);
}

/**
 * Writes the content of the string whose first byte behind the quote is at `p`, unescaped, to `o`. Returns the
 * position behind what is written, and leaves `textEnd`; 0 for a string that is wrong. With `trust`, bytes of other
 * than ASCII are copied as they are.
 */
export function readText(p: usize, o: usize, trust: bool): usize {
  while (true) {
    let special = copyBlocks(p, o);
    while (special == 0) {
      p += 32;
      o += 32;
      special = copyBlocks(p, o);
    }
    const plain = <usize>ctz(special);
    p += plain;
    o += plain;

    // Special bytes come in runs.
    let c = <u32>load<u8>(p);
    while (true) {
      if (c >= 0x80) {
        const word = load<u32>(p);
        if ((word & THREE_BYTES_MASK) == THREE_BYTES) {
          const range = word & RANGE_MASK;
          if (range != OVERLONG && range != SURROGATE) {
            store<u32>(o, word);
            p += 3;
            o += 3;
            c = <u32>load<u8>(p);
            continue;
          }
        }
        const next = trust ? p + 1 : sequenceEnd(p, p + 4);
        if (next == 0) return 0;
        store<u32>(o, word);
        o += next - p;
        p = next;
      } else if (c == QUOTE) {
        textEnd = p + 1;
        return o;
      } else if (c == BACKSLASH) {
        const letter = <u32>load<u8>(p, 1);
        const value = load<u8>(ESCAPES + letter);
        if (value != 0) {
          store<u8>(o, value);
          o++;
          p += 2;
        } else {
          if (letter != SMALL_U) return 0;
          // Most of them are control characters, in two digits behind two zeros.
          const low = hexPair(p + 4);
          if (load<u16>(p, 2) == TWO_ZEROS && low < 0x80) {
            store<u8>(o, <u8>low);
            o++;
            p += 6;
          } else {
            o = readUnicodeEscape(p, o);
            if (o == 0) return 0;
            p = textEnd;
          }
        }
      } else if (c < SPACE) {
        return 0;
      } else {
        // A single plain character between others, such as punctuation, is not worth a new start.
        store<u8>(o, <u8>c);
        o++;
        p++;
        c = <u32>load<u8>(p);
        if (c >= SPACE && c < 0x80 && c != QUOTE && c != BACKSLASH) break;
        continue;
      }
      c = <u32>load<u8>(p);
    }
  }
}

/** Writes the character of the `\uXXXX` at `p`, or of a pair of them, as UTF-8; leaves its end in `textEnd`. */
function readUnicodeEscape(p: usize, o: usize): usize {
  let point = hexOf(p + 2);
  if (point < 0) return 0;
  p += 6;
  if (point >= 0xd800 && point < 0xe000) {
    if (point >= 0xdc00 || load<u16>(p) != 0x755c) return 0;
    const low = hexOf(p + 2);
    if (low < 0xdc00 || low >= 0xe000) return 0;
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    p += 6;
  }
  textEnd = p;
  if (point < 0x80) {
    store<u8>(o, <u8>point);
    return o + 1;
  }
  if (point < 0x800) {
    store<u16>(o, <u16>(0x80c0 | (point >> 6) | ((point & 0x3f) << 8)));
    return o + 2;
  }
  if (point < 0x10000) {
    store<u32>(o, 0x8080e0 | (point >> 12) | (((point >> 6) & 0x3f) << 8) | ((point & 0x3f) << 16));
    return o + 3;
  }
  store<u32>(
    o,
    0x808080f0 | (point >> 18) | (((point >> 12) & 0x3f) << 8) | (((point >> 6) & 0x3f) << 16) | ((point & 0x3f) << 24),
  );
  return o + 4;
}

const TWO_ZEROS: u16 = 0x3030;

/** Values of hexadecimal digits; all bits for other characters. */
// prettier-ignore
const HEX_DIGITS: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
  255, 10, 11, 12, 13, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 10, 11, 12, 13, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]);

/** The value of the two hexadecimal digits at `p`; 0x100 or more when they are none. */
// @ts-ignore: decorator
@inline
function hexPair(p: usize): u32 {
  const high = <u32>load<u8>(HEX_DIGITS + <usize>load<u8>(p));
  const low = <u32>load<u8>(HEX_DIGITS + <usize>load<u8>(p, 1));
  return (high << 4) | low | ((low & 0xf0) << 4);
}

/** The value of the four hexadecimal digits at `p`; negative when they are none. */
function hexOf(p: usize): i32 {
  const high = hexPair(p);
  const low = hexPair(p + 2);
  return (high | low) > 0xff ? -1 : <i32>((high << 8) | low);
}

/**
 * Checks the content of a string like `readText`, without writing it. Returns the position of the closing quote, or
 * 0; leaves `hasEscape`.
 */
export function skipText(p: usize, trust: bool): usize {
  hasEscape = false;
  while (true) {
    const special = specialBytes(v128.load(p));
    if (special == 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz(special);
    const c = <u32>load<u8>(p);
    if (c == QUOTE) return p;
    if (c >= 0x80) {
      do {
        p = trust ? p + 1 : sequenceEnd(p, p + 4);
        if (p == 0) return 0;
      } while (load<u8>(p) >= 0x80);
    } else if (c == BACKSLASH) {
      hasEscape = true;
      const letter = <u32>load<u8>(p, 1);
      if (load<u8>(ESCAPES + letter) != 0) {
        p += 2;
      } else {
        if (letter != SMALL_U || readUnicodeEscape(p, UNUSED) == 0) return 0;
        p = textEnd;
      }
    } else {
      return 0;
    }
  }
}

/** Where the character of an escape goes that nobody needs. */
const UNUSED: usize = memory.data(8);
