import { ThriftError } from "../errors.ts";
import type { Span } from "./ast.ts";
import { lineAround, locate, renderExcerpt, type SourceText } from "./source.ts";

export interface DiagnosticNote {
  readonly message: string;
  readonly fileName: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

/** One problem in IDL text. */
export interface Diagnostic {
  /**
   * What is wrong, the place, the source line with a caret under the column, and a hint where there is one. Of long
   * names and lines it has a part, so that its length is bounded: 128 UTF-16 units of a name, 120 of the line.
   */
  readonly message: string;
  readonly fileName: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /**
   * The source line without its line break. Of a line with more than 1,000 UTF-16 units, the 1,000 around the place,
   * in which `column` then does not count: up to 500 of them stand in front of it.
   */
  readonly lineText: string;
  readonly notes: readonly DiagnosticNote[];
}

/** IDL that cannot be used. `message` is the first diagnostic's and the number of the others. */
export class IdlError extends ThriftError {
  override name = "IdlError";
  /** The problems by file and place: all of them, or about a hundred where there are more. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many problems were found, those included that `diagnostics` leaves out. */
  readonly total: number;
  /** Whether reading has ended early because of the problems, so that there may be more than `total`. */
  readonly endedEarly: boolean;

  constructor(diagnostics: readonly Diagnostic[], total: number = diagnostics.length, endedEarly = false) {
    const [first] = diagnostics;
    const others = total - 1;
    const more = `${endedEarly ? "at least " : ""}${others} more ${others === 1 ? "problem" : "problems"}`;
    super("INVALID_IDL", (first?.message ?? "invalid IDL") + (others > 0 ? `\n(and ${more})` : ""));
    this.diagnostics = diagnostics;
    this.total = total;
    this.endedEarly = endedEarly;
  }
}

/** No more problems than this are described: the rest would follow from the first ones. */
export const MAX_DIAGNOSTICS = 100;

/** Longer lines are cut: a thousand warnings can be about one line of megabytes. */
const MAX_LINE_LENGTH = 1000;

/**
 * A problem at `span.start` of a text (a `Document` or a file that is being parsed). The message of the
 * result is, line by line: `file:line:column: message`, the source line, a caret, then the notes.
 */
export function createDiagnostic(
  text: SourceText,
  span: Span,
  message: string,
  notes: readonly DiagnosticNote[] = [],
): Diagnostic {
  const position = locate(text, span.start);
  const { line, column } = position;
  const lineText = lineAround(position, MAX_LINE_LENGTH);
  const { fileName } = text;
  const lines = [`${fileName}:${line}:${column}: ${message}`, renderExcerpt(position)];
  for (const note of notes) {
    lines.push(`${note.fileName}:${note.line}:${note.column}: note: ${note.message}`);
  }
  return { message: lines.join("\n"), fileName, line, column, lineText, notes };
}

/** A second place that explains a problem, such as the first definition of a name that occurs twice. */
export function createNote(text: SourceText, span: Span, message: string): DiagnosticNote {
  const { line, column } = locate(text, span.start);
  return { message, fileName: text.fileName, line, column };
}
