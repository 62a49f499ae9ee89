import { type ErrorCode, type ErrorDetails, ThriftError } from "../errors.ts";

/** A message that cannot be converted: JSON syntax, values that do not fit their type, missing fields … */
export class ConvertError extends ThriftError {
  override name = "ConvertError";
}

/** A declared exception in a result struct, under `exceptions: "throw"`. */
export class DeclaredExceptionError extends ConvertError {
  override name = "DeclaredExceptionError";
  /** The exception as JSON text with exact digits, by the options of the conversion. */
  readonly json: string;
  /**
   * The exception as a JavaScript value, as `Value.toJS` gives it: keyed by field name, i64 as `bigint`, maps as `Map`,
   * whatever form the options give values in JSON.
   */
  readonly value: unknown;
  /** The exception field's name in the result struct. */
  readonly field: string;

  constructor(field: string, json: string, value: unknown, details: ErrorDetails) {
    super("EXCEPTION", `the result holds the declared exception \`${field}\``, details);
    this.field = field;
    this.json = json;
    this.value = value;
  }
}

const WIRE_CODES: ReadonlySet<ErrorCode> = new Set([
  "TRUNCATED",
  "INVALID_TYPE",
  "INVALID_UTF8",
  "INVALID_SIZE",
  "LIMIT_EXCEEDED",
  "TRAILING_DATA",
] satisfies ErrorCode[]);

/** Whether the code speaks of the bytes themselves rather than of what they mean. */
export function isWireCode(code: ErrorCode): boolean {
  return WIRE_CODES.has(code);
}
