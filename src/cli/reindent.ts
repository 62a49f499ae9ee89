import type { ByteWriter } from "../index.ts";
import { isSpace } from "./encoding.ts";

const LINE_FEED = 0x0a;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Lays out JSON text anew, in chunks cut anywhere, without touching a token: digits and escapes stay as they are.
 * `indent` is the number of blanks per level; 0 puts everything on one line without any white space. The text must
 * be JSON; white space between its tokens is replaced.
 */
export class Reindenter {
  readonly #indent: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Behind an opening brace or bracket: whether something follows is not known yet. */
  #opened = false;

  constructor(indent: number) {
    this.#indent = indent;
  }

  push(chunk: Uint8Array, output: ByteWriter): void {
    let pos = 0;
    while (pos < chunk.length) {
      if (this.#inString) {
        const end = this.#endOfString(chunk, pos);
        output.append(chunk, pos, end);
        pos = end;
      } else {
        this.#token(chunk[pos++]!, output);
      }
    }
  }

  /** The position behind the part of the string that the chunk has. */
  #endOfString(chunk: Uint8Array, start: number): number {
    for (let pos = start; pos < chunk.length; pos++) {
      const character = chunk[pos];
      if (this.#escaped) this.#escaped = false;
      else if (character === BACKSLASH) this.#escaped = true;
      else if (character === QUOTE) {
        this.#inString = false;
        return pos + 1;
      }
    }
    return chunk.length;
  }

  #token(character: number, output: ByteWriter): void {
    if (isSpace(character)) return;
    const closes = character === CLOSE_BRACE || character === CLOSE_BRACKET;
    if (closes) this.#depth--;
    // An empty object or array stays on its line.
    if (this.#opened !== closes) this.#newLine(output);
    this.#opened = false;
    output.reserve(2);
    output.bytes[output.length++] = character;
    switch (character) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.#depth++;
        this.#opened = true;
        break;
      case COMMA:
        this.#newLine(output);
        break;
      case COLON:
        if (this.#indent > 0) output.bytes[output.length++] = BLANK;
        break;
      case QUOTE:
        this.#inString = true;
        break;
    }
  }

  #newLine(output: ByteWriter): void {
    if (this.#indent === 0) return;
    const blanks = this.#depth * this.#indent;
    output.reserve(1 + blanks);
    output.bytes[output.length] = LINE_FEED;
    output.bytes.fill(BLANK, output.length + 1, output.length + 1 + blanks);
    output.length += 1 + blanks;
  }
}
