// What dynamicgo's own benchmarks gave on the same fixtures: Go 1.19, on one machine, in nanoseconds. Times of another
// machine say nothing here; as parts of what that machine took for `JSON.parse` or `JSON.stringify` they do.
import { REFERENCE_UNITS } from "./reference-units.mjs";

/** `large` is a hundred messages like `medium`; its unit was not measured. */
const MEDIUMS_IN_LARGE = 100;

const FIGURES = {
  "json-to-thrift": { unit: "parse-bytes", small: 363, medium: 15_038, large: 1_770_000 },
  "json-to-thrift-into": { unit: "parse-bytes", small: 328, medium: 14_056, large: 1_430_000 },
  "thrift-to-json": { unit: "stringify-bytes", small: 476, medium: 17_923, large: 1_784_000 },
  "thrift-to-json-into": { unit: "stringify-bytes", small: 404, medium: 16_097, large: 1_587_000 },
  skip: { unit: "parse-text", small: 21, medium: 1_342, large: 139_000 },
  "get-one": { unit: "parse-text", small: 77, medium: 1_200, large: 140_000 },
  "get-many": { unit: "parse-text", small: 93, medium: 1_428 },
  "marshal-many": { unit: "parse-text", small: 84, medium: 835 },
  "set-one": { unit: "parse-text", small: 135, medium: 1_996 },
  "set-many": { unit: "parse-text", small: 183, medium: 2_326 },
  project: { unit: "parse-text", small: 318, medium: 10_607 },
  "dom-load": { unit: "parse-text", small: 334, medium: 17_142, large: 2_640_000 },
  // Parents scanned. Not scanned, which leaves them without their bytes: 114, 5_512 and 560_000.
  "dom-load-reused": { unit: "parse-text", small: 112, medium: 7_474, large: 1_030_000 },
  "dom-to-bytes": { unit: "parse-text", small: 186, medium: 7_153, large: 750_000 },
  "to-js": { unit: "parse-text", small: 445, medium: 22_674, large: 3_059_000 },
};

/**
 * The time of dynamicgo for an operation, in those of the row's unit on its machine, or `undefined` where there is no
 * figure. `isEstimate` marks the ones whose unit was not measured but taken to grow with the message.
 *
 * @returns {{ ratio: number, isEstimate: boolean } | undefined}
 */
export function dynamicgoFigure(operation, fixture) {
  const figure = FIGURES[operation];
  const time = figure?.[fixture];
  if (time === undefined) return undefined;
  const unit = REFERENCE_UNITS[figure.unit];
  const isEstimate = unit[fixture] === undefined;
  return { ratio: time / (isEstimate ? unit.medium * MEDIUMS_IN_LARGE : unit[fixture]), isEstimate };
}
