// npm run fuzz -- [--seed N] [--runs N] [--seconds N] [--run N]
// Damages valid inputs until the runs are done or the time is up, a minute by default. --run repeats one run of a
// seed alone.
import { parseArgs } from "node:util";
import { describeFinding, fuzz } from "../test/support/fuzz.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    runs: { type: "string" },
    seconds: { type: "string" },
    run: { type: "string" },
  },
});

function number(name: "seed" | "runs" | "seconds" | "run"): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${name} takes a number, got ${JSON.stringify(text)}`);
  process.exit(2);
}

const DEFAULT_SECONDS = 60;
const seed = number("seed")!;
const run = number("run");
const runs = run === undefined ? number("runs") : 1;
const seconds = number("seconds") ?? (runs === undefined ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
console.log(`seed ${seed}`);
const report = await fuzz({
  seed,
  milliseconds: seconds * 1000,
  ...(run === undefined ? {} : { firstRun: run }),
  ...(runs === undefined ? {} : { runs }),
});
for (const finding of report.findings) {
  console.log(`\n${describeFinding(finding)}\nagain: npm run fuzz -- --seed ${seed} --run ${finding.run}`);
}
console.log(`${report.runs} runs, ${report.accepted} inputs accepted, ${report.findings.length} findings`);
process.exitCode = report.findings.length === 0 ? 0 : 1;
