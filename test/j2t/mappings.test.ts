import { describe, expect, it } from "vitest";
import { WINDOW_SIZE } from "../../src/j2t/scratch.ts";
import { chunksOf, fromUtf8, hex, toHex, utf8 } from "../support/bytes.ts";
import {
  type AnnotationResolver,
  ByteWriter,
  createAnnotationRegistry,
  type JsonToThriftContext,
  type JsonToThriftConverter,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
  ThriftError,
  thriftToJson,
  type ValueMapping,
} from "../support/engines.ts";
import {
  type Expected,
  expectConversion,
  expectFailure,
  failure,
  hexOf,
  outcomeOf,
  streamOutcome,
} from "./conversion.ts";

type ToThrift = (json: Uint8Array, context: JsonToThriftContext) => Uint8Array;

/** A mapping that only the JSON→Thrift direction uses. */
function mapping(name: string, jsonToThrift: ToThrift): AnnotationResolver<ValueMapping> {
  return () => ({ kind: "custom", name, jsonToThrift, thriftToJson: () => "null" });
}

function structOf(fields: string, values: Record<string, AnnotationResolver<ValueMapping>> = {}) {
  return parseIdl(`enum E { A = 1 } struct In { 1: required i32 x } struct S { ${fields} }`, {
    annotations: createAnnotationRegistry({ values }),
  }).struct("S");
}

describe("agw.body_dynamic", () => {
  const type = structOf(
    '1: string raw (agw.body_dynamic = ""), 2: i32 i, 3: list<string> list (agw.body_dynamic = ""), 4: binary bin (agw.body_dynamic = "")',
  );
  const text = (content: string): string => `0b 0001 ${toHex(sized(content))}`;
  it.each<[json: string, expected: Expected]>([
    ['{"raw":{"a":[1, 2 ,"\\u00e9é"]}}', `${text('{"a":[1, 2 ,"\\u00e9é"]}')} 00`],
    ['{"raw": \n [ ] \t,"i":1}', `${text("[ ]")} 08 0002 00000001 00`],
    ['{"raw":"text"}', `${text('"text"')} 00`],
    ['{"raw":-1.50e+3}', `${text("-1.50e+3")} 00`],
    ['{"raw":true}', `${text("true")} 00`],
    ['{"raw":null}', "00"],
    ['{"raw":{"a":1,"a":2}}', `${text('{"a":1,"a":2}')} 00`],
    ['{"raw":{"a":tru}}', failure("INVALID_JSON", 12, "raw")],
    ['{"raw":[1,]}', failure("INVALID_JSON", 10, "raw")],
    ['{"raw":"\\q"}', failure("INVALID_JSON", 8, "raw")],
    ['{"raw":}', failure("INVALID_JSON", 7, "raw")],
    ['{"raw"', failure("INVALID_JSON", 6)],
    ['{"raw":[1', failure("INVALID_JSON", 9, "raw")],
    // On other types than string it means nothing.
    ['{"list":["a"]}', '0f 0003 0b 00000001 00000001 "a" 00'],
    ['{"list":{}}', failure("TYPE_MISMATCH", 8, "list")],
    ['{"bin":"YQ=="}', '0b 0004 00000001 "a" 00'],
  ])("%s", (json, expected) => {
    expectConversion(jsonToThrift(type), json, expected);
  });

  it("compact", () => {
    expectConversion(
      jsonToThrift(type, { protocol: "compact" }),
      '{"raw":[1],"i":-1}',
      '18 03 "[1]" 15 01 00',
    );
  });

  it("off: a plain string", () => {
    const off = jsonToThrift(type, { valueMapping: "off" });
    expectConversion(off, '{"raw":"[1]"}', `${text("[1]")} 00`);
    expectConversion(off, '{"raw":[1]}', failure("TYPE_MISMATCH", 7, "raw"));
  });

  it.each([100, 10_000, 262_140, 600_000])("%i bytes", async (size) => {
    const content = JSON.stringify({ a: ["é".repeat(size / 4), { b: "x".repeat(size / 2) }] });
    for (const protocol of ["binary", "compact"] as const) {
      const converter = jsonToThrift(type, { protocol });
      const json = `{"i":1,"raw": ${content} ,"bin":""}`;
      const off = jsonToThrift(type, { protocol, valueMapping: "off" });
      const expected = off.convert(`{"i":1,"raw":${JSON.stringify(content)},"bin":""}`);
      expect(Buffer.from(converter.convert(json)).equals(expected)).toBe(true);
      expect(await streamOutcome(converter, chunksOf(utf8(json), 7_919))).toBe(hexOf(expected));
    }
  });

  it("counts for the depth limit", () => {
    const limited = jsonToThrift(type, { limits: { maxDepth: 3 } });
    expectConversion(limited, '{"raw":[[]]}', `${text("[[]]")} 00`);
    expectConversion(limited, '{"raw":[[[]]]}', failure("LIMIT_EXCEEDED", 9, "raw"));
  });
});

function sized(content: string): Uint8Array {
  const bytes = utf8(content);
  const target = new Uint8Array(4 + bytes.length);
  new DataView(target.buffer).setInt32(0, bytes.length);
  target.set(bytes, 4);
  return target;
}

describe("a custom mapping", () => {
  /** Numbers as text with a unit: `"5 kg"`. */
  const units = mapping("units", (json, context) => {
    const text = JSON.parse(fromUtf8(json)) as string;
    return context.fromJson(text.split(" ")[0]!);
  });
  const opposite = mapping("opposite", (json, context) =>
    context.fromJson(fromUtf8(json) === "true" ? "false" : "true"),
  );
  const type = structOf(
    `1: i32 weight (test.units = ""), 2: bool yes (test.opposite = ""), 3: list<i32> list (test.units = ""),
     4: i64 plain, 5: string text (test.units = ""), 6: optional S next, 7: list<S> all, 8: bool other`,
    { "test.units": units, "test.opposite": opposite },
  );
  it.each<[json: string, binary: Expected, compact: Expected]>([
    ['{"weight":"5 kg"}', "08 0001 00000005 00", "15 0a 00"],
    ['{"weight": "-7" , "plain":1}', "08 0001 fffffff9 0a 0004 0000000000000001 00", "15 0d 36 02 00"],
    ['{"weight":null}', "00", "00"],
    // A boolean field of the compact protocol is its header.
    ['{"yes":true}', "02 0002 00 00", "22 00"],
    ['{"yes":false,"other":true}', "02 0002 01 02 0008 01 00", "21 61 00"],
    ['{"list":"[1,2]"}', "0f 0003 08 00000002 00000001 00000002 00", "39 25 02 04 00"],
    [
      '{"next":{"next":{"weight":"1"}},"all":[{"weight":"2"},{"yes":true}]}',
      "0c 0006 0c 0006 08 0001 00000001 00 00 0f 0007 0c 00000002 08 0001 00000002 00 02 0002 00 00 00",
      "6c 6c 15 02 00 00 19 2c 15 04 00 22 00 00",
    ],
    [
      '{"weight":"1","weight":"2"}',
      failure("DUPLICATE_FIELD", 14, "weight"),
      failure("DUPLICATE_FIELD", 14, "weight"),
    ],
    ['{"weight":[1,}', failure("INVALID_JSON", 13, "weight"), failure("INVALID_JSON", 13, "weight")],
  ])("%s", (json, binary, compact) => {
    expectConversion(jsonToThrift(type), json, binary);
    expectConversion(jsonToThrift(type, { protocol: "compact" }), json, compact);
  });

  it("is off where mappings are", () => {
    const off: JsonToThriftOptions = { valueMapping: "off" };
    expectConversion(jsonToThrift(type, off), '{"weight":5}', "08 0001 00000005 00");
    expectConversion(jsonToThrift(type, off), '{"weight":"5 kg"}', failure("TYPE_MISMATCH", 10, "weight"));
  });

  it("is not asked for missing fields", () => {
    const converter = jsonToThrift(structOf('1: i32 a = 3 (test.units = "")', { "test.units": units }), {
      missing: { default: "write" },
    });
    expectConversion(converter, "{}", "08 0001 00000003 00");
    expectConversion(converter, '{"a":null}', "08 0001 00000003 00");
  });

  it("gets the field, the protocol and exactly the text of the value", () => {
    const seen: unknown[] = [];
    const spy = mapping("spy", (json, { field, protocol }) => {
      seen.push([field.parent.name, field.name, protocol, fromUtf8(json)]);
      return hex`00000000`;
    });
    const spied = structOf('1: i32 a (test.spy = "x"), 2: i32 b (test.spy = "y")', { "test.spy": spy });
    jsonToThrift(spied).convert(utf8('{ "b" : {"x" : [1 , "é"]} , "a":"\\u00e9" }'));
    jsonToThrift(spied, { protocol: "compact" }).convert('{"a":-0.0e+1}');
    expect(seen).toEqual([
      ["S", "b", "binary", '{"x" : [1 , "é"]}'],
      ["S", "a", "binary", '"\\u00e9"'],
      ["S", "a", "compact", "-0.0e+1"],
    ]);
  });

  it("owns the text that it gets, and may keep it", () => {
    const kept: Uint8Array[] = [];
    const keep = mapping("keep", (json) => {
      kept.push(json);
      return hex`00000000`;
    });
    const converter = jsonToThrift(
      structOf('1: i32 a (test.keep = ""), 2: i32 b (test.keep = "")', { "test.keep": keep }),
    );
    for (let i = 0; i < 50; i++) converter.convert(`{"a":${i},"b":"${"x".repeat(i * 20)}"}`);
    kept.forEach((json, index) => {
      expect(fromUtf8(json)).toBe(index % 2 === 0 ? String(index / 2) : `"${"x".repeat((index - 1) * 10)}"`);
    });
  });
});

describe("a mapping that runs converters", () => {
  /** Every field of the tree is text that holds JSON of the next level. */
  const converters = new Map<string, JsonToThriftConverter>();
  let calls = 0;
  const nested = mapping("nested", (json, { field, protocol, fromJson }) => {
    calls++;
    const text = JSON.parse(fromUtf8(json)) as string;
    // Another program, other options, its own output: all in the same scratch memory.
    const converter = converters.get(`${field.name} ${protocol}`);
    return converter === undefined ? fromJson(text) : converter.convert(text);
  });
  const idl = parseIdl(
    `
    struct Leaf { 1: i32 n, 2: string s }
    struct Middle { 1: string before, 2: Leaf leaf (test.nested = ""), 3: string after }
    struct Item { 1: i32 i, 2: Middle middle (test.nested = ""), 3: map<string, Leaf> leaves (test.nested = ""), 4: string tail }
    struct Root { 1: list<Item> items, 2: map<string, Item> byName }
  `,
    { annotations: createAnnotationRegistry({ values: { "test.nested": nested } }) },
  );
  for (const protocol of ["binary", "compact"] as const) {
    converters.set(`middle ${protocol}`, jsonToThrift(idl.struct("Middle"), { protocol }));
    converters.set(`leaf ${protocol}`, jsonToThrift(idl.struct("Leaf"), { protocol, output: "own" }));
  }

  /** A value as plain JSON, and as JSON whose mapped fields are text. */
  function item(i: number, size: number): [plain: object, mapped: object] {
    const leaf = { n: i, s: "é".repeat(i % 7) };
    const middle = { before: "b".repeat(size), leaf, after: "\n".repeat(i % 3) };
    const leaves = { [`k${i}`]: leaf, other: { n: -i, s: "" } };
    return [
      { i, middle, leaves, tail: `t${i}` },
      {
        i,
        middle: JSON.stringify({ ...middle, leaf: JSON.stringify(leaf) }),
        leaves: JSON.stringify(leaves),
        tail: `t${i}`,
      },
    ];
  }

  function message(count: number, size: number): [plain: string, mapped: string] {
    const items = Array.from({ length: count }, (_, i) => item(i, size));
    const build = (side: 0 | 1): string =>
      JSON.stringify({
        items: items.map((pair) => pair[side]),
        byName: Object.fromEntries(items.slice(0, 20).map((pair, i) => [`name ${i}`, pair[side]])),
      });
    return [build(0), build(1)];
  }

  it.each([
    ["two deep, once", 1, 5],
    ["many times in one message", 150, 3],
    ["in a message of many windows", 100, 5_000],
    ["with values that are larger than a window", 1, 300_000],
  ])("%s", async (_name, count, size) => {
    const [plain, mapped] = message(count, size);
    for (const protocol of ["binary", "compact"] as const) {
      const expected = jsonToThrift(idl.struct("Root"), { protocol, valueMapping: "off" }).convert(plain);
      const converter = jsonToThrift(idl.struct("Root"), { protocol });
      calls = 0;
      expect(Buffer.from(converter.convert(mapped)).equals(expected), "text").toBe(true);
      expect(calls).toBe(3 * (count + Math.min(count, 20)));
      expect(Buffer.from(converter.convert(utf8(mapped))).equals(expected), "bytes").toBe(true);
      const writer = new ByteWriter();
      converter.convertInto(utf8(mapped), writer);
      expect(Buffer.from(writer.view()).equals(expected), "convertInto").toBe(true);
      const pieces = chunksOf(utf8(mapped), [10_000, 1, 333, 70_000]);
      expect(await streamOutcome(converter, pieces), "stream").toBe(hexOf(expected));
    }
  });

  it("byte by byte", async () => {
    const [plain, mapped] = message(3, 4);
    const converter = jsonToThrift(idl.struct("Root"));
    const expected = toHex(jsonToThrift(idl.struct("Root"), { valueMapping: "off" }).convert(plain));
    expect(await streamOutcome(converter, chunksOf(utf8(mapped), 1))).toBe(expected);
  });

  it("at every distance from the end of a window", () => {
    const [plain, mapped] = message(2, 3);
    const converter = jsonToThrift(idl.struct("Root"));
    const expected = toHex(jsonToThrift(idl.struct("Root"), { valueMapping: "off" }).convert(plain));
    const head = '{"unknown":"';
    for (let before = 0; before < mapped.length; before += 9) {
      const padding = "x".repeat(WINDOW_SIZE - before - head.length - 2);
      expect(toHex(converter.convert(`${head}${padding}",${mapped.slice(1)}`)), `${before}`).toBe(expected);
    }
  });

  it("errors behind it have their place in the message", () => {
    const [, mapped] = message(40, 20);
    const broken = `${mapped.slice(0, -1)},"items":0}`;
    const converter = jsonToThrift(idl.struct("Root"));
    expectFailure(() => converter.convert(broken), "DUPLICATE_FIELD", utf8(mapped).length, "items");
    const wrong = mapped.replace('"i":39', '"i":"39"');
    const at = utf8(wrong.slice(0, wrong.indexOf('"39"'))).length;
    const error = expectFailure(() => converter.convert(wrong), "TYPE_MISMATCH", at, "items[39].i");
    expect(error.excerpt).toContain('"39"');
  });

  it("the same converter again, inside itself, as deep as its input goes", () => {
    const seen: number[] = [];
    const registry = createAnnotationRegistry({
      values: {
        "test.self": mapping("self", (json) => {
          const text = JSON.parse(fromUtf8(json)) as string;
          seen.push(text.length);
          return self.convert(text);
        }),
      },
    });
    const type = parseIdl(
      'struct Self { 1: i32 depth, 2: optional Self inner (test.self = ""), 3: i32 end }',
      {
        annotations: registry,
      },
    ).struct("Self");
    const self = jsonToThrift(type);
    let json = '{"depth":0,"end":0}';
    let expected = "08 0001 00000000 08 0003 00000000 00";
    for (let depth = 1; depth <= 8; depth++) {
      json = `{"depth":${depth},"inner":${JSON.stringify(json)},"end":${depth}}`;
      expected = `08 0001 0000000${depth} 0c 0002 ${expected} 08 0003 0000000${depth} 00`;
    }
    expectConversion(self, json, expected);
    expect(seen.length).toBeGreaterThanOrEqual(8);
  });

  it("also in the other direction, and streams", () => {
    const registry = createAnnotationRegistry({
      values: {
        "test.busy": mapping("busy", (json, context) => {
          const bytes = context.fromJson(json);
          for (let i = 0; i < 3; i++) {
            expect(thriftToJson(context.field.type).convertToString(bytes)).toBe(fromUtf8(json));
            // A stream that nobody uses, made in the middle.
            jsonToThrift(context.field.type).stream();
          }
          return bytes;
        }),
      },
    });
    const type = parseIdl('struct B { 1: list<i32> a (test.busy = ""), 2: list<i32> b (test.busy = "") }', {
      annotations: registry,
    }).struct("B");
    expectConversion(
      jsonToThrift(type),
      '{"a":[1,2],"b":[3]}',
      "0f 0001 08 00000002 00000001 00000002 0f 0002 08 00000001 00000003 00",
    );
  });
});

describe("fromJson", () => {
  const plainly = mapping("plainly", (json, context) => context.fromJson(json));
  const shifted = mapping("shifted", (json, context) => context.fromJson(` ${fromUtf8(json)}`));
  const type = structOf(
    `1: In a (test.plainly = ""), 2: list<In> b (test.plainly = ""), 3: In c (test.shifted = ""), 4: E e (test.plainly = ""),
     5: i64 n (test.plainly = ""), 6: binary raw (test.plainly = "")`,
    { "test.plainly": plainly, "test.shifted": shifted },
  );
  it("goes by the converter's rules", () => {
    expectConversion(
      jsonToThrift(type),
      '{"a":{"x":1},"e":"A"}',
      "0c 0001 08 0001 00000001 00 08 0004 00000001 00",
    );
    expectConversion(jsonToThrift(type), '{"n":"1"}', failure("TYPE_MISMATCH", 5, "n"));
    expectConversion(
      jsonToThrift(type, { quotedNumbers: "accept", binary: "utf8" }),
      '{"n":"1","raw":"!"}',
      '0a 0005 0000000000000001 0b 0006 00000001 "!" 00',
    );
    expectConversion(
      jsonToThrift(type, { unknownFields: "error" }),
      '{"a":{"x":1,"y":2}}',
      failure("UNKNOWN_FIELD", 12, "a.y"),
    );
    expectConversion(
      jsonToThrift(type, {
        mask: {
          fields: new Map([[1, { fields: new Map([[1, "skip"]]), otherFields: "keep" }]]),
          otherFields: "keep",
        },
      }),
      '{"a":{"x":1}}',
      "0c 0001 00 00",
    );
  });

  it("errors have the path and the offset in the message", () => {
    expectConversion(jsonToThrift(type), '{"a":{"x":"1"}}', failure("TYPE_MISMATCH", 10, "a.x"));
    expectConversion(jsonToThrift(type), '{"b":[{"x":1},{}]}', failure("MISSING_REQUIRED", 15, "b[1].x"));
    // Another text has offsets of its own.
    expectConversion(jsonToThrift(type), '{"c":{"x":"1"}}', failure("TYPE_MISMATCH", 6, "c.x"));
  });

  it("counts for the depth limit", () => {
    const limited = jsonToThrift(type, { limits: { maxDepth: 2 } });
    expectConversion(limited, '{"a":{"x":1}}', "0c 0001 08 0001 00000001 00 00");
    expectConversion(limited, '{"b":[{"x":1}]}', failure("LIMIT_EXCEEDED", 6, "b"));
  });
});

describe("a mapping that fails", () => {
  const cause = new SyntaxError("payload: secret");
  const failing = (thrown: unknown): AnnotationResolver<ValueMapping> =>
    mapping("failing", () => {
      throw thrown;
    });
  const typeOf = (resolver: AnnotationResolver<ValueMapping>) =>
    structOf('1: i32 a (test.failing = ""), 2: list<S> all', { "test.failing": resolver });

  it.each<[name: string, thrown: unknown]>([
    ["an Error", cause],
    ["a string", "oops"],
    ["null", null],
  ])("%s is the cause", (_name, thrown) => {
    const converter = jsonToThrift(typeOf(failing(thrown)));
    const error = expectFailure(
      () => converter.convert('{"all":[{},{"a":12}]}'),
      "FAILED_MAPPING",
      18,
      "all[1].a",
    );
    expect(error.cause).toBe(thrown);
    expect(error.message).not.toContain("secret");
    expect(error.excerpt).toContain("}]}");
    expectConversion(converter, '{"all":[{}]}', "0f 0002 0c 00000001 00 00");
  });

  it("with an error of this library passes it through", () => {
    const own = new ThriftError("OUT_OF_RANGE", "not that one");
    expect(() => jsonToThrift(typeOf(failing(own))).convert('{"a":1}')).toThrow(own);
  });

  it.each<[name: string, value: unknown]>([
    ["undefined", undefined],
    ["text", "00000001"],
    ["an array", [0, 0, 0, 1]],
    ["a number", 1],
  ])("giving %s instead of bytes", (_name, value) => {
    const converter = jsonToThrift(typeOf(mapping("wrong", () => value as Uint8Array)));
    const error = expectFailure(() => converter.convert('{"a":1}'), "FAILED_MAPPING", 6, "a");
    expect(error.cause).toBeInstanceOf(TypeError);
    expectConversion(converter, "{}", "00");
  });

  it("after conversions of its own: the excerpt is of the message", () => {
    const inner = jsonToThrift(parseIdl("struct I { 1: string s }").struct("I"));
    const converter = jsonToThrift(
      typeOf(
        mapping("failing", () => {
          inner.convert(`{"s":"${"y".repeat(500)}"}`);
          throw cause;
        }),
      ),
    );
    for (const input of ['{"a":[1,2] ,"all":[]}', utf8('{"a":[1,2] ,"all":[]}')]) {
      const error = expectFailure(() => converter.convert(input), "FAILED_MAPPING", 10, "a");
      expect(error.excerpt).toContain(',"all":[]}');
      expect(error.excerpt).not.toContain("yyy");
    }
  });

  it("in a stream", async () => {
    const converter = jsonToThrift(typeOf(failing(cause)));
    const json = utf8('{"all":[{},{"a":12}]}');
    const expected = outcomeOf(() => converter.convert(json));
    for (const size of [1, 2, 5, 30])
      expect(await streamOutcome(converter, chunksOf(json, size))).toEqual(expected);
  });

  it("inside a mapping that fails for that reason", () => {
    const type = structOf('1: i32 a (test.failing = "")', { "test.failing": failing(cause) });
    const inner = jsonToThrift(type);
    const outer = jsonToThrift(
      structOf('1: i32 b (test.outer = "")', {
        "test.outer": mapping("outer", (json) => inner.convert(json)),
      }),
    );
    // An error of this library already: it is not wrapped again.
    const error = expectFailure(() => outer.convert('{"b":{"a":1}}'), "FAILED_MAPPING", 6, "a");
    expect(error.cause).toBe(cause);
  });
});
