import { readBase64 } from "../bytes/base64.ts";
import { KIND_BINARY, NODE_A, NODE_B, NODE_KIND, NODE_WIRE } from "../conv/program.ts";
import { writeVarint32, zigzag32 } from "../wire/varint.ts";
import { failBase64, failString, isCutOff } from "./fail.ts";
import { outPosition } from "./lex.ts";
import type { Run } from "./run.ts";
import { OUT, OUT_VIEW, STACK } from "./scratch.ts";
import * as S from "./states.ts";

/**
 * What is written in front of content whose size or count is known only behind it. Each function takes the
 * output position and returns the new one.
 */

/** A binary string whose content `lex` has written behind the four bytes at `o`. */
export function closeString(o: number): number {
  OUT_VIEW.setInt32(o, outPosition - o - 4);
  return outPosition;
}

/** The largest value of a one-byte varint. */
const ONE_BYTE_VARINT = 0x7f;

/** A compact string whose content `lex` has written behind the one byte at `o`. */
export function closeCompactString(run: Run, o: number): number {
  const size = outPosition - o - 1;
  if (size <= ONE_BYTE_VARINT) {
    OUT[o] = size;
    return outPosition;
  }
  const start = run.outBase + o;
  const end = run.openGap(start + 1, varintSizeOf(size) - 1, outPosition);
  run.patchVarint(start, size);
  return end;
}

/**
 * Leaves a string that the window cuts off: its size is written when its end has been read. The machine goes
 * on with STRING_BODY. Throws when the string stopped for another reason.
 */
export function openBody(
  run: Run,
  stop: number,
  node: number,
  o: number,
  then: number,
  token: number,
  sp: number,
): number {
  if (!isCutOff(run)) throw failString(run, sp, o, stop);
  run.bodyStart = run.outBase + o + (run.compact ? 1 : 4);
  run.bodyToken = run.windowBase + token;
  run.bodyThen = then;
  run.bodyNode = node;
  run.bodyIsOpen = true;
  return outPosition;
}

/** Completes a string that `openBody` has begun, at output position `o`. */
export function closeBody(run: Run, sp: number, o: number): number {
  const start = run.bodyStart;
  if (run.code[run.bodyNode + NODE_KIND] === KIND_BINARY) o = decodeBody(run, sp, o);
  run.bodyIsOpen = false;
  const size = run.outBase + o - start;
  if (!run.compact) {
    run.patchInt32(start - 4, size);
    return o;
  }
  if (size > ONE_BYTE_VARINT) o = run.openGap(start, varintSizeOf(size) - 1, o);
  run.patchVarint(start - 1, size);
  return o;
}

/** Decodes base64 where its text stands in the output. */
function decodeBody(run: Run, sp: number, o: number): number {
  run.flush(o);
  const { writer } = run;
  const start = run.bodyStart - run.writerBase;
  const size = writer.length - start;
  const decoded = readBase64(writer.bytes, start, writer.length, writer.bytes, start);
  if (decoded < 0) {
    const token = run.bodyToken - run.windowBase;
    // The text has the size of its token: nothing in it was escaped, and places in both agree.
    const exact = run.windowBase + run.position - run.bodyToken - 2 === size;
    throw failBase64(run, sp, 0, token, ~decoded - start, exact);
  }
  return run.cut(run.writerBase + decoded);
}

export function closeList(run: Run, sp: number, o: number): number {
  const slot = STACK[sp + S.FRAME_SLOT]!;
  const count = STACK[sp + S.FRAME_COUNT]!;
  if (!run.compact) {
    if (slot >= run.outBase) OUT_VIEW.setInt32(slot - run.outBase + 1, count);
    else run.patchInt32(slot + 1, count);
    return o;
  }
  // (count << 4) | type; from 15 elements on 0xf0 | type and a varint, for which room is made
  const type = run.code[STACK[sp + S.FRAME_NODE]! + NODE_WIRE]!;
  if (count < LONG_LIST) {
    run.patchByte(slot, (count << 4) | type);
    return o;
  }
  o = run.openGap(slot + 1, varintSizeOf(count), o);
  run.patchByte(slot, (LONG_LIST << 4) | type);
  run.patchVarint(slot + 1, count);
  return o;
}

/** The first length that a compact list header cannot hold in its nibble. */
const LONG_LIST = 15;

export function closeMap(run: Run, sp: number, o: number): number {
  const slot = STACK[sp + S.FRAME_SLOT]!;
  const count = STACK[sp + S.FRAME_COUNT]!;
  if (!run.compact) {
    if (slot >= run.outBase) OUT_VIEW.setInt32(slot - run.outBase + 2, count);
    else run.patchInt32(slot + 2, count);
    return o;
  }
  // varint count, (key type << 4) | value type; an empty map is a single 0
  if (count === 0) {
    run.patchByte(slot, 0);
    return run.cut(slot + 1);
  }
  const { code } = run;
  const node = STACK[sp + S.FRAME_NODE]!;
  const types = (code[code[node + NODE_A]! + NODE_WIRE]! << 4) | code[code[node + NODE_B]! + NODE_WIRE]!;
  const size = varintSizeOf(count);
  if (size > 1) o = run.openGap(slot + 1, size - 1, o);
  run.patchVarint(slot, count);
  run.patchByte(slot + size, types);
  return o;
}

function varintSizeOf(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) size++;
  return size;
}

/** Writes the compact header of field `id` in the struct frame at `sp`. */
export function writeCompactHeader(sp: number, id: number, type: number, o: number): number {
  const delta = id - STACK[sp + S.FRAME_LAST_ID]!;
  STACK[sp + S.FRAME_LAST_ID] = id;
  // (delta << 4) | type for deltas of 1 to 15; else the type, then the zigzag varint of the id
  if (delta > 0 && delta <= 15) {
    OUT[o] = (delta << 4) | type;
    return o + 1;
  }
  OUT[o] = type;
  return writeVarint32(zigzag32(id), OUT, o + 1);
}
