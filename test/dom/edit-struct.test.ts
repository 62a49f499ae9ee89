import { describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idl, make, PROTOCOLS, structOf, TType } from "../value/fixtures.ts";
import { expectDom, load, loadBytes } from "./fixtures.ts";

const DEPTHS = [0, 1, 9];
const AUTHOR = { id: 1n, name: "a", verified: true };

/** Ids with gaps below, at and beyond the 15 that a compact header bridges, and booleans between them. */
const gaps = parseIdl(`
  struct Gaps {
    -20: i32 a, -4: bool b, 1: bool c, 2: i32 d, 16: bool e, 17: string f, 33: bool g, 48: list<bool> h, 64: bool i,
    80: i32 j, 32767: bool k
  }
`).struct("Gaps");
const ALL_GAPS = {
  a: 1,
  b: true,
  c: false,
  d: 2,
  e: true,
  f: "f",
  g: false,
  h: [true, false],
  i: true,
  j: 3,
  k: false,
};

describe.each(PROTOCOLS)("fields of a struct in %s", (protocol) => {
  describe.each<
    [what: string, before: object, edit: (root: DomNode) => unknown, result: unknown, after: object]
  >([
    ["set one that is there", AUTHOR, (root) => root.set("name", "bb"), true, { ...AUTHOR, name: "bb" }],
    ["set the first", AUTHOR, (root) => root.set("id", -5n), true, { ...AUTHOR, id: -5n }],
    ["set the last", AUTHOR, (root) => root.set("verified", false), true, { ...AUTHOR, verified: false }],
    ["set by id", AUTHOR, (root) => root.set(fieldId(2), "x"), true, { ...AUTHOR, name: "x" }],
    ["set to the same", AUTHOR, (root) => root.set("name", "a"), true, AUTHOR],
    ["set to nothing inside", AUTHOR, (root) => root.set("name", ""), true, { ...AUTHOR, name: "" }],
    ["insert at the start", { name: "a" }, (root) => root.set("id", 1n), false, { id: 1n, name: "a" }],
    ["insert between", { id: 1n, verified: true }, (root) => root.set("name", "a"), false, AUTHOR],
    ["insert at the end", { id: 1n, name: "a" }, (root) => root.set("verified", true), false, AUTHOR],
    ["insert into an empty struct", {}, (root) => root.set("verified", false), false, { verified: false }],
    [
      "insert a struct",
      { id: 1n },
      (root) => root.set("invitedBy", { id: 2n, verified: true }),
      false,
      { id: 1n, invitedBy: { id: 2n, verified: true } },
    ],
    [
      "delete the first",
      AUTHOR,
      (root) => root.delete("id", { required: "remove" }),
      true,
      { name: "a", verified: true },
    ],
    ["delete one between", AUTHOR, (root) => root.delete("name"), true, { id: 1n, verified: true }],
    ["delete the last", AUTHOR, (root) => root.delete("verified"), true, { id: 1n, name: "a" }],
    ["delete the only one", { name: "a" }, (root) => root.delete("name"), true, {}],
    ["delete one that is not there", { id: 1n }, (root) => root.delete("name"), false, { id: 1n }],
    [
      "delete in a struct that is not there",
      AUTHOR,
      (root) => root.delete(["invitedBy", "name"]),
      false,
      AUTHOR,
    ],
    [
      "set and delete again",
      { id: 1n },
      (root) => [root.set("name", "a"), root.delete("name"), root.delete("name")],
      [false, true, false],
      { id: 1n },
    ],
    [
      "delete and set again",
      AUTHOR,
      (root) => [root.delete("name"), root.set("name", "b"), root.set("name", "c")],
      [true, false, true],
      { ...AUTHOR, name: "c" },
    ],
    [
      "nested, into a new struct",
      { id: 1n, invitedBy: { id: 2n } },
      (root) => [
        root.set(["invitedBy", "invitedBy"], { id: 3n }),
        root.set(["invitedBy", "invitedBy", "name"], "x"),
        root.set(["invitedBy", "verified"], true),
        root.delete(["invitedBy", "id"], { required: "remove" }),
      ],
      [false, false, false, true],
      { id: 1n, invitedBy: { verified: true, invitedBy: { id: 3n, name: "x" } } },
    ],
  ])("%s", (_, before, edit, result, after) => {
    it.each(DEPTHS)("loaded to depth %d", (depth) => {
      using dom = load("Author", before, protocol, { depth });
      expect(edit(dom.root)).toEqual(result);
      expectDom(dom, after);
    });
  });

  it.each(Object.keys(ALL_GAPS))("gaps of ids: %s deleted, put back, and put alone", (name) => {
    const others: Record<string, unknown> = { ...ALL_GAPS };
    const value = others[name];
    delete others[name];
    using dom = load(gaps, ALL_GAPS, protocol);
    expect(dom.root.delete(name)).toBe(true);
    expectDom(dom, others);
    expect(dom.root.set(name, value)).toBe(false);
    expectDom(dom, ALL_GAPS);
    using lone = load(gaps, {}, protocol);
    lone.root.set(name, value);
    expectDom(lone, { [name]: value });
    for (const [other, each] of Object.entries(others)) lone.root.set(other, each);
    expectDom(lone, ALL_GAPS);
  });

  it.each(Object.keys(ALL_GAPS))("gaps of ids: all but %s deleted", (name) => {
    using dom = load(gaps, ALL_GAPS, protocol);
    for (const other of Object.keys(ALL_GAPS)) if (other !== name) dom.root.delete(other);
    expectDom(dom, { [name]: ALL_GAPS[name as keyof typeof ALL_GAPS] });
  });

  it("every boolean turned over, alone and among others", () => {
    for (const name of ["b", "c", "e", "g", "i", "k"] as const) {
      using dom = load(gaps, ALL_GAPS, protocol);
      dom.root.set(name, !ALL_GAPS[name]);
      expectDom(dom, { ...ALL_GAPS, [name]: !ALL_GAPS[name] });
      dom.root.get(name)!.replace(ALL_GAPS[name]);
      expectDom(dom, ALL_GAPS);
    }
  });

  it("the bytes, by hand", () => {
    using dom = load("Item", { id: 1n, hidden: true, color: 2 }, protocol);
    dom.root.set("score", 1);
    dom.root.delete("id", { required: "remove" });
    expect(toHex(dom.toBytes())).toBe(
      toHex(
        protocol === "binary"
          ? hex`
              02 0006 01                // hidden, taken whole
              04 0007 3ff0000000000000  // score, new
              08 000a 00000002          // color, taken whole
              00
            `
          : hex`
              61                        // hidden: delta 6, true; behind nothing now
              17 000000000000f03f       // score: delta 1
              35 04                     // color: delta 3, was 4
              00
            `,
      ),
    );
  });

  it("negative ids, and names of Object.prototype", () => {
    using dom = load("Odd", {}, protocol);
    const { root } = dom;
    root.set("far", true);
    root.set("toString", new Map([["__proto__", 1]]));
    root.set("__proto__", 2);
    root.set("constructor", 3);
    root.set("below", "x");
    root.set(["toString", "constructor"], 4);
    expect(root.children.map(({ step }) => step)).toEqual([
      "below",
      "__proto__",
      "constructor",
      "toString",
      "far",
    ]);
    expect(root.get("__proto__")?.asNumber()).toBe(2);
    expect(root.get(["toString", "__proto__"])?.asNumber()).toBe(1);
    expect(root.get(["toString", "hasOwnProperty"])).toBeUndefined();
    root.delete("__proto__");
    expect(Object.keys(root.toJS() as object)).toEqual(["below", "constructor", "toString", "far"]);
    dom.toValue().validate();
  });

  it("fields out of order: a new one stands in front of the first with a larger id", () => {
    const { bytes } = structOf(protocol, [
      [10, TType.I32, 2],
      [2, TType.STRING, "t"],
      [6, TType.BOOL, true],
      [1, TType.I64, 1n],
    ]);
    using dom = loadBytes(idl.type("Item"), bytes, protocol);
    dom.root.set("score", 1);
    dom.root.set("tags", []);
    expect(dom.root.children.map(({ step }) => step)).toEqual([
      "tags",
      "score",
      "color",
      "title",
      "hidden",
      "id",
    ]);
    expect(dom.root.toJS()).toEqual({ id: 1n, title: "t", tags: [], hidden: true, score: 1, color: 2 });
    const value = Value.from(idl.type("Item"), bytes, { protocol });
    value.set("score", 1);
    value.set("tags", []);
    expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
  });

  it("repeated fields: all are set, all are deleted, and inside of all", () => {
    const author = (id: bigint): Value => Value.of(idl.type("Author"), { id }, { protocol });
    const { bytes } = structOf(protocol, [
      [1, TType.I64, 1n],
      [3, TType.STRUCT, author(1n).node as never],
      [6, TType.BOOL, true],
      [1, TType.I64, 2n],
      [3, TType.STRUCT, author(2n).node as never],
    ]);
    const type = idl.type("Item");
    for (const depth of DEPTHS) {
      using dom = loadBytes(type, bytes, protocol, { depth });
      const value = Value.from(type, bytes, { protocol });
      for (const root of [dom.root, value]) {
        expect(root.set("id", 7n)).toBe(true);
        expect(root.set(["author", "name"], "x")).toBe(false);
        expect(root.set(["author", "id"], 8n)).toBe(true);
        expect(root.delete("hidden")).toBe(true);
      }
      expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
      expect(dom.root.children.map((node) => node.toJS())).toEqual([
        7n,
        { id: 8n, name: "x" },
        7n,
        { id: 8n, name: "x" },
      ]);
      for (const root of [dom.root, value]) {
        expect(root.delete(["author", "name"])).toBe(true);
        expect(root.delete("author")).toBe(true);
        expect(root.delete("id", { required: "remove" })).toBe(true);
      }
      expect(toHex(dom.toBytes())).toBe("00");
      expect(toHex(value.bytes)).toBe("00");
    }
  });

  it("unknown fields stay where they are", () => {
    const { bytes } = structOf(protocol, [
      [1, TType.I64, 1n],
      [3, TType.BOOL, true],
      [200, TType.STRING, "kept"],
    ]);
    using dom = loadBytes(idl.type("Point"), bytes, protocol);
    expectThriftError(() => dom.root.get("x"), { code: "TYPE_MISMATCH" });
    using author = loadBytes(idl.type("Author"), bytes, protocol);
    author.root.set("name", "a");
    author.root.set("invitedBy", { id: 2n });
    author.root.delete("verified");
    const { node } = author.toValue();
    expect([...node.keys()]).toEqual([1, 2, 4, 200].map(fieldId));
    expect(node.get(fieldId(200))?.asString()).toBe("kept");
    node.validate();
  });

  it("required fields: an error, or removed when asked for", () => {
    using dom = load("Feed", FEED, protocol);
    const missing = { code: "MISSING_REQUIRED" } as const;
    expectThriftError(() => dom.root.delete("items"), missing);
    expectThriftError(() => dom.root.delete(["items", 0, "author", "id"]), {
      ...missing,
      path: "items[0].author.id",
    });
    expectThriftError(() => dom.root.get("items")!.remove(), missing);
    expectThriftError(() => dom.root.get(["items", 0, "id"])!.remove(), missing);
    expectThriftError(() => dom.root.delete("items", { required: "ignore" as never }), {
      code: "INVALID_OPTION",
    });
    expectThriftError(() => dom.root.delete("items", { force: true } as never), { code: "INVALID_OPTION" });
    expectDom(dom, FEED);
    dom.root.get(["items", 0, "id"])!.remove({ required: "remove" });
    expect(dom.root.delete("items", { required: "remove" })).toBe(true);
    const { items: _, ...rest } = FEED;
    expectDom(dom, rest);
  });

  it("members of a union, and a compiled path", () => {
    using dom = load("Shape", { radius: 1 }, protocol);
    dom.root.set("radius", 5);
    expectDom(dom, { radius: 5 });
    const path = compilePath(idl.type("Shape"), "radius");
    expect(dom.root.set(path, 6)).toBe(true);
    expect(dom.root.delete(path)).toBe(true);
    expect(toHex(dom.toBytes())).toBe("00");
  });

  it.each<[what: string, path: PathStep[], value: unknown, code: string, at: string | undefined]>([
    ["another type", ["cursor"], 1, "TYPE_MISMATCH", "cursor"],
    ["null", ["cursor"], null, "TYPE_MISMATCH", "cursor"],
    ["undefined", ["cursor"], undefined, "TYPE_MISMATCH", "cursor"],
    ["a struct with another field", ["pinned"], { id: 1n, x: 2 }, "UNKNOWN_FIELD", "pinned.x"],
    ["a struct without a required field", ["pinned"], {}, "MISSING_REQUIRED", "pinned.id"],
    ["a number out of range", ["counts", "a"], 2 ** 31, "OUT_OF_RANGE", 'counts["a"]'],
    ["a lone surrogate", ["cursor"], "\ud800", "INVALID_UTF8", "cursor"],
    ["no parent", ["pinned", "author", "name"], "x", "NOT_FOUND", "pinned.author"],
    [
      "no parent of the parent",
      ["byRank", 99, "author", "invitedBy", "name"],
      "x",
      "NOT_FOUND",
      "byRank[99]",
    ],
    ["the empty path", [], {}, "INVALID_PATH", undefined],
    [
      "a Value of another struct",
      ["pinned"],
      make("Author", { id: 1n }, protocol),
      "TYPE_MISMATCH",
      "pinned",
    ],
    ["a node of another type", ["cursor"], make("i32", 1, protocol).node, "TYPE_MISMATCH", "cursor"],
  ])("%s is an error, and nothing has changed", (_, path, value, code, at) => {
    using dom = load("Feed", FEED, protocol);
    const expected = { code: code as never, path: at };
    expectThriftError(() => dom.root.set(path, value), expected);
    if (path.length > 0) expectThriftError(() => feed(protocol).set(path, value), expected);
    expectDom(dom, FEED);
  });

  it("where one of several parents is missing, none is edited", () => {
    const author = Value.of(idl.type("Author"), { id: 1n, name: "x" }, { protocol });
    const item = (fields: Parameters<typeof structOf>[1]): never => structOf(protocol, fields) as never;
    const { bytes } = structOf(protocol, [
      [4, TType.STRUCT, item([[3, TType.STRUCT, author.node as never]])],
      [4, TType.STRUCT, item([[1, TType.I64, 2n]])],
    ]);
    using dom = loadBytes(idl.type("Feed"), bytes, protocol);
    const missing = { code: "NOT_FOUND", path: "pinned.author" } as const;
    expectThriftError(() => dom.root.set(["pinned", "author", "name"], "***"), missing);
    expectThriftError(
      () => Value.from(idl.type("Feed"), bytes, { protocol }).set(["pinned", "author", "name"], "***"),
      missing,
    );
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
    // Deleting asks for less.
    expect(dom.root.delete(["pinned", "author", "name"])).toBe(true);
    expect(JSON.stringify(dom.root.get("pinned"))).toBe('{"author":{"id":"1"}}');
  });

  it("a document of scalars has nothing to set, a root stays", () => {
    using dom = load("i32", 5, protocol);
    expectThriftError(() => dom.root.set("x", 1), { code: "INVALID_PATH" });
    expectThriftError(() => dom.root.set([], 1), { code: "INVALID_PATH" });
    expectThriftError(() => dom.root.delete([]), { code: "INVALID_PATH" });
    expectThriftError(() => dom.root.append(1), { code: "TYPE_MISMATCH" });
    expect(dom.root.toJS()).toBe(5);
    expect(Dom.load(dom.root.toValue()).root.toJS()).toBe(5);
  });
});
