import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { FieldId, fieldId, type PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import {
  BASE,
  binary,
  bool,
  byte,
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
  START,
  set,
  show,
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
  uuid,
} from "./plain.ts";

const f = fieldId;

/** Steps as text: `#7`, `"k"`, `7n`, `0x00`. */
function showStep(step: PathStep): string {
  if (step instanceof FieldId) return `#${step.id}`;
  if (step instanceof Uint8Array) return `0x${toHex(step)}`;
  if (typeof step === "string") return JSON.stringify(step);
  if (typeof step === "bigint") return `${step}n`;
  return Object.is(step, -0) ? "-0" : String(step);
}

describe.each(PROTOCOLS)("iteration: %s", (protocol) => {
  it.each<[name: string, plain: Plain, steps: readonly string[], values: readonly string[]]>([
    ["an empty struct", struct(), [], []],
    ["an empty list", list(TType.I32), [], []],
    ["an empty set", set(TType.STRING), [], []],
    ["an empty map", map(TType.I32, TType.I32), [], []],
    [
      "a struct",
      struct([1, i32(7)], [300, bool(true)], [301, bool(false)], [-5, text("x")]),
      ["#1", "#300", "#301", "#-5"],
      ["7", "true", "false", '"x"'],
    ],
    [
      "repeated fields",
      struct([1, i32(7)], [1, i32(8)], [1, text("x")]),
      ["#1", "#1", "#1"],
      ["7", "8", '"x"'],
    ],
    ["a list", list(TType.STRING, text("a"), text(""), text("c")), ["0", "1", "2"], ['"a"', '""', '"c"']],
    ["a list of bools", list(TType.BOOL, bool(true), bool(false)), ["0", "1"], ["true", "false"]],
    ["a set of structs", set(TType.STRUCT, struct(), struct([1, byte(2)])), ["0", "1"], ["{}", "{1: 2}"]],
    [
      "text keys",
      map(TType.STRING, TType.I32, [text("né"), i32(1)], [text(""), i32(2)], [text("__proto__"), i32(3)]),
      ['"né"', '""', '"__proto__"'],
      ["1", "2", "3"],
    ],
    ["keys that are no text", map(TType.STRING, TType.I32, [binary(hex`c3`), i32(1)]), ["0xc3"], ["1"]],
    [
      "repeated keys",
      map(TType.BYTE, TType.I32, [byte(-1), i32(1)], [byte(-1), i32(2)]),
      ["-1", "-1"],
      ["1", "2"],
    ],
    ["i16 keys", map(TType.I16, TType.BOOL, [i16(-300), bool(true)]), ["-300"], ["true"]],
    ["i32 keys", map(TType.I32, TType.LIST, [i32(-(2 ** 31)), list(TType.I32)]), ["-2147483648"], ["[]"]],
    [
      "i64 keys",
      map(TType.I64, TType.I32, [i64(2n ** 53n + 1n), i32(1)], [i64(-1n), i32(2)]),
      ["9007199254740993n", "-1n"],
      ["1", "2"],
    ],
    [
      "double keys",
      map(TType.DOUBLE, TType.I32, [double(-0), i32(1)], [double(0.5), i32(2)]),
      ["-0", "0.5"],
      ["1", "2"],
    ],
    [
      "double keys that are no steps",
      map(TType.DOUBLE, TType.I32, [double(Number.NaN), i32(1)]),
      ["NaN"],
      ["1"],
    ],
    [
      "bool keys",
      map(TType.BOOL, TType.I32, [bool(false), i32(1)], [bool(true), i32(2)]),
      ["false", "true"],
      ["1", "2"],
    ],
    ["uuid keys", map(TType.UUID, TType.I32, [uuid(UUID_BYTES), i32(1)]), [`"${UUID_TEXT}"`], ["1"]],
    ["struct keys", map(TType.STRUCT, TType.I32, [struct(), i32(1)]), ["0x00"], ["1"]],
  ])("%s", (_name, plain, steps, values) => {
    const node = nodeOf(plain, protocol);
    expect([...node.keys()].map(showStep)).toEqual(steps);
    expect([...node.values()].map(show)).toEqual(values);
    expect([...node].map(([step, value]) => [showStep(step), show(value)])).toEqual(
      steps.map((step, index) => [step, values[index]]),
    );
    expect(node.length).toBe(steps.length);
    const seen: unknown[] = [];
    node.forEach((value, step, parent) => void seen.push([showStep(step), show(value), parent === node]));
    expect(seen).toEqual(steps.map((step, index) => [step, values[index], true]));
  });

  it("gives views of the source that end where the next part starts", () => {
    const node = nodeOf(BASE, protocol);
    const [first, second] = [...node.values()];
    expect(first!.source).toBe(node.source);
    expect(second!.start).toBeGreaterThan(first!.end);
    for (const [step, part] of node) {
      const found = node.get(step)!;
      expect([part.type, part.start, part.end, part.inHeader]).toEqual([
        found.type,
        found.start,
        found.end,
        found.inHeader,
      ]);
    }
  });

  it("pairs: keys of every type as nodes", () => {
    const keys = [struct([1, i32(1)]), struct()];
    const node = nodeOf(
      map(TType.STRUCT, TType.LIST, ...keys.map((key) => [key, list(TType.I32)] as const)),
      protocol,
    );
    const pairs = [...node.pairs()];
    expect(pairs.map(([key, value]) => [key.type, show(key), show(value)])).toEqual([
      [TType.STRUCT, "{1: 1}", "[]"],
      [TType.STRUCT, "{}", "[]"],
    ]);
    expect(toHex(pairs[0]![0].bytes)).toBe(toHex(encode(keys[0]!, protocol)));
    // A boolean key or value is no header.
    const bools = nodeOf(map(TType.BOOL, TType.BOOL, [bool(true), bool(false)]), protocol);
    expect([...bools.pairs()].flat().map((each) => [each.asBoolean(), each.inHeader])).toEqual([
      [true, false],
      [false, false],
    ]);
    expect([...nodeOf(map(TType.I32, TType.I32), protocol).pairs()]).toEqual([]);
  });

  it("scalars have no parts, other kinds no pairs", () => {
    const scalars = [bool(true), byte(1), i16(1), i32(1), i64(1n), double(1), text("a"), uuid(UUID_BYTES)];
    for (const scalar of scalars) {
      const node = nodeOf(scalar, protocol);
      const reads: (() => unknown)[] = [
        () => node.length,
        () => [...node],
        () => [...node.keys()],
        () => [...node.values()],
        () => [...node.pairs()],
        () => node.forEach(() => {}),
      ];
      for (const read of reads) expectThriftError(read, { code: "TYPE_MISMATCH", offset: START });
    }
    for (const plain of [struct(), list(TType.I32), set(TType.I32)]) {
      expectThriftError(() => [...nodeOf(plain, protocol).pairs()], { code: "TYPE_MISMATCH", offset: START });
    }
    // Not before it is asked for the first part.
    expect(typeof nodeOf(i32(1), protocol).entries().next).toBe("function");
  });

  it("iterators of one node and of others run side by side, with lookups between their steps", () => {
    const node = nodeOf(BASE, protocol);
    const numbers = nodeOf(list(TType.I32, ...[1, 2, 3, 4].map(i32)), protocol);
    const other = nodeOf(
      map(TType.I64, TType.STRING, [i64(1n), text("a")], [i64(2n), text("b")], [i64(3n), text("c")]),
      protocol,
    );
    const seen: unknown[] = [];
    const second = other.entries();
    const third = node.entries();
    for (const [index, value] of numbers) {
      const entry = second.next();
      const field = third.next().value as [PathStep, ThriftNode];
      expect(show(node.get([f(5), "k2"]))).toBe("2");
      expect(node.getMany([[f(4), 1], f(2)]).map(show)).toEqual(["2", '"bb"']);
      expect(other.length).toBe(3);
      expect(other.get(2n)!.asString()).toBe("b");
      expectThriftError(() => node.get([f(4), "x"]), { code: "TYPE_MISMATCH" });
      for (const [key] of other.pairs()) if (key.asBigInt() === 2n) break;
      seen.push([index, value.asNumber(), entry.done ? "done" : show(entry.value[1]), showStep(field[0])]);
    }
    expect(seen).toEqual([
      [0, 1, '"a"', "#1"],
      [1, 2, '"b"', "#2"],
      [2, 3, '"c"', "#3"],
      [3, 4, "done", "#4"],
    ]);
  });

  it("an iteration goes on over the old bytes when the node is edited meanwhile", () => {
    const edited = nodeOf(struct([1, text("a")], [2, text("b")], [3, text("c")], [4, text("d")]), protocol);
    const seen: string[] = [];
    for (const [step, part] of edited) {
      seen.push(part.asString());
      edited.set(step, ThriftNode.of(TType.STRING, `longer ${part.asString()}`));
    }
    expect(seen).toEqual(["a", "b", "c", "d"]);
    expect(show(edited)).toBe('{1: "longer a", 2: "longer b", 3: "longer c", 4: "longer d"}');
    for (const [step] of edited) edited.delete(step);
    expect(show(edited)).toBe("{}");
    const pairs = nodeOf(map(TType.I32, TType.STRING, [i32(1), text("a")], [i32(2), text("b")]), protocol);
    for (const [key, value] of pairs.pairs()) {
      pairs.set(key.asNumber(), ThriftNode.of(TType.STRING, `${value.asString()}!`));
    }
    expect(show(pairs)).toBe('{1 => "a!", 2 => "b!"}');
  });

  it("a value that an edit made larger than maxSize is read like any other", () => {
    const node = nodeOf(struct([1, text("a")]), protocol, { maxSize: 10 });
    node.set(f(1), ThriftNode.of(TType.STRING, "0123456789abcdef"));
    expect([...node.values()].map(show)).toEqual(['"0123456789abcdef"']);
    expect(node.get(f(1))!.asString()).toBe("0123456789abcdef");
    expect(node.length).toBe(1);
  });
});

describe("iteration over corrupt bytes", () => {
  it.each<
    [
      name: string,
      protocol: Protocol,
      type: TType,
      bytes: string,
      before: number,
      code: ErrorCode,
      offset: number,
    ]
  >([
    ["no stop", "binary", TType.STRUCT, "03 0001 07", 1, "TRUNCATED", 4],
    ["no stop", "compact", TType.STRUCT, "13 07", 1, "TRUNCATED", 2],
    ["an unknown type", "binary", TType.STRUCT, "03 0001 07 01", 1, "INVALID_TYPE", 4],
    ["an unknown type", "compact", TType.STRUCT, "11 1e", 1, "INVALID_TYPE", 1],
    ["a second element", "binary", TType.LIST, '0b 00000002 00000001 "a" 00000004', 1, "INVALID_SIZE", 10],
    ["a second element", "compact", TType.LIST, '28 01 "a" 04', 1, "INVALID_SIZE", 3],
    ["a length", "binary", TType.SET, "08 00000002 00000000", 0, "INVALID_SIZE", 1],
    ["a length", "compact", TType.SET, "27 00", 0, "INVALID_SIZE", 0],
    ["a second key", "binary", TType.MAP, "0b 02 00000002 00000000 01 00000009 01", 1, "INVALID_SIZE", 11],
    ["a second key", "compact", TType.MAP, "02 82 00 01 09 01", 1, "INVALID_SIZE", 4],
    ["a value", "binary", TType.MAP, "02 0b 00000001 01 00000001", 0, "INVALID_SIZE", 7],
    ["a value", "compact", TType.MAP, "01 28 01 01", 0, "INVALID_SIZE", 3],
  ])("%s in %s", (_name, protocol, type, bytes, before, code, offset) => {
    const node = noisyNode(type, hex(bytes), protocol);
    const seen: unknown[] = [];
    expectThriftError(
      () => {
        for (const entry of node) seen.push(entry);
      },
      { code, offset: START + offset, path: undefined },
    );
    expect(seen).toHaveLength(before);
  });

  it.each<[name: string, protocol: Protocol, type: TType, bytes: string, code: ErrorCode, offset: number]>([
    ["a struct: all of it", "binary", TType.STRUCT, "03 0001 07 07", "INVALID_TYPE", 4],
    ["a struct: all of it", "compact", TType.STRUCT, "13 07 1f", "INVALID_TYPE", 2],
    ["a list: its header", "binary", TType.LIST, "08 0000", "TRUNCATED", 0],
    ["a list: its header", "compact", TType.LIST, "", "TRUNCATED", 0],
    ["a map: its header", "binary", TType.MAP, "08 08 ffffffff", "INVALID_SIZE", 2],
    ["a map: its header", "compact", TType.MAP, "02 88 00", "INVALID_SIZE", 0],
  ])("length reads of %s: %s", (_name, protocol, type, bytes, code, offset) => {
    expectThriftError(() => noisyNode(type, hex(bytes), protocol).length, { code, offset: START + offset });
  });

  it.each(PROTOCOLS)("length does not look at elements: %s", (protocol) => {
    const bytes = protocol === "binary" ? "0b 00000002 ffffffff ffffffff" : "28 ff ff";
    expect(noisyNode(TType.LIST, hex(bytes), protocol).length).toBe(2);
  });
});
