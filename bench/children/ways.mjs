// The ways of converting a feed that other processes and threads measure: ours by label, and what the platform has.
import { createConverters } from "../library.mjs";
import { feedType } from "../messages/feed.mjs";
import { createGeneratedReader } from "../peers/generated-reader.mjs";
import { createGeneratedWriter } from "../peers/generated-writer.mjs";
import { createScratch } from "../peers/scratch.mjs";

export const PLATFORM = { "json-to-thrift": "JSON.parse", "thrift-to-json": "JSON.stringify + Buffer.from" };
export const GENERATED = {
  "json-to-thrift": "JSON.parse + generated writer",
  "thrift-to-json": "generated reader + JSON.stringify",
};

/**
 * @param {"json-to-thrift" | "thrift-to-json"} direction
 * @param {string} way
 * @param {number} size bytes of the largest input
 * @returns {(input: Buffer) => unknown}
 */
export function createWay(direction, way, size) {
  const type = feedType();
  const ours = createConverters(direction, type).find(({ label }) => label === way);
  if (ours !== undefined) return (input) => ours.converter.convert(input);
  if (way === PLATFORM["json-to-thrift"]) return (json) => JSON.parse(json.toString());
  if (way === GENERATED["json-to-thrift"]) {
    const write = createGeneratedWriter(type, createScratch(size));
    return (json) => write(JSON.parse(json.toString()));
  }
  if (way === GENERATED["thrift-to-json"]) {
    const read = createGeneratedReader(type, createScratch(size));
    return (thrift) => Buffer.from(JSON.stringify(read(thrift)));
  }
  throw new Error(`no such way: ${way}`);
}
