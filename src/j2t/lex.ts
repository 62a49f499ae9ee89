import {
  OVERLONG,
  RANGE_MASK,
  SURROGATE,
  specialBytes,
  THREE_BYTES,
  THREE_BYTES_MASK,
} from "../json/words.ts";
import { IN, IN_VIEW, OUT, OUT_VIEW } from "./scratch.ts";

/**
 * The content of strings and the extent of numbers, read from `IN`. A byte 0 stands behind the end of the
 * window. It is no part of any token, so the scans below stop there without testing for the end; who finds a
 * scan stopped asks whether that is the end of the window. Results beside the position are left in module
 * variables.
 */

/** Why a scan stopped other than at its regular end. */
export type Fault = 0 | 1 | 2 | 3 | 4 | 5;
/** At the end of the window: inside a token, which may go on in the next window. */
export const AT_WINDOW_END = 0;
export const BAD_CONTROL = 1;
export const BAD_ESCAPE = 2;
export const BAD_SURROGATE = 3;
export const BAD_UTF8 = 4;
const BAD_NUMBER = 5;

/** Set by every scan that does not reach its regular end. */
export let fault: Fault = AT_WINDOW_END;

/** The position in `OUT` behind what `copyString` has written; where it is to write when it is called. */
export let outPosition = 0;

/** End of the window in `IN`, for the rare tests. */
let windowEnd = 0;

export function setWindowEnd(end: number): void {
  windowEnd = end;
  IN[end] = 0;
}

export function setOutPosition(position: number): void {
  outPosition = position;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `\u00` as a little-endian word. */
const CONTROL_ESCAPE = 0x3030755c;

/** What stands for the character behind a backslash; 0 where none may stand. `u` is apart. */
const ESCAPES: Uint8Array = /* @__PURE__ */ makeEscapes();

function makeEscapes(): Uint8Array {
  const escapes = new Uint8Array(256);
  for (const [letter, value] of [
    ['"', '"'],
    ["\\", "\\"],
    ["/", "/"],
    ["b", "\b"],
    ["f", "\f"],
    ["n", "\n"],
    ["r", "\r"],
    ["t", "\t"],
  ] as const) {
    escapes[letter.charCodeAt(0)] = value.charCodeAt(0);
  }
  return escapes;
}

/** Value of a hexadecimal digit, −1 for other bytes. */
const HEX: Int8Array = /* @__PURE__ */ makeHex();

function makeHex(): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < 16; i++) {
    const digit = i.toString(16);
    values[digit.charCodeAt(0)] = i;
    values[digit.toUpperCase().charCodeAt(0)] = i;
  }
  return values;
}

/**
 * Copies string content from `p` on to `OUT[outPosition …]`, unescaped. Returns the position of the closing
 * quote; or of the byte, escape or UTF-8 sequence where it had to stop, with `fault` set. `outPosition` is
 * moved either way. `OUT` has room for the rest of the window.
 */
export function copyString(p: number, trust: boolean): number {
  const inView = IN_VIEW;
  const outView = OUT_VIEW;
  const input = IN;
  const output = OUT;
  let o = outPosition;
  for (;;) {
    // Four bytes at a time while none of them is a quote, a backslash, a control or a non-ASCII byte.
    let special: number;
    for (;;) {
      const word = inView.getInt32(p, true);
      special = specialBytes(word);
      outView.setInt32(o, word, true);
      if (special !== 0) break;
      p += 4;
      o += 4;
    }
    const plain = (31 - Math.clz32(special & -special)) >> 3;
    p += plain;
    o += plain;
    let c = input[p]!;
    if (c === QUOTE) {
      outPosition = o;
      return p;
    }
    // Escapes and non-ASCII characters come in runs.
    for (;;) {
      if (c === BACKSLASH) {
        const plainEscape = ESCAPES[input[p + 1]!]!;
        if (plainEscape !== 0 && p + 1 < windowEnd) {
          output[o++] = plainEscape;
          p += 2;
        } else if (inView.getInt32(p, true) === CONTROL_ESCAPE && HEX[input[p + 4]!]! < 8 && isShortUnit(p)) {
          // A control character: most writers escape most of them this way.
          output[o++] = (HEX[input[p + 4]!]! << 4) | HEX[input[p + 5]!]!;
          p += 6;
        } else {
          outPosition = o;
          const next = copyUnicodeEscape(p);
          o = outPosition;
          if (next < 0) return p;
          p = next;
        }
      } else if (c >= 0x80) {
        const word = inView.getInt32(p, true);
        if ((word & THREE_BYTES_MASK) === THREE_BYTES && p + 3 <= windowEnd) {
          const range = word & RANGE_MASK;
          if (range !== OVERLONG && range !== SURROGATE) {
            outView.setInt32(o, word, true);
            o += 3;
            p += 3;
            c = input[p]!;
            continue;
          }
        }
        const next = trust ? p + 1 : endOfSequence(p, c);
        if (next < 0) {
          outPosition = o;
          return p;
        }
        // A sequence is at most four bytes; what is written beyond it is overwritten later.
        outView.setInt32(o, inView.getInt32(p, true), true);
        o += next - p;
        p = next;
      } else if (c < 0x20) {
        outPosition = o;
        fault = p >= windowEnd ? AT_WINDOW_END : BAD_CONTROL;
        return p;
      } else {
        if (c === QUOTE) {
          outPosition = o;
          return p;
        }
        // Single plain characters between others, such as punctuation, are not worth a new start.
        output[o++] = c;
        c = input[++p]!;
        if (c >= 0x20 && c < 0x80 && c !== BACKSLASH && c !== QUOTE) break;
        continue;
      }
      c = input[p]!;
    }
  }
}

/** Whether the `\u00` at `p` goes on with two digits inside the window. */
function isShortUnit(p: number): boolean {
  return (HEX[IN[p + 4]!]! | HEX[IN[p + 5]!]!) >= 0 && p + 6 <= windowEnd;
}

const PAD = 0x3d;

/** Values of base64 characters, shifted to their places in a group of four; negative for other bytes. */
const BASE64: readonly Int32Array[] = /* @__PURE__ */ [18, 12, 6, 0].map(makeBase64Values);
const BASE64_0: Int32Array = BASE64[0]!;
const BASE64_1: Int32Array = BASE64[1]!;
const BASE64_2: Int32Array = BASE64[2]!;
const BASE64_3: Int32Array = BASE64[3]!;

function makeBase64Values(shift: number): Int32Array {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const values = new Int32Array(256).fill(-1);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i << shift;
  return values;
}

/**
 * Decodes padded, canonical base64 without escapes from `p` on to `OUT[outPosition …]`. Returns the position of
 * the closing quote, or −1 for everything else, with nothing done.
 */
export function copyBase64(p: number): number {
  const input = IN;
  const outView = OUT_VIEW;
  const first = BASE64_0;
  const second = BASE64_1;
  const third = BASE64_2;
  const fourth = BASE64_3;
  let o = outPosition;
  for (;;) {
    const bits = first[input[p]!]! | second[input[p + 1]!]! | third[input[p + 2]!]! | fourth[input[p + 3]!]!;
    if (bits < 0) break;
    outView.setInt32(o, bits << 8);
    o += 3;
    p += 4;
  }
  if (input[p] !== QUOTE) {
    // Two or three characters and the padding; the bits that no byte takes are zero.
    const high = first[input[p]!]! | second[input[p + 1]!]!;
    if (high < 0 || input[p + 3] !== PAD || input[p + 4] !== QUOTE) return -1;
    const isOne = input[p + 2] === PAD;
    const bits = isOne ? high : high | third[input[p + 2]!]!;
    if (bits < 0 || (bits & (isOne ? 0xffff : 0xff)) !== 0) return -1;
    outView.setInt32(o, bits << 8);
    o += isOne ? 1 : 2;
    p += 4;
  }
  outPosition = o;
  return p;
}

/** Like `copyString` for a string that nobody wants: checks only. */
export function skipString(p: number, trust: boolean): number {
  const inView = IN_VIEW;
  const input = IN;
  for (;;) {
    const word = inView.getInt32(p, true);
    const special = specialBytes(word);
    if (special === 0) {
      p += 4;
      continue;
    }
    p += (31 - Math.clz32(special & -special)) >> 3;
    const c = input[p]!;
    if (c === QUOTE) return p;
    if (c === BACKSLASH) {
      if (ESCAPES[input[p + 1]!] !== 0 && p + 1 < windowEnd) p += 2;
      else {
        const next = endOfUnicodeEscape(p);
        if (next < 0) return p;
        p = next;
      }
    } else if (c >= 0x80) {
      const next = trust ? p + 1 : endOfSequence(p, c);
      if (next < 0) return p;
      p = next;
    } else {
      fault = p >= windowEnd ? AT_WINDOW_END : BAD_CONTROL;
      return p;
    }
  }
}

/**
 * The end of the UTF-8 sequence that starts at `p` with the byte `lead` ≥ 0x80, or −1 with `fault` set.
 * Well-formed sequences by table 3-7 of the Unicode standard.
 */
function endOfSequence(p: number, lead: number): number {
  const second = IN[p + 1]!;
  if (lead >= 0xe0 && lead < 0xf0) {
    if (
      (second & 0xc0) === 0x80 &&
      (IN[p + 2]! & 0xc0) === 0x80 &&
      (lead !== 0xe0 || second >= 0xa0) &&
      (lead !== 0xed || second < 0xa0) &&
      p + 3 <= windowEnd
    ) {
      return p + 3;
    }
  } else if (lead < 0xe0) {
    if (lead >= 0xc2 && (second & 0xc0) === 0x80 && p + 2 <= windowEnd) return p + 2;
  } else if (
    lead <= 0xf4 &&
    (second & 0xc0) === 0x80 &&
    (IN[p + 2]! & 0xc0) === 0x80 &&
    (IN[p + 3]! & 0xc0) === 0x80 &&
    (lead !== 0xf0 || second >= 0x90) &&
    (lead !== 0xf4 || second < 0x90) &&
    p + 4 <= windowEnd
  ) {
    return p + 4;
  }
  fault = couldContinue(p, lead) ? AT_WINDOW_END : BAD_UTF8;
  return -1;
}

/** Whether what the window has of the sequence at `p` is the start of a well-formed one. */
function couldContinue(p: number, lead: number): boolean {
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (p + size <= windowEnd || lead < 0xc2 || lead > 0xf4) return false;
  if (p + 1 < windowEnd) {
    const second = IN[p + 1]!;
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return false;
  }
  return p + 2 >= windowEnd || (IN[p + 2]! & 0xc0) === 0x80;
}

/** Writes the character of the `\u` escape or escape pair at `p`; returns the position behind, or −1. */
function copyUnicodeEscape(p: number): number {
  const next = endOfUnicodeEscape(p);
  if (next < 0) return next;
  const code = escapedUnit(p);
  let o = outPosition;
  if (code < 0x80) {
    OUT[o++] = code;
  } else if (code < 0x800) {
    OUT[o++] = 0xc0 | (code >> 6);
    OUT[o++] = 0x80 | (code & 0x3f);
  } else if (next - p === 6) {
    OUT[o++] = 0xe0 | (code >> 12);
    OUT[o++] = 0x80 | ((code >> 6) & 0x3f);
    OUT[o++] = 0x80 | (code & 0x3f);
  } else {
    const point = 0x10000 + ((code & 0x3ff) << 10) + (escapedUnit(p + 6) & 0x3ff);
    OUT[o++] = 0xf0 | (point >> 18);
    OUT[o++] = 0x80 | ((point >> 12) & 0x3f);
    OUT[o++] = 0x80 | ((point >> 6) & 0x3f);
    OUT[o++] = 0x80 | (point & 0x3f);
  }
  outPosition = o;
  return next;
}

/**
 * The end of the escape at `p` that is none of the short ones: behind `\uXXXX`, or behind a whole surrogate
 * pair. −1 with `fault` set when it is wrong or does not end in the window.
 */
function endOfUnicodeEscape(p: number): number {
  const unit = escapedUnit(p);
  if (unit < 0) return -1;
  if (unit < 0xd800 || unit > 0xdfff) return p + 6;
  if (unit > 0xdbff) {
    fault = BAD_SURROGATE;
    return -1;
  }
  if ((p + 6 < windowEnd && IN[p + 6] !== BACKSLASH) || (p + 7 < windowEnd && IN[p + 7] !== 0x75)) {
    fault = BAD_SURROGATE;
    return -1;
  }
  const low = escapedUnit(p + 6);
  if (low < 0) return -1;
  if (low < 0xdc00 || low > 0xdfff) {
    fault = BAD_SURROGATE;
    return -1;
  }
  return p + 12;
}

/** The UTF-16 unit that `\uXXXX` at `p` stands for, or −1 with `fault` set. */
function escapedUnit(p: number): number {
  if (p + 1 < windowEnd && IN[p + 1] !== 0x75) {
    fault = BAD_ESCAPE;
    return -1;
  }
  let unit = 0;
  for (let i = p + 2; i < p + 6; i++) {
    if (i >= windowEnd) {
      fault = AT_WINDOW_END;
      return -1;
    }
    const digit = HEX[IN[i]!]!;
    if (digit < 0) {
      fault = BAD_ESCAPE;
      return -1;
    }
    unit = (unit << 4) | digit;
  }
  return unit;
}

export const MINUS = 0x2d;
export const PLUS = 0x2b;
export const POINT = 0x2e;

export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/**
 * The end of the JSON number at `p`, whatever its length, or −1 with `fault` set: not a number, or one that
 * is cut off by the end of the window. At the end of the window a number may go on: the caller asks.
 */
export function endOfNumber(p: number): number {
  const input = IN;
  let q = p;
  if (input[q] === MINUS) q++;
  if (input[q] === 0x30) q++;
  else {
    const first = q;
    while (isDigit(input[q]!)) q++;
    if (q === first) return noNumber(q);
  }
  if (input[q] === POINT) {
    const first = ++q;
    while (isDigit(input[q]!)) q++;
    if (q === first) return noNumber(q);
  }
  if ((input[q]! | 0x20) === 0x65) {
    q++;
    if (input[q] === PLUS || input[q] === MINUS) q++;
    const first = q;
    while (isDigit(input[q]!)) q++;
    if (q === first) return noNumber(q);
  }
  return q;
}

/** Where a scan for a number found what does not belong there. */
export let faultPosition = 0;

function noNumber(q: number): number {
  fault = q >= windowEnd ? AT_WINDOW_END : BAD_NUMBER;
  faultPosition = q;
  return -1;
}
