import { decodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import { ThriftError } from "../errors.ts";
import { DEFAULT_LIMITS, type Limits, type ResolvedLimits } from "./limits.ts";
import type { Protocol, TType } from "./ttype.ts";
import { WireError } from "./wire-error.ts";

export interface ReaderOptions {
  /** Where the value starts. Default 0. */
  readonly start?: number;
  /** Where the bytes to read end; nothing at or behind it is read. Default the end of the array. */
  readonly end?: number;
  /** `maxDepth`, `maxSize` and `maxLength` apply. */
  readonly limits?: Limits;
}

/** The same with limits that have been checked. */
export interface ResolvedReaderOptions extends ReaderOptions {
  readonly limits?: ResolvedLimits;
}

/**
 * Reads one encoded value step by step: the calls must follow the structure of the data, as the headers tell.
 * A header's parts are left in fields of the reader, so that reading allocates only strings, bigints and views.
 *
 * Every method throws `WireError` for bytes that cannot be what is asked for: `TRUNCATED`, `INVALID_TYPE`,
 * `INVALID_SIZE` (also for a length whose elements cannot fit the remaining bytes), `LIMIT_EXCEEDED` (depth,
 * container length) and, in compact, `OUT_OF_RANGE` for a varint that its type cannot hold. After an error the
 * position is undefined.
 */
export interface WireReader {
  readonly protocol: Protocol;
  readonly bytes: Uint8Array;
  readonly end: number;
  /** The next byte to read. */
  readonly position: number;
  /** Open structs and containers. */
  readonly depth: number;

  /** Of the field header read last. */
  readonly fieldId: number;
  /** Of the map header read last; STOP when an empty map does not tell. */
  readonly keyType: TType;
  /** Of the container header read last: elements, or values of a map; STOP when an empty one does not tell. */
  readonly elementType: TType;
  /** Of the container header read last: elements, or entries. */
  readonly length: number;

  readStructBegin(): void;
  /** The type of the next field, its id in `fieldId`; `TType.STOP` at the end of the struct. */
  readFieldBegin(): TType;
  /** Closes the struct; call after `readFieldBegin` has returned STOP. */
  readStructEnd(): void;
  /** For sets too: their encoding is the same. */
  readListBegin(): void;
  readListEnd(): void;
  readMapBegin(): void;
  readMapEnd(): void;

  /** 1 is true and every other byte false, as in dynamicgo and the reference implementations. */
  readBool(): boolean;
  readByte(): number;
  readI16(): number;
  readI32(): number;
  readI64(): bigint;
  readDouble(): number;
  /** Throws `INVALID_UTF8` at the first invalid sequence. */
  readString(): string;
  /** The content of a string or binary, borrowed from `bytes`. */
  readBinary(): Uint8Array;
  /** The 16 bytes of a uuid, borrowed from `bytes`. */
  readUuid(): Uint8Array;

  /** Passes over a value of that type. The length limit does not apply to what is passed over. */
  skip(type: TType): void;
}

/**
 * Checks what every reader starts from. Throws `INVALID_OPTION` for a range outside the array, `LIMIT_EXCEEDED`
 * for one larger than `limits.maxSize`.
 */
export function checkInput(
  bytes: Uint8Array,
  options: ResolvedReaderOptions,
): Required<ResolvedReaderOptions> {
  const { start = 0, end = bytes.length, limits = DEFAULT_LIMITS } = options;
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start > end || end > bytes.length) {
    throw new ThriftError("INVALID_OPTION", "the range from `start` to `end` is not inside the bytes");
  }
  if (end - start > limits.maxSize) {
    const message = `a message of ${end - start} bytes is larger than the limit of ${limits.maxSize}`;
    throw new WireError("LIMIT_EXCEEDED", message, { offset: start });
  }
  return { start, end, limits };
}

/** The string whose content is `bytes[start … end)`. Throws `INVALID_UTF8` at the first invalid sequence. */
export function decodeString(bytes: Uint8Array, start: number, end: number): string {
  const invalid = validateUtf8(bytes, start, end);
  if (invalid >= 0) throw new WireError("INVALID_UTF8", "a string is not valid UTF-8", { offset: invalid });
  return decodeUtf8(bytes, start, end);
}
