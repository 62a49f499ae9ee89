// What a Node user has for the conversions of bytes to bytes. Each is checked against the message before it is timed.
import { createFastStringify } from "./fast-json-stringify.mjs";
import { createGeneratedReader } from "./generated-reader.mjs";
import { createGeneratedWriter } from "./generated-writer.mjs";
import { createJsonForm } from "./json-form.mjs";
import { BIG_INT64, checkJson, checkThrift } from "./losses.mjs";
import { createNpmThrift } from "./npm-thrift.mjs";
import { createProtobuf } from "./protobufjs.mjs";
import { createScratch } from "./scratch.mjs";
import { loadSimdjson } from "./simdjson.mjs";
import { createThriftrwReader, createThriftrwWriter } from "./thriftrw.mjs";

export const JSON_PARSE = "JSON.parse";
export const JSON_STRINGIFY = "JSON.stringify + Buffer.from";
const PROTOBUF = "reads and writes Protobuf, not Thrift; rounds i64 beyond 2⁵³";

const parseText = (json) => JSON.parse(json.toString());
const printText = (value) => Buffer.from(JSON.stringify(value));

/**
 * A peer of a direction: `create` gives the function that is timed, or `undefined` where this machine cannot run it.
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} loses
 * @property {(fixture: import("../messages/fixtures.mjs").Fixture) => (() => unknown) | undefined} create
 * @property {string} [missing] why it cannot run
 */

/** @type {Peer[]} */
const JSON_TO_THRIFT = [
  {
    name: "JSON.parse + generated writer",
    loses: BIG_INT64,
    create: (fixture) =>
      writes(fixture, parseText, createGeneratedWriter(fixture.type, createScratch(fixture.thrift.length))),
  },
  {
    name: "simdjson + generated writer",
    loses: BIG_INT64,
    missing: "its native addon is not built here",
    create(fixture) {
      const simdjson = loadSimdjson();
      if (simdjson === undefined) return undefined;
      const write = createGeneratedWriter(fixture.type, createScratch(fixture.thrift.length));
      return writes(fixture, (json) => simdjson.parse(json.toString()), write);
    },
  },
  {
    name: "JSON.parse + npm thrift",
    loses: BIG_INT64,
    create(fixture) {
      const { encode } = createNpmThrift(fixture.type);
      const toBuffers = createJsonForm(fixture.type, { binary: (x) => `Buffer.from(${x}, "base64")` });
      return writes(fixture, parseText, (value) => encode(toBuffers(value)));
    },
  },
  {
    name: "JSON.parse + thriftrw",
    loses: BIG_INT64,
    create: (fixture) => writes(fixture, parseText, createThriftrwWriter(fixture.type)),
  },
  {
    name: "JSON.parse + protobufjs",
    loses: PROTOBUF,
    create({ type, json, knownJson }) {
      const { encode, decode } = createProtobuf(type);
      const run = () => encode(parseText(json));
      checkJson(type, printText(decode(run())), knownJson);
      return run;
    },
  },
];

/** @type {Peer[]} */
const THRIFT_TO_JSON = [
  {
    name: "generated reader + JSON.stringify",
    loses: BIG_INT64,
    create(fixture) {
      const read = createGeneratedReader(fixture.type, createScratch(fixture.thrift.length));
      return prints(fixture, (thrift) => printText(read(thrift)));
    },
  },
  {
    name: "generated reader + fast-json-stringify",
    loses: BIG_INT64,
    create(fixture) {
      const read = createGeneratedReader(fixture.type, createScratch(fixture.thrift.length));
      const stringify = createFastStringify(fixture.type);
      return prints(fixture, (thrift) => Buffer.from(stringify(read(thrift))));
    },
  },
  {
    name: "npm thrift + JSON.stringify",
    loses: BIG_INT64,
    create(fixture) {
      const { decode } = createNpmThrift(fixture.type);
      const toJsonForm = createJsonForm(fixture.type, {
        binary: (x) => `${x}.toString("base64")`,
        i64: (x) => `${x}.toNumber(true)`,
      });
      return prints(fixture, (thrift) => printText(toJsonForm(decode(thrift))));
    },
  },
  {
    name: "thriftrw + JSON.stringify",
    loses: BIG_INT64,
    create(fixture) {
      const read = createThriftrwReader(fixture.type);
      return prints(fixture, (thrift) => printText(read(thrift)));
    },
  },
  {
    name: "protobufjs + JSON.stringify",
    loses: PROTOBUF,
    create({ type, knownJson }) {
      const { encode, decode } = createProtobuf(type);
      const protobuf = encode(parseText(knownJson));
      const run = () => printText(decode(protobuf));
      checkJson(type, run(), knownJson);
      return run;
    },
  },
];

function writes({ type, json, knownJson }, parse, write) {
  const run = () => write(parse(json));
  checkThrift(type, run(), knownJson);
  return run;
}

function prints({ type, thrift, knownJson }, print) {
  const run = () => print(thrift);
  checkJson(type, run(), knownJson);
  return run;
}

/** @type {Record<string, Peer[]>} the best that can be done by hand comes first */
export const CONVERSION_PEERS = { "json-to-thrift": JSON_TO_THRIFT, "thrift-to-json": THRIFT_TO_JSON };

/**
 * The peers of a direction for a fixture as candidates, and those that cannot run here.
 *
 * @param {"json-to-thrift" | "thrift-to-json"} direction
 * @param {"all" | "generated"} choice
 */
export function createConversionPeers(direction, fixture, choice) {
  const peers = CONVERSION_PEERS[direction];
  const candidates = [];
  const skipped = [];
  for (const { name, missing, create } of choice === "all" ? peers : peers.slice(0, 1)) {
    const run = create(fixture);
    if (run === undefined) skipped.push({ peer: name, reason: missing });
    else candidates.push({ name, run });
  }
  return { candidates, skipped };
}
