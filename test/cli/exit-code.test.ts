import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT_CODE_HELP, ExitCode, exitCodeOfSignal } from "../../src/cli/exit-code.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAIN = readFileSync(join(ROOT, "src/cli/main.ts"), "utf8");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** Those that the program catches. */
const SIGNALS = (MAIN.match(/"SIG[A-Z]+"/g) ?? []).map((name) => JSON.parse(name) as NodeJS.Signals);
const ALL = [...Object.values(ExitCode), ...SIGNALS.map(exitCodeOfSignal)].sort((a, b) => a - b);

const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

describe("every exit code", () => {
  it("is in README.md", () => {
    const [, table = ""] = /^\| exit code \|.*\n((?:\|.*\n)*)/m.exec(README) ?? [];
    const codes = [...table.matchAll(/^\| ([\d, ]+) \|/gm)].map(([, cell = ""]) => cell);
    expect(codes.flatMap(numbersIn)).toEqual(ALL);
  });

  it("is in the help", () => {
    const starts = [...EXIT_CODE_HELP.matchAll(/^ {2}(\d[\d, ]*?) {2}/gm)].map(([, codes = ""]) => codes);
    expect(starts.flatMap(numbersIn)).toEqual(ALL);
  });

  it("of a signal is what shells expect", () => {
    expect(SIGNALS.map((signal) => [signal, exitCodeOfSignal(signal)])).toEqual([
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ]);
  });
});
