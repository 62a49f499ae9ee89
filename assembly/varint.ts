/**
 * Varints of the compact protocol: seven bits per byte, low ones first, a high bit on all bytes but the last.
 *
 * What is read may lie behind the end of the input, up to ten bytes in its padding: the position behind it
 * then is behind the end too, which the caller finds out where it compares positions.
 */

/** The varint that has been read, without zigzag; `u64.MAX_VALUE` for one that does not fit 64 bits. */
export let varint: u64 = 0;

/** Reads the varint at `p`; returns the position behind it, or 0 when it does not fit 64 bits. */
// @ts-ignore: decorator
@inline
export function readVarint(p: usize): usize {
  const byte = <u64>load<u8>(p);
  if (byte >= 0x80) return readLongVarint(p);
  varint = byte;
  return p + 1;
}

/** Reads one of more than one byte. */
function readLongVarint(p: usize): usize {
  const word = load<u64>(p);
  // The high bits of the bytes that may be the last one.
  const ends = ~word & 0x8080_8080_8080_8080;
  if (ends != 0) {
    // Everything up to the last byte's high bit.
    varint = joinSevens(word & (ends ^ (ends - 1)));
    return p + 1 + <usize>(ctz(ends) >> 3);
  }
  const ninth = <u64>load<u8>(p, 8);
  const value = joinSevens(word) | ((ninth & 0x7f) << 56);
  if (ninth < 0x80) {
    varint = value;
    return p + 9;
  }
  // The tenth byte holds bit 63 alone.
  const tenth = <u64>load<u8>(p, 9);
  varint = tenth > 1 ? u64.MAX_VALUE : value | (tenth << 63);
  return tenth > 1 ? 0 : p + 10;
}

/** Puts the lower seven bits of eight bytes side by side. */
// @ts-ignore: decorator
@inline
function joinSevens(word: u64): u64 {
  word = (word & 0x007f_007f_007f_007f) | ((word & 0x7f00_7f00_7f00_7f00) >> 1);
  word = (word & 0x0000_3fff_0000_3fff) | ((word & 0x3fff_0000_3fff_0000) >> 2);
  return (word & 0x0fff_ffff) | ((word & 0x0fff_ffff_0000_0000) >> 4);
}

/** The zigzag-mapped integer that has been read. */
// @ts-ignore: decorator
@inline
export function zigzag(): i64 {
  return <i64>(varint >> 1) ^ -(<i64>(varint & 1));
}
