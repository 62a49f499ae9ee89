import { quoteJson } from "../json/quote.ts";
import {
  BACKSLASHES,
  BEHIND_SPACE,
  HIGH_BITS,
  ONES,
  OVERLONG,
  QUOTE_TO_SPACE,
  RANGE_MASK,
  SURROGATE,
  THREE_BYTES,
  THREE_BYTES_MASK,
  TWO_BYTES,
  TWO_BYTES_MASK,
  TWO_BYTES_RANGE,
} from "../json/words.ts";
import { IN, IN_VIEW, OUT_VIEW } from "./scratch.ts";

/** The position in `OUT` behind what `writeEscaped` has written before it stopped. */
export let outPosition = 0;

/** Whether anything but ASCII has been written since this was last cleared. */
export let wroteNonAscii = false;

export function clearNonAscii(): void {
  wroteNonAscii = false;
}

export function noteNonAscii(): void {
  wroteNonAscii = true;
}

/** An ASCII character as it stands in a string of JSON. */
function escapeOf(code: number): string {
  return quoteJson(String.fromCharCode(code)).slice(1, -1);
}

/** Bytes `from` to `from + 4` of all escapes. */
function makeEscapes(from: number): Int32Array {
  return Int32Array.from({ length: 128 }, (_, c) => {
    let word = 0;
    for (let i = 0; i < 4; i++) word |= escapeOf(c).charCodeAt(from + i) << (8 * i);
    return word;
  });
}

/**
 * How an ASCII byte stands in a string of JSON: eight bytes as two little-endian words, and how many of them count.
 * Plain characters stand for themselves, so that text in which they alternate with others is written without branches.
 */
const ESCAPE_STARTS: Int32Array = /* @__PURE__ */ makeEscapes(0);
const ESCAPE_ENDS: Int32Array = /* @__PURE__ */ makeEscapes(4);
const ESCAPE_SIZES: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  { length: 128 },
  (_, c) => escapeOf(c).length,
);

/** Copies, because modules that are not bundled, as in tests, read an imported constant anew in every turn. */
const QUOTE_FLIP = QUOTE_TO_SPACE;
const SPACE_END = BEHIND_SPACE;
const SLASHES = BACKSLASHES;
const LOW_BITS = ONES;
const TOP_BITS = HIGH_BITS;

/** U+FFFD in UTF-8, as a little-endian word. */
const REPLACEMENT = 0xbdbfef;

/** How ill-formed UTF-8 is treated. */
export const UTF8_CHECK = 0;
export const UTF8_TRUST = 1;
export const UTF8_REPLACE = 2;

/**
 * Writes the content `IN[start … stop)` of a string to `OUT[at …]` with what JSON must escape escaped: `\"`, `\\`,
 * `\n`, `\r`, `\t`, other control characters as `\u00xx`.
 *
 * Returns the position behind it. Or, with the position behind what is written in `outPosition`, the bitwise
 * complement of where it stops: at a sequence that is not well-formed UTF-8; or, unless `isEnd`, at one that goes on
 * behind `stop`.
 */
export function writeEscaped(start: number, stop: number, at: number, mode: number, isEnd: boolean): number {
  // The compiler does not know that arguments are integers, and would check it in each turn.
  let p = start | 0;
  let o = at | 0;
  const inView = IN_VIEW;
  const outView = OUT_VIEW;
  const input = IN;
  const starts = ESCAPE_STARTS;
  const ends = ESCAPE_ENDS;
  const sizes = ESCAPE_SIZES;
  let isAscii = true;
  for (;;) {
    // Eight bytes at a time while nothing in them is special. The last ones may lie beyond the end.
    while (p < stop) {
      const first = inView.getInt32(p, true);
      const second = inView.getInt32(p + 4, true);
      outView.setInt32(o, first, true);
      outView.setInt32(o + 4, second, true);
      // `specialBytes` of both; as a call it takes twice the time wherever the compiler does not inline it.
      const special =
        (((first ^ QUOTE_FLIP) - SPACE_END) | ((first ^ SLASHES) - LOW_BITS) | first) & TOP_BITS;
      const behind =
        (((second ^ QUOTE_FLIP) - SPACE_END) | ((second ^ SLASHES) - LOW_BITS) | second) & TOP_BITS;
      if ((special | behind) !== 0) {
        // How many bytes of each are below the first that is special, four when none is; those of the second count
        // when the first has four. Without branches, which would not be foreseen.
        const plain = (32 - Math.clz32(~special & (special - 1))) >> 3;
        const plainBehind = (32 - Math.clz32(~behind & (behind - 1))) >> 3;
        const skipped = plain + (plainBehind & -(plain >> 2));
        p += skipped;
        o += skipped;
        break;
      }
      p += 8;
      o += 8;
    }
    if (p >= stop) {
      if (!isAscii) wroteNonAscii = true;
      return o - (p - stop);
    }
    // Special bytes come in runs.
    let c = input[p]!;
    do {
      if (c < 0x80) {
        outView.setInt32(o, starts[c]!, true);
        outView.setInt32(o + 4, ends[c]!, true);
        const size = sizes[c]!;
        o += size;
        c = input[++p]!;
        // Single plain characters between others, such as punctuation, are not worth a new start.
        if (size === 1 && c < 0x80 && sizes[c] === 1) break;
        continue;
      }
      isAscii = false;
      const word = inView.getInt32(p, true);
      // What is written beyond the sequence is overwritten later.
      outView.setInt32(o, word, true);
      if ((word & THREE_BYTES_MASK) === THREE_BYTES && p + 3 <= stop) {
        const range = word & RANGE_MASK;
        if (range !== OVERLONG && range !== SURROGATE) {
          o += 3;
          p += 3;
          c = word >>> 24;
          continue;
        }
      }
      if ((word & TWO_BYTES_MASK) === TWO_BYTES && (word & TWO_BYTES_RANGE) !== 0 && p + 2 <= stop) {
        o += 2;
        p += 2;
        c = (word >> 16) & 0xff;
        continue;
      }
      const next = mode === UTF8_TRUST ? p + 1 : endOfSequence(p, c, stop);
      if (next < 0) {
        if (mode !== UTF8_REPLACE || (!isEnd && -next + p >= stop && couldContinue(p, stop))) {
          outPosition = o;
          wroteNonAscii = true;
          return ~p;
        }
        // U+FFFD for each maximal part that starts a well-formed sequence, or for a single byte
        outView.setInt32(o, REPLACEMENT, true);
        o += 3;
        p += -next;
      } else {
        // At most four bytes, which are written already.
        o += next - p;
        p = next;
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
