import { describe, expect, it } from "vitest";
import { fieldId } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import { toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { FEED, idl, make, PROTOCOLS, structOf, TType } from "../value/fixtures.ts";
import { expectDom, load, loadBytes } from "./fixtures.ts";

describe.each(PROTOCOLS)("append of a struct in %s", (protocol) => {
  it.each<[what: string, own: object, other: object, merged: object]>([
    ["nothing to nothing", {}, {}, {}],
    ["nothing", { id: 1n, title: "t" }, {}, { id: 1n, title: "t" }],
    ["to nothing", {}, { id: 1n, title: "t" }, { id: 1n, title: "t" }],
    [
      "fields that are there are set",
      { id: 1n, hidden: true },
      { id: 2n, hidden: false },
      { id: 2n, hidden: false },
    ],
    [
      "others are put in the order of ids",
      { title: "t", hidden: true, color: 1 },
      { color: 2, score: 1, id: 1n, tags: ["x"] },
      { id: 1n, title: "t", tags: ["x"], hidden: true, score: 1, color: 2 },
    ],
    [
      "values are set, not merged",
      { tags: ["a"], author: { id: 1n, name: "n" } },
      { tags: ["b"], author: { id: 2n } },
      { tags: ["b"], author: { id: 2n } },
    ],
  ])("%s", (_, own, other, merged) => {
    const missing = { missing: { required: "omit" } } as const;
    for (const depth of [0, 9]) {
      using dom = load("Item", own, protocol, { depth });
      dom.root.append(Value.of(idl.type("Item"), other, { protocol, ...missing }));
      expectDom(dom, merged);
      using crossed = load("Item", own, protocol, { depth });
      crossed.root.append(load("Item", other, protocol === "binary" ? "compact" : "binary").root);
      expectDom(crossed, merged);
    }
  });

  it("itself changes nothing", () => {
    using dom = load("Feed", FEED, protocol);
    dom.root.append(dom.root);
    expectDom(dom, FEED);
  });

  it("a JavaScript value is checked as a whole: its required fields too", () => {
    using dom = load("Item", { id: 1n }, protocol);
    expectThriftError(() => dom.root.append({ title: "x" }), { code: "MISSING_REQUIRED", path: "id" });
    expectThriftError(() => dom.root.append({ id: 2n, title: 5 }), { code: "TYPE_MISMATCH", path: "title" });
    expectThriftError(() => dom.root.append(Value.of(idl.type("Author"), { id: 1n })), {
      code: "TYPE_MISMATCH",
    });
    expectDom(dom, { id: 1n });
  });

  it("unknown fields come along, in the place of those with the same id", () => {
    const type = idl.type("Point");
    const own = structOf(protocol, [
      [1, TType.I32, 1],
      [50, TType.STRING, "own"],
      [60, TType.BOOL, true],
    ]);
    const other = structOf(protocol, [
      [-7, TType.I32, 7],
      [2, TType.I32, 2],
      [55, TType.STRING, "new"],
      [60, TType.I64, 5n],
      [70, TType.BOOL, false],
    ]);
    using dom = loadBytes(type, own.bytes, protocol);
    dom.root.append(Value.from(type, other.bytes, { protocol }));
    const { node } = dom.toValue();
    expect([...node.keys()]).toEqual([-7, 1, 2, 50, 55, 60, 70].map(fieldId));
    expect(node.get(fieldId(60))?.asBigInt()).toBe(5n);
    expect(node.get(fieldId(50))?.asString()).toBe("own");
    expect(node.get(fieldId(70))?.asBoolean()).toBe(false);
    node.validate();
    expect(dom.root.toJS()).toEqual({ x: 1, y: 2 });
  });

  it("repeated fields: all of its own are set, of the other's the first counts", () => {
    const type = idl.type("Point");
    const repeated = (first: number, second: number) =>
      structOf(protocol, [
        [1, TType.I32, first],
        [2, TType.I32, 0],
        [1, TType.I32, second],
      ]).bytes;
    using dom = loadBytes(type, repeated(1, 2), protocol);
    dom.root.append(Value.from(type, repeated(3, 4), { protocol }));
    expect(toHex(dom.toBytes())).toBe(toHex(repeated(3, 3)));
  });

  it("fields out of order stay so", () => {
    const own = structOf(protocol, [
      [10, TType.I32, 1],
      [2, TType.STRING, "t"],
    ]);
    using dom = loadBytes(idl.type("Item"), own.bytes, protocol);
    dom.root.append(make("Item", { id: 1n, hidden: true, score: 1 }, protocol));
    expect(dom.root.children.map(({ step }) => step)).toEqual(["id", "hidden", "score", "color", "title"]);
    dom.toValue().validate();
  });

  it("parts of a message are merged where they are", () => {
    using dom = load("Feed", FEED, protocol);
    using other = load(
      "Feed",
      { items: [{ id: 4n }], counts: { b: 5, d: 6 }, points: [{ x: 3 }, { x: 4 }] },
      protocol,
    );
    for (const name of ["items", "counts", "points"]) dom.root.get(name)!.append(other.root.get(name));
    dom.root.get("pinned")!.append({ id: 10n, title: "merged" });
    expectDom(dom, {
      ...FEED,
      items: [...(FEED.items as unknown[]), { id: 4n }],
      counts: { a: 1, b: 5, c: 3, d: 6 },
      points: [{ x: 1, y: 2 }, { x: 3 }, { x: 4 }],
      pinned: { id: 10n, title: "merged", hidden: true },
    });
  });

  it("lists and sets in the other protocol, of scalars and of structs", () => {
    const other = protocol === "binary" ? "compact" : "binary";
    for (const [type, own, added, merged] of [
      ["list<bool>", [true], [false, true], [true, false, true]],
      ["set<i64>", [1n], [1n, -1n], [1n, -1n]],
      ["list<double>", [0.5], [1e300], [0.5, 1e300]],
      ["set<Point>", [{ x: 1 }], [{ x: 2 }, { x: 1 }], [{ x: 1 }, { x: 2 }]],
      [
        "map<bool, list<bool>>",
        [[true, [true]]],
        [
          [true, []],
          [false, [false]],
        ],
        [
          [true, []],
          [false, [false]],
        ],
      ],
    ] as const) {
      using dom = load(type, own, protocol);
      dom.root.append(make(type, added, other));
      expectDom(dom, merged);
    }
  });
});
