import { ThriftError } from "../errors.ts";
import { kindOf } from "../options.ts";

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

/** Throws `INVALID_OPTION` unless the bytes that `caller` has been given are a `Uint8Array` that is there. */
export function checkBytes(caller: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!isBytes(bytes)) {
    const message = `${caller}: the bytes must be a Uint8Array, got ${kindOf(bytes)}`;
    throw new ThriftError("INVALID_OPTION", message);
  }
  if (bytes.length === 0) checkAttached(`${caller}: the bytes`, bytes);
}

/**
 * Throws `INVALID_OPTION` for bytes whose buffer has been transferred to somewhere else: they seem to be empty.
 * `subject` says what the bytes are, for the message.
 */
export function checkAttached(subject: string, bytes: Uint8Array): void {
  if (isDetached(bytes)) {
    throw new ThriftError("INVALID_OPTION", `${subject} are gone: their ArrayBuffer is detached`);
  }
}

/** Whether the buffer of some bytes has been transferred to somewhere else. Their length is 0 then. */
export function isDetached(bytes: Uint8Array): boolean {
  // `detached` itself came with Node 21.
  try {
    void new Uint8Array(bytes.buffer);
    return false;
  } catch {
    return true;
  }
}
