// npm run bench [-- FILTER] [--rounds N] [--slice MS] [--json FILE]
// FILTER is a regular expression over row names such as json-to-thrift/medium. Runs against ../dist.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FIXTURES } from "./fixtures.mjs";
import { createManyTypes, DISTINCT_COUNT, TYPE_COUNT } from "./many-types.mjs";
import { compare, measure, median, quantile } from "./measure.mjs";
import * as npmThrift from "./npm-thrift.mjs";

const DIST = new URL("../dist/index.js", import.meta.url);

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
const library = existsSync(DIST) ? await import(DIST.href) : undefined;
if (library === undefined) console.error("../dist is not built (npm run build): measuring the peers alone\n");

const OURS = "dynamic-thrift";

/** Value mappings would quote the i64 of `Simple`, which the peers do not. */
const CONVERSION = { valueMapping: "off" };

/** What the project promises: at most this many times the peer's time. */
const TARGETS = {
  "json-to-thrift/small": 0.55,
  "json-to-thrift/medium": 0.42,
  "json-to-thrift/feed": 0.3,
  "json-to-thrift/feed-unicode": 0.3,
  "thrift-to-json/small": 0.35,
  "thrift-to-json/medium": 0.32,
  "thrift-to-json/feed": 0.28,
  "thrift-to-json/feed-unicode": 0.28,
  "json-to-thrift/many-types": 1.8,
  "thrift-to-json/many-types": 1.8,
};

/** A row is `{ name, candidates, pairs }`; `pairs` lists `[candidate, peer, target?]` to compare. */
const rows = [
  ...Object.keys(FIXTURES).map((name) => ({
    name: `json-to-thrift/${name}`,
    create: () => jsonToThrift(name),
  })),
  ...Object.keys(FIXTURES).map((name) => ({
    name: `thrift-to-json/${name}`,
    create: () => thriftToJson(name),
  })),
  { name: "json-to-thrift/many-types", create: () => manyTypes("json-to-thrift/many-types") },
  { name: "thrift-to-json/many-types", create: () => manyTypes("thrift-to-json/many-types") },
  { name: "json-to-thrift/distinct-messages", create: () => distinctMessages("json-to-thrift") },
  { name: "thrift-to-json/distinct-messages", create: () => distinctMessages("thrift-to-json") },
];

function loadType({ idl, idlFile, type }) {
  return (idl === undefined ? library.loadIdlSync(idlFile) : library.parseIdl(idl)).type(type);
}

function jsonToThrift(name) {
  const fixture = FIXTURES[name];
  const { json, peer } = fixture;
  const bytes = json.length;
  const candidates = [{ name: "JSON.parse", run: () => JSON.parse(json.toString()), bytes }];
  const pairs = [];
  if (library !== undefined) {
    const converter = library.jsonToThrift(loadType(fixture), CONVERSION);
    if (fixture.thrift !== undefined) assert.deepEqual(Buffer.from(converter.convert(json)), fixture.thrift);
    candidates.unshift({ name: OURS, run: () => converter.convert(json), bytes });
    pairs.push([OURS, "JSON.parse", TARGETS[`json-to-thrift/${name}`]]);
  }
  if (peer !== undefined) {
    const label = "JSON.parse + npm thrift";
    candidates.push({ name: label, run: () => npmThrift.jsonToThrift(peer, json), bytes });
    if (library !== undefined) pairs.push([OURS, label]);
  }
  return { candidates, pairs };
}

function thriftToJson(name) {
  const fixture = FIXTURES[name];
  const { json, peer } = fixture;
  const bytes = json.length;
  const value = JSON.parse(json.toString());
  const candidates = [
    { name: "JSON.stringify + Buffer.from", run: () => Buffer.from(JSON.stringify(value)), bytes },
  ];
  const pairs = [];
  let { thrift } = fixture;
  if (library !== undefined) {
    const type = loadType(fixture);
    thrift ??= library.jsonToThrift(type, CONVERSION).convert(json);
    const converter = library.thriftToJson(type, CONVERSION);
    assert.equal(Buffer.from(converter.convert(thrift)).toString(), json.toString());
    candidates.unshift({ name: OURS, run: () => converter.convert(thrift), bytes });
    pairs.push([OURS, "JSON.stringify + Buffer.from", TARGETS[`thrift-to-json/${name}`]]);
  }
  if (peer !== undefined) {
    const label = "npm thrift + JSON.stringify";
    candidates.push({ name: label, run: () => npmThrift.thriftToJson(peer, thrift), bytes });
    if (library !== undefined) pairs.push([OURS, label]);
  }
  return { candidates, pairs };
}

/** A candidate that takes all messages once per call, each with the converter of its type. */
function allMessages(name, messages, convert) {
  return {
    name,
    bytes: messages.reduce((sum, { json }) => sum + json.length, 0),
    run() {
      let result;
      for (const message of messages) result = convert(message);
      return result;
    },
  };
}

/** Adds `input` and `convert` for the direction to each message. */
function prepare(messages, idl, direction) {
  const converters = new Map();
  return messages.map((message) => {
    const type = idl.type(message.type);
    const toThrift = library.jsonToThrift(type);
    const converter = direction === "json-to-thrift" ? toThrift : library.thriftToJson(type);
    if (!converters.has(message.type)) converters.set(message.type, converter);
    const input = direction === "json-to-thrift" ? message.json : toThrift.convert(message.json);
    return { ...message, input, converter: converters.get(message.type) };
  });
}

const convertMessage = ({ converter, input }) => converter.convert(input);
const parseMessage = ({ json }) => JSON.parse(json.toString());

function manyTypes(rowName) {
  const [direction] = rowName.split("/");
  const { idl, one, many, structCount } = createManyTypes();
  const candidates = [
    allMessages("JSON.parse, one type", one, parseMessage),
    allMessages(`JSON.parse, ${TYPE_COUNT} types`, many, parseMessage),
  ];
  const pairs = [[`JSON.parse, ${TYPE_COUNT} types`, "JSON.parse, one type"]];
  if (library !== undefined) {
    const parsed = library.parseIdl(idl);
    const ours = `${OURS}, ${TYPE_COUNT} types (${structCount} structs)`;
    candidates.unshift(
      allMessages(`${OURS}, one type`, prepare(one, parsed, direction), convertMessage),
      allMessages(ours, prepare(many, parsed, direction), convertMessage),
    );
    pairs.unshift([ours, `${OURS}, one type`, TARGETS[rowName]]);
  }
  return { candidates, pairs };
}

function distinctMessages(direction) {
  const { idl, distinct } = createManyTypes();
  const mean = distinct.reduce((sum, { json }) => sum + json.length, 0) / distinct.length;
  const typical = distinct.reduce((best, message) =>
    Math.abs(message.json.length - mean) < Math.abs(best.json.length - mean) ? message : best,
  );
  const repeated = distinct.map(() => typical);
  const labels = [`${DISTINCT_COUNT} distinct messages`, "one message repeated"];
  const candidates = [
    allMessages(`JSON.parse, ${labels[0]}`, distinct, parseMessage),
    allMessages(`JSON.parse, ${labels[1]}`, repeated, parseMessage),
  ];
  const pairs = [[`JSON.parse, ${labels[0]}`, `JSON.parse, ${labels[1]}`]];
  if (library !== undefined) {
    const parsed = library.parseIdl(idl);
    const repeatedMessage = prepare([typical], parsed, direction)[0];
    candidates.unshift(
      allMessages(`${OURS}, ${labels[0]}`, prepare(distinct, parsed, direction), convertMessage),
      allMessages(
        `${OURS}, ${labels[1]}`,
        distinct.map(() => repeatedMessage),
        convertMessage,
      ),
    );
    pairs.unshift([`${OURS}, ${labels[0]}`, `${OURS}, ${labels[1]}`]);
  }
  return { candidates, pairs };
}

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

const results = [];
for (const { name, create } of rows.filter((row) => filter.test(row.name))) {
  const { candidates, pairs } = create();
  const measured = measure(candidates, timing);
  const byName = new Map(measured.map((entry) => [entry.name, entry]));
  console.log(`\n${name}`);
  printTable(
    ["", "median", "fastest", "spread", "MB/s"],
    measured.map(({ name, bytes, samples }) => {
      const middle = median(samples);
      const spread = (quantile(samples, 0.9) - quantile(samples, 0.1)) / middle;
      return [
        `  ${name}`,
        formatTime(middle),
        formatTime(Math.min(...samples)),
        `${Math.round(spread * 100)}%`,
        ((bytes / middle) * 1e3).toFixed(0),
      ];
    }),
  );
  for (const [candidate, peer, target] of pairs) {
    const ratio = compare(byName.get(candidate), byName.get(peer));
    const verdict =
      target === undefined
        ? ""
        : `  target ${target.toFixed(2)}×: ${ratio.perRound <= target ? "met" : "MISSED"}`;
    const medians = `medians ${ratio.ofMedians.toFixed(3)}×`;
    console.log(`  ${candidate} / ${peer}: ${ratio.perRound.toFixed(3)}× (${medians})${verdict}`);
    results.push({ row: name, candidate, peer, ...ratio, target });
  }
}

const judged = results.filter(({ target }) => target !== undefined);
if (judged.length > 0) {
  console.log("\nagainst the targets (median of the ratios of all rounds, per byte of JSON)");
  printTable(
    ["row", "ratio", "target", ""],
    judged.map(({ row, perRound, target }) => [
      row,
      `${perRound.toFixed(3)}×`,
      `${target.toFixed(2)}×`,
      perRound <= target ? "met" : "MISSED",
    ]),
  );
}
if (options.json !== undefined) {
  const { version, arch, platform } = process;
  writeFileSync(
    options.json,
    `${JSON.stringify({ node: version, platform, arch, timing, results }, null, 2)}\n`,
  );
}
