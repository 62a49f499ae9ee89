import { base64Text } from "../bytes/base64.ts";
import { isBytes } from "../bytes/is-bytes.ts";
import { uuidText } from "../bytes/uuid.ts";
import { isScalar } from "../descriptor/check-type.ts";
import type {
  ListDescriptor,
  MapDescriptor,
  SetDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { FirstKeys } from "../literal/first-keys.ts";
import { setProperty } from "../literal/property.ts";
import { giveBack, type NodeReader, readText, takeReader } from "../node/reader.ts";
import type { ThriftNode } from "../node/thrift-node.ts";
import { checkOptions, oneOf } from "../options.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { MAX_RECURSION } from "../wire/limits.ts";
import { checkInput } from "../wire/reader.ts";
import { TType } from "../wire/ttype.ts";
import { typeMismatch, WireError } from "../wire/wire-error.ts";

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

const DEFAULT_FORMS: JsForms = {
  int64: "bigint",
  map: "map",
  keys: "name",
  enums: "number",
  binary: "bytes",
  sets: "set",
  nonFinite: "number",
};

/** Checks the options and fills in the defaults. Throws `INVALID_OPTION`. */
export function resolveForms(options?: ToJsOptions): JsForms {
  if (options === undefined) return DEFAULT_FORMS;
  checkOptions("toJS", options, OPTION_NAMES);
  return {
    ...DEFAULT_FORMS,
    int64: oneOf("int64", options.int64, ["bigint", "number", "string"]) ?? DEFAULT_FORMS.int64,
    map: oneOf("map", options.map, ["map", "object"]) ?? DEFAULT_FORMS.map,
    keys: oneOf("keys", options.keys, ["name", "id"]) ?? DEFAULT_FORMS.keys,
    enums: oneOf("enums", options.enums, ["number", "name"]) ?? DEFAULT_FORMS.enums,
  };
}

/** Smaller than every field id. */
const NO_ID = -0x8001;

/**
 * The value of a node as a JavaScript value. Fields that the descriptor does not have are left out; of a repeated
 * field or key the first counts. Throws `WireError`, with the path for `TYPE_MISMATCH` and `OUT_OF_RANGE`.
 */
export function toJs(node: ThriftNode, type: TypeDescriptor, forms: JsForms): unknown {
  if (node.inHeader) return node.asBoolean();
  const { protocol, source, start, end } = node;
  let { limits } = node;
  if (end - start > limits.maxSize) checkInput(source, { start, end, limits });
  if (limits.maxDepth > MAX_RECURSION) limits = { ...limits, maxDepth: MAX_RECURSION };
  const reader = takeReader(protocol, source, start, end, limits);
  const value = new JsReader(reader, forms).read(type);
  giveBack(reader);
  return value;
}

class JsReader {
  readonly #reader: NodeReader;
  readonly #forms: JsForms;
  /**
   * The path to the value in work, for errors: the first `#level` of these, field names, indices and keys, which the
   * types they start from tell apart. Making arrays shorter would be slow.
   */
  readonly #steps: unknown[] = [];
  readonly #types: TypeDescriptor[] = [];
  #level = 0;

  constructor(reader: NodeReader, forms: JsForms) {
    this.#reader = reader;
    this.#forms = forms;
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
        return readText(reader);
      case "binary":
        return this.#readBinary();
      case "uuid":
        return uuidText(reader.readUuid());
      case "enum": {
        const number = reader.readI32();
        return this.#forms.enums === "name" ? (type.nameOf(number) ?? number) : number;
      }
      case "list":
        return this.#readList(type);
      case "set": {
        const elements = this.#readList(type);
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
        const place = { offset: position, path: this.#path() };
        throw new WireError("OUT_OF_RANGE", "the i64 is beyond 2^53", place);
      }
    }
  }

  #readBinary(): Uint8Array | string {
    const content = this.#reader.readBinary();
    return this.#forms.binary === "bytes" ? new Uint8Array(content) : base64Text(content);
  }

  #readList(type: ListDescriptor | SetDescriptor): unknown[] {
    const reader = this.#reader;
    const { element } = type;
    const { position } = reader;
    reader.readListBegin();
    const { length } = reader;
    if (length > 0) this.#check(reader.elementType, element, position);
    const elements: unknown[] = [];
    const level = this.#open(type);
    for (let i = 0; i < length; i++) {
      this.#steps[level] = i;
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
    const level = this.#open(type);
    const isMap = this.#forms.map === "map";
    const result = isMap ? this.#readEntries(type, length, level) : this.#readProperties(type, length, level);
    this.#level = level;
    reader.readMapEnd();
    return result;
  }

  #readEntries({ key: keyType, value: valueType }: MapDescriptor, length: number, level: number): unknown {
    const reader = this.#reader;
    const steps = this.#steps;
    const map = new Map<unknown, unknown>();
    const seen = FirstKeys.of(keyType, length);
    for (let i = 0; i < length; i++) {
      steps[level] = undefined;
      const start = reader.position;
      const key = this.read(keyType);
      const isNew = seen === undefined ? !map.has(key) : seen.add(reader.bytes, start, reader.position);
      steps[level] = key;
      const value = this.read(valueType);
      if (isNew) map.set(key, value);
    }
    return map;
  }

  #readProperties({ key: keyType, value: valueType }: MapDescriptor, length: number, level: number): unknown {
    const reader = this.#reader;
    const steps = this.#steps;
    const hasNames = isScalar(keyType);
    const object = {};
    const pairs: [unknown, unknown][] = [];
    const seen = hasNames ? undefined : FirstKeys.of(keyType, length);
    for (let i = 0; i < length; i++) {
      steps[level] = undefined;
      const start = reader.position;
      const key = this.read(keyType);
      const isNew = seen === undefined || seen.add(reader.bytes, start, reader.position);
      steps[level] = key;
      const value = this.read(valueType);
      if (hasNames) {
        const name = keyText(key);
        if (!Object.hasOwn(object, name)) setProperty(object, name, value);
      } else if (isNew) {
        pairs.push([key, value]);
      }
    }
    return hasNames ? object : pairs;
  }

  #readStruct(type: StructDescriptor): unknown {
    const reader = this.#reader;
    const object = {};
    const level = this.#open(type);
    const hasIds = this.#forms.keys === "id";
    // Fields with a larger id than all before them are the first of theirs.
    let largestId = NO_ID;
    reader.readStructBegin();
    for (;;) {
      const { position } = reader;
      const wire = reader.readFieldBegin();
      if (wire === TType.STOP) break;
      const id = reader.fieldId;
      const field = type.fieldById(id);
      if (field === undefined) {
        reader.skip(wire);
        continue;
      }
      const name = hasIds ? String(id) : field.name;
      if (id > largestId) {
        largestId = id;
      } else if (Object.hasOwn(object, name)) {
        reader.skip(wire);
        continue;
      }
      this.#steps[level] = field.name;
      this.#check(wire, field.type, position);
      setProperty(object, name, this.read(field.type));
    }
    this.#level = level;
    reader.readStructEnd();
    return object;
  }

  /** Goes into a value; returns the level of the steps to its parts. */
  #open(type: TypeDescriptor): number {
    const level = this.#level;
    this.#types[level] = type;
    this.#steps[level] = undefined;
    this.#level = level + 1;
    return level;
  }

  #check(wire: TType, type: TypeDescriptor, offset: number): void {
    if (wire !== type.ttype) this.#failType(wire, type, offset);
  }

  #failType(wire: TType, type: TypeDescriptor, offset: number): never {
    throw typeMismatch(type.ttype, wire, { offset, path: this.#path() });
  }

  /** The path to the value in work. */
  #path(): string {
    const steps: FormatStep[] = [];
    for (let i = 0; i < this.#level; i++) {
      const step = this.#steps[i];
      steps.push(this.#types[i]!.kind === "map" ? { key: step } : (step as FormatStep));
    }
    return describePath(steps);
  }
}

/** The name of a property that stands for a key. */
function keyText(key: unknown): string {
  if (isBytes(key)) return base64Text(key);
  return Object.is(key, -0) ? "-0" : String(key);
}
