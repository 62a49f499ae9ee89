import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import {
  binary,
  bool,
  byte,
  double,
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
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
  uuid,
} from "./plain.ts";

type Read = (node: ThriftNode) => unknown;
const READS: Readonly<Record<string, Read>> = {
  asBoolean: (node) => node.asBoolean(),
  asNumber: (node) => node.asNumber(),
  asBigInt: (node) => node.asBigInt(),
  asString: (node) => node.asString(),
  asBytes: (node) => toHex(node.asBytes()),
};

describe.each(PROTOCOLS)("scalar reads: %s", (protocol) => {
  /** A method that is not listed must refuse. */
  it.each<[name: string, plain: Plain, results: Readonly<Record<string, unknown>>]>([
    ["true", bool(true), { asBoolean: true }],
    ["false", bool(false), { asBoolean: false }],
    ["byte -1", byte(-1), { asNumber: -1, asBigInt: -1n }],
    ["byte -128", byte(-128), { asNumber: -128, asBigInt: -128n }],
    ["byte 127", byte(127), { asNumber: 127, asBigInt: 127n }],
    ["i16 -32768", i16(-32768), { asNumber: -32768, asBigInt: -32768n }],
    ["i16 300", i16(300), { asNumber: 300, asBigInt: 300n }],
    ["i32 -2^31", i32(-(2 ** 31)), { asNumber: -(2 ** 31), asBigInt: -(2n ** 31n) }],
    ["i32 2^31 - 1", i32(2 ** 31 - 1), { asNumber: 2 ** 31 - 1, asBigInt: 2n ** 31n - 1n }],
    ["i64 0", i64(0n), { asNumber: 0, asBigInt: 0n }],
    ["i64 -1", i64(-1n), { asNumber: -1, asBigInt: -1n }],
    ["i64 2^32", i64(2n ** 32n), { asNumber: 2 ** 32, asBigInt: 2n ** 32n }],
    ["i64 2^53 - 1", i64(2n ** 53n - 1n), { asNumber: Number.MAX_SAFE_INTEGER, asBigInt: 2n ** 53n - 1n }],
    [
      "i64 -2^53 + 1",
      i64(-(2n ** 53n) + 1n),
      { asNumber: Number.MIN_SAFE_INTEGER, asBigInt: -(2n ** 53n) + 1n },
    ],
    ["double 0.1", double(0.1), { asNumber: 0.1 }],
    ["double -0", double(-0), { asNumber: -0 }],
    ["double NaN", double(Number.NaN), { asNumber: Number.NaN }],
    ["double -Infinity", double(Number.NEGATIVE_INFINITY), { asNumber: Number.NEGATIVE_INFINITY }],
    ["double 5e-324", double(5e-324), { asNumber: 5e-324 }],
    ["text", text("né🔑"), { asString: "né🔑", asBytes: "6ec3a9f09f9491" }],
    ["text with a byte order mark", text("\ufeffa"), { asString: "\ufeffa", asBytes: "efbbbf61" }],
    ["empty text", text(""), { asString: "", asBytes: "" }],
    ["uuid", uuid(UUID_BYTES), { asString: UUID_TEXT, asBytes: toHex(UUID_BYTES) }],
    ["struct", struct(), {}],
    ["list", list(TType.I32, i32(1)), {}],
    ["set", set(TType.I32), {}],
    ["map", map(TType.I32, TType.I32, [i32(1), i32(1)]), {}],
  ])("%s", (_name, plain, results) => {
    const node = nodeOf(plain, protocol);
    for (const [name, read] of Object.entries(READS)) {
      if (name in results) {
        expect(read(node), name).toStrictEqual(results[name]);
      } else {
        const error = expectThriftError(() => read(node), {
          code: "TYPE_MISMATCH",
          offset: START,
          path: undefined,
        });
        expect(error, name).toBeInstanceOf(WireError);
      }
    }
  });

  it.each([2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)])(
    "i64 %d is beyond a number",
    (value) => {
      const node = nodeOf(i64(value), protocol);
      expectThriftError(() => node.asNumber(), { code: "OUT_OF_RANGE", offset: START });
      expect(node.asBigInt()).toBe(value);
    },
  );

  it("bytes that are no text are bytes", () => {
    const node = nodeOf(binary(hex`61 ff 62`), protocol);
    const content = START + (protocol === "binary" ? 4 : 1);
    expectThriftError(() => node.asString(), { code: "INVALID_UTF8", offset: content + 1 });
    expect(toHex(node.asBytes())).toBe("61ff62");
  });

  it("asBytes borrows, from the source", () => {
    for (const plain of [text("abc"), uuid(UUID_BYTES)]) {
      const node = nodeOf(plain, protocol);
      const content = node.asBytes();
      expect(content.buffer).toBe(node.source.buffer);
      node.source[node.end - 1] = 0x7a;
      expect(content.at(-1)).toBe(0x7a);
    }
  });

  it("bytes are borrowed, toBytes and detach have memory of their own", () => {
    for (const source of [
      nodeOf(text("abc"), protocol),
      ThriftNode.from(TType.STRING, Buffer.from(nodeOf(text("abc"), protocol).bytes), { protocol }),
    ]) {
      const { bytes } = source;
      const copy = source.toBytes();
      const detached = source.detach();
      expect(bytes.buffer).toBe(source.source.buffer);
      for (const own of [copy, detached.source]) {
        expect(own.buffer).not.toBe(source.source.buffer);
        expect([own.byteOffset, own.length]).toEqual([0, own.buffer.byteLength]);
      }
      expect([detached.start, detached.end, detached.type, detached.protocol]).toEqual([
        0,
        copy.length,
        TType.STRING,
        protocol,
      ]);
      source.source.fill(0x78, source.end - 3, source.end);
      expect(bytes.at(-1)).toBe(0x78);
      expect([toHex(copy.subarray(-3)), detached.asString(), source.asString()]).toEqual([
        "616263",
        "abc",
        "xxx",
      ]);
    }
  });
});

describe("scalars that are cut, or have a form of their own", () => {
  it.each<
    [
      name: string,
      protocol: Protocol,
      type: TType,
      bytes: string,
      method: string,
      code: ErrorCode,
      offset: number,
    ]
  >([
    ["bool", "binary", TType.BOOL, "", "asBoolean", "TRUNCATED", 0],
    ["bool", "compact", TType.BOOL, "", "asBoolean", "TRUNCATED", 0],
    ["byte", "binary", TType.BYTE, "", "asNumber", "TRUNCATED", 0],
    ["byte", "compact", TType.BYTE, "", "asBigInt", "TRUNCATED", 0],
    ["i16", "binary", TType.I16, "01", "asNumber", "TRUNCATED", 0],
    ["i16", "compact", TType.I16, "80", "asNumber", "TRUNCATED", 0],
    ["i16 of 17 bits", "compact", TType.I16, "808008", "asNumber", "OUT_OF_RANGE", 0],
    ["i32", "binary", TType.I32, "010203", "asNumber", "TRUNCATED", 0],
    ["i32", "compact", TType.I32, "ffff", "asBigInt", "TRUNCATED", 0],
    ["i32 of 33 bits", "compact", TType.I32, "ffffffff1f", "asNumber", "OUT_OF_RANGE", 0],
    ["i64", "binary", TType.I64, "01020304050607", "asBigInt", "TRUNCATED", 0],
    ["i64", "compact", TType.I64, "ffffffffff", "asNumber", "TRUNCATED", 0],
    ["i64 of 65 bits", "compact", TType.I64, "ffffffffffffffffff02", "asBigInt", "OUT_OF_RANGE", 0],
    ["double", "binary", TType.DOUBLE, "00000000000000", "asNumber", "TRUNCATED", 0],
    ["double", "compact", TType.DOUBLE, "00000000000000", "asNumber", "TRUNCATED", 0],
    ["a size", "binary", TType.STRING, "000000", "asString", "TRUNCATED", 0],
    ["a size", "compact", TType.STRING, "80", "asBytes", "TRUNCATED", 0],
    ["text", "binary", TType.STRING, '00000003 "ab"', "asString", "INVALID_SIZE", 0],
    ["text", "compact", TType.STRING, '03 "ab"', "asBytes", "INVALID_SIZE", 0],
    ["a negative size", "binary", TType.STRING, "ffffffff", "asBytes", "INVALID_SIZE", 0],
    ["a size of 2^31", "compact", TType.STRING, "8080808008", "asBytes", "INVALID_SIZE", 0],
    ["uuid", "binary", TType.UUID, "000102030405060708090a0b0c0d0e", "asString", "TRUNCATED", 0],
    ["uuid", "compact", TType.UUID, "000102030405060708090a0b0c0d0e", "asBytes", "TRUNCATED", 0],
  ])("%s in %s", (_name, protocol, type, bytes, method, code, offset) => {
    const node = noisyNode(type, hex(bytes), protocol);
    expectThriftError(() => READS[method]!(node), { code, offset: START + offset });
  });

  it.each<[name: string, protocol: Protocol, type: TType, bytes: string, method: string, expected: unknown]>([
    ["bool 2", "binary", TType.BOOL, "02", "asBoolean", false],
    ["bool 0", "compact", TType.BOOL, "00", "asBoolean", false],
    ["bool element 0x11", "compact", TType.BOOL, "11", "asBoolean", false],
    ["a padded varint", "compact", TType.I32, "8280808000", "asNumber", 1],
    ["a padded i64", "compact", TType.I64, "82808000", "asBigInt", 1n],
    ["a padded size", "compact", TType.STRING, '8180 00 "a"', "asString", "a"],
    ["bytes behind the value", "binary", TType.I32, "00000001 ff", "asNumber", 1],
  ])("%s in %s", (_name, protocol, type, bytes, method, expected) => {
    expect(READS[method]!(noisyNode(type, hex(bytes), protocol))).toBe(expected);
  });
});

describe("validate", () => {
  it.each<
    [
      name: string,
      protocol: Protocol,
      type: TType,
      bytes: string,
      code: ErrorCode | undefined,
      offset: number,
    ]
  >([
    ["a whole value", "binary", TType.STRUCT, "08 0001 00000001 00", undefined, 0],
    ["a whole value", "compact", TType.STRUCT, "15 02 11 00", undefined, 0],
    ["bytes behind", "binary", TType.STRUCT, "00 00", "TRAILING_DATA", 1],
    ["bytes behind", "compact", TType.I32, "02 00", "TRAILING_DATA", 1],
    ["a cut value", "binary", TType.I64, "00000000000000", "TRUNCATED", 0],
    ["a cut value", "compact", TType.LIST, "25 02", "INVALID_SIZE", 0],
    [
      "corrupt deep inside",
      "binary",
      TType.LIST,
      "0f 00000001 0f 00000001 63 00000001 00",
      "INVALID_TYPE",
      10,
    ],
    ["corrupt deep inside", "compact", TType.LIST, "19 19 1f 00", "INVALID_TYPE", 2],
    ["text that is none, which nobody reads", "binary", TType.STRING, "00000001 ff", undefined, 0],
  ])("%s in %s", (_name, protocol, type, bytes, code, offset) => {
    const node = noisyNode(type, hex(bytes), protocol);
    if (code === undefined) expect(node.validate()).toBeUndefined();
    else expectThriftError(() => node.validate(), { code, offset: START + offset });
  });
});
