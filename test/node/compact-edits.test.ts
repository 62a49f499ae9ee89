import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex } from "../support/bytes.ts";
import {
  bool,
  byte,
  i32,
  leavesUntouched,
  list,
  map,
  nodeOf,
  noisyNode,
  type Plain,
  show,
  struct,
  text,
} from "./plain.ts";

const f = fieldId;

/** Edits of one compact value, given and expected byte by byte. */
function check(type: TType, before: string, edit: (node: ThriftNode) => unknown, after: string): void {
  const node = noisyNode(type, hex(before), "compact");
  leavesUntouched(node.source, () => edit(node));
  expect(toHex(node.bytes)).toBe(toHex(hex(after)));
  node.validate();
}

function put(path: Path, value: Plain): (node: ThriftNode) => unknown {
  return (node) => node.set(path, nodeOf(value, "compact"));
}
function remove(...paths: Path[]): (node: ThriftNode) => unknown {
  return (node) => node.deleteMany(paths);
}

describe("field headers of the compact protocol", () => {
  it.each<[name: string, before: string, edit: (node: ThriftNode) => unknown, after: string]>([
    [
      "insert in front: the next delta shrinks",
      "33 07  13 08  00",
      put(f(1), byte(9)),
      "13 09  23 07  13 08  00",
    ],
    [
      "insert between: the next delta shrinks",
      "13 07  33 08  13 09  00",
      put(f(2), byte(1)),
      "13 07  13 01  23 08  13 09  00",
    ],
    ["insert behind", "13 07  00", put(f(2), byte(1)), "13 07  13 01  00"],
    ["insert in an empty struct", "00", put(f(15), byte(1)), "f3 01 00"],
    ["insert in an empty struct, delta 16: a long header", "00", put(f(16), byte(1)), "03 20 01 00"],
    [
      "insert a negative id: long, and the next one counts from it",
      "13 07  00",
      put(f(-1), byte(1)),
      "03 01 01  23 07  00",
    ],
    ["insert id 0: long", "13 07  00", put(f(0), byte(1)), "03 00 01  13 07  00"],
    [
      "insert so that a long header becomes short",
      "13 07  03 28 08  00",
      put(f(10), byte(1)),
      "13 07  93 01  a3 08  00",
    ],
    [
      "insert so that a long header stays long",
      "13 07  03 80 01 08  00",
      put(f(10), byte(1)),
      "13 07  93 01  03 80 01 08  00",
    ],
    ["delete the first: the next delta grows", "13 07  13 08  13 09  00", remove(f(1)), "23 08  13 09  00"],
    ["delete between: the next delta grows", "13 07  13 08  13 09  00", remove(f(2)), "13 07  23 09  00"],
    ["delete the last", "13 07  13 08  00", remove(f(2)), "13 07  00"],
    ["delete the only one", "13 07  00", remove(f(1)), "00"],
    ["delete so that a delta grows to 15", "13 07  73 08  83 09  00", remove(f(8)), "13 07  f3 09  00"],
    [
      "delete so that a delta grows beyond 15",
      "13 07  83 08  83 09  00",
      remove(f(9)),
      "13 07  03 22 09  00",
    ],
    [
      "delete a long one: the next becomes short",
      "13 07  03 28 08  13 09  00",
      remove(f(20)),
      "13 07  03 2a 09  00",
    ],
    ["delete a negative one", "03 01 07  23 08  00", remove(f(-1)), "13 08  00"],
    ["delete several in a row", "13 07  13 08  13 09  13 0a  00", remove(f(2), f(3)), "13 07  33 0a  00"],
    ["delete every other one", "13 07  13 08  13 09  13 0a  00", remove(f(1), f(3)), "23 08  23 0a  00"],
    ["delete all", "13 07  13 08  13 09  00", remove(f(3), f(1), f(2)), "00"],
    ["delete a repeated one", "13 07  03 02 08  13 09  00", remove(f(1)), "23 09  00"],
    [
      "replace: nothing else changes",
      "13 07  13 08  13 09  00",
      put(f(2), byte(1)),
      "13 07  13 01  13 09  00",
    ],
    [
      "replace one with a padded header, which stays",
      "13 07  03 8480 00 08  13 09  00",
      put(f(2), byte(1)),
      "13 07  03 8480 00 01  13 09  00",
    ],
    [
      "fields out of order",
      "53 07  03 04 08  13 09  00",
      put(f(4), byte(1)),
      "43 01  13 07  03 04 08  13 09  00",
    ],
    [
      "fields out of order: delete the one that goes back",
      "53 07  03 04 08  13 09  00",
      remove(f(2)),
      "53 07  03 06 09  00",
    ],
    ["a strange stop byte stays", "13 07  50", remove(f(1)), "50"],
    ["a strange stop byte behind a long header", "03 8001 07  50", remove(f(64)), "50"],
    ["insert in front of a strange stop byte", "50", put(f(1), byte(7)), "13 07 50"],
  ])("%s", (_name, before, edit, after) => {
    check(TType.STRUCT, before, edit, after);
  });

  it.each<[name: string, before: string, edit: (node: ThriftNode) => unknown, after: string]>([
    ["true → false", "13 07  11  13 08  00", put(f(2), bool(false)), "13 07  12  13 08  00"],
    ["false → true", "12  00", put(f(1), bool(true)), "11  00"],
    ["true → true", "11  00", put(f(1), bool(true)), "11  00"],
    ["in a long header", "01 c801  12  00", put(f(100), bool(false)), "02 c801  12  00"],
    ["with a padded header", "01 8280 00  00", put(f(1), bool(false)), "12  00"],
    ["insert in front", "13 07  00", put(f(0), bool(true)), "01 00  13 07  00"],
    [
      "insert between: the next delta shrinks",
      "13 07  33 08  00",
      put(f(2), bool(true)),
      "13 07  11  23 08  00",
    ],
    ["insert between bools", "11  31  00", put(f(3), bool(false)), "11  22  11  00"],
    [
      "insert in front of a bool with a long header",
      "01 c801  00",
      put(f(99), byte(7)),
      "03 c601 07  11  00",
    ],
    ["delete", "13 07  11  13 08  00", remove(f(2)), "13 07  23 08  00"],
    ["delete in front of a bool", "13 07  12  11  00", remove(f(1)), "22  11  00"],
    ["delete a bool in front of one: a long header", "11  e1  22  00", remove(f(15)), "11  02 22  00"],
    ["delete the last", "13 07  11  00", remove(f(2)), "13 07  00"],
    ["repeated", "11  02 02  13 07  00", put(f(1), bool(true)), "11  01 02  13 07  00"],
    ["delete repeated ones", "11  02 02  13 07  00", remove(f(1)), "23 07  00"],
  ])("a boolean field: %s", (_name, before, edit, after) => {
    check(TType.STRUCT, before, edit, after);
  });

  it("in structs inside: the deltas of the outer one stay", () => {
    check(
      TType.STRUCT,
      "13 07  1c 13 01 33 02 00  13 08  00",
      put([f(2), f(2)], byte(9)),
      "13 07  1c 13 01 13 09 23 02 00  13 08  00",
    );
    check(
      TType.STRUCT,
      "13 07  1c 13 01 33 02 00  13 08  00",
      remove([f(2), f(1)]),
      "13 07  1c 43 02 00  13 08  00",
    );
    check(TType.LIST, "2c  13 01 00  12 00", put([1, f(1)], bool(true)), "2c  13 01 00  11 00");
    check(TType.MAP, "01 8c 01 61  11 13 07 00", remove(["a", f(1)]), "01 8c 01 61  23 07 00");
  });

  it("several edits at once, in and around a struct", () => {
    check(
      TType.STRUCT,
      "13 01  13 02  1c 13 03 11 00  11  13 04  00",
      (node) => {
        node.setMany([
          [[f(3), f(1)], nodeOf(byte(9), "compact")],
          [f(-3), nodeOf(bool(true), "compact")],
          [[f(3), f(30)], nodeOf(i32(-1), "compact")],
          [f(4), nodeOf(bool(false), "compact")],
          [f(6), nodeOf(text("x"), "compact")],
        ]);
      },
      "01 05  43 01  13 02  1c 13 09 11 05 3c 01 00  12  13 04  18 01 78  00",
    );
    check(
      TType.STRUCT,
      "13 01  13 02  1c 13 03 11 00  11  13 04  00",
      remove(f(1), [f(3), f(2)], f(4)),
      "23 02  1c 13 03 00  23 04  00",
    );
    // Behind a struct that is edited inside, a field goes; in front of one that is, one comes in.
    check(TType.STRUCT, "1c 13 01 00  13 02  13 03  00", remove([f(1), f(1)], f(2)), "1c 00  23 03  00");
    check(
      TType.STRUCT,
      "2c 13 01 00  13 02  00",
      (node) => {
        node.setMany([
          [[f(2), f(1)], nodeOf(byte(5), "compact")],
          [f(1), nodeOf(byte(6), "compact")],
        ]);
      },
      "13 06  1c 13 05 00  13 02  00",
    );
  });

  it("a value of the binary protocol is written in compact form", () => {
    const node = noisyNode(TType.STRUCT, hex`13 07 00`, "compact");
    node.set(
      f(2),
      nodeOf(struct([1, bool(true)], [20, i32(-1)], [21, map(TType.I32, TType.BOOL)]), "binary"),
    );
    expect(toHex(node.bytes)).toBe(toHex(hex`13 07  1c 11 05 28 01 1b 00 00  00`));
    const yes = nodeOf(struct([5, bool(true)]), "binary").get(f(5))!;
    node.set(f(3), yes);
    expect(toHex(node.bytes.subarray(-2))).toBe("1100");
    expect(show(node)).toBe("{1: 7, 2: {1: true, 20: -1, 21: {}}, 3: true}");
  });

  it("a value of the compact protocol is written in binary form", () => {
    const node = noisyNode(TType.STRUCT, hex`00`, "binary");
    node.set(f(3), noisyNode(TType.STRUCT, hex`11 05 28 01 1b 00 00`, "compact"));
    expect(toHex(node.bytes)).toBe(
      toHex(hex`0c 0003  02 0001 01  08 0014 ffffffff  0d 0015 00 00 00000000  00  00`),
    );
    const header = noisyNode(TType.STRUCT, hex`01 c801 00`, "compact").get(f(100))!;
    node.set(f(3000), header);
    expect(toHex(node.bytes.subarray(-5))).toBe("020bb80100");
  });
});

describe("containers of the compact protocol", () => {
  const words = (length: number): Plain => list(TType.STRING, ...Array.from({ length }, () => text("w")));
  const w = "01 77 ";

  it.each<[name: string, before: string, edit: (node: ThriftNode) => unknown, after: string]>([
    ["13 → 14: the header stays short", `d8 ${w.repeat(13)}`, put(13, text("w")), `e8 ${w.repeat(14)}`],
    ["14 → 15: the header gets long", `e8 ${w.repeat(14)}`, put(14, text("w")), `f8 0f ${w.repeat(15)}`],
    ["15 → 14: the header gets short", `f8 0f ${w.repeat(15)}`, remove(0), `e8 ${w.repeat(14)}`],
    ["16 → 14, ends", `f8 10 ${w.repeat(16)}`, remove(0, 15), `e8 ${w.repeat(14)}`],
    [
      "127 → 128: the length takes two bytes",
      `f8 7f ${w.repeat(127)}`,
      put(127, text("w")),
      `f8 80 01 ${w.repeat(128)}`,
    ],
    ["1 → 0: an empty list keeps its type", `18 ${w}`, remove(0), "08"],
    ["0 → 1", "08", put(0, text("w")), `18 ${w}`],
    ["untyped 0 → 1", "00", put(0, text("w")), `18 ${w}`],
    ["untyped 0 → 1, bool", "00", put(0, bool(false)), "12 02"],
    ["bools of the other type", "21 01 02", put(2, bool(true)), "32 01 02 01"],
    ["bools of the other type, replaced", "21 01 02", put(1, bool(true)), "21 01 01"],
  ])("a list, %s", (_name, before, edit, after) => {
    check(TType.LIST, before, edit, after);
  });

  it("a list in a struct in a list", () => {
    const outer = (inner: Plain): Plain => list(TType.STRUCT, struct([1, inner], [2, bool(true)]));
    const node = nodeOf(outer(words(14)), "compact");
    node.set([0, f(1), 14], nodeOf(text("w"), "compact"));
    expect(toHex(node.bytes)).toBe(toHex(nodeOf(outer(words(15)), "compact").bytes));
  });

  it.each<[name: string, before: string, edit: (node: ThriftNode) => unknown, after: string]>([
    ["1 → 0: it loses its types", "01 85 01 61 02", remove("a"), "00"],
    ["2 → 1", "02 85 01 61 02 01 62 04", remove("a"), "01 85 01 62 04"],
    ["1 → 2", "01 85 01 61 02", put("b", i32(2)), "02 85 01 61 02 01 62 04"],
    ["bool keys and values, types 1", "01 11 01 02", put(false, bool(true)), "02 22 01 02 02 01"],
    [
      "127 → 128",
      `7f 83 ${"01 61 00 ".repeat(127)}`,
      put("b", byte(1)),
      `80 01 83 ${"01 61 00 ".repeat(127)} 01 62 01`,
    ],
  ])("a map, %s", (_name, before, edit, after) => {
    check(TType.MAP, before, edit, after);
  });

  it("an empty map does not tell the type of its keys, so that nothing can be added", () => {
    const node = nodeOf(struct([1, map(TType.STRING, TType.I32)]), "compact");
    expect(() => node.set([f(1), "a"], nodeOf(i32(1), "compact"))).toThrow(
      /does not tell the type of its keys/,
    );
    node.set(f(1), ThriftNode.mapOf(TType.STRING, TType.I32, [["a", 1]], "compact"));
    expect(show(node)).toBe('{1: {"a" => 1}}');
    node.delete([f(1), "a"]);
    expect(toHex(node.bytes)).toBe(toHex(hex`1b 00 00`));
  });
});
