import { decodeValidUtf8 } from "../bytes/utf8.ts";
import { BinaryReader } from "../wire/binary-reader.ts";
import { CompactReader } from "../wire/compact-reader.ts";
import { DEFAULT_LIMITS, type ResolvedLimits } from "../wire/limits.ts";
import { decodeString } from "../wire/reader.ts";
import type { Protocol } from "../wire/ttype.ts";

/** A reader of either protocol, with what their interface does not show. */
export type NodeReader = BinaryReader | CompactReader;

const NO_BYTES = new Uint8Array(0);

/**
 * One reader per protocol for everything that runs to its end without calling user code: a lookup then allocates
 * nothing but its result.
 */
const BINARY: BinaryReader = /* @__PURE__ */ new BinaryReader(NO_BYTES);
const COMPACT: CompactReader = /* @__PURE__ */ new CompactReader(NO_BYTES);

/** The shared reader of the protocol, at `start`. Whoever takes it gives it back with `giveBack`. */
export function takeReader(
  protocol: Protocol,
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: ResolvedLimits,
): NodeReader {
  const reader = protocol === "compact" ? COMPACT : BINARY;
  reader.restart(bytes, start, end, limits);
  return reader;
}

/** A reader for one that calls user code. The range is one of a node: checked, or made by an edit. */
export function newReader(
  protocol: Protocol,
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: ResolvedLimits,
): NodeReader {
  const reader = protocol === "compact" ? new CompactReader(NO_BYTES) : new BinaryReader(NO_BYTES);
  reader.restart(bytes, start, end, limits);
  return reader;
}

/** Lets go of the bytes, so that a message is not kept alive. After an error the next taker does that. */
export function giveBack(reader: NodeReader): void {
  reader.restart(NO_BYTES, 0, 0, DEFAULT_LIMITS);
}

/** What `readString` of the reader gives and throws; valid text is looked at once. */
export function readText(reader: NodeReader): string {
  const start = reader.takeContent();
  const { bytes, position } = reader;
  return decodeValidUtf8(bytes, start, position) ?? decodeString(bytes, start, position);
}
