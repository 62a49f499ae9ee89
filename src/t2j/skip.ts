import {
  BINARY_MIN_SIZE,
  BINARY_WIDTH,
  COMPACT_MIN_SIZE,
  COMPACT_WIDTH,
  NOT_A_TYPE,
  TTYPE_OF_COMPACT,
  TType,
} from "../wire/ttype.ts";
import { failDepth, failLength, failSize, failType, failVarint } from "./fail.ts";
import type { Run } from "./run.ts";
import { IN, IN_VIEW, STACK } from "./scratch.ts";
import * as S from "./states.ts";
import { OVERFLOW, readVarint, SUSPEND, varintHigh, varintLow } from "./varint.ts";

/**
 * Values that are passed over: fields that nobody knows or wants, and values that are handed out as bytes. The
 * same frames and states as for conversion, so that they too may end anywhere in a window.
 */

const STACK_END: number = STACK.length;

/** Bytes of a value by compact type, which is a nibble; 0 for types without a fixed size. */
const COMPACT_FIXED: Uint8Array = /* @__PURE__ */ Uint8Array.from(TTYPE_OF_COMPACT, (type) =>
  Math.max(COMPACT_WIDTH[type] ?? 0, 0),
);

/** Does one step in one of the SKIP states. `false`: the window does not hold the next item. */
export function skipStep(run: Run): boolean {
  switch (run.state) {
    case S.SKIP_VALUE:
      return run.compact ? skipCompactValue(run) : skipBinaryValue(run);
    case S.SKIP_BYTES: {
      const size = Math.min(run.skipLeft, run.end - run.position);
      run.position += size;
      run.skipLeft -= size;
      if (run.skipLeft > 0) return false;
      run.state = STACK[run.sp]!;
      return true;
    }
    case S.SKIP_FIELD:
      return run.compact ? skipCompactField(run) : skipBinaryField(run);
    case S.SKIP_LIST: {
      const left = STACK[run.sp + S.FRAME_LEFT]!;
      if (left === 0) return pop(run);
      STACK[run.sp + S.FRAME_LEFT] = left - 1;
      return skipNext(run, STACK[run.sp + S.FRAME_TYPE]!);
    }
    default: {
      // Keys and values take turns; the keys come with an even number left.
      const left = STACK[run.sp + S.FRAME_LEFT]!;
      if (left === 0) return pop(run);
      STACK[run.sp + S.FRAME_LEFT] = left - 1;
      return skipNext(run, STACK[run.sp + ((left & 1) === 0 ? S.FRAME_TYPE : S.FRAME_VALUE_TYPE)]!);
    }
  }
}

function skipNext(run: Run, type: number): boolean {
  run.skipType = type;
  run.state = S.SKIP_VALUE;
  return true;
}

function pop(run: Run): boolean {
  run.depth--;
  run.top = run.sp;
  run.sp = STACK[run.sp + S.FRAME_BELOW]!;
  run.state = STACK[run.sp]!;
  return true;
}

/** A value of fixed size, which the window must hold: such a one is truncated, not of an impossible size. */
function skipScalar(run: Run, next: number): boolean {
  if (next > run.end) return false;
  run.position = next;
  run.state = STACK[run.sp]!;
  return true;
}

function skipBytes(run: Run, size: number, start: number): boolean {
  run.skipStart = run.windowBase + start;
  run.skipLeft = size;
  run.state = S.SKIP_BYTES;
  return true;
}

/** A size in front of that many bytes. */
function skipSized(run: Run, size: number, start: number): boolean {
  const p = run.position;
  if (size < 0 || size > run.leftAt(start)) throw failSize(run, run.sp, run.out, p, size);
  run.position = start;
  return skipBytes(run, size, p);
}

function push(run: Run, size: number, state: number): number {
  const { maxDepth } = run.settings.limits;
  if (++run.depth > maxDepth || run.top + size > STACK_END) {
    throw failDepth(run, run.sp, run.out, run.position, maxDepth);
  }
  const frame = run.top;
  STACK[frame + S.FRAME_STATE] = state;
  STACK[frame + S.FRAME_BELOW] = run.sp;
  run.sp = frame;
  run.top += size;
  run.state = state;
  return frame;
}

/** A list, or a map as a list of twice as many values. */
function skipContainer(
  run: Run,
  next: number,
  length: number,
  type: number,
  valueType: number,
  least: number,
  width: number,
): boolean {
  const p = run.position;
  const isMap = valueType !== 0;
  const left = run.leftAt(next);
  if (length < 0 || length > run.settings.limits.maxLength || length * least > left) {
    throw failLength(run, p, length, left);
  }
  if (width > 0) {
    run.position = next;
    return skipBytes(run, length * width, p);
  }
  const frame = push(run, S.CONTAINER_FRAME_SIZE, isMap ? S.SKIP_MAP : S.SKIP_LIST);
  STACK[frame + S.FRAME_TYPE] = type;
  STACK[frame + S.FRAME_VALUE_TYPE] = valueType;
  STACK[frame + S.FRAME_LEFT] = isMap ? length * 2 : length;
  STACK[frame + S.FRAME_LENGTH] = length;
  STACK[frame + S.FRAME_HEADER] = run.windowBase + p;
  STACK[frame + S.FRAME_LEAST] = least;
  run.position = next;
  return true;
}

function skipBinaryValue(run: Run): boolean {
  const type = run.skipType;
  const p = run.position;
  const width = BINARY_WIDTH[type]!;
  if (width > 0) return skipScalar(run, p + width);
  switch (type) {
    case TType.STRING:
      if (p + 4 > run.end) return false;
      return skipSized(run, IN_VIEW.getInt32(p), p + 4);
    case TType.STRUCT:
      push(run, S.FRAME_BASE_SIZE, S.SKIP_FIELD);
      return true;
    case TType.LIST:
    case TType.SET: {
      if (p + 5 > run.end) return false;
      const element = IN[p]!;
      const length = IN_VIEW.getInt32(p + 1);
      checkElement(run, BINARY_WIDTH[element]!, element, length, p);
      return skipContainer(run, p + 5, length, element, 0, BINARY_MIN_SIZE[element]!, BINARY_WIDTH[element]!);
    }
    case TType.MAP: {
      if (p + 6 > run.end) return false;
      const key = IN[p]!;
      const value = IN[p + 1]!;
      const length = IN_VIEW.getInt32(p + 2);
      checkElement(run, BINARY_WIDTH[key]!, key, length, p);
      checkElement(run, BINARY_WIDTH[value]!, value, length, p + 1);
      const least = BINARY_MIN_SIZE[key]! + BINARY_MIN_SIZE[value]!;
      const isFixed = BINARY_WIDTH[key]! > 0 && BINARY_WIDTH[value]! > 0;
      return skipContainer(run, p + 6, length, key, value, least, isFixed ? least : length === 0 ? 1 : 0);
    }
    default:
      throw failType(run, run.sp, run.out, p, type);
  }
}

/** Empty containers may carry type 0. */
function checkElement(run: Run, width: number, type: number, length: number, p: number): void {
  if (width === NOT_A_TYPE && !(type === 0 && length === 0)) throw failType(run, run.sp, run.out, p, type);
}

function skipBinaryField(run: Run): boolean {
  const p = run.position;
  if (p >= run.end) return false;
  const type = IN[p]!;
  if (type === 0) {
    run.position++;
    return pop(run);
  }
  if (p + 3 > run.end) return false;
  if (BINARY_WIDTH[type] === NOT_A_TYPE) throw failType(run, run.sp, run.out, p, type);
  run.position += 3;
  return skipNext(run, type);
}

function skipCompactValue(run: Run): boolean {
  const type = run.skipType;
  const p = run.position;
  const width = COMPACT_FIXED[type]!;
  if (width > 0) return skipScalar(run, p + width);
  const ttype = TTYPE_OF_COMPACT[type];
  switch (ttype) {
    case TType.I16:
    case TType.I32:
    case TType.I64: {
      const next = readVarint(p, run.end);
      if (next === SUSPEND) return false;
      const bits = ttype === TType.I64 ? 64 : 32;
      if (next === OVERFLOW || (bits === 32 && varintHigh !== 0)) {
        throw failVarint(run, run.sp, run.out, p, bits);
      }
      run.position = next;
      run.state = STACK[run.sp]!;
      return true;
    }
    case TType.STRING: {
      const next = readVarint(p, run.end);
      if (next === SUSPEND) return false;
      return skipSized(run, smallVarint(next), next);
    }
    case TType.STRUCT:
      push(run, S.FRAME_BASE_SIZE, S.SKIP_FIELD);
      return true;
    case TType.LIST:
    case TType.SET: {
      if (p >= run.end) return false;
      const element = IN[p]! & 0x0f;
      let length = IN[p]! >> 4;
      let next = p + 1;
      if (length === 15) {
        next = readVarint(next, run.end);
        if (next === SUSPEND) return false;
        length = smallVarint(next);
      }
      checkElement(run, TTYPE_OF_COMPACT[element]!, element, length, p);
      const least = COMPACT_MIN_SIZE[TTYPE_OF_COMPACT[element]!] ?? 0;
      return skipContainer(run, next, length, element, 0, least, length === 0 ? 1 : COMPACT_FIXED[element]!);
    }
    case TType.MAP: {
      let next = readVarint(p, run.end);
      if (next === SUSPEND) return false;
      const length = smallVarint(next);
      // Without entries there are no types; below zero the container fails.
      if (length <= 0) return skipContainer(run, next, length, 0, 0, 0, 1);
      if (next >= run.end) return false;
      const key = IN[next]! >> 4;
      const value = IN[next]! & 0x0f;
      checkElement(run, TTYPE_OF_COMPACT[key]!, key, length, next);
      checkElement(run, TTYPE_OF_COMPACT[value]!, value, length, next);
      next++;
      const least = COMPACT_MIN_SIZE[TTYPE_OF_COMPACT[key]!]! + COMPACT_MIN_SIZE[TTYPE_OF_COMPACT[value]!]!;
      const isFixed = COMPACT_FIXED[key]! > 0 && COMPACT_FIXED[value]! > 0;
      return skipContainer(run, next, length, key, value, least, isFixed ? least : 0);
    }
    default:
      throw failType(run, run.sp, run.out, p, type);
  }
}

/** The size or length that has been read, −1 for one that no i32 holds. */
function smallVarint(next: number): number {
  return next === OVERFLOW || varintHigh !== 0 || varintLow < 0 ? -1 : varintLow;
}

function skipCompactField(run: Run): boolean {
  const p = run.position;
  if (p >= run.end) return false;
  const type = IN[p]! & 0x0f;
  if (type === 0) {
    run.position++;
    return pop(run);
  }
  let next = p + 1;
  if (IN[p]! >> 4 === 0) {
    next = readVarint(next, run.end);
    if (next === SUSPEND) return false;
    if (next === OVERFLOW || varintHigh !== 0) throw failVarint(run, run.sp, run.out, p, 32);
  }
  if (TTYPE_OF_COMPACT[type] === NOT_A_TYPE) throw failType(run, run.sp, run.out, p, type);
  run.position = next;
  // A boolean field is its header.
  return TTYPE_OF_COMPACT[type] === TType.BOOL || skipNext(run, type);
}
