/** Bounds that protect against hostile input; every entry point has them on. */
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

/** `Limits` with every member filled in. */
export type ResolvedLimits = Required<Limits>;

/** The limits in force where the caller gives none; depth and size are those of Thrift's TConfiguration. */
export const DEFAULT_LIMITS: ResolvedLimits = Object.freeze({
  maxDepth: 64,
  maxSize: 100 * 1024 * 1024,
  maxLength: 0x7fff_ffff,
  maxOutputSize: 512 * 1024 * 1024,
});
