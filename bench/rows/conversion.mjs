// JSON to Thrift and back: bytes to bytes, into memory of the caller, and from and to strings.
import assert from "node:assert/strict";
import { createConverters, library, MISSING_ENGINE } from "../library.mjs";
import { openFixture } from "../messages/fixtures.mjs";
import { dynamicgoFigure } from "../peers/dynamicgo.mjs";
import { createScratch } from "../peers/scratch.mjs";
import { onReferenceScale } from "./reference-scale.mjs";
import { conversionTarget } from "./targets.mjs";

const DIRECTIONS = ["json-to-thrift", "thrift-to-json"];
const SIZES = ["small", "medium", "large", "feed"];

/** Written with value mapping, which no peer does. */
const MAPPED = ["small-mapped", "medium-mapped"];

/** Untidy messages; Thrift has nothing that pretty-printing could change. */
const VARIANTS = {
  "json-to-thrift": [
    "feed-unicode",
    "feed-pretty",
    "feed-reversed-keys",
    "feed-shuffled-keys",
    "feed-half-unknown",
    "10mb",
  ],
  "thrift-to-json": ["feed-unicode", "feed-reversed-keys", "feed-shuffled-keys", "feed-half-unknown", "10mb"],
};

const row = (operation, fixture, create) => ({
  name: `${operation}/${fixture}`,
  group: "conversion",
  create: () => create(operation, fixture),
});

/** @type {import("./row.mjs").Row[]} */
export const CONVERSION_ROWS = [
  ...DIRECTIONS.flatMap((direction) => [
    ...SIZES.map((fixture) => row(direction, fixture, bytesToBytes)),
    ...[...MAPPED, ...VARIANTS[direction]].map((fixture) => row(direction, fixture, bytesToBytes)),
    ...SIZES.map((fixture) => row(`${direction}-into`, fixture, intoWriter)),
  ]),
  ...SIZES.map((fixture) => row("json-text-to-thrift", fixture, fromText)),
  ...SIZES.map((fixture) => row("thrift-to-json-text", fixture, toText)),
];

async function bytesToBytes(direction, name) {
  const fixture = openFixture(name);
  const peers = await openPeers(direction, fixture, choosePeers(name));
  const ours = ourCandidates(direction, direction, fixture, (converter, input) => ({
    run: () => converter.convert(input),
  }));
  return planWithPeers(direction, fixture, ours, peers);
}

function choosePeers(name) {
  if (MAPPED.includes(name)) return "none";
  return SIZES.includes(name) ? "all" : "generated";
}

/** The output goes to memory that is used again for each message. */
async function intoWriter(operation, name) {
  const direction = operation.replace("-into", "");
  const fixture = openFixture(name);
  const peers = await openPeers(direction, fixture, "none");
  const ours = ourCandidates(operation, direction, fixture, (converter, input) => {
    const writer = new library.ByteWriter({ capacity: 2 * fixture.json.length });
    const run = () => {
      writer.clear();
      converter.convertInto(input, writer);
      return writer.length;
    };
    return { run, read: () => writer.bytes.subarray(0, run()) };
  });
  return planWithPeers(direction, fixture, ours, peers);
}

/** The JSON comes as a string. */
async function fromText(operation, name) {
  const { createGeneratedWriter } = await import("../peers/generated-writer.mjs");
  const { checkThrift } = await import("../peers/losses.mjs");
  const fixture = openFixture(name);
  const text = fixture.json.toString();
  const write = createGeneratedWriter(fixture.type, createScratch(fixture.thrift.length));
  const generated = () => write(JSON.parse(text));
  checkThrift(fixture.type, generated(), fixture.json);
  const ours = ourCandidates(operation, "json-to-thrift", fixture, (converter) => ({
    run: () => converter.convert(text),
  }));
  return plan(fixture, "JSON.parse", [
    ...ours,
    { name: "JSON.parse", run: () => JSON.parse(text) },
    { name: "JSON.parse + generated writer", run: generated },
  ]);
}

/** The JSON is wanted as a string. */
async function toText(operation, name) {
  const { createGeneratedReader } = await import("../peers/generated-reader.mjs");
  const { checkJson } = await import("../peers/losses.mjs");
  const fixture = openFixture(name);
  const value = JSON.parse(fixture.json.toString());
  const read = createGeneratedReader(fixture.type, createScratch(fixture.thrift.length));
  const generated = () => JSON.stringify(read(fixture.thrift));
  checkJson(fixture.type, Buffer.from(generated()), fixture.json);
  const ours = ourCandidates(operation, "thrift-to-json", fixture, (converter, input) => ({
    run: () => converter.convertToString(input),
  }));
  return plan(fixture, "JSON.stringify", [
    ...ours,
    { name: "JSON.stringify", run: () => JSON.stringify(value) },
    { name: "generated reader + JSON.stringify", run: generated },
  ]);
}

/** One candidate for each engine, its result checked: what `read` gives, or `run` itself where it gives its result. */
function ourCandidates(operation, direction, fixture, createRun) {
  const toThrift = direction === "json-to-thrift";
  const [input, expected] = toThrift
    ? [fixture.json, fixture.knownThrift]
    : [fixture.thrift, fixture.knownJson];
  const row = `${operation}/${fixture.name}`;
  return createConverters(direction, fixture.type, fixture.valueMapping).map(
    ({ label, engine, converter }) => {
      const { run, read = run } = createRun(converter, input);
      assert.deepEqual(Buffer.from(read()), expected, `${label} gives something else`);
      const dynamicgo = dynamicgoFigure(operation, fixture.name);
      return { name: label, ours: true, run, target: conversionTarget(row, engine), dynamicgo };
    },
  );
}

/** What the platform itself takes, which is the unit, and the peers. */
async function openPeers(direction, fixture, choice) {
  const { createConversionPeers, JSON_PARSE, JSON_STRINGIFY } = await import("../peers/conversion-peers.mjs");
  const peers =
    choice === "none" ? { candidates: [], skipped: [] } : createConversionPeers(direction, fixture, choice);
  const createUnit = ({ json, knownJson }) => {
    if (direction === "json-to-thrift") return { name: JSON_PARSE, run: () => JSON.parse(json.toString()) };
    const value = JSON.parse(knownJson.toString());
    return { name: JSON_STRINGIFY, run: () => Buffer.from(JSON.stringify(value)) };
  };
  return { createUnit, unit: createUnit(fixture), ...peers };
}

/** Ours, the unit and the peers. The feed has targets that are looked at in times of `medium` too. */
function planWithPeers(direction, fixture, ours, { createUnit, unit, candidates, skipped }) {
  const whole = plan(fixture, unit.name, [...ours, unit, ...candidates], skipped);
  if (fixture.name !== "feed") return whole;
  const scaled = onReferenceScale(direction, createUnit, ours);
  return { ...whole, candidates: [...whole.candidates, ...scaled.candidates], pairs: scaled.pairs };
}

function plan({ json }, baseline, candidates, skipped = []) {
  return {
    baseline,
    candidates: candidates.map((candidate) => ({ ...candidate, bytes: json.length })),
    skipped: MISSING_ENGINE === undefined ? skipped : [MISSING_ENGINE, ...skipped],
  };
}
