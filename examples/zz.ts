import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { jsonToThrift, loadIdlSync } from "dynamic-thrift";
const type = loadIdlSync("testdata/idl/api.thrift").type("feed.FeedResponse");
await pipeline(createReadStream("testdata/feed.json"), jsonToThrift(type).stream(), createWriteStream("out/p.json"));
