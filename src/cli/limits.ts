import type { Limits } from "../index.ts";

/** The library's defaults: the command line needs them where it reads messages on its own. */
const DEFAULTS: Required<Limits> = {
  maxDepth: 64,
  maxSize: 100 * 1024 * 1024,
  maxLength: 0x7fff_ffff,
  maxOutputSize: 512 * 1024 * 1024,
};

/** The limits in force. */
export function allLimits(limits: Limits): Required<Limits> {
  return { ...DEFAULTS, ...limits };
}
