import { describe, expect, test } from "vitest";
import { ThriftError } from "../src/errors.ts";
import { checkOptions, describe as describeValue, oneOf } from "../src/options.ts";

describe("checkOptions", () => {
  test.each([undefined, {}, { a: 1 }, { a: undefined }, Object.create(null)])("%o", (options) => {
    expect(() => checkOptions("f", options, ["a", "bee"])).not.toThrow();
  });

  test.each<[unknown, string]>([
    [null, "f: options must be an object, got null"],
    [[], "f: options must be an object, got an array"],
    ["a", 'f: options must be an object, got "a"'],
    [() => 1, "f: options must be an object, got a function"],
    [{ be: 1 }, "f: unknown option `be`"],
    [{ beee: 1 }, "f: unknown option `beee`; did you mean `bee`?"],
    [JSON.parse('{"__proto__": 1}'), "f: unknown option `__proto__`"],
  ])("%o", (options, message) => {
    expect(() => checkOptions("f", options, ["a", "bee"])).toThrow(
      new ThriftError("INVALID_OPTION", message),
    );
  });
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
])("describe(%o)", (value, expected) => {
  expect(describeValue(value)).toBe(expected);
});
