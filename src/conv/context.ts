import type { JsonToThriftContext, ThriftToJsonContext } from "../descriptor/mapping.ts";
import type { FieldDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";

/**
 * What differs from message to message. Options never do: they are fixed when a converter is made.
 */
export interface CallContext {
  /**
   * Thrift base (`base.Base`, `base.BaseResp`). JSON→Thrift: written into the request's base field, merged
   * with the base that the JSON has (see `mergeBase`), which is converted as it would be without this one.
   * Thrift→JSON: receives the members of the response's base field, which then stays out of the JSON. Ignored
   * where the type has no such field.
   */
  readonly base?: ThriftBase;
  /** JSON→Thrift: supplies fields with HTTP mappings from elsewhere than the JSON. */
  readonly source?: FieldSource;
  /** Thrift→JSON: takes fields with HTTP mappings out of the JSON. */
  readonly sink?: FieldSink;
}

/**
 * The members of a base struct by field name, never by alias. Given: every form that `encodeLiteral` takes. Received:
 * forms that it takes back, whatever form the options give values in JSON: i64 as `bigint`, binary as `Uint8Array`,
 * enums as numbers, sets as `Set`; maps as plain objects, but as `Map` where their keys are binary, structs or
 * containers.
 */
export type ThriftBase = Record<string, unknown>;

/** Where the values of fields with HTTP mappings come from. Implemented by the HTTP layer. */
export interface FieldSource {
  /**
   * The encoded value of `field` (no field header, in `context.protocol`), or `undefined` when the source has
   * none. Called once per field with HTTP mappings when its struct begins, before its JSON is read. A value
   * from the source wins over one in the JSON.
   */
  read(field: FieldDescriptor, context: JsonToThriftContext): Uint8Array | undefined;
  /** Whether the JSON may supply `field` when the source has no value. Where not, its JSON is skipped. */
  allowsBody(field: FieldDescriptor): boolean;
}

/** Where the values of fields with HTTP mappings go. Implemented by the HTTP layer. */
export interface FieldSink {
  /** Whether `field` may go elsewhere than the JSON; asked first, so that nothing is gathered in vain. */
  accepts(field: FieldDescriptor): boolean;
  /** Takes the encoded value (borrowed, no field header). `false` leaves the field in the JSON. */
  write(field: FieldDescriptor, value: Uint8Array, context: ThriftToJsonContext): boolean;
}

/**
 * A tree of rules that hides parts of a message from a conversion. A skipped field is treated like an unknown
 * one that nobody minds: its value is passed over, and it is not missing when absent.
 */
export interface MaskTree {
  /** Rules for the fields of a struct, by field id. Every id must be that of a field. */
  readonly fields: ReadonlyMap<number, MaskRule>;
  /** The rule for fields that `fields` does not name. */
  readonly otherFields: "keep" | "skip";
}

/**
 * `keep` all, `skip` all, or look deeper. A value that is no field of a struct cannot be skipped: at the root `skip`
 * empties structs, and is an error where there are none. A tree on a container applies to the structs that it holds as elements or map
 * values, also through containers inside it; structs that are map keys are kept whole.
 */
export type MaskRule = "keep" | "skip" | MaskTree;

/**
 * Kitex's rule: members of the call win over those of the JSON; the entries of `Extra` are merged the same way, which may
 * be any form of a map that `encodeLiteral` takes, and is a plain object then. Throws `INVALID_OPTION` for a base that is
 * no object.
 */
export function mergeThriftBase(fromJson: ThriftBase, fromCall: ThriftBase): ThriftBase {
  if (!isPlainObject(fromJson) || !isPlainObject(fromCall)) {
    throw new ThriftError("INVALID_OPTION", "mergeThriftBase: both bases must be objects");
  }
  const merged: ThriftBase = { ...fromJson, ...fromCall };
  const entries = namedEntries(fromCall.Extra);
  if (isPlainObject(fromJson.Extra) && entries !== undefined) {
    merged.Extra = { ...fromJson.Extra, ...Object.fromEntries(entries) };
  }
  return merged;
}

/** The entries of a map in any form whose keys have property names, else `undefined`. */
function namedEntries(map: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (isPlainObject(map)) return Object.entries(map);
  const pairs: unknown = map instanceof Map ? [...map] : map;
  if (!Array.isArray(pairs)) return undefined;
  const named = pairs.filter(
    (pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] !== "object",
  );
  return named.length < pairs.length ? undefined : named.map(([key, value]) => [String(key), value]);
}

/** An object whose properties are what it is about: no array, `Map`, `Set` or bytes. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(Symbol.iterator in value);
}
