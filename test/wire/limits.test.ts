import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, type Limits, resolveLimits } from "../../src/wire/limits.ts";
import { expectThriftError } from "../support/errors.ts";

describe("resolveLimits", () => {
  it("without limits gives the defaults", () => {
    expect(resolveLimits()).toBe(DEFAULT_LIMITS);
    expect(resolveLimits({})).toEqual(DEFAULT_LIMITS);
    expect(DEFAULT_LIMITS).toEqual({
      maxDepth: 64,
      maxSize: 104_857_600,
      maxLength: 2 ** 31 - 1,
      maxOutputSize: 536_870_912,
    });
  });

  it("fills in what is missing and freezes", () => {
    const limits = resolveLimits({ maxDepth: 3, maxLength: 0 });
    expect(limits).toEqual({ ...DEFAULT_LIMITS, maxDepth: 3, maxLength: 0 });
    expect(Object.isFrozen(limits)).toBe(true);
  });

  it("Infinity lifts a limit as far as the wire goes", () => {
    expect(resolveLimits({ maxSize: Number.POSITIVE_INFINITY, maxDepth: 2 ** 40 })).toEqual({
      ...DEFAULT_LIMITS,
      maxSize: 2 ** 31 - 1,
      maxDepth: 2 ** 31 - 1,
    });
  });

  it.each<[unknown]>([
    [{ maxDepth: 0 }],
    [{ maxDepth: -1 }],
    [{ maxDepth: 1.5 }],
    [{ maxSize: Number.NaN }],
    [{ maxLength: "10" }],
    [{ maxOutputSize: null }],
    [{ maxSize: 10n }],
    [{ maxsize: 10 }],
    [{ toString: 10 }],
    [null],
    [5],
  ])("refuses %o", (limits) => {
    expectThriftError(() => resolveLimits(limits as Limits), { code: "INVALID_OPTION" });
  });

  it("names what is wrong", () => {
    expect(expectThriftError(() => resolveLimits({ maxSize: -1 }), { code: "INVALID_OPTION" }).message).toBe(
      "limits.maxSize must be an integer of at least 0",
    );
  });

  it.each<[limits: unknown, message: string]>([
    [{ maxDeth: 1 }, "limits: unknown option `maxDeth`; did you mean `maxDepth`?"],
    [{ toString: 1 }, "limits: unknown option `toString`"],
    ["64", "limits: options must be an object, got a string"],
    [[], "limits: options must be an object, got an array"],
    [null, "limits: options must be an object, got null"],
  ])("%o: %s", (limits, message) => {
    expectThriftError(() => resolveLimits(limits as Limits), { code: "INVALID_OPTION", message });
  });
});
