import type { ConstNode } from "./ast.ts";
import { atDefinition } from "./at-definition.ts";
import { brief } from "./brief.ts";
import { decodeInteger, decodeString, unknownEscape } from "./decode.ts";
import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/** A constant value: a number, a string, a name, a list or a map. */
export function parseConstant(stream: TokenStream): ConstNode {
  const { start, end } = stream;
  switch (stream.kind) {
    case TokenKind.INT:
      return { kind: "int", value: parseConstantInteger(stream), start, end };
    case TokenKind.DOUBLE: {
      const value = Number(stream.lexeme);
      stream.advance();
      return { kind: "double", value, start, end };
    }
    case TokenKind.STRING:
      return { kind: "string", value: parseString(stream), start, end };
    case TokenKind.WORD: {
      const name = stream.lexeme;
      stream.advance();
      return { kind: "identifier", name, start, end };
    }
    case TokenKind.OPEN_BRACKET:
      return parseList(stream);
    case TokenKind.OPEN_BRACE:
      return parseMap(stream);
    default:
      return stream.fail("a constant value");
  }
}

/** An integer of at most 64 bits; one that is larger is reported and read as 0. */
export function parseInteger(stream: TokenStream, expected: string): bigint {
  if (!stream.at(TokenKind.INT)) {
    stream.fail(expected);
  }
  const value = decodeInteger(stream.lexeme);
  if (value === undefined) {
    stream.report(stream.span, `the integer ${stream.describe()} does not fit into 64 bits`);
  }
  stream.advance();
  return value ?? 0n;
}

/** As {@link parseInteger}, with a note where compilers differ; about ids they agree. */
export function parseConstantInteger(stream: TokenStream): bigint {
  const { span, lexeme } = stream;
  const value = parseInteger(stream, "an integer");
  if (OCTAL.test(lexeme)) {
    stream.doubt(span, brief`only thriftgo accepts octal numbers such as \`${lexeme}\``);
  } else if (LEADING_ZERO.test(lexeme)) {
    const digits = lexeme.replace(/^[+-]?0+(?=\d)/, "");
    const isOctal = /^[0-7]*$/.test(digits);
    // One digit is the same number in both bases.
    if (!isOctal || digits.length > 1) {
      const other = isOctal ? "thriftgo takes it for octal" : "thriftgo does not accept it";
      stream.doubt(span, brief`\`${lexeme}\` is ${value} here, as in Apache Thrift; ${other}`);
    }
  }
  return value;
}

const OCTAL = /^[+-]?0o/;
const LEADING_ZERO = /^[+-]?0\d/;

/** The value of the current token, a string, with notes where compilers differ. */
export function parseString(stream: TokenStream): string {
  const { span, lexeme } = stream;
  if (LINE_END.test(lexeme)) {
    stream.doubt(span, "only thriftgo accepts a string that spans lines");
  }
  const unknown = unknownEscape(lexeme);
  if (unknown !== undefined) {
    const shown = PRINTABLE.test(unknown) ? `\`\\${unknown}\`` : "this backslash";
    stream.doubt(span, `${shown} stands for itself here, as in thriftgo; Apache Thrift does not accept it`);
  }
  stream.advance();
  return decodeString(lexeme);
}

const PRINTABLE = /^[!-~]$/;
const LINE_END = /[\r\n]/;

function parseList(stream: TokenStream): ConstNode {
  const opening = stream.span;
  stream.enter();
  stream.advance();
  const elements: ConstNode[] = [];
  while (!stream.accept(TokenKind.CLOSE_BRACKET)) {
    if (!startsConstant(stream)) {
      stream.fail("a list element or `]`", [stream.note(opening, "the list starts here")]);
    }
    elements.push(parseConstant(stream));
    stream.acceptSeparator();
  }
  stream.leave();
  return { kind: "list", elements, start: opening.start, end: stream.previousEnd };
}

function parseMap(stream: TokenStream): ConstNode {
  const opening = stream.span;
  stream.enter();
  stream.advance();
  const entries: { key: ConstNode; value: ConstNode }[] = [];
  while (!stream.accept(TokenKind.CLOSE_BRACE)) {
    if (!startsConstant(stream)) {
      stream.fail("a key or `}`", [stream.note(opening, "the map starts here")]);
    }
    const key = parseConstant(stream);
    stream.expect(TokenKind.COLON, "`:` after the key");
    const value = parseConstant(stream);
    stream.acceptSeparator();
    entries.push({ key, value });
  }
  stream.leave();
  return { kind: "map", entries, start: opening.start, end: stream.previousEnd };
}

function startsConstant(stream: TokenStream): boolean {
  switch (stream.kind) {
    case TokenKind.INT:
    case TokenKind.DOUBLE:
    case TokenKind.STRING:
    case TokenKind.OPEN_BRACKET:
    case TokenKind.OPEN_BRACE:
      return true;
    case TokenKind.WORD:
      return !atDefinition(stream);
    default:
      return false;
  }
}
