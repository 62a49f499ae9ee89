import { defineConfig } from "tsup";

const shared = { format: "esm", target: "es2022", clean: false, splitting: false, treeshake: true } as const;

export default defineConfig([
  { ...shared, entry: { index: "src/index.ts" }, platform: "neutral", dts: true, sourcemap: true },
  {
    ...shared,
    entry: { cli: "src/cli/main.ts" },
    platform: "node",
    dts: false,
    // The command line is an ordinary user of the library: it imports the built main entry.
    external: ["../index.ts", "../../index.ts"],
    noExternal: [/.*/],
    banner: {
      // The bundled CommonJS dependencies of the command line call require() for Node's own modules.
      js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
    },
  },
]);
