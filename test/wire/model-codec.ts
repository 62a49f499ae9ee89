import { readUuidText, writeUuidText } from "../../src/bytes/uuid.ts";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { createReader, createWriter } from "../../src/wire/protocols.ts";
import type { ResolvedReaderOptions, WireReader } from "../../src/wire/reader.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import type { WireWriter } from "../../src/wire/writer.ts";
import { fromUtf8, utf8 } from "../support/bytes.ts";
import type { SchemaModel, TypeModel, ValueModel } from "../support/schema.ts";

/** Values of the schema model through the library's readers and writers, driven by hand. */

const TTYPES: Readonly<Record<TypeModel["kind"], TType>> = {
  bool: TType.BOOL,
  byte: TType.BYTE,
  i16: TType.I16,
  i32: TType.I32,
  i64: TType.I64,
  double: TType.DOUBLE,
  string: TType.STRING,
  binary: TType.STRING,
  uuid: TType.UUID,
  enum: TType.I32,
  list: TType.LIST,
  set: TType.SET,
  map: TType.MAP,
  struct: TType.STRUCT,
};

export function encodeModel(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  protocol: Protocol,
): Uint8Array {
  const output = new ByteWriter({ capacity: 0 });
  writeModel(createWriter(protocol, output), schema, type, value);
  return output.toBytes();
}

function writeModel(writer: WireWriter, schema: SchemaModel, type: TypeModel, value: ValueModel): void {
  switch (type.kind) {
    case "bool":
      return writer.writeBool(value as boolean);
    case "byte":
      return writer.writeByte(value as number);
    case "i16":
      return writer.writeI16(value as number);
    case "i32":
    case "enum":
      return writer.writeI32(value as number);
    case "i64":
      return writer.writeI64(value as bigint);
    case "double":
      return writer.writeDouble(value as number);
    case "string":
      return writer.writeString(value as string);
    case "binary":
      return writer.writeBinary(value as Uint8Array);
    case "uuid": {
      const text = utf8(value as string);
      const uuid = new Uint8Array(16);
      readUuidText(text, 0, text.length, uuid, 0);
      return writer.writeUuid(uuid);
    }
    case "list":
    case "set": {
      const elements = value as readonly ValueModel[];
      writer.writeListBegin(TTYPES[type.element.kind], elements.length);
      for (const element of elements) writeModel(writer, schema, type.element, element);
      return;
    }
    case "map": {
      const entries = value as readonly (readonly [ValueModel, ValueModel])[];
      writer.writeMapBegin(TTYPES[type.key.kind], TTYPES[type.value.kind], entries.length);
      for (const [key, element] of entries) {
        writeModel(writer, schema, type.key, key);
        writeModel(writer, schema, type.value, element);
      }
      return;
    }
    case "struct": {
      const struct = schema.structs.get(type.name)!;
      writer.writeStructBegin();
      for (const [name, member] of value as ReadonlyMap<string, ValueModel>) {
        const field = struct.fields.find((candidate) => candidate.name === name)!;
        writer.writeFieldBegin(TTYPES[field.type.kind], field.id);
        writeModel(writer, schema, field.type, member);
      }
      return writer.writeStructEnd();
    }
  }
}

/** The value at the start of the bytes, and where it ends. */
export function decodeModel(
  schema: SchemaModel,
  type: TypeModel,
  bytes: Uint8Array,
  protocol: Protocol,
  options?: ResolvedReaderOptions,
): { value: ValueModel; position: number } {
  const reader = createReader(protocol, bytes, options);
  const value = readModel(reader, schema, type);
  return { value, position: reader.position };
}

function readModel(reader: WireReader, schema: SchemaModel, type: TypeModel): ValueModel {
  switch (type.kind) {
    case "bool":
      return reader.readBool();
    case "byte":
      return reader.readByte();
    case "i16":
      return reader.readI16();
    case "i32":
    case "enum":
      return reader.readI32();
    case "i64":
      return reader.readI64();
    case "double":
      return reader.readDouble();
    case "string":
      return reader.readString();
    case "binary":
      return Uint8Array.from(reader.readBinary());
    case "uuid": {
      const text = new Uint8Array(36);
      writeUuidText(reader.readUuid(), 0, text, 0);
      return fromUtf8(text);
    }
    case "list":
    case "set": {
      reader.readListBegin();
      const elements: ValueModel[] = [];
      for (let left = reader.length; left > 0; left--) elements.push(readModel(reader, schema, type.element));
      reader.readListEnd();
      return elements;
    }
    case "map": {
      reader.readMapBegin();
      const entries: [ValueModel, ValueModel][] = [];
      for (let left = reader.length; left > 0; left--) {
        entries.push([readModel(reader, schema, type.key), readModel(reader, schema, type.value)]);
      }
      reader.readMapEnd();
      return entries as unknown as ValueModel;
    }
    case "struct": {
      const struct = schema.structs.get(type.name)!;
      const members = new Map<string, ValueModel>();
      reader.readStructBegin();
      for (;;) {
        const wireType = reader.readFieldBegin();
        if (wireType === TType.STOP) break;
        const field = struct.fields.find(({ id }) => id === reader.fieldId);
        if (field === undefined || TTYPES[field.type.kind] !== wireType) reader.skip(wireType);
        else members.set(field.name, readModel(reader, schema, field.type));
      }
      reader.readStructEnd();
      return members;
    }
  }
}

/** Reads a value of whatever the bytes say, as far as the headers tell; for hostile input. */
export function walk(reader: WireReader, type: TType): void {
  switch (type) {
    case TType.BOOL:
      reader.readBool();
      return;
    case TType.BYTE:
      reader.readByte();
      return;
    case TType.I16:
      reader.readI16();
      return;
    case TType.I32:
      reader.readI32();
      return;
    case TType.I64:
      reader.readI64();
      return;
    case TType.DOUBLE:
      reader.readDouble();
      return;
    case TType.STRING:
      reader.readBinary();
      return;
    case TType.UUID:
      reader.readUuid();
      return;
    case TType.LIST:
    case TType.SET: {
      reader.readListBegin();
      const elementType = reader.elementType;
      for (let left = reader.length; left > 0; left--) walk(reader, elementType);
      return reader.readListEnd();
    }
    case TType.MAP: {
      reader.readMapBegin();
      const { keyType, elementType } = reader;
      for (let left = reader.length; left > 0; left--) {
        walk(reader, keyType);
        walk(reader, elementType);
      }
      return reader.readMapEnd();
    }
    case TType.STRUCT:
      reader.readStructBegin();
      for (let field = reader.readFieldBegin(); field !== TType.STOP; field = reader.readFieldBegin()) {
        walk(reader, field);
      }
      return reader.readStructEnd();
    default:
      throw new Error(`no walk for type ${type}`);
  }
}
