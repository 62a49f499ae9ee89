import { ByteWriter } from "../pool/byte-writer.ts";
import { copyEncoded } from "../wire/transcode.ts";
import type { Protocol } from "../wire/ttype.ts";
import type { EncodedValue } from "./encoded-value.ts";

/** The encoded value of a node in a protocol: its own bytes, borrowed, or transcoded ones. */
export function bytesIn(node: EncodedValue, protocol: Protocol): Uint8Array {
  if (node.protocol === protocol) return node.bytes;
  const { bytes, limits } = node;
  const output = new ByteWriter({ maxSize: limits.maxOutputSize });
  copyEncoded(bytes, node.type, node.protocol, protocol, limits, output);
  return output.toBytes();
}
