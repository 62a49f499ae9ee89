import type { AnnotationNode, BaseTypeName, TypeNode } from "./ast.ts";
import { decodeString } from "./decode.ts";
import { parseAnnotations } from "./parse-annotations.ts";
import type { TokenStream } from "./token-stream.ts";
import { TokenKind } from "./token-table.ts";

const BASE_TYPES: ReadonlyMap<string, BaseTypeName> = new Map([
  ["bool", "bool"],
  ["byte", "byte"],
  ["i8", "byte"],
  ["i16", "i16"],
  ["i32", "i32"],
  ["i64", "i64"],
  ["double", "double"],
  ["string", "string"],
  ["binary", "binary"],
]);

/**
 * Words that are a base type for some tools and free for others: thriftgo has no `uuid`, and `slist` is gone
 * from newer Apache Thrift. They are a base type unless the file defines a type with that name.
 */
const YIELDING_BASE_TYPES: ReadonlyMap<string, BaseTypeName> = new Map([
  ["uuid", "uuid"],
  ["slist", "string"],
]);

/** Containers, unless a name follows: thriftgo lets a file define a type that is called so. */
const CONTAINER_WORDS: ReadonlySet<string> = new Set(["list", "set", "map"]);

/** The same shape serves a named type and a base type, so that the choice can be made late. */
interface UndecidedTypeNode {
  kind: "named" | "base";
  name: string;
  readonly annotations: readonly AnnotationNode[];
  readonly start: number;
  readonly end: number;
}

/** Reads types and keeps the ones that only the definitions of the whole file decide. */
export class TypeParser {
  readonly #stream: TokenStream;
  readonly #undecided: UndecidedTypeNode[] = [];

  constructor(stream: TokenStream) {
    this.#stream = stream;
  }

  /** A base type, a container or the name of a type, with its annotations. `expected` names it in errors. */
  parse(expected: string): TypeNode {
    const stream = this.#stream;
    if (!stream.at(TokenKind.WORD)) {
      stream.fail(expected);
    }
    const { start, lexeme } = stream;
    if (lexeme === "void") {
      stream.fail(`${expected} (\`void\` can only be what a method returns)`);
    }
    const isContainerWord = CONTAINER_WORDS.has(lexeme);
    if (isContainerWord && !this.#namesType()) {
      return this.#parseContainer(lexeme as "list" | "set" | "map", start);
    }
    stream.advance();
    const annotations = this.#parseTypeAnnotations();
    const end = stream.previousEnd;
    const base = BASE_TYPES.get(lexeme);
    if (base !== undefined) {
      return { kind: "base", name: base, annotations, start, end };
    }
    const node: UndecidedTypeNode = { kind: "named", name: lexeme, annotations, start, end };
    if (isContainerWord || YIELDING_BASE_TYPES.has(lexeme)) {
      this.#undecided.push(node);
    }
    return node as TypeNode;
  }

  /**
   * Turns `uuid` and `slist` into base types, except those that `isDefined` claims, and reports containers
   * without an element type. Called once, at the end.
   */
  decide(isDefined: (name: string) => boolean): void {
    for (const node of this.#undecided) {
      if (isDefined(node.name)) {
        continue;
      }
      const base = YIELDING_BASE_TYPES.get(node.name);
      if (base === undefined) {
        this.#stream.report(node, `expected \`<\` after \`${node.name}\``);
      } else {
        node.kind = "base";
        node.name = base;
      }
    }
  }

  /** Whether the current container word is followed by a name, as in `1: list x`. */
  #namesType(): boolean {
    const stream = this.#stream;
    return (
      stream.kindAhead(1) === TokenKind.WORD &&
      !(stream.lexemeAhead(1) === "cpp_type" && stream.kindAhead(2) === TokenKind.STRING)
    );
  }

  #parseContainer(word: "list" | "set" | "map", start: number): TypeNode {
    const stream = this.#stream;
    stream.enter();
    stream.advance();
    let cppType = this.#parseCppType();
    stream.expect(TokenKind.LESS, `\`<\` after \`${word}\``);
    const element = this.parse(word === "map" ? "a key type" : "an element type");
    let value: TypeNode | undefined;
    if (word === "map") {
      stream.expect(TokenKind.COMMA, "`,` after the key type");
      value = this.parse("a value type");
    }
    stream.expect(TokenKind.GREATER, "`>`");
    if (word === "list") {
      // The older place for it, which only lists have.
      cppType = this.#parseCppType() ?? cppType;
    }
    const annotations = this.#parseTypeAnnotations();
    stream.leave();
    const end = stream.previousEnd;
    return value === undefined
      ? { kind: word as "list" | "set", element, cppType, annotations, start, end }
      : { kind: "map", key: element, value, cppType, annotations, start, end };
  }

  /** `cpp_type "x"`. Without a string behind it the word is something else, such as a field name. */
  #parseCppType(): string | undefined {
    const stream = this.#stream;
    if (!stream.isWord("cpp_type") || stream.kindAhead(1) !== TokenKind.STRING) {
      return undefined;
    }
    stream.advance();
    const name = decodeString(stream.lexeme);
    stream.advance();
    return name;
  }

  /** Only what can be annotations: in `f(1: i32 x)` or `f()` without a return type the parenthesis opens arguments. */
  #parseTypeAnnotations(): readonly AnnotationNode[] {
    const stream = this.#stream;
    const next = stream.kindAhead(1);
    const opensArguments =
      next === TokenKind.INT || (next === TokenKind.CLOSE_PAREN && stream.kindAhead(2) !== TokenKind.WORD);
    return stream.at(TokenKind.OPEN_PAREN) && opensArguments ? [] : parseAnnotations(stream);
  }
}
