import type { TypeDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { describe } from "../options.ts";

const KINDS: ReadonlySet<string> = new Set([
  "bool",
  "byte",
  "i16",
  "i32",
  "i64",
  "double",
  "string",
  "binary",
  "uuid",
  "enum",
  "list",
  "set",
  "map",
  "struct",
] satisfies TypeDescriptor["kind"][]);

/** Throws `INVALID_OPTION` unless the first argument of a converter is a type. */
export function checkType(caller: string, type: unknown): asserts type is TypeDescriptor {
  if (typeof type === "object" && type !== null && "kind" in type && KINDS.has(String(type.kind))) return;
  const found = typeof type === "string" ? `the text ${describe(type)}` : describe(type);
  throw new ThriftError(
    "INVALID_OPTION",
    `${caller}: the first argument must be a type, such as idl.struct("Name") or idl.type("list<Name>"), got ${found}`,
  );
}

/** Whether the value is a `Uint8Array`, from any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === "Uint8Array")
  );
}

/** Throws `INVALID_OPTION` for an input that is not what the converter takes. */
export function failInput(caller: string, expected: string, input: unknown): never {
  throw new ThriftError("INVALID_OPTION", `${caller}: the input must be ${expected}, got ${describe(input)}`);
}
