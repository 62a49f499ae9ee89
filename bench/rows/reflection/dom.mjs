// Messages as editable trees. npm thrift makes objects instead.
import { library } from "../../library.mjs";
import { reflectionRows } from "./jobs.mjs";
import { assertSameBytes, setIn } from "./values.mjs";

/** @type {import("../row.mjs").Row[]} */
export const DOM_ROWS = [
  ...reflectionRows("dom-load", load),
  ...reflectionRows("dom-load-reused", loadReused),
  ...reflectionRows("dom-load-top", loadTop, ["medium", "large", "feed"]),
  ...reflectionRows("dom-to-bytes", toBytes),
];

/** Every value of the message gets its record, in memory that is left to the garbage collector. */
function load({ type, bytes, thrift, peer }) {
  const run = () => library.Dom.load(type, bytes);
  return { ours: [{ way: "Dom.load", run }], peer: () => peer.decode(thrift) };
}

/** In memory that the document before has given back. */
function loadReused({ type, bytes, thrift, peer }) {
  const run = () => {
    const dom = library.Dom.load(type, bytes);
    dom.dispose();
    return dom;
  };
  return { ours: [{ way: "Dom.load, dispose", run }], peer: () => peer.decode(thrift) };
}

/** Only what the root holds; what is deeper would be loaded when it is asked for. npm thrift has no such choice. */
function loadTop({ type, bytes, thrift, peer }) {
  const run = () => {
    const dom = library.Dom.load(type, bytes, { depth: 1 });
    dom.dispose();
    return dom;
  };
  return { ours: [{ way: "Dom.load with depth 1, dispose", run }], peer: () => peer.decode(thrift) };
}

/** A document that has been loaded and edited at one place. */
function toBytes({ type, bytes, thrift, peer, path, peerPath, replacement }) {
  const dom = library.Dom.load(type, bytes);
  dom.root.set(path, typeof replacement === "string" ? replacement : new Uint8Array(replacement));
  const value = peer.decode(thrift);
  setIn(value, peerPath, replacement);
  const encode = () => peer.encode(value);
  const run = () => dom.toBytes();
  assertSameBytes(run(), encode());
  return { ours: [{ way: "toBytes after one edit", run }], peer: encode };
}
