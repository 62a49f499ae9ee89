/**
 * Whether the value is a `Uint8Array` of any realm: that of a frame, of Node's `vm`, or of a test runner is no
 * `instanceof` ours.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === "Uint8Array")
  );
}
