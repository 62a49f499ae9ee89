/**
 * What went wrong, as a stable word. Codes are part of the public contract; messages are not.
 *
 * | code | raised when |
 * |---|---|
 * | `TRUNCATED` | the bytes end inside a value |
 * | `INVALID_TYPE` | a wire type byte that the protocol does not define |
 * | `INVALID_UTF8` | a string is not valid UTF-8 |
 * | `INVALID_SIZE` | a negative size or length, or one that the remaining bytes cannot hold |
 * | `LIMIT_EXCEEDED` | depth, message size, length or output size beyond the limits in force |
 * | `TRAILING_DATA` | bytes after the end of the root value |
 * | `INVALID_ENVELOPE` | a message envelope of an unknown version or message type |
 * | `INVALID_JSON` | the text is not JSON |
 * | `TYPE_MISMATCH` | a value of a kind that the descriptor does not allow here |
 * | `OUT_OF_RANGE` | a number that its Thrift or JSON type cannot hold |
 * | `INVALID_VALUE` | right kind, impossible content (base64, uuid, enum name, map key …) |
 * | `MISSING_REQUIRED` | a required field is absent |
 * | `UNKNOWN_FIELD` | a field that the descriptor lacks, under `unknownFields: "error"` |
 * | `DUPLICATE_FIELD` | a struct field or map key occurs twice where that is an error |
 * | `INVALID_UNION` | a union with no known field or with more than one |
 * | `EXCEPTION` | a declared exception in a result, under `exceptions: "throw"` |
 * | `INVALID_PATH` | a path that cannot be parsed or that the schema can never have |
 * | `NOT_FOUND` | a name or a parent that does not exist |
 * | `DISPOSED` | something pooled is used after it was disposed |
 * | `INVALID_OPTION` | an unknown option name, an impossible option value, or another argument of the wrong kind |
 * | `INVALID_IDL` | Thrift IDL with errors; see `IdlError.diagnostics` |
 * | `FAILED_MAPPING` | user code threw: a value mapping, a field source or sink, `resolveInclude`, an annotation registry; see `cause` |
 */
export type ErrorCode =
  | "TRUNCATED"
  | "INVALID_TYPE"
  | "INVALID_UTF8"
  | "INVALID_SIZE"
  | "LIMIT_EXCEEDED"
  | "TRAILING_DATA"
  | "INVALID_ENVELOPE"
  | "INVALID_JSON"
  | "TYPE_MISMATCH"
  | "OUT_OF_RANGE"
  | "INVALID_VALUE"
  | "MISSING_REQUIRED"
  | "UNKNOWN_FIELD"
  | "DUPLICATE_FIELD"
  | "INVALID_UNION"
  | "EXCEPTION"
  | "INVALID_PATH"
  | "NOT_FOUND"
  | "DISPOSED"
  | "INVALID_OPTION"
  | "INVALID_IDL"
  | "FAILED_MAPPING";

/** Where an error happened, beside its code and message. */
export interface ErrorDetails {
  /** Offset in bytes from the start of the input, also when the input was a string. */
  readonly offset?: number | undefined;
  /** Path of the value, such as `feed.items[3].author.id`; absent at the root. */
  readonly path?: string | undefined;
  /** A short piece of the input around `offset`. Kept out of the message, which never quotes payloads. */
  readonly excerpt?: string | undefined;
  readonly cause?: unknown;
}

const BRAND: unique symbol = Symbol.for("dynamic-thrift.error") as never;

/**
 * The base of every error that this library throws for bad input or bad arguments.
 *
 * `message` says what is wrong and where; it never contains payload values, so it is safe to log.
 * Recognise it with {@link isThriftError} rather than `instanceof`, which fails across package copies.
 */
export class ThriftError extends Error {
  override name = "ThriftError";
  readonly code: ErrorCode;
  readonly offset: number | undefined;
  readonly path: string | undefined;
  readonly excerpt: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(
      message + describePlace(details),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.offset = details.offset;
    this.path = details.path;
    this.excerpt = details.excerpt;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

function describePlace({ path, offset }: ErrorDetails): string {
  if (path !== undefined && path !== "") {
    return offset === undefined ? ` (at ${path})` : ` (at ${path}, offset ${offset})`;
  }
  return offset === undefined ? "" : ` (offset ${offset})`;
}

/** Whether `value` is an error of this library, from any copy of it; with `code`, whether it is that error. */
export function isThriftError(value: unknown, code?: ErrorCode): value is ThriftError {
  return (
    value instanceof Error &&
    BRAND in value &&
    (code === undefined || (value as unknown as ThriftError).code === code)
  );
}
