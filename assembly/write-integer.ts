import { MINUS } from "./characters";
import { toText, ZEROS } from "./digits";
import { countDigits, splitEight, splitFour, splitSixteen } from "./split-digits";

const HUNDRED_MILLION: u64 = 100_000_000;

/** Read from its place n on: the order that takes the first n of 16 bytes off. */
const SKIP: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255,
]);

/** Writes an integer below 10^8 at `o`, 8 bytes; returns the position behind its digits. */
// @ts-ignore: decorator
@inline
export function writeSmall(value: u64, o: usize): usize {
  const count = countDigits(value);
  store<u64>(o, (splitEight(value) | ZEROS) >> (64 - ((<u64>count) << 3)));
  return o + count;
}

/** Writes an integer from 1 to 9999 at `o`, 4 bytes; returns the position behind its digits. */
// @ts-ignore: decorator
@inline
function writeFew(value: u32, o: usize): usize {
  const digits = splitFour(value);
  const bits = ctz(digits) & 0x18;
  store<u32>(o, (digits | <u32>ZEROS) >> bits);
  return o + 4 - (bits >> 3);
}

// @ts-ignore: decorator
@inline
function writeSize(value: u64, o: usize): usize {
  if (value < HUNDRED_MILLION) return writeSmall(value, o);
  const high = value / HUNDRED_MILLION;
  const low = value - high * HUNDRED_MILLION;
  if (high < HUNDRED_MILLION) {
    const count = countDigits(high);
    v128.store(o, i8x16.swizzle(toText(splitSixteen(high, low)), v128.load(SKIP + 8 - count)));
    return o + count + 8;
  }
  const top = high / HUNDRED_MILLION;
  o = writeFew(<u32>top, o);
  v128.store(o, toText(splitSixteen(high - top * HUNDRED_MILLION, low)));
  return o + 16;
}

/**
 * Writes the decimal text of `value` at `o`, and up to 15 bytes behind it; returns the position behind the
 * text.
 */
export function writeUnsigned(value: u64, o: usize): usize {
  return writeSize(value, o);
}

/**
 * Writes the decimal text of `value` at `o`, and up to 15 bytes behind it; returns the position behind the
 * text.
 */
export function writeInt32(value: i32, o: usize): usize {
  store<u8>(o, <u8>MINUS);
  const negative = <u32>value >> 31;
  const size = <u64>((<u32>value ^ (0 - negative)) + negative);
  o += <usize>negative;
  if (size < HUNDRED_MILLION) return writeSmall(size, o);
  const high = size / HUNDRED_MILLION;
  o = writeFew(<u32>high, o);
  store<u64>(o, splitEight(size - high * HUNDRED_MILLION) | ZEROS);
  return o + 8;
}

/**
 * Writes the decimal text of `value` at `o`, and up to 15 bytes behind it; returns the position behind the
 * text.
 */
export function writeInt64(value: i64, o: usize): usize {
  store<u8>(o, <u8>MINUS);
  const negative = <u64>value >> 63;
  return writeSize((<u64>value ^ (0 - negative)) + negative, o + <usize>negative);
}
