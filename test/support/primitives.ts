import { isJsonNumber, parseJsonInteger } from "../../src/json/integer.ts";
import { compileAssembly } from "./compile-assembly.ts";
import type { Random } from "./random.ts";

/** Where inputs and outputs stand: not at the start of a page, and with room around them. */
const INPUT = 0x1_0100;
const OUTPUT = 0x4_0100;
const PAGES = 8;

/** A byte that no output has, around the output. */
const UNTOUCHED = 0x7e;
/** The functions may write so many bytes behind their output. */
const MARGIN = 64;
const GUARD = 16;

/** What may stand behind a number, and more that must not matter. */
const FOLLOWERS: readonly string[] = [",", "}", "]", " ", "\n", '"', "\0", ":"];
const NOISE = "9.9e9 99999999999999999999999999999999999999999999999999999999";

/** The exports of `assembly/test/primitives.ts`. */
interface Exports {
  readonly base64End: WebAssembly.Global;
  readonly integerEnd: WebAssembly.Global;
  readonly numberEnd: WebAssembly.Global;
  readBase64(p: number, end: number, o: number): number;
  readBase64ToQuote(p: number, o: number): number;
  readDouble(p: number): number;
  readInteger(p: number): bigint;
  readUuid(p: number, end: number, o: number): number;
  writeBase64(p: number, end: number, o: number): number;
  writeDouble(value: number, o: number): number;
  writeInt32(value: number, o: number): number;
  writeInt64(value: bigint, o: number): number;
  writeUuid(p: number, o: number): number;
}

/** The number and text primitives of the kernel; reading gives `undefined` for what they do not accept. */
export interface Primitives {
  writeDouble(value: number): string;
  writeInt32(value: number): string;
  writeInt64(value: bigint): string;
  writeBase64(bytes: Uint8Array): string;
  writeUuid(bytes: Uint8Array): string;
  /** Throws when something is read, but not the whole text. */
  readDouble(text: string): number | undefined;
  /** Throws when something is read, but not the whole text. */
  readInteger(text: string): bigint | undefined;
  /** `behind` follows the text; the output is written `shift` bytes in front of the text, or elsewhere. */
  readBase64(text: string, behind?: string, shift?: number): Uint8Array | undefined;
  /** As `readBase64`; a quote ends the text. Throws when the quote is not found behind text that is accepted. */
  readBase64ToQuote(text: string, behind?: string, shift?: number): Uint8Array | undefined;
  readUuid(text: string): Uint8Array | undefined;
}

/** Compiles and instantiates the primitives. */
export async function loadPrimitives(optimizeLevel?: number): Promise<Primitives> {
  const module = await compileAssembly("assembly/test/primitives.ts", optimizeLevel);
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return wrap(instance.exports as unknown as Exports, Buffer.from(memory.buffer));
}

function wrap(kernel: Exports, memory: Buffer): Primitives {
  let follower = 0;

  /** Puts text, as Latin-1, in the input, something else around it, and returns its end. */
  function put(text: string, behind: string): number {
    if (INPUT + text.length + behind.length + NOISE.length > OUTPUT) throw new RangeError("too long a text");
    memory.write("99-9", INPUT - 4, "latin1");
    const end = INPUT + memory.write(text, INPUT, "latin1");
    memory.write(behind + NOISE, end, "latin1");
    return end;
  }

  function putNumber(text: string): number {
    follower = (follower + 1) % FOLLOWERS.length;
    return put(text, FOLLOWERS[follower]!);
  }

  /** Calls a function that writes at most `size` bytes; checks that nothing is written around its output. */
  function write(call: (o: number) => number, size: number): number {
    const limit = OUTPUT + size + MARGIN;
    memory.fill(UNTOUCHED, OUTPUT - GUARD, limit + GUARD);
    const end = call(OUTPUT);
    if (end > OUTPUT + size) throw new Error(`${end - OUTPUT} bytes written, at most ${size} expected`);
    for (let i = OUTPUT - GUARD; i < limit + GUARD; i++) {
      // What fails may leave anything where the output would be.
      if (i === OUTPUT) i = end === 0 ? limit : end + MARGIN;
      if (memory[i] !== UNTOUCHED)
        throw new Error(`byte ${i - OUTPUT} behind ${end - OUTPUT} is overwritten`);
    }
    return end;
  }

  const writeText = (call: (o: number) => number, size: number): string =>
    memory.toString("latin1", OUTPUT, write(call, size));

  function checkEnd(text: string, end: number, expected: number): void {
    if (end !== expected) throw new Error(`${end - INPUT} of ${expected - INPUT} characters read: ${text}`);
  }

  function readBytes(call: (o: number) => number, size: number, shift?: number): Uint8Array | undefined {
    const start = shift === undefined ? OUTPUT : INPUT - shift;
    const end = shift === undefined ? write(call, size) : call(start);
    return end === 0 ? undefined : Uint8Array.from(memory.subarray(start, end));
  }

  return {
    writeDouble: (value) => writeText((o) => kernel.writeDouble(value, o), 25),
    writeInt32: (value) => writeText((o) => kernel.writeInt32(value, o), 11),
    writeInt64: (value) => writeText((o) => kernel.writeInt64(value, o), 20),
    writeBase64(bytes) {
      put("", "");
      memory.set(bytes, INPUT);
      const size = Math.ceil(bytes.length / 3) * 4;
      return writeText((o) => kernel.writeBase64(INPUT, INPUT + bytes.length, o), size);
    },
    writeUuid(bytes) {
      memory.set(bytes, INPUT);
      return writeText((o) => kernel.writeUuid(INPUT, o), 36);
    },
    readDouble(text) {
      const end = putNumber(text);
      const value = kernel.readDouble(INPUT);
      if (kernel.numberEnd.value === 0) return undefined;
      checkEnd(text, kernel.numberEnd.value, end);
      return value;
    },
    readInteger(text) {
      const end = putNumber(text);
      const value = kernel.readInteger(INPUT);
      if (kernel.integerEnd.value === 0) return undefined;
      checkEnd(text, kernel.integerEnd.value, end);
      return value;
    },
    readBase64(text, behind = "", shift?) {
      const end = put(text, behind);
      return readBytes((o) => kernel.readBase64(INPUT, end, o), text.length, shift);
    },
    readBase64ToQuote(text, behind = "", shift?) {
      const end = put(text, `"${behind}`);
      const bytes = readBytes((o) => kernel.readBase64ToQuote(INPUT, o), text.length, shift);
      if (bytes !== undefined) checkEnd(text, kernel.base64End.value, end);
      return bytes;
    },
    readUuid(text) {
      const end = put(text, "00");
      return readBytes((o) => kernel.readUuid(INPUT, end, o), 16);
    },
  };
}

const MOST_INT64 = 2n ** 63n - 1n;

/** What is wrong with how a finite double is written and read; `undefined` when nothing is. */
export function doubleProblem(primitives: Primitives, value: number): string | undefined {
  const expected = Object.is(value, -0) ? "-0" : String(value);
  const text = primitives.writeDouble(value);
  if (text !== expected) return `writeDouble(${expected}) gives ${text}`;
  return numberProblem(primitives, text);
}

/** What is wrong with how text that may be a JSON number is read. */
export function numberProblem(primitives: Primitives, text: string): string | undefined {
  const expected = isJsonNumber(text) ? Number(text) : undefined;
  const value = primitives.readDouble(text);
  if (!Object.is(value, expected)) return `readDouble of ${text} gives ${value}, not ${expected}`;
  const parsed = parseJsonInteger(text);
  const isInt64 = typeof parsed === "bigint" && parsed <= MOST_INT64 && parsed >= -MOST_INT64 - 1n;
  const integer = primitives.readInteger(text);
  if (integer !== (isInt64 ? parsed : undefined)) return `readInteger of ${text} gives ${integer}`;
  return undefined;
}

/** What is wrong with how an i64, and its lower half, are written and read. */
export function integerProblem(primitives: Primitives, value: bigint): string | undefined {
  const text = primitives.writeInt64(value);
  if (text !== String(value)) return `writeInt64(${value}) gives ${text}`;
  const half = Number(BigInt.asIntN(32, value));
  const halfText = primitives.writeInt32(half);
  if (halfText !== String(half)) return `writeInt32(${half}) gives ${halfText}`;
  return numberProblem(primitives, text);
}

const scratch = new DataView(new ArrayBuffer(8));

function randomBits(random: Random): bigint {
  scratch.setUint32(0, random.int(0, 0xffff_ffff));
  scratch.setUint32(4, random.int(0, 0xffff_ffff));
  return scratch.getBigUint64(0);
}

/** The double that has these bits. */
export function doubleOf(bits: bigint): number {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

/** The bits of a double. */
export function bitsOf(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

function randomDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.int(0, 9)).join("");
}

/** A JSON number, or nearly one: leading zeros, and parts that are missing. */
function randomNumberText(random: Random): string {
  let text = randomDigits(random, random.int(1, random.chance(0.9) ? 22 : 60));
  if (random.chance(0.95)) text = text.replace(/^0+(?=\d)/, "");
  if (random.chance(0.5)) text = `-${text}`;
  if (random.chance(0.5)) text += `.${"0".repeat(random.chance(0.3) ? random.int(0, 30) : 0)}`;
  if (text.endsWith(".") || random.chance(0.3)) text += randomDigits(random, random.int(0, 22));
  if (random.chance(0.3)) text += "0".repeat(random.int(0, 12));
  if (random.chance(0.5)) {
    const reach = random.pick([5, 25, 350]);
    text += `${random.pick(["e", "E"])}${random.pick(["", "+", "-"])}${random.int(0, reach)}`;
  }
  return text;
}

/** The decimal text of the middle between a positive double and the next one, exactly: a string of digits, `e`, power. */
export function middleAbove(value: number): string {
  const bits = bitsOf(value);
  const biased = bits >> 52n;
  const mantissa = (bits & 0xf_ffff_ffff_ffffn) | (biased === 0n ? 0n : 1n << 52n);
  const middle = 2n * mantissa + 1n;
  const exponent = (biased === 0n ? 1n : biased) - 1076n;
  return exponent >= 0n ? `${middle << exponent}e0` : `${middle * 5n ** -exponent}e${exponent}`;
}

/** Numbers just below, at and just above such a middle. */
export function textsAround(middle: string): string[] {
  const [digits = "", power = ""] = middle.split("e");
  const below = String(BigInt(digits) - 1n);
  return [
    middle,
    `${digits}.${"0".repeat(30)}1e${power}`,
    `${digits}.${"0".repeat(900)}e${power}`,
    `${digits}.${"0".repeat(900)}1e${power}`,
    `${below}.9e${power}`,
    `${below}.${"9".repeat(900)}e${power}`,
    `${digits.slice(0, 18)}.${digits.slice(18) || "0"}e${Number(power) + Math.max(digits.length - 18, 0)}`,
    `${digits.slice(0, 20)}e${Number(power) + Math.max(digits.length - 20, 0)}`,
  ];
}

/** The kinds of values of `randomProblem`, each with what finds a problem with one. */
const KINDS: readonly ((primitives: Primitives, random: Random) => string | undefined)[] = [
  (primitives, random) => {
    const value = doubleOf(randomBits(random));
    return Number.isFinite(value) ? doubleProblem(primitives, value) : undefined;
  },
  // Subnormal numbers.
  (primitives, random) =>
    doubleProblem(primitives, doubleOf(randomBits(random) >> BigInt(random.int(12, 63)))),
  // What people write.
  (primitives, random) =>
    doubleProblem(primitives, random.int(-(10 ** random.int(1, 12)), 10 ** 12) / 10 ** random.int(0, 9)),
  // Up to 17 digits, around the range that is written without an exponent.
  (primitives, random) =>
    doubleProblem(primitives, Number(`${randomDigits(random, random.int(14, 17))}e${random.int(-25, 8)}`)),
  // All bits of a number between powers of ten.
  (primitives, random) =>
    doubleProblem(primitives, (random.next() + random.next() * 2 ** -32) * 10 ** random.int(-8, 24)),
  // Integers in doubles.
  (primitives, random) =>
    doubleProblem(primitives, Number(BigInt.asIntN(64, randomBits(random)) >> BigInt(random.int(0, 63)))),
  // Digits of a double, or nearly.
  (primitives, random) => {
    const value = Math.abs(doubleOf(randomBits(random)));
    return Number.isFinite(value)
      ? numberProblem(primitives, value.toExponential(random.int(14, 30)))
      : undefined;
  },
  (primitives, random) => numberProblem(primitives, randomNumberText(random)),
  (primitives, random) => numberProblem(primitives, randomNumberText(random)),
  (primitives, random) =>
    integerProblem(primitives, BigInt.asIntN(64, randomBits(random)) >> BigInt(random.int(0, 63))),
  // Around the ends of the range of an i64.
  (primitives, random) =>
    numberProblem(
      primitives,
      `${random.pick(["", "-"])}92233720368547758${randomDigits(random, random.int(1, 3))}`,
    ),
];

const MIDDLE_CHANCE = 0.002;

/** What is wrong with a number, or text of one, of some kind. */
export function randomProblem(primitives: Primitives, random: Random): string | undefined {
  if (random.chance(MIDDLE_CHANCE)) {
    const value = Math.abs(doubleOf(randomBits(random)));
    if (!Number.isFinite(value)) return undefined;
    return numberProblem(primitives, random.pick(textsAround(middleAbove(value))));
  }
  return random.pick(KINDS)(primitives, random);
}
