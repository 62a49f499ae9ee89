/**
 * The open structs and containers while a value is skipped, two integers per level:
 *
 *     remaining   OPEN_STRUCT, or how many values of the container are left (two per map entry)
 *     types       bits 0 … 7: type of map keys    bits 8 … 15: type of map values
 *                 both alike for lists and sets; an odd `remaining` stands in front of a key
 *
 * Skipping calls nothing that could skip in turn, so that one scratch stack serves all calls.
 */
export const SKIP_STACK: Int32Array = new Int32Array(2 * 64);

export const OPEN_STRUCT = -1;

/** A larger stack with the same content, for limits above the default; not kept after the call. */
export function growStack(stack: Int32Array): Int32Array {
  const grown = new Int32Array(stack.length * 2);
  grown.set(stack);
  return grown;
}
