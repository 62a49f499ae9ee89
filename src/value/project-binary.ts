import { readInt16BE } from "../bytes/fixed.ts";
import type { StructDescriptor } from "../descriptor/types.ts";
import type { ThriftNode } from "../node/thrift-node.ts";
import { copyRanges, newOutput } from "../pool/pieces.ts";
import {
  checkListHeader,
  checkMapHeader,
  FIELD_HEADER_SIZE,
  LIST_HEADER_SIZE,
  MAP,
  MAP_HEADER_SIZE,
  readFieldType,
  STOP,
  STRUCT,
} from "../wire/binary-parts.ts";
import { skipBinary, skipElements } from "../wire/skip-binary.ts";
import { BINARY_WIDTH } from "../wire/ttype.ts";
import { ACTION_WHOLE, type Plan, TOO_MANY } from "./project-plan.ts";

/** What is kept of a value in the binary protocol. */
interface Cut {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly maxLength: number;
  /** Whether required fields of targets must be there, and all fields be ones that the type of the data has. */
  readonly needsRequired: boolean;
  readonly needsKnown: boolean;
  /** Start and end of each range that is kept in front of `keptFrom`; the first `count` of these. */
  ranges: Int32Array;
  count: number;
  /** What lies behind this has not been left out so far. */
  keptFrom: number;
  size: number;
}

/** Ranges are integers of 32 bits. */
const MAX_POSITION = 0x7fff_ffff;

/** Scratch for ranges, and the largest that is kept for the next time. */
let idleRanges: Int32Array = new Int32Array(2 * 1024);
const MAX_IDLE_RANGES = 2 * 64 * 1024;

/**
 * `project` for the binary protocol, in one loop over the bytes, a third of the time of the one that goes through a
 * reader. Returns `undefined` when nothing is left out. Throws anything where `project` throws, and where a struct has
 * more required fields than there are bits: the caller takes the general way then, which tells what is wrong.
 */
export function projectBinary(
  { source, start, end, limits }: ThriftNode,
  plan: Plan,
  needsRequired: boolean,
  needsKnown: boolean,
): Uint8Array | undefined {
  const { maxDepth, maxLength, maxOutputSize } = limits;
  if (end > MAX_POSITION) bail();
  const cut: Cut = {
    bytes: source,
    end,
    maxLength,
    needsRequired,
    needsKnown,
    ranges: idleRanges,
    count: 0,
    keptFrom: start,
    size: 0,
  };
  cutValue(cut, plan, start, maxDepth);
  if (cut.count === 0 && cut.keptFrom === start) return undefined;
  leaveOut(cut, end, end);
  if (cut.ranges.length <= MAX_IDLE_RANGES) idleRanges = cut.ranges;
  const output = newOutput(cut.size, maxOutputSize);
  copyRanges(source, cut.ranges, cut.count, output);
  return output;
}

/** Leaves out what lies between `from` and `to`. */
function leaveOut(cut: Cut, from: number, to: number): void {
  const { keptFrom } = cut;
  if (from > keptFrom) {
    if (cut.count === cut.ranges.length) growRanges(cut);
    cut.ranges[cut.count] = keptFrom;
    cut.ranges[cut.count + 1] = from;
    cut.count += 2;
    cut.size += from - keptFrom;
  }
  cut.keptFrom = to;
}

function growRanges(cut: Cut): void {
  const grown = new Int32Array(2 * cut.ranges.length);
  grown.set(cut.ranges);
  cut.ranges = grown;
}

/** Cuts the value at `pos`; returns the position behind it. */
function cutValue(cut: Cut, plan: Plan, pos: number, depth: number): number {
  if (!plan.fits) return bail();
  const { ttype } = plan.from;
  if (ttype === STRUCT) return cutStruct(cut, plan, pos, depth);
  if (plan.isWhole) return skipBinary(cut.bytes, pos, cut.end, ttype, depth);
  if (depth <= 0) bail();
  return ttype === MAP ? cutMap(cut, plan, pos, depth - 1) : cutList(cut, plan, pos, depth - 1);
}

function cutStruct(cut: Cut, plan: Plan, start: number, depth: number): number {
  const { bytes, end } = cut;
  const { actions, bits } = plan;
  if (depth <= 0 || !plan.fits) bail();
  let missing = cut.needsRequired ? plan.requiredBits : 0;
  if (missing === TOO_MANY) bail();
  let pos = start;
  for (;;) {
    // type u8, then unless it is STOP: id i16
    const type = readFieldType(bytes, pos, end);
    if (type === STOP) break;
    const id = readInt16BE(bytes, pos + 1);
    const value = pos + FIELD_HEADER_SIZE;
    let action = 0;
    if (id >= 0 && id < actions.length) {
      action = actions[id]!;
      missing &= ~bits[id]!;
    } else {
      const field = plan.otherFields.get(id);
      if (field !== undefined) {
        action = field.action;
        missing &= ~field.bit;
      }
    }
    if (action === 0 && cut.needsKnown && (plan.from as StructDescriptor).fieldById(id) === undefined) bail();
    if (action === 0 || (action & ACTION_WHOLE) !== 0) {
      const width = BINARY_WIDTH[type]!;
      let next = value + width;
      if (width === 0) next = skipBinary(bytes, value, end, type, depth - 1);
      else if (next > end) bail();
      if (action === 0) leaveOut(cut, pos, next);
      else if (action !== (type | ACTION_WHOLE)) bail();
      pos = next;
    } else {
      if (action !== type) bail();
      const field = id >= 0 && id < actions.length ? plan.fields[id]! : plan.otherFields.get(id)!;
      pos = cutValue(cut, field.plan, value, depth - 1);
    }
  }
  if (missing !== 0) bail();
  return pos + 1;
}

function cutList(cut: Cut, plan: Plan, start: number, depth: number): number {
  const { bytes, end, maxLength } = cut;
  // element type u8, length i32
  if (start + LIST_HEADER_SIZE > end) bail();
  const length = checkListHeader(bytes, start, end);
  const type = bytes[start]!;
  const element = plan.element!;
  if (length > maxLength || (length > 0 && type !== element.from.ttype)) bail();
  let pos = start + LIST_HEADER_SIZE;
  if (element.isWhole) return skipElements(bytes, pos, end, length, type, depth);
  for (let left = length; left > 0; left--) pos = cutValue(cut, element, pos, depth);
  return pos;
}

function cutMap(cut: Cut, plan: Plan, start: number, depth: number): number {
  const { bytes, end, maxLength } = cut;
  // key type u8, value type u8, length i32
  if (start + MAP_HEADER_SIZE > end) bail();
  const length = checkMapHeader(bytes, start, end);
  const key = plan.key!;
  const element = plan.element!;
  if (length > maxLength) bail();
  if (length > 0 && (bytes[start] !== key.from.ttype || bytes[start + 1] !== element.from.ttype)) bail();
  let pos = start + MAP_HEADER_SIZE;
  for (let left = length; left > 0; left--) {
    pos = cutValue(cut, key, pos, depth);
    pos = cutValue(cut, element, pos, depth);
  }
  return pos;
}

/** Gives up: the general way tells why. */
function bail(): never {
  throw BAIL;
}

const BAIL = new Error("the general way is wanted");
