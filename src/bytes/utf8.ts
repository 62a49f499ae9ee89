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
  for (;;) {
    pos = endOfAscii(bytes, pos, end);
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
  return endOfAscii(bytes, start, end) === end;
}

/** Where the first byte that is not ASCII is in `bytes[start … end)`; `end` when there is none. */
function endOfAscii(bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  const lastBlock = end - 8;
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
  return pos;
}

/** `ignoreBOM` keeps a leading U+FEFF: it is content here, not a mark. */
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Up to this many units a string is built faster of its units than by a native call (2: 12 against 65 ns, 8: 18). */
const SHORT_TEXT_LENGTH = 8;

type Slice = (this: Uint8Array, start: number, end: number) => string;

/** Node's native UTF-8 and UTF-16 decoders, where there are any; both work on every `Uint8Array`. */
const NATIVE_SLICES = findNativeSlices();

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

const NATIVE_UTF16_WRITE = (globalThis as { Buffer?: { prototype?: { ucs2Write?: Write } } }).Buffer
  ?.prototype?.ucs2Write;

/**
 * Writes `text` as little-endian UTF-16 to `bytes` from `at` on, where there is room for it. Returns the position behind
 * it, or −1 where the runtime has no fast way to do so.
 */
export function writeUtf16(text: string, bytes: Uint8Array, at: number): number {
  return NATIVE_UTF16_WRITE === undefined ? -1 : at + NATIVE_UTF16_WRITE.call(bytes, text, at);
}

/** Text that starts with so many ASCII bytes has few others, so that the native UTF-8 decoder is fast on it. */
const SAMPLE_SIZE = 64;

/** Text of up to this many bytes is transcoded in scratch memory. */
const SCRATCH_SIZE = 16 * 1024;
const UNITS = new Uint16Array(SCRATCH_SIZE);
const UNIT_BYTES = new Uint8Array(UNITS.buffer);

/**
 * The string that `bytes[start … end)` encodes. Every maximal invalid part becomes U+FFFD, as the WHATWG
 * decoder does; a leading byte order mark is kept. To refuse invalid input, use `decodeValidUtf8`.
 */
export function decodeUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  if (
    NATIVE_SLICES !== undefined &&
    end - start >= SAMPLE_SIZE &&
    isAscii(bytes, start, start + SAMPLE_SIZE)
  ) {
    return NATIVE_SLICES.utf8.call(bytes, start, end);
  }
  return decodeValidUtf8(bytes, start, end) ?? DECODER.decode(bytes.subarray(start, end));
}

/**
 * The string that `bytes[start … end)` encodes, `undefined` when that is not valid UTF-8 (see `validateUtf8`, which
 * tells where). Most text is looked at once: as long as it is ASCII, then while it is transcoded.
 */
export function decodeValidUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  const size = end - start;
  if (size <= SHORT_TEXT_LENGTH) {
    const length = toUtf16(bytes, start, end, UNITS);
    return length < 0 ? undefined : shortText(length);
  }
  const asciiEnd = endOfAscii(bytes, start, end);
  if (asciiEnd === end) return decodeAscii(bytes, start, end);
  if (NATIVE_SLICES === undefined || asciiEnd - start >= SAMPLE_SIZE) {
    if (validateUtf8(bytes, asciiEnd, end) >= 0) return undefined;
    if (NATIVE_SLICES !== undefined) return NATIVE_SLICES.utf8.call(bytes, start, end);
    return DECODER.decode(bytes.subarray(start, end));
  }
  // The native UTF-8 decoder is fast on ASCII only: on other text, transcoding here and a native copy of the UTF-16
  // take 60 % of its time.
  const isSmall = size <= SCRATCH_SIZE;
  const units = isSmall ? UNITS : new Uint16Array(size);
  const length = toUtf16(bytes, start, end, units);
  if (length < 0) return undefined;
  return NATIVE_SLICES.utf16.call(isSmall ? UNIT_BYTES : new Uint8Array(units.buffer), 0, length * 2);
}

/** The string of the first `length` units of the scratch memory, up to `SHORT_TEXT_LENGTH`. */
function shortText(length: number): string {
  // One call with all units makes one string; adding them one by one makes one for each.
  switch (length) {
    case 0:
      return "";
    case 1:
      return String.fromCharCode(UNITS[0]!);
    case 2:
      return String.fromCharCode(UNITS[0]!, UNITS[1]!);
    case 3:
      return String.fromCharCode(UNITS[0]!, UNITS[1]!, UNITS[2]!);
    case 4:
      return String.fromCharCode(UNITS[0]!, UNITS[1]!, UNITS[2]!, UNITS[3]!);
    case 5:
      return String.fromCharCode(UNITS[0]!, UNITS[1]!, UNITS[2]!, UNITS[3]!, UNITS[4]!);
    case 6:
      return String.fromCharCode(UNITS[0]!, UNITS[1]!, UNITS[2]!, UNITS[3]!, UNITS[4]!, UNITS[5]!);
    default: {
      const text = String.fromCharCode(
        UNITS[0]!,
        UNITS[1]!,
        UNITS[2]!,
        UNITS[3]!,
        UNITS[4]!,
        UNITS[5]!,
        UNITS[6]!,
      );
      return length === SHORT_TEXT_LENGTH ? text + String.fromCharCode(UNITS[7]!) : text;
    }
  }
}

/** The string that `bytes[start … end)` encodes, which the caller knows to be ASCII. */
export function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  return NATIVE_SLICES === undefined
    ? DECODER.decode(bytes.subarray(start, end))
    : NATIVE_SLICES.latin1.call(bytes, start, end);
}

const UTF16_DECODER = new TextDecoder("utf-16le", { ignoreBOM: true });

/** The string that `bytes[start … end)` is as little-endian UTF-16; an even number of bytes. */
export function decodeUtf16(bytes: Uint8Array, start: number, end: number): string {
  return NATIVE_SLICES === undefined
    ? UTF16_DECODER.decode(bytes.subarray(start, end))
    : NATIVE_SLICES.utf16.call(bytes, start, end);
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
    const size = sequenceSize(bytes, pos, end);
    if (size === 3) {
      units[at++] = (lead << 12) | ((bytes[pos + 1]! & 0x3f) << 6) | (bytes[pos + 2]! & 0x3f);
    } else if (size === 2) {
      units[at++] = ((lead & 0x1f) << 6) | (bytes[pos + 1]! & 0x3f);
    } else if (size === 4) {
      const offset =
        (((lead & 0x07) << 18) |
          ((bytes[pos + 1]! & 0x3f) << 12) |
          ((bytes[pos + 2]! & 0x3f) << 6) |
          (bytes[pos + 3]! & 0x3f)) -
        0x10000;
      units[at++] = 0xd800 | (offset >> 10);
      units[at++] = 0xdc00 | (offset & 0x3ff);
    } else {
      return -1;
    }
    pos += size;
  }
  return at;
}

/** From this length on `TextEncoder.encodeInto` beats the loop. */
const NATIVE_ENCODE_LENGTH = 64;

/** The first byte of U+FFFD in UTF-8. */
const REPLACEMENT_LEAD = 0xef;

type IndexOf = (this: Uint8Array, byte: number) => number;

const NATIVE_INDEX_OF = (globalThis as { Buffer?: { prototype?: { indexOf?: IndexOf } } }).Buffer?.prototype
  ?.indexOf;

/**
 * Writes the UTF-8 form of `text` to `bytes` from `at` on and returns the position behind it, or −1 when the
 * text has a lone surrogate (what is behind `at` is undefined then). The caller has made room for
 * `utf8Room(text)` bytes.
 */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  const length = text.length;
  if (length >= NATIVE_ENCODE_LENGTH) {
    const { written } = ENCODER.encodeInto(text, bytes.subarray(at));
    // A lone surrogate becomes U+FFFD. Looking for the first byte of that takes a tenth of the time that looking at the
    // text takes, which then has to be done only for text that has such a byte.
    const isSuspect =
      written !== length &&
      (NATIVE_INDEX_OF === undefined ||
        NATIVE_INDEX_OF.call(bytes.subarray(at, at + written), REPLACEMENT_LEAD) >= 0);
    return isSuspect && !isWellFormed(text) ? -1 : at + written;
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
  return ENCODER.encode(text);
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

/** Finds a lone surrogate. */
export const LONE_SURROGATE: RegExp = /\p{Surrogate}/u;

/** Whether `text` has no lone surrogates, so that UTF-8 can hold it. */
export function isWellFormed(text: string): boolean {
  // ES2024; every Node that is supported has it, some browsers that are still in use do not.
  const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
  return native === undefined ? !LONE_SURROGATE.test(text) : native.call(text);
}
