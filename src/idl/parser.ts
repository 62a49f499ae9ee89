import { didYouMean } from "../suggest.ts";
import type { DefinitionNode, Document, TypeNode } from "./ast.ts";
import { atDefinition } from "./at-definition.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { DEFINITION_WORDS, parseDefinition } from "./parse-definitions.ts";
import { HEADER_WORDS, type HeaderNode, parseHeader } from "./parse-headers.ts";
import { TypeParser } from "./parse-types.ts";
import { SyntaxFailure, TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/** A file as far as it could be read. */
export interface ParsedFile {
  readonly document: Document;
  /** In textual order. */
  readonly diagnostics: Diagnostic[];
  /** Whether parsing has ended at `MAX_DIAGNOSTICS` problems, so that there may be more. */
  readonly endedEarly: boolean;
}

/**
 * Parses one file, without its includes. Never throws for bad text: what could not be read is missing from
 * the document and described in `diagnostics`.
 *
 * The language is the union of what Apache Thrift and thriftgo accept. Takes time linear in the length.
 */
export function parseDocument(source: string, fileName: string): ParsedFile {
  const stream = new TokenStream({ fileName, source });
  const types = new TypeParser(stream);
  const headers: HeaderNode[] = [];
  const definitions: DefinitionNode[] = [];
  while (!stream.atEnd) {
    const mark = stream.mark();
    try {
      const header = parseHeader(stream);
      if (header === undefined) {
        definitions.push(parseDefinition(stream, types) ?? failAtDefinition(stream));
      } else {
        headers.push(header);
        if (definitions.length > 0) {
          stream.report(header, `\`${header.kind}\` must stand in front of the first definition`);
        }
      }
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) {
        throw error;
      }
      stream.recover(mark, (depth) =>
        depth.braces <= 0 ? startsStatement(stream) : stream.firstOnLine && atDefinition(stream),
      );
    }
  }
  const names = new Set(definitions.map((definition) => definition.name.text));
  types.decide((name) => names.has(name));
  const document: Document = {
    fileName,
    source,
    includes: headers.filter((header) => header.kind === "include"),
    cppIncludes: headers.filter((header) => header.kind === "cpp_include"),
    namespaces: headers.filter((header) => header.kind === "namespace"),
    definitions,
    doubts: stream.doubts,
  };
  // Undecided types are reported last.
  const diagnostics = stream.diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
  return { document, diagnostics, endedEarly: stream.endedEarly };
}

/**
 * Parses a type by itself, such as `list<base.User>`; `type` is `undefined` when there are diagnostics.
 * `fileName` is what the diagnostics call the text.
 */
export function parseTypeExpression(
  source: string,
  fileName: string,
): { type: TypeNode | undefined; diagnostics: Diagnostic[] } {
  const stream = new TokenStream({ fileName, source });
  const types = new TypeParser(stream);
  let type: TypeNode | undefined;
  try {
    type = types.parse("a type");
    if (!stream.atEnd) {
      stream.fail("nothing after the type");
    }
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) {
      throw error;
    }
  }
  types.decide(() => false);
  const { diagnostics } = stream;
  return { type: diagnostics.length === 0 ? type : undefined, diagnostics };
}

const STATEMENT_WORDS: ReadonlySet<string> = new Set([...HEADER_WORDS, ...DEFINITION_WORDS]);

function failAtDefinition(stream: TokenStream): never {
  switch (stream.kind) {
    case TokenKind.WORD:
      return stream.fail("a definition", [], didYouMean(stream.lexeme, STATEMENT_WORDS));
    case TokenKind.COMMA:
    case TokenKind.SEMICOLON:
      return stream.fail("a definition", [], "nothing separates definitions");
    default:
      return stream.fail("a definition");
  }
}

function startsStatement(stream: TokenStream): boolean {
  return (
    stream.at(TokenKind.WORD) && STATEMENT_WORDS.has(stream.lexeme) && stream.kindAhead(1) !== TokenKind.COLON
  );
}
