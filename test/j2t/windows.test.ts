import { describe, expect, it } from "vitest";
import { WINDOW_SIZE } from "../../src/j2t/scratch.ts";
import { concat, hex, toHex, utf8 } from "../support/bytes.ts";
import { type JsonToThriftConverter, jsonToThrift, parseIdl } from "../support/engines.ts";
import { expectFailure, failure, outcomeOf } from "./conversion.ts";

/**
 * The machine sees its input through a window of fixed size. What it does may not depend on where a window
 * ends: these tests put every position of every token there.
 */

const idl = parseIdl(`
  enum E { ALPHA = 1, BETA = 2 }
  struct In { 1: required i32 x, 2: string label }
  struct All {
    1: bool yes, 2: byte small, 3: i16 short, 4: i32 medium, 5: i64 long, 6: double real, 7: string text,
    8: binary raw, 9: uuid id, 10: E color, 11: list<i32> list, 12: set<string> set, 13: map<string, i32> map,
    14: map<In, bool> pairs, 15: In inner, 16: list<list<bool>> nested, 17: i64 quoted (api.js_conv = ""),
    18: string dynamic (agw.body_dynamic = ""), 19: bool no
  }
`);
const ALL = idl.struct("All");

const MESSAGE = `{"yes" : true,"small":-12, "short":1.2e3,"medium":-2147483648 ,"long":9223372036854775807,
  "real":-1.5e-7,"text":"a\\u00e9\\ud83d\\ude00é😀\\n","raw":"aGVs\\/G8=","id":"00112233-4455-6677-8899-aabbccddeeff",
  "color":"BETA","list":[1, 2 ,3],"set":["x",""],"map":{"k\\u00e9":1,"é":-2},"pairs":[[{"x":1},true],[{"x":2},false]],
  "inner":{"label":"l","x":0,"unknown":{"a":[null,true,false,1.5,"\\u0000"]}},"nested":[[true],[],[false]],
  "quoted":"-5","dynamic":{"any":["thing",{}]},"un\\u006bnown":[{"a":{}}, -1e5],"no":false}`;

describe("a message that reaches across the end of a window", () => {
  const bytes = utf8(MESSAGE);
  const padded = new Uint8Array(WINDOW_SIZE + bytes.length).fill(0x78);
  const opening = utf8('{"padding":"');
  const closing = utf8('",');

  /** The message, whose first byte is replaced by a long string, so that `before` bytes are in the window. */
  function placed(message: Uint8Array, before: number): Uint8Array {
    const start = WINDOW_SIZE - before;
    padded.fill(0x78, start - 2 * message.length, start);
    padded.set(opening);
    padded.set(closing, start - closing.length);
    padded.set(message.subarray(1), start);
    return padded.subarray(0, start + message.length - 1);
  }

  it.each([
    ["binary", 1],
    ["compact", 5],
  ] as const)("%s: every position of it", (protocol, step) => {
    const converter = jsonToThrift(ALL, { protocol });
    const expected = toHex(converter.convert(bytes));
    for (let before = 0; before <= bytes.length; before += step) {
      expect(toHex(converter.convert(placed(bytes, before))), `${before}`).toBe(expected);
    }
  });

  it("damaged, it fails alike wherever the window ends", () => {
    const converter = jsonToThrift(ALL);
    for (let at = 1; at < bytes.length; at += 9) {
      const damaged = bytes.slice();
      damaged[at] = at % 2 === 0 ? 0x07 : 0x5c;
      const plain = outcomeOf(() => converter.convert(damaged));
      for (const before of [at - 9, at - 1, at, at + 2]) {
        if (before < 0) continue;
        const shifted = outcomeOf(() => converter.convert(placed(damaged, before)));
        const expected =
          typeof plain === "string" ? plain : { ...plain, offset: plain.offset! - 1 + WINDOW_SIZE - before };
        expect(shifted, `damaged at ${at}, ${before} bytes in the window`).toEqual(expected);
      }
    }
  });
});

interface Unit {
  readonly name: string;
  /** What stands in the JSON string. */
  readonly json: string;
  readonly content: string;
}

const UNITS: readonly Unit[] = [
  { name: "ASCII", json: "y", content: "y" },
  { name: "two bytes", json: "é", content: "é" },
  { name: "three bytes", json: "键", content: "键" },
  { name: "four bytes", json: "😀", content: "😀" },
  { name: "a short escape", json: "\\n", content: "\n" },
  { name: "an escaped quote", json: '\\"', content: '"' },
  { name: "an escaped backslash", json: "\\\\", content: "\\" },
  { name: "an escape", json: "\\u00e9", content: "é" },
  { name: "a surrogate pair", json: "\\ud83d\\ude00", content: "😀" },
];

/** Where string content is read by different code. */
const HOLDERS: readonly {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly type: string;
  readonly output: (content: Uint8Array) => Uint8Array;
}[] = [
  {
    name: "a field",
    before: '{"label":"',
    after: '","x":1}',
    type: "In",
    output: (content) => concat([hex`0b 0002`, sized(content), hex`08 0001 00000001 00`]),
  },
  {
    name: "a map key",
    before: '{"a":1,"',
    after: '":2}',
    type: "map<string, i32>",
    output: (content) => concat([hex`0b 08 00000002 00000001 "a" 00000001`, sized(content), hex`00000002`]),
  },
  {
    name: "an element",
    before: '["',
    after: '","b"]',
    type: "list<string>",
    output: (content) => concat([hex`0b 00000002`, sized(content), hex`00000001 "b"`]),
  },
  {
    name: "an unknown field",
    before: '{"z":"',
    after: '","x":1}',
    type: "In",
    output: () => hex`08 0001 00000001 00`,
  },
  {
    name: "an unknown key inside an unknown field",
    before: '{"z":{"',
    after: '":0},"x":1}',
    type: "In",
    output: () => hex`08 0001 00000001 00`,
  },
];

function sized(content: Uint8Array): Uint8Array {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setInt32(0, content.length);
  return concat([size, content]);
}

/** Like `sized`, for the compact protocol. */
function compactSized(content: Uint8Array): Uint8Array {
  const size: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>= 7) size.push((rest & 0x7f) | 0x80);
  return concat([Uint8Array.from([...size, rest]), content]);
}

function expectSame(bytes: Uint8Array, expected: Uint8Array, what: string): void {
  expect(Buffer.from(bytes).equals(expected), what).toBe(true);
}

describe.each(HOLDERS)("strings across the end of a window: $name", ({ before, after, type, output }) => {
  const converter = jsonToThrift(idl.type(type));
  it.each(UNITS)("$name", ({ json, content }) => {
    const unit = utf8(json);
    const head = utf8(before);
    const tail = utf8(`${json}tail${after}`);
    const contentBytes = utf8(content);
    for (let cut = 0; cut <= unit.length + 1; cut++) {
      // The unit starts `cut` bytes in front of the end of the first window.
      const fill = new Uint8Array(WINDOW_SIZE - cut - head.length).fill(0x78);
      const message = concat([head, fill, unit, tail]);
      const expected = output(concat([fill, contentBytes, contentBytes, utf8("tail")]));
      expectSame(converter.convert(message), expected, `cut ${cut}`);
      if (cut % 4 === 0)
        expectSame(converter.convert(Buffer.from(message).toString()), expected, `text ${cut}`);
    }
  });
});

describe("long strings", () => {
  const KIB = 1024;
  const sizes = [64, 256, 300, 600].flatMap((kib) => [-1, 0, 3].map((near) => kib * KIB + near));
  it.each(sizes)("%i bytes, plain, with escapes and with characters of every size", (size) => {
    for (const [json, content] of [
      ["x", "x"],
      ["é键😀z", "é键😀z"],
      ["\\u00e9\\n\\ud83d\\ude00z", "é\n😀z"],
    ] as const) {
      const repeats = Math.ceil(size / utf8(json).length);
      const message = utf8(`"${json.repeat(repeats)}"`);
      const expected = utf8(content.repeat(repeats));
      expectSame(jsonToThrift(idl.type("string")).convert(message), sized(expected), "binary");
      expectSame(
        jsonToThrift(idl.type("string"), { protocol: "compact" }).convert(message),
        compactSized(expected),
        "compact",
      );
    }
  });

  it.each(sizes)("%i bytes of base64, with and without escapes", (size) => {
    const content = Uint8Array.from(
      { length: Math.floor((size * 3) / 4) },
      (_, index) => (index * 7 + (index >> 8)) & 255,
    );
    const plain = Buffer.from(content).toString("base64");
    const escaped = plain.replaceAll("/", "\\/").replaceAll("+", "\\u002b");
    for (const json of [plain, escaped]) {
      const bytes = jsonToThrift(idl.type("binary")).convert(utf8(`"${json}"`));
      expectSame(bytes, sized(content), "binary");
      const converter = jsonToThrift(idl.struct("All"), { protocol: "compact" });
      expectSame(
        converter.convert(`{"raw":"${json}","yes":true}`),
        concat([hex`88`, compactSized(content), hex`01 02 00`]),
        "compact",
      );
    }
  });

  it("several in one message, between containers that are still open", () => {
    const json = JSON.stringify({
      a: ["x".repeat(300 * KIB), "é".repeat(200 * KIB)],
      b: ["y".repeat(600 * KIB)],
      c: [],
    });
    const parts = [
      hex`0b 0f 00000003  00000001 "a" 0b 00000002`,
      sized(utf8("x".repeat(300 * KIB))),
      sized(utf8("é".repeat(200 * KIB))),
      hex`00000001 "b" 0b 00000001`,
      sized(utf8("y".repeat(600 * KIB))),
      hex`00000001 "c" 0b 00000000`,
    ];
    expectSame(jsonToThrift(idl.type("map<string, list<string>>")).convert(json), concat(parts), "binary");
    const compact = [
      hex`03 89  01 "a" 28`,
      compactSized(utf8("x".repeat(300 * KIB))),
      compactSized(utf8("é".repeat(200 * KIB))),
      hex`01 "b" 18`,
      compactSized(utf8("y".repeat(600 * KIB))),
      hex`01 "c" 08`,
    ];
    const converter = jsonToThrift(idl.type("map<string, list<string>>"), { protocol: "compact" });
    expectSame(converter.convert(json), concat(compact), "compact");
  });
});

describe("errors in long strings", () => {
  const faults: [name: string, bytes: Uint8Array, code: string][] = [
    ["an unknown escape", utf8("\\q"), "INVALID_JSON"],
    ["a cut escape", utf8("\\u12x4"), "INVALID_JSON"],
    ["a lone surrogate", utf8("\\ud83d\\n"), "INVALID_JSON"],
    ["a pair that is none", utf8("\\ud83d\\u0041"), "INVALID_JSON"],
    ["a control character", hex`0a`, "INVALID_JSON"],
    ["a bad byte", hex`ff`, "INVALID_UTF8"],
    ["a bad sequence", hex`f0 9f 98 28`, "INVALID_UTF8"],
    ["an overlong sequence", hex`e0 80 80`, "INVALID_UTF8"],
  ];
  const places: [type: string, before: string, path: string | undefined][] = [
    ["string", '"', undefined],
    ["binary", '"', undefined],
    ["In", '{"label":"', "label"],
    ["map<string, i32>", '{"a":1,"', undefined],
    ["map<In, string>", '[[{"x":1},"', "[0][1]"],
    ["In", '{"unknown":"', undefined],
    ["All", '{"dynamic":"', "dynamic"],
  ];
  it.each(faults)("%s", (_name, fault, code) => {
    for (const [type, before, path] of places) {
      const head = utf8(before);
      const converter = jsonToThrift(idl.type(type));
      for (let cut = 0; cut <= fault.length; cut++) {
        const fill = new Uint8Array(WINDOW_SIZE - cut - head.length).fill(0x78);
        const message = concat([head, fill, fault, utf8('tail"')]);
        expectFailure(() => converter.convert(message), code, WINDOW_SIZE - cut, path);
      }
    }
  });

  it("a message that ends in a string, after any number of windows", () => {
    for (const [type, before, path] of places) {
      for (const size of [WINDOW_SIZE - 1, WINDOW_SIZE, WINDOW_SIZE + 1, 2 * WINDOW_SIZE + 5]) {
        const message = concat([utf8(before), new Uint8Array(size - before.length).fill(0x78)]);
        expectFailure(() => jsonToThrift(idl.type(type)).convert(message), "INVALID_JSON", size, path);
      }
    }
  });

  it.each<[name: string, damage: (text: Uint8Array) => Uint8Array, offset: (size: number) => number]>([
    ["a bad character at the start", replaceAt(0, "!"), () => 1],
    ["one in the first window", replaceAt(1000, "!"), () => 1001],
    ["one behind it", replaceAt(WINDOW_SIZE + 1000, "!"), () => WINDOW_SIZE + 1001],
    ["one at the end", replaceAt(-1, "!"), (size) => size],
    ["missing padding", (base64) => base64.subarray(0, -1), (size) => size],
    ["a bit too many at the end", replaceAt(-3, "B"), (size) => size - 2],
    ["a non-ASCII character", replaceAt(2000, "é"), () => 2001],
  ])("base64: %s", (_name, damage, offset) => {
    // The last three bytes are one: two digits and two `=`.
    const base64 = utf8(Buffer.alloc(400_000).fill(0xa5).toString("base64"));
    expect(String.fromCharCode(...base64.subarray(-2))).toBe("==");
    const message = concat([utf8('"'), damage(base64), utf8('"')]);
    expectFailure(
      () => jsonToThrift(idl.type("binary")).convert(message),
      "INVALID_VALUE",
      offset(base64.length),
    );
  });

  it("base64 with escapes in front of the fault: the offset is that of the string", () => {
    const message = `["${"\\u0041".repeat(4)}${"A".repeat(300_000)}!AAA"]`;
    const converter = jsonToThrift(idl.type("list<binary>"));
    expectFailure(() => converter.convert(message), "INVALID_VALUE", 1, "[0]");
  });

  it("have an excerpt of the input around the fault", () => {
    const converter = jsonToThrift(idl.type("string"));
    for (const size of [100, WINDOW_SIZE + 100]) {
      const error = expectFailure(
        () => converter.convert(`"${"x".repeat(size)}\\q${"y".repeat(100)}"`),
        "INVALID_JSON",
        size + 1,
      );
      expect(error.excerpt).toContain("\\qyyy");
      expect(error.excerpt!.length).toBeLessThanOrEqual(48);
    }
  });
});

function replaceAt(index: number, text: string): (base64: Uint8Array) => Uint8Array {
  return (base64) => {
    const copy = base64.slice();
    copy.set(utf8(text), index < 0 ? copy.length + index : index);
    return copy;
  };
}

describe("tokens that must be read in one piece", () => {
  const LIMIT = 8192;
  it.each<[name: string, type: string, token: (size: number) => string]>([
    ["a double", "double", (size) => `0.${"1".repeat(size - 2)}`],
    ["an integer", "i64", (size) => `1.${"0".repeat(size - 2)}`],
  ])("%s", (_name, type, token) => {
    const converter = jsonToThrift(idl.type(`list<${type}>`));
    expect(converter.convert(`[${token(LIMIT)}]`).length).toBe(13);
    expectFailure(() => converter.convert(`[${token(LIMIT + 1)}]`), "LIMIT_EXCEEDED", 1, "[0]");
  });

  it("a key", () => {
    const converter = jsonToThrift(idl.struct("In"));
    const json = (size: number): string => `{"x":1,"${"k".repeat(size)}":2}`;
    expect(converter.convert(json(LIMIT - 1)).length).toBe(8);
    expect(outcomeOf(() => converter.convert(json(LIMIT)))).toMatchObject({
      code: "LIMIT_EXCEEDED",
      offset: 7,
    });
  });

  it("nothing else: whitespace may be of any length", () => {
    const space = " \n\t\r".repeat(100_000);
    const tokens = ["{", '"x"', ":", "1", ",", '"z"', ":", "[", "]", "}"];
    const json = tokens.map((token) => space + token).join("") + space;
    expect(toHex(jsonToThrift(idl.struct("In")).convert(json))).toBe(toHex(hex`08 0001 00000001 00`));
  });
});

describe("output across the scratch memory", () => {
  // 150,000 numbers make 0.6 MB of output in several flushes; containers are open all the while.
  const numbers = Array.from({ length: 150_000 }, (_, index) => index * 7001 - 1_000_000);
  const json = `{"list":[${numbers.join(",")}],"nested":[[true],[]]}`;

  function expectNumbers(converter: JsonToThriftConverter): void {
    const bytes = converter.convert(json);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    expect(toHex(bytes.subarray(0, 8))).toBe("0f000b08000249f0");
    expect(numbers.every((value, index) => view.getInt32(8 + 4 * index) === value)).toBe(true);
    expect(toHex(bytes.subarray(8 + 4 * numbers.length))).toBe(
      toHex(hex`0f 0010 0f 00000002 02 00000001 01 02 00000000 00`),
    );
  }
  it("keeps the count of a list in place", () => {
    expectNumbers(jsonToThrift(ALL));
  });

  it("20,000 small structs in a list, which stays open", () => {
    const element = { x: 7, label: "é" };
    const converter = jsonToThrift(idl.type("list<In>"));
    const bytes = converter.convert(JSON.stringify(Array.from({ length: 20_000 }, () => element)));
    const one = toHex(hex`08 0001 00000007 0b 0002 00000002 "é" 00`);
    expect(toHex(bytes.subarray(0, 5))).toBe("0c00004e20");
    expect(bytes.length).toBe(5 + (20_000 * one.length) / 2);
    const step = one.length / 2;
    for (let pos = 5; pos < bytes.length; pos += 997 * step) {
      expect(toHex(bytes.subarray(pos, pos + step))).toBe(one);
    }
  });

  it("fails with the path of an element far behind", () => {
    const broken = `{"list":[${numbers.join(",")},"x"]}`;
    const offset = broken.indexOf('"x"');
    expect(outcomeOf(() => jsonToThrift(ALL).convert(broken))).toEqual(
      failure("TYPE_MISMATCH", offset, "list[150000]"),
    );
  });
});
