import { expect, it } from "vitest";
import { describeFinding, fuzz } from "./support/fuzz.ts";

it("damaged input ends in a result or in an error of the library", { timeout: 60_000 }, async () => {
  const { runs, accepted, findings } = await fuzz({ seed: 1, runs: 2000 });
  expect(findings.map(describeFinding)).toEqual([]);
  // Both ends are exercised: some damage is harmless, most is not.
  expect(accepted).toBeGreaterThan(runs * 0.02);
  expect(accepted).toBeLessThan(runs * 0.8);
});
