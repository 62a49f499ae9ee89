import { ThriftError } from "../errors.ts";
import { slabAllocateCells } from "../pool/slab.ts";
import { TType } from "../wire/ttype.ts";

/**
 * A record per value of a loaded message, all in one `Int32Array`. Those of scalars and strings of the binary protocol
 * that have been loaded end behind `ID`: most records, which take half the memory and two thirds of the time.
 *
 * ```
 *   TYPE     ENTRY    START  END  PARENT  NEXT     ID     SOURCE  CONTENT  FIRST  LAST   COUNT
 *   wire     header   the value   record  sibling  field  array   behind   child  child  children
 *   type and or key                                id     it is   its
 *   FLAG_*                                                in      header
 * ```
 *
 * Records refer to each other by the index of their first cell; 0 is none, since the tape starts with an unused
 * record. `ENTRY … START` is what stands in front of the value in its parent: a field header or a map key. −1 as
 * `ENTRY` of a field: it has no header yet. Elements of lists and sets have no `ENTRY`, and only fields have an `ID`:
 * these cells may hold anything. A record without `SOURCE` is in the array of its parent.
 */
export const RECORD_SIZE = 12;
export const LEAF_SIZE = 7;

/** The wire type in the low byte, flags above. */
export const TYPE = 0;
export const ENTRY = 1;
export const START = 2;
export const END = 3;
export const PARENT = 4;
export const NEXT = 5;
export const ID = 6;
/** Index into the sources of the document. */
export const SOURCE = 7;
export const CONTENT = 8;
export const FIRST = 9;
export const LAST = 10;
export const COUNT = 11;

export const TYPE_MASK = 0xff;
/** The children have records. */
export const FLAG_LOADED = 0x100;
/** The value, or something inside, is not what its bytes say: it is written from its children. */
export const FLAG_CHANGED = 0x200;
/** Children have come, gone or moved: the header is written anew. */
export const FLAG_RESIZED = 0x400;
/** A boolean field of the compact protocol in its header. */
export const FLAG_IN_HEADER = 0x800;
/** No longer in its document. */
export const FLAG_REMOVED = 0x1000;
/** The record has all cells; others that cannot have children are in the array of their parent, headers included. */
export const FLAG_FULL = 0x2000;

/** Whether values of a wire type have children. */
export function hasChildren(type: number): boolean {
  // The struct and, next to each other, map, set and list.
  return type >= TType.STRUCT && type <= TType.LIST;
}

/** Cells that a new tape has: one per byte of the message, which is what most take, within these bounds. */
const MIN_INITIAL_CELLS = 128;
const MAX_INITIAL_CELLS = 4096;
/** Tapes that wait for use, and the largest that is kept: at most 8 MiB in all. */
const MAX_IDLE_TAPES = 8;
const MAX_IDLE_CELLS = 256 * 1024;
/** Beyond that, cells could not hold the indices of records. */
const MAX_CELLS = 2 ** 31;

const idleTapes: Int32Array[] = [];
let created = 0;
let reused = 0;

/** What the pool of tapes has done, and what it holds. */
export interface DomPoolStats {
  /** Tapes that wait for use, at most `capacity`. */
  readonly idle: number;
  readonly capacity: number;
  /** Bytes that the waiting ones keep alive. */
  readonly idleBytes: number;
  /** Tapes made, and times that one was used again, since the start of the process. */
  readonly created: number;
  readonly reused: number;
}

export function poolStats(): DomPoolStats {
  // Small tapes are pieces of larger memory, which they hold whole.
  const buffers = new Set(idleTapes.map(({ buffer }) => buffer));
  let idleBytes = 0;
  for (const { byteLength } of buffers) idleBytes += byteLength;
  return { idle: idleTapes.length, capacity: MAX_IDLE_TAPES, idleBytes, created, reused };
}

/** Records, and the memory that they are in. */
export class Tape {
  /** Replaced when it grows: to be read again after every `add`. */
  cells: Int32Array;
  /** Cells in use. */
  length: number = RECORD_SIZE;

  /** For a message of `size` bytes; the tape grows where it needs more. */
  constructor(size: number) {
    const idle = idleTapes.pop();
    if (idle === undefined) created++;
    else reused++;
    this.cells = idle ?? slabAllocateCells(initialCells(size));
  }

  /** A new record with all cells, linked nowhere, without children. */
  add(
    type: number,
    source: number,
    entry: number,
    start: number,
    end: number,
    parent: number,
    id: number,
  ): number {
    const at = this.length;
    if (at + RECORD_SIZE > this.cells.length) this.grow();
    const { cells } = this;
    this.length = at + RECORD_SIZE;
    cells[at + TYPE] = type | FLAG_FULL;
    cells[at + ENTRY] = entry;
    cells[at + START] = start;
    cells[at + END] = end;
    cells[at + PARENT] = parent;
    cells[at + NEXT] = 0;
    cells[at + ID] = id;
    cells[at + SOURCE] = source;
    cells[at + CONTENT] = start;
    cells[at + FIRST] = 0;
    cells[at + LAST] = 0;
    cells[at + COUNT] = 0;
    return at;
  }

  /** Doubles the memory; returns it. Throws `LIMIT_EXCEEDED` when there is no more. */
  grow(): Int32Array {
    const length = this.cells.length * 2;
    let grown: Int32Array;
    try {
      if (length > MAX_CELLS) throw new RangeError("the indices of records are cells too");
      grown = new Int32Array(length);
    } catch (cause) {
      throw new ThriftError("LIMIT_EXCEEDED", `no memory for a Dom of ${length} cells`, { cause });
    }
    grown.set(this.cells);
    this.cells = grown;
    return grown;
  }

  /** Gives the memory back. */
  release(): void {
    if (idleTapes.length < MAX_IDLE_TAPES && this.cells.length <= MAX_IDLE_CELLS) idleTapes.push(this.cells);
    this.cells = NO_CELLS;
  }
}

function initialCells(size: number): number {
  return Math.min(Math.max(size, MIN_INITIAL_CELLS), MAX_INITIAL_CELLS);
}

const NO_CELLS = new Int32Array(0);
