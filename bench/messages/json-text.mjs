// JSON text whose numbers may be beyond the exact integers of JavaScript.

/** `JSON.stringify` has short escapes for these two, dynamicgo has not. */
function quote(text) {
  return JSON.stringify(text).replaceAll("\\b", "\\u0008").replaceAll("\\f", "\\u000c");
}

/** JSON text as dynamicgo writes it: digits of any i64, base64 for bytes. */
export function toJson(value) {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("base64")}"`;
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, member]) => `${quote(key)}:${toJson(member)}`)
    .join(",")}}`;
}

/** Stands before the digits of a big integer while they are a string. */
const MARK = "bigint:";

/** Parses compact JSON; integers of 16 and more digits become strings that {@link printJson} knows. */
export function readJson(text) {
  return JSON.parse(text.replace(/(?<=[:,[])-?\d{16,}(?=[,}\]])/g, (digits) => `"${MARK}${digits}"`));
}

/** The JSON text of what {@link readJson} gave, changed or not. */
export function printJson(value, indent) {
  return JSON.stringify(value, undefined, indent).replace(/"bigint:(-?\d+)"/g, "$1");
}

/** A copy in which `order` has put the keys of each object into another order. */
export function reorderKeys(value, order) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => reorderKeys(element, order));
  return Object.fromEntries(order(Object.keys(value)).map((key) => [key, reorderKeys(value[key], order)]));
}
