import type {
  ConstantDescriptor,
  EnumDescriptor,
  ServiceDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { checkString, kindOf } from "../options.ts";
import { annotationsOf } from "./annotations.ts";
import { brief } from "./brief.ts";
import { createDiagnostic, type Diagnostic, IdlError } from "./diagnostics.ts";
import { readDocuments, readDocumentsSync } from "./file.ts";
import { type LoadedIdl, loadDocuments } from "./includes.ts";
import { type LinkedIdl, link } from "./link.ts";
import { type IdlOptions, type ResolvedIdlOptions, resolveIdlOptions } from "./options.ts";
import { scopesOf, splitName, typeOf, visibleNames } from "./resolve.ts";
import { COMBINED_SERVICES, START_OF_FILE } from "./select-service.ts";
import type { TypeSymbol } from "./symbols.ts";
import { evaluateTypeExpression, namedType, nameError } from "./type-expression.ts";

/**
 * The definitions of an IDL file. The maps hold what the root file itself defines, in textual order; the
 * methods also find what it includes, by names such as `base.Base`.
 */
export interface Idl {
  /** Language → namespace, such as `go` → `example.feed`; `*` is every language. The last one of each counts. */
  readonly namespaces: ReadonlyMap<string, string>;
  /**
   * What is legal but doubtful: forms that compilers understand differently, or that only some accept. At most 1,000.
   */
  readonly warnings: readonly Diagnostic[];
  /** Structs, unions and exceptions. */
  readonly structs: ReadonlyMap<string, StructDescriptor>;
  readonly enums: ReadonlyMap<string, EnumDescriptor>;
  readonly services: ReadonlyMap<string, ServiceDescriptor>;
  readonly constants: ReadonlyMap<string, ConstantDescriptor>;
  /** The type that each typedef stands for; the deprecated `senum` is one of `string`. */
  readonly typedefs: ReadonlyMap<string, TypeDescriptor>;
  /** A struct, union or exception, also through a typedef. Throws `IdlError` with a "did you mean". */
  struct(name: string): StructDescriptor;
  /** As {@link Idl.struct}. */
  enum(name: string): EnumDescriptor;
  /** Without a name, the one that the option `services` chooses. Throws `IdlError` as {@link Idl.struct}. */
  service(name?: string): ServiceDescriptor;
  /**
   * The type that an expression means: `User`, `base.Base`, `list<User>`, `map<string, i64>`.
   * Throws `IdlError` with the position in the expression.
   */
  type(expression: string): TypeDescriptor;
}

/** What `parseIdl` calls a text without a name. */
const DEFAULT_FILE = "main.thrift";

/**
 * Parses IDL text. Includes come from the options `sources` and `resolveInclude`; nothing else is read.
 * Throws `IdlError` with all problems found, and `ThriftError`: `INVALID_OPTION`, also for what the caller's functions
 * answer, `FAILED_MAPPING` for what `resolveInclude` or the annotation registry throws.
 */
export function parseIdl(source: string, options?: IdlOptions): Idl {
  const resolved = resolveIdlOptions("parseIdl", options);
  checkSource(source);
  return createIdl(loadDocuments(source, resolved.fileName ?? DEFAULT_FILE, resolved), resolved);
}

const FILE_NAME = /^\S+\.thrift$/;

function checkSource(source: unknown): void {
  if (typeof source !== "string") {
    throw new ThriftError("INVALID_OPTION", `parseIdl: the IDL must be a string, got ${kindOf(source)}`);
  }
  if (FILE_NAME.test(source)) {
    const message =
      "parseIdl takes the text of an IDL, not the name of a file: use loadIdl or loadIdlSync for that";
    throw new ThriftError("INVALID_OPTION", message);
  }
}

/**
 * Parses an IDL file and what it includes. Includes are searched relative to the including file, then in
 * `includeDirs`. Rejects as {@link parseIdl} throws, with `ThriftError` `NOT_FOUND` when the file cannot be read, and with
 * the signal's reason when it aborts.
 */
export async function loadIdl(file: string | URL, options?: IdlOptions): Promise<Idl> {
  const resolved = resolveIdlOptions("loadIdl", options);
  return createIdl(await readDocuments(file, resolved), resolved);
}

/** As {@link loadIdl}, without waiting; `signal` is looked at between files. */
export function loadIdlSync(file: string | URL, options?: IdlOptions): Idl {
  const resolved = resolveIdlOptions("loadIdlSync", options);
  return createIdl(readDocumentsSync(file, resolved), resolved);
}

function createIdl(loaded: LoadedIdl, options: ResolvedIdlOptions): Idl {
  return new LinkedFile(
    link(loaded, {
      annotations: options.annotations,
      fieldKeys: options.fieldKeys,
      services: options.services,
      methods: options.methods,
    }),
  );
}

class LinkedFile implements Idl {
  readonly namespaces: ReadonlyMap<string, string>;
  readonly warnings: readonly Diagnostic[];
  readonly #linked: LinkedIdl;
  #structs: ReadonlyMap<string, StructDescriptor> | undefined;
  #enums: ReadonlyMap<string, EnumDescriptor> | undefined;
  #services: ReadonlyMap<string, ServiceDescriptor> | undefined;
  #constants: ReadonlyMap<string, ConstantDescriptor> | undefined;
  #typedefs: ReadonlyMap<string, TypeDescriptor> | undefined;

  constructor(linked: LinkedIdl) {
    this.#linked = linked;
    const { namespaces } = linked.root.document;
    this.namespaces = new Map(namespaces.map(({ scope, name }) => [scope, name]));
    this.warnings = linked.warnings;
  }

  get structs(): ReadonlyMap<string, StructDescriptor> {
    return (this.#structs ??= this.#types((symbol) => (symbol.kind === "struct" ? symbol.type : undefined)));
  }

  get enums(): ReadonlyMap<string, EnumDescriptor> {
    return (this.#enums ??= this.#types((symbol) => (symbol.kind === "enum" ? symbol.type : undefined)));
  }

  get typedefs(): ReadonlyMap<string, TypeDescriptor> {
    return (this.#typedefs ??= this.#types((symbol) =>
      symbol.kind === "typedef" || symbol.kind === "senum" ? typeOf(symbol) : undefined,
    ));
  }

  get services(): ReadonlyMap<string, ServiceDescriptor> {
    const { root, service } = this.#linked;
    return (this.#services ??= new Map([...root.services].map(([name, symbol]) => [name, service(symbol)])));
  }

  get constants(): ReadonlyMap<string, ConstantDescriptor> {
    return (this.#constants ??= this.#createConstants());
  }

  struct(name: string): StructDescriptor {
    checkString("idl.struct", "the name", name);
    const type = namedType(name, this.#linked);
    if (type.kind !== "struct") {
      throw nameError(name, brief`\`${name}\` is ${describeType(type)}, not a struct`, []);
    }
    return type;
  }

  enum(name: string): EnumDescriptor {
    checkString("idl.enum", "the name", name);
    const type = namedType(name, this.#linked);
    if (type.kind !== "enum") {
      throw nameError(name, brief`\`${name}\` is ${describeType(type)}, not an enum`, []);
    }
    return type;
  }

  service(name?: string): ServiceDescriptor {
    const { root, service, chosenService } = this.#linked;
    if (name === undefined) {
      if (chosenService === undefined) {
        throw new IdlError([
          createDiagnostic(root.document, START_OF_FILE, "there is no service in this file"),
        ]);
      }
      return chosenService;
    }
    checkString("idl.service", "the name", name);
    const { prefix, local } = splitName(name);
    const [symbol, ...others] = scopesOf(prefix, root).flatMap((file) => file.services.get(local) ?? []);
    if (symbol !== undefined && others.length === 0) {
      return service(symbol);
    }
    if (name === COMBINED_SERVICES && chosenService?.name === name) {
      return chosenService;
    }
    throw nameError(
      name,
      symbol === undefined ? brief`there is no service \`${name}\`` : brief`\`${name}\` is ambiguous`,
      symbol === undefined ? visibleNames("service", root) : [],
    );
  }

  type(expression: string): TypeDescriptor {
    checkString("idl.type", "the expression", expression);
    return evaluateTypeExpression(expression, this.#linked);
  }

  #types<T>(select: (symbol: TypeSymbol) => T | undefined): ReadonlyMap<string, T> {
    const types = new Map<string, T>();
    for (const [name, symbol] of this.#linked.root.types) {
      const type = select(symbol);
      if (type !== undefined) {
        types.set(name, type);
      }
    }
    return types;
  }

  #createConstants(): ReadonlyMap<string, ConstantDescriptor> {
    const { root, constants: evaluator } = this.#linked;
    const constants = new Map<string, ConstantDescriptor>();
    for (const [name, symbol] of root.constants) {
      const evaluated = evaluator.constant(symbol);
      if (evaluated !== undefined && symbol.type !== undefined) {
        constants.set(name, {
          name,
          type: symbol.type,
          value: evaluated.value,
          annotations: annotationsOf(symbol.node.annotations),
          doc: symbol.node.doc,
        });
      }
    }
    return constants;
  }
}

/** What a type is, for messages: `an enum`, `of type i32`. */
function describeType(type: TypeDescriptor): string {
  switch (type.kind) {
    case "enum":
      return "an enum";
    case "struct":
      return type.flavor === "exception" ? "an exception" : `a ${type.flavor}`;
    default:
      return `of type ${type.name}`;
  }
}
