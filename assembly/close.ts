import { out, setOut } from "./memory";
import { varintSize, writeVarint32 } from "./write-varint";

/** What is written in front of content whose size or count is known only behind it. */

/** The first length that a compact list header cannot hold in its nibble. */
const LONG_LIST: u32 = 15;
/** The largest value of a one-byte varint. */
const ONE_BYTE_VARINT: usize = 0x7f;

/** Completes a string whose content ends at `end`, behind room for its size at `o`. Returns the position behind it. */
// @ts-ignore: decorator
@inline
export function closeString(o: usize, end: usize, compact: bool): usize {
  if (!compact) {
    store<u32>(o, bswap(<u32>(end - o - 4)));
    return end;
  }
  return closeCompactString(o, end);
}

function closeCompactString(o: usize, end: usize): usize {
  const size = end - o - 1;
  if (size <= ONE_BYTE_VARINT) {
    store<u8>(o, <u8>size);
    return end;
  }
  const wide = varintSize(<u32>size);
  memory.copy(o + wide, o + 1, size);
  writeVarint32(<u32>size, o);
  return o + wide + size;
}

/** Completes the header at `slot` of a list or set whose elements end at `out`. */
export function closeList(slot: usize, type: i32, count: u32, compact: bool): void {
  if (!compact) {
    store<u8>(slot, <u8>type);
    store<u32>(slot, bswap(count), 1);
  } else if (count < LONG_LIST) {
    store<u8>(slot, <u8>((count << 4) | type));
  } else {
    // 0xf0 | type and a varint, for which room is made
    const extra = varintSize(count);
    const end = out;
    memory.copy(slot + 1 + extra, slot + 1, end - slot - 1);
    store<u8>(slot, <u8>((LONG_LIST << 4) | type));
    writeVarint32(count, slot + 1);
    setOut(end + extra);
  }
}

/** Completes the header at `slot` of a map whose entries end at `out`. */
export function closeMap(slot: usize, keyType: i32, valueType: i32, count: u32, compact: bool): void {
  if (!compact) {
    store<u8>(slot, <u8>keyType);
    store<u8>(slot, <u8>valueType, 1);
    store<u32>(slot, bswap(count), 2);
    return;
  }
  if (count == 0) {
    // An empty map is a single 0.
    store<u8>(slot, 0);
    setOut(slot + 1);
    return;
  }
  const size = varintSize(count);
  const end = out;
  if (size > 1) memory.copy(slot + 1 + size, slot + 2, end - slot - 2);
  writeVarint32(count, slot);
  store<u8>(slot + size, <u8>((keyType << 4) | valueType));
  setOut(end + size - 1);
}
