// Converts a big message three times and prints what it took beyond what the process had before: at its peak, of the
// memory of the process, and after the results are dropped, of what V8 holds (objects, buffers and WebAssembly
// memories; what the allocator keeps for later says nothing about us). In bytes.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createWay } from "./ways.mjs";

const REPEATS = 3;
/** A weak reference keeps its target until the job ends, and a WebAssembly memory goes one collection after its object. */
const COLLECTIONS = 3;
const SETTLE_MS = 50;
const KIB = 1024;

const { direction, way, input: file } = JSON.parse(process.argv[2]);
const input = readFileSync(file);
const convert = createWay(direction, way, input.length);
const before = await settledMemory();
let size = 0;
for (let i = 0; i < REPEATS; i++) size += convert(input).length;
if (size === 0) throw new Error("nothing was converted");
const peak = process.resourceUsage().maxRSS * KIB - before.rss;
const after = await settledMemory();
console.log(JSON.stringify({ peak, retained: after.held - before.held }));

async function settledMemory() {
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc();
    await sleep(SETTLE_MS);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}
