import { describe, expect, it } from "vitest";
import { expectation } from "../../src/node/check.ts";
import { type CompiledPath, compiledPathOf } from "../../src/path/compiled-path.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { checkEdit, checkFails, checkNothing } from "./check-edit.ts";
import { BASE, i32, i64, list, map, nodeOf, noisyNode, PROTOCOLS, show, struct, text } from "./plain.ts";

const f = fieldId;

/** A path with what the data must be behind each step, and the names that messages show. */
function expecting(...steps: [step: PathStep, name: string, type: TType, keyType?: TType][]): CompiledPath {
  return compiledPathOf(
    {
      steps: steps.map(([step]) => step),
      expected: steps.map(([, , type, keyType]) => expectation(type, keyType)),
      shown: steps.map(([, name]) => name),
      types: [],
      target: undefined,
    },
    undefined,
  );
}

const inner = expecting([f(3), "inner", TType.STRUCT], [f(1), "x", TType.I32]);
const second = expecting([f(4), "numbers", TType.LIST], [1, "second", TType.I32]);
const key = expecting([f(5), "byKey", TType.MAP], ["k2", "k2", TType.I32, TType.STRING]);

describe.each(PROTOCOLS)("paths that tell what the data must be: %s", (protocol) => {
  it("lead to data that is so", () => {
    const node = nodeOf(BASE, protocol);
    const paths = [inner, second, key, expecting([f(99), "none", TType.I32])];
    expect(paths.map((path) => show(node.get(path)))).toEqual(["7", "2", "2", undefined]);
    expect(node.getMany(paths).map(show)).toEqual(["7", "2", "2", undefined]);
    checkEdit(
      nodeOf(struct([3, struct()]), protocol),
      (each) => each.set(inner, nodeOf(i32(1), protocol)),
      struct([3, struct([1, i32(1)])]),
    );
    checkEdit(
      nodeOf(struct([3, struct([1, i32(1)])]), protocol),
      (each) => each.delete(inner),
      struct([3, struct()]),
    );
  });

  it.each<[name: string, path: CompiledPath, where: string, at: PathStep[]]>([
    ["a field", expecting([f(1), "a", TType.I64]), "a", [f(1)]],
    ["a bool field", expecting([f(15), "bo", TType.I32]), "bo", [f(15)]],
    ["a field on the way", expecting([f(3), "inner", TType.MAP], ["k", "k", TType.I32]), "inner", [f(3)]],
    [
      "a field inside",
      expecting([f(3), "inner", TType.STRUCT], [f(1), "x", TType.STRING]),
      "inner.x",
      [f(3), f(1)],
    ],
    [
      "map values",
      expecting([f(5), "byKey", TType.MAP], ["k1", "k1", TType.I64, TType.STRING]),
      "byKey",
      [f(5)],
    ],
    [
      "map values of a key that is not there",
      expecting([f(5), "byKey", TType.MAP], ["z", "z", TType.I64]),
      "byKey",
      [f(5)],
    ],
    ["map keys", expecting([f(6), "byId", TType.MAP], [5, "5", TType.STRING, TType.I64]), "byId", [f(6)]],
    [
      "elements behind the end",
      expecting([f(4), "numbers", TType.LIST], [9, "ninth", TType.I64]),
      "numbers",
      [f(4)],
    ],
  ])("refuse other types: %s", (_name, path, where, at) => {
    const node = nodeOf(BASE, protocol);
    const expected = { code: "TYPE_MISMATCH", path: where, offset: node.get(at)!.start } as const;
    expectThriftError(() => node.get(path), expected);
    expectThriftError(() => node.getMany([f(1), path]), expected);
  });

  it("refuse other types where they edit", () => {
    const string = nodeOf(text("x"), protocol);
    const error = { code: "TYPE_MISMATCH" } as const;
    checkFails(nodeOf(struct([3, i32(1)]), protocol), (node) => node.delete(inner), {
      ...error,
      path: "inner",
    });
    checkFails(nodeOf(struct([3, struct([1, i64(1n)])]), protocol), (node) => node.delete(inner), {
      ...error,
      path: "inner.x",
    });
    checkFails(nodeOf(struct([3, struct()]), protocol), (node) => node.set(inner, string), {
      ...error,
      path: "inner.x",
    });
    const wrongKeys = struct([5, map(TType.I32, TType.I32, [i32(1), i32(1)])]);
    checkFails(nodeOf(wrongKeys, protocol), (node) => node.delete(key), { ...error, path: "byKey" });
    const wrongElements = struct([4, list(TType.STRING, text("a"), text("b"))]);
    checkFails(nodeOf(wrongElements, protocol), (node) => node.delete(second), { ...error, path: "numbers" });
  });

  it("tell an empty container its types", () => {
    const path = expecting([f(5), "byKey", TType.MAP], [7, "7", TType.I64, TType.I16]);
    const untyped = protocol === "binary" ? "0d 0005 00 00 00000000 00" : "5b 00 00";
    const node = noisyNode(TType.STRUCT, hex(untyped), protocol);
    expect(node.get(path)).toBeUndefined();
    expect(checkNothing(node, (each) => each.delete(path))).toBe(false);
    checkFails(node, (each) => each.set(path, nodeOf(i32(1), protocol)), {
      code: "TYPE_MISMATCH",
      path: 'byKey["7"]',
    });
    const entry = [{ type: TType.I16, value: 7 }, i64(1n)] as const;
    checkEdit(
      node,
      (each) => each.set(path, nodeOf(i64(1n), protocol)),
      struct([5, map(TType.I16, TType.I64, entry)]),
    );
    // Also when it has declared others.
    const element = expecting([f(4), "numbers", TType.LIST], [0, "first", TType.I64]);
    const empty = nodeOf(struct([4, list(TType.STRING)]), protocol);
    expect(empty.get(element)).toBeUndefined();
    checkEdit(
      empty,
      (each) => each.set(element, nodeOf(i64(1n), protocol)),
      struct([4, list(TType.I64, i64(1n))]),
    );
  });
});
