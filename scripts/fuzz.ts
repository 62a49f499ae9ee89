// npm run fuzz -- [--seed N] [--seconds N] [--run N]
// Damages valid inputs until the time is up; --run repeats one run of a seed alone.
import { parseArgs } from "node:util";
import { describeFinding, fuzz } from "../test/support/fuzz.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    seconds: { type: "string", default: "60" },
    run: { type: "string" },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
const report = await fuzz({
  seed,
  milliseconds: Number(values.seconds) * 1000,
  ...(values.run === undefined ? {} : { firstRun: Number(values.run), runs: 1 }),
});
for (const finding of report.findings) console.log(`\n${describeFinding(finding)}`);
console.log(`${report.runs} runs, ${report.accepted} inputs accepted, ${report.findings.length} findings`);
process.exitCode = report.findings.length === 0 ? 0 : 1;
