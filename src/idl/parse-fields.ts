import { didYouMean } from "../suggest.ts";
import type { FieldNode, Span } from "./ast.ts";
import { parseAnnotations } from "./parse-annotations.ts";
import { parseConstant, parseInteger } from "./parse-constants.ts";
import { parseMembers } from "./parse-members.ts";
import type { TypeParser } from "./parse-types.ts";
import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/** Where fields stand: they look the same everywhere, but errors name them differently. */
export interface FieldList {
  readonly close: typeof TokenKind.CLOSE_BRACE | typeof TokenKind.CLOSE_PAREN;
  readonly owner: string;
  readonly opening: Span;
  /** What one is called, with its article. */
  readonly member: "a field" | "an argument" | "an exception";
}

/** Reads the fields of a struct, arguments or exceptions up to the closing bracket and consumes it. */
export function parseFields(stream: TokenStream, types: TypeParser, list: FieldList): FieldNode[] {
  let previous: FieldNode | undefined;
  return parseMembers(stream, {
    ...list,
    parse: () => (previous = parseField(stream, types, list.member, previous)),
  });
}

function parseField(
  stream: TokenStream,
  types: TypeParser,
  member: FieldList["member"],
  previous: FieldNode | undefined,
): FieldNode {
  const { doc, start } = stream;
  const follows = previous?.end === stream.previousEnd;
  let id: bigint | undefined;
  let idSpan: Span | undefined;
  if (stream.at(TokenKind.INT)) {
    idSpan = stream.span;
    id = parseInteger(stream, `${member} id`);
    stream.expect(TokenKind.COLON, "`:` after the id");
  }
  const requiredness = parseRequiredness(stream);
  // What is written after a field without a separator, and has no id, may be the rest of it.
  const continued = follows && id === undefined ? previous : undefined;
  const expectedType = id === undefined ? `${member} type or id` : `${member} type`;
  checkRequiredness(stream, expectedType, continued);
  const type = types.parse(expectedType);
  const reference = stream.accept(TokenKind.AMPERSAND);
  checkRequiredness(stream, `${member} name`, continued);
  const name = stream.expectNewName(`${member} name`);
  const defaultValue = stream.accept(TokenKind.EQUAL) ? parseConstant(stream) : undefined;
  skipXsdOptions(stream, types);
  const annotations = parseAnnotations(stream);
  const end = stream.previousEnd;
  stream.acceptSeparator();
  return {
    name,
    id,
    idSpan: idSpan ?? { start: name.start, end: name.end },
    requiredness,
    type,
    reference,
    defaultValue,
    annotations,
    doc,
    start,
    end,
  };
}

function parseRequiredness(stream: TokenStream): FieldNode["requiredness"] {
  if (stream.acceptWord("required")) {
    return "required";
  }
  return stream.acceptWord("optional") ? "optional" : "default";
}

const REQUIREDNESS_WORDS: readonly string[] = ["required", "optional"];

/**
 * Reports a word that is missing here with a hint when `continued`, the field in front, has one of these words for its
 * type, mistyped: `1: optionl i32 a` is read as the field `i32` of a type `optionl`, and the rest makes no sense.
 */
function checkRequiredness(stream: TokenStream, expected: string, continued: FieldNode | undefined): void {
  if (stream.at(TokenKind.WORD) || continued?.type.kind !== "named") {
    return;
  }
  const { type } = continued;
  const hint = didYouMean(type.name, REQUIREDNESS_WORDS);
  if (hint !== undefined) {
    stream.fail(expected, [stream.note(type, `\`${type.name}\` is taken for the type of a field`)], hint);
  }
}

/** XML schema clauses that Apache Thrift still accepts; nothing uses them. */
function skipXsdOptions(stream: TokenStream, types: TypeParser): void {
  stream.acceptWord("xsd_optional");
  stream.acceptWord("xsd_nillable");
  if (stream.isWord("xsd_attrs") && stream.kindAhead(1) === TokenKind.OPEN_BRACE) {
    stream.enter();
    stream.advance();
    const opening = stream.span;
    stream.advance();
    parseFields(stream, types, {
      close: TokenKind.CLOSE_BRACE,
      owner: "`xsd_attrs`",
      opening,
      member: "a field",
    });
    stream.leave();
  }
}
