import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dom, type DomBytesOptions } from "../../src/dom/dom.ts";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { fieldId } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import { message } from "../support/arbitraries.ts";
import { concat, hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { encodeWithNpmThrift } from "../support/npm-thrift.ts";
import { rootType, toIdl } from "../support/schema.ts";
import { feed, idl, make, PROTOCOLS, structOf, TType } from "../value/fixtures.ts";
import { load, loadBytes } from "./fixtures.ts";

const DEPTHS = [0, 1, 2, 3, 4, Number.POSITIVE_INFINITY];

/** Every value, in the order of `findAll`, as what is known of it without its bytes. */
function outline(node: DomNode): unknown[] {
  return node.findAll(() => true).map((each) => [each.step, each.type, each.length, each.descriptor.name]);
}

describe.each(PROTOCOLS)("Dom.load in %s", (protocol) => {
  const value = feed(protocol);

  it.each(DEPTHS)("to depth %d shows the same message", (depth) => {
    using whole = Dom.load(value);
    using dom = Dom.load(value, { depth });
    expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
    expect(dom.root.toJS()).toEqual(value.toJS());
    expect(dom.root.get(["items", 2, "author", "invitedBy", "name"])?.asString()).toBe("Ann");
    expect(dom.root.get(["byRank", -1, "id"])?.asBigInt()).toBe(2n);
    expect(outline(dom.root)).toEqual(outline(whole.root));
    // Loading on demand has changed nothing.
    expect(toHex(dom.toBytes())).toBe(toHex(value.bytes));
  });

  it.each(DEPTHS)("with a limit of depth beyond recursion, to depth %d", (depth) => {
    using whole = Dom.load(value);
    using dom = Dom.load(value.descriptor, value.bytes, { depth, protocol, limits: { maxDepth: 1000 } });
    expect(outline(dom.root)).toEqual(outline(whole.root));
    dom.root.set(["items", 0, "author", "name"], "other");
    whole.root.set(["items", 0, "author", "name"], "other");
    expect(toHex(dom.toBytes())).toBe(toHex(whole.toBytes()));
  });

  it.each(DEPTHS)("random messages of npm thrift: to depth %d and back gives the very bytes", (depth) => {
    const check = fc.property(message(), ({ schema, value: model }) => {
      const bytes = encodeWithNpmThrift(schema, rootType(schema), model, protocol);
      const type = parseIdl(toIdl(schema)).struct(schema.root);
      using dom = loadBytes(type, bytes, protocol, { depth });
      expect(toHex(dom.toBytes())).toBe(toHex(bytes));
      const whole = Value.from(type, bytes, { protocol });
      for (const node of dom.root.findAll(() => true)) node.toValue().validate();
      expect(toHex(dom.toBytes())).toBe(toHex(bytes));
      expect(dom.root.toJS()).toEqual(whole.toJS());
    });
    fc.assert(check, { seed: 31, numRuns: 8 });
  });

  it.each(["items", "counts", "pinned", "points", "cursor", "more", "flags"])(
    "a part of a value is a document of its own: %s",
    (name) => {
      const part = value.get(name)!;
      using dom = Dom.load(part);
      expect(toHex(dom.toBytes())).toBe(toHex(part.bytes));
      expect(dom.root.toJS()).toEqual(part.toJS());
      expect(dom.root.step).toBeUndefined();
    },
  );

  it.each<[type: string, js: unknown]>([
    ["bool", true],
    ["byte", -1],
    ["i16", -32768],
    ["i32", 2147483647],
    ["i64", -(2n ** 63n)],
    ["double", -0],
    ["string", "größe"],
    ["binary", hex`00 ff`],
    ["uuid", "00112233-4455-6677-8899-aabbccddeeff"],
    ["Color", 77],
    ["list<i32>", []],
    ["set<string>", new Set()],
    ["map<string, i32>", new Map()],
    ["list<list<list<bool>>>", [[[true], []], []]],
    ["Author", {}],
  ])("a root of type %s: %o", (type, js) => {
    for (const depth of DEPTHS) {
      using dom = load(type, js, protocol, { depth });
      expect(dom.root.toJS()).toEqual(js);
      expect(toHex(dom.toBytes())).toBe(
        toHex(Value.of(idl.type(type), js, { protocol, missing: { required: "omit" } }).bytes),
      );
    }
  });

  it("bytes of a type, somewhere in a larger buffer", () => {
    const { bytes } = value;
    const buffer = concat([hex`0f 0b`, bytes, hex`00 0c`]);
    const options: DomBytesOptions = { protocol, start: 2, end: 2 + bytes.length, depth: 2 };
    using dom = Dom.load(idl.type("Feed"), buffer, options);
    expect(toHex(dom.toBytes())).toBe(toHex(bytes));
    expect(dom.root.get(["items", 1, "id"])?.asBigInt()).toBe(2n);
    expect(dom.toValue().protocol).toBe(protocol);
  });

  it("unknown fields stay, wherever they are", () => {
    const inner = structOf(protocol, [
      [1, TType.I64, 7n],
      [-5, TType.STRING, "kept"],
      [77, TType.BOOL, true],
    ]);
    const outer = structOf(protocol, [
      [2, TType.STRING, "x"],
      [3, TType.STRUCT as never, inner as never],
      [9000, TType.STRUCT as never, inner as never],
    ]);
    for (const depth of DEPTHS) {
      using dom = loadBytes(idl.type("Item"), outer.bytes, protocol, { depth });
      expect(dom.root.children.map(({ step }) => step)).toEqual(["title", "author"]);
      expect(dom.root.length).toBe(2);
      expect(dom.root.get("author")!.children.map(({ step }) => step)).toEqual(["id"]);
      expect(dom.root.get("author")!.toNode().get(fieldId(-5))?.asString()).toBe("kept");
      dom.root.set(["author", "name"], "Ann");
      const { node } = dom.toValue();
      expect(node.get([fieldId(9000), fieldId(-5)])?.asString()).toBe("kept");
      expect(node.get([fieldId(3), fieldId(-5)])?.asString()).toBe("kept");
      expect(node.get([fieldId(3), fieldId(77)])?.asBoolean()).toBe(true);
      node.validate();
    }
  });

  it("repeated fields and keys stay; reading gives the first", () => {
    const repeated = structOf(protocol, [
      [1, TType.I64, 1n],
      [2, TType.STRING, "b"],
      [1, TType.I64, 2n],
      [6, TType.BOOL, true],
      [6, TType.BOOL, false],
    ]);
    using dom = loadBytes(idl.type("Item"), repeated.bytes, protocol);
    expect(dom.root.children.map(({ step }) => step)).toEqual(["id", "title", "id", "hidden", "hidden"]);
    expect(dom.root.length).toBe(5);
    expect(dom.root.get("id")?.asBigInt()).toBe(1n);
    expect(dom.root.get("hidden")?.asBoolean()).toBe(true);
    expect(toHex(dom.toBytes())).toBe(toHex(repeated.bytes));

    const bytes =
      protocol === "binary"
        ? hex`0b 08 00000003  00000001 "a" 00000001  00000001 "b" 00000002  00000001 "a" 00000003`
        : hex`03 85  01 "a" 02  01 "b" 04  01 "a" 06`;
    using map = loadBytes(idl.type("map<string, i32>"), bytes, protocol);
    expect(map.root.children.map(({ step }) => step)).toEqual(["a", "b", "a"]);
    expect(map.root.length).toBe(3);
    expect(map.root.get("a")?.asNumber()).toBe(1);
    expect(toHex(map.toBytes())).toBe(toHex(bytes));
  });

  it("a wide message makes the tape grow, on loading and on editing", () => {
    const many = Array.from({ length: 600 }, (_, i) => ({ id: BigInt(i), tags: [`${i}`] }));
    for (const depth of [1, Number.POSITIVE_INFINITY]) {
      using dom = load("list<Item>", many, protocol, { depth });
      for (const node of dom.root.children) node.set("title", "x");
      expect(dom.root.toJS()).toEqual(many.map((each) => ({ ...each, title: "x" })));
    }
  });
});

describe("the options of Dom.load", () => {
  const value = make("list<i32>", [1], "binary");
  const type = idl.type("list<i32>");

  it.each<[what: string, options: unknown, message: RegExp]>([
    ["depth: -1", { depth: -1 }, /^option `depth` must be a non-negative integer/],
    ["depth: 1.5", { depth: 1.5 }, /depth/],
    ["depth: NaN", { depth: Number.NaN }, /depth/],
    ["depth: '1'", { depth: "1" }, /depth/],
    ["dpeth", { dpeth: 1 }, /^Dom\.load: unknown option `dpeth`; did you mean `depth`\?/],
    ["null", null, /^Dom\.load: options must be an object, got null/],
    ["an array", [], /^Dom\.load: options must be an object, got an array/],
    ["7", 7, /^Dom\.load: options must be an object/],
  ])("%s", (_, options, message) => {
    const expected = { code: "INVALID_OPTION", message } as const;
    const { idle } = Dom.pool;
    expectThriftError(() => Dom.load(value, options as never), expected);
    expectThriftError(() => Dom.load(type, value.bytes, options as never), expected);
    expect(Dom.pool.idle).toBe(idle);
  });

  it.each<[what: string, options: unknown]>([
    ["protocol", { protocol: "json" }],
    ["start beyond the end", { start: 99 }],
    ["end in front of the start", { start: 3, end: 2 }],
    ["an unknown limit", { limits: { maxSise: 1 } }],
    ["a negative limit", { limits: { maxDepth: 0 } }],
  ])("%s is wrong", (_, options) => {
    expectThriftError(() => Dom.load(type, value.bytes, options as never), { code: "INVALID_OPTION" });
  });

  it.each(["protocol", "start", "limits"])("%s belongs to bytes, a value has its own", (name) => {
    expectThriftError(() => Dom.load(value, { [name]: undefined } as never), { code: "INVALID_OPTION" });
  });

  it.each<[what: string, args: unknown[]]>([
    ["no type", [undefined, value.bytes]],
    ["a node", [value.node]],
    ["a JavaScript value", [[1, 2]]],
    ["no bytes", [type]],
    ["text", [type, "abc"]],
    ["an array", [type, [1, 2]]],
  ])("%s", (_, args) => {
    expectThriftError(() => (Dom.load as (...args: unknown[]) => Dom)(...args), { code: "INVALID_OPTION" });
  });

  it("undefined options are as none", () => {
    using dom = Dom.load(value, { depth: undefined as never });
    using other = Dom.load(type, withNoise(value.bytes), undefined);
    expect(dom.root.toJS()).toEqual(other.root.toJS());
  });

  it("a Buffer is bytes too", () => {
    using dom = Dom.load(type, Buffer.from(value.bytes));
    dom.root.push(2);
    expect(dom.toBytes()).toEqual(Value.of(type, [1, 2]).bytes);
  });
});
