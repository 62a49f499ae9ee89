import type { Protocol, ThriftError } from "../index.ts";
import { looksLikeHex } from "./encoding.ts";
import type { Form, Format } from "./formats.ts";

/** What the command line says about the input. */
export interface InputFacts {
  readonly format: Format;
  readonly form: Form;
  readonly protocol: Protocol;
  readonly envelope: boolean;
}

/** Bytes of the input that a guess looks at. */
const SAMPLE_SIZE = 64;

const SPACE = 0x20;

/** Codes of errors that bytes of another form lead to. */
const STRUCTURE_CODES: ReadonlySet<string> = new Set([
  "INVALID_ENVELOPE",
  "INVALID_SIZE",
  "INVALID_TYPE",
  "MISSING_REQUIRED",
  "TRAILING_DATA",
  "TRUNCATED",
  "TYPE_MISMATCH",
]);

/** What may have been forgotten on the command line when the only message, which starts with `head`, is wrong. */
export function guessHint(error: ThriftError, head: Uint8Array, facts: InputFacts): string | undefined {
  if (facts.format === "json") {
    return error.code === "TRAILING_DATA" ? "for one message per line use --framing" : undefined;
  }
  if (!STRUCTURE_CODES.has(error.code) || head.length < 4) return undefined;
  const sample = head.subarray(0, SAMPLE_SIZE);
  const raw = facts.form.encoding === "raw";
  if (raw && /^\s*[{[]\s*["\]}[{\d-]/.test(asText(sample))) return "is the input JSON (--from json)?";
  if (raw && sample[0]! > SPACE && looksLikeHex(sample)) return "is the input hexadecimal (--encoding hex)?";
  const binaryEnvelope = sample[0] === 0x80 && sample[1] === 0x01;
  const compactEnvelope = sample[0] === 0x82 && (sample[1]! & 0x1f) === 1;
  if (binaryEnvelope || compactEnvelope) {
    const protocol: Protocol = binaryEnvelope ? "binary" : "compact";
    const flags = [
      ...(facts.envelope ? [] : ["--envelope"]),
      ...(facts.protocol === protocol ? [] : [`--protocol ${protocol}`]),
    ];
    return flags.length === 0
      ? undefined
      : `the input looks like a ${protocol} message: try ${flags.join(" ")}`;
  }
  const size = new DataView(head.buffer, head.byteOffset).getUint32(0);
  return sample[0] === 0 && size > 0 && size <= head.length - 4
    ? "is the input framed (--framing framed)?"
    : undefined;
}

function asText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
