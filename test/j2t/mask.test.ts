import { describe, expect, it } from "vitest";
import { chunksOf, toHex, utf8 } from "../support/bytes.ts";
import { type JsonToThriftOptions, jsonToThrift, type MaskRule, parseIdl } from "../support/engines.ts";
import { type Expected, expectConversion, failure, outcomeOf, streamOutcome } from "./conversion.ts";

const idl = parseIdl(`
  struct User { 1: required i32 id, 2: string name = "anonymous", 3: optional User boss, 4: string phone }
  union Contact { 1: string mail, 2: string phone }
  struct Page {
    1: required string title, 2: User author, 3: list<User> readers, 4: map<string, User> byName,
    5: list<list<User>> groups, 6: map<User, User> pairs, 7: Contact contact, 8: set<User> set, 9: i32 count
  }
`);
const PAGE = idl.struct("Page");

/** A tree of rules by field id, for fields that are kept where it does not name them. */
function without(fields: Readonly<Record<number, MaskRule>>): MaskRule {
  return {
    fields: new Map(Object.entries(fields).map(([id, rule]) => [Number(id), rule])),
    otherFields: "keep",
  };
}

/** The same for fields that are skipped where it does not name them. */
function only(fields: Readonly<Record<number, MaskRule>>): MaskRule {
  return {
    fields: new Map(Object.entries(fields).map(([id, rule]) => [Number(id), rule])),
    otherFields: "skip",
  };
}

const noPhone = without({ 4: "skip" });
const USER = '{"id":1,"name":"n","phone":"p"}';
const FULL = '08 0001 00000001 0b 0002 00000001 "n" 0b 0004 00000001 "p" 00';
const BARE = '08 0001 00000001 0b 0002 00000001 "n" 00';
const ID = "08 0001 00000001 00";

describe("masks", () => {
  it.each<[name: string, mask: MaskRule, json: string, expected: Expected]>([
    ["keep all", "keep", `{"title":"","author":${USER}}`, `0b 0001 00000000 0c 0002 ${FULL} 00`],
    ["skip all", "skip", `{"title":"","author":${USER}}`, "00"],
    ["skip nothing", without({}), `{"title":"","author":${USER}}`, `0b 0001 00000000 0c 0002 ${FULL} 00`],
    ["keep nothing", only({}), `{"title":"","author":${USER}}`, "00"],
    [
      "skip a required field: it is not missing",
      without({ 1: "skip" }),
      `{"author":${USER}}`,
      `0c 0002 ${FULL} 00`,
    ],
    [
      "skip a required field that is there",
      without({ 1: "skip" }),
      `{"title":[{}],"author":${USER}}`,
      `0c 0002 ${FULL} 00`,
    ],
    ["keep one", only({ 1: "keep" }), `{"title":"","author":{}}`, "0b 0001 00000000 00"],
    [
      "inside a struct",
      without({ 2: noPhone }),
      `{"title":"","author":${USER}}`,
      `0b 0001 00000000 0c 0002 ${BARE} 00`,
    ],
    [
      "inside, one only",
      only({ 2: only({ 1: "keep" }) }),
      `{"title":"","author":${USER}}`,
      `0c 0002 ${ID} 00`,
    ],
    [
      "in every element of a list",
      only({ 3: only({ 1: "keep" }) }),
      `{"readers":[${USER},${USER}]}`,
      `0f 0003 0c 00000002 ${ID} ${ID} 00`,
    ],
    [
      "in every element of a set",
      only({ 8: noPhone }),
      `{"set":[${USER}]}`,
      `0e 0008 0c 00000001 ${BARE} 00`,
    ],
    [
      "in every value of a map",
      only({ 4: noPhone }),
      `{"byName":{"a":${USER},"b":${USER}}}`,
      `0d 0004 0b 0c 00000002 00000001 "a" ${BARE} 00000001 "b" ${BARE} 00`,
    ],
    [
      "through lists of lists",
      only({ 5: only({ 1: "keep" }) }),
      `{"groups":[[${USER}],[]]}`,
      `0f 0005 0f 00000002 0c 00000001 ${ID} 0c 00000000 00`,
    ],
    [
      "in values of pairs, not in their keys",
      only({ 6: only({ 1: "keep" }) }),
      `{"pairs":[[${USER},${USER}]]}`,
      `0d 0006 0c 0c 00000001 ${FULL} ${ID} 00`,
    ],
    [
      "different in two fields of one type",
      without({ 2: only({ 1: "keep" }), 3: noPhone }),
      `{"title":"","author":${USER},"readers":[${USER}],"byName":{"a":${USER}}}`,
      `0b 0001 00000000 0c 0002 ${ID} 0f 0003 0c 00000001 ${BARE} 0d 0004 0b 0c 00000001 00000001 "a" ${FULL} 00`,
    ],
    [
      "down a recursive struct, one level",
      only({ 2: without({ 3: only({ 1: "keep" }) }) }),
      `{"author":{"id":1,"boss":{"id":1,"boss":{"id":"?"},"name":0}}}`,
      `0c 0002 08 0001 00000001 0c 0003 ${ID} 00 00`,
    ],
    // What is skipped is checked for syntax, and for nothing else.
    ["skipped values of any type", without({ 2: "skip" }), '{"title":"","author":7}', "0b 0001 00000000 00"],
    ["skipped twice", without({ 2: "skip" }), '{"title":"","author":7,"author":8}', "0b 0001 00000000 00"],
    ["skipped null", without({ 2: "skip" }), '{"title":"","author":null}', "0b 0001 00000000 00"],
    [
      "skipped, not JSON",
      without({ 2: "skip" }),
      '{"title":"","author":{]}',
      failure("INVALID_JSON", 22, "author"),
    ],
    [
      "skipped members of a union do not count",
      only({ 7: without({ 2: "skip" }) }),
      '{"contact":{"mail":"m","phone":"p"}}',
      '0c 0007 0b 0001 00000001 "m" 00 00',
    ],
    [
      "a union with nothing left",
      only({ 7: without({ 2: "skip" }) }),
      '{"contact":{"phone":"p"}}',
      failure("INVALID_UNION", 23, "contact"),
    ],
    [
      "what is kept must still be right",
      without({ 2: noPhone }),
      '{"title":"","author":{"phone":1}}',
      failure("MISSING_REQUIRED", 31, "author.id"),
    ],
    [
      "what is kept must still be there",
      without({ 2: "skip" }),
      '{"author":{}}',
      failure("MISSING_REQUIRED", 12, "title"),
    ],
  ])("%s", (_name, mask, json, expected) => {
    expectConversion(jsonToThrift(PAGE, { mask }), json, expected);
  });

  it.each<[options: JsonToThriftOptions, mask: MaskRule, json: string, expected: Expected]>([
    [
      { missing: { default: "write", optional: "write" } },
      { fields: new Map([[2, "skip"]]), otherFields: "keep" },
      '{"id":1}',
      "08 0001 00000001 0c 0003 00 0b 0004 00000000 00",
    ],
    [{ missing: { required: "write" } }, without({ 1: "skip" }), "{}", "00"],
    [{ unknownFields: "error" }, without({ 4: "skip" }), '{"id":1,"phone":"p"}', "08 0001 00000001 00"],
    [
      { unknownFields: "error" },
      without({ 4: "skip" }),
      '{"id":1,"fax":"p"}',
      failure("UNKNOWN_FIELD", 8, "fax"),
    ],
    [
      { protocol: "compact" },
      without({ 2: "skip" }),
      '{"id":1,"name":"n","phone":"p"}',
      '15 02 38 01 "p" 00',
    ],
  ])("%j with %o: %s", (options, mask, json, expected) => {
    expectConversion(jsonToThrift(idl.struct("User"), { ...options, mask }), json, expected);
  });

  it("on a root list or map apply to elements and values", () => {
    expectConversion(
      jsonToThrift(idl.type("list<User>"), { mask: noPhone }),
      `[${USER}]`,
      `0c 00000001 ${BARE}`,
    );
    expectConversion(
      jsonToThrift(idl.type("map<i32, User>"), { mask: noPhone }),
      `{"1":${USER}}`,
      `08 0c 00000001 00000001 ${BARE}`,
    );
  });

  it("that contain themselves reach every level", () => {
    const fields = new Map<number, MaskRule>([[4, "skip"]]);
    const mask: MaskRule = { fields, otherFields: "keep" };
    fields.set(3, mask);
    const converter = jsonToThrift(idl.struct("User"), { mask });
    expectConversion(
      converter,
      '{"id":1,"phone":0,"boss":{"id":1,"phone":0,"boss":{"id":1,"phone":0}}}',
      "08 0001 00000001 0c 0003 08 0001 00000001 0c 0003 08 0001 00000001 00 00 00",
    );
  });

  it("of one converter do not leak into another", () => {
    const json = `{"title":"","author":${USER}}`;
    const plain = jsonToThrift(PAGE);
    const before = toHex(plain.convert(json));
    jsonToThrift(PAGE, { mask: "skip" }).convert(json);
    expect(toHex(plain.convert(json))).toBe(before);
    expect(toHex(jsonToThrift(PAGE).convert(json))).toBe(before);
  });

  it("in a stream", async () => {
    const converter = jsonToThrift(PAGE, { mask: without({ 2: noPhone, 3: "skip" }) });
    const json = utf8(`{"readers":[${USER}],"title":"é","author":${USER}}`);
    const expected = outcomeOf(() => converter.convert(json));
    expect(await streamOutcome(converter, chunksOf(json, 1))).toEqual(expected);
  });
});
