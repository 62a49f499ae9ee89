import { describe, expect, test } from "vitest";
import { builtinAnnotations, createAnnotationRegistry } from "../../src/annotation/registry.ts";
import type { Annotations } from "../../src/descriptor/annotations.ts";
import type { HttpMapping, ValueMapping } from "../../src/descriptor/mapping.ts";
import type { NamingCase } from "../../src/descriptor/registry.ts";
import { ThriftError } from "../../src/errors.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { expectThriftError } from "../support/errors.ts";

/** The annotations as IDL text gives them, for a field, a method or a struct alike. */
function annotationsIn(text: string): Annotations {
  return parseIdl(`struct S { 1: i32 f (${text}) }`, { annotations: untouched }).struct("S").fields[0]!
    .annotations;
}

const untouched = {
  resolveField: (name: string) => ({ alias: name, removed: "never" as const, mappings: { http: [] } }),
  resolveMethod: () => ({ streaming: "none" as const, endpoints: [] }),
  resolveNaming: () => undefined,
};

function field(text: string, name = "FieldName1", naming?: NamingCase) {
  return builtinAnnotations.resolveField(name, annotationsIn(text), naming);
}

describe("JSON keys", () => {
  test.each<[string, string]>([
    ["", "FieldName1"],
    ['api.key = "k"', "k"],
    ['API.Key = "k"', "k"],
    ['agw.key = "k"', "k"],
    ['agw.key = "a", api.key = "b"', "a"],
    ['api.key = ""', ""],
    // Two values contradict each other.
    ['api.key = "a", api.key = "b"', "FieldName1"],
    [`go.tag = 'json:"k"'`, "k"],
    [`go.tag = 'json:"k,omitempty"'`, "k"],
    ['go.tag = "json:\\"k,string\\" protobuf:\\"bytes,1,opt\\""', "k"],
    [`go.tag = 'protobuf:"bytes,1" json:"k"'`, "k"],
    [`go.tag = 'db:"a b json:\\"x\\"" json:"k"'`, "FieldName1"],
    [`go.tag = 'json:"-"'`, "-"],
    [`go.tag = 'json:""'`, "FieldName1"],
    [`go.tag = 'json:",omitempty"'`, "FieldName1"],
    [`go.tag = 'xml:"k"'`, "FieldName1"],
    [`go.tag = 'json'`, "FieldName1"],
    [`go.tag = 'json:"bb"', api.key = "kk"`, "kk"],
    [`api.key = "k3", go.tag = 'json:"c3"'`, "k3"],
    ['agw.to_snake = "true"', "field_name_1"],
    ["agw.to_snake", "field_name_1"],
    ['agw.to_snake = "yes"', "FieldName1"],
    ['agw.to_lower_camel_case = "true"', "fieldName1"],
    ['janus.to_snake = "1"', "field_name_1"],
    ['agw.to_snake = "true", api.key = "k"', "k"],
    [`agw.to_snake = "true", go.tag = 'json:"k"'`, "k"],
    ['api.body = "k"', "FieldName1"],
    ['json.key = "k"', "FieldName1"],
  ])("(%s)", (text, alias) => {
    expect(field(text).alias).toBe(alias);
  });

  test.each<[NamingCase, string, string]>([
    ["snake", "", "field_name_1"],
    ["lower-camel", "", "fieldName1"],
    ["snake", 'agw.to_snake = "false"', "FieldName1"],
    ["lower-camel", 'agw.to_snake = "false"', "fieldName1"],
    ["snake", 'agw.to_lower_camel_case = "true"', "fieldName1"],
    ["snake", 'api.key = "k"', "k"],
  ])("inherited %s, (%s)", (naming, text, alias) => {
    expect(field(text, "FieldName1", naming).alias).toBe(alias);
  });

  test.each<[string, string, string]>([
    ["UserID", "user_id", "userID"],
    ["userId", "user_id", "userId"],
    ["logID", "log_id", "logID"],
    ["ID", "id", "id"],
    ["JSONData", "json_data", "jSONData"],
    ["req_list", "req_list", "reqList"],
    ["InnerBase", "inner_base", "innerBase"],
    ["abc123def", "abc_123_def", "abc123Def"],
    ["A1", "a_1", "a1"],
    ["_leading", "_leading", "Leading"],
    ["a__b", "a__b", "aB"],
    ["ABC", "abc", "aBC"],
    ["x", "x", "x"],
  ])("%s is %s and %s", (name, snake, camel) => {
    expect(field("", name, "snake").alias).toBe(snake);
    expect(field("", name, "lower-camel").alias).toBe(camel);
  });
});

describe("naming in force below", () => {
  test.each<[NamingCase | undefined, string, NamingCase | undefined]>([
    [undefined, "", undefined],
    ["snake", "", "snake"],
    [undefined, 'agw.to_snake = "true"', "snake"],
    ["lower-camel", 'agw.to_snake = "true"', "snake"],
    ["snake", 'agw.to_snake = "false"', undefined],
    ["lower-camel", 'agw.to_snake = "false"', "lower-camel"],
    [undefined, 'agw.to_snake = "false", agw.to_lower_camel_case = "true"', "lower-camel"],
    [undefined, 'agw.to_snake = "true", agw.to_lower_camel_case = "true"', "snake"],
  ])("%s, (%s)", (inherited, text, expected) => {
    expect(builtinAnnotations.resolveNaming(annotationsIn(text), inherited)).toBe(expected);
  });
});

describe("removed fields", () => {
  test.each<[string, string]>([
    ["", "never"],
    ['api.none = "true"', "response"],
    ['api.none = ""', "response"],
    ['dynamicgo.deprecated = ""', "always"],
    ['api.none = "", dynamicgo.deprecated = ""', "always"],
    ['agw.target = "ignore"', "always"],
    ['agw.target = "IGNORE"', "always"],
    ['agw.source = "ignore"', "never"],
    ['agw.target = "body"', "never"],
  ])("(%s)", (text, removed) => {
    expect(field(text).removed).toBe(removed);
  });
});

describe("value mappings", () => {
  test.each<[string, ValueMapping | undefined]>([
    ["", undefined],
    ['api.js_conv = ""', { kind: "string-numbers" }],
    ['api.js_conv = "false"', { kind: "string-numbers" }],
    ['Api.JS_conv = "true"', { kind: "string-numbers" }],
    ['agw.js_conv = "str"', { kind: "string-numbers" }],
    ['agw.body_dynamic = ""', { kind: "raw-json" }],
    ['api.js_conv = "", agw.body_dynamic = ""', { kind: "string-numbers" }],
  ])("(%s)", (text, expected) => {
    expect(field(text).mappings.value).toEqual(expected);
  });
});

describe("HTTP mappings", () => {
  test.each<[string, HttpMapping[]]>([
    ["", []],
    ['api.query = "q"', [{ place: "query", key: "q" }]],
    ['api.path = "p"', [{ place: "path", key: "p" }]],
    ['API.HEADER = "h"', [{ place: "header", key: "h" }]],
    ['api.cookie = "c"', [{ place: "cookie", key: "c" }]],
    ['api.body = "b"', [{ place: "body", key: "b" }]],
    ['api.form = "f"', [{ place: "form", key: "f" }]],
    ['api.raw_body = ""', [{ place: "raw_body", key: "" }]],
    ['api.raw_uri = ""', [{ place: "raw_uri", key: "" }]],
    ['api.http_code = ""', [{ place: "http_code", key: "" }]],
    ['api.no_body_struct = ""', [{ place: "no_body_struct", key: "" }]],
    [
      'api.header = "h", api.query = "q"',
      [
        { place: "header", key: "h" },
        { place: "query", key: "q" },
      ],
    ],
    ['agw.source = "query"', [{ place: "query", key: "FieldName1" }]],
    ['agw.source = "post", agw.key = "k"', [{ place: "form", key: "k" }]],
    ['agw.source = "not_body_struct"', [{ place: "no_body_struct", key: "FieldName1" }]],
    ['agw.source = "body"', []],
    ['agw.target = "header", agw.to_snake = "true"', [{ place: "header", key: "field_name_1" }]],
    ['agw.target = "http_code"', [{ place: "http_code", key: "FieldName1" }]],
    ['agw.target = "query"', []],
    // A Go tag names the JSON key only.
    [`agw.source = "query", go.tag = 'json:"t"'`, [{ place: "query", key: "FieldName1" }]],
    ['api.vd = "x", api.unknown = "y"', []],
  ])("(%s)", (text, expected) => {
    expect(field(text).mappings.http).toEqual(expected);
  });
});

describe("methods", () => {
  test.each<[string, [string, string][]]>([
    ["", []],
    [
      'api.get = "/x", api.get = "/z", api.post = "/y"',
      [
        ["GET", "/x"],
        ["POST", "/y"],
      ],
    ],
    ['API.Put = "/p"', [["PUT", "/p"]]],
    [
      'api.delete = "/a", api.patch = "/b", api.head = "/c", api.options = "/d", api.connect = "/e", api.trace = "/f"',
      [
        ["DELETE", "/a"],
        ["PATCH", "/b"],
        ["HEAD", "/c"],
        ["OPTIONS", "/d"],
        ["CONNECT", "/e"],
        ["TRACE", "/f"],
      ],
    ],
    ['api.fetch = "/x"', []],
  ])("(%s)", (text, expected) => {
    const { endpoints } = builtinAnnotations.resolveMethod("m", annotationsIn(text));
    expect(endpoints.map(({ method, path }) => [method, path])).toEqual(expected);
  });

  test("an unknown streaming mode throws", () => {
    expect(() => builtinAnnotations.resolveMethod("m", annotationsIn('streaming.mode = "foo"'))).toThrow(
      new ThriftError(
        "INVALID_IDL",
        "`streaming.mode` must be unary, client, server, bidirectional, got `foo`",
      ),
    );
  });
});

describe("annotations of one's own", () => {
  const mask: ValueMapping = {
    kind: "custom",
    name: "mask",
    jsonToThrift: (json, context) => context.fromJson(json),
    thriftToJson: () => '"***"',
  };
  const registry = createAnnotationRegistry({
    keys: {
      "my.key": ([key], name) => (key === "1" ? `my_${name}` : key),
      "api.key": () => undefined,
    },
    values: { "My.Mask": ([mode]) => (mode === "off" ? undefined : mask) },
    http: { "my.header": ([key = ""]) => ({ place: "header", key }) },
  });
  const resolve = (text: string) => registry.resolveField("a", annotationsIn(text), undefined);

  test.each<[string, string]>([
    ['my.key = "k"', "k"],
    ["my.key", "my_a"],
    ['MY.KEY = "k"', "k"],
    ['api.key = "b", my.key = "k"', "k"],
    ['api.key = "b"', "b"],
    [`go.tag = 'json:"t"'`, "t"],
  ])("keys: (%s)", (text, alias) => {
    expect(resolve(text).alias).toBe(alias);
  });

  test("values and http", () => {
    expect(resolve("my.mask").mappings.value).toBe(mask);
    expect(resolve('my.mask = "off", api.js_conv = ""').mappings.value).toEqual({ kind: "string-numbers" });
    expect(resolve('my.header = "x", api.query = "y"').mappings.http).toEqual([
      { place: "header", key: "x" },
      { place: "query", key: "y" },
    ]);
  });

  test("reach descriptors", () => {
    const idl = parseIdl('struct S { 1: string secret (my.mask, my.key = "s") }', { annotations: registry });
    expect(idl.struct("S").fieldByKey("s")?.mappings.value).toBe(mask);
  });

  test.each<[object, string]>([
    [{ key: {} }, "createAnnotationRegistry: unknown option `key`; did you mean `keys`?"],
    [{ keys: { a: "b" } }, "option `keys`: `a` must be a function"],
  ])("%o", (options, message) => {
    expect(() => createAnnotationRegistry(options)).toThrow(new ThriftError("INVALID_OPTION", message));
  });

  const jsonToThrift = (): Uint8Array => new Uint8Array();
  const thriftToJson = (): string => "0";
  const kinds = "(string-numbers, raw-json, custom)";
  test.each<["keys" | "values" | "http", unknown, string]>([
    ["values", { name: "m", jsonToThrift, thriftToJson }, `must have a \`kind\` ${kinds}, got undefined`],
    ["values", { kind: 5 }, `must have a \`kind\` ${kinds}, got 5`],
    ["values", { kind: "Custom" }, "has the unknown kind `Custom`; did you mean `custom`?"],
    ["values", null, "must be a value mapping or undefined, got null"],
    ["values", 5, "must be a value mapping or undefined, got 5"],
    ["values", "raw-json", 'must be a value mapping or undefined, got "raw-json"'],
    ["values", [], "must be a value mapping or undefined, got an array"],
    ["values", Promise.resolve(), `must have a \`kind\` ${kinds}, got undefined`],
    ["values", { kind: "custom", jsonToThrift, thriftToJson }, "`name` must be a string, got undefined"],
    [
      "values",
      { kind: "custom", name: "m", thriftToJson },
      "`jsonToThrift` must be a function, got undefined",
    ],
    [
      "values",
      { kind: "custom", name: "m", jsonToThrift, thriftToJson: "" },
      '`thriftToJson` must be a function, got ""',
    ],
    ["keys", 5, "must be a string or undefined, got 5"],
    ["keys", null, "must be a string or undefined, got null"],
    ["http", 5, "must be an HTTP mapping or undefined, got 5"],
    ["http", null, "must be an HTTP mapping or undefined, got null"],
    ["http", { place: "heder", key: "h" }, "has the unknown place `heder`; did you mean `header`?"],
    ["http", { place: "header" }, "`key` must be a string, got undefined"],
  ])("%s that give %o", (option, answer, message) => {
    const annotations = createAnnotationRegistry({ [option]: { "My.x": () => answer } });
    const subject = `option \`${option}\`: what \`my.X\` gives for the field \`a\``;
    expectThriftError(() => parseIdl("struct S { 1: string a (my.X) }", { annotations }), {
      code: "INVALID_OPTION",
      message: `${subject}${message.startsWith("`") ? ":" : ""} ${message}`,
    });
  });
});
