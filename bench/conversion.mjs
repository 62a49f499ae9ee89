// JSON to Thrift and back, bytes to bytes.
import assert from "node:assert/strict";
import { FIXTURES } from "./fixtures.mjs";
import { library, OURS } from "./library.mjs";
import { createManyTypes, DISTINCT_COUNT, TYPE_COUNT } from "./many-types.mjs";
import * as npmThrift from "./npm-thrift.mjs";

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

const row = (name, create) => ({ name, group: "conversion", create });

export const CONVERSION_ROWS = [
  ...Object.keys(FIXTURES).map((name) => row(`json-to-thrift/${name}`, () => jsonToThrift(name))),
  ...Object.keys(FIXTURES).map((name) => row(`thrift-to-json/${name}`, () => thriftToJson(name))),
  row("json-to-thrift/many-types", () => manyTypes("json-to-thrift/many-types")),
  row("thrift-to-json/many-types", () => manyTypes("thrift-to-json/many-types")),
  row("json-to-thrift/distinct-messages", () => distinctMessages("json-to-thrift")),
  row("thrift-to-json/distinct-messages", () => distinctMessages("thrift-to-json")),
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
    pairs.push({ candidate: OURS, peer: "JSON.parse", target: TARGETS[`json-to-thrift/${name}`] });
  }
  if (peer !== undefined) {
    const label = "JSON.parse + npm thrift";
    candidates.push({ name: label, run: () => npmThrift.jsonToThrift(peer, json), bytes });
    if (library !== undefined) pairs.push({ candidate: OURS, peer: label });
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
    pairs.push({
      candidate: OURS,
      peer: "JSON.stringify + Buffer.from",
      target: TARGETS[`thrift-to-json/${name}`],
    });
  }
  if (peer !== undefined) {
    const label = "npm thrift + JSON.stringify";
    candidates.push({ name: label, run: () => npmThrift.thriftToJson(peer, thrift), bytes });
    if (library !== undefined) pairs.push({ candidate: OURS, peer: label });
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
  const pairs = [{ candidate: `JSON.parse, ${TYPE_COUNT} types`, peer: "JSON.parse, one type" }];
  if (library !== undefined) {
    const parsed = library.parseIdl(idl);
    const ours = `${OURS}, ${TYPE_COUNT} types (${structCount} structs)`;
    candidates.unshift(
      allMessages(`${OURS}, one type`, prepare(one, parsed, direction), convertMessage),
      allMessages(ours, prepare(many, parsed, direction), convertMessage),
    );
    pairs.unshift({ candidate: ours, peer: `${OURS}, one type`, target: TARGETS[rowName] });
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
  const pairs = [{ candidate: `JSON.parse, ${labels[0]}`, peer: `JSON.parse, ${labels[1]}` }];
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
    pairs.unshift({ candidate: `${OURS}, ${labels[0]}`, peer: `${OURS}, ${labels[1]}` });
  }
  return { candidates, pairs };
}
