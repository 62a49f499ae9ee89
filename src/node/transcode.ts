import { ByteWriter } from "../pool/byte-writer.ts";
import { transcode } from "../wire/transcode.ts";
import type { Protocol } from "../wire/ttype.ts";
import type { EncodedValue } from "./encoded-value.ts";

/** Edits recurse: deeper limits than this would meet the end of the call stack instead. */
export const MAX_RECURSION = 512;

/** The encoded value of a node in a protocol: its own bytes, borrowed, or transcoded ones. */
export function bytesIn(node: EncodedValue, protocol: Protocol): Uint8Array {
  if (node.protocol === protocol) return node.bytes;
  const { bytes, limits } = node;
  const output = new ByteWriter({ maxSize: limits.maxOutputSize });
  const maxDepth = Math.min(limits.maxDepth, MAX_RECURSION);
  transcode(bytes, node.type, node.protocol, protocol, { ...limits, maxDepth }, output);
  return output.toBytes();
}
