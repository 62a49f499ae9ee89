import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonToThrift, loadIdlSync, thriftToJson } from "./support/engines.ts";

const TESTDATA = join(import.meta.dirname, "../testdata");
const idl = loadIdlSync(join(TESTDATA, "idl/api.thrift"));
const feed = readFileSync(join(TESTDATA, "feed.json"), "utf8");
const events = readFileSync(join(TESTDATA, "order-events.ndjson"), "utf8").trimEnd().split("\n");

it("the IDL has no warnings", () => {
  expect(idl.warnings).toEqual([]);
  expect([...idl.services.keys()]).toEqual(["Health", "FeedService", "ShopService"]);
});

describe.each(["binary", "compact"] as const)("round trips, %s", (protocol) => {
  it.each([
    ["feed.FeedResponse", "feed.json", [feed]],
    ["shop.OrderEvent", "order-events.ndjson", events],
  ])("%s of %s", (typeName, _file, messages) => {
    const type = idl.type(typeName);
    const toThrift = jsonToThrift(type, { protocol });
    const toJson = thriftToJson(type, { protocol });
    for (const json of messages) expect(toJson.convertToString(toThrift.convert(json))).toBe(json);
  });
});

it("the feed has the size that the benchmarks expect", () => {
  const thrift = jsonToThrift(idl.type("feed.FeedResponse")).convert(feed);
  expect([feed.length, thrift.length]).toEqual([126_676, 91_546]);
});
