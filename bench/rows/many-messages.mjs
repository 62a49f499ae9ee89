// What a benchmark of one repeated message hides: caches and predictions that fit only that message.
import { createConverters, library, MISSING_ENGINE } from "../library.mjs";
import { createManyTypes, DISTINCT_COUNT, TYPE_COUNT } from "../messages/many-types.mjs";
import { createGeneratedReader } from "../peers/generated-reader.mjs";
import { createGeneratedWriter } from "../peers/generated-writer.mjs";
import { createScratch } from "../peers/scratch.mjs";
import { MANY_TYPES_TARGET } from "./targets.mjs";

/** No message of these is larger. */
const MAX_SIZE = 64 * 1024;

const MANY_TYPES = [`${TYPE_COUNT} types`, "one type"];
const DISTINCT = [`${DISTINCT_COUNT} distinct messages`, "one message repeated"];

const row = (direction, fixture, create) => ({
  name: `${direction}/${fixture}`,
  group: "conversion",
  create: () => create(direction),
});

/** @type {import("./row.mjs").Row[]} */
export const MANY_MESSAGES_ROWS = ["json-to-thrift", "thrift-to-json"].flatMap((direction) => [
  row(direction, "many-types", manyTypes),
  row(direction, "distinct-messages", distinctMessages),
]);

/** Messages of 50 types in turn, against as many messages of one of them. */
function manyTypes(direction) {
  const { idl, one, many } = createManyTypes();
  return createPlan(direction, library.parseIdl(idl), MANY_TYPES, [many, one], MANY_TYPES_TARGET);
}

/** Messages of one type that differ, against one of typical size again and again. */
function distinctMessages(direction) {
  const { idl, distinct } = createManyTypes();
  const mean = distinct.reduce((sum, { json }) => sum + json.length, 0) / distinct.length;
  const distance = ({ json }) => Math.abs(json.length - mean);
  const typical = distinct.reduce((best, message) => (distance(message) < distance(best) ? message : best));
  const repeated = distinct.map(() => typical);
  return createPlan(direction, library.parseIdl(idl), DISTINCT, [distinct, repeated], {});
}

/** Every way on both sets, and the first set against the second in the same way. The unit is the platform's way. */
function createPlan(direction, idl, [manyLabel, oneLabel], [many, one], targets) {
  const ways = createWays(direction, idl);
  const candidates = ways.flatMap(({ label, ours, prepare }) => [
    allMessages(`${label}, ${manyLabel}`, ours, many, prepare),
    allMessages(`${label}, ${oneLabel}`, ours, one, prepare),
  ]);
  const pairs = ways.map(({ label, engine }) => ({
    candidate: `${label}, ${manyLabel}`,
    peer: `${label}, ${oneLabel}`,
    target: targets[engine],
  }));
  const platform = ways.find(({ isUnit }) => isUnit);
  const skipped = MISSING_ENGINE === undefined ? [] : [MISSING_ENGINE];
  return { baseline: `${platform.label}, ${manyLabel}`, candidates, pairs, skipped };
}

/** A candidate that takes all messages once per call, each in the way of its type. */
function allMessages(name, ours, messages, prepare) {
  const prepared = new Map([...new Set(messages)].map((message) => [message, prepare(message)]));
  const runs = messages.map((message) => prepared.get(message));
  return {
    name,
    ours,
    bytes: messages.reduce((sum, { json }) => sum + json.length, 0),
    run() {
      let result;
      for (const run of runs) result = run();
      return result;
    },
  };
}

/** `prepare` makes the function that converts one message. What a type needs is made once. */
function createWays(direction, idl) {
  const perType = (create) => {
    const made = new Map();
    return (name) => {
      if (!made.has(name)) made.set(name, create(idl.type(name)));
      return made.get(name);
    };
  };
  const toThrift = perType((type) => library.jsonToThrift(type));
  const converters = perType((type) => createConverters(direction, type));
  const isToThrift = direction === "json-to-thrift";
  const ours = createConverters(direction, idl.type("Type0")).map(({ label, engine }, index) => ({
    label,
    engine,
    ours: true,
    prepare({ type, json }) {
      const { converter } = converters(type)[index];
      const input = isToThrift ? json : toThrift(type).convert(json);
      return () => converter.convert(input);
    },
  }));
  return [...ours, ...(isToThrift ? parsers(perType) : printers(perType, toThrift))];
}

function parsers(perType) {
  const scratch = createScratch(MAX_SIZE);
  const writers = perType((type) => createGeneratedWriter(type, scratch));
  return [
    {
      label: "JSON.parse",
      isUnit: true,
      prepare:
        ({ json }) =>
        () =>
          JSON.parse(json.toString()),
    },
    {
      label: "JSON.parse + generated writer",
      prepare({ type, json }) {
        const write = writers(type);
        return () => write(JSON.parse(json.toString()));
      },
    },
  ];
}

function printers(perType, toThrift) {
  const scratch = createScratch(MAX_SIZE);
  const readers = perType((type) => createGeneratedReader(type, scratch));
  return [
    {
      label: "JSON.stringify + Buffer.from",
      isUnit: true,
      prepare({ json }) {
        const value = JSON.parse(json.toString());
        return () => Buffer.from(JSON.stringify(value));
      },
    },
    {
      label: "generated reader + JSON.stringify",
      prepare({ type, json }) {
        const read = readers(type);
        const thrift = toThrift(type).convert(json);
        return () => Buffer.from(JSON.stringify(read(thrift)));
      },
    },
  ];
}
