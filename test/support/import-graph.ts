import { posix } from "node:path";
import ts from "typescript";

/** One import or re-export, or a dynamic `import()`, with the place where it stands. */
export interface ImportEdge {
  /** The specifier as written, resolved to a file of the graph when it is relative. */
  readonly target: string;
  /** Erased by the compiler, so without effect at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** A use of a Node global: bare (`process.env`) or through the global object (`globalThis.Buffer`). */
export interface GlobalUse {
  readonly name: string;
  readonly bare: boolean;
  readonly line: number;
}

export interface SourceFacts {
  readonly imports: readonly ImportEdge[];
  readonly globals: readonly GlobalUse[];
}

/** What one source file needs from elsewhere. `file` is a path relative to the source root, with `/`. */
export function readSourceFacts(file: string, text: string): SourceFacts {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const imports: ImportEdge[] = [];
  const globals: GlobalUse[] = [];
  const lineOf = (node: ts.Node): number =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

  function addImport(specifier: ts.Node | undefined, typeOnly: boolean): void {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const relative = specifier.text.startsWith(".");
    const target = relative
      ? posix.normalize(posix.join(posix.dirname(file), specifier.text))
      : specifier.text;
    imports.push({ target, typeOnly, line: lineOf(specifier) });
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      addImport(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
    } else if (ts.isExportDeclaration(node)) {
      addImport(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      addImport(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      addImport(node.arguments[0], false);
    } else if (ts.isIdentifier(node) && NODE_GLOBALS.has(node.text) && !isTypePosition(node)) {
      if (isMemberOfGlobalThis(node)) globals.push({ name: node.text, bare: false, line: lineOf(node) });
      else if (isFreeName(node)) globals.push({ name: node.text, bare: true, line: lineOf(node) });
    }
    ts.forEachChild(node, visit);
  }
  visit(source);
  return { imports, globals };
}

const NODE_GLOBALS: ReadonlySet<string> = new Set([
  "process",
  "Buffer",
  "require",
  "global",
  "setImmediate",
  "__dirname",
  "__filename",
]);

/** Type names and `typeof Buffer` in types are erased, so they need nothing at run time. */
function isTypePosition(node: ts.Identifier): boolean {
  return (
    ts.isTypeReferenceNode(node.parent) ||
    ts.isTypeQueryNode(node.parent) ||
    (ts.isQualifiedName(node.parent) && node.parent.left === node)
  );
}

/** `globalThis.NAME`, also through a cast such as `(globalThis as { NAME?: … }).NAME`. */
function isMemberOfGlobalThis(node: ts.Identifier): boolean {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent) || parent.name !== node) return false;
  let object: ts.Expression = parent.expression;
  while (ts.isParenthesizedExpression(object) || ts.isAsExpression(object)) object = object.expression;
  return ts.isIdentifier(object) && object.text === "globalThis";
}

/** Whether the identifier is an expression of its own, not the name of a member or of a declaration. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  const named = parent as ts.Node & { readonly name?: ts.Node };
  return named.name !== node;
}

/** The groups of files that import each other at run time, each sorted; empty when the graph has no cycle. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  // Tarjan's strongly connected components; a source tree is shallow enough to recurse over.
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const cycles: string[][] = [];

  function visit(file: string): void {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    open.add(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) {
        visit(target);
        low.set(file, Math.min(low.get(file)!, low.get(target)!));
      } else if (open.has(target)) {
        low.set(file, Math.min(low.get(file)!, order.get(target)!));
      }
    }
    if (low.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    for (const member of group) open.delete(member);
    const importsItself = group.length === 1 && (graph.get(file) ?? []).includes(file);
    if (group.length > 1 || importsItself) cycles.push(group.sort());
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return cycles;
}
