import { describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import type { PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { expectValue, FEED, make, PROTOCOLS, typeOf } from "./fixtures.ts";

const SKIP = { missing: "skip" } as const;

describe.each(PROTOCOLS)('missing: "skip" in %s', (protocol) => {
  it.each<[type: string, js: unknown, path: PathStep[], value: unknown]>([
    ["Feed", {}, ["cursor"], "x"],
    ["Feed", FEED, ["pinned", "title"], "x"],
    ["Feed", {}, ["pinned", "title"], "x"],
    ["Feed", {}, ["pinned", "author", "verified"], false],
    ["Feed", FEED, ["items", 3], { id: 1 }],
    ["Feed", FEED, ["items", 99, "title"], "x"],
    ["Feed", { grid: [] }, ["grid", 0], [1]],
    ["Feed", FEED, ["points", 2], { x: 5 }],
    ["Feed", FEED, ["counts", "z"], 1],
    ["Feed", FEED, ["byRank", 6, "title"], "x"],
    ["Maps", {}, ["raw", hex`ff`], 1],
    ["Maps", { text: {} }, ["text", "a"], 1],
    ["Shape", { radius: 1 }, ["name"], "x"],
    ["Shape", { radius: 1 }, ["at", "x"], 1],
  ])("leaves %s %o as it is: %o ← %o", (type, js, path, put) => {
    const value = make(type, js, protocol);
    const { node } = value;
    expect(value.set(path, put, SKIP)).toBe(false);
    value.setMany([[compilePath(typeOf(type), path), put]], SKIP);
    expect(value.node).toBe(node);
    using dom = Dom.load(value);
    expect(dom.root.set(path, put, SKIP)).toBe(false);
    expect(dom.toBytes()).toEqual(value.toBytes());
  });

  it.each<[path: PathStep[], value: unknown, after: unknown]>([
    [["cursor"], "", { ...FEED, cursor: "" }],
    [["pinned", "hidden"], false, { ...FEED, pinned: { id: 9n, hidden: false } }],
    [["counts", "b"], 7, { ...FEED, counts: { a: 1, b: 7, c: 3 } }],
    [["grid", 1], [5], { ...FEED, grid: [[1n, 2n], [5n], [-(2n ** 63n)]] }],
    [["points", 1, "x"], 1, { ...FEED, points: [{ x: 1, y: 2 }, { x: 1 }] }],
  ])("replaces what is there: %o ← %o", (path, put, after) => {
    const value = make("Feed", FEED, protocol);
    using dom = Dom.load(value);
    expect([value.set(path, put, SKIP), dom.root.set(path, put, SKIP)]).toEqual([true, true]);
    expectValue(value, after);
    expectValue(dom.toValue(), after);
  });

  it("setMany puts those that are there", () => {
    const value = make("Feed", { items: [{ id: 1, title: "a" }], more: true }, protocol);
    const entries: [PathStep[], unknown][] = [
      [["items", 0, "title"], ""],
      [["items", 0, "author", "name"], ""],
      [["pinned"], { id: 1 }],
      [["more"], false],
      [["pinned", "title"], "x"],
    ];
    value.setMany(entries, SKIP);
    expectValue(value, { items: [{ id: 1, title: "" }], more: false });
  });

  it("a value in front of which nothing is: what is put inside of it later is put or not as it has a place", () => {
    const value = make("Feed", { pinned: { id: 1 } }, protocol);
    value.setMany(
      [
        ["pinned", { id: 2, title: "t" }],
        [["pinned", "title"], "u"],
        [["pinned", "hidden"], true],
      ],
      SKIP,
    );
    expectValue(value, { pinned: { id: 2, title: "u" } });
  });

  it("every occurrence of a repeated parent that has it", () => {
    // pinned twice, the second time with a title
    const bytes = hex`0c 0004 0a 0001 0000000000000001 00 0c 0004 0b 0002 00000001 61 00 00`;
    const wanted = hex`0c 0004 0a 0001 0000000000000001 00 0c 0004 0b 0002 00000002 6262 00 00`;
    const value = Dom.load(typeOf("Feed"), bytes).toValue();
    using dom = Dom.load(typeOf("Feed"), bytes);
    expect([
      value.set(["pinned", "title"], "bb", SKIP),
      dom.root.set(["pinned", "title"], "bb", SKIP),
    ]).toEqual([true, true]);
    expect(toHex(value.bytes)).toBe(toHex(wanted));
    expect(toHex(dom.toBytes())).toBe(toHex(wanted));
  });

  it("does not hide mistakes", () => {
    const value = make("Feed", FEED, protocol);
    using dom = Dom.load(value);
    for (const target of [value, dom.root]) {
      expectThriftError(() => target.set("cursors", "x", SKIP), { code: "INVALID_PATH" });
      expectThriftError(() => target.set(["pinned", "title"], 1, SKIP), {
        code: "TYPE_MISMATCH",
        path: "pinned.title",
      });
    }
  });
});
