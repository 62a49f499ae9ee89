import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import { hex } from "../support/bytes.ts";
import { idl, PROTOCOLS } from "../value/fixtures.ts";
import { load } from "./fixtures.ts";

describe.each(PROTOCOLS)("util.inspect of documents in %s", (protocol) => {
  it.each<[type: string, js: unknown, shown: string]>([
    ["list<i32>", [1, 2], "<list<i32>> [ 1, 2 ]"],
    ["map<string,i32>", { a: 1 }, "<map<string,i32>> Map(1) { 'a' => 1 }"],
    ["Point", { x: 1, label: "l" }, "<Point> { x: 1, label: 'l' }"],
    ["Author", { id: 1, invitedBy: { id: 2 } }, "<Author> { id: 1n, invitedBy: { id: 2n } }"],
  ])("%s %o", (type, js, shown) => {
    using dom = load(type, js, protocol);
    expect(inspect(dom)).toBe(`Dom${shown}`);
    expect(inspect([dom.root])).toBe(`[ DomNode${shown} ]`);
  });

  it("shows edits, obeys depth, and is no own property", () => {
    using dom = load("Author", { id: 1, invitedBy: { id: 2 } }, protocol);
    dom.root.set(["invitedBy", "id"], 3);
    expect(inspect(dom.root.get("invitedBy"))).toBe("DomNode<Author> { id: 3n }");
    expect(inspect(dom, { depth: 0 })).toBe("Dom<Author> { id: 1n, invitedBy: [Object] }");
    expect(Object.keys(dom)).toEqual(["root"]);
    expect(Object.keys(dom.root)).toEqual(["descriptor"]);
  });

  it("says what is wrong", () => {
    const dom = Dom.load(idl.struct("Author"), hex`${protocol === "binary" ? "0a 0001 00" : "16"}`, {
      protocol,
      depth: 0,
    });
    const problem = `the bytes end inside a value (offset ${protocol === "binary" ? 3 : 1})`;
    expect(inspect(dom)).toBe(`Dom<Author> <${problem}>`);
    dom.dispose();
    expect(inspect(dom)).toBe("Dom<Author> <the Dom has been disposed>");
    expect(inspect(dom.root)).toBe("DomNode<Author> <the Dom has been disposed>");
  });
});
