// Installs the peers, once for each state of the lock file: the native one takes a while to build. Without a compiler
// npm leaves that one out.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** What npm itself leaves after an installation. */
const INSTALLED = new URL("node_modules/.package-lock.json", import.meta.url);
const WANTED = new URL("package-lock.json", import.meta.url);

const changedAt = (url) => statSync(url, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (changedAt(INSTALLED) < changedAt(WANTED)) {
  console.error("installing the peers into bench/ …");
  const { status } = spawnSync("npm", ["ci", "--silent", "--no-audit", "--no-fund"], {
    cwd: FOLDER,
    stdio: "inherit",
    // npm is a script on Windows.
    shell: process.platform === "win32",
  });
  process.exitCode = status ?? 1;
}
