/** The upper half of a product of 128 bits. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffff_ffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffff_ffff;
  const bHigh = b >> 32;
  const lowHigh = aLow * bHigh;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32) + (lowHigh & 0xffff_ffff);
  return aHigh * bHigh + (lowHigh >> 32) + (middle >> 32);
}
