import { ThriftError } from "../errors.ts";
import { checkOptions, kindOf } from "../options.ts";
import { type CallContext, isPlainObject } from "./context.ts";

/** Throws `INVALID_OPTION` for an input that is not what the converter takes. */
export function failInput(caller: string, expected: string, input: unknown): never {
  throw new ThriftError("INVALID_OPTION", `${caller}: the input must be ${expected}, got ${kindOf(input)}`);
}

const CALL_MEMBERS: readonly string[] = ["base", "source", "sink"];

/** Throws `INVALID_OPTION` for a call context with unknown members or members of the wrong form. */
export function checkCall(caller: string, call: CallContext): void {
  checkOptions(caller, call, CALL_MEMBERS);
  const { base, source, sink } = call;
  if (base !== undefined && !isPlainObject(base)) fail(caller, "base", "an object of members by field name");
  if (source !== undefined && !hasMethods(source, ["read", "allowsBody"])) {
    fail(caller, "source", "a FieldSource");
  }
  if (sink !== undefined && !hasMethods(sink, ["accepts", "write"])) fail(caller, "sink", "a FieldSink");
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  const object = Object(value) as Readonly<Record<string, unknown>>;
  return names.every((name) => typeof object[name] === "function");
}

function fail(caller: string, member: string, expected: string): never {
  throw new ThriftError("INVALID_OPTION", `${caller}: \`${member}\` of the call must be ${expected}`);
}
