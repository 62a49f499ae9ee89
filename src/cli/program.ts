import { Argument, Command, Option } from "commander";
import { wantsColor } from "./colors.ts";
import { runConvert } from "./convert-command.ts";
import { addConvertOptions, type ConvertFlags } from "./convert-flags.ts";
import { EXIT_CODE_HELP } from "./exit-code.ts";
import { type IdlCheckFlags, runIdlCheck } from "./idl-check.ts";
import { type IdlDescribeFlags, runIdlDescribe } from "./idl-describe.ts";
import { addIdlOptions } from "./idl-flags.ts";
import type { Io } from "./io.ts";
import { PROGRAM_NAME } from "./report.ts";
import { TYPE_HELP } from "./type-expression.ts";
import { UsageError } from "./usage-error.ts";

/** What the parsing of a command line has led to. */
export interface ParsedProgram {
  readonly command: Command;
  /** The exit code of the command that ran, once it has. */
  exitCode: number | undefined;
  /** What commander wants to write; written by the caller, who can wait. */
  out: string;
  err: string;
}

/** The commands and their help. Commander throws `CommanderError` instead of ending the process. */
export function createProgram(io: Io, version: string): ParsedProgram {
  const program = new Command(PROGRAM_NAME);
  const parsed: ParsedProgram = { command: program, exitCode: undefined, out: "", err: "" };
  program
    .description("Converts messages between JSON and Thrift by their IDL, without generated code.")
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        parsed.out += text;
      },
      writeErr: (text) => {
        parsed.err += text;
      },
      // Only kept for its text: errors are reported like all others.
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => wantsColor(io.stdout, io.env),
      getErrHasColors: () => wantsColor(io.stderr, io.env),
    })
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      styleTitle: (text) => `\u001b[1m${text}\u001b[22m`,
      styleOptionTerm: (text) => `\u001b[36m${text}\u001b[39m`,
      styleSubcommandTerm: (text) => `\u001b[36m${text}\u001b[39m`,
    })
    .addHelpText("after", PROGRAM_HELP);
  addConvert(program, parsed, io);
  addIdl(program, parsed, io);
  return parsed;
}

function addConvert(program: Command, parsed: ParsedProgram, io: Io): void {
  const convert = program
    .command("convert")
    .summary("convert messages between JSON and Thrift")
    .description("Converts messages between JSON and Thrift, one or many, of any size.")
    .usage("--idl FILE --type TYPE --from json|thrift --to json|thrift [options]")
    .addArgument(new Argument("[arguments...]").argOptional())
    .addHelpText("after", CONVERT_HELP);
  addConvertOptions(convert);
  convert.action(async (extra: readonly string[], flags: ConvertFlags) => {
    const [first] = extra;
    if (first !== undefined) {
      throw new UsageError(`unexpected argument \`${first}\`; input files are given with -i FILE`);
    }
    parsed.exitCode = await runConvert(flags, io);
  });
}

function addIdl(program: Command, parsed: ParsedProgram, io: Io): void {
  const idl = program
    .command("idl")
    .summary("check and describe IDL files")
    .description("Checks and describes IDL files.")
    .helpCommand("help [command]", "show help for a command");
  const check = idl
    .command("check")
    .summary("check IDL files")
    .description("Checks IDL files and what they include; problems go to the standard error.")
    .argument("<files...>", "IDL files")
    .addOption(new Option("--strict", "warnings count as errors"))
    .addOption(new Option("-q, --quiet", "show only errors"))
    .addHelpText("after", CHECK_HELP)
    .action(async (files: readonly string[], flags: IdlCheckFlags) => {
      parsed.exitCode = await runIdlCheck(files, flags, io);
    });
  addIdlOptions(check);
  const describe = idl
    .command("describe")
    .summary("list what an IDL file defines")
    .description("Lists what an IDL file defines, or one definition of it.")
    .argument("<file>", "the IDL file")
    .argument("[type]", "a struct, enum, service, constant, Service.method or Service.method:args")
    .addOption(new Option("--json", "as JSON, for other programs"))
    .addHelpText("after", DESCRIBE_HELP)
    .action(async (file: string, name: string | undefined, flags: IdlDescribeFlags) => {
      parsed.exitCode = await runIdlDescribe(file, name, flags, io);
    });
  addIdlOptions(describe);
}

const PROGRAM_HELP = `
Examples:
  dynamic-thrift convert --idl api.thrift --type User --from json --to thrift -i user.json -o user.bin
  dynamic-thrift idl check api.thrift
  dynamic-thrift idl describe api.thrift User

Data goes to the standard output, everything else to the standard error.
Colours follow NO_COLOR and FORCE_COLOR.

${EXIT_CODE_HELP}`;

const CONVERT_HELP = `
${TYPE_HELP}
With --envelope and Thrift input, TYPE can be a Service, Service.method or left out:
the messages say which method they are of, and whether they are its call or its reply.
Without TYPE or --services the last service comes first, then all others of the file.

MESSAGES: without --framing there is one. With it there are many: JSON has one per
line (NDJSON), and Thrift is
  framed   a 4-byte big-endian size in front of each, as Thrift's framed transport
  varint   a varint size in front of each
  lines    one hex or base64 text per line
They are read and written one by one, so files can be larger than memory.

ENVELOPES: from JSON, the arguments of a method become a call (or oneway), its result
a reply. From Thrift, the JSON has the body. An application exception becomes
{"message": …, "type": …}, is told about on the standard error and makes exit code 5.

From JSON to JSON messages are checked against the IDL and written anew. From Thrift to
Thrift they change protocol, encoding or framing, keep unknown fields and need no IDL.

A file given with -o is replaced only when the conversion has succeeded; it may be the
input file. Offsets in messages count bytes of the decoded message from its start.

Examples:
  # a JSON file to Thrift's binary protocol and back
  dynamic-thrift convert --idl api.thrift --type User --from json --to thrift -i user.json -o user.bin
  dynamic-thrift convert --idl api.thrift --type User --from thrift --to json --pretty < user.bin

  # what is in this hex dump?
  echo 0a0001000000000000002a00 | dynamic-thrift convert --idl api.thrift --type User \\
    --from thrift --to json --encoding hex

  # a call, ready to be sent over a framed transport
  echo '{"id": 42}' | dynamic-thrift convert --idl api.thrift --type Users.get:args --envelope \\
    --framing framed --from json --to thrift -o call.bin

  # a log of many replies to one JSON object per line
  dynamic-thrift convert --idl api.thrift --envelope --framing framed --from thrift --to json \\
    -i replies.bin -o replies.ndjson --keep-going

  # from the binary to the compact protocol
  dynamic-thrift convert --from thrift --to thrift --protocol binary --to-protocol compact < a > b

${EXIT_CODE_HELP}`;

const CHECK_HELP = `
Examples:
  dynamic-thrift idl check api.thrift
  dynamic-thrift idl check --strict -I vendor idl/*.thrift

Exit codes: 0 without errors, 3 with errors (or warnings under --strict), 4 when a file
cannot be read.`;

const DESCRIBE_HELP = `
Types of included files are called as the file itself calls them, such as base.User or
list<base.User>, and can be given as TYPE like that.

Examples:
  dynamic-thrift idl describe api.thrift
  dynamic-thrift idl describe api.thrift base.User
  dynamic-thrift idl describe api.thrift Users.get
  dynamic-thrift idl describe api.thrift --json | jq '.structs[].name'`;
