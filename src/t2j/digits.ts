import { IN_VIEW, OUT, OUT_VIEW } from "./scratch.ts";

/**
 * The text of numbers and bytes, written to the scratch output at `o`. The functions of `bytes/` do the same in
 * any array; here two or four characters are stored at once, which takes half the time. Each returns the
 * position behind the text. `view` is `OUT_VIEW` and `pairs` is `DIGIT_PAIRS`: as arguments they stay constants
 * where the machine's loop inlines these functions (see there).
 */

const ZERO = 0x30;
const MINUS = 0x2d;

/** `00` … `99` as little-endian 16-bit words. */
export const DIGIT_PAIRS: Uint16Array = /* @__PURE__ */ makeDigitPairs();

function makeDigitPairs(): Uint16Array {
  const pairs = new Uint16Array(100);
  for (let i = 0; i < 100; i++) pairs[i] = ZERO + Math.floor(i / 10) + ((ZERO + (i % 10)) << 8);
  return pairs;
}

const TWO_32 = 0x1_0000_0000;
const HUNDRED_MILLION = 1e8;

/** Four digits with leading zeros, as a little-endian word. */
function fourDigits(value: number, pairs: Uint16Array): number {
  const high = (value / 100) | 0;
  return pairs[high]! | (pairs[value - high * 100]! << 16);
}

/** Eight digits with leading zeros. */
function writeEight(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  const high = (value / 10_000) | 0;
  view.setInt32(o, fourDigits(high, pairs), true);
  view.setInt32(o + 4, fourDigits((value - high * 10_000) | 0, pairs), true);
  return o + 8;
}

/** Up to four digits. */
function writeFour(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  if (value < 100) {
    if (value < 10) {
      view.setInt8(o, ZERO + value);
      return o + 1;
    }
    view.setInt16(o, pairs[value]!, true);
    return o + 2;
  }
  const high = (value / 100) | 0;
  const low = pairs[(value - high * 100) | 0]!;
  if (high < 10) {
    view.setInt8(o, ZERO + high);
    view.setInt16(o + 1, low, true);
    return o + 3;
  }
  view.setInt32(o, pairs[high]! | (low << 16), true);
  return o + 4;
}

/** Up to eight digits. */
function writeSmall(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  if (value < 10_000) return writeFour(value, o, view, pairs);
  const high = (value / 10_000) | 0;
  const behind = writeFour(high, o, view, pairs);
  view.setInt32(behind, fourDigits((value - high * 10_000) | 0, pairs), true);
  return behind + 4;
}

/** An integer in 0 … 2^53. */
function writeSafe(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  if (value < HUNDRED_MILLION) return writeSmall(value | 0, o, view, pairs);
  const high = Math.floor(value / HUNDRED_MILLION);
  const low = (value - high * HUNDRED_MILLION) | 0;
  const behind =
    high < HUNDRED_MILLION
      ? writeSmall(high | 0, o, view, pairs)
      : writeEight(
          (high - Math.floor(high / HUNDRED_MILLION) * HUNDRED_MILLION) | 0,
          writeSmall((high / HUNDRED_MILLION) | 0, o, view, pairs),
          view,
          pairs,
        );
  return writeEight(low, behind, view, pairs);
}

export function writeInt32(value: number, o: number, view: DataView, pairs: Uint16Array): number {
  if (value >= 0)
    return value < HUNDRED_MILLION ? writeSmall(value, o, view, pairs) : writeSafe(value, o, view, pairs);
  view.setInt8(o, MINUS);
  return writeSafe(-value, o + 1, view, pairs);
}

/** The i64 with the halves `hi` and `lo`. */
export function writeInt64(hi: number, lo: number, o: number, view: DataView, pairs: Uint16Array): number {
  let high = hi;
  let low = lo;
  if (high < 0) {
    view.setInt8(o++, MINUS);
    // Two's complement; for the minimum the halves stay as they are and read as unsigned 2^63.
    low = -low | 0;
    high = low === 0 ? -high | 0 : ~high;
  }
  const unsignedHigh = high >>> 0;
  if (unsignedHigh < 0x20_0000) return writeSafe(unsignedHigh * TWO_32 + (low >>> 0), o, view, pairs);

  // Long division by 10^8 in 16-bit steps. Every intermediate is below 2^43, so that doubles are exact.
  const q2 = Math.floor(unsignedHigh / HUNDRED_MILLION);
  const t1 = (unsignedHigh - q2 * HUNDRED_MILLION) * 0x1_0000 + (low >>> 16);
  const q1 = Math.floor(t1 / HUNDRED_MILLION);
  const t0 = (t1 - q1 * HUNDRED_MILLION) * 0x1_0000 + (low & 0xffff);
  const q0 = Math.floor(t0 / HUNDRED_MILLION);
  const behind = writeSafe(q2 * TWO_32 + q1 * 0x1_0000 + q0, o, view, pairs);
  return writeEight((t0 - q0 * HUNDRED_MILLION) | 0, behind, view, pairs);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;

/** Two base64 characters for twelve bits, as little-endian 16-bit words. */
const CHARACTER_PAIRS: Uint16Array = /* @__PURE__ */ makeCharacterPairs();

function makeCharacterPairs(): Uint16Array {
  const pairs = new Uint16Array(4096);
  for (let i = 0; i < 4096; i++) {
    pairs[i] = ALPHABET.charCodeAt(i >> 6) | (ALPHABET.charCodeAt(i & 63) << 8);
  }
  return pairs;
}

/** Padded standard base64 of `IN[p … end)`. */
export function writeBase64(p: number, end: number, o: number): number {
  const view = IN_VIEW;
  const outView = OUT_VIEW;
  const pairs = CHARACTER_PAIRS;
  for (; p + 3 <= end; p += 3) {
    const bits = view.getInt32(p);
    outView.setInt32(o, pairs[bits >>> 20]! | (pairs[(bits >>> 8) & 0xfff]! << 16), true);
    o += 4;
  }
  if (p === end) return o;
  // One or two bytes are left; the bits behind them are zero.
  const left = end - p;
  const bits = view.getInt32(p) & (left === 1 ? 0xff00_0000 : 0xffff_0000);
  outView.setInt32(o, pairs[bits >>> 20]! | (pairs[(bits >>> 8) & 0xfff]! << 16), true);
  OUT[o + 3] = PAD;
  if (left === 1) OUT[o + 2] = PAD;
  return o + 4;
}
