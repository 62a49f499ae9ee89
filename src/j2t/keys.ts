import { KEY_LAST_MASK, KEY_MASK, KEY_MORE, KEY_MORE_WORDS, KEY_TEXT } from "../conv/program.ts";
import { IN, IN_VIEW } from "./scratch.ts";

const QUOTE = 0x22;

/**
 * Whether the JSON key at `p` is the text of the key record, with both quotes and without escapes. Keys of up to
 * 15 bytes take no loop and one branch: their different lengths would make a loop's end unpredictable.
 */
export function isKeyAt(code: Int32Array, key: number, p: number): boolean {
  const difference =
    ((IN_VIEW.getInt32(p + 1, true) ^ code[key + KEY_TEXT]!) & code[key + KEY_MASK]!) |
    ((IN_VIEW.getInt32(p + 5, true) ^ code[key + KEY_TEXT + 1]!) & code[key + KEY_MASK + 1]!) |
    ((IN_VIEW.getInt32(p + 9, true) ^ code[key + KEY_TEXT + 2]!) & code[key + KEY_MASK + 2]!) |
    ((IN_VIEW.getInt32(p + 13, true) ^ code[key + KEY_TEXT + 3]!) & code[key + KEY_MASK + 3]!) |
    (IN[p]! ^ QUOTE) |
    (code[key + KEY_MORE_WORDS]! >> 31);
  if (difference !== 0) return false;
  const more = code[key + KEY_MORE_WORDS]!;
  return more === 0 || isRestAt(code, key, more, p + 17);
}

function isRestAt(code: Int32Array, key: number, more: number, p: number): boolean {
  let at = p;
  for (let i = 0; i < more - 1; i++) {
    if (IN_VIEW.getInt32(at, true) !== code[key + KEY_MORE + i]) return false;
    at += 4;
  }
  return ((IN_VIEW.getInt32(at, true) ^ code[key + KEY_MORE + more - 1]!) & code[key + KEY_LAST_MASK]!) === 0;
}
