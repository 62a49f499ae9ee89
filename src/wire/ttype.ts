import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import { describe, kindOf } from "../options.ts";

/**
 * The wire types of Thrift, by the numbers of the binary protocol. The compact protocol has its own numbers
 * for the same types (`COMPACT_TYPE_OF`); everything above the wire layer speaks these.
 * Source: apache/thrift `doc/specs/thrift-binary-protocol.md`.
 */
export const TType = {
  STOP: 0,
  VOID: 1,
  BOOL: 2,
  BYTE: 3,
  DOUBLE: 4,
  I16: 6,
  I32: 8,
  I64: 10,
  STRING: 11,
  STRUCT: 12,
  MAP: 13,
  SET: 14,
  LIST: 15,
  UUID: 16,
} as const;

export type TType = (typeof TType)[keyof typeof TType];

/** The encodings that a message can have. */
export type Protocol = "binary" | "compact";

export const PROTOCOLS: readonly ["binary", "compact"] = ["binary", "compact"];

/** What the width tables say of a type byte that is no type of a value (also of STOP and VOID). */
export const NOT_A_TYPE = -1;

/**
 * Bytes of a value in the binary protocol by type byte: positive when all values of the type have that size,
 * 0 when the size is in the value, `NOT_A_TYPE` for all other bytes.
 */
export const BINARY_WIDTH: Int8Array = /* @__PURE__ */ table(256, NOT_A_TYPE, [
  [TType.BOOL, 1],
  [TType.BYTE, 1],
  [TType.DOUBLE, 8],
  [TType.I16, 2],
  [TType.I32, 4],
  [TType.I64, 8],
  [TType.STRING, 0],
  [TType.STRUCT, 0],
  [TType.MAP, 0],
  [TType.SET, 0],
  [TType.LIST, 0],
  [TType.UUID, 16],
]);

/**
 * The least bytes that a value takes in the binary protocol, by type byte; 0 for bytes that are no type. What
 * a declared length is checked against before anything is done with it.
 */
export const BINARY_MIN_SIZE: Int8Array = /* @__PURE__ */ table(256, 0, [
  [TType.BOOL, 1],
  [TType.BYTE, 1],
  [TType.DOUBLE, 8],
  [TType.I16, 2],
  [TType.I32, 4],
  [TType.I64, 8],
  [TType.STRING, 4], // the size
  [TType.STRUCT, 1], // the stop byte
  [TType.MAP, 6], // two types and the length
  [TType.SET, 5], // a type and the length
  [TType.LIST, 5],
  [TType.UUID, 16],
]);

/**
 * The numbers of the compact protocol. In a field header the two booleans are the value itself; as the type of
 * elements, both mean bool.
 * Source: apache/thrift `doc/specs/thrift-compact-protocol.md`.
 */
export const CompactType = {
  STOP: 0,
  TRUE: 1,
  FALSE: 2,
  BYTE: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  STRING: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
  UUID: 13,
} as const;

/** The compact type of a `TType`, 0 where there is none. For bool it is FALSE, the type of bool elements. */
export const COMPACT_TYPE_OF: Int8Array = /* @__PURE__ */ table(256, 0, [
  [TType.BOOL, CompactType.FALSE],
  [TType.BYTE, CompactType.BYTE],
  [TType.DOUBLE, CompactType.DOUBLE],
  [TType.I16, CompactType.I16],
  [TType.I32, CompactType.I32],
  [TType.I64, CompactType.I64],
  [TType.STRING, CompactType.STRING],
  [TType.STRUCT, CompactType.STRUCT],
  [TType.MAP, CompactType.MAP],
  [TType.SET, CompactType.SET],
  [TType.LIST, CompactType.LIST],
  [TType.UUID, CompactType.UUID],
]);

/** The `TType` of a compact type nibble, `NOT_A_TYPE` for the nibbles 0, 14 and 15. */
export const TTYPE_OF_COMPACT: Int8Array = /* @__PURE__ */ table(16, NOT_A_TYPE, [
  [CompactType.TRUE, TType.BOOL],
  [CompactType.FALSE, TType.BOOL],
  [CompactType.BYTE, TType.BYTE],
  [CompactType.I16, TType.I16],
  [CompactType.I32, TType.I32],
  [CompactType.I64, TType.I64],
  [CompactType.DOUBLE, TType.DOUBLE],
  [CompactType.STRING, TType.STRING],
  [CompactType.LIST, TType.LIST],
  [CompactType.SET, TType.SET],
  [CompactType.MAP, TType.MAP],
  [CompactType.STRUCT, TType.STRUCT],
  [CompactType.UUID, TType.UUID],
]);

/**
 * Bytes of a value in the compact protocol by `TType`, outside field headers: positive when all values of the
 * type have that size, 0 when the size is in the value, `NOT_A_TYPE` for what is no type of a value.
 */
export const COMPACT_WIDTH: Int8Array = /* @__PURE__ */ table(256, NOT_A_TYPE, [
  [TType.BOOL, 1],
  [TType.BYTE, 1],
  [TType.DOUBLE, 8],
  [TType.I16, 0],
  [TType.I32, 0],
  [TType.I64, 0],
  [TType.STRING, 0],
  [TType.STRUCT, 0],
  [TType.MAP, 0],
  [TType.SET, 0],
  [TType.LIST, 0],
  [TType.UUID, 16],
]);

/** The least bytes that a value takes in the compact protocol, by `TType`; 0 for what is no type. */
export const COMPACT_MIN_SIZE: Int8Array = /* @__PURE__ */ table(256, 0, [
  [TType.BOOL, 1],
  [TType.BYTE, 1],
  [TType.DOUBLE, 8],
  [TType.I16, 1],
  [TType.I32, 1],
  [TType.I64, 1],
  [TType.STRING, 1],
  [TType.STRUCT, 1],
  [TType.MAP, 1],
  [TType.SET, 1],
  [TType.LIST, 1],
  [TType.UUID, 16],
]);

/** Whether a byte is the type of a value: every `TType` but STOP and VOID. */
export function isValueType(type: number): type is TType {
  return (BINARY_WIDTH[type] ?? NOT_A_TYPE) !== NOT_A_TYPE;
}

/** Throws `INVALID_OPTION` unless `type` is the wire type of a value. */
export function checkValueType(type: unknown): asserts type is TType {
  if (typeof type !== "number" || !isValueType(type)) {
    // Not any number: it may be the value, in the wrong place.
    const shown = typeof type === "number" && (type & 0xff) === type ? String(type) : kindOf(type);
    throw new ThriftError("INVALID_OPTION", `${shown} is the wire type of no value; see TType`);
  }
}

/** Throws `INVALID_OPTION` unless the protocol that `caller` has been given is one. */
export function checkProtocol(caller: string, protocol: unknown): asserts protocol is Protocol {
  if (protocol === "binary" || protocol === "compact") return;
  const message = `${caller}: the protocol must be "binary" or "compact", got ${describe(protocol)}`;
  throw new ThriftError(
    "INVALID_OPTION",
    typeof protocol === "string" ? withHint(message, protocol, PROTOCOLS) : message,
  );
}

/** The IDL's word for a wire type, for messages: `i32`, `string`; `type 99` for what is none. */
export function typeName(type: number): string {
  return TYPE_NAMES[type] ?? `type ${type}`;
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [TType.STOP]: "stop",
  [TType.VOID]: "void",
  [TType.BOOL]: "bool",
  [TType.BYTE]: "byte",
  [TType.DOUBLE]: "double",
  [TType.I16]: "i16",
  [TType.I32]: "i32",
  [TType.I64]: "i64",
  [TType.STRING]: "string",
  [TType.STRUCT]: "struct",
  [TType.MAP]: "map",
  [TType.SET]: "set",
  [TType.LIST]: "list",
  [TType.UUID]: "uuid",
};

function table(size: number, fallback: number, entries: readonly (readonly [number, number])[]): Int8Array {
  const values = new Int8Array(size).fill(fallback);
  for (const [index, value] of entries) values[index] = value;
  return values;
}
