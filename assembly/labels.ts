import { ref } from "./memory";
import { ENUM_LABEL_MASK, ENUM_LABEL_TABLE, LABEL_BYTES, LABEL_TEXT } from "./program";
import { hasRoom } from "./room";

/** Text is copied in such pieces; what they hold behind a text is written over. */
const PIECE: usize = 16;

/** Multiplier of the hashed tables; see `hashNumber` of `src/conv/program.ts`. */
const HASH_MULTIPLIER: u32 = 0x9e3779b1;

export function hashNumber(value: i32): u32 {
  const hash = <u32>value * HASH_MULTIPLIER;
  return hash ^ (hash >> 15);
}

/** Writes the text of a label record, such as `,"name":` of a field; returns the position behind it. */
// @ts-ignore: decorator
@inline
export function writeLabel(label: usize, o: usize): usize {
  const size = <usize>load<i32>(label, LABEL_BYTES);
  copyPiece(label + LABEL_TEXT, o);
  if (size > PIECE) copyPieces(label + LABEL_TEXT, o, size);
  return o + size;
}

function copyPieces(from: usize, to: usize, size: usize): void {
  for (let at = PIECE; at < size; at += PIECE) copyPiece(from + at, to + at);
}

// @ts-ignore: decorator
@inline
function copyPiece(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
}

/**
 * Writes the quoted name of an enum's number; returns 0 when it has none. Where it has no room the conversion
 * fails in the end, and nothing is written.
 */
export function writeEnumName(record: usize, value: i32, o: usize): usize {
  const table = ref(record, ENUM_LABEL_TABLE);
  const mask = load<u32>(record, ENUM_LABEL_MASK);
  let slot = hashNumber(value) & mask;
  while (true) {
    const pair = table + (<usize>slot << 3);
    if (load<i32>(pair, 4) == 0) return 0;
    if (load<i32>(pair) == value) {
      const label = ref(pair, 4);
      return hasRoom(o, load<i32>(label, LABEL_BYTES)) ? writeLabel(label, o) : o;
    }
    slot = (slot + 1) & mask;
  }
}
