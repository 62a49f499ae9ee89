import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { checkDelete, checkEdit, checkFails, checkNothing } from "./check-edit.ts";
import {
  BASE,
  bool,
  byte,
  double,
  encode,
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
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
  uuid,
} from "./plain.ts";

const f = fieldId;

/** BASE without a field, or with another value of it. */
function baseWith(id: number, value?: Plain): Struct {
  return struct(
    ...BASE.fields.flatMap((field) =>
      field[0] !== id ? [field] : value === undefined ? [] : [[id, value] as const],
    ),
  );
}

const numbers = (...values: number[]): Plain => list(TType.I32, ...values.map(i32));
const keyed = (...keys: string[]): Plain =>
  map(TType.STRING, TType.I32, ...keys.map((key) => [text(key), i32(1)] as const));

describe.each(PROTOCOLS)("delete: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it.each<[name: string, path: Path, expected: Plain]>([
    ["the first field", f(1), baseWith(1)],
    ["a field between", f(5), baseWith(5)],
    ["the last field, a bool", f(15), baseWith(15)],
    ["the last field of a struct", [f(3), f(1)], baseWith(3, struct())],
    ["the first element", [f(4), 0], baseWith(4, numbers(2))],
    ["the last element", [f(4), 1], baseWith(4, numbers(1))],
    ["a key", [f(5), "k1"], baseWith(5, map(TType.STRING, TType.I32, [text("k2"), i32(2)]))],
    ["a key as bytes", [f(5), utf8("k2")], baseWith(5, map(TType.STRING, TType.I32, [text("k1"), i32(1)]))],
    ["the only key", [f(6), 5], baseWith(6, map(TType.I32, TType.STRING))],
    ["the only key as bigint", [f(6), 5n], baseWith(6, map(TType.I32, TType.STRING))],
    ["the only element of a set", [f(7), 0], baseWith(7, set(TType.I32))],
    ["a negative byte key", [f(10), -1], baseWith(10, map(TType.BYTE, TType.I32))],
  ])("%s", (_name, path, expected) => {
    expect(checkDelete(() => of(BASE), path, expected)).toBe(true);
  });

  it.each<[name: string, path: Path]>([
    ["a missing field", f(99)],
    ["a missing field between others", f(9)],
    ["a missing field inside", [f(3), f(2)]],
    ["below a missing field", [f(99), f(1)]],
    ["far below a missing field", [f(99), f(1), "k", 0]],
    ["the index length", [f(4), 2]],
    ["a huge index", [f(4), Number.MAX_SAFE_INTEGER]],
    ["below an index behind the end", [f(4), 2, f(1)]],
    ["a missing key", [f(5), "k3"]],
    ["a member of Object.prototype", [f(5), "__proto__"]],
    ["below a missing key", [f(5), "k3", f(1)]],
    ["a missing integer key", [f(6), 6]],
    ["an integer key beyond its type", [f(10), 255]],
    ["an index behind the end of a set", [f(7), 1]],
  ])("%s: false, and the bytes stay the very same", (_name, path) => {
    expect(checkNothing(of(BASE), (node) => node.delete(path))).toBe(false);
    expect(checkNothing(of(BASE), (node) => node.deleteMany([path, f(98), path]))).toBe(0);
  });

  it.each<[name: string, plain: Plain, path: Path]>([
    ["an empty struct", struct(), f(1)],
    ["an empty list", numbers(), 0],
    ["an empty set", set(TType.I32), 0],
    ["an empty map", keyed(), "a"],
    ["an empty map, by a step of another kind", keyed(), 1],
  ])("nothing in %s", (_name, plain, path) => {
    expect(checkNothing(of(plain), (node) => node.delete(path))).toBe(false);
  });

  it.each<[name: string, key: Plain, other: Plain, step: Path]>([
    ["i64 beyond 2^53", i64(2n ** 53n + 1n), i64(2n ** 53n), 2n ** 53n + 1n],
    ["double -0", double(-0), double(0), -0],
    ["bool", bool(false), bool(true), false],
    ["uuid", uuid(UUID_BYTES), uuid(new Uint8Array(16)), UUID_TEXT],
    ["uuid as bytes", uuid(UUID_BYTES), uuid(new Uint8Array(16)), UUID_BYTES],
    ["struct", struct([1, byte(1)]), struct([1, byte(2)]), encode(struct([1, byte(1)]), protocol)],
  ])("a key of type %s, all of its occurrences", (_name, key, other, step) => {
    const entries = (...keys: Plain[]): Plain =>
      map(key.type, TType.I32, ...keys.map((each) => [each, i32(1)] as const));
    checkDelete(() => of(entries(key)), step, entries());
    checkDelete(() => of(entries(other, key)), step, entries(other));
    checkDelete(() => of(entries(key, other, key, key)), step, entries(other));
    expect(checkNothing(of(entries(other)), (node) => node.delete(step))).toBe(false);
  });

  it("every occurrence of a repeated field", () => {
    checkDelete(
      () => of(struct([1, i32(1)], [2, i32(2)], [1, text("secret")], [1, i32(3)])),
      f(1),
      struct([2, i32(2)]),
    );
    const repeated = struct(
      [1, struct([5, i32(1)])],
      [1, struct()],
      [1, struct([4, i32(0)], [5, bool(true)])],
    );
    checkDelete(
      () => of(repeated),
      [f(1), f(5)],
      struct([1, struct()], [1, struct()], [1, struct([4, i32(0)])]),
    );
    // Also when the first one lacks it.
    checkDelete(
      () => of(struct([1, keyed()], [1, keyed("k")])),
      [f(1), "k"],
      struct([1, keyed()], [1, keyed()]),
    );
    checkDelete(
      () => of(struct([1, numbers()], [1, numbers(1)])),
      [f(1), 0],
      struct([1, numbers()], [1, numbers()]),
    );
  });

  it("all parts, one after another", () => {
    const node = of(BASE);
    for (const step of [...node.keys()]) expect(node.delete(step)).toBe(true);
    expect(toHex(node.bytes)).toBe("00");
    const elements = of(numbers(...Array.from({ length: 20 }, (_, index) => index)));
    for (let left = 20; left > 0; left--) {
      checkEdit(
        elements,
        (each) => each.delete(left % 2 === 0 ? 0 : left - 1),
        numbers(...remaining(left - 1)),
      );
    }
    expect(elements.length).toBe(0);
    expect(elements.delete(0)).toBe(false);
  });

  /** What is left of 0 … 19 when by turns the first and the last one go. */
  function remaining(count: number): number[] {
    const first = Math.ceil((20 - count) / 2);
    return Array.from({ length: count }, (_, index) => first + index);
  }

  it.each<[name: string, path: Path, code: ErrorCode, where: string | undefined]>([
    ["the empty path", [], "INVALID_PATH", undefined],
    ["a name", "name", "INVALID_PATH", ""],
    ["a negative index", [f(4), -1], "INVALID_PATH", "#4"],
    ["a text in a list", [f(4), "0"], "TYPE_MISMATCH", "#4"],
    ["a number in a map of text keys", [f(5), 1], "TYPE_MISMATCH", "#5"],
    ["a text in a map of i32 keys", [f(6), "5"], "TYPE_MISMATCH", "#6"],
    ["a field id in a map", [f(6), f(5)], "TYPE_MISMATCH", "#6"],
    ["below a scalar", [f(1), f(1)], "TYPE_MISMATCH", "#1"],
    ["below a bool", [f(15), 0], "TYPE_MISMATCH", "#15"],
  ])("refuses %s, and changes nothing", (_name, path, code, where) => {
    checkFails(of(BASE), (node) => node.delete(path), { code, path: where });
    checkFails(of(BASE), (node) => node.deleteMany([f(2), path]), { code, path: where });
    checkFails(of(BASE), (node) => node.deleteMany([path, f(2)]), { code, path: where });
  });

  it.each<[name: string, paths: readonly Path[], count: number, expected: Plain]>([
    ["no paths", [], 0, BASE],
    [
      "fields in any order",
      [f(15), f(1), f(8)],
      3,
      struct(...BASE.fields.filter(([id]) => ![15, 1, 8].includes(id))),
    ],
    ["present and missing ones", [f(99), f(1), f(98), [f(4), 9]], 1, baseWith(1)],
    ["all fields", BASE.fields.map(([id]) => f(id)), BASE.fields.length, struct()],
    [
      "indices do not shift",
      [
        [f(4), 0],
        [f(4), 1],
      ],
      2,
      baseWith(4, numbers()),
    ],
    [
      "indices backwards",
      [
        [f(4), 1],
        [f(4), 0],
      ],
      2,
      baseWith(4, numbers()),
    ],
    [
      "keys backwards",
      [
        [f(5), "k2"],
        [f(5), "k1"],
      ],
      2,
      baseWith(5, keyed()),
    ],
    ["the same place twice counts once", [f(1), [f(1)], f(1)], 1, baseWith(1)],
    [
      "a key as number and as bigint counts once",
      [
        [f(6), 5],
        [f(6), 5n],
      ],
      1,
      baseWith(6, map(TType.I32, TType.STRING)),
    ],
    ["a part and what is in it, which counts once", [f(3), [f(3), f(1)]], 1, baseWith(3)],
    ["what is in a part and the part, which counts once", [[f(3), f(1)], f(3)], 1, baseWith(3)],
  ])("many: %s", (_name, paths, count, expected) => {
    expect(checkEdit(of(BASE), (node) => node.deleteMany(paths), expected)).toBe(count);
    expect(checkEdit(of(BASE), (node) => node.deleteMany(new Set(paths)), expected)).toBe(count);
  });

  it("many elements of lists and sets, many keys", () => {
    const all = Array.from({ length: 40 }, (_, index) => index);
    const odd = all.filter((each) => each % 2 === 1);
    for (const container of [list, set]) {
      const whole = (values: number[]): Plain => container(TType.I32, ...values.map(i32));
      expect(
        checkEdit(
          of(whole(all)),
          (node) => node.deleteMany(all.filter((each) => each % 2 === 0)),
          whole(odd),
        ),
      ).toBe(20);
    }
    const entries = (values: number[]): Plain =>
      map(TType.I32, TType.STRING, ...values.map((each) => [i32(each), text(`${each}`)] as const));
    expect(
      checkEdit(
        of(entries(all)),
        (node) => node.deleteMany(all.filter((each) => each % 2 === 0)),
        entries(odd),
      ),
    ).toBe(20);
  });

  it("a boolean field on its own cannot be removed from itself", () => {
    const node = of(struct([1, bool(true)])).get(f(1))!;
    checkFails(node, () => node.delete([]), { code: "INVALID_PATH" });
    expect(node.asBoolean()).toBe(true);
  });
});

describe("corrupt bytes on the way of an edit", () => {
  it.each<[name: string, protocol: Protocol, type: TType, bytes: string, path: Path, code: ErrorCode]>([
    ["in front", "binary", TType.STRUCT, "63 0001 00", f(2), "INVALID_TYPE"],
    ["in front", "compact", TType.STRUCT, "1f 00", f(2), "INVALID_TYPE"],
    ["behind: a field may come again", "binary", TType.STRUCT, "08 0001 00000001 63", f(1), "INVALID_TYPE"],
    ["behind: a field may come again", "compact", TType.STRUCT, "15 02 1f", f(1), "INVALID_TYPE"],
    ["behind: no stop", "binary", TType.STRUCT, "08 0001 00000001", f(1), "TRUNCATED"],
    ["behind: a key may come again", "compact", TType.MAP, "02 33 00 00 01", 0, "INVALID_SIZE"],
    ["a length", "binary", TType.LIST, "08 7fffffff 00000001", 0, "INVALID_SIZE"],
    ["a length", "compact", TType.SET, "f3 ffffffff07 00", 0, "INVALID_SIZE"],
    ["a length", "binary", TType.MAP, "08 08 ffffffff", 0, "INVALID_SIZE"],
  ])("%s in %s: nothing changes", (_name, protocol, type, bytes, path, code) => {
    checkFails(noisyNode(type, hex(bytes), protocol), (node) => node.delete(path), { code });
  });
});
