import { describe, expect, it } from "vitest";
import type { TypeDescriptor } from "../../src/descriptor/types.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { ValueError } from "../../src/literal/value-error.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { PROTOCOLS } from "./fixtures.ts";
import { idl, S, target } from "./project-types.ts";

describe("project fails", () => {
  it.each<
    [
      what: string,
      to: TypeDescriptor,
      binary: string,
      compact: string,
      code: ErrorCode,
      path: string,
      offsets: [number, number],
    ]
  >([
    ["on another root", idl.type("i32"), "00", "00", "TYPE_MISMATCH", "", [0, 0]],
    ["on a list for a struct", idl.type("list<S>"), "00", "00", "TYPE_MISMATCH", "", [0, 0]],
    ["on i64 for i32", target("1: i64 a"), "08 0001 00000001 00", "15 02 00", "TYPE_MISMATCH", "a", [0, 0]],
    [
      "with the name that the target has",
      target("1: i64 zz"),
      "08 0001 00000001 00",
      "15 02 00",
      "TYPE_MISMATCH",
      "zz",
      [0, 0],
    ],
    [
      "on a scalar for a struct",
      target("3: i32 inn"),
      "0c 0003 00 00",
      "3c 00 00",
      "TYPE_MISMATCH",
      "inn",
      [0, 0],
    ],
    [
      "on a list for a set",
      target("7: list<i32> se"),
      "0e 0007 08 00000000 00",
      "7a 05 00",
      "TYPE_MISMATCH",
      "se",
      [0, 0],
    ],
    [
      "on a set for a list",
      target("4: set<i32> li"),
      "0f 0004 08 00000000 00",
      "49 05 00",
      "TYPE_MISMATCH",
      "li",
      [0, 0],
    ],
    [
      "on other elements",
      target("4: list<i64> li"),
      "0f 0004 08 00000001 00000005 00",
      "49 15 0a 00",
      "TYPE_MISMATCH",
      "li[0]",
      [8, 2],
    ],
    [
      "on other elements in a list of lists",
      target("16: list<list<i32>> deep"),
      "0f 0010 0f 00000002 0c 00000000 0c 00000001 00 00",
      "09 20 29 0c 1c 00 00",
      "TYPE_MISMATCH",
      "deep[1][0]",
      [18, 5],
    ],
    [
      "on other keys",
      target("5: map<i32, i32> ms"),
      '0d 0005 0b 08 00000001 00000001 "a" 00000001 00',
      '5b 01 85 01 "a" 02 00',
      "TYPE_MISMATCH",
      'ms["a"]',
      [9, 3],
    ],
    [
      "on other values",
      target("5: map<string, i64> ms"),
      '0d 0005 0b 08 00000001 00000001 "a" 00000001 00',
      '5b 01 85 01 "a" 02 00',
      "TYPE_MISMATCH",
      'ms["a"]',
      [14, 5],
    ],
    [
      "on a field of a struct in a map",
      target("12: map<i32, T2> m", "struct T2 { 1: string x }"),
      "0d 000c 08 0c 00000001 00000005 08 0001 00000001 00 00",
      "cb 01 5c 0a 15 02 00 00",
      "TYPE_MISMATCH",
      "m[5].x",
      [13, 4],
    ],
    [
      "on a field of a struct key",
      target("13: map<T2, i32> m", "struct T2 { 1: string x }"),
      "0d 000d 0c 08 00000001 08 0001 00000001 00 00000005 00",
      "db 01 c5 15 02 00 0a 00",
      "TYPE_MISMATCH",
      "m[KEY].x",
      [9, 3],
    ],
    [
      "when a required field is missing",
      target("1: i32 a, 9: required binary z"),
      "08 0001 00000001 00",
      "15 02 00",
      "MISSING_REQUIRED",
      "",
      [7, 2],
    ],
    [
      "in an inner struct",
      target("3: T2 inn", "struct T2 { 1: i32 x, 3: required i64 d }"),
      "0c 0003 08 0001 00000001 00 00",
      "3c 15 02 00 00",
      "MISSING_REQUIRED",
      "inn",
      [10, 3],
    ],
    [
      "in a struct of a list",
      target("11: list<T2> lin", "struct T2 { 3: required i64 d }"),
      "0f 000b 0c 00000002 0a 0003 0000000000000001 00 00 00",
      "b9 2c 36 02 00 00 00",
      "MISSING_REQUIRED",
      "lin[1]",
      [20, 5],
    ],
    [
      "behind a dropped field",
      target("15: bool b2, 1: required i32 a"),
      "02 000e 01 02 000f 01 00",
      "e1 11 00",
      "MISSING_REQUIRED",
      "",
      [8, 2],
    ],
    ["on truncated bytes", target("1: i32 a"), "08 0001 0000", "15 80", "TRUNCATED", "", [3, 1]],
    [
      "on bytes that end in a dropped field",
      target("1: i32 a"),
      "0b 0002 00000005 61",
      "28 05 61",
      "INVALID_SIZE",
      "",
      [3, 1],
    ],
    ["without a stop", target("1: i32 a"), "08 0001 00000001", "15 02", "TRUNCATED", "", [7, 2]],
    ["on an unknown type", target("1: i32 a"), "63 0001 00", "1e 00", "INVALID_TYPE", "", [0, 0]],
  ])("%s", (_, to, binary, compact, code, path, [inBinary, inCompact]) => {
    for (const protocol of PROTOCOLS) {
      const bytes = withNoise(hex(protocol === "binary" ? binary : compact));
      const before = toHex(bytes);
      const value = Value.from(S, bytes, { protocol });
      const offset = protocol === "binary" ? inBinary : inCompact;
      const key = protocol === "binary" ? "0x0800010000000100" : "0x150200";
      const isOurs = ["TYPE_MISMATCH", "MISSING_REQUIRED"].includes(code);
      const error = expectThriftError(
        () => value.project(to),
        isOurs ? { code, path: path.replace("KEY", key), offset } : { code, offset },
      );
      if (isOurs) expect(error).toBeInstanceOf(ValueError);
      expect(toHex(bytes)).toBe(before);
      expect(Value.of(S, { a: 1 }, { protocol }).project(target("1: i32 a")).toJS()).toEqual({ a: 1 });
    }
  });
});
