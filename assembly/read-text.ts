import { BACKSLASH, QUOTE, SMALL_U, SPACE } from "./characters";
import { isWellFormed, wholeSize } from "./check-utf8";
import { sequenceEnd } from "./utf8";

/**
 * The content of JSON strings. The byte 0 behind the input is a control character, at which every scan fails: none
 * asks for the end of the input.
 */

/** Behind the closing quote of the string that has been read. */
export let textEnd: usize = 0;
/** Whether the string that has been passed over has an escape. */
export let hasEscape: bool = false;

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
    p += <usize>ctz(special);
    o += <usize>ctz(special);
    let c = <u32>load<u8>(p);
    // Text that has something special mostly has more of it.
    while (true) {
      if (c >= 0x80) {
        // Up to the first byte that ends the string or is escaped, or to the last whole character.
        const block = v128.load(p);
        v128.store(o, block);
        let size = <usize>ctz(endingBytes(block) | 0x10000);
        if (size == 16) size = wholeSize(block);
        if (!trust && !isWellFormed(block, size)) return 0;
        p += size;
        o += size;
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
        break;
      }
      c = <u32>load<u8>(p);
    }
  }
}

/** One bit for each byte that is a control character, a quote or a backslash. */
// @ts-ignore: decorator
@inline
function endingBytes(block: v128): u32 {
  return <u32>(
    i8x16.bitmask(
      v128.or(
        i8x16.lt_u(block, i8x16.splat(0x20)),
        v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
      ),
    )
  );
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
