// Reading messages on their bytes, against decoding them with npm thrift. Descriptors and compiled paths exist before.
import assert from "node:assert/strict";
import { library } from "../../library.mjs";
import { openFixture } from "../../messages/fixtures.mjs";
import { FRONT_TARGET } from "../targets.mjs";
import { openJob, reflectionRows } from "./jobs.mjs";
import { assertSameBytes, getIn } from "./values.mjs";

/** @type {import("../row.mjs").Row[]} */
export const READING_ROWS = [
  ...reflectionRows("skip", skip),
  ...reflectionRows("get-one", getOne),
  ...reflectionRows("get-many", getMany),
  ...reflectionRows("to-js", toJs),
  { name: "get-front/large", group: "reflection", create: getFront },
];

function skip({ type, bytes, thrift, peer }) {
  const { ttype } = type;
  const { maxDepth } = library.resolveLimits();
  const run = () => library.skipValue("binary", bytes, 0, bytes.length, ttype, maxDepth);
  assert.equal(run(), bytes.length);
  return { ours: [{ way: "skipValue", run }], peer: () => peer.skip(thrift) };
}

function getOne({ type, bytes, thrift, peer, path, peerPath }) {
  const compiled = library.compilePath(type, path);
  const get = (path) => () => library.Value.from(type, bytes).get(path);
  const decodeAndGet = () => getIn(peer.decode(thrift), peerPath);
  const ours = [
    { way: "names", run: get(path) },
    { way: "compiled path", run: get(compiled) },
  ];
  for (const { run } of ours) assertSameBytes(run().asBytes(), decodeAndGet());
  return { ours, peer: decodeAndGet };
}

function getMany({ type, bytes, thrift, peer, many }) {
  const compiled = many.map((path) => library.compilePath(type, path));
  const get = (paths) => () => library.Value.from(type, bytes).getMany(paths);
  const ours = [
    { way: "names", run: get(many) },
    { way: "compiled paths", run: get(compiled) },
  ];
  for (const { run } of ours) assert.ok(run().every((value) => value !== undefined));
  return {
    ours,
    peer() {
      const value = peer.decode(thrift);
      return many.map((path) => getIn(value, path));
    },
  };
}

/** The whole message as JavaScript values. */
function toJs({ type, bytes, thrift, peer }) {
  const run = () => library.Value.from(type, bytes).toJS();
  assertSameBytes(library.Value.of(type, run()).bytes, thrift);
  return { ours: [{ way: "toJS", run }], peer: () => peer.decode(thrift) };
}

/** The first field of the first element, in a list of 1 and in one of 100. */
function getFront() {
  const { type, bytes } = openJob("large").job;
  const LIST_HEADER_SIZE = 5;
  const one = bytes.slice(0, LIST_HEADER_SIZE + openFixture("medium").thrift.length);
  new DataView(one.buffer).setInt32(1, 1);
  library.Value.from(type, one).validate();
  const path = library.compilePath(type, [0, "String"]);
  const [peer, candidate] = [one, bytes].map((bytes) => ({
    name: `dynamic-thrift, in ${bytes.length} bytes`,
    ours: true,
    run: () => library.Value.from(type, bytes).get(path),
  }));
  return { baseline: peer.name, candidates: [{ ...candidate, target: FRONT_TARGET }, peer] };
}
