import { COLD_START_ROWS } from "./cold-start.mjs";
import { CONVERSION_ROWS } from "./conversion.mjs";
import { IDL_ROWS } from "./idl.mjs";
import { MANY_MESSAGES_ROWS } from "./many-messages.mjs";
import { MEMORY_ROWS } from "./memory.mjs";
import { DOM_ROWS } from "./reflection/dom.mjs";
import { EDITING_ROWS } from "./reflection/editing.mjs";
import { READING_ROWS } from "./reflection/reading.mjs";
import { THREAD_ROWS } from "./threads.mjs";

/** All rows, in the order of the report. @type {import("./row.mjs").Row[]} */
export const ROWS = [
  ...CONVERSION_ROWS,
  ...MANY_MESSAGES_ROWS,
  ...THREAD_ROWS,
  ...READING_ROWS,
  ...EDITING_ROWS,
  ...DOM_ROWS,
  ...IDL_ROWS,
  ...COLD_START_ROWS,
  ...MEMORY_ROWS,
];

/** The rows of a quick run: one of each kind. */
export const MAIN_ROWS = [
  /^(json-to-thrift|thrift-to-json)\/(small|medium|feed|many-types)$/,
  /^(json-to-thrift-into|thrift-to-json-into|json-text-to-thrift|thrift-to-json-text)\/medium$/,
  /^(skip|get-one|get-many|to-js|set-one|project|dom-load-reused|dom-to-bytes)\/medium$/,
  /^parse-idl\/feed$/,
  /^json-to-thrift-threads\//,
  /^import-to-first-conversion\/small$/,
  /^json-to-thrift-peak-memory\//,
].flatMap((expression) => ROWS.filter(({ name }) => expression.test(name)));

/** The rows whose name or group a regular expression finds. Throws a `SyntaxError` for one that is none. */
export function findRows(filter) {
  const expression = new RegExp(filter);
  return ROWS.filter(({ name, group }) => expression.test(name) || expression.test(group));
}

/** What can be asked for, for people: each group with its operations and their fixtures. */
export function describeRows() {
  const lines = [];
  for (const group of new Set(ROWS.map((row) => row.group))) {
    lines.push(`${group}:`);
    const operations = new Map();
    for (const { name } of ROWS.filter((row) => row.group === group)) {
      const [operation, fixture] = name.split("/");
      operations.set(operation, [...(operations.get(operation) ?? []), fixture]);
    }
    for (const [operation, fixtures] of operations) lines.push(`  ${operation}/ ${fixtures.join(" ")}`);
  }
  return lines.join("\n");
}
