import { CLOSE_BRACE, OPEN_BRACE } from "./characters";
import { hashNumber, writeLabel } from "./labels";
import { base, FAILED, failMemory, ref, setStackTop, softEnd, stackEnd, stackTop } from "./memory";
import { containerFits } from "./mismatch";
import {
  FIELD_DEFAULT,
  FIELD_DEFAULT_SIZE,
  FIELD_EXCEPTION,
  FIELD_FLAGS,
  FIELD_ID,
  FIELD_LABEL,
  FIELD_NODE,
  FIELD_ORDINAL,
  FIELD_REQUIRED,
  FIELD_SIZE,
  FIELD_SKIPPED,
  HEADER_DATA,
  HEADER_RULES,
  NODE_WIRE,
  RULE_DUPLICATE_ERROR,
  RULE_MISMATCH_SKIP,
  RULE_UNKNOWN_ERROR,
  STRUCT_ABSENCE,
  STRUCT_FIELD_COUNT,
  STRUCT_FIELDS,
  STRUCT_FLAGS,
  STRUCT_ID_BASE,
  STRUCT_ID_COUNT,
  STRUCT_ID_TABLE,
  STRUCT_IS_UNION,
  STRUCT_WORDS,
} from "./program";
import { behindInteger, COMPACT_FALSE, elementType, integerAt, isCompact } from "./read-thrift";
import { hasRoom } from "./room";
import { skipValue } from "./skip-thrift";
import { copyText } from "./write-text";

/**
 * The fields of an open struct: how they are found, which of them it has, what is written for others. What only
 * rare fields need is a record on the stack, so that the loop over fields has few variables:
 *
 * ```
 * run u32 | fresh u32 | bits by ordinal, STRUCT_WORDS words, but two at least
 * ```
 *
 * Most fields come by ascending id, one record behind the other. The bits of those from `run` up to the one that
 * is expected are set when their run ends. No field from `fresh` on was there before the run.
 */
const OPEN_RUN: usize = 0;
const OPEN_FRESH: usize = 4;
const OPEN_BITS: usize = 8;

const SMALL_WORDS: i32 = 2;
const SMALL_COUNT: u32 = 64;

const LARGEST_FIELD_ID: i32 = 32767;

/** Makes the record of a struct that begins; 0 when the stack is full. */
// @ts-ignore: decorator
@inline
export function openStruct(struct: usize, fields: usize): usize {
  const open = stackTop;
  const words = load<i32>(struct, STRUCT_WORDS);
  const size = OPEN_BITS + (<usize>max(words, SMALL_WORDS) << 2);
  if (size > stackEnd - open) return failMemory();
  setStackTop(open + size);
  // All fields are fresh: OPEN_FRESH is 0.
  store<u64>(open, <u64>fields, OPEN_RUN);
  store<u64>(open, 0, OPEN_BITS);
  if (words > SMALL_WORDS) memory.fill(open + OPEN_BITS, 0, <usize>words << 2);
  return open;
}

/** Sets the bit of a field; returns whether it was set. */
function markField(open: usize, field: usize): bool {
  const ordinal = load<u32>(field, FIELD_ORDINAL);
  const word = open + (<usize>(ordinal >> 5) << 2);
  const bit = <u32>1 << ordinal;
  const bits = load<u32>(word, OPEN_BITS);
  store<u32>(word, bits | bit, OPEN_BITS);
  return (bits & bit) != 0;
}

/** The bits of the field records from `first` up to `end`, at least one, all among the first 64. */
// @ts-ignore: decorator
@inline
function fieldBits(first: usize, end: usize): u64 {
  const last = <u64>load<u32>(end - FIELD_SIZE, FIELD_ORDINAL);
  return (<u64>2 << last) - (<u64>1 << <u64>load<u32>(first, FIELD_ORDINAL));
}

/** Sets the bits of the run that ends in front of the record `end`. */
// @ts-ignore: decorator
@inline
function closeRun(open: usize, end: usize): void {
  let field = <usize>load<u32>(open, OPEN_RUN);
  if (field == end) return;
  store<u32>(open, <u32>end, OPEN_FRESH);
  if (load<u32>(end - FIELD_SIZE, FIELD_ORDINAL) < SMALL_COUNT) {
    store<u64>(open, load<u64>(open, OPEN_BITS) | fieldBits(field, end), OPEN_BITS);
  } else {
    for (; field < end; field += FIELD_SIZE) markField(open, field);
  }
}

/** What `findField` says of a field that it has passed over. */
export const PASSED_OVER: usize = 1;

/** What `findField` leaves: where the value starts, or what is behind the field that has been passed over. */
export let behindHeader: usize = 0;
/** The record of the field that is expected next. */
export let nextField: usize = 0;
/** The id in the header. */
export let headerId: i32 = 0;

/**
 * Reads the header of any field at `p`, which is not the stop byte. Returns its record, `PASSED_OVER`, or
 * `FAILED`. `expected` is the record that was expected, `lastId` the id of the field in front.
 */
export function findField<P>(
  struct: usize,
  open: usize,
  p: usize,
  expected: usize,
  lastId: i32,
  depth: i32,
): usize {
  let type = <u32>load<u8>(p);
  let id: i32;
  if (!isCompact<P>()) {
    // type, i16 id
    id = <i32>bswap(load<i16>(p, 1));
    p += 3;
  } else {
    // (id delta << 4) | type; delta 0: the id follows as a zigzag varint
    const delta = <i32>type >> 4;
    type &= 0x0f;
    p++;
    if (delta != 0) {
      id = lastId + delta;
      if (id > LARGEST_FIELD_ID) return FAILED;
    } else {
      p = behindInteger<P, i16>(p);
      if (p == 0) return FAILED;
      id = <i32>integerAt<P, i16>(p);
    }
  }
  headerId = id;
  nextField = expected;
  const rules = load<i32>(base, HEADER_RULES);
  const wire = isCompact<P>() ? elementType(type) : type;
  const field = fieldById(struct, id);
  if (field == 0) {
    if ((rules & RULE_UNKNOWN_ERROR) != 0) return FAILED;
  } else {
    const flags = load<i32>(field, FIELD_FLAGS);
    const isSkipped = (flags & FIELD_SKIPPED) != 0;
    let fits = 1;
    if (!isSkipped) {
      const node = ref(field, FIELD_NODE);
      if (wire != load<u32>(node, NODE_WIRE)) {
        if ((rules & RULE_MISMATCH_SKIP) == 0) return FAILED;
        fits = 0;
      } else if ((rules & RULE_MISMATCH_SKIP) != 0) {
        fits = containerFits(p, node);
        if (fits < 0) return FAILED;
      }
    }
    if (fits != 0) {
      closeRun(open, expected);
      const isRepeated = markField(open, field);
      let next = field + FIELD_SIZE;
      if (field >= <usize>load<u32>(open, OPEN_FRESH)) {
        store<u32>(open, <u32>next, OPEN_FRESH);
      } else {
        // Behind a field out of order none is expected: it might be a repeated one.
        next = ref(struct, STRUCT_FIELDS) + <usize>load<i32>(struct, STRUCT_FIELD_COUNT) * FIELD_SIZE;
      }
      store<u32>(open, <u32>next, OPEN_RUN);
      nextField = next;
      if (!isSkipped) {
        if (isRepeated && (rules & RULE_DUPLICATE_ERROR) != 0) return FAILED;
        if ((flags & FIELD_EXCEPTION) != 0) return FAILED;
        behindHeader = p;
        return field;
      }
    }
  }
  // In the compact protocol a boolean field is its header.
  if (!isCompact<P>() || wire != COMPACT_FALSE) p = skipValue(p, type, depth);
  behindHeader = p;
  return p == 0 ? FAILED : PASSED_OVER;
}

/** The field record for an id, or 0. */
// @ts-ignore: decorator
@inline
function fieldById(struct: usize, id: i32): usize {
  const count = load<i32>(struct, STRUCT_ID_COUNT);
  if (count < 0) return findHashed(struct, id, -count - 1);
  const slot = <u32>(id - load<i32>(struct, STRUCT_ID_BASE));
  if (slot >= <u32>count) return 0;
  const field = <usize>load<i32>(ref(struct, STRUCT_ID_TABLE) + (<usize>slot << 2));
  return field == 0 ? 0 : base + (field << 2);
}

function findHashed(struct: usize, id: i32, mask: u32): usize {
  const table = ref(struct, STRUCT_ID_TABLE);
  let slot = hashNumber(id) & mask;
  while (true) {
    const index = <usize>load<i32>(table + (<usize>slot << 2));
    if (index == 0) return 0;
    const field = base + (index << 2);
    if (load<i32>(field, FIELD_ID) == id) return field;
    slot = (slot + 1) & mask;
  }
}

/**
 * Ends a struct whose stop byte has been read: checks that it has what it must have and writes what it lacks.
 * What it has is written from `start` to `o`, with a comma for the opening brace. Returns the position behind
 * the closing brace, or 0.
 */
// @ts-ignore: decorator
@inline
export function closeStruct(struct: usize, open: usize, expected: usize, start: usize, o: usize): usize {
  const words = load<i32>(struct, STRUCT_WORDS);
  const run = <usize>load<u32>(open, OPEN_RUN);
  if (words <= SMALL_WORDS) {
    let seen = load<u64>(open, OPEN_BITS);
    if (run != expected) seen |= fieldBits(run, expected);
    // The bitmap of absence has two words at least.
    const wanted = load<u64>(ref(struct, STRUCT_ABSENCE));
    if ((wanted & ~seen) != 0 || (load<i32>(struct, STRUCT_FLAGS) & STRUCT_IS_UNION) != 0) {
      store<u64>(open, seen, OPEN_BITS);
      o = closeCarefully(struct, open + OPEN_BITS, o);
    }
  } else {
    closeRun(open, expected);
    o = closeCarefully(struct, open + OPEN_BITS, o);
  }
  if (o == 0) return 0;
  setStackTop(open);
  if (o == start) o++;
  store<u8>(start, <u8>OPEN_BRACE);
  store<u8>(o, <u8>CLOSE_BRACE);
  return o + 1;
}

/** Does what is to do about fields that are absent, and counts those of a union. */
function closeCarefully(struct: usize, bitmap: usize, o: usize): usize {
  const words = load<i32>(struct, STRUCT_WORDS);
  const fields = ref(struct, STRUCT_FIELDS);
  const absence = ref(struct, STRUCT_ABSENCE);
  let given = 0;
  for (let word = 0; word < words; word++) {
    const at = <usize>word << 2;
    const seen = load<u32>(bitmap + at);
    given += popcnt(seen);
    for (let absent = load<u32>(absence + at) & ~seen; absent != 0; absent &= absent - 1) {
      const ordinal = (<usize>word << 5) + <usize>ctz(absent);
      o = writeMissing(fields + ordinal * FIELD_SIZE, o);
      if (o == 0) return 0;
    }
  }
  // Members that a mask skips count: it changes what is shown, not whether the message is valid.
  return (load<i32>(struct, STRUCT_FLAGS) & STRUCT_IS_UNION) != 0 && given != 1 ? 0 : o;
}

function writeMissing(field: usize, o: usize): usize {
  if ((load<i32>(field, FIELD_FLAGS) & FIELD_REQUIRED) != 0) return 0;
  if (o > softEnd) return failMemory();
  o = writeLabel(ref(field, FIELD_LABEL), o);
  const start = ref(base, HEADER_DATA) + <usize>load<i32>(field, FIELD_DEFAULT);
  const size = <usize>load<i32>(field, FIELD_DEFAULT_SIZE);
  return hasRoom(o, size) ? copyText(start, start + size, o) : 0;
}
