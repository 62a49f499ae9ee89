import { encodeUtf8, isWellFormed } from "../bytes/utf8.ts";
import { checkType } from "../descriptor/check-type.ts";
import type { StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import { withHint } from "../hint.ts";
import { type Expectation, expectation } from "../node/find.ts";
import { keyProblem, kindOfStep, uuidOf } from "../node/key.ts";
import { CompiledPath, type TypedRoute } from "../path/compiled-path.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { parsePathText } from "../path/parse.ts";
import { PathError } from "../path/path-error.ts";
import { FieldId, fieldId, type Path, type PathStep, toSteps } from "../path/step.ts";

/**
 * Resolves a path against a type: names of fields become ids, names of enum members numbers. Throws `PathError`
 * `INVALID_PATH` for a step that values of the type can never have.
 */
export function resolvePath(type: TypeDescriptor, path: Path | CompiledPath): TypedRoute<TypeDescriptor> {
  if (path instanceof CompiledPath) {
    const { root } = path as CompiledPath<TypeDescriptor>;
    if (root === type) return path as CompiledPath<TypeDescriptor>;
    throw impossible(`the path has been compiled for ${root.name}, not for this ${type.name}`, path.shown);
  }
  const given = toSteps(path);
  const steps: PathStep[] = [];
  const expected: Expectation[] = [];
  const shown: FormatStep[] = [];
  const types: TypeDescriptor[] = [];
  let target = type;
  for (const step of given) {
    switch (target.kind) {
      case "struct": {
        const field = fieldOf(target, step, shown);
        steps.push(fieldId(field.id));
        shown.push(field.name);
        target = field.type;
        expected.push(expectation(target.ttype));
        break;
      }
      case "list":
      case "set":
        if (typeof step !== "number" || !Number.isSafeInteger(step) || step < 0) {
          throw impossible(`${target.name} has elements by index, ${kindOfStep(step)} is none`, shown);
        }
        // Makes −0 the 0 that it stands for.
        steps.push(step + 0);
        shown.push(step);
        target = target.element;
        expected.push(expectation(target.ttype));
        break;
      case "map": {
        const { key, value } = target;
        steps.push(keyOf(key, step, shown));
        shown.push({ key: step });
        target = value;
        expected.push(expectation(value.ttype, key.ttype));
        break;
      }
      default:
        throw impossible(`${target.name} has no parts`, shown);
    }
    types.push(target);
  }
  return { steps, expected, shown, types, target };
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
  const own = toSteps(path).map((step) => (step instanceof Uint8Array ? Uint8Array.from(step) : step));
  const route = resolvePath(type, own);
  return new CompiledPath({ ...route, steps: route.steps.map(encodedKey) }, type);
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

function fieldOf(struct: StructDescriptor, step: PathStep, shown: readonly FormatStep[]) {
  if (step instanceof FieldId) {
    const field = struct.fieldById(step.id);
    if (field !== undefined) return field;
    throw impossible(`${struct.flavor} ${struct.name} has no field with the id ${step.id}`, shown);
  }
  if (typeof step !== "string") {
    const message = `${struct.flavor} ${struct.name} has fields by name or fieldId(…), ${kindOfStep(step)} is none`;
    throw impossible(message, shown);
  }
  const field = struct.fieldByName(step);
  if (field !== undefined) return field;
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

function keyOf(type: TypeDescriptor, step: PathStep, shown: readonly FormatStep[]): PathStep {
  if (type.kind === "enum" && typeof step === "string") {
    const number = type.valueOf(step);
    if (number !== undefined) return number;
    throw impossible(withHint(`the enum ${type.name} has no such member`, step, type.values.keys()), shown);
  }
  const problem = keyProblem(step, type.ttype);
  if (problem !== undefined) throw impossible(problem, shown);
  // One form for keys that have several, so that equal ones are found to be equal.
  if (type.kind === "uuid" && typeof step === "string") return uuidOf(step)!;
  const bits = INTEGER_BITS[type.kind];
  if (bits === undefined) return step;
  if (BigInt.asIntN(bits, BigInt(step as number)) !== BigInt(step as number)) {
    throw impossible(`a key of type ${type.name} can never be that number`, shown);
  }
  return Object.is(step, -0) ? 0 : step;
}

function impossible(message: string, shown: readonly FormatStep[]): PathError {
  return new PathError("INVALID_PATH", message, { path: describePath(shown) });
}
