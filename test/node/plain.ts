import { ThriftNode } from "../../src/node/thrift-node.ts";
import type { ViewOptions } from "../../src/node/view.ts";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { createReader, createWriter } from "../../src/wire/protocols.ts";
import type { WireReader } from "../../src/wire/reader.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import type { WireWriter } from "../../src/wire/writer.ts";
import { toHex } from "../support/bytes.ts";

/**
 * Untyped Thrift values as plain data, to build messages of both protocols from and to hold edits against. Fields may
 * repeat and stand in any order, keys and set elements may repeat: whatever the wire can have.
 */
export type Plain = Scalar | Sequence | PlainMap | Struct;

export interface Scalar {
  readonly type: TType;
  /** bigint for i64, bytes for string, binary and uuid. */
  readonly value: boolean | number | bigint | Uint8Array;
}
export interface Sequence {
  readonly type: TType;
  readonly elementType: TType;
  readonly elements: readonly Plain[];
}
export interface PlainMap {
  readonly type: TType;
  readonly keyType: TType;
  readonly valueType: TType;
  readonly entries: readonly (readonly [Plain, Plain])[];
}
export interface Struct {
  readonly type: TType;
  readonly fields: readonly (readonly [id: number, value: Plain])[];
}

export const PROTOCOLS: readonly Protocol[] = ["binary", "compact"];

const encoder = new TextEncoder();

export const bool = (value: boolean): Scalar => ({ type: TType.BOOL, value });
export const byte = (value: number): Scalar => ({ type: TType.BYTE, value });
export const i16 = (value: number): Scalar => ({ type: TType.I16, value });
export const i32 = (value: number): Scalar => ({ type: TType.I32, value });
export const i64 = (value: bigint): Scalar => ({ type: TType.I64, value });
export const double = (value: number): Scalar => ({ type: TType.DOUBLE, value });
export const uuid = (value: Uint8Array): Scalar => ({ type: TType.UUID, value });
export const binary = (value: Uint8Array): Scalar => ({ type: TType.STRING, value });
export const text = (value: string): Scalar => binary(encoder.encode(value));
export const list = (elementType: TType, ...elements: Plain[]): Sequence => ({
  type: TType.LIST,
  elementType,
  elements,
});
export const set = (elementType: TType, ...elements: Plain[]): Sequence => ({
  type: TType.SET,
  elementType,
  elements,
});
export const map = (keyType: TType, valueType: TType, ...entries: (readonly [Plain, Plain])[]): PlainMap => ({
  type: TType.MAP,
  keyType,
  valueType,
  entries,
});
export const struct = (...fields: (readonly [number, Plain])[]): Struct => ({ type: TType.STRUCT, fields });

export const UUID_BYTES: Uint8Array = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 - index);
export const UUID_TEXT = "f0efeeed-eceb-eae9-e8e7-e6e5e4e3e2e1";

/** The message that the Go reference has been tried with, and a boolean, which the compact protocol keeps elsewhere. */
export const BASE: Struct = struct(
  [1, i32(1)],
  [2, text("bb")],
  [3, struct([1, i32(7)])],
  [4, list(TType.I32, i32(1), i32(2))],
  [5, map(TType.STRING, TType.I32, [text("k1"), i32(1)], [text("k2"), i32(2)])],
  [6, map(TType.I32, TType.STRING, [i32(5), text("v")])],
  [7, set(TType.I32, i32(9))],
  [8, byte(-1)],
  [10, map(TType.BYTE, TType.I32, [byte(-1), i32(1)])],
  [15, bool(true)],
);

export function encode(plain: Plain, protocol: Protocol): Uint8Array {
  const output = new ByteWriter({ capacity: 0 });
  write(createWriter(protocol, output), plain);
  return output.toBytes();
}

function write(writer: WireWriter, plain: Plain): void {
  if ("fields" in plain) {
    writer.writeStructBegin();
    for (const [id, value] of plain.fields) {
      writer.writeFieldBegin(value.type, id);
      write(writer, value);
    }
    writer.writeStructEnd();
  } else if ("entries" in plain) {
    writer.writeMapBegin(plain.keyType, plain.valueType, plain.entries.length);
    for (const entry of plain.entries) for (const side of entry) write(writer, side);
  } else if ("elements" in plain) {
    writer.writeListBegin(plain.elementType, plain.elements.length);
    for (const element of plain.elements) write(writer, element);
  } else {
    writeScalar(writer, plain);
  }
}

function writeScalar(writer: WireWriter, { type, value }: Scalar): void {
  switch (type) {
    case TType.BOOL:
      return writer.writeBool(value as boolean);
    case TType.BYTE:
      return writer.writeByte(value as number);
    case TType.I16:
      return writer.writeI16(value as number);
    case TType.I32:
      return writer.writeI32(value as number);
    case TType.I64:
      return writer.writeI64(value as bigint);
    case TType.DOUBLE:
      return writer.writeDouble(value as number);
    case TType.UUID:
      return writer.writeUuid(value as Uint8Array);
    default:
      return writer.writeBinary(value as Uint8Array);
  }
}

/** `depth` structs, each in field 1 of the one around it; more of them than recursion could write. */
export function nestedStructs(depth: number, protocol: Protocol): Uint8Array {
  const header = protocol === "binary" ? [TType.STRUCT, 0, 1] : [0x1c];
  const bytes = new Uint8Array((depth - 1) * header.length + depth);
  for (let at = 0; at < (depth - 1) * header.length; at++) bytes[at] = header[at % header.length]!;
  return bytes;
}

const NOISE_SIZE = 13;
const NOISE = 0x83;

/** A node of the value in the middle of a larger, noisy buffer. */
export function nodeOf(plain: Plain, protocol: Protocol, limits?: ViewOptions["limits"]): ThriftNode {
  return noisyNode(plain.type, encode(plain, protocol), protocol, limits);
}

export function noisyNode(
  type: TType,
  bytes: Uint8Array,
  protocol: Protocol,
  limits?: ViewOptions["limits"],
): ThriftNode {
  const buffer = new Uint8Array(bytes.length + 2 * NOISE_SIZE).fill(NOISE);
  buffer.set(bytes, NOISE_SIZE);
  const end = NOISE_SIZE + bytes.length;
  return ThriftNode.from(type, buffer, {
    protocol,
    start: NOISE_SIZE,
    end,
    ...(limits === undefined ? {} : { limits }),
  });
}

/** Where the value of `nodeOf` starts in its source. */
export const START: number = NOISE_SIZE;

/**
 * The value as text, read by the wire readers: `{1: 7, 2: "hi", 3: [1, 2]}`. Bytes that are no text are `0x…`, i64 `7n`,
 * doubles `7.0` or with their fraction, sets `<…>`, maps `{"k" => 1}`; fields in the order of the wire, with repetitions.
 */
export function show(node: ThriftNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const { protocol, bytes, type } = node;
  const reader = createReader(protocol, bytes);
  const shown = showNext(reader, type);
  if (reader.position !== bytes.length)
    throw new Error(`${bytes.length - reader.position} bytes behind ${shown}`);
  return shown;
}

function showNext(reader: WireReader, type: TType): string {
  switch (type) {
    case TType.BOOL:
      return String(reader.readBool());
    case TType.BYTE:
      return String(reader.readByte());
    case TType.I16:
      return String(reader.readI16());
    case TType.I32:
      return String(reader.readI32());
    case TType.I64:
      return `${reader.readI64()}n`;
    case TType.DOUBLE: {
      const value = reader.readDouble();
      const shown = Object.is(value, -0) ? "-0" : String(value);
      return Number.isInteger(value) ? `${shown}.0` : shown;
    }
    case TType.UUID:
      return `0x${toHex(reader.readUuid())}`;
    case TType.STRING:
      return showBytes(reader.readBinary());
    case TType.STRUCT: {
      const fields: string[] = [];
      reader.readStructBegin();
      for (let field = reader.readFieldBegin(); field !== TType.STOP; field = reader.readFieldBegin()) {
        fields.push(`${reader.fieldId}: ${showNext(reader, field)}`);
      }
      reader.readStructEnd();
      return `{${fields.join(", ")}}`;
    }
    case TType.MAP: {
      reader.readMapBegin();
      const { keyType, elementType, length } = reader;
      const entries = Array.from(
        { length },
        () => `${showNext(reader, keyType)} => ${showNext(reader, elementType)}`,
      );
      reader.readMapEnd();
      return `{${entries.join(", ")}}`;
    }
    default: {
      reader.readListBegin();
      const { elementType, length } = reader;
      const elements = Array.from({ length }, () => showNext(reader, elementType)).join(", ");
      reader.readListEnd();
      return type === TType.SET ? `<${elements}>` : `[${elements}]`;
    }
  }
}

function showBytes(bytes: Uint8Array): string {
  try {
    return JSON.stringify(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return `0x${toHex(bytes)}`;
  }
}

/** Runs `fn` and checks that it has not changed a byte. */
export function leavesUntouched<T>(bytes: Uint8Array, fn: () => T): T {
  const before = Uint8Array.from(bytes);
  const result = fn();
  if (Buffer.compare(bytes, before) !== 0) throw new Error("the input has been written to");
  return result;
}
