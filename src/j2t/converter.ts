import { isBytes } from "../bytes/is-bytes.ts";
import { checkCall, failInput } from "../conv/arguments.ts";
import { compileProgram } from "../conv/compile.ts";
import type { CallContext } from "../conv/context.ts";
import { kernelObstacle } from "../conv/kernel-fit.ts";
import { FINISHED } from "../conv/machine-run.ts";
import { type JsonToThriftOptions, resolveJsonToThriftOptions, type Settings } from "../conv/options.ts";
import { HEADER_HOOKS, type Program } from "../conv/program.ts";
import { streamRun } from "../conv/stream.ts";
import { checkType } from "../descriptor/check-type.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import { choosesKernel } from "../kernel/choose.ts";
import { JSON_TO_THRIFT, type KernelInstance } from "../kernel/instance.ts";
import { convertBytes, convertText } from "../kernel/kernel.ts";
import { type ByteWriter, checkWriter } from "../pool/byte-writer.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { runMachine } from "./machine.ts";
import { type InnerConversion, Run } from "./run.ts";

/** Converts JSON text to encoded values of one type. Made by {@link jsonToThrift}; stateless for its users. */
export interface JsonToThriftConverter {
  /**
   * The encoded value of one JSON text, UTF-8 bytes or a string. The result belongs to the caller; with
   * `output: "pooled"` it is a piece of a shared `ArrayBuffer`. The input is only read.
   * Throws `ConvertError` or `WireError` with code, path and byte offset; nothing partial is returned.
   */
  convert(json: Uint8Array | string, call?: CallContext): Uint8Array;
  /** Appends the encoded value to `writer`; after an error the writer is as it was. */
  convertInto(json: Uint8Array | string, writer: ByteWriter, call?: CallContext): void;
  /**
   * A stream that takes one JSON text in pieces of any size and gives the encoded value in pieces. It holds
   * back what may still change: from the outermost list, set or map whose count is not known yet. It fails
   * with the error that `convert` would throw, after the pieces that it has given already; of several errors in one
   * message it may meet another one first.
   */
  stream(call?: CallContext): TransformStream<Uint8Array, Uint8Array>;
  /**
   * Which engine runs. Streams, and calls with a `base`, `source` or `sink` that the type has fields for, always run
   * on the TypeScript machine.
   */
  readonly engine: "wasm" | "typescript";
}

const NO_CALL: CallContext = Object.freeze({});

/** Runs that wait for work; more than one only after conversions inside conversions. */
const idleRuns: Run[] = [];

/**
 * Compiles the type and the options once and gives the converter. Throws `ThriftError`: `INVALID_OPTION` for
 * options that do not exist or make no sense, `LIMIT_EXCEEDED` for a type that is too large to compile.
 */
export function jsonToThrift(type: TypeDescriptor, options?: JsonToThriftOptions): JsonToThriftConverter {
  checkType("jsonToThrift", type);
  const settings = resolveJsonToThriftOptions(options);
  const program = compileProgram(type, "json-to-thrift", settings);
  const own = settings.output === "own";
  const { limits } = settings;
  const usesKernel = choosesKernel(
    "jsonToThrift",
    settings.kernel,
    kernelObstacle(program, limits.maxDepth),
    limits.maxDepth,
  );
  const hasHooks = program.code[HEADER_HOOKS] !== 0;
  /** Whether nothing in the call matters to the type. */
  const isPlain = (call: CallContext): boolean => {
    if (call === NO_CALL) return true;
    checkCall("jsonToThrift", call);
    return !hasHooks;
  };
  return {
    convert: (json, call = NO_CALL) => {
      const kernel = isPlain(call) && usesKernel ? convertInKernel(program, limits, json) : undefined;
      if (kernel !== undefined) return kernel.takeOutput(own);
      const run = runAll(program, settings, json, call);
      const bytes = run.takeOutput(own);
      idleRuns.push(run);
      return bytes;
    },
    convertInto: (json, writer, call = NO_CALL) => {
      checkWriter("jsonToThrift", writer);
      const kernel = isPlain(call) && usesKernel ? convertInKernel(program, limits, json) : undefined;
      if (kernel !== undefined) {
        kernel.appendOutput(writer);
        return;
      }
      const run = runAll(program, settings, json, call);
      run.appendOutput(writer);
      idleRuns.push(run);
    },
    stream: (call = NO_CALL) => {
      const run = newRun();
      if (call !== NO_CALL) checkCall("jsonToThrift", call);
      run.start(program, settings, call);
      return streamRun(run, isFinished);
    },
    engine: usesKernel ? "wasm" : "typescript",
  };
}

/** The kernel instance that has converted the message, or `undefined` where the machine must run. */
function convertInKernel(
  program: Program,
  limits: ResolvedLimits,
  json: unknown,
): KernelInstance | undefined {
  if (typeof json === "string") return convertText(JSON_TO_THRIFT, program, json, limits);
  return isBytes(json) ? convertBytes(JSON_TO_THRIFT, program, json, limits) : undefined;
}

/** A run that has converted the whole message. It is dropped, not reused, when that throws. */
function runAll(program: Program, settings: Settings, json: Uint8Array | string, call: CallContext): Run {
  const run = idleRuns.pop() ?? newRun();
  run.start(program, settings, call);
  if (typeof json === "string") run.loadText(json);
  else if (isBytes(json)) run.loadAll(json);
  else failInput("jsonToThrift", "a Uint8Array or a string", json);
  while (runMachine(run) !== FINISHED) run.refill();
  return run;
}

function isFinished(run: Run): boolean {
  return runMachine(run) === FINISHED;
}

function newRun(): Run {
  return new Run(convertInside);
}

const convertInside: InnerConversion = (outer, node, json, offset, call, baseOfCall) => {
  const run = idleRuns.pop() ?? newRun();
  run.startInside(outer, node, offset, call);
  run.baseOfCall = baseOfCall;
  run.loadAll(json);
  while (runMachine(run) !== FINISHED) run.refill();
  const bytes = run.takeOutput(false);
  idleRuns.push(run);
  return bytes;
};
