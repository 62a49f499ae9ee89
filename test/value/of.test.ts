import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { ValueError } from "../../src/literal/value-error.ts";
import { Value, type ValueOfOptions } from "../../src/value/value.ts";
import { message } from "../support/arbitraries.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { decodeWithNpmThrift } from "../support/npm-thrift.ts";
import { rootType, type SchemaModel, type TypeModel, type ValueModel } from "../support/schema.ts";
import { FEED, idl, PROTOCOLS, typeOf, UUID } from "./fixtures.ts";
import { structOfModel } from "./random-message.ts";

const defaults = parseIdl(`
  enum Color { RED = 1, GREEN = 2 }
  struct In { 1: required i32 x, 2: i32 y = 7 }
  struct Defaults {
    1: required i32 r, 2: i32 d, 3: optional i32 o, 4: i32 withDefault = 5, 5: optional list<i32> list = [1, 2],
    6: required In in, 7: optional map<string, In> map = {"k": {"x": 1}}, 8: bool yes = true, 9: Color color = Color.GREEN
  }
`);

class Pair {
  x = 1;
  readonly y: number = 2;
  #hidden = 3;
  get sum(): number {
    return this.x + this.y + this.#hidden;
  }
}

const noPrototype = Object.assign(Object.create(null), { x: 1, y: 2 });

describe.each(PROTOCOLS)("Value.of in %s", (protocol) => {
  describe("takes every natural form of a value", () => {
    it.each<[type: string, forms: unknown[], js: unknown]>([
      ["bool", [true], true],
      ["byte", [-1, -1n], -1],
      ["byte", [0, -0, 0n], 0],
      ["i16", [300, 300n], 300],
      ["i32", [7, 7n], 7],
      ["i64", [7, 7n], 7n],
      ["i64", [-(2n ** 63n)], -(2n ** 63n)],
      ["double", [1.5], 1.5],
      ["double", [3, 3n], 3],
      ["double", [-0], -0],
      ["double", [Number.NaN], Number.NaN],
      ["double", [Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY],
      ["string", ["größe", utf8("größe"), Buffer.from("größe")], "größe"],
      ["string", [""], ""],
      ["binary", [hex`00ff`, Buffer.from([0, 255])], hex`00ff`],
      ["binary", ["k", utf8("k")], utf8("k")],
      ["uuid", [UUID, UUID.toUpperCase(), hex(UUID.replaceAll("-", ""))], UUID],
      ["Color", [2, 2n, "GREEN"], 2],
      ["Color", [77], 77],
      ["list<i32>", [[1, -2], Int32Array.of(1, -2), Int8Array.of(1, -2), [1n, -2n]], [1, -2]],
      ["list<i32>", [Buffer.from([1, 2]), Uint8Array.of(1, 2)], [1, 2]],
      ["list<i64>", [BigInt64Array.of(1n), [1]], [1n]],
      ["list<double>", [Float64Array.of(0.5), [0.5]], [0.5]],
      ["list<bool>", [[true, false]], [true, false]],
      ["list<i32>", [[], new Uint8Array(0)], []],
      ["set<i32>", [new Set([3, 1]), [3, 1]], new Set([3, 1])],
      ["set<string>", [new Set(), []], new Set()],
      [
        "map<string,i32>",
        [{ b: 1, a: 2 }, new Map(Object.entries({ b: 1, a: 2 })), Object.entries({ b: 1, a: 2 })],
        new Map(Object.entries({ b: 1, a: 2 })),
      ],
      ["map<i32,bool>", [{ "-5": true }, new Map([[-5, true]]), [[-5n, true]]], new Map([[-5, true]])],
      [
        "map<Color,i32>",
        [{ RED: 1 }, new Map([["RED", 1]]), { "1": 1 }, new Map([[1, 1]])],
        new Map([[1, 1]]),
      ],
      ["map<Point,i32>", [[[{ x: 1 }, 2]], new Map([[{ x: 1 }, 2]])], new Map([[{ x: 1 }, 2]])],
      ["map<string,i32>", [{}, new Map(), []], new Map()],
      [
        "Point",
        [
          { x: 1, y: 2 },
          { y: 2, x: 1n },
          { x: 1, y: 2, label: null },
          { x: 1, y: 2, label: undefined },
          noPrototype,
          new Pair(),
        ],
        { x: 1, y: 2 },
      ],
      ["Shape", [{ name: "n" }, { name: "n", radius: null, at: undefined }], { name: "n" }],
      ["list<map<string,list<Point>>>", [[{ a: [{ x: 1 }] }, {}]], [new Map([["a", [{ x: 1 }]]]), new Map()]],
      ["Feed", [FEED], FEED],
    ])("%s: %o → %o", (type, forms, js) => {
      const values = forms.map((form) => Value.of(typeOf(type), form, { protocol }));
      const normal = Value.of(typeOf(type), values[0]!.toJS(), { protocol });
      if (type !== "Feed") expect(values[0]!.toJS()).toEqual(js);
      for (const value of values) {
        expect(toHex(value.bytes)).toBe(toHex(normal.bytes));
        expect(value.descriptor).toBe(typeOf(type));
        expect(value.protocol).toBe(protocol);
        value.validate();
      }
    });

    it.each<[what: string, type: string, js: unknown, expected: unknown]>([
      ["a field", "Odd", '{"__proto__":1,"constructor":2}', { keys: ["__proto__", "constructor"], first: 1 }],
      [
        "a map key",
        "map<string,i32>",
        '{"__proto__":1,"toString":2}',
        { keys: ["__proto__", "toString"], first: 1 },
      ],
    ])("%s called `__proto__`", (_, type, js, expected) => {
      const value = Value.of(typeOf(type), JSON.parse(js as string), { protocol });
      expect({ keys: [...value.keys()], first: value.get("__proto__")?.asNumber() }).toEqual(expected);
      expect(toHex(Value.of(typeOf(type), value.toJS(), { protocol }).bytes)).toBe(toHex(value.bytes));
    });

    it("inherited properties are no fields", () => {
      const value = Value.of(
        idl.struct("Point"),
        Object.create({ y: 9 }, { x: { value: 1, enumerable: true } }),
        { protocol },
      );
      expect(value.toJS()).toEqual({ x: 1 });
      expect(Value.of(idl.struct("Odd"), {}, { protocol }).length).toBe(0);
    });
  });

  describe("refuses", () => {
    const cycle: Record<string, unknown> = { id: 1n };
    cycle.invitedBy = cycle;

    it.each<[type: string, value: unknown, code: ErrorCode, path: string | undefined]>([
      ["i32", Number.NaN, "OUT_OF_RANGE", undefined],
      ["i32", 1.5, "OUT_OF_RANGE", undefined],
      ["i32", 2 ** 31, "OUT_OF_RANGE", undefined],
      ["byte", 255, "OUT_OF_RANGE", undefined],
      ["i64", 2 ** 53, "OUT_OF_RANGE", undefined],
      ["i64", 2n ** 63n, "OUT_OF_RANGE", undefined],
      ["i64", new Date(0), "TYPE_MISMATCH", undefined],
      ["i32", "7", "TYPE_MISMATCH", undefined],
      ["string", 7, "TYPE_MISMATCH", undefined],
      ["string", new Date(0), "TYPE_MISMATCH", undefined],
      ["string", "\ud800", "INVALID_UTF8", undefined],
      ["string", hex`ff`, "INVALID_UTF8", undefined],
      ["uuid", "x", "INVALID_VALUE", undefined],
      ["Color", "PINK", "INVALID_VALUE", undefined],
      ["Point", new Date(0), "TYPE_MISMATCH", undefined],
      ["Point", new Map([["x", 1]]), "TYPE_MISMATCH", undefined],
      ["Point", [1, 2], "TYPE_MISMATCH", undefined],
      ["Point", null, "TYPE_MISMATCH", undefined],
      ["Point", { x: () => 1 }, "TYPE_MISMATCH", "x"],
      ["Point", { x: Symbol("x") }, "TYPE_MISMATCH", "x"],
      ["Point", { y: 1 }, "MISSING_REQUIRED", "x"],
      ["Point", { x: 1, z: 1 }, "UNKNOWN_FIELD", "z"],
      ["Point", { x: 1, __proto__: { z: 1 }, label: 5 }, "TYPE_MISMATCH", "label"],
      ["Shape", {}, "INVALID_UNION", undefined],
      ["Shape", { radius: 1, name: "n" }, "INVALID_UNION", undefined],
      ["list<i32>", new Set([1]), "TYPE_MISMATCH", undefined],
      ["list<i32>", [1, undefined], "TYPE_MISMATCH", "[1]"],
      ["set<i32>", [1, null], "TYPE_MISMATCH", "[1]"],
      ["map<string,i32>", new Map([["a", null]]), "TYPE_MISMATCH", '["a"]'],
      ["map<i32,i32>", { a: 1 }, "INVALID_VALUE", '["a"]'],
      ["map<Point,i32>", { a: 1 }, "TYPE_MISMATCH", '["a"]'],
      [
        "Feed",
        { items: [{ id: 1 }, { id: 2, author: { id: 3, name: 4 } }] },
        "TYPE_MISMATCH",
        "items[1].author.name",
      ],
      [
        "Feed",
        { items: [], byRank: new Map([[7, { id: 1, tags: ["a", 5] }]]) },
        "TYPE_MISMATCH",
        "byRank[7].tags[1]",
      ],
      ["Feed", { items: [], byRank: { "7": { title: "" } } }, "MISSING_REQUIRED", 'byRank["7"].id'],
      ["Feed", { items: [], pinned: { id: 1, attrs: { k: 1 } } }, "TYPE_MISMATCH", 'pinned.attrs["k"]'],
      ["Author", cycle, "LIMIT_EXCEEDED", Array(64).fill("invitedBy").join(".")],
    ])("%s of %o: %s at %s", (type, value, code, path) => {
      const error = expectThriftError(() => Value.of(typeOf(type), value, { protocol }), { code, path });
      expect(error).toBeInstanceOf(ValueError);
      Value.of(idl.struct("Point"), { x: 1 }, { protocol }).validate();
    });

    it("what getters throw reaches the caller, and nothing is left behind", () => {
      const bad = {
        get x(): number {
          throw new RangeError("mine");
        },
      };
      expect(() => Value.of(idl.struct("Point"), bad, { protocol })).toThrow(RangeError);
      expect(Value.of(idl.struct("Point"), { x: 1 }, { protocol }).toJS()).toEqual({ x: 1 });
    });
  });

  describe("missing fields", () => {
    const js = { r: 1, in: { x: 2 } };
    const withDefaults = { withDefault: 5, yes: true, color: 2 };

    it.each<[js: unknown, missing: ValueOfOptions["missing"], expected: unknown]>([
      [js, undefined, js],
      [js, {}, js],
      [js, { default: "write" }, { ...js, in: { x: 2, y: 7 }, d: 0, ...withDefaults }],
      [js, { optional: "write" }, { ...js, o: 0, list: [1, 2], map: new Map([["k", { x: 1 }]]) }],
      [
        { ...js, list: null, o: undefined },
        { optional: "write" },
        { ...js, o: 0, map: new Map([["k", { x: 1 }]]) },
      ],
      [{ in: {} }, { required: "omit" }, { in: {} }],
      [{}, { required: "write" }, { r: 0, in: {} }],
      [js, { default: "omit", optional: "omit", required: "error" }, js],
    ])("%o with %o → %o", (value, missing, expected) => {
      const options = missing === undefined ? { protocol } : { protocol, missing };
      expect(Value.of(defaults.struct("Defaults"), value, options).toJS()).toEqual(expected);
    });

    it.each<[missing: ValueOfOptions["missing"], path: string]>([
      [{}, "in.x"],
      [{ default: "error" }, "d"],
      [{ optional: "error" }, "o"],
    ])("an error with %o", (missing, path) => {
      const value = path === "in.x" ? { r: 1, in: {} } : js;
      const of = (): Value => Value.of(defaults.struct("Defaults"), value, { protocol, missing: missing! });
      expectThriftError(of, { code: "MISSING_REQUIRED", path });
    });
  });

  it("random values are what npm thrift reads", () => {
    const property = fc.property(message(), (model) => {
      const type = structOfModel(model.schema);
      const js = formOf(model.schema, rootType(model.schema), model.value);
      const value = Value.of(type, js, { protocol });
      value.validate();
      const decoded = decodeWithNpmThrift(model.schema, rootType(model.schema), value.toBytes(), protocol);
      expect(decoded).toEqual(model.value);
    });
    fc.assert(property, { numRuns: 60, seed: 5 });
  });

  it("limits go with the value", () => {
    const limits = { maxDepth: 2, maxLength: 3, maxOutputSize: 40 };
    const type = idl.type("list<list<i32>>");
    const value = Value.of(type, [[1]], { protocol, limits });
    expect(value.node.limits).toMatchObject(limits);
    expectThriftError(() => Value.of(type, [[1, 2, 3, 4]], { protocol, limits }), {
      code: "LIMIT_EXCEEDED",
      path: "[0]",
    });
    expectThriftError(
      () =>
        Value.of(
          idl.struct("Author"),
          { id: 1, invitedBy: { id: 2, invitedBy: { id: 3 } } },
          { protocol, limits },
        ),
      {
        code: "LIMIT_EXCEEDED",
        path: "invitedBy.invitedBy",
      },
    );
    expectThriftError(() => Value.of(idl.type("string"), "x".repeat(50), { protocol, limits }), {
      code: "LIMIT_EXCEEDED",
    });
    expectThriftError(() => value.set([0, 1], 1n << 40n), { code: "OUT_OF_RANGE", path: "[0][1]" });
    expectThriftError(() => value.set(0, [1, 2, 3, 4]), { code: "LIMIT_EXCEEDED" });
  });
});

/** A value as `Value.of` takes it. Map and Set would make −0 a 0. */
function formOf(schema: SchemaModel, type: TypeModel, value: ValueModel): unknown {
  switch (type.kind) {
    case "list":
    case "set":
      return (value as readonly ValueModel[]).map((element) => formOf(schema, type.element, element));
    case "map":
      return (value as readonly (readonly [ValueModel, ValueModel])[]).map(([key, element]) => [
        formOf(schema, type.key, key),
        formOf(schema, type.value, element),
      ]);
    case "struct": {
      const { fields } = schema.structs.get(type.name)!;
      return Object.fromEntries(
        [...(value as ReadonlyMap<string, ValueModel>)].map(([name, member]) => [
          name,
          formOf(schema, fields.find((field) => field.name === name)!.type, member),
        ]),
      );
    }
    default:
      return value;
  }
}

describe("options of Value.of", () => {
  const point = idl.struct("Point");

  it.each<[options: unknown, message: RegExp]>([
    [{ protocl: "binary" }, /^Value.of: unknown option `protocl`; did you mean `protocol`\?/],
    [{ protocol: "json" }, /^option `protocol` must be "binary" or "compact"/],
    [{ missing: { requird: "omit" } }, /`requird`; did you mean `required`\?/],
    [{ missing: { required: "skip" } }, /^option `missing.required` must be "error", "omit" or "write"/],
    [{ missing: { optional: true } }, /^option `missing.optional` must be/],
    [{ missing: "omit" }, /must be an object/],
    [{ limits: { maxDept: 1 } }, /^limits: unknown option `maxDept`; did you mean `maxDepth`\?$/],
    [{ limits: { maxDepth: 0 } }, /maxDepth must be an integer/],
    [[], /must be an object/],
    [null, /must be an object/],
  ])("%o is refused", (options, message) => {
    expectThriftError(() => Value.of(point, { x: 1 }, options as never), { code: "INVALID_OPTION", message });
  });

  it("a rule that is undefined is the default", () => {
    const missing = { required: undefined, default: undefined } as never;
    expectThriftError(() => Value.of(point, {}, { missing }), { code: "MISSING_REQUIRED", path: "x" });
    expect(Value.of(point, { x: 1 }, { missing }).toJS()).toEqual({ x: 1 });
  });

  it.each([["Point"], [undefined], [{ kind: "thing" }]])("%o is no type", (type) => {
    expectThriftError(() => Value.of(type as never, {}), { code: "INVALID_OPTION" });
    expectThriftError(() => Value.from(type as never, new Uint8Array(1)), { code: "INVALID_OPTION" });
    expectThriftError(() => Value.empty(type as never), { code: "INVALID_OPTION" });
  });

  it.each<[what: string, bytes: unknown, options: unknown, code: ErrorCode]>([
    ["an ArrayBuffer", new ArrayBuffer(1), {}, "INVALID_OPTION"],
    ["text", "00", undefined, "INVALID_OPTION"],
    ["an unknown option", hex`00`, { protokol: "binary" }, "INVALID_OPTION"],
    ["a start behind the end", hex`00`, { start: 2 }, "INVALID_OPTION"],
    ["an end beyond the bytes", hex`00`, { end: 2 }, "INVALID_OPTION"],
    ["a fraction", hex`00`, { start: 0.5 }, "INVALID_OPTION"],
    ["more than the limit", hex`00 00`, { limits: { maxSize: 1 } }, "LIMIT_EXCEEDED"],
  ])("Value.from refuses %s", (_, bytes, options, code) => {
    expectThriftError(() => Value.from(point, bytes as never, options as never), { code });
  });
});
