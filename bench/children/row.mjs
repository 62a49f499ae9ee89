// Measures one row and sends its result to the process that has started this one. Every row has a process of its own:
// what the engine has learned from one row must not change another, and one row alone gives what a full run gives.
import { measureRow } from "../measure/measure-row.mjs";
import { ROWS } from "../rows/index.mjs";

const { name, timing } = JSON.parse(process.argv[2]);
const result = await measureRow(
  ROWS.find((row) => row.name === name),
  timing,
);
// Threads and the like may still be there.
process.send(result, () => process.exit());
