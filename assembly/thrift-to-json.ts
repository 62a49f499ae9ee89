import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET } from "./characters";
import { behindHeader, closeStruct, findField, headerId, nextField, openStruct, PASSED_OVER } from "./fields";
import { keysDiffer } from "./key-set";
import { writeLabel } from "./labels";
import {
  base,
  begin,
  FAILED,
  failMemory,
  inputEnd,
  isTooLarge,
  out,
  ref,
  setOut,
  softEnd,
  stackEnd,
  stackTop,
  TOO_LARGE,
} from "./memory";
import { behindUnfitValue, containerFits, isContainer } from "./mismatch";
import {
  FIELD_EXPECTED_HEADER,
  FIELD_FLAGS,
  FIELD_ID,
  FIELD_LABEL,
  FIELD_NODE,
  FIELD_SIZE,
  FIELD_SPECIAL,
  FLAG_QUOTE,
  FLAG_UNSIGNED,
  HEADER_COMPACT,
  HEADER_NON_ASCII,
  HEADER_ROOT,
  HEADER_RULES,
  KIND_BINARY,
  KIND_BOOL,
  KIND_BYTE,
  KIND_DOUBLE,
  KIND_ENUM,
  KIND_I16,
  KIND_I32,
  KIND_I64,
  KIND_LIST,
  KIND_MAP,
  KIND_PAIRS,
  KIND_RAW_JSON,
  KIND_STRING,
  KIND_STRUCT,
  KIND_UUID,
  NODE_A,
  NODE_B,
  NODE_FLAGS,
  NODE_KIND,
  NODE_WIRE,
  RULE_DUPLICATE_KEY_ERROR,
  RULE_MISMATCH_SKIP,
  STRUCT_FIELDS,
} from "./program";
import {
  behindInteger,
  behindListHeader,
  behindMapHeader,
  behindSize,
  Binary,
  COMPACT_TRUE,
  Compact,
  doubleAt,
  elementType,
  integerAt,
  isCompact,
  length,
  sizeAt,
} from "./read-thrift";
import { isSize, setMaxLength, skipValue } from "./skip-thrift";
import {
  isKey,
  writeBinary,
  writeBoolean,
  writeInteger,
  writeName,
  writeNumber,
  writeQuotedBoolean,
  writeQuotedUuid,
  writeRawJson,
} from "./write-scalar";
import { beginText, writeString, wroteNonAscii } from "./write-text";

/**
 * Thrift→JSON: a function for each kind of container, which calls itself for what is inside. They take the
 * position of a value and return the one behind it, or `FAILED`; the output position is in `out` when they
 * are called and when they return.
 *
 * Positions are compared with the end of the input once for each field, element and entry. Until then they
 * may be behind it: what is read there is padding, and never becomes a result, since positions only grow.
 *
 * Members and elements are written with a comma in front; the first comma then becomes the opening brace or
 * bracket.
 *
 * The switches over kinds are in the loops of structs, lists and maps themselves where a call for each value
 * would cost more than the value.
 */

/** Type and id of a binary field header in a little-endian word. */
const FIELD_HEADER_BYTES: u32 = 0xffffff;
const UUID_SIZE: usize = 16;

/** The start of a pair that is not the first one. */
const COMMA_BRACKET: u16 = 0x5b2c;

let rules: i32 = 0;

/**
 * Converts the encoded value in [input, end). Returns the end of the JSON text that starts at `output`,
 * `FAILED` or `TOO_LARGE`. `depth`: how many structs and containers may be open; `maxLength`: elements of one
 * container.
 */
export function thriftToJson(
  program: usize,
  stack: usize,
  stackLimit: usize,
  input: usize,
  end: usize,
  output: usize,
  outputLimit: usize,
  depth: i32,
  maxLength: i32,
): usize {
  begin(program, stack, stackLimit, end, output, outputLimit);
  setMaxLength(maxLength);
  rules = load<i32>(program, HEADER_RULES);
  beginText(rules);
  const root = ref(program, HEADER_ROOT);
  const p =
    load<i32>(program, HEADER_COMPACT) != 0
      ? convertValue<Compact>(root, input, depth)
      : convertValue<Binary>(root, input, depth);
  return isTooLarge ? TOO_LARGE : p == end && p != FAILED ? out : FAILED;
}

/** Whether the text of the last conversion is ASCII. */
export function isAscii(): bool {
  return !wroteNonAscii && load<i32>(base, HEADER_NON_ASCII) == 0;
}

/** Converts a value of any kind. */
function convertValue<P>(node: usize, p: usize, depth: i32): usize {
  let o = out;
  let value: i64;
  const flags = load<i32>(node, NODE_FLAGS);
  const kind = load<i32>(node, NODE_KIND);
  switch (kind) {
    case KIND_BYTE: {
      value = (flags & FLAG_UNSIGNED) != 0 ? <i64>load<u8>(p) : <i64>load<i8>(p);
      p++;
      break;
    }
    case KIND_I16: {
      const next = behindInteger<P, i16>(p);
      if (next == 0) return FAILED;
      value = <i64>integerAt<P, i16>(p);
      p = next;
      break;
    }
    case KIND_I32:
    case KIND_ENUM: {
      const next = behindInteger<P, i32>(p);
      if (next == 0) return FAILED;
      value = <i64>integerAt<P, i32>(p);
      p = next;
      if (kind == KIND_ENUM) {
        const named = writeName(node, flags, <i32>value, o);
        if (named != 0) {
          setOut(named);
          return p;
        }
      }
      break;
    }
    case KIND_I64: {
      const next = behindInteger<P, i64>(p);
      if (next == 0) return FAILED;
      value = integerAt<P, i64>(p);
      p = next;
      break;
    }
    case KIND_STRING:
    case KIND_BINARY:
    case KIND_RAW_JSON: {
      const start = behindSize<P>(p);
      const size = sizeAt<P>(p);
      if (!isSize(size, start)) return FAILED;
      p = start + size;
      o =
        kind == KIND_STRING
          ? writeString(start, p, o)
          : kind == KIND_BINARY
            ? writeBinary(start, p, o)
            : writeRawJson(start, p, o);
      setOut(o);
      return o == 0 ? FAILED : p;
    }
    case KIND_BOOL: {
      // In both protocols 1 is true and anything else is not.
      const isTrue = load<u8>(p) == 1;
      setOut((flags & FLAG_QUOTE) == 0 ? writeBoolean(isTrue, o) : writeQuotedBoolean(isTrue, o));
      return p + 1;
    }
    case KIND_DOUBLE:
      o = writeNumber(doubleAt<P>(p), flags, o);
      setOut(o);
      return o == 0 ? FAILED : p + sizeof<f64>();
    case KIND_UUID:
      setOut(writeQuotedUuid(p, o));
      return p + UUID_SIZE;
    case KIND_STRUCT:
      return convertStruct<P>(ref(node, NODE_A), p, depth);
    case KIND_LIST:
      return convertList<P>(node, p, depth);
    case KIND_MAP:
      return convertMap<P>(node, p, depth);
    case KIND_PAIRS:
      return convertPairs<P>(node, p, depth);
    default:
      return FAILED;
  }
  setOut(writeInteger(value, flags, o));
  return p;
}

function convertStruct<P>(struct: usize, p: usize, depth: i32): usize {
  if (depth == 0) return FAILED;
  depth--;
  let expected = ref(struct, STRUCT_FIELDS);
  const open = openStruct(struct, expected);
  if (open == 0) return FAILED;
  let lastId = 0;
  const start = out;
  let o = start;
  while (true) {
    if (p > inputEnd) return FAILED;
    if (o > softEnd) return failMemory();
    let field = expected;
    let type: u32 = 0;
    // Most fields need no closer look: their header tells all.
    if (!isCompact<P>()) {
      if ((load<u32>(p) & FIELD_HEADER_BYTES) == load<u32>(field, FIELD_EXPECTED_HEADER)) {
        p += 3;
        expected += FIELD_SIZE;
      } else {
        // Type 0 ends the struct.
        if (load<u8>(p) == 0) break;
        field = findField<P>(struct, open, p, expected, 0, depth);
        if (field == FAILED) return FAILED;
        p = behindHeader;
        expected = nextField;
        if (field == PASSED_OVER) continue;
      }
    } else {
      type = <u32>load<u8>(p) & 0x0f;
      const delta = <i32>load<u8>(p) >> 4;
      // The record behind the last field has no such wire type.
      if (
        delta != 0 &&
        lastId + delta == load<i32>(field, FIELD_ID) &&
        elementType(type) == load<u32>(ref(field, FIELD_NODE), NODE_WIRE) &&
        ((load<i32>(field, FIELD_FLAGS) & FIELD_SPECIAL) | (rules & RULE_MISMATCH_SKIP)) == 0
      ) {
        lastId += delta;
        p++;
        expected += FIELD_SIZE;
      } else {
        if (type == 0) break;
        field = findField<P>(struct, open, p, expected, lastId, depth);
        if (field == FAILED) return FAILED;
        p = behindHeader;
        expected = nextField;
        lastId = headerId;
        if (field == PASSED_OVER) continue;
      }
    }

    o = writeLabel(ref(field, FIELD_LABEL), o);
    const node = ref(field, FIELD_NODE);
    const flags = load<i32>(node, NODE_FLAGS);
    let value: i64;
    switch (load<i32>(node, NODE_KIND)) {
      case KIND_STRING: {
        const start = behindSize<P>(p);
        const size = sizeAt<P>(p);
        if (!isSize(size, start)) return FAILED;
        p = start + size;
        o = writeString(start, p, o);
        if (o == 0) return FAILED;
        continue;
      }
      case KIND_BINARY: {
        const start = behindSize<P>(p);
        const size = sizeAt<P>(p);
        if (!isSize(size, start)) return FAILED;
        p = start + size;
        o = writeBinary(start, p, o);
        if (o == 0) return FAILED;
        continue;
      }
      case KIND_I32: {
        const next = behindInteger<P, i32>(p);
        if (isCompact<P>() && next == 0) return FAILED;
        value = <i64>integerAt<P, i32>(p);
        p = next;
        break;
      }
      case KIND_ENUM: {
        const next = behindInteger<P, i32>(p);
        if (isCompact<P>() && next == 0) return FAILED;
        value = <i64>integerAt<P, i32>(p);
        p = next;
        const named = writeName(node, flags, <i32>value, o);
        if (named == 0) break;
        o = named;
        continue;
      }
      case KIND_I64: {
        const next = behindInteger<P, i64>(p);
        if (isCompact<P>() && next == 0) return FAILED;
        value = integerAt<P, i64>(p);
        p = next;
        break;
      }
      case KIND_BYTE: {
        value = (flags & FLAG_UNSIGNED) != 0 ? <i64>load<u8>(p) : <i64>load<i8>(p);
        p++;
        break;
      }
      case KIND_BOOL: {
        if (isCompact<P>()) {
          o = writeBoolean(type == COMPACT_TRUE, o);
        } else {
          o = writeBoolean(load<u8>(p) == 1, o);
          p++;
        }
        continue;
      }
      case KIND_DOUBLE: {
        o = writeNumber(doubleAt<P>(p), flags, o);
        if (o == 0) return FAILED;
        p += sizeof<f64>();
        continue;
      }
      case KIND_STRUCT: {
        setOut(o);
        p = convertStruct<P>(ref(node, NODE_A), p, depth);
        if (p == 0) return FAILED;
        o = out;
        continue;
      }
      case KIND_LIST: {
        setOut(o);
        p = convertList<P>(node, p, depth);
        if (p == 0) return FAILED;
        o = out;
        continue;
      }
      default: {
        setOut(o);
        p = convertValue<P>(node, p, depth);
        if (p == 0) return FAILED;
        o = out;
        continue;
      }
    }
    o = writeInteger(value, flags, o);
  }

  o = closeStruct(struct, open, expected, start, o);
  setOut(o);
  return o == 0 ? FAILED : p + 1;
}

function convertList<P>(node: usize, p: usize, depth: i32): usize {
  const element = ref(node, NODE_A);
  p = behindListHeader<P>(p, element);
  if (p == 0 || depth == 0) return FAILED;
  depth--;
  const start = out;
  const kind = load<i32>(element, NODE_KIND);
  const flags = load<i32>(element, NODE_FLAGS);
  const mayMismatch = (rules & RULE_MISMATCH_SKIP) != 0 && isContainer(kind);
  let o = start;
  for (let left = length; left > 0; left--) {
    if (p > inputEnd) return FAILED;
    if (o > softEnd) return failMemory();
    if (mayMismatch) {
      const fits = containerFits(p, element);
      if (fits < 0) return FAILED;
      if (fits == 0) {
        p = skipValue(p, load<u32>(element, NODE_WIRE), depth);
        if (p == 0) return FAILED;
        continue;
      }
    }
    store<u8>(o, <u8>COMMA);
    o++;
    let value: i64;
    switch (kind) {
      case KIND_STRING: {
        const start = behindSize<P>(p);
        const size = sizeAt<P>(p);
        if (!isSize(size, start)) return FAILED;
        p = start + size;
        o = writeString(start, p, o);
        if (o == 0) return FAILED;
        continue;
      }
      case KIND_I32: {
        const next = behindInteger<P, i32>(p);
        if (isCompact<P>() && next == 0) return FAILED;
        value = <i64>integerAt<P, i32>(p);
        p = next;
        break;
      }
      case KIND_I64: {
        const next = behindInteger<P, i64>(p);
        if (isCompact<P>() && next == 0) return FAILED;
        value = integerAt<P, i64>(p);
        p = next;
        break;
      }
      case KIND_DOUBLE: {
        o = writeNumber(doubleAt<P>(p), flags, o);
        if (o == 0) return FAILED;
        p += sizeof<f64>();
        continue;
      }
      case KIND_STRUCT: {
        setOut(o);
        p = convertStruct<P>(ref(element, NODE_A), p, depth);
        if (p == 0) return FAILED;
        o = out;
        continue;
      }
      default: {
        setOut(o);
        p = convertValue<P>(element, p, depth);
        if (p == 0) return FAILED;
        o = out;
        continue;
      }
    }
    o = writeInteger(value, flags, o);
  }
  setOut(close(start, o, OPEN_BRACKET, CLOSE_BRACKET));
  return p;
}

/** Puts brackets around what is written from `start` to `o`, with a comma for the first one. */
// @ts-ignore: decorator
@inline
function close(start: usize, o: usize, opener: u32, closer: u32): usize {
  if (o == start) o++;
  store<u8>(start, <u8>opener);
  store<u8>(o, <u8>closer);
  return o + 1;
}

/** Converts a map to a JSON object. */
function convertMap<P>(node: usize, p: usize, depth: i32): usize {
  const key = ref(node, NODE_A);
  const value = ref(node, NODE_B);
  p = behindMapHeader<P>(p, key, value);
  if (p == 0 || depth == 0) return FAILED;
  depth--;
  const start = out;
  const firstKey = stackTop;
  const keysEnd = stackEnd;
  const keyKind = load<i32>(key, NODE_KIND);
  const valueKind = load<i32>(value, NODE_KIND);
  const hasRules = (rules & (RULE_DUPLICATE_KEY_ERROR | RULE_MISMATCH_SKIP)) != 0;
  let o = start;
  for (let left = length; left > 0; left--) {
    if (p > inputEnd) return FAILED;
    if (o > softEnd) return failMemory();
    const entry = o;
    store<u8>(o, <u8>COMMA);
    o++;
    if (keyKind == KIND_STRING) {
      const start = behindSize<P>(p);
      const size = sizeAt<P>(p);
      if (!isSize(size, start)) return FAILED;
      p = start + size;
      o = writeString(start, p, o);
      if (o == 0) return FAILED;
    } else {
      if (keyKind == KIND_DOUBLE && !isKey(doubleAt<P>(p))) return FAILED;
      setOut(o);
      p = convertValue<P>(key, p, depth);
      if (p == 0) return FAILED;
      o = out;
    }
    if (hasRules) {
      const behind = behindUnfitValue(value, p, depth, entry + 1, o);
      if (behind == FAILED) return FAILED;
      if (behind != p) {
        p = behind;
        o = entry;
        continue;
      }
    }
    store<u8>(o, <u8>COLON);
    o++;
    if (valueKind == KIND_STRING) {
      const start = behindSize<P>(p);
      const size = sizeAt<P>(p);
      if (!isSize(size, start)) return FAILED;
      p = start + size;
      o = writeString(start, p, o);
      if (o == 0) return FAILED;
    } else {
      setOut(o);
      p =
        valueKind == KIND_STRUCT
          ? convertStruct<P>(ref(value, NODE_A), p, depth)
          : convertValue<P>(value, p, depth);
      if (p == 0) return FAILED;
      o = out;
    }
  }
  if (hasRules && !keysDiffer(firstKey, keysEnd)) return FAILED;
  setOut(close(start, o, OPEN_BRACE, CLOSE_BRACE));
  return p;
}

/** Converts a map to `[[key, value], …]`. */
function convertPairs<P>(node: usize, p: usize, depth: i32): usize {
  const key = ref(node, NODE_A);
  const value = ref(node, NODE_B);
  p = behindMapHeader<P>(p, key, value);
  if (p == 0 || depth == 0) return FAILED;
  depth--;
  const firstKey = stackTop;
  const keysEnd = stackEnd;
  const mayMismatch = (rules & RULE_MISMATCH_SKIP) != 0;
  const hasRules = mayMismatch || (rules & RULE_DUPLICATE_KEY_ERROR) != 0;
  const start = out;
  let o = start;
  for (let left = length; left > 0; left--) {
    if (p > inputEnd) return FAILED;
    if (o > softEnd) return failMemory();
    if (mayMismatch) {
      const fits = containerFits(p, key);
      if (fits < 0) return FAILED;
      if (fits == 0) {
        // Neither the key nor its value is converted.
        p = skipValue(p, load<u32>(key, NODE_WIRE), depth);
        if (p == 0) return FAILED;
        p = skipValue(p, load<u32>(value, NODE_WIRE), depth);
        if (p == 0) return FAILED;
        continue;
      }
    }
    const entry = o;
    store<u16>(o, COMMA_BRACKET);
    setOut(o + 2);
    p = convertValue<P>(key, p, depth);
    if (p == 0) return FAILED;
    o = out;
    if (hasRules) {
      const behind = behindUnfitValue(value, p, depth, entry + 2, o);
      if (behind == FAILED) return FAILED;
      if (behind != p) {
        p = behind;
        o = entry;
        continue;
      }
    }
    if (o > softEnd) return failMemory();
    store<u8>(o, <u8>COMMA);
    setOut(o + 1);
    p = convertValue<P>(value, p, depth);
    if (p == 0) return FAILED;
    o = out;
    store<u8>(o, <u8>CLOSE_BRACKET);
    o++;
  }
  if (hasRules && !keysDiffer(firstKey, keysEnd)) return FAILED;
  setOut(close(start, o, OPEN_BRACKET, CLOSE_BRACKET));
  return p;
}
