import {
  checkListHeader,
  checkMapHeader,
  DOUBLE,
  FIELD_HEADER_SIZE,
  I32,
  I64,
  LIST_HEADER_SIZE,
  MAP,
  MAP_HEADER_SIZE,
  STOP,
  STRING,
  STRUCT,
  skipString,
} from "./binary-parts.ts";
import { growStack, OPEN_STRUCT, SKIP_STACK } from "./skip-stack.ts";
import { BINARY_WIDTH } from "./ttype.ts";
import { failDepth, failTruncated, failType } from "./wire-error.ts";

/**
 * `skipBinary` for structs and containers without recursion: for limits of depth that the call stack may not have
 * room for, and for values that are cut off, which it tells the exact place of.
 */
export function skipDeep(
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
    if (type === STRUCT) {
      remaining = OPEN_STRUCT;
    } else if (type === MAP) {
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
      } else if ((keyWidth > 0 || keyType === STRING) && (valueWidth > 0 || valueType === STRING)) {
        for (; remaining > 0; remaining -= 2) {
          pos = keyWidth > 0 ? skipWidth(pos, end, keyWidth) : skipString(bytes, pos, end);
          pos = valueWidth > 0 ? skipWidth(pos, end, valueWidth) : skipString(bytes, pos, end);
        }
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
      } else if (elementType === STRING) {
        for (; remaining > 0; remaining--) pos = skipString(bytes, pos, end);
      }
    }

    // Go on to the next struct or container, leaving levels that end.
    for (;;) {
      if (remaining === OPEN_STRUCT) {
        if (pos >= end) failTruncated(pos);
        type = bytes[pos]!;
        // Branches, not a table: the processor guesses them, and goes on before the byte has come from memory.
        if (type === STRING) {
          if (pos + FIELD_HEADER_SIZE > end) failTruncated(pos);
          pos = skipString(bytes, pos + FIELD_HEADER_SIZE, end);
          continue;
        }
        if (type === I32) {
          if (pos + (FIELD_HEADER_SIZE + 4) > end) failField(pos, end);
          pos += FIELD_HEADER_SIZE + 4;
          continue;
        }
        if (type === I64 || type === DOUBLE) {
          if (pos + (FIELD_HEADER_SIZE + 8) > end) failField(pos, end);
          pos += FIELD_HEADER_SIZE + 8;
          continue;
        }
        if (type === STOP) {
          pos++;
        } else {
          const width = BINARY_WIDTH[type]!;
          if (width > 0) {
            const next = pos + FIELD_HEADER_SIZE + width;
            if (next > end) failField(pos, end);
            pos = next;
            continue;
          }
          if (width < 0) failType(type, pos);
          if (pos + FIELD_HEADER_SIZE > end) failTruncated(pos);
          pos += FIELD_HEADER_SIZE;
          break;
        }
      } else if (remaining !== 0) {
        remaining--;
        type = (remaining & 1) === 1 ? types & 0xff : types >> 8;
        if (type === STRING) {
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

/** A field whose header or scalar value the bytes cut off. */
function failField(pos: number, end: number): never {
  failTruncated(pos + FIELD_HEADER_SIZE > end ? pos : pos + FIELD_HEADER_SIZE);
}

function skipWidth(pos: number, end: number, width: number): number {
  return pos + width <= end ? pos + width : failTruncated(pos);
}
