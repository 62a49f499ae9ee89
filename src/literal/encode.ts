import { checkType } from "../descriptor/check-type.ts";
import type {
  FieldDescriptor,
  ListDescriptor,
  MapDescriptor,
  Requiredness,
  SetDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import type { ErrorCode } from "../errors.ts";
import { withHint } from "../hint.ts";
import { checkOptions, oneOf } from "../options.ts";
import { describePath, type FormatStep, unknownNameStep } from "../path/format.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { slabCopy } from "../pool/slab.ts";
import { DEFAULT_LIMITS, type Limits, MAX_RECURSION, resolveLimits } from "../wire/limits.ts";
import { createWriter } from "../wire/protocols.ts";
import { checkProtocol, type Protocol } from "../wire/ttype.ts";
import type { WireWriter } from "../wire/writer.ts";
import { keyFromText } from "./map-key.ts";
import { failKind, type Reporter, writeEnum, writeScalar } from "./scalar.ts";
import { ValueError } from "./value-error.ts";
import { writeZero } from "./zero.ts";

/** What happens to fields that a struct value lacks; `write` gives the IDL default, else zero. */
export type MissingRules = Readonly<Record<Requiredness, "error" | "omit" | "write">>;

export interface LiteralOptions {
  /** Default: required fields are an error, others are omitted. Any subset may be given. */
  readonly missing?: Partial<MissingRules>;
  /** `maxDepth`, `maxLength` and `maxOutputSize` apply. */
  readonly limits?: Limits;
  /** A piece of a shared slab, or a private `ArrayBuffer`. Default `pooled`. */
  readonly output?: "pooled" | "own";
}

const OPTION_NAMES: readonly string[] = ["missing", "limits", "output"] satisfies (keyof LiteralOptions)[];

/** What the library adds for itself. All has been checked. */
export interface EncodeOptions extends LiteralOptions {
  /** Where the value belongs: the steps that paths in errors start with. Default none. */
  readonly within?: readonly FormatStep[];
  /**
   * For objects that bring their own bytes: gives those of one as a value of the type in the protocol, `undefined` for
   * other objects. `fail` throws the error about one that does not fit, with its path. Default none.
   */
  readonly encoded?: (
    type: TypeDescriptor,
    value: object,
    protocol: Protocol,
    fail: Fail,
  ) => Uint8Array | undefined;
}

/** Throws the error about a value that is given; whoever gives it knows where that is. */
export type Fail = (code: ErrorCode, message: string, cause?: unknown) => never;

const DEFAULT_MISSING: MissingRules = { required: "error", default: "omit", optional: "omit" };
const MISSING_WORDS = ["error", "omit", "write"] as const;

/** Scratch of `encodeValue`, missing while one is at work: getters of the value may encode something in turn. */
let idleOutput: ByteWriter | undefined;

/**
 * The encoded form of a JavaScript value, without a field header; owned by the caller.
 *
 * The value has the forms of `LiteralValue`, and others that are natural in JavaScript:
 *
 * | type | accepted |
 * |---|---|
 * | bool | boolean |
 * | byte, i16, i32 | number or bigint |
 * | i64 | bigint, or a number of at most 2^53 |
 * | double | number (also NaN and infinities), or a bigint that a double holds exactly |
 * | enum | number, bigint, or a member's name; unknown numbers are kept |
 * | string | string, or `Uint8Array` with valid UTF-8 |
 * | binary | `Uint8Array`, or string (its UTF-8 form) |
 * | uuid | canonical text, or 16 bytes |
 * | list | array or typed array |
 * | set | `Set` or array |
 * | map | `Map`, array of `[key, value]` pairs, or object whose property names are the keys |
 * | struct | object keyed by field name; own enumerable properties count |
 *
 * A field that is `null` or `undefined` is absent; an explicit `null` on an optional field also suppresses
 * `missing: { optional: "write" }`. Struct fields are written in the order of the descriptor.
 *
 * Throws `ValueError` with the path of what is wrong: `TYPE_MISMATCH` (null in a container included),
 * `OUT_OF_RANGE`, `INVALID_VALUE`, `INVALID_UTF8`, `UNKNOWN_FIELD` for a property that is no field,
 * `MISSING_REQUIRED`, `INVALID_UNION` unless exactly one field is there, `LIMIT_EXCEEDED` for depth (so
 * that cycles end) and length; `ThriftError`: `LIMIT_EXCEEDED` for the size of the output, `INVALID_OPTION`.
 */
export function encodeLiteral(
  type: TypeDescriptor,
  value: unknown,
  protocol: Protocol = "binary",
  options?: LiteralOptions,
): Uint8Array {
  checkType("encodeLiteral", type);
  checkProtocol("encodeLiteral", protocol);
  if (options === undefined) return encodeValue(type, value, protocol);
  checkOptions("encodeLiteral", options, OPTION_NAMES);
  const { limits } = options;
  return encodeValue(type, value, protocol, {
    missing: resolveMissing(options.missing),
    output: oneOf("output", options.output, ["pooled", "own"]) ?? "pooled",
    ...(limits === undefined ? {} : { limits }),
  });
}

/** Checks what happens to missing fields, and fills in the defaults. Throws `INVALID_OPTION`. */
export function resolveMissing(missing: Partial<MissingRules> | undefined): MissingRules {
  if (missing === undefined) return DEFAULT_MISSING;
  checkOptions("missing", missing, Object.keys(DEFAULT_MISSING));
  return {
    required: oneOf("missing.required", missing.required, MISSING_WORDS) ?? DEFAULT_MISSING.required,
    default: oneOf("missing.default", missing.default, MISSING_WORDS) ?? DEFAULT_MISSING.default,
    optional: oneOf("missing.optional", missing.optional, MISSING_WORDS) ?? DEFAULT_MISSING.optional,
  };
}

/** `encodeLiteral` for callers that have checked everything. */
export function encodeValue(
  type: TypeDescriptor,
  value: unknown,
  protocol: Protocol,
  options: EncodeOptions = {},
): Uint8Array {
  const maxSize = resolveLimits(options.limits).maxOutputSize;
  const isDefaultSize = maxSize === DEFAULT_LIMITS.maxOutputSize;
  const output = (isDefaultSize ? idleOutput : undefined) ?? new ByteWriter({ maxSize });
  idleOutput = undefined;
  try {
    new Encoder(createWriter(protocol, output), options).write(type, value);
    return options.output === "own" ? output.toBytes() : slabCopy(output.bytes, 0, output.length);
  } finally {
    output.clear();
    if (isDefaultSize) idleOutput = output;
  }
}

/** Appends what `encodeValue` gives to `output`. When it throws, `output` is as it was before. */
export function writeLiteral(
  output: ByteWriter,
  type: TypeDescriptor,
  value: unknown,
  protocol: Protocol = "binary",
  options: EncodeOptions = {},
): void {
  const start = output.length;
  try {
    new Encoder(createWriter(protocol, output), options).write(type, value);
  } catch (error) {
    output.truncate(start);
    throw error;
  }
}

/** One encoding: where it goes, the rules, and the path to the value at hand. */
class Encoder implements Reporter {
  readonly #writer: WireWriter;
  readonly #missing: MissingRules;
  readonly #maxDepth: number;
  readonly #maxLength: number;
  readonly #within: readonly FormatStep[];
  readonly #encoded: EncodeOptions["encoded"];
  /** `fail` for that, made for the first object. */
  #failEncoded: Fail | undefined = undefined;
  #depth = 0;
  /** The step into the value at hand, per open level: field name, index, or key where `#isKey`. */
  readonly #steps: unknown[] = [];
  readonly #isKey: boolean[] = [];

  constructor(writer: WireWriter, options: EncodeOptions) {
    const limits = resolveLimits(options.limits);
    this.#writer = writer;
    this.#missing = { ...DEFAULT_MISSING, ...options.missing };
    this.#maxDepth = Math.min(limits.maxDepth, MAX_RECURSION);
    this.#maxLength = limits.maxLength;
    this.#within = options.within ?? [];
    this.#encoded = options.encoded;
  }

  write(type: TypeDescriptor, value: unknown): void {
    if (typeof value === "object" && value !== null && this.#writeEncoded(type, value)) return;
    switch (type.kind) {
      case "struct":
        return this.#writeStruct(type, value);
      case "list":
        return this.#writeList(type, value);
      case "set":
        return this.#writeSet(type, value);
      case "map":
        return this.#writeMap(type, value);
      case "enum":
        return writeEnum(this.#writer, type, value, this);
      default:
        return writeScalar(this.#writer, type, value, this);
    }
  }

  /** Writes an object that brings its own bytes; whether it does. */
  #writeEncoded(type: TypeDescriptor, value: object): boolean {
    if (this.#encoded === undefined) return false;
    const { protocol, output } = this.#writer;
    this.#failEncoded ??= (code, message, cause) => this.fail(code, message, cause);
    const bytes = this.#encoded(type, value, protocol, this.#failEncoded);
    if (bytes === undefined) return false;
    // In the compact protocol the header of a field has the value; 1 is true in both.
    if (type.kind === "bool") this.#writer.writeBool(bytes[0] === 1);
    else output.append(bytes);
    return true;
  }

  fail(code: ErrorCode, message: string, cause?: unknown): never {
    const steps = this.#steps
      .slice(0, this.#depth)
      .map((step, level): FormatStep => (this.#isKey[level] ? { key: step } : (step as string | number)));
    // A level that is open but has no step yet: the fault is in the struct or container itself.
    if (steps.at(-1) === undefined) steps.pop();
    steps.unshift(...this.#within);
    const path = steps.length === 0 ? undefined : describePath(steps);
    throw new ValueError(code, message, { path, cause });
  }

  #open(): void {
    if (this.#depth >= this.#maxDepth) {
      this.fail("LIMIT_EXCEEDED", "structs and containers are nested too deep, or contain themselves");
    }
    this.#steps[this.#depth] = undefined;
    this.#isKey[this.#depth] = false;
    this.#depth++;
  }

  #close(): void {
    this.#depth--;
  }

  #step(step: unknown): void {
    this.#steps[this.#depth - 1] = step;
  }

  #writeStruct(type: StructDescriptor, value: unknown): void {
    if (!isRecord(value)) failKind(`an object for ${type.flavor} ${type.name}`, value, this);
    this.#open();
    for (const name of Object.keys(value)) {
      if (type.fieldByName(name) === undefined) this.#failUnknown(type, name);
    }
    this.#writer.writeStructBegin();
    let present = 0;
    for (const field of type.fields) {
      const fieldValue = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
      this.#step(field.name);
      if (fieldValue !== undefined && fieldValue !== null) {
        present++;
        this.#writer.writeFieldBegin(field.type.ttype, field.id);
        this.write(field.type, fieldValue);
      } else if (type.flavor !== "union") {
        this.#writeMissing(field, fieldValue === null);
      }
    }
    this.#writer.writeStructEnd();
    if (type.flavor === "union" && present !== 1) {
      this.#step(undefined);
      this.fail("INVALID_UNION", `the union ${type.name} must have exactly one field, got ${present}`);
    }
    this.#close();
  }

  #writeMissing(field: FieldDescriptor, isNull: boolean): void {
    const rule = this.#missing[field.requiredness];
    if (rule === "error") {
      this.fail("MISSING_REQUIRED", `the ${field.requiredness} field \`${field.name}\` is missing`);
    }
    if (rule === "omit" || (isNull && field.requiredness === "optional")) return;
    this.#writer.writeFieldBegin(field.type.ttype, field.id);
    if (field.defaultValue === undefined) writeZero(this.#writer, field.type);
    else this.write(field.type, field.defaultValue);
  }

  #failUnknown(type: StructDescriptor, name: string): never {
    const names = type.fields.map((field) => field.name);
    this.#step(name);
    this.#isKey[this.#depth - 1] = typeof unknownNameStep(name) === "object";
    this.fail("UNKNOWN_FIELD", withHint(`${type.flavor} ${type.name} has no such field`, name, names));
  }

  #writeList(type: ListDescriptor, value: unknown): void {
    if (!Array.isArray(value) && !isTypedArray(value)) failKind(`an array for ${type.name}`, value, this);
    this.#writeElements(type.element, value);
  }

  #writeSet(type: SetDescriptor, value: unknown): void {
    if (!Array.isArray(value) && !(value instanceof Set)) {
      failKind(`a Set or an array for ${type.name}`, value, this);
    }
    // A copy, because getters inside could change the Set after its size has been written.
    this.#writeElements(type.element, Array.isArray(value) ? value : [...value]);
  }

  #writeElements(type: TypeDescriptor, elements: ArrayLike<unknown>): void {
    this.#open();
    const length = elements.length;
    this.#checkLength(length);
    this.#writer.writeListBegin(type.ttype, length);
    for (let i = 0; i < length; i++) {
      this.#step(i);
      this.#writePresent(type, elements[i]);
    }
    this.#close();
  }

  #writeMap(type: MapDescriptor, value: unknown): void {
    if (value instanceof Map) return this.#writeEntries(type, [...value], false);
    if (Array.isArray(value)) return this.#writeEntries(type, value, false);
    if (isRecord(value)) return this.#writeEntries(type, Object.entries(value), true);
    failKind(`a Map, an object or an array of pairs for ${type.name}`, value, this);
  }

  #writeEntries(type: MapDescriptor, entries: readonly unknown[], isText: boolean): void {
    this.#open();
    const length = entries.length;
    this.#checkLength(length);
    this.#writer.writeMapBegin(type.key.ttype, type.value.ttype, length);
    const level = this.#depth - 1;
    for (let i = 0; i < length; i++) {
      this.#isKey[level] = false;
      this.#step(i);
      const entry = entries[i];
      if (!Array.isArray(entry) || entry.length !== 2) failKind("a pair of key and value", entry, this);
      this.#isKey[level] = true;
      this.#step(entry[0]);
      const key = isText ? keyFromText(type.key, entry[0], this) : entry[0];
      this.#writePresent(type.key, key);
      this.#writePresent(type.value, entry[1]);
    }
    this.#close();
  }

  #writePresent(type: TypeDescriptor, value: unknown): void {
    if (value === null || value === undefined) {
      this.fail("TYPE_MISMATCH", `a container has no place for ${value}`);
    }
    this.write(type, value);
  }

  #checkLength(length: number): void {
    if (length > this.#maxLength) {
      this.fail("LIMIT_EXCEEDED", `${length} elements are more than the limit of ${this.#maxLength}`);
    }
  }
}

/**
 * An object that can stand for a struct or a map: plain, without prototype, or of a class of the caller; not
 * one of JavaScript's own kinds, such as Date or RegExp, which have no properties to write.
 */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && Object.prototype.toString.call(value) === "[object Object]";
}

function isTypedArray(value: unknown): value is ArrayLike<number | bigint> & ArrayBufferView {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
