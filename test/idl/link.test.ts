import { describe, expect, test } from "vitest";
import { parseIdl } from "../../src/idl/idl.ts";
import { errorsOf, warningsOf } from "./problems.ts";

describe("names of types", () => {
  test.each<[string, string[]]>([
    ["struct S { 1: Usr u }\nstruct User {}", ["1:15 there is no type `Usr`; did you mean `User`?"]],
    ["struct S { 1: strin u }", ["1:15 there is no type `strin`; did you mean `string`?"]],
    ["typedef Foo T", ["1:9 there is no type `Foo`"]],
    ["const Foo X = 1", ["1:7 there is no type `Foo`"]],
    ["struct S { 1: list<map<Foo, Bar>> u }", ["1:24 there is no type `Foo`", "1:29 there is no type `Bar`"]],
    [
      "service S { Foo m(1: Bar b) throws (1: Baz z) }",
      ["1:13 there is no type `Foo`", "1:22 there is no type `Bar`", "1:40 there is no type `Baz`"],
    ],
    ["struct S { 1: x.Foo f }", ["1:15 there is no type `x.Foo`: no file `x.thrift` is included here"]],
    ["struct S { 1: Svc f }\nservice Svc {}", ["1:15 `Svc` is a service, not a type; 2:9 defined here"]],
    ["struct S { 1: X f }\nconst i32 X = 1", ["1:15 `X` is a constant, not a type; 2:11 defined here"]],
    ["service S extends T {}\nstruct T {}", ["1:19 `T` is a struct, not a service; 2:8 defined here"]],
    ["service S extends T {}", ["1:19 there is no service `T`"]],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });

  test("a name that an include has", () => {
    const sources = { "base.thrift": "struct Base {}" };
    expect(errorsOf('include "base.thrift"\nstruct S { 1: Base b }', { sources })).toEqual([
      "2:15 there is no type `Base`; did you mean `base.Base`?",
    ]);
    expect(errorsOf('include "base.thrift"\nstruct S { 1: base.Bose b }', { sources })).toEqual([
      "2:15 there is no type `base.Bose`; did you mean `base.Base`?",
    ]);
  });

  test("includes of includes are not visible", () => {
    const sources = { "a.thrift": 'include "b.thrift"', "b.thrift": "struct B {}" };
    expect(errorsOf('include "a.thrift"\nstruct S { 1: b.B b }', { sources })).toEqual([
      "2:15 there is no type `b.B`: no file `b.thrift` is included here",
    ]);
  });

  test("a missing include is reported once, not for every use", () => {
    const errors = errorsOf('include "gone.thrift"\nstruct S { 1: gone.A a, 2: gone.B b = gone.X }');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^1:1 .*`gone\.thrift`/);
  });
});

describe("included files", () => {
  test("of the same base name share a prefix; only a name in both is ambiguous", () => {
    const sources = {
      "x/base.thrift": "struct A {}\nstruct X {}\nconst i32 C = 1\nservice V {}",
      "y/base.thrift": "struct A {}\nstruct Y {}\nconst i32 C = 2\nservice V {}",
    };
    const includes = 'include "x/base.thrift"\ninclude "y/base.thrift"\n';
    const idl = parseIdl(`${includes}struct S { 1: base.X x, 2: base.Y y }`, { sources });
    expect(idl.struct("S").fields.map(({ type }) => type.kind === "struct" && type.fileName)).toEqual([
      "x/base.thrift",
      "y/base.thrift",
    ]);
    expect(
      errorsOf(`${includes}struct S { 1: base.A a, 2: i32 c = base.C }\nservice T extends base.V {}`, {
        sources,
      }),
    ).toEqual([
      "3:15 `base.A` is ambiguous; x/base.thrift:1:8 it can be this one; y/base.thrift:1:8 it can be this one",
      "3:36 `base.C` is ambiguous; x/base.thrift:3:11 it can be this one; y/base.thrift:3:11 it can be this one",
      "4:19 `base.V` is ambiguous; x/base.thrift:4:9 it can be this one; y/base.thrift:4:9 it can be this one",
    ]);
  });

  test("one file included in two ways is one file", () => {
    const sources = {
      "base.thrift": "struct A {}",
      "other.thrift": 'include "base.thrift"\nstruct O { 1: base.A a }',
    };
    const idl = parseIdl(
      'include "base.thrift"\ninclude "./base.thrift"\ninclude "other.thrift"\nstruct S { 1: base.A a, 2: other.O o }',
      { sources },
    );
    const [a, o] = idl.struct("S").fields;
    expect(o?.type.kind === "struct" && o.type.fieldById(1)?.type).toBe(a?.type);
  });

  test("a file name with dots is a prefix with dots", () => {
    const idl = parseIdl('include "dir/shared.v1.thrift"\nstruct S { 1: shared.v1.A a }', {
      sources: { "dir/shared.v1.thrift": "struct A {}" },
    });
    expect(idl.struct("S").fieldByName("a")?.type.name).toBe("A");
  });

  test("cycles, structs that use each other across files, and equal names", () => {
    const idl = parseIdl('include "b.thrift"\nstruct Node { 1: b.Node other, 2: Node same }', {
      fileName: "a.thrift",
      sources: { "b.thrift": 'include "a.thrift"\nstruct Node { 1: a.Node other, 2: Node same }' },
    });
    const node = idl.struct("Node");
    const other = node.fieldByName("other")?.type;
    expect(node.fieldByName("same")?.type).toBe(node);
    expect(other).not.toBe(node);
    expect(other?.kind === "struct" && other.fileName).toBe("b.thrift");
    expect(other?.kind === "struct" && other.fieldByName("other")?.type).toBe(node);
    expect(idl.struct("b.Node")).toBe(other);
  });
});

describe("typedefs", () => {
  test("forward, in chains, across files, of containers of themselves through structs", () => {
    const idl = parseIdl(
      'include "t.thrift"\ntypedef B A\ntypedef C B\ntypedef t.Ids C\ntypedef list<S> Many\nstruct S { 1: A a, 2: Many m }',
      { sources: { "t.thrift": "typedef set<Id> Ids\ntypedef i64 Id" } },
    );
    expect([...idl.typedefs].map(([name, type]) => `${name}=${type.name}`)).toEqual([
      "A=set<i64>",
      "B=set<i64>",
      "C=set<i64>",
      "Many=list<S>",
    ]);
    const [a, m] = idl.struct("S").fields;
    expect(a?.type).toBe(idl.type("t.Ids"));
    expect(m?.type.kind === "list" && m.type.element).toBe(idl.struct("S"));
  });

  test("senum is a string", () => {
    const idl = parseIdl('senum Color { "red", "green" }\nstruct S { 1: Color c = "red" }');
    expect(idl.typedefs.get("Color")?.kind).toBe("string");
    expect(idl.struct("S").fieldById(1)?.defaultValue).toBe("red");
  });

  test.each<[string, string[]]>([
    ["typedef A A", ["1:11 typedef `A` stands for itself"]],
    ["typedef B A\ntypedef A B", ["1:11 typedef `A` stands for itself; 2:11 through `B`"]],
    ["typedef list<A> A", ["1:17 typedef `A` stands for itself"]],
    [
      "typedef map<i32, B> A\ntypedef set<A> B\nstruct S { 1: A a }",
      ["1:21 typedef `A` stands for itself; 2:16 through `B`"],
    ],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });

  test("a type that grows without bound ends in an error", () => {
    const nested = ["typedef i32 T0", ...steps(200, (i) => `typedef list<T${i}> T${i + 1}`)].join("\n");
    expect(errorsOf(nested)[0]).toBe("130:9 containers are nested more than 128 deep here");
    const doubled = ["typedef i32 T0", ...steps(200, (i) => `typedef map<T${i},T${i}> T${i + 1}`)].join("\n");
    expect(errorsOf(doubled)).toEqual(["11:9 this type has more than 1024 parts"]);
  });
});

describe("names that are used twice", () => {
  test.each<[string, string[]]>([
    ["struct A {}\nunion A {}", ["2:7 `A` is defined twice; 1:8 first defined here"]],
    ["typedef i32 A\nenum A {}", ["2:6 `A` is defined twice; 1:13 first defined here"]],
    ["service A {}\nexception A {}", ["2:11 `A` is defined twice; 1:9 first defined here"]],
    ["struct A {}\nservice A {}", ["2:9 `A` is defined twice; 1:8 first defined here"]],
    ["const i32 A = 1\nconst i32 A = 2", ["2:11 `A` is defined twice; 1:11 first defined here"]],
    ["enum E { A, B, A }", ["1:16 enum `E` has two members `A`; 1:10 first defined here"]],
    ["struct S { 1: i32 a, 1: i32 b }", ["1:22 field id 1 is used twice; 1:12 first used here"]],
    ["struct S { 1: i32 a, 2: i32 a }", ["1:29 there are two fields `a`; 1:19 first used here"]],
    ["service S { void m(1: i32 a, 1: i32 b) }", ["1:30 field id 1 is used twice; 1:20 first used here"]],
    [
      "exception E {}\nservice S { void m() throws (1: E a, 2: E a) }",
      ["2:43 there are two fields `a`; 2:35 first used here"],
    ],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });

  test("several problems come at once, in the order of places", () => {
    expect(errorsOf("struct A { 1: X x }\nconst byte C = 300\nstruct A {}\ntypedef T T")).toEqual([
      "1:15 there is no type `X`",
      "2:16 300 is out of range for byte (-128 to 127)",
      "3:8 `A` is defined twice; 1:8 first defined here",
      "4:11 typedef `T` stands for itself",
    ]);
  });

  test("a constant may have the name of a type, with a warning", () => {
    expect(warningsOf("struct A {}\nconst i32 A = 1")).toEqual([
      "2:11 `A` is also the name of a struct; 1:8 defined here",
    ]);
    expect(warningsOf("const i32 A = 1\nservice A {}")).toEqual([
      "2:9 `A` is also the name of a constant; 1:11 defined here",
    ]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "%s is an ordinary name",
    (name) => {
      const idl = parseIdl(
        `struct ${name} { 1: i32 ${name} = 5 }\nenum E { ${name} = 3 }\nconst map<string, E> C = {"${name}": E.${name}}\nservice S { void ${name}(1: ${name} ${name} = {"${name}": 7}) }`,
      );
      expect(idl.struct(name).fieldByName(name)?.defaultValue).toBe(5);
      expect(idl.struct(name).fieldByKey(name)?.id).toBe(1);
      expect(idl.enum("E").valueOf(name)).toBe(3);
      expect(idl.constants.get("C")?.value).toEqual(new Map([[name, 3]]));
      const literal = idl.service("S").method(name).args.fieldByName(name)?.defaultValue;
      expect(Object.entries(literal as object)).toEqual([[name, 7]]);
      expect(parseIdl("struct S {}").structs.has(name)).toBe(false);
    },
  );
});

describe("field ids", () => {
  const ids = (fields: string): number[] =>
    parseIdl(`struct S { ${fields} }`)
      .struct("S")
      .fields.map((field) => field.id);

  test.each<[string, number[]]>([
    ["i32 a, i32 b, i32 c", [-1, -2, -3]],
    ["1: i32 a, i32 b, 2: i32 c, i32 d", [1, -1, 2, -2]],
    ["-5: i32 a, i32 b", [-5, -6]],
    ["0: i32 a, i32 b", [0, -1]],
    ["-1: i32 a, -2: i32 b, i32 c", [-1, -2, -3]],
    ["-32768: i32 a, 32767: i32 b", [-32768, 32767]],
    ["5000: i32 a, 1: i32 b", [5000, 1]],
  ])("%s", (fields, expected) => {
    expect(ids(fields)).toEqual(expected);
    const struct = parseIdl(`struct S { ${fields} }`).struct("S");
    for (const field of struct.fields) {
      expect(struct.fieldById(field.id)).toBe(field);
    }
    for (const absent of [-7, 3, 4999, 32766, 1.5, Number.NaN]) {
      expect(struct.fieldById(absent)).toBeUndefined();
    }
  });

  test.each<[string, string]>([
    ["struct S { 1: i32 x, 32768: i32 a }", "1:22 field id 32768 is out of range (-32768 to 32767)"],
    ["struct S { 1: i32 x, -32769: i32 a }", "1:22 field id -32769 is out of range (-32768 to 32767)"],
    [
      "struct S { 1: i32 x, 9223372036854775807: i32 a }",
      "1:22 field id 9223372036854775807 is out of range",
    ],
    ["struct S { 1: i32 x, -32768: i32 y, i32 a }", "1:41 field id -32769 is out of range (-32768 to 32767)"],
  ])("no message can have the field, so it is left out: %s", (source, warning) => {
    const struct = parseIdl(source).struct("S");
    expect(struct.fieldByName("a")).toBeUndefined();
    expect(struct.fieldByName("x")?.id).toBe(1);
    expect(warningsOf(source).join()).toContain(warning);
    expect(warningsOf(source).join()).toContain("; the field is left out");
  });

  test("what is left out is checked all the same", () => {
    expect(errorsOf("struct S { 40000: i32 a = 'x' }")).toHaveLength(1);
    expect(warningsOf("struct N {}\nservice S { void m() throws (50000: N e) }")).toContain(
      "2:37 `e` is not an exception",
    );
    expect(warningsOf("union U { 40000: i32 a }\nstruct T { 1: U u = { 'a': 1 } }")).toContain(
      "2:23 field `a` is left out, and its value with it",
    );
  });

  test("ids that no double tells apart, and ids that follow them", () => {
    const source =
      "struct S { 9007199254740993: i32 a, 9007199254740992: i32 b, -9223372036854775808: i32 c, i32 d, i32 e }";
    expect(
      parseIdl(source)
        .struct("S")
        .fields.map(({ id }) => id),
    ).toEqual([-1, -2]);
    expect(warningsOf("exception E {}\nservice S { i32 m() throws (-32768: E a, 0: E b) }")).toEqual([
      "2:29 field id -32768 is not positive; Apache Thrift keeps it only with -allow-neg-keys",
      "2:42 field id 0 belongs to the returned value; this one gets -32769, as in Apache Thrift",
      "2:42 field id -32769 is out of range (-32768 to 32767); the field is left out",
    ]);
  });

  test("doubts do not crowd out the warning of a field that is left out", () => {
    const constants = Array.from({ length: 1100 }, (_, i) => `const i32 c${i} = 010`).join("\n");
    const warnings = warningsOf(`struct S { 40000: i32 a }\n${constants}`);
    expect(warnings).toHaveLength(1000);
    expect(warnings[0]).toContain("the field is left out");
  });

  test("a default may name a field that is left out", () => {
    const source = "struct S { 40000: i32 a, 1: i32 b }\nstruct T { 1: S s = { 'a': 1, 'b': 2 } }";
    expect(parseIdl(source).struct("T").fieldByName("s")?.defaultValue).toEqual({ b: 2 });
    expect(errorsOf("struct S { 40000: i32 a, 40000: i32 b }")).toEqual([
      "1:26 field id 40000 is used twice; 1:12 first used here",
    ]);
  });

  test.each<[source: string, ids: number[], warning: string | undefined]>([
    [
      "i32 m() throws (0: E a, 1: E b)",
      [-1, 1],
      "2:29 field id 0 belongs to the returned value; this one gets -1, as in Apache Thrift",
    ],
    [
      "i32 m() throws (E a, 0: E b)",
      [-1, -2],
      "2:34 field id 0 belongs to the returned value; this one gets -2, as in Apache Thrift",
    ],
    [
      "void m() throws (0: E a)",
      [0],
      "2:30 field id 0 is not positive; Apache Thrift keeps it only with -allow-neg-keys",
    ],
  ])("exceptions with id 0: %s", (method, ids, warning) => {
    const source = `exception E {}\nservice S { ${method} }`;
    expect(
      parseIdl(source)
        .service()
        .method("m")
        .exceptions.map(({ id }) => id),
    ).toEqual(ids);
    expect(warningsOf(source)).toContain(warning);
  });

  test("arguments without ids are numbered per list", () => {
    const method = parseIdl("exception E {}\nservice S { void m(i32 a, i32 b) throws (E e) }")
      .service()
      .method("m");
    expect(method.args.fields.map((field) => field.id)).toEqual([-1, -2]);
    expect(method.exceptions.map((field) => field.id)).toEqual([-1]);
  });

  test("a negative id that a field without an id has got moves on, with a warning", () => {
    const source = "struct S { i32 a, -1: i32 b, i32 c, -3: i32 d, -9: i32 e, i32 f }";
    const ids = parseIdl(source)
      .struct("S")
      .fields.map((field) => field.id);
    expect(ids).toEqual([-1, -2, -3, -4, -9, -10]);
    expect(warningsOf(source)).toContain(
      "1:19 field id -1 belongs to a field without an id; this one gets -2, as in Apache Thrift",
    );
  });

  test("warnings say where compilers disagree", () => {
    expect(warningsOf("struct S { i32 a, i32 b }")).toEqual([
      "1:16 field `a` has no id and gets -1, as in Apache Thrift; thriftgo numbers it otherwise",
    ]);
    expect(warningsOf("struct S { -5: i32 a }")).toEqual([
      "1:12 field id -5 is not positive; Apache Thrift keeps it only with -allow-neg-keys",
    ]);
    expect(warningsOf("struct S { -1: i32 a, 1: i32 b }")).toEqual([]);
  });
});

test.each<[form: string, warnings: string[]]>([
  ["const i32 C = 010", ["1:15 `010` is 10 here, as in Apache Thrift; thriftgo takes it for octal"]],
  ["const i32 C = -08", ["1:15 `-08` is -8 here, as in Apache Thrift; thriftgo does not accept it"]],
  ["const i32 C = 007", []],
  [
    "const string C = '\\😀'",
    ["1:18 this backslash stands for itself here, as in thriftgo; Apache Thrift does not accept it"],
  ],
  [
    "const string C = '\n\\d'",
    [
      "1:18 only thriftgo accepts a string that spans lines",
      "1:18 `\\d` stands for itself here, as in thriftgo; Apache Thrift does not accept it",
    ],
  ],
  [
    "senum S { 'a\\d' }",
    ["1:11 `\\d` stands for itself here, as in thriftgo; Apache Thrift does not accept it"],
  ],
  ["const i32 C = 0o17", ["1:15 only thriftgo accepts octal numbers such as `0o17`"]],
  ["const i32 C = 0", []],
  ["const i32 C = 0x1F", []],
  ["const double C = 01.5", []],
  ["enum E { A = 010 }", ["1:14 `010` is 10 here, as in Apache Thrift; thriftgo takes it for octal"]],
  ["struct S { 010: i32 a }", []],
  [
    'const string C = "a\\\\\\d\\q"',
    ["1:18 `\\d` stands for itself here, as in thriftgo; Apache Thrift does not accept it"],
  ],
  ['const string C = "\\n\\r\\t\\\\\\\'\\""', []],
  ['const string C = "a\nb"', ["1:18 only thriftgo accepts a string that spans lines"]],
  ["struct S { 1: string a } (pattern = '\\d+')", []],
  ["struct a.b {}", ["1:8 only thriftgo accepts a name with a dot, such as `a.b`, here"]],
  ["struct S { 1: i32 a.b }", ["1:19 only thriftgo accepts a name with a dot, such as `a.b`, here"]],
  ["enum E { A.B }", ["1:10 only thriftgo accepts a name with a dot, such as `A.B`, here"]],
  ["service S { void a.b() }", ["1:18 only thriftgo accepts a name with a dot, such as `a.b`, here"]],
])("a doubtful form: %s", (source, warnings) => {
  expect(warningsOf(source)).toEqual(warnings);
});

test("namespaces by language; the last one counts", () => {
  const { namespaces } = parseIdl("namespace go a.b\nnamespace * c\ncpp_namespace d\nnamespace go e");
  expect([...namespaces]).toEqual([
    ["go", "e"],
    ["*", "c"],
    ["cpp", "d"],
  ]);
});

describe("requiredness", () => {
  test("as written, but members of unions are optional", () => {
    const idl = parseIdl(
      "struct S { 1: required i32 a, 2: optional i32 b, 3: i32 c }\nunion U { 1: required i32 a, 2: optional i32 b, 3: i32 c }",
    );
    const of = (name: string): string[] => idl.struct(name).fields.map((field) => field.requiredness);
    expect(of("S")).toEqual(["required", "optional", "default"]);
    expect(of("U")).toEqual(["optional", "optional", "optional"]);
    expect(idl.struct("U").flavor).toBe("union");
    expect(warningsOf("union U { 1: required i32 a }")).toEqual([
      "1:27 members of unions are always optional; `required` is ignored",
    ]);
  });

  test("a second default in a union is a warning", () => {
    expect(warningsOf("union U { 1: i32 a = 1, 2: i32 b = 2 }")).toEqual([
      "1:32 Apache Thrift allows a default for only one member of a union; 1:18 the first one is here",
    ]);
  });
});

describe("enums", () => {
  test("numbers follow from the member before", () => {
    const idl = parseIdl("enum E { A, B, C = 10, D, E = -3, F, G = 0x10, H }");
    expect([...idl.enum("E").values]).toEqual([
      ["A", 0],
      ["B", 1],
      ["C", 10],
      ["D", 11],
      ["E", -3],
      ["F", -2],
      ["G", 16],
      ["H", 17],
    ]);
  });

  test("members keep their documentation and annotations", () => {
    const type = parseIdl('enum E { /** first */ A = 3 (go.tag = "x"), B }').enum("E");
    expect([...type.members.values()]).toEqual([
      { name: "A", value: 3, annotations: new Map([["go.tag", ["x"]]]), doc: "first" },
      { name: "B", value: 4, annotations: new Map(), doc: undefined },
    ]);
    expect([...type.members.keys()]).toEqual([...type.values.keys()]);
  });

  test("members may share a number; the first one is its name", () => {
    const source = "enum E { A = 1, B = 1, C = 2 }";
    const type = parseIdl(source).enum("E");
    expect([type.valueOf("A"), type.valueOf("B"), type.valueOf("X"), type.nameOf(1), type.nameOf(9)]).toEqual(
      [1, 1, undefined, "A", undefined],
    );
    expect(warningsOf(source)).toEqual(["1:17 `B` has the number of `A`; thriftgo does not accept that"]);
  });

  test.each<[string, string[]]>([
    [
      "enum E { A = 2147483648 }",
      ["1:14 2147483648 is out of range for an enum (-2147483648 to 2147483647)"],
    ],
    [
      "enum E {\n  A = 2147483648\n}",
      ["2:7 2147483648 is out of range for an enum (-2147483648 to 2147483647)"],
    ],
    [
      "enum E { A = 0xFFFFFFFF, B = 5 (c) }",
      ["1:14 4294967295 is out of range for an enum (-2147483648 to 2147483647)"],
    ],
    [
      "enum E { A = 2147483647, B }",
      ["1:26 2147483648 is out of range for an enum (-2147483648 to 2147483647)"],
    ],
    [
      "enum E { A = -2147483649 }",
      ["1:14 -2147483649 is out of range for an enum (-2147483648 to 2147483647)"],
    ],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });
});

test("syntax errors come alone, as what was skipped would be missed everywhere", () => {
  const errors = errorsOf("struct A { 1: B b }\nstruct B { 1: i32 }\nstruct C {");
  expect(errors.some((error) => error.includes("there is no type"))).toBe(false);
});

function steps(count: number, line: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => line(index));
}
