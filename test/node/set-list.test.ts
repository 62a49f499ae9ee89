import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import { checkEdit, checkFails, checkSet } from "./check-edit.ts";
import {
  bool,
  i32,
  i64,
  list,
  nodeOf,
  noisyNode,
  type Plain,
  PROTOCOLS,
  set,
  struct,
  text,
} from "./plain.ts";

const f = fieldId;
const numbers = (...values: number[]): Plain => list(TType.I32, ...values.map(i32));

describe.each(PROTOCOLS)("set in a list: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it.each<[name: string, plain: Plain, path: Path, value: Plain, existed: boolean, expected: Plain]>([
    ["replaces the first", numbers(1, 2, 3), 0, i32(9), true, numbers(9, 2, 3)],
    ["replaces the last", numbers(1, 2, 3), 2, i32(9), true, numbers(1, 2, 9)],
    ["appends", numbers(1, 2), 2, i32(9), false, numbers(1, 2, 9)],
    ["appends to an empty list", numbers(), 0, i32(9), false, numbers(9)],
    [
      "appends a bool",
      list(TType.BOOL, bool(false)),
      1,
      bool(true),
      false,
      list(TType.BOOL, bool(false), bool(true)),
    ],
    ["replaces a bool", list(TType.BOOL, bool(false)), 0, bool(true), true, list(TType.BOOL, bool(true))],
    [
      "replaces text",
      list(TType.STRING, text("a"), text("b")),
      0,
      text("longer"),
      true,
      list(TType.STRING, text("longer"), text("b")),
    ],
    [
      "inserts in an element",
      list(TType.STRUCT, struct(), struct([2, i32(1)])),
      [1, f(1)],
      bool(true),
      false,
      list(TType.STRUCT, struct(), struct([1, bool(true)], [2, i32(1)])),
    ],
    [
      "appends in an element",
      list(TType.LIST, numbers(1), numbers()),
      [1, 0],
      i32(5),
      false,
      list(TType.LIST, numbers(1), numbers(5)),
    ],
    ["an index of -0", numbers(1, 2), -0, i32(9), true, numbers(9, 2)],
  ])("%s", (_name, plain, path, value, existed, expected) => {
    expect(checkSet(() => of(plain), path, of(value), expected)).toBe(existed);
    // The same in the middle of something larger.
    const inside = (inner: Plain): Plain =>
      struct([-1, text("x")], [7, inner], [30, bool(true)], [31, i32(1)]);
    const steps = [f(7), ...(Array.isArray(path) ? path : [path])] as Path;
    expect(checkSet(() => of(inside(plain)), steps, of(value), inside(expected))).toBe(existed);
  });

  it.each<[name: string, path: Path, value: Plain, code: ErrorCode, where: string]>([
    ["an index beyond the length", 3, i32(1), "NOT_FOUND", "[3]"],
    ["an index far beyond", Number.MAX_SAFE_INTEGER, i32(1), "NOT_FOUND", `[${Number.MAX_SAFE_INTEGER}]`],
    ["a negative index", -1, i32(1), "INVALID_PATH", ""],
    ["a fraction", 0.5, i32(1), "INVALID_PATH", ""],
    ["a text", "0", i32(1), "TYPE_MISMATCH", ""],
    ["a bigint", 0n, i32(1), "TYPE_MISMATCH", ""],
    ["a field id", f(0), i32(1), "TYPE_MISMATCH", ""],
    ["another type for an element", 1, i64(1n), "TYPE_MISMATCH", "[1]"],
    ["another type at the end", 2, i64(1n), "TYPE_MISMATCH", "[2]"],
  ])("refuses %s, in lists and in sets", (_name, path, value, code, where) => {
    for (const plain of [numbers(1, 2), set(TType.I32, i32(1), i32(2))]) {
      checkFails(of(plain), (node) => node.set(path, of(value)), { code, path: where });
      checkFails(
        of(plain),
        (node) =>
          node.setMany([
            [1, of(i32(7))],
            [path, of(value)],
          ]),
        { code, path: where },
      );
    }
  });

  it("several: each speaks of the list as the ones before leave it", () => {
    const nine = of(i32(9));
    checkEdit(
      of(numbers(1)),
      (node) =>
        node.setMany([
          [1, nine],
          [2, of(i32(8))],
          [0, of(i32(7))],
        ]),
      numbers(7, 9, 8),
    );
    checkEdit(
      of(numbers(1)),
      (node) =>
        node.setMany([
          [1, nine],
          [1, of(i32(8))],
        ]),
      numbers(1, 8),
    );
    checkFails(
      of(numbers(1)),
      (node) =>
        node.setMany([
          [2, nine],
          [1, nine],
        ]),
      { code: "NOT_FOUND", path: "[2]" },
    );
    checkFails(
      of(numbers(1)),
      (node) =>
        node.setMany([
          [0, nine],
          [-0, nine],
        ]),
      { code: "INVALID_PATH" },
    );
    const structs = (...all: Plain[]): Plain => list(TType.STRUCT, ...all);
    checkEdit(
      of(structs(struct())),
      (node) =>
        node.setMany([
          [1, of(struct([5, i32(5)]))],
          [[1, f(5)], of(i32(6))],
          [[1, f(4)], of(bool(true))],
          [[0, f(1)], of(i32(1))],
        ]),
      structs(struct([1, i32(1)]), struct([4, bool(true)], [5, i32(6)])),
    );
  });

  it("an untyped empty list or set takes the type of the first element, and keeps to it", () => {
    const bytes = protocol === "binary" ? "00 00000000" : "00";
    for (const [type, plain] of [
      [TType.LIST, list],
      [TType.SET, set],
    ] as const) {
      const empty = (): ThriftNode => noisyNode(type, hex(bytes), protocol);
      checkEdit(empty(), (node) => node.set(0, of(text("a"))), plain(TType.STRING, text("a")));
      checkEdit(
        empty(),
        (node) =>
          node.setMany([
            [0, of(bool(true))],
            [1, of(bool(false))],
          ]),
        plain(TType.BOOL, bool(true), bool(false)),
      );
      checkFails(
        empty(),
        (node) =>
          node.setMany([
            [0, of(i32(1))],
            [1, of(text("a"))],
          ]),
        { code: "TYPE_MISMATCH", path: "[1]" },
      );
    }
    // One that declares its type keeps to that.
    checkFails(of(list(TType.I32)), (node) => node.set(0, of(text("a"))), {
      code: "TYPE_MISMATCH",
      path: "[0]",
    });
    checkFails(of(set(TType.I32)), (node) => node.set(0, of(text("a"))), {
      code: "TYPE_MISMATCH",
      path: "[0]",
    });
  });

  it("in every occurrence of a repeated field, whatever their order", () => {
    const fields = (...lists: Plain[]): Plain => struct(...lists.map((each) => [1, each] as const));
    checkSet(() => of(fields(numbers(1), numbers())), [f(1), 0], of(i32(9)), fields(numbers(9), numbers(9)));
    checkSet(() => of(fields(numbers(), numbers(1))), [f(1), 0], of(i32(9)), fields(numbers(9), numbers(9)));
    for (const repeated of [fields(numbers(1, 2), numbers()), fields(numbers(), numbers(1, 2))]) {
      checkFails(of(repeated), (node) => node.set([f(1), 1], of(i32(9))), {
        code: "NOT_FOUND",
        path: "#1[1]",
      });
    }
  });

  it.each([13, 14, 15, 16, 127, 128])("the length %d grows and shrinks by one", (length) => {
    const values = Array.from({ length }, (_, index) => index);
    for (const container of [list, set]) {
      const whole = (...all: number[]): Plain => container(TType.I32, ...all.map(i32));
      checkSet(() => of(whole(...values)), length, of(i32(-1)), whole(...values, -1));
      checkSet(() => of(whole(...values)), length - 1, of(i32(-1)), whole(...values.slice(0, -1), -1));
      checkEdit(of(whole(...values)), (node) => node.delete(0), whole(...values.slice(1)));
    }
  });
});
