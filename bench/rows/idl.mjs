// From IDL text to descriptors, and to converters. thriftrw is the other library that reads IDL at run time.
import assert from "node:assert/strict";
import { createConverter, library, OURS } from "../library.mjs";
import { feedIdl } from "../messages/feed.mjs";
import { createManyTypes } from "../messages/many-types.mjs";
import { NESTING_IDL } from "../messages/nesting.mjs";

const oneFile = (source) => ({ fileName: "main.thrift", sources: { "main.thrift": source } });

/** `root` is the struct that converters are made for. */
const IDLS = {
  nesting: () => ({ ...oneFile(NESTING_IDL), root: "Nesting" }),
  feed: () => ({ ...feedIdl(), root: "FeedResponse" }),
  "many-types": () => ({ ...oneFile(createManyTypes().idl), root: "Type0" }),
};

/** @type {import("./row.mjs").Row[]} */
export const IDL_ROWS = Object.entries(IDLS).map(([fixture, open]) => ({
  name: `parse-idl/${fixture}`,
  group: "idl",
  create: () => createPlan(open()),
}));

async function createPlan({ fileName, sources, root }) {
  const { default: thriftrw } = await import("thriftrw");
  const { THRIFTRW_OPTIONS } = await import("../peers/thriftrw.mjs");
  const parse = () => library.parseIdl(sources[fileName], { fileName, sources });
  // It adds what it has parsed to the object that it gets.
  const parseThere = () =>
    new thriftrw.Thrift({ entryPoint: fileName, idls: { ...sources }, ...THRIFTRW_OPTIONS });
  assert.ok(parse().struct(root).fields.length > 0);
  assert.ok(root in parseThere().models);
  const parseAndCompile = () => {
    const type = parse().struct(root);
    return [createConverter("json-to-thrift", type), createConverter("thrift-to-json", type)];
  };
  return {
    baseline: "thriftrw",
    candidates: [
      { name: `${OURS}, parseIdl`, ours: true, run: parse },
      { name: `${OURS}, parseIdl and both converters`, ours: true, run: parseAndCompile },
      { name: "thriftrw", run: parseThere },
    ],
  };
}
