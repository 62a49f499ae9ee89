/**
 * How our candidates changed from one result file to another, by their ratios within each run: times of two runs say
 * nothing. A change is beyond noise when it is larger than `tolerance` and the quartiles do not overlap. Throws an error
 * with a message for people when one run was quick and the other was not.
 *
 * @typedef {import("../measure/statistics.mjs").Summary} Summary
 * @typedef {{ row: string, what: string, before: Summary, after: Summary, change: number }} Change
 *
 * @param {import("./result-file.mjs").Results} before
 * @param {import("./result-file.mjs").Results} after
 * @param {number} tolerance
 * @returns {{ slower: Change[], faster: Change[], compared: number, missing: string[] }} the largest changes first
 */
export function compareResults(before, after, tolerance) {
  if (before.length !== after.length) {
    throw new Error(`a ${before.length} run and a ${after.length} run cannot be compared`);
  }
  const [old, current] = [before, after].map(ratiosOf);
  const changes = [...current]
    .filter(([key]) => old.has(key))
    .map(([key, { row, what, ratio }]) => {
      const earlier = old.get(key).ratio;
      return { row, what, before: earlier, after: ratio, change: ratio.median / earlier.median };
    });
  const size = ({ change }) => Math.abs(Math.log(change));
  const beyond = changes
    .filter((change) => size(change) > Math.log(1 + tolerance))
    .sort((a, b) => size(b) - size(a));
  return {
    slower: beyond.filter(({ before, after }) => after.low > before.high && after.median > before.median),
    faster: beyond.filter(({ before, after }) => after.high < before.low && after.median < before.median),
    compared: changes.length,
    missing: [...keysOfOne(old, current), ...keysOfOne(current, old)],
  };
}

/** Every ratio of a candidate of ours, to the unit of its row and in the other comparisons. */
function ratiosOf({ rows }) {
  const ratios = new Map();
  const add = (row, what, ratio) => ratios.set(`${row} ${what}`, { row, what, ratio });
  for (const { name, baseline, candidates, pairs } of rows) {
    const ours = candidates.filter((candidate) => candidate.ours);
    for (const candidate of ours) if (candidate.name !== baseline) add(name, candidate.name, candidate.ratio);
    for (const { candidate, peer, ratio } of pairs) {
      if (ours.some(({ name }) => name === candidate)) add(name, `${candidate} / ${peer}`, ratio);
    }
  }
  return ratios;
}

function keysOfOne(some, others) {
  return [...some.keys()].filter((key) => !others.has(key));
}
