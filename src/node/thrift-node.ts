import { readDoubleBE, readDoubleLE, readInt16BE, readInt32BE } from "../bytes/fixed.ts";
import { uuidText } from "../bytes/uuid.ts";
import { ThriftError } from "../errors.ts";
import { checkFunction, checkIterable, failEntry } from "../options.ts";
import { CompiledPath, type Route, routeIn } from "../path/compiled-path.ts";
import type { FormatStep } from "../path/format.ts";
import { PathError } from "../path/path-error.ts";
import { FieldId, fieldId, type Path, type PathStep, toSteps } from "../path/step.ts";
import { skipValue } from "../wire/protocols.ts";
import { checkValueType, type Protocol, TType, typeName } from "../wire/ttype.ts";
import { failTruncated, WireError } from "../wire/wire-error.ts";
import type { WireWriter } from "../wire/writer.ts";
import { encode, type NodeInput, writeInput } from "./construct.ts";
import { applyEdits, MustEditInTurn } from "./edit.ts";
import { addEdit, EditTree } from "./edit-tree.ts";
import { EncodedValue } from "./encoded-value.ts";
import { find, foundInHeader, foundStart, foundType } from "./find.ts";
import {
  binaryEnd,
  binaryStart,
  binaryType,
  findBinary,
  findFields,
  MAX_FIELDS,
  PLACE_SIZE,
  PLACES,
} from "./find-binary.ts";
import { findMany } from "./find-many.ts";
import { INSPECT, inspectNode } from "./inspect.ts";
import { readKey } from "./key.ts";
import { giveBack, type NodeReader, newReader, readText, takeReader } from "./reader.ts";
import { replaceFields } from "./replace-fields.ts";
import { replaceOne } from "./replace-one.ts";
import { resolveView, type ViewOptions } from "./view.ts";

/**
 * A view of one encoded value: its wire type and where its bytes are, nothing else. It knows no descriptor, so
 * fields have ids but no names. Making one, and getting parts of it, copies nothing and allocates nothing but views.
 *
 * The bytes are borrowed: they are never written, and must not change while views of them are in use. `set` and
 * `delete` give *this* view new bytes of its own; views that were taken from it before keep the old ones.
 *
 * A node takes its range at its word: bytes behind the end of its value belong to it until `validate` says
 * otherwise. Reading meets only the errors on its way.
 */
export class ThriftNode extends EncodedValue {
  /**
   * A view of the value of that wire type in `bytes`. Throws `INVALID_OPTION` for a type that no value has and
   * for impossible options, `LIMIT_EXCEEDED` for more bytes than `limits.maxSize`. The bytes are not looked at.
   */
  static from(type: TType, bytes: Uint8Array, options?: ViewOptions): ThriftNode {
    checkValueType(type);
    const { protocol, start, end, limits } = resolveView("ThriftNode.from", bytes, options);
    return new ThriftNode(protocol, type, bytes, start, end, limits, false);
  }

  /**
   * A new scalar. Accepted are: boolean for bool; number and bigint for integers; number for double; string or
   * `Uint8Array` for string and binary, canonical text or 16 bytes for uuid. Throws `TYPE_MISMATCH` for other kinds,
   * `OUT_OF_RANGE` for a number that its type cannot hold, `INVALID_UTF8` for text with a lone surrogate.
   */
  static of(type: TType, value: NodeInput, protocol: Protocol = "binary"): ThriftNode {
    checkValueType(type);
    return fromEncoded(encode(protocol, type, (writer) => writeInput(writer, type, value)));
  }

  /** A new list of nodes, or of what `of` takes. Throws like `of`. */
  static listOf(
    elementType: TType,
    elements: Iterable<NodeInput>,
    protocol: Protocol = "binary",
  ): ThriftNode {
    checkIterable("listOf", elements);
    return fromEncoded(sequence(protocol, TType.LIST, elementType, [...elements]));
  }

  /** A new set of nodes, or of what `of` takes; of equal elements the first is kept. Throws like `of`. */
  static setOf(elementType: TType, elements: Iterable<NodeInput>, protocol: Protocol = "binary"): ThriftNode {
    checkValueType(elementType);
    checkIterable("setOf", elements);
    const distinct = new Map<string, EncodedValue>();
    for (const element of elements) {
      const encoded = encode(protocol, elementType, (writer) => writeInput(writer, elementType, element));
      const name = encoded.bytes.join();
      if (!distinct.has(name)) distinct.set(name, encoded);
    }
    return fromEncoded(sequence(protocol, TType.SET, elementType, [...distinct.values()]));
  }

  /** A new map of nodes, or of what `of` takes. Throws like `of`. */
  static mapOf(
    keyType: TType,
    valueType: TType,
    entries: Iterable<readonly [NodeInput, NodeInput]>,
    protocol: Protocol = "binary",
  ): ThriftNode {
    checkValueType(keyType);
    checkValueType(valueType);
    checkIterable("mapOf", entries);
    const all = [...entries];
    const write = (writer: WireWriter): void => {
      writer.writeMapBegin(keyType, valueType, all.length);
      for (const entry of all) {
        if (!Array.isArray(entry)) failEntry("mapOf", "a pair of a key and a value", entry);
        writeInput(writer, keyType, entry[0]);
        writeInput(writer, valueType, entry[1]);
      }
    };
    return fromEncoded(encode(protocol, TType.MAP, write));
  }

  /** A new struct with these fields, in this order. Throws `INVALID_PATH` for ids that no field has. */
  static structOf(
    fields: Iterable<readonly [FieldId | number, ThriftNode]>,
    protocol: Protocol = "binary",
  ): ThriftNode {
    checkIterable("structOf", fields);
    const write = (writer: WireWriter): void => {
      writer.writeStructBegin();
      for (const field of fields) {
        if (!Array.isArray(field)) failEntry("structOf", "a pair of a field id and a node", field);
        const node = checkNode(field[1]);
        writer.writeFieldBegin(node.type, idOf(field[0]));
        if (node.type === TType.BOOL) writer.writeBool(node.asBoolean());
        else writeInput(writer, node.type, node);
      }
      writer.writeStructEnd();
    };
    return fromEncoded(encode(protocol, TType.STRUCT, write));
  }

  /** The same value in memory of its own, which keeps nothing else alive. */
  detach(): ThriftNode {
    const bytes = this.toBytes();
    return new ThriftNode(this.protocol, this.type, bytes, 0, bytes.length, this.limits, false);
  }

  /** Reads the whole value. Throws the `WireError` that it meets, `TRAILING_DATA` for bytes behind the value. */
  validate(): void {
    if (this.inHeader) return;
    const { protocol, source, start, end, type, limits } = this;
    const stop = skipValue(protocol, source, start, end, type, limits.maxDepth);
    if (stop < end)
      throw new WireError("TRAILING_DATA", "more bytes behind the end of the value", { offset: stop });
  }

  /**
   * The first value at the path, or `undefined` when the data lacks it. Steps are field ids (`fieldId(7)`), indices
   * and keys.
   *
   * Throws `PathError` where the data is of another kind than a step (`TYPE_MISMATCH`) and for steps that
   * lead nowhere (`INVALID_PATH`), `WireError` for corrupt bytes in front of the value or in it.
   */
  get(path: Path | CompiledPath): ThriftNode | undefined {
    return nodeAt(this, routeOf(path));
  }

  /**
   * What `get` gives for each path, in their order, found in one pass over the data, unless that is short. A value that
   * a path goes into may be read whole, so that errors behind what is looked for may be met.
   */
  getMany(paths: Iterable<Path | CompiledPath>): (ThriftNode | undefined)[] {
    checkIterable("getMany", paths);
    return nodesAt(this, Array.from(paths, routeOf));
  }

  has(path: Path | CompiledPath): boolean {
    return this.get(path) !== undefined;
  }

  /**
   * Elements of a list or set, entries of a map, fields of a struct that are there. Throws `WireError`
   * `TYPE_MISMATCH` for a scalar.
   */
  get length(): number {
    const reader = sharedReader(this);
    let length = 0;
    switch (this.type) {
      case TType.LIST:
      case TType.SET:
        reader.readListBegin();
        length = reader.length;
        break;
      case TType.MAP:
        reader.readMapBegin();
        length = reader.length;
        break;
      case TType.STRUCT:
        reader.readStructBegin();
        for (let type = reader.readFieldBegin(); type !== TType.STOP; type = reader.readFieldBegin()) {
          length++;
          reader.skip(type);
        }
        break;
      default:
        this.failKind("a struct or container");
    }
    giveBack(reader);
    return length;
  }

  /** The parts with the step to each: field ids, indices, keys. Throws like `length`, when it is iterated. */
  *entries(): IterableIterator<[PathStep, ThriftNode]> {
    // A reader of its own: others may run between two steps.
    const reader = ownReader(this);
    switch (this.type) {
      case TType.STRUCT:
        reader.readStructBegin();
        for (;;) {
          const header = reader.position;
          const type = reader.readFieldBegin();
          if (type === TType.STOP) return;
          const id = fieldId(reader.fieldId);
          yield [id, readPart(this, reader, type, header)];
        }
      case TType.LIST:
      case TType.SET:
        reader.readListBegin();
        for (let i = 0, { length, elementType } = reader; i < length; i++) {
          yield [i, readPart(this, reader, elementType, -1)];
        }
        return;
      case TType.MAP:
        reader.readMapBegin();
        for (let { length, elementType } = reader; length > 0; length--) {
          const key = readKey(reader);
          yield [key, readPart(this, reader, elementType, -1)];
        }
        return;
      default:
        this.failKind("a struct or container");
    }
  }

  [Symbol.iterator](): IterableIterator<[PathStep, ThriftNode]> {
    return this.entries();
  }

  /** The steps of `entries`. */
  *keys(): IterableIterator<PathStep> {
    for (const [step] of this.entries()) yield step;
  }

  /** The parts of `entries`. */
  *values(): IterableIterator<ThriftNode> {
    for (const [, node] of this.entries()) yield node;
  }

  /** Keys and values of a map as nodes. Throws `WireError` `TYPE_MISMATCH` for anything else, when it is iterated. */
  *pairs(): IterableIterator<[ThriftNode, ThriftNode]> {
    if (this.type !== TType.MAP) this.failKind("a map");
    const reader = ownReader(this);
    reader.readMapBegin();
    for (let { length, keyType, elementType } = reader; length > 0; length--) {
      const key = readPart(this, reader, keyType, -1);
      yield [key, readPart(this, reader, elementType, -1)];
    }
  }

  /** Calls `fn` with each part and the step to it. */
  forEach(fn: (node: ThriftNode, step: PathStep, parent: ThriftNode) => void): void {
    checkFunction("forEach", fn);
    for (const [step, node] of this.entries()) fn(node, step, this);
  }

  /** A byte (signed), i16, i32 or double; an i64 up to 2^53 in size, beyond that it is `OUT_OF_RANGE`. */
  asNumber(): number {
    switch (this.type) {
      case TType.BYTE:
        return (fixed(this, 1)[this.start]! << 24) >> 24;
      case TType.I16:
        if (this.protocol === "binary") return readInt16BE(fixed(this, 2), this.start);
        return scalar(this, (reader) => reader.readI16());
      case TType.I32:
        if (this.protocol === "binary") return readInt32BE(fixed(this, 4), this.start);
        return scalar(this, (reader) => reader.readI32());
      case TType.DOUBLE:
        return this.protocol === "binary"
          ? readDoubleBE(fixed(this, 8), this.start)
          : readDoubleLE(fixed(this, 8), this.start);
      case TType.I64: {
        const value = Number(this.asBigInt());
        if (Number.isSafeInteger(value)) return value;
        throw new WireError("OUT_OF_RANGE", "the i64 is beyond 2^53; read it with asBigInt()", {
          offset: this.start,
        });
      }
      default:
        this.failKind("a number");
    }
  }

  /** A byte (signed), i16, i32 or i64. */
  asBigInt(): bigint {
    if (this.type === TType.I64) return scalar(this, (reader) => reader.readI64());
    if (this.type === TType.DOUBLE) this.failKind("an integer");
    return BigInt(this.asNumber());
  }

  /** A string, or the canonical text of a uuid. Throws `INVALID_UTF8` for bytes that are no text. */
  asString(): string {
    if (this.type === TType.UUID) return uuidText(this.asBytes());
    if (this.type !== TType.STRING) this.failKind("a string");
    return scalar(this, readText);
  }

  /** The content of a string or binary, or the 16 bytes of a uuid; borrowed. */
  asBytes(): Uint8Array {
    if (this.type === TType.UUID) return fixed(this, 16).subarray(this.start, this.start + 16);
    if (this.type !== TType.STRING) this.failKind("a string or binary");
    return scalar(this, (reader) => reader.readBinary());
  }

  /**
   * Puts `value` at the path; returns whether there was one. Where the path occurs several times, all of them are
   * set. A struct field that is not there is inserted in the order of ids, an element at the index `length` is
   * appended, a map entry added at the end; a set keeps one of equal elements. A value of the other protocol is
   * transcoded.
   *
   * Throws `PathError`: `NOT_FOUND` for a missing parent and an index beyond `length`, `TYPE_MISMATCH` for a
   * value whose wire type differs from what is there or from other elements, and like `get`. Nothing has changed then.
   */
  set(path: Path | CompiledPath, value: ThriftNode): boolean {
    return put(this, routeOf(path), checkNode(value));
  }

  /**
   * What `set` does, entry after entry, in one pass where several values do not go into one set. What is put into a
   * place that a later entry replaces is not looked at. Throws `INVALID_PATH` where two paths have the same index or key
   * in different forms: 0 and −0, the text and the bytes of a uuid.
   */
  setMany(entries: Iterable<readonly [Path | CompiledPath, ThriftNode]>): void {
    checkIterable("setMany", entries);
    const routes: Route[] = [];
    const values: ThriftNode[] = [];
    for (const entry of entries) {
      if (!Array.isArray(entry)) failEntry("setMany", "a pair of a path and a node", entry);
      routes.push(routeOf(entry[0]));
      values.push(checkNode(entry[1]));
    }
    const bytes = replaceFields(this, routes, values);
    if (bytes !== undefined) {
      become(this, bytes);
      return;
    }
    const tree = new EditTree();
    for (let i = 0; i < routes.length; i++) addEdit(tree, routes[i]!, { value: values[i]! });
    try {
      become(this, applyEdits(this, tree));
    } catch (error) {
      if (!(error instanceof MustEditInTurn)) throw error;
      const { protocol, type, source, start, end, limits, inHeader } = this;
      const node = new ThriftNode(protocol, type, source, start, end, limits, inHeader);
      for (let i = 0; i < routes.length; i++) put(node, routes[i]!, values[i]!);
      become(this, node.bytes);
    }
  }

  /**
   * Removes what is at the path, every occurrence of it; returns whether there was something. When there was not,
   * the bytes stay the very same. Throws `PathError` like `get`, and `INVALID_PATH` for the empty path.
   */
  delete(path: Path | CompiledPath): boolean {
    return this.deleteMany([path]) > 0;
  }

  /**
   * What `delete` does, for many paths in one pass; returns how many of them led to something, of which a
   * place that is named twice, or is inside of another one, counts once. All paths speak of the value as it was: indices
   * do not shift. Throws like `setMany` for different forms of one key.
   */
  deleteMany(paths: Iterable<Path | CompiledPath>): number {
    checkIterable("deleteMany", paths);
    const tree = new EditTree();
    const edits = new Set<EditTree>();
    for (const path of paths) edits.add(addEdit(tree, routeOf(path), { remove: true }));
    if (tree.remove) throw new PathError("INVALID_PATH", "a value cannot be removed from itself");
    become(this, applyEdits(this, tree));
    let count = 0;
    for (const edit of edits) if (edit.found) count++;
    return count;
  }

  /** What `JSON.stringify` writes, in a log for example: what it is, not its bytes, nor those around it. */
  toJSON(): { type: string; size: number } {
    return { type: typeName(this.type), size: this.size };
  }

  static {
    // The type checker wants names of members to be written out.
    Object.defineProperty(ThriftNode.prototype, INSPECT, {
      value: inspectNode,
      writable: true,
      configurable: true,
    });
  }
}

// Functions, not private methods: every new node would have to be given those.

/** Gives a node the bytes of another value; what was taken from it before keeps the old ones. */
function become(node: ThriftNode, bytes: Uint8Array | undefined): void {
  if (bytes === undefined) return;
  const self = node as { -readonly [Key in keyof ThriftNode]: ThriftNode[Key] };
  self.source = bytes;
  self.start = 0;
  self.end = bytes.length;
  self.inHeader = false;
  self.isWhole = false;
}

/** `ThriftNode.set` for a route. */
function put(node: ThriftNode, route: Route, value: ThriftNode): boolean {
  const bytes = replaceOne(node, route, value);
  if (bytes !== undefined) {
    become(node, bytes);
    return true;
  }
  const tree = new EditTree();
  const edit = addEdit(tree, route, { value });
  become(node, applyEdits(node, tree));
  return edit === tree || edit.found;
}

function sharedReader({ protocol, source, start, end, limits }: ThriftNode): NodeReader {
  return takeReader(protocol, source, start, end, limits);
}

function ownReader({ protocol, source, start, end, limits }: ThriftNode): NodeReader {
  return newReader(protocol, source, start, end, limits);
}

/** The part at the reader, which is moved behind it. `header`: where the header of a field is, −1 for others. */
function readPart(
  { protocol, limits }: ThriftNode,
  reader: NodeReader,
  type: TType,
  header: number,
): ThriftNode {
  const inHeader = header >= 0 && type === TType.BOOL && protocol === "compact";
  const start = inHeader ? header : reader.position;
  reader.skip(type);
  // Of the reader's bytes: the node may have got others since the iteration started.
  return new ThriftNode(protocol, type, reader.bytes, start, reader.position, limits, inHeader, true);
}

function scalar<T>(node: ThriftNode, read: (reader: NodeReader) => T): T {
  const reader = sharedReader(node);
  const value = read(reader);
  giveBack(reader);
  return value;
}

/** The source of a node, proved to hold `size` bytes of the value. */
function fixed({ source, start, end }: ThriftNode, size: number): Uint8Array {
  if (end - start < size) failTruncated(start);
  return source;
}

/** `ThriftNode.get` for a route. */
export function nodeAt(node: ThriftNode, route: Route): ThriftNode | undefined {
  const { protocol, source, start, end, limits, type } = node;
  if (route.steps.length === 0) {
    return new ThriftNode(protocol, type, source, start, end, limits, node.inHeader, node.isWhole);
  }
  if (protocol === "binary") {
    if (!findBinary(source, start, end, type, route, limits)) return undefined;
    return new ThriftNode(protocol, binaryType as TType, source, binaryStart, binaryEnd, limits, false, true);
  }
  const reader = takeReader(protocol, source, start, end, limits);
  const found = find(reader, type, route);
  const part = found
    ? new ThriftNode(protocol, foundType, source, foundStart, reader.position, limits, foundInHeader, true)
    : undefined;
  giveBack(reader);
  return part;
}

/** As long as no more bytes than that are passed over in all, looking for one path after another takes less time. */
const FEW_BYTES = 2048;

/** `ThriftNode.getMany` for routes. */
export function nodesAt(node: ThriftNode, routes: readonly Route[]): (ThriftNode | undefined)[] {
  const { protocol, type: root, source, start: from, end: to, limits } = node;
  const count = routes.length;
  const nodes = new Array<ThriftNode | undefined>(count);
  if (protocol === "binary" && root === TType.STRUCT && count <= MAX_FIELDS && areSteps(routes)) {
    findFields(source, from, to, routes, limits);
    for (let i = 0, at = 0; i < count; i++, at += PLACE_SIZE) {
      const type = PLACES[at] as TType;
      const start = PLACES[at + 1]!;
      const end = PLACES[at + 2]!;
      nodes[i] =
        type === TType.STOP
          ? undefined
          : new ThriftNode(protocol, type, source, start, end, limits, false, true);
    }
    return nodes;
  }
  if (protocol === "binary" && count * (to - from) <= FEW_BYTES) {
    for (let i = 0; i < count; i++) nodes[i] = nodeAt(node, routes[i]!);
    return nodes;
  }
  const searches = findMany(node, routes);
  for (let i = 0; i < count; i++) {
    const { route, type, start, end, inHeader } = searches[i]!;
    // The root itself has been taken at its word.
    const isWhole = route.steps.length > 0 || node.isWhole;
    nodes[i] =
      start < 0 ? undefined : new ThriftNode(protocol, type, source, start, end, limits, inHeader, isWhole);
  }
  return nodes;
}

/** Whether each path is one step. */
function areSteps(routes: readonly Route[]): boolean {
  for (let i = 0; i < routes.length; i++) if (routes[i]!.steps.length !== 1) return false;
  return true;
}

/** The node after edits; the same one when there was nothing to do. */
export function nodeAfter(node: ThriftNode, edits: EditTree): ThriftNode {
  return nodeOfBytes(node, applyEdits(node, edits));
}

/** The node after `set` of a part, where that takes only `replaceOne`. */
export function nodeWith(node: ThriftNode, route: Route, part: EncodedValue): ThriftNode | undefined {
  const bytes = replaceOne(node, route, part);
  return bytes === undefined ? undefined : nodeOfBytes(node, bytes);
}

/** The node after `setMany` of parts, where that takes only `replaceFields`. */
export function nodeWithFields(
  node: ThriftNode,
  routes: readonly Route[],
  parts: readonly EncodedValue[],
): ThriftNode | undefined {
  const bytes = replaceFields(node, routes, parts);
  return bytes === undefined ? undefined : nodeOfBytes(node, bytes);
}

function nodeOfBytes(node: ThriftNode, bytes: Uint8Array | undefined): ThriftNode {
  if (bytes === undefined) return node;
  return new ThriftNode(node.protocol, node.type, bytes, 0, bytes.length, node.limits);
}

function fromEncoded({ protocol, type, source, start, end, limits }: EncodedValue): ThriftNode {
  return new ThriftNode(protocol, type, source, start, end, limits);
}

function sequence(
  protocol: Protocol,
  type: TType,
  elementType: TType,
  elements: readonly (NodeInput | EncodedValue)[],
): EncodedValue {
  checkValueType(elementType);
  return encode(protocol, type, (writer) => {
    writer.writeListBegin(elementType, elements.length);
    for (const element of elements) writeInput(writer, elementType, element);
  });
}

function routeOf(path: Path | CompiledPath): Route {
  if (path instanceof CompiledPath) return routeIn(path);
  const steps = toSteps(path);
  return { steps, expected: undefined, shown: steps.some(isText) ? steps.map(shownStep) : steps };
}

/** The id of a field that is given as a number, or as a step. */
function idOf(id: FieldId | number): number {
  return id instanceof FieldId ? id.id : fieldId(id).id;
}

function isText(step: PathStep): step is string {
  return typeof step === "string";
}

/** Without a descriptor a text is a key, never a name. */
function shownStep(step: PathStep): FormatStep {
  return isText(step) ? { key: step } : step;
}

/** What is put into a message: a node whose bytes are one whole value. Throws like `validate`. */
function checkNode(value: ThriftNode): ThriftNode {
  if (value instanceof ThriftNode) {
    if (!value.isWhole) value.validate();
    return value;
  }
  throw new ThriftError("INVALID_OPTION", "the value must be a ThriftNode; ThriftNode.of makes one");
}
