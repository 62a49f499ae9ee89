import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Writes files for child processes into a folder that goes away with this process.
 *
 * @param {Record<string, string | Uint8Array>} files contents by name
 * @returns {Record<string, string>} paths by name
 */
export function writeScratchFiles(files) {
  const folder = mkdtempSync(join(tmpdir(), "dynamic-thrift-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return [name, path];
    }),
  );
}
