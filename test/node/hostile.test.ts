import { describe, expect, it, vi } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path, type PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { hex, truncationsOf } from "../support/bytes.ts";
import { createRandom } from "../support/random.ts";
import { randomPlain } from "./model.ts";
import {
  BASE,
  bool,
  encode,
  i32,
  i64,
  leavesUntouched,
  list,
  map,
  nodeOf,
  noisyNode,
  type Plain,
  PROTOCOLS,
  set,
  struct,
  text,
  UUID_BYTES,
  uuid,
} from "./plain.ts";

const f = fieldId;

/** Something of everything, nested. */
const MESSAGES: readonly Plain[] = [
  BASE,
  struct(
    [1, list(TType.STRUCT, struct([1, bool(true)], [2, text("a")]), struct([40, i64(-1n)]))],
    [2, map(TType.I64, TType.LIST, [i64(7n), list(TType.STRING, text("x"), text("yz"))])],
    [3, map(TType.STRUCT, TType.BOOL, [struct([1, i32(1)]), bool(false)])],
    [4, set(TType.SET, set(TType.I32, i32(1), i32(300)), set(TType.I32))],
    [20, uuid(UUID_BYTES)],
    [
      21,
      map(TType.STRING, TType.MAP, [text("k"), map(TType.BOOL, TType.UUID, [bool(true), uuid(UUID_BYTES)])]),
    ],
  ),
  list(TType.LIST, list(TType.I32, i32(1)), list(TType.I32), list(TType.I32, i32(2), i32(3))),
];

/** Paths into the value, all that there are. */
function pathsOf(node: ThriftNode, path: readonly PathStep[] = [], found: PathStep[][] = []): PathStep[][] {
  const isContainer = [TType.STRUCT, TType.LIST, TType.SET, TType.MAP].some((type) => type === node.type);
  for (const [step, part] of isContainer ? node : []) {
    found.push([...path, step]);
    pathsOf(part, [...path, step], found);
  }
  return found;
}

interface Target {
  readonly type: TType;
  readonly bytes: Uint8Array;
  readonly paths: readonly Path[];
  /** For each path a value of the type that is there, and one of another type. */
  readonly values: readonly ThriftNode[];
}

function targetOf(plain: Plain, protocol: Protocol): Target {
  const node = nodeOf(plain, protocol);
  const paths = pathsOf(node);
  return {
    type: plain.type,
    bytes: encode(plain, protocol),
    paths,
    values: paths.map((path) => node.get(path)!.detach()),
  };
}

/** How many operations ended in an error, and how many did not. */
interface Counts {
  failed: number;
  done: number;
}

/** Runs an operation that may end in an error of the library, and in no other. */
function may(counts: Counts, run: () => unknown): void {
  try {
    run();
    counts.done++;
  } catch (error) {
    if (!isThriftError(error)) throw error;
    counts.failed++;
  }
}

/** Everything that one does with a node, on bytes that may be anything. What edits give must be as good as the input. */
function tryAll(
  { type, paths, values }: Target,
  bytes: Uint8Array,
  protocol: Protocol,
  turn: number,
  counts: Counts,
): void {
  const node = noisyNode(type, bytes, protocol);
  const fresh = (): ThriftNode => node.get([])!;
  leavesUntouched(node.source, () => {
    let isValid = true;
    try {
      node.validate();
    } catch {
      isValid = false;
    }
    may(counts, () => walk(node, 0));
    may(counts, () => node.getMany(paths));
    const index = turn % paths.length;
    const path = paths[index]!;
    const value = values[index]!;
    may(counts, () => node.get(path)?.toBytes());
    const edits: ((node: ThriftNode) => unknown)[] = [
      (each) => each.set(path, value),
      (each) => each.delete(path),
      (each) => each.set(paths[(turn * 7) % paths.length]!, values[(turn * 3) % values.length]!),
      (each) =>
        each.setMany(
          [paths[index]!, paths[(index + 1) % paths.length]!].map(
            (other, i) => [other, values[(index + i) % values.length]!] as const,
          ),
        ),
      (each) => each.deleteMany([path, ...paths.slice(0, 3)]),
      (each) =>
        each.set(path, ThriftNode.of(value.type, value, protocol === "binary" ? "compact" : "binary")),
    ];
    // Two of them, in turns.
    for (const edit of [edits[turn % edits.length]!, edits[(turn + 3) % edits.length]!]) {
      const edited = fresh();
      may(counts, () => edit(edited));
      if (isValid) edited.validate();
    }
  });
}

/** Reads all that there is, by each way to iterate. */
function walk(node: ThriftNode, depth: number): void {
  switch (node.type) {
    case TType.STRUCT:
    case TType.LIST:
    case TType.SET:
      for (const [, part] of node) walk(part, depth + 1);
      return;
    case TType.MAP:
      for (const [key, value] of node.pairs()) {
        walk(key, depth + 1);
        walk(value, depth + 1);
      }
      for (const _ of node.keys());
      return;
    case TType.BOOL:
      return void node.asBoolean();
    case TType.STRING:
    case TType.UUID:
      node.asBytes();
      return void node.asString();
    default:
      node.type === TType.I64 ? node.asBigInt() : node.asNumber();
  }
}

const RUNS = 1500;

describe.each(PROTOCOLS)("damaged messages give our errors and nothing else: %s", (protocol) => {
  const targets = MESSAGES.map((plain) => targetOf(plain, protocol));

  it("every truncation", () => {
    const counts = { failed: 0, done: 0 };
    for (const target of targets) {
      for (const [turn, bytes] of truncationsOf(target.bytes).entries())
        tryAll(target, bytes, protocol, turn, counts);
    }
    expect(counts.failed).toBeGreaterThan(counts.done);
  });

  it("changed bytes", () => {
    const counts = { failed: 0, done: 0 };
    for (let run = 0; run < RUNS; run++) {
      const random = createRandom(7000 + run);
      const target = random.pick(targets);
      const bytes = Uint8Array.from(target.bytes);
      bytes[random.int(0, bytes.length - 1)] = random.chance(0.5)
        ? random.int(0, 255)
        : random.pick([0, 1, 2, 0x7f, 0x80, 0xff]);
      tryAll(target, bytes, protocol, run, counts);
    }
    expect(counts.failed).toBeGreaterThan(RUNS);
    expect(counts.done).toBeGreaterThan(RUNS);
  });

  it("noise of every type", () => {
    const counts = { failed: 0, done: 0 };
    for (let run = 0; run < RUNS / 3; run++) {
      const random = createRandom(8000 + run);
      const target = random.pick(targets);
      tryAll(
        { ...target, type: random.pick(Object.values(TType).filter((type) => type > TType.VOID)) },
        random.bytes(random.int(0, 24)),
        protocol,
        run,
        counts,
      );
    }
    expect(counts.failed).toBeGreaterThan(counts.done);
  });

  it("edits of random values with values of random bytes", () => {
    const counts = { failed: 0, done: 0 };
    for (let run = 0; run < RUNS / 3; run++) {
      const random = createRandom(9000 + run);
      const node = nodeOf(randomPlain(random, 3, TType.STRUCT), protocol);
      const paths = pathsOf(node);
      if (paths.length === 0) continue;
      const path = random.pick(paths);
      const type = attemptType(node, path);
      const garbage = ThriftNode.from(type, random.bytes(random.int(0, 8)), {
        protocol: random.pick(PROTOCOLS),
      });
      leavesUntouched(node.source, () => {
        may(counts, () => node.set(path, garbage));
        may(counts, () => node.getMany(paths.filter(isPath)));
        may(counts, () => walk(node, 0));
        may(counts, () => node.delete(path));
      });
    }
    expect(counts.done).toBeGreaterThan(0);
  });
});

function attemptType(node: ThriftNode, path: Path): TType {
  try {
    return node.get(path)?.type ?? TType.I32;
  } catch {
    return TType.I32;
  }
}

function isPath(path: readonly PathStep[]): boolean {
  return path.every((step) => typeof step !== "number" || Number.isFinite(step));
}

describe("sizes that a peer chose", () => {
  const huge: [name: string, protocol: Protocol, type: TType, bytes: string][] = [
    ["a list", "binary", TType.LIST, "0b 7fffffff"],
    ["a list of structs", "binary", TType.LIST, "0c 7fffffff 00"],
    ["a set", "binary", TType.SET, "03 7fffffff 00"],
    ["a map", "binary", TType.MAP, "0b 0b 7fffffff 00"],
    ["a string", "binary", TType.STRING, "7fffffff 00"],
    ["a list", "compact", TType.LIST, "f8 ffffffff07"],
    ["a set", "compact", TType.SET, "f3 ffffffff07 00"],
    ["a map", "compact", TType.MAP, "ffffffff07 33 00"],
    ["a string", "compact", TType.STRING, "ffffffff07 00"],
  ];

  it.each(huge)("2^31 − 1 in %s: nothing is allocated: %s", (_name, protocol, type, bytes) => {
    const node = noisyNode(type, hex(bytes), protocol);
    const key = type === TType.MAP ? "k" : 0;
    const value = nodeOf(text("x"), protocol);
    const before = process.memoryUsage();
    const counts = { failed: 0, done: 0 };
    for (let i = 0; i < 20; i++) {
      for (const run of [
        () => node.length,
        () => [...node],
        () => [...node.pairs()],
        () => node.get(key),
        () => node.getMany([key]),
        () => node.set(key, value),
        () => node.delete(key),
        () => node.asString(),
        () => node.validate(),
        () => ThriftNode.of(type, node, protocol === "binary" ? "compact" : "binary"),
        () => nodeOf(struct(), protocol === "binary" ? "compact" : "binary").set(f(1), node),
      ])
        may(counts, run);
    }
    expect(counts.done).toBe(0);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * 1024 * 1024);
  });

  it.each(PROTOCOLS)("no view is made of what is passed over: %s", (protocol) => {
    const length = 100_000;
    const elements = new Array<Plain>(length).fill(struct([1, text("a")]));
    const node = nodeOf(struct([1, { ...list(TType.STRUCT), elements }], [2, i32(7)]), protocol);
    const views = vi.spyOn(Uint8Array.prototype, "subarray");
    expect(node.get(f(2))!.asNumber()).toBe(7);
    expect(node.get([f(1), length - 1, f(1)])!.type).toBe(TType.STRING);
    expect(node.getMany([f(2), [f(1), length - 1]]).map((each) => each!.type)).toEqual([
      TType.I32,
      TType.STRUCT,
    ]);
    expect(node.length).toBe(2);
    expect(node.delete([f(1), length - 1])).toBe(true);
    expect(node.set([f(1), length - 2, f(2)], nodeOf(bool(true), protocol))).toBe(false);
    expect(views.mock.calls.length).toBeLessThan(30);
    views.mockRestore();
    node.validate();
  });
});
