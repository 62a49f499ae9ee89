/**
 * One step of a path for messages: the name of a field, the index of an element, the key of a map entry, or the
 * id of a field that has no name.
 * Keys that are no scalar (struct and container keys) show as `[…]`.
 */
export type FormatStep = string | number | { readonly key: unknown } | { readonly id: number };

/** Map keys are cut here, so that paths in logs stay short and leak little of a payload. */
const MAX_KEY_LENGTH = 32;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The text of a path, such as `items[3].tags["k"].id`; empty for no steps. A field name that is no identifier
 * shows as a key does. Text keys are quoted as in JSON, bytes are hexadecimal: `[0x0aff]`; both are cut at 32
 * characters, which `…` marks.
 */
export function formatPath(steps: Iterable<FormatStep>): string {
  let text = "";
  for (const step of steps) {
    if (typeof step === "number") {
      text += `[${step}]`;
    } else if (typeof step === "object") {
      if ("id" in step) text += text === "" ? `#${step.id}` : `.#${step.id}`;
      else text += `[${formatKey(step.key)}]`;
    } else if (IDENTIFIER.test(step)) {
      text += text === "" ? step : `.${step}`;
    } else {
      text += `[${formatKey(step)}]`;
    }
  }
  return text;
}

function formatKey(key: unknown): string {
  switch (typeof key) {
    case "string":
      return formatTextKey(key);
    case "number":
      return Object.is(key, -0) ? "-0" : String(key);
    case "bigint":
    case "boolean":
      return String(key);
    default:
      return key instanceof Uint8Array ? formatBytesKey(key) : "…";
  }
}

function formatTextKey(key: string): string {
  if (key.length <= MAX_KEY_LENGTH) return JSON.stringify(key);
  // Not between the halves of a surrogate pair.
  const last = key.charCodeAt(MAX_KEY_LENGTH - 1);
  const cut = key.slice(0, (last & 0xfc00) === 0xd800 ? MAX_KEY_LENGTH - 1 : MAX_KEY_LENGTH);
  return `${JSON.stringify(cut).slice(0, -1)}…"`;
}

function formatBytesKey(key: Uint8Array): string {
  const shown = key.subarray(0, MAX_KEY_LENGTH / 2);
  const digits = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `0x${digits}${shown.length < key.length ? "…" : ""}`;
}
