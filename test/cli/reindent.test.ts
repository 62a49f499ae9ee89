import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reindenter } from "../../src/cli/reindent.ts";
import { ByteWriter } from "../../src/index.ts";
import { chunksOf, fromUtf8, twoChunks, utf8, withNoise } from "../support/bytes.ts";

function layOut(chunks: Iterable<Uint8Array>, indent: number): string {
  const output = new ByteWriter({ capacity: 0 });
  const reindenter = new Reindenter(indent);
  for (const chunk of chunks) reindenter.push(chunk, output);
  return fromUtf8(output.view());
}

describe("indented by 2", () => {
  it.each([
    ["1", "1"],
    ["  null\n", "null"],
    ['"a"', '"a"'],
    ["{}", "{}"],
    ["{ }", "{}"],
    ["[\n]", "[]"],
    ["[[],{}]", "[\n  [],\n  {}\n]"],
    ['{"a":1,"b":[true,false]}', '{\n  "a": 1,\n  "b": [\n    true,\n    false\n  ]\n}'],
    ['{"a b":"{[,:]} "}', '{\n  "a b": "{[,:]} "\n}'],
    ['["\\"","\\\\",", "]', '[\n  "\\"",\n  "\\\\",\n  ", "\n]'],
    // Digits and spellings that JSON.parse would change.
    ["[9223372036854775807,-0,1e400,1.50]", "[\n  9223372036854775807,\n  -0,\n  1e400,\n  1.50\n]"],
    ['["\\u00e4\\/","ä"]', '[\n  "\\u00e4\\/",\n  "ä"\n]'],
  ])("%s", (json, expected) => {
    expect(layOut([utf8(json)], 2)).toBe(expected);
    for (const pieces of twoChunks(utf8(json))) expect(layOut(pieces, 2)).toBe(expected);
    expect(layOut(chunksOf(withNoise(utf8(json)), 1), 2)).toBe(expected);
  });
});

describe("on one line", () => {
  it.each([
    ['{ "a" : [ 1 , 2 ],\r\n\t"b c": " d\\" e " }', '{"a":[1,2],"b c":" d\\" e "}'],
    ["[ ]", "[]"],
    [' "x y" ', '"x y"'],
  ])("%s", (json, expected) => {
    expect(layOut([utf8(json)], 0)).toBe(expected);
    expect(layOut(chunksOf(utf8(json), 1), 0)).toBe(expected);
  });
});

it("is what JSON.stringify makes of random values, in chunks of any size", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 9 }), fc.boolean(), (value, size, spaced) => {
      const text = JSON.stringify(value, undefined, spaced ? 3 : 0);
      expect(layOut(chunksOf(utf8(text), size), 2)).toBe(JSON.stringify(value, undefined, 2));
      expect(layOut(chunksOf(utf8(text), size), 0)).toBe(JSON.stringify(value));
    }),
    { seed: 20250101, numRuns: 300 },
  );
});
