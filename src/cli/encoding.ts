import { base64TextSize, maxBase64DecodedSize, readBase64, writeBase64 } from "../bytes/base64.ts";
import { hexValue, readHex, writeHex } from "../bytes/hex.ts";
import { ThriftError } from "../errors.ts";

/** How the Thrift side is spelt: its bytes, or text that stands for them. */
export type Encoding = "raw" | "hex" | "base64";

export const ENCODINGS: readonly Encoding[] = ["raw", "hex", "base64"];

/** Turns chunks of one form into chunks of another; holds back what needs more input. */
export interface Codec {
  push(chunk: Uint8Array): Uint8Array;
  /** What is left when the input ends. */
  end(): Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const LINE_FEED = 0x0a;
const PAD = 0x3d;
const NEW_LINE: Uint8Array = Uint8Array.of(LINE_FEED);

/**
 * The bytes that a text stands for; `raw` passes chunks through. White space between characters is ignored, as
 * `xxd -p` and `base64` break lines. Throws `INVALID_VALUE` with the offset in the text.
 */
export function createDecoder(encoding: Encoding): Codec {
  switch (encoding) {
    case "raw":
      return { push: (chunk) => chunk, end: () => NOTHING };
    case "hex":
      return new GroupDecoder(2, decodeHex);
    case "base64":
      return new GroupDecoder(4, decodeBase64);
  }
}

/** The text for bytes, lower case or padded, on one line; `raw` passes chunks through. */
export function createEncoder(encoding: Encoding): Codec {
  switch (encoding) {
    case "raw":
      return { push: (chunk) => chunk, end: () => NOTHING };
    case "hex":
      return { push: encodeHex, end: () => NEW_LINE };
    case "base64":
      return new Base64Encoder();
  }
}

/** All of a text at once. */
export function decodeText(encoding: Encoding, text: Uint8Array): Uint8Array {
  const decoder = createDecoder(encoding);
  const first = decoder.push(text);
  const last = decoder.end();
  return last.length === 0 ? first : concat([first, last]);
}

/** All bytes at once, without a line break. */
export function encodeText(encoding: Encoding, bytes: Uint8Array): Uint8Array {
  switch (encoding) {
    case "raw":
      return bytes;
    case "hex":
      return encodeHex(bytes);
    case "base64":
      return encodeBase64(bytes);
  }
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  return Buffer.concat(chunks);
}

/**
 * Decodes text without white space. The result, or an error's offset in the text: at a bad character, or at the
 * end where the text stops short.
 */
type DecodeGroups = (text: Uint8Array) => Uint8Array | number;

function decodeHex(text: Uint8Array): Uint8Array | number {
  const bytes = new Uint8Array(text.length >> 1);
  const end = readHex(text, 0, text.length, bytes, 0);
  return end < 0 ? ~end : bytes;
}

function decodeBase64(text: Uint8Array): Uint8Array | number {
  const bytes = new Uint8Array(maxBase64DecodedSize(text.length));
  const end = readBase64(text, 0, text.length, bytes, 0);
  return end < 0 ? ~end : bytes.subarray(0, end);
}

/** Decodes groups of characters that arrive in pieces, with white space anywhere. */
class GroupDecoder implements Codec {
  readonly #groupSize: number;
  readonly #decode: DecodeGroups;
  /** The characters of groups that may not be complete, or may be the last, and their offsets in the input. */
  #rest: Uint8Array = NOTHING;
  #restOffsets: number[] = [];
  /** Offset in the input of the next chunk. */
  #offset = 0;

  constructor(groupSize: number, decode: DecodeGroups) {
    this.#groupSize = groupSize;
    this.#decode = decode;
  }

  push(chunk: Uint8Array): Uint8Array {
    const kept = this.#rest.length;
    const text = new Uint8Array(kept + chunk.length);
    text.set(this.#rest);
    let length = kept;
    for (const character of chunk) {
      if (!isSpace(character)) text[length++] = character;
    }
    // The last group stays: padding is legal only there.
    const whole = length === 0 ? 0 : length - 1 - ((length - 1) % this.#groupSize);
    const offsetOf = (index: number): number =>
      index < kept ? this.#restOffsets[index]! : this.#offset + placeOf(chunk, index - kept);
    const bytes = this.#run(text.subarray(0, whole), offsetOf);
    if (whole > 0 && text[whole - 1] === PAD) this.#fail(offsetOf(whole), MISPLACED);
    const restOffsets: number[] = [];
    for (let index = whole; index < length; index++) restOffsets.push(offsetOf(index));
    this.#rest = text.slice(whole, length);
    this.#restOffsets = restOffsets;
    this.#offset += chunk.length;
    return bytes;
  }

  end(): Uint8Array {
    const rest = this.#rest;
    this.#rest = NOTHING;
    return this.#run(rest, (index) => this.#restOffsets[index] ?? this.#offset);
  }

  #run(text: Uint8Array, offsetOf: (index: number) => number): Uint8Array {
    const bytes = this.#decode(text);
    if (typeof bytes !== "number") return bytes;
    this.#fail(offsetOf(bytes), bytes === text.length ? "it ends too early" : MISPLACED);
  }

  #fail(offset: number, problem: string): never {
    const name = this.#decode === decodeHex ? "hexadecimal digits" : "padded base64";
    throw new ThriftError("INVALID_VALUE", `the input is not ${name}: ${problem}`, { offset });
  }
}

const MISPLACED = "it has a character that does not belong there";

/** Where the character with this index among those that are not white space stands. */
function placeOf(chunk: Uint8Array, index: number): number {
  let left = index;
  for (let place = 0; place < chunk.length; place++) {
    if (!isSpace(chunk[place]!) && left-- === 0) return place;
  }
  return chunk.length;
}

/** Blank, tab, line feed, vertical tab, form feed, carriage return. */
export function isSpace(character: number): boolean {
  return character === 0x20 || (character >= 0x09 && character <= 0x0d);
}

/** Whether a text can only be hexadecimal digits and white space. */
export function looksLikeHex(text: Uint8Array): boolean {
  return text.every((character) => isSpace(character) || hexValue(character) >= 0);
}

function encodeHex(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(bytes.length * 2);
  writeHex(bytes, 0, bytes.length, text, 0);
  return text;
}

function encodeBase64(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(base64TextSize(bytes.length));
  writeBase64(bytes, 0, bytes.length, text, 0);
  return text;
}

/** Three bytes make a group; the rest waits for more. */
class Base64Encoder implements Codec {
  #rest: Uint8Array = NOTHING;

  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.#rest.length === 0 ? chunk : concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    this.#rest = bytes.slice(whole);
    return encodeBase64(bytes.subarray(0, whole));
  }

  end(): Uint8Array {
    return concat([encodeBase64(this.#rest), NEW_LINE]);
  }
}
