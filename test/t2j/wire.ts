import { TType } from "../../src/wire/ttype.ts";
import { concat, hex, utf8 } from "../support/bytes.ts";

/**
 * Encoded values by hand, in both protocols, and wrong ones too: the types and lengths that a value claims need
 * not be those that it has. Written from the protocol specifications, without the library's writers.
 */

export type ProtocolName = "binary" | "compact";

export const PROTOCOLS: readonly ProtocolName[] = ["binary", "compact"];

/** A value that knows its own wire type. */
export interface Wire {
  readonly type: number;
  write(out: Encoder): void;
}

/** A field of a struct. */
export interface WireField {
  readonly id: number;
  readonly value: Wire;
  readonly isMarked: boolean;
}

/** The bytes, and the offset of what `here` marks. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly mark: number | undefined;
}

export function encode(value: Wire, protocol: ProtocolName): Encoded {
  const out = new Encoder(protocol);
  value.write(out);
  return { bytes: out.toBytes(), mark: out.mark };
}

export function encodeBytes(value: Wire, protocol: ProtocolName): Uint8Array {
  return encode(value, protocol).bytes;
}

/** Marks the first byte of a value (behind its field header), or of a field (its header). */
export function here(part: Wire): Wire;
export function here(part: WireField): WireField;
export function here(part: Wire | WireField): Wire | WireField {
  if ("id" in part) return { ...part, isMarked: true };
  return {
    type: part.type,
    write: (out) => {
      out.mark = out.size;
      part.write(out);
    },
  };
}

const COMPACT: Readonly<Record<number, number>> = {
  [TType.STOP]: 0,
  [TType.BOOL]: 2,
  [TType.BYTE]: 3,
  [TType.I16]: 4,
  [TType.I32]: 5,
  [TType.I64]: 6,
  [TType.DOUBLE]: 7,
  [TType.STRING]: 8,
  [TType.LIST]: 9,
  [TType.SET]: 10,
  [TType.MAP]: 11,
  [TType.STRUCT]: 12,
  [TType.UUID]: 13,
};

const LONGEST_SHORT_LIST = 14;
const LARGEST_DELTA = 15;

export class Encoder {
  readonly compact: boolean;
  readonly #pieces: Uint8Array[] = [];
  size = 0;
  mark: number | undefined;

  constructor(protocol: ProtocolName) {
    this.compact = protocol === "compact";
  }

  put(bytes: Uint8Array | readonly number[]): void {
    this.#pieces.push(new Uint8Array(bytes));
    this.size += bytes.length;
  }

  putInt(value: bigint | number, size: number): void {
    const bytes = new Uint8Array(size);
    let rest = BigInt(value);
    for (let i = size - 1; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
    this.put(bytes);
  }

  putVarint(value: bigint | number): void {
    this.put(varint(BigInt(value)));
  }

  putZigzag(value: bigint | number): void {
    const wide = BigInt(value);
    this.putVarint(BigInt.asUintN(64, wide < 0n ? (-wide << 1n) - 1n : wide << 1n));
  }

  /** A type byte, or a nibble's number. What is no type stays as it is. */
  typeByte(type: number): number {
    return this.compact ? (COMPACT[type] ?? type) : type;
  }

  toBytes(): Uint8Array {
    return concat(this.#pieces);
  }
}

/** `size` bytes at least: padded with continuation bytes of zero bits. */
export function varint(value: bigint, size = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn || bytes.length + 1 < size) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

export function bool(value: boolean): Wire & { readonly flag: boolean } {
  return {
    type: TType.BOOL,
    flag: value,
    write: (out) => out.put([out.compact ? (value ? 1 : 2) : value ? 1 : 0]),
  };
}

export function byte(value: number): Wire {
  return { type: TType.BYTE, write: (out) => out.put([value & 0xff]) };
}

function integer(type: number, size: number, value: bigint | number): Wire {
  return { type, write: (out) => (out.compact ? out.putZigzag(value) : out.putInt(value, size)) };
}

export const i16 = (value: number): Wire => integer(TType.I16, 2, value);
export const i32 = (value: number): Wire => integer(TType.I32, 4, value);
export const i64 = (value: bigint | number): Wire => integer(TType.I64, 8, value);

export function double(value: number): Wire {
  return {
    type: TType.DOUBLE,
    write: (out) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value, out.compact);
      out.put(new Uint8Array(view.buffer));
    },
  };
}

/** A string or binary; `size` is what it claims. */
export function text(content: string | Uint8Array, size?: number): Wire {
  const bytes = typeof content === "string" ? utf8(content) : content;
  return {
    type: TType.STRING,
    write: (out) => {
      putSize(out, size ?? bytes.length);
      out.put(bytes);
    },
  };
}

/** A string whose content is marked where `marked` begins. */
export function markedText(before: string | Uint8Array, marked: string | Uint8Array): Wire {
  const [first, second] = [before, marked].map((part) => (typeof part === "string" ? utf8(part) : part));
  return {
    type: TType.STRING,
    write: (out) => {
      putSize(out, first!.length + second!.length);
      out.put(first!);
      out.mark = out.size;
      out.put(second!);
    },
  };
}

function putSize(out: Encoder, size: number): void {
  if (out.compact) out.putVarint(BigInt.asUintN(32, BigInt(size)));
  else out.putInt(size, 4);
}

export function uuid(canonical: string): Wire {
  return { type: TType.UUID, write: (out) => out.put(hex(canonical.replaceAll("-", ""))) };
}

export function field(id: number, value: Wire): WireField {
  return { id, value, isMarked: false };
}

/** A struct; a pair stands for a field. */
export function struct(...fields: readonly (WireField | readonly [id: number, value: Wire])[]): Wire {
  return {
    type: TType.STRUCT,
    write: (out) => {
      let lastId = 0;
      for (const part of fields) {
        const { id, value, isMarked } = "id" in part ? part : field(part[0], part[1]);
        if (isMarked) out.mark = out.size;
        if (!out.compact) {
          out.put([value.type]);
          out.putInt(id, 2);
          value.write(out);
          continue;
        }
        const isBool = value.type === TType.BOOL && "flag" in value;
        const type = isBool ? (value.flag ? 1 : 2) : out.typeByte(value.type);
        const delta = id - lastId;
        if (delta > 0 && delta <= LARGEST_DELTA) out.put([(delta << 4) | type]);
        else {
          out.put([type]);
          out.putZigzag(id);
        }
        lastId = id;
        if (!isBool) value.write(out);
      }
      out.put([0]);
    },
  };
}

/** `length` is what the list claims to have. */
export function list(
  elementType: number,
  elements: readonly Wire[] = [],
  length: number = elements.length,
): Wire {
  return sequence(TType.LIST, elementType, elements, length);
}

export function set(
  elementType: number,
  elements: readonly Wire[] = [],
  length: number = elements.length,
): Wire {
  return sequence(TType.SET, elementType, elements, length);
}

function sequence(type: number, elementType: number, elements: readonly Wire[], length: number): Wire {
  return {
    type,
    write: (out) => {
      const element = out.typeByte(elementType);
      if (!out.compact) {
        out.put([element]);
        out.putInt(length, 4);
      } else if (length >= 0 && length <= LONGEST_SHORT_LIST) out.put([(length << 4) | element]);
      else {
        out.put([0xf0 | element]);
        putSize(out, length);
      }
      for (const value of elements) value.write(out);
    },
  };
}

export function map(
  keyType: number,
  valueType: number,
  entries: readonly (readonly [key: Wire, value: Wire])[] = [],
  length: number = entries.length,
): Wire {
  return {
    type: TType.MAP,
    write: (out) => {
      if (!out.compact) {
        out.put([keyType, valueType]);
        out.putInt(length, 4);
      } else {
        putSize(out, length);
        if (length !== 0) out.put([(out.typeByte(keyType) << 4) | out.typeByte(valueType)]);
      }
      for (const [key, value] of entries) {
        key.write(out);
        value.write(out);
      }
    },
  };
}

/** Bytes as they are, the same in both protocols, marked behind the first ones. */
export function markedRaw(type: number, before: string, marked: string): Wire {
  return {
    type,
    write: (out) => {
      out.put(hex(before));
      out.mark = out.size;
      out.put(hex(marked));
    },
  };
}

/** Bytes as they are, the same in both protocols or one form for each. */
export function raw(type: number, bytes: string | Readonly<Record<ProtocolName, string>>): Wire {
  return {
    type,
    write: (out) =>
      out.put(hex(typeof bytes === "string" ? bytes : bytes[out.compact ? "compact" : "binary"])),
  };
}
