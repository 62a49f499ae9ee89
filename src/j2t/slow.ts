import { base64DecodedSize, readBase64 } from "../bytes/base64.ts";
import { splitInt64 } from "../bytes/int64.ts";
import { parseDouble } from "../bytes/parse-double.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import { readUuidText } from "../bytes/uuid.ts";
import { MAX_TOKEN_SIZE } from "../conv/machine-run.ts";
import {
  ENUM_KEY_MASK,
  ENUM_KEY_TABLE,
  FLAG_ACCEPT_EMPTY,
  FLAG_ACCEPT_QUOTED,
  findKey,
  KEY_TARGET,
  KIND_BINARY,
  KIND_BOOL,
  KIND_BYTE,
  KIND_DOUBLE,
  KIND_ENUM,
  KIND_I16,
  KIND_I64,
  KIND_UUID,
  NODE_A,
  NODE_FLAGS,
  NODE_KIND,
  RULE_UNKNOWN_ERROR,
  RULE_UTF8_TRUST,
  STRUCT_INDEX,
  STRUCT_KEY_MASK,
  STRUCT_KEY_TABLE,
} from "../conv/program.ts";
import { withHint } from "../hint.ts";
import { isJsonNumber, parseJsonInteger } from "../json/integer.ts";
import { writeVarint32, writeVarint64, zigzag32, zigzag64 } from "../wire/varint.ts";
import { failNumber, failStart, failString, isCutOff } from "./fail.ts";
import { endOfNumber, skipString } from "./lex.ts";
import { lexDouble, lexedHigh, lexedLow, lexedNumber, lexInt64, lexInteger } from "./lex-number.ts";
import type { Run } from "./run.ts";
import { IN, OUT, OUT_VIEW, STACK } from "./scratch.ts";
import * as S from "./states.ts";

/**
 * Tokens that the machine's loop does not read itself: keys in another order, numbers with fractions or too
 * many digits, strings that stand for something else. The machine has left `sp` and `out` in the run. The
 * functions return the position behind the token, or `SUSPEND` when the window cuts it off.
 */
export const SUSPEND = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Finds the key record of the key whose opening quote is at `p`; leaves the position behind the key in
 * `run.position`. 0 when the struct has no such key.
 */
export function findFieldKey(run: Run, p: number, struct: number): number {
  const frame = run.sp;
  const previous = STACK[frame + S.FRAME_FIELD]!;
  // What is wrong with a key is not about the field in front of it.
  STACK[frame + S.FRAME_FIELD] = struct;
  const stop = endOfString(run, p);
  STACK[frame + S.FRAME_FIELD] = previous;
  if (stop === SUSPEND) return SUSPEND;
  const { code } = run;
  const table = code[struct + STRUCT_KEY_TABLE]!;
  const mask = code[struct + STRUCT_KEY_MASK]!;
  let key: number;
  // Not by way of `locateText`: messages with their keys in any order would take up to a tenth longer.
  if (hasEscape(p + 1, stop)) {
    const text = encodeUtf8(textBetween(p + 1, stop));
    key = findKey(code, table, mask, text, 0, text.length);
  } else {
    key = findKey(code, table, mask, IN, p + 1, stop);
  }
  if (key === 0 && (run.rules & RULE_UNKNOWN_ERROR) !== 0) {
    const { fieldKeys } = run.program.structs[code[struct + STRUCT_INDEX]!]!;
    const text = textBetween(p + 1, stop);
    throw run.unknownField(text, p, withHint("the struct has no such field", text, fieldKeys.keys()));
  }
  run.position = stop + 1;
  return key;
}

/** Where `locateText` has found a text. */
const TEXT = { bytes: IN, start: 0, end: 0 };

/** Finds the text of a checked string without its escapes: in `IN`, or else in memory of its own. */
function locateText(start: number, end: number): void {
  if (hasEscape(start, end)) {
    TEXT.bytes = encodeUtf8(textBetween(start, end));
    TEXT.start = 0;
    TEXT.end = TEXT.bytes.length;
  } else {
    TEXT.bytes = IN;
    TEXT.start = start;
    TEXT.end = end;
  }
}

/** The closing quote of the string at `p`, checked; `SUSPEND` when it is cut off. */
function endOfString(run: Run, p: number): number {
  const stop = skipString(p + 1, (run.rules & RULE_UTF8_TRUST) !== 0);
  if (stop - p > MAX_TOKEN_SIZE) throw run.tokenTooLong(p);
  if (IN[stop] === QUOTE) return stop;
  if (isCutOff(run)) return SUSPEND;
  throw failString(run, run.sp, run.out, stop);
}

function hasEscape(start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (IN[i] === BACKSLASH) return true;
  return false;
}

/** The unescaped text of a checked string. */
function textBetween(start: number, end: number): string {
  const text = decodeUtf8(IN, start, end);
  return text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
}

/** Reads the value of a number or enum node at `p` by all the rules. */
export function readNumber(run: Run, p: number, node: number): number {
  const { code } = run;
  const kind = code[node + NODE_KIND]!;
  if (IN[p] === QUOTE) return readQuotedNumber(run, p, node, kind);
  if (kind !== KIND_DOUBLE) {
    const next = lexInteger(p);
    if (next >= 0 && (next < run.end || run.final)) {
      if (!writeSmallInteger(run, kind, lexedNumber)) throw outOfRange(run, p, kind);
      return next;
    }
  }
  const next = endOfNumber(p);
  if (next < 0) {
    if (isCutOff(run)) return SUSPEND;
    if (isNumberStart(IN[p]!)) throw failNumber(run, run.sp, run.out, p);
    throw failStart(run, run.sp, run.out, p, node);
  }
  if (next - p > MAX_TOKEN_SIZE) throw run.tokenTooLong(p);
  if (next >= run.end && !run.final) return SUSPEND;
  if (kind === KIND_DOUBLE) {
    writeDouble(run, p, parseDouble(IN, p, next));
  } else {
    writeIntegerText(run, p, kind, decodeUtf8(IN, p, next));
  }
  return next;
}

function isNumberStart(c: number): boolean {
  return c === 0x2d || (c >= 0x30 && c <= 0x39);
}

function readQuotedNumber(run: Run, p: number, node: number, kind: number): number {
  const { code } = run;
  const flags = code[node + NODE_FLAGS]!;
  if (kind !== KIND_ENUM && (flags & FLAG_ACCEPT_QUOTED) === 0)
    throw failStart(run, run.sp, run.out, p, node);
  if ((flags & FLAG_ACCEPT_QUOTED) !== 0) {
    const next = readPlainNumber(run, p, kind);
    if (next >= 0) return next;
  }
  const stop = endOfString(run, p);
  if (stop === SUSPEND) return SUSPEND;
  if (kind === KIND_ENUM && writeEnumName(run, node, p + 1, stop)) return stop + 1;
  if ((flags & FLAG_ACCEPT_QUOTED) === 0) {
    throw run.valueError("INVALID_VALUE", "the enum has no member of that name", p);
  }
  const text = textBetween(p + 1, stop);
  if (text === "" && (flags & FLAG_ACCEPT_EMPTY) !== 0) {
    if (kind === KIND_DOUBLE) writeDouble(run, p, 0);
    else writeInteger(run, p, kind, 0n);
    return stop + 1;
  }
  writeNumberText(run, p, node, kind, text);
  return stop + 1;
}

/**
 * Reads a number in quotes at `p` whose text is as short and plain as nearly all are. Returns the position behind it,
 * or −1 for everything else. The digits end with a quote, which is never behind the end of the window.
 */
function readPlainNumber(run: Run, p: number, kind: number): number {
  let next: number;
  switch (kind) {
    case KIND_DOUBLE:
      next = lexDouble(p + 1);
      if (next < 0 || IN[next] !== QUOTE) return -1;
      putDouble(run, lexedNumber);
      break;
    case KIND_I64:
      next = lexInt64(p + 1);
      if (next < 0 || IN[next] !== QUOTE) return -1;
      putInt64(run, lexedHigh, lexedLow);
      break;
    default:
      next = lexInteger(p + 1);
      if (next < 0 || IN[next] !== QUOTE) return -1;
      if (!writeSmallInteger(run, kind, lexedNumber)) throw outOfRange(run, p, kind);
  }
  return next + 1;
}

/** Doubles that JSON has no numbers for, as strings. */
const NON_FINITE: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Writes the number that the content of a string is. */
function writeNumberText(run: Run, p: number, node: number, kind: number, text: string): void {
  if (kind !== KIND_DOUBLE) {
    writeIntegerText(run, p, kind, text);
    return;
  }
  const special = NON_FINITE.get(text);
  if (special !== undefined && (run.code[node + NODE_FLAGS]! & FLAG_ACCEPT_QUOTED) !== 0) {
    putDouble(run, special);
    return;
  }
  if (!isJsonNumber(text)) throw run.valueError("INVALID_VALUE", "the string is not a number", p);
  writeDouble(run, p, Number(text));
}

function writeIntegerText(run: Run, p: number, kind: number, text: string): void {
  const value = parseJsonInteger(text);
  if (value === undefined) throw run.valueError("INVALID_VALUE", "the string is not a number", p);
  if (value === "fraction") throw run.valueError("OUT_OF_RANGE", "the number has a fraction", p);
  if (value === "huge") throw outOfRange(run, p, kind);
  writeInteger(run, p, kind, value);
}

/** Writes an integer that the type must hold. */
function writeInteger(run: Run, p: number, kind: number, value: bigint): void {
  if (kind !== KIND_I64) {
    if (!writeSmallInteger(run, kind, Number(value))) throw outOfRange(run, p, kind);
    return;
  }
  if (!splitInt64(value, halves)) throw outOfRange(run, p, kind);
  putInt64(run, halves.hi, halves.lo);
}

const halves = { hi: 0, lo: 0 };

function putInt64(run: Run, hi: number, lo: number): void {
  const o = run.out;
  if (run.compact) {
    halves.hi = hi;
    halves.lo = lo;
    zigzag64(halves);
    run.out = writeVarint64(halves.hi, halves.lo, OUT, o);
    return;
  }
  OUT_VIEW.setInt32(o, hi);
  OUT_VIEW.setInt32(o + 4, lo);
  run.out = o + 8;
}

/** Writes an integer of up to 2^53 if the type holds it; returns whether it does. */
function writeSmallInteger(run: Run, kind: number, value: number): boolean {
  const o = run.out;
  switch (kind) {
    case KIND_BYTE:
      if (value !== (value << 24) >> 24) return false;
      OUT[o] = value;
      run.out = o + 1;
      return true;
    case KIND_I16:
      if (value !== (value << 16) >> 16) return false;
      if (run.compact) break;
      OUT_VIEW.setInt16(o, value);
      run.out = o + 2;
      return true;
    case KIND_I64:
      putInt64(run, Math.floor(value / 0x1_0000_0000) | 0, value | 0);
      return true;
    default:
      if (value !== (value | 0)) return false;
      if (run.compact) break;
      OUT_VIEW.setInt32(o, value);
      run.out = o + 4;
      return true;
  }
  run.out = writeVarint32(zigzag32(value), OUT, o);
  return true;
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [KIND_BYTE]: "byte",
  [KIND_I16]: "i16",
  [KIND_I64]: "i64",
};

function outOfRange(run: Run, p: number, kind: number): Error {
  return run.valueError("OUT_OF_RANGE", `the number does not fit ${TYPE_NAMES[kind] ?? "i32"}`, p);
}

function writeDouble(run: Run, p: number, value: number): void {
  if (!Number.isFinite(value)) throw run.valueError("OUT_OF_RANGE", "the number does not fit double", p);
  putDouble(run, value);
}

function putDouble(run: Run, value: number): void {
  OUT_VIEW.setFloat64(run.out, value, run.compact);
  run.out += 8;
}

/** Writes the number of the member whose name a checked string is; returns whether there is one. */
function writeEnumName(run: Run, node: number, start: number, end: number): boolean {
  const { code } = run;
  const record = code[node + NODE_A]!;
  locateText(start, end);
  const key = findKey(
    code,
    code[record + ENUM_KEY_TABLE]!,
    code[record + ENUM_KEY_MASK]!,
    TEXT.bytes,
    TEXT.start,
    TEXT.end,
  );
  return key !== 0 && writeSmallInteger(run, KIND_ENUM, code[key + KEY_TARGET]!);
}

/** Reads a key of a JSON object that is no string in Thrift. */
export function readScalarKey(run: Run, p: number, node: number): number {
  const kind = run.code[node + NODE_KIND]!;
  if (kind !== KIND_BOOL && kind !== KIND_BINARY && kind !== KIND_UUID) {
    const next = readPlainNumber(run, p, kind);
    if (next >= 0) return next;
  }
  const stop = endOfString(run, p);
  if (stop === SUSPEND) return SUSPEND;
  switch (kind) {
    case KIND_BOOL: {
      const text = textBetween(p + 1, stop);
      if (text !== "true" && text !== "false") {
        throw run.error("INVALID_VALUE", "the key is neither `true` nor `false`", p);
      }
      // Outside field headers a compact boolean is 1 for true, 2 for false.
      OUT[run.out++] = text === "true" ? 1 : run.compact ? 2 : 0;
      break;
    }
    case KIND_BINARY:
      writeBase64Key(run, p, stop);
      break;
    case KIND_UUID:
      writeUuid(run, p, stop);
      break;
    case KIND_ENUM:
      if (!writeEnumName(run, node, p + 1, stop)) {
        const text = textBetween(p + 1, stop);
        if (!isJsonNumber(text)) {
          throw run.error("INVALID_VALUE", "the key is neither a number nor a member of the enum", p);
        }
        writeIntegerText(run, p, kind, text);
      }
      break;
    default:
      writeNumberText(run, p, node, kind, textBetween(p + 1, stop));
  }
  return stop + 1;
}

/** Writes the bytes whose base64 text has its opening quote at `p` and its closing one at `stop`. */
function writeBase64Key(run: Run, p: number, stop: number): void {
  locateText(p + 1, stop);
  const { bytes, start, end } = TEXT;
  // What is no base64 may give a wrong size, which decoding then does not come to.
  const size = base64DecodedSize(bytes, start, end);
  let out = run.out;
  if (run.compact) out = writeVarint32(size, OUT, out);
  else {
    OUT_VIEW.setInt32(out, size);
    out += 4;
  }
  if (readBase64(bytes, start, end, OUT, out) !== out + size) {
    throw run.error("INVALID_VALUE", "the key is not padded, canonical base64", p);
  }
  run.out = out + size;
}

/** Writes the uuid whose opening quote is at `p` and whose closing one at `stop`. */
function writeUuid(run: Run, p: number, stop: number): void {
  locateText(p + 1, stop);
  if (readUuidText(TEXT.bytes, TEXT.start, TEXT.end, OUT, run.out) < 0) {
    throw run.valueError("INVALID_VALUE", "the string is not a uuid", p);
  }
  run.out += 16;
}

/** Reads a uuid, or the bare number that stands for a string under `api.js_conv`. */
export function readTextValue(run: Run, p: number, node: number): number {
  if (run.code[node + NODE_KIND] === KIND_UUID) {
    if (IN[p] !== QUOTE) throw failStart(run, run.sp, run.out, p, node);
    const stop = endOfString(run, p);
    if (stop === SUSPEND) return SUSPEND;
    writeUuid(run, p, stop);
    return stop + 1;
  }
  const next = endOfNumber(p);
  if (next < 0) {
    if (isCutOff(run)) return SUSPEND;
    throw isNumberStart(IN[p]!)
      ? failNumber(run, run.sp, run.out, p)
      : failStart(run, run.sp, run.out, p, node);
  }
  if (next - p > MAX_TOKEN_SIZE) throw run.tokenTooLong(p);
  if (next >= run.end && !run.final) return SUSPEND;
  if (run.compact) run.out = writeVarint32(next - p, OUT, run.out);
  else {
    OUT_VIEW.setInt32(run.out, next - p);
    run.out += 4;
  }
  for (let i = p; i < next; i++) OUT[run.out++] = IN[i]!;
  return next;
}

/** Throws when the current entry's key has been in its map before. */
export function checkDuplicateKey(run: Run, p: number): void {
  if (run.isRepeatedKey(run.sp, STACK[run.sp + S.FRAME_KEY]!)) {
    throw run.valueError("DUPLICATE_FIELD", "the map has the key twice", p);
  }
}
