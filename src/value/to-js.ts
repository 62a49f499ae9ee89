import { base64TextSize, writeBase64 } from "../bytes/base64.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import type { MapDescriptor, StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import { uuidText } from "../node/key.ts";
import type { ThriftNode } from "../node/thrift-node.ts";
import { checkOptions, oneOf } from "../options.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { createReader } from "../wire/protocols.ts";
import type { WireReader } from "../wire/reader.ts";
import { TType, typeName } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";

/** How JavaScript values are made of encoded ones. */
export interface ToJsOptions {
  /** i64 as `bigint`, as number (beyond 2^53 it is `OUT_OF_RANGE`), or as decimal text. Default `bigint`. */
  readonly int64?: "bigint" | "number" | "string";
  /**
   * A map as `Map`, or as a plain object with the keys as text (binary as base64); with keys that are no scalars as
   * pairs. Default `map`, which cannot tell the keys 0 and −0 apart.
   */
  readonly map?: "map" | "object";
  /** The property names of struct objects. Default `name`. */
  readonly keys?: "name" | "id";
  /** An enum value as number, or as the name of its member if it has one. Default `number`. */
  readonly enums?: "number" | "name";
}

const OPTION_NAMES: readonly string[] = ["int64", "map", "keys", "enums"];

/** The forms in force; some of them only `toJSON` wants. */
export interface JsForms extends Required<ToJsOptions> {
  readonly binary: "bytes" | "base64";
  readonly sets: "set" | "array";
  readonly nonFinite: "number" | "string";
}

/** What `JSON.stringify` can write without losing anything. */
export const JSON_FORMS: JsForms = {
  int64: "string",
  map: "object",
  keys: "name",
  enums: "number",
  binary: "base64",
  sets: "array",
  nonFinite: "string",
};

/** Checks the options and fills in the defaults. Throws `INVALID_OPTION`. */
export function resolveForms(options: ToJsOptions = {}): JsForms {
  checkOptions("toJS", options, OPTION_NAMES);
  return {
    int64: oneOf("int64", options.int64, ["bigint", "number", "string"]) ?? "bigint",
    map: oneOf("map", options.map, ["map", "object"]) ?? "map",
    keys: oneOf("keys", options.keys, ["name", "id"]) ?? "name",
    enums: oneOf("enums", options.enums, ["number", "name"]) ?? "number",
    binary: "bytes",
    sets: "set",
    nonFinite: "number",
  };
}

/** The reader below recurses: deeper limits than this would meet the end of the call stack instead. */
const MAX_RECURSION = 512;

/**
 * The value of a node as a JavaScript value. Fields that the descriptor does not have are left out; of a repeated
 * field or key the first counts. Throws `WireError`, with the path for `TYPE_MISMATCH` and `OUT_OF_RANGE`.
 */
export function toJs(node: ThriftNode, type: TypeDescriptor, forms: JsForms): unknown {
  if (node.inHeader) return node.asBoolean();
  const { protocol, source, start, end, limits } = node;
  const maxDepth = Math.min(limits.maxDepth, MAX_RECURSION);
  const reader = createReader(protocol, source, { start, end, limits: { ...limits, maxDepth } });
  return new JsReader(reader, forms).read(type);
}

class JsReader {
  readonly #reader: WireReader;
  readonly #forms: JsForms;
  /** The path to the value in work: the first `#level` of these. Making the array shorter would be slow. */
  readonly #steps: FormatStep[] = [];
  #level = 0;

  constructor(reader: WireReader, forms: JsForms) {
    this.#reader = reader;
    this.#forms = forms;
  }

  #step(level: number, step: FormatStep): void {
    this.#steps[level] = step;
    this.#level = level + 1;
  }

  read(type: TypeDescriptor): unknown {
    const reader = this.#reader;
    switch (type.kind) {
      case "bool":
        return reader.readBool();
      case "byte":
        return reader.readByte();
      case "i16":
        return reader.readI16();
      case "i32":
        return reader.readI32();
      case "i64":
        return this.#readInt64();
      case "double": {
        const number = reader.readDouble();
        return Number.isFinite(number) || this.#forms.nonFinite === "number" ? number : String(number);
      }
      case "string":
        return reader.readString();
      case "binary":
        return this.#readBinary();
      case "uuid":
        return uuidText(reader.readUuid());
      case "enum": {
        const number = reader.readI32();
        return this.#forms.enums === "name" ? (type.nameOf(number) ?? number) : number;
      }
      case "list":
        return this.#readList(type.element);
      case "set": {
        const elements = this.#readList(type.element);
        return this.#forms.sets === "set" ? new Set(elements) : elements;
      }
      case "map":
        return this.#readMap(type);
      case "struct":
        return this.#readStruct(type);
    }
  }

  #readInt64(): bigint | number | string {
    const { position } = this.#reader;
    const value = this.#reader.readI64();
    switch (this.#forms.int64) {
      case "bigint":
        return value;
      case "string":
        return String(value);
      case "number": {
        const number = Number(value);
        if (Number.isSafeInteger(number)) return number;
        throw this.#error("OUT_OF_RANGE", "the i64 is beyond 2^53", position);
      }
    }
  }

  #readBinary(): Uint8Array | string {
    const content = this.#reader.readBinary();
    return this.#forms.binary === "bytes" ? new Uint8Array(content) : base64Of(content);
  }

  #readList(element: TypeDescriptor): unknown[] {
    const reader = this.#reader;
    const { position } = reader;
    reader.readListBegin();
    const { length } = reader;
    if (length > 0) this.#check(reader.elementType, element, position);
    const elements: unknown[] = [];
    const level = this.#level;
    for (let i = 0; i < length; i++) {
      this.#step(level, i);
      elements.push(this.read(element));
    }
    this.#level = level;
    reader.readListEnd();
    return elements;
  }

  #readMap(type: MapDescriptor): unknown {
    const reader = this.#reader;
    const { position } = reader;
    reader.readMapBegin();
    const { length } = reader;
    if (length > 0) {
      this.#check(reader.keyType, type.key, position);
      this.#check(reader.elementType, type.value, position);
    }
    const entries: [unknown, unknown][] = [];
    const level = this.#level;
    for (let i = 0; i < length; i++) {
      this.#step(level, { key: undefined });
      const key = this.read(type.key);
      this.#step(level, { key });
      entries.push([key, this.read(type.value)]);
    }
    this.#level = level;
    reader.readMapEnd();
    if (this.#forms.map === "map") {
      const map = new Map<unknown, unknown>();
      for (const [key, value] of entries) if (!map.has(key)) map.set(key, value);
      return map;
    }
    if (!isScalar(type.key)) return entries;
    const object = {};
    for (const [key, value] of entries) {
      const name = keyText(key);
      if (!Object.hasOwn(object, name)) define(object, name, value);
    }
    return object;
  }

  #readStruct(type: StructDescriptor): unknown {
    const reader = this.#reader;
    const object = {};
    const level = this.#level;
    reader.readStructBegin();
    for (;;) {
      const { position } = reader;
      const wire = reader.readFieldBegin();
      if (wire === TType.STOP) break;
      const field = type.fieldById(reader.fieldId);
      const name = field === undefined ? "" : this.#forms.keys === "id" ? String(field.id) : field.name;
      if (field === undefined || Object.hasOwn(object, name)) {
        reader.skip(wire);
        continue;
      }
      this.#step(level, field.name);
      this.#check(wire, field.type, position);
      define(object, name, this.read(field.type));
    }
    this.#level = level;
    reader.readStructEnd();
    return object;
  }

  #check(wire: TType, type: TypeDescriptor, offset: number): void {
    if (wire === type.ttype) return;
    const message = `expected a value of type ${typeName(type.ttype)}, got ${typeName(wire)}`;
    throw this.#error("TYPE_MISMATCH", message, offset);
  }

  #error(code: "TYPE_MISMATCH" | "OUT_OF_RANGE", message: string, offset: number): WireError {
    return new WireError(code, message, { offset, path: describePath(this.#steps.slice(0, this.#level)) });
  }
}

function isScalar(type: TypeDescriptor): boolean {
  return type.kind !== "struct" && type.kind !== "list" && type.kind !== "set" && type.kind !== "map";
}

/** The name of a property that stands for a key. */
function keyText(key: unknown): string {
  if (key instanceof Uint8Array) return base64Of(key);
  return Object.is(key, -0) ? "-0" : String(key);
}

function base64Of(content: Uint8Array): string {
  const text = new Uint8Array(base64TextSize(content.length));
  writeBase64(content, 0, content.length, text, 0);
  return decodeUtf8(text);
}

/** Sets a property, also one that is called `__proto__`. */
function define(object: object, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as Record<string, unknown>)[name] = value;
  }
}
