import { isScalar } from "../descriptor/check-type.ts";
import type { EnumDescriptor, ScalarDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import type { ErrorCode } from "../errors.ts";
import { encodeValue } from "../literal/encode.ts";
import { type Reporter, writeEnum, writeScalar } from "../literal/scalar.ts";
import { ValueError } from "../literal/value-error.ts";
import { ThriftNode } from "../node/thrift-node.ts";
import type { TypedRoute } from "../path/compiled-path.ts";
import { describePath } from "../path/format.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { slabCopy } from "../pool/slab.ts";
import { BinaryWriter } from "../wire/binary-writer.ts";
import { CompactWriter } from "../wire/compact-writer.ts";
import { DEFAULT_LIMITS } from "../wire/limits.ts";
import type { Protocol } from "../wire/ttype.ts";
import { givenBytes } from "./given.ts";

/** Where a value belongs: its type, and the path for errors. */
export type Destination = Pick<TypedRoute<TypeDescriptor>, "target" | "shown">;

/** How a value is encoded, and what bounds it. */
export type Encoding = Pick<ThriftNode, "protocol" | "limits">;

/** Scratch, and a writer to it for each protocol: scalars hold nothing that could encode something in turn. */
const OUTPUT: ByteWriter = /* @__PURE__ */ new ByteWriter({ capacity: 256 });
const BINARY: BinaryWriter = /* @__PURE__ */ new BinaryWriter(OUTPUT);
const COMPACT: CompactWriter = /* @__PURE__ */ new CompactWriter(OUTPUT);

/** The most bytes that are lent: to copy as many once more does not count. */
const MAX_LENT_SIZE = 1024;

/**
 * What `encodeLiteral` gives for a JavaScript value that belongs to the end of a path, and what it throws. Scalars,
 * which most edits put somewhere, take a third of its time.
 *
 * `isCopied`: the part is copied before the next one is encoded, so that a small scalar may be in memory that is used
 * again.
 */
export function encodePart(
  to: Destination,
  value: unknown,
  { protocol, limits }: Encoding,
  isCopied = false,
): ThriftNode {
  const { target } = to;
  if (!isScalar(target) || limits.maxOutputSize !== DEFAULT_LIMITS.maxOutputSize) {
    const bytes = encodeValue(target, value, protocol, { limits, within: to.shown, encoded: givenBytes });
    return new ThriftNode(protocol, target.ttype, bytes, 0, bytes.length, limits, false, true);
  }
  try {
    encodeScalar(to, target, value, protocol);
    const { bytes, length } = OUTPUT;
    const source = isCopied && length <= MAX_LENT_SIZE ? bytes : slabCopy(bytes, 0, length);
    return new ThriftNode(protocol, target.ttype, source, 0, length, limits, false, true);
  } finally {
    OUTPUT.clear();
  }
}

/** Writes a scalar to the scratch. */
function encodeScalar(
  to: Destination,
  target: ScalarDescriptor | EnumDescriptor,
  value: unknown,
  protocol: Protocol,
): void {
  const writer = protocol === "compact" ? COMPACT : BINARY;
  if (target.kind === "enum") writeEnum(writer, target, value, new PathReporter(to));
  else writeScalar(writer, target, value, new PathReporter(to));
}

class PathReporter implements Reporter {
  readonly #to: Destination;

  constructor(to: Destination) {
    this.#to = to;
  }

  fail(code: ErrorCode, message: string): never {
    const { shown } = this.#to;
    throw new ValueError(code, message, { path: shown.length === 0 ? undefined : describePath(shown) });
  }
}
