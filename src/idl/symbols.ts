import type { Annotations } from "../descriptor/annotations.ts";
import type { ResolvedMethod } from "../descriptor/registry.ts";
import type { EnumDescriptor, StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import type {
  ConstDefinitionNode,
  DefinitionNode,
  Document,
  EnumNode,
  MethodNode,
  NameNode,
  SenumNode,
  ServiceNode,
  StructNode,
  TypedefNode,
} from "./ast.ts";
import { brief } from "./brief.ts";
import type { StructFields } from "./fields.ts";
import type { LoadedIdl } from "./includes.ts";
import type { Reporter } from "./report.ts";

/** The names of one file, and the files that it includes. */
export interface FileScope {
  readonly document: Document;
  readonly fileName: string;
  readonly types: Map<string, TypeSymbol>;
  readonly constants: Map<string, ConstantSymbol>;
  readonly services: Map<string, ServiceSymbol>;
  /** The included files by the prefix of their names; several when their base names are equal. */
  readonly includes: Map<string, FileScope[]>;
  /** Prefixes of includes that were not found, which is reported already. */
  readonly missingPrefixes: Set<string>;
}

export type TypeSymbol = TypedefSymbol | EnumSymbol | SenumSymbol | StructSymbol;

export interface TypedefSymbol {
  readonly kind: "typedef";
  readonly node: TypedefNode;
  readonly scope: FileScope;
  /** `open` while its target is being resolved. */
  state: "new" | "open" | "done";
  /** The target when done; `undefined` when it has none, which is reported already. */
  type: TypeDescriptor | undefined;
}

export interface EnumSymbol {
  readonly kind: "enum";
  readonly node: EnumNode;
  readonly scope: FileScope;
  readonly type: EnumDescriptor;
}

export interface SenumSymbol {
  readonly kind: "senum";
  readonly node: SenumNode;
  readonly scope: FileScope;
}

export interface StructSymbol {
  readonly kind: "struct";
  readonly node: StructNode;
  readonly scope: FileScope;
  readonly type: StructDescriptor;
  readonly fields: StructFields;
}

export interface ConstantSymbol {
  readonly node: ConstDefinitionNode;
  readonly scope: FileScope;
  /** Set when types are resolved; `undefined` when it does not exist, which is reported. */
  type: TypeDescriptor | undefined;
}

export interface ServiceSymbol {
  readonly node: ServiceNode;
  readonly scope: FileScope;
  /** Set when services are linked. */
  parent: ServiceSymbol | undefined;
  /** The own ones; filled when services are linked. */
  readonly methods: MethodSymbol[];
}

export interface MethodSymbol {
  readonly node: MethodNode;
  readonly service: ServiceSymbol;
  readonly returnType: TypeDescriptor | undefined;
  readonly args: StructFields;
  readonly throws: StructFields;
  readonly annotations: Annotations;
  /** What the annotations mean. */
  readonly meaning: ResolvedMethod;
}

/** Makes the symbols of types that carry a descriptor. */
export interface SymbolFactory {
  enum(node: EnumNode, scope: FileScope): EnumSymbol;
  struct(node: StructNode, scope: FileScope): StructSymbol;
}

/** A scope for every file, with its definitions declared and its includes connected. */
export function declareFiles(
  loaded: LoadedIdl,
  factory: SymbolFactory,
  reporter: Reporter,
): ReadonlyMap<string, FileScope> {
  const scopes = new Map<string, FileScope>();
  for (const [fileName, document] of loaded.documents) {
    scopes.set(fileName, {
      document,
      fileName,
      types: new Map(),
      constants: new Map(),
      services: new Map(),
      includes: new Map(),
      missingPrefixes: new Set(),
    });
  }
  for (const scope of scopes.values()) {
    connectIncludes(scope, scopes);
    for (const definition of scope.document.definitions) {
      declare(definition, scope, factory, reporter);
    }
  }
  return scopes;
}

/** `dir/shared.v1.thrift` → `shared.v1`, what names of that file are prefixed with. */
function includePrefix(path: string): string {
  const baseName = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const dot = baseName.lastIndexOf(".");
  return dot < 0 ? baseName : baseName.slice(0, dot);
}

function connectIncludes(scope: FileScope, scopes: ReadonlyMap<string, FileScope>): void {
  for (const include of scope.document.includes) {
    const prefix = includePrefix(include.path);
    const included = include.resolved === undefined ? undefined : scopes.get(include.resolved);
    if (included === undefined) {
      scope.missingPrefixes.add(prefix);
      continue;
    }
    const others = scope.includes.get(prefix);
    if (others === undefined) {
      scope.includes.set(prefix, [included]);
    } else if (!others.includes(included)) {
      others.push(included);
    }
  }
}

function declare(
  definition: DefinitionNode,
  scope: FileScope,
  factory: SymbolFactory,
  reporter: Reporter,
): void {
  const { name } = definition;
  switch (definition.kind) {
    case "const":
      if (!isTaken(scope, name, scope.constants.get(name.text)?.node, reporter)) {
        warnOfOtherKind(scope, name, typeOrService(scope, name.text), reporter);
        scope.constants.set(name.text, { node: definition, scope, type: undefined });
      }
      return;
    case "service":
      if (!isTaken(scope, name, typeOrService(scope, name.text), reporter)) {
        warnOfOtherKind(scope, name, scope.constants.get(name.text)?.node, reporter);
        scope.services.set(name.text, { node: definition, scope, parent: undefined, methods: [] });
      }
      return;
    default:
      if (!isTaken(scope, name, typeOrService(scope, name.text), reporter)) {
        warnOfOtherKind(scope, name, scope.constants.get(name.text)?.node, reporter);
        scope.types.set(name.text, createTypeSymbol(definition, scope, factory));
      }
  }
}

function createTypeSymbol(
  node: TypedefNode | EnumNode | SenumNode | StructNode,
  scope: FileScope,
  factory: SymbolFactory,
): TypeSymbol {
  switch (node.kind) {
    case "typedef":
      return { kind: "typedef", node, scope, state: "new", type: undefined };
    case "senum":
      return { kind: "senum", node, scope };
    case "enum":
      return factory.enum(node, scope);
    case "struct":
      return factory.struct(node, scope);
  }
}

function typeOrService(scope: FileScope, name: string): DefinitionNode | undefined {
  return scope.types.get(name)?.node ?? scope.services.get(name)?.node;
}

function isTaken(
  scope: FileScope,
  name: NameNode,
  first: DefinitionNode | undefined,
  reporter: Reporter,
): boolean {
  if (first === undefined) {
    return false;
  }
  reporter.error(scope, name, brief`\`${name.text}\` is defined twice`, {
    notes: [{ scope, span: first.name, message: "first defined here" }],
  });
  return true;
}

/** Apache Thrift keeps constants apart from types and services; thriftgo does not. */
function warnOfOtherKind(
  scope: FileScope,
  name: NameNode,
  other: DefinitionNode | undefined,
  reporter: Reporter,
): void {
  if (other !== undefined) {
    reporter.warn(scope, name, brief`\`${name.text}\` is also the name of ${describeKind(other)}`, {
      notes: [{ scope, span: other.name, message: "defined here" }],
    });
  }
}

/** What a definition is, for messages: `an enum`. */
export function describeKind(node: DefinitionNode): string {
  switch (node.kind) {
    case "const":
      return "a constant";
    case "enum":
      return "an enum";
    case "struct":
      return node.flavor === "exception" ? "an exception" : `a ${node.flavor}`;
    default:
      return `a ${node.kind}`;
  }
}
