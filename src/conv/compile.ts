import { isScalar } from "../descriptor/check-type.ts";
import type { ValueMapping } from "../descriptor/mapping.ts";
import type {
  EnumDescriptor,
  FieldDescriptor,
  MapDescriptor,
  ScalarDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { quoteJson } from "../json/quote.ts";
import { nowhere } from "../kernel/instance.ts";
import { BINARY_MIN_SIZE, COMPACT_MIN_SIZE, COMPACT_TYPE_OF } from "../wire/ttype.ts";
import { MAX_PROGRAM_SIZE } from "./arena.ts";
import type { MaskRule } from "./context.ts";
import { encodeDefault, missingAction } from "./defaults.ts";
import { defaultToJson } from "./literal-json.ts";
import { checkMask, ruleOf } from "./mask.ts";
import type { Settings } from "./options.ts";
import { programKey } from "./options.ts";
import * as P from "./program.ts";

export type Direction = "json-to-thrift" | "thrift-to-json";

/**
 * Keys and labels longer than this cannot be compiled: the machines promise room for any of them.
 * A field name of such a length is hostile, not real.
 */
const LONGEST_TEXT = 4096;

/**
 * Id tables are dense while they have at most this many slots per field, plus a constant, which lets the
 * frequent case of a Thrift base at id 255 pass.
 */
const DENSE_SLOTS_PER_FIELD = 4;
const DENSE_SLOTS_EXTRA = 512;

const caches: Readonly<Record<Direction, WeakMap<TypeDescriptor, Map<string, P.Program>>>> = {
  "json-to-thrift": new WeakMap(),
  "thrift-to-json": new WeakMap(),
};

/**
 * The program that converts values of `type` in one direction under `settings`. Cached per descriptor and
 * settings, unless a mask is given. Throws `ThriftError`: `INVALID_OPTION` for a mask that the type cannot have,
 * `LIMIT_EXCEEDED` for a type that is too large.
 */
export function compileProgram(type: TypeDescriptor, direction: Direction, settings: Settings): P.Program {
  const key = programKey(settings);
  if (key === undefined) {
    checkMask(settings.mask, type);
    return new Compiler(direction, settings).compile(type);
  }
  let programs = caches[direction].get(type);
  if (programs === undefined) caches[direction].set(type, (programs = new Map()));
  let program = programs.get(key);
  if (program === undefined) programs.set(key, (program = new Compiler(direction, settings).compile(type)));
  return program;
}

/** What a node is compiled for, beside its type. */
interface Role {
  /** Numbers are strings in JSON (`api.js_conv`). */
  readonly quoted: boolean;
  /** A key of a JSON object, which is a string whatever the options say about numbers. */
  readonly objectKey: boolean;
  readonly mask: MaskRule;
}

const KIND_OF_SCALAR: Readonly<Record<ScalarDescriptor["kind"], number>> = {
  bool: P.KIND_BOOL,
  byte: P.KIND_BYTE,
  i16: P.KIND_I16,
  i32: P.KIND_I32,
  i64: P.KIND_I64,
  double: P.KIND_DOUBLE,
  string: P.KIND_STRING,
  binary: P.KIND_BINARY,
  uuid: P.KIND_UUID,
};

/** Fields that `CallContext` may have something to say about. */
const CALL_FLAGS = P.FIELD_HTTP | P.FIELD_BASE_REQUEST | P.FIELD_BASE_RESPONSE;

const encoder = new TextEncoder();

class Compiler {
  readonly #direction: Direction;
  readonly #settings: Settings;
  readonly #code: number[] = new Array<number>(P.HEADER_SIZE).fill(0);
  readonly #data: Uint8Array[] = [];
  #dataSize = 0;
  readonly #fields: FieldDescriptor[] = [];
  readonly #structs: StructDescriptor[] = [];
  readonly #enums: EnumDescriptor[] = [];
  readonly #mappings: ValueMapping[] = [];
  /** Node by type, role and mask. Filled before a node's parts are, which is what ends recursion. */
  readonly #nodes = new Map<TypeDescriptor, Map<MaskRule, (number | undefined)[]>>();
  readonly #structRecords = new Map<StructDescriptor, Map<MaskRule, number>>();
  readonly #enumRecords = new Map<EnumDescriptor, number>();
  /** Records that are reserved but not filled: deep schemas need no recursion. */
  readonly #pending: (() => void)[] = [];
  #longestText = 0;

  constructor(direction: Direction, settings: Settings) {
    this.#direction = direction;
    this.#settings = settings;
  }

  compile(type: TypeDescriptor): P.Program {
    const code = this.#code;
    const settings = this.#settings;
    code[P.HEADER_COMPACT] = settings.protocol === "compact" ? 1 : 0;
    code[P.HEADER_RULES] = rulesOf(settings);
    code[P.HEADER_NON_FINITE] =
      settings.nonFinite === "null"
        ? P.NON_FINITE_NULL
        : settings.nonFinite === "string"
          ? P.NON_FINITE_STRING
          : P.NON_FINITE_ERROR;
    code[P.HEADER_ANY] = this.#reserve(P.NODE_SIZE);
    code[code[P.HEADER_ANY]! + P.NODE_KIND] = P.KIND_ANY;
    code[P.HEADER_NO_KEY] = this.#reserve(P.KEY_MORE);
    code[code[P.HEADER_NO_KEY]! + P.KEY_MORE_WORDS] = -1;
    code[P.HEADER_ROOT] = this.#node(type, { quoted: false, objectKey: false, mask: settings.mask });
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) next();
    code[P.HEADER_LONGEST_TEXT] = this.#longestText;
    code[P.HEADER_DATA] = code.length;
    if (code.length > MAX_PROGRAM_SIZE) {
      const message = `the type refers to too many fields for one converter: ${this.#fields.length}`;
      throw new ThriftError("LIMIT_EXCEEDED", message);
    }
    return {
      code: Int32Array.from(code),
      data: this.#joinData(),
      fields: this.#fields,
      structs: this.#structs,
      enums: this.#enums,
      mappings: this.#mappings,
      placement: { base: 0, era: -1 },
      kernelPlace: nowhere(),
    };
  }

  /** Room for a record of `size` cells, filled with zeros. */
  #reserve(size: number): number {
    const start = this.#code.length;
    for (let i = 0; i < size; i++) this.#code.push(0);
    return start;
  }

  #node(type: TypeDescriptor, role: Role): number {
    if (type.kind === "struct") role = { ...role, quoted: false };
    let byMask = this.#nodes.get(type);
    if (byMask === undefined) this.#nodes.set(type, (byMask = new Map()));
    let byRole = byMask.get(role.mask);
    if (byRole === undefined) byMask.set(role.mask, (byRole = []));
    const roleIndex = (role.quoted ? 1 : 0) + (role.objectKey ? 2 : 0);
    const known = byRole[roleIndex];
    if (known !== undefined) return known;
    const node = this.#reserve(P.NODE_SIZE);
    byRole[roleIndex] = node;
    const code = this.#code;
    const compact = this.#settings.protocol === "compact";
    code[node + P.NODE_WIRE] = compact ? COMPACT_TYPE_OF[type.ttype]! : type.ttype;
    code[node + P.NODE_LEAST] = (compact ? COMPACT_MIN_SIZE : BINARY_MIN_SIZE)[type.ttype]!;
    switch (type.kind) {
      case "struct":
        code[node + P.NODE_KIND] = P.KIND_STRUCT;
        code[node + P.NODE_A] = this.#struct(type, role.mask);
        break;
      case "list":
      case "set":
        code[node + P.NODE_KIND] = P.KIND_LIST;
        this.#pending.push(() => {
          code[node + P.NODE_A] = this.#node(type.element, role);
        });
        break;
      case "map":
        this.#map(node, type, role);
        break;
      case "enum":
        code[node + P.NODE_KIND] = P.KIND_ENUM;
        code[node + P.NODE_FLAGS] =
          this.#numberFlags(role) | (this.#settings.enums === "name" ? P.FLAG_ENUM_NAME : 0);
        code[node + P.NODE_A] = this.#enum(type);
        break;
      default:
        this.#scalar(node, type, role);
    }
    return node;
  }

  #scalar(node: number, type: ScalarDescriptor, role: Role): void {
    const code = this.#code;
    const settings = this.#settings;
    let kind = KIND_OF_SCALAR[type.kind];
    let flags = 0;
    switch (type.kind) {
      case "binary":
        if (settings.binary === "utf8") kind = P.KIND_STRING;
        break;
      case "string":
        if (role.quoted) flags = P.FLAG_ACCEPT_NUMBER;
        break;
      case "bool":
        if (role.objectKey) flags = P.FLAG_QUOTE;
        break;
      case "uuid":
        break;
      default:
        flags = this.#numberFlags(role);
        if (type.kind === "byte" && settings.byte === "unsigned") flags |= P.FLAG_UNSIGNED;
        if (type.kind === "i64" && settings.int64 === "string" && !role.objectKey) flags |= P.FLAG_QUOTE;
    }
    code[node + P.NODE_KIND] = kind;
    code[node + P.NODE_FLAGS] = flags;
  }

  #numberFlags({ quoted, objectKey }: Role): number {
    // Keys are strings anyway; whether NaN and infinities are taken goes by the same option.
    if (objectKey)
      return P.FLAG_QUOTE | (this.#settings.quotedNumbers === "reject" ? 0 : P.FLAG_ACCEPT_QUOTED);
    if (quoted) return P.FLAG_QUOTE | P.FLAG_ACCEPT_QUOTED | P.FLAG_ACCEPT_EMPTY;
    switch (this.#settings.quotedNumbers) {
      case "accept":
        return P.FLAG_ACCEPT_QUOTED;
      case "accept-empty":
        return P.FLAG_ACCEPT_QUOTED | P.FLAG_ACCEPT_EMPTY;
      case "reject":
        return 0;
    }
  }

  #map(node: number, type: MapDescriptor, role: Role): void {
    const code = this.#code;
    const isObject = isScalar(type.key);
    code[node + P.NODE_KIND] = isObject ? P.KIND_MAP : P.KIND_PAIRS;
    this.#pending.push(() => {
      code[node + P.NODE_A] = this.#node(type.key, { quoted: false, objectKey: isObject, mask: "keep" });
      code[node + P.NODE_B] = this.#node(type.value, role);
    });
  }

  #struct(type: StructDescriptor, mask: MaskRule): number {
    let byMask = this.#structRecords.get(type);
    if (byMask === undefined) this.#structRecords.set(type, (byMask = new Map()));
    const known = byMask.get(mask);
    if (known !== undefined) return known;
    const struct = this.#reserve(P.STRUCT_SIZE);
    byMask.set(mask, struct);
    this.#code[struct + P.STRUCT_INDEX] = this.#structs.push(type) - 1;
    this.#pending.push(() => this.#fillStruct(struct, type, mask));
    return struct;
  }

  #fillStruct(struct: number, type: StructDescriptor, mask: MaskRule): void {
    const code = this.#code;
    const count = type.fields.length;
    const words = Math.max(1, (count + 31) >> 5);
    if (words > code[P.HEADER_MOST_WORDS]!) code[P.HEADER_MOST_WORDS] = words;
    const first = this.#reserve((count + 1) * P.FIELD_SIZE);
    code[first + count * P.FIELD_SIZE + P.FIELD_EXPECTED_HEADER] = -1;
    // The kernel reads two words at once.
    const absence = this.#reserve(Math.max(words, 2));
    code[struct + P.STRUCT_FIELD_COUNT] = count;
    code[struct + P.STRUCT_FIELDS] = first;
    code[struct + P.STRUCT_WORDS] = words;
    code[struct + P.STRUCT_NEXT] = code[P.HEADER_NO_KEY]!;
    code[struct + P.STRUCT_ABSENCE] = absence;
    let structFlags = type.flavor === "union" && this.#settings.unions === "check" ? P.STRUCT_IS_UNION : 0;
    // By id: what is missing is written in this order, as dynamicgo does.
    const fields = [...type.fields].sort((a, b) => a.id - b.id);
    fields.forEach((field, ordinal) => {
      const record = first + ordinal * P.FIELD_SIZE;
      const flags = this.#fillField(record, field, ordinal, ruleOf(mask, field.id));
      if ((flags & P.FIELD_HTTP) !== 0) structFlags |= P.STRUCT_HAS_HTTP;
      if ((flags & P.FIELD_BASE_REQUEST) !== 0) structFlags |= P.STRUCT_HAS_BASE;
      if ((flags & P.FIELD_REQUIRED) !== 0 || code[record + P.FIELD_DEFAULT_SIZE] !== 0) {
        code[absence + (ordinal >> 5)]! |= 1 << (ordinal & 31);
      }
    });
    code[struct + P.STRUCT_FLAGS] = structFlags;
    this.#fillIdTable(struct, fields, first);
    if (this.#direction === "json-to-thrift") {
      const ordinals = new Map(fields.map((field, ordinal) => [field, ordinal]));
      const entries: [string, number][] = [];
      for (const [key, field] of type.fieldKeys) {
        entries.push([key, first + ordinals.get(field)! * P.FIELD_SIZE]);
      }
      this.#fillKeyTable(struct + P.STRUCT_KEY_TABLE, struct + P.STRUCT_KEY_MASK, entries);
    }
  }

  #fillField(record: number, field: FieldDescriptor, ordinal: number, rule: MaskRule): number {
    const code = this.#code;
    const skipped = rule === "skip";
    const action = skipped ? "omit" : missingAction(field, this.#settings);
    let flags = 0;
    if (skipped) flags |= P.FIELD_SKIPPED;
    else {
      if (field.mappings.http.length > 0) flags |= P.FIELD_HTTP;
      if (field.base === "request") flags |= P.FIELD_BASE_REQUEST;
      if (field.base === "response") flags |= P.FIELD_BASE_RESPONSE;
      if (this.#settings.exceptions === "throw" && field.parent.role === "result" && field.id !== 0) {
        flags |= P.FIELD_EXCEPTION;
      }
    }
    if (field.requiredness === "optional" && field.parent.flavor !== "union") flags |= P.FIELD_NULL_IS_GIVEN;
    if (action === "error") flags |= P.FIELD_REQUIRED;
    if ((flags & CALL_FLAGS) !== 0) code[P.HEADER_HOOKS]! |= P.HOOK_CALL;
    const node = skipped ? code[P.HEADER_ANY]! : this.#fieldNode(field, rule);
    if (code[node + P.NODE_KIND] === P.KIND_CUSTOM && field.type.kind === "bool")
      flags |= P.FIELD_MAPPED_BOOL;
    code[record + P.FIELD_INDEX] = this.#fields.push(field) - 1;
    code[record + P.FIELD_FLAGS] = flags;
    code[record + P.FIELD_ID] = field.id;
    code[record + P.FIELD_ORDINAL] = ordinal;
    code[record + P.FIELD_NEXT] = code[P.HEADER_NO_KEY]!;
    code[record + P.FIELD_HEADER] =
      field.type.ttype | (((field.id >> 8) & 0xff) << 8) | ((field.id & 0xff) << 16);
    const isPlain = (flags & P.FIELD_SPECIAL) === 0 && this.#settings.mismatch === "error";
    code[record + P.FIELD_EXPECTED_HEADER] =
      isPlain && this.#settings.protocol === "binary" ? code[record + P.FIELD_HEADER]! : -1;
    code[record + P.FIELD_NODE] = node;
    code[record + P.FIELD_KIND] = code[node + P.NODE_KIND]!;
    code[record + P.FIELD_PLAIN] = skipped ? node : this.#plainNode(field, rule);
    if (this.#direction === "thrift-to-json") {
      code[record + P.FIELD_LABEL] = this.#label(`,${quoteJson(field.alias)}:`);
    }
    if (action === "write") this.#fillDefault(record, field, rule);
    return flags;
  }

  #fillDefault(record: number, field: FieldDescriptor, rule: MaskRule): void {
    const code = this.#code;
    let value: Uint8Array | undefined;
    if (this.#direction === "thrift-to-json") {
      const json = defaultToJson(field, this.#settings, rule);
      if (json !== undefined) value = encoder.encode(json);
      else {
        code[record + P.FIELD_FLAGS]! |= P.FIELD_ENCODED_DEFAULT;
        code[P.HEADER_HOOKS]! |= P.HOOK_DEFAULT;
      }
    }
    value ??= encodeDefault(field, this.#settings);
    code[record + P.FIELD_DEFAULT] = this.#dataSize;
    code[record + P.FIELD_DEFAULT_SIZE] = value.length;
    this.#data.push(value);
    this.#dataSize += value.length;
  }

  #fieldNode(field: FieldDescriptor, mask: MaskRule): number {
    const code = this.#code;
    const mapping = this.#settings.valueMapping === "on" ? field.mappings.value : undefined;
    const plain = this.#plainNode(field, mask);
    if (mapping === undefined) return plain;
    switch (mapping.kind) {
      case "string-numbers":
        return this.#node(field.type, { quoted: true, objectKey: false, mask });
      case "raw-json":
        if (field.type.kind !== "string") return plain;
        break;
      case "custom":
        break;
      default: {
        const kind = String((mapping as { kind?: unknown }).kind);
        const message = `the value mapping of the field \`${field.name}\` has the unknown kind \`${kind}\``;
        throw new ThriftError("INVALID_OPTION", message);
      }
    }
    if (mapping.kind === "custom") code[P.HEADER_HOOKS]! |= P.HOOK_CUSTOM;
    const node = this.#reserve(P.NODE_SIZE);
    code[node + P.NODE_KIND] = mapping.kind === "raw-json" ? P.KIND_RAW_JSON : P.KIND_CUSTOM;
    code[node + P.NODE_WIRE] = code[plain + P.NODE_WIRE]!;
    code[node + P.NODE_LEAST] = code[plain + P.NODE_LEAST]!;
    code[node + P.NODE_A] = this.#mappings.push(mapping) - 1;
    code[node + P.NODE_B] = plain;
    return node;
  }

  #plainNode(field: FieldDescriptor, mask: MaskRule): number {
    return this.#node(field.type, { quoted: false, objectKey: false, mask });
  }

  #fillIdTable(struct: number, fields: readonly FieldDescriptor[], first: number): void {
    const code = this.#code;
    const ids = fields.map((field) => field.id);
    const low = ids[0] ?? 0;
    const span = ids.length === 0 ? 0 : ids.at(-1)! - low + 1;
    if (span <= ids.length * DENSE_SLOTS_PER_FIELD + DENSE_SLOTS_EXTRA) {
      const table = this.#reserve(span);
      ids.forEach((id, ordinal) => {
        code[table + id - low] = first + ordinal * P.FIELD_SIZE;
      });
      code[struct + P.STRUCT_ID_TABLE] = table;
      code[struct + P.STRUCT_ID_BASE] = low;
      code[struct + P.STRUCT_ID_COUNT] = span;
      return;
    }
    const mask = tableMask(ids.length);
    const table = this.#reserve(mask + 1);
    ids.forEach((id, ordinal) => {
      let slot = P.hashNumber(id) & mask;
      while (code[table + slot] !== 0) slot = (slot + 1) & mask;
      code[table + slot] = first + ordinal * P.FIELD_SIZE;
    });
    code[struct + P.STRUCT_ID_TABLE] = table;
    code[struct + P.STRUCT_ID_COUNT] = -mask - 1;
  }

  #fillKeyTable(tableCell: number, maskCell: number, entries: readonly (readonly [string, number])[]): void {
    const code = this.#code;
    const mask = tableMask(entries.length);
    const table = this.#reserve(mask + 1);
    code[tableCell] = table;
    code[maskCell] = mask;
    for (const [name, target] of entries) {
      const text = encoder.encode(name);
      this.#checkTextSize(text.length);
      const hash = P.hashKey(text, 0, text.length);
      const size = text.length + 1;
      const words = (size + 3) >> 2;
      const more = Math.max(words - P.KEY_FIRST_WORDS, 0);
      const key = this.#reserve(P.KEY_MORE + more);
      const isPlain = quoteJson(name).length === name.length + 2;
      code[key + P.KEY_TARGET] = target;
      code[key + P.KEY_HASH] = hash;
      code[key + P.KEY_BYTES] = text.length;
      code[key + P.KEY_MORE_WORDS] = isPlain ? more : -1;
      const lastMask = (size & 3) === 0 ? -1 : (1 << ((size & 3) * 8)) - 1;
      code[key + P.KEY_LAST_MASK] = lastMask;
      for (let i = 0; i < P.KEY_FIRST_WORDS; i++) {
        code[key + P.KEY_MASK + i] = i < words - 1 ? -1 : i === words - 1 ? lastMask : 0;
      }
      for (let i = 0; i < size; i++) {
        const byte = i < text.length ? text[i]! : 0x22;
        code[P.keyWord(key, i >> 2)]! |= byte << ((i & 3) << 3);
      }
      let slot = hash & mask;
      while (code[table + slot] !== 0) slot = (slot + 1) & mask;
      code[table + slot] = key;
    }
  }

  #enum(type: EnumDescriptor): number {
    const known = this.#enumRecords.get(type);
    if (known !== undefined) return known;
    const code = this.#code;
    const record = this.#reserve(P.ENUM_SIZE);
    this.#enumRecords.set(type, record);
    code[record + P.ENUM_INDEX] = this.#enums.push(type) - 1;
    this.#fillKeyTable(record + P.ENUM_KEY_TABLE, record + P.ENUM_KEY_MASK, [...type.values]);
    const mask = tableMask(type.values.size);
    const table = this.#reserve(2 * (mask + 1));
    code[record + P.ENUM_LABEL_TABLE] = table;
    code[record + P.ENUM_LABEL_MASK] = mask;
    for (const value of new Set(type.values.values())) {
      let slot = P.hashNumber(value) & mask;
      while (code[table + 2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      code[table + 2 * slot] = value;
      code[table + 2 * slot + 1] = this.#label(quoteJson(type.nameOf(value)!));
    }
    return record;
  }

  #label(text: string): number {
    const bytes = encoder.encode(text);
    this.#checkTextSize(bytes.length);
    if (bytes.length > text.length) this.#code[P.HEADER_NON_ASCII] = 1;
    const label = this.#reserve(P.LABEL_TEXT + Math.max(P.LABEL_FIRST_WORDS, (bytes.length + 3) >> 2));
    this.#code[label + P.LABEL_BYTES] = bytes.length;
    bytes.forEach((byte, i) => {
      this.#code[label + P.LABEL_TEXT + (i >> 2)]! |= byte << ((i & 3) << 3);
    });
    return label;
  }

  #checkTextSize(size: number): void {
    if (size > LONGEST_TEXT) {
      throw new ThriftError(
        "LIMIT_EXCEEDED",
        `a field or enum member name is longer than ${LONGEST_TEXT} bytes`,
      );
    }
    if (size > this.#longestText) this.#longestText = size;
  }

  #joinData(): Uint8Array {
    const joined = new Uint8Array(this.#dataSize);
    let at = 0;
    for (const piece of this.#data) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }
}

function rulesOf(settings: Settings): number {
  let rules = 0;
  if (settings.unknownFields === "error") rules |= P.RULE_UNKNOWN_ERROR;
  if (settings.duplicateFields === "error") rules |= P.RULE_DUPLICATE_ERROR;
  if (settings.duplicateKeys === "error") rules |= P.RULE_DUPLICATE_KEY_ERROR;
  if (settings.nullElements === "skip") rules |= P.RULE_NULL_SKIP;
  if (settings.mismatch === "skip") rules |= P.RULE_MISMATCH_SKIP;
  if (settings.utf8 === "trust") rules |= P.RULE_UTF8_TRUST;
  if (settings.utf8 === "replace") rules |= P.RULE_UTF8_REPLACE;
  return rules;
}

/** Mask of a hash table that is at most half full, so that a free slot ends every probe. */
function tableMask(entries: number): number {
  let size = 2;
  while (size < entries * 2) size *= 2;
  return size - 1;
}
