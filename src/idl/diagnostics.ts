import { ThriftError } from "../errors.ts";

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
  /** What is wrong, the place, the source line with a caret under the column, and a hint where there is one. */
  readonly message: string;
  readonly fileName: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  readonly lineText: string;
  readonly notes: readonly DiagnosticNote[];
}

/** IDL that cannot be used. `message` is the first diagnostic's and the number of the others. */
export class IdlError extends ThriftError {
  override name = "IdlError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const [first] = diagnostics;
    const others = diagnostics.length - 1;
    const more = others > 0 ? `\n(and ${others} more ${others === 1 ? "problem" : "problems"})` : "";
    super("INVALID_IDL", (first?.message ?? "invalid IDL") + more);
    this.diagnostics = diagnostics;
  }
}
