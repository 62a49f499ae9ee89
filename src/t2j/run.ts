import { decodeAscii, decodeUtf8 } from "../bytes/utf8.ts";
import type { CallContext } from "../conv/context.ts";
import { keyStep, SHOWN_KEY_SIZE } from "../conv/key-step.ts";
import { MachineRun, type Scratch } from "../conv/machine-run.ts";
import type { Settings } from "../conv/options.ts";
import {
  FIELD_INDEX,
  FIELD_PLAIN,
  NODE_A,
  type Program,
  RULE_DUPLICATE_KEY_ERROR,
  RULE_MISMATCH_SKIP,
  STRUCT_INDEX,
} from "../conv/program.ts";
import type { ThriftToJsonContext } from "../descriptor/mapping.ts";
import type { ThriftError } from "../errors.ts";
import type { FormatStep } from "../path/format.ts";
import { IN, OUT, OUT_WORDS, STACK, WINDOW_SIZE } from "./scratch.ts";
import * as S from "./states.ts";
import { noteNonAscii } from "./text.ts";

const SCRATCH: Scratch = {
  input: IN,
  output: OUT,
  outputWords: OUT_WORDS,
  stack: STACK,
  windowSize: WINDOW_SIZE,
  onWindow: () => {},
  owner: undefined,
  stackFloor: 0,
};

/**
 * Converts a value inside another conversion, which goes on afterwards: by which node, the encoded value, its
 * offset in the message, and the call.
 */
export type InnerConversion = (
  outer: Run,
  node: number,
  bytes: Uint8Array,
  offset: number,
  call: CallContext,
) => Uint8Array;

/** The first bytes of a map key, as many as paths show, and its offset in the message. */
interface KeptKey {
  readonly start: number;
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const NO_CALL: CallContext = Object.freeze({});

/** A Thrift→JSON conversion in progress. */
export class Run extends MachineRun {
  /** Inside a string: bytes of it that have not been read, its node, the state behind it. */
  bodyLeft = 0;
  bodyNode = 0;
  bodyThen = 0;
  /** Offset in the message of its size. */
  bodyStart = 0;

  /** Wire type of the value that is passed over; in the compact protocol a nibble. */
  skipType = 0;
  skipLeft = 0;
  /** Offset in the message of the size that `skipLeft` comes from. */
  skipStart = 0;

  /** Whether the value is part of a default, of which nothing is missing. */
  isDefault = false;

  /** The keys of open map entries, which errors show, by frame; kept before their bytes leave the window. */
  readonly #keptKeys: Map<number, KeptKey> = new Map();
  readonly #convertInside: InnerConversion;

  constructor(convertInside: InnerConversion) {
    super(SCRATCH);
    this.#convertInside = convertInside;
  }

  start(program: Program, settings: Settings, call: CallContext): void {
    this.begin(program, settings, call, S.VALUE, S.DONE);
    this.isDefault = false;
    if (this.#keptKeys.size > 0) this.#keptKeys.clear();
  }

  /** Prepares for a value of a message that another run converts: errors speak of places in that message. */
  startInside(outer: Run, node: number, offset: number, call: CallContext): void {
    this.start(outer.program, outer.settings, call);
    this.node = node;
    this.windowBase = offset;
    this.depth = outer.depth;
    this.rootPath = outer.pathSteps();
    this.isDefault = outer.isDefault;
  }

  /** The bytes of the message that are known to be left behind window position `p`. */
  leftAt(p: number): number {
    return this.sourceIsLast ? this.source.length - this.sourcePosition - p : Number.POSITIVE_INFINITY;
  }

  override refill(): void {
    this.#keepKeys();
    super.refill();
  }

  override suspend(): Uint8Array {
    this.#keepKeys();
    return super.suspend();
  }

  override callOut<T>(userCode: () => T): T {
    this.#keepKeys();
    try {
      return super.callOut(userCode);
    } finally {
      // Conversions in the user's code have their own opinion.
      noteNonAscii();
    }
  }

  #keepKeys(): void {
    for (const frame of this.frames()) {
      const state = STACK[frame + S.FRAME_STATE];
      if (state === S.MAP_KEY || state === S.MAP_VALUE) this.#keepKey(frame);
    }
  }

  /** Adds to a kept key what the window has of it. The key of the entry in work, also one that is in work. */
  #keepKey(frame: number): Uint8Array {
    const start = STACK[frame + S.FRAME_KEY]!;
    const kept = this.#keptKeys.get(frame);
    const known = kept?.start === start ? kept.bytes : NO_BYTES;
    const from = start + known.length - this.windowBase;
    if (known.length >= SHOWN_KEY_SIZE || from < 0 || from >= this.end) return known;
    const more = IN.subarray(from, Math.min(this.end, from + SHOWN_KEY_SIZE - known.length));
    const bytes = new Uint8Array(known.length + more.length);
    bytes.set(known);
    bytes.set(more, known.length);
    this.#keptKeys.set(frame, { start, bytes });
    return bytes;
  }

  /** What user code gets to know of a field whose encoded value `captured` has been read from `offset` on. */
  contextOf(record: number, captured: Uint8Array, offset: number): ThriftToJsonContext {
    return {
      field: this.program.fields[this.code[record + FIELD_INDEX]!]!,
      protocol: this.settings.protocol,
      toJson: (bytes) => this.toPlainJson(record, bytes, bytes === captured ? offset : 0),
    };
  }

  /** JSON text of the encoded value of a field by the ordinary rules. */
  toPlainJson(record: number, bytes: Uint8Array, offset: number): string {
    return decodeUtf8(this.#convertInside(this, this.code[record + FIELD_PLAIN]!, bytes, offset, NO_CALL));
  }

  /** JSON text of an encoded value as if it had not been captured; `node` is no mapping. */
  toFieldJson(node: number, bytes: Uint8Array, offset: number): Uint8Array {
    return this.#convertInside(this, node, bytes, offset, this.call);
  }

  /** The output of a finished conversion as a string. */
  takeText(isAscii: boolean): string {
    this.checkOutput();
    let text: string;
    if (this.outBase === 0) {
      text = isAscii ? decodeAscii(OUT, 0, this.out) : decodeUtf8(OUT, 0, this.out);
    } else {
      this.out = this.flush(this.out);
      text = decodeUtf8(this.writer.bytes, 0, this.writer.length);
    }
    this.letGo();
    return text;
  }

  roleOf(struct: number): "args" | "result" | undefined {
    return this.program.structs[this.code[struct + STRUCT_INDEX]!]!.role;
  }

  protected override onStackMoved(shift: number): void {
    super.onStackMoved(shift);
    const kept = [...this.#keptKeys];
    this.#keptKeys.clear();
    for (const [frame, key] of kept) this.#keptKeys.set(frame + shift, key);
  }

  /** A key in work may have to be compared under `duplicateKeys: "error"`, or taken back under `mismatch: "skip"`. */
  protected override firstOpenSlot(): number {
    if ((this.rules & (RULE_DUPLICATE_KEY_ERROR | RULE_MISMATCH_SKIP)) === 0) return Number.POSITIVE_INFINITY;
    for (const frame of this.frames()) {
      const state = STACK[frame + S.FRAME_STATE];
      if (state === S.MAP_VALUE || state === S.PAIR_VALUE) return STACK[frame + S.FRAME_KEY_OUT]! - 2;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The input is no text: errors carry no piece of it. */
  protected override excerptAt(): undefined {
    return undefined;
  }

  /** The input ends inside a value that starts at window position `p`. */
  truncated(p: number): ThriftError {
    const end = this.windowBase + this.end;
    // A size that the whole input cannot hold is the fault, however the input was cut into pieces.
    for (const frame of this.frames()) {
      if (!isContainerFrame(STACK[frame + S.FRAME_STATE]!)) continue;
      const header = STACK[frame + S.FRAME_HEADER]!;
      const length = STACK[frame + S.FRAME_LENGTH]!;
      const left = end - header - this.#headerSize(STACK[frame + S.FRAME_STATE]!, length);
      if (length * STACK[frame + S.FRAME_LEAST]! > left) {
        const message = `${length} elements cannot fit the bytes that are left`;
        this.sp = STACK[frame + S.FRAME_BELOW]!;
        return this.valueError("INVALID_SIZE", message, header - this.windowBase);
      }
    }
    if (this.state === S.STRING_BODY || this.state === S.SKIP_BYTES) {
      const start = this.state === S.STRING_BODY ? this.bodyStart : this.skipStart;
      return this.valueError(
        "INVALID_SIZE",
        "a size beyond the bytes that are left",
        start - this.windowBase,
      );
    }
    const message = "the bytes end inside a value";
    // Not in the field, or the element, that has been read last.
    if (this.state === S.FIELD) return this.error("TRUNCATED", message, p);
    if (this.state === S.LIST_NEXT) STACK[this.sp + S.FRAME_LEFT]!--;
    return this.valueError("TRUNCATED", message, p);
  }

  /** Bytes of a container's header; in the compact protocol, of the shortest form of it. */
  #headerSize(state: number, length: number): number {
    const isList = state === S.LIST_NEXT || state === S.SKIP_LIST;
    if (!this.compact) return isList ? BINARY_LIST_HEADER_SIZE : BINARY_MAP_HEADER_SIZE;
    if (isList && length < COMPACT_LONG_LENGTH) return 1;
    let size = 2;
    for (let rest = length; rest >= 0x80; rest >>>= 7) size++;
    return size;
  }

  protected override pushPathSteps(steps: FormatStep[], frame: number): void {
    switch (STACK[frame + S.FRAME_STATE]) {
      case S.FIELD: {
        const field = STACK[frame + S.FRAME_FIELD]!;
        if (field !== 0) steps.push(this.program.fields[this.code[field + FIELD_INDEX]!]!.name);
        break;
      }
      case S.LIST_NEXT:
        steps.push(this.#index(frame));
        break;
      case S.MAP_KEY: {
        // The state behind the value: its key has been read.
        const keyNode = this.code[STACK[frame + S.FRAME_NODE]! + NODE_A]!;
        const step = keyStep(this.program, keyNode, this.#keepKey(frame));
        if (step !== undefined) steps.push(step);
        break;
      }
      case S.PAIR_VALUE:
        steps.push(this.#index(frame), 0);
        break;
      case S.PAIR_END:
        steps.push(this.#index(frame), 1);
        break;
      case S.SKIP_PAIR_VALUE:
        steps.push(this.#index(frame), 0);
        break;
      default:
    }
  }

  #index(frame: number): number {
    return STACK[frame + S.FRAME_LENGTH]! - STACK[frame + S.FRAME_LEFT]! - 1;
  }
}

/** Type, i32 length. */
const BINARY_LIST_HEADER_SIZE = 5;
/** Two types, i32 length. */
const BINARY_MAP_HEADER_SIZE = 6;
/** From this length on a list of the compact protocol has its length in a varint. */
const COMPACT_LONG_LENGTH = 15;

function isContainerFrame(state: number): boolean {
  return (
    state === S.LIST_NEXT ||
    (state >= S.MAP_KEY && state <= S.PAIR_END) ||
    state === S.SKIP_PAIR_VALUE ||
    state === S.SKIP_LIST ||
    state === S.SKIP_MAP
  );
}
