import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, type Options } from "tsup";

const ROOT: string = join(import.meta.dirname, "../../..");
const MAIN_ENTRY: string = join(ROOT, "src/index.ts");

/** The command line as it is published, in a folder of its own. */
export interface BuiltCli {
  /** The file for `node`. */
  readonly file: string;
  remove(): void;
}

/** Bundles the command line as `tsup.config.ts` does, apart from `dist`, which may be out of date or in use. */
export async function buildCli(): Promise<BuiltCli> {
  const folder = mkdtempSync(join(tmpdir(), "dynamic-thrift-cli-"));
  copyFileSync(join(ROOT, "package.json"), join(folder, "package.json"));
  const shared: Options = {
    config: false,
    silent: true,
    format: "esm",
    target: "es2022",
    clean: false,
    splitting: false,
    outDir: join(folder, "dist"),
    tsconfig: join(ROOT, "tsconfig.json"),
  };
  await Promise.all([
    build({ ...shared, entry: { index: MAIN_ENTRY }, platform: "neutral" }),
    build({
      ...shared,
      entry: { cli: join(ROOT, "src/cli/main.ts") },
      platform: "node",
      noExternal: [/.*/],
      esbuildPlugins: [
        {
          name: "import-built-main",
          setup({ onResolve }) {
            onResolve({ filter: /index\.ts$/ }, ({ path, resolveDir, kind }) =>
              kind !== "entry-point" && resolve(resolveDir, path) === MAIN_ENTRY
                ? { path: "./index.js", external: true }
                : undefined,
            );
          },
        },
      ],
      banner: {
        js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
      },
    }),
  ]);
  return {
    file: join(folder, "dist/cli.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
