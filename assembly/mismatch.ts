import { addKey, keepLastKey } from "./key-set";
import { base, FAILED, inputEnd, ref } from "./memory";
import {
  HEADER_COMPACT,
  HEADER_RULES,
  KIND_LIST,
  KIND_MAP,
  KIND_PAIRS,
  NODE_A,
  NODE_B,
  NODE_KIND,
  NODE_WIRE,
  RULE_DUPLICATE_KEY_ERROR,
  RULE_MISMATCH_SKIP,
} from "./program";
import { elementType } from "./read-thrift";
import { skipValue } from "./skip-thrift";
import { readVarint, varint } from "./varint";

/** Containers under `RULE_MISMATCH_SKIP` and maps under `RULE_DUPLICATE_KEY_ERROR`. */

// @ts-ignore: decorator
@inline
export function isContainer(kind: i32): bool {
  return kind == KIND_LIST || kind == KIND_MAP || kind == KIND_PAIRS;
}

/**
 * Whether the container that starts at `p` has elements of the node's types, 1 or 0; always 1 for other
 * values. −1 when the input ends in its header.
 */
export function containerFits(p: usize, node: usize): i32 {
  const kind = load<i32>(node, NODE_KIND);
  if (!isContainer(kind)) return 1;
  const compact = load<i32>(base, HEADER_COMPACT) != 0;
  const first = load<u32>(ref(node, NODE_A), NODE_WIRE);
  if (kind == KIND_LIST) {
    if (p + (compact ? 1 : 5) > inputEnd) return -1;
    const byte = <u32>load<u8>(p);
    const type = compact ? elementType(byte & 0x0f) : byte;
    const isEmpty = compact ? byte >> 4 == 0 : load<i32>(p, 1) == 0;
    return i32(type == first || (isEmpty && type == 0));
  }
  const second = load<u32>(ref(node, NODE_B), NODE_WIRE);
  if (!compact) {
    if (p + 6 > inputEnd) return -1;
    const keyType = <u32>load<u8>(p);
    const valueType = <u32>load<u8>(p, 1);
    if (keyType == 0 && valueType == 0 && load<i32>(p, 2) == 0) return 1;
    return i32(keyType == first && valueType == second);
  }
  const next = readVarint(p);
  // A wrong length fails the conversion.
  if (next == 0 || (varint == 0 && next <= inputEnd)) return 1;
  if (next >= inputEnd) return -1;
  const types = <u32>load<u8>(next);
  return i32(elementType(types >> 4) == first && elementType(types & 0x0f) == second);
}

/**
 * Looks at the value at `p` of a map entry whose key has the text [keyStart, keyEnd), and remembers that
 * text. Returns `p` when the value can be converted; the position behind it when it cannot, so that its entry
 * is taken back; or `FAILED`.
 */
export function behindUnfitValue(value: usize, p: usize, depth: i32, keyStart: usize, keyEnd: usize): usize {
  const rules = load<i32>(base, HEADER_RULES);
  const mustDiffer = (rules & RULE_DUPLICATE_KEY_ERROR) != 0;
  if (mustDiffer && !addKey(keyStart, keyEnd)) return FAILED;
  if ((rules & RULE_MISMATCH_SKIP) == 0) return p;
  const fits = containerFits(p, value);
  if (fits != 0) return fits < 0 ? FAILED : p;
  // A repeated key is an error though its entry is taken back.
  if (mustDiffer && !keepLastKey()) return FAILED;
  return skipValue(p, load<u32>(value, NODE_WIRE), depth);
}
