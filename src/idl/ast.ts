/** The syntax tree of one file. Offsets are UTF-16 units in `source`; nothing is resolved or checked here. */
export interface Document {
  readonly fileName: string;
  readonly source: string;
  readonly includes: readonly IncludeNode[];
  readonly cppIncludes: readonly CppIncludeNode[];
  readonly namespaces: readonly NamespaceNode[];
  /** In textual order. */
  readonly definitions: readonly DefinitionNode[];
  /** In textual order. */
  readonly doubts: readonly Doubt[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A form that Apache Thrift and thriftgo understand differently, or that only one of them accepts. */
export interface Doubt extends Span {
  readonly message: string;
}

/** A name with its place, for diagnostics that point at it. */
export interface NameNode extends Span {
  readonly text: string;
}

export interface AnnotationNode extends Span {
  readonly key: string;
  /** `"1"` when the IDL gives no value, as Apache Thrift does. */
  readonly value: string;
}

interface Annotated {
  readonly annotations: readonly AnnotationNode[];
}

interface Documented {
  /** The doc comment in front, without its delimiters and leading stars. */
  readonly doc: string | undefined;
}

export interface IncludeNode extends Span {
  readonly kind: "include";
  readonly path: string;
  /** The file that the loader found; set by it, `undefined` when missing. */
  resolved?: string;
}

export interface CppIncludeNode extends Span {
  readonly kind: "cpp_include";
  readonly path: string;
}

export interface NamespaceNode extends Span, Annotated {
  readonly kind: "namespace";
  /** `*`, `go`, `py.twisted` …; old forms such as `cpp_namespace x` give `cpp`. */
  readonly scope: string;
  readonly name: string;
}

export type BaseTypeName = "bool" | "byte" | "i16" | "i32" | "i64" | "double" | "string" | "binary" | "uuid";

/** `i8` is parsed as `byte`, `slist` as `string`. */
export type TypeNode = BaseTypeNode | NamedTypeNode | ListTypeNode | SetTypeNode | MapTypeNode;

export interface BaseTypeNode extends Span, Annotated {
  readonly kind: "base";
  readonly name: BaseTypeName;
}

export interface NamedTypeNode extends Span, Annotated {
  readonly kind: "named";
  /** As written, with an include prefix if any: `base.Base`. */
  readonly name: string;
}

export interface ListTypeNode extends Span, Annotated {
  readonly kind: "list";
  readonly element: TypeNode;
  readonly cppType: string | undefined;
}

export interface SetTypeNode extends Span, Annotated {
  readonly kind: "set";
  readonly element: TypeNode;
  readonly cppType: string | undefined;
}

export interface MapTypeNode extends Span, Annotated {
  readonly kind: "map";
  readonly key: TypeNode;
  readonly value: TypeNode;
  readonly cppType: string | undefined;
}

export type ConstNode =
  | IntConstNode
  | DoubleConstNode
  | StringConstNode
  | IdentifierConstNode
  | ListConstNode
  | MapConstNode;

export interface IntConstNode extends Span {
  readonly kind: "int";
  readonly value: bigint;
}

export interface DoubleConstNode extends Span {
  readonly kind: "double";
  readonly value: number;
}

export interface StringConstNode extends Span {
  readonly kind: "string";
  /** With escapes processed. */
  readonly value: string;
}

/** `true`, `false`, a constant, an enum member, with any prefixes, as written. */
export interface IdentifierConstNode extends Span {
  readonly kind: "identifier";
  readonly name: string;
}

export interface ListConstNode extends Span {
  readonly kind: "list";
  readonly elements: readonly ConstNode[];
}

export interface MapConstNode extends Span {
  readonly kind: "map";
  readonly entries: readonly { readonly key: ConstNode; readonly value: ConstNode }[];
}

export type DefinitionNode =
  | ConstDefinitionNode
  | TypedefNode
  | EnumNode
  | SenumNode
  | StructNode
  | ServiceNode;

export interface ConstDefinitionNode extends Span, Annotated, Documented {
  readonly kind: "const";
  readonly name: NameNode;
  readonly type: TypeNode;
  readonly value: ConstNode;
}

export interface TypedefNode extends Span, Annotated, Documented {
  readonly kind: "typedef";
  readonly name: NameNode;
  readonly type: TypeNode;
}

export interface EnumNode extends Span, Annotated, Documented {
  readonly kind: "enum";
  readonly name: NameNode;
  readonly members: readonly EnumMemberNode[];
}

export interface EnumMemberNode extends Span, Annotated, Documented {
  readonly name: NameNode;
  /** `undefined`: one more than the member before, or 0. */
  readonly value: bigint | undefined;
  /** Where the value stands, or the name when there is none. */
  readonly valueSpan: Span;
}

/** The deprecated string enum; a type of strings. */
export interface SenumNode extends Span, Annotated, Documented {
  readonly kind: "senum";
  readonly name: NameNode;
  readonly members: readonly string[];
}

export interface StructNode extends Span, Annotated, Documented {
  readonly kind: "struct";
  readonly flavor: "struct" | "union" | "exception";
  readonly name: NameNode;
  readonly xsdAll: boolean;
  readonly fields: readonly FieldNode[];
}

export interface FieldNode extends Span, Annotated, Documented {
  readonly name: NameNode;
  /** As written; `undefined` without one. */
  readonly id: bigint | undefined;
  /** Where the id stands, or the name when there is none. */
  readonly idSpan: Span;
  readonly requiredness: "required" | "optional" | "default";
  readonly type: TypeNode;
  /** The `&` mark of a recursive field. */
  readonly reference: boolean;
  readonly defaultValue: ConstNode | undefined;
}

export interface ServiceNode extends Span, Annotated, Documented {
  readonly kind: "service";
  readonly name: NameNode;
  readonly extends: NameNode | undefined;
  readonly methods: readonly MethodNode[];
}

export interface MethodNode extends Span, Annotated, Documented {
  readonly name: NameNode;
  readonly oneway: boolean;
  /** `undefined` for void. */
  readonly returnType: TypeNode | undefined;
  readonly args: readonly FieldNode[];
  readonly throws: readonly FieldNode[];
}
