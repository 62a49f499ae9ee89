import { readInt32BE } from "../bytes/fixed.ts";
import { growStack, OPEN_STRUCT, SKIP_STACK } from "./skip-stack.ts";
import { BINARY_MIN_SIZE, BINARY_WIDTH, NOT_A_TYPE, TType } from "./ttype.ts";
import { failDepth, failLength, failSize, failTruncated, failType } from "./wire-error.ts";

/** A field header: type byte and id. */
const FIELD_HEADER_SIZE = 3;
const LIST_HEADER_SIZE = 5;
const MAP_HEADER_SIZE = 6;

/**
 * The position behind the value of type `type` at `pos`, in the binary protocol. Reads nothing at or behind
 * `end`, and needs no recursion. `maxDepth` is the number of structs and containers that may be open,
 * the value itself included. The content of strings is not looked at.
 *
 * Throws `WireError`: `TRUNCATED`, `INVALID_TYPE`, `INVALID_SIZE`, `LIMIT_EXCEEDED` (depth).
 */
export function skipBinary(
  bytes: Uint8Array,
  pos: number,
  end: number,
  type: number,
  maxDepth: number,
): number {
  const width = BINARY_WIDTH[type] ?? NOT_A_TYPE;
  if (width > 0) return pos + width <= end ? pos + width : failTruncated(pos);
  if (width < 0) failType(type, pos);
  if (type === TType.STRING) return skipString(bytes, pos, end);
  return skipNested(bytes, pos, end, type, maxDepth);
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
      // key type u8, value type u8, length i32
      if (pos + MAP_HEADER_SIZE > end) failTruncated(pos);
      remaining = 2 * checkMapHeader(bytes, pos, end);
      const keyType = bytes[pos]!;
      const valueType = bytes[pos + 1]!;
      pos += MAP_HEADER_SIZE;
      types = keyType | (valueType << 8);
      const keyWidth = BINARY_WIDTH[keyType]!;
      const valueWidth = BINARY_WIDTH[valueType]!;
      if (keyWidth > 0 && valueWidth > 0) {
        // The length check has proved that all entries are there.
        pos += (remaining / 2) * (keyWidth + valueWidth);
        remaining = 0;
      }
    } else {
      // element type u8, length i32
      if (pos + LIST_HEADER_SIZE > end) failTruncated(pos);
      remaining = checkListHeader(bytes, pos, end);
      const elementType = bytes[pos]!;
      pos += LIST_HEADER_SIZE;
      types = elementType | (elementType << 8);
      const width = BINARY_WIDTH[elementType]!;
      if (width > 0) {
        pos += remaining * width;
        remaining = 0;
      }
    }

    // Go on to the next struct or container, leaving levels that end.
    for (;;) {
      if (remaining === OPEN_STRUCT) {
        if (pos >= end) failTruncated(pos);
        type = bytes[pos]!;
        if (type === TType.STOP) {
          pos++;
        } else {
          const width = BINARY_WIDTH[type]!;
          if (width > 0) {
            const next = pos + FIELD_HEADER_SIZE + width;
            if (next > end) failTruncated(pos + FIELD_HEADER_SIZE > end ? pos : pos + FIELD_HEADER_SIZE);
            pos = next;
            continue;
          }
          if (width < 0) failType(type, pos);
          if (pos + FIELD_HEADER_SIZE > end) failTruncated(pos);
          pos += FIELD_HEADER_SIZE;
          if (type !== TType.STRING) break;
          pos = skipString(bytes, pos, end);
          continue;
        }
      } else if (remaining !== 0) {
        remaining--;
        type = (remaining & 1) === 1 ? types & 0xff : types >> 8;
        if (type === TType.STRING) {
          pos = skipString(bytes, pos, end);
          continue;
        }
        const width = BINARY_WIDTH[type]!;
        if (width === 0) break;
        // Only in maps whose other side is of variable size.
        if (pos + width > end) failTruncated(pos);
        pos += width;
        continue;
      }
      depth--;
      if (depth === 0) return pos;
      remaining = stack[2 * depth]!;
      types = stack[2 * depth + 1]!;
    }
  }
}

/** size i32, content */
function skipString(bytes: Uint8Array, pos: number, end: number): number {
  if (pos + 4 > end) failTruncated(pos);
  const size = readInt32BE(bytes, pos);
  const content = pos + 4;
  if (size < 0 || size > end - content) failSize(size, end - content, pos);
  return content + size;
}

/** The length of the list or set whose complete header is at `pos`, checked against the rest of the bytes. */
export function checkListHeader(bytes: Uint8Array, pos: number, end: number): number {
  const type = bytes[pos]!;
  const length = readInt32BE(bytes, pos + 1);
  checkElementType(type, length, pos);
  const left = end - pos - LIST_HEADER_SIZE;
  if (length < 0 || length * BINARY_MIN_SIZE[type]! > left) failLength(length, left, pos + 1);
  return length;
}

/** The number of entries of the map whose complete header is at `pos`, checked like that of a list. */
export function checkMapHeader(bytes: Uint8Array, pos: number, end: number): number {
  const keyType = bytes[pos]!;
  const valueType = bytes[pos + 1]!;
  const length = readInt32BE(bytes, pos + 2);
  checkElementType(keyType, length, pos);
  checkElementType(valueType, length, pos + 1);
  const left = end - pos - MAP_HEADER_SIZE;
  if (length < 0 || length * (BINARY_MIN_SIZE[keyType]! + BINARY_MIN_SIZE[valueType]!) > left) {
    failLength(length, left, pos + 2);
  }
  return length;
}

/** Writers that do not know the type of nothing give 0 for it: an empty container may have that. */
function checkElementType(type: number, length: number, offset: number): void {
  if (BINARY_WIDTH[type]! < 0 && !(type === TType.STOP && length === 0)) failType(type, offset);
}
