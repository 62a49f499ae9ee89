import { ThriftError } from "../errors.ts";
import { describe } from "../options.ts";
import type { TypeDescriptor } from "./types.ts";

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

/** Throws `INVALID_OPTION` unless the first argument of `caller` is a type. */
export function checkType(caller: string, type: unknown): asserts type is TypeDescriptor {
  if (typeof type === "object" && type !== null && "kind" in type && KINDS.has(String(type.kind))) return;
  const found = typeof type === "string" ? `the text ${describe(type)}` : describe(type);
  throw new ThriftError(
    "INVALID_OPTION",
    `${caller}: the first argument must be a type, such as idl.struct("Name") or idl.type("list<Name>"), got ${found}`,
  );
}
