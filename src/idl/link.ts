import { ContainerTypes } from "../descriptor/container.ts";
import type { AnnotationRegistry, NamingCase } from "../descriptor/registry.ts";
import type { FieldKeys } from "../descriptor/struct.ts";
import type { ServiceDescriptor, StructDescriptor } from "../descriptor/types.ts";
import { annotationsOf } from "./annotations.ts";
import { askRegistry } from "./ask-registry.ts";
import { brief } from "./brief.ts";
import { DescriptorBuilder } from "./build.ts";
import { ConstantEvaluator } from "./constants.ts";
import { checkDefaultCycles } from "./defaults.ts";
import { type Diagnostic, IdlError } from "./diagnostics.ts";
import { type FieldSymbol, linkFields, type StructFields } from "./fields.ts";
import type { LoadedIdl } from "./includes.ts";
import { Reporter } from "./report.ts";
import { TypeResolver } from "./resolve.ts";
import { type ServiceChoice, selectService, warnOfUnknownMethods } from "./select-service.ts";
import { linkServices } from "./services.ts";
import { declareFiles, type FileScope, type ServiceSymbol, type StructSymbol } from "./symbols.ts";

export interface LinkOptions {
  readonly annotations: AnnotationRegistry;
  readonly fieldKeys: FieldKeys;
  readonly services: ServiceChoice;
  readonly methods: readonly string[] | undefined;
}

/** Checked IDL: every name is resolved, every constant evaluated; descriptors are there or made on use. */
export interface LinkedIdl {
  readonly root: FileScope;
  readonly warnings: readonly Diagnostic[];
  readonly resolver: TypeResolver;
  readonly constants: ConstantEvaluator;
  /** The descriptor of a service, always the same one. */
  readonly service: (symbol: ServiceSymbol) => ServiceDescriptor;
  /** What `idl.service()` gives; `undefined` when the root file has no service. */
  readonly chosenService: ServiceDescriptor | undefined;
}

/** Throws `IdlError` with all problems, in the order of files and places. */
export function link(loaded: LoadedIdl, options: LinkOptions): LinkedIdl {
  if (loaded.incomplete) {
    throw new IdlError(loaded.diagnostics, loaded.total, loaded.endedEarly);
  }
  const reporter = new Reporter();
  const containers = new ContainerTypes();
  const methodNames = options.methods && new Set(options.methods);
  const builder = new DescriptorBuilder(
    options.annotations,
    options.fieldKeys,
    methodNames,
    containers,
    reporter,
  );
  const scopes = [...declareFiles(loaded, builder, reporter).values()];
  warnOfInvalidUtf8(scopes, loaded.invalidUtf8, reporter);
  const root = scopes.find((scope) => scope.fileName === loaded.root)!;
  const structs = scopes.flatMap((scope) =>
    [...scope.types.values()].filter((type) => type.kind === "struct"),
  );
  const services = scopes.flatMap((scope) => [...scope.services.values()]);

  const resolver = new TypeResolver(containers);
  resolveTypes(scopes, structs, resolver, reporter);
  linkServices(services, resolver, options.annotations, reporter);
  const constants = evaluate(scopes, structs, services, reporter);
  for (const struct of structs) {
    checkKeys(struct, options, reporter);
  }
  const chosen = selectService(root, options.services, methodNames, reporter);
  warnOfUnknownMethods(root, options.methods, reporter);
  // Last, because the number of warnings is bounded and others matter more.
  warnOfDoubts(scopes, reporter);

  const fileNames = scopes.map((scope) => scope.document.fileName);
  const total = loaded.total + reporter.errorCount;
  if (total > 0) {
    throw new IdlError([...loaded.diagnostics, ...reporter.errors(fileNames)], total, loaded.endedEarly);
  }
  return {
    root,
    warnings: reporter.warnings(fileNames),
    resolver,
    constants,
    service: (symbol) => builder.service(symbol),
    chosenService: chosen && builder.chosen(chosen),
  };
}

/** Mostly it is a comment in another encoding; but keys and constants may not be what was meant. */
function warnOfInvalidUtf8(
  scopes: readonly FileScope[],
  invalidUtf8: ReadonlyMap<string, number>,
  reporter: Reporter,
): void {
  for (const scope of scopes) {
    const start = invalidUtf8.get(scope.fileName);
    if (start !== undefined) {
      const message = "these bytes, the first such in the file, are not valid UTF-8; U+FFFD stands for them";
      reporter.warn(scope, { start, end: start + 1 }, message);
    }
  }
}

function warnOfDoubts(scopes: readonly FileScope[], reporter: Reporter): void {
  for (const scope of scopes) {
    for (const doubt of scope.document.doubts) {
      reporter.warn(scope, doubt, doubt.message);
    }
  }
}

function resolveTypes(
  scopes: readonly FileScope[],
  structs: readonly StructSymbol[],
  resolver: TypeResolver,
  reporter: Reporter,
): void {
  for (const scope of scopes) {
    for (const type of scope.types.values()) {
      if (type.kind === "typedef") {
        resolver.resolveTypedef(type, reporter);
      }
    }
  }
  for (const { node, scope, fields } of structs) {
    linkFields(fields, node.flavor, node.fields, scope, resolver, reporter);
  }
  for (const scope of scopes) {
    for (const constant of scope.constants.values()) {
      constant.type = resolver.resolve(constant.node.type, scope, reporter);
    }
  }
}

function evaluate(
  scopes: readonly FileScope[],
  structs: readonly StructSymbol[],
  services: readonly ServiceSymbol[],
  reporter: Reporter,
): ConstantEvaluator {
  const fieldsOf = new Map<StructDescriptor, StructFields>(structs.map(({ type, fields }) => [type, fields]));
  const evaluator = new ConstantEvaluator(reporter, fieldsOf);
  for (const scope of scopes) {
    for (const constant of scope.constants.values()) {
      evaluator.constant(constant);
    }
  }
  const withDefault = [
    ...structs.map((struct) => struct.fields),
    ...services.flatMap((service) => service.methods.map((method) => method.args)),
  ].flatMap(({ byName }) => [...byName.values()].filter((field) => field.node.defaultValue !== undefined));
  for (const field of withDefault) {
    evaluateDefault(field, evaluator);
  }
  checkDefaultCycles(withDefault, reporter);
  return evaluator;
}

function evaluateDefault(field: FieldSymbol, evaluator: ConstantEvaluator): void {
  const { node, scope, type } = field;
  if (node.defaultValue !== undefined && type !== undefined) {
    field.default = evaluator.literal(node.defaultValue, type, scope);
  }
}

/**
 * Asks the registry about every field, so that it can object, and warns of fields with one JSON key, of
 * which it finds only one.
 */
function checkKeys(struct: StructSymbol, options: LinkOptions, reporter: Reporter): void {
  const { list } = struct.fields;
  const naming = options.annotations.resolveNaming(annotationsOf(struct.node.annotations), undefined);
  const winners = new Map<string, FieldSymbol>(
    options.fieldKeys === "both" ? list.map((field) => [field.node.name.text, field]) : [],
  );
  for (const field of list) {
    const { node, scope } = field;
    const key = keyOf(field, naming, options, reporter);
    const winner = key === undefined ? field : winners.get(key);
    if (key !== undefined && winner === undefined) {
      winners.set(key, field);
    } else if (winner !== undefined && winner !== field) {
      const other = winner.node.name;
      const message = brief`the JSON key of \`${node.name.text}\` finds the field \`${other.text}\` instead`;
      reporter.warn(scope, node.name, message, {
        notes: [{ scope: winner.scope, span: other, message: "this field has the same key" }],
      });
    }
  }
}

/** The JSON key of a field; `undefined` when it is removed, or when the registry objects, which is reported. */
function keyOf(
  { node, scope }: FieldSymbol,
  naming: NamingCase | undefined,
  { annotations: registry, fieldKeys }: LinkOptions,
  reporter: Reporter,
): string | undefined {
  const name = node.name.text;
  const field = askRegistry(node, scope, reporter, (of) => registry.resolveField(name, of, naming));
  return field === undefined || field.removed === "always"
    ? undefined
    : fieldKeys === "name"
      ? name
      : field.alias;
}
