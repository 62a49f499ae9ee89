import type { ByteWriter } from "../pool/byte-writer.ts";
import type { Protocol, TType } from "./ttype.ts";
import { WireError } from "./wire-error.ts";

/**
 * Writes encoded values to a `ByteWriter` step by step. The calls must follow the structure of the data and
 * name true types and lengths; that is not checked. What is: a number that its type cannot hold is
 * `OUT_OF_RANGE`, text with a lone surrogate `INVALID_UTF8`, a uuid that is not 16 bytes `INVALID_VALUE`, and output
 * beyond the writer's limit `LIMIT_EXCEEDED`. Errors are `WireError`s, but for that limit.
 */
export interface WireWriter {
  readonly protocol: Protocol;
  readonly output: ByteWriter;

  writeStructBegin(): void;
  writeFieldBegin(type: TType, id: number): void;
  /** Ends the struct with its stop byte. */
  writeStructEnd(): void;
  /** For sets too: their encoding is the same. */
  writeListBegin(elementType: TType, length: number): void;
  writeMapBegin(keyType: TType, valueType: TType, length: number): void;

  writeBool(value: boolean): void;
  writeByte(value: number): void;
  writeI16(value: number): void;
  writeI32(value: number): void;
  writeI64(value: bigint): void;
  /** The i64 with these halves, each taken as 32 bits whatever its sign. */
  writeInt64(hi: number, lo: number): void;
  writeDouble(value: number): void;
  writeString(text: string): void;
  /** Size and content of a string or binary. */
  writeBinary(content: Uint8Array): void;
  /** The 16 bytes of a uuid. */
  writeUuid(uuid: Uint8Array): void;
}

/** Throws `OUT_OF_RANGE` unless `value` is an integer that `bits` bits hold with a sign. */
export function checkInteger(value: number, bits: 8 | 16 | 32): void {
  const spare = 32 - bits;
  if (value !== (value << spare) >> spare) failRange(`i${bits}`);
}

export function failRange(type: string): never {
  throw new WireError("OUT_OF_RANGE", `a number does not fit ${type}`);
}

/** Throws `OUT_OF_RANGE` unless `length` can be the length of a container. */
export function checkLength(length: number): void {
  if (length !== (length | 0) || length < 0) failRange("the length of a container");
}

export function failSurrogate(): never {
  throw new WireError("INVALID_UTF8", "the text has a lone surrogate");
}

export function checkUuid(uuid: Uint8Array): void {
  if (uuid.length !== 16) throw new WireError("INVALID_VALUE", "a uuid must have 16 bytes");
}
