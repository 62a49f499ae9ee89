import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { PathError } from "../../src/path/path-error.ts";
import { fieldId, type Path, type PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import {
  BASE,
  bool,
  i32,
  list,
  map,
  nestedStructs,
  nodeOf,
  noisyNode,
  type Plain,
  PROTOCOLS,
  START,
  struct,
  text,
} from "./plain.ts";

const f = fieldId;

describe.each(PROTOCOLS)("steps that do not fit: %s", (protocol) => {
  /** `at`: the path to the value whose start is the offset of the error; `undefined` for an error without. */
  it.each<[shown: string, path: Path, code: ErrorCode, where: string, at: Path | undefined]>([
    ["a name in a struct", "name", "INVALID_PATH", "", undefined],
    ["an index in a struct", [f(3), 0], "INVALID_PATH", "#3", undefined],
    ["a bigint in a struct", [f(3), 1n], "INVALID_PATH", "#3", undefined],
    ["bytes in a struct", [f(3), hex`00`], "INVALID_PATH", "#3", undefined],
    ["a boolean in a struct", [true], "INVALID_PATH", "", undefined],
    ["a field id in a list", [f(4), f(1)], "TYPE_MISMATCH", "#4", [f(4)]],
    ["a text in a list", [f(4), "0"], "TYPE_MISMATCH", "#4", [f(4)]],
    ["a bigint in a list", [f(4), 0n], "TYPE_MISMATCH", "#4", [f(4)]],
    ["a boolean in a set", [f(7), true], "TYPE_MISMATCH", "#7", [f(7)]],
    ["a negative index", [f(4), -1], "INVALID_PATH", "#4", undefined],
    ["a negative index in a set", [f(7), -9], "INVALID_PATH", "#7", undefined],
    ["a fraction as index", [f(4), 0.5], "INVALID_PATH", "#4", undefined],
    ["an index beyond 2^53", [f(4), 2 ** 53], "INVALID_PATH", "#4", undefined],
    ["a field id in a map", [f(5), f(1)], "TYPE_MISMATCH", "#5", [f(5)]],
    ["a number in a map of text keys", [f(5), 1], "TYPE_MISMATCH", "#5", [f(5)]],
    ["a boolean in a map of text keys", [f(5), false], "TYPE_MISMATCH", "#5", [f(5)]],
    ["a text in a map of i32 keys", [f(6), "5"], "TYPE_MISMATCH", "#6", [f(6)]],
    ["bytes in a map of i32 keys", [f(6), hex`05`], "TYPE_MISMATCH", "#6", [f(6)]],
    ["a fraction in a map of i32 keys", [f(6), 5.5], "TYPE_MISMATCH", "#6", [f(6)]],
    ["an unsafe integer in a map of i32 keys", [f(6), 2 ** 60], "TYPE_MISMATCH", "#6", [f(6)]],
    ["a boolean in a map of byte keys", [f(10), true], "TYPE_MISMATCH", "#10", [f(10)]],
    ["a field id below an i32", [f(1), f(1)], "TYPE_MISMATCH", "#1", [f(1)]],
    ["an index below a string", [f(2), 0], "TYPE_MISMATCH", "#2", [f(2)]],
    ["a field id below a bool", [f(15), f(1)], "TYPE_MISMATCH", "#15", [f(15)]],
    ["a key below a map value", [f(5), "k1", "k"], "TYPE_MISMATCH", '#5["k1"]', [f(5), "k1"]],
    ["an index below an element", [f(4), 1, 0], "TYPE_MISMATCH", "#4[1]", [f(4), 1]],
  ])("%s", (_shown, path, code, where, at) => {
    const node = nodeOf(BASE, protocol);
    const offset = at === undefined ? undefined : node.get(at)!.start;
    for (const read of [() => node.get(path), () => node.has(path), () => node.getMany([f(1), path])]) {
      expect(expectThriftError(read, { code, path: where, offset })).toBeInstanceOf(PathError);
    }
  });

  it.each<[keyType: string, key: Plain, steps: Path[]]>([
    ["bool", bool(true), ["true", 1, 1n, hex`01`]],
    ["double", { type: TType.DOUBLE, value: 1 }, ["1", 1n, true, hex`01`]],
    [
      "uuid",
      { type: TType.UUID, value: new Uint8Array(16) },
      ["0", 0, hex`00`, new Uint8Array(17), "\ud800"],
    ],
    ["i64", { type: TType.I64, value: 1n }, ["1", 1.5, 2 ** 53, true]],
    ["struct", struct(), ["", 0, true]],
    ["list", list(TType.I32), ["a", 1n]],
  ])("in a map with keys of type %s", (keyType, key, steps) => {
    const node = nodeOf(struct([1, map(key.type, TType.I32, [key, i32(1)])]), protocol);
    for (const step of steps) {
      const error = expectThriftError(() => node.get([f(1), step as never]), {
        code: "TYPE_MISMATCH",
        path: "#1",
        offset: node.get(f(1))!.start,
      });
      expect(error.message).toContain(`is no key of a map with keys of type ${keyType}`);
    }
  });

  it.each<[shown: string, path: unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["NaN", Number.NaN],
    ["infinity", [Number.POSITIVE_INFINITY]],
    ["a bigint beyond 64 bits", 2n ** 63n],
    ["an object", [{}]],
    ["a look-alike of a field id", { id: 1 }],
    ["an array in an array", [[f(1)]]],
    ["a hole", new Array(2)],
  ])("%s is no path", (_shown, path) => {
    const node = nodeOf(BASE, protocol);
    expectThriftError(() => node.get(path as Path), { code: "INVALID_PATH", offset: undefined });
    expectThriftError(() => node.getMany([path as Path]), { code: "INVALID_PATH", offset: undefined });
  });

  it("says nothing about a step behind the place where the data ends", () => {
    const node = nodeOf(BASE, protocol);
    expect(node.get([f(99), "name", -1])).toBeUndefined();
    expect(node.get([f(4), 7, f(1)])).toBeUndefined();
  });

  it("keys in the paths of errors are cut", () => {
    const key = "k".repeat(100);
    const node = nodeOf(map(TType.STRING, TType.I32, [text(key), i32(1)]), protocol);
    expectThriftError(() => node.get([key, 0]), { code: "TYPE_MISMATCH", path: `["${"k".repeat(32)}…"]` });
  });
});

describe("corrupt bytes on the way", () => {
  /** Offsets count from the start of the value. */
  it.each<
    [
      name: string,
      protocol: Protocol,
      type: TType,
      bytes: string,
      path: Path,
      code: ErrorCode,
      offset: number,
    ]
  >([
    ["no bytes", "binary", TType.STRUCT, "", f(1), "TRUNCATED", 0],
    ["no bytes", "compact", TType.STRUCT, "", f(1), "TRUNCATED", 0],
    ["no stop", "binary", TType.STRUCT, "08 0001 00000001", f(2), "TRUNCATED", 7],
    ["no stop", "compact", TType.STRUCT, "15 02", f(2), "TRUNCATED", 2],
    ["a cut field header", "binary", TType.STRUCT, "08 00", f(1), "TRUNCATED", 0],
    ["a cut long field header", "compact", TType.STRUCT, "05 80", f(1), "TRUNCATED", 1],
    ["an unknown type", "binary", TType.STRUCT, "07 0001 00 00", f(2), "INVALID_TYPE", 0],
    ["an unknown type", "compact", TType.STRUCT, "1f 00", f(2), "INVALID_TYPE", 0],
    ["an id beyond 16 bits", "compact", TType.STRUCT, "05 808008 02 00", f(2), "OUT_OF_RANGE", 1],
    [
      "an id beyond 16 bits, by its delta",
      "compact",
      TType.STRUCT,
      "05 feff03 02 15 02 00",
      f(2),
      "OUT_OF_RANGE",
      5,
    ],
    [
      "a string in front, beyond the end",
      "binary",
      TType.STRUCT,
      '0b 0001 00000009 "ab" 00',
      f(2),
      "INVALID_SIZE",
      3,
    ],
    ["a string in front, beyond the end", "compact", TType.STRUCT, '18 09 "ab" 00', f(2), "INVALID_SIZE", 1],
    [
      "a string of negative size",
      "binary",
      TType.STRUCT,
      '0b 0001 ffffffff "ab" 00',
      f(1),
      "INVALID_SIZE",
      3,
    ],
    [
      "a list inside one in front",
      "binary",
      TType.STRUCT,
      "0f 0001 0f 00000001 63 00000001 00",
      f(2),
      "INVALID_TYPE",
      8,
    ],
    ["a list inside one in front", "compact", TType.STRUCT, "19 19 1e 00", f(2), "INVALID_TYPE", 2],
    ["the value is cut", "binary", TType.STRUCT, "08 0001 000000", f(1), "TRUNCATED", 3],
    ["the value is cut", "compact", TType.STRUCT, "15 80", f(1), "TRUNCATED", 1],
    ["a list of negative length", "binary", TType.LIST, "08 ffffffff", 0, "INVALID_SIZE", 1],
    ["2^31 − 1 elements", "binary", TType.LIST, "0b 7fffffff 00000000", 0, "INVALID_SIZE", 1],
    ["2^31 − 1 elements", "compact", TType.LIST, "f3 ffffffff07 00", 5, "INVALID_SIZE", 0],
    ["elements of type 0", "compact", TType.LIST, "10 00", 0, "INVALID_TYPE", 0],
    ["a cut list header", "binary", TType.LIST, "08 0000", 0, "TRUNCATED", 0],
    ["an element in front", "binary", TType.LIST, '0b 00000002 00000001 "a" 00000009', 1, "INVALID_SIZE", 10],
    ["an element in front", "compact", TType.LIST, "25 ffffffffff7f 02", 1, "OUT_OF_RANGE", 1],
    ["2^31 − 1 entries", "binary", TType.MAP, "0b 0b 7fffffff 00", "k", "INVALID_SIZE", 2],
    ["a map of a key type 5", "binary", TType.MAP, "05 0b 00000001 00", "k", "INVALID_TYPE", 0],
    ["a map of a value type 15", "compact", TType.MAP, "01 8f 00", "k", "INVALID_TYPE", 1],
    ["a cut text key", "binary", TType.MAP, '0b 03 00000001 00000003 "ab"', "ab", "INVALID_SIZE", 6],
    ["a cut i64 key", "compact", TType.MAP, "01 63 80 80", 7, "TRUNCATED", 2],
    ["an i16 key of 17 bits", "compact", TType.MAP, "01 43 808008 01", 7, "OUT_OF_RANGE", 2],
    [
      "a cut value in front",
      "binary",
      TType.MAP,
      '0b 0b 00000002 00000001 "a" 00000009 "bcdefg" 00',
      "b",
      "INVALID_SIZE",
      11,
    ],
  ])("%s in %s", (_name, protocol, type, bytes, path, code, offset) => {
    const node = noisyNode(type, hex(bytes), protocol);
    const expected = { code, path: undefined, offset: START + offset };
    expect(expectThriftError(() => node.get(path), expected)).toBeInstanceOf(WireError);
    expectThriftError(() => node.getMany([path]), expected);
  });

  /** Each has what is asked for, and behind it bytes that nothing can read. */
  it.each<[name: string, protocol: Protocol, type: TType, bytes: string, path: Path]>([
    ["behind a field", "binary", TType.STRUCT, "08 0001 00000007 63 ff", f(1)],
    ["behind a field", "compact", TType.STRUCT, "15 0e ff ff", f(1)],
    ["behind a field in a struct", "binary", TType.STRUCT, "0c 0001 08 0001 00000007 63", [f(1), f(1)]],
    ["behind a field in a struct", "compact", TType.STRUCT, "1c 15 0e 1f", [f(1), f(1)]],
    ["behind an element", "binary", TType.LIST, "0c 00000002 08 0001 00000007 63", [0, f(1)]],
    ["behind an element", "compact", TType.LIST, "2c 15 0e 1f", [0, f(1)]],
    [
      "behind a map value",
      "binary",
      TType.MAP,
      '0b 08 00000002 00000001 "a" 00000007 ffffffff 63 000000',
      "a",
    ],
    ["behind a map value", "compact", TType.MAP, '02 85 01 "a" 0e ffffffffff', "a"],
    ["nothing at all behind a field", "binary", TType.STRUCT, "08 0001 00000007", f(1)],
    ["nothing at all behind a field", "compact", TType.STRUCT, "15 0e", f(1)],
  ])("a read looks at nothing %s: %s", (_name, protocol, type, bytes, path) => {
    const node = noisyNode(type, hex(bytes), protocol);
    expect(node.get(path)!.asNumber()).toBe(7);
    expectThriftError(() => node.validate(), { code: expect.any(String) as never });
  });

  it.each(PROTOCOLS)("the end of the node is an end, whatever bytes come behind it: %s", (protocol) => {
    const whole = nodeOf(BASE, protocol);
    const cut = ThriftNode.from(TType.STRUCT, whole.source, { protocol, start: START, end: whole.end - 1 });
    expectThriftError(() => cut.get(f(99)), { code: "TRUNCATED", offset: whole.end - 1 });
    expect(cut.get(f(15))!.asBoolean()).toBe(true);
  });

  it.each(PROTOCOLS)("works again after errors: %s", (protocol) => {
    const node = nodeOf(BASE, protocol);
    const corrupt = noisyNode(TType.STRUCT, hex`0f0001 0f`, protocol);
    for (let round = 0; round < 3; round++) {
      expectThriftError(() => corrupt.get([f(1), 0, 0]), { code: expect.any(String) as never });
      expectThriftError(() => node.get([f(4), "x"]), { code: "TYPE_MISMATCH" });
      expect(node.get([f(5), "k2"])!.asNumber()).toBe(2);
    }
  });
});

describe("limits of reading", () => {
  const nested = (depth: number, protocol: Protocol, maxDepth = 64): ThriftNode =>
    noisyNode(TType.STRUCT, nestedStructs(depth, protocol), protocol, { maxDepth });
  const path = (length: number): Path => new Array<PathStep>(length).fill(f(1));

  it.each(PROTOCOLS)("maxDepth counts the root as one: %s", (protocol) => {
    const node = nested(5, protocol, 5);
    expect(node.get(path(4))!.type).toBe(TType.STRUCT);
    expect(node.get(path(5))).toBeUndefined();
    node.validate();
    const tighter = nested(5, protocol, 4);
    for (const count of [1, 4, 5])
      expectThriftError(() => tighter.get(path(count)), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => tighter.getMany([path(4)]), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => tighter.validate(), { code: "LIMIT_EXCEEDED" });
    // What is passed over counts too.
    const inner = struct([1, struct([1, struct([1, struct()])])]);
    const behind = nodeOf(struct([1, inner], [2, i32(1)]), protocol, { maxDepth: 4 });
    expectThriftError(() => behind.get(f(2)), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => nested(65, protocol).get(path(64)), { code: "LIMIT_EXCEEDED" });
    expect(nested(64, protocol).get(path(63))!.size).toBe(1);
  });

  it.each(PROTOCOLS)("maxLength: of containers that are gone into: %s", (protocol) => {
    const node = nodeOf(list(TType.I32, i32(1), i32(2), i32(3)), protocol, { maxLength: 2 });
    expectThriftError(() => node.get(0), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => node.getMany([0]), { code: "LIMIT_EXCEEDED" });
    const entries = map(TType.I32, TType.I32, [i32(1), i32(1)], [i32(2), i32(2)]);
    expectThriftError(() => nodeOf(entries, protocol, { maxLength: 1 }).get(1), { code: "LIMIT_EXCEEDED" });
    expect(nodeOf(entries, protocol, { maxLength: 2 }).get(1)!.asNumber()).toBe(1);
  });

  it.each(PROTOCOLS)("a very long path ends where the data does, or its depth: %s", (protocol) => {
    const long = path(50_000);
    expect(nested(3, protocol).get(long)).toBeUndefined();
    expect(nested(3, protocol).getMany([long, long])).toEqual([undefined, undefined]);
    const deep = nested(20_000, protocol, Number.POSITIVE_INFINITY);
    expect(deep.get(long)).toBeUndefined();
    expect(deep.get(path(19_999))!.size).toBe(1);
    expectThriftError(() => nested(65, protocol).get(long), { code: "LIMIT_EXCEEDED" });
  });

  it.each<[options: object, code: ErrorCode]>([
    [{ protocol: "json" }, "INVALID_OPTION"],
    [{ start: -1 }, "INVALID_OPTION"],
    [{ start: 5 }, "INVALID_OPTION"],
    [{ end: 5 }, "INVALID_OPTION"],
    [{ start: 3, end: 2 }, "INVALID_OPTION"],
    [{ start: 0.5 }, "INVALID_OPTION"],
    [{ end: Number.NaN }, "INVALID_OPTION"],
    [{ limits: { maxDepth: 0 } }, "INVALID_OPTION"],
    [{ limits: { depth: 1 } }, "INVALID_OPTION"],
    [{ offset: 1 }, "INVALID_OPTION"],
    [{ limits: { maxSize: 3 } }, "LIMIT_EXCEEDED"],
  ])("ThriftNode.from with %o: %s", (options, code) => {
    expectThriftError(() => ThriftNode.from(TType.I32, new Uint8Array(4), options), { code });
  });

  it.each([0, 1, 5, 17, -1, 300, 1.5, undefined, "i32"])("ThriftNode.from with the type %o", (type) => {
    expectThriftError(() => ThriftNode.from(type as TType, new Uint8Array(4)), { code: "INVALID_OPTION" });
  });

  it.each([undefined, null, "00", [0], new ArrayBuffer(4), new Uint16Array(2)])(
    "ThriftNode.from with the bytes %o",
    (bytes) => {
      expectThriftError(() => ThriftNode.from(TType.I32, bytes as never), { code: "INVALID_OPTION" });
    },
  );
});
