import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path, type PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
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

describe.each(PROTOCOLS)("get: %s", (protocol) => {
  it.each<[shown: string, path: Path, expected: string | undefined]>([
    ["a field", f(1), "1"],
    ["a field as a path of one step", [f(2)], '"bb"'],
    ["a struct", f(3), "{1: 7}"],
    ["a field in a struct", [f(3), f(1)], "7"],
    ["a list", f(4), "[1, 2]"],
    ["a first element", [f(4), 0], "1"],
    ["a last element", [f(4), 1], "2"],
    ["a map", f(5), '{"k1" => 1, "k2" => 2}'],
    ["a text key", [f(5), "k2"], "2"],
    ["a text key as bytes", [f(5), utf8("k1")], "1"],
    ["a text key as a Buffer", [f(5), Buffer.from("k1")], "1"],
    ["an integer key", [f(6), 5], '"v"'],
    ["an integer key as bigint", [f(6), 5n], '"v"'],
    ["a set", f(7), "<9>"],
    ["an element of a set", [f(7), 0], "9"],
    ["a byte", f(8), "-1"],
    ["a negative byte key", [f(10), -1], "1"],
    ["a bool", f(15), "true"],

    ["a missing field", f(99), undefined],
    ["a missing field with a negative id", f(-1), undefined],
    ["a missing field between others", f(9), undefined],
    ["below a missing field", [f(99), f(1), 3, "x"], undefined],
    ["a missing field of a struct inside", [f(3), f(2)], undefined],
    ["the index behind the end", [f(4), 2], undefined],
    ["a huge index", [f(4), Number.MAX_SAFE_INTEGER], undefined],
    ["below an index behind the end", [f(4), 2, f(1)], undefined],
    ["a missing text key", [f(5), "k3"], undefined],
    ["a text key that others start with", [f(5), "k"], undefined],
    ["a text key that starts with others", [f(5), "k11"], undefined],
    ["an empty text key", [f(5), ""], undefined],
    ["a member of Object.prototype", [f(5), "__proto__"], undefined],
    ["a missing integer key", [f(6), 6], undefined],
    ["an integer key that the type cannot hold", [f(6), 2 ** 40], undefined],
    ["the unsigned form of a byte key", [f(10), 255], undefined],
    ["an index behind the end of a set", [f(7), 1], undefined],
  ])("%s", (_shown, path, expected) => {
    const node = nodeOf(BASE, protocol);
    expect(show(node.get(path))).toBe(expected);
    expect(node.has(path)).toBe(expected !== undefined);
  });

  it("the empty path is the node itself: a new view of the same range, whatever that is", () => {
    const node = ThriftNode.from(TType.I32, hex`ff 00000007 ff`, { protocol, start: 1, end: 5 });
    const same = node.get([])!;
    expect(same === node).toBe(false);
    expect([same.type, same.source, same.start, same.end]).toEqual([TType.I32, node.source, 1, 5]);
    // Empty: the range is not looked at.
    expect(ThriftNode.from(TType.STRUCT, hex``, { protocol }).get([])!.size).toBe(0);
    expect(node.has([])).toBe(true);
  });

  it("what it gives is a view of the source, exactly as large as the value", () => {
    const node = nodeOf(BASE, protocol);
    const found = node.get([f(5), "k2"])!;
    expect(found.source).toBe(node.source);
    expect(found.protocol).toBe(protocol);
    expect(found.limits).toBe(node.limits);
    expect(toHex(found.bytes)).toBe(toHex(encode(i32(2), protocol)));
    expect(found.size).toBe(found.end - found.start);
    const list = node.get(f(4))!;
    expect(show(list.get(1))).toBe("2");
    expect(list.get(1)!.start).toBe(node.get([f(4), 1])!.start);
  });

  /** A key of each type, the steps that lead to it, and steps that lead to other keys. */
  it.each<[keyType: string, keys: readonly Plain[], steps: readonly PathStep[], absent: readonly PathStep[]]>(
    [
      ["string", [text("a"), text("né"), text("")], ["a", "né", ""], ["b", "ne", "n\u0065\u0301", "né "]],
      ["string, by bytes", [text("a"), text("né")], [utf8("a"), hex`6e c3a9`], [hex``, hex`6e c3`]],
      [
        "binary",
        [binary(hex`00 ff`), binary(hex`ff`)],
        [hex`00ff`, hex`ff`],
        [hex`ff00`, "\u0000ÿ", "\ud800"],
      ],
      ["byte", [byte(-128), byte(0), byte(127)], [-128, 0, 127n], [128, 255, 256, -129n, 2n ** 63n - 1n]],
      ["i16", [i16(-32768), i16(-1), i16(300)], [-32768n, -1, 300], [65535, 301, -32769]],
      [
        "i32",
        [i32(-(2 ** 31)), i32(2 ** 31 - 1)],
        [-(2 ** 31), 2147483647n],
        [2 ** 31, 2 ** 32 - 1, 2n ** 62n],
      ],
      [
        "i64",
        [i64(2n ** 53n + 1n), i64(2n ** 63n - 1n), i64(-(2n ** 63n)), i64(-1n), i64(7n), i64(2n ** 53n - 1n)],
        [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), -1, 7, Number.MAX_SAFE_INTEGER],
        [2n ** 53n, -2, 2 ** 32 - 1, -(2n ** 32n) - 1n, Number.MIN_SAFE_INTEGER],
      ],
      ["double", [double(-0), double(0), double(0.1), double(1e300)], [-0, 0, 0.1, 1e300], [0.2, -1e300, 1]],
      ["double, without zero", [double(-0)], [-0], [0]],
      ["bool", [bool(false), bool(true)], [false, true], []],
      ["bool, only one", [bool(true)], [true], [false]],
      ["uuid", [uuid(UUID_BYTES)], [UUID_TEXT], [UUID_TEXT.replace("f0", "f1")]],
      ["uuid, by bytes", [uuid(UUID_BYTES)], [UUID_BYTES], [new Uint8Array(16)]],
      ["uuid, in capitals", [uuid(UUID_BYTES)], [UUID_TEXT.toUpperCase()], []],
    ],
  )("keys of type %s", (_keyType, keys, steps, absent) => {
    const entries = keys.map((key, index) => [key, text(`v${index}`)] as const);
    const node = nodeOf(map(keys[0]!.type, TType.STRING, ...entries), protocol);
    steps.forEach((step, index) => void expect(show(node.get(step)), String(step)).toBe(`"v${index}"`));
    for (const step of absent) expect(show(node.get(step)), String(step)).toBeUndefined();
    // Values of a fixed width, where there is a shorter way over them.
    const fixed = nodeOf(
      map(keys[0]!.type, TType.BYTE, ...keys.map((key, i) => [key, byte(i)] as const)),
      protocol,
    );
    steps.forEach((step, index) => void expect(fixed.get(step)?.asNumber(), String(step)).toBe(index));
  });

  it.each<[name: string, key: Plain, other: Plain]>([
    ["struct", struct([1, i32(7)]), struct([1, i32(8)])],
    ["empty struct", struct(), struct([1, bool(true)])],
    ["list", list(TType.I32, i32(1)), list(TType.I32, i32(1), i32(2))],
    ["set", set(TType.STRING, text("a")), set(TType.STRING)],
    ["map", map(TType.I32, TType.I32, [i32(1), i32(2)]), map(TType.I32, TType.I32, [i32(1), i32(3)])],
  ])("a %s as key, by its encoded bytes", (_name, key, other) => {
    const node = nodeOf(map(key.type, TType.I32, [other, i32(1)], [key, i32(2)]), protocol);
    expect(show(node.get(encode(key, protocol)))).toBe("2");
    expect(show(node.get(encode(other, protocol)))).toBe("1");
    expect(node.get(hex``)).toBeUndefined();
    expect(node.get(encode(key, protocol).subarray(1))).toBeUndefined();
  });

  it.each<[elementType: string, elements: readonly Plain[]]>([
    ["bool", [bool(true), bool(false), bool(true)]],
    ["byte", [byte(1), byte(-2), byte(3)]],
    ["i16", [i16(1), i16(-300), i16(3)]],
    ["i32", [i32(1), i32(-70000), i32(3)]],
    ["i64", [i64(1n), i64(-(2n ** 63n)), i64(2n ** 60n)]],
    ["double", [double(0.5), double(-0), double(1e9)]],
    ["string", [text(""), text("two"), binary(hex`ff00`)]],
    ["uuid", [uuid(UUID_BYTES), uuid(new Uint8Array(16)), uuid(UUID_BYTES)]],
    ["struct", [struct(), struct([1, bool(false)]), struct([20, i32(1)], [-1, text("x")])]],
    ["list", [list(TType.I32), list(TType.BOOL, bool(true)), list(TType.STRING, text("a"), text(""))]],
    ["set", [set(TType.I32), set(TType.BYTE, byte(1)), set(TType.STRUCT, struct())]],
    ["map", [map(TType.I32, TType.I32), map(TType.BOOL, TType.BOOL, [bool(true), bool(false)])]],
  ])("elements of type %s, in lists and in sets", (_elementType, elements) => {
    for (const container of [list, set]) {
      const node = nodeOf(container(elements[0]!.type, ...elements), protocol);
      elements.forEach((element, index) => {
        const found = node.get(index)!;
        expect(found.type).toBe(element.type);
        expect(toHex(found.bytes)).toBe(toHex(encode(element, protocol)));
      });
      expect(node.get(elements.length)).toBeUndefined();
    }
  });

  it("gives the first of repeated fields and keys, at every level", () => {
    const inner = (value: number): Plain =>
      map(TType.STRING, TType.I32, [text("k"), i32(value)], [text("k"), i32(9)]);
    const node = nodeOf(struct([2, text("x")], [1, inner(1)], [1, inner(2)], [2, text("y")]), protocol);
    expect(show(node.get(f(2)))).toBe('"x"');
    expect(show(node.get([f(1), "k"]))).toBe("1");
    // The first one decides, also when it lacks what another one has.
    const other = nodeOf(struct([1, struct()], [1, struct([5, i32(1)])]), protocol);
    expect(other.get([f(1), f(5)])).toBeUndefined();
  });

  it("fields in any order of ids, negative and large ones too", () => {
    const ids = [300, -1, 7, -32768, 32767, 0, 22];
    const node = nodeOf(struct(...ids.map((id) => [id, i32(id)] as const)), protocol);
    for (const id of ids) expect(node.get(f(id))!.asNumber()).toBe(id);
  });

  it("finds nothing in empty containers, whatever the step", () => {
    for (const step of ["k", 1, 1n, true, 0.5, hex`00`]) {
      expect(nodeOf(map(TType.I32, TType.I32), protocol).get(step)).toBeUndefined();
    }
    expect(nodeOf(list(TType.I32), protocol).get(0)).toBeUndefined();
    expect(nodeOf(set(TType.STRUCT), protocol).get([0, f(1)])).toBeUndefined();
    expect(nodeOf(struct(), protocol).get(f(0))).toBeUndefined();
  });

  it("an index of -0 is that of 0", () => {
    expect(show(nodeOf(BASE, protocol).get([f(4), -0]))).toBe("1");
    expect(show(nodeOf(map(TType.I64, TType.I32, [i64(0n), i32(3)]), protocol).get(-0))).toBe("3");
  });
});

describe("get on special forms of the wire", () => {
  it.each<
    [name: string, protocol: Protocol, type: TType, bytes: string, path: Path, expected: string | undefined]
  >([
    ["a boolean field: true", "compact", TType.STRUCT, "11 00", f(1), "true"],
    ["a boolean field: false", "compact", TType.STRUCT, "12 00", f(1), "false"],
    ["a boolean field with a long header", "compact", TType.STRUCT, "01 c801 12 00", f(100), "true"],
    [
      "a boolean field behind one with a long header",
      "compact",
      TType.STRUCT,
      "01 c801 12 00",
      f(101),
      "false",
    ],
    ["a long header where a short one would do", "compact", TType.STRUCT, "05 02 0e 00", f(1), "7"],
    ["a field with a padded id", "compact", TType.STRUCT, "05 8280 00 0e 00", f(1), "7"],
    ["bool elements by the other of their types", "compact", TType.LIST, "21 01 02", 1, "false"],
    ["a long list header where a short one would do", "compact", TType.LIST, "f5 02 02 04", 1, "2"],
    ["an untyped empty list", "binary", TType.LIST, "00 00000000", 0, undefined],
    ["an untyped empty list", "compact", TType.LIST, "00", 0, undefined],
    ["an untyped empty map", "binary", TType.MAP, "00 00 00000000", "k", undefined],
    ["an untyped empty map", "compact", TType.MAP, "00", "k", undefined],
    ["a bool of 2 is false", "binary", TType.STRUCT, "02 0001 02 00", f(1), "false"],
    ["a bool key of 7 is false", "binary", TType.MAP, "02 03 00000001 07 09", false, "9"],
    ["an i32 key as a padded varint", "compact", TType.MAP, "01 53 8280 00 09", 1, "9"],
  ])("%s in %s", (_name, protocol, type, bytes, path, expected) => {
    expect(show(noisyNode(type, hex(bytes), protocol).get(path))).toBe(expected);
  });

  it("a boolean field of the compact protocol points at its header, and has the bytes of an element", () => {
    const node = noisyNode(TType.STRUCT, hex`15 02  01 c801  12  00`, "compact");
    const yes = node.get(f(100))!;
    expect([yes.start - START, yes.end - START, yes.inHeader, yes.size]).toEqual([2, 5, true, 1]);
    expect([yes.asBoolean(), toHex(yes.bytes), toHex(yes.toBytes())]).toEqual([true, "01", "01"]);
    const no = node.get(f(101))!;
    expect([no.start - START, no.end - START, no.asBoolean(), toHex(no.bytes)]).toEqual([5, 6, false, "02"]);
    // Also through the node of the field itself.
    const again = yes.get([])!;
    expect([again.start, again.end, again.inHeader, again.asBoolean()]).toEqual([
      yes.start,
      yes.end,
      true,
      true,
    ]);
    expect(yes.getMany([[], []]).map((each) => each!.asBoolean())).toEqual([true, true]);
    // An element is no header.
    expect(noisyNode(TType.LIST, hex`12 01`, "compact").get(0)!.inHeader).toBe(false);
    const detached = yes.detach();
    expect([detached.inHeader, detached.size, detached.asBoolean()]).toEqual([false, 1, true]);
    detached.validate();
    yes.validate();
  });
});

describe("ThriftNode.from", () => {
  it("defaults: the binary protocol and all of the bytes", () => {
    const node = ThriftNode.from(TType.I32, hex`00000007`);
    expect([node.protocol, node.start, node.end, node.size, node.asNumber()]).toEqual(["binary", 0, 4, 4, 7]);
  });

  it("takes a Buffer", () => {
    for (const protocol of PROTOCOLS) {
      const node = ThriftNode.from(TType.STRUCT, Buffer.from(encode(BASE, protocol)), { protocol });
      expect(show(node.get([f(5), "k2"]))).toBe("2");
      expect(node.get(f(2))!.asString()).toBe("bb");
      expect(toHex(node.toBytes())).toBe(toHex(encode(BASE, protocol)));
    }
  });
});
