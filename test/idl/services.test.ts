import { describe, expect, test } from "vitest";
import type { MethodDescriptor, StructDescriptor, TypeDescriptor } from "../../src/descriptor/types.ts";
import { ThriftError } from "../../src/errors.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { errorsIn, errorsOf, warningsOf } from "./problems.ts";

function fieldsOf(struct: StructDescriptor): string[] {
  return struct.fields.map((field) => `${field.id} ${field.name} ${field.type.name} ${field.requiredness}`);
}

function methodsOf(source: string, service?: string): string[] {
  return parseIdl(source)
    .service(service)
    .methods.map((method) => method.name);
}

/** The only method of the only service. */
function methodOf(source: string): MethodDescriptor {
  const [method] = parseIdl(source).service().methods;
  return method!;
}

function asStruct(type: TypeDescriptor | undefined): StructDescriptor {
  if (type?.kind !== "struct") {
    throw new Error("expected a struct");
  }
  return type;
}

describe("methods", () => {
  const source = `
exception E {}
exception F {}
enum N { A = 3 }
service S {
  /** Gets it. */
  string get(1: i64 id, 2: required bool deep, 4: N n = N.A) throws (1: E e, 2: F f) (api.get = "/x", k = "v", k = "w")
  void clear()
  oneway void ping(1: i32 x)
}`;
  const service = parseIdl(source, { fileName: "dir/s.thrift" }).service();

  test("all arguments and all exceptions", () => {
    const { args, result, returnType, exceptions } = service.method("get");
    expect(fieldsOf(args)).toEqual(["1 id i64 default", "2 deep bool required", "4 n N default"]);
    expect(fieldsOf(result)).toEqual(["0 success string optional", "1 e E optional", "2 f F optional"]);
    expect(args.fieldByName("n")?.defaultValue).toBe(3);
    expect(returnType?.name).toBe("string");
    expect(exceptions).toEqual([result.fieldById(1), result.fieldById(2)]);
    expect([args.name, args.role, args.fileName]).toEqual(["get_args", "args", "dir/s.thrift"]);
    expect([result.name, result.role, result.flavor]).toEqual(["get_result", "result", "struct"]);
    expect(result.fieldByKey("success")).toBe(result.fields[0]);
    expect(args.fields[0]?.parent).toBe(args);
  });

  test("annotations and doc", () => {
    const { annotations, doc, endpoints } = service.method("get");
    expect([...annotations]).toEqual([
      ["api.get", ["/x"]],
      ["k", ["v", "w"]],
    ]);
    expect(doc).toBe("Gets it.");
    expect(endpoints).toEqual([{ method: "GET", path: "/x" }]);
  });

  test("void and oneway", () => {
    const clear = service.method("clear");
    expect([
      clear.returnType,
      clear.result.fields,
      clear.exceptions,
      clear.args.fields,
      clear.oneway,
    ]).toEqual([undefined, [], [], [], false]);
    expect(service.method("ping").oneway).toBe(true);
  });

  test("a void method has no success, so an exception may have id 0", () => {
    const method = methodOf("exception E {}\nservice S { void m() throws (0: E e) }");
    expect(fieldsOf(method.result)).toEqual(["0 e E optional"]);
    expect(method.exceptions).toHaveLength(1);
    expect(method.returnType).toBeUndefined();
  });

  test.each<[string, string[]]>([
    ["service S { void m(), void m() }", ["1:28 there is already a method `m`; 1:18 first defined here"]],
    [
      "exception E {}\nservice S { oneway void m() throws (1: E e) }",
      ["2:25 oneway method `m` cannot throw exceptions"],
    ],
    [
      'service S { void m() (api.get = "/x", streaming.mode = "foo") }',
      ["1:39 `streaming.mode` must be unary, client, server, bidirectional, got `foo`"],
    ],
    [
      'service S {\n  void m() (\n    api.get = "/x"\n    Streaming.Mode = "foo"\n    x = "y") }',
      ["4:5 `streaming.mode` must be unary, client, server, bidirectional, got `foo`"],
    ],
    [
      'service S { void m() (streaming.mode = "", api.get = "/x", streaming.mode = "client") }',
      ["1:23 `streaming.mode` must be unary, client, server, bidirectional, got ``"],
    ],
    [
      'service S { void m() (streaming.mode = "both") }',
      ["1:23 `streaming.mode` must be unary, client, server, bidirectional, got `both`"],
    ],
  ])("%s", (text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ["service S { oneway i32 m() }", ["1:24 oneway method `m` should return void"]],
    ["struct E {}\nservice S { void m() throws (1: E e) }", ["2:33 `e` is not an exception"]],
    ["service S { void m(1: optional i32 a) }", ["1:36 `optional` is ignored for arguments"]],
    [
      "exception E {}\nservice S { void m() throws (1: required E e) }",
      ["2:44 exceptions of methods are always optional; `required` is ignored"],
    ],
  ])("warning: %s", (text, expected) => {
    expect(warningsOf(text)).toEqual(expected);
  });

  test("an unknown method", () => {
    expect(() => service.method("gett")).toThrow(
      new ThriftError("NOT_FOUND", "service `S` has no method `gett`; did you mean `get`?"),
    );
    expect(() => service.method("__proto__")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});

describe("extends", () => {
  test("own methods first, then inherited ones, which are the same objects", () => {
    const idl = parseIdl(
      'include "b.thrift"\nservice C extends P { void c() }\nservice P extends b.G { void p() }',
      { sources: { "b.thrift": "service G { void g(1: X x) }\nstruct X {}" } },
    );
    const child = idl.service("C");
    expect(child.methods.map((method) => method.name)).toEqual(["c", "p", "g"]);
    expect(child.extends).toBe(idl.service("P"));
    expect(child.extends?.extends).toBe(idl.service("b.G"));
    expect(child.method("g")).toBe(idl.service("b.G").method("g"));
    expect(child.method("g").args.fields[0]?.type).toBe(idl.struct("b.X"));
    expect([...idl.services.keys()]).toEqual(["C", "P"]);
  });

  test.each<[string, string[]]>([
    ["service A extends A {}", ["1:19 service `A` extends itself"]],
    ["service A extends B {}\nservice B extends A {}", ["1:19 service `A` extends itself"]],
    [
      "service A extends B {}\nservice B extends C {}\nservice C extends B {}",
      ["2:19 service `B` extends itself"],
    ],
    [
      "service P { void m() }\nservice C extends P { void m() }",
      ["2:28 there is already a method `m` in service `P`; 1:18 first defined here"],
    ],
    [
      "service G { void m() }\nservice P extends G {}\nservice C extends P { i32 m() }",
      ["3:27 there is already a method `m` in service `G`; 1:18 first defined here"],
    ],
  ])("%s", (source, expected) => {
    expect(errorsOf(source)).toEqual(expected);
  });

  test("at most 128 deep", () => {
    const source = Array.from({ length: 200 }, (_, i) => `service S${i} extends S${i + 1} {}`).join("\n");
    const [first] = errorsOf(`${source}\nservice S200 {}`);
    expect(first).toBe("1:20 more than 128 services extend each other here");
  });
});

describe("which service", () => {
  const source = "service A { void a() }\nservice B { void b() }\nservice C { void c() }";

  test.each<["last" | "first" | { name: string } | undefined, string]>([
    [undefined, "C"],
    ["last", "C"],
    ["first", "A"],
    [{ name: "B" }, "B"],
  ])("services: %o", (services, expected) => {
    const idl = parseIdl(source, services === undefined ? {} : { services });
    expect(idl.service().name).toBe(expected);
    expect(idl.service()).toBe(idl.service(expected));
    expect([...idl.services.keys()]).toEqual(["A", "B", "C"]);
  });

  test("combine", () => {
    const idl = parseIdl(`${source}\nservice D extends A { void d() } (k = "v")`, { services: "combine" });
    const combined = idl.service();
    expect(combined.name).toBe("CombinedServices");
    expect(combined.methods.map((method) => method.name)).toEqual(["a", "b", "c", "d"]);
    expect(combined.method("b")).toBe(idl.service("B").method("b"));
    expect(combined.annotations.get("k")).toEqual(["v"]);
    expect(idl.service("CombinedServices")).toBe(combined);
    expect(idl.services.has("CombinedServices")).toBe(false);
  });

  test("combine with a method twice", () => {
    const twice = "service A { void m() }\nservice B { void m() }";
    expect(errorsOf(twice, { services: "combine" })).toEqual([
      "2:18 there is already a method `m` in service `A`; 1:18 first defined here",
    ]);
    expect(() => parseIdl(twice)).not.toThrow();
    expect(() => parseIdl(twice, { services: "combine", methods: [] })).not.toThrow();
  });

  test("none, unknown", () => {
    expect(errorsIn(() => parseIdl("struct S {}").service())).toEqual([
      "1:1 there is no service in this file",
    ]);
    expect(errorsIn(() => parseIdl(source).service("a"))).toEqual([
      "<type>:1:1 there is no service `a`; did you mean `A`?",
    ]);
    expect(errorsOf("service Users {}", { services: { name: "User" } })).toEqual([
      "1:1 there is no service `User`; did you mean `Users`?",
    ]);
  });
});

describe("the option methods", () => {
  const source = "service P { void get(), void put() }\nservice S extends P { void list(), void drop() }";

  test("keeps the named ones, in all services", () => {
    const idl = parseIdl(source, { methods: ["put", "list"] });
    expect(idl.service("S").methods.map((method) => method.name)).toEqual(["list", "put"]);
    expect(idl.service("P").methods.map((method) => method.name)).toEqual(["put"]);
    expect(() => idl.service("S").method("drop")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    expect(methodsOf(source, "S")).toEqual(["list", "drop", "get", "put"]);
  });

  test("warns of unknown names", () => {
    expect(warningsOf(source, { methods: ["put", "lst"] })).toEqual([
      "1:1 no service has the method `lst` that the option `methods` names; did you mean `list`?",
    ]);
  });
});

describe("streaming", () => {
  test.each<[string, string]>([
    ["", "none"],
    ['(streaming.mode = "unary")', "none"],
    ['(streaming.mode = "client")', "client"],
    ['(streaming.mode = "server")', "server"],
    ['(streaming.mode = "bidirectional")', "bidirectional"],
  ])("%s", (annotations, expected) => {
    const method = methodOf(`struct R {}\nservice S { R m(1: R r) ${annotations} }`);
    expect(method.streaming).toBe(expected);
    // The wrappers stay, so that the bare types are at hand as field 1 and `returnType`.
    expect([method.args.fields[0]?.type.name, method.returnType?.name]).toEqual(["R", "R"]);
  });
});

describe("what depends on the method", () => {
  const source = `
struct Plain { 1: i32 a, 2: Plain next }
struct Leaf { 1: i32 shown, 2: i32 hidden (api.none = "true") }
struct Inner { 1: Leaf leaf, 2: map<string, list<Leaf>> leaves, 3: Plain plain, 4: Inner self }
struct Gone { 1: i32 a, 2: i32 b (dynamicgo.deprecated = ""), 3: i32 c (agw.target = "ignore") }
exception E { 1: i32 code (api.none = "") }
service S {
  Inner inner(1: Inner i) throws (1: E e)
  Plain plain(1: Plain p)
  list<Leaf> leaves(1: list<Leaf> l)
}`;
  const idl = parseIdl(source);
  const service = idl.service();

  test("api.none fields are absent in responses at every depth", () => {
    const { returnType, args, exceptions } = service.method("inner");
    const inner = asStruct(returnType);
    expect(inner).not.toBe(idl.struct("Inner"));
    expect(inner.name).toBe("Inner");
    const leaf = asStruct(inner.fieldByName("leaf")?.type);
    expect(leaf.fields.map((field) => field.name)).toEqual(["shown"]);
    expect([leaf.fieldById(2), leaf.fieldByName("hidden"), leaf.fieldByKey("hidden")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const leaves = inner.fieldByName("leaves")?.type;
    expect(leaves?.name).toBe("map<string,list<Leaf>>");
    expect(leaves?.kind === "map" && leaves.value.kind === "list" && leaves.value.element).toBe(leaf);
    // The variant of a recursive type is made once, and what is not affected stays what it is.
    expect(inner.fieldByName("self")?.type).toBe(inner);
    expect(inner.fieldByName("plain")?.type).toBe(idl.struct("Plain"));
    expect(inner.fields[0]?.parent).toBe(inner);
    expect(args.fields[0]?.type).toBe(idl.struct("Inner"));
    expect(exceptions[0]?.type).toBe(idl.struct("E"));
  });

  test("without them the response type is the plain one", () => {
    expect(service.method("plain").returnType).toBe(idl.struct("Plain"));
    expect(service.method("plain").result.fieldById(0)?.type).toBe(idl.struct("Plain"));
  });

  test("in containers, and one variant for all methods", () => {
    const type = service.method("leaves").returnType;
    const inner = asStruct(service.method("inner").returnType);
    expect(type?.kind === "list" && type.element).toBe(inner.fieldByName("leaf")?.type);
    expect(service.method("leaves").args.fields[0]?.type).toBe(idl.type("list<Leaf>"));
  });

  test("dynamicgo.deprecated and agw.target=ignore fields are absent everywhere", () => {
    expect(idl.struct("Gone").fields.map((field) => field.name)).toEqual(["a"]);
  });

  test("a chain of 20,000 structs down to an api.none field", () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `struct S${i} { 1: S${i + 1} s }`);
    const chain = `${lines.join("\n")}\nstruct S20000 { 1: i32 x (api.none = "") }\nservice V { S0 m(1: S0 s) }`;
    const long = parseIdl(chain);
    const { returnType, args } = long.service().method("m");
    expect(returnType).not.toBe(long.struct("S0"));
    expect(args.fields[0]?.type).toBe(long.struct("S0"));
  });
});

describe("naming cases", () => {
  // Mirrors the executed cases of dynamicgo's TestNameCase.
  const source = `
struct Base1 { 1: string InnerBase (agw.to_snake = "false"), 2: string Msg, 3: string logID (agw.to_lower_camel_case = "false"), 4: string req_list }
struct Base2 { 1: string InnerBase (agw.to_snake = "false"), 2: string Msg, 3: string logID, 4: string req_list (agw.to_lower_camel_case = "true") } (agw.to_snake = "False")
struct Base3 { 1: string InnerBase, 2: string Msg, 3: string logID, 4: string req_list }
struct Base4 { 1: string InnerBase (agw.to_snake = "true"), 2: string Msg (agw.to_lower_camel_case = "false"), 3: string logID, 4: string req_list } (agw.to_snake = "falsE")
service S {
  Base2 m1(1: Base1 req) (agw.to_snake = "True")
  Base4 m2(1: Base3 req) (agw.to_lower_camel_case = "True")
  Base4 m3(1: Base3 req) (agw.to_snake = "True")
  Base3 m4(1: Base3 req)
}`;
  const idl = parseIdl(source);
  const aliases = (type: TypeDescriptor | undefined): string[] =>
    asStruct(type).fields.map((field) => field.alias);

  test.each<[string, string[], string[]]>([
    ["m1", ["InnerBase", "msg", "log_id", "req_list"], ["InnerBase", "Msg", "logID", "reqList"]],
    ["m2", ["innerBase", "msg", "logID", "reqList"], ["inner_base", "Msg", "logID", "reqList"]],
    ["m3", ["inner_base", "msg", "log_id", "req_list"], ["inner_base", "Msg", "logID", "req_list"]],
    ["m4", ["InnerBase", "Msg", "logID", "req_list"], ["InnerBase", "Msg", "logID", "req_list"]],
  ])("%s", (name, request, response) => {
    const method = idl.service().method(name);
    expect(aliases(method.args.fields[0]?.type)).toEqual(request);
    expect(aliases(method.returnType)).toEqual(response);
    expect(asStruct(method.args.fields[0]?.type).fieldByKey(request[2]!)?.name).toBe("logID");
  });

  test("without effect, the plain struct is used", () => {
    expect(idl.service().method("m4").returnType).toBe(idl.struct("Base3"));
    expect(idl.service().method("m3").args.fields[0]?.type).not.toBe(idl.struct("Base3"));
    expect(
      parseIdl('struct R { 1: i32 a }\nservice S { R m(1: R r) } (agw.to_snake = "")').service().method("m")
        .returnType?.name,
    ).toBe("R");
  });

  test("from the service, in containers, not in structs inside", () => {
    const nested = parseIdl(
      'struct In { 1: i32 MyId }\nstruct Out { 1: In MyIn }\nservice S { list<Out> m(1: Out MyArg) } (agw.to_snake = "true")',
    );
    const { args, returnType } = nested.service().method("m");
    const out = asStruct(args.fields[0]?.type);
    expect([args.fields[0]?.alias, ...aliases(out), ...aliases(out.fields[0]?.type)]).toEqual([
      "MyArg",
      "my_in",
      "MyId",
    ]);
    expect(returnType?.kind === "list" && returnType.element).toBe(out);
    expect(out.fields[0]?.type).toBe(nested.struct("In"));
  });

  test("HTTP keys follow the case even where the JSON key is given", () => {
    const idl = parseIdl(
      `struct R { 1: string MyId (agw.source = "query", go.tag = 'json:"x"') }\nservice S { void m(1: R r) } (agw.to_snake = "true")`,
    );
    const [field] = asStruct(idl.service().method("m").args.fields[0]?.type).fields;
    expect([field?.alias, field?.mappings.http]).toEqual(["x", [{ place: "query", key: "my_id" }]]);
  });
});
