import { type Command, Option } from "commander";
import type {
  ConversionOptions,
  JsonToThriftOptions,
  MessageType,
  Protocol,
  ThriftToJsonOptions,
} from "../index.ts";
import { ENCODINGS, type Encoding } from "./encoding.ts";
import { MESSAGE_TYPES } from "./envelope.ts";
import { FORMATS, type Format, PROTOCOLS } from "./formats.ts";
import { FRAMINGS, type Framing } from "./framing.ts";
import { addIdlOptions, type IdlFlags } from "./idl-flags.ts";
import { addGroup, choice, int32, limit, missing, size, word } from "./option-values.ts";

type ConversionFlags = Pick<ConversionOptions, SharedOption> &
  Pick<JsonToThriftOptions, "quotedNumbers" | "nullElements"> &
  Pick<ThriftToJsonOptions, ToJsonOption | "utf8">;

/** What the command line of `convert` has; nothing is filled in. */
export interface ConvertFlags extends IdlFlags, ConversionFlags {
  readonly idl?: string;
  readonly type?: string;
  readonly from?: Format;
  readonly to?: Format;
  readonly input?: string;
  readonly output?: string;
  readonly protocol?: Protocol;
  readonly encoding?: Encoding;
  readonly framing?: Framing;
  readonly toProtocol?: Protocol;
  readonly toEncoding?: Encoding;
  readonly toFraming?: Framing;
  readonly pretty?: true;
  readonly envelope?: true;
  readonly method?: string;
  readonly messageType?: MessageType;
  readonly sequenceId?: number;
  readonly maxDepth?: number;
  readonly maxLength?: number;
  readonly maxSize?: number;
  readonly maxOutputSize?: number;
  readonly keepGoing?: true;
  readonly quiet?: true;
}

/** Without those that the command line decides itself, or sets in another way. */
type SharedOption = Exclude<
  keyof ConversionOptions,
  "protocol" | "limits" | "mask" | "output" | "kernel" | "utf8"
>;

/** The options of the library by the same names, for both directions. */
export const SHARED_OPTIONS: readonly SharedOption[] = [
  "binary",
  "unknownFields",
  "missing",
  "missingBase",
  "duplicateFields",
  "duplicateKeys",
  "unions",
  "valueMapping",
];

/** Beside `utf8`, whose words differ. */
export const FROM_JSON_OPTIONS: readonly ("quotedNumbers" | "nullElements")[] = [
  "quotedNumbers",
  "nullElements",
];

type ToJsonOption = Exclude<keyof ThriftToJsonOptions, keyof ConversionOptions | "utf8">;

export const TO_JSON_OPTIONS: readonly ToJsonOption[] = [
  "int64",
  "byte",
  "nonFinite",
  "enums",
  "mismatch",
  "exceptions",
];

/** Adds every option of `convert`. */
export function addConvertOptions(command: Command): void {
  addGroup(command, "What to convert:", [
    new Option("--idl <file>", "the IDL file"),
    new Option("-t, --type <type>", "the type of the messages; see TYPE below"),
    new Option("--from <format>", "json or thrift").argParser(word(FORMATS)),
    new Option("--to <format>", "json or thrift").argParser(word(FORMATS)),
    new Option("-i, --input <file>", "where to read, - for the standard input (default: -)"),
    new Option("-o, --output <file>", "where to write, - for the standard output (default: -)"),
  ]);
  addGroup(command, "The Thrift side:", [
    choice("-p, --protocol <name>", PROTOCOLS, "protocol"),
    choice("-e, --encoding <name>", ENCODINGS, "its bytes, or text that stands for them"),
    new Option("--envelope", "messages with an envelope: method, message type, sequence id"),
    new Option("--method <name>", "method in the envelope, from JSON (default: that of TYPE)"),
    choice("--message-type <type>", MESSAGE_TYPES, "message type in the envelope, from JSON", "by TYPE"),
    new Option("--sequence-id <number>", "first sequence id, from JSON; counts up (default: 0)").argParser(
      int32,
    ),
    choice("--to-protocol <name>", PROTOCOLS, "from Thrift to Thrift: the other protocol", "the same"),
    choice("--to-encoding <name>", ENCODINGS, "from Thrift to Thrift: the other encoding", "the same"),
    choice("--to-framing <name>", FRAMINGS, "from Thrift to Thrift: the other framing", "the same"),
  ]);
  addGroup(command, "Many messages:", [
    choice("-f, --framing <name>", FRAMINGS, "many messages; see MESSAGES below"),
    new Option("-k, --keep-going", "leave out messages that cannot be converted, exit 1 in the end"),
    new Option("-q, --quiet", "no progress bar, no notices; only errors"),
  ]);
  addGroup(command, "JSON:", [
    new Option("--pretty", "indent the JSON output; digits stay exact"),
    choice(
      "--int64 <form>",
      ["number", "string"],
      "i64 in JSON; string also accepts quoted numbers from JSON",
    ),
    choice("--enums <form>", ["number", "name"], "enum values in JSON output; input has either"),
    choice("--byte <form>", ["signed", "unsigned"], "byte in JSON output"),
    choice("--non-finite <form>", ["error", "null", "string"], "NaN and infinities; string also reads them"),
    choice("--binary <form>", ["base64", "utf8"], "binary in JSON"),
    choice("--quoted-numbers <rule>", ["reject", "accept", "accept-empty"], "numbers in strings, from JSON"),
    choice("--null-elements <rule>", ["error", "skip"], "null in lists and maps, from JSON"),
  ]);
  addGroup(command, "Rules:", [
    choice("--unknown-fields <rule>", ["skip", "error"], "fields that the IDL lacks"),
    new Option(
      "--missing <rules>",
      "fields that the message lacks: error, omit or write, by requiredness\n(default: required=error,default=omit,optional=omit)",
    ).argParser(missing),
    choice("--missing-base <rule>", ["error", "omit"], "a required Thrift base that is missing"),
    choice("--duplicate-fields <rule>", ["error", "keep"], "a field that occurs twice"),
    choice("--duplicate-keys <rule>", ["keep", "error"], "a map key that occurs twice"),
    choice("--unions <rule>", ["check", "any"], "whether a union has exactly one field"),
    choice("--mismatch <rule>", ["error", "skip"], "wire types that the IDL contradicts, to JSON"),
    choice(
      "--exceptions <rule>",
      ["keep", "throw"],
      "declared exceptions in results; throw makes exit code 5",
    ),
    choice(
      "--utf8 <rule>",
      ["check", "trust", "replace"],
      "strings that are not UTF-8; replace only to JSON",
    ),
    choice("--value-mapping <rule>", ["on", "off"], "annotations such as api.js_conv"),
  ]);
  addGroup(command, "Limits:", [
    new Option("--max-depth <number>", "nested structs and containers (default: 64)").argParser(limit),
    new Option("--max-length <number>", "elements of one container").argParser(limit),
    new Option("--max-size <bytes>", "one message, such as 64K, 1G, none (default: 100M)").argParser(size),
    new Option("--max-output-size <bytes>", "one converted message (default: 512M)").argParser(size),
  ]);
  addIdlOptions(command);
}
