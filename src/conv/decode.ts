import { decodeUtf8 } from "../bytes/utf8.ts";
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
import { MAX_RECURSION } from "../wire/limits.ts";
import { createReader } from "../wire/protocols.ts";
import type { WireReader } from "../wire/reader.ts";
import { TType } from "../wire/ttype.ts";
import { typeMismatch } from "../wire/wire-error.ts";
import type { MaskRule } from "./context.ts";
import { encodeDefault, missingAction } from "./defaults.ts";
import { ruleOf } from "./mask.ts";
import type { Settings } from "./options.ts";

export interface DecodeOptions {
  /**
   * A map as `Map`, as `Value.toJS` gives it; or as a plain object where `encodeLiteral` takes property names for the
   * same keys: not for binary keys, structs and containers, which stay a `Map`.
   */
  readonly maps: "map" | "object";
  /** Hides parts of the value. Default `keep`. */
  readonly mask?: MaskRule;
  /** Whether fields that the settings have written when missing are there. Default `omit`. */
  readonly missing?: "write" | "omit";
}

/**
 * The JavaScript value of encoded bytes that a conversion has judged, in the forms that `encodeLiteral` takes back and
 * `Value.toJS` gives: exact whatever the options say about the form of values in JSON. What they say about what is
 * there holds: masks, `mismatch`, `utf8`, `missing`. Of a repeated field or key the first counts. The value keeps
 * nothing of `bytes`.
 *
 * Throws `WireError`: `LIMIT_EXCEEDED` for depth; for bytes that nobody has judged also what a reader throws, and
 * `TYPE_MISMATCH`.
 */
export function decodeValue(
  type: TypeDescriptor,
  bytes: Uint8Array,
  settings: Settings,
  options: DecodeOptions,
): unknown {
  return new Decoder(bytes, settings, options).read(type, options.mask ?? "keep");
}

class Decoder {
  readonly #reader: WireReader;
  readonly #settings: Settings;
  readonly #options: DecodeOptions;

  constructor(bytes: Uint8Array, settings: Settings, options: DecodeOptions) {
    const { protocol } = settings;
    const maxDepth = Math.min(settings.limits.maxDepth, MAX_RECURSION);
    // The limit of the size is that of the message, which may have been JSON.
    const limits = { ...settings.limits, maxDepth, maxSize: Number.POSITIVE_INFINITY };
    this.#reader = createReader(protocol, bytes, { limits });
    this.#settings = settings;
    this.#options = options;
  }

  /** `undefined` for a container of other elements than the type says, under `mismatch: "skip"`. */
  read(type: TypeDescriptor, mask: MaskRule): unknown {
    const reader = this.#reader;
    switch (type.kind) {
      case "bool":
        return reader.readBool();
      case "byte":
        return reader.readByte();
      case "i16":
        return reader.readI16();
      case "i32":
      case "enum":
        return reader.readI32();
      case "i64":
        return reader.readI64();
      case "double":
        return reader.readDouble();
      case "string":
        // The conversion has checked it, or its options let it through.
        return decodeUtf8(reader.readBinary());
      case "binary":
        return new Uint8Array(reader.readBinary());
      case "uuid":
        return uuidText(reader.readUuid());
      case "list":
        return this.#readElements(type, mask);
      case "set": {
        const elements = this.#readElements(type, mask);
        return elements && new Set(elements);
      }
      case "map":
        return this.#readMap(type, mask);
      case "struct":
        return this.#readStruct(type, mask);
    }
  }

  #readElements({ element }: ListDescriptor | SetDescriptor, mask: MaskRule): unknown[] | undefined {
    const reader = this.#reader;
    reader.readListBegin();
    const { length, elementType } = reader;
    let elements: unknown[] | undefined;
    if (this.#fits(elementType, element, length)) {
      elements = [];
      for (let i = 0; i < length; i++) {
        const value = this.read(element, mask);
        if (value !== undefined) elements.push(value);
      }
    } else {
      for (let i = 0; i < length; i++) reader.skip(elementType);
    }
    reader.readListEnd();
    return elements;
  }

  #readMap(type: MapDescriptor, mask: MaskRule): object | undefined {
    const reader = this.#reader;
    reader.readMapBegin();
    const { bytes, length, keyType, elementType } = reader;
    const map = new Map<unknown, unknown>();
    const seen = FirstKeys.of(type.key, length);
    const fits = this.#fits(keyType, type.key, length) && this.#fits(elementType, type.value, length);
    for (let i = 0; i < length; i++) {
      if (!fits) {
        reader.skip(keyType);
        reader.skip(elementType);
        continue;
      }
      const start = reader.position;
      const key = this.read(type.key, "keep");
      const isNew = seen === undefined ? !map.has(key) : seen.add(bytes, start, reader.position);
      if (key === undefined || !isNew) {
        reader.skip(elementType);
        continue;
      }
      const value = this.read(type.value, mask);
      if (value !== undefined) map.set(key, value);
    }
    reader.readMapEnd();
    if (!fits) return undefined;
    return this.#options.maps === "object" && hasNames(type.key) ? objectOf(map) : map;
  }

  #readStruct(type: StructDescriptor, mask: MaskRule): object {
    const reader = this.#reader;
    const object = {};
    reader.readStructBegin();
    for (let wire = reader.readFieldBegin(); wire !== TType.STOP; wire = reader.readFieldBegin()) {
      const field = type.fieldById(reader.fieldId);
      const rule = field === undefined ? "skip" : ruleOf(mask, field.id);
      if (field === undefined || rule === "skip" || Object.hasOwn(object, field.name)) {
        reader.skip(wire);
      } else if (this.#fits(wire, field.type, 1)) {
        const value = this.read(field.type, rule);
        if (value !== undefined) setProperty(object, field.name, value);
      } else {
        reader.skip(wire);
      }
    }
    reader.readStructEnd();
    if (this.#options.missing === "write") this.#writeMissing(type, mask, object);
    return object;
  }

  #writeMissing(type: StructDescriptor, mask: MaskRule, object: object): void {
    const settings = this.#settings;
    for (const field of type.fields) {
      const rule = ruleOf(mask, field.id);
      if (Object.hasOwn(object, field.name) || rule === "skip") continue;
      if (missingAction(field, settings) !== "write") continue;
      const value = encodeDefault(field, settings);
      const { maps } = this.#options;
      setProperty(object, field.name, decodeValue(field.type, value, settings, { maps, mask: rule }));
    }
  }

  /** Whether a value has the wire type that the descriptor says; an empty container need not tell one. */
  #fits(wire: TType, type: TypeDescriptor, length: number): boolean {
    if (wire === type.ttype || (length === 0 && wire === TType.STOP)) return true;
    if (this.#settings.mismatch === "skip") return false;
    throw typeMismatch(type.ttype, wire, { offset: this.#reader.position });
  }
}

/** Whether property names can stand for keys of the type, as `encodeLiteral` reads them. */
function hasNames(type: TypeDescriptor): boolean {
  return isScalar(type) && type.kind !== "binary";
}

function objectOf(map: ReadonlyMap<unknown, unknown>): object {
  const object = {};
  for (const [key, value] of map) setProperty(object, String(key), value);
  return object;
}
