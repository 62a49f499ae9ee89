import { expect } from "vitest";
import type { TypeDescriptor } from "../../src/descriptor/types.ts";
import { Dom, type DomBytesOptions, type DomOptions } from "../../src/dom/dom.ts";
import { isThriftError, type ThriftError } from "../../src/errors.ts";
import { Value } from "../../src/value/value.ts";
import type { Protocol } from "../../src/wire/ttype.ts";
import { toHex, withNoise } from "../support/bytes.ts";
import { make } from "../value/fixtures.ts";

/** Loads a JavaScript value of a type; required fields may be missing. The bytes stand within noise. */
export function load(
  type: string | TypeDescriptor,
  js: unknown,
  protocol: Protocol,
  options: DomOptions = {},
): Dom {
  return Dom.load(make(type, js, protocol), options);
}

/** Asserts that a document is written as `Value.of` writes the JavaScript value, and that all views of it agree. */
export function expectDom(dom: Dom, js: unknown): void {
  const { root } = dom;
  const { protocol } = dom.toValue();
  const expected = Value.of(root.descriptor, js, { protocol, missing: { required: "omit" } });
  expect(root.toJS()).toEqual(expected.toJS());
  expect(toHex(dom.toBytes())).toBe(toHex(expected.bytes));
  expect(toHex(root.toBytes())).toBe(toHex(expected.bytes));
  dom.toValue().validate();
  // What has been written is read as what is in the document.
  using again = Dom.load(dom.toValue());
  expect(again.root.toJS()).toEqual(root.toJS());
  expect(again.root.length).toBe(root.length);
}

/** Loads bytes of a type that stand within noise. */
export function loadBytes(
  type: TypeDescriptor,
  bytes: Uint8Array,
  protocol: Protocol,
  options: DomBytesOptions = {},
): Dom {
  return Dom.load(type, withNoise(bytes), { protocol, ...options });
}

/** The error of this library that `fn` throws. */
export function errorOf(fn: () => unknown): ThriftError {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    if (isThriftError(error)) return error;
    throw error;
  }
  throw new Error(`expected an error, but got a result of type ${typeof result}`);
}
