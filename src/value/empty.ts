import type { FieldDescriptor, StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { writeLiteral } from "../literal/encode.ts";
import { writeZero } from "../literal/zero.ts";
import { checkOptions, oneOf } from "../options.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { type Limits, type ResolvedLimits, resolveLimits } from "../wire/limits.ts";
import { createWriter } from "../wire/protocols.ts";
import type { Protocol } from "../wire/ttype.ts";
import type { WireWriter } from "../wire/writer.ts";

/** How `Value.empty` fills a value. */
export interface EmptyOptions {
  /** Default `binary`. */
  readonly protocol?: Protocol;
  /**
   * Structs and containers that may be open; what would be deeper is empty. Default 8, at most 64, and no more than
   * `limits.maxDepth` lets anybody read.
   */
  readonly depth?: number;
  /** Fields with default requiredness. Required fields are always there. Default `write`. */
  readonly default?: "write" | "omit";
  /** Optional fields. Default `omit`. */
  readonly optional?: "write" | "omit";
  /** Elements of every list. Sets have one at most. Default 0. */
  readonly listLength?: number;
  /**
   * Entries of every map whose keys are text or numbers: the keys are 0, 1, 2 …, as far as their type goes. Default 0.
   */
  readonly mapLength?: number;
  /** `maxOutputSize` bounds the result, which grows with every level. */
  readonly limits?: Limits;
}

const OPTION_NAMES: readonly string[] = [
  "protocol",
  "depth",
  "default",
  "optional",
  "listLength",
  "mapLength",
  "limits",
];

const DEFAULT_DEPTH = 8;
const MAX_DEPTH = 64;

/**
 * The encoded value of `type` with IDL defaults, else zeros, in the fields that the options name, and the protocol and
 * limits that it is for. A union has no field. Throws `INVALID_OPTION`, `LIMIT_EXCEEDED` beyond `maxOutputSize`.
 */
export function encodeEmpty(
  type: TypeDescriptor,
  options: EmptyOptions = {},
): { bytes: Uint8Array; protocol: Protocol; limits: ResolvedLimits } {
  checkOptions("Value.empty", options, OPTION_NAMES);
  const protocol = oneOf("protocol", options.protocol, ["binary", "compact"]) ?? "binary";
  const limits = resolveLimits(options.limits);
  const output = new ByteWriter({ maxSize: limits.maxOutputSize });
  // What is empty below the last level is open too.
  const depth = Math.min(integerOption(options, "depth", DEFAULT_DEPTH), limits.maxDepth - 1);
  new EmptyWriter(createWriter(protocol, output), options).write(type, depth);
  return { bytes: output.toBytes(), protocol, limits };
}

function integerOption(
  options: EmptyOptions,
  name: "depth" | "listLength" | "mapLength",
  fallback: number,
): number {
  const value = options[name] ?? fallback;
  if (Number.isSafeInteger(value) && value >= 0 && (name !== "depth" || value <= MAX_DEPTH)) return value;
  const most = name === "depth" ? ` of at most ${MAX_DEPTH}` : "";
  throw new ThriftError("INVALID_OPTION", `option \`${name}\` must be a non-negative integer${most}`);
}

class EmptyWriter {
  readonly #writer: WireWriter;
  readonly #default: "write" | "omit";
  readonly #optional: "write" | "omit";
  readonly #listLength: number;
  readonly #mapLength: number;

  constructor(writer: WireWriter, options: EmptyOptions) {
    this.#writer = writer;
    this.#default = oneOf("default", options.default, ["write", "omit"]) ?? "write";
    this.#optional = oneOf("optional", options.optional, ["write", "omit"]) ?? "omit";
    this.#listLength = integerOption(options, "listLength", 0);
    this.#mapLength = integerOption(options, "mapLength", 0);
  }

  /** `depth` is the number of structs and containers that may still be opened. */
  write(type: TypeDescriptor, depth: number): void {
    switch (type.kind) {
      case "struct":
        return depth > 0 ? this.#writeStruct(type, depth - 1) : writeZero(this.#writer, type);
      case "list":
      case "set": {
        const length =
          depth === 0 ? 0 : type.kind === "set" ? Math.min(this.#listLength, 1) : this.#listLength;
        this.#writer.writeListBegin(type.element.ttype, length);
        for (let i = 0; i < length; i++) this.write(type.element, depth - 1);
        return;
      }
      case "map": {
        const length = depth > 0 ? Math.min(this.#mapLength, countOf(type.key)) : 0;
        this.#writer.writeMapBegin(type.key.ttype, type.value.ttype, length);
        for (let i = 0; i < length; i++) {
          this.#writeKey(type.key, i);
          this.write(type.value, depth - 1);
        }
        return;
      }
      default:
        return writeZero(this.#writer, type);
    }
  }

  #writeStruct(type: StructDescriptor, depth: number): void {
    this.#writer.writeStructBegin();
    if (type.flavor !== "union") {
      for (const field of type.fields) if (this.#isWritten(field)) this.#writeField(field, depth);
    }
    this.#writer.writeStructEnd();
  }

  #isWritten({ requiredness, parent }: FieldDescriptor): boolean {
    // At most one field of a result is ever there.
    if (parent.role === "result") return false;
    if (requiredness === "required") return true;
    return (requiredness === "optional" ? this.#optional : this.#default) === "write";
  }

  #writeField(field: FieldDescriptor, depth: number): void {
    const writer = this.#writer;
    writer.writeFieldBegin(field.type.ttype, field.id);
    if (field.defaultValue === undefined) this.write(field.type, depth);
    else if (field.type.kind === "bool") writer.writeBool(field.defaultValue as boolean);
    else writeLiteral(writer.output, field.type, field.defaultValue, writer.protocol);
  }

  #writeKey(type: TypeDescriptor, index: number): void {
    if (type.kind === "string" || type.kind === "binary") this.#writer.writeString(String(index));
    else writeLiteral(this.#writer.output, type, index, this.#writer.protocol);
  }
}

/** How many of 0, 1, 2 … can be keys of the type; 0 where they are none. */
function countOf({ kind }: TypeDescriptor): number {
  switch (kind) {
    case "byte":
      return 0x80;
    case "i16":
      return 0x8000;
    case "string":
    case "binary":
    case "i32":
    case "i64":
    case "double":
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}
