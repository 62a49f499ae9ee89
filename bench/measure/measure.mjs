import { Bench } from "tinybench";
import { createRandom, shuffle } from "../messages/random.mjs";

/** Long enough for the clock, short against a slice. */
const BATCH_MS = 0.25;

/** The second warm-up, as a part of the first. */
const SECOND_WARM_UP = 0.4;

/** Rounds that slow candidates get even when they take longer than `budgetMs`. */
const MIN_ROUNDS = 6;

const SEED = 11;

/** Every result ends up in here, so that no call can be optimised away. */
let latest;

function consume(result) {
  latest = result;
}

/** Lets go of the latest result: the next batch must not pay for the memory of a big one that is still alive. */
function release() {
  if (latest === undefined) throw new Error("a candidate gave nothing");
  latest = undefined;
}

/**
 * How long is measured: rounds of slices of `sliceMs`, fewer when they take more than `budgetMs`, after a warm-up of
 * each candidate; and rounds of the candidates that are measured by child processes and threads.
 *
 * @typedef {{ rounds: number, sliceMs: number, warmUpMs: number, budgetMs: number, sampleRounds: number }} Timing
 */

/** @type {Timing} */
export const FULL_TIMING = { rounds: 36, sliceMs: 5, warmUpMs: 170, budgetMs: 2_500, sampleRounds: 7 };
/** @type {Timing} */
export const QUICK_TIMING = { rounds: 9, sliceMs: 3, warmUpMs: 80, budgetMs: 400, sampleRounds: 3 };

/**
 * Measures the candidates against each other. They take turns in short slices, in another order each round, and are
 * compared within each round. Gives the samples of every round for each candidate.
 *
 * A candidate has `run`, which is timed: its samples are nanoseconds per call, collection of garbage included. Or
 * it has `sample`, which gives a sample itself, in whatever unit.
 */
export async function measure(candidates, timing) {
  const tasks = candidates.map((candidate) => ({ ...candidate, samples: [] }));
  const order = orders(tasks);
  if (candidates.every(({ sample }) => sample !== undefined)) {
    for (let round = 0; round < timing.sampleRounds; round++) {
      for (const task of order()) task.samples.push(await task.sample());
    }
    return tasks;
  }
  for (const { run } of tasks) callsIn(run, timing.warmUpMs);
  globalThis.gc?.();
  // The collection can undo what the engine has learned, so all of them get warm once more.
  for (const task of tasks) Object.assign(task, calibrate(task.run, timing));
  const start = performance.now();
  for (let round = 0; round < timing.rounds; round++) {
    if (round >= MIN_ROUNDS && performance.now() - start > timing.budgetMs) break;
    for (const task of order()) task.samples.push(runSlice(task));
  }
  return tasks;
}

/** A function that gives the values in another random order each time: no one always follows the same neighbour. */
function orders(values) {
  const random = createRandom(SEED);
  return () => shuffle([...values], random);
}

/**
 * Nanoseconds per call in one slice. It has a fixed number of calls: one that ended when its time is up would end with
 * whatever made it slow.
 */
function runSlice({ name, run, batch, batches }) {
  const bench = new Bench({ time: 0, iterations: batches, warmup: false, throws: true });
  bench.add(name, () => {
    const start = bench.now();
    for (let i = 0; i < batch; i++) consume(run());
    const elapsed = bench.now() - start;
    release();
    return { overriddenDuration: elapsed / batch };
  });
  bench.runSync();
  return bench.getTask(name).result.latency.mean * 1e6;
}

/** Gives the calls of a batch, which takes about `BATCH_MS`, and the batches of a slice. */
function calibrate(run, { warmUpMs, sliceMs }) {
  const rate = callsIn(run, warmUpMs * SECOND_WARM_UP);
  const batch = Math.max(1, Math.round(rate * BATCH_MS));
  return { batch, batches: Math.max(1, Math.round((rate * sliceMs) / batch)) };
}

/** Calls `run` for at least that time, once at least, and gives the calls per millisecond. */
export function callsIn(run, milliseconds) {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    consume(run());
    calls++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  release();
  return calls / elapsed;
}
