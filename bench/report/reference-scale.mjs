import { formatNumber, formatSpread, formatVerdict } from "./format.mjs";

/**
 * One sentence on the targets of a row on the scale of the machine where they were set, or `undefined` for a row that has
 * none of these.
 *
 * @param {import("../measure/measure-row.mjs").RowResult} row
 */
export function describeReferenceScale({ baseline, candidates, pairs }) {
  const scaled = pairs.filter(isOnReferenceScale);
  if (scaled.length === 0) return undefined;
  const [{ peer, reference }] = scaled;
  const scale = formatNumber(reference.scale);
  const results = scaled.map(
    (pair) =>
      `${pair.candidate} takes ${formatNumber(pair.ratio.median)} ${formatSpread(pair.ratio)} of medium's, the target of ${
        pair.reference.target
      } × ${scale} is ${formatNumber(pair.target)}: ${formatVerdict(pair)}`,
  );
  const here = formatNumber(1 / candidates.find(({ name }) => name === peer).ratio.median);
  return `On the reference's scale, where ${baseline} takes ${scale} times as long as for medium (here ${here} times): ${results.join("; ")}.`;
}

/** These are told in a sentence, other pairs in a line each. */
export function isOnReferenceScale({ reference }) {
  return reference !== undefined;
}
