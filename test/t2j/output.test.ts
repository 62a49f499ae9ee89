import { describe, expect, it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { fromUtf8, toHex, utf8, withNoise } from "../support/bytes.ts";
import { ByteWriter, createAnnotationRegistry, parseIdl, thriftToJson } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { MESSAGES } from "./messages.ts";
import * as W from "./wire.ts";

const { I32, STRING } = TType;
const strings = parseIdl("").type("list<string>");

function encodeStrings(...texts: string[]): Uint8Array {
  return W.encodeBytes(
    W.list(
      STRING,
      texts.map((text) => W.text(text)),
    ),
    "binary",
  );
}

describe("convertToString is the decoded result of convert", () => {
  it.each(MESSAGES)("$name", ({ type, value, json }) => {
    for (const protocol of W.PROTOCOLS) {
      const converter = thriftToJson(type, { protocol });
      const bytes = W.encodeBytes(value, protocol);
      expect(converter.convertToString(bytes)).toBe(json);
      expect(fromUtf8(converter.convert(bytes))).toBe(json);
    }
  });

  const converter = thriftToJson(strings);
  it.each([
    ["ASCII", ["plain"]],
    ["Latin-1", ["é"]],
    ["a byte order mark", ["\ufeff"]],
    ["beyond the BMP", ["😀"]],
    ["ASCII, then not", ["a".repeat(300_000), "é"]],
    ["not ASCII, then long ASCII", ["é", "a".repeat(300_000)]],
    ["long and not ASCII", ["世界".repeat(100_000)]],
    ["not ASCII in the middle of a long string", [`${"a".repeat(200_000)}é${"b".repeat(200_000)}`]],
  ])("%s", (_name, texts) => {
    const bytes = encodeStrings(...texts);
    expect(converter.convertToString(bytes) === JSON.stringify(texts)).toBe(true);
    expect(fromUtf8(converter.convert(bytes)) === JSON.stringify(texts)).toBe(true);
    // The next message does not inherit what this one had.
    expect(converter.convertToString(encodeStrings("plain"))).toBe('["plain"]');
  });

  it("names and defaults that are more than ASCII", () => {
    const idl = parseIdl(`
      struct S { 1: i32 a (api.key = "größe"), 2: optional string b = "é" }
      struct Plain { 1: i32 a }
    `);
    const bytes = W.encodeBytes(W.struct([1, W.i32(1)]), "binary");
    expect(thriftToJson(idl.type("S")).convertToString(bytes)).toBe('{"größe":1}');
    expect(thriftToJson(idl.type("S"), { missing: { optional: "write" } }).convertToString(bytes)).toBe(
      '{"größe":1,"b":"é"}',
    );
    expect(thriftToJson(idl.type("Plain")).convertToString(bytes)).toBe('{"a":1}');
  });

  it("replaced parts", () => {
    const replacing = thriftToJson(parseIdl("").type("string"), { utf8: "replace" });
    expect(replacing.convertToString(W.encodeBytes(W.text(Uint8Array.of(0x61, 0xff)), "binary"))).toBe(
      '"a\ufffd"',
    );
  });
});

describe("convertInto", () => {
  const converter = thriftToJson(strings);
  it("appends", () => {
    const writer = new ByteWriter({ capacity: 1 });
    converter.convertInto(encodeStrings("a"), writer);
    converter.convertInto(encodeStrings("b", "c"), writer);
    expect(fromUtf8(writer.view())).toBe('["a"]["b","c"]');
  });

  it.each([0, 1, 1000, 300_000, 1_000_000])("a result of about %i bytes", (size) => {
    const writer = new ByteWriter();
    writer.append(utf8("before"));
    converter.convertInto(encodeStrings("x".repeat(size), "é"), writer);
    expect(fromUtf8(writer.view()) === `before["${"x".repeat(size)}","é"]`).toBe(true);
  });

  it.each([10, 400_000])("leaves the writer as it was after an error, %i bytes in", (size) => {
    const writer = new ByteWriter();
    writer.append(utf8("before"));
    const bytes = encodeStrings("x".repeat(size), "y");
    // The header of the list takes 5 bytes, the size of a string 4.
    const second = 5 + 4 + size;
    const noContent = bytes.subarray(0, -1);
    const noSize = new Uint8Array([...bytes.subarray(0, second), 0xff]);
    for (const [broken, code] of [
      [noContent, "INVALID_SIZE"],
      [noSize, "TRUNCATED"],
    ] as const) {
      expectThriftError(() => converter.convertInto(broken, writer), { code, offset: second, path: "[1]" });
      expect(fromUtf8(writer.view())).toBe("before");
    }
    converter.convertInto(encodeStrings("z"), writer);
    expect(fromUtf8(writer.view())).toBe('before["z"]');
  });

  it("respects the writer's own limit", () => {
    const writer = new ByteWriter({ capacity: 0, maxSize: 8 });
    expectThriftError(() => converter.convertInto(encodeStrings("too long"), writer), {
      code: "LIMIT_EXCEEDED",
    });
    expect(writer.length).toBe(0);
    converter.convertInto(encodeStrings("ok"), writer);
    expect(fromUtf8(writer.view())).toBe('["ok"]');
  });
});

describe("ownership", () => {
  const type = parseIdl("").type("list<i32>");
  const message = (n: number): Uint8Array => W.encodeBytes(W.list(I32, [W.i32(n), W.i32(-n)]), "binary");

  it.each(["pooled", "own"] as const)("%s results are not overwritten", (output) => {
    const converter = thriftToJson(type, { output });
    const results = Array.from({ length: 5000 }, (_, n) => converter.convert(message(n)));
    results.forEach((result, n) => {
      const expected = `[${n},${-n === 0 ? 0 : -n}]`;
      if (Buffer.from(result).toString() !== expected) throw new Error(`result ${n} has changed`);
    });
  });

  it("own results have a private buffer", () => {
    const converter = thriftToJson(type, { output: "own" });
    const result = converter.convert(message(5));
    expect(result.byteOffset).toBe(0);
    expect(result.buffer.byteLength).toBe(result.length);
    expect(converter.convert(message(5)).buffer).not.toBe(result.buffer);
    structuredClone(result, { transfer: [result.buffer] });
    expect(fromUtf8(converter.convert(message(6)))).toBe("[6,-6]");
    const large = thriftToJson(strings, { output: "own" }).convert(encodeStrings("x".repeat(1_000_000)));
    expect(large.buffer.byteLength).toBe(large.length);
  });

  it.each([
    ["like its first part", ["x".repeat(1_500_000)]],
    ["denser at its end", ["x".repeat(400_000), "\u0001".repeat(400_000)]],
    ["denser at its start", ["\u0001".repeat(100_000), "x".repeat(1_000_000)]],
    ["of one window", ["\u0001".repeat(100_000)]],
  ])("large results stay what they are: a message %s", (_name, texts) => {
    const converter = thriftToJson(strings, { kernel: "typescript" });
    const bytes = encodeStrings(...texts);
    const results = Array.from({ length: 3 }, () => converter.convert(bytes));
    converter.convert(encodeStrings("y".repeat(2_000_000)));
    for (const result of results) expect(fromUtf8(result) === JSON.stringify(texts)).toBe(true);
    expect(new Set(results.map((result) => result.buffer)).size).toBe(results.length);
    expect(results[0]!.buffer.byteLength).toBeLessThan(results[0]!.length * 1.2);
  });

  it("results may be written to", () => {
    const converter = thriftToJson(type);
    const first = converter.convert(message(1));
    first.fill(0);
    expect(fromUtf8(converter.convert(message(1)))).toBe("[1,-1]");
  });

  it("results are plain arrays of bytes, whatever the input is", () => {
    const converter = thriftToJson(type);
    const bytes = message(3);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    for (const input of [bytes, Buffer.from(bytes), withNoise(bytes), shared]) {
      const result = converter.convert(input);
      expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype);
      expect(fromUtf8(result)).toBe("[3,-3]");
    }
  });
});

describe("input", () => {
  it("is only read, also when it is wrong", () => {
    for (const { type, value } of MESSAGES) {
      for (const protocol of W.PROTOCOLS) {
        const converter = thriftToJson(type, { protocol });
        const bytes = W.encodeBytes(value, protocol);
        for (const end of [bytes.length, bytes.length - 1, bytes.length >> 1]) {
          const input = withNoise(bytes.subarray(0, end), 0x0b);
          const all = new Uint8Array(input.buffer);
          const before = toHex(all);
          try {
            converter.convert(input);
          } catch {
            // Only what it did to its input counts here.
          }
          expect(toHex(all)).toBe(before);
        }
      }
    }
  });

  it("may end where a word-wise read would go on", () => {
    const converter = thriftToJson(parseIdl("").type("string"));
    for (let length = 0; length < 40; length++) {
      for (const noise of [0x22, 0x5c, 0xff, 0x00, 0xc3]) {
        const text = "a".repeat(length);
        expect(converter.convertToString(withNoise(W.encodeBytes(W.text(text), "binary"), noise))).toBe(
          `"${text}"`,
        );
      }
    }
  });
});

describe("converters", () => {
  it("of one type and the same options share a program, and differ in what does not shape it", () => {
    const type = parseIdl("struct S { 1: S s }").struct("S");
    const nested = W.encodeBytes(W.struct([1, W.struct([1, W.struct()])]), "binary");
    const shallow = thriftToJson(type, { limits: { maxDepth: 2 } });
    const deep = thriftToJson(type, { limits: { maxDepth: 3 } });
    expectThriftError(() => shallow.convert(nested), { code: "LIMIT_EXCEEDED" });
    expect(deep.convertToString(nested)).toBe('{"s":{"s":{}}}');
    expectThriftError(() => shallow.convert(nested), { code: "LIMIT_EXCEEDED" });
    expect(deep.engine).toBe("wasm");
  });

  it("work inside each other to any depth", () => {
    const annotations = createAnnotationRegistry({
      values: {
        "my.nested": () => ({
          kind: "custom",
          name: "nested",
          jsonToThrift: (json, context) => context.fromJson(json),
          thriftToJson: (bytes, { toJson }) => {
            const inner: string = toJson(bytes);
            const text = JSON.parse(inner) as string;
            return text.length === 0
              ? inner
              : thriftToJson(type).convertToString(
                  W.encodeBytes(W.struct([1, W.text("é")], [2, W.text(text.slice(1))]), "binary"),
                );
          },
        }),
      },
    });
    const type = parseIdl("struct S { 1: string a, 2: string b (my.nested), 3: string c }", {
      annotations,
    }).struct("S");
    const depth = 30;
    const bytes = W.encodeBytes(
      W.struct([1, W.text("a")], [2, W.text("x".repeat(depth))], [3, W.text("c")]),
      "binary",
    );
    let expected = '""';
    for (let i = 0; i < depth; i++) expected = `{"a":"é","b":${expected}}`;
    expect(thriftToJson(type).convertToString(bytes)).toBe(`{"a":"a","b":${expected},"c":"c"}`);
  });
});
