import { uuidOf } from "../bytes/uuid.ts";
import type { CompactReader } from "../wire/compact-reader.ts";
import type { CompactWriter } from "../wire/compact-writer.ts";
import { MAX_RECURSION } from "../wire/limits.ts";
import { TType, typeName } from "../wire/ttype.ts";
import { failDepth } from "../wire/wire-error.ts";
import {
  checkMap,
  checkType,
  expectedKeyType,
  expectedType,
  fieldIdOf,
  indexOf,
  misfit,
  noParent,
  noParts,
} from "./check.ts";
import { editBinary } from "./edit-binary.ts";
import type { EditTree } from "./edit-tree.ts";
import { EncodedValue } from "./encoded-value.ts";
import { skipElements } from "./find.ts";
import { matchIndex } from "./find-many.ts";
import { isBytesAt, keyProblem, matcherOf, writeKey } from "./key.ts";
import { giveBack, type NodeReader, takeReader } from "./reader.ts";
import { replaceAll } from "./replace.ts";
import { Splicer } from "./splicer.ts";
import { bytesIn } from "./transcode.ts";

/**
 * The bytes of a value after the edits, owned by the caller; `undefined` when there was nothing to do.
 *
 * Each value on the way to an edit is read once, to find the places, and then written: ranges that are kept whole,
 * and what is new. Nothing is copied before all of it is known to be right. Most edits have shorter ways.
 */
export function applyEdits(node: EncodedValue, edits: EditTree): Uint8Array | undefined {
  if (edits.value !== undefined) {
    const out = new Splicer(node.protocol, node.source, node.start);
    out.add(bytesIn(newValue(node, edits, node.type, 0), node.protocol));
    return out.finish(node.limits.maxOutputSize);
  }
  if (edits.first === undefined) return undefined;
  const bytes = node.protocol === "binary" ? editBinary(node, edits) : replaceAll(node, edits);
  if (bytes !== undefined) return bytes ?? undefined;
  return edited(node, edits, 1);
}

function edited(node: EncodedValue, edits: EditTree, depth: number): Uint8Array | undefined {
  const reader = takeReader(node.protocol, node.source, node.start, node.end, node.limits);
  const editor = new Editor(node, reader);
  editor.edit(edits, node.type, node.start, node.end, depth);
  giveBack(reader);
  return editor.finish();
}

/** The value that is put at a place, with the edits inside of it, which have been made later. */
function newValue(node: EncodedValue, edits: EditTree, type: number, depth: number): EncodedValue {
  const { route, count } = edits;
  const value = edits.value ?? edits.create?.();
  if (value === undefined) {
    throw noParent(route, count);
  }
  for (const wanted of [type, expectedType(edits.expected)]) {
    if (wanted === 0 || value.type === wanted) continue;
    const message = `a value of type ${typeName(value.type)} cannot stand for one of type ${typeName(wanted)}`;
    throw misfit("TYPE_MISMATCH", message, route, count);
  }
  if (edits.first === undefined) return value;
  // Keys are given in the protocol of the message.
  const own = inProtocol(value, node);
  const bytes = edited(own, edits, depth + 1);
  if (bytes === undefined) return own;
  return new EncodedValue(own.protocol, own.type, bytes, 0, bytes.length, node.limits);
}

/** A value in the protocol of a node. */
function inProtocol(value: EncodedValue, { protocol, limits }: EncodedValue): EncodedValue {
  if (value.protocol === protocol) return value;
  const bytes = bytesIn(value, protocol);
  return new EncodedValue(protocol, value.type, bytes, 0, bytes.length, limits);
}

/** Thrown, but no error: several values are put into one set, where each depends on what the ones before have left. */
export class MustEditInTurn extends Error {}

/** A place in a struct where something happens, in the order of the data. */
interface FieldPlace {
  readonly edits: EditTree;
  readonly id: number;
  /** Where the header of the field is, or of the field in front of which one is inserted. */
  readonly header: number;
  /** The id of the field in front of that; 0 at the start. */
  readonly previousId: number;
  /** 0 where a field is inserted. */
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** A place in a list or map: the range of the value, and where the entry starts. */
interface ItemPlace {
  readonly edits: EditTree;
  readonly entry: number;
  readonly start: number;
  readonly end: number;
}

/** An element of a set, and what becomes of it: `undefined` when it is left out. */
interface SetPlace extends ItemPlace {
  bytes: Uint8Array | undefined;
  isChanged: boolean;
}

/** Edits at an index. */
interface IndexedEdits {
  readonly child: EditTree;
  readonly index: number;
}

class Editor {
  readonly #node: EncodedValue;
  readonly #reader: NodeReader;
  readonly #out: Splicer;
  readonly #isCompact: boolean;

  constructor(node: EncodedValue, reader: NodeReader) {
    this.#node = node;
    this.#reader = reader;
    this.#out = new Splicer(node.protocol, node.source, node.start);
    this.#isCompact = node.protocol === "compact";
  }

  finish(): Uint8Array | undefined {
    if (!this.#out.isChanged) return undefined;
    this.#out.keep(this.#node.end);
    return this.#out.finish(this.#node.limits.maxOutputSize);
  }

  /** Makes the edits inside the value of type `type` in `start … end`. */
  edit(edits: EditTree, type: number, start: number, end: number, depth: number): void {
    const { source, limits } = this.#node;
    if (depth > Math.min(limits.maxDepth, MAX_RECURSION)) failDepth(start);
    this.#reader.restart(source, start, end, limits);
    switch (type) {
      case TType.STRUCT:
        return this.#editStruct(edits, end, depth);
      case TType.LIST:
        return this.#editList(edits, start, depth);
      case TType.SET:
        return this.#editSet(edits, start, depth);
      case TType.MAP:
        return this.#editMap(edits, start, depth);
      default:
        throw noParts(type, edits.route, edits.count, start);
    }
  }

  #add(value: EncodedValue): void {
    this.#out.add(bytesIn(value, this.#node.protocol));
  }

  // Structs.

  #editStruct(edits: EditTree, end: number, depth: number): void {
    const out = this.#out;
    // The ids of the fields in front of `out.position`, in the output and in the source. Ids of the compact protocol
    // are relative: where these differ, the header that comes next must be written anew.
    let written = 0;
    let read = 0;
    const start = this.#reader.position;
    const places = this.#findFields(edits);
    if (edits.isUnion) {
      const member = places.find(({ type }) => type === 0);
      if (member !== undefined) return this.#putMember(member, start, this.#reader.position, depth);
    }
    for (const place of places) {
      const { edits: child, id, type, start } = place;
      if (place.header > out.position) {
        if (written !== read) this.#rewriteHeader(written, read, end);
        out.keep(place.header);
        written = place.previousId;
      }
      read = place.previousId;
      if (type === 0) {
        this.#putField(newValue(this.#node, child, 0, depth), id, written);
        written = id;
        continue;
      }
      if (child.remove) {
        out.drop(place.end);
      } else if (child.value !== undefined) {
        const value = newValue(this.#node, child, type, depth);
        if (this.#isCompact && (value.type === TType.BOOL || written !== read)) {
          this.#putField(value, id, written);
        } else {
          out.keep(start);
          this.#add(value);
        }
        out.drop(place.end);
        written = id;
      } else {
        if (written !== read) this.#rewriteHeader(written, read, end);
        this.edit(child, type, start, place.end, depth + 1);
        written = id;
      }
      read = id;
    }
    if (written !== read) this.#rewriteHeader(written, read, end);
  }

  /** Writes a union anew, which stands in `start … end`, with another member than it had. */
  #putMember({ edits, id }: FieldPlace, start: number, end: number, depth: number): void {
    const out = this.#out;
    const value = newValue(this.#node, edits, 0, depth);
    out.keep(start);
    this.#putField(value, id, 0);
    // The last byte ends the struct.
    out.drop(end - 1);
  }

  /** Where the children of a tree are among the fields of the struct at the reader, and where missing ones belong. */
  #findFields(edits: EditTree): FieldPlace[] {
    const reader = this.#reader;
    const { children, route, count } = edits;
    const sorted = children
      .map((child) => ({ child, id: fieldIdOf(child.step!, route, count), places: 0 }))
      .sort((a, b) => a.id - b.id);
    const ids = sorted.map(({ id }) => id);
    const places: FieldPlace[] = [];
    const gaps: FieldPlace[] = [];
    /** Fields that come, by id, in front of `header`: the first one with a larger id. */
    const noteGaps = (limit: number, header: number, previousId: number): void => {
      for (
        let next = sorted[gaps.length];
        next !== undefined && next.id < limit;
        next = sorted[gaps.length]
      ) {
        gaps.push({
          edits: next.child,
          id: next.id,
          header,
          previousId,
          type: 0,
          start: header,
          end: header,
        });
      }
    };
    reader.readStructBegin();
    for (let previousId = 0; ; ) {
      const header = reader.position;
      const type = reader.readFieldBegin();
      if (type === TType.STOP) {
        noteGaps(Number.POSITIVE_INFINITY, header, previousId);
        break;
      }
      const id = reader.fieldId;
      noteGaps(id, header, previousId);
      const index = ids.indexOf(id);
      const start = type === TType.BOOL && this.#isCompact ? header : reader.position;
      reader.skip(type);
      if (index >= 0) {
        const found = sorted[index]!;
        checkType(type, found.child.expected, found.child.route, found.child.count, start);
        found.places++;
        found.child.found = true;
        places.push({ edits: found.child, id, header, previousId, type, start, end: reader.position });
      }
      previousId = id;
    }
    for (const [index, gap] of gaps.entries())
      if (sorted[index]!.places === 0 && gap.edits.puts) places.push(gap);
    // In front of the field at the same place; ids in order, as the gaps are.
    return places.sort((a, b) => a.header - b.header || Math.sign(a.type) - Math.sign(b.type) || a.id - b.id);
  }

  /** Writes a field behind the field `previousId` of the output. */
  #putField(value: EncodedValue, id: number, previousId: number): void {
    const { writer } = this.#out;
    if (this.#isCompact) (writer as CompactWriter).continueAfter(previousId);
    writer.writeFieldBegin(value.type, id);
    // In the compact protocol the header has the value.
    const isInHeader = this.#isCompact && value.type === TType.BOOL;
    if (isInHeader) writer.writeBool(value.asBoolean());
    this.#out.addWritten();
    if (!isInHeader) this.#add(value);
  }

  /** Writes the compact field header at `out.position` anew: it follows another field than it did. */
  #rewriteHeader(written: number, read: number, end: number): void {
    if (!this.#isCompact) return;
    const out = this.#out;
    const reader = this.#reader as CompactReader;
    const writer = out.writer as CompactWriter;
    reader.restart(this.#node.source, out.position, end, this.#node.limits);
    reader.continueAfter(read);
    const type = reader.readFieldBegin();
    if (type === TType.STOP) return;
    writer.continueAfter(written);
    writer.writeFieldBegin(type, reader.fieldId);
    if (type === TType.BOOL) writer.writeBool(reader.readBool());
    out.addWritten();
    out.drop(reader.position);
  }

  // Lists.

  #editList(edits: EditTree, start: number, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const indices = this.#indicesOf(edits, TType.LIST, start);
    reader.readListBegin();
    const headerEnd = reader.position;
    const { elementType, length } = reader;
    const places = this.#findElements(indices, start);
    const listEnd = reader.position;
    const removed = places.filter((place) => place.edits.remove).length;
    const added: EncodedValue[] = [];
    let type = elementType;
    for (const child of edits.children) {
      if (!child.puts || (child.step as number) < length) continue;
      if (child.step !== length + added.length) throw beyondLength(child);
      const value = newValue(this.#node, child, typeOfItems(child, type, length), depth);
      added.push(value);
      type = value.type;
    }
    if (removed > 0 || added.length > 0) {
      out.keep(start);
      out.writer.writeListBegin(type, length - removed + added.length);
      out.addWritten();
      out.drop(headerEnd);
    }
    for (const place of places) this.#editItem(place, elementType, depth);
    if (added.length > 0) out.keep(listEnd);
    for (const value of added) this.#add(value);
  }

  /** The children of a tree by index, in the order of the data. */
  #indicesOf(edits: EditTree, type: TType, start: number): IndexedEdits[] {
    const { children, route, count } = edits;
    const indices = children
      .map((child) => ({ child, index: indexOf(child.step!, type, route, count, start) }))
      .sort((a, b) => a.index - b.index);
    for (const [i, { child, index }] of indices.entries())
      if (i > 0 && index === indices[i - 1]!.index) throw sameStep(child);
    return indices;
  }

  /**
   * Where elements are in the list or set whose header has just been read. The reader is behind the last of them, and
   * behind all elements when some are to be added.
   */
  #findElements(indices: readonly IndexedEdits[], start: number): ItemPlace[] {
    const reader = this.#reader;
    const { elementType, length } = reader;
    const places: ItemPlace[] = [];
    let next = 0;
    for (const { child, index } of indices) {
      if (index >= length) {
        if (!child.puts) continue;
        skipElements(reader, length - next);
        break;
      }
      const { expected, route, count } = child;
      checkType(elementType, expected, route, count - 1, start);
      skipElements(reader, index - next);
      next = index + 1;
      const entry = reader.position;
      reader.skip(elementType);
      child.found = true;
      places.push({ edits: child, entry, start: entry, end: reader.position });
    }
    return places;
  }

  /** Makes the edits of an element or a map entry. */
  #editItem({ edits, entry, start, end }: ItemPlace, type: TType, depth: number): void {
    const out = this.#out;
    if (edits.remove) {
      out.keep(entry);
      out.drop(end);
    } else if (edits.value !== undefined) {
      const value = newValue(this.#node, edits, type, depth);
      out.keep(start);
      this.#add(value);
      out.drop(end);
    } else {
      this.edit(edits, type, start, end, depth + 1);
    }
  }

  // Sets.

  /** A set holds no equal elements: each new one is compared with all others. */
  #editSet(edits: EditTree, start: number, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const { protocol, source } = this.#node;
    const indices = this.#indicesOf(edits, TType.SET, start);
    if (edits.inside > 1) throw new MustEditInTurn();
    reader.readListBegin();
    const headerEnd = reader.position;
    const { elementType, length } = reader;
    const places = this.#findElements(indices, start).map(
      (place): SetPlace => ({
        ...place,
        bytes: source.subarray(place.start, place.end),
        isChanged: false,
      }),
    );
    const setEnd = reader.position;
    const added: Uint8Array[] = [];
    let type = elementType;
    for (const child of edits.children) {
      const place = places.find((candidate) => candidate.edits === child);
      if (place !== undefined) {
        const bytes = this.#newElement(place, elementType, depth);
        if (bytes === place.bytes) continue;
        place.isChanged = true;
        place.bytes = undefined;
        if (bytes !== undefined && !this.#isHeld(bytes, start, places, added)) place.bytes = bytes;
      } else if (child.puts) {
        if (child.step !== length + added.length) throw beyondLength(child);
        const value = newValue(this.#node, child, typeOfItems(child, type, length), depth);
        const bytes = bytesIn(value, protocol);
        if (this.#isHeld(bytes, start, places, added)) continue;
        added.push(bytes);
        type = value.type;
      }
    }
    const removed = places.filter(({ bytes }) => bytes === undefined).length;
    if (removed > 0 || added.length > 0) {
      out.keep(start);
      out.writer.writeListBegin(type, length - removed + added.length);
      out.addWritten();
      out.drop(headerEnd);
    }
    for (const { isChanged, start: from, end, bytes } of places) {
      if (!isChanged) continue;
      out.keep(from);
      if (bytes !== undefined) out.add(bytes);
      out.drop(end);
    }
    if (added.length > 0) out.keep(setEnd);
    for (const bytes of added) out.add(bytes);
  }

  /** What an element of a set becomes; its own bytes when nothing changes, `undefined` when it is removed. */
  #newElement({ edits, bytes }: SetPlace, type: TType, depth: number): Uint8Array | undefined {
    const { protocol, limits } = this.#node;
    if (edits.remove) return undefined;
    if (edits.value !== undefined) return bytesIn(newValue(this.#node, edits, type, depth), protocol);
    const element = new EncodedValue(protocol, type, bytes!, 0, bytes!.length, limits);
    return edited(element, edits, depth + 1) ?? bytes;
  }

  /** Whether an element is among those of the set at `start`, of which the ones at the places have become others. */
  #isHeld(
    element: Uint8Array,
    start: number,
    places: readonly SetPlace[],
    added: readonly Uint8Array[],
  ): boolean {
    const reader = this.#reader;
    const { source, end, limits } = this.#node;
    for (const { bytes } of places) if (bytes !== undefined && isEqual(bytes, element)) return true;
    for (const bytes of added) if (isEqual(bytes, element)) return true;
    reader.restart(source, start, end, limits);
    reader.readListBegin();
    for (let i = 0, next = 0; i < reader.length; i++) {
      const from = reader.position;
      reader.skip(reader.elementType);
      if (places[next]?.start === from) next++;
      else if (isBytesAt(source, from, reader.position, element)) return true;
    }
    return false;
  }

  // Maps.

  #editMap(edits: EditTree, start: number, depth: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const { route, count } = edits;
    reader.readMapBegin();
    const headerEnd = reader.position;
    const { keyType, elementType, length } = reader;
    const wanted = edits.children.map((child) => {
      const step = child.step!;
      checkMap(length, keyType, elementType, step, child.expected, route, count, start);
      return [child, step, matcherOf(step, keyType)] as const;
    });
    const missing = new Set(edits.children);
    const places: ItemPlace[] = [];
    let removed = 0;
    for (let left = length; left > 0; left--) {
      const entry = reader.position;
      const index = matchIndex(reader, wanted, keyType);
      const valueStart = reader.position;
      reader.skip(elementType);
      if (index < 0) continue;
      const [child] = wanted[index]!;
      missing.delete(child);
      child.found = true;
      if (child.remove) removed++;
      places.push({ edits: child, entry, start: valueStart, end: reader.position });
    }
    const mapEnd = reader.position;
    const added = [...missing].filter((child) => child.puts);
    let valueType = elementType;
    const values = added.map((child) => {
      const value = newValue(this.#node, child, typeOfItems(child, valueType, length), depth);
      valueType = value.type;
      return value;
    });
    const newKeyType = length > 0 || added.length === 0 ? keyType : keyTypeOf(added[0]!, keyType);
    for (const child of added) {
      const problem = keyProblem(child.step!, newKeyType);
      if (problem !== undefined) throw misfit("TYPE_MISMATCH", problem, route, count, start);
    }
    checkForms(length > 0 ? edits.children : added, newKeyType);
    if (removed > 0 || added.length > 0) {
      out.keep(start);
      out.writer.writeMapBegin(newKeyType, valueType, length - removed + added.length);
      out.addWritten();
      out.drop(headerEnd);
    }
    for (const place of places) this.#editItem(place, elementType, depth);
    if (added.length > 0) out.keep(mapEnd);
    for (const [index, child] of added.entries()) {
      writeKey(out.writer, newKeyType, child.step!);
      out.addWritten();
      this.#add(values[index]!);
    }
  }
}

function beyondLength({ route, count }: EditTree): Error {
  return misfit(
    "NOT_FOUND",
    "the index is beyond the length, where an element would be appended",
    route,
    count,
  );
}

/** Throws where two steps are the same key in different forms: 0 and −0, text and bytes of a uuid. */
function checkForms(children: readonly EditTree[], keyType: TType): void {
  if (keyType === TType.STRING || keyType === TType.DOUBLE) return;
  const seen = new Set<string>();
  for (const child of children) {
    const step = child.step!;
    const name = String(keyType === TType.UUID && typeof step === "string" ? uuidOf(step) : step);
    if (seen.has(name)) throw sameStep(child);
    seen.add(name);
  }
}

function sameStep({ route, count }: EditTree): Error {
  const message = "another path has the same step in another form";
  return misfit("INVALID_PATH", message, route, count);
}

/** The type that a new element or map value must have; 0 when the empty container does not tell. */
function typeOfItems(edits: EditTree, declared: number, length: number): number {
  return length > 0 ? declared : expectedType(edits.expected) || declared;
}

/** The type of the first key of a map that has declared `declared` or nothing. */
function keyTypeOf({ expected, route, count }: EditTree, declared: TType): TType {
  const type = expectedKeyType(expected) || declared;
  if (type !== TType.STOP) return type as TType;
  throw misfit("TYPE_MISMATCH", "the empty map does not tell the type of its keys", route, count);
}

function isEqual(bytes: Uint8Array, other: Uint8Array): boolean {
  return isBytesAt(bytes, 0, bytes.length, other);
}
