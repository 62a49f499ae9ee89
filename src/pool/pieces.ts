import { ThriftError } from "../errors.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { slabAllocate } from "./slab.ts";

/** Up to this many bytes a loop beats the fixed cost of `set` with `subarray`, about 60 ns. */
const LOOP_COPY_SIZE = 64;

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
    this.#checkSize(maxSize);
    const output = slabAllocate(this.#size);
    let at = 0;
    for (let i = 0; i < this.#sources.length; i++) {
      const source = this.#sources[i]!;
      const start = this.#ranges[2 * i]!;
      const end = this.#ranges[2 * i + 1]!;
      if (end - start > LOOP_COPY_SIZE) {
        output.set(source.subarray(start, end), at);
        at += end - start;
      } else {
        for (let from = start; from < end; from++) output[at++] = source[from]!;
      }
    }
    return output;
  }

  /** Appends the output to a writer, which is as it was when that throws. */
  appendTo(writer: ByteWriter, maxSize: number): void {
    this.#checkSize(maxSize);
    writer.reserve(this.#size);
    for (const [index, source] of this.#sources.entries()) {
      writer.append(source, this.#ranges[2 * index], this.#ranges[2 * index + 1]);
    }
  }

  #checkSize(maxSize: number): void {
    if (this.#size <= maxSize) return;
    throw new ThriftError("LIMIT_EXCEEDED", `the output is larger than the limit of ${maxSize} bytes`);
  }
}
