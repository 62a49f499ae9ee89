import {
  OVERLONG,
  RANGE_MASK,
  SURROGATE,
  specialBytes,
  THREE_BYTES,
  THREE_BYTES_MASK,
} from "../json/words.ts";
import { IN, IN_VIEW, OUT, OUT_VIEW } from "./scratch.ts";

/** The position in `OUT` behind what `writeEscaped` has written. */
export let outPosition = 0;

/** Whether anything but ASCII has been written since this was last cleared. */
export let wroteNonAscii = false;

export function clearNonAscii(): void {
  wroteNonAscii = false;
}

export function noteNonAscii(): void {
  wroteNonAscii = true;
}

const BACKSLASH = 0x5c;
const SMALL_U = 0x75;
const ZERO = 0x30;
const HEX_DIGITS: Uint8Array = /* @__PURE__ */ Uint8Array.from("0123456789abcdef", (c) => c.charCodeAt(0));

/** The letter behind the backslash of a short escape; 0 for bytes that have none. */
const SHORT_ESCAPES: Uint8Array = /* @__PURE__ */ makeShortEscapes();

function makeShortEscapes(): Uint8Array {
  const escapes = new Uint8Array(256);
  for (const [character, letter] of [
    ['"', '"'],
    ["\\", "\\"],
    ["\n", "n"],
    ["\r", "r"],
    ["\t", "t"],
  ] as const) {
    escapes[character.charCodeAt(0)] = letter.charCodeAt(0);
  }
  return escapes;
}

/** How ill-formed UTF-8 is treated. */
export const UTF8_CHECK = 0;
export const UTF8_TRUST = 1;
export const UTF8_REPLACE = 2;

/**
 * Writes the content `IN[p … stop)` of a string to `OUT[o …]` with what JSON must escape escaped: `\"`, `\\`,
 * `\n`, `\r`, `\t`, other control characters as `\u00xx`. Leaves the output position in `outPosition`.
 *
 * Returns `stop`; or the start of a sequence that is not well-formed UTF-8; or, unless `isEnd`, the start of a
 * sequence that goes on behind `stop`.
 */
export function writeEscaped(p: number, stop: number, o: number, mode: number, isEnd: boolean): number {
  const inView = IN_VIEW;
  const outView = OUT_VIEW;
  const input = IN;
  const output = OUT;
  let isAscii = true;
  for (;;) {
    // Four bytes at a time while nothing in them is special. The last word may reach beyond the end.
    let special = 0;
    while (p < stop) {
      const word = inView.getInt32(p, true);
      special = specialBytes(word);
      outView.setInt32(o, word, true);
      if (special !== 0) break;
      p += 4;
      o += 4;
    }
    if (special !== 0) {
      const plain = (31 - Math.clz32(special & -special)) >> 3;
      p += plain;
      o += plain;
    }
    if (p >= stop) {
      outPosition = o - (p - stop);
      if (!isAscii) wroteNonAscii = true;
      return stop;
    }
    // Special bytes come in runs.
    let c = input[p]!;
    do {
      if (c >= 0x80) {
        isAscii = false;
        const word = inView.getInt32(p, true);
        if ((word & THREE_BYTES_MASK) === THREE_BYTES && p + 3 <= stop) {
          const range = word & RANGE_MASK;
          if (range !== OVERLONG && range !== SURROGATE) {
            outView.setInt32(o, word, true);
            o += 3;
            p += 3;
            c = input[p]!;
            continue;
          }
        }
        const next = mode === UTF8_TRUST ? p + 1 : endOfSequence(p, c, stop);
        if (next < 0) {
          if (mode !== UTF8_REPLACE || (!isEnd && -next + p >= stop && couldContinue(p, stop))) {
            outPosition = o;
            if (!isAscii) wroteNonAscii = true;
            return p;
          }
          // U+FFFD for each maximal part that starts a well-formed sequence, or for a single byte
          output[o] = 0xef;
          output[o + 1] = 0xbf;
          output[o + 2] = 0xbd;
          o += 3;
          p += -next;
        } else {
          // At most four bytes; what is written beyond the sequence is overwritten later.
          outView.setInt32(o, inView.getInt32(p, true), true);
          o += next - p;
          p = next;
        }
      } else {
        const letter = SHORT_ESCAPES[c]!;
        if (letter !== 0) {
          output[o] = BACKSLASH;
          output[o + 1] = letter;
          o += 2;
        } else if (c < 0x20) {
          output[o] = BACKSLASH;
          output[o + 1] = SMALL_U;
          output[o + 2] = ZERO;
          output[o + 3] = ZERO;
          output[o + 4] = HEX_DIGITS[c >> 4]!;
          output[o + 5] = HEX_DIGITS[c & 15]!;
          o += 6;
        } else {
          // Single plain characters between others, such as punctuation, are not worth a new start.
          output[o++] = c;
          c = input[++p]!;
          if (c >= 0x20 && c < 0x80 && SHORT_ESCAPES[c] === 0) break;
          continue;
        }
        p++;
      }
      c = input[p]!;
    } while (p < stop);
  }
}

/**
 * The end of the UTF-8 sequence at `p`, whose first byte is `lead` ≥ 0x80, if it is well-formed and ends by
 * `stop`; else minus the size of its maximal well-formed part, at least one byte.
 * Source: table 3-7 of the Unicode standard.
 */
function endOfSequence(p: number, lead: number, stop: number): number {
  const second = p + 1 < stop ? IN[p + 1]! : 0;
  if (lead >= 0xe0 && lead < 0xf0) {
    if ((second & 0xc0) !== 0x80 || (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) {
      return -1;
    }
    return p + 2 < stop && (IN[p + 2]! & 0xc0) === 0x80 ? p + 3 : -2;
  }
  if (lead < 0xe0) return lead >= 0xc2 && (second & 0xc0) === 0x80 ? p + 2 : -1;
  if (
    lead > 0xf4 ||
    (second & 0xc0) !== 0x80 ||
    (lead === 0xf0 && second < 0x90) ||
    (lead === 0xf4 && second > 0x8f)
  ) {
    return -1;
  }
  if (p + 2 >= stop || (IN[p + 2]! & 0xc0) !== 0x80) return -2;
  return p + 3 < stop && (IN[p + 3]! & 0xc0) === 0x80 ? p + 4 : -3;
}

/** Whether the bytes from `p` to `stop` are the start of a sequence that may be well-formed. */
export function couldContinue(p: number, stop: number): boolean {
  const lead = IN[p]!;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || p + size <= stop) return false;
  return p + 1 === stop || -endOfSequence(p, lead, stop) === stop - p;
}
