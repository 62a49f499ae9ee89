/** JSON's grammar of numbers: sign, whole digits, fraction digits, exponent. */
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Integers with more digits than this fit no type, so that nobody needs to build them. */
const MOST_DIGITS = 20;

/** Whether the text is a JSON number. */
export function isJsonNumber(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * The integer that a JSON number is (`1`, `1.0`, `1e2`), exactly. `"fraction"` when it has a fraction, `"huge"`
 * when it has more than 20 digits, `undefined` when the text is no JSON number. Linear in the text's length.
 */
export function parseJsonInteger(text: string): bigint | "fraction" | "huge" | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponentText = "0"] = match;
  const digits = trimZeros(whole + fraction);
  if (digits.text === "") return 0n;
  // The number is digits.text × 10^places.
  const places = Number(exponentText) - fraction.length + digits.trailing;
  if (places < 0) return "fraction";
  if (digits.text.length + places > MOST_DIGITS) return "huge";
  return BigInt(sign + digits.text + "0".repeat(places));
}

/** The digits without zeros at their ends, and how many were at the end. */
function trimZeros(digits: string): { text: string; trailing: number } {
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === 0x30) start++;
  while (end > start && digits.charCodeAt(end - 1) === 0x30) end--;
  return { text: digits.slice(start, end), trailing: digits.length - end };
}
