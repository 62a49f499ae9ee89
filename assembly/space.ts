import { SPACE } from "./characters";

// @ts-ignore: decorator
@inline
function otherThanSpace(block: v128): u32 {
  const space = v128.or(
    v128.or(i8x16.eq(block, i8x16.splat(0x20)), i8x16.eq(block, i8x16.splat(0x0a))),
    v128.or(i8x16.eq(block, i8x16.splat(0x0d)), i8x16.eq(block, i8x16.splat(0x09))),
  );
  return <u32>i8x16.bitmask(space) ^ 0xffff;
}

/** The position of the first byte from `p` on that is no JSON whitespace. */
// @ts-ignore: decorator
@inline
export function behindSpace(p: usize): usize {
  return <u32>load<u8>(p) <= SPACE ? skipSpace(p) : p;
}

/** The same where there is some. */
export function skipSpace(p: usize): usize {
  // Most whitespace is a single blank; indentation comes in longer pieces.
  if (<u32>load<u8>(p) == SPACE && <u32>load<u8>(p, 1) > SPACE) return p + 1;
  while (true) {
    const other = otherThanSpace(v128.load(p)) | (otherThanSpace(v128.load(p, 16)) << 16);
    if (other != 0) return p + <usize>ctz(other);
    p += 32;
  }
}
