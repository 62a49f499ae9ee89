// One cold start: imports a library, prepares it for a type, and converts the same JSON again and again. Prints what
// each step took. Nothing is imported before the clock runs but what reads the files.
import { readFileSync } from "node:fs";

/** Calls are timed in blocks, as the clock is too coarse for one. */
const BLOCK = 10;

/** Steady is the median of the last quarter; a run of blocks that is near to it has reached it. */
const WINDOW = 5;
const NEAR = 1.5;

const NS_PER_MS = 1e6;

const { way, calls, ...task } = JSON.parse(process.argv[2]);
const json = readFileSync(task.json);
const idl = readFileSync(task.idl, "utf8");

const WAYS = {
  async ours() {
    const { parseIdl, jsonToThrift } = await import("../../dist/index.js");
    return () => {
      const converter = jsonToThrift(parseIdl(idl).struct(task.type), task.options);
      return (json) => converter.convert(json);
    };
  },
  async thriftrw() {
    const { default: thriftrw } = await import("thriftrw");
    return () => {
      const model = new thriftrw.Thrift({ source: task.source, ...task.thriftrwOptions }).models[task.type];
      const toItsForm = new Function("Buffer", task.form)(Buffer);
      return (json) => model.toBuffer(toItsForm(JSON.parse(json.toString())));
    };
  },
  async protobufjs() {
    const { default: protobuf } = await import("protobufjs");
    return () => {
      const message = protobuf.Root.fromJSON(task.schema).lookupType(task.type);
      return (json) => message.encode(message.fromObject(JSON.parse(json.toString()))).finish();
    };
  },
  async platform() {
    return () => (json) => JSON.parse(json.toString());
  },
};

const start = performance.now();
const prepare = await WAYS[way]();
const convert = prepare();
const prepared = performance.now();
let result = convert(json);
const first = performance.now();
console.log(
  JSON.stringify({
    firstConversion: first - start,
    firstCall: (first - prepared) * NS_PER_MS,
    callsUntilSteady: callsUntilSteady(),
  }),
);

function callsUntilSteady() {
  const times = [];
  for (let block = 0; block < calls / BLOCK; block++) {
    const start = performance.now();
    for (let i = 0; i < BLOCK; i++) result = convert(json);
    times.push(performance.now() - start);
  }
  if (result === undefined) throw new Error("nothing was converted");
  const steady = median(times.slice(-Math.ceil(times.length / 4)));
  const reached = times.findIndex((_, at) => median(times.slice(at, at + WINDOW)) <= steady * NEAR);
  return (reached + 1) * BLOCK;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
