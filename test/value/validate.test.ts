import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { Value } from "../../src/value/value.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { feed, PROTOCOLS, typeOf } from "./fixtures.ts";

describe.each(PROTOCOLS)("validate in %s", (protocol) => {
  it("is silent for sound values, also for parts and boolean fields", () => {
    const value = feed(protocol);
    const parts = [...value.values()];
    const flags = [
      ["items", 0, "hidden"],
      ["items", 0, "author", "verified"],
    ].map((path) => value.get(path)!);
    expect(parts.length).toBeGreaterThan(1);
    for (const each of [value, ...parts, ...flags]) {
      expect(() => each.validate(), each.descriptor.name).not.toThrow();
    }
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
