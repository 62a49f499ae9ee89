import { describe, expect, it } from "vitest";
import { parseIdl } from "../../src/idl/idl.ts";
import type { EmptyOptions } from "../../src/value/empty.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { thriftToJson } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { PROTOCOLS } from "./fixtures.ts";

const idl = parseIdl(`
  enum Color { RED = 1 }
  struct In { 1: required i32 x, 2: optional string s, 3: i64 d, 4: In rec }
  struct S {
    1: i32 a, 2: string b, 3: In inn, 4: list<i32> li, 5: map<string, i32> ms, 6: map<i32, string> mi, 7: set<i32> se,
    8: byte by, 9: binary bin, 10: map<byte, i32> mb, 11: list<In> lin, 12: map<double, i32> md, 13: map<In, i32> min,
    14: required i32 req, 15: bool bo, 16: uuid id, 17: Color co
  }
  struct D {
    1: i32 number = 5, 2: list<i32> list = [1, 2], 3: map<string, i32> map = {"a": 1}, 4: In in = {"x": 4}, 5: bool yes = true,
    6: optional string text = "t", 7: required bool no = false, 8: i16 plain
  }
  union U { 1: i32 a = 3, 2: string b }
  struct HasUnion { 1: required U u, 2: i32 n }
  struct Loop { 1: required Loop loop }
  struct Loops { 1: list<Loops> many }
  struct Keys {
    1: map<string, bool> a, 2: map<binary, bool> b, 3: map<bool, bool> c, 4: map<byte, bool> d, 5: map<i16, bool> e, 6: map<i32, bool> f,
    7: map<i64, bool> g, 8: map<double, bool> h, 9: map<Color, bool> i, 10: map<uuid, bool> j, 11: map<In, bool> k, 12: map<list<i32>, bool> l
  }
  service Svc { In get(1: S s, 2: required i32 n) throws (1: In broken) }
`);

const IN = { x: 0, d: 0n, rec: { x: 0, d: 0n } };

/** `Loop` values that contain each other, the innermost one without its field. */
function loops(count: number): object {
  return count === 0 ? {} : { loop: loops(count - 1) };
}

describe.each(PROTOCOLS)("Value.empty in %s", (protocol) => {
  it.each<[type: string, options: EmptyOptions, expected: unknown]>([
    ["bool", {}, false],
    ["byte", {}, 0],
    ["i64", {}, 0n],
    ["double", {}, 0],
    ["string", {}, ""],
    ["binary", {}, hex``],
    ["uuid", {}, "00000000-0000-0000-0000-000000000000"],
    ["Color", {}, 0],
    ["list<i32>", {}, []],
    ["set<i32>", {}, new Set()],
    ["map<string,i32>", {}, new Map()],
    // Which fields
    ["S", { default: "omit" }, { req: 0 }],
    ["In", { depth: 3 }, { ...IN, rec: { ...IN.rec, rec: { x: 0, d: 0n, rec: {} } } }],
    ["In", { depth: 1, optional: "write" }, { x: 0, s: "", d: 0n, rec: {} }],
    ["In", { depth: 1, optional: "write", default: "omit" }, { x: 0, s: "" }],
    ["In", { depth: 0 }, {}],
    // Defaults of the IDL
    [
      "D",
      { depth: 2 },
      { number: 5, list: [1, 2], map: new Map([["a", 1]]), in: { x: 4 }, yes: true, no: false, plain: 0 },
    ],
    ["D", { depth: 2, optional: "write", default: "omit" }, { text: "t", no: false }],
    // Sizes
    ["list<i32>", { listLength: 3 }, [0, 0, 0]],
    ["list<string>", { listLength: 20 }, Array(20).fill("")],
    ["set<i32>", { listLength: 3 }, new Set([0])],
    ["set<i32>", { listLength: 0 }, new Set()],
    [
      "list<list<bool>>",
      { listLength: 2 },
      [
        [false, false],
        [false, false],
      ],
    ],
    ["list<list<bool>>", { listLength: 2, depth: 1 }, [[], []]],
    ["list<list<bool>>", { listLength: 2, depth: 0 }, []],
    ["map<string,i32>", { mapLength: 3 }, new Map(Object.entries({ "0": 0, "1": 0, "2": 0 }))],
    [
      "map<i32,list<i32>>",
      { mapLength: 2, listLength: 1 },
      new Map([
        [0, [0]],
        [1, [0]],
      ]),
    ],
    [
      "map<i32,list<i32>>",
      { mapLength: 2, listLength: 1, depth: 1 },
      new Map<number, number[]>([
        [0, []],
        [1, []],
      ]),
    ],
    ["map<i32,i32>", { mapLength: 2, depth: 0 }, new Map()],
    [
      "list<In>",
      { listLength: 2, depth: 2 },
      [
        { x: 0, d: 0n, rec: {} },
        { x: 0, d: 0n, rec: {} },
      ],
    ],
    // What has no field
    ["U", {}, {}],
    ["U", { optional: "write" }, {}],
    ["HasUnion", {}, { u: {}, n: 0 }],
    // Recursion
    ["Loop", { depth: 3 }, loops(3)],
    ["Loop", {}, loops(8)],
    ["Loops", { depth: 3, listLength: 1 }, { many: [{ many: [] }] }],
    ["Loops", { depth: 4, listLength: 1 }, { many: [{ many: [{}] }] }],
  ])("%s with %o is %o", (type, options, expected) => {
    const value = Value.empty(idl.type(type), { ...options, protocol });
    expect(value.toJS()).toEqual(expected);
    expect(value.protocol).toBe(protocol);
    expect(value.descriptor).toBe(idl.type(type));
    value.validate();
  });

  it("every kind of field", () => {
    const { lin, ...same } = {
      a: 0,
      b: "",
      inn: IN,
      li: [0, 0],
      ms: new Map([
        ["0", 0],
        ["1", 0],
      ]),
      mi: new Map([
        [0, ""],
        [1, ""],
      ]),
      se: new Set([0]),
      by: 0,
      bin: hex``,
      mb: new Map([
        [0, 0],
        [1, 0],
      ]),
      lin: [{}, {}],
      md: new Map([
        [0, 0],
        [1, 0],
      ]),
      min: new Map(),
      req: 0,
      bo: false,
      id: "00000000-0000-0000-0000-000000000000",
      co: 0,
    };
    const value = Value.empty(idl.struct("S"), { protocol, depth: 3, listLength: 2, mapLength: 2 });
    expect(value.toJS()).toEqual({
      ...same,
      inn: { ...IN, rec: { ...IN.rec, rec: {} } },
      lin: [
        { ...IN, rec: {} },
        { ...IN, rec: {} },
      ],
    });
    expect(lin).toHaveLength(2);
    value.validate();
    // The innermost structs have no fields, required ones neither.
    const missing = { required: "omit" } as const;
    const json = thriftToJson(idl.struct("S"), { protocol, missing }).convertToString(value.toBytes());
    expect(JSON.parse(json)).toMatchObject({ mb: { "0": 0, "1": 0 }, lin: [{ x: 0 }, { x: 0 }] });
  });

  it("map keys count from 0, as many as the type of the keys has", () => {
    const keysOf = (mapLength: number): Record<string, unknown[]> =>
      Object.fromEntries(
        [...Value.empty(idl.struct("Keys"), { protocol, mapLength })].map(([name, map]) => [
          name,
          [...map.keys()],
        ]),
      );
    expect(keysOf(2)).toEqual({
      a: ["0", "1"],
      b: [utf8("0"), utf8("1")],
      c: [],
      d: [0, 1],
      e: [0, 1],
      f: [0, 1],
      g: [0n, 1n],
      h: [0, 1],
      i: [],
      j: [],
      k: [],
      l: [],
    });
    const many = Value.empty(idl.struct("Keys"), { protocol, mapLength: 33_000 });
    const lengths = Object.fromEntries([...many].map(([name, map]) => [name, map.length]));
    expect(lengths).toMatchObject({ a: 33_000, c: 0, d: 128, e: 32_768, f: 33_000, h: 33_000, j: 0, k: 0 });
  });

  it.each<[type: string, options: EmptyOptions]>([
    ["Loop", { depth: 64 }],
    ["In", { depth: 64 }],
    ["Loops", { depth: 64, listLength: 1 }],
    ["Loop", { depth: 5, limits: { maxDepth: 3 } }],
    ["Loop", { limits: { maxDepth: 1 } }],
    ["S", { limits: { maxDepth: 2 } }],
    ["Loop", { depth: 64, limits: { maxDepth: 100 } }],
  ])("%s with %o still can be read", (type, options) => {
    const value = Value.empty(idl.type(type), { ...options, protocol });
    value.validate();
    value.toJS();
  });

  it("the depth is as large as options and limits allow", () => {
    const depthOf = (options: EmptyOptions): number =>
      JSON.stringify(Value.empty(idl.struct("Loop"), { ...options, protocol })).split("{").length - 1;
    expect(
      [
        {},
        { depth: 0 },
        { depth: 64 },
        { limits: { maxDepth: 3 } },
        { depth: 64, limits: { maxDepth: 100 } },
      ].map(depthOf),
    ).toEqual([9, 1, 64, 3, 65]);
  });

  it("wrapper structs of methods: arguments have their fields, a result has none", () => {
    const { args, result } = idl.service("Svc").method("get");
    expect(Value.empty(args, { protocol, depth: 2, default: "omit" }).toJS()).toEqual({ n: 0 });
    expect(Value.empty(args, { protocol, depth: 1 }).toJS()).toEqual({ s: {}, n: 0 });
    expect(Value.empty(result, { protocol, optional: "write" }).toJS()).toEqual({});
  });

  it("can be edited and projected", () => {
    const value = Value.empty(idl.struct("S"), { protocol, depth: 2 });
    value.set(["ms", "k"], 1);
    value.set(["li", 0], 5);
    value.set(["lin", 0, "x"], 6, { createParents: true });
    expect(
      value
        .getMany([
          ["ms", "k"],
          ["li", 0],
          ["lin", 0, "x"],
        ])
        .map((part) => part?.asNumber()),
    ).toEqual([1, 5, 6]);
    expect(value.project(idl.struct("S"), { required: "omit" }).toJS()).toEqual(value.toJS());
  });

  it("is the same every time, in memory of its own", () => {
    const [first, second] = [1, 2].map(() => Value.empty(idl.struct("S"), { protocol, depth: 2 }));
    expect(toHex(first!.bytes)).toBe(toHex(second!.bytes));
    first!.node.source.fill(0xff);
    second!.validate();
  });

  it.each<[limits: EmptyOptions["limits"], options: EmptyOptions]>([
    [{ maxOutputSize: 100 }, { listLength: 50 }],
    [{ maxOutputSize: 100_000 }, { listLength: 2, depth: 63 }],
    [{ maxOutputSize: 100_000 }, { listLength: 1_000_000_000 }],
  ])("a result beyond %o is LIMIT_EXCEEDED: %o", (limits, options) => {
    expectThriftError(() => Value.empty(idl.struct("Loops"), { ...options, protocol, limits: limits! }), {
      code: "LIMIT_EXCEEDED",
    });
  });

  it("limits go with the value", () => {
    const limits = { maxDepth: 3, maxOutputSize: 50 };
    const value = Value.empty(idl.type("list<i32>"), { protocol, limits });
    expect(value.node.limits).toMatchObject(limits);
    expectThriftError(() => value.set(0, "x"), { code: "TYPE_MISMATCH" });
  });
});

describe("options of Value.empty", () => {
  it.each<[options: unknown, message: RegExp]>([
    [{ depth: -1 }, /^option `depth` must be a non-negative integer of at most 64/],
    [{ depth: 65 }, /^option `depth`/],
    [{ depth: 1.5 }, /^option `depth`/],
    [{ depth: "2" }, /^option `depth`/],
    [{ depth: Number.POSITIVE_INFINITY }, /^option `depth`/],
    [{ listLength: -1 }, /^option `listLength` must be a non-negative integer/],
    [{ listLength: Number.NaN }, /^option `listLength`/],
    [{ mapLength: 0.5 }, /^option `mapLength`/],
    [{ default: "error" }, /^option `default` must be "write" or "omit"/],
    [{ optional: true }, /^option `optional` must be/],
    [{ protocol: "json" }, /^option `protocol` must be/],
    [{ listSize: 1 }, /^Value.empty: unknown option `listSize`/],
    [{ limits: { maxDepth: 0 } }, /maxDepth/],
    [null, /must be an object/],
  ])("%o is refused", (options, message) => {
    expectThriftError(() => Value.empty(idl.struct("S"), options as never), {
      code: "INVALID_OPTION",
      message,
    });
  });
});
