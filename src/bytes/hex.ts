export const HEX_DIGITS: Uint8Array = /* @__PURE__ */ Uint8Array.from("0123456789abcdef", (c) =>
  c.charCodeAt(0),
);

/** The value of a hexadecimal digit of either case, or −1. */
export function hexValue(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const lower = character | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/**
 * Writes `source[start … end)` as lower-case hexadecimal to `target` from `at` on and returns the position
 * behind it. The caller has made room for two bytes per byte.
 */
export function writeHex(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let out = at;
  for (let pos = start; pos < end; pos++) {
    target[out++] = HEX_DIGITS[source[pos]! >> 4]!;
    target[out++] = HEX_DIGITS[source[pos]! & 15]!;
  }
  return out;
}

/**
 * Decodes the hexadecimal text `source[start … end)`, of either case, to `target` from `at` on and returns the
 * position behind it, or, when the text is wrong, the bitwise complement of the offset of the first bad
 * character (`~result`, with `end` for an odd number of digits). The caller has made room for half the size.
 */
export function readHex(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let out = at;
  for (let pos = start; pos < end; pos += 2) {
    const high = hexValue(source[pos]!);
    if (high < 0) return ~pos;
    if (pos + 1 >= end) return ~end;
    const low = hexValue(source[pos + 1]!);
    if (low < 0) return ~(pos + 1);
    target[out++] = (high << 4) | low;
  }
  return out;
}
