import {
  type Annotations,
  type ConstantDescriptor,
  type EnumDescriptor,
  encodeLiteral,
  type FieldDescriptor,
  type Idl,
  type LiteralValue,
  type MethodDescriptor,
  type ServiceDescriptor,
  type StructDescriptor,
  type TypeDescriptor,
  thriftToJson,
} from "../index.ts";
import { RawJson } from "./json-value.ts";
import type { TypeNames } from "./type-names.ts";

/** The definitions of an IDL as plain values: what `idl describe --json` prints, and what its text is made of. */

export type TypeModel = {
  readonly kind: string;
  /** As the root file writes it: `base.User`, `list<base.User>`. */
  readonly name: string;
  /** Of a struct, union or exception: the file that declares it. */
  readonly file?: string;
  readonly key?: TypeModel;
  readonly value?: TypeModel;
  readonly element?: TypeModel;
};

type Annotated = {
  readonly doc?: string | undefined;
  readonly annotations?: { readonly [key: string]: readonly string[] } | undefined;
};

export type FieldModel = Annotated & {
  readonly id: number;
  readonly name: string;
  /** The name in JSON. */
  readonly key: string;
  readonly requiredness: string;
  readonly type: TypeModel;
  /** As JSON, in the form that converted messages have. */
  readonly default?: RawJson | undefined;
};

export type StructModel = Annotated & {
  readonly kind: "struct" | "union" | "exception";
  readonly name: string;
  readonly file: string;
  readonly fields: readonly FieldModel[];
};

export type EnumMemberModel = Annotated & {
  readonly name: string;
  readonly value: number;
};

export type EnumModel = Annotated & {
  readonly kind: "enum";
  readonly name: string;
  readonly values: readonly EnumMemberModel[];
};

export type MethodModel = Annotated & {
  readonly kind: "method";
  readonly name: string;
  readonly oneway: boolean;
  readonly streaming: string;
  /** `null` for void. */
  readonly returns: TypeModel | null;
  readonly args: readonly FieldModel[];
  readonly exceptions: readonly FieldModel[];
  readonly endpoints: readonly { readonly method: string; readonly path: string }[];
};

export type ServiceModel = Annotated & {
  readonly kind: "service";
  readonly name: string;
  /** As the root file writes it. */
  readonly extends: string | null;
  /** With the inherited ones, which are last. */
  readonly methods: readonly MethodModel[];
  /** How many of the methods are the service's own. */
  readonly ownMethods: number;
};

export type TypedefModel = { readonly kind: "typedef"; readonly name: string; readonly type: TypeModel };

export type ConstantModel = Annotated & {
  readonly kind: "constant";
  readonly name: string;
  readonly type: TypeModel;
  readonly value: RawJson;
};

export type FileModel = {
  readonly kind: "file";
  readonly file: string;
  readonly services: readonly ServiceModel[];
  readonly structs: readonly StructModel[];
  readonly enums: readonly EnumModel[];
  readonly typedefs: readonly TypedefModel[];
  readonly constants: readonly ConstantModel[];
};

export type Model =
  | FileModel
  | StructModel
  | EnumModel
  | ServiceModel
  | MethodModel
  | ConstantModel
  | TypeModel;

export function modelOfFile(file: string, idl: Idl, names: TypeNames): FileModel {
  return {
    kind: "file",
    file,
    services: [...idl.services.values()].map((service) => modelOfService(service, names)),
    structs: [...idl.structs.values()].map((struct) => modelOfStruct(struct, names)),
    enums: [...idl.enums.values()].map(modelOfEnum),
    typedefs: [...idl.typedefs].map(([name, type]) => ({
      kind: "typedef",
      name,
      type: modelOfTypeUse(type, names),
    })),
    constants: [...idl.constants.values()].map((constant) => modelOfConstant(constant, names)),
  };
}

/** A type in full: with its fields or values where it has some. */
export function modelOfType(type: TypeDescriptor, names: TypeNames): Model {
  if (type.kind === "struct") return modelOfStruct(type, names);
  return type.kind === "enum" ? modelOfEnum(type) : modelOfTypeUse(type, names);
}

export function modelOfStruct(struct: StructDescriptor, names: TypeNames): StructModel {
  const { name, flavor, fileName, fields } = struct;
  return {
    kind: flavor,
    name,
    file: fileName,
    ...annotated(struct),
    fields: fields.map((field) => modelOfField(field, names)),
  };
}

function modelOfEnum(type: EnumDescriptor): EnumModel {
  const values = [...type.members.values()].map((member) => ({
    name: member.name,
    value: member.value,
    ...annotated(member),
  }));
  return { kind: "enum", name: type.name, ...annotated(type), values };
}

export function modelOfService(service: ServiceDescriptor, names: TypeNames): ServiceModel {
  const { name, methods } = service;
  const inherited = new Set(service.extends?.methods.map((method) => method.name));
  return {
    kind: "service",
    name,
    extends: service.extends === undefined ? null : names.ofService(service.extends),
    ...annotated(service),
    methods: methods.map((method) => modelOfMethod(method, names)),
    ownMethods: methods.filter((method) => !inherited.has(method.name)).length,
  };
}

export function modelOfMethod(method: MethodDescriptor, names: TypeNames): MethodModel {
  const { name, oneway, streaming, returnType, args, exceptions, endpoints } = method;
  return {
    kind: "method",
    name,
    oneway,
    streaming,
    ...annotated(method),
    returns: returnType === undefined ? null : modelOfTypeUse(returnType, names),
    args: args.fields.map((field) => modelOfField(field, names)),
    exceptions: exceptions.map((field) => modelOfField(field, names)),
    endpoints: endpoints.map((endpoint) => ({ method: endpoint.method, path: endpoint.path })),
  };
}

export function modelOfConstant(constant: ConstantDescriptor, names: TypeNames): ConstantModel {
  const { name, type, value } = constant;
  return {
    kind: "constant",
    name,
    type: modelOfTypeUse(type, names),
    value: jsonOf(type, value),
    ...annotated(constant),
  };
}

function modelOfField(field: FieldDescriptor, names: TypeNames): FieldModel {
  const { id, name, alias, requiredness, type, defaultValue } = field;
  return {
    id,
    name,
    key: alias,
    requiredness,
    type: modelOfTypeUse(type, names),
    default: defaultValue === undefined ? undefined : jsonOf(type, defaultValue),
    ...annotated(field),
  };
}

/** A type where something is of it. */
function modelOfTypeUse(type: TypeDescriptor, names: TypeNames): TypeModel {
  const name = names.ofType(type);
  switch (type.kind) {
    case "list":
    case "set":
      return { kind: type.kind, name, element: modelOfTypeUse(type.element, names) };
    case "map":
      return {
        kind: "map",
        name,
        key: modelOfTypeUse(type.key, names),
        value: modelOfTypeUse(type.value, names),
      };
    case "struct":
      return { kind: type.flavor, name, file: type.fileName };
    default:
      return { kind: type.kind, name };
  }
}

function annotated({ doc, annotations }: { doc: string | undefined; annotations: Annotations }): Annotated {
  return { doc, annotations: annotations.size === 0 ? undefined : Object.fromEntries(annotations) };
}

function jsonOf(type: TypeDescriptor, value: LiteralValue): RawJson {
  const bytes = encodeLiteral(type, value);
  const converter = thriftToJson(type, { enums: "name", missing: { required: "omit" }, unions: "any" });
  return new RawJson(converter.convertToString(bytes));
}
