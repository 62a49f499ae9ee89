import { ByteWriter } from "../pool/byte-writer.ts";
import { Pieces } from "../pool/pieces.ts";
import { BinaryWriter } from "../wire/binary-writer.ts";
import { CompactWriter } from "../wire/compact-writer.ts";
import type { Protocol } from "../wire/ttype.ts";

/** Room for a few headers. */
const WRITER_CAPACITY = 64;

/**
 * The output of an edit: ranges of the source, and new bytes between them, which are copied once, at the end. What is
 * kept of the source comes in its order.
 */
export class Splicer {
  /** Up to where the source has been kept or left out. */
  position: number;
  /** Whether something has been left out or added. */
  isChanged = false;
  readonly #protocol: Protocol;
  readonly #source: Uint8Array;
  readonly #pieces: Pieces = new Pieces();
  #writer: BinaryWriter | CompactWriter | undefined;
  #writtenEnd = 0;

  constructor(protocol: Protocol, source: Uint8Array, start: number) {
    this.#protocol = protocol;
    this.#source = source;
    this.position = start;
  }

  /** For headers and keys; what it has written is added by `addWritten`. Made when an edit needs one. */
  get writer(): BinaryWriter | CompactWriter {
    if (this.#writer === undefined) {
      const output = new ByteWriter({ capacity: WRITER_CAPACITY });
      this.#writer = this.#protocol === "compact" ? new CompactWriter(output) : new BinaryWriter(output);
    }
    return this.#writer;
  }

  /** Keeps the source up to `end`. */
  keep(end: number): void {
    if (end > this.position) this.#pieces.add(this.#source, this.position, end);
    this.position = end;
  }

  /** Leaves out the source up to `end`. */
  drop(end: number): void {
    if (end > this.position) this.isChanged = true;
    this.position = end;
  }

  /** Adds what the writer has written since the last time. */
  addWritten(): void {
    // A writer that grows leaves its old memory as it was.
    const { bytes, length } = this.writer.output;
    this.add(bytes, this.#writtenEnd, length);
    this.#writtenEnd = length;
  }

  /** Adds bytes that stay as they are until `finish`. */
  add(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    if (end <= start) return;
    this.isChanged = true;
    this.#pieces.add(bytes, start, end);
  }

  /** The output, owned by the caller. Throws `LIMIT_EXCEEDED` when it is larger than `maxSize`. */
  finish(maxSize: number): Uint8Array {
    return this.#pieces.toBytes(maxSize);
  }
}
