import { type ByteWriter, WireError } from "../index.ts";
import { concat, isSpace } from "./encoding.ts";

/**
 * How many messages follow each other:
 * - `none`: there is one message;
 * - `framed`: each has its size in front, a 4-byte big-endian integer, as in Thrift's framed transport;
 * - `varint`: each has its size in front, a base-128 varint;
 * - `lines`: each is a line of text.
 */
export type Framing = "none" | "framed" | "varint" | "lines";

export const FRAMINGS: readonly Framing[] = ["none", "framed", "varint", "lines"];

/** One of many messages. */
export interface Message {
  readonly bytes: Uint8Array;
  /** What people call it: `line 3`, `message 3 (from byte 120)`. */
  readonly place: string;
}

/**
 * Cuts a stream into messages, which are borrowed until the next call. Throws `WireError` for a stream that is not
 * framed like that or holds a message larger than the limit, after the messages in front of it.
 */
export interface Splitter {
  push(chunk: Uint8Array): Iterable<Message>;
  /** The message that the end of the input completes, if any. */
  end(): Iterable<Message>;
}

export function createSplitter(framing: Exclude<Framing, "none">, maxSize: number): Splitter {
  switch (framing) {
    case "lines":
      return new LineSplitter(maxSize);
    case "framed":
      return new FrameSplitter(readFixedHeader, maxSize);
    case "varint":
      return new FrameSplitter(readVarintHeader, maxSize);
  }
}

/** Appends a message as `createSplitter` expects it. */
export function appendFramed(framing: Framing, message: Uint8Array, output: ByteWriter): void {
  switch (framing) {
    case "framed":
      output.reserve(FIXED_HEADER_SIZE);
      for (let shift = 24; shift >= 0; shift -= 8) output.bytes[output.length++] = message.length >>> shift;
      break;
    case "varint": {
      output.reserve(MAX_VARINT_SIZE);
      let size = message.length;
      for (; size > 0x7f; size >>>= 7) output.bytes[output.length++] = (size & 0x7f) | 0x80;
      output.bytes[output.length++] = size;
      break;
    }
  }
  output.append(message);
  if (framing === "lines") {
    output.reserve(1);
    output.bytes[output.length++] = LINE_FEED;
  }
}

const LINE_FEED = 0x0a;

/** Chunks that wait for more, joined only once. */
class Pieces {
  #chunks: Uint8Array[] = [];
  size = 0;

  add(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.size += chunk.length;
  }

  take(): Uint8Array {
    const bytes = concat(this.#chunks);
    this.#chunks = [];
    this.size = 0;
    return bytes;
  }
}

/** Lines end with LF; the last one may lack it. Blank lines count but are no messages. */
class LineSplitter implements Splitter {
  readonly #maxSize: number;
  readonly #pieces = new Pieces();
  #line = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  *push(chunk: Uint8Array): Iterable<Message> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.#add(chunk.subarray(start, end));
      yield* this.#takeLine();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  }

  *end(): Iterable<Message> {
    if (this.#pieces.size > 0) yield* this.#takeLine();
  }

  #add(part: Uint8Array): void {
    this.#pieces.add(part);
    if (this.#pieces.size > this.#maxSize) {
      throw new WireError(
        "LIMIT_EXCEEDED",
        `line ${this.#line + 1} is longer than the limit of ${this.#maxSize} bytes`,
      );
    }
  }

  *#takeLine(): Iterable<Message> {
    const bytes = this.#pieces.take();
    this.#line++;
    if (!bytes.every(isSpace)) yield { bytes, place: `line ${this.#line}` };
  }
}

/** The sizes of a header and of the message behind it; `undefined` when the bytes end inside the header. */
type ReadHeader = (
  bytes: Uint8Array,
  pos: number,
) => { readonly headerSize: number; readonly size: number } | undefined;

const FIXED_HEADER_SIZE = 4;
/** What 31 bits need. */
const MAX_VARINT_SIZE = 5;

function readFixedHeader(bytes: Uint8Array, pos: number): ReturnType<ReadHeader> {
  if (bytes.length - pos < FIXED_HEADER_SIZE) return undefined;
  const size = (bytes[pos]! << 24) | (bytes[pos + 1]! << 16) | (bytes[pos + 2]! << 8) | bytes[pos + 3]!;
  return { headerSize: FIXED_HEADER_SIZE, size };
}

function readVarintHeader(bytes: Uint8Array, pos: number): ReturnType<ReadHeader> {
  let size = 0;
  for (let at = 0; at < MAX_VARINT_SIZE; at++) {
    const byte = bytes[pos + at];
    if (byte === undefined) return undefined;
    // Not a shift: the fifth byte may reach beyond 32 bits.
    size += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { headerSize: at + 1, size };
  }
  return { headerSize: MAX_VARINT_SIZE, size: -1 };
}

class FrameSplitter implements Splitter {
  readonly #readHeader: ReadHeader;
  readonly #maxSize: number;
  readonly #pieces = new Pieces();
  /** Bytes to wait for before the pieces are looked at. */
  #needed = 1;
  /** Offset in the input of the first piece. */
  #offset = 0;
  #messages = 0;

  constructor(readHeader: ReadHeader, maxSize: number) {
    this.#readHeader = readHeader;
    this.#maxSize = maxSize;
  }

  *push(chunk: Uint8Array): Iterable<Message> {
    this.#pieces.add(chunk);
    if (this.#pieces.size < this.#needed) return;
    const bytes = this.#pieces.take();
    let pos = 0;
    for (;;) {
      const header = this.#readHeader(bytes, pos);
      if (header === undefined) {
        this.#needed = bytes.length - pos + 1;
        break;
      }
      const { headerSize, size } = header;
      this.#checkSize(size);
      const start = pos + headerSize;
      if (bytes.length - start < size) {
        this.#needed = headerSize + size;
        break;
      }
      const place = `message ${++this.#messages} (from byte ${this.#offset + headerSize})`;
      yield { bytes: bytes.subarray(start, start + size), place };
      this.#offset += headerSize + size;
      pos = start + size;
    }
    this.#pieces.add(bytes.subarray(pos));
  }

  end(): Iterable<Message> {
    const left = this.#pieces.size;
    if (left === 0) return [];
    const message = `the input ends inside message ${this.#messages + 1}, after ${left} bytes of it`;
    throw new WireError("TRUNCATED", message, { offset: this.#offset + left });
  }

  #checkSize(size: number): void {
    const number = this.#messages + 1;
    const place = { offset: this.#offset };
    if (size < 0) {
      const message = `message ${number} has an impossible size; is the input framed like this?`;
      throw new WireError("INVALID_SIZE", message, place);
    }
    if (size > this.#maxSize) {
      throw new WireError(
        "LIMIT_EXCEEDED",
        `message ${number} says that it has ${size} bytes; the limit is ${this.#maxSize}; is the input framed like this?`,
        place,
      );
    }
  }
}
