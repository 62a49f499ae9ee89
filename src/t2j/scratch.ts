import { STACK_CELLS } from "../conv/machine-run.ts";

/**
 * The memory that the Thrift→JSON machine works on, shared by all conversions. See `j2t/scratch.ts` for why it
 * is fixed.
 */

/** Bytes of input that the machine sees at once. */
export const WINDOW_SIZE: number = 256 * 1024;

/** Reads of whole words go this far beyond the window's end. */
const OVERREAD = 16;

export const IN: Uint8Array = new Uint8Array(WINDOW_SIZE + OVERREAD);
export const IN_VIEW: DataView = new DataView(IN.buffer);

/** Strings are written in pieces of at most this many bytes of input. */
export const PIECE_SIZE: number = 16 * 1024;

/** The most bytes of JSON that one byte of a string becomes: `\u0000`. */
const LARGEST_ESCAPE = 6;

/**
 * Output is moved away before a value whenever it is beyond `OUT_SOFT_END`. The room behind holds the largest
 * that one step can write: a label and a piece of a string.
 */
export const OUT_SOFT_END: number = 256 * 1024;
const OUT_MARGIN = 8 * 1024;

export const OUT: Uint8Array = new Uint8Array(OUT_SOFT_END + PIECE_SIZE * LARGEST_ESCAPE + OUT_MARGIN);
export const OUT_VIEW: DataView = new DataView(OUT.buffer);
export const OUT_WORDS: BigInt64Array = new BigInt64Array(OUT.buffer);

/** Frames of open values; layouts in `states.ts`. */
export const STACK: Int32Array = new Int32Array(STACK_CELLS);
