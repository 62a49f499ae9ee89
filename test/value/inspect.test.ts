import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Value } from "../../src/value/value.ts";
import { hex } from "../support/bytes.ts";
import { idl, make, PROTOCOLS } from "./fixtures.ts";

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
