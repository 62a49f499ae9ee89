import { ByteWriter } from "../index.ts";
import { Reindenter } from "./reindent.ts";

/** JSON text that goes into a document as it is, so that its digits stay exact. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What `stringify` can write; members that are `undefined` are left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | RawJson
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/** Indented JSON text with a line feed at its end. */
export function stringify(value: JsonValue): string {
  const output = new ByteWriter();
  new Reindenter(2).push(Buffer.from(compactText(value)), output);
  return `${Buffer.from(output.view()).toString()}\n`;
}

function compactText(value: JsonValue): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(compactText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as Readonly<Record<string, JsonValue | undefined>>)
    .filter((member): member is [string, JsonValue] => member[1] !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${compactText(member)}`);
  return `{${members.join(",")}}`;
}
