import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendFramed, createSplitter, type Framing } from "../../src/cli/framing.ts";
import { ByteWriter } from "../../src/index.ts";
import { chunksOf, fromUtf8, hex, toHex, twoChunks, utf8 } from "../support/bytes.ts";
import { type ExpectedError, expectThriftError } from "../support/errors.ts";

type Many = Exclude<Framing, "none">;

interface Split {
  readonly text: string;
  readonly place: string;
}

function split(
  framing: Many,
  chunks: Iterable<Uint8Array>,
  maxSize = 1000,
  messages: Split[] = [],
): readonly Split[] {
  const splitter = createSplitter(framing, maxSize);
  for (const chunk of chunks) {
    for (const { bytes, place } of splitter.push(chunk)) messages.push({ text: fromUtf8(bytes), place });
  }
  for (const { bytes, place } of splitter.end()) messages.push({ text: fromUtf8(bytes), place });
  return messages;
}

describe("lines", () => {
  it.each<[text: string, lines: readonly (readonly [string, string])[]]>([
    ["", []],
    ["\n", []],
    ["a", [["line 1", "a"]]],
    ["a\n", [["line 1", "a"]]],
    [
      "a\r\nb\r\n",
      [
        ["line 1", "a\r"],
        ["line 2", "b\r"],
      ],
    ],
    [
      "a\n\n \t\nb",
      [
        ["line 1", "a"],
        ["line 4", "b"],
      ],
    ],
    ["\n\nab cd\n", [["line 3", "ab cd"]]],
  ])("%j", (text, lines) => {
    const expected = lines.map(([place, line]) => ({ place, text: line }));
    for (const chunks of twoChunks(utf8(text))) expect(split("lines", chunks)).toEqual(expected);
    expect(split("lines", chunksOf(utf8(text), 1))).toEqual(expected);
  });

  it.each([
    ["12345678\n", undefined],
    ["1\n123456789\n", "line 2 is longer than the limit of 8 bytes"],
    ["123456789", "line 1 is longer than the limit of 8 bytes"],
  ])("%j with a limit of 8 bytes", (text, message) => {
    for (const chunks of [[utf8(text)], chunksOf(utf8(text), 1)]) {
      if (message === undefined) expect(split("lines", chunks, 8)).toHaveLength(1);
      else expectThriftError(() => split("lines", chunks, 8), { code: "LIMIT_EXCEEDED", message });
    }
  });
});

describe("sizes in front", () => {
  it.each<[framing: Many, stream: Uint8Array, messages: readonly (readonly [string, string])[]]>([
    ["framed", hex``, []],
    ["framed", hex`00000000`, [["message 1 (from byte 4)", ""]]],
    [
      "framed",
      hex`00000002 "ab" 00000001 "c"`,
      [
        ["message 1 (from byte 4)", "ab"],
        ["message 2 (from byte 10)", "c"],
      ],
    ],
    [
      "varint",
      hex`02 "ab" 00 01 "c"`,
      [
        ["message 1 (from byte 1)", "ab"],
        ["message 2 (from byte 4)", ""],
        ["message 3 (from byte 5)", "c"],
      ],
    ],
    ["varint", hex`82 00 "ab"`, [["message 1 (from byte 2)", "ab"]]],
  ])("%s %o", (framing, stream, messages) => {
    const expected = messages.map(([place, text]) => ({ place, text }));
    for (const chunks of twoChunks(stream)) expect(split(framing, chunks)).toEqual(expected);
    expect(split(framing, chunksOf(stream, 1))).toEqual(expected);
  });

  const cases: readonly (readonly [framing: Many, stream: Uint8Array, good: number, error: ExpectedError])[] =
    [
      [
        "framed",
        hex`00000001 "a" 000000`,
        1,
        { code: "TRUNCATED", offset: 8, message: /^the input ends inside message 2, after 3 bytes of it/ },
      ],
      [
        "framed",
        hex`00000003 "ab"`,
        0,
        { code: "TRUNCATED", offset: 6, message: /^the input ends inside message 1, after 6 bytes of it/ },
      ],
      [
        "framed",
        hex`00000001 "a" 80010001`,
        1,
        {
          code: "INVALID_SIZE",
          offset: 5,
          message: /^message 2 has an impossible size; is the input framed like this\?/,
        },
      ],
      // Nothing is allocated for what a size claims.
      [
        "framed",
        hex`7fffffff "a"`,
        0,
        {
          code: "LIMIT_EXCEEDED",
          offset: 0,
          message: /^message 1 says that it has 2147483647 bytes; the limit is 1000/,
        },
      ],
      [
        "varint",
        hex`01 "a" 808080808000`,
        1,
        { code: "INVALID_SIZE", offset: 2, message: /^message 2 has an impossible size/ },
      ],
      [
        "varint",
        hex`ffffffff7f`,
        0,
        { code: "LIMIT_EXCEEDED", offset: 0, message: /^message 1 says that it has 34359738367 bytes/ },
      ],
      ["varint", hex`05 "abc"`, 0, { code: "TRUNCATED", offset: 4 }],
      ["varint", hex`80`, 0, { code: "TRUNCATED", offset: 1 }],
    ];
  it.each(cases)("rejects %s %o", (framing, stream, good, error) => {
    for (const chunks of [[stream], chunksOf(stream, 1)]) {
      const messages: Split[] = [];
      expectThriftError(() => split(framing, chunks, 1000, messages), error);
      expect(messages).toHaveLength(good);
    }
  });
});

describe("writes", () => {
  it.each<[framing: Framing, message: string, stream: string]>([
    ["none", "ab", "6162"],
    ["framed", "ab", "000000026162"],
    ["framed", "", "00000000"],
    ["varint", "ab", "026162"],
    ["varint", "", "00"],
    ["lines", "ab", "61620a"],
  ])("%s %j", (framing, message, stream) => {
    const output = new ByteWriter({ capacity: 0 });
    appendFramed(framing, utf8(message), output);
    expect(toHex(output.view())).toBe(stream);
  });

  it.each([
    [0x7f, "7f"],
    [0x80, "8001"],
    [0x3fff, "ff7f"],
    [0x4000, "808001"],
    [0x1f_ffff, "ffff7f"],
  ])("a varint for %i bytes", (size, header) => {
    const output = new ByteWriter();
    appendFramed("varint", new Uint8Array(size), output);
    expect(toHex(output.view().subarray(0, header.length / 2))).toBe(header);
    expect(output.length).toBe(size + header.length / 2);
  });
});

it.each(["framed", "varint", "lines"] as const)(
  "%s reads what it writes, in chunks of any size",
  (framing) => {
    const message = fc.string({
      minLength: 1,
      maxLength: 200,
      unit: fc.constantFrom("a", "b", "{", " ", "é"),
    });
    fc.assert(
      fc.property(
        fc.array(
          message.filter((text) => text.trim() !== ""),
          { maxLength: 8 },
        ),
        fc.integer({ min: 1, max: 64 }),
        (texts, size) => {
          const output = new ByteWriter();
          for (const text of texts) appendFramed(framing, utf8(text), output);
          const messages = split(framing, chunksOf(output.toBytes(), size));
          expect(messages.map(({ text }) => text)).toEqual(texts);
        },
      ),
      { seed: 20250103, numRuns: 100 },
    );
  },
);
