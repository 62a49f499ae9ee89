import { IdlError } from "../../src/idl/diagnostics.ts";
import { type Idl, parseIdl } from "../../src/idl/idl.ts";
import type { IdlOptions } from "../../src/idl/options.ts";

/** One line per diagnostic: `line:column message`, with `; line:column note` for every note. */
export function summaries(diagnostics: Idl["warnings"]): string[] {
  return diagnostics.map((diagnostic) => {
    const [first = ""] = diagnostic.message.split("\n");
    const message = first.slice(first.indexOf(": ") + 2);
    const notes = diagnostic.notes.map((note) => `; ${placeOf(note)} ${note.message}`).join("");
    return `${placeOf(diagnostic)} ${message}${notes}`;
  });
}

function placeOf({ fileName, line, column }: { fileName: string; line: number; column: number }): string {
  return fileName === "main.thrift" ? `${line}:${column}` : `${fileName}:${line}:${column}`;
}

/** The problems of IDL that cannot be used; fails when it can. */
export function errorsOf(source: string, options?: IdlOptions): string[] {
  return summaries(idlErrorOf(source, options).diagnostics);
}

/** The error about IDL that cannot be used; fails when it can. */
export function idlErrorOf(source: string, options?: IdlOptions): IdlError {
  return idlErrorIn(() => parseIdl(source, options));
}

export function warningsOf(source: string, options?: IdlOptions): string[] {
  return summaries(parseIdl(source, options).warnings);
}

/** The problems of a call on an `Idl`. */
export function errorsIn(call: () => unknown): string[] {
  return summaries(idlErrorIn(call).diagnostics);
}

function idlErrorIn(call: () => unknown): IdlError {
  try {
    call();
  } catch (error) {
    if (error instanceof IdlError) {
      return error;
    }
    throw error;
  }
  throw new Error("expected an IdlError");
}
