import type { Colors } from "./colors.ts";
import type {
  ConstantModel,
  EnumMemberModel,
  EnumModel,
  FieldModel,
  FileModel,
  MethodModel,
  Model,
  ServiceModel,
  StructModel,
  TypeModel,
} from "./describe-model.ts";

import { printable } from "./printable.ts";

/** Definitions as text for people, with a line feed at the end. */
export function renderModel(model: Model, colors: Colors): string {
  return `${renderLines(model, colors).join("\n")}\n`;
}

function renderLines(model: Model, colors: Colors): string[] {
  if ("ownMethods" in model) return renderService(model, colors, "inherited");
  if ("fields" in model) return renderStruct(model, colors);
  if ("values" in model) return renderEnum(model, colors);
  if ("exceptions" in model) return renderMethodInFull(model, colors);
  if ("services" in model) return renderFile(model, colors);
  if ("type" in model) return [renderConstant(model, colors)];
  return [renderType(model)];
}

function renderFile(file: FileModel, colors: Colors): string[] {
  const blocks = [
    ...file.services.map((service) => renderService(service, colors, "own")),
    ...file.structs.map((struct) => renderStruct(struct, colors, file.file)),
    ...file.enums.map((type) => renderEnum(type, colors)),
    file.typedefs.map(({ name, type }) => `${keyword("typedef", colors)} ${type.name} ${colors.bold(name)}`),
    file.constants.map((constant) => renderConstant(constant, colors)),
  ].filter((block) => block.length > 0);
  const title = colors.dim(`// ${file.file}`);
  if (blocks.length === 0) return [title, colors.dim("// defines nothing")];
  return [title, ...blocks.flatMap((block) => ["", ...block])];
}

function keyword(text: string, { magenta }: Colors): string {
  return magenta(text);
}

function renderType(type: TypeModel): string {
  return type.name;
}

/** `around` is the file that is being shown, which need not be told. */
function renderStruct(struct: StructModel, colors: Colors, around?: string): string[] {
  const { kind, name, file, fields } = struct;
  const place = file === around ? "" : ` ${colors.dim(`// ${file}`)}`;
  return [
    ...renderDoc(struct.doc, "", colors),
    `${keyword(kind, colors)} ${colors.bold(name)}${place}`,
    ...renderFields(fields, colors),
  ];
}

/** Longer types do not widen the column for all. */
const MAX_TYPE_WIDTH = 40;

function renderFields(fields: readonly FieldModel[], colors: Colors): string[] {
  const width = (texts: readonly string[], most = Number.POSITIVE_INFINITY): number =>
    Math.max(0, ...texts.map((text) => text.length).filter((length) => length <= most));
  const idWidth = width(fields.map(({ id }) => String(id)));
  const typeWidth = width(
    fields.map(({ type }) => type.name),
    MAX_TYPE_WIDTH,
  );
  const nameWidth = width(fields.map(({ name }) => name));
  return fields.map((field) => {
    const columns = [
      String(field.id).padStart(idWidth),
      field.requiredness.padEnd("required".length),
      field.type.name.padEnd(typeWidth),
      colors.cyan(field.name) + " ".repeat(nameWidth - field.name.length),
      ...(field.default === undefined ? [] : [`= ${field.default.text}`]),
      ...(field.key === field.name ? [] : [`json ${JSON.stringify(field.key)}`]),
      ...(field.doc === undefined ? [] : [colors.dim(`// ${firstLine(field.doc)}`)]),
    ];
    return `  ${columns.join("  ")}`.trimEnd();
  });
}

function renderEnum(type: EnumModel, colors: Colors): string[] {
  const nameWidth = Math.max(0, ...type.values.map(({ name }) => name.length));
  return [
    ...renderDoc(type.doc, "", colors),
    `${keyword("enum", colors)} ${colors.bold(type.name)}`,
    ...type.values.map((member) => `  ${renderEnumMember(member, nameWidth, colors)}`),
  ];
}

function renderEnumMember(member: EnumMemberModel, nameWidth: number, colors: Colors): string {
  const { name, value, doc } = member;
  const comment = doc === undefined ? "" : `  ${colors.dim(`// ${firstLine(doc)}`)}`;
  return `${colors.cyan(name.padEnd(nameWidth))} = ${value}${comment}`;
}

function renderConstant({ name, type, value }: ConstantModel, colors: Colors): string {
  return `${keyword("const", colors)} ${type.name} ${colors.bold(name)} = ${value.text}`;
}

function renderService(service: ServiceModel, colors: Colors, methods: "own" | "inherited"): string[] {
  const { name, ownMethods } = service;
  const parent =
    service.extends === null ? "" : ` ${keyword("extends", colors)} ${colors.bold(service.extends)}`;
  const lines = [
    ...renderDoc(service.doc, "", colors),
    `${keyword("service", colors)} ${colors.bold(name)}${parent}`,
  ];
  service.methods.forEach((method, index) => {
    if (index < ownMethods) {
      lines.push(...renderDoc(method.doc, "  ", colors), `  ${renderSignature(method, colors)}`);
    } else if (methods === "inherited") {
      lines.push(`  ${renderSignature(method, colors)} ${colors.dim("// inherited")}`);
    }
  });
  return lines;
}

function renderSignature(method: MethodModel, colors: Colors): string {
  const { name, oneway, streaming, returns, args, exceptions, endpoints } = method;
  const result = returns === null ? "void" : returns.name;
  const parts = [
    `${oneway ? `${keyword("oneway", colors)} ` : ""}${result} ${colors.bold(name)}(${args.map(renderParameter).join(", ")})`,
    ...(exceptions.length === 0
      ? []
      : [`${keyword("throws", colors)} (${exceptions.map(renderParameter).join(", ")})`]),
    ...(streaming === "none" ? [] : [colors.dim(`// streaming ${streaming}`)]),
    ...endpoints.map((endpoint) => colors.dim(`// ${endpoint.method} ${printable(endpoint.path)}`)),
  ];
  return parts.join(" ");
}

function renderParameter({ id, type, name, default: value }: FieldModel): string {
  return `${id}: ${type.name} ${name}${value === undefined ? "" : ` = ${value.text}`}`;
}

function renderMethodInFull(method: MethodModel, colors: Colors): string[] {
  const lines = [...renderDoc(method.doc, "", colors), renderSignature(method, colors)];
  if (method.args.length > 0) lines.push("", colors.dim("args"), ...renderFields(method.args, colors));
  if (!method.oneway) {
    lines.push("", colors.dim("result"));
    lines.push(
      `  ${method.returns === null ? "void" : `0  ${method.returns.name}  ${colors.cyan("success")}`}`,
    );
    lines.push(...renderFields(method.exceptions, colors));
  }
  return lines;
}

function renderDoc(doc: string | undefined, indent: string, colors: Colors): string[] {
  if (doc === undefined) return [];
  return doc.split("\n").map((line) => colors.dim(`${indent}// ${printable(line)}`.trimEnd()));
}

function firstLine(doc: string): string {
  return printable(doc.split("\n", 1)[0] ?? "");
}
