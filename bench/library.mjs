import { existsSync } from "node:fs";
import { OURS } from "./library-name.mjs";

const DIST = new URL("../dist/index.js", import.meta.url);
if (!existsSync(DIST)) throw new Error("../dist/index.js is missing: npm run build");

/** The built library, as its users get it. */
export const library = await import(DIST.href);

export { OURS };

/**
 * The engines of this build on this machine. Builds without the option `kernel` have only the TypeScript machines.
 *
 * @returns {{ name: string, options: object }[]}
 */
function findEngines() {
  const probe = library.parseIdl("struct Probe {}").struct("Probe");
  const typescript = { name: "typescript", options: { kernel: "typescript" } };
  try {
    library.jsonToThrift(probe, typescript.options);
  } catch (error) {
    if (!library.isThriftError(error, "INVALID_OPTION")) throw error;
    return [{ ...typescript, options: {} }];
  }
  const wasm = { name: "wasm", options: { kernel: "auto" } };
  return library.jsonToThrift(probe, wasm.options).engine === "wasm" ? [wasm, typescript] : [typescript];
}

export const ENGINES = findEngines();

/** Why a run has one engine only, or `undefined`. */
export const MISSING_ENGINE =
  ENGINES.length > 1
    ? undefined
    : { peer: `${OURS} (wasm)`, reason: "this build or this machine runs no kernel" };

/**
 * The converters of a direction, one of each engine that runs the type.
 *
 * @param {"json-to-thrift" | "thrift-to-json"} direction
 * @param {"on" | "off"} [valueMapping] `on` quotes the i64 of `Simple`, which the peers do not
 * @returns {{ label: string, engine: string, converter: object }[]}
 */
export function createConverters(direction, type, valueMapping = "off") {
  const create = direction === "json-to-thrift" ? library.jsonToThrift : library.thriftToJson;
  return ENGINES.map(({ name, options }) => ({
    label: `${OURS} (${name})`,
    engine: name,
    converter: create(type, { valueMapping, ...options }),
  })).filter(({ engine, converter }) => (converter.engine ?? "typescript") === engine);
}

/** The converter of the direction that users get without choosing an engine. */
export function createConverter(direction, type) {
  return createConverters(direction, type)[0].converter;
}
