import { HEX_DIGITS, hexValue } from "./hex.ts";
import { decodeUtf8, encodeUtf8, isWellFormed } from "./utf8.ts";

/** The size of a UUID in bytes. */
export const UUID_SIZE = 16;
/** The size of its text: `00112233-4455-6677-8899-aabbccddeeff`. */
const UUID_TEXT_SIZE = 36;

const HYPHEN = 0x2d;
/** Where in the text the hyphens stand, and the two digits of each byte. */
const HYPHENS: readonly number[] = [8, 13, 18, 23];
const DIGITS: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0,
  2,
  4,
  6,
  9,
  11,
  14,
  16,
  19,
  21,
  24,
  26,
  28,
  30,
  32,
  34,
);

/** Values of hexadecimal digits, −1 for other bytes. */
const VALUES: Int8Array = /* @__PURE__ */ Int8Array.from({ length: 256 }, (_, c) => hexValue(c));

/**
 * Writes the canonical lower-case text of the UUID at `source[start]` to `target` from `at` on and returns the
 * position behind it. The caller has checked that 16 bytes are there and made room for `UUID_TEXT_SIZE`.
 */
export function writeUuidText(source: Uint8Array, start: number, target: Uint8Array, at: number): number {
  for (let i = 0; i < UUID_SIZE; i++) {
    const byte = source[start + i]!;
    const place = at + DIGITS[i]!;
    target[place] = HEX_DIGITS[byte >> 4]!;
    target[place + 1] = HEX_DIGITS[byte & 15]!;
  }
  for (const hyphen of HYPHENS) target[at + hyphen] = HYPHEN;
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
  if (end - start !== UUID_TEXT_SIZE) return ~findFault(source, start, end);
  // Negative as soon as one of them is.
  let digits = 0;
  for (let i = 0; i < UUID_SIZE; i++) {
    const place = start + DIGITS[i]!;
    const byte = (VALUES[source[place]!]! << 4) | VALUES[source[place + 1]!]!;
    digits |= byte;
    target[at + i] = byte;
  }
  for (const hyphen of HYPHENS) if (source[start + hyphen] !== HYPHEN) digits = -1;
  return digits < 0 ? ~findFault(source, start, end) : at + UUID_SIZE;
}

/** The offset of the first character of wrong UUID text that is bad, or missing, or too many. */
function findFault(source: Uint8Array, start: number, end: number): number {
  const stop = Math.min(end, start + UUID_TEXT_SIZE);
  for (let pos = start; pos < stop; pos++) {
    const isHyphen = HYPHENS.includes(pos - start);
    if (isHyphen ? source[pos] !== HYPHEN : VALUES[source[pos]!]! < 0) return pos;
  }
  return stop;
}

/** The canonical text of the UUID that `uuid` starts with. */
export function uuidText(uuid: Uint8Array): string {
  const text = new Uint8Array(UUID_TEXT_SIZE);
  writeUuidText(uuid, 0, text, 0);
  return decodeUtf8(text);
}

/** The 16 bytes that are meant by the text of a UUID, with digits of either case; `undefined` for other text. */
export function uuidOf(text: string): Uint8Array | undefined {
  // A lone surrogate must not reach the encoder.
  if (!isWellFormed(text)) return undefined;
  const bytes = encodeUtf8(text);
  const uuid = new Uint8Array(UUID_SIZE);
  return readUuidText(bytes, 0, bytes.length, uuid, 0) < 0 ? undefined : uuid;
}
