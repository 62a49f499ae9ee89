import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import type { ToJsOptions } from "../../src/value/to-js.ts";
import { Value } from "../../src/value/value.ts";
import { type MessageModel, message } from "../support/arbitraries.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { decodeWithNpmThrift } from "../support/npm-thrift.ts";
import { rootType } from "../support/schema.ts";
import { FEED, idl, make, PROTOCOLS, structOf, TType, typeOf, UUID } from "./fixtures.ts";
import { plainOf, structOfModel, valueOfModel } from "./random-message.ts";

const RUNS = 40;

describe.each(PROTOCOLS)("toJS in %s", (protocol) => {
  it.each<[type: string, js: unknown, options: ToJsOptions, expected: unknown]>([
    ["i64", 5n, {}, 5n],
    ["i64", 5n, { int64: "bigint" }, 5n],
    ["i64", -5n, { int64: "number" }, -5],
    ["i64", 2n ** 53n - 1n, { int64: "number" }, Number.MAX_SAFE_INTEGER],
    ["i64", -(2n ** 63n), { int64: "string" }, "-9223372036854775808"],
    ["byte", -1, {}, -1],
    ["double", -0, {}, -0],
    ["double", Number.NaN, {}, Number.NaN],
    ["double", Number.NEGATIVE_INFINITY, {}, Number.NEGATIVE_INFINITY],
    ["string", "größe", {}, "größe"],
    ["binary", hex`00ff`, {}, hex`00ff`],
    ["uuid", UUID.toUpperCase(), {}, UUID],
    ["Color", 2, {}, 2],
    ["Color", 2, { enums: "number" }, 2],
    ["Color", 2, { enums: "name" }, "GREEN"],
    ["Color", 77, { enums: "name" }, 77],
    ["list<Color>", [1, 9, -5], { enums: "name" }, ["RED", 9, "BLUE"]],
    ["set<i64>", [3, 1], { int64: "number" }, new Set([3, 1])],
    ["set<Color>", ["RED"], { enums: "name" }, new Set(["RED"])],
    ["map<string,i32>", { b: 1, a: 2 }, {}, new Map(Object.entries({ b: 1, a: 2 }))],
    ["map<string,i32>", { b: 1, a: 2 }, { map: "object" }, { b: 1, a: 2 }],
    ["map<i64,i64>", { "5": 6 }, { int64: "number" }, new Map([[5, 6]])],
    ["map<i64,i64>", { "5": 6 }, { int64: "string" }, new Map([["5", "6"]])],
    ["map<i64,i64>", { "-9223372036854775808": 6 }, { map: "object" }, { "-9223372036854775808": 6n }],
    ["map<i64,i64>", { "5": 6 }, { map: "object", int64: "number" }, { "5": 6 }],
    ["map<bool,i32>", { true: 1 }, { map: "object" }, { true: 1 }],
    ["map<byte,i32>", { "-1": 1 }, { map: "object" }, { "-1": 1 }],
    [
      "map<double,i32>",
      new Map([
        [0.5, 1],
        [1e21, 2],
      ]),
      { map: "object" },
      { "0.5": 1, "1e+21": 2 },
    ],
    [
      "map<double,i32>",
      [
        [-0, 1],
        [0, 2],
      ],
      { map: "object" },
      { "-0": 1, "0": 2 },
    ],
    [
      "map<double,i32>",
      [
        [Number.NaN, 1],
        [Number.NEGATIVE_INFINITY, 2],
      ],
      { map: "object" },
      { NaN: 1, "-Infinity": 2 },
    ],
    ["map<Color,i32>", { RED: 1, "77": 2 }, { map: "object" }, { "1": 1, "77": 2 }],
    ["map<Color,i32>", { RED: 1, "77": 2 }, { map: "object", enums: "name" }, { RED: 1, "77": 2 }],
    [
      "map<Color,i32>",
      { RED: 1, "77": 2 },
      { enums: "name" },
      new Map<unknown, number>(
        [
          ["RED", 1],
          [77, 2],
        ].map(([k, v]) => [k, v as number]),
      ),
    ],
    ["map<uuid,i32>", { [UUID]: 1 }, { map: "object" }, { [UUID]: 1 }],
    ["map<binary,i32>", new Map([[hex`00ff`, 1]]), {}, new Map([[hex`00ff`, 1]])],
    [
      "map<binary,i32>",
      new Map([
        [hex`00ff`, 1],
        [hex``, 2],
      ]),
      { map: "object" },
      { "AP8=": 1, "": 2 },
    ],
    ["map<Point,i32>", [[{ x: 1 }, 2]], { map: "object" }, [[{ x: 1 }, 2]]],
    ["map<Point,i32>", [], { map: "object" }, []],
    ["map<list<i32>,i32>", [[[1], 2]], { map: "object" }, [[[1], 2]]],
    ["map<string,map<i32,bool>>", { a: { 1: true } }, { map: "object" }, { a: { "1": true } }],
    ["Point", { x: 1, label: "l" }, { keys: "name" }, { x: 1, label: "l" }],
    ["Point", { x: 1, label: "l" }, { keys: "id" }, { "1": 1, "3": "l" }],
    ["Odd", { below: "b", far: true }, { keys: "id" }, { "-3": "b", "300": true }],
    ["Author", { id: 1, invitedBy: { id: 2 } }, { keys: "id", int64: "number" }, { "1": 1, "4": { "1": 2 } }],
    ["Shape", { at: { x: 1 } }, { keys: "id" }, { "3": { "1": 1 } }],
    ["Item", { id: 1 }, {}, { id: 1n }],
    ["Item", {}, {}, {}],
  ])("%s %o with %o → %o", (type, js, options, expected) => {
    const value = make(type, js, protocol);
    expect(value.toJS(options)).toEqual(expected);
    expect(value.detach().toJS(options)).toEqual(expected);
  });

  it("a whole message", () => {
    const { counts, byRank, points, ...same } = FEED;
    const [first, ...others] = FEED.items as Record<string, object>[];
    const attrs = new Map(Object.entries(first!.attrs!));
    const marks = new Set(first!.marks as unknown as number[]);
    expect(make("Feed", FEED, protocol).toJS()).toEqual({
      ...same,
      items: [{ ...first, attrs, marks }, { ...others[0], attrs: new Map() }, others[1]],
      counts: new Map(Object.entries(counts as object)),
      byRank,
      points: new Set(points as Iterable<unknown>),
    });
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("keys and fields called %s", (name) => {
    const map = make("map<string,i32>", [[name, 1]], protocol);
    for (const object of [map.toJS({ map: "object" }), map.toJSON()]) {
      expect(Object.entries(object as object)).toEqual([[name, 1]]);
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    }
    const js = JSON.parse('{"__proto__":1,"constructor":2,"toString":{"a":3}}');
    const object = make("Odd", js, protocol).toJS({ map: "object" }) as object;
    expect(Object.entries(object)).toEqual(Object.entries(js));
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    const byId = make("Odd", js, protocol).toJS({ keys: "id", map: "object" });
    expect(byId).toEqual({ "1": 1, "2": 2, "3": { a: 3 } });
  });

  it("of repeated fields and keys the first counts, as get has it", () => {
    const string = (text: string): ThriftNode => ThriftNode.of(TType.STRING, text, protocol);
    const struct = structOf(protocol, [
      [2, TType.STRING, "first"],
      [1, TType.I64, 1n],
      [2, TType.STRING, "second"],
      [1, TType.I32, 3],
    ]);
    expect(Value.from(idl.struct("Author"), struct.bytes, { protocol }).toJS()).toEqual({
      name: "first",
      id: 1n,
    });
    const entries = [
      [string("a"), 1],
      [string("b"), 2],
      [string("a"), 3],
    ] as const;
    const node = ThriftNode.mapOf(TType.STRING, TType.I32, entries, protocol);
    const map = Value.from(typeOf("map<string,i32>"), node.bytes, { protocol });
    expect(map.get("a")?.asNumber()).toBe(1);
    expect(map.toJS()).toEqual(
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    );
    expect(map.toJS({ map: "object" })).toEqual({ a: 1, b: 2 });
    expect(JSON.stringify(map)).toBe('{"a":1,"b":2}');
    expect(map.length).toBe(3);
  });

  it.each<[keys: string, entries: [key: unknown, value: number][], rest: number[]]>([
    [
      "binary",
      [
        [hex`01`, 1],
        [hex``, 2],
        [hex`01`, 3],
        [hex`0102`, 4],
      ],
      [1, 2, 4],
    ],
    [
      "Point",
      [
        [{ x: 1 }, 1],
        [{ x: 1, y: 0 }, 2],
        [{ x: 1 }, 3],
      ],
      [1, 2],
    ],
    [
      "list<i32>",
      [
        [[1], 1],
        [[1], 2],
        [[], 3],
        [[], 4],
      ],
      [1, 3],
    ],
  ])("of repeated keys of type %s the first counts", (keys, entries, rest) => {
    const map = make(`map<${keys},i32>`, entries, protocol);
    expect([...(map.toJS() as Map<unknown, number>).values()]).toEqual(rest);
    expect(Object.values(map.toJS({ map: "object" }) as object).length).toBe(rest.length);
    expect(Object.values(map.toJSON() as object).length).toBe(rest.length);
    expect(map.length).toBe(entries.length);
  });

  it("binary is a copy, also as a key", () => {
    const bytes = make("map<binary,binary>", new Map([[hex`01`, hex`02`]]), protocol).toBytes();
    const [[key, content]] = Value.from(typeOf("map<binary,binary>"), bytes, { protocol }).toJS() as [
      [Uint8Array, Uint8Array],
    ];
    bytes.fill(0xff);
    expect([key, content]).toEqual([hex`01`, hex`02`]);
    expect(content?.buffer.byteLength).toBe(1);
  });

  it.each<[type: string, js: unknown, path: string]>([
    ["i64", 2n ** 53n, ""],
    ["list<i64>", [1, -(2n ** 53n)], "[1]"],
    ["map<i64,i32>", { "9007199254740993": 1 }, "[…]"],
    ["map<string,list<i64>>", { k: [2n ** 60n] }, '["k"][0]'],
    ["Feed", { items: [{ id: 1 }, { id: 2, author: { id: 2n ** 62n } }] }, "items[1].author.id"],
  ])("an i64 beyond 2^53 as a number: %s %o fails at %s", (type, js, path) => {
    const value = make(type, js, protocol);
    const error = expectThriftError(() => value.toJS({ int64: "number" }), { code: "OUT_OF_RANGE", path });
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(
      toHex(Value.of(typeOf(type), value.toJS(), { protocol, missing: { required: "omit" } }).bytes),
    ).toBe(toHex(value.bytes));
  });

  it.each<[type: string, bytes: Uint8Array]>([
    ["string", protocol === "binary" ? hex`00000002 61ff` : hex`02 61ff`],
    [
      "map<string,i32>",
      protocol === "binary" ? hex`0b 08 00000001 00000001 ff 00000001` : hex`01 85 01 ff 02`,
    ],
  ])("%s with bytes that are no UTF-8: %o", (type, bytes) => {
    const value = Value.from(typeOf(type), bytes, { protocol });
    const offset = bytes.indexOf(0xff);
    expectThriftError(() => value.toJS(), { code: "INVALID_UTF8", offset });
    expectThriftError(() => value.validate(), { code: "INVALID_UTF8", offset });
  });

  it.each<[options: unknown, message: RegExp]>([
    [{ int64: "float" }, /^option `int64` must be/],
    [{ map: "Map" }, /^option `map` must be "map" or "object"/],
    [{ keys: "alias" }, /^option `keys` must be/],
    [{ enums: 1 }, /^option `enums` must be/],
    [{ key: "id" }, /^toJS: unknown option `key`; did you mean `keys`\?/],
    [{ binary: "base64" }, /^toJS: unknown option `binary`/],
    [null, /^toJS: options must be an object/],
  ])("the options %o are refused", (options, text) => {
    expectThriftError(() => make("i32", 1, protocol).toJS(options as never), {
      code: "INVALID_OPTION",
      message: text,
    });
  });

  it("random messages are read as the model has them, and as npm thrift reads them", () => {
    const property = fc.property(message(), (model) => {
      const { schema } = model;
      const value = valueOfModel(model, structOfModel(schema), protocol);
      const read = decodeWithNpmThrift(schema, rootType(schema), value.toBytes(), protocol);
      expect(value.toJS()).toEqual(plainOf(schema, rootType(schema), model.value));
      expect(value.toJS()).toEqual(plainOf(schema, rootType(schema), read));
      value.validate();
    });
    fc.assert(property, { numRuns: RUNS, seed: 6 });
  });

  it("Value.of takes back what toJS gives, to the byte", () => {
    const property = fc.property(
      message(),
      fc.constantFrom<ToJsOptions>({}, { enums: "name" }),
      (model, options) => {
        const type = structOfModel(model.schema);
        // The order of the descriptor, which the model does not keep.
        const value = Value.of(type, valueOfModel(model, type, protocol).toJS(), { protocol });
        const again = Value.of(type, value.toJS(options), { protocol });
        expect(toHex(again.bytes)).toBe(toHex(value.bytes));
      },
    );
    fc.assert(property, { numRuns: RUNS, seed: 7 });
  });

  it("plain objects for maps go back too, where keys are text or numbers", () => {
    const without = ["binary", "double"] as const;
    const property = fc.property(message({ without }), (model: MessageModel) => {
      const type = structOfModel(model.schema);
      const value = Value.of(type, valueOfModel(model, type, protocol).toJS(), { protocol });
      const again = Value.of(type, value.toJS({ map: "object" }), { protocol });
      // Objects put keys that are indices first.
      expect(again.toJS({ map: "object" })).toEqual(value.toJS({ map: "object" }));
      expect(again.size).toBe(value.size);
    });
    fc.assert(property, { numRuns: RUNS, seed: 8 });
  });
});
