import type { ResolvedLimits } from "../wire/limits.ts";
import { CompactType, type Protocol, TType, typeName } from "../wire/ttype.ts";
import { failTruncated, WireError } from "../wire/wire-error.ts";

/** Where an encoded value is, and how it is encoded. */
export class EncodedValue {
  readonly protocol: Protocol;
  readonly type: TType;
  /** The bytes that the value is in; borrowed. */
  readonly source: Uint8Array;
  /** Where the value starts in `source`; of a boolean field in the compact protocol, where its header does. */
  readonly start: number;
  /** Where it ends in `source`. */
  readonly end: number;
  readonly limits: ResolvedLimits;
  /** Whether the value is a boolean inside a field header of the compact protocol. */
  readonly inHeader: boolean;

  /** For code that has checked everything; others use `ThriftNode.from`. */
  constructor(
    protocol: Protocol,
    type: TType,
    source: Uint8Array,
    start: number,
    end: number,
    limits: ResolvedLimits,
    inHeader = false,
  ) {
    this.protocol = protocol;
    this.type = type;
    this.source = source;
    this.start = start;
    this.end = end;
    this.limits = limits;
    this.inHeader = inHeader;
  }

  /** Bytes of the value. */
  get size(): number {
    return this.inHeader ? 1 : this.end - this.start;
  }

  /** The encoded value; borrowed, but for a compact boolean field, which gets the form that elements have. */
  get bytes(): Uint8Array {
    return this.inHeader ? elementBoolean(this) : this.source.subarray(this.start, this.end);
  }

  /** A copy of the encoded value in an `ArrayBuffer` of its own. */
  toBytes(): Uint8Array {
    // A Buffer's own `slice` would not copy.
    return this.inHeader
      ? elementBoolean(this)
      : Uint8Array.prototype.slice.call(this.source, this.start, this.end);
  }

  asBoolean(): boolean {
    if (this.type !== TType.BOOL) this.failKind("a bool");
    if (this.start >= this.end) failTruncated(this.start);
    const byte = this.source[this.start]!;
    // Of a header the low nibble; 1 is true, every other value false.
    return (this.inHeader ? byte & 0x0f : byte) === CompactType.TRUE;
  }

  /** Throws `TYPE_MISMATCH` for a value that is not what is asked for. */
  protected failKind(expected: string): never {
    const message = `expected ${expected}, the value is of type ${typeName(this.type)}`;
    throw new WireError("TYPE_MISMATCH", message, { offset: this.start });
  }
}

/** A boolean in the form that elements of the compact protocol have. */
function elementBoolean(value: EncodedValue): Uint8Array {
  return Uint8Array.of(value.asBoolean() ? CompactType.TRUE : CompactType.FALSE);
}
