import { type ErrorDetails, ThriftError } from "../errors.ts";
import { typeName } from "./ttype.ts";

/**
 * Bytes that are not a well-formed Thrift value, not one of the type that is wanted (`TYPE_MISMATCH`), or one beyond
 * the limits. `offset` counts from the start of the array that was read and points at the first byte of the item at
 * fault: the type byte, the size, the varint, the scalar that does not fit.
 *
 * Also what cannot be written: a number that its type cannot hold (`OUT_OF_RANGE`), text with a lone surrogate, a uuid of
 * another size. There is no `offset` then.
 */
export class WireError extends ThriftError {
  override name = "WireError";
}

/** A function of its own so that the readers' hot code carries a call, not a construction. */
export function failTruncated(offset: number): never {
  throw new WireError("TRUNCATED", "the bytes end inside a value", { offset });
}

export function failType(type: number, offset: number): never {
  throw new WireError("INVALID_TYPE", `${type} is not a type of the protocol`, { offset });
}

/** `size` bytes, or elements of that total size at least, were declared; `left` remain. */
export function failSize(size: number, left: number, offset: number): never {
  const message =
    size < 0 ? `a size of ${size} is negative` : `${size} bytes declared, but only ${left} are left`;
  throw new WireError("INVALID_SIZE", message, { offset });
}

export function failLength(length: number, left: number, offset: number): never {
  const message =
    length < 0
      ? `a length of ${length} is negative`
      : `${length} elements cannot fit the ${left} bytes that are left`;
  throw new WireError("INVALID_SIZE", message, { offset });
}

export function failDepth(offset: number): never {
  throw new WireError("LIMIT_EXCEEDED", "structs and containers are nested too deep", { offset });
}

export function failMaxLength(length: number, maxLength: number, offset: number): never {
  const message = `${length} elements are more than the limit of ${maxLength}`;
  throw new WireError("LIMIT_EXCEEDED", message, { offset });
}

/** A varint that its integer type cannot hold. */
export function failVarint(bits: number, offset: number): never {
  throw new WireError("OUT_OF_RANGE", `a varint does not fit ${bits} bits`, { offset });
}

/** Data of another wire type than is expected of it; both are numbers of `TType`. */
export function typeMismatch(expected: number, type: number, details: ErrorDetails): WireError {
  const message = `expected a value of type ${typeName(expected)}, got ${typeName(type)}`;
  return new WireError("TYPE_MISMATCH", message, details);
}
