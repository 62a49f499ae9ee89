import { giveBack, type NodeReader, takeReader } from "../node/reader.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { type Protocol, TType } from "../wire/ttype.ts";
import { loadBinary, MAX_RECURSION } from "./load-binary.ts";
import {
  CONTENT,
  COUNT,
  END,
  FIRST,
  FLAG_IN_HEADER,
  FLAG_LOADED,
  hasChildren,
  LAST,
  NEXT,
  PARENT,
  START,
  type Tape,
  TYPE,
  TYPE_MASK,
} from "./tape.ts";

/** Fields that are left of a struct, which does not tell. */
const UNKNOWN = -1;

/** Cells that the stack has per open value: what is left of it, its key and element type, its children so far. */
const FRAME_SIZE = 4;

/**
 * Gives records to the children of a value, and to theirs down to `depth` levels, in one pass. The value's own end is
 * set. Throws the `WireError` that it meets; the tape has unused records then.
 */
export function loadChildren(
  tape: Tape,
  record: number,
  source: number,
  bytes: Uint8Array,
  protocol: Protocol,
  limits: ResolvedLimits,
  depth: number,
): void {
  const isCompact = protocol === "compact";
  if (!isCompact && limits.maxDepth <= MAX_RECURSION) {
    return loadBinary(tape, record, source, bytes, limits, depth);
  }
  const start = tape.cells[record + START]!;
  const reader = takeReader(protocol, bytes, start, tape.cells[record + END]!, limits);
  // What is left of the values around the one in work. An array and its top, since making arrays shorter is slow.
  const stack: number[] = [];
  let top = 0;
  let parent = record;
  let left = open(reader, tape, parent);
  let { keyType, elementType } = reader;
  let last = 0;
  let count = 0;
  for (;;) {
    const entry = reader.position;
    let type: TType = TType.STOP;
    let id = 0;
    if (left === UNKNOWN) {
      type = reader.readFieldBegin();
      id = reader.fieldId;
    } else if (left > 0) {
      left--;
      type = elementType;
      if (keyType !== TType.STOP) reader.skip(keyType);
    }
    if (type === TType.STOP) {
      if (left === UNKNOWN) reader.readStructEnd();
      else reader.readListEnd();
      const { cells } = tape;
      cells[parent + END] = reader.position;
      cells[parent + LAST] = last;
      cells[parent + COUNT] = count;
      cells[parent + TYPE]! |= FLAG_LOADED;
      if (parent === record) break;
      last = parent;
      parent = cells[parent + PARENT]!;
      top -= FRAME_SIZE;
      left = stack[top]!;
      keyType = stack[top + 1]! as TType;
      elementType = stack[top + 2]! as TType;
      count = stack[top + 3]!;
      continue;
    }
    const isInHeader = isCompact && type === TType.BOOL && left === UNKNOWN;
    const position = reader.position;
    const child = tape.add(type, source, entry, isInHeader ? entry : position, position, parent, id);
    const { cells } = tape;
    if (last === 0) cells[parent + FIRST] = child;
    else cells[last + NEXT] = child;
    last = child;
    count++;
    if (isInHeader) {
      reader.skip(type);
      cells[child + TYPE]! |= FLAG_IN_HEADER;
    } else if (hasChildren(type) && top < (depth - 1) * FRAME_SIZE) {
      stack[top] = left;
      stack[top + 1] = keyType;
      stack[top + 2] = elementType;
      stack[top + 3] = count;
      top += FRAME_SIZE;
      parent = child;
      left = open(reader, tape, parent);
      ({ keyType, elementType } = reader);
      last = 0;
      count = 0;
    } else {
      reader.skip(type);
      cells[child + END] = reader.position;
    }
  }
  giveBack(reader);
}

/** Reads the header of a value with children; returns how many there are. */
function open(reader: NodeReader, tape: Tape, record: number): number {
  const type = tape.cells[record + TYPE]! & TYPE_MASK;
  if (type === TType.STRUCT) {
    reader.readStructBegin();
    reader.keyType = TType.STOP;
    return UNKNOWN;
  }
  if (type === TType.MAP) {
    reader.readMapBegin();
  } else {
    reader.readListBegin();
    reader.keyType = TType.STOP;
  }
  tape.cells[record + CONTENT] = reader.position;
  return reader.length;
}
