import { isBytes, isDetached } from "../bytes/is-bytes.ts";
import { PathError } from "./path-error.ts";

/** Field ids are signed integers of 16 bits. */
const MIN_FIELD_ID = -0x8000;
const MAX_FIELD_ID = 0x7fff;

/** The step to a field by its id, for fields without a known name. Immutable; made by {@link fieldId}. */
export class FieldId {
  readonly id: number;
  /** Only for the type checker, so that no other object with an `id` passes for a step. */
  declare protected readonly isStep: true;

  constructor(id: number) {
    if (!isFieldId(id)) {
      const message = `a field id must be an integer from ${MIN_FIELD_ID} to ${MAX_FIELD_ID}`;
      throw new PathError("INVALID_PATH", message);
    }
    // Makes −0 the 0 that it stands for.
    this.id = id + 0;
    Object.freeze(this);
  }
}

/**
 * The step to the field with this id. Throws `PathError` `INVALID_PATH` unless it is an integer from −32768 to
 * 32767.
 */
export function fieldId(id: number): FieldId {
  if (!isFieldId(id) || id < 0 || id >= KNOWN_IDS) return new FieldId(id);
  return (KNOWN[id] ??= new FieldId(id));
}

/** Ids of nearly all fields. Their steps are made once: they are asked for per field that is read. */
const KNOWN_IDS = 256;
const KNOWN: (FieldId | undefined)[] = new Array<undefined>(KNOWN_IDS).fill(undefined);

/** Whether a value is an integer that a field id can be. */
export function isFieldId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= MIN_FIELD_ID && (value as number) <= MAX_FIELD_ID;
}

/**
 * One step of a path, from a value to one inside it.
 *
 * | step | leads to |
 * |---|---|
 * | `string` | the field of that name, or the entry with that text as its key |
 * | `number` | the element at that index, or the entry with that integer or double as its key |
 * | `bigint` | the entry with that integer, of at most 64 bits, as its key |
 * | `boolean` | the entry with that bool as its key |
 * | `Uint8Array` | the entry whose text or binary key has that content, or whose key, no scalar, is encoded so |
 * | {@link FieldId} | the field of that id |
 *
 * Which of them a step is depends on the value that it starts from. NaN is one key, whatever its bits. A string is one step
 * as it is, dots and brackets included.
 */
export type PathStep = string | number | bigint | boolean | Uint8Array | FieldId;

/** A single step, or the steps one after another; no steps lead to the value itself. */
export type Path = PathStep | readonly PathStep[];

/**
 * The steps of a path, checked: the array itself when it is one, which stays the caller's, else an array of the
 * single step. Throws `PathError` `INVALID_PATH` for anything that is no step: bigints beyond 64 bits too.
 */
export function toSteps(path: Path): readonly PathStep[] {
  if (isStep(path)) return [path];
  if (!Array.isArray(path)) return failStep("the path", path);
  for (let index = 0; index < path.length; index++) {
    if (!isStep(path[index])) failStep(`step ${index} of the path`, path[index]);
  }
  return path;
}

function isStep(value: unknown): value is PathStep {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return true;
    case "bigint":
      return isInt64(value);
    default:
      return value instanceof FieldId || (isBytes(value) && (value.length > 0 || !isDetached(value)));
  }
}

/** Whether a bigint fits a signed integer of 64 bits. */
export function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

function failStep(subject: string, value: unknown): never {
  const expected = "a step is a string, a number, a bigint, a boolean, a Uint8Array or a field id";
  throw new PathError("INVALID_PATH", `${subject} is ${kindOf(value)}; ${expected}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "bigint":
      return "a bigint that does not fit 64 bits";
    case "object":
      return isBytes(value) ? "a Uint8Array whose ArrayBuffer is detached" : "an object";
    default:
      return `a ${typeof value}`;
  }
}
