import fc from "fast-check";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import type { Missing } from "../../src/value/edit-options.ts";
import type { Protocol } from "../../src/wire/ttype.ts";
import { valueModel } from "../support/arbitraries.ts";
import type { Random } from "../support/random.ts";
import {
  isContainer,
  rootType,
  type SchemaModel,
  type TypeModel,
  toJsonText,
  type ValueModel,
} from "../support/schema.ts";
import { keyStep } from "./random-message.ts";

/**
 * A plain model of edits: what `set` and `delete` must do to a value, written from their rules alone. Values are
 * never changed in place.
 */
export type ModelStep =
  | { readonly field: string }
  | { readonly index: number }
  | { readonly key: ValueModel };

export interface ModelPath {
  readonly model: readonly ModelStep[];
  /** The same as the library takes it. */
  readonly steps: PathStep[];
  readonly target: TypeModel;
  /** Whether it ends at an element of a set. */
  readonly inSet: boolean;
}

/** What an edit says instead of doing anything. */
export class ModelError extends Error {
  readonly code: "NOT_FOUND" | "MISSING_REQUIRED";

  constructor(code: "NOT_FOUND" | "MISSING_REQUIRED") {
    super(code);
    this.code = code;
  }
}

type Members = ReadonlyMap<string, ValueModel>;
type Elements = readonly ValueModel[];
type Entries = readonly (readonly [ValueModel, ValueModel])[];

/** A random value of a type. */
export function sampleValue(random: Random, schema: SchemaModel, type: TypeModel): ValueModel {
  return fc.sample(valueModel(schema, type), { numRuns: 1, seed: random.int(0, 2 ** 31 - 1) })[0]!;
}

/**
 * A path to something that is there, to a place where something can be put, or beyond. It does not go into the
 * elements of sets, which would be other elements then.
 */
export function randomEditPath(
  random: Random,
  schema: SchemaModel,
  root: ValueModel,
  protocol: Protocol,
): ModelPath {
  const model: ModelStep[] = [];
  const steps: PathStep[] = [];
  let target = rootType(schema);
  let at: ValueModel | undefined = root;
  const go = (step: ModelStep, pathStep: PathStep, type: TypeModel): void => {
    model.push(step);
    steps.push(pathStep);
    at = at === undefined ? undefined : childOf(schema, target, at, step);
    target = type;
  };
  while (model.length === 0 || random.chance(0.7)) {
    switch (target.kind) {
      case "struct": {
        const { fields } = schema.structs.get(target.name)!;
        if (fields.length === 0) return { model, steps, target, inSet: false };
        const present = fields.filter(({ name }) => (at as Members | undefined)?.has(name));
        const field = random.pick(present.length > 0 && random.chance(0.6) ? present : fields);
        go({ field: field.name }, random.chance(0.5) ? field.name : fieldId(field.id), field.type);
        break;
      }
      case "list":
      case "set": {
        const length = ((at ?? []) as Elements).length;
        const index = random.chance(0.1) ? length + 1 : random.int(0, length);
        const isSet = target.kind === "set";
        go({ index }, index, target.element);
        if (isSet) return { model, steps, target, inSet: true };
        break;
      }
      case "map": {
        const entries = (at ?? []) as Entries;
        const isOld = entries.length > 0 && random.chance(0.7);
        const key = isOld ? random.pick(entries)[0] : sampleValue(random, schema, target.key);
        go({ key }, keyStep(random, schema, target.key, key, protocol), target.value);
        break;
      }
      default:
        return { model, steps, target, inSet: false };
    }
  }
  return { model, steps, target, inSet: false };
}

function fieldOf(schema: SchemaModel, type: TypeModel & { kind: "struct" }, name: string) {
  return schema.structs.get(type.name)!.fields.find((field) => field.name === name)!;
}

function indexOfKey(
  schema: SchemaModel,
  type: TypeModel & { kind: "map" },
  entries: Entries,
  key: ValueModel,
): number {
  const text = toJsonText(schema, type.key, key);
  return entries.findIndex(([other]) => toJsonText(schema, type.key, other) === text);
}

/** The part behind a step, or `undefined`. */
function childOf(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  step: ModelStep,
): ValueModel | undefined {
  if ("field" in step) return (value as Members).get(step.field);
  if ("index" in step) return (value as Elements)[step.index];
  const entries = value as Entries;
  return entries[indexOfKey(schema, type as TypeModel & { kind: "map" }, entries, step.key)]?.[1];
}

export function isThere(schema: SchemaModel, root: ValueModel, path: readonly ModelStep[]): boolean {
  let type = rootType(schema);
  let at: ValueModel | undefined = root;
  for (const step of path) {
    at = childOf(schema, type, at, step);
    if (at === undefined) return false;
    type = typeBehind(schema, type, step);
  }
  return true;
}

function typeBehind(schema: SchemaModel, type: TypeModel, step: ModelStep): TypeModel {
  switch (type.kind) {
    case "struct":
      return fieldOf(schema, type, (step as { field: string }).field).type;
    case "list":
    case "set":
      return type.element;
    case "map":
      return type.value;
    default:
      throw new TypeError(`a ${type.kind} has no parts`);
  }
}

/** The value with `put` at the path. Throws `ModelError` for a parent or a place that is not there, unless `missing` says so. */
export function modelSet(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  path: readonly ModelStep[],
  put: ValueModel,
  missing: Missing,
): ValueModel {
  const [step, ...rest] = path;
  if (step === undefined) return put;
  if (missing === "skip" && childOf(schema, type, value, step) === undefined) return value;
  const inner = typeBehind(schema, type, step);
  const old = childOf(schema, type, value, step);
  if ("index" in step && step.index > (value as Elements).length) throw new ModelError("NOT_FOUND");
  if (rest.length > 0 && old === undefined && missing !== "create") throw new ModelError("NOT_FOUND");
  const empty: ValueModel = inner.kind === "struct" ? new Map() : [];
  const next = rest.length === 0 ? put : modelSet(schema, inner, old ?? empty, rest, put, missing);
  const isUnion = type.kind === "struct" && schema.structs.get(type.name)!.flavor === "union";
  if ("field" in step && isUnion && old === undefined) return new Map([[step.field, next]]);
  if ("field" in step) return new Map([...(value as Members), [step.field, next]]);
  if ("key" in step) {
    const index = indexOfKey(schema, type as TypeModel & { kind: "map" }, value as Entries, step.key);
    if (index < 0) return [...(value as Entries), [step.key, next]];
    return (value as Entries).map((entry, at): [ValueModel, ValueModel] =>
      at === index ? [entry[0], next] : [...entry],
    );
  }
  const elements = [...(value as Elements)];
  if (type.kind === "set") {
    const text = toJsonText(schema, inner, next);
    const isHeld = elements.some(
      (other, at) => at !== step.index && toJsonText(schema, inner, other) === text,
    );
    if (isHeld) return elements.filter((_, at) => at !== step.index);
  }
  elements[step.index] = next;
  return elements;
}

/** The value without what is at the paths, which all speak of the value as it is. */
export function modelDelete(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  paths: readonly (readonly ModelStep[])[],
): ValueModel {
  const behind = (matches: (step: ModelStep) => boolean): (readonly ModelStep[])[] =>
    paths.filter(([step]) => step !== undefined && matches(step)).map(([, ...rest]) => rest);
  /** The part behind those steps, or nothing when it is removed. */
  const part = (
    inner: TypeModel,
    child: ValueModel,
    rests: readonly (readonly ModelStep[])[],
  ): ValueModel | undefined =>
    rests.some((rest) => rest.length === 0)
      ? undefined
      : rests.length === 0
        ? child
        : modelDelete(schema, inner, child, rests);
  switch (type.kind) {
    case "struct": {
      const members: [string, ValueModel][] = [];
      for (const [name, member] of value as Members) {
        const kept = part(
          fieldOf(schema, type, name).type,
          member,
          behind((step) => "field" in step && step.field === name),
        );
        if (kept !== undefined) members.push([name, kept]);
      }
      return new Map(members);
    }
    case "list":
    case "set":
      return (value as Elements)
        .map((element, index) =>
          part(
            type.element,
            element,
            behind((step) => "index" in step && step.index === index),
          ),
        )
        .filter((element) => element !== undefined);
    case "map": {
      const entries: [ValueModel, ValueModel][] = [];
      for (const [key, element] of value as Entries) {
        const kept = part(
          type.value,
          element,
          behind(
            (step) =>
              "key" in step && toJsonText(schema, type.key, step.key) === toJsonText(schema, type.key, key),
          ),
        );
        if (kept !== undefined) entries.push([key, kept]);
      }
      return entries;
    }
    default:
      return value;
  }
}

/** Throws `ModelError` for a path that ends at a field which must be there. */
export function checkRemovable(schema: SchemaModel, path: readonly ModelStep[]): void {
  let type = rootType(schema);
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (
      isLast &&
      type.kind === "struct" &&
      fieldOf(schema, type, (step as { field: string }).field).requiredness === "required"
    ) {
      throw new ModelError("MISSING_REQUIRED");
    }
    type = typeBehind(schema, type, step);
  }
}

/** The same text for the same path but for keys of maps. */
export function nameOfPath(path: readonly ModelStep[]): string {
  return path
    .map((step) => ("field" in step ? step.field : "index" in step ? step.index : "[key]"))
    .join("/");
}

/**
 * Whether values of the type hold others that are told apart by their encoded bytes: keys and set elements that are
 * no scalars. The protocols are not of one mind about those of empty maps and of booleans in lists.
 */
export function hasEncodedKeys(
  schema: SchemaModel,
  type: TypeModel,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  switch (type.kind) {
    case "struct": {
      if (seen.has(type.name)) return false;
      const within = new Set([...seen, type.name]);
      return schema.structs
        .get(type.name)!
        .fields.some((field) => hasEncodedKeys(schema, field.type, within));
    }
    case "list":
      return hasEncodedKeys(schema, type.element, seen);
    case "set":
      return isContainer(type.element);
    case "map":
      return isContainer(type.key) || hasEncodedKeys(schema, type.value, seen);
    default:
      return false;
  }
}
