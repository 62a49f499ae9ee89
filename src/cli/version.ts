import { readFileSync } from "node:fs";

/** Where the package's description is, from the built file and from the source. */
const PLACES: readonly string[] = ["../package.json", "../../package.json"];

/** The version of the package, or `unknown` when this file has been taken out of it. */
export function findVersion(): string {
  for (const place of PLACES) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8"));
      if (name === "dynamic-thrift" && typeof version === "string") return version;
    } catch {
      // Not there.
    }
  }
  return "unknown";
}
