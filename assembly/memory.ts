/**
 * The memory of an instance, laid out by its host (`src/kernel/instance.ts`):
 *
 * ```
 * static data | programs | stack | input | padding | output | margin
 * ```
 *
 * The host writes programs and input, and passes all addresses. Behind the input stand at least `PADDING` bytes that
 * may be read, the first of which is 0. `softEnd` is where an output position is too far to begin a value: behind it
 * stand `OUT_MARGIN` bytes that a value may write without another look and, for JSON→Thrift, as many as the input has,
 * which no string exceeds. Thrift→JSON looks again before what is longer (`room.ts`).
 *
 * Positions are addresses. A function that reads takes the position to read from and returns the one behind what it
 * has read, or 0 when the input is wrong or what the kernel does not do: the host then asks the TypeScript machine.
 */

/** Bytes behind the input that may be read. */
export const PADDING: usize = 64;

/** Room behind `softEnd`, beside that for strings: a label of `LONGEST_TEXT` bytes and more, and over-writing vectors. */
export const OUT_MARGIN: usize = 8192 + 64;

/** A conversion has failed: what is wrong is for the TypeScript machine to say. */
export const FAILED: usize = 0;
/** The output, or the stack, needs more memory than the instance has. */
export const TOO_LARGE: usize = 1;

/** Address of the program that runs; references between its records are indices of cells of four bytes. */
export let base: usize = 0;
export let inputEnd: usize = 0;
export let softEnd: usize = 0;
/** The output position while a function that is called writes. */
export let out: usize = 0;
/** Set when a conversion fails for want of memory. */
export let isTooLarge: bool = false;

/** Free part of the stack: bitmaps of open structs, keys of open maps. */
export let stackTop: usize = 0;
export let stackEnd: usize = 0;

export function setOut(position: usize): void {
  out = position;
}

export function setStackTop(position: usize): void {
  stackTop = position;
}

export function setStackEnd(position: usize): void {
  stackEnd = position;
}

/** Fails for want of memory. */
export function failMemory(): usize {
  isTooLarge = true;
  return FAILED;
}

export function begin(
  program: usize,
  stack: usize,
  stackLimit: usize,
  input: usize,
  output: usize,
  outputLimit: usize,
): void {
  base = program;
  stackTop = stack;
  stackEnd = stackLimit;
  inputEnd = input;
  out = output;
  softEnd = outputLimit;
  isTooLarge = false;
}

/** The address of the record that the cell at `offset` of another record refers to. */
// @ts-ignore: decorator
@inline
export function ref(record: usize, offset: usize): usize {
  return base + ((<usize>load<i32>(record + offset)) << 2);
}
