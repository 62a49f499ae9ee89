import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import { checkEdit, checkFails, checkSet } from "./check-edit.ts";
import {
  BASE,
  bool,
  double,
  encode,
  i16,
  i32,
  i64,
  list,
  map,
  nodeOf,
  noisyNode,
  type Plain,
  PROTOCOLS,
  type Struct,
  set,
  show,
  struct,
  text,
} from "./plain.ts";

const f = fieldId;

/** BASE with fields put in, in the order of ids. */
function baseWith(...changed: Struct["fields"]): Struct {
  const kept = BASE.fields.filter(([id]) => !changed.some(([other]) => other === id));
  return struct(...[...kept, ...changed].sort(([a], [b]) => a - b));
}

describe.each(PROTOCOLS)("set in a struct: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it.each<[name: string, path: Path, value: Plain, existed: boolean, expected: Plain]>([
    ["replaces a field", f(1), i32(100), true, baseWith([1, i32(100)])],
    [
      "replaces a field by a longer one",
      f(2),
      text("b".repeat(300)),
      true,
      baseWith([2, text("b".repeat(300))]),
    ],
    ["replaces a field by an empty one", f(2), text(""), true, baseWith([2, text("")])],
    ["replaces a bool", f(15), bool(false), true, baseWith([15, bool(false)])],
    ["replaces a struct", f(3), struct([9, text("x")]), true, baseWith([3, struct([9, text("x")])])],
    ["replaces a container", f(5), map(TType.I32, TType.I32), true, baseWith([5, map(TType.I32, TType.I32)])],
    ["replaces a field inside", [f(3), f(1)], i32(8), true, baseWith([3, struct([1, i32(8)])])],
    ["inserts behind the last", f(99), i32(100), false, baseWith([99, i32(100)])],
    ["inserts between", f(9), i32(100), false, baseWith([9, i32(100)])],
    ["inserts in front of all", f(0), i32(100), false, baseWith([0, i32(100)])],
    ["inserts a negative id", f(-1), i32(100), false, baseWith([-1, i32(100)])],
    ["inserts the smallest id", f(-32768), text("x"), false, baseWith([-32768, text("x")])],
    ["inserts the largest id", f(32767), text("x"), false, baseWith([32767, text("x")])],
    ["inserts a bool", f(9), bool(true), false, baseWith([9, bool(true)])],
    [
      "inserts inside, behind",
      [f(3), f(2)],
      text("new"),
      false,
      baseWith([3, struct([1, i32(7)], [2, text("new")])]),
    ],
    [
      "inserts inside, in front",
      [f(3), f(0)],
      text("new"),
      false,
      baseWith([3, struct([0, text("new")], [1, i32(7)])]),
    ],
  ])("%s", (_name, path, value, existed, expected) => {
    expect(checkSet(() => of(BASE), path, of(value), expected)).toBe(existed);
  });

  it.each<[name: string, ids: readonly number[], inserted: number, expected: readonly number[]]>([
    ["nothing", [], 5, [5]],
    ["fields out of order: in front of the first larger one", [9, 2, 7], 5, [5, 9, 2, 7]],
    ["fields out of order: behind all when all are smaller", [3, 1, 4], 5, [3, 1, 4, 5]],
    ["fields out of order: in the middle", [1, 9, 2], 5, [1, 5, 9, 2]],
    ["backwards", [9, 8, 7], 10, [9, 8, 7, 10]],
    ["repeated ones", [1, 1, 9, 9], 5, [1, 1, 5, 9, 9]],
    ["negative ones", [-9, -3, 4], -5, [-9, -5, -3, 4]],
    ["far apart", [-32768, 32767], 0, [-32768, 0, 32767]],
  ])("inserts among %s", (_name, ids, inserted, expected) => {
    const fields = (all: readonly number[]): Plain => struct(...all.map((id) => [id, i16(id)] as const));
    expect(checkSet(() => of(fields(ids)), f(inserted), of(i16(inserted)), fields(expected))).toBe(false);
  });

  it("sets every occurrence of a repeated field", () => {
    const repeated = struct([1, i32(1)], [2, text("a")], [1, i32(2)], [1, i32(3)]);
    const expected = struct([1, i32(9)], [2, text("a")], [1, i32(9)], [1, i32(9)]);
    expect(checkSet(() => of(repeated), f(1), of(i32(9)), expected)).toBe(true);
  });

  it("goes into every occurrence of a repeated field, and inserts where it must", () => {
    const repeated = struct([1, struct([5, i32(1)])], [1, struct()], [1, struct([5, i32(3)], [6, i32(4)])]);
    const expected = struct(
      [1, struct([5, i32(9)])],
      [1, struct([5, i32(9)])],
      [1, struct([5, i32(9)], [6, i32(4)])],
    );
    expect(checkSet(() => of(repeated), [f(1), f(5)], of(i32(9)), expected)).toBe(true);
  });

  it.each<[name: string, path: Path, value: Plain, code: ErrorCode, where: string | undefined]>([
    ["another type than the field", f(1), i64(1n), "TYPE_MISMATCH", "#1"],
    ["a bool for an i32", f(1), bool(true), "TYPE_MISMATCH", "#1"],
    ["an i32 for a bool", f(15), i32(1), "TYPE_MISMATCH", "#15"],
    ["a set for a list", f(4), set(TType.I32), "TYPE_MISMATCH", "#4"],
    ["another type than the root", [], i32(1), "TYPE_MISMATCH", ""],
    ["below a missing field", [f(99), f(1)], i32(1), "NOT_FOUND", "#99"],
    ["far below a missing field", [f(99), f(1), 0, "k"], i32(1), "NOT_FOUND", "#99"],
    ["below a missing field inside", [f(3), f(2), f(1)], i32(1), "NOT_FOUND", "#3.#2"],
    ["below a missing key", [f(5), "k3", f(1)], i32(1), "NOT_FOUND", '#5["k3"]'],
    ["below the index length", [f(4), 2, f(1)], i32(1), "NOT_FOUND", "#4[2]"],
    ["a name", "name", i32(1), "INVALID_PATH", ""],
    ["an index in a struct", [f(3), 0], i32(1), "INVALID_PATH", "#3"],
    ["below a scalar", [f(1), f(1)], i32(1), "TYPE_MISMATCH", "#1"],
    ["below a bool", [f(15), f(1)], i32(1), "TYPE_MISMATCH", "#15"],
    ["below an element that is a scalar", [f(4), 0, 0], i32(1), "TYPE_MISMATCH", "#4[0]"],
    ["no path", undefined as never, i32(1), "INVALID_PATH", undefined],
  ])("refuses %s, and changes nothing", (_name, path, value, code, where) => {
    checkFails(of(BASE), (node) => node.set(path, of(value)), { code, path: where });
    checkFails(
      of(BASE),
      (node) =>
        node.setMany([
          [f(2), of(text("x"))],
          [path, of(value)],
          [f(98), of(i32(1))],
        ]),
      {
        code,
        path: where,
      },
    );
  });

  it("a repeated field of several types is refused rather than set in part", () => {
    const node = of(struct([1, i32(1)], [1, text("secret")]));
    checkFails(node, () => node.set(f(1), of(i32(0))), { code: "TYPE_MISMATCH", path: "#1" });
  });

  it("refuses what is no ThriftNode", () => {
    for (const value of [5, "x", null, undefined, { type: TType.I32 }]) {
      checkFails(of(BASE), (node) => node.set(f(1), value as never), { code: "INVALID_OPTION" });
      checkFails(of(BASE), (node) => node.setMany([[f(1), value as never]]), { code: "INVALID_OPTION" });
    }
  });

  it("the empty path replaces the value by a copy of the other one", () => {
    const bytes = encode(struct([1, i32(5)]), protocol);
    const node = of(BASE);
    const other = ThriftNode.from(TType.STRUCT, bytes, { protocol });
    expect(checkEdit(node, () => node.set([], other), struct([1, i32(5)]))).toBe(true);
    bytes.fill(0xff);
    expect(show(node)).toBe("{1: 5}");
    expect(checkSet(() => of(i32(1)), [], of(i32(2)), i32(2))).toBe(true);
  });

  it("takes a value of the other protocol, of either size", () => {
    const other = protocol === "binary" ? "compact" : "binary";
    for (const value of [
      i64(-1n),
      double(0.1),
      struct([1, bool(true)], [100, BASE]),
      map(TType.BOOL, TType.BOOL, [bool(true), bool(false)]),
    ]) {
      expect(checkSet(() => of(struct([7, value])), f(7), nodeOf(value, other), struct([7, value]))).toBe(
        true,
      );
      checkSet(() => of(struct([9, i32(1)])), f(7), nodeOf(value, other), struct([7, value], [9, i32(1)]));
    }
    expect(
      checkSet(() => of(BASE), [], nodeOf(struct([3, bool(true)]), other), struct([3, bool(true)])),
    ).toBe(true);
    const corrupt = noisyNode(TType.STRUCT, hex`1f`, other);
    checkFails(of(BASE), (node) => node.set(f(3), corrupt), { code: "INVALID_TYPE" });
  });

  it("takes a boolean field of either protocol as value of a field, an element, a key's value", () => {
    for (const from of [
      nodeOf(struct([200, bool(true)]), "compact"),
      nodeOf(struct([200, bool(true)]), "binary"),
    ]) {
      const yes = from.get(f(200))!;
      checkSet(() => of(struct([1, bool(false)])), f(1), yes, struct([1, bool(true)]));
      checkSet(() => of(struct()), f(1), yes, struct([1, bool(true)]));
      checkSet(() => of(list(TType.BOOL, bool(false))), 0, yes, list(TType.BOOL, bool(true)));
      checkSet(() => of(list(TType.BOOL)), 0, yes, list(TType.BOOL, bool(true)));
      checkSet(() => of(set(TType.BOOL, bool(true))), 0, yes, set(TType.BOOL, bool(true)));
      checkSet(() => of(bool(false)), [], yes, bool(true));
      const entries = map(TType.I32, TType.BOOL, [i32(1), bool(false)]);
      checkSet(() => of(entries), 1, yes, map(TType.I32, TType.BOOL, [i32(1), bool(true)]));
    }
  });

  it("takes a part of the same value, as it was", () => {
    const node = of(BASE);
    const copy = node.get(f(3))!;
    checkEdit(node, () => node.set(f(2), of(text("x"))), baseWith([2, text("x")]));
    checkEdit(node, () => node.set([f(3)], copy), baseWith([2, text("x")]));
    checkEdit(
      node,
      () => node.set([f(20)], node.get(f(4))!),
      baseWith([2, text("x")], [20, list(TType.I32, i32(1), i32(2))]),
    );
  });

  it("edits of a part leave the whole alone", () => {
    const node = of(BASE);
    const inner = node.get(f(3))!;
    checkEdit(inner, () => inner.set(f(2), of(text("x"))), struct([1, i32(7)], [2, text("x")]));
    expect(show(node)).toBe(show(of(BASE)));
    checkEdit(node, () => node.set(f(3), inner), baseWith([3, struct([1, i32(7)], [2, text("x")])]));
  });

  it("edits a boolean field on its own", () => {
    const node = of(struct([1, bool(true)])).get(f(1))!;
    expect(node.set([], of(bool(false)))).toBe(true);
    expect([node.asBoolean(), node.inHeader, node.size]).toEqual([false, false, 1]);
    checkFails(node, () => node.set(f(1), of(bool(true))), { code: "TYPE_MISMATCH", path: "" });
  });
});
