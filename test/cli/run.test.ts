import { readdirSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import { createFolder } from "./support/files.ts";
import { Sink, words } from "./support/run.ts";

const folder = createFolder({ "a.thrift": "struct A { 1: required i64 a }", "a.json": '{"a":1}' });
afterAll(folder.remove);

const LINE = `convert --idl ${folder.file("a.thrift")} --type A --from json --to json`;

/** Fails every write with a system error. */
function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, callback) => callback(Object.assign(new Error("refused"), { code })),
  });
}

async function runWith(line: string, streams: Partial<Io>): Promise<{ code: number; err: string }> {
  const stderr = new Sink();
  const code = await run(words(line), {
    stdin: Readable.from([Buffer.from('{"a":1}')]),
    stdout: new Sink(),
    stderr,
    env: {},
    signal: new AbortController().signal,
    ...streams,
  });
  return { code, err: stderr.bytes.toString() };
}

describe("an output that fails", () => {
  it.each([
    [LINE, "EPIPE", 0, ""],
    [`${LINE} --framing lines`, "EPIPE", 0, ""],
    ["--help", "EPIPE", 0, ""],
    [`idl describe ${folder.file("a.thrift")}`, "EPIPE", 0, ""],
    [LINE, "ENOSPC", 4, "dynamic-thrift: cannot write the standard output: no space is left on the device\n"],
    ["--version", "EIO", 4, "dynamic-thrift: cannot write the standard output: the device failed\n"],
    [LINE, "EWEIRD", 4, "dynamic-thrift: cannot write the standard output: EWEIRD\n"],
  ])("%s with %s", async (line, code, exitCode, err) => {
    expect(await runWith(line, { stdout: failing(code) })).toEqual({ code: exitCode, err });
  });

  it("which is that of the errors leaves the exit code as it is", async () => {
    expect((await runWith("convert", { stderr: failing("EPIPE") })).code).toBe(2);
    expect((await runWith("convert", { stderr: failing("EIO") })).code).toBe(2);
  });
});

it("an input that fails is an error, and leaves no output", async () => {
  const stdin = new Readable({
    read() {
      this.destroy(Object.assign(new Error("refused"), { code: "EIO" }));
    },
  });
  folder.write("out/keep", "");
  expect(await runWith(`${LINE} -o ${folder.file("out/file")}`, { stdin })).toEqual({
    code: 4,
    err: "dynamic-thrift: cannot read the standard input: the device failed\n",
  });
  expect(readdirSync(folder.file("out"))).toEqual(["keep"]);
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends a conversion that waits for input, with %i", async (signal, code) => {
  const controller = new AbortController();
  const stdin = new Readable({ read() {} });
  folder.write("waiting/keep", "");
  const running = runWith(`${LINE} -f lines -o ${folder.file("waiting/file")}`, {
    stdin,
    signal: controller.signal,
  });
  await expect.poll(() => readdirSync(folder.file("waiting"))).toHaveLength(2);
  controller.abort(signal);
  expect(await running).toEqual({ code, err: "" });
  expect(readdirSync(folder.file("waiting"))).toEqual(["keep"]);
});

it("what nobody has foreseen is told with its stack", async () => {
  const stdin = Readable.from([
    {
      get length(): number {
        throw new TypeError("surprise");
      },
    },
  ]);
  const { code, err } = await runWith(LINE, { stdin });
  expect(err).toMatch(
    /^dynamic-thrift: this is a bug in dynamic-thrift, please report it\nTypeError: surprise\n {4}at /,
  );
  expect(code).toBe(70);
});
