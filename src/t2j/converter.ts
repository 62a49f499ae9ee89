import { isBytes } from "../bytes/is-bytes.ts";
import { checkCall, failInput } from "../conv/arguments.ts";
import { compileProgram } from "../conv/compile.ts";
import type { CallContext } from "../conv/context.ts";
import { kernelObstacle } from "../conv/kernel-fit.ts";
import { FINISHED } from "../conv/machine-run.ts";
import { resolveThriftToJsonOptions, type Settings, type ThriftToJsonOptions } from "../conv/options.ts";
import { HEADER_HOOKS, HEADER_NON_ASCII, type Program } from "../conv/program.ts";
import { streamRun } from "../conv/stream.ts";
import { checkType } from "../descriptor/check-type.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import { choosesKernel } from "../kernel/choose.ts";
import { type KernelInstance, THRIFT_TO_JSON } from "../kernel/instance.ts";
import { convertBytes } from "../kernel/kernel.ts";
import { type ByteWriter, checkWriter } from "../pool/byte-writer.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { runMachine } from "./machine.ts";
import { Run } from "./run.ts";
import { clearNonAscii, wroteNonAscii } from "./text.ts";

/** Converts encoded values of one type to JSON text. Made by {@link thriftToJson}; stateless for its users. */
export interface ThriftToJsonConverter {
  /**
   * The JSON text of one encoded value, as UTF-8. The result belongs to the caller; with `output: "pooled"`
   * it is a piece of a shared `ArrayBuffer`. The input is only read.
   * Throws `ConvertError` or `WireError` with code, path and byte offset; nothing partial is returned.
   */
  convert(bytes: Uint8Array, call?: CallContext): Uint8Array;
  /** Like `convert`, as a string. */
  convertToString(bytes: Uint8Array, call?: CallContext): string;
  /** Appends the JSON text to `writer`; after an error the writer is as it was. */
  convertInto(bytes: Uint8Array, writer: ByteWriter, call?: CallContext): void;
  /**
   * A stream that takes one encoded value in pieces of any size and gives the JSON text in pieces. It fails
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
export function thriftToJson(type: TypeDescriptor, options?: ThriftToJsonOptions): ThriftToJsonConverter {
  checkType("thriftToJson", type);
  const settings = resolveThriftToJsonOptions(options);
  const program = compileProgram(type, "thrift-to-json", settings);
  const own = settings.output === "own";
  const { limits } = settings;
  const usesKernel = choosesKernel(
    "thriftToJson",
    settings.kernel,
    kernelObstacle(program, limits.maxDepth),
    limits.maxDepth,
  );
  const hasHooks = program.code[HEADER_HOOKS] !== 0;
  /** Whether nothing in the call matters to the type. */
  const isPlain = (call: CallContext): boolean => {
    if (call === NO_CALL) return true;
    checkCall("thriftToJson", call);
    return !hasHooks;
  };
  return {
    convert: (bytes, call = NO_CALL) => {
      const kernel = isPlain(call) && usesKernel ? convertInKernel(program, limits, bytes) : undefined;
      if (kernel !== undefined) return kernel.takeOutput(own);
      const run = runAll(program, settings, bytes, call);
      const json = run.takeOutput(own);
      idleRuns.push(run);
      return json;
    },
    convertToString: (bytes, call = NO_CALL) => {
      const kernel = isPlain(call) && usesKernel ? convertInKernel(program, limits, bytes) : undefined;
      if (kernel !== undefined) return kernel.takeText();
      clearNonAscii();
      const run = runAll(program, settings, bytes, call);
      const text = run.takeText(!wroteNonAscii && program.code[HEADER_NON_ASCII] === 0);
      idleRuns.push(run);
      return text;
    },
    convertInto: (bytes, writer, call = NO_CALL) => {
      checkWriter("thriftToJson", writer);
      const kernel = isPlain(call) && usesKernel ? convertInKernel(program, limits, bytes) : undefined;
      if (kernel !== undefined) {
        kernel.appendOutput(writer);
        return;
      }
      const run = runAll(program, settings, bytes, call);
      run.appendOutput(writer);
      idleRuns.push(run);
    },
    stream: (call = NO_CALL) => {
      const run = newRun();
      if (call !== NO_CALL) checkCall("thriftToJson", call);
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
  bytes: unknown,
): KernelInstance | undefined {
  return isBytes(bytes) ? convertBytes(THRIFT_TO_JSON, program, bytes, limits) : undefined;
}

/** A run that has converted the whole message. It is dropped, not reused, when that throws. */
function runAll(program: Program, settings: Settings, bytes: Uint8Array, call: CallContext): Run {
  const run = idleRuns.pop() ?? newRun();
  run.start(program, settings, call);
  if (!isBytes(bytes)) failInput("thriftToJson", "a Uint8Array", bytes);
  run.loadAll(bytes);
  while (runMachine(run) !== FINISHED) run.refill();
  return run;
}

function isFinished(run: Run): boolean {
  return runMachine(run) === FINISHED;
}

function newRun(): Run {
  return new Run(convertInside);
}

function convertInside(
  outer: Run,
  node: number,
  bytes: Uint8Array,
  offset: number,
  call: CallContext,
): Uint8Array {
  const run = idleRuns.pop() ?? newRun();
  run.startInside(outer, node, offset, call);
  run.loadAll(bytes);
  while (runMachine(run) !== FINISHED) run.refill();
  const json = run.takeOutput(false);
  idleRuns.push(run);
  return json;
}
