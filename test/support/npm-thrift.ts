import thrift, { type TProtocol } from "thrift";
import type { SchemaModel, TypeModel, ValueModel } from "./schema.ts";

/**
 * Messages of the schema model through npm `thrift`, whose protocol objects are driven as its generated code
 * would drive them. Three of its bugs are stepped around: compact booleans inside containers are always read
 * as false, negative zero loses its sign, and i64 needs a wrapper that holds all 64 bits.
 */

const { Int64, TBinaryProtocol, TCompactProtocol, TFramedTransport, Thrift } = thrift;
const { Type } = Thrift;

export type ProtocolName = "binary" | "compact";

/** What the published types of the package lack. */
interface UuidProtocol {
  writeUuid(value: string): void;
  readUuid(): string;
}
type Protocol = TProtocol & UuidProtocol;
type ProtocolClass = new (transport: unknown) => Protocol;

const PROTOCOLS: Readonly<Record<ProtocolName, ProtocolClass>> = {
  binary: TBinaryProtocol as unknown as ProtocolClass,
  compact: TCompactProtocol as unknown as ProtocolClass,
};
const FRAME_HEADER_SIZE = 4;
const UUID_TTYPE = 16;

const TTYPES: Readonly<Record<TypeModel["kind"], number>> = {
  bool: Type.BOOL,
  byte: Type.BYTE,
  i16: Type.I16,
  i32: Type.I32,
  i64: Type.I64,
  double: Type.DOUBLE,
  string: Type.STRING,
  binary: Type.STRING,
  uuid: UUID_TTYPE,
  enum: Type.I32,
  list: Type.LIST,
  set: Type.SET,
  map: Type.MAP,
  struct: Type.STRUCT,
};

/** The bytes of a value. */
export function encodeWithNpmThrift(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  name: ProtocolName,
): Uint8Array {
  let bytes = new Uint8Array();
  const transport = new TFramedTransport(undefined, (frame) => {
    bytes = Uint8Array.from(frame!.subarray(FRAME_HEADER_SIZE));
  });
  const protocol = new PROTOCOLS[name](transport);
  writeValue(protocol, name, schema, type, value);
  protocol.flush();
  return bytes;
}

function writeValue(
  protocol: Protocol,
  name: ProtocolName,
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
): void {
  const write = (inner: TypeModel, element: ValueModel): void =>
    writeValue(protocol, name, schema, inner, element);
  switch (type.kind) {
    case "bool":
      return protocol.writeBool(value as boolean);
    case "byte":
      return protocol.writeByte(value as number);
    case "i16":
      return protocol.writeI16(value as number);
    case "i32":
    case "enum":
      return protocol.writeI32(value as number);
    case "i64":
      return protocol.writeI64(toInt64(value as bigint));
    case "double":
      return writeDouble(protocol, name, value as number);
    case "string":
      return protocol.writeString(value as string);
    case "binary":
      return protocol.writeBinary(Buffer.from(value as Uint8Array));
    case "uuid":
      return protocol.writeUuid(value as string);
    case "list":
    case "set": {
      const elements = value as readonly ValueModel[];
      if (type.kind === "list") protocol.writeListBegin(TTYPES[type.element.kind], elements.length);
      else protocol.writeSetBegin(TTYPES[type.element.kind], elements.length);
      for (const element of elements) write(type.element, element);
      return type.kind === "list" ? protocol.writeListEnd() : protocol.writeSetEnd();
    }
    case "map": {
      const entries = value as readonly (readonly [ValueModel, ValueModel])[];
      protocol.writeMapBegin(TTYPES[type.key.kind], TTYPES[type.value.kind], entries.length);
      for (const [key, element] of entries) {
        write(type.key, key);
        write(type.value, element);
      }
      return protocol.writeMapEnd();
    }
    case "struct": {
      const struct = schema.structs.get(type.name)!;
      protocol.writeStructBegin(struct.name);
      for (const [fieldName, member] of value as ReadonlyMap<string, ValueModel>) {
        const field = struct.fields.find((candidate) => candidate.name === fieldName)!;
        protocol.writeFieldBegin(field.name, TTYPES[field.type.kind], field.id);
        write(field.type, member);
        protocol.writeFieldEnd();
      }
      protocol.writeFieldStop();
      return protocol.writeStructEnd();
    }
  }
}

function toInt64(value: bigint): InstanceType<typeof Int64> {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return new Int64(bytes);
}

function writeDouble(protocol: Protocol, name: ProtocolName, value: number): void {
  if (!Object.is(value, -0)) return protocol.writeDouble(value);
  const bytes = Buffer.alloc(8);
  if (name === "binary") bytes.writeDoubleBE(value);
  else bytes.writeDoubleLE(value);
  protocol.getTransport().write(bytes as never);
}

/** The value in the bytes. Unknown fields are skipped. */
export function decodeWithNpmThrift(
  schema: SchemaModel,
  type: TypeModel,
  bytes: Uint8Array,
  name: ProtocolName,
): ValueModel {
  const protocol = new PROTOCOLS[name](new TFramedTransport(Buffer.from(bytes)));
  return readValue(protocol, name, schema, type, false);
}

function readValue(
  protocol: Protocol,
  name: ProtocolName,
  schema: SchemaModel,
  type: TypeModel,
  inContainer: boolean,
): ValueModel {
  const readElement = (inner: TypeModel): ValueModel => readValue(protocol, name, schema, inner, true);
  switch (type.kind) {
    case "bool":
      return inContainer && name === "compact" ? protocol.readByte() === 1 : protocol.readBool();
    case "byte":
      return protocol.readByte();
    case "i16":
      return protocol.readI16();
    case "i32":
    case "enum":
      return protocol.readI32();
    case "i64": {
      const { buffer, offset } = protocol.readI64() as unknown as { buffer: Buffer; offset: number };
      return buffer.readBigInt64BE(offset);
    }
    case "double":
      return protocol.readDouble();
    case "string":
      return protocol.readString();
    case "binary":
      return Uint8Array.from(protocol.readBinary());
    case "uuid":
      return protocol.readUuid();
    case "list":
    case "set": {
      const { size } = type.kind === "list" ? protocol.readListBegin() : protocol.readSetBegin();
      return Array.from({ length: size }, () => readElement(type.element));
    }
    case "map": {
      const { size } = protocol.readMapBegin();
      return Array.from({ length: size }, () => [readElement(type.key), readElement(type.value)]);
    }
    case "struct": {
      const struct = schema.structs.get(type.name)!;
      const members = new Map<string, ValueModel>();
      protocol.readStructBegin();
      while (true) {
        const { ftype, fid } = protocol.readFieldBegin();
        if (ftype === Type.STOP) break;
        const field = struct.fields.find(({ id }) => id === fid);
        if (field === undefined) protocol.skip(ftype);
        else members.set(field.name, readValue(protocol, name, schema, field.type, false));
        protocol.readFieldEnd();
      }
      protocol.readStructEnd();
      return members;
    }
  }
}
