import { NO_ANNOTATIONS } from "../descriptor/annotations.ts";
import type { ContainerTypes } from "../descriptor/container.ts";
import { createEnum } from "../descriptor/enum.ts";
import { createField } from "../descriptor/field.ts";
import { createMethod, SUCCESS } from "../descriptor/method.ts";
import type { AnnotationRegistry, NamingCase } from "../descriptor/registry.ts";
import { createService } from "../descriptor/service.ts";
import { createStruct, type FieldKeys } from "../descriptor/struct.ts";
import type {
  EnumMember,
  FieldDescriptor,
  MethodDescriptor,
  ServiceDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { TypeVariants } from "../descriptor/variants.ts";
import { annotationsOf } from "./annotations.ts";
import type { EnumNode, StructNode } from "./ast.ts";
import { brief } from "./brief.ts";
import { type FieldSymbol, StructFields } from "./fields.ts";
import type { Reporter } from "./report.ts";
import { fitsI32 } from "./scalar-literal.ts";
import { COMBINED_SERVICES } from "./select-service.ts";
import type {
  EnumSymbol,
  FileScope,
  MethodSymbol,
  ServiceSymbol,
  StructSymbol,
  SymbolFactory,
} from "./symbols.ts";

/**
 * Makes the descriptors. Enums and the shells of structs are made while names are declared; everything
 * inside structs, services and methods is made on first use, when linking has checked it.
 */
export class DescriptorBuilder implements SymbolFactory {
  readonly #registry: AnnotationRegistry;
  readonly #fieldKeys: FieldKeys;
  readonly #reporter: Reporter;
  readonly #variants: TypeVariants;
  /** Of which methods there are descriptors; `undefined` for all. */
  readonly #methodNames: ReadonlySet<string> | undefined;
  readonly #services = new Map<ServiceSymbol, ServiceDescriptor>();
  readonly #methods = new Map<MethodSymbol, MethodDescriptor>();

  constructor(
    registry: AnnotationRegistry,
    fieldKeys: FieldKeys,
    methodNames: ReadonlySet<string> | undefined,
    containers: ContainerTypes,
    reporter: Reporter,
  ) {
    this.#registry = registry;
    this.#fieldKeys = fieldKeys;
    this.#reporter = reporter;
    this.#methodNames = methodNames;
    this.#variants = new TypeVariants(registry, fieldKeys, containers);
  }

  enum(node: EnumNode, scope: FileScope): EnumSymbol {
    const type = createEnum({
      name: node.name.text,
      members: enumMembers(node, scope, this.#reporter),
      annotations: annotationsOf(node.annotations),
      doc: node.doc,
    });
    return { kind: "enum", node, scope, type };
  }

  struct(node: StructNode, scope: FileScope): StructSymbol {
    const fields = new StructFields();
    const annotations = annotationsOf(node.annotations);
    const type = createStruct({
      flavor: node.flavor,
      role: undefined,
      name: node.name.text,
      fileName: scope.fileName,
      annotations,
      doc: node.doc,
      fieldKeys: this.#fieldKeys,
      fields: (parent) => {
        const naming = this.#registry.resolveNaming(annotations, undefined);
        return this.#fields(parent, fields.list, naming, (field) => field);
      },
    });
    return { kind: "struct", node, scope, type, fields };
  }

  /** The descriptor of a service, always the same one. */
  service(symbol: ServiceSymbol): ServiceDescriptor {
    let service = this.#services.get(symbol);
    if (service === undefined) {
      const { node } = symbol;
      const parent = symbol.parent && this.service(symbol.parent);
      service = createService({
        name: node.name.text,
        extends: parent,
        annotations: annotationsOf(node.annotations),
        doc: node.doc,
        methods: () => [
          ...symbol.methods
            .filter(({ node: { name } }) => this.#methodNames?.has(name.text) ?? true)
            .map((method) => this.#method(method)),
          ...(parent?.methods ?? []),
        ],
      });
      this.#services.set(symbol, service);
    }
    return service;
  }

  /** The descriptor of one service, or of several combined into one. */
  chosen(choice: ServiceSymbol | readonly ServiceSymbol[]): ServiceDescriptor {
    if ("node" in choice) {
      return this.service(choice);
    }
    const services = choice.map((symbol) => this.service(symbol));
    const last = services.at(-1);
    return createService({
      name: COMBINED_SERVICES,
      extends: undefined,
      annotations: last?.annotations ?? NO_ANNOTATIONS,
      doc: undefined,
      // Services with a common ancestor have its methods in common.
      methods: () => [...new Set(services.flatMap((service) => service.methods))],
    });
  }

  #method(symbol: MethodSymbol): MethodDescriptor {
    let method = this.#methods.get(symbol);
    if (method === undefined) {
      method = this.#createMethod(symbol);
      this.#methods.set(symbol, method);
    }
    return method;
  }

  #createMethod({
    node,
    service,
    returnType,
    args,
    throws,
    annotations,
    meaning,
  }: MethodSymbol): MethodDescriptor {
    const name = node.name.text;
    const { scope } = service;
    const naming = this.#registry.resolveNaming(
      annotations,
      this.#registry.resolveNaming(annotationsOf(service.node.annotations), undefined),
    );
    return createMethod({
      name,
      oneway: node.oneway,
      streaming: meaning.streaming,
      args: this.#wrapper("args", name, scope, (parent) =>
        this.#fields(parent, args.list, undefined, (type) => this.#variants.of(type, "plain", naming)),
      ),
      result: this.#wrapper("result", name, scope, (parent) => {
        const exceptions = this.#fields(parent, throws.list, undefined, (type) =>
          this.#variants.of(type, "plain", naming),
        );
        return returnType === undefined
          ? exceptions
          : [successField(parent, this.#variants.of(returnType, "response", naming)), ...exceptions];
      }),
      returns: returnType !== undefined,
      endpoints: meaning.endpoints,
      annotations,
      doc: node.doc,
    });
  }

  #wrapper(
    role: "args" | "result",
    method: string,
    scope: FileScope,
    fields: (parent: StructDescriptor) => readonly FieldDescriptor[],
  ): StructDescriptor {
    return createStruct({
      flavor: "struct",
      role,
      name: `${method}_${role}`,
      fileName: scope.fileName,
      annotations: NO_ANNOTATIONS,
      doc: undefined,
      fieldKeys: this.#fieldKeys,
      fields,
    });
  }

  #fields(
    parent: StructDescriptor,
    symbols: readonly FieldSymbol[],
    naming: NamingCase | undefined,
    variantOf: (type: TypeDescriptor) => TypeDescriptor,
  ): readonly FieldDescriptor[] {
    const fields: FieldDescriptor[] = [];
    for (const { node, id, requiredness, type, default: defaultValue } of symbols) {
      const name = node.name.text;
      const annotations = annotationsOf(node.annotations);
      const { alias, removed, mappings } = this.#registry.resolveField(name, annotations, naming);
      // Types are there, as linking ends with an error otherwise.
      if (removed === "always" || type === undefined) {
        continue;
      }
      fields.push(
        createField(parent, {
          id,
          name,
          alias,
          type: variantOf(type),
          requiredness,
          defaultValue: defaultValue?.value,
          annotations,
          doc: node.doc,
          mappings,
        }),
      );
    }
    return fields;
  }
}

function successField(parent: StructDescriptor, type: TypeDescriptor): FieldDescriptor {
  return createField(parent, {
    id: 0,
    name: SUCCESS,
    alias: SUCCESS,
    type,
    requiredness: "optional",
    defaultValue: undefined,
    annotations: NO_ANNOTATIONS,
    doc: undefined,
    mappings: { http: [] },
  });
}

function enumMembers(node: EnumNode, scope: FileScope, reporter: Reporter): ReadonlyMap<string, EnumMember> {
  const members = new Map<string, EnumMember>();
  const firsts = new Map<string, EnumNode["members"][number]>();
  const byNumber = new Map<number, string>();
  let next = 0n;
  for (const member of node.members) {
    const { text } = member.name;
    const value = member.value ?? next;
    next = value + 1n;
    if (!fitsI32(value)) {
      const message = `${value} is out of range for an enum (-2147483648 to 2147483647)`;
      reporter.error(scope, member.valueSpan, message);
      continue;
    }
    const first = firsts.get(text);
    if (first !== undefined) {
      reporter.error(scope, member.name, brief`enum \`${node.name.text}\` has two members \`${text}\``, {
        notes: [{ scope, span: first.name, message: "first defined here" }],
      });
      continue;
    }
    const number = Number(value);
    const sameNumber = byNumber.get(number);
    if (sameNumber === undefined) {
      byNumber.set(number, text);
    } else {
      reporter.warn(
        scope,
        member.name,
        brief`\`${text}\` has the number of \`${sameNumber}\`; thriftgo does not accept that`,
      );
    }
    firsts.set(text, member);
    members.set(text, {
      name: text,
      value: number,
      annotations: annotationsOf(member.annotations),
      doc: member.doc,
    });
  }
  return members;
}
