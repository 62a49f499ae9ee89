import { KEY_LAST_MASK, KEY_MASK, KEY_MORE, KEY_MORE_WORDS, KEY_TEXT } from "../conv/program.ts";

const QUOTE = 0x22;

/**
 * Whether the JSON key at `p` is the text of the key record, with both quotes and without escapes. Keys of up to
 * 15 bytes take no loop and one branch: their different lengths would make a loop's end unpredictable. `input` and
 * `inView` are the scratch input.
 */
export function isKeyAt(
  code: Int32Array,
  key: number,
  p: number,
  input: Uint8Array,
  inView: DataView,
): boolean {
  const difference =
    ((inView.getInt32(p + 1, true) ^ code[key + KEY_TEXT]!) & code[key + KEY_MASK]!) |
    ((inView.getInt32(p + 5, true) ^ code[key + KEY_TEXT + 1]!) & code[key + KEY_MASK + 1]!) |
    ((inView.getInt32(p + 9, true) ^ code[key + KEY_TEXT + 2]!) & code[key + KEY_MASK + 2]!) |
    ((inView.getInt32(p + 13, true) ^ code[key + KEY_TEXT + 3]!) & code[key + KEY_MASK + 3]!) |
    (input[p]! ^ QUOTE) |
    (code[key + KEY_MORE_WORDS]! >> 31);
  if (difference !== 0) return false;
  const more = code[key + KEY_MORE_WORDS]!;
  return more === 0 || isRestAt(code, key, more, p + 17, inView);
}

function isRestAt(code: Int32Array, key: number, more: number, p: number, inView: DataView): boolean {
  let at = p;
  for (let i = 0; i < more - 1; i++) {
    if (inView.getInt32(at, true) !== code[key + KEY_MORE + i]) return false;
    at += 4;
  }
  return ((inView.getInt32(at, true) ^ code[key + KEY_MORE + more - 1]!) & code[key + KEY_LAST_MASK]!) === 0;
}
