import { describe, expect, it } from "vitest";
import { compileProgram } from "../../src/conv/compile.ts";
import { FINISHED } from "../../src/conv/machine-run.ts";
import { resolveJsonToThriftOptions, resolveThriftToJsonOptions } from "../../src/conv/options.ts";
import {
  findKey,
  HEADER_ROOT,
  hashKey,
  NODE_A,
  type Program,
  STRUCT_KEY_MASK,
  STRUCT_KEY_TABLE,
} from "../../src/conv/program.ts";
import { runMachine } from "../../src/j2t/machine.ts";
import { Run } from "../../src/j2t/run.ts";
import { fromUtf8, hex, toHex, utf8 } from "../support/bytes.ts";
import {
  createAnnotationRegistry,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
  type TypeDescriptor,
} from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { createRandom } from "../support/random.ts";

const idl = parseIdl(`
  enum E { A = 1 }
  struct Leaf { 1: required i32 x, 2: E e }
  struct Node { 1: i32 v, 2: optional Node next, 3: list<Node> kids, 4: map<string, Node> byName, 5: Leaf leaf = {"x": 1} }
  struct Left { 1: optional Right right, 2: i32 n }
  struct Right { 1: optional Left left, 2: i32 n }
`);

function compile(type: TypeDescriptor, options: JsonToThriftOptions = {}): Program {
  return compileProgram(type, "json-to-thrift", resolveJsonToThriftOptions(options));
}

/** Converts with a given program. */
function convertWith(program: Program, json: string, options: JsonToThriftOptions = {}): string {
  const run = new Run(() => {
    throw new Error("no conversions inside");
  });
  run.start(program, resolveJsonToThriftOptions(options), {});
  run.loadAll(utf8(json));
  while (runMachine(run) !== FINISHED) run.refill();
  return toHex(run.takeOutput(true));
}

describe("programs are cached", () => {
  const type = idl.struct("Node");
  it("per descriptor and settings", () => {
    const program = compile(type);
    expect(compile(type)).toBe(program);
    expect(compile(type, { protocol: "binary", missing: { required: "error" } })).toBe(program);
    expect(compile(idl.type("Node"))).toBe(program);
  });

  it("whatever the limits, the output and the function that merges bases are", () => {
    const program = compile(type);
    expect(compile(type, { limits: { maxDepth: 3 } })).toBe(program);
    expect(compile(type, { output: "own" })).toBe(program);
    expect(compile(type, { mergeBase: (base) => base })).toBe(program);
  });

  it.each<[options: JsonToThriftOptions]>([
    [{ protocol: "compact" }],
    [{ binary: "utf8" }],
    [{ unknownFields: "error" }],
    [{ missing: { default: "write" } }],
    [{ duplicateFields: "keep" }],
    [{ duplicateKeys: "error" }],
    [{ unions: "any" }],
    [{ valueMapping: "off" }],
    [{ missingBase: "omit" }],
    [{ utf8: "trust" }],
    [{ quotedNumbers: "accept" }],
    [{ nullElements: "skip" }],
  ])("apart for %j", (options) => {
    expect(compile(type, options)).not.toBe(compile(type));
    expect(compile(type, options)).toBe(compile(type, { ...options }));
  });

  it("never with a mask", () => {
    expect(compile(type, { mask: "skip" })).not.toBe(compile(type, { mask: "skip" }));
    expect(compile(type, { mask: "keep" })).toBe(compile(type));
  });

  it("apart for descriptors and directions", () => {
    expect(compile(idl.struct("Leaf"))).not.toBe(compile(type));
    expect(compileProgram(type, "thrift-to-json", resolveThriftToJsonOptions())).not.toBe(compile(type));
    const other = parseIdl("struct Leaf { 1: required i32 x }").struct("Leaf");
    expect(compile(other)).not.toBe(compile(idl.struct("Leaf")));
  });
});

describe("programs are relocatable", () => {
  const json =
    '{"v":1,"next":{"v":2,"kids":[{"v":3},{}]},"byName":{"é":{"leaf":{"x":1,"e":"A"}}},"leaf":{"e":7,"x":0}}';
  it.each<[options: JsonToThriftOptions]>([
    [{}],
    [{ protocol: "compact", missing: { default: "write", optional: "write" } }],
  ])("%j", (options) => {
    const type = idl.struct("Node");
    const expected = toHex(jsonToThrift(type, options).convert(json));
    const program = compile(type, options);
    const copy: Program = { ...program, code: program.code.slice(), data: program.data.slice() };
    expect(convertWith(copy, json, options)).toBe(expected);
    // Inside another array, at another address, and after it has learned an order of keys.
    const memory = new Int32Array(new SharedArrayBuffer((program.code.length + 100) * 4)).fill(-1);
    memory.set(copy.code, 77);
    const moved: Program = { ...copy, code: memory.subarray(77, 77 + program.code.length) };
    for (let round = 0; round < 3; round++) expect(convertWith(moved, json, options)).toBe(expected);
    expect(memory.subarray(0, 77).every((cell) => cell === -1)).toBe(true);
    expect(memory.subarray(77 + program.code.length).every((cell) => cell === -1)).toBe(true);
    expect(convertWith(copy, json, options)).toBe(expected);
  });
});

describe("recursive types", () => {
  it("end, and convert to any depth", () => {
    expect(
      compile(idl.struct("Node"))
        .structs.map(({ name }) => name)
        .sort(),
    ).toEqual(["Leaf", "Node"]);
    const converter = jsonToThrift(idl.struct("Node"), { limits: { maxDepth: 1_000 } });
    const depth = 900;
    const json = `${'{"next":'.repeat(depth)}{"v":1}${"}".repeat(depth)}`;
    expect(toHex(converter.convert(json))).toBe(
      `${"0c0002".repeat(depth)}0800010000000100${"00".repeat(depth)}`,
    );
  });
  it("through each other", () => {
    const converter = jsonToThrift(idl.struct("Left"));
    expect(toHex(converter.convert('{"right":{"left":{"right":{"n":1}}}}'))).toBe(
      "0c00010c00010c00010800020000000100000000",
    );
    expect(compile(idl.struct("Left")).structs.length).toBe(2);
  });
  it("deep container types compile and convert", () => {
    const depth = 60;
    const type = idl.type(`${"list<".repeat(depth)}i32${">".repeat(depth)}`);
    const json = `${"[".repeat(depth)}7${"]".repeat(depth)}`;
    expect(toHex(jsonToThrift(type).convert(json))).toBe(
      `${"0f00000001".repeat(depth - 1)}080000000100000007`,
    );
    expect(toHex(jsonToThrift(type, { protocol: "compact" }).convert(json))).toBe(
      `${"19".repeat(depth - 1)}150e`,
    );
  });
});

describe("a struct of 2,000 fields", () => {
  const count = 2_000;
  const names = Array.from({ length: count }, (_, index) => `field_${index}`);
  const fields = names.map(
    (name, index) => `${index + 1}: ${index % 2 === 0 ? "required" : "optional"} i32 ${name}`,
  );
  const type = parseIdl(`struct Wide { ${fields.join(", ")} }`).struct("Wide");
  const encoded = (order: readonly number[]): string =>
    `${order.map((index) => `08${(index + 1).toString(16).padStart(4, "0")}${index.toString(16).padStart(8, "0")}`).join("")}00`;
  const jsonOf = (order: readonly number[]): string =>
    `{${order.map((index) => `"${names[index]}":${index}`).join(",")}}`;
  const all = names.map((_, index) => index);
  const random = createRandom(4);
  const shuffled = [...all].sort(() => random.next() - 0.5);

  it("in any order, with keys that were learned in another", () => {
    const converter = jsonToThrift(type);
    for (const order of [all, [...all].reverse(), shuffled, all, shuffled, shuffled]) {
      expect(toHex(converter.convert(jsonOf(order)))).toBe(encoded(order));
    }
  });

  it("every required one is missed, every duplicate found", () => {
    const converter = jsonToThrift(type);
    for (const index of [0, 30, 32, 62, 64, 1_022, 1_024, 1_998]) {
      const json = jsonOf(all.filter((other) => other !== index));
      expectThriftError(() => converter.convert(json), {
        code: "MISSING_REQUIRED",
        offset: json.length - 1,
        path: names[index],
      });
    }
    for (const index of [0, 1, 31, 32, 63, 1_999]) {
      const json = `{"${names[index]}":1,${jsonOf(shuffled).slice(1)}`;
      expectThriftError(() => converter.convert(json), { code: "DUPLICATE_FIELD", path: names[index] });
    }
  });

  it("nested as deep as the limit allows", () => {
    const nested = parseIdl(
      `struct Wide { 1: optional Wide inner, ${names.map((name, index) => `${index + 2}: i32 ${name}`).join(", ")} }`,
    ).struct("Wide");
    const json = `${'{"inner":'.repeat(63)}{"field_1999":1}${"}".repeat(63)}`;
    expect(toHex(jsonToThrift(nested).convert(json))).toBe(
      `${"0c0001".repeat(63)}0807d10000000100${"00".repeat(63)}`,
    );
    expectThriftError(() => jsonToThrift(nested).convert(`{"inner":${json}}`), { code: "LIMIT_EXCEEDED" });
  });

  it("ids far apart", () => {
    const sparse = parseIdl(
      "struct Sparse { -32768: i32 a, -1: i32 b, 0: i32 c, 1: i32 d, 20000: i32 e, 32767: i32 f }",
    );
    const converter = jsonToThrift(sparse.struct("Sparse"), { missing: { default: "write" } });
    expect(toHex(converter.convert('{"f":1,"a":2}'))).toBe(
      toHex(
        hex`08 7fff 00000001 08 8000 00000002 08 ffff 00000000 08 0000 00000000 08 0001 00000000 08 4e20 00000000 00`,
      ),
    );
  });
});

describe("keys", () => {
  it("whose hashes collide are told apart", () => {
    // Known collisions of 32-bit FNV-1a.
    const pairs = [
      ["costarring", "liquid"],
      ["declinate", "macallums"],
      ["altarage", "zinke"],
      ["altarages", "zinkes"],
    ] as const;
    const hash = (text: string): number => hashKey(utf8(text), 0, text.length);
    for (const [a, b] of pairs) expect(hash(a)).toBe(hash(b));
    const names = pairs.flat();
    const type = parseIdl(
      `struct C { ${names.map((name, index) => `${index + 1}: i32 ${name}`).join(", ")} }`,
    ).struct("C");
    const converter = jsonToThrift(type, { unknownFields: "error" });
    for (let round = 0; round < 2; round++) {
      names.forEach((name, index) => {
        expect(toHex(converter.convert(`{"${name}":7}`))).toBe(`08000${index + 1}0000000700`);
      });
    }
    // Half of a pair is no field.
    const half = parseIdl("struct H { 1: i32 costarring }").struct("H");
    expectThriftError(() => jsonToThrift(half, { unknownFields: "error" }).convert('{"liquid":1}'), {
      code: "UNKNOWN_FIELD",
      path: "liquid",
    });
    const enumeration = parseIdl("enum E { costarring = 1, liquid = 2 }").type("E");
    expect(toHex(jsonToThrift(enumeration).convert('"liquid"'))).toBe("00000002");
  });

  it("with equal low bits of their hashes share a probe and are found", () => {
    const names: string[] = [];
    for (let i = 0; names.length < 40; i++) {
      const name = `f${i}`;
      if ((hashKey(utf8(name), 0, name.length) & 127) === 5) names.push(name);
    }
    const type = parseIdl(
      `struct P { ${names.map((name, index) => `${index + 1}: i32 ${name}`).join(", ")} }`,
    ).struct("P");
    const program = compile(type);
    const { code } = program;
    const struct = code[code[HEADER_ROOT]! + NODE_A]!;
    const find = (name: string): number =>
      findKey(
        code,
        code[struct + STRUCT_KEY_TABLE]!,
        code[struct + STRUCT_KEY_MASK]!,
        utf8(name),
        0,
        name.length,
      );
    expect(new Set(names.map(find)).size).toBe(names.length);
    for (const name of ["", "f", "nothing", `${names[0]}x`]) expect(find(name)).toBe(0);
    const json = `{${names.map((name, index) => `"${name}":${index}`).join(",")}}`;
    expect(jsonToThrift(type).convert(json).length).toBe(40 * 7 + 1);
  });

  it.each<[fieldKeys: "alias" | "name" | "both", found: string[], notFound: string[]]>([
    ["alias", ["alias", "plain"], ["original"]],
    ["name", ["original", "plain"], ["alias"]],
    ["both", ["alias", "original", "plain"], ["other"]],
  ])("fieldKeys: %s", (fieldKeys, found, notFound) => {
    const type = parseIdl('struct K { 1: i32 original (api.key = "alias"), 2: i32 plain }', {
      fieldKeys,
    }).struct("K");
    const converter = jsonToThrift(type, { unknownFields: "error" });
    for (const key of found) {
      expect(toHex(converter.convert(`{"${key}":7}`))).toBe(`08000${key === "plain" ? 2 : 1}0000000700`);
    }
    for (const key of notFound) {
      expectThriftError(() => converter.convert(`{"${key}":7}`), { code: "UNKNOWN_FIELD", path: key });
    }
    // The path of an error says how the IDL calls the field.
    const [key = ""] = found;
    expectThriftError(() => converter.convert(`{"${key}":"x"}`), { code: "TYPE_MISMATCH", path: "original" });
    if (fieldKeys === "both") {
      expectThriftError(() => converter.convert('{"alias":1,"original":2}'), {
        code: "DUPLICATE_FIELD",
        offset: 11,
      });
    }
  });

  it("of JavaScript's objects are like any other", () => {
    const names = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty"];
    const type = parseIdl(`
      enum E { constructor = 1, __proto__ = 2, toString = 3 }
      struct O { ${names.map((name, index) => `${index + 1}: i32 ${name}`).join(", ")}, 7: map<string, i32> map, 8: E e }
      struct None {}
    `);
    const converter = jsonToThrift(type.struct("O"));
    const json = `{${names.map((name, index) => `"${name}":${index}`).join(",")},"e":"__proto__"}`;
    expect(toHex(converter.convert(json))).toBe(
      `${names.map((_, index) => `08000${index + 1}0000000${index}`).join("")}0800080000000200`,
    );
    expect(toHex(converter.convert('{"map":{"__proto__":1}}'))).toBe(
      `0d00070b080000000100000009${toHex(utf8("__proto__"))}0000000100`,
    );
    expectThriftError(() => converter.convert('{"e":"valueOf"}'), { code: "INVALID_VALUE" });
    const none = jsonToThrift(type.struct("None"), { unknownFields: "error" });
    for (const name of names) {
      expectThriftError(() => none.convert(`{"${name}":1}`), { code: "UNKNOWN_FIELD", path: name });
    }
  });

  it("that two fields claim find the first, and under both the one of that name", () => {
    const twice = 'struct D { 1: i32 a (api.key = "b"), 2: i32 b }';
    for (const [fieldKeys, id] of [
      ["alias", 1],
      ["both", 2],
      ["name", 2],
    ] as const) {
      const converter = jsonToThrift(parseIdl(twice, { fieldKeys }).struct("D"));
      expect(toHex(converter.convert('{"b":7}'))).toBe(`08000${id}0000000700`);
    }
  });

  it("that two types share do not confuse what was learned", () => {
    const type = parseIdl(`
      struct A { 1: i32 x, 2: B b, 3: i32 y }
      struct B { 1: i32 y, 2: i32 x }
    `).struct("A");
    const converter = jsonToThrift(type);
    const json = [
      '{"x":1,"b":{"y":2,"x":3},"y":4}',
      '{"y":4,"b":{"x":3,"y":2},"x":1}',
      '{"b":{},"b2":{"x":1},"x":1}',
    ];
    const expected = json.map((text) => toHex(jsonToThrift(type, { output: "own" }).convert(text)));
    for (let round = 0; round < 20; round++) {
      const text = json[round % 3]!;
      expect(toHex(converter.convert(text))).toBe(expected[round % 3]);
    }
    expect(expected[0]).toBe(
      toHex(hex`08 0001 00000001 0c 0002 08 0001 00000002 08 0002 00000003 00 08 0003 00000004 00`),
    );
  });
});

describe("custom keys and mappings", () => {
  it("of one registry compile into one program", () => {
    const annotations = createAnnotationRegistry({
      keys: { "my.key": ([key]) => key },
      values: {
        "my.upper": () => ({
          kind: "custom",
          name: "upper",
          jsonToThrift: (json, context) => context.fromJson(fromUtf8(json).toUpperCase()),
          thriftToJson: (bytes, context) => context.toJson(bytes),
        }),
      },
    });
    const type = parseIdl('struct M { 1: string a (my.key = "the key", my.upper = "") }', {
      annotations,
    }).struct("M");
    expect(compile(type).mappings.length).toBe(1);
    expect(toHex(jsonToThrift(type).convert('{"the key":"ab"}'))).toBe("0b000100000002414200");
  });
});
