import { existsSync } from "node:fs";

const DIST = new URL("../dist/index.js", import.meta.url);

/** The built library, as its users get it; `undefined` when it is not built. */
export const library = existsSync(DIST) ? await import(DIST.href) : undefined;

/** How tables name it. */
export const OURS = "dynamic-thrift";
