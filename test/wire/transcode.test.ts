import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { type TranscodeOptions, transcode } from "../../src/wire/transcode.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { nestedStructs } from "../node/plain.ts";
import { hex, toHex, truncationsOf, withNoise } from "../support/bytes.ts";
import { expectThriftError, expectWireError } from "../support/errors.ts";

const BINARY = hex`02 0001 01  0f 0002 08 00000002 00000001 ffffffff  0d 0003 0b 06 00000001 00000001 "k" 0005  00`;
const COMPACT = hex`11  19 25 02 01  1b 01 84 01 "k" 0a  00`;
const TO_COMPACT: TranscodeOptions = { from: "binary", to: "compact" };
const TO_BINARY: TranscodeOptions = { from: "compact", to: "binary" };

/** A writer that has something in it. */
function begun(): ByteWriter {
  const output = new ByteWriter();
  output.append(hex`aa`);
  return output;
}

it.each([
  ["binary to compact", TO_COMPACT, BINARY, COMPACT],
  ["compact to binary", TO_BINARY, COMPACT, BINARY],
  ["binary to binary", { from: "binary", to: "binary" }, BINARY, BINARY],
] as const)("%s, behind what is there", (_name, options, bytes, expected) => {
  const output = begun();
  transcode(withNoise(bytes), TType.STRUCT, options, output);
  expect(toHex(output.view())).toBe(`aa${toHex(expected)}`);
});

describe("after an error the output is as it was", () => {
  const cases = [...truncationsOf(BINARY)].map(
    (cut) => [`${cut.length} of ${BINARY.length} bytes`, cut] as const,
  );
  it.each(cases)("%s", (_name, cut) => {
    const output = begun();
    expect(() => transcode(cut, TType.STRUCT, TO_COMPACT, output)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(TRUNCATED|INVALID_SIZE)$/) }),
    );
    expect(toHex(output.view())).toBe("aa");
  });

  it.each([
    ["bytes behind the value", { ...TO_COMPACT }, hex`00 00`, "TRAILING_DATA", 1],
    ["a depth beyond the limit", { ...TO_COMPACT, limits: { maxDepth: 1 } }, BINARY, "LIMIT_EXCEEDED", 7],
    ["a length beyond the limit", { ...TO_COMPACT, limits: { maxLength: 1 } }, BINARY, "LIMIT_EXCEEDED", 8],
    ["a size beyond the limit", { ...TO_COMPACT, limits: { maxSize: 5 } }, BINARY, "LIMIT_EXCEEDED", 0],
  ] as const)("%s", (_name, options, bytes, code, offset) => {
    const output = begun();
    expectWireError(() => transcode(bytes, TType.STRUCT, options, output), { code, offset });
    expect(toHex(output.view())).toBe("aa");
  });

  it("a writer that is full", () => {
    const output = new ByteWriter({ maxSize: 4 });
    expectThriftError(() => transcode(BINARY, TType.STRUCT, TO_COMPACT, output), { code: "LIMIT_EXCEEDED" });
    expect(output.length).toBe(0);
  });
});

describe("wrong arguments", () => {
  const call = (bytes: unknown, type?: unknown, options?: unknown, output?: unknown) => (): void =>
    transcode(bytes as Uint8Array, type as TType, options as TranscodeOptions, output as ByteWriter);
  it.each<[message: string, run: () => void]>([
    ["transcode: the bytes must be a Uint8Array, got undefined", call(undefined)],
    ["transcode: the bytes must be a Uint8Array, got a string", call("x")],
    ["undefined is the wire type of no value; see TType", call(BINARY)],
    ["a string is the wire type of no value; see TType", call(BINARY, "struct")],
    ["0 is the wire type of no value; see TType", call(BINARY, TType.STOP)],
    ["transcode: the options `from` and `to` are missing", call(BINARY, TType.STRUCT)],
    ["transcode: options must be an object, got a string", call(BINARY, TType.STRUCT, "binary", "compact")],
    ["transcode: the option `from` is missing", call(BINARY, TType.STRUCT, {})],
    ["transcode: the option `to` is missing", call(BINARY, TType.STRUCT, { from: "binary" })],
    [
      'option `to` must be "binary" or "compact", got "compct"; did you mean `compact`?',
      call(BINARY, TType.STRUCT, { from: "binary", to: "compct" }),
    ],
    [
      "transcode: unknown option `form`; did you mean `from`?",
      call(BINARY, TType.STRUCT, { form: "binary", to: "compact" }),
    ],
    [
      "limits: unknown option `maxDeth`; did you mean `maxDepth`?",
      call(BINARY, TType.STRUCT, { ...TO_COMPACT, limits: { maxDeth: 1 } }),
    ],
    ["transcode: the output must be a ByteWriter, got undefined", call(BINARY, TType.STRUCT, TO_COMPACT)],
  ])("%s", (message, run) => {
    expectThriftError(run, { code: "INVALID_OPTION", message });
  });
});

describe("structs in structs, maxDepth: Infinity", () => {
  const limits = { maxDepth: Number.POSITIVE_INFINITY };

  it.each<[from: Protocol, to: Protocol, offset: number]>([
    // Where struct 513 starts: behind 512 headers of a field.
    ["binary", "compact", 512 * 3],
    ["compact", "binary", 512],
  ])("%s to %s: 512 levels are copied, 513 are too deep at %i", (from, to, offset) => {
    const output = new ByteWriter();
    transcode(nestedStructs(512, from), TType.STRUCT, { from, to, limits }, output);
    expect(toHex(output.toBytes())).toBe(toHex(nestedStructs(512, to)));
    expectThriftError(
      () => transcode(nestedStructs(513, from), TType.STRUCT, { from, to, limits }, new ByteWriter()),
      { code: "LIMIT_EXCEEDED", offset },
    );
  });
});
