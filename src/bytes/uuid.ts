import { readHex, writeHex } from "./hex.ts";

/** The size of a UUID in bytes. */
export const UUID_SIZE = 16;
/** The size of its text: `00112233-4455-6677-8899-aabbccddeeff`. */
export const UUID_TEXT_SIZE = 36;

const HYPHEN = 0x2d;
/** Where the five groups of the text end; a hyphen stands at all but the last. */
const GROUP_ENDS: readonly number[] = [8, 13, 18, 23, UUID_TEXT_SIZE];

/**
 * Writes the canonical lower-case text of the UUID at `source[start]` to `target` from `at` on and returns the
 * position behind it. The caller has checked that 16 bytes are there and made room for `UUID_TEXT_SIZE`.
 */
export function writeUuidText(source: Uint8Array, start: number, target: Uint8Array, at: number): number {
  let pos = start;
  let groupStart = 0;
  for (const groupEnd of GROUP_ENDS) {
    const next = pos + (groupEnd - groupStart) / 2;
    writeHex(source, pos, next, target, at + groupStart);
    if (groupEnd < UUID_TEXT_SIZE) target[at + groupEnd] = HYPHEN;
    pos = next;
    groupStart = groupEnd + 1;
  }
  return at + UUID_TEXT_SIZE;
}

/**
 * Decodes UUID text (hyphens in the canonical places, digits of either case) in `source[start … end)` to the
 * 16 bytes of `target` from `at` on and returns the position behind them, or, when the text is wrong, the
 * bitwise complement of the offset of the first bad character (`~result`; `end` for text that stops short).
 */
export function readUuidText(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let out = at;
  let pos = start;
  for (const groupEnd of GROUP_ENDS) {
    const stop = start + groupEnd;
    const result = readHex(source, pos, Math.min(stop, end), target, out);
    if (result < 0) return result;
    if (stop > end) return ~end;
    if (groupEnd < UUID_TEXT_SIZE && (stop === end || source[stop] !== HYPHEN)) return ~stop;
    out = result;
    pos = stop + 1;
  }
  return end - start === UUID_TEXT_SIZE ? out : ~(start + UUID_TEXT_SIZE);
}
