import { readInt16BE } from "../bytes/fixed.ts";
import {
  checkListHeader,
  checkMapHeader,
  FIELD_HEADER_SIZE,
  LIST_HEADER_SIZE,
  MAP,
  MAP_HEADER_SIZE,
  readFieldType,
  STOP,
  STRING,
  STRUCT,
  skipString,
} from "../wire/binary-parts.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { skipBinary } from "../wire/skip-binary.ts";
import { BINARY_WIDTH } from "../wire/ttype.ts";
import { failDepth, failMaxLength, failTruncated } from "../wire/wire-error.ts";
import {
  CONTENT,
  COUNT,
  END,
  ENTRY,
  FIRST,
  FLAG_LOADED,
  ID,
  LAST,
  LEAF_SIZE,
  NEXT,
  PARENT,
  RECORD_SIZE,
  SOURCE,
  START,
  type Tape,
  TYPE,
  TYPE_MASK,
} from "./tape.ts";

/** The functions below recurse; for deeper limits there is the loop of `loadChildren`. */
export const MAX_RECURSION = 64;

/** What stays the same while a value is loaded, and the tape that grows. */
interface Loading {
  readonly tape: Tape;
  readonly source: number;
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly maxLength: number;
}

/**
 * `loadChildren` for the binary protocol and limits of depth up to `MAX_RECURSION`, over the bytes: a third of the time
 * of the one that goes through a reader.
 *
 * Children come one behind the other, so that a record can be linked to the next one before it is known whether there
 * is one; the last one is not. Cells hold integers of 32 bits: `| 0` tells the compiler that what goes there is one, which
 * saves conversions, and a sixth of the time.
 */
export function loadBinary(
  tape: Tape,
  record: number,
  source: number,
  bytes: Uint8Array,
  { maxDepth, maxLength }: ResolvedLimits,
  levels: number,
): void {
  const { cells } = tape;
  const loading: Loading = { tape, source, bytes, end: cells[record + END]!, maxLength };
  loadValue(loading, record, cells[record + START]!, maxDepth, Math.min(levels, MAX_RECURSION + 1) | 0);
}

/** `depth`: structs and containers that may be opened, this one included; `levels`: those that are loaded. */
function loadValue(loading: Loading, record: number, pos: number, depth: number, levels: number): number {
  if (depth <= 0) failDepth(pos);
  const { tape, bytes, end, maxLength } = loading;
  const type = tape.cells[record + TYPE]! & TYPE_MASK;
  if (type === STRUCT) return loadFields(loading, record, pos, depth - 1, levels - 1);
  if (type === MAP) {
    // key type u8, value type u8, length i32
    if (pos + MAP_HEADER_SIZE > end) failTruncated(pos);
    const length = checkMapHeader(bytes, pos, end);
    if (length > maxLength) failMaxLength(length, maxLength, pos + 2);
    const items = pos + MAP_HEADER_SIZE;
    return loadItems(loading, record, items, length, bytes[pos]!, bytes[pos + 1]!, depth - 1, levels - 1);
  }
  // element type u8, length i32
  if (pos + LIST_HEADER_SIZE > end) failTruncated(pos);
  const length = checkListHeader(bytes, pos, end);
  if (length > maxLength) failMaxLength(length, maxLength, pos + 1);
  return loadItems(loading, record, pos + LIST_HEADER_SIZE, length, STOP, bytes[pos]!, depth - 1, levels - 1);
}

function loadFields(loading: Loading, record: number, start: number, depth: number, levels: number): number {
  const { tape, bytes, end } = loading;
  const parent = record | 0;
  let { cells, length: at } = tape;
  const first = at;
  let last = 0;
  let count = 0;
  let pos = start | 0;
  for (;;) {
    // type u8, then unless it is STOP: id i16
    const type = readFieldType(bytes, pos, end);
    if (type === STOP) break;
    const value = pos + FIELD_HEADER_SIZE;
    if (at + RECORD_SIZE > cells.length) cells = tape.grow();
    last = at;
    count++;
    cells[last + TYPE] = type;
    cells[last + ENTRY] = pos;
    cells[last + START] = value;
    cells[last + PARENT] = parent;
    cells[last + ID] = readInt16BE(bytes, pos + 1);
    const width = BINARY_WIDTH[type]!;
    if (width > 0) {
      pos = value + width;
      if (pos > end) failTruncated(value);
      at += LEAF_SIZE;
    } else if (type === STRING) {
      pos = skipString(bytes, value, end) | 0;
      at += LEAF_SIZE;
    } else {
      tape.length = at + RECORD_SIZE;
      pos = loadOrSkip(loading, last, value, type, depth, levels) | 0;
      ({ cells, length: at } = tape);
    }
    cells[last + END] = pos;
    cells[last + NEXT] = at;
  }
  tape.length = at;
  close(cells, parent, start, pos + 1, first, last, count);
  return pos + 1;
}

function loadItems(
  loading: Loading,
  record: number,
  start: number,
  length: number,
  keyType: number,
  elementType: number,
  depth: number,
  levels: number,
): number {
  const { tape, bytes, end } = loading;
  const parent = record | 0;
  const type = elementType | 0;
  let { cells, length: at } = tape;
  const first = at;
  const width = BINARY_WIDTH[type]!;
  let last = 0;
  let pos = start | 0;
  for (let left = length; left > 0; left--) {
    if (at + RECORD_SIZE > cells.length) cells = tape.grow();
    last = at;
    if (keyType !== STOP) {
      cells[last + ENTRY] = pos;
      if (keyType === STRING) pos = skipString(bytes, pos, end) | 0;
      else pos = skipBinary(bytes, pos, end, keyType, depth) | 0;
    }
    cells[last + TYPE] = type;
    cells[last + START] = pos;
    cells[last + PARENT] = parent;
    if (width > 0) {
      if (pos + width > end) failTruncated(pos);
      pos += width;
      at += LEAF_SIZE;
    } else if (type === STRING) {
      pos = skipString(bytes, pos, end) | 0;
      at += LEAF_SIZE;
    } else {
      tape.length = at + RECORD_SIZE;
      pos = loadOrSkip(loading, last, pos, type, depth, levels) | 0;
      ({ cells, length: at } = tape);
    }
    cells[last + END] = pos;
    cells[last + NEXT] = at;
  }
  tape.length = at;
  close(cells, parent, start, pos, first, last, length);
  return pos;
}

/** Passes over the struct or container of a record, whose children get records too where levels are left. */
function loadOrSkip(
  loading: Loading,
  record: number,
  pos: number,
  type: number,
  depth: number,
  levels: number,
): number {
  const { cells } = loading.tape;
  cells[record + SOURCE] = loading.source;
  if (levels > 0) return loadValue(loading, record, pos, depth, levels);
  cells[record + FIRST] = 0;
  return skipBinary(loading.bytes, pos, loading.end, type, depth);
}

/** Notes what has been found in a value. */
function close(
  cells: Int32Array,
  record: number,
  content: number,
  end: number,
  first: number,
  last: number,
  count: number,
): void {
  if (last !== 0) cells[last + NEXT] = 0;
  cells[record + END] = end;
  cells[record + CONTENT] = content;
  cells[record + FIRST] = count === 0 ? 0 : first;
  cells[record + LAST] = last;
  cells[record + COUNT] = count;
  cells[record + TYPE]! |= FLAG_LOADED;
}
