import { writeBase64 } from "./base64";
import { MINUS, QUOTE, WORD_NULL, WORD_TRUE } from "./characters";
import { writeEnumName } from "./labels";
import { base, ref } from "./memory";
import {
  FLAG_ENUM_NAME,
  FLAG_QUOTE,
  HEADER_NON_FINITE,
  NODE_A,
  NON_FINITE_NULL,
  NON_FINITE_STRING,
  RULE_UTF8_REPLACE,
} from "./program";
import { hasRoom } from "./room";
import { isJsonText } from "./skip-json";
import { writeUuid } from "./uuid";
import { writeDouble } from "./write-double";
import { writeInt64, writeSmall } from "./write-integer";
import { copyText, utf8Rule } from "./write-text";

/**
 * JSON text of scalars, but for strings. Every function returns the position behind the text, 0 when it
 * fails.
 */

/** `false` in a little-endian word. */
const WORD_FALSE: u64 = 0x65736c6166;
const NAN_AND_QUOTE: u32 = 0x224e614e;
const INFINITY: u64 = 0x7974696e69666e49;

/** Integers below are written without a call. */
const FEW_DIGITS: u64 = 100_000_000;

/** How deep JSON text in a string may be nested; deeper text is for the TypeScript machine. */
const RAW_JSON_DEPTH: i32 = 512;

// @ts-ignore: decorator
@inline
export function writeInteger(value: i64, flags: i32, o: usize): usize {
  if ((flags & FLAG_QUOTE) != 0) return writeQuotedInteger(value, o);
  return <u64>value < FEW_DIGITS ? writeSmall(<u64>value, o) : writeInt64(value, o);
}

function writeQuotedInteger(value: i64, o: usize): usize {
  store<u8>(o, <u8>QUOTE);
  o = writeInt64(value, o + 1);
  store<u8>(o, <u8>QUOTE);
  return o + 1;
}

// @ts-ignore: decorator
@inline
export function writeBoolean(value: bool, o: usize): usize {
  store<u64>(o, value ? <u64>WORD_TRUE : WORD_FALSE);
  return o + 5 - <usize>value;
}

export function writeQuotedBoolean(value: bool, o: usize): usize {
  store<u8>(o, <u8>QUOTE);
  o = writeBoolean(value, o + 1);
  store<u8>(o, <u8>QUOTE);
  return o + 1;
}

/** The name of the enum value, if names are wanted and it has one; else 0. */
// @ts-ignore: decorator
@inline
export function writeName(node: usize, flags: i32, value: i32, o: usize): usize {
  return (flags & FLAG_ENUM_NAME) == 0 ? 0 : writeEnumName(ref(node, NODE_A), value, o);
}

// @ts-ignore: decorator
@inline
export function writeNumber(value: f64, flags: i32, o: usize): usize {
  // NaN and infinities are no numbers.
  if (value - value != 0) return writeNonFinite(value, o);
  return (flags & FLAG_QUOTE) == 0 ? writeDouble(value, o) : writeQuotedDouble(value, o);
}

function writeQuotedDouble(value: f64, o: usize): usize {
  store<u8>(o, <u8>QUOTE);
  o = writeDouble(value, o + 1);
  store<u8>(o, <u8>QUOTE);
  return o + 1;
}

function writeNonFinite(value: f64, o: usize): usize {
  const rule = load<i32>(base, HEADER_NON_FINITE);
  if (rule == NON_FINITE_NULL) {
    store<u32>(o, WORD_NULL);
    return o + 4;
  }
  if (rule != NON_FINITE_STRING) return 0;
  store<u8>(o, <u8>QUOTE);
  o++;
  if (value != value) {
    store<u32>(o, NAN_AND_QUOTE);
    return o + 4;
  }
  if (value < 0) {
    store<u8>(o, <u8>MINUS);
    o++;
  }
  store<u64>(o, INFINITY);
  store<u8>(o, <u8>QUOTE, 8);
  return o + 9;
}

/** Whether the double can be the key of an object: `null` cannot. */
export function isKey(value: f64): bool {
  return value - value == 0 || load<i32>(base, HEADER_NON_FINITE) == NON_FINITE_STRING;
}

export function writeBinary(p: usize, stop: usize, o: usize): usize {
  if (!hasRoom(o, ((stop - p) / 3 + 1) << 2)) return 0;
  store<u8>(o, <u8>QUOTE);
  o = writeBase64(p, stop, o + 1);
  store<u8>(o, <u8>QUOTE);
  return o + 1;
}

export function writeQuotedUuid(p: usize, o: usize): usize {
  store<u8>(o, <u8>QUOTE);
  o = writeUuid(p, o + 1);
  store<u8>(o, <u8>QUOTE);
  return o + 1;
}

/**
 * The content of a string that carries JSON text: anything else would forge or break what stands around it.
 */
export function writeRawJson(p: usize, stop: usize, o: usize): usize {
  // The scan stops at a byte 0.
  const behind = load<u8>(stop);
  store<u8>(stop, 0);
  const isText = isJsonText(p, stop, RAW_JSON_DEPTH, utf8Rule != 0);
  store<u8>(stop, behind);
  if (!isText) return 0;
  const room = (stop - p) * (utf8Rule == RULE_UTF8_REPLACE ? 3 : 1);
  return hasRoom(o, room) ? copyText(p, stop, o) : 0;
}
