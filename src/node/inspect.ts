import { decodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import { describePath } from "../path/format.ts";
import { TType, typeName } from "../wire/ttype.ts";
import { newReader } from "./reader.ts";
import type { ThriftNode } from "./thrift-node.ts";

/** The method that Node and browsers' tools for it ask for what a debugger shows. */
export const INSPECT: symbol = Symbol.for("nodejs.util.inspect.custom");

/** Fields of a struct that are listed. */
const MAX_FIELDS = 8;

/** Bytes of a string that are looked at: enough for what is shown of it. */
const MAX_TEXT_SIZE = 128;

/** What a debugger shows of a node: its type, and one line of its content, which is not shown beyond a few words. */
export function inspectNode(this: ThriftNode): string {
  const title = `ThriftNode<${typeName(this.type)}>`;
  try {
    return `${title} ${preview(this)}`;
  } catch (error) {
    return `${title} <${this.size} bytes: ${error instanceof Error ? error.message : String(error)}>`;
  }
}

function preview(node: ThriftNode): string {
  switch (node.type) {
    case TType.BOOL:
      return String(node.asBoolean());
    case TType.DOUBLE: {
      const number = node.asNumber();
      return Object.is(number, -0) ? "-0" : String(number);
    }
    case TType.STRING:
      return previewText(node.asBytes());
    case TType.UUID:
      return node.asString();
    case TType.STRUCT:
      return previewFields(node);
    case TType.LIST:
    case TType.SET:
    case TType.MAP:
      return previewItems(node);
    default: {
      const integer = String(node.asBigInt());
      return node.type === TType.I64 ? `${integer}n` : integer;
    }
  }
}

/** Text in quotes, other content in hexadecimal, both cut as keys in paths are. */
function previewText(content: Uint8Array): string {
  let end = Math.min(content.length, MAX_TEXT_SIZE);
  // Not within a character.
  while (end > 0 && end < content.length && (content[end]! & 0xc0) === 0x80) end--;
  const isText = validateUtf8(content, 0, end) < 0;
  return describePath([{ key: isText ? decodeUtf8(content, 0, end) : content }]).slice(1, -1);
}

/** The ids and types of the fields. */
function previewFields({ protocol, source, start, end, limits }: ThriftNode): string {
  // A reader of its own: a debugger may stop where the shared one is in use.
  const reader = newReader(protocol, source, start, end, limits);
  const fields: string[] = [];
  reader.readStructBegin();
  for (let type = reader.readFieldBegin(); type !== TType.STOP; type = reader.readFieldBegin()) {
    if (fields.length === MAX_FIELDS) {
      fields.push("…");
      break;
    }
    fields.push(`#${reader.fieldId}: ${typeName(type)}`);
    reader.skip(type);
  }
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** How many elements or entries there are, and of what. */
function previewItems({ protocol, type, source, start, end, limits }: ThriftNode): string {
  const reader = newReader(protocol, source, start, end, limits);
  if (type === TType.MAP) reader.readMapBegin();
  else reader.readListBegin();
  const { length, keyType, elementType } = reader;
  const items =
    type === TType.MAP ? `${typeName(keyType)} → ${typeName(elementType)}` : typeName(elementType);
  const content = length === 0 ? "" : `${length} × ${items}`;
  return type === TType.LIST ? `[${content}]` : `{${content}}`;
}
