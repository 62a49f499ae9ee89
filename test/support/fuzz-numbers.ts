import { loadPrimitives, randomProblem } from "./primitives.ts";
import { createRandom } from "./random.ts";

/** Compares how the kernel reads and writes random numbers with what JavaScript makes of them. */
export interface NumberFuzzOptions {
  readonly seed: number;
  readonly numbers: number;
  readonly milliseconds?: number;
}

export interface NumberFuzzReport {
  readonly numbers: number;
  readonly findings: readonly string[];
}

const MAX_FINDINGS = 20;
/** As the kernel is compiled. */
const OPTIMIZE_LEVEL = 3;
/** How often the clock is looked at. */
const NUMBERS_PER_LOOK = 1000;

export async function fuzzNumbers(options: NumberFuzzOptions): Promise<NumberFuzzReport> {
  const { seed, numbers, milliseconds = Number.POSITIVE_INFINITY } = options;
  const primitives = await loadPrimitives(OPTIMIZE_LEVEL);
  const random = createRandom(seed);
  const findings: string[] = [];
  const start = performance.now();
  let done = 0;
  for (; done < numbers && findings.length < MAX_FINDINGS; done++) {
    if (done % NUMBERS_PER_LOOK === 0 && performance.now() - start > milliseconds) break;
    const problem = randomProblem(primitives, random);
    if (problem !== undefined) findings.push(`number ${done}: ${problem}`);
  }
  return { numbers: done, findings };
}
