import { hexValue } from "../bytes/hex.ts";
import { utf8ByteLength } from "../bytes/utf8.ts";
import { PathError } from "./path-error.ts";
import { type FieldId, fieldId, isFieldId, isInt64, type PathStep } from "./step.ts";

/** UTF-16 units of the text on each side of an error that its excerpt shows. */
const EXCERPT_REACH = 24;

/** Integers with more characters than this do not fit 64 bits, so that nobody needs to build them. */
const MAX_INTEGER_LENGTH = 20;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const INTEGER = /-?(?:0|[1-9][0-9]*)/y;
/** Doubles that JSON does not have. */
const NOT_FINITE = /NaN|-?Infinity/y;
/** The numbers of JSON; group 1 is what makes one a double. */
const NUMBER = /-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
const BOOLEAN = /true|false/y;
const BYTES = /0x([0-9A-Fa-f]*)/y;
const UNICODE_ESCAPE = /\\u([0-9A-Fa-f]{4})/y;
/** What may stand in quotes as it is. */
const PLAIN_TEXT = { '"': /[^"\\\u0000-\u001f]*/y, "'": /[^'\\\u0000-\u001f]*/y } as const;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

const EXPECTED_KEY = "a number, text in quotes, `true`, `false`, or bytes such as `0x0aff`";

/**
 * The steps of a path's text, such as `user.tags[3].attrs["k"].#7`. `formatPath` is the way back.
 *
 * | text | step |
 * |---|---|
 * | `$` in front, alone too | the root; no step, and may be left out |
 * | `.name`; at the start without `$`: `name` | string, the name of a field: ASCII letters, digits, `_` |
 * | `#7`, `.#-3` | `FieldId` |
 * | `[3]`, `[-3]` | number when it is a safe integer, else bigint, of at most 64 bits |
 * | `[1.5]`, `[1e3]`, `[-0]`, `[NaN]`, `[-Infinity]` | number |
 * | `[true]`, `[false]` | boolean |
 * | `["k"]`, `['k']` | string; the escapes of JSON, and `\'` within `'` |
 * | `[0x0aff]`, `[0x]` | `Uint8Array` |
 *
 * There are no blanks. The empty text has no steps. `[*]` and `.*` are reserved for masks.
 * Throws `PathError` `INVALID_PATH` with the offset of what does not fit. Linear in the length of the text.
 */
export function parsePathText(text: string): PathStep[] {
  if (typeof text !== "string") {
    throw new PathError("INVALID_PATH", "the text of a path must be a string");
  }
  return new PathParser(text).parse();
}

class PathParser {
  readonly #text: string;
  #pos = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PathStep[] {
    const steps: PathStep[] = [];
    if (this.#text === "") return steps;
    if (this.#text[0] === "$") this.#pos++;
    else steps.push(this.#firstStep());
    while (this.#pos < this.#text.length) steps.push(this.#nextStep());
    return steps;
  }

  #firstStep(): PathStep {
    return this.#text[0] === "[" ? this.#key() : this.#field("a name, `#` and a field id, `[` or `$`");
  }

  #nextStep(): PathStep {
    switch (this.#text[this.#pos]) {
      case ".":
        this.#pos++;
        return this.#field("a name, or `#` and a field id");
      case "#":
        return this.#fieldId();
      case "[":
        return this.#key();
      default:
        return this.#failExpected("`.`, `#`, `[` or the end of the path");
    }
  }

  #field(expected: string): string | FieldId {
    if (this.#text[this.#pos] === "#") return this.#fieldId();
    const name = this.#match(NAME);
    return name === null ? this.#failStep(expected) : name[0];
  }

  #fieldId(): FieldId {
    this.#pos++;
    const start = this.#pos;
    const digits = this.#match(INTEGER);
    if (digits === null) return this.#failExpected("the digits of a field id");
    const id = Number(digits[0]);
    return isFieldId(id) ? fieldId(id) : this.#fail("the field id does not fit 16 bits", start);
  }

  #key(): PathStep {
    this.#pos++;
    const key = this.#keyValue();
    if (this.#text[this.#pos] !== "]") this.#failExpected("`]`");
    this.#pos++;
    return key;
  }

  #keyValue(): PathStep {
    const first = this.#text[this.#pos];
    if (first === '"' || first === "'") return this.#quoted(first);
    const boolean = this.#match(BOOLEAN);
    if (boolean !== null) return boolean[0] === "true";
    // Before numbers, of which `0` would match.
    const bytes = this.#match(BYTES);
    if (bytes !== null) return this.#bytes(bytes[1]!);
    const double = this.#match(NOT_FINITE);
    if (double !== null) return Number(double[0]);
    const start = this.#pos;
    const number = this.#match(NUMBER);
    if (number === null) return this.#failStep(EXPECTED_KEY);
    return number[1] === "" ? this.#integer(number[0], start) : this.#double(number[0], start);
  }

  #integer(digits: string, start: number): number | bigint {
    const number = Number(digits);
    if (Number.isSafeInteger(number)) return number;
    if (digits.length <= MAX_INTEGER_LENGTH) {
      const integer = BigInt(digits);
      if (isInt64(integer)) return integer;
    }
    return this.#fail("the integer does not fit 64 bits", start);
  }

  #double(digits: string, start: number): number {
    const number = Number(digits);
    return Number.isFinite(number) ? number : this.#fail("the number is beyond the range of a double", start);
  }

  #bytes(digits: string): Uint8Array {
    if (digits.length % 2 !== 0) this.#failExpected("an even number of hexadecimal digits");
    const bytes = new Uint8Array(digits.length / 2);
    for (let index = 0; index < bytes.length; index++) {
      const high = hexValue(digits.charCodeAt(2 * index));
      bytes[index] = (high << 4) | hexValue(digits.charCodeAt(2 * index + 1));
    }
    return bytes;
  }

  #quoted(quote: '"' | "'"): string {
    this.#pos++;
    let text = "";
    for (;;) {
      // May be empty, but always matches.
      text += this.#match(PLAIN_TEXT[quote])![0];
      const next = this.#text[this.#pos];
      if (next === "\\") {
        text += this.#escape(quote);
      } else if (next === quote) {
        this.#pos++;
        return text;
      } else {
        const isAtEnd = next === undefined;
        this.#failExpected(isAtEnd ? `a closing \`${quote}\`` : "an escape for the control character");
      }
    }
  }

  #escape(quote: string): string {
    const unit = this.#match(UNICODE_ESCAPE);
    if (unit !== null) return String.fromCharCode(Number.parseInt(unit[1]!, 16));
    const escaped = this.#text.charAt(this.#pos + 1);
    const character = escaped === quote ? quote : ESCAPES.get(escaped);
    if (character === undefined) return this.#failExpected("an escape that JSON has");
    this.#pos += 2;
    return character;
  }

  /** Matches a sticky pattern here, and moves behind what it matched. */
  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#pos;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#pos += match[0].length;
    return match;
  }

  /** Fails where a step should be. */
  #failStep(expected: string): never {
    if (this.#text[this.#pos] === "*") {
      this.#fail("a path leads to one place; wildcards belong to masks", this.#pos);
    }
    this.#failExpected(expected);
  }

  #failExpected(expected: string): never {
    const end = this.#pos === this.#text.length ? ", but the path ends" : "";
    this.#fail(`expected ${expected}${end}`, this.#pos);
  }

  #fail(message: string, index: number): never {
    throw new PathError("INVALID_PATH", message, {
      offset: utf8ByteLength(this.#text.slice(0, index)),
      excerpt: this.#text.slice(Math.max(index - EXCERPT_REACH, 0), index + EXCERPT_REACH),
    });
  }
}
