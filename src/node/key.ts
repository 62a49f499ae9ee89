import { type Int64Halves, joinInt64, splitInt64, splitNumber } from "../bytes/int64.ts";
import { isBytes } from "../bytes/is-bytes.ts";
import { decodeUtf8, encodeUtf8, isWellFormed, validateUtf8 } from "../bytes/utf8.ts";
import { UUID_SIZE, uuidOf, uuidText } from "../bytes/uuid.ts";
import { FieldId, type PathStep } from "../path/step.ts";
import { DEFAULT_LIMITS } from "../wire/limits.ts";
import { skipValue } from "../wire/protocols.ts";
import { type Protocol, TType, typeName } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";
import type { WireWriter } from "../wire/writer.ts";
import type { NodeReader } from "./reader.ts";

/**
 * Map keys as steps of a path:
 *
 * | key type | step |
 * |---|---|
 * | string or binary | string, or the content as `Uint8Array` |
 * | byte, i16, i32, i64 | number or bigint |
 * | double | number |
 * | bool | boolean |
 * | uuid | canonical text, or its 16 bytes |
 * | struct, list, set, map | its encoded bytes as `Uint8Array` |
 */

const wanted: Int64Halves = { hi: 0, lo: 0 };
const read: Int64Halves = { hi: 0, lo: 0 };

/** What is wrong with `step` for keys of the wire type `type`, or `undefined`. */
export function keyProblem(step: PathStep, type: number): string | undefined {
  let fits: boolean;
  switch (type) {
    case TType.STRING:
      fits = typeof step === "string" || isBytes(step);
      break;
    case TType.BYTE:
    case TType.I16:
    case TType.I32:
    case TType.I64:
      fits = typeof step === "bigint" || (typeof step === "number" && Number.isSafeInteger(step));
      break;
    case TType.DOUBLE:
      fits = typeof step === "number";
      break;
    case TType.BOOL:
      fits = typeof step === "boolean";
      break;
    case TType.UUID:
      fits =
        (isBytes(step) && step.length === UUID_SIZE) ||
        (typeof step === "string" && uuidOf(step) !== undefined);
      break;
    default:
      fits = isBytes(step);
  }
  if (fits) return undefined;
  return `${kindOfStep(step)} is no key of a map with keys of type ${typeName(type)}`;
}

/** How messages name a step, without its value. */
export function kindOfStep(step: PathStep): string {
  if (step instanceof FieldId) return "a field id";
  if (isBytes(step)) return "a key as bytes";
  switch (typeof step) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "bigint":
      return "a bigint";
    default:
      return "a boolean";
  }
}

/**
 * Looks for the key in the map whose header `reader` has just read, and leaves it at the value of the first entry
 * with that key. Returns whether there is one. `keyProblem` has been asked.
 */
export function findKey(reader: NodeReader, step: PathStep): boolean {
  const { keyType, elementType } = reader;
  const match = matcherOf(step, keyType);
  for (let left = reader.length; left > 0; left--) {
    if (match(reader, step)) return true;
    reader.skip(elementType);
  }
  return false;
}

/** Whether the key that is read next is `step`; the reader is behind it then. */
export type KeyMatcher = (reader: NodeReader, step: PathStep) => boolean;

/** The matcher for steps like this one and keys of a wire type. For i64 it is valid until the next call. */
export function matcherOf(step: PathStep, keyType: number): KeyMatcher {
  switch (keyType) {
    case TType.STRING:
      return typeof step === "string" ? matchText : matchContent;
    case TType.BYTE:
      return matchByte;
    case TType.I16:
      return matchI16;
    case TType.I32:
      return matchI32;
    case TType.I64:
      return matchI64;
    case TType.DOUBLE:
      return matchDouble;
    case TType.BOOL:
      return matchBool;
    case TType.UUID:
      return matchUuid;
    default:
      return matchEncoded;
  }
}

function matchText(reader: NodeReader, step: PathStep): boolean {
  const start = reader.takeContent();
  return isTextAt(reader.bytes, start, reader.position, step as string);
}

function matchContent(reader: NodeReader, step: PathStep): boolean {
  const start = reader.takeContent();
  return isBytesAt(reader.bytes, start, reader.position, step as Uint8Array);
}

// Comparing a number with a bigint takes no conversion, and never rounds.
function matchByte(reader: NodeReader, step: PathStep): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: number and bigint
  return reader.readByte() == step;
}

function matchI16(reader: NodeReader, step: PathStep): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: number and bigint
  return reader.readI16() == step;
}

function matchI32(reader: NodeReader, step: PathStep): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: number and bigint
  return reader.readI32() == step;
}

function matchI64(reader: NodeReader, step: PathStep): boolean {
  reader.readInt64(read);
  if (typeof step === "number") splitNumber(step, wanted);
  else if (!splitInt64(step as bigint, wanted)) return false;
  return read.lo === wanted.lo && read.hi === wanted.hi;
}

function matchDouble(reader: NodeReader, step: PathStep): boolean {
  return Object.is(reader.readDouble(), step);
}

function matchBool(reader: NodeReader, step: PathStep): boolean {
  return reader.readBool() === step;
}

function matchUuid(reader: NodeReader, step: PathStep): boolean {
  const start = reader.position;
  reader.skip(TType.UUID);
  const uuid = typeof step === "string" ? uuidOf(step)! : (step as Uint8Array);
  return isBytesAt(reader.bytes, start, reader.position, uuid);
}

function matchEncoded(reader: NodeReader, step: PathStep): boolean {
  const start = reader.position;
  reader.skip(reader.keyType);
  return isBytesAt(reader.bytes, start, reader.position, step as Uint8Array);
}

/** Whether `bytes[start … end)` is the UTF-8 form of `text`. */
function isTextAt(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  const size = end - start;
  // No text has fewer bytes than UTF-16 units.
  if (text.length > size) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return isWellFormed(text) && isBytesAt(bytes, start, end, encodeUtf8(text));
    if (bytes[start + i] !== unit) return false;
  }
  return text.length === size;
}

export function isBytesAt(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  if (wanted.length !== end - start) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

/**
 * The step for the key that is read next. Text that is no UTF-8, and keys that are no scalars, are bytes, borrowed
 * from the reader's.
 */
export function readKey(reader: NodeReader): PathStep {
  switch (reader.keyType) {
    case TType.STRING: {
      const start = reader.takeContent();
      const { bytes, position } = reader;
      if (validateUtf8(bytes, start, position) < 0) return decodeUtf8(bytes, start, position);
      return bytes.subarray(start, position);
    }
    case TType.BYTE:
      return reader.readByte();
    case TType.I16:
      return reader.readI16();
    case TType.I32:
      return reader.readI32();
    case TType.I64:
      reader.readInt64(read);
      return joinInt64(read.hi, read.lo);
    case TType.DOUBLE:
      return reader.readDouble();
    case TType.BOOL:
      return reader.readBool();
    case TType.UUID:
      return uuidText(reader.readUuid());
    default: {
      const start = reader.position;
      reader.skip(reader.keyType);
      return reader.bytes.subarray(start, reader.position);
    }
  }
}

/**
 * Writes the key; `keyProblem` has been asked. Throws `OUT_OF_RANGE` for a number that its type cannot hold, and
 * `INVALID_VALUE` for bytes that are not one encoded key.
 */
export function writeKey(writer: WireWriter, type: number, step: PathStep): void {
  switch (type) {
    case TType.STRING:
      return typeof step === "string" ? writer.writeString(step) : writer.writeBinary(step as Uint8Array);
    case TType.BYTE:
      return writer.writeByte(Number(step));
    case TType.I16:
      return writer.writeI16(Number(step));
    case TType.I32:
      return writer.writeI32(Number(step));
    case TType.I64:
      return writer.writeI64(BigInt(step as number | bigint));
    case TType.DOUBLE:
      return writer.writeDouble(step as number);
    case TType.BOOL:
      return writer.writeBool(step as boolean);
    case TType.UUID:
      return writer.writeUuid(typeof step === "string" ? uuidOf(step)! : (step as Uint8Array));
    default: {
      const key = step as Uint8Array;
      if (!isEncoded(key, type, writer.protocol)) {
        throw new WireError("INVALID_VALUE", `the bytes are not one encoded key of type ${typeName(type)}`);
      }
      writer.output.append(key);
    }
  }
}

/** Whether bytes are one encoded value of a wire type, and nothing else. */
function isEncoded(bytes: Uint8Array, type: number, protocol: Protocol): boolean {
  try {
    return skipValue(protocol, bytes, 0, bytes.length, type, DEFAULT_LIMITS.maxDepth) === bytes.length;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
