import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const LIMIT_MS = 60_000;

/**
 * Runs a script of `children/` in a process of its own and gives the JSON that it prints. It finds `task` as JSON in
 * its first argument.
 */
export function runChild(name, task) {
  const file = fileURLToPath(new URL(`../children/${name}.mjs`, import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    ["--expose-gc", file, JSON.stringify(task)],
    { encoding: "utf8", timeout: LIMIT_MS },
  );
  if (status !== 0) throw new Error(`${name} ended with ${status}\n${stderr}`, { cause: error });
  return JSON.parse(stdout);
}
