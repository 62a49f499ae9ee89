import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { checkEdit, checkFails, checkSet } from "./check-edit.ts";
import {
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
  show,
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
  uuid,
} from "./plain.ts";

const f = fieldId;

describe.each(PROTOCOLS)("set in a map: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it.each<[name: string, held: Plain, step: Path, key: Plain]>([
    ["text", text("a"), "né", text("né")],
    ["text, empty", text("a"), "", text("")],
    ["text as bytes", text("a"), utf8("b"), text("b")],
    ["binary", binary(hex`ff`), hex`00ff`, binary(hex`00ff`)],
    ["byte", byte(1), -128, byte(-128)],
    ["i16", i16(1), -300n, i16(-300)],
    ["i32", i32(1), 2 ** 31 - 1, i32(2 ** 31 - 1)],
    ["i64", i64(1n), 2n ** 63n - 1n, i64(2n ** 63n - 1n)],
    ["i64 as number", i64(1n), Number.MIN_SAFE_INTEGER, i64(BigInt(Number.MIN_SAFE_INTEGER))],
    ["double", double(0), -0, double(-0)],
    ["bool", bool(true), false, bool(false)],
    ["uuid", uuid(UUID_BYTES), "00000000-0000-0000-0000-000000000000", uuid(new Uint8Array(16))],
    ["uuid as bytes", uuid(new Uint8Array(16)), UUID_BYTES, uuid(UUID_BYTES)],
    ["struct", struct(), encode(struct([1, i32(7)]), protocol), struct([1, i32(7)])],
    ["list", list(TType.I32), encode(list(TType.I32, i32(1)), protocol), list(TType.I32, i32(1))],
  ])("a key of type %s", (_name, held, step, key) => {
    const first = [held, text("first")] as const;
    const entries = (...more: (readonly [Plain, Plain])[]): Plain =>
      map(held.type, TType.STRING, first, ...more);
    expect(checkSet(() => of(entries()), step, of(text("new")), entries([key, text("new")]))).toBe(false);
    expect(
      checkSet(() => of(entries([key, text("old")])), step, of(text("new")), entries([key, text("new")])),
    ).toBe(true);
    // Far inside.
    const nest = (inner: Plain): Plain => struct([1, list(TType.MAP, inner)], [2, bool(true)]);
    checkSet(
      () => of(nest(entries())),
      [f(1), 0, step as never],
      of(text("n")),
      nest(entries([key, text("n")])),
    );
    // Every occurrence of a repeated key.
    const twice = (value: string): Plain =>
      entries([key, text(value)], [held, text("x")], [key, text(value)]);
    expect(checkSet(() => of(twice("old")), step, of(text("new")), twice("new"))).toBe(true);
    // In an empty map, as far as that tells the type of its keys.
    const empty = of(map(held.type, TType.STRING));
    if (protocol === "binary")
      checkEdit(empty, () => empty.set(step, of(text("n"))), map(held.type, TType.STRING, [key, text("n")]));
    else checkFails(empty, () => empty.set(step, of(text("n"))), { code: "TYPE_MISMATCH" });
  });

  it("goes into every occurrence of a repeated key, and adds where it must", () => {
    const inner = (...keys: string[]): Plain =>
      map(TType.STRING, TType.I32, ...keys.map((key) => [text(key), i32(7)] as const));
    const outer = (a: Plain, b: Plain): Plain =>
      map(TType.I32, TType.MAP, [i32(1), a], [i32(2), inner("z")], [i32(1), b]);
    expect(
      checkSet(
        () => of(outer(inner("k"), inner("l"))),
        [1, "k"],
        of(i32(7)),
        outer(inner("k"), inner("l", "k")),
      ),
    ).toBe(true);
  });

  it.each<[name: string, plain: Plain, step: Path, value: Plain, code: ErrorCode]>([
    [
      "a value of another type",
      map(TType.STRING, TType.I32, [text("a"), i32(1)]),
      "b",
      i64(1n),
      "TYPE_MISMATCH",
    ],
    [
      "a value of another type for a key",
      map(TType.STRING, TType.I32, [text("a"), i32(1)]),
      "a",
      i64(1n),
      "TYPE_MISMATCH",
    ],
    ["a key of another type", map(TType.STRING, TType.I32, [text("a"), i32(1)]), 1, i32(1), "TYPE_MISMATCH"],
    ["a field id", map(TType.STRING, TType.I32, [text("a"), i32(1)]), f(1), i32(1), "TYPE_MISMATCH"],
    ["a byte key of 128", map(TType.BYTE, TType.I32, [byte(1), i32(1)]), 128, i32(1), "OUT_OF_RANGE"],
    ["an i16 key of 2^15", map(TType.I16, TType.I32, [i16(1), i32(1)]), 2 ** 15, i32(1), "OUT_OF_RANGE"],
    ["an i32 key of 2^31", map(TType.I32, TType.I32, [i32(1), i32(1)]), 2n ** 31n, i32(1), "OUT_OF_RANGE"],
    [
      "text with a lone surrogate",
      map(TType.STRING, TType.I32, [text("a"), i32(1)]),
      "\ud800",
      i32(1),
      "INVALID_UTF8",
    ],
    [
      "a struct key that is cut",
      map(TType.STRUCT, TType.I32, [struct(), i32(1)]),
      hex`08 00`,
      i32(1),
      "INVALID_VALUE",
    ],
    [
      "a struct key with more behind",
      map(TType.STRUCT, TType.I32, [struct(), i32(1)]),
      hex`00 00`,
      i32(1),
      "INVALID_VALUE",
    ],
    [
      "a struct key of no bytes",
      map(TType.STRUCT, TType.I32, [struct(), i32(1)]),
      hex``,
      i32(1),
      "INVALID_VALUE",
    ],
  ])("refuses %s", (_name, plain, step, value, code) => {
    checkFails(of(plain), (node) => node.set(step, of(value)), { code });
  });

  it("an empty map takes keys and values of the types that it declares, or that it is told", () => {
    if (protocol === "compact") return;
    const typed = map(TType.I64, TType.STRING);
    checkFails(of(typed), (node) => node.set("a", of(text("x"))), { code: "TYPE_MISMATCH", path: "" });
    checkFails(of(typed), (node) => node.set(1, of(i32(1))), { code: "TYPE_MISMATCH", path: "[1]" });
    const untyped = hex`00 00 00000000`;
    checkFails(noisyNode(TType.MAP, untyped, protocol), (node) => node.set(1, of(i32(1))), {
      code: "TYPE_MISMATCH",
      path: "[1]",
    });
    // The type of the values is that of the first one.
    const keyed = noisyNode(TType.MAP, hex`0a 00 00000000`, protocol);
    checkEdit(
      keyed,
      () =>
        keyed.setMany([
          [1, of(i32(1))],
          [2, of(i32(2))],
        ]),
      map(TType.I64, TType.I32, [i64(1n), i32(1)], [i64(2n), i32(2)]),
    );
    checkFails(
      noisyNode(TType.MAP, hex`0a 00 00000000`, protocol),
      (node) =>
        node.setMany([
          [1, of(i32(1))],
          [2, of(text("x"))],
        ]),
      {
        code: "TYPE_MISMATCH",
        path: "[2]",
      },
    );
  });

  it("several steps for one key are refused, when that is no text", () => {
    const uuids = map(TType.UUID, TType.I32, [uuid(UUID_BYTES), i32(1)]);
    for (const plain of [uuids, map(TType.UUID, TType.I32, [uuid(new Uint8Array(16)), i32(1)])]) {
      checkFails(
        of(plain),
        (node) =>
          node.setMany([
            [UUID_TEXT, of(i32(2))],
            [UUID_BYTES, of(i32(3))],
          ]),
        { code: "INVALID_PATH" },
      );
      checkFails(of(plain), (node) => node.deleteMany([UUID_TEXT, UUID_TEXT.toUpperCase()]), {
        code: "INVALID_PATH",
      });
    }
    const zero = map(TType.I32, TType.I32, [i32(0), i32(1)]);
    checkFails(
      of(zero),
      (node) =>
        node.setMany([
          [0, of(i32(2))],
          [-0, of(i32(3))],
        ]),
      { code: "INVALID_PATH" },
    );
    // Numbers and bigints, texts and bytes are one step each.
    checkEdit(
      of(zero),
      (node) =>
        node.setMany([
          [0, of(i32(2))],
          [0n, of(i32(3))],
        ]),
      map(TType.I32, TType.I32, [i32(0), i32(3)]),
    );
    const texts = map(TType.STRING, TType.I32, [text("a"), i32(1)]);
    checkEdit(
      of(texts),
      (node) =>
        node.setMany([
          ["a", of(i32(2))],
          [utf8("a"), of(i32(3))],
        ]),
      map(TType.STRING, TType.I32, [text("a"), i32(3)]),
    );
    checkEdit(
      of(texts),
      (node) =>
        node.setMany([
          ["b", of(i32(2))],
          [utf8("b"), of(i32(3))],
        ]),
      map(TType.STRING, TType.I32, [text("a"), i32(1)], [text("b"), i32(3)]),
    );
  });
});

it("set of a root that is a map key's node, and other odd places", () => {
  for (const protocol of PROTOCOLS) {
    const node = nodeOf(map(TType.STRUCT, TType.I32, [struct([1, i32(1)]), i32(1)]), protocol);
    const [[key]] = [...node.pairs()] as [[ThriftNode, ThriftNode]];
    expect(key.set(f(1), nodeOf(i32(2), protocol))).toBe(true);
    node.set(key.bytes, nodeOf(i32(2), protocol));
    expect(show(node)).toBe("{{1: 1} => 1, {1: 2} => 2}");
    expect(toHex(node.get(key.bytes)!.bytes)).toBe(toHex(encode(i32(2), protocol)));
    expectThriftError(() => key.set([f(1), f(2)], nodeOf(i32(2), protocol)), { code: "TYPE_MISMATCH" });
  }
});
