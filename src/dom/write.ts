import { ByteWriter } from "../pool/byte-writer.ts";
import { Pieces } from "../pool/pieces.ts";
import { BinaryWriter } from "../wire/binary-writer.ts";
import { CompactWriter } from "../wire/compact-writer.ts";
import { MAX_RECURSION } from "../wire/limits.ts";
import { CompactType, TTYPE_OF_COMPACT, TType } from "../wire/ttype.ts";
import { failDepth } from "../wire/wire-error.ts";
import { type Document, NO_ENTRY } from "./document.ts";
import {
  CONTENT,
  COUNT,
  END,
  ENTRY,
  FLAG_CHANGED,
  FLAG_FULL,
  FLAG_IN_HEADER,
  FLAG_RESIZED,
  ID,
  NEXT,
  START,
  TYPE,
  TYPE_MASK,
} from "./tape.ts";

/** Where headers are put together: of one output at a time, and read before the next one. */
const HEADERS: ByteWriter = /* @__PURE__ */ new ByteWriter();
const BINARY: BinaryWriter = /* @__PURE__ */ new BinaryWriter(HEADERS);
const COMPACT: CompactWriter = /* @__PURE__ */ new CompactWriter(HEADERS);

/** Of the ids of two fields in a row, for a short header of the compact protocol. */
const LARGEST_DELTA = 15;

/**
 * The encoded value of a record, owned by the caller: what has not changed is taken whole. Throws `LIMIT_EXCEEDED` for
 * values that are nested deeper than the limit, and for more bytes than `maxOutputSize`.
 */
export function encodeRecord(document: Document, record: number): Uint8Array {
  return piecesOf(document, record).toBytes(document.limits.maxOutputSize);
}

/** Appends what `encodeRecord` gives to a writer, which is as it was when that throws. */
export function appendRecord(document: Document, record: number, writer: ByteWriter): void {
  piecesOf(document, record).appendTo(writer, document.limits.maxOutputSize);
}

/** Ranges of the sources, and of `HEADERS`: to be put together at once. */
function piecesOf(document: Document, record: number): Pieces {
  HEADERS.clear();
  const out = new Output(document);
  out.writeValue(record, 0);
  return out.pieces;
}

class Output {
  readonly pieces: Pieces = new Pieces();
  readonly #document: Document;
  readonly #maxDepth: number;
  readonly #isCompact: boolean;
  readonly #writer: BinaryWriter | CompactWriter;
  /** Up to where the headers have been added to the pieces. */
  #addedEnd = 0;

  constructor(document: Document) {
    this.#document = document;
    this.#maxDepth = Math.min(document.limits.maxDepth, MAX_RECURSION);
    this.#isCompact = document.protocol === "compact";
    this.#writer = this.#isCompact ? COMPACT : BINARY;
  }

  writeValue(record: number, depth: number): void {
    const { cells } = this.#document;
    const flags = cells[record + TYPE]!;
    if ((flags & FLAG_CHANGED) === 0) {
      if ((flags & FLAG_IN_HEADER) !== 0) this.#addGenerated(this.#document.viewOf(record).bytes);
      else this.#add(record, cells[record + START]!, cells[record + END]!);
      return;
    }
    if (depth >= this.#maxDepth) failDepth(cells[record + START]!);
    switch (flags & TYPE_MASK) {
      case TType.STRUCT:
        return this.#writeStruct(record, depth);
      case TType.MAP:
        return this.#writeMap(record, depth);
      default:
        return this.#writeList(record, depth);
    }
  }

  #writeStruct(record: number, depth: number): void {
    const document = this.#document;
    const { cells } = document;
    const source = document.sourceOf(record);
    let lastId = 0;
    for (let child = document.firstChild(record); child !== 0; child = cells[child + NEXT]!) {
      if (isUntouched(cells, child)) {
        this.pieces.add(source, cells[child + ENTRY]!, cells[child + END]!);
      } else {
        this.#writeFieldHeader(child, lastId);
        if (!this.#isCompact || document.typeOf(child) !== TType.BOOL) this.writeValue(child, depth + 1);
      }
      lastId = cells[child + ID]!;
    }
    // The stop byte is the last one.
    this.pieces.add(source, cells[record + END]! - 1, cells[record + END]!);
  }

  /** The header of a field; in the compact protocol that of a boolean is all of it. */
  #writeFieldHeader(child: number, lastId: number): void {
    const document = this.#document;
    const { cells } = document;
    const entry = cells[child + ENTRY]!;
    const id = cells[child + ID]!;
    const isInHeader = document.hasFlag(child, FLAG_IN_HEADER);
    if (entry !== NO_ENTRY && this.#isHeaderValid(child, entry, id, lastId)) {
      this.#add(child, entry, isInHeader ? cells[child + END]! : cells[child + START]!);
      return;
    }
    const type = document.typeOf(child);
    if (this.#isCompact) (this.#writer as CompactWriter).continueAfter(lastId);
    this.#writer.writeFieldBegin(type, id);
    if (this.#isCompact && type === TType.BOOL) this.#writer.writeBool(document.viewOf(child).asBoolean());
    this.#addHeader();
  }

  /** In the compact protocol an id may be relative to that of the field in front. */
  #isHeaderValid(child: number, entry: number, id: number, lastId: number): boolean {
    if (!this.#isCompact) return true;
    const delta = this.#document.sourceOf(child)[entry]! >> 4;
    const wanted = id - lastId;
    // The long form, with the id behind, is for what no short one can say.
    return delta === (wanted > 0 && wanted <= LARGEST_DELTA ? wanted : 0);
  }

  #writeList(record: number, depth: number): void {
    const document = this.#document;
    const { cells } = document;
    const start = cells[record + START]!;
    if (document.hasFlag(record, FLAG_RESIZED)) {
      const first = document.firstChild(record);
      const type = first === 0 ? this.#declaredElementType(record) : document.typeOf(first);
      this.#writer.writeListBegin(type, cells[record + COUNT]!);
      this.#addHeader();
    } else {
      this.#add(record, start, cells[record + CONTENT]!);
    }
    const source = document.sourceOf(record);
    for (let child = document.firstChild(record); child !== 0; child = cells[child + NEXT]!) {
      if (isUntouched(cells, child)) this.pieces.add(source, cells[child + START]!, cells[child + END]!);
      else this.writeValue(child, depth + 1);
    }
  }

  #declaredElementType(record: number): TType {
    const byte = this.#document.sourceOf(record)[this.#document.cells[record + START]!]!;
    if (!this.#isCompact) return byte as TType;
    const nibble = byte & 0x0f;
    return (nibble === CompactType.STOP ? TType.STOP : TTYPE_OF_COMPACT[nibble]!) as TType;
  }

  #writeMap(record: number, depth: number): void {
    const document = this.#document;
    const { cells } = document;
    const start = cells[record + START]!;
    if (document.hasFlag(record, FLAG_RESIZED)) {
      const [keyType, valueType] = this.#mapTypes(record);
      this.#writer.writeMapBegin(keyType, valueType, cells[record + COUNT]!);
      this.#addHeader();
    } else {
      this.#add(record, start, cells[record + CONTENT]!);
    }
    const source = document.sourceOf(record);
    for (let child = document.firstChild(record); child !== 0; child = cells[child + NEXT]!) {
      if (isUntouched(cells, child)) {
        this.pieces.add(source, cells[child + ENTRY]!, cells[child + END]!);
      } else {
        this.#add(child, cells[child + ENTRY]!, cells[child + START]!);
        this.writeValue(child, depth + 1);
      }
    }
  }

  #mapTypes(record: number): [TType, TType] {
    const document = this.#document;
    const first = document.firstChild(record);
    const keyType = document.keyTypeOf(record);
    if (first !== 0) return [keyType, document.typeOf(first)];
    // In the compact protocol an empty map has no types.
    const start = document.cells[record + START]!;
    return [keyType, this.#isCompact ? TType.STOP : (document.sourceOf(record)[start + 1]! as TType)];
  }

  #add(record: number, start: number, end: number): void {
    this.pieces.add(this.#document.sourceOf(record), start, end);
  }

  /** Adds what the writer has written since the last time. */
  #addHeader(): void {
    // A writer that grows leaves its old memory as it was.
    const { bytes, length } = HEADERS;
    this.pieces.add(bytes, this.#addedEnd, length);
    this.#addedEnd = length;
  }

  #addGenerated(bytes: Uint8Array): void {
    this.pieces.add(bytes, 0, bytes.length);
  }
}

/** Whether a child is as it was loaded, in the array of the value around, behind the header or key that it had. */
function isUntouched(cells: Int32Array, child: number): boolean {
  return (cells[child + TYPE]! & (FLAG_FULL | FLAG_CHANGED)) === 0;
}
