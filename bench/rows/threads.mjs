// One message in several threads at once: nanoseconds per message of all together. Each thread has an engine of its own.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { GENERATED } from "../children/ways.mjs";
import { createConverters, MISSING_ENGINE } from "../library.mjs";
import { openFixture } from "../messages/fixtures.mjs";

const FIXTURE = "feed";
const THREADS = availableParallelism();
const SLICE_MS = 60;
const WARM_UP_MS = 200;
const NS_PER_MS = 1e6;

/** @type {import("./row.mjs").Row[]} */
export const THREAD_ROWS = Object.keys(GENERATED).map((direction) => ({
  name: `${direction}-threads/${FIXTURE}`,
  group: "threads",
  create: () => createPlan(direction),
}));

async function createPlan(direction) {
  const { type, json, thrift } = openFixture(FIXTURE);
  const input = direction === "json-to-thrift" ? json : thrift;
  const ours = createConverters(direction, type).map(({ label }) => label);
  const candidates = [];
  const pairs = [];
  for (const way of [...ours, GENERATED[direction]]) {
    const threads = await startThreads(direction, way, input);
    const [one, all] = [1, THREADS].map((count) => ({
      name: `${way}, ${count} ${count === 1 ? "thread" : "threads"}`,
      ours: ours.includes(way),
      bytes: json.length,
      sample: () => timePerMessage(threads.slice(0, count)),
    }));
    candidates.push(one);
    if (THREADS === 1) continue;
    candidates.push(all);
    pairs.push({ candidate: all.name, peer: one.name });
  }
  const baseline = candidates.find(({ ours }) => !ours).name;
  return { baseline, candidates, pairs, skipped: MISSING_ENGINE === undefined ? [] : [MISSING_ENGINE] };
}

async function startThreads(direction, way, input) {
  const threads = Array.from({ length: THREADS }, () => {
    const worker = new Worker(new URL("../children/thread.mjs", import.meta.url), {
      workerData: { direction, way, bytes: input },
    });
    // The process ends when the rows are done.
    worker.unref();
    return worker;
  });
  await timePerMessage(threads, WARM_UP_MS);
  return threads;
}

async function timePerMessage(threads, milliseconds = SLICE_MS) {
  const rates = await Promise.all(threads.map((thread) => callsPerMs(thread, milliseconds)));
  return NS_PER_MS / rates.reduce((sum, rate) => sum + rate, 0);
}

function callsPerMs(thread, milliseconds) {
  return new Promise((resolve, reject) => {
    thread.ref();
    thread.once("error", reject);
    thread.once("message", (rate) => {
      thread.removeListener("error", reject);
      thread.unref();
      resolve(rate);
    });
    thread.postMessage(milliseconds);
  });
}
