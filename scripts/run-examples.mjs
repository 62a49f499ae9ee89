// Runs every example against the built library; each must end well: node scripts/run-examples.mjs [NAME…]
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LIMIT_MS = 60_000;

const wanted = process.argv.slice(2);
const files = readdirSync(join(ROOT, "examples"))
  .filter(
    (name) => name.endsWith(".ts") && (wanted.length === 0 || wanted.includes(name.slice(0, -".ts".length))),
  )
  .sort();

let failed = 0;
for (const name of files) {
  console.log(`--- ${name}`);
  const { status, signal } = spawnSync(process.execPath, ["scripts/run.mjs", `examples/${name}`], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: LIMIT_MS,
  });
  if (status !== 0) {
    console.error(`${name} ended with ${signal ?? `exit code ${status}`}`);
    failed++;
  }
}
console.log(`${files.length - failed} examples passed, ${failed} failed`);
process.exitCode = failed === 0 && files.length > 0 ? 0 : 1;
