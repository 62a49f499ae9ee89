import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/**
 * Whether a definition or header certainly starts here, although something else is expected. Its first word alone
 * does not tell: thriftgo lets a type be called `struct`.
 */
export function atDefinition(stream: TokenStream): boolean {
  if (!stream.at(TokenKind.WORD)) {
    return false;
  }
  const next = stream.kindAhead(1);
  const afterNext = stream.kindAhead(2);
  switch (stream.lexeme) {
    case "struct":
    case "union":
    case "exception":
    case "enum":
    case "senum":
      return (
        next === TokenKind.WORD && (afterNext === TokenKind.OPEN_BRACE || stream.lexemeAhead(2) === "xsd_all")
      );
    case "service":
      return (
        next === TokenKind.WORD && (afterNext === TokenKind.OPEN_BRACE || stream.lexemeAhead(2) === "extends")
      );
    case "const":
    case "typedef":
      return (
        next === TokenKind.WORD &&
        (afterNext === TokenKind.WORD || afterNext === TokenKind.LESS) &&
        stream.firstOnLine
      );
    case "include":
    case "cpp_include":
      return next === TokenKind.STRING;
    case "namespace":
      return (
        next === TokenKind.STAR ||
        (next === TokenKind.WORD && afterNext === TokenKind.WORD && stream.firstOnLine)
      );
    default:
      return false;
  }
}
