// What the project promises, as ratios to the unit of the row: at most that.

/**
 * By row and engine. What is promised of pooled results holds for small ones as they are, and for large ones, which have
 * memory of their own, where they go to memory of the caller (`-into`).
 */
const CONVERSION = {
  "json-to-thrift/small": { wasm: 0.26, typescript: 0.55 },
  "json-to-thrift/medium": { wasm: 0.2, typescript: 0.42 },
  "json-to-thrift/large": { wasm: 0.18 },
  "json-to-thrift/feed": { wasm: 0.13, typescript: 0.3 },
  "json-to-thrift-into/large": { wasm: 0.18 },
  "json-to-thrift-into/feed": { wasm: 0.13 },
  "json-to-thrift/feed-unicode": { typescript: 0.3 },
  "thrift-to-json/small": { wasm: 0.26, typescript: 0.35 },
  "thrift-to-json/medium": { wasm: 0.21, typescript: 0.32 },
  "thrift-to-json/large": { wasm: 0.18 },
  "thrift-to-json/feed": { wasm: 0.14, typescript: 0.28 },
  "thrift-to-json-into/large": { wasm: 0.18 },
  "thrift-to-json-into/feed": { wasm: 0.14 },
  "thrift-to-json/feed-unicode": { typescript: 0.28 },
};

/** Types in turn, of the time that the same messages take type after type; by engine. */
export const MANY_TYPES_TARGET = { wasm: 1.25, typescript: 1.8 };

/** Reading the same near the front of a message a hundred times the size. */
export const FRONT_TARGET = 1.1;

/** For `medium`; where an operation has several ways, by way. */
const REFLECTION = {
  skip: 0.05,
  "get-one": { names: 0.045, "compiled path": 0.035 },
  "get-many": 0.055,
  "set-one": { "names, JavaScript value": 0.09, "names, Value": 0.09, "compiled path, Value": 0.07 },
  "set-many": 0.1,
  project: 0.15,
  "dom-load-reused": 0.12,
  "dom-to-bytes": 0.12,
};

/** @returns {number | undefined} */
export function conversionTarget(row, engine) {
  return CONVERSION[row]?.[engine];
}

/** @returns {number | undefined} */
export function reflectionTarget(operation, fixture, way) {
  if (fixture !== "medium") return undefined;
  const target = REFLECTION[operation];
  return typeof target === "object" ? target[way] : target;
}
