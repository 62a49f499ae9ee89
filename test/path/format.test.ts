import { describe, expect, it } from "vitest";
import { describePath, type FormatStep, formatPath } from "../../src/path/format.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

describe("describePath", () => {
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
    expect(describePath(steps)).toBe(text);
  });

  it("names fields by id, and shows numbers that no path can have", () => {
    expect(describePath([{ id: 7 }, "a", fieldId(-3), 5n, true, hex`ff`])).toBe("#7.a.#-3[5][true][0xff]");
    expect(describePath(["m", { key: Number.NaN }])).toBe("m[NaN]");
    expect(describePath(["m", { key: Number.NEGATIVE_INFINITY }])).toBe("m[-Infinity]");
  });
});

describe("formatPath", () => {
  it.each<[Path, string]>([
    [[], ""],
    ["a", "a"],
    ["", '[""]'],
    ["a.b", '["a.b"]'],
    ["$", '["$"]'],
    ["*", '["*"]'],
    ["7", '["7"]'],
    ["a\n", '["a\\n"]'],
    ["größe", '["größe"]'],
    ["__proto__", "__proto__"],
    [["a", "__proto__", "b c"], 'a.__proto__["b c"]'],
    [["a", 'it\'s "q"\\'], 'a["it\'s \\"q\\"\\\\"]'],
    [["a", "\u0000\u001f\u007f"], 'a["\\u0000\\u001f\u007f"]'],
    [["a", "🔑"], 'a["🔑"]'],
    [["a", "\ud83d"], 'a["\\ud83d"]'],
    [["a", "k".repeat(1000)], `a.${"k".repeat(1000)}`],
    [["a", "-".repeat(1000)], `a["${"-".repeat(1000)}"]`],
    [fieldId(7), "#7"],
    [[fieldId(7), fieldId(-3), "a"], "#7.#-3.a"],
    [[0, fieldId(-0)], "[0].#0"],
    [3, "[3]"],
    [["a", -3], "a[-3]"],
    [["a", -0], "a[-0]"],
    [["a", 1.5], "a[1.5]"],
    [["a", Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], "a[NaN][Infinity][-Infinity]"],
    [["a", 1e-7], "a[1e-7]"],
    [["a", 9007199254740991], "a[9007199254740991]"],
    [["a", 9007199254740992], "a[9007199254740992.0]"],
    [["a", -1e20], "a[-100000000000000000000.0]"],
    [["a", 1e21], "a[1e+21]"],
    [["a", 5n], "a[5]"],
    [["a", 9007199254740993n], "a[9007199254740993]"],
    [["a", -(2n ** 63n)], "a[-9223372036854775808]"],
    [true, "[true]"],
    [["a", false], "a[false]"],
    [hex`00 ff`, "[0x00ff]"],
    [["a", hex``], "a[0x]"],
    [["a", new Uint8Array(100)], `a[0x${"00".repeat(100)}]`],
  ])("%o is %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });

  it("takes no steps that cannot be", () => {
    expectThriftError(() => formatPath(["a", 2n ** 63n]), { code: "INVALID_PATH", offset: undefined });
  });
});
