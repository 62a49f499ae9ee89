import fastJsonStringify from "fast-json-stringify";

const SCALARS = {
  bool: "boolean",
  byte: "integer",
  i16: "integer",
  i32: "integer",
  enum: "integer",
  i64: "integer",
  double: "number",
  string: "string",
  binary: "string",
};

/** @returns {(value: unknown) => string} */
export function createFastStringify(type) {
  const definitions = {};
  const root = describe(type, definitions);
  return fastJsonStringify({ ...root, definitions });
}

function describe(type, definitions) {
  switch (type.kind) {
    case "list":
    case "set":
      return { type: "array", items: describe(type.element, definitions) };
    case "map":
      return { type: "object", additionalProperties: describe(type.value, definitions) };
    case "struct":
      addDefinition(type, definitions);
      return { $ref: `#/definitions/${type.name}` };
    default:
      return { type: SCALARS[type.kind] };
  }
}

function addDefinition(struct, definitions) {
  if (struct.name in definitions) return;
  const properties = {};
  definitions[struct.name] = { type: "object", properties };
  for (const { alias, type } of struct.fields) properties[alias] = describe(type, definitions);
}
