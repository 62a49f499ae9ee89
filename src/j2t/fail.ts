import {
  KIND_BINARY,
  KIND_BOOL,
  KIND_BYTE,
  KIND_DOUBLE,
  KIND_ENUM,
  KIND_I16,
  KIND_I32,
  KIND_I64,
  KIND_LIST,
  KIND_MAP,
  KIND_PAIRS,
  KIND_STRING,
  KIND_STRUCT,
  KIND_UUID,
  NODE_KIND,
} from "../conv/program.ts";
import type { ThriftError } from "../errors.ts";
import {
  AT_WINDOW_END,
  BAD_CONTROL,
  BAD_ESCAPE,
  BAD_SURROGATE,
  BAD_UTF8,
  fault,
  faultPosition,
} from "./lex.ts";
import type { Run } from "./run.ts";
import { IN } from "./scratch.ts";

/**
 * The errors of the machine. Every function takes the machine's stack pointer and output position, which the
 * path of the error is made from, and the window position that the error is about.
 */

export function failSyntax(run: Run, sp: number, o: number, p: number, expected: string): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.error("INVALID_JSON", `expected ${expected}, found ${found(run, p)}`, p);
}

/** A value that does not start as the node's type must. */
export function failStart(run: Run, sp: number, o: number, p: number, node: number): ThriftError {
  run.sp = sp;
  run.out = o;
  const kind = run.code[node + NODE_KIND]!;
  const other = kindOfValue(run, p);
  if (other === undefined) {
    return run.valueError("INVALID_JSON", `expected ${nameOfKind(kind)}, found ${found(run, p)}`, p);
  }
  return run.valueError("TYPE_MISMATCH", `expected ${nameOfKind(kind)}, found ${other}`, p);
}

/** An element that is not the `expected` form of JSON value. */
export function failForm(run: Run, sp: number, o: number, p: number, expected: string): ThriftError {
  run.sp = sp;
  run.out = o;
  const other = kindOfValue(run, p);
  return run.error(
    other === undefined ? "INVALID_JSON" : "TYPE_MISMATCH",
    `expected ${expected}, found ${other ?? found(run, p)}`,
    p,
  );
}

/** A value that begins like `null`, `true` or `false` and is none of them. */
export function failKeyword(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  let end = p;
  while (end < run.end && end < p + 5 && isLetter(IN[end]!)) end++;
  return run.valueError(
    "INVALID_JSON",
    end >= run.end ? "unexpected end of the JSON text" : "a word that is none of `true`, `false`, `null`",
    p,
  );
}

export function failElementNull(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError("TYPE_MISMATCH", "null as an element of a container", p);
}

/** After `copyString` or `skipString` has stopped at `p`. */
export function failString(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  switch (fault) {
    case BAD_CONTROL:
      return run.valueError("INVALID_JSON", "a raw control character in a string", p);
    case BAD_ESCAPE:
      return run.valueError("INVALID_JSON", "an escape sequence that JSON does not have", p);
    case BAD_SURROGATE:
      return run.valueError("INVALID_JSON", "an escaped lone surrogate", p);
    case BAD_UTF8:
      return run.valueError("INVALID_UTF8", "a string that is not valid UTF-8", p);
    default:
      return run.valueError("INVALID_JSON", "unexpected end of the JSON text inside a string", run.end);
  }
}

/** After `endOfNumber` has failed at `p`. */
export function failNumber(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  if (faultPosition >= run.end)
    return run.valueError("INVALID_JSON", "unexpected end of the JSON text", run.end);
  const isStart = faultPosition === p;
  const expected = isStart ? "a value" : "a digit";
  return run.valueError(
    "INVALID_JSON",
    `expected ${expected}, found ${found(run, faultPosition)}`,
    faultPosition,
  );
}

export function failDepth(run: Run, sp: number, o: number, p: number, maxDepth: number): ThriftError {
  run.sp = sp;
  run.out = o;
  const limit = run.depth > maxDepth ? `the limit of ${maxDepth}` : "the machine's stack allows";
  return run.valueError("LIMIT_EXCEEDED", `values are nested deeper than ${limit}`, p);
}

export function failLength(run: Run, sp: number, o: number, p: number, maxLength: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.error("LIMIT_EXCEEDED", `a container has more elements than the limit of ${maxLength}`, p);
}

export function failRange(run: Run, sp: number, o: number, p: number, type: string): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError("OUT_OF_RANGE", `the number does not fit ${type}`, p);
}

/** `index` is the place of the bad character in the unescaped text, which `exact` says is that in the input. */
export function failBase64(
  run: Run,
  sp: number,
  o: number,
  p: number,
  index: number,
  exact: boolean,
): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError(
    "INVALID_VALUE",
    "the string is not padded, canonical base64",
    exact ? p + 1 + index : p,
  );
}

/** What stands at `p`, in words that quote punctuation only. */
function found(run: Run, p: number): string {
  if (p >= run.end) return "the end of the JSON text";
  const c = IN[p]!;
  if (c === 0x22) return "a string";
  if (c < 0x20) return "a control character";
  if (c >= 0x80)
    return p === 0 && run.windowBase === 0 && c === 0xef ? "a byte order mark" : "a non-ASCII character";
  if (c >= 0x30 && c <= 0x39) return "a digit";
  if (isLetter(c)) return "a letter";
  return `\`${String.fromCharCode(c)}\``;
}

function isLetter(c: number): boolean {
  return (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
}

/** The kind of the JSON value that starts at `p`, or `undefined` when none does. */
function kindOfValue(run: Run, p: number): string | undefined {
  if (p >= run.end) return undefined;
  switch (IN[p]) {
    case 0x22:
      return "a string";
    case 0x7b:
      return "an object";
    case 0x5b:
      return "an array";
    case 0x74:
      return isWord(p, "true") ? "true" : undefined;
    case 0x66:
      return isWord(p, "false") ? "false" : undefined;
    case 0x6e:
      return isWord(p, "null") ? "null" : undefined;
    case 0x2d:
      return IN[p + 1]! >= 0x30 && IN[p + 1]! <= 0x39 ? "a number" : undefined;
    default:
      return IN[p]! >= 0x30 && IN[p]! <= 0x39 ? "a number" : undefined;
  }
}

function isWord(p: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (IN[p + i] !== word.charCodeAt(i)) return false;
  return true;
}

const NAMES: Readonly<Record<number, string>> = {
  [KIND_BOOL]: "a boolean",
  [KIND_BYTE]: "a number (byte)",
  [KIND_I16]: "a number (i16)",
  [KIND_I32]: "a number (i32)",
  [KIND_I64]: "a number (i64)",
  [KIND_DOUBLE]: "a number (double)",
  [KIND_STRING]: "a string",
  [KIND_BINARY]: "a string (base64)",
  [KIND_UUID]: "a string (uuid)",
  [KIND_ENUM]: "a number or a name (enum)",
  [KIND_LIST]: "an array",
  [KIND_MAP]: "an object (map)",
  [KIND_PAIRS]: "an array of [key, value] pairs (map)",
  [KIND_STRUCT]: "an object (struct)",
};

function nameOfKind(kind: number): string {
  return NAMES[kind] ?? "a value";
}

/** Whether the last scan stopped because the window ends, and the input goes on. */
export function isCutOff(run: Run): boolean {
  return fault === AT_WINDOW_END && !run.final;
}
