import { expect, it } from "vitest";
import { describeFinding, fuzz } from "../support/fuzz.ts";
it.each([2, 3, 4, 5, 6, 7])("seed %i", { timeout: 600_000 }, async (seed) => {
  const { runs, accepted, findings } = await fuzz({ seed, milliseconds: 40_000 });
  console.log(seed, runs, accepted, findings.length);
  for (const f of findings.slice(0, 6)) console.log(describeFinding(f).slice(0, 1500));
  expect(findings.length).toBe(0);
});
