import { base64TextSize, writeBase64 } from "../bytes/base64.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import type { LiteralStruct, LiteralValue, TypeDescriptor } from "../descriptor/types.ts";
import { quoteJson } from "../json/quote.ts";
import type { Settings } from "./options.ts";

/**
 * JSON text of an IDL constant, written as the Thrift→JSON machine writes its encoded form under the same
 * settings. `quoted`: numbers are strings (`api.js_conv`).
 */
export function literalToJson(
  type: TypeDescriptor,
  value: LiteralValue,
  settings: Settings,
  quoted: boolean,
): string {
  switch (type.kind) {
    case "bool":
      return String(value);
    case "byte":
    case "i16":
    case "i32":
    case "i64":
      return quoteIf(
        quoted || (type.kind === "i64" && settings.int64 === "string"),
        integerText(type, value, settings),
      );
    case "double":
      return doubleToJson(Number(value), settings, quoted);
    case "string":
    case "uuid":
      return quoteJson(String(value));
    case "binary":
      return quoteJson(binaryText(value as Uint8Array, settings));
    case "enum": {
      const name = settings.enums === "name" ? type.nameOf(Number(value)) : undefined;
      return name === undefined ? quoteIf(quoted, String(value)) : quoteJson(name);
    }
    case "list":
    case "set": {
      const elements = [...(value as Iterable<LiteralValue>)];
      return `[${elements.map((each) => literalToJson(type.element, each, settings, quoted)).join(",")}]`;
    }
    case "map": {
      const entries = [...(value as ReadonlyMap<LiteralValue, LiteralValue>)];
      const isObject = keyToJson(type.key, undefined, settings) !== undefined;
      const texts = entries.map(([key, each]) => {
        const valueText = literalToJson(type.value, each, settings, quoted);
        return isObject
          ? `${keyToJson(type.key, key, settings)}:${valueText}`
          : `[${literalToJson(type.key, key, settings, false)},${valueText}]`;
      });
      return isObject ? `{${texts.join(",")}}` : `[${texts.join(",")}]`;
    }
    case "struct": {
      const members = value as LiteralStruct;
      const texts: string[] = [];
      for (const field of type.fields) {
        const member = Object.hasOwn(members, field.name) ? members[field.name] : undefined;
        const fieldQuoted = settings.valueMapping === "on" && field.mappings.value?.kind === "string-numbers";
        if (member !== undefined) {
          texts.push(`${quoteJson(field.alias)}:${literalToJson(field.type, member, settings, fieldQuoted)}`);
        }
      }
      return `{${texts.join(",")}}`;
    }
  }
}

/** JSON text of the zero of a type: what is written for a missing field without a default. */
export function zeroToJson(type: TypeDescriptor, settings: Settings, quoted: boolean): string {
  switch (type.kind) {
    case "bool":
      return "false";
    case "string":
    case "binary":
      return '""';
    case "uuid":
      return '"00000000-0000-0000-0000-000000000000"';
    case "i64":
      return literalToJson(type, 0n, settings, quoted);
    case "list":
    case "set":
      return "[]";
    case "map":
      return literalToJson(type, new Map(), settings, quoted);
    case "struct":
      return "{}";
    default:
      return literalToJson(type, 0, settings, quoted);
  }
}

/** JSON text of a map key, or `undefined` when keys of the type are no object keys. */
function keyToJson(
  type: TypeDescriptor,
  key: LiteralValue | undefined,
  settings: Settings,
): string | undefined {
  switch (type.kind) {
    case "struct":
    case "list":
    case "set":
    case "map":
      return undefined;
    default:
      break;
  }
  if (key === undefined) return "";
  const text = literalToJson(type, key, settings, false);
  return text.startsWith('"') ? text : `"${text}"`;
}

function integerText(type: TypeDescriptor, value: LiteralValue, settings: Settings): string {
  return type.kind === "byte" && settings.byte === "unsigned" ? String(Number(value) & 0xff) : String(value);
}

function doubleToJson(value: number, settings: Settings, quoted: boolean): string {
  if (Number.isFinite(value)) return quoteIf(quoted, Object.is(value, -0) ? "-0" : String(value));
  return settings.nonFinite === "string" ? `"${value}"` : "null";
}

function binaryText(value: Uint8Array, settings: Settings): string {
  if (settings.binary === "utf8") return decodeUtf8(value);
  const text = new Uint8Array(base64TextSize(value.length));
  return decodeUtf8(text, 0, writeBase64(value, 0, value.length, text, 0));
}

function quoteIf(quoted: boolean, text: string): string {
  return quoted ? `"${text}"` : text;
}
