// Runs a TypeScript file on any supported Node: node scripts/run.mjs FILE [ARGUMENT…]
// Newer versions of Node strip types themselves; older ones get a loader hook that lets TypeScript do it.
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node scripts/run.mjs FILE [ARGUMENT…]");
  process.exit(2);
}
if (!process.features.typescript) register("./typescript-loader.mjs", import.meta.url);
process.argv = [process.execPath, resolve(file), ...args];
await import(pathToFileURL(resolve(file)).href);
