import type {
  AnnotationNode,
  ConstNode,
  DefinitionNode,
  FieldNode,
  MethodNode,
  TypeNode,
} from "../../src/idl/ast.ts";
import { parseDocument } from "../../src/idl/parser.ts";

/** One spelling for what may be written in many ways: each definition on one line, separators and docs left out. */
export function print(source: string): string[] {
  const { document, diagnostics } = parseDocument(source, "test.thrift");
  if (diagnostics.length > 0) {
    throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join("\n"));
  }
  return document.definitions.map(printDefinition);
}

export function printDefinition(node: DefinitionNode): string {
  const tail = printAnnotations(node.annotations);
  switch (node.kind) {
    case "const":
      return `const ${printType(node.type)} ${node.name.text} = ${printConst(node.value)}${tail}`;
    case "typedef":
      return `typedef ${printType(node.type)} ${node.name.text}${tail}`;
    case "enum": {
      const members = node.members.map(
        ({ name, value, annotations }) =>
          `${name.text}${value === undefined ? "" : ` = ${value}`}${printAnnotations(annotations)}`,
      );
      return `enum ${node.name.text} {${members.join(", ")}}${tail}`;
    }
    case "senum":
      return `senum ${node.name.text} ${JSON.stringify(node.members)}${tail}`;
    case "struct": {
      const all = node.xsdAll ? " xsd_all" : "";
      return `${node.flavor} ${node.name.text}${all} {${printFields(node.fields)}}${tail}`;
    }
    case "service": {
      const base = node.extends === undefined ? "" : ` extends ${node.extends.text}`;
      return `service ${node.name.text}${base} {${node.methods.map(printMethod).join(", ")}}${tail}`;
    }
  }
}

function printFields(fields: readonly FieldNode[]): string {
  return fields.map(printField).join(", ");
}

function printField(field: FieldNode): string {
  const id = field.id === undefined ? "" : `${field.id}: `;
  const requiredness = field.requiredness === "default" ? "" : `${field.requiredness} `;
  const reference = field.reference ? "&" : "";
  const value = field.defaultValue === undefined ? "" : ` = ${printConst(field.defaultValue)}`;
  const tail = printAnnotations(field.annotations);
  return `${id}${requiredness}${printType(field.type)}${reference} ${field.name.text}${value}${tail}`;
}

function printMethod(method: MethodNode): string {
  const oneway = method.oneway ? "oneway " : "";
  const returnType = method.returnType === undefined ? "void" : printType(method.returnType);
  const throws = method.throws.length === 0 ? "" : ` throws (${printFields(method.throws)})`;
  const tail = printAnnotations(method.annotations);
  return `${oneway}${returnType} ${method.name.text}(${printFields(method.args)})${throws}${tail}`;
}

export function printType(type: TypeNode): string {
  const tail = printAnnotations(type.annotations);
  switch (type.kind) {
    case "base":
      return type.name + tail;
    case "named":
      // Brackets tell a name from a base type.
      return `[${type.name}]${tail}`;
    case "list":
    case "set":
      return `${type.kind}${printCppType(type.cppType)}<${printType(type.element)}>${tail}`;
    case "map":
      return `map${printCppType(type.cppType)}<${printType(type.key)}, ${printType(type.value)}>${tail}`;
  }
}

function printCppType(cppType: string | undefined): string {
  return cppType === undefined ? "" : ` cpp_type ${JSON.stringify(cppType)} `;
}

export function printConst(node: ConstNode): string {
  switch (node.kind) {
    case "int":
      return String(node.value);
    case "double":
      // With a point, so that it is not mistaken for an integer.
      return Number.isInteger(node.value) ? node.value.toFixed(1) : String(node.value);
    case "string":
      return JSON.stringify(node.value);
    case "identifier":
      return node.name;
    case "list":
      return `[${node.elements.map(printConst).join(", ")}]`;
    case "map":
      return `{${node.entries.map(({ key, value }) => `${printConst(key)}: ${printConst(value)}`).join(", ")}}`;
  }
}

function printAnnotations(annotations: readonly AnnotationNode[]): string {
  return annotations.length === 0
    ? ""
    : ` (${annotations.map(({ key, value }) => `${key}=${JSON.stringify(value)}`).join(", ")})`;
}
