import type { AnnotationNode } from "./ast.ts";
import { atDefinition } from "./at-definition.ts";
import { brief } from "./brief.ts";
import { decodeString } from "./decode.ts";
import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/** What an annotation without a value is worth in Apache Thrift. */
const DEFAULT_VALUE = "1";

const NONE: readonly AnnotationNode[] = Object.freeze([]);

/** `(key = "value", key)`, in any number, or nothing when no parenthesis stands here. */
export function parseAnnotations(stream: TokenStream): readonly AnnotationNode[] {
  if (!stream.at(TokenKind.OPEN_PAREN)) {
    return NONE;
  }
  const opening = stream.span;
  stream.advance();
  const annotations: AnnotationNode[] = [];
  while (!stream.accept(TokenKind.CLOSE_PAREN)) {
    if (!stream.at(TokenKind.WORD) || atDefinition(stream)) {
      stream.fail("an annotation or `)`", [stream.note(opening, "the annotations start here")]);
    }
    annotations.push(parseAnnotation(stream));
  }
  return annotations;
}

function parseAnnotation(stream: TokenStream): AnnotationNode {
  const key = stream.expectName("an annotation");
  let value = DEFAULT_VALUE;
  if (stream.accept(TokenKind.EQUAL)) {
    if (!stream.at(TokenKind.STRING)) {
      stream.fail(brief`a string as the value of annotation \`${key.text}\``);
    }
    value = decodeString(stream.lexeme);
    stream.advance();
  }
  const end = stream.previousEnd;
  stream.acceptSeparator();
  return { key: key.text, value, start: key.start, end };
}
