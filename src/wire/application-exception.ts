import { ThriftError } from "../errors.ts";
import { checkString, kindOf } from "../options.ts";
import type { WireReader } from "./reader.ts";
import { TType } from "./ttype.ts";
import type { WireWriter } from "./writer.ts";

/**
 * What went wrong outside the declared exceptions of a method: the numbers of Apache Thrift's
 * `TApplicationException`, and from 20 on Kitex's.
 */
export const ApplicationExceptionType = {
  UNKNOWN: 0,
  UNKNOWN_METHOD: 1,
  INVALID_MESSAGE_TYPE: 2,
  WRONG_METHOD_NAME: 3,
  BAD_SEQUENCE_ID: 4,
  MISSING_RESULT: 5,
  INTERNAL_ERROR: 6,
  PROTOCOL_ERROR: 7,
  INVALID_TRANSFORM: 8,
  INVALID_PROTOCOL: 9,
  UNSUPPORTED_CLIENT_TYPE: 10,
  UNKNOWN_SERVICE: 20,
  NO_SERVICE_NAME: 21,
} as const;

/** The body of a message of type `exception`. */
export interface ApplicationException {
  /** Empty when the sender gives none. */
  readonly message: string;
  /** One of `ApplicationExceptionType`, or a number of the sender's own. */
  readonly type: number;
}

// struct TApplicationException { 1: string message, 2: i32 type }
const MESSAGE_ID = 1;
const TYPE_ID = 2;

/** The name of an exception type, such as `UNKNOWN_METHOD`, or `undefined` for a number that has none. */
export function applicationExceptionTypeName(type: number): string | undefined {
  return Object.entries(ApplicationExceptionType).find(([, number]) => number === type)?.[0];
}

/**
 * Reads an application exception at the reader's position. Unknown fields, and known ones of another wire
 * type, are skipped, as every implementation does. Throws what the reader throws, and `INVALID_OPTION`.
 */
export function readApplicationException(reader: WireReader): ApplicationException {
  if (typeof (reader as WireReader | undefined)?.readStructBegin !== "function") {
    fail("readApplicationException", "a WireReader", reader);
  }
  let message = "";
  let type: number = ApplicationExceptionType.UNKNOWN;
  reader.readStructBegin();
  for (;;) {
    const fieldType = reader.readFieldBegin();
    if (fieldType === TType.STOP) break;
    if (reader.fieldId === MESSAGE_ID && fieldType === TType.STRING) message = reader.readString();
    else if (reader.fieldId === TYPE_ID && fieldType === TType.I32) type = reader.readI32();
    else reader.skip(fieldType);
  }
  reader.readStructEnd();
  return { message, type };
}

/**
 * Writes an application exception, both fields always. Throws what the writer throws, and `INVALID_OPTION`; its output
 * is as it was then.
 */
export function writeApplicationException(writer: WireWriter, exception: ApplicationException): void {
  const caller = "writeApplicationException";
  if (typeof (writer as WireWriter | undefined)?.writeStructBegin !== "function") {
    fail(caller, "a WireWriter", writer);
  }
  if (typeof exception !== "object" || exception === null) fail(caller, "an ApplicationException", exception);
  const { message, type } = exception;
  checkString(caller, "`message`", message);
  if (typeof type !== "number") fail(caller, "a number as `type`", type);
  const start = writer.output.length;
  try {
    writeFields(writer, message, type);
  } catch (error) {
    writer.output.truncate(start);
    throw error;
  }
}

function writeFields(writer: WireWriter, message: string, type: number): void {
  writer.writeStructBegin();
  writer.writeFieldBegin(TType.STRING, MESSAGE_ID);
  writer.writeString(message);
  writer.writeFieldBegin(TType.I32, TYPE_ID);
  writer.writeI32(type);
  writer.writeStructEnd();
}

function fail(caller: string, expected: string, value: unknown): never {
  throw new ThriftError("INVALID_OPTION", `${caller}: expected ${expected}, got ${kindOf(value)}`);
}
