import { isBytes } from "../bytes/is-bytes.ts";
import { missingMessage } from "../conv/missing-message.ts";
import {
  FIELD_BASE_REQUEST,
  FIELD_DEFAULT,
  FIELD_DEFAULT_SIZE,
  FIELD_FLAGS,
  FIELD_HEADER,
  FIELD_HTTP,
  FIELD_ID,
  FIELD_INDEX,
  FIELD_NODE,
  FIELD_ORDINAL,
  FIELD_REQUIRED,
  FIELD_SIZE,
  FIELD_SKIPPED,
  KIND_CUSTOM,
  KIND_RAW_JSON,
  NODE_A,
  NODE_KIND,
  NODE_WIRE,
  STRUCT_ABSENCE,
  STRUCT_FIELD_COUNT,
  STRUCT_FIELDS,
  STRUCT_FLAGS,
  STRUCT_HAS_BASE,
  STRUCT_HAS_HTTP,
  STRUCT_IS_UNION,
  STRUCT_WORDS,
} from "../conv/program.ts";
import type { StructDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { CompactType } from "../wire/ttype.ts";
import { writeVarint32 } from "../wire/varint.ts";
import { decodeBase, encodeBase, encodeMerged, mergeFunction, mergeMembers } from "./base.ts";
import { writeCompactHeader } from "./close.ts";
import type { Run } from "./run.ts";
import { OUT, OUT_SOFT_END, OUT_VIEW, STACK } from "./scratch.ts";
import * as S from "./states.ts";

/**
 * What happens to a struct beside its JSON: sources, Thrift base, value mappings, missing fields. The machine
 * has left all registers in the run, and reads them again afterwards.
 */

const SMALL_N = 0x6e;

/** How the machine goes on with a field that needs a closer look. */
export const ENTER = 0;
/** The field's JSON is passed over. */
const PASS_OVER = 1;
/** The field's JSON is captured: it is the Thrift base, to be merged with the call's. */
export const CAPTURE_BASE = 2;

/** Whether the struct asks for more when it begins: then `readSources` must run. */
export function wantsSources(run: Run, struct: number): boolean {
  return (run.code[struct + STRUCT_FLAGS]! & STRUCT_HAS_HTTP) !== 0 && run.call.source !== undefined;
}

/** Asks the call's source for every field with HTTP mappings, and writes what it has. */
export function readSources(run: Run, struct: number): void {
  const { code } = run;
  const source = run.call.source!;
  const closed = new Set<number>();
  const frame = run.sp;
  (run.closedFields ??= new Map()).set(frame, closed);
  for (let i = 0; i < code[struct + STRUCT_FIELD_COUNT]!; i++) {
    const record = code[struct + STRUCT_FIELDS]! + i * FIELD_SIZE;
    if ((code[record + FIELD_FLAGS]! & FIELD_HTTP) === 0) continue;
    const field = run.program.fields[code[record + FIELD_INDEX]!]!;
    STACK[frame + S.FRAME_FIELD] = record;
    const { value, fromBody } = run.callOut(() => {
      const value = source.read(field, run.contextOf(record));
      if (value !== undefined) checkBytes(value);
      return { value, fromBody: value === undefined && source.allowsBody(field) };
    });
    if (!fromBody) closed.add(record);
    if (value === undefined) continue;
    STACK[frame + S.FRAME_SEEN + (i >> 5)]! |= 1 << (i & 31);
    writeField(run, record, value);
  }
  STACK[frame + S.FRAME_FIELD] = struct;
}

/** Decides about a field with special flags, whose key has been read. */
export function enterSpecialField(run: Run, record: number): number {
  const flags = run.code[record + FIELD_FLAGS]!;
  if ((flags & FIELD_SKIPPED) !== 0) return PASS_OVER;
  if ((flags & FIELD_HTTP) !== 0 && run.closedFields?.get(run.sp)?.has(record)) return PASS_OVER;
  if ((flags & FIELD_BASE_REQUEST) !== 0 && run.call.base !== undefined && ownsBase(run)) return CAPTURE_BASE;
  return ENTER;
}

/** Whether the struct in work is a message itself: the root, or an argument of a method. */
function ownsBase(run: Run): boolean {
  if (run.depth !== 2) return run.depth === 1;
  const below = STACK[run.sp + S.FRAME_BELOW]!;
  return STACK[below + S.FRAME_STATE] === S.STRUCT_NEXT && run.isArgs(STACK[below + S.FRAME_STRUCT]!);
}

/** Writes header and value of the field, given its encoded value. */
function writeField(run: Run, record: number, value: Uint8Array): void {
  const { code } = run;
  if (run.out > OUT_SOFT_END) run.out = run.flush(run.out);
  if (!run.compact) {
    OUT_VIEW.setInt32(run.out, code[record + FIELD_HEADER]!, true);
    run.out = run.appendBytes(value, run.out + 3, OUT_SOFT_END);
    return;
  }
  const wire = code[code[record + FIELD_NODE]! + NODE_WIRE]!;
  if (wire === CompactType.FALSE) {
    // A boolean element, 1 or 2, is the type in the header of a boolean field.
    const type = value[0] === CompactType.TRUE ? CompactType.TRUE : CompactType.FALSE;
    run.out = writeCompactHeader(run.sp, code[record + FIELD_ID]!, type, run.out);
    return;
  }
  run.out = writeCompactHeader(run.sp, code[record + FIELD_ID]!, wire, run.out);
  run.out = run.appendBytes(value, run.out, OUT_SOFT_END);
}

/** Completes a captured value: its JSON text becomes the field's encoded value. */
export function finishCapture(run: Run): void {
  const { code } = run;
  const json = run.endCapture(run.position);
  const node = STACK[run.sp + S.FRAME_NODE]!;
  run.top = run.sp;
  run.sp = STACK[run.sp + S.FRAME_BELOW]!;
  run.state = STACK[run.sp]!;
  const record = STACK[run.sp + S.FRAME_FIELD]!;
  if (node === 0) {
    writeBase(run, record, json[0] === SMALL_N ? undefined : convertBase(run, record, json));
    return;
  }
  if (code[node + NODE_KIND] === KIND_RAW_JSON) {
    // The header is written; a string is its size and its bytes.
    if (run.compact) run.out = writeVarint32(json.length, OUT, run.out);
    else {
      OUT_VIEW.setInt32(run.out, json.length);
      run.out += 4;
    }
    run.out = run.appendBytes(json, run.out, OUT_SOFT_END);
    return;
  }
  const value = convertCustom(run, record, node, json);
  if (run.compact && code[node + NODE_WIRE] === CompactType.FALSE) writeField(run, record, value);
  else run.out = run.appendBytes(value, run.out, OUT_SOFT_END);
}

/** The encoded value that a mapping of the user makes of captured JSON text. */
function convertCustom(run: Run, record: number, node: number, json: Uint8Array): Uint8Array {
  const mapping = run.program.mappings[run.code[node + NODE_A]!]!;
  if (mapping.kind !== "custom") throw new Error(`no custom mapping: ${mapping.kind}`);
  const context = run.contextOf(record, json, run.windowBase + run.position - json.length);
  return run.callOut(() => checkBytes(mapping.jsonToThrift(json, context)));
}

/** The JSON's base, encoded by the ordinary rules; the call may have yet to give fields that it lacks. */
function convertBase(run: Run, record: number, json: Uint8Array): Uint8Array {
  const node = run.code[record + FIELD_NODE]!;
  if (run.code[node + NODE_KIND] === KIND_CUSTOM) return convertCustom(run, record, node, json);
  const offset = run.windowBase + run.position - json.length;
  return run.callOut(() => run.convertBase(node, json, offset));
}

/** What user code gives must be bytes. */
function checkBytes(value: unknown): Uint8Array {
  if (isBytes(value)) return value;
  throw new TypeError("an encoded value must be a Uint8Array");
}

/** Writes the base field from the call's base, merged with the JSON's encoded one where that has one. */
function writeBase(run: Run, record: number, fromJson: Uint8Array | undefined): void {
  const { settings } = run;
  const fromCall = run.call.base!;
  const type = run.program.fields[run.code[record + FIELD_INDEX]!]!.type as StructDescriptor;
  STACK[run.sp + S.FRAME_FIELD] = record;
  const value = run.callOut(() => {
    const merge = mergeFunction(type, settings);
    const merged =
      fromJson === undefined || merge === undefined
        ? undefined
        : { base: merge(decodeBase(type, fromJson, settings), fromCall) };
    try {
      if (fromJson === undefined) return encodeBase(type, fromCall, settings);
      if (merged !== undefined) return encodeMerged(type, merged.base, settings);
      return mergeMembers(type, fromJson, fromCall, settings);
    } catch (cause) {
      if (!(cause instanceof ThriftError)) throw cause;
      throw run.valueError(cause.code, "the base does not fit its struct", run.position, { cause });
    }
  });
  const ordinal = run.code[record + FIELD_ORDINAL]!;
  STACK[run.sp + S.FRAME_SEEN + (ordinal >> 5)]! |= 1 << (ordinal & 31);
  writeField(run, record, value);
}

/** Checks a struct whose `}` has been read and writes what it lacks, but for the stop byte. */
export function endStruct(run: Run, struct: number): void {
  const { code } = run;
  const flags = code[struct + STRUCT_FLAGS]!;
  if ((flags & STRUCT_HAS_BASE) !== 0 && run.call.base !== undefined && ownsBase(run)) {
    writeMissingBase(run, struct);
  }
  const words = code[struct + STRUCT_WORDS]!;
  const isBase = run.baseOfCall !== undefined && isRoot(run);
  let given = 0;
  for (let word = 0; word < words; word++) {
    const seen = STACK[run.sp + S.FRAME_SEEN + word]! & ~STACK[run.sp + S.FRAME_SEEN + words + word]!;
    for (let bits = seen; bits !== 0; bits &= bits - 1) given++;
    for (
      let absent = code[code[struct + STRUCT_ABSENCE]! + word]! & ~seen;
      absent !== 0;
      absent &= absent - 1
    ) {
      const ordinal = word * 32 + 31 - Math.clz32(absent & -absent);
      const record = code[struct + STRUCT_FIELDS]! + ordinal * FIELD_SIZE;
      if (!isBase || !run.isGivenByCall(record)) writeMissing(run, record);
    }
  }
  if ((flags & STRUCT_IS_UNION) !== 0 && !isBase && given !== 1) {
    throw run.error("INVALID_UNION", `a union must have exactly one field, found ${given}`, run.position - 1);
  }
  run.closedFields?.delete(run.sp);
}

/** Whether the struct in work is the run's root value. */
function isRoot(run: Run): boolean {
  return STACK[STACK[run.sp + S.FRAME_BELOW]! + S.FRAME_STATE] === S.DONE;
}

function writeMissingBase(run: Run, struct: number): void {
  const { code } = run;
  for (let i = 0; i < code[struct + STRUCT_FIELD_COUNT]!; i++) {
    const record = code[struct + STRUCT_FIELDS]! + i * FIELD_SIZE;
    if ((code[record + FIELD_FLAGS]! & FIELD_BASE_REQUEST) === 0) continue;
    const isSeen = (STACK[run.sp + S.FRAME_SEEN + (i >> 5)]! & (1 << (i & 31))) !== 0;
    if (!isSeen) writeBase(run, record, undefined);
  }
}

function writeMissing(run: Run, record: number): void {
  const { code } = run;
  if ((code[record + FIELD_FLAGS]! & FIELD_REQUIRED) !== 0) {
    const field = run.program.fields[code[record + FIELD_INDEX]!]!;
    const message = missingMessage(field);
    STACK[run.sp + S.FRAME_FIELD] = record;
    throw run.valueError("MISSING_REQUIRED", message, run.position - 1);
  }
  const start = code[record + FIELD_DEFAULT]!;
  writeField(run, record, run.program.data.subarray(start, start + code[record + FIELD_DEFAULT_SIZE]!));
}
