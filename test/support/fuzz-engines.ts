import fc from "fast-check";
import {
  isThriftError,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
  type ThriftToJsonOptions,
  type TypeDescriptor,
  thriftToJson,
} from "../../src/index.ts";
import { CONVERTED, KernelInstance, type Outcome } from "../../src/kernel/instance.ts";
import { message } from "./arbitraries.ts";
import { toHex, utf8 } from "./bytes.ts";
import { change, damage } from "./damage.ts";
import { createRandom, type Random } from "./random.ts";
import { toIdl } from "./schema.ts";

/**
 * Holds both engines together: random types, random options, messages that are damaged more often than not. Either
 * engine must give the same bytes or text, or the same code, path and offset, and what the TypeScript machine converts
 * the kernel must have converted itself.
 */
export interface EngineFuzzOptions {
  readonly seed: number;
  /** Conversions on both engines. */
  readonly cases: number;
  readonly milliseconds?: number;
}

export interface EngineFinding {
  readonly problem: string;
  readonly idl: string;
  readonly direction: "json-to-thrift" | "thrift-to-json";
  readonly options: unknown;
  readonly input: Uint8Array;
}

export interface EngineFuzzReport {
  readonly cases: number;
  /** Cases that ended in a result. */
  readonly converted: number;
  readonly findings: readonly EngineFinding[];
}

const OPTION_SETS_PER_TYPE = 6;
const CASES_PER_SET = 40;
const MAX_FINDINGS = 10;

type Choices<O> = { readonly [K in keyof O]?: readonly (O[K] | undefined)[] };

/** The default comes more often: `undefined` leaves an option out. */
const SHARED: Choices<JsonToThriftOptions & ThriftToJsonOptions> = {
  protocol: ["binary", "compact"],
  binary: [undefined, undefined, "utf8"],
  unknownFields: [undefined, undefined, "error"],
  missing: [
    undefined,
    { required: "omit" },
    { required: "write", default: "write", optional: "write" },
    { default: "error", optional: "write" },
  ],
  duplicateFields: [undefined, "keep"],
  duplicateKeys: [undefined, "error"],
  unions: [undefined, "any"],
  limits: [undefined, undefined, { maxDepth: 3 }, { maxLength: 2 }, { maxOutputSize: 200 }],
};

const TO_THRIFT: Choices<JsonToThriftOptions> = {
  ...(SHARED as Choices<JsonToThriftOptions>),
  quotedNumbers: [undefined, "accept", "accept-empty"],
  nullElements: [undefined, "skip"],
  utf8: [undefined, undefined, "trust"],
};

const TO_JSON: Choices<ThriftToJsonOptions> = {
  ...(SHARED as Choices<ThriftToJsonOptions>),
  int64: [undefined, "string"],
  byte: [undefined, "unsigned"],
  nonFinite: [undefined, "null", "string"],
  enums: [undefined, "name"],
  mismatch: [undefined, "skip"],
  utf8: [undefined, undefined, "trust", "replace"],
};

let lastOutcome: Outcome | undefined;

export function fuzzEngines(options: EngineFuzzOptions): EngineFuzzReport {
  const { convert } = KernelInstance.prototype;
  KernelInstance.prototype.convert = function (...args): Outcome {
    lastOutcome = convert.apply(this, args);
    return lastOutcome;
  };
  try {
    return run(options);
  } finally {
    KernelInstance.prototype.convert = convert;
  }
}

function run({ seed, cases, milliseconds = Number.POSITIVE_INFINITY }: EngineFuzzOptions): EngineFuzzReport {
  const start = performance.now();
  const findings: EngineFinding[] = [];
  let done = 0;
  let converted = 0;
  for (let round = 0; done < cases && findings.length < MAX_FINDINGS; round++) {
    if (performance.now() - start > milliseconds) break;
    const random = createRandom(Math.imul(seed, 1_000_003) + round);
    const [model] = fc.sample(message(), { seed: seed + round, numRuns: 1 });
    const { schema, json } = model!;
    const idl = toIdl(schema);
    const type = parseIdl(idl).struct(schema.root);
    for (let set = 0; set < OPTION_SETS_PER_TYPE; set++) {
      const report = attackType(type, utf8(json), random);
      done += report.cases;
      converted += report.converted;
      findings.push(...report.findings.map((finding) => ({ ...finding, idl })));
    }
  }
  return { cases: done, converted, findings };
}

interface TypeReport {
  readonly cases: number;
  readonly converted: number;
  readonly findings: readonly Omit<EngineFinding, "idl">[];
}

function attackType(type: TypeDescriptor, json: Uint8Array, random: Random): TypeReport {
  const toThrift = choose(TO_THRIFT, random);
  const toJson = choose(TO_JSON, random);
  const thrift = jsonToThrift(type, { protocol: toJson.protocol ?? "binary", kernel: "typescript" }).convert(
    json,
  );
  const directions = [
    {
      direction: "json-to-thrift",
      options: toThrift,
      valid: json,
      other: thrift,
      kernel: jsonToThrift(type, { ...toThrift, kernel: "wasm" }).convert,
      machine: jsonToThrift(type, { ...toThrift, kernel: "typescript" }).convert,
    },
    {
      direction: "thrift-to-json",
      options: toJson,
      valid: thrift,
      other: json,
      kernel: thriftToJson(type, { ...toJson, kernel: "wasm" }).convert,
      machine: thriftToJson(type, { ...toJson, kernel: "typescript" }).convert,
    },
  ] as const;
  const findings: Omit<EngineFinding, "idl">[] = [];
  let converted = 0;
  for (const { direction, options, valid, other, kernel, machine } of directions) {
    for (let i = 0; i < CASES_PER_SET; i++) {
      // Some are as they are, and pieces of the other side are put in now and then.
      const donor = random.chance(0.9) ? valid : other;
      const input =
        i === 0 ? valid : random.chance(0.5) ? change(valid, donor, random) : damage(valid, donor, random);
      lastOutcome = undefined;
      const ofKernel = outcomeOf(() => kernel(input));
      const outcome = lastOutcome;
      const ofMachine = outcomeOf(() => machine(input));
      if (ofMachine.isResult) converted++;
      if (ofKernel.text !== ofMachine.text) {
        findings.push({
          problem: `${ofKernel.text}\ninstead of\n${ofMachine.text}`,
          direction,
          options,
          input,
        });
      } else if (ofMachine.isResult && outcome !== CONVERTED) {
        findings.push({ problem: "the kernel has left it to the machine", direction, options, input });
      }
    }
  }
  return { cases: directions.length * CASES_PER_SET, converted, findings };
}

function choose<O extends object>(choices: Choices<O>, random: Random): O {
  const options: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(choices) as [string, readonly unknown[]][]) {
    const value = random.pick(values);
    if (value !== undefined) options[name] = value;
  }
  return options as O;
}

function outcomeOf(convert: () => Uint8Array): { readonly isResult: boolean; readonly text: string } {
  try {
    const bytes = convert();
    return {
      isResult: true,
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"),
    };
  } catch (error) {
    // An error of another kind is a bug: show it with its stack.
    if (!isThriftError(error)) throw error;
    return { isResult: false, text: `${error.code} at ${error.offset}, ${error.path}` };
  }
}

/** A finding with all that it takes to repeat it. */
export function describeEngineFinding({ problem, idl, direction, options, input }: EngineFinding): string {
  return `${direction} ${JSON.stringify(options)}: ${problem}\ninput: ${toHex(input)}\n${idl}`;
}
