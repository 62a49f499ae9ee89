import type { Annotations } from "./annotations.ts";
import type {
  FieldDescriptor,
  FieldMappings,
  LiteralValue,
  Requiredness,
  StructDescriptor,
  TypeDescriptor,
} from "./types.ts";

/** What a field is made of, beside what follows from its type. */
export interface FieldParts {
  readonly id: number;
  readonly name: string;
  readonly alias: string;
  readonly type: TypeDescriptor;
  readonly requiredness: Requiredness;
  readonly defaultValue: LiteralValue | undefined;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  readonly mappings: FieldMappings;
}

export function createField(parent: StructDescriptor, parts: FieldParts): FieldDescriptor {
  return {
    id: parts.id,
    name: parts.name,
    alias: parts.alias,
    type: parts.type,
    requiredness: parts.requiredness,
    defaultValue: parts.defaultValue,
    annotations: parts.annotations,
    doc: parts.doc,
    mappings: parts.mappings,
    parent,
    base: baseOf(parts.type),
  };
}

/** The file that declares Thrift's `Base` and `BaseResp`; its directory does not matter. */
const BASE_FILE = /(?:^|[/\\])base\.thrift$/;

function baseOf(type: TypeDescriptor): "request" | "response" | undefined {
  if (type.kind !== "struct" || (type.name !== "Base" && type.name !== "BaseResp")) {
    return undefined;
  }
  if (!BASE_FILE.test(type.fileName)) {
    return undefined;
  }
  return type.name === "Base" ? "request" : "response";
}
