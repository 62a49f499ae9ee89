import { expect } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { fromUtf8, hex, toHex, utf8, withNoise } from "../support/bytes.ts";
import { type CallContext, isThriftError, type JsonToThriftConverter } from "../support/engines.ts";
import { matchThriftError } from "../support/errors.ts";
import { pump } from "../support/streams.ts";

/** An error that a conversion must fail with: all three parts are compared, an absent path too. */
export interface Failure {
  readonly code: string;
  readonly offset: number | undefined;
  readonly path: string | undefined;
}

/** Annotated hex of the encoded value, or an error. */
export type Expected = string | Failure;

export function failure(code: string, offset: number | undefined, path?: string): Failure {
  return { code, offset, path };
}

/** Like `toHex`, and fast for megabytes. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/** What a conversion gave, in a form that compares: the bytes in hex, or the error's place. */
export function outcomeOf(convert: () => Uint8Array): Expected {
  try {
    return hexOf(convert());
  } catch (error) {
    return failureOf(error);
  }
}

export function failureOf(error: unknown): Failure {
  // An error of another kind is a bug: show it with its stack.
  if (!isThriftError(error)) throw error;
  return failure(error.code, error.offset, error.path);
}

/** The text of bytes that are UTF-8, else `undefined`. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** What is in a writer before a conversion appends to it. */
const EARLIER = hex`0102030405`;

/**
 * Asserts what every form of input gives: bytes at an odd offset within noise, a Buffer, a string, and a
 * writer of the caller, which is as it was after an error. The input must not be changed.
 */
export function expectConversion(
  converter: JsonToThriftConverter,
  json: string | Uint8Array,
  expected: Expected,
  call?: () => CallContext,
): void {
  const bytes = typeof json === "string" ? utf8(json) : json;
  const wanted = typeof expected === "string" ? toHex(hex(expected)) : expected;
  const noisy = withNoise(bytes);
  const memory = toHex(new Uint8Array(noisy.buffer));
  expect(outcomeOf(() => converter.convert(noisy, call?.()))).toEqual(wanted);
  expect(toHex(new Uint8Array(noisy.buffer)), "the input").toBe(memory);
  expect(
    outcomeOf(() => converter.convert(Buffer.from(bytes), call?.())),
    "Buffer",
  ).toEqual(wanted);
  const text = textOf(bytes);
  if (text !== undefined) {
    expect(
      outcomeOf(() => converter.convert(text, call?.())),
      "string",
    ).toEqual(wanted);
  }
  const writer = new ByteWriter();
  writer.append(EARLIER);
  const appended = outcomeOf(() => {
    converter.convertInto(noisy, writer, call?.());
    expect(toHex(writer.view().subarray(0, EARLIER.length))).toBe(toHex(EARLIER));
    return writer.view().slice(EARLIER.length);
  });
  expect(appended, "convertInto").toEqual(wanted);
  if (typeof expected !== "string") expect(toHex(writer.view()), "the writer").toBe(toHex(EARLIER));
}

/** What a stream gave for the chunks; the bytes that it emitted before it failed are dropped. */
export async function streamOutcome(
  converter: JsonToThriftConverter,
  chunks: Iterable<Uint8Array>,
  call?: CallContext,
): Promise<Expected> {
  const { bytes, error } = await pump(chunks, converter.stream(call));
  return error === undefined ? hexOf(bytes) : failureOf(error);
}

/** Asserts an error of `convert`, and gives it. */
export function expectFailure(
  convert: () => unknown,
  code: string,
  offset: number | undefined,
  path?: string,
): ReturnType<typeof matchThriftError> {
  try {
    convert();
  } catch (error) {
    expect(failureOf(error)).toEqual(failure(code, offset, path));
    return matchThriftError(error, {} as never);
  }
  throw new Error(`expected ${code}, but the conversion gave a result`);
}
