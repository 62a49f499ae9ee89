import { decodeAscii, decodeUtf8, decodeUtf16, writeUtf8, writeUtf16 } from "../bytes/utf8.ts";
import type { ByteWriter } from "../pool/byte-writer.ts";
import { slabCopyWords } from "../pool/slab.ts";
import type { KernelConversion, KernelExports } from "./module.ts";

/** A program as the kernel sees it: cells that refer to each other by index, and bytes that stand behind them. */
export interface KernelProgram {
  readonly code: Int32Array;
  readonly data: Uint8Array;
  /** Where the kernel's copy is. Made by `nowhere()`. */
  readonly kernelPlace: KernelPlace;
}

/** The place of a program in one instance; gone when the instance has cleared its programs since. */
export interface KernelPlace {
  /** The era of the instance that has it. */
  era: number;
  address: number;
}

/** The place of a program that no instance has. */
export function nowhere(): KernelPlace {
  return { era: 0, address: 0 };
}

/**
 * An era begins with an instance, and when it clears its programs. Eras have numbers, so that a program does not keep an
 * instance alive.
 */
let eras = 0;

/** What `convert` says of a wrong input, or of one that the kernel does not do. */
export const FAILED = 0;
/** The instance has too little memory. */
export const TOO_LARGE = 1;
export const CONVERTED = 2;

export type Outcome = typeof FAILED | typeof TOO_LARGE | typeof CONVERTED;

/** What is converted to what. Numbers, because a comparison of strings is a call. */
export const JSON_TO_THRIFT = 0;
export const THRIFT_TO_JSON = 1;

export type Direction = typeof JSON_TO_THRIFT | typeof THRIFT_TO_JSON;

/** Room in an instance, in bytes. */
export interface Room {
  readonly programs: number;
  readonly stack: number;
  /** Input and output, each with its margin. */
  readonly message: number;
}

const PAGE_SIZE = 65536;

/** The largest room for messages that `Room` may ask for, so that addresses stay far below 2^32. */
export const MAX_ROOM: number = 2 ** 31;

/**
 * Whether the last text was ASCII. Such is written as UTF-8 by a fast native call, which is slow on other text: that is
 * copied in UTF-16, and transcoded in the kernel.
 */
let expectsAscii = true;
/** From this length on the calls are worth their fixed costs. */
const LONG_TEXT = 64;

/**
 * One instance of the kernel. Its memory never grows: growth would detach the `ArrayBuffer`, which slows typed arrays
 * in the whole process.
 *
 * ```
 * static data | programs | stack | input | padding | output | margin
 * ```
 */
export class KernelInstance {
  readonly room: Room;
  /** The whole memory. */
  readonly bytes: Uint8Array;
  /** Where the input of a conversion goes. */
  readonly inputStart: number;
  /** The output of the last conversion that has succeeded, until the next one begins. */
  outputStart = 0;
  outputEnd = 0;

  /** The same memory, in words of 32 and 64 bits. */
  readonly #words: Int32Array;
  readonly #longWords: BigInt64Array;
  // The object of the exports is slow to read.
  readonly #jsonToThrift: KernelConversion;
  readonly #thriftToJson: KernelConversion;
  readonly #isAscii: KernelExports["isAscii"];
  readonly #toUtf16: KernelExports["toUtf16"];
  readonly #fromUtf16: KernelExports["fromUtf16"];
  readonly #padding: number;
  readonly #margins: number;
  readonly #programsStart: number;
  readonly #programsEnd: number;
  #programsUsed: number;
  #era: number = ++eras;

  /** Throws `RangeError` when there is no memory. */
  constructor(module: WebAssembly.Module, room: Room) {
    // Static data and the rounding of addresses take less than three pages.
    const pages = Math.ceil((room.programs + room.stack + room.message) / PAGE_SIZE) + 3;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    this.room = room;
    this.bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.#longWords = new BigInt64Array(memory.buffer);
    const kernel = instance.exports as unknown as KernelExports;
    this.#jsonToThrift = kernel.jsonToThrift;
    this.#thriftToJson = kernel.thriftToJson;
    this.#isAscii = kernel.isAscii;
    this.#toUtf16 = kernel.toUtf16;
    this.#fromUtf16 = kernel.fromUtf16;
    this.#padding = kernel.PADDING.value;
    this.#margins = kernel.PADDING.value + kernel.OUT_MARGIN.value;
    this.#programsStart = align(kernel.dataEnd.value);
    this.#programsEnd = this.#programsStart + align(room.programs);
    this.#programsUsed = this.#programsStart;
    this.inputStart = this.#programsEnd + align(room.stack);
    kernel.setUp(this.#programsEnd, this.inputStart, this.bytes.length);
  }

  /** Whether an input of `size` bytes fits, with at least as much room for its output. */
  holds(size: number): boolean {
    return size * 3 + this.#margins < this.room.message;
  }

  /**
   * Writes text as the next input. Returns its size, or −1 for a lone surrogate. The caller has asked `holds` for three
   * bytes per unit.
   */
  loadText(text: string): number {
    const { bytes, inputStart } = this;
    let end: number;
    if (expectsAscii || text.length < LONG_TEXT) {
      end = writeUtf8(text, bytes, inputStart);
    } else {
      const units = align(inputStart + text.length * 3 + this.#padding);
      const unitsEnd = writeUtf16(text, bytes, units);
      end = unitsEnd < 0 ? writeUtf8(text, bytes, inputStart) : this.#fromUtf16(units, unitsEnd, inputStart);
    }
    const size = end - inputStart;
    expectsAscii = size === text.length;
    return size < 0 ? -1 : size;
  }

  /** Converts the input of `size` bytes that stands at `inputStart`. The caller has asked `holds`. */
  convert(
    direction: Direction,
    program: KernelProgram,
    size: number,
    maxDepth: number,
    maxLength: number,
  ): Outcome {
    const place = program.kernelPlace;
    if (place.era !== this.#era && !this.#copyIn(program)) return TOO_LARGE;
    let end: number;
    try {
      end =
        direction === JSON_TO_THRIFT
          ? this.#jsonToThrift(place.address, size, maxDepth, maxLength)
          : this.#thriftToJson(place.address, size, maxDepth, maxLength);
    } catch {
      // A trap: the caller has left too little stack for a deep message. Everything is set anew by the next call.
      return FAILED;
    }
    if (end <= TOO_LARGE) return end as typeof FAILED | typeof TOO_LARGE;
    // `outputOf` in `assembly/index.ts`.
    this.outputStart = align(this.inputStart + size + this.#padding);
    this.outputEnd = end;
    return CONVERTED;
  }

  #copyIn(program: KernelProgram): boolean {
    const { code, data, kernelPlace } = program;
    const size = align(code.length * 4 + data.length);
    if (size > this.#programsEnd - this.#programsUsed) {
      if (size > this.#programsEnd - this.#programsStart) return false;
      this.#programsUsed = this.#programsStart;
      this.#era = ++eras;
    }
    const address = this.#programsUsed;
    this.#words.set(code, address >> 2);
    this.bytes.set(data, address + code.length * 4);
    this.#programsUsed += size;
    kernelPlace.era = this.#era;
    kernelPlace.address = address;
    return true;
  }

  /** A copy of the output, owned by the caller. `own`: in a private buffer. */
  takeOutput(own: boolean): Uint8Array {
    const { outputStart, outputEnd } = this;
    return own
      ? this.bytes.slice(outputStart, outputEnd)
      : slabCopyWords(this.#longWords, outputStart >> 3, outputEnd - outputStart);
  }

  /** Appends the output to the caller's writer. */
  appendOutput(writer: ByteWriter): void {
    writer.appendWords(this.#words, this.outputStart >> 2, this.outputEnd - this.outputStart);
  }

  /** The output, which is UTF-8, as a string. */
  takeText(): string {
    const { bytes, outputStart, outputEnd } = this;
    if (this.#isAscii() !== 0) return decodeAscii(bytes, outputStart, outputEnd);
    const target = align(outputEnd);
    // A byte of UTF-8 is at most one unit of UTF-16.
    if (target + 2 * (outputEnd - outputStart) + this.#padding > bytes.length) {
      return decodeUtf8(bytes, outputStart, outputEnd);
    }
    return decodeUtf16(bytes, target, this.#toUtf16(outputStart, outputEnd, target));
  }
}

/** Vectors are read and written at multiples of 16. */
function align(position: number): number {
  return (position + 15) & -16;
}
