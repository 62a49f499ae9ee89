// npm run bench:report: renders a result file as RESULTS.md, with charts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { drawCharts } from "./report/charts.mjs";
import { formatMarkdown } from "./report/markdown.mjs";
import { RESULT_FILE, readResults } from "./report/result-file.mjs";

const CHART_FOLDER = "charts";

const program = new Command("npm run bench:report --")
  .description("Renders the results of npm run bench as RESULTS.md, with bar charts in charts/ beside it.")
  .argument("[file]", "a result file", RESULT_FILE)
  .option("--out <folder>", "where they go", fileURLToPath(new URL(".", import.meta.url)))
  .parse();

const folder = resolve(program.opts().out);
let results;
try {
  results = readResults(program.processedArgs[0]);
} catch (error) {
  program.error(error.message);
}
const charts = drawCharts(results);
mkdirSync(join(folder, CHART_FOLDER), { recursive: true });
for (const { file, svg } of charts) writeFileSync(join(folder, CHART_FOLDER, file), svg);
const report = join(folder, "RESULTS.md");
writeFileSync(report, formatMarkdown(results, charts, CHART_FOLDER));
console.log([report, ...charts.map(({ file }) => join(folder, CHART_FOLDER, file))].join("\n"));
