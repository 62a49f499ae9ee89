import { describe, expect, it } from "vitest";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idl, PROTOCOLS } from "../value/fixtures.ts";
import { expectDom, load, loadBytes } from "./fixtures.ts";

const DEPTHS = [0, 1, 9];
const number = (node: DomNode): number => node.asNumber();
const ascending = (a: DomNode, b: DomNode): number => number(a) - number(b);

describe.each(PROTOCOLS)("a list in %s", (protocol) => {
  describe.each<
    [what: string, before: number[], edit: (root: DomNode) => unknown, result: unknown, after: number[]]
  >([
    ["set", [1, 2, 3], (list) => list.set(1, 7), true, [1, 7, 3]],
    ["set at the length", [1, 2], (list) => list.set(2, 7), false, [1, 2, 7]],
    ["set at the length of an empty one", [], (list) => list.set(0, 7), false, [7]],
    ["set the first and the last", [1, 2], (list) => [list.set(0, 8), list.set(1, 9)], [true, true], [8, 9]],
    ["delete the first", [1, 2, 3], (list) => list.delete(0), true, [2, 3]],
    ["delete one between", [1, 2, 3], (list) => list.delete(1), true, [1, 3]],
    ["delete the last", [1, 2, 3], (list) => list.delete(2), true, [1, 2]],
    ["delete the only one", [1], (list) => list.delete(0), true, []],
    ["delete beyond the end", [1], (list) => list.delete(1), false, [1]],
    [
      "delete all, one after the other",
      [1, 2],
      (list) => [list.delete(0), list.delete(0), list.delete(0)],
      [true, true, false],
      [],
    ],
    ["insert at the start", [1, 2], (list) => list.insert(0, 7), undefined, [7, 1, 2]],
    ["insert between", [1, 2], (list) => list.insert(1, 7), undefined, [1, 7, 2]],
    ["insert at the end", [1, 2], (list) => list.insert(2, 7), undefined, [1, 2, 7]],
    ["insert into an empty one", [], (list) => list.insert(0, 7), undefined, [7]],
    ["push nothing", [1], (list) => list.push(), undefined, [1]],
    ["push one", [1], (list) => list.push(7), undefined, [1, 7]],
    ["push many", [], (list) => list.push(7, 8, 9), undefined, [7, 8, 9]],
    [
      "push behind what has been pushed",
      [1],
      (list) => [list.push(2), list.push(3)],
      [undefined, undefined],
      [1, 2, 3],
    ],
    [
      "push after deleting the last",
      [1, 2],
      (list) => [list.delete(1), list.push(3)],
      [true, undefined],
      [1, 3],
    ],
    ["push after deleting all", [1], (list) => [list.delete(0), list.push(3)], [true, undefined], [3]],
    ["sort", [3, 1, 2], (list) => list.sort(ascending).length, 3, [1, 2, 3]],
    ["sort none", [], (list) => list.sort(ascending).length, 0, []],
    ["sort down", [1, 2, 3], (list) => list.sort((a, b) => ascending(b, a)).length, 3, [3, 2, 1]],
    [
      "push behind what has been sorted",
      [2, 1],
      (list) => list.sort(ascending).push(3),
      undefined,
      [1, 2, 3],
    ],
    ["filter", [1, 2, 3, 4], (list) => list.filter((node) => number(node) % 2 === 0), 2, [2, 4]],
    ["filter by index", [5, 6, 7], (list) => list.filter((_, index) => index !== 0), 1, [6, 7]],
    ["filter all out", [1, 2], (list) => list.filter(() => false), 2, []],
    ["filter none out", [1, 2], (list) => list.filter(() => true), 0, [1, 2]],
    [
      "push behind what has been filtered",
      [1, 2],
      (list) => [list.filter(() => false), list.push(3)],
      [2, undefined],
      [3],
    ],
    ["move on", [1, 2, 3, 4], (list) => list.move(0, 2), undefined, [2, 3, 1, 4]],
    ["move back", [1, 2, 3, 4], (list) => list.move(3, 1), undefined, [1, 4, 2, 3]],
    ["move to where it is", [1, 2], (list) => list.move(1, 1), undefined, [1, 2]],
    [
      "push behind what has been moved",
      [1, 2],
      (list) => [list.move(1, 0), list.push(3)],
      [undefined, undefined],
      [2, 1, 3],
    ],
    ["append", [1, 2], (list) => list.append([3, 4]), undefined, [1, 2, 3, 4]],
    ["append to an empty one", [], (list) => list.append([3]), undefined, [3]],
    ["append nothing", [1], (list) => list.append([]), undefined, [1]],
    ["append itself", [1, 2], (list) => list.append(list), undefined, [1, 2, 1, 2]],
  ])("%s", (_, before, edit, result, after) => {
    it.each(DEPTHS)("loaded to depth %d", (depth) => {
      using dom = load("list<i32>", before, protocol, { depth });
      expect(edit(dom.root)).toEqual(result);
      expect(dom.root.length).toBe(after.length);
      expect(dom.root.children.map(({ step }) => step)).toEqual(after.map((_, index) => index));
      expectDom(dom, after);
      // The same inside of a list.
      using outer = load("list<list<i32>>", [[9], before, []], protocol, { depth });
      expect(edit(outer.root.get(1)!)).toEqual(result);
      expectDom(outer, [[9], after, []]);
    });
  });

  it.each([13, 14, 15, 16, 127, 128, 200])("lengths around %d, where headers get another size", (length) => {
    const numbers = Array.from({ length }, (_, i) => i);
    using dom = load("list<i32>", numbers, protocol);
    dom.root.push(-1);
    expectDom(dom, [...numbers, -1]);
    dom.root.push(-2);
    expectDom(dom, [...numbers, -1, -2]);
    dom.root.filter((node) => number(node) >= 0);
    dom.root.delete(length - 1);
    expectDom(dom, numbers.slice(0, -1));
  });

  it("the bytes, by hand", () => {
    using dom = load("list<bool>", [true, false], protocol);
    dom.root.insert(1, false);
    dom.root.move(0, 2);
    expect(toHex(dom.toBytes())).toBe(protocol === "binary" ? "0200000003000001" : "32020201");
    dom.root.filter(() => false);
    expect(toHex(dom.toBytes())).toBe(protocol === "binary" ? "0200000000" : "02");
  });

  it("a header of another form stays until the number of elements changes", () => {
    // compact: bools as type 1, and the length in a varint of two bytes though it is small
    const bytes = protocol === "binary" ? hex`02 00000002 01 00` : hex`f1 82 00 01 02`;
    using dom = loadBytes(idl.type("list<bool>"), bytes, protocol);
    dom.root.move(0, 1);
    expect(toHex(dom.toBytes())).toBe(protocol === "binary" ? "02000000020001" : "f182000201");
    dom.root.push(true);
    expect(toHex(dom.toBytes())).toBe(protocol === "binary" ? "0200000003000101" : "32020101");
  });

  it("items of a feed: rows deleted across the list, sorted, inserted, with edits inside", () => {
    using dom = load("Feed", FEED, protocol);
    const items = dom.root.get("items")!;
    expect(items.filter((item) => item.get("hidden")?.asBoolean() !== true)).toBe(1);
    items.sort((a, b) => Number(b.get("id")!.asBigInt() - a.get("id")!.asBigInt()));
    items.insert(1, { id: 5n, tags: ["new"] });
    items.get([1, "tags"])!.push("newer");
    items.get(0)!.set("title", "first");
    const [one, , three] = FEED.items as readonly object[];
    expectDom(dom, {
      ...FEED,
      items: [{ ...three, title: "first" }, { id: 5n, tags: ["new", "newer"] }, one],
    });
  });

  it("sort is stable and sees the nodes as they are", () => {
    const words = ["bb", "a", "cc", "b", "aa"];
    using dom = load("list<string>", words, protocol);
    dom.root.sort((a, b) => a.asString().length - b.asString().length);
    expectDom(dom, ["a", "b", "bb", "cc", "aa"]);
    const seen = new Set<unknown>();
    dom.root.sort((a, b) => {
      seen.add(a.step).add(b.step);
      return a.asString() < b.asString() ? -1 : 1;
    });
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
    expectDom(dom, ["a", "aa", "b", "bb", "cc"]);
  });

  it("handles keep to their elements while these move", () => {
    using dom = load("list<i32>", [1, 2, 3], protocol);
    const nodes = dom.root.children;
    dom.root.move(0, 2);
    dom.root.insert(0, 9);
    expect(nodes.map((node) => [node.step, node.asNumber()])).toEqual([
      [3, 1],
      [1, 2],
      [2, 3],
    ]);
    dom.root.sort(ascending);
    expect(nodes.map(({ step }) => step)).toEqual([0, 1, 2]);
    dom.root.filter((node) => number(node) !== 2);
    expect(nodes.map(({ step }) => step)).toEqual([0, undefined, 1]);
  });

  it.each<[what: string, act: (list: DomNode) => unknown, code: string, at: string | undefined]>([
    ["set beyond the length", (list) => list.set(4, 1), "NOT_FOUND", "[4]"],
    ["insert beyond the length", (list) => list.insert(4, 1), "NOT_FOUND", undefined],
    ["insert at −1", (list) => list.insert(-1, 1), "NOT_FOUND", undefined],
    ["insert at 0.5", (list) => list.insert(0.5, 1), "NOT_FOUND", undefined],
    ["move from beyond", (list) => list.move(3, 0), "NOT_FOUND", undefined],
    ["move to the length", (list) => list.move(0, 3), "NOT_FOUND", undefined],
    ["insert another type", (list) => list.insert(1, "x"), "TYPE_MISMATCH", "[1]"],
    ["push another type", (list) => list.push("x"), "TYPE_MISMATCH", "[3]"],
    ["push null", (list) => list.push(null), "TYPE_MISMATCH", "[3]"],
    ["push of which the last is wrong", (list) => list.push(4, 5, 2 ** 31), "OUT_OF_RANGE", "[5]"],
    ["append of which the last is wrong", (list) => list.append([4, "x"]), "TYPE_MISMATCH", "[1]"],
    ["append of no list", (list) => list.append(4), "TYPE_MISMATCH", undefined],
    [
      "append of a list of another type",
      (list) => list.append(Value.of(idl.type("list<i64>"), [1n])),
      "TYPE_MISMATCH",
      "",
    ],
    ["append of a set", (list) => list.append(Value.of(idl.type("set<i32>"), [1])), "TYPE_MISMATCH", ""],
    ["set by key", (list) => list.set("x", 1), "INVALID_PATH", ""],
  ])("%s is an error, and nothing has changed", (_, act, code, at) => {
    using dom = load("list<i32>", [1, 2, 3], protocol);
    expectThriftError(() => act(dom.root), { code: code as never, path: at });
    expectDom(dom, [1, 2, 3]);
  });

  it.each(["insert", "push", "sort", "filter", "move"] as const)(
    "%s is not for structs, scalars and maps",
    (method) => {
      using dom = load("Feed", FEED, protocol);
      const call = (node: DomNode): unknown => (node[method] as (...args: unknown[]) => unknown)(0, () => 0);
      const types = method === "sort" || method === "filter" ? [[], "cursor"] : [[], "cursor", "counts"];
      for (const path of types) {
        expectThriftError(() => call(dom.root.get(path)!), {
          code: "TYPE_MISMATCH",
          message: new RegExp(`^${method}: expected a`),
        });
      }
      expectDom(dom, FEED);
    },
  );
});

describe.each(PROTOCOLS)("a set in %s", (protocol) => {
  describe.each<
    [what: string, before: number[], edit: (root: DomNode) => unknown, result: unknown, after: number[]]
  >([
    ["push what it has", [1, 2], (set) => set.push(2), undefined, [1, 2]],
    ["push what it has not", [1, 2], (set) => set.push(3), undefined, [1, 2, 3]],
    ["push one twice", [1], (set) => set.push(3, 3, 1, 4), undefined, [1, 3, 4]],
    ["insert what it has", [1, 2], (set) => set.insert(0, 2), undefined, [1, 2]],
    ["insert what it has not", [1, 2], (set) => set.insert(0, 3), undefined, [3, 1, 2]],
    ["set at the length, what it has", [1, 2], (set) => set.set(2, 1), false, [1, 2]],
    ["set at the length, what it has not", [1, 2], (set) => set.set(2, 3), false, [1, 2, 3]],
    ["set to another", [1, 2, 3], (set) => set.set(1, 7), true, [1, 7, 3]],
    ["set to itself", [1, 2, 3], (set) => set.set(1, 2), true, [1, 2, 3]],
    ["set to another element", [1, 2, 3], (set) => set.set(1, 3), true, [1, 3]],
    ["append", [1, 2], (set) => set.append([3, 2, 4, 3]), undefined, [1, 2, 3, 4]],
    ["append itself", [1, 2], (set) => set.append(set), undefined, [1, 2]],
    ["append nothing new", [1, 2], (set) => set.append(new Set([2])), undefined, [1, 2]],
    ["append to an empty one", [], (set) => set.append([2, 2]), undefined, [2]],
    ["delete", [1, 2, 3], (set) => set.delete(0), true, [2, 3]],
    ["delete and push again", [1, 2], (set) => [set.delete(0), set.push(1)], [true, undefined], [2, 1]],
    [
      "filter and sort",
      [3, 1, 2],
      (set) => set.sort(ascending).filter((node) => number(node) > 1),
      1,
      [2, 3],
    ],
    ["move", [1, 2, 3], (set) => set.move(2, 0), undefined, [3, 1, 2]],
    ["replace by another element", [1, 2, 3], (set) => set.get(0)!.replace(3).step, 1, [2, 3]],
    ["replace by itself", [1, 2, 3], (set) => set.get(0)!.replace(1).step, 0, [1, 2, 3]],
  ])("%s", (_, before, edit, result, after) => {
    it.each(DEPTHS)("loaded to depth %d", (depth) => {
      using dom = load("set<i32>", before, protocol, { depth });
      expect(edit(dom.root)).toEqual(result);
      expectDom(dom, new Set(after));
      expect(dom.root.length).toBe(after.length);
    });
  });

  it("structs, compared as they are now", () => {
    using dom = load("set<Point>", [{ x: 1, y: 1 }, { x: 2 }], protocol);
    dom.root.set([0, "y"], 5);
    dom.root.push({ x: 1, y: 1 }, { x: 1, y: 5 }, { x: 2 });
    expectDom(dom, [{ x: 1, y: 5 }, { x: 2 }, { x: 1, y: 1 }]);
  });

  it("an edit inside of an element is not compared with the others", () => {
    using dom = load("set<Point>", [{ x: 1 }, { x: 2 }], protocol);
    const first = dom.root.get(0)!;
    first.set("x", 2);
    expect(dom.root.length).toBe(2);
    first.set("x", 3);
    expectDom(dom, [{ x: 3 }, { x: 2 }]);
  });

  it("Value does the same", () => {
    for (const js of [{ x: 1, y: 2 }, { x: 3 }, { x: 4 }]) {
      for (const index of [0, 1, 2]) {
        using dom = load("Feed", FEED, protocol);
        const value = feed(protocol);
        expect(dom.root.set(["points", index], js)).toBe(value.set(["points", index], js));
        expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
      }
    }
  });
});
