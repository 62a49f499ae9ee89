import { describe, expect, it } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import { MAX_DIAGNOSTICS } from "../../src/idl/diagnostics.ts";
import { cleanFileName, directoryOf, isAbsolute, joinFileName } from "../../src/idl/file-names.ts";
import { type IncludeOptions, type LoadedIdl, loadDocuments } from "../../src/idl/includes.ts";
import { summaries } from "./problems.ts";

/** Every document with what its includes were resolved to. */
function graphOf(loaded: LoadedIdl): Record<string, (string | undefined)[]> {
  return Object.fromEntries(
    [...loaded.documents].map(([name, document]) => [
      name,
      document.includes.map(({ resolved }) => resolved),
    ]),
  );
}

function load(source: string, options?: IncludeOptions, fileName = "main.thrift") {
  const loaded = loadDocuments(source, fileName, options);
  return { graph: graphOf(loaded), problems: summaries(loaded.diagnostics), loaded };
}

describe("file names", () => {
  it.each<[fileName: string, cleaned: string]>([
    ["a.thrift", "a.thrift"],
    ["./a/./b//c.thrift", "a/b/c.thrift"],
    ["a/../b.thrift", "b.thrift"],
    ["a/b/../../c", "c"],
    ["../a", "../a"],
    ["a/../../b", "../b"],
    ["../../a", "../../a"],
    ["/a/../../b", "/b"],
    ["//a", "/a"],
    ["C:/a/../../b", "C:/b"],
    ["https://host/a/../../b", "https://host/b"],
    ["https://host", "https://host"],
    ["", "."],
    ["a/..", "."],
    ["a/", "a"],
    ["..a/.b", "..a/.b"],
  ])("clean %j", (fileName, cleaned) => {
    expect(cleanFileName(fileName)).toBe(cleaned);
  });

  it.each<[fileName: string, directory: string, absolute: boolean]>([
    ["a", "", false],
    ["a/b", "a", false],
    ["a/b/c", "a/b", false],
    ["/a", "/", true],
    ["/a/b", "/a", true],
    ["C:/a", "C:/", true],
    ["https://host/a", "https://host/", true],
    ["https://host/a/b", "https://host/a", true],
    ["../a", "..", false],
  ])("directory of %j", (fileName, directory, absolute) => {
    expect(directoryOf(fileName)).toBe(directory);
    expect(isAbsolute(fileName)).toBe(absolute);
  });

  it.each<[directory: string, fileName: string, joined: string]>([
    ["", "a", "a"],
    ["", "../a", "../a"],
    ["a", "b", "a/b"],
    ["a/", "./b", "a/b"],
    ["a/b", "../c", "a/c"],
    ["/", "a", "/a"],
    ["https://host/", "a", "https://host/a"],
    [".", "a", "a"],
  ])("join %j and %j", (directory, fileName, joined) => {
    expect(joinFileName(directory, fileName)).toBe(joined);
  });
});

describe("includes from memory", () => {
  it.each<[name: string, fileName: string, source: string, options: IncludeOptions, graph: object]>([
    [
      "beside the including file",
      "dir/main.thrift",
      'include "a.thrift"',
      { sources: { "dir/a.thrift": "", "a.thrift": "" } },
      { "dir/main.thrift": ["dir/a.thrift"], "dir/a.thrift": [] },
    ],
    [
      "below the parent directory",
      "dir/main.thrift",
      'include "../other/a.thrift"',
      { sources: { "other/a.thrift": 'include "./b.thrift"', "other/b.thrift": "" } },
      {
        "dir/main.thrift": ["other/a.thrift"],
        "other/a.thrift": ["other/b.thrift"],
        "other/b.thrift": [],
      },
    ],
    [
      "in the include directories, in order",
      "dir/main.thrift",
      'include "a.thrift" include "b.thrift"',
      {
        includeDirs: ["x", "y/"],
        sources: { "y/a.thrift": "", "x/a.thrift": "", "y/b.thrift": "", "b.thrift": "" },
      },
      { "dir/main.thrift": ["x/a.thrift", "y/b.thrift"], "x/a.thrift": [], "y/b.thrift": [] },
    ],
    [
      "as written",
      "dir/main.thrift",
      'include "lib/a.thrift"',
      { includeDirs: ["x"], sources: { "lib/a.thrift": "" } },
      { "dir/main.thrift": ["lib/a.thrift"], "lib/a.thrift": [] },
    ],
    [
      "absolute",
      "dir/main.thrift",
      'include "/lib/../a.thrift"',
      { sources: new Map([["/a.thrift", ""]]) },
      { "dir/main.thrift": ["/a.thrift"], "/a.thrift": [] },
    ],
    [
      "names that the caller spells differently",
      "./main.thrift",
      'include "a.thrift"',
      { sources: { "./x/../a.thrift": 'include "main.thrift"' } },
      { "./main.thrift": ["a.thrift"], "a.thrift": ["./main.thrift"] },
    ],
    [
      "in a cycle",
      "main.thrift",
      'include "a.thrift"',
      {
        sources: { "a.thrift": 'include "b.thrift" include "a.thrift"', "b.thrift": 'include "main.thrift"' },
      },
      {
        "main.thrift": ["a.thrift"],
        "a.thrift": ["b.thrift", "a.thrift"],
        "b.thrift": ["main.thrift"],
      },
    ],
    [
      "the root itself, although a source has its name",
      "main.thrift",
      'include "main.thrift"',
      { sources: { "main.thrift": "not used" } },
      { "main.thrift": ["main.thrift"] },
    ],
    [
      "the same twice",
      "main.thrift",
      'include "a.thrift" include "./a.thrift"',
      { sources: { "a.thrift": "" } },
      { "main.thrift": ["a.thrift", "a.thrift"], "a.thrift": [] },
    ],
    [
      "same names in different directories",
      "main.thrift",
      'include "x/base.thrift" include "y/base.thrift"',
      { sources: { "x/base.thrift": "", "y/base.thrift": "" } },
      { "main.thrift": ["x/base.thrift", "y/base.thrift"], "x/base.thrift": [], "y/base.thrift": [] },
    ],
    [
      "from a URL",
      "https://host/dir/main.thrift",
      'include "../a.thrift"',
      { sources: { "https://host/a.thrift": "" } },
      { "https://host/dir/main.thrift": ["https://host/a.thrift"], "https://host/a.thrift": [] },
    ],
    [
      "a file called like a property of every object",
      "main.thrift",
      'include "__proto__" include "constructor"',
      { sources: JSON.parse('{"__proto__": "", "constructor": ""}') },
      JSON.parse('{"main.thrift": ["__proto__", "constructor"], "__proto__": [], "constructor": []}'),
    ],
  ])("%s", (_, fileName, source, options, graph) => {
    const result = load(source, options, fileName);
    expect(result.problems).toEqual([]);
    expect(result.loaded.root).toBe(fileName);
    expect([...result.loaded.documents.keys()][0]).toBe(fileName);
    expect(Object.entries(result.graph)).toEqual(Object.entries(graph));
  });

  it("resolveInclude comes first and may leave includes to the others", () => {
    const asked: string[][] = [];
    const result = load('include "a.thrift" include "b.thrift"', {
      sources: { "a.thrift": "include 'wrong'", "b.thrift": "" },
      resolveInclude(include, fromFile) {
        asked.push([include, fromFile]);
        return include === "b.thrift" ? undefined : { fileName: `mem:${include}`, source: 'include "c"' };
      },
    });
    expect(result.problems).toEqual([]);
    expect(result.graph).toEqual({
      "main.thrift": ["mem:a.thrift", "b.thrift"],
      "mem:a.thrift": ["mem:c"],
      "b.thrift": [],
      "mem:c": ["mem:c"],
    });
    expect(asked).toEqual([
      ["a.thrift", "main.thrift"],
      ["b.thrift", "main.thrift"],
      ["c", "mem:a.thrift"],
      ["c", "mem:c"],
    ]);
  });

  it("every file is parsed once", () => {
    const sources = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `f${index}.thrift`,
        `include "f${(index + 1) % 200}.thrift" include "f${(index * 7) % 200}.thrift" struct`,
      ]),
    );
    const { problems, loaded } = load(sources["f0.thrift"]!, { sources }, "f0.thrift");
    expect(loaded.documents.size).toBe(200);
    expect(problems).toHaveLength(MAX_DIAGNOSTICS);
    expect(new Set(problems).size).toBe(MAX_DIAGNOSTICS);
  });
});

describe("problems", () => {
  it.each<[source: string, options: IncludeOptions, problems: string[]]>([
    [
      'struct A {}\ninclude "a.thrift"',
      {},
      [
        "2:1 `include` must stand in front of the first definition",
        "2:1 cannot find the included file `a.thrift` (tried `a.thrift`)",
      ],
    ],
    [
      '\n  include "dir/base.thrift"',
      { includeDirs: ["x"], sources: { "dir/bass.thrift": "" } },
      [
        "2:3 cannot find the included file `dir/base.thrift` (tried `dir/base.thrift`, `x/dir/base.thrift`); did you mean `dir/bass.thrift`?",
      ],
    ],
    ['include ""', {}, ["1:1 cannot find the included file ``"]],
    [
      'include "a.thrift" include "a.thrift"',
      {},
      [
        "1:1 cannot find the included file `a.thrift` (tried `a.thrift`)",
        "1:20 cannot find the included file `a.thrift` (tried `a.thrift`)",
      ],
    ],
    [
      'include "a.thrift"\nstruct',
      { sources: { "a.thrift": "enum" } },
      [
        "2:7 expected the name of the struct, found the end of the file",
        "a.thrift:1:5 expected the name of the enum, found the end of the file",
      ],
    ],
  ])("%j", (source, options, problems) => {
    expect(load(source, options).problems).toEqual(problems);
  });

  it("thousands of missing files are reported promptly, up to the limit", () => {
    const source = Array.from({ length: 5000 }, (_, index) => `include "missing${index}.thrift"`).join("\n");
    const sources = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`file${index}.thrift`, ""]),
    );
    const { problems, loaded } = load(source, { sources });
    expect(problems).toHaveLength(MAX_DIAGNOSTICS);
    expect(loaded).toMatchObject({ total: 5000, endedEarly: false, incomplete: false });
  });

  it("problems of many files are counted, up to those that end the parsing of one", () => {
    const source = 'include "a.thrift" include "b.thrift" include "c.thrift"';
    const bad = (count: number): string => "struct S { 1: , } ".repeat(count);
    const sources = { "a.thrift": bad(60), "b.thrift": bad(60) };
    expect(load(source, { sources }).loaded).toMatchObject({
      total: 121,
      endedEarly: false,
      incomplete: true,
    });
    expect(load(source, { sources: { ...sources, "c.thrift": bad(200) } }).loaded).toMatchObject({
      total: 220,
      endedEarly: true,
    });
  });

  it("resolveInclude that gives another name forever", () => {
    let calls = 0;
    const { problems, loaded } = load('include "next.thrift"', {
      resolveInclude: () => ({ fileName: `${++calls}.thrift`, source: 'include "next.thrift"\nstruct A {}' }),
    });
    expect(problems).toEqual([
      "9999.thrift:1:1 more than 10000 files are included; the last one is `10000.thrift`",
    ]);
    expect(loaded).toMatchObject({ total: 1, endedEarly: true, incomplete: true });
  });

  it("10,000 files", () => {
    const names = Array.from({ length: 9999 }, (_, index) => `${index}.thrift`);
    const source = names.map((name) => `include "${name}"`).join("\n");
    const { problems, loaded } = load(source, {
      sources: Object.fromEntries(names.map((name) => [name, ""])),
    });
    expect(problems).toEqual([]);
    expect(loaded.documents.size).toBe(10_000);
  });

  it.each<[name: string, options: unknown, code: string, message: RegExp]>([
    ["sources that are a string", { sources: "x" }, "INVALID_OPTION", /`sources` must be/],
    ["sources that are null", { sources: null }, "INVALID_OPTION", /`sources` must be/],
    ["a source that is no text", { sources: { a: 1 } }, "INVALID_OPTION", /`sources` must hold/],
    ["includeDirs that are a string", { includeDirs: "x" }, "INVALID_OPTION", /`includeDirs` must be/],
    ["an include directory that is no text", { includeDirs: [1] }, "INVALID_OPTION", /`includeDirs` must be/],
    ["resolveInclude that returns text", { resolveInclude: () => "x" }, "INVALID_OPTION", /must return/],
    ["resolveInclude that returns null", { resolveInclude: () => null }, "INVALID_OPTION", /must return/],
  ])("%s", (_, options, code, message) => {
    let error: unknown;
    try {
      load('include "a"', options as IncludeOptions);
    } catch (caught) {
      error = caught;
    }
    expect(isThriftError(error) && error.code).toBe(code);
    expect((error as Error).message).toMatch(message);
  });

  it("resolveInclude that throws is the cause", () => {
    const cause = new Error("no network");
    let error: unknown;
    try {
      load('include "a"', {
        resolveInclude: () => {
          throw cause;
        },
      });
    } catch (caught) {
      error = caught;
    }
    expect(isThriftError(error, "FAILED_MAPPING")).toBe(true);
    expect((error as Error).message).toBe("`resolveInclude` failed for `a`, included by `main.thrift`");
    expect((error as Error).cause).toBe(cause);
  });
});
