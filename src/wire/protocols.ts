import type { ByteWriter } from "../pool/byte-writer.ts";
import { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { CompactReader } from "./compact-reader.ts";
import { CompactWriter } from "./compact-writer.ts";
import type { ResolvedReaderOptions, WireReader } from "./reader.ts";
import { skipBinary } from "./skip-binary.ts";
import { skipCompact } from "./skip-compact.ts";
import type { Protocol } from "./ttype.ts";
import type { WireWriter } from "./writer.ts";

/** The reader of a protocol. Throws what its constructor throws. */
export function createReader(
  protocol: Protocol,
  bytes: Uint8Array,
  options?: ResolvedReaderOptions,
): WireReader {
  return protocol === "compact" ? new CompactReader(bytes, options) : new BinaryReader(bytes, options);
}

/** The writer of a protocol, which appends to `output`. */
export function createWriter(protocol: Protocol, output: ByteWriter): WireWriter {
  return protocol === "compact" ? new CompactWriter(output) : new BinaryWriter(output);
}

/** `skipBinary` or `skipCompact`. */
export function skipValue(
  protocol: Protocol,
  bytes: Uint8Array,
  pos: number,
  end: number,
  type: number,
  maxDepth: number,
): number {
  return protocol === "compact"
    ? skipCompact(bytes, pos, end, type, maxDepth)
    : skipBinary(bytes, pos, end, type, maxDepth);
}
