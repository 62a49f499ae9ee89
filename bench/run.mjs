// npm run bench [-- FILTER] [--rounds N] [--slice MS] [--json FILE]
// FILTER is a regular expression over row names such as json-to-thrift/medium, and over groups of rows: conversion,
// reflection. Runs against ../dist.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CONVERSION_ROWS } from "./conversion.mjs";
import { library } from "./library.mjs";
import { compare, measure } from "./measure.mjs";
import { REFLECTION_ROWS } from "./reflection.mjs";
import { printCandidates, printComparison, printSummary } from "./report.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "60" },
    slice: { type: "string", default: "5" },
    json: { type: "string" },
  },
});
const timing = { rounds: Number(options.rounds), sliceMs: Number(options.slice) };
const filter = new RegExp(positionals[0] ?? "");
if (library === undefined) console.error("../dist is not built (npm run build): measuring the peers alone\n");

/**
 * A row is `{ name, group, create }`. `create` gives the candidates for `measure`, and the `pairs` of them to
 * compare: `{ candidate, peer, target?, dynamicgo? }`, the latter two being ratios.
 */
const rows = [...CONVERSION_ROWS, ...REFLECTION_ROWS];

const results = [];
for (const { name, create } of rows.filter((row) => filter.test(row.name) || filter.test(row.group))) {
  const { candidates, pairs } = create();
  const measured = measure(candidates, timing);
  const byName = new Map(measured.map((entry) => [entry.name, entry]));
  console.log(`\n${name}`);
  printCandidates(measured);
  for (const { candidate, peer, target, dynamicgo } of pairs) {
    const ratios = compare(byName.get(candidate), byName.get(peer));
    const result = { row: name, candidate, peer, ...ratios, target, dynamicgo };
    printComparison(result);
    results.push(result);
  }
}
printSummary(results);

if (options.json !== undefined) {
  const { version, arch, platform } = process;
  writeFileSync(
    options.json,
    `${JSON.stringify({ node: version, platform, arch, timing, results }, null, 2)}\n`,
  );
}
