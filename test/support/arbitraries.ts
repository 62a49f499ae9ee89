import fc from "fast-check";
import {
  type EnumModel,
  type FieldModel,
  rootType,
  type ScalarName,
  type SchemaModel,
  type StructModel,
  type TypeModel,
  toJsonText,
  type ValueModel,
} from "./schema.ts";

/** A random schema with a random value of its root struct, and the JSON text of the value. */
export interface MessageModel {
  readonly schema: SchemaModel;
  readonly value: ValueModel;
  readonly json: string;
}

export interface SchemaConstraints {
  /** Types that do not occur anywhere, such as `uuid` for a peer without it. */
  readonly without?: readonly TypeModel["kind"][];
}

const MAX_STRUCTS = 4;
const MAX_FIELDS = 6;
const MAX_ELEMENTS = 3;
const MAX_TYPE_DEPTH = 2;
/** How often a struct may contain itself. */
const MAX_RECURSION = 2;

const SCALARS: readonly ScalarName[] = [
  "bool",
  "byte",
  "i16",
  "i32",
  "i64",
  "double",
  "string",
  "binary",
  "uuid",
];

/** Names that a careless lookup confuses with members of `Object.prototype`, and ordinary ones. */
const fieldName: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"),
  },
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,9}$/).map((text) => `${text}_`) },
);
const alias: fc.Arbitrary<string | undefined> = fc.option(
  fc.oneof(fc.stringMatching(/^[ -!#-[\]-~]{1,12}$/), fc.constantFrom("键", "größe", "🔑", "$ref", "a.b[0]")),
  { nil: undefined, freq: 3 },
);
const fieldId: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 32_767 }) },
);

function enumModel(index: number): fc.Arbitrary<EnumModel> {
  const numbers = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.integer());
  return fc.uniqueArray(numbers, { minLength: 1, maxLength: 5 }).map((values) => ({
    name: `E${index}`,
    members: new Map(values.map((value, member) => [`M${index}_${member}`, value])),
  }));
}

function typeModel(
  leaves: readonly TypeModel[],
  depth: number,
  without: readonly TypeModel["kind"][],
): fc.Arbitrary<TypeModel> {
  const leaf = fc.constantFrom(...leaves);
  if (depth === 0) return leaf;
  const inner = typeModel(leaves, depth - 1, without);
  const containers: fc.Arbitrary<TypeModel>[] = [
    fc.record({ kind: fc.constant("list" as const), element: inner }),
    fc.record({ kind: fc.constant("set" as const), element: inner }),
    fc.record({ kind: fc.constant("map" as const), key: inner, value: inner }),
  ];
  const kinds = ["list", "set", "map"] as const;
  const allowed = containers.filter((_, index) => !without.includes(kinds[index]!));
  return fc.oneof({ weight: 4, arbitrary: leaf }, ...allowed.map((arbitrary) => ({ weight: 1, arbitrary })));
}

/** Forms in which a struct may refer to itself: always optional, so that values end. */
function selfReference(name: string): fc.Arbitrary<TypeModel> {
  const self: TypeModel = { kind: "struct", name };
  return fc.constantFrom<TypeModel>(
    self,
    { kind: "list", element: self },
    { kind: "map", key: { kind: "string" }, value: self },
  );
}

function structModel(
  index: number,
  below: readonly TypeModel[],
  without: readonly TypeModel["kind"][],
): fc.Arbitrary<StructModel> {
  const name = `S${index}`;
  const ordinary = fc.record({
    id: fieldId,
    name: fieldName,
    alias,
    requiredness: fc.constantFrom("required" as const, "optional" as const, "default" as const),
    type: typeModel(below, MAX_TYPE_DEPTH, without),
  });
  const recursive = fc.record({
    id: fieldId,
    name: fieldName,
    alias,
    requiredness: fc.constant("optional" as const),
    type: selfReference(name),
  });
  const fields = (arbitrary: fc.Arbitrary<FieldModel>, minLength: number): fc.Arbitrary<FieldModel[]> =>
    fc
      .uniqueArray(arbitrary, { minLength, maxLength: MAX_FIELDS, selector: ({ id }) => id })
      .map(withUniqueKeys);
  const struct = fc.record({
    flavor: fc.constantFrom("struct" as const, "struct" as const, "exception" as const),
    name: fc.constant(name),
    fields: fields(
      without.includes("list") || without.includes("map")
        ? ordinary
        : fc.oneof({ weight: 6, arbitrary: ordinary }, { weight: 1, arbitrary: recursive }),
      0,
    ),
  });
  const union = fc.record({
    flavor: fc.constant("union" as const),
    name: fc.constant(name),
    fields: fields(
      ordinary.map((field) => ({ ...field, requiredness: "optional" as const })),
      1,
    ),
  });
  return fc.oneof({ weight: 4, arbitrary: struct }, { weight: 1, arbitrary: union });
}

/** Renames what would make a struct ambiguous: a name or key that another field has. */
function withUniqueKeys(fields: readonly FieldModel[]): FieldModel[] {
  const taken = new Set<string>();
  return fields.map((field, index) => {
    const name = taken.has(field.name) ? `f${index}` : field.name;
    taken.add(name);
    const key = field.alias === undefined || taken.has(field.alias) ? undefined : field.alias;
    if (key !== undefined) taken.add(key);
    return { ...field, name, alias: key };
  });
}

/** Random schemas: every type, unions and exceptions, nesting, recursion, and map keys of every type. */
export function schemaModel({ without = [] }: SchemaConstraints = {}): fc.Arbitrary<SchemaModel> {
  const scalars: TypeModel[] = SCALARS.filter((kind) => !without.includes(kind)).map((kind) => ({ kind }));
  const enums = without.includes("enum") ? [] : [0, 1];
  const enumTypes: TypeModel[] = enums.map((index) => ({ kind: "enum", name: `E${index}` }));
  return fc.integer({ min: 1, max: MAX_STRUCTS }).chain((count) => {
    const structs = Array.from({ length: count }, (_, index) => {
      const below: TypeModel[] = Array.from(
        { length: without.includes("struct") ? 0 : index },
        (_, lower) => ({
          kind: "struct",
          name: `S${lower}`,
        }),
      );
      return structModel(index, [...scalars, ...enumTypes, ...below], without);
    });
    return fc
      .tuple(fc.tuple(...enums.map(enumModel)), fc.tuple(...structs))
      .map(([enumModels, structModels]) => ({
        enums: new Map(enumModels.map((model) => [model.name, model])),
        structs: new Map(structModels.map((model) => [model.name, model])),
        root: `S${count - 1}`,
      }));
  });
}

const INTEGER_BITS = { byte: 8, i16: 16, i32: 32 } as const;

const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    "\u0000\b\f\n\r\t\u001f",
    '"\\/',
    "\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}",
    "\u2028",
  ),
);
const double: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1000, max: 1000 }).map((value) => value / 100),
  fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 2 ** 53, 0.1 + 0.2),
);
const int64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -300n, max: 300n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, 2n ** 32n, -(2n ** 31n)),
);

function integer(bits: number): fc.Arbitrary<number> {
  const max = 2 ** (bits - 1) - 1;
  return fc.oneof(fc.integer({ min: -max - 1, max }), fc.constantFrom(0, -1, max, -max - 1));
}

/** Random values of a type. Set elements and map keys differ from each other; unions have one member. */
export function valueModel(schema: SchemaModel, type: TypeModel): fc.Arbitrary<ValueModel> {
  return valueArbitrary(schema, type, new Map());
}

/** `open` counts how often each struct is being built, to end recursion. */
function valueArbitrary(
  schema: SchemaModel,
  type: TypeModel,
  open: ReadonlyMap<string, number>,
): fc.Arbitrary<ValueModel> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "byte":
    case "i16":
    case "i32":
      return integer(INTEGER_BITS[type.kind]);
    case "i64":
      return int64;
    case "double":
      return double;
    case "string":
      return text;
    case "binary":
      return fc.uint8Array({ maxLength: 20 });
    case "uuid":
      return fc.uuid();
    case "enum":
      return fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...schema.enums.get(type.name)!.members.values()) },
        { weight: 1, arbitrary: integer(INTEGER_BITS.i32) },
      );
    case "list":
      return fc.array(valueArbitrary(schema, type.element, open), { maxLength: MAX_ELEMENTS });
    case "set":
      return fc.uniqueArray(valueArbitrary(schema, type.element, open), {
        maxLength: MAX_ELEMENTS,
        selector: (element) => toJsonText(schema, type.element, element),
      });
    case "map":
      return fc.uniqueArray(
        fc.tuple(valueArbitrary(schema, type.key, open), valueArbitrary(schema, type.value, open)),
        { maxLength: MAX_ELEMENTS, selector: ([key]) => toJsonText(schema, type.key, key) },
      );
    case "struct":
      return structValue(schema, schema.structs.get(type.name)!, open);
  }
}

function structValue(
  schema: SchemaModel,
  struct: StructModel,
  open: ReadonlyMap<string, number>,
): fc.Arbitrary<ValueModel> {
  const depth = (open.get(struct.name) ?? 0) + 1;
  const within = new Map([...open, [struct.name, depth]]);
  const fields = struct.fields.filter(({ type }) => depth < MAX_RECURSION || !refersTo(type, struct.name));
  const member = (field: FieldModel): fc.Arbitrary<[string, ValueModel]> =>
    valueArbitrary(schema, field.type, within).map((value) => [field.name, value]);
  if (struct.flavor === "union") {
    return fc.oneof(...fields.map(member)).map((only) => new Map([only]));
  }
  const members = fields.map((field) =>
    field.requiredness === "required"
      ? member(field)
      : fc.option<[string, ValueModel], undefined>(member(field), { nil: undefined, freq: 4 }),
  );
  return fc
    .tuple(...members)
    .map((entries) => entries.filter((entry) => entry !== undefined))
    .chain((entries) => fc.shuffledSubarray(entries, { minLength: entries.length }))
    .map((entries) => new Map(entries));
}

function refersTo(type: TypeModel, name: string): boolean {
  switch (type.kind) {
    case "struct":
      return type.name === name;
    case "list":
    case "set":
      return refersTo(type.element, name);
    case "map":
      return refersTo(type.key, name) || refersTo(type.value, name);
    default:
      return false;
  }
}

/** A random schema and a random message of it. */
export function message(constraints: SchemaConstraints = {}): fc.Arbitrary<MessageModel> {
  return schemaModel(constraints).chain((schema) =>
    valueModel(schema, rootType(schema)).map((value) => ({
      schema,
      value,
      json: toJsonText(schema, rootType(schema), value),
    })),
  );
}

/** JSON text with random blanks around its tokens, which every reader must ignore. */
export function withBlanks(json: string): fc.Arbitrary<string> {
  // Strings are matched whole, so that nothing is put into them.
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^{}[\]:,"]+/gs) ?? [];
  const blank = fc.constantFrom("", "", "", " ", "\n", "\t", "\r\n  ");
  return fc
    .array(blank, { minLength: tokens.length + 1, maxLength: tokens.length + 1 })
    .map((blanks) =>
      tokens.reduce((joined, token, index) => joined + token + blanks[index + 1]!, blanks[0]!),
    );
}
