/**
 * Longer names are cut in messages, as a thousand messages can be about one name of megabytes. No shorter than names
 * that get a hint, which would be no use without them.
 */
const MAX_NAME_LENGTH = 128;

const CUT = "…";

/**
 * A tag for templates of messages that hold names of the IDL or of the caller: each is cut at 128 characters. What
 * is made with it can be part of another message without it.
 */
export function brief(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | bigint | boolean)[]
): string {
  return texts.reduce(
    (message, text, index) => message + cut(String(values[index - 1]), MAX_NAME_LENGTH) + text,
  );
}

/** The beginning of `text`, marked as such, or all of it when it has no more than `length` UTF-16 units. */
export function cut(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const beginning = text.slice(0, length);
  // Half of a surrogate pair would show as something else.
  return `${/[\ud800-\udbff]$/.test(beginning) ? beginning.slice(0, -1) : beginning}${CUT}`;
}
