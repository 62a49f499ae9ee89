import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

/**
 * The README says that every public type is exported. Declarations are made file by file, as the compiler can without
 * knowing the others: so this takes no type checker.
 */

const ROOT = join(import.meta.dirname, "../src");
const INDEX = join(ROOT, "index.ts");

const COMPILER_OPTIONS = ts.readConfigFile(join(ROOT, "../tsconfig.json"), ts.sys.readFile).config
  .compilerOptions;

interface Declarations {
  readonly source: ts.SourceFile;
  /** Local name → where it is from. */
  readonly imports: ReadonlyMap<string, Place>;
  /** What the declarations of the file declare, exported or not. */
  readonly declared: ReadonlyMap<string, readonly ts.Declaration[]>;
}

interface Place {
  readonly file: string;
  readonly name: string;
}

const keyOf = ({ file, name }: Place): string => `${relative(ROOT, file)} ${name}`;

const parsed = new Map<string, Declarations>();

function declarationsOf(file: string): Declarations {
  let known = parsed.get(file);
  if (known === undefined) parsed.set(file, (known = readDeclarations(file)));
  return known;
}

function readDeclarations(file: string): Declarations {
  const text = readFileSync(file, "utf8");
  const { outputText } = ts.transpileDeclaration(text, {
    fileName: file,
    compilerOptions: {
      ...COMPILER_OPTIONS,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: undefined,
      lib: undefined,
    },
  });
  const source = ts.createSourceFile(file, outputText, ts.ScriptTarget.Latest, true);
  const imports = new Map<string, Place>();
  for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const from = join(dirname(file), statement.moduleSpecifier.text);
    for (const { name, propertyName } of bindings.elements) {
      imports.set(name.text, { file: from, name: (propertyName ?? name).text });
    }
  }
  const declared = new Map<string, ts.Declaration[]>();
  for (const statement of source.statements) {
    const all = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    for (const declaration of all as unknown as readonly ts.DeclarationStatement[]) {
      const { name } = declaration;
      if (name === undefined || !ts.isIdentifier(name)) continue;
      declared.set(name.text, [...(declared.get(name.text) ?? []), declaration]);
    }
  }
  return { source, imports, declared };
}

/** What the main entry exports, by place, and which of it as a type alone. */
function exportsOf(index: string): Map<string, { readonly place: Place; readonly typeOnly: boolean }> {
  const all = new Map<string, { place: Place; typeOnly: boolean }>();
  const add = (place: Place, typeOnly: boolean): void => void all.set(keyOf(place), { place, typeOnly });
  for (const statement of declarationsOf(index).source.statements) {
    if (!ts.isExportDeclaration(statement)) continue;
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) continue;
    const from = moduleSpecifier as ts.StringLiteral | undefined;
    const file = from === undefined ? index : join(dirname(index), from.text);
    for (const { name, propertyName, isTypeOnly } of exportClause.elements) {
      add({ file, name: (propertyName ?? name).text }, isTypeOnly || statement.isTypeOnly);
    }
  }
  for (const name of declarationsOf(index).declared.keys()) add({ file: index, name }, false);
  return all;
}

/** Names of types that a declaration mentions, but for its own parameters and for base classes, which nobody names. */
function mentionedIn(declaration: ts.Node): Set<string> {
  const names = new Set<string>();
  const parameters = new Set<string>();
  const first = (name: ts.EntityName | ts.Expression): string =>
    ts.isQualifiedName(name) || ts.isPropertyAccessExpression(name)
      ? first(ts.isQualifiedName(name) ? name.left : name.expression)
      : name.getText();
  const visit = (node: ts.Node): void => {
    if (ts.isHeritageClause(node) && ts.isClassDeclaration(node.parent)) {
      for (const type of node.types) {
        if (node.token === ts.SyntaxKind.ImplementsKeyword) names.add(first(type.expression));
        type.typeArguments?.forEach(visit);
      }
      return;
    }
    if (ts.isTypeParameterDeclaration(node)) parameters.add(node.name.text);
    if (ts.isTypeReferenceNode(node)) names.add(first(node.typeName));
    if (ts.isTypeQueryNode(node)) names.add(first(node.exprName));
    if (ts.isExpressionWithTypeArguments(node)) names.add(first(node.expression));
    if (ts.isComputedPropertyName(node)) names.add(first(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  for (const parameter of parameters) names.delete(parameter);
  return names;
}

const EXPORTS = exportsOf(INDEX);

it("every type that an exported one mentions is exported", () => {
  const hidden: string[] = [];
  for (const { place } of EXPORTS.values()) {
    const { imports, declared } = declarationsOf(place.file);
    const declarations = declared.get(place.name);
    expect(declarations, keyOf(place)).toBeDefined();
    for (const name of declarations!.flatMap((declaration) => [...mentionedIn(declaration)])) {
      const from = imports.get(name) ?? (declared.has(name) ? { file: place.file, name } : undefined);
      // What is neither is the language's.
      if (from !== undefined && !EXPORTS.has(keyOf(from))) hidden.push(`${place.name} mentions ${name}`);
    }
  }
  expect(hidden).toEqual([]);
});

it("no class is exported as a type alone: the bundled declarations would have it as a value", () => {
  const classes = [...EXPORTS.values()].filter(
    ({ place, typeOnly }) =>
      typeOnly && declarationsOf(place.file).declared.get(place.name)?.some(ts.isClassDeclaration),
  );
  expect(classes.map(({ place }) => place.name)).toEqual([]);
});

it("a test like this finds what is hidden", () => {
  const text = "declare class A<T> extends B<C> implements D { e(f: E<T>): typeof G; [H]: I.J }";
  const [declaration] = ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest, true).statements;
  expect([...mentionedIn(declaration!)].sort()).toEqual(["C", "D", "E", "G", "H", "I"]);
});
