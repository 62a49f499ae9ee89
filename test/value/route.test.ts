import { describe, expect, it } from "vitest";
import { formatPath } from "../../src/path/format.ts";
import { PathError } from "../../src/path/path-error.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { compilePath, parsePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import { hex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { idl, idlAgain, typeOf, UUID } from "./fixtures.ts";

const UUID_BYTES = hex(UUID.replaceAll("-", ""));

describe("compilePath resolves", () => {
  it.each<[type: string, path: PathStep | PathStep[], steps: PathStep[], target: string]>([
    ["Feed", [], [], "Feed"],
    ["i32", [], [], "i32"],
    ["Feed", "items", [fieldId(1)], "list<Item>"],
    ["Feed", fieldId(300), [fieldId(300)], "string"],
    ["Feed", ["items", 2, "author", "id"], [fieldId(1), 2, fieldId(3), fieldId(1)], "i64"],
    ["Feed", [fieldId(1), 0, fieldId(4), 7], [fieldId(1), 0, fieldId(4), 7], "string"],
    ["Feed", ["points", 0, "x"], [fieldId(6), 0, fieldId(1)], "i32"],
    ["Feed", ["byRank", -5, "hidden"], [fieldId(3), -5, fieldId(6)], "bool"],
    ["Author", ["invitedBy", "invitedBy", "id"], [fieldId(4), fieldId(4), fieldId(1)], "i64"],
    ["Odd", "__proto__", [fieldId(1)], "i32"],
    ["Odd", "constructor", [fieldId(2)], "i32"],
    ["Odd", ["toString", "__proto__"], [fieldId(3), utf8("__proto__")], "i32"],
    ["Odd", "below", [fieldId(-3)], "string"],
    ["Shape", ["at", "label"], [fieldId(3), fieldId(3)], "string"],
    ["list<list<i64>>", [3, 4], [3, 4], "i64"],
    ["list<i64>", -0, [0], "i64"],
    // Keys: text as UTF-8, names of members and uuids as what they stand for
    ["Maps", ["text", "größe"], [fieldId(1), utf8("größe")], "i32"],
    ["Maps", ["text", ""], [fieldId(1), utf8("")], "i32"],
    ["Maps", ["text", hex`ff`], [fieldId(1), hex`ff`], "i32"],
    ["Maps", ["raw", "k"], [fieldId(2), utf8("k")], "i32"],
    ["Maps", ["bools", false], [fieldId(3), false], "i32"],
    ["Maps", ["bytes", -128], [fieldId(4), -128], "i32"],
    ["Maps", ["bytes", 127n], [fieldId(4), 127n], "i32"],
    ["Maps", ["shorts", -0], [fieldId(5), 0], "i32"],
    ["Maps", ["ints", 2147483647], [fieldId(6), 2147483647], "i32"],
    ["Maps", ["longs", -(2n ** 63n)], [fieldId(7), -(2n ** 63n)], "i32"],
    ["Maps", ["longs", Number.MAX_SAFE_INTEGER], [fieldId(7), Number.MAX_SAFE_INTEGER], "i32"],
    ["Maps", ["doubles", -0], [fieldId(8), -0], "i32"],
    ["Maps", ["doubles", 1e300], [fieldId(8), 1e300], "i32"],
    ["Maps", ["doubles", Number.NaN], [fieldId(8), Number.NaN], "i32"],
    ["Maps", ["colors", "BLUE"], [fieldId(9), -5], "i32"],
    ["Maps", ["colors", 77], [fieldId(9), 77], "i32"],
    ["Maps", ["ids", UUID], [fieldId(10), UUID_BYTES], "i32"],
    ["Maps", ["ids", UUID.toUpperCase()], [fieldId(10), UUID_BYTES], "i32"],
    ["Maps", ["ids", UUID_BYTES], [fieldId(10), UUID_BYTES], "i32"],
    ["Maps", ["points", hex`00`], [fieldId(11), hex`00`], "i32"],
    ["Maps", ["places", "p", "label"], [fieldId(13), utf8("p"), fieldId(3)], "string"],
  ])("%s: %o", (type, path, steps, target) => {
    const compiled = compilePath(typeOf(type), path);
    expect(compiled.steps).toStrictEqual(steps);
    expect(compiled.target.name).toBe(target);
    expect(compiled.types.at(-1) ?? compiled.root).toBe(compiled.target);
    expect(compiled.root).toBe(typeOf(type));
    expect(Object.isFrozen(compiled)).toBe(true);
  });
});

describe("impossible paths", () => {
  it.each<[type: string, path: PathStep | PathStep[], at: string, message: RegExp]>([
    // Fields
    ["Feed", "itmes", "itmes", /^struct Feed has no such field; did you mean `items`\?/],
    ["Feed", "ITEMS", "ITEMS", /did you mean `items`\?/],
    ["Feed", "zzzzzzzz", "zzzzzzzz", /^struct Feed has no such field \(/],
    ["Feed", "items[0]", '["items[0]"]', /^struct Feed has no such field/],
    ["Feed", "toString", "toString", /no such field/],
    ["Feed", ["pinned", "__proto__"], "pinned.__proto__", /^struct Item has no such field \(/],
    ["Feed", ["items", 3, "author", "nmae"], "items[3].author.nmae", /did you mean `name`\?/],
    ["Feed", ["byRank", -1, "titel"], "byRank[-1].titel", /did you mean `title`\?/],
    ["Feed", ["counts", "a".repeat(99), "x"], `counts["${"a".repeat(32)}…"]`, /^i32 has no parts/],
    ["Feed", fieldId(99), "", /^struct Feed has no field with the id 99/],
    ["Feed", ["pinned", fieldId(-1)], "pinned", /^struct Item has no field with the id -1/],
    ["Shape", "radios", "radios", /^union Shape has no such field; did you mean `radius`\?/],
    ["Feed", 0, "", /^struct Feed has fields by name or fieldId\(…\), a number is none/],
    ["Feed", 1n, "", /a bigint is none/],
    ["Feed", true, "", /a boolean is none/],
    ["Feed", utf8("items"), "", /a key as bytes is none/],
    // Below scalars
    ["Feed", ["more", "x"], "more", /^bool has no parts/],
    ["Feed", ["cursor", 0], "cursor", /^string has no parts/],
    ["Feed", ["items", 0, "color", "RED"], "items[0].color", /^Color has no parts/],
    ["i32", "x", "", /^i32 has no parts/],
    // Indices
    ["Feed", ["items", -1], "items", /^list<Item> has elements by index from 0 on, that number is none/],
    ["Feed", ["items", 1.5], "items", /by index/],
    ["Feed", ["items", 2 ** 53], "items", /by index/],
    ["Feed", ["items", 0n], "items", /a bigint is none/],
    ["Feed", ["items", "0"], "items", /a text is none/],
    ["Feed", ["items", fieldId(0)], "items", /a field id is none/],
    ["Feed", ["points", -1], "points", /^set<Point> has elements by index/],
    ["Feed", ["grid", 0, true], "grid[0]", /a boolean is none/],
    // Keys
    ["Maps", ["text", 1], "text", /^a number is no key of a map with keys of type string/],
    ["Maps", ["text", fieldId(1)], "text", /^a field id is no key/],
    ["Maps", ["raw", true], "raw", /^a boolean is no key/],
    ["Maps", ["bools", 1], "bools", /^a number is no key of a map with keys of type bool/],
    ["Maps", ["bools", "true"], "bools", /^a text is no key/],
    ["Maps", ["bytes", 128], "bytes", /^a key of type byte can never be that number/],
    ["Maps", ["bytes", 255], "bytes", /can never be/],
    ["Maps", ["bytes", -129n], "bytes", /can never be/],
    ["Maps", ["shorts", 32768], "shorts", /can never be/],
    ["Maps", ["ints", 2147483648], "ints", /can never be/],
    ["Maps", ["ints", 0.5], "ints", /^a number is no key/],
    ["Maps", ["ints", "1"], "ints", /^a text is no key/],
    ["Maps", ["longs", 2 ** 53], "longs", /^a number is no key/],
    ["Maps", ["doubles", 1n], "doubles", /^a bigint is no key of a map with keys of type double/],
    ["Maps", ["colors", "REDD"], "colors", /^the enum Color has no such member; did you mean `RED`\?/],
    ["Maps", ["colors", "toString"], "colors", /^the enum Color has no such member \(/],
    ["Maps", ["colors", 2 ** 31], "colors", /can never be/],
    ["Maps", ["colors", 1.5], "colors", /^a number is no key/],
    ["Maps", ["ids", "0011"], "ids", /^a text is no key of a map with keys of type uuid/],
    ["Maps", ["ids", hex`00`], "ids", /^a key as bytes is no key/],
    ["Maps", ["points", "p"], "points", /^a text is no key of a map with keys of type struct/],
    ["Maps", ["lists", 0], "lists", /^a number is no key of a map with keys of type list/],
    ["Maps", ["places", "p", 1], 'places["p"]', /^struct Point has fields/],
  ])("%s: %o", (type, path, at, message) => {
    const expected = { code: "INVALID_PATH", path: at, message, offset: undefined } as const;
    const error = expectThriftError(() => compilePath(typeOf(type), path), expected);
    expect(error).toBeInstanceOf(PathError);
    // Before the data is looked at: there is none.
    const value = Value.from(typeOf(type), new Uint8Array(0));
    expectThriftError(() => value.get(path), expected);
    expectThriftError(() => value.getMany([[], path]), expected);
    expectThriftError(() => value.has(path), expected);
    expectThriftError(() => value.set(path, 1), expected);
    expectThriftError(() => value.setMany([[path, 1]], { createParents: true }), expected);
    expectThriftError(() => value.delete(path, { required: "remove" }), expected);
    expectThriftError(() => value.deleteMany([path]), expected);
  });

  it.each<[what: string, path: unknown]>([
    ["NaN", Number.NaN],
    ["an infinity", ["byRank", Number.POSITIVE_INFINITY]],
    ["a bigint beyond 64 bits", ["byRank", 2n ** 63n]],
    ["null", null],
    ["undefined", undefined],
    ["an object like a FieldId", { id: 1 }],
    ["an array in an array", [["items"]]],
    ["a hole", new Array(1)],
  ])("no steps at all: %s", (_, path) => {
    expectThriftError(() => compilePath(idl.struct("Feed"), path as PathStep), { code: "INVALID_PATH" });
  });
});

describe("compiled paths", () => {
  const feedType = idl.struct("Feed");

  it.each<[what: string, type: Value["descriptor"]]>([
    ["another struct", idl.struct("Item")],
    ["the struct of the same name of another load", idlAgain.struct("Feed")],
    ["a list of it", idl.type("list<Feed>")],
  ])("do not go with values of %s", (_, type) => {
    const path = compilePath(feedType, ["items", 0, "id"]);
    const value = Value.from(type, new Uint8Array(0));
    const expected = {
      code: "INVALID_PATH",
      path: "items[0].id",
      message: /^the path has been compiled for Feed, not for this /,
    } as const;
    expectThriftError(() => value.get(path), expected);
    expectThriftError(() => value.getMany([path]), expected);
    expectThriftError(() => value.set(path, 1n), expected);
    expectThriftError(() => value.delete(path), expected);
  });

  it("keep their own copy of a key", () => {
    const key = utf8("a");
    const path = compilePath(feedType, ["counts", key]);
    key[0] = 0x62;
    const value = Value.of(feedType, { items: [], counts: { a: 1, b: 2 } });
    expect(value.get(path)?.asNumber()).toBe(1);
    expectThriftError(() => value.set(path, "x"), { code: "TYPE_MISMATCH", path: "counts[0x61]" });
  });

  it("do not share the array of steps that they are made of", () => {
    const steps = ["items", 0, "id"];
    const path = compilePath(feedType, steps);
    steps.length = 1;
    expect(path.steps).toHaveLength(3);
    expect(path.target.name).toBe("i64");
  });

  it.each([["Feed"], [undefined], [null], [{}]])("are not made of %o in place of a type", (type) => {
    expectThriftError(() => compilePath(type as never, "x"), { code: "INVALID_OPTION" });
  });
});

describe("parsePath", () => {
  it.each<[type: string, text: string, steps: PathStep[]]>([
    ["Feed", "$", []],
    ["Feed", "items[3].author.id", ["items", 3, "author", "id"]],
    ["Feed", "#1[0].#3.name", [fieldId(1), 0, fieldId(3), "name"]],
    ["Feed", 'counts["a.b[0]"]', ["counts", "a.b[0]"]],
    ["Feed", "byRank[-7].title", ["byRank", -7, "title"]],
    ["Maps", 'colors["RED"]', ["colors", "RED"]],
    ["Maps", "longs[9223372036854775807]", ["longs", 9223372036854775807n]],
    ["Maps", "points[0x00]", ["points", hex`00`]],
    ["Maps", "doubles[-0]", ["doubles", -0]],
  ])("of %s: %s", (type, text, steps) => {
    expect(parsePath(text, typeOf(type))).toStrictEqual(steps);
    expect(parsePath(text)).toStrictEqual(steps);
    expect(parsePath(formatPath(steps), typeOf(type))).toStrictEqual(steps);
  });

  it.each<[type: string, text: string, at: string | undefined, offset: number | undefined, message: RegExp]>([
    ["Feed", "itmes[0]", "itmes", undefined, /did you mean `items`\?/],
    ["Feed", "items[0].#99", "items[0]", undefined, /no field with the id 99/],
    ["Feed", "items[-1]", "items", undefined, /by index/],
    ["Feed", "more.x", "more", undefined, /^bool has no parts/],
    ["Feed", 'byRank["5"]', "byRank", undefined, /^a text is no key/],
    ["Maps", "bytes[200]", "bytes", undefined, /can never be/],
    // The text itself
    ["Feed", "items[", undefined, 6, /^expected a number/],
    ["Feed", "größe", undefined, 2, /^expected `\.`/],
    ["Feed", "items[*]", undefined, 6, /wildcards belong to masks/],
  ])("of %s fails on %s", (type, text, path, offset, message) => {
    expectThriftError(() => parsePath(text, typeOf(type)), { code: "INVALID_PATH", path, offset, message });
  });

  it("without a type takes any path, with something else for one is an error", () => {
    expect(parsePath("nothing.like[0].this")).toEqual(["nothing", "like", 0, "this"]);
    expectThriftError(() => parsePath("items", "Feed" as never), { code: "INVALID_OPTION" });
  });
});
