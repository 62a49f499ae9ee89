import {
  type ByteWriter,
  DeclaredExceptionError,
  type Envelope,
  isThriftError,
  type JsonToThriftConverter,
  type JsonToThriftOptions,
  jsonToThrift,
  type Limits,
  type Protocol,
  resolveLimits,
  type StructDescriptor,
  ThriftError,
  type ThriftToJsonConverter,
  type ThriftToJsonOptions,
  type TranscodeOptions,
  type TType,
  type TypeDescriptor,
  thriftToJson,
  transcode,
  writeEnvelope,
} from "../index.ts";
import {
  APPLICATION_EXCEPTION,
  bodyTypeOf,
  describeApplicationException,
  type EnvelopePlan,
  readEnvelopeOf,
} from "./envelope.ts";
import { MessageError, midwayError } from "./message-error.ts";
import type { Target } from "./type-expression.ts";

/** A message that is converted while it is read: what comes behind its head goes through `transforms`. */
export interface BegunMessage {
  /** Where in the head the part starts that goes through the transforms. */
  readonly bodyStart: number;
  readonly transforms: readonly Transform[];
}

type Transform = ReadableWritablePair<Uint8Array, Uint8Array>;

/** Converts messages one after the other. */
export interface MessageConverter {
  /**
   * Appends the converted message. Returns what is to be told about it, when it is an exception. Throws
   * `MessageError`; what `output` got is to be dropped then.
   */
  convertInto(message: Uint8Array, output: ByteWriter): string | undefined;
  /**
   * Begins a message of which `head` is only the beginning, and appends what stands in front of its body.
   * `undefined` for a message that must be there as a whole.
   */
  begin(head: Uint8Array, output: ByteWriter): BegunMessage | undefined;
}

/** JSON to Thrift, with an envelope where there is a plan for one. Sequence ids count up. */
export class JsonToThriftMessages implements MessageConverter {
  readonly #converter: JsonToThriftConverter;
  readonly #protocol: Protocol;
  #envelope: Envelope | undefined;

  constructor(type: TypeDescriptor, options: JsonToThriftOptions, plan?: EnvelopePlan) {
    this.#converter = jsonToThrift(type, options);
    this.#protocol = options.protocol ?? "binary";
    this.#envelope = plan?.envelope;
  }

  convertInto(message: Uint8Array, output: ByteWriter): undefined {
    this.#writeEnvelope(output);
    convertPart(() => this.#converter.convertInto(message, output));
    const envelope = this.#envelope;
    // As an i32, behind the largest comes the smallest.
    if (envelope !== undefined) this.#envelope = { ...envelope, sequenceId: (envelope.sequenceId + 1) | 0 };
  }

  begin(_head: Uint8Array, output: ByteWriter): BegunMessage {
    this.#writeEnvelope(output);
    return { bodyStart: 0, transforms: [this.#converter.stream()] };
  }

  #writeEnvelope(output: ByteWriter): void {
    if (this.#envelope !== undefined) writeEnvelope(output, this.#envelope, { protocol: this.#protocol });
  }
}

/** Thrift to JSON, one value per message. */
export class ThriftToJsonMessages implements MessageConverter {
  readonly #converter: ResultConverter;

  constructor(type: TypeDescriptor, options: ThriftToJsonOptions) {
    this.#converter = new ResultConverter(type, options);
  }

  convertInto(message: Uint8Array, output: ByteWriter): string | undefined {
    return convertPart(() => this.#converter.convertInto(message, output));
  }

  begin(): BegunMessage | undefined {
    return this.#converter.stream(0);
  }
}

/** Thrift to JSON, where each message says by its envelope what it is. */
export class EnvelopesToJson implements MessageConverter {
  readonly #target: Target;
  readonly #options: ThriftToJsonOptions;
  /** For application exceptions, which every implementation reads leniently. */
  readonly #lenient: ThriftToJsonOptions;
  readonly #protocol: Protocol;
  readonly #converters = new Map<TypeDescriptor, ResultConverter>();

  constructor(target: Target, options: ThriftToJsonOptions) {
    this.#target = target;
    this.#options = options;
    this.#protocol = options.protocol ?? "binary";
    const { limits = {}, utf8 = "check" } = options;
    this.#lenient = { protocol: this.#protocol, limits, utf8, mismatch: "skip" };
  }

  convertInto(message: Uint8Array, output: ByteWriter): string | undefined {
    const { name, converter, type, bodyStart } = this.#open(message);
    const body = message.subarray(bodyStart);
    const notice = convertPart(() => converter.convertInto(body, output), bodyStart);
    return type === APPLICATION_EXCEPTION ? describeApplicationException(name, body, this.#protocol) : notice;
  }

  begin(head: Uint8Array): BegunMessage | undefined {
    const { converter, type, bodyStart } = this.#open(head);
    return type === APPLICATION_EXCEPTION ? undefined : converter.stream(bodyStart);
  }

  #open(message: Uint8Array) {
    return convertPart(() => {
      const { name, type: messageType, sequenceId, bodyStart } = readEnvelopeOf(message, this.#protocol);
      const type = bodyTypeOf(this.#target, { name, type: messageType, sequenceId });
      let converter = this.#converters.get(type);
      if (converter === undefined) {
        converter = new ResultConverter(type, type === APPLICATION_EXCEPTION ? this.#lenient : this.#options);
        this.#converters.set(type, converter);
      }
      return { name, converter, type, bodyStart };
    });
  }
}

/** JSON to JSON by way of Thrift: checked against the IDL and written in the form that the options ask for. */
export class JsonMessages implements MessageConverter {
  readonly #toThrift: JsonToThriftConverter;
  readonly #toJson: ResultConverter;

  constructor(type: TypeDescriptor, toThrift: JsonToThriftOptions, toJson: ThriftToJsonOptions) {
    this.#toThrift = jsonToThrift(type, toThrift);
    this.#toJson = new ResultConverter(type, toJson);
  }

  convertInto(message: Uint8Array, output: ByteWriter): string | undefined {
    const bytes = convertPart(() => this.#toThrift.convert(message));
    try {
      return this.#toJson.convertInto(bytes, output);
    } catch (error) {
      throw isThriftError(error) ? midwayError(error) : error;
    }
  }

  begin(): BegunMessage | undefined {
    const second = this.#toJson.stream(0);
    if (second === undefined) return undefined;
    // Each tells what is its own: an error of the first comes out of the second too.
    const first = withErrors(this.#toThrift.stream(), (error) => new MessageError(error, {}));
    const others = second.transforms.map((transform) => withErrors(transform, midwayError));
    return { bodyStart: 0, transforms: [first, ...others] };
  }
}

/** Thrift to Thrift in another protocol, with envelopes where the messages have them. */
export class ThriftMessages implements MessageConverter {
  readonly #type: TType;
  readonly #options: TranscodeOptions;
  readonly #maxOutputSize: number;
  readonly #envelopes: boolean;

  constructor(type: TType, from: Protocol, to: Protocol, limits: Limits, envelopes: boolean) {
    this.#type = type;
    this.#options = { from, to, limits };
    this.#maxOutputSize = resolveLimits(limits).maxOutputSize;
    this.#envelopes = envelopes;
  }

  convertInto(message: Uint8Array, output: ByteWriter): undefined {
    const start = output.length;
    const bodyStart = this.#envelopes ? convertPart(() => this.#copyEnvelope(message, output)) : 0;
    convertPart(() => transcode(message.subarray(bodyStart), this.#type, this.#options, output), bodyStart);
    // It is hardly larger than the message: looking when all is there costs no memory.
    if (output.length - start > this.#maxOutputSize) {
      const problem = `the output is larger than the limit of ${this.#maxOutputSize} bytes`;
      throw new MessageError(new ThriftError("LIMIT_EXCEEDED", problem), {});
    }
  }

  begin(): undefined {}

  #copyEnvelope(message: Uint8Array, output: ByteWriter): number {
    const { name, type, sequenceId, bodyStart, strict } = readEnvelopeOf(message, this.#options.from);
    writeEnvelope(
      output,
      { name, type, sequenceId },
      { protocol: this.#options.to, form: strict ? "strict" : "old" },
    );
    return bodyStart;
  }
}

/** Thrift to JSON; a declared exception under `exceptions: "throw"` is converted too, and told about. */
class ResultConverter {
  readonly #converter: ThriftToJsonConverter;
  readonly #type: TypeDescriptor;
  readonly #mayThrow: boolean;

  constructor(type: TypeDescriptor, options: ThriftToJsonOptions) {
    this.#converter = thriftToJson(type, options);
    this.#type = type;
    this.#mayThrow = options.exceptions === "throw" && type.kind === "struct" && type.role === "result";
  }

  convertInto(message: Uint8Array, output: ByteWriter): string | undefined {
    try {
      this.#converter.convertInto(message, output);
      return undefined;
    } catch (error) {
      if (!isDeclaredException(error)) throw error;
      const key = (this.#type as StructDescriptor).fieldByName(error.field)?.alias ?? error.field;
      output.append(Buffer.from(`{${JSON.stringify(key)}:${error.json}}`));
      return `the result is the declared exception \`${error.field}\``;
    }
  }

  /** `undefined` when an exception at the end of the message would come too late. */
  stream(bodyStart: number): BegunMessage | undefined {
    return this.#mayThrow ? undefined : { bodyStart, transforms: [this.#converter.stream()] };
  }
}

function isDeclaredException(error: unknown): error is DeclaredExceptionError {
  return isThriftError(error, "EXCEPTION") && error instanceof DeclaredExceptionError;
}

/** Runs a part of a conversion; `offsetBase` is where in the message its input starts. */
function convertPart<T>(convert: () => T, offsetBase = 0): T {
  try {
    return convert();
  } catch (error) {
    throw isThriftError(error) ? new MessageError(error, { offsetBase }) : error;
  }
}

/** The transform, whose `ThriftError`s become what `toMessageError` makes of them; other errors pass through. */
function withErrors(
  { readable, writable }: Transform,
  toMessageError: (error: ThriftError) => MessageError,
): Transform {
  const reader = readable.getReader();
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      try {
        const next = await reader.read();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        throw isThriftError(error) ? toMessageError(error) : error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  };
  return { readable: new ReadableStream(source, { highWaterMark: 0 }), writable };
}
