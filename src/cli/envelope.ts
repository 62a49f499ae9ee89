import {
  applicationExceptionTypeName,
  createReader,
  type Envelope,
  isThriftError,
  type MessageType,
  type MethodDescriptor,
  type Protocol,
  parseIdl,
  type ReadEnvelope,
  readApplicationException,
  readEnvelope,
  type ServiceDescriptor,
  type StructDescriptor,
  type TypeDescriptor,
  WireError,
} from "../index.ts";
import { failOpenTarget, type Part, type Target, typeOfTarget } from "./type-expression.ts";
import { UsageError } from "./usage-error.ts";

export const MESSAGE_TYPES: readonly MessageType[] = ["call", "reply", "exception", "oneway"];

/** What the command line says about the envelope to write. */
export interface EnvelopeFlags {
  readonly method?: string | undefined;
  readonly messageType?: MessageType | undefined;
  readonly sequenceId?: number | undefined;
}

/** The body of a message of type `exception`. Source: TApplicationException of Apache Thrift. */
export const APPLICATION_EXCEPTION: StructDescriptor = parseIdl(
  "exception TApplicationException { 1: optional string message, 2: optional i32 type }",
).struct("TApplicationException");

/** What to write: the envelope of the first message and the type of the bodies. */
export interface EnvelopePlan {
  readonly envelope: Envelope;
  readonly type: TypeDescriptor;
}

/**
 * The envelope for messages of the target: `call` (or `oneway`) of the method for its args, `reply` for its
 * result; flags come first. `text` is the TYPE. Throws `UsageError` when method or body stay unknown.
 */
export function planEnvelope(target: Target | undefined, text: string, flags: EnvelopeFlags): EnvelopePlan {
  const method = target?.kind === "method" ? target.method : undefined;
  const name = flags.method ?? method?.name;
  if (name === undefined) {
    throw new UsageError(
      "--envelope needs the method: give --type Service.method:args, or --method with another type",
    );
  }
  const sequenceId = flags.sequenceId ?? 0;
  if (flags.messageType === "exception") {
    return { envelope: { name, type: flags.messageType, sequenceId }, type: APPLICATION_EXCEPTION };
  }
  if (target === undefined) throw new UsageError("--type is missing");
  if (target.kind !== "method") {
    return {
      envelope: { name, type: flags.messageType ?? "call", sequenceId },
      type: typeOfTarget(target, text),
    };
  }
  const part = target.part ?? (flags.messageType && partFor(flags.messageType));
  if (part === undefined) return failOpenTarget(target, text);
  const type = flags.messageType ?? typeFor(part, target.method);
  if (partFor(type) !== part) {
    throw new UsageError(
      `a message of type ${type} carries the ${partFor(type)} of its method, but \`${text}\` is the ${part}`,
    );
  }
  return { envelope: { name, type, sequenceId }, type: target.method[part] };
}

function typeFor(part: Part, method: MethodDescriptor): MessageType {
  if (part === "result") return "reply";
  return method.oneway ? "oneway" : "call";
}

function partFor(type: MessageType): Part {
  return type === "reply" ? "result" : "args";
}

/** Longer method names are not looked for: what a message can have in front of its body. */
const MAX_ENVELOPE_SIZE = 64 * 1024;

/** The envelope at the start of a message, whose later bytes may be missing. Throws `WireError`. */
export function readEnvelopeOf(message: Uint8Array, protocol: Protocol): ReadEnvelope {
  return readEnvelope(message, { protocol, end: Math.min(message.length, MAX_ENVELOPE_SIZE) });
}

/**
 * The type of the body behind an envelope: an application exception, else the type of the target, else the struct
 * of the method that target and envelope name. Throws `WireError` `INVALID_ENVELOPE` where they contradict.
 */
export function bodyTypeOf(target: Target, envelope: Envelope): TypeDescriptor {
  if (envelope.type === "exception") return APPLICATION_EXCEPTION;
  if (target.kind === "type") return target.type;
  const part = partFor(envelope.type);
  if (target.kind === "service") return methodOf(target.service, target.others, envelope)[part];
  const { method } = target;
  if (localName(envelope.name) !== method.name) {
    failEnvelope(`the message is of the method \`${envelope.name}\`, not of \`${method.name}\``);
  }
  if (target.part !== undefined && target.part !== part) {
    failEnvelope(
      `the message is a ${envelope.type} and carries the ${part} of its method, not the ${target.part}`,
    );
  }
  return method[part];
}

/** The method of the service, else the only one of that name in the others. */
function methodOf(
  service: ServiceDescriptor,
  others: readonly ServiceDescriptor[],
  envelope: Envelope,
): MethodDescriptor {
  const name = localName(envelope.name);
  const own = methodNamed(service, name);
  if (own !== undefined) return own;
  const owners = others.filter((other) => methodNamed(other, name) !== undefined);
  // A service shares the methods of the one that it extends.
  const methods = new Set(owners.map((owner) => methodNamed(owner, name)!));
  const [method] = methods;
  if (method === undefined) {
    return failEnvelope(
      others.length > 1
        ? `no service of the file has a method \`${name}\``
        : `the service \`${service.name}\` has no method \`${name}\``,
    );
  }
  if (methods.size === 1) return method;
  const names = owners.map((owner) => `\`${owner.name}\``).join(", ");
  return failEnvelope(`several services have a method \`${name}\` (${names}); choose one with --services`);
}

function methodNamed(service: ServiceDescriptor, name: string): MethodDescriptor | undefined {
  return service.methods.find((method) => method.name === name);
}

/** Without the service that the multiplexed protocol puts in front. Source: TMultiplexedProtocol. */
function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

function failEnvelope(message: string): never {
  throw new WireError("INVALID_ENVELOPE", message, { offset: 0 });
}

/** What to tell about an application exception; the text of the exception is data and stays out of it. */
export function describeApplicationException(name: string, body: Uint8Array, protocol: Protocol): string {
  const answer = `the answer of \`${name}\` is`;
  try {
    const { type } = readApplicationException(createReader(protocol, body));
    const typeName = applicationExceptionTypeName(type);
    return typeName === undefined
      ? `${answer} an application exception of type ${type}`
      : `${answer} the application exception ${typeName} (${type})`;
  } catch (error) {
    // The body has been converted under more lenient rules than the reader's.
    if (isThriftError(error)) return `${answer} an application exception`;
    throw error;
  }
}
