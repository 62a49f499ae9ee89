import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DIAGNOSTICS } from "../../src/idl/diagnostics.ts";
import { parseDocument } from "../../src/idl/parser.ts";
import { printDefinition } from "./print-ast.ts";
import { summaries } from "./problems.ts";

/** `line:column message` of every problem, and what was read all the same. */
function parse(source: string): { problems: string[]; definitions: string[] } {
  const { document, diagnostics } = parseDocument(source, "main.thrift");
  return { problems: summaries(diagnostics), definitions: document.definitions.map(printDefinition) };
}

describe("one error", () => {
  it.each<[source: string, problem: string]>([
    // headers
    ["include x", "1:9 expected a file name in quotes after `include`, found `x`"],
    ["namespace", "1:10 expected a language or `*` after `namespace`, found the end of the file"],
    ["namespace go", "1:13 expected the name of the `go` namespace, found the end of the file"],
    ['namespace go "a"', "1:14 expected the name of the `go` namespace, found a string"],
    ["namespace go a-b", "1:15 unexpected character `-`"],
    ["namespace go a;", "1:15 expected a definition, found `;`; nothing separates definitions"],
    ["struct S {}\nnamespace go a", "2:1 `namespace` must stand in front of the first definition"],
    ['struct S {}\ninclude "a"', "2:1 `include` must stand in front of the first definition"],
    // definitions
    ["strct S {}", "1:1 expected a definition, found `strct`; did you mean `struct`?"],
    ["Service S {}", "1:1 expected a definition, found `Service`; did you mean `service`?"],
    ["completely", "1:1 expected a definition, found `completely`"],
    ["struct S {}; struct T {}", "1:12 expected a definition, found `;`; nothing separates definitions"],
    ["struct S {},", "1:12 expected a definition, found `,`; nothing separates definitions"],
    ["struct S {} }", "1:13 expected a definition, found `}`"],
    ['"text"', "1:1 expected a definition, found a string"],
    ["struct {}", "1:8 expected the name of the struct, found `{`"],
    ["exception 1 {}", "1:11 expected the name of the exception, found `1`"],
    ["struct S", "1:9 expected `{` after struct `S`, found the end of the file"],
    ["enum E (a) {}", "1:8 expected `{` after enum `E`, found `(`"],
    ["const i32 = 5", "1:11 expected the name of the constant, found `=`"],
    ["const i32 A 5", "1:13 expected `=` after `A`, found `5`"],
    ["const i32 A =", "1:14 expected a constant value, found the end of the file"],
    ["const = 5", "1:7 expected the type of the constant, found `=`"],
    ["typedef i32", "1:12 expected the name of the typedef, found the end of the file"],
    ["typedef map<i32> M", "1:16 expected `,` after the key type, found `>`"],
    ["typedef list L", "1:9 expected `<` after `list`"],
    ["typedef map<i32; i64> M", "1:16 expected `,` after the key type, found `;`"],
    // fields
    ["struct S { 1: }", "1:15 expected a field type, found `}`"],
    ["struct S { 1: i32 }", "1:19 expected a field name, found `}`"],
    ["struct S { 1 i32 a }", "1:14 expected `:` after the id, found `i32`"],
    ["struct S { 1.5: i32 a }", "1:12 expected a field type or id, found `1.5`"],
    ["struct S { 1: required }", "1:24 expected a field type, found `}`"],
    ["struct S { 1: i32 a,, 2: i32 b }", "1:21 expected a field type or id, found `,`"],
    ["struct S { 1: i32 a;; }", "1:21 expected a field type or id, found `;`"],
    ["struct S { 1: i32 a = }", "1:23 expected a constant value, found `}`"],
    [
      "struct S { 1: void a }",
      "1:15 expected a field type (`void` can only be what a method returns), found `void`",
    ],
    [
      "struct S { 1: list<void> a }",
      "1:20 expected an element type (`void` can only be what a method returns), found `void`",
    ],
    ["struct S { 1: list<i32 a }", "1:24 expected `>`, found `a`"],
    ["struct S { 1: map<i32, > a }", "1:24 expected a value type, found `>`"],
    ["struct S { 1: set<i32> cpp_type 's' a }", "1:33 expected a field type or id, found a string"],
    [
      "struct S { 1: string 名 }",
      "1:22 `名` is not allowed in a name; names are made of ASCII letters, digits, `_` and `.`",
    ],
    // a mistyped `required` or `optional` is taken for a type
    [
      "struct S { 1: optionl i32 a }",
      "1:29 expected a field name, found `}`; did you mean `optional`?; 1:15 `optionl` is taken for the type of a field",
    ],
    [
      "struct S { 1: requierd i32 a, 2: i32 b }",
      "1:29 expected a field name, found `,`; did you mean `required`?; 1:15 `requierd` is taken for the type of a field",
    ],
    [
      "struct S { 1: Optional list<i32> a }",
      "1:28 expected a field type or id, found `<`; did you mean `optional`?; 1:15 `Optional` is taken for the type of a field",
    ],
    [
      "struct S { option base.T a = 1 }",
      "1:28 expected a field name, found `=`; did you mean `optional`?; 1:12 `option` is taken for the type of a field",
    ],
    [
      "service S { void f(1: requred T a) }",
      "1:34 expected an argument name, found `)`; did you mean `required`?; 1:23 `requred` is taken for the type of a field",
    ],
    ["struct S { 1: optionl i32, a }", "1:30 expected a field name, found `}`"],
    ["struct S { 1: optionl i32 2: a }", "1:32 expected a field name, found `}`"],
    ["struct S { 1: other i32 a }", "1:27 expected a field name, found `}`"],
    // annotations
    ["struct S { 1: i32 a (b = 1) }", "1:26 expected a string as the value of annotation `b`, found `1`"],
    ["struct S { 1: i32 a (b = c) }", "1:26 expected a string as the value of annotation `b`, found `c`"],
    [
      "struct S { 1: i32 a (b,, c) }",
      "1:24 expected an annotation or `)`, found `,`; 1:21 the annotations start here",
    ],
    ["struct S { 1: i32 a (b-c = 'd') }", "1:23 unexpected character `-`"],
    ["struct S { 1: i32 a (b) (c) }", "1:25 expected a field type or id, found `(`"],
    // enums
    ["enum E { A,, B }", "1:12 expected an enum member or `}`, found `,`"],
    ["enum E { A = }", "1:14 expected an integer, found `}`"],
    ["enum E { A = 1.5 }", "1:14 expected an integer, found `1.5`"],
    ["enum E { A = 1, B = A }", "1:21 expected an integer, found `A`"],
    ["enum E { 1 }", "1:10 expected an enum member or `}`, found `1`"],
    ["senum E { A }", "1:11 expected a string or `}`, found `A`"],
    // services
    ["service S { void }", "1:18 expected the name of the method, found `}`"],
    [
      "service S { f(1: i32 a) }",
      "1:14 expected the name of the method, found `(`; is the return type missing?",
    ],
    ["service S { f() }", "1:14 expected the name of the method, found `(`; is the return type missing?"],
    [
      "service S { void f(1: i32 a) thows (1: X x) }",
      "1:36 expected the name of the method, found `(`; did you mean `throws`?",
    ],
    [
      "service S { void f() throw(1: X x), void g() }",
      "1:27 expected the name of the method, found `(`; did you mean `throws`?",
    ],
    [
      "service S { void f() THROWS () }",
      "1:29 expected the name of the method, found `(`; did you mean `throws`?",
    ],
    [
      "service S { void f(), throw(1: X x) }",
      "1:28 expected the name of the method, found `(`; is the return type missing?",
    ],
    [
      "service S { throw(1: X x) }",
      "1:18 expected the name of the method, found `(`; is the return type missing?",
    ],
    [
      "service S { void f() get(1: X x) }",
      "1:25 expected the name of the method, found `(`; is the return type missing?",
    ],
    ["service S { void f }", "1:20 expected `(` after `f`, found `}`"],
    ["service S { void f(1: i32) }", "1:26 expected an argument name, found `)`"],
    [
      "service S { void f(1: i32 a }",
      "1:29 expected `)` to close the arguments of `f`, found `}`; 1:19 opened here",
    ],
    ["service S { void f() throws }", "1:29 expected `(` after `throws`, found `}`"],
    ["service S { void f() throws (1: E) }", "1:34 expected an exception name, found `)`"],
    ["service S { void f();; }", "1:22 expected a return type, found `;`"],
    ["service S extends { }", "1:19 expected the name of the service to extend, found `{`"],
    // constants
    ["const T A = [1,, 2]", "1:16 expected a list element or `]`, found `,`; 1:13 the list starts here"],
    [
      "const T A = [1",
      "1:15 expected a list element or `]`, found the end of the file; 1:13 the list starts here",
    ],
    ["const T A = {1: 2", "1:18 expected a key or `}`, found the end of the file; 1:13 the map starts here"],
    ["const T A = {1}", "1:15 expected `:` after the key, found `}`"],
    ["const i64 A = 9223372036854775808", "1:15 the integer `9223372036854775808` does not fit into 64 bits"],
    [
      "const i64 A = -9223372036854775809",
      "1:15 the integer `-9223372036854775809` does not fit into 64 bits",
    ],
    ["const i64 A = 0xFFFFFFFFFFFFFFFF", "1:15 the integer `0xFFFFFFFFFFFFFFFF` does not fit into 64 bits"],
    [
      "struct S { 70000000000000000000: i32 a }",
      "1:12 the integer `70000000000000000000` does not fit into 64 bits",
    ],
    ["const double A = 1.", "1:18 a digit is missing after the decimal point"],
    // characters
    ["struct S$ {}", "1:9 unexpected character `$`"],
    ["struct S { 1: i32 a　}", "1:20 unexpected character U+3000; did you mean a space?"],
    ["struct S { 1: string a （b） }", "1:24 unexpected character `（` (U+FF08); did you mean `(`?"],
    ["/* never", "1:1 this comment is never closed, `*/` is missing"],
    ["\0\u0001\u0002", "1:1 unexpected character U+0000"],
  ])("%s", (source, problem) => {
    expect(parse(source).problems[0]).toBe(problem);
  });
});

describe("several errors, and what is read in spite of them", () => {
  it.each<[name: string, source: string, problems: string[], definitions: string[]]>([
    [
      "members of a struct",
      `struct S {
  1: list<string a
  2: map<string, > b
  3: i32 c
  4: optional i64
  5: i32 d
}`,
      [
        "2:18 expected `>`, found `a`",
        "3:18 expected a value type, found `>`",
        "6:3 expected a field name, found `5`",
      ],
      ["struct S {3: i32 c, 5: i32 d}"],
    ],
    [
      "members on one line",
      "enum E { A = x, B = 2, 3, C = 4 }",
      ["1:14 expected an integer, found `x`", "1:24 expected an enum member or `}`, found `3`"],
      ["enum E {B = 2, C = 4}"],
    ],
    [
      "methods",
      `service S {
  void f(1: i32, 2: i32 b)
  void g(
  i32 h()
  oneway void i(1: string a) throws 1: E e)
  void j(),
}`,
      ["2:16 expected an argument name, found `,`", "5:16 expected an argument name, found `(`"],
      [],
    ],
    [
      "definitions",
      "strct A { 1: i32 a }\nstruct B { 1: i32 b }\nconst i32 = 5\nunion C {}\nservice { void f() }\nenum D {}",
      [
        "1:1 expected a definition, found `strct`; did you mean `struct`?",
        "3:11 expected the name of the constant, found `=`",
        "5:9 expected the name of the service, found `{`",
      ],
      ["struct B {1: i32 b}", "union C {}", "enum D {}"],
    ],
    [
      "lists that are not closed",
      "struct A {\n  1: i32 a\nstruct B { 1: i32 b\nenum C { X\nservice D { void f(\ntypedef i32 E\nconst i32 F = 1",
      [
        "3:1 expected `}` to close struct `A`, found `struct`; 1:10 opened here",
        "4:1 expected `}` to close struct `B`, found `enum`; 3:10 opened here",
        "5:1 expected `}` to close enum `C`, found `service`; 4:8 opened here",
        "6:1 expected `)` to close the arguments of `f`, found `typedef`; 5:19 opened here",
      ],
      [
        "struct A {1: i32 a}",
        "struct B {1: i32 b}",
        "enum C {X}",
        "service D {void f()}",
        "typedef i32 E",
        "const i32 F = 1",
      ],
    ],
    [
      "constants that are not closed",
      "const T A = [1, 2\nconst T B = {1: 2\nstruct C {}",
      [
        "2:1 expected a list element or `]`, found `const`; 1:13 the list starts here",
        "3:1 expected a key or `}`, found `struct`; 2:13 the map starts here",
      ],
      ["struct C {}"],
    ],
    [
      "a string that is not closed",
      'struct A {\n  1: string a = "b\n  2: i32 c\n}\nconst string D = "e"\nstruct F {}',
      [
        '5:20 this string is never closed, `"` is missing; 2:17 this string goes on to a later line; is its closing quote missing?',
      ],
      [],
    ],
    [
      "the last string of a file that is not closed",
      "struct A {\n  1: string a = 'b\n  2: i32 c\n}",
      ["2:17 this string is never closed, `'` is missing"],
      ['struct A {1: string a = "b", 2: i32 c}'],
    ],
    [
      "characters of an input method",
      "struct A { 1： string a （b = 'c'）， 2: i32 d }",
      [
        "1:13 unexpected character `：` (U+FF1A); did you mean `:`?",
        "1:24 unexpected character `（` (U+FF08); did you mean `(`?",
        "1:32 unexpected character `）` (U+FF09); did you mean `)`?",
        "1:33 unexpected character `，` (U+FF0C); did you mean `,`?",
      ],
      ['struct A {1: string a (b="c"), 2: i32 d}'],
    ],
  ])("%s", (_, source, problems, definitions) => {
    const result = parse(source);
    expect(result.problems.slice(0, problems.length)).toEqual(problems);
    if (definitions.length > 0) {
      expect(result.problems).toHaveLength(problems.length);
      expect(result.definitions).toEqual(definitions);
    }
  });

  it(`no more than ${MAX_DIAGNOSTICS}`, () => {
    expect(parse("struct S { 1: , } ".repeat(1000)).problems).toHaveLength(MAX_DIAGNOSTICS);
    expect(parse("$ ".repeat(1000)).problems).toHaveLength(MAX_DIAGNOSTICS);
  });

  it.each<[name: string, source: string, endedEarly: boolean]>([
    ["99 × struct S { 1: , }", "struct S { 1: , } ".repeat(99), false],
    // The rest of the last one is passed over.
    ["100 × struct S { 1: , }", "struct S { 1: , } ".repeat(100), true],
    ["101 × struct S { 1: , }", "struct S { 1: , } ".repeat(101), true],
    ["100 × $", "$ ".repeat(100), false],
    ["101 × $", "$ ".repeat(101), true],
  ])("%s: whether there may be more", (_, source, endedEarly) => {
    expect(parseDocument(source, "main.thrift").endedEarly).toBe(endedEarly);
  });
});

describe("hostile input ends in a diagnostic, promptly", () => {
  const MANY = 100_000;
  it.each<[name: string, source: string, problem: RegExp]>([
    ["list<list<…", `struct S { 1: ${"list<".repeat(MANY)}`, /^1:1295 nested more than 256 levels deep$/],
    ["map<map<…", `typedef ${"map<".repeat(MANY)}`, /nested more than 256 levels deep/],
    ["[[[…", `const T A = ${"[".repeat(MANY)}`, /^1:269 nested more than 256 levels deep$/],
    ["[[[… closed", `const T A = ${"[".repeat(MANY)}${"]".repeat(MANY)}`, /nested more than 256 levels deep/],
    ["{1:{1:…", `const T A = ${"{1:".repeat(MANY)}`, /nested more than 256 levels deep/],
    ["{{{… as keys", `const T A = ${"{".repeat(MANY)}`, /nested more than 256 levels deep/],
    [
      "xsd_attrs {…",
      `struct S { ${"1: i32 a xsd_attrs { ".repeat(MANY)}`,
      /nested more than 256 levels deep/,
    ],
    ["(((…", `struct S { 1: i32 a ${"(".repeat(MANY)}`, /expected an annotation or `\)`, found `\(`/],
    ["{{{…", `struct S ${"{".repeat(MANY)}`, /expected a field type or id, found `\{`/],
    ["quotes on lines", '"\n'.repeat(MANY + 1), /expected a definition, found a string/],
    ["escaped quotes on lines", `"${'\\"\n'.repeat(MANY)}`, /this string is never closed/],
    ["comments in comments", "/* ".repeat(MANY), /^1:1 this comment is never closed/],
    [
      "an endless number",
      `const i64 A = ${"9".repeat(MANY)}`,
      /^1:15 the integer `9{40}…` does not fit into 64 bits$/,
    ],
    ["an endless hex number", `const i64 A = 0x${"f".repeat(MANY)}`, /does not fit into 64 bits/],
    ["an endless name", `${"a".repeat(MANY)} b`, /^1:1 expected a definition, found `a{40}…`$/],
    ["words", "struct ".repeat(MANY), /expected `\{` after struct `struct`, found `struct`/],
    ["binary", "\0\u0001\ufffd".repeat(MANY), /unexpected character U\+0000/],
    [
      "spaces on an endless line",
      `struct S {${" ".repeat(MANY)}1${" ".repeat(MANY)}}`,
      /expected `:` after the id, found `}`/,
    ],
    ["symbols", "<>(){}[]:;,&*=".repeat(MANY / 10), /expected a definition, found `<`/],
    [
      "stars",
      `/**${" *".repeat(MANY)}\n${" *".repeat(MANY)}*/ struct S {} }`,
      /expected a definition, found `}`/,
    ],
  ])("%s", (_, source, problem) => {
    const { problems } = parse(source);
    expect(problems[0]).toMatch(problem);
  });

  it("as deep as allowed is fine", () => {
    const deep = (levels: number) => `struct S { 1: ${"list<".repeat(levels)}i32${">".repeat(levels)} a }`;
    expect(parse(deep(256)).problems).toEqual([]);
    expect(parse(deep(257)).problems).toEqual(["1:1295 nested more than 256 levels deep"]);
    expect(parse(`const T A = ${"[".repeat(256)}${"]".repeat(256)}`).problems).toEqual([]);
  });
});

/** One of everything, to be broken. */
const WHOLE = `namespace go a.b (c = "d")
include "base.thrift"
/** Doc. */
const map<string, list<i32>> C = {"a": [1, 2], 'b': [-0x1F, +4]}
typedef list<string (x = "y")> cpp_type "L" Names (z)
enum Color { RED = 1 (a), GREEN; BLUE = 0x10 } (b = "c")
senum Old { "a", "b" }
struct User xsd_all { 1: required i64 id = 5 (api.key = "i"), optional base.Base base; 3: User & next xsd_optional }
union U { 1: i32 a 2: string b }
exception E { 1: string message }
service S extends base.T { oneway void f(1: i32 a) (c), map<i32, E> g(1: User u) throws (1: E e); }
`;

describe("never throws, and points into the text", () => {
  const check = (source: string): void => {
    const { document, diagnostics } = parseDocument(source, "a.thrift");
    expect(document.source).toBe(source);
    expect(diagnostics.length).toBeLessThanOrEqual(MAX_DIAGNOSTICS);
    const lines = source.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
    for (const { line, column, lineText, message } of diagnostics) {
      expect(lines[line - 1]).toBe(lineText);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual(lineText.length + 1);
      expect(message.startsWith(`a.thrift:${line}:${column}: `)).toBe(true);
    }
  };

  it("whole", () => {
    expect(parse(WHOLE).problems).toEqual([]);
  });

  it("every truncation", () => {
    for (let length = 0; length < WHOLE.length; length++) {
      check(WHOLE.slice(0, length));
    }
  });

  it("every token left out, and every token doubled", () => {
    const tokens = WHOLE.match(/\w+|"[^"]*"|'[^']*'|\s+|./g)!;
    for (let index = 0; index < tokens.length; index++) {
      check(tokens.toSpliced(index, 1).join(""));
      check(tokens.toSpliced(index, 0, tokens[index]!).join(""));
    }
  });

  it("random tokens", () => {
    const token = fc.constantFrom(
      ..."struct union enum senum service const typedef include namespace list set map i32 void oneway throws extends required a b.c 1 -2 1.5 0x1F 'x' ( ) { } [ ] < > , ; : = & * $ \n é /**d*/ // # xsd_attrs cpp_type \"".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => check(tokens.join(" "))),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("random text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), check), { seed: 2, numRuns: 1000 });
  });

  it("an error in one definition does not hide the others", () => {
    const broken = fc.constantFrom(
      "const = 1",
      "struct {",
      "enum E { A = , B }",
      "service S { void }",
      "typedef",
      "x y z",
      "} )",
      "struct S { 1: list< }",
    );
    fc.assert(
      fc.property(fc.array(broken, { maxLength: 5 }), (parts) => {
        const source = parts.map((part, index) => `${part}\nstruct Good${index} { 1: i32 a }`).join("\n");
        const names = parseDocument(source, "a.thrift").document.definitions.map(({ name }) => name.text);
        expect(names).toEqual(expect.arrayContaining(parts.map((_, index) => `Good${index}`)));
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
