const BACKSLASH = "\\";

/**
 * The value of a string literal, given with its quotes. `\n`, `\r`, `\t`, `\\`, `\"` and `\'` mean what
 * they mean in Apache Thrift; any other backslash stays, as in thriftgo, so that patterns such as `\d` work.
 */
export function decodeString(literal: string): string {
  const body = literal.slice(1, literal.length > 1 && literal.endsWith(literal[0]!) ? -1 : undefined);
  let backslash = body.indexOf(BACKSLASH);
  if (backslash < 0) {
    return body;
  }
  const parts: string[] = [];
  let copied = 0;
  while (backslash >= 0) {
    const replacement = decodeEscape(body[backslash + 1]);
    if (replacement !== undefined) {
      parts.push(body.slice(copied, backslash), replacement);
      copied = backslash + 2;
    }
    backslash = body.indexOf(BACKSLASH, backslash + 2);
  }
  parts.push(body.slice(copied));
  return parts.join("");
}

/** What stands behind the first backslash of a string literal that is no escape: a UTF-16 unit, or nothing at its end. */
export function unknownEscape(literal: string): string | undefined {
  for (let at = literal.indexOf(BACKSLASH); at >= 0; at = literal.indexOf(BACKSLASH, at + 2)) {
    if (decodeEscape(literal[at + 1]) === undefined) {
      return literal.slice(at + 1, at + 2);
    }
  }
  return undefined;
}

function decodeEscape(character: string | undefined): string | undefined {
  switch (character) {
    case "n":
      return "\n";
    case "r":
      return "\r";
    case "t":
      return "\t";
    case BACKSLASH:
    case '"':
    case "'":
      return character;
    default:
      return undefined;
  }
}

const I64_MIN = -(2n ** 63n);
const I64_MAX = 2n ** 63n - 1n;
/** The digits of 2^63 in base 8, the base with the longest numbers. */
const MAX_I64_DIGITS = 22;

/**
 * The value of an integer token (decimal, `0x1F` or `0o17`, with or without a sign), or `undefined` when it
 * does not fit into 64 bits. A leading zero does not make a number octal, as in Apache Thrift.
 */
export function decodeInteger(text: string): bigint | undefined {
  const signed = text.startsWith("-") || text.startsWith("+");
  const digits = signed ? text.slice(1) : text;
  const prefix = digits.startsWith("0x") || digits.startsWith("0o") ? digits.slice(0, 2) : "";
  let first = prefix.length;
  while (first < digits.length - 1 && digits.charAt(first) === "0") {
    first++;
  }
  // Checked before the conversion, whose time grows with the square of the length.
  if (digits.length - first > MAX_I64_DIGITS) {
    return undefined;
  }
  const magnitude = BigInt(prefix + digits.slice(first));
  const value = text.startsWith("-") ? -magnitude : magnitude;
  return value >= I64_MIN && value <= I64_MAX ? value : undefined;
}
