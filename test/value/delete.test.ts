import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { expectValue, FEED, feed, idl, make, PROTOCOLS, structOf, TType, typeOf, UUID } from "./fixtures.ts";

describe.each(PROTOCOLS)("delete in %s", (protocol) => {
  const point = Value.of(typeOf("Point"), { x: 1 }, { protocol }).bytes;

  it.each<[type: string, before: unknown, path: PathStep | PathStep[], after: unknown]>([
    ["Scalars", { b: true }, "b", {}],
    ["Scalars", { b: true, i: 1, t: "x" }, "b", { i: 1, t: "x" }],
    ["Scalars", { b: true, i: 1, t: "x" }, fieldId(4), { b: true, t: "x" }],
    ["Scalars", { b: true, i: 1, t: "x" }, "t", { b: true, i: 1 }],
    ["Odd", { below: "b", constructor: 2, far: true }, "below", { constructor: 2, far: true }],
    ["Odd", { below: "b", constructor: 2, far: true }, "constructor", { below: "b", far: true }],
    ["Odd", { below: "b", constructor: 2, far: true }, "far", { below: "b", constructor: 2 }],
    ["Odd", JSON.parse('{"__proto__":1,"far":true}'), "__proto__", { far: true }],
    [
      "Author",
      { id: 1, invitedBy: { id: 2, name: "n" } },
      ["invitedBy", "name"],
      { id: 1, invitedBy: { id: 2 } },
    ],
    ["Author", { id: 1, invitedBy: { id: 2 } }, "invitedBy", { id: 1 }],
    ["Shape", { radius: 1 }, "radius", "empty"],
    ["list<i32>", [1, 2, 3], 0, [2, 3]],
    ["list<i32>", [1, 2, 3], -0, [2, 3]],
    ["list<i32>", [1, 2, 3], 2, [1, 2]],
    ["list<i32>", [1], 0, []],
    ["list<string>", Array(15).fill("x"), 7, Array(14).fill("x")],
    ["list<bool>", [true, false], 0, [false]],
    ["list<list<i64>>", [[1, 2], [3]], [0, 0], [[2], [3]]],
    ["set<i32>", [1, 2, 3], 1, [1, 3]],
    ["set<string>", ["a"], 0, []],
    ["map<string,i32>", { a: 1, b: 2 }, "a", { b: 2 }],
    ["map<string,i32>", { a: 1 }, "a", {}],
    ["map<string,i32>", JSON.parse('{"__proto__":1}'), "__proto__", {}],
    ["map<binary,i32>", new Map([[hex`ff`, 1]]), hex`ff`, {}],
    ["map<bool,i32>", { true: 1, false: 2 }, false, { true: 1 }],
    ["map<byte,i32>", { "-1": 1 }, -1, {}],
    ["map<i64,i32>", { "5": 1, "-5": 2 }, 5n, { "-5": 2 }],
    [
      "map<double,i32>",
      [
        [0, 1],
        [-0, 2],
      ],
      -0,
      [[0, 1]],
    ],
    ["map<Color,i32>", { RED: 1, GREEN: 2 }, "GREEN", { RED: 1 }],
    ["map<uuid,i32>", { [UUID]: 1 }, UUID.toUpperCase(), {}],
    [
      "map<Point,i32>",
      [
        [{ x: 1 }, 1],
        [{ x: 2 }, 2],
      ],
      point,
      [[{ x: 2 }, 2]],
    ],
    ["map<string,Point>", { a: { x: 1, y: 2 } }, ["a", "y"], { a: { x: 1 } }],
  ])("%s %o: %o gives %o", (type, before, path, after) => {
    const value = make(type, before, protocol);
    const { bytes, node } = value;
    const old = toHex(bytes);
    const view = value.get(path)!;
    const text = toHex(view.bytes);
    expect(value.delete(path)).toBe(true);
    if (after === "empty") expect(value.length).toBe(0);
    else expectValue(value, after);
    expect(toHex(bytes)).toBe(old);
    expect(toHex(node.bytes)).toBe(old);
    expect(toHex(view.bytes)).toBe(text);
    const compiled = make(type, before, protocol);
    expect(compiled.deleteMany([compilePath(typeOf(type), path)])).toBe(1);
    expect(toHex(compiled.bytes)).toBe(toHex(value.bytes));
  });

  it.each<[type: string, before: unknown, path: PathStep | PathStep[]]>([
    ["Scalars", {}, "b"],
    ["Scalars", { b: true, l: 1 }, "i"],
    ["Author", { id: 1 }, ["invitedBy", "name"]],
    ["Author", { id: 1 }, ["invitedBy", "invitedBy", "invitedBy"]],
    ["list<i32>", [], 0],
    ["list<i32>", [1, 2], 2],
    ["list<i32>", [1, 2], 2 ** 40],
    ["set<i32>", [1], 1],
    ["set<i32>", [], 0],
    ["map<string,i32>", {}, "a"],
    ["map<string,i32>", { a: 1, b: 2 }, "c"],
    ["map<i32,i32>", { "1": 1 }, 2],
    ["map<string,Point>", { a: { x: 1 } }, ["b", "y"]],
    ["map<string,Point>", { a: { x: 1 } }, ["a", "y"]],
    ["Feed", FEED, ["items", 1, "author"]],
    ["Feed", FEED, ["items", 9, "author", "name"]],
    ["Feed", { items: [] }, ["grid", 0]],
  ])("of what is not there returns false and leaves the bytes alone: %s %o: %o", (type, before, path) => {
    const value = make(type, before, protocol);
    const { node } = value;
    const old = toHex(value.bytes);
    expect(value.delete(path)).toBe(false);
    expect(value.deleteMany([path, path])).toBe(0);
    expect(value.node).toBe(node);
    expect(toHex(value.bytes)).toBe(old);
  });

  it.each<[type: string, before: unknown, paths: PathStep[][], after: unknown, count: number]>([
    ["Scalars", { b: true, i: 1, t: "x" }, [], { b: true, i: 1, t: "x" }, 0],
    ["Scalars", { b: true, i: 1, t: "x" }, [["t"], ["b"], ["l"]], { i: 1 }, 2],
    ["Scalars", { b: true, i: 1, t: "x" }, [["i"], ["i"]], { b: true, t: "x" }, 1],
    // Indices are those of the value as it was.
    ["list<i32>", [1, 2, 3, 4], [[0], [1], [3]], [3], 3],
    ["list<i32>", [1, 2, 3, 4], [[3], [0], [7]], [2, 3], 2],
    ["list<i32>", [1, 2], [[0], [1]], [], 2],
    ["set<i32>", [1, 2, 3], [[2], [0]], [2], 2],
    ["map<string,i32>", { a: 1, b: 2, c: 3 }, [["c"], ["a"], ["x"]], { b: 2 }, 2],
    ["map<string,i32>", { a: 1 }, [["a"], ["a"], ["b"]], {}, 1],
    [
      "list<list<i64>>",
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 0],
        [1, 1],
      ],
      [[2], [3]],
      2,
    ],
    [
      "Author",
      { id: 1, name: "n", invitedBy: { id: 2, name: "m" } },
      [["invitedBy", "name"], ["name"]],
      { id: 1, invitedBy: { id: 2 } },
      2,
    ],
  ])("deleteMany %s %o: %o gives %o, %i", (type, before, paths, after, count) => {
    const value = make(type, before, protocol);
    expect(value.deleteMany(paths)).toBe(count);
    expectValue(value, after);
    const compiled = make(type, before, protocol);
    expect(compiled.deleteMany(paths.map((path) => compilePath(typeOf(type), path)))).toBe(count);
    expectValue(compiled, after);
  });

  it("deleteMany of a value and of its parts, in any order", () => {
    for (const paths of [
      [["pinned"], ["pinned", "hidden"]],
      [["pinned", "hidden"], ["pinned"]],
    ]) {
      const value = feed(protocol);
      expect(value.deleteMany(paths)).toBeGreaterThanOrEqual(1);
      expectValue(value, { ...FEED, pinned: undefined });
    }
  });

  it.each<[type: string, before: unknown, path: PathStep[], at: string]>([
    ["Point", { x: 1 }, ["x"], "x"],
    ["Point", {}, ["x"], "x"],
    ["Feed", FEED, ["items"], "items"],
    ["Feed", FEED, ["items", 0, "author", "id"], "items[0].author.id"],
    ["map<string,Point>", { a: { x: 1 } }, ["a", "x"], '["a"].x'],
    ["map<string,Point>", {}, ["a", "x"], '["a"].x'],
  ])("a required field is an error: %s %o: %o", (type, before, path, at) => {
    const value = make(type, before, protocol);
    const { node } = value;
    const expected = { code: "MISSING_REQUIRED", path: at, message: /required: "remove"/ } as const;
    expectThriftError(() => value.delete(path), expected);
    expectThriftError(() => value.delete(path, { required: "error" }), expected);
    expectThriftError(() => value.delete(compilePath(value.descriptor, path)), expected);
    expect(value.node).toBe(node);
    const wasThere = value.has(path);
    expect(value.delete(path, { required: "remove" })).toBe(wasThere);
    expect(value.has(path)).toBe(false);
    value.validate();
  });

  it("one required field keeps deleteMany from all of its work", () => {
    const value = feed(protocol);
    const { node } = value;
    expectThriftError(() => value.deleteMany(["more", ["pinned", "id"]]), {
      code: "MISSING_REQUIRED",
      path: "pinned.id",
    });
    expect(value.node).toBe(node);
    expect(value.deleteMany(["more", ["pinned", "id"]], { required: "remove" })).toBe(2);
    expectValue(value, { ...FEED, more: undefined, pinned: { hidden: true } });
  });

  it.each<[paths: PathStep[][], code: ErrorCode]>([
    [[[]], "INVALID_PATH"],
    [[["more"], []], "INVALID_PATH"],
    [[[], ["more"]], "INVALID_PATH"],
    [[["more"], ["mroe"]], "INVALID_PATH"],
  ])("%o is refused", (paths, code) => {
    const value = feed(protocol);
    const { node } = value;
    expectThriftError(() => value.deleteMany(paths), { code });
    expect(value.node).toBe(node);
  });

  it.each<[options: unknown]>([[{ required: "omit" }], [{ require: "remove" }], [null]])(
    "the options %o are refused",
    (options) => {
      expectThriftError(() => feed(protocol).delete("more", options as never), { code: "INVALID_OPTION" });
      expectThriftError(() => feed(protocol).deleteMany([], options as never), { code: "INVALID_OPTION" });
    },
  );

  it("every occurrence of a repeated field goes, unknown fields stay", () => {
    const node = structOf(protocol, [
      [2, TType.STRING, "a"],
      [99, TType.BOOL, true],
      [2, TType.STRING, "b"],
      [3, TType.BOOL, true],
      [2, TType.STRING, "c"],
      [100, TType.BOOL, false],
      [3, TType.BOOL, false],
    ]);
    const value = Value.from(idl.struct("Author"), withNoise(node.bytes), { protocol });
    expect(value.delete("name")).toBe(true);
    expect(toHex(value.bytes)).toBe(
      toHex(
        structOf(protocol, [
          [99, TType.BOOL, true],
          [3, TType.BOOL, true],
          [100, TType.BOOL, false],
          [3, TType.BOOL, false],
        ]).bytes,
      ),
    );
    expect(value.deleteMany(["verified", "name"])).toBe(1);
    expect(toHex(value.bytes)).toBe(
      toHex(
        structOf(protocol, [
          [99, TType.BOOL, true],
          [100, TType.BOOL, false],
        ]).bytes,
      ),
    );
  });

  it("every occurrence of a repeated key goes", () => {
    const entries = [
      ["a", 1],
      ["b", 2],
      ["a", 3],
      ["c", 4],
      ["b", 5],
    ] as const;
    const node = ThriftNode.mapOf(TType.STRING, TType.I32, entries, protocol);
    const value = Value.from(typeOf("map<string,i32>"), node.bytes, { protocol });
    expect(value.deleteMany(["b", "x"])).toBe(1);
    expect([...value.keys()]).toEqual(["a", "a", "c"]);
    expect(value.delete("a")).toBe(true);
    expectValue(value, { c: 4 });
  });
});
