import { describe, expect, test } from "vitest";
import { createAnnotationRegistry } from "../../src/annotation/registry.ts";
import type { Annotations } from "../../src/descriptor/annotations.ts";
import type { AnnotationRegistry } from "../../src/descriptor/registry.ts";
import { ThriftError } from "../../src/errors.ts";
import { loadIdl, loadIdlSync, parseIdl } from "../../src/idl/idl.ts";
import type { IdlOptions } from "../../src/idl/options.ts";
import { expectThriftError } from "../support/errors.ts";
import { errorsIn, errorsOf, warningsOf } from "./problems.ts";

describe("options that make no sense", () => {
  test.each<[string, object, string]>([
    ["an unknown name", { filename: "a" }, "parseIdl: unknown option `filename`; did you mean `fileName`?"],
    ["an unknown name far from all others", { zzz: 1 }, "parseIdl: unknown option `zzz`"],
    ["__proto__", JSON.parse('{"__proto__": 1}'), "parseIdl: unknown option `__proto__`"],
    ["fileName", { fileName: 1 }, "option `fileName` must be a string, got 1"],
    ["sources", { sources: "x" }, 'option `sources` must be an object or a Map, got "x"'],
    ["resolveInclude", { resolveInclude: {} }, "option `resolveInclude` must be a function, got an object"],
    [
      "includeDirs",
      { includeDirs: ["a", 1] },
      "option `includeDirs` must be an array of strings, got an array",
    ],
    ["signal", { signal: true }, "option `signal` must be an AbortSignal, got true"],
    [
      "services",
      { services: "lst" },
      'option `services` must be "last", "first", "combine" or { name: "lst" }, got "lst"; did you mean `last`?',
    ],
    [
      "services",
      { services: "Users" },
      'option `services` must be "last", "first", "combine" or { name: "Users" }, got "Users"',
    ],
    [
      "services",
      { services: null },
      'option `services` must be "last", "first", "combine" or { name: string }, got null',
    ],
    ["services.name", { services: { name: 1 } }, "option `services.name` must be a string, got 1"],
    [
      "services.nam",
      { services: { nam: "A" } },
      "option `services`: unknown option `nam`; did you mean `name`?",
    ],
    ["methods", { methods: "get" }, 'option `methods` must be an array of strings, got "get"'],
    [
      "fieldKeys",
      { fieldKeys: "names" },
      'option `fieldKeys` must be "alias", "name" or "both", got "names"; did you mean `name`?',
    ],
    [
      "annotations",
      { annotations: {} },
      "option `annotations` must be an annotation registry, got an object",
    ],
  ])("%s", (_, options, message) => {
    expect(() => parseIdl("struct S {}", options as IdlOptions)).toThrow(
      new ThriftError("INVALID_OPTION", message),
    );
  });

  test.each([null, 1, "x", []])("%o instead of options", (options) => {
    expect(() => parseIdl("", options as never)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });

  test("the loaders check too", async () => {
    const options = { nope: 1 } as IdlOptions;
    expect(() => loadIdlSync("x.thrift", options)).toThrow("loadIdlSync: unknown option `nope`");
    await expect(loadIdl("x.thrift", options)).rejects.toThrow("loadIdl: unknown option `nope`");
  });
});

describe("fieldKeys", () => {
  const source = 'struct S { 1: i32 id (api.key = "ID"), 2: i32 name, 3: i32 other (api.key = "name") }';

  test.each<["alias" | "name" | "both" | undefined, Record<string, number | undefined>]>([
    [undefined, { ID: 1, id: undefined, name: 2, other: undefined }],
    ["alias", { ID: 1, id: undefined, name: 2, other: undefined }],
    ["name", { ID: undefined, id: 1, name: 2, other: 3 }],
    ["both", { ID: 1, id: 1, name: 2, other: 3 }],
  ])("%s", (fieldKeys, expected) => {
    const struct = parseIdl(source, fieldKeys === undefined ? {} : { fieldKeys }).struct("S");
    for (const [key, id] of Object.entries(expected)) {
      expect(struct.fieldByKey(key)?.id, key).toBe(id);
      expect(struct.fieldKeys.get(key)?.id, key).toBe(id);
    }
    expect(struct.fields.map((field) => field.alias)).toEqual(["ID", "name", "name"]);
    expect(struct.fieldByName("other")?.id).toBe(3);
  });

  test("of two fields with one key the first one has it, with a warning", () => {
    const twice = 'struct S { 1: i32 a (api.key = "x"), 2: i32 b (api.key = "x") }';
    expect(parseIdl(twice).struct("S").fieldByKey("x")?.name).toBe("a");
    expect(warningsOf(twice)).toEqual([
      "1:45 the JSON key of `b` finds the field `a` instead; 1:19 this field has the same key",
    ]);
    expect(warningsOf(twice, { fieldKeys: "name" })).toEqual([]);
  });

  test("under both, a name beats an alias that is declared before it", () => {
    const source = 'struct S { 1: i32 a (api.key = "b"), 2: i32 b }';
    expect(parseIdl(source, { fieldKeys: "both" }).struct("S").fieldByKey("b")?.name).toBe("b");
    expect(parseIdl(source).struct("S").fieldByKey("b")?.name).toBe("a");
    expect(warningsOf(source, { fieldKeys: "both" })).toEqual([
      "1:19 the JSON key of `a` finds the field `b` instead; 1:45 this field has the same key",
    ]);
  });

  test("applies to arguments", () => {
    const { args } = parseIdl('service S { void m(1: i32 a (api.key = "x")) }').service().method("m");
    expect(args.fieldByKey("x")?.name).toBe("a");
  });
});

describe("annotations", () => {
  test("a registry of one's own", () => {
    const annotations = createAnnotationRegistry({ keys: { "my.key": ([key]) => key } });
    const source = 'struct S { 1: i32 a (my.key = "A") }';
    expect(parseIdl(source, { annotations }).struct("S").fieldByKey("A")?.name).toBe("a");
    expect(parseIdl(source).struct("S").fieldByKey("A")).toBeUndefined();
  });

  test("any object of that shape will do", () => {
    const annotations: AnnotationRegistry = {
      resolveField: (name) => ({ alias: name.toUpperCase(), removed: "never", mappings: { http: [] } }),
      resolveMethod: () => ({ streaming: "server", endpoints: [] }),
      resolveNaming: () => undefined,
    };
    const idl = parseIdl("struct S { 1: i32 a }\nservice V { void m() }", { annotations });
    expect(idl.struct("S").fields[0]?.alias).toBe("A");
    expect(idl.service().method("m").streaming).toBe("server");
  });

  test("what a registry throws", () => {
    const failure = new Error("boom");
    const throwing = (error: Error): IdlOptions => ({
      annotations: {
        resolveField: (name) => ({ alias: name, removed: "never", mappings: { http: [] } }),
        resolveMethod: () => {
          throw error;
        },
        resolveNaming: () => undefined,
      },
    });
    const source = 'service S { void m() (x = "") }';
    expect(errorsIn(() => parseIdl(source, throwing(new ThriftError("INVALID_IDL", "no x here"))))).toEqual([
      "1:23 no x here",
    ]);
    expect(() => parseIdl(source, throwing(failure))).toThrow(
      expect.objectContaining({ code: "FAILED_MAPPING", cause: failure }),
    );
  });

  describe("what a registry objects to", () => {
    const object = (message: string): never => {
      throw new ThriftError("INVALID_IDL", message);
    };
    const check = (name: string, annotations: Annotations): void => {
      if (name === "bad") object("no such name");
      if (annotations.has("bad")) object("no such annotation");
      if (annotations.get("max")?.some((value) => value === "x")) object("`max` must be a number");
      if (annotations.has("min") && annotations.has("max")) object("`min` and `max` exclude each other");
      if (annotations.has("needs") && !annotations.has("other")) object("`needs` needs `other`");
      if (annotations.has("throws")) throw new RangeError("boom");
    };
    const annotations: AnnotationRegistry = {
      resolveField: (name, given) => {
        check(name, given);
        return { alias: name, removed: "never", mappings: { http: [] } };
      },
      resolveMethod: (name, given) => {
        check(name, given);
        return { streaming: "none", endpoints: [] };
      },
      resolveNaming: () => undefined,
    };

    test.each<[written: string, at: string, message: string]>([
      ["a (bad)", "bad", "no such annotation"],
      ["a (x, bad, y)", "bad", "no such annotation"],
      ["a (x, y, bad)", "bad", "no such annotation"],
      ['a (max = "1", max = "x")', 'max = "x"', "`max` must be a number"],
      ['a (needs, other, max = "x")', 'max = "x"', "`max` must be a number"],
      ["a (x, needs, y)", "needs", "`needs` needs `other`"],
      ["a (x, min, max)", "x", "`min` and `max` exclude each other"],
      ['a (throws, max = "x")', 'max = "x"', "`max` must be a number"],
      ["bad", "bad", "no such name"],
    ])("%s: at %s", (written, at, message) => {
      const field = "struct S {\n1: i32 ";
      const column = "1: i32 ".length + written.indexOf(at) + 1;
      expect(errorsOf(`${field}${written} }`, { annotations })).toEqual([`2:${column} ${message}`]);
      const method = written.replace(/^\w+/, "$&()");
      const methodColumn = "void ".length + method.indexOf(at) + 1;
      expect(errorsOf(`service S {\nvoid ${method} }`, { annotations })).toEqual([
        `2:${methodColumn} ${message}`,
      ]);
    });
  });

  const plain = { alias: "a", removed: "never", mappings: { http: [] } };
  test.each<[string, unknown, string]>([
    ["resolveField", undefined, "for the field `a`: `alias` must be a string, got undefined"],
    ["resolveField", null, "for the field `a`: `alias` must be a string, got undefined"],
    [
      "resolveField",
      { ...plain, removed: "allways" },
      'for the field `a`: `removed` must be one of never, response, always, got "allways"',
    ],
    [
      "resolveField",
      { ...plain, mappings: null },
      "for the field `a`: `mappings.http` must be an array, got undefined",
    ],
    [
      "resolveField",
      { ...plain, mappings: { value: null, http: [] } },
      "for the field `a`: `mappings.value` must be a value mapping or undefined, got null",
    ],
    [
      "resolveField",
      { ...plain, mappings: { value: { name: "m" }, http: [] } },
      "for the field `a`: `mappings.value` must have a `kind` (string-numbers, raw-json, custom), got undefined",
    ],
    [
      "resolveField",
      { ...plain, mappings: { http: [5] } },
      "for the field `a`: a member of `mappings.http` must be an HTTP mapping or undefined, got 5",
    ],
    [
      "resolveMethod",
      undefined,
      "for the method `m`: `streaming` must be one of none, client, server, bidirectional, got undefined",
    ],
    [
      "resolveMethod",
      { streaming: "none" },
      "for the method `m`: `endpoints` must be an array, got undefined",
    ],
    ["resolveNaming", "camel", 'the naming case must be one of snake, lower-camel, got "camel"'],
    ["resolveNaming", null, "the naming case must be one of snake, lower-camel, got null"],
  ])("a registry whose %s gives %o", (name, answer, message) => {
    const annotations: AnnotationRegistry = {
      resolveField: () => ({ alias: "a", removed: "never", mappings: { http: [] } }),
      resolveMethod: () => ({ streaming: "none", endpoints: [] }),
      resolveNaming: () => undefined,
      [name]: () => answer,
    };
    expectThriftError(() => parseIdl("struct S { 1: i32 a }\nservice V { void m() }", { annotations }), {
      code: "INVALID_OPTION",
      message: `the annotation registry${name === "resolveNaming" ? ":" : ","} ${message}`,
    });
  });

  test("what a resolver for a field throws", () => {
    const throwing = (error: Error): IdlOptions => ({
      annotations: createAnnotationRegistry({
        keys: {
          "my.key": () => {
            throw error;
          },
        },
      }),
    });
    const source = 'struct S { 1: i32 a, 2: i32 b (my.key = "x") }';
    const failure = new RangeError("boom");
    expect(errorsIn(() => parseIdl(source, throwing(new ThriftError("INVALID_IDL", "bad key"))))).toEqual([
      "1:32 bad key",
    ]);
    expect(() => parseIdl(source, throwing(failure))).toThrow(
      expect.objectContaining({ code: "FAILED_MAPPING", cause: failure }),
    );
    expect(() => parseIdl(source, { ...throwing(failure), fieldKeys: "name" })).toThrow("for field `b`");
  });
});

describe("names and type expressions", () => {
  const idl = parseIdl(
    'include "base.thrift"\nstruct User { 1: list<User> u }\nunion U {}\nexception X {}\nenum E { A }\ntypedef User Alias\ntypedef E EnumAlias\ntypedef list<i32> L\nservice S {}',
    { sources: { "base.thrift": "struct Base {}\nenum BE { B }\nservice BS {}" } },
  );

  test.each<[string, string]>([
    ["User", "User"],
    ["base.Base", "Base"],
    ["Alias", "User"],
    ["L", "list<i32>"],
    ["i8", "byte"],
    ["uuid", "uuid"],
    ["list<User>", "list<User>"],
    [" map < string , set<base.BE> > ", "map<string,set<BE>>"],
  ])("type(%j)", (expression, expected) => {
    expect(idl.type(expression).name).toBe(expected);
    expect(idl.type(expression)).toBe(idl.type(expression));
  });

  test("one object per type", () => {
    expect(idl.type("User")).toBe(idl.struct("User"));
    expect(idl.struct("Alias")).toBe(idl.struct("User"));
    expect(idl.type("list<Alias>")).toBe(idl.struct("User").fieldByName("u")?.type);
    expect(idl.enum("EnumAlias")).toBe(idl.enum("E"));
    expect(idl.type("base.Base")).toBe(idl.struct("base.Base"));
    expect(idl.service("base.BS").name).toBe("BS");
  });

  test.each<[string, RegExp]>([
    ["Usr", /^<type>:1:1 there is no type `Usr`; did you mean `User`\?$/],
    ["list<Usr>", /^<type>:1:6 there is no type `Usr`; did you mean `User`\?$/],
    ["map<string, base.Bse>", /^<type>:1:13 there is no type `base.Bse`; did you mean `base.Base`\?$/],
    ["map<string>", /^<type>:1:11 /],
    ["list<i32", /^<type>:1:9 /],
    ["list<i32>>", /^<type>:1:10 /],
    ["", /^<type>:1:1 /],
    ["S", /^<type>:1:1 `S` is a service, not a type; 9:9 defined here$/],
  ])("type(%j)", (expression, expected) => {
    expect(errorsIn(() => idl.type(expression))[0]).toMatch(expected);
  });

  test("wrong kinds and unknown names", () => {
    expect(errorsIn(() => idl.struct("User1"))).toEqual([
      "<type>:1:1 there is no type `User1`; did you mean `User`?",
    ]);
    expect(errorsIn(() => idl.struct("E"))).toEqual(["<type>:1:1 `E` is an enum, not a struct"]);
    expect(errorsIn(() => idl.struct("L"))).toEqual(["<type>:1:1 `L` is of type list<i32>, not a struct"]);
    expect(errorsIn(() => idl.enum("U"))).toEqual(["<type>:1:1 `U` is a union, not an enum"]);
    expect(errorsIn(() => idl.enum("X"))).toEqual(["<type>:1:1 `X` is an exception, not an enum"]);
    expect(errorsIn(() => idl.struct("Base"))).toEqual([
      "<type>:1:1 there is no type `Base`; did you mean `base.Base`?",
    ]);
  });

  test("the maps hold what the root file defines", () => {
    expect([...idl.structs.keys()]).toEqual(["User", "U", "X"]);
    expect([...idl.enums.keys()]).toEqual(["E"]);
    expect([...idl.typedefs.keys()]).toEqual(["Alias", "EnumAlias", "L"]);
    expect(idl.structs.get("User")).toBe(idl.struct("User"));
  });

  test("constants carry type, annotations and doc", () => {
    const constants = parseIdl("/** The answer. */\nconst i32 X = 42").constants;
    expect(constants.get("X")).toMatchObject({
      name: "X",
      type: { kind: "i32" },
      value: 42,
      doc: "The answer.",
    });
  });
});
