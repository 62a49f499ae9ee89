import type { FormatStep } from "../path/format.ts";
import { createReader } from "../wire/protocols.ts";
import {
  ENUM_INDEX,
  HEADER_COMPACT,
  KIND_BINARY,
  KIND_BOOL,
  KIND_BYTE,
  KIND_DOUBLE,
  KIND_ENUM,
  KIND_I16,
  KIND_I32,
  KIND_I64,
  KIND_STRING,
  NODE_A,
  NODE_KIND,
  type Program,
} from "./program.ts";

/** Bytes of a binary key that errors may show. */
const SHOWN_KEY_SIZE = 32;

/**
 * The step of an error's path for an encoded map key at `start`; `undefined` when it is not all there, or wrong
 * itself, or of a type that paths do not show.
 */
export function keyStep(
  program: Program,
  keyNode: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): FormatStep | undefined {
  const { code } = program;
  try {
    const reader = createReader(code[HEADER_COMPACT] === 1 ? "compact" : "binary", bytes, { start, end });
    switch (code[keyNode + NODE_KIND]) {
      case KIND_BOOL:
        return { key: reader.readBool() };
      case KIND_BYTE:
        return { key: reader.readByte() };
      case KIND_I16:
        return { key: reader.readI16() };
      case KIND_I32:
        return { key: reader.readI32() };
      case KIND_ENUM: {
        const value = reader.readI32();
        const type = program.enums[code[code[keyNode + NODE_A]! + ENUM_INDEX]!]!;
        return { key: type.nameOf(value) ?? value };
      }
      case KIND_I64:
        return { key: reader.readI64() };
      case KIND_DOUBLE:
        return { key: reader.readDouble() };
      case KIND_STRING:
        return { key: reader.readString() };
      case KIND_BINARY:
        return { key: reader.readBinary().slice(0, SHOWN_KEY_SIZE) };
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
