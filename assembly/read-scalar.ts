import { base64End, readBase64, readBase64ToQuote } from "./base64";
import { QUOTE } from "./characters";
import { closeString } from "./close";
import { findKey } from "./keys";
import { out, ref, setOut } from "./memory";
import {
  ENUM_KEY_MASK,
  ENUM_KEY_TABLE,
  FLAG_ACCEPT_EMPTY,
  FLAG_ACCEPT_NUMBER,
  FLAG_ACCEPT_QUOTED,
  KEY_TARGET,
  KIND_BINARY,
  KIND_BOOL,
  KIND_BYTE,
  KIND_DOUBLE,
  KIND_ENUM,
  KIND_I16,
  KIND_I64,
  KIND_UUID,
  NODE_A,
  NODE_FLAGS,
  NODE_KIND,
} from "./program";
import { numberEnd, readDouble } from "./read-double";
import { integerEnd, readInteger } from "./read-integer";
import { hasEscape, readText, skipText, textEnd } from "./read-text";
import { MAX_TOKEN_SIZE, skipNumber } from "./skip-json";
import { readUuid } from "./uuid";
import { writeVarint32, writeVarint64, zigzag32, zigzag64 } from "./write-varint";

/**
 * Strings that stand for something else: numbers in quotes, names of enum members, base64, uuids, keys of maps; and the
 * other way round, numbers that stand for strings. All take `p` at the first character and write the value at `out`.
 */

/** Texts as they stand in a word of eight bytes with zeros behind. */
const TEXT_TRUE: u64 = 0x65757274;
const TEXT_FALSE: u64 = 0x65736c6166;
const TEXT_NAN: u64 = 0x4e614e;
/** `Infinity`. */
const TEXT_INFINITY: u64 = 0x7974696e69666e49;

/** Behind the key that has been looked up; 0 when it is no string, or too long. */
export let keyEnd: usize = 0;

export function failKey(): usize {
  keyEnd = 0;
  return 0;
}

/** The record of the key at `p` in a table, or 0 for one that is not there; leaves `keyEnd`. */
export function findKeyText(table: usize, mask: i32, p: usize, trust: bool): usize {
  if (<u32>load<u8>(p) != QUOTE) return failKey();
  const stop = skipText(p + 1, trust);
  if (stop == 0 || stop - p > MAX_TOKEN_SIZE) return failKey();
  keyEnd = stop + 1;
  if (!hasEscape) return findKey(table, mask, p + 1, stop);
  return findKey(table, mask, out, readText(p + 1, out, trust));
}

/** Whether an integer kind holds the value. */
// @ts-ignore: decorator
@inline
export function fits(kind: i32, value: i64): bool {
  if (kind == KIND_I64) return true;
  if (kind == KIND_BYTE) return value == <i64>(<i8>value);
  if (kind == KIND_I16) return value == <i64>(<i16>value);
  return value == <i64>(<i32>value);
}

/** Writes an integer of a kind that holds it; returns the position behind it. */
export function writeInteger(kind: i32, value: i64, o: usize, compact: bool): usize {
  if (kind == KIND_BYTE) {
    store<u8>(o, <u8>value);
    return o + 1;
  }
  if (compact) {
    return kind == KIND_I64 ? writeVarint64(zigzag64(value), o) : writeVarint32(zigzag32(<i32>value), o);
  }
  if (kind == KIND_I64) {
    store<u64>(o, bswap(<u64>value));
    return o + 8;
  }
  if (kind == KIND_I16) {
    store<u16>(o, bswap(<u16>value));
    return o + 2;
  }
  store<u32>(o, bswap(<u32>value));
  return o + 4;
}

function putDouble(value: f64, compact: bool): void {
  const bits = reinterpret<u64>(value);
  store<u64>(out, compact ? bits : bswap(bits));
  setOut(out + 8);
}

/**
 * The unescaped text of the string at `p` goes to `out`, zeros behind it, for a closer look. Returns its end, or 0;
 * `textEnd` is behind the string.
 */
function unquote(p: usize, trust: bool): usize {
  const end = readText(p + 1, out, trust);
  if (end == 0 || textEnd - 1 - p > MAX_TOKEN_SIZE) return 0;
  store<u64>(end, 0);
  return end;
}

/** Reads a number in quotes, or the name of an enum member, as a value. Returns the position behind it, or 0. */
export function readNumberText(node: usize, p: usize, compact: bool, trust: bool): usize {
  const kind = load<i32>(node, NODE_KIND);
  const flags = load<i32>(node, NODE_FLAGS);
  const isAccepted = (flags & FLAG_ACCEPT_QUOTED) != 0;
  if (kind == KIND_ENUM) {
    const record = ref(node, NODE_A);
    const key = findKeyText(ref(record, ENUM_KEY_TABLE), load<i32>(record, ENUM_KEY_MASK), p, trust);
    if (keyEnd == 0) return 0;
    if (key != 0) {
      setOut(writeInteger(kind, load<i32>(key, KEY_TARGET), out, compact));
      return keyEnd;
    }
  }
  if (!isAccepted) return 0;
  if (kind != KIND_DOUBLE && readPlainInteger(kind, p, compact)) return integerEnd + 1;
  const end = unquote(p, trust);
  if (end == 0) return 0;
  const next = textEnd;
  if (end == out) {
    if ((flags & FLAG_ACCEPT_EMPTY) == 0) return 0;
    if (kind == KIND_DOUBLE) putDouble(0, compact);
    else setOut(writeInteger(kind, 0, out, compact));
    return next;
  }
  return readUnquotedNumber(kind, out, end, true, compact) ? next : 0;
}

/** Reads digits between quotes without more ado. */
function readPlainInteger(kind: i32, p: usize, compact: bool): bool {
  const value = readInteger(p + 1);
  const next = integerEnd;
  if (next == 0 || <u32>load<u8>(next) != QUOTE || next - p > MAX_TOKEN_SIZE || !fits(kind, value)) return false;
  setOut(writeInteger(kind, value, out, compact));
  return true;
}

/** Reads the number that the text at `p`, which ends at `end`, must be. */
function readUnquotedNumber(kind: i32, p: usize, end: usize, nonFinite: bool, compact: bool): bool {
  if (kind != KIND_DOUBLE) {
    const value = readInteger(p);
    if (integerEnd != end || !fits(kind, value)) return false;
    setOut(writeInteger(kind, value, out, compact));
    return true;
  }
  if (nonFinite) {
    const word = load<u64>(p);
    const size = end - p;
    let special: f64 = 0;
    if (size == 3 && word == TEXT_NAN) special = NaN;
    else if (size == 8 && word == TEXT_INFINITY) special = Infinity;
    else if (size == 9 && load<u64>(p, 1) == TEXT_INFINITY && load<u8>(p) == 0x2d) special = -Infinity;
    if (special != 0) {
      putDouble(special, compact);
      return true;
    }
  }
  const value = readDouble(p);
  if (numberEnd != end || !isFinite(value)) return false;
  putDouble(value, compact);
  return true;
}

/** Reads a key of a JSON object that is no string in Thrift. */
export function readScalarKey(node: usize, p: usize, compact: bool, trust: bool): usize {
  const kind = load<i32>(node, NODE_KIND);
  switch (kind) {
    case KIND_BOOL: {
      const end = unquote(p, trust);
      if (end == 0) return 0;
      const word = load<u64>(out);
      const size = end - out;
      const isTrue = size == 4 && <u64>(<u32>word) == TEXT_TRUE;
      if (!isTrue && (size != 5 || (word & 0xffffffffff) != TEXT_FALSE)) return 0;
      // Outside field headers a compact boolean is 1 for true, 2 for false.
      store<u8>(out, isTrue ? 1 : compact ? 2 : 0);
      setOut(out + 1);
      return textEnd;
    }
    case KIND_BINARY:
      return readBinaryKey(p, compact, trust);
    case KIND_UUID:
      return readUuidText(p, trust);
    case KIND_DOUBLE:
      break;
    case KIND_ENUM: {
      const record = ref(node, NODE_A);
      const key = findKeyText(ref(record, ENUM_KEY_TABLE), load<i32>(record, ENUM_KEY_MASK), p, trust);
      if (keyEnd == 0) return 0;
      if (key != 0) {
        setOut(writeInteger(kind, load<i32>(key, KEY_TARGET), out, compact));
        return keyEnd;
      }
      break;
    }
    default:
      if (readPlainInteger(kind, p, compact)) return integerEnd + 1;
  }
  const end = unquote(p, trust);
  if (end == 0) return 0;
  const next = textEnd;
  const nonFinite = (load<i32>(node, NODE_FLAGS) & FLAG_ACCEPT_QUOTED) != 0;
  return readUnquotedNumber(kind, out, end, nonFinite, compact) ? next : 0;
}

/** Reads base64 text. */
export function readBinary(p: usize, compact: bool, trust: bool): usize {
  const o = out;
  const start = o + (compact ? 1 : 4);
  let end = readBase64ToQuote(p + 1, start);
  let next = base64End + 1;
  if (end == 0) {
    // Escapes, or something wrong. Base64 shrinks: it is decoded where its text stands.
    const text = readText(p + 1, start, trust);
    if (text == 0) return 0;
    next = textEnd;
    end = readBase64(start, text, start);
    if (end == 0) return 0;
  }
  setOut(closeString(o, end, compact));
  return next;
}

function readBinaryKey(p: usize, compact: bool, trust: bool): usize {
  const next = readBinary(p, compact, trust);
  return next == 0 || next - 1 - p > MAX_TOKEN_SIZE ? 0 : next;
}

/** Reads a bare number that stands for a string, whose text it becomes. */
export function readNumberAsString(node: usize, p: usize, compact: bool): usize {
  if ((load<i32>(node, NODE_FLAGS) & FLAG_ACCEPT_NUMBER) == 0) return 0;
  const end = skipNumber(p);
  if (end == 0) return 0;
  const o = out;
  const start = o + (compact ? 1 : 4);
  memory.copy(start, p, end - p);
  setOut(closeString(o, start + (end - p), compact));
  return end;
}

/** Characters of a uuid. */
const UUID_TEXT_SIZE: usize = 36;
const UUID_SIZE: usize = 16;

export function readUuidText(p: usize, trust: bool): usize {
  const o = out;
  if (<u32>load<u8>(p, 1 + UUID_TEXT_SIZE) == QUOTE && readUuid(p + 1, p + 1 + UUID_TEXT_SIZE, o) != 0) {
    setOut(o + UUID_SIZE);
    return p + UUID_TEXT_SIZE + 2;
  }
  const end = readText(p + 1, o + UUID_SIZE, trust);
  if (end == 0 || textEnd - 1 - p > MAX_TOKEN_SIZE) return 0;
  const next = textEnd;
  if (readUuid(o + UUID_SIZE, end, o) == 0) return 0;
  setOut(o + UUID_SIZE);
  return next;
}
