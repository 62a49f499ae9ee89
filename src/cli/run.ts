import { type Command, CommanderError } from "commander";
import { didYouMean } from "../suggest.ts";
import { ExitCode, exitCodeOfSignal } from "./exit-code.ts";
import { ClosedPipe, type Io, tell, writeTo } from "./io.ts";
import { createProgram, type ParsedProgram } from "./program.ts";
import { report, reportError } from "./report.ts";
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
  const commands = commandsIn(argv, parsed);
  const seeHelp = `see ${commands.map((command) => command.name()).join(" ")} --help`;
  const unknown = unknownCommand(error, argv.slice(commands.length - 1));
  if (unknown !== undefined) {
    const hint = commandLike(unknown, commands.at(-1)!);
    const didYou = hint === undefined ? "" : ` (did you mean ${hint}?)`;
    await report(io, `unknown command '${unknown}'${didYou}; ${seeHelp}`);
    return ExitCode.USAGE;
  }
  if (parsed.err !== "") {
    // Help for a command that needs another one behind it.
    await tell(io, parsed.err);
    return ExitCode.USAGE;
  }
  await report(io, `${rephrase(error.message)}; ${seeHelp}`);
  return ExitCode.USAGE;
}

/** The name in `rest`, which starts behind the commands that exist, that is no command, if that is the problem. */
function unknownCommand({ code }: CommanderError, rest: readonly string[]): string | undefined {
  const [first, second] = rest.filter((argument) => !argument.startsWith("-"));
  if (code === "commander.unknownCommand") return first;
  // Commander shows all of the help then. It has none for `help` itself either.
  return code === "commander.help" && first === HELP_COMMAND && second !== HELP_COMMAND ? second : undefined;
}

const HELP_COMMAND = "help";

/** What may have been meant by a command that `parent` lacks: one of its own, or one of theirs, such as `idl check`. */
function commandLike(name: string, parent: Command): string | undefined {
  const paths = new Map([[HELP_COMMAND, HELP_COMMAND]]);
  for (const command of parent.commands) {
    paths.set(command.name(), command.name());
    for (const nested of command.commands) paths.set(nested.name(), `${command.name()} ${nested.name()}`);
  }
  const [, meant = name] = /`(.*)`/.exec(didYouMean(name, paths.keys()) ?? "") ?? [];
  return paths.get(name) ?? paths.get(meant);
}

/** Commander's message on one line, in the words of the other messages. */
function rephrase(text: string): string {
  const message = text.replace(/^error: /, "").replace(/\n\(Did (.*)\)$/, " (did $1)");
  const invalid = /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. (.*)$/s.exec(message);
  if (invalid === null) return message.replace(/\.$/, "");
  const [, option, value, reason] = invalid;
  return `\`${value}\` is no value for ${option}: ${reason}`;
}

/** The commands that the command line starts with, the program first. */
function commandsIn(argv: readonly string[], { command }: ParsedProgram): [Command, ...Command[]] {
  const commands: [Command, ...Command[]] = [command];
  for (const argument of argv) {
    const next = commands.at(-1)?.commands.find((candidate) => candidate.name() === argument);
    if (next === undefined) break;
    commands.push(next);
  }
  return commands;
}

async function explain(error: unknown, io: Io): Promise<number> {
  if (io.signal.aborted) return exitCodeOfSignal(io.signal.reason as NodeJS.Signals);
  if (error instanceof ClosedPipe) return ExitCode.OK;
  return await reportError(io, error);
}
