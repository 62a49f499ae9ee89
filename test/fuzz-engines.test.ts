import { expect, it } from "vitest";
import { describeEngineFinding, fuzzEngines } from "./support/fuzz-engines.ts";

it("both engines do the same with damaged input", { timeout: 60_000 }, () => {
  const { cases, converted, findings } = fuzzEngines({ seed: 1, cases: 20_000 });
  expect(findings.map(describeEngineFinding)).toEqual([]);
  // Both ends are exercised.
  expect(converted).toBeGreaterThan(cases * 0.05);
  expect(converted).toBeLessThan(cases * 0.8);
});
