import { readInt32BE } from "../bytes/fixed.ts";
import { BINARY_MIN_SIZE, BINARY_WIDTH, TType } from "./ttype.ts";
import { failDepth, failLength, failMaxLength, failSize, failTruncated, failType } from "./wire-error.ts";

/** A field header: type byte and id. */
export const FIELD_HEADER_SIZE = 3;
export const LIST_HEADER_SIZE = 5;
export const MAP_HEADER_SIZE = 6;

// Of `TType`. Constants of a module become part of the machine code, members of an object do not (skip: 12 %).
export const STOP: number = TType.STOP;
export const BOOL: number = TType.BOOL;
export const BYTE: number = TType.BYTE;
export const DOUBLE: number = TType.DOUBLE;
export const I32: number = TType.I32;
export const I64: number = TType.I64;
export const STRING: number = TType.STRING;
export const STRUCT: number = TType.STRUCT;
export const MAP: number = TType.MAP;
export const SET: number = TType.SET;
export const LIST: number = TType.LIST;

/** The type of the field whose header is at `pos`, which is there whole; STOP at the end of the struct. */
export function readFieldType(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) failTruncated(pos);
  const type = bytes[pos]!;
  if (type === STOP) return STOP;
  if (BINARY_WIDTH[type]! < 0) failType(type, pos);
  if (end - pos < FIELD_HEADER_SIZE) failTruncated(pos);
  return type;
}

/** The position behind the size and content of a string: size i32, content. */
export function skipString(bytes: Uint8Array, pos: number, end: number): number {
  if (pos + 4 > end) failTruncated(pos);
  return skipSized(bytes, pos, end);
}

/** The same where the size is known to be in front of `end`. */
export function skipSized(bytes: Uint8Array, pos: number, end: number): number {
  // Most sizes are below 256: one byte on the way to the next position.
  let size = bytes[pos + 3]!;
  if ((bytes[pos]! | bytes[pos + 1]! | bytes[pos + 2]!) !== 0) size = readInt32BE(bytes, pos);
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

/**
 * The length of the list or set at `pos`, checked against the rest of the bytes and the limits. `depth`: the structs and
 * containers that may be opened, this one included.
 */
export function openList(
  bytes: Uint8Array,
  pos: number,
  end: number,
  maxLength: number,
  depth: number,
): number {
  if (depth <= 0) failDepth(pos);
  if (pos + LIST_HEADER_SIZE > end) failTruncated(pos);
  const length = checkListHeader(bytes, pos, end);
  if (length > maxLength) failMaxLength(length, maxLength, pos + 1);
  return length;
}

/** The number of entries of the map at `pos`, checked in the same way. */
export function openMap(
  bytes: Uint8Array,
  pos: number,
  end: number,
  maxLength: number,
  depth: number,
): number {
  if (depth <= 0) failDepth(pos);
  if (pos + MAP_HEADER_SIZE > end) failTruncated(pos);
  const length = checkMapHeader(bytes, pos, end);
  if (length > maxLength) failMaxLength(length, maxLength, pos + 2);
  return length;
}

/** Writers that do not know the type of nothing give 0 for it: an empty container may have that. */
function checkElementType(type: number, length: number, offset: number): void {
  if (BINARY_WIDTH[type]! < 0 && !(type === STOP && length === 0)) failType(type, offset);
}
