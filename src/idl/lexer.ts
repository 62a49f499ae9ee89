import { asciiTwin, describeUnexpected } from "./characters.ts";
import { startOfText } from "./source.ts";
import { TokenKind, TokenTable } from "./token-table.ts";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const VERTICAL_TAB = 0x0b;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const DIGIT_0 = 0x30;
const DIGIT_7 = 0x37;
const DIGIT_9 = 0x39;
const BACKSLASH = 0x5c;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const LOWER_O = 0x6f;
const LOWER_X = 0x78;
const ASCII_END = 0x80;

const IS_WORD_START = 1;
const IS_WORD_PART = 2;
const IS_SYMBOL = 4;
const IS_HEX_DIGIT = 8;

/** What the ASCII characters can be, as the bits above. */
const CLASS_OF: Uint8Array = classify();

function classify(): Uint8Array {
  const classes = new Uint8Array(ASCII_END);
  const mark = (characters: string, bits: number): void => {
    for (let index = 0; index < characters.length; index++) {
      classes[characters.charCodeAt(index)]! |= bits;
    }
  };
  mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", IS_WORD_START | IS_WORD_PART);
  mark("0123456789.", IS_WORD_PART);
  mark("0123456789abcdefABCDEF", IS_HEX_DIGIT);
  mark("&()*,:;<=>[]{}", IS_SYMBOL);
  return classes;
}

/**
 * Splits IDL text into tokens, in time linear in its length. It never fails: what cannot be a token becomes
 * one with a problem, or an `INVALID` one for a single character.
 *
 * The words, numbers and comments are the union of what Apache Thrift (`thriftl.ll`) and thriftgo
 * (`thrift.peg`) accept. Where they differ: a word may have dots anywhere but in front, a line comment also
 * ends at a lone CR, `0o17` is octal, a vertical tab is white space, strings may span lines.
 */
export function tokenize(source: string): TokenTable {
  return new Lexer(source).run();
}

class Lexer {
  readonly #source: string;
  #position: number;
  readonly #tokens: TokenTable;
  /** Quotes of which the rest of the text has no closing one, so that the search is not repeated. */
  readonly #neverClosed = new Set<number>();

  constructor(source: string) {
    this.#source = source;
    this.#tokens = new TokenTable(source.length);
    this.#position = startOfText(source);
  }

  run(): TokenTable {
    const source = this.#source;
    while (this.#position < source.length) {
      this.#next(source.charCodeAt(this.#position));
    }
    this.#push(TokenKind.END, source.length, source.length);
    return this.#tokens;
  }

  #next(unit: number): void {
    const start = this.#position;
    switch (unit) {
      case TAB:
      case LINE_FEED:
      case VERTICAL_TAB:
      case CARRIAGE_RETURN:
      case SPACE:
        this.#position = start + 1;
        return;
      case HASH:
        this.#lineComment();
        return;
      case QUOTE:
      case APOSTROPHE:
        this.#string(unit);
        return;
      case SLASH: {
        const second = this.#source.charCodeAt(start + 1);
        if (second === SLASH) {
          this.#lineComment();
        } else if (second === STAR) {
          this.#blockComment();
        } else {
          this.#invalid();
        }
        return;
      }
    }
    const bits = unit < ASCII_END ? CLASS_OF[unit]! : 0;
    if ((bits & IS_SYMBOL) !== 0) {
      this.#push(unit as TokenKind, start, start + 1);
    } else if ((bits & IS_WORD_START) !== 0 || this.#isForeignLetter(start)) {
      this.#word();
    } else if (this.#startsNumber(start)) {
      this.#number();
    } else {
      this.#invalid();
    }
  }

  #push(kind: TokenKind, start: number, end: number, problem?: string): void {
    if (problem !== undefined) {
      this.#tokens.setProblem(problem);
    }
    this.#tokens.push(kind, start, end);
    this.#position = end;
  }

  #lineComment(): void {
    const source = this.#source;
    let position = this.#position + 1;
    while (position < source.length) {
      const unit = source.charCodeAt(position);
      if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
        break;
      }
      position++;
    }
    this.#position = position;
  }

  #blockComment(): void {
    const source = this.#source;
    const start = this.#position;
    const close = source.indexOf("*/", start + 2);
    if (close < 0) {
      const end = source.length;
      this.#push(TokenKind.INVALID, start, end, "this comment is never closed, `*/` is missing");
      return;
    }
    this.#position = close + 2;
    // `/**/` is an empty comment, not a doc comment.
    if (source.charCodeAt(start + 2) === STAR && close > start + 2) {
      this.#tokens.setDoc(start);
    }
  }

  #string(quote: number): void {
    const source = this.#source;
    const start = this.#position;
    let lineEnd = -1;
    let position = start + 1;
    for (; position < source.length; position++) {
      const unit = source.charCodeAt(position);
      if (unit === quote) {
        if (lineEnd >= 0) {
          this.#tokens.setMultiline();
        }
        this.#push(TokenKind.STRING, start, position + 1);
        return;
      }
      if (unit === BACKSLASH) {
        position++;
      } else if (lineEnd < 0 && (unit === LINE_FEED || unit === CARRIAGE_RETURN)) {
        lineEnd = position;
        if (this.#neverClosed.has(quote)) {
          break;
        }
      }
    }
    this.#neverClosed.add(quote);
    const end = lineEnd < 0 ? source.length : lineEnd;
    const missing = quote === QUOTE ? '`"`' : "`'`";
    this.#push(TokenKind.STRING, start, end, `this string is never closed, ${missing} is missing`);
  }

  #word(): void {
    const source = this.#source;
    const start = this.#position;
    let position = start;
    let foreign = -1;
    for (; position < source.length; position++) {
      const unit = source.charCodeAt(position);
      if (unit < ASCII_END) {
        if ((CLASS_OF[unit]! & IS_WORD_PART) === 0) {
          break;
        }
      } else if (this.#isForeignLetter(position)) {
        foreign = foreign < 0 ? position : foreign;
        // The second half of a surrogate pair.
        position += source.codePointAt(position)! > 0xffff ? 1 : 0;
      } else {
        break;
      }
    }
    const problem =
      foreign < 0
        ? undefined
        : `\`${String.fromCodePoint(source.codePointAt(foreign)!)}\` is not allowed in a name; names are made of ASCII letters, digits, \`_\` and \`.\``;
    this.#push(TokenKind.WORD, start, position, problem);
  }

  /** Whether a letter or digit beyond ASCII stands there: taken into the word, which then has a problem. */
  #isForeignLetter(position: number): boolean {
    const codePoint = this.#source.codePointAt(position)!;
    return codePoint >= ASCII_END && /^\p{ID_Continue}$/u.test(String.fromCodePoint(codePoint));
  }

  #isDigitAt(position: number): boolean {
    const unit = this.#source.charCodeAt(position);
    return unit >= DIGIT_0 && unit <= DIGIT_9;
  }

  /** `+` or `-` if any, then a digit or a dot with a digit. */
  #startsNumber(position: number): boolean {
    const unit = this.#source.charCodeAt(position);
    const first = unit === PLUS || unit === MINUS ? position + 1 : position;
    return this.#isDigitAt(first) || (this.#source.charCodeAt(first) === DOT && this.#isDigitAt(first + 1));
  }

  #number(): void {
    const source = this.#source;
    const start = this.#position;
    const sign = source.charCodeAt(start);
    const first = sign === PLUS || sign === MINUS ? start + 1 : start;
    const prefixed = this.#prefixedInteger(first);
    if (prefixed > first) {
      this.#push(TokenKind.INT, start, prefixed);
      return;
    }
    let position = this.#skipDigits(first);
    let kind: TokenKind = TokenKind.INT;
    let problem: string | undefined;
    if (source.charCodeAt(position) === DOT) {
      kind = TokenKind.DOUBLE;
      if (!this.#isDigitAt(position + 1)) {
        problem = "a digit is missing after the decimal point";
      }
      position = this.#skipDigits(position + 1);
    }
    const exponent = source.charCodeAt(position);
    if (exponent === LOWER_E || exponent === UPPER_E) {
      const second = source.charCodeAt(position + 1);
      const digits = second === PLUS || second === MINUS ? position + 2 : position + 1;
      if (this.#isDigitAt(digits)) {
        kind = TokenKind.DOUBLE;
        position = this.#skipDigits(digits);
      }
    }
    this.#push(kind, start, position, problem);
  }

  /** The end of `0x1F` or `0o17` that starts at `first`, or `first`. */
  #prefixedInteger(first: number): number {
    const source = this.#source;
    const prefix = source.charCodeAt(first + 1);
    if (source.charCodeAt(first) !== DIGIT_0 || (prefix !== LOWER_X && prefix !== LOWER_O)) {
      return first;
    }
    let position = first + 2;
    for (; position < source.length; position++) {
      const unit = source.charCodeAt(position);
      const fits =
        prefix === LOWER_X
          ? unit < ASCII_END && (CLASS_OF[unit]! & IS_HEX_DIGIT) !== 0
          : unit >= DIGIT_0 && unit <= DIGIT_7;
      if (!fits) {
        break;
      }
    }
    return position === first + 2 ? first : position;
  }

  #skipDigits(position: number): number {
    let end = position;
    while (this.#isDigitAt(end)) {
      end++;
    }
    return end;
  }

  #invalid(): void {
    const start = this.#position;
    const codePoint = this.#source.codePointAt(start)!;
    const end = start + (codePoint > 0xffff ? 2 : 1);
    const twin = asciiTwin(codePoint);
    if (twin !== undefined && (CLASS_OF[twin.charCodeAt(0)]! & IS_SYMBOL) !== 0) {
      // The meaning is clear, so that the error need not have others in its wake.
      this.#push(twin.charCodeAt(0) as TokenKind, start, end, describeUnexpected(codePoint));
    } else {
      this.#push(TokenKind.INVALID, start, end);
    }
  }
}
