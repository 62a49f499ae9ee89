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

/** Fewer bytes look like text too easily. */
const LEAST_TEXT = 4;

const SPACE = 0x20;

/** Codes of errors that bytes of another form lead to. */
const STRUCTURE_CODES: ReadonlySet<string> = new Set([
  "INVALID_ENVELOPE",
  "INVALID_SIZE",
  "INVALID_TYPE",
  "INVALID_UTF8",
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
  if (!STRUCTURE_CODES.has(error.code)) return undefined;
  if (head.length === 0) return "the input is empty";
  const sample = head.subarray(0, SAMPLE_SIZE);
  const raw = facts.form.encoding === "raw" && head.length >= LEAST_TEXT;
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
  if (isFramed(head)) return "is the input framed (--framing framed)?";
  return facts.envelope && !VERSION_BYTES.has(sample[0]!)
    ? "is there an envelope? without one leave --envelope out"
    : undefined;
}

/** What an envelope of a protocol starts with, but for the old one of the binary protocol, which looks like a frame. */
const VERSION_BYTES: ReadonlySet<number> = new Set([0x80, 0x82]);

const FRAME_HEADER_SIZE = 4;

function isFramed(head: Uint8Array): boolean {
  if (head.length < FRAME_HEADER_SIZE || head[0] !== 0) return false;
  const size = new DataView(head.buffer, head.byteOffset).getUint32(0);
  return size > 0 && size <= head.length - FRAME_HEADER_SIZE;
}

function asText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
