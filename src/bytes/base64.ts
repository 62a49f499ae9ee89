/** Base64 of RFC 4648 §4: the standard alphabet, padded. */
import { decodeUtf8 } from "./utf8.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;
/** Not in the alphabet; its high bit survives an OR of several values. */
const INVALID = 0x80;

const CHARACTERS: Uint8Array = /* @__PURE__ */ Uint8Array.from(ALPHABET, (c) => c.charCodeAt(0));
const VALUES: Uint8Array = /* @__PURE__ */ makeValues();

function makeValues(): Uint8Array {
  const values = new Uint8Array(256).fill(INVALID);
  for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;
  return values;
}

/** The size of the base64 text of `size` bytes. */
export function base64TextSize(size: number): number {
  return Math.ceil(size / 3) * 4;
}

/** An upper bound, at most two too high, of the bytes that base64 text of `size` characters decodes to. */
export function maxBase64DecodedSize(size: number): number {
  return Math.floor(size / 4) * 3;
}

/** The number of bytes that valid base64 text `source[start … end)` decodes to. */
export function base64DecodedSize(source: Uint8Array, start: number, end: number): number {
  const size = maxBase64DecodedSize(end - start);
  if (size === 0 || source[end - 1] !== PAD) return size;
  return source[end - 2] === PAD ? size - 2 : size - 1;
}

/**
 * Writes `source[start … end)` as base64 to `target` from `at` on and returns the position behind it. The
 * caller has made room for `base64TextSize(end - start)` bytes.
 */
export function writeBase64(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let pos = start;
  let out = at;
  for (const last = end - 2; pos < last; pos += 3) {
    const bits = (source[pos]! << 16) | (source[pos + 1]! << 8) | source[pos + 2]!;
    target[out] = CHARACTERS[bits >> 18]!;
    target[out + 1] = CHARACTERS[(bits >> 12) & 63]!;
    target[out + 2] = CHARACTERS[(bits >> 6) & 63]!;
    target[out + 3] = CHARACTERS[bits & 63]!;
    out += 4;
  }
  if (pos === end) return out;
  const hasTwo = pos + 1 < end;
  const bits = (source[pos]! << 16) | (hasTwo ? source[pos + 1]! << 8 : 0);
  target[out] = CHARACTERS[bits >> 18]!;
  target[out + 1] = CHARACTERS[(bits >> 12) & 63]!;
  target[out + 2] = hasTwo ? CHARACTERS[(bits >> 6) & 63]! : PAD;
  target[out + 3] = PAD;
  return out + 4;
}

/** The base64 text of bytes. */
export function base64Text(bytes: Uint8Array): string {
  const text = new Uint8Array(base64TextSize(bytes.length));
  writeBase64(bytes, 0, bytes.length, text, 0);
  return decodeUtf8(text);
}

/**
 * Decodes the base64 text `source[start … end)` to `target` from `at` on and returns the position behind it,
 * or, when the text is wrong, the bitwise complement of the offset of the first bad character (`~result`, with
 * `end` for text that stops short). Padding is required and the encoding must be the canonical one: the unused
 * bits in front of the padding are zero. The caller has made room for `maxBase64DecodedSize(end - start)`.
 *
 * `target` may be `source` when `at <= start`: decoding never overtakes reading.
 */
export function readBase64(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let pos = start;
  let out = at;
  for (const last = end - 4; pos <= last; pos += 4) {
    const a = VALUES[source[pos]!]!;
    const b = VALUES[source[pos + 1]!]!;
    const c = VALUES[source[pos + 2]!]!;
    const d = VALUES[source[pos + 3]!]!;
    if (((a | b | c | d) & INVALID) !== 0) break;
    target[out] = (a << 2) | (b >> 4);
    target[out + 1] = (b << 4) | (c >> 2);
    target[out + 2] = (c << 6) | d;
    out += 3;
  }
  return pos === end ? out : readLastGroup(source, pos, end, target, out);
}

/** The group at `pos` is not four characters of the alphabet: the padded end of the text, or an error. */
function readLastGroup(source: Uint8Array, pos: number, end: number, target: Uint8Array, at: number): number {
  const available = Math.min(end - pos, 4);
  let count = 0;
  while (count < available && VALUES[source[pos + count]!]! !== INVALID) count++;
  if (count < 2) return ~(pos + count);
  // The padding: from `count` to the fourth place.
  for (let i = count; i < 4; i++) {
    if (pos + i >= end) return ~end;
    if (source[pos + i] !== PAD) return ~(pos + i);
  }
  if (pos + 4 !== end) return ~(pos + 4);
  const a = VALUES[source[pos]!]!;
  const b = VALUES[source[pos + 1]!]!;
  if (count === 2) {
    if ((b & 0x0f) !== 0) return ~(pos + 1);
    target[at] = (a << 2) | (b >> 4);
    return at + 1;
  }
  const c = VALUES[source[pos + 2]!]!;
  if ((c & 0x03) !== 0) return ~(pos + 2);
  target[at] = (a << 2) | (b >> 4);
  target[at + 1] = (b << 4) | (c >> 2);
  return at + 2;
}

interface Decoders {
  readonly Buffer?: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> };
  readonly Uint8Array: { fromBase64?(text: string): Uint8Array<ArrayBuffer> };
}

/**
 * The bytes of base64 text that is known to be right, by whatever the runtime does natively: for large constants, which
 * a loop that has not been compiled yet takes milliseconds for.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const runtime = globalThis as unknown as Decoders;
  if (runtime.Uint8Array.fromBase64 !== undefined) return runtime.Uint8Array.fromBase64(text);
  if (runtime.Buffer !== undefined) return runtime.Buffer.from(text, "base64");
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
