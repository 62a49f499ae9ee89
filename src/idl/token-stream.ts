import { shorten } from "../options.ts";
import type { Doubt, NameNode, Span } from "./ast.ts";
import { brief } from "./brief.ts";
import { describeUnexpected } from "./characters.ts";
import {
  createDiagnostic,
  createNote,
  type Diagnostic,
  type DiagnosticNote,
  MAX_DIAGNOSTICS,
} from "./diagnostics.ts";
import { cleanDocComment } from "./doc-comment.ts";
import { tokenize } from "./lexer.ts";
import type { SourceText } from "./source.ts";
import { TokenKind, type TokenTable } from "./token-table.ts";

/** Types and constants nested deeper than this are an error; the parser recurses, so the depth must be bounded. */
const MAX_NESTING = 256;

/**
 * Thrown after a syntax error has been reported, to unwind to the place that can go on: the next member or
 * the next definition. It never leaves the parser.
 */
export class SyntaxFailure extends Error {
  override name = "SyntaxFailure";
}

/** A place to go back to in thought: how deep in brackets the parser was when it began a construct. */
export interface Mark {
  readonly index: number;
  readonly braces: number;
  readonly parens: number;
  readonly angles: number;
  readonly nesting: number;
}

/**
 * The tokens of one text with a current position, and the problems found so far.
 *
 * Tokens with a problem of their own are reported when they become current; those that are not a token at
 * all are skipped then, so the grammar never sees them.
 */
export class TokenStream {
  readonly text: SourceText;
  readonly diagnostics: Diagnostic[] = [];
  readonly doubts: Doubt[] = [];
  /** Whether text was passed over because `full` was reached, so that there may be more problems. */
  endedEarly = false;
  readonly #tokens: TokenTable;
  #index = 0;
  #braces = 0;
  #parens = 0;
  #angles = 0;
  #nesting = 0;
  /** Where the last problem was reported, so that one place is not reported twice. */
  #lastReported = -1;
  /** The string that the last note about quotes was about. */
  #lastQuoteNote = -1;

  constructor(text: SourceText) {
    this.text = text;
    this.#tokens = tokenize(text.source);
    this.#settle();
  }

  get kind(): TokenKind {
    return this.#tokens.kind(this.#index);
  }

  /** Whether the current token is of that kind. */
  at(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  /** Where the current token starts. */
  get start(): number {
    return this.#tokens.start(this.#index);
  }

  /** Where the current token ends. */
  get end(): number {
    return this.#tokens.end(this.#index);
  }

  /** Where the token before the current one ends: the end of the construct that was just read. */
  get previousEnd(): number {
    return this.#index === 0 ? 0 : this.#tokens.end(this.#index - 1);
  }

  get span(): Span {
    return { start: this.start, end: this.end };
  }

  get atEnd(): boolean {
    return this.kind === TokenKind.END;
  }

  /** The text of the current token. */
  get lexeme(): string {
    return this.text.source.slice(this.start, this.end);
  }

  /** The kind of the token `distance` behind the current one. */
  kindAhead(distance: number): TokenKind {
    return this.#tokens.kind(this.#index + distance);
  }

  /** The text of the token `distance` behind the current one. */
  lexemeAhead(distance: number): string {
    const index = this.#index + distance;
    return this.text.source.slice(this.#tokens.start(index), this.#tokens.end(index));
  }

  isWord(word: string): boolean {
    return (
      this.kind === TokenKind.WORD &&
      this.end - this.start === word.length &&
      this.text.source.startsWith(word, this.start)
    );
  }

  /** Whether nothing but white space stands in front of the current token on its line. */
  get firstOnLine(): boolean {
    const { source } = this.text;
    for (let position = this.start - 1; position >= 0; position--) {
      const character = source.charAt(position);
      if (character === "\n" || character === "\r") {
        return true;
      }
      if (character !== " " && character !== "\t") {
        return false;
      }
    }
    return true;
  }

  /** The doc comment in front of the current token, cleaned, or `undefined`. */
  get doc(): string | undefined {
    const start = this.#tokens.doc(this.#index);
    return start === undefined ? undefined : cleanDocComment(this.text.source, start);
  }

  advance(): void {
    this.#step();
    this.#settle();
  }

  /** Whether the current token is that symbol; if so it is consumed. */
  accept(kind: TokenKind): boolean {
    if (!this.at(kind)) {
      return false;
    }
    this.advance();
    return true;
  }

  /** Whether the current token is that word; if so it is consumed. */
  acceptWord(word: string): boolean {
    if (!this.isWord(word)) {
      return false;
    }
    this.advance();
    return true;
  }

  /** Consumes a symbol; `expected` names it in the error, such as `` `=` ``. */
  expect(kind: TokenKind, expected: string): void {
    if (!this.accept(kind)) {
      this.fail(expected);
    }
  }

  /** Consumes a word, whatever it is: a word that some tool reserves is a name here. */
  expectName(expected: string): NameNode {
    if (!this.at(TokenKind.WORD)) {
      this.fail(expected);
    }
    const name = { text: this.lexeme, start: this.start, end: this.end };
    this.advance();
    return name;
  }

  /** As {@link expectName}, for the name of what is declared here. */
  expectNewName(expected: string): NameNode {
    const name = this.expectName(expected);
    if (name.text.includes(".")) {
      this.doubt(name, brief`only thriftgo accepts a name with a dot, such as \`${name.text}\`, here`);
    }
    return name;
  }

  /** Consumes a word and what follows it without a gap: words, numbers and dashes. */
  takeDashedName(): string {
    const { start } = this;
    const tokens = this.#tokens;
    let last = this.#index;
    while (tokens.start(last + 1) === tokens.end(last) && this.#continuesDashedName(last + 1)) {
      last++;
    }
    const name = this.text.source.slice(start, tokens.end(last));
    this.#index = last;
    this.advance();
    return name;
  }

  /** Consumes a comma or a semicolon, if there is one. */
  acceptSeparator(): boolean {
    return this.accept(TokenKind.COMMA) || this.accept(TokenKind.SEMICOLON);
  }

  /** Counts one more level of nesting; to be paired with {@link leave}, except on failure. */
  enter(): void {
    if (this.#nesting === MAX_NESTING) {
      this.report(this.span, `nested more than ${MAX_NESTING} levels deep`);
      throw new SyntaxFailure();
    }
    this.#nesting++;
  }

  leave(): void {
    this.#nesting--;
  }

  /** Reports what was expected and what stands there instead, and gives up on the current construct. */
  fail(expected: string, notes: readonly DiagnosticNote[] = [], hint?: string): never {
    const message = `expected ${expected}, found ${this.describe()}`;
    this.report(this.span, hint === undefined ? message : `${message}; ${hint}`, notes);
    throw new SyntaxFailure();
  }

  report(span: Span, message: string, notes: readonly DiagnosticNote[] = []): void {
    if (span.start === this.#lastReported) {
      return;
    }
    if (this.full) {
      this.endedEarly = true;
      return;
    }
    this.#lastReported = span.start;
    const allNotes = [...notes, ...this.#quoteNotes()];
    this.diagnostics.push(createDiagnostic(this.text, span, message, allNotes));
  }

  /** Notes a legal form that compilers do not agree on. */
  doubt({ start, end }: Span, message: string): void {
    this.doubts.push({ start, end, message });
  }

  note(span: Span, message: string): DiagnosticNote {
    return createNote(this.text, span, message);
  }

  /** Whether so many problems were found that going on is pointless. */
  get full(): boolean {
    return this.diagnostics.length >= MAX_DIAGNOSTICS;
  }

  /** What stands at the current position, for messages. */
  describe(): string {
    switch (this.kind) {
      case TokenKind.END:
        return "the end of the file";
      case TokenKind.STRING:
        return "a string";
      default:
        return `\`${shorten(this.lexeme)}\``;
    }
  }

  mark(): Mark {
    return {
      index: this.#index,
      braces: this.#braces,
      parens: this.#parens,
      angles: this.#angles,
      nesting: this.#nesting,
    };
  }

  /**
   * Skips without a report until `stop` says so or the text ends, at least one token when nothing was
   * consumed since the mark, then goes on at the depth of the mark. Linear in what it skips.
   */
  recover(mark: Mark, stop: (relative: { braces: number; parens: number; angles: number }) => boolean): void {
    if (this.full && !this.atEnd) {
      this.endedEarly = true;
      this.#index = this.#tokens.length - 1;
    }
    if (this.#index === mark.index && !this.atEnd) {
      this.#step();
    }
    while (
      !this.atEnd &&
      !stop({
        braces: this.#braces - mark.braces,
        parens: this.#parens - mark.parens,
        angles: this.#angles - mark.angles,
      })
    ) {
      this.#step();
    }
    this.#braces = mark.braces;
    this.#parens = mark.parens;
    this.#angles = mark.angles;
    this.#nesting = mark.nesting;
    this.#settle();
  }

  #continuesDashedName(index: number): boolean {
    switch (this.#tokens.kind(index)) {
      case TokenKind.WORD:
      case TokenKind.INT:
      case TokenKind.DOUBLE:
        return true;
      default:
        return this.text.source.charAt(this.#tokens.start(index)) === "-";
    }
  }

  #step(): void {
    switch (this.kind) {
      case TokenKind.END:
        return;
      case TokenKind.OPEN_BRACE:
        this.#braces++;
        break;
      case TokenKind.CLOSE_BRACE:
        this.#braces--;
        break;
      case TokenKind.OPEN_PAREN:
        this.#parens++;
        break;
      case TokenKind.CLOSE_PAREN:
        this.#parens--;
        break;
      case TokenKind.LESS:
        this.#angles++;
        break;
      case TokenKind.GREATER:
        this.#angles--;
        break;
    }
    this.#index++;
  }

  #settle(): void {
    for (;;) {
      const problem = this.#problem();
      if (problem !== undefined) {
        this.report(this.span, problem);
      }
      if (this.kind !== TokenKind.INVALID) {
        return;
      }
      this.#index++;
    }
  }

  /** What is wrong with the current token; a run of meaningless characters, as in a binary file, counts once. */
  #problem(): string | undefined {
    if (this.kind !== TokenKind.INVALID) {
      return this.#tokens.problem(this.#index);
    }
    if (this.#followsInvalid()) {
      return undefined;
    }
    if (this.full) {
      this.endedEarly = true;
      return undefined;
    }
    return this.#tokens.problem(this.#index) ?? describeUnexpected(this.text.source.codePointAt(this.start)!);
  }

  #followsInvalid(): boolean {
    return (
      this.#index > 0 &&
      this.#tokens.kind(this.#index - 1) === TokenKind.INVALID &&
      this.#tokens.end(this.#index - 1) === this.start
    );
  }

  /** After a string that spans lines, its quotes are the likeliest reason of any error. Said once. */
  #quoteNotes(): readonly DiagnosticNote[] {
    const index = this.#tokens.multilineUpTo(this.#index);
    if (index === undefined || index === this.#lastQuoteNote) {
      return [];
    }
    this.#lastQuoteNote = index;
    const span = { start: this.#tokens.start(index), end: this.#tokens.end(index) };
    return [this.note(span, "this string goes on to a later line; is its closing quote missing?")];
  }
}
