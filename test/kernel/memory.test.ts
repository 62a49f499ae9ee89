import { describe, expect, it, vi } from "vitest";
import { hashKey } from "../../src/conv/program.ts";
import { ByteWriter, type Idl, jsonToThrift, parseIdl, thriftToJson } from "../../src/index.ts";
import { CONVERTED, FAILED, KernelInstance, type Outcome, TOO_LARGE } from "../../src/kernel/instance.ts";
import { toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

const MIB = 1024 * 1024;

const idl = parseIdl(`
  struct S { 1: string text 2: list<S> parts 3: map<string, i32> numbers }
  struct Filled { 1: string text = "${"default ".repeat(128)}" }
`);
const S = idl.struct("S");

/** The outcomes of the kernel while `action` runs. */
function outcomesOf(action: () => void): Outcome[] {
  const { convert } = KernelInstance.prototype;
  const outcomes: Outcome[] = [];
  const spy = vi.spyOn(KernelInstance.prototype, "convert").mockImplementation(function (
    this: KernelInstance,
    ...args
  ) {
    const outcome = convert.apply(this, args);
    outcomes.push(outcome);
    return outcome;
  });
  try {
    action();
  } finally {
    spy.mockRestore();
  }
  return outcomes;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one.buffer, one.byteOffset, one.length).equals(other);
}

describe("messages of any size", () => {
  const SIZES = [0, 1, 100, 64 * 1024, MIB, 1_390_000, 1_400_000, 1.5 * MIB, 2 * MIB, 5 * MIB, 20 * MIB];
  const toThrift = jsonToThrift(S, { kernel: "wasm" });
  const toJson = thriftToJson(S, { kernel: "wasm" });

  it.each(SIZES)("%i bytes", (size) => {
    const json = utf8(`{"text":"${"x".repeat(size)}"}`);
    let thrift: Uint8Array = new Uint8Array(0);
    const outcomes = outcomesOf(() => {
      thrift = toThrift.convert(json);
      expect(same(toJson.convert(thrift), json)).toBe(true);
      expect(toJson.convertToString(thrift).length).toBe(json.length);
      const writer = new ByteWriter();
      toThrift.convertInto(json, writer);
      expect(same(writer.view(), thrift)).toBe(true);
    });
    expect(thrift.length).toBe(size + 8);
    expect(outcomes.filter((outcome) => outcome !== TOO_LARGE)).toEqual(Array(4).fill(CONVERTED));
    // What comes next is as before.
    expect(toHex(toThrift.convert('{"text":"a"}'))).toBe("0b0001000000016100");
  });

  it("the output is much larger than the input", () => {
    const type = idl.type("list<Filled>");
    const options = { missing: { default: "write" } } as const;
    const json = utf8(`[${Array(21_000).fill("{}").join(",")}]`);
    const outcomes = outcomesOf(() => {
      const kernel = jsonToThrift(type, { ...options, kernel: "wasm" }).convert(json);
      expect(same(kernel, jsonToThrift(type, { ...options, kernel: "typescript" }).convert(json))).toBe(true);
      expect(kernel.length).toBeGreaterThan(20 * MIB);
    });
    expect(outcomes[0]).toBe(TOO_LARGE);
    expect(outcomes.at(-1)).toBe(CONVERTED);
  });

  it("each byte of a string takes six in JSON", () => {
    const thrift = toThrift.convert(JSON.stringify({ text: "\u0001".repeat(2 * MIB) }));
    expect(toJson.convertToString(thrift)).toBe(`{"text":"${"\\u0001".repeat(2 * MIB)}"}`);
  });

  it("the keys of a map that must differ need more room than the usual stack", () => {
    const numbers = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]));
    const json = utf8(JSON.stringify({ numbers }));
    const options = { duplicateKeys: "error", kernel: "wasm" } as const;
    const outcomes = outcomesOf(() => {
      const thrift = jsonToThrift(S, options).convert(json);
      expect(same(thriftToJson(S, options).convert(thrift), json)).toBe(true);
    });
    expect(outcomes.filter((outcome) => outcome === CONVERTED).length).toBe(2);
  });
});

describe("larger instances", () => {
  const converter = jsonToThrift(S, { kernel: "wasm" });
  const textOf = (size: number): Uint8Array => utf8(`{"text":"${"x".repeat(size)}"}`);

  /** The instances that have converted something while `action` ran. */
  function instancesOf(action: () => void): KernelInstance[] {
    const { convert } = KernelInstance.prototype;
    const instances = new Set<KernelInstance>();
    const spy = vi.spyOn(KernelInstance.prototype, "convert").mockImplementation(function (
      this: KernelInstance,
      ...args
    ) {
      instances.add(this);
      return convert.apply(this, args);
    });
    try {
      action();
    } finally {
      spy.mockRestore();
    }
    return [...instances];
  }

  it("are few, also for messages that grow within one job", () => {
    const messages = Array.from({ length: 19 }, (_, i) => textOf((2 + i) * MIB));
    const instances = instancesOf(() => {
      for (const message of messages) converter.convert(message);
    });
    expect(instances.length).toBeLessThan(6);
  });

  it("serve the next large message, and are let go after many small ones", () => {
    const [large, small] = [textOf(3 * MIB), textOf(3)];
    const convertLarge = (): KernelInstance => instancesOf(() => converter.convert(large))[0]!;
    const first = convertLarge();
    for (let i = 0; i < 255; i++) converter.convert(small);
    expect(convertLarge()).toBe(first);
    for (let i = 0; i < 256; i++) converter.convert(small);
    expect(convertLarge()).not.toBe(first);
  });
});

describe("limits", () => {
  it("of the output, in an instance that has room for more", () => {
    const limits = { maxOutputSize: 100 };
    const text = "x".repeat(92);
    expect(jsonToThrift(S, { limits }).convert(`{"text":"${text}"}`).length).toBe(100);
    expectThriftError(() => jsonToThrift(S, { limits }).convert(`{"text":"${text}x"}`), {
      code: "LIMIT_EXCEEDED",
      message: /the output is larger than the limit of 100 bytes/,
    });
  });

  it("of the output, where it would not end otherwise", () => {
    const options = { missing: { default: "write" }, limits: { maxOutputSize: 8 * MIB } } as const;
    const json = utf8(`[${Array(1_000_000).fill("{}").join(",")}]`);
    expectThriftError(() => jsonToThrift(idl.type("list<Filled>"), options).convert(json), {
      code: "LIMIT_EXCEEDED",
      message: /the output is larger than the limit of 8388608 bytes/,
    });
  });

  it("of the message, which the kernel is not asked about", () => {
    const converter = jsonToThrift(S, { limits: { maxSize: 11 } });
    const outcomes = outcomesOf(() => {
      for (const json of ['{"text":"é"}', utf8('{"text":"é"}')]) {
        expectThriftError(() => converter.convert(json), { code: "LIMIT_EXCEEDED", offset: 11 });
      }
    });
    expect(outcomes).toEqual([]);
  });
});

describe("programs", () => {
  /** So many fields that a few of them do not fit the memory for programs together. */
  function wideIdl(name: string): Idl {
    const fields = Array.from({ length: 4_000 }, (_, i) => `${i + 1}: i32 ${name}_${i}`);
    return parseIdl(`struct S { ${fields.join(" ")} }`);
  }

  it("more than fit at once take turns", () => {
    const converters = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => ({
      name,
      converter: jsonToThrift(wideIdl(name).struct("S"), { kernel: "wasm" }),
    }));
    for (let round = 0; round < 3; round++) {
      for (const { name, converter } of converters) {
        const json = `{"${name}_3999":${round},"${name}_0":1}`;
        expect(toHex(converter.convert(json))).toBe(`080fa00000000${round}0800010000000100`);
      }
    }
  });

  it("one that is larger than the memory for programs", () => {
    const structs = Array.from(
      { length: 1_500 },
      (_, s) =>
        `struct S${s} { ${Array.from({ length: 30 }, (_, i) => `${i + 1}: i32 s${s}f${i}`).join(" ")} }`,
    );
    const root = Array.from({ length: 1_500 }, (_, s) => `${s + 1}: S${s} s${s}`).join(" ");
    const type = parseIdl(`${structs.join("\n")} struct Root { ${root} }`).struct("Root");
    const json = '{"s1499":{"s1499f29":7}}';
    const outcomes = outcomesOf(() => {
      expect(toHex(jsonToThrift(type).convert(json))).toBe("0c05dc08001e000000070000");
    });
    expect(outcomes).toEqual([TOO_LARGE, CONVERTED]);
  });

  it("learn in which order the keys come", () => {
    const converter = jsonToThrift(parseIdl("struct S { 1: i32 a 2: i32 b 3: i32 c }").struct("S"));
    for (const keys of ["abc", "cba", "bac", "abc", "ca", "b"]) {
      const json = `{${[...keys].map((key) => `"${key}":1`).join(",")}}`;
      const expected = [...keys].map((key) => `08000${"abc".indexOf(key) + 1}00000001`).join("");
      expect(toHex(converter.convert(json)), keys).toBe(`${expected}00`);
    }
  });
});

describe("results", () => {
  const convert = jsonToThrift(S, { kernel: "wasm" }).convert;
  const textOf = (length: number): string => `{"text":"${"abc".repeat(length).slice(0, length)}"}`;

  it("are not changed by later conversions, of any size", () => {
    const lengths = Array.from({ length: 700 }, (_, i) => i);
    const results = lengths.map((length) => convert(textOf(length)));
    lengths.forEach((length, i) => {
      const expected = jsonToThrift(S, { kernel: "typescript" }).convert(textOf(length));
      expect(same(results[i]!, expected), `${length}`).toBe(true);
    });
  });

  it.each(["wasm", "typescript"] as const)("show nothing of earlier messages behind them: %s", (kernel) => {
    const toThrift = jsonToThrift(S, { kernel });
    const toJson = thriftToJson(S, { kernel });
    for (let length = 0; length < 400; length++) {
      const earlier = toThrift.convert(textOf(1000));
      toJson.convert(earlier);
      const thrift = toThrift.convert(textOf(length));
      for (const { buffer, byteOffset, length: size } of [thrift, toJson.convert(thrift)]) {
        const padding = new Uint8Array(buffer, byteOffset + size, -size & 7);
        expect([...padding], `behind ${size} bytes`).toEqual(Array(-size & 7).fill(0));
      }
    }
  });

  it("of their own have a buffer of their own", () => {
    const own = jsonToThrift(S, { output: "own", kernel: "wasm" }).convert(textOf(50));
    expect(own.buffer.byteLength).toBe(own.length);
  });

  it("go to a writer of any state", () => {
    const writer = new ByteWriter({ capacity: 0 });
    const expected: number[] = [];
    for (let length = 0; length < 100; length++) {
      jsonToThrift(S, { kernel: "wasm" }).convertInto(textOf(length), writer);
      expected.push(...convert(textOf(length)));
    }
    expect([...writer.view()]).toEqual(expected);
  });

  it("do not go to a writer that is too small", () => {
    const writer = new ByteWriter({ maxSize: 11 });
    jsonToThrift(S, { kernel: "wasm" }).convertInto("{}", writer);
    expectThriftError(() => jsonToThrift(S, { kernel: "wasm" }).convertInto(textOf(3), writer), {
      code: "LIMIT_EXCEEDED",
    });
    jsonToThrift(S, { kernel: "wasm" }).convertInto(textOf(2), writer);
    expect(toHex(writer.view())).toBe("000b000100000002616200");
  });
});

describe("text", () => {
  const CHARACTERS = ["a", "é", "ÿ", "Ā", "你", "\u{1f600}", "\u2028", "\uffff"];
  const converter = jsonToThrift(S, { kernel: "wasm" });

  it.each(CHARACTERS)("of %s, at any place", (character) => {
    for (let length = 0; length < 160; length += 7) {
      const json = `{"text":"${"x".repeat(length)}${character.repeat(length % 5)}${"y".repeat(length % 17)}"}`;
      expect(same(converter.convert(json), converter.convert(utf8(json)))).toBe(true);
    }
  });

  it("of 4 MB, ASCII and other", () => {
    for (const character of ["a", "你"]) {
      const json = `{"text":"${character.repeat(4 * MIB)}"}`;
      const outcomes = outcomesOf(() => {
        expect(same(converter.convert(json), converter.convert(utf8(json)))).toBe(true);
      });
      expect(outcomes).toEqual([CONVERTED, CONVERTED]);
    }
  });

  it.each(["\ud800", "\udc00", "\udc00\ud800", "\ud800x"])("with a lone surrogate: %j", (broken) => {
    for (const length of [0, 100]) {
      // Text that is not ASCII takes another way than text that is.
      for (const before of ["plain", "ünïcödé"]) {
        converter.convert(`{"text":"${before.repeat(20)}"}`);
        const json = `{"text":"${"x".repeat(length)}${broken}"}`;
        expectThriftError(() => converter.convert(json), { code: "INVALID_UTF8", offset: 9 + length });
      }
    }
  });
});

describe("keys made to collide", () => {
  it("cost the machine's time, not the square of their number", () => {
    const count = 300;
    const slots = 1024;
    const keys: string[] = [];
    for (let i = 0; keys.length < count; i++) {
      // Binary protocol: the size stands in front of the key.
      const key = i.toString(36).padStart(6, "0");
      const bytes = Uint8Array.of(0, 0, 0, 6, ...utf8(key));
      if ((hashKey(bytes, 0, bytes.length) & (slots - 1)) === 0) keys.push(key);
    }
    const json = JSON.stringify({ numbers: Object.fromEntries(keys.map((key, i) => [key, i])) });
    const options = { duplicateKeys: "error" } as const;
    const outcomes = outcomesOf(() => {
      const kernel = jsonToThrift(S, options).convert(json);
      const machine = jsonToThrift(S, { ...options, kernel: "typescript" }).convert(json);
      expect(same(kernel, machine)).toBe(true);
    });
    expect(outcomes).toEqual([FAILED]);
  });
});

describe("depth", () => {
  const deep = parseIdl(`
    struct Node { 1: Node child 2: list<Node> nodes 3: map<string, Node> named 4: map<Node, Node> pairs }
  `).struct("Node");
  const MAX_DEPTH = 512;
  const FRAMES_PER_TRY = 40;
  const options = { limits: { maxDepth: MAX_DEPTH }, kernel: "wasm" } as const;
  /** What opens and closes around a node, and how many structs and containers that opens. */
  const FORMS: readonly [open: string, close: string, levels: number][] = [
    ['{"child":', "}", 1],
    ['{"nodes":[', "]}", 2],
    ['{"named":{"k":', "}}", 2],
    ['{"pairs":[[', ",{}]]}", 2],
  ];
  const jsonOf = (open: string, close: string, times: number): string =>
    `${open.repeat(times)}{}${close.repeat(times)}`;

  it.each(FORMS)("as deep as the kernel goes: %s", (open, close, levels) => {
    const times = Math.floor((MAX_DEPTH - 1) / levels);
    const json = jsonOf(open, close, times);
    for (const protocol of ["binary", "compact"] as const) {
      const toThrift = jsonToThrift(deep, { ...options, protocol });
      const toJson = thriftToJson(deep, { ...options, protocol });
      const outcomes = outcomesOf(() => {
        const thrift = toThrift.convert(json);
        expect(toJson.convertToString(thrift)).toBe(json);
      });
      expect(outcomes).toEqual([CONVERTED, CONVERTED]);
      expectThriftError(() => toThrift.convert(jsonOf(open, close, times + 1)), { code: "LIMIT_EXCEEDED" });
    }
  });

  it.each(FORMS)("with hardly any stack left: %s", (open, close, levels) => {
    const json = utf8(jsonOf(open, close, Math.floor((MAX_DEPTH - 1) / levels)));
    const toThrift = jsonToThrift(deep, options);
    const toJson = thriftToJson(deep, options);
    const thrift = toThrift.convert(json).slice();
    let converted = 0;
    let frame = 0;
    // Goes down until the stack ends, and converts on the way up, with a little more of it each time.
    const descend = (): void => {
      try {
        descend();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      if (converted > 5 || frame++ % FRAMES_PER_TRY !== 0) return;
      try {
        const outcomes = outcomesOf(() => {
          if (!same(toThrift.convert(json), thrift) || !same(toJson.convert(thrift), json))
            throw new Error("wrong");
        });
        if (outcomes[0] === CONVERTED && outcomes[1] === CONVERTED) converted++;
      } catch (error) {
        // Not even the machine had enough.
        if (!(error instanceof RangeError)) throw error;
      }
    };
    descend();
    expect(converted).toBeGreaterThan(5);
  });
});
