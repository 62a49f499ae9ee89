import { describe, expect, it } from "vitest";
import { chunksOf, fromUtf8, toHex, utf8, withNoise } from "../support/bytes.ts";
import {
  ByteWriter,
  type CallContext,
  type ErrorCode,
  type Idl,
  isThriftError,
  parseIdl,
  type ThriftError,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  thriftToJson,
} from "../support/engines.ts";
import { type ExpectedError, matchThriftError } from "../support/errors.ts";
import { pump } from "../support/streams.ts";
import { encode, PROTOCOLS, type ProtocolName, type Wire } from "./wire.ts";

/** How a conversion ended: with JSON text, or with an error of the library. */
export type Outcome = { readonly json: string } | { readonly error: ThriftError };

export interface WaysOptions {
  readonly call?: CallContext;
  /**
   * A stream cannot compare a size with the end of the message before that has come, so that it may meet another
   * error behind.
   */
  readonly laterInStreams?: boolean;
}

function attempt(run: () => string): Outcome {
  try {
    return { json: run() };
  } catch (error) {
    if (!isThriftError(error)) throw error;
    return { error };
  }
}

/**
 * Converts in every way that a converter offers, from views within noise and byte by byte, and asserts that all
 * ways end alike and leave the input alone.
 */
export async function convertEveryWay(
  converter: ThriftToJsonConverter,
  bytes: Uint8Array,
  { call, laterInStreams = false }: WaysOptions = {},
): Promise<Outcome> {
  const input = withNoise(bytes);
  const outcome = attempt(() => decoded(converter.convert(input, call)));
  const others: [name: string, outcome: Outcome][] = [
    ["of a Buffer", attempt(() => decoded(converter.convert(Buffer.from(bytes), call)))],
    ["to a string", attempt(() => converter.convertToString(withNoise(bytes, 0xff), call))],
    ["into a writer", attempt(() => intoWriter(converter, input, call))],
  ];
  const { bytes: output, error } = await pump(chunksOf(bytes, 1), converter.stream(call));
  if (error !== undefined && !isThriftError(error)) throw error;
  const streamed: Outcome = error === undefined ? { json: decoded(output) } : { error };
  if (laterInStreams && "error" in streamed && "error" in outcome) {
    expect(streamed.error.offset).toBeGreaterThanOrEqual(outcome.error.offset ?? 0);
  } else others.push(["as a stream, byte by byte", streamed]);
  for (const [name, other] of others) expect(comparable(other), name).toEqual(comparable(outcome));
  expect(toHex(input)).toBe(toHex(bytes));
  return outcome;
}

/** Output under `utf8: "trust"` need not be UTF-8. */
function decoded(bytes: Uint8Array): string {
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
  const text = decoded(writer.view());
  expect(text.slice(0, PREFIX.length)).toBe(PREFIX);
  return text.slice(PREFIX.length);
}

/** What must be the same in every way; a message may count the bytes that are left. */
function comparable(outcome: Outcome): unknown {
  if ("json" in outcome) return outcome;
  const { name, code, offset, path } = outcome.error;
  return { name, code, offset, path };
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
  options: WaysOptions = {},
): Promise<ThriftError> {
  const outcome = await convertEveryWay(converter, bytes, options);
  if ("json" in outcome) throw new Error(`expected ${expected.code}, but got ${outcome.json.slice(0, 200)}`);
  return matchThriftError(outcome.error, expected);
}

/** An error where `here` stands in the value; `path` is absent at the root. */
export interface Failure {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly message?: RegExp;
  readonly laterInStreams?: boolean;
}

export function fails(code: ErrorCode, path?: string, more: Partial<Failure> = {}): Failure {
  return { code, path, ...more };
}

/** A value and what it becomes: JSON text, or an error. `type` is the root type, the struct `S` by default. */
export type Row = readonly [
  name: string,
  value: Wire,
  expected: string | Failure,
  options?: ThriftToJsonOptions,
  type?: string,
];

/** One test per row and protocol. */
export function testRows(
  idl: string | Idl,
  rows: readonly Row[],
  protocols: readonly ProtocolName[] = PROTOCOLS,
): void {
  const parsed = typeof idl === "string" ? parseIdl(idl) : idl;
  describe.each(protocols)("%s", (protocol) => {
    for (const [name, value, expected, options = {}, type = "S"] of rows) {
      it(name, async () => {
        const converter = thriftToJson(parsed.type(type), { ...options, protocol });
        await expectOutcome(converter, value, protocol, expected);
      });
    }
  });
}

export async function expectOutcome(
  converter: ThriftToJsonConverter,
  value: Wire,
  protocol: ProtocolName,
  expected: string | Failure,
): Promise<void> {
  const { bytes, mark } = encode(value, protocol);
  if (typeof expected === "string") return expectJson(converter, bytes, expected);
  const { code, path, message, laterInStreams = false } = expected;
  await expectError(
    converter,
    bytes,
    { code, path, offset: mark, ...(message === undefined ? {} : { message }) },
    { laterInStreams },
  );
}
