import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Int64Halves,
  int64ToNumber,
  isSafeInt64,
  joinInt64,
  parseInt64,
  splitInt64,
  splitNumber,
  writeSafeInteger,
} from "../../src/bytes/int64.ts";
import { fromUtf8, utf8 } from "../support/bytes.ts";

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

const INTERESTING: readonly bigint[] = [
  ...[0n, 1n, 9n, 10n, 99n, 100n, 999n, 1000n, 12345n, 999_999_999n, 1_000_000_000n, 1_000_000_001n],
  ...[2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 32n + 1n, 9_999_999_999n, 10_000_000_000n],
  ...[2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 999_999_999_999_999n, 1_000_000_000_000_000n],
  ...[10n ** 18n, 10n ** 18n - 1n, 10n ** 18n + 1n, MAX - 1n, MAX, 9_223_372_000_000_000_000n],
];
const ALL: readonly bigint[] = [...INTERESTING, ...INTERESTING.map((n) => -n), MIN, MIN + 1n];

const anyInt64 = fc.oneof(fc.bigInt({ min: MIN, max: MAX }), fc.constantFrom(...ALL));

function halvesOf(value: bigint): Int64Halves {
  const out = { hi: 0, lo: 0 };
  splitInt64(value, out);
  return out;
}

function parse(text: string): bigint | undefined {
  const bytes = utf8(`x${text}x`);
  const negative = text.startsWith("-");
  const out = { hi: 0, lo: 0 };
  if (!parseInt64(bytes, negative ? 2 : 1, bytes.length - 1, negative, out)) return undefined;
  expect(out).toEqual({ hi: out.hi | 0, lo: out.lo | 0 });
  return joinInt64(out.hi, out.lo);
}

describe("halves", () => {
  it.each(ALL)("%d: split, join, parse", (value) => {
    const { hi, lo } = halvesOf(value);
    expect(joinInt64(hi, lo)).toBe(value);
    expect(int64ToNumber(hi, lo)).toBe(Number(value));
    expect(isSafeInt64(hi, lo)).toBe(Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value);
    expect(parse(String(value))).toBe(value);
  });

  it("agree with BigInt on random values", () => {
    fc.assert(
      fc.property(anyInt64, (value) => {
        const { hi, lo } = halvesOf(value);
        expect(joinInt64(hi, lo)).toBe(value);
        expect(parse(String(value))).toBe(value);
      }),
      { seed: 3, numRuns: 800 },
    );
  });

  it.each([MIN - 1n, MAX + 1n, 2n ** 64n, -(2n ** 64n), 10n ** 30n])("%d does not fit", (value) => {
    const out = { hi: 0, lo: 0 };
    expect(splitInt64(value, out)).toBe(false);
    expect(joinInt64(out.hi, out.lo)).toBe(BigInt.asIntN(64, value));
    expect(parse(String(value))).toBeUndefined();
  });

  it.each([0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), 2 ** 53, -(2 ** 53), 123456789012345])(
    "splitNumber %d",
    (value) => {
      const out = { hi: 0, lo: 0 };
      splitNumber(value, out);
      expect(joinInt64(out.hi, out.lo)).toBe(BigInt(value));
    },
  );
});

describe("parseInt64", () => {
  it.each([
    ["9223372036854775807", MAX],
    ["9223372036854775808", undefined],
    ["-9223372036854775808", MIN],
    ["-9223372036854775809", undefined],
    ["9999999999999999999", undefined],
    ["18446744073709551616", undefined],
    ["10000000000000000000000000000000", undefined],
    ["0000000000000000000000000000012", 12n],
    ["000000000000000000009223372036854775807", MAX],
    ["0000000000000000000000000000000", 0n],
    ["-0", 0n],
    ["-00000000000000000000", 0n],
    ["-4294967296", -4294967296n],
    ["-18014398509481984", -18014398509481984n],
  ])("%s", (text, expected) => {
    expect(parse(text)).toBe(expected);
  });
});

describe("writeSafeInteger", () => {
  it.each([0, 7, 42, 2 ** 31, 2 ** 32, 10 ** 9, 10 ** 9 - 1, 10 ** 10, 10 ** 15, 2 ** 53])("%d", (value) => {
    const bytes = new Uint8Array(20);
    expect(fromUtf8(bytes.subarray(0, writeSafeInteger(value, bytes, 0)))).toBe(String(value));
  });
});
