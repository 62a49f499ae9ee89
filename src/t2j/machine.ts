import { UUID_SIZE, writeUuidText } from "../bytes/uuid.ts";
import { CODE, placeProgram } from "../conv/arena.ts";
import { CHANGED, FINISHED, leave, STARVED } from "../conv/machine-run.ts";
import * as P from "../conv/program.ts";
import { BINARY_WIDTH, NOT_A_TYPE, TTYPE_OF_COMPACT } from "../wire/ttype.ts";
import { DIGIT_PAIRS, writeBase64, writeInt32, writeInt64 } from "./digits.ts";
import { writeDouble } from "./double.ts";
import {
  failDepth,
  failFieldId,
  failListHeader,
  failMapHeader,
  failMismatch,
  failNonFinite,
  failSize,
  failType,
  failUtf8,
  failVarint,
} from "./fail.ts";
import {
  checkDuplicateKey,
  containerFits,
  endStruct,
  enterSpecialField,
  finishCapture,
  pushCapture,
} from "./hooks.ts";
import { hashedField, writeEnumName } from "./lookup.ts";
import type { Run } from "./run.ts";
import { IN, IN_VIEW, OUT, OUT_SOFT_END, OUT_VIEW, PIECE_SIZE, STACK } from "./scratch.ts";
import { skipStep } from "./skip.ts";
import * as S from "./states.ts";
import { couldContinue, outPosition, UTF8_CHECK, UTF8_REPLACE, UTF8_TRUST, writeEscaped } from "./text.ts";
import { OVERFLOW, readVarint, SUSPEND, varintHigh, varintLow, zigzagHigh, zigzagLow } from "./varint.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** `true` and `fals` of `false` as little-endian words. */
const WORD_TRUE = 0x65757274;
const WORD_FALS = 0x736c6166;
const SMALL_E = 0x65;

const STACK_END: number = STACK.length;

/** Compact types of a boolean: the value in a field header; FALSE is also the type of elements. */
const COMPACT_TRUE = 1;
const COMPACT_FALSE = 2;
const LARGEST_FIELD_ID = 32767;
/** Type and id of a binary field header in a little-endian word. */
const FIELD_HEADER_BYTES = 0xffffff;

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

/** The window does not hold the item at `p`: the machine waits for more, or the message is truncated. */
function starve(
  run: Run,
  p: number,
  o: number,
  sp: number,
  top: number,
  state: number,
  node: number,
): typeof STARVED {
  leave(run, p, o, sp, top, state, node);
  if (run.final) throw run.truncated(p);
  return STARVED;
}

/**
 * The loop has two halves. The first reads headers, by state, and writes what stands in front of a value; it
 * either `continue`s with another state or `break`s with the value's node. The second converts that value,
 * by kind, and goes on with the state of the innermost frame.
 *
 * An item is converted only when the window holds all of it, strings excepted: one comparison with `end`
 * covers all reads of an item.
 *
 * It is one long function because its variables are the registers of the machine: a call would have to hand all of
 * them over and back. What is rare, or long in itself, is in the files beside it.
 */
function step(run: Run): typeof STARVED | typeof FINISHED | typeof CHANGED {
  // TurboFan embeds the address and length of a module's array only where it sees the array outside loops.
  const digitPairs = DIGIT_PAIRS;
  const inView = IN_VIEW;
  const outView = OUT_VIEW;
  const input = IN;
  const output = OUT;
  const stack = STACK;
  const code = CODE;
  const base = placeProgram(run.program);
  const compact = run.compact;
  const rules = run.rules;
  const utf8 =
    (rules & P.RULE_UTF8_TRUST) !== 0
      ? UTF8_TRUST
      : (rules & P.RULE_UTF8_REPLACE) !== 0
        ? UTF8_REPLACE
        : UTF8_CHECK;
  const end = run.end;
  const { maxDepth } = run.settings.limits;
  let p = run.position;
  let o = run.out;
  let sp = run.sp;
  let top = run.top;
  let state = run.state;
  let node = run.node;

  for (;;) {
    switch (state) {
      case S.FIELD: {
        // Most fields come by ascending id and need no closer look: three bytes tell all.
        const expected = stack[sp + S.FRAME_EXPECTED]!;
        if (
          (inView.getInt32(p, true) & FIELD_HEADER_BYTES) ===
            code[base + expected + P.FIELD_EXPECTED_HEADER] &&
          p + 3 <= end
        ) {
          const ordinal = code[base + expected + P.FIELD_ORDINAL]!;
          const seen = sp + S.FRAME_SEEN + (ordinal >> 5);
          const bits = stack[seen]!;
          const bit = 1 << (ordinal & 31);
          if ((bits & bit) === 0) {
            stack[seen] = bits | bit;
            stack[sp + S.FRAME_FIELD] = expected;
            stack[sp + S.FRAME_EXPECTED] = expected + P.FIELD_SIZE;
            p += 3;
            if (o > OUT_SOFT_END) o = run.flush(o, p);
            o = writeLabel(
              code,
              base + code[base + expected + P.FIELD_LABEL]!,
              stack[sp + S.FRAME_OPENER]!,
              o,
              outView,
            );
            stack[sp + S.FRAME_OPENER] = COMMA;
            node = code[base + expected + P.FIELD_NODE]!;
            break;
          }
        }
        if (p >= end) return starve(run, p, o, sp, top, state, node);
        let type = input[p]!;
        let id: number;
        let next: number;
        if (!compact) {
          // type, i16 id; type 0 alone ends the struct
          if (type === 0) {
            p++;
            state = S.STRUCT_END;
            continue;
          }
          next = p + 3;
          if (next > end) return starve(run, p, o, sp, top, state, node);
          id = inView.getInt16(p + 1);
        } else {
          // (id delta << 4) | type; delta 0: the id follows as a zigzag varint; type 0 ends the struct
          const delta = type >> 4;
          type &= 0x0f;
          if (type === 0) {
            p++;
            state = S.STRUCT_END;
            continue;
          }
          next = p + 1;
          if (delta !== 0) id = stack[sp + S.FRAME_LAST_ID]! + delta;
          else {
            next = readVarint(next, end);
            if (next === SUSPEND) return starve(run, p, o, sp, top, state, node);
            id = zigzagLow();
            if (next === OVERFLOW || id !== (id << 16) >> 16 || varintHigh !== 0) {
              throw failFieldId(run, sp, o, p);
            }
          }
          if (id > LARGEST_FIELD_ID) throw failFieldId(run, sp, o, p);
        }
        const struct = stack[sp + S.FRAME_STRUCT]!;
        const slot = id - code[base + struct + P.STRUCT_ID_BASE]!;
        const count = code[base + struct + P.STRUCT_ID_COUNT]!;
        let field = 0;
        if (count < 0) field = hashedField(run.code, struct, id);
        else if (slot >= 0 && slot < count)
          field = code[base + code[base + struct + P.STRUCT_ID_TABLE]! + slot]!;
        const wire = compact && type === COMPACT_TRUE ? COMPACT_FALSE : type;
        if (field === 0) {
          if ((rules & P.RULE_UNKNOWN_ERROR) !== 0) {
            run.sp = sp;
            run.out = o;
            throw run.unknownField({ id }, p);
          }
          stack[sp + S.FRAME_FIELD] = 0;
        } else {
          stack[sp + S.FRAME_FIELD] = field;
          stack[sp + S.FRAME_EXPECTED] = field + P.FIELD_SIZE;
          node = code[base + field + P.FIELD_NODE]!;
          const flags = code[base + field + P.FIELD_FLAGS]!;
          const isSkipped = (flags & P.FIELD_SKIPPED) !== 0;
          if (wire !== code[base + node + P.NODE_WIRE] && !isSkipped) {
            if ((rules & P.RULE_MISMATCH_SKIP) === 0) throw failMismatch(run, sp, o, p, wire, node);
            field = 0;
          } else {
            if ((rules & P.RULE_MISMATCH_SKIP) !== 0) {
              const fits = containerFits(run, next, node);
              if (fits === SUSPEND) return starve(run, p, o, sp, top, state, node);
              if (fits === 0) field = 0;
            }
            if (field !== 0) {
              const ordinal = code[base + field + P.FIELD_ORDINAL]!;
              const seen = sp + S.FRAME_SEEN + (ordinal >> 5);
              const bit = 1 << (ordinal & 31);
              if ((stack[seen]! & bit) !== 0 && (rules & P.RULE_DUPLICATE_ERROR) !== 0 && !isSkipped) {
                run.sp = sp;
                run.out = o;
                throw run.valueError("DUPLICATE_FIELD", "the field occurs twice", p);
              }
              stack[seen]! |= bit;
              if (isSkipped) field = 0;
              else if ((flags & P.FIELD_SPECIAL) !== 0) {
                stack[sp + S.FRAME_LAST_ID] = id;
                leave(run, next, o, sp, top, state, node);
                if (enterSpecialField(run, field, type)) return CHANGED;
              }
            }
          }
        }
        stack[sp + S.FRAME_LAST_ID] = id;
        if (field === 0) {
          if ((compact ? TTYPE_OF_COMPACT[type]! : BINARY_WIDTH[type]!) === NOT_A_TYPE) {
            throw failType(run, sp, o, p, type);
          }
          p = next;
          if (compact && wire === COMPACT_FALSE) continue;
          run.skipType = type;
          state = S.SKIP_VALUE;
          continue;
        }
        if (o > OUT_SOFT_END) o = run.flush(o, p);
        o = writeLabel(
          code,
          base + code[base + field + P.FIELD_LABEL]!,
          stack[sp + S.FRAME_OPENER]!,
          o,
          outView,
        );
        stack[sp + S.FRAME_OPENER] = COMMA;
        p = next;
        if (compact && wire === COMPACT_FALSE && code[base + node + P.NODE_KIND] === P.KIND_BOOL) {
          // A boolean field is its header.
          o = writeBoolean(outView, o, type === COMPACT_TRUE);
          continue;
        }
        break;
      }

      case S.STRUCT_END: {
        const struct = stack[sp + S.FRAME_STRUCT]!;
        if (
          code[base + struct + P.STRUCT_WORDS] !== 1 ||
          (code[base + struct + P.STRUCT_FLAGS]! & P.STRUCT_IS_UNION) !== 0 ||
          (code[base + code[base + struct + P.STRUCT_ABSENCE]!]! & ~stack[sp + S.FRAME_SEEN]!) !== 0
        ) {
          leave(run, p, o, sp, top, S.STRUCT_CLOSE, node);
          if (endStruct(run, struct)) return CHANGED;
          o = run.out;
        }
      }
      // falls through
      case S.STRUCT_CLOSE:
        if (o > OUT_SOFT_END) o = run.flush(o, p);
        if (stack[sp + S.FRAME_OPENER] === OPEN_BRACE) output[o++] = OPEN_BRACE;
        output[o++] = CLOSE_BRACE;
        run.depth--;
        top = sp;
        sp = stack[sp + S.FRAME_BELOW]!;
        state = stack[sp]!;
        continue;

      case S.LIST_NEXT: {
        if (o > OUT_SOFT_END) o = run.flush(o, p);
        const left = stack[sp + S.FRAME_LEFT]!;
        if (left === 0) {
          if (stack[sp + S.FRAME_OPENER] === OPEN_BRACKET) output[o++] = OPEN_BRACKET;
          output[o++] = CLOSE_BRACKET;
          run.depth--;
          top = sp;
          sp = stack[sp + S.FRAME_BELOW]!;
          state = stack[sp]!;
          continue;
        }
        node = stack[sp + S.FRAME_NODE]!;
        if ((rules & P.RULE_MISMATCH_SKIP) !== 0) {
          const fits = containerFits(run, p, node);
          if (fits === SUSPEND) return starve(run, p, o, sp, top, state, node);
          if (fits === 0) {
            stack[sp + S.FRAME_LEFT] = left - 1;
            run.skipType = code[base + node + P.NODE_WIRE]!;
            state = S.SKIP_VALUE;
            continue;
          }
        }
        stack[sp + S.FRAME_LEFT] = left - 1;
        output[o++] = stack[sp + S.FRAME_OPENER]!;
        stack[sp + S.FRAME_OPENER] = COMMA;
        break;
      }

      case S.MAP_KEY: {
        if (o > OUT_SOFT_END) o = run.flush(o, p);
        const left = stack[sp + S.FRAME_LEFT]!;
        if (left === 0) {
          if (stack[sp + S.FRAME_OPENER] === OPEN_BRACE) output[o++] = OPEN_BRACE;
          output[o++] = CLOSE_BRACE;
          run.depth--;
          top = sp;
          sp = stack[sp + S.FRAME_BELOW]!;
          state = stack[sp]!;
          continue;
        }
        stack[sp + S.FRAME_LEFT] = left - 1;
        stack[sp + S.FRAME_ENTRY] = stack[sp + S.FRAME_OPENER]!;
        output[o++] = stack[sp + S.FRAME_OPENER]!;
        stack[sp + S.FRAME_OPENER] = COMMA;
        stack[sp + S.FRAME_KEY] = run.windowBase + p;
        stack[sp + S.FRAME_KEY_OUT] = run.outBase + o;
        stack[sp + S.FRAME_STATE] = S.MAP_VALUE;
        node = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_A]!;
        break;
      }

      case S.MAP_VALUE:
      case S.PAIR_VALUE: {
        node = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_B]!;
        const isPair = state === S.PAIR_VALUE;
        let fits = 1;
        if ((rules & P.RULE_MISMATCH_SKIP) !== 0) {
          fits = containerFits(run, p, node);
          if (fits === SUSPEND) return starve(run, p, o, sp, top, state, node);
        }
        // Remembers the key: nothing may come between that and the next state.
        if ((rules & P.RULE_DUPLICATE_KEY_ERROR) !== 0) {
          leave(run, p, o, sp, top, state, node);
          checkDuplicateKey(run);
        }
        if (fits === 0) {
          // The entry is taken back: its key is written already.
          o = run.cut(stack[sp + S.FRAME_KEY_OUT]! - (isPair ? 2 : 1));
          stack[sp + S.FRAME_OPENER] = stack[sp + S.FRAME_ENTRY]!;
          stack[sp + S.FRAME_STATE] = isPair ? S.PAIR_KEY : S.MAP_KEY;
          run.skipType = code[base + node + P.NODE_WIRE]!;
          state = S.SKIP_VALUE;
          continue;
        }
        stack[sp + S.FRAME_STATE] = isPair ? S.PAIR_END : S.MAP_KEY;
        output[o++] = isPair ? COMMA : COLON;
        break;
      }

      case S.PAIR_KEY: {
        if (o > OUT_SOFT_END) o = run.flush(o, p);
        const left = stack[sp + S.FRAME_LEFT]!;
        if (left === 0) {
          if (stack[sp + S.FRAME_OPENER] === OPEN_BRACKET) output[o++] = OPEN_BRACKET;
          output[o++] = CLOSE_BRACKET;
          run.depth--;
          top = sp;
          sp = stack[sp + S.FRAME_BELOW]!;
          state = stack[sp]!;
          continue;
        }
        node = code[base + stack[sp + S.FRAME_NODE]! + P.NODE_A]!;
        if ((rules & P.RULE_MISMATCH_SKIP) !== 0) {
          const fits = containerFits(run, p, node);
          if (fits === SUSPEND) return starve(run, p, o, sp, top, state, node);
          if (fits === 0) {
            // Neither the key nor its value is converted.
            stack[sp + S.FRAME_LEFT] = left - 1;
            stack[sp + S.FRAME_STATE] = S.SKIP_PAIR_VALUE;
            run.skipType = code[base + node + P.NODE_WIRE]!;
            state = S.SKIP_VALUE;
            continue;
          }
        }
        stack[sp + S.FRAME_LEFT] = left - 1;
        stack[sp + S.FRAME_KEY] = run.windowBase + p;
        stack[sp + S.FRAME_ENTRY] = stack[sp + S.FRAME_OPENER]!;
        output[o++] = stack[sp + S.FRAME_OPENER]!;
        output[o++] = OPEN_BRACKET;
        stack[sp + S.FRAME_OPENER] = COMMA;
        stack[sp + S.FRAME_KEY_OUT] = run.outBase + o;
        stack[sp + S.FRAME_STATE] = S.PAIR_VALUE;
        break;
      }

      case S.SKIP_PAIR_VALUE:
        stack[sp + S.FRAME_STATE] = S.PAIR_KEY;
        run.skipType = code[base + code[base + stack[sp + S.FRAME_NODE]! + P.NODE_B]! + P.NODE_WIRE]!;
        state = S.SKIP_VALUE;
        continue;

      case S.PAIR_END:
        output[o++] = CLOSE_BRACKET;
        stack[sp + S.FRAME_STATE] = S.PAIR_KEY;
        state = S.PAIR_KEY;
        continue;

      case S.VALUE:
        break;

      case S.STRING_BODY: {
        const left = run.bodyLeft;
        let size = Math.min(left, end - p, PIECE_SIZE);
        if (size === 0 && left > 0) return starve(run, p, o, sp, top, state, node);
        if (o > OUT_SOFT_END) o = run.flush(o, p);
        const isEnd = size === left;
        if (code[base + run.bodyNode + P.NODE_KIND] === P.KIND_BINARY) {
          // Pieces of whole groups of three bytes, but for the last.
          if (!isEnd) size -= size % 3;
          if (size === 0 && left > 0) return starve(run, p, o, sp, top, state, node);
          o = writeBase64(p, p + size, o);
          p += size;
        } else {
          const behind = writeEscaped(p, p + size, o, utf8, isEnd);
          const stop = behind < 0 ? ~behind : p + size;
          o = behind < 0 ? outPosition : behind;
          size = stop - p;
          p = stop;
          if (size === 0 && left > 0) {
            if (isEnd || !couldContinue(p, end)) throw failUtf8(run, sp, o, p);
            return starve(run, p, o, sp, top, state, node);
          }
        }
        run.bodyLeft = left - size;
        if (run.bodyLeft > 0) continue;
        output[o++] = QUOTE;
        state = run.bodyThen;
        continue;
      }

      case S.SKIP_VALUE:
      case S.SKIP_BYTES:
      case S.SKIP_FIELD:
      case S.SKIP_LIST:
      case S.SKIP_MAP:
        leave(run, p, o, sp, top, state, node);
        if (!skipStep(run)) return starve(run, run.position, run.out, run.sp, run.top, run.state, node);
        p = run.position;
        sp = run.sp;
        top = run.top;
        state = run.state;
        continue;

      case S.CAPTURED:
        leave(run, p, o, sp, top, state, node);
        finishCapture(run);
        return CHANGED;

      case S.DONE:
        leave(run, p, o, sp, top, state, node);
        if (p < end) throw run.error("TRAILING_DATA", "more bytes behind the end of the value", p);
        return run.final ? FINISHED : STARVED;

      default:
        throw new Error(`unknown state ${state}`);
    }

    // The value at `p`. A state to resume in is VALUE from here on.
    switch (code[base + node + P.NODE_KIND]) {
      case P.KIND_STRING:
      case P.KIND_BINARY: {
        let size: number;
        let start: number;
        if (!compact) {
          start = p + 4;
          if (start > end) return starve(run, p, o, sp, top, S.VALUE, node);
          size = inView.getInt32(p);
          if (size < 0) throw failSize(run, sp, o, p, size);
        } else {
          start = readVarint(p, end);
          if (start === SUSPEND) return starve(run, p, o, sp, top, S.VALUE, node);
          size = varintLow;
          if (start === OVERFLOW || varintHigh !== 0 || size < 0) throw failSize(run, sp, o, p, -1);
        }
        output[o++] = QUOTE;
        const stop = start + size;
        if (stop <= end && size <= PIECE_SIZE) {
          if (code[base + node + P.NODE_KIND] === P.KIND_STRING) {
            const behind = writeEscaped(start, stop, o, utf8, true);
            if (behind < 0) throw failUtf8(run, sp, outPosition, ~behind);
            o = behind;
          } else {
            o = writeBase64(start, stop, o);
          }
          p = stop;
          output[o++] = QUOTE;
          break;
        }
        openBody(run, p, start, size, node, sp, o);
        p = start;
        state = S.STRING_BODY;
        continue;
      }

      case P.KIND_I32: {
        let value: number;
        if (!compact) {
          if (p + 4 > end) return starve(run, p, o, sp, top, S.VALUE, node);
          value = inView.getInt32(p);
          p += 4;
        } else {
          const next = readVarint(p, end);
          if (next === SUSPEND) return starve(run, p, o, sp, top, S.VALUE, node);
          if (next === OVERFLOW || varintHigh !== 0) throw failVarint(run, sp, o, p, 32);
          value = zigzagLow();
          p = next;
        }
        const quote = code[base + node + P.NODE_FLAGS]! & P.FLAG_QUOTE;
        if (quote !== 0) output[o++] = QUOTE;
        o = writeInt32(value, o, outView, digitPairs);
        if (quote !== 0) output[o++] = QUOTE;
        break;
      }

      case P.KIND_I64: {
        let high: number;
        let low: number;
        if (!compact) {
          if (p + 8 > end) return starve(run, p, o, sp, top, S.VALUE, node);
          high = inView.getInt32(p);
          low = inView.getInt32(p + 4);
          p += 8;
        } else {
          const next = readVarint(p, end);
          if (next === SUSPEND) return starve(run, p, o, sp, top, S.VALUE, node);
          if (next === OVERFLOW) throw failVarint(run, sp, o, p, 64);
          high = zigzagHigh();
          low = zigzagLow();
          p = next;
        }
        const quote = code[base + node + P.NODE_FLAGS]! & P.FLAG_QUOTE;
        if (quote !== 0) output[o++] = QUOTE;
        o = writeInt64(high, low, o);
        if (quote !== 0) output[o++] = QUOTE;
        break;
      }

      case P.KIND_DOUBLE: {
        if (p + 8 > end) return starve(run, p, o, sp, top, S.VALUE, node);
        const value = inView.getFloat64(p, compact);
        const quote = code[base + node + P.NODE_FLAGS]! & P.FLAG_QUOTE;
        if (value - value !== 0) {
          // NaN or infinite
          const text = nonFiniteText(value, code[base + P.HEADER_NON_FINITE]!, stack[sp] === S.MAP_VALUE);
          if (text === undefined) throw failNonFinite(run, sp, o, p);
          for (let i = 0; i < text.length; i++) output[o++] = text.charCodeAt(i);
        } else {
          if (quote !== 0) output[o++] = QUOTE;
          o = writeDouble(value, p, o);
          if (quote !== 0) output[o++] = QUOTE;
        }
        p += 8;
        break;
      }

      case P.KIND_BOOL: {
        if (p >= end) return starve(run, p, o, sp, top, S.VALUE, node);
        const quote = code[base + node + P.NODE_FLAGS]! & P.FLAG_QUOTE;
        if (quote !== 0) output[o++] = QUOTE;
        // In both protocols 1 is true and anything else is not.
        o = writeBoolean(outView, o, input[p] === 1);
        if (quote !== 0) output[o++] = QUOTE;
        p++;
        break;
      }

      case P.KIND_BYTE: {
        if (p >= end) return starve(run, p, o, sp, top, S.VALUE, node);
        const flags = code[base + node + P.NODE_FLAGS]!;
        const value = (flags & P.FLAG_UNSIGNED) !== 0 ? input[p]! : (input[p]! << 24) >> 24;
        if ((flags & P.FLAG_QUOTE) !== 0) output[o++] = QUOTE;
        o = writeInt32(value, o, outView, digitPairs);
        if ((flags & P.FLAG_QUOTE) !== 0) output[o++] = QUOTE;
        p++;
        break;
      }

      case P.KIND_I16:
      case P.KIND_ENUM: {
        const isEnum = code[base + node + P.NODE_KIND] === P.KIND_ENUM;
        let value: number;
        if (!compact) {
          const next = isEnum ? p + 4 : p + 2;
          if (next > end) return starve(run, p, o, sp, top, S.VALUE, node);
          value = isEnum ? inView.getInt32(p) : inView.getInt16(p);
          p = next;
        } else {
          const next = readVarint(p, end);
          if (next === SUSPEND) return starve(run, p, o, sp, top, S.VALUE, node);
          value = zigzagLow();
          if (next === OVERFLOW || varintHigh !== 0 || (!isEnum && value !== (value << 16) >> 16)) {
            throw failVarint(run, sp, o, p, isEnum ? 32 : 16);
          }
          p = next;
        }
        const flags = code[base + node + P.NODE_FLAGS]!;
        if ((flags & P.FLAG_ENUM_NAME) !== 0) {
          const named = writeEnumName(run.code, code[base + node + P.NODE_A]!, value, o);
          if (named !== 0) {
            o = named;
            break;
          }
        }
        if ((flags & P.FLAG_QUOTE) !== 0) output[o++] = QUOTE;
        o = writeInt32(value, o, outView, digitPairs);
        if ((flags & P.FLAG_QUOTE) !== 0) output[o++] = QUOTE;
        break;
      }

      case P.KIND_STRUCT: {
        const struct = code[base + node + P.NODE_A]!;
        const words = code[base + struct + P.STRUCT_WORDS]!;
        if (++run.depth > maxDepth || top + S.FRAME_SEEN + words > STACK_END) {
          throw failDepth(run, sp, o, p, maxDepth);
        }
        stack[top + S.FRAME_STATE] = S.FIELD;
        stack[top + S.FRAME_BELOW] = sp;
        stack[top + S.FRAME_STRUCT] = struct;
        stack[top + S.FRAME_FIELD] = 0;
        stack[top + S.FRAME_EXPECTED] = code[base + struct + P.STRUCT_FIELDS]!;
        stack[top + S.FRAME_LAST_ID] = 0;
        stack[top + S.FRAME_OPENER] = OPEN_BRACE;
        sp = top;
        top += S.FRAME_SEEN;
        for (let i = words; i > 0; i--) stack[top++] = 0;
        state = S.FIELD;
        continue;
      }

      case P.KIND_LIST: {
        // binary: element type, i32 length; compact: (length << 4) | type, from 15 on 0xf0 | type and a varint
        const header = p;
        let type: number;
        let length: number;
        let next: number;
        if (!compact) {
          next = p + 5;
          if (next > end) return starve(run, p, o, sp, top, S.VALUE, node);
          type = input[p]!;
          length = inView.getInt32(p + 1);
        } else {
          if (p >= end) return starve(run, p, o, sp, top, S.VALUE, node);
          type = input[p]! & 0x0f;
          length = input[p]! >> 4;
          next = p + 1;
          if (length === 15) {
            next = readVarint(next, end);
            if (next === SUSPEND) return starve(run, p, o, sp, top, S.VALUE, node);
            length = next === OVERFLOW || varintHigh !== 0 ? -1 : varintLow;
          }
          if (type === COMPACT_TRUE) type = COMPACT_FALSE;
        }
        const element = code[base + node + P.NODE_A]!;
        const least = code[base + element + P.NODE_LEAST]!;
        if (
          length < 0 ||
          length * least > run.leftAt(next) ||
          length > run.settings.limits.maxLength ||
          (type !== code[base + element + P.NODE_WIRE] && (length !== 0 || type !== 0))
        ) {
          throw failListHeader(run, sp, o, p, type, length, next, element);
        }
        if (++run.depth > maxDepth || top + S.CONTAINER_FRAME_SIZE > STACK_END) {
          throw failDepth(run, sp, o, p, maxDepth);
        }
        p = next;
        stack[top + S.FRAME_STATE] = S.LIST_NEXT;
        stack[top + S.FRAME_BELOW] = sp;
        stack[top + S.FRAME_NODE] = element;
        stack[top + S.FRAME_LEFT] = length;
        stack[top + S.FRAME_LENGTH] = length;
        stack[top + S.FRAME_OPENER] = OPEN_BRACKET;
        stack[top + S.FRAME_HEADER] = run.windowBase + header;
        stack[top + S.FRAME_LEAST] = least;
        sp = top;
        top += S.CONTAINER_FRAME_SIZE;
        state = S.LIST_NEXT;
        continue;
      }

      case P.KIND_MAP:
      case P.KIND_PAIRS: {
        // binary: key type, value type, i32 length; compact: varint length, then unless 0 (key << 4) | value type
        const header = p;
        const key = code[base + node + P.NODE_A]!;
        const value = code[base + node + P.NODE_B]!;
        let keyType = 0;
        let valueType = 0;
        let length: number;
        let next: number;
        if (!compact) {
          next = p + 6;
          if (next > end) return starve(run, p, o, sp, top, S.VALUE, node);
          keyType = input[p]!;
          valueType = input[p + 1]!;
          length = inView.getInt32(p + 2);
        } else {
          next = readVarint(p, end);
          if (next === SUSPEND) return starve(run, p, o, sp, top, S.VALUE, node);
          length = next === OVERFLOW || varintHigh !== 0 ? -1 : varintLow;
          if (length > 0) {
            if (next >= end) return starve(run, p, o, sp, top, S.VALUE, node);
            keyType = input[next]! >> 4;
            valueType = input[next]! & 0x0f;
            next++;
            if (keyType === COMPACT_TRUE) keyType = COMPACT_FALSE;
            if (valueType === COMPACT_TRUE) valueType = COMPACT_FALSE;
          }
        }
        const least = code[base + key + P.NODE_LEAST]! + code[base + value + P.NODE_LEAST]!;
        if (
          length < 0 ||
          length * least > run.leftAt(next) ||
          length > run.settings.limits.maxLength ||
          ((keyType !== code[base + key + P.NODE_WIRE] || valueType !== code[base + value + P.NODE_WIRE]) &&
            (length !== 0 || keyType !== 0 || valueType !== 0))
        ) {
          throw failMapHeader(run, sp, o, p, keyType, valueType, length, next, node);
        }
        if (++run.depth > maxDepth || top + S.CONTAINER_FRAME_SIZE > STACK_END) {
          throw failDepth(run, sp, o, p, maxDepth);
        }
        p = next;
        const pairs = code[base + node + P.NODE_KIND] === P.KIND_PAIRS;
        state = pairs ? S.PAIR_KEY : S.MAP_KEY;
        stack[top + S.FRAME_STATE] = state;
        stack[top + S.FRAME_BELOW] = sp;
        stack[top + S.FRAME_NODE] = node;
        stack[top + S.FRAME_LEFT] = length;
        stack[top + S.FRAME_LENGTH] = length;
        stack[top + S.FRAME_OPENER] = pairs ? OPEN_BRACKET : OPEN_BRACE;
        stack[top + S.FRAME_HEADER] = run.windowBase + header;
        stack[top + S.FRAME_LEAST] = least;
        sp = top;
        top += S.CONTAINER_FRAME_SIZE;
        if ((rules & P.RULE_DUPLICATE_KEY_ERROR) !== 0) run.keySets.delete(sp);
        continue;
      }

      case P.KIND_UUID:
        if (p + UUID_SIZE > end) return starve(run, p, o, sp, top, S.VALUE, node);
        output[o++] = QUOTE;
        o = writeUuidText(input, p, output, o);
        output[o++] = QUOTE;
        p += UUID_SIZE;
        break;

      case P.KIND_RAW_JSON:
      case P.KIND_CUSTOM:
        leave(run, p, o, sp, top, S.SKIP_VALUE, node);
        pushCapture(run, S.FOR_MAPPING, stack[sp + S.FRAME_FIELD]!, node);
        return CHANGED;

      default:
        throw new Error(`unknown kind ${code[base + node + P.NODE_KIND]}`);
    }
    state = stack[sp]!;
  }
}

/** Writes `,"name":` with `opener` instead of the comma; returns the position behind it. */
function writeLabel(code: Int32Array, label: number, opener: number, o: number, view: DataView): number {
  const bytes = code[label + P.LABEL_BYTES]!;
  // Four words at once: a loop over words would end unpredictably.
  view.setInt32(o, (code[label + P.LABEL_TEXT]! & ~0xff) | opener, true);
  view.setInt32(o + 4, code[label + P.LABEL_TEXT + 1]!, true);
  view.setInt32(o + 8, code[label + P.LABEL_TEXT + 2]!, true);
  view.setInt32(o + 12, code[label + P.LABEL_TEXT + 3]!, true);
  for (let at = 16; at < bytes; at += 4) view.setInt32(o + at, code[label + P.LABEL_TEXT + (at >> 2)]!, true);
  return o + bytes;
}

function writeBoolean(view: DataView, o: number, value: boolean): number {
  if (value) {
    view.setInt32(o, WORD_TRUE, true);
    return o + 4;
  }
  view.setInt32(o, WORD_FALS, true);
  view.setInt8(o + 4, SMALL_E);
  return o + 5;
}

/** JSON text of NaN or an infinity, or `undefined` where it is an error. */
function nonFiniteText(value: number, rule: number, isKey: boolean): string | undefined {
  if (rule === P.NON_FINITE_STRING) return `"${value}"`;
  return rule === P.NON_FINITE_NULL && !isKey ? "null" : undefined;
}

/** Leaves a string that is longer than a piece or the window; its opening quote is written. */
function openBody(
  run: Run,
  p: number,
  start: number,
  size: number,
  node: number,
  sp: number,
  o: number,
): void {
  if (size > run.leftAt(start)) throw failSize(run, sp, o, p, size);
  run.bodyLeft = size;
  run.bodyNode = node;
  run.bodyThen = STACK[sp]!;
  run.bodyStart = run.windowBase + p;
}
