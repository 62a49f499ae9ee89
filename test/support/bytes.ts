/**
 * Annotated hex to bytes, a tag for template literals. Blanks and line breaks separate; `//` starts a comment
 * that ends with the line; quoted text stands for its UTF-8 bytes.
 *
 * @example
 * hex`
 *   08 00 01  // i32, field 1
 *   0000002a
 *   ${inner}  // bytes and strings of hex can be put in
 *   0b 00 02  00000002 "hi"
 *   00
 * `
 */
export function hex(
  text: TemplateStringsArray | string,
  ...parts: readonly (Uint8Array | string)[]
): Uint8Array {
  const strings = typeof text === "string" ? [text] : text.raw;
  const whole = strings.reduce((joined, piece, index) => joined + toHexText(parts[index - 1]) + piece);
  const bytes: number[] = [];
  const token = /\s+|\/\/[^\n]*|"([^"]*)"|([0-9a-fA-F]{2})|(.)/gy;
  for (const [, quoted, pair, other] of whole.matchAll(token)) {
    if (other !== undefined) throw new SyntaxError(`hex: unexpected ${JSON.stringify(other)} in ${whole}`);
    if (quoted !== undefined) bytes.push(...new TextEncoder().encode(quoted));
    if (pair !== undefined) bytes.push(Number.parseInt(pair, 16));
  }
  return Uint8Array.from(bytes);
}

function toHexText(part: Uint8Array | string | undefined): string {
  if (part === undefined || typeof part === "string") return part ?? "";
  return toHex(part);
}

/** Bytes as lower-case hex digits, for assertions whose failure a person can read. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Bytes of the noise that surrounds a view on each side. */
const NOISE_SIZE = 11;

/**
 * The same bytes as a view into a larger buffer at an odd offset, with noise on both sides: catches code that
 * ignores `byteOffset` or reads beyond the end.
 */
export function withNoise(bytes: Uint8Array, noise = 0x5a): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 2 * NOISE_SIZE).fill(noise);
  buffer.set(bytes, NOISE_SIZE);
  return buffer.subarray(NOISE_SIZE, NOISE_SIZE + bytes.length);
}

/** Consecutive views of `size` bytes, the last one maybe shorter; `sizes` are taken in turn when an array. */
export function chunksOf(bytes: Uint8Array, size: number | readonly number[]): Uint8Array[] {
  const sizes = typeof size === "number" ? [size] : size;
  const chunks: Uint8Array[] = [];
  for (let pos = 0, turn = 0; pos < bytes.length; turn++) {
    const end = Math.min(bytes.length, pos + Math.max(1, sizes[turn % sizes.length] ?? 1));
    chunks.push(bytes.subarray(pos, end));
    pos = end;
  }
  return chunks;
}

/** Every way to cut the bytes into two chunks, empty ones included. */
export function twoChunks(bytes: Uint8Array): [Uint8Array, Uint8Array][] {
  return Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
}

/** Every proper prefix, the empty one included. */
export function truncationsOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length }, (_, end) => bytes.subarray(0, end));
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let pos = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, pos);
    pos += chunk.length;
  }
  return bytes;
}
