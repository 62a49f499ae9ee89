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

/** Output that is put together of ranges of other arrays, which are copied once, at the end. */
export class Pieces {
  readonly #sources: Uint8Array[] = [];
  /** Start and end of each piece in its source. */
  readonly #ranges: number[] = [];
  #size = 0;

  /** Bytes of all pieces. */
  get size(): number {
    return this.#size;
  }

  /** How many ranges are copied in the end. */
  get count(): number {
    return this.#sources.length;
  }

  /** Adds `source[start … end)`, which must stay as it is until the end. Ranges that touch become one piece. */
  add(source: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#size += end - start;
    const last = this.#sources.length - 1;
    if (last >= 0 && this.#sources[last] === source && this.#ranges[2 * last + 1] === start) {
      this.#ranges[2 * last + 1] = end;
      return;
    }
    this.#sources.push(source);
    this.#ranges.push(start, end);
  }

  /** The output, owned by the caller. Throws `LIMIT_EXCEEDED` when it is larger than `maxSize`. */
  toBytes(maxSize: number): Uint8Array {
    const output = newOutput(this.#size, maxSize);
    let at = 0;
    for (let i = 0; i < this.#sources.length; i++) {
      at = copyRange(this.#sources[i]!, this.#ranges[2 * i]!, this.#ranges[2 * i + 1]!, output, at);
    }
    return output;
  }

  /** Appends the output to a writer, which is as it was when that throws. */
  appendTo(writer: ByteWriter, maxSize: number): void {
    checkSize(this.#size, maxSize);
    writer.reserve(this.#size);
    for (const [index, source] of this.#sources.entries()) {
      writer.append(source, this.#ranges[2 * index], this.#ranges[2 * index + 1]);
    }
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
