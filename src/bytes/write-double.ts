import { writeNineDigits, writeSafeInteger } from "./int64.ts";
import { POWERS, twoProductError } from "./powers-of-ten.ts";

/** The most bytes that the text of a finite double takes: `-0.0000012345678901234567`. */
export const MAX_DOUBLE_TEXT_SIZE = 25;

const TWO_53 = 9007199254740992;
const BILLION = 1e9;

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** Numbers with up to so many decimals are most of what people write: amounts, and degrees. */
const THOUSANDTHS = 3;
const SOME_DECIMALS = 7;

/** So many thousandths are written with the arithmetic of 32-bit integers. */
const MOST_SMALL = 0x7fff_ffff;

/** Numbers below are written with an exponent. */
export const LEAST_PLAIN = 1e-6;
/** From here on a double has fewer than two digits behind the point. */
export const MOST_PLAIN = 1e15;

/**
 * Writes the shortest decimal text that reads back as `value` to `bytes` from `at` on, formatted as
 * ECMAScript's `String(value)` but with `-0` as `-0`. Returns the position behind it. `value` must be finite;
 * the caller has made room for `MAX_DOUBLE_TEXT_SIZE` bytes.
 */
export function writeDoubleText(value: number, bytes: Uint8Array, at: number): number {
  let pos = at;
  let size = value;
  if (value < 0 || (value === 0 && 1 / value < 0)) {
    bytes[pos++] = MINUS;
    size = -value;
  }
  if (size < TWO_53 && Math.floor(size) === size) return writeSafeInteger(size, bytes, pos);
  if (size < MOST_PLAIN && size >= LEAST_PLAIN) {
    const thousandths = digitsOf(size, THOUSANDTHS);
    if (thousandths >= 0 && thousandths <= MOST_SMALL) return writeThousandths(thousandths | 0, bytes, pos);
    const decimals = thousandths >= 0 ? THOUSANDTHS : SOME_DECIMALS;
    const digits = thousandths >= 0 ? thousandths : digitsOf(size, decimals);
    if (digits >= 0) {
      const zeros = countTrailingZeros(digits);
      return writeDecimal(size, digits / POWERS[zeros]!, decimals - zeros, bytes, pos);
    }
    const behind = writeShortest(size, bytes, pos);
    if (behind > 0) return behind;
  }
  const text = String(size);
  for (let i = 0; i < text.length; i++) bytes[pos++] = text.charCodeAt(i);
  return pos;
}

/** A product of two doubles is wrong by half a unit of its last bit. */
const CLOSE = 2 ** -52;

/**
 * The integer of at most 15 digits that gives `size` when divided by `10^decimals`, or −1 without any. It is a
 * decimal that rounds to `size`, and no other decimal of at most 15 digits does: with trailing zeros removed it is
 * the shortest.
 */
function digitsOf(size: number, decimals: number): number {
  const power = POWERS[decimals]!;
  const scaled = size * power;
  const digits = Math.floor(scaled + 0.5);
  // The division decides; a product far from any integer saves it.
  if (Math.abs(scaled - digits) > scaled * CLOSE) return -1;
  return digits < 1e15 && digits / power === size ? digits : -1;
}

/** Writes a number of thousandths that is no integer. */
function writeThousandths(thousandths: number, bytes: Uint8Array, at: number): number {
  const whole = (thousandths / 1000) | 0;
  const fraction = thousandths - whole * 1000;
  const tenths = (fraction / 100) | 0;
  const rest = fraction - tenths * 100;
  const hundredths = (rest / 10) | 0;
  const last = rest - hundredths * 10;
  const pos = writeSafeInteger(whole, bytes, at);
  bytes[pos] = POINT;
  bytes[pos + 1] = ZERO + tenths;
  bytes[pos + 2] = ZERO + hundredths;
  bytes[pos + 3] = ZERO + last;
  if (rest === 0) return pos + 2;
  return last === 0 ? pos + 3 : pos + 4;
}

/** How many zeros the decimal digits of an integer in 1 … 10^15 end with. */
function countTrailingZeros(digits: number): number {
  // In two halves that are 32-bit integers: the remainder of doubles is a call of 20 ns.
  const high = Math.floor(digits / 1e8);
  const low = digits - high * 1e8;
  let rest = (low === 0 ? high : low) | 0;
  let zeros = low === 0 ? 8 : 0;
  for (let shorter = (rest / 10) | 0; shorter * 10 === rest; shorter = (rest / 10) | 0) {
    rest = shorter;
    zeros++;
  }
  return zeros;
}

/** Writes `size`, which is no integer, as `digits / 10^decimals`. */
function writeDecimal(size: number, digits: number, decimals: number, bytes: Uint8Array, at: number): number {
  // The decimal and the double are nearer to each other than to any integer.
  const whole = Math.floor(size);
  let pos = writeSafeInteger(whole, bytes, at);
  bytes[pos++] = POINT;
  const fraction = digits - whole * POWERS[decimals]!;
  for (let places = decimals - 1; places > 0 && fraction < POWERS[places]!; places--) bytes[pos++] = ZERO;
  return writeSafeInteger(fraction, bytes, pos);
}

/** Of a number in `writeShortest`, when it is scaled: 16 decide less, 18 are more than enough. */
const SCALED_DIGITS = 17;

/** A double and this much of it, added, round to the next double (S. M. Rump). */
const NEXT = 2 ** -53 * (1 + 2 ** -52);

/**
 * What the distances in `writeShortest` can be wrong by, with room to spare: they are between numbers below 10^9,
 * in doubles of 53 bits.
 */
const DISTANCE_ERROR = 1e-6;

/**
 * Writes the shortest decimal that reads back as `size`, the nearest to it where there are several. Returns the
 * position behind it, or 0 when doubles cannot decide: about one number in a million, and powers of two, whose
 * neighbours are not equally far away. `size` is in `LEAST_PLAIN` … `MOST_PLAIN`.
 *
 * `size` is scaled, exactly, to an integer of 17 digits and a fraction. What reads back as `size` lies at most half a
 * unit of its last bit away, scaled 0.55 to 11.1: the shortest of these decimals ends with two zeros or more, or with
 * one, or is the nearest integer.
 */
function writeShortest(size: number, bytes: Uint8Array, at: number): number {
  const next = size * NEXT;
  const unit = size + next - size;
  if (size - (size - next) !== unit) return 0;
  // Digits in front of the point; minus zeros behind it.
  let point = 0;
  if (size >= 1) while (size >= POWERS[point]!) point++;
  else while (size * POWERS[1 - point]! < 1) point--;
  const scale = SCALED_DIGITS - point;
  const power = POWERS[scale]!;
  const reach = (unit / 2) * power;

  // The scaled number is first × 10^9 + last; `last` has the fraction.
  const scaled = size * power;
  let first = Math.floor(scaled / BILLION);
  let last = scaled - first * BILLION + twoProductError(size, power, scaled);
  if (last < 0) {
    first--;
    last += BILLION;
  }

  let digits = Math.floor(last * 0.01 + 0.5) * 100;
  let distance = Math.abs(digits - last);
  if (distance > reach - DISTANCE_ERROR) {
    if (distance < reach + DISTANCE_ERROR) return 0;
    digits = Math.floor(last * 0.1 + 0.5) * 10;
    distance = Math.abs(digits - last);
    if (distance > reach - DISTANCE_ERROR) {
      if (distance < reach + DISTANCE_ERROR) return 0;
      digits = Math.floor(last + 0.5);
      distance = Math.abs(digits - last);
      if (distance > 0.5 - DISTANCE_ERROR) return 0;
    } else if (distance > 5 - DISTANCE_ERROR) return 0;
  }
  if (digits >= BILLION) {
    first++;
    digits -= BILLION;
  }
  // A power of ten is near.
  if (first < 1e7 || first >= 1e8) return 0;

  let pos = at;
  if (point > 0) {
    // One place further on: the first digits move in front of the point.
    writeNineDigits(digits, bytes, writeSafeInteger(first, bytes, at + 1));
    for (; pos < at + point; pos++) bytes[pos] = bytes[pos + 1]!;
    bytes[pos] = POINT;
    pos = at + 1;
  } else {
    bytes[pos++] = ZERO;
    bytes[pos++] = POINT;
    for (let i = point; i < 0; i++) bytes[pos++] = ZERO;
    writeNineDigits(digits, bytes, writeSafeInteger(first, bytes, pos));
  }
  let end = pos + SCALED_DIGITS;
  while (bytes[end - 1] === ZERO) end--;
  return end;
}
