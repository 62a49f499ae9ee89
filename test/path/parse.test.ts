import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath } from "../../src/path/format.ts";
import { parsePathText } from "../../src/path/parse.ts";
import { PathError } from "../../src/path/path-error.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { hex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

describe("parsePathText gives the steps of", () => {
  it.each<[text: string, steps: PathStep[]]>([
    ["", []],
    ["$", []],
    // Names
    ["a", ["a"]],
    ["$.a", ["a"]],
    ["user.tags", ["user", "tags"]],
    ["_a1.B_", ["_a1", "B_"]],
    ["true.false", ["true", "false"]],
    ["__proto__.constructor", ["__proto__", "constructor"]],
    ['a["__proto__"]', ["a", "__proto__"]],
    // Field ids
    ["#7", [fieldId(7)]],
    ["$.#7", [fieldId(7)]],
    ["$#7", [fieldId(7)]],
    ["a.#-3.b", ["a", fieldId(-3), "b"]],
    ["a#7#8.#0", ["a", fieldId(7), fieldId(8), fieldId(0)]],
    ["#32767.#-32768", [fieldId(32767), fieldId(-32768)]],
    // Integers
    ["[3]", [3]],
    ["$[3]", [3]],
    ["a[0][-3].b", ["a", 0, -3, "b"]],
    ["[9007199254740991][-9007199254740991]", [9007199254740991, -9007199254740991]],
    ["[9007199254740992]", [9007199254740992n]],
    ["[9007199254740993]", [9007199254740993n]],
    ["[9223372036854775807]", [9223372036854775807n]],
    ["[-9223372036854775808]", [-9223372036854775808n]],
    // Doubles
    ["[1.5][-0.25]", [1.5, -0.25]],
    ["[NaN][Infinity][-Infinity]", [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ["[1e3][1E+3][25e-1]", [1000, 1000, 2.5]],
    ["[-0][-0.0][0.0]", [-0, -0, 0]],
    ["[9007199254740992.0]", [9007199254740992]],
    ["[1e+21][1e-400]", [1e21, 0]],
    // Booleans
    ["[true][false]", [true, false]],
    // Text
    ['[""]', [""]],
    ["['']", [""]],
    ['a["k"].b', ["a", "k", "b"]],
    ["a['k'].b", ["a", "k", "b"]],
    [`["it's"]['"']`, ["it's", '"']],
    [String.raw`["\"\\\/\b\f\n\r\t\u00e9\u00E9"]`, ['"\\/\b\f\n\r\téé']],
    [String.raw`['\'\"\\\/\b\f\n\r\t\u00e9']`, ["'\"\\/\b\f\n\r\té"]],
    [String.raw`["\ud83d\udd11"]`, ["🔑"]],
    [String.raw`["\ud83d"]["\udd11"]`, ["\ud83d", "\udd11"]],
    ['["größe 🔑 \u007f\u2028"]', ["größe 🔑 \u007f\u2028"]],
    ['["*"]["]"]["a.b[0]"]', ["*", "]", "a.b[0]"]],
    // Bytes
    ["[0x]", [hex``]],
    ["[0x0aff][0xAF]", [hex`0a ff`, hex`af`]],
  ])("%s", (text, steps) => {
    expect(parsePathText(text)).toStrictEqual(steps);
  });
});

describe("parsePathText rejects", () => {
  const NAME = /^expected a name, or `#` and a field id/;
  const FIRST = /^expected a name, `#` and a field id, `\[` or `\$`/;
  const KEY = /^expected a number, text in quotes, `true`, `false`, or bytes/;
  const NEXT = /^expected `\.`, `#`, `\[` or the end of the path/;
  const CLOSE = /^expected `]`/;
  const WILDCARD = /^a path leads to one place; wildcards belong to masks/;
  const ESCAPE = /^expected an escape that JSON has/;

  it.each<[text: string, offset: number, message: RegExp]>([
    // The first step
    [" ", 0, FIRST],
    [".a", 0, FIRST],
    [".#7", 0, FIRST],
    ["7", 0, FIRST],
    ["é", 0, FIRST],
    ["]", 0, FIRST],
    // Between steps
    ["$a", 1, NEXT],
    ["$$", 1, NEXT],
    ["a b", 1, NEXT],
    ["a ", 1, NEXT],
    ["a\n", 1, NEXT],
    ["a]", 1, NEXT],
    ["[0]a", 3, NEXT],
    ["größe", 2, NEXT],
    ['["größe 🔑"]x', 16, NEXT],
    // Names
    ["a.", 2, NAME],
    ["$.", 2, NAME],
    ["a..b", 2, NAME],
    ["a.[0]", 2, NAME],
    ["a.1", 2, NAME],
    ["a.-", 2, NAME],
    ['a."b"', 2, NAME],
    // Field ids
    ["#", 1, /^expected the digits of a field id, but the path ends/],
    ["#-", 1, /^expected the digits of a field id/],
    ["#a", 1, /^expected the digits of a field id/],
    ["#+1", 1, /^expected the digits of a field id/],
    ["#07", 2, NEXT],
    ["#1.5", 3, NAME],
    ["#32768", 1, /^the field id does not fit 16 bits/],
    ["a.#-32769", 3, /^the field id does not fit 16 bits/],
    [`#${"9".repeat(400)}`, 1, /^the field id does not fit 16 bits/],
    // Wildcards
    ["*", 0, WILDCARD],
    ["$.*", 2, WILDCARD],
    ["a.*", 2, WILDCARD],
    ["a[*]", 2, WILDCARD],
    ["a[*", 2, WILDCARD],
    // Keys
    ["[", 1, KEY],
    ["[]", 1, KEY],
    ["[ 0]", 1, KEY],
    ["[a]", 1, KEY],
    ["[null]", 1, KEY],
    ["[-NaN]", 1, KEY],
    ["[+Infinity]", 1, KEY],
    ["[NaNs]", 4, /^expected `\]`/],
    ["[1e999]", 1, /^the number is beyond the range of a double/],
    ["[-]", 1, KEY],
    ["[+1]", 1, KEY],
    ["[.5]", 1, KEY],
    ["[#7]", 1, KEY],
    ["[[0]]", 1, KEY],
    ["[٣]", 1, KEY],
    // Behind keys
    ["[0", 2, CLOSE],
    ["[0 ]", 2, CLOSE],
    ["[0,1]", 2, CLOSE],
    ["[01]", 2, CLOSE],
    ["[1.]", 2, CLOSE],
    ["[1e]", 2, CLOSE],
    ["[1.5.5]", 4, CLOSE],
    ["[3n]", 2, CLOSE],
    ["[0X00]", 2, CLOSE],
    ["[-0x00]", 3, CLOSE],
    ["[trueish]", 5, CLOSE],
    ['["é"', 5, CLOSE],
    ['["a" ]', 4, CLOSE],
    // Numbers
    ["[9223372036854775808]", 1, /^the integer does not fit 64 bits/],
    ["a[-9223372036854775809]", 2, /^the integer does not fit 64 bits/],
    [`[${"9".repeat(21)}]`, 1, /^the integer does not fit 64 bits/],
    [`[${"9".repeat(400)}]`, 1, /^the integer does not fit 64 bits/],
    ["[1e400]", 1, /^the number is beyond the range of a double/],
    ["[-1e400]", 1, /^the number is beyond the range of a double/],
    // Bytes
    ["[0x0]", 4, /^expected an even number of hexadecimal digits/],
    ["[0x0", 4, /^expected an even number of hexadecimal digits, but the path ends/],
    ["[0x0g]", 4, /^expected an even number of hexadecimal digits/],
    ["[0x00 00]", 5, CLOSE],
    ["[0x", 3, CLOSE],
    // Text
    ['["', 2, /^expected a closing `"`, but the path ends/],
    ["['a", 3, /^expected a closing `'`, but the path ends/],
    [`["a']`, 5, /^expected a closing `"`, but the path ends/],
    ['["é\u0000"]', 4, /^expected an escape for the control character/],
    ['["a\n"]', 3, /^expected an escape for the control character/],
    ['["a\\', 3, ESCAPE],
    [String.raw`["\'"]`, 2, ESCAPE],
    [String.raw`["é\x41"]`, 4, ESCAPE],
    [String.raw`["\u00e"]`, 2, ESCAPE],
    [String.raw`["\U00e9"]`, 2, ESCAPE],
    [String.raw`["\u00g9"]`, 2, ESCAPE],
  ])("%j at %d", (text, offset, message) => {
    expect(
      expectThriftError(() => parsePathText(text), { code: "INVALID_PATH", offset, message }),
    ).toBeInstanceOf(PathError);
  });

  it("whatever is no string", () => {
    for (const text of [undefined, null, 7, ["a"], {}]) {
      expectThriftError(() => parsePathText(text as string), {
        code: "INVALID_PATH",
        message: "the text of a path must be a string",
      });
    }
  });

  it("with a short excerpt around the offset, and nothing of the text in the message", () => {
    const text = `${"secret_".repeat(20)}[${"payload ".repeat(20)}]`;
    const error = expectThriftError(() => parsePathText(text), {
      code: "INVALID_PATH",
      offset: 141,
      excerpt: `${text.slice(117, 141)}${text.slice(141, 165)}`,
    });
    expect(error.message).not.toMatch(/secret|payload/);
  });
});

describe("long texts", () => {
  const LENGTH = 1_000_000;

  // Anything worse than linear would exceed the time that a test has.
  it.each<[name: string, text: string, steps: number]>([
    ["a name", "a".repeat(LENGTH), 1],
    ["names", `a${".a".repeat(LENGTH)}`, LENGTH + 1],
    ["elements", "[0]".repeat(LENGTH), LENGTH],
    ["escapes", `["${"\\u0000\\n".repeat(LENGTH)}"]`, 1],
    ["bytes", `[0x${"ff".repeat(LENGTH)}]`, 1],
    ["a fraction", `[0.${"1".repeat(LENGTH)}]`, 1],
  ])("of %s parse", (_name, text, steps) => {
    expect(parsePathText(text)).toHaveLength(steps);
  });

  it.each<[name: string, text: string, offset: number]>([
    ["brackets", "[".repeat(LENGTH), 1],
    ["an open name", `a${".a".repeat(LENGTH)}.`, 2 * LENGTH + 2],
    ["an open text", `["${"é".repeat(LENGTH)}`, 2 * LENGTH + 2],
    ["open escapes", `["${"\\n".repeat(LENGTH)}`, 2 * LENGTH + 2],
    ["an open number", `[0.${"1".repeat(LENGTH)}`, LENGTH + 3],
    ["digits", `[${"9".repeat(LENGTH)}]`, 1],
    ["digits of an id", `#${"9".repeat(LENGTH)}`, 1],
    ["an exponent", `[1e${"9".repeat(LENGTH)}]`, 1],
    ["an odd number of hexadecimal digits", `[0x${"f".repeat(LENGTH + 1)}]`, LENGTH + 4],
  ])("of %s fail", (_name, text, offset) => {
    expectThriftError(() => parsePathText(text), { code: "INVALID_PATH", offset });
  });
});

const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "", "$", "*", "a.b[0]", "#7", "0x00", "true", "7"),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', "'", "\\", "/", "\n", "\u0000", "\u001f", "]", "🔑", "\u2028", "u"),
  }),
  // Lone surrogates among them.
  fc
    .array(fc.integer({ min: 0xd7f0, max: 0xe00f }), { maxLength: 6 })
    .map((units) => String.fromCharCode(...units)),
);
const step: fc.Arbitrary<PathStep> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 2, arbitrary: fc.double() },
  // Integers around the ends of what numbers, 64 bits and plain digits can be.
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 50, max: 75 }), fc.integer()).map(([e, n]) => 2 ** e + n),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
  { weight: 2, arbitrary: fc.integer({ min: -32768, max: 32767 }).map(fieldId) },
);
const steps: fc.Arbitrary<PathStep[]> = fc.array(step, { maxLength: 6 });

/** The step as it comes back from text. */
function normalize(step: PathStep): PathStep {
  return typeof step === "bigint" && Number.isSafeInteger(Number(step)) ? Number(step) : step;
}

describe("parsePathText and formatPath", () => {
  it("are inverses", () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const text = formatPath(steps);
        expect(parsePathText(text)).toStrictEqual(steps.map(normalize));
        const fromRoot = text === "" || text.startsWith("[") ? `$${text}` : `$.${text}`;
        expect(parsePathText(fromRoot)).toStrictEqual(steps.map(normalize));
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  it("take every truncation of a path, or fail at its end", () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const whole = formatPath(steps);
        for (let length = 0; length < whole.length; length++) parseOrFail(whole.slice(0, length));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("take damaged paths, or fail", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "",
        ".",
        "[",
        "]",
        "#",
        "$",
        "*",
        "-",
        "0",
        "9",
        "1e",
        "0x",
        '"',
        "'",
        "\\",
        "\\u",
        " ",
        "\n",
      ),
      fc.string({ unit: "binary", maxLength: 2 }),
    );
    const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 2 }), piece);
    fc.assert(
      fc.property(steps, fc.array(damage, { minLength: 1, maxLength: 3 }), (steps, damages) => {
        let text = formatPath(steps);
        for (const [position, removed, inserted] of damages) {
          const at = position % (text.length + 1);
          text = text.slice(0, at) + inserted + text.slice(at + removed);
        }
        parseOrFail(text);
      }),
      { seed: 3, numRuns: 5000 },
    );
  });
});

/** What parses must survive the way back and forth; what does not must fail as documented. */
function parseOrFail(text: string): void {
  let steps: PathStep[];
  try {
    steps = parsePathText(text);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    expect(error.code).toBe("INVALID_PATH");
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(utf8(text).length);
    return;
  }
  expect(parsePathText(formatPath(steps))).toStrictEqual(steps);
}
