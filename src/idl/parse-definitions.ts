import { didYouMean } from "../suggest.ts";
import type {
  ConstDefinitionNode,
  DefinitionNode,
  EnumMemberNode,
  EnumNode,
  MethodNode,
  SenumNode,
  ServiceNode,
  Span,
  StructNode,
  TypedefNode,
  TypeNode,
} from "./ast.ts";
import { brief } from "./brief.ts";
import { parseAnnotations } from "./parse-annotations.ts";
import { parseConstant, parseConstantInteger, parseString } from "./parse-constants.ts";
import { parseFields } from "./parse-fields.ts";
import { parseMembers } from "./parse-members.ts";
import type { TypeParser } from "./parse-types.ts";
import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

/** The words that a definition starts with. */
export const DEFINITION_WORDS: readonly string[] = [
  "const",
  "typedef",
  "enum",
  "senum",
  "struct",
  "union",
  "exception",
  "service",
];

/**
 * Reads the definition that starts with the current word, or returns `undefined` when no definition starts
 * with that word. Throws `SyntaxFailure` after reporting.
 */
export function parseDefinition(stream: TokenStream, types: TypeParser): DefinitionNode | undefined {
  if (!stream.at(TokenKind.WORD)) {
    return undefined;
  }
  const word = stream.lexeme;
  switch (word) {
    case "const":
      return parseConst(stream, types);
    case "typedef":
      return parseTypedef(stream, types);
    case "enum":
      return parseEnum(stream);
    case "senum":
      return parseSenum(stream);
    case "struct":
    case "union":
    case "exception":
      return parseStruct(stream, types, word);
    case "service":
      return parseService(stream, types);
    default:
      return undefined;
  }
}

function parseConst(stream: TokenStream, types: TypeParser): ConstDefinitionNode {
  const { doc, start } = stream;
  stream.advance();
  const type = types.parse("the type of the constant");
  const name = stream.expectNewName("the name of the constant");
  stream.expect(TokenKind.EQUAL, brief`\`=\` after \`${name.text}\``);
  const value = parseConstant(stream);
  // thriftgo puts the separator in front of the annotations, which Apache Thrift does not have here.
  stream.acceptSeparator();
  const annotations = parseAnnotations(stream);
  return { kind: "const", name, type, value, annotations, doc, start, end: stream.previousEnd };
}

function parseTypedef(stream: TokenStream, types: TypeParser): TypedefNode {
  const { doc, start } = stream;
  stream.advance();
  const type = types.parse("the type that the typedef names");
  const name = stream.expectNewName("the name of the typedef");
  const annotations = parseAnnotations(stream);
  const end = stream.previousEnd;
  stream.acceptSeparator();
  return { kind: "typedef", name, type, annotations, doc, start, end };
}

function parseEnum(stream: TokenStream): EnumNode {
  const { doc, start } = stream;
  stream.advance();
  const name = stream.expectNewName("the name of the enum");
  const opening = expectOpening(stream, "enum", name.text);
  const members = parseMembers(stream, {
    close: TokenKind.CLOSE_BRACE,
    owner: brief`enum \`${name.text}\``,
    opening,
    parse: () => parseEnumMember(stream),
  });
  const annotations = parseAnnotations(stream);
  return { kind: "enum", name, members, annotations, doc, start, end: stream.previousEnd };
}

function parseEnumMember(stream: TokenStream): EnumMemberNode {
  const { doc, start } = stream;
  const name = stream.expectNewName("an enum member or `}`");
  const hasValue = stream.accept(TokenKind.EQUAL);
  const valueSpan = hasValue ? stream.span : { start: name.start, end: name.end };
  const value = hasValue ? parseEnumValue(stream) : undefined;
  const annotations = parseAnnotations(stream);
  const end = stream.previousEnd;
  stream.acceptSeparator();
  return { name, value, valueSpan, annotations, doc, start, end };
}

function parseEnumValue(stream: TokenStream): bigint {
  // Integers in Apache Thrift's lexer, so they are values here too.
  if (stream.acceptWord("true")) {
    return 1n;
  }
  return stream.acceptWord("false") ? 0n : parseConstantInteger(stream);
}

function parseSenum(stream: TokenStream): SenumNode {
  const { doc, start } = stream;
  stream.advance();
  const name = stream.expectNewName("the name of the senum");
  const opening = expectOpening(stream, "senum", name.text);
  const members = parseMembers(stream, {
    close: TokenKind.CLOSE_BRACE,
    owner: brief`senum \`${name.text}\``,
    opening,
    parse: () => {
      if (!stream.at(TokenKind.STRING)) {
        stream.fail("a string or `}`");
      }
      const member = parseString(stream);
      stream.acceptSeparator();
      return member;
    },
  });
  const annotations = parseAnnotations(stream);
  return { kind: "senum", name, members, annotations, doc, start, end: stream.previousEnd };
}

function parseStruct(stream: TokenStream, types: TypeParser, flavor: StructNode["flavor"]): StructNode {
  const { doc, start } = stream;
  stream.advance();
  const name = stream.expectNewName(`the name of the ${flavor}`);
  const xsdAll = stream.acceptWord("xsd_all");
  const opening = expectOpening(stream, flavor, name.text);
  const fields = parseFields(stream, types, {
    close: TokenKind.CLOSE_BRACE,
    owner: brief`${flavor} \`${name.text}\``,
    opening,
    member: "a field",
  });
  const annotations = parseAnnotations(stream);
  return { kind: "struct", flavor, name, xsdAll, fields, annotations, doc, start, end: stream.previousEnd };
}

function parseService(stream: TokenStream, types: TypeParser): ServiceNode {
  const { doc, start } = stream;
  stream.advance();
  const name = stream.expectNewName("the name of the service");
  const base = stream.acceptWord("extends")
    ? stream.expectName("the name of the service to extend")
    : undefined;
  const opening = expectOpening(stream, "service", name.text);
  let previous: MethodNode | undefined;
  const methods = parseMembers(stream, {
    close: TokenKind.CLOSE_BRACE,
    owner: brief`service \`${name.text}\``,
    opening,
    parse: () => (previous = parseMethod(stream, types, previous)),
  });
  const annotations = parseAnnotations(stream);
  return { kind: "service", name, extends: base, methods, annotations, doc, start, end: stream.previousEnd };
}

function parseMethod(stream: TokenStream, types: TypeParser, previous: MethodNode | undefined): MethodNode {
  const { doc, start } = stream;
  // Without a separator, what follows a method may be its `throws`, mistyped.
  const follows = previous?.end === stream.previousEnd;
  const oneway = parseOneway(stream);
  const returnType = parseReturnType(stream, types);
  if (stream.at(TokenKind.OPEN_PAREN)) {
    const hint =
      follows && returnType?.kind === "named" ? didYouMean(returnType.name, ["throws"]) : undefined;
    stream.fail("the name of the method", [], hint ?? "is the return type missing?");
  }
  const name = stream.expectNewName("the name of the method");
  const opening = stream.span;
  stream.expect(TokenKind.OPEN_PAREN, brief`\`(\` after \`${name.text}\``);
  const args = parseFields(stream, types, {
    close: TokenKind.CLOSE_PAREN,
    owner: brief`the arguments of \`${name.text}\``,
    opening,
    member: "an argument",
  });
  const throws = stream.acceptWord("throws")
    ? parseFields(stream, types, {
        close: TokenKind.CLOSE_PAREN,
        owner: brief`the exceptions of \`${name.text}\``,
        opening: expectThrowsOpening(stream),
        member: "an exception",
      })
    : [];
  const annotations = parseAnnotations(stream);
  const end = stream.previousEnd;
  stream.acceptSeparator();
  return { name, oneway, returnType, args, throws, annotations, doc, start, end };
}

/** `oneway`, or its old name `async`, which thriftgo does not reserve: it may be the type of a result. */
function parseOneway(stream: TokenStream): boolean {
  if (stream.isWord("async") && stream.kindAhead(2) === TokenKind.OPEN_PAREN) {
    return false;
  }
  return stream.acceptWord("oneway") || stream.acceptWord("async");
}

function parseReturnType(stream: TokenStream, types: TypeParser): TypeNode | undefined {
  return stream.acceptWord("void") ? undefined : types.parse("a return type");
}

function expectOpening(stream: TokenStream, kind: string, name: string): Span {
  const opening = stream.span;
  stream.expect(TokenKind.OPEN_BRACE, brief`\`{\` after ${kind} \`${name}\``);
  return opening;
}

function expectThrowsOpening(stream: TokenStream): Span {
  const opening = stream.span;
  stream.expect(TokenKind.OPEN_PAREN, "`(` after `throws`");
  return opening;
}
