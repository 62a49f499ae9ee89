import { ThriftError } from "../errors.ts";

/** The most bytes that one UTF-16 unit takes in UTF-8; a pair of them takes four. */
const MAX_UTF8_PER_UNIT = 3;

/** Above this length text is counted, so that a bound thrice its size is not what meets an output limit. */
const COUNTED_LENGTH = 16 * 1024;

/** How much room `writeUtf8` needs for `text`: an upper bound for short text, exact for long. */
export function utf8Room(text: string): number {
  return text.length < COUNTED_LENGTH ? text.length * MAX_UTF8_PER_UNIT : utf8ByteLength(text);
}

/**
 * The offset of the first invalid sequence in `bytes[start … end)`, or −1 when all is valid UTF-8.
 *
 * Strict as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. A sequence cut by `end` is
 * invalid, also when `bytes` goes on behind it.
 */
export function validateUtf8(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  // All reads up to pos + 7 are inside `end`, by the loop condition.
  const lastBlock = end - 8;
  for (;;) {
    while (
      pos <= lastBlock &&
      (bytes[pos]! |
        bytes[pos + 1]! |
        bytes[pos + 2]! |
        bytes[pos + 3]! |
        bytes[pos + 4]! |
        bytes[pos + 5]! |
        bytes[pos + 6]! |
        bytes[pos + 7]!) <
        0x80
    ) {
      pos += 8;
    }
    while (pos < end && bytes[pos]! < 0x80) pos++;
    if (pos >= end) return -1;
    // A run of multi-byte sequences; text that has one usually has several in a row.
    do {
      const size = sequenceSize(bytes, pos, end);
      if (size === 0) return pos;
      pos += size;
    } while (pos < end && bytes[pos]! >= 0x80);
  }
}

/** The size of the valid multi-byte sequence at `pos`, or 0 when there is none. `bytes[pos] >= 0x80`. */
function sequenceSize(bytes: Uint8Array, pos: number, end: number): number {
  const lead = bytes[pos]!;
  if (lead < 0xe0) {
    // C2–DF 80–BF
    return lead >= 0xc2 && pos + 1 < end && (bytes[pos + 1]! & 0xc0) === 0x80 ? 2 : 0;
  }
  if (lead < 0xf0) {
    // E0 A0–BF 80–BF | E1–EC, EE, EF 80–BF 80–BF | ED 80–9F 80–BF
    if (pos + 2 >= end) return 0;
    const second = bytes[pos + 1]!;
    if ((second & 0xc0) !== 0x80 || (bytes[pos + 2]! & 0xc0) !== 0x80) return 0;
    if (lead === 0xe0 && second < 0xa0) return 0;
    return lead === 0xed && second > 0x9f ? 0 : 3;
  }
  // F0 90–BF 80–BF 80–BF | F1–F3 80–BF … | F4 80–8F …
  if (lead > 0xf4 || pos + 3 >= end) return 0;
  const second = bytes[pos + 1]!;
  if ((second & 0xc0) !== 0x80 || (bytes[pos + 2]! & bytes[pos + 3]! & 0xc0) !== 0x80) return 0;
  if ((bytes[pos + 2]! | bytes[pos + 3]!) & 0x40) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  return lead === 0xf4 && second > 0x8f ? 0 : 4;
}

/** Whether `bytes[start … end)` is all ASCII. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let pos = start;
  const lastBlock = end - 8;
  while (pos <= lastBlock) {
    const block =
      bytes[pos]! |
      bytes[pos + 1]! |
      bytes[pos + 2]! |
      bytes[pos + 3]! |
      bytes[pos + 4]! |
      bytes[pos + 5]! |
      bytes[pos + 6]! |
      bytes[pos + 7]!;
    if (block >= 0x80) return false;
    pos += 8;
  }
  while (pos < end) if (bytes[pos++]! >= 0x80) return false;
  return true;
}

/** `ignoreBOM` keeps a leading U+FEFF: it is content here, not a mark. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Up to this size an ASCII string is built faster unit by unit than by a native call (8 B: 85 against 99 ns). */
const SHORT_TEXT_SIZE = 8;

type Slice = (this: Uint8Array, start: number, end: number) => string;

/** Node's native UTF-8 and UTF-16 decoders, where there are any; both work on every `Uint8Array`. */
const nativeSlices = findNativeSlices();

function findNativeSlices(): { latin1: Slice; utf8: Slice; utf16: Slice } | undefined {
  const prototype = (globalThis as { Buffer?: { prototype?: Record<string, unknown> } }).Buffer?.prototype;
  const latin1 = prototype?.latin1Slice;
  const utf8 = prototype?.utf8Slice;
  const utf16 = prototype?.ucs2Slice;
  return typeof latin1 === "function" && typeof utf8 === "function" && typeof utf16 === "function"
    ? { latin1: latin1 as Slice, utf8: utf8 as Slice, utf16: utf16 as Slice }
    : undefined;
}

type Write = (this: Uint8Array, text: string, offset: number) => number;

const nativeUtf16Write = (globalThis as { Buffer?: { prototype?: { ucs2Write?: Write } } }).Buffer?.prototype
  ?.ucs2Write;

/**
 * Writes `text` as little-endian UTF-16 to `bytes` from `at` on, where there is room for it. Returns the position behind
 * it, or −1 where the runtime has no fast way to do so.
 */
export function writeUtf16(text: string, bytes: Uint8Array, at: number): number {
  return nativeUtf16Write === undefined ? -1 : at + nativeUtf16Write.call(bytes, text, at);
}

/** Text whose first bytes are all ASCII usually stays so. */
const SAMPLE_SIZE = 64;

/** Text of up to this many bytes is transcoded in scratch memory. */
const SCRATCH_SIZE = 16 * 1024;
const utf16Scratch = new Uint16Array(SCRATCH_SIZE);

/**
 * The string that `bytes[start … end)` encodes. Every maximal invalid part becomes U+FFFD, as the WHATWG
 * decoder does; a leading byte order mark is kept. To refuse invalid input, call `validateUtf8` first.
 */
export function decodeUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const size = end - start;
  if (size <= SHORT_TEXT_SIZE) {
    let text = "";
    let pos = start;
    while (pos < end && bytes[pos]! < 0x80) text += String.fromCharCode(bytes[pos++]!);
    if (pos === end) return text;
  }
  if (nativeSlices !== undefined) {
    // The native UTF-8 decoder is fast on ASCII only: on other text, transcoding here and a native copy of
    // the UTF-16 take 60 % of its time.
    if (isAscii(bytes, start, Math.min(end, start + SAMPLE_SIZE))) {
      return nativeSlices.utf8.call(bytes, start, end);
    }
    const units = size <= SCRATCH_SIZE ? utf16Scratch : new Uint16Array(size);
    const length = toUtf16(bytes, start, end, units);
    if (length >= 0) {
      return nativeSlices.utf16.call(new Uint8Array(units.buffer, 0, length * 2), 0, length * 2);
    }
  }
  return decoder.decode(bytes.subarray(start, end));
}

/** The string that `bytes[start … end)` encodes, which the caller knows to be ASCII. */
export function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  return nativeSlices === undefined
    ? decoder.decode(bytes.subarray(start, end))
    : nativeSlices.latin1.call(bytes, start, end);
}

const utf16Decoder = new TextDecoder("utf-16le", { ignoreBOM: true });

/** The string that `bytes[start … end)` is as little-endian UTF-16; an even number of bytes. */
export function decodeUtf16(bytes: Uint8Array, start: number, end: number): string {
  return nativeSlices === undefined
    ? utf16Decoder.decode(bytes.subarray(start, end))
    : nativeSlices.utf16.call(bytes, start, end);
}

/** Transcodes into `units`, which has room for `end − start`; the number of units, or −1 for invalid input. */
function toUtf16(bytes: Uint8Array, start: number, end: number, units: Uint16Array): number {
  let at = 0;
  let pos = start;
  while (pos < end) {
    const lead = bytes[pos]!;
    if (lead < 0x80) {
      units[at++] = lead;
      pos++;
      continue;
    }
    switch (sequenceSize(bytes, pos, end)) {
      case 2:
        units[at++] = ((lead & 0x1f) << 6) | (bytes[pos + 1]! & 0x3f);
        pos += 2;
        break;
      case 3:
        units[at++] = ((lead & 0x0f) << 12) | ((bytes[pos + 1]! & 0x3f) << 6) | (bytes[pos + 2]! & 0x3f);
        pos += 3;
        break;
      case 4: {
        const offset =
          (((lead & 0x07) << 18) |
            ((bytes[pos + 1]! & 0x3f) << 12) |
            ((bytes[pos + 2]! & 0x3f) << 6) |
            (bytes[pos + 3]! & 0x3f)) -
          0x10000;
        units[at++] = 0xd800 | (offset >> 10);
        units[at++] = 0xdc00 | (offset & 0x3ff);
        pos += 4;
        break;
      }
      default:
        return -1;
    }
  }
  return at;
}

/** From this length on `TextEncoder.encodeInto` beats the loop. */
const NATIVE_ENCODE_LENGTH = 64;

/**
 * Writes the UTF-8 form of `text` to `bytes` from `at` on and returns the position behind it, or −1 when the
 * text has a lone surrogate (what is behind `at` is undefined then). The caller has made room for
 * `utf8Room(text)` bytes.
 */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  const length = text.length;
  if (length >= NATIVE_ENCODE_LENGTH) {
    if (!isWellFormed(text)) return -1;
    return at + encoder.encodeInto(text, bytes.subarray(at)).written;
  }
  let pos = at;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[pos++] = unit;
    } else if (unit < 0x800) {
      bytes[pos++] = 0xc0 | (unit >> 6);
      bytes[pos++] = 0x80 | (unit & 0x3f);
    } else if ((unit & 0xf800) !== 0xd800) {
      bytes[pos++] = 0xe0 | (unit >> 12);
      bytes[pos++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[pos++] = 0x80 | (unit & 0x3f);
    } else {
      // charCodeAt past the end is NaN, which is no low surrogate either.
      const low = text.charCodeAt(++i);
      if (unit >= 0xdc00 || (low & 0xfc00) !== 0xdc00) return -1;
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
      bytes[pos++] = 0xf0 | (point >> 18);
      bytes[pos++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[pos++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[pos++] = 0x80 | (point & 0x3f);
    }
  }
  return pos;
}

/** The UTF-8 form of `text`, owned by the caller. Throws `INVALID_UTF8` for a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array {
  if (!isWellFormed(text)) throw new ThriftError("INVALID_UTF8", "the text has a lone surrogate");
  return encoder.encode(text);
}

/** The number of bytes that the UTF-8 form of `text` takes; a lone surrogate counts as three (U+FFFD). */
export function utf8ByteLength(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      size += 1;
    } else {
      size += 2;
      // The low half of a pair was counted as one unit, so that a pair comes to four.
      if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    }
  }
  return size;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether `text` has no lone surrogates, so that UTF-8 can hold it. */
export function isWellFormed(text: string): boolean {
  // ES2024; every Node that is supported has it, some browsers that are still in use do not.
  const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
  return native === undefined ? !LONE_SURROGATE.test(text) : native.call(text);
}
