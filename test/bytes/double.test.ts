import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDouble, scaleDecimal } from "../../src/bytes/parse-double.ts";
import { MAX_DOUBLE_TEXT_SIZE, writeDoubleText } from "../../src/bytes/write-double.ts";
import { fromUtf8, utf8 } from "../support/bytes.ts";

function textOf(value: number): string {
  const bytes = new Uint8Array(MAX_DOUBLE_TEXT_SIZE + 3).fill(0x7e);
  const end = writeDoubleText(value, bytes, 2);
  expect(fromUtf8(bytes.subarray(0, 2))).toBe("~~");
  return fromUtf8(bytes.subarray(2, end));
}

function ecmaScriptText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function parse(text: string): number {
  const bytes = utf8(`9${text}9`);
  return parseDouble(bytes, 1, bytes.length - 1);
}

const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
/** What people write: few digits, a small scale. */
const shortDecimal = fc
  .tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: -12, max: 3 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
/** All around the point where fifteen digits end. */
const longDecimal = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 17n }), fc.integer({ min: -24, max: 6 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));

describe("writeDoubleText", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-1, "-1"],
    [0.1, "0.1"],
    [-0.5, "-0.5"],
    [0.25, "0.25"],
    [99.99, "99.99"],
    [0.001, "0.001"],
    [123.456, "123.456"],
    [37.7749295, "37.7749295"],
    [-122.4194155, "-122.4194155"],
    [1.1, "1.1"],
    [0.3, "0.3"],
    [0.1 + 0.2, "0.30000000000000004"],
    [1e15, "1000000000000000"],
    [1e20, "100000000000000000000"],
    [1e21, "1e+21"],
    [123456789012345680, "123456789012345680"],
    [2 ** 53, "9007199254740992"],
    [2 ** 53 - 1, "9007199254740991"],
    [0.000001, "0.000001"],
    [0.0000015, "0.0000015"],
    [1e-7, "1e-7"],
    [1.5e-7, "1.5e-7"],
    [5e-324, "5e-324"],
    [2.2250738585072014e-308, "2.2250738585072014e-308"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [-1.2345678901234567e-6, "-0.0000012345678901234567"],
    [999999999999999.9, "999999999999999.9"],
    [99999999999999.98, "99999999999999.98"],
    [0.999999999999999, "0.999999999999999"],
    [0.09999999999999999, "0.09999999999999999"],
    [9.99999999999999, "9.99999999999999"],
    [2251799813685248.5, "2251799813685248.5"],
    [1000.5, "1000.5"],
    [100000.00001, "100000.00001"],
    [0.01, "0.01"],
    [10.05, "10.05"],
    [10.5, "10.5"],
    [10.055, "10.055"],
    [-7.08, "-7.08"],
    [2147483.647, "2147483.647"],
    [2147483.648, "2147483.648"],
    [2147483.5, "2147483.5"],
    [999999999.999, "999999999.999"],
  ])("%d is %s", (value, text) => {
    expect(textOf(value)).toBe(text);
    expect(ecmaScriptText(value)).toBe(text);
  });

  it.each([
    ["any double", finite],
    ["short decimals", shortDecimal],
    ["long decimals", longDecimal],
    ["all 53 bits of numbers below 1", fc.double({ min: 1e-6, max: 1, noNaN: true })],
    ["all 53 bits of numbers below 10^15", fc.double({ min: 1, max: 1e15, noNaN: true })],
    ["integers", fc.maxSafeInteger()],
  ])("is what ECMAScript prints: %s", (_name, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(textOf(value)).toBe(ecmaScriptText(value));
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  it("is what ECMAScript prints around every power of ten", () => {
    for (let exponent = -24; exponent <= 24; exponent++) {
      const power = Number(`1e${exponent}`);
      for (const factor of [1, 1 + 2 ** -52, 1 - 2 ** -53, 9.5, 1.5, 0.123456789012345]) {
        const value = power * factor;
        if (textOf(value) !== ecmaScriptText(value)) expect.fail(`wrong for ${value}: ${textOf(value)}`);
      }
    }
  });
});

describe("parseDouble", () => {
  it.each([
    "0",
    "-0",
    "0.0",
    "1",
    "-1",
    "1.5",
    "0.1",
    "1e2",
    "1E+2",
    "1e-2",
    "1.25e3",
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "9007199254740993",
    "9007199254740992.5",
    "0.30000000000000004",
    "1e22",
    "1e23",
    "12e25",
    "123456e30",
    "1e-22",
    "1e-23",
    "4.9e-324",
    "2.4e-324",
    "2.5e-324",
    "2.2250738585072011e-308",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.8e308",
    "1e309",
    "-1e309",
    "1e-400",
    "0e999999999999999999999",
    "1e999999999999999999999",
    "1e-999999999999999999999",
    "0.000000000000000000000000000000000000000000000000001",
    "100000000000000000000000000000000000000000000000000e-50",
    "0.00000000000000000000000000000000000000000001e44",
  ])("%s", (text) => {
    expect(parse(text)).toBe(Number(text));
  });

  it("keeps -0", () => {
    expect(Object.is(parse("-0"), -0)).toBe(true);
    expect(Object.is(parse("-0.0e5"), -0)).toBe(true);
  });

  it("is Number on random JSON numbers", () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^(0|[1-9][0-9]{0,${max}})$`));
    const numberText = fc
      .tuple(
        fc.constantFrom("", "-"),
        digits(24),
        fc.option(fc.stringMatching(/^[0-9]{1,24}$/)),
        fc.option(fc.integer({ min: -340, max: 340 })),
      )
      .map(([sign, int, fraction, exponent]) => {
        const point = fraction === null ? "" : `.${fraction}`;
        return `${sign}${int}${point}${exponent === null ? "" : `e${exponent}`}`;
      });
    fc.assert(
      fc.property(numberText, (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
      { seed: 5, numRuns: 5000 },
    );
  });

  it("reads back what writeDoubleText prints", () => {
    fc.assert(
      fc.property(fc.oneof(finite, shortDecimal, longDecimal), (value) => {
        expect(parse(textOf(value))).toBe(value);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});

describe("scaleDecimal", () => {
  it.each([
    [0, 0, 0],
    [0, 400, 0],
    [0, -400, 0],
    [15, -1, 1.5],
    [1, 22, 1e22],
    [12, 25, 12e25],
    [1, 37, 1e37],
    [1, 38, Number.NaN],
    [1, -22, 1e-22],
    [1, -23, Number.NaN],
    [2 ** 53, 0, 2 ** 53],
    [2 ** 53 + 2, 0, Number.NaN],
    [9007199254740991, 23, Number.NaN],
  ])("%d × 10^%d", (mantissa, exponent, expected) => {
    expect(scaleDecimal(mantissa, exponent)).toBe(expected);
  });
});
