/**
 * The end of the UTF-8 sequence at `p`, whose first byte is 0x80 or more, if it is well-formed and ends by `stop`;
 * else 0. Source: table 3-7 of the Unicode standard.
 */
export function sequenceEnd(p: usize, stop: usize): usize {
  const lead = <u32>load<u8>(p);
  const second = <u32>load<u8>(p, 1);
  if ((second & 0xc0) != 0x80) return 0;
  let end: usize = 0;
  if (lead < 0xe0) {
    if (lead >= 0xc2) end = p + 2;
  } else if (lead < 0xf0) {
    if ((<u32>load<u8>(p, 2) & 0xc0) != 0x80) return 0;
    if (lead == 0xe0 ? second >= 0xa0 : lead != 0xed || second <= 0x9f) end = p + 3;
  } else {
    if ((<u32>load<u16>(p, 2) & 0xc0c0) != 0x8080) return 0;
    if (lead == 0xf0 ? second >= 0x90 : lead < 0xf4 || (lead == 0xf4 && second <= 0x8f)) end = p + 4;
  }
  return end <= stop ? end : 0;
}
