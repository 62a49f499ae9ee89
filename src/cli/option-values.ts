import { type Command, InvalidArgumentError, Option } from "commander";
import { withHint } from "../hint.ts";
import type { MissingAction, MissingOptions } from "../index.ts";
import { UsageError } from "./usage-error.ts";

/** Parses the values of options. What they throw becomes one line behind the name of the option. */

/** One of several words. */
export function word<const Word extends string>(words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const known = words.find((candidate) => candidate === value);
    if (known === undefined) {
      throw new InvalidArgumentError(withHint(`it must be ${list(words)}`, value, words));
    }
    return known;
  };
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** An option that may be given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

const UNIT_SIZES: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** `100`, `64K`, `1M`, `2G`, or `none` for no limit. */
export function size(value: string): number {
  if (value === "none") return Number.POSITIVE_INFINITY;
  const match = /^(\d+)([KMG]?)(?:i?B)?$/i.exec(value);
  if (match === null) throw new InvalidArgumentError("it must be a number such as 1000, 64K or 1G, or none");
  return Number(match[1]) * UNIT_SIZES[match[2]!.toUpperCase()]!;
}

/** A number of things, or `none` for no limit. */
export function limit(value: string): number {
  if (value === "none") return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,9}$/.test(value)) throw new InvalidArgumentError("it must be a positive integer, or none");
  return Number(value);
}

const I32_RANGE = 0x8000_0000;

export function int32(value: string): number {
  const number = /^-?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= -I32_RANGE && number < I32_RANGE)) {
    throw new InvalidArgumentError("it must be a 32-bit integer");
  }
  return number;
}

const REQUIREDNESSES = ["required", "default", "optional"] as const;
const ACTIONS: readonly MissingAction[] = ["error", "omit", "write"];

/** `required=write,default=write`. */
export function missing(value: string): MissingOptions {
  const options: { -readonly [Key in keyof MissingOptions]: MissingAction } = {};
  for (const part of value.split(",")) {
    const [name = "", action, ...others] = part.split("=").map((text) => text.trim());
    if (action === undefined || others.length > 0) {
      throw new InvalidArgumentError("it must look like required=write,optional=omit");
    }
    options[word(REQUIREDNESSES)(name)] = word(ACTIONS)(action);
  }
  return options;
}

/** Adds options under a heading of the help. Those with a value may be given once, unless they `collect`. */
export function addGroup(command: Command, group: string, options: readonly Option[]): void {
  for (const option of options) {
    if (option.required && option.parseArg !== collect) takeOnce(option);
    command.addOption(option.helpGroup(group));
  }
}

/** Commander keeps the last of several values and says nothing of the others. */
function takeOnce(option: Option): void {
  const parse = option.parseArg;
  option.argParser((value: string, earlier: unknown) => {
    if (earlier !== undefined) throw new UsageError(`${option.long} is given twice`);
    return parse === undefined ? value : parse(value, undefined);
  });
}

/** An option with words for values. Without it, it is as `otherwise` says: the first word, if nothing else. */
export function choice(
  flags: string,
  words: readonly string[],
  text: string,
  otherwise: string | undefined = words[0],
): Option {
  return new Option(flags, `${text}: ${words.join(", ")} (default: ${otherwise})`).argParser(word(words));
}
