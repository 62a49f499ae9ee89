// The core of the library where there is no Node: scripts/test-browser.mjs runs this in a page, in a web worker,
// and in a worker of Node without Node's globals. Plain JavaScript, because a browser loads it as it is.

/**
 * What the tests work on: the IDL files by name, the feed as JSON text, and the order events, one text each.
 * @typedef {{ sources: Record<string, string>, feed: string, events: string[] }} Fixtures
 */

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

function assertEqual(actual, expected, what) {
  assert(
    actual === expected,
    `${what}: expected ${String(expected).slice(0, 200)}, got ${String(actual).slice(0, 200)}`,
  );
}

function assertSameBytes(actual, expected, what) {
  assertEqual(actual.length, expected.length, `length of ${what}`);
  for (let i = 0; i < actual.length; i++) assertEqual(actual[i], expected[i], `byte ${i} of ${what}`);
}

const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

async function pump(bytes, chunkSize, stream) {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const feeding = (async () => {
    for (let pos = 0; pos < bytes.length; pos += chunkSize) {
      await writer.write(bytes.subarray(pos, pos + chunkSize));
    }
    await writer.close();
  })();
  feeding.catch(() => {});
  const output = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) output.push(...next.value);
  await feeding;
  return Uint8Array.from(output);
}

function expectError({ isThriftError }, code, run) {
  try {
    run();
  } catch (error) {
    assert(isThriftError(error, code), `expected ${code}, got ${error}`);
    return error;
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}

const EXACT_IDL = `
  struct Exact { 1: required i64 id; 2: double ratio; 3: binary data; 4: map<i64, string> names; 5: uuid key }
`;
const EXACT_JSON =
  '{"id":9223372036854775807,"ratio":0.1,"data":"AAEC/w==","names":{"-9223372036854775808":"größe 🎁"},' +
  '"key":"00112233-4455-6677-8899-aabbccddeeff"}';

/** Each test gets the library and the fixtures. */
const TESTS = {
  "there are no Node globals"() {
    for (const name of ["process", "Buffer", "require", "setImmediate"]) {
      assertEqual(typeof globalThis[name], "undefined", `typeof ${name}`);
    }
  },

  "parses a multi-file IDL from memory"(library, { sources }) {
    const idl = library.parseIdl(sources["api.thrift"], { fileName: "api.thrift", sources });
    assertEqual(idl.service("FeedService").method("getFeed").args.fields.length, 1, "arguments of getFeed");
    assertEqual(idl.type("feed.Item").fieldByKey("created_at").name, "createdAt", "field of created_at");
  },

  "converts the feed both ways, binary and compact"(library, { sources, feed }) {
    const type = library
      .parseIdl(sources["feed.thrift"], { fileName: "feed.thrift", sources })
      .struct("FeedResponse");
    for (const protocol of ["binary", "compact"]) {
      const thrift = library.jsonToThrift(type, { protocol }).convert(encode(feed));
      assert(thrift.length < feed.length, `${protocol} is smaller than JSON`);
      const back = library.thriftToJson(type, { protocol });
      assertEqual(decode(back.convert(thrift)), feed, `${protocol} round trip`);
      assertEqual(back.convertToString(thrift), feed, `${protocol} round trip to a string`);
    }
  },

  "runs the kernel, and the machine on demand, with the same results"(library, { sources, feed }) {
    const type = library
      .parseIdl(sources["feed.thrift"], { fileName: "feed.thrift", sources })
      .struct("FeedResponse");
    for (const json of [feed, feed.replaceAll("Garcia", "García 你好")]) {
      const results = ["wasm", "typescript"].map((kernel) => {
        const toThrift = library.jsonToThrift(type, { kernel });
        const toJson = library.thriftToJson(type, { kernel });
        assertEqual(toThrift.engine, kernel, "engine to Thrift");
        assertEqual(toJson.engine, kernel, "engine to JSON");
        const thrift = toThrift.convert(json);
        assertEqual(toJson.convertToString(thrift), json, `round trip on ${kernel}`);
        assertEqual(
          decode(toJson.convert(toThrift.convert(encode(json)))),
          json,
          `round trip of bytes on ${kernel}`,
        );
        return String(thrift);
      });
      assertEqual(results[0], results[1], "result of both engines");
    }
  },

  "converts every order event both ways"(library, { sources, events }) {
    const type = library
      .parseIdl(sources["shop.thrift"], { fileName: "shop.thrift", sources })
      .struct("OrderEvent");
    const toThrift = library.jsonToThrift(type);
    const toJson = library.thriftToJson(type);
    assert(events.length > 0, "there are events");
    for (const event of events)
      assertEqual(toJson.convertToString(toThrift.convert(event)), event, "round trip");
  },

  "keeps 64-bit integers, doubles, bytes and text exact"(library) {
    const type = library.parseIdl(EXACT_IDL).struct("Exact");
    const thrift = library.jsonToThrift(type).convert(EXACT_JSON);
    assertEqual(library.thriftToJson(type).convertToString(thrift), EXACT_JSON, "round trip");
  },

  async "streams both ways for several chunk sizes"(library, { sources, events }) {
    const type = library
      .parseIdl(sources["shop.thrift"], { fileName: "shop.thrift", sources })
      .struct("OrderEvent");
    const toThrift = library.jsonToThrift(type);
    const toJson = library.thriftToJson(type);
    const json = encode(events[0]);
    const thrift = toThrift.convert(json);
    for (const chunkSize of [1, 7, 100, json.length]) {
      assertSameBytes(
        await pump(json, chunkSize, toThrift.stream()),
        thrift,
        `Thrift in chunks of ${chunkSize}`,
      );
      assertSameBytes(await pump(thrift, chunkSize, toJson.stream()), json, `JSON in chunks of ${chunkSize}`);
    }
  },

  "reports errors with code, place and path"(library) {
    const type = library.parseIdl(EXACT_IDL).struct("Exact");
    const json = '{"id":1,"names":{"7":false}}';
    const mismatch = expectError(library, "TYPE_MISMATCH", () => library.jsonToThrift(type).convert(json));
    assertEqual(mismatch.offset, json.indexOf("false"), "offset");
    assert(mismatch.path.startsWith("names["), `path ${mismatch.path}`);
    expectError(library, "MISSING_REQUIRED", () => library.jsonToThrift(type).convert("{}"));
    expectError(library, "INVALID_IDL", () => library.parseIdl("struct Broken { 1: Missing m }"));
    expectError(library, "TRUNCATED", () => library.thriftToJson(type).convert(Uint8Array.of(10, 0)));
  },

  async "refuses to load files with an error of its own"(library) {
    try {
      await library.loadIdl("/missing.thrift");
    } catch (error) {
      assert(library.isThriftError(error), `expected a ThriftError, got ${error}`);
      return;
    }
    throw new Error("loadIdl worked without a file system");
  },
};

/**
 * Runs all tests.
 * @param {typeof import("../../src/index.ts")} library
 * @param {Fixtures} fixtures
 * @returns {Promise<{ name: string, error: string | undefined }[]>}
 */
export async function runCoreTests(library, fixtures) {
  const results = [];
  for (const [name, test] of Object.entries(TESTS)) {
    try {
      await test(library, fixtures);
      results.push({ name, error: undefined });
    } catch (error) {
      results.push({ name, error: `${error?.message ?? error}\n${error?.stack ?? ""}` });
    }
  }
  return results;
}
