// npm run fuzz -- [--only PART] [--seed N] [--seconds N] [--cases N] [--run N]
// Damages valid inputs, holds both engines together, and compares the kernel's numbers with JavaScript's. Each part ends
// after its cases or its seconds, whatever comes first. --run repeats one run of the part `damage` alone.
import { parseArgs } from "node:util";
import { describeFinding, fuzz } from "../test/support/fuzz.ts";
import { describeEngineFinding, fuzzEngines } from "../test/support/fuzz-engines.ts";
import { fuzzNumbers } from "../test/support/fuzz-numbers.ts";

const PARTS = ["damage", "engines", "numbers"] as const;

/** What each part does when nothing is said: a million conversions on both engines, some minutes in all. */
const DEFAULT_CASES = { damage: 50_000, engines: 1_000_000, numbers: 4_000_000 };

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    cases: { type: "string" },
    seconds: { type: "string" },
    run: { type: "string" },
  },
});

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function number(name: "seed" | "cases" | "seconds" | "run"): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text !== "" && Number.isFinite(value) && value >= 0) return value;
  return fail(`--${name} takes a number, got ${JSON.stringify(text)}`);
}

const only = PARTS.find((part) => part === values.only);
if (values.only !== undefined && only === undefined) fail(`--only takes one of ${PARTS.join(", ")}`);
const seed = number("seed")!;
const run = number("run");
const cases = number("cases");
const milliseconds = (number("seconds") ?? Number.POSITIVE_INFINITY) * 1000;
const parts = run !== undefined ? ["damage"] : only !== undefined ? [only] : PARTS;

console.log(`seed ${seed}`);
let failures = 0;

function report(part: string, done: string, findings: readonly string[]): void {
  for (const finding of findings) console.log(`\n${finding}\n`);
  console.log(`${part}: ${done}, ${findings.length} findings`);
  failures += findings.length;
}

if (parts.includes("damage")) {
  const { runs, accepted, findings } = await fuzz({
    seed,
    milliseconds,
    runs: run === undefined ? (cases ?? DEFAULT_CASES.damage) : 1,
    ...(run === undefined ? {} : { firstRun: run }),
  });
  const again = (finding: { run: number }): string =>
    `again: npm run fuzz -- --seed ${seed} --run ${finding.run}`;
  report(
    "damage",
    `${runs} runs, ${accepted} inputs accepted`,
    findings.map((finding) => `${describeFinding(finding)}\n${again(finding)}`),
  );
}
if (parts.includes("engines")) {
  const {
    cases: done,
    converted,
    findings,
  } = fuzzEngines({
    seed,
    milliseconds,
    cases: cases ?? DEFAULT_CASES.engines,
  });
  report(
    "engines",
    `${done} conversions on both, ${converted} with a result`,
    findings.map(describeEngineFinding),
  );
}
if (parts.includes("numbers")) {
  const { numbers, findings } = await fuzzNumbers({
    seed,
    milliseconds,
    numbers: cases ?? DEFAULT_CASES.numbers,
  });
  report("numbers", `${numbers} numbers`, findings);
}
process.exitCode = failures === 0 ? 0 : 1;
