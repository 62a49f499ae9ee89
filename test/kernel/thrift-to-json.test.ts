import { describe, expect, it } from "vitest";
import { compileProgram } from "../../src/conv/compile.ts";
import { resolveThriftToJsonOptions, type ThriftToJsonOptions } from "../../src/conv/options.ts";
import { HEADER_DATA, type Program } from "../../src/conv/program.ts";
import {
  isThriftError,
  jsonToThrift,
  type MaskRule,
  parseIdl,
  type TypeDescriptor,
  thriftToJson,
} from "../../src/index.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { compileAssembly } from "../support/compile-assembly.ts";
import { createRandom, type Random } from "../support/random.ts";
import { type Deviations, damage, MessageWriter, type ProtocolName, randomIdl } from "./random-thrift.ts";

/**
 * The kernel function by itself, compiled here, against the TypeScript machine: the same bytes where that succeeds,
 * failure where it throws.
 */

const FAILED = 0;
const TOO_LARGE = 1;
const PAGE_SIZE = 65536;
const INPUT_ROOM = 1 << 20;
const OUTPUT_ROOM = 1 << 23;
/** `OUT_MARGIN` of `assembly/memory.ts`. */
const MARGIN = 8192;
const CANARY_SIZE = 1024;

interface Exports {
  readonly thriftToJson: (
    program: number,
    stack: number,
    stackLimit: number,
    input: number,
    end: number,
    output: number,
    outputLimit: number,
    depth: number,
    maxLength: number,
  ) => number;
  readonly isAscii: () => number;
  readonly toUtf16: (start: number, end: number, target: number) => number;
}

const module = await compileAssembly("assembly/test/thrift-to-json.ts");

/** One instance with one program in it. */
class Kernel {
  readonly #exports: Exports;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #program: number;
  readonly #stack: number;
  readonly #input: number;
  readonly #output: number;

  constructor() {
    const pages = Math.ceil((3 * (1 << 20) + INPUT_ROOM + OUTPUT_ROOM) / PAGE_SIZE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    this.#exports = instance.exports as unknown as Exports;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.#program = PAGE_SIZE;
    this.#stack = this.#program + (1 << 20);
    this.#input = this.#stack + (1 << 20);
    this.#output = this.#input + INPUT_ROOM;
  }

  load({ code, data }: Program): void {
    this.#words.set(code, this.#program >> 2);
    this.#words[(this.#program >> 2) + HEADER_DATA] = code.length;
    this.#bytes.set(data, this.#program + code.length * 4);
  }

  /** The result, or `undefined`. What stands behind input and output is rubbish. */
  convert(
    input: Uint8Array,
    { maxDepth = 64, maxLength = 0x7fff_ffff, room = OUTPUT_ROOM - MARGIN, stack = 1 << 20 } = {},
  ): Uint8Array | typeof FAILED | typeof TOO_LARGE {
    this.#bytes.set(input, this.#input);
    const inputEnd = this.#input + input.length;
    this.#bytes[inputEnd] = 0;
    this.#bytes.fill(0x0b, inputEnd + 1, inputEnd + 64);
    const output = this.#output;
    const end = this.#exports.thriftToJson(
      this.#program,
      this.#stack,
      this.#stack + stack,
      this.#input,
      inputEnd,
      output,
      output + room,
      maxDepth,
      maxLength,
    );
    return end === FAILED || end === TOO_LARGE ? end : this.#bytes.slice(output, end);
  }

  /** The bytes behind the room for output and its margin. */
  canary(room: number): Uint8Array {
    const start = this.#output + room + MARGIN;
    return this.#bytes.subarray(start, start + CANARY_SIZE);
  }

  /** The last output as a string. */
  toText(size: number): string {
    const target = this.#output + size + PAGE_SIZE;
    const end = this.#exports.toUtf16(this.#output, this.#output + size, target);
    return Buffer.from(this.#bytes.slice(target, end)).toString("utf16le");
  }

  get isAscii(): boolean {
    return this.#exports.isAscii() !== 0;
  }
}

const kernel = new Kernel();

function attempt(run: () => Uint8Array): Uint8Array | undefined {
  try {
    return run().slice();
  } catch (error) {
    if (!isThriftError(error)) throw error;
    return undefined;
  }
}

function textOf(bytes: Uint8Array | number | undefined): string {
  return typeof bytes === "object" ? Buffer.from(bytes).toString("latin1") : "failed";
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** Converts one type under one set of options on both engines and compares. Returns whether that succeeded. */
function createComparison(
  type: TypeDescriptor,
  options: ThriftToJsonOptions,
): (bytes: Uint8Array) => boolean {
  const settings = resolveThriftToJsonOptions(options);
  const machine = thriftToJson(type, { ...options, kernel: "typescript" });
  kernel.load(compileProgram(type, "thrift-to-json", settings));
  const { maxDepth, maxLength } = settings.limits;
  return (bytes) => {
    const expected = attempt(() => machine.convert(bytes));
    const found = kernel.convert(bytes, { maxDepth, maxLength });
    if (textOf(found) !== textOf(expected)) {
      // With the input, so that it can become a test.
      expect(textOf(found), `${toHex(bytes)} under ${JSON.stringify(options)}`).toBe(textOf(expected));
    }
    if (expected === undefined) return false;
    if (kernel.isAscii && !isAscii(expected)) expect("the output").toBe("ASCII");
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(expected);
    if (kernel.toText(expected.length) !== text) expect(kernel.toText(expected.length)).toBe(text);
    return true;
  };
}

function randomMask(random: Random, type: TypeDescriptor, depth: number): MaskRule {
  if (depth === 0 || type.kind !== "struct" || random.chance(0.3))
    return random.pick(["keep", "keep", "skip"]);
  const fields = new Map<number, MaskRule>();
  for (const field of type.fields) {
    if (random.chance(0.5)) fields.set(field.id, randomMask(random, field.type, depth - 1));
  }
  return { fields, otherFields: random.pick(["keep", "skip"]) };
}

function randomOptions(random: Random, protocol: ProtocolName, type: TypeDescriptor): ThriftToJsonOptions {
  if (random.chance(0.3)) return { protocol };
  const action = (): "error" | "omit" | "write" => random.pick(["error", "omit", "write"]);
  return {
    protocol,
    binary: random.pick(["base64", "utf8"]),
    unknownFields: random.pick(["skip", "skip", "error"]),
    missing: {
      required: action(),
      default: random.pick(["omit", "write"]),
      optional: random.pick(["omit", "write"]),
    },
    duplicateFields: random.pick(["error", "keep"]),
    duplicateKeys: random.pick(["error", "keep"]),
    unions: random.pick(["check", "any"]),
    valueMapping: random.pick(["on", "off"]),
    int64: random.pick(["number", "string"]),
    byte: random.pick(["signed", "unsigned"]),
    nonFinite: random.pick(["error", "null", "string"]),
    enums: random.pick(["number", "name"]),
    mismatch: random.pick(["error", "skip"]),
    utf8: random.pick(["check", "trust", "replace"]),
    exceptions: random.pick(["keep", "throw"]),
    ...(random.chance(0.2) ? { mask: randomMask(random, type, 3) } : {}),
    ...(random.chance(0.2) ? { limits: { maxDepth: random.int(1, 6), maxLength: random.int(0, 8) } } : {}),
  };
}

/** Runs of `compareAtRandom` in the suite; the variable is for longer ones. */
const RUNS = Number(process.env.KERNEL_FUZZ_RUNS ?? 60);
const SEED = Number(process.env.KERNEL_FUZZ_SEED ?? 1);
const MESSAGES_PER_RUN = 12;

const KINDS: readonly Deviations[] = [
  { rate: 0, harmless: false },
  { rate: 0, harmless: true },
  { rate: 0.01, harmless: true },
  { rate: 0.1, harmless: true },
];

/** Returns how many messages were valid and how many were not. */
function compareAtRandom(seed: number): { valid: number; invalid: number } {
  const random = createRandom(seed);
  const idl = parseIdl(randomIdl(random));
  const structs = [...idl.structs.values()];
  const type = random.chance(0.15)
    ? idl.service("V").method("call").result
    : random.chance(0.15)
      ? idl.type(random.pick(["list<i64>", "map<string, S0>", "double", "bool", "set<S0>", "map<S0, i32>"]))
      : random.pick(structs);
  const protocol = random.pick(["binary", "compact"] as const);
  const compare = createComparison(type, randomOptions(random, protocol, type));
  const counts = { valid: 0, invalid: 0 };
  for (let i = 0; i < MESSAGES_PER_RUN; i++) {
    const message = new MessageWriter(random, protocol, random.pick(KINDS)).write(type);
    for (const bytes of [message, damage(message, random), damage(message, random)]) {
      counts[compare(bytes) ? "valid" : "invalid"]++;
    }
  }
  return counts;
}

describe("against the TypeScript machine", () => {
  it(`random types, options and messages, from seed ${SEED} on`, () => {
    let [valid, invalid] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const counts = compareAtRandom(SEED + run);
      valid += counts.valid;
      invalid += counts.invalid;
    }
    // The messages are worth something.
    expect(Math.min(valid, invalid)).toBeGreaterThan((RUNS * MESSAGES_PER_RUN) / 2);
  });

  it("every truncation", () => {
    const random = createRandom(7);
    for (let run = 0; run < 12; run++) {
      const type = random.pick([...parseIdl(randomIdl(random)).structs.values()]);
      for (const protocol of ["binary", "compact"] as const) {
        const compare = createComparison(type, { protocol, mismatch: random.pick(["error", "skip"]) });
        const message = new MessageWriter(random, protocol, KINDS[0]!, 40).write(type);
        // Types that contain themselves may be nested too deep.
        if (!compare(message)) continue;
        for (let size = 0; size < Math.min(message.length, 400); size++) {
          expect(compare(message.subarray(0, size))).toBe(false);
        }
      }
    }
  });
});

describe("fields", () => {
  const idl = parseIdl(`
    struct F { 1: i32 a, 2: i32 b, 3: i32 c, 32760: i32 d }
    struct N { -5: i32 a, -1: i32 b, 0: i32 c, 1: i32 d }
    struct M { 1: map<string, list<i32>> m, 2: map<list<i32>, list<i32>> p }
  `);
  const F = idl.struct("F");
  const N = idl.struct("N");
  const M = idl.struct("M");
  const A = "080001 00000001";
  const B = "080002 00000002";
  const C = "080003 00000003";
  const KEEP: ThriftToJsonOptions = { duplicateFields: "keep" };
  const COMPACT: ThriftToJsonOptions = { protocol: "compact" };
  const SKIP: ThriftToJsonOptions = { mismatch: "skip" };
  const STRICT: ThriftToJsonOptions = { mismatch: "skip", duplicateKeys: "error" };
  const [UNFIT, FIT] = ["0b 00000000", "08 00000001 00000005"];
  const [KEY_A, KEY_B, KEY_BB] = ["00000001 61", "00000001 62", "00000002 6262"];
  /** A key of a pair: a list of one number. */
  const [LIST_1, LIST_2] = ["08 00000001 00000001", "08 00000001 00000002"];

  it.each<[string, TypeDescriptor, string, ThriftToJsonOptions, string | undefined]>([
    ["in order", F, `${A} ${B} ${C} 00`, {}, '{"a":1,"b":2,"c":3}'],
    ["backwards", F, `${C} ${B} ${A} 00`, {}, '{"c":3,"b":2,"a":1}'],
    ["repeated at once", F, `${A} ${A} 00`, {}, undefined],
    ["repeated at once, kept", F, `${A} ${A} ${B} 00`, KEEP, '{"a":1,"a":1,"b":2}'],
    ["repeated where it is expected", F, `${C} ${A} ${B} ${C} 00`, {}, undefined],
    ["repeated where it is expected, kept", F, `${B} ${A} ${B} ${C} 00`, KEEP, '{"b":2,"a":1,"b":2,"c":3}'],
    ["repeated behind one out of order", F, `${B} ${A} ${C} ${A} 00`, {}, undefined],
    ["nothing", F, "00", {}, "{}"],
    ["compact: the highest id", F, "05 f0ff03 02 00", COMPACT, '{"d":1}'],
    ["compact: beyond the highest id", F, "05 f0ff03 02 f5 02 00", COMPACT, undefined],
    ["compact: any stop byte", F, "15 02 f0", COMPACT, '{"a":1}'],
    ["compact: negative ids", N, "05 09 02 45 04 15 06 15 08 00", COMPACT, '{"a":1,"b":2,"c":3,"d":4}'],
    ["compact: id 0 first", N, "05 00 02 15 04 00", COMPACT, '{"c":1,"d":2}'],
    ["compact: behind the last field", N, "15 02 15 02 00", COMPACT, '{"d":1}'],
    [
      "an entry taken back",
      M,
      `0d0001 0b 0f 00000002 ${KEY_A} ${UNFIT} ${KEY_B} ${FIT} 00`,
      SKIP,
      '{"m":{"b":[5]}}',
    ],
    ["only such entries", M, `0d0001 0b 0f 00000001 ${KEY_A} ${UNFIT} 00`, SKIP, '{"m":{}}'],
    [
      "its key again",
      M,
      `0d0001 0b 0f 00000002 ${KEY_A} ${UNFIT} ${KEY_A} ${FIT} 00`,
      SKIP,
      '{"m":{"a":[5]}}',
    ],
    [
      "its key again, strictly",
      M,
      `0d0001 0b 0f 00000002 ${KEY_A} ${UNFIT} ${KEY_A} ${FIT} 00`,
      STRICT,
      undefined,
    ],
    [
      "its key again, behind another",
      M,
      `0d0001 0b 0f 00000003 ${KEY_A} ${UNFIT} ${KEY_BB} ${FIT} ${KEY_A} ${FIT} 00`,
      STRICT,
      undefined,
    ],
    [
      "different keys where one is taken back",
      M,
      `0d0001 0b 0f 00000002 ${KEY_A} ${UNFIT} ${KEY_B} ${FIT} 00`,
      STRICT,
      '{"m":{"b":[5]}}',
    ],
    [
      "a pair taken back",
      M,
      `0d0002 0f 0f 00000002 ${LIST_1} ${UNFIT} ${LIST_2} ${FIT} 00`,
      SKIP,
      '{"p":[[[2],[5]]]}',
    ],
    [
      "its key again, strictly",
      M,
      `0d0002 0f 0f 00000002 ${LIST_1} ${UNFIT} ${LIST_1} ${FIT} 00`,
      STRICT,
      undefined,
    ],
    [
      "a key that does not fit",
      M,
      `0d0002 0f 0f 00000002 ${UNFIT} ${FIT} ${LIST_1} ${FIT} 00`,
      SKIP,
      '{"p":[[[1],[5]]]}',
    ],
  ])("%s", (_, type, message, options, json) => {
    const bytes = hex(message);
    createComparison(type, options)(bytes);
    expect(textOf(kernel.convert(bytes))).toBe(json ?? "failed");
  });
});

describe("strings", () => {
  const STRING = parseIdl("").type("string");
  const MODES = ["check", "trust", "replace"] as const;

  function encoded(content: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(4 + content.length);
    new DataView(bytes.buffer).setInt32(0, content.length);
    bytes.set(content, 4);
    return bytes;
  }

  it("all lead bytes, with second, third and fourth ones", () => {
    for (const mode of ["trust", "replace"] as const) {
      const compare = createComparison(STRING, { utf8: mode });
      for (let lead = 0x80; lead < 0x100; lead++) {
        const content: number[] = [];
        for (let second = 0; second < 0x100; second += second >= 0x7e && second <= 0xc1 ? 1 : 13) {
          for (const rest of [
            [],
            [0x80],
            [0xbf],
            [0x80, 0xbf],
            [0x41],
            [0xc3],
            [0xbf, 0x7f],
            [0x80, 0x80, 0x80],
          ]) {
            content.push(lead, second, ...rest, 0x61);
          }
        }
        compare(encoded(Uint8Array.from(content)));
      }
    }
  });

  it("one ill-formed part in strings of any size, at any place", () => {
    const parts = [
      "80",
      "c3",
      "c1bf",
      "e0 9f bf",
      "ed a0 80",
      "f0 8f bf bf",
      "f4 90 80 80",
      "f5",
      "e2 82",
      "f0 9f 98",
    ];
    for (const mode of MODES) {
      const compare = createComparison(STRING, { utf8: mode });
      for (const part of parts.map((text) => hex(text))) {
        for (const filler of ["a", "é", "語"]) {
          for (let before = 0; before < 40; before++) {
            for (const behind of [0, 1, 15, 33]) {
              const content = [...utf8(filler.repeat(before)), ...part, ...utf8(filler.repeat(behind))];
              const isValid = compare(encoded(Uint8Array.from(content)));
              if (isValid !== (mode !== "check")) expect(content).toBe(mode);
            }
          }
        }
      }
    }
  });

  it("of every size around that of a piece, with sequences and escapes across its end", () => {
    for (const mode of MODES) {
      const compare = createComparison(STRING, { utf8: mode });
      for (const unit of ["a", "é", "語", "😀", "\n", '"é', "a\u0001語"]) {
        for (let size = 490; size < 530; size++) {
          compare(encoded(utf8(unit.repeat(1100)).slice(0, size * 2 + (size % 7))));
        }
      }
      compare(encoded(new Uint8Array(1500).fill(0x80)));
    }
  });

  it("all characters that JSON escapes", () => {
    const content = Uint8Array.from({ length: 0x80 }, (_, index) => index);
    const compare = createComparison(STRING, {});
    for (let start = 0; start < 0x80; start++) expect(compare(encoded(content.subarray(start)))).toBe(true);
  });
});

describe("room", () => {
  const LONG_NAME = "key".repeat(1300);
  const S = parseIdl(`
    enum E { ${"A".repeat(4000)} = 1, ${"B".repeat(500)} = 2 }
    struct S {
      1: string a (api.key = "${LONG_NAME}"), 2: list<S> more, 3: map<string, string> m, 4: binary b
      5: string d = "${"d".repeat(5000)}", 6: string j (agw.body_dynamic = "true"), 7: list<i32> numbers
      8: E e (api.key = "${LONG_NAME}E"), 9: map<E, E> ee, 10: list<E> le
    }
  `).struct("S");
  const TEXT = `"${"\\u0001".repeat(700)}"`;

  it.each([
    ['{"numbers":[1,2,3]}'],
    [`{"m":{"a":${TEXT},"b":"c","d":${TEXT}}}`],
    [`{"${LONG_NAME}":${TEXT}}`],
    [`{"b":"${"AAAA".repeat(2500)}"}`],
    [`{"more":[{"more":[{"more":[{"m":{${TEXT}:${TEXT}}}]}]}]}`],
    [`{"j":["${"text ".repeat(400)}"]}`],
    [`{"${LONG_NAME}E":1,"ee":{"1":1,"2":2,"3":3},"le":[1,1,2,3,2,1]}`],
  ])("for %.30s", (json) => {
    for (const missing of [{}, { default: "write" }] as const) {
      const bytes = jsonToThrift(S).convert(json).slice();
      kernel.load(
        compileProgram(S, "thrift-to-json", resolveThriftToJsonOptions({ missing, enums: "name" })),
      );
      const whole = kernel.convert(bytes);
      if (typeof whole === "number") throw new Error("the sample fails");
      for (let room = 0; room < whole.length + 100; room += 97) {
        kernel.canary(room).fill(0xcc);
        const found = kernel.convert(bytes, { room });
        expect(kernel.canary(room).every((byte) => byte === 0xcc)).toBe(true);
        if (found !== TOO_LARGE) expect(textOf(found)).toBe(textOf(whole));
        if (room >= whole.length) expect(found === TOO_LARGE).toBe(false);
      }
    }
  });

  it("on the stack", () => {
    const fields = Array.from({ length: 200 }, (_, index) => `${index + 1}: i32 f${index}`).join(", ");
    const wide = `struct W { ${fields}, 300: optional W inner, 301: optional map<string, i32> m }`;
    const W = parseIdl(wide).struct("W");
    kernel.load(compileProgram(W, "thrift-to-json", resolveThriftToJsonOptions({ duplicateKeys: "error" })));
    const members = Array.from({ length: 50 }, (_, index) => `"key ${index}":${index}`).join(",");
    const bytes = jsonToThrift(W).convert(`{"f7":1,"inner":{"f199":2,"m":{${members}}}}`).slice();
    const whole = kernel.convert(bytes);
    expect(textOf(whole).length).toBeGreaterThan(500);
    for (let stack = 0; stack < 1200; stack += 8) {
      const found = kernel.convert(bytes, { stack });
      if (found !== TOO_LARGE) expect(textOf(found)).toBe(textOf(whole));
      if (stack < 400) expect(found).toBe(TOO_LARGE);
    }
  });
});

it("keys of entries that are taken back have room of their own", () => {
  const type = parseIdl("").type("map<string, list<i32>>");
  const options = { mismatch: "skip", duplicateKeys: "error" } as const;
  const compare = createComparison(type, options);
  // Each key with a list of strings, which is passed over.
  const entry = (key: number): string => `00000008 ${key.toString(16).padStart(16, "0")} 0b 00000000`;
  const keys = Array.from({ length: 40 }, (_, index) => (index + 1) * 0x01010101);
  const message = (list: readonly number[]): Uint8Array =>
    hex(`0b 0f ${list.length.toString(16).padStart(8, "0")} ${list.map(entry).join(" ")}`);
  for (const [bytes, isValid] of [
    [message(keys), true],
    [message([...keys, keys[7]!]), false],
  ] as const) {
    expect(compare(bytes)).toBe(isValid);
    for (let stack = 0; stack < 3500; stack += 8) {
      const found = kernel.convert(bytes, { stack });
      if (found !== TOO_LARGE) expect(textOf(found)).toBe(isValid ? "{}" : "failed");
    }
  }
});

describe("limits", () => {
  it("the greatest depth", () => {
    const idl = parseIdl("struct D { 1: optional D d, 2: optional list<D> l, 3: optional map<i32, D> m }");
    const D = idl.struct("D");
    const steps = [
      ["0c0001", "00", 1],
      ["0f0002 0c 00000001", "00", 2],
      ["0d0003 08 0c 00000001 00000007", "00", 2],
    ] as const;
    for (const maxDepth of [1, 5, 64, 512]) {
      const compare = createComparison(D, { limits: { maxDepth } });
      for (const [open, close, levels] of steps) {
        for (const count of [0, 1, maxDepth - 2, maxDepth - 1, maxDepth, maxDepth + 1]) {
          const structs = Math.max(0, Math.floor(count / levels));
          const valid = compare(hex(`${open.repeat(structs)} 00 ${close.repeat(structs)}`));
          expect(valid).toBe(1 + structs * levels <= maxDepth);
        }
      }
    }
  });

  it("keys that must differ, many of them", () => {
    const compare = createComparison(parseIdl("").type("map<i32, bool>"), { duplicateKeys: "error" });
    const entries = Array.from(
      { length: 5000 },
      (_, index) => `${(index * 7919).toString(16).padStart(8, "0")}01`,
    );
    const message = (list: readonly string[]): Uint8Array =>
      hex(`08 02 ${list.length.toString(16).padStart(8, "0")} ${list.join("")}`);
    expect(compare(message(entries))).toBe(true);
    expect(compare(message([...entries, entries[1234]!]))).toBe(false);
  });

  it("labels of any size", () => {
    for (let size = 1; size < 4090; size += size < 70 ? 1 : 501) {
      const idl = parseIdl(`struct L { 1: i32 a (api.key = "${"k".repeat(size)}"), 2: i32 b }`);
      const message = hex("080001 00000001 080002 00000002 00");
      expect(createComparison(idl.struct("L"), {})(message)).toBe(true);
    }
  });
});
