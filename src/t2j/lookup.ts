import {
  FIELD_ID,
  findEnumLabel,
  hashNumber,
  LABEL_BYTES,
  LABEL_TEXT,
  STRUCT_ID_COUNT,
  STRUCT_ID_TABLE,
} from "../conv/program.ts";
import { OUT_VIEW } from "./scratch.ts";

/** The field record of a struct whose id table is hashed, or 0. */
export function hashedField(code: Int32Array, struct: number, id: number): number {
  const table = code[struct + STRUCT_ID_TABLE]!;
  const mask = -code[struct + STRUCT_ID_COUNT]! - 1;
  for (let slot = hashNumber(id) & mask; ; slot = (slot + 1) & mask) {
    const field = code[table + slot]!;
    if (field === 0 || code[field + FIELD_ID] === id) return field;
  }
}

/** Writes the quoted name of an enum value; returns the position behind it, or 0 when it has none. */
export function writeEnumName(code: Int32Array, enumRecord: number, value: number, o: number): number {
  const label = findEnumLabel(code, enumRecord, value);
  if (label === 0) return 0;
  const end = o + code[label + LABEL_BYTES]!;
  let word = label + LABEL_TEXT;
  for (let at = o; at < end; at += 4) OUT_VIEW.setInt32(at, code[word++]!, true);
  return end;
}
