import { isBytes } from "../bytes/is-bytes.ts";
import type { CompiledPath } from "./compiled-path.ts";
import { type Path, type PathStep, toSteps } from "./step.ts";

/**
 * One step of a path for messages: a step of a path, the key of a map entry whatever it is, or the id of a field
 * that has no name. Keys that are no scalar (struct and container keys) show as `[…]`.
 */
export type FormatStep = PathStep | { readonly key: unknown } | { readonly id: number };

/** Map keys are cut here, so that paths in logs stay short and leak little of a payload. */
const MAX_KEY_LENGTH = 32;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The text of a path, such as `items[3].tags["k"].#7`, from which `parsePathText` gives the same steps again;
 * empty for no steps. A string that is no identifier is quoted as in JSON, be it a name or a key. A bigint that is
 * a safe integer comes back as number, which is the same key. Throws as `toSteps`.
 */
export function formatPath(path: Path | CompiledPath): string {
  const steps = isCompiled(path) ? path.shown : toSteps(path);
  return joinSteps(steps, Number.POSITIVE_INFINITY);
}

/** By its form: a compiled path is itself formatted here. */
function isCompiled(path: Path | CompiledPath): path is CompiledPath {
  return typeof path === "object" && path !== null && "shown" in path && Array.isArray(path.shown);
}

/**
 * The text of a path for messages: as `formatPath`, but what stands quoted or hexadecimal is cut at 32 characters,
 * which `…` marks, and nothing is checked.
 */
export function describePath(steps: Iterable<FormatStep>): string {
  return joinSteps(steps, MAX_KEY_LENGTH);
}

/**
 * The step for a name that is no field: a word of the message, not of the schema, so that a long one counts as a key
 * and is cut.
 */
export function unknownNameStep(name: string): FormatStep {
  return name.length > MAX_KEY_LENGTH ? { key: name } : name;
}

/** `maxLength` is the number of characters that keys are cut at. */
function joinSteps(steps: Iterable<FormatStep>, maxLength: number): string {
  let text = "";
  for (const step of steps) {
    const dot = text === "" ? "" : ".";
    if (typeof step === "string" && IDENTIFIER.test(step)) {
      text += dot + step;
    } else if (typeof step !== "object" || isBytes(step)) {
      text += `[${formatKey(step, maxLength)}]`;
    } else if ("id" in step) {
      text += `${dot}#${step.id}`;
    } else {
      text += `[${formatKey(step.key, maxLength)}]`;
    }
  }
  return text;
}

function formatKey(key: unknown, maxLength: number): string {
  switch (typeof key) {
    case "string":
      return formatTextKey(key, maxLength);
    case "number":
      return formatNumberKey(key);
    case "bigint":
    case "boolean":
      return String(key);
    default:
      return isBytes(key) ? formatBytesKey(key, maxLength) : "…";
  }
}

function formatNumberKey(key: number): string {
  if (Object.is(key, -0)) return "-0";
  const text = String(key);
  // Digits alone would be an integer of 64 bits, or none at all.
  const isLarge = Number.isInteger(key) && !Number.isSafeInteger(key);
  return isLarge && !text.includes("e") ? `${text}.0` : text;
}

function formatTextKey(key: string, maxLength: number): string {
  if (key.length <= maxLength) return JSON.stringify(key);
  // Not between the halves of a surrogate pair.
  const last = key.charCodeAt(maxLength - 1);
  const cut = key.slice(0, (last & 0xfc00) === 0xd800 ? maxLength - 1 : maxLength);
  return `${JSON.stringify(cut).slice(0, -1)}…"`;
}

function formatBytesKey(key: Uint8Array, maxLength: number): string {
  const shown = key.subarray(0, maxLength / 2);
  const digits = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `0x${digits}${shown.length < key.length ? "…" : ""}`;
}
