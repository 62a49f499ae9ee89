import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import {
  BASE,
  bool,
  encode,
  i32,
  list,
  nestedStructs,
  nodeOf,
  noisyNode,
  type Plain,
  PROTOCOLS,
  set,
  show,
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
} from "./plain.ts";

const { of, listOf, setOf, mapOf, structOf } = ThriftNode;

describe.each(PROTOCOLS)("construction: %s", (protocol) => {
  it.each<[type: TType, value: Parameters<typeof of>[1], expected: string]>([
    [TType.BOOL, true, "true"],
    [TType.BOOL, false, "false"],
    [TType.BYTE, -128, "-128"],
    [TType.BYTE, 7n, "7"],
    [TType.I16, 32767, "32767"],
    [TType.I32, -(2 ** 31), "-2147483648"],
    [TType.I32, -1n, "-1"],
    [TType.I64, 2n ** 63n - 1n, "9223372036854775807n"],
    [TType.I64, Number.MIN_SAFE_INTEGER, "-9007199254740991n"],
    [TType.DOUBLE, -0, "-0.0"],
    [TType.DOUBLE, 0.1, "0.1"],
    [TType.STRING, "né🔑", '"né🔑"'],
    [TType.STRING, "", '""'],
    [TType.STRING, hex`ff00`, "0xff00"],
    [TType.STRING, Buffer.from("buf"), '"buf"'],
    [TType.UUID, UUID_TEXT, `0x${toHex(UUID_BYTES)}`],
    [TType.UUID, UUID_TEXT.toUpperCase(), `0x${toHex(UUID_BYTES)}`],
    [TType.UUID, UUID_BYTES, `0x${toHex(UUID_BYTES)}`],
  ])("of(%d, %o) is %s", (type, value, expected) => {
    const node = of(type, value, protocol);
    expect([node.type, node.protocol, node.start, node.end]).toEqual([type, protocol, 0, node.source.length]);
    expect(show(node)).toBe(expected);
    node.validate();
  });

  it.each<[type: TType, value: unknown, code: ErrorCode]>([
    [TType.BOOL, 1, "TYPE_MISMATCH"],
    [TType.BOOL, "true", "TYPE_MISMATCH"],
    [TType.BYTE, 128, "OUT_OF_RANGE"],
    [TType.BYTE, -129n, "OUT_OF_RANGE"],
    [TType.BYTE, "1", "TYPE_MISMATCH"],
    [TType.BYTE, true, "TYPE_MISMATCH"],
    [TType.I16, 32768, "OUT_OF_RANGE"],
    [TType.I32, 1.5, "OUT_OF_RANGE"],
    [TType.I32, Number.NaN, "OUT_OF_RANGE"],
    [TType.I32, 2n ** 64n, "OUT_OF_RANGE"],
    [TType.I32, null, "TYPE_MISMATCH"],
    [TType.I64, 2 ** 53, "OUT_OF_RANGE"],
    [TType.I64, 0.5, "OUT_OF_RANGE"],
    [TType.I64, 2n ** 63n, "OUT_OF_RANGE"],
    [TType.I64, "1", "TYPE_MISMATCH"],
    [TType.DOUBLE, 1n, "TYPE_MISMATCH"],
    [TType.DOUBLE, undefined, "TYPE_MISMATCH"],
    [TType.STRING, 1, "TYPE_MISMATCH"],
    [TType.STRING, [1], "TYPE_MISMATCH"],
    [TType.STRING, new ArrayBuffer(1), "TYPE_MISMATCH"],
    [TType.STRING, "a\ud800", "INVALID_UTF8"],
    [TType.UUID, UUID_TEXT.slice(1), "INVALID_VALUE"],
    [TType.UUID, "\ud800", "INVALID_VALUE"],
    [TType.UUID, hex`00`, "INVALID_VALUE"],
    [TType.UUID, 1, "TYPE_MISMATCH"],
    [TType.STRUCT, {}, "TYPE_MISMATCH"],
    [TType.LIST, [], "TYPE_MISMATCH"],
    [TType.MAP, new Map(), "TYPE_MISMATCH"],
    [TType.I32, of(TType.I64, 1, protocol), "TYPE_MISMATCH"],
    [TType.STRUCT, of(TType.I64, 1, protocol), "TYPE_MISMATCH"],
    [TType.STOP, 1, "INVALID_OPTION"],
    [TType.VOID, 1, "INVALID_OPTION"],
    [99 as TType, 1, "INVALID_OPTION"],
  ])("of(%d, %o) is %s", (type, value, code) => {
    const error = expectThriftError(() => of(type, value as never, protocol), { code });
    expect(error.message).not.toContain(UUID_TEXT.slice(1));
  });

  it.each<[name: string, node: ThriftNode, expected: Plain]>([
    ["a list", listOf(TType.I32, [1, 2n], protocol), list(TType.I32, i32(1), i32(2))],
    ["an empty list", listOf(TType.STRUCT, [], protocol), list(TType.STRUCT)],
    [
      "a list of an iterable",
      listOf(TType.STRING, new Set(["a", "b"]), protocol),
      list(TType.STRING, text("a"), text("b")),
    ],
    [
      "a list of bools",
      listOf(TType.BOOL, [true, of(TType.BOOL, false)], protocol),
      list(TType.BOOL, bool(true), bool(false)),
    ],
    [
      "a list of nodes",
      listOf(
        TType.STRUCT,
        [nodeOf(struct(), "binary"), nodeOf(struct([1, bool(true)]), "compact")],
        protocol,
      ),
      list(TType.STRUCT, struct(), struct([1, bool(true)])),
    ],
    [
      "a set",
      setOf(TType.STRING, ["a", "b", "a", "b", "c"], protocol),
      set(TType.STRING, text("a"), text("b"), text("c")),
    ],
    [
      "a set of nodes",
      setOf(
        TType.STRUCT,
        [nodeOf(struct([1, i32(1)]), "binary"), nodeOf(struct([1, i32(1)]), "compact")],
        protocol,
      ),
      set(TType.STRUCT, struct([1, i32(1)])),
    ],
    [
      "a struct",
      structOf(
        [
          [1, of(TType.I32, 7)],
          [fieldId(2), of(TType.BOOL, true, "compact")],
          [-1, of(TType.STRING, "a")],
        ],
        protocol,
      ),
      struct([1, i32(7)], [2, bool(true)], [-1, text("a")]),
    ],
    ["an empty struct", structOf([], protocol), struct()],
    ["a struct with what another one has", structOf(nodeOf(BASE, "compact") as never, protocol), BASE],
  ])("%s", (_name, node, expected) => {
    expect(toHex(node.bytes)).toBe(toHex(encode(expected, protocol)));
    expect([node.type, node.protocol]).toEqual([expected.type, protocol]);
    node.validate();
  });

  it("maps", () => {
    const node = mapOf(
      TType.I64,
      TType.LIST,
      new Map([
        [1n, listOf(TType.I32, [1], protocol)],
        [2n, listOf(TType.STRING, ["a"], "binary")],
      ]),
      protocol,
    );
    expect(show(node)).toBe('{1n => [1], 2n => ["a"]}');
    expect(show(mapOf(TType.STRING, TType.BOOL, [["a", true]], protocol))).toBe('{"a" => true}');
    expect(show(mapOf(TType.STRUCT, TType.UUID, [[structOf([]), UUID_TEXT]], protocol))).toBe(
      `{{} => 0x${toHex(UUID_BYTES)}}`,
    );
    expect(mapOf(TType.I32, TType.I32, [], protocol).length).toBe(0);
  });

  it.each<[name: string, make: () => unknown, code: ErrorCode]>([
    ["a list with an element of another type", () => listOf(TType.I32, [1, "2"], protocol), "TYPE_MISMATCH"],
    [
      "a list with a node of another type",
      () => listOf(TType.I32, [of(TType.I16, 1)], protocol),
      "TYPE_MISMATCH",
    ],
    ["a list of no type", () => listOf(TType.STOP, [], protocol), "INVALID_OPTION"],
    ["a set with an element out of range", () => setOf(TType.BYTE, [200], protocol), "OUT_OF_RANGE"],
    ["a set of no type", () => setOf(TType.VOID, [], protocol), "INVALID_OPTION"],
    [
      "a map with a key of another type",
      () => mapOf(TType.I32, TType.I32, [["a", 1]], protocol),
      "TYPE_MISMATCH",
    ],
    [
      "a map with a value of another type",
      () => mapOf(TType.I32, TType.I32, [[1, true]], protocol),
      "TYPE_MISMATCH",
    ],
    ["a map with keys of no type", () => mapOf(TType.STOP, TType.I32, [], protocol), "INVALID_OPTION"],
    ["a map with values of no type", () => mapOf(TType.I32, 17 as TType, [], protocol), "INVALID_OPTION"],
    [
      "a struct with an id beyond 16 bits",
      () => structOf([[32768, of(TType.I32, 1)]], protocol),
      "INVALID_PATH",
    ],
    ["a struct with a fraction as id", () => structOf([[1.5, of(TType.I32, 1)]], protocol), "INVALID_PATH"],
    ["a struct with a field that is no node", () => structOf([[1, 5 as never]], protocol), "INVALID_OPTION"],
    ["a struct with a field of nothing", () => structOf([[1, null as never]], protocol), "INVALID_OPTION"],
    [
      "a struct with a cut node",
      () => structOf([[1, ThriftNode.from(TType.BOOL, hex``)]], protocol),
      "TRUNCATED",
    ],
  ])("%s", (_name, make, code) => {
    expectThriftError(make, { code });
  });

  it("keeps nothing of the nodes that it is made of", () => {
    const bytes = hex`00000003 616263`;
    const part = ThriftNode.from(TType.STRING, bytes);
    const made = listOf(TType.STRING, [part], protocol);
    bytes.fill(0);
    expect(show(made)).toBe('["abc"]');
  });
});

describe("transcoding", () => {
  it.each(PROTOCOLS)("a corrupt node of the other protocol is refused: %s", (protocol) => {
    const other = protocol === "binary" ? "compact" : "binary";
    const cases: [TType, string, string, ErrorCode][] = [
      [TType.STRUCT, "08 0001 000000", "15 80", "TRUNCATED"],
      [TType.I32, "00000001 00", "02 00", "TRAILING_DATA"],
      [TType.LIST, "08 7fffffff 00000000", "f5 ffffffff07 00", "INVALID_SIZE"],
      [TType.STRUCT, "63 0001 00", "1f 00", "INVALID_TYPE"],
    ];
    for (const [type, binary, compact, code] of cases) {
      const node = ThriftNode.from(type, hex(other === "binary" ? binary : compact), { protocol: other });
      expectThriftError(() => of(type, node, protocol), { code });
    }
  });

  it("there and back, values of every type", () => {
    const everything = structOf([
      [1, nodeOf(BASE, "binary")],
      [
        2,
        mapOf(TType.DOUBLE, TType.I16, [
          [-0, -1],
          [0, 300],
        ]),
      ],
      [40, mapOf(TType.BOOL, TType.BOOL, [[true, false]])],
      [41, setOf(TType.I64, [2n ** 63n - 1n])],
      [42, mapOf(TType.STRUCT, TType.UUID, [[structOf([]), UUID_TEXT]])],
      [43, listOf(TType.LIST, [listOf(TType.BYTE, [-1])])],
      [44, ThriftNode.from(TType.MAP, hex`00 00 00000000`)],
      [45, ThriftNode.from(TType.LIST, hex`00 00000000`)],
    ]);
    const compact = of(TType.STRUCT, everything, "compact");
    compact.validate();
    expect(show(compact)).toBe(show(everything));
    const back = of(TType.STRUCT, compact, "binary");
    expect(toHex(back.bytes)).toBe(toHex(everything.bytes));
  });

  it.each(PROTOCOLS)("depth: %s", (protocol) => {
    const other = protocol === "binary" ? "compact" : "binary";
    const limits = { maxDepth: Number.POSITIVE_INFINITY };
    const deep = (depth: number): ThriftNode =>
      noisyNode(TType.STRUCT, nestedStructs(depth, other), other, limits);
    expect(toHex(of(TType.STRUCT, deep(512), protocol).bytes)).toBe(toHex(nestedStructs(512, protocol)));
    const node = deep(50_000);
    node.validate();
    expectThriftError(() => of(TType.STRUCT, node, protocol), { code: "LIMIT_EXCEEDED" });
  });
});
