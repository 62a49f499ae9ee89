import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SMALL_F,
  SMALL_N,
  SPACE,
  WORD_ALSE,
  WORD_NULL,
  WORD_TRUE,
} from "./characters";
import { closeList, closeMap, closeString } from "./close";
import { addKey, keepLastKey, keysDiffer } from "./key-set";
import { isKeyAt } from "./keys";
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
  setStackTop,
  softEnd,
  stackEnd,
  stackTop,
  TOO_LARGE,
} from "./memory";
import {
  FIELD_FLAGS,
  FIELD_HEADER,
  FIELD_ID,
  FIELD_KIND,
  FIELD_NEXT,
  FIELD_NODE,
  FIELD_NULL_IS_GIVEN,
  FIELD_ORDINAL,
  HEADER_COMPACT,
  HEADER_ROOT,
  HEADER_RULES,
  KEY_BYTES,
  KEY_TARGET,
  KIND_ANY,
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
  NODE_KIND,
  NODE_WIRE,
  RULE_DUPLICATE_ERROR,
  RULE_DUPLICATE_KEY_ERROR,
  RULE_NULL_SKIP,
  RULE_UNKNOWN_ERROR,
  RULE_UTF8_TRUST,
  STRUCT_ABSENCE,
  STRUCT_FLAGS,
  STRUCT_KEY_MASK,
  STRUCT_KEY_TABLE,
  STRUCT_WORDS,
} from "./program";
import { integerEnd, readInteger } from "./read-integer";
import { numberEnd, readDouble } from "./read-double";
import {
  failKey,
  findKeyText,
  fits,
  keyEnd,
  readBinary,
  readNumberAsString,
  readNumberText,
  readScalarKey,
  readUuidText,
  writeInteger,
} from "./read-scalar";
import { copyBlocks, readText, textEnd } from "./read-text";
import { MAX_TOKEN_SIZE, skipJson } from "./skip-json";
import { behindSpace, skipSpace } from "./space";
import {
  clearNulled,
  COMPACT_BOOL,
  endStruct,
  endWideStruct,
  FRAME_NULLED,
  LOCAL_WORDS,
  openFrame,
  setNulled,
  setSeen,
  writeFieldHeader,
} from "./struct-frame";
import { varintSize, writeVarint32, writeVarint64, zigzag32, zigzag64 } from "./write-varint";

/**
 * JSON text to encoded values: the program of `src/conv/program.ts`, run as `src/j2t` runs it. Functions that read a
 * value write it at `out`.
 */

let compact: bool = false;
let trust: bool = false;
let rules: i32 = 0;
let maxLength: u32 = 0;


/**
 * Converts the JSON text from `input` to `end`. Returns the end of what it has written to `output`, or `FAILED` or
 * `TOO_LARGE`. The memory is as `memory.ts` has it; `depth` structs and containers may be open at once.
 */
export function jsonToThrift(
  program: usize,
  stack: usize,
  stackLimit: usize,
  input: usize,
  end: usize,
  output: usize,
  outputLimit: usize,
  depth: i32,
  lengthLimit: u32,
): usize {
  begin(program, stack, stackLimit, end, output, outputLimit);
  compact = load<i32>(base, HEADER_COMPACT) == 1;
  rules = load<i32>(base, HEADER_RULES);
  trust = (rules & RULE_UTF8_TRUST) != 0;
  maxLength = lengthLimit;
  let p = input;
  p = behindSpace(p);
  p = readValue(ref(base, HEADER_ROOT), p, depth);
  if (p != 0) {
    p = behindSpace(p);
    if (p == inputEnd) return out;
  }
  return isTooLarge ? TOO_LARGE : FAILED;
}

/** Reads the value of a node at `p`, which is no whitespace. */
function readValue(node: usize, p: usize, depth: i32): usize {
  const o = out;
  switch (load<i32>(node, NODE_KIND)) {
    case KIND_STRUCT:
      return <u32>load<u8>(p) == OPEN_BRACE ? readStruct(ref(node, NODE_A), p + 1, depth - 1) : 0;
    case KIND_LIST:
      return <u32>load<u8>(p) == OPEN_BRACKET ? readList(ref(node, NODE_A), p + 1, depth - 1) : 0;
    case KIND_MAP:
      return <u32>load<u8>(p) == OPEN_BRACE ? readMap(node, p + 1, depth - 1) : 0;
    case KIND_PAIRS:
      return readPairs(node, p, depth - 1);
    case KIND_STRING: {
      if (<u32>load<u8>(p) != QUOTE) return readNumberAsString(node, p, compact);
      const end = readText(p + 1, o + (compact ? 1 : 4), trust);
      if (end == 0) return 0;
      setOut(closeString(o, end, compact));
      return textEnd;
    }
    case KIND_BINARY:
      return <u32>load<u8>(p) == QUOTE ? readBinary(p, compact, trust) : 0;
    case KIND_BOOL: {
      let value: i32;
      if (load<u32>(p) == WORD_TRUE) {
        value = 1;
        p += 4;
      } else if (<u32>load<u8>(p) == SMALL_F && load<u32>(p, 1) == WORD_ALSE) {
        value = 0;
        p += 5;
      } else return 0;
      store<u8>(o, <u8>(compact ? COMPACT_BOOL - value : value));
      setOut(o + 1);
      return p;
    }
    case KIND_DOUBLE: {
      if (<u32>load<u8>(p) == QUOTE) return readNumberText(node, p, compact, trust);
      const value = readDouble(p);
      const next = numberEnd;
      if (next == 0 || next - p > MAX_TOKEN_SIZE || !isFinite(value)) return 0;
      storeDouble(o, value);
      return next;
    }
    case KIND_UUID:
      return <u32>load<u8>(p) == QUOTE ? readUuidText(p, trust) : 0;
    case KIND_RAW_JSON: {
      const end = skipJson(p, depth, trust);
      if (end == 0) return 0;
      const start = o + (compact ? varintSize(<u32>(end - p)) : 4);
      memory.copy(start, p, end - p);
      if (compact) writeVarint32(<u32>(end - p), o);
      else store<u32>(o, bswap(<u32>(end - p)));
      setOut(start + (end - p));
      return end;
    }
    case KIND_I32: {
      if (<u32>load<u8>(p) == QUOTE) return readNumberText(node, p, compact, trust);
      const value = readInteger(p);
      const next = integerEnd;
      if (next == 0 || next - p > MAX_TOKEN_SIZE || value != <i64>(<i32>value)) return 0;
      setOut(putInt32(<i32>value, o));
      return next;
    }
    case KIND_I64: {
      if (<u32>load<u8>(p) == QUOTE) return readNumberText(node, p, compact, trust);
      const value = readInteger(p);
      const next = integerEnd;
      if (next == 0 || next - p > MAX_TOKEN_SIZE) return 0;
      setOut(putInt64(value, o));
      return next;
    }
    case KIND_BYTE:
    case KIND_I16:
    case KIND_ENUM: {
      if (<u32>load<u8>(p) == QUOTE) return readNumberText(node, p, compact, trust);
      const value = readInteger(p);
      const next = integerEnd;
      const kind = load<i32>(node, NODE_KIND);
      if (next == 0 || next - p > MAX_TOKEN_SIZE || !fits(kind, value)) return 0;
      setOut(writeInteger(kind, value, o, compact));
      return next;
    }
    default:
      return 0;
  }
}

// @ts-ignore: decorator
@inline
function putInt32(value: i32, o: usize): usize {
  if (compact) return writeVarint32(zigzag32(value), o);
  store<u32>(o, bswap(<u32>value));
  return o + 4;
}

// @ts-ignore: decorator
@inline
function putInt64(value: i64, o: usize): usize {
  if (compact) return writeVarint64(zigzag64(value), o);
  store<u64>(o, bswap(<u64>value));
  return o + 8;
}

// @ts-ignore: decorator
@inline
function storeDouble(o: usize, value: f64): void {
  const bits = reinterpret<u64>(value);
  store<u64>(o, compact ? bits : bswap(bits));
  setOut(o + 8);
}

/** Reads a struct; `p` is behind its `{`. `depth` counts what may still be opened inside. */
function readStruct(struct: usize, p: usize, depth: i32): usize {
  if (depth < 0) return 0;
  const frame = stackTop;
  if (!openFrame(frame, <usize>load<i32>(struct, STRUCT_WORDS))) return failMemory();
  let seen: u64 = 0;
  let o = out;
  // The struct stands for "before its first field".
  let previous = struct;
  let c = <u32>load<u8>(p);
  if (c <= SPACE) c = <u32>load<u8>((p = skipSpace(p)));
  if (c == CLOSE_BRACE) p++;
  else {
    while (true) {
      let key = ref(previous, FIELD_NEXT);
      let kind = KIND_ANY;
      if (isKeyAt(key, p)) {
        p += <usize>load<i32>(key, KEY_BYTES) + 2;
        previous = ref(key, KEY_TARGET);
        kind = load<i32>(previous, FIELD_KIND);
      } else {
        setOut(o);
        key = findFieldKey(struct, p);
        p = keyEnd;
        if (p == 0) return 0;
        // An unknown key is not followed by another one next time.
        if (key != 0) {
          store<i32>(previous, <i32>((key - base) >> 2), FIELD_NEXT);
          previous = ref(key, KEY_TARGET);
          kind = load<i32>(previous, FIELD_KIND);
        }
      }
      c = <u32>load<u8>(p);
      if (c <= SPACE) c = <u32>load<u8>((p = skipSpace(p)));
      if (c != COLON) return 0;
      p++;
      c = <u32>load<u8>(p);
      if (c <= SPACE) c = <u32>load<u8>((p = skipSpace(p)));
      if (kind == KIND_ANY) {
        p = skipJson(p, depth, trust);
        if (p == 0) return 0;
      } else {
        const field = previous;
        if (load<i32>(struct, STRUCT_WORDS) <= LOCAL_WORDS) {
          const bit = <u64>1 << <u64>load<i32>(field, FIELD_ORDINAL);
          if ((seen & bit) != 0) {
            if ((rules & RULE_DUPLICATE_ERROR) != 0) return 0;
            clearNulled(frame, load<i32>(field, FIELD_ORDINAL));
          }
          seen |= bit;
        } else if (!setSeen(frame, load<i32>(struct, STRUCT_WORDS), load<i32>(field, FIELD_ORDINAL))) return 0;
        if (c == SMALL_N) {
          if (load<u32>(p) != WORD_NULL) return 0;
          p += 4;
          if ((load<i32>(field, FIELD_FLAGS) & FIELD_NULL_IS_GIVEN) == 0) {
            setNulled(frame, load<i32>(field, FIELD_ORDINAL));
          }
        } else {
          if (o > softEnd) return failMemory();
          if (!compact) {
            store<u32>(o, load<u32>(field, FIELD_HEADER));
            o += 3;
          } else if (kind != KIND_BOOL) {
            o = writeFieldHeader(frame, load<i32>(field, FIELD_ID), load<i32>(ref(field, FIELD_NODE), NODE_WIRE), o);
          }
          // The most frequent kinds are read here, with the position in a register.
          switch (kind) {
            case KIND_STRING: {
              if (c != QUOTE) {
                setOut(o);
                p = readNumberAsString(ref(field, FIELD_NODE), p, compact);
                if (p == 0) return 0;
                o = out;
                break;
              }
              const start = o + (compact ? 1 : 4);
              let from = p + 1;
              let to = start;
              let special = copyBlocks(from, to);
              while (special == 0) {
                from += 32;
                to += 32;
                special = copyBlocks(from, to);
              }
              to += <usize>ctz(special);
              from += <usize>ctz(special);
              if (<u32>load<u8>(from) == QUOTE) {
                o = closeString(o, to, compact);
                p = from + 1;
                break;
              }
              const end = readText(from, to, trust);
              if (end == 0) return 0;
              o = closeString(o, end, compact);
              p = textEnd;
              break;
            }
            case KIND_I32:
            case KIND_I64: {
              if (c == QUOTE) {
                setOut(o);
                p = readNumberText(ref(field, FIELD_NODE), p, compact, trust);
                if (p == 0) return 0;
                o = out;
                break;
              }
              const value = readInteger(p);
              const next = integerEnd;
              if (next == 0 || next - p > MAX_TOKEN_SIZE) return 0;
              p = next;
              if (kind == KIND_I64) {
                o = putInt64(value, o);
              } else {
                if (value != <i64>(<i32>value)) return 0;
                o = putInt32(<i32>value, o);
              }
              break;
            }
            case KIND_BOOL: {
              // No branch: which of both it is cannot be predicted.
              const isTrue = <usize>(load<u32>(p) == WORD_TRUE);
              const isFalse = <usize>(c == SMALL_F) & <usize>(load<u32>(p, 1) == WORD_ALSE);
              if ((isTrue | isFalse) == 0) return 0;
              p += 5 - isTrue;
              if (compact) {
                // A boolean field is its header.
                o = writeFieldHeader(frame, load<i32>(field, FIELD_ID), COMPACT_BOOL - <i32>isTrue, o);
              } else {
                store<u8>(o, <u8>isTrue);
                o++;
              }
              break;
            }
            default: {
              setOut(o);
              p = readValue(ref(field, FIELD_NODE), p, depth);
              if (p == 0) return 0;
              o = out;
            }
          }
        }
      }

      c = <u32>load<u8>(p);
      if (c <= SPACE) c = <u32>load<u8>((p = skipSpace(p)));
      p++;
      if (c != COMMA) {
        if (c != CLOSE_BRACE) return 0;
        break;
      }
      if (<u32>load<u8>(p) <= SPACE) p = skipSpace(p);
    }
  }

  if (o > softEnd) return failMemory();
  if (load<i32>(struct, STRUCT_WORDS) <= LOCAL_WORDS) {
    const given = seen & ~load<u64>(frame, FRAME_NULLED);
    const wanted = load<u64>(ref(struct, STRUCT_ABSENCE));
    if ((wanted & ~given) != 0 || load<i32>(struct, STRUCT_FLAGS) != 0) {
      setOut(o);
      if (!endStruct(struct, frame, given, wanted & ~given)) return 0;
      o = out;
    }
  } else {
    setOut(o);
    if (!endWideStruct(struct, frame)) return 0;
    o = out;
  }
  setStackTop(frame);
  store<u8>(o, 0);
  setOut(o + 1);
  return p;
}

/**
 * The key record of the key at `p`, or 0 for one that the struct does not have; leaves the position behind the key in
 * `keyEnd`, 0 when the key is wrong or must not be unknown.
 */
function findFieldKey(struct: usize, p: usize): usize {
  const key = findKeyText(ref(struct, STRUCT_KEY_TABLE), load<i32>(struct, STRUCT_KEY_MASK), p, trust);
  return key == 0 && (rules & RULE_UNKNOWN_ERROR) != 0 ? failKey() : key;
}

/** Reads a list or set of the element node; `p` is behind its `[`. */
function readList(element: usize, p: usize, depth: i32): usize {
  if (depth < 0) return 0;
  const slot = out;
  // binary: element type, i32 count; compact: count and element type in one byte, if they fit
  setOut(slot + (compact ? 1 : 5));
  let count: u32 = 0;
  p = behindSpace(p);
  let c = <u32>load<u8>(p);
  if (c == CLOSE_BRACKET) p++;
  else {
    while (true) {
      if (c == SMALL_N) {
        if (load<u32>(p) != WORD_NULL || (rules & RULE_NULL_SKIP) == 0) return 0;
        p += 4;
      } else {
        if (++count > maxLength) return 0;
        if (out > softEnd) return failMemory();
        p = readValue(element, p, depth);
        if (p == 0) return 0;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      p++;
      if (c != COMMA) {
        if (c != CLOSE_BRACKET) return 0;
        break;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
    }
  }
  closeList(slot, load<i32>(element, NODE_WIRE), count, compact);
  return p;
}

/** Reads a map that is a JSON object; `p` is behind its `{`. */
function readMap(node: usize, p: usize, depth: i32): usize {
  if (depth < 0) return 0;
  const slot = out;
  const keyNode = ref(node, NODE_A);
  const valueNode = ref(node, NODE_B);
  const isText = load<i32>(keyNode, NODE_KIND) == KIND_STRING;
  const isUnique = (rules & RULE_DUPLICATE_KEY_ERROR) != 0;
  const firstKey = stackTop;
  const stackLimit = stackEnd;
  // binary: key type, value type, i32 count; compact: varint count, both types in one byte
  setOut(slot + (compact ? 2 : 6));
  let count: u32 = 0;
  p = behindSpace(p);
  let c = <u32>load<u8>(p);
  if (c == CLOSE_BRACE) p++;
  else {
    while (true) {
      if (c != QUOTE) return 0;
      const o = out;
      if (o > softEnd) return failMemory();
      if (isText) {
        const end = readText(p + 1, o + (compact ? 1 : 4), trust);
        if (end == 0) return 0;
        setOut(closeString(o, end, compact));
        p = textEnd;
      } else {
        p = readScalarKey(keyNode, p, compact, trust);
        if (p == 0) return 0;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      if (c != COLON) return 0;
      if (isUnique && !addKey(o, out)) return 0;
      p++;
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      if (c == SMALL_N) {
        if (load<u32>(p) != WORD_NULL || (rules & RULE_NULL_SKIP) == 0) return 0;
        p += 4;
        if (isUnique && !keepLastKey()) return 0;
        setOut(o);
      } else {
        if (++count > maxLength) return 0;
        if (out > softEnd) return failMemory();
        p = readValue(valueNode, p, depth);
        if (p == 0) return 0;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      p++;
      if (c != COMMA) {
        if (c != CLOSE_BRACE) return 0;
        break;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
    }
  }
  if (isUnique && !keysDiffer(firstKey, stackLimit)) return 0;
  closeMap(slot, load<i32>(keyNode, NODE_WIRE), load<i32>(valueNode, NODE_WIRE), count, compact);
  return p;
}

/** Reads a map that is `[[key, value], …]`, or `{}` when it is empty; `p` is at its first character. */
function readPairs(node: usize, p: usize, depth: i32): usize {
  if (depth < 0) return 0;
  const slot = out;
  const keyNode = ref(node, NODE_A);
  const valueNode = ref(node, NODE_B);
  const isUnique = (rules & RULE_DUPLICATE_KEY_ERROR) != 0;
  const firstKey = stackTop;
  const stackLimit = stackEnd;
  const isObject = <u32>load<u8>(p) == OPEN_BRACE;
  if (!isObject && <u32>load<u8>(p) != OPEN_BRACKET) return 0;
  p++;
  setOut(slot + (compact ? 2 : 6));
  let count: u32 = 0;
  p = behindSpace(p);
  let c = <u32>load<u8>(p);
  if (c == (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) p++;
  else {
    if (isObject) return 0;
    while (true) {
      if (c != OPEN_BRACKET) return 0;
      p++;
      const o = out;
      if (o > softEnd) return failMemory();
      p = behindSpace(p);
      p = readValue(keyNode, p, depth);
      if (p == 0) return 0;
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      if (c != COMMA) return 0;
      if (isUnique && !addKey(o, out)) return 0;
      p++;
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      if (c == SMALL_N && (rules & RULE_NULL_SKIP) != 0) {
        if (load<u32>(p) != WORD_NULL) return 0;
        p += 4;
        if (isUnique && !keepLastKey()) return 0;
        setOut(o);
      } else {
        if (++count > maxLength) return 0;
        if (out > softEnd) return failMemory();
        p = readValue(valueNode, p, depth);
        if (p == 0) return 0;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      if (c != CLOSE_BRACKET) return 0;
      p++;
      p = behindSpace(p);
      c = <u32>load<u8>(p);
      p++;
      if (c != COMMA) {
        if (c != CLOSE_BRACKET) return 0;
        break;
      }
      p = behindSpace(p);
      c = <u32>load<u8>(p);
    }
  }
  if (isUnique && !keysDiffer(firstKey, stackLimit)) return 0;
  closeMap(slot, load<i32>(keyNode, NODE_WIRE), load<i32>(valueNode, NODE_WIRE), count, compact);
  return p;
}
