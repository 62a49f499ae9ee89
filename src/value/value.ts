import { isBytes } from "../bytes/is-bytes.ts";
import { checkType, isStruct } from "../descriptor/check-type.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import {
  type EncodeOptions,
  encodeValue,
  type Fail,
  type MissingRules,
  resolveMissing,
} from "../literal/encode.ts";
import { ValueError } from "../literal/value-error.ts";
import { writeZero } from "../literal/zero.ts";
import { MustEditInTurn } from "../node/edit.ts";
import { addEdit, EditTree } from "../node/edit-tree.ts";
import { INSPECT } from "../node/inspect.ts";
import { nodeAfter, nodeAt, nodesAt, nodeWith, nodeWithFields, ThriftNode } from "../node/thrift-node.ts";
import { resolveView, type ViewOptions } from "../node/view.ts";
import { checkFunction, checkIterable, checkOptions, failEntry, oneOf } from "../options.ts";
import type { CompiledPath, TypedRoute } from "../path/compiled-path.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { PathError } from "../path/path-error.ts";
import { FieldId, type Path, type PathStep } from "../path/step.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { DEFAULT_LIMITS, type Limits, resolveLimits } from "../wire/limits.ts";
import { createWriter } from "../wire/protocols.ts";
import type { Protocol } from "../wire/ttype.ts";
import { WireError } from "../wire/wire-error.ts";
import { checkConforms, checkKeyBytes, checkWire } from "./compatible.ts";
import {
  type DeleteOptions,
  type Missing,
  removesRequired,
  resolveSet,
  type SetOptions,
} from "./edit-options.ts";
import { type EmptyOptions, encodeEmpty } from "./empty.ts";
import { type Destination, type Encoding, encodePart } from "./encode-part.ts";
import { ENCODED, givenBytes, givenNode } from "./given.ts";
import { type ProjectOptions, project } from "./project.ts";
import { isUnion, leadsThroughUnion, resolvePath } from "./route.ts";
import { JSON_FORMS, type JsForms, resolveForms, type ToJsOptions, toJs } from "./to-js.ts";

const NO_STEPS: readonly FormatStep[] = [];

const DEFAULT_ENCODING: Encoding = { protocol: "binary", limits: DEFAULT_LIMITS };

/** How `Value.of` encodes a JavaScript value. */
export interface ValueOfOptions {
  /** Default `binary`. */
  readonly protocol?: Protocol;
  /** Struct fields that the JavaScript value lacks; see `LiteralOptions`. */
  readonly missing?: Partial<MissingRules>;
  readonly limits?: Limits;
}

/**
 * An encoded value and its type: reads, edits and trims Thrift messages on their bytes, with an API like that of `Map`.
 *
 * - **Absent is not impossible.** What the data lacks is `undefined`; a path that the type can never have throws
 *   `PathError` `INVALID_PATH` at once. Data whose wire type is not that of the IDL (`TYPE_MISMATCH`) and corrupt bytes
 *   are `WireError`, with their offset in the bytes that the value is in.
 * - **Reading** gives the first of repeated fields and keys, and looks at nothing behind what it gives.
 * - **Editing** gives *this* value new bytes. The caller's bytes are never written, and values that were taken from this
 *   one before stay as they are: a value is a view, not a link. All occurrences of a repeated field or key are edited.
 * - **Fields without a descriptor** stay in the bytes, and are reached through `node`.
 *
 * The bytes are borrowed: they must not change while the value, or a part of it, is in use.
 */
export class Value<D extends TypeDescriptor = TypeDescriptor> {
  readonly descriptor: D;
  #node: ThriftNode;

  /** For code that has checked that the node is of the type; others use `Value.from`, `of` and `empty`. */
  constructor(descriptor: D, node: ThriftNode) {
    this.descriptor = descriptor;
    this.#node = node;
  }

  /**
   * A view of one encoded value of the type. Throws `INVALID_OPTION`, and `LIMIT_EXCEEDED` for more bytes than
   * `limits.maxSize`. The bytes are not looked at; `validate` does.
   */
  static from<D extends TypeDescriptor>(type: D, bytes: Uint8Array, options?: ViewOptions): Value<D> {
    if (!isStruct(type)) checkType("Value.from", type);
    const { protocol, start, end, limits } = resolveView("Value.from", bytes, options);
    return new Value(type, new ThriftNode(protocol, type.ttype, bytes, start, end, limits));
  }

  /**
   * Encodes a JavaScript value; `encodeLiteral` says what is accepted, and what it throws. Required fields must be
   * there, unless `missing` says otherwise.
   */
  static of<D extends TypeDescriptor>(type: D, value: unknown, options?: ValueOfOptions): Value<D> {
    if (!isStruct(type)) checkType("Value.of", type);
    if (options === undefined) {
      return new Value(type, encodePart({ target: type, shown: NO_STEPS }, value, DEFAULT_ENCODING));
    }
    checkOptions("Value.of", options, ["protocol", "missing", "limits"]);
    const protocol = oneOf("protocol", options.protocol, ["binary", "compact"]) ?? "binary";
    const bytes = encodeValue(type, value, protocol, literalOptions(options));
    return wrap(type, bytes, protocol, options.limits);
  }

  /**
   * A value with its required fields, and others as the options say, all of them with the IDL default, else zero.
   * Throws `INVALID_OPTION`, and `LIMIT_EXCEEDED` for a result beyond `maxOutputSize`.
   */
  static empty<D extends TypeDescriptor>(type: D, options?: EmptyOptions): Value<D> {
    checkType("Value.empty", type);
    const { bytes, protocol, limits } = encodeEmpty(type, options);
    return new Value(type, new ThriftNode(protocol, type.ttype, bytes, 0, bytes.length, limits, false, true));
  }

  /**
   * The value without its type, as it is now: unknown fields, positions in the bytes. Another node after an edit of
   * this value. To be read: an edit of the node is one of this value, but without the checks against its type.
   */
  get node(): ThriftNode {
    return this.#node;
  }

  get protocol(): Protocol {
    return this.#node.protocol;
  }

  /** Bytes of the encoded value. */
  get size(): number {
    return this.#node.size;
  }

  /** The encoded value, borrowed. */
  get bytes(): Uint8Array {
    return this.#node.bytes;
  }

  /** A copy of the encoded value in an `ArrayBuffer` of its own. */
  toBytes(): Uint8Array {
    return this.#node.toBytes();
  }

  /** The same value in memory of its own, which keeps nothing else alive. */
  detach(): Value<D> {
    return new Value(this.descriptor, this.#node.detach());
  }

  /**
   * Reads the whole value. Throws what is wrong with it: `TYPE_MISMATCH` where the data is not of its type,
   * `INVALID_UTF8` for strings, `TRAILING_DATA` for bytes behind it, other `WireError`s.
   */
  validate(): void {
    checkConforms(this.#node, this.descriptor);
  }

  // Reading.

  /**
   * The first value at the path, or `undefined` when the data lacks it. Steps are field names or `fieldId(…)`, indices,
   * and keys; enum keys also by name. Throws as the class says.
   */
  get(path: Path | CompiledPath): Value | undefined {
    const route = resolvePath(this.descriptor, path);
    const node = nodeAt(this.#node, route);
    return node === undefined ? undefined : new Value(route.target, node);
  }

  /**
   * What `get` gives for each path, in their order, found in one pass over the data, unless that is short. A value that
   * a path goes into may be read whole, so that errors behind what is looked for may be met.
   */
  getMany(paths: Iterable<Path | CompiledPath>): (Value | undefined)[] {
    checkIterable("getMany", paths);
    const given: readonly (Path | CompiledPath)[] = Array.isArray(paths) ? paths : [...paths];
    const routes = new Array<TypedRoute<TypeDescriptor>>(given.length);
    for (let i = 0; i < routes.length; i++) routes[i] = resolvePath(this.descriptor, given[i]!);
    // Nodes become values where they are: one array is enough.
    const parts: (ThriftNode | Value | undefined)[] = nodesAt(this.#node, routes);
    for (let i = 0; i < parts.length; i++) {
      const node = parts[i] as ThriftNode | undefined;
      if (node !== undefined) parts[i] = new Value(routes[i]!.target, node);
    }
    return parts as (Value | undefined)[];
  }

  /** Whether `get` gives something. */
  has(path: Path | CompiledPath): boolean {
    return nodeAt(this.#node, resolvePath(this.descriptor, path)) !== undefined;
  }

  /**
   * Elements of a list or set, entries of a map; of a struct the fields of its descriptor that are there. Throws
   * `TYPE_MISMATCH` for scalars.
   */
  get length(): number {
    if (this.descriptor.kind !== "struct") return this.#node.length;
    let length = 0;
    for (const _ of this.entries()) length++;
    return length;
  }

  /**
   * The parts with their keys: field names, indices, map keys as JavaScript values (a binary key as bytes, a struct or
   * container key as its encoded bytes). What it gives goes into `get`. Throws `TYPE_MISMATCH` for scalars, and where
   * the data is not of its type.
   */
  *entries(): IterableIterator<[PathStep, Value]> {
    const type: TypeDescriptor = this.descriptor;
    const node = this.#node;
    switch (type.kind) {
      case "struct": {
        const seen = new Set<number>();
        for (const [step, part] of node.entries()) {
          const { id } = step as FieldId;
          const field = type.fieldById(id);
          if (field === undefined || seen.has(id)) continue;
          seen.add(id);
          yield [field.name, typed(field.type, part, field.name)];
        }
        return;
      }
      case "list":
      case "set":
        for (const [step, part] of node.entries()) yield [step, typed(type.element, part, step)];
        return;
      case "map": {
        for (const [key, part] of node.pairs()) {
          const step = stepOf(type.key, key);
          yield [step, typed(type.value, part, { key: step })];
        }
        return;
      }
      default:
        throw new WireError("TYPE_MISMATCH", `a value of type ${type.name} has no parts`, {
          offset: node.start,
        });
    }
  }

  [Symbol.iterator](): IterableIterator<[PathStep, Value]> {
    return this.entries();
  }

  /** The keys of `entries`. */
  *keys(): IterableIterator<PathStep> {
    for (const [key] of this.entries()) yield key;
  }

  /** The values of `entries`. */
  *values(): IterableIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  /** Calls `fn` with each part and its key, as `Map` does. */
  forEach(fn: (value: Value, key: PathStep, parent: Value<D>) => void): void {
    checkFunction("forEach", fn);
    for (const [key, value] of this.entries()) fn(value, key, this);
  }

  asBoolean(): boolean {
    return this.#node.asBoolean();
  }

  /** A byte (signed), i16, i32, enum or double; an i64 up to 2^53 in size, beyond that it is `OUT_OF_RANGE`. */
  asNumber(): number {
    return this.#node.asNumber();
  }

  /** A byte (signed), i16, i32, enum or i64. */
  asBigInt(): bigint {
    return this.#node.asBigInt();
  }

  /** A string, the text of a binary, or the canonical text of a uuid. Throws `INVALID_UTF8` for what is no text. */
  asString(): string {
    return this.#node.asString();
  }

  /** The content of a string or binary, or the 16 bytes of a uuid; borrowed. */
  asBytes(): Uint8Array {
    return this.#node.asBytes();
  }

  /**
   * The value as a JavaScript value: bigint for i64, `Uint8Array` (a copy) for binary, array, `Set`, `Map`, and plain
   * objects for structs, with the fields that are there. `Value.of` takes it back.
   */
  toJS(options?: ToJsOptions): unknown {
    return toJs(this.#node, this.descriptor, resolveForms(options));
  }

  /** What `JSON.stringify` writes: like `toJS`, but i64 as text, maps as objects, sets as arrays, binary as base64. */
  toJSON(): unknown {
    return toJs(this.#node, this.descriptor, JSON_FORMS);
  }

  // Editing.

  /**
   * Puts a value at the path: a `Value`, `ThriftNode`, `DomNode` or `Dom`, or a JavaScript value as `Value.of` takes it,
   * which may have such inside. Returns whether there was one. A missing field is inserted in the order of ids, the
   * index `length` appends to a list, a missing key is added to a map, a set keeps one of equal elements, and a union
   * the member that it gets.
   *
   * Throws `NOT_FOUND` for a missing parent and an index beyond `length`, `TYPE_MISMATCH` for a value of another type,
   * what `Value.of` throws, and as the class says. Nothing has changed then.
   */
  set(path: Path | CompiledPath, value: unknown, options?: SetOptions): boolean {
    const missing = resolveSet(options);
    const route = resolvePath(this.descriptor, path);
    const part = partFor(this, route, value, true);
    const node = this.#node;
    const simple = nodeWith(node, route, part);
    if (simple !== undefined) {
      this.#node = simple;
      return true;
    }
    const tree = new EditTree();
    const edit = addPut(tree, this.descriptor, node, route, part, missing);
    this.#node = nodeAfter(node, tree);
    return edit === tree || edit.found;
  }

  /**
   * What `set` does, entry after entry, in one pass over the data where no union and no two values of one set are among
   * them; untouched bytes are copied once. What is put into a place that a later entry replaces is not looked at.
   */
  setMany(entries: Iterable<readonly [Path | CompiledPath, unknown]>, options?: SetOptions): void {
    checkIterable("setMany", entries);
    const missing = resolveSet(options);
    const routes: TypedRoute<TypeDescriptor>[] = [];
    const parts: ThriftNode[] = [];
    for (const entry of entries) {
      if (!Array.isArray(entry)) failEntry("setMany", "a pair of a path and a value", entry);
      const route = resolvePath(this.descriptor, entry[0]);
      routes.push(route);
      parts.push(partFor(this, route, entry[1], false));
    }
    let node = this.#node;
    const simple = nodeWithFields(node, routes, parts);
    if (simple !== undefined) {
      this.#node = simple;
      return;
    }
    // A member of a union takes others away, on which later paths may depend.
    const isOnePass = !routes.some((route) => leadsThroughUnion(this.descriptor, route));
    if (isOnePass) {
      const tree = new EditTree();
      for (let i = 0; i < routes.length; i++) {
        addPut(tree, this.descriptor, node, routes[i]!, parts[i]!, missing);
      }
      try {
        this.#node = nodeAfter(node, tree);
        return;
      } catch (error) {
        if (!(error instanceof MustEditInTurn)) throw error;
      }
    }
    for (let i = 0; i < routes.length; i++) {
      const tree = new EditTree();
      addPut(tree, this.descriptor, node, routes[i]!, parts[i]!, missing);
      node = nodeAfter(node, tree);
    }
    this.#node = node;
  }

  /**
   * Removes what is at the path; returns whether there was something. When there was not, the bytes stay the very
   * same. Throws `MISSING_REQUIRED` for a field that the IDL requires, `INVALID_PATH` for the empty path, and as the
   * class says.
   */
  delete(path: Path | CompiledPath, options?: DeleteOptions): boolean {
    return this.deleteMany([path], options) > 0;
  }

  /**
   * What `delete` does, for many paths in one pass; returns how many of them led to something. All paths speak of
   * the value as it was: indices do not shift.
   */
  deleteMany(paths: Iterable<Path | CompiledPath>, options?: DeleteOptions): number {
    checkIterable("deleteMany", paths);
    const isForced = removesRequired(options);
    const tree = new EditTree();
    const edits = new Set<EditTree>();
    for (const path of paths) {
      const route = resolvePath(this.descriptor, path);
      if (!isForced) checkRemovable(this.descriptor, route);
      edits.add(addEdit(tree, route, { remove: true }));
    }
    if (tree.remove) throw new PathError("INVALID_PATH", "a value cannot be removed from itself");
    this.#node = nodeAfter(this.#node, tree);
    let count = 0;
    for (const edit of edits) if (edit.found) count++;
    return count;
  }

  /**
   * The value cut to another type, by field ids: fields that the target does not have are left out, and those that only
   * the wire has. Names may differ, scalar types may not. The result is a value of its own.
   *
   * Throws `MISSING_REQUIRED` for a required field of the target that the data lacks, `TYPE_MISMATCH` for a value that
   * cannot become the target's, `UNKNOWN_FIELD` under `unknownFields: "error"`, all with path and offset; `WireError`.
   */
  project<To extends TypeDescriptor>(to: To, options?: ProjectOptions): Value<To> {
    checkType("project", to);
    const node = this.#node;
    const bytes = project(node, this.descriptor, to, options);
    if (bytes === undefined) return new Value(to, node.detach());
    return new Value(to, new ThriftNode(node.protocol, node.type, bytes, 0, bytes.length, node.limits));
  }

  static {
    // The type checker wants names of members to be written out.
    Object.defineProperty(Value.prototype, INSPECT, {
      value: inspectValue,
      writable: true,
      configurable: true,
    });
    Object.defineProperty(Value.prototype, ENCODED, { value: itself });
  }
}

function itself(this: Value): Value {
  return this;
}

/** What a debugger shows: the type and the content. */
function inspectValue(this: Value, _depth: number, options: object, inspect: Inspect): string {
  return inspectJs(`Value<${this.descriptor.name}>`, this, options, inspect);
}

/** `util.inspect`, as it is handed to objects that say what they look like. */
export type Inspect = (value: unknown, options: object) => string;

/** What is shown of something that has a JavaScript value, which `inspect` cuts where it is large or deep. */
export function inspectJs(
  title: string,
  value: { toJS(): unknown; readonly size?: number },
  options: object,
  inspect: Inspect,
): string {
  try {
    return `${title} ${inspect(value.toJS(), options)}`;
  } catch (error) {
    const size = value.size === undefined ? "" : `${value.size} bytes: `;
    return `${title} <${size}${error instanceof Error ? error.message : String(error)}>`;
  }
}

/** A part of a value, checked to be of the type that it should have. */
function typed<D extends TypeDescriptor>(type: D, node: ThriftNode, step: FormatStep): Value<D> {
  checkWire(type, node.type, step, node.start);
  return new Value(type, node);
}

const KEY_FORMS: JsForms = resolveForms();

/** The step that leads to the entry with that key. */
export function stepOf(type: TypeDescriptor, key: ThriftNode): PathStep {
  checkWire(type, key.type, { key: undefined }, key.start);
  switch (type.kind) {
    case "binary":
      return key.asBytes();
    case "struct":
    case "list":
    case "set":
    case "map":
      return key.bytes;
    default:
      return toJs(key, type, KEY_FORMS) as PathStep;
  }
}

function wrap<D extends TypeDescriptor>(
  type: D,
  bytes: Uint8Array,
  protocol: Protocol,
  limits: Limits | undefined,
): Value<D> {
  const resolved = resolveLimits(limits);
  return new Value(type, new ThriftNode(protocol, type.ttype, bytes, 0, bytes.length, resolved, false, true));
}

function literalOptions({ missing, limits }: ValueOfOptions): EncodeOptions {
  return {
    missing: resolveMissing(missing),
    encoded: givenBytes,
    ...(limits === undefined ? {} : { limits }),
  };
}

// Functions: making a value with a private method takes longer.

/** What `set` puts at the end of a route. `isOnly`: it is put there before the next one is asked for. */
function partFor(
  { descriptor, node }: Value,
  route: TypedRoute<TypeDescriptor>,
  value: unknown,
  isOnly: boolean,
): ThriftNode {
  checkKeys(descriptor, route, node);
  return nodeOf(route, value, node, isOnly);
}

/**
 * Adds what `set` does to the edits of a node of a type, or, where the tree is behind some steps, to those of a part.
 * Parents that are made are encoded as the node is: keys are given in that.
 */
function addPut(
  tree: EditTree,
  type: TypeDescriptor,
  node: Encoding,
  route: TypedRoute<TypeDescriptor>,
  value: ThriftNode,
  missing: Missing,
): EditTree {
  const create = missing === "create" ? (index: number) => zeroNode(route.types[index]!, node) : undefined;
  const isUnionAt = leadsThroughUnion(type, route)
    ? (index: number) => isUnion(index === 0 ? type : route.types[index - 1]!)
    : undefined;
  return addEdit(tree, route, { value, onlyThere: missing === "skip", create, isUnion: isUnionAt });
}

/**
 * What step `index` of a route must lead to, so that all of it leads to the part: empty but for that, and encoded as
 * `like` is, in which keys are given. Throws `NOT_FOUND` for an index that is not 0.
 */
export function parentOf(
  route: TypedRoute<TypeDescriptor>,
  index: number,
  part: ThriftNode,
  like: Encoding,
): ThriftNode {
  const type = route.types[index]!;
  const tree = new EditTree(route, index + 1);
  addPut(tree, type, like, route, part, "create");
  return nodeAfter(zeroNode(type, like), tree);
}

/** The empty value of a type, to put something into. */
function zeroNode(type: TypeDescriptor, { protocol, limits }: Encoding): ThriftNode {
  const output = new ByteWriter({ capacity: 16 });
  writeZero(createWriter(protocol, output), type);
  return new ThriftNode(protocol, type.ttype, output.toBytes(), 0, output.length, limits);
}

/** What is to be put at the end of a route, as a node. `isCopied`: see `encodePart`. */
export function nodeOf(route: Destination, value: unknown, like: Encoding, isCopied = false): ThriftNode {
  // What most edits of one message with parts of another give.
  if (value instanceof Value && value.descriptor === route.target && value.node.isWhole) return value.node;
  return givenNode(route.target, value, failAt(route)) ?? encodePart(route, value, like, isCopied);
}

/** Throws errors about what is given for the end of a route. */
function failAt({ shown }: Destination): Fail {
  return (code, message, cause) => {
    throw new ValueError(code, message, { path: describePath(shown), cause });
  };
}

/** Throws unless the keys that are given as bytes are what their type says: new ones are written as they are. */
export function checkKeys(type: TypeDescriptor, route: TypedRoute<TypeDescriptor>, like: Encoding): void {
  const { steps } = route;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (!isBytes(step)) continue;
    const parent = i === 0 ? type : route.types[i - 1]!;
    if (parent.kind !== "map") continue;
    checkKeyBytes(parent.key, step, like, () => describePath(route.shown.slice(0, i + 1)));
  }
}

/** Throws unless the field at the end of a route, if it is one, may be missing. */
export function checkRemovable(type: TypeDescriptor, route: TypedRoute<TypeDescriptor>): void {
  const { steps } = route;
  const step = steps.at(-1);
  if (!(step instanceof FieldId)) return;
  const parent = steps.length > 1 ? route.types[steps.length - 2]! : type;
  if (parent.kind !== "struct") return;
  const field = parent.fieldById(step.id);
  if (field?.requiredness !== "required" || parent.flavor === "union") return;
  const message = 'the field is required; remove it with the option `required: "remove"`';
  throw new PathError("MISSING_REQUIRED", message, { path: describePath(route.shown) });
}
