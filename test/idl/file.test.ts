import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import { type ReadOptions, readDocuments, readDocumentsSync } from "../../src/idl/file.ts";
import type { LoadedIdl } from "../../src/idl/includes.ts";

const FILES: Record<string, string | Uint8Array> = {
  "main.thrift": 'include "base.thrift"\ninclude "sub/a.thrift"\ninclude "shared.thrift"\nstruct Main {}',
  "base.thrift": "\ufeffstruct Base {}\r\n",
  "sub/a.thrift": 'include "../base.thrift" include "b.thrift" include "../sub/../main.thrift"',
  "sub/b.thrift": "const string B = '名字'",
  "lib/shared.thrift": "struct Shared {}",
  // The place counts UTF-16 units, a byte order mark too.
  "latin1.thrift": Buffer.from(
    "\u00ef\u00bb\u00bf// \u00e5\u0090\u008d\nconst string A = 'gr\u00f6\u00dfe'",
    "latin1",
  ),
  "of-latin1.thrift": 'include "latin1.thrift"',
  "cut.thrift": Buffer.from("const string ABCDEFG = 'n\u00e5\u0090'", "latin1"),
  "of-cut.thrift": 'include "cut.thrift"',
  "replaced.thrift": "const string A = '\ufffd'",
  "of-replaced.thrift": 'include "replaced.thrift"',
  "missing.thrift": 'struct A {}\nstruct\ninclude "nowhere.thrift"',
  "directory.thrift": 'include "sub"',
  "zero.thrift": 'include "a\0b"',
};

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "dynamic-thrift-"));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});

afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllGlobals());

const at = (name: string): string => join(root, name).replaceAll("\\", "/");

/** Documents and their includes, with names relative to the directory of the test. */
function graphOf(loaded: LoadedIdl): Record<string, string[]> {
  const short = (name = "") => relative(root, name).replaceAll("\\", "/");
  return Object.fromEntries(
    [...loaded.documents].map(([name, { includes }]) => [
      short(name),
      includes.map(({ resolved }) => short(resolved)),
    ]),
  );
}

async function failure(load: () => Promise<unknown>): Promise<unknown> {
  try {
    await load();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}

type Load = (file: string | URL, options?: ReadOptions) => Promise<LoadedIdl>;

describe.each<[name: string, load: Load]>([
  ["readDocuments", readDocuments],
  ["readDocumentsSync", async (file, options) => readDocumentsSync(file, options)],
])("%s", (_, load) => {
  it("reads a file and its includes", async () => {
    const loaded = await load(at("main.thrift"), { includeDirs: [at("lib")] });
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded.root).toBe(at("main.thrift"));
    expect(graphOf(loaded)).toEqual({
      "main.thrift": ["base.thrift", "sub/a.thrift", "lib/shared.thrift"],
      "base.thrift": [],
      "sub/a.thrift": ["base.thrift", "sub/b.thrift", "main.thrift"],
      "lib/shared.thrift": [],
      "sub/b.thrift": [],
    });
    expect(loaded.documents.get(at("base.thrift"))!.definitions.map(({ name }) => name.text)).toEqual([
      "Base",
    ]);
    expect(loaded.documents.get(at("sub/b.thrift"))!.definitions[0]).toMatchObject({
      value: { value: "名字" },
    });
  });

  it("takes a file URL", async () => {
    const loaded = await load(pathToFileURL(at("sub/b.thrift")));
    expect(loaded.root).toBe(at("sub/b.thrift"));
  });

  it("names files as they are spelt, and one file once", async () => {
    const spelt = relative(process.cwd(), at("sub/a.thrift")).replaceAll("\\", "/");
    const loaded = await load(spelt, { includeDirs: [at("lib"), at("sub")] });
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded.root).toBe(spelt);
    expect([...loaded.documents.keys()]).toHaveLength(5);
    // The root includes the main file, which includes the root by another spelling.
    const main = [...loaded.documents.values()].find(({ fileName }) => fileName.endsWith("main.thrift"))!;
    expect(main.includes[1]!.resolved).toBe(spelt);
  });

  it("files in memory come before those on disk", async () => {
    const loaded = await load(at("main.thrift"), {
      sources: { [at("base.thrift")]: "struct Other {}", [at("shared.thrift")]: "" },
      resolveInclude: (include) => (include.startsWith("sub/") ? { fileName: "mem", source: "" } : undefined),
    });
    expect(loaded.diagnostics).toEqual([]);
    expect([...loaded.documents.keys()]).toEqual([
      at("main.thrift"),
      at("base.thrift"),
      "mem",
      at("shared.thrift"),
    ]);
    expect(loaded.documents.get(at("base.thrift"))!.definitions[0]!.name.text).toBe("Other");
  });

  it.each<[name: string, invalidUtf8: number | undefined, value: string]>([
    ["latin1.thrift", 26, "gr\ufffd\ufffde"],
    ["cut.thrift", 25, "n\ufffd"],
    ["replaced.thrift", undefined, "\ufffd"],
  ])("%s: invalid UTF-8 at %s", async (name, invalidUtf8, value) => {
    const loaded = await load(at(name));
    expect(loaded.invalidUtf8.get(at(name))).toBe(invalidUtf8);
    expect(loaded.documents.get(at(name))!.definitions[0]).toMatchObject({ value: { value } });
    const { invalidUtf8: ofIncluded } = await load(at(`of-${name}`));
    expect([...ofIncluded]).toEqual(invalidUtf8 === undefined ? [] : [[at(name), invalidUtf8]]);
  });

  it("reports what is missing, with everything else", async () => {
    const { diagnostics } = await load(at("missing.thrift"));
    expect(diagnostics.map(({ message }) => message.split("\n")[0])).toEqual([
      // The name of the struct is taken from the next line.
      `${at("missing.thrift")}:3:9: expected \`{\` after struct \`include\`, found a string`,
    ]);
    const directory = await load(at("directory.thrift"));
    expect(directory.diagnostics.map(({ message }) => message.split("\n")[0])).toEqual([
      `${at("directory.thrift")}:1:1: cannot read \`${at("sub")}\`: it is a directory`,
    ]);
    const zero = await load(at("zero.thrift"));
    expect(zero.diagnostics[0]!.message).toContain("cannot find the included file");
  });

  it.each<[name: string, problem: string]>([
    ["nowhere.thrift", "there is no such file"],
    ["base.thrift/x", "there is no such file"],
    ["sub", "it is a directory"],
  ])("a root file %s is an error", async (name, problem) => {
    const error = await failure(() => load(at(name)));
    expect(isThriftError(error, "NOT_FOUND")).toBe(true);
    expect((error as Error).message).toBe(`cannot read \`${at(name)}\`: ${problem}`);
  });

  it.each<[file: unknown]>([[new URL("https://host/a.thrift")], [""], [1], [undefined]])(
    "the file %s is refused",
    async (file) => {
      const error = await failure(() => load(file as string));
      expect(isThriftError(error, "INVALID_OPTION")).toBe(true);
    },
  );

  it("options of a wrong shape are refused", async () => {
    const error = await failure(() => load(at("base.thrift"), { includeDirs: "lib" as never }));
    expect(isThriftError(error, "INVALID_OPTION")).toBe(true);
  });

  it("a signal that is aborted ends it with its reason", async () => {
    const reason = new Error("enough");
    expect(await failure(() => load(at("main.thrift"), { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it("a signal that is aborted on the way ends it with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const resolveInclude = () => {
      controller.abort(reason);
      return undefined;
    };
    expect(await failure(() => load(at("main.thrift"), { signal: controller.signal, resolveInclude }))).toBe(
      reason,
    );
  });

  it.each<[name: string, process: unknown]>([
    ["without a process", undefined],
    ["with a process that has no built-in modules", {}],
  ])("%s there is no file system", async (_, process) => {
    vi.stubGlobal("process", process);
    const error = await failure(() => load("/a.thrift"));
    vi.unstubAllGlobals();
    expect(isThriftError(error, "INVALID_OPTION")).toBe(true);
    expect((error as Error).message).toMatch(/^there is no file system here/);
  });
});
