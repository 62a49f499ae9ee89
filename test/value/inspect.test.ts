import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { Value } from "../../src/value/value.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { feed, idl, make, PROTOCOLS, typeOf } from "./fixtures.ts";

describe.each(PROTOCOLS)("util.inspect in %s", (protocol) => {
  it.each<[type: string, js: unknown, text: string]>([
    ["i32", 5, "Value<i32> 5"],
    ["i64", 5, "Value<i64> 5n"],
    ["string", "it's", 'Value<string> "it\'s"'],
    ["binary", hex`00ff`, "Value<binary> Uint8Array(2) [ 0, 255 ]"],
    ["list<i32>", [1, 2], "Value<list<i32>> [ 1, 2 ]"],
    ["set<i32>", [1], "Value<set<i32>> Set(1) { 1 }"],
    ["map<string,i32>", { a: 1 }, "Value<map<string,i32>> Map(1) { 'a' => 1 }"],
    ["Point", { x: 1, label: "l" }, "Value<Point> { x: 1, label: 'l' }"],
    ["Author", { id: 1, invitedBy: { id: 2 } }, "Value<Author> { id: 1n, invitedBy: { id: 2n } }"],
    ["Point", {}, "Value<Point> {}"],
  ])("%s %o", (type, js, text) => {
    const value = make(type, js, protocol);
    expect(inspect(value)).toBe(text);
    expect(inspect([value])).toBe(`[ ${text} ]`);
  });

  it("of bytes that are no value says what is wrong", () => {
    const cut = Value.from(idl.struct("Author"), hex`${protocol === "binary" ? "0a 0001 00" : "16"}`, {
      protocol,
    });
    const at = protocol === "binary" ? 3 : 1;
    expect(inspect(cut)).toBe(
      `Value<Author> <${cut.size} bytes: the bytes end inside a value (offset ${at})>`,
    );
    const wrong = Value.from(idl.struct("Author"), make("Other", { id: 1 }, protocol).bytes, { protocol });
    expect(inspect(wrong)).toBe("Value<Author> { id: 1n }");
  });

  it("obeys depth and colors, and is no own property", () => {
    const value = make("Author", { id: 1, invitedBy: { id: 2, invitedBy: { id: 3 } } }, protocol);
    expect(inspect(value, { depth: 0 })).toBe("Value<Author> { id: 1n, invitedBy: [Object] }");
    expect(inspect(make("i32", 5, protocol), { colors: true })).toBe("Value<i32> \u001b[33m5\u001b[39m");
    expect(Object.keys(value)).toEqual(["descriptor"]);
  });
});

describe.each(PROTOCOLS)("validate in %s", (protocol) => {
  it("is silent for sound values, also for parts and boolean fields", () => {
    const value = feed(protocol);
    value.validate();
    for (const [, part] of value) part.validate();
    value.get(["items", 0, "hidden"])!.validate();
    value.get(["items", 0, "author", "verified"])!.validate();
  });

  it.each<
    [type: string, bytes: { binary: string; compact: string }, code: ErrorCode, offset: [number, number]]
  >([
    ["i32", { binary: "000000", compact: "80" }, "TRUNCATED", [0, 0]],
    ["Point", { binary: "08 0001 00000001", compact: "15 02" }, "TRUNCATED", [7, 2]],
    ["Point", { binary: "", compact: "" }, "TRUNCATED", [0, 0]],
    ["Point", { binary: "00 00", compact: "00 00" }, "TRAILING_DATA", [1, 1]],
    ["bool", { binary: "01 01", compact: "01 01" }, "TRAILING_DATA", [1, 1]],
    ["Point", { binary: "63 0001 00", compact: "1e 00" }, "INVALID_TYPE", [0, 0]],
    ["list<i32>", { binary: "08 ffffffff", compact: "f5 ffffffff07" }, "INVALID_SIZE", [1, 0]],
    ["list<i32>", { binary: "08 00000002 00000001", compact: "f5 10 02" }, "INVALID_SIZE", [1, 0]],
    ["string", { binary: "00000005 61", compact: "05 61" }, "INVALID_SIZE", [0, 0]],
    ["string", { binary: "00000001 80", compact: "01 80" }, "INVALID_UTF8", [4, 1]],
    ["list<string>", { binary: "08 00000001 00000001", compact: "15 02" }, "TYPE_MISMATCH", [0, 0]],
    [
      "map<i32,i32>",
      { binary: "0a 08 00000001 0000000000000001 00000001", compact: "01 65 02 02" },
      "TYPE_MISMATCH",
      [0, 0],
    ],
  ])("%s %o: %s", (type, bytes, code, [binary, compact]) => {
    const value = Value.from(typeOf(type), hex(bytes[protocol]), { protocol });
    expectThriftError(() => value.validate(), { code, offset: protocol === "binary" ? binary : compact });
  });
});
