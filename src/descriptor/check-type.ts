import { ThriftError } from "../errors.ts";
import { kindOf } from "../options.ts";
import type { EnumDescriptor, ScalarDescriptor, StructDescriptor, TypeDescriptor } from "./types.ts";

/** What is inside a type of each kind, by the members of its descriptor; `function` for those that are methods. */
const PARTS: Readonly<Record<TypeDescriptor["kind"], Readonly<Record<string, "type" | "function">>>> = {
  bool: {},
  byte: {},
  i16: {},
  i32: {},
  i64: {},
  double: {},
  string: {},
  binary: {},
  uuid: {},
  enum: { nameOf: "function" },
  list: { element: "type" },
  set: { element: "type" },
  map: { key: "type", value: "type" },
  struct: { fieldById: "function" },
};

/** Throws `INVALID_OPTION` unless the first argument of `caller` is a type. */
export function checkType(caller: string, type: unknown): asserts type is TypeDescriptor {
  if (isType(type)) return;
  throw new ThriftError(
    "INVALID_OPTION",
    `${caller}: the first argument must be a type, such as idl.struct("Name") or idl.type("list<Name>"), got ${kindOf(type)}`,
  );
}

/** Whether a value has the form of a struct, which most types are that calls get: a tenth of `checkType`'s time. */
export function isStruct(type: unknown): boolean {
  if (typeof type !== "object" || type === null) return false;
  const { kind, fieldById } = type as Partial<StructDescriptor>;
  return kind === "struct" && typeof fieldById === "function";
}

/** Other types that have been looked at. */
const known: WeakSet<object> = /* @__PURE__ */ new WeakSet();

/** Whether a value has the form of a descriptor, as far as its fields, which are made on first use. */
function isType(value: unknown): boolean {
  if (isStruct(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  if (known.has(value)) return true;
  // A Set iterates over members that are added meanwhile, and ends where containers contain themselves.
  const types = new Set<unknown>([value]);
  for (const type of types) {
    if (typeof type !== "object" || type === null) return false;
    const members = type as Readonly<Record<string, unknown>>;
    const { kind, ttype } = members;
    if (typeof kind !== "string" || !Object.hasOwn(PARTS, kind) || typeof ttype !== "number") return false;
    for (const [name, form] of Object.entries(PARTS[kind as TypeDescriptor["kind"]])) {
      if (form === "type") types.add(members[name]);
      else if (typeof members[name] !== form) return false;
    }
  }
  known.add(value);
  return true;
}

/** Whether values of a type hold no others. */
export function isScalar(type: TypeDescriptor): type is ScalarDescriptor | EnumDescriptor {
  return type.kind !== "struct" && type.kind !== "list" && type.kind !== "set" && type.kind !== "map";
}
