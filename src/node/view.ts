import { checkBytes } from "../bytes/is-bytes.ts";
import { checkOptions, oneOf } from "../options.ts";
import { DEFAULT_LIMITS, type Limits, type ResolvedLimits, resolveLimits } from "../wire/limits.ts";
import { checkInput } from "../wire/reader.ts";
import type { Protocol } from "../wire/ttype.ts";

/** How the bytes of a value are encoded and where it stands in them. */
export interface ViewOptions {
  /** Default `binary`. */
  readonly protocol?: Protocol;
  /** Where the value starts. Default 0. */
  readonly start?: number;
  /** Where it ends. Default the end of the bytes. */
  readonly end?: number;
  /** `maxDepth` counts from this value. */
  readonly limits?: Limits;
}

const VIEW_OPTIONS: readonly string[] = ["protocol", "start", "end", "limits"];

/** Checks the options of a view. Throws `INVALID_OPTION`, and `LIMIT_EXCEEDED` for a range beyond `maxSize`. */
export function resolveView(
  caller: string,
  bytes: Uint8Array,
  options: ViewOptions | undefined,
): { protocol: Protocol; start: number; end: number; limits: ResolvedLimits } {
  checkBytes(caller, bytes);
  if (options === undefined) {
    const limits = DEFAULT_LIMITS;
    if (bytes.length > limits.maxSize) checkInput(bytes, { limits });
    return { protocol: "binary", start: 0, end: bytes.length, limits };
  }
  checkOptions(caller, options, VIEW_OPTIONS);
  const protocol = oneOf("protocol", options.protocol, ["binary", "compact"]) ?? "binary";
  const limits = resolveLimits(options.limits);
  const { start, end } = checkInput(bytes, {
    start: options.start ?? 0,
    end: options.end ?? bytes.length,
    limits,
  });
  return { protocol, start, end, limits };
}
