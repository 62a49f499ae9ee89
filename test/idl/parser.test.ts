import { describe, expect, it } from "vitest";
import { parseDocument, parseTypeExpression } from "../../src/idl/parser.ts";
import { print, printType } from "./print-ast.ts";

describe("headers", () => {
  it.each<[source: string, namespaces: string[]]>([
    ["namespace go a.b", ["go a.b"]],
    ["namespace * a", ["* a"]],
    ['namespace * a (x = "y")', ["* a x=y"]],
    ['namespace py.twisted a.b (deprecated = "1", note)', ["py.twisted a.b deprecated=1 note=1"]],
    ["namespace php list", ["php list"]],
    ["namespace smalltalk.category Thrift-Test", ["smalltalk.category Thrift-Test"]],
    ["namespace smalltalk.category A-1-b namespace go c", ["smalltalk.category A-1-b", "go c"]],
    ["cpp_namespace a.b", ["cpp a.b"]],
    ["php_namespace a", ["php a"]],
    ["py_module a", ["py a"]],
    ["perl_package a", ["perl a"]],
    ["ruby_namespace a", ["rb a"]],
    ["smalltalk_category a-b", ["smalltalk.category a-b"]],
    ["smalltalk_prefix a", ["smalltalk.prefix a"]],
    ["java_package a.b", ["java a.b"]],
    ["cocoa_package a", ["cocoa a"]],
    ["cocoa_prefix a", ["cocoa a"]],
    ["csharp_namespace a", ["csharp a"]],
    ["delphi_namespace a", ["delphi a"]],
    ['xsd_namespace "http://a/b"', ["xsd http://a/b"]],
  ])("%s", (source, namespaces) => {
    const { document, diagnostics } = parseDocument(source, "a.thrift");
    expect(diagnostics).toEqual([]);
    expect(
      document.namespaces.map(({ scope, name, annotations }) =>
        [scope, name, ...annotations.map(({ key, value }) => `${key}=${value}`)].join(" "),
      ),
    ).toEqual(namespaces);
  });

  it("includes, in either quotes, and C++ includes", () => {
    const source = `include "a.thrift" cpp_include "<map>" include 'dir/b.thrift'`;
    const { document, diagnostics } = parseDocument(source, "a.thrift");
    expect(diagnostics).toEqual([]);
    expect(document.includes.map(({ path, start, end }) => [path, source.slice(start, end)])).toEqual([
      ["a.thrift", 'include "a.thrift"'],
      ["dir/b.thrift", "include 'dir/b.thrift'"],
    ]);
    expect(document.cppIncludes.map(({ path }) => path)).toEqual(["<map>"]);
  });

  it.each(["", " ", "// only a comment", "/** only a doc comment */", "\ufeff", "\r\n"])(
    "nothing but %j",
    (source) => {
      const { document, diagnostics } = parseDocument(source, "a.thrift");
      expect(diagnostics).toEqual([]);
      expect(document).toEqual({
        fileName: "a.thrift",
        source,
        includes: [],
        doubts: [],
        cppIncludes: [],
        namespaces: [],
        definitions: [],
      });
    },
  );
});

describe("types", () => {
  it.each<[source: string, printed: string]>([
    ["bool", "bool"],
    ["byte", "byte"],
    ["i8", "byte"],
    ["i16", "i16"],
    ["i32", "i32"],
    ["i64", "i64"],
    ["double", "double"],
    ["string", "string"],
    ["binary", "binary"],
    ["uuid", "uuid"],
    ["slist", "string"],
    ["User", "[User]"],
    ["base.User", "[base.User]"],
    ["list.User", "[list.User]"],
    ["requiredness", "[requiredness]"],
    ["list<i32>", "list<i32>"],
    ["set < string >", "set<string>"],
    ["map<string,list<set<User>>>", "map<string, list<set<[User]>>>"],
    ['list<i32> cpp_type "L"', 'list cpp_type "L" <i32>'],
    ['list cpp_type "L" <i32>', 'list cpp_type "L" <i32>'],
    ['list cpp_type "A" <i32> cpp_type "B"', 'list cpp_type "B" <i32>'],
    ['set cpp_type "S" <i32>', 'set cpp_type "S" <i32>'],
    ['map cpp_type "M" <i32, i64>', 'map cpp_type "M" <i32, i64>'],
    ['string (a = "b")', 'string (a="b")'],
    ['User (a = "b")', '[User] (a="b")'],
    ['list<string (a = "b")> (c.d = "e", f)', 'list<string (a="b")> (c.d="e", f="1")'],
  ])("%s", (source, printed) => {
    expect(print(`struct S { 1: ${source} x }`)).toEqual([`struct S {1: ${printed} x}`]);
    expect(print(`typedef ${source} T`)).toEqual([`typedef ${printed} T`]);
    const { type, diagnostics } = parseTypeExpression(source, "type");
    expect(diagnostics).toEqual([]);
    expect(printType(type!)).toBe(printed);
  });

  it.each(["uuid", "slist", "list"])("%s is what the file defines", (name) => {
    expect(print(`typedef string ${name} struct S { 1: ${name} x }`)).toEqual([
      `typedef string ${name}`,
      `struct S {1: [${name}] x}`,
    ]);
    expect(print(`struct S { 1: ${name} x } struct ${name} {}`)[0]).toBe(`struct S {1: [${name}] x}`);
  });

  it.each<[source: string, message: string]>([
    ["", "expected a type, found the end of the file"],
    ["list<", "expected an element type, found the end of the file"],
    ["list<i32", "expected `>`, found the end of the file"],
    ["list", "expected `<` after `list`, found the end of the file"],
    ["i32 x", "expected nothing after the type, found `x`"],
    ["1", "expected a type, found `1`"],
  ])("%j is no type expression", (source, message) => {
    const { type, diagnostics } = parseTypeExpression(source, "type");
    expect(type).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.message.split("\n")[0])).toEqual([
      expect.stringContaining(message),
    ]);
  });
});

describe("constants", () => {
  it.each<[source: string, printed: string]>([
    ["0", "0"],
    ["+1", "1"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["9223372036854775807", "9223372036854775807"],
    ["0x7fffFFFFffffFFFF", "9223372036854775807"],
    ["-0x1f", "-31"],
    ["0o17", "15"],
    ["010", "10"],
    ["000000000000000000000000000000001", "1"],
    ["+1.0", "1.0"],
    [".5", "0.5"],
    ["-1.5E-3", "-0.0015"],
    ["1e3", "1000.0"],
    ["1e400", "Infinity"],
    ['""', '""'],
    ["'a\"b'", '"a\\"b"'],
    ['"a\\n\\t\\r\\\\\\"\\\'"', JSON.stringify("a\n\t\r\\\"'")],
    // Not escapes in Apache Thrift, kept by thriftgo.
    ['"\\d+\\x41"', JSON.stringify("\\d+\\x41")],
    ['"a\nb"', JSON.stringify("a\nb")],
    ['"é😀"', '"é😀"'],
    ["true", "true"],
    ["FALSE", "FALSE"],
    ["base.Color.RED", "base.Color.RED"],
    ["[]", "[]"],
    ["[1, 2; 3 4,]", "[1, 2, 3, 4]"],
    ["[1-2]", "[1, -2]"],
    ["[[1], ['a']]", '[[1], ["a"]]'],
    ["{}", "{}"],
    ["{1: 2, 'a': [true]; b.C: {} 4: 5}", '{1: 2, "a": [true], b.C: {}, 4: 5}'],
    ["{[1]: {2: 3}}", "{[1]: {2: 3}}"],
  ])("%s", (source, printed) => {
    expect(print(`const T C = ${source}`)).toEqual([`const [T] C = ${printed}`]);
    expect(print(`struct S { 1: T x = ${source} }`)).toEqual([`struct S {1: [T] x = ${printed}}`]);
  });
});

describe("definitions", () => {
  it.each<[source: string, printed: string[]]>([
    // const
    [
      "const i32 A = 1, const i32 B = 2; const i32 C = 3",
      ["A = 1", "B = 2", "C = 3"].map((c) => `const i32 ${c}`),
    ],
    ["const list<i32> A = [1]", ["const list<i32> A = [1]"]],
    ['const i32 A = 1 (a = "b")', ['const i32 A = 1 (a="b")']],
    ['const i32 A = 1; (a = "b") const i32 B = 2', ['const i32 A = 1 (a="b")', "const i32 B = 2"]],
    // typedef
    ["typedef i32 A, typedef B C; typedef i64 D", ["typedef i32 A", "typedef [B] C", "typedef i64 D"]],
    ['typedef i32 (a = "b") A (c = "d")', ['typedef i32 (a="b") A (c="d")']],
    // enum
    ["enum E {}", ["enum E {}"]],
    ["enum E { A B, C; D = 5 E = 0x10, F = -1, G = +3 }", ["enum E {A, B, C, D = 5, E = 16, F = -1, G = 3}"]],
    ['enum E { A (a = "b"), B = 2 (c), } (d = "e")', ['enum E {A (a="b"), B = 2 (c="1")} (d="e")']],
    ["enum E { A = 1B = 2 }", ["enum E {A = 1, B = 2}"]],
    ["enum E { A = true, B = false }", ["enum E {A = 1, B = 0}"]],
    ["enum E { list, struct, true }", ["enum E {list, struct, true}"]],
    // senum
    [`senum S { "a", 'b'; "c" "d" } (e)`, ['senum S ["a","b","c","d"] (e="1")']],
    // struct, union, exception
    ["struct S {}", ["struct S {}"]],
    ["union U { 1: i32 a } exception E { 1: string b }", ["union U {1: i32 a}", "exception E {1: string b}"]],
    ["struct S xsd_all { 1: i32 a }", ["struct S xsd_all {1: i32 a}"]],
    [
      "struct S { 1: i32 a 2: i32 b, 3: i32 c; 4:i32 d }",
      ["struct S {1: i32 a, 2: i32 b, 3: i32 c, 4: i32 d}"],
    ],
    [
      "struct S { 1: required i32 a, optional i32 b, c d }",
      ["struct S {1: required i32 a, optional i32 b, [c] d}"],
    ],
    [
      "struct S { -1: i32 a, 0: i32 b, 0x10: i32 c, +4: i32 d }",
      ["struct S {-1: i32 a, 0: i32 b, 16: i32 c, 4: i32 d}"],
    ],
    // Not taken for a mistyped `optional`, `required` or `throws`.
    [
      "struct S { 1: optionl a requird b 2: Optional c }",
      ["struct S {1: [optionl] a, [requird] b, 2: [Optional] c}"],
    ],
    [
      "service S { void a() thows b() throw c(1: i32 d) }",
      ["service S {void a(), [thows] b(), [throw] c(1: i32 d)}"],
    ],
    ["struct S { 1: i32 a = 1 2: i32 b = X (c) }", ['struct S {1: i32 a = 1, 2: i32 b = X (c="1")}']],
    ["struct S { 1: S & a, 2: S& b }", ["struct S {1: [S]& a, 2: [S]& b}"]],
    [
      "struct S { 1: i32 a xsd_optional xsd_nillable xsd_attrs { 1: i32 b } (c), 2: i32 d = 1 xsd_nillable }",
      ['struct S {1: i32 a (c="1"), 2: i32 d = 1}'],
    ],
    [
      "struct S { 1: list<i32> cpp_type, 2: xsd_attrs xsd_all }",
      ["struct S {1: list<i32> cpp_type, 2: [xsd_attrs] xsd_all}"],
    ],
    [
      'struct S { 1: i32 a (b = "c", d = "e"; f g = "h",) } (i)',
      ['struct S {1: i32 a (b="c", d="e", f="1", g="h")} (i="1")'],
    ],
    ["struct S { 1: i32 a () } ()", ["struct S {1: i32 a}"]],
    [
      'struct S { 1: i32 a (list = "1", struct.x = "2", a = "3", a = "4") }',
      ['struct S {1: i32 a (list="1", struct.x="2", a="3", a="4")}'],
    ],
    [
      `struct S { 1: string a (go.tag = 'json:"b" x:"c"') }`,
      ['struct S {1: string a (go.tag="json:\\"b\\" x:\\"c\\"")}'],
    ],
    ["struct a.b { 1: i32 c.d }", ["struct a.b {1: i32 c.d}"]],
    // service
    ["service S {}", ["service S {}"]],
    ["service S extends base.T { }", ["service S extends base.T {}"]],
    ["service extends extends extends {}", ["service extends extends extends {}"]],
    ["service S { void a() i32 b(), User c(); }", ["service S {void a(), i32 b(), [User] c()}"]],
    [
      "service S { oneway void a(1: i32 b), async void c() }",
      ["service S {oneway void a(1: i32 b), oneway void c()}"],
    ],
    ["service S { async a() }", ["service S {[async] a()}"]],
    [
      'service S { map<i32, User> (a = "b") c(1: required i32 d = 5, optional e f (g)) throws (1: E h, 2: i.J k) (l) }',
      [
        'service S {map<i32, [User]> (a="b") c(1: required i32 d = 5, optional [e] f (g="1")) throws (1: [E] h, 2: [i.J] k) (l="1")}',
      ],
    ],
    ['service S { void a() (b = "c"), } (d = "e")', ['service S {void a() (b="c")} (d="e")']],
    ["service S { void a() throws () }", ["service S {void a()}"]],
    [
      "service S { list list(1: set set) } struct list {} struct set {}",
      ["service S {[list] list(1: [set] set)}", "struct list {}", "struct set {}"],
    ],
    // line breaks do not matter
    ["struct\rS\r{\r1\r:\ri32\ra // x\r}", ["struct S {1: i32 a}"]],
    ["\ufeffstruct S {\r\n  1: i32 a\r\n}\r\n", ["struct S {1: i32 a}"]],
    ["struct S {\v}", ["struct S {}"]],
    ["#!/usr/local/bin/thrift\nstruct S {} # x", ["struct S {}"]],
  ])("%s", (source, printed) => {
    expect(print(source)).toEqual(printed);
  });
});

describe("every word that some tool reserves is a name", () => {
  const words = (
    "namespace include cpp_include cpp_type xsd_all xsd_optional xsd_nillable xsd_attrs void bool byte i8 i16 i32 i64 " +
    "double string binary uuid slist senum map list set oneway async typedef struct union exception extends throws " +
    "service enum const required optional true false class return import function end"
  ).split(" ");

  it.each(words)("%s", (word) => {
    const source = `
      const i32 ${word} = 1
      typedef i32 ${word}
      enum ${word} { ${word}, A, ${word} = 2 }
      struct ${word} { 1: i32 ${word}, 2: required string ${word} = "x"; i64 ${word} (${word} = "y") }
      union ${word} { 1: i32 ${word} }
      exception ${word} { 1: i32 ${word} }
      service ${word} extends ${word} { void ${word}(1: i32 ${word}) throws (1: E ${word}) }
    `;
    expect(print(source)).toEqual([
      `const i32 ${word} = 1`,
      `typedef i32 ${word}`,
      `enum ${word} {${word}, A, ${word} = 2}`,
      `struct ${word} {1: i32 ${word}, 2: required string ${word} = "x", i64 ${word} (${word}="y")}`,
      `union ${word} {1: i32 ${word}}`,
      `exception ${word} {1: i32 ${word}}`,
      `service ${word} extends ${word} {void ${word}(1: i32 ${word}) throws (1: [E] ${word})}`,
    ]);
  });
});

describe("places", () => {
  const source = `/** d */ struct S { 1: required list<B> a = [1, X], i32 b (c = "d"), } (e)`;
  const [struct] = parseDocument(source, "a.thrift").document.definitions;
  const at = ({ start, end }: { start: number; end: number }) => source.slice(start, end);

  it("of a struct and its parts", () => {
    if (struct?.kind !== "struct") {
      throw new Error("expected a struct");
    }
    const [first, second] = struct.fields;
    expect(at(struct)).toBe(source.slice(9));
    expect(at(struct.name)).toBe("S");
    expect(at(struct.annotations[0]!)).toBe("e");
    expect(at(first!)).toBe("1: required list<B> a = [1, X]");
    expect(at(first!.idSpan)).toBe("1");
    expect(at(first!.type)).toBe("list<B>");
    expect(first!.type.kind === "list" && at(first!.type.element)).toBe("B");
    expect(at(first!.defaultValue!)).toBe("[1, X]");
    expect(first!.defaultValue!.kind === "list" && first!.defaultValue!.elements.map(at)).toEqual(["1", "X"]);
    expect(at(second!)).toBe('i32 b (c = "d")');
    expect(at(second!.idSpan)).toBe("b");
    expect(at(second!.annotations[0]!)).toBe('c = "d"');
  });

  it("of the members of an enum and their values", () => {
    const text = "enum E { A, B = -0x10; C=true D = 010 (e) }";
    const { document } = parseDocument(text, "a.thrift");
    const members = document.definitions.flatMap((node) => (node.kind === "enum" ? node.members : []));
    const textOf = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    expect(members.map((member) => [textOf(member), textOf(member.valueSpan)])).toEqual([
      ["A", "A"],
      ["B = -0x10", "-0x10"],
      ["C=true", "true"],
      ["D = 010 (e)", "010"],
    ]);
  });

  it("of a method and its parts", () => {
    const text = "service S extends T { oneway void f(1: i32 a), i32 g() throws (1: E e) (h) }";
    const [service] = parseDocument(text, "a.thrift").document.definitions;
    if (service?.kind !== "service") {
      throw new Error("expected a service");
    }
    const [f, g] = service.methods;
    expect(text.slice(f!.start, f!.end)).toBe("oneway void f(1: i32 a)");
    expect(text.slice(g!.start, g!.end)).toBe("i32 g() throws (1: E e) (h)");
    expect(text.slice(service.extends!.start, service.extends!.end)).toBe("T");
    expect(text.slice(g!.throws[0]!.start, g!.throws[0]!.end)).toBe("1: E e");
  });
});

describe("doc comments", () => {
  it("of every construct", () => {
    const source = `
      /** the file */
      namespace go a
      /** A */ const i32 A = 1
      /** B */ typedef i32 B
      /** C */ enum C { /** C.x */ x, /** C.y */ y }
      /** D */ senum D { "d" }
      /** E */ struct E { /** E.x */ 1: i32 x, 2: i32 y /** E.z */ 3: i32 z }
      /** F */ service F { /** F.x */ void x(/** F.x.a */ 1: i32 a), /** F.y */ oneway void y() }
      struct G {}
    `;
    const { definitions } = parseDocument(source, "a.thrift").document;
    const docs = definitions.map((node) => {
      switch (node.kind) {
        case "enum":
          return [node.doc, ...node.members.map(({ doc }) => doc)];
        case "struct":
          return [node.doc, ...node.fields.map(({ doc }) => doc)];
        case "service":
          return [node.doc, ...node.methods.flatMap(({ doc, args }) => [doc, ...args.map((arg) => arg.doc)])];
        default:
          return [node.doc];
      }
    });
    expect(docs).toEqual([
      ["A"],
      ["B"],
      ["C", "C.x", "C.y"],
      ["D"],
      ["E", "E.x", undefined, "E.z"],
      ["F", "F.x", "F.x.a", "F.y"],
      [undefined],
    ]);
  });

  it.each<[comment: string, doc: string | undefined]>([
    ["/** a */", "a"],
    ["/**a*/", "a"],
    ["/*** a ***/", "a"],
    ["/** */", undefined],
    ["/***/", undefined],
    ["/**\n *\n */", undefined],
    ["/**\n * a\n * b\n */", "a\nb"],
    ["/**\r\n * a\r\n * b\r\n */", "a\nb"],
    ["/** a\n  * b\n  */", "a\nb"],
    ["/**\n * a\n *\n *   b\n * * c\n **/", "a\n\n  b\n* c"],
    ["/**\n  a\n    b\n*/", "a\n  b"],
    ["/**\n\ta\n\t\tb\n*/", "a\n\tb"],
    ["/**\n *a\n *b\n */", "a\nb"],
    ["/***************\n * a\n ***************/", "a"],
    ["/** a */ /** b */", "b"],
    ["/** a */ // c\n /* d */", "a"],
  ])("%j", (comment, doc) => {
    const { definitions } = parseDocument(`${comment} struct S {}`, "a.thrift").document;
    expect(definitions.map((node) => node.doc)).toEqual([doc]);
  });
});
