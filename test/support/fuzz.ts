import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ByteWriter,
  type IdlOptions,
  isThriftError,
  type JsonToThriftOptions,
  jsonToThrift,
  loadIdlSync,
  parseIdl,
  type ThriftToJsonOptions,
  thriftToJson,
} from "dynamic-thrift";
import fc from "fast-check";
import { message } from "./arbitraries.ts";
import { chunksOf, fromUtf8, toHex, utf8 } from "./bytes.ts";
import { damage } from "./damage.ts";
import { createRandom, type Random } from "./random.ts";
import { toIdl } from "./schema.ts";
import { pump } from "./streams.ts";

/**
 * A mutating fuzzer. Valid inputs (test data and random messages of random schemas) are damaged; whatever the
 * library then does must be a result or one of its own errors, soon, the same for any chunking and any way to
 * ask for it, and it must still convert the valid input afterwards. What the default rules accept must survive
 * the way back and forth again.
 */
export interface FuzzOptions {
  readonly seed: number;
  /** Runs to do, numbered from `firstRun`. */
  readonly runs?: number;
  readonly firstRun?: number;
  /** Stops earlier after this time. */
  readonly milliseconds?: number;
}

export interface Finding {
  readonly run: number;
  readonly target: Target;
  readonly problem: string;
  readonly input: Uint8Array;
  readonly error: unknown;
}

/** Both directions of one root type under one set of options. */
interface Converters {
  readonly toThrift: JsonToThrift;
  readonly toJson: ThriftToJson;
}

export interface FuzzReport {
  readonly runs: number;
  /** Inputs that were converted or parsed in spite of the damage. */
  readonly accepted: number;
  readonly findings: readonly Finding[];
}

type JsonToThrift = ReturnType<typeof jsonToThrift>;
type ThriftToJson = ReturnType<typeof thriftToJson>;

export type Target = "idl" | "json" | "binary" | "compact";

type ProtocolName = "binary" | "compact";

/** One root type with a valid message of it in every form. */
interface Subject {
  readonly json: Uint8Array;
  readonly thrift: Readonly<Record<ProtocolName, Uint8Array>>;
  /** By protocol; the converters with the rules of `RULES`, in their order. */
  readonly converters: Readonly<Record<ProtocolName, readonly Converters[]>>;
}

/** What a converter is made with. The default rules come first. */
interface Rules {
  readonly toThrift: JsonToThriftOptions;
  readonly toJson: ThriftToJsonOptions;
}

const FILL = { required: "write", default: "write", optional: "write" } as const;

const RULES: readonly Rules[] = [
  { toThrift: {}, toJson: {} },
  {
    toThrift: {
      quotedNumbers: "accept-empty",
      nullElements: "skip",
      duplicateFields: "keep",
      unions: "any",
      missing: FILL,
    },
    toJson: {
      mismatch: "skip",
      duplicateFields: "keep",
      unions: "any",
      nonFinite: "string",
      utf8: "replace",
      missing: FILL,
    },
  },
  {
    toThrift: { unknownFields: "error", duplicateKeys: "error", binary: "utf8" },
    toJson: {
      unknownFields: "error",
      duplicateKeys: "error",
      int64: "string",
      enums: "name",
      nonFinite: "null",
    },
  },
  {
    toThrift: { utf8: "trust", missing: { required: "omit" }, limits: { maxDepth: 5, maxLength: 3 } },
    toJson: { utf8: "trust", mismatch: "skip", binary: "utf8", limits: { maxDepth: 5, maxLength: 3 } },
  },
];
/** Half of the runs are under the default rules. */
const RULE_PICKS: readonly number[] = [0, 0, 0, 1, 2, 3];

interface Corpus {
  readonly subjects: readonly Subject[];
  readonly idls: readonly Uint8Array[];
}

const TESTDATA = join(import.meta.dirname, "../../testdata");
const RANDOM_SUBJECTS = 25;
const EVENT_SUBJECTS = 5;
/** Far beyond what any damaged input of this size needs, also on a busy machine. */
const MAX_MILLISECONDS = 2_000;
const TARGETS: readonly Target[] = ["idl", "json", "json", "binary", "binary", "compact"];

/** The corpus depends on the seed; each run then depends only on the seed and its number. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const {
    seed,
    runs = Number.POSITIVE_INFINITY,
    firstRun = 0,
    milliseconds = Number.POSITIVE_INFINITY,
  } = options;
  const corpus = createCorpus(seed);
  const findings: Finding[] = [];
  const start = performance.now();
  let accepted = 0;
  let run = firstRun;
  for (; run < firstRun + runs && performance.now() - start < milliseconds; run++) {
    const random = createRandom(Math.imul(seed, 1_000_003) + run);
    const target = random.pick(TARGETS);
    const attempt = await attack(target, corpus, random);
    if (attempt.accepted) accepted++;
    if (attempt.problem !== undefined) {
      findings.push({ run, target, problem: attempt.problem, input: attempt.input, error: attempt.error });
    }
  }
  return { runs: run - firstRun, accepted, findings };
}

/** One line on a finding, with the input in hex so that it can become a test. */
export function describeFinding({ run, target, problem, input, error }: Finding): string {
  const stack = error instanceof Error ? `\n${error.stack}` : "";
  return `run ${run}, ${target}: ${problem}\ninput: ${toHex(input)}${stack}`;
}

function createCorpus(seed: number): Corpus {
  const messages = fc.sample(message(), { seed, numRuns: RANDOM_SUBJECTS });
  const idlFolder = join(TESTDATA, "idl");
  const files = readdirSync(idlFolder).sort();
  const orderEvent = loadIdlSync(join(idlFolder, "shop.thrift")).struct("OrderEvent");
  const events = readFileSync(join(TESTDATA, "order-events.ndjson"), "utf8").split("\n", EVENT_SUBJECTS);
  return {
    subjects: [
      ...messages.map(({ schema, json }) =>
        createSubject(parseIdl(toIdl(schema)).struct(schema.root), utf8(json)),
      ),
      ...events.map((line) => createSubject(orderEvent, utf8(line))),
    ],
    idls: [
      ...files.map((name) => Uint8Array.from(readFileSync(join(idlFolder, name)))),
      ...messages.map(({ schema }) => utf8(toIdl(schema))),
    ],
  };
}

function createSubject(type: Parameters<typeof jsonToThrift>[0], json: Uint8Array): Subject {
  const createConverters = (protocol: ProtocolName): Converters[] =>
    RULES.map(({ toThrift, toJson }) => ({
      toThrift: jsonToThrift(type, { ...toThrift, protocol }),
      toJson: thriftToJson(type, { ...toJson, protocol }),
    }));
  const converters = { binary: createConverters("binary"), compact: createConverters("compact") };
  const thrift = {
    binary: converters.binary[0]!.toThrift.convert(json).slice(),
    compact: converters.compact[0]!.toThrift.convert(json).slice(),
  };
  return { json, thrift, converters };
}

interface Attempt {
  readonly input: Uint8Array;
  readonly accepted: boolean;
  /** `undefined` when everything is as it should be. */
  readonly problem: string | undefined;
  readonly error: unknown;
}

async function attack(target: Target, corpus: Corpus, random: Random): Promise<Attempt> {
  const start = performance.now();
  const attempt = target === "idl" ? attackIdl(corpus, random) : await attackMessage(target, corpus, random);
  const elapsed = performance.now() - start;
  if (attempt.problem === undefined && elapsed > MAX_MILLISECONDS) {
    return { ...attempt, problem: `took ${Math.round(elapsed)} ms` };
  }
  return attempt;
}

function attackIdl({ idls }: Corpus, random: Random): Attempt {
  const input = damage(random.pick(idls), random.pick(idls), random);
  // Unknown includes are answered with an empty file, so that damage elsewhere is reached.
  const options: IdlOptions = { resolveInclude: (include) => ({ fileName: include, source: "" }) };
  const { result, error } = attempted(() => parseIdl(new TextDecoder().decode(input), options));
  return { input, accepted: result !== undefined, problem: foreignError(error), error };
}

async function attackMessage(
  target: Exclude<Target, "idl">,
  { subjects }: Corpus,
  random: Random,
): Promise<Attempt> {
  const subject = random.pick(subjects);
  const protocol = target === "compact" || (target === "json" && random.chance(0.5)) ? "compact" : "binary";
  const valid = target === "json" ? subject.json : subject.thrift[protocol];
  const other = target === "json" ? random.pick(subjects).json : random.pick(subjects).thrift[protocol];
  const input = damage(valid, other, random);
  const rules = random.pick(RULE_PICKS);
  const converters = subject.converters[protocol][rules]!;
  const converter = target === "json" ? converters.toThrift : converters.toJson;

  const before = outcomeOf(() => converter.convert(valid));
  const { result, error } = attempted(() => converter.convert(input).slice());
  const base = { input, accepted: result !== undefined };
  const foreign = foreignError(error);
  if (foreign !== undefined) return { ...base, problem: foreign, error };

  const sizes = Array.from({ length: 4 }, () => random.int(1, 40));
  const streamed = await pump(chunksOf(input, sizes), converter.stream());
  if (result === undefined) {
    const difference = differenceOfErrors(error, streamed.error);
    if (difference !== undefined) return { ...base, problem: difference, error: streamed.error };
  } else {
    if (streamed.error !== undefined)
      return { ...base, problem: "only the stream fails", error: streamed.error };
    if (toHex(streamed.bytes) !== toHex(result))
      return { ...base, problem: "the stream's result differs", error };
    const check = checkResult(target, subject.converters[protocol], rules, result);
    if (check !== undefined) return { ...base, problem: check.problem, error: check.error };
  }
  const others = checkOtherWays(
    converters,
    target,
    input,
    outcomeOf(() => converter.convert(input)),
  );
  if (others !== undefined) return { ...base, ...others };

  const again = outcomeOf(() => converter.convert(valid));
  return {
    ...base,
    problem: again === before ? undefined : "the converter is broken afterwards",
    error: again,
  };
}

/** A result or an error as text, so that two of them compare. */
function outcomeOf(run: () => Uint8Array): string {
  const { result, error } = attempted(run);
  if (result !== undefined) return toHex(result);
  return isThriftError(error) ? `${error.code} at ${error.offset}, ${error.path}` : String(error);
}

/** Conversion from and to strings, and into a writer, ends as `convert` does. */
function checkOtherWays(
  { toThrift, toJson }: Converters,
  target: Exclude<Target, "idl">,
  input: Uint8Array,
  expected: string,
): Problem | undefined {
  const writer = new ByteWriter({ capacity: 0 });
  const into = outcomeOf(() => {
    if (target === "json") toThrift.convertInto(input, writer);
    else toJson.convertInto(input, writer);
    return writer.view();
  });
  if (into !== expected) return { problem: "convertInto differs", error: into };
  const text = attempted(() => fromUtf8(input)).result;
  let asText: string | undefined;
  // Text that is not UTF-8 has no string.
  if (target !== "json") asText = outcomeOf(() => utf8(toJson.convertToString(input)));
  else if (text !== undefined) asText = outcomeOf(() => toThrift.convert(text));
  const isText = target === "json" || attempted(() => fromUtf8(writer.view())).result !== undefined;
  if (asText === undefined || asText === expected || !isText) return undefined;
  return { problem: "conversion from or to a string differs", error: asText };
}

function attempted<T>(run: () => T): { readonly result: T | undefined; readonly error: unknown } {
  try {
    return { result: run(), error: undefined };
  } catch (error) {
    return { result: undefined, error };
  }
}

function foreignError(error: unknown): string | undefined {
  return error === undefined || isThriftError(error) ? undefined : "an error of another kind";
}

/**
 * A stream must fail as the whole message does, with one exception that cannot be avoided: it cannot know that
 * a size is beyond the end of the message until the message ends, so it may meet another error before.
 */
function differenceOfErrors(whole: unknown, streamed: unknown): string | undefined {
  if (!isThriftError(streamed)) return "the stream does not fail with an error of the library";
  if (!isThriftError(whole)) return undefined;
  const same =
    whole.code === streamed.code && whole.offset === streamed.offset && whole.path === streamed.path;
  const later = whole.code === "INVALID_SIZE" && (streamed.offset ?? 0) >= (whole.offset ?? 0);
  if (same || later) return undefined;
  return `the stream's error differs: ${whole.message}, streamed ${streamed.message}`;
}

interface Problem {
  readonly problem: string;
  readonly error: unknown;
}

function checkResult(
  target: Exclude<Target, "idl">,
  converters: readonly Converters[],
  rules: number,
  result: Uint8Array,
): Problem | undefined {
  const isTrusted = RULES[rules]!.toJson.utf8 === "trust";
  if (target !== "json" && !isTrusted) {
    const { error } = attempted(() => JSON.parse(fromUtf8(result)));
    if (error !== undefined) return { problem: "the written JSON is not JSON", error };
  }
  if (rules !== 0) return undefined;
  const { toThrift, toJson } = converters[0]!;
  const [there, back] = target === "json" ? [toJson, toThrift] : [toThrift, toJson];
  const { result: again, error } = attempted(() => back.convert(there.convert(result).slice()));
  if (again === undefined) return { problem: "the result is not accepted", error };
  return toHex(again) === toHex(result)
    ? undefined
    : { problem: "the result changes on the way there and back", error: toHex(again) };
}
