import { isScalar } from "../descriptor/check-type.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";

/** The keys of an encoded map by their bytes, for keys of which equal ones are different objects in JavaScript. */
export class FirstKeys {
  readonly #seen = new Set<string>();

  /** `undefined` for keys that JavaScript can compare itself, and where there are none to compare. */
  static of(type: TypeDescriptor, length: number): FirstKeys | undefined {
    return length > 1 && (!isScalar(type) || type.kind === "binary") ? new FirstKeys() : undefined;
  }

  /** Notes the key `bytes[start … end)`; whether it was not there before. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const { size } = this.#seen;
    this.#seen.add(bytes.subarray(start, end).join());
    return this.#seen.size > size;
  }
}
