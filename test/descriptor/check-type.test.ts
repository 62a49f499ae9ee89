import { describe, expect, it } from "vitest";
import { checkType } from "../../src/descriptor/check-type.ts";
import { Dom, Value } from "../../src/index.ts";
import { jsonToThrift, parseIdl, thriftToJson } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";

const idl = parseIdl("struct S { 1: S s }\nenum E { A }\nunion U { 1: i32 a }");

const selfContaining: Record<string, unknown> = { kind: "list", ttype: 15 };
selfContaining.element = selfContaining;

describe("types", () => {
  it.each([
    ["S"],
    ["U"],
    ["E"],
    ["bool"],
    ["uuid"],
    ["binary"],
    ["list<S>"],
    ["set<list<i32>>"],
    ["map<E, map<S, list<U>>>"],
  ])("%s", (name) => {
    expect(() => checkType("f", idl.type(name))).not.toThrow();
  });
});

describe("what is no type", () => {
  it.each<[value: unknown, found?: string]>([
    [{ kind: "struct" }],
    [{ kind: "struct", ttype: 12, fields: [] }],
    [{ kind: "list" }],
    [{ kind: "list", ttype: 15 }],
    [{ kind: "list", ttype: 15, element: "i32" }],
    [{ kind: "list", ttype: 15, element: { kind: "struct" } }],
    [{ kind: "map", ttype: 13, key: idl.type("i32") }],
    [{ kind: "enum", ttype: 8 }],
    [{ kind: "i32" }],
    [{ kind: "constructor", ttype: 8 }],
    [{}],
    [[], "an array"],
    [null, "null"],
    [undefined, "undefined"],
    ["S", "a string"],
    [() => idl.struct("S"), "a function"],
  ])("%o", (value, found = "an object") => {
    const calls: Readonly<Record<string, () => unknown>> = {
      jsonToThrift: () => jsonToThrift(value as never),
      thriftToJson: () => thriftToJson(value as never),
      "Value.from": () => Value.from(value as never, new Uint8Array(1)),
      "Value.of": () => Value.of(value as never, {}),
      "Value.empty": () => Value.empty(value as never),
      "Dom.load": () => Dom.load(value as never, new Uint8Array(1)),
    };
    for (const [caller, call] of Object.entries(calls)) {
      expectThriftError(call, {
        code: "INVALID_OPTION",
        message: `${caller}: the first argument must be a type, such as idl.struct("Name") or idl.type("list<Name>"), got ${found}`,
      });
    }
  });

  it("a list that contains itself has the form of one", () => {
    expect(() => checkType("f", selfContaining)).not.toThrow();
  });
});
