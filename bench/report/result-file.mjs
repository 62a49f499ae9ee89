// The file that a run leaves and the other commands read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, type } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Changes when files of before can no longer be read. */
const FORMAT = 2;

/** What the report is made of: all rows, measured at full length. */
export const RESULT_FILE = fileURLToPath(new URL("../../out/bench.json", import.meta.url));
/** What any other run gives. */
export const PARTIAL_FILE = fileURLToPath(new URL("../../out/bench-partial.json", import.meta.url));

/**
 * @typedef {object} Results
 * @property {number} format
 * @property {string} version of the library
 * @property {string} date
 * @property {{ node: string, cpu: string, threads: number, system: string }} machine
 * @property {"full" | "quick"} length
 * @property {import("../measure/measure.mjs").Timing} timing
 * @property {number} allRows how many there are, measured or not
 * @property {import("../measure/measure-row.mjs").RowResult[]} rows
 */

/**
 * What is not complete about results, to be read in a message; `undefined` when nothing is.
 *
 * @param {Pick<Results, "length" | "allRows" | "rows">} results
 */
export function describeGaps({ length, allRows, rows }) {
  const gaps = [
    ...(rows.length < allRows ? [`only ${rows.length} of ${allRows} rows`] : []),
    ...(length === "quick" ? ["a quick run, too noisy for conclusions"] : []),
  ];
  return gaps.length === 0 ? undefined : gaps.join(", and ");
}

/** Where results go that nobody has named a file for. */
export function defaultFile(results) {
  return describeGaps(results) === undefined ? RESULT_FILE : PARTIAL_FILE;
}

export function writeResults(file, { length, timing, allRows, rows }) {
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
    allRows,
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
