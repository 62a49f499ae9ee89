import { STACK_CELLS } from "./machine-run.ts";
import { HEADER_HOOKS, HEADER_MOST_WORDS, HOOK_CUSTOM, HOOK_DEFAULT, type Program } from "./program.ts";

/** No frame of a machine has more cells beside its bitmaps. */
const FRAME_CELLS = 16;

/**
 * Why the kernel cannot run the program as the machines do, to be read in an error; `undefined` when it can. What
 * depends on a call is left aside: see `HOOK_CALL`.
 */
export function kernelObstacle(program: Program, maxDepth: number): string | undefined {
  const { code } = program;
  if ((code[HEADER_HOOKS]! & HOOK_CUSTOM) !== 0) return "the type has a custom value mapping";
  if ((code[HEADER_HOOKS]! & HOOK_DEFAULT) !== 0)
    return "a default is no JSON text, as its value mapping wants";
  // Where the stack of the machines ends before the limit does, they must say so.
  const frame = FRAME_CELLS + 2 * code[HEADER_MOST_WORDS]!;
  return maxDepth * frame > STACK_CELLS ? "the type has too many fields for `limits.maxDepth`" : undefined;
}
