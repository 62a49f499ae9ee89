import { describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import type { PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { expectValue, make, PROTOCOLS, typeOf, UUID } from "./fixtures.ts";

describe.each(PROTOCOLS)("createParents in %s", (protocol) => {
  const point = Value.of(typeOf("Point"), { x: 1 }, { protocol }).bytes;
  const numbers = Value.of(typeOf("list<i32>"), [1, 2], { protocol }).bytes;

  it.each<[type: string, before: unknown, path: PathStep[], value: unknown, after: unknown]>([
    // Structs
    ["Author", {}, ["invitedBy", "id"], 2, { invitedBy: { id: 2 } }],
    [
      "Author",
      { id: 1 },
      ["invitedBy", "invitedBy", "verified"],
      true,
      { id: 1, invitedBy: { invitedBy: { verified: true } } },
    ],
    [
      "Author",
      { id: 1, invitedBy: { id: 2 } },
      ["invitedBy", "invitedBy", "id"],
      3,
      { id: 1, invitedBy: { id: 2, invitedBy: { id: 3 } } },
    ],
    ["Feed", {}, ["pinned", "author", "name"], "n", { pinned: { author: { name: "n" } } }],
    // Lists and sets: a first element, or one more
    ["Feed", {}, ["items", 0, "author", "id"], 7, { items: [{ author: { id: 7 } }] }],
    ["Feed", { items: [{ id: 1 }] }, ["items", 1, "id"], 2, { items: [{ id: 1 }, { id: 2 }] }],
    ["Feed", {}, ["grid", 0, 0], 5, { grid: [[5]] }],
    ["Feed", { grid: [[1], []] }, ["grid", 1, 0], 5, { grid: [[1], [5]] }],
    ["Feed", { grid: [[1]] }, ["grid", 1, 0], 5, { grid: [[1], [5]] }],
    ["Feed", {}, ["points", 0, "x"], 5, { points: [{ x: 5 }] }],
    ["Feed", { points: [{ x: 1 }] }, ["points", 1, "x"], 5, { points: [{ x: 1 }, { x: 5 }] }],
    ["Feed", {}, ["flags", 0], true, { flags: [true] }],
    // Maps, with keys of every type
    ["Maps", {}, ["text", "größe"], 1, { text: { größe: 1 } }],
    ["Maps", {}, ["raw", hex`ff`], 1, { raw: new Map([[hex`ff`, 1]]) }],
    ["Maps", {}, ["bools", false], 1, { bools: { false: 1 } }],
    ["Maps", {}, ["bytes", -1], 1, { bytes: { "-1": 1 } }],
    ["Maps", {}, ["shorts", 300], 1, { shorts: { "300": 1 } }],
    ["Maps", {}, ["ints", -7n], 1, { ints: { "-7": 1 } }],
    ["Maps", {}, ["longs", 2n ** 62n], 1, { longs: { [String(2n ** 62n)]: 1 } }],
    ["Maps", {}, ["doubles", -0], 1, { doubles: [[-0, 1]] }],
    ["Maps", {}, ["doubles", Number.NaN], 1, { doubles: [[Number.NaN, 1]] }],
    ["Maps", {}, ["colors", "BLUE"], 1, { colors: { BLUE: 1 } }],
    ["Maps", {}, ["ids", UUID], 1, { ids: { [UUID]: 1 } }],
    ["Maps", {}, ["points", point], 1, { points: [[{ x: 1 }, 1]] }],
    ["Maps", {}, ["lists", numbers], 1, { lists: [[[1, 2], 1]] }],
    ["Maps", {}, ["places", "p", "label"], "l", { places: { p: { label: "l" } } }],
    ["Maps", { places: { q: { x: 1 } } }, ["places", "p", "x"], 2, { places: { q: { x: 1 }, p: { x: 2 } } }],
    ["Maps", {}, ["flags", 3], true, { flags: { "3": true } }],
    ["map<i32,map<string,list<Point>>>", {}, [1, "a", 0, "x"], 2, [[1, { a: [{ x: 2 }] }]]],
  ])("%s %o: %o ← %o gives %o", (type, before, path, js, after) => {
    const value = make(type, before, protocol);
    expect(value.set(path, js, { createParents: true })).toBe(false);
    expectValue(value, after);
    expect(value.set(path, js)).toBe(true);
    expectValue(value, after);
    using dom = Dom.load(make(type, before, protocol));
    expect(dom.root.set(path, js, { createParents: true })).toBe(false);
    expectValue(dom.toValue(), after);
    // The new value may come in the other protocol; the parents, whose keys are given in this one, do not.
    const other = protocol === "binary" ? "compact" : "binary";
    const target = make(type, before, protocol);
    target.set(path, Value.of(compilePath(typeOf(type), path).target, js, { protocol: other }), {
      createParents: true,
    });
    expectValue(target, after);
    const many = make(type, before, protocol);
    many.setMany([[compilePath(typeOf(type), path), js]], { createParents: true });
    expectValue(many, after);
  });

  it("under the limits of the message, whatever those of the new value", () => {
    const path = ["pinned", "author", "name"];
    const text = Value.of(typeOf("Author"), { id: 1, name: "n" }, { protocol }).get("name")!;
    for (const limits of [{ maxDepth: 1 }, { maxOutputSize: 4 }]) {
      const part = Value.from(text.descriptor, text.toBytes(), { protocol, limits });
      const value = make("Feed", {}, protocol);
      using dom = Dom.load(make("Feed", {}, protocol));
      for (const target of [value, dom.root]) target.set(path, part, { createParents: true });
      expectValue(value, { pinned: { author: { name: "n" } } });
      expectValue(dom.toValue(), { pinned: { author: { name: "n" } } });
    }
    const { bytes } = make("Feed", {}, protocol);
    const value = Value.from(typeOf("Feed"), bytes, { protocol, limits: { maxDepth: 2 } });
    using dom = Dom.load(value);
    for (const target of [value, dom.root]) {
      expectThriftError(
        () => {
          target.set([...path.slice(0, 2), "invitedBy", "name"], text, { createParents: true });
          dom.toBytes();
        },
        { code: "LIMIT_EXCEEDED" },
      );
    }
  });

  it("makes unions too", () => {
    const value = Value.empty(typeOf("Shape"), { protocol });
    expectThriftError(() => value.set(["at", "x"], 1), { code: "NOT_FOUND", path: "at" });
    expect(value.set(["at", "x"], 1, { createParents: true })).toBe(false);
    expectValue(value, { at: { x: 1 } });
  });

  it.each<[type: string, before: unknown, path: PathStep[], at: string]>([
    ["Feed", {}, ["items", 1, "id"], "items[1]"],
    ["Feed", { items: [{ id: 1 }] }, ["items", 3, "id"], "items[3]"],
    ["Feed", { grid: [] }, ["grid", 1, 0], "grid[1]"],
    ["Feed", { grid: [] }, ["grid", 0, 1], "grid[0][1]"],
    ["Feed", {}, ["points", 1, "x"], "points[1]"],
  ])("makes no holes: %s %o: %o", (type, before, path, at) => {
    const value = make(type, before, protocol);
    const bytes = toHex(value.bytes);
    using dom = Dom.load(value);
    for (const target of [value, dom.root]) {
      expectThriftError(() => target.set(path, 1, { createParents: true }), { code: "NOT_FOUND", path: at });
    }
    expect(toHex(value.bytes)).toBe(bytes);
    expect(toHex(dom.toBytes())).toBe(bytes);
  });
});
