import { type Diagnostic, IdlError, isThriftError } from "../index.ts";
import { ExitCode } from "./exit-code.ts";
import { type IdlFlags, loadIdlOf } from "./idl-flags.ts";
import { type Io, IoError } from "./io.ts";
import { count, countErrors, report, reportDiagnostics, reportError } from "./report.ts";

export interface IdlCheckFlags extends IdlFlags {
  /** Warnings count as errors. */
  readonly strict?: true;
  /** Only errors, which under `strict` the warnings are too; no summary. */
  readonly quiet?: true;
}

/** What the files together have. */
interface Tally {
  /** Errors that were shown. */
  errors: number;
  /** Errors beyond those, of the file that has the most of them. */
  omitted: number;
  /** Whether there may be more: reading has ended early, or several files have errors that were not shown. */
  atLeast: boolean;
  warnings: number;
  unreadable: number;
}

/**
 * Checks files, and what they include, and tells about everything that is wrong. Returns the exit code: that of IDL
 * errors, else that of files that cannot be read.
 */
export async function runIdlCheck(files: readonly string[], flags: IdlCheckFlags, io: Io): Promise<number> {
  const tally: Tally = { errors: 0, omitted: 0, atLeast: false, warnings: 0, unreadable: 0 };
  // Files that include each other show the same problems.
  const shown = new Set<string>();
  const show = async (diagnostics: readonly Diagnostic[], kind: "error" | "warning"): Promise<void> => {
    const fresh = diagnostics.filter(({ message }) => !shown.has(message));
    for (const { message } of fresh) shown.add(message);
    if (kind === "error") tally.errors += fresh.length;
    else tally.warnings += fresh.length;
    if (kind === "error" || flags.strict || !flags.quiet) await reportDiagnostics(io, fresh, kind);
  };
  for (const file of files) {
    try {
      const { warnings } = await loadIdlOf(file, flags, io.signal);
      await show(warnings, "warning");
    } catch (error) {
      if (error instanceof IdlError) {
        await show(error.diagnostics, "error");
        tallyOmitted(tally, error);
      } else if (isThriftError(error, "NOT_FOUND")) {
        tally.unreadable++;
        await reportError(io, new IoError(error.message));
      } else throw error;
    }
  }
  if (!flags.quiet) await report(io, summarize(files.length, tally));
  if (tally.errors > 0 || (flags.strict && tally.warnings > 0)) return ExitCode.IDL;
  return tally.unreadable > 0 ? ExitCode.IO : ExitCode.OK;
}

/** Files may have included the same errors: what is not shown cannot be told apart. */
function tallyOmitted(tally: Tally, { diagnostics, total, endedEarly }: IdlError): void {
  const omitted = total - diagnostics.length;
  if (endedEarly || (omitted > 0 && tally.omitted > 0)) tally.atLeast = true;
  tally.omitted = Math.max(tally.omitted, omitted);
}

function summarize(files: number, { errors, omitted, atLeast, warnings, unreadable }: Tally): string {
  const parts = [
    ...(errors > 0 ? [countErrors(errors + omitted, errors, atLeast)] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
    ...(unreadable > 0 ? [`${count(unreadable, "file")} not readable`] : []),
  ];
  return `${count(files, "file")} checked: ${parts.length === 0 ? "no problems" : parts.join(", ")}`;
}
