import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";

// Hints walk over all names that exist, so their number decides how long many problems take. Files of one worker share
// modules: those here are loaded anew, with the counter, and left to nobody.
vi.resetModules();
vi.doMock("../../src/hint.ts", { spy: true });
const { withHint } = await import("../../src/hint.ts");
const { parseIdl } = await import("../../src/idl/idl.ts");
const { idlErrorOf, summaries, warningsOf } = await import("./problems.ts");

beforeEach(() => {
  vi.mocked(withHint).mockClear();
});

afterAll(() => {
  vi.doUnmock("../../src/hint.ts");
  vi.resetModules();
});

const MANY = 500;
const many = (item: (index: number) => string, separator = "\n"): string =>
  Array.from({ length: MANY }, (_, index) => item(index)).join(separator);

describe("500 problems of one kind: 100 are described, and no hint is looked for in vain", () => {
  test.each<[name: string, source: string, last: string]>([
    [
      "unknown types",
      many((i) => `struct Name${i} { 1: Nam${i} f }`),
      "100:20 there is no type `Nam99`; did you mean `Name9`?",
    ],
    [
      "unknown services",
      many((i) => `service Service${i} extends Servcie${i} {}`),
      "100:27 there is no service `Servcie99`; did you mean `Service99`?",
    ],
    [
      "unknown constants",
      `const i32 LIMIT = 1\nconst list<i32> L = [\n${many(() => "LIMTI")}]`,
      "102:1 there is no constant `LIMTI`; did you mean `LIMIT`?",
    ],
    [
      "unknown members of an enum",
      `enum E { LIMIT }\nconst list<E> L = [\n${many(() => "E.LIMTI")}]`,
      "102:1 there is no constant or enum member `E.LIMTI`; did you mean `E.LIMIT`?",
    ],
    [
      "members of another enum",
      `enum E { LIMIT }\nenum F { LIMITS }\nconst list<E> L = [\n${many(() => "F.LIMITS")}]`,
      "103:1 `LIMITS` is a member of enum `F`, not of `E`",
    ],
    [
      "unknown keys of a struct",
      `struct S { 1: i32 limit }\nconst S L = {\n${many(() => '"limti": 1')}}`,
      "102:1 struct `S` has no field `limti`; did you mean `limit`?",
    ],
  ])("%s", (_, source, last) => {
    const { diagnostics, total } = idlErrorOf(source);
    expect(total).toBe(MANY);
    expect(diagnostics).toHaveLength(100);
    expect(summaries(diagnostics).at(-1)).toBe(last);
    expect(withHint).toHaveBeenCalledTimes(100);
  });
});

test("500 members that a constant has with its own type only: nothing is said of each", () => {
  const source = `enum E { A }\nenum F { B }\nconst list<E> L = [${many(() => "E.A", ",")}]\nconst list<F> M = L`;
  expect(summaries(idlErrorOf(source).diagnostics)).toEqual([
    "4:19 the value of `L` does not fit type list<F>; 3:15 defined here",
  ]);
  expect(withHint).not.toHaveBeenCalled();
});

describe("names in the option `methods` that no service has", () => {
  const source = "service S { void method() }";
  const message = "1:1 no service has the method `methdo` that the option `methods` names";
  const hint = "; did you mean `method`?";

  test.each<[count: number, hinted: number, bare: number]>([
    [1, 1, 0],
    [100, 100, 0],
    [101, 100, 1],
    [3000, 100, 900],
  ])("%d: %d have a hint, %d more are described", (count, hinted, bare) => {
    const warnings = warningsOf(source, { methods: Array(count).fill("methdo") });
    expect(warnings).toEqual([...Array(hinted).fill(message + hint), ...Array(bare).fill(message)]);
    expect(withHint).toHaveBeenCalledTimes(hinted);
  });

  test("other warnings in front do not use the hints up", () => {
    const aliases = many((i) => `x${i} = 1`, ", ");
    const warnings = warningsOf(`enum E { ${aliases} }\n${source}`, { methods: ["methdo"] });
    expect(warnings).toContain(message + hint);
  });
});

test("names that all exist: no hint is looked for", () => {
  parseIdl(`enum E { A }\nconst E C = E.A\nstruct S { 1: E e = C }\nservice V { S m() }`, { methods: ["m"] });
  expect(withHint).not.toHaveBeenCalled();
});
