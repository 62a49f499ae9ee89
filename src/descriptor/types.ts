import type { TType } from "../wire/ttype.ts";
import type { Annotations } from "./annotations.ts";
import type { HttpEndpoint, HttpMapping, ValueMapping } from "./mapping.ts";

/** The types of values, discriminated by `kind`. Typedefs are resolved: a descriptor is always the target. */
export type TypeDescriptor =
  | ScalarDescriptor
  | EnumDescriptor
  | ListDescriptor
  | SetDescriptor
  | MapDescriptor
  | StructDescriptor;

export type ScalarKind = "bool" | "byte" | "i16" | "i32" | "i64" | "double" | "string" | "binary" | "uuid";

/** A base type. There is one descriptor object per kind, so scalars compare by identity. */
export interface ScalarDescriptor {
  readonly kind: ScalarKind;
  readonly ttype: TType;
  /** The IDL name of the type; `byte` also for `i8`. */
  readonly name: ScalarKind;
}

export interface EnumDescriptor {
  readonly kind: "enum";
  readonly ttype: typeof TType.I32;
  readonly name: string;
  /** Member name → number, in textual order. Several members may share a number. */
  readonly values: ReadonlyMap<string, number>;
  /** The members by name, in textual order, with what the IDL says about each. */
  readonly members: ReadonlyMap<string, EnumMember>;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  /** The number of a member, or `undefined` when there is no such member. */
  valueOf(name: string): number | undefined;
  /** The first member with that number, or `undefined`. */
  nameOf(value: number): string | undefined;
}

/** A member of an enum, as the IDL declares it. */
export interface EnumMember {
  readonly name: string;
  readonly value: number;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
}

export interface ListDescriptor {
  readonly kind: "list";
  readonly ttype: typeof TType.LIST;
  /** The type as the IDL would write it, such as `list<i32>`. */
  readonly name: string;
  readonly element: TypeDescriptor;
}

export interface SetDescriptor {
  readonly kind: "set";
  readonly ttype: typeof TType.SET;
  readonly name: string;
  readonly element: TypeDescriptor;
}

export interface MapDescriptor {
  readonly kind: "map";
  readonly ttype: typeof TType.MAP;
  readonly name: string;
  readonly key: TypeDescriptor;
  readonly value: TypeDescriptor;
}

export interface StructDescriptor {
  readonly kind: "struct";
  readonly ttype: typeof TType.STRUCT;
  readonly flavor: "struct" | "union" | "exception";
  /** `args` and `result` mark the two wrapper structs of a method; `undefined` for structs of the IDL. */
  readonly role: "args" | "result" | undefined;
  /** The name in the file that declares it, without an include prefix. */
  readonly name: string;
  /** The file that declares it. */
  readonly fileName: string;
  /** In textual order. Built on first use. */
  readonly fields: readonly FieldDescriptor[];
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  fieldById(id: number): FieldDescriptor | undefined;
  /** By the name that the IDL declares. */
  fieldByName(name: string): FieldDescriptor | undefined;
  /** By the JSON key: the alias, the name or both, as the IDL option `fieldKeys` says. */
  fieldByKey(key: string): FieldDescriptor | undefined;
  /** Every JSON key that finds a field, with its field; what `fieldByKey` looks up. */
  readonly fieldKeys: ReadonlyMap<string, FieldDescriptor>;
}

export type Requiredness = "required" | "optional" | "default";

export interface FieldDescriptor {
  /** −32768 … 32767. Fields without an id in the IDL have negative ones, as Apache Thrift numbers them. */
  readonly id: number;
  readonly name: string;
  /** The key in JSON output; the name when no annotation gives another. */
  readonly alias: string;
  readonly type: TypeDescriptor;
  readonly requiredness: Requiredness;
  /** The default that the IDL gives, resolved and checked, or `undefined`. */
  readonly defaultValue: LiteralValue | undefined;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  readonly mappings: FieldMappings;
  /** The struct that this field belongs to. */
  readonly parent: StructDescriptor;
  /**
   * Marks the field that carries Thrift's request or response base: its type is the struct `Base` or
   * `BaseResp` of a file `base.thrift`. Source: dynamicgo `EnableThriftBase`.
   */
  readonly base: "request" | "response" | undefined;
}

export interface FieldMappings {
  readonly value?: ValueMapping;
  /** In textual order. */
  readonly http: readonly HttpMapping[];
}

/**
 * A value of the IDL (constant or default) in JavaScript form.
 *
 * | type | form |
 * |---|---|
 * | bool | boolean |
 * | byte, i16, i32, enum, double | number |
 * | i64 | bigint |
 * | string, uuid | string |
 * | binary | Uint8Array |
 * | list | array |
 * | set | Set |
 * | map | Map |
 * | struct | plain object without prototype, keyed by field name |
 */
export type LiteralValue =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly LiteralValue[]
  | ReadonlySet<LiteralValue>
  | ReadonlyMap<LiteralValue, LiteralValue>
  | LiteralStruct;

export interface LiteralStruct {
  readonly [field: string]: LiteralValue;
}

export interface ConstantDescriptor {
  readonly name: string;
  readonly type: TypeDescriptor;
  readonly value: LiteralValue;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
}

export type StreamingMode = "none" | "client" | "server" | "bidirectional";

export interface MethodDescriptor {
  readonly name: string;
  readonly oneway: boolean;
  readonly streaming: StreamingMode;
  /** All arguments as one struct, named `<method>_args`. */
  readonly args: StructDescriptor;
  /** Field 0 is `success` (absent for void), then one optional field per exception; named `<method>_result`. */
  readonly result: StructDescriptor;
  /** `undefined` for void. */
  readonly returnType: TypeDescriptor | undefined;
  /** The fields of `result` other than `success`. */
  readonly exceptions: readonly FieldDescriptor[];
  /** From annotations such as `api.get="/path"`, in textual order. */
  readonly endpoints: readonly HttpEndpoint[];
  readonly annotations: Annotations;
  readonly doc: string | undefined;
}

export interface ServiceDescriptor {
  readonly name: string;
  /** The service that this one extends, or `undefined`. */
  readonly extends: ServiceDescriptor | undefined;
  /** Own methods first in textual order, then inherited ones. */
  readonly methods: readonly MethodDescriptor[];
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  /** Throws `ThriftError` `NOT_FOUND` with a "did you mean" for an unknown name. */
  method(name: string): MethodDescriptor;
}
