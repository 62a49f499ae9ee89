import { isBytes } from "../bytes/is-bytes.ts";
import { decodeUtf8, encodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import type { MaskRule } from "../conv/context.ts";
import { DeclaredExceptionError } from "../conv/convert-error.ts";
import { decodeValue } from "../conv/decode.ts";
import { ruleOf } from "../conv/mask.ts";
import { missingMessage } from "../conv/missing-message.ts";
import {
  FIELD_BASE_RESPONSE,
  FIELD_DEFAULT,
  FIELD_DEFAULT_SIZE,
  FIELD_ENCODED_DEFAULT,
  FIELD_EXCEPTION,
  FIELD_FLAGS,
  FIELD_HTTP,
  FIELD_ID,
  FIELD_INDEX,
  FIELD_LABEL,
  FIELD_MAPPED_BOOL,
  FIELD_NODE,
  FIELD_REQUIRED,
  FIELD_SIZE,
  KIND_BOOL,
  KIND_CUSTOM,
  KIND_LIST,
  KIND_MAP,
  KIND_PAIRS,
  KIND_RAW_JSON,
  LABEL_BYTES,
  LABEL_TEXT,
  NODE_A,
  NODE_B,
  NODE_KIND,
  NODE_WIRE,
  STRUCT_ABSENCE,
  STRUCT_FIELDS,
  STRUCT_FLAGS,
  STRUCT_IS_UNION,
  STRUCT_WORDS,
} from "../conv/program.ts";
import type { FieldDescriptor } from "../descriptor/types.ts";
import { setProperty } from "../literal/property.ts";
import { describePath } from "../path/format.ts";
import { createReader } from "../wire/protocols.ts";
import type { Run } from "./run.ts";
import { IN, IN_VIEW, OUT, OUT_SOFT_END, OUT_VIEW, STACK } from "./scratch.ts";
import * as S from "./states.ts";
import { noteNonAscii } from "./text.ts";
import { OVERFLOW, readVarint, SUSPEND, varintHigh, varintLow } from "./varint.ts";

/**
 * What happens to fields beside their conversion: masks, sinks, Thrift base, exceptions, value mappings,
 * missing fields. The machine has left all registers in the run, and reads them again afterwards.
 */

const COMMA = 0x2c;
const COMPACT_TRUE = 1;
const COMPACT_FALSE = 2;

/**
 * Decides about a field with special flags, whose header has been read; `type` is the one in the header. Returns whether
 * the run has been changed; if not, the machine converts the value.
 */
export function enterSpecialField(run: Run, record: number, type: number): boolean {
  const { code } = run;
  const flags = code[record + FIELD_FLAGS]!;
  const node = code[record + FIELD_NODE]!;
  // A boolean field of the compact protocol has no bytes behind its header: its element form stands in for them.
  const inHeader =
    run.compact && code[node + NODE_WIRE] === COMPACT_FALSE
      ? Uint8Array.of(type === COMPACT_TRUE ? COMPACT_TRUE : COMPACT_FALSE)
      : undefined;
  let purpose = 0;
  if ((flags & FIELD_EXCEPTION) !== 0) purpose = S.FOR_EXCEPTION;
  else if ((flags & FIELD_BASE_RESPONSE) !== 0 && run.call.base !== undefined && ownsBase(run)) {
    purpose = S.FOR_BASE;
  } else if ((flags & FIELD_HTTP) !== 0 && run.call.sink !== undefined) {
    const { sink } = run.call;
    const field = run.program.fields[code[record + FIELD_INDEX]!]!;
    // User code may have moved the window: from here on the machine has to read its registers again.
    if (!run.callOut(() => sink.accepts(field))) return convertHere(run, record, node, inHeader);
    purpose = S.FOR_SINK;
  } else if ((flags & FIELD_MAPPED_BOOL) !== 0 && inHeader !== undefined) {
    return convertHere(run, record, node, inHeader);
  }
  if (purpose === 0) return false;
  pushCapture(run, purpose, record, node);
  if (inHeader !== undefined) finishValue(run, inHeader);
  return true;
}

/** Begins a field as the machine does that has read its header. */
function convertHere(run: Run, record: number, node: number, inHeader: Uint8Array | undefined): true {
  writeLabel(run, record);
  if (inHeader === undefined) {
    run.node = node;
    run.state = S.VALUE;
  } else if (run.code[node + NODE_KIND] === KIND_BOOL) {
    writeText(run, encodeUtf8(String(inHeader[0] === COMPACT_TRUE)));
  } else writeMapped(run, record, node, inHeader, run.windowBase + run.position);
  return true;
}

/** Whether the struct in work is a message itself: the root, or the success of a result. */
function ownsBase(run: Run): boolean {
  if (run.depth !== 2) return run.depth === 1;
  const below = STACK[run.sp + S.FRAME_BELOW]!;
  return STACK[below + S.FRAME_STATE] === S.FIELD && run.roleOf(STACK[below + S.FRAME_STRUCT]!) === "result";
}

/** Captures the value at the run's position instead of converting it. */
export function pushCapture(run: Run, purpose: number, record: number, node: number): void {
  const frame = run.top;
  if (frame + S.CAPTURE_FRAME_SIZE > STACK.length) {
    throw run.valueError("LIMIT_EXCEEDED", "values are nested too deep", run.position);
  }
  STACK[frame + S.FRAME_STATE] = S.CAPTURED;
  STACK[frame + S.FRAME_BELOW] = run.sp;
  STACK[frame + S.FRAME_PURPOSE] = purpose;
  STACK[frame + S.FRAME_PURPOSE + 1] = record;
  STACK[frame + S.FRAME_PURPOSE + 2] = node;
  STACK[frame + S.FRAME_PURPOSE + 3] = run.windowBase + run.position;
  run.sp = frame;
  run.top = frame + S.CAPTURE_FRAME_SIZE;
  run.beginCapture(run.position);
  run.skipType = run.code[node + NODE_WIRE]!;
  run.state = S.SKIP_VALUE;
}

/** The captured value has been read. */
export function finishCapture(run: Run): void {
  finishValue(run, run.endCapture(run.position));
}

function finishValue(run: Run, bytes: Uint8Array): void {
  const purpose = STACK[run.sp + S.FRAME_PURPOSE];
  const record = STACK[run.sp + S.FRAME_PURPOSE + 1]!;
  const node = STACK[run.sp + S.FRAME_PURPOSE + 2]!;
  const offset = STACK[run.sp + S.FRAME_PURPOSE + 3]!;
  run.endCapture(run.position);
  run.top = run.sp;
  run.sp = STACK[run.sp + S.FRAME_BELOW]!;
  run.state = STACK[run.sp]!;
  const field = run.program.fields[run.code[record + FIELD_INDEX]!]!;
  switch (purpose) {
    case S.FOR_EXCEPTION: {
      const json = run.callOut(() => run.toPlainJson(record, bytes, offset));
      const value = decodeValue(field.type, bytes, run.settings, {
        maps: "map",
        mask: ruleOf(run.settings.mask, field.id),
        missing: "write",
      });
      throw new DeclaredExceptionError(field.name, json, value, { path: describePath([field.name]) });
    }
    case S.FOR_BASE: {
      // Judges the base, by the rules that would hold for it in the JSON.
      run.callOut(() => run.toPlainJson(record, bytes, offset));
      const base = decodeValue(field.type, bytes, run.settings, {
        maps: "object",
        mask: maskOfBase(run, field),
        missing: "write",
      });
      run.callOut(() => {
        for (const [name, member] of Object.entries(base as object))
          setProperty(run.call.base!, name, member);
      });
      return;
    }
    case S.FOR_SINK: {
      const sink = run.call.sink!;
      if (run.callOut(() => sink.write(field, bytes, run.contextOf(record, bytes, offset)))) return;
      writeLabel(run, record);
      if (isMapped(run, node)) writeMapped(run, record, node, bytes, offset);
      else writeConverted(run, node, bytes, offset);
      return;
    }
    default:
      writeMapped(run, record, node, bytes, offset);
  }
}

/** The mask of a base field of the struct in work, for which `ownsBase` holds. */
function maskOfBase(run: Run, field: FieldDescriptor): MaskRule {
  let { mask } = run.settings;
  if (run.depth === 2) {
    const around = STACK[STACK[run.sp + S.FRAME_BELOW]! + S.FRAME_FIELD]!;
    mask = ruleOf(mask, run.code[around + FIELD_ID]!);
  }
  return ruleOf(mask, field.id);
}

/** Writes a value that a mapping converts; its label is written. */
function writeMapped(run: Run, record: number, node: number, bytes: Uint8Array, offset: number): void {
  const { code } = run;
  if (code[node + NODE_KIND] === KIND_RAW_JSON) {
    writeText(run, rawJson(run, bytes, offset));
    return;
  }
  const mapping = run.program.mappings[code[node + NODE_A]!]!;
  if (mapping.kind !== "custom") throw new Error(`no custom mapping: ${mapping.kind}`);
  const text = run.callOut(() => {
    const result: unknown = mapping.thriftToJson(bytes, run.contextOf(record, bytes, offset));
    if (typeof result === "string" || isBytes(result)) return result;
    throw new TypeError(`the mapping ${mapping.name} must return a string or a Uint8Array`);
  });
  writeText(run, typeof text === "string" ? encodeUtf8(text) : text);
}

/** Writes a value that no mapping converts; its label is written. */
function writeConverted(run: Run, node: number, bytes: Uint8Array, offset: number): void {
  const json = run.callOut(() => run.toFieldJson(node, bytes, offset));
  writeText(run, json);
}

function isMapped(run: Run, node: number): boolean {
  const kind = run.code[node + NODE_KIND];
  return kind === KIND_CUSTOM || kind === KIND_RAW_JSON;
}

/**
 * The content of a string that carries JSON text, which becomes part of the output: anything else would forge
 * or break what stands around it.
 */
function rawJson(run: Run, bytes: Uint8Array, offset: number): Uint8Array {
  const content = createReader(run.settings.protocol, bytes).readBinary();
  const start = offset + bytes.length - content.length - run.windowBase;
  if (run.settings.utf8 === "check") {
    const bad = validateUtf8(content, 0, content.length);
    if (bad >= 0) throw run.valueError("INVALID_UTF8", "a string that is not valid UTF-8", start + bad);
  }
  const text = decodeUtf8(content);
  try {
    JSON.parse(text);
  } catch {
    throw run.valueError("INVALID_VALUE", "the string is not JSON text", start);
  }
  return run.settings.utf8 === "replace" ? encodeUtf8(text) : content;
}

function writeText(run: Run, text: Uint8Array): void {
  // What user code gives is not looked at: it may well be more than ASCII.
  noteNonAscii();
  run.out = run.appendBytes(text, run.out, OUT_SOFT_END);
}

/** Writes `,"name":` with the right byte in front. */
function writeLabel(run: Run, record: number): void {
  const { code } = run;
  if (run.out > OUT_SOFT_END) run.out = run.flush(run.out);
  const start = run.out;
  const label = code[record + FIELD_LABEL]!;
  const end = start + code[label + LABEL_BYTES]!;
  let word = label + LABEL_TEXT;
  for (let at = start; at < end; at += 4) OUT_VIEW.setInt32(at, code[word++]!, true);
  OUT[start] = STACK[run.sp + S.FRAME_OPENER]!;
  STACK[run.sp + S.FRAME_OPENER] = COMMA;
  run.out = end;
}

/**
 * Checks a struct whose stop byte has been read and writes what it lacks, but for the closing brace. Returns whether
 * other conversions have run meanwhile, so that the machine has to read its registers again.
 */
export function endStruct(run: Run, struct: number): boolean {
  const { code } = run;
  if ((code[struct + STRUCT_FLAGS]! & STRUCT_IS_UNION) !== 0) checkUnion(run, struct);
  if (run.isDefault) return false;
  let hasChanged = false;
  const fields = code[struct + STRUCT_FIELDS]!;
  for (let word = 0; word < code[struct + STRUCT_WORDS]!; word++) {
    const seen = STACK[run.sp + S.FRAME_SEEN + word]!;
    let absent = code[code[struct + STRUCT_ABSENCE]! + word]! & ~seen;
    for (; absent !== 0; absent &= absent - 1) {
      if (writeMissing(run, fields + lowestOrdinal(word, absent) * FIELD_SIZE)) hasChanged = true;
    }
  }
  return hasChanged;
}

/** The ordinal of the lowest bit of a word of a bitmap. */
function lowestOrdinal(word: number, bits: number): number {
  return word * 32 + 31 - Math.clz32(bits & -bits);
}

/** Members that a mask skips count: it changes what is shown, not whether the message is valid. */
function checkUnion(run: Run, struct: number): void {
  let given = 0;
  for (let word = 0; word < run.code[struct + STRUCT_WORDS]!; word++) {
    for (let bits = STACK[run.sp + S.FRAME_SEEN + word]!; bits !== 0; bits &= bits - 1) given++;
  }
  if (given !== 1) {
    throw run.error("INVALID_UNION", `a union must have exactly one field, found ${given}`, run.position - 1);
  }
}

/** Writes a missing field, or throws; returns whether the run has been changed by that. */
function writeMissing(run: Run, record: number): boolean {
  const { code } = run;
  const flags = code[record + FIELD_FLAGS]!;
  if ((flags & FIELD_REQUIRED) !== 0) {
    const field = run.program.fields[code[record + FIELD_INDEX]!]!;
    const message = missingMessage(field);
    STACK[run.sp + S.FRAME_FIELD] = record;
    throw run.valueError("MISSING_REQUIRED", message, run.position - 1);
  }
  // The call's base has nothing to receive, and the JSON shows no base.
  if ((flags & FIELD_BASE_RESPONSE) !== 0 && run.call.base !== undefined && ownsBase(run)) return false;
  writeLabel(run, record);
  const start = code[record + FIELD_DEFAULT]!;
  const value = run.program.data.subarray(start, start + code[record + FIELD_DEFAULT_SIZE]!);
  if ((flags & FIELD_ENCODED_DEFAULT) === 0) {
    writeText(run, value);
    return false;
  }
  // Errors speak of the field, and of the place where it is missing.
  STACK[run.sp + S.FRAME_FIELD] = record;
  const offset = run.windowBase + run.position - 1;
  const bytes = value.slice();
  const node = code[record + FIELD_NODE]!;
  const kind = code[node + NODE_KIND];
  if (kind === KIND_RAW_JSON) {
    throw run.valueError("INVALID_VALUE", "the default is not JSON text", run.position - 1);
  }
  // What it lacks by itself, it lacks in JSON→Thrift too.
  run.isDefault = true;
  if (kind === KIND_CUSTOM) writeMapped(run, record, node, bytes, offset);
  else writeConverted(run, node, bytes, offset);
  run.isDefault = false;
  return true;
}

/** Throws when the text of the current entry's key has been in its map before. */
export function checkDuplicateKey(run: Run): void {
  const frame = run.sp;
  if (!run.isRepeatedKey(frame, STACK[frame + S.FRAME_KEY_OUT]!)) return;
  // The path names the key, as it does in an entry's value.
  if (STACK[frame + S.FRAME_STATE] === S.MAP_VALUE) STACK[frame + S.FRAME_STATE] = S.MAP_KEY;
  const start = STACK[frame + S.FRAME_KEY]! - run.windowBase;
  throw run.valueError("DUPLICATE_FIELD", "the map has the key twice", start);
}

/**
 * Under `mismatch: "skip"`: whether the container that starts at `p` has elements of the node's types, 1 or 0.
 * Always 1 for other values; `SUSPEND` when the window does not hold its header.
 */
export function containerFits(run: Run, p: number, node: number): number {
  const { code, end, compact } = run;
  const kind = code[node + NODE_KIND];
  if (kind === KIND_LIST) {
    if (p + 5 > end && !(compact && p < end)) return SUSPEND;
    const type = compact ? asElement(IN[p]! & 0x0f) : IN[p]!;
    const isEmpty = compact ? IN[p]! >> 4 === 0 : IN_VIEW.getInt32(p + 1) === 0;
    return type === code[code[node + NODE_A]! + NODE_WIRE] || (isEmpty && type === 0) ? 1 : 0;
  }
  if (kind !== KIND_MAP && kind !== KIND_PAIRS) return 1;
  const keyWire = code[code[node + NODE_A]! + NODE_WIRE];
  const valueWire = code[code[node + NODE_B]! + NODE_WIRE];
  if (!compact) {
    if (p + 6 > end) return SUSPEND;
    if (IN_VIEW.getInt32(p + 2) === 0 && IN[p] === 0 && IN[p + 1] === 0) return 1;
    return IN[p] === keyWire && IN[p + 1] === valueWire ? 1 : 0;
  }
  const next = readVarint(p, end);
  if (next === SUSPEND) return SUSPEND;
  if (next === OVERFLOW || (varintHigh | varintLow) === 0) return 1;
  if (next >= end) return SUSPEND;
  return asElement(IN[next]! >> 4) === keyWire && asElement(IN[next]! & 0x0f) === valueWire ? 1 : 0;
}

function asElement(type: number): number {
  return type === COMPACT_TRUE ? COMPACT_FALSE : type;
}
