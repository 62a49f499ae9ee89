import { CommanderError } from "commander";
import { ExitCode, exitCodeOfSignal } from "./exit-code.ts";
import { ClosedPipe, type Io, tell, writeTo } from "./io.ts";
import { createProgram, type ParsedProgram } from "./program.ts";
import { PROGRAM_NAME, report, reportError } from "./report.ts";
import { findVersion } from "./version.ts";

/**
 * Runs one command line, `argv` being what stands behind the program's name. Everything it says is written to the
 * streams of `io`; it neither ends the process nor throws. Returns the exit code.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  // A failure is told by the write that fails; the event alone would end the process.
  for (const stream of [io.stdout, io.stderr]) stream.on("error", () => {});
  try {
    return await runProgram(argv, io);
  } catch (error) {
    return await explain(error, io);
  }
}

async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  const parsed = createProgram(io, findVersion());
  try {
    await parsed.command.parseAsync(argv, { from: "user" });
    return parsed.exitCode ?? ExitCode.OK;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return await endParsing(error, parsed, argv, io);
  }
}

/** Commander ends a command line: it showed help or the version, or it does not understand it. */
async function endParsing(
  error: CommanderError,
  parsed: ParsedProgram,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  await writeTo(io.stdout, parsed.out);
  if (error.exitCode === 0) return ExitCode.OK;
  if (parsed.err !== "") {
    // Help for a command that needs another one behind it.
    await tell(io, parsed.err);
    return ExitCode.USAGE;
  }
  const seeHelp = `see ${[PROGRAM_NAME, ...commandsIn(argv, parsed)].join(" ")} --help`;
  await report(io, `${rephrase(error.message)}; ${seeHelp}`);
  return ExitCode.USAGE;
}

/** Commander's message on one line, in the words of the other messages. */
function rephrase(text: string): string {
  const message = text.replace(/^error: /, "").replace(/\n\(Did (.*)\)$/, " (did $1)");
  const invalid = /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. (.*)$/s.exec(message);
  if (invalid === null) return message.replace(/\.$/, "");
  const [, option, value, reason] = invalid;
  return `\`${value}\` is no value for ${option}: ${reason}`;
}

/** The names of the commands that the command line starts with. */
function commandsIn(argv: readonly string[], { command }: ParsedProgram): string[] {
  const names: string[] = [];
  let current = command;
  for (const argument of argv) {
    const next = current.commands.find((candidate) => candidate.name() === argument);
    if (next === undefined) break;
    names.push(argument);
    current = next;
  }
  return names;
}

async function explain(error: unknown, io: Io): Promise<number> {
  if (io.signal.aborted) return exitCodeOfSignal(io.signal.reason as NodeJS.Signals);
  if (error instanceof ClosedPipe) return ExitCode.OK;
  return await reportError(io, error);
}
