// What Node 20 took for the JSON of fixtures on the machine where dynamicgo was measured and the targets of this project
// were set, in the ways that rows take as their unit; nanoseconds. From §3 of the facts on performance that the project
// began with (performance.md).

export const REFERENCE_UNITS = {
  "parse-text": { small: 548, medium: 21_400 },
  "parse-bytes": { small: 848, medium: 36_000, feed: 528_000 },
  "stringify-bytes": { small: 954, medium: 35_300, feed: 461_000 },
};

const UNIT_OF_DIRECTION = { "json-to-thrift": "parse-bytes", "thrift-to-json": "stringify-bytes" };

/** How many times as long as for `medium` the unit of a direction took for `feed` there. */
export function feedInMediums(direction) {
  const { medium, feed } = REFERENCE_UNITS[UNIT_OF_DIRECTION[direction]];
  return feed / medium;
}
