// Editing and cutting messages on their bytes, against decoding and encoding them with npm thrift. What goes in are
// bytes, what comes out are bytes; descriptors and compiled paths exist before.
import assert from "node:assert/strict";
import { library } from "../../library.mjs";
import { createNpmThrift } from "../../peers/npm-thrift.mjs";
import { reflectionRows } from "./jobs.mjs";
import { assertSameBytes, getIn, setIn } from "./values.mjs";

/** @type {import("../row.mjs").Row[]} */
export const EDITING_ROWS = [
  ...reflectionRows("set-one", setOne),
  ...reflectionRows("set-many", setMany),
  ...reflectionRows("marshal-many", marshalMany),
  ...reflectionRows("project", project),
];

function setOne({ type, bytes, thrift, peer, path, peerPath, replacement }) {
  const compiled = library.compilePath(type, path);
  const plain = typeof replacement === "string" ? replacement : new Uint8Array(replacement);
  const encoded = library.Value.of(compiled.target, plain);
  const set = (path, replacement) => () => {
    const value = library.Value.from(type, bytes);
    value.set(path, replacement);
    return value.bytes;
  };
  const decodeSetEncode = () => {
    const value = peer.decode(thrift);
    setIn(value, peerPath, replacement);
    return peer.encode(value);
  };
  const ours = [
    { way: "names, JavaScript value", run: set(path, plain) },
    { way: "names, Value", run: set(path, encoded) },
    { way: "compiled path, Value", run: set(compiled, encoded) },
  ];
  for (const { run } of ours) assertSameBytes(run(), decodeSetEncode());
  return { ours, peer: decodeSetEncode };
}

function setMany({ type, bytes, thrift, peer, many, other }) {
  const otherValue = other(peer.decode(thrift));
  const replacements = library.Value.from(type, peer.encode(otherValue)).getMany(many);
  const named = many.map((path, index) => [path, replacements[index]]);
  const compiled = named.map(([path, value]) => [library.compilePath(type, path), value]);
  const set = (entries) => () => {
    const value = library.Value.from(type, bytes);
    value.setMany(entries);
    return value.bytes;
  };
  const decodeSetEncode = () => {
    const value = peer.decode(thrift);
    for (const path of many) setIn(value, path, getIn(otherValue, path));
    return peer.encode(value);
  };
  const ours = [
    { way: "names, Values", run: set(named) },
    { way: "compiled paths, Values", run: set(compiled) },
  ];
  for (const { run } of ours) assertSameBytes(run(), decodeSetEncode());
  return { ours, peer: decodeSetEncode };
}

/** A struct, or a list, of the values that `getMany` gave before. */
function marshalMany({ type, bytes, thrift, peer, parts }) {
  const isList = type.kind === "list";
  const nodes = library.Value.from(type, bytes)
    .getMany(parts)
    .map(({ node }) => node);
  const output = new library.ByteWriter({ capacity: bytes.length });
  const writer = library.createWriter("binary", output);
  const write = isList
    ? listWriter(nodes)
    : structWriter(
        parts.map((name) => type.fieldByName(name).id),
        nodes,
      );
  const run = () => {
    output.clear();
    write(writer, output);
    return output.toBytes();
  };
  const whole = peer.decode(thrift);
  const chosen = isList
    ? parts.map((index) => whole[index])
    : Object.fromEntries(parts.map((name) => [name, whole[name]]));
  const encode = () => peer.encode(chosen);
  assertSameBytes(run(), encode());
  return { ours: [{ way: "createWriter, append", run }], peer: encode };
}

function structWriter(ids, nodes) {
  return (writer, output) => {
    writer.writeStructBegin();
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      writer.writeFieldBegin(node.type, ids[i]);
      output.append(node.source, node.start, node.end);
    }
    writer.writeStructEnd();
  };
}

function listWriter(nodes) {
  return (writer, output) => {
    writer.writeListBegin(nodes[0].type, nodes.length);
    for (const { source, start, end } of nodes) output.append(source, start, end);
  };
}

/** What a smaller type knows of the message. Required fields are checked, as they are by default. */
function project({ type, bytes, thrift, partial, partialSize }) {
  const target = partial();
  const peer = createNpmThrift(target);
  const run = () => library.Value.from(type, bytes).project(target).bytes;
  const decodeAndEncode = () => peer.encode(peer.decode(thrift));
  if (partialSize !== undefined) assert.equal(run().length, partialSize);
  assertSameBytes(run(), decodeAndEncode());
  return { ours: [{ way: "project", run }], peer: decodeAndEncode };
}
