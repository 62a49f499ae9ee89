import { type Int64Halves, int64ToNumber, isSafeInt64, splitInt64, splitNumber } from "../bytes/int64.ts";
import { isBytes } from "../bytes/is-bytes.ts";
import { isWellFormed, validateUtf8 } from "../bytes/utf8.ts";
import { UUID_SIZE, uuidOf } from "../bytes/uuid.ts";
import type { EnumDescriptor, ScalarDescriptor } from "../descriptor/types.ts";
import type { ErrorCode } from "../errors.ts";
import { withHint } from "../hint.ts";
import type { WireWriter } from "../wire/writer.ts";

/** Whoever knows the path of the value at hand, and so can report what is wrong with it. */
export interface Reporter {
  fail(code: ErrorCode, message: string): never;
}

const halves: Int64Halves = { hi: 0, lo: 0 };

/**
 * Writes a scalar. Accepted are, beside the forms of `LiteralValue`: number and bigint for every integer and for
 * double (as long as nothing is lost), bytes for string (when they are UTF-8), text for binary (its UTF-8 form),
 * 16 bytes for uuid.
 */
export function writeScalar(
  writer: WireWriter,
  type: ScalarDescriptor,
  value: unknown,
  reporter: Reporter,
): void {
  switch (type.kind) {
    case "bool":
      if (typeof value !== "boolean") failKind("a boolean", value, reporter);
      return writer.writeBool(value);
    case "byte":
      return writer.writeByte(smallInteger(value, 8, type.name, reporter));
    case "i16":
      return writer.writeI16(smallInteger(value, 16, type.name, reporter));
    case "i32":
      return writer.writeI32(smallInteger(value, 32, type.name, reporter));
    case "i64":
      return writeInt64(writer, value, reporter);
    case "double":
      return writer.writeDouble(double(value, reporter));
    case "string":
    case "binary":
      return writeText(writer, type.kind, value, reporter);
    case "uuid":
      return writeUuid(writer, value, reporter);
  }
}

/** Writes an enum value: a number, which need not be a member's, or the name of a member. */
export function writeEnum(
  writer: WireWriter,
  type: EnumDescriptor,
  value: unknown,
  reporter: Reporter,
): void {
  if (typeof value !== "string") {
    if (typeof value !== "number" && typeof value !== "bigint") {
      failKind("a number or a name", value, reporter);
    }
    return writer.writeI32(smallInteger(value, 32, type.name, reporter));
  }
  const number = type.valueOf(value);
  if (number === undefined) {
    const message = `the enum ${type.name} has no such member`;
    reporter.fail("INVALID_VALUE", withHint(message, value, type.values.keys()));
  }
  writer.writeI32(number);
}

function smallInteger(value: unknown, bits: 8 | 16 | 32, name: string, reporter: Reporter): number {
  let number: number;
  if (typeof value === "number") {
    number = value;
  } else if (typeof value === "bigint") {
    number = splitInt64(value, halves) && isSafeInt64(halves.hi, halves.lo) ? joined() : Number.NaN;
  } else {
    failKind("an integer", value, reporter);
  }
  const spare = 32 - bits;
  // False for fractions, NaN and whatever is too large; −0 passes as 0.
  if (number !== (number << spare) >> spare) {
    reporter.fail("OUT_OF_RANGE", `${rangeProblem(value)} ${name}`);
  }
  return number;
}

function joined(): number {
  return int64ToNumber(halves.hi, halves.lo);
}

function writeInt64(writer: WireWriter, value: unknown, reporter: Reporter): void {
  if (typeof value === "bigint") {
    if (!splitInt64(value, halves)) reporter.fail("OUT_OF_RANGE", "the number does not fit i64");
  } else if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) {
      // It may have been rounded before it came here, so that writing it could silently change it.
      const isWhole = Number.isInteger(value);
      reporter.fail(
        "OUT_OF_RANGE",
        isWhole ? "numbers beyond 2^53 are not exact; give i64 as a bigint" : "the number does not fit i64",
      );
    }
    splitNumber(value, halves);
  } else {
    failKind("an integer", value, reporter);
  }
  writer.writeInt64(halves.hi, halves.lo);
}

function rangeProblem(value: unknown): string {
  const isFraction = typeof value === "number" && Number.isFinite(value) && !Number.isInteger(value);
  return isFraction ? "a number with a fraction does not fit" : "the number does not fit";
}

function double(value: unknown, reporter: Reporter): number {
  if (typeof value === "number") return value;
  if (typeof value !== "bigint") failKind("a number", value, reporter);
  const number = Number(value);
  if (!Number.isFinite(number) || BigInt(number) !== value) {
    reporter.fail("OUT_OF_RANGE", "the bigint is not exact as a double");
  }
  return number;
}

function writeText(writer: WireWriter, kind: "string" | "binary", value: unknown, reporter: Reporter): void {
  if (typeof value === "string") {
    if (!isWellFormed(value)) reporter.fail("INVALID_UTF8", "the text has a lone surrogate");
    return writer.writeString(value);
  }
  if (!isBytes(value)) failKind("a string or a Uint8Array", value, reporter);
  if (kind === "string" && validateUtf8(value, 0, value.length) >= 0) {
    reporter.fail("INVALID_UTF8", "the bytes of the string are not valid UTF-8");
  }
  writer.writeBinary(value);
}

function writeUuid(writer: WireWriter, value: unknown, reporter: Reporter): void {
  if (isBytes(value)) {
    if (value.length !== UUID_SIZE) reporter.fail("INVALID_VALUE", "a uuid must have 16 bytes");
    return writer.writeUuid(value);
  }
  if (typeof value !== "string") failKind("uuid text or a Uint8Array", value, reporter);
  const uuid = uuidOf(value);
  if (uuid === undefined) {
    reporter.fail("INVALID_VALUE", "the text is not a uuid in its canonical form of 36 characters");
  }
  writer.writeUuid(uuid);
}

/** Throws `TYPE_MISMATCH`; the message names the kind of the value, never the value. */
export function failKind(expected: string, value: unknown, reporter: Reporter): never {
  reporter.fail("TYPE_MISMATCH", `expected ${expected}, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return "an array";
  // `[object Map]` → `Map`
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === "Object" ? "an object" : `an object of kind ${/^\w{1,32}$/.test(tag) ? tag : "unknown"}`;
}
