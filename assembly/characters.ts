export const QUOTE: u32 = 0x22;
export const PLUS: u32 = 0x2b;
export const COMMA: u32 = 0x2c;
export const MINUS: u32 = 0x2d;
export const POINT: u32 = 0x2e;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const OPEN_BRACKET: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSE_BRACKET: u32 = 0x5d;
export const OPEN_BRACE: u32 = 0x7b;
export const CLOSE_BRACE: u32 = 0x7d;
export const SPACE: u32 = 0x20;
export const SMALL_E: u32 = 0x65;
export const SMALL_F: u32 = 0x66;
export const SMALL_N: u32 = 0x6e;
export const SMALL_T: u32 = 0x74;
export const SMALL_U: u32 = 0x75;

/** `null`, `true`, and `alse` of `false`, as little-endian words. */
export const WORD_NULL: u32 = 0x6c6c756e;
export const WORD_TRUE: u32 = 0x65757274;
export const WORD_ALSE: u32 = 0x65736c61;
