import type { ByteWriter } from "../pool/byte-writer.ts";
import { type Limits, MAX_RECURSION, resolveLimits } from "./limits.ts";
import { createReader, createWriter } from "./protocols.ts";
import type { WireReader } from "./reader.ts";
import { type Protocol, TType } from "./ttype.ts";
import { WireError } from "./wire-error.ts";
import type { WireWriter } from "./writer.ts";

/**
 * Appends a value in another protocol. Everything is kept, whatever the IDL knows of it. Throws `WireError`, with
 * `TRAILING_DATA` for bytes behind the value, and `LIMIT_EXCEEDED` for more than 512 levels whatever `maxDepth` says;
 * `output` keeps what was written then.
 */
export function transcode(
  bytes: Uint8Array,
  type: TType,
  from: Protocol,
  to: Protocol,
  limits: Limits,
  output: ByteWriter,
): void {
  const all = resolveLimits(limits);
  const reader = createReader(from, bytes, {
    limits: { ...all, maxDepth: Math.min(all.maxDepth, MAX_RECURSION) },
  });
  copyValue(reader, createWriter(to, output), type);
  if (reader.position !== bytes.length) {
    throw new WireError("TRAILING_DATA", "the message goes on behind its root value", {
      offset: reader.position,
    });
  }
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
