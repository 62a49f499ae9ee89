import picocolors from "picocolors";
import type { Io, OutputStream } from "./io.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * The colours for a stream: off when `NO_COLOR` is set, else on when `FORCE_COLOR` is set (to anything but `0` and
 * `false`), else on for terminals. Source: no-color.org, force-color.org.
 */
export function colorsFor(stream: OutputStream, env: Io["env"]): Colors {
  return picocolors.createColors(wantsColor(stream, env));
}

export function wantsColor(stream: OutputStream, env: Io["env"]): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return stream.isTTY === true && TERM !== "dumb";
}
