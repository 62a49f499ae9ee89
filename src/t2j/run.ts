import { decodeAscii, decodeUtf8 } from "../bytes/utf8.ts";
import type { CallContext } from "../conv/context.ts";
import { keyStep } from "../conv/key-step.ts";
import { MachineRun, type PlainConversion, type Scratch } from "../conv/machine-run.ts";
import type { Settings } from "../conv/options.ts";
import {
  FIELD_INDEX,
  NODE_A,
  type Program,
  RULE_DUPLICATE_KEY_ERROR,
  STRUCT_INDEX,
} from "../conv/program.ts";
import type { ThriftToJsonContext } from "../descriptor/mapping.ts";
import type { FieldDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import type { ThriftError } from "../errors.ts";
import type { FormatStep } from "../path/format.ts";
import { IN, OUT, STACK, WINDOW_SIZE } from "./scratch.ts";
import * as S from "./states.ts";

const SCRATCH: Scratch = {
  input: IN,
  output: OUT,
  stack: STACK,
  windowSize: WINDOW_SIZE,
  onWindow: () => {},
  owner: undefined,
  stackFloor: 0,
};

/** A Thrift→JSON conversion in progress. */
export class Run extends MachineRun {
  /** Inside a string: bytes of it that have not been read, its node, the state behind it. */
  bodyLeft = 0;
  bodyNode = 0;
  bodyThen = 0;
  /** Offset in the message of its size. */
  bodyStart = 0;
  /** What is written behind the string: 1 a quote, 2 a quote and a colon. */
  bodyTail = 0;

  /** Wire type of the value that is passed over; in the compact protocol a nibble. */
  skipType = 0;
  skipLeft = 0;
  /** Offset in the message of the size that `skipLeft` comes from. */
  skipStart = 0;

  /** Text of the map keys whose bytes are no longer in the window, by frame. */
  readonly #keptKeys: Map<number, FormatStep> = new Map();

  constructor(convertPlainly: PlainConversion) {
    super(SCRATCH, convertPlainly);
  }

  start(program: Program, settings: Settings, call: CallContext): void {
    this.begin(program, settings, call, S.VALUE, S.DONE);
    if (this.#keptKeys.size > 0) this.#keptKeys.clear();
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
    return super.callOut(userCode);
  }

  /** Remembers the keys of open map entries, which errors show, before their bytes leave the window. */
  #keepKeys(): void {
    for (const frame of this.frames()) {
      const state = STACK[frame + S.FRAME_STATE];
      if (state !== S.MAP_KEY) continue;
      const key = STACK[frame + S.FRAME_KEY]!;
      if (key < this.windowBase) continue;
      const step = this.#readKey(frame);
      if (step !== undefined) this.#keptKeys.set(frame, step);
    }
  }

  contextOf(field: FieldDescriptor): ThriftToJsonContext {
    return { field, protocol: this.settings.protocol, toJson: (bytes) => this.toJson(field.type, bytes) };
  }

  /** JSON text of an encoded value by the ordinary rules. */
  toJson(type: TypeDescriptor, bytes: Uint8Array): string {
    return decodeUtf8(this.convertPlainly(type, bytes, this.settings));
  }

  /** The output of a finished conversion as a string. */
  takeText(isAscii: boolean): string {
    if (this.outBase === 0) return isAscii ? decodeAscii(OUT, 0, this.out) : decodeUtf8(OUT, 0, this.out);
    this.out = this.flush(this.out);
    return decodeUtf8(this.writer.bytes, 0, this.writer.length);
  }

  roleOf(struct: number): "args" | "result" | undefined {
    return this.program.structs[this.code[struct + STRUCT_INDEX]!]!.role;
  }

  protected override onStackMoved(shift: number): void {
    super.onStackMoved(shift);
    const kept = [...this.#keptKeys];
    this.#keptKeys.clear();
    for (const [frame, step] of kept) this.#keptKeys.set(frame + shift, step);
  }

  /** Under `duplicateKeys: "error"` the text of a key in work is needed until it has been compared. */
  protected override firstOpenSlot(): number {
    if ((this.rules & RULE_DUPLICATE_KEY_ERROR) === 0) return Number.POSITIVE_INFINITY;
    for (const frame of this.frames()) {
      const state = STACK[frame + S.FRAME_STATE];
      if (state === S.MAP_VALUE || state === S.PAIR_VALUE) return STACK[frame + S.FRAME_KEY_OUT]!;
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
      if (length * STACK[frame + S.FRAME_LEAST]! > end - header) {
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
    return this.valueError("TRUNCATED", "the bytes end inside a value", p);
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
        const key = STACK[frame + S.FRAME_KEY]!;
        const step = key < this.windowBase ? this.#keptKeys.get(frame) : this.#readKey(frame);
        if (step !== undefined) steps.push(step);
        break;
      }
      case S.PAIR_VALUE:
        steps.push(this.#index(frame), 0);
        break;
      case S.PAIR_END:
        steps.push(this.#index(frame), 1);
        break;
      default:
    }
  }

  #index(frame: number): number {
    return STACK[frame + S.FRAME_LENGTH]! - STACK[frame + S.FRAME_LEFT]! - 1;
  }

  /** The key of the entry in work, read again from the window. */
  #readKey(frame: number): FormatStep | undefined {
    const keyNode = this.code[STACK[frame + S.FRAME_NODE]! + NODE_A]!;
    return keyStep(this.program, keyNode, IN, STACK[frame + S.FRAME_KEY]! - this.windowBase, this.end);
  }
}

function isContainerFrame(state: number): boolean {
  return (
    state === S.LIST_NEXT ||
    (state >= S.MAP_KEY && state <= S.PAIR_END) ||
    state === S.SKIP_LIST ||
    state === S.SKIP_MAP
  );
}
