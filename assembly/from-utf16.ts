/**
 * Writes the UTF-8 form of the UTF-16 text from `p` to `end` to `o`, which may not reach into the text. Returns the
 * position behind it, or 0 for a lone surrogate.
 */
export function fromUtf16(p: usize, end: usize, o: usize): usize {
  const last = end - 16;
  while (p < end) {
    // Eight units at a time while they are ASCII.
    while (p <= last) {
      const units = v128.load(p);
      if (v128.any_true(v128.and(units, i16x8.splat(<i16>0xff80)))) break;
      v128.store64_lane(o, i8x16.narrow_i16x8_u(units, units), 0);
      p += 16;
      o += 8;
    }
    if (p >= end) break;
    // Other characters come in runs.
    let unit = <u32>load<u16>(p);
    do {
      p += 2;
      if (unit < 0x80) {
        store<u8>(o, <u8>unit);
        o++;
      } else if (unit < 0x800) {
        store<u16>(o, <u16>(0x80c0 | (unit >> 6) | ((unit & 0x3f) << 8)));
        o += 2;
      } else if ((unit & 0xf800) != 0xd800) {
        store<u32>(o, 0x8080e0 | (unit >> 12) | (((unit >> 6) & 0x3f) << 8) | ((unit & 0x3f) << 16));
        o += 3;
      } else {
        const low = <u32>load<u16>(p);
        if (unit >= 0xdc00 || p >= end || (low & 0xfc00) != 0xdc00) return 0;
        p += 2;
        const point = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
        store<u32>(
          o,
          0x808080f0 | (point >> 18) | (((point >> 12) & 0x3f) << 8) | (((point >> 6) & 0x3f) << 16) |
            ((point & 0x3f) << 24),
        );
        o += 4;
      }
      unit = <u32>load<u16>(p);
    } while (p < end && unit >= 0x80);
  }
  return o;
}
