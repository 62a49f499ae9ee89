import { isBytes } from "../bytes/is-bytes.ts";
import type {
  ListDescriptor,
  MapDescriptor,
  SetDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { expectation, type ShownPath } from "../node/check.ts";
import { isBytesAt, writeKey } from "../node/key.ts";
import { giveBack, takeReader } from "../node/reader.ts";
import type { ThriftNode } from "../node/thrift-node.ts";
import { describePath } from "../path/format.ts";
import type { FieldId, PathStep } from "../path/step.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { checkKeyBytes, checkWire } from "../value/compatible.ts";
import { createWriter } from "../wire/protocols.ts";
import type { Document } from "./document.ts";
import { checkItems, keyName, type Place, takeKey } from "./navigate.ts";
import { FLAG_CHANGED } from "./tape.ts";
import { encodeRecord } from "./write.ts";

/** For errors about a value itself. */
const NO_PATH: ShownPath = { shown: [] };

/**
 * Edits of a loaded value, whose type the caller knows. Values that are put somewhere are of the right type and in the
 * protocol of the document. What throws has changed nothing.
 */

/** Puts a value in a place; `key`: the encoded key for a map that does not have it. */
export function putAt(
  document: Document,
  { parent, found }: Pick<Place, "parent" | "found">,
  type: TypeDescriptor,
  step: PathStep,
  node: ThriftNode,
  key: Uint8Array | undefined,
): void {
  if (type.kind === "set" && findEqual(document, parent, node, found[0]) !== 0) {
    document.removeAll(found);
  } else if (found.length > 0) {
    document.replaceAll(found, (old) => makeFor(document, old, type, node));
  } else if (type.kind === "struct") {
    const { id } = step as FieldId;
    const made = document.make(parent, node, undefined, id);
    if (type.flavor === "union") document.arrange(parent, [made]);
    else document.insert(made, fieldBefore(document, parent, id));
  } else {
    if (type.kind === "map") document.noteKeyType(parent, type.key.ttype);
    document.insert(document.make(parent, node, key, 0), document.lastChild(parent));
  }
}

/** A new record for the place of another, with the same id or key. */
export function makeFor(document: Document, old: number, type: TypeDescriptor, node: ThriftNode): number {
  const key = type.kind === "map" ? document.keyOf(old) : undefined;
  return document.make(document.parent(old), node, key, document.idOf(old));
}

/** The field behind which one with that id belongs: the one in front of the first with a larger id. */
function fieldBefore(document: Document, struct: number, id: number): number {
  let previous = 0;
  for (let at = document.firstChild(struct); at !== 0 && document.idOf(at) <= id; at = document.next(at)) {
    previous = at;
  }
  return previous;
}

/**
 * The encoded form of a step that is to be the key of a new entry, checked as `Value.set` does: `INVALID_VALUE` for bytes
 * that are no encoded key, `INVALID_UTF8`.
 */
export function encodeKey(
  document: Document,
  type: TypeDescriptor,
  step: PathStep,
  path: ShownPath,
): Uint8Array {
  if (isBytes(step)) checkKeyBytes(type, step, document, () => describePath(path.shown));
  const output = new ByteWriter({ capacity: 64 });
  writeKey(createWriter(document.protocol, output), type.ttype, step);
  return output.toBytes();
}

/** Inserts elements so that the first is at `index`, which there is; a set leaves out what it has. */
export function insertAll(
  document: Document,
  record: number,
  type: ListDescriptor | SetDescriptor,
  index: number,
  nodes: readonly ThriftNode[],
): void {
  checkItems(document, record, expectation(type.element.ttype), NO_PATH, 0);
  const isAtEnd = index === document.count(record);
  let previous = isAtEnd ? document.lastChild(record) : index === 0 ? 0 : document.childAt(record, index - 1);
  for (const node of type.kind === "set" ? distinct(document, record, nodes) : nodes) {
    const made = document.make(record, node, undefined, 0);
    document.insert(made, previous);
    previous = made;
  }
}

/** Those of some values that a set does not have, each once. */
function distinct(document: Document, set: number, nodes: readonly ThriftNode[]): readonly ThriftNode[] {
  if (nodes.length === 1) return findEqual(document, set, nodes[0]!) === 0 ? nodes : [];
  const held = new Set(document.childrenOf(set).map((record) => bytesOf(document, record).join()));
  return nodes.filter(({ bytes }) => {
    const { size } = held;
    held.add(bytes.join());
    return held.size > size;
  });
}

/** The element of a set with the bytes of a value, other than `except`; 0 when there is none. */
export function findEqual(document: Document, set: number, node: ThriftNode, except = 0): number {
  const wanted = node.bytes;
  for (let at = document.firstChild(set); at !== 0; at = document.next(at)) {
    if (at === except) continue;
    const bytes = bytesOf(document, at);
    if (isBytesAt(bytes, 0, bytes.length, wanted)) return at;
  }
  return 0;
}

function bytesOf(document: Document, record: number): Uint8Array {
  if (!document.hasFlag(record, FLAG_CHANGED)) return document.viewOf(record).bytes;
  return encodeRecord(document, record);
}

/** Adds what another value of the type has; see `DomNode.append`. */
export function merge(
  document: Document,
  record: number,
  type: ListDescriptor | SetDescriptor | MapDescriptor | StructDescriptor,
  node: ThriftNode,
): void {
  switch (type.kind) {
    case "struct":
      return mergeFields(document, record, type, node);
    case "map":
      return mergeEntries(document, record, type, node);
    default: {
      const elements = [...node.values()];
      for (const [i, element] of elements.entries()) checkWire(type.element, element.type, i, element.start);
      insertAll(document, record, type, document.count(record), elements);
    }
  }
}

function mergeFields(document: Document, struct: number, type: StructDescriptor, node: ThriftNode): void {
  const parts = new Map<number, ThriftNode>();
  for (const [step, part] of node.entries()) {
    const { id } = step as FieldId;
    if (parts.has(id)) continue;
    const field = type.fieldById(id);
    if (field !== undefined) checkWire(field.type, part.type, field.name, part.start);
    parts.set(id, part);
  }
  // A union keeps the member that it gets.
  const own = type.flavor === "union" && parts.size > 0 ? [] : document.childrenOf(struct);
  const ownIds = new Set<number>();
  for (const child of own) {
    const id = document.idOf(child);
    const field = parts.has(id) ? type.fieldById(id) : undefined;
    if (field !== undefined) {
      checkWire(field.type, document.typeOf(child), field.name, document.startOf(child));
    }
    ownIds.add(id);
  }
  const make = (id: number): number => document.make(struct, parts.get(id)!, undefined, id);
  const added = [...parts.keys()].filter((id) => !ownIds.has(id)).sort((a, b) => a - b);
  const merged: number[] = [];
  let next = 0;
  for (const child of own) {
    const id = document.idOf(child);
    while (next < added.length && added[next]! < id) merged.push(make(added[next++]!));
    merged.push(parts.has(id) ? make(id) : child);
  }
  while (next < added.length) merged.push(make(added[next++]!));
  document.arrange(struct, merged);
}

function mergeEntries(document: Document, map: number, type: MapDescriptor, node: ThriftNode): void {
  const { protocol, limits } = document;
  const keyType = type.key.ttype;
  const added = new Map<string | number, { key: ThriftNode; value: ThriftNode }>();
  for (const [key, value] of node.pairs()) {
    checkWire(type.key, key.type, { key: undefined }, key.start);
    checkWire(type.value, value.type, { key: undefined }, value.start);
    const reader = takeReader(protocol, key.source, key.start, key.end, limits);
    reader.keyType = keyType;
    const name = keyName(reader);
    giveBack(reader);
    if (!added.has(name)) added.set(name, { key, value });
  }
  checkItems(document, map, expectation(type.value.ttype, keyType), NO_PATH, 0);
  const own = document.childrenOf(map).map((record) => {
    const reader = takeKey(document, record, keyType);
    const name = keyName(reader);
    giveBack(reader);
    return { record, name };
  });
  document.noteKeyType(map, keyType);
  const merged = own.map(({ record, name }) => {
    const entry = added.get(name);
    return entry === undefined ? record : makeFor(document, record, type, entry.value);
  });
  for (const { name } of own) added.delete(name);
  for (const { key, value } of added.values()) merged.push(document.make(map, value, key.bytes, 0));
  document.arrange(map, merged);
}
