import { encodeUtf8, LONE_SURROGATE, utf8ByteLength, writeUtf8 } from "../bytes/utf8.ts";
import type { CallContext, ThriftBase } from "../conv/context.ts";
import { ConvertError } from "../conv/convert-error.ts";
import { keyStep } from "../conv/key-step.ts";
import { EXCERPT_REACH, MachineRun, type Scratch } from "../conv/machine-run.ts";
import type { Settings } from "../conv/options.ts";
import {
  FIELD_INDEX,
  FIELD_PLAIN,
  KIND_BINARY,
  NODE_A,
  NODE_KIND,
  type Program,
  STRUCT_INDEX,
} from "../conv/program.ts";
import type { JsonToThriftContext } from "../descriptor/mapping.ts";
import type { FormatStep } from "../path/format.ts";
import { isGiven } from "./base.ts";
import { setWindowEnd } from "./lex.ts";
import { IN, OUT, OUT_VIEW, OUT_WORDS, STACK, WINDOW_SIZE } from "./scratch.ts";
import * as S from "./states.ts";

const SCRATCH: Scratch = {
  input: IN,
  output: OUT,
  outputWords: OUT_WORDS,
  stack: STACK,
  windowSize: WINDOW_SIZE,
  onWindow: setWindowEnd,
  owner: undefined,
  stackFloor: 0,
};

/**
 * Converts the JSON text of a field's value inside another conversion, by the node's rules. `baseOfCall`: the value is
 * the Thrift base, to be merged with this one.
 */
export type InnerConversion = (
  outer: Run,
  node: number,
  json: Uint8Array,
  offset: number,
  call: CallContext,
  baseOfCall?: ThriftBase,
) => Uint8Array;

const NO_CALL: CallContext = Object.freeze({});

/** The most characters of base64 that stand for no byte. */
const BASE64_PADDING = 2;

/** A JSON→Thrift conversion in progress. */
export class Run extends MachineRun {
  /** Where an unfinished string began, in the output behind its size; its node; and the state behind it. */
  bodyStart = 0;
  bodyNode = 0;
  bodyThen = 0;
  /** Whether that string has not been completed yet. */
  bodyIsOpen = false;
  /** Offset in the message of its opening quote. */
  bodyToken = 0;

  /** Struct frames (by their start) with the fields whose JSON is passed over, because a source decides. */
  closedFields: Map<number, Set<number>> | undefined;

  /** Where the root value is the Thrift base of a message: the base of the call, which it will be merged with. */
  baseOfCall: ThriftBase | undefined;

  readonly #convertInside: InnerConversion;

  constructor(convertInside: InnerConversion) {
    super(SCRATCH);
    this.#convertInside = convertInside;
  }

  start(program: Program, settings: Settings, call: CallContext): void {
    this.begin(program, settings, call, S.VALUE, S.DONE);
    this.closedFields = undefined;
    this.baseOfCall = undefined;
    this.bodyIsOpen = false;
  }

  /** Prepares for a value of a message that another run converts: errors speak of places in that message. */
  startInside(outer: Run, node: number, offset: number, call: CallContext): void {
    this.start(outer.program, outer.settings, call);
    this.node = node;
    this.windowBase = offset;
    this.depth = outer.depth;
    this.rootPath = outer.pathSteps();
  }

  /** Sets a whole text as input; what fits the window is encoded right there. */
  loadText(json: string): void {
    // A unit of UTF-16 takes at most three bytes of UTF-8.
    const most = json.length * 3;
    const target = most <= WINDOW_SIZE ? IN : new Uint8Array(most);
    SCRATCH.owner = this;
    const end = writeUtf8(json, target, 0);
    if (end < 0) failSurrogate(json);
    if (target !== IN) {
      this.loadAll(target.subarray(0, end));
      return;
    }
    this.checkSize(end);
    this.source = IN;
    this.sourcePosition = 0;
    this.sourceIsLast = true;
    this.end = end;
    this.final = true;
    setWindowEnd(end);
  }

  /** Writes a big-endian i32 over output that may have been moved to the writer. */
  patchInt32(at: number, value: number): void {
    if (at >= this.outBase) {
      OUT_VIEW.setInt32(at - this.outBase, value);
      return;
    }
    const { bytes } = this.writer;
    const index = at - this.writerBase;
    bytes[index] = value >> 24;
    bytes[index + 1] = value >> 16;
    bytes[index + 2] = value >> 8;
    bytes[index + 3] = value;
  }

  patchByte(at: number, value: number): void {
    if (at >= this.outBase) OUT[at - this.outBase] = value;
    else this.writer.bytes[at - this.writerBase] = value;
  }

  /** Writes the varint over `width` bytes at `at`, which must be as many as it takes. */
  patchVarint(at: number, value: number): void {
    let position = at;
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.patchByte(position++, (rest & 0x7f) | 0x80);
    this.patchByte(position, rest);
  }

  /** Moves everything from `at` on by `size` bytes towards the end; returns the new output position. */
  openGap(at: number, size: number, o: number): number {
    if (at >= this.outBase) {
      const start = at - this.outBase;
      if (o + size <= OUT.length - STRETCH) {
        OUT.copyWithin(start + size, start, o);
        return o + size;
      }
    }
    this.flush(o);
    const { writer } = this;
    writer.reserve(size);
    const start = at - this.writerBase;
    writer.bytes.copyWithin(start + size, start, writer.length);
    writer.length += size;
    this.outBase += size;
    return 0;
  }

  /** What user code gets to know of a field, whose JSON text `captured` has been read from `offset` on. */
  contextOf(record: number, captured?: Uint8Array, offset = 0): JsonToThriftContext {
    return {
      field: this.program.fields[this.code[record + FIELD_INDEX]!]!,
      protocol: this.settings.protocol,
      fromJson: (json) => {
        const bytes = typeof json === "string" ? encodeUtf8(json) : json;
        return this.#convertInside(
          this,
          this.code[record + FIELD_PLAIN]!,
          bytes,
          bytes === captured ? offset : 0,
          NO_CALL,
        );
      },
    };
  }

  /** The encoded base that the JSON has, but for fields that the call's base gives. The call's source has its say. */
  convertBase(node: number, json: Uint8Array, offset: number): Uint8Array {
    const { source, base } = this.call;
    return this.#convertInside(this, node, json, offset, source === undefined ? NO_CALL : { source }, base);
  }

  /** Whether a field of the base, which the JSON lacks, is the business of the call's base. */
  isGivenByCall(record: number): boolean {
    const field = this.program.fields[this.code[record + FIELD_INDEX]!]!;
    return isGiven(field, this.baseOfCall!, this.settings);
  }

  /** Whether a struct record is the arguments of a method. */
  isArgs(struct: number): boolean {
    return this.program.structs[this.code[struct + STRUCT_INDEX]!]!.role === "args";
  }

  protected override firstOpenSlot(): number {
    for (const frame of this.frames()) {
      if (isContainerFrame(STACK[frame + S.FRAME_STATE]!)) return STACK[frame + S.FRAME_SLOT]!;
    }
    // The size in front of a string's body takes four bytes, or one in the compact protocol.
    return this.state === S.STRING_BODY ? this.bodyStart - 4 : Number.POSITIVE_INFINITY;
  }

  /** A string in work may be base64, four bytes of which become three or less; or a key, which a null takes back. */
  protected override shrinkable(size: number): number {
    if (!this.bodyIsOpen) return 0;
    const written = size - this.bodyStart;
    if (this.bodyThen === S.MAP_COLON) return written + (this.compact ? 1 : 4);
    return this.code[this.bodyNode + NODE_KIND] === KIND_BINARY ? (written >> 2) + BASE64_PADDING : 0;
  }

  protected override onStackMoved(shift: number): void {
    super.onStackMoved(shift);
    if (this.closedFields !== undefined) {
      this.closedFields = new Map([...this.closedFields].map(([frame, fields]) => [frame + shift, fields]));
    }
  }

  protected override pushPathSteps(steps: FormatStep[], frame: number): void {
    switch (STACK[frame + S.FRAME_STATE]) {
      case S.STRUCT_NEXT: {
        const struct = STACK[frame + S.FRAME_STRUCT]!;
        const field = STACK[frame + S.FRAME_FIELD]!;
        if (field >= 0 && field !== struct)
          steps.push(this.program.fields[this.code[field + FIELD_INDEX]!]!.name);
        break;
      }
      case S.LIST_NEXT:
        steps.push(STACK[frame + S.FRAME_INDEX]! - 1);
        break;
      case S.MAP_NEXT: {
        const start = STACK[frame + S.FRAME_KEY]!;
        // A key whose end has not been read has no size yet.
        if (start < 0 || (this.bodyIsOpen && this.bodyThen === S.MAP_COLON && frame === this.sp)) break;
        const bytes = this.outputFrom(start, this.out);
        const keyNode = this.code[STACK[frame + S.FRAME_NODE]! + NODE_A]!;
        const step = keyStep(this.program, keyNode, bytes);
        if (step !== undefined) steps.push(step);
        break;
      }
      case S.PAIRS_NEXT:
        if (STACK[frame + S.FRAME_INDEX]! > 0) steps.push(STACK[frame + S.FRAME_INDEX]! - 1);
        break;
      case S.PAIR_COMMA:
        steps.push(STACK[frame + S.FRAME_INDEX]! - 1, 0);
        break;
      case S.PAIR_END:
        steps.push(STACK[frame + S.FRAME_INDEX]! - 1, 1);
        break;
      default:
    }
  }
}

/** Cells of `OUT` that `openGap` leaves free for the value in work. */
const STRETCH = 64;

function isContainerFrame(state: number): boolean {
  return state === S.LIST_NEXT || state === S.MAP_NEXT || (state >= S.PAIRS_NEXT && state <= S.PAIR_END);
}

function failSurrogate(json: string): never {
  const index = json.search(LONE_SURROGATE);
  throw new ConvertError("INVALID_UTF8", "the JSON text has a lone surrogate", {
    offset: utf8ByteLength(json.slice(0, index)),
    excerpt: json.slice(Math.max(index - EXCERPT_REACH, 0), index),
  });
}
