import type { TypeDescriptor } from "../descriptor/types.ts";
import type { ErrorCode } from "../errors.ts";
import { encodeLiteral } from "../literal/encode.ts";
import { type Reporter, writeEnum, writeScalar } from "../literal/scalar.ts";
import { ValueError } from "../literal/value-error.ts";
import type { TypedRoute } from "../path/compiled-path.ts";
import { describePath } from "../path/format.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { slabCopy } from "../pool/slab.ts";
import { BinaryWriter } from "../wire/binary-writer.ts";
import { CompactWriter } from "../wire/compact-writer.ts";
import { DEFAULT_LIMITS, type ResolvedLimits } from "../wire/limits.ts";
import type { Protocol } from "../wire/ttype.ts";

/** Where a value belongs: its type, and the path for errors. */
export type Destination = Pick<TypedRoute<TypeDescriptor>, "target" | "shown">;

/** Scratch, and a writer to it for each protocol: scalars hold nothing that could encode something in turn. */
const OUTPUT: ByteWriter = /* @__PURE__ */ new ByteWriter({ capacity: 256 });
const BINARY: BinaryWriter = /* @__PURE__ */ new BinaryWriter(OUTPUT);
const COMPACT: CompactWriter = /* @__PURE__ */ new CompactWriter(OUTPUT);

/**
 * What `encodeLiteral` gives for a JavaScript value that belongs to the end of a path, and what it throws. Scalars,
 * which most edits put somewhere, take a third of its time.
 */
export function encodePart(
  to: Destination,
  value: unknown,
  protocol: Protocol,
  limits: ResolvedLimits,
): Uint8Array {
  const { target } = to;
  switch (target.kind) {
    case "struct":
    case "list":
    case "set":
    case "map":
      return encodeLiteral(target, value, protocol, { limits, within: to.shown });
    default:
  }
  if (limits.maxOutputSize !== DEFAULT_LIMITS.maxOutputSize) {
    return encodeLiteral(target, value, protocol, { limits, within: to.shown });
  }
  const writer = protocol === "compact" ? COMPACT : BINARY;
  try {
    if (target.kind === "enum") writeEnum(writer, target, value, new PathReporter(to));
    else writeScalar(writer, target, value, new PathReporter(to));
    return slabCopy(OUTPUT.bytes, 0, OUTPUT.length);
  } finally {
    OUTPUT.clear();
  }
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
