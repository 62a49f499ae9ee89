/**
 * The digits of numbers. Divisions are multiplications by reciprocals that are rounded up, which is exact for
 * the numbers that they are used for.
 */

/**
 * By the position of the highest bit of an integer below 10^8: what added to the integer gives its number of
 * digits in the upper half. That is (digits << 32), or, where two numbers of digits are possible, (digits <<
 * 32) − 10^(digits − 1) for the greater one: the difference reaches into the upper half as long as the
 * integer is below that power.
 */
const COUNTS: usize = memory.data<u64>([
  0x1_0000_0000, 0x1_0000_0000, 0x1_0000_0000, 0x1_ffff_fff6, 0x2_0000_0000, 0x2_0000_0000, 0x2_ffff_ff9c,
  0x3_0000_0000, 0x3_0000_0000, 0x3_ffff_fc18, 0x4_0000_0000, 0x4_0000_0000, 0x4_0000_0000, 0x4_ffff_d8f0,
  0x5_0000_0000, 0x5_0000_0000, 0x5_fffe_7960, 0x6_0000_0000, 0x6_0000_0000, 0x6_fff0_bdc0, 0x7_0000_0000,
  0x7_0000_0000, 0x7_0000_0000, 0x7_ff67_6980, 0x8_0000_0000, 0x8_0000_0000, 0x8_0000_0000,
]);

const RECIPROCAL_10000: u64 = 109951163;
const RECIPROCAL_100: u64 = 5243;
const RECIPROCAL_10: u64 = 103;

const DIVIDE_BY_10000: usize = memory.data<u64>([0x068d_b8bb_068d_b8bb, 0]);
const TIMES_10000: usize = memory.data<u64>([10_000, 10_000]);
const DIVIDE_BY_100: usize = memory.data<u64>([0x0000_147b_0000_147b, 0x0000_147b_0000_147b]);
const TIMES_100: usize = memory.data<u64>([0x0000_0064_0000_0064, 0x0000_0064_0000_0064]);
const DIVIDE_BY_10: usize = memory.data<u64>([0x0067_0067_0067_0067, 0x0067_0067_0067_0067]);
/** 10 × 256 − 1: takes the tens off the number and puts them in front of it at once. */
const SPLIT_TENS: usize = memory.data<u64>([0x09ff_09ff_09ff_09ff, 0x09ff_09ff_09ff_09ff]);

/** The number of digits of an integer below 10^8. */
// @ts-ignore: decorator
@inline
export function countDigits(value: u64): usize {
  return <usize>((load<u64>(COUNTS + ((31 - <usize>clz(<u32>value | 1)) << 3)) + value) >> 32);
}

/** The eight digits, with leading zeros, of an integer below 10^8. */
// @ts-ignore: decorator
@inline
export function splitEight(value: u64): u64 {
  const thousands = (value * RECIPROCAL_10000) >> 40;
  const fours = (value << 32) - thousands * ((10_000 << 32) - 1);
  const hundreds = ((fours * RECIPROCAL_100) >> 19) & 0x0000_007f_0000_007f;
  const pairs = (fours << 16) - hundreds * ((100 << 16) - 1);
  const tens = ((pairs * RECIPROCAL_10) >> 10) & 0x000f_000f_000f_000f;
  return (pairs << 8) - tens * ((10 << 8) - 1);
}

/** The four digits, with leading zeros, of an integer below 10^4. */
// @ts-ignore: decorator
@inline
export function splitFour(value: u32): u32 {
  const pairs = (value << 16) - ((value * <u32>RECIPROCAL_100) >> 19) * ((100 << 16) - 1);
  const tens = ((pairs * <u32>RECIPROCAL_10) >> 10) & 0x000f_000f;
  return (pairs << 8) - tens * ((10 << 8) - 1);
}

/** The sixteen digits, with leading zeros, of `high` × 10^8 + `low`; both are below 10^8. */
// @ts-ignore: decorator
@inline
export function splitSixteen(high: u64, low: u64): v128 {
  const both = i64x2.splat(<i64>(high | (low << 32)));
  const thousands = i64x2.shr_u(i64x2.extmul_low_i32x4_u(both, v128.load(DIVIDE_BY_10000)), 40);
  const lowFours = i64x2.sub(
    i64x2.extend_low_i32x4_u(both),
    i32x4.dot_i16x8_s(thousands, v128.load(TIMES_10000)),
  );
  const fours = v128.or(thousands, i64x2.shl(lowFours, 32));
  const hundreds = i32x4.shr_u(i32x4.dot_i16x8_s(fours, v128.load(DIVIDE_BY_100)), 19);
  const lowPairs = i32x4.sub(fours, i32x4.dot_i16x8_s(hundreds, v128.load(TIMES_100)));
  const pairs = v128.or(hundreds, i32x4.shl(lowPairs, 16));
  const tens = i16x8.shr_u(i16x8.mul(pairs, v128.load(DIVIDE_BY_10)), 10);
  return i16x8.sub(i16x8.shl(pairs, 8), i16x8.mul(tens, v128.load(SPLIT_TENS)));
}
