import { join } from "node:path";
import asc from "assemblyscript/asc";

const ROOT = join(import.meta.dirname, "../..");

const FLAGS = ["--noAssert", "--runtime", "stub", "--importMemory", "--enable", "simd"];

/**
 * Compiles an AssemblyScript file, given by its path from the root of the repository. At level 3 it is optimized as
 * the kernel is, which takes some seconds.
 */
export async function compileAssembly(file: string, optimizeLevel = 1): Promise<WebAssembly.Module> {
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  const flags = ["--outFile", "out.wasm", "--optimizeLevel", String(optimizeLevel), ...FLAGS];
  const { error, stderr } = await asc.main([join(ROOT, file), ...flags], {
    writeFile(_name: string, contents: string | Uint8Array) {
      if (typeof contents !== "string") wasm = Uint8Array.from(contents);
    },
  });
  if (error !== null || wasm === undefined) {
    throw new Error(`${file} does not compile\n${stderr}`, { cause: error });
  }
  return new WebAssembly.Module(wasm);
}
