import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { formatPath } from "../../src/path/format.ts";
import { compilePath } from "../../src/value/route.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idl, make, TType } from "./fixtures.ts";

describe("what is no list of paths", () => {
  it.each<[what: string, given: unknown, shown: string]>([
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    // Its characters would be names of fields.
    ["a text", "more", "a string"],
    ["an object", { more: true }, "an object"],
    ["a number", 7, "a number"],
  ])("%s", (_, given, shown) => {
    const value = feed("binary");
    const expected = (caller: string) =>
      ({ code: "INVALID_OPTION", message: `${caller}: expected an array, got ${shown}` }) as const;
    for (const each of [value, value.node]) {
      expectThriftError(() => each.getMany(given as never), expected("getMany"));
      expectThriftError(() => each.setMany(given as never), expected("setMany"));
      expectThriftError(() => each.deleteMany(given as never), expected("deleteMany"));
    }
    expectThriftError(() => ThriftNode.structOf(given as never), expected("structOf"));
    expectThriftError(() => ThriftNode.listOf(TType.I32, given as never), expected("listOf"));
    expectThriftError(() => ThriftNode.setOf(TType.I32, given as never), expected("setOf"));
    expectThriftError(() => ThriftNode.mapOf(TType.I32, TType.I32, given as never), expected("mapOf"));
    expect(value.toJS()).toEqual(make("Feed", FEED, "binary").toJS());
  });
});

it("a protocol that is none", () => {
  const expected = { code: "INVALID_OPTION", message: /"binary" or "compact"/ } as const;
  expectThriftError(() => ThriftNode.of(TType.I32, 1, "Compact" as never), expected);
  expectThriftError(() => ThriftNode.listOf(TType.I32, [1], "json" as never), expected);
});

it("a compiled path is written as the path that it is", () => {
  const path = compilePath(idl.struct("Feed"), ["items", 0, "attrs", "a.b"]);
  expect(String(path)).toBe('items[0].attrs["a.b"]');
  expect(formatPath(path)).toBe('items[0].attrs["a.b"]');
  expect(JSON.stringify({ path })).toBe(JSON.stringify({ path: 'items[0].attrs["a.b"]' }));
});

it("a node in a log shows nothing of the message around", () => {
  const title = feed("binary").get(["items", 0, "title"])!;
  expect(JSON.stringify(title.node)).toBe('{"type":"string","size":7}');
});
