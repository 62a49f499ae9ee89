import type { FieldDescriptor } from "../descriptor/types.ts";
import { encodeValue } from "../literal/encode.ts";
import { writeZero } from "../literal/zero.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { createWriter } from "../wire/protocols.ts";
import type { MissingAction, Settings } from "./options.ts";

/** What happens when a message lacks the field. */
export function missingAction(field: FieldDescriptor, settings: Settings): MissingAction {
  const { parent, requiredness } = field;
  // At most one field of a union or of a result may be there: absence is their normal state.
  if (parent.flavor === "union" || parent.role === "result") return "omit";
  if (field.base !== undefined && settings.missingBase === "omit") return "omit";
  return settings.missing[requiredness];
}

/**
 * What is written for a missing field: its IDL default, else the zero of its type; encoded in the settings' protocol,
 * without a field header. `defaultToJson` gives its JSON text.
 */
export function encodeDefault({ type, defaultValue }: FieldDescriptor, settings: Settings): Uint8Array {
  if (defaultValue !== undefined) {
    return encodeValue(type, defaultValue, settings.protocol, {
      missing: { required: "write" },
      output: "own",
    });
  }
  const output = new ByteWriter({ capacity: 32 });
  writeZero(createWriter(settings.protocol, output), type);
  return output.toBytes();
}
