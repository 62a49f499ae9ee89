import { base, failMemory, out, ref, setOut, setStackTop, softEnd, stackEnd } from "./memory";
import {
  FIELD_DEFAULT,
  FIELD_DEFAULT_SIZE,
  FIELD_FLAGS,
  FIELD_HEADER,
  FIELD_ID,
  FIELD_NODE,
  FIELD_REQUIRED,
  FIELD_SIZE,
  HEADER_COMPACT,
  HEADER_DATA,
  HEADER_RULES,
  NODE_WIRE,
  RULE_DUPLICATE_ERROR,
  STRUCT_ABSENCE,
  STRUCT_FIELDS,
  STRUCT_FLAGS,
  STRUCT_IS_UNION,
  STRUCT_WORDS,
} from "./program";
import { writeVarint32, zigzag32 } from "./write-varint";

/** Structs in work of JSON→Thrift: which fields have been there, and what is written for those that have not. */

/** The compact type of boolean fields that are true; of those that are false, and of elements: one more. */
export const COMPACT_TRUE: i32 = 1;
export const COMPACT_BOOL: i32 = 2;
/** Structs of more fields have both bitmaps in memory. */
export const LOCAL_WORDS: i32 = 2;

/**
 * What a struct in work has on the stack. The bitmaps are by ordinal; `seen` of structs with few fields is in a
 * register.
 *
 * ```
 * last id i32 | – | nulled u32 × words | seen u32 × words
 * ```
 */
export const FRAME_NULLED: usize = 8;

/** Makes room for the frame of a struct. */
// @ts-ignore: decorator
@inline
export function openFrame(frame: usize, words: usize): bool {
  if (words <= <usize>LOCAL_WORDS) {
    if (frame + FRAME_NULLED + 8 > stackEnd) return false;
    store<i64>(frame, 0);
    store<i64>(frame, 0, FRAME_NULLED);
    setStackTop(frame + FRAME_NULLED + 8);
    return true;
  }
  return openWideFrame(frame, words);
}

function openWideFrame(frame: usize, words: usize): bool {
  const size = FRAME_NULLED + (words << 3);
  if (frame + size > stackEnd) return false;
  memory.fill(frame, 0, size);
  setStackTop(frame + size);
  return true;
}

export function setNulled(frame: usize, ordinal: i32): void {
  const word = frame + FRAME_NULLED + ((<usize>ordinal >> 5) << 2);
  store<u32>(word, load<u32>(word) | (<u32>1 << (ordinal & 31)));
}

/** Where a first value was null, the second one counts. */
export function clearNulled(frame: usize, ordinal: i32): void {
  const word = frame + FRAME_NULLED + ((<usize>ordinal >> 5) << 2);
  store<u32>(word, load<u32>(word) & ~(<u32>1 << (ordinal & 31)));
}

/** Notes a field of a struct with many; false when it must not be there twice. */
export function setSeen(frame: usize, words: i32, ordinal: i32): bool {
  const word = frame + FRAME_NULLED + (<usize>(words + (ordinal >> 5)) << 2);
  const bit = <u32>1 << (ordinal & 31);
  const bits = load<u32>(word);
  if ((bits & bit) != 0) {
    if ((load<i32>(base, HEADER_RULES) & RULE_DUPLICATE_ERROR) != 0) return false;
    clearNulled(frame, ordinal);
  }
  store<u32>(word, bits | bit);
  return true;
}

/** Writes the compact header of the next field of the struct whose frame is given. */
export function writeFieldHeader(frame: usize, id: i32, type: i32, o: usize): usize {
  const delta = id - load<i32>(frame);
  store<i32>(frame, id);
  // (delta << 4) | type for deltas of 1 to 15; else the type, then the zigzag varint of the id
  if (delta > 0 && delta <= 15) {
    store<u8>(o, <u8>((delta << 4) | type));
    return o + 1;
  }
  store<u8>(o, <u8>type);
  return writeVarint32(zigzag32(id), o + 1);
}

/** Checks a struct and writes what it lacks. `given` and `absent` are bitmaps by ordinal. */
export function endStruct(struct: usize, frame: usize, given: u64, absent: u64): bool {
  if ((load<i32>(struct, STRUCT_FLAGS) & STRUCT_IS_UNION) != 0 && popcnt(given) != 1) return false;
  const fields = ref(struct, STRUCT_FIELDS);
  for (; absent != 0; absent &= absent - 1) {
    if (!writeMissing(frame, fields + <usize>ctz(absent) * FIELD_SIZE)) return false;
  }
  return true;
}

export function endWideStruct(struct: usize, frame: usize): bool {
  const fields = ref(struct, STRUCT_FIELDS);
  const absence = ref(struct, STRUCT_ABSENCE);
  const nulled = frame + FRAME_NULLED;
  const size = <usize>load<i32>(struct, STRUCT_WORDS) << 2;
  let count = 0;
  for (let at: usize = 0; at < size; at += 4) {
    const given = load<u32>(nulled + size + at) & ~load<u32>(nulled + at);
    count += popcnt(given);
    for (let absent = load<u32>(absence + at) & ~given; absent != 0; absent &= absent - 1) {
      if (!writeMissing(frame, fields + ((at << 3) + <usize>ctz(absent)) * FIELD_SIZE)) return false;
    }
  }
  return (load<i32>(struct, STRUCT_FLAGS) & STRUCT_IS_UNION) == 0 || count == 1;
}

/** Writes the default value of an absent field; false for one that is required. */
function writeMissing(frame: usize, field: usize): bool {
  if ((load<i32>(field, FIELD_FLAGS) & FIELD_REQUIRED) != 0) return false;
  const size = <usize>load<i32>(field, FIELD_DEFAULT_SIZE);
  const value = ref(base, HEADER_DATA) + <usize>load<i32>(field, FIELD_DEFAULT);
  let o = out;
  if (o > softEnd || size > softEnd - o) {
    failMemory();
    return false;
  }
  if (load<i32>(base, HEADER_COMPACT) == 0) {
    store<u32>(o, load<u32>(field, FIELD_HEADER));
    o += 3;
  } else {
    const id = load<i32>(field, FIELD_ID);
    const wire = load<i32>(ref(field, FIELD_NODE), NODE_WIRE);
    if (wire == COMPACT_BOOL) {
      // A boolean element, 1 or 2, is the type in the header of a boolean field.
      const type = load<u8>(value) == COMPACT_TRUE ? COMPACT_TRUE : COMPACT_BOOL;
      setOut(writeFieldHeader(frame, id, type, o));
      return true;
    }
    o = writeFieldHeader(frame, id, wire, o);
  }
  memory.copy(o, value, size);
  setOut(o + size);
  return true;
}
