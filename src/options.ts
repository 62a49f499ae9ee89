import { ThriftError } from "./errors.ts";
import { withHint } from "./hint.ts";

/**
 * Checks that `options` is an object (or `undefined`) with only the names of `allowedNames`.
 * `name` says whose options they are, for the message: `parseIdl`. `elsewhere` gives the options of a function that is
 * easily taken for this one.
 * Throws `ThriftError` `INVALID_OPTION`, with a "did you mean" for a name that looks like an allowed one.
 */
export function checkOptions(
  name: string,
  options: unknown,
  allowedNames: readonly string[],
  elsewhere?: { readonly name: string; readonly optionNames: readonly string[] },
): void {
  if (options === undefined) {
    return;
  }
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ThriftError("INVALID_OPTION", `${name}: options must be an object, got ${kindOf(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!allowedNames.includes(key)) {
      const message = `${name}: unknown option \`${shorten(key)}\``;
      throw new ThriftError(
        "INVALID_OPTION",
        elsewhere?.optionNames.includes(key)
          ? `${message}; \`${elsewhere.name}\` has it`
          : withHint(message, key, allowedNames),
      );
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
  throw new ThriftError("INVALID_OPTION", `${caller}: expected an array, got ${kindOf(value)}`);
}

/** Throws `INVALID_OPTION` unless an argument is a function. */
export function checkFunction(caller: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new ThriftError("INVALID_OPTION", `${caller}: expected a function, got ${kindOf(value)}`);
}

/** Throws `INVALID_OPTION` unless an argument is a string. `what` says what it is: `the name`. */
export function checkString(caller: string, what: string, value: unknown): asserts value is string {
  if (typeof value === "string") return;
  throw new ThriftError("INVALID_OPTION", `${caller}: ${what} must be a string, got ${kindOf(value)}`);
}

/** Throws `INVALID_OPTION` for what stands among the entries of `caller` and is no array. `pair` says what it should be. */
export function failEntry(caller: string, pair: string, entry: unknown): never {
  throw new ThriftError("INVALID_OPTION", `${caller}: an entry must be ${pair}, got ${kindOf(entry)}`);
}

/**
 * How an option's value is named in a message: strings quoted and cut, numbers as they are, anything else by its kind.
 * Not for what may be part of a message; `kindOf` is.
 */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(shorten(value));
    case "number":
    case "boolean":
      return String(value);
    case "bigint":
      return shorten(String(value));
    default:
      return kindOf(value);
  }
}

/** How an argument is named in a message that may go to a log: by its kind, since it may be a payload. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** What is shown of names and values is cut here: a whole message in the place of an option must not reach a log. */
const MAX_SHOWN_LENGTH = 40;

/** The text, cut at `length` UTF-16 units, which `…` marks. */
export function shorten(text: string, length: number = MAX_SHOWN_LENGTH): string {
  if (text.length <= length) return text;
  // Not between the halves of a surrogate pair.
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
}

function list(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  const last = quoted.pop();
  return quoted.length === 0 ? `${last}` : `${quoted.join(", ")} or ${last}`;
}
