const ASCII_END = 0x80;
/** The first and last character of Unicode's full-width forms of ASCII, and how far they are from ASCII. */
const FULL_WIDTH_FIRST = 0xff01;
const FULL_WIDTH_LAST = 0xff5e;
const FULL_WIDTH_SHIFT = 0xfee0;

/** What is wrong with a character that no token can contain, for a message. */
export function describeUnexpected(codePoint: number): string {
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  const character = String.fromCodePoint(codePoint);
  const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
  const name = !printable
    ? number
    : codePoint < ASCII_END
      ? `\`${character}\``
      : `\`${character}\` (${number})`;
  const twin = asciiTwin(codePoint);
  const hint = twin === undefined ? "" : `; did you mean ${twin === " " ? "a space" : `\`${twin}\``}?`;
  return `unexpected character ${name}${hint}`;
}

/** The ASCII character that an editor or an input method turned into this one, if any. */
export function asciiTwin(codePoint: number): string | undefined {
  if (codePoint >= FULL_WIDTH_FIRST && codePoint <= FULL_WIDTH_LAST) {
    return String.fromCodePoint(codePoint - FULL_WIDTH_SHIFT);
  }
  const character = String.fromCodePoint(codePoint);
  switch (character) {
    case "\u201c":
    case "\u201d":
      return '"';
    case "\u2018":
    case "\u2019":
      return "'";
    case "\u3001":
      return ",";
    default:
      return codePoint >= ASCII_END && /^\p{Zs}$/u.test(character) ? " " : undefined;
  }
}
