import type { StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import { writeLiteral } from "../literal/encode.ts";
import { ValueError } from "../literal/value-error.ts";
import { writeZero } from "../literal/zero.ts";
import { skipElements } from "../node/find.ts";
import { readKey } from "../node/key.ts";
import { giveBack, type NodeReader, takeReader } from "../node/reader.ts";
import { Splicer } from "../node/splicer.ts";
import type { ThriftNode } from "../node/thrift-node.ts";
import { checkOptions, oneOf } from "../options.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import type { CompactWriter } from "../wire/compact-writer.ts";
import { MAX_RECURSION } from "../wire/limits.ts";
import { TType } from "../wire/ttype.ts";
import { failDepth, typeMismatch, type WireError } from "../wire/wire-error.ts";
import { projectBinary } from "./project-binary.ts";
import { type FieldPlan, type Plan, planOf } from "./project-plan.ts";

/** How a value is cut to another type. */
export interface ProjectOptions {
  /** Required fields of the target that the data lacks: an error, or passed over. Default `error`. */
  readonly required?: "error" | "omit";
  /** Fields of the target with default requiredness that the data lacks: the IDL default, else zero. Default `omit`. */
  readonly default?: "write" | "omit";
  /** Fields that the type of the data does not have. Default `drop`. */
  readonly unknownFields?: "drop" | "error";
}

const OPTION_NAMES: readonly string[] = ["required", "default", "unknownFields"];

const DEFAULT_OPTIONS: Required<ProjectOptions> = {
  required: "error",
  default: "omit",
  unknownFields: "drop",
};

function resolveOptions(options: ProjectOptions | undefined): Required<ProjectOptions> {
  if (options === undefined) return DEFAULT_OPTIONS;
  checkOptions("project", options, OPTION_NAMES);
  return {
    required: oneOf("required", options.required, ["error", "omit"]) ?? DEFAULT_OPTIONS.required,
    default: oneOf("default", options.default, ["write", "omit"]) ?? DEFAULT_OPTIONS.default,
    unknownFields:
      oneOf("unknownFields", options.unknownFields, ["drop", "error"]) ?? DEFAULT_OPTIONS.unknownFields,
  };
}

/**
 * The bytes of a node, a value of the type `from`, cut to the type `to`, owned by the caller; `undefined` when nothing
 * is left out or added. Throws `INVALID_OPTION`; `ValueError`, with path and offset: `MISSING_REQUIRED`,
 * `UNKNOWN_FIELD`, `TYPE_MISMATCH` for types that do not become the target's; `WireError`, `TYPE_MISMATCH` for data that
 * is not of its type.
 */
export function project(
  node: ThriftNode,
  from: TypeDescriptor,
  to: TypeDescriptor,
  options?: ProjectOptions,
): Uint8Array | undefined {
  const rules = resolveOptions(options);
  const plan = planOf(from, to);
  const { protocol, source, start, end, limits } = node;
  if (protocol === "binary" && rules.default === "omit" && limits.maxDepth <= MAX_RECURSION) {
    try {
      return projectBinary(node, plan, rules.required === "error", rules.unknownFields === "error");
    } catch {
      // Whatever it is, it is told below.
    }
  }
  const reader = takeReader(protocol, source, start, end, limits);
  const projector = new Projector(node, reader, rules);
  projector.project(plan, start);
  giveBack(reader);
  return projector.finish();
}

/** The key of the map entry in work, read when somebody asks. */
interface KeyAt {
  readonly keyStart: number;
  readonly keyType: TType;
}

class Projector {
  readonly #node: ThriftNode;
  readonly #reader: NodeReader;
  readonly #out: Splicer;
  readonly #rules: Required<ProjectOptions>;
  readonly #isCompact: boolean;
  readonly #maxDepth: number;
  /** The path to the value in work: the first `#stepCount` of these. Making the array shorter would be slow. */
  readonly #steps: (FormatStep | KeyAt)[] = [];
  #stepCount = 0;
  #depth = 0;

  constructor(node: ThriftNode, reader: NodeReader, rules: Required<ProjectOptions>) {
    this.#node = node;
    this.#reader = reader;
    this.#out = new Splicer(node.protocol, node.source, node.start);
    this.#rules = rules;
    this.#isCompact = node.protocol === "compact";
    this.#maxDepth = Math.min(node.limits.maxDepth, MAX_RECURSION);
  }

  finish(): Uint8Array | undefined {
    if (!this.#out.isChanged) return undefined;
    this.#out.keep(this.#node.end);
    return this.#out.finish(this.#node.limits.maxOutputSize);
  }

  /** Cuts the value at the reader, which is moved behind it. `offset` is where errors about it point to. */
  project(plan: Plan, offset: number): void {
    if (!plan.fits) {
      const message = `a value of type ${plan.from.name} cannot become one of type ${plan.to.name}`;
      throw this.#error("TYPE_MISMATCH", message, offset);
    }
    switch (plan.from.kind) {
      case "struct":
        return this.#projectStruct(plan);
      case "list":
      case "set":
        return this.#projectList(plan);
      case "map":
        return this.#projectMap(plan);
      default:
        this.#reader.skip(plan.from.ttype);
    }
  }

  #step(level: number, step: FormatStep | KeyAt): void {
    this.#steps[level] = step;
    this.#stepCount = level + 1;
  }

  #open(): void {
    if (this.#depth >= this.#maxDepth) failDepth(this.#reader.position);
    this.#depth++;
  }

  #projectStruct(plan: Plan): void {
    const reader = this.#reader;
    const out = this.#out;
    const level = this.#depth;
    const isCompact = this.#isCompact;
    this.#open();
    reader.readStructBegin();
    const { fields, wanted } = plan;
    // One bit per wanted field.
    const seen = wanted.length <= 32 ? undefined : new Uint8Array(wanted.length);
    let seenBits = 0;
    let seenCount = 0;
    // The ids of the last field kept, and of the last field read; see `editStruct`.
    let written = 0;
    let read = 0;
    for (;;) {
      const header = reader.position;
      const wire = reader.readFieldBegin();
      if (wire === TType.STOP) {
        if (seenCount < wanted.length) {
          this.#stepCount = level;
          this.#addMissing(wanted, header, written, seenBits, seen);
        }
        break;
      }
      const id = reader.fieldId;
      const kept = id >= 0 && id < fields.length ? fields[id] : plan.otherFields.get(id);
      if (kept === undefined) {
        if (
          this.#rules.unknownFields === "error" &&
          (plan.from as StructDescriptor).fieldById(id) === undefined
        ) {
          this.#step(level, { id });
          throw this.#error("UNKNOWN_FIELD", "the struct has no such field", header);
        }
        out.keep(header);
        reader.skip(wire);
        out.drop(reader.position);
        read = id;
        continue;
      }
      const { plan: inner, ordinal } = kept;
      this.#step(level, kept.field.name);
      if (wire !== inner.from.ttype) throw this.#mismatch(wire, inner.from, header);
      if (ordinal >= 0) {
        if (seen === undefined) {
          const bit = 1 << ordinal;
          if ((seenBits & bit) === 0) seenCount++;
          seenBits |= bit;
        } else {
          seenCount += 1 - seen[ordinal]!;
          seen[ordinal] = 1;
        }
      }
      if (isCompact && written !== read) {
        // The field in front of it is another one now, and ids are relative to that.
        const writer = out.writer as CompactWriter;
        writer.continueAfter(written);
        writer.writeFieldBegin(wire, id);
        if (wire === TType.BOOL) writer.writeBool(reader.readBool());
        out.addWritten();
        out.drop(reader.position);
        if (wire !== TType.BOOL) this.project(inner, header);
      } else if (inner.isWhole) {
        reader.skip(wire);
      } else {
        this.project(inner, header);
      }
      written = id;
      read = id;
    }
    this.#stepCount = level;
    reader.readStructEnd();
    this.#depth--;
  }

  /** Deals with the wanted fields of a struct that ends at `stop` and has not had all of them. */
  #addMissing(
    wanted: readonly FieldPlan[],
    stop: number,
    lastId: number,
    seenBits: number,
    seen: Uint8Array | undefined,
  ): void {
    const out = this.#out;
    const { writer } = out;
    let written = lastId;
    for (const { field, ordinal } of wanted) {
      if (seen === undefined ? (seenBits & (1 << ordinal)) !== 0 : seen[ordinal] === 1) continue;
      if (field.requiredness === "required") {
        if (this.#rules.required === "omit") continue;
        throw this.#error("MISSING_REQUIRED", `the required field \`${field.name}\` is missing`, stop);
      }
      if (this.#rules.default === "omit") continue;
      out.keep(stop);
      if (this.#isCompact) (writer as CompactWriter).continueAfter(written);
      writer.writeFieldBegin(field.type.ttype, field.id);
      const { defaultValue } = field;
      if (defaultValue === undefined) writeZero(writer, field.type);
      else if (field.type.kind === "bool") writer.writeBool(defaultValue as boolean);
      else writeLiteral(writer.output, field.type, defaultValue, writer.protocol);
      out.addWritten();
      written = field.id;
    }
  }

  #projectList(plan: Plan): void {
    const reader = this.#reader;
    const offset = reader.position;
    const level = this.#depth;
    this.#open();
    reader.readListBegin();
    const { length, elementType } = reader;
    const element = plan.element!;
    if (length > 0) {
      if (elementType !== element.from.ttype) throw this.#mismatch(elementType, element.from, offset);
      if (element.isWhole) {
        skipElements(reader, length);
      } else {
        for (let i = 0; i < length; i++) {
          this.#step(level, i);
          this.project(element, reader.position);
        }
        this.#stepCount = level;
      }
    }
    reader.readListEnd();
    this.#depth--;
  }

  #projectMap(plan: Plan): void {
    const reader = this.#reader;
    const offset = reader.position;
    const level = this.#depth;
    this.#open();
    reader.readMapBegin();
    const { length, keyType, elementType } = reader;
    const key = plan.key!;
    const element = plan.element!;
    if (length > 0) {
      if (keyType !== key.from.ttype) throw this.#mismatch(keyType, key.from, offset);
      if (elementType !== element.from.ttype) throw this.#mismatch(elementType, element.from, offset);
      for (let i = 0; i < length; i++) {
        this.#step(level, { keyStart: reader.position, keyType });
        this.project(key, reader.position);
        this.project(element, reader.position);
      }
      this.#stepCount = level;
    }
    reader.readMapEnd();
    this.#depth--;
  }

  #mismatch(wire: TType, type: TypeDescriptor, offset: number): WireError {
    return typeMismatch(type.ttype, wire, { offset, path: this.#path() });
  }

  #error(
    code: "TYPE_MISMATCH" | "UNKNOWN_FIELD" | "MISSING_REQUIRED",
    message: string,
    offset: number,
  ): ValueError {
    return new ValueError(code, message, { offset, path: this.#path() });
  }

  /** The path to the value in work. */
  #path(): string {
    const steps = this.#steps.slice(0, this.#stepCount).map((step): FormatStep => {
      if (typeof step !== "object" || !("keyStart" in step)) return step;
      const { source, end, limits } = this.#node;
      this.#reader.restart(source, step.keyStart, end, limits);
      this.#reader.keyType = step.keyType;
      return { key: readKey(this.#reader) };
    });
    return describePath(steps);
  }
}
