import { checkBytes } from "../bytes/is-bytes.ts";
import { ThriftError } from "../errors.ts";
import { checkOptions, oneOf } from "../options.ts";
import { type ByteWriter, checkWriter } from "../pool/byte-writer.ts";
import { type Limits, MAX_RECURSION, type ResolvedLimits, resolveLimits } from "./limits.ts";
import { createReader, createWriter } from "./protocols.ts";
import type { WireReader } from "./reader.ts";
import { checkValueType, PROTOCOLS, type Protocol, TType } from "./ttype.ts";
import { WireError } from "./wire-error.ts";
import type { WireWriter } from "./writer.ts";

export interface TranscodeOptions {
  /** The protocol that the bytes are in. */
  readonly from: Protocol;
  /** The protocol to write. */
  readonly to: Protocol;
  /** `maxDepth`, at most 512, `maxSize` and `maxLength` apply. */
  readonly limits?: Limits;
}

const OPTION_NAMES: readonly string[] = ["from", "to", "limits"] satisfies (keyof TranscodeOptions)[];

/**
 * Appends a value of a wire type to `output` in another protocol. Everything is kept, whatever an IDL knows of it.
 * Throws `WireError` for bytes that are no such value, with `TRAILING_DATA` for more behind it, and `ThriftError`:
 * `INVALID_OPTION`, `LIMIT_EXCEEDED` beyond the writer's size. Then `output` is as it was.
 */
export function transcode(
  bytes: Uint8Array,
  type: TType,
  options: TranscodeOptions,
  output: ByteWriter,
): void {
  checkBytes("transcode", bytes);
  checkValueType(type);
  if (options === undefined) failOptions("the options `from` and `to` are missing");
  checkOptions("transcode", options, OPTION_NAMES);
  const from = oneOf("from", options.from, PROTOCOLS) ?? failOptions("the option `from` is missing");
  const to = oneOf("to", options.to, PROTOCOLS) ?? failOptions("the option `to` is missing");
  const limits = resolveLimits(options.limits);
  checkWriter("transcode", output);
  const start = output.length;
  try {
    copyEncoded(bytes, type, from, to, limits, output);
  } catch (error) {
    output.truncate(start);
    throw error;
  }
}

function failOptions(problem: string): never {
  throw new ThriftError("INVALID_OPTION", `transcode: ${problem}`);
}

/** `transcode` for callers that have checked everything; after an error `output` keeps what was written. */
export function copyEncoded(
  bytes: Uint8Array,
  type: TType,
  from: Protocol,
  to: Protocol,
  limits: ResolvedLimits,
  output: ByteWriter,
): void {
  const reader = createReader(from, bytes, {
    limits: { ...limits, maxDepth: Math.min(limits.maxDepth, MAX_RECURSION) },
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
