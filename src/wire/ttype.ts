/**
 * The wire types of Thrift, by the numbers of the binary protocol. The compact protocol has its own numbers
 * for the same types (`COMPACT_TYPE_OF`); everything above the wire layer speaks these.
 * Source: apache/thrift `doc/specs/thrift-binary-protocol.md`.
 */
export const TType = {
  STOP: 0,
  VOID: 1,
  BOOL: 2,
  BYTE: 3,
  DOUBLE: 4,
  I16: 6,
  I32: 8,
  I64: 10,
  STRING: 11,
  STRUCT: 12,
  MAP: 13,
  SET: 14,
  LIST: 15,
  UUID: 16,
} as const;

export type TType = (typeof TType)[keyof typeof TType];

/** The encodings that a message can have. */
export type Protocol = "binary" | "compact";
