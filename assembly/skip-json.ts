import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  SMALL_E,
  SMALL_F,
  SMALL_N,
  SMALL_T,
  WORD_ALSE,
  WORD_NULL,
  WORD_TRUE,
  ZERO,
} from "./characters";
import { skipText } from "./read-text";
import { behindSpace } from "./space";

/** Number tokens and keys that are not plain strings may be so long; `MAX_TOKEN_SIZE` of the TypeScript machines. */
export const MAX_TOKEN_SIZE: usize = 8192;

/**
 * The position behind the JSON value at `p`, whose syntax is checked; 0 when it is wrong or has more than `depth`
 * open objects and arrays. Whitespace in front of the value is not its part.
 */
export function skipJson(p: usize, depth: i32, trust: bool): usize {
  const c = <u32>load<u8>(p);
  if (c == QUOTE) {
    p = skipText(p + 1, trust);
    return p == 0 ? 0 : p + 1;
  }
  if (c == OPEN_BRACE) return skipObject(p + 1, depth - 1, trust);
  if (c == OPEN_BRACKET) return skipArray(p + 1, depth - 1, trust);
  if (c == SMALL_T) return load<u32>(p) == WORD_TRUE ? p + 4 : 0;
  if (c == SMALL_F) return load<u32>(p, 1) == WORD_ALSE ? p + 5 : 0;
  if (c == SMALL_N) return load<u32>(p) == WORD_NULL ? p + 4 : 0;
  return skipNumber(p);
}

function skipObject(p: usize, depth: i32, trust: bool): usize {
  if (depth < 0) return 0;
  p = behindSpace(p);
  let c = <u32>load<u8>(p);
  if (c == CLOSE_BRACE) return p + 1;
  while (true) {
    if (c != QUOTE) return 0;
    p = skipText(p + 1, trust);
    if (p == 0) return 0;
    p++;
    p = behindSpace(p);
    c = <u32>load<u8>(p);
    if (c != COLON) return 0;
    p++;
    p = behindSpace(p);
    p = skipJson(p, depth, trust);
    if (p == 0) return 0;
    p = behindSpace(p);
    c = <u32>load<u8>(p);
    if (c == CLOSE_BRACE) return p + 1;
    if (c != COMMA) return 0;
    p++;
    p = behindSpace(p);
    c = <u32>load<u8>(p);
  }
}

function skipArray(p: usize, depth: i32, trust: bool): usize {
  if (depth < 0) return 0;
  p = behindSpace(p);
  let c = <u32>load<u8>(p);
  if (c == CLOSE_BRACKET) return p + 1;
  while (true) {
    p = skipJson(p, depth, trust);
    if (p == 0) return 0;
    p = behindSpace(p);
    c = <u32>load<u8>(p);
    if (c == CLOSE_BRACKET) return p + 1;
    if (c != COMMA) return 0;
    p++;
    p = behindSpace(p);
  }
}

// @ts-ignore: decorator
@inline
function isDigit(p: usize): bool {
  return <u32>load<u8>(p) - ZERO <= 9;
}

/** The position behind the number at `p`, of at most `MAX_TOKEN_SIZE` bytes; 0 when it is none. */
export function skipNumber(p: usize): usize {
  const start = p;
  if (<u32>load<u8>(p) == MINUS) p++;
  if (!isDigit(p)) return 0;
  if (<u32>load<u8>(p) == ZERO) p++;
  else while (isDigit(p)) p++;
  // A digit behind a leading zero.
  if (isDigit(p)) return 0;
  if (<u32>load<u8>(p) == POINT) {
    p++;
    if (!isDigit(p)) return 0;
    while (isDigit(p)) p++;
  }
  if ((<u32>load<u8>(p) | 0x20) == SMALL_E) {
    p++;
    const sign = <u32>load<u8>(p);
    if (sign == 0x2b || sign == MINUS) p++;
    if (!isDigit(p)) return 0;
    while (isDigit(p)) p++;
  }
  return p - start > MAX_TOKEN_SIZE ? 0 : p;
}

/**
 * Whether the bytes from `p` to `end` are one JSON value with nothing but whitespace around it. The byte at `end`
 * must be 0.
 */
export function isJsonText(p: usize, end: usize, depth: i32, trust: bool): bool {
  p = behindSpace(p);
  p = skipJson(p, depth, trust);
  if (p == 0) return false;
  p = behindSpace(p);
  return p == end;
}
