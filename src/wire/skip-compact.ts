import { growStack, OPEN_STRUCT, SKIP_STACK } from "./skip-stack.ts";
import {
  COMPACT_MIN_SIZE,
  COMPACT_WIDTH,
  CompactType,
  NOT_A_TYPE,
  TTYPE_OF_COMPACT,
  TType,
} from "./ttype.ts";
import {
  readVarint32,
  skipVarint32,
  skipVarint64,
  VARINT_OVERFLOW,
  varintSize,
  varintValue,
} from "./varint.ts";
import { failDepth, failLength, failSize, failTruncated, failType, WireError } from "./wire-error.ts";

/**
 * The position behind the value of type `type` (a `TType`) at `pos`, in the compact protocol; the twin of
 * `skipBinary`, with the same contract. A bool is one byte, as elements have it: a bool field has no
 * bytes outside its header, so that there is nothing to skip.
 *
 * Throws `WireError`: `TRUNCATED`, `INVALID_TYPE`, `INVALID_SIZE` (also for a size or length that overflows its
 * varint), `OUT_OF_RANGE` (an integer that overflows its varint), `LIMIT_EXCEEDED` (depth).
 */
export function skipCompact(
  bytes: Uint8Array,
  pos: number,
  end: number,
  type: number,
  maxDepth: number,
): number {
  const width = COMPACT_WIDTH[type] ?? NOT_A_TYPE;
  if (width < 0) failType(type, pos);
  if (width === 0 && type >= TType.STRUCT) return skipNested(bytes, pos, end, type, maxDepth);
  return skipFlat(bytes, pos, end, type);
}

/** Skips a value without a level of its own: a scalar or a string. */
function skipFlat(bytes: Uint8Array, pos: number, end: number, type: number): number {
  const width = COMPACT_WIDTH[type]!;
  if (width > 0) return pos + width <= end ? pos + width : failTruncated(pos);
  if (type === TType.STRING) return skipString(bytes, pos, end);
  // Most integers take one byte.
  if (pos < end && bytes[pos]! < 0x80) return pos + 1;
  return type === TType.I64 ? skipVarint64(bytes, pos, end) : skipVarint32(bytes, pos, end);
}

function skipNested(
  bytes: Uint8Array,
  start: number,
  end: number,
  rootType: number,
  maxDepth: number,
): number {
  let stack = SKIP_STACK;
  let depth = 0;
  let pos = start;
  let type = rootType;
  // The innermost open level; the outer ones are on the stack. The outermost pair saved there is a dummy.
  let remaining = 0;
  let types = 0;
  for (;;) {
    // A struct or container of type `type` starts at `pos`.
    if (depth >= maxDepth) failDepth(pos);
    if (2 * depth === stack.length) stack = growStack(stack);
    stack[2 * depth] = remaining;
    stack[2 * depth + 1] = types;
    depth++;
    if (type === TType.STRUCT) {
      remaining = OPEN_STRUCT;
    } else if (type === TType.MAP) {
      // length varint, then unless it is 0: key type (high nibble) and value type (low nibble)
      const packed = readLength(bytes, pos, end);
      const header = pos;
      pos += varintSize(packed);
      remaining = 2 * varintValue(packed);
      if (remaining > 0) {
        types = readMapTypes(bytes, pos, end);
        pos++;
        checkMapLength(remaining / 2, types, end - pos, header);
        const keyWidth = COMPACT_WIDTH[types & 0xff]!;
        const valueWidth = COMPACT_WIDTH[types >> 8]!;
        if (keyWidth > 0 && valueWidth > 0) {
          // The length check has proved that all entries are there.
          pos += (remaining / 2) * (keyWidth + valueWidth);
          remaining = 0;
        }
      }
    } else {
      // length (high nibble) and element type (low nibble); length nibble 15: a varint has the length
      const packed = readListLength(bytes, pos, end);
      const elementType = readListType(bytes, pos);
      const header = pos;
      pos += varintSize(packed);
      remaining = varintValue(packed);
      checkListLength(remaining, elementType, end - pos, header);
      types = elementType | (elementType << 8);
      const width = COMPACT_WIDTH[elementType]!;
      if (width > 0) {
        pos += remaining * width;
        remaining = 0;
      }
    }

    // Go on to the next struct or container, leaving levels that end.
    for (;;) {
      if (remaining === OPEN_STRUCT) {
        if (pos >= end) failTruncated(pos);
        // id delta (high nibble) and type (low nibble); delta 0: the id follows as a zigzag varint
        const header = bytes[pos]!;
        const compactType = header & 0x0f;
        if (compactType === CompactType.STOP) {
          pos++;
        } else {
          type = TTYPE_OF_COMPACT[compactType]!;
          if (type < 0) failType(compactType, pos);
          pos = header < 0x10 ? skipVarint32(bytes, pos + 1, end) : pos + 1;
          if (type === TType.STRING) {
            pos = skipString(bytes, pos, end);
          } else if (type < TType.STRUCT || type === TType.UUID) {
            if (type !== TType.BOOL) pos = skipFlat(bytes, pos, end, type);
          } else {
            break;
          }
          continue;
        }
      } else if (remaining !== 0) {
        remaining--;
        type = (remaining & 1) === 1 ? types & 0xff : types >> 8;
        if (type === TType.STRING) {
          pos = skipString(bytes, pos, end);
        } else if (type < TType.STRUCT || type === TType.UUID) {
          pos = skipFlat(bytes, pos, end, type);
        } else {
          break;
        }
        continue;
      }
      depth--;
      if (depth === 0) return pos;
      remaining = stack[2 * depth]!;
      types = stack[2 * depth + 1]!;
    }
  }
}

/** size varint, content */
function skipString(bytes: Uint8Array, pos: number, end: number): number {
  // Most sizes take one byte.
  if (pos < end && bytes[pos]! < 0x80) {
    const next = pos + 1 + bytes[pos]!;
    return next <= end ? next : failSize(bytes[pos]!, end - pos - 1, pos);
  }
  const packed = readLength(bytes, pos, end);
  const size = varintValue(packed);
  const content = pos + varintSize(packed);
  if (size > end - content) failSize(size, end - content, pos);
  return content + size;
}

/**
 * A size or length as `readVarint32` packs it, at most 2^31 − 1. Throws `INVALID_SIZE` when it is larger: it
 * would be negative as the i32 that it is, or overflow its varint.
 */
export function readLength(bytes: Uint8Array, pos: number, end: number): number {
  // One byte is the common case: bits 3 and up hold the value, a size of 1 the bits below.
  if (pos < end && bytes[pos]! < 0x80) return bytes[pos]! * 8 + 1;
  const packed = readVarint32(bytes, pos, end);
  if (packed === VARINT_OVERFLOW || varintValue(packed) > 0x7fff_ffff) {
    throw new WireError("INVALID_SIZE", "a size or length is beyond 31 bits", { offset: pos });
  }
  return packed;
}

/** The length of a list or set, packed with the size of its whole header. */
export function readListLength(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) failTruncated(pos);
  const nibble = bytes[pos]! >> 4;
  return nibble < 15 ? nibble * 8 + 1 : readLength(bytes, pos + 1, end) + 1;
}

/** The element type of a list or set; STOP for an empty one without a type. The header byte is there. */
export function readListType(bytes: Uint8Array, pos: number): number {
  const header = bytes[pos]!;
  const type = TTYPE_OF_COMPACT[header & 0x0f]!;
  if (type >= 0) return type;
  return header === 0 ? TType.STOP : failType(header & 0x0f, pos);
}

/** The types byte of a map: key type in bits 0 … 7, value type in bits 8 … 15 of the result, as `TType`. */
export function readMapTypes(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) failTruncated(pos);
  const byte = bytes[pos]!;
  const keyType = TTYPE_OF_COMPACT[byte >> 4]!;
  const valueType = TTYPE_OF_COMPACT[byte & 0x0f]!;
  if (keyType < 0) failType(byte >> 4, pos);
  if (valueType < 0) failType(byte & 0x0f, pos);
  return keyType | (valueType << 8);
}

/** Compares a list's length with the `left` bytes behind its header, which is at `offset`. */
export function checkListLength(length: number, type: number, left: number, offset: number): void {
  if (length * COMPACT_MIN_SIZE[type]! > left) failLength(length, left, offset);
}

/** Compares a map's length with the `left` bytes behind its header, which is at `offset`. */
export function checkMapLength(length: number, types: number, left: number, offset: number): void {
  const least = COMPACT_MIN_SIZE[types & 0xff]! + COMPACT_MIN_SIZE[types >> 8]!;
  if (length * least > left) failLength(length, left, offset);
}
