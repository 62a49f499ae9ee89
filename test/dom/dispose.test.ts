import { beforeEach, describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import { DomNode } from "../../src/dom/dom-node.ts";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, make, PROTOCOLS } from "../value/fixtures.ts";
import { expectDom, load } from "./fixtures.ts";

const GONE = {
  code: "DISPOSED",
  message: "the Dom has been disposed",
  path: undefined,
  offset: undefined,
} as const;

/** A call of every method, with what would be right for a list of numbers. */
const NODE_CALLS: Readonly<Record<string, (node: DomNode) => unknown>> = {
  type: (node) => node.type,
  step: (node) => node.step,
  isSame: (node) => node.isSame(node),
  get: (node) => node.get(0),
  has: (node) => node.has(0),
  children: (node) => node.children,
  length: (node) => node.length,
  find: (node) => node.find(() => true),
  findAll: (node) => node.findAll(() => true),
  asBoolean: (node) => node.asBoolean(),
  asNumber: (node) => node.asNumber(),
  asBigInt: (node) => node.asBigInt(),
  asString: (node) => node.asString(),
  asBytes: (node) => node.asBytes(),
  toJS: (node) => node.toJS(),
  toJSON: (node) => JSON.stringify(node),
  toNode: (node) => node.toNode(),
  toValue: (node) => node.toValue(),
  toBytes: (node) => node.toBytes(),
  set: (node) => node.set(0, 1),
  delete: (node) => node.delete(0),
  replace: (node) => node.replace([1]),
  remove: (node) => node.remove(),
  insert: (node) => node.insert(0, 1),
  push: (node) => node.push(1),
  sort: (node) => node.sort(() => 0),
  filter: (node) => node.filter(() => true),
  move: (node) => node.move(0, 0),
  append: (node) => node.append([1]),
};

const DOM_CALLS: Readonly<Record<string, (dom: Dom) => unknown>> = {
  toBytes: (dom) => dom.toBytes(),
  toValue: (dom) => dom.toValue(),
  writeTo: (dom) => dom.writeTo(new ByteWriter()),
  toJSON: (dom) => JSON.stringify(dom),
};

describe("after dispose", () => {
  it("every method of DomNode and Dom is in the tables of this test", () => {
    const membersOf = (prototype: object): string[] =>
      Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
    expect(membersOf(DomNode.prototype).sort()).toEqual(Object.keys(NODE_CALLS).sort());
    expect(membersOf(Dom.prototype).sort()).toEqual([...Object.keys(DOM_CALLS), "dispose"].sort());
  });

  describe.each(PROTOCOLS)("in %s", (protocol) => {
    /** Nodes of all sorts, of a document that is gone. */
    function nodes(): DomNode[] {
      const dom = load("list<list<i32>>", [[1, 2], [3], [4]], protocol);
      const [first, second, third] = dom.root.children as [DomNode, DomNode, DomNode];
      const all = [dom.root, first, first.get(0)!, second.replace([5]), second, third];
      third.remove();
      dom[Symbol.dispose]();
      return all;
    }

    it.each(Object.keys(NODE_CALLS))("%s of a node throws", (name) => {
      for (const node of nodes()) expectThriftError(() => NODE_CALLS[name]!(node), GONE);
    });

    it.each(Object.keys(DOM_CALLS))("%s of a Dom throws", (name) => {
      const dom = load("list<i32>", [1], protocol);
      dom[Symbol.dispose]();
      expectThriftError(() => DOM_CALLS[name]!(dom), GONE);
    });

    it.each<[what: string, act: (node: DomNode) => unknown]>([
      ["iteration", (node) => [...node]],
      ["the empty path", (node) => node.get([])],
      ["an impossible path", (node) => node.get("x")],
      ["an impossible edit", (node) => node.set([], 1)],
      ["pushing nothing", (node) => node.push()],
      ["sort of what cannot be sorted", (node) => node.sort(() => 0)],
      ["isSame the other way round", (node) => load("i32", 1, protocol).root.isSame(node)],
    ])("%s throws too", (_, act) => {
      for (const node of nodes()) expectThriftError(() => act(node), GONE);
    });

    it("a node of it is no value for another document, which stays as it is", () => {
      using dom = load("list<list<i32>>", [[1]], protocol);
      for (const node of nodes()) {
        for (const act of [
          () => dom.root.push(node),
          () => dom.root.set(0, node),
          () => dom.root.append(node),
        ]) {
          expectThriftError(act, GONE);
        }
      }
      expectDom(dom, [[1]]);
    });

    it("results from before stay", () => {
      const dom = load("Feed", FEED, protocol);
      const { root } = dom;
      root.set("cursor", "edited");
      const results = {
        bytes: dom.toBytes(),
        value: dom.toValue(),
        part: root.get(["items", 0])!.toValue(),
        node: root.get("counts")!.toNode(),
        js: root.toJS(),
        content: root.get(["items", 0, "blob"])!.asBytes(),
      };
      const steps = root.children.map(({ step }) => step);
      const show = (): unknown => [
        toHex(results.bytes),
        results.value.toJS(),
        results.part.toJS(),
        toHex(results.node.bytes),
        results.js,
        toHex(results.content),
      ];
      const before = structuredClone(show());
      dom[Symbol.dispose]();
      // Others use the memory.
      using other = load("Feed", { items: [{ id: 99n }] }, protocol);
      other.root.set("cursor", "of another");
      expect(show()).toEqual(before);
      expect(steps).toContain("cursor");
      results.part.set("title", "a value is independent");
      expect(results.part.get("title")?.asString()).toBe("a value is independent");
    });

    it("twice is fine, and gives the memory back once", () => {
      const dom = load("list<i32>", [1], protocol);
      dom[Symbol.dispose]();
      const { idle } = Dom.pool;
      dom[Symbol.dispose]();
      expect(Dom.pool.idle).toBe(idle);
      using first = load("list<i32>", [1], protocol);
      using second = load("list<i32>", [2], protocol);
      dom[Symbol.dispose]();
      first.root.push(3);
      second.root.push(4);
      expectDom(first, [1, 3]);
      expectDom(second, [2, 4]);
    });

    it("dispose and Symbol.dispose are the same", () => {
      const dom = load("list<i32>", [1], protocol);
      dom.dispose();
      expectThriftError(() => dom.toBytes(), GONE);
      const { idle } = Dom.pool;
      dom[Symbol.dispose]();
      dom.dispose();
      expect(Dom.pool.idle).toBe(idle);
    });

    it("`using` disposes, also when the block throws", () => {
      const nodes: DomNode[] = [];
      expect(() => {
        using dom = load("list<i32>", [1], protocol);
        nodes.push(dom.root);
        throw new RangeError("mine");
      }).toThrow(RangeError);
      expectThriftError(() => nodes[0]!.length, GONE);
    });

    it("two documents of one message know nothing of each other", () => {
      const value = feed(protocol);
      const first = Dom.load(value);
      using second = Dom.load(value);
      first.root.set("cursor", "first");
      expect(second.root.get("cursor")?.asString()).toBe("next");
      first[Symbol.dispose]();
      expect(second.root.get(["items", 0, "id"])?.asBigInt()).toBe(1n);
    });
  });
});

describe("Dom.pool", () => {
  const value = make("list<i32>", [1, 2, 3], "binary");
  const { capacity } = Dom.pool;

  function disposeAll(doms: readonly Dom[]): void {
    for (const dom of doms) dom[Symbol.dispose]();
  }

  beforeEach(() => {
    // Full, so that the tests know where they start.
    disposeAll(Array.from({ length: capacity }, () => Dom.load(value)));
  });

  it("counts what it holds, what it has made and what it has given again", () => {
    const before = Dom.pool;
    expect(before).toEqual({
      idle: 8,
      capacity: 8,
      idleBytes: expect.any(Number),
      created: expect.any(Number),
      reused: expect.any(Number),
    });
    const dom = Dom.load(value);
    expect(Dom.pool).toMatchObject({ idle: 7, created: before.created, reused: before.reused + 1 });
    dom[Symbol.dispose]();
    expect(Dom.pool).toEqual({ ...before, reused: before.reused + 1 });
  });

  it("is bounded: what comes back beyond its capacity is dropped", () => {
    const before = Dom.pool;
    const doms = Array.from({ length: 50 }, () => Dom.load(value));
    expect(Dom.pool).toMatchObject({
      idle: 0,
      idleBytes: 0,
      created: before.created + 42,
      reused: before.reused + 8,
    });
    disposeAll(doms);
    expect(Dom.pool.idle).toBe(capacity);
    expect(Dom.pool.idleBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it("counts memory that small ones share once", () => {
    // Nothing is left in the pool: these are new, pieces of one slab or, at its end, of two.
    const [first, second] = Array.from({ length: capacity + 2 }, () => Dom.load(value)).slice(-2);
    first!.dispose();
    const { idleBytes } = Dom.pool;
    expect(idleBytes).toBe(128 * 1024);
    second!.dispose();
    expect([idleBytes, 2 * idleBytes]).toContain(Dom.pool.idleBytes);
  });

  it("drops what a huge message has needed, keeps what others have", () => {
    const huge = Dom.load(make("list<bool>", new Array<boolean>(45_000).fill(true), "binary"));
    expect(Dom.pool.idle).toBe(capacity - 1);
    huge[Symbol.dispose]();
    expect(Dom.pool.idle).toBe(capacity - 1);
    const large = Dom.load(make("list<bool>", new Array<boolean>(22_500).fill(true), "binary"));
    const { idleBytes } = Dom.pool;
    large[Symbol.dispose]();
    expect(Dom.pool.idle).toBe(capacity - 1);
    expect(Dom.pool.idleBytes - idleBytes).toBe(1024 * 1024);
  });

  it("a document that nobody disposes works, and costs memory of its own", () => {
    const before = Dom.pool;
    for (let i = 0; i < 100; i++) {
      const dom = Dom.load(value);
      dom.root.push(i);
      expect(dom.toValue().toJS()).toEqual([1, 2, 3, i]);
    }
    expect(Dom.pool).toMatchObject({ idle: 0, created: before.created + 100 - before.idle });
  });

  it("an error of loading gives the memory back", () => {
    const before = Dom.pool;
    for (let i = 0; i < 100; i++) {
      expectThriftError(() => Dom.load(value.descriptor, value.bytes.subarray(0, -1)), {
        code: "INVALID_SIZE",
      });
    }
    expect(Dom.pool).toMatchObject({
      idle: before.idle,
      created: before.created,
      reused: before.reused + 100,
    });
  });

  it("memory that is used again shows nothing of what was there", () => {
    for (const protocol of PROTOCOLS) {
      for (let i = 0; i < 20; i++) {
        using large = load("Feed", FEED, protocol);
        large.root.delete(["items", 0]);
        using small = load("Author", { id: 1n }, protocol);
        small.root.set("name", "x");
        expectDom(small, { id: 1n, name: "x" });
        expect(small.root.children.map((node) => [node.step, node.length])).toEqual([
          ["id", 0],
          ["name", 0],
        ]);
      }
    }
  });
});
