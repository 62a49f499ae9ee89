import type { FieldDescriptor, StructDescriptor, TypeDescriptor } from "../../src/index.ts";
import { TType } from "../../src/wire/ttype.ts";
import type { Random } from "../support/random.ts";

/**
 * Random IDLs, and random encoded messages of their types: valid ones, and ones that break every rule of the
 * conversion now and then. Written without the library's writers, which refuse to write what is wrong.
 */

export type ProtocolName = "binary" | "compact";

/** The annotation that makes a string field carry JSON text. */
const RAW_JSON = "agw.body_dynamic";

const SCALARS = ["bool", "byte", "i16", "i32", "i64", "double", "string", "binary", "uuid"] as const;

const ALIASES = [
  "键",
  "größe",
  "$ref",
  "a.b[0]",
  'quote\\"d',
  "😀",
  "a_name_of_some_length",
  "a name of 31 characters, or so.",
  "x".repeat(45),
  `${"long name ".repeat(7)}end`,
  "x".repeat(300),
];

/** Enums, structs that contain each other and themselves, unions, and a service whose result has an exception. */
export function randomIdl(random: Random): string {
  const parts = ["enum E0 { A = 0, B = 1, BB = 1, C = -7, LAST = 2147483647 }\nenum E1 { ONLY = 5 }\n"];
  const structCount = random.int(1, 5);
  for (let index = 0; index < structCount; index++) parts.push(randomStruct(random, index));
  parts.push(
    `exception X { 1: string message }\nservice V { S${structCount - 1} call(1: S0 a) throws (1: X x) }\n`,
  );
  return parts.join("");
}

function randomStruct(random: Random, index: number): string {
  const keyword = random.pick(["struct", "struct", "struct", "union"]);
  const count = random.chance(0.1) ? random.int(30, 140) : random.int(keyword === "union" ? 1 : 0, 9);
  const ids = new Set<number>();
  const isSparse = random.chance(0.1);
  while (ids.size < count) ids.add(random.int(isSparse ? -20 : 1, isSparse ? 32_767 : count + 6));
  const fields = [...ids].map((id, position) => {
    const type = randomType(random, index, 2);
    const requiredness =
      keyword === "union" ? "" : random.pick(["", "", "required ", "optional ", "optional "]);
    const isRecursive = random.chance(0.08) && keyword !== "union";
    const name = isRecursive ? random.pick([`S${index}`, `list<S${index}>`, `map<string, S${index}>`]) : type;
    const annotations: string[] = [];
    if (random.chance(0.2)) annotations.push(`api.key = "${random.pick(ALIASES)}${position}"`);
    if (random.chance(0.15)) annotations.push('api.js_conv = ""');
    if (type === "string" && random.chance(0.3)) annotations.push(`${RAW_JSON} = "true"`);
    const suffix = annotations.length === 0 ? "" : ` (${annotations.join(", ")})`;
    return `  ${id}: ${isRecursive ? "optional " : requiredness}${name} f${position}${isRecursive ? "" : defaultOf(random, type)}${suffix}\n`;
  });
  return `${keyword} S${index} {\n${fields.join("")}}\n`;
}

function randomType(random: Random, structs: number, depth: number): string {
  const kind = random.int(0, depth === 0 ? 11 : 17);
  if (kind < 9) return SCALARS[kind]!;
  if (kind === 9) return random.pick(["E0", "E1"]);
  if (kind <= 11) return structs === 0 ? "string" : `S${random.int(0, structs - 1)}`;
  if (kind <= 13) return `list<${randomType(random, structs, depth - 1)}>`;
  if (kind === 14) return `set<${randomType(random, structs, depth - 1)}>`;
  const key = random.chance(0.6) ? random.pick(["string", "string", "i32", "double", "E0"]) : undefined;
  return `map<${key ?? randomType(random, structs, depth - 1)}, ${randomType(random, structs, depth - 1)}>`;
}

function defaultOf(random: Random, type: string): string {
  if (!random.chance(0.3)) return "";
  switch (type) {
    case "bool":
      return " = true";
    case "byte":
    case "i16":
    case "i32":
    case "i64":
      return ` = ${random.int(-100, 100)}`;
    case "double":
      return " = 1.5";
    case "string":
      return ` = "${random.pick(["", "plain", "größe \\\\ 键", "d".repeat(700)])}"`;
    case "E0":
      return " = E0.B";
    case "list<i32>":
      return " = [1, 2, 3]";
    default:
      return "";
  }
}

/** How often a message deviates from a plain valid one, from 0 to 1, for each value. */
export interface Deviations {
  readonly rate: number;
  /** Fields in any order, unknown ones, missing ones: what the default rules allow. */
  readonly harmless: boolean;
}

const FIRST_WORDS = [
  "",
  "a",
  "hello",
  "你好,\b\n\r\t世界",
  "größe",
  "😀👍",
  "\u0000\u001f\u007f",
  '"quoted" \\ path',
  "\u2028",
];

export class MessageWriter {
  readonly #random: Random;
  readonly #compact: boolean;
  readonly #deviations: Deviations;
  readonly #bytes: number[] = [];
  /** Values that may still be written, so that recursive types end. */
  #budget: number;

  constructor(random: Random, protocol: ProtocolName, deviations: Deviations, budget = 150) {
    this.#random = random;
    this.#compact = protocol === "compact";
    this.#deviations = deviations;
    this.#budget = budget;
  }

  write(type: TypeDescriptor): Uint8Array {
    this.#value(type);
    return Uint8Array.from(this.#bytes);
  }

  #deviates(): boolean {
    return this.#random.chance(this.#deviations.rate);
  }

  #value(type: TypeDescriptor): void {
    const random = this.#random;
    this.#budget--;
    switch (type.kind) {
      case "bool":
        this.#bytes.push(this.#deviates() ? random.int(0, 255) : random.int(1, this.#compact ? 2 : 1));
        return;
      case "byte":
        this.#bytes.push(random.int(0, 255));
        return;
      case "i16":
        this.#integer(random.pick([0, 1, -1, random.int(-32_768, 32_767)]), 16);
        return;
      case "i32":
      case "enum":
        this.#integer(
          random.pick([0, 1, -1, 5, -7, random.int(-(2 ** 31), 2 ** 31 - 1), random.int(0, 999)]),
          32,
        );
        return;
      case "i64":
        this.#long(
          random.pick([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), BigInt(random.int(0, 2 ** 50)) * 1000n, 77n]),
        );
        return;
      case "double":
        this.#double();
        return;
      case "string":
        this.#sized(this.#text());
        return;
      case "binary":
        this.#sized(
          random.bytes(random.pick([0, 1, 2, 3, 12, random.int(0, 40), this.#deviates() ? 1500 : 5])),
        );
        return;
      case "uuid":
        this.#bytes.push(...random.bytes(16));
        return;
      case "list":
      case "set": {
        const length = this.#length();
        this.#listHeader(this.#wireOf(type.element, length), length);
        for (let i = 0; i < length; i++) this.#value(type.element);
        return;
      }
      case "map": {
        const length = this.#length();
        this.#mapHeader(this.#wireOf(type.key, length), this.#wireOf(type.value, length), length);
        for (let i = 0; i < length; i++) {
          this.#value(type.key);
          this.#value(type.value);
        }
        return;
      }
      case "struct":
        this.#struct(type);
    }
  }

  #length(): number {
    if (this.#budget <= 0) return 0;
    return this.#random.pick([0, 1, 2, 3, this.#random.int(0, 20)]);
  }

  /** The wire type of elements, by `TType`; wrong now and then, and 0 or 1 where that may be. */
  #wireOf(type: TypeDescriptor, length: number): number {
    if (length === 0 && this.#random.chance(0.3)) return 0;
    if (this.#deviates()) return this.#random.pick([TType.I32, TType.STRING, TType.STRUCT, 0, 1, 99]);
    return type.ttype;
  }

  #struct(type: StructDescriptor): void {
    const random = this.#random;
    const { harmless } = this.#deviations;
    let fields: FieldDescriptor[] = [...type.fields].sort((a, b) => a.id - b.id);
    if (type.flavor === "union") fields = this.#deviates() ? fields.slice(0, 2) : [random.pick(fields)];
    else {
      fields = fields.filter(
        (field) =>
          (field.requiredness === "required" && !this.#deviates()) ||
          (this.#budget > 0 && (!harmless || random.chance(0.7))),
      );
    }
    if (this.#deviates() && fields.length > 0) fields.push(random.pick(fields));
    if (harmless && random.chance(0.15)) fields.sort(() => random.next() - 0.5);
    let lastId = 0;
    for (const field of fields) {
      if (harmless && random.chance(0.05) && this.#budget > 0) lastId = this.#unknownField(lastId);
      lastId = this.#field(field, lastId);
    }
    if (harmless && random.chance(0.05)) this.#unknownField(lastId);
    this.#bytes.push(this.#compact && this.#deviates() ? 0xf0 : 0);
  }

  #field(field: FieldDescriptor, lastId: number): number {
    const random = this.#random;
    const isWrong = this.#deviates();
    const wire = isWrong
      ? random.pick([TType.I32, TType.LIST, TType.STRING, TType.BOOL, 1])
      : field.type.ttype;
    const value = random.int(0, 1) === 1;
    this.#fieldHeader(wire, field.id, lastId, value);
    if (this.#compact && wire === TType.BOOL) return field.id;
    if (isWrong) this.#junk(wire);
    else if (field.annotations.has(RAW_JSON) && field.type.kind === "string") this.#rawJson();
    else this.#value(field.type);
    return field.id;
  }

  #unknownField(lastId: number): number {
    const id = this.#random.pick([9999, -9999, 31_000]);
    const wire = this.#random.pick([
      TType.BOOL,
      TType.BYTE,
      TType.I16,
      TType.I64,
      TType.DOUBLE,
      TType.STRING,
      TType.LIST,
      TType.MAP,
      TType.STRUCT,
      TType.UUID,
    ]);
    this.#fieldHeader(wire, id, lastId, true);
    if (!this.#compact || wire !== TType.BOOL) this.#junk(wire);
    return id;
  }

  /** Any value of a wire type. */
  #junk(wire: number): void {
    const random = this.#random;
    this.#budget--;
    switch (wire) {
      case TType.BOOL:
      case TType.BYTE:
        this.#bytes.push(1);
        return;
      case TType.I16:
        this.#integer(random.int(-300, 300), 16);
        return;
      case TType.I32:
        this.#integer(random.int(-300, 300), 32);
        return;
      case TType.I64:
        this.#long(BigInt(random.int(-300, 300)));
        return;
      case TType.DOUBLE:
        this.#double();
        return;
      case TType.STRING:
        this.#sized(this.#text());
        return;
      case TType.UUID:
        this.#bytes.push(...random.bytes(16));
        return;
      case TType.LIST:
      case TType.SET: {
        const element = random.pick([
          TType.BOOL,
          TType.I32,
          TType.STRING,
          TType.STRUCT,
          TType.LIST,
          TType.MAP,
        ]);
        const length = this.#length();
        this.#listHeader(length === 0 && random.chance(0.3) ? 0 : element, length);
        for (let i = 0; i < length; i++) this.#junk(element);
        return;
      }
      case TType.MAP: {
        const [key, value] = [
          random.pick([TType.I32, TType.STRING]),
          random.pick([TType.BOOL, TType.STRUCT, TType.LIST]),
        ];
        const length = this.#length();
        this.#mapHeader(length === 0 && random.chance(0.3) ? 0 : key, value, length);
        for (let i = 0; i < length; i++) {
          this.#junk(key);
          this.#junk(value);
        }
        return;
      }
      case TType.STRUCT: {
        let lastId = 0;
        for (let i = random.int(0, 3); i > 0 && this.#budget > 0; i--) lastId = this.#unknownField(lastId);
        this.#bytes.push(0);
        return;
      }
      default:
    }
  }

  #text(): Uint8Array {
    const random = this.#random;
    let text = random.pick(FIRST_WORDS);
    while (random.chance(0.4)) text += random.pick(FIRST_WORDS) + "x".repeat(random.int(0, 20));
    if (random.chance(0.02)) text = text.padEnd(20, "ab").repeat(random.int(10, 80));
    const bytes = new TextEncoder().encode(text);
    if (this.#deviates() && bytes.length > 0) {
      bytes[random.int(0, bytes.length - 1)] = random.pick([
        0x80,
        0xc0,
        0xe0,
        0xed,
        0xf4,
        0xff,
        random.int(0, 255),
      ]);
    }
    return bytes;
  }

  #rawJson(): void {
    const random = this.#random;
    const text = random.pick([
      "1",
      "-0.5e3",
      ' {"a": [1, 2, "größe"]} ',
      '"text \\u0041"',
      "null",
      "[[[]]]",
      "{}",
      "12",
    ]);
    this.#sized(
      new TextEncoder().encode(this.#deviates() ? random.pick(["", "[", "1 2", "01", '"', "\ufeff1"]) : text),
    );
  }

  #double(): void {
    const random = this.#random;
    const view = new DataView(new ArrayBuffer(8));
    const value = random.pick([
      0,
      -0,
      1.5,
      0.1,
      1e21,
      123_456.789,
      random.next(),
      random.int(-999, 999),
      5e-324,
    ]);
    view.setFloat64(
      0,
      this.#deviates() ? random.pick([Number.NaN, Infinity, -Infinity]) : value,
      this.#compact,
    );
    this.#bytes.push(...new Uint8Array(view.buffer));
  }

  #sized(bytes: Uint8Array): void {
    if (this.#compact) this.#varint(BigInt(bytes.length));
    else this.#integer(bytes.length, 32);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  #integer(value: number, bits: number): void {
    if (this.#compact) this.#long(BigInt(value));
    else for (let shift = bits - 8; shift >= 0; shift -= 8) this.#bytes.push((value >> shift) & 0xff);
  }

  #long(value: bigint): void {
    if (this.#compact) this.#varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
    else for (let shift = 56n; shift >= 0n; shift -= 8n) this.#bytes.push(Number((value >> shift) & 0xffn));
  }

  #varint(value: bigint): void {
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) this.#bytes.push(Number(rest & 0x7fn) | 0x80);
    // Longer than need be, now and then.
    if (this.#deviates() && value < 2n ** 32n) this.#bytes.push(Number(rest) | 0x80, 0x80, 0);
    else this.#bytes.push(Number(rest));
  }

  #fieldHeader(wire: number, id: number, lastId: number, value: boolean): void {
    if (!this.#compact) {
      this.#bytes.push(wire);
      this.#integer(id, 16);
      return;
    }
    const type = wire === TType.BOOL ? (value ? 1 : 2) : compactOf(wire);
    const delta = id - lastId;
    if (delta >= 1 && delta <= 15 && !this.#random.chance(0.03)) this.#bytes.push((delta << 4) | type);
    else {
      this.#bytes.push(type);
      this.#integer(id, 16);
    }
  }

  #listHeader(wire: number, length: number): void {
    if (!this.#compact) {
      this.#bytes.push(wire);
      this.#integer(length, 32);
    } else if (length < 15) this.#bytes.push((length << 4) | this.#elementType(wire));
    else {
      this.#bytes.push(0xf0 | this.#elementType(wire));
      this.#varint(BigInt(length));
    }
  }

  #mapHeader(key: number, value: number, length: number): void {
    if (!this.#compact) {
      this.#bytes.push(key, value);
      this.#integer(length, 32);
      return;
    }
    this.#varint(BigInt(length));
    if (length > 0) this.#bytes.push((this.#elementType(key) << 4) | this.#elementType(value));
  }

  #elementType(wire: number): number {
    return wire === TType.BOOL ? this.#random.int(1, 2) : compactOf(wire);
  }
}

const COMPACT: Readonly<Record<number, number>> = {
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

/** The compact type; one that does not exist for what is no type. */
function compactOf(wire: number): number {
  return wire === 0 ? 0 : (COMPACT[wire] ?? 14);
}

/** One to three random changes: bytes that are others, gone, doubled, or the end cut off. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let result = [...bytes];
  for (let changes = random.int(1, 3); changes > 0; changes--) {
    const at = random.int(0, result.length);
    switch (random.int(0, 5)) {
      case 0:
        result = result.slice(0, at);
        break;
      case 1:
        result.splice(at, random.int(1, 6));
        break;
      case 2:
        result.splice(at, 0, ...result.slice(at, at + random.int(1, 12)));
        break;
      case 3:
        result.splice(
          at,
          4,
          ...random.pick([[0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0x80]]),
        );
        break;
      case 4:
        if (at < result.length) result[at] = random.int(0, 255);
        break;
      default:
        if (at < result.length) result[at]! ^= 1 << random.int(0, 7);
    }
  }
  return Uint8Array.from(result);
}
