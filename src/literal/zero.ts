import type { TypeDescriptor } from "../descriptor/types.ts";
import type { WireWriter } from "../wire/writer.ts";

const ZERO_UUID: Uint8Array = /* @__PURE__ */ new Uint8Array(16);

/**
 * Writes the zero of a type, which stands for a missing field without an IDL default: false, 0, empty text,
 * an empty container with its declared types, a struct without fields (even where it requires some).
 * Source: dynamicgo's `Write…Field` options.
 */
export function writeZero(writer: WireWriter, type: TypeDescriptor): void {
  switch (type.kind) {
    case "bool":
      return writer.writeBool(false);
    case "byte":
      return writer.writeByte(0);
    case "i16":
      return writer.writeI16(0);
    case "i32":
    case "enum":
      return writer.writeI32(0);
    case "i64":
      return writer.writeInt64(0, 0);
    case "double":
      return writer.writeDouble(0);
    case "string":
    case "binary":
      return writer.writeString("");
    case "uuid":
      return writer.writeUuid(ZERO_UUID);
    case "list":
    case "set":
      return writer.writeListBegin(type.element.ttype, 0);
    case "map":
      return writer.writeMapBegin(type.key.ttype, type.value.ttype, 0);
    case "struct":
      writer.writeStructBegin();
      return writer.writeStructEnd();
  }
}
