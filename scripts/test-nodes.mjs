// Runs the test suite under other versions of Node: node scripts/test-nodes.mjs [VERSION…]
// The npm package `node` carries them; they are installed into a temporary folder and removed afterwards.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DEFAULT_VERSIONS = ["22", "24", "26"];
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");

const versions = process.argv.length > 2 ? process.argv.slice(2) : DEFAULT_VERSIONS;
const folder = mkdtempSync(join(tmpdir(), "dynamic-thrift-nodes-"));

function run(command, args, options) {
  return (
    spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32", ...options }).status ===
    0
  );
}

/** The path of the executable, or `undefined` when npm cannot provide it. */
function installNode(version) {
  const place = join(folder, version);
  const name = process.platform === "win32" ? "node.exe" : "node";
  // `node` copies its binary with an install script; where scripts are off, the package for this platform has it.
  const platform = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  for (const [spec, owner] of [
    [`node@${version}`, "node"],
    [`${platform}@${version}`, platform],
  ]) {
    rmSync(place, { recursive: true, force: true });
    const install = ["install", "--prefix", place, "--no-audit", "--no-fund", "--loglevel", "error", spec];
    const executable = join(place, "node_modules", owner, "bin", name);
    if (run("npm", install) && existsSync(executable)) return executable;
  }
  return undefined;
}

let passed = 0;
try {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  for (const version of versions) {
    const executable = installNode(version);
    if (executable === undefined) {
      console.error(`Node ${version}: cannot be installed`);
      continue;
    }
    const { stdout } = spawnSync(executable, ["--version"], { encoding: "utf8" });
    const ok = run(executable, [VITEST, "run", "--reporter=dot"], { cwd: ROOT, shell: false });
    console.log(`Node ${stdout.trim()}: ${ok ? "passed" : "FAILED"}\n`);
    if (ok) passed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${versions.length - passed} failed`);
process.exitCode = passed === versions.length ? 0 : 1;
