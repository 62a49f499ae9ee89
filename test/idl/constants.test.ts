import { describe, expect, test } from "vitest";
import { parseIdl } from "../../src/idl/idl.ts";
import { errorsOf, warningsOf } from "./problems.ts";

const TYPES = `enum E { A, B = 5 }
enum F { A = 9, Z = 26 }
typedef E TE
const i32 NUM = 7
const string TEXT = "t"
const E ENUM = E.B
const list<i32> LIST = [1, NUM]
struct P { 1: i32 x, 2: i32 y = 4, 3: optional string s, 4: list<string> names }
union U { 1: i32 a, 2: string b }
`;

/** The value of `literal` as a constant of `type`. */
function evaluate(type: string, literal: string): unknown {
  return parseIdl(`${TYPES}const ${type} CONSTANT = ${literal}`).constants.get("CONSTANT")?.value;
}

/** A struct literal as the tests see it: any object with these entries. */
function struct(entries: Record<string, unknown>): object {
  return Object.assign(Object.create(null), entries);
}

describe("values", () => {
  test.each<[string, string, unknown]>([
    ["bool", "true", true],
    ["bool", "False", false],
    ["bool", "TRUE", true],
    ["bool", "1", true],
    ["bool", "0", false],
    ["byte", "-128", -128],
    ["byte", "127", 127],
    ["i8", "0x1F", 31],
    ["i16", "-32768", -32768],
    ["i16", "32767", 32767],
    ["i32", "-2147483648", -2147483648],
    ["i32", "2147483647", 2147483647],
    ["i32", "E.B", 5],
    ["i32", "true", 1],
    ["i64", "-9223372036854775808", -9223372036854775808n],
    ["i64", "9223372036854775807", 9223372036854775807n],
    ["i64", "NUM", 7n],
    ["i64", "E.B", 5n],
    ["double", "1.5", 1.5],
    ["double", "-1.5e3", -1500],
    ["double", "3", 3],
    ["double", "NUM", 7],
    ["double", "E.B", 5],
    ["double", "true", 1],
    ["string", '"a\\"b"', 'a"b'],
    ["string", "'é'", "é"],
    ["string", "TEXT", "t"],
    ["binary", '"é"', new Uint8Array([0xc3, 0xa9])],
    ["binary", "TEXT", new Uint8Array([0x74])],
    ["uuid", '"01234567-89AB-cdef-0123-456789abcdef"', "01234567-89ab-cdef-0123-456789abcdef"],
    ["uuid", '"{01234567-89ab-cdef-0123-456789abcdef}"', "01234567-89ab-cdef-0123-456789abcdef"],
    ["E", "E.B", 5],
    ["E", "5", 5],
    ["E", "TE.B", 5],
    ["TE", "E.A", 0],
    ["E", "ENUM", 5],
    ["i32", "ENUM", 5],
    ["list<i32>", "[]", []],
    ["list<i32>", "{}", []],
    ["list<i32>", "[1, NUM; E.B 3]", [1, 7, 5, 3]],
    ["list<i64>", "LIST", [1n, 7n]],
    ["list<list<string>>", '[["a"], []]', [["a"], []]],
    ["set<i32>", "[1, 2, 1]", new Set([1, 2])],
    ["set<i32>", "{}", new Set()],
    ["set<i32>", "LIST", new Set([1, 7])],
    ["map<string, i64>", "{}", new Map()],
    ["map<string, i64>", "[]", new Map()],
    [
      "map<string, i64>",
      '{"a": 1, TEXT: NUM}',
      new Map([
        ["a", 1n],
        ["t", 7n],
      ]),
    ],
    ["map<E, list<i32>>", "{E.A: LIST}", new Map([[0, [1, 7]]])],
    ["map<list<i32>, string>", '{[1]: "a"}', new Map([[[1], "a"]])],
    ["P", "{}", struct({})],
    ["P", '{"x": 1, "s": TEXT}', struct({ x: 1, s: "t" })],
    ["U", '{"b": "x"}', struct({ b: "x" })],
    ["list<P>", '[{"x": E.B}]', [struct({ x: 5 })]],
  ])("%s = %s", (type, literal, expected) => {
    expect(evaluate(type, literal)).toEqual(expected);
  });

  test("struct literals are objects without prototype, in the order that is written", () => {
    const value = evaluate("P", '{"s": "q", "x": 1}') as object;
    expect(Object.getPrototypeOf(value)).toBe(null);
    expect(Object.keys(value)).toEqual(["s", "x"]);
  });

  test("of other files, in chains, in any order", () => {
    const idl = parseIdl(
      'include "c.thrift"\nconst i64 A = B\nconst i32 B = c.D\nconst c.E E1 = c.E.Y\nconst i32 E2 = c.E.Y',
      {
        sources: { "c.thrift": "const i16 D = F\nconst byte F = 0x7f\nenum E { X, Y }" },
      },
    );
    expect([...idl.constants].map(([name, { value }]) => [name, value])).toEqual([
      ["A", 127n],
      ["B", 127],
      ["E1", 1],
      ["E2", 1],
    ]);
  });

  test("an enum may have the name of an include", () => {
    const sources = { "e.thrift": "const i32 X = 3" };
    const idl = parseIdl('include "e.thrift"\nenum e { Y = 4 }\nconst i32 A = e.X\nconst i32 B = e.Y', {
      sources,
    });
    expect([idl.constants.get("A")?.value, idl.constants.get("B")?.value]).toEqual([3, 4]);
    expect(errorsOf('include "e.thrift"\nenum e { X = 4 }\nconst i32 A = e.X', { sources })).toEqual([
      "3:15 `e.X` is ambiguous; e.thrift:1:11 it can be this one",
    ]);
  });

  test("a true constant wins over the word", () => {
    expect(parseIdl("const bool True = 0\nconst bool C = True").constants.get("C")?.value).toBe(false);
  });

  test("defaults of fields and arguments", () => {
    const idl = parseIdl(
      `${TYPES}struct S { 1: i64 a = NUM, 2: list<P> b = [{"x": 1}], 3: i32 c }\nservice V { void m(1: E e = E.B, 2: string s) }`,
    );
    expect(idl.struct("S").fields.map((field) => field.defaultValue)).toEqual([
      7n,
      [struct({ x: 1 })],
      undefined,
    ]);
    expect(
      idl
        .service()
        .method("m")
        .args.fields.map((field) => field.defaultValue),
    ).toEqual([5, undefined]);
  });
});

describe("errors", () => {
  // The literal stands behind `const TYPE C = ` in line 11.
  test.each<[string, string, string]>([
    ["byte", "128", "128 is out of range for byte (-128 to 127)"],
    ["byte", "-129", "-129 is out of range for byte (-128 to 127)"],
    ["i16", "32768", "32768 is out of range for i16 (-32768 to 32767)"],
    ["i32", "2147483648", "2147483648 is out of range for i32 (-2147483648 to 2147483647)"],
    ["i32", "1.0", "a number with a fraction or an exponent cannot be a value of type i32"],
    ["i32", '"1"', "a string cannot be a value of type i32"],
    ["i32", "[]", "a list cannot be a value of type i32"],
    ["i32", "{}", "a map cannot be a value of type i32"],
    ["i32", "TEXT", "the value of `TEXT` does not fit type i32; 5:14 defined here"],
    ["i32", "NUN", "there is no constant `NUN`; did you mean `NUM`?"],
    ["i32", "E.C", "there is no constant `E.C`; did you mean `E.A`?"],
    ["bool", '"true"', "a string cannot be a value of type bool"],
    ["bool", "1.0", "a number with a fraction or an exponent cannot be a value of type bool"],
    ["double", '"1"', "a string cannot be a value of type double"],
    ["double", "1e999", "the number is out of range for double"],
    ["string", "1", "a number cannot be a value of type string"],
    ["string", "true", "`true` cannot be a value of type string"],
    ["string", "E.A", "an enum member cannot be a value of type string"],
    ["binary", "1", "a number cannot be a value of type binary"],
    ["string", '"\ud83d"', "the string has half of a surrogate pair"],
    ["binary", '"a\udc00b"', "the string has half of a surrogate pair"],
    ["uuid", '"x"', "the string is not a uuid such as 01234567-89ab-cdef-0123-456789abcdef"],
    [
      "uuid",
      '"{01234567-89ab-cdef-0123-456789abcdef"',
      "the string is not a uuid such as 01234567-89ab-cdef-0123-456789abcdef",
    ],
    ["E", "B", "there is no constant or enum member `B`; did you mean `E.B`?"],
    ["E", "E.C", "there is no constant or enum member `E.C`; did you mean `E.A`?"],
    ["E", "F.Z", "`Z` is a member of enum `F`, not of `E`"],
    ["E", "a.b.c.B", "there is no constant or enum member `a.b.c.B`"],
    ["E", "Typo.deep.er.x.B", "there is no constant or enum member `Typo.deep.er.x.B`"],
    ["E", "E.E.E.B", "there is no constant or enum member `E.E.E.B`"],
    ["E", "a.b.X", "there is no constant or enum member `a.b.X`"],
    ["E", "true", "`true` cannot be a value of type E"],
    ["E", "2147483648", "2147483648 is out of range for an enum (-2147483648 to 2147483647)"],
    ["E", '"A"', "a string cannot be a value of type E"],
    ["list<i32>", "5", "a number cannot be a value of type list<i32>"],
    ["list<i32>", '{"a": 1}', "a map cannot be a value of type list<i32>"],
    ["list<i32>", "TEXT", "the value of `TEXT` does not fit type list<i32>; 5:14 defined here"],
    ["list<i32>", "E.A", "an enum member cannot be a value of type list<i32>"],
    ["list<i32>", "true", "`true` cannot be a value of type list<i32>"],
    ["map<string, i32>", "[1]", "a list cannot be a value of type map<string,i32>"],
    ["map<string, i32>", '"x"', "a string cannot be a value of type map<string,i32>"],
    ["P", "[]", "a list cannot be a value of type P"],
    ["P", "1", "a number cannot be a value of type P"],
  ])("%s = %s", (type, literal, message) => {
    expect(errorsOf(`${TYPES}const ${type} CONSTANT = ${literal}`)).toEqual([
      `10:${type.length + 19} ${message}`,
    ]);
  });

  test.each<[string, string, string[]]>([
    [
      "list<byte>",
      '[1, 300, "x", 2]',
      ["10:25 300 is out of range for byte (-128 to 127)", "10:30 a string cannot be a value of type byte"],
    ],
    [
      "map<i32, bool>",
      '{"a": true, 1: "b"}',
      ["10:26 a string cannot be a value of type i32", "10:40 a string cannot be a value of type bool"],
    ],
    [
      "P",
      '{"nams": 1, y: 2, "s": 3}',
      [
        "10:13 struct `P` has no field `nams`; did you mean `names`?",
        "10:22 a field name of `P` must be written as a string here",
        "10:33 a number cannot be a value of type string",
      ],
    ],
  ])("several in %s = %s", (type, literal, expected) => {
    const errors = errorsOf(`${TYPES}const ${type} CONSTANT = ${literal}`);
    expect(errors.map((error) => error.replace(/^\d+:\d+ /, ""))).toEqual(
      expected.map((error) => error.replace(/^\d+:\d+ /, "")),
    );
  });

  test.each<[string, string[]]>([
    ["const i32 A = A", ["1:11 constant `A` contains itself"]],
    ["const i32 A = B\nconst i32 B = A", ["1:11 constant `A` contains itself"]],
    ["const list<L> A = [A]\ntypedef list<i32> L", ["1:15 constant `A` contains itself"]],
    ['struct S { 1: S s }\nconst S A = {"s": B}\nconst S B = {"s": A}', ["2:9 constant `A` contains itself"]],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ["struct S { 1: S s = {} }", ["1:21 the default of `s` contains itself"]],
    ["struct S { 1: list<S> s = [{}] }", ["1:27 the default of `s` contains itself"]],
    [
      "struct A { 1: B b = {} }\nstruct B { 1: A a = {} }",
      ["1:21 the default of `b` contains itself; 2:17 through the default of `a`"],
    ],
    ["struct S { 1: S s = C }\nconst S C = {}", ["1:21 the default of `s` contains itself"]],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });

  test.each([
    "struct S { 1: list<S> s = [] }",
    'struct S { 1: list<S> s = [{"s": []}] }',
    "struct A { 1: B b = {} }\nstruct B { 1: i32 i = 1 }",
    'union U { 1: i32 a = 1, 2: list<U> u }\nstruct S { 1: U u = {"a": 2} }',
  ])("no error: %s", (source) => {
    expect(() => parseIdl(source)).not.toThrow();
  });

  test("a constant with an error is reported where it stands, not where it is used", () => {
    expect(errorsOf('const i32 A = "x"\nconst i32 B = A\nstruct S { 1: i32 f = A }')).toEqual([
      "1:15 a string cannot be a value of type i32",
    ]);
  });

  test("constants that grow without bound end in an error", () => {
    const list = (count: number, name: string): string => `[${Array(count).fill(name).join(", ")}]`;
    const source = [
      `const list<i32> L1 = ${list(1000, "1")}`,
      `const list<list<i32>> L2 = ${list(900, "L1")}`,
      `const list<list<list<i32>>> L3 = ${list(2, "L2")}`,
    ].join("\n");
    expect(errorsOf(source)).toEqual(["3:34 this constant has more than 1000000 values"]);
  });
});

describe("warnings", () => {
  test.each<[string, string, string]>([
    ["bool", "2", "2 is taken as true here"],
    ["bool", "-1", "-1 is taken as false here"],
    ["E", "4", "enum `E` has no member with the number 4"],
    ["E", "Typo.B", "there is no `Typo.B`; it is taken for `E.B`, as Apache Thrift does"],
    ["E", "a.Typo.B", "there is no `a.Typo.B`; it is taken for `E.B`, as Apache Thrift does"],
    ["E", "F.A", "this is a member of another enum; it is taken for `E.A`, as Apache Thrift does"],
    ["map<string, i32>", '{"a": 1, "a": 2}', "this key is given twice; the last value counts"],
    ["P", '{"x": 1, "x": 2}', "field `x` is given twice; the last value counts"],
    ["U", '{"a": 1, "b": "x"}', "a value of union `U` must have exactly one field"],
    ["U", "{}", "a value of union `U` must have exactly one field"],
  ])("%s = %s", (type, literal, message) => {
    const warnings = warningsOf(`${TYPES}const ${type} CONSTANT = ${literal}`);
    expect(warnings.map((warning) => warning.replace(/^10:\d+ /, ""))).toEqual([message]);
  });

  test.each<[include: string, literal: string, error: string | undefined]>([
    ["inc", "inc.F.A", undefined],
    ["inc.v1", "inc.v1.F.A", "4:13 `A` is a member of enum `F`, not of `E`; did you mean `E.A`?"],
  ])(
    "of an enum in `%s.thrift`, which Apache Thrift finds by up to two dots: %s",
    (include, literal, error) => {
      const source = `include "${include}.thrift"\nenum E { A }\nconst ${include}.F C = ${literal}\nconst E D = ${literal}`;
      const options = { sources: { [`${include}.thrift`]: "enum F { A }" } };
      if (error === undefined) {
        expect(warningsOf(source, options)).toEqual([
          "4:13 this is a member of another enum; it is taken for `E.A`, as Apache Thrift does",
        ]);
      } else {
        expect(errorsOf(source, options)).toEqual([error]);
      }
    },
  );

  test("required fields that a struct literal lacks", () => {
    expect(warningsOf("struct R { 1: required i32 a, 2: required i32 b = 1 }\nconst R C = {}")).toEqual([
      "2:13 the required field `a` is missing here",
    ]);
  });
});
