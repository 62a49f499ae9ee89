/** The text of UUIDs: 00112233-4455-6677-8899-aabbccddeeff. */

const HYPHEN: u32 = 0x2d;
const TEXT_SIZE: usize = 36;
const SIZE: usize = 16;

/** Writes the 16 bytes at `p` as 36 characters at `o`, and up to 4 bytes behind them. */
export function writeUuid(p: usize, o: usize): usize {
  const bytes = v128.load(p);
  const digits = i8x16(
    0x30,
    0x31,
    0x32,
    0x33,
    0x34,
    0x35,
    0x36,
    0x37,
    0x38,
    0x39,
    0x61,
    0x62,
    0x63,
    0x64,
    0x65,
    0x66,
  );
  const high = i8x16.swizzle(digits, v128.and(i32x4.shr_u(bytes, 4), i8x16.splat(0x0f)));
  const low = i8x16.swizzle(digits, v128.and(bytes, i8x16.splat(0x0f)));
  const first = i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const last = i8x16.shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  v128.store(o, first);
  // The places of hyphens take any byte here.
  v128.store(o, i8x16.shuffle(first, last, 0, 8, 9, 10, 11, 0, 12, 13, 14, 15, 0, 16, 17, 18, 19, 0), 8);
  v128.store(o, i8x16.shuffle(last, last, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0), 24);
  store<u8>(o, <u8>HYPHEN, 8);
  store<u8>(o, <u8>HYPHEN, 13);
  store<u8>(o, <u8>HYPHEN, 18);
  store<u8>(o, <u8>HYPHEN, 23);
  return o + TEXT_SIZE;
}

/**
 * Decodes the UUID text [p, end), with digits of either case, to the 16 bytes at `o`; returns the position
 * behind them, or 0 when the text is wrong. Reads up to 36 bytes from `p` on.
 */
export function readUuid(p: usize, end: usize, o: usize): usize {
  if (end - p != TEXT_SIZE) return 0;
  const hyphens =
    (<u32>load<u8>(p, 8) ^ HYPHEN) |
    (<u32>load<u8>(p, 13) ^ HYPHEN) |
    (<u32>load<u8>(p, 18) ^ HYPHEN) |
    (<u32>load<u8>(p, 23) ^ HYPHEN);
  if (hyphens != 0) return 0;
  const first = i8x16.shuffle(
    v128.load(p),
    v128.load(p, 2),
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    9,
    10,
    11,
    12,
    14,
    15,
    30,
    31,
  );
  const last = i8x16.shuffle(
    v128.load(p, 19),
    v128.load(p, 20),
    0,
    1,
    2,
    3,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    29,
    30,
    31,
  );
  const firstDigits = i8x16.sub(first, i8x16.splat(0x30));
  const lastDigits = i8x16.sub(last, i8x16.splat(0x30));
  const firstLetters = i8x16.sub(v128.or(first, i8x16.splat(0x20)), i8x16.splat(0x61));
  const lastLetters = i8x16.sub(v128.or(last, i8x16.splat(0x20)), i8x16.splat(0x61));
  const firstIsDigit = i8x16.lt_u(firstDigits, i8x16.splat(10));
  const lastIsDigit = i8x16.lt_u(lastDigits, i8x16.splat(10));
  const isHex = v128.and(
    v128.or(firstIsDigit, i8x16.lt_u(firstLetters, i8x16.splat(6))),
    v128.or(lastIsDigit, i8x16.lt_u(lastLetters, i8x16.splat(6))),
  );
  if (!i8x16.all_true(isHex)) return 0;
  const ten = i8x16.splat(10);
  const firstValues = v128.bitselect(firstDigits, i8x16.add(firstLetters, ten), firstIsDigit);
  const lastValues = v128.bitselect(lastDigits, i8x16.add(lastLetters, ten), lastIsDigit);
  v128.store(o, i8x16.narrow_i16x8_u(joinDigits(firstValues), joinDigits(lastValues)));
  return o + SIZE;
}

/** The bytes that pairs of hexadecimal digits are, one in each lane of 16 bits. */
// @ts-ignore: decorator
@inline
function joinDigits(values: v128): v128 {
  return v128.and(v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8)), i16x8.splat(0xff));
}
