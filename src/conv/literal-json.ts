import { base64Text } from "../bytes/base64.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { isScalar } from "../descriptor/check-type.ts";
import type {
  FieldDescriptor,
  LiteralStruct,
  LiteralValue,
  MapDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { quoteJson } from "../json/quote.ts";
import type { MaskRule } from "./context.ts";
import { ruleOf } from "./mask.ts";
import type { Settings } from "./options.ts";

/** `undefined`: a value mapping takes part, of the user or one that refuses the value. Only the machine can run it. */
type Text = string | undefined;

/**
 * JSON text of what a missing field is written as, its IDL default or the zero of its type: what the Thrift→JSON
 * machine makes of the encoded form (`encodeDefault`) under the same settings and mask, or `undefined` where only the
 * machine can tell.
 */
export function defaultToJson(field: FieldDescriptor, settings: Settings, mask: MaskRule): Text {
  return memberToJson(field, field.defaultValue, settings, mask);
}

function memberToJson(
  { type, mappings }: FieldDescriptor,
  value: LiteralValue | undefined,
  settings: Settings,
  mask: MaskRule,
): Text {
  const mapping = settings.valueMapping === "on" ? mappings.value : undefined;
  if (mapping?.kind === "custom") return undefined;
  if (mapping?.kind === "raw-json" && type.kind === "string" && value !== undefined) {
    return isJson(String(value)) ? String(value) : undefined;
  }
  return new LiteralPrinter(settings, mapping?.kind === "string-numbers", mask).print(type, value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Prints values of one field. */
class LiteralPrinter {
  readonly #settings: Settings;
  /** Numbers are strings (`api.js_conv`). */
  readonly #quoted: boolean;
  readonly #mask: MaskRule;

  constructor(settings: Settings, quoted: boolean, mask: MaskRule) {
    this.#settings = settings;
    this.#quoted = quoted;
    this.#mask = mask;
  }

  /** `value` undefined: the zero of the type. */
  print(type: TypeDescriptor, value: LiteralValue | undefined): Text {
    const settings = this.#settings;
    switch (type.kind) {
      case "bool":
        return String(value ?? false);
      case "byte": {
        const byte = Number(value ?? 0);
        return this.#quote(String(settings.byte === "unsigned" ? byte & 0xff : byte));
      }
      case "i16":
      case "i32":
        return this.#quote(String(value ?? 0));
      case "i64":
        return settings.int64 === "string" ? `"${value ?? 0}"` : this.#quote(String(value ?? 0));
      case "double":
        return this.#printDouble(Number(value ?? 0));
      case "string":
        return quoteJson(String(value ?? ""));
      case "uuid":
        return quoteJson(String(value ?? "00000000-0000-0000-0000-000000000000"));
      case "binary":
        return quoteJson(value === undefined ? "" : this.#binaryText(value as Uint8Array));
      case "enum": {
        const number = Number(value ?? 0);
        const name = settings.enums === "name" ? type.nameOf(number) : undefined;
        return name === undefined ? this.#quote(String(number)) : quoteJson(name);
      }
      case "list":
      case "set": {
        const elements = [...((value ?? []) as Iterable<LiteralValue>)];
        return enclose(
          "[",
          elements.map((each) => this.print(type.element, each)),
          "]",
        );
      }
      case "map":
        return this.#printMap(type, (value ?? new Map()) as ReadonlyMap<LiteralValue, LiteralValue>);
      case "struct":
        return value === undefined ? "{}" : this.#printStruct(type, value as LiteralStruct);
    }
  }

  #printMap(type: MapDescriptor, map: ReadonlyMap<LiteralValue, LiteralValue>): Text {
    const isObject = isScalar(type.key);
    const keys = new LiteralPrinter(this.#settings, false, "keep");
    const entries = [...map].map(([key, value]) => {
      const keyText = keys.print(type.key, key);
      const text = this.print(type.value, value);
      if (keyText === undefined || text === undefined) return undefined;
      if (!isObject) return `[${keyText},${text}]`;
      return keyText.startsWith('"') ? `${keyText}:${text}` : `"${keyText}":${text}`;
    });
    return isObject ? enclose("{", entries, "}") : enclose("[", entries, "]");
  }

  /** The members that are given, and the required ones: what else is missing is not in the encoded form either. */
  #printStruct(type: StructDescriptor, members: LiteralStruct): Text {
    const texts: Text[] = [];
    for (const field of type.fields) {
      const given = Object.hasOwn(members, field.name) ? members[field.name] : undefined;
      const mask = ruleOf(this.#mask, field.id);
      if (mask === "skip" || (given === undefined && field.requiredness !== "required")) continue;
      const text = memberToJson(field, given ?? field.defaultValue, this.#settings, mask);
      texts.push(text === undefined ? undefined : `${quoteJson(field.alias)}:${text}`);
    }
    return enclose("{", texts, "}");
  }

  #printDouble(value: number): string {
    if (Number.isFinite(value)) return this.#quote(Object.is(value, -0) ? "-0" : String(value));
    return this.#settings.nonFinite === "string" ? `"${value}"` : "null";
  }

  #binaryText(value: Uint8Array): string {
    return this.#settings.binary === "utf8" ? decodeUtf8(value) : base64Text(value);
  }

  #quote(text: string): string {
    return this.#quoted ? `"${text}"` : text;
  }
}

function enclose(open: string, parts: readonly Text[], close: string): Text {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(",")}${close}`;
}
