import { utf8 } from "./bytes.ts";
import type { Random } from "./random.ts";

/** Sizes, lengths and type bytes that have broken readers before. */
const HOSTILE_BYTES: readonly (readonly number[])[] = [
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0x00, 0x00, 0x00],
  [0x00, 0x00, 0x00, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0x0c, 0x0d, 0x0e, 0x0f],
  [0xc3, 0x28],
  [0xed, 0xa0, 0x80],
  [0x00],
];

const HOSTILE_TEXT: readonly string[] = [
  "null",
  "true",
  '"',
  "\\",
  "\\ud800",
  "1e999",
  "-0",
  "9223372036854775808",
  "0.1",
  "[[[[[[[[[[[[[[[[",
  '{"a":'.repeat(70),
  '"__proto__":{}',
  ",",
  ":",
  "}",
  "]",
  "struct",
  "/*",
  "list<",
  "(a = ",
  "1: required",
];

/** One to four random changes of `bytes`, some with pieces of `other`. */
export function damage(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = bytes;
  for (let changes = random.int(1, 4); changes > 0; changes--) result = change(result, other, random);
  return result;
}

/** One random change of `bytes`, some with a piece of `other`. */
export function change(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.int(0, bytes.length);
  const end = Math.min(bytes.length, at + random.int(0, 12));
  switch (random.int(0, 7)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return replace(bytes, at, end, new Uint8Array());
    case 2:
      return replace(bytes, at, at, bytes.subarray(at, end));
    case 3:
      return replace(bytes, at, Math.min(bytes.length, at + 1), random.bytes(1));
    case 4:
      return replace(bytes, at, end, Uint8Array.from(random.pick(HOSTILE_BYTES)));
    case 5:
      return replace(bytes, at, random.chance(0.5) ? at : end, utf8(random.pick(HOSTILE_TEXT)));
    case 6: {
      const from = random.int(0, other.length);
      return replace(bytes, at, end, other.subarray(from, from + random.int(1, 40)));
    }
    default: {
      const flipped = bytes.slice();
      if (at < flipped.length) flipped[at]! ^= 1 << random.int(0, 7);
      return flipped;
    }
  }
}

function replace(bytes: Uint8Array, start: number, end: number, piece: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + piece.length);
  result.set(bytes.subarray(0, start));
  result.set(piece, start);
  result.set(bytes.subarray(end), start + piece.length);
  return result;
}
