// `protobufjs` on an equivalent schema: the same fields under the same names and ids. It reads and writes Protobuf, so
// it stands here for scale only.
import protobuf from "protobufjs";

const SCALARS = {
  bool: "bool",
  byte: "int32",
  i16: "int32",
  i32: "int32",
  enum: "int32",
  i64: "int64",
  double: "double",
  string: "string",
  binary: "bytes",
};

/** Its own JSON form: base64 for bytes, and numbers for i64 as `JSON.parse` gives them. */
const TO_JSON_FORM = { bytes: String, longs: Number };

/** Fields are there or not, as in Thrift; lists of numbers are packed. */
const EDITION = "2023";

/** The only field of the message that stands for a list at the root. */
const LIST_FIELD = "items";

/**
 * @param {import("../../dist/index.js").TypeDescriptor} type
 * @returns {{ encode(json: unknown): Uint8Array, decode(bytes: Uint8Array): unknown }} from and to JSON values
 */
export function createProtobuf(type) {
  const isList = type.kind === "list";
  const { schema, root } = protobufSchema(type);
  const message = protobuf.Root.fromJSON(schema).lookupType(root);
  return {
    encode: (json) => message.encode(message.fromObject(isList ? { [LIST_FIELD]: json } : json)).finish(),
    decode(bytes) {
      const value = message.toObject(message.decode(bytes), TO_JSON_FORM);
      return isList ? value[LIST_FIELD] : value;
    },
  };
}

/** The schema, in the JSON that protobufjs loads, and the name of the message that stands for the type. */
export function protobufSchema(type) {
  const nested = {};
  const root = type.kind === "list" ? listMessage(type, nested) : addMessage(type, nested);
  return { schema: { nested }, root };
}

function listMessage({ element }, nested) {
  const name = "Root";
  nested[name] = {
    edition: EDITION,
    fields: { [LIST_FIELD]: { id: 1, rule: "repeated", type: typeName(element, nested) } },
  };
  return name;
}

/** Adds a struct and those below it; gives its name. */
function addMessage(struct, nested) {
  if (struct.name in nested) return struct.name;
  const message = { edition: EDITION, fields: {} };
  nested[struct.name] = message;
  for (const { id, alias, type } of struct.fields) message.fields[alias] = { id, ...describe(type, nested) };
  return struct.name;
}

function describe(type, nested) {
  switch (type.kind) {
    case "list":
    case "set":
      return { rule: "repeated", type: typeName(type.element, nested) };
    case "map":
      return { keyType: SCALARS[type.key.kind], type: typeName(type.value, nested) };
    default:
      return { type: typeName(type, nested) };
  }
}

function typeName(type, nested) {
  if (type.kind === "struct") return addMessage(type, nested);
  const name = SCALARS[type.kind];
  if (name === undefined) throw new Error(`Protobuf has no ${type.name} here`);
  return name;
}
