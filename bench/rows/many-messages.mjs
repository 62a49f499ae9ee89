// What a benchmark of one repeated message hides: caches and predictions that fit only that message.
import { createConverters, library, MISSING_ENGINE } from "../library.mjs";
import { createManyTypes, DISTINCT_COUNT, TYPE_COUNT } from "../messages/many-types.mjs";
import { createGeneratedReader } from "../peers/generated-reader.mjs";
import { createGeneratedWriter } from "../peers/generated-writer.mjs";
import { createScratch } from "../peers/scratch.mjs";
import { MANY_TYPES_TARGET } from "./targets.mjs";

/** No message of these is larger. */
const MAX_SIZE = 64 * 1024;

const IN_TURN = `${TYPE_COUNT} types in turn`;

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

/**
 * Messages of 50 types in turn, against the same messages type after type, which is what taking turns costs, and
 * against as many messages of one type, which are other messages: `JSON.parse`, which knows no types, needs less for them.
 */
function manyTypes(direction) {
  const { idl, one, many } = createManyTypes();
  const sets = [
    { label: IN_TURN, messages: many },
    { label: "type after type", messages: byType(many), targets: MANY_TYPES_TARGET },
    { label: "one type", messages: one },
  ];
  return createPlan(direction, library.parseIdl(idl), sets);
}

/** The same messages, those of one type next to each other. */
function byType(messages) {
  const types = [...new Set(messages.map(({ type }) => type))];
  return types.flatMap((type) => messages.filter((message) => message.type === type));
}

/** Messages of one type that differ, against one of typical size again and again. */
function distinctMessages(direction) {
  const { idl, distinct } = createManyTypes();
  const mean = distinct.reduce((sum, { json }) => sum + json.length, 0) / distinct.length;
  const distance = ({ json }) => Math.abs(json.length - mean);
  const typical = distinct.reduce((best, message) => (distance(message) < distance(best) ? message : best));
  const sets = [
    { label: `${DISTINCT_COUNT} distinct messages`, messages: distinct },
    { label: "one message repeated", messages: distinct.map(() => typical) },
  ];
  return createPlan(direction, library.parseIdl(idl), sets);
}

/** Every way on all sets, and the first set against each other one in the same way. The unit is the platform's way. */
function createPlan(direction, idl, sets) {
  const ways = createWays(direction, idl);
  const [first, ...others] = sets;
  const candidates = ways.flatMap(({ label, ours, prepare }) =>
    sets.map((set) => allMessages(`${label}, ${set.label}`, ours, set.messages, prepare)),
  );
  const pairs = ways.flatMap(({ label, engine }) =>
    others.map((other) => ({
      candidate: `${label}, ${first.label}`,
      peer: `${label}, ${other.label}`,
      target: other.targets?.[engine],
    })),
  );
  const platform = ways.find(({ isUnit }) => isUnit);
  const skipped = MISSING_ENGINE === undefined ? [] : [MISSING_ENGINE];
  return { baseline: `${platform.label}, ${first.label}`, candidates, pairs, skipped };
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
