import { Presets, SingleBar } from "cli-progress";
import { colorsFor } from "./colors.ts";
import type { Io } from "./io.ts";

/** Shows on a terminal how much of the input is done. */
export interface Progress {
  /** So many more bytes of the input are done. */
  advance(bytes: number): void;
  /** Takes the bar away; before anything else is written to the terminal. */
  stop(): void;
}

const SILENT: Progress = { advance: () => {}, stop: () => {} };

/** What is done sooner needs no bar. */
const DELAY_MS = 400;

const UNITS: readonly string[] = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * A progress bar on the standard error, if that is a terminal and the data does not go to the same one, for an
 * input of known size that takes longer than `delay` milliseconds.
 */
export function startProgress(
  io: Io,
  total: number | undefined,
  outputToTerminal: boolean,
  delay: number = DELAY_MS,
): Progress {
  if (io.stderr.isTTY !== true || outputToTerminal || total === undefined || total === 0) return SILENT;
  const { cyan } = colorsFor(io.stderr, io.env);
  const bar = new SingleBar(
    {
      stream: io.stderr,
      format: `${cyan("{bar}")} {percentage}%  {value} of {total}  {eta_formatted} left`,
      formatValue: (value, _options, type) =>
        type === "value" || type === "total" ? formatSize(value) : String(value),
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const startAt = performance.now() + delay;
  let done = 0;
  return {
    advance(bytes) {
      done += bytes;
      if (bar.isActive) bar.update(done);
      else if (performance.now() >= startAt) bar.start(total, done);
    },
    stop() {
      if (bar.isActive) bar.stop();
    },
  };
}

/** `12.3 MiB`. */
export function formatSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < UNITS.length - 1; unit++) size /= 1024;
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}
