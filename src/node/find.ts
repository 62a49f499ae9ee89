import type { ErrorCode } from "../errors.ts";
import type { Route } from "../path/compiled-path.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { PathError } from "../path/path-error.ts";
import { FieldId, type PathStep } from "../path/step.ts";
import { BINARY_WIDTH, COMPACT_WIDTH, TType, typeName } from "../wire/ttype.ts";
import { findKey, keyProblem, kindOfStep } from "./key.ts";
import type { NodeReader } from "./reader.ts";

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

/** What `find` has found: where the value starts, and its wire type. */
export let foundStart = 0;
export let foundType: TType = TType.STOP;
/** A boolean field of the compact protocol, which is in its header: `foundStart` is where that is. */
export let foundInHeader = false;

/**
 * Leads `reader`, which is at a value of type `rootType`, to the first value at the path, and behind it. Returns
 * whether there is one. What lies in front of it is passed over, what lies behind is not looked at.
 *
 * Throws `PathError` `TYPE_MISMATCH` where the data is of another kind than a step or an expectation,
 * `INVALID_PATH` for a step that fits no data, `WireError`.
 */
export function find(reader: NodeReader, rootType: TType, { steps, expected, shown }: Route): boolean {
  let type = rootType;
  let start = reader.position;
  let inHeader = false;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    const wanted = expected === undefined ? 0 : expected[i]!;
    if (type === TType.STRUCT) {
      const id = fieldIdOf(step, shown, i);
      reader.readStructBegin();
      for (;;) {
        start = reader.position;
        type = reader.readFieldBegin();
        if (type === TType.STOP) return false;
        if (reader.fieldId === id) break;
        reader.skip(type);
      }
      inHeader = type === TType.BOOL && reader.protocol === "compact";
    } else if (type === TType.LIST || type === TType.SET) {
      const index = indexOf(step, type, shown, i, start);
      reader.readListBegin();
      type = reader.elementType;
      if (index >= reader.length) {
        if (reader.length > 0) checkType(type, wanted, shown, i, start);
        return false;
      }
      skipElements(reader, index);
    } else if (type === TType.MAP) {
      reader.readMapBegin();
      type = reader.elementType;
      checkMap(reader, step, wanted, shown, i, start);
      if (!findKey(reader, step)) return false;
    } else {
      throw noParts(type, shown, i, start);
    }
    if (!inHeader) start = reader.position;
    checkType(type, wanted, shown, i + 1, start);
  }
  reader.skip(type);
  foundStart = start;
  foundType = type;
  foundInHeader = inHeader;
  return true;
}

// The functions below throw errors about the place behind the first `count` of the steps `shown`.

/** The field id that the step behind is. */
export function fieldIdOf(step: PathStep, shown: readonly FormatStep[], count: number): number {
  if (step instanceof FieldId) return step.id;
  const message = `${kindOfStep(step)} is no field of a struct; use fieldId(…), or a Value, which knows names`;
  throw misfit("INVALID_PATH", message, shown, count);
}

/** The index that the step behind is, in a list or set. */
export function indexOf(
  step: PathStep,
  type: number,
  shown: readonly FormatStep[],
  count: number,
  offset: number,
): number {
  if (typeof step !== "number") {
    const message = `${kindOfStep(step)} is no index of a ${typeName(type)}`;
    throw misfit("TYPE_MISMATCH", message, shown, count, offset);
  }
  if (!Number.isSafeInteger(step) || step < 0) {
    throw misfit("INVALID_PATH", "an index must be a non-negative integer", shown, count);
  }
  return step;
}

/** Throws unless the map whose header has just been read can have the step as a key, and values as expected. */
export function checkMap(
  reader: NodeReader,
  step: PathStep,
  wanted: Expectation,
  shown: readonly FormatStep[],
  count: number,
  offset: number,
): void {
  if (step instanceof FieldId) {
    throw misfit("TYPE_MISMATCH", "a field id is no key of a map", shown, count, offset);
  }
  // An empty map need not tell its types.
  if (reader.length === 0) return;
  const keyType = expectedKeyType(wanted);
  if (keyType !== 0 && keyType !== reader.keyType) {
    const message = `expected keys of type ${typeName(keyType)}, got ${typeName(reader.keyType)}`;
    throw misfit("TYPE_MISMATCH", message, shown, count, offset);
  }
  const problem = keyProblem(step, reader.keyType);
  if (problem !== undefined) throw misfit("TYPE_MISMATCH", problem, shown, count, offset);
  checkType(reader.elementType, wanted, shown, count, offset);
}

/** Throws unless a value is of the type that is expected of it. */
export function checkType(
  type: number,
  wanted: Expectation,
  shown: readonly FormatStep[],
  count: number,
  offset?: number,
): void {
  const expected = expectedType(wanted);
  if (expected === 0 || expected === type) return;
  const message = `expected a value of type ${typeName(expected)}, got ${typeName(type)}`;
  throw misfit("TYPE_MISMATCH", message, shown, count, offset);
}

/** A path goes on below a value that has nothing inside. */
export function noParts(
  type: number,
  shown: readonly FormatStep[],
  count: number,
  offset: number,
): PathError {
  return misfit("TYPE_MISMATCH", `a value of type ${typeName(type)} has no parts`, shown, count, offset);
}

export function misfit(
  code: ErrorCode,
  message: string,
  shown: readonly FormatStep[],
  count: number,
  offset?: number,
): PathError {
  return new PathError(code, message, { path: describePath(shown.slice(0, count)), offset });
}

/** Passes over `count` elements of the list or set whose header has just been read and has as many. */
export function skipElements(reader: NodeReader, count: number): void {
  const type = reader.elementType;
  const width = (reader.protocol === "compact" ? COMPACT_WIDTH : BINARY_WIDTH)[type]!;
  // The length has been checked against the bytes that are left.
  if (width > 0) reader.position += count * width;
  else for (let i = 0; i < count; i++) reader.skip(type);
}
