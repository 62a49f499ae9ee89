import { checkBytes } from "../bytes/is-bytes.ts";
import { ThriftError } from "../errors.ts";
import { checkOptions } from "../options.ts";
import { type ByteWriter, checkWriter } from "../pool/byte-writer.ts";
import { resolveLimits, UNLIMITED } from "./limits.ts";
import * as protocols from "./protocols.ts";
import type { ReaderOptions, WireReader } from "./reader.ts";
import { checkProtocol, checkValueType, type Protocol } from "./ttype.ts";
import type { WireWriter } from "./writer.ts";

/**
 * What `protocols.ts` has, for users of the library: they may get arguments wrong, and make readers once per message at
 * most.
 */

const READER_OPTIONS: readonly string[] = ["start", "end", "limits"] satisfies (keyof ReaderOptions)[];

/**
 * The reader of a protocol. Throws `INVALID_OPTION`, also for a range outside the bytes, and `LIMIT_EXCEEDED` for one
 * larger than `limits.maxSize`.
 */
export function createReader(protocol: Protocol, bytes: Uint8Array, options?: ReaderOptions): WireReader {
  checkProtocol("createReader", protocol);
  checkBytes("createReader", bytes);
  if (options === undefined) return protocols.createReader(protocol, bytes);
  checkOptions("createReader", options, READER_OPTIONS);
  return protocols.createReader(protocol, bytes, { ...options, limits: resolveLimits(options.limits) });
}

/** The writer of a protocol, which appends to `output`. Throws `INVALID_OPTION`. */
export function createWriter(protocol: Protocol, output: ByteWriter): WireWriter {
  checkProtocol("createWriter", protocol);
  checkWriter("createWriter", output);
  return protocols.createWriter(protocol, output);
}

/**
 * The position behind the value of wire type `type` at `pos`. Reads nothing at or behind `end`. `maxDepth` is the number
 * of structs and containers that may be open, the value itself included. The content of strings is not looked at.
 *
 * Throws `WireError`: `TRUNCATED`, `INVALID_TYPE`, `INVALID_SIZE`, `LIMIT_EXCEEDED` (depth); `ThriftError`
 * `INVALID_OPTION`, also for a range outside the bytes.
 */
export function skipValue(
  protocol: Protocol,
  bytes: Uint8Array,
  pos: number,
  end: number,
  type: number,
  maxDepth: number,
): number {
  checkProtocol("skipValue", protocol);
  checkBytes("skipValue", bytes);
  if (!Number.isInteger(pos) || !Number.isInteger(end) || pos < 0 || pos > end || end > bytes.length) {
    fail("skipValue: the range from `pos` to `end` is not inside the bytes");
  }
  // Any other byte may have been read from data, and is an error about that.
  if (typeof type !== "number" || (type & 0xff) !== type) checkValueType(type);
  if (!(Number.isInteger(maxDepth) || maxDepth === Number.POSITIVE_INFINITY) || maxDepth < 0) {
    fail("skipValue: `maxDepth` must be an integer of at least 0");
  }
  return protocols.skipValue(protocol, bytes, pos, end, type, Math.min(maxDepth, UNLIMITED));
}

function fail(message: string): never {
  throw new ThriftError("INVALID_OPTION", message);
}
