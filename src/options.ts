import { ThriftError } from "./errors.ts";
import { withHint } from "./hint.ts";

/**
 * Checks that `options` is an object (or `undefined`) with only the names of `allowedNames`.
 * `name` says whose options they are, for the message: `parseIdl`.
 * Throws `ThriftError` `INVALID_OPTION`, with a "did you mean" for a name that looks like an allowed one.
 */
export function checkOptions(name: string, options: unknown, allowedNames: readonly string[]): void {
  if (options === undefined) {
    return;
  }
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ThriftError("INVALID_OPTION", `${name}: options must be an object, got ${describe(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!allowedNames.includes(key)) {
      const message = `${name}: unknown option \`${key}\``;
      throw new ThriftError("INVALID_OPTION", withHint(message, key, allowedNames));
    }
  }
}

/**
 * `value` as one of `words`, or `undefined` when the option is not given.
 * Throws `ThriftError` `INVALID_OPTION` for anything else; `name` is the option's name, for the message.
 */
export function oneOf<const Word extends string>(
  name: string,
  value: unknown,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined) {
    return undefined;
  }
  for (const word of words) {
    if (word === value) {
      return word;
    }
  }
  const message = `option \`${name}\` must be ${list(words)}, got ${describe(value)}`;
  throw new ThriftError(
    "INVALID_OPTION",
    typeof value === "string" ? withHint(message, value, words) : message,
  );
}

/** Throws `INVALID_OPTION` unless an argument can be iterated. A string can, but is meant to be one step of a path. */
export function checkIterable(caller: string, value: unknown): void {
  if (Array.isArray(value)) return;
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return;
  throw new ThriftError("INVALID_OPTION", `${caller}: expected an array, got ${describe(value)}`);
}

/** How an option value is named in a message: strings quoted, anything else by its type. */
export function describe(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "an array";
  }
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "boolean":
    case "bigint":
    case "undefined":
      return String(value);
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}

function list(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  const last = quoted.pop();
  return quoted.length === 0 ? `${last}` : `${quoted.join(", ")} or ${last}`;
}
