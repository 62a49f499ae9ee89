/** How long each candidate runs to warm up, and then all of them together. */
const WARM_UP_MS = 300;
const RACE_MS = 1_000;

/** A turn takes about this long: the clock is too coarse for a single call, and others want the processor too. */
const TURN_MS = 0.2;

/**
 * Prints the fastest time per call of each candidate in microseconds, and how it relates to the first one. They take
 * turns, so that all of them see the same machine: compare times of one race, never of two.
 */
export function printRace(candidates: Readonly<Record<string, () => unknown>>): void {
  const runners = Object.entries(candidates).map(([name, run]) => {
    let calls = 0;
    for (const end = performance.now() + WARM_UP_MS; performance.now() < end; calls++) run();
    return { name, run, callsPerTurn: Math.ceil((calls * TURN_MS) / WARM_UP_MS), fastest: Infinity };
  });
  for (const end = performance.now() + RACE_MS; performance.now() < end; ) {
    for (const runner of runners) {
      const start = performance.now();
      for (let i = 0; i < runner.callsPerTurn; i++) runner.run();
      const time = ((performance.now() - start) / runner.callsPerTurn) * 1_000;
      runner.fastest = Math.min(runner.fastest, time);
    }
  }
  for (const { name, fastest } of runners) {
    const times = fastest / runners[0]!.fastest;
    const ratio = times === 1 ? "" : `, ${times.toFixed(1)} times as long`;
    console.log(`  ${name.padEnd(36)} ${fastest.toFixed(1).padStart(7)} µs${ratio}`);
  }
}
