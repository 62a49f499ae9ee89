// The messages that rows are measured on. Sizes are asserted, so that two runs never compare unlike things.
import assert from "node:assert/strict";
import { library } from "../library.mjs";
import { encodeExactly } from "../peers/npm-thrift.mjs";
import * as feed from "./feed.mjs";
import { toJson } from "./json-text.mjs";
import { largeValue, mappedText, NESTING_IDL, nestingValue, simpleValue } from "./nesting.mjs";

/**
 * A message in both forms: `json` in UTF-8, `thrift` in the binary protocol. `type` may know less than the message
 * has; then `knownJson` and `knownThrift` are what a conversion gives, else they are the same.
 *
 * @typedef {object} Fixture
 * @property {string} name
 * @property {string | undefined} idl the IDL of `type`, where it is one file
 * @property {import("../../dist/index.js").TypeDescriptor} type
 * @property {Buffer} json
 * @property {Buffer} thrift
 * @property {Buffer} knownJson
 * @property {Buffer} knownThrift
 * @property {"on" | "off"} valueMapping whether `json` is written with it
 */

/** How each is made, and its sizes: JSON and Thrift. */
const FIXTURES = {
  small: [() => ofNesting("Simple", simpleValue()), 236, 114],
  medium: [() => ofNesting("Nesting", nestingValue()), 11_855, 6_455],
  "small-mapped": [() => mapped(ofNesting("Simple", simpleValue())), 238, 114],
  "medium-mapped": [() => mapped(ofNesting("Nesting", nestingValue())), 11_921, 6_455],
  large: [() => ofNesting("list<Nesting>", largeValue()), 1_185_601, 645_505],
  feed: [() => ofFeed(feed.feedText()), 126_676, 91_546],
  "feed-unicode": [() => ofFeed(feed.unicodeFeedText()), 126_694, 91_564],
  "feed-pretty": [() => ofFeed(feed.prettyFeedText(), feed.feedText()), 179_286, 91_546],
  "feed-reversed-keys": [() => ofFeed(feed.reversedFeedText()), 126_676, 91_546],
  "feed-shuffled-keys": [() => ofFeed(feed.shuffledFeedText()), 126_676, 91_546],
  "feed-half-unknown": [ofHalfFeed, 126_676, 91_546],
  "10mb": [() => ofFeed(feed.bigFeedText()), 10_125_469, 7_317_755],
};

/** @returns {Fixture} */
export function openFixture(name) {
  const [create, jsonSize, thriftSize] = FIXTURES[name];
  const fixture = create();
  const sizes = [fixture.json.length, fixture.thrift.length];
  assert.deepEqual(sizes, [jsonSize, thriftSize], `the fixture ${name} has changed`);
  const { json: knownJson, thrift: knownThrift } = fixture;
  return { name, valueMapping: "off", knownJson, knownThrift, ...fixture };
}

/** Both forms are made without our converters. */
function ofNesting(expression, value) {
  const type = library.parseIdl(NESTING_IDL).type(expression);
  return { idl: NESTING_IDL, type, json: Buffer.from(toJson(value)), thrift: encodeExactly(type, value) };
}

/** The same message, its JSON written with value mapping. */
function mapped(fixture) {
  return { ...fixture, valueMapping: "on", json: Buffer.from(mappedText(fixture.json.toString())) };
}

/** Only we keep its 19-digit ids. `compactText` is the form that comes back, where it is not the same. */
function ofFeed(text, compactText = text) {
  const type = feed.feedType();
  const json = Buffer.from(text);
  const thrift = Buffer.from(library.jsonToThrift(type).convert(json));
  return { type, json, thrift, knownJson: Buffer.from(compactText) };
}

function ofHalfFeed() {
  const whole = ofFeed(feed.feedText());
  const type = feed.halfFeedType();
  const knownJson = Buffer.from(feed.knownText(type, whole.json.toString()));
  return {
    ...whole,
    type,
    knownJson,
    knownThrift: Buffer.from(library.jsonToThrift(type).convert(knownJson)),
  };
}
