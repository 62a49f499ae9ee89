import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import {
  binary,
  bool,
  byte,
  double,
  i32,
  i64,
  list,
  map,
  nodeOf,
  type Plain,
  PROTOCOLS,
  set,
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
  uuid,
} from "./plain.ts";

describe.each(PROTOCOLS)("util.inspect of a node in %s", (protocol) => {
  it.each<[shown: string, value: Plain]>([
    ["ThriftNode<bool> true", bool(true)],
    ["ThriftNode<byte> -1", byte(-1)],
    ["ThriftNode<i32> 7", i32(7)],
    ["ThriftNode<i64> -5n", i64(-5n)],
    ["ThriftNode<double> -0", double(-0)],
    ['ThriftNode<string> "it\'s\\n"', text("it's\n")],
    [`ThriftNode<string> "${"x".repeat(32)}…"`, text("x".repeat(200))],
    [`ThriftNode<string> "${"你".repeat(32)}…"`, text("你".repeat(50))],
    [`ThriftNode<string> "${"y".repeat(32)}…"`, text(`${"y".repeat(127)}ö`)],
    ["ThriftNode<string> 0xff00", binary(hex`ff00`)],
    [`ThriftNode<string> 0x${"ff".repeat(16)}…`, binary(new Uint8Array(1000).fill(0xff))],
    [`ThriftNode<uuid> ${UUID_TEXT}`, uuid(UUID_BYTES)],
    ["ThriftNode<struct> {}", struct()],
    ["ThriftNode<struct> { #1: string, #-3: bool }", struct([1, text("secret")], [-3, bool(true)])],
    [
      `ThriftNode<struct> { ${Array.from({ length: 8 }, (_, id) => `#${id}: byte`).join(", ")}, … }`,
      struct(...Array.from({ length: 9 }, (_, id): [number, Plain] => [id, byte(0)])),
    ],
    ["ThriftNode<list> []", list(TType.I32)],
    ["ThriftNode<list> [2 × i32]", list(TType.I32, i32(1), i32(2))],
    ["ThriftNode<set> {1 × string}", set(TType.STRING, text("secret"))],
    ["ThriftNode<map> {}", map(TType.STRING, TType.BOOL)],
    ["ThriftNode<map> {1 × string → bool}", map(TType.STRING, TType.BOOL, [text("secret"), bool(true)])],
  ])("%s", (shown, value) => {
    const node = nodeOf(value, protocol);
    expect(inspect(node)).toBe(shown);
    expect(inspect([node], { breakLength: 200 })).toBe(`[ ${shown} ]`);
  });

  it("of bytes that are no value says what is wrong", () => {
    const cut = ThriftNode.from(TType.STRUCT, hex`${protocol === "binary" ? "0a 0001 00" : "16"}`, {
      protocol,
    });
    const at = protocol === "binary" ? 3 : 1;
    expect(inspect(cut)).toBe(
      `ThriftNode<struct> <${cut.size} bytes: the bytes end inside a value (offset ${at})>`,
    );
  });
});
