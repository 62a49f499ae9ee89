import { describe, expect, it } from "vitest";
import { resolveTarget, type Target, typeOfTarget } from "../../src/cli/type-expression.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { type Idl, parseIdl } from "../../src/index.ts";
import { API_THRIFT, BASE_THRIFT } from "./support/files.ts";

const sources = {
  "base.thrift": BASE_THRIFT,
  "more.thrift": "service Users { void other() } service Odd { void a(), void result() }",
};
const idl = parseIdl(`include "more.thrift"\n${API_THRIFT}`, { sources });

function show(target: Target): string {
  if (target.kind === "type") return `type ${target.type.name}`;
  if (target.kind === "service") return `service ${target.service.name}`;
  return `method ${target.service.name} ${target.method.name} ${target.part}`;
}

describe("means", () => {
  it.each([
    ["User", "type User"],
    ["base.Point", "type Point"],
    ["Role", "type Role"],
    ["i64", "type i64"],
    ["list<User>", "type list<User>"],
    [" map<string, list<base.Point>> ", "type map<string,list<Point>>"],
    ["Users.get:args", "method Users get args"],
    ["Users.get:result", "method Users get result"],
    // Inherited.
    ["Users.ping:args", "method Users ping args"],
    ["Health.ping:result", "method Health ping result"],
    // The last service of the file.
    ["get:args", "method Users get args"],
    ["more.Odd.result:result", "method Odd result result"],
    ["more.Users.other:args", "method Users other args"],
    // What only fits where the messages tell the rest.
    ["Users", "service Users"],
    ["more.Odd", "service Odd"],
    ["Users.get", "method Users get undefined"],
    ["more.Odd.a", "method Odd a undefined"],
  ])("%s", (text, expected) => {
    expect(show(resolveTarget(idl, text))).toBe(expected);
  });
});

function messageOf(resolve: () => unknown): string {
  try {
    resolve();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("expected a UsageError");
}

const SEVERAL = parseIdl(`
  service A { void all(), void admit() }
  service B { void all() }
  service Users { void get() }
  service Inherits extends Users {}
  service Admin { void admit2() }
`);

describe("is refused", () => {
  it.each<[text: string, message: string, from?: Idl]>([
    ["", "the TYPE is empty"],
    [" ", "the TYPE is empty"],
    ["Usr", "there is no type `Usr`; did you mean `User`?"],
    ["Point", "there is no type `Point`; did you mean `base.Point`?"],
    ["list<Usr>", "there is no type `Usr`; did you mean `User`?\nlist<Usr>\n     ^"],
    ["list<User", "expected `>`, found the end\nlist<User\n         ^"],
    [
      "bse.Point",
      "there is no type `bse.Point`: no file `bse.thrift` is included here; did you mean `base.Point`?",
    ],
    ["Users.gett", "service `Users` has no method `gett`; did you mean `get`?"],
    ["Users.gett:args", "service `Users` has no method `gett`; did you mean `get`?"],
    ["User.get:args", "there is no service `User`; did you mean `Users`?"],
    ["Users.get:argz", "a method has `:args` and `:result`, not `:argz`; did you mean `args`?"],
    ["Users.get:", "a method has `:args` and `:result`, not `:`"],
    [":args", "`:args` names no method; write `Service.method:args`"],
    ["Users.:args", "`Users.:args` names no method; write `Service.method:args`"],
    ["get:args", "there is no service in this file", parseIdl("struct A {}")],
    // Methods of other services than the one that is meant.
    ["report", "there is no type `report`; did you mean `Health.report`?"],
    ["get:args", "service `Admin` has no method `get`; did you mean `Users.get:args`?", SEVERAL],
    ["Admin.get:result", "service `Admin` has no method `get`; did you mean `Users.get:result`?", SEVERAL],
    ["Admin.get", "service `Admin` has no method `get`; did you mean `Users.get`?", SEVERAL],
    ["get", "there is no type `get`; did you mean `Users.get`?", SEVERAL],
    ["all:args", "service `Admin` has no method `all`; did you mean `A.all:args` or `B.all:args`?", SEVERAL],
    ["admit:args", "service `Admin` has no method `admit`; did you mean `admit2`?", SEVERAL],
    ["none:args", "service `Admin` has no method `none`", SEVERAL],
    ["bse.get", "there is no type `bse.get`: no file `bse.thrift` is included here", SEVERAL],
  ])("%j", (text, message, from = idl) => {
    expect(messageOf(() => resolveTarget(from, text))).toBe(message);
  });

  it.each([
    ["Users", "`Users` is a service; say which struct of which method is meant, such as `Users.get:args`"],
    [
      "Users.get",
      "`Users.get` is a method; say which of its structs is meant: `Users.get:args` or `Users.get:result`",
    ],
  ])("%s where a type is needed", (text, message) => {
    expect(messageOf(() => typeOfTarget(resolveTarget(idl, text), text))).toBe(message);
  });
});

it("gives the struct of a method", () => {
  expect(typeOfTarget(resolveTarget(idl, "Users.get:result"), "")).toBe(
    idl.service("Users").method("get").result,
  );
  expect(typeOfTarget(resolveTarget(idl, "User"), "")).toBe(idl.struct("User"));
});
