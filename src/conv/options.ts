import { ThriftError } from "../errors.ts";
import { KERNEL_OPTIONS, type KernelOption } from "../kernel/choose.ts";
import { checkOptions, oneOf } from "../options.ts";
import { type Limits, type ResolvedLimits, resolveLimits } from "../wire/limits.ts";
import type { Protocol } from "../wire/ttype.ts";
import type { MaskRule, ThriftBase } from "./context.ts";

/** What happens to a field that the message lacks. */
export type MissingAction = "error" | "omit" | "write";

/** By requiredness; any subset may be given. */
export interface MissingOptions {
  /** Default `error`. */
  readonly required?: MissingAction;
  /** Default `omit`. `write` gives the IDL default, else zero. */
  readonly default?: MissingAction;
  /** Default `omit`. An explicit JSON `null` suppresses `write` for optional fields. */
  readonly optional?: MissingAction;
}

/** The options that both directions share. */
export interface ConversionOptions {
  /** Encoding of the Thrift side. Default `binary`. */
  readonly protocol?: Protocol;
  /** Thrift `binary` in JSON: padded standard base64, or the bytes as text. Default `base64`. */
  readonly binary?: "base64" | "utf8";
  /** Default `skip`: passed over, syntax still checked. */
  readonly unknownFields?: "skip" | "error";
  readonly missing?: MissingOptions;
  /** A struct field that occurs twice. Default `error`. */
  readonly duplicateFields?: "error" | "keep";
  /** A map key that occurs twice. Default `keep`. */
  readonly duplicateKeys?: "keep" | "error";
  /** Default `check`: exactly one known field. */
  readonly unions?: "check" | "any";
  /** Value mappings of annotations such as `api.js_conv`. Default `on`. */
  readonly valueMapping?: "on" | "off";
  /** A missing Thrift base field that is declared required: an error, or passed over. Default `error`. */
  readonly missingBase?: "error" | "omit";
  /** Hides parts of the message; see {@link MaskRule}. */
  readonly mask?: MaskRule;
  readonly limits?: Limits;
  /** Results from a shared slab, or each with a private `ArrayBuffer`. Default `pooled`. */
  readonly output?: "pooled" | "own";
  /**
   * The engine: the WebAssembly kernel, or the TypeScript machine. Both give the same results and errors. `auto`, the
   * default, takes the kernel wherever it can run; `wasm` throws `INVALID_OPTION` where it cannot. The environment
   * variable `DYNAMIC_THRIFT_KERNEL` decides instead where it is set.
   */
  readonly kernel?: KernelOption;
}

export interface JsonToThriftOptions extends ConversionOptions {
  /**
   * Numbers in JSON strings, for integers, enums and doubles; `accept-empty` reads `""` as 0. Where accepted,
   * doubles also read `"NaN"`, `"Infinity"` and `"-Infinity"`. Default `reject`.
   */
  readonly quotedNumbers?: "reject" | "accept" | "accept-empty";
  /** `null` as an element of a list or set, or as a map value. Default `error`. */
  readonly nullElements?: "error" | "skip";
  /** Default `check`. `trust` passes the bytes of strings through unchecked. */
  readonly utf8?: "check" | "trust";
  /**
   * Merges the JSON's base with the call's. Default {@link mergeThriftBase}: the call wins. The function gets the
   * JSON's converted, in the forms of {@link ThriftBase}, and without what `missing` has written.
   */
  readonly mergeBase?: (fromJson: ThriftBase, fromCall: ThriftBase) => ThriftBase;
}

export interface ThriftToJsonOptions extends ConversionOptions {
  /** i64 values as JSON numbers with all digits, or as strings. Default `number`. */
  readonly int64?: "number" | "string";
  /** Default `signed`. */
  readonly byte?: "signed" | "unsigned";
  /** NaN and infinities. `string` writes `"NaN"`, `"Infinity"`, `"-Infinity"`. Default `error`. */
  readonly nonFinite?: "error" | "null" | "string";
  /** Enum values as numbers or names; unknown numbers stay numbers. Default `number`. */
  readonly enums?: "number" | "name";
  /** A wire type that the descriptor contradicts. Default `error`. */
  readonly mismatch?: "error" | "skip";
  /** Default `check`. `replace` writes U+FFFD for each ill-formed part. */
  readonly utf8?: "check" | "trust" | "replace";
  /** A declared exception in a result struct: a key of the JSON, or a thrown error. Default `keep`. */
  readonly exceptions?: "keep" | "throw";
}

/** Options with every default filled in, frozen. Members that one direction lacks have its neutral word. */
export interface Settings {
  readonly protocol: Protocol;
  readonly binary: "base64" | "utf8";
  readonly unknownFields: "skip" | "error";
  readonly missing: Required<MissingOptions>;
  readonly duplicateFields: "error" | "keep";
  readonly duplicateKeys: "keep" | "error";
  readonly unions: "check" | "any";
  readonly valueMapping: "on" | "off";
  readonly missingBase: "error" | "omit";
  /** Not checked yet: that takes the type. */
  readonly mask: MaskRule;
  readonly limits: ResolvedLimits;
  readonly output: "pooled" | "own";
  readonly kernel: KernelOption;
  readonly utf8: "check" | "trust" | "replace";
  readonly quotedNumbers: "reject" | "accept" | "accept-empty";
  readonly nullElements: "error" | "skip";
  readonly mergeBase: ((fromJson: ThriftBase, fromCall: ThriftBase) => ThriftBase) | undefined;
  readonly int64: "number" | "string";
  readonly byte: "signed" | "unsigned";
  readonly nonFinite: "error" | "null" | "string";
  readonly enums: "number" | "name";
  readonly mismatch: "error" | "skip";
  readonly exceptions: "keep" | "throw";
}

const SHARED_NAMES = [
  "protocol",
  "binary",
  "unknownFields",
  "missing",
  "duplicateFields",
  "duplicateKeys",
  "unions",
  "valueMapping",
  "missingBase",
  "mask",
  "limits",
  "output",
  "kernel",
  "utf8",
] as const;

/** The option names of each direction; any other name is an error. */
export const JSON_TO_THRIFT_OPTION_NAMES: readonly string[] = [
  ...SHARED_NAMES,
  "quotedNumbers",
  "nullElements",
  "mergeBase",
];

export const THRIFT_TO_JSON_OPTION_NAMES: readonly string[] = [
  ...SHARED_NAMES,
  "int64",
  "byte",
  "nonFinite",
  "enums",
  "mismatch",
  "exceptions",
];

/** Checks names, and values but the mask. Throws `ThriftError` `INVALID_OPTION`. */
export function resolveJsonToThriftOptions(options: JsonToThriftOptions = {}): Settings {
  checkOptions("jsonToThrift", options, JSON_TO_THRIFT_OPTION_NAMES, {
    name: "thriftToJson",
    optionNames: THRIFT_TO_JSON_OPTION_NAMES,
  });
  if (options.mergeBase !== undefined && typeof options.mergeBase !== "function") {
    throw new ThriftError("INVALID_OPTION", "the option `mergeBase` must be a function");
  }
  return resolveShared(options, {
    utf8: choose("utf8", options.utf8, ["check", "trust"]),
    quotedNumbers: choose("quotedNumbers", options.quotedNumbers, ["reject", "accept", "accept-empty"]),
    nullElements: choose("nullElements", options.nullElements, ["error", "skip"]),
    mergeBase: options.mergeBase,
  });
}

/** Checks names, and values but the mask. Throws `ThriftError` `INVALID_OPTION`. */
export function resolveThriftToJsonOptions(options: ThriftToJsonOptions = {}): Settings {
  checkOptions("thriftToJson", options, THRIFT_TO_JSON_OPTION_NAMES, {
    name: "jsonToThrift",
    optionNames: JSON_TO_THRIFT_OPTION_NAMES,
  });
  return resolveShared(options, {
    utf8: choose("utf8", options.utf8, ["check", "trust", "replace"]),
    int64: choose("int64", options.int64, ["number", "string"]),
    byte: choose("byte", options.byte, ["signed", "unsigned"]),
    nonFinite: choose("nonFinite", options.nonFinite, ["error", "null", "string"]),
    enums: choose("enums", options.enums, ["number", "name"]),
    mismatch: choose("mismatch", options.mismatch, ["error", "skip"]),
    exceptions: choose("exceptions", options.exceptions, ["keep", "throw"]),
  });
}

function resolveShared(options: ConversionOptions, specific: Partial<Settings>): Settings {
  return Object.freeze({
    protocol: choose("protocol", options.protocol, ["binary", "compact"]),
    binary: choose("binary", options.binary, ["base64", "utf8"]),
    unknownFields: choose("unknownFields", options.unknownFields, ["skip", "error"]),
    missing: resolveMissing(options.missing),
    duplicateFields: choose("duplicateFields", options.duplicateFields, ["error", "keep"]),
    duplicateKeys: choose("duplicateKeys", options.duplicateKeys, ["keep", "error"]),
    unions: choose("unions", options.unions, ["check", "any"]),
    valueMapping: choose("valueMapping", options.valueMapping, ["on", "off"]),
    missingBase: choose("missingBase", options.missingBase, ["error", "omit"]),
    mask: options.mask === undefined ? "keep" : options.mask,
    limits: resolveLimits(options.limits),
    output: choose("output", options.output, ["pooled", "own"]),
    kernel: choose("kernel", options.kernel, KERNEL_OPTIONS),
    utf8: "check",
    quotedNumbers: "reject",
    nullElements: "error",
    mergeBase: undefined,
    int64: "number",
    byte: "signed",
    nonFinite: "error",
    enums: "number",
    mismatch: "error",
    exceptions: "keep",
    ...specific,
  } satisfies Settings);
}

function resolveMissing(missing: MissingOptions = {}): Required<MissingOptions> {
  checkOptions("missing", missing, ["required", "default", "optional"]);
  return Object.freeze({
    required: choose("missing.required", missing.required, ["error", "omit", "write"]),
    default: choose("missing.default", missing.default, ["omit", "error", "write"]),
    optional: choose("missing.optional", missing.optional, ["omit", "error", "write"]),
  });
}

/** The option's value, checked; the first word when it is not given. */
function choose<const Word extends string>(
  name: string,
  value: Word | undefined,
  words: readonly [Word, ...Word[]],
): Word {
  return oneOf(name, value, words) ?? words[0];
}

/** What of the settings shapes a program, as a key for the program cache; `undefined` when not cacheable. */
export function programKey(settings: Settings): string | undefined {
  if (settings.mask !== "keep") return undefined;
  const {
    mask: _mask,
    mergeBase: _mergeBase,
    limits: _limits,
    output: _output,
    kernel: _kernel,
    ...shaping
  } = settings;
  return JSON.stringify(shaping);
}
