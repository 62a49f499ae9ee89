import { ByteWriter } from "../pool/byte-writer.ts";
import { createReader, createWriter } from "../wire/protocols.ts";
import type { WireReader } from "../wire/reader.ts";
import { type Protocol, TType } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";
import type { WireWriter } from "../wire/writer.ts";
import type { EncodedValue } from "./encoded-value.ts";

/** Transcoding and editing recurse: deeper limits than this would meet the end of the call stack instead. */
export const MAX_RECURSION = 512;

/** The encoded value of a node in a protocol: its own bytes, borrowed, or transcoded ones. */
export function bytesIn(node: EncodedValue, protocol: Protocol): Uint8Array {
  if (node.protocol === protocol) return node.bytes;
  const { bytes, limits } = node;
  const output = new ByteWriter({ maxSize: limits.maxOutputSize });
  const maxDepth = Math.min(limits.maxDepth, MAX_RECURSION);
  const reader = createReader(node.protocol, bytes, { limits: { ...limits, maxDepth } });
  copyValue(reader, createWriter(protocol, output), node.type);
  if (reader.position < bytes.length) {
    throw new WireError("TRAILING_DATA", "more bytes behind the end of the value", {
      offset: reader.position,
    });
  }
  return output.toBytes();
}

function copyValue(reader: WireReader, writer: WireWriter, type: TType): void {
  switch (type) {
    case TType.BOOL:
      return writer.writeBool(reader.readBool());
    case TType.BYTE:
      return writer.writeByte(reader.readByte());
    case TType.I16:
      return writer.writeI16(reader.readI16());
    case TType.I32:
      return writer.writeI32(reader.readI32());
    case TType.I64:
      return writer.writeI64(reader.readI64());
    case TType.DOUBLE:
      return writer.writeDouble(reader.readDouble());
    case TType.STRING:
      return writer.writeBinary(reader.readBinary());
    case TType.UUID:
      return writer.writeUuid(reader.readUuid());
    case TType.STRUCT:
      return copyStruct(reader, writer);
    case TType.LIST:
    case TType.SET:
      return copyList(reader, writer);
    case TType.MAP:
      return copyMap(reader, writer);
    default:
      throw new WireError("INVALID_TYPE", `${type} is not a type of the protocol`, {
        offset: reader.position,
      });
  }
}

function copyStruct(reader: WireReader, writer: WireWriter): void {
  reader.readStructBegin();
  writer.writeStructBegin();
  for (let type = reader.readFieldBegin(); type !== TType.STOP; type = reader.readFieldBegin()) {
    writer.writeFieldBegin(type, reader.fieldId);
    copyValue(reader, writer, type);
  }
  reader.readStructEnd();
  writer.writeStructEnd();
}

function copyList(reader: WireReader, writer: WireWriter): void {
  reader.readListBegin();
  const { elementType, length } = reader;
  writer.writeListBegin(elementType, length);
  for (let i = 0; i < length; i++) copyValue(reader, writer, elementType);
  reader.readListEnd();
}

function copyMap(reader: WireReader, writer: WireWriter): void {
  reader.readMapBegin();
  const { keyType, elementType, length } = reader;
  writer.writeMapBegin(keyType, elementType, length);
  for (let i = 0; i < length; i++) {
    copyValue(reader, writer, keyType);
    copyValue(reader, writer, elementType);
  }
  reader.readMapEnd();
}
