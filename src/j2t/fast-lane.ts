import {
  FIELD_FLAGS,
  FIELD_HEADER,
  FIELD_NEXT,
  FIELD_NODE,
  FIELD_ORDINAL,
  FIELD_SPECIAL,
  KEY_BYTES,
  KEY_TARGET,
  KIND_BOOL,
  KIND_DOUBLE,
  KIND_I32,
  KIND_I64,
  KIND_STRING,
  NODE_KIND,
} from "../conv/program.ts";
import { isKeyAt } from "./keys.ts";
import {
  copyString,
  lexDouble,
  lexedHigh,
  lexedLow,
  lexedNumber,
  lexInt64,
  lexInteger,
  outPosition,
  setOutPosition,
} from "./lex.ts";
import { IN, IN_VIEW, OUT, OUT_SOFT_END, OUT_VIEW, STACK } from "./scratch.ts";
import * as S from "./states.ts";

/**
 * The road that most bytes take: struct fields in an order seen before, scalars, no whitespace, the binary
 * protocol. It does nothing that the machine would not do in the same way; whatever is not on this road is
 * left to the machine, in a state that it could have reached itself. A small function with few variables keeps
 * them all in registers, which the machine's loop cannot (0.6 of its time on a feed of 126 KB).
 */

/** The state that `readFields` has left. */
export let laneState = 0;
/** The output position, and the node of a value in work. */
export let laneOut = 0;
export let laneNode = 0;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const SMALL_N = 0x6e;
const WORD_TRUE = 0x65757274;
const WORD_FALS = 0x736c6166;
const SMALL_E = 0x65;
const SPACE = 0x20;

/**
 * Reads fields of the struct frame at `sp` from the key at `p` on. Returns the position reached; in state
 * STRUCT_KEY the machine must read one field itself.
 */
export function readFields(
  code: Int32Array,
  p: number,
  o: number,
  sp: number,
  end: number,
  trust: boolean,
): number {
  let field = STACK[sp + S.FRAME_FIELD]!;
  for (;;) {
    // STRUCT_KEY: the key that followed last time, and a colon right behind it
    const key = code[field + FIELD_NEXT]!;
    if (!isKeyAt(code, key, p) || o > OUT_SOFT_END) break;
    const next = code[key + KEY_TARGET]!;
    const at = p + code[key + KEY_BYTES]! + 2;
    const ordinal = code[next + FIELD_ORDINAL]!;
    const seen = sp + S.FRAME_SEEN + (ordinal >> 5);
    const bits = STACK[seen]!;
    const bit = 1 << (ordinal & 31);
    if ((bits & bit) !== 0 || (code[next + FIELD_FLAGS]! & FIELD_SPECIAL) !== 0 || IN[at] !== COLON) break;
    STACK[seen] = bits | bit;
    STACK[sp + S.FRAME_FIELD] = next;
    field = next;
    p = at + 1;

    // FIELD_VALUE: the header, unless the value may be null
    const c = IN[p]!;
    if (c <= SPACE || c === SMALL_N) {
      laneState = S.FIELD_VALUE;
      laneOut = o;
      return p;
    }
    OUT_VIEW.setInt32(o, code[field + FIELD_HEADER]!, true);
    o += 3;
    const node = code[field + FIELD_NODE]!;

    // VALUE
    let behind = -1;
    switch (code[node + NODE_KIND]) {
      case KIND_STRING:
        if (c === QUOTE) {
          setOutPosition(o + 4);
          behind = copyString(p + 1, trust);
          if (IN[behind] === QUOTE) {
            OUT_VIEW.setInt32(o, outPosition - o - 4);
            o = outPosition;
            behind++;
          } else behind = -1;
        }
        break;
      case KIND_I64:
        behind = lexInt64(p);
        if (behind >= 0 && behind < end) {
          OUT_VIEW.setInt32(o, lexedHigh);
          OUT_VIEW.setInt32(o + 4, lexedLow);
          o += 8;
        } else behind = -1;
        break;
      case KIND_I32:
        behind = lexInteger(p);
        if (behind >= 0 && behind < end && lexedNumber === (lexedNumber | 0)) {
          OUT_VIEW.setInt32(o, lexedNumber);
          o += 4;
        } else behind = -1;
        break;
      case KIND_DOUBLE:
        behind = lexDouble(p);
        if (behind >= 0 && behind < end) {
          OUT_VIEW.setFloat64(o, lexedNumber);
          o += 8;
        } else behind = -1;
        break;
      case KIND_BOOL: {
        const word = IN_VIEW.getInt32(p, true);
        if (word === WORD_TRUE) {
          OUT[o++] = 1;
          behind = p + 4;
        } else if (word === WORD_FALS && IN[p + 4] === SMALL_E) {
          OUT[o++] = 0;
          behind = p + 5;
        }
        break;
      }
      default:
    }
    if (behind < 0) {
      laneState = S.VALUE;
      laneNode = node;
      laneOut = o;
      return p;
    }

    // STRUCT_NEXT
    p = behind;
    if (IN[p] !== COMMA) {
      laneState = S.STRUCT_NEXT;
      laneOut = o;
      return p;
    }
    p++;
  }
  laneState = S.STRUCT_KEY;
  laneOut = o;
  return p;
}
