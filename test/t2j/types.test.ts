import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import { parseIdl, thriftToJson } from "../support/engines.ts";
import { expectJson, fails, type Row, testRows } from "./check.ts";
import * as W from "./wire.ts";

interface Sample {
  readonly value: W.Wire;
  readonly json: string;
  /** As the key of a JSON object; its quoted text where that is not given. */
  readonly key?: string;
}

function sample(value: W.Wire, json: string, key?: string): Sample {
  return key === undefined ? { value, json } : { value, json, key };
}

const SCALARS: Readonly<Record<string, readonly Sample[]>> = {
  bool: [sample(W.bool(true), "true"), sample(W.bool(false), "false")],
  byte: [0, 1, -1, 9, 10, 99, 100, 127, -128].map((n) => sample(W.byte(n), String(n))),
  i16: [0, 1, -1, 63, 64, -64, -65, 999, 1000, 32_767, -32_768].map((n) => sample(W.i16(n), String(n))),
  i32: [
    0,
    1,
    -1,
    9,
    10,
    99_999,
    100_000,
    8191,
    8192,
    99_999_999,
    100_000_000,
    -99_999_999,
    -100_000_000,
    999_999_999,
    1_000_000_000,
    2 ** 31 - 1,
    -(2 ** 31) + 1,
    -(2 ** 31),
  ].map((n) => sample(W.i32(n), String(n))),
  i64: [
    0n,
    1n,
    -1n,
    9n,
    10n,
    999_999_999n,
    1_000_000_000n,
    2n ** 31n - 1n,
    2n ** 31n,
    -(2n ** 31n),
    -(2n ** 31n) - 1n,
    2n ** 32n - 1n,
    2n ** 32n,
    -(2n ** 32n),
    2n ** 53n,
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    10n ** 17n,
    10n ** 18n,
    10n ** 18n - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    // Where the machine cuts digits: multiples of 10^8 and 10^16, and numbers that double rounds to one.
    ...[1n, 21n, 43n, 99_999_999n].map((n) => n * 10n ** 8n),
    ...[1n, 2n, 900n, 922n].flatMap((n) => [
      n * 10n ** 16n - 1n,
      n * 10n ** 16n,
      n * 10n ** 16n + 10n ** 8n - 1n,
    ]),
    -922n * 10n ** 16n,
    9_219_999_999_999_999_999n,
  ].map((n) => sample(W.i64(n), String(n))),
  double: [
    ...[
      0,
      1,
      -1,
      0.5,
      1.5,
      100,
      1e15,
      123456.789,
      0.1 + 0.2,
      1e-5,
      1e-6,
      1e-7,
      1e20,
      1e21,
      1e22,
      1e23,
      2 ** 53,
    ],
    ...[5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, -Number.MAX_VALUE, 4.35, 9.5e-310, 1 / 3, 2 / 3],
  ].map((n) => sample(W.double(n), JSON.stringify(n))),
  string: [
    "",
    "a",
    "hello",
    'q"b\\',
    "\u0000",
    "tab\tand\nline",
    "é",
    "世界",
    "😀",
    "\u2028",
    "a".repeat(100),
  ].map((text) => sample(W.text(text), quote(text))),
  binary: ["", "00", "0001", "000102", "fbff", "ffffff", "ff".repeat(50)].map((digits) =>
    sample(W.text(hex(digits)), `"${Buffer.from(hex(digits)).toString("base64")}"`),
  ),
  uuid: [
    "00000000-0000-0000-0000-000000000000",
    "00112233-4455-6677-8899-aabbccddeeff",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ].map((text) => sample(W.uuid(text), `"${text}"`)),
  E: [-2, 0, 1, 7, 2 ** 31 - 1, -(2 ** 31)].map((n) => sample(W.i32(n), String(n))),
};

/** The conversion's escapes: `JSON.stringify` has two short ones more. */
function quote(text: string): string {
  return JSON.stringify(text).replace("\\b", "\\u0008").replace("\\f", "\\u000c");
}

const WIRE_TYPES: Readonly<Record<string, number>> = {
  bool: TType.BOOL,
  byte: TType.BYTE,
  i16: TType.I16,
  i32: TType.I32,
  i64: TType.I64,
  double: TType.DOUBLE,
  string: TType.STRING,
  binary: TType.STRING,
  uuid: TType.UUID,
  E: TType.I32,
};

const NESTED: Readonly<Record<string, readonly Sample[]>> = {
  "list<i32>": [
    sample(W.list(TType.I32), "[]"),
    sample(W.list(TType.I32, [W.i32(1), W.i32(-2)]), "[1,-2]"),
    sample(
      W.list(
        TType.I32,
        Array.from({ length: 300 }, (_, i) => W.i32(i)),
      ),
      JSON.stringify(Array.from({ length: 300 }, (_, i) => i)),
    ),
  ],
  "set<string>": [
    sample(W.set(TType.STRING), "[]"),
    sample(W.set(TType.STRING, [W.text("a"), W.text("a")]), '["a","a"]'),
  ],
  "map<string,i32>": [
    sample(W.map(TType.STRING, TType.I32), "{}"),
    sample(W.map(TType.STRING, TType.I32, [[W.text("k"), W.i32(1)]]), '{"k":1}'),
  ],
  T: [sample(W.struct(), "{}"), sample(W.struct([1, W.i32(1)], [2, W.text("b")]), '{"a":1,"b":"b"}')],
  U: [sample(W.struct([2, W.text("only")]), '{"y":"only"}')],
};

const NESTED_WIRE_TYPES: Readonly<Record<string, number>> = {
  "list<i32>": TType.LIST,
  "set<string>": TType.SET,
  "map<string,i32>": TType.MAP,
  T: TType.STRUCT,
  U: TType.STRUCT,
};

const DECLARATIONS = `
  enum E { NONE = 0, ONE = 1, SEVEN = 7 }
  struct T { 1: i32 a, 2: string b }
  union U { 1: i32 x, 2: string y }
`;

describe.each(W.PROTOCOLS)("every place of a value, %s", (protocol) => {
  const all = [
    ...Object.entries(SCALARS).map((entry) => [...entry, WIRE_TYPES[entry[0]]!, true] as const),
    ...Object.entries(NESTED).map((entry) => [...entry, NESTED_WIRE_TYPES[entry[0]]!, false] as const),
  ];
  it.each(all)("%s", async (type, samples, wireType, isKey) => {
    const idl = parseIdl(`${DECLARATIONS} struct S { 1: ${type} f, 2: ${type} g, 200: ${type} h }`);
    const check = (expression: string, value: W.Wire, json: string): Promise<void> => {
      const converter = thriftToJson(idl.type(expression), { protocol });
      return expectJson(converter, W.encodeBytes(value, protocol), json);
    };
    const values = samples.map(({ value }) => value);
    const texts = samples.map(({ json }) => json);
    const asArray = `[${texts}]`;
    for (const { value, json } of samples) {
      await check(type, value, json);
      await check("S", W.struct([1, value]), `{"f":${json}}`);
      // The ids go up, down and far away.
      const fields = W.struct([200, value], [1, value], [2, value]);
      await check("S", fields, `{"h":${json},"f":${json},"g":${json}}`);
    }
    await check(`list<${type}>`, W.list(wireType, values), asArray);
    await check(`set<${type}>`, W.set(wireType, values), asArray);
    await check(`list<list<${type}>>`, W.list(TType.LIST, [W.list(wireType, values)]), `[${asArray}]`);
    const byIndex = values.map((value, i) => [W.i32(i), value] as const);
    const asValues = texts.map((text, i) => `"${i}":${text}`);
    await check(`map<i32,${type}>`, W.map(TType.I32, wireType, byIndex), `{${asValues}}`);
    const toIndex = values.map((value, i) => [value, W.i32(i)] as const);
    const asKeys = texts.map((text, i) => {
      if (!isKey) return `[${text},${i}]`;
      return `${text.startsWith('"') ? text : `"${text}"`}:${i}`;
    });
    await check(
      `map<${type},i32>`,
      W.map(wireType, TType.I32, toIndex),
      isKey ? `{${asKeys}}` : `[${asKeys}]`,
    );
    await check(`map<${type},i32>`, W.map(wireType, TType.I32), isKey ? "{}" : "[]");
  });

  it("-0 keeps its sign", async () => {
    const idl = parseIdl("struct S {}");
    await expectJson(
      thriftToJson(idl.type("list<double>"), { protocol }),
      W.encodeBytes(W.list(TType.DOUBLE, [W.double(-0), W.double(0)]), protocol),
      "[-0,0]",
    );
    await expectJson(
      thriftToJson(idl.type("map<double,i32>"), { protocol }),
      W.encodeBytes(W.map(TType.DOUBLE, TType.I32, [[W.double(-0), W.i32(1)]]), protocol),
      '{"-0":1}',
    );
  });

  it("doubles with exponents that come again, many more than are remembered", async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => [10 ** (i - 320) / 3, -(10 ** (i + 8)) / 7]).flat();
    const order = [
      ...numbers,
      ...numbers.toReversed(),
      ...numbers.flatMap((n) => [n, n, -n, n, Number.MAX_VALUE]),
    ];
    await expectJson(
      thriftToJson(parseIdl("").type("list<double>"), { protocol }),
      W.encodeBytes(W.list(TType.DOUBLE, order.map(W.double)), protocol),
      JSON.stringify(order),
    );
  });
});

describe("strings of every length around the word size, with a special character in every place", () => {
  const specials: readonly (readonly [string, string])[] = [
    ["a", "a"],
    ['"', '\\"'],
    ["\\", "\\\\"],
    ["\n", "\\n"],
    ["\u0000", "\\u0000"],
    ["\u001f", "\\u001f"],
    [" ", " "],
    ["!", "!"],
    ["#", "#"],
    ["[", "["],
    ["]", "]"],
    ["\x7f", "\x7f"],
    ["\u0080", "\u0080"],
    ["\u07ff", "\u07ff"],
    ["\u0800", "\u0800"],
    ["\ud7ff", "\ud7ff"],
    ["\ue000", "\ue000"],
    ["\uffff", "\uffff"],
    ["\u{10000}", "\u{10000}"],
    ["\u{10ffff}", "\u{10ffff}"],
  ];
  const converter = thriftToJson(parseIdl("").type("string"));
  it.each(specials)("%j", (character, escaped) => {
    for (let length = 0; length < 20; length++) {
      for (let at = 0; at <= length; at++) {
        const before = "x".repeat(at);
        const after = "y".repeat(length - at);
        const bytes = W.encodeBytes(W.text(before + character + after), "binary");
        expect(converter.convertToString(bytes)).toBe(`"${before}${escaped}${after}"`);
      }
    }
  });

  it("two special characters at every distance", () => {
    for (const [first, escapedFirst] of specials) {
      for (const [second, escapedSecond] of specials) {
        for (let distance = 0; distance < 6; distance++) {
          const between = "z".repeat(distance);
          const bytes = W.encodeBytes(W.text(first + between + second), "binary");
          expect(converter.convertToString(bytes)).toBe(`"${escapedFirst}${between}${escapedSecond}"`);
        }
      }
    }
  });
});

describe("every byte and key", () => {
  it("of 256", () => {
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    const values = bytes.map((value) => W.byte(value));
    const list = W.encodeBytes(W.list(TType.BYTE, values), "binary");
    const signed = bytes.map((value) => (value < 128 ? value : value - 256));
    const type = parseIdl("").type("list<byte>");
    expect(thriftToJson(type).convertToString(list)).toBe(JSON.stringify(signed));
    expect(thriftToJson(type, { byte: "unsigned" }).convertToString(list)).toBe(JSON.stringify(bytes));
  });

  it("every length of base64", () => {
    const converter = thriftToJson(parseIdl("").type("binary"), { protocol: "compact" });
    for (let length = 0; length < 100; length++) {
      const content = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
      const json = converter.convertToString(W.encodeBytes(W.text(content), "compact"));
      expect(json).toBe(`"${Buffer.from(content).toString("base64")}"`);
    }
  });
});

describe("structs", () => {
  const ids = [-32_768, -129, -128, -1, 0, 1, 15, 16, 17, 127, 128, 255, 256, 32_766, 32_767];
  const idl = parseIdl(`
    struct S { ${ids.map((id, i) => `${id}: i32 f${i}`).join(", ")} }
    struct Wide { ${Array.from({ length: 100 }, (_, i) => `${i + 1}: bool b${i}`).join(", ")} }
    struct Sparse { ${Array.from({ length: 40 }, (_, i) => `${1 + i * 800}: bool b${i}`).join(", ")} }
    struct Node { 1: i32 v, 2: optional Node next, 3: list<Node> kids, 4: map<string,Node> named }
    struct Empty {}
  `);
  const inOrder = (order: readonly number[]): W.Wire =>
    W.struct(...order.map((i) => [ids[i]!, W.i32(i)] as const));
  const indices = ids.map((_, i) => i);
  const jsonOf = (order: readonly number[]): string => `{${order.map((i) => `"f${i}":${i}`)}}`;
  const shuffled = [7, 0, 14, 3, 12, 1, 13, 2, 11, 4, 10, 5, 9, 6, 8];
  const bits = Array.from({ length: 100 }, (_, i) => i % 3 === 0);
  testRows(idl, [
    ["fields of any id", inOrder(indices), jsonOf(indices)],
    ["… backwards", inOrder(indices.toReversed()), jsonOf(indices.toReversed())],
    ["… shuffled", inOrder(shuffled), jsonOf(shuffled)],
    [
      "unknown ids between",
      W.struct([2, W.i32(9)], [1, W.i32(5)], [-2, W.text("x")], [32_765, W.bool(true)], [15, W.i32(6)]),
      '{"f5":5,"f6":6}',
    ],
    [
      "a hundred fields",
      W.struct(...bits.map((bit, i) => [i + 1, W.bool(bit)] as const)),
      `{${bits.map((bit, i) => `"b${i}":${bit}`)}}`,
      {},
      "Wide",
    ],
    [
      "a field twice beyond the first word of the bitmap",
      W.struct([99, W.bool(true)], [67, W.bool(true)], W.here(W.field(99, W.bool(true)))),
      fails("DUPLICATE_FIELD", "b98"),
      {},
      "Wide",
    ],
    [
      "ids far apart",
      W.struct(...Array.from({ length: 40 }, (_, i) => [1 + i * 800, W.bool(i % 2 === 0)] as const)),
      `{${Array.from({ length: 40 }, (_, i) => `"b${i}":${i % 2 === 0}`)}}`,
      {},
      "Sparse",
    ],
    [
      "unknown ids of a sparse struct",
      W.struct([2, W.bool(true)], [800, W.i32(1)], [-1, W.i32(1)]),
      "{}",
      {},
      "Sparse",
    ],
    ["no fields", W.struct(), "{}", {}, "Empty"],
    ["unknown fields only", W.struct([1, W.i32(1)], [2, W.text("x")]), "{}", {}, "Empty"],
    [
      "recursive",
      W.struct(
        [1, W.i32(1)],
        [2, W.struct([1, W.i32(2)], [2, W.struct()])],
        [3, W.list(TType.STRUCT, [W.struct(), W.struct([1, W.i32(3)])])],
        [4, W.map(TType.STRING, TType.STRUCT, [[W.text("n"), W.struct([1, W.i32(4)])]])],
      ),
      '{"v":1,"next":{"v":2,"next":{}},"kids":[{},{"v":3}],"named":{"n":{"v":4}}}',
      {},
      "Node",
    ],
  ] satisfies readonly Row[]);
});

describe("unknown values of every type are passed over", () => {
  const inner = W.struct([1, W.i32(1)], [2, W.text("x")], [3, W.bool(true)]);
  const samples: readonly (readonly [string, W.Wire])[] = [
    ...Object.entries(SCALARS).map(([name, [first]]) => [name, first!.value] as const),
    ["struct", inner],
    ["empty struct", W.struct()],
    ["list of i32", W.list(TType.I32, [W.i32(1), W.i32(2)])],
    ["list of byte", W.list(TType.BYTE, [W.byte(1), W.byte(2)])],
    ["list of bool", W.list(TType.BOOL, [W.bool(true), W.bool(false)])],
    ["list of double", W.list(TType.DOUBLE, [W.double(1)])],
    ["list of uuid", W.list(TType.UUID, [W.uuid("00112233-4455-6677-8899-aabbccddeeff")])],
    ["list of string", W.list(TType.STRING, [W.text("a"), W.text("")])],
    ["list of struct", W.list(TType.STRUCT, [inner, W.struct()])],
    ["list of list", W.list(TType.LIST, [W.list(TType.I64, [W.i64(1)]), W.list(TType.I64)])],
    ["list of map", W.list(TType.MAP, [W.map(TType.I16, TType.SET, [[W.i16(1), W.set(TType.BOOL)]])])],
    [
      "long list",
      W.list(
        TType.I16,
        Array.from({ length: 200 }, (_, i) => W.i16(i)),
      ),
    ],
    ["empty list of type 0", W.list(0)],
    ["set", W.set(TType.I32, [W.i32(1)])],
    ["map of fixed sizes", W.map(TType.BYTE, TType.DOUBLE, [[W.byte(1), W.double(2)]])],
    ["map of i32 to i64", W.map(TType.I32, TType.I64, [[W.i32(1), W.i64(2)]])],
    [
      "map of string to struct",
      W.map(TType.STRING, TType.STRUCT, [
        [W.text("k"), inner],
        [W.text(""), W.struct()],
      ]),
    ],
    [
      "map of struct to list",
      W.map(TType.STRUCT, TType.LIST, [[inner, W.list(TType.STRING, [W.text("v")])]]),
    ],
    ["empty map", W.map(TType.STRING, TType.STRING)],
    ["empty map of types 0", W.map(0, 0)],
  ];
  testRows(
    "struct S { 1: i32 a, 2: i32 b }",
    samples.map(([name, value]) => [
      name,
      W.struct([1, W.i32(1)], [99, value], [2, W.i32(2)], [100, value]),
      '{"a":1,"b":2}',
    ]),
  );
});

describe("compact protocol", () => {
  const idl = parseIdl(`
    struct S {
      1: bool b, 2: i16 h, 3: i32 i, 4: i64 l, 5: list<bool> lb, 6: map<bool,bool> mb, 7: list<i32> li, 8: string s,
      9: byte y, 10: map<string,i32> m, 11: E e, 12: binary bin, 20: bool b20
    }
    enum E { A = 1 }
  `);
  const raw = (bytes: string): W.Wire => W.raw(TType.STRUCT, bytes);
  const json = (name: string, bytes: string, expected: string): Row => [name, raw(bytes), expected];
  testRows(
    idl,
    [
      json("true in the header", "11 00", '{"b":true}'),
      json("false in the header", "12 00", '{"b":false}'),
      json("true in a long header", "01 28 00", '{"b20":true}'),
      json("delta 15", "11 f2 00", '{"b":true}'),
      json("a long id that could be short", "01 02 00", '{"b":true}'),
      json("a padded id", "01 82 80 00 00", '{"b":true}'),
      json("ids that go down", "93 05 04 04 08 02 02 00", '{"y":5,"h":4,"b":false}'),
      json("elements 1 and 2", "59 22 01 02 00", '{"lb":[true,false]}'),
      json("elements of type 1", "59 21 01 02 00", '{"lb":[true,false]}'),
      json("a false element that is 0", "59 22 01 00 00", '{"lb":[true,false]}'),
      json("a map of booleans", "6b 02 21 01 02 02 01 00", '{"mb":{"true":false,"false":true}}'),
      json("an empty map, one byte", "6b 00 00", '{"mb":{}}'),
      json("an empty map, padded", "6b 80 00 00", '{"mb":{}}'),
      json("an empty list", "79 05 00", '{"li":[]}'),
      json("an empty list of type 0", "79 00 00", '{"li":[]}'),
      json("a list of 14", `79 e5 ${"02 ".repeat(14)} 00`, `{"li":[${Array(14).fill(1)}]}`),
      json("a list of 15", `79 f5 0f ${"02 ".repeat(15)} 00`, `{"li":[${Array(15).fill(1)}]}`),
      json("a list of 2 with a long length", "79 f5 02 02 04 00", '{"li":[1,2]}'),
      json("a list of 2 with a padded length", "79 f5 82 00 02 04 00", '{"li":[1,2]}'),
      json("padded zigzag", "35 82 80 80 00 00", '{"i":1}'),
      json("an i64 of ten bytes", "46 ff ff ff ff ff ff ff ff ff 01 00", '{"l":-9223372036854775808}'),
      json("an i64 of nine bytes", "46 fe ff ff ff ff ff ff ff 7f 00", '{"l":4611686018427387903}'),
      json("i32 extremes", "35 fe ff ff ff 0f 00", '{"i":2147483647}'),
      json("i32 minimum", "35 ff ff ff ff 0f 00", '{"i":-2147483648}'),
      json("i16 maximum", "24 fe ff 03 00", '{"h":32767}'),
      json("i16 minimum", "24 ff ff 03 00", '{"h":-32768}'),
      json("a byte is no varint", "93 ff 00", '{"y":-1}'),
      json("a padded string size", '88 81 80 00 "a" 00', '{"s":"a"}'),
    ],
    ["compact"],
  );

  const bad = (name: string, before: string, marked: string, expected: ReturnType<typeof fails>): Row => [
    name,
    W.markedRaw(TType.STRUCT, before, marked),
    expected,
  ];
  testRows(
    idl,
    [
      bad("i16 too large", "24", "80 80 04 00", fails("OUT_OF_RANGE", "h")),
      bad("i16 too small", "24", "81 80 04 00", fails("OUT_OF_RANGE", "h")),
      bad("i32 of 33 bits", "35", "80 80 80 80 10 00", fails("OUT_OF_RANGE", "i")),
      bad("enum of 33 bits", "b5", "80 80 80 80 10 00", fails("OUT_OF_RANGE", "e")),
      bad("i64 of 65 bits", "46", "ff ff ff ff ff ff ff ff ff 02 00", fails("OUT_OF_RANGE", "l")),
      bad(
        "a varint of eleven bytes",
        "46",
        "80 80 80 80 80 80 80 80 80 80 00 00",
        fails("OUT_OF_RANGE", "l"),
      ),
      bad("an i32 of eleven bytes", "35", "80 80 80 80 80 80 80 80 80 80 00 00", fails("OUT_OF_RANGE", "i")),
      bad("an id beyond i16", "", "01 80 80 04 00", fails("OUT_OF_RANGE", undefined)),
      bad("an id of 33 bits", "", "01 80 80 80 80 10 00", fails("OUT_OF_RANGE", undefined)),
      bad("an id beyond i16, after a field", "12", "01 80 80 04 00", fails("OUT_OF_RANGE", undefined)),
      bad("a delta beyond the largest id", "02 fe ff 03", "11 00", fails("OUT_OF_RANGE", undefined)),
      bad("a size of 33 bits", "88", "80 80 80 80 10 00", fails("INVALID_SIZE", "s")),
      bad("a size of 32 bits", "88", "80 80 80 80 08 00", fails("INVALID_SIZE", "s")),
      bad("a binary size of 32 bits", "c8", "80 80 80 80 08 00", fails("INVALID_SIZE", "bin")),
      bad("a list length of 32 bits", "79", "f5 80 80 80 80 08 00", fails("INVALID_SIZE", "li")),
      bad("a map length of 32 bits", "6b", "80 80 80 80 08 22 00", fails("INVALID_SIZE", "mb")),
      bad(
        "a map length of eleven bytes",
        "6b",
        "80 80 80 80 80 80 80 80 80 80 00 22 00",
        fails("INVALID_SIZE", "mb"),
      ),
      bad(
        "an unknown map of a length of eleven bytes",
        "0b 80 01",
        "80 80 80 80 80 80 80 80 80 80 00 22 00",
        fails("INVALID_SIZE"),
      ),
      bad("an unknown map of a length of 32 bits", "0b 80 01", "80 80 80 80 08 22 00", fails("INVALID_SIZE")),
      bad(
        "an unknown list of a length of eleven bytes",
        "09 80 01",
        "f5 80 80 80 80 80 80 80 80 80 80 00 00",
        fails("INVALID_SIZE"),
      ),
      bad(
        "an unknown string of a size of eleven bytes",
        "08 80 01",
        "80 80 80 80 80 80 80 80 80 80 00 00",
        fails("INVALID_SIZE"),
      ),
      bad("an unknown i64 of 65 bits", "06 80 01", "ff ff ff ff ff ff ff ff ff 02 00", fails("OUT_OF_RANGE")),
      bad(
        "an unknown id of eleven bytes in an unknown struct",
        "0c 80 01",
        "05 80 80 80 80 80 80 80 80 80 80 00 00 00 00",
        fails("OUT_OF_RANGE"),
      ),
      bad("a field of type 14", "", "1e 00", fails("INVALID_TYPE", "b")),
      bad("an unknown field of type 15", "", "df 00", fails("INVALID_TYPE", undefined)),
      bad("elements of type 14", "79", "1e 00", fails("INVALID_TYPE", "li")),
      bad("elements of type 0", "79", "10 00", fails("INVALID_TYPE", "li")),
      bad("keys of type 15", "6b", "01 f2 00", fails("INVALID_TYPE", "mb")),
      bad("values of type 0", "6b", "01 20 00", fails("INVALID_TYPE", "mb")),
    ],
    ["compact"],
  );
});

describe("binary protocol", () => {
  const idl = parseIdl("struct S { 1: bool b, 2: list<bool> lb, 3: list<i32> li, 4: map<string,i32> m }");
  const raw = (bytes: string): W.Wire => W.raw(TType.STRUCT, bytes);
  testRows(
    idl,
    [
      ["true", raw("02 0001 01 00"), '{"b":true}'],
      ["false", raw("02 0001 00 00"), '{"b":false}'],
      // dynamicgo: 1 is true, anything else is not.
      ["a boolean that is 2", raw("02 0001 02 00"), '{"b":false}'],
      ["a boolean that is 255", raw("02 0001 ff 00"), '{"b":false}'],
      ["elements", raw("0f 0002 02 00000003 01 00 02 00"), '{"lb":[true,false,false]}'],
      ["an empty list of type 0", raw("0f 0003 00 00000000 00"), '{"li":[]}'],
      ["an empty map of types 0", raw("0d 0004 00 00 00000000 00"), '{"m":{}}'],
      ["an empty map of the right types", raw("0d 0004 0b 08 00000000 00"), '{"m":{}}'],
    ],
    ["binary"],
  );
  const bad = (before: string, marked: string): W.Wire => W.markedRaw(TType.STRUCT, before, marked);
  const types = [1, 5, 7, 9, 14 + 3, 18, 0x7f, 0x80, 0xff];
  testRows(
    idl,
    types.flatMap((type): Row[] => {
      const byte = type.toString(16).padStart(2, "0");
      return [
        [`type ${type} of a known field`, bad("", `${byte} 0001 00 00`), fails("INVALID_TYPE", "b")],
        [`type ${type} of an unknown field`, bad("", `${byte} 0063 00 00`), fails("INVALID_TYPE", undefined)],
        [
          `type ${type} of elements`,
          bad("0f 0003", `${byte} 00000001 00000000 00`),
          fails("INVALID_TYPE", "li"),
        ],
        [
          `type ${type} of keys`,
          bad("0d 0004", `${byte} 08 00000001 00000000 00000000 00`),
          fails("INVALID_TYPE", "m"),
        ],
        [
          `type ${type} of values`,
          bad("0d 0004", `0b ${byte} 00000001 00000000 00000000 00`),
          fails("INVALID_TYPE", "m"),
        ],
        [
          `type ${type} of skipped elements`,
          bad("0f 0063", `${byte} 00000001 00 00`),
          fails("INVALID_TYPE", undefined),
        ],
        [
          `type ${type} of skipped keys`,
          bad("0d 0063", `${byte} 08 00000001 00 00`),
          fails("INVALID_TYPE", undefined),
        ],
        [
          `type ${type} in a skipped struct`,
          bad("0c 0063", `${byte} 0001 00 00 00`),
          fails("INVALID_TYPE", undefined),
        ],
      ];
    }),
    ["binary"],
  );
});
