import { ThriftError } from "../errors.ts";
import { checkOptions } from "../options.ts";

/** Bounds that protect against hostile input; every entry point has them on. `Infinity` lifts a bound. */
export interface Limits {
  /** Open structs and containers, the root counts as one. Default 64. */
  readonly maxDepth?: number;
  /** Bytes of one message. Default 100 MiB. */
  readonly maxSize?: number;
  /** Elements of one container. Default: as many as the remaining bytes can hold. */
  readonly maxLength?: number;
  /** Bytes of one result. Default 512 MiB. */
  readonly maxOutputSize?: number;
}

/** `Limits` with every member filled in: non-negative integers of at most 2^31 − 1. */
export type ResolvedLimits = Readonly<Required<Limits>>;

/** The most that any limit can be: sizes and lengths on the wire are 32-bit. */
export const UNLIMITED = 0x7fff_ffff;

/** The limits in force where the caller gives none; depth and size are those of Thrift's TConfiguration. */
export const DEFAULT_LIMITS: ResolvedLimits = Object.freeze({
  maxDepth: 64,
  maxSize: 100 * 1024 * 1024,
  maxLength: UNLIMITED,
  maxOutputSize: 512 * 1024 * 1024,
});

/**
 * Open structs and containers where a value is followed by recursion, whatever `maxDepth` says: deeper it would meet the
 * end of the call stack instead.
 */
export const MAX_RECURSION = 512;

const LIMIT_NAMES: readonly string[] = Object.keys(DEFAULT_LIMITS);

/** Limits that need no second look: those in force are handed on to everything inside. */
const resolved: WeakSet<Limits> = new WeakSet([DEFAULT_LIMITS]);

/**
 * Fills in the defaults and freezes the result. A limit beyond 2^31 − 1 becomes that. Throws
 * `INVALID_OPTION` for a member that does not exist and for values other than non-negative integers and
 * `Infinity`; `maxDepth` must be at least 1.
 */
export function resolveLimits(limits?: Limits): ResolvedLimits {
  if (limits === undefined) return DEFAULT_LIMITS;
  if (resolved.has(limits)) return limits as ResolvedLimits;
  checkOptions("limits", limits, LIMIT_NAMES);
  const result = Object.freeze({
    maxDepth: resolveLimit(limits, "maxDepth", 1),
    maxSize: resolveLimit(limits, "maxSize", 0),
    maxLength: resolveLimit(limits, "maxLength", 0),
    maxOutputSize: resolveLimit(limits, "maxOutputSize", 0),
  });
  resolved.add(result);
  return result;
}

function resolveLimit(limits: Limits, name: keyof Limits, least: number): number {
  const value = limits[name];
  if (value === undefined) return DEFAULT_LIMITS[name];
  if (value !== Number.POSITIVE_INFINITY && !(Number.isInteger(value) && value >= least)) {
    throw new ThriftError("INVALID_OPTION", `limits.${name} must be an integer of at least ${least}`);
  }
  return Math.min(value, UNLIMITED);
}
