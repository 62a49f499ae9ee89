import { describe, expect, it } from "vitest";
import {
  JSON_TO_THRIFT_OPTION_NAMES,
  programKey,
  resolveJsonToThriftOptions,
  resolveThriftToJsonOptions,
  THRIFT_TO_JSON_OPTION_NAMES,
} from "../../src/conv/options.ts";
import { DEFAULT_LIMITS } from "../../src/wire/limits.ts";
import { jsonToThrift, parseIdl } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";

const type = parseIdl("struct S { 1: i32 a }").struct("S");

describe("jsonToThrift accepts", () => {
  it.each<[options: unknown]>([
    [undefined],
    [{}],
    [{ protocol: "binary" }],
    [{ protocol: "compact" }],
    [{ protocol: undefined }],
    [{ binary: "base64" }],
    [{ binary: "utf8" }],
    [{ unknownFields: "skip" }],
    [{ unknownFields: "error" }],
    [{ missing: undefined }],
    [{ missing: {} }],
    [{ missing: { required: "error", default: "omit", optional: "write" } }],
    [{ missing: { required: "omit", default: "write", optional: "error" } }],
    [{ missing: { required: "write", default: "error", optional: "omit" } }],
    [{ duplicateFields: "error" }],
    [{ duplicateFields: "keep" }],
    [{ duplicateKeys: "keep" }],
    [{ duplicateKeys: "error" }],
    [{ unions: "check" }],
    [{ unions: "any" }],
    [{ valueMapping: "on" }],
    [{ valueMapping: "off" }],
    [{ missingBase: "error" }],
    [{ missingBase: "omit" }],
    [{ mask: "keep" }],
    [{ mask: "skip" }],
    [{ mask: { fields: new Map([[1, "skip"]]), otherFields: "keep" } }],
    [{ mask: { fields: new Map(), otherFields: "skip" } }],
    [{ limits: {} }],
    [{ limits: { maxDepth: 1, maxSize: 0, maxLength: 0, maxOutputSize: 0 } }],
    [{ limits: { maxDepth: Number.POSITIVE_INFINITY, maxSize: Number.POSITIVE_INFINITY } }],
    [{ output: "pooled" }],
    [{ output: "own" }],
    [{ utf8: "check" }],
    [{ utf8: "trust" }],
    [{ quotedNumbers: "reject" }],
    [{ quotedNumbers: "accept" }],
    [{ quotedNumbers: "accept-empty" }],
    [{ nullElements: "error" }],
    [{ nullElements: "skip" }],
    [{ mergeBase: () => ({}) }],
  ])("%j", (options) => {
    expect(() => jsonToThrift(type, options as never)).not.toThrow();
  });
});

describe("jsonToThrift rejects", () => {
  it.each<[options: unknown, message: RegExp]>([
    [null, /options must be an object, got null/],
    [[], /options must be an object, got an array/],
    ["binary", /options must be an object, got a string/],
    [{ protocl: "binary" }, /unknown option `protocl`.*did you mean `protocol`/],
    [{ int64: "string" }, /^jsonToThrift: unknown option `int64`; `thriftToJson` has it$/],
    [{ enums: "name" }, /unknown option `enums`/],
    [{ exceptions: "throw" }, /unknown option `exceptions`/],
    [{ constructor: 1 }, /unknown option `constructor`/],
    [{ protocol: "json" }, /option `protocol` must be "binary" or "compact", got "json"/],
    [{ protocol: "toString" }, /option `protocol`/],
    [{ protocol: null }, /option `protocol` .*got null/],
    [{ binary: "hex" }, /option `binary` must be "base64" or "utf8", got "hex"/],
    [{ binary: true }, /option `binary`.*got true/],
    [{ unknownFields: "ignore" }, /option `unknownFields` must be "skip" or "error"/],
    [{ missing: "write" }, /missing: options must be an object, got a string/],
    [{ missing: null }, /missing: options must be an object, got null/],
    [{ missing: { require: "write" } }, /missing: unknown option `require`.*`required`/],
    [{ missing: { required: "skip" } }, /option `missing.required` must be "error", "omit" or "write"/],
    [{ missing: { default: true } }, /option `missing.default`.*got true/],
    [{ missing: { optional: "" } }, /option `missing.optional`/],
    [{ duplicateFields: "last" }, /option `duplicateFields`/],
    [{ duplicateKeys: "first" }, /option `duplicateKeys`/],
    [{ unions: "off" }, /option `unions`/],
    [{ valueMapping: true }, /option `valueMapping`/],
    [{ missingBase: "write" }, /option `missingBase`/],
    [{ mask: "hide" }, /option `mask`/],
    [{ mask: null }, /option `mask`/],
    [{ mask: 1 }, /option `mask`/],
    [{ limits: null }, /^limits: options must be an object, got null$/],
    [{ limits: { depth: 3 } }, /^limits: unknown option `depth`$/],
    [{ limits: { maxDepth: 0 } }, /limits.maxDepth must be an integer of at least 1/],
    [{ limits: { maxSize: -1 } }, /limits.maxSize/],
    [{ limits: { maxLength: 1.5 } }, /limits.maxLength/],
    [{ limits: { maxOutputSize: "1" } }, /limits.maxOutputSize/],
    [{ output: "shared" }, /option `output`/],
    [{ utf8: "replace" }, /option `utf8` must be "check" or "trust", got "replace"/],
    [{ quotedNumbers: "yes" }, /option `quotedNumbers` must be "reject", "accept" or "accept-empty"/],
    [{ nullElements: "keep" }, /option `nullElements`/],
    [{ mergeBase: {} }, /option `mergeBase` must be a function/],
    [{ mergeBase: "json" }, /option `mergeBase` must be a function/],
  ])("%j", (options, message) => {
    expectThriftError(() => jsonToThrift(type, options as never), {
      code: "INVALID_OPTION",
      offset: undefined,
      path: undefined,
      message,
    });
  });
});

describe("settings", () => {
  it("have every default", () => {
    expect(resolveJsonToThriftOptions()).toEqual({
      protocol: "binary",
      binary: "base64",
      unknownFields: "skip",
      missing: { required: "error", default: "omit", optional: "omit" },
      duplicateFields: "error",
      duplicateKeys: "keep",
      unions: "check",
      valueMapping: "on",
      missingBase: "error",
      mask: "keep",
      limits: DEFAULT_LIMITS,
      output: "pooled",
      kernel: "auto",
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
    });
    expect(resolveThriftToJsonOptions()).toEqual(resolveJsonToThriftOptions());
  });

  it("are frozen, whole", () => {
    const settings = resolveJsonToThriftOptions({ missing: { default: "write" }, limits: { maxDepth: 3 } });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.missing)).toBe(true);
    expect(Object.isFrozen(settings.limits)).toBe(true);
    expect(settings.missing).toEqual({ required: "error", default: "write", optional: "omit" });
    expect(settings.limits).toEqual({ ...DEFAULT_LIMITS, maxDepth: 3 });
  });

  it("do not change when the caller's options do", () => {
    const options = { unknownFields: "error" as "error" | "skip" };
    const converter = jsonToThrift(type, options);
    options.unknownFields = "skip";
    expectThriftError(() => converter.convert('{"b":1}'), { code: "UNKNOWN_FIELD" });
  });

  it("list the names of both directions", () => {
    for (const names of [JSON_TO_THRIFT_OPTION_NAMES, THRIFT_TO_JSON_OPTION_NAMES]) {
      expect(new Set(names).size).toBe(names.length);
    }
    expect(JSON_TO_THRIFT_OPTION_NAMES).toContain("quotedNumbers");
    expect(JSON_TO_THRIFT_OPTION_NAMES).not.toContain("int64");
    expect(THRIFT_TO_JSON_OPTION_NAMES).toContain("int64");
    expect(THRIFT_TO_JSON_OPTION_NAMES).not.toContain("quotedNumbers");
  });

  it("make a program key of what shapes the program", () => {
    const key = (options: object): string | undefined => programKey(resolveJsonToThriftOptions(options));
    expect(key({})).toBe(key({ limits: { maxDepth: 3 }, output: "own", mergeBase: () => ({}) }));
    expect(key({})).not.toBe(key({ protocol: "compact" }));
    expect(key({})).not.toBe(key({ missing: { default: "write" } }));
    expect(key({ mask: "skip" })).toBeUndefined();
  });
});
