import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "../support/bytes.ts";
import {
  bitsOf,
  doubleOf,
  doubleProblem,
  integerProblem,
  loadPrimitives,
  middleAbove,
  numberProblem,
  type Primitives,
  randomProblem,
  textsAround,
} from "../support/primitives.ts";
import { createRandom } from "../support/random.ts";

let primitives: Primitives;
beforeAll(async () => {
  primitives = await loadPrimitives();
}, 60_000);

/** The problems with values, of which a good list has none. */
function problemsOf<T>(
  values: Iterable<T>,
  problem: (primitives: Primitives, value: T) => string | undefined,
) {
  return Array.from(values, (value) => problem(primitives, value)).filter((text) => text !== undefined);
}

/** Long texts in the names of tests are cut. */
function named<T>([text, value]: [string, T]): { name: string; text: string; value: T } {
  return { name: text.length > 50 ? `${text.slice(0, 50)}…` : text, text, value };
}

const MAX_HALFWAY = middleAbove(Number.MAX_VALUE).slice(0, -2);

describe("doubles", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-1.5, "-1.5"],
    [0.1 + 0.2, "0.30000000000000004"],
    [99.99, "99.99"],
    [-122.4194155, "-122.4194155"],
    [0.00000001, "1e-8"],
    [12345678.12345678, "12345678.12345678"],
    [1e-6, "0.000001"],
    [1.5e-6, "0.0000015"],
    [9.5367431640625e-7, "9.5367431640625e-7"],
    [1e-7, "1e-7"],
    [-1.2345678901234567e-6, "-0.0000012345678901234567"],
    [8388607.99999999, "8388607.99999999"],
    [8388608.001, "8388608.001"],
    [549755813887.999, "549755813887.999"],
    [4503599627370495.5, "4503599627370495.5"],
    [9007199254740991, "9007199254740991"],
    [9007199254740992, "9007199254740992"],
    [9007199254740994, "9007199254740994"],
    [123456789012345680, "123456789012345680"],
    [18446744073709552000, "18446744073709552000"],
    [1e20, "100000000000000000000"],
    [1e21, "1e+21"],
    [1e22, "1e+22"],
    [1e23, "1e+23"],
    [9.5e-100, "9.5e-100"],
    [5e-324, "5e-324"],
    [1e-323, "1e-323"],
    [2.225073858507201e-308, "2.225073858507201e-308"],
    [2.2250738585072014e-308, "2.2250738585072014e-308"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [2 ** -44, "5.684341886080802e-14"], // in the middle of two decimals
    [2 ** 63, "9223372036854776000"],
    [1.0000000000000002, "1.0000000000000002"],
    [0.9999999999999999, "0.9999999999999999"],
    [999999999999999.9, "999999999999999.9"],
    [4.35, "4.35"],
    [0.000035, "0.000035"],
  ])("%d is written as %s", (value, text) => {
    expect(primitives.writeDouble(value)).toBe(text);
    expect(doubleProblem(primitives, value)).toBeUndefined();
  });

  it("are right around every power of two", () => {
    function* values() {
      for (let exponent = -1074; exponent <= 1023; exponent++) {
        const bits = bitsOf(2 ** exponent);
        for (const near of [bits - 1n, bits, bits + 1n, bits + 2n]) yield doubleOf(near);
      }
    }
    expect(problemsOf(values(), doubleProblem)).toEqual([]);
  });

  it("are right around every power of ten, and for the least subnormals", () => {
    function* values() {
      for (let exponent = -323; exponent <= 308; exponent++) {
        const bits = bitsOf(Number(`1e${exponent}`));
        for (const near of [bits - 1n, bits, bits + 1n]) yield doubleOf(near);
        for (const digits of ["2", "5", "9.5", "9007199254740993", "12345678901234567"]) {
          yield Number(`${digits}e${exponent - digits.length}`);
        }
      }
      for (let bits = 0n; bits < 2000n; bits++) yield doubleOf(bits);
    }
    expect(problemsOf(values(), doubleProblem)).toEqual([]);
  });
});

describe("numbers in JSON", () => {
  const cases: [string, number][] = [
    ["1e999999999999999999999999999999", Number.POSITIVE_INFINITY],
    ["-1e999999999999999999999999999999", Number.NEGATIVE_INFINITY],
    ["1e-999999999999999999999999999999", 0],
    ["-1e-999999999999999999999999999999", -0],
    ["0e999999999999999999999999999999", 0],
    ["-0.000e+99", -0],
    [`0.${"0".repeat(40_000)}1e40001`, 1],
    [`1${"0".repeat(40_000)}e-40000`, 1],
    [`-0.${"0".repeat(40_000)}15e40002`, -15],
    ["1.7976931348623157e308", Number.MAX_VALUE],
    ["1.7976931348623158e308", Number.MAX_VALUE],
    ["1.7976931348623159e308", Number.POSITIVE_INFINITY],
    [MAX_HALFWAY, Number.POSITIVE_INFINITY],
    [`${MAX_HALFWAY}.0`, Number.POSITIVE_INFINITY],
    [`${BigInt(MAX_HALFWAY) - 1n}.${"9".repeat(500)}`, Number.MAX_VALUE],
    ["2.4703282292062327208e-324", 0],
    ["2.4703282292062327209e-324", 5e-324],
    ["2.2250738585072011e-308", 2.225073858507201e-308],
    ["9007199254740993", 9007199254740992],
    ["9007199254740993.00000000000000000000000000000001", 9007199254740994],
    ["9007199254740992.99999999999999999999999999999999", 9007199254740992],
    ["0.1000000000000000055511151231257827021181583404541015625", 0.1],
    ["123456789012345678901234567890", 1.2345678901234568e29],
    ["100000000000000000000000000", 1e26],
    ["0.000000000000000000000000000001", 1e-30],
  ];
  it.each(cases.map(named))("$name is read as $value", ({ text, value }) => {
    expect(primitives.readDouble(text)).toBe(value);
    expect(numberProblem(primitives, text)).toBeUndefined();
  });

  it("are rounded correctly around the middle of two doubles", () => {
    const random = createRandom(11);
    function* texts() {
      for (const value of [
        0, 5e-324, 1e-323, 2.225073858507201e-308, 2.2250738585072014e-308, 1, 1e22, 1e23,
      ]) {
        yield* textsAround(middleAbove(value));
      }
      for (let i = 0; i < 150; i++) {
        const high = BigInt(random.int(0, i % 3 === 0 ? 0xf_ffff : 0x7fef_ffff));
        yield* textsAround(middleAbove(doubleOf((high << 32n) | BigInt(random.int(0, 0xffff_ffff)))));
      }
    }
    expect(problemsOf(texts(), numberProblem)).toEqual([]);
  });

  it.each([
    "",
    "-",
    "+1",
    ".5",
    "-.5",
    "1.",
    "-1.",
    "1.e5",
    "1e",
    "1e+",
    "1e-",
    "1.5e",
    "00",
    "01",
    "-01",
    "-00",
    "00.5",
    "01.5",
    "--1",
    "-e5",
    "e5",
    "a",
    "Infinity",
    "NaN",
    "0123456789012345678901234567890",
    "-0123456789012345678901234567890.5",
    "00000000000000000000",
    "12345678901234567890.",
    "1234567890123456.e5",
    "1234567890123456e",
    "12345678901234567890e+",
  ])("%j is none", (text) => {
    expect(primitives.readDouble(text)).toBeUndefined();
    expect(primitives.readInteger(text)).toBeUndefined();
  });

  it("are right wherever a point and an exponent stand", () => {
    function* texts() {
      const digits = "1234567890123456789012345";
      for (let size = 1; size <= digits.length; size++) {
        for (let point = 0; point <= size; point++) {
          const text =
            point === 0 ? digits.slice(0, size) : `${digits.slice(0, point)}.${digits.slice(point, size)}`;
          for (const sign of ["", "-"]) {
            for (const tail of ["", "0", "00000000000000000000", "e0", "E+1", "e-1", "e25", "e-25"])
              yield sign + text + tail;
          }
        }
        yield `0.${"0".repeat(size)}${digits.slice(0, size)}`;
        yield `-0.${"0".repeat(size)}1`;
      }
    }
    expect(problemsOf(texts(), numberProblem)).toEqual([]);
  });
});

describe("integers", () => {
  const cases: [string, bigint | undefined][] = [
    ["0", 0n],
    ["-0", 0n],
    ["-0.0e-5", 0n],
    ["1.0", 1n],
    ["1e2", 100n],
    ["150e-1", 15n],
    ["-1.50E+1", -15n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", -(2n ** 63n)],
    ["9223372036854775807.000", 2n ** 63n - 1n],
    ["922337203685477580.7e1", 2n ** 63n - 1n],
    ["-9.223372036854775808e18", -(2n ** 63n)],
    ["9000000000000000000", 9_000_000_000_000_000_000n],
    ["10000000000000000000000e-5", 10n ** 17n],
    [`1${"0".repeat(40_000)}e-40000`, 1n],
    [`0.${"0".repeat(40_000)}12e40002`, 12n],
    ["0e999999999999999999999999999999", 0n],
    ["1.5", undefined],
    ["15e-2", undefined],
    ["9223372036854775808", undefined],
    ["-9223372036854775809", undefined],
    ["9223372036854775808.0", undefined],
    ["18446744073709551615", undefined],
    ["18446744073709551616", undefined],
    ["99999999999999999999", undefined],
    ["1e19", undefined],
    ["1e999999999999999999999999999999", undefined],
    ["1e-999999999999999999999999999999", undefined],
    ["1.00000000000000000000000000000001", undefined],
  ];
  it.each(cases.map(named))("$name is read as $value", ({ text, value }) => {
    expect(primitives.readInteger(text)).toBe(value);
    expect(numberProblem(primitives, text)).toBeUndefined();
  });

  it("are right around every power of two and ten", () => {
    function* values() {
      for (const base of [2n, 10n]) {
        for (let power = 1n; power <= 2n ** 63n; power *= base) {
          for (const near of [power - 1n, power, power + 1n]) {
            yield BigInt.asIntN(64, near);
            yield BigInt.asIntN(64, -near);
          }
        }
      }
    }
    expect(problemsOf(values(), integerProblem)).toEqual([]);
  });
});

it("random numbers of all kinds are what JavaScript makes of them", () => {
  const random = createRandom(3);
  const problems: string[] = [];
  for (let i = 0; i < 200_000 && problems.length < 10; i++) {
    const problem = randomProblem(primitives, random);
    if (problem !== undefined) problems.push(problem);
  }
  expect(problems).toEqual([]);
});

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** What follows base64 text and must not be taken for a part of it. */
const TAILS = ["", "AAAA", "====", '"AAAAAAAAAAAAAAAAAAAAAAAA'];

/** What is wrong with how text that may be base64 is read. */
function base64Problem(_: Primitives, text: string): string | undefined {
  const decoded = Buffer.from(text, "base64");
  const expected = decoded.toString("base64") === text ? toHex(decoded) : "nothing";
  for (const tail of TAILS) {
    // To another place, in place, and to a place in front of the text.
    for (const shift of [undefined, 0, 5]) {
      for (const name of ["readBase64", "readBase64ToQuote"] as const) {
        // A quote within the text is the end of it.
        if (name === "readBase64ToQuote" && text.includes('"')) continue;
        const bytes = primitives[name](text, tail, shift);
        const actual = bytes === undefined ? "nothing" : toHex(bytes);
        if (actual !== expected) return `${name} of ${text} in front of ${tail} gives ${actual}`;
      }
    }
  }
  return undefined;
}

describe("base64", () => {
  it.each([
    "A",
    "AA",
    "AAA",
    "AAAAA",
    "=",
    "====",
    "A===",
    "AA=",
    "AA=A",
    "AA==A",
    "AA==AAAA",
    "AAA=AAAA",
    "AB==",
    "AAB=",
    "AA-A",
    "AA_A",
    "AA A",
    "AAAA\n",
    "AAAAAAAAAAAAAAAA=",
    "AAAAAAAAAAAAAAAAA===",
    "AAAAAAAAAAAAAAA=AAAA",
    "AAAAAAAAAAAAAA==AAAA",
    "AAAAAAAAAAAAAAAA====",
  ])("%j is none", (text) => {
    expect(primitives.readBase64(text, "AAAA")).toBeUndefined();
    expect(base64Problem(primitives, text)).toBeUndefined();
  });

  it("is what Buffer makes of bytes of any size, and damaged text is refused", () => {
    const random = createRandom(5);
    function* texts() {
      for (let size = 0; size <= 70; size++) {
        for (let round = 0; round < 8; round++) {
          const bytes = random.bytes(size);
          const text = Buffer.from(bytes).toString("base64");
          if (primitives.writeBase64(bytes) !== text)
            throw new Error(`writeBase64 of ${toHex(bytes)} is wrong`);
          yield text;
          const at = random.int(0, Math.max(text.length - 1, 0));
          const stranger = random.chance(0.5)
            ? random.pick(["=", "-", "_", "\\", " ", "\0"])
            : String.fromCharCode(random.int(0, 255));
          yield text.slice(0, at) + stranger + text.slice(at + 1);
          yield text.slice(0, at) + text.slice(at + 1);
          yield text.slice(0, at) + stranger + text.slice(at);
        }
      }
    }
    expect(problemsOf(texts(), base64Problem)).toEqual([]);
  });

  it("knows each character in each place, and each ending", () => {
    function* texts() {
      for (let code = 0; code < 256; code++) {
        for (let at = 0; at < 20; at++)
          yield `${"A".repeat(at)}${String.fromCharCode(code)}${"A".repeat(19 - at)}`;
      }
      for (const character of ALPHABET)
        yield* [`AAAAA${character}==`, `AAAAAA${character}=`, `A${character}==`];
    }
    expect(problemsOf(texts(), base64Problem)).toEqual([]);
  });
});

describe("UUIDs", () => {
  const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

  function uuidProblem(_: Primitives, text: string): string | undefined {
    const expected = PATTERN.test(text) ? text.replaceAll("-", "").toLowerCase() : undefined;
    const bytes = primitives.readUuid(text);
    const actual = bytes === undefined ? undefined : toHex(bytes);
    return actual === expected ? undefined : `${text} gives ${actual}`;
  }

  it("are written and read", () => {
    const random = createRandom(6);
    for (let i = 0; i < 500; i++) {
      const bytes = random.bytes(16);
      const text = toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      expect(primitives.writeUuid(bytes)).toBe(text);
      expect(problemsOf([text, text.toUpperCase(), text.slice(1), `${text}0`, ""], uuidProblem)).toEqual([]);
    }
  });

  it("are read with digits and hyphens in their places only", () => {
    const text = "00112233-4455-6677-8899-aabbccddeeff";
    function* texts() {
      for (let at = 0; at < text.length; at++) {
        for (let code = 0; code < 256; code++)
          yield text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      }
    }
    expect(problemsOf(texts(), uuidProblem)).toEqual([]);
  });
});
