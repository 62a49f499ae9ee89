import type { TypeDescriptor } from "../descriptor/types.ts";
import { isThriftError } from "../errors.ts";
import type { Fail } from "../literal/encode.ts";
import { ThriftNode } from "../node/thrift-node.ts";
import { bytesIn } from "../node/transcode.ts";
import { type Protocol, typeName } from "../wire/ttype.ts";
import { checkConforms, isCompatible } from "./compatible.ts";

/** The method by which `Value`, `DomNode` and `Dom`, given instead of a JavaScript value, tell what they hold. */
export const ENCODED: unique symbol = Symbol("encoded");

/** An encoded value and its type. */
export interface Typed {
  readonly descriptor: TypeDescriptor;
  readonly node: ThriftNode;
}

/**
 * The node of a value that is given encoded, checked to be one of the type; `undefined` for JavaScript values. Fails with
 * `TYPE_MISMATCH` for one of another type, else with the code of what is wrong with its bytes.
 */
export function givenNode(type: TypeDescriptor, value: unknown, fail: Fail): ThriftNode | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof ThriftNode) {
    if (value.type !== type.ttype) failType(typeName(value.type), typeName(type.ttype), fail);
    check(() => checkConforms(value, type), type, fail);
    return value;
  }
  if (!(ENCODED in value)) return undefined;
  const { descriptor, node } = (value as { [ENCODED](): Typed })[ENCODED]();
  if (!isCompatible(descriptor, type)) failType(descriptor.name, type.name, fail);
  // Structs of one name may have other fields in another IDL, and binary need not be text.
  if (descriptor !== type) check(() => checkConforms(node, type), type, fail);
  else if (!node.isWhole) check(() => node.validate(), type, fail);
  return node;
}

/** `EncodeOptions.encoded`: values in JavaScript values. */
export function givenBytes(
  type: TypeDescriptor,
  value: object,
  protocol: Protocol,
  fail: Fail,
): Uint8Array | undefined {
  const node = givenNode(type, value, fail);
  return node === undefined ? undefined : bytesIn(node, protocol);
}

function failType(name: string, wanted: string, fail: Fail): never {
  return fail("TYPE_MISMATCH", `a value of type ${name} cannot stand for one of type ${wanted}`);
}

function check(validate: () => void, type: TypeDescriptor, fail: Fail): void {
  try {
    validate();
  } catch (cause) {
    if (!isThriftError(cause)) throw cause;
    fail(cause.code, `the bytes of the value that is given are not those of one of type ${type.name}`, cause);
  }
}
