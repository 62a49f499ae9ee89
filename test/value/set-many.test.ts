import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import type { PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { expectValue, FEED, feed, make, PROTOCOLS, typeOf, UUID } from "./fixtures.ts";

type Entry = [path: PathStep | PathStep[], value: unknown];

describe.each(PROTOCOLS)("setMany in %s", (protocol) => {
  it.each<[type: string, before: unknown, entries: Entry[], after: unknown]>([
    ["Scalars", { i: 1 }, [], { i: 1 }],
    [
      "Scalars",
      { i: 1 },
      [
        ["i", 2],
        ["b", true],
        ["t", "x"],
        ["d", 0.5],
      ],
      { b: true, i: 2, d: 0.5, t: "x" },
    ],
    [
      "Scalars",
      { i: 1 },
      [
        ["t", "x"],
        ["d", 0.5],
        ["b", true],
      ],
      { b: true, i: 1, d: 0.5, t: "x" },
    ],
    // The last of equal paths counts.
    [
      "Scalars",
      { i: 1 },
      [
        ["i", 2],
        ["i", 3],
        [["i"], 4],
      ],
      { i: 4 },
    ],
    [
      "map<i32,i32>",
      {},
      [
        [0, 1],
        [-0, 2],
        [0n, 3],
      ],
      { "0": 3 },
    ],
    [
      "map<uuid,i32>",
      {},
      [
        [UUID, 1],
        [UUID.toUpperCase(), 2],
        [hex(UUID.replaceAll("-", "")), 3],
      ],
      { [UUID]: 3 },
    ],
    [
      "map<uuid,i32>",
      { [UUID]: 0 },
      [
        [UUID, 1],
        [UUID.toUpperCase(), 2],
      ],
      { [UUID]: 2 },
    ],
    [
      "map<Color,i32>",
      {},
      [
        ["RED", 1],
        [1, 2],
        ["GREEN", 3],
      ],
      { RED: 2, GREEN: 3 },
    ],
    [
      "map<string,i32>",
      { b: 0 },
      [
        ["a", 1],
        [utf8("a"), 2],
        ["b", 3],
        ["c", 4],
      ],
      { b: 3, a: 2, c: 4 },
    ],
    [
      "list<string>",
      ["a", "b"],
      [
        [0, "x"],
        [-0, "y"],
      ],
      ["y", "b"],
    ],
    // Later entries see what earlier ones have put.
    [
      "Author",
      {},
      [
        ["invitedBy", { id: 1 }],
        [["invitedBy", "name"], "n"],
      ],
      { invitedBy: { id: 1, name: "n" } },
    ],
    [
      "Author",
      { id: 1, invitedBy: { id: 2 } },
      [
        [["invitedBy", "name"], "n"],
        ["invitedBy", { id: 3 }],
      ],
      { id: 1, invitedBy: { id: 3 } },
    ],
    [
      "Author",
      {},
      [
        [[], { id: 1 }],
        ["name", "n"],
      ],
      { id: 1, name: "n" },
    ],
    [
      "Author",
      { id: 1 },
      [
        ["name", "n"],
        [[], { id: 2 }],
      ],
      { id: 2 },
    ],
    [
      "list<i32>",
      [],
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [0, 4],
      ],
      [4, 2, 3],
    ],
    [
      "list<i32>",
      [1, 2],
      [
        [2, 3],
        [0, 9],
        [3, 4],
      ],
      [9, 2, 3, 4],
    ],
    [
      "list<list<i64>>",
      [],
      [
        [0, []],
        [[0, 0], 1],
        [[0, 1], 2],
        [1, [3]],
      ],
      [[1, 2], [3]],
    ],
    [
      "set<i32>",
      [1, 2],
      [
        [2, 3],
        [3, 4],
      ],
      [1, 2, 3, 4],
    ],
    // Each value of a set depends on what the ones before have left.
    [
      "set<string>",
      ["a", "b"],
      [
        [0, "b"],
        [1, "a"],
      ],
      ["b", "a"],
    ],
    [
      "set<string>",
      ["a", "b", "c"],
      [
        [0, "b"],
        [1, "z"],
      ],
      ["b", "z"],
    ],
    [
      "set<string>",
      ["a", "b"],
      [
        [0, "b"],
        [0, "c"],
      ],
      ["c"],
    ],
    [
      "set<Point>",
      [{ x: 1 }, { x: 2 }],
      [
        [[0, "x"], 2],
        [[0, "y"], 3],
      ],
      [{ x: 2, y: 3 }],
    ],
    [
      "map<string,Point>",
      {},
      [
        ["a", { x: 1 }],
        [["a", "y"], 2],
        ["b", { x: 3 }],
      ],
      { a: { x: 1, y: 2 }, b: { x: 3 } },
    ],
    // Edits far from each other
    [
      "list<i32>",
      [1, 2, 3, 4, 5],
      [
        [4, 50],
        [0, 10],
        [2, 30],
      ],
      [10, 2, 30, 4, 50],
    ],
    [
      "Item",
      { id: 1, author: { id: 2 }, tags: ["a"], hidden: true },
      [
        [["tags", 0], "b"],
        ["hidden", false],
        [["author", "name"], "n"],
        ["title", "t"],
      ],
      { id: 1, title: "t", author: { id: 2, name: "n" }, tags: ["b"], hidden: false },
    ],
  ])("%s %o: %o gives %o", (type, before, entries, after) => {
    const value = make(type, before, protocol);
    const { bytes } = value;
    const old = toHex(bytes);
    value.setMany(entries);
    expectValue(value, after);
    expect(toHex(bytes)).toBe(old);
    const single = make(type, before, protocol);
    for (const [path, js] of entries) single.set(path, js);
    expect(toHex(single.bytes)).toBe(toHex(value.bytes));
    const compiled = make(type, before, protocol);
    compiled.setMany(new Map(entries.map(([path, js]) => [compilePath(typeOf(type), path), js])));
    expectValue(compiled, after);
  });

  it.each<[what: string, entries: Entry[], code: ErrorCode, at: string]>([
    [
      "a value at the end",
      [
        ["more", false],
        ["cursor", 5],
      ],
      "TYPE_MISMATCH",
      "cursor",
    ],
    [
      "a value at the start",
      [
        ["cursor", 5],
        ["more", false],
      ],
      "TYPE_MISMATCH",
      "cursor",
    ],
    [
      "a path",
      [
        ["more", false],
        [["items", 0, "nmae"], 5],
      ],
      "INVALID_PATH",
      "items[0].nmae",
    ],
    [
      "a missing parent",
      [
        ["more", false],
        [["items", 1, "author", "name"], "x"],
      ],
      "NOT_FOUND",
      "items[1].author",
    ],
    [
      "an index",
      [
        [["items", 3], { id: 1 }],
        [["items", 5], { id: 1 }],
      ],
      "NOT_FOUND",
      "items[5]",
    ],
    [
      "a Value",
      [
        ["more", false],
        ["pinned", Value.of(typeOf("Point"), { x: 1 })],
      ],
      "TYPE_MISMATCH",
      "pinned",
    ],
  ])("changes nothing when one entry fails: %s", (_, entries, code, path) => {
    const value = feed(protocol);
    const { node } = value;
    const old = toHex(value.bytes);
    expectThriftError(() => value.setMany(entries), { code, path });
    expect(value.node).toBe(node);
    expect(toHex(value.bytes)).toBe(old);
  });

  it("an iterable that throws changes nothing", () => {
    const value = feed(protocol);
    const { node } = value;
    function* entries(): Generator<[PathStep, unknown]> {
      yield ["more", false];
      throw new RangeError("mine");
    }
    expect(() => value.setMany(entries())).toThrow(RangeError);
    expect(value.node).toBe(node);
  });

  it("blanks a list of fields in a message", () => {
    const value = feed(protocol);
    value.setMany([
      [["items", 0, "author", "name"], ""],
      [["items", 2, "author", "invitedBy", "name"], ""],
      [["items", 0, "tags"], []],
      [["counts", "b"], 0],
      [["byRank", 5, "title"], "***"],
      [["pinned", "hidden"], false],
      ["cursor", ""],
    ]);
    const [first, second, third] = FEED.items as Record<string, unknown>[];
    expectValue(value, {
      ...FEED,
      items: [
        { ...first, author: { id: 11n, name: "", verified: true }, tags: [] },
        second,
        { ...third, author: { id: 33n, verified: false, invitedBy: { id: 11n, name: "" } } },
      ],
      counts: { a: 1, b: 0, c: 3 },
      byRank: new Map([
        [5, { id: 1n, title: "***" }],
        [-1, { id: 2n }],
      ]),
      pinned: { id: 9n, hidden: false },
      cursor: "",
    });
  });

  it("a value takes the place of what has been put into it before", () => {
    const value = feed(protocol);
    value.setMany([
      [["pinned", "title"], "gone"],
      ["pinned", { id: 8n }],
    ]);
    expectValue(value, { ...FEED, pinned: { id: 8n } });
    value.setMany([
      [["items", 0, "author", "name"], "gone"],
      [["items", 0, "author", "id"], 0n],
      [["items", 0, "author"], { id: 3n }],
    ]);
    const [first, ...others] = FEED.items as Record<string, unknown>[];
    expectValue(value, { ...FEED, pinned: { id: 8n }, items: [{ ...first, author: { id: 3n } }, ...others] });
  });

  it("a result beyond maxOutputSize is refused", () => {
    const bytes = feed(protocol).toBytes();
    const limits = { maxOutputSize: bytes.length + 4 };
    const value = Value.from(typeOf("Feed"), bytes, { protocol, limits });
    value.set("cursor", "next!");
    expectThriftError(() => value.set("cursor", "x".repeat(20)), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => value.set(["items", 3], { id: 4n, title: "123456" }), { code: "LIMIT_EXCEEDED" });
    expectValue(value, { ...FEED, cursor: "next!" });
  });
});
