import type { ContainerTypes } from "../descriptor/container.ts";
import { SCALARS } from "../descriptor/scalars.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import type { Span, TypeNode } from "./ast.ts";
import { brief } from "./brief.ts";
import type { NotePlace, Reporter } from "./report.ts";
import { describeKind, type FileScope, type TypedefSymbol, type TypeSymbol } from "./symbols.ts";

/**
 * Containers in containers, counted through typedefs. Far beyond real use, and low enough for code that
 * walks types recursively.
 */
const MAX_TYPE_DEPTH = 128;

/** Types named in one type, typedefs expanded: `typedef map<T0, T0> T1` doubles it at every step. */
const MAX_TYPE_SIZE = 1024;

/** How a type nests. */
interface Extent {
  readonly depth: number;
  readonly size: number;
}

const LEAF: Extent = { depth: 0, size: 1 };

/** Turns type expressions of the syntax tree into descriptors. */
export class TypeResolver {
  readonly #containers: ContainerTypes;
  readonly #extents = new Map<TypeDescriptor, Extent>();

  constructor(containers: ContainerTypes) {
    this.#containers = containers;
  }

  /** The type, or `undefined` when it does not exist, which is reported. Typedefs in it must be resolved. */
  resolve(node: TypeNode, scope: FileScope, reporter: Reporter): TypeDescriptor | undefined {
    switch (node.kind) {
      case "base":
        return SCALARS[node.name];
      case "named": {
        const symbol = lookupType(node.name, node, scope, reporter);
        return symbol && typeOf(symbol);
      }
      case "list":
      case "set": {
        const element = this.resolve(node.element, scope, reporter);
        return (
          element &&
          this.#container(node, [element], scope, reporter, () => this.#containers[node.kind](element))
        );
      }
      case "map": {
        const key = this.resolve(node.key, scope, reporter);
        const value = this.resolve(node.value, scope, reporter);
        return (
          key &&
          value &&
          this.#container(node, [key, value], scope, reporter, () => this.#containers.map(key, value))
        );
      }
    }
  }

  /**
   * Finds the target of a typedef and of those that it needs, if that is not done yet. Works with a stack
   * of its own, as chains of typedefs may be long and may be written in any order.
   */
  resolveTypedef(start: TypedefSymbol, reporter: Reporter): void {
    const stack = [start];
    for (let symbol = stack.at(-1); symbol !== undefined; symbol = stack.at(-1)) {
      if (symbol.state === "new") {
        symbol.state = "open";
        for (const target of typedefsIn(symbol.node.type, symbol.scope)) {
          if (target.state === "new") {
            stack.push(target);
          } else if (target.state === "open") {
            reportCycle(stack, target, reporter);
          }
        }
      } else {
        if (symbol.state === "open") {
          symbol.type = this.resolve(symbol.node.type, symbol.scope, reporter);
          symbol.state = "done";
        }
        stack.pop();
      }
    }
  }

  #container(
    span: Span,
    parts: readonly TypeDescriptor[],
    scope: FileScope,
    reporter: Reporter,
    create: () => TypeDescriptor,
  ): TypeDescriptor | undefined {
    let depth = 1;
    let size = 1;
    for (const part of parts) {
      const extent = this.#extents.get(part) ?? LEAF;
      depth = Math.max(depth, extent.depth + 1);
      size += extent.size;
    }
    if (depth > MAX_TYPE_DEPTH || size > MAX_TYPE_SIZE) {
      const message =
        depth > MAX_TYPE_DEPTH
          ? `containers are nested more than ${MAX_TYPE_DEPTH} deep here`
          : `this type has more than ${MAX_TYPE_SIZE} parts`;
      reporter.error(scope, span, message);
      return undefined;
    }
    const type = create();
    this.#extents.set(type, { depth, size });
    return type;
  }
}

/** What a type symbol stands for; `undefined` for a typedef without a target, which is reported. */
export function typeOf(symbol: TypeSymbol): TypeDescriptor | undefined {
  return symbol.kind === "senum" ? SCALARS.string : symbol.type;
}

/** `stack` holds the typedefs that wait for others; those from `target` on wait for each other. */
function reportCycle(stack: readonly TypedefSymbol[], target: TypedefSymbol, reporter: Reporter): void {
  const { name } = target.node;
  reporter.error(target.scope, name, brief`typedef \`${name.text}\` stands for itself`, {
    notes: stepsBehind(stack, target),
  });
}

function* stepsBehind(stack: readonly TypedefSymbol[], target: TypedefSymbol): Generator<NotePlace> {
  for (let index = stack.indexOf(target) + 1; index < stack.length; index++) {
    const { state, scope, node } = stack[index]!;
    if (state === "open") {
      yield { scope, span: node.name, message: brief`through \`${node.name.text}\`` };
    }
  }
}

function typedefsIn(node: TypeNode, scope: FileScope): TypedefSymbol[] {
  switch (node.kind) {
    case "base":
      return [];
    case "named": {
      const [symbol] = typesNamed(node.name, scope);
      return symbol?.kind === "typedef" ? [symbol] : [];
    }
    case "map":
      return [...typedefsIn(node.key, scope), ...typedefsIn(node.value, scope)];
    default:
      return typedefsIn(node.element, scope);
  }
}

/** `base.User` → `base` and `User`; the last dot counts, as file names may have dots too. */
export function splitName(name: string): { readonly prefix: string | undefined; readonly local: string } {
  const dot = name.lastIndexOf(".");
  return dot < 0
    ? { prefix: undefined, local: name }
    : { prefix: name.slice(0, dot), local: name.slice(dot + 1) };
}

/** The files where the part of a name behind the prefix is to be looked up. */
export function scopesOf(prefix: string | undefined, scope: FileScope): readonly FileScope[] {
  return prefix === undefined ? [scope] : (scope.includes.get(prefix) ?? []);
}

/** All types that a name can mean: more than one when included files share a base name and this name. */
export function typesNamed(name: string, scope: FileScope): TypeSymbol[] {
  const { prefix, local } = splitName(name);
  return scopesOf(prefix, scope).flatMap((file) => file.types.get(local) ?? []);
}

/** The type that `name` means in `scope`, or `undefined`, which is reported at `span`. */
export function lookupType(
  name: string,
  span: Span,
  scope: FileScope,
  reporter: Reporter,
): TypeSymbol | undefined {
  const [symbol, ...others] = typesNamed(name, scope);
  if (symbol !== undefined && others.length === 0) {
    return symbol;
  }
  if (symbol !== undefined) {
    reporter.error(scope, span, brief`\`${name}\` is ambiguous`, {
      notes: [symbol, ...others].map((candidate) => ({
        scope: candidate.scope,
        span: candidate.node.name,
        message: "it can be this one",
      })),
    });
    return undefined;
  }
  reportUndefined("type", name, span, scope, reporter);
  return undefined;
}

/** Reports that `name` is no type, or no service, with what it is instead or what may have been meant. */
export function reportUndefined(
  wanted: "type" | "service",
  name: string,
  span: Span,
  scope: FileScope,
  reporter: Reporter,
): void {
  const { prefix, local } = splitName(name);
  if (prefix !== undefined && scope.missingPrefixes.has(prefix)) {
    return; // the missing include is reported
  }
  for (const file of scopesOf(prefix, scope)) {
    const other = file.types.get(local) ?? file.services.get(local) ?? file.constants.get(local);
    if (other !== undefined) {
      reporter.error(scope, span, brief`\`${name}\` is ${describeKind(other.node)}, not a ${wanted}`, {
        notes: [{ scope: other.scope, span: other.node.name, message: "defined here" }],
      });
      return;
    }
  }
  const message =
    prefix === undefined || scope.includes.has(prefix)
      ? brief`there is no ${wanted} \`${name}\``
      : brief`there is no ${wanted} \`${name}\`: no file \`${prefix}.thrift\` is included here`;
  const meant = wanted === "type" ? FOREIGN_TYPES.get(name) : undefined;
  if (meant === undefined) {
    reporter.error(scope, span, message, { missing: { name, candidates: visibleNames(wanted, scope) } });
  } else {
    reporter.error(scope, span, `${message}; did you mean \`${meant}\`?`);
  }
}

/** What other languages call Thrift's base types. */
const FOREIGN_TYPES: ReadonlyMap<string, string> = new Map([
  ["int", "i32"],
  ["integer", "i32"],
  ["int8", "i8"],
  ["int16", "i16"],
  ["int32", "i32"],
  ["int64", "i64"],
  ["short", "i16"],
  ["long", "i64"],
  ["float", "double"],
  ["float64", "double"],
  ["boolean", "bool"],
  ["str", "string"],
  ["bytes", "binary"],
]);

/** Names that can be used in `scope`, as they would be written, for hints. */
export function* visibleNames(wanted: "type" | "service", scope: FileScope): Generator<string> {
  const names = wanted === "type" ? "types" : "services";
  yield* scope[names].keys();
  if (wanted === "type") {
    yield* Object.keys(SCALARS);
  }
  for (const [prefix, files] of scope.includes) {
    for (const file of files) {
      for (const name of file[names].keys()) {
        yield `${prefix}.${name}`;
      }
    }
  }
}
