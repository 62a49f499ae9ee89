import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import { describe } from "../options.ts";
import type { HttpMapping, HttpPlace, ValueMapping } from "./mapping.ts";

const VALUE_KINDS: readonly ValueMapping["kind"][] = ["string-numbers", "raw-json", "custom"];

const HTTP_PLACES: readonly HttpPlace[] = [
  "query",
  "path",
  "header",
  "cookie",
  "body",
  "form",
  "raw_body",
  "raw_uri",
  "http_code",
  "no_body_struct",
];

/**
 * Checks what user code gives as a value mapping: one that is no mapping would leave its field as it is, where
 * somebody wanted it hidden. `subject` says whose answer it is, for the message. Throws `ThriftError` `INVALID_OPTION`.
 */
export function checkValueMapping(subject: string, mapping: unknown): asserts mapping is ValueMapping {
  if (!isRecord(mapping)) {
    throw invalid(`${subject} must be a value mapping or undefined, got ${describe(mapping)}`);
  }
  checkWord(subject, "kind", mapping.kind, VALUE_KINDS);
  if (mapping.kind !== "custom") return;
  checkMember(subject, "name", "a string", mapping.name, typeof mapping.name === "string");
  for (const name of ["jsonToThrift", "thriftToJson"]) {
    checkMember(subject, name, "a function", mapping[name], typeof mapping[name] === "function");
  }
}

/** As {@link checkValueMapping}, for a place in an HTTP message. */
export function checkHttpMapping(subject: string, mapping: unknown): asserts mapping is HttpMapping {
  if (!isRecord(mapping)) {
    throw invalid(`${subject} must be an HTTP mapping or undefined, got ${describe(mapping)}`);
  }
  checkWord(subject, "place", mapping.place, HTTP_PLACES);
  checkMember(subject, "key", "a string", mapping.key, typeof mapping.key === "string");
}

function checkWord(subject: string, name: string, value: unknown, words: readonly string[]): void {
  if (typeof value !== "string") {
    throw invalid(`${subject} must have a \`${name}\` (${words.join(", ")}), got ${describe(value)}`);
  }
  if (!words.includes(value)) {
    throw invalid(withHint(`${subject} has the unknown ${name} \`${value}\``, value, words));
  }
}

function checkMember(subject: string, name: string, wanted: string, value: unknown, valid: boolean): void {
  if (!valid) throw invalid(`${subject}: \`${name}\` must be ${wanted}, got ${describe(value)}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): ThriftError {
  return new ThriftError("INVALID_OPTION", message);
}
