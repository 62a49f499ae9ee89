// npm run bench:compare BEFORE AFTER: names what became slower beyond noise, and fails when there is something.
import { Command, InvalidArgumentError } from "commander";
import { compareResults } from "./report/compare-results.mjs";
import { formatRatio, formatSpread } from "./report/format.mjs";
import { readResults } from "./report/result-file.mjs";
import { formatTable } from "./report/table.mjs";

const program = new Command("npm run bench:compare --")
  .description("Compares two result files of npm run bench by their ratios, row by row.")
  .argument("<before>", "a result file")
  .argument("<after>", "another one, of the same kind of machine")
  .option("--tolerance <part>", "changes up to this part are noise, whatever the spread", readPart, 0.1)
  .addHelpText(
    "after",
    `
A candidate of ours has become slower when its ratio to the unit of the row is larger by more than the tolerance, and
the quartiles of both runs do not overlap. Exit code: 0 without such rows, 1 with some, 2 for files that cannot be read, and
for a quick run beside a full one.`,
  )
  .parse();

const { tolerance } = program.opts();
let comparison;
try {
  comparison = compareResults(...program.args.map(readResults), tolerance);
} catch (error) {
  program.error(error.message, { exitCode: 2 });
}
const { slower, faster, compared, missing } = comparison;
print("slower beyond noise", slower);
print("faster beyond noise", faster);
if (missing.length > 0) console.log(`\nonly in one of the files: ${missing.join(", ")}`);
console.log(`\n${compared} compared, ${slower.length} slower, ${faster.length} faster`);
process.exitCode = slower.length > 0 ? 1 : 0;

function print(title, changes) {
  if (changes.length === 0) return;
  const lines = changes.map(({ row, what, before, after, change }) => [
    `  ${row}`,
    what,
    formatRatio(before.median),
    formatSpread(before),
    formatRatio(after.median),
    formatSpread(after),
    `${change > 1 ? "+" : ""}${Math.round((change - 1) * 100)}%`,
  ]);
  console.log(`\n${formatTable([title, "", "before", "", "after", "", "change"], lines, 2)}`);
}

function readPart(text) {
  const number = Number(text);
  if (!(number >= 0)) throw new InvalidArgumentError("a number from 0 on is needed, such as 0.1");
  return number;
}
