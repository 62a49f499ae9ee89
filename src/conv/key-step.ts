import { decodeUtf8 } from "../bytes/utf8.ts";
import { uuidText } from "../bytes/uuid.ts";
import type { FormatStep } from "../path/format.ts";
import { createReader } from "../wire/protocols.ts";
import type { Protocol } from "../wire/ttype.ts";
import { readVarint32, VARINT_OVERFLOW, varintSize, varintValue } from "../wire/varint.ts";
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
  KIND_UUID,
  NODE_A,
  NODE_KIND,
  type Program,
} from "./program.ts";

/** Bytes of an encoded key that are enough for any path. */
export const SHOWN_KEY_SIZE = 256;

/**
 * The step of an error's path for an encoded map key at the start of `bytes`, which may go on behind it.
 * `undefined` when it is not all there, or wrong itself, or of a type that paths do not show. Of a string the
 * first bytes are enough.
 */
export function keyStep(program: Program, keyNode: number, bytes: Uint8Array): FormatStep | undefined {
  const { code } = program;
  const protocol = code[HEADER_COMPACT] === 1 ? "compact" : "binary";
  try {
    const reader = createReader(protocol, bytes);
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
        return { key: decodeUtf8(contentOf(bytes, protocol)) };
      case KIND_BINARY:
        return { key: contentOf(bytes, protocol) };
      case KIND_UUID:
        return { key: uuidText(reader.readUuid()) };
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/** The content of a string that `bytes` start with, or of what is there of it as much as paths show. */
function contentOf(bytes: Uint8Array, protocol: Protocol): Uint8Array {
  if (protocol === "binary") {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
    return bytes.subarray(4, 4 + Math.min(size, SHOWN_KEY_SIZE));
  }
  const packed = readVarint32(bytes, 0, bytes.length);
  if (packed === VARINT_OVERFLOW) throw new RangeError("no size of a string");
  const start = varintSize(packed);
  return bytes.subarray(start, start + Math.min(varintValue(packed), SHOWN_KEY_SIZE));
}
