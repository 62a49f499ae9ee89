import type { ErrorCode } from "../errors.ts";
import type { Route } from "../path/compiled-path.ts";
import { describePath } from "../path/format.ts";
import { PathError } from "../path/path-error.ts";
import { FieldId, type PathStep } from "../path/step.ts";
import type { TType } from "../wire/ttype.ts";
import { typeName } from "../wire/ttype.ts";
import { typeMismatch, WireError } from "../wire/wire-error.ts";
import { keyProblem, kindOfStep } from "./key.ts";

/**
 * What the data must be behind a step of a path: the wire type of the value, and, where the step is a key, the type
 * of the keys in the next byte. 0 stands for anything.
 */
export type Expectation = number;

export function expectation(type: TType, keyType: TType | 0 = 0): Expectation {
  return type | (keyType << 8);
}

export function expectedType(expected: Expectation): number {
  return expected & 0xff;
}

export function expectedKeyType(expected: Expectation): number {
  return expected >> 8;
}

/** What tells the steps of a path as messages show them. */
export type ShownPath = Pick<Route, "shown">;

// The functions below throw errors about the place behind the first `count` steps of a path.

/** Something is to be put into what is not there. */
export function noParent(path: ShownPath, count: number): PathError {
  const message = "there is nothing to put a value into; `createParents` of a Value or DomNode makes it";
  return misfit("NOT_FOUND", message, path, count);
}

/** The field id that the step behind is. */
export function fieldIdOf(step: PathStep, path: ShownPath, count: number): number {
  if (step instanceof FieldId) return step.id;
  const message = `${kindOfStep(step)} is no field of a struct; use fieldId(…), or a Value, which knows names`;
  throw misfit("INVALID_PATH", message, path, count);
}

/** The index that the step behind is, in a list or set. */
export function indexOf(
  step: PathStep,
  type: number,
  path: ShownPath,
  count: number,
  offset: number,
): number {
  if (typeof step !== "number") {
    const message = `${kindOfStep(step)} is no index of a ${typeName(type)}`;
    throw misfit("TYPE_MISMATCH", message, path, count, offset);
  }
  if (!Number.isSafeInteger(step) || step < 0) {
    throw misfit("INVALID_PATH", "an index must be a non-negative integer", path, count);
  }
  return step;
}

/** Throws unless a map with such a header can have the step as a key, and values as expected. */
export function checkMap(
  length: number,
  keyType: number,
  valueType: number,
  step: PathStep,
  wanted: Expectation,
  path: ShownPath,
  count: number,
  offset: number,
): void {
  if (step instanceof FieldId) {
    throw misfit("TYPE_MISMATCH", "a field id is no key of a map", path, count, offset);
  }
  // An empty map need not tell its types.
  if (length === 0) return;
  const wantedKeyType = expectedKeyType(wanted);
  if (wantedKeyType !== 0 && wantedKeyType !== keyType) {
    throw wrongKeys(keyType, wantedKeyType, path, count, offset);
  }
  const problem = keyProblem(step, keyType);
  if (problem !== undefined) throw misfit("TYPE_MISMATCH", problem, path, count, offset);
  checkType(valueType, wanted, path, count, offset);
}

/** Throws `WireError` unless a value is of the type that is expected of it: the data is at fault, not the path. */
export function checkType(
  type: number,
  wanted: Expectation,
  path: ShownPath,
  count: number,
  offset: number,
): void {
  const expected = expectedType(wanted);
  if (expected === 0 || expected === type) return;
  throw typeMismatch(expected, type, { path: shownPath(path, count), offset });
}

/** The keys of a map are not of the type that is expected of them. */
export function wrongKeys(
  type: number,
  expected: number,
  path: ShownPath,
  count: number,
  offset: number,
): WireError {
  const message = `expected keys of type ${typeName(expected)}, got ${typeName(type)}`;
  return new WireError("TYPE_MISMATCH", message, { path: shownPath(path, count), offset });
}

/** A path goes on below a value that has nothing inside. */
export function noParts(type: number, path: ShownPath, count: number, offset: number): PathError {
  return misfit("TYPE_MISMATCH", `a value of type ${typeName(type)} has no parts`, path, count, offset);
}

export function misfit(
  code: ErrorCode,
  message: string,
  path: ShownPath,
  count: number,
  offset?: number,
): PathError {
  return new PathError(code, message, { path: shownPath(path, count), offset });
}

function shownPath(path: ShownPath, count: number): string {
  return describePath(path.shown.slice(0, count));
}
