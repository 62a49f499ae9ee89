import { NODE_LEAST, NODE_WIRE } from "./program";
import { isLength, smallVarint } from "./skip-thrift";
import { readVarint, varint, zigzag } from "./varint";

/**
 * The parts of encoded values. `behind…` gives the position behind an item, or 0 where a varint is wrong;
 * `…At` gives the item itself, at once after that.
 */

/** The protocol, as a type parameter `P`: the compiler drops the branches of the other one. */
export type Binary = u8;
export type Compact = u16;

// @ts-ignore: decorator
@inline
export function isCompact<P>(): bool {
  return sizeof<P>() == sizeof<Compact>();
}

/** Compact types of a boolean: the value in a field header; FALSE is also the type of elements. */
export const COMPACT_TRUE: u32 = 1;
export const COMPACT_FALSE: u32 = 2;
/** From this length on a list has its length in a varint. */
const COMPACT_LONG_LENGTH: i32 = 15;

// @ts-ignore: decorator
@inline
export function behindInteger<P, T>(p: usize): usize {
  if (!isCompact<P>()) return p + sizeof<T>();
  p = readVarint(p);
  return sizeof<T>() < sizeof<u64>() && varint >> (<u64>sizeof<T>() << 3) != 0 ? 0 : p;
}

// @ts-ignore: decorator
@inline
export function integerAt<P, T>(p: usize): T {
  return isCompact<P>() ? <T>zigzag() : bswap(load<T>(p));
}

/** Of a string or binary. There is no need to look for 0: the size is −1 then, which `isSize` refuses. */
// @ts-ignore: decorator
@inline
export function behindSize<P>(p: usize): usize {
  return isCompact<P>() ? readVarint(p) : p + sizeof<i32>();
}

// @ts-ignore: decorator
@inline
export function sizeAt<P>(p: usize): i32 {
  if (!isCompact<P>()) return bswap(load<i32>(p));
  // Most sizes have one byte, which is here sooner than the varint.
  const byte = <i32>load<u8>(p);
  return byte < 0x80 ? byte : smallVarint();
}

// @ts-ignore: decorator
@inline
export function doubleAt<P>(p: usize): f64 {
  const bits = load<u64>(p);
  return reinterpret<f64>(isCompact<P>() ? bits : bswap(bits));
}

/** The length of the container whose header has been read. */
export let length: i32 = 0;

/**
 * Reads the header of a list or set; leaves its `length`. Returns the position behind it, 0 when it is wrong.
 */
export function behindListHeader<P>(p: usize, element: usize): usize {
  let type = <u32>load<u8>(p);
  if (!isCompact<P>()) {
    // element type, i32 length
    length = bswap(load<i32>(p, 1));
    p += 5;
  } else {
    // (length << 4) | type, from 15 on 0xf0 | type and a varint
    length = <i32>(type >> 4);
    type = elementType(type & 0x0f);
    p++;
    if (length == COMPACT_LONG_LENGTH) {
      p = readVarint(p);
      if (p == 0) return 0;
      length = smallVarint();
    }
  }
  if (type != load<u32>(element, NODE_WIRE) && (type != 0 || length != 0)) return 0;
  return isLength(length, load<i32>(element, NODE_LEAST), p) ? p : 0;
}

/** The same for a map. */
export function behindMapHeader<P>(p: usize, key: usize, value: usize): usize {
  let keyType: u32 = 0;
  let valueType: u32 = 0;
  if (!isCompact<P>()) {
    // key type, value type, i32 length
    keyType = <u32>load<u8>(p);
    valueType = <u32>load<u8>(p, 1);
    length = bswap(load<i32>(p, 2));
    p += 6;
  } else {
    // varint length, then unless 0 (key << 4) | value type
    p = readVarint(p);
    if (p == 0) return 0;
    length = smallVarint();
    if (length != 0) {
      keyType = elementType(<u32>load<u8>(p) >> 4);
      valueType = elementType(<u32>load<u8>(p) & 0x0f);
      p++;
    }
  }
  const isMatch = keyType == load<u32>(key, NODE_WIRE) && valueType == load<u32>(value, NODE_WIRE);
  if (!isMatch && (keyType != 0 || valueType != 0 || length != 0)) return 0;
  return isLength(length, load<i32>(key, NODE_LEAST) + load<i32>(value, NODE_LEAST), p) ? p : 0;
}

/** As the type of elements both booleans of the compact protocol mean bool. */
// @ts-ignore: decorator
@inline
export function elementType(type: u32): u32 {
  return type == COMPACT_TRUE ? COMPACT_FALSE : type;
}
