import {
  ByteWriter,
  type CallContext,
  isThriftError,
  parseIdl,
  type ThriftError,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  type TypeDescriptor,
  thriftToJson,
} from "dynamic-thrift";
import { expect } from "vitest";
import { chunksOf, fromUtf8, toHex, utf8, withNoise } from "../support/bytes.ts";
import { type ExpectedError, matchThriftError } from "../support/errors.ts";
import { pump } from "../support/streams.ts";

/** How a conversion ended: with JSON text, or with an error of the library. */
export type Outcome = { readonly json: string } | { readonly error: ThriftError };

/** The struct `S` of an IDL, or another type of it. */
export function typeOf(idl: string, expression = "S"): TypeDescriptor {
  return parseIdl(idl).type(expression);
}

/** A converter for one type that prepends what is special in one direction only. */
export function converterOf(
  idl: string,
  options: ThriftToJsonOptions = {},
  expression = "S",
): ThriftToJsonConverter {
  return thriftToJson(typeOf(idl, expression), options);
}

function attempt(run: () => string): Outcome {
  try {
    return { json: run() };
  } catch (error) {
    if (!isThriftError(error)) throw error;
    return { error };
  }
}

/** Sizes of chunks that streams get their input in. */
const CHUNKINGS: readonly (readonly number[])[] = [[1], [3, 1, 7, 2]];

/**
 * Converts in every way that a converter offers, from views within noise and as a stream, and asserts that all
 * ways end alike and leave the input alone.
 *
 * `laterInStreams`: a stream cannot compare a size with the end of the message before it has come, so that it
 * may meet another error behind.
 */
export async function convertEveryWay(
  converter: ThriftToJsonConverter,
  bytes: Uint8Array,
  options: { readonly call?: CallContext; readonly laterInStreams?: boolean } = {},
): Promise<Outcome> {
  const { call } = options;
  const input = withNoise(bytes);
  const outcome = attempt(() => fromUtf8Loosely(converter.convert(input, call)));
  const others: [name: string, outcome: Outcome][] = [
    ["of a Buffer", attempt(() => fromUtf8Loosely(converter.convert(Buffer.from(bytes), call)))],
    ["to a string", attempt(() => converter.convertToString(withNoise(bytes, 0xff), call))],
    ["into a writer", attempt(() => intoWriter(converter, input, call))],
  ];
  for (const sizes of CHUNKINGS) {
    const { bytes: output, error } = await pump(chunksOf(bytes, sizes), converter.stream(call));
    if (error !== undefined && !isThriftError(error)) throw error;
    const streamed = error === undefined ? { json: fromUtf8Loosely(output) } : { error };
    if ("error" in streamed && "error" in outcome && options.laterInStreams === true) {
      expect(streamed.error.offset).toBeGreaterThanOrEqual(outcome.error.offset ?? 0);
    } else others.push([`as a stream, chunks of ${sizes}`, streamed]);
  }
  for (const [name, other] of others) expect(describeOutcome(other), name).toEqual(describeOutcome(outcome));
  expect(toHex(input)).toBe(toHex(bytes));
  return outcome;
}

/** Output under `utf8: "trust"` need not be UTF-8. */
function fromUtf8Loosely(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

const PREFIX = "written before: ";

function intoWriter(converter: ThriftToJsonConverter, bytes: Uint8Array, call?: CallContext): string {
  const writer = new ByteWriter({ capacity: 4 });
  writer.append(utf8(PREFIX));
  try {
    converter.convertInto(bytes, writer, call);
  } catch (error) {
    expect(fromUtf8(writer.view())).toBe(PREFIX);
    throw error;
  }
  const text = fromUtf8Loosely(writer.view());
  expect(text.slice(0, PREFIX.length)).toBe(PREFIX);
  return text.slice(PREFIX.length);
}

function describeOutcome(outcome: Outcome): unknown {
  if ("json" in outcome) return outcome;
  const { code, offset, path, message } = outcome.error;
  return { code, offset, path, message };
}

/** Asserts the JSON text that every way of converting gives. */
export async function expectJson(
  converter: ThriftToJsonConverter,
  bytes: Uint8Array,
  json: string,
  call?: CallContext,
): Promise<void> {
  const outcome = await convertEveryWay(converter, bytes, call === undefined ? {} : { call });
  if ("error" in outcome) throw outcome.error;
  expect(outcome.json).toBe(json);
}

/** Asserts the error that every way of converting gives. */
export async function expectError(
  converter: ThriftToJsonConverter,
  bytes: Uint8Array,
  expected: ExpectedError,
  options: { readonly laterInStreams?: boolean } = {},
): Promise<ThriftError> {
  const outcome = await convertEveryWay(converter, bytes, options);
  if ("json" in outcome) throw new Error(`expected ${expected.code}, but got ${outcome.json.slice(0, 200)}`);
  return matchThriftError(outcome.error, expected);
}
