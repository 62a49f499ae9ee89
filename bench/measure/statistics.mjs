/** The value below which `fraction` of the values lie, interpolated. */
export function quantile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * fraction;
  const low = Math.floor(position);
  const high = Math.ceil(position);
  return sorted[low] + (sorted[high] - sorted[low]) * (position - low);
}

export function median(values) {
  return quantile(values, 0.5);
}

/**
 * The median and the quartiles of some values.
 *
 * @typedef {{ median: number, low: number, high: number }} Summary
 * @param {number[]} values
 * @returns {Summary}
 */
export function summarize(values) {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** Half the distance of the quartiles as a part of the median: what the tables show as ±. */
export function spread({ median, low, high }) {
  return (high - low) / 2 / median;
}

/**
 * The ratios of two candidates within each round, per byte where both have `bytes`. The speed of a machine changes
 * while it measures; within a round it hardly does.
 *
 * @returns {Summary}
 */
export function compare(candidate, peer) {
  const arePerByte = candidate.bytes !== undefined && peer.bytes !== undefined;
  const scale = arePerByte ? peer.bytes / candidate.bytes : 1;
  return summarize(candidate.samples.map((sample, round) => (sample / peer.samples[round]) * scale));
}
