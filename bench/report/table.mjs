// What a run prints.
import {
  formatDynamicgo,
  formatRate,
  formatRatio,
  formatSpread,
  formatTarget,
  formatValue,
} from "./format.mjs";
import { describeReferenceScale, isOnReferenceScale } from "./reference-scale.mjs";

/** Columns that are empty in all lines are left out. The first ones are text, the others are numbers. */
export function formatTable(header, lines, textColumns = 1) {
  const columns = header
    .map((_, column) => column)
    .filter((column) => lines.some((line) => line[column] !== ""));
  const widths = columns.map((column) =>
    Math.max(header[column].length, ...lines.map((line) => line[column].length)),
  );
  return [header, ...lines]
    .map((line) =>
      columns
        .map((column, index) =>
          column < textColumns ? line[column].padEnd(widths[index]) : line[column].padStart(widths[index]),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {import("../measure/measure-row.mjs").RowResult} row */
export function formatRow(row) {
  const { name, unit, baseline, candidates, pairs } = row;
  const table = formatTable(
    [name, "median", "fastest", "MB/s", "ratio", "", "target", "dynamicgo"],
    candidates.map((candidate) => [
      `  ${candidate.name}`,
      formatValue(candidate.median, unit),
      formatValue(candidate.fastest, unit),
      formatRate(candidate),
      candidate.name === baseline ? "1×" : formatRatio(candidate.ratio.median),
      candidate.name === baseline ? "" : formatSpread(candidate.ratio),
      formatTarget(candidate),
      formatDynamicgo(candidate.dynamicgo),
    ]),
  );
  const others = pairs.filter((pair) => !isOnReferenceScale(pair)).map(formatPair);
  const scaled = describeReferenceScale(row);
  return [table, ...others, ...(scaled === undefined ? [] : [`  ${scaled}`])].join("\n");
}

function formatPair(pair) {
  const { candidate, peer, ratio } = pair;
  const line = `  ${candidate} / ${peer}: ${formatRatio(ratio.median)} ${formatSpread(ratio)}`;
  return pair.target === undefined ? line : `${line}  target ${formatTarget(pair)}`;
}

/** All that has a target or a figure of dynamicgo. */
export function formatSummary(rows) {
  const lines = rows.flatMap(({ name, candidates, pairs }) => [
    ...candidates
      .filter(({ target, dynamicgo }) => target !== undefined || dynamicgo !== undefined)
      .map((candidate) => summaryLine(name, candidate.name, candidate)),
    ...pairs
      .filter(({ target }) => target !== undefined)
      .map((pair) => summaryLine(name, `${pair.candidate} / ${pair.peer}`, pair)),
  ]);
  if (lines.length === 0) return "";
  return formatTable(["row", "", "ratio", "", "target", "dynamicgo"], lines, 2);
}

function summaryLine(row, what, result) {
  return [
    row,
    what,
    formatRatio(result.ratio.median),
    formatSpread(result.ratio),
    formatTarget(result),
    formatDynamicgo(result.dynamicgo),
  ];
}

/** The peers that did not run, each once. */
export function formatSkipped(rows) {
  const reasons = new Map(rows.flatMap(({ skipped }) => skipped.map(({ peer, reason }) => [peer, reason])));
  return [...reasons].map(([peer, reason]) => `not measured: ${peer}: ${reason}`).join("\n");
}
