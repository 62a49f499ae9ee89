// What the reflection rows do with each message.
import { library, OURS } from "../../library.mjs";
import { feedType } from "../../messages/feed.mjs";
import { openFixture } from "../../messages/fixtures.mjs";
import { NESTING_IDL } from "../../messages/nesting.mjs";
import { printIdl } from "../../messages/print-idl.mjs";
import { dynamicgoFigure } from "../../peers/dynamicgo.mjs";
import { createNpmThrift } from "../../peers/npm-thrift.mjs";
import { reflectionTarget } from "../targets.mjs";

const OTHER_BINARY = Buffer.from(Array.from({ length: 32 }, (_, index) => 0xff - index));

/** A message of the same size whose fields differ. `value` is what npm thrift decodes. */
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

function otherFeed(value) {
  const items = value.items.map((item) => ({
    ...item,
    title: item.title.toUpperCase(),
    url: item.url.toUpperCase(),
    stats: { ...item.stats, views: 1 },
  }));
  return { ...value, items, experiment: value.experiment.toUpperCase() };
}

const FRONT_MIDDLE_END = ["String", "ListSimple", "SimpleStruct", "Byte", "MapStringSimple"];

/** Of a list of 100. */
const ELEMENTS = [0, 25, 50, 75, 99];

const FEED_PARTS = new Set(["items", "id", "title", "author", "url", "display_name"]);

const partialNesting = (expression) => () => library.parseIdl(NESTING_IDL).type(expression);

/**
 * `path` leads to the last field of the last entry of the last field, `peerPath` to the same in what npm thrift
 * decodes, where names differ; `replacement` is its new value. `many` are paths to values at the front, in the middle
 * and at the end; `parts` are fields of the root, or its elements. `other` makes a message whose values there differ,
 * without a change of sizes. `partial` is a type that knows only some fields, of the given size in bytes.
 */
const JOBS = {
  small: {
    path: ["BinaryField"],
    replacement: OTHER_BINARY,
    many: [["ByteField"], ["DoubleField"], ["BinaryField"]],
    parts: ["ByteField", "DoubleField", "BinaryField"],
    other: otherSimple,
    partial: partialNesting("PartialSimple"),
    partialSize: 55,
  },
  medium: {
    path: ["MapStringSimple", "15", "BinaryField"],
    replacement: OTHER_BINARY,
    many: FRONT_MIDDLE_END.map((name) => [name]),
    parts: FRONT_MIDDLE_END,
    other: otherNesting,
    partial: partialNesting("PartialNesting"),
    partialSize: 1_922,
  },
  large: {
    path: [99, "MapStringSimple", "15", "BinaryField"],
    replacement: OTHER_BINARY,
    many: FRONT_MIDDLE_END.map((name, index) => [ELEMENTS[index], name]),
    parts: ELEMENTS,
    other: (values) => values.map(otherNesting),
    partial: partialNesting("list<PartialNesting>"),
  },
  feed: {
    path: ["items", 199, "author", "displayName"],
    peerPath: ["items", 199, "author", "display_name"],
    replacement: "Somebody Else",
    many: [["items", 0, "title"], ["items", 99, "stats"], ["items", 199, "url"], ["page"], ["experiment"]],
    parts: ["items", "experiment"],
    other: otherFeed,
    partial: () =>
      library
        .parseIdl(printIdl(feedType(), { keeps: ({ alias }) => FEED_PARTS.has(alias) }))
        .struct("FeedResponse"),
  },
};

export const SIZES = Object.keys(JOBS);

const JSON_PARSE = "JSON.parse";
const NPM_THRIFT = "npm thrift";

/**
 * Rows of an operation. `create` gets the job and gives our ways of doing it, as `{ way, run }`, and that of npm thrift.
 * The unit is `JSON.parse` on the JSON text of the same message.
 *
 * @returns {import("../row.mjs").Row[]}
 */
export function reflectionRows(operation, create, fixtures = SIZES) {
  return fixtures.map((fixture) => ({
    name: `${operation}/${fixture}`,
    group: "reflection",
    create: () => createPlan(operation, fixture, create),
  }));
}

function createPlan(operation, name, create) {
  const { job, text } = openJob(name);
  const { ours, peer } = create(job);
  return {
    baseline: JSON_PARSE,
    candidates: [
      ...ours.map(({ way, run }) => ({
        name: `${OURS}, ${way}`,
        ours: true,
        run,
        target: reflectionTarget(operation, name, way),
        dynamicgo: dynamicgoFigure(operation, name),
      })),
      { name: JSON_PARSE, run: () => JSON.parse(text) },
      { name: NPM_THRIFT, run: peer },
    ],
  };
}

/** The message as plain bytes for us, and as the Buffer that npm thrift takes. */
export function openJob(name) {
  const { type, json, thrift } = openFixture(name);
  const job = { ...JOBS[name], type, bytes: new Uint8Array(thrift), thrift, peer: createNpmThrift(type) };
  return { job: { peerPath: job.path, ...job }, text: json.toString() };
}
