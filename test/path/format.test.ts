import { describe, expect, it } from "vitest";
import { type FormatStep, formatPath } from "../../src/path/format.ts";

describe("formatPath", () => {
  it.each<[FormatStep[], string]>([
    [[], ""],
    [["a"], "a"],
    [["items", 3, "tags", { key: "k" }, "id"], 'items[3].tags["k"].id'],
    [[0, 1], "[0][1]"],
    [[2, "a"], "[2].a"],
    [[{ key: "k" }, "a"], '["k"].a'],
    [["m", { key: 5 }], "m[5]"],
    [["m", { key: -0 }], "m[-0]"],
    [["m", { key: 1.5 }], "m[1.5]"],
    [["m", { key: 9223372036854775807n }], "m[9223372036854775807]"],
    [["m", { key: true }], "m[true]"],
    [["m", { key: Uint8Array.of(0, 255) }], "m[0x00ff]"],
    [["m", { key: new Uint8Array(20) }], `m[0x${"00".repeat(16)}…]`],
    [["m", { key: { a: 1 } }, "b"], "m[…].b"],
    [["m", { key: null }], "m[…]"],
    [["m", { key: 'a"]\n' }], 'm["a\\"]\\n"]'],
    [["m", { key: "x".repeat(32) }], `m["${"x".repeat(32)}"]`],
    [["m", { key: "x".repeat(33) }], `m["${"x".repeat(32)}…"]`],
    [["m", { key: `${"x".repeat(31)}🔑 and more` }], `m["${"x".repeat(31)}…"]`],
    [["a.b"], '["a.b"]'],
    [["a", "b c", "d"], 'a["b c"].d'],
    [["a", ""], 'a[""]'],
    [["a", "__proto__"], "a.__proto__"],
    [["größe"], '["größe"]'],
  ])("%o is %s", (steps, text) => {
    expect(formatPath(steps)).toBe(text);
  });
});
