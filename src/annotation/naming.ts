import type { Annotations } from "../descriptor/annotations.ts";
import type { NamingCase } from "../descriptor/registry.ts";

const NAMING_KEYS: ReadonlyMap<string, NamingCase> = new Map([
  ["agw.to_snake", "snake"],
  ["agw.to_lower_camel_case", "lower-camel"],
  ["janus.to_snake", "snake"],
  ["janus.to_lower_camel_case", "lower-camel"],
]);

/** The values that switch a case on, as Go's `strconv.ParseBool` reads them; a missing value does too. */
const TRUE_VALUES: ReadonlySet<string> = new Set(["", "1", "t", "T", "TRUE", "true", "True"]);

/**
 * The naming case in force below something with these annotations. A case that is switched on replaces the
 * inherited one; `"false"` ends an inherited case of the same kind and leaves another one alone.
 * Source: dynamicgo `nameCaseMapper`.
 */
export function namingIn(
  annotations: Annotations,
  inherited: NamingCase | undefined,
): NamingCase | undefined {
  if (annotations.size === 0) {
    return inherited;
  }
  let naming = inherited;
  let decided = false;
  for (const [key, values] of annotations) {
    const named = NAMING_KEYS.get(key.toLowerCase());
    if (named === undefined || decided) {
      continue;
    }
    if (TRUE_VALUES.has(values[0] ?? "")) {
      naming = named;
      decided = true;
    } else if (naming === named) {
      naming = undefined;
    }
  }
  return naming;
}

export function applyNaming(name: string, naming: NamingCase): string {
  return naming === "snake" ? toSnake(name) : toLowerCamel(name);
}

const SEPARATOR = /[ _.-]/g;

/**
 * Where a new word begins: at a change between letters and digits, at a capital after a small letter, and
 * before the last of several capitals when a small letter follows (`JSONData` is `json_data`).
 */
const WORD_START =
  /(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

/** `FieldName1` → `field_name_1`, `userID` → `user_id`. Source: the Go package strcase that dynamicgo uses. */
function toSnake(name: string): string {
  return name
    .trim()
    .replace(WORD_START, "_")
    .replace(SEPARATOR, "_")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** `req_list` → `reqList`, `InnerBase` → `innerBase`, `logID` stays. Source: as for {@link toSnake}. */
function toLowerCamel(name: string): string {
  const text = name.trim();
  if (text === "ID") {
    return "id";
  }
  let result = "";
  let capital = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (/[A-Za-z]/.test(char)) {
      result += capital ? char.toUpperCase() : i === 0 ? char.toLowerCase() : char;
      capital = false;
    } else if (/[0-9]/.test(char)) {
      result += char;
      capital = true;
    } else {
      capital = /[ _.-]/.test(char);
    }
  }
  return result;
}
