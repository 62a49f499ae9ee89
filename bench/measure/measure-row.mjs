import { measure } from "./measure.mjs";
import { compare, median } from "./statistics.mjs";

/**
 * What a row has given. Ratios are medians of the ratios within each round, with their quartiles.
 *
 * @typedef {object} RowResult
 * @property {string} name
 * @property {string} group
 * @property {string} unit of `median` and `fastest`
 * @property {string} baseline
 * @property {CandidateResult[]} candidates
 * @property {PairResult[]} pairs
 * @property {import("../rows/row.mjs").Skipped[]} skipped
 *
 * @typedef {object} CandidateResult
 * @property {string} name
 * @property {boolean} ours
 * @property {number} [bytes] of JSON per call
 * @property {number} median
 * @property {number} fastest
 * @property {number} rounds
 * @property {import("./statistics.mjs").Summary} ratio to the baseline, per byte where both have `bytes`
 * @property {number} [target]
 * @property {{ ratio: number, isEstimate: boolean }} [dynamicgo]
 *
 * @typedef {import("../rows/row.mjs").Pair & { ratio: import("./statistics.mjs").Summary }} PairResult
 */

/**
 * @param {import("../rows/row.mjs").Row} row
 * @param {import("./measure.mjs").Timing} timing
 * @returns {Promise<RowResult>}
 */
export async function measureRow({ name, group, unit = "ns", create }, timing) {
  const { baseline, candidates, pairs = [], skipped = [] } = await create();
  const measured = new Map((await measure(candidates, timing)).map((entry) => [entry.name, entry]));
  const unitOfRow = measured.get(baseline);
  return {
    name,
    group,
    unit,
    baseline,
    candidates: [...measured.values()].map((entry) => ({
      name: entry.name,
      ours: entry.ours === true,
      bytes: entry.bytes,
      median: median(entry.samples),
      fastest: Math.min(...entry.samples),
      rounds: entry.samples.length,
      ratio: compare(entry, unitOfRow),
      target: entry.target,
      dynamicgo: entry.dynamicgo,
    })),
    pairs: pairs.map((pair) => ({
      ...pair,
      ratio: compare(measured.get(pair.candidate), measured.get(pair.peer)),
    })),
    skipped,
  };
}
