import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import type { DomNode } from "../../src/dom/dom-node.ts";
import { bytesIn } from "../../src/node/transcode.ts";
import type { PathStep } from "../../src/path/step.ts";
import type { SetOptions } from "../../src/value/edit-options.ts";
import { compilePath } from "../../src/value/route.ts";
import type { Value } from "../../src/value/value.ts";
import { type MessageModel, message, valueModel } from "../support/arbitraries.ts";
import { toHex } from "../support/bytes.ts";
import { decodeWithNpmThrift } from "../support/npm-thrift.ts";
import { createRandom, type Random } from "../support/random.ts";
import { rootType } from "../support/schema.ts";
import { PROTOCOLS } from "../value/fixtures.ts";
import { plainOf, randomPath, structOfModel, valueOfModel } from "../value/random-message.ts";
import { errorOf } from "./fixtures.ts";

const RUNS = 40;
const EDITS = 8;

interface Edit {
  readonly path: PathStep[];
  /** Absent: what is there is removed. */
  readonly value?: { readonly js: unknown };
  readonly options?: SetOptions | undefined;
}

const OPTIONS: readonly (SetOptions | undefined)[] = [
  undefined,
  { missing: "skip" },
  { createParents: true },
];

/** Edits at places of the message as it has been; most of them are still there when their turn comes. */
function randomEdits(random: Random, model: MessageModel, protocol: (typeof PROTOCOLS)[number]): Edit[] {
  const { schema } = model;
  const edits: Edit[] = [];
  for (let i = 0; i < EDITS; i++) {
    const { steps: path, type } = randomPath(random, model, protocol);
    if (path.length === 0) continue;
    if (random.chance(0.3)) {
      edits.push({ path });
    } else {
      const [value] = fc.sample(valueModel(schema, type), { numRuns: 1, seed: random.int(0, 1e9) });
      const js = plainOf(schema, type, value!);
      edits.push({ path, value: { js }, options: random.pick(OPTIONS) });
    }
  }
  return edits;
}

/** What came out of an edit: what it has returned, or its error. */
function outcome(act: () => unknown): unknown {
  let error: ReturnType<typeof errorOf>;
  try {
    return act();
  } catch {
    error = errorOf(act);
  }
  return [error.code, error.path];
}

/** The bytes in binary: compact has two forms of field headers, of which a document keeps those that it has. */
function content(value: Value): string {
  return toHex(bytesIn(value.node, "binary"));
}

/** The edit by way of the nodes around the place, or of its own node. */
function editByNodes(root: DomNode, { path, value, options }: Edit, random: Random): boolean {
  const node = root.get(path);
  if (node !== undefined && random.chance(0.5)) {
    if (value === undefined) node.remove({ required: "remove" });
    else node.replace(value.js);
    return true;
  }
  const parent = random.int(0, path.length - 1);
  const holder = root.get(path.slice(0, parent));
  const rest = path.slice(parent);
  if (holder === undefined) {
    return value === undefined
      ? root.delete(path, { required: "remove" })
      : root.set(path, value.js, options);
  }
  return value === undefined
    ? holder.delete(rest, { required: "remove" })
    : holder.set(rest, value.js, options);
}

describe.each(PROTOCOLS)("random edits of random messages in %s", (protocol) => {
  const check = (seed: number, property: (model: MessageModel, random: Random) => void): void => {
    const models = fc.tuple(message(), fc.integer({ min: 0, max: 2 ** 31 }));
    fc.assert(
      fc.property(models, ([model, own]) => property(model, createRandom(own))),
      { seed, numRuns: RUNS },
    );
  };

  it("Dom, Value, and Dom by its nodes do the same", () => {
    let done = 0;
    check(51, (model, random) => {
      const type = structOfModel(model.schema);
      const value = valueOfModel(model, type, protocol);
      const before = toHex(value.bytes);
      using dom = Dom.load(value, { depth: random.pick([0, 1, 2, 99]) });
      using nodes = Dom.load(value, { depth: random.pick([0, 1, 2, 99]) });
      const original = value.node;
      for (const edit of randomEdits(random, model, protocol)) {
        const { path, value: put } = edit;
        // Value takes an element that an edit inside has made equal to another one out of its set at once.
        const { types } = compilePath(type, path);
        if (types.slice(0, -2).some(({ kind }) => kind === "set")) continue;
        const wanted = outcome(() =>
          put === undefined
            ? value.delete(path, { required: "remove" })
            : value.set(path, put.js, edit.options),
        );
        const got = outcome(() =>
          put === undefined
            ? dom.root.delete(path, { required: "remove" })
            : dom.root.set(path, put.js, edit.options),
        );
        expect(got).toEqual(wanted);
        const byNodes = outcome(() => editByNodes(nodes.root, edit, random));
        if (typeof wanted === "boolean") expect(byNodes).toBe(wanted);
        else expect((byNodes as unknown[])[0]).toBe((wanted as unknown[])[0]);
        if (wanted === true) done++;
        expect(dom.root.toJS()).toEqual(value.toJS());
      }
      expect(content(dom.toValue())).toBe(content(value));
      expect(content(nodes.toValue())).toBe(content(value));
      value.validate();
      // npm thrift reads what is in the document.
      const root = rootType(model.schema);
      const theirs = decodeWithNpmThrift(model.schema, root, dom.toBytes(), protocol);
      expect(plainOf(model.schema, root, theirs)).toEqual(dom.root.toJS());
      expect(toHex(original.bytes)).toBe(before);
    });
    expect(done).toBeGreaterThan(RUNS);
  });

  it("lists, sets and maps: Dom and plain arrays do the same, however much has been loaded", () => {
    let done = 0;
    check(52, (model, random) => {
      const type = structOfModel(model.schema);
      const value = valueOfModel(model, type, protocol);
      const depths = [0, 1, 2, 99];
      const doms = depths.map((depth) => Dom.load(value, { depth }));
      for (let i = 0; i < EDITS; i++) {
        const seed = random.int(0, 2 ** 31);
        const results = doms.map((dom) => rearrange(dom, createRandom(seed)));
        if (results[0] === true) done++;
        expect(new Set(results).size).toBe(1);
      }
      const [bytes, ...others] = doms.map((dom) => toHex(dom.toBytes()));
      for (const other of others) expect(other).toBe(bytes);
      const again = doms[0]!.toValue();
      again.validate();
      expect(again.toJS()).toEqual(doms[3]!.root.toJS());
      for (const dom of doms) dom[Symbol.dispose]();
    });
    expect(done).toBeGreaterThan(RUNS);
  });
});

/** Does something with one of the containers of a document and with its elements as an array; `false`: it has none. */
function rearrange(dom: Dom, random: Random): boolean {
  const containers = dom.root.findAll(({ descriptor }) => ["list", "set", "map"].includes(descriptor.kind));
  if (containers.length === 0) return false;
  const node = random.pick(containers);
  const elements = (): unknown[] => node.children.map((child) => child.toBytes().join());
  const expected = elements();
  const { length } = expected;
  const isMap = node.descriptor.kind === "map";
  const isSet = node.descriptor.kind === "set";
  const index = random.int(0, Math.max(0, length - 1));
  const to = random.int(0, Math.max(0, length - 1));
  const act = random.int(0, 6);
  if (act === 0) {
    expect(node.filter((_, i) => i !== index)).toBe(length === 0 ? 0 : 1);
    expected.splice(index, 1);
  } else if (act === 1) {
    node.sort((a, b) => (a.toBytes().join() < b.toBytes().join() ? -1 : 1));
    expected.sort((a, b) => (a! < b! ? -1 : 1));
  } else if (act === 2 && !isMap && length > 0) {
    node.move(index, to);
    expected.splice(to, 0, ...expected.splice(index, 1));
  } else if (act === 3 && !isMap && length > 0) {
    node.push(node.children[index]);
    if (!isSet) expected.push(expected[index]);
  } else if (act === 4 && !isMap && length > 0) {
    node.insert(to, node.children[index]!.toValue());
    if (!isSet) expected.splice(to, 0, expected[index]);
  } else if (act === 5) {
    node.append(node);
    if (!isMap && !isSet) expected.push(...expected);
  } else if (length > 0) {
    node.children[index]!.remove();
    expected.splice(index, 1);
  }
  expect(elements()).toEqual(expected);
  expect(node.length).toBe(expected.length);
  return true;
}
