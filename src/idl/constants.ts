import type {
  EnumDescriptor,
  LiteralValue,
  ScalarDescriptor,
  StructDescriptor,
  TypeDescriptor,
} from "../descriptor/types.ts";
import type { ConstNode, IdentifierConstNode, ListConstNode, MapConstNode, Span } from "./ast.ts";
import { brief } from "./brief.ts";
import { type FieldSymbol, isOnWire, type StructFields } from "./fields.ts";
import type { Reporter } from "./report.ts";
import { scopesOf, splitName, typeOf, typesNamed } from "./resolve.ts";
import { fromInteger, type ScalarResult, scalarLiteral } from "./scalar-literal.ts";
import type { ConstantSymbol, FileScope } from "./symbols.ts";

/** A literal in JavaScript form, and what is to be known about it where it is used. */
export interface Evaluated {
  readonly value: LiteralValue;
  /** Values in it, itself included. */
  readonly size: number;
  /** How deep values nest in it; 0 for a scalar. */
  readonly depth: number;
  /** Fields with defaults of their own that struct literals in it leave out. */
  readonly leftOut: ReadonlySet<FieldSymbol>;
}

/** Bounds what constants made of other constants can grow to; each may name another one several times. */
const MAX_SIZE = 1_000_000;
const MAX_DEPTH = 128;

/** Bounds the work for constants that are used with many types. A file has far fewer literals. */
const MAX_STEPS = 20_000_000;

const NOTHING_LEFT_OUT: ReadonlySet<FieldSymbol> = new Set();

/** Where problems go: to the reporter, or to nowhere while a constant is tried with another type. */
type Problems = Pick<Reporter, "error" | "warn">;

const SILENT: Problems = { error() {}, warn() {} };

/** What an identifier in a constant can mean. */
type Meaning =
  | { readonly kind: "constant"; readonly symbol: ConstantSymbol }
  | { readonly kind: "member"; readonly type: EnumDescriptor; readonly name: string; readonly value: number };

/**
 * Evaluates constants and default values, and checks them against their types. Every constant is evaluated
 * once per type that it is used with, so results may share parts.
 */
export class ConstantEvaluator {
  readonly #reporter: Reporter;
  readonly #fieldsOf: ReadonlyMap<StructDescriptor, StructFields>;
  /** By constant, with its declared type. `undefined`: it has errors, which are reported. */
  readonly #values = new Map<ConstantSymbol, Evaluated | undefined>();
  readonly #open = new Set<ConstantSymbol>();
  /** The constant whose literal a chain such as `const i32 A = B` ends at. */
  readonly #origins = new Map<ConstantSymbol, ConstantSymbol>();
  /** By constant, with other types than its own; `undefined` where it does not fit. */
  readonly #converted = new Map<ConstantSymbol, Map<TypeDescriptor, Evaluated | undefined>>();
  #nesting = 0;
  #steps = 0;

  constructor(reporter: Reporter, fieldsOf: ReadonlyMap<StructDescriptor, StructFields>) {
    this.#reporter = reporter;
    this.#fieldsOf = fieldsOf;
  }

  /** The value of a literal as `type`, or `undefined` when it has errors, which are reported. */
  literal(node: ConstNode, type: TypeDescriptor, scope: FileScope): Evaluated | undefined {
    return this.#evaluate(node, type, scope, this.#reporter);
  }

  /** The value of a constant, or `undefined` when it has errors, which are reported. */
  constant(symbol: ConstantSymbol): Evaluated | undefined {
    // Chains of names are followed in a loop, as they may be long and in any order.
    const chain: ConstantSymbol[] = [];
    let next: ConstantSymbol | undefined = symbol;
    while (next !== undefined && !this.#values.has(next)) {
      if (this.#open.has(next)) {
        this.#reportCycle(next);
        break;
      }
      this.#open.add(next);
      chain.push(next);
      next = this.#constantNamedBy(next);
    }
    for (let link = chain.pop(); link !== undefined; link = chain.pop()) {
      const named = this.#constantNamedBy(link);
      this.#origins.set(link, named === undefined ? link : (this.#origins.get(named) ?? link));
      const { node, scope, type } = link;
      // A cycle through here is found as long as the constant is open.
      this.#values.set(link, type && this.#evaluate(node.value, type, scope, this.#reporter));
      this.#open.delete(link);
    }
    return this.#values.get(symbol);
  }

  #constantNamedBy({ node, scope }: ConstantSymbol): ConstantSymbol | undefined {
    if (node.value.kind !== "identifier") {
      return undefined;
    }
    const [meaning, ...others] = meaningsOf(node.value.name, scope);
    return meaning?.kind === "constant" && others.length === 0 ? meaning.symbol : undefined;
  }

  #reportCycle(symbol: ConstantSymbol): void {
    const { name } = symbol.node;
    this.#reporter.error(symbol.scope, name, brief`constant \`${name.text}\` contains itself`);
    this.#values.set(symbol, undefined);
  }

  #evaluate(
    node: ConstNode,
    type: TypeDescriptor,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    if (this.#nesting > MAX_DEPTH) {
      problems.error(scope, node, `values are nested more than ${MAX_DEPTH} deep here`);
      return undefined;
    }
    if (++this.#steps > MAX_STEPS) {
      problems.error(scope, node, `the constants up to here use each other more than ${MAX_STEPS} times`);
      return undefined;
    }
    this.#nesting++;
    try {
      switch (node.kind) {
        case "identifier":
          return this.#identifier(node, type, scope, problems);
        case "list":
          return this.#list(node, type, scope, problems);
        case "map":
          return this.#map(node, type, scope, problems);
        default:
          if (isContainer(type)) {
            const what = node.kind === "string" ? "a string" : "a number";
            problems.error(scope, node, brief`${what} cannot be a value of type ${type.name}`);
            return undefined;
          }
          return scalar(scalarLiteral(node, type), node, scope, problems);
      }
    } finally {
      this.#nesting--;
    }
  }

  #identifier(
    node: IdentifierConstNode,
    type: TypeDescriptor,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    const [meaning, ...others] = meaningsOf(node.name, scope);
    if (others.length > 0) {
      problems.error(scope, node, brief`\`${node.name}\` is ambiguous`, {
        notes: [meaning, ...others].flatMap((other) =>
          other?.kind === "constant"
            ? [{ scope: other.symbol.scope, span: other.symbol.node.name, message: "it can be this one" }]
            : [],
        ),
      });
      return undefined;
    }
    switch (meaning?.kind) {
      case "constant":
        return this.#constantAs(meaning.symbol, type, node, scope, problems);
      case "member":
        return member(meaning, type, node, scope, problems);
      default:
        return this.#undeclared(node, type, scope, problems);
    }
  }

  #undeclared(
    node: IdentifierConstNode,
    type: TypeDescriptor,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    const { prefix, local } = splitName(node.name);
    const truth = truthOf(node.name);
    if (truth !== undefined) {
      if (!isNumeric(type)) {
        problems.error(scope, node, brief`\`${node.name}\` cannot be a value of type ${type.name}`);
        return undefined;
      }
      // The compilers take `true` for 1 where a number is wanted.
      return scalar(fromInteger(truth ? 1n : 0n, type), node, scope, problems);
    }
    if (prefix !== undefined && scope.missingPrefixes.has(splitName(prefix).prefix ?? prefix)) {
      return undefined; // the missing include is reported
    }
    if (type.kind === "enum") {
      const value = type.valueOf(local);
      if (value !== undefined && prefix !== undefined && apacheDropsPrefix(node.name)) {
        problems.warn(
          scope,
          node,
          brief`there is no \`${node.name}\`; it is taken for \`${type.name}.${local}\`, as Apache Thrift does`,
        );
        return leaf(value);
      }
      const message = brief`there is no constant or enum member \`${node.name}\``;
      problems.error(scope, node, message, {
        missing: { name: node.name, candidates: memberNames(type) },
      });
      return undefined;
    }
    const message = brief`there is no constant \`${node.name}\``;
    problems.error(scope, node, message, {
      missing: { name: node.name, candidates: constantNames(scope) },
    });
    return undefined;
  }

  #constantAs(
    symbol: ConstantSymbol,
    type: TypeDescriptor,
    span: Span,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    const own = this.constant(symbol);
    if (own === undefined || symbol.type === type) {
      return own;
    }
    let converted = this.#converted.get(symbol);
    if (converted === undefined) {
      converted = new Map();
      this.#converted.set(symbol, converted);
    }
    if (!converted.has(type)) {
      const origin = this.#origins.get(symbol) ?? symbol;
      converted.set(type, this.#evaluate(origin.node.value, type, origin.scope, SILENT));
    }
    const result = converted.get(type);
    if (result === undefined) {
      const { name } = symbol.node;
      problems.error(scope, span, brief`the value of \`${name.text}\` does not fit type ${type.name}`, {
        notes: [{ scope: symbol.scope, span: name, message: "defined here" }],
      });
    }
    return result;
  }

  #list(
    node: ListConstNode,
    type: TypeDescriptor,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    if (type.kind === "map" && node.elements.length === 0) {
      return leaf(new Map());
    }
    if (type.kind !== "list" && type.kind !== "set") {
      problems.error(scope, node, brief`a list cannot be a value of type ${type.name}`);
      return undefined;
    }
    const parts = new Parts();
    const values: LiteralValue[] = [];
    for (const element of node.elements) {
      const result = parts.add(this.#evaluate(element, type.element, scope, problems));
      if (result !== undefined) {
        values.push(result.value);
      }
    }
    return parts.finish(type.kind === "list" ? values : new Set(values), node, scope, problems);
  }

  #map(
    node: MapConstNode,
    type: TypeDescriptor,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    if (type.kind === "struct") {
      return this.#struct(node, type, scope, problems);
    }
    if (node.entries.length === 0 && (type.kind === "list" || type.kind === "set")) {
      return leaf(type.kind === "list" ? [] : new Set());
    }
    if (type.kind !== "map") {
      problems.error(scope, node, brief`a map cannot be a value of type ${type.name}`);
      return undefined;
    }
    const parts = new Parts();
    const values = new Map<LiteralValue, LiteralValue>();
    for (const entry of node.entries) {
      const key = parts.add(this.#evaluate(entry.key, type.key, scope, problems));
      const value = parts.add(this.#evaluate(entry.value, type.value, scope, problems));
      if (key !== undefined && value !== undefined) {
        if (values.has(key.value)) {
          problems.warn(scope, entry.key, "this key is given twice; the last value counts");
        }
        values.set(key.value, value.value);
      }
    }
    return parts.finish(values, node, scope, problems);
  }

  #struct(
    node: MapConstNode,
    type: StructDescriptor,
    scope: FileScope,
    problems: Problems,
  ): Evaluated | undefined {
    const fields = this.#fieldsOf.get(type);
    const parts = new Parts();
    // Without a prototype, so that every field name is an ordinary key.
    const values: Record<string, LiteralValue> = Object.create(null);
    const given = new Set<FieldSymbol>();
    for (const { key, value } of node.entries) {
      if (key.kind !== "string") {
        problems.error(scope, key, brief`a field name of \`${type.name}\` must be written as a string here`);
        parts.fail();
        continue;
      }
      const field = fields?.byName.get(key.value);
      if (field === undefined) {
        const message = brief`${type.flavor} \`${type.name}\` has no field \`${key.value}\``;
        problems.error(scope, key, message, {
          missing: { name: key.value, candidates: fields?.byName.keys() ?? [] },
        });
        parts.fail();
        continue;
      }
      if (given.has(field)) {
        problems.warn(scope, key, brief`field \`${key.value}\` is given twice; the last value counts`);
      }
      given.add(field);
      const result = parts.add(field.type && this.#evaluate(value, field.type, scope, problems));
      if (!isOnWire(field)) {
        problems.warn(scope, key, brief`field \`${key.value}\` is left out, and its value with it`);
      } else if (result !== undefined) {
        values[key.value] = result.value;
      }
    }
    for (const field of fields?.list ?? []) {
      if (!given.has(field)) {
        if (field.node.defaultValue !== undefined && type.flavor !== "union") {
          parts.leaveOut(field);
        } else if (field.requiredness === "required") {
          problems.warn(scope, node, brief`the required field \`${field.node.name.text}\` is missing here`);
        }
      }
    }
    if (type.flavor === "union" && given.size !== 1) {
      problems.warn(scope, node, brief`a value of union \`${type.name}\` must have exactly one field`);
    }
    return parts.finish(values, node, scope, problems);
  }
}

/** Everything that a name can mean: a constant, or a member of an enum or of a typedef of one. */
function meaningsOf(name: string, scope: FileScope): Meaning[] {
  const { prefix, local } = splitName(name);
  const meanings: Meaning[] = [];
  for (const file of scopesOf(prefix, scope)) {
    const symbol = file.constants.get(local);
    if (symbol !== undefined) {
      meanings.push({ kind: "constant", symbol });
    }
  }
  if (prefix !== undefined) {
    for (const symbol of typesNamed(prefix, scope)) {
      const type = typeOf(symbol);
      const value = type?.kind === "enum" ? type.valueOf(local) : undefined;
      if (type?.kind === "enum" && value !== undefined) {
        meanings.push({ kind: "member", type, name: local, value });
      }
    }
  }
  return meanings;
}

/** Adds up what is known about the parts of a container or struct. */
class Parts {
  #size = 1;
  #depth = 0;
  #failed = false;
  #leftOut: Set<FieldSymbol> | undefined;

  add(part: Evaluated | undefined): Evaluated | undefined {
    if (part === undefined) {
      this.#failed = true;
      return undefined;
    }
    this.#size += part.size;
    this.#depth = Math.max(this.#depth, part.depth + 1);
    for (const field of part.leftOut) {
      this.leaveOut(field);
    }
    return part;
  }

  leaveOut(field: FieldSymbol): void {
    this.#leftOut ??= new Set();
    this.#leftOut.add(field);
  }

  fail(): void {
    this.#failed = true;
  }

  finish(value: LiteralValue, span: Span, scope: FileScope, problems: Problems): Evaluated | undefined {
    if (this.#failed) {
      return undefined;
    }
    if (this.#size > MAX_SIZE || this.#depth > MAX_DEPTH) {
      const message =
        this.#size > MAX_SIZE
          ? `this constant has more than ${MAX_SIZE} values`
          : `values are nested more than ${MAX_DEPTH} deep here`;
      problems.error(scope, span, message);
      return undefined;
    }
    return { value, size: this.#size, depth: this.#depth, leftOut: this.#leftOut ?? NOTHING_LEFT_OUT };
  }
}

function leaf(value: LiteralValue): Evaluated {
  return { value, size: 1, depth: 0, leftOut: NOTHING_LEFT_OUT };
}

function scalar(
  result: ScalarResult,
  span: Span,
  scope: FileScope,
  problems: Problems,
): Evaluated | undefined {
  if ("problem" in result) {
    problems.error(scope, span, result.problem);
    return undefined;
  }
  if (result.warning !== undefined) {
    problems.warn(scope, span, result.warning);
  }
  return leaf(result.value);
}

function member(
  { type: owner, name, value }: Extract<Meaning, { kind: "member" }>,
  type: TypeDescriptor,
  node: IdentifierConstNode,
  scope: FileScope,
  problems: Problems,
): Evaluated | undefined {
  if (isNumeric(type)) {
    return scalar(fromInteger(BigInt(value), type), node, scope, problems);
  }
  if (type.kind !== "enum") {
    problems.error(scope, node, brief`an enum member cannot be a value of type ${type.name}`);
    return undefined;
  }
  if (type === owner) {
    return leaf(value);
  }
  const sameName = type.valueOf(name);
  if (sameName === undefined || !apacheDropsPrefix(node.name)) {
    const message = brief`\`${name}\` is a member of enum \`${owner.name}\`, not of \`${type.name}\``;
    problems.error(scope, node, message, { missing: { name, candidates: memberNames(type) } });
    return undefined;
  }
  problems.warn(
    scope,
    node,
    brief`this is a member of another enum; it is taken for \`${type.name}.${name}\`, as Apache Thrift does`,
  );
  return leaf(sameName);
}

/** A prefix of Apache Thrift: the enum, and the file that it is in. */
const MAX_DROPPED_PARTS = 2;

/**
 * Whether Apache Thrift looks only at the last part of a name where a member of an enum is wanted: it drops up to two
 * parts in front, whatever they are. Source: apache/thrift `t_const_value.h`, get_identifier_name.
 */
function apacheDropsPrefix(name: string): boolean {
  return name.split(".").length - 1 <= MAX_DROPPED_PARTS;
}

function isContainer(
  type: TypeDescriptor,
): type is Extract<TypeDescriptor, { kind: "list" | "set" | "map" | "struct" }> {
  return type.kind === "list" || type.kind === "set" || type.kind === "map" || type.kind === "struct";
}

/** Whether values of the type can be given as integers; enums can too, but not by every integer. */
function isNumeric(type: TypeDescriptor): type is ScalarDescriptor {
  switch (type.kind) {
    case "bool":
    case "byte":
    case "i16":
    case "i32":
    case "i64":
    case "double":
      return true;
    default:
      return false;
  }
}

/** `true` and `false`, also in the spellings of other languages. */
function truthOf(name: string): boolean | undefined {
  switch (name.toLowerCase()) {
    case "true":
      return true;
    case "false":
      return false;
    default:
      return undefined;
  }
}

function* memberNames(type: EnumDescriptor): Generator<string> {
  for (const name of type.values.keys()) {
    yield `${type.name}.${name}`;
  }
}

function* constantNames(scope: FileScope): Generator<string> {
  yield* scope.constants.keys();
  yield* enumMembers("", scope);
  for (const [prefix, files] of scope.includes) {
    for (const file of files) {
      for (const name of file.constants.keys()) {
        yield `${prefix}.${name}`;
      }
      yield* enumMembers(`${prefix}.`, file);
    }
  }
}

function* enumMembers(prefix: string, scope: FileScope): Generator<string> {
  for (const symbol of scope.types.values()) {
    if (symbol.kind === "enum") {
      for (const name of symbol.type.values.keys()) {
        yield `${prefix}${symbol.type.name}.${name}`;
      }
    }
  }
}
