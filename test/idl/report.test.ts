import { describe, expect, test } from "vitest";
import { parseDocument } from "../../src/idl/parser.ts";
import { type NotePlace, Reporter } from "../../src/idl/report.ts";
import type { FileScope } from "../../src/idl/symbols.ts";
import { idlErrorOf, summaries } from "./problems.ts";

const { document } = parseDocument("struct User {}", "main.thrift");
const scope: FileScope = {
  document,
  fileName: document.fileName,
  types: new Map(),
  constants: new Map(),
  services: new Map(),
  includes: new Map(),
  missingPrefixes: new Set(),
};
const span = { start: 7, end: 11 };

/** Items that count how many of them are taken. */
class Counted<T> {
  taken = 0;
  readonly #item: T;

  constructor(item: T) {
    this.#item = item;
  }

  *items(length: number): Generator<T> {
    for (let index = 0; index < length; index++) {
      this.taken++;
      yield this.#item;
    }
  }
}

describe("what explains a problem is walked only where it is kept", () => {
  test.each<[kind: "error" | "warn", problems: number, notes: number, candidates: number]>([
    ["error", 1, 10, 3],
    ["error", 100, 1000, 300],
    ["error", 101, 1000, 300],
    ["error", 5000, 1000, 300],
    ["warn", 1, 10, 3],
    ["warn", 100, 1000, 300],
    // The others are kept without a hint.
    ["warn", 101, 1010, 300],
    ["warn", 1000, 10_000, 300],
    ["warn", 5000, 10_000, 300],
  ])(
    "%s × %d, each with 500 notes and 3 candidates: %d and %d are walked",
    (kind, problems, notes, candidates) => {
      const places = new Counted<NotePlace>({ scope, span, message: "here" });
      const names = new Counted("User");
      const reporter = new Reporter();
      for (let index = 0; index < problems; index++) {
        const missing = { name: "Usr", candidates: names.items(3) };
        reporter[kind](scope, span, "wrong", { notes: places.items(500), missing });
      }
      expect([places.taken, names.taken]).toEqual([notes, candidates]);
      expect(reporter.errorCount).toBe(kind === "error" ? problems : 0);
      const [first] =
        kind === "error" ? reporter.errors(["main.thrift"]) : reporter.warnings(["main.thrift"]);
      expect(first?.message.split("\n")[0]).toBe("main.thrift:1:8: wrong; did you mean `User`?");
      expect(first?.notes).toHaveLength(10);
    },
  );
});

describe("cycles name the first ten steps behind their start", () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("\n");

  test.each<[name: string, source: string, problem: string, step: (index: number) => string]>([
    [
      "typedefs",
      `${lines(50, (i) => `typedef map<T00, T${i + 11}> T${i === 0 ? "00" : i + 10}`)}\ntypedef i32 T60`,
      "1:23 typedef `T00` stands for itself",
      (i) => `; ${i + 1}:23 through \`T${i + 10}\``,
    ],
    [
      "defaults",
      lines(20, (i) => `struct S${i + 10} { 1: S${((i + 1) % 20) + 10} f${i + 10} = {} }`),
      "1:27 the default of `f10` contains itself",
      (i) => `; ${i + 1}:21 through the default of \`f${i + 10}\``,
    ],
  ])("%s", (_, source, problem, step) => {
    const problems = summaries(idlErrorOf(source).diagnostics);
    expect(problems.at(-1)).toBe(
      problem + Array.from({ length: 10 }, (_, index) => step(index + 1)).join(""),
    );
  });
});
