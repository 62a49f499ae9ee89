// What npm `thrift` does with the fixtures: the statements that its compiler generates, over its own
// TBinaryProtocol and TFramedTransport. For scale; it rounds or garbles big i64 values that come from JSON.
import Int64 from "node-int64";
import thrift from "thrift";

const { Thrift, TBinaryProtocol, TFramedTransport } = thrift;
const { Type } = Thrift;
const FRAME_HEADER_SIZE = 4;

function writeSimple(output, value) {
  output.writeStructBegin("Simple");
  output.writeFieldBegin("ByteField", Type.BYTE, 1);
  output.writeByte(value.ByteField);
  output.writeFieldEnd();
  output.writeFieldBegin("I64Field", Type.I64, 2);
  output.writeI64(value.I64Field);
  output.writeFieldEnd();
  output.writeFieldBegin("DoubleField", Type.DOUBLE, 3);
  output.writeDouble(value.DoubleField);
  output.writeFieldEnd();
  output.writeFieldBegin("I32Field", Type.I32, 4);
  output.writeI32(value.I32Field);
  output.writeFieldEnd();
  output.writeFieldBegin("StringField", Type.STRING, 5);
  output.writeString(value.StringField);
  output.writeFieldEnd();
  output.writeFieldBegin("BinaryField", Type.STRING, 6);
  output.writeBinary(value.BinaryField);
  output.writeFieldEnd();
  output.writeFieldStop();
  output.writeStructEnd();
}

function writeList(output, type, values, writeElement) {
  output.writeListBegin(type, values.length);
  for (const value of values) writeElement(value);
  output.writeListEnd();
}

function writeMap(output, keyType, valueType, map, writeKey, writeValue) {
  const keys = Object.keys(map);
  output.writeMapBegin(keyType, valueType, keys.length);
  for (const key of keys) {
    writeKey(key);
    writeValue(map[key]);
  }
  output.writeMapEnd();
}

function writeNesting(output, value) {
  const string = (text) => output.writeString(text);
  const i64 = (number) => output.writeI64(number);
  const simple = (struct) => writeSimple(output, struct);
  output.writeStructBegin("Nesting");
  output.writeFieldBegin("String", Type.STRING, 1);
  output.writeString(value.String);
  output.writeFieldEnd();
  output.writeFieldBegin("ListSimple", Type.LIST, 2);
  writeList(output, Type.STRUCT, value.ListSimple, simple);
  output.writeFieldEnd();
  output.writeFieldBegin("Double", Type.DOUBLE, 3);
  output.writeDouble(value.Double);
  output.writeFieldEnd();
  output.writeFieldBegin("I32", Type.I32, 4);
  output.writeI32(value.I32);
  output.writeFieldEnd();
  output.writeFieldBegin("ListI32", Type.LIST, 5);
  writeList(output, Type.I32, value.ListI32, (number) => output.writeI32(number));
  output.writeFieldEnd();
  output.writeFieldBegin("I64", Type.I64, 6);
  output.writeI64(value.I64);
  output.writeFieldEnd();
  output.writeFieldBegin("MapStringString", Type.MAP, 7);
  writeMap(output, Type.STRING, Type.STRING, value.MapStringString, string, string);
  output.writeFieldEnd();
  output.writeFieldBegin("SimpleStruct", Type.STRUCT, 8);
  writeSimple(output, value.SimpleStruct);
  output.writeFieldEnd();
  output.writeFieldBegin("MapI32I64", Type.MAP, 9);
  writeMap(output, Type.I32, Type.I64, value.MapI32I64, (key) => output.writeI32(Number(key)), i64);
  output.writeFieldEnd();
  output.writeFieldBegin("ListString", Type.LIST, 10);
  writeList(output, Type.STRING, value.ListString, string);
  output.writeFieldEnd();
  output.writeFieldBegin("Binary", Type.STRING, 11);
  output.writeBinary(value.Binary);
  output.writeFieldEnd();
  output.writeFieldBegin("MapI64String", Type.MAP, 12);
  writeMap(output, Type.I64, Type.STRING, value.MapI64String, (key) => output.writeI64(Number(key)), string);
  output.writeFieldEnd();
  output.writeFieldBegin("ListI64", Type.LIST, 13);
  writeList(output, Type.I64, value.ListI64, i64);
  output.writeFieldEnd();
  output.writeFieldBegin("Byte", Type.BYTE, 14);
  output.writeByte(value.Byte);
  output.writeFieldEnd();
  output.writeFieldBegin("MapStringSimple", Type.MAP, 15);
  writeMap(output, Type.STRING, Type.STRUCT, value.MapStringSimple, string, simple);
  output.writeFieldEnd();
  output.writeFieldStop();
  output.writeStructEnd();
}

function readSimple(input) {
  const value = {};
  input.readStructBegin();
  while (true) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Type.STOP) break;
    switch (fid) {
      case 1:
        value.ByteField = input.readByte();
        break;
      case 2:
        value.I64Field = input.readI64();
        break;
      case 3:
        value.DoubleField = input.readDouble();
        break;
      case 4:
        value.I32Field = input.readI32();
        break;
      case 5:
        value.StringField = input.readString();
        break;
      case 6:
        value.BinaryField = input.readBinary();
        break;
      default:
        input.skip(ftype);
    }
    input.readFieldEnd();
  }
  input.readStructEnd();
  return value;
}

function readList(input, readElement) {
  const { size } = input.readListBegin();
  const values = [];
  for (let i = 0; i < size; i++) values.push(readElement());
  input.readListEnd();
  return values;
}

function readMap(input, readKey, readValue) {
  const { size } = input.readMapBegin();
  const map = {};
  for (let i = 0; i < size; i++) {
    const key = readKey();
    map[key] = readValue();
  }
  input.readMapEnd();
  return map;
}

function readNesting(input) {
  const value = {};
  const string = () => input.readString();
  const i32 = () => input.readI32();
  const i64 = () => input.readI64();
  const simple = () => readSimple(input);
  input.readStructBegin();
  while (true) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Type.STOP) break;
    switch (fid) {
      case 1:
        value.String = input.readString();
        break;
      case 2:
        value.ListSimple = readList(input, simple);
        break;
      case 3:
        value.Double = input.readDouble();
        break;
      case 4:
        value.I32 = input.readI32();
        break;
      case 5:
        value.ListI32 = readList(input, i32);
        break;
      case 6:
        value.I64 = input.readI64();
        break;
      case 7:
        value.MapStringString = readMap(input, string, string);
        break;
      case 8:
        value.SimpleStruct = readSimple(input);
        break;
      case 9:
        value.MapI32I64 = readMap(input, i32, i64);
        break;
      case 10:
        value.ListString = readList(input, string);
        break;
      case 11:
        value.Binary = input.readBinary();
        break;
      case 12:
        value.MapI64String = readMap(input, i64, string);
        break;
      case 13:
        value.ListI64 = readList(input, i64);
        break;
      case 14:
        value.Byte = input.readByte();
        break;
      case 15:
        value.MapStringSimple = readMap(input, string, simple);
        break;
      default:
        input.skip(ftype);
    }
    input.readFieldEnd();
  }
  input.readStructEnd();
  return value;
}

// `PartialSimple` and `PartialNesting`, as a service that only knows these generates them.

function writePartialSimple(output, value) {
  output.writeStructBegin("PartialSimple");
  output.writeFieldBegin("ByteField", Type.BYTE, 1);
  output.writeByte(value.ByteField);
  output.writeFieldEnd();
  output.writeFieldBegin("DoubleField", Type.DOUBLE, 3);
  output.writeDouble(value.DoubleField);
  output.writeFieldEnd();
  output.writeFieldBegin("BinaryField", Type.STRING, 6);
  output.writeBinary(value.BinaryField);
  output.writeFieldEnd();
  output.writeFieldStop();
  output.writeStructEnd();
}

function writePartialNesting(output, value) {
  const string = (text) => output.writeString(text);
  const simple = (struct) => writePartialSimple(output, struct);
  output.writeStructBegin("PartialNesting");
  output.writeFieldBegin("ListSimple", Type.LIST, 2);
  writeList(output, Type.STRUCT, value.ListSimple, simple);
  output.writeFieldEnd();
  output.writeFieldBegin("SimpleStruct", Type.STRUCT, 8);
  writePartialSimple(output, value.SimpleStruct);
  output.writeFieldEnd();
  output.writeFieldBegin("MapStringSimple", Type.MAP, 15);
  writeMap(output, Type.STRING, Type.STRUCT, value.MapStringSimple, string, simple);
  output.writeFieldEnd();
  output.writeFieldStop();
  output.writeStructEnd();
}

function readPartialSimple(input) {
  const value = {};
  input.readStructBegin();
  while (true) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Type.STOP) break;
    switch (fid) {
      case 1:
        value.ByteField = input.readByte();
        break;
      case 3:
        value.DoubleField = input.readDouble();
        break;
      case 6:
        value.BinaryField = input.readBinary();
        break;
      default:
        input.skip(ftype);
    }
    input.readFieldEnd();
  }
  input.readStructEnd();
  return value;
}

function readPartialNesting(input) {
  const value = {};
  const string = () => input.readString();
  const simple = () => readPartialSimple(input);
  input.readStructBegin();
  while (true) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Type.STOP) break;
    switch (fid) {
      case 2:
        value.ListSimple = readList(input, simple);
        break;
      case 8:
        value.SimpleStruct = readPartialSimple(input);
        break;
      case 15:
        value.MapStringSimple = readMap(input, string, simple);
        break;
      default:
        input.skip(ftype);
    }
    input.readFieldEnd();
  }
  input.readStructEnd();
  return value;
}

/** Runs `write` over a fresh transport and gives the bytes without the frame header. */
function collect(write) {
  let bytes;
  const transport = new TFramedTransport(undefined, (frame) => {
    bytes = frame.subarray(FRAME_HEADER_SIZE);
  });
  const protocol = new TBinaryProtocol(transport);
  write(protocol);
  protocol.flush();
  return bytes;
}

function open(bytes) {
  return new TBinaryProtocol(new TFramedTransport(bytes));
}

const WRITERS = {
  Simple: writeSimple,
  Nesting: writeNesting,
  NestingList: (output, values) =>
    writeList(output, Type.STRUCT, values, (value) => writeNesting(output, value)),
  PartialSimple: writePartialSimple,
  PartialNesting: writePartialNesting,
};
const READERS = {
  Simple: readSimple,
  Nesting: readNesting,
  NestingList: (input) => readList(input, () => readNesting(input)),
  PartialSimple: readPartialSimple,
  PartialNesting: readPartialNesting,
};

/** The value of the generated type `name`, `bytes` being a Buffer. */
export function decode(name, bytes) {
  return READERS[name](open(bytes));
}

/** The way back for what `decode` gives. */
export function encode(name, value) {
  return collect((output) => WRITERS[name](output, value));
}

/** Passes over a message; returns the protocol. */
export function skip(name, bytes) {
  const input = open(bytes);
  input.skip(name === "NestingList" ? Type.LIST : Type.STRUCT);
  return input;
}

/** Bytes to bytes, as a service does it with this library: `JSON.parse`, then the generated writer. */
export function jsonToThrift(name, json) {
  return encode(name, JSON.parse(json.toString()));
}

/** Bytes to bytes: the generated reader, then `JSON.stringify`. */
export function thriftToJson(name, bytes) {
  return Buffer.from(JSON.stringify(decode(name, bytes)));
}

/** The value with exact `Int64` objects where it holds bigints, which is what this library can write. */
function withInt64(value) {
  if (typeof value === "bigint") {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return new Int64(bytes);
  }
  if (Array.isArray(value)) return value.map(withInt64);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withInt64(member)]));
}

export function encodeSimple(value) {
  return collect((output) => writeSimple(output, withInt64(value)));
}

export function encodeNesting(value) {
  return collect((output) => writeNesting(output, withInt64(value)));
}

export function encodeNestingList(values) {
  return collect((output) => WRITERS.NestingList(output, withInt64(values)));
}
