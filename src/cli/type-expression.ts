import { withHint } from "../hint.ts";
import {
  type Idl,
  IdlError,
  isThriftError,
  type MethodDescriptor,
  type ServiceDescriptor,
  type TypeDescriptor,
} from "../index.ts";
import { UsageError } from "./usage-error.ts";

/** The two structs of a method. */
export type Part = "args" | "result";

const PARTS: readonly Part[] = ["args", "result"];

/** What a TYPE on the command line means. */
export type Target =
  | { readonly kind: "type"; readonly type: TypeDescriptor }
  | {
      readonly kind: "method";
      readonly service: ServiceDescriptor;
      readonly method: MethodDescriptor;
      /** `undefined` when the text leaves it open. */
      readonly part: Part | undefined;
    }
  | {
      readonly kind: "service";
      readonly service: ServiceDescriptor;
      /** Where to look for methods that the service lacks. */
      readonly others: readonly ServiceDescriptor[];
    };

export const TYPE_HELP = `TYPE is one of
  User, base.Base            a struct, union, exception, enum or typedef
  list<User>, map<string,i64>  any other type, as the IDL writes it
  Service.method:args        the arguments of a method
  Service.method:result      its result: success or a declared exception
  method:args                the same in the last service of the file; see --services`;

/**
 * Finds what a TYPE means: a type, `Service.method:args|result`, or, where nothing else has that name, a service or
 * `Service.method`. Throws `UsageError` with a hint when there is no such thing.
 */
export function resolveTarget(idl: Idl, text: string): Target {
  if (text.trim() === "") throw new UsageError("the TYPE is empty");
  const colon = text.lastIndexOf(":");
  if (colon >= 0) return resolvePart(idl, text.slice(0, colon), text.slice(colon + 1), text);
  let typeError: unknown;
  try {
    return { kind: "type", type: idl.type(text) };
  } catch (error) {
    typeError = error;
  }
  const service = findService(idl, text);
  if (service !== undefined) return { kind: "service", service, others: [] };
  const { prefix, name } = splitMethod(text);
  if (prefix !== undefined) {
    const owner = findService(idl, prefix);
    if (owner !== undefined) {
      return { kind: "method", service: owner, method: findMethod(idl, owner, name, ""), part: undefined };
    }
  }
  const error = toUsageError(typeError);
  throw prefix === undefined ? withMethods(error, idl, name, "") : error;
}

/** The type that a TYPE means. Throws `UsageError` for one that leaves something open. */
export function typeOfTarget(target: Target, text: string): TypeDescriptor {
  if (target.kind === "type") return target.type;
  if (target.kind === "method" && target.part !== undefined) return target.method[target.part];
  failOpenTarget(target, text);
}

/** Says what a TYPE lacks that names a service or a method. */
export function failOpenTarget(target: Target, text: string): never {
  const message =
    target.kind === "service"
      ? `\`${text}\` is a service; say which struct of which method is meant, such as \`${exampleOf(target.service)}\``
      : `\`${text}\` is a method; say which of its structs is meant: \`${text}:args\` or \`${text}:result\``;
  throw new UsageError(message);
}

function exampleOf(service: ServiceDescriptor): string {
  return `${service.name}.${service.methods[0]?.name ?? "method"}:args`;
}

function resolvePart(idl: Idl, path: string, part: string, text: string): Target {
  if (part !== "args" && part !== "result") {
    const message = `a method has \`:args\` and \`:result\`, not \`:${part}\``;
    throw new UsageError(withHint(message, part, PARTS));
  }
  const { prefix, name } = splitMethod(path);
  if (name === "") throw new UsageError(`\`${text}\` names no method; write \`Service.method:${part}\``);
  let service: ServiceDescriptor;
  try {
    service = idl.service(prefix);
  } catch (error) {
    throw toUsageError(error);
  }
  return { kind: "method", service, method: findMethod(idl, service, name, `:${part}`), part };
}

/** `base.Service.method` → `base.Service` and `method`. */
function splitMethod(path: string): { readonly prefix: string | undefined; readonly name: string } {
  const dot = path.lastIndexOf(".");
  return dot < 0
    ? { prefix: undefined, name: path }
    : { prefix: path.slice(0, dot), name: path.slice(dot + 1) };
}

function findService(idl: Idl, name: string): ServiceDescriptor | undefined {
  try {
    return idl.service(name);
  } catch (error) {
    if (isThriftError(error)) return undefined;
    throw error;
  }
}

/** `suffix` is what stands behind the method in the TYPE. */
function findMethod(idl: Idl, service: ServiceDescriptor, name: string, suffix: string): MethodDescriptor {
  try {
    return service.method(name);
  } catch (error) {
    throw withMethods(toUsageError(error), idl, name, suffix);
  }
}

/** More than these would not help. */
const MAX_SHOWN_METHODS = 3;

/** The error with a hint at the methods of the file with that name, unless it has a hint or there are none. */
function withMethods(error: unknown, idl: Idl, name: string, suffix: string): unknown {
  if (!(error instanceof UsageError) || /[\n?]/.test(error.message)) return error;
  // A method belongs to the services that inherit it too; one of them is enough.
  const paths = new Map<MethodDescriptor, string>();
  for (const service of idl.services.values()) {
    const method = service.methods.find((candidate) => candidate.name === name);
    if (method !== undefined && !paths.has(method)) paths.set(method, `\`${service.name}.${name}${suffix}\``);
  }
  if (paths.size === 0) return error;
  const shown = [...paths.values()].slice(0, MAX_SHOWN_METHODS).join(" or ");
  return new UsageError(`${error.message}; did you mean ${shown}?`, { cause: error });
}

/** What the library calls a text that is in no file. */
const EXPRESSION_FILE = "<type>";

/** Errors about the TYPE are the command line's, not the IDL's, although the library finds them. */
function toUsageError(error: unknown): unknown {
  if (error instanceof IdlError) {
    const [first] = error.diagnostics;
    if (first === undefined) return new UsageError(error.message, { cause: error });
    const place = `${first.fileName}:${first.line}:${first.column}: `;
    const [problem = "", source = "", caret = "", ...notes] = first.message.split("\n");
    // The library shows the text as if it were a file.
    const message = problem.startsWith(place) ? problem.slice(place.length) : problem;
    const lines = [message.replace("the end of the file", "the end")];
    // For a plain name the caret would only point at the name that the message already has.
    if (first.fileName === EXPRESSION_FILE && /[^\w.]/.test(first.lineText)) lines.push(source, caret);
    lines.push(...notes);
    return new UsageError(lines.join("\n"), { cause: error });
  }
  if (isThriftError(error)) return new UsageError(error.message, { cause: error });
  return error;
}
