import { isBytes } from "../bytes/is-bytes.ts";
import { uuidOf } from "../bytes/uuid.ts";
import { oneOf } from "../options.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { DEFAULT_LIMITS } from "../wire/limits.ts";
import { createWriter } from "../wire/protocols.ts";
import { type Protocol, TType, typeName } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";
import type { WireWriter } from "../wire/writer.ts";
import { EncodedValue } from "./encoded-value.ts";
import type { ThriftNode } from "./thrift-node.ts";
import { bytesIn } from "./transcode.ts";

/** A node, or a JavaScript value that a scalar of the wanted type is made of. */
export type NodeInput = ThriftNode | boolean | number | bigint | string | Uint8Array;

/** The encoded value that `write` writes. */
export function encode(protocol: Protocol, type: TType, write: (writer: WireWriter) => void): EncodedValue {
  oneOf("protocol", protocol, ["binary", "compact"]);
  const output = new ByteWriter();
  write(createWriter(protocol, output));
  const bytes = output.toBytes();
  return new EncodedValue(protocol, type, bytes, 0, bytes.length, DEFAULT_LIMITS);
}

/**
 * Writes a value of the wire type `type`. Throws `TYPE_MISMATCH` for one of another kind, `OUT_OF_RANGE` for a number
 * that the type cannot hold, `INVALID_UTF8`, `INVALID_VALUE` for text that is no uuid.
 */
export function writeInput(writer: WireWriter, type: TType, value: NodeInput | EncodedValue): void {
  if (value instanceof EncodedValue) {
    if (value.type !== type)
      throw mismatch(`a value of type ${typeName(type)}`, `one of type ${typeName(value.type)}`);
    writer.output.append(bytesIn(value, writer.protocol));
    return;
  }
  switch (type) {
    case TType.BOOL:
      if (typeof value !== "boolean") throw mismatch("a boolean", kindOf(value));
      return writer.writeBool(value);
    case TType.BYTE:
      return writer.writeByte(numberOf(value));
    case TType.I16:
      return writer.writeI16(numberOf(value));
    case TType.I32:
      return writer.writeI32(numberOf(value));
    case TType.I64:
      return writer.writeI64(typeof value === "bigint" ? value : integerOf(value));
    case TType.DOUBLE:
      if (typeof value !== "number") throw mismatch("a number", kindOf(value));
      return writer.writeDouble(value);
    case TType.STRING:
      if (typeof value === "string") return writer.writeString(value);
      if (!isBytes(value)) throw mismatch("a string or a Uint8Array", kindOf(value));
      return writer.writeBinary(value);
    case TType.UUID: {
      if (isBytes(value)) return writer.writeUuid(value);
      if (typeof value !== "string") throw mismatch("the text of a uuid or a Uint8Array", kindOf(value));
      const uuid = uuidOf(value);
      if (uuid === undefined)
        throw new WireError("INVALID_VALUE", "the text is not a uuid in its canonical form");
      return writer.writeUuid(uuid);
    }
    default:
      throw mismatch(`a node of type ${typeName(type)}`, kindOf(value));
  }
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw mismatch("a number", kindOf(value));
}

function integerOf(value: unknown): bigint {
  if (typeof value !== "number") throw mismatch("a bigint or a number", kindOf(value));
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new WireError("OUT_OF_RANGE", "a number that is no integer of at most 2^53 does not fit i64");
}

function mismatch(expected: string, found: string): WireError {
  return new WireError("TYPE_MISMATCH", `expected ${expected}, got ${found}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object of another kind" : `a ${typeof value}`;
}
