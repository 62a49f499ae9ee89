import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import { DEFAULT_LIMITS } from "../../src/wire/limits.ts";
import { createReader, skipValue } from "../../src/wire/protocols.ts";
import { skipBinary } from "../../src/wire/skip-binary.ts";
import { skipCompact } from "../../src/wire/skip-compact.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { message } from "../support/arbitraries.ts";
import { hex, truncationsOf, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { createRandom } from "../support/random.ts";
import { rootType } from "../support/schema.ts";
import { encodeModel, walk } from "./model-codec.ts";

type Skip = typeof skipBinary;
type Outcome = number | readonly [code: string, offset: number];

/** Skips the value with noise on both sides, and checks position or error. */
function check(skip: Skip, type: number, text: string, expected: Outcome, maxDepth = 64): void {
  const bytes = hex(text);
  const noisy = new Uint8Array(bytes.length + 40).fill(0x03);
  noisy.set(bytes, 7);
  const end = 7 + bytes.length;
  if (typeof expected === "number") {
    expect(skip(noisy, 7, end, type, maxDepth) - 7).toBe(expected);
    return;
  }
  const [code, offset] = expected;
  const error = expectThriftError(() => skip(noisy, 7, end, type, maxDepth), {
    code: code as never,
    offset: offset + 7,
  });
  expect(error).toBeInstanceOf(WireError);
}

describe("skipBinary", () => {
  it.each<[name: string, type: number, bytes: string, expected: Outcome]>([
    ["bool", TType.BOOL, "01", 1],
    ["byte", TType.BYTE, "ff", 1],
    ["i16", TType.I16, "0102 ff", 2],
    ["i32", TType.I32, "01020304", 4],
    ["i64", TType.I64, "0102030405060708", 8],
    ["double", TType.DOUBLE, "0102030405060708 00", 8],
    ["uuid", TType.UUID, "00112233445566778899aabbccddeeff", 16],
    ["string", TType.STRING, '00000002 "hi" 00', 6],
    ["empty string", TType.STRING, "00000000", 4],
    ["empty struct", TType.STRUCT, "00 00", 1],
    ["struct with one of each", TType.STRUCT, '02 0001 01  0b 0002 00000001 "x"  0c 0003 00  00 99', 17],
    ["list of i32", TType.LIST, "08 00000002 00000001 00000002", 13],
    ["set of i32", TType.SET, "08 00000001 00000001", 9],
    ["list of strings", TType.LIST, '0b 00000002 00000001 "a" 00000002 "bc"', 16],
    ["list of lists", TType.LIST, "0f 00000002 08 00000000 02 00000001 01", 16],
    ["list of structs", TType.LIST, "0c 00000003 00 00 00", 8],
    ["map i32 → i64", TType.MAP, "08 0a 00000001 00000001 0000000000000002", 18],
    ["map string → i32", TType.MAP, '0b 08 00000002 00000001 "a" 00000001 00000001 "b" 00000002', 24],
    ["map i32 → string", TType.MAP, '08 0b 00000001 00000007 00000001 "a"', 15],
    ["map string → map", TType.MAP, '0b 0d 00000001 00000001 "a" 08 08 00000000', 17],
    ["map struct → list", TType.MAP, "0c 0f 00000001 00 02 00000001 00", 13],
    ["empty list of type 0", TType.LIST, "00 00000000", 5],
    ["empty map of types 0", TType.MAP, "00 00 00000000", 6],

    ["nothing", TType.I32, "", ["TRUNCATED", 0]],
    ["a cut i32", TType.I32, "010203", ["TRUNCATED", 0]],
    ["type 0", 0, "00", ["INVALID_TYPE", 0]],
    ["type void", TType.VOID, "00", ["INVALID_TYPE", 0]],
    ["type 17", 17, "00", ["INVALID_TYPE", 0]],
    ["type 300", 300, "00", ["INVALID_TYPE", 0]],
    ["a cut size", TType.STRING, "000000", ["TRUNCATED", 0]],
    ["a string beyond the end", TType.STRING, '00000003 "hi"', ["INVALID_SIZE", 0]],
    ["a negative size", TType.STRING, 'ffffffff "hi"', ["INVALID_SIZE", 0]],
    ["a struct without stop", TType.STRUCT, "02 0001 01", ["TRUNCATED", 4]],
    ["a cut field header", TType.STRUCT, "02 00", ["TRUNCATED", 0]],
    ["a field header of a string, cut", TType.STRUCT, "0b 00", ["TRUNCATED", 0]],
    ["a field without value", TType.STRUCT, "08 0001 0000", ["TRUNCATED", 3]],
    ["a string field without value", TType.STRUCT, "0b 0001 0000", ["TRUNCATED", 3]],
    ["an unknown field type", TType.STRUCT, "02 0001 01 07 0001 00", ["INVALID_TYPE", 4]],
    ["a void field", TType.STRUCT, "01 0001 00", ["INVALID_TYPE", 0]],
    ["a cut list header", TType.LIST, "08 000000", ["TRUNCATED", 0]],
    ["a list of an unknown type", TType.LIST, "05 00000000", ["INVALID_TYPE", 0]],
    ["a list of type 0 with elements", TType.LIST, "00 00000001 00", ["INVALID_TYPE", 0]],
    ["a negative length", TType.LIST, "08 ffffffff", ["INVALID_SIZE", 1]],
    ["a length beyond the end", TType.LIST, "08 00000002 00000000 000000", ["INVALID_SIZE", 1]],
    ["2^31 − 1 strings", TType.LIST, "0b 7fffffff 00000000", ["INVALID_SIZE", 1]],
    ["2^31 − 1 structs", TType.LIST, "0c 7fffffff 00", ["INVALID_SIZE", 1]],
    ["a map with unknown key type", TType.MAP, "05 08 00000000", ["INVALID_TYPE", 0]],
    ["a map with unknown value type", TType.MAP, "08 05 00000000", ["INVALID_TYPE", 1]],
    ["a map beyond the end", TType.MAP, "08 08 00000001 00000000 000000", ["INVALID_SIZE", 2]],
    ["a map of negative length", TType.MAP, "08 08 80000000", ["INVALID_SIZE", 2]],
    ["a cut map value", TType.MAP, '0b 08 00000001 00000002 "ab" 0000', ["TRUNCATED", 12]],
  ])("%s", (_name, type, bytes, expected) => {
    check(skipBinary, type, bytes, expected);
  });
});

describe("skipCompact", () => {
  it.each<[name: string, type: number, bytes: string, expected: Outcome]>([
    ["bool element", TType.BOOL, "01", 1],
    ["byte", TType.BYTE, "ff", 1],
    ["i16", TType.I16, "feff03", 3],
    ["i32 of one byte", TType.I32, "7f ff", 1],
    ["i32 of five bytes", TType.I32, "ffffffff0f", 5],
    ["i64 of ten bytes", TType.I64, "ffffffffffffffffff01", 10],
    ["a padded varint", TType.I32, "808000", 3],
    ["double", TType.DOUBLE, "0102030405060708", 8],
    ["uuid", TType.UUID, "00112233445566778899aabbccddeeff", 16],
    ["string", TType.STRING, '02 "hi"', 3],
    ["struct with boolean fields", TType.STRUCT, "11 12 00", 3],
    ["struct with long-form headers", TType.STRUCT, '05 c801 02  08 ca01 01 "x" 01 04 00', 12],
    ["nested struct", TType.STRUCT, "1c 11 00 00", 4],
    ["list of i32", TType.LIST, "25 02 8001", 4],
    ["list of bools, type 2", TType.LIST, "22 01 02", 3],
    ["list of bools, type 1", TType.LIST, "21 01 02", 3],
    ["list with a long header", TType.LIST, "f3 0f 000000000000000000000000000000", 17],
    ["empty list of type 0", TType.LIST, "00", 1],
    ["set of strings", TType.SET, '28 01 "a" 00', 4],
    ["empty map", TType.MAP, "00 55", 1],
    ["map i32 → string", TType.MAP, '01 58 02 01 "a"', 5],
    ["map bool → byte", TType.MAP, "02 23 01 05 02 06", 6],
    ["map string → double", TType.MAP, "01 87 00 0000000000000000", 11],

    ["nothing", TType.I32, "", ["TRUNCATED", 0]],
    ["a cut varint", TType.I32, "80", ["TRUNCATED", 0]],
    ["an i32 of six bytes", TType.I32, "808080808000", ["OUT_OF_RANGE", 0]],
    ["an i32 of 36 bits", TType.I32, "ffffffff1f", ["OUT_OF_RANGE", 0]],
    ["an i64 of eleven bytes", TType.I64, "8080808080808080808000", ["OUT_OF_RANGE", 0]],
    ["an i64 of 65 bits", TType.I64, "ffffffffffffffffff02", ["OUT_OF_RANGE", 0]],
    ["type 0", 0, "00", ["INVALID_TYPE", 0]],
    ["type 17", 17, "00", ["INVALID_TYPE", 0]],
    ["a string beyond the end", TType.STRING, '03 "hi"', ["INVALID_SIZE", 0]],
    ["a string of 2^31", TType.STRING, "8080808008", ["INVALID_SIZE", 0]],
    ["a string size of 36 bits", TType.STRING, "ffffffff7f", ["INVALID_SIZE", 0]],
    ["a struct without stop", TType.STRUCT, "11", ["TRUNCATED", 1]],
    ["a cut long header", TType.STRUCT, "05 80", ["TRUNCATED", 1]],
    ["a field of type 14", TType.STRUCT, "11 1e 00", ["INVALID_TYPE", 1]],
    ["a field without value", TType.STRUCT, "15", ["TRUNCATED", 1]],
    ["a list of type 14", TType.LIST, "1e 00", ["INVALID_TYPE", 0]],
    ["a list of type 0 with elements", TType.LIST, "10 00", ["INVALID_TYPE", 0]],
    ["a cut list length", TType.LIST, "f5", ["TRUNCATED", 1]],
    ["a list beyond the end", TType.LIST, "37 0000000000000000", ["INVALID_SIZE", 0]],
    ["2^31 − 1 elements", TType.LIST, "f3 ffffffff07 00", ["INVALID_SIZE", 0]],
    ["a length beyond 31 bits", TType.LIST, "f3 ffffffff0f 00", ["INVALID_SIZE", 1]],
    ["a map without types", TType.MAP, "01", ["TRUNCATED", 1]],
    ["a map of key type 0", TType.MAP, "01 05 00", ["INVALID_TYPE", 1]],
    ["a map of value type 15", TType.MAP, "01 5f 00", ["INVALID_TYPE", 1]],
    ["a map beyond the end", TType.MAP, "02 33 00 00 00", ["INVALID_SIZE", 0]],
  ])("%s", (_name, type, bytes, expected) => {
    check(skipCompact, type, bytes, expected);
  });
});

describe("depth", () => {
  const structs = (depth: number, header: string): string =>
    `${header.repeat(depth - 1)}${"00".repeat(depth)}`;
  it.each<[name: string, skip: Skip, type: number, bytes: string, depth: number]>([
    ["binary structs", skipBinary, TType.STRUCT, structs(5, "0c0001"), 5],
    ["compact structs", skipCompact, TType.STRUCT, structs(5, "1c"), 5],
    ["binary lists", skipBinary, TType.LIST, "0f00000001 0f00000001 0800000000", 3],
    ["compact lists", skipCompact, TType.LIST, "19 19 05", 3],
    ["binary maps", skipBinary, TType.MAP, "080d00000001 00000000 080800000000", 2],
    ["compact maps", skipCompact, TType.MAP, "01 5b 00 00", 2],
    ["a flat list", skipBinary, TType.LIST, "08 00000000", 1],
    ["an empty struct", skipCompact, TType.STRUCT, "00", 1],
  ])("%s", (_name, skip, type, text, depth) => {
    const bytes = hex(text);
    expect(skip(bytes, 0, bytes.length, type, depth)).toBe(bytes.length);
    expectThriftError(() => skip(bytes, 0, bytes.length, type, depth - 1), { code: "LIMIT_EXCEEDED" });
  });

  it.each<[Protocol, string]>([
    ["binary", "0c0001"],
    ["compact", "1c"],
  ])("a million nested structs end without using up the stack: %s", (protocol, header) => {
    const levels = 1_000_000;
    const unit = hex(header);
    const bytes = new Uint8Array(levels * unit.length + levels + 1);
    for (let i = 0; i < levels; i++) bytes.set(unit, i * unit.length);
    expectThriftError(() => skipValue(protocol, bytes, 0, bytes.length, TType.STRUCT, 64), {
      code: "LIMIT_EXCEEDED",
      offset: 64 * unit.length,
    });
    expect(skipValue(protocol, bytes, 0, bytes.length, TType.STRUCT, levels + 1)).toBe(bytes.length);
  });
});

describe.each<Protocol>(["binary", "compact"])("random messages in %s", (protocol) => {
  const messages = message().map(({ schema, value }) =>
    encodeModel(schema, rootType(schema), value, protocol),
  );

  it("are skipped to their end, whatever is around them", () => {
    fc.assert(
      fc.property(messages, (bytes) => {
        const noisy = withNoise(bytes, 0x0b);
        const whole = new Uint8Array(noisy.buffer);
        const start = noisy.byteOffset;
        const end = skipValue(protocol, whole, start, whole.length, TType.STRUCT, 64);
        expect(end).toBe(start + bytes.length);
        expect(skipValue(protocol, whole, start, end, TType.STRUCT, 64)).toBe(end);
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  it("end in an error of ours at every truncation, for skip and for the reader", () => {
    fc.assert(
      fc.property(messages, (bytes) => {
        for (const cut of truncationsOf(bytes)) {
          for (const attempt of [
            () => skipValue(protocol, cut, 0, cut.length, TType.STRUCT, 64),
            () => skipValue(protocol, bytes, 0, cut.length, TType.STRUCT, 64),
            () => walk(createReader(protocol, cut), TType.STRUCT),
          ]) {
            const error = thrownBy(attempt);
            if (!isThriftError(error)) throw error;
            expect(["TRUNCATED", "INVALID_SIZE"]).toContain(error.code);
            expect(error.offset).toBeLessThanOrEqual(cut.length);
          }
        }
      }),
      { seed: 11, numRuns: 30 },
    );
  });

  it("with bytes changed at random: skip and reader agree, and throw nothing else", () => {
    const random = createRandom(12);
    fc.assert(
      fc.property(messages, (bytes) => {
        for (let round = 0; round < 20; round++) {
          const changed = bytes.slice();
          for (let i = random.int(1, 3); i > 0; i--) {
            changed[random.int(0, changed.length - 1)] = random.chance(0.5)
              ? random.int(0, 16)
              : random.int(0, 255);
          }
          const skipError = thrownBy(() => skipValue(protocol, changed, 0, changed.length, TType.STRUCT, 64));
          const reader = createReader(protocol, changed);
          const readError = thrownBy(() => walk(reader, TType.STRUCT));
          if (skipError !== undefined && !isThriftError(skipError)) throw skipError;
          if (readError !== undefined && !isThriftError(readError)) throw readError;
          // The reader alone looks at the ranges of field ids and of i16.
          if (readError?.code === "OUT_OF_RANGE") continue;
          expect([readError?.code, readError?.offset]).toEqual([skipError?.code, skipError?.offset]);
        }
      }),
      { seed: 12, numRuns: 200 },
    );
  });
});

function thrownBy(action: () => unknown): Error | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

it("the default depth is that of Thrift's TConfiguration", () => {
  expect(DEFAULT_LIMITS.maxDepth).toBe(64);
});
