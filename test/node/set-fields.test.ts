import { describe, it } from "vitest";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { checkEdit, checkFails, checkNothing } from "./check-edit.ts";
import { bool, i32, list, nodeOf, type Plain, PROTOCOLS, type Struct, struct, text } from "./plain.ts";

type Entries = readonly (readonly [id: number, value: Plain])[];

const START = struct([1, i32(7)], [2, text("one")], [3, struct([1, i32(9)])], [5, bool(true)]);

const MANY = (count: number, value: (id: number) => Plain): Struct =>
  struct(...Array.from({ length: count }, (_, index): [number, Plain] => [index + 1, value(index + 1)]));

describe.each(PROTOCOLS)("setMany of fields: %s", (protocol) => {
  const put = (node: ThriftNode, entries: Entries): void =>
    node.setMany(entries.map(([id, value]) => [fieldId(id), nodeOf(value, protocol)]));

  it.each<[name: string, before: Struct, entries: Entries, after: Struct]>([
    ["one field", START, [[1, i32(8)]], struct([1, i32(8)], ...START.fields.slice(1))],
    [
      "of the same size, in another order than the data",
      START,
      [
        [2, text("two")],
        [1, i32(-1)],
      ],
      struct([1, i32(-1)], [2, text("two")], ...START.fields.slice(2)),
    ],
    [
      "that grow and shrink",
      START,
      [
        [3, struct()],
        [2, text("a longer one")],
      ],
      struct([1, i32(7)], [2, text("a longer one")], [3, struct()], [5, bool(true)]),
    ],
    [
      "that grow and shrink by the same",
      struct([1, text("ab")], [2, text("abcd")]),
      [
        [1, text("wxyz")],
        [2, text("wx")],
      ],
      struct([1, text("wxyz")], [2, text("wx")]),
    ],
    [
      "all of them, a bool too",
      START,
      [
        [5, bool(false)],
        [3, struct([2, bool(true)])],
        [2, text("")],
        [1, i32(0)],
      ],
      struct([1, i32(0)], [2, text("")], [3, struct([2, bool(true)])], [5, bool(false)]),
    ],
    [
      "one field twice: the last one counts",
      START,
      [
        [1, i32(1)],
        [1, i32(2)],
      ],
      struct([1, i32(2)], ...START.fields.slice(1)),
    ],
    [
      "one that is missing",
      START,
      [
        [1, i32(1)],
        [4, list(TType.I32, i32(4))],
      ],
      struct([1, i32(1)], [2, text("one")], START.fields[2]!, [4, list(TType.I32, i32(4))], [5, bool(true)]),
    ],
    [
      "one that is there twice",
      struct([1, i32(1)], [2, text("x")], [1, i32(2)]),
      [[1, i32(3)]],
      struct([1, i32(3)], [2, text("x")], [1, i32(3)]),
    ],
    [
      "one that is there twice, one that is missing",
      struct([1, i32(1)], [1, i32(2)]),
      [
        [1, i32(3)],
        [2, i32(4)],
      ],
      struct([1, i32(3)], [1, i32(3)], [2, i32(4)]),
    ],
    [
      "16 fields",
      MANY(20, i32),
      MANY(16, (id) => i32(-id)).fields,
      MANY(20, (id) => i32(id > 16 ? id : -id)),
    ],
    [
      "17 fields",
      MANY(20, i32),
      MANY(17, (id) => i32(-id)).fields,
      MANY(20, (id) => i32(id > 17 ? id : -id)),
    ],
  ])("%s", (_, before, entries, after) => {
    checkEdit(nodeOf(before, protocol), (node) => put(node, entries), after);
  });

  it("no fields", () => {
    checkNothing(nodeOf(START, protocol), (node) => put(node, []));
  });

  it("a value of another wire type", () => {
    const entries: Entries = [
      [1, i32(8)],
      [2, i32(8)],
    ];
    checkFails(nodeOf(START, protocol), (node) => put(node, entries), { code: "TYPE_MISMATCH", path: "#2" });
  });
});
