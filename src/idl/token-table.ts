/** The kind of a token: one of these, or the character code of a one-character symbol such as `{`. */
export const TokenKind = {
  END: 0,
  /** A name or a keyword; the grammar decides which, since Thrift reserves nothing everywhere. */
  WORD: 1,
  INT: 2,
  DOUBLE: 3,
  /** In either kind of quotes, which are part of the token. */
  STRING: 4,
  /** Something that is no token, such as a character that Thrift does not use. */
  INVALID: 5,
  AMPERSAND: 0x26,
  OPEN_PAREN: 0x28,
  CLOSE_PAREN: 0x29,
  STAR: 0x2a,
  COMMA: 0x2c,
  COLON: 0x3a,
  SEMICOLON: 0x3b,
  LESS: 0x3c,
  EQUAL: 0x3d,
  GREATER: 0x3e,
  OPEN_BRACKET: 0x5b,
  CLOSE_BRACKET: 0x5d,
  OPEN_BRACE: 0x7b,
  CLOSE_BRACE: 0x7d,
} as const;

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** Real files have a token for every five to eight characters; the table grows where that is too few. */
const CHARACTERS_PER_TOKEN = 5;
const MIN_CAPACITY = 16;

/**
 * The tokens of one text by number, in parallel arrays because files have hundreds of thousands of them.
 * Comments and white space are left out. A number beyond the last token means the last one, `END`.
 */
export class TokenTable {
  length = 0;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  /** By token number: what is wrong with the token itself. */
  readonly #problems = new Map<number, string>();
  /** The numbers of the strings that span lines, in order. */
  readonly #multiline: number[] = [];
  /** By token number: where the last doc comment in front of the token starts. */
  readonly #docs = new Map<number, number>();

  constructor(sourceLength: number) {
    const capacity = Math.floor(sourceLength / CHARACTERS_PER_TOKEN) + MIN_CAPACITY;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }

  push(kind: TokenKind, start: number, end: number): void {
    if (this.length === this.#kinds.length) {
      this.#grow();
    }
    this.#kinds[this.length] = kind;
    this.#starts[this.length] = start;
    this.#ends[this.length] = end;
    this.length++;
  }

  /** Says what is wrong with the token that is pushed next. */
  setProblem(problem: string): void {
    this.#problems.set(this.length, problem);
  }

  /** Says that a doc comment stands in front of the token that is pushed next. */
  setDoc(start: number): void {
    this.#docs.set(this.length, start);
  }

  /** Says that the token that is pushed next is a string that spans lines. */
  setMultiline(): void {
    this.#multiline.push(this.length);
  }

  kind(index: number): TokenKind {
    return this.#kinds[Math.min(index, this.length - 1)] as TokenKind;
  }

  start(index: number): number {
    return this.#starts[Math.min(index, this.length - 1)]!;
  }

  end(index: number): number {
    return this.#ends[Math.min(index, this.length - 1)]!;
  }

  /** What is wrong with the token itself, where the lexer has said so. */
  problem(index: number): string | undefined {
    return this.#problems.get(index);
  }

  /** The number of the last string that spans lines among the tokens up to `index`, or `undefined`. */
  multilineUpTo(index: number): number | undefined {
    return this.#multiline.findLast((number) => number <= index);
  }

  /** Where the last doc comment in front of the token starts, or `undefined`. */
  doc(index: number): number | undefined {
    return this.#docs.get(index);
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    const starts = new Int32Array(capacity);
    const ends = new Int32Array(capacity);
    kinds.set(this.#kinds);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#kinds = kinds;
    this.#starts = starts;
    this.#ends = ends;
  }
}
