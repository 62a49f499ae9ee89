import { describe, expect, it } from "vitest";
import type { StructDescriptor, TypeDescriptor } from "../../src/descriptor/types.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import type { ProjectOptions } from "../../src/value/project.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { PROTOCOLS, structOf, TType } from "./fixtures.ts";
import { idl, S, target } from "./project-types.ts";

/** What a message of `S` holds, by default. */
const FULL = {
  neg: "-",
  a: 1,
  b: "bb",
  inn: { x: 7, s: "s", d: 5n, rec: { x: 8 } },
  li: [1, 2],
  ms: { k1: 1, k2: 2 },
  mi: { "5": "v" },
  se: [9],
  by: -1,
  bin: hex`ff`,
  co: 1,
  lin: [{ x: 1, s: "one" }, { x: 2 }],
  min: new Map([[5, { x: 5, d: 6n }]]),
  keyed: [[{ x: 1, s: "k" }, 1]],
  b1: true,
  b2: false,
  deep: [[{ x: 1, s: "deep" }], []],
  u: { t: "text" },
  far: true,
  last: 77n,
};

const BRIEF = "struct Brief { 1: i32 x }";

describe.each(PROTOCOLS)("project in %s", (protocol) => {
  const of = (type: TypeDescriptor, js: unknown): Value =>
    Value.from(type, withNoise(Value.of(type, js, { protocol, missing: { required: "omit" } }).bytes), {
      protocol,
    });

  it.each<[what: string, to: StructDescriptor, expected: unknown]>([
    ["nothing", target(""), {}],
    ["a scalar", target("1: i32 a"), { a: 1 }],
    ["other names", target("1: i32 zz, 3: In yy", "struct In { 1: i32 w }"), { zz: 1, yy: { w: 7 } }],
    [
      "an inner struct of the same type",
      target(
        "1: i32 a, 3: In inn",
        "struct In { 1: required i32 x, 2: optional string s, 3: i64 d, 4: In rec }",
      ),
      { a: 1, inn: FULL.inn },
    ],
    ["an inner struct, cut", target("3: Brief inn, 4: list<i32> li", BRIEF), { inn: { x: 7 }, li: [1, 2] }],
    ["an inner struct without fields", target("1: i32 a, 3: None inn", "struct None {}"), { a: 1, inn: {} }],
    [
      "cut two levels down",
      target("3: One inn", "struct Two { 1: i32 x } struct One { 4: Two rec }"),
      { inn: { rec: { x: 8 } } },
    ],
    ["structs in a list", target("11: list<Brief> lin", BRIEF), { lin: [{ x: 1 }, { x: 2 }] }],
    ["structs in lists of lists", target("16: list<list<Brief>> deep", BRIEF), { deep: [[{ x: 1 }], []] }],
    ["structs in a map", target("12: map<i32, Brief> min", BRIEF), { min: new Map([[5, { x: 5 }]]) }],
    ["struct keys", target("13: map<Brief, i32> keyed", BRIEF), { keyed: [[{ x: 1 }, 1]] }],
    ["a boolean behind others", target("15: bool b2"), { b2: false }],
    ["two booleans", target("14: bool b1, 15: bool b2, 300: bool far"), { b1: true, b2: false, far: true }],
    ["the first and the last", target("-5: string neg, 32767: i64 last"), { neg: "-", last: 77n }],
    ["large ids", target("300: bool far, 32767: i64 last"), { far: true, last: 77n }],
    [
      "all but some in the middle",
      target("-5: string neg, 1: i32 a, 10: i32 co, 14: bool b1, 32767: i64 last"),
      { neg: "-", a: 1, co: 1, b1: true, last: 77n },
    ],
    [
      "binary for string",
      target("2: binary b, 6: map<i32, binary> mi"),
      { b: hex`6262`, mi: { "5": hex`76` } },
    ],
    [
      "i32 for an enum, an enum for i32",
      target("1: E a, 4: list<E> li, 10: i32 co", "enum E { ONE = 1 }"),
      { a: 1, li: [1, 2], co: 1 },
    ],
    ["a union, cut", target("17: V u", "union V { 2: string t }"), { u: { t: "text" } }],
    ["what the data lacks", target("1: i32 a, 100: optional i32 z, 101: i32 y"), { a: 1 }],
    [
      "a field that only the target has, of an impossible type",
      target("1: i32 a, 99: list<i32> z"),
      { a: 1 },
    ],
  ])("keeps %s", (_, to, expected) => {
    const value = of(S, FULL);
    const { node } = value;
    const before = toHex(value.bytes);
    const cut = value.project(to);
    const wanted = Value.of(to, expected, { protocol });
    expect(toHex(cut.bytes)).toBe(toHex(wanted.bytes));
    expect(cut.toJS()).toEqual(wanted.toJS());
    expect(cut.descriptor).toBe(to);
    cut.validate();
    expect(value.node).toBe(node);
    expect(toHex(value.bytes)).toBe(before);
    // The result is of its own.
    cut.node.source.fill(0xee, cut.node.start, cut.node.end);
    expect(toHex(value.bytes)).toBe(before);
    expect(toHex(value.project(to).bytes)).toBe(toHex(wanted.bytes));
  });

  it("to the very same type changes nothing, and copies", () => {
    for (const type of [S, parseIdl(`struct X { 1: i32 a }`).struct("X")]) {
      const value = of(type, type === S ? FULL : { a: 1 });
      const cut = value.project(type);
      expect(toHex(cut.bytes)).toBe(toHex(value.bytes));
      expect(cut.bytes.buffer).not.toBe(value.bytes.buffer);
    }
    for (const [type, js] of [
      ["i32", 5],
      ["bool", true],
      ["string", "x"],
      ["list<i32>", [1]],
      ["map<string,In>", { a: { x: 1 } }],
    ] as const) {
      const value = of(idl.type(type), js);
      expect(toHex(value.project(idl.type(type)).bytes)).toBe(toHex(value.bytes));
    }
    const flag = of(S, FULL).get("b1")!;
    expect(flag.project(idl.type("bool")).asBoolean()).toBe(true);
  });

  it("of lists, maps and sets", () => {
    const brief = parseIdl(
      `${BRIEF} struct T { 1: list<Brief> l, 2: map<string, list<Brief>> m, 3: set<Brief> s }`,
    );
    expect(of(idl.type("list<In>"), FULL.lin).project(brief.type("list<Brief>")).toJS()).toEqual([
      { x: 1 },
      { x: 2 },
    ]);
    expect(
      of(idl.type("map<string,list<In>>"), { a: FULL.lin, b: [] })
        .project(brief.type("map<string,list<Brief>>"))
        .toJS(),
    ).toEqual(
      new Map<string, unknown>([
        ["a", [{ x: 1 }, { x: 2 }]],
        ["b", []],
      ]),
    );
    expect(of(idl.type("set<In>"), FULL.lin).project(brief.type("set<Brief>")).toJS()).toEqual(
      new Set([{ x: 1 }, { x: 2 }]),
    );
  });

  it("of recursive types, to the depth that the data has", () => {
    const tree = (depth: number): object => ({
      v: depth,
      children: depth === 0 ? [] : [tree(depth - 1), tree(depth - 1)],
      named: {},
      ...(depth > 1 ? { next: { v: -depth } } : {}),
    });
    const leafy = (depth: number): object => ({
      v: depth,
      children: depth === 0 ? [] : [leafy(depth - 1), leafy(depth - 1)],
    });
    const leaf = parseIdl("struct Leaf { 1: i32 v, 2: list<Leaf> children }").struct("Leaf");
    const value = of(idl.struct("Tree"), tree(5));
    expect(value.project(leaf).toJS()).toEqual(leafy(5));
    expect(toHex(value.project(leaf).bytes)).toBe(toHex(Value.of(leaf, leafy(5), { protocol }).bytes));
    const same = parseIdl(
      "struct Tree { 1: i32 v, 2: list<Tree> children, 3: Tree next, 4: map<string, Tree> named }",
    ).struct("Tree");
    expect(toHex(value.project(same).bytes)).toBe(toHex(value.bytes));
  });

  it.each<[what: string, js: unknown, to: StructDescriptor, options: ProjectOptions, expected: unknown]>([
    ["omitted", { a: 1 }, target("1: i32 a, 2: string b"), {}, { a: 1 }],
    [
      "zeros of every type",
      {},
      target(
        "1: i32 a, 2: string b, 3: In i, 4: list<i32> l, 5: map<string,i32> m, 7: set<i32> s, 14: bool t, 20: double d, 21: i64 n, 22: uuid u, 23: i16 h, 8: byte y",
        "struct In { 1: required i32 x }",
      ),
      { default: "write" },
      { a: 0, b: "", i: {}, l: [], m: {}, s: [], t: false, d: 0, n: 0, u: new Uint8Array(16), h: 0, y: 0 },
    ],
    [
      "defaults of the IDL",
      { b: "x" },
      target(
        "1: i32 a = 5, 2: string b = 'y', 4: list<i32> li = [1, 2], 14: bool t = true, 15: bool f = false, 10: C co = C.RED",
        "enum C { RED = 1 }",
      ),
      { default: "write" },
      { b: "x", a: 5, li: [1, 2], t: true, f: false, co: 1 },
    ],
    [
      "structs with defaults",
      {},
      target("3: In i = {'x': 4}, 4: In j", "struct In { 1: i32 x, 2: i32 y = 7 }"),
      { default: "write" },
      { i: { x: 4 }, j: {} },
    ],
    [
      "optional fields never",
      { a: 1 },
      target("1: i32 a, 2: optional string b, 3: optional i32 c = 5"),
      { default: "write" },
      { a: 1 },
    ],
    [
      "in inner structs too",
      { inn: { x: 1 }, lin: [{ x: 2 }, { x: 3, d: 4n }] },
      target("3: In i, 11: list<In> lin", "struct In { 1: i32 x, 3: i64 d = 9, 7: bool t = true }"),
      { default: "write" },
      {
        i: { x: 1, d: 9, t: true },
        lin: [
          { x: 2, d: 9, t: true },
          { x: 3, d: 4, t: true },
        ],
      },
    ],
    [
      "in unions never",
      { u: { n: 1 } },
      target("17: V u", "union V { 1: i32 n, 9: i32 z }"),
      { default: "write" },
      { u: { n: 1 } },
    ],
    [
      "required fields when asked to",
      { inn: {} },
      target("1: required i32 a, 3: In i", "struct In { 1: required i32 x }"),
      { required: "omit" },
      { i: {} },
    ],
    [
      "required fields are not written for default",
      {},
      target("1: required i32 a, 2: string b"),
      { required: "omit", default: "write" },
      { b: "" },
    ],
  ])("missing fields: %s", (_, js, to, options, expected) => {
    const cut = of(S, js).project(to, options);
    const wanted = Value.of(to, expected, { protocol, missing: { required: "omit" } });
    expect(cut.toJS()).toEqual(wanted.toJS());
    cut.validate();
    expect(cut.size).toBe(protocol === "binary" ? wanted.size : cut.size);
  });

  it("the wrapper structs of a method: at most one field of a result is there", () => {
    const get = idl.service("Svc").method("get");
    const result = of(get.result, { success: { x: 1, s: "s" } });
    expect(result.project(get.result, { default: "write" }).toJS()).toEqual({
      success: { x: 1, s: "s", d: 0n, rec: {} },
    });
    const other = parseIdl(`${BRIEF} service Svc { Brief get(1: Brief s) throws (1: Brief broken) }`)
      .service("Svc")
      .method("get");
    expect(result.project(other.result).toJS()).toEqual({ success: { x: 1 } });
    expect(
      of(get.result, { broken: { x: 2 } })
        .project(other.result)
        .toJS(),
    ).toEqual({ broken: { x: 2 } });
    expect(
      of(get.args, { s: { a: 5 }, n: 1 })
        .project(other.args)
        .toJS(),
    ).toEqual({ s: { x: 5 } });
  });

  it("more than 32 wanted fields", () => {
    const ids = Array.from({ length: 70 }, (_, index) => index + 1);
    const fields = (requiredness: string): string =>
      ids.map((id) => `${id}: ${requiredness} i32 f${id}`).join(",");
    const from = target(fields("optional"));
    const js = Object.fromEntries(ids.map((id) => [`f${id}`, id]));
    const required = target(fields("required"));
    expect(of(from, js).project(required).toJS()).toEqual(js);
    for (const id of [1, 31, 32, 33, 34, 64, 65, 70]) {
      const { [`f${id}`]: _, ...others } = js;
      const value = of(from, others);
      expectThriftError(() => value.project(required), {
        code: "MISSING_REQUIRED",
        path: "",
        message: new RegExp(`\`f${id}\``),
      });
      expect(value.project(required, { required: "omit" }).toJS()).toEqual(others);
      expect(value.project(target(fields("")), { default: "write" }).toJS()).toEqual({
        ...others,
        [`f${id}`]: 0,
      });
    }
    const exactly32 = target(
      ids
        .slice(0, 32)
        .map((id) => `${id}: required i32 f${id}`)
        .join(","),
    );
    expect(of(from, js).project(exactly32).length).toBe(32);
    const { f32: _, ...without32 } = js;
    expectThriftError(() => of(from, without32).project(exactly32), {
      code: "MISSING_REQUIRED",
      message: /`f32`/,
    });
  });

  it("a required field that occurs twice stands for one", () => {
    const node = structOf(protocol, [
      [1, TType.I32, 1],
      [1, TType.I32, 2],
    ]);
    const value = Value.from(S, node.bytes, { protocol });
    expectThriftError(() => value.project(target("1: required i32 a, 2: required string b")), {
      code: "MISSING_REQUIRED",
      message: /`b`/,
    });
    const cut = value.project(target("1: required i32 a"));
    expect(toHex(cut.bytes)).toBe(toHex(node.bytes));
  });

  describe("fields that only the wire has", () => {
    const node = structOf(protocol, [
      [99, TType.STRING, "secret"],
      [1, TType.I32, 1],
      [-1, TType.BOOL, true],
      [14, TType.BOOL, true],
      [200, TType.LIST, Value.of(idl.type("list<In>"), [{ x: 1 }], { protocol }).node],
      [15, TType.BOOL, false],
    ]);
    const value = Value.from(S, withNoise(node.bytes), { protocol });

    it("are dropped, also for the same type", () => {
      const wanted = structOf(protocol, [
        [1, TType.I32, 1],
        [14, TType.BOOL, true],
        [15, TType.BOOL, false],
      ]);
      expect(toHex(value.project(S).bytes)).toBe(toHex(wanted.bytes));
      expect(toHex(value.project(target("99: string x, 1: i32 a, 14: bool b, 15: bool c")).bytes)).toBe(
        toHex(wanted.bytes),
      );
    });

    it("are an error when asked to", () => {
      const options = { unknownFields: "error" } as const;
      expectThriftError(() => value.project(S, options), { code: "UNKNOWN_FIELD", path: "#99", offset: 0 });
      expectThriftError(() => value.project(target(""), options), { code: "UNKNOWN_FIELD", path: "#99" });
      const known = structOf(protocol, [[2, TType.STRING, "known to the type of the data"]]);
      expect(Value.from(S, known.bytes, { protocol }).project(target("1: i32 a"), options).length).toBe(0);
      const list = Value.of(idl.type("list<In>"), [{ x: 1 }, { x: 2 }], { protocol });
      list.node.set([1], node);
      expectThriftError(() => list.project(list.descriptor, options), {
        code: "UNKNOWN_FIELD",
        path: "[1].#99",
      });
    });
  });

  it.each<[options: unknown]>([
    [{ required: "write" }],
    [{ default: "error" }],
    [{ unknownFields: "skip" }],
    [{ unknownField: "drop" }],
    [null],
  ])("the options %o are refused", (options) => {
    expectThriftError(() => of(S, FULL).project(S, options as never), { code: "INVALID_OPTION" });
  });

  it("checks more required fields than an integer has bits", () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    const all = target(ids.map((id) => `${id}: required i32 f${id}`).join(", "));
    const some = target(ids.map((id) => `${id}: i32 f${id}`).join(", "));
    const js = Object.fromEntries(ids.map((id) => [`f${id}`, id]));
    expect(of(some, js).project(all).toJS()).toEqual(js);
    for (const id of [1, 31, 32, 33, 40]) {
      const value = of(some, { ...js, [`f${id}`]: undefined });
      expectThriftError(() => value.project(all), { code: "MISSING_REQUIRED", path: "" });
      expect(value.project(all, { required: "omit" }).length).toBe(39);
    }
  });

  it("takes nothing but a type", () => {
    expectThriftError(() => of(S, FULL).project("S" as never), { code: "INVALID_OPTION" });
  });
});
