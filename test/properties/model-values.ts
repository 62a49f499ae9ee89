import { LosslessNumber } from "lossless-json";
import { isContainer, type SchemaModel, type TypeModel, type ValueModel } from "../support/schema.ts";

/** Values of the schema model in other forms than JSON text. */

type Members = ReadonlyMap<string, ValueModel>;
type Entries = readonly (readonly [ValueModel, ValueModel])[];

/** The form of `encodeLiteral`: structs as objects without prototype, maps as Maps. */
export function toLiteral(schema: SchemaModel, type: TypeModel, value: ValueModel): unknown {
  switch (type.kind) {
    case "list":
    case "set":
      return (value as readonly ValueModel[]).map((element) => toLiteral(schema, type.element, element));
    case "map":
      return new Map(
        (value as unknown as Entries).map(([key, each]) => [
          toLiteral(schema, type.key, key),
          toLiteral(schema, type.value, each),
        ]),
      );
    case "struct": {
      const { fields } = schema.structs.get(type.name)!;
      const object: Record<string, unknown> = Object.create(null);
      for (const [name, member] of value as Members) {
        const field = fields.find((candidate) => candidate.name === name)!;
        object[name] = toLiteral(schema, field.type, member);
      }
      return object;
    }
    default:
      return value;
  }
}

/** What `lossless-json` makes of the JSON text: numbers keep their digits. */
export function toLossless(schema: SchemaModel, type: TypeModel, value: ValueModel): unknown {
  switch (type.kind) {
    case "bool":
    case "string":
    case "uuid":
      return value;
    case "binary":
      return Buffer.from(value as Uint8Array).toString("base64");
    case "list":
    case "set":
      return (value as readonly ValueModel[]).map((element) => toLossless(schema, type.element, element));
    case "map": {
      const entries = (value as unknown as Entries).map(
        ([key, each]) => [toLossless(schema, type.key, key), toLossless(schema, type.value, each)] as const,
      );
      if (isContainer(type.key)) return entries;
      return Object.fromEntries(
        entries.map(([key, each]) => [key instanceof LosslessNumber ? key.value : String(key), each]),
      );
    }
    case "struct": {
      const { fields } = schema.structs.get(type.name)!;
      const members = [...(value as Members)].map(([name, member]) => {
        const field = fields.find((candidate) => candidate.name === name)!;
        return [field.alias ?? name, toLossless(schema, field.type, member)] as const;
      });
      return Object.fromEntries(members);
    }
    default:
      return new LosslessNumber(Object.is(value, -0) ? "-0" : String(value));
  }
}

/** The same value with the fields of structs in the order of the IDL, at every depth. */
export function inSchemaOrder(schema: SchemaModel, type: TypeModel, value: ValueModel): ValueModel {
  return mapStructs(schema, type, value, (members, fields) => {
    const ordered = fields.flatMap(({ name }) =>
      members.has(name) ? [[name, members.get(name)!] as const] : [],
    );
    return new Map(ordered);
  });
}

/** The same value without the members that `keep` rejects, at every depth. */
export function withoutFields(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  keep: (struct: string, field: string) => boolean,
): ValueModel {
  return mapStructs(
    schema,
    type,
    value,
    (members, _fields, struct) => new Map([...members].filter(([name]) => keep(struct, name))),
  );
}

/** Rebuilds a value with every struct changed by `change`, from the outside to the inside. */
function mapStructs(
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  change: (members: Members, fields: readonly { readonly name: string }[], struct: string) => Members,
): ValueModel {
  const inside = (inner: TypeModel, each: ValueModel): ValueModel => mapStructs(schema, inner, each, change);
  switch (type.kind) {
    case "list":
    case "set":
      return (value as readonly ValueModel[]).map((element) => inside(type.element, element));
    case "map":
      return (value as unknown as Entries).map(([key, each]) => [
        inside(type.key, key),
        inside(type.value, each),
      ]) as unknown as ValueModel;
    case "struct": {
      const { fields } = schema.structs.get(type.name)!;
      const members = change(value as Members, fields, type.name);
      return new Map(
        [...members].map(([name, member]) => {
          const field = fields.find((candidate) => candidate.name === name)!;
          return [name, inside(field.type, member)];
        }),
      );
    }
    default:
      return value;
  }
}
