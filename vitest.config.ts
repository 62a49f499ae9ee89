import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  // Tests, examples and the README import the library by its public name; here that is its source.
  resolve: { alias: [{ find: /^dynamic-thrift$/, replacement: join(import.meta.dirname, "src/index.ts") }] },
  test: {
    include: ["test/**/*.test.ts"],
    // Files of one worker share the modules of the library: loading them once per file took half of all time.
    isolate: false,
    // Vitest leaves a processor to itself, which is half of two.
    maxWorkers: "100%",
    // A busy machine is no mistake; what hangs is found all the same.
    testTimeout: 60_000,
    coverage: { include: ["src/**"], reporter: ["text-summary", "json-summary"] },
  },
});
export default config;
