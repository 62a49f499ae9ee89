import { describe, expect, test } from "vitest";
import { brief } from "../../src/idl/brief.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import type { IdlOptions } from "../../src/idl/options.ts";
import { errorsIn, errorsOf, warningsOf } from "./problems.ts";

test("brief cuts what is put in, each by itself, and nothing else", () => {
  const [a, b] = ["a", "b"].map((letter) => letter.repeat(128)) as [string, string];
  expect(brief``).toBe("");
  expect(brief`${"a"}`).toBe("a");
  expect(brief`\`${a}\` and \`${b}\`: ${1}, ${2n}, ${true}`).toBe(`\`${a}\` and \`${b}\`: 1, 2, true`);
  expect(brief`\`${`${a}x`}\` and \`${`${b}y`}\``).toBe(`\`${a}…\` and \`${b}…\``);
  const long = "x".repeat(200);
  expect(brief(Object.assign([long], { raw: [long] }))).toBe(long);
});

// A name of 128 characters is shown whole; the long one begins with it.
const SHOWN = `N${"a".repeat(126)}m`;
const LONG = `${SHOWN}${"e".repeat(20)}`;

/** The message about a source with a name in it, which must be the same for the name and the long one but for the cut. */
function expectCut(problemsOf: (source: string) => string[], source: string, message: string): void {
  const [first] = problemsOf(source.replaceAll("NAME", SHOWN));
  expect(first?.replaceAll(SHOWN, "NAME").replace(/^\d+:\d+ /, "")).toBe(message);
  const [ofLong] = problemsOf(source.replaceAll("NAME", LONG));
  expect(
    ofLong
      ?.replaceAll(`${SHOWN}…`, "NAME")
      .replace(/^\d+:\d+ /, "")
      .replace(/; \d.*/, ""),
  ).toBe(message.replace(/; \d.*/, ""));
  expect(ofLong).not.toContain("e".repeat(20));
}

describe("long names are cut in errors", () => {
  test.each<[source: string, message: string]>([
    ["struct S { 1: NAME f }", "there is no type `NAME`"],
    ["service S extends NAME {}", "there is no service `NAME`"],
    ["struct NAME {}\nservice S extends NAME {}", "`NAME` is a struct, not a service; 1:8 defined here"],
    ["typedef NAME NAME", "typedef `NAME` stands for itself"],
    ["struct NAME {}\nstruct NAME {}", "`NAME` is defined twice; 1:8 first defined here"],
    ["enum NAME { A, A }", "enum `NAME` has two members `A`; 1:137 first defined here"],
    ["enum E { NAME, NAME }", "enum `E` has two members `NAME`; 1:10 first defined here"],
    ["struct S { 1: i32 NAME, 2: i32 NAME }", "there are two fields `NAME`; 1:19 first used here"],
    ["struct S { 1: S NAME = {} }", "the default of `NAME` contains itself"],
    ["const i32 NAME = NAME", "constant `NAME` contains itself"],
    ["const i32 A = NAME", "there is no constant `NAME`"],
    ["enum E { A }\nconst E B = NAME", "there is no constant or enum member `NAME`"],
    ["enum NAME { A }\nconst NAME B = 'b'", "a string cannot be a value of type NAME"],
    [
      "enum NAME { A }\nconst NAME B = 1.5",
      "a number with a fraction or an exponent cannot be a value of type NAME",
    ],
    ["enum NAME { A }\nconst NAME B = []", "a list cannot be a value of type NAME"],
    ["enum NAME { A }\nconst NAME B = {}", "a map cannot be a value of type NAME"],
    ["enum NAME { A }\nconst NAME B = true", "`true` cannot be a value of type NAME"],
    ["struct NAME {}\nconst NAME B = 1", "a number cannot be a value of type NAME"],
    ["enum E { A }\nstruct NAME {}\nconst NAME B = E.A", "an enum member cannot be a value of type NAME"],
    ["enum E { A }\nenum NAME { B }\nconst E C = NAME.B", "`B` is a member of enum `NAME`, not of `E`"],
    [
      "const string NAME = ''\nconst i32 B = NAME",
      "the value of `NAME` does not fit type i32; 1:14 defined here",
    ],
    ["struct NAME {}\nconst NAME B = {'x': 1}", "struct `NAME` has no field `x`"],
    ["struct S {}\nconst S B = {'NAME': 1}", "struct `S` has no field `NAME`"],
    ["struct NAME {}\nconst NAME B = {1: 1}", "a field name of `NAME` must be written as a string here"],
    ["service NAME extends NAME {}", "service `NAME` extends itself"],
    ["service S { void NAME(), void NAME() }", "there is already a method `NAME`; 1:18 first defined here"],
    [
      "service NAME { void m() }\nservice S extends NAME { void m() }",
      "there is already a method `m` in service `NAME`; 1:145 first defined here",
    ],
    [
      "exception E {}\nservice S { oneway void NAME() throws (1: E e) }",
      "oneway method `NAME` cannot throw exceptions",
    ],
    ["struct NAME { 1 }", "expected `:` after the id, found `}`"],
    ["struct NAME", "expected `{` after struct `NAME`, found the end of the file"],
    ["struct NAME {", "expected `}` to close struct `NAME`, found the end of the file; 1:137 opened here"],
    ["enum NAME {", "expected `}` to close enum `NAME`, found the end of the file; 1:135 opened here"],
    ["service NAME {", "expected `}` to close service `NAME`, found the end of the file; 1:138 opened here"],
    ["const i32 NAME", "expected `=` after `NAME`, found the end of the file"],
    ["service S { void NAME }", "expected `(` after `NAME`, found `}`"],
    [
      "service S { void NAME(",
      "expected `)` to close the arguments of `NAME`, found the end of the file; 1:146 opened here",
    ],
    ["namespace NAME", "expected the name of the `NAME` namespace, found the end of the file"],
    ["struct S { 1: i32 a (NAME = 1) }", "expected a string as the value of annotation `NAME`, found `1`"],
  ])("%s", (source, message) => {
    expectCut(errorsOf, source, message);
  });

  test.each<[options: (name: string) => IdlOptions, message: string]>([
    [(name) => ({ services: { name } }), "there is no service `NAME`"],
  ])("of options: %s", (options, message) => {
    expect(errorsOf("struct S {}", options(LONG))).toEqual([`1:1 ${message.replace("NAME", `${SHOWN}…`)}`]);
  });

  test("of calls", () => {
    const idl = parseIdl(`struct S {}\nenum ${LONG} { A }`);
    expect(errorsIn(() => idl.struct(LONG))).toEqual([`<type>:1:1 \`${SHOWN}…\` is an enum, not a struct`]);
    expect(errorsIn(() => idl.enum(`x${LONG}`))).toEqual([
      `<type>:1:1 there is no type \`${`x${SHOWN}`.slice(0, 128)}…\``,
    ]);
    expect(errorsIn(() => idl.service(LONG))).toEqual([`<type>:1:1 there is no service \`${SHOWN}…\``]);
  });
});

describe("long names are cut in warnings", () => {
  test.each<[source: string, message: string]>([
    ["enum E { NAME = 1, x = 1 }", "`x` has the number of `NAME`; thriftgo does not accept that"],
    ["enum NAME { A }\nconst NAME B = 5", "enum `NAME` has no member with the number 5"],
    [
      "enum NAME { A }\nenum E { A }\nconst NAME B = E.A",
      "this is a member of another enum; it is taken for `NAME.A`, as Apache Thrift does",
    ],
    [
      "struct S { 1: i32 NAME }\nconst S B = {'NAME': 1, 'NAME': 1}",
      "field `NAME` is given twice; the last value counts",
    ],
    ["struct S { 1: required i32 NAME }\nconst S B = {}", "the required field `NAME` is missing here"],
    ["union NAME {}\nconst NAME B = {}", "a value of union `NAME` must have exactly one field"],
    ["struct NAME {}\nconst i32 NAME = 1", "`NAME` is also the name of a struct; 1:8 defined here"],
    ["service S { oneway i32 NAME() }", "oneway method `NAME` should return void"],
    ["struct T {}\nservice S { void m() throws (1: T NAME) }", "`NAME` is not an exception"],
    [
      "struct S { i32 NAME }",
      "field `NAME` has no id and gets -1, as in Apache Thrift; thriftgo numbers it otherwise",
    ],
    [
      "struct S { 1: i32 a, 2: i32 NAME (api.key = 'a') }",
      "the JSON key of `NAME` finds the field `a` instead; 1:19 this field has the same key",
    ],
  ])("%s", (source, message) => {
    expectCut(warningsOf, source, message);
  });

  test("of the option `methods`", () => {
    expect(warningsOf("service S {}", { methods: [LONG] })).toEqual([
      `1:1 no service has the method \`${SHOWN}…\` that the option \`methods\` names`,
    ]);
  });
});

describe("names with dots are cut as one", () => {
  test.each<[source: string, message: string]>([
    [
      `struct S { 1: ${LONG}.T f }`,
      `1:15 there is no type \`${SHOWN}…\`: no file \`${SHOWN}….thrift\` is included here`,
    ],
    [`const i32 A = x.${LONG}`, `1:15 there is no constant \`${`x.${SHOWN}`.slice(0, 128)}…\``],
  ])("%s", (source, message) => {
    expect(errorsOf(source)).toEqual([message]);
  });

  test.each<[source: string, message: string]>([
    [
      `enum E { A }\nconst E B = ${LONG}.A`,
      `2:13 there is no \`${SHOWN}…\`; it is taken for \`E.A\`, as Apache Thrift does`,
    ],
    [`struct ${LONG}.a {}`, `1:8 only thriftgo accepts a name with a dot, such as \`${SHOWN}…\`, here`],
  ])("%s", (source, message) => {
    expect(warningsOf(source)).toEqual([message]);
  });
});

describe("1,000 warnings stay small", () => {
  const aliases = Array.from({ length: 1000 }, (_, index) => `x${index} = 1`).join(", ");
  test.each<[name: string, source: string, longest: number]>([
    [
      "that repeat a name of a million characters",
      `enum E { ${"A".repeat(1_000_000)} = 1, ${aliases} }`,
      1600,
    ],
    ["on a line of a million characters", `enum E { A = 1, ${aliases} ${" ".repeat(1_000_000)} }`, 1400],
  ])("%s", (_, source, longest) => {
    const { warnings } = parseIdl(source);
    expect(warnings).toHaveLength(1000);
    expect(Math.max(...warnings.map((warning) => JSON.stringify(warning).length))).toBeLessThan(longest);
  });
});
