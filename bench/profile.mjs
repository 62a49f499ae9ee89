// npm run bench:profile -- ROW: leaves a CPU profile of one row, of what one candidate does.
import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { callsIn } from "./measure/measure.mjs";
import { formatNumber } from "./report/format.mjs";
import { formatTable } from "./report/table.mjs";
import { describeRows, ROWS } from "./rows/index.mjs";

const OUT = fileURLToPath(new URL("../out/", import.meta.url));
const WARM_UP_MS = 1_000;
const SAMPLING_INTERVAL_US = 100;
const SHOWN = 12;
const MS_PER_S = 1e3;

const program = new Command("npm run bench:profile --")
  .description("Profiles one candidate of a row, by default our fastest engine, after a warm-up.")
  .argument("<row>", "the name of a row, such as json-to-thrift/medium")
  .option("--candidate <text>", "a part of the candidate's name", "")
  .option("--seconds <number>", "how long", readSeconds, 3)
  .addHelpText("after", `\nRows:\n${describeRows()}`)
  .parse();

const [name] = program.args;
const { candidate: wanted, seconds } = program.opts();
const row = ROWS.find((row) => row.name === name);
if (row === undefined) program.error(`no row is named ${name}; there are\n${describeRows()}`);
const { candidates } = await row.create();
const candidate = candidates.find((candidate) => candidate.name.includes(wanted));
if (candidate === undefined) {
  program.error(
    `${name} has no candidate ${wanted}; it has\n${candidates.map((one) => `  ${one.name}`).join("\n")}`,
  );
}
if (candidate.run === undefined) program.error(`${name} is measured in other processes or threads`);

const profile = await profileOf(candidate.run);
const file = join(OUT, `${name.replace("/", "-")}.cpuprofile`);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify(profile));
console.log(`${name}, ${candidate.name}: where the time goes\n${describeProfile(profile)}\n`);
console.log(`written to ${relative(process.cwd(), file)}. To look at it, open the file in VS Code, or load it in the
Performance panel of Chrome's developer tools, or run: npx speedscope ${relative(process.cwd(), file)}`);
process.exit();

async function profileOf(run) {
  callsIn(run, WARM_UP_MS);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_US });
  await session.post("Profiler.start");
  callsIn(run, seconds * MS_PER_S);
  return (await session.post("Profiler.stop")).profile;
}

/** The functions with the most time of their own. */
function describeProfile({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(id);
    const place = url === "" ? "" : `${url.split("/").at(-1)}:${lineNumber + 1}`;
    const key = JSON.stringify([functionName || "(anonymous)", place]);
    times.set(key, (times.get(key) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  }
  const top = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return formatTable(
    ["function", "place", "self"],
    top.map(([key, time]) => {
      const [functionName, place] = JSON.parse(key);
      return [`  ${functionName}`, place, `${formatNumber((100 * time) / total)}%`];
    }),
    2,
  );
}

function readSeconds(text) {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("a number above 0 is needed");
  return number;
}
