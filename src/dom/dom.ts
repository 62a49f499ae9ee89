import { checkType, isStruct } from "../descriptor/check-type.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { INSPECT } from "../node/inspect.ts";
import { ThriftNode } from "../node/thrift-node.ts";
import { resolveView, type ViewOptions } from "../node/view.ts";
import { checkOptions } from "../options.ts";
import { type ByteWriter, checkWriter } from "../pool/byte-writer.ts";
import { ENCODED } from "../value/given.ts";
import { type Inspect, inspectJs, Value } from "../value/value.ts";
import { Document } from "./document.ts";
import { type DomNode, rootNodeOf } from "./dom-node.ts";
import { type DomPoolStats, hasChildren, poolStats } from "./tape.ts";
import { appendRecord, encodeRecord } from "./write.ts";

/** How much of a message is loaded at once. */
export interface DomOptions {
  /** Levels of structs and containers that are loaded; what is deeper is loaded when it is asked for. Default all. */
  readonly depth?: number;
}

export interface DomBytesOptions extends DomOptions, ViewOptions {}

const OPTION_NAMES: readonly string[] = ["depth"];
const BYTES_OPTION_NAMES: readonly string[] = [...OPTION_NAMES, "protocol", "start", "end", "limits"];

/**
 * A message as an editable tree, for work that touches many values or moves them. It is a flat, pooled array of
 * numbers; objects are made only for the nodes that somebody asks for. Writing copies what has not changed whole.
 *
 * Give the memory back with `using` or `[Symbol.dispose]()`: nodes throw `DISPOSED` then, what was made of them before
 * stays. Without that everything works, and is only slower. The bytes are borrowed until then.
 *
 * @example
 * using dom = Dom.load(Value.from(feed, bytes));
 * dom.root.get("items")?.filter((item) => !item.get("sponsored")?.asBoolean());
 * return dom.toBytes();
 */
export class Dom implements Disposable {
  readonly root: DomNode;
  readonly #document: Document;
  readonly #type: TypeDescriptor;

  private constructor(document: Document, type: TypeDescriptor) {
    this.#document = document;
    this.#type = type;
    this.root = rootNodeOf(document, type);
  }

  /**
   * Loads a value, or the bytes of one of a type. Throws the `WireError` of corrupt bytes, `TRAILING_DATA` for bytes
   * behind the value, `INVALID_OPTION`. Where nothing is loaded, by `depth: 0`, that is found when something is asked
   * for. Data of another type is found where it is read.
   */
  static load(value: Value, options?: DomOptions): Dom;
  static load(type: TypeDescriptor, bytes: Uint8Array, options?: DomBytesOptions): Dom;
  static load(
    valueOrType: Value | TypeDescriptor,
    bytesOrOptions?: Uint8Array | DomOptions,
    bytesOptions?: DomBytesOptions,
  ): Dom {
    if (valueOrType instanceof Value) {
      const options = bytesOrOptions as DomOptions | undefined;
      checkOptions("Dom.load", options, OPTION_NAMES);
      return Dom.#load(valueOrType.descriptor, valueOrType.node, options?.depth);
    }
    if (!isStruct(valueOrType)) checkType("Dom.load", valueOrType);
    const bytes = bytesOrOptions as Uint8Array;
    let depth: number | undefined;
    let viewOptions: ViewOptions | undefined;
    if (bytesOptions !== undefined) {
      checkOptions("Dom.load", bytesOptions, BYTES_OPTION_NAMES);
      ({ depth, ...viewOptions } = bytesOptions);
    }
    const { protocol, start, end, limits } = resolveView("Dom.load", bytes, viewOptions);
    const node = new ThriftNode(protocol, valueOrType.ttype, bytes, start, end, limits);
    return Dom.#load(valueOrType, node, depth);
  }

  static #load(descriptor: TypeDescriptor, node: ThriftNode, depth: number = Number.POSITIVE_INFINITY): Dom {
    if (!(depth === Number.POSITIVE_INFINITY || (Number.isSafeInteger(depth) && depth >= 0))) {
      throw new ThriftError("INVALID_OPTION", "option `depth` must be a non-negative integer");
    }
    const document = new Document(node);
    try {
      if (depth > 0) {
        if (hasChildren(node.type)) document.load(document.root, depth);
        else node.validate();
      }
    } catch (error) {
      document.dispose();
      throw error;
    }
    return new Dom(document, descriptor);
  }

  /** What the pool of all documents has done, and what it holds: it is bounded. */
  static get pool(): DomPoolStats {
    return poolStats();
  }

  /** The message as it is now; the caller owns it. Throws `LIMIT_EXCEEDED` beyond `limits.maxOutputSize`. */
  toBytes(): Uint8Array {
    const document = this.#document;
    return encodeRecord(document, document.root);
  }

  /** The message as it is now, as a value of its own. */
  toValue(): Value {
    const { protocol, limits } = this.#document;
    return Value.from(this.#type, this.toBytes(), { protocol, limits });
  }

  /** Appends the message to a writer. */
  writeTo(writer: ByteWriter): void {
    checkWriter("writeTo", writer);
    const document = this.#document;
    appendRecord(document, document.root, writer);
  }

  toJSON(): unknown {
    return this.root.toJSON();
  }

  /** Gives the memory back; what `using` calls. Doing so again does nothing. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The same for runtimes without `Symbol.dispose`. */
  dispose(): void {
    this.#document.dispose();
  }

  static {
    // The type checker wants names of members to be written out.
    Object.defineProperty(Dom.prototype, ENCODED, { value: Dom.prototype.toValue });
    Object.defineProperty(Dom.prototype, INSPECT, { value: inspectDom, writable: true, configurable: true });
  }
}

/** What a debugger shows: the type and the content. */
function inspectDom(this: Dom, _depth: number, options: object, inspect: Inspect): string {
  return inspectJs(`Dom<${this.root.descriptor.name}>`, this.root, options, inspect);
}
