import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { PIECE_SIZE, WINDOW_SIZE } from "../../src/t2j/scratch.ts";
import { TType } from "../../src/wire/ttype.ts";
import { chunksOf, concat, fromUtf8, hex, twoChunks, utf8 } from "../support/bytes.ts";
import {
  ByteWriter,
  parseIdl,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  thriftToJson,
} from "../support/engines.ts";
import { expectThriftError, matchThriftError } from "../support/errors.ts";
import { createRandom } from "../support/random.ts";
import { pump } from "../support/streams.ts";
import { MESSAGES } from "./messages.ts";
import * as W from "./wire.ts";

const { I32, I64, STRING, STRUCT, LIST, MAP, BYTE } = TType;

/** A stream ends as the whole conversion does, with the same bytes or the same error. */
async function expectSame(
  converter: ThriftToJsonConverter,
  bytes: Uint8Array,
  chunks: readonly Uint8Array[],
): Promise<void> {
  const streamed = await pump(chunks, converter.stream());
  let whole: Uint8Array;
  try {
    whole = converter.convert(bytes);
  } catch (error) {
    const { code, offset, path } = error as { code: "TRUNCATED"; offset: number; path: string | undefined };
    matchThriftError(streamed.error, { code, offset, path });
    return;
  }
  if (streamed.error !== undefined) throw streamed.error;
  expect(Buffer.compare(streamed.bytes, whole)).toBe(0);
}

const STRICT: ThriftToJsonOptions = { duplicateKeys: "error", unknownFields: "skip" };

describe.each(W.PROTOCOLS)("every cut in two, %s", (protocol) => {
  it.each(MESSAGES)("$name", async ({ type, value }) => {
    const bytes = W.encodeBytes(value, protocol);
    const converter = thriftToJson(type, { protocol });
    // Of the largest message every third, to spare time; the others have all that is in it.
    const step = bytes.length > 800 ? 3 : 1;
    for (const [i, chunks] of twoChunks(bytes).entries()) {
      if (i % step === 0) await expectSame(converter, bytes, chunks);
    }
    for (const options of [{}, STRICT]) {
      const other = thriftToJson(type, { ...options, protocol });
      await expectSame(other, bytes, chunksOf(bytes, 1));
      await expectSame(other, bytes, chunksOf(bytes, [1, 2, 5]));
    }
  });
});

type ErrorRow = readonly [
  name: string,
  value: W.Wire,
  code: ErrorCode,
  offset: Readonly<Record<W.ProtocolName, number>>,
  options?: ThriftToJsonOptions,
];

describe.each(W.PROTOCOLS)("errors at every cut, %s", (protocol) => {
  const idl = parseIdl(`
    enum E { ONE = 1 }
    struct T { 1: required i32 x, 2: string s }
    union U { 1: i32 a, 2: i32 b }
    struct S {
      1: list<T> l, 2: map<string,T> m, 3: map<E,list<i32>> e, 4: map<T,T> p, 5: U u, 6: double d, 7: binary b,
      8: map<uuid,map<binary,T>> deep
    }
  `);
  const x = W.struct([1, W.i32(1)]);
  const uuid = W.uuid("00112233-4455-6677-8899-aabbccddeeff");
  const nested = (inner: W.Wire): W.Wire =>
    W.struct([
      8,
      W.map(TType.UUID, MAP, [
        [
          uuid,
          W.map(STRING, STRUCT, [
            [W.text("ok"), x],
            [W.text(hex`00ff`), inner],
          ]),
        ],
      ]),
    ]);
  const rows: readonly ErrorRow[] = [
    [
      "missing in a list",
      W.struct([1, W.list(STRUCT, [x, W.struct()])]),
      "MISSING_REQUIRED",
      { binary: 16, compact: 5 },
    ],
    [
      "missing in a map",
      W.struct([
        2,
        W.map(STRING, STRUCT, [
          [W.text("first"), x],
          [W.text("second"), W.struct()],
        ]),
      ]),
      "MISSING_REQUIRED",
      { binary: 36, compact: 19 },
    ],
    [
      "missing behind a long key",
      W.struct([2, W.map(STRING, STRUCT, [[W.text("é".repeat(60)), W.struct()]])]),
      "MISSING_REQUIRED",
      { binary: 133, compact: 124 },
    ],
    ["missing, deep", nested(W.struct([2, W.text("only")])), "MISSING_REQUIRED", { binary: 62, compact: 36 }],
    ["mismatch, deep", nested(W.struct([1, W.text("only")])), "TYPE_MISMATCH", { binary: 51, compact: 30 }],
    [
      "mismatch of elements",
      W.struct([3, W.map(I32, LIST, [[W.i32(1), W.list(I64, [W.i64(1)])]])]),
      "TYPE_MISMATCH",
      { binary: 13, compact: 4 },
    ],
    [
      "invalid UTF-8",
      nested(W.struct([2, W.text(hex`61 62 e4 b8 ff 63`)])),
      "INVALID_UTF8",
      { binary: 60, compact: 34 },
    ],
    [
      "invalid UTF-8 in a key",
      W.struct([2, W.map(STRING, STRUCT, [[W.text(hex`61 c3`), x]])]),
      "INVALID_UTF8",
      { binary: 14, compact: 5 },
    ],
    [
      "in a key of a pair",
      W.struct([
        4,
        W.map(STRUCT, STRUCT, [
          [x, x],
          [W.struct(), x],
        ]),
      ]),
      "MISSING_REQUIRED",
      { binary: 25, compact: 9 },
    ],
    [
      "in a value of a pair",
      W.struct([
        4,
        W.map(STRUCT, STRUCT, [
          [x, x],
          [x, W.struct()],
        ]),
      ]),
      "MISSING_REQUIRED",
      { binary: 33, compact: 12 },
    ],
    [
      "a union of two",
      W.struct([5, W.struct([1, W.i32(1)], [2, W.i32(2)])]),
      "INVALID_UNION",
      { binary: 17, compact: 5 },
    ],
    ["not finite", W.struct([6, W.double(Number.NaN)]), "OUT_OF_RANGE", { binary: 3, compact: 1 }],
    [
      "a field twice",
      W.struct([7, W.text("a")], [7, W.text("b")]),
      "DUPLICATE_FIELD",
      { binary: 8, compact: 3 },
    ],
    [
      "a key twice",
      W.struct([
        2,
        W.map(STRING, STRUCT, [
          [W.text("kk"), x],
          [W.text("l"), x],
          [W.text("kk"), x],
        ]),
      ]),
      "DUPLICATE_FIELD",
      { binary: 36, compact: 14 },
      { duplicateKeys: "error" },
    ],
    [
      "unknown",
      W.struct([1, W.list(STRUCT, [W.struct([1, W.i32(1)], [9, W.i32(1)])])]),
      "UNKNOWN_FIELD",
      { binary: 15, compact: 4 },
      { unknownFields: "error" },
    ],
    ["too deep", nested(x), "LIMIT_EXCEEDED", { binary: 37, compact: 24 }, { limits: { maxDepth: 3 } }],
    [
      "an unknown type in an unknown struct",
      W.struct([99, W.struct([1, W.raw(TType.BYTE, "00 4f 4f 4f")])]),
      "INVALID_TYPE",
      { binary: 7, compact: 5 },
    ],
  ];
  it.each(rows.map(([name, value, code, offset, options = {}]) => ({ name, value, code, offset, options })))(
    "$name: $code",
    async ({ value, code, offset, options }) => {
      const converter = thriftToJson(idl.struct("S"), { ...options, protocol });
      const bytes = W.encodeBytes(value, protocol);
      expectThriftError(() => converter.convert(bytes), { code, offset: offset[protocol] });
      for (const chunks of twoChunks(bytes)) await expectSame(converter, bytes, chunks);
      await expectSame(converter, bytes, chunksOf(bytes, 1));
      await expectSame(converter, bytes, chunksOf(bytes, [2, 5]));
    },
  );
});

describe("chunks of all kinds", () => {
  const type = parseIdl("struct S { 1: string s }").struct("S");
  const converter = thriftToJson(type);
  const bytes = W.encodeBytes(W.struct([1, W.text("hello")]), "binary");
  const empty = new Uint8Array(0);

  it("empty ones between", async () => {
    const chunks = chunksOf(bytes, 2).flatMap((chunk) => [empty, chunk, empty]);
    expect(fromUtf8((await pump(chunks, converter.stream())).bytes)).toBe('{"s":"hello"}');
  });

  it("none", async () => {
    for (const chunks of [[], [empty]]) {
      const { error, chunks: output } = await pump(chunks, converter.stream());
      matchThriftError(error, { code: "TRUNCATED", offset: 0, path: undefined });
      expect(output).toEqual([]);
    }
  });

  it("more behind the end, in a chunk of its own", async () => {
    const { error } = await pump([bytes, hex`00`], converter.stream());
    matchThriftError(error, { code: "TRAILING_DATA", offset: bytes.length, path: undefined });
  });

  it("that their owner overwrites afterwards", async () => {
    const stream = converter.stream();
    const writer = stream.writable.getWriter();
    const reading = (async () => {
      const output: Uint8Array[] = [];
      for await (const chunk of stream.readable as unknown as AsyncIterable<Uint8Array>) output.push(chunk);
      return fromUtf8(concat(output));
    })();
    const shared = new Uint8Array(3);
    for (const chunk of chunksOf(bytes, 3)) {
      shared.set(chunk);
      await writer.write(shared.subarray(0, chunk.length));
      shared.fill(0xee);
    }
    await writer.close();
    expect(await reading).toBe('{"s":"hello"}');
  });

  it("several streams and conversions at once", async () => {
    const big = thriftToJson(parseIdl("").type("list<string>"));
    const contents = [0, 1, 2, 3, 4].map((n) => Array.from({ length: 50 }, (_, i) => `${n}-${i}`.repeat(10)));
    const streams = contents.map((texts) => {
      const wire = W.encodeBytes(
        W.list(
          STRING,
          texts.map((each) => W.text(each)),
        ),
        "binary",
      );
      const stream = big.stream();
      const output: Uint8Array[] = [];
      const reading = (async () => {
        for await (const chunk of stream.readable as unknown as AsyncIterable<Uint8Array>) output.push(chunk);
      })();
      return { chunks: chunksOf(wire, 17), writer: stream.writable.getWriter(), output, reading, texts };
    });
    for (let i = 0; streams.some(({ chunks }) => i < chunks.length); i++) {
      for (const { chunks, writer } of streams) {
        const chunk = chunks[i];
        if (chunk !== undefined) await writer.write(chunk);
        expect(converter.convertToString(bytes)).toBe('{"s":"hello"}');
      }
    }
    for (const { writer, reading, output, texts } of streams) {
      await writer.close();
      await reading;
      expect(JSON.parse(fromUtf8(concat(output)))).toEqual(texts);
    }
  });

  it("a stream that is given up does not disturb others", async () => {
    const stream = converter.stream();
    const writer = stream.writable.getWriter();
    writer.write(bytes.subarray(0, 9)).catch(() => {});
    writer.abort(new Error("given up")).catch(() => {});
    await expectSame(converter, bytes, chunksOf(bytes, 1));
  });

  it("the result's size is limited", async () => {
    const limited = thriftToJson(parseIdl("").type("string"), { limits: { maxOutputSize: 1000 } });
    for (const [length, code] of [
      [998, undefined],
      [999, "LIMIT_EXCEEDED"],
    ] as const) {
      const { error } = await pump(
        chunksOf(W.encodeBytes(W.text("x".repeat(length)), "binary"), 100),
        limited.stream(),
      );
      expect((error as { code?: string } | undefined)?.code).toBe(code);
    }
  });

  it("the message's size is limited", async () => {
    const limited = thriftToJson(parseIdl("").type("string"), { limits: { maxSize: 104 } });
    for (const [length, code] of [
      [100, undefined],
      [101, "LIMIT_EXCEEDED"],
    ] as const) {
      const { error } = await pump(
        chunksOf(W.encodeBytes(W.text("x".repeat(length)), "binary"), 10),
        limited.stream(),
      );
      expect((error as { code?: string } | undefined)?.code).toBe(code);
    }
  });
});

describe.each(W.PROTOCOLS)("every value across the end of the window, %s", (protocol) => {
  it.each(MESSAGES.filter(({ name }) => name === "containers" || name === "unknown fields"))(
    "$name",
    ({ type, value, json }) => {
      const idl = parseIdl("struct Filler { 1: string s }");
      // A list of the type, whose first elements fill the window up to some place in the last one.
      const elements = W.encodeBytes(value, protocol);
      const header = W.encodeBytes(W.list(value.type, [], 0xffff), protocol).length;
      const listType = { ...idl.type("list<i32>"), element: type } as unknown as Parameters<
        typeof thriftToJson
      >[0];
      const converter = thriftToJson(listType, { protocol });
      const count = Math.ceil((WINDOW_SIZE - header) / elements.length) + 1;
      const bytes = concat([
        W.encodeBytes(W.list(value.type, [], count), protocol),
        ...Array<Uint8Array>(count).fill(elements),
      ]);
      expect(converter.convertToString(bytes)).toBe(`[${Array(count).fill(json)}]`);
    },
  );

  it("shifted byte by byte", () => {
    const idl = parseIdl(`
      struct T { 1: required i32 x, 2: string s, 3: double d, 4: i64 l, 5: map<string,T> m, 6: binary b, 7: list<bool> lb }
      struct S { 1: string filler, 300: T t }
    `);
    const inner = (x: W.Wire): W.Wire =>
      W.struct([
        300,
        W.struct(
          [1, W.i32(-70_000)],
          [2, W.text("é\n世")],
          [3, W.double(1.5)],
          [4, W.i64(2n ** 62n)],
          [5, W.map(STRING, STRUCT, [[W.text("key of some length"), x]])],
          [6, W.text(hex`00 01 02 03`)],
          [7, W.list(TType.BOOL, [W.bool(true)])],
          [99, W.struct([1, W.text("unknown")], [2, W.list(I32, [W.i32(1)])])],
        ),
      ]);
    const good = W.encodeBytes(inner(W.struct([1, W.i32(7)])), protocol);
    const bad = W.encodeBytes(inner(W.struct([2, W.text("x is missing")])), protocol);
    const json =
      '"t":{"x":-70000,"s":"é\\n世","d":1.5,"l":4611686018427387904,"m":{"key of some length":{"x":7}},"b":"AAECAw==","lb":[true]}}';
    const converter = thriftToJson(idl.struct("S"), { protocol });
    const strict = thriftToJson(idl.struct("S"), { protocol, mismatch: "skip", duplicateKeys: "error" });
    const missing = bad.length - good.length;
    for (let before = 0; before <= good.length; before++) {
      // The string's header takes 3 + 4 bytes, or 1 + 3.
      const size = WINDOW_SIZE - before - (protocol === "binary" ? 7 : 4);
      const filler = W.encodeBytes(W.struct([1, W.text("x".repeat(size))]), protocol).subarray(0, -1);
      const message = concat([filler, protocol === "compact" ? good.with(0, good[0]!) : good]);
      expect(message.length - good.length).toBe(WINDOW_SIZE - before);
      for (const each of before % 3 === 0 ? [converter, strict] : [converter]) {
        const text = each.convertToString(message);
        expect(text.slice(size + '{"filler":"",'.length)).toBe(json);
      }
      const wrong = concat([filler, bad]);
      const error = expectThriftError(() => converter.convert(wrong), {
        code: "MISSING_REQUIRED",
        path: 't.m["key of some length"].x',
      });
      const offset =
        bad.findLastIndex((byte, i) => byte === 0x67 && bad[i - 1] === 0x6e && bad[i - 2] === 0x69) + 1;
      expect(error.offset).toBe(filler.length + offset);
      expect(missing).not.toBe(0);
    }
  });
});

describe.each(W.PROTOCOLS)("large messages, %s", (protocol) => {
  const idl = parseIdl(`
    struct Item { 1: required i64 id, 2: string name, 3: list<double> values, 4: map<string,string> tags, 5: binary blob }
    struct S { 1: list<Item> items, 2: string text, 3: binary blob, 4: map<string,i32> index, 5: i32 end }
  `);
  const random = createRandom(11);
  const content = (length: number): string => {
    const parts = ["plain ", "größe ", '"quoted" ', "\u0000", "世界", "😀", "line\n"];
    let text = "";
    while (text.length < length) text += random.pick(parts);
    return text;
  };
  const items = Array.from({ length: 1500 }, (_, i) => ({
    id: BigInt(i) * 2n ** 40n,
    name: content(20),
    values: [i / 8, -1 - i],
    tags: [
      ["k", content(10)],
      [`key ${i}`, ""],
    ] as const,
    blob: random.bytes(i % 50),
  }));
  const text = content(700_000);
  const blob = random.bytes(1_000_001);
  const keys = Array.from({ length: 2000 }, (_, i) => `key number ${i}`);
  const unknown = W.struct(
    [1, W.text("x".repeat(400_000))],
    [
      2,
      W.list(
        BYTE,
        Array.from({ length: 1000 }, (_, i) => W.byte(i)),
      ),
    ],
  );
  const value = W.struct(
    [
      1,
      W.list(
        STRUCT,
        items.map((item) =>
          W.struct(
            [1, W.i64(item.id)],
            [2, W.text(item.name)],
            [3, W.list(TType.DOUBLE, item.values.map(W.double))],
            [
              4,
              W.map(
                STRING,
                STRING,
                item.tags.map(([k, v]) => [W.text(k), W.text(v)] as const),
              ),
            ],
            [5, W.text(item.blob)],
          ),
        ),
      ),
    ],
    [2, W.text(text)],
    [98, unknown],
    [3, W.text(blob)],
    [99, W.text("skipped ".repeat(100_000))],
    [
      4,
      W.map(
        STRING,
        I32,
        keys.map((key, i) => [W.text(key), W.i32(i)] as const),
      ),
    ],
    [5, W.i32(1)],
  );
  const quote = (each: string): string => JSON.stringify(each);
  const base64 = (each: Uint8Array): string => `"${Buffer.from(each).toString("base64")}"`;
  const json = `{"items":[${items.map(
    (item) =>
      `{"id":${item.id},"name":${quote(item.name)},"values":[${item.values}],"tags":{${item.tags.map(
        ([k, v]) => `${quote(k)}:${quote(v)}`,
      )}},"blob":${base64(item.blob)}}`,
  )}],"text":${quote(text)},"blob":${base64(blob)},"index":{${keys.map((key, i) => `${quote(key)}:${i}`)}},"end":1}`;
  const bytes = W.encodeBytes(value, protocol);

  it("whole", () => {
    for (const options of [{}, { duplicateKeys: "error", mismatch: "error" }] as const) {
      const converter = thriftToJson(idl.struct("S"), { ...options, protocol });
      expect(converter.convertToString(bytes) === json).toBe(true);
      expect(Buffer.from(converter.convert(bytes)).toString() === json).toBe(true);
      const writer = new ByteWriter();
      converter.convertInto(bytes, writer);
      expect(Buffer.from(writer.view()).toString() === json).toBe(true);
    }
  });

  it.each([
    ["small", 1, 3000],
    ["medium", 1000, 70_000],
    ["large", 200_000, 900_000],
  ])("in %s chunks", async (_name, least, most) => {
    const sizes = Array.from({ length: 50 }, () => random.int(least, most));
    for (const options of [{}, { duplicateKeys: "error" }] as const) {
      const converter = thriftToJson(idl.struct("S"), { ...options, protocol });
      const streamed = await pump(chunksOf(bytes, sizes), converter.stream());
      if (streamed.error !== undefined) throw streamed.error;
      expect(Buffer.from(streamed.bytes).toString() === json).toBe(true);
    }
  });

  it("output comes early", async () => {
    const stream = thriftToJson(idl.struct("S"), { protocol }).stream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    let given = 0;
    let taken = 0;
    for (const chunk of chunksOf(bytes.subarray(0, 600_000), 20_000)) {
      const writing = writer.write(chunk);
      given += chunk.length;
      const { value: output } = await reader.read();
      taken += output!.length;
      await writing;
      // The JSON is larger than the Thrift; no more than a token is held back.
      expect(taken).toBeGreaterThan(given * 0.9);
    }
    await reader.cancel();
    writer.abort().catch(() => {});
  });

  it("a duplicate key far behind", async () => {
    const converter = thriftToJson(idl.struct("S"), { protocol, duplicateKeys: "error" });
    const entries = [...keys, keys[7]!].map((key, i) => [W.text(key), W.i32(i)] as const);
    const [last, ...rest] = entries.toReversed();
    const marked = W.map(STRING, I32, [...rest.reverse(), [W.here(last![0]), last![1]]]);
    const { bytes: message, mark } = W.encode(
      W.struct([2, W.text("x".repeat(300_000))], [4, marked]),
      protocol,
    );
    const expected = { code: "DUPLICATE_FIELD", path: `index["${keys[7]}"]`, offset: mark } as const;
    expectThriftError(() => converter.convert(message), expected);
    const streamed = await pump(chunksOf(message, 10_000), converter.stream());
    matchThriftError(streamed.error, expected);
  });
});

describe("strings around the size of a piece", () => {
  const idl = parseIdl("struct S { 1: string s, 2: binary b }");
  it.each(W.PROTOCOLS)("text, %s", (protocol) => {
    const converter = thriftToJson(idl.struct("S"), { protocol });
    for (const special of ["x", "\n", '"', "\u0000", "é", "世", "😀"]) {
      for (let before = PIECE_SIZE - 6; before <= PIECE_SIZE + 2; before++) {
        const content = `${"y".repeat(before)}${special}${"z".repeat(3)}`;
        const bytes = W.encodeBytes(W.struct([1, W.text(content)]), protocol);
        expect(converter.convertToString(bytes) === `{"s":${JSON.stringify(content)}}`).toBe(true);
      }
    }
  });

  it.each(W.PROTOCOLS)("base64, %s", (protocol) => {
    const converter = thriftToJson(idl.struct("S"), { protocol });
    for (const size of [PIECE_SIZE, 2 * PIECE_SIZE, WINDOW_SIZE]) {
      for (let length = size - 4; length <= size + 1; length++) {
        const content = Uint8Array.from({ length }, (_, i) => i * 7 + (i >> 8));
        const bytes = W.encodeBytes(W.struct([2, W.text(content)], [1, W.text("é")]), protocol);
        const json = `{"b":"${Buffer.from(content).toString("base64")}","s":"é"}`;
        expect(converter.convertToString(bytes) === json).toBe(true);
      }
    }
  });

  it("what grows most", () => {
    const converter = thriftToJson(parseIdl("").type("list<string>"));
    for (const length of [PIECE_SIZE - 1, PIECE_SIZE, PIECE_SIZE + 1, 5 * PIECE_SIZE, 300_000]) {
      const wire = W.encodeBytes(W.list(STRING, [W.text("\u0001".repeat(length)), W.text("end")]), "binary");
      expect(converter.convertToString(wire) === `["${"\\u0001".repeat(length)}","end"]`).toBe(true);
    }
  });

  it("long names and many small values around the end of the output", () => {
    const name = "n".repeat(4000);
    const converter = thriftToJson(
      parseIdl(`struct T { 1: i32 ${name} } struct S { 1: list<T> l }`).struct("S"),
    );
    const count = 80;
    const wire = W.encodeBytes(
      W.struct([1, W.list(STRUCT, Array(count).fill(W.struct([1, W.i32(5)])))]),
      "binary",
    );
    expect(converter.convertToString(wire) === `{"l":[${Array(count).fill(`{"${name}":5}`)}]}`).toBe(true);
    // Elements that are the same bytes again and again.
    const repeated = (list: W.Wire, element: W.Wire, times: number): Uint8Array =>
      concat([
        W.encodeBytes(list, "binary"),
        ...Array<Uint8Array>(times).fill(W.encodeBytes(element, "binary")),
      ]);
    const lists = repeated(W.list(LIST, [], 60_000), W.list(STRUCT, [W.struct()]), 60_000);
    const asLists = thriftToJson(parseIdl("struct T {}").type("list<list<T>>"));
    expect(asLists.convertToString(lists) === `[${Array(60_000).fill("[{}]")}]`).toBe(true);
    const maps = repeated(W.list(MAP, [], 30_000), W.map(STRUCT, STRUCT, [[W.struct(), W.struct()]]), 30_000);
    const asPairs = thriftToJson(parseIdl("struct T {}").type("list<map<T,T>>"));
    expect(asPairs.convertToString(maps) === `[${Array(30_000).fill("[[{},{}]]")}]`).toBe(true);
  });
});

describe("utf8 text as chunks of JSON", () => {
  it("the output's chunks join to valid UTF-8", async () => {
    const text = "世界😀é".repeat(5000);
    const { bytes } = await pump(
      chunksOf(W.encodeBytes(W.text(text), "binary"), 7),
      thriftToJson(parseIdl("").type("string")).stream(),
    );
    expect(Buffer.compare(bytes, utf8(`"${text}"`))).toBe(0);
  });
});
