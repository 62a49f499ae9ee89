import { expect } from "vitest";
import {
  type CallContext,
  isThriftError,
  type JsonToThriftConverter,
  type JsonToThriftOptions,
  jsonToThrift as makeJsonToThrift,
  thriftToJson as makeThriftToJson,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  type TypeDescriptor,
} from "../../src/index.ts";
import { CONVERTED, KernelInstance, type Outcome } from "../../src/kernel/instance.ts";
import type { ByteWriter } from "../../src/pool/byte-writer.ts";

/**
 * The library, with converters that do each conversion on both engines and compare what comes of it: bytes or text,
 * or code, path, offset and message. Where the TypeScript machine succeeds, the kernel must have done it too.
 * Conversions that the kernel leaves to the machine are done once: those of streams, of types with user code, and of
 * calls with a context, which may change what it is given.
 */
export * from "../../src/index.ts";

let lastOutcome: Outcome | undefined;

const convert = KernelInstance.prototype.convert;
KernelInstance.prototype.convert = function (...args): Outcome {
  lastOutcome = convert.apply(this, args);
  return lastOutcome;
};

export function jsonToThrift(type: TypeDescriptor, options?: JsonToThriftOptions): JsonToThriftConverter {
  const kernel = makeJsonToThrift(type, options);
  if (kernel.engine !== "wasm") return kernel;
  const machine = makeJsonToThrift(type, { ...options, kernel: "typescript" });
  return {
    ...kernel,
    convert: (json, call) =>
      both(
        call,
        () => kernel.convert(json, call),
        () => machine.convert(json),
        fits(json),
      ),
    convertInto: (json, writer, call) => {
      const onKernel = (): Uint8Array => appended(writer, () => kernel.convertInto(json, writer, call));
      const onMachine = (): Uint8Array => appended(writer, () => machine.convertInto(json, writer));
      writer.append(both(call, onKernel, onMachine, fits(json)));
    },
  };
}

export function thriftToJson(type: TypeDescriptor, options?: ThriftToJsonOptions): ThriftToJsonConverter {
  const kernel = makeThriftToJson(type, options);
  if (kernel.engine !== "wasm") return kernel;
  const machine = makeThriftToJson(type, { ...options, kernel: "typescript" });
  return {
    ...kernel,
    convert: (bytes, call) =>
      both(
        call,
        () => kernel.convert(bytes, call),
        () => machine.convert(bytes),
      ),
    convertToString: (bytes, call) =>
      both(
        call,
        () => kernel.convertToString(bytes, call),
        () => machine.convertToString(bytes),
      ),
    convertInto: (bytes, writer, call) => {
      const onKernel = (): Uint8Array => appended(writer, () => kernel.convertInto(bytes, writer, call));
      const onMachine = (): Uint8Array => appended(writer, () => machine.convertInto(bytes, writer));
      writer.append(both(call, onKernel, onMachine));
    },
  };
}

/** Whether the kernel has a way to convert the input: text with a lone surrogate never gets there. */
function fits(json: unknown): boolean {
  return typeof json !== "string" || (json as { isWellFormed?: () => boolean }).isWellFormed?.() !== false;
}

/** What a conversion appends to a writer, which is then as it was. */
function appended(writer: ByteWriter, convertInto: () => void): Uint8Array {
  const start = writer.length;
  convertInto();
  const bytes = writer.bytes.slice(start, writer.length);
  writer.truncate(start);
  return bytes;
}

type Result<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(action: () => T): Result<T> {
  try {
    return { value: action() };
  } catch (error) {
    return { error };
  }
}

function both<T>(call: CallContext | undefined, onKernel: () => T, onMachine: () => T, isAsked = true): T {
  lastOutcome = undefined;
  const kernel = attempt(onKernel);
  if (call === undefined) {
    const outcome = lastOutcome;
    const machine = attempt(onMachine);
    if ("value" in machine) {
      expect(comparable(kernel), "the kernel's result").toEqual(comparable(machine));
      if (isAsked) expect(outcome, "the kernel has converted").toBe(CONVERTED);
    } else {
      expect(comparable(kernel), "the kernel's error").toEqual(comparable(machine));
    }
  }
  if ("error" in kernel) throw kernel.error;
  return kernel.value;
}

/** A form that compares fast, and shows what differs. */
function comparable(result: Result<unknown>): unknown {
  if ("value" in result) {
    const { value } = result;
    return value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.length).toString("latin1")
      : value;
  }
  const { error } = result;
  if (!isThriftError(error)) return error;
  const { code, path, offset, message, excerpt } = error;
  return { code, path, offset, message, excerpt };
}
