import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import ts from "typescript";
import { afterAll, describe, expect, it, vi } from "vitest";
import { programsOf } from "./support/markdown.ts";

const ROOT = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "dynamic-thrift-readme-"));
// Without it TypeScript takes the blocks for CommonJS.
writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const programs = programsOf(readFileSync(join(ROOT, "README.md"), "utf8")).map((program, index) => {
  const file = join(folder, `block-${index}.ts`);
  // Marks it as a module where it imports nothing, so that it may await.
  writeFileSync(file, `${program.code}export {};\n`);
  return { ...program, file };
});

function typeErrors(files: readonly string[]): string[] {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(files, {
    ...options,
    isolatedDeclarations: false,
    declaration: false,
    noUnusedLocals: false,
    typeRoots: [join(ROOT, "node_modules/@types")],
  });
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const { name } = programs.find((candidate) => candidate.file === file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const line = source.getLineAndCharacterOfPosition(start).line + 1;
        return `${name}, line ${line} of its code: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      },
    );
  });
}

describe("the code in README.md", () => {
  it("has no type errors", { timeout: 60_000 }, () => {
    expect(typeErrors(programs.map(({ file }) => file))).toEqual([]);
  });

  it.each(programs)("runs: $name", { timeout: 30_000 }, async ({ file, output }) => {
    let printed = "";
    const log = vi.spyOn(console, "log").mockImplementation((...args) => {
      printed += `${format(...args)}\n`;
    });
    try {
      await import(/* @vite-ignore */ pathToFileURL(file).href);
    } finally {
      log.mockRestore();
    }
    if (output !== undefined) expect(printed).toBe(output);
  });
});
