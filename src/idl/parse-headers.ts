import type { CppIncludeNode, IncludeNode, NamespaceNode } from "./ast.ts";
import { brief } from "./brief.ts";
import { decodeString } from "./decode.ts";
import { parseAnnotations } from "./parse-annotations.ts";
import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

export type HeaderNode = IncludeNode | CppIncludeNode | NamespaceNode;

/** The namespace statements from before `namespace` had a scope, with the scope that replaced each. */
const OLD_NAMESPACES: ReadonlyMap<string, string> = new Map([
  ["cpp_namespace", "cpp"],
  ["php_namespace", "php"],
  ["py_module", "py"],
  ["perl_package", "perl"],
  ["ruby_namespace", "rb"],
  ["smalltalk_category", "smalltalk.category"],
  ["smalltalk_prefix", "smalltalk.prefix"],
  ["java_package", "java"],
  ["cocoa_package", "cocoa"],
  ["cocoa_prefix", "cocoa"],
  ["csharp_namespace", "csharp"],
  ["delphi_namespace", "delphi"],
  ["xsd_namespace", "xsd"],
]);

/** The words that a header starts with. */
export const HEADER_WORDS: readonly string[] = [
  "include",
  "cpp_include",
  "namespace",
  ...OLD_NAMESPACES.keys(),
];

/**
 * Reads the header that starts with the current word, or returns `undefined` when no header starts with
 * that word. Throws `SyntaxFailure` after reporting.
 */
export function parseHeader(stream: TokenStream): HeaderNode | undefined {
  if (!stream.at(TokenKind.WORD)) {
    return undefined;
  }
  const { start, lexeme } = stream;
  switch (lexeme) {
    case "include":
    case "cpp_include": {
      stream.advance();
      if (!stream.at(TokenKind.STRING)) {
        stream.fail(`a file name in quotes after \`${lexeme}\``);
      }
      const path = decodeString(stream.lexeme);
      stream.advance();
      return { kind: lexeme, path, start, end: stream.previousEnd };
    }
    case "namespace":
      return parseNamespace(stream);
  }
  const scope = OLD_NAMESPACES.get(lexeme);
  if (scope === undefined) {
    return undefined;
  }
  stream.advance();
  const name = stream.at(TokenKind.STRING) ? parseQuotedName(stream) : parseNamespaceName(stream, scope);
  return { kind: "namespace", scope, name, annotations: [], start, end: stream.previousEnd };
}

function parseNamespace(stream: TokenStream): NamespaceNode {
  const { start } = stream;
  stream.advance();
  const scope = stream.accept(TokenKind.STAR)
    ? "*"
    : stream.expectName("a language or `*` after `namespace`").text;
  const name = parseNamespaceName(stream, scope);
  const annotations = parseAnnotations(stream);
  return { kind: "namespace", scope, name, annotations, start, end: stream.previousEnd };
}

function parseQuotedName(stream: TokenStream): string {
  const name = decodeString(stream.lexeme);
  stream.advance();
  return name;
}

/** A name; Smalltalk categories may have dashes in them. */
function parseNamespaceName(stream: TokenStream, scope: string): string {
  if (scope.startsWith("smalltalk") && stream.at(TokenKind.WORD)) {
    return stream.takeDashedName();
  }
  return stream.expectName(brief`the name of the \`${scope}\` namespace`).text;
}
