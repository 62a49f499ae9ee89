import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * The native parser. Without its addon the package exports `JSON` itself, so the addon is what is looked for.
 *
 * @returns {{ parse(text: string): unknown } | undefined}
 */
export function loadSimdjson() {
  try {
    require.resolve("simdjson/build/Release/simdjson.node");
  } catch {
    return undefined;
  }
  return require("simdjson");
}
