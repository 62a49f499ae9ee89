import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const ROOT: string = import.meta.dirname;
const MAIN_ENTRY: string = join(ROOT, "src/index.ts");

/**
 * The command line is a user of the library: it imports the built main entry beside it. Only what it takes from the lowest
 * layers (`bytes`, errors, hints) is bundled into it a second time; errors are told by their brand, whichever copy made them.
 */
const importBuiltMain: Plugin = {
  name: "import-built-main",
  setup(build) {
    build.onResolve({ filter: /index\.ts$/ }, ({ path, resolveDir, kind }) =>
      kind !== "entry-point" && resolve(resolveDir, path) === MAIN_ENTRY
        ? { path: "./index.js", external: true }
        : undefined,
    );
  },
};

/** Writes `dist/cli.licenses.txt`: the licence texts of the packages that are bundled into the command line. */
const collectLicenses: Plugin = {
  name: "collect-licenses",
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      const packages = new Set<string>();
      for (const file of Object.keys(metafile?.inputs ?? {})) {
        const match = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
        if (match) packages.add(resolve(ROOT, match[0]));
      }
      const texts = [...packages].sort().map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const text = ["LICENSE", "LICENSE.md", "license"]
          .map((file) => readIfPresent(join(folder, file)))
          .find(Boolean);
        return `${name} ${version} (${license})\n\n${text ?? ""}`;
      });
      mkdirSync(join(ROOT, "dist"), { recursive: true });
      if (texts.length > 0)
        writeFileSync(join(ROOT, "dist/cli.licenses.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
    });
  },
};

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * esbuild turns the module constants of a bundle into `var`. V8 embeds the address and length of a typed array
 * in compiled code only when it knows that the variable never changes: JSON→Thrift takes 1.4 to 1.7 times as long
 * without that. Names in capitals are constants by our convention.
 */
const keepConstants: NonNullable<Options["plugins"]>[number] = {
  name: "keep-constants",
  renderChunk(code) {
    return { code: code.replace(/^var (?=[A-Z][A-Z0-9_]* = )/gm, "const ") };
  },
};

/**
 * esbuild calls a class that speaks of itself `_Value` inside of `Value`, where stack traces and debuggers would show that.
 * Nothing else is called so: names of ours do not begin with an underscore.
 */
const keepClassNames: NonNullable<Options["plugins"]>[number] = {
  name: "keep-class-names",
  renderChunk(code) {
    const names = [...code.matchAll(/^(?:var|const) (\w+) = class _(\w+) /gm)].flatMap(([, outer, inner]) =>
      outer === inner ? [inner] : [],
    );
    const pattern = new RegExp(`(?<![\\w$.])_(${names.join("|")})\\b`, "g");
    return { code: names.length === 0 ? code : code.replace(pattern, "$1") };
  },
};

const shared: Options = { format: "esm", target: "es2022", clean: false, splitting: false, sourcemap: false };

const config: Options[] = [
  {
    ...shared,
    entry: { index: "src/index.ts" },
    platform: "neutral",
    treeshake: true,
    dts: true,
    plugins: [keepConstants, keepClassNames],
  },
  {
    ...shared,
    entry: { cli: "src/cli/main.ts" },
    platform: "node",
    dts: false,
    noExternal: [/.*/],
    esbuildPlugins: [importBuiltMain, collectLicenses],
    banner: {
      // The bundled CommonJS dependencies call require() for Node's own modules.
      js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
    },
  },
];

const definition: ReturnType<typeof defineConfig> = defineConfig(config);
export default definition;
