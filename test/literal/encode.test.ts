import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypeDescriptor } from "../../src/descriptor/types.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { encodeLiteral, type LiteralOptions, writeLiteral } from "../../src/literal/encode.ts";
import { ValueError } from "../../src/literal/value-error.ts";
import { writeZero } from "../../src/literal/zero.ts";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { resolveLimits } from "../../src/wire/limits.ts";
import { createWriter } from "../../src/wire/protocols.ts";
import { message } from "../support/arbitraries.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { encodeWithNpmThrift } from "../support/npm-thrift.ts";
import { rootType, type SchemaModel, type TypeModel, toIdl, type ValueModel } from "../support/schema.ts";

const idl = parseIdl(`
  enum Color { RED = 1, GREEN = 2, BLUE = -5 }
  struct Point { 1: required i32 x, 2: i32 y = 7, 3: optional string label }
  union Shape { 1: i32 radius, 2: string name }
  struct Node { 1: i32 value, 2: optional Node next, 3: list<Node> children, 4: map<string, Node> byName }
  struct Defaults {
    1: i32 number = 5, 2: list<i32> numbers = [1, 2], 3: map<string, i32> ages = {"a": 1},
    4: Point point = {"x": 1}, 5: optional string text = "t", 6: string plain, 7: Color color = Color.GREEN,
    8: set<string> words = ["w"], 9: i64 big = 9007199254740993, 10: binary raw = "r", 11: bool yes = true
  }
  struct Zeros {
    1: bool a, 2: byte b, 3: i16 c, 4: i32 d, 5: i64 e, 6: double f, 7: string g, 8: binary h, 9: uuid i,
    10: Color j, 11: list<i32> k, 12: set<string> l, 13: map<i32, string> m, 14: Point n
  }
  struct Odd { 1: i32 __proto__, 2: i32 constructor, 3: bool hasOwnProperty }
`);

function encode(type: string | TypeDescriptor, value: unknown, options?: LiteralOptions): string {
  return toHex(encodeLiteral(typeof type === "string" ? idl.type(type) : type, value, "binary", options));
}

const UUID = "00112233-4455-6677-8899-aabbccddeeff";

describe("accepted values", () => {
  it.each<[type: string, value: unknown, bytes: string]>([
    ["bool", true, "01"],
    ["bool", false, "00"],
    ["byte", -128, "80"],
    ["byte", 127n, "7f"],
    ["byte", -0, "00"],
    ["i16", -1, "ffff"],
    ["i32", 2147483647, "7fffffff"],
    ["i32", -2147483648n, "80000000"],
    ["i64", 1n, "0000000000000001"],
    ["i64", -(2n ** 63n), "8000000000000000"],
    ["i64", 9007199254740991, "001fffffffffffff"],
    ["i64", -1, "ffffffffffffffff"],
    ["double", 1.5, "3ff8000000000000"],
    ["double", 3n, "4008000000000000"],
    ["double", Number.NaN, "7ff8000000000000"],
    ["double", Number.NEGATIVE_INFINITY, "fff0000000000000"],
    ["double", -0, "8000000000000000"],
    ["string", "hé", "00000003 68c3a9"],
    ["string", hex`c3a9`, "00000002 c3a9"],
    ["binary", hex`ff00`, "00000002 ff00"],
    ["binary", Buffer.from([1]), "00000001 01"],
    ["binary", "é", "00000002 c3a9"],
    ["uuid", UUID, UUID.replaceAll("-", "")],
    ["uuid", UUID.toUpperCase(), UUID.replaceAll("-", "")],
    ["uuid", new Uint8Array(16).fill(1), "01".repeat(16)],
    ["Color", "GREEN", "00000002"],
    ["Color", -5, "fffffffb"],
    ["Color", 77n, "0000004d"],
    ["list<i32>", [1, 2n], "08 00000002 00000001 00000002"],
    ["list<i32>", new Int16Array([1, -1]), "08 00000002 00000001 ffffffff"],
    ["list<i64>", new BigInt64Array([1n]), "0a 00000001 0000000000000001"],
    ["list<byte>", new Uint8Array([1, 127]), "03 00000002 01 7f"],
    ["list<string>", [], "0b 00000000"],
    ["set<i32>", new Set([1, 2]), "08 00000002 00000001 00000002"],
    ["set<i32>", [3], "08 00000001 00000003"],
    ["map<string,i32>", new Map([["a", 1]]), "0b 08 00000001 00000001 61 00000001"],
    ["map<string,i32>", { a: 1 }, "0b 08 00000001 00000001 61 00000001"],
    ["map<string,i32>", [["a", 1]], "0b 08 00000001 00000001 61 00000001"],
    ["map<string,i32>", Object.assign(Object.create(null), { a: 1 }), "0b 08 00000001 00000001 61 00000001"],
    ["map<string,i32>", JSON.parse('{"__proto__":1}'), "0b 08 00000001 00000009 5f5f70726f746f5f5f 00000001"],
    ["map<i64,bool>", { "-9223372036854775808": true }, "0a 02 00000001 8000000000000000 01"],
    ["map<byte,bool>", { "-1": false }, "03 02 00000001 ff 00"],
    ["map<bool,byte>", { false: 2 }, "02 03 00000001 00 02"],
    ["map<double,byte>", { "1.5": 2 }, "04 03 00000001 3ff8000000000000 02"],
    ["map<double,byte>", { "-Infinity": 2 }, "04 03 00000001 fff0000000000000 02"],
    ["map<Color,byte>", { RED: 2 }, "08 03 00000001 00000001 02"],
    ["map<Color,byte>", { "9": 2 }, "08 03 00000001 00000009 02"],
    ["map<binary,byte>", { é: 2 }, "0b 03 00000001 00000002 c3a9 02"],
    ["map<uuid,byte>", { [UUID]: 2 }, `10 03 00000001 ${UUID.replaceAll("-", "")} 02`],
    ["map<Point,byte>", [[{ x: 1 }, 2]], "0c 03 00000001 08 0001 00000001 00 02"],
    ["map<Point,byte>", new Map([[{ x: 1 }, 2]]), "0c 03 00000001 08 0001 00000001 00 02"],
    ["Point", { x: 1 }, "08 0001 00000001 00"],
    ["Point", { label: "l", x: 1, y: null }, "08 0001 00000001 0b 0003 00000001 6c 00"],
    ["Point", { y: 2, x: 1 }, "08 0001 00000001 08 0002 00000002 00"],
    ["Shape", { radius: 3 }, "08 0001 00000003 00"],
    ["Shape", { radius: undefined, name: "n" }, "0b 0002 00000001 6e 00"],
    ["Odd", JSON.parse('{"__proto__":1}'), "08 0001 00000001 00"],
    ["Odd", { constructor: 2, hasOwnProperty: true }, "08 0002 00000002 02 0003 01 00"],
    ["Odd", {}, "00"],
  ])("%s of %o", (type, value, bytes) => {
    expect(encode(type, value)).toBe(bytes.replaceAll(" ", ""));
  });

  it("an instance of a class is a struct by its own properties", () => {
    class MyPoint {
      x = 4;
      get y(): number {
        return 5;
      }
    }
    expect(encode("Point", new MyPoint())).toBe("08000100000004" + "00");
  });

  it("compact", () => {
    const value = { x: -1, y: 2, label: "l" };
    expect(toHex(encodeLiteral(idl.type("list<Point>"), [value], "compact"))).toBe(
      toHex(hex`1c 15 01 15 04 18 01 "l" 00`),
    );
  });
});

describe("refused values", () => {
  const cyclic: Record<string, unknown> = { value: 1 };
  cyclic.next = cyclic;
  const wide: unknown[] = [];
  wide.push({ children: wide }, { children: wide });

  it.each<[type: string, value: unknown, code: string, path: string | undefined]>([
    ["bool", 1, "TYPE_MISMATCH", undefined],
    ["bool", null, "TYPE_MISMATCH", undefined],
    ["byte", 128, "OUT_OF_RANGE", undefined],
    ["byte", -129n, "OUT_OF_RANGE", undefined],
    ["byte", 2n ** 64n, "OUT_OF_RANGE", undefined],
    ["byte", 2n ** 70n + 1n, "OUT_OF_RANGE", undefined],
    ["i16", 1.5, "OUT_OF_RANGE", undefined],
    ["i32", 2 ** 31, "OUT_OF_RANGE", undefined],
    ["i32", Number.NaN, "OUT_OF_RANGE", undefined],
    ["i32", Number.POSITIVE_INFINITY, "OUT_OF_RANGE", undefined],
    ["i32", "1", "TYPE_MISMATCH", undefined],
    ["i32", Object(1), "TYPE_MISMATCH", undefined],
    ["i64", 2n ** 63n, "OUT_OF_RANGE", undefined],
    ["i64", 2 ** 53, "OUT_OF_RANGE", undefined],
    ["i64", 0.5, "OUT_OF_RANGE", undefined],
    ["i64", "1", "TYPE_MISMATCH", undefined],
    ["double", "1", "TYPE_MISMATCH", undefined],
    ["double", 2n ** 53n + 1n, "OUT_OF_RANGE", undefined],
    ["double", 10n ** 400n, "OUT_OF_RANGE", undefined],
    ["string", 1, "TYPE_MISMATCH", undefined],
    ["string", "a\ud800", "INVALID_UTF8", undefined],
    ["string", hex`ff`, "INVALID_UTF8", undefined],
    ["string", new Uint16Array(1), "TYPE_MISMATCH", undefined],
    ["binary", "\udc00", "INVALID_UTF8", undefined],
    ["binary", [1, 2], "TYPE_MISMATCH", undefined],
    ["uuid", "0011", "INVALID_VALUE", undefined],
    ["uuid", "\ud800", "INVALID_VALUE", undefined],
    ["uuid", new Uint8Array(15), "INVALID_VALUE", undefined],
    ["uuid", 5, "TYPE_MISMATCH", undefined],
    ["Color", "PINK", "INVALID_VALUE", undefined],
    ["Color", "toString", "INVALID_VALUE", undefined],
    ["Color", 2 ** 31, "OUT_OF_RANGE", undefined],
    ["Color", true, "TYPE_MISMATCH", undefined],
    ["list<i32>", new Set([1]), "TYPE_MISMATCH", undefined],
    ["list<i32>", { length: 1 }, "TYPE_MISMATCH", undefined],
    ["list<i32>", new DataView(new ArrayBuffer(1)), "TYPE_MISMATCH", undefined],
    ["list<i32>", [1, null], "TYPE_MISMATCH", "[1]"],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    ["list<i32>", [1, , 2], "TYPE_MISMATCH", "[1]"],
    ["list<byte>", new Uint8Array([1, 128]), "OUT_OF_RANGE", "[1]"],
    ["list<list<i32>>", [[1], [2, "x"]], "TYPE_MISMATCH", "[1][1]"],
    ["set<i32>", new Set([1, undefined]), "TYPE_MISMATCH", "[1]"],
    ["map<string,i32>", { k: "x" }, "TYPE_MISMATCH", '["k"]'],
    ["map<string,i32>", { k: null }, "TYPE_MISMATCH", '["k"]'],
    ["map<string,i32>", new Map([[1, 1]]), "TYPE_MISMATCH", "[1]"],
    ["map<string,i32>", new Map([[null, 1]]), "TYPE_MISMATCH", "[…]"],
    ["map<string,i32>", [["k"]], "TYPE_MISMATCH", "[0]"],
    ["map<string,i32>", [["a", 1], 5], "TYPE_MISMATCH", "[1]"],
    ["map<string,i32>", new Set(), "TYPE_MISMATCH", undefined],
    ["map<string,i32>", { ["k".repeat(40)]: "x" }, "TYPE_MISMATCH", `["${"k".repeat(32)}…"]`],
    ["map<i32,i32>", { "1.5": 1 }, "INVALID_VALUE", '["1.5"]'],
    ["map<i32,i32>", { "01": 1 }, "INVALID_VALUE", '["01"]'],
    ["map<i32,i32>", { "": 1 }, "INVALID_VALUE", '[""]'],
    ["map<i32,i32>", { "2147483648": 1 }, "OUT_OF_RANGE", '["2147483648"]'],
    ["map<i64,i32>", { "9223372036854775808": 1 }, "OUT_OF_RANGE", '["9223372036854775808"]'],
    ["map<bool,i32>", { yes: 1 }, "INVALID_VALUE", '["yes"]'],
    ["map<double,i32>", { "0x10": 1 }, "INVALID_VALUE", '["0x10"]'],
    ["map<double,i32>", { " 1": 1 }, "INVALID_VALUE", '[" 1"]'],
    ["map<Color,i32>", { PINK: 1 }, "INVALID_VALUE", '["PINK"]'],
    ["map<Point,i32>", { a: 1 }, "TYPE_MISMATCH", '["a"]'],
    ["Point", {}, "MISSING_REQUIRED", "x"],
    ["Point", { x: null }, "MISSING_REQUIRED", "x"],
    ["Point", { x: 1, z: 2 }, "UNKNOWN_FIELD", "z"],
    ["Point", { x: 1, z: undefined }, "UNKNOWN_FIELD", "z"],
    ["Point", { x: 1, "a b": 2 }, "UNKNOWN_FIELD", '["a b"]'],
    ["Point", { x: 1, ["n".repeat(50)]: 2 }, "UNKNOWN_FIELD", `["${"n".repeat(32)}…"]`],
    ["Point", { x: 1, toString: 2 }, "UNKNOWN_FIELD", "toString"],
    ["Point", JSON.parse('{"x":1,"__proto__":2}'), "UNKNOWN_FIELD", "__proto__"],
    ["Point", [], "TYPE_MISMATCH", undefined],
    ["Point", new Map(), "TYPE_MISMATCH", undefined],
    ["Point", new Date(0), "TYPE_MISMATCH", undefined],
    ["Point", /x/, "TYPE_MISMATCH", undefined],
    ["Point", Promise.resolve(), "TYPE_MISMATCH", undefined],
    ["Point", () => ({}), "TYPE_MISMATCH", undefined],
    ["Point", Symbol("x"), "TYPE_MISMATCH", undefined],
    ["Point", "text", "TYPE_MISMATCH", undefined],
    ["Point", null, "TYPE_MISMATCH", undefined],
    ["Point", undefined, "TYPE_MISMATCH", undefined],
    ["Shape", {}, "INVALID_UNION", undefined],
    ["Shape", { radius: 1, name: "n" }, "INVALID_UNION", undefined],
    ["Shape", { radius: null }, "INVALID_UNION", undefined],
    ["list<Shape>", [{ radius: 1 }, {}], "INVALID_UNION", "[1]"],
    [
      "Node",
      { children: [{}, { byName: { k: { next: { value: "x" } } } }] },
      "TYPE_MISMATCH",
      'children[1].byName["k"].next.value',
    ],
    ["Node", { children: [{ byName: { k: 5 } }] }, "TYPE_MISMATCH", 'children[0].byName["k"]'],
    ["Node", { next: { extra: 1 } }, "UNKNOWN_FIELD", "next.extra"],
    ["Node", cyclic, "LIMIT_EXCEEDED", Array(64).fill("next").join(".")],
    ["list<Node>", wide, "LIMIT_EXCEEDED", `${"[0].children".repeat(32)}`],
  ])("%s of %o: %s at %s", (type, value, code, path) => {
    const error = expectThriftError(() => encode(type, value), { code: code as never, path });
    expect(error).toBeInstanceOf(ValueError);
    expect(error.name).toBe("ValueError");
  });

  it.each<[type: string, value: unknown, message: string]>([
    ["Point", { x: 1, lable: "secret" }, "struct Point has no such field; did you mean `label`? (at lable)"],
    ["Color", "GREN", "the enum Color has no such member; did you mean `GREEN`?"],
    ["i64", 2 ** 60, "numbers beyond 2^53 are not exact; give i64 as a bigint"],
    ["i32", 0.5, "a number with a fraction does not fit i32"],
    ["byte", 300, "the number does not fit byte"],
    ["i32", new Date(0), "expected an integer, got an object of kind Date"],
    ["Point", [], "expected an object for struct Point, got an array"],
    ["list<i32>", "secret", "expected an array for list<i32>, got a string"],
    ["Point", {}, "the required field `x` is missing (at x)"],
    ["Shape", {}, "the union Shape must have exactly one field, got 0"],
    ["list<i32>", [null], "a container has no place for null (at [0])"],
  ])("%s of %o: the message", (type, value, message) => {
    expectThriftError(() => encode(type, value), { code: expect.anything() as never, message });
  });
});

describe("limits", () => {
  function chain(depth: number): unknown {
    return depth === 1 ? {} : { next: chain(depth - 1) };
  }

  it("depth: the root counts as one", () => {
    expect(encode("Node", chain(64))).toMatch(/^0c0002/);
    expectThriftError(() => encode("Node", chain(65)), { code: "LIMIT_EXCEEDED" });
    const limits = resolveLimits({ maxDepth: 2 });
    encode("Node", chain(2), { limits });
    expectThriftError(() => encode("Node", chain(3), { limits }), {
      code: "LIMIT_EXCEEDED",
      path: "next.next",
    });
    encode("list<list<i32>>", [[]], { limits });
    expectThriftError(() => encode("list<list<list<i32>>>", [[[]]], { limits }), {
      code: "LIMIT_EXCEEDED",
      path: "[0][0]",
    });
  });

  it("a cycle ends however high the limit is", () => {
    const cyclic: { next?: unknown } = {};
    cyclic.next = cyclic;
    const limits = resolveLimits({ maxDepth: Number.POSITIVE_INFINITY });
    expectThriftError(() => encode("Node", cyclic, { limits }), { code: "LIMIT_EXCEEDED" });
  });

  it("length and output size", () => {
    const limits = resolveLimits({ maxLength: 2, maxOutputSize: 20 });
    encode("list<i32>", [1, 2], { limits });
    expectThriftError(() => encode("list<i32>", [1, 2, 3], { limits }), { code: "LIMIT_EXCEEDED" });
    expectThriftError(() => encode("map<string,i32>", { a: 1, b: 2, c: 3 }, { limits }), {
      code: "LIMIT_EXCEEDED",
    });
    expectThriftError(() => encode("string", "x".repeat(100), { limits }), { code: "LIMIT_EXCEEDED" });
  });
});

describe("missing fields", () => {
  it("write: defaults of the IDL, containers and structs included", () => {
    const missing = { default: "write", optional: "write" } as const;
    expect(encode("Defaults", {}, { missing })).toBe(
      toHex(hex`
        08 0001 00000005
        0f 0002 08 00000002 00000001 00000002
        0d 0003 0b 08 00000001 00000001 "a" 00000001
        0c 0004 08 0001 00000001  08 0002 00000007  0b 0003 00000000 00
        0b 0005 00000001 "t"
        0b 0006 00000000
        08 0007 00000002
        0e 0008 0b 00000001 00000001 "w"
        0a 0009 0020000000000001
        0b 000a 00000001 "r"
        02 000b 01
        00`),
    );
  });

  it("write: zeros of every type", () => {
    const zeros = toHex(hex`
      02 0001 00  03 0002 00  06 0003 0000  08 0004 00000000  0a 0005 0000000000000000
      04 0006 0000000000000000  0b 0007 00000000  0b 0008 00000000
      10 0009 00000000000000000000000000000000  08 000a 00000000
      0f 000b 08 00000000  0e 000c 0b 00000000  0d 000d 08 0b 00000000  0c 000e 00
      00`);
    expect(encode("Zeros", {}, { missing: { default: "write" } })).toBe(zeros);
    const output = new ByteWriter();
    writeZero(createWriter("binary", output), idl.struct("Zeros"));
    expect(toHex(output.view())).toBe("00");
  });

  it.each<[value: unknown, missing: LiteralOptions["missing"], bytes: string]>([
    [{ x: 1 }, {}, "08 0001 00000001 00"],
    [{}, { required: "omit" }, "00"],
    [{}, { required: "write" }, "08 0001 00000000 00"],
    [{ x: 1 }, { optional: "write" }, "08 0001 00000001 0b 0003 00000000 00"],
    // An explicit null suppresses the default of an optional field, but not of another.
    [{ x: 1, label: null }, { optional: "write" }, "08 0001 00000001 00"],
    [{ x: 1, label: undefined }, { optional: "write" }, "08 0001 00000001 0b 0003 00000000 00"],
    [{ x: 1, y: null }, { default: "write" }, "08 0001 00000001 08 0002 00000007 00"],
  ])("Point of %o with %o", (value, missing, bytes) => {
    expect(encode("Point", value, { missing: missing! })).toBe(bytes.replaceAll(" ", ""));
  });

  it.each(["default", "optional"] as const)("%s: error", (requiredness) => {
    expectThriftError(() => encode("Point", { x: 1 }, { missing: { [requiredness]: "error" } }), {
      code: "MISSING_REQUIRED",
      path: requiredness === "default" ? "y" : "label",
    });
  });

  it("a union gets no fields that it lacks", () => {
    expect(encode("Shape", { radius: 1 }, { missing: { optional: "write", default: "write" } })).toBe(
      "080001" + "00000001" + "00",
    );
  });
});

describe("ownership", () => {
  it("the result is the caller's and survives the next one", () => {
    const first = encodeLiteral(idl.type("string"), "first");
    encodeLiteral(idl.type("string"), "other");
    expect(toHex(first)).toBe(toHex(hex`00000005 "first"`));
    const own = encodeLiteral(idl.type("string"), "own", "binary", { output: "own" });
    expect(own.buffer.byteLength).toBe(7);
  });

  it("getters may encode in turn", () => {
    const value = {
      x: 1,
      get label(): string {
        return toHex(encodeLiteral(idl.type("i16"), 5));
      },
    };
    expect(encode("Point", value)).toBe(toHex(hex`08 0001 00000001 0b 0003 00000004 "0005" 00`));
  });

  it("works after an error", () => {
    expectThriftError(() => encode("list<i32>", [1, "x"]), { code: "TYPE_MISMATCH" });
    expect(encode("byte", 1)).toBe("01");
  });

  it.each<[message: string, args: unknown[]]>([
    ["encodeLiteral: the first argument must be a type, such as", []],
    ["encodeLiteral: the first argument must be a type, such as", [{ id: 1 }, idl.type("Point")]],
    [
      'encodeLiteral: the protocol must be "binary" or "compact", got "compct"; did you mean `compact`?',
      [idl.type("i32"), 1, "compct"],
    ],
    ['encodeLiteral: the protocol must be "binary" or "compact", got an object', [idl.type("i32"), 1, {}]],
    ["encodeLiteral: options must be an object, got null", [idl.type("i32"), 1, "binary", null]],
    [
      "encodeLiteral: unknown option `misssing`; did you mean `missing`?",
      [idl.type("i32"), 1, "binary", { misssing: {} }],
    ],
    ["encodeLiteral: unknown option `within`", [idl.type("i32"), 1, "binary", { within: [] }]],
    [
      "missing: options must be an object, got a string",
      [idl.type("i32"), 1, "binary", { missing: "write" }],
    ],
    [
      "missing: unknown option `requird`; did you mean `required`?",
      [idl.type("i32"), 1, "binary", { missing: { requird: "omit" } }],
    ],
    [
      'option `missing.default` must be "error", "omit" or "write", got "wrote"; did you mean `write`?',
      [idl.type("i32"), 1, "binary", { missing: { default: "wrote" } }],
    ],
    [
      'option `output` must be "pooled" or "own", got "pool"',
      [idl.type("i32"), 1, "binary", { output: "pool" }],
    ],
    [
      "limits: unknown option `maxDeth`; did you mean `maxDepth`?",
      [idl.type("i32"), 1, "binary", { limits: { maxDeth: 1 } }],
    ],
  ])("%s: INVALID_OPTION", (message, args) => {
    const error = expectThriftError(() => encodeLiteral(...(args as [never, never])), {
      code: "INVALID_OPTION",
    });
    expect(error.message.slice(0, message.length)).toBe(message);
  });

  it("writeLiteral appends, and leaves the output as it was on an error", () => {
    const output = new ByteWriter();
    writeLiteral(output, idl.type("byte"), 1);
    writeLiteral(output, idl.type("byte"), 2, "compact");
    expectThriftError(() => writeLiteral(output, idl.type("list<i32>"), [1, "x"]), { code: "TYPE_MISMATCH" });
    expect(toHex(output.view())).toBe("0102");
  });
});

/** The model's value in a natural JavaScript form; `style` chooses among the forms. */
function toNatural(schema: SchemaModel, type: TypeModel, value: ValueModel, style: number): unknown {
  const inner = (innerType: TypeModel, element: ValueModel) => toNatural(schema, innerType, element, style);
  switch (type.kind) {
    case "list":
      return (value as ValueModel[]).map((element) => inner(type.element, element));
    case "set": {
      const elements = (value as ValueModel[]).map((element) => inner(type.element, element));
      return style % 2 === 0 ? elements : new Set(elements);
    }
    case "map": {
      const entries = (value as unknown as [ValueModel, ValueModel][]).map(([key, element]) => [
        inner(type.key, key),
        inner(type.value, element),
      ]);
      return style % 2 === 0 ? entries : new Map(entries as [unknown, unknown][]);
    }
    case "struct": {
      const { fields } = schema.structs.get(type.name)!;
      const record = Object.create(style % 2 === 0 ? null : Object.prototype) as Record<string, unknown>;
      for (const [name, member] of value as ReadonlyMap<string, ValueModel>) {
        const natural = inner(fields.find((field) => field.name === name)!.type, member);
        Object.defineProperty(record, name, { value: natural, enumerable: true });
      }
      return record;
    }
    default:
      return value;
  }
}

describe("random values", () => {
  /** Struct members in the order of the fields, as the encoder writes them. */
  function inFieldOrder(schema: SchemaModel, type: TypeModel, value: ValueModel): ValueModel {
    switch (type.kind) {
      case "list":
      case "set":
        return (value as ValueModel[]).map((element) => inFieldOrder(schema, type.element, element));
      case "map":
        return (value as unknown as [ValueModel, ValueModel][]).map(([key, element]) => [
          inFieldOrder(schema, type.key, key),
          inFieldOrder(schema, type.value, element),
        ]);
      case "struct": {
        const members = value as ReadonlyMap<string, ValueModel>;
        const { fields } = schema.structs.get(type.name)!;
        return new Map(
          fields
            .filter(({ name }) => members.has(name))
            .map((field) => [field.name, inFieldOrder(schema, field.type, members.get(field.name)!)]),
        );
      }
      default:
        return value;
    }
  }

  it.each(["binary", "compact"] as const)("have the bytes of npm thrift: %s", (protocol) => {
    const without = protocol === "compact" ? (["bool"] as const) : [];
    fc.assert(
      fc.property(message({ without }), fc.nat(1), ({ schema, value }, style) => {
        const type = rootType(schema);
        const theirs = encodeWithNpmThrift(schema, type, inFieldOrder(schema, type, value), protocol);
        const struct = parseIdl(toIdl(schema)).struct(schema.root);
        expect(toHex(encodeLiteral(struct, toNatural(schema, type, value, style), protocol))).toBe(
          toHex(theirs),
        );
      }),
      { seed: 13, numRuns: 150 },
    );
  });

  it("anything at all gives bytes or an error of ours", () => {
    const types = ["Point", "Shape", "Node", "Defaults", "list<Node>", "map<string,Point>", "map<i32,i64>"];
    const key = fc.constantFrom("x", "y", "radius", "value", "next", "children", "byName", "1", "__proto__");
    const anything = fc.anything({
      key,
      maxDepth: 4,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withBoxedValues: true,
      withObjectString: true,
    });
    fc.assert(
      fc.property(fc.constantFrom(...types), anything, (type, value) => {
        try {
          encode(type, value);
        } catch (error) {
          if (!(error instanceof ValueError)) throw error;
        }
      }),
      { seed: 14, numRuns: 1500 },
    );
  });
});
