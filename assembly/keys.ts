import { QUOTE } from "./characters";
import { base } from "./memory";
import {
  KEY_BYTES,
  KEY_HASH,
  KEY_LAST_MASK,
  KEY_MASK,
  KEY_MORE,
  KEY_MORE_WORDS,
  KEY_TEXT,
} from "./program";

/**
 * Whether the JSON key at `p` is the text of the key record, with both quotes and without escapes. Keys of up to
 * 15 bytes take no loop.
 */
// @ts-ignore: decorator
@inline
export function isKeyAt(key: usize, p: usize): bool {
  const difference = v128.and(v128.xor(v128.load(p, 1), v128.load(key, KEY_TEXT)), v128.load(key, KEY_MASK));
  if (v128.any_true(difference)) return false;
  if (<u32>load<u8>(p) != QUOTE) return false;
  const more = load<i32>(key, KEY_MORE_WORDS);
  if (more == 0) return true;
  return more > 0 && isRestAt(key, more, p + 17);
}

function isRestAt(key: usize, more: i32, p: usize): bool {
  const last = key + (<usize>(more - 1) << 2);
  let word = key;
  for (; word < last; word += 4, p += 4) {
    if (load<i32>(p) != load<i32>(word, KEY_MORE)) return false;
  }
  return ((load<i32>(p) ^ load<i32>(word, KEY_MORE)) & load<i32>(key, KEY_LAST_MASK)) == 0;
}

/** `hashKey` of `src/conv/program.ts`. */
export function hashBytes(start: usize, end: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let p = start; p < end; p++) hash = (hash ^ <u32>load<u8>(p)) * 0x01000193;
  return hash ^ (hash >> 15);
}

/** The key record of the text from `start` to `end`, unescaped, or 0. `table` and `mask` are those of its struct or enum. */
export function findKey(table: usize, mask: i32, start: usize, end: usize): usize {
  const hash = hashBytes(start, end);
  let slot = <i32>hash & mask;
  while (true) {
    const index = load<i32>(table + (<usize>slot << 2));
    if (index == 0) return 0;
    const key = base + (<usize>index << 2);
    if (load<u32>(key, KEY_HASH) == hash && <usize>load<i32>(key, KEY_BYTES) == end - start) {
      if (isKeyText(key, start, end)) return key;
    }
    slot = (slot + 1) & mask;
  }
}

function isKeyText(key: usize, start: usize, end: usize): bool {
  for (let p = start; p < end; p++) {
    const at = p - start;
    if (load<u8>(key + (at < 16 ? KEY_TEXT : KEY_MORE - 16) + at) != load<u8>(p)) return false;
  }
  return true;
}
