import { describe, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { Value } from "../../src/value/value.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { expectValue, idlAgain, make, PROTOCOLS, TType, typeOf } from "./fixtures.ts";

describe.each(PROTOCOLS)("encoded values inside of JavaScript values, in %s", (protocol) => {
  const other = protocol === "binary" ? "compact" : "binary";

  it.each<[type: string, wrap: (part: unknown) => unknown, partType: string, part: unknown, js: unknown]>([
    ["list<Point>", (part) => [part, { x: 9 }, part], "Point", { x: 1 }, [{ x: 1 }, { x: 9 }, { x: 1 }]],
    ["map<string,Point>", (part) => ({ a: part }), "Point", { x: 1 }, { a: { x: 1 } }],
    ["map<Point,i32>", (part) => [[part, 5]], "Point", { x: 1 }, [[{ x: 1 }, 5]]],
    ["Author", (part) => ({ id: 1, invitedBy: part }), "Author", { id: 2 }, { id: 1, invitedBy: { id: 2 } }],
    ["Author", (part) => ({ id: part }), "i64", 7, { id: 7 }],
    ["Author", (part) => ({ id: 1, verified: part }), "bool", true, { id: 1, verified: true }],
    ["Author", (part) => ({ id: 1, verified: part }), "bool", false, { id: 1, verified: false }],
    ["list<bool>", (part) => [part, false], "bool", true, [true, false]],
    ["set<string>", (part) => new Set([part]), "string", "größe", ["größe"]],
    ["Item", (part) => ({ id: 1, tags: part }), "list<string>", ["a"], { id: 1, tags: ["a"] }],
  ])("%s %o of %s %o", (type, wrap, partType, part, js) => {
    for (const from of [protocol, other] as const) {
      const value = make(partType, part, from);
      using dom = Dom.load(value);
      for (const given of [value, value.node, dom.root, dom]) {
        expectValue(Value.of(typeOf(type), wrap(given), { protocol }), js);
        const target = make(type, js, protocol);
        target.set([], wrap(given));
        expectValue(target, js);
      }
    }
  });

  it("elements change places", () => {
    const list = make("list<Author>", [{ id: 1 }, { id: 2 }], protocol);
    list.set([], [list.get(1), list.get(0)]);
    expectValue(list, [{ id: 2 }, { id: 1 }]);
  });

  it("a struct of the same name from another load of the IDL", () => {
    const point = Value.of(idlAgain.struct("Point"), { x: 1 }, { protocol });
    expectValue(Value.of(typeOf("list<Point>"), [point], { protocol }), [{ x: 1 }]);
  });

  it.each<[what: string, given: unknown, code: ErrorCode, message: RegExp]>([
    [
      "of another struct",
      make("Author", { id: 1 }, protocol),
      "TYPE_MISMATCH",
      /type Author cannot stand for one of type Point/,
    ],
    [
      "of another wire type",
      ThriftNode.of(TType.I32, 1, protocol),
      "TYPE_MISMATCH",
      /type i32 cannot stand for one of type struct/,
    ],
    [
      "a document of another struct",
      Dom.load(make("Author", { id: 1 }, protocol)),
      "TYPE_MISMATCH",
      /type Author cannot/,
    ],
    [
      "with fields of other types",
      ThriftNode.from(TType.STRUCT, hex`0b 0001 00000000 00`),
      "TYPE_MISMATCH",
      /bytes .* are not those of one of type Point/,
    ],
    [
      "of corrupt bytes",
      Value.from(typeOf("Point"), hex`08 0001 00`),
      "TRUNCATED",
      /bytes .* are not those of one of type Point/,
    ],
  ])("%s", (_, given, code, message) => {
    const list = make("list<Point>", [{ x: 1 }], protocol);
    const expected = { code, message };
    expectThriftError(() => list.set([], [{ x: 2 }, given]), { ...expected, path: "[1]" });
    expectThriftError(() => list.set([0], given), { ...expected, path: "[0]" });
    using dom = Dom.load(list);
    expectThriftError(() => dom.root.append([{ x: 2 }, given]), expected);
    expectThriftError(() => Value.of(list.descriptor, [given]), { ...expected, path: "[0]" });
    expectValue(list, [{ x: 1 }]);
  });
});
