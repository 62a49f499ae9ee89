import thrift from "thrift";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import {
  type ApplicationException,
  ApplicationExceptionType,
  applicationExceptionTypeName,
  readApplicationException,
  writeApplicationException,
} from "../../src/wire/application-exception.ts";
import {
  type Envelope,
  type MessageType,
  readEnvelope,
  type WriteEnvelopeOptions,
  writeEnvelope,
} from "../../src/wire/envelope.ts";
import { resolveLimits } from "../../src/wire/limits.ts";
import { createReader, createWriter } from "../../src/wire/protocols.ts";
import type { Protocol } from "../../src/wire/ttype.ts";
import { hex, toHex, truncationsOf, withNoise } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

const FORMS: readonly (readonly [name: string, options: WriteEnvelopeOptions])[] = [
  ["strict binary", { protocol: "binary" }],
  ["old binary", { protocol: "binary", form: "old" }],
  ["compact", { protocol: "compact" }],
];

function envelopeBytes(envelope: Envelope, options: WriteEnvelopeOptions): Uint8Array {
  const output = new ByteWriter({ capacity: 0 });
  writeEnvelope(output, envelope, options);
  return output.toBytes();
}

describe.each(FORMS)("%s", (_name, options) => {
  const protocol = options.protocol!;

  it.each<Envelope>([
    { name: "ping", type: "call", sequenceId: 1 },
    { name: "ping", type: "reply", sequenceId: -1 },
    { name: "", type: "exception", sequenceId: 2147483647 },
    { name: "größe", type: "oneway", sequenceId: -2147483648 },
    { name: "x".repeat(200), type: "call", sequenceId: 0 },
  ])("$name, $type, $sequenceId: written and read", (envelope) => {
    const bytes = envelopeBytes(envelope, options);
    expect(readEnvelope(withNoise(bytes, 0x80), { protocol })).toEqual({
      ...envelope,
      bodyStart: bytes.length,
      strict: options.form !== "old",
    });
    for (const cut of truncationsOf(bytes)) {
      const error = expectThriftErrorOf(() => readEnvelope(cut, { protocol }));
      expect(["TRUNCATED", "INVALID_SIZE"]).toContain(error);
    }
  });

  it("is found anywhere in the bytes", () => {
    const bytes = envelopeBytes({ name: "m", type: "call", sequenceId: 5 }, options);
    const whole = new Uint8Array([9, 9, 9, ...bytes, 9]);
    expect(readEnvelope(whole, { protocol, start: 3, end: whole.length - 1 }).bodyStart).toBe(
      3 + bytes.length,
    );
  });
});

function expectThriftErrorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "no error";
}

describe("npm thrift", () => {
  const { TBinaryProtocol, TCompactProtocol, TFramedTransport } = thrift;
  const NUMBERS: Readonly<Record<MessageType, number>> = { call: 1, reply: 2, exception: 3, oneway: 4 };

  interface TheirProtocol {
    writeMessageBegin(name: string, type: number, sequenceId: number): void;
    readMessageBegin(): { fname: string; mtype: number; rseqid: number };
    flush(): void;
  }

  function protocolOver(options: WriteEnvelopeOptions, transport: unknown): TheirProtocol {
    const protocolClass = (options.protocol === "compact"
      ? TCompactProtocol
      : TBinaryProtocol) as unknown as new (
      ...args: unknown[]
    ) => TheirProtocol;
    const strict = options.form !== "old";
    return new protocolClass(transport, strict, strict);
  }

  const cases: readonly Envelope[] = [
    { name: "getUser", type: "call", sequenceId: 7 },
    { name: "größe", type: "reply", sequenceId: 300 },
    { name: "f", type: "exception", sequenceId: 2147483647 },
    { name: "notify", type: "oneway", sequenceId: 128 },
  ];

  it.each(
    FORMS.flatMap(([form, options]) => cases.map((envelope) => ({ form, options, envelope, ...envelope }))),
  )("$form: $name, $type, $sequenceId has the same bytes", ({ options, envelope }) => {
    let theirs = new Uint8Array();
    const transport = new TFramedTransport(undefined, (frame) => {
      theirs = Uint8Array.from(frame!.subarray(4));
    });
    const protocol = protocolOver(options, transport);
    protocol.writeMessageBegin(envelope.name, NUMBERS[envelope.type], envelope.sequenceId);
    protocol.flush();
    const ours = envelopeBytes(envelope, options);
    expect(toHex(ours)).toBe(toHex(theirs));
    expect(readEnvelope(theirs, { protocol: options.protocol! })).toMatchObject(envelope);
    const { fname, mtype, rseqid } = protocolOver(
      options,
      new TFramedTransport(Buffer.from(ours)),
    ).readMessageBegin();
    // In the old form it gives the name as a Buffer.
    expect([String(fname), mtype, rseqid]).toEqual([
      envelope.name,
      NUMBERS[envelope.type],
      envelope.sequenceId,
    ]);
  });
});

describe("wrong envelopes", () => {
  it.each<[name: string, protocol: Protocol, bytes: string, code: string, offset: number]>([
    ["nothing", "binary", "", "TRUNCATED", 0],
    ["version 2", "binary", '80020001 00000001 "a" 00000000', "INVALID_ENVELOPE", 0],
    ["type 0", "binary", '80010000 00000001 "a" 00000000', "INVALID_ENVELOPE", 3],
    ["type 5", "binary", '80010005 00000001 "a" 00000000', "INVALID_ENVELOPE", 3],
    ["a compact message", "binary", '82210101 "a" 00', "INVALID_ENVELOPE", 0],
    ["a negative name size", "binary", "80010001 ffffffff 00000000", "INVALID_SIZE", 4],
    ["a name beyond the end", "binary", '80010001 00000009 "abc"', "INVALID_SIZE", 4],
    ["an invalid name", "binary", "80010001 00000002 61ff 00000000", "INVALID_UTF8", 9],
    ["a cut sequence id", "binary", '80010001 00000001 "a" 0000', "TRUNCATED", 9],
    ["old: a name beyond the end", "binary", '00000009 "abc"', "INVALID_SIZE", 0],
    ["old: no type", "binary", '00000001 "a"', "TRUNCATED", 5],
    ["old: type 9", "binary", '00000001 "a" 09 00000000', "INVALID_ENVELOPE", 5],
    ["old: a cut sequence id", "binary", '00000001 "a" 01 000000', "TRUNCATED", 6],
    ["nothing", "compact", "", "TRUNCATED", 0],
    ["a binary message", "compact", '80010001 00000001 "a" 00000000', "INVALID_ENVELOPE", 0],
    ["no version", "compact", "82", "TRUNCATED", 1],
    ["version 2", "compact", '82 22 00 01 "a"', "INVALID_ENVELOPE", 1],
    ["type 0", "compact", '82 01 00 01 "a"', "INVALID_ENVELOPE", 1],
    ["type 7", "compact", '82 e1 00 01 "a"', "INVALID_ENVELOPE", 1],
    ["a sequence id of 36 bits", "compact", '82 21 ffffffff7f 01 "a"', "OUT_OF_RANGE", 2],
    ["a name beyond the end", "compact", '82 21 00 05 "a"', "INVALID_SIZE", 3],
    ["a name of 2^31", "compact", "82 21 00 8080808008", "INVALID_SIZE", 3],
    ["an invalid name", "compact", "82 21 00 02 61ff", "INVALID_UTF8", 5],
  ])("%s (%s) %s: %s at %i", (_name, protocol, bytes, code, offset) => {
    expectThriftError(() => readEnvelope(withNoise(hex(bytes)), { protocol }), {
      code: code as never,
      offset,
    });
  });

  it("the old form can be refused", () => {
    const old = hex`00000001 "a" 01 00000000`;
    expect(readEnvelope(old).strict).toBe(false);
    expectThriftError(() => readEnvelope(old, { unversioned: "reject" }), {
      code: "INVALID_ENVELOPE",
      offset: 0,
    });
  });

  it("obeys the limit of size and checks the range", () => {
    const bytes = envelopeBytes({ name: "m", type: "call", sequenceId: 5 }, {});
    for (const limits of [{ maxSize: 3 }, resolveLimits({ maxSize: 3 })]) {
      expectThriftError(() => readEnvelope(bytes, { limits }), { code: "LIMIT_EXCEEDED" });
    }
    expectThriftError(() => readEnvelope(bytes, { start: 5, end: 3 }), { code: "INVALID_OPTION" });
  });

  it.each<[Envelope, string]>([
    [{ name: "a", type: "call", sequenceId: 2 ** 31 }, "OUT_OF_RANGE"],
    [{ name: "a", type: "call", sequenceId: 1.5 }, "OUT_OF_RANGE"],
    [{ name: "a\udfff", type: "call", sequenceId: 1 }, "INVALID_UTF8"],
    [{ name: "a", type: "toString" as MessageType, sequenceId: 1 }, "INVALID_ENVELOPE"],
    [{ name: "a", type: "call", sequenceId: Number.NaN }, "OUT_OF_RANGE"],
    [{ name: 5 } as never, "INVALID_OPTION"],
    [{ name: 5, type: "call", sequenceId: 1 } as never, "INVALID_OPTION"],
    [{ type: "call", sequenceId: 1 } as never, "INVALID_OPTION"],
    ["ping" as never, "INVALID_OPTION"],
    [null as never, "INVALID_OPTION"],
    [undefined as never, "INVALID_OPTION"],
  ])("writing %o is %s, and the output stays as it was", (envelope, code) => {
    for (const [, options] of FORMS) {
      const output = new ByteWriter();
      output.append(hex`01`);
      expectThriftError(() => writeEnvelope(output, envelope, options), { code: code as never });
      expect(toHex(output.view())).toBe("01");
    }
  });
});

describe("wrong arguments", () => {
  const bytes = envelopeBytes({ name: "m", type: "call", sequenceId: 5 }, {});
  const write = (envelope: unknown) => (): void => writeEnvelope(new ByteWriter(), envelope as never);
  const types = 'one of "call", "reply", "exception", "oneway"';

  it.each<[message: string, call: () => unknown]>([
    [
      "writeEnvelope: the output must be a ByteWriter, got undefined",
      () => writeEnvelope(undefined as never, undefined as never),
    ],
    [
      "writeEnvelope: the output must be a ByteWriter, got an object",
      () => writeEnvelope(bytes as never, {} as never),
    ],
    ["writeEnvelope: the envelope must be an object, got undefined", write(undefined)],
    ["writeEnvelope: the envelope must be an object, got a string", write("ping")],
    ["writeEnvelope: the `name` of the envelope must be a string, got undefined", write({})],
    [
      "writeEnvelope: the `sequenceId` of the envelope must be a number, got undefined",
      write({ name: "x", type: "call" }),
    ],
    [
      "writeEnvelope: the `sequenceId` of the envelope must be a number, got a bigint",
      write({ name: "x", type: "call", sequenceId: 1n }),
    ],
    [
      `writeEnvelope: the \`type\` of the envelope must be ${types}, got "cal"; did you mean \`call\`?`,
      write({ name: "x", type: "cal", sequenceId: 1 }),
    ],
    [
      `writeEnvelope: the \`type\` of the envelope must be ${types}, got 1`,
      write({ name: "x", type: 1, sequenceId: 1 }),
    ],
    [
      'option `protocol` must be "binary" or "compact", got "Compact"; did you mean `compact`?',
      () =>
        writeEnvelope(
          new ByteWriter(),
          { name: "x", type: "call", sequenceId: 1 },
          { protocol: "Compact" as never },
        ),
    ],
    [
      'option `form` must be "strict" or "old", got "loose"',
      () =>
        writeEnvelope(
          new ByteWriter(),
          { name: "x", type: "call", sequenceId: 1 },
          { form: "loose" as never },
        ),
    ],
    [
      "writeEnvelope: unknown option `strict`",
      () =>
        writeEnvelope(new ByteWriter(), { name: "x", type: "call", sequenceId: 1 }, {
          strict: true,
        } as never),
    ],
    ["readEnvelope: the bytes must be a Uint8Array, got undefined", () => readEnvelope(undefined as never)],
    ["readEnvelope: the bytes must be a Uint8Array, got a string", () => readEnvelope("x" as never)],
    [
      'option `protocol` must be "binary" or "compact", got "compct"; did you mean `compact`?',
      () => readEnvelope(bytes, { protocol: "compct" as never }),
    ],
    [
      "readEnvelope: unknown option `protcol`; did you mean `protocol`?",
      () => readEnvelope(bytes, { protcol: "compact" } as never),
    ],
    [
      "readEnvelope: unknown option `unversionned`; did you mean `unversioned`?",
      () => readEnvelope(bytes, { unversionned: "reject" } as never),
    ],
    [
      'option `unversioned` must be "accept" or "reject", got true',
      () => readEnvelope(bytes, { unversioned: true as never }),
    ],
    ["readEnvelope: options must be an object, got null", () => readEnvelope(bytes, null as never)],
  ])("%s", (message, call) => {
    const code = message.includes("`type`") ? "INVALID_ENVELOPE" : "INVALID_OPTION";
    expectThriftError(call, { code, message });
  });
});

describe("application exceptions", () => {
  const exception: ApplicationException = {
    message: "no such method",
    type: ApplicationExceptionType.UNKNOWN_METHOD,
  };

  it.each<[Protocol, string]>([
    ["binary", '0b 0001 0000000e "no such method" 08 0002 00000001 00'],
    ["compact", '18 0e "no such method" 15 02 00'],
  ])("in %s", (protocol, bytes) => {
    const output = new ByteWriter();
    writeApplicationException(createWriter(protocol, output), exception);
    expect(toHex(output.view())).toBe(toHex(hex(bytes)));
    expect(readApplicationException(createReader(protocol, output.view()))).toEqual(exception);
  });

  it("has defaults for what is missing, and skips what it does not know", () => {
    expect(readApplicationException(createReader("binary", hex`00`))).toEqual({ message: "", type: 0 });
    const odd = hex`08 0001 00000007  0b 0002 00000000  0f 0009 03 00000002 0102  08 0002 00000006 00`;
    expect(readApplicationException(createReader("binary", odd))).toEqual({ message: "", type: 6 });
  });

  it.each([
    [0, "UNKNOWN"],
    [1, "UNKNOWN_METHOD"],
    [7, "PROTOCOL_ERROR"],
    [10, "UNSUPPORTED_CLIENT_TYPE"],
    [11, undefined],
    [20, "UNKNOWN_SERVICE"],
    [-1, undefined],
  ])("type %i is %s", (type, name) => {
    expect(applicationExceptionTypeName(type)).toBe(name);
  });
});
