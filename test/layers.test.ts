import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCycles, readSourceFacts, type SourceFacts } from "./support/import-graph.ts";

/** Errors, options and hints in messages: every layer above may use them. */
const BASIS = ["errors", "suggest", "hint", "options"];

/**
 * What each folder (or file at the root) of `src` may import, lowest layer first. A layer always may import
 * itself, and only layers that stand in an earlier row. A new folder gets its line here, and what no file uses any
 * longer goes.
 */
const LAYERS: readonly Readonly<Record<string, readonly string[]>>[] = [
  { errors: [], suggest: [] },
  { hint: ["suggest"] },
  { options: ["errors", "suggest", "hint"] },
  { bytes: BASIS },
  { path: [...BASIS, "bytes"], pool: BASIS },
  {
    json: [...BASIS, "pool"],
    kernel: [...BASIS, "bytes", "pool"],
    wire: [...BASIS, "bytes", "pool"],
  },
  { descriptor: [...BASIS, "wire"] },
  {
    annotation: [...BASIS, "descriptor"],
    node: [...BASIS, "bytes", "path", "pool", "wire"],
  },
  {
    idl: [...BASIS, "bytes", "descriptor", "annotation"],
    literal: [...BASIS, "bytes", "path", "pool", "wire", "descriptor"],
  },
  {
    conv: [...BASIS, "bytes", "path", "pool", "json", "kernel", "wire", "descriptor", "literal"],
    value: [...BASIS, "bytes", "path", "pool", "wire", "descriptor", "node", "literal"],
  },
  {
    j2t: [...BASIS, "bytes", "path", "pool", "json", "kernel", "wire", "descriptor", "literal", "conv"],
    t2j: [...BASIS, "bytes", "path", "pool", "json", "kernel", "wire", "descriptor", "literal", "conv"],
    dom: [...BASIS, "bytes", "path", "pool", "wire", "descriptor", "node", "value"],
  },
  {
    index: [
      ...BASIS,
      "path",
      "pool",
      "kernel",
      "wire",
      "descriptor",
      "annotation",
      "node",
      "idl",
      "literal",
      "conv",
      "value",
      "j2t",
      "t2j",
      "dom",
    ],
  },
  { cli: [...BASIS, "bytes", "index"] },
];

/** Allowances of the agreed design that stay without a use: JSON text may be written to output memory, as Thrift is. */
const AGREED: ReadonlySet<string> = new Set(["json pool"]);

/** The layer that may use Node and the packages bundled into the command line. */
const NODE_LAYER = "cli";
/** Reaches the file system through `process.getBuiltinModule`, only when called. */
const FILE_LOADER = "idl/file.ts";
/** Reads its environment variable, where there is an environment. */
const ENVIRONMENT_READER = "kernel/choose.ts";
/** May use `globalThis.Buffer` where it exists, because it is faster; it works without it. */
const BUFFER_LAYER = "bytes";

type Facts = ReadonlyMap<string, SourceFacts>;

function readSources(root: string): Facts {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
  return factsOf(
    files
      .sort()
      .map((file) => [file.slice(root.length + 1).replaceAll("\\", "/"), readFileSync(file, "utf8")]),
  );
}

function factsOf(sources: readonly (readonly [file: string, text: string])[]): Facts {
  return new Map(sources.map(([file, text]) => [file, readSourceFacts(file, text)]));
}

function layerOf(file: string): string {
  return /^[^/.]+/.exec(file)![0];
}

/** Every breach of the rules of this file, one line each. */
function findViolations(facts: Facts): string[] {
  const allowed = new Map(LAYERS.flatMap((row) => Object.entries(row)));
  const violations: string[] = [];
  for (const [file, { imports, globals }] of facts) {
    const layer = layerOf(file);
    const uses = allowed.get(layer);
    if (uses === undefined) {
      violations.push(`${file}: ${layer} is not in the LAYERS table`);
      continue;
    }
    for (const { target, typeOnly, line } of imports) {
      const place = `${file}:${line}`;
      if (facts.has(target)) {
        const targetLayer = layerOf(target);
        if (targetLayer !== layer && !uses.includes(targetLayer)) {
          violations.push(`${place}: ${layer} must not import ${targetLayer} (${target})`);
        }
      } else if (target.startsWith(".") || target.endsWith(".ts")) {
        violations.push(`${place}: ${target} is not a source file`);
      } else if (layer !== NODE_LAYER && !typeOnly) {
        violations.push(`${place}: ${layer} must not import the module ${target}`);
      }
    }
    for (const { name, bare, line } of globals) {
      const fits =
        layer === NODE_LAYER ||
        (name === "process" && (file === FILE_LOADER || (file === ENVIRONMENT_READER && !bare))) ||
        (name === "Buffer" && !bare && layer === BUFFER_LAYER);
      if (!fits) violations.push(`${file}:${line}: ${layer} must not use the Node global ${name}`);
    }
  }
  for (const cycle of findCycles(runTimeGraph(facts))) violations.push(`import cycle: ${cycle.join(" ")}`);
  return violations;
}

/** What the table allows and no file makes use of: `layer used`. The basis is for everyone, used or not. */
function findUnused(facts: Facts): string[] {
  const used = new Set<string>();
  for (const [file, { imports }] of facts) {
    for (const { target } of imports) {
      if (facts.has(target)) used.add(`${layerOf(file)} ${layerOf(target)}`);
    }
  }
  return LAYERS.flatMap((row) => Object.entries(row))
    .flatMap(([layer, uses]) => uses.filter((use) => !BASIS.includes(use)).map((use) => `${layer} ${use}`))
    .filter((allowance) => !used.has(allowance));
}

function runTimeGraph(facts: Facts): Map<string, string[]> {
  return new Map(
    [...facts].map(([file, { imports }]) => [
      file,
      imports.filter(({ target, typeOnly }) => !typeOnly && facts.has(target)).map(({ target }) => target),
    ]),
  );
}

describe("the layers of src", () => {
  const facts = readSources(join(import.meta.dirname, "../src"));

  it("import only what the table allows, without cycles and without Node", () => {
    expect(findViolations(facts)).toEqual([]);
  });

  it("are allowed only what a file imports, or what is agreed", () => {
    expect(findUnused(facts)).toEqual([...AGREED]);
  });

  it("stand in an order in which every import points down", () => {
    const below = new Set<string>();
    for (const row of LAYERS) {
      for (const [layer, uses] of Object.entries(row)) {
        for (const used of uses)
          expect(below, `${layer} may import ${used}, so ${used} stands above it`).toContain(used);
      }
      for (const layer of Object.keys(row)) below.add(layer);
    }
  });
});

describe("the rules catch", () => {
  const cases: readonly (readonly [name: string, sources: Record<string, string>, violations: string[]])[] = [
    ["nothing in a clean graph", { "errors.ts": "", "bytes/a.ts": 'import "../errors.ts";' }, []],
    [
      "an import from a higher layer",
      { "bytes/a.ts": 'import { x } from "../wire/b.ts";', "wire/b.ts": "" },
      ["bytes/a.ts:1: bytes must not import wire (wire/b.ts)"],
    ],
    [
      "an import from a sibling in the same row",
      { "path/a.ts": '\nimport "../pool/b.ts";', "pool/b.ts": "" },
      ["path/a.ts:2: path must not import pool (pool/b.ts)"],
    ],
    [
      "a type import from a higher layer",
      { "bytes/a.ts": 'import type { X } from "../wire/b.ts";', "wire/b.ts": "" },
      ["bytes/a.ts:1: bytes must not import wire (wire/b.ts)"],
    ],
    [
      "an import() type from a higher layer",
      { "bytes/a.ts": 'let x: import("../wire/b.ts").X;', "wire/b.ts": "" },
      ["bytes/a.ts:1: bytes must not import wire (wire/b.ts)"],
    ],
    [
      "a re-export from a higher layer",
      { "bytes/a.ts": 'export * from "../wire/b.ts";', "wire/b.ts": "" },
      ["bytes/a.ts:1: bytes must not import wire (wire/b.ts)"],
    ],
    [
      "a dynamic import from a higher layer",
      { "bytes/a.ts": 'await import("../wire/b.ts");', "wire/b.ts": "" },
      ["bytes/a.ts:1: bytes must not import wire (wire/b.ts)"],
    ],
    [
      "a folder without a line in the table",
      { "misc/a.ts": "" },
      ["misc/a.ts: misc is not in the LAYERS table"],
    ],
    [
      "an import of a file that does not exist",
      { "bytes/a.ts": 'import "./b.ts";' },
      ["bytes/a.ts:1: bytes/b.ts is not a source file"],
    ],
    [
      "a cycle within a layer",
      {
        "bytes/a.ts": 'import "./b.ts";',
        "bytes/b.ts": 'import "./c.ts";',
        "bytes/c.ts": 'export * from "./a.ts";',
      },
      ["import cycle: bytes/a.ts bytes/b.ts bytes/c.ts"],
    ],
    ["a file that imports itself", { "bytes/a.ts": 'import "./a.ts";' }, ["import cycle: bytes/a.ts"]],
    [
      "no cycle where a type import closes it",
      { "bytes/a.ts": 'import "./b.ts";', "bytes/b.ts": 'import type { A } from "./a.ts";' },
      [],
    ],
    [
      "a cycle where an inline type import leaves a run-time import",
      { "bytes/a.ts": 'import "./b.ts";', "bytes/b.ts": 'import { type A } from "./a.ts";' },
      ["import cycle: bytes/a.ts bytes/b.ts"],
    ],
    [
      "a Node module outside the command line",
      { "idl/file.ts": 'import { readFileSync } from "node:fs";' },
      ["idl/file.ts:1: idl must not import the module node:fs"],
    ],
    [
      "a package outside the command line",
      { "wire/a.ts": 'import thrift from "thrift";' },
      ["wire/a.ts:1: wire must not import the module thrift"],
    ],
    ["no module that only gives types", { "idl/file.ts": 'import type fs from "node:fs";' }, []],
    ["no module of the command line", { "cli/main.ts": 'import "node:fs"; process.exit();' }, []],
    [
      "process outside the file loader",
      { "idl/file.ts": "process.getBuiltinModule;", "idl/link.ts": "globalThis.process;" },
      ["idl/link.ts:1: idl must not use the Node global process"],
    ],
    [
      "Buffer as a bare name",
      { "bytes/a.ts": "const b = Buffer.from([]);" },
      ["bytes/a.ts:1: bytes must not use the Node global Buffer"],
    ],
    [
      "Buffer above the layer that may try it",
      { "bytes/a.ts": "globalThis.Buffer;", "wire/a.ts": "(globalThis as { Buffer?: unknown }).Buffer;" },
      ["wire/a.ts:1: wire must not use the Node global Buffer"],
    ],
    [
      "no member or type that shares a name with a Node global",
      {
        "wire/a.ts":
          "class A { process(): void { this.process(); } } let b: Buffer; const o = { global: 1 };",
      },
      [],
    ],
  ];
  it.each(cases)("%s", (_name, sources, violations) => {
    expect(findViolations(factsOf(Object.entries(sources)))).toEqual(violations);
  });
});
