import { readBase64 } from "../bytes/base64.ts";
import { CODE, placeProgram } from "../conv/arena.ts";
import { CHANGED, FINISHED, leave, MAX_TOKEN_SIZE, STARVED } from "../conv/machine-run.ts";
import * as P from "../conv/program.ts";
import { writeVarint32, writeVarint64, zigzag32 } from "../wire/varint.ts";
import {
  closeBody,
  closeCompactString,
  closeList,
  closeMap,
  closeString,
  openBody,
  writeCompactHeader,
} from "./close.ts";
import {
  failBase64,
  failDepth,
  failElementNull,
  failForm,
  failKeyword,
  failLength,
  failNumber,
  failRange,
  failStart,
  failString,
  failSyntax,
  isCutOff,
} from "./fail.ts";
import {
  CAPTURE_BASE,
  ENTER,
  endStruct,
  enterSpecialField,
  finishCapture,
  readSources,
  wantsSources,
} from "./hooks.ts";
import { isKeyAt } from "./keys.ts";
import { copyBase64, copyString, endOfNumber, outPosition, setOutPosition, skipString } from "./lex.ts";
import { lexDouble, lexedHigh, lexedLow, lexedNumber, lexInt64, lexInteger } from "./lex-number.ts";
import type { Run } from "./run.ts";
import { IN, IN_VIEW, OUT, OUT_SOFT_END, OUT_VIEW, STACK } from "./scratch.ts";
import {
  checkDuplicateKey,
  findFieldKey,
  readNumber,
  readScalarKey,
  readTextValue,
  SUSPEND,
} from "./slow.ts";
import * as S from "./states.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const MINUS = 0x2d;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const SMALL_F = 0x66;

/** Bytes of `false`. */
const LONGEST_WORD = 5;

/** `null`, `true`, and `alse` of `false`, as little-endian words. */
const WORD_NULL = 0x6c6c756e;
const WORD_TRUE = 0x65757274;
const WORD_ALSE = 0x65736c61;

const STACK_END: number = STACK.length;

/** The type of compact boolean elements; a boolean field has no header but its value. */
const COMPACT_BOOL = 2;

/**
 * Runs until the window is used up or the message is complete. Errors are thrown. The registers are in `run`
 * before and after.
 */
export function runMachine(run: Run): typeof STARVED | typeof FINISHED {
  for (;;) {
    const outcome = step(run);
    if (outcome !== CHANGED) return outcome;
  }
}

/** The position of the first byte from `p` on that is no whitespace. */
function skipSpace(input: Uint8Array, p: number): number {
  for (let c = input[p]!; c === SPACE || c === 0x0a || c === 0x0d || c === 0x09; c = input[p]!) p++;
  return p;
}

/**
 * The loop has two halves. The first reads punctuation, by state, up to the start of a value; it either
 * `continue`s with another state or `break`s with the value's node. The second reads that value, by kind, and
 * goes on with the state of the innermost frame.
 *
 * Every scan stops at the byte 0 behind the window, which no token contains: what is there is looked at only
 * after something else than expected has been found.
 *
 * It is one long function because its variables are the registers of the machine: a call would have to hand all of
 * them over and back. What is rare, or long in itself, is in the files beside it.
 */
function step(run: Run): typeof STARVED | typeof FINISHED | typeof CHANGED {
  // TurboFan embeds the address and length of a module's array only where it sees the array outside loops.
  const inView = IN_VIEW;
  const outView = OUT_VIEW;
  const input = IN;
  const output = OUT;
  const stack = STACK;
  const code = CODE;
  const base = placeProgram(run.program);
  const compact = run.compact;
  const rules = run.rules;
  const trust = (rules & P.RULE_UTF8_TRUST) !== 0;
  const end = run.end;
  const final = run.final;
  const { maxDepth, maxLength } = run.settings.limits;
  let p = run.position;
  let o = run.out;
  let sp = run.sp;
  let top = run.top;
  let state = run.state;
  let node = run.node;
  let c = 0;

  for (;;) {
    switch (state) {
      case S.STRUCT_NEXT:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COMMA) {
          if (c === CLOSE_BRACE) {
            p++;
            state = S.STRUCT_END;
            continue;
          }
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`,` or `}`");
        }
        p++;
      // falls through
      case S.STRUCT_KEY: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== QUOTE) {
          if (p >= end && !final) return leave(run, p, o, sp, top, S.STRUCT_KEY, node);
          throw failSyntax(run, sp, o, p, "a key in quotes");
        }
        // The key that followed the last field last time.
        let previous = stack[sp + S.FRAME_FIELD]!;
        if (previous < 0) previous = ~previous;
        let key = code[base + previous + P.FIELD_NEXT]!;
        const keyStart = p;
        let field: number;
        if (isKeyAt(code, base + key, p, input, inView)) {
          p += code[base + key + P.KEY_BYTES]! + 2;
          field = code[base + key + P.KEY_TARGET]!;
        } else {
          run.sp = sp;
          run.out = o;
          key = findFieldKey(run, p, stack[sp + S.FRAME_STRUCT]!);
          if (key === SUSPEND) return leave(run, p, o, sp, top, S.STRUCT_KEY, node);
          p = run.position;
          if (key === 0) {
            // No field is in work, but the next key still follows the last known one.
            stack[sp + S.FRAME_FIELD] = ~previous;
            node = code[base + P.HEADER_ANY]!;
            state = S.ANY_OBJECT_COLON;
            continue;
          }
          code[base + previous + P.FIELD_NEXT] = key;
          field = code[base + key + P.KEY_TARGET]!;
        }
        stack[sp + S.FRAME_FIELD] = field;
        if ((code[base + field + P.FIELD_FLAGS]! & P.FIELD_SPECIAL) !== 0) {
          run.sp = sp;
          run.out = o;
          const entry = enterSpecialField(run, field);
          if (entry !== ENTER) {
            state = entry === CAPTURE_BASE ? S.CAPTURE_COLON : S.ANY_OBJECT_COLON;
            if (entry !== CAPTURE_BASE) continue;
          }
        }
        const ordinal = code[base + field + P.FIELD_ORDINAL]!;
        const seen = sp + S.FRAME_SEEN + (ordinal >> 5);
        const bit = 1 << (ordinal & 31);
        if ((stack[seen]! & bit) !== 0) {
          run.sp = sp;
          run.out = o;
          if ((rules & P.RULE_DUPLICATE_ERROR) !== 0) {
            throw run.valueError("DUPLICATE_FIELD", "the field occurs twice", keyStart);
          }
          // Where the first one was null, this one counts.
          stack[seen + code[base + stack[sp + S.FRAME_STRUCT]! + P.STRUCT_WORDS]!]! &= ~bit;
        }
        stack[seen]! |= bit;
        if (state === S.CAPTURE_COLON) continue;
      }
      // falls through
      case S.STRUCT_COLON:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COLON) {
          if (p >= end && !final) return leave(run, p, o, sp, top, S.STRUCT_COLON, node);
          throw failSyntax(run, sp, o, p, "`:`");
        }
        p++;
      // falls through
      case S.FIELD_VALUE: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        const field = stack[sp + S.FRAME_FIELD]!;
        if (c === SMALL_N) {
          if (inView.getInt32(p, true) !== WORD_NULL || p + 4 > end) {
            if (!final && p + 4 > end) return leave(run, p, o, sp, top, S.FIELD_VALUE, node);
            throw failKeyword(run, sp, o, p);
          }
          p += 4;
          if ((code[base + field + P.FIELD_FLAGS]! & P.FIELD_NULL_IS_GIVEN) === 0) {
            const struct = stack[sp + S.FRAME_STRUCT]!;
            const ordinal = code[base + field + P.FIELD_ORDINAL]!;
            stack[sp + S.FRAME_SEEN + code[base + struct + P.STRUCT_WORDS]! + (ordinal >> 5)]! |=
              1 << (ordinal & 31);
          }
          state = S.STRUCT_NEXT;
          continue;
        }
        if (p >= end && !final) return leave(run, p, o, sp, top, S.FIELD_VALUE, node);
        if (o > OUT_SOFT_END) o = run.flush(o);
        node = code[base + field + P.FIELD_NODE]!;
        if (!compact) {
          outView.setInt32(o, code[base + field + P.FIELD_HEADER]!, true);
          o += 3;
        } else if (code[base + node + P.NODE_WIRE] !== COMPACT_BOOL) {
          // In the compact protocol a boolean field is its header, which is written with the value.
          o = writeCompactHeader(sp, code[base + field + P.FIELD_ID]!, code[base + node + P.NODE_WIRE]!, o);
        }
        break;
      }

      case S.STRUCT_FIRST:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c === CLOSE_BRACE) {
          p++;
          state = S.STRUCT_END;
        } else {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          if (c !== QUOTE) throw failSyntax(run, sp, o, p, "a key in quotes or `}`");
          state = S.STRUCT_KEY;
        }
        continue;

      case S.STRUCT_END: {
        const struct = stack[sp + S.FRAME_STRUCT]!;
        const words = code[base + struct + P.STRUCT_WORDS]!;
        const seen = sp + S.FRAME_SEEN;
        // One word, nothing special, and every field that matters was there: by far the most frequent case.
        if (
          words !== 1 ||
          code[base + struct + P.STRUCT_FLAGS] !== 0 ||
          (code[base + code[base + struct + P.STRUCT_ABSENCE]!]! & ~(stack[seen]! & ~stack[seen + 1]!)) !== 0
        ) {
          leave(run, p, o, sp, top, S.STRUCT_STOP, node);
          endStruct(run, struct);
          return CHANGED;
        }
      }
      // falls through
      case S.STRUCT_STOP:
        if (o > OUT_SOFT_END) o = run.flush(o);
        output[o++] = 0;
        run.depth--;
        top = sp;
        sp = stack[sp + S.FRAME_BELOW]!;
        state = stack[sp]!;
        continue;

      case S.LIST_NEXT:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COMMA) {
          if (c === CLOSE_BRACKET) {
            p++;
            o = closeList(run, sp, o);
            run.depth--;
            top = sp;
            sp = stack[sp + S.FRAME_BELOW]!;
            state = stack[sp]!;
            continue;
          }
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`,` or `]`");
        }
        p++;
      // falls through
      case S.LIST_ELEMENT: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, S.LIST_ELEMENT, node);
        if (c === SMALL_N) {
          if (!final && p + 4 > end) return leave(run, p, o, sp, top, S.LIST_ELEMENT, node);
          stack[sp + S.FRAME_INDEX]!++;
          if (inView.getInt32(p, true) !== WORD_NULL || p + 4 > end) throw failKeyword(run, sp, o, p);
          if ((rules & P.RULE_NULL_SKIP) === 0) throw failElementNull(run, sp, o, p);
          p += 4;
          state = S.LIST_NEXT;
          continue;
        }
        const count = stack[sp + S.FRAME_COUNT]! + 1;
        stack[sp + S.FRAME_COUNT] = count;
        stack[sp + S.FRAME_INDEX]!++;
        if (count > maxLength) throw failLength(run, sp, o, p, maxLength);
        if (o > OUT_SOFT_END) o = run.flush(o);
        node = stack[sp + S.FRAME_NODE]!;
        break;
      }

      case S.LIST_FIRST:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        // The end of an empty list is read where the end of any list is.
        state = c === CLOSE_BRACKET ? S.LIST_NEXT : S.LIST_ELEMENT;
        continue;

      case S.MAP_NEXT:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COMMA) {
          if (c === CLOSE_BRACE) {
            p++;
            o = closeMap(run, sp, o);
            run.depth--;
            top = sp;
            sp = stack[sp + S.FRAME_BELOW]!;
            state = stack[sp]!;
            continue;
          }
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`,` or `}`");
        }
        p++;
      // falls through
      case S.MAP_KEY: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        stack[sp + S.FRAME_KEY] = -1;
        if (c !== QUOTE) {
          if (p >= end && !final) return leave(run, p, o, sp, top, S.MAP_KEY, node);
          throw failSyntax(run, sp, o, p, "a key in quotes");
        }
        if (o > OUT_SOFT_END) o = run.flush(o);
        const keyNode = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_A]!;
        const keyStart = run.outBase + o;
        if (code[base + keyNode] === P.KIND_STRING) {
          setOutPosition(o + (compact ? 1 : 4));
          const stop = copyString(p + 1, trust);
          if (input[stop] === QUOTE) {
            stack[sp + S.FRAME_KEY] = keyStart;
            o = compact ? closeCompactString(run, o) : closeString(o);
            p = stop + 1;
          } else {
            o = openBody(run, stop, keyNode, o, S.MAP_COLON, p, sp);
            stack[sp + S.FRAME_KEY] = keyStart;
            p = stop;
            node = keyNode;
            state = S.STRING_BODY;
            continue;
          }
        } else {
          run.sp = sp;
          run.out = o;
          const next = readScalarKey(run, p, keyNode);
          if (next === SUSPEND) return leave(run, p, o, sp, top, S.MAP_KEY, node);
          stack[sp + S.FRAME_KEY] = keyStart;
          p = next;
          o = run.out;
        }
      }
      // falls through
      case S.MAP_COLON:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COLON) {
          if (p >= end && !final) return leave(run, p, o, sp, top, S.MAP_COLON, node);
          throw failSyntax(run, sp, o, p, "`:`");
        }
        if ((rules & P.RULE_DUPLICATE_KEY_ERROR) !== 0) {
          run.sp = sp;
          run.out = o;
          checkDuplicateKey(run, p);
        }
        p++;
      // falls through
      case S.MAP_VALUE: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, S.MAP_VALUE, node);
        if (c === SMALL_N) {
          if (!final && p + 4 > end) return leave(run, p, o, sp, top, S.MAP_VALUE, node);
          if (inView.getInt32(p, true) !== WORD_NULL || p + 4 > end) throw failKeyword(run, sp, o, p);
          if ((rules & P.RULE_NULL_SKIP) === 0) throw failElementNull(run, sp, o, p);
          p += 4;
          o = run.cut(stack[sp + S.FRAME_KEY]!);
          state = S.MAP_NEXT;
          continue;
        }
        const count = stack[sp + S.FRAME_COUNT]! + 1;
        stack[sp + S.FRAME_COUNT] = count;
        if (count > maxLength) throw failLength(run, sp, o, p, maxLength);
        if (o > OUT_SOFT_END) o = run.flush(o);
        node = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_B]!;
        break;
      }

      case S.MAP_FIRST:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        state = c === CLOSE_BRACE ? S.MAP_NEXT : S.MAP_KEY;
        continue;

      case S.PAIRS_NEXT:
      case S.PAIRS_FIRST:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c === CLOSE_BRACKET) {
          p++;
          o = closeMap(run, sp, o);
          run.depth--;
          top = sp;
          sp = stack[sp + S.FRAME_BELOW]!;
          state = stack[sp]!;
          continue;
        }
        if (state === S.PAIRS_NEXT) {
          if (c !== COMMA) {
            if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
            throw failSyntax(run, sp, o, p, "`,` or `]`");
          }
          p++;
        } else if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        state = S.PAIR_START;
        continue;

      case S.PAIR_START: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== OPEN_BRACKET) {
          if (!final && p + LONGEST_WORD > end) return leave(run, p, o, sp, top, state, node);
          throw failForm(run, sp, o, p, "a [key, value] pair");
        }
        p++;
        if (o > OUT_SOFT_END) o = run.flush(o);
        stack[sp + S.FRAME_INDEX]!++;
        stack[sp + S.FRAME_KEY] = run.outBase + o;
        stack[sp + S.FRAME_STATE] = S.PAIR_COMMA;
        state = S.PAIR_KEY;
        continue;
      }

      case S.PAIR_KEY:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        if (c === CLOSE_BRACKET) {
          run.sp = sp;
          run.out = o;
          throw run.error("TYPE_MISMATCH", "expected a [key, value] pair, found an empty array", p);
        }
        node = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_A]!;
        state = S.VALUE;
        break;

      case S.PAIR_COMMA:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COMMA) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          if (c === CLOSE_BRACKET) {
            run.sp = sp;
            run.out = o;
            throw run.error("TYPE_MISMATCH", "expected a [key, value] pair, found a key alone", p);
          }
          throw failSyntax(run, sp, o, p, "`,` between key and value");
        }
        if ((rules & P.RULE_DUPLICATE_KEY_ERROR) !== 0) {
          run.sp = sp;
          run.out = o;
          checkDuplicateKey(run, p);
        }
        p++;
        state = S.PAIR_VALUE;
      // falls through
      case S.PAIR_VALUE: {
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        stack[sp + S.FRAME_STATE] = S.PAIR_END;
        if (c === SMALL_N && (rules & P.RULE_NULL_SKIP) !== 0) {
          if (!final && p + 4 > end) return leave(run, p, o, sp, top, state, node);
          if (inView.getInt32(p, true) !== WORD_NULL || p + 4 > end) throw failKeyword(run, sp, o, p);
          p += 4;
          o = run.cut(stack[sp + S.FRAME_KEY]!);
          state = S.PAIR_END;
          continue;
        }
        const count = stack[sp + S.FRAME_COUNT]! + 1;
        stack[sp + S.FRAME_COUNT] = count;
        if (count > maxLength) throw failLength(run, sp, o, p, maxLength);
        if (o > OUT_SOFT_END) o = run.flush(o);
        node = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_B]!;
        state = S.VALUE;
        break;
      }

      case S.PAIR_END:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== CLOSE_BRACKET) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          if (c === COMMA) {
            run.sp = sp;
            run.out = o;
            throw run.error("TYPE_MISMATCH", "expected a [key, value] pair, found more elements", p);
          }
          throw failSyntax(run, sp, o, p, "`]` behind the value");
        }
        p++;
        stack[sp + S.FRAME_STATE] = S.PAIRS_NEXT;
        state = S.PAIRS_NEXT;
        continue;

      case S.VALUE:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        break;

      case S.STRING_BODY: {
        if (o > OUT_SOFT_END) o = run.flush(o);
        setOutPosition(o);
        const stop = copyString(p, trust);
        p = stop;
        o = outPosition;
        if (input[stop] !== QUOTE) {
          if (isCutOff(run)) return leave(run, p, o, sp, top, state, node);
          throw failString(run, sp, o, p);
        }
        p++;
        run.position = p;
        o = closeBody(run, sp, o);
        state = run.bodyThen;
        continue;
      }

      case S.SKIPPED_STRING_BODY: {
        p = skipString(p, trust);
        if (input[p] !== QUOTE) {
          if (isCutOff(run)) return leave(run, p, o, sp, top, state, node);
          throw failString(run, sp, o, p);
        }
        p++;
        state = run.bodyThen;
        continue;
      }

      case S.ANY_OBJECT_NEXT:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c === CLOSE_BRACE) {
          p++;
          run.depth--;
          top = sp;
          sp = stack[sp + S.FRAME_BELOW]!;
          state = stack[sp]!;
          continue;
        }
        if (c !== COMMA) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`,` or `}`");
        }
        p++;
      // falls through
      case S.ANY_OBJECT_KEY:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== QUOTE) {
          if (p >= end && !final) return leave(run, p, o, sp, top, S.ANY_OBJECT_KEY, node);
          throw failSyntax(run, sp, o, p, "a key in quotes");
        }
        p++;
        run.bodyThen = S.ANY_OBJECT_COLON;
        state = S.SKIPPED_STRING_BODY;
        continue;

      case S.ANY_OBJECT_FIRST:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        state = c === CLOSE_BRACE ? S.ANY_OBJECT_NEXT : S.ANY_OBJECT_KEY;
        continue;

      case S.ANY_OBJECT_COLON:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COLON) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`:`");
        }
        p++;
        node = code[base + P.HEADER_ANY]!;
        state = S.VALUE;
        continue;

      case S.ANY_ARRAY_NEXT:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c === CLOSE_BRACKET) {
          p++;
          run.depth--;
          top = sp;
          sp = stack[sp + S.FRAME_BELOW]!;
          state = stack[sp]!;
          continue;
        }
        if (c !== COMMA) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`,` or `]`");
        }
        p++;
        node = code[base + P.HEADER_ANY]!;
        state = S.VALUE;
        continue;

      case S.ANY_ARRAY_FIRST:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        node = code[base + P.HEADER_ANY]!;
        state = c === CLOSE_BRACKET ? S.ANY_ARRAY_NEXT : S.VALUE;
        continue;

      case S.CAPTURE_COLON:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== COLON) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          throw failSyntax(run, sp, o, p, "`:`");
        }
        p++;
        state = S.CAPTURE_VALUE;
      // falls through
      case S.CAPTURE_VALUE:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
        top = pushCapture(run, sp, top, p, 0);
        sp = top - S.CAPTURE_FRAME_SIZE;
        node = code[base + P.HEADER_ANY]!;
        state = S.VALUE;
        break;

      case S.CAPTURED:
        leave(run, p, o, sp, top, state, node);
        finishCapture(run);
        return CHANGED;

      case S.EMPTY_OBJECT:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (c !== CLOSE_BRACE) {
          if (p >= end && !final) return leave(run, p, o, sp, top, state, node);
          if (c !== QUOTE) throw failSyntax(run, sp, o, p, "`}`");
          run.sp = sp;
          run.out = o;
          const message = "a map with such keys is an array of [key, value] pairs";
          throw run.error("TYPE_MISMATCH", message, run.bodyToken - run.windowBase);
        }
        p++;
        o = closeMap(run, sp, o);
        run.depth--;
        top = sp;
        sp = stack[sp + S.FRAME_BELOW]!;
        state = stack[sp]!;
        continue;

      case S.DONE:
        c = input[p]!;
        if (c <= SPACE) c = input[(p = skipSpace(input, p))]!;
        if (p < end) {
          run.sp = sp;
          run.out = o;
          throw run.error("TRAILING_DATA", "more data behind the end of the JSON value", p);
        }
        leave(run, p, o, sp, top, state, node);
        return final ? FINISHED : STARVED;

      default:
        throw new Error(`unknown state ${state}`);
    }

    // The value at `p`, which starts with `c`. A state to resume in is VALUE from here on. What a word says is
    // known when all of it is there.
    if (
      !final &&
      p + LONGEST_WORD > end &&
      (c === SMALL_N || c === SMALL_T || c === SMALL_F || c === MINUS)
    ) {
      return leave(run, p, o, sp, top, S.VALUE, node);
    }
    switch (code[base + node + P.NODE_KIND]) {
      case P.KIND_STRING: {
        if (c !== QUOTE) {
          if ((code[base + node + P.NODE_FLAGS]! & P.FLAG_ACCEPT_NUMBER) === 0)
            throw failStart(run, sp, o, p, node);
          run.sp = sp;
          run.out = o;
          const next = readTextValue(run, p, node);
          if (next === SUSPEND) return leave(run, p, o, sp, top, S.VALUE, node);
          p = next;
          o = run.out;
          break;
        }
        setOutPosition(o + (compact ? 1 : 4));
        const stop = copyString(p + 1, trust);
        if (input[stop] === QUOTE) {
          o = compact ? closeCompactString(run, o) : closeString(o);
          p = stop + 1;
          break;
        }
        o = openBody(run, stop, node, o, stack[sp]!, p, sp);
        p = stop;
        state = S.STRING_BODY;
        continue;
      }

      case P.KIND_BINARY: {
        if (c !== QUOTE) throw failStart(run, sp, o, p, node);
        const start = o + (compact ? 1 : 4);
        setOutPosition(start);
        const quote = copyBase64(p + 1);
        if (quote >= 0) {
          o = compact ? closeCompactString(run, o) : closeString(o);
          p = quote + 1;
          break;
        }
        const stop = copyString(p + 1, trust);
        if (input[stop] === QUOTE) {
          // Base64 shrinks: it is decoded where its text stands.
          const decoded = readBase64(output, start, outPosition, output, start);
          if (decoded < 0)
            throw failBase64(run, sp, o, p, ~decoded - start, stop - p - 1 === outPosition - start);
          setOutPosition(decoded);
          o = compact ? closeCompactString(run, o) : closeString(o);
          p = stop + 1;
          break;
        }
        o = openBody(run, stop, node, o, stack[sp]!, p, sp);
        p = stop;
        state = S.STRING_BODY;
        continue;
      }

      case P.KIND_I32: {
        const next = lexInteger(p);
        if (next >= 0 && (next < end || final)) {
          const value = lexedNumber;
          if (value !== (value | 0)) throw failRange(run, sp, o, p, "i32");
          if (compact) o = writeVarint32(zigzag32(value), output, o);
          else {
            outView.setInt32(o, value);
            o += 4;
          }
          p = next;
          break;
        }
        run.sp = sp;
        run.out = o;
        const slow = readNumber(run, p, node);
        if (slow === SUSPEND) return leave(run, p, o, sp, top, S.VALUE, node);
        p = slow;
        o = run.out;
        break;
      }

      case P.KIND_I64: {
        const next = lexInt64(p);
        if (next >= 0 && (next < end || final)) {
          if (compact) {
            const sign = lexedHigh >> 31;
            o = writeVarint64(
              ((lexedHigh << 1) | (lexedLow >>> 31)) ^ sign,
              (lexedLow << 1) ^ sign,
              output,
              o,
            );
          } else {
            outView.setInt32(o, lexedHigh);
            outView.setInt32(o + 4, lexedLow);
            o += 8;
          }
          p = next;
          break;
        }
        run.sp = sp;
        run.out = o;
        const slow = readNumber(run, p, node);
        if (slow === SUSPEND) return leave(run, p, o, sp, top, S.VALUE, node);
        p = slow;
        o = run.out;
        break;
      }

      case P.KIND_DOUBLE: {
        const next = lexDouble(p);
        if (next >= 0 && (next < end || final)) {
          outView.setFloat64(o, lexedNumber, compact);
          o += 8;
          p = next;
          break;
        }
        run.sp = sp;
        run.out = o;
        const slow = readNumber(run, p, node);
        if (slow === SUSPEND) return leave(run, p, o, sp, top, S.VALUE, node);
        p = slow;
        o = run.out;
        break;
      }

      case P.KIND_BYTE:
      case P.KIND_I16:
      case P.KIND_ENUM: {
        run.sp = sp;
        run.out = o;
        const next = readNumber(run, p, node);
        if (next === SUSPEND) return leave(run, p, o, sp, top, S.VALUE, node);
        p = next;
        o = run.out;
        break;
      }

      case P.KIND_BOOL: {
        let value: number;
        if (c === SMALL_T && inView.getInt32(p, true) === WORD_TRUE && p + 4 <= end) {
          value = 1;
          p += 4;
        } else if (c === SMALL_F && inView.getInt32(p + 1, true) === WORD_ALSE && p + 5 <= end) {
          value = 0;
          p += 5;
        } else {
          if (!final && p + 5 > end && (c === SMALL_T || c === SMALL_F)) {
            return leave(run, p, o, sp, top, S.VALUE, node);
          }
          if (c === SMALL_T || c === SMALL_F) throw failKeyword(run, sp, o, p);
          throw failStart(run, sp, o, p, node);
        }
        if (!compact) output[o++] = value;
        else if (stack[sp] === S.STRUCT_NEXT) {
          const field = stack[sp + S.FRAME_FIELD]!;
          o = writeCompactHeader(sp, code[base + field + P.FIELD_ID]!, 2 - value, o);
        } else output[o++] = 2 - value;
        break;
      }

      case P.KIND_STRUCT: {
        if (c !== OPEN_BRACE) throw failStart(run, sp, o, p, node);
        p++;
        const struct = code[base + node + P.NODE_A]!;
        const words = code[base + struct + P.STRUCT_WORDS]!;
        if (++run.depth > maxDepth || top + S.FRAME_SEEN + 2 * words > STACK_END) {
          throw failDepth(run, sp, o, p - 1, maxDepth);
        }
        stack[top + S.FRAME_STATE] = S.STRUCT_NEXT;
        stack[top + S.FRAME_BELOW] = sp;
        stack[top + S.FRAME_STRUCT] = struct;
        stack[top + S.FRAME_FIELD] = struct;
        stack[top + S.FRAME_LAST_ID] = 0;
        sp = top;
        top += S.FRAME_SEEN;
        for (let i = 2 * words; i > 0; i--) stack[top++] = 0;
        state = S.STRUCT_FIRST;
        if (code[base + struct + P.STRUCT_FLAGS] !== 0 && wantsSources(run, struct)) {
          leave(run, p, o, sp, top, state, node);
          readSources(run, struct);
          return CHANGED;
        }
        continue;
      }

      case P.KIND_LIST:
        if (c !== OPEN_BRACKET) throw failStart(run, sp, o, p, node);
        p++;
        if (++run.depth > maxDepth || top + S.CONTAINER_FRAME_SIZE > STACK_END) {
          throw failDepth(run, sp, o, p - 1, maxDepth);
        }
        stack[top + S.FRAME_STATE] = S.LIST_NEXT;
        stack[top + S.FRAME_BELOW] = sp;
        stack[top + S.FRAME_NODE] = code[base + node + P.NODE_A]!;
        stack[top + S.FRAME_SLOT] = run.outBase + o;
        stack[top + S.FRAME_COUNT] = 0;
        stack[top + S.FRAME_INDEX] = 0;
        sp = top;
        top += S.CONTAINER_FRAME_SIZE;
        // binary: element type, i32 count; compact: count and element type in one byte, if they fit
        if (compact) o++;
        else {
          output[o] = code[base + code[base + node + P.NODE_A]! + P.NODE_WIRE]!;
          o += 5;
        }
        state = S.LIST_FIRST;
        continue;

      case P.KIND_MAP:
      case P.KIND_PAIRS: {
        const pairs = code[base + node + P.NODE_KIND] === P.KIND_PAIRS;
        // An empty map is `{}` too when its keys are no object keys.
        if (c !== (pairs ? OPEN_BRACKET : OPEN_BRACE) && !(pairs && c === OPEN_BRACE)) {
          throw failStart(run, sp, o, p, node);
        }
        p++;
        if (++run.depth > maxDepth || top + S.CONTAINER_FRAME_SIZE > STACK_END) {
          throw failDepth(run, sp, o, p - 1, maxDepth);
        }
        stack[top + S.FRAME_STATE] = pairs ? S.PAIRS_NEXT : S.MAP_NEXT;
        stack[top + S.FRAME_BELOW] = sp;
        stack[top + S.FRAME_NODE] = node;
        stack[top + S.FRAME_SLOT] = run.outBase + o;
        stack[top + S.FRAME_COUNT] = 0;
        stack[top + S.FRAME_INDEX] = 0;
        stack[top + S.FRAME_KEY] = -1;
        sp = top;
        top += S.CONTAINER_FRAME_SIZE;
        // binary: key type, value type, i32 count; compact: varint count, both types in one byte
        if (compact) o += 2;
        else {
          output[o] = code[base + code[base + node + P.NODE_A]! + P.NODE_WIRE]!;
          output[o + 1] = code[base + code[base + node + P.NODE_B]! + P.NODE_WIRE]!;
          o += 6;
        }
        if ((rules & P.RULE_DUPLICATE_KEY_ERROR) !== 0) run.keySets.delete(sp);
        if (!pairs) state = S.MAP_FIRST;
        else if (c === OPEN_BRACKET) state = S.PAIRS_FIRST;
        else {
          run.bodyToken = run.windowBase + p - 1;
          state = S.EMPTY_OBJECT;
        }
        continue;
      }

      case P.KIND_UUID: {
        run.sp = sp;
        run.out = o;
        const next = readTextValue(run, p, node);
        if (next === SUSPEND) return leave(run, p, o, sp, top, S.VALUE, node);
        p = next;
        o = run.out;
        break;
      }

      case P.KIND_ANY:
        if (c === QUOTE) {
          p++;
          run.bodyThen = stack[sp]!;
          state = S.SKIPPED_STRING_BODY;
          continue;
        }
        if (c === OPEN_BRACE || c === OPEN_BRACKET) {
          p++;
          if (++run.depth > maxDepth || top + S.FRAME_BASE_SIZE > STACK_END) {
            throw failDepth(run, sp, o, p - 1, maxDepth);
          }
          stack[top + S.FRAME_STATE] = c === OPEN_BRACE ? S.ANY_OBJECT_NEXT : S.ANY_ARRAY_NEXT;
          stack[top + S.FRAME_BELOW] = sp;
          sp = top;
          top += S.FRAME_BASE_SIZE;
          state = c === OPEN_BRACE ? S.ANY_OBJECT_FIRST : S.ANY_ARRAY_FIRST;
          continue;
        }
        if (c === SMALL_T || c === SMALL_F || c === SMALL_N) {
          const size = c === SMALL_F ? 5 : 4;
          if (p + size > end && !final) return leave(run, p, o, sp, top, S.VALUE, node);
          const word = c === SMALL_F ? inView.getInt32(p + 1, true) : inView.getInt32(p, true);
          const expected = c === SMALL_T ? WORD_TRUE : c === SMALL_F ? WORD_ALSE : WORD_NULL;
          if (word !== expected || p + size > end) throw failKeyword(run, sp, o, p);
          p += size;
        } else {
          const next = endOfNumber(p);
          if (next >= end || next < 0) {
            if (next >= end ? !final : isCutOff(run)) {
              return leave(run, p, o, sp, top, S.VALUE, node);
            }
            if (next < 0) throw failNumber(run, sp, o, p);
          }
          if (next - p > MAX_TOKEN_SIZE) {
            run.sp = sp;
            run.out = o;
            throw run.tokenTooLong(p);
          }
          p = next;
        }
        break;

      case P.KIND_RAW_JSON:
      case P.KIND_CUSTOM:
        top = pushCapture(run, sp, top, p, node);
        sp = top - S.CAPTURE_FRAME_SIZE;
        node = code[base + P.HEADER_ANY]!;
        state = S.VALUE;
        continue;

      default:
        throw new Error(`unknown kind ${code[base + node + P.NODE_KIND]}`);
    }
    state = stack[sp]!;
  }
}

/** Pushes the frame of a value that is captured instead of converted; returns the new top of the stack. */
function pushCapture(run: Run, sp: number, top: number, p: number, node: number): number {
  if (top + S.CAPTURE_FRAME_SIZE > STACK_END)
    throw failDepth(run, sp, run.out, p, run.settings.limits.maxDepth);
  STACK[top + S.FRAME_STATE] = S.CAPTURED;
  STACK[top + S.FRAME_BELOW] = sp;
  STACK[top + S.FRAME_NODE] = node;
  run.beginCapture(p);
  return top + S.CAPTURE_FRAME_SIZE;
}
