#!/usr/bin/env node
import { run } from "./run.ts";

const controller = new AbortController();
// Only once: whoever insists ends the process at once.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => controller.abort(signal));
}

const { stdin, stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  signal: controller.signal,
});
// An input that nobody needs any more would keep the process alive.
stdin.destroy();
