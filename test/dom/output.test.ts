import { afterEach, describe, expect, it, vi } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, feed, idl, make, PROTOCOLS } from "../value/fixtures.ts";
import { load } from "./fixtures.ts";

/** Everything that can be done to a feed. */
const EDITS: readonly ((root: DomNode) => unknown)[] = [
  (root) => root.set("cursor", "other"),
  (root) => root.set(["items", 0, "author", "verified"], false),
  (root) => root.get(["items", 0, "tags"])!.push("pushed"),
  (root) => root.get(["items", 0, "blob"])!.replace(hex`01 02 03`),
  (root) => root.get("items")!.sort((a, b) => Number(b.get("id")!.asBigInt() - a.get("id")!.asBigInt())),
  (root) => root.get("items")!.move(0, 2),
  (root) => root.get("counts")!.append({ a: 5, z: 6 }),
  (root) => root.set(["counts", "q"], 7),
  (root) => root.get("points")!.push({ x: 9 }),
  (root) => root.get("grid")!.filter((list) => list.length > 0),
  (root) => root.delete("more"),
  (root) => root.get(["byRank", 5])!.remove(),
  (root) => root.append({ items: [], cursor: "merged" }),
];

describe.each(PROTOCOLS)("what is written, in %s", (protocol) => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each<[what: string, before: unknown, path: string, value: unknown]>([
    ["a field between two that were far apart", { b: true, e: 1 }, "l", 5],
    ["a field in front", { e: 1 }, "b", false],
    ["the first field", {}, "d", 0.5],
  ])("the bytes are those of Value: %s", (_, before, path, value) => {
    const edited = make("Scalars", before, protocol);
    using dom = Dom.load(edited);
    dom.root.set(path, value);
    edited.set(path, value);
    expect(toHex(dom.toBytes())).toBe(toHex(edited.bytes));
  });

  it("a header of the compact protocol gets the short form where that fits now", () => {
    const { descriptor, bytes } = Value.of(idl.struct("Far"), { a: 1, c: 3 }, { protocol });
    const edited = Value.from(descriptor, bytes, { protocol });
    using dom = Dom.load(Value.from(descriptor, bytes, { protocol }));
    edited.set("b", 2);
    dom.root.set("b", 2);
    expect(toHex(dom.toBytes())).toBe(toHex(edited.bytes));
    edited.delete("b");
    dom.root.delete("b");
    expect(toHex(dom.toBytes())).toBe(toHex(edited.bytes));
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
  });

  it("the input is never written to", () => {
    const { bytes } = feed(protocol);
    const input = withNoise(bytes);
    const whole = new Uint8Array(input.buffer);
    const before = toHex(whole);
    using dom = Dom.load(idl.type("Feed"), input, { protocol });
    for (const edit of EDITS) {
      edit(dom.root);
      dom.toBytes().fill(0xee);
      dom.root.toBytes().fill(0xee);
      dom.toValue().bytes.fill(0xee);
      expect(toHex(whole)).toBe(before);
    }
    dom.toValue().validate();
  });

  it("bytes that have been given out stay as they are, whatever is edited later", () => {
    using dom = load("Feed", FEED, protocol);
    const given: { bytes: Uint8Array; shown: string }[] = [];
    const give = (bytes: Uint8Array): void => void given.push({ bytes, shown: toHex(bytes) });
    for (const edit of EDITS) {
      give(dom.toBytes());
      give(dom.toValue().bytes);
      give(dom.root.toNode().bytes);
      for (const node of dom.root.get("items")!.children) give(node.toBytes());
      edit(dom.root);
    }
    for (const { bytes, shown } of given) expect(toHex(bytes)).toBe(shown);
  });

  it("every call gives new bytes", () => {
    using dom = load("Feed", FEED, protocol);
    const [first, second] = [dom.toBytes(), dom.toBytes()];
    first.fill(0);
    expect(toHex(second)).toBe(toHex(feed(protocol).bytes));
    expect(toHex(dom.toBytes())).toBe(toHex(second));
  });

  it("toValue is a value of its own", () => {
    using dom = load("Feed", FEED, protocol);
    const value = dom.toValue();
    value.set("cursor", "of the value");
    dom.root.set("cursor", "of the document");
    expect(value.get("cursor")?.asString()).toBe("of the value");
    expect(dom.root.get("cursor")?.asString()).toBe("of the document");
    expect([value.protocol, value.descriptor]).toEqual([protocol, idl.type("Feed")]);
  });

  it("what is borrowed of an unchanged document is the input itself", () => {
    const value = feed(protocol);
    using dom = Dom.load(value);
    expect(dom.root.get("items")!.toNode().source).toBe(value.node.source);
    expect(dom.root.get(["items", 0, "blob"])!.asBytes().buffer).toBe(value.node.source.buffer);
    expect(dom.root.get("items")!.toBytes().buffer).not.toBe(value.node.source.buffer);
  });

  it.each<[what: string, edit: (root: DomNode) => unknown, most: number]>([
    ["nothing changed", () => {}, 1],
    ["one field in the middle of the list", (root) => root.set([250, "title"], "x"), 4],
    ["one element removed", (root) => root.delete(250), 3],
    ["one element pushed", (root) => root.push({ id: 1n }), 3],
    ["one element replaced", (root) => root.get(250)!.replace({ id: 1n }), 3],
    ["half of the elements filtered out", (root) => root.filter((_, index) => index < 250), 2],
    ["two elements that stand side by side swapped", (root) => root.move(250, 251), 4],
    ["sorted as it was", (root) => root.sort(() => 0), 1],
  ])("untouched ranges are copied whole: %s", (_, edit, most) => {
    const items = Array.from({ length: 500 }, (_, i) => ({
      id: BigInt(i),
      title: `title ${i}`,
      hidden: i % 2 === 0,
    }));
    using dom = load("list<Item>", items, protocol);
    edit(dom.root);
    const copies = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype), "set");
    const bytes = dom.toBytes();
    const count = copies.mock.calls.length;
    copies.mockRestore();
    expect(count).toBeLessThanOrEqual(most);
    Value.from(idl.type("list<Item>"), bytes, { protocol }).validate();
  });

  it("writeTo appends to a writer", () => {
    using dom = load("Feed", FEED, protocol);
    const writer = new ByteWriter({ capacity: 1 });
    writer.append(hex`0a 0b`);
    dom.writeTo(writer);
    dom.root.delete("items", { required: "remove" });
    dom.writeTo(writer);
    expect(toHex(writer.view())).toBe(`0a0b${toHex(feed(protocol).bytes)}${toHex(dom.toBytes())}`);
  });

  it("writeTo leaves a writer as it was when there is no room, in it or in the limits", () => {
    const { bytes } = make("Author", { id: 1n, name: "abc" }, protocol);
    using dom = Dom.load(idl.type("Author"), bytes, {
      protocol,
      limits: { maxOutputSize: bytes.length + 1 },
    });
    const small = new ByteWriter({ capacity: 2, maxSize: bytes.length });
    small.append(hex`0a 0b`);
    expectThriftError(() => dom.writeTo(small), { code: "LIMIT_EXCEEDED" });
    expect(toHex(small.view())).toBe("0a0b");
    dom.root.set("name", make("string", "abcdef", protocol));
    const large = new ByteWriter();
    large.append(hex`0a 0b`);
    expectThriftError(() => dom.writeTo(large), {
      code: "LIMIT_EXCEEDED",
      message: `the output is larger than the limit of ${bytes.length + 1} bytes`,
    });
    expect(toHex(large.view())).toBe("0a0b");
    dom.root.set("name", make("string", "abcd", protocol));
    dom.writeTo(large);
    expect(toHex(large.view())).toBe(`0a0b${toHex(dom.toBytes())}`);
  });

  it("writeTo a writer that holds the message itself", () => {
    const writer = new ByteWriter({ capacity: 1 });
    writer.append(make("list<i32>", [1, 2, 3], protocol).bytes);
    const { length } = writer;
    using dom = Dom.load(idl.type("list<i32>"), writer.view(), { protocol });
    dom.root.push(4);
    dom.writeTo(writer);
    const written = Value.from(idl.type("list<i32>"), writer.view(), { protocol, start: length });
    expect(written.toJS()).toEqual([1, 2, 3, 4]);
  });

  it("large outputs have memory of their own", () => {
    using dom = load("string", "x".repeat(100_000), protocol);
    const bytes = dom.toBytes();
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });
});
