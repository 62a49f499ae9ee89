import { shorten } from "../options.ts";

/**
 * Longer names are cut in messages, as a thousand messages can be about one name of megabytes. No shorter than names
 * that get a hint, which would be no use without them.
 */
const MAX_NAME_LENGTH = 128;

/**
 * A tag for templates of messages that hold names of the IDL or of the caller: each is cut at 128 characters. What
 * is made with it can be part of another message without it.
 */
export function brief(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | bigint | boolean)[]
): string {
  return texts.reduce(
    (message, text, index) => message + shorten(String(values[index - 1]), MAX_NAME_LENGTH) + text,
  );
}
