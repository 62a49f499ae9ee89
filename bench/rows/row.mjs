/**
 * A row is named `operation/fixture` and belongs to a group. `unit` is that of the samples, `ns` when it is left out;
 * less is better in all units.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} group
 * @property {"ns" | "ms" | "MB" | "calls"} [unit]
 * @property {() => Plan | Promise<Plan>} create makes inputs and candidates, and checks the results of all
 *
 * @typedef {object} Plan
 * @property {string} baseline the candidate that all others are compared with
 * @property {Candidate[]} candidates
 * @property {Pair[]} [pairs] other comparisons
 * @property {Skipped[]} [skipped] peers that do not run here
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {boolean} [ours]
 * @property {() => unknown} [run] what is timed
 * @property {() => number | Promise<number>} [sample] measures itself, in the unit of the row
 * @property {number} [bytes] of the row's JSON that one call is for; ratios of two that have them are per byte
 * @property {number} [target] the ratio to the baseline that the project promises
 * @property {{ ratio: number, isEstimate: boolean }} [dynamicgo] its ratio to the same baseline on another machine
 *
 * @typedef {object} Pair
 * @property {string} candidate
 * @property {string} peer
 * @property {number} [target]
 * @property {{ target: number, scale: number }} [reference] what `target` is the product of, where it is the target of
 *   the row on the scale of the machine where that was set
 *
 * @typedef {{ peer: string, reason: string }} Skipped
 */

export {};
