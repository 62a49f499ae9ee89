import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hex } from "../support/bytes.ts";
import { type BuiltCli, buildCli } from "./support/build.ts";
import { API_THRIFT, BASE_THRIFT, createFolder } from "./support/files.ts";
import { words } from "./support/run.ts";

/** For several processes on a busy machine. */
const TIMEOUT_MS = 30_000;

const folder = createFolder({ "api.thrift": API_THRIFT, "base.thrift": BASE_THRIFT });
let cli: BuiltCli;

beforeAll(async () => {
  cli = await buildCli();
}, 60_000);

afterAll(() => {
  cli.remove();
  folder.remove();
});

/** Starts the built command line in the folder of the test. */
function start(line: string, options: SpawnOptions = {}): ChildProcess {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  return spawn(process.execPath, [cli.file, ...words(line)], {
    cwd: folder.path,
    ...options,
    env: { ...env, ...options.env },
  });
}

interface Outcome {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

async function finish(child: ChildProcess): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: Buffer.concat(out), err: Buffer.concat(err).toString() };
}

async function run(
  line: string,
  stdin: string | Uint8Array = "",
  options: SpawnOptions = {},
): Promise<Outcome> {
  const child = start(line, options);
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin);
  return finish(child);
}

const MANY_USERS = Array.from({ length: 20_000 }, (_, id) => `{"id":${id}}\n`).join("");

describe.skipIf(process.platform === "win32")("the built command line", { timeout: TIMEOUT_MS }, () => {
  it("converts from the standard input to the standard output", async () => {
    const thrift = await run("convert --idl api.thrift --type User --from json --to thrift", '{"id":42}');
    expect(thrift).toMatchObject({ code: 0, err: "" });
    expect(thrift.out).toEqual(Buffer.from(hex`0a 0001 000000000000002a 00`));
    const json = await run("convert --idl api.thrift --type User --from thrift --to json", thrift.out);
    expect(json).toMatchObject({ code: 0, err: "" });
    expect(json.out.toString()).toBe('{"id":42}\n');
  });

  it("knows its version", async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    expect((await run("--version")).out.toString()).toBe(`${version}\n`);
  });

  it("ends with the exit code of an error although more input could come", async () => {
    const child = start("convert --idl api.thrift --type User --from json --framing framed");
    child.stdin!.on("error", () => {});
    child.stdin!.write('{"id":1}\n{"id":"x"}\n{"id":2}\n');
    const { code, out, err } = await finish(child);
    expect(err).toMatch(/^dynamic-thrift: line 2: TYPE_MISMATCH /);
    expect(out).toHaveLength(16);
    expect(code).toBe(1);
  });

  it("ends quietly when nobody reads its output any more", async () => {
    const child = start("convert --idl api.thrift --type User --from json --to json --framing lines");
    child.stdin!.on("error", () => {});
    const outcome = finish(child);
    child.stdin!.write(MANY_USERS);
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    // The input stays open, so only the failing write can end the process.
    const writing = setInterval(() => child.stdin!.write(MANY_USERS), 5);
    try {
      expect(await outcome).toMatchObject({ code: 0, err: "" });
    } finally {
      clearInterval(writing);
    }
  });

  it("ends quietly when nobody reads a streamed message any more", async () => {
    const child = start("convert --idl api.thrift --type list<User> --from thrift --to json");
    child.stdin!.on("error", () => {});
    const outcome = finish(child);
    const users = Buffer.concat(Array<Uint8Array>(100_000).fill(hex`0a 0001 0000000000000001 00`));
    child.stdin!.write(hex`0c 01000000`);
    child.stdin!.write(users);
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    const writing = setInterval(() => child.stdin!.write(users.subarray(0, 120_000)), 5);
    try {
      expect(await outcome).toMatchObject({ code: 0, err: "" });
    } finally {
      clearInterval(writing);
    }
  });

  it("help for a reader that takes only its beginning is no error", async () => {
    const child = start("convert --help");
    child.stdout!.destroy();
    expect(await finish(child)).toMatchObject({ code: 0, err: "" });
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it with %i and leaves nothing behind", async (signal, expected) => {
    const directory = folder.file(signal);
    mkdirSync(directory);
    const child = start(
      `convert --idl api.thrift --type User --from json --framing framed -o ${directory}/out.bin`,
    );
    child.stdin!.on("error", () => {});
    const outcome = finish(child);
    child.stdin!.write(MANY_USERS);
    // Once the temporary file is there, the conversion waits for more input.
    await expect.poll(() => readdirSync(directory), { timeout: TIMEOUT_MS / 2 }).toHaveLength(1);
    child.kill(signal);
    const { code, err } = await outcome;
    expect({ code, err }).toEqual({ code: expected, err: "" });
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each<[env: Record<string, string>, coloured: boolean]>([
    [{ FORCE_COLOR: "1" }, true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("colours with %o: %s", async (env, coloured) => {
    const { code, err } = await run("convert --idl api.thrift --type Usr --from json", "", { env });
    expect(err.includes("\u001b[")).toBe(coloured);
    expect(code).toBe(2);
  });

  it("has its exit code although nobody reads its errors", async () => {
    const child = start("idl check nope.thrift nowhere.thrift");
    child.stderr!.destroy();
    expect((await finish(child)).code).toBe(4);
  });

  it.skipIf(!existsSync("/dev/full"))("a full device is an error", async () => {
    const shell = spawn(
      "sh",
      [
        "-c",
        `echo 1 | "$0" "$1" convert --idl api.thrift --type i16 --from json > /dev/full`,
        process.execPath,
        cli.file,
      ],
      {
        cwd: folder.path,
      },
    );
    expect(await finish(shell)).toMatchObject({
      code: 4,
      err: "dynamic-thrift: cannot write the standard output: no space is left on the device\n",
    });
  });
});

/** The shell commands behind `Examples:` in a help text. */
function examplesIn(help: string): string {
  const lines = help.split("\n");
  const rest = lines.slice(lines.indexOf("Examples:") + 1);
  const end = rest.findIndex((line) => line !== "" && !line.startsWith("  "));
  return rest.slice(0, end < 0 ? undefined : end).join("\n");
}

describe.skipIf(process.platform === "win32")("the examples of the help run", { timeout: TIMEOUT_MS }, () => {
  const examples = createFolder({
    "api.thrift": 'include "base.thrift"\nstruct User { 1: i64 id }\nservice Users { User get(1: i64 id) }',
    "base.thrift": "struct User { 1: string name }",
    "user.json": '{"id": 42}',
    a: hex`0a 0001 000000000000002a 00`,
    "replies.bin": hex`0000001f 80010002 00000003 "get" 00000007  0c 0000 0a 0001 0000000000000001 00 00`,
    "idl/other.thrift": 'include "vendored.thrift"',
    "vendor/vendored.thrift": "",
  });
  afterAll(examples.remove);

  it.each(["", "convert", "idl check", "idl describe"])("%s", async (command) => {
    const bin = examples.write(
      "bin/dynamic-thrift",
      `#!/bin/sh\nexec "${process.execPath}" "${cli.file}" "$@"\n`,
    );
    chmodSync(bin, 0o755);
    const help = (await run(`${command} --help`)).out.toString();
    // jq is not there on every machine.
    const script = examplesIn(help).replace(/\| jq .*$/gm, "| cat");
    expect(script.match(/dynamic-thrift /g)?.length).toBeGreaterThan(1);
    const shell = spawn("sh", ["-e"], {
      cwd: examples.path,
      env: { ...process.env, PATH: `${join(bin, "..")}${delimiter}${process.env.PATH}` },
    });
    shell.stdin.end(script);
    const { code, out, err } = await finish(shell);
    expect(err.replace(/^dynamic-thrift: \d files? checked: no problems\n/gm, "")).toBe("");
    expect(code).toBe(0);
    if (command === "convert") {
      expect(out.toString()).toBe('{\n  "id": 42\n}\n{"id":42}\n');
      expect(readFileSync(examples.file("replies.ndjson"), "utf8")).toBe('{"success":{"id":1}}\n');
      expect(readFileSync(examples.file("call.bin"))).toEqual(
        Buffer.from(hex`0000001b 80010001 00000003 "get" 00000000  0a 0001 000000000000002a 00`),
      );
      expect(readFileSync(examples.file("b"))).toEqual(Buffer.from(hex`16 54 00`));
    }
  });
});
