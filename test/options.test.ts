import { describe, expect, test } from "vitest";
import { ThriftError } from "../src/errors.ts";
import { checkOptions, describe as describeValue, kindOf, oneOf, shorten } from "../src/options.ts";

describe("checkOptions", () => {
  test.each([undefined, {}, { a: 1 }, { a: undefined }, Object.create(null)])("%o", (options) => {
    expect(() => checkOptions("f", options, ["a", "bee"])).not.toThrow();
  });

  test.each<[unknown, string]>([
    [null, "f: options must be an object, got null"],
    [[], "f: options must be an object, got an array"],
    ["a", "f: options must be an object, got a string"],
    [() => 1, "f: options must be an object, got a function"],
    [{ be: 1 }, "f: unknown option `be`"],
    [{ beee: 1 }, "f: unknown option `beee`; did you mean `bee`?"],
    [{ ["x".repeat(50)]: 1 }, `f: unknown option \`${"x".repeat(40)}…\``],
    [JSON.parse('{"__proto__": 1}'), "f: unknown option `__proto__`"],
  ])("%o", (options, message) => {
    expect(() => checkOptions("f", options, ["a", "bee"])).toThrow(
      new ThriftError("INVALID_OPTION", message),
    );
  });
});

test("an option of another function", () => {
  const elsewhere = { name: "g", optionNames: ["c", "bee"] };
  const expected = new ThriftError("INVALID_OPTION", "f: unknown option `c`; `g` has it");
  expect(() => checkOptions("f", { c: 1 }, ["a", "bee"], elsewhere)).toThrow(expected);
  expect(() => checkOptions("f", { bee: 1 }, ["a", "bee"], elsewhere)).not.toThrow();
});

describe("oneOf", () => {
  test("the word, or undefined", () => {
    expect(oneOf("o", "skip", ["skip", "error"])).toBe("skip");
    expect(oneOf("o", undefined, ["skip", "error"])).toBeUndefined();
  });

  test.each<[unknown, string]>([
    ["skp", 'option `o` must be "skip" or "error", got "skp"; did you mean `skip`?'],
    [1, 'option `o` must be "skip" or "error", got 1'],
    [null, 'option `o` must be "skip" or "error", got null'],
    [{}, 'option `o` must be "skip" or "error", got an object'],
  ])("%o", (value, message) => {
    expect(() => oneOf("o", value, ["skip", "error"])).toThrow(new ThriftError("INVALID_OPTION", message));
  });
});

test.each<[unknown, string]>([
  [undefined, "undefined"],
  [1n, "1"],
  [Symbol("s"), "a symbol"],
  ["x".repeat(40), `"${"x".repeat(40)}"`],
  ["x".repeat(41), `"${"x".repeat(40)}…"`],
  [`${"x".repeat(39)}😀`, `"${"x".repeat(39)}…"`],
  [10n ** 50n, `1${"0".repeat(39)}…`],
  [["x"], "an array"],
])("describe(%o)", (value, expected) => {
  expect(describeValue(value)).toBe(expected);
});

test.each<[unknown, string]>([
  ["secret", "a string"],
  [4111111111111111, "a number"],
  [1n, "a bigint"],
  [true, "a boolean"],
  [null, "null"],
  [undefined, "undefined"],
  [["secret"], "an array"],
  [{ secret: 1 }, "an object"],
  [() => "secret", "a function"],
])("kindOf(%o)", (value, expected) => {
  expect(kindOf(value)).toBe(expected);
});

describe("shorten", () => {
  test.each<[text: string, length: number, expected: string]>([
    ["", 3, ""],
    ["abc", 3, "abc"],
    ["abcd", 3, "abc…"],
    ["ab😀", 4, "ab😀"],
    ["ab😀c", 4, "ab😀…"],
    ["ab😀c", 3, "ab…"],
    ["ab\ud83dc", 3, "ab…"],
    ["ab\ude00c", 3, "ab\ude00…"],
  ])("%j to %d", (text, length, expected) => {
    expect(shorten(text, length)).toBe(expected);
  });
});
