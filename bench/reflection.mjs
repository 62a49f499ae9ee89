// Reading, editing and cutting messages on their bytes, against decoding (and encoding) them with npm thrift, and
// in times of `JSON.parse` on the JSON text of the same message, which is the unit of the targets. What goes in are
// bytes, what comes out of an edit are bytes; descriptors and compiled paths exist before.
import assert from "node:assert/strict";
import { dynamicgoRatio } from "./dynamicgo.mjs";
import { FIXTURES } from "./fixtures.mjs";
import { library } from "./library.mjs";
import * as npmThrift from "./npm-thrift.mjs";

const JSON_PARSE = "JSON.parse";
const NPM_THRIFT = "npm thrift";

/** Reading the same near the front of a message a hundred times the size: at most this many times the time. */
const FRONT_TARGET = 1.1;

const OTHER_BINARY = Buffer.from(Array.from({ length: 32 }, (_, index) => 0xff - index));

function otherSimple(value) {
  return { ...value, ByteField: 1, DoubleField: 0.5, BinaryField: OTHER_BINARY };
}

function otherNesting(value) {
  const simple = otherSimple(value.SimpleStruct);
  return {
    ...value,
    String: value.String.toUpperCase(),
    ListSimple: value.ListSimple.map(() => simple),
    SimpleStruct: simple,
    Byte: 1,
    MapStringSimple: Object.fromEntries(Object.keys(value.MapStringSimple).map((key) => [key, simple])),
  };
}

/**
 * What the operations do with each fixture. `path` leads to the last field of the last entry of the last field,
 * `parentOf` gives the npm thrift object that has it; `many` are fields at the front, in the middle and at the end.
 * `other` makes a message whose fields differ, without a change of sizes.
 */
const JOBS = {
  small: {
    path: ["BinaryField"],
    parentOf: (value) => value,
    many: ["ByteField", "DoubleField", "BinaryField"],
    other: otherSimple,
    partial: "PartialSimple",
    partialSize: 55,
  },
  medium: {
    path: ["MapStringSimple", "15", "BinaryField"],
    parentOf: (value) => value.MapStringSimple["15"],
    many: ["String", "ListSimple", "SimpleStruct", "Byte", "MapStringSimple"],
    other: otherNesting,
    partial: "PartialNesting",
    partialSize: 1_922,
  },
  large: {
    path: [99, "MapStringSimple", "15", "BinaryField"],
    parentOf: (values) => values[99].MapStringSimple["15"],
  },
};

/**
 * Each gives `{ ours, peer }` for a fixture: our ways of doing it, as `{ name, run, target? }`, and that of npm
 * thrift. `target` is what the project promises for medium: at most that part of the time of `JSON.parse`.
 */
const OPERATIONS = {
  skip: { fixtures: ["small", "medium", "large"], create: skip },
  "get-one": { fixtures: ["small", "medium", "large"], create: getOne },
  "get-many": { fixtures: ["small", "medium"], create: getMany },
  "set-one": { fixtures: ["small", "medium"], create: setOne },
  "set-many": { fixtures: ["small", "medium"], create: setMany },
  project: { fixtures: ["small", "medium"], create: project },
  "to-js": { fixtures: ["small", "medium", "large"], create: toJs },
  "dom-load": { fixtures: ["small", "medium", "large"], create: domLoad },
  "dom-to-bytes": { fixtures: ["small", "medium", "large"], create: domToBytes },
};

export const REFLECTION_ROWS =
  library === undefined
    ? []
    : [
        ...Object.entries(OPERATIONS).flatMap(([operation, { fixtures, create }]) =>
          fixtures.map((fixture) => ({
            name: `${operation}/${fixture}`,
            group: "reflection",
            create: () => createRow(operation, fixture, create),
          })),
        ),
        { name: "get-front/large", group: "reflection", create: getFront },
      ];

function createRow(operation, name, create) {
  const { ours, peer } = create(openFixture(name));
  const text = FIXTURES[name].json.toString();
  const dynamicgo = dynamicgoRatio(operation, name);
  return {
    candidates: [...ours, { name: JSON_PARSE, run: () => JSON.parse(text) }, { name: NPM_THRIFT, run: peer }],
    pairs: ours.flatMap(({ name: candidate, target }) => [
      { candidate, peer: JSON_PARSE, target: name === "medium" ? target : undefined, dynamicgo },
      { candidate, peer: NPM_THRIFT },
    ]),
  };
}

/** The message as plain bytes for us, and as the Buffer that npm thrift takes. */
function openFixture(name) {
  const { idl, type, thrift, peer } = FIXTURES[name];
  const parsed = library.parseIdl(idl);
  return { ...JOBS[name], idl: parsed, type: parsed.type(type), bytes: new Uint8Array(thrift), thrift, peer };
}

function skip({ type, bytes, thrift, peer }) {
  const { ttype } = type;
  const { maxDepth } = library.resolveLimits();
  const run = () => library.skipValue("binary", bytes, 0, bytes.length, ttype, maxDepth);
  assert.equal(run(), bytes.length);
  return {
    ours: [{ name: "skipValue", run, target: 0.05 }],
    peer: () => npmThrift.skip(peer, thrift),
  };
}

function getOne({ type, bytes, thrift, peer, path, parentOf }) {
  const compiled = library.compilePath(type, path);
  const get = (path) => () => library.Value.from(type, bytes).get(path);
  const decodeAndGet = () => parentOf(npmThrift.decode(peer, thrift)).BinaryField;
  for (const run of [get(path), get(compiled)]) assertSameBytes(run().asBytes(), decodeAndGet());
  return {
    ours: [
      { name: "names", run: get(path), target: 0.045 },
      { name: "compiled path", run: get(compiled), target: 0.035 },
    ],
    peer: decodeAndGet,
  };
}

function getMany({ type, bytes, thrift, peer, many }) {
  const compiled = many.map((name) => library.compilePath(type, name));
  const get = (paths) => () => library.Value.from(type, bytes).getMany(paths);
  for (const run of [get(many), get(compiled)]) assert.ok(run().every((value) => value !== undefined));
  return {
    ours: [
      { name: "names", run: get(many), target: 0.055 },
      { name: "compiled paths", run: get(compiled), target: 0.055 },
    ],
    peer() {
      const value = npmThrift.decode(peer, thrift);
      return many.map((name) => value[name]);
    },
  };
}

function setOne({ type, bytes, thrift, peer, path, parentOf }) {
  const compiled = library.compilePath(type, path);
  const plain = new Uint8Array(OTHER_BINARY);
  const encoded = library.Value.of(compiled.target, plain);
  const set = (path, replacement) => () => {
    const value = library.Value.from(type, bytes);
    value.set(path, replacement);
    return value.bytes;
  };
  const decodeSetEncode = () => {
    const value = npmThrift.decode(peer, thrift);
    parentOf(value).BinaryField = OTHER_BINARY;
    return npmThrift.encode(peer, value);
  };
  const ours = [
    { name: "names, JavaScript value", run: set(path, plain), target: 0.09 },
    { name: "names, Value", run: set(path, encoded), target: 0.09 },
    { name: "compiled path, Value", run: set(compiled, encoded), target: 0.07 },
  ];
  for (const { run } of ours) assertSameBytes(run(), decodeSetEncode());
  return { ours, peer: decodeSetEncode };
}

function setMany({ type, bytes, thrift, peer, many, other }) {
  const otherValue = other(npmThrift.decode(peer, thrift));
  const replacements = library.Value.from(type, npmThrift.encode(peer, otherValue)).getMany(many);
  const named = many.map((name, index) => [name, replacements[index]]);
  const compiled = named.map(([name, value]) => [library.compilePath(type, name), value]);
  const set = (entries) => () => {
    const value = library.Value.from(type, bytes);
    value.setMany(entries);
    return value.bytes;
  };
  const decodeSetEncode = () => {
    const value = npmThrift.decode(peer, thrift);
    for (const name of many) value[name] = otherValue[name];
    return npmThrift.encode(peer, value);
  };
  const ours = [
    { name: "names, Values", run: set(named), target: 0.1 },
    { name: "compiled paths, Values", run: set(compiled), target: 0.1 },
  ];
  for (const { run } of ours) assertSameBytes(run(), decodeSetEncode());
  return { ours, peer: decodeSetEncode };
}

/** The default checks requiredness. */
function project({ idl, type, bytes, thrift, partial, partialSize }) {
  const target = idl.struct(partial);
  const run = () => library.Value.from(type, bytes).project(target).bytes;
  const decodeAndEncode = () => npmThrift.encode(partial, npmThrift.decode(partial, thrift));
  assert.equal(run().length, partialSize);
  assertSameBytes(run(), decodeAndEncode());
  return { ours: [{ name: "project", run, target: 0.15 }], peer: decodeAndEncode };
}

/** To native values: the whole message. */
function toJs({ type, bytes, thrift, peer }) {
  const run = () => library.Value.from(type, bytes).toJS();
  assertSameBytes(library.Value.of(type, run()).bytes, thrift);
  return { ours: [{ name: "toJS", run }], peer: () => npmThrift.decode(peer, thrift) };
}

/** Every value of the message gets its record; npm thrift makes objects instead. */
function domLoad({ type, bytes, thrift, peer }) {
  const run = () => {
    const dom = library.Dom.load(type, bytes);
    dom[Symbol.dispose]();
    return dom;
  };
  return {
    ours: [{ name: "Dom.load, dispose", run, target: 0.12 }],
    peer: () => npmThrift.decode(peer, thrift),
  };
}

/** A document that has been loaded and edited at one place. */
function domToBytes({ type, bytes, thrift, peer, path, parentOf }) {
  const dom = library.Dom.load(type, bytes);
  dom.root.set(path, new Uint8Array(OTHER_BINARY));
  const value = npmThrift.decode(peer, thrift);
  parentOf(value).BinaryField = OTHER_BINARY;
  const encode = () => npmThrift.encode(peer, value);
  const run = () => dom.toBytes();
  assertSameBytes(run(), encode());
  return { ours: [{ name: "toBytes after one edit", run, target: 0.12 }], peer: encode };
}

/** The first field of the first element, in a list of 1 and in one of 100. */
function getFront() {
  const { type, bytes } = openFixture("large");
  const [one, all] = [bytes.slice(0, 5 + FIXTURES.medium.thrift.length), bytes];
  new DataView(one.buffer).setInt32(1, 1);
  library.Value.from(type, one).validate();
  const path = library.compilePath(type, [0, "String"]);
  const candidates = [one, all].map((bytes) => ({
    name: `in ${bytes.length} bytes`,
    run: () => library.Value.from(type, bytes).get(path),
  }));
  const [peer, candidate] = candidates.map(({ name }) => name);
  return { candidates, pairs: [{ candidate, peer, target: FRONT_TARGET }] };
}

function assertSameBytes(actual, expected) {
  assert.deepEqual(Buffer.from(actual), Buffer.from(expected));
}
