import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompiledPath } from "../../src/path/compiled-path.ts";
import type { PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { message } from "../support/arbitraries.ts";
import { toHex } from "../support/bytes.ts";
import { createRandom } from "../support/random.ts";
import { feed, make, PROTOCOLS } from "./fixtures.ts";
import { plainOf, randomPath, structOfModel, valueOfModel } from "./random-message.ts";

const RUNS = 40;

describe.each(PROTOCOLS)("getMany in %s", (protocol) => {
  const value = feed(protocol);

  it.each<[paths: (PathStep | PathStep[])[], expected: unknown[]]>([
    [[], []],
    [
      ["more", "cursor"],
      [true, "next"],
    ],
    [
      ["cursor", "more"],
      ["next", true],
    ],
    [
      ["more", ["more"], "more"],
      [true, true, true],
    ],
    [
      [
        ["items", 2, "id"],
        ["items", 0, "id"],
        ["items", 7, "id"],
        ["items", 1, "id"],
      ],
      [3n, 1n, undefined, 2n],
    ],
    [
      [
        ["items", 0, "tags", 2],
        ["items", 0, "tags", 0],
      ],
      ["größe", "a"],
    ],
    [
      [
        ["counts", "c"],
        ["counts", "zz"],
        ["counts", "a"],
        ["counts", "b"],
      ],
      [3, undefined, 1, -2],
    ],
    [
      [
        ["byRank", -1, "id"],
        ["byRank", 5, "title"],
        ["byRank", 5n, "id"],
      ],
      [2n, "one", 1n],
    ],
    [
      [["pinned", "id"], ["pinned"], ["pinned", "hidden"]],
      [9n, { id: 9n, hidden: true }, true],
    ],
    [
      [["pinned"], ["pinned", "author", "id"], ["pinned", "author"]],
      [{ id: 9n, hidden: true }, undefined, undefined],
    ],
    [
      [
        ["grid", 2, 0],
        ["grid", 1, 0],
        ["grid", 0, 1],
      ],
      [-(2n ** 63n), undefined, 2n],
    ],
    [
      [["flags", 1], ["flags", 0], "flags"],
      [false, true, [true, false, true]],
    ],
  ])("%o → %o", (paths, expected) => {
    const many = value.getMany(paths);
    expect(many.map((found) => found?.toJS())).toEqual(expected);
    const single = paths.map((path) => value.get(path));
    expect(many.map((found) => found?.node.start)).toEqual(single.map((found) => found?.node.start));
    expect(many.map((found) => found?.node.end)).toEqual(single.map((found) => found?.node.end));
  });

  it("entries of a map, whatever their order", () => {
    const map = make("map<string,i32>", { a: 1, b: 2, c: 3 }, protocol);
    for (const keys of ["abc", "cba", "bac", "cxa", "xyz", "aab"]) {
      const paths = [...keys];
      expect(map.getMany(paths).map((found) => found?.asNumber())).toEqual(
        paths.map((key) => ({ a: 1, b: 2, c: 3 })[key]),
      );
    }
  });

  it("many entries of a large map", () => {
    const entries = Array.from({ length: 500 }, (_, index) => [index * 7, index] as const);
    const map = make("map<i32,i32>", new Map(entries), protocol);
    const keys = entries.map(([key]) => key + (key % 2)).reverse();
    const expected = keys.map((key) => (key % 7 === 0 ? key / 7 : undefined));
    expect(map.getMany(keys).map((found) => found?.asNumber())).toEqual(expected);
  });
});

describe.each(PROTOCOLS)("random paths in %s", (protocol) => {
  it("get, getMany, has and compiled paths agree with the model and with each other", () => {
    const property = fc.property(message(), fc.nat(), (model, seed) => {
      const random = createRandom(seed);
      const type = structOfModel(model.schema);
      const value = valueOfModel(model, type, protocol);
      const paths = Array.from({ length: 8 }, () => randomPath(random, model, protocol));
      const mixed = paths.map(({ steps }) => (random.chance(0.5) ? steps : compilePath(type, steps)));
      const many = value.getMany(mixed);
      for (const [index, path] of paths.entries()) {
        const expected = path.value === undefined ? undefined : plainOf(model.schema, path.type, path.value);
        const got = value.get(path.steps);
        expect(got?.toJS()).toEqual(expected);
        got?.validate();
        expect(value.has(path.steps)).toBe(path.value !== undefined);
        const hexOfGot = got === undefined ? undefined : toHex(got.bytes);
        for (const other of [value.get(compilePath(type, path.steps)), many[index]]) {
          expect(other === undefined ? undefined : toHex(other.bytes)).toBe(hexOfGot);
          expect(other?.descriptor).toBe(got?.descriptor);
        }
      }
    });
    fc.assert(property, { numRuns: RUNS, seed: 3 });
  });

  it("the keys of an iteration lead to the parts", () => {
    const property = fc.property(message(), (model) => {
      const type = structOfModel(model.schema);
      const parts = [valueOfModel(model, type, protocol)];
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        if (!["struct", "list", "set", "map"].includes(part.descriptor.kind)) continue;
        const entries = [...part];
        expect(entries).toHaveLength(part.length);
        const found = part.getMany(entries.map(([key]) => key));
        for (const [index, [key, child]] of entries.entries()) {
          const places = [child, part.get(key), found[index], part.get(compilePath(part.descriptor, key))];
          expect(new Set(places.map((place) => `${place?.node.start} ${place?.node.end}`)).size).toBe(1);
          parts.push(child);
        }
      }
    });
    fc.assert(property, { numRuns: RUNS, seed: 4 });
  });

  it("compiled paths are CompiledPath, and go through ThriftNode too", () => {
    const value = feed(protocol);
    const path = compilePath(value.descriptor, ["byRank", 5, "title"]);
    expect(path).toBeInstanceOf(CompiledPath);
    expect(value.node.get(path)?.asString()).toBe("one");
    expect(value.node.getMany([path, path]).map((node) => node?.asString())).toEqual(["one", "one"]);
  });
});
