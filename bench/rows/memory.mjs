// What a message of 10 MB takes beyond the memory that a process with that message in it has, each in a fresh process.
import { GENERATED } from "../children/ways.mjs";
import { createConverters, MISSING_ENGINE } from "../library.mjs";
import { runChild } from "../measure/child.mjs";
import { writeScratchFiles } from "../measure/scratch-folder.mjs";
import { openFixture } from "../messages/fixtures.mjs";

const FIXTURE = "10mb";
const BYTES_PER_MB = 1e6;

/** What is kept is not known more exactly than that. */
const NOISE_MB = 0.1;

/** The unit: ratios say how many times the size of the message something takes. */
const MESSAGE = "the JSON itself";

/** @type {import("./row.mjs").Row[]} */
export const MEMORY_ROWS = Object.keys(GENERATED).flatMap((direction) =>
  ["peak", "retained"].map((figure) => ({
    name: `${direction}-${figure}-memory/${FIXTURE}`,
    group: "memory",
    unit: "MB",
    create: () => createPlan(direction, figure),
  })),
);

function createPlan(direction, figure) {
  const { type, json, thrift } = openFixture(FIXTURE);
  const { input } = writeScratchFiles({ input: direction === "json-to-thrift" ? json : thrift });
  const candidate = (way, ours) => ({
    name: way,
    ours,
    sample: () => Math.max(NOISE_MB, runChild("memory", { direction, way, input })[figure] / BYTES_PER_MB),
  });
  const ours = createConverters(direction, type).map(({ label }) => candidate(label, true));
  return {
    baseline: MESSAGE,
    candidates: [
      ...ours,
      candidate(GENERATED[direction], false),
      { name: MESSAGE, sample: () => json.length / BYTES_PER_MB },
    ],
    skipped: MISSING_ENGINE === undefined ? [] : [MISSING_ENGINE],
  };
}
