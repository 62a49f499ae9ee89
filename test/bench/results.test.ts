import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const BENCH = join(import.meta.dirname, "../../bench");
const ALL_ROWS = 3;

type Length = "full" | "quick";

const folder = mkdtempSync(join(tmpdir(), "bench-results-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A result file with some of the rows. */
function results(length: Length, rowCount: number): object {
  const summary = { median: 0.5, low: 0.4, high: 0.6 };
  const rows = Array.from({ length: rowCount }, (_, i) => ({
    name: `skip/row-${i}`,
    group: "reflection",
    unit: "ns",
    baseline: "JSON.parse",
    candidates: [
      { name: "JSON.parse", ours: false, bytes: 10, median: 100, fastest: 90, rounds: 3, ratio: summary },
      { name: "dynamic-thrift", ours: true, bytes: 10, median: 50, fastest: 45, rounds: 3, ratio: summary },
    ],
    pairs: [],
    skipped: [],
  }));
  const machine = { node: "v20.0.0", cpu: "a processor", threads: 2, system: "Linux x64" };
  return {
    format: 2,
    version: "0.1.0",
    date: "2026-01-01T00:00:00Z",
    machine,
    length,
    timing: {},
    allRows: ALL_ROWS,
    rows,
  };
}

function write(name: string, content: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function run(script: string, ...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(BENCH, script), ...args], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

const QUICK = "a quick run, too noisy for conclusions";

const RUNS: readonly [what: string, length: Length, rowCount: number, gaps: string | undefined][] = [
  ["all rows", "full", 3, undefined],
  ["some rows", "full", 2, "only 2 of 3 rows"],
  ["a quick run of all rows", "quick", 3, QUICK],
  ["a quick run of some rows", "quick", 1, `only 1 of 3 rows, and ${QUICK}`],
];

/** A module of the benchmarks, which have no types. */
async function load<T>(file: string): Promise<T> {
  return (await import(/* @vite-ignore */ pathToFileURL(join(BENCH, file)).href)) as T;
}

describe("bench:report", () => {
  const incomplete = RUNS.filter(([, , , gaps]) => gaps !== undefined);

  it.each(incomplete)("refuses %s", (what, length, rowCount, gaps) => {
    const file = write(`${what}.json`, results(length, rowCount));
    const out = join(folder, what);
    const { status, output } = run("report.mjs", file, "--out", out);
    expect(output).toContain(`${file} has ${gaps}; --partial makes a report of it`);
    expect(status).toBe(1);
    expect(existsSync(out)).toBe(false);
  });

  it.each(RUNS)("says what it shows: %s", async (_what, length, rowCount, gaps) => {
    const { formatMarkdown } = await load<{
      formatMarkdown: (results: object, charts: readonly [], folder: string) => string;
    }>("report/markdown.mjs");
    const text = formatMarkdown(results(length, rowCount), [], "charts");
    if (gaps === undefined) expect(text).not.toContain("This has");
    else expect(text).toContain(`**This has ${gaps}.**`);
  });
});

describe("bench writes to a file of its own what is not complete", () => {
  it.each(RUNS)("%s", async (_what, length, rowCount, gaps) => {
    const { defaultFile } = await load<{ defaultFile: (results: object) => string }>(
      "report/result-file.mjs",
    );
    expect(basename(defaultFile(results(length, rowCount)))).toBe(
      gaps === undefined ? "bench.json" : "bench-partial.json",
    );
  });
});

describe("bench:compare", () => {
  const COMPARISONS: readonly [before: Length, after: Length, status: number, output: string][] = [
    ["full", "full", 0, "3 compared, 0 slower, 0 faster"],
    ["quick", "quick", 0, "3 compared, 0 slower, 0 faster"],
    ["quick", "full", 2, "a quick run and a full run cannot be compared"],
    ["full", "quick", 2, "a full run and a quick run cannot be compared"],
  ];
  it.each(COMPARISONS)("%s with %s", (before, after, status, output) => {
    const files = [before, after].map((length) => write(`${length}.json`, results(length, ALL_ROWS)));
    const result = run("compare.mjs", ...files);
    expect(result.output).toContain(output);
    expect(result.status).toBe(status);
  });
});

it("the published report has all the rows that the README counts", () => {
  const text = readFileSync(join(BENCH, "RESULTS.md"), "utf8");
  const [, count] = /all (\d+) rows/.exec(readFileSync(join(BENCH, "README.md"), "utf8"))!;
  expect(text.match(/^\| `[^`]+` \| median \|/gm)?.length).toBe(Number(count));
  expect(text).not.toContain("**This has");
});
