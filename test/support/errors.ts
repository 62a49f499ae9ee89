import { expect } from "vitest";
import { type ErrorCode, isThriftError, type ThriftError } from "../../src/errors.ts";
import { WireError } from "../../src/wire/wire-error.ts";

/** What an error must be like. A member that is given must match exactly; `undefined` demands absence. */
export interface ExpectedError {
  readonly code: ErrorCode;
  readonly offset?: number | undefined;
  readonly path?: string | undefined;
  readonly excerpt?: string | undefined;
  readonly message?: string | RegExp;
}

/** Asserts that `fn` throws (or rejects with, see {@link rejectsWithThriftError}) an error of this library. */
export function expectThriftError(fn: () => unknown, expected: ExpectedError): ThriftError {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    return matchThriftError(error, expected);
  }
  throw new Error(`expected ${expected.code}, but got a result of type ${typeof result}`);
}

/** The same for an error of which the bytes are the reason. */
export function expectWireError(fn: () => unknown, expected: ExpectedError): void {
  expect(expectThriftError(fn, expected)).toBeInstanceOf(WireError);
}

export async function rejectsWithThriftError(
  promise: PromiseLike<unknown>,
  expected: ExpectedError,
): Promise<ThriftError> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    return matchThriftError(error, expected);
  }
  throw new Error(`expected ${expected.code}, but got a result of type ${typeof result}`);
}

/** Asserts that a value is an error of this library with these properties, and gives it. */
export function matchThriftError(error: unknown, { message, ...expected }: ExpectedError): ThriftError {
  // An error of another kind is a bug in the library: show it with its stack.
  if (!isThriftError(error)) throw error;
  const actual = Object.fromEntries(
    Object.keys(expected).map((name) => [name, error[name as keyof typeof expected]]),
  );
  expect(actual, error.message).toEqual(expected);
  if (message instanceof RegExp) expect(error.message).toMatch(message);
  else if (message !== undefined) expect(error.message).toBe(message);
  return error;
}
