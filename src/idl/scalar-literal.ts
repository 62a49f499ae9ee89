import { encodeUtf8, isWellFormed } from "../bytes/utf8.ts";
import type { EnumDescriptor, LiteralValue, ScalarDescriptor } from "../descriptor/types.ts";
import type { DoubleConstNode, IntConstNode, StringConstNode } from "./ast.ts";
import { brief } from "./brief.ts";

/** A value, or why there is none; `warning` where the tools accept it but do not agree on it. */
export type ScalarResult =
  | { readonly value: LiteralValue; readonly warning?: string }
  | { readonly problem: string };

const RANGES = {
  byte: [-(2n ** 7n), 2n ** 7n - 1n],
  i16: [-(2n ** 15n), 2n ** 15n - 1n],
  i32: [-(2n ** 31n), 2n ** 31n - 1n],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

/** Whether `value` can be the number of an enum member. */
export function fitsI32(value: bigint): boolean {
  return value >= RANGES.i32[0] && value <= RANGES.i32[1];
}

/** The value of a literal number or string for a scalar type or an enum. */
export function scalarLiteral(
  node: IntConstNode | DoubleConstNode | StringConstNode,
  type: ScalarDescriptor | EnumDescriptor,
): ScalarResult {
  switch (node.kind) {
    case "int":
      return fromInteger(node.value, type);
    case "double":
      return fromDouble(node.value, type);
    case "string":
      return fromText(node.value, type);
  }
}

/** An integer as a value of `type`; also for enum members and `true` or `false` where numbers are wanted. */
export function fromInteger(value: bigint, type: ScalarDescriptor | EnumDescriptor): ScalarResult {
  switch (type.kind) {
    case "bool":
      // Both compilers take every positive number for true.
      return value === 0n || value === 1n
        ? { value: value === 1n }
        : { value: value > 0n, warning: `${value} is taken as ${value > 0n} here` };
    case "byte":
    case "i16":
    case "i32":
    case "i64": {
      const [min, max] = RANGES[type.kind];
      if (value < min || value > max) {
        return { problem: `${value} is out of range for ${type.name} (${min} to ${max})` };
      }
      return { value: type.kind === "i64" ? value : Number(value) };
    }
    case "double":
      return { value: Number(value) };
    case "enum": {
      if (!fitsI32(value)) {
        return { problem: `${value} is out of range for an enum (${RANGES.i32[0]} to ${RANGES.i32[1]})` };
      }
      const number = Number(value);
      return type.nameOf(number) === undefined
        ? { value: number, warning: brief`enum \`${type.name}\` has no member with the number ${number}` }
        : { value: number };
    }
    default:
      return { problem: `a number cannot be a value of type ${type.name}` };
  }
}

function fromDouble(value: number, type: ScalarDescriptor | EnumDescriptor): ScalarResult {
  if (type.kind !== "double") {
    return { problem: brief`a number with a fraction or an exponent cannot be a value of type ${type.name}` };
  }
  return Number.isFinite(value) ? { value } : { problem: "the number is out of range for double" };
}

function fromText(text: string, type: ScalarDescriptor | EnumDescriptor): ScalarResult {
  switch (type.kind) {
    case "string":
    case "binary":
      if (!isWellFormed(text)) {
        return { problem: "the string has half of a surrogate pair" };
      }
      return { value: type.kind === "string" ? text : encodeUtf8(text) };
    case "uuid":
      return fromUuid(text);
    default:
      return { problem: brief`a string cannot be a value of type ${type.name}` };
  }
}

/** As Apache Thrift, also with braces around: `{01234567-89ab-cdef-0123-456789abcdef}`. */
const UUID = /^(\{)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(\})?$/i;

function fromUuid(text: string): ScalarResult {
  const match = UUID.exec(text);
  const [, open, digits, close] = match ?? [];
  return digits === undefined || (open === undefined) !== (close === undefined)
    ? { problem: "the string is not a uuid such as 01234567-89ab-cdef-0123-456789abcdef" }
    : { value: digits.toLowerCase() };
}
