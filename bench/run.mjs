// npm run bench [-- FILTER]: measures rows, prints them and writes a result file.
import { Command } from "commander";
import { FULL_TIMING, QUICK_TIMING } from "./measure/measure.mjs";
import { measureInProcess } from "./measure/row-process.mjs";
import { defaultFile, PARTIAL_FILE, RESULT_FILE, writeResults } from "./report/result-file.mjs";
import { formatRow, formatSkipped, formatSummary } from "./report/table.mjs";
import { describeRows, findRows, MAIN_ROWS, ROWS } from "./rows/index.mjs";

const USAGE_ERROR = 2;

const program = new Command("npm run bench --")
  .description(
    "Measures the built library against its peers, in turns. Ratios are to the unit of each row; below 1 is faster.",
  )
  .argument("[filter]", "a regular expression over the names and groups of rows; all rows without it")
  .option("--quick", "shorter and noisier; without a filter only one row of each kind")
  .option("--list", "list the rows and measure nothing")
  .option(
    "--out <file>",
    `where the results go; ${RESULT_FILE} without it, and ${PARTIAL_FILE} for fewer than all rows and for --quick`,
  )
  .addHelpText(
    "after",
    `
Examples:
  npm run bench -- json-to-thrift/medium
  npm run bench -- '^(skip|get-one)/' --quick

Rows:
${describeRows()}`,
  )
  .parse();

const { quick, list, out } = program.opts();
const [filter] = program.args;
const rows = filter === undefined && quick ? MAIN_ROWS : select(filter ?? "");
if (list) console.log(describeRows());
else process.exitCode = await measureAll(rows);

function select(filter) {
  let found;
  try {
    found = findRows(filter);
  } catch (error) {
    program.error(error.message, { exitCode: USAGE_ERROR });
  }
  if (found.length === 0)
    program.error(`no row matches ${filter}; there are\n${describeRows()}`, { exitCode: USAGE_ERROR });
  return found;
}

/** Gives the exit code. A row that fails is named at the end; the others are measured all the same. */
async function measureAll(rows) {
  const timing = quick ? QUICK_TIMING : FULL_TIMING;
  const start = performance.now();
  const results = [];
  const failures = [];
  for (const [index, { name }] of rows.entries()) {
    console.log(`\n[${index + 1}/${rows.length}]`);
    try {
      const result = await measureInProcess(name, timing);
      results.push(result);
      console.log(formatRow(result));
    } catch (error) {
      failures.push(error);
      console.error(error.message);
    }
  }
  const summary = [formatSummary(results), formatSkipped(results)].filter((text) => text !== "");
  if (summary.length > 0) console.log(`\n${summary.join("\n\n")}`);
  const run = { length: quick ? "quick" : "full", timing, allRows: ROWS.length, rows: results };
  const file = out ?? defaultFile(run);
  writeResults(file, run);
  const part = rows.length === ROWS.length ? "all" : `${rows.length} of ${ROWS.length}`;
  const seconds = Math.round((performance.now() - start) / 1e3);
  console.log(`\n${part} rows in ${seconds} s, written to ${file}`);
  for (const { message } of failures) console.error(`failed: ${message}`);
  return failures.length === 0 ? 0 : 1;
}
