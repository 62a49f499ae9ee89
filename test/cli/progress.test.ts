import { afterAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { formatSize, startProgress } from "../../src/cli/progress.ts";
import { createFolder } from "./support/files.ts";
import { runCli, Sink, words } from "./support/run.ts";

const folder = createFolder({ "a.thrift": "struct A { 1: required i64 a }" });
afterAll(folder.remove);

function ioWith(stderr: Sink, env: Io["env"] = { NO_COLOR: "1" }): Io {
  const { stdin } = process;
  return { stdin, stdout: new Sink(), stderr, env, signal: new AbortController().signal };
}

describe("the progress bar", () => {
  it("shows how much is done, and takes itself away", () => {
    const stderr = new Sink(true);
    const progress = startProgress(ioWith(stderr), 4 * 1024 * 1024, false, 0);
    progress.advance(1024 * 1024);
    const shown = stderr.bytes.toString();
    expect(shown).toContain("25%  1.0 MiB of 4.0 MiB");
    expect(shown).toContain("\u001b[?25l");
    progress.advance(2 * 1024 * 1024);
    progress.stop();
    const all = stderr.bytes.toString();
    expect(all).toContain("75%  3.0 MiB of 4.0 MiB");
    // The cursor is back and the line empty.
    expect(all.slice(all.lastIndexOf("MiB"))).toMatch(/\u001b\[\?25h.*\u001b\[2K$/s);
    progress.stop();
    expect(stderr.bytes.toString()).toBe(all);
  });

  it("comes back after something else has been written", () => {
    const stderr = new Sink(true);
    const progress = startProgress(ioWith(stderr), 100, false, 0);
    progress.advance(10);
    progress.stop();
    progress.advance(10);
    progress.stop();
    expect(stderr.bytes.toString()).toContain("20%  20 B of 100 B");
  });

  it.each<[name: string, stderr: Sink, total: number | undefined, toTerminal: boolean, delay: number]>([
    ["when the standard error is no terminal", new Sink(false), 100, false, 0],
    ["when the data goes to the terminal", new Sink(true), 100, true, 0],
    ["when the size is not known", new Sink(true), undefined, false, 0],
    ["for an empty file", new Sink(true), 0, false, 0],
    ["for what does not take long", new Sink(true), 100, false, 60_000],
  ])("is not there %s", (_name, stderr, total, toTerminal, delay) => {
    const progress = startProgress(ioWith(stderr), total, toTerminal, delay);
    progress.advance(50);
    progress.stop();
    expect(stderr.bytes).toHaveLength(0);
  });

  it("has colours unless they are unwanted", () => {
    for (const [env, coloured] of [
      [{}, true],
      [{ NO_COLOR: "1" }, false],
    ] as const) {
      const stderr = new Sink(true);
      const progress = startProgress(ioWith(stderr, env), 100, false, 0);
      progress.advance(50);
      progress.stop();
      expect(stderr.bytes.includes("\u001b[36m")).toBe(coloured);
    }
  });

  it("leaves no trace of a short conversion", async () => {
    const input = folder.write("a.json", '{"a":1}');
    const line = `convert --idl ${folder.file("a.thrift")} --type A --from json -i ${input} -o ${folder.file("a.bin")}`;
    expect(await runCli(words(line), { terminals: ["stderr", "stdout"] })).toMatchObject({
      code: 0,
      err: "",
    });
  });
});

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1_572_864, "1.5 MiB"],
  [5 * 1024 ** 4, "5.0 TiB"],
  [5000 * 1024 ** 4, "5000.0 TiB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
