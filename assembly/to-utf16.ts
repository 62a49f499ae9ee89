import { RULE_UTF8_TRUST } from "./program";
import { sequenceEnd } from "./utf8";
import { illFormedSize, utf8Rule } from "./write-text";

const BLOCK: usize = 16;
const REPLACEMENT: u16 = 0xfffd;

/** In a little-endian word: the lead bits of a sequence of three bytes, and which bits these are. */
const THREE_BYTES_MASK: u32 = 0x00c0c0f0;
const THREE_BYTES: u32 = 0x008080e0;

/**
 * Transcodes output of `thriftToJson` to UTF-16 in little-endian order at `o`, and up to 32 bytes behind it.
 * Returns the position behind the text. Every ill-formed part, which only `RULE_UTF8_TRUST` lets in, becomes
 * U+FFFD.
 */
export function toUtf16(p: usize, end: usize, o: usize): usize {
  while (p < end) {
    const block = v128.load(p);
    v128.store(o, i16x8.extend_low_i8x16_u(block));
    v128.store(o, i16x8.extend_high_i8x16_u(block), BLOCK);
    const high = <u32>i8x16.bitmask(block);
    if (high == 0) {
      p += BLOCK;
      o += 2 * BLOCK;
      continue;
    }
    const plain = <usize>ctz(high);
    p += plain;
    o += plain << 1;
    // Other than ASCII comes in runs.
    let word = load<u32>(p);
    while ((word & 0x80) != 0 && p < end) {
      if (utf8Rule == RULE_UTF8_TRUST && sequenceEnd(p, end) == 0) {
        store<u16>(o, REPLACEMENT);
        o += 2;
        p += illFormedSize(p, end);
      } else if ((word & THREE_BYTES_MASK) == THREE_BYTES) {
        store<u16>(o, <u16>((word << 12) | ((word >> 2) & 0x0fc0) | ((word >> 16) & 0x3f)));
        o += 2;
        p += 3;
      } else if ((word & 0x20) == 0) {
        store<u16>(o, <u16>(((word & 0x1f) << 6) | ((word >> 8) & 0x3f)));
        o += 2;
        p += 2;
      } else {
        const point =
          ((word & 0x07) << 18) | ((word << 4) & 0x03_f000) | ((word >> 10) & 0x0fc0) | ((word >> 24) & 0x3f);
        store<u16>(o, <u16>(0xd7c0 + (point >> 10)));
        store<u16>(o, <u16>(0xdc00 | (point & 0x3ff)), 2);
        o += 4;
        p += 4;
      }
      word = load<u32>(p);
    }
  }
  return o - ((p - end) << 1);
}
