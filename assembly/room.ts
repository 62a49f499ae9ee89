import { failMemory, softEnd } from "./memory";

/**
 * The room for JSON text. Each field, element and entry is begun at `softEnd` at most. Behind it fit a label
 * or key, a value of at most `SHORT_TEXT` bytes, of which each may become six, and the brackets that close
 * all open values.
 */

/** Values and pieces of strings up to this many bytes are written without another look. */
export const SHORT_TEXT: usize = 512;

/**
 * Whether text of `size` bytes may be written at `o`, behind a label or key. When not, the conversion fails.
 */
export function hasRoom(o: usize, size: usize): bool {
  if (size <= SHORT_TEXT || (o <= softEnd && size <= softEnd - o)) return true;
  failMemory();
  return false;
}
