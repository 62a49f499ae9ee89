import { Bench } from "tinybench";

/** Long enough for the clock, short against a slice. */
const BATCH_MS = 0.25;

/** Every result ends up in here, so that no call can be optimised away. */
let latest;

function consume(result) {
  latest = result;
}

/**
 * Measures the candidates against each other. The machine's speed changes while a row is measured, so the
 * candidates take turns in short slices (A B C, A B C, …) and are compared within each round.
 *
 * A candidate is `{ name, run, bytes? }`: `bytes` is what one call of `run` processes, where the candidates are
 * to be compared per byte. Gives for each candidate the nanoseconds per call of every round.
 */
export function measure(candidates, { rounds, sliceMs }) {
  const tasks = candidates.map((candidate) => ({
    ...candidate,
    batch: calibrate(candidate.run),
    samples: [],
  }));
  globalThis.gc?.();
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: sliceMs, iterations: 1, warmup: false, throws: true });
    for (const { name, run, batch } of tasks) bench.add(name, () => runBatch(bench, run, batch));
    bench.runSync();
    for (const task of tasks) {
      const { latency } = bench.getTask(task.name).result;
      task.samples.push(latency.mean * 1e6);
    }
  }
  if (latest === undefined) throw new Error("a candidate gave nothing");
  latest = undefined;
  return tasks.map(({ name, bytes, samples }) => ({ name, bytes, samples }));
}

/** The mean includes the collection of the garbage that the calls made. */
function runBatch(bench, run, batch) {
  const start = bench.now();
  for (let i = 0; i < batch; i++) consume(run());
  const elapsed = bench.now() - start;
  return { overriddenDuration: elapsed / batch, overriddenIterationCost: elapsed };
}

/** Warms `run` up and gives the number of calls that take about `BATCH_MS`. */
function calibrate(run) {
  const WARM_UP_MS = 300;
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    consume(run());
    calls++;
    elapsed = performance.now() - start;
  } while (elapsed < WARM_UP_MS);
  return Math.max(1, Math.round((calls / elapsed) * BATCH_MS));
}

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
 * How `candidate` compares with `peer`, per byte where they have `bytes`: the median of the ratios within each round, which is what
 * counts, and the ratio of the two medians beside it.
 */
export function compare(candidate, peer) {
  const scale = peer.bytes === undefined ? 1 : peer.bytes / candidate.bytes;
  return {
    perRound: median(candidate.samples.map((sample, round) => sample / peer.samples[round])) * scale,
    ofMedians: (median(candidate.samples) / median(peer.samples)) * scale,
  };
}
