import type { ValueMapping } from "../descriptor/mapping.ts";
import type { EnumDescriptor, FieldDescriptor, StructDescriptor } from "../descriptor/types.ts";
import type { KernelProgram } from "../kernel/instance.ts";
import type { Placement } from "./arena.ts";

/**
 * A descriptor and the options, flattened into numbers. Both machines and the kernel run this form.
 *
 * `code` is one `Int32Array` of records that refer to each other by index into `code`, so that it can be
 * copied anywhere. Index 0 is never a record: 0 means "none". The records:
 *
 * ```
 * header  at 0      HEADER_*      the protocol, rules that hold everywhere, the root node
 * node              NODE_*        how one value is converted (its KIND_*), one per type and role
 * struct            STRUCT_*      what a struct node refers to: tables, then the field records in a row
 * field             FIELD_*       one per field, by ascending id; its position is its ordinal; one more ends them
 * enum              ENUM_*        what an enum node refers to
 * key               KEY_*         one name that JSON may use for a field or an enum member, with its text
 * label             LABEL_*       ready JSON text: `,"name":` of a field, `"NAME"` of an enum member
 * ```
 *
 * Texts stand in `code` as little-endian words of four bytes, padded with zeros, so that they are compared
 * and copied four bytes at a time. `data` holds default values: encoded without a field header in a
 * JSON→Thrift program, JSON text in a Thrift→JSON program (but see `FIELD_ENCODED_DEFAULT`).
 *
 * Machines run a copy of `code` (see `arena.ts`). Its cells named `…_NEXT` are a cache, the key that followed last
 * time: the only cells that a running machine writes. Losing them costs a look-up.
 */
export interface Program extends KernelProgram {
  /** The field of each field record, by `FIELD_INDEX`; for errors, mappings and hooks. */
  readonly fields: readonly FieldDescriptor[];
  /** By `STRUCT_INDEX`. */
  readonly structs: readonly StructDescriptor[];
  /** By `ENUM_INDEX`. */
  readonly enums: readonly EnumDescriptor[];
  /** What the nodes of kind `KIND_CUSTOM` refer to. */
  readonly mappings: readonly ValueMapping[];
  /** Where the machines' copy of `code` is. */
  readonly placement: Placement;
}

// Header. What holds for every record of the program.
export const HEADER_SIZE = 16;
/** The root node. */
export const HEADER_ROOT = 1;
/** 0 binary, 1 compact. */
export const HEADER_COMPACT = 2;
/** RULE_* bits. */
export const HEADER_RULES = 3;
/** NON_FINITE_*. */
export const HEADER_NON_FINITE = 4;
/** A node of kind `KIND_ANY`, for values that are passed over. */
export const HEADER_ANY = 5;
/** A key record that matches nothing, for `…_NEXT` cells that have learned nothing yet. */
export const HEADER_NO_KEY = 6;
/** Bytes of the longest key or label. */
export const HEADER_LONGEST_TEXT = 7;
/** 1 when some label is more than ASCII. */
export const HEADER_NON_ASCII = 8;

/** Where `data` stands when it is placed behind `code`: the size of `code`. */
export const HEADER_DATA = 9;
/** HOOK_* bits: what in the program may call user code. */
export const HEADER_HOOKS = 10;
/** Words of the largest bitmap of a struct. */
export const HEADER_MOST_WORDS = 11;

/** A value mapping of the user. */
export const HOOK_CUSTOM = 1;
/** A field that a call's source, sink or base may supply or take. */
export const HOOK_CALL = 2;
/** Thrift→JSON: a default that a value mapping has to convert, or to refuse. */
export const HOOK_DEFAULT = 4;

export const RULE_UNKNOWN_ERROR = 1;
export const RULE_DUPLICATE_ERROR = 2;
export const RULE_DUPLICATE_KEY_ERROR = 4;
export const RULE_NULL_SKIP = 8;
export const RULE_MISMATCH_SKIP = 16;
export const RULE_UTF8_TRUST = 32;
export const RULE_UTF8_REPLACE = 64;

export const NON_FINITE_ERROR = 0;
export const NON_FINITE_NULL = 1;
export const NON_FINITE_STRING = 2;

// Node.
export const NODE_SIZE = 6;
export const NODE_KIND = 0;
/** The wire type in the program's protocol: a TType, or a compact nibble (2 for bool). */
export const NODE_WIRE = 1;
/** FLAG_* bits. */
export const NODE_FLAGS = 2;
/** The element node, the key node, the struct, the enum, or the index of the mapping. */
export const NODE_A = 3;
/** The value node of a map; what a `KIND_CUSTOM` or `KIND_RAW_JSON` value is for the ordinary rules. */
export const NODE_B = 4;
/** The fewest bytes that an encoded value takes. */
export const NODE_LEAST = 5;

export const KIND_BOOL = 1;
export const KIND_BYTE = 2;
export const KIND_I16 = 3;
export const KIND_I32 = 4;
export const KIND_I64 = 5;
export const KIND_DOUBLE = 6;
/** A string, or binary as text. */
export const KIND_STRING = 7;
/** Binary as base64. */
export const KIND_BINARY = 8;
export const KIND_UUID = 9;
export const KIND_ENUM = 10;
/** A list or set. */
export const KIND_LIST = 11;
/** A map whose keys are scalars: a JSON object. */
export const KIND_MAP = 12;
/** A map with struct or container keys: `[[key, value], …]`. */
export const KIND_PAIRS = 13;
export const KIND_STRUCT = 14;
/** Any value, passed over. */
export const KIND_ANY = 15;
/** A string that carries JSON text, unquoted on the JSON side. */
export const KIND_RAW_JSON = 16;
/** A value mapping of the user. */
export const KIND_CUSTOM = 17;

/** Thrift→JSON: the number or boolean is written as a string, as keys of objects are. */
export const FLAG_QUOTE = 1;
/** JSON→Thrift: the number may be a string. */
export const FLAG_ACCEPT_QUOTED = 2;
/** JSON→Thrift: the string may be empty and means 0. */
export const FLAG_ACCEPT_EMPTY = 4;
/** Thrift→JSON: bytes are 0 … 255. */
export const FLAG_UNSIGNED = 8;
/** Thrift→JSON: enum values are names. */
export const FLAG_ENUM_NAME = 16;
/** JSON→Thrift: a string may be given as a bare number, whose text it becomes. */
export const FLAG_ACCEPT_NUMBER = 32;

// Struct. STRUCT_NEXT and FIELD_NEXT share an index, so that a struct stands for "before its first field".
export const STRUCT_SIZE = 14;
export const STRUCT_INDEX = 0;
/** STRUCT_* bits below. */
export const STRUCT_FLAGS = 1;
export const STRUCT_FIELD_COUNT = 2;
/** The first field record; ordinal i stands at `+ i * FIELD_SIZE`. */
export const STRUCT_FIELDS = 3;
/** Words of a bitmap with one bit per ordinal. */
export const STRUCT_WORDS = 4;
export const STRUCT_NEXT = 5;
/** A bitmap of the fields whose absence matters (an error, or to be written). */
export const STRUCT_ABSENCE = 6;
export const STRUCT_ID_TABLE = 7;
/** The id of the table's first slot, when it is dense. */
export const STRUCT_ID_BASE = 8;
/** Slots of a dense table; or −(mask + 1) of a hashed one. */
export const STRUCT_ID_COUNT = 9;
/** Hash table of key records. */
export const STRUCT_KEY_TABLE = 10;
export const STRUCT_KEY_MASK = 11;

/** Exactly one field must be set. */
export const STRUCT_IS_UNION = 1;
/** Some field has FIELD_HTTP: sources are asked when the struct begins. */
export const STRUCT_HAS_HTTP = 2;
/** Some field has FIELD_BASE_REQUEST. */
export const STRUCT_HAS_BASE = 4;

// Field.
export const FIELD_SIZE = 15;
export const FIELD_INDEX = 0;
/** FIELD_* bits below. */
export const FIELD_FLAGS = 1;
export const FIELD_NODE = 2;
export const FIELD_ID = 3;
export const FIELD_ORDINAL = 4;
export const FIELD_NEXT = 5;
/** The binary field header as the little-endian word `type | id's high byte << 8 | low byte << 16`. */
export const FIELD_HEADER = 6;
/** The label record `,"alias":`. */
export const FIELD_LABEL = 7;
/** Start in `data` of the default value, and its size; size 0: no default is written. */
export const FIELD_DEFAULT = 8;
export const FIELD_DEFAULT_SIZE = 9;
/**
 * Thrift→JSON: FIELD_HEADER where the machine need not look closer at a field with that header; −1 in the compact
 * protocol, for special fields, and in the record that stands behind the last field.
 */
export const FIELD_EXPECTED_HEADER = 13;
/** The node of the value by the ordinary rules, whatever its value mapping. */
export const FIELD_PLAIN = 10;
/** The kind of the field's node: `KIND_ANY` for a field that is passed over. */
export const FIELD_KIND = 14;

/** Skipped by a mask. */
export const FIELD_SKIPPED = 1;
/** Has HTTP mappings: source and sink are asked. */
export const FIELD_HTTP = 2;
export const FIELD_BASE_REQUEST = 4;
export const FIELD_BASE_RESPONSE = 8;
/** A declared exception that is thrown. */
export const FIELD_EXCEPTION = 16;
/** An explicit null counts as given. */
export const FIELD_NULL_IS_GIVEN = 32;
/** Absence is an error; without this bit a field of the absence bitmap is written. */
export const FIELD_REQUIRED = 64;
/** A boolean with a value mapping of the user: in the compact protocol its header is all that it has. */
export const FIELD_MAPPED_BOOL = 128;
/** Thrift→JSON: the default is not JSON text but encoded, to be converted each time. */
export const FIELD_ENCODED_DEFAULT = 256;
/** The field needs more than its value converted; the machines look closer. */
export const FIELD_SPECIAL: number =
  FIELD_SKIPPED | FIELD_HTTP | FIELD_BASE_REQUEST | FIELD_BASE_RESPONSE | FIELD_EXCEPTION | FIELD_MAPPED_BOOL;

// Enum.
export const ENUM_SIZE = 5;
export const ENUM_INDEX = 0;
export const ENUM_KEY_TABLE = 1;
export const ENUM_KEY_MASK = 2;
/** Hash table of pairs: number, label record (0: free slot). */
export const ENUM_LABEL_TABLE = 3;
export const ENUM_LABEL_MASK = 4;

// Key: what JSON input is compared with, the text and its closing quote. The first four words have masks, so that
// keys of up to 15 bytes, nearly all, are compared without a loop; the words are zero where the masks are.
/** The field record, or the enum member's number. */
export const KEY_TARGET = 0;
export const KEY_HASH = 1;
/** Bytes of the text, without quotes. */
export const KEY_BYTES = 2;
/** Words behind the first four; −1 for a text that JSON must escape, which raw input can never match. */
export const KEY_MORE_WORDS = 3;
export const KEY_MASK = 4;
export const KEY_TEXT = 8;
export const KEY_FIRST_WORDS = 4;
/** Mask of the last word, which is the last of more than four or has a mask of its own. */
export const KEY_LAST_MASK = 12;
/** More words. */
export const KEY_MORE = 13;

// Label: words follow, at least four.
export const LABEL_BYTES = 0;
export const LABEL_TEXT = 1;
export const LABEL_FIRST_WORDS = 4;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The hash of key tables: 32-bit FNV-1a over the unescaped UTF-8 text, folded so that low bits mix. */
export function hashKey(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash ^ (hash >>> 15);
}

/** The key record for the text, or 0. */
export function findKey(
  code: Int32Array,
  table: number,
  mask: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const hash = hashKey(bytes, start, end);
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const key = code[table + slot]!;
    if (key === 0) return 0;
    if (code[key + KEY_HASH] === hash && code[key + KEY_BYTES] === end - start) {
      if (isKeyText(code, key, bytes, start, end)) return key;
    }
  }
}

function isKeyText(code: Int32Array, key: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const at = i - start;
    if (((code[keyWord(key, at >> 2)]! >> ((at & 3) << 3)) & 0xff) !== bytes[i]) return false;
  }
  return true;
}

/** Where word `index` of a key's text stands. */
export function keyWord(key: number, index: number): number {
  return index < KEY_FIRST_WORDS ? key + KEY_TEXT + index : key + KEY_MORE + index - KEY_FIRST_WORDS;
}

/** Multiplier of the hashed id tables and enum label tables (Knuth's 2^32 / φ). */
const HASH_MULTIPLIER = 0x9e3779b1 | 0;

export function hashNumber(value: number): number {
  const hash = Math.imul(value, HASH_MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The label record for an enum number, or 0. */
export function findEnumLabel(code: Int32Array, enumRecord: number, value: number): number {
  const table = code[enumRecord + ENUM_LABEL_TABLE]!;
  const mask = code[enumRecord + ENUM_LABEL_MASK]!;
  for (let slot = hashNumber(value) & mask; ; slot = (slot + 1) & mask) {
    const label = code[table + 2 * slot + 1]!;
    if (label === 0 || code[table + 2 * slot] === value) return label;
  }
}
