// What dynamicgo's own benchmarks give for its reflection on the same fixtures (Go, one machine), nanoseconds.
// Times of another machine say nothing here; as parts of that machine's `JSON.parse` they do.

/** `JSON.parse` of the fixture's JSON text on that machine. That of `large` is a hundred times that of `medium`. */
const JSON_PARSE = { small: 548, medium: 21_400, large: 2_140_000 };

const TIMES = {
  skip: { small: 21, medium: 1_342, large: 139_000 },
  "get-one": { small: 77, medium: 1_200, large: 140_000 },
  "get-many": { small: 93, medium: 1_428 },
  "set-one": { small: 135, medium: 1_996 },
  "set-many": { small: 183, medium: 2_326 },
  project: { small: 318, medium: 10_607 },
  // With memory that is used again, parents scanned.
  "dom-load": { small: 112, medium: 7_474, large: 1_030_000 },
  "dom-to-bytes": { small: 186, medium: 7_153, large: 750_000 },
  "to-js": { small: 445, medium: 22_674, large: 3_059_000 },
};

/** The time of dynamicgo for `operation/fixture`, in those of `JSON.parse`. */
export function dynamicgoRatio(operation, fixture) {
  return TIMES[operation][fixture] / JSON_PARSE[fixture];
}
