import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WINDOW_SIZE } from "../../src/j2t/scratch.ts";
import { message } from "../support/arbitraries.ts";
import { chunksOf, concat, hex, toHex, twoChunks, utf8 } from "../support/bytes.ts";
import {
  type JsonToThriftConverter,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
} from "../support/engines.ts";
import { createRandom } from "../support/random.ts";
import { toIdl } from "../support/schema.ts";
import { pump } from "../support/streams.ts";
import { outcomeOf, streamOutcome } from "./conversion.ts";
import { REFERENCE_TABLES } from "./reference-cases.ts";

const idl = parseIdl(
  `
  include "base.thrift"
  enum E { ALPHA = 1, BETA = 2 }
  struct In { 1: required i32 x, 2: string label }
  union U { 1: i32 a, 2: string b }
  struct All {
    1: bool yes, 2: byte small, 3: i16 short, 4: i32 medium, 5: i64 long, 6: double real, 7: string text,
    8: binary raw, 9: uuid id, 10: E color, 11: list<i32> list, 12: set<string> set, 13: map<string, i32> map,
    14: map<In, bool> pairs, 15: In inner, 16: list<list<bool>> nested, 17: i64 quoted (api.js_conv = ""),
    18: string dynamic (agw.body_dynamic = ""), 19: bool no, 20: map<double, U> unions, 21: map<bool, binary> keys,
    22: string number (api.js_conv = ""), 23: map<list<i32>, map<string, list<U>>> deep
  }
  struct Scalars { 1: i32 a, 2: string b, 3: double c, 4: list<i32> list, 5: string d }
  struct Request { 1: string q, 255: base.Base base }
`,
  {
    sources: {
      "base.thrift": "struct Base { 1: string LogID, 2: string Caller, 6: map<string, string> Extra }",
    },
  },
);
const ALL = idl.struct("All");

const MESSAGES: readonly string[] = [
  '{"yes":true,"small":-12,"short":1.2e3,"medium":-2147483648,"long":9223372036854775807,"real":-1.5e-7}',
  String.raw`{ "text" : "a\u00e9\ud83d\ude00é😀\n" , "raw":"aGVs\/G8=" ,"id":"00112233-4455-6677-8899-aabbccddeeff" }`,
  '{"color":"BETA","list":[1, 2 ,30],"set":["x",""],"map":{"k\\u00e9":1,"é":-2},"no":false}',
  '{"pairs":[[{"x":1},true],[{"x":2},false]],"inner":{"label":"l","x":0},"nested":[[true],[],[false]]}',
  '{"quoted":"-5","dynamic":{"any":["thi\\ng",{}]},"un\\u006bnown":[{"a":{}}, -1e5,null,true],"number":1.50}',
  '{"unions":{"1.5":{"a":1},"-0":{"b":"x"}},"keys":{"true":"AAE=","false":""},"deep":[[[1],{"k":[{"a":2}]}]]}',
  "{}",
  " \n{ } ",
  // And what fails, early and late.
  '{"text":"abc\\q"}',
  '{"map":{"abc\\q":1}}',
  '{"map":{"abc":1,"de\\ud83dx":1}}',
  '{"medium":12345678901}',
  '{"medium":1.5}',
  '{"real":1e999}',
  '{"list":[1,2,"3"]}',
  '{"inner":{"label":"x"}}',
  '{"inner":{"x":1,"x":2}}',
  '{"raw":"aGVsbG8"}',
  '{"raw":"aG\\u0056sbG8"}',
  '{"unions":{"1":{}}}',
  '{"unions":{"1":{"a":1,"b":""}}}',
  '{"yes":truth}',
  '{"yes":nul',
  '{"unknown":[1,{"a":tru}]}',
  '{"unknown":"\ud83d\ude00\\x"}',
  '{"color":"GAMMA"}',
  '{"id":"0011"}',
  '{"keys":{"maybe":""}}',
  '{"pairs":[[{"x":1},null]]}',
  "{} {}",
  "",
];

/** Every chunking that a test tries, by name. */
function* chunkings(bytes: Uint8Array): Generator<readonly [name: string, chunks: Uint8Array[]]> {
  yield ["bytes one by one", chunksOf(bytes, 1)];
  yield ["pieces of three", chunksOf(bytes, 3)];
  for (const [index, chunks] of twoChunks(bytes).entries()) yield [`cut at ${index}`, chunks];
}

async function expectStreamsAlike(
  converter: JsonToThriftConverter,
  json: string | Uint8Array,
): Promise<void> {
  const bytes = typeof json === "string" ? utf8(json) : json;
  const expected = outcomeOf(() => converter.convert(bytes));
  for (const [name, chunks] of chunkings(bytes)) {
    expect(await streamOutcome(converter, chunks), `${json}: ${name}`).toEqual(expected);
  }
}

describe.each<[options: JsonToThriftOptions]>([
  [{}],
  [{ protocol: "compact" }],
  [{ unknownFields: "error", duplicateKeys: "error", missing: { default: "write" } }],
])("any two pieces give what the whole gives: %j", (options) => {
  const converter = jsonToThrift(ALL, options);
  it.each(MESSAGES)("%s", async (json) => {
    await expectStreamsAlike(converter, json);
  });
});

describe("the reference cases, byte by byte", () => {
  it.each(REFERENCE_TABLES)("$name", async ({ type, options, cases }) => {
    for (const protocol of ["binary", "compact"] as const) {
      const converter = jsonToThrift(type, { ...options, protocol });
      for (const [json] of cases) {
        const bytes = typeof json === "string" ? utf8(json) : json;
        const expected = outcomeOf(() => converter.convert(bytes));
        expect(await streamOutcome(converter, chunksOf(bytes, 1)), String(json)).toEqual(expected);
      }
    }
  });
});

describe("scalar roots", () => {
  it.each<[type: string, json: string]>([
    ["i32", "123"],
    ["i32", "-1.50e1 "],
    ["i64", "9223372036854775807"],
    ["double", "1e5"],
    ["double", "1"],
    ["bool", "true"],
    ["bool", "false "],
    ["string", '"é\\n"'],
    ["binary", '"AAA="'],
    ["i32", "12x"],
    ["i32", "1e"],
    ["double", "1."],
    ["bool", "tru"],
    ["bool", "truex"],
    ["i32", "1 2"],
    ["map<string, i32>", '{"a":1}'],
    ["list<bool>", "[true,false]"],
  ])("%s %s", async (type, json) => {
    await expectStreamsAlike(jsonToThrift(idl.type(type)), json);
    await expectStreamsAlike(jsonToThrift(idl.type(type), { protocol: "compact" }), json);
  });
});

describe("a call's context", () => {
  it("reaches the stream", async () => {
    const converter = jsonToThrift(idl.struct("Request"));
    const call = { base: { LogID: "call" } };
    for (const json of ['{"q":"a"}', '{"base":{"Caller":"json"},"q":"a"}', '{"q":"a","base":null}']) {
      const expected = toHex(converter.convert(json, call));
      for (const [name, chunks] of chunkings(utf8(json))) {
        expect(await streamOutcome(converter, chunks, call), name).toBe(expected);
      }
    }
  });
});

describe("random messages", () => {
  it.each(["binary", "compact"] as const)("in random pieces: %s", async (protocol) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(message(), sizes, async ({ schema, json }, pieces) => {
        const converter = jsonToThrift(parseIdl(toIdl(schema)).struct(schema.root), { protocol });
        const bytes = utf8(json);
        expect(await streamOutcome(converter, chunksOf(bytes, pieces))).toBe(toHex(converter.convert(bytes)));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it("damaged, they fail alike", async () => {
    const random = createRandom(5);
    const models = fc.sample(message(), { seed: 12, numRuns: 40 });
    for (const { schema, json } of models) {
      const converter = jsonToThrift(parseIdl(toIdl(schema)).struct(schema.root));
      for (let round = 0; round < 6; round++) {
        const bytes = utf8(json);
        for (let damage = random.int(1, 2); damage > 0 && bytes.length > 0; damage--) {
          bytes[random.int(0, bytes.length - 1)] = random.pick([
            0x22, 0x5c, 0x7b, 0x5d, 0x2c, 0x30, 0xc3, 0x0a, 0x20,
          ]);
        }
        const expected = outcomeOf(() => converter.convert(bytes));
        const chunks = chunksOf(
          bytes,
          Array.from({ length: 9 }, () => random.int(1, 12)),
        );
        expect(await streamOutcome(converter, chunks), Buffer.from(bytes).toString()).toEqual(expected);
      }
    }
  });
});

/** One piece up to `from`, and single bytes from there on. */
function cutIntoBytes(bytes: Uint8Array, from: number): Uint8Array[] {
  return [bytes.subarray(0, from), ...chunksOf(bytes.subarray(from), 1)];
}

/** A message of several megabytes with everything in it. */
function bigMessage(): string {
  const random = createRandom(99);
  const words = ["plain", "é", "键", "😀", "\n\t", '"quoted"', "\\", "x".repeat(200)];
  const text = (): string => Array.from({ length: random.int(0, 9) }, () => random.pick(words)).join(" ");
  return JSON.stringify({
    text: text(),
    list: Array.from({ length: 15_000 }, () => random.int(-(2 ** 31), 2 ** 31 - 1)),
    map: Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`${index}${text()}`, index])),
    raw: Buffer.from(random.bytes(300_000)).toString("base64"),
    dynamic: Array.from({ length: 2_000 }, text),
    nested: Array.from({ length: 2_000 }, () =>
      Array.from({ length: random.int(0, 20) }, () => random.chance(0.5)),
    ),
    unknown: Array.from({ length: 2_000 }, () => ({ [text()]: text() })),
    pairs: Array.from({ length: 2_000 }, (_, x) => [{ x, label: text() }, true]),
    set: [`${"é".repeat(500_000)}\n`, "s"],
  });
}

const BIG_MESSAGE = utf8(bigMessage());

describe("a message of several megabytes", () => {
  const bytes = BIG_MESSAGE;
  it.each(["binary", "compact"] as const)("in random pieces: %s", async (protocol) => {
    expect(bytes.length).toBeGreaterThan(3_000_000);
    const converter = jsonToThrift(ALL, { protocol });
    const expected = converter.convert(bytes);
    const random = createRandom(1);
    const sizes = Array.from({ length: 50 }, () => random.int(1, random.pick([20, 5_000, 300_000])));
    const { bytes: streamed, error } = await pump(chunksOf(bytes, sizes), converter.stream());
    expect(error).toBeUndefined();
    expect(Buffer.from(streamed).equals(expected)).toBe(true);
  });
});

describe("what is emitted", () => {
  it("is everything that nothing can change any more", async () => {
    // 1,000 scalar fields of 100 bytes, behind each other: output follows input.
    const fields = Array.from({ length: 1_000 }, (_, index) => `${index + 1}: string f${index}`);
    const type = parseIdl(`struct Wide { ${fields.join(", ")} }`).struct("Wide");
    const json = JSON.stringify(Object.fromEntries(fields.map((_, index) => [`f${index}`, "v".repeat(100)])));
    for (const protocol of ["binary", "compact"] as const) {
      const { chunks, bytes } = await pump(
        chunksOf(utf8(json), 500),
        jsonToThrift(type, { protocol }).stream(),
      );
      expect(toHex(bytes)).toBe(toHex(jsonToThrift(type, { protocol }).convert(json)));
      expect(chunks.length).toBeGreaterThan(json.length / 500 - 20);
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(1_000);
    }
  });

  it("is held back from the outermost open container on, and no longer", async () => {
    const steps: [piece: string, emitted: string][] = [
      ['{"a":1,', "08 0001 00000001"],
      ['"b":"xyz",', '0b 0002 00000003 "xyz"'],
      ['"list":[', "0f 0004"],
      ["1,2,3", ""],
      [",4]", "08 00000004 00000001 00000002 00000003 00000004"],
      [',"d":"', "0b 0005"],
      ["abc", ""],
      ['def"', '00000006 "abcdef"'],
      [',"c":1', "04 0003"],
      [".5}", "3ff8000000000000 00"],
      [" ", ""],
    ];
    const stream = jsonToThrift(idl.struct("Scalars")).stream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    let output = "";
    const reading = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read())
        output += toHex(next.value);
    })();
    for (const [piece, emitted] of steps) {
      output = "";
      await writer.write(utf8(piece));
      await new Promise((resolve) => setTimeout(resolve));
      expect(output, piece).toBe(toHex(hex(emitted)));
    }
    await writer.close();
    await reading;
  });

  it("belongs to the receiver", async () => {
    const converter = jsonToThrift(idl.struct("Scalars"));
    const { chunks } = await pump(chunksOf(utf8('{"a":1,"b":"xyz","d":"abc"}'), 4), converter.stream());
    const copies = chunks.map(toHex);
    await pump(chunksOf(utf8('{"a":2,"b":"zyx","d":"cba"}'), 4), converter.stream());
    expect(chunks.map(toHex)).toEqual(copies);
    expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
  });

  it("stays when the end fails", async () => {
    const { bytes, error } = await pump(
      chunksOf(utf8('{"a":1,"b":"xyz","a":1}'), 4),
      jsonToThrift(idl.struct("Scalars")).stream(),
    );
    expect(error).toMatchObject({ code: "DUPLICATE_FIELD", offset: 17, path: "a" });
    expect(toHex(bytes).startsWith(toHex(hex`08 0001 00000001`))).toBe(true);
  });

  it("is nothing for a chunk of nothing", async () => {
    const converter = jsonToThrift(idl.struct("Scalars"));
    const chunks = [utf8(""), utf8('{"a"'), utf8(""), utf8(":1}"), utf8("")];
    expect(await streamOutcome(converter, chunks)).toBe(toHex(hex`08 0001 00000001 00`));
  });
});

describe("streams", () => {
  const converter = jsonToThrift(ALL);

  it("many at once do not disturb each other, nor conversions in between", async () => {
    const texts = MESSAGES.slice(0, 6);
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const json = utf8(texts[index % 6]!);
        const chunks = function* (): Generator<Uint8Array> {
          for (const chunk of chunksOf(json, (index % 7) + 1)) {
            converter.convert(texts[(index + 1) % 6]!);
            yield chunk;
          }
        };
        return streamOutcome(converter, chunks());
      }),
    );
    outcomes.forEach((outcome, index) => {
      expect(outcome).toBe(toHex(converter.convert(texts[index % 6]!)));
    });
  });

  it("pipe: from a source to a sink, with backpressure", async () => {
    const bytes = BIG_MESSAGE;
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = bytes.subarray(pulled, pulled + 10_000);
        if (chunk.length === 0) controller.close();
        else controller.enqueue(chunk);
        pulled += chunk.length;
      },
    });
    const reader = source.pipeThrough(converter.stream()).getReader();
    // Nobody reads yet: the source is asked for little.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pulled).toBeLessThan(100_000);
    const chunks: Uint8Array[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
    expect(Buffer.from(concat(chunks)).equals(converter.convert(bytes))).toBe(true);
  });

  it("an error reaches both ends", async () => {
    const stream = converter.stream();
    const writer = stream.writable.getWriter();
    const reading = stream.readable.getReader().read();
    reading.catch(() => {});
    await expect(writer.write(utf8('{"yes":maybe}'))).rejects.toMatchObject({
      code: "INVALID_JSON",
      offset: 7,
      path: "yes",
    });
    await expect(reading).rejects.toMatchObject({ code: "INVALID_JSON" });
    await expect(writer.closed).rejects.toMatchObject({ code: "INVALID_JSON" });
    expect(toHex(converter.convert("{}"))).toBe("00");
  });

  it("a stream that is given up leaves nothing behind", async () => {
    const stream = converter.stream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    reader.closed.catch(() => {});
    writer.write(utf8('{"list":[1,2')).catch(() => {});
    await writer.abort(new Error("given up"));
    await expect(reader.read()).rejects.toThrow("given up");
    expect(toHex(converter.convert("{}"))).toBe("00");
  });

  it("a stream can be made long before it is used, and used once", async () => {
    const stream = converter.stream();
    for (const json of MESSAGES.slice(0, 6)) converter.convert(json);
    expect(toHex((await pump([utf8('{"yes":true}')], stream)).bytes)).toBe(toHex(hex`02 0001 01 00`));
  });

  it("work with Node's streams", async () => {
    const json = Buffer.from(MESSAGES[2]!);
    const web = Readable.toWeb(Readable.from(chunksOf(json, 5))) as unknown as ReadableStream<Uint8Array>;
    const chunks: Uint8Array[] = [];
    for await (const chunk of web.pipeThrough(converter.stream()) as unknown as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
    }
    expect(toHex(concat(chunks))).toBe(toHex(converter.convert(json)));
  });

  it("chunks that the producer uses again do no harm", async () => {
    const json = utf8(MESSAGES[1]!);
    const buffer = new Uint8Array(3);
    const chunks = function* (): Generator<Uint8Array> {
      for (const chunk of chunksOf(json, 3)) {
        buffer.fill(0).set(chunk);
        yield buffer.subarray(0, chunk.length);
      }
    };
    expect(await streamOutcome(converter, chunks())).toBe(toHex(converter.convert(json)));
  });
});

describe("limits", () => {
  it.each<[options: JsonToThriftOptions, json: string]>([
    [{ limits: { maxDepth: 3 } }, '{"nested":[[true],[]],"unknown":[[[1]]]}'],
    [{ limits: { maxLength: 2 } }, '{"list":[1,2,3]}'],
    [{ limits: { maxSize: 20 } }, '{"text":"0123456789x"}'],
  ])("%j %s", async (options, json) => {
    const converter = jsonToThrift(ALL, options);
    const expected = outcomeOf(() => converter.convert(json));
    expect(expected).toMatchObject({ code: "LIMIT_EXCEEDED" });
    await expectStreamsAlike(converter, json);
  });

  it("maxOutputSize, counted over all pieces", async () => {
    const json = `{"text":"${"x".repeat(5_000)}"}`;
    const exact = jsonToThrift(ALL, { limits: { maxOutputSize: 5_008 } });
    expect(await streamOutcome(exact, chunksOf(utf8(json), 100))).toBe(toHex(exact.convert(json)));
    const less = jsonToThrift(ALL, { limits: { maxOutputSize: 5_007 } });
    expect(await streamOutcome(less, chunksOf(utf8(json), 100))).toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(outcomeOf(() => less.convert(json))).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  it("tokens that must be read in one piece: the same boundary for any pieces", async () => {
    const type = idl.type("list<double>");
    for (const size of [8_190, 8_191, 8_192, 8_193, 8_200]) {
      const messages: [converter: JsonToThriftConverter, json: string][] = [
        [jsonToThrift(type), `[0.${"1".repeat(size - 2)}]`],
        [jsonToThrift(idl.type("i64")), `1.${"0".repeat(size - 2)}`],
        [jsonToThrift(idl.struct("In")), `{"x":1,"${"k".repeat(size)}":2}`],
        [jsonToThrift(idl.struct("In")), `{"x":1,"${"k".repeat(size - 6)}\\u00e9":2}`],
        [jsonToThrift(idl.struct("In")), `{"x":1,"unknown":${"1".repeat(size)}}`],
        [jsonToThrift(idl.type("i32"), { quotedNumbers: "accept" }), `"1.${"0".repeat(size - 2)}"`],
        [jsonToThrift(idl.type("E")), `"${"E".repeat(size)}"`],
        [jsonToThrift(idl.type("map<binary, i32>")), `{"${"A".repeat(size)}":1}`],
      ];
      for (const [converter, json] of messages) {
        const expected = outcomeOf(() => converter.convert(json));
        // Byte by byte is quadratic in the token, so only around the boundary.
        const bytes = utf8(json);
        const cut = Math.min(8_185, bytes.length - 20);
        for (const chunks of [[bytes], chunksOf(bytes, 1_000), cutIntoBytes(bytes, cut)]) {
          const what = `${json.slice(0, 20)}… of ${size} in ${chunks.length} pieces`;
          expect(await streamOutcome(converter, chunks), what).toEqual(expected);
        }
      }
    }
  });

  it("a chunk larger than a window", async () => {
    const json = JSON.stringify({
      text: "é".repeat(WINDOW_SIZE),
      set: ["x".repeat(2 * WINDOW_SIZE + 3)],
      yes: true,
    });
    const converter = jsonToThrift(ALL);
    const { bytes, error } = await pump([utf8(json)], converter.stream());
    expect(error).toBeUndefined();
    expect(Buffer.from(bytes).equals(converter.convert(json))).toBe(true);
  });
});
