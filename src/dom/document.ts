import { ThriftError } from "../errors.ts";
import { EncodedValue } from "../node/encoded-value.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { type Protocol, TTYPE_OF_COMPACT, TType } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";
import { loadChildren } from "./load.ts";
import {
  CONTENT,
  COUNT,
  END,
  ENTRY,
  FIRST,
  FLAG_CHANGED,
  FLAG_FULL,
  FLAG_IN_HEADER,
  FLAG_LOADED,
  FLAG_REMOVED,
  FLAG_RESIZED,
  hasChildren,
  ID,
  LAST,
  NEXT,
  PARENT,
  SOURCE,
  START,
  Tape,
  TYPE,
  TYPE_MASK,
} from "./tape.ts";

/** A header that has to be written: the record has none in its source. */
export const NO_ENTRY = -1;

/**
 * A message as records: its tape, and the arrays that the values are in. Knows no types; `DomNode` does. All its
 * functions take and give records, and throw `DISPOSED` once it has been disposed.
 */
export class Document {
  readonly protocol: Protocol;
  readonly limits: ResolvedLimits;
  readonly root: number;
  #sources: Uint8Array[];
  /** Types of keys that headers do not tell, by the record of the map; made when there is one. */
  #keyTypes: Map<number, TType> | undefined = undefined;
  #tape: Tape | undefined;
  #order = 0;

  constructor(value: EncodedValue) {
    const { protocol, limits, type, source, start, end } = value;
    this.protocol = protocol;
    this.limits = limits;
    this.#sources = [source];
    const flags = value.inHeader ? FLAG_IN_HEADER : 0;
    const tape = new Tape(end - start);
    this.#tape = tape;
    this.root = tape.add(type | flags, 0, start, start, end, 0, 0);
  }

  /** The tape's memory; to be read again after everything that may add records. */
  get cells(): Int32Array {
    return this.tape.cells;
  }

  get tape(): Tape {
    if (this.#tape === undefined) throw new ThriftError("DISPOSED", "the Dom has been disposed");
    return this.#tape;
  }

  dispose(): void {
    this.#tape?.release();
    this.#tape = undefined;
    // Making the array shorter would be slow.
    this.#sources = [];
  }

  typeOf(record: number): TType {
    return (this.cells[record + TYPE]! & TYPE_MASK) as TType;
  }

  hasFlag(record: number, flag: number): boolean {
    return (this.cells[record + TYPE]! & flag) !== 0;
  }

  sourceOf(record: number): Uint8Array {
    const { cells } = this;
    const type = cells[record + TYPE]!;
    const hasSource = (type & FLAG_FULL) !== 0 || hasChildren(type & TYPE_MASK);
    return this.#sources[cells[(hasSource ? record : cells[record + PARENT]!) + SOURCE]!]!;
  }

  /**
   * Gives records to what is inside of a value, unless it has them or holds nothing. Throws `WireError`, `TRAILING_DATA`
   * for bytes behind the value; it has no records then.
   */
  load(record: number, depth: number): void {
    const flags = this.cells[record + TYPE]!;
    if ((flags & FLAG_LOADED) !== 0 || !hasChildren(flags & TYPE_MASK)) return;
    const { protocol, limits, tape } = this;
    const end = tape.cells[record + END]!;
    loadChildren(tape, record, this.cells[record + SOURCE]!, this.sourceOf(record), protocol, limits, depth);
    const { cells } = this;
    const offset = cells[record + END]!;
    if (offset === end) return;
    cells[record + END] = end;
    cells[record + TYPE] = flags;
    throw new WireError("TRAILING_DATA", "more bytes behind the end of the value", { offset });
  }

  /** The first child; 0 when there is none. */
  firstChild(record: number): number {
    if (!hasChildren(this.typeOf(record))) return 0;
    this.load(record, 1);
    return this.cells[record + FIRST]!;
  }

  next(record: number): number {
    return this.cells[record + NEXT]!;
  }

  parent(record: number): number {
    return this.cells[record + PARENT]!;
  }

  /** How many children a value has. */
  count(record: number): number {
    return this.firstChild(record) === 0 ? 0 : this.cells[record + COUNT]!;
  }

  idOf(record: number): number {
    return this.cells[record + ID]!;
  }

  /** Where the header or key in front of a value starts in its source. */
  entryOf(record: number): number {
    return this.cells[record + ENTRY]!;
  }

  /** Where a value starts in its source. */
  startOf(record: number): number {
    return this.cells[record + START]!;
  }

  /** The records of the children, in their order. */
  childrenOf(record: number): number[] {
    const children: number[] = [];
    for (let child = this.firstChild(record); child !== 0; child = this.next(child)) children.push(child);
    return children;
  }

  /** The last child; 0 when there is none. */
  lastChild(record: number): number {
    return this.firstChild(record) === 0 ? 0 : this.cells[record + LAST]!;
  }

  /** The sibling in front of a child, 0 for the first; looked for from the sibling `from` on, 0: from the start. */
  before(child: number, from = 0): number {
    let previous = from;
    let at = from === 0 ? this.firstChild(this.parent(child)) : this.next(from);
    while (at !== child) {
      previous = at;
      at = this.next(at);
    }
    return previous;
  }

  /** Changes whenever a child may have got another index. */
  get order(): number {
    return this.#order;
  }

  /** The index of a child. */
  indexOf(child: number): number {
    let index = 0;
    for (let at = this.firstChild(this.parent(child)); at !== child; at = this.next(at)) index++;
    return index;
  }

  /** The child at an index; 0 when there are fewer. */
  childAt(record: number, index: number): number {
    let child = this.firstChild(record);
    for (let i = 0; i < index && child !== 0; i++) child = this.next(child);
    return child;
  }

  /** The encoded value of a record that has not been changed. */
  viewOf(record: number): EncodedValue {
    const { cells } = this;
    return new EncodedValue(
      this.protocol,
      this.typeOf(record),
      this.sourceOf(record),
      cells[record + START]!,
      cells[record + END]!,
      this.limits,
      this.hasFlag(record, FLAG_IN_HEADER),
    );
  }

  // Editing. A value that has been changed, and all around it, is written from its children.

  /** Notes that something inside of a value is another; FLAG_RESIZED: that its children have other indices. */
  #touch(record: number, flags: number): void {
    const { cells } = this;
    if (flags !== 0) this.#order++;
    cells[record + TYPE]! |= flags;
    for (let at = record; at !== 0; at = cells[at + PARENT]!) cells[at + TYPE]! |= FLAG_CHANGED;
  }

  /**
   * Makes a record of a value, which is linked nowhere. `key`: the encoded key of a map entry; `id`: of a field.
   */
  make(parent: number, value: EncodedValue, key: Uint8Array | undefined, id: number): number {
    let { source, start, end } = value;
    let entry = this.typeOf(parent) === TType.STRUCT ? NO_ENTRY : start;
    if (key !== undefined) {
      // A key stands in front of its value.
      const { bytes } = value;
      source = new Uint8Array(key.length + bytes.length);
      source.set(key);
      source.set(bytes, key.length);
      entry = 0;
      start = key.length;
      end = source.length;
    } else if (value.inHeader) {
      source = value.bytes;
      start = 0;
      end = 1;
      if (entry !== NO_ENTRY) entry = 0;
    }
    return this.tape.add(value.type, this.#sources.push(source) - 1, entry, start, end, parent, id);
  }

  /** The encoded key of a map entry. */
  keyOf(record: number): Uint8Array {
    const { cells } = this;
    return this.sourceOf(record).subarray(cells[record + ENTRY], cells[record + START]);
  }

  /** Puts a new record in the place of one; `previous` is the sibling in front of it, 0 at the start. */
  replace(old: number, made: number, previous: number): void {
    const { cells } = this;
    const parent = cells[old + PARENT]!;
    cells[made + NEXT] = cells[old + NEXT]!;
    if (previous === 0) cells[parent + FIRST] = made;
    else cells[previous + NEXT] = made;
    if (cells[parent + LAST] === old) cells[parent + LAST] = made;
    cells[old + TYPE]! |= FLAG_REMOVED;
    this.#touch(parent, 0);
  }

  /** Puts new records in the places of some children of a value, which are given in their order. */
  replaceAll(children: readonly number[], make: (child: number) => number): void {
    let previous = 0;
    for (const child of children) {
      previous = this.before(child, previous);
      const made = make(child);
      this.replace(child, made, previous);
      previous = made;
    }
  }

  /** Unlinks some children of a value, which are given in their order. */
  removeAll(children: readonly number[]): void {
    let previous = 0;
    for (const child of children) {
      previous = this.before(child, previous);
      this.remove(child, previous);
    }
  }

  /** Links a new record behind `previous`; 0: at the start. */
  insert(made: number, previous: number): void {
    const { cells } = this;
    const parent = cells[made + PARENT]!;
    if (previous === 0) {
      cells[made + NEXT] = cells[parent + FIRST]!;
      cells[parent + FIRST] = made;
    } else {
      cells[made + NEXT] = cells[previous + NEXT]!;
      cells[previous + NEXT] = made;
    }
    if (cells[made + NEXT] === 0) cells[parent + LAST] = made;
    cells[parent + COUNT]!++;
    this.#touch(parent, FLAG_RESIZED);
  }

  /** Unlinks a record; `previous` is the sibling in front of it, 0 at the start. */
  remove(record: number, previous: number): void {
    const { cells } = this;
    const parent = cells[record + PARENT]!;
    const next = cells[record + NEXT]!;
    if (previous === 0) cells[parent + FIRST] = next;
    else cells[previous + NEXT] = next;
    if (next === 0) cells[parent + LAST] = previous;
    cells[parent + COUNT]!--;
    cells[record + TYPE]! |= FLAG_REMOVED;
    this.#touch(parent, FLAG_RESIZED);
  }

  /** Gives a value exactly these of its children, in this order. */
  arrange(record: number, children: readonly number[]): void {
    const { cells } = this;
    for (let child = cells[record + FIRST]!; child !== 0; child = cells[child + NEXT]!) {
      cells[child + TYPE]! |= FLAG_REMOVED;
    }
    let previous = 0;
    for (const child of children) {
      cells[child + TYPE]! &= ~FLAG_REMOVED;
      if (previous === 0) cells[record + FIRST] = child;
      else cells[previous + NEXT] = child;
      previous = child;
    }
    if (previous === 0) cells[record + FIRST] = 0;
    else cells[previous + NEXT] = 0;
    cells[record + LAST] = previous;
    const isResized = cells[record + COUNT] !== children.length;
    cells[record + COUNT] = children.length;
    this.#order++;
    this.#touch(record, isResized ? FLAG_RESIZED : 0);
  }

  /** Notes the type of the keys of a map, whose header may not tell while it is empty. */
  noteKeyType(record: number, type: TType): void {
    this.#keyTypes ??= new Map();
    this.#keyTypes.set(record, type);
  }

  /** The type of the keys of a map; STOP for an empty one that does not tell. */
  keyTypeOf(record: number): TType {
    const noted = this.#keyTypes?.get(record);
    if (noted !== undefined) return noted;
    this.load(record, 1);
    const source = this.sourceOf(record);
    const start = this.startOf(record);
    const content = this.cells[record + CONTENT]!;
    // binary: the first byte; compact: the high nibble of the last, unless the map is empty and that is all
    if (this.protocol === "binary") return source[start]! as TType;
    return content - start > 1 ? (TTYPE_OF_COMPACT[source[content - 1]! >> 4]! as TType) : TType.STOP;
  }
}
