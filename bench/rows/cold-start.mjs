// What the first message costs, each in a fresh process: JSON to Thrift, from the import of the library on.
import { createConverters, ENGINES, MISSING_ENGINE, OURS } from "../library.mjs";
import { runChild } from "../measure/child.mjs";
import { writeScratchFiles } from "../measure/scratch-folder.mjs";
import { openFixture } from "../messages/fixtures.mjs";

const FIXTURES = ["small", "medium"];

/** Enough to be steady well before. */
const CALLS = { small: 20_000, medium: 4_000 };

/** What the rows take from the child's figures, and whom they compare. */
const OPERATIONS = {
  "import-to-first-conversion": { figure: "firstConversion", unit: "ms", peers: ["thriftrw", "protobufjs"] },
  "first-call": { figure: "firstCall", unit: "ns", peers: ["thriftrw", "protobufjs"] },
  "calls-until-steady": { figure: "callsUntilSteady", unit: "calls", peers: ["JSON.parse"] },
};

/** @type {import("./row.mjs").Row[]} */
export const COLD_START_ROWS = Object.entries(OPERATIONS).flatMap(([operation, { unit, ...options }]) =>
  FIXTURES.map((fixture) => ({
    name: `${operation}/${fixture}`,
    group: "cold-start",
    unit,
    create: () => createPlan(fixture, options),
  })),
);

async function createPlan(name, { figure, peers }) {
  const { idl, type, json } = openFixture(name);
  const files = writeScratchFiles({ "main.thrift": idl, "message.json": json });
  const calls = figure === "callsUntilSteady" ? CALLS[name] : 0;
  const task = { idl: files["main.thrift"], json: files["message.json"], type: type.name, calls };
  const sample = (way) => () => runChild("cold-start", { ...task, ...way })[figure];
  const ways = await createPeers(type);
  const engines = new Set(createConverters("json-to-thrift", type).map(({ engine }) => engine));
  return {
    baseline: peers[0],
    candidates: [
      ...ENGINES.filter((engine) => engines.has(engine.name)).map((engine) => ({
        name: `${OURS} (${engine.name})`,
        ours: true,
        sample: sample({ way: "ours", options: engine.options }),
      })),
      ...peers.map((peer) => ({ name: peer, sample: sample(ways[peer]) })),
    ],
    skipped: MISSING_ENGINE === undefined ? [] : [MISSING_ENGINE],
  };
}

async function createPeers(type) {
  const { THRIFTRW_OPTIONS, thriftrwWriterSource } = await import("../peers/thriftrw.mjs");
  const { protobufSchema } = await import("../peers/protobufjs.mjs");
  return {
    thriftrw: { way: "thriftrw", ...thriftrwWriterSource(type), thriftrwOptions: THRIFTRW_OPTIONS },
    protobufjs: { way: "protobufjs", schema: protobufSchema(type).schema },
    "JSON.parse": { way: "platform" },
  };
}
