import { describe, expect, it } from "vitest";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import { toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idlAgain, make, PROTOCOLS, structOf, TType } from "../value/fixtures.ts";
import { expectDom, load } from "./fixtures.ts";

const TREE = { id: 1n, name: "a", verified: true, invitedBy: { id: 2n, name: "b" } };
const GONE = { code: "NOT_FOUND", message: "the node is no longer in its document" } as const;

describe.each(PROTOCOLS)("the place of a node in %s", (protocol) => {
  describe("replace", () => {
    it.each<[path: (string | number)[], value: unknown, after: object]>([
      [["id"], 5n, { ...TREE, id: 5n }],
      [["name"], "", { ...TREE, name: "" }],
      [["verified"], false, { ...TREE, verified: false }],
      [["invitedBy"], { id: 3n }, { ...TREE, invitedBy: { id: 3n } }],
      [["invitedBy", "name"], "c", { ...TREE, invitedBy: { id: 2n, name: "c" } }],
    ])("%o by %o", (path, value, after) => {
      for (const depth of [0, 1, 9]) {
        using dom = load("Author", TREE, protocol, { depth });
        const old = dom.root.get(path)!;
        const was = old.toJS();
        const made = old.replace(value);
        expectDom(dom, after);
        expect(made.isSame(dom.root.get(path)!)).toBe(true);
        expect(made.step).toBe(path.at(-1));
        // The old one is as it was, and elsewhere.
        expect(old.toJS()).toEqual(was);
        expect(old.step).toBeUndefined();
        // Back again: the node of the old value is a value like others.
        made.replace(old);
        expectDom(dom, TREE);
      }
    });

    it("elements and entries keep their place and key", () => {
      using dom = load("Feed", FEED, protocol);
      const { root } = dom;
      expect(root.get(["items", 1])!.replace({ id: 7n }).step).toBe(1);
      expect(root.get(["counts", "b"])!.replace(9).step).toBe("b");
      expect(root.get(["byRank", 5])!.replace({ id: 8n }).step).toBe(5);
      expect(root.get(["grid", 0, 1])!.replace(6n).step).toBe(1);
      expect(root.get(["flags", 2])!.replace(false).step).toBe(2);
      expectDom(dom, {
        ...FEED,
        items: [(FEED.items as unknown[])[0], { id: 7n }, (FEED.items as unknown[])[2]],
        counts: { a: 1, b: 9, c: 3 },
        byRank: new Map([
          [5, { id: 8n }],
          [-1, { id: 2n }],
        ]),
        grid: [[1n, 6n], [], [-(2n ** 63n)]],
        flags: [true, false, false],
      });
    });

    it.each<[what: string, value: unknown, code: string]>([
      ["another type", 1, "TYPE_MISMATCH"],
      ["another struct", make("Item", { id: 1n }, "binary"), "TYPE_MISMATCH"],
      ["a struct without its required field", {}, "MISSING_REQUIRED"],
    ])("by %s is an error, and nothing has changed", (_, value, code) => {
      using dom = load("Author", TREE, protocol);
      expectThriftError(() => dom.root.get("invitedBy")!.replace(value), { code: code as never });
      expectDom(dom, TREE);
    });
  });

  describe("the root", () => {
    it("stays", () => {
      using dom = load("Author", TREE, protocol);
      expectThriftError(() => dom.root.replace({ id: 1n }), {
        code: "INVALID_PATH",
        message: "the root of a Dom cannot be replaced",
      });
      expectThriftError(() => dom.root.remove(), {
        code: "INVALID_PATH",
        message: "the root of a Dom cannot be removed",
      });
      expectDom(dom, TREE);
    });
  });

  describe("remove", () => {
    it.each<(string | number)[][]>([
      [["cursor"]],
      [["more"]],
      [["items", 1]],
      [["counts", "a"]],
      [["byRank", 5]],
      [["flags", 0]],
      [["grid", 0, 0]],
      [["points", 1]],
      [["items", 0, "author", "verified"]],
    ])("%o", (path) => {
      using dom = load("Feed", FEED, protocol);
      const value = feed(protocol);
      const node = dom.root.get(path)!;
      node.remove();
      value.delete(path);
      expect(dom.root.toJS()).toEqual(value.toJS());
      expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
      expect(node.step).toBeUndefined();
      expectThriftError(() => node.remove(), GONE);
      expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
    });
  });

  describe("a node that has left its document", () => {
    const waysOut: [what: string, leave: (root: DomNode) => unknown][] = [
      ["removed", (root) => root.get("invitedBy")!.remove()],
      ["deleted", (root) => root.delete("invitedBy")],
      ["replaced", (root) => root.get("invitedBy")!.replace({ id: 9n })],
      ["set to another", (root) => root.set("invitedBy", { id: 9n })],
      ["merged over", (root) => root.append({ id: 1n, invitedBy: { id: 9n } })],
    ];

    it.each(waysOut)("%s: it can be read, but has no place", (_, leave) => {
      using dom = load("Author", TREE, protocol);
      const node = dom.root.get("invitedBy")!;
      const again = dom.root.get("invitedBy")!;
      leave(dom.root);
      const after = toHex(dom.toBytes());
      for (const each of [node, again]) {
        expect(each.toJS()).toEqual({ id: 2n, name: "b" });
        expect([each.step, each.length, each.get("name")?.asString()]).toEqual([undefined, 2, "b"]);
        expectThriftError(() => each.replace({ id: 5n }), GONE);
        expectThriftError(() => each.remove(), GONE);
      }
      expect(toHex(dom.toBytes())).toBe(after);
    });

    it.each(waysOut)("%s: it can be edited as it is, and put somewhere", (_, leave) => {
      using dom = load("Author", TREE, protocol);
      const node = dom.root.get("invitedBy")!;
      leave(dom.root);
      const after = toHex(dom.toBytes());
      node.set("name", "edited");
      node.get("id")!.replace(4n);
      expect(toHex(dom.toBytes())).toBe(after);
      dom.root.set("invitedBy", node);
      expectDom(dom, { ...TREE, invitedBy: { id: 4n, name: "edited" } });
    });

    it("parts of it are as they were, and do not touch the document", () => {
      using dom = load("Author", TREE, protocol);
      const name = dom.root.get(["invitedBy", "name"])!;
      dom.root.delete("invitedBy");
      expect([name.step, name.asString()]).toEqual(["name", "b"]);
      expect(name.replace("c").asString()).toBe("c");
      expectDom(dom, { id: 1n, name: "a", verified: true });
    });

    it("elements, after filter and sort", () => {
      using dom = load("list<i32>", [1, 2, 3], protocol);
      const [one, two] = dom.root.children;
      dom.root.filter((node) => node.asNumber() !== 1);
      expectThriftError(() => one!.remove(), GONE);
      dom.root.sort((a, b) => b.asNumber() - a.asNumber());
      two!.replace(7);
      expectDom(dom, [3, 7]);
    });
  });

  describe("what can be put somewhere", () => {
    it.each<[what: string, value: (protocol: "binary" | "compact") => unknown]>([
      ["a JavaScript value", () => ({ id: 5n, verified: false })],
      ["a Value", (own) => make("Author", { id: 5n, verified: false }, own)],
      [
        "a Value of another load of the IDL",
        (own) => Value.of(idlAgain.struct("Author"), { id: 5n, verified: false }, { protocol: own }),
      ],
      [
        "a part of a Value",
        (own) => make("Item", { id: 1n, author: { id: 5n, verified: false } }, own).get("author"),
      ],
      [
        "a ThriftNode",
        (own) =>
          structOf(own, [
            [1, TType.I64, 5n],
            [3, TType.BOOL, false],
          ]),
      ],
      ["a node of another document", (own) => load("Author", { id: 5n, verified: false }, own).root],
      [
        "a part of another document",
        (own) => load("Item", { id: 1n, author: { id: 5n, verified: false } }, own).root.get("author"),
      ],
      [
        "an edited part of another document",
        (own) => {
          const author = load("Item", { id: 1n, author: { id: 4n } }, own).root.get("author")!;
          author.set("id", 5n);
          author.set("verified", false);
          return author;
        },
      ],
    ])("%s, of both protocols", (_, create) => {
      for (const own of PROTOCOLS) {
        using dom = load("Author", TREE, protocol);
        dom.root.set("invitedBy", create(own));
        expectDom(dom, { ...TREE, invitedBy: { id: 5n, verified: false } });
        dom.root.get("invitedBy")!.replace(create(own));
        dom.root.set(["invitedBy", "invitedBy"], create(own));
        expectDom(dom, {
          ...TREE,
          invitedBy: { id: 5n, verified: false, invitedBy: { id: 5n, verified: false } },
        });
        using list = load("list<Author>", [], protocol);
        list.root.push(create(own), create(own));
        list.root.insert(1, create(own));
        expectDom(list, new Array(3).fill({ id: 5n, verified: false }));
        using map = load("map<string, Author>", {}, protocol);
        map.root.set("k", create(own));
        expectDom(map, { k: { id: 5n, verified: false } });
      }
    });

    it("booleans out of field headers, of both protocols", () => {
      for (const own of PROTOCOLS) {
        for (const isTrue of [true, false]) {
          using from = load("Author", { verified: isTrue }, own);
          const node = from.root.get("verified")!;
          using dom = load("Item", { id: 1n, hidden: !isTrue }, protocol);
          for (const value of [node, node.toValue(), node.toNode(), ThriftNode.of(TType.BOOL, isTrue, own)]) {
            dom.root.set("hidden", !isTrue);
            dom.root.set("hidden", value);
            expectDom(dom, { id: 1n, hidden: isTrue });
            dom.root.get("hidden")!.replace(value);
            expectDom(dom, { id: 1n, hidden: isTrue });
            using list = load("list<bool>", [], protocol);
            list.root.push(value);
            list.root.set(0, value);
            expectDom(list, [isTrue]);
          }
        }
      }
    });

    it("an unknown field stays in what is moved, in the other protocol too", () => {
      const other = structOf(protocol === "binary" ? "compact" : "binary", [
        [1, TType.I64, 5n],
        [99, TType.BOOL, true],
      ]);
      using dom = load("Author", TREE, protocol);
      dom.root.set("invitedBy", other);
      expect(
        dom
          .toValue()
          .node.get([fieldId(4), fieldId(99)])
          ?.asBoolean(),
      ).toBe(true);
    });
  });

  it("a sub-tree moves from one message into another, whatever becomes of the first", () => {
    using dom = load("Feed", { items: [{ id: 1n }] }, protocol);
    {
      using from = load("Feed", FEED, protocol);
      const item = from.root.get(["items", 2])!;
      dom.root.get("items")!.push(item);
      item.remove();
      from.root.get("items")!.push({ id: 8n });
      expect(from.root.get("items")!.length).toBe(3);
    }
    expectDom(dom, { items: [{ id: 1n }, (FEED.items as unknown[])[2]] });
  });

  it("a node put twice becomes two values", () => {
    using dom = load("list<Author>", [TREE], protocol);
    const node = dom.root.get(0)!;
    dom.root.push(node, node);
    dom.root.set([1, "name"], "second");
    node.set("name", "first");
    expectDom(dom, [{ ...TREE, name: "first" }, { ...TREE, name: "second" }, TREE]);
  });

  it("a node put into itself is put as it was", () => {
    using dom = load("Author", { id: 1n }, protocol);
    dom.root.set("invitedBy", dom.root);
    expectDom(dom, { id: 1n, invitedBy: { id: 1n } });
    dom.root.set(["invitedBy", "invitedBy"], dom.root);
    expectDom(dom, { id: 1n, invitedBy: { id: 1n, invitedBy: { id: 1n, invitedBy: { id: 1n } } } });
    dom.root.get("invitedBy")!.replace(dom.root.get(["invitedBy", "invitedBy", "invitedBy"]));
    expectDom(dom, { id: 1n, invitedBy: { id: 1n } });
  });

  it("what is put into a document stays as it was put", () => {
    using dom = load("Author", TREE, protocol);
    const value = make("Author", { id: 5n }, protocol);
    const { node } = make("Author", { id: 6n }, protocol);
    dom.root.set("invitedBy", value);
    dom.root.set(["invitedBy", "invitedBy"], node);
    value.set("id", 7n);
    node.set(fieldId(2), ThriftNode.of(TType.STRING, "later", protocol));
    expectDom(dom, { ...TREE, invitedBy: { id: 5n, invitedBy: { id: 6n } } });
  });

  it("values taken out stay as they were taken", () => {
    using dom = load("Feed", FEED, protocol);
    const { root } = dom;
    const before = [
      root.toValue(),
      root.get("items")!.toValue(),
      root.get(["items", 0])!.toNode(),
      root.get("more")!.toValue(),
    ];
    const shown = before.map((each) => toHex(each.bytes));
    root.delete("more");
    root.get("items")!.filter(() => false);
    expect(before.map((each) => toHex(each.bytes))).toEqual(shown);
    const after = root.toValue();
    (before[1] as Value).set(0, { id: 99n });
    after.set("cursor", "elsewhere");
    expect(root.get("cursor")?.asString()).toBe("next");
    expect(root.get("items")!.length).toBe(0);
  });

  it.each<[what: string, damage: (bytes: Uint8Array) => Uint8Array, code: string]>([
    ["cut", (bytes) => bytes.subarray(0, -1), "TRUNCATED"],
    ["followed by more", (bytes) => Uint8Array.from([...bytes, 0]), "TRAILING_DATA"],
    ["no struct at all", () => Uint8Array.of(0xff), "INVALID_TYPE"],
  ])("a Value whose bytes are %s is not put anywhere", (_, damage, code) => {
    for (const own of PROTOCOLS) {
      using dom = load("Author", TREE, protocol);
      const { descriptor, bytes } = make("Author", { id: 5n, name: "x" }, own);
      const bad = Value.from(descriptor, damage(bytes), { protocol: own });
      expectThriftError(() => dom.root.set("invitedBy", bad), { code: code as never });
      expectThriftError(() => dom.root.get("invitedBy")!.replace(bad), { code: code as never });
      expectThriftError(() => dom.root.append(bad), { code: code as never });
      expectThriftError(() => dom.root.set("invitedBy", bad.node), { code: code as never });
      expectDom(dom, TREE);
    }
  });

  it.each<[what: string, value: unknown]>([
    ["a function", () => {}],
    ["a date", new Date(0)],
    ["a promise", Promise.resolve({ id: 1n })],
  ])("%s is no value", (_, value) => {
    using dom = load("Author", TREE, protocol);
    expect(() => dom.root.set("invitedBy", value)).toThrow(
      expect.objectContaining({ path: expect.stringMatching(/^invitedBy/) }),
    );
    expectDom(dom, TREE);
  });
});
