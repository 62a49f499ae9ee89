import { isBytes } from "../bytes/is-bytes.ts";
import { encodeUtf8, isWellFormed } from "../bytes/utf8.ts";
import { uuidOf } from "../bytes/uuid.ts";
import { checkType } from "../descriptor/check-type.ts";
import type {
  FieldDescriptor,
  ListDescriptor,
  SetDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { withHint } from "../hint.ts";
import { type Expectation, expectation } from "../node/check.ts";
import { keyProblem, kindOfStep } from "../node/key.ts";
import { CompiledPath, compiledPathOf, routeIn, type TypedRoute } from "../path/compiled-path.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { parsePathText } from "../path/parse.ts";
import { PathError } from "../path/path-error.ts";
import { FieldId, fieldId, type Path, type PathStep, toSteps } from "../path/step.ts";
import type { TType } from "../wire/ttype.ts";

/**
 * Resolves a path against a type: names of fields become ids, names of enum members numbers. Throws `PathError`
 * `INVALID_PATH` for a step that values of the type can never have.
 */
export function resolvePath(type: TypeDescriptor, path: Path | CompiledPath): TypedRoute<TypeDescriptor> {
  if (path instanceof CompiledPath) {
    const { root } = path as CompiledPath<TypeDescriptor>;
    if (root === type) return routeIn(path as CompiledPath<TypeDescriptor>);
    throw impossible(`the path has been compiled for ${root.name}, not for this ${type.name}`, path.shown);
  }
  if (type.kind === "struct") {
    const name = Array.isArray(path) && path.length === 1 ? path[0] : path;
    if (typeof name === "string") return fieldRoute(type, name);
  }
  const given = toSteps(path);
  const count = given.length;
  const steps = new Array<PathStep>(count);
  const expected = new Array<Expectation>(count);
  let isGiven = true;
  let hasUnion = false;
  let target = type;
  for (let i = 0; i < count; i++) {
    const step = given[i]!;
    let resolved: PathStep;
    let keyType: TType | 0 = 0;
    switch (target.kind) {
      case "struct": {
        const field = fieldOf(target, step) ?? failField(type, target, given, i);
        resolved = fieldId(field.id);
        hasUnion ||= target.flavor === "union";
        target = field.type;
        break;
      }
      case "list":
      case "set":
        if (typeof step !== "number" || !Number.isSafeInteger(step) || step < 0) {
          const message = `${target.name} has elements by index from 0 on, ${typeof step === "number" ? "that number" : kindOfStep(step)} is none`;
          throw impossible(message, shownSteps(type, given, i));
        }
        // Makes −0 the 0 that it stands for.
        resolved = step + 0;
        isGiven &&= Object.is(resolved, step);
        target = target.element;
        break;
      case "map":
        resolved = keyOf(target.key, step) ?? failKey(type, target.key, given, i);
        isGiven &&= Object.is(resolved, step);
        keyType = target.key.ttype;
        target = target.value;
        break;
      default:
        throw impossible(`${target.name} has no parts`, shownSteps(type, given, i));
    }
    steps[i] = resolved;
    expected[i] = expectation(target.ttype, keyType);
  }
  // The array of the steps is the caller's, who may change it.
  return new ResolvedRoute(type, steps, expected, target, isGiven ? steps : [...given], hasUnion);
}

/** Routes to the fields of a struct, by name. */
type FieldRoutes = Map<string, ResolvedRoute>;

const routesOfStruct: WeakMap<StructDescriptor, FieldRoutes> = /* @__PURE__ */ new WeakMap();
/** The struct that was asked for last: it mostly is again, and a lookup in a `WeakMap` costs as much as making a route. */
let lastStruct: StructDescriptor | undefined;
let lastRoutes: FieldRoutes = new Map();

/** The route of the most frequent paths, which is made once for each field. */
function fieldRoute(type: StructDescriptor, name: string): ResolvedRoute {
  const routes = type === lastStruct ? lastRoutes : routesOf(type);
  const known = routes.get(name);
  if (known !== undefined) return known;
  const field = type.fieldByName(name) ?? failField(type, type, [name], 0);
  const steps = [fieldId(field.id)];
  const hasUnion = type.flavor === "union";
  const route = new ResolvedRoute(type, steps, [expectation(field.type.ttype)], field.type, steps, hasUnion);
  routes.set(name, route);
  return route;
}

function routesOf(type: StructDescriptor): FieldRoutes {
  let routes = routesOfStruct.get(type);
  if (routes === undefined) routesOfStruct.set(type, (routes = new Map()));
  lastStruct = type;
  lastRoutes = routes;
  return routes;
}

/** A route that has been resolved; what most calls do not ask for is made when they do. */
class ResolvedRoute implements TypedRoute<TypeDescriptor> {
  readonly steps: readonly PathStep[];
  readonly expected: readonly Expectation[];
  readonly target: TypeDescriptor;
  /** See `leadsThroughUnion`. */
  readonly hasUnion: boolean;
  readonly #root: TypeDescriptor;
  /** The steps in the form in which they were given, but for names of fields. */
  readonly #given: readonly PathStep[];

  constructor(
    root: TypeDescriptor,
    steps: readonly PathStep[],
    expected: readonly Expectation[],
    target: TypeDescriptor,
    given: readonly PathStep[],
    hasUnion: boolean,
  ) {
    this.#root = root;
    this.steps = steps;
    this.expected = expected;
    this.target = target;
    this.#given = given;
    this.hasUnion = hasUnion;
  }

  get shown(): readonly FormatStep[] {
    return shownSteps(this.#root, this.#given, this.#given.length);
  }

  get types(): readonly TypeDescriptor[] {
    let type = this.#root;
    return this.steps.map((step) => (type = typeBehind(type, step)));
  }
}

/** Whether a step of a route that starts from a type, or from its root, leads to a member of a union. */
export function leadsThroughUnion(type: TypeDescriptor, route: TypedRoute<TypeDescriptor>): boolean {
  if (route instanceof ResolvedRoute) return route.hasUnion;
  return isUnion(type) || route.types.some(isUnion);
}

export function isUnion(type: TypeDescriptor): boolean {
  return type.kind === "struct" && type.flavor === "union";
}

/**
 * Checks and resolves a path once, for many values of the type. Throws `PathError` `INVALID_PATH` for a path that
 * values of the type can never have. A string is one step; `parsePath` makes steps of text.
 *
 * @example
 * const name = compilePath(idl.struct("Feed"), ["items", 0, "author", "name"]);
 * for (const message of messages) Value.from(feed, message).get(name)?.asString();
 */
export function compilePath(type: TypeDescriptor, path: Path): CompiledPath<TypeDescriptor> {
  checkType("compilePath", type);
  // The caller's bytes may change.
  const own = toSteps(path).map((step) => (isBytes(step) ? Uint8Array.from(step) : step));
  const route = resolvePath(type, own);
  const { steps, expected, shown, types, target } = route;
  return compiledPathOf({ steps: steps.map(encodedKey), expected, shown, types, target }, type);
}

/** Text keys are compared faster as bytes. */
function encodedKey(step: PathStep): PathStep {
  return typeof step === "string" && isWellFormed(step) ? encodeUtf8(step) : step;
}

/**
 * The steps of a path in text form, such as `user.tags[3].attrs["k"]`, `#7` or `$`; see the documentation of paths.
 * Throws `PathError` `INVALID_PATH` with the offset of what is wrong in the text, and, when a type is given, for a
 * path that its values can never have.
 */
export function parsePath(text: string, type?: TypeDescriptor): PathStep[] {
  const steps = parsePathText(text);
  if (type !== undefined) {
    checkType("parsePath", type);
    resolvePath(type, steps);
  }
  return steps;
}

function fieldOf(struct: StructDescriptor, step: PathStep): FieldDescriptor | undefined {
  if (typeof step === "string") return struct.fieldByName(step);
  return step instanceof FieldId ? struct.fieldById(step.id) : undefined;
}

/** Tells why step `index` of a path is no field of the struct that it starts from. */
function failField(
  root: TypeDescriptor,
  struct: StructDescriptor,
  steps: readonly PathStep[],
  index: number,
): never {
  const step = steps[index]!;
  const shown = shownSteps(root, steps, index);
  if (step instanceof FieldId) {
    throw impossible(`${struct.flavor} ${struct.name} has no field with the id ${step.id}`, shown);
  }
  if (typeof step !== "string") {
    const message = `${struct.flavor} ${struct.name} has fields by name or fieldId(…), ${kindOfStep(step)} is none`;
    throw impossible(message, shown);
  }
  const message = `${struct.flavor} ${struct.name} has no such field`;
  // The likeliest mistake of all: a path in its text form.
  const isText = /[.[#]/.test(step);
  const hint = isText
    ? `${message}; a string is one step, parsePath reads the text of a path`
    : withHint(
        message,
        step,
        struct.fields.map(({ name }) => name),
      );
  throw impossible(hint, [...shown, step]);
}

const INTEGER_BITS: Readonly<Record<string, number>> = { byte: 8, i16: 16, i32: 32, enum: 32, i64: 64 };

/** The key of that type that a step is, in the one form that equal ones share; `undefined` when it is none. */
function keyOf(type: TypeDescriptor, step: PathStep): PathStep | undefined {
  const { kind } = type;
  if (typeof step === "string") {
    if (kind === "string" || kind === "binary") return step;
    if (kind === "enum") return type.valueOf(step);
    return kind === "uuid" ? uuidOf(step) : undefined;
  }
  if (keyProblem(step, type.ttype) !== undefined) return undefined;
  const bits = INTEGER_BITS[kind];
  if (bits === undefined) return step;
  if (BigInt.asIntN(bits, BigInt(step as number)) !== BigInt(step as number)) return undefined;
  return Object.is(step, -0) ? 0 : step;
}

/** Tells why step `index` of a path is no key of that type. */
function failKey(
  root: TypeDescriptor,
  type: TypeDescriptor,
  steps: readonly PathStep[],
  index: number,
): never {
  const step = steps[index]!;
  const shown = shownSteps(root, steps, index);
  if (type.kind === "enum" && typeof step === "string") {
    throw impossible(withHint(`the enum ${type.name} has no such member`, step, type.values.keys()), shown);
  }
  const problem = keyProblem(step, type.ttype) ?? `a key of type ${type.name} can never be that number`;
  throw impossible(problem, shown);
}

/** The first `count` steps of a path that a type allows, as messages show them. */
function shownSteps(root: TypeDescriptor, steps: readonly PathStep[], count: number): FormatStep[] {
  const shown: FormatStep[] = [];
  let type = root;
  for (let i = 0; i < count; i++) {
    const step = steps[i]!;
    if (type.kind === "struct") shown.push(fieldOf(type, step)!.name);
    else shown.push(type.kind === "map" ? { key: step } : step);
    type = typeBehind(type, step);
  }
  return shown;
}

/** The type that a step leads to, which the type that it starts from allows. */
function typeBehind(type: TypeDescriptor, step: PathStep): TypeDescriptor {
  switch (type.kind) {
    case "struct":
      return fieldOf(type, step)!.type;
    case "map":
      return type.value;
    default:
      return (type as ListDescriptor | SetDescriptor).element;
  }
}

function impossible(message: string, shown: readonly FormatStep[]): PathError {
  return new PathError("INVALID_PATH", message, { path: describePath(shown) });
}
