import { TType } from "../wire/ttype.ts";
import type { ScalarDescriptor, ScalarKind } from "./types.ts";

function scalar(name: ScalarKind, ttype: TType): ScalarDescriptor {
  return Object.freeze({ kind: name, ttype, name });
}

/** The one descriptor of each base type, by kind. */
export const SCALARS: Readonly<Record<ScalarKind, ScalarDescriptor>> = Object.freeze({
  bool: scalar("bool", TType.BOOL),
  byte: scalar("byte", TType.BYTE),
  i16: scalar("i16", TType.I16),
  i32: scalar("i32", TType.I32),
  i64: scalar("i64", TType.I64),
  double: scalar("double", TType.DOUBLE),
  string: scalar("string", TType.STRING),
  // On the wire a binary is a string; only the JSON side and `toJS` tell them apart.
  binary: scalar("binary", TType.STRING),
  uuid: scalar("uuid", TType.UUID),
});
