// npm run bench:report: renders a result file as RESULTS.md, with charts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { formatMarkdown } from "./report/markdown.mjs";
import { describeGaps, RESULT_FILE, readResults } from "./report/result-file.mjs";

const CHART_FOLDER = "charts";

const program = new Command("npm run bench:report --")
  .description("Renders the results of npm run bench as RESULTS.md, with bar charts in charts/ beside it.")
  .argument("[file]", "a result file", RESULT_FILE)
  .option("--out <folder>", "where they go", fileURLToPath(new URL(".", import.meta.url)))
  .option("--partial", "render a quick run too, or one of some rows; the report says what it is")
  .parse();

const { out, partial } = program.opts();
const [file] = program.processedArgs;
const folder = resolve(out);
let results;
try {
  results = readResults(file);
} catch (error) {
  program.error(error.message);
}
const gaps = describeGaps(results);
if (gaps !== undefined && !partial) {
  program.error(`${file} has ${gaps}; --partial makes a report of it all the same, marked as such`);
}
// Behind the check, which needs none of the packages that draw.
const { drawCharts } = await import("./report/charts.mjs");
const charts = drawCharts(results);
mkdirSync(join(folder, CHART_FOLDER), { recursive: true });
for (const { file: name, svg } of charts) writeFileSync(join(folder, CHART_FOLDER, name), svg);
const report = join(folder, "RESULTS.md");
writeFileSync(report, formatMarkdown(results, charts, CHART_FOLDER));
console.log([report, ...charts.map(({ file: name }) => join(folder, CHART_FOLDER, name))].join("\n"));
