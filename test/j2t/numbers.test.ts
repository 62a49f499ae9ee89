import { describe, expect, it } from "vitest";
import { toHex } from "../support/bytes.ts";
import { type JsonToThriftConverter, jsonToThrift, parseIdl } from "../support/engines.ts";
import { createRandom } from "../support/random.ts";
import { type Expected, expectConversion, failure } from "./conversion.ts";

const idl = parseIdl("enum E { A = 1 }");
const OUT = failure("OUT_OF_RANGE", 0);
const BAD = failure("INVALID_JSON", 0);

describe("integers", () => {
  it.each<[type: string, json: string, expected: Expected]>([
    ["byte", "0", "00"],
    ["byte", "-128", "80"],
    ["byte", "127", "7f"],
    ["byte", "128", OUT],
    ["byte", "-129", OUT],
    ["byte", "1.27e2", "7f"],
    ["byte", "1280e-1", OUT],
    ["byte", "1270e-1", "7f"],
    ["i16", "-32768", "8000"],
    ["i16", "32767", "7fff"],
    ["i16", "32768", OUT],
    ["i16", "-32769", OUT],
    ["i32", "-2147483648", "80000000"],
    ["i32", "2147483647", "7fffffff"],
    ["i32", "2147483648", OUT],
    ["i32", "-2147483649", OUT],
    ["i32", "999999999999999", OUT],
    ["i32", "9999999999999999", OUT],
    ["i32", "2147483647.000000000000000000", "7fffffff"],
    ["i32", "21474836470000000000000e-13", "7fffffff"],
    ["i32", "1.0", "00000001"],
    ["i32", "1e2", "00000064"],
    ["i32", "1E+2", "00000064"],
    ["i32", "100e-2", "00000001"],
    ["i32", "1.5", OUT],
    ["i32", "1.5e1", "0000000f"],
    ["i32", "1e-1", OUT],
    ["i32", "1e400", OUT],
    ["i32", "1e-400", OUT],
    ["i32", "0e400", "00000000"],
    ["i32", "0e99999999999999999999", "00000000"],
    ["i32", "0.000", "00000000"],
    ["i32", "-0", "00000000"],
    ["i32", "-0.0e5", "00000000"],
    ["i32", "1e99999999999999999999", OUT],
    ["i32", "1e-99999999999999999999", OUT],
    ["i32", `1${"0".repeat(400)}`, OUT],
    ["i32", `1${"0".repeat(400)}e-400`, "00000001"],
    ["i32", `0.${"0".repeat(400)}1e401`, "00000001"],
    ["i64", "9223372036854775807", "7fffffffffffffff"],
    ["i64", "9223372036854775806", "7ffffffffffffffe"],
    ["i64", "9223372036854775808", OUT],
    ["i64", "-9223372036854775808", "8000000000000000"],
    ["i64", "-9223372036854775807", "8000000000000001"],
    ["i64", "-9223372036854775809", OUT],
    ["i64", "9223372036854775807.0", "7fffffffffffffff"],
    ["i64", "922337203685477580.7e1", "7fffffffffffffff"],
    ["i64", "9223372036854775807e0", "7fffffffffffffff"],
    ["i64", "-92233720368547758080e-1", "8000000000000000"],
    ["i64", "9999999999999999999", OUT],
    ["i64", "18446744073709551616", OUT],
    ["i64", "9007199254740991", "001fffffffffffff"],
    ["i64", "9007199254740992", "0020000000000000"],
    ["i64", "9007199254740993", "0020000000000001"],
    ["i64", "-9007199254740993", "ffdfffffffffffff"],
    ["i64", "999999999999999", "00038d7ea4c67fff"],
    ["i64", "1000000000000000", "00038d7ea4c68000"],
    ["i64", "-1000000000000000", "fffc72815b398000"],
    ["i64", "4294967296", "0000000100000000"],
    ["i64", "-4294967296", "ffffffff00000000"],
    ["i64", "-4294967297", "fffffffeffffffff"],
    ["i64", "1000000000000000000", "0de0b6b3a7640000"],
    ["i64", "1e18", "0de0b6b3a7640000"],
    ["i64", "1e19", OUT],
    ["i64", "-1", "ffffffffffffffff"],
    ["i64", "-0", "0000000000000000"],
    ["i64", "0.1", OUT],
    ["i64", "9007199254740993.5", OUT],
    ["E", "2147483647", "7fffffff"],
    ["E", "2147483648", OUT],
    ["E", "1.0", "00000001"],
    ["E", "0.5", OUT],
    // No numbers of JSON.
    ["i32", "01", failure("TRAILING_DATA", 1)],
    ["i64", "01234567890123456789", failure("TRAILING_DATA", 1)],
    ["i32", "-01", failure("TRAILING_DATA", 2)],
    ["i32", "+1", BAD],
    ["i32", ".5", BAD],
    ["i32", "1.", failure("INVALID_JSON", 2)],
    ["i32", "1.e1", failure("INVALID_JSON", 2)],
    ["i32", "1e", failure("INVALID_JSON", 2)],
    ["i32", "1e+", failure("INVALID_JSON", 3)],
    ["i32", "-", failure("INVALID_JSON", 1)],
    ["i32", "--1", failure("INVALID_JSON", 1)],
    ["i32", "-a", failure("INVALID_JSON", 1)],
    ["i32", "1_000", failure("TRAILING_DATA", 1)],
    ["i32", "0x10", failure("TRAILING_DATA", 1)],
    ["i64", "1n", failure("TRAILING_DATA", 1)],
    ["i32", "NaN", BAD],
    ["i32", "Infinity", BAD],
    ["i32", "-Infinity", failure("INVALID_JSON", 1)],
    ["i32", "１", BAD],
  ])("%s %s", (type, json, expected) => {
    expectConversion(jsonToThrift(idl.type(type)), json, expected);
  });

  it.each([
    ["byte", 1],
    ["i16", 2],
    ["i32", 4],
    ["i64", 8],
  ] as const)("%s: around every power of two and of ten, in both protocols", (type, width) => {
    const bits = BigInt(8 * width);
    const min = -(1n << (bits - 1n));
    const max = (1n << (bits - 1n)) - 1n;
    const around = new Set<bigint>();
    for (let power = 0n; power <= 66n; power++) {
      for (const near of [-2n, -1n, 0n, 1n, 2n]) {
        around.add((1n << power) + near).add(-(1n << power) + near);
        if (power <= 20n) around.add(10n ** power + near).add(-(10n ** power) + near);
      }
    }
    const binary = jsonToThrift(idl.type(type));
    const compact = jsonToThrift(idl.type(type), { protocol: "compact" });
    const outcome = (converter: JsonToThriftConverter, json: string): string => {
      try {
        return toHex(converter.convert(json));
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    for (const value of around) {
      const json = String(value);
      const fits = value >= min && value <= max;
      const hex = BigInt.asUintN(8 * width, value)
        .toString(16)
        .padStart(2 * width, "0");
      expect(outcome(binary, json), json).toBe(fits ? hex : "OUT_OF_RANGE");
      const varint = type === "byte" ? hex : varintHex(value);
      expect(outcome(compact, json), json).toBe(fits ? varint : "OUT_OF_RANGE");
    }
  });
});

/** The zigzag varint of a value. */
function varintHex(value: bigint): string {
  let rest = value < 0n ? -value * 2n - 1n : value * 2n;
  let text = "";
  do {
    const more = rest > 0x7fn;
    text += (Number(rest & 0x7fn) | (more ? 0x80 : 0)).toString(16).padStart(2, "0");
    rest >>= 7n;
  } while (rest > 0n);
  return text;
}

/** The bits of a double in hex, as the binary protocol has them. */
function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

describe("doubles", () => {
  const converter = jsonToThrift(idl.type("double"));
  const compact = jsonToThrift(idl.type("double"), { protocol: "compact" });

  /** Asserts that the text reads as what `Number` makes of it, in both protocols. */
  function expectDouble(json: string): void {
    const bits = bitsOf(Number(json));
    expect(toHex(converter.convert(json)), json).toBe(bits);
    expect(toHex(compact.convert(json).reverse()), json).toBe(bits);
  }

  it.each([
    "0",
    "-0",
    "-0.0",
    "-0e5",
    "0e400",
    "0e-400",
    "-0.000e999",
    "1",
    "-1",
    "0.1",
    "0.2",
    "0.30000000000000004",
    "123456789012345",
    "1234567890123456",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "9007199254740994",
    "9007199254740995",
    "9007199254740993.0000000000000000000000000000000001",
    "9007199254740992.9999999999999999999999999999999999",
    "9007199254740995.0000000000000000000000000000000000",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "1e22",
    "1e23",
    "8.5e22",
    "123e23",
    "999999999999999e22",
    "999999999999999e23",
    "1e-22",
    "1e-23",
    "123456789012345e-22",
    "123456789012345e-23",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.79769313486231580793e308",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "4.9406564584124654e-324",
    "4.9e-324",
    "5e-324",
    "2.4703282292062328e-324",
    "2.4703282292062327e-324",
    "2.47032822920623272088284396434110686182e-324",
    "2.47032822920623272088284396434110686183e-324",
    "1e-323",
    "1e-324",
    "1e-400",
    "1e-99999999999999999999",
    "-1e-99999999999999999999",
    "6.02214076e23",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126",
    "1.00000000000000033306690738754696212708950042724609375",
    "7.0420557077594588669468784357561207962098443483187940792729600000e59",
    "179769313486231570000000000000000000000e270",
    "0.000000000000000000000000000000000000000000000000000000000000001e63",
    "100000000000000000000000000000000000000000000000000000e-53",
    "1e+5",
    "1E-5",
    "1E5",
    `1${"0".repeat(300)}`,
    `0.${"0".repeat(300)}1`,
    `0.${"0".repeat(400)}1e400`,
    `1${"0".repeat(400)}e-400`,
    "1".repeat(400).replace(/$/, "e-300"),
    `${"9".repeat(400)}e-92`,
    `0.${"9".repeat(400)}`,
    `1.${"0".repeat(399)}1`,
    `2.${"5".repeat(1000)}`,
    "9".repeat(308),
    `1.5e${"0".repeat(400)}5`,
  ])("%s", (json) => {
    expectDouble(json);
  });

  it.each(["1e309", "-1e309", "1.7976931348623159e308", "2e308", "9".repeat(309), "1e99999999999999999999"])(
    "%s is out of range",
    (json) => {
      expectConversion(converter, json, OUT);
      expectConversion(
        jsonToThrift(idl.type("list<double>")),
        `[1, ${json}]`,
        failure("OUT_OF_RANGE", 4, "[1]"),
      );
    },
  );

  it.each<[json: string, expected: Expected]>([
    ["01", failure("TRAILING_DATA", 1)],
    ["00.5", failure("TRAILING_DATA", 1)],
    ["1.", failure("INVALID_JSON", 2)],
    ["1.e5", failure("INVALID_JSON", 2)],
    [".5", BAD],
    ["-.5", failure("INVALID_JSON", 1)],
    ["1e", failure("INVALID_JSON", 2)],
    ["1e5.5", failure("TRAILING_DATA", 3)],
    ["1.5.5", failure("TRAILING_DATA", 3)],
    ["1e+-5", failure("INVALID_JSON", 3)],
    ["+1", BAD],
    ["NaN", BAD],
    ["Infinity", BAD],
    ["-Infinity", failure("INVALID_JSON", 1)],
    ["nan", BAD],
  ])("%s is no number", (json, expected) => {
    expectConversion(converter, json, expected);
  });

  it("20,000 random doubles in four spellings", () => {
    const random = createRandom(20_240);
    const view = new DataView(new ArrayBuffer(8));
    const texts: string[] = [];
    const values: number[] = [];
    while (texts.length < 20_000) {
      view.setUint32(0, random.int(0, 0xffff_ffff));
      view.setUint32(4, random.int(0, 0xffff_ffff));
      // A third of them near what people write.
      const value = random.chance(1 / 3)
        ? random.int(-1e9, 1e9) / 10 ** random.int(0, 12)
        : view.getFloat64(0);
      if (!Number.isFinite(value)) continue;
      const spellings = [
        String(value),
        value.toPrecision(17),
        value.toExponential(),
        value.toPrecision(random.int(1, 30)),
      ];
      for (const text of spellings) {
        if (!Number.isFinite(Number(text))) continue;
        texts.push(text);
        values.push(Number(text));
      }
    }
    const bytes = jsonToThrift(idl.type("list<double>")).convert(`[${texts.join(",")}]`);
    const read = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const wrong = texts.filter((_, index) => !Object.is(read.getFloat64(5 + 8 * index), values[index]));
    expect(wrong).toEqual([]);
  });

  it("halfway points between neighbours, and just beside them", () => {
    const random = createRandom(3);
    const view = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 500; i++) {
      // The exact midpoint of m × 2^e and its successor is (2m + 1) × 2^(e − 1).
      const mantissa =
        BigInt(random.int(2 ** 20, 2 ** 21 - 1)) * 2n ** 32n + BigInt(random.int(0, 2 ** 32 - 1));
      const exponent = random.int(-60, 60);
      const odd = 2n * mantissa + 1n;
      const exact =
        exponent >= 1
          ? `${odd * 2n ** BigInt(exponent - 1)}.0`
          : `${odd * 5n ** BigInt(1 - exponent)}e${exponent - 1}`;
      const [digits = "", rest = ""] = exact.split(/(?=[.e])/, 2);
      const tail = exact.slice(digits.length);
      expectDouble(exact);
      if (rest.startsWith("e")) {
        const power = Number(tail.slice(1)) - 3;
        expectDouble(`${digits}001e${power}`);
        expectDouble(`${BigInt(digits) * 1000n - 1n}e${power}`);
      } else {
        expectDouble(`${digits}.00001`);
        expectDouble(`${BigInt(digits) - 1n}.99999`);
      }
      view.setBigUint64(0, 0n);
    }
  });
});
