import {
  type JsonToThriftOptions,
  type Limits,
  resolveLimits,
  type ThriftToJsonOptions,
  TType,
} from "../index.ts";
import { type ConvertJob, convert } from "./convert.ts";
import { type ConvertFlags, FROM_JSON_OPTIONS, SHARED_OPTIONS, TO_JSON_OPTIONS } from "./convert-flags.ts";
import {
  EnvelopesToJson,
  JsonMessages,
  JsonToThriftMessages,
  type MessageConverter,
  ThriftMessages,
  ThriftToJsonMessages,
} from "./converters.ts";
import { planEnvelope } from "./envelope.ts";
import type { Form, Format } from "./formats.ts";
import { loadIdlOf } from "./idl-flags.ts";
import { type Io, tell } from "./io.ts";
import { resolveTarget, type Target, typeOfTarget } from "./type-expression.ts";
import { UsageError } from "./usage-error.ts";

/** Runs `convert` and returns its exit code. Throws what `reportError` knows. */
export async function runConvert(flags: ConvertFlags, io: Io): Promise<number> {
  const { from, to } = formatsOf(flags);
  checkFlags(flags, from, to);
  const source = formOf(flags, from);
  const target = targetFormOf(flags, from, to);
  checkForms(flags, { from, to }, source, target);
  if (to === "thrift" && target.encoding === "raw" && flags.output === undefined && io.stdout.isTTY) {
    throw new UsageError(
      "binary data would garble the terminal: use -o FILE, --encoding hex, or -o - to write it all the same",
    );
  }
  const limits = limitsOf(flags);
  const converter = await createConverter(flags, from, to, limits, io);
  const job: ConvertJob = {
    input: flags.input ?? "-",
    output: flags.output ?? "-",
    source: {
      format: from,
      form: source,
      protocol: flags.protocol ?? "binary",
      envelope: flags.envelope === true,
    },
    targetFormat: to,
    targetForm: target,
    converter,
    pretty: flags.pretty === true,
    maxSize: resolveLimits(limits).maxSize,
    keepGoing: flags.keepGoing === true,
    quiet: flags.quiet === true,
  };
  if (job.input === "-" && io.stdin.isTTY && io.stderr.isTTY && !job.quiet) {
    await tell(io, "Reading from the terminal; end with Ctrl-D.\n");
  }
  return convert(job, io);
}

interface Formats {
  readonly from: Format;
  readonly to: Format;
}

/** One format can be left out: it is the other one. */
function formatsOf({ from, to }: ConvertFlags): Formats {
  if (from !== undefined) return { from, to: to ?? otherThan(from) };
  if (to !== undefined) return { from: otherThan(to), to };
  throw new UsageError("say what to convert: --from json --to thrift, or --from thrift --to json");
}

function otherThan(format: Format): Format {
  return format === "json" ? "thrift" : "json";
}

interface FlagRule {
  readonly names: readonly (keyof ConvertFlags)[];
  readonly applies: (formats: Formats, flags: ConvertFlags) => boolean;
  /** What to say, behind the option. */
  readonly message: string;
}

const FLAG_RULES: readonly FlagRule[] = [
  {
    names: [...SHARED_OPTIONS, ...FROM_JSON_OPTIONS, ...TO_JSON_OPTIONS, "utf8", "pretty"],
    applies: ({ from, to }) => from === "json" || to === "json",
    message: "has no effect from Thrift to Thrift, where messages stay as they are",
  },
  { names: FROM_JSON_OPTIONS, applies: ({ from }) => from === "json", message: "is only for JSON input" },
  {
    names: ["byte", "mismatch", "exceptions", "pretty"],
    applies: ({ to }) => to === "json",
    message: "is only for JSON output",
  },
  {
    names: ["toProtocol", "toEncoding", "toFraming"],
    applies: ({ from, to }) => from === "thrift" && to === "thrift",
    message: "is only for Thrift to Thrift",
  },
  {
    names: ["protocol", "encoding", "envelope"],
    applies: ({ from, to }) => from === "thrift" || to === "thrift",
    message: "is for the Thrift side, and from JSON to JSON there is none",
  },
  {
    names: ["method", "messageType", "sequenceId"],
    applies: ({ from, to }, { envelope }) => from === "json" && to === "thrift" && envelope === true,
    message: "says what to write into an envelope: it needs --envelope, from JSON to Thrift",
  },
  {
    names: ["keepGoing"],
    applies: (_formats, { framing = "none" }) => framing !== "none",
    message: "is for many messages: it needs --framing",
  },
  {
    names: ["pretty"],
    applies: (_formats, { framing = "none" }) => framing === "none",
    message: "cannot be used with --framing, where each message has one line",
  },
];

/** Throws `UsageError` for a flag that would do nothing. */
function checkFlags(flags: ConvertFlags, from: Format, to: Format): void {
  for (const { names, applies, message } of FLAG_RULES) {
    if (applies({ from, to }, flags)) continue;
    const given = names.find((name) => flags[name] !== undefined);
    if (given !== undefined) throw new UsageError(`${optionName(given)} ${message}`);
  }
  if (flags.utf8 === "replace" && from === "json") {
    throw new UsageError("--utf8 replace is only for Thrift input; JSON must be UTF-8");
  }
}

function optionName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The form of the side that `--encoding` and `--framing` are about, or of the JSON side that goes with it. */
function formOf(flags: ConvertFlags, format: Format): Form {
  const { encoding = "raw", framing = "none" } = flags;
  if (format === "thrift") return { encoding, framing };
  return { encoding: "raw", framing: framing === "none" ? "none" : "lines" };
}

function targetFormOf(flags: ConvertFlags, from: Format, to: Format): Form {
  const form = formOf(flags, to);
  if (from === "json" || to === "json") return form;
  return { encoding: flags.toEncoding ?? form.encoding, framing: flags.toFraming ?? form.framing };
}

function checkForms({ framing }: ConvertFlags, { from, to }: Formats, source: Form, target: Form): void {
  if (from === "json" && to === "json") {
    if (framing === "framed" || framing === "varint") {
      throw new UsageError("JSON messages stand on lines: use --framing lines");
    }
    return;
  }
  const thriftForms = [...(from === "thrift" ? [source] : []), ...(to === "thrift" ? [target] : [])];
  if (thriftForms.some((form) => form.framing === "lines" && form.encoding === "raw")) {
    throw new UsageError("lines must be text: with --framing lines use --encoding hex or base64");
  }
  if (source.framing !== "none" && target.framing === "none") {
    throw new UsageError("many messages need a framing in the output too: leave out --to-framing none");
  }
}

function limitsOf({ maxDepth, maxLength, maxSize, maxOutputSize }: ConvertFlags): Limits {
  return pick({ maxDepth, maxLength, maxSize, maxOutputSize }, [
    "maxDepth",
    "maxLength",
    "maxSize",
    "maxOutputSize",
  ]);
}

async function createConverter(
  flags: ConvertFlags,
  from: Format,
  to: Format,
  limits: Limits,
  io: Io,
): Promise<MessageConverter> {
  const { protocol = "binary", envelope = false, type: text } = flags;
  const target = await findTarget(flags, from, to, io);
  if (from === "thrift" && to === "thrift") {
    const type = target === undefined || envelope ? TType.STRUCT : typeOfTarget(target, text!).ttype;
    return new ThriftMessages(type, protocol, flags.toProtocol ?? protocol, limits, envelope);
  }
  if (from === "json") {
    const options = fromJsonOptions(flags, limits);
    if (to === "json")
      return new JsonMessages(typeOfTarget(target!, text!), options, toJsonOptions(flags, limits));
    if (!envelope) return new JsonToThriftMessages(typeOfTarget(target!, text!), options);
    const plan = planEnvelope(target, text ?? "", flags);
    return new JsonToThriftMessages(plan.type, options, plan);
  }
  const options = toJsonOptions(flags, limits);
  return envelope
    ? new EnvelopesToJson(target!, options)
    : new ThriftToJsonMessages(typeOfTarget(target!, text!), options);
}

/** What `--type` means; `undefined` where it may be left out and is. */
async function findTarget(
  flags: ConvertFlags,
  from: Format,
  to: Format,
  io: Io,
): Promise<Target | undefined> {
  const { idl: file, type: text, envelope = false } = flags;
  const copies = from === "thrift" && to === "thrift";
  const writesException = flags.messageType === "exception" && flags.method !== undefined;
  const needsType = !copies && !writesException && !(envelope && from === "thrift");
  if (text === undefined && needsType) {
    throw new UsageError("--type is missing: a struct, another type, or Service.method:args");
  }
  if (file === undefined) {
    if (text === undefined && (copies || writesException)) return undefined;
    throw new UsageError("--idl is missing: the file that declares the type");
  }
  const idl = await loadIdlOf(file, flags, io.signal);
  if (text !== undefined) return resolveTarget(idl, text);
  if (copies || writesException) return undefined;
  // The messages name their methods.
  if (idl.services.size === 0) throw new UsageError(`--type is missing: ${file} has no service`);
  const service = idl.service();
  const others = flags.services === undefined ? [...idl.services.values()] : [];
  return { kind: "service", service, others };
}

function fromJsonOptions(flags: ConvertFlags, limits: Limits): JsonToThriftOptions {
  const { protocol = "binary", utf8 } = flags;
  // What these write as strings is read as strings too.
  const quoted = flags.int64 === "string" || flags.nonFinite === "string";
  return {
    protocol,
    limits,
    ...(quoted && { quotedNumbers: "accept" }),
    ...pick(flags, [...SHARED_OPTIONS, ...FROM_JSON_OPTIONS]),
    ...(utf8 !== undefined && utf8 !== "replace" && { utf8 }),
  };
}

function toJsonOptions(flags: ConvertFlags, limits: Limits): ThriftToJsonOptions {
  const { protocol = "binary" } = flags;
  return { protocol, limits, ...pick(flags, [...SHARED_OPTIONS, ...TO_JSON_OPTIONS, "utf8"]) };
}

/** The members that are there, without those that are `undefined`. */
function pick<T extends object, Name extends keyof T>(
  object: T,
  names: readonly Name[],
): { [Key in Name]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]),
  ) as { [Key in Name]?: Exclude<T[Key], undefined> };
}
