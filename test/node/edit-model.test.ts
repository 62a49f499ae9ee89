import { describe, expect, it } from "vitest";
import { ThriftError } from "../../src/errors.ts";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import type { Path, PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { toHex } from "../support/bytes.ts";
import { createRandom, type Random } from "../support/random.ts";
import {
  deleteIn,
  encodedIn,
  getIn,
  type ModelStep,
  Refused,
  randomPath,
  randomPlain,
  setIn,
} from "./model.ts";
import { encode, leavesUntouched, nodeOf, type Plain, PROTOCOLS, show } from "./plain.ts";

const RUNS = 400;
const EDITS = 5;

const stepsOf = (path: readonly ModelStep[]): Path => path.map(({ step }) => step);

/** A value with a random path into it, and a random value to put there: often of the type that is there. */
function randomPut(
  random: Random,
  value: Plain,
  protocol: Protocol,
): { path: ModelStep[]; put: Plain; node: ThriftNode } {
  const path = randomPath(random, value, protocol);
  const parent = attempt(() => getIn(value, path.slice(0, -1)));
  const there = attempt(() => getIn(value, path));
  let type = there instanceof Refused ? undefined : there?.type;
  if (type === undefined && parent !== undefined && !(parent instanceof Refused)) {
    if ("elements" in parent) type = parent.elementType;
    else if ("entries" in parent) type = parent.valueType;
  }
  const made = random.chance(0.05) || !type ? randomPlain(random, 2) : randomPlain(random, 2, type);
  const from = random.chance(0.2) ? other(protocol) : protocol;
  return { path, put: encodedIn(from, made), node: nodeOf(made, from) };
}

function other(protocol: Protocol): Protocol {
  return protocol === "binary" ? "compact" : "binary";
}

/** What `fn` gives, or the error with which the model or the library refuses; other errors are thrown. */
function attempt<T>(fn: () => T): T | Refused {
  try {
    return fn();
  } catch (error) {
    if (error instanceof Refused) return error;
    if (error instanceof ThriftError) return new Refused(error.code);
    throw error;
  }
}

/** An outcome for comparison. */
function plainly(outcome: unknown): unknown {
  return outcome instanceof Refused ? `refused: ${outcome.code}` : outcome;
}

function expectValue(node: ThriftNode, value: Plain, context: string): void {
  node.validate();
  const expected = encode(value, node.protocol);
  if (Buffer.compare(node.bytes, expected) !== 0) {
    expect(`${context} gave ${show(node)}`).toBe(`${context} gave ${show(nodeOf(value, node.protocol))}`);
    expect(toHex(node.bytes)).toBe(toHex(expected));
  }
}

/** Runs `check` on random values; the message of a failure has the seed and the run, and the value. */
function forRandomValues(
  seed: number,
  protocol: Protocol,
  check: (random: Random, value: Plain, node: ThriftNode) => void,
): void {
  for (let run = 0; run < RUNS; run++) {
    const random = createRandom(seed + run);
    const value = randomPlain(random, 3, random.chance(0.8) ? TType.STRUCT : undefined);
    const node = nodeOf(value, protocol);
    try {
      leavesUntouched(node.source, () => check(random, value, node));
    } catch (error) {
      (error as Error).message += `\nin run ${run} on ${show(nodeOf(value, protocol))}`;
      throw error;
    }
  }
}

describe.each(PROTOCOLS)("edits against a model: %s", (protocol) => {
  it("get and has", () => {
    forRandomValues(1000, protocol, (random, value, node) => {
      for (let i = 0; i < EDITS; i++) {
        const path = randomPath(random, value, protocol);
        const expected = attempt(() => getIn(value, path));
        const found = attempt(() => node.get(stepsOf(path)));
        if (expected instanceof Refused || found instanceof Refused) {
          expect(plainly(found)).toBe(plainly(expected));
        } else {
          expect(show(found)).toBe(expected && show(nodeOf(expected, protocol)));
          expect(node.has(stepsOf(path))).toBe(expected !== undefined);
        }
      }
    });
  });

  it("set and delete, one after another", () => {
    let edits = 0;
    forRandomValues(2000, protocol, (random, start, node) => {
      let value = start;
      for (let i = 0; i < EDITS; i++) {
        const { path, put, node: putNode } = randomPut(random, value, protocol);
        const isPut = random.chance(0.6);
        if (!isPut && path.length === 0) continue;
        const { source } = node;
        const context = `${isPut ? "set" : "delete"} ${path.map(({ step }) => JSON.stringify(step, replacer))}`;
        const expected = attempt(() =>
          isPut ? setIn(value, path, put, protocol) : deleteIn(value, path, protocol),
        );
        const found = attempt(() => (isPut ? node.set(stepsOf(path), putNode) : node.delete(stepsOf(path))));
        expect(plainly(found), context).toBe(
          expected instanceof Refused ? plainly(expected) : expected.found,
        );
        if (expected instanceof Refused || (!isPut && !expected.found)) {
          expect(node.source === source, `${context} must change nothing`).toBe(true);
        } else {
          value = expected.value;
          edits++;
        }
        expectValue(node, value, context);
      }
    });
    // The paths are good for something.
    expect(edits).toBeGreaterThan(RUNS * 2);
  });

  it("setMany is set after set", () => {
    let compared = 0;
    forRandomValues(3000, protocol, (random, start, node) => {
      const entries: { path: ModelStep[]; put: Plain; node: ThriftNode }[] = [];
      let value: Plain | Refused = start;
      let sequence = nodeOf(start, protocol);
      let isShrinking = false;
      for (let i = random.int(1, 6); i > 0; i--) {
        const entry = randomPut(random, value instanceof Refused ? start : value, protocol);
        const before: Plain | Refused = value;
        entries.push(entry);
        if (before instanceof Refused) continue;
        const next: ReturnType<typeof setIn> | Refused = attempt(() =>
          setIn(before, entry.path, entry.put, protocol),
        );
        value = next instanceof Refused ? next : next.value;
        if (next instanceof Refused) continue;
        sequence.set(stepsOf(entry.path), entry.node);
        isShrinking ||= countElements(next.value) < countElements(before) && entry.path.length > 0;
      }
      // A later put makes up for an earlier one that could not be; indices of sets that lose elements shift.
      const paths = entries.map(({ path }) => nameOf(stepsOf(path)));
      const isCovered = paths.some((path, index) =>
        paths.slice(index + 1).some((later) => path.startsWith(later)),
      );
      if (isShrinking || (value instanceof Refused && isCovered)) return;
      const outcome = attempt(() =>
        node.setMany(entries.map(({ path, node: put }) => [stepsOf(path), put] as const)),
      );
      compared++;
      if (value instanceof Refused) {
        expect(outcome instanceof Refused).toBe(true);
        sequence = nodeOf(start, protocol);
      }
      expectValue(node, value instanceof Refused ? start : value, `setMany ${paths.join(" ")}`);
      expect(Buffer.compare(node.bytes, sequence.bytes)).toBe(0);
    });
    expect(compared).toBeGreaterThan(RUNS / 2);
  });

  it("deleteMany removes all places at once and counts them", () => {
    forRandomValues(4000, protocol, (random, value, node) => {
      const paths = Array.from({ length: random.int(1, 6) }, () => randomPath(random, value, protocol));
      const isOdd = paths.some(
        (path) => path.length === 0 || attempt(() => deleteIn(value, path, protocol)) instanceof Refused,
      );
      if (isOdd || paths.some((path) => goesIntoSet(value, path))) return;
      // One for each place, those inside of others left out, in an order in which no index shifts.
      const byName = new Map(paths.map((path) => [nameOf(stepsOf(path)), path]));
      const names = [...byName.keys()].filter(
        (name) => ![...byName.keys()].some((outer) => outer !== name && name.startsWith(outer)),
      );
      const places = names.map((name) => byName.get(name)!).sort(byFallingIndex);
      let expected = value;
      let count = 0;
      for (const path of places) {
        const outcome = deleteIn(expected, path, protocol);
        expected = outcome.value;
        if (outcome.found) count++;
      }
      const context = `deleteMany ${[...byName.keys()].join(" ")}`;
      expect(node.deleteMany(paths.map(stepsOf)), context).toBe(count);
      expectValue(node, expected, context);
    });
  });
});

/** The same text for the same steps, and a prefix of that of the paths that go on from there. */
function nameOf(path: Path): string {
  return (path as readonly PathStep[]).map((step) => `${JSON.stringify(step, replacer)}/`).join("");
}

function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    const text = new TextDecoder().decode(value);
    return text.includes("\ufffd") ? `0x${toHex(value)}` : text;
  }
  if (Object.is(value, -0)) return { zero: "negative" };
  return typeof value === "bigint" ? Number(value) : value;
}

function byFallingIndex(a: readonly ModelStep[], b: readonly ModelStep[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [nameOf([a[i]!.step]), nameOf([b[i]!.step])];
    if (left === right) continue;
    const difference = Number.parseFloat(right) - Number.parseFloat(left);
    return Number.isNaN(difference) || difference === 0 ? (left < right ? 1 : -1) : difference;
  }
  return 0;
}

function goesIntoSet(value: Plain, path: readonly ModelStep[]): boolean {
  return path.some(
    (_, index) => getIn(value, path.slice(0, index))?.type === TType.SET && index < path.length - 1,
  );
}

/** Elements of all sets in a value. */
function countElements(value: Plain): number {
  const within = (parts: readonly Plain[]): number =>
    parts.reduce((sum, part) => sum + countElements(part), 0);
  if ("fields" in value) return within(value.fields.map(([, part]) => part));
  if ("entries" in value) return within(value.entries.map(([, part]) => part));
  if (!("elements" in value)) return 0;
  return (value.type === TType.SET ? value.elements.length : 0) + within(value.elements);
}
