/**
 * What the machine expects next. A frame on the stack starts with the state to go on in after a value inside
 * it, so that "the value is complete" is `state = STACK[sp]`.
 */

/** `,` or `}` of a struct. */
export const STRUCT_NEXT = 1;
/** The first key or `}`. */
export const STRUCT_FIRST = 2;
export const STRUCT_KEY = 3;
export const STRUCT_COLON = 4;
/** The value of a struct field, with nothing of it written. */
export const FIELD_VALUE = 5;
/** `}` has been read. */
export const STRUCT_END = 6;
export const LIST_NEXT = 7;
export const LIST_FIRST = 8;
/** An element, not counted yet. */
export const LIST_ELEMENT = 9;
export const MAP_NEXT = 10;
export const MAP_FIRST = 11;
export const MAP_KEY = 12;
export const MAP_COLON = 13;
/** The value of a map entry, whose key is written. */
export const MAP_VALUE = 14;
/** A map as `[[key, value], …]`: `,` or `]` between pairs. */
export const PAIRS_NEXT = 15;
export const PAIRS_FIRST = 16;
/** The `[` of a pair. */
export const PAIR_START = 17;
/** `,` between key and value. */
export const PAIR_COMMA = 18;
/** `]` behind the value. */
export const PAIR_END = 19;
/** A value whose header is written and that may not be null. */
export const VALUE = 20;
/** Inside a string that did not fit its window. */
export const STRING_BODY = 21;
/** Inside such a string that is passed over. */
export const SKIPPED_STRING_BODY = 22;
export const ANY_OBJECT_NEXT = 23;
export const ANY_OBJECT_FIRST = 24;
export const ANY_OBJECT_KEY = 25;
export const ANY_OBJECT_COLON = 26;
export const ANY_ARRAY_NEXT = 27;
export const ANY_ARRAY_FIRST = 28;
/** The text of a mapped value has been read. */
export const CAPTURED = 29;
/** `:` in front of a value to be captured. */
export const CAPTURE_COLON = 30;
export const CAPTURE_VALUE = 31;
/** The struct is checked and complete but for its stop byte. */
export const STRUCT_STOP = 32;
/** `}` of an empty map with struct or container keys. */
export const EMPTY_OBJECT = 33;
/** The value of a pair, which may be null. */
export const PAIR_VALUE = 34;
/** The key of a pair. */
export const PAIR_KEY = 35;
/** Only whitespace may follow the root value. */
export const DONE = 36;

export { FRAME_BASE_SIZE, FRAME_BELOW, FRAME_STATE } from "../conv/machine-run.ts";

/**
 * Struct frame. Behind the fixed part stand two bitmaps by ordinal, `STRUCT_WORDS` words each:
 *
 * ```
 * state | below | struct record | field record | last id | seen … | nulled …
 * ```
 * `seen`: the key has occurred. `nulled`: its value was null, so that the field still counts as absent.
 */
export const FRAME_STRUCT = 2;
/**
 * The field in work; at first the struct record, which stands for "before the first field"; the complement of
 * the last field while an unknown one is passed over.
 */
export const FRAME_FIELD = 3;
/** Compact protocol: id of the last field written. */
export const FRAME_LAST_ID = 4;
export const FRAME_SEEN = 5;

/** List, set, map and pairs frames: `state | below | node | slot | count | index | key`. */
export const FRAME_NODE = 2;
/** Position in the output of the header to be completed with the count. */
export const FRAME_SLOT = 3;
/** Elements written. */
export const FRAME_COUNT = 4;
/** Elements read. */
export const FRAME_INDEX = 5;
/** Position in the output of the current entry's key. */
export const FRAME_KEY = 6;
export const CONTAINER_FRAME_SIZE = 7;

/** Capture frame: `state | below | node`. The value's start stands in the run. */
export const CAPTURE_FRAME_SIZE = 3;
