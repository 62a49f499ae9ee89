import { describe, expect, it } from "vitest";
import type { MaskRule } from "../../src/index.ts";
import { jsonToThrift, parseIdl, thriftToJson } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";

const idl = parseIdl(`
  struct User { 1: i32 id, 2: string name, 3: optional User boss, 4: binary photo }
  union Contact { 1: string mail, 2: User user }
  struct Page {
    1: User author, 2: list<User> readers, 3: map<string, set<User>> groups, 4: map<User, i32> scores,
    5: Contact contact, 6: list<i32> counts
  }
  service Users { User get(1: User key) }
`);

function keep(...fields: readonly (readonly [id: unknown, rule: unknown])[]): unknown {
  return { fields: new Map(fields), otherFields: "keep" };
}

const MAP = "`fields` must be a Map of rules by field id";
const RULE = 'a rule must be "keep", "skip" or a tree of `fields` and `otherFields`';
const LACKS = 'the tree lacks `otherFields`, "keep" or "skip" for the fields that it does not name';
const KEYS = "the keys of `fields` are field ids, which are numbers";

describe("masks that are refused", () => {
  it.each<[type: string, name: string, mask: unknown, message: string, path?: string]>([
    ["Page", '"hide"', "hide", `${RULE}, got "hide"`],
    ["Page", "null", null, `${RULE}, got null`],
    ["Page", "1", 1, `${RULE}, got 1`],
    ["Page", "[]", [], `${RULE}, got an array`],
    ["Page", "{}", {}, `${MAP}, got undefined`],
    ["Page", "a Map alone", new Map([[1, "skip"]]), `${MAP}, got undefined`],
    ["Page", "fields in an object", { fields: { 1: "skip" }, otherFields: "keep" }, `${MAP}, got an object`],
    ["Page", "no otherFields", { fields: new Map() }, LACKS],
    [
      "Page",
      "otherFields: hide",
      { fields: new Map(), otherFields: "hide" },
      '`otherFields` must be "keep" or "skip", got "hide"',
    ],
    ["Page", '1: "hide"', keep([1, "hide"]), `${RULE}, got "hide"`, "author"],
    ["Page", "1: undefined", keep([1, undefined]), `${RULE}, got undefined`, "author"],
    ["Page", "1: no otherFields", keep([1, { fields: new Map() }]), LACKS, "author"],
    ["Page", '"1"', keep(["1", "skip"]), `${KEYS}, got "1"`, '["1"]'],
    ["Page", "1n", keep([1n, "skip"]), `${KEYS}, got 1`, "[1]"],
    ["Page", '1, then "4"', keep([1, keep(["4", "skip"])]), `${KEYS}, got "4"`, 'author["4"]'],
    ["Page", "99", keep([99, "skip"]), "struct Page has no field with the id 99", "#99"],
    ["Page", "99: keep", keep([99, "keep"]), "struct Page has no field with the id 99", "#99"],
    ["Page", "1.5", keep([1.5, "skip"]), "struct Page has no field with the id 1.5", "#1.5"],
    [
      "Page",
      "1, 3, 99",
      keep([1, keep([3, keep([99, "skip"])])]),
      "struct User has no field with the id 99",
      "author.boss.#99",
    ],
    [
      "Page",
      "2, 99",
      keep([2, keep([99, "skip"])]),
      "struct User has no field with the id 99",
      "readers.#99",
    ],
    ["Page", "3, 99", keep([3, keep([99, "skip"])]), "struct User has no field with the id 99", "groups.#99"],
    [
      "Page",
      "5, 99",
      keep([5, keep([99, "skip"])]),
      "union Contact has no field with the id 99",
      "contact.#99",
    ],
    ["Page", "6: a tree", keep([6, keep()]), "a tree is for structs, and list<i32> has no fields", "counts"],
    // Map keys have no rules, and so the values are what is left.
    [
      "Page",
      "4: a tree",
      keep([4, keep([1, "skip"])]),
      "a tree is for structs, and map<User,i32> has no fields",
      "scores",
    ],
    ["list<User>", "99", keep([99, "skip"]), "struct User has no field with the id 99", "#99"],
    ["i32", "a tree", keep(), "a tree is for structs, and i32 has no fields"],
    ["i32", '"skip"', "skip", '"skip" hides the fields of structs, and i32 has none'],
    [
      "map<string, list<string>>",
      '"skip"',
      "skip",
      '"skip" hides the fields of structs, and map<string,list<string>> has none',
    ],
    [
      "Page",
      "other members",
      { fields: new Map(), otherField: "skip" },
      "a tree has no member `otherField`; did you mean `otherFields`?",
    ],
  ])("%s: %s", (type, _name, mask, message, path) => {
    for (const make of [jsonToThrift, thriftToJson]) {
      expectThriftError(() => make(idl.type(type), { mask: mask as MaskRule }), {
        code: "INVALID_OPTION",
        path,
        offset: undefined,
        message: `option \`mask\`: ${message}${path === undefined ? "" : ` (at ${path})`}`,
      });
    }
  });

  it("in a place that another rule skips, or deep below", () => {
    let mask = keep([99, "skip"]);
    for (let level = 0; level < 10_000; level++) mask = keep([3, mask]);
    expectThriftError(() => thriftToJson(idl.struct("User"), { mask: mask as MaskRule }), {
      code: "INVALID_OPTION",
      message: /struct User has no field with the id 99 \(at boss\.boss/,
    });
  });
});

describe("masks that are taken", () => {
  const recursive = new Map<unknown, unknown>([[4, "skip"]]);
  const everyLevel = { fields: recursive, otherFields: "keep" };
  recursive.set(3, everyLevel);
  it.each<[type: string, name: string, mask: unknown]>([
    ["i32", "keep", "keep"],
    ["list<User>", "skip", "skip"],
    ["Page", "an empty tree", keep()],
    ["Page", "all of it", keep([1, keep([4, "skip"])], [2, keep()], [3, keep([1, "skip"])], [6, "skip"])],
    ["User", "one that contains itself", everyLevel],
    ["list<map<i32, set<User>>>", "of elements", everyLevel],
  ])("%s: %s", (type, _name, mask) => {
    for (const make of [jsonToThrift, thriftToJson]) {
      expect(() => make(idl.type(type), { mask: mask as MaskRule })).not.toThrow();
    }
  });

  it("of arguments and results", () => {
    const { args, result } = idl.service().method("get");
    for (const [type, id] of [
      [args, 1],
      [result, 0],
    ] as const) {
      const mask = keep([id, keep([4, "skip"])]) as MaskRule;
      expect(() => thriftToJson(type, { mask })).not.toThrow();
    }
  });
});
