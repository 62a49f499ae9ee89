import { ThriftError } from "../errors.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { slabAllocate } from "./slab.ts";

/** Up to this many bytes a loop beats the fixed cost of `set` with `subarray`, about 60 ns. */
const LOOP_COPY_SIZE = 64;

/**
 * From so many ranges on, making two views and copying words pays: ranges of 4 to 200 bytes take half the time. Twice
 * the number of ranges, since each has a start and an end.
 */
const FEW_RANGES = 2 * 8;
const WORDS_COPY_SIZE = 200;

/** The ranges of an output: an array for each, and its start and end. Lists may be longer than what is in use. */
interface Ranges {
  readonly sources: Uint8Array[];
  readonly bounds: number[];
}

/** The largest lists that are kept for the next output: most have a few ranges, and growing lists takes time. */
const MAX_KEPT_RANGES = 256;

const NO_BYTES = new Uint8Array(0);

/** Lists that nobody uses. */
let idle: Ranges | undefined;

/** Those of an output that has been given out: nothing can be added. */
const SPENT: Ranges = { sources: Object.freeze([]) as never, bounds: Object.freeze([]) as never };

/** Output that is put together of ranges of other arrays, which are copied at the end; that happens once. */
export class Pieces {
  #ranges: Ranges;
  #count = 0;
  #size = 0;

  constructor() {
    this.#ranges = idle ?? { sources: [], bounds: [] };
    idle = undefined;
  }

  /** Adds `source[start … end)`, which must stay as it is until the end. Ranges that touch become one piece. */
  add(source: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#size += end - start;
    const { sources, bounds } = this.#ranges;
    const count = this.#count;
    if (count > 0 && bounds[2 * count - 1] === start && sources[count - 1] === source) {
      bounds[2 * count - 1] = end;
      return;
    }
    sources[count] = source;
    bounds[2 * count] = start;
    bounds[2 * count + 1] = end;
    this.#count = count + 1;
  }

  /** The output, owned by the caller. Throws `LIMIT_EXCEEDED` when it is larger than `maxSize`. */
  toBytes(maxSize: number): Uint8Array {
    const { sources, bounds } = this.#ranges;
    const output = newOutput(this.#size, maxSize);
    let at = 0;
    for (let i = 0; i < this.#count; i++) {
      at = copyRange(sources[i]!, bounds[2 * i]!, bounds[2 * i + 1]!, output, at);
    }
    this.#release();
    return output;
  }

  /** Appends the output to a writer, which is as it was when that throws. */
  appendTo(writer: ByteWriter, maxSize: number): void {
    const { sources, bounds } = this.#ranges;
    checkSize(this.#size, maxSize);
    writer.reserve(this.#size);
    for (let i = 0; i < this.#count; i++) writer.append(sources[i]!, bounds[2 * i], bounds[2 * i + 1]);
    this.#release();
  }

  /** Lets go of the arrays, and leaves the lists to the next output. */
  #release(): void {
    const ranges = this.#ranges;
    for (let i = 0; i < this.#count; i++) ranges.sources[i] = NO_BYTES;
    this.#ranges = SPENT;
    this.#count = 0;
    if (ranges.sources.length <= MAX_KEPT_RANGES) idle = ranges;
  }
}

/** Memory for an output, owned by the caller. Throws `LIMIT_EXCEEDED` when `size` is larger than `maxSize`. */
export function newOutput(size: number, maxSize: number): Uint8Array {
  checkSize(size, maxSize);
  return slabAllocate(size);
}

function checkSize(size: number, maxSize: number): void {
  if (size <= maxSize) return;
  throw new ThriftError("LIMIT_EXCEEDED", `the output is larger than the limit of ${maxSize} bytes`);
}

/** Copies `source[start … end)` to `output` from `at` on, where there is room; returns the position behind. */
export function copyRange(
  source: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  const size = end - start;
  if (size > LOOP_COPY_SIZE) {
    output.set(size === source.length ? source : source.subarray(start, end), at);
  } else {
    for (let i = 0; i < size; i++) output[at + i] = source[start + i]!;
  }
  return at + size;
}

/**
 * Copies ranges of an array to `output`, one after another. Their starts and ends are the first `count` numbers of
 * `ranges`.
 */
export function copyRanges(source: Uint8Array, ranges: Int32Array, count: number, output: Uint8Array): void {
  let at = 0;
  if (count <= FEW_RANGES) {
    for (let i = 0; i < count; i += 2) at = copyRange(source, ranges[i]!, ranges[i + 1]!, output, at);
    return;
  }
  const from = new DataView(source.buffer, source.byteOffset, source.length);
  const to = new DataView(output.buffer, output.byteOffset, output.length);
  for (let i = 0; i < count; i += 2) {
    const start = ranges[i]!;
    const end = ranges[i + 1]!;
    const size = end - start;
    if (size < 4 || size > WORDS_COPY_SIZE) {
      at = copyRange(source, start, end, output, at);
      continue;
    }
    const last = end - 4;
    const shift = at - start;
    for (let pos = start; pos < last; pos += 4) to.setInt32(pos + shift, from.getInt32(pos));
    // Whatever is left of the range, together with some that has been copied.
    to.setInt32(last + shift, from.getInt32(last));
    at += size;
  }
}
