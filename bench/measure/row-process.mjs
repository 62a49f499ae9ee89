import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../children/row.mjs", import.meta.url));

/**
 * Measures a row in a process of its own. Rejects when the row fails, which has then said why.
 *
 * @param {string} name
 * @param {import("./measure.mjs").Timing} timing
 * @returns {Promise<import("./measure-row.mjs").RowResult>}
 */
export function measureInProcess(name, timing) {
  return new Promise((resolve, reject) => {
    const child = fork(SCRIPT, [JSON.stringify({ name, timing })], { execArgv: ["--expose-gc"] });
    let result;
    child.once("message", (message) => {
      result = message;
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (result === undefined)
        reject(new Error(`the row ${name} ended with ${signal ?? `exit code ${code}`}`));
      else resolve(result);
    });
  });
}
