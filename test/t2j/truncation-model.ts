import { describePath, type FormatStep } from "../../src/path/format.ts";
import { TType } from "../../src/wire/ttype.ts";
import { fromUtf8 } from "../support/bytes.ts";
import type { StructDescriptor, TypeDescriptor } from "../support/engines.ts";
import type { ProtocolName } from "./wire.ts";

/**
 * What a message that is cut short must fail with: a reader that does nothing but look for the end. Written
 * from the protocol specifications and the rule for offsets: an error points at the first byte of the item at
 * fault, and a size that the rest of the message cannot hold is at fault itself.
 */
export interface TruncationError {
  readonly code: "TRUNCATED" | "INVALID_SIZE";
  readonly offset: number;
  readonly path: string | undefined;
}

/** The error of the first `end` bytes of a valid message; `undefined` when nothing is missing. */
export function truncationError(
  type: TypeDescriptor,
  bytes: Uint8Array,
  end: number,
  protocol: ProtocolName,
): TruncationError | undefined {
  const reader = new Reader(bytes, end, protocol === "compact");
  try {
    reader.readValue(type);
  } catch (failure) {
    if (failure instanceof Missing) return failure.error;
    throw failure;
  }
  return undefined;
}

class Missing extends Error {
  readonly error: TruncationError;
  constructor(error: TruncationError) {
    super(error.code);
    this.error = error;
  }
}

const TTYPE_OF_NIBBLE = [0, 2, 2, 3, 6, 8, 10, 4, 11, 15, 14, 13, 12, 16] as const;

const BINARY_LEAST: Readonly<Record<number, number>> = {
  [TType.BOOL]: 1,
  [TType.BYTE]: 1,
  [TType.I16]: 2,
  [TType.I32]: 4,
  [TType.I64]: 8,
  [TType.DOUBLE]: 8,
  [TType.STRING]: 4,
  [TType.STRUCT]: 1,
  [TType.LIST]: 5,
  [TType.SET]: 5,
  [TType.MAP]: 6,
  [TType.UUID]: 16,
};

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  readonly #compact: boolean;
  readonly #path: FormatStep[] = [];
  #pos = 0;

  constructor(bytes: Uint8Array, end: number, compact: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#end = end;
    this.#compact = compact;
  }

  #fail(code: TruncationError["code"], offset: number): never {
    throw new Missing({ code, offset, path: describePath(this.#path) || undefined });
  }

  /** Moves over `size` bytes of the item that starts at `start`. */
  #take(size: number, start: number = this.#pos): number {
    if (this.#pos + size > this.#end) this.#fail("TRUNCATED", start);
    const at = this.#pos;
    this.#pos += size;
    return at;
  }

  #varint(start: number = this.#pos): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#take(1, start)]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  #least(type: number): number {
    if (!this.#compact) return BINARY_LEAST[type] ?? 0;
    return type === TType.DOUBLE ? 8 : type === TType.UUID ? 16 : type === 0 ? 0 : 1;
  }

  #checkSize(size: number, start: number): void {
    if (size > this.#end - this.#pos) this.#fail("INVALID_SIZE", start);
  }

  #string(): Uint8Array {
    const start = this.#pos;
    const size = this.#compact ? this.#varint() : this.#view.getInt32(this.#take(4));
    this.#checkSize(size, start);
    const at = this.#take(size);
    return this.#bytes.subarray(at, at + size);
  }

  #listHeader(): { type: number; length: number } {
    const start = this.#pos;
    let type: number;
    let length: number;
    if (this.#compact) {
      const byte = this.#bytes[this.#take(1)]!;
      type = TTYPE_OF_NIBBLE[byte & 15]!;
      length = byte >> 4 === 15 ? this.#varint(start) : byte >> 4;
    } else {
      const at = this.#take(5);
      type = this.#bytes[at]!;
      length = this.#view.getInt32(at + 1);
    }
    this.#checkSize(length * this.#least(type), start);
    return { type, length };
  }

  #mapHeader(): { key: number; value: number; length: number } {
    const start = this.#pos;
    let key = 0;
    let value = 0;
    let length: number;
    if (this.#compact) {
      length = this.#varint();
      if (length > 0) {
        const byte = this.#bytes[this.#take(1, start)]!;
        key = TTYPE_OF_NIBBLE[byte >> 4]!;
        value = TTYPE_OF_NIBBLE[byte & 15]!;
      }
    } else {
      const at = this.#take(6);
      key = this.#bytes[at]!;
      value = this.#bytes[at + 1]!;
      length = this.#view.getInt32(at + 2);
    }
    this.#checkSize(length * (this.#least(key) + this.#least(value)), start);
    return { key, value, length };
  }

  readValue(type: TypeDescriptor): unknown {
    switch (type.kind) {
      case "list":
      case "set": {
        const { length } = this.#listHeader();
        for (let i = 0; i < length; i++) this.#inside(i, () => this.readValue(type.element));
        return;
      }
      case "map": {
        const { length } = this.#mapHeader();
        for (let i = 0; i < length; i++) {
          if (["struct", "list", "set", "map"].includes(type.key.kind)) {
            this.#inside(i, () => {
              this.#inside(0, () => this.readValue(type.key));
              this.#inside(1, () => this.readValue(type.value));
            });
          } else {
            const read = this.readValue(type.key);
            const key = type.key.kind === "enum" ? (type.key.nameOf(Number(read)) ?? read) : read;
            this.#inside({ key }, () => this.readValue(type.value));
          }
        }
        return;
      }
      case "struct":
        return this.#struct(type);
      case "string":
        return fromUtf8(this.#string());
      case "binary":
        return this.#string();
      default:
        return this.#skip(type.ttype);
    }
  }

  #inside(step: FormatStep, read: () => void): void {
    this.#path.push(step);
    read();
    this.#path.pop();
  }

  /** Reads fields up to the stop byte; of what is not in `type`, paths say nothing. */
  #struct(type: StructDescriptor | undefined): void {
    for (let lastId = 0; ; ) {
      const start = this.#pos;
      const byte = this.#bytes[this.#take(1)]!;
      let wireType = byte;
      let id: number;
      if (this.#compact) {
        if ((byte & 15) === 0) return;
        wireType = TTYPE_OF_NIBBLE[byte & 15]!;
        if (byte >> 4 === 0) {
          const zigzag = this.#varint(start);
          id = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
        } else id = lastId + (byte >> 4);
        lastId = id;
      } else {
        if (byte === 0) return;
        id = this.#view.getInt16(this.#take(2, start));
      }
      const field = type?.fieldById(id);
      const read = (): void => {
        if (this.#compact && wireType === TType.BOOL) return;
        if (field === undefined) this.#skip(wireType);
        else this.readValue(field.type);
      };
      if (field === undefined) read();
      else this.#inside(field.name, read);
    }
  }

  #skip(type: number): unknown {
    switch (type) {
      case TType.STRUCT:
        return this.#struct(undefined);
      case TType.STRING:
        return this.#string();
      case TType.LIST:
      case TType.SET: {
        const header = this.#listHeader();
        for (let i = 0; i < header.length; i++) this.#skip(header.type);
        return;
      }
      case TType.MAP: {
        const header = this.#mapHeader();
        for (let i = 0; i < header.length; i++) {
          this.#skip(header.key);
          this.#skip(header.value);
        }
        return;
      }
      case TType.I16:
      case TType.I32:
      case TType.I64: {
        if (!this.#compact) {
          const size = BINARY_LEAST[type]!;
          const at = this.#take(size);
          if (type === TType.I64) return this.#view.getBigInt64(at);
          return type === TType.I32 ? this.#view.getInt32(at) : this.#view.getInt16(at);
        }
        const zigzag = BigInt(this.#varint());
        return zigzag % 2n === 0n ? zigzag / 2n : -(zigzag + 1n) / 2n;
      }
      case TType.DOUBLE:
        return this.#view.getFloat64(this.#take(8), this.#compact);
      case TType.BYTE:
        return this.#view.getInt8(this.#take(1));
      case TType.BOOL:
        return this.#bytes[this.#take(1)] === 1;
      default: {
        const at = this.#take(16);
        const digits = Buffer.from(this.#bytes.subarray(at, at + 16)).toString("hex");
        return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      }
    }
  }
}
