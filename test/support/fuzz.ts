import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type IdlOptions,
  isThriftError,
  jsonToThrift,
  loadIdlSync,
  parseIdl,
  thriftToJson,
} from "dynamic-thrift";
import fc from "fast-check";
import { message } from "./arbitraries.ts";
import { chunksOf, fromUtf8, toHex, utf8 } from "./bytes.ts";
import { createRandom, type Random } from "./random.ts";
import { toIdl } from "./schema.ts";
import { pump } from "./streams.ts";

/**
 * A mutating fuzzer. Valid inputs (test data and random messages of random schemas) are damaged; whatever the
 * library then does must be a result or one of its own errors, soon, the same for any chunking, and it must
 * still convert the valid input afterwards.
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

export interface FuzzReport {
  readonly runs: number;
  /** Inputs that were converted or parsed in spite of the damage. */
  readonly accepted: number;
  readonly findings: readonly Finding[];
}

type JsonToThrift = ReturnType<typeof jsonToThrift>;
type ThriftToJson = ReturnType<typeof thriftToJson>;

export type Target = "idl" | "json" | "binary" | "compact";

/** One root type with a valid message of it in every form. */
interface Subject {
  readonly json: Uint8Array;
  readonly thrift: Readonly<Record<"binary" | "compact", Uint8Array>>;
  readonly toThrift: Readonly<Record<"binary" | "compact", JsonToThrift>>;
  readonly toJson: Readonly<Record<"binary" | "compact", ThriftToJson>>;
}

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
  const toThrift = {
    binary: jsonToThrift(type, { protocol: "binary" }),
    compact: jsonToThrift(type, { protocol: "compact" }),
  };
  const toJson = {
    binary: thriftToJson(type, { protocol: "binary" }),
    compact: thriftToJson(type, { protocol: "compact" }),
  };
  const thrift = {
    binary: toThrift.binary.convert(json).slice(),
    compact: toThrift.compact.convert(json).slice(),
  };
  return { json, thrift, toThrift, toJson };
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
  const converter = target === "json" ? subject.toThrift[protocol] : subject.toJson[protocol];

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
    const check = target === "json" ? checkThrift(subject, protocol, result) : checkJson(result);
    if (check !== undefined) return { ...base, problem: check.problem, error: check.error };
  }

  const again = attempted(() => converter.convert(valid));
  const expected = target === "json" ? subject.thrift[protocol] : subject.json;
  const stillWorks = again.result !== undefined && toHex(again.result) === toHex(expected);
  return {
    ...base,
    problem: stillWorks ? undefined : "the converter is broken afterwards",
    error: again.error,
  };
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
  const same = whole.code === streamed.code && whole.offset === streamed.offset;
  const later = whole.code === "INVALID_SIZE" && (streamed.offset ?? 0) >= (whole.offset ?? 0);
  if (same || later) return undefined;
  return `the stream's error differs: ${whole.code} at ${whole.offset}, streamed ${streamed.code} at ${streamed.offset}`;
}

interface Problem {
  readonly problem: string;
  readonly error: unknown;
}

/** What JSON→Thrift wrote can be read again. */
function checkThrift(
  subject: Subject,
  protocol: "binary" | "compact",
  thrift: Uint8Array,
): Problem | undefined {
  const { error } = attempted(() => subject.toJson[protocol].convert(thrift));
  return error === undefined ? undefined : { problem: "the written Thrift cannot be read", error };
}

/** What Thrift→JSON wrote is JSON. */
function checkJson(json: Uint8Array): Problem | undefined {
  const { error } = attempted(() => JSON.parse(fromUtf8(json)));
  return error === undefined ? undefined : { problem: "the written JSON is not JSON", error };
}

/** Sizes, lengths and type bytes that have broken readers before. */
const HOSTILE_BYTES: readonly (readonly number[])[] = [
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0x00, 0x00, 0x00],
  [0x00, 0x00, 0x00, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0x0c, 0x0d, 0x0e, 0x0f],
  [0xc3, 0x28],
  [0xed, 0xa0, 0x80],
  [0x00],
];

const HOSTILE_TEXT: readonly string[] = [
  "null",
  "true",
  '"',
  "\\",
  "\\ud800",
  "1e999",
  "-0",
  "9223372036854775808",
  "0.1",
  "[[[[[[[[[[[[[[[[",
  '{"a":'.repeat(70),
  '"__proto__":{}',
  ",",
  ":",
  "}",
  "]",
  "struct",
  "/*",
  "list<",
  "(a = ",
  "1: required",
];

/** One to four random changes of `bytes`, some with pieces of `other`. */
function damage(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = bytes;
  for (let changes = random.int(1, 4); changes > 0; changes--) result = change(result, other, random);
  return result;
}

function change(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.int(0, bytes.length);
  const end = Math.min(bytes.length, at + random.int(0, 12));
  switch (random.int(0, 7)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return replace(bytes, at, end, new Uint8Array());
    case 2:
      return replace(bytes, at, at, bytes.subarray(at, end));
    case 3:
      return replace(bytes, at, Math.min(bytes.length, at + 1), random.bytes(1));
    case 4:
      return replace(bytes, at, end, Uint8Array.from(random.pick(HOSTILE_BYTES)));
    case 5:
      return replace(bytes, at, random.chance(0.5) ? at : end, utf8(random.pick(HOSTILE_TEXT)));
    case 6: {
      const from = random.int(0, other.length);
      return replace(bytes, at, end, other.subarray(from, from + random.int(1, 40)));
    }
    default: {
      const flipped = bytes.slice();
      if (at < flipped.length) flipped[at]! ^= 1 << random.int(0, 7);
      return flipped;
    }
  }
}

function replace(bytes: Uint8Array, start: number, end: number, piece: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + piece.length);
  result.set(bytes.subarray(0, start));
  result.set(piece, start);
  result.set(bytes.subarray(end), start + piece.length);
  return result;
}
