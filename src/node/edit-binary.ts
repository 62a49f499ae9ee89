import { readInt16BE, writeInt32BE } from "../bytes/fixed.ts";
import { utf8ByteLength } from "../bytes/utf8.ts";
import { FieldId, type PathStep } from "../path/step.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { copyRange, newOutput } from "../pool/pieces.ts";
import {
  FIELD_HEADER_SIZE,
  LIST,
  LIST_HEADER_SIZE,
  MAP,
  MAP_HEADER_SIZE,
  openList,
  openMap,
  readFieldType,
  SET,
  STOP,
  STRING,
  STRUCT,
} from "../wire/binary-parts.ts";
import { BinaryWriter } from "../wire/binary-writer.ts";
import { MAX_RECURSION, type ResolvedLimits } from "../wire/limits.ts";
import { seekBinaryField, skipBinary, skipElements } from "../wire/skip-binary.ts";
import { BINARY_WIDTH, TType } from "../wire/ttype.ts";
import { failDepth, WireError } from "../wire/wire-error.ts";
import { expectedType } from "./check.ts";
import { type EditTree, isKey, isSimple } from "./edit-tree.ts";
import type { EncodedValue } from "./encoded-value.ts";
import { matchIndex } from "./find-many.ts";
import { type KeyMatcher, matcherOf, writeKey } from "./key.ts";
import { giveBack, takeReader } from "./reader.ts";
import { keysLeft, seekKey } from "./seek.ts";

/**
 * Nearly all edits of messages in the binary protocol, over positions: in one pass and a quarter to half of the time of
 * the two of `edit.ts`. What they touch is a list of places: ranges of the source, in its order, with what comes there.
 */

/** Stands for a position: the general way is wanted. */
const GENERAL = -1;

/** Bytes that are put somewhere. */
type Piece = Pick<EncodedValue, "source" | "start" | "end">;

const starts: number[] = [];
const ends: number[] = [];
/** What is put into a place; `undefined`: nothing, or a number. */
const values: (Piece | undefined)[] = [];
/**
 * The number that is put into a place. Without a value: the new length of a container, whose place is the four bytes of
 * the old one. With one: type and id of the field that it becomes, the header as a big-endian word of 24 bits.
 */
const numbers: number[] = [];
const NO_NUMBER = -1;
/** The length stays as it is. */
const OLD_LENGTH = -2;
const LENGTH_SIZE = 4;
let placeCount = 0;
const MAX_KEPT_PLACES = 4096;

/** Where keys of new entries are encoded. */
const KEYS: ByteWriter = /* @__PURE__ */ new ByteWriter({ capacity: 64 });
const KEY_WRITER: BinaryWriter = /* @__PURE__ */ new BinaryWriter(KEYS);

/** Whether anything is another, how much larger the output is than the source, and whether everything stays in its place. */
let isChanged = false;
let growth = 0;
let isInPlace = true;
/** How many structs and maps have been gone into. */
let visits = 0;

/**
 * The bytes of a value after the edits, owned by the caller; `null` when there is nothing to change. `undefined`, having
 * done nothing, whenever something is not that simple: a parent to be made, a type or step that does not fit, something
 * to be put into a set, an empty container or another member of a union, a value of the other protocol, corrupt bytes.
 */
export function editBinary(node: EncodedValue, edits: EditTree): Uint8Array | null | undefined {
  const { source, start, end, type, limits } = node;
  if (!isSimple(edits, Math.min(limits.maxDepth, MAX_RECURSION), "binary")) return undefined;
  placeCount = 0;
  isChanged = false;
  growth = 0;
  isInPlace = true;
  try {
    if (walk(source, start, end, type, edits, limits, limits.maxDepth) === GENERAL) return undefined;
    return isChanged ? splice(node) : null;
  } catch (error) {
    // Edits are not wrong before the general way says so: it need not look at what is behind them.
    if (error instanceof WireError) return undefined;
    throw error;
  } finally {
    letGo();
  }
}

/** Forgets the values, which keep messages alive, and the memory of very many places. */
function letGo(): void {
  if (placeCount > MAX_KEPT_PLACES) {
    for (const list of [starts, ends, values, numbers]) list.length = 0;
  } else {
    for (let i = 0; i < placeCount; i++) values[i] = undefined;
  }
  KEYS.clear();
}

function splice({ source, start, end, limits }: EncodedValue): Uint8Array {
  const output = newOutput(end - start + growth, limits.maxOutputSize);
  // Values of the same size, such as numbers and flags: one copy of all is faster than one of each piece.
  if (isInPlace) copyRange(source, start, end, output, 0);
  let from = start;
  let at = 0;
  for (let place = 0; place < placeCount; place++) {
    const number = numbers[place]!;
    if (number === OLD_LENGTH) continue;
    const placeStart = starts[place]!;
    if (isInPlace) at += placeStart - from;
    else at = copyRange(source, from, placeStart, output, at);
    const value = values[place];
    if (value !== undefined) {
      if (number !== NO_NUMBER) {
        output[at] = number >> 16;
        output[at + 1] = number >> 8;
        output[at + 2] = number;
        at += FIELD_HEADER_SIZE;
      }
      at = copyRange(value.source, value.start, value.end, output, at);
    } else if (number !== NO_NUMBER) {
      writeInt32BE(number, output, at);
      at += LENGTH_SIZE;
    }
    from = ends[place]!;
  }
  if (!isInPlace) copyRange(source, from, end, output, at);
  return output;
}

/** Notes a place behind all others; returns its index. */
function addPlace(start: number, end: number, value: Piece | undefined, number: number): number {
  starts[placeCount] = start;
  ends[placeCount] = end;
  values[placeCount] = value;
  numbers[placeCount] = number;
  return placeCount++;
}

/** Notes that a value comes between what is in front of `start` and what is behind, other new values in front of it. */
function addNew(start: number, value: Piece, number: number): void {
  isChanged = true;
  isInPlace = false;
  growth += value.end - value.start + (number === NO_NUMBER ? 0 : FIELD_HEADER_SIZE);
  let place = addPlace(start, start, value, number);
  for (; place > 0; place--) {
    const before = place - 1;
    if (starts[before]! < start || ends[before] === start) break;
    starts[place] = starts[before]!;
    ends[place] = ends[before]!;
    values[place] = values[before];
    numbers[place] = numbers[before]!;
  }
  starts[place] = start;
  ends[place] = start;
  values[place] = value;
  numbers[place] = number;
}

/** The same for the length of a container, which may come to be another. */
function addLength(start: number): number {
  return addPlace(start, start + LENGTH_SIZE, undefined, OLD_LENGTH);
}

/** The position behind a value in which paths have been looked for. `depth`: structs and containers that may be opened. */
function walk(
  bytes: Uint8Array,
  pos: number,
  end: number,
  type: number,
  tree: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  if (type === STRUCT) return walkStruct(bytes, pos, end, tree, limits, depth);
  if (type === LIST || type === SET) return walkList(bytes, pos, end, type, tree, limits, depth);
  if (type === MAP) return walkMap(bytes, pos, end, tree, limits, depth);
  return GENERAL;
}

/** The position behind a value that a path leads to, whose header or key starts at `entry`. */
function goOn(
  bytes: Uint8Array,
  entry: number,
  pos: number,
  end: number,
  type: number,
  tree: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  const expected = expectedType(tree.expected);
  if (expected !== 0 && expected !== type) return GENERAL;
  tree.found = true;
  const { value } = tree;
  if (value === undefined && !tree.remove) return walk(bytes, pos, end, type, tree, limits, depth);
  if (value !== undefined && value.type !== type) return GENERAL;
  const behind = skipBinary(bytes, pos, end, type, depth);
  const start = value === undefined ? entry : pos;
  const more = (value === undefined ? 0 : value.end - value.start) - (behind - start);
  isChanged = true;
  growth += more;
  if (more !== 0) isInPlace = false;
  addPlace(start, behind, value, NO_NUMBER);
  return behind;
}

function walkStruct(
  bytes: Uint8Array,
  start: number,
  end: number,
  tree: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  if (depth <= 0) failDepth(start);
  let missing = 0;
  for (let child = tree.first; child !== undefined; child = child.next) {
    if (!(child.step instanceof FieldId)) return GENERAL;
    if (child.puts) missing++;
  }
  const visit = ++visits;
  const single = tree.size === 1 ? (tree.first!.step as FieldId).id : undefined;
  // Paths tend to come in the order of the fields.
  let next = tree.first;
  for (let pos = start; ; ) {
    if (single !== undefined) pos = seekBinaryField(bytes, pos, end, single, depth - 1);
    const type = readFieldType(bytes, pos, end);
    if (type === STOP) {
      return missing === 0 || addFields(bytes, start, end, tree, visit, depth - 1) ? pos + 1 : GENERAL;
    }
    const value = pos + FIELD_HEADER_SIZE;
    const child = tree.childWithId(readInt16BE(bytes, pos + 1), next);
    if (child === undefined) {
      pos = skipBinary(bytes, value, end, type, depth - 1);
      continue;
    }
    pos = goOn(bytes, pos, value, end, type, child, limits, depth - 1);
    if (pos === GENERAL) return GENERAL;
    next = child.next;
    if (child.puts && child.seenIn !== visit) missing--;
    child.seenIn = visit;
  }
}

/** Notes the new fields of a struct that has been walked; false: the general way is wanted. */
function addFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  tree: EditTree,
  visit: number,
  depth: number,
): boolean {
  if (tree.isUnion) return false;
  const missing = tree.children.filter((child) => child.puts && child.seenIn !== visit);
  if (missing.length > 1) missing.sort(byId);
  for (const child of missing) {
    const value = newValue(child, 0);
    if (value === undefined) return false;
    const { id } = child.step as FieldId;
    addNew(behindSmaller(bytes, start, end, id, depth), value, (value.type << 16) | (id & 0xffff));
  }
  return true;
}

function byId({ step: a }: EditTree, { step: b }: EditTree): number {
  return (a as FieldId).id - (b as FieldId).id;
}

/** Where the first field with a larger id starts, or the stop byte. */
function behindSmaller(bytes: Uint8Array, start: number, end: number, id: number, depth: number): number {
  for (let pos = start; ; ) {
    const type = bytes[pos]!;
    if (type === STOP || readInt16BE(bytes, pos + 1) > id) return pos;
    pos = skipBinary(bytes, pos + FIELD_HEADER_SIZE, end, type, depth);
  }
}

/** What is put where there was nothing, next to values of type `type` (0: any); `undefined` when that is not simple. */
function newValue({ value, expected }: EditTree, type: number): EncodedValue | undefined {
  const wanted = expectedType(expected);
  if (value === undefined || (type !== 0 && value.type !== type)) return undefined;
  return wanted === 0 || wanted === value.type ? value : undefined;
}

function walkList(
  bytes: Uint8Array,
  start: number,
  end: number,
  kind: number,
  tree: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  // element type u8, length i32
  const length = openList(bytes, start, end, limits.maxLength, depth);
  // An empty one does not tell its type.
  if (length === 0) return GENERAL;
  const type = bytes[start]!;
  const place = addLength(start + 1);
  let size = length;
  let next = 0;
  let pos = start + LIST_HEADER_SIZE;
  for (const child of tree.childrenByIndex) {
    const { step } = child;
    if (typeof step !== "number" || !(step >= next) || !Number.isSafeInteger(step)) return GENERAL;
    // A set must be searched for what is put into it.
    if (kind === SET && !child.remove) return GENERAL;
    if (step >= length) continue;
    pos = skipElements(bytes, pos, end, step - next, type, depth - 1);
    pos = goOn(bytes, pos, pos, end, type, child, limits, depth - 1);
    if (pos === GENERAL) return GENERAL;
    if (child.remove) size--;
    next = step + 1;
  }
  pos = skipElements(bytes, pos, end, length - next, type, depth - 1);
  let added = 0;
  for (let child = tree.first; child !== undefined; child = child.next) {
    if (!child.puts || (child.step as number) < length) continue;
    const value = newValue(child, type);
    if (value === undefined || child.step !== length + added) return GENERAL;
    addNew(pos, value, NO_NUMBER);
    added++;
  }
  if (size + added !== length) numbers[place] = size + added;
  return pos;
}

function walkMap(
  bytes: Uint8Array,
  start: number,
  end: number,
  tree: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  // key type u8, value type u8, length i32
  const length = openMap(bytes, start, end, limits.maxLength, depth);
  for (let child = tree.first; child !== undefined; child = child.next) {
    if (!isKey(child, length, bytes[start]!, bytes[start + 1]!)) return GENERAL;
  }
  return tree.size === 1
    ? walkKey(bytes, start, end, length, tree.first!, limits, depth)
    : walkKeys(bytes, start, end, length, tree, limits, depth);
}

/** `walkMap` for one key. */
function walkKey(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
  child: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  const step = child.step!;
  const keyType = bytes[start]!;
  const type = bytes[start + 1]!;
  const keySize = child.remove ? sizeOfKey(step, keyType) : 0;
  const place = addLength(start + 2);
  let found = 0;
  let pos = start + MAP_HEADER_SIZE;
  for (let left = length; left > 0; left--) {
    pos = seekKey(bytes, pos, end, left, keyType, type, step, limits, depth - 1);
    left = keysLeft;
    if (left === 0) break;
    pos = goOn(bytes, pos - keySize, pos, end, type, child, limits, depth - 1);
    if (pos === GENERAL) return GENERAL;
    found++;
  }
  if (child.remove && found > 0) numbers[place] = length - found;
  if (found > 0 || !child.puts) return pos;
  numbers[place] = length + 1;
  return addEntry(pos, child, keyType, type) ? pos : GENERAL;
}

/** Notes a new entry of a map at its end; false: the general way is wanted. */
function addEntry(pos: number, child: EditTree, keyType: number, type: number): boolean {
  const value = newValue(child, type);
  if (value === undefined) return false;
  const start = KEYS.length;
  writeKey(KEY_WRITER, keyType, child.step!);
  const key = { source: KEYS.bytes, start, end: KEYS.length };
  addNew(pos, key, NO_NUMBER);
  addNew(pos, value, NO_NUMBER);
  return true;
}

/** The bytes of an encoded key. */
function sizeOfKey(step: PathStep, keyType: number): number {
  const width = BINARY_WIDTH[keyType]!;
  if (width > 0) return width;
  const size = typeof step === "string" ? utf8ByteLength(step) : (step as Uint8Array).length;
  return keyType === STRING ? size + 4 : size;
}

/** `walkMap` for several keys. */
function walkKeys(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
  tree: EditTree,
  limits: ResolvedLimits,
  depth: number,
): number {
  const keyType = bytes[start]! as TType;
  const type = bytes[start + 1]! as TType;
  let missing = 0;
  const wanted: (readonly [EditTree, PathStep, KeyMatcher])[] = [];
  for (let child = tree.first; child !== undefined; child = child.next) {
    const step = child.step!;
    // The same number or uuid in another form is for the general way to find.
    if (keyType === TType.UUID || Object.is(step, -0)) return GENERAL;
    if (child.puts) missing++;
    wanted.push([child, step, matcherOf(step, keyType)]);
  }
  const place = addLength(start + 2);
  const visit = ++visits;
  let removed = 0;
  let pos = start + MAP_HEADER_SIZE;
  for (let left = length; left > 0; left--) {
    const reader = takeReader("binary", bytes, pos, end, limits);
    reader.depth = limits.maxDepth - depth + 1;
    reader.keyType = keyType;
    const index = matchIndex(reader, wanted, keyType);
    const value = reader.position;
    giveBack(reader);
    if (index < 0) {
      pos = skipBinary(bytes, value, end, type, depth - 1);
      continue;
    }
    const [child] = wanted[index]!;
    pos = goOn(bytes, pos, value, end, type, child, limits, depth - 1);
    if (pos === GENERAL) return GENERAL;
    if (child.remove) removed++;
    if (child.puts && child.seenIn !== visit) missing--;
    child.seenIn = visit;
  }
  if (missing !== removed) numbers[place] = length - removed + missing;
  for (let child = tree.first; child !== undefined; child = child.next) {
    if (!child.puts || child.seenIn === visit) continue;
    if (!addEntry(pos, child, keyType, type)) return GENERAL;
  }
  return pos;
}
