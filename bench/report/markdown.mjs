// The report as Markdown.
import {
  formatDynamicgo,
  formatRate,
  formatRatio,
  formatSpread,
  formatTarget,
  formatValue,
} from "./format.mjs";
import { describeReferenceScale, isOnReferenceScale } from "./reference-scale.mjs";
import { describeGaps } from "./result-file.mjs";

const GROUPS = {
  conversion: [
    "Conversion",
    "Bytes to bytes; `-into` writes into memory of the caller, `text` rows take or give a string. MB/s are of JSON.",
  ],
  threads: [
    "Threads",
    "One message in several worker threads at once; the time is per message of all together.",
  ],
  reflection: [
    "Reading and editing on the bytes",
    "Without decoding; npm `thrift` decodes, and encodes for edits.",
  ],
  idl: ["IDL", "From text to descriptors, and to converters."],
  "cold-start": ["Cold start", "JSON to Thrift in a fresh process."],
  memory: [
    "Memory",
    "A message of 10 MB, beyond what a process with that message has: the peak of the process, and what V8 still holds after the results are dropped.",
  ],
};

/**
 * @param {import("./result-file.mjs").Results} results
 * @param {import("./charts.mjs").Chart[]} charts
 * @param {string} chartFolder relative to the report
 */
export function formatMarkdown(results, charts, chartFolder) {
  const { version, date, machine, rows } = results;
  const { node, cpu, threads, system } = machine;
  const gaps = describeGaps(results);
  const parts = [
    "# Benchmark results",
    `dynamic-thrift ${version} on ${date.slice(0, 10)}: Node ${node}, ${cpu}, ${threads} threads, ${system}.${
      gaps === undefined ? "" : ` **This has ${gaps}.**`
    } Written by \`npm run bench && npm run bench:report\`; [README.md](README.md) says what is measured and how.`,
    "Ratios are to the unit of the row, the line with 1×: medians of the ratios within each round, ± half the distance of their quartiles. Below 1 is faster. The column dynamicgo has its published figures, scaled by the unit on the machine where they were measured; ≈ marks those whose unit was not measured there.",
    ...charts.map(({ file, alt }) => `![${alt}](${chartFolder}/${file})`),
    ...Object.entries(GROUPS).flatMap(([group, [title, text]]) => formatGroup(rows, group, title, text)),
    ...formatSkipped(rows),
  ];
  return `${parts.join("\n\n")}\n`;
}

function formatGroup(rows, group, title, text) {
  const chosen = rows.filter((row) => row.group === group);
  return chosen.length === 0 ? [] : [`## ${title}`, text, ...chosen.map(formatRow)];
}

function formatRow(row) {
  const { name, unit, baseline, candidates } = row;
  const header = [`\`${name}\``, "median", "MB/s", "ratio", "±", "target", "dynamicgo"];
  const lines = candidates.map((candidate) => {
    const isUnit = candidate.name === baseline;
    return [
      candidate.ours ? `**${candidate.name}**` : candidate.name,
      formatValue(candidate.median, unit),
      formatRate(candidate),
      isUnit ? "1×" : formatRatio(candidate.ratio.median),
      isUnit ? "" : formatSpread(candidate.ratio),
      formatTarget(candidate),
      formatDynamicgo(candidate.dynamicgo),
    ];
  });
  const parts = [formatTable(header, lines), formatPairs(row), describeReferenceScale(row)];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

function formatPairs({ pairs }) {
  const lines = pairs
    .filter((pair) => !isOnReferenceScale(pair))
    .map((pair) => {
      const target = pair.target === undefined ? "" : ` (target ${formatTarget(pair)})`;
      return `- ${pair.candidate} / ${pair.peer}: ${formatRatio(pair.ratio.median)} ${formatSpread(pair.ratio)}${target}`;
    });
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** Columns that are empty in all lines are left out. */
function formatTable(header, lines) {
  const columns = header
    .map((_, column) => column)
    .filter((column) => lines.some((line) => line[column] !== ""));
  const format = (line) => `| ${columns.map((column) => line[column]).join(" | ")} |`;
  const rule = `|${columns.map((column) => (column === 0 ? "---" : "--:")).join("|")}|`;
  return [format(header), rule, ...lines.map(format)].join("\n");
}

function formatSkipped(rows) {
  const reasons = new Map(rows.flatMap(({ skipped }) => skipped.map(({ peer, reason }) => [peer, reason])));
  const lines = [...reasons].map(([peer, reason]) => `- ${peer}: ${reason}`);
  return lines.length === 0 ? [] : ["## Not measured", lines.join("\n")];
}
