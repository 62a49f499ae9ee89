import { validateUtf8 } from "../bytes/utf8.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import { ThriftNode } from "../node/thrift-node.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import { PathError } from "../path/path-error.ts";
import { MAX_RECURSION } from "../wire/limits.ts";
import { createReader } from "../wire/protocols.ts";
import type { WireReader } from "../wire/reader.ts";
import { TType } from "../wire/ttype.ts";
import { typeMismatch, WireError } from "../wire/wire-error.ts";

/**
 * Whether values of one type can stand for values of another, as far as their names tell: the same wire form, and
 * structs of the same name. Descriptors of two loads of an IDL are different objects, so identity is not asked for.
 */
export function isCompatible(type: TypeDescriptor, wanted: TypeDescriptor): boolean {
  if (type === wanted) return true;
  if (type.ttype !== wanted.ttype) return false;
  switch (type.kind) {
    case "struct":
      return wanted.kind === "struct" && type.name === wanted.name;
    case "list":
    case "set":
      return type.kind === wanted.kind && isCompatible(type.element, wanted.element);
    case "map":
      return (
        wanted.kind === "map" && isCompatible(type.key, wanted.key) && isCompatible(type.value, wanted.value)
      );
    default:
      return true;
  }
}

/**
 * Throws unless the bytes of a node are a value of the type: `TYPE_MISMATCH` where a wire type is another,
 * `INVALID_UTF8` for strings, and the `WireError` that corrupt bytes are. Fields that the type does not have may be
 * anything.
 */
export function checkConforms(node: ThriftNode, type: TypeDescriptor): void {
  checkWire(type, node.type, undefined, node.start);
  if (node.inHeader) return;
  const { protocol, source, start, end, limits } = node;
  const maxDepth = Math.min(limits.maxDepth, MAX_RECURSION);
  const reader = createReader(protocol, source, { start, end, limits: { ...limits, maxDepth } });
  checkValue(reader, type);
  if (reader.position < end) {
    throw new WireError("TRAILING_DATA", "more bytes behind the end of the value", {
      offset: reader.position,
    });
  }
}

function checkValue(reader: WireReader, type: TypeDescriptor): void {
  switch (type.kind) {
    case "struct":
      reader.readStructBegin();
      for (;;) {
        const { position } = reader;
        const wire = reader.readFieldBegin();
        if (wire === TType.STOP) break;
        const field = type.fieldById(reader.fieldId);
        if (field === undefined) {
          reader.skip(wire);
          continue;
        }
        checkWire(field.type, wire, undefined, position);
        checkValue(reader, field.type);
      }
      return reader.readStructEnd();
    case "list":
    case "set": {
      const { position } = reader;
      reader.readListBegin();
      const { length, elementType } = reader;
      if (length > 0) checkWire(type.element, elementType, undefined, position);
      for (let i = 0; i < length; i++) checkValue(reader, type.element);
      return reader.readListEnd();
    }
    case "map": {
      const { position } = reader;
      reader.readMapBegin();
      const { length, keyType, elementType } = reader;
      if (length > 0) {
        checkWire(type.key, keyType, undefined, position);
        checkWire(type.value, elementType, undefined, position);
      }
      for (let i = 0; i < length; i++) {
        checkValue(reader, type.key);
        checkValue(reader, type.value);
      }
      return reader.readMapEnd();
    }
    case "string": {
      const { length } = reader.readBinary();
      const invalid = validateUtf8(reader.bytes, reader.position - length, reader.position);
      if (invalid < 0) return;
      throw new WireError("INVALID_UTF8", "a string is not valid UTF-8", { offset: invalid });
    }
    default:
      reader.skip(type.ttype);
  }
}

/**
 * Throws `WireError` `TYPE_MISMATCH` unless the wire type of a value is that of its type. `step`: from the value around,
 * where that is known, for the path of the error.
 */
export function checkWire(
  type: TypeDescriptor,
  wire: number,
  step: FormatStep | undefined,
  offset: number,
): void {
  if (wire === type.ttype) return;
  const path = step === undefined ? undefined : describePath([step]);
  throw typeMismatch(type.ttype, wire, { offset, path });
}

/**
 * Throws unless a map key that is given as bytes is one: new keys are written as they are. `INVALID_UTF8` for bytes of a
 * string that are no text, `INVALID_VALUE` for bytes that are not one encoded value of a key that is no scalar.
 */
export function checkKeyBytes(
  type: TypeDescriptor,
  bytes: Uint8Array,
  { protocol, limits }: Pick<ThriftNode, "protocol" | "limits">,
  pathOf: () => string,
): void {
  switch (type.kind) {
    case "string":
      if (validateUtf8(bytes, 0, bytes.length) < 0) return;
      throw new PathError("INVALID_UTF8", "the bytes of the key are not valid UTF-8", { path: pathOf() });
    case "struct":
    case "list":
    case "set":
    case "map":
      try {
        checkConforms(new ThriftNode(protocol, type.ttype, bytes, 0, bytes.length, limits), type);
      } catch (cause) {
        const message = `the bytes are not one encoded key of type ${type.name}`;
        throw new PathError("INVALID_VALUE", message, { path: pathOf(), cause });
      }
      return;
    default:
  }
}
