import { mergeThriftBase, type ThriftBase } from "../conv/context.ts";
import { decodeValue } from "../conv/decode.ts";
import { encodeDefault } from "../conv/defaults.ts";
import { missingMessage } from "../conv/missing-message.ts";
import type { Settings } from "../conv/options.ts";
import type { FieldDescriptor, StructDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { encodeValue } from "../literal/encode.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { createReader, createWriter } from "../wire/protocols.ts";
import { TType } from "../wire/ttype.ts";
import type { WireWriter } from "../wire/writer.ts";

/**
 * The Thrift base of a call joins the one that the JSON has. That is converted by the ordinary rules first; what the
 * call leaves alone of it stays as it is, byte for byte.
 */

/** The member that `mergeThriftBase` merges by key. */
const MERGED_BY_KEY = "Extra";

const HIDDEN = { required: "omit" } as const;

/** An encoded member; a boolean as in the binary protocol, where it has bytes. */
interface Member {
  readonly wire: TType;
  readonly value: Uint8Array;
}

/**
 * The function that merges whole objects, or `undefined` where members can be merged one by one. A union cannot: the
 * call's member takes the place of another one.
 */
export function mergeFunction(type: StructDescriptor, { mergeBase }: Settings): Settings["mergeBase"] {
  if (mergeBase !== undefined && mergeBase !== mergeThriftBase) return mergeBase;
  return type.flavor === "union" ? mergeThriftBase : undefined;
}

/** Whether the conversion of the JSON's base has nothing to say about the field when the JSON lacks it. */
export function isGiven(field: FieldDescriptor, fromCall: ThriftBase, settings: Settings): boolean {
  return mergeFunction(field.parent, settings) !== undefined || Object.hasOwn(fromCall, field.name);
}

/** The encoded base of the call, where the JSON has none. Throws what `encodeLiteral` throws. */
export function encodeBase(type: StructDescriptor, fromCall: ThriftBase, settings: Settings): Uint8Array {
  return encodeValue(type, fromCall, settings.protocol);
}

/** The encoded base that a merge function has made. Throws what `encodeLiteral` throws. */
export function encodeMerged(type: StructDescriptor, merged: ThriftBase, settings: Settings): Uint8Array {
  // A mask may have hidden what is required, here or deeper.
  const missing = settings.mask === "keep" ? settings.missing : HIDDEN;
  return encodeValue(type, merged, settings.protocol, { missing });
}

/** The JSON's base, which is encoded, for a merge function. */
export function decodeBase(type: StructDescriptor, fromJson: Uint8Array, settings: Settings): ThriftBase {
  return decodeValue(type, fromJson, settings, { maps: "object" }) as ThriftBase;
}

/**
 * The encoded base from the call's and the JSON's by the rule of `mergeThriftBase`, where there is no merge function.
 * The JSON's is encoded, and complete but for fields that `isGiven`. Throws what `encodeLiteral` throws.
 */
export function mergeMembers(
  type: StructDescriptor,
  fromJson: Uint8Array,
  fromCall: ThriftBase,
  settings: Settings,
): Uint8Array {
  const unknown = Object.keys(fromCall).find((name) => type.fieldByName(name) === undefined);
  // Fails with the right words.
  if (unknown !== undefined) encodeBase(type, { [unknown]: fromCall[unknown] }, settings);
  const members = readMembers(fromJson, settings);
  const output = new ByteWriter();
  const writer = createWriter(settings.protocol, output);
  const changed = mergeExtra(type, members, fromCall, settings);
  writer.writeStructBegin();
  for (const field of type.fields) {
    if (!Object.hasOwn(changed, field.name)) {
      for (const member of members.get(field.id) ?? []) writeMember(writer, field.id, member);
      continue;
    }
    const value = encodeMember(field, changed[field.name], settings);
    if (value !== undefined) writeMember(writer, field.id, { wire: field.type.ttype, value });
  }
  writer.writeStructEnd();
  return output.toBytes();
}

/** The members of an encoded struct by field id. */
function readMembers(bytes: Uint8Array, { protocol, limits }: Settings): Map<number, Member[]> {
  // The limit of the size is that of the JSON.
  const reader = createReader(protocol, bytes, { limits: { ...limits, maxSize: Number.POSITIVE_INFINITY } });
  const members = new Map<number, Member[]>();
  reader.readStructBegin();
  for (let wire = reader.readFieldBegin(); wire !== TType.STOP; wire = reader.readFieldBegin()) {
    const id = reader.fieldId;
    const start = reader.position;
    let value: Uint8Array;
    if (wire === TType.BOOL) value = Uint8Array.of(reader.readBool() ? 1 : 0);
    else {
      reader.skip(wire);
      value = bytes.subarray(start, reader.position);
    }
    const others = members.get(id);
    if (others === undefined) members.set(id, [{ wire, value }]);
    else others.push({ wire, value });
  }
  return members;
}

/** The call's members, after the one that has entries of the JSON, too. */
function mergeExtra(
  type: StructDescriptor,
  members: ReadonlyMap<number, readonly Member[]>,
  fromCall: ThriftBase,
  settings: Settings,
): ThriftBase {
  const field = type.fieldByName(MERGED_BY_KEY);
  const member = field && members.get(field.id)?.at(-1);
  if (member === undefined || !Object.hasOwn(fromCall, MERGED_BY_KEY)) return fromCall;
  if (member.wire !== field!.type.ttype || member.wire === TType.BOOL) return fromCall;
  const extra = decodeValue(field!.type, member.value, settings, { maps: "object" });
  return mergeThriftBase({ [MERGED_BY_KEY]: extra }, fromCall);
}

/** The encoded value of a member of the call; `undefined` where it makes the field absent. */
function encodeMember(field: FieldDescriptor, value: unknown, settings: Settings): Uint8Array | undefined {
  const within = [field.name];
  if (value !== undefined && value !== null) {
    return encodeValue(field.type, value, settings.protocol, { within });
  }
  if (field.requiredness !== "required") return undefined;
  if (settings.missing.required === "write") return encodeDefault(field, settings);
  if (settings.missing.required === "omit") return undefined;
  throw new ThriftError("MISSING_REQUIRED", missingMessage(field), { path: field.name });
}

function writeMember(writer: WireWriter, id: number, { wire, value }: Member): void {
  writer.writeFieldBegin(wire, id);
  // In the compact protocol the value of a boolean field is in its header. An encoded true is 1 in both.
  if (wire === TType.BOOL) writer.writeBool(value[0] === 1);
  else writer.output.append(value);
}
