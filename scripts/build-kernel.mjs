/**
 * Builds the kernel: `npm run build:kernel` writes `assembly/program.ts`, the constants of `src/conv/program.ts` for
 * AssemblyScript, `assembly/powers-of-ten.ts`, a table, and `src/kernel/kernel.wasm.ts`, the compiled module in base64.
 * With `--check` it writes nothing and fails when the files in the repository differ from what it would write.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import ts from "typescript";
import { powersOfTen } from "./generate-powers.mjs";

const ROOT = join(import.meta.dirname, "..");
const PROGRAM = "src/conv/program.ts";
const CONSTANTS = "assembly/program.ts";
const POWERS = "assembly/powers-of-ten.ts";
const MODULE = "src/kernel/kernel.wasm.ts";

const MAX_WASM_SIZE = 80 * 1024;

/** Records whose members are offsets in cells, which AssemblyScript wants in bytes. */
const OFFSET = /^(HEADER|NODE|STRUCT|FIELD|ENUM|KEY|LABEL)_/;
/** Constants with such names that are no offsets. */
const PLAIN =
  /^(STRUCT_IS_UNION|STRUCT_HAS_\w+|FIELD_(SKIPPED|HTTP|BASE_\w+|EXCEPTION|NULL_IS_GIVEN|REQUIRED|MAPPED_BOOL|SPECIAL)|\w+_FIRST_WORDS)$/;

async function programConstants() {
  const source = readFileSync(join(ROOT, PROGRAM), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputText).toString("base64")}`;
  const lines = Object.entries(await import(url))
    .filter(([, value]) => typeof value === "number")
    .map(([name, value]) =>
      OFFSET.test(name) && !PLAIN.test(name)
        ? `export const ${name}: usize = ${value * 4};`
        : `export const ${name}: i32 = ${value};`,
    );
  return [
    `// Generated from ${PROGRAM} by \`npm run build:kernel\`. Offsets in records are in bytes here.`,
    ...lines,
    "",
  ].join("\n");
}

async function compile() {
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  const file = join(folder, "kernel.wasm");
  try {
    const { error, stderr } = await asc.main([
      join(ROOT, "assembly/index.ts"),
      "--outFile",
      file,
      "--optimizeLevel",
      "3",
      "--shrinkLevel",
      "0",
      "--converge",
      "--noAssert",
      "--runtime",
      "stub",
      "--importMemory",
      "--enable",
      "simd",
    ]);
    if (error) throw new Error(`the kernel does not compile\n${stderr}`, { cause: error });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleText(wasm) {
  return [
    "// Generated from assembly/ by `npm run build:kernel`.",
    "",
    `/** The compiled module: ${wasm.length} bytes. */`,
    "export const KERNEL_BASE64: string =",
    `  "${wasm.toString("base64")}";`,
    "",
  ].join("\n");
}

const isCheck = process.argv.includes("--check");
let differs = false;

function put(file, text) {
  const path = join(ROOT, file);
  if (!isCheck) {
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    differs = true;
    console.error(`${file} is not what \`npm run build:kernel\` makes of its sources`);
  }
}

put(CONSTANTS, await programConstants());
put(POWERS, powersOfTen());
const wasm = await compile();
if (wasm.length > MAX_WASM_SIZE)
  throw new Error(`the kernel has ${wasm.length} bytes, more than ${MAX_WASM_SIZE}`);
put(MODULE, moduleText(wasm));
console.log(`kernel: ${wasm.length} bytes`);
if (differs) process.exitCode = 1;
