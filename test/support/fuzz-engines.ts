import fc from "fast-check";
import {
  ByteWriter,
  isThriftError,
  type JsonToThriftConverter,
  type JsonToThriftOptions,
  jsonToThrift,
  type MaskRule,
  parseIdl,
  type StructDescriptor,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  type TypeDescriptor,
  thriftToJson,
} from "../../src/index.ts";
import { CONVERTED, KernelInstance, type Outcome } from "../../src/kernel/instance.ts";
import { message } from "./arbitraries.ts";
import { concat, toHex, utf8 } from "./bytes.ts";
import { change, damage } from "./damage.ts";
import { createRandom, type Random } from "./random.ts";
import {
  type FieldExtras,
  type FieldModel,
  type SchemaModel,
  type StructModel,
  type TypeModel,
  toIdl,
} from "./schema.ts";

/**
 * Holds both engines together: random types with defaults and value mappings, random options and masks, bytes and text
 * in and out, messages that are damaged more often than not. Either engine must give the same bytes or text, or the
 * same code, path and offset, and what the TypeScript machine converts the kernel must have converted itself. So must
 * streams, however the message is cut into chunks.
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
/** The share of conversions that are done by a stream too. */
const STREAMED = 0.25;

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
  valueMapping: [undefined, undefined, "off"],
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

/** What the stream that was made last does with its chunks. */
let lastTransformer: Transformer<Uint8Array, Uint8Array> | undefined;

/** Stands in for `TransformStream`, which would hand over each chunk in some turns of the event loop. */
class SynchronousStream {
  constructor(transformer: Transformer<Uint8Array, Uint8Array>) {
    lastTransformer = transformer;
  }
}

export function fuzzEngines(options: EngineFuzzOptions): EngineFuzzReport {
  const { convert } = KernelInstance.prototype;
  const { TransformStream } = globalThis;
  KernelInstance.prototype.convert = function (...args): Outcome {
    lastOutcome = convert.apply(this, args);
    return lastOutcome;
  };
  globalThis.TransformStream = SynchronousStream as unknown as typeof TransformStream;
  try {
    return run(options);
  } finally {
    KernelInstance.prototype.convert = convert;
    globalThis.TransformStream = TransformStream;
  }
}

/** The output of a stream for the input in chunks of random sizes. */
function streamed(
  converter: JsonToThriftConverter | ThriftToJsonConverter,
  input: Uint8Array,
  random: Random,
): Uint8Array {
  converter.stream();
  const { transform, flush } = lastTransformer!;
  const output: Uint8Array[] = [];
  const controller = {
    enqueue: (chunk: Uint8Array) => output.push(chunk),
  } as unknown as TransformStreamDefaultController<Uint8Array>;
  const most = random.pick([1, 3, 50]);
  for (let start = 0; start < input.length; ) {
    const end = Math.min(start + random.int(1, most), input.length);
    void transform!(input.slice(start, end), controller);
    start = end;
  }
  void flush!(controller);
  return concat(output);
}

/**
 * Whether a stream may end like this where `convert` fails. It has given output away before it knows the end: it may
 * meet another error before a size that only the end shows to be impossible, and a limit at another place.
 */
function mayStreamEnd(streamed: Ending, whole: Ending): boolean {
  if (streamed.text === whole.text) return true;
  if (whole.isResult || streamed.isResult) return false;
  return (
    whole.text.startsWith("INVALID_SIZE") ||
    [whole, streamed].some(({ text }) => text.startsWith("LIMIT_EXCEEDED"))
  );
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
    const idl = toIdl(schema, (field, parent) => extrasOf(field, parent, schema, random));
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
  const toThrift = { ...choose(TO_THRIFT, random), ...chooseMask(type, random) };
  const toJson = { ...choose(TO_JSON, random), ...chooseMask(type, random) };
  const thrift = jsonToThrift(type, { protocol: toJson.protocol ?? "binary", kernel: "typescript" }).convert(
    json,
  );
  const directions = [
    {
      direction: "json-to-thrift",
      options: toThrift,
      valid: json,
      other: thrift,
      kernel: waysToThrift(jsonToThrift(type, { ...toThrift, kernel: "wasm" })),
      machine: waysToThrift(jsonToThrift(type, { ...toThrift, kernel: "typescript" })),
      converter: jsonToThrift(type, toThrift),
    },
    {
      direction: "thrift-to-json",
      options: toJson,
      valid: thrift,
      other: json,
      kernel: waysToJson(thriftToJson(type, { ...toJson, kernel: "wasm" })),
      machine: waysToJson(thriftToJson(type, { ...toJson, kernel: "typescript" })),
      converter: thriftToJson(type, toJson),
    },
  ] as const;
  const findings: Omit<EngineFinding, "idl">[] = [];
  let converted = 0;
  for (const { direction, options, valid, other, kernel, machine, converter } of directions) {
    for (let i = 0; i < CASES_PER_SET; i++) {
      // Some are as they are, and pieces of the other side are put in now and then.
      const donor = random.chance(0.9) ? valid : other;
      const input =
        i === 0 ? valid : random.chance(0.5) ? change(valid, donor, random) : damage(valid, donor, random);
      const way = random.int(0, kernel.length - 1);
      lastOutcome = undefined;
      const ofKernel = outcomeOf(() => kernel[way]!(input));
      const outcome = lastOutcome;
      const ofMachine = outcomeOf(() => machine[way]!(input));
      if (ofMachine.isResult) converted++;
      if (random.chance(STREAMED)) {
        const ofWhole = way === 0 ? ofMachine : outcomeOf(() => machine[0]!(input));
        const ofStream = outcomeOf(() => streamed(converter, input, random));
        if (!mayStreamEnd(ofStream, ofWhole)) {
          const problem = `a stream: ${ofStream.text}\ninstead of\n${ofWhole.text}`;
          findings.push({ problem, direction, options, input });
        }
      }
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

type Convert = (input: Uint8Array) => Uint8Array | string;

/** All the ways to call a converter: the same for one of each engine. */
function waysToThrift(converter: JsonToThriftConverter): readonly Convert[] {
  return [
    (json) => converter.convert(json),
    // What is no UTF-8 becomes text with U+FFFD.
    (json) => converter.convert(decoder.decode(json)),
    (json) => written((writer) => converter.convertInto(json, writer)),
  ];
}

function waysToJson(converter: ThriftToJsonConverter): readonly Convert[] {
  return [
    (bytes) => converter.convert(bytes),
    (bytes) => converter.convertToString(bytes),
    (bytes) => written((writer) => converter.convertInto(bytes, writer)),
  ];
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function written(convertInto: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  convertInto(writer);
  return writer.toBytes();
}

/** Defaults and value mappings for some fields. */
function extrasOf(field: FieldModel, parent: StructModel, schema: SchemaModel, random: Random): FieldExtras {
  const names = [...schema.structs.keys()];
  // Of later structs only, so that no default contains itself.
  const later = new Set(names.slice(names.indexOf(parent.name) + 1));
  return {
    defaultValue: random.chance(0.3) ? constantOf(field.type, schema, later, random) : undefined,
    annotations: random.chance(0.2) ? [random.pick(VALUE_MAPPINGS)] : [],
  };
}

/** Those that the kernel does. */
const VALUE_MAPPINGS: readonly string[] = ['api.js_conv = ""', 'agw.js_conv = "str"'];

/** A constant of a type as IDL writes it; `undefined` for a struct that is not among `structs`. */
function constantOf(
  type: TypeModel,
  schema: SchemaModel,
  structs: ReadonlySet<string>,
  random: Random,
): string | undefined {
  switch (type.kind) {
    case "bool":
      return random.pick(["true", "false"]);
    case "double":
      return random.pick(["0.1", "-1e300", "3"]);
    case "string":
      return random.pick(['""', '"a\\n\\"é"']);
    case "binary":
      return random.pick(['""', '"bytes"']);
    case "uuid":
      return '"00112233-4455-6677-8899-aabbccddeeff"';
    case "enum": {
      const [member] = schema.enums.get(type.name)!.members.keys();
      return member === undefined ? "0" : `${type.name}.${member}`;
    }
    case "list":
    case "set":
      return random.chance(0.5) ? "[]" : `[${constantOf(type.element, schema, structs, random) ?? ""}]`;
    case "map": {
      const key = constantOf(type.key, schema, structs, random);
      const value = constantOf(type.value, schema, structs, random);
      return key === undefined || value === undefined ? "{}" : `{${key}: ${value}}`;
    }
    case "struct":
      return structs.has(type.name) ? "{}" : undefined;
    default:
      return random.pick(["0", "-1", "100"]);
  }
}

function chooseMask(type: TypeDescriptor, random: Random): { mask?: MaskRule } {
  return random.chance(0.8) ? {} : { mask: maskOf(type, random, MASK_DEPTH) };
}

const MASK_DEPTH = 3;

/** A random rule for values of a type. */
function maskOf(type: TypeDescriptor, random: Random, depth: number): MaskRule {
  const struct = structIn(type);
  const isRoot = depth === MASK_DEPTH;
  if (struct === undefined && isRoot) return "keep";
  if (struct === undefined || depth === 0 || random.chance(0.3)) return random.pick(["keep", "keep", "skip"]);
  const fields = struct.fields
    .filter(() => random.chance(0.5))
    .map((field) => [field.id, maskOf(field.type, random, depth - 1)] as const);
  return { fields: new Map(fields), otherFields: random.pick(["keep", "keep", "skip"]) };
}

function structIn(type: TypeDescriptor): StructDescriptor | undefined {
  switch (type.kind) {
    case "struct":
      return type;
    case "list":
    case "set":
      return structIn(type.element);
    case "map":
      return structIn(type.value);
    default:
      return undefined;
  }
}

function choose<O extends object>(choices: Choices<O>, random: Random): O {
  const options: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(choices) as [string, readonly unknown[]][]) {
    const value = random.pick(values);
    if (value !== undefined) options[name] = value;
  }
  return options as O;
}

interface Ending {
  readonly isResult: boolean;
  readonly text: string;
}

function outcomeOf(convert: () => Uint8Array | string): Ending {
  try {
    const bytes = convert();
    if (typeof bytes === "string") return { isResult: true, text: bytes };
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
