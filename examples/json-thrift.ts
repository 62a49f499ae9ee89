// The main job: JSON to Thrift and back, as a gateway between a browser and a Thrift service would do it.
// Run it with `npm run examples`, or alone with `npm run build && node scripts/run.mjs examples/json-thrift.ts`.

import { createReadStream, createWriteStream, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import {
  ByteWriter,
  DeclaredExceptionError,
  isThriftError,
  jsonToThrift,
  loadIdl,
  readEnvelope,
  thriftToJson,
  writeEnvelope,
} from "dynamic-thrift";

const ROOT: string = join(import.meta.dirname, "..");

// 1. Once, at start-up: load the IDL and make the converters. Nothing was generated, nothing is on disk but
//    the .thrift files. api.thrift includes four others, which are found beside it.
const idl = await loadIdl(join(ROOT, "testdata/idl/api.thrift"));
const getFeed = idl.service("FeedService").method("getFeed");

// All arguments of a method are one struct, `args`; what it returns or throws is another one, `result`.
// Browsers lose the last digits of large JSON numbers, so i64 crosses as strings here, both ways.
const argsToThrift = jsonToThrift(getFeed.args, { quotedNumbers: "accept", unknownFields: "error" });
const resultToJson = thriftToJson(getFeed.result, { int64: "string", enums: "name", exceptions: "throw" });

// 2. Per request: JSON in, a whole Thrift message out. The envelope says which method it calls, and carries an
//    id by which the reply is recognised.
let sequenceId = 0;

function toCall(body: string): Uint8Array {
  const message = new ByteWriter();
  writeEnvelope(message, { name: getFeed.name, type: "call", sequenceId: ++sequenceId });
  // What differs from call to call, like the log id in the platform's `base.Base`, is given with the call.
  argsToThrift.convertInto(body, message, { base: { LogID: `log-${sequenceId}`, Caller: "gateway" } });
  return message.toBytes();
}

// 3. Per reply: the result struct as JSON. A declared exception is no success, so it becomes another status.
function toResponse(reply: Uint8Array): [status: number, body: string] {
  const { bodyStart } = readEnvelope(reply);
  try {
    return [200, resultToJson.convertToString(reply.subarray(bodyStart))];
  } catch (error) {
    // `json` has the exception with all digits; error.value has it as objects.
    if (error instanceof DeclaredExceptionError) return [404, error.json];
    throw error;
  }
}

/** Stands for the network and the service behind it: it looks at the user id, and replies. */
function callService(call: Uint8Array): Uint8Array {
  const { name, sequenceId, bodyStart } = readEnvelope(call);
  const args = JSON.parse(thriftToJson(getFeed.args).convertToString(call.subarray(bodyStart)));
  const result =
    args.request.user_id === 7
      ? { success: { items: [], page: { has_more: false, total: 0 } } }
      : { notFound: { what: "user", id: args.request.user_id } };
  const message = new ByteWriter();
  writeEnvelope(message, { name, type: "reply", sequenceId });
  jsonToThrift(getFeed.result).convertInto(JSON.stringify(result), message);
  return message.toBytes();
}

function handle(body: string): [status: number, body: string] {
  let call: Uint8Array;
  try {
    call = toCall(body);
  } catch (error) {
    // Whatever is wrong with the body is the sender's fault and can be told to the sender: messages say what
    // and where, and never contain values. Everything else is a bug of ours and goes on up.
    if (!isThriftError(error)) throw error;
    return [400, JSON.stringify({ code: error.code, path: error.path, offset: error.offset })];
  }
  console.log(`     a call of ${call.length} bytes`);
  return toResponse(callService(call));
}

const requests = [
  '{"request":{"user_id":"7","locale":"DE_DE","kinds":["PHOTO","VIDEO"]}}',
  '{"request":{"user_id":"8"}}',
  '{"request":{"user_id":"8","kinds":["PHOTO","MOVIE"]}}',
  '{"request":{"user":"7"}}',
  '{"request":{"user_id":"7"',
];
for (const request of requests) {
  console.log(`\n  →  ${request}`);
  const [status, body] = handle(request);
  console.log(`${status}  ${body}`);
}

// 4. Too large to hold? A converter also makes a TransformStream, which works on whatever piece has arrived.
//    Here a file goes through two of them, into the compact protocol and back to JSON.
const out = join(ROOT, "out");
mkdirSync(out, { recursive: true });
const compact = join(out, "feed.compact.thrift");
const copy = join(out, "feed.copy.json");
const source = join(ROOT, "testdata/feed.json");
const feed = idl.type("feed.FeedResponse");

await pipe(source, jsonToThrift(feed, { protocol: "compact" }).stream(), compact);
await pipe(compact, thriftToJson(feed, { protocol: "compact" }).stream(), copy);

console.log();
for (const file of [source, compact, copy]) {
  console.log(`${file.slice(ROOT.length + 1).padEnd(24)} ${statSync(file).size} bytes`);
}

/** From a file through a transform to a file. A failure anywhere rejects. */
async function pipe(
  from: string,
  transform: TransformStream<Uint8Array, Uint8Array>,
  to: string,
): Promise<void> {
  const input = Readable.toWeb(createReadStream(from)) as ReadableStream<Uint8Array>;
  const output = Writable.toWeb(createWriteStream(to)) as WritableStream<Uint8Array>;
  await input.pipeThrough(transform).pipeTo(output);
}
