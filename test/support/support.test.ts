import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { message, withBlanks } from "./arbitraries.ts";
import { chunksOf, concat, hex, toHex, twoChunks, utf8, withNoise } from "./bytes.ts";
import { decodeWithNpmThrift, encodeWithNpmThrift } from "./npm-thrift.ts";
import { createRandom } from "./random.ts";
import { rootType, toIdl, toJsonText } from "./schema.ts";

describe("hex", () => {
  it.each([
    ["", hex``, []],
    ["pairs with and without blanks", hex`00 0aFF`, [0, 10, 255]],
    [
      "comments and line breaks",
      hex`
        01 // the first "quoted" word
        02`,
      [1, 2],
    ],
    ["quoted text", hex`"hé"`, [0x68, 0xc3, 0xa9]],
    ["interpolated bytes and hex", hex`01 ${hex`02 03`} ${"04"}`, [1, 2, 3, 4]],
  ])("reads %s", (_name, bytes, expected) => {
    expect([...bytes]).toEqual(expected);
  });

  it.each(["0", "0g", "00 1"])("rejects %j", (text) => {
    expect(() => hex(text)).toThrow(SyntaxError);
  });
});

describe("cutting bytes", () => {
  const bytes = utf8("hello");
  it("keeps the bytes of a view within noise", () => {
    const view = withNoise(bytes);
    expect(toHex(view)).toBe(toHex(bytes));
    expect(view.byteOffset % 2).toBe(1);
    expect(view.buffer.byteLength).toBeGreaterThan(view.byteOffset + view.length);
  });
  it.each([
    [1, ["h", "e", "l", "l", "o"]],
    [2, ["he", "ll", "o"]],
    [
      [1, 3],
      ["h", "ell", "o"],
    ],
    [9, ["hello"]],
  ])("makes chunks of %j", (size, expected) => {
    expect(chunksOf(bytes, size).map((chunk) => Buffer.from(chunk).toString())).toEqual(expected);
  });
  it("makes every pair of chunks", () => {
    expect(twoChunks(bytes).map(concat)).toEqual(Array(6).fill(bytes));
  });
});

it("random numbers repeat for a seed", () => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 5 }, () => random.int(-10, 10));
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

describe("random messages", () => {
  const seeded = { seed: 1, numRuns: 200 };

  it.each(["binary", "compact"] as const)("pass through npm thrift unchanged: %s", (protocol) => {
    fc.assert(
      fc.property(message(), ({ schema, value, json }) => {
        const type = rootType(schema);
        const bytes = encodeWithNpmThrift(schema, type, value, protocol);
        expect(toJsonText(schema, type, decodeWithNpmThrift(schema, type, bytes, protocol))).toBe(json);
      }),
      seeded,
    );
  });

  it("have JSON text, with blanks or without", () => {
    const messages = message().chain(({ json }) => withBlanks(json).map((spaced) => ({ json, spaced })));
    fc.assert(
      fc.property(messages, ({ json, spaced }) => {
        expect(JSON.parse(spaced)).toEqual(JSON.parse(json));
      }),
      seeded,
    );
  });

  it("cover every type, flavor and map key", () => {
    const idl = fc
      .sample(message(), { seed: 1, numRuns: 300 })
      .map(({ schema }) => toIdl(schema))
      .join("\n");
    const words = ["union S", "exception S", "enum E", "api.key", "__proto__", "uuid", "set<", "list<list<"];
    const keys = ["string", "i64", "double", "binary", "uuid", "bool", "byte", "E0", "S0", "list<", "map<"];
    for (const word of [...words, ...keys.map((key) => `map<${key}`)]) expect(idl).toContain(word);
  });
});
