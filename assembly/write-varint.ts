/** Varints of the compact protocol: seven bits per byte, low ones first, a high bit on all bytes but the last. */

export function writeVarint32(value: u32, o: usize): usize {
  while (value >= 0x80) {
    store<u8>(o, <u8>(value | 0x80));
    value >>= 7;
    o++;
  }
  store<u8>(o, <u8>value);
  return o + 1;
}

export function writeVarint64(value: u64, o: usize): usize {
  while (value >= 0x80) {
    store<u8>(o, <u8>(value | 0x80));
    value >>= 7;
    o++;
  }
  store<u8>(o, <u8>value);
  return o + 1;
}

// @ts-ignore: decorator
@inline
export function zigzag32(value: i32): u32 {
  return <u32>((value << 1) ^ (value >> 31));
}

// @ts-ignore: decorator
@inline
export function zigzag64(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63));
}

/** Bytes of the varint. */
export function varintSize(value: u32): usize {
  let size: usize = 1;
  for (let rest = value >> 7; rest != 0; rest >>= 7) size++;
  return size;
}
