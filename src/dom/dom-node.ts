import type { TypeDescriptor } from "../descriptor/types.ts";
import { misfit } from "../node/check.ts";
import { INSPECT } from "../node/inspect.ts";
import { ThriftNode } from "../node/thrift-node.ts";
import { bytesIn } from "../node/transcode.ts";
import { checkFunction } from "../options.ts";
import type { CompiledPath } from "../path/compiled-path.ts";
import type { FormatStep } from "../path/format.ts";
import { PathError } from "../path/path-error.ts";
import { fieldId, type Path, type PathStep } from "../path/step.ts";
import { checkWire } from "../value/compatible.ts";
import { type DeleteOptions, removesRequired, resolveSet, type SetOptions } from "../value/edit-options.ts";
import { ENCODED } from "../value/given.ts";
import { resolvePath } from "../value/route.ts";
import type { ToJsOptions } from "../value/to-js.ts";
import {
  checkKeys,
  checkRemovable,
  type Inspect,
  inspectJs,
  nodeOf,
  parentOf,
  stepOf,
  Value,
} from "../value/value.ts";
import type { TType } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";
import type { Document } from "./document.ts";
import { encodeKey, findEqual, insertAll, makeFor, merge, putAt } from "./edit.ts";
import { type DomRoute, findChild, findPlaces, type Place } from "./navigate.ts";
import { FLAG_CHANGED, FLAG_REMOVED } from "./tape.ts";
import { encodeRecord } from "./write.ts";

/** The node of the root of a document, which is of that type. */
export let rootNodeOf: (document: Document, descriptor: TypeDescriptor) => DomNode;

/**
 * A value in a `Dom`: a handle on its place, made when somebody asks for it. Two handles of one place are different
 * objects that see the same. It may be read when it has left its document; after that was disposed, everything throws
 * `DISPOSED`.
 *
 * Paths are those of `Value`, errors too; but keys that are given as bytes are checked only where a new entry gets
 * one, so that one which is there can be reached whatever it is. Unlike a `Value`, a node is a link: its edits change
 * the document. What is put into a document may be a `Value`, a `ThriftNode`, another node (also of another document),
 * or what `Value.of` takes; it is put there as it is at that moment. An edit that throws has changed nothing.
 *
 * A set does not take an element that it has. Edits inside of its elements are not watched for that.
 */
export class DomNode {
  readonly descriptor: TypeDescriptor;
  readonly #owner: Document;
  readonly #record: number;
  /** The type of the value around; `undefined` for the root. */
  readonly #parentType: TypeDescriptor | undefined;
  /** The index in a list or set, counted once for each `order` of the document; −1: not yet. */
  #index: number;
  #order: number;

  private constructor(
    document: Document,
    record: number,
    descriptor: TypeDescriptor,
    parentType: TypeDescriptor | undefined,
    index = -1,
  ) {
    this.#owner = document;
    this.#record = record;
    this.descriptor = descriptor;
    this.#parentType = parentType;
    this.#index = index;
    this.#order = document.order;
  }

  /** The document. Throws `DISPOSED` when it is gone. */
  get #document(): Document {
    void this.#owner.tape;
    return this.#owner;
  }

  /** The wire type. */
  get type(): TType {
    return this.#document.typeOf(this.#record);
  }

  /**
   * The step from the value around to this one: a field name, an index, or a key; `undefined` for the root, and for what
   * has left its document.
   */
  get step(): PathStep | undefined {
    const document = this.#document;
    const type = this.#parentType;
    if (type === undefined || this.#isRemoved) return undefined;
    if (type.kind !== "list" && type.kind !== "set") return stepTo(document, type, this.#record);
    if (this.#index < 0 || this.#order !== document.order) {
      this.#index = document.indexOf(this.#record);
      this.#order = document.order;
    }
    return this.#index;
  }

  /** Whether both are handles of the same place. */
  isSame(other: DomNode): boolean {
    return other instanceof DomNode && this.#document === other.#document && this.#record === other.#record;
  }

  // Reading.

  /** The first value at the path, or `undefined` when the document lacks it. Throws like `Value.get`. */
  get(path: Path | CompiledPath): DomNode | undefined {
    const document = this.#document;
    const route = resolvePath(this.descriptor, path);
    const { length } = route.steps;
    if (length === 0) return this;
    let record = this.#record;
    for (let i = 0; i < length; i++) {
      record = findChild(document, record, route, i);
      if (record === 0) return undefined;
    }
    return new DomNode(document, record, route.target, typeBefore(this.descriptor, route, length));
  }

  has(path: Path | CompiledPath): boolean {
    return this.get(path) !== undefined;
  }

  /**
   * The children, in their order, repeated ones too; of a struct those that its descriptor has. Empty for scalars.
   * Throws `TYPE_MISMATCH` where the data is not of its type.
   */
  get children(): DomNode[] {
    const document = this.#document;
    const { descriptor } = this;
    const nodes: DomNode[] = [];
    const first = document.firstChild(this.#record);
    if (descriptor.kind === "map" && first !== 0) {
      checkWire(
        descriptor.key,
        document.keyTypeOf(this.#record),
        { key: undefined },
        document.entryOf(first),
      );
    }
    for (let at = first; at !== 0; at = document.next(at)) {
      const type = this.#childType(at);
      if (type === undefined) continue;
      if (document.typeOf(at) !== type.ttype) {
        checkWire(type, document.typeOf(at), shownStepTo(document, descriptor, at), document.startOf(at));
      }
      nodes.push(new DomNode(document, at, type, descriptor, nodes.length));
    }
    return nodes;
  }

  /** How many `children` there are. */
  get length(): number {
    const document = this.#document;
    return this.descriptor.kind === "struct" ? this.children.length : document.count(this.#record);
  }

  [Symbol.iterator](): IterableIterator<DomNode> {
    return this.children[Symbol.iterator]();
  }

  /**
   * The first value inside of this one, this one included, that `isWanted` accepts; outer values come first. What
   * `isWanted` removes is not entered.
   */
  find(isWanted: (node: DomNode) => boolean): DomNode | undefined {
    checkFunction("find", isWanted);
    for (const node of this.#walk()) if (isWanted(node)) return node;
    return undefined;
  }

  /** All values inside of this one, this one included, that `isWanted` accepts; see `find`. */
  findAll(isWanted: (node: DomNode) => boolean): DomNode[] {
    checkFunction("findAll", isWanted);
    const found: DomNode[] = [];
    for (const node of this.#walk()) if (isWanted(node)) found.push(node);
    return found;
  }

  /** This value and all inside of it. A stack, not recursion: documents may be deep. */
  *#walk(): IterableIterator<DomNode> {
    const isDetached = this.#isRemoved;
    const open: DomNode[] = [this];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node !== this && node.#isRemoved) continue;
      yield node;
      if (node.#isRemoved && !(node === this && isDetached)) continue;
      const { children } = node;
      for (let i = children.length - 1; i >= 0; i--) open.push(children[i]!);
    }
  }

  asBoolean(): boolean {
    return this.toNode().asBoolean();
  }

  asNumber(): number {
    return this.toNode().asNumber();
  }

  asBigInt(): bigint {
    return this.toNode().asBigInt();
  }

  asString(): string {
    return this.toNode().asString();
  }

  asBytes(): Uint8Array {
    return this.toNode().asBytes();
  }

  toJS(options?: ToJsOptions): unknown {
    return this.toValue().toJS(options);
  }

  toJSON(): unknown {
    return this.toValue().toJSON();
  }

  /** The value as it is now. Where nothing has changed, a view of the bytes that the document was loaded from. */
  toNode(): ThriftNode {
    const document = this.#document;
    if (!document.hasFlag(this.#record, FLAG_CHANGED)) {
      const { protocol, type, source, start, end, limits, inHeader } = document.viewOf(this.#record);
      return new ThriftNode(protocol, type, source, start, end, limits, inHeader);
    }
    const { protocol, limits } = document;
    const bytes = encodeRecord(document, this.#record);
    return new ThriftNode(protocol, this.type, bytes, 0, bytes.length, limits);
  }

  toValue(): Value {
    return new Value(this.descriptor, this.toNode());
  }

  toBytes(): Uint8Array {
    return this.toNode().toBytes();
  }

  // Editing.

  /** Puts a value at the path, at all occurrences of it; see `Value.set`. Returns whether there was one. */
  set(path: Path | CompiledPath, value: unknown, options?: SetOptions): boolean {
    const document = this.#document;
    const missing = resolveSet(options);
    const route = resolvePath(this.descriptor, path);
    const last = route.steps.length - 1;
    if (last < 0) throw new PathError("INVALID_PATH", "a node cannot be put in its own place; use replace");
    const node = this.#input(route, value);
    if (missing === "create") checkKeys(this.descriptor, route, document);
    const puts = findPlaces(document, this.#record, route, missing).map((place): Put => {
      const { parent, index, found } = place;
      const type = typeBefore(this.descriptor, route, index + 1);
      const step = route.steps[index]!;
      const isNew = found.length === 0;
      if (isNew && (type.kind === "list" || type.kind === "set") && step !== document.count(parent)) {
        const message = "the index is beyond the length, where an element would be appended";
        throw misfit("NOT_FOUND", message, route, index + 1);
      }
      const key = isNew && type.kind === "map" ? encodeKey(document, type.key, step, route) : undefined;
      return { place, type, step, key, node: index === last ? node : parentOf(route, index, node, document) };
    });
    for (const { place, type, step, node, key } of puts) putAt(document, place, type, step, node, key);
    return puts.some(({ place }) => place.found.length > 0);
  }

  /** Removes what is at the path, all occurrences of it; see `Value.delete`. Returns whether there was something. */
  delete(path: Path | CompiledPath, options?: DeleteOptions): boolean {
    const document = this.#document;
    const route = resolvePath(this.descriptor, path);
    if (route.steps.length === 0) {
      throw new PathError("INVALID_PATH", "a value cannot be removed from itself; use remove");
    }
    if (!removesRequired(options)) checkRemovable(this.descriptor, route);
    const places = findPlaces(document, this.#record, route, "skip");
    for (const { found } of places) document.removeAll(found);
    return places.some(({ found }) => found.length > 0);
  }

  /**
   * Puts a value in the place of this one, and gives the node of it; in a set that has an equal element, that is the
   * one. Throws for the root of a document: `Dom.root` stays.
   */
  replace(value: unknown): DomNode {
    const document = this.#document;
    this.#placeIn("replaced");
    const node = this.#input({ target: this.descriptor, shown: [] }, value);
    // Getters of the value may have removed this node.
    const parentType = this.#placeIn("replaced");
    const parent = document.parent(this.#record);
    let made = parentType.kind === "set" ? findEqual(document, parent, node, this.#record) : 0;
    if (made === 0) {
      document.replaceAll([this.#record], (old) => (made = makeFor(document, old, parentType, node)));
    } else {
      document.removeAll([this.#record]);
    }
    return new DomNode(document, made, this.descriptor, parentType);
  }

  /** Removes this value from the one around it; see `delete`. Throws for the root. */
  remove(options?: DeleteOptions): void {
    const document = this.#document;
    const parentType = this.#placeIn("removed");
    if (!removesRequired(options) && parentType.kind === "struct") {
      checkRemovable(parentType, resolvePath(parentType, fieldId(document.idOf(this.#record))));
    }
    document.removeAll([this.#record]);
  }

  /** Inserts an element in front of the one at `index`; at the end when `index` is the length. */
  insert(index: number, value: unknown): void {
    const document = this.#document;
    const type = this.#sequence("insert");
    checkIndex(index, document.count(this.#record));
    const node = this.#input({ target: type.element, shown: [index] }, value);
    // Getters of the value may have removed elements.
    checkIndex(index, document.count(this.#record));
    insertAll(document, this.#record, type, index, [node]);
  }

  /** Appends elements to a list or set; all of them or, when that throws, none. */
  push(...values: unknown[]): void {
    const document = this.#document;
    const type = this.#sequence("push");
    const count = document.count(this.#record);
    const nodes = values.map((value, i) => this.#input({ target: type.element, shown: [count + i] }, value));
    insertAll(document, this.#record, type, document.count(this.#record), nodes);
  }

  /**
   * Puts the children of a list, set or map into the order that `compare` gives, as `Array.sort` does. What `compare`
   * itself adds comes last.
   */
  sort(compare: (a: DomNode, b: DomNode) => number): this {
    void this.#document;
    this.#container("sort");
    checkFunction("sort", compare);
    this.#arrange(this.children.sort(compare));
    return this;
  }

  /** Keeps the children of a list, set or map that `isKept` accepts; returns how many have gone. */
  filter(isKept: (node: DomNode, index: number) => boolean): number {
    const document = this.#document;
    this.#container("filter");
    checkFunction("filter", isKept);
    const dropped = new Set<number>();
    for (const [index, child] of this.children.entries()) {
      if (!isKept(child, index)) dropped.add(child.#record);
    }
    // As they are now: `isKept` may have edited them.
    const current = document.childrenOf(this.#record);
    const kept = current.filter((record) => !dropped.has(record));
    if (kept.length < current.length) document.arrange(this.#record, kept);
    return current.length - kept.length;
  }

  /** Moves the element at `from` so that it is the one at `to`. */
  move(from: number, to: number): void {
    void this.#document;
    this.#sequence("move");
    const { children } = this;
    checkIndex(from, children.length - 1);
    checkIndex(to, children.length - 1);
    const [moved] = children.splice(from, 1);
    children.splice(to, 0, moved!);
    this.#arrange(children);
  }

  /**
   * Adds what another value of the same type has: elements at the end of a list or set, entries of a map and fields of
   * a struct, unknown ones too, in the place of those with the same key or id. Of repeated ones it has, the first.
   */
  append(other: unknown): void {
    const document = this.#document;
    const type = this.descriptor;
    const node = this.#input({ target: type, shown: [] }, other);
    if (type.kind === "struct") return merge(document, this.#record, type, node);
    return merge(document, this.#record, this.#container("append"), node);
  }

  get #isRemoved(): boolean {
    return this.#document.hasFlag(this.#record, FLAG_REMOVED);
  }

  /** The type of the value around. Throws for what has none. */
  #placeIn(what: string): TypeDescriptor {
    if (this.#isRemoved) throw new PathError("NOT_FOUND", "the node is no longer in its document");
    if (this.#parentType !== undefined) return this.#parentType;
    throw new PathError("INVALID_PATH", `the root of a Dom cannot be ${what}`);
  }

  /** The type of a child; `undefined` for a field that the descriptor does not have. */
  #childType(record: number): TypeDescriptor | undefined {
    const { descriptor } = this;
    switch (descriptor.kind) {
      case "struct":
        return descriptor.fieldById(this.#document.idOf(record))?.type;
      case "map":
        return descriptor.value;
      case "list":
      case "set":
        return descriptor.element;
      default:
        return undefined;
    }
  }

  /** Gives the children an order. Those that are not here any more stay away, those that have come stand behind. */
  #arrange(children: readonly DomNode[]): void {
    const document = this.#document;
    const left = new Set(document.childrenOf(this.#record));
    const arranged = children.map((child) => child.#record).filter((record) => left.delete(record));
    document.arrange(this.#record, [...arranged, ...left]);
  }

  /** What is to be put somewhere, in the document's protocol. */
  #input(route: Pick<DomRoute, "target" | "shown">, value: unknown): ThriftNode {
    const { protocol, limits } = this.#document;
    const node = nodeOf(route, value, { protocol, limits });
    if (node.protocol === protocol) return node;
    const bytes = bytesIn(node, protocol);
    return new ThriftNode(protocol, node.type, bytes, 0, bytes.length, limits);
  }

  #container(method: string): TypeDescriptor & { readonly kind: "list" | "set" | "map" } {
    const { descriptor } = this;
    const { kind } = descriptor;
    if (kind === "list" || kind === "set" || kind === "map") return descriptor;
    throw new WireError("TYPE_MISMATCH", `${method}: expected a list, set or map, got ${descriptor.name}`);
  }

  #sequence(method: string): TypeDescriptor & { readonly kind: "list" | "set" } {
    const { descriptor } = this;
    if (descriptor.kind === "list" || descriptor.kind === "set") return descriptor;
    throw new WireError("TYPE_MISMATCH", `${method}: expected a list or set, got ${descriptor.name}`);
  }

  static {
    rootNodeOf = (document, descriptor) => new DomNode(document, document.root, descriptor, undefined);
    // The type checker wants names of members to be written out.
    Object.defineProperty(DomNode.prototype, ENCODED, { value: DomNode.prototype.toValue });
    Object.defineProperty(DomNode.prototype, INSPECT, {
      value: inspectDomNode,
      writable: true,
      configurable: true,
    });
  }
}

/** What `set` does in one place: the type around, the step from there, and the encoded key of a new entry. */
interface Put {
  readonly place: Place;
  readonly type: TypeDescriptor;
  readonly step: PathStep;
  readonly key: Uint8Array | undefined;
  readonly node: ThriftNode;
}

/** What a debugger shows: the type and the content. */
function inspectDomNode(this: DomNode, _depth: number, options: object, inspect: Inspect): string {
  return inspectJs(`DomNode<${this.descriptor.name}>`, this, options, inspect);
}

/** The type that step `count` of a route, counted from 1, starts from. */
function typeBefore(root: TypeDescriptor, route: DomRoute, count: number): TypeDescriptor {
  return count < 2 ? root : route.types[count - 2]!;
}

/** The step from a value of a type to one of its children. */
function stepTo(document: Document, type: TypeDescriptor, record: number): PathStep | undefined {
  switch (type.kind) {
    case "struct":
      return type.fieldById(document.idOf(record))!.name;
    case "list":
    case "set":
      return document.indexOf(record);
    case "map": {
      const { protocol, limits } = document;
      const source = document.sourceOf(record);
      const start = document.entryOf(record);
      const key = new ThriftNode(protocol, type.key.ttype, source, start, document.startOf(record), limits);
      return stepOf(type.key, key);
    }
    default:
      return undefined;
  }
}

/** The same for messages. */
function shownStepTo(document: Document, type: TypeDescriptor, record: number): FormatStep {
  const step = stepTo(document, type, record);
  return type.kind === "map" ? { key: step } : step!;
}

function checkIndex(index: number, largest: number): void {
  if (Number.isSafeInteger(index) && index >= 0 && index <= largest) return;
  throw new PathError("NOT_FOUND", "there is no such index");
}
