// What is printed: a table and the comparisons for each row, then all that has a target.
import { median, quantile } from "./measure.mjs";

function formatTime(nanoseconds) {
  return nanoseconds < 1e5 ? `${Math.round(nanoseconds)} ns` : `${(nanoseconds / 1e3).toFixed(1)} µs`;
}

function printTable(header, lines) {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column].length)),
  );
  const format = (line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ");
  console.log([format(header), ...lines.map(format)].join("\n"));
}

/** The measured candidates of a row. */
export function printCandidates(measured) {
  const showsRate = measured.some(({ bytes }) => bytes !== undefined);
  printTable(
    ["", "median", "fastest", "spread", ...(showsRate ? ["MB/s"] : [])],
    measured.map(({ name, bytes, samples }) => {
      const middle = median(samples);
      const spread = (quantile(samples, 0.9) - quantile(samples, 0.1)) / middle;
      return [
        `  ${name}`,
        formatTime(middle),
        formatTime(Math.min(...samples)),
        `${Math.round(spread * 100)}%`,
        ...(showsRate ? [((bytes / middle) * 1e3).toFixed(0)] : []),
      ];
    }),
  );
}

const ratio = (number, digits) => (number === undefined ? "" : `${number.toFixed(digits)}×`);

function verdict({ perRound, target }) {
  if (target === undefined) return "";
  return perRound <= target ? "met" : "MISSED";
}

/** `result` is what has been compared; see run.mjs. */
export function printComparison(result) {
  const { candidate, peer, perRound, ofMedians, target, dynamicgo } = result;
  const parts = [
    `  ${candidate} / ${peer}: ${ratio(perRound, 3)} (medians ${ratio(ofMedians, 3)})`,
    target === undefined ? "" : `target ${formatTarget(target)}: ${verdict(result)}`,
    dynamicgo === undefined ? "" : `dynamicgo ${ratio(dynamicgo, 3)}`,
  ];
  console.log(parts.filter((part) => part !== "").join("  "));
}

/** Small targets have three digits. */
const formatTarget = (target) => ratio(target, target < 0.1 ? 3 : 2);

/** The results that have a target or a figure of dynamicgo. */
export function printSummary(results) {
  const reflection = results.filter(({ dynamicgo }) => dynamicgo !== undefined);
  const others = results.filter(({ target, dynamicgo }) => target !== undefined && dynamicgo === undefined);
  if (others.length > 0) {
    console.log("\nagainst the targets (median of the ratios of all rounds; conversion per byte of JSON)");
    printTable(
      ["row", "ratio", "target", ""],
      others.map((result) => [
        result.row,
        ratio(result.perRound, 3),
        formatTarget(result.target),
        verdict(result),
      ]),
    );
  }
  if (reflection.length > 0) {
    console.log(
      "\nreflection, in times of JSON.parse on the fixture's JSON text (median of the ratios of all rounds)",
    );
    printTable(
      ["row", "", "ratio", "target", "", "dynamicgo", "against npm thrift"],
      reflection.map((result) => [
        result.row,
        result.candidate,
        ratio(result.perRound, 3),
        result.target === undefined ? "" : formatTarget(result.target),
        verdict(result),
        ratio(result.dynamicgo, 3),
        ratio(againstNpmThrift(results, result), 3),
      ]),
    );
  }
}

function againstNpmThrift(results, { row, candidate }) {
  const same = (result) => result.row === row && result.candidate === candidate;
  return results.find((result) => same(result) && result.dynamicgo === undefined)?.perRound;
}
