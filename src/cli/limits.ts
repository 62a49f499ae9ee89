import type { Limits } from "../index.ts";

/** No limit can be larger: sizes and lengths on the wire are 32-bit. */
const UNLIMITED = 0x7fff_ffff;

/** The library's defaults: the command line needs them where it reads messages on its own. */
const DEFAULTS: Required<Limits> = {
  maxDepth: 64,
  maxSize: 100 * 1024 * 1024,
  maxLength: UNLIMITED,
  maxOutputSize: 512 * 1024 * 1024,
};

/** The limits in force. */
export function allLimits(limits: Limits): Required<Limits> {
  const { maxDepth, maxSize, maxLength, maxOutputSize } = { ...DEFAULTS, ...limits };
  return {
    maxDepth: Math.min(maxDepth, UNLIMITED),
    maxSize: Math.min(maxSize, UNLIMITED),
    maxLength: Math.min(maxLength, UNLIMITED),
    maxOutputSize: Math.min(maxOutputSize, UNLIMITED),
  };
}
