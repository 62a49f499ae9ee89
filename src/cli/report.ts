import { type Diagnostic, IdlError, isThriftError } from "../index.ts";
import { type Colors, colorsFor } from "./colors.ts";
import { ExitCode } from "./exit-code.ts";
import { type Io, IoError, tell } from "./io.ts";
import { describeError, MessageError } from "./message-error.ts";
import { printable } from "./printable.ts";
import { UsageError } from "./usage-error.ts";

export const PROGRAM_NAME = "dynamic-thrift";

/** Writes a line about this program's work to the standard error. */
export async function report(io: Io, text: string): Promise<void> {
  const { bold } = colorsFor(io.stderr, io.env);
  await tell(io, `${bold(`${PROGRAM_NAME}:`)} ${text}\n`);
}

/** Tells about an error, in a line where nothing is to be shown, and returns the exit code for it. */
export async function reportError(io: Io, error: unknown): Promise<number> {
  if (error instanceof MessageError) {
    await reportMessageError(io, error);
    return ExitCode.FAILED;
  }
  if (error instanceof UsageError) {
    await report(io, error.message);
    return ExitCode.USAGE;
  }
  if (error instanceof IoError) {
    await report(io, error.message);
    return ExitCode.IO;
  }
  if (error instanceof IdlError) {
    await reportDiagnostics(io, error.diagnostics, "error");
    await report(io, countErrors(error.total, error.diagnostics.length, error.endedEarly));
    return ExitCode.IDL;
  }
  if (isThriftError(error)) {
    const code = EXIT_CODES[error.code];
    await report(io, code === undefined ? describeError(error) : error.message);
    return code ?? ExitCode.FAILED;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await report(io, `this is a bug in ${PROGRAM_NAME}, please report it\n${stack}`);
  return ExitCode.INTERNAL;
}

/** Of errors about files and options, which say enough without their code. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  INVALID_OPTION: ExitCode.USAGE,
  NOT_FOUND: ExitCode.IO,
};

export async function reportMessageError(io: Io, { error, place }: MessageError): Promise<void> {
  const colors = colorsFor(io.stderr, io.env);
  const line = describeError(error, place).replace(error.code, colors.red(error.code));
  const near = printable((error.excerpt ?? "").replace(/\s+/g, " ").trim());
  const excerpt = near === "" ? "" : `\n  ${colors.dim(`near ${near}`)}`;
  await report(io, line + excerpt);
}

/** Writes diagnostics as compilers do: place, kind, message, then the source line with a caret. */
export async function reportDiagnostics(
  io: Io,
  diagnostics: readonly Diagnostic[],
  kind: "error" | "warning",
): Promise<void> {
  const colors = colorsFor(io.stderr, io.env);
  for (const diagnostic of diagnostics) {
    await tell(io, `${renderDiagnostic(diagnostic, kind, colors)}\n`);
  }
}

function renderDiagnostic(
  { message, fileName, line, column }: Diagnostic,
  kind: "error" | "warning",
  colors: Colors,
): string {
  const place = `${fileName}:${line}:${column}:`;
  const [first = "", source = "", caret = "", ...notes] = message.split("\n");
  const text = first.startsWith(place) ? first.slice(place.length) : ` ${first}`;
  const word = kind === "error" ? colors.red("error:") : colors.yellow("warning:");
  return [`${colors.bold(place)} ${word}${text}`, `  ${source}`, `  ${colors.green(caret)}`, ...notes].join(
    "\n",
  );
}

/** The errors of IDL, of which `shown` are: `2 errors`, `150 errors (100 shown)`, `at least 150 errors (100 shown)`. */
export function countErrors(total: number, shown: number, endedEarly: boolean): string {
  const text = `${endedEarly ? "at least " : ""}${count(total, "error")}`;
  return total > shown ? `${text} (${shown} shown)` : text;
}

/** `1 error`, `2 errors`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
