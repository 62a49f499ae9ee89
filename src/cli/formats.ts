import type { Protocol } from "../index.ts";
import type { Encoding } from "./encoding.ts";
import type { Framing } from "./framing.ts";

export type Format = "json" | "thrift";

export const FORMATS: readonly Format[] = ["json", "thrift"];

export const PROTOCOLS: readonly Protocol[] = ["binary", "compact"];

/** How messages stand in a file or stream. JSON is always `raw`, and has `lines` where there are many. */
export interface Form {
  readonly encoding: Encoding;
  readonly framing: Framing;
}
