import type { Span } from "./ast.ts";
import { atDefinition } from "./at-definition.ts";
import { SyntaxFailure, type TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/** What a list of members is, for parsing it and for talking about it. */
export interface MemberList<T> {
  readonly close: typeof TokenKind.CLOSE_BRACE | typeof TokenKind.CLOSE_PAREN;
  /** What it belongs to, such as `` struct `User` ``. */
  readonly owner: string;
  /** The opening bracket, which has been consumed. */
  readonly opening: Span;
  /** Reads one member with its separator; throws `SyntaxFailure` after reporting. */
  readonly parse: () => T;
}

/**
 * Reads members up to the closing bracket and consumes it. After a syntax error in a member, goes on with
 * the next one. A list that is not closed ends where the next definition starts.
 */
export function parseMembers<T>(stream: TokenStream, list: MemberList<T>): T[] {
  const members: T[] = [];
  while (!stream.accept(list.close)) {
    if (stream.atEnd || atDefinition(stream)) {
      reportUnclosed(stream, list);
      break;
    }
    if (list.close === TokenKind.CLOSE_PAREN && stream.at(TokenKind.CLOSE_BRACE)) {
      // The enclosing list ends: only the method around these parentheses is lost.
      reportUnclosed(stream, list);
      throw new SyntaxFailure();
    }
    const mark = stream.mark();
    try {
      members.push(list.parse());
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) {
        throw error;
      }
      stream.recover(mark, (depth) => stopsAt(stream, list.close, depth));
      stream.acceptSeparator();
    }
  }
  return members;
}

function reportUnclosed<T>(stream: TokenStream, { close, owner, opening }: MemberList<T>): void {
  const bracket = close === TokenKind.CLOSE_BRACE ? "`}`" : "`)`";
  const message = `expected ${bracket} to close ${owner}, found ${stream.describe()}`;
  stream.report(stream.span, message, [stream.note(opening, "opened here")]);
}

/** Whether recovery inside a list has come to a place where the next member may start or the list ends. */
function stopsAt(
  stream: TokenStream,
  close: TokenKind,
  depth: { braces: number; parens: number; angles: number },
): boolean {
  if (depth.braces > 0) {
    return stream.firstOnLine && atDefinition(stream);
  }
  switch (stream.kind) {
    case TokenKind.CLOSE_BRACE:
      // It closes this list or the one around it, whatever else is open.
      return true;
    case TokenKind.CLOSE_PAREN:
      return close === TokenKind.CLOSE_PAREN && depth.parens <= 0;
    case TokenKind.COMMA:
    case TokenKind.SEMICOLON:
      return depth.parens <= 0 && depth.angles <= 0;
    case TokenKind.INT:
      return stream.firstOnLine && stream.kindAhead(1) === TokenKind.COLON;
    case TokenKind.WORD:
      return stream.firstOnLine && atDefinition(stream);
    default:
      return false;
  }
}
