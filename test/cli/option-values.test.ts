import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { collect, int32, limit, missing, size, word } from "../../src/cli/option-values.ts";

type Parser = (value: string) => unknown;
const protocol = word(["binary", "compact"]);

describe("accepts", () => {
  it.each<[name: string, parse: Parser, value: string, expected: unknown]>([
    ["word", protocol, "compact", "compact"],
    ["size", size, "0", 0],
    ["size", size, "1000", 1000],
    ["size", size, "64K", 65_536],
    ["size", size, "64kB", 65_536],
    ["size", size, "3MiB", 3 * 1024 * 1024],
    ["size", size, "2g", 2 * 1024 ** 3],
    ["size", size, "none", Number.POSITIVE_INFINITY],
    ["limit", limit, "1", 1],
    ["limit", limit, "none", Number.POSITIVE_INFINITY],
    ["int32", int32, "-2147483648", -2_147_483_648],
    ["int32", int32, "2147483647", 2_147_483_647],
    ["missing", missing, "required=write", { required: "write" }],
    ["missing", missing, "default=write, optional=omit", { default: "write", optional: "omit" }],
    ["missing", missing, "required=omit,required=error", { required: "error" }],
  ])("%s %s", (_name, parse, value, expected) => {
    expect(parse(value)).toEqual(expected);
  });

  it("several values of one option", () => {
    expect(collect("b", collect("a"))).toEqual(["a", "b"]);
  });
});

describe("rejects", () => {
  it.each<[name: string, parse: Parser, value: string, message: string]>([
    ["word", protocol, "compct", "it must be binary or compact; did you mean `compact`?"],
    ["word", protocol, "", "it must be binary or compact"],
    ["word", word(["a", "b", "c"]), "x", "it must be a, b or c"],
    ["size", size, "1.5M", "it must be a number such as 1000, 64K or 1G, or none"],
    ["size", size, "-1", "it must be a number such as 1000, 64K or 1G, or none"],
    ["size", size, "10X", "it must be a number such as 1000, 64K or 1G, or none"],
    ["limit", limit, "0", "it must be a positive integer, or none"],
    ["limit", limit, "1e3", "it must be a positive integer, or none"],
    ["int32", int32, "2147483648", "it must be a 32-bit integer"],
    ["int32", int32, "0x10", "it must be a 32-bit integer"],
    ["missing", missing, "required", "it must look like required=write,optional=omit"],
    ["missing", missing, "required=write=omit", "it must look like required=write,optional=omit"],
    [
      "missing",
      missing,
      "requird=write",
      "it must be required, default or optional; did you mean `required`?",
    ],
    ["missing", missing, "required=wrte", "it must be error, omit or write; did you mean `write`?"],
  ])("%s %s", (_name, parse, value, message) => {
    expect(() => parse(value)).toThrow(new InvalidArgumentError(message));
  });
});
