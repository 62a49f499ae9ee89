/**
 * Powers of ten as doubles, and as pairs of doubles where one is not exact enough.
 */

/** 10^0 … 10^22: the powers of ten that a double holds exactly. */
export const POWERS: Float64Array = Float64Array.of(
  1,
  1e1,
  1e2,
  1e3,
  1e4,
  1e5,
  1e6,
  1e7,
  1e8,
  1e9,
  1e10,
  1e11,
  1e12,
  1e13,
  1e14,
  1e15,
  1e16,
  1e17,
  1e18,
  1e19,
  1e20,
  1e21,
  1e22,
);

/** The range of exponents that have a pair. */
export const LEAST_WIDE_POWER = -292;
export const MOST_WIDE_POWER = 308;

/**
 * The double nearest to a power of ten, and the double nearest to what that one lacks, by exponent −
 * `LEAST_WIDE_POWER`: together 106 bits, and 104 at the lower end, where the second is subnormal. 0 until
 * `fillPower` has been called.
 */
export const POWER_HIGH: Float64Array = new Float64Array(MOST_WIDE_POWER - LEAST_WIDE_POWER + 1);
export const POWER_LOW: Float64Array = new Float64Array(MOST_WIDE_POWER - LEAST_WIDE_POWER + 1);

const LACK_BITS = 80n;

/** Computes a power of ten when it is first asked for: a table of all would cost a millisecond at start-up. */
export function fillPower(exponent: number): void {
  const index = exponent - LEAST_WIDE_POWER;
  const high = Number(`1e${exponent}`);
  POWER_HIGH[index] = high;
  if (exponent >= 0) {
    POWER_LOW[index] = Number(10n ** BigInt(exponent) - BigInt(high));
    return;
  }
  // high = bits × 2^-shift; 10^exponent − high = (2^shift − bits × 10^-exponent) / (10^-exponent × 2^shift)
  let shift = 0n;
  let bits = high;
  while (!Number.isInteger(bits)) {
    bits *= 2;
    shift++;
  }
  const divisor = 10n ** BigInt(-exponent);
  const lack = (1n << shift) - BigInt(bits) * divisor;
  // The lack is at most half of the last bit: so many bits of it are more than a double holds.
  const quotient = Number((lack << LACK_BITS) / divisor);
  POWER_LOW[index] = quotient * 2 ** -Number(LACK_BITS) * 2 ** -Number(shift);
}

/** Splits a double into two halves of at most 26 bits, so that products of halves are exact (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

/** What `product` = a × b, rounded, lacks of the exact product (Dekker). */
export function twoProductError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
