export { FRAME_BASE_SIZE, FRAME_BELOW, FRAME_STATE } from "../conv/machine-run.ts";

/**
 * What the machine expects next. A frame on the stack starts with the state to go on in after a value inside
 * it, so that "the value is complete" is `state = STACK[sp]`.
 */

/** A field header or the stop byte of a struct. */
export const FIELD = 1;
/** The stop byte has been read. */
export const STRUCT_END = 2;
/** An element, or the end after the last one. */
export const LIST_NEXT = 3;
export const MAP_KEY = 4;
/** The value of a map entry, whose key is written. */
export const MAP_VALUE = 5;
/** The key of a pair of a map as `[[key, value], …]`. */
export const PAIR_KEY = 6;
/** The value of a pair, whose key is written. */
export const PAIR_VALUE = 7;
/** The pair is complete but for its bracket. */
export const PAIR_END = 8;
/** A value whose label, if it has one, is written. */
export const VALUE = 9;
/** Inside a string that is longer than a piece or the window. */
export const STRING_BODY = 10;
/** A value that is passed over; its wire type is in `run.skipType`. */
export const SKIP_VALUE = 11;
/** Bytes that are passed over; as many as `run.skipLeft`. */
export const SKIP_BYTES = 12;
export const SKIP_FIELD = 13;
export const SKIP_LIST = 14;
export const SKIP_MAP = 15;
/** The bytes of a value that is handed out have been read. */
export const CAPTURED = 16;
/** The value of a pair whose key has been passed over. */
export const SKIP_PAIR_VALUE = 17;
/** Nothing may follow the root value. */
export const DONE = 18;
/** A struct whose missing fields are written. */
export const STRUCT_CLOSE = 19;

/**
 * Struct frame. Behind the fixed part stands a bitmap by ordinal, `STRUCT_WORDS` words.
 *
 * ```
 * state | below | struct record | field record | last id | opener | expected | seen …
 * ```
 */
export const FRAME_STRUCT = 2;
/** The field in work; 0 before the first one. */
export const FRAME_FIELD = 3;
/** Compact protocol: id of the last field read. */
export const FRAME_LAST_ID = 4;
/** The byte in front of the next member: the opening brace or bracket, then a comma. */
export const FRAME_OPENER = 5;
/** Binary protocol: the record of the field that most likely comes next, by ascending id. */
export const FRAME_EXPECTED = 6;
export const FRAME_SEEN = 7;

/**
 * Frame of lists, sets and maps.
 *
 * ```
 * state | below | node | left | length | opener | key | header | least | key out | entry
 * ```
 */
export const FRAME_NODE = 2;
/** Elements that have not been read. */
export const FRAME_LEFT = 3;
export const FRAME_LENGTH = 4;
/** Where the current entry's key stands in the input. */
export const FRAME_KEY = 6;
/** Where the container's header stands in the input. */
export const FRAME_HEADER = 7;
/** The fewest bytes that an element, or key and value, take. */
export const FRAME_LEAST = 8;
/** Where the text of the current entry's key stands in the output. */
export const FRAME_KEY_OUT = 9;
/** Maps: the opener in front of the current entry, should it be taken back. */
export const FRAME_ENTRY = 10;
export const CONTAINER_FRAME_SIZE = 11;

/** Capture frame: `state | below | purpose | field record | node | offset of the value in the message`. */
export const FRAME_PURPOSE = 2;
export const CAPTURE_FRAME_SIZE = 6;

/** Why a value is captured. */
export const FOR_MAPPING = 1;
export const FOR_SINK = 2;
export const FOR_BASE = 3;
export const FOR_EXCEPTION = 4;

/**
 * Frames of values that are passed over. Lists and maps share the places of the container frame; a map counts
 * keys and values.
 *
 * ```
 * struct: state | below
 * list:   state | below | element type | left | length | – | – | header | least
 * map:    state | below | key type     | left | length | value type | – | header | least
 * ```
 */
export const FRAME_TYPE = 2;
export const FRAME_VALUE_TYPE = 5;
