import { describe, expect, it } from "vitest";
import { concat, hex, toHex, utf8 } from "../support/bytes.ts";
import { createAnnotationRegistry, jsonToThrift, parseIdl } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";
import { type Expected, expectConversion, expectFailure, failure, outcomeOf } from "./conversion.ts";

const idl = parseIdl(`
  enum E { A = 1 }
  struct S {
    1: string s, 2: binary b, 3: map<string, i32> m, 4: list<string> l, 5: E e, 6: uuid u, 7: i32 i,
    8: map<i32, i32> mi, 9: map<binary, i32> mb, 10: string raw (agw.body_dynamic = ""), 11: map<E, i32> me
  }
`);
const S = idl.struct("S");
const text = jsonToThrift(idl.type("string"));

/** A string's encoding. */
function encoded(content: string | Uint8Array): string {
  const bytes = typeof content === "string" ? utf8(content) : content;
  return bytes.length.toString(16).padStart(8, "0") + toHex(bytes);
}

describe("escapes", () => {
  it.each<[json: string, content: string]>([
    [String.raw`"\"\\\/\b\f\n\r\t"`, '"\\/\b\f\n\r\t'],
    [String.raw`"\u0000\u001f\u007f"`, "\u0000\u001f\u007f"],
    [String.raw`"\u0080\u07ff\u0800\uffff"`, "\u0080\u07ff\u0800\uffff"],
    [String.raw`"\ud7ff\ue000\uFFFE"`, "\ud7ff\ue000\ufffe"],
    [String.raw`"\uABCD\uabcd\uAbCd"`, "\uabcd\uabcd\uabcd"],
    [String.raw`"\ud800\udc00\uDBFF\uDFFF"`, "\u{10000}\u{10ffff}"],
    [String.raw`"x\ud83d\ude00y"`, "x😀y"],
    [String.raw`"\\u0041"`, "\\u0041"],
    [String.raw`"\\\\"`, "\\\\"],
    [String.raw`"\u005c\u0022"`, '\\"'],
    ['"\u007f\u0080\u2028\u2029"', "\u007f\u0080\u2028\u2029"],
    ['""', ""],
    ['"aaaaaaaaaaaa\\naaaa\\n"', "aaaaaaaaaaaa\naaaa\n"],
  ])("%s", (json, content) => {
    expect(JSON.parse(json)).toBe(content);
    expectConversion(text, json, encoded(content));
  });

  it("none but those of JSON, at every distance from a word boundary", () => {
    for (let code = 1; code < 128; code++) {
      for (let shift = 0; shift < 5; shift++) {
        const json = `"${"x".repeat(shift)}\\${String.fromCharCode(code)}0041"`;
        let expected: Expected;
        try {
          expected = encoded(JSON.parse(json));
        } catch {
          expected = failure("INVALID_JSON", shift + 1);
        }
        expect(
          outcomeOf(() => text.convert(json)),
          json,
        ).toEqual(expected);
      }
    }
  });

  it.each<[json: string, offset: number]>([
    [String.raw`"\u"`, 1],
    [String.raw`"\u0"`, 1],
    [String.raw`"\u00"`, 1],
    [String.raw`"\u004"`, 1],
    [String.raw`"\u004g"`, 1],
    [String.raw`"\ug041"`, 1],
    [String.raw`"\u 041"`, 1],
    [String.raw`"\U0041"`, 1],
    [String.raw`"ab\x41"`, 3],
    [String.raw`"\ud800"`, 1],
    [String.raw`"\ud800x"`, 1],
    [String.raw`"\ud800\n"`, 1],
    [String.raw`"\ud800\u0041"`, 1],
    [String.raw`"\ud800\ud800\udc00"`, 1],
    [String.raw`"\udc00"`, 1],
    [String.raw`"\udc00\ud800"`, 1],
    [String.raw`"\ud83d😀"`, 1],
    [String.raw`"\ud800\u"`, 1],
    [String.raw`"\ud800\udc0"`, 1],
    [String.raw`"\ud800\udc0g"`, 1],
  ])("%s", (json, offset) => {
    expectConversion(text, json, failure("INVALID_JSON", offset));
    // The same where the string is passed over.
    expectConversion(jsonToThrift(S), `{"unknown":${json}}`, failure("INVALID_JSON", 11 + offset));
  });

  it("raw control characters are not allowed, DEL is", () => {
    for (let code = 0; code < 32; code++) {
      for (let shift = 0; shift < 5; shift++) {
        const json = `"${"x".repeat(shift)}${String.fromCharCode(code)}yyyy"`;
        expectFailure(() => text.convert(json), "INVALID_JSON", shift + 1);
      }
    }
    expectConversion(text, '"\x7f"', "00000001 7f");
  });

  it("every character, raw and escaped", () => {
    let all = "";
    for (let point = 0x20; point < 0x11_0000; point += point < 0x3000 ? 1 : 7) {
      if (point === 0xd7fe) point = 0xe000;
      if (point === 0x22 || point === 0x5c || (point > 0xd7ff && point < 0xe000)) continue;
      all += String.fromCodePoint(point);
    }
    let escaped = "";
    for (let i = 0; i < all.length; i++) {
      escaped += `\\u${all.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }
    const expected = Buffer.from(all);
    for (const json of [`"${all}"`, `"${escaped}"`]) {
      const bytes = text.convert(json);
      expect(Buffer.from(bytes.subarray(4)).equals(expected)).toBe(true);
      expect(Buffer.from(text.convert(utf8(json))).equals(bytes)).toBe(true);
    }
  });
});

describe("invalid UTF-8", () => {
  const sequences: [name: string, bytes: Uint8Array][] = [
    ["a byte that is never valid", hex`ff`],
    ["a continuation byte alone", hex`80`],
    ["overlong NUL", hex`c0 80`],
    ["overlong three bytes", hex`e0 9f bf`],
    ["overlong four bytes", hex`f0 8f bf bf`],
    ["a surrogate", hex`ed a0 80`],
    ["beyond U+10FFFF", hex`f4 90 80 80`],
    ["a lead byte beyond", hex`f5 80 80 80`],
    ["two bytes cut short", hex`c3`],
    ["three bytes cut short", hex`e2 82`],
    ["four bytes cut short", hex`f0 9f 98`],
    ["a wrong continuation", hex`c3 28`],
    ["a wrong third byte", hex`e2 82 28`],
    ["a wrong fourth byte", hex`f0 9f 98 28`],
  ];
  // `?` is where the sequence is put; the offset of the error is its place.
  const places: [name: string, json: string, path: string | undefined][] = [
    ["a string", '{"s":"ab?"}', "s"],
    ["an element", '{"l":["a","?"]}', "l[1]"],
    ["a map key", '{"m":{"a":1,"x?":1}}', "m"],
    ["an integer key", '{"mi":{"1?":1}}', "mi"],
    ["a binary key", '{"mb":{"?":1}}', "mb"],
    ["an enum key", '{"me":{"?":1}}', "me"],
    ["base64", '{"b":"YQ?=="}', "b"],
    ["an enum name", '{"e":"A?"}', "e"],
    ["a uuid", '{"u":"0011?"}', "u"],
    ["a field's key", '{"s?":1}', undefined],
    ["a key behind a field", '{"i":1,"?":1}', undefined],
    ["an unknown value", '{"x":"?"}', undefined],
    ["an unknown key inside", '{"x":{"?":1}}', undefined],
    ["captured JSON", '{"raw":{"a":"?"}}', "raw"],
  ];
  describe.each(places)("in %s", (_place, json, path) => {
    it.each(sequences)("%s", (_name, sequence) => {
      const [before = "", after = ""] = json.split("?");
      const bytes = concat([utf8(before), sequence, utf8(after)]);
      expectConversion(jsonToThrift(S), bytes, failure("INVALID_UTF8", before.length, path));
    });
  });

  it("outside of strings is no JSON", () => {
    for (const [, sequence] of sequences) {
      for (const [before, after, path] of [
        ["", "{}", undefined],
        ["{", "}", undefined],
        ['{"s"', ':""}', undefined],
        ['{"i":', "}", "i"],
        ['{"i":1', "}", undefined],
        ['{"x":', "}", undefined],
      ] as const) {
        const bytes = concat([utf8(before), sequence, utf8(after)]);
        expectConversion(jsonToThrift(S), bytes, failure("INVALID_JSON", before.length, path));
      }
    }
    expectConversion(jsonToThrift(S), concat([utf8("{}"), hex`ff`]), failure("TRAILING_DATA", 2));
  });

  it("a byte order mark is no JSON", () => {
    expectConversion(jsonToThrift(S), "\ufeff{}", failure("INVALID_JSON", 0));
    expectThriftError(() => jsonToThrift(S).convert("\ufeff{}"), {
      code: "INVALID_JSON",
      message: /found a byte order mark/,
    });
  });

  it.each<[name: string, json: string, offset: number]>([
    ["a high surrogate", '"a\ud800b"', 2],
    ["a low one", '"äß\udc00"', 5],
    ["the wrong way round", '"😀\udc00\ud800"', 5],
    ["at the end", '{"a":"\udbff', 6],
    ["outside of strings", "{\ud800", 1],
  ])("string input with a lone surrogate: %s", (_name, json, offset) => {
    expectFailure(() => jsonToThrift(S).convert(json), "INVALID_UTF8", offset);
  });

  describe('utf8: "trust"', () => {
    const trust = jsonToThrift(S, { utf8: "trust" });
    it.each(sequences)("passes through: %s", (_name, sequence) => {
      const content = concat([utf8("a"), sequence, utf8("zzzz")]);
      const expected = `0b 0001 ${encoded(content)} 00`;
      const bytes = concat([utf8('{"s":"'), content, utf8('"}')]);
      expectConversion(trust, bytes, expected);
    });
    it("in map keys and elements", () => {
      const bytes = concat([utf8('{"m":{"'), hex`ff`, utf8('":1},"l":["'), hex`80 81`, utf8('"]}')]);
      expectConversion(
        trust,
        bytes,
        "0d 0003 0b 08 00000001 00000001 ff 00000001 0f 0004 0b 00000001 00000002 8081 00",
      );
    });
    it("in what is passed over", () => {
      for (const [before, after] of [
        ['{"x":"', '"}'],
        ['{"', '":1}'],
        ['{"x":{"', '":["a"]}}'],
      ] as const) {
        for (const [, sequence] of sequences) {
          expectConversion(trust, concat([utf8(before), sequence, utf8(after)]), "00");
        }
      }
    });
    it("but escapes, control characters and what is no text are checked", () => {
      expectConversion(trust, String.raw`{"s":"\ud800"}`, failure("INVALID_JSON", 6, "s"));
      expectConversion(trust, '{"s":"\t"}', failure("INVALID_JSON", 6, "s"));
      const bytes = concat([utf8('{"b":"YQ'), hex`ff`, utf8('="}')]);
      expectConversion(trust, bytes, failure("INVALID_VALUE", 8, "b"));
    });
    it("a message that ends inside a sequence or an escape has ended too early", () => {
      for (const end of [
        hex`c3`,
        hex`e2 82`,
        hex`f0 9f 98`,
        utf8("\\"),
        utf8("\\u00"),
        utf8("\\ud83d\\ud"),
      ]) {
        const bytes = concat([utf8('{"s":"'), end]);
        expect(outcomeOf(() => trust.convert(bytes))).toMatchObject({ code: "INVALID_JSON", path: "s" });
        expect(outcomeOf(() => jsonToThrift(S).convert(bytes))).toMatchObject({
          code: "INVALID_JSON",
          path: "s",
        });
      }
    });
  });
});

describe("base64", () => {
  const binary = jsonToThrift(idl.type("binary"));
  it.each<[json: string, expected: Expected]>([
    ['""', "00000000"],
    ['"AA=="', "00000001 00"],
    ['"AAA="', "00000002 0000"],
    ['"AAAA"', "00000003 000000"],
    ['"+/+/"', "00000003 fbffbf"],
    [String.raw`"+\/+\/"`, "00000003 fbffbf"],
    [String.raw`"\u0041AAA"`, "00000003 000000"],
    ['"A"', failure("INVALID_VALUE", 2)],
    ['"AA"', failure("INVALID_VALUE", 3)],
    ['"AAA"', failure("INVALID_VALUE", 4)],
    ['"AA="', failure("INVALID_VALUE", 4)],
    ['"A==="', failure("INVALID_VALUE", 2)],
    ['"===="', failure("INVALID_VALUE", 1)],
    ['"AAAA===="', failure("INVALID_VALUE", 5)],
    ['"AA==AAAA"', failure("INVALID_VALUE", 5)],
    ['"AB=="', failure("INVALID_VALUE", 2)],
    ['"AAB="', failure("INVALID_VALUE", 3)],
    ['"-_-_"', failure("INVALID_VALUE", 1)],
    ['"AAA A"', failure("INVALID_VALUE", 4)],
    ['"AAAA "', failure("INVALID_VALUE", 5)],
    ['"AAé="', failure("INVALID_VALUE", 3)],
    [String.raw`"AAAA\n"`, failure("INVALID_VALUE", 0)],
    [String.raw`"\u0041"`, failure("INVALID_VALUE", 0)],
    ["[]", failure("TYPE_MISMATCH", 0)],
    ["[0,1]", failure("TYPE_MISMATCH", 0)],
  ])("%s", (json, expected) => {
    expectConversion(binary, json, expected);
  });
});

describe("uuid", () => {
  const uuid = jsonToThrift(idl.type("uuid"));
  const canonical = "00112233-4455-6677-8899-aabbccddeeff";
  it.each<[json: string, expected: Expected]>([
    [`"${canonical}"`, "00112233445566778899aabbccddeeff"],
    [`"${canonical.toUpperCase()}"`, "00112233445566778899aabbccddeeff"],
    [`"${canonical.replace("-", "\\u002d")}"`, "00112233445566778899aabbccddeeff"],
    [`"{${canonical}}"`, failure("INVALID_VALUE", 0)],
    [`"${canonical.replaceAll("-", "")}"`, failure("INVALID_VALUE", 0)],
    [`"${canonical}0"`, failure("INVALID_VALUE", 0)],
    [`"${canonical.slice(1)}"`, failure("INVALID_VALUE", 0)],
    [`"${canonical.replace("f", "g")}"`, failure("INVALID_VALUE", 0)],
    ['""', failure("INVALID_VALUE", 0)],
    ["1", failure("TYPE_MISMATCH", 0)],
    ["null", failure("TYPE_MISMATCH", 0)],
  ])("%s", (json, expected) => {
    expectConversion(uuid, json, expected);
  });
});

describe("keys of fields", () => {
  const KEYS: Readonly<Record<string, string>> = {
    f1: 'say "hi"',
    f2: "back\\slash",
    f3: "größe",
    f4: "键",
    f5: "🔑",
    f6: "line\nbreak\u0000",
    f7: "",
    f8: "a",
    f9: "ab",
    f10: "abc",
    f11: "abcd",
    f12: "/",
    f13: "__proto__",
    f14: "x".repeat(4096),
    f15: "\u007f\u0085",
    f16: "constructor",
  };
  const fields = Object.keys(KEYS).map((name, index) => `${index + 1}: i32 ${name} (test.key = "")`);
  const annotations = createAnnotationRegistry({ keys: { "test.key": (_values, name) => KEYS[name] } });
  const type = parseIdl(`struct K { ${fields.join(", ")} }`, { annotations }).struct("K");
  const converter = jsonToThrift(type, { unknownFields: "error" });
  const names = Object.values(KEYS);
  const header = (id: number): string => `08 ${id.toString(16).padStart(4, "0")} 0000000${id % 10}`;

  it.each(names.map((key, index) => [JSON.stringify(key).slice(0, 40), key, index + 1] as const))(
    "%s",
    (_shown, key, id) => {
      const expected = `${header(id)} 00`;
      // Both an unknown predecessor and the learned one, raw and escaped.
      const escaped = [...key].map((char) => JSON.stringify(char).slice(1, -1));
      const units = Array.from(key, (char) =>
        Array.from(
          { length: char.length },
          (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`,
        ).join(""),
      );
      for (const spelling of [escaped.join(""), units.join("")]) {
        if (spelling.length > 8000) continue;
        for (let round = 0; round < 3; round++) {
          expectConversion(converter, `{"${spelling}":${id % 10}}`, expected);
        }
      }
    },
  );

  it("all in one object, in both orders, again and again", () => {
    const entries = names.map((key, index) => [key, (index + 1) % 10] as const);
    const forward = entries.map((_, index) => header(index + 1)).join(" ");
    const backward = entries
      .map((_, index) => header(index + 1))
      .reverse()
      .join(" ");
    const json = (pairs: readonly (readonly [string, number])[]): string =>
      `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(" , ")}}`;
    for (let round = 0; round < 3; round++) {
      expectConversion(converter, json(entries), `${forward} 00`);
      expectConversion(converter, json([...entries].reverse()), `${backward} 00`);
    }
  });

  it.each([
    "A",
    "abcde",
    "ABC",
    " a",
    "a ",
    "größe ",
    "gro\u0308ße",
    "toString",
    "f8",
    "x".repeat(4095),
    "x".repeat(4097),
  ])("%s is none of them", (key) => {
    const shown = key.length > 32 ? `["${key.slice(0, 32)}…"]` : undefined;
    const error = expectThriftError(() => converter.convert(JSON.stringify({ [key]: 1 })), {
      code: "UNKNOWN_FIELD",
      offset: 1,
    });
    if (shown !== undefined && !/^[a-z]+$/.test(key)) expect(error.path).toBe(shown);
  });

  it("a key that no program can hold", () => {
    const long = createAnnotationRegistry({ keys: { "test.key": () => "x".repeat(4097) } });
    const tooLong = parseIdl('struct K { 1: i32 a (test.key = "") }', { annotations: long }).struct("K");
    expectThriftError(() => jsonToThrift(tooLong), { code: "LIMIT_EXCEEDED" });
  });
});
