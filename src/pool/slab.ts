/**
 * Memory for small results, and for the tapes of small messages. An `ArrayBuffer` of its own costs a small
 * result more than all its content (about 350 ns against 10 to 20 ns), so pieces of a shared one are handed
 * out, as Node's own `Buffer` pool does.
 *
 * What that means for whoever keeps results:
 * - A piece keeps its whole slab alive. One kept result holds at most `SLAB_SIZE` bytes, and results made in
 *   a row share a slab, so the bound is `SLAB_SIZE` per kept result in the worst case.
 * - The `buffer` of a piece holds other results too: copy before a transfer (`output: "own"`).
 *
 * Slab memory is handed out once and never reused, so pieces never change behind their owner and show no
 * bytes of earlier results.
 */

/** Large enough that its own allocation is lost among its pieces, small enough to be kept by one of them. */
const SLAB_SIZE = 128 * 1024;

/** The largest piece. A larger result gets its own memory: it would waste the rest of a slab. */
const MAX_PIECE_SIZE = SLAB_SIZE / 8;

/** Pieces start at multiples of this, so that a caller can lay any typed array over one. */
const ALIGNMENT = 8;

/** Up to this many bytes a loop beats the fixed cost of `set` with `subarray` (16 B: 58 against 71 ns). */
const LOOP_COPY_SIZE = 16;

/** The slab in use and how much of it is handed out. Module state by design: sharing is the point. */
let slab = new ArrayBuffer(0);
let slabWords = new BigInt64Array(slab);
let used = 0;

/**
 * Zeroed memory of `size` bytes that belongs to the caller: a piece of a slab, or an `ArrayBuffer` of its
 * own beyond 16 KiB. `size` must be a verified non-negative integer.
 */
export function slabAllocate(size: number): Uint8Array {
  if (size > MAX_PIECE_SIZE) return new Uint8Array(size);
  const start = take(size);
  return new Uint8Array(slab, start, size);
}

/** The same for numbers of 32 bits: `length` zeros. */
export function slabAllocateCells(length: number): Int32Array {
  const size = length * Int32Array.BYTES_PER_ELEMENT;
  if (size > MAX_PIECE_SIZE) return new Int32Array(length);
  const start = take(size);
  return new Int32Array(slab, start, length);
}

/** Where the next `size` bytes of the slab start, which is a new one when there are fewer left. */
function take(size: number): number {
  // A slab that somebody has transferred has no words any more. `slab.byteLength` says the same, but is a call.
  if (size > slabWords.length * BigInt64Array.BYTES_PER_ELEMENT - used) {
    slab = new ArrayBuffer(SLAB_SIZE);
    slabWords = new BigInt64Array(slab);
    used = 0;
  }
  const start = used;
  used += (size + ALIGNMENT - 1) & -ALIGNMENT;
  return start;
}

/** A copy of `source[start … end)` that belongs to the caller, in memory like that of `slabAllocate`. */
export function slabCopy(source: Uint8Array, start: number, end: number): Uint8Array {
  const size = end - start;
  if (size > MAX_PIECE_SIZE) return new Uint8Array(source.subarray(start, end));
  const piece = slabAllocate(size);
  if (size <= LOOP_COPY_SIZE) {
    for (let i = 0; i < size; i++) piece[i] = source[start + i]!;
  } else {
    piece.set(source.subarray(start, end));
  }
  return piece;
}

/**
 * Up to this many bytes a loop over words beats the fixed cost of a view and `set` (114 B: 21 against 48 ns). Between two
 * typed arrays V8 moves words of 64 bits without making a bigint; through a `DataView` it does not.
 */
const LOOP_WORDS_SIZE = 320;

/**
 * A copy of the `size` bytes of `source` that begin with the word `start`, in memory like that of `slabAllocate`. What
 * follows them in the last word goes to the padding behind the piece: the caller has made it zero, so that no piece shows
 * anything of others.
 */
export function slabCopyWords(source: BigInt64Array, start: number, size: number): Uint8Array {
  if (size > LOOP_WORDS_SIZE) {
    const bytes = new Uint8Array(source.buffer, source.byteOffset + start * 8, size);
    if (size > MAX_PIECE_SIZE) return new Uint8Array(bytes);
    const piece = slabAllocate(size);
    piece.set(bytes);
    return piece;
  }
  const piece = slabAllocate(size);
  const target = slabWords;
  // The piece is the last one.
  const end = used >> 3;
  const words = (size + 7) >> 3;
  for (let i = 0; i < words; i++) target[end - words + i] = source[start + i]!;
  return piece;
}
