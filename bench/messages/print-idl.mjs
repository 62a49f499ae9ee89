// IDL of the structs below a root, in one file and without what only some parsers know: enums are i32, unions are
// structs, the JSON keys are the names.

/**
 * @param {import("../../dist/index.js").StructDescriptor} root
 * @param {{ keeps?: (field: import("../../dist/index.js").FieldDescriptor) => boolean, types?: object }} [choice]
 *   which fields are described, by default all, and what stands for the types `i64` and for maps without string keys
 *   (`types.map` is added to `map<…>`)
 */
export function printIdl(root, { keeps = () => true, types = {} } = {}) {
  const printed = new Map();
  print(root);
  return [...printed.values()].join("\n");

  function print(struct) {
    if (printed.has(struct.name)) return;
    printed.set(struct.name, "");
    const lines = struct.fields.filter(keeps).map((field) => {
      const requiredness = field.requiredness === "default" ? "" : `${field.requiredness} `;
      return `  ${field.id}: ${requiredness}${typeText(field.type)} ${field.alias}\n`;
    });
    printed.set(struct.name, `struct ${struct.name} {\n${lines.join("")}}\n`);
  }

  function typeText(type) {
    switch (type.kind) {
      case "struct":
        print(type);
        return type.name;
      case "enum":
        return "i32";
      case "list":
      case "set":
        return `${type.kind}<${typeText(type.element)}>`;
      case "map": {
        const annotation = type.key.kind === "string" ? "" : (types.map ?? "");
        return `map<${typeText(type.key)}, ${typeText(type.value)}>${annotation}`;
      }
      default:
        return types[type.kind] ?? type.kind;
    }
  }
}
