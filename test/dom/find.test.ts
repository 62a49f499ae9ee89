import { describe, expect, it } from "vitest";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { TType } from "../../src/wire/ttype.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, idl, PROTOCOLS, structOf } from "../value/fixtures.ts";
import { expectDom, load, loadBytes } from "./fixtures.ts";

const TREE = {
  id: 1n,
  name: "a",
  invitedBy: { id: 2n, name: "b", verified: true, invitedBy: { id: 3n, name: "c" } },
};

/** The steps of nodes as text, in their order. */
function steps(nodes: Iterable<DomNode>): string {
  return [...nodes].map(({ step }) => String(step)).join(" ");
}

describe.each(PROTOCOLS)("find and findAll in %s", (protocol) => {
  it("outer values come first, siblings in the order of the message", () => {
    using dom = load("Author", TREE, protocol);
    expect(steps(dom.root.findAll(() => true))).toBe(
      "undefined id name invitedBy id name verified invitedBy id name",
    );
    using feed = load("Feed", { counts: { a: 1 }, grid: [[1n, 2n], []], points: [{ x: 1 }] }, protocol);
    expect(steps(feed.root.findAll(() => true))).toBe("undefined counts a grid 0 0 1 1 points 0 x");
  });

  it("find gives the first and does not look further", () => {
    using dom = load("Author", TREE, protocol);
    const seen: unknown[] = [];
    const found = dom.root.find((node) => {
      seen.push(node.step);
      return node.step === "invitedBy";
    });
    expect(found?.get("id")?.asBigInt()).toBe(2n);
    expect(seen).toEqual([undefined, "id", "name", "invitedBy"]);
    expect(dom.root.find(() => true)?.isSame(dom.root)).toBe(true);
    expect(dom.root.find(() => false)).toBeUndefined();
    expect(dom.root.findAll(() => false)).toEqual([]);
  });

  it("a part of a message is searched on its own", () => {
    using dom = load("Feed", FEED, protocol);
    const items = dom.root.get("items")!;
    expect(items.findAll((node) => node.step === "id").map((node) => node.asBigInt())).toEqual([
      1n,
      11n,
      2n,
      3n,
      33n,
      11n,
    ]);
    expect(steps(dom.root.get("cursor")!.findAll(() => true))).toBe("cursor");
    // As it is now.
    items.get([2, "author"])!.delete("invitedBy");
    items.get(1)!.remove();
    items.push({ id: 4n });
    expect(items.findAll((node) => node.step === "id").map((node) => node.asBigInt())).toEqual([
      1n,
      11n,
      3n,
      33n,
      4n,
    ]);
  });

  it("by type, by descriptor, by content", () => {
    using dom = load("Feed", FEED, protocol);
    const of = (isWanted: (node: DomNode) => boolean): unknown[] =>
      dom.root.findAll(isWanted).map((node) => node.toJS());
    expect(of(({ type }) => type === TType.BOOL)).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(of(({ descriptor }) => descriptor.name === "Point")).toEqual([{ x: 1, y: 2 }, { x: 3 }]);
    expect(
      of(
        (node) =>
          node.type === TType.STRING && node.descriptor.kind === "string" && node.asString() === "Ann",
      ),
    ).toEqual(["Ann", "Ann"]);
  });

  it("repeated fields and keys are all found, so that none carries data past a mask", () => {
    const repeated = structOf(protocol, [
      [1, TType.I64, 1n],
      [2, TType.STRING, "one"],
      [2, TType.STRING, "two"],
    ]);
    using dom = loadBytes(idl.type("Author"), repeated.bytes, protocol);
    const names = dom.root.findAll((node) => node.step === "name");
    expect(names.map((node) => node.asString())).toEqual(["one", "two"]);
    for (const node of names) node.replace("***");
    expect(dom.root.findAll((node) => node.step === "name").map((node) => node.asString())).toEqual([
      "***",
      "***",
    ]);
  });

  describe("edits in the callback", () => {
    it("what it removes is not entered", () => {
      using dom = load("Author", TREE, protocol);
      const seen: unknown[] = [];
      dom.root.find((node) => {
        seen.push(node.step);
        if (node.step === "invitedBy") node.remove();
        return false;
      });
      expect(seen).toEqual([undefined, "id", "name", "invitedBy"]);
      expectDom(dom, { id: 1n, name: "a" });
    });

    it("what it removes elsewhere is not entered either", () => {
      using dom = load("Author", TREE, protocol);
      const seen: unknown[] = [];
      dom.root.find((node) => {
        seen.push(node.step);
        if (node.step === "id") dom.root.delete("invitedBy");
        return false;
      });
      expect(seen).toEqual([undefined, "id", "name"]);
    });

    it("what it puts in the place of a value is not entered", () => {
      using dom = load("Author", TREE, protocol);
      let calls = 0;
      dom.root.findAll((node) => {
        calls++;
        if (node.step === "invitedBy") node.replace({ id: 9n, invitedBy: { id: 10n } });
        return false;
      });
      expect(calls).toBe(4);
      expectDom(dom, { id: 1n, name: "a", invitedBy: { id: 9n, invitedBy: { id: 10n } } });
    });

    it("what it puts inside of the value at hand is entered, what it puts behind is not", () => {
      using dom = load("Author", { id: 1n }, protocol);
      const seen: unknown[] = [];
      dom.root.find((node) => {
        seen.push(node.step);
        if (node.step === undefined) node.set("name", "x");
        if (node.step === "id") dom.root.set("verified", true);
        return false;
      });
      expect(seen).toEqual([undefined, "id", "name"]);
      expectDom(dom, { id: 1n, name: "x", verified: true });
    });

    it("elements that it removes one by one are all seen", () => {
      using dom = load("list<i32>", [0, 1, 2, 3, 4, 5], protocol);
      const seen: unknown[] = [];
      dom.root.find((node) => {
        if (node.step !== undefined) seen.push([node.step, node.asNumber()]);
        if (node.step !== undefined && node.asNumber() % 2 === 0) node.remove();
        return false;
      });
      // Each is asked for as what it is at that moment.
      expect(seen).toEqual([
        [0, 0],
        [0, 1],
        [1, 2],
        [1, 3],
        [2, 4],
        [2, 5],
      ]);
      expectDom(dom, [1, 3, 5]);
    });

    it("masking by name, the way a middleware does", () => {
      using dom = load("Feed", FEED, protocol);
      let masked = 0;
      dom.root.findAll((node) => {
        if (node.step !== "name") return false;
        node.replace("***");
        masked++;
        return true;
      });
      expect(masked).toBe(2);
      expect(dom.toValue().get(["items", 2, "author", "invitedBy", "name"])?.asString()).toBe("***");
      expect(JSON.stringify(dom)).not.toContain("Ann");
      dom.toValue().validate();
    });

    it("what has left its document is searched as what it is", () => {
      using dom = load("Author", TREE, protocol);
      const inner = dom.root.get("invitedBy")!;
      inner.remove();
      expect(inner.findAll((node) => node.step === "id").map((node) => node.asBigInt())).toEqual([2n, 3n]);
    });

    it("an error of the callback comes through, and nothing has changed", () => {
      using dom = load("Author", TREE, protocol);
      const mistake = new Error("mine");
      const fail = (): boolean => {
        throw mistake;
      };
      expect(() => dom.root.find(fail)).toThrow(mistake);
      expect(() => dom.root.findAll(fail)).toThrow(mistake);
      expectDom(dom, TREE);
    });

    it("disposing in the callback ends the search", () => {
      const dom = load("Author", TREE, protocol);
      const act = (): unknown =>
        dom.root.find(() => {
          dom[Symbol.dispose]();
          return false;
        });
      expectThriftError(act, { code: "DISPOSED" });
    });
  });
});
