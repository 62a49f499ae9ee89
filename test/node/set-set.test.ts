import { describe, expect, it, vi } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex } from "../support/bytes.ts";
import { checkEdit, checkFails, checkSet } from "./check-edit.ts";
import {
  bool,
  byte,
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
const words = (...values: string[]): Plain => set(TType.STRING, ...values.map(text));

describe.each(PROTOCOLS)("set in a set: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it.each<[name: string, plain: Plain, path: Path, value: Plain, existed: boolean, expected: Plain]>([
    ["replaces an element", words("a", "b"), 0, text("c"), true, words("c", "b")],
    ["appends a new one", words("a", "b"), 2, text("c"), false, words("a", "b", "c")],
    ["appends to an empty one", words(), 0, text("c"), false, words("c")],
    ["an element by itself", words("a", "b"), 1, text("b"), true, words("a", "b")],
    [
      "an element by another one that is held in front",
      words("a", "b", "c"),
      1,
      text("a"),
      true,
      words("a", "c"),
    ],
    [
      "an element by another one that is held behind",
      words("a", "b", "c"),
      1,
      text("c"),
      true,
      words("a", "c"),
    ],
    ["keeps other repetitions", words("a", "a", "b"), 2, text("c"), true, words("a", "a", "c")],
    [
      "goes into an element",
      set(TType.STRUCT, struct([1, i32(1)]), struct([1, i32(2)])),
      [1, f(1)],
      i32(3),
      true,
      set(TType.STRUCT, struct([1, i32(1)]), struct([1, i32(3)])),
    ],
    [
      "an element that becomes equal to another one",
      set(TType.STRUCT, struct([1, i32(1)]), struct([1, i32(2)])),
      [1, f(1)],
      i32(1),
      true,
      set(TType.STRUCT, struct([1, i32(1)])),
    ],
    [
      "inserts in an element",
      set(TType.STRUCT, struct(), struct([2, bool(true)])),
      [1, f(1)],
      bool(false),
      false,
      set(TType.STRUCT, struct(), struct([1, bool(false)], [2, bool(true)])),
    ],
    [
      "bytes",
      set(TType.BYTE, byte(1), byte(2)),
      2,
      byte(-1),
      false,
      set(TType.BYTE, byte(1), byte(2), byte(-1)),
    ],
  ])("%s", (_name, plain, path, value, existed, expected) => {
    expect(checkSet(() => of(plain), path, of(value), expected)).toBe(existed);
    const inside = (inner: Plain): Plain => list(TType.STRUCT, struct(), struct([3, inner], [4, text("x")]));
    const steps = [1, f(3), ...(Array.isArray(path) ? path : [path])] as Path;
    expect(checkSet(() => of(inside(plain)), steps, of(value), inside(expected))).toBe(existed);
  });

  it("ignores an element that it holds already, and stays as it is", () => {
    for (const held of ["a", "b"]) {
      const node = of(words("a", "b"));
      const { source } = node;
      expect(node.set(2, of(text(held)))).toBe(false);
      expect(node.source === source).toBe(true);
    }
    const other = protocol === "binary" ? "compact" : "binary";
    checkSet(() => of(set(TType.I64, i64(-1n))), 1, nodeOf(i64(-1n), other), set(TType.I64, i64(-1n)));
  });

  it("several at once", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((each) => of(text(each))) as [
      ThriftNode,
      ThriftNode,
      ThriftNode,
      ThriftNode,
    ];
    checkEdit(
      of(words("a")),
      (node) =>
        node.setMany([
          [1, b],
          [2, c],
        ]),
      words("a", "b", "c"),
    );
    checkEdit(
      of(words("a")),
      (node) =>
        node.setMany([
          [1, b],
          [1, c],
        ]),
      words("a", "c"),
    );
    checkEdit(
      of(words("a", "b")),
      (node) =>
        node.setMany([
          [1, c],
          [0, d],
        ]),
      words("d", "c"),
    );
    // What has been replaced before is held no more, what has come in is.
    checkEdit(
      of(words("a", "b")),
      (node) =>
        node.setMany([
          [0, c],
          [1, a],
        ]),
      words("c", "a"),
    );
    checkEdit(
      of(words("a", "b")),
      (node) =>
        node.setMany([
          [0, c],
          [1, c],
        ]),
      words("c"),
    );
    checkEdit(
      of(words("a")),
      (node) =>
        node.setMany([
          [1, b],
          [0, b],
        ]),
      words("b"),
    );
    checkFails(
      of(words("a")),
      (node) =>
        node.setMany([
          [1, a],
          [2, b],
        ]),
      { code: "NOT_FOUND", path: "[2]" },
    );
    checkFails(
      of(words("a")),
      (node) =>
        node.setMany([
          [0, b],
          [-0, b],
        ]),
      { code: "INVALID_PATH" },
    );
  });

  it("in every occurrence of a repeated field", () => {
    const fields = (...sets: Plain[]): Plain => struct(...sets.map((each) => [1, each] as const));
    checkSet(
      () => of(fields(words("a"), words(), words("c"))),
      [f(1), 0],
      of(text("c")),
      fields(words("c"), words("c"), words("c")),
    );
  });

  it("copies what is kept as it is, also in a form of its own", () => {
    if (protocol === "binary") return;
    // Padded varints, and bool elements by the other of their types.
    const numbers = noisyNode(TType.SET, hex`25 828000 04`, protocol);
    numbers.set(2, of(i32(3)));
    expect(toHex(numbers.bytes)).toBe(toHex(hex`35 828000 04 06`));
    const bools = noisyNode(TType.SET, hex`11 01`, protocol);
    bools.set(1, of(bool(false)));
    expect(toHex(bools.bytes)).toBe(toHex(hex`22 01 02`));
  });

  it("makes no view of each element", () => {
    const length = 100_000;
    const node = of({ ...set(TType.BYTE), elements: new Array<Plain>(length).fill(byte(1)) });
    const views = vi.spyOn(Uint8Array.prototype, "subarray");
    expect(node.set(length, ThriftNode.of(TType.BYTE, 2, protocol))).toBe(false);
    expect(node.delete(0)).toBe(true);
    expect(views.mock.calls.length).toBeLessThan(30);
    views.mockRestore();
    expect(node.length).toBe(length);
  });
});
