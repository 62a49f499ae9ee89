import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { createReader, createWriter, skipValue } from "../../src/wire/checked.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

const BYTES = hex`0f 0001 03 00000002 0102 00`;
const skip = (pos: unknown, end: unknown, type?: unknown, maxDepth?: unknown): number =>
  skipValue("binary", BYTES, pos as number, end as number, type as number, maxDepth as number);

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

describe("wrong arguments", () => {
  it.each<[message: string, call: () => unknown]>([
    [
      'createReader: the protocol must be "binary" or "compact", got undefined',
      () => createReader(undefined as never, BYTES),
    ],
    [
      'createReader: the protocol must be "binary" or "compact", got 1',
      () => createReader(1 as never, BYTES),
    ],
    [
      'createReader: the protocol must be "binary" or "compact", got "binry"; did you mean `binary`?',
      () => createReader("binry" as never, BYTES),
    ],
    [
      "createReader: the bytes must be a Uint8Array, got undefined",
      () => createReader("binary", undefined as never),
    ],
    [
      "createReader: the bytes must be a Uint8Array, got a string",
      () => createReader("binary", "x" as never),
    ],
    [
      "createReader: the bytes are gone: their ArrayBuffer is detached",
      () => createReader("binary", detached()),
    ],
    ["createReader: options must be an object, got null", () => createReader("binary", BYTES, null as never)],
    [
      "createReader: unknown option `strat`; did you mean `start`?",
      () => createReader("binary", BYTES, { strat: 1 } as never),
    ],
    [
      "limits: unknown option `maxDeth`; did you mean `maxDepth`?",
      () => createReader("binary", BYTES, { limits: { maxDeth: 1 } as never }),
    ],
    [
      "the range from `start` to `end` is not inside the bytes",
      () => createReader("binary", BYTES, { end: BYTES.length + 1 }),
    ],
    [
      'createWriter: the protocol must be "binary" or "compact", got "x"',
      () => createWriter("x" as never, new ByteWriter()),
    ],
    [
      "createWriter: the output must be a ByteWriter, got undefined",
      () => createWriter("compact", undefined as never),
    ],
    [
      "createWriter: the output must be a ByteWriter, got an object",
      () => createWriter("binary", BYTES as never),
    ],
    [
      'skipValue: the protocol must be "binary" or "compact", got "compct"; did you mean `compact`?',
      () => skipValue("compct" as never, BYTES, 0, BYTES.length, TType.STRUCT, 64),
    ],
    [
      "skipValue: the bytes must be a Uint8Array, got null",
      () => skipValue("binary", null as never, 0, 0, 2, 64),
    ],
    ["skipValue: the range from `pos` to `end` is not inside the bytes", () => skip(-1, 4, TType.STRUCT, 64)],
    ["skipValue: the range from `pos` to `end` is not inside the bytes", () => skip(0, 99, TType.STRUCT, 64)],
    ["skipValue: the range from `pos` to `end` is not inside the bytes", () => skip(5, 4, TType.STRUCT, 64)],
    [
      "skipValue: the range from `pos` to `end` is not inside the bytes",
      () => skip("0", 4, TType.STRUCT, 64),
    ],
    ["a string is the wire type of no value; see TType", () => skip(0, BYTES.length, "struct", 64)],
    ["a number is the wire type of no value; see TType", () => skip(0, BYTES.length, 256, 64)],
    ["undefined is the wire type of no value; see TType", () => skip(0, BYTES.length)],
    ["skipValue: `maxDepth` must be an integer of at least 0", () => skip(0, BYTES.length, TType.STRUCT)],
    ["skipValue: `maxDepth` must be an integer of at least 0", () => skip(0, BYTES.length, TType.STRUCT, -1)],
  ])("%s", (message, call) => {
    expectThriftError(call, { code: "INVALID_OPTION", message });
  });
});

it("a type that the data may have is an error of the data", () => {
  expectThriftError(() => skip(0, BYTES.length, 99, 64), { code: "INVALID_TYPE", offset: 0 });
});

it("limits need not have every member", () => {
  expect(skip(0, BYTES.length, TType.STRUCT, Number.POSITIVE_INFINITY)).toBe(BYTES.length);
  expect(createReader("binary", BYTES, { limits: {} }).end).toBe(BYTES.length);
  expectThriftError(() => createReader("binary", BYTES, { limits: { maxSize: 3 } }), {
    code: "LIMIT_EXCEEDED",
  });
  const reader = createReader("binary", BYTES, { limits: { maxLength: 1 } });
  reader.readStructBegin();
  reader.readFieldBegin();
  expectThriftError(() => reader.readListBegin(), { code: "LIMIT_EXCEEDED", offset: 4 });
});
