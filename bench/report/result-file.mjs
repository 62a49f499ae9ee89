// The file that a run leaves and the other commands read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, type } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Changes when files of before can no longer be read. */
const FORMAT = 1;

export const RESULT_FILE = fileURLToPath(new URL("../../out/bench.json", import.meta.url));

/**
 * @typedef {object} Results
 * @property {number} format
 * @property {string} version of the library
 * @property {string} date
 * @property {{ node: string, cpu: string, threads: number, system: string }} machine
 * @property {"full" | "quick"} length
 * @property {import("../measure/measure.mjs").Timing} timing
 * @property {import("../measure/measure-row.mjs").RowResult[]} rows
 */

export function writeResults(file, { length, timing, rows }) {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const results = {
    format: FORMAT,
    version,
    date: new Date().toISOString(),
    machine: {
      node: process.version,
      cpu: cpus()[0]?.model ?? process.arch,
      threads: availableParallelism(),
      system: `${type()} ${process.arch}`,
    },
    length,
    timing,
    rows,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Throws an error with a message for people. @returns {Results} */
export function readResults(file) {
  let results;
  try {
    results = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`cannot read ${file}: ${cause.message}; npm run bench writes one`, { cause });
  }
  if (results?.format !== FORMAT) throw new Error(`${file} is no result file of this version of bench/`);
  return results;
}
