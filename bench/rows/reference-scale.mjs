// The targets of the feed are ratios to a unit that took more times that of `medium` where they were set than it does here;
// README.md says more. In times of the unit of `medium` they can be checked without that of the feed.
import { openFixture } from "../messages/fixtures.mjs";
import { feedInMediums } from "../peers/reference-units.mjs";

/**
 * The unit of `medium` as one more candidate, and the candidates that have a target against it.
 *
 * @param {"json-to-thrift" | "thrift-to-json"} direction
 * @param {(fixture: import("../messages/fixtures.mjs").Fixture) => import("./row.mjs").Candidate} createUnit
 * @param {import("./row.mjs").Candidate[]} candidates
 * @returns {{ candidates: import("./row.mjs").Candidate[], pairs: import("./row.mjs").Pair[] }}
 */
export function onReferenceScale(direction, createUnit, candidates) {
  const unit = createUnit(openFixture("medium"));
  const name = `${unit.name} of medium`;
  const scale = feedInMediums(direction);
  const pairs = candidates
    .filter(({ target }) => target !== undefined)
    .map(({ name: candidate, target }) => ({
      candidate,
      peer: name,
      target: target * scale,
      reference: { target, scale },
    }));
  return { candidates: [{ ...unit, name }], pairs };
}
