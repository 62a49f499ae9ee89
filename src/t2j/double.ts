import { LEAST_PLAIN, MOST_PLAIN, writeDoubleText } from "../bytes/write-double.ts";
import { IN_VIEW, OUT, OUT_VIEW } from "./scratch.ts";

const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;
/** Words of a text: no text is longer than `-1.7976931348623157e+308`. */
const SLOT_WORDS = 6;

/**
 * The texts of doubles that have been written lately and need an exponent, one for each slot of a hash. Such a text
 * comes from the engine, which takes 360 ns, or 60 when it remembers it; from here it takes 10. Messages repeat such
 * numbers where they have any: the largest double in the place of none, tolerances, constants of physics.
 */
const NUMBERS = new Float64Array(SLOTS);
const SIZES = new Uint8Array(SLOTS);
const TEXTS = new Int32Array(SLOTS * SLOT_WORDS);

/** 2^32 divided by the golden ratio: neighbouring numbers get slots far from each other. */
const HASH_FACTOR = 0x9e37_79b1;

/** Writes the text of the finite double `value`, whose bytes are at `p` of the window, as `writeDoubleText` does. */
export function writeDouble(value: number, p: number, o: number): number {
  const size = value < 0 ? -value : value;
  if (size < MOST_PLAIN && (size >= LEAST_PLAIN || size === 0)) return writeDoubleText(value, OUT, o);
  const view = OUT_VIEW;
  const texts = TEXTS;
  const hash = Math.imul(IN_VIEW.getInt32(p, true) ^ IN_VIEW.getInt32(p + 4, true), HASH_FACTOR);
  const slot = hash >>> (32 - SLOT_BITS);
  let word = slot * SLOT_WORDS;
  if (NUMBERS[slot] !== value) {
    const behind = writeDoubleText(value, OUT, o);
    NUMBERS[slot] = value;
    SIZES[slot] = behind - o;
    for (let at = o; at < behind; at += 4) texts[word++] = view.getInt32(at, true);
    return behind;
  }
  view.setInt32(o, texts[word]!, true);
  view.setInt32(o + 4, texts[word + 1]!, true);
  view.setInt32(o + 8, texts[word + 2]!, true);
  view.setInt32(o + 12, texts[word + 3]!, true);
  view.setInt32(o + 16, texts[word + 4]!, true);
  view.setInt32(o + 20, texts[word + 5]!, true);
  return o + SIZES[slot]!;
}
