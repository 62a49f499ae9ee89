import assert from "node:assert/strict";

export function assertSameBytes(actual, expected) {
  assert.deepEqual(Buffer.from(actual), Buffer.from(expected));
}

export function getIn(value, path) {
  let result = value;
  for (const key of path) result = result[key];
  return result;
}

export function setIn(value, path, member) {
  getIn(value, path.slice(0, -1))[path.at(-1)] = member;
}
