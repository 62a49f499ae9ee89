import { describe, expect, it } from "vitest";
import { PIECE_SIZE, WINDOW_SIZE } from "../../src/t2j/scratch.ts";
import { chunksOf, concat, hex, toHex, utf8 } from "../support/bytes.ts";
import { isThriftError, parseIdl, type ThriftToJsonConverter, thriftToJson } from "../support/engines.ts";
import { expectThriftError, matchThriftError } from "../support/errors.ts";
import { createRandom, type Random } from "../support/random.ts";
import { pump } from "../support/streams.ts";
import * as W from "./wire.ts";

const idl = parseIdl("struct S { 1: string s, 2: map<string,i32> m, 3: binary b }");
const string = idl.type("string");
const check = thriftToJson(string);
const trust = thriftToJson(string, { utf8: "trust" });
const replace = thriftToJson(string, { utf8: "replace" });

const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

const SIZE = 4;

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Where the first ill-formed sequence starts: the end of the longest valid beginning. */
function firstFault(bytes: Uint8Array): number {
  for (let end = bytes.length; ; end--) if (isValid(bytes.subarray(0, end))) return end;
}

function encode(content: Uint8Array): Uint8Array {
  return W.encodeBytes(W.text(content), "binary");
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\\b", "\\u0008").replaceAll("\\f", "\\u000c");
}

/** What is wrong with the three rules for one content; `expect` itself would take most of the time. */
function problemWith(content: Uint8Array): string | undefined {
  const bytes = encode(content);
  const text = quoted(lossy.decode(content));
  if (replace.convertToString(bytes) !== text) return `${toHex(content)}: replaced by other text`;
  let outcome: string;
  try {
    outcome = check.convertToString(bytes);
  } catch (error) {
    if (!isThriftError(error)) throw error;
    outcome = `${error.code} at ${error.offset}`;
  }
  const expected = isValid(content) ? text : `INVALID_UTF8 at ${SIZE + firstFault(content)}`;
  return outcome === expected ? undefined : `${toHex(content)}: ${outcome} instead of ${expected}`;
}

function problemsWith(contents: Iterable<Uint8Array>): string[] {
  const problems: string[] = [];
  for (const content of contents) {
    const problem = problemWith(content);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

/** Bytes that look like UTF-8 and often are not. */
function almostUtf8(random: Random, length: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < length; ) {
    const piece = random.pick([
      () => utf8(random.pick(["a", "é", "世", "😀", "\u07ff", "\u0800", "\uffff", "\u{10ffff}", '"', "\n"])),
      () => utf8("plain ASCII text"),
      () => Uint8Array.of(random.int(0x80, 0xff)),
      () =>
        Uint8Array.of(random.pick([0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5])),
      () => Uint8Array.of(random.pick([0xe0, 0xe2, 0xed, 0xf0, 0xf3, 0xf4]), random.int(0x80, 0xbf)),
      () => Uint8Array.of(random.pick([0xf0, 0xf3, 0xf4]), random.int(0x80, 0xbf), random.int(0x80, 0xbf)),
      () => hex`ed a0 80`,
      () => hex`c0 af`,
    ])();
    pieces.push(piece);
    size += piece.length;
  }
  return concat(pieces);
}

describe("every short sequence", () => {
  it("of one or two bytes", () => {
    function* contents(): Generator<Uint8Array> {
      for (let first = 0x80; first < 0x100; first++) {
        yield Uint8Array.of(first);
        // Of the bytes that cannot continue a sequence, a few.
        for (let second = 0; second < 0x100; second += second < 0x78 || second >= 0xc8 ? 24 : 1) {
          yield Uint8Array.of(first, second);
        }
      }
    }
    expect(problemsWith(contents())).toEqual([]);
  });

  it("of three and four bytes at the edges", () => {
    const edges = [0x22, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf];
    function* contents(): Generator<Uint8Array> {
      for (let first = 0xe0; first < 0xf6; first++) {
        for (const second of edges) {
          for (const third of edges) {
            yield Uint8Array.of(first, second, third);
            if (first >= 0xf0) for (const fourth of edges) yield Uint8Array.of(first, second, third, fourth);
          }
        }
      }
    }
    expect(problemsWith(contents())).toEqual([]);
  });
});

describe("where the fault is", () => {
  it.each([
    ["the first byte", "ff", 0],
    ["behind ASCII", "61 62 ff 63", 2],
    ["behind a sequence", "c3 a9 80", 2],
    ["a sequence that ends early", "61 e4 b8", 1],
    ["a sequence that another one interrupts", "e4 b8 c3 a9", 0],
    ["the last byte of a sequence", "f0 9f 98 41", 0],
    ["an overlong slash", "61 c0 af", 1],
    ["an overlong NUL", "c0 80", 0],
    ["a surrogate", "61 61 61 ed a0 80", 3],
    ["a pair of surrogates", "ed a0 bd ed b8 80", 0],
    ["beyond U+10FFFF", "f4 90 80 80", 0],
    ["five bytes", "f8 88 80 80 80", 0],
    ["behind seven ASCII bytes", "61 61 61 61 61 61 61 80", 7],
  ])("%s: %s", (_name, content, at) => {
    const bytes = hex(content);
    expect(firstFault(bytes)).toBe(at);
    for (const protocol of W.PROTOCOLS) {
      for (const [value, path, more] of [
        [W.markedText(bytes.subarray(0, at), bytes.subarray(at)), "s", 1],
        [W.markedText(bytes.subarray(0, at), bytes.subarray(at)), "b", 3],
      ] as const) {
        const { bytes: message, mark } = W.encode(W.struct([more, value]), protocol);
        const converter = thriftToJson(idl.struct("S"), { protocol, binary: "utf8" });
        expectThriftError(() => converter.convert(message), { code: "INVALID_UTF8", offset: mark, path });
      }
      const inKey = W.struct([
        2,
        W.map(11, 8, [[W.markedText(bytes.subarray(0, at), bytes.subarray(at)), W.i32(1)]]),
      ]);
      const { bytes: message, mark } = W.encode(inKey, protocol);
      const converter = thriftToJson(idl.struct("S"), { protocol });
      expectThriftError(() => converter.convert(message), { code: "INVALID_UTF8", offset: mark, path: "m" });
    }
  });
});

describe("every place in text that is read eight bytes at a time", () => {
  const specials = ['"', "\\", "\u0000", "\u001f", "\n", "\u007f", "é", "\u07ff", "\u0800", "世", "😀"];
  it.each(specials.map((special) => [JSON.stringify(special), special]))("%s", (_name, special) => {
    const machine = thriftToJson(string, { kernel: "typescript" });
    const problems: string[] = [];
    for (let before = 0; before <= 17; before++) {
      for (let behind = 0; behind <= 9; behind++) {
        for (const middle of [special, special + special, `${special}a${special}`]) {
          const text = "x".repeat(before) + middle + "y".repeat(behind);
          if (machine.convertToString(encode(utf8(text))) !== quoted(text)) problems.push(text);
        }
      }
    }
    expect(problems).toEqual([]);
  });
});

describe("random contents", () => {
  it("whole", () => {
    const random = createRandom(1);
    const contents = Array.from({ length: 800 }, () => almostUtf8(random, random.int(1, 40)));
    expect(problemsWith(contents)).toEqual([]);
  });

  it("trusted bytes pass through, escaped as ever", () => {
    const random = createRandom(2);
    for (let run = 0; run < 500; run++) {
      const content = almostUtf8(random, random.int(1, 30));
      const escaped = Array.from(content, (byte) =>
        byte === 0x22 ? hex`5c 22` : byte === 0x0a ? hex`5c 6e` : Uint8Array.of(byte),
      );
      const expected = concat([hex`22`, ...escaped, hex`22`]);
      expect(toHex(trust.convert(encode(content)))).toBe(toHex(expected));
    }
  });

  async function compareStreams(
    converter: ThriftToJsonConverter,
    bytes: Uint8Array,
    sizes: number[],
  ): Promise<void> {
    let expected: Uint8Array | undefined;
    let failure: unknown;
    try {
      expected = converter.convert(bytes);
    } catch (error) {
      failure = error;
    }
    const streamed = await pump(chunksOf(bytes, sizes), converter.stream());
    if (expected === undefined) {
      const { code, offset, path } = failure as { code: "INVALID_UTF8"; offset: number; path: undefined };
      matchThriftError(streamed.error, { code, offset, path });
    } else {
      expect(streamed.error).toBeUndefined();
      expect(Buffer.compare(streamed.bytes, expected)).toBe(0);
    }
  }

  it("in chunks", async () => {
    const random = createRandom(3);
    for (let run = 0; run < 60; run++) {
      const bytes = encode(almostUtf8(random, random.int(1, 40)));
      for (const converter of [check, trust, replace]) {
        await compareStreams(converter, bytes, [1]);
        await compareStreams(converter, bytes, [random.int(1, 9), random.int(1, 9)]);
      }
    }
  });

  // Long strings are written in pieces, which may end inside a sequence.
  it.each([
    ["piece", PIECE_SIZE, 120],
    ["two pieces", 2 * PIECE_SIZE, 60],
    ["window", WINDOW_SIZE - SIZE, 60],
  ])("across the end of a %s", (_name, boundary, runs) => {
    const random = createRandom(4);
    for (let run = 0; run < runs; run++) {
      const content = almostUtf8(random, 12);
      const before = boundary - random.int(0, content.length);
      const filler = new Uint8Array(before).fill(0x78);
      const after = random.chance(0.5) ? new Uint8Array(0) : utf8("tail");
      const whole = concat([filler, content, after]);
      const bytes = encode(whole);
      const tail = quoted(lossy.decode(concat([content, after])));
      const replaced = replace.convertToString(bytes);
      expect(replaced.length - 2 - before).toBe(tail.length - 2);
      expect(replaced.slice(before + 1)).toBe(tail.slice(1));
      expect(trust.convert(bytes).length).toBe(concat([whole, hex`22 22`]).length + countEscapes(content));
      const faultIn = firstFault(concat([content, after]));
      if (faultIn === content.length + after.length) {
        expect(check.convertToString(bytes)).toBe(replaced);
      } else {
        expectThriftError(() => check.convert(bytes), {
          code: "INVALID_UTF8",
          offset: SIZE + before + faultIn,
          path: undefined,
        });
      }
    }
  });

  function countEscapes(content: Uint8Array): number {
    return content.filter((byte) => byte === 0x22 || byte === 0x0a).length;
  }
});
