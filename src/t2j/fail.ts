import { FIELD_INDEX, HEADER_COMPACT, NODE_A, NODE_B, NODE_WIRE } from "../conv/program.ts";
import type { ThriftError } from "../errors.ts";
import { BINARY_WIDTH, NOT_A_TYPE, TTYPE_OF_COMPACT, typeName } from "../wire/ttype.ts";
import type { Run } from "./run.ts";
import { STACK } from "./scratch.ts";
import * as S from "./states.ts";

/**
 * The errors of the machine. Every function takes the machine's top frame and output position, which the path
 * of the error is made from, and the window position that the error is about.
 */

export function failType(run: Run, sp: number, o: number, p: number, type: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError("INVALID_TYPE", `${type} is not a type of the protocol`, p);
}

export function failFieldId(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.error("OUT_OF_RANGE", "a field id is beyond 32767", p);
}

/** A field whose wire type is not that of its descriptor. */
export function failMismatch(
  run: Run,
  sp: number,
  o: number,
  p: number,
  wire: number,
  node: number,
): ThriftError {
  if (!isType(run, wire)) return failType(run, sp, o, p, wire);
  run.sp = sp;
  run.out = o;
  const field = run.program.fields[run.code[STACK[sp + S.FRAME_FIELD]! + FIELD_INDEX]!]!;
  const expectedWire = nameOfWire(run, run.code[node + NODE_WIRE]!);
  const { name } = field.type;
  const expected = name === expectedWire ? name : `${name} (${expectedWire})`;
  return run.valueError("TYPE_MISMATCH", `expected ${expected}, found ${nameOfWire(run, wire)}`, p);
}

export function failSize(run: Run, sp: number, o: number, p: number, size: number): ThriftError {
  run.sp = sp;
  run.out = o;
  const message = size < 0 ? "a negative size" : "a size beyond the bytes that are left";
  return run.valueError("INVALID_SIZE", message, p);
}

export function failVarint(run: Run, sp: number, o: number, p: number, bits: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError("OUT_OF_RANGE", `a varint does not fit ${bits} bits`, p);
}

export function failUtf8(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError("INVALID_UTF8", "a string that is not valid UTF-8", p);
}

export function failNonFinite(run: Run, sp: number, o: number, p: number): ThriftError {
  run.sp = sp;
  run.out = o;
  return run.valueError("OUT_OF_RANGE", "JSON has no number for NaN and infinities", p);
}

export function failDepth(run: Run, sp: number, o: number, p: number, maxDepth: number): ThriftError {
  run.sp = sp;
  run.out = o;
  const limit = run.depth > maxDepth ? `the limit of ${maxDepth}` : "the machine's stack allows";
  return run.valueError("LIMIT_EXCEEDED", `values are nested deeper than ${limit}`, p);
}

export function failListHeader(
  run: Run,
  sp: number,
  o: number,
  p: number,
  type: number,
  length: number,
  next: number,
  element: number,
): ThriftError {
  run.sp = sp;
  run.out = o;
  const wire = run.code[element + NODE_WIRE]!;
  if (type !== wire && (length !== 0 || type !== 0)) return elementMismatch(run, p, "elements", wire, type);
  return failLength(run, p, length, run.leftAt(next));
}

export function failMapHeader(
  run: Run,
  sp: number,
  o: number,
  p: number,
  keyType: number,
  valueType: number,
  length: number,
  next: number,
  node: number,
): ThriftError {
  run.sp = sp;
  run.out = o;
  const { code } = run;
  const keyWire = code[code[node + NODE_A]! + NODE_WIRE]!;
  const valueWire = code[code[node + NODE_B]! + NODE_WIRE]!;
  if (length >= 0) {
    if (keyType !== keyWire) return elementMismatch(run, p, "keys", keyWire, keyType);
    if (valueType !== valueWire) return elementMismatch(run, p, "values", valueWire, valueType);
  }
  return failLength(run, p, length, run.leftAt(next));
}

function elementMismatch(run: Run, p: number, what: string, expected: number, found: number): ThriftError {
  if (!isType(run, found)) return failType(run, run.sp, run.out, p, found);
  const message = `expected ${what} of type ${nameOfWire(run, expected)}, found ${nameOfWire(run, found)}`;
  return run.valueError("TYPE_MISMATCH", message, p);
}

export function failLength(run: Run, p: number, length: number, left: number): ThriftError {
  if (length < 0) return run.valueError("INVALID_SIZE", "a negative length", p);
  const { maxLength } = run.settings.limits;
  if (length > maxLength) {
    const message = `${length} elements are more than the limit of ${maxLength}`;
    return run.valueError("LIMIT_EXCEEDED", message, p);
  }
  return run.valueError("INVALID_SIZE", `${length} elements cannot fit the ${left} bytes that are left`, p);
}

function isType(run: Run, wire: number): boolean {
  return (run.code[HEADER_COMPACT] === 1 ? TTYPE_OF_COMPACT : BINARY_WIDTH)[wire] !== NOT_A_TYPE;
}

function nameOfWire(run: Run, wire: number): string {
  return typeName(run.code[HEADER_COMPACT] === 1 ? (TTYPE_OF_COMPACT[wire] ?? wire) : wire);
}
