import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path, type PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { message } from "../support/arbitraries.ts";
import { hex, utf8, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { rootType } from "../support/schema.ts";
import { encodeModel } from "../wire/model-codec.ts";
import {
  BASE,
  double,
  i32,
  i64,
  list,
  map,
  nodeOf,
  noisyNode,
  PROTOCOLS,
  set,
  show,
  struct,
  text,
  UUID_BYTES,
  UUID_TEXT,
  uuid,
} from "./plain.ts";

const f = fieldId;

function expectManyLikeOne(node: ThriftNode, paths: readonly Path[]): void {
  /** Everything that makes up a node. */
  const parts = (found: ThriftNode | undefined): string => {
    if (found === undefined) return "absent";
    const { protocol, type, source, start, end, inHeader, limits } = found;
    return [protocol, type, source === node.source, start, end, inHeader, limits === node.limits].join();
  };
  const expected = paths.map((path) => parts(node.get(path)));
  expect(node.getMany(paths).map(parts)).toEqual(expected);
  expect(node.getMany(repeat(paths, node)).map(parts)).toEqual(repeat(expected, node));
}

/** So often that one path after another, as is done while that passes over few bytes, does not pay. */
function repeat<T>(paths: readonly T[], { size }: ThriftNode): T[] {
  const times = Math.ceil(2049 / Math.max(paths.length * size, 1));
  return Array.from({ length: times }, () => paths).flat();
}

describe.each(PROTOCOLS)("getMany: %s", (protocol) => {
  it.each<[shown: string, paths: readonly Path[], expected: readonly (string | undefined)[]]>([
    ["no paths", [], []],
    ["fields in the order of the data", [f(1), f(2)], ["1", '"bb"']],
    ["fields in another order", [f(15), f(1), f(8)], ["true", "1", "-1"]],
    ["a missing one between others", [f(1), f(99), f(2)], ["1", undefined, '"bb"']],
    ["only missing ones", [f(99), [f(98), 0, "k"]], [undefined, undefined]],
    ["the same path twice", [f(1), [f(1)], f(1)], ["1", "1", "1"]],
    ["the root", [[], f(1), []], ["root", "1", "root"]],
    ["prefixes, the short one first", [f(3), [f(3), f(1)]], ["{1: 7}", "7"]],
    ["prefixes, the long one first", [[f(3), f(1)], f(3)], ["7", "{1: 7}"]],
    [
      "steps of different kinds",
      [[f(4), 1], f(1), [f(5), "k2"], [f(6), 5], [f(7), 0]],
      ["2", "1", "2", '"v"', "9"],
    ],
    [
      "elements backwards",
      [
        [f(4), 1],
        [f(4), 0],
        [f(4), 7],
      ],
      ["2", "1", undefined],
    ],
    ["the first elements of a list", [[f(4), 0]], ["1"]],
    [
      "keys in the order of the data",
      [
        [f(5), "k1"],
        [f(5), "k2"],
      ],
      ["1", "2"],
    ],
    [
      "keys backwards",
      [
        [f(5), "k2"],
        [f(5), "k1"],
      ],
      ["2", "1"],
    ],
    ["one of two keys", [[f(5), "k2"]], ["2"]],
    [
      "more keys than there are",
      [
        [f(5), "k3"],
        [f(5), "k1"],
        [f(5), "k2"],
      ],
      [undefined, "1", "2"],
    ],
    [
      "a key as text and as bytes",
      [
        [f(5), "k2"],
        [f(5), utf8("k2")],
        [f(5), Buffer.from("k2")],
      ],
      ["2", "2", "2"],
    ],
    [
      "a key as number and as bigint",
      [
        [f(6), 5n],
        [f(6), 5],
      ],
      ['"v"', '"v"'],
    ],
    [
      "below missing ones",
      [
        [f(4), 2, f(1)],
        [f(3), f(9), f(1)],
        [f(5), "x", 1],
      ],
      [undefined, undefined, undefined],
    ],
  ])("%s", (_shown, paths, expected) => {
    const node = nodeOf(BASE, protocol);
    const shown = expected.map((each) => (each === "root" ? show(node) : each));
    expect(node.getMany(paths).map(show)).toEqual(shown);
    expectManyLikeOne(node, paths);
  });

  it.each<
    [name: string, node: ThriftNode, paths: readonly Path[], expected: readonly (string | undefined)[]]
  >([
    [
      "0 and -0, one index",
      nodeOf(list(TType.STRING, text("a"), text("b")), protocol),
      [0, 1, -0],
      ['"a"', '"b"', '"a"'],
    ],
    [
      "0 and -0, one integer key",
      nodeOf(map(TType.I64, TType.I32, [i64(0n), i32(1)], [i64(0n), i32(2)]), protocol),
      [0, -0, 0n],
      ["1", "1", "1"],
    ],
    [
      "0 and -0, two double keys",
      nodeOf(map(TType.DOUBLE, TType.I32, [double(-0), i32(1)], [double(0), i32(2)]), protocol),
      [0, -0],
      ["2", "1"],
    ],
    [
      "the forms of a uuid",
      nodeOf(map(TType.UUID, TType.I32, [uuid(UUID_BYTES), i32(1)]), protocol),
      [UUID_BYTES, UUID_TEXT, UUID_TEXT.toUpperCase()],
      ["1", "1", "1"],
    ],
    [
      "many i64 keys",
      nodeOf(map(TType.I64, TType.I32, [i64(2n ** 53n + 1n), i32(1)], [i64(2n ** 53n), i32(2)]), protocol),
      [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n],
      ["2", "1", undefined],
    ],
    [
      "a text and the bytes of an id",
      nodeOf(map(TType.STRING, TType.I32, [text("#1"), i32(1)], [text("1"), i32(2)]), protocol),
      ["1", "#1", hex`31`],
      ["2", "1", "2"],
    ],
    [
      "names of Object.prototype",
      nodeOf(map(TType.STRING, TType.I32, [text("__proto__"), i32(1)]), protocol),
      ["constructor", "__proto__"],
      [undefined, "1"],
    ],
  ])("%s", (_name, node, paths, expected) => {
    expect(node.getMany(paths).map(show)).toEqual(expected);
    expectManyLikeOne(node, paths);
  });

  it("gives the first of repeated fields and keys", () => {
    const repeated = map(
      TType.STRING,
      TType.I32,
      [text("k"), i32(1)],
      [text("k"), i32(2)],
      [text("l"), i32(3)],
    );
    const node = nodeOf(struct([1, repeated], [2, text("x")], [1, struct()], [2, text("y")]), protocol);
    expect(node.getMany([f(2), [f(1), "l"], [f(1), "k"]]).map(show)).toEqual(['"x"', "3", "1"]);
  });

  it("takes paths from an array that it leaves as it is", () => {
    const paths = Object.freeze([[f(4), 1], f(1), [f(4), 0]].map((path) => Object.freeze(path)));
    const node = nodeOf(BASE, protocol);
    expect(node.getMany(paths as readonly Path[]).map(show)).toEqual(["2", "1", "1"]);
  });

  it("throws like get for a path of another kind than the data, whichever place it has", () => {
    const node = nodeOf(BASE, protocol);
    const error = { code: "TYPE_MISMATCH", path: "#4", offset: node.get(f(4))!.start } as const;
    expectThriftError(() => node.getMany([f(1), [f(4), "x"]]), error);
    expectThriftError(() => node.getMany([[f(4), "x"], f(1)]), error);
    expectThriftError(
      () =>
        node.getMany([
          [f(4), 0],
          [f(4), "x"],
        ]),
      error,
    );
    expectThriftError(() => node.getMany([f(1), [f(1), 0]]), { code: "TYPE_MISMATCH", path: "#1" });
    expectThriftError(() => node.getMany([[], "name"]), { code: "INVALID_PATH", path: "" });
  });

  it("equals many get, for every path of random messages and some that lead nowhere", () => {
    const cut = fc.record({ model: message(), picks: fc.array(fc.nat(), { minLength: 1, maxLength: 30 }) });
    fc.assert(
      fc.property(cut, ({ model: { schema, value }, picks }) => {
        const bytes = withNoise(encodeModel(schema, rootType(schema), value, protocol));
        const node = ThriftNode.from(TType.STRUCT, bytes, { protocol });
        const all = [...pathsOf(node)];
        const chosen = picks.map((pick) => all[pick % all.length]!);
        expectManyLikeOne(node, all);
        expectManyLikeOne(node, chosen);
        expectManyLikeOne(node, [...all].reverse());
      }),
      { seed: 301, numRuns: 40 },
    );
  });
});

/** Paths to all parts of a value, and behind each container one that it lacks. */
function* pathsOf(node: ThriftNode, path: readonly PathStep[] = []): Iterable<PathStep[]> {
  yield [...path];
  switch (node.type) {
    case TType.STRUCT:
      yield [...path, f(-7)];
      break;
    case TType.LIST:
    case TType.SET:
      yield [...path, node.length];
      break;
    case TType.MAP:
      break;
    default:
      return;
  }
  for (const [step, part] of node) {
    yield* pathsOf(part, [...path, step]);
  }
}

describe("what getMany looks at", () => {
  it.each<
    [
      name: string,
      protocol: Protocol,
      type: TType,
      bytes: string,
      paths: readonly Path[],
      expected: readonly string[],
    ]
  >([
    ["the last field", "binary", TType.STRUCT, "08 0001 00000007 03 0002 05 63", [f(2), f(1)], ["5", "7"]],
    ["the last field", "compact", TType.STRUCT, "15 0e 13 05 1f", [f(2), f(1)], ["5", "7"]],
    ["the last element", "binary", TType.LIST, '0b 00000002 00000001 "a" ffffffff', [0], ['"a"']],
    ["the last element", "compact", TType.LIST, '28 01 "a" ff', [0], ['"a"']],
    ["the last key", "binary", TType.MAP, "03 0b 00000002 01 00000000 02 ffffffff", [1], ['""']],
    ["the last key", "compact", TType.MAP, "02 38 01 00 02 ff", [1], ['""']],
  ])("not at corrupt bytes behind %s: %s", (_name, protocol, type, bytes, paths, expected) => {
    expect(noisyNode(type, hex(bytes), protocol).getMany(paths).map(show)).toEqual(expected);
  });

  it.each(PROTOCOLS)("at all of a value that many paths go into, unlike get: %s", (protocol) => {
    const bytes = protocol === "binary" ? "0c 0001 08 0001 00000007 63" : "1c 15 0e 1f";
    const node = noisyNode(TType.STRUCT, hex(bytes), protocol);
    expect(node.get([f(1), f(1)])!.asNumber()).toBe(7);
    expectThriftError(() => node.getMany(repeat([[f(1), f(1)]], node)), { code: "INVALID_TYPE" });
  });

  it.each(PROTOCOLS)("no paths: at nothing: %s", (protocol) => {
    const node = noisyNode(TType.STRUCT, hex`63`, protocol);
    expect(node.getMany([])).toEqual([]);
    expect(node.getMany([[]])[0]!.size).toBe(1);
  });

  it.each(PROTOCOLS)("sets of many paths: %s", (protocol) => {
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    const node = nodeOf(
      struct(
        [1, list(TType.I32, ...numbers.map(i32))],
        [2, set(TType.STRING, ...numbers.map((each) => text(`s${each}`)))],
        [3, map(TType.I32, TType.I32, ...numbers.map((each) => [i32(each), i32(-each)] as const))],
      ),
      protocol,
    );
    const paths = numbers.reverse().flatMap((each): Path[] => [
      [f(3), each],
      [f(1), each],
      [f(2), each],
    ]);
    expect(node.getMany(paths).map(show)).toEqual(
      numbers.flatMap((each) => [each === 0 ? "0" : `-${each}`, String(each), `"s${each}"`]),
    );
  });
});
