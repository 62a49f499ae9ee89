/**
 * A small model of Thrift schemas and values for property tests. It is written from the conversion rules alone
 * and shares no code with the library, so that the two can be held against each other.
 */

export type ScalarName = "bool" | "byte" | "i16" | "i32" | "i64" | "double" | "string" | "binary" | "uuid";

export type TypeModel =
  | { readonly kind: ScalarName }
  | { readonly kind: "enum"; readonly name: string }
  | { readonly kind: "struct"; readonly name: string }
  | { readonly kind: "list"; readonly element: TypeModel }
  | { readonly kind: "set"; readonly element: TypeModel }
  | { readonly kind: "map"; readonly key: TypeModel; readonly value: TypeModel };

export interface EnumModel {
  readonly name: string;
  readonly members: ReadonlyMap<string, number>;
}

export interface FieldModel {
  readonly id: number;
  readonly name: string;
  /** The JSON key where it is not the name. */
  readonly alias: string | undefined;
  readonly requiredness: "required" | "optional" | "default";
  readonly type: TypeModel;
}

export interface StructModel {
  readonly flavor: "struct" | "union" | "exception";
  readonly name: string;
  readonly fields: readonly FieldModel[];
}

export interface SchemaModel {
  readonly enums: ReadonlyMap<string, EnumModel>;
  readonly structs: ReadonlyMap<string, StructModel>;
  /** A name in `structs`. */
  readonly root: string;
}

/**
 * | type | value |
 * |---|---|
 * | bool | boolean |
 * | byte, i16, i32, enum, double | number |
 * | i64 | bigint |
 * | string, uuid | string |
 * | binary | Uint8Array |
 * | list, set | array |
 * | map | array of [key, value] |
 * | struct | Map of field name to value, in wire order |
 */
export type ValueModel =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly ValueModel[]
  | ReadonlyMap<string, ValueModel>;

/** How the IDL writes a type: `map<string, list<S1>>`. */
export function typeExpression(type: TypeModel): string {
  switch (type.kind) {
    case "enum":
    case "struct":
      return type.name;
    case "list":
    case "set":
      return `${type.kind}<${typeExpression(type.element)}>`;
    case "map":
      return `map<${typeExpression(type.key)}, ${typeExpression(type.value)}>`;
    default:
      return type.kind;
  }
}

/** What the IDL says of a field that the model does not know. */
export interface FieldExtras {
  /** A constant as the IDL writes it. */
  readonly defaultValue?: string | undefined;
  /** As the IDL writes them: `api.js_conv = ""`. */
  readonly annotations?: readonly string[];
}

/** The schema as IDL text. */
export function toIdl(
  schema: SchemaModel,
  extrasOf: (field: FieldModel, parent: StructModel) => FieldExtras = () => ({}),
): string {
  const enums = [...schema.enums.values()].map(({ name, members }) => {
    const lines = [...members].map(([member, value]) => `  ${member} = ${value}\n`);
    return `enum ${name} {\n${lines.join("")}}\n`;
  });
  const structs = [...schema.structs.values()].map((struct) => {
    const { flavor, name, fields } = struct;
    const lines = fields.map((field) => {
      const requiredness = field.requiredness === "default" ? "" : `${field.requiredness} `;
      const { defaultValue, annotations = [] } = extrasOf(field, struct);
      const all = field.alias === undefined ? annotations : [`api.key = "${field.alias}"`, ...annotations];
      const annotation = all.length === 0 ? "" : ` (${all.join(", ")})`;
      const assignment = defaultValue === undefined ? "" : ` = ${defaultValue}`;
      return `  ${field.id}: ${requiredness}${typeExpression(field.type)} ${field.name}${assignment}${annotation}\n`;
    });
    return `${flavor} ${name} {\n${lines.join("")}}\n`;
  });
  return [...enums, ...structs].join("\n");
}

export function rootType(schema: SchemaModel): TypeModel {
  return { kind: "struct", name: schema.root };
}

/** The JSON text that the default rules give for a value, without blanks. */
export function toJsonText(schema: SchemaModel, type: TypeModel, value: ValueModel): string {
  switch (type.kind) {
    case "string":
    case "binary":
    case "uuid":
      return quote(keyText(type, value));
    case "list":
    case "set":
      return `[${asArray(value)
        .map((element) => toJsonText(schema, type.element, element))
        .join(",")}]`;
    case "map":
      return mapText(schema, type, asArray(value) as [ValueModel, ValueModel][]);
    case "struct": {
      const struct = schema.structs.get(type.name)!;
      const members = [...(value as ReadonlyMap<string, ValueModel>)].map(([name, member]) => {
        const field = struct.fields.find((candidate) => candidate.name === name)!;
        return `${quote(field.alias ?? name)}:${toJsonText(schema, field.type, member)}`;
      });
      return `{${members.join(",")}}`;
    }
    default:
      return keyText(type, value);
  }
}

function mapText(
  schema: SchemaModel,
  { key, value }: TypeModel & { kind: "map" },
  entries: readonly (readonly [ValueModel, ValueModel])[],
): string {
  const asEntries = isContainer(key);
  const parts = entries.map(([k, v]) =>
    asEntries
      ? `[${toJsonText(schema, key, k)},${toJsonText(schema, value, v)}]`
      : `${quote(keyText(key, k))}:${toJsonText(schema, value, v)}`,
  );
  return asEntries ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}

/** Keys of these types have no text, so their maps are arrays of entries in JSON. */
export function isContainer({ kind }: TypeModel): boolean {
  return kind === "struct" || kind === "list" || kind === "set" || kind === "map";
}

function keyText({ kind }: TypeModel, value: ValueModel): string {
  if (kind === "binary") return Buffer.from(value as Uint8Array).toString("base64");
  if (kind === "double" && Object.is(value, -0)) return "-0";
  return String(value);
}

function asArray(value: ValueModel): readonly ValueModel[] {
  return value as readonly ValueModel[];
}

/** `JSON.stringify` has short escapes for backspace and form feed, the conversion has not. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/\\[^u]/g, (found) =>
    found === "\\b" ? "\\u0008" : found === "\\f" ? "\\u000c" : found,
  );
}
