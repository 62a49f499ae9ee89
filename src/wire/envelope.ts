import { readInt32BE, writeInt32BE } from "../bytes/fixed.ts";
import { checkBytes } from "../bytes/is-bytes.ts";
import { decodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import { checkOptions, describe, kindOf, oneOf } from "../options.ts";
import { type ByteWriter, checkWriter } from "../pool/byte-writer.ts";
import { resolveLimits } from "./limits.ts";
import { createWriter } from "./protocols.ts";
import { checkInput, type ReaderOptions } from "./reader.ts";
import { readLength } from "./skip-compact.ts";
import { PROTOCOLS, type Protocol } from "./ttype.ts";
import { readVarint32, VARINT_OVERFLOW, varintSize, varintValue, writeVarint32 } from "./varint.ts";
import { failSize, failTruncated, failVarint, WireError } from "./wire-error.ts";
import { checkInteger } from "./writer.ts";

/** `call` and `oneway` go to the server; `reply` carries a result struct, `exception` an application exception. */
export type MessageType = "call" | "reply" | "exception" | "oneway";

/** What stands around the struct of a message. */
export interface Envelope {
  /** The method. */
  readonly name: string;
  readonly type: MessageType;
  /** An i32; replies repeat that of their call. */
  readonly sequenceId: number;
}

export interface ReadEnvelope extends Envelope {
  /** The offset behind the envelope, where the struct starts. */
  readonly bodyStart: number;
  /** False for the old form of the binary protocol, which has no version. Compact is always strict. */
  readonly strict: boolean;
}

export interface ReadEnvelopeOptions extends ReaderOptions {
  /** Default `binary`. */
  readonly protocol?: Protocol;
  /** The old form without a version, in the binary protocol. Default `accept`, as Apache Thrift's readers do. */
  readonly unversioned?: "accept" | "reject";
}

export interface WriteEnvelopeOptions {
  /** Default `binary`. */
  readonly protocol?: Protocol;
  /** `old` is the form of the binary protocol without a version. Default `strict`. */
  readonly form?: "strict" | "old";
}

/** The numbers of message types on the wire are the places here plus 1. */
const MESSAGE_TYPES: readonly MessageType[] = ["call", "reply", "exception", "oneway"];

/** The upper half of the first word of a strict binary message; the type is its lowest byte. */
const BINARY_VERSION_1 = 0x8001_0000 | 0;
const BINARY_VERSION_MASK = 0xffff_0000 | 0;

const COMPACT_PROTOCOL_ID = 0x82;
const COMPACT_VERSION = 1;
const COMPACT_VERSION_MASK = 0x1f;
const COMPACT_TYPE_SHIFT = 5;

/**
 * Reads the envelope at the start of a message.
 *
 * Throws `WireError`: `INVALID_ENVELOPE` for another protocol or version or an unknown message type, `INVALID_UTF8`
 * for the name, `TRUNCATED`, `INVALID_SIZE`, `OUT_OF_RANGE`, `LIMIT_EXCEEDED`; `ThriftError` `INVALID_OPTION`, also
 * for a range outside the bytes.
 */
export function readEnvelope(bytes: Uint8Array, options: ReadEnvelopeOptions = NO_OPTIONS): ReadEnvelope {
  checkBytes("readEnvelope", bytes);
  if (options !== NO_OPTIONS) checkReadOptions(options);
  const limits = resolveLimits(options.limits);
  const { start, end } = checkInput(bytes, {
    start: options.start ?? 0,
    end: options.end ?? bytes.length,
    limits,
  });
  if (options.protocol === "compact") return readCompactEnvelope(bytes, start, end);
  // Strict:  i32 0x8001 0000 | type, name, i32 sequence id
  // Old:     name, u8 type, i32 sequence id (the size of the name is never negative)
  if (end - start < 4) failTruncated(start);
  const word = readInt32BE(bytes, start);
  if (word >= 0) {
    if (options.unversioned === "reject") {
      failEnvelope("the message has no protocol version", start);
    }
    return readOldEnvelope(bytes, start, end);
  }
  if ((word & BINARY_VERSION_MASK) !== BINARY_VERSION_1) {
    failEnvelope("the message is not of version 1 of the binary protocol", start);
  }
  const type = messageType(word & 0xff, start + 3);
  const nameSize = readNameSize(bytes, start + 4, end);
  const nameEnd = start + 8 + nameSize;
  const name = readName(bytes, start + 8, nameEnd);
  if (end - nameEnd < 4) failTruncated(nameEnd);
  const sequenceId = readInt32BE(bytes, nameEnd);
  return { name, type, sequenceId, bodyStart: nameEnd + 4, strict: true };
}

const NO_OPTIONS: ReadEnvelopeOptions & WriteEnvelopeOptions = Object.freeze({});
const READ_OPTIONS: readonly string[] = [
  "protocol",
  "unversioned",
  "start",
  "end",
  "limits",
] satisfies (keyof ReadEnvelopeOptions)[];
const WRITE_OPTIONS: readonly string[] = ["protocol", "form"] satisfies (keyof WriteEnvelopeOptions)[];

function checkReadOptions(options: ReadEnvelopeOptions): void {
  checkOptions("readEnvelope", options, READ_OPTIONS);
  oneOf("protocol", options.protocol, PROTOCOLS);
  oneOf("unversioned", options.unversioned, ["accept", "reject"]);
}

function checkWriteOptions(options: WriteEnvelopeOptions): void {
  checkOptions("writeEnvelope", options, WRITE_OPTIONS);
  oneOf("protocol", options.protocol, PROTOCOLS);
  oneOf("form", options.form, ["strict", "old"]);
}

function readOldEnvelope(bytes: Uint8Array, start: number, end: number): ReadEnvelope {
  const nameEnd = start + 4 + readNameSize(bytes, start, end);
  const name = readName(bytes, start + 4, nameEnd);
  if (end - nameEnd < 1) failTruncated(nameEnd);
  const type = messageType(bytes[nameEnd]!, nameEnd);
  if (end - nameEnd < 5) failTruncated(nameEnd + 1);
  const sequenceId = readInt32BE(bytes, nameEnd + 1);
  return { name, type, sequenceId, bodyStart: nameEnd + 5, strict: false };
}

function readCompactEnvelope(bytes: Uint8Array, start: number, end: number): ReadEnvelope {
  // u8 0x82, u8 version (5 bits) | type << 5, varint sequence id (not zigzag), name
  if (end - start < 1) failTruncated(start);
  if (bytes[start] !== COMPACT_PROTOCOL_ID) failEnvelope("the message is not of the compact protocol", start);
  if (end - start < 2) failTruncated(start + 1);
  const versionAndType = bytes[start + 1]!;
  if ((versionAndType & COMPACT_VERSION_MASK) !== COMPACT_VERSION) {
    failEnvelope("the message is not of version 1 of the compact protocol", start + 1);
  }
  const type = messageType(versionAndType >> COMPACT_TYPE_SHIFT, start + 1);
  const sequence = readVarint32(bytes, start + 2, end);
  if (sequence === VARINT_OVERFLOW) failVarint(32, start + 2);
  const sizeAt = start + 2 + varintSize(sequence);
  const packedSize = readLength(bytes, sizeAt, end);
  const nameStart = sizeAt + varintSize(packedSize);
  const nameSize = varintValue(packedSize);
  if (nameSize > end - nameStart) failSize(nameSize, end - nameStart, sizeAt);
  const bodyStart = nameStart + nameSize;
  const name = readName(bytes, nameStart, bodyStart);
  return { name, type, sequenceId: varintValue(sequence) | 0, bodyStart, strict: true };
}

/** The i32 size at `pos`, checked against the bytes behind it. */
function readNameSize(bytes: Uint8Array, pos: number, end: number): number {
  if (end - pos < 4) failTruncated(pos);
  const size = readInt32BE(bytes, pos);
  const left = end - pos - 4;
  if (size < 0 || size > left) failSize(size, left, pos);
  return size;
}

function readName(bytes: Uint8Array, start: number, end: number): string {
  const invalid = validateUtf8(bytes, start, end);
  if (invalid >= 0) {
    throw new WireError("INVALID_UTF8", "the method name is not valid UTF-8", { offset: invalid });
  }
  return decodeUtf8(bytes, start, end);
}

function messageType(number: number, offset: number): MessageType {
  return MESSAGE_TYPES[number - 1] ?? failEnvelope(`${number} is not a message type`, offset);
}

function failEnvelope(message: string, offset: number): never {
  throw new WireError("INVALID_ENVELOPE", message, { offset });
}

/**
 * Writes the envelope of a message, to be followed by its struct. Throws `WireError`: `INVALID_ENVELOPE` for a message
 * type that does not exist, `OUT_OF_RANGE` for a sequence id that is no i32, `INVALID_UTF8` for a name with a lone
 * surrogate; `ThriftError` `INVALID_OPTION`, also for an envelope without a name or sequence id, and `LIMIT_EXCEEDED`
 * beyond the writer's size. Then `output` is as it was.
 */
export function writeEnvelope(
  output: ByteWriter,
  envelope: Envelope,
  options: WriteEnvelopeOptions = NO_OPTIONS,
): void {
  checkWriter("writeEnvelope", output);
  if (options !== NO_OPTIONS) checkWriteOptions(options);
  const { name, sequenceId } = checkEnvelope(envelope);
  const type = MESSAGE_TYPES.indexOf(envelope.type) + 1;
  if (type === 0) failType(envelope.type);
  checkInteger(sequenceId, 32);
  const start = output.length;
  try {
    if (options.protocol === "compact") {
      output.reserve(7);
      output.bytes[output.length++] = COMPACT_PROTOCOL_ID;
      output.bytes[output.length++] = COMPACT_VERSION | (type << COMPACT_TYPE_SHIFT);
      output.length = writeVarint32(sequenceId, output.bytes, output.length);
      createWriter("compact", output).writeString(name);
      return;
    }
    const writer = createWriter("binary", output);
    if (options.form === "old") {
      writer.writeString(name);
      writer.writeByte(type);
    } else {
      output.reserve(4);
      writeInt32BE(BINARY_VERSION_1 | type, output.bytes, output.length);
      output.length += 4;
      writer.writeString(name);
    }
    writer.writeI32(sequenceId);
  } catch (error) {
    output.truncate(start);
    throw error;
  }
}

function checkEnvelope(envelope: Envelope): Envelope {
  if (typeof envelope !== "object" || envelope === null) {
    const message = `writeEnvelope: the envelope must be an object, got ${kindOf(envelope)}`;
    throw new ThriftError("INVALID_OPTION", message);
  }
  const { name, sequenceId } = envelope;
  if (typeof name !== "string") failMember("name", "a string", name);
  if (typeof sequenceId !== "number") failMember("sequenceId", "a number", sequenceId);
  return envelope;
}

function failMember(member: string, expected: string, value: unknown): never {
  const message = `writeEnvelope: the \`${member}\` of the envelope must be ${expected}, got ${kindOf(value)}`;
  throw new ThriftError("INVALID_OPTION", message);
}

function failType(type: unknown): never {
  const words = MESSAGE_TYPES.map((word) => JSON.stringify(word)).join(", ");
  const message = `writeEnvelope: the \`type\` of the envelope must be one of ${words}, got ${describe(type)}`;
  throw new WireError(
    "INVALID_ENVELOPE",
    typeof type === "string" ? withHint(message, type, MESSAGE_TYPES) : message,
  );
}
