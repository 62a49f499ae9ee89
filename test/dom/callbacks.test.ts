import { describe, expect, it } from "vitest";
import type { Dom } from "../../src/dom/dom.ts";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { expectThriftError } from "../support/errors.ts";
import { PROTOCOLS } from "../value/fixtures.ts";
import { expectDom, load } from "./fixtures.ts";

const number = (node: DomNode): number => node.asNumber();

describe.each(PROTOCOLS)("user code that runs inside of an edit, in %s", (protocol) => {
  const MISTAKE = new Error("mine");
  const fail = (): never => {
    throw MISTAKE;
  };

  it.each<[what: string, act: (list: DomNode) => unknown]>([
    ["sort", (list) => list.sort(fail)],
    [
      "sort, at the third comparison",
      (list) => {
        let calls = 0;
        list.sort((a, b) => (++calls > 2 ? fail() : number(b) - number(a)));
      },
    ],
    ["filter", (list) => list.filter(fail)],
    ["filter, at the third element", (list) => list.filter((_, index) => index === 2 && fail())],
    [
      "push of an object with a getter",
      (list) =>
        list.push(4, {
          get x() {
            return fail();
          },
        }),
    ],
  ])("an error of %s comes through, and nothing has changed", (_, act) => {
    using dom = load("list<i32>", [3, 1, 2, 5, 4], protocol);
    try {
      act(dom.root);
      expect.unreachable();
    } catch (error) {
      expect(error === MISTAKE || (error as { code?: string }).code === "TYPE_MISMATCH").toBe(true);
    }
    expectDom(dom, [3, 1, 2, 5, 4]);
  });

  it.each(["set", "push", "insert", "append", "replace"] as const)(
    "an error of a getter in what is given to %s",
    (method) => {
      using dom = load("list<Point>", [{ x: 1 }], protocol);
      const bad = {
        get x(): number {
          return fail();
        },
      };
      const acts = {
        set: () => dom.root.set(0, bad),
        push: () => dom.root.push({ x: 2 }, bad),
        insert: () => dom.root.insert(0, bad),
        append: () => dom.root.append([{ x: 2 }, bad]),
        replace: () => dom.root.get(0)!.replace(bad),
      };
      expect(acts[method]).toThrow(MISTAKE);
      expectDom(dom, [{ x: 1 }]);
    },
  );

  describe("filter", () => {
    it("keeps what its callback has put in the place of elements, and what it has added", () => {
      using dom = load("list<i32>", [1, 2, 3, 4], protocol);
      const gone = dom.root.filter((node, index) => {
        if (number(node) === 1) node.replace(10);
        if (index === 1) dom.root.push(50);
        return number(node) !== 3;
      });
      expect(gone).toBe(1);
      expectDom(dom, [10, 2, 4, 50]);
    });

    it("leaves out what its callback has removed", () => {
      using dom = load("list<i32>", [1, 2, 3, 4], protocol);
      const gone = dom.root.filter((node) => {
        if (number(node) === 1) dom.root.delete(1);
        if (number(node) === 4) node.remove();
        return number(node) !== 1;
      });
      expect(gone).toBe(1);
      expectDom(dom, [3]);
    });

    it("sees edits inside of elements", () => {
      using dom = load("list<Item>", [{ id: 1n }, { id: 2n }], protocol);
      dom.root.filter((item) => {
        item.set("hidden", item.get("id")!.asBigInt() === 1n);
        return item.get("hidden")!.asBoolean();
      });
      expectDom(dom, [{ id: 1n, hidden: true }]);
    });

    it("of a map and a set", () => {
      using map = load("map<string, i32>", { a: 1, b: 2, c: 3 }, protocol);
      expect(map.root.filter((node) => node.step !== "b")).toBe(1);
      expectDom(map, { a: 1, c: 3 });
      using set = load("set<string>", ["a", "b"], protocol);
      expect(set.root.filter((node) => set.root.push("c") === undefined && node.asString() === "b")).toBe(1);
      expectDom(set, ["b", "c"]);
    });
  });

  describe("sort", () => {
    it("keeps edits of its callback: what has gone stays away, what has come stands behind", () => {
      using dom = load("list<i32>", [3, 1, 2], protocol);
      let isFirst = true;
      dom.root.sort((a, b) => {
        if (isFirst) {
          isFirst = false;
          dom.root.get(0)!.replace(30);
          dom.root.push(0);
          dom.root.delete(2);
        }
        return number(a) - number(b);
      });
      expectDom(dom, [1, 30, 0]);
    });

    it("a comparison that makes no sense gives some order of the same elements", () => {
      using dom = load("list<i32>", [5, 4, 3, 2, 1], protocol);
      for (const compare of [() => 1, () => -1, () => Number.NaN, () => Number.POSITIVE_INFINITY]) {
        dom.root.sort(compare);
        expect(dom.root.children.map(number).sort()).toEqual([1, 2, 3, 4, 5]);
        dom.toValue().validate();
      }
    });
  });

  describe("getters of a value", () => {
    const withGetter = (act: () => unknown): object => ({
      get x(): number {
        act();
        return 7;
      },
    });

    it("may remove the node that is replaced: it has no place then", () => {
      using dom = load("list<Point>", [{ x: 1 }, { x: 2 }, { x: 3 }], protocol);
      const last = dom.root.get(2)!;
      expectThriftError(() => last.replace(withGetter(() => last.remove())), { code: "NOT_FOUND" });
      expectDom(dom, [{ x: 1 }, { x: 2 }]);
    });

    it("may remove elements in front of which one is inserted", () => {
      using dom = load("list<Point>", [{ x: 1 }, { x: 2 }, { x: 3 }], protocol);
      expectThriftError(
        () =>
          dom.root.insert(
            3,
            withGetter(() => dom.root.delete(0)),
          ),
        { code: "NOT_FOUND" },
      );
      dom.root.insert(
        1,
        withGetter(() => dom.root.delete(0)),
      );
      expectDom(dom, [{ x: 3 }, { x: 7 }]);
    });

    it("may push while one is pushed", () => {
      using dom = load("list<Point>", [{ x: 1 }], protocol);
      dom.root.push(
        withGetter(() => dom.root.push({ x: 2 })),
        { x: 3 },
      );
      expectDom(dom, [{ x: 1 }, { x: 2 }, { x: 7 }, { x: 3 }]);
    });

    it("may remove the parent of what is set", () => {
      using dom = load("list<list<Point>>", [[{ x: 1 }], [{ x: 2 }]], protocol);
      expectThriftError(
        () =>
          dom.root.set(
            [1, 0],
            withGetter(() => dom.root.delete(1)),
          ),
        { code: "NOT_FOUND", path: "[1]" },
      );
      expectDom(dom, [[{ x: 1 }]]);
    });

    it.each<[what: string, act: (dom: Dom, value: object) => unknown]>([
      ["set", (dom, value) => dom.root.set(0, value)],
      ["push", (dom, value) => dom.root.push(value)],
      ["insert", (dom, value) => dom.root.insert(0, value)],
      ["append", (dom, value) => dom.root.append([value])],
      ["replace", (dom, value) => dom.root.get(0)!.replace(value)],
    ])("may dispose the document: %s throws", (_, act) => {
      const dom = load("list<Point>", [{ x: 1 }], protocol);
      expectThriftError(
        () =>
          act(
            dom,
            withGetter(() => dom[Symbol.dispose]()),
          ),
        { code: "DISPOSED" },
      );
    });
  });

  it.each<[what: string, act: (list: DomNode, dispose: () => boolean) => unknown]>([
    ["sort", (list, dispose) => list.sort(() => Number(dispose()))],
    ["filter", (list, dispose) => list.filter(() => dispose())],
    ["findAll", (list, dispose) => list.findAll(() => dispose())],
  ])("a callback of %s that disposes the document", (_, act) => {
    const dom = load("list<i32>", [1, 2, 3], protocol);
    let isDone = false;
    const dispose = (): boolean => {
      if (!isDone) dom[Symbol.dispose]();
      isDone = true;
      return true;
    };
    expectThriftError(() => act(dom.root, dispose), { code: "DISPOSED" });
    // The memory has gone to another document, which is not touched.
    using other = load("list<i32>", [4, 5, 6], protocol);
    expectThriftError(() => act(dom.root, dispose), { code: "DISPOSED" });
    expectDom(other, [4, 5, 6]);
  });
});
