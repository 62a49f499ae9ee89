import { BACKSLASH, QUOTE, SPACE } from "./characters";
import { isWellFormed, wholeSize } from "./check-utf8";
import { FAILED, failMemory, softEnd } from "./memory";
import { RULE_UTF8_REPLACE, RULE_UTF8_TRUST } from "./program";
import { SHORT_TEXT } from "./room";
import { sequenceEnd } from "./utf8";

/** How ill-formed UTF-8 is treated: `RULE_UTF8_TRUST`, `RULE_UTF8_REPLACE`, or 0: it is an error. */
export let utf8Rule: i32 = 0;
/** Whether strings that are not ASCII have been written. */
export let wroteNonAscii: bool = false;

/** Begins a conversion by the rules of a program. */
export function beginText(rules: i32): void {
  utf8Rule = rules & (RULE_UTF8_TRUST | RULE_UTF8_REPLACE);
  wroteNonAscii = false;
}

const BLOCK: usize = 16;

/** U+FFFD. */
const REPLACEMENT: u32 = 0x00bdbfef;

/** The escapes of control characters, eight bytes each, of which the last is the size. */
// prettier-ignore
const CONTROLS: usize = memory.data<u64>([
  0x060030303030755c, 0x060031303030755c, 0x060032303030755c, 0x060033303030755c,
  0x060034303030755c, 0x060035303030755c, 0x060036303030755c, 0x060037303030755c,
  0x060038303030755c, 0x020000000000745c, 0x0200000000006e5c, 0x060062303030755c,
  0x060063303030755c, 0x020000000000725c, 0x060065303030755c, 0x060066303030755c,
  0x060030313030755c, 0x060031313030755c, 0x060032313030755c, 0x060033313030755c,
  0x060034313030755c, 0x060035313030755c, 0x060036313030755c, 0x060037313030755c,
  0x060038313030755c, 0x060039313030755c, 0x060061313030755c, 0x060062313030755c,
  0x060063313030755c, 0x060064313030755c, 0x060065313030755c, 0x060066313030755c,
]);

/** The escape of a quote or backslash without the character itself, in the same form. */
const SHORT_ESCAPE: u64 = 0x020000000000005c;

/** Vectors of comparisons: as constants they would be made anew, or kept on the stack, for each string. */
// prettier-ignore
const BYTES: usize = memory.data<u64>([
  0x0202_0202_0202_0202, 0x0202_0202_0202_0202,
  0x2020_2020_2020_2020, 0x2020_2020_2020_2020,
  0x5c5c_5c5c_5c5c_5c5c, 0x5c5c_5c5c_5c5c_5c5c,
], 16);

/**
 * One bit for each byte that is more than copied: controls, a quote, a backslash, and bytes of other than
 * ASCII.
 */
// @ts-ignore: decorator
@inline
function specialBytes(block: v128): u32 {
  // Exclusive-or with 2 makes a quote 0x20 and permutes the control characters: all are below 0x21 then.
  return <u32>(
    i8x16.bitmask(
      v128.or(
        i8x16.lt_s(v128.xor(block, i8x16.splat(2)), i8x16.splat(0x21)),
        i8x16.eq(block, i8x16.splat(0x5c)),
      ),
    )
  );
}

/** Writes the string with the content `p … stop`, in quotes; see `writeText`. */
// @ts-ignore: decorator
@inline
export function writeString(p: usize, stop: usize, o: usize): usize {
  store<u8>(o, <u8>QUOTE);
  const size = stop - p;
  const block = v128.load(p);
  v128.store(o, block, 1);
  if (size <= BLOCK && (specialBytes(block) & ((<u32>1 << <u32>size) - 1)) == 0) {
    o += size;
    store<u8>(o, <u8>QUOTE, 1);
    return o + 2;
  }
  o = writeText(p, stop, o + 1);
  if (o == 0) return FAILED;
  store<u8>(o, <u8>QUOTE);
  return o + 1;
}

/**
 * Writes the content `p … stop` of a string to `o` with what JSON must escape escaped: `\"`, `\\`, `\n`,
 * `\r`, `\t`, other control characters as `\u00xx`. Returns the position behind what is written; 0 when it
 * fails, by the rule for ill-formed UTF-8 or for want of room.
 */
export function writeText(p: usize, stop: usize, o: usize): usize {
  if (stop - p > SHORT_TEXT) return writeLongText(p, stop, o);
  const block = v128.load(p);
  v128.store(o, block);
  if (specialBytes(block) != 0) return writeMixed(p, stop, o);
  p += BLOCK;
  o += BLOCK;
  while (p < stop) {
    // The last blocks may reach beyond the end.
    const first = v128.load(p);
    const second = v128.load(p, BLOCK);
    v128.store(o, first);
    v128.store(o, second, BLOCK);
    const special = specialBytes(first) | (specialBytes(second) << <u32>BLOCK);
    if (special != 0) {
      const plain = <usize>ctz(special);
      // The position is not computed from what the bytes are: the processor need not wait for that.
      return plain >= stop - p ? o + (stop - p) : writeMixed(p + plain, stop, o + plain);
    }
    p += 2 * BLOCK;
    o += 2 * BLOCK;
  }
  return o - (p - stop);
}

function writeLongText(p: usize, stop: usize, o: usize): usize {
  while (stop - p > SHORT_TEXT) {
    if (o > softEnd) return failMemory();
    // Ill-formed parts too have at most four bytes: three steps back find the start of one that the piece
    // would cut.
    let pieceEnd = p + SHORT_TEXT;
    for (let i = 0; i < 3 && (<u32>load<u8>(pieceEnd) & 0xc0) == 0x80; i++) pieceEnd--;
    if ((<u32>load<u8>(pieceEnd) & 0xc0) == 0x80) pieceEnd = p + SHORT_TEXT;
    o = writeText(p, pieceEnd, o);
    if (o == 0) return FAILED;
    p = pieceEnd;
  }
  return o > softEnd ? failMemory() : writeText(p, stop, o);
}

/** One bit for each byte that must be escaped. */
// @ts-ignore: decorator
@inline
function escapedBytes(block: v128): u32 {
  return <u32>(
    i8x16.bitmask(
      v128.or(
        i8x16.eq(i8x16.sub_sat_u(v128.xor(block, v128.load(BYTES)), v128.load(BYTES, 16)), i64x2.splat(0)),
        i8x16.eq(block, v128.load(BYTES, 32)),
      ),
    )
  );
}

/** The escape of a byte: up to six characters, with their number in the last byte. */
// @ts-ignore: decorator
@inline
function escapeOf(c: u32): u64 {
  return select(load<u64>(CONTROLS + (<usize>c << 3)), SHORT_ESCAPE | (<u64>c << 8), c < SPACE);
}

/** Writes content that is more than plain ASCII. */
function writeMixed(p: usize, stop: usize, o: usize): usize {
  while (true) {
    const block = v128.load(p);
    v128.store(o, block);
    const left = min(stop - p, BLOCK);
    const inside = ((<u32>1 << <u32>left) - 1);
    let escaped = escapedBytes(block) & inside;
    const high = <u32>i8x16.bitmask(block) & inside;
    if (high == 0) {
      while (escaped != 0) {
        const at = p + <usize>ctz(escaped);
        const escape = escapeOf(<u32>load<u8>(at));
        store<u64>(o + (at - p), escape);
        o += <usize>(escape >> 56) - 1;
        // The rest of the block, moved on.
        v128.store(o + (at - p) + 1, v128.load(at, 1));
        escaped &= escaped - 1;
      }
      p += left;
      o += left;
      if (p == stop) return o;
      continue;
    }

    // Up to the first byte that must be escaped.
    wroteNonAscii = true;
    let size = min(<usize>ctz(escaped | 0x10000), left);
    if (size == BLOCK) size = wholeSize(block);
    if (utf8Rule != RULE_UTF8_TRUST && !isWellFormed(block, size)) {
      o = writeIllFormed(p, p + size, stop, o);
      if (o == 0) return FAILED;
      p = behindIllFormed;
    } else {
      p += size;
      o += size;
    }
    if (p >= stop) return o;
    if (escaped == 0) continue;
    // Escapes come in runs.
    let c = <u32>load<u8>(p);
    while (c < SPACE || c == QUOTE || c == BACKSLASH) {
      if (c < SPACE) {
        const escape = load<u64>(CONTROLS + (<usize>c << 3));
        store<u64>(o, escape);
        o += <usize>(escape >> 56);
      } else {
        store<u16>(o, <u16>(BACKSLASH | (c << 8)));
        o += 2;
      }
      p++;
      if (p == stop) return o;
      c = <u32>load<u8>(p);
    }
  }
}

let behindIllFormed: usize = 0;

/**
 * Writes content up to `end` at least, which has nothing to escape, but is ill-formed. Returns the position
 * behind it, or 0; leaves `behindIllFormed`.
 */
function writeIllFormed(p: usize, end: usize, stop: usize, o: usize): usize {
  if (utf8Rule == 0) return FAILED;
  while (p < end) {
    const next = <u32>load<u8>(p) < 0x80 ? p + 1 : sequenceEnd(p, stop);
    if (next != 0) {
      store<u32>(o, load<u32>(p));
      o += next - p;
      p = next;
    } else {
      store<u32>(o, REPLACEMENT);
      o += 3;
      p += illFormedSize(p, stop);
    }
  }
  behindIllFormed = p;
  return o;
}

/**
 * Copies the text `p … stop` as it is, but for ill-formed UTF-8 by its rule. Returns the position behind it
 * or 0. There is room for it, three bytes for each byte under `RULE_UTF8_REPLACE`, and a block.
 */
export function copyText(p: usize, stop: usize, o: usize): usize {
  while (p < stop) {
    const block = v128.load(p);
    v128.store(o, block);
    const high = <u32>i8x16.bitmask(block);
    const plain = high == 0 ? BLOCK : <usize>ctz(high);
    p += plain;
    o += plain;
    if (high == 0 || p >= stop) continue;
    wroteNonAscii = true;
    const next = sequenceEnd(p, stop);
    if (next != 0) {
      store<u32>(o, load<u32>(p));
      o += next - p;
      p = next;
    } else if (utf8Rule == 0) {
      return FAILED;
    } else if (utf8Rule == RULE_UTF8_TRUST) {
      store<u8>(o, load<u8>(p));
      o++;
      p++;
    } else {
      store<u32>(o, REPLACEMENT);
      o += 3;
      p += illFormedSize(p, stop);
    }
  }
  return o - (p - stop);
}

/**
 * The size of the ill-formed part at `p` that one U+FFFD stands for: what starts a well-formed sequence, or a
 * single byte.
 */
export function illFormedSize(p: usize, stop: usize): usize {
  const lead = <u32>load<u8>(p);
  const second = p + 1 < stop ? <u32>load<u8>(p, 1) : 0;
  if (lead < 0xe0 || lead > 0xf4 || (second & 0xc0) != 0x80) return 1;
  if (lead < 0xf0) return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 1 : 2;
  if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 1;
  return p + 2 < stop && (<u32>load<u8>(p, 2) & 0xc0) == 0x80 ? 3 : 2;
}
