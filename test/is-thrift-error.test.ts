import {
  DeclaredExceptionError,
  type Diagnostic,
  type ErrorCode,
  IdlError,
  isThriftError,
  parseIdl,
  ThriftError,
  Value,
} from "dynamic-thrift";
import { describe, expect, expectTypeOf, it } from "vitest";
import { thriftToJson } from "./support/engines.ts";

/** Errors of the package whose types the checker has forgotten, as in a `catch`. */
function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const idl = parseIdl("exception E { 1: string why } service S { void f() throws (1: E e) }");
const { result } = idl.service().method("f");

describe("a code tells the type of the error", () => {
  it("INVALID_IDL", () => {
    const error = caught(() => parseIdl("struct"));
    if (!isThriftError(error, "INVALID_IDL")) throw error;
    expectTypeOf(error).toEqualTypeOf<IdlError>();
    expectTypeOf(error.diagnostics).toEqualTypeOf<readonly Diagnostic[]>();
    expect(error).toBeInstanceOf(IdlError);
    expect(error.diagnostics).toHaveLength(1);
  });

  it("EXCEPTION", () => {
    const { bytes } = Value.of(result, { e: { why: "x" } });
    const error = caught(() => thriftToJson(result, { exceptions: "throw" }).convert(bytes));
    if (!isThriftError(error, "EXCEPTION")) throw error;
    expectTypeOf(error).toEqualTypeOf<DeclaredExceptionError>();
    expect(error).toBeInstanceOf(DeclaredExceptionError);
    expect(error.field).toBe("e");
  });

  it("others", () => {
    const error = caught(() => idl.service().method("g"));
    if (!isThriftError(error, "NOT_FOUND")) throw error;
    expectTypeOf(error).toExtend<ThriftError>();
    expectTypeOf(error.code).toEqualTypeOf<"NOT_FOUND">();
    expect(error).toBeInstanceOf(ThriftError);
  });

  it("no code, or one of many", () => {
    const error = caught(() => idl.struct("Missing"));
    const code: ErrorCode | undefined = undefined;
    if (!isThriftError(error) || !isThriftError(error, code)) throw error;
    expectTypeOf(error).toEqualTypeOf<ThriftError>();
    if (isThriftError(error, "NOT_FOUND")) throw error;
    // What has another code is still an error.
    expectTypeOf(error).toEqualTypeOf<ThriftError>();
    expect(error.code).toBe("INVALID_IDL");
  });
});

it.each<[value: unknown]>([[undefined], [new Error("x")], [{ code: "INVALID_IDL" }], ["INVALID_IDL"]])(
  "%o is none",
  (value) => {
    expect(isThriftError(value)).toBe(false);
    expect(isThriftError(value, "INVALID_IDL")).toBe(false);
  },
);
