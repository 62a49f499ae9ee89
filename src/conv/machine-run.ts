import { checkAttached } from "../bytes/is-bytes.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { type ErrorCode, type ErrorDetails, isThriftError, type ThriftError } from "../errors.ts";
import { describePath, type FormatStep, unknownNameStep } from "../path/format.ts";
import { ByteWriter } from "../pool/byte-writer.ts";
import { slabCopyWords } from "../pool/slab.ts";
import { WireError } from "../wire/wire-error.ts";
import type { CallContext } from "./context.ts";
import { ConvertError, isWireCode } from "./convert-error.ts";
import type { Settings } from "./options.ts";
import { HEADER_COMPACT, HEADER_ROOT, HEADER_RULES, type Program } from "./program.ts";

/**
 * The memory that one machine works on, shared by all its conversions: it copies its input into `input` piece
 * by piece, writes to `output`, and moves what is finished to its own writer. Only the run in charge touches
 * it.
 */
export interface Scratch {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  /** The memory of `output` in words of eight bytes, which small results are copied by. */
  readonly outputWords: BigInt64Array;
  /** Frames of open values. Every frame starts with the cells FRAME_STATE and FRAME_BELOW. */
  readonly stack: Int32Array;
  /** Bytes of input that the machine sees at once. */
  readonly windowSize: number;
  /** Called when a window is loaded, with its end. */
  readonly onWindow: (end: number) => void;
  /** The run whose data the memory holds. */
  owner: unknown;
  /** First free cell of the stack for a run that begins now: above the frames of runs that wait in user code. */
  stackFloor: number;
}

/** Cells of the stack of each machine. */
export const STACK_CELLS: number = 64 * 1024;

/** Cells at the start of every frame: the state to go on in after a value inside, and the frame below. */
export const FRAME_STATE = 0;
export const FRAME_BELOW = 1;
export const FRAME_BASE_SIZE = 2;

/** The window that is loaded again after user code has used the scratch memory for conversions of its own. */
const SMALL_WINDOW_SIZE = 4096;

/**
 * Tokens other than the content of strings must fit this many bytes. They are read in one piece, so that a
 * token that trickles in would be scanned again and again.
 */
export const MAX_TOKEN_SIZE = 8192;

/** A surrogate pair `\uXXXX\uXXXX`: the most that a machine leaves unread behind what it has judged of a token. */
const LONGEST_SEQUENCE = 12;

const NO_STEPS: readonly FormatStep[] = [];

/** Bytes of the input on each side of an error that its excerpt shows. */
export const EXCERPT_REACH = 24;

const NO_BYTES = new Uint8Array(0);

/** Room that is made for the output is this much more than expected. */
const EXPECTED_MARGIN = 1.05;
/** And at most this many times the input, since its first part may be unlike the rest, and so many bytes. */
const MOST_EXPECTED = 4;
const MOST_RESERVED = 64 * 1024 * 1024;
/** Memory of which less than this is used is not given away as a result. */
const LEAST_USED = 0.875;

/** How a machine stops. The window is used up: `run.position` is the start of the item that it cuts off. */
export const STARVED = 0;
/** The root value and everything behind it have been read. */
export const FINISHED = 1;
/** The run has been changed by a hook: the machine must load its registers again. */
export const CHANGED = 2;

/** Leaves a machine with its registers in the run. */
export function leave(
  run: MachineRun,
  p: number,
  o: number,
  sp: number,
  top: number,
  state: number,
  node: number,
): typeof STARVED {
  run.position = p;
  run.out = o;
  run.sp = sp;
  run.top = top;
  run.state = state;
  run.node = node;
  return STARVED;
}

/**
 * One conversion in progress: where it stands in its input and output, and everything around a machine's
 * loop: windows, finished output, captured values, user code, streams, errors.
 *
 * Positions in input and output are absolute, counted from the start of the message, unless they are called
 * window positions: those are indices into the scratch memory. The machines add the bases.
 */
export abstract class MachineRun {
  program!: Program;
  code!: Int32Array;
  settings!: Settings;
  call!: CallContext;
  compact = false;
  rules = 0;

  // The machine's registers while it is not running: window position, output position, top frame, first free
  // cell of the stack, state, node, open structs and containers.
  position = 0;
  out = 0;
  sp = 0;
  top = 0;
  state = 0;
  node = 0;
  depth = 0;

  /** End of the window in the scratch input. */
  end = 0;
  /** Whether the input ends with the window. */
  final = false;
  /** Offset in the message of the window's first byte. */
  windowBase = 0;
  /** Output position of the scratch output's first byte. */
  outBase = 0;

  readonly writer: ByteWriter = new ByteWriter({ capacity: 0 });
  /** Output position of the writer's first byte. */
  writerBase = 0;

  protected readonly scratch: Scratch;
  protected source: Uint8Array;
  protected sourcePosition = 0;
  protected sourceIsLast = true;

  /** Keys seen so far per map frame, under `duplicateKeys: "error"`. */
  readonly keySets: Map<number, Set<string>> = new Map();

  /** Offset in the message of the value that is being captured; −1 when none is. */
  #captureStart = -1;
  readonly #captured = new ByteWriter({ capacity: 0 });
  #savedStack: Int32Array | undefined;
  /** The root frame. */
  #base = 0;
  /** The path of the root value, for a conversion inside another one. */
  protected rootPath: readonly FormatStep[] = NO_STEPS;

  constructor(scratch: Scratch) {
    this.scratch = scratch;
    this.source = scratch.input;
  }

  /** Prepares for a new message: the root frame is on the stack, no input is loaded. */
  begin(
    program: Program,
    settings: Settings,
    call: CallContext,
    startState: number,
    doneState: number,
  ): void {
    const { stack, stackFloor } = this.scratch;
    this.program = program;
    this.code = program.code;
    this.settings = settings;
    this.call = call;
    this.compact = program.code[HEADER_COMPACT] === 1;
    this.rules = program.code[HEADER_RULES]!;
    this.position = 0;
    this.out = 0;
    this.depth = 0;
    this.windowBase = 0;
    this.outBase = 0;
    this.writerBase = 0;
    this.#captureStart = -1;
    this.rootPath = NO_STEPS;
    if (this.keySets.size > 0) this.keySets.clear();
    if (this.writer.length > 0) this.writer.clear();
    this.#savedStack = undefined;
    this.#base = stackFloor;
    this.sp = stackFloor;
    this.top = stackFloor + FRAME_BASE_SIZE;
    stack[this.sp + FRAME_STATE] = doneState;
    stack[this.sp + FRAME_BELOW] = stackFloor;
    this.state = startState;
    this.node = program.code[HEADER_ROOT]!;
  }

  /** Sets the whole message as input and loads its first window. The bytes are only read. */
  loadAll(source: Uint8Array): void {
    if (source.length === 0) checkAttached("the bytes of the input", source);
    this.scratch.owner = this;
    this.sourceIsLast = true;
    this.checkSize(source.length);
    this.source = source;
    this.sourcePosition = 0;
    this.load(this.scratch.windowSize);
  }

  protected checkSize(size: number): void {
    const { maxSize } = this.settings.limits;
    if (size > maxSize) {
      throw new WireError("LIMIT_EXCEEDED", `the message is larger than the limit of ${maxSize} bytes`, {
        offset: maxSize,
      });
    }
  }

  /** Loads the window that starts at the source position. */
  protected load(size: number): void {
    const { source, sourcePosition: start } = this;
    const left = source.length - start;
    const end = Math.min(left, size);
    if (start === 0 && end === source.length) this.scratch.input.set(source);
    else this.scratch.input.set(source.subarray(start, start + end));
    this.end = end;
    this.final = this.sourceIsLast && end === left;
    this.scratch.onWindow(end);
  }

  /** Moves the window so that it starts at the machine's position. The window was not the last one. */
  refill(): void {
    const consumed = this.position;
    if (consumed === 0 && this.end >= MAX_TOKEN_SIZE) throw this.tokenTooLong(0);
    this.#spillCapture(consumed);
    this.windowBase += consumed;
    this.sourcePosition += consumed;
    this.position = 0;
    this.load(this.scratch.windowSize);
  }

  // Output.

  /**
   * Moves the scratch output up to window position `o` to the writer; returns 0, the new output position. A machine
   * that says at which window position `p` it reads gets room for all that is to come.
   */
  flush(o: number, p = 0): number {
    const { maxOutputSize } = this.settings.limits;
    const size = this.outBase + o;
    if (size > maxOutputSize && size - this.shrinkable(size) > maxOutputSize) this.#failOutput(maxOutputSize);
    if (this.outBase === 0 && this.sourceIsLast && p > 0) this.#reserveAll(o, this.sourcePosition + p);
    this.writer.append(this.scratch.output, 0, o);
    this.outBase += o;
    return 0;
  }

  /**
   * Makes room for the whole output at once, judged by the `written` bytes that the first `read` bytes of the input
   * have become. Growing step by step, and copying what is in the end, costs a third of the conversion.
   */
  #reserveAll(written: number, read: number): void {
    const { length } = this.source;
    const { maxOutputSize } = this.settings.limits;
    const expected = Math.ceil((length / read) * written * EXPECTED_MARGIN);
    this.writer.reserve(Math.min(expected, length * MOST_EXPECTED, MOST_RESERVED, maxOutputSize));
  }

  /** `offset` is given where the input position is known: a machine at work has it in a register. */
  #failOutput(maxOutputSize: number, offset?: number): never {
    const message = `the output is larger than the limit of ${maxOutputSize} bytes`;
    throw new WireError("LIMIT_EXCEEDED", message, { offset });
  }

  /** By how many bytes an output of `size` may become shorter when the item that is written last is complete. */
  protected shrinkable(_size: number): number {
    return 0;
  }

  /** Throws for a finished output that is larger than its limit. */
  protected checkOutput(): void {
    const { maxOutputSize } = this.settings.limits;
    if (this.outBase + this.out > maxOutputSize) {
      this.#failOutput(maxOutputSize, this.windowBase + this.position);
    }
  }

  /** The output of a finished conversion, owned by the caller. `own`: in a private buffer. */
  takeOutput(own: boolean): Uint8Array {
    this.checkOutput();
    const { output, outputWords } = this.scratch;
    let bytes: Uint8Array;
    if (this.outBase === 0) {
      const { out } = this;
      // Whole words are copied: what follows in the last one must not be of another message.
      for (let i = 0; i < 8; i++) output[out + i] = 0;
      bytes = own ? output.slice(0, out) : slabCopyWords(outputWords, 0, out);
    } else {
      this.out = this.flush(this.out);
      bytes = this.#takeWritten(own);
    }
    this.letGo();
    return bytes;
  }

  /** What the writer has, owned by the caller: the writer's memory itself where hardly any of it is unused. */
  #takeWritten(own: boolean): Uint8Array {
    const { writer } = this;
    const { bytes, length } = writer;
    // A copy by the constructor is not filled with zeros first, unlike one by `slice`.
    if (own || length < bytes.length * LEAST_USED) return new Uint8Array(bytes.subarray(0, length));
    writer.bytes = NO_BYTES;
    writer.length = 0;
    return bytes.subarray(0, length);
  }

  /** Appends the output of a finished conversion to the caller's writer. */
  appendOutput(target: ByteWriter): void {
    this.checkOutput();
    target.reserve(this.writer.length + this.out);
    target.append(this.writer.bytes, 0, this.writer.length);
    target.append(this.scratch.output, 0, this.out);
    this.letGo();
  }

  /** Forgets the message: a run that waits for work must not keep a large one. */
  protected letGo(): void {
    this.source = this.scratch.input;
    if (this.writer.length > 0) this.writer.clear();
  }

  /** Appends bytes at window position `o`; returns the new output position. */
  appendBytes(bytes: Uint8Array, o: number, softEnd: number): number {
    if (bytes.length <= softEnd - o) {
      this.scratch.output.set(bytes, o);
      return o + bytes.length;
    }
    this.flush(o);
    const { maxOutputSize } = this.settings.limits;
    if (this.outBase + bytes.length > maxOutputSize) this.#failOutput(maxOutputSize);
    this.writer.append(bytes);
    this.outBase += bytes.length;
    return 0;
  }

  /** Drops all output from `at` on; returns the new output position. */
  cut(at: number): number {
    if (at >= this.outBase) return at - this.outBase;
    this.writer.truncate(at - this.writerBase);
    this.outBase = at;
    return 0;
  }

  /** A copy of the output from `start` on, `o` being the output position. */
  outputFrom(start: number, o: number): Uint8Array {
    const { output } = this.scratch;
    if (start >= this.outBase) return output.slice(start - this.outBase, o);
    const inWriter = this.writer.bytes.subarray(start - this.writerBase, this.writer.length);
    const joined = new Uint8Array(inWriter.length + o);
    joined.set(inWriter);
    joined.set(output.subarray(0, o), inWriter.length);
    return joined;
  }

  /** Whether the map of a frame has had the key that stands in the output from `start` on; remembers it. */
  isRepeatedKey(frame: number, start: number): boolean {
    let text = "";
    for (const byte of this.outputFrom(start, this.out)) text += String.fromCharCode(byte);
    let keys = this.keySets.get(frame);
    if (keys === undefined) this.keySets.set(frame, (keys = new Set()));
    if (keys.has(text)) return true;
    keys.add(text);
    return false;
  }

  // Values that are handed to user code.

  /** Keeps what the window has of a captured value. */
  #spillCapture(upTo: number): void {
    if (this.#captureStart < 0) return;
    const from = Math.max(this.#captureStart - this.windowBase, 0);
    if (upTo > from) this.#captured.append(this.scratch.input, from, upTo);
  }

  /** Begins to capture the value at window position `p`. */
  beginCapture(p: number): void {
    this.#captureStart = this.windowBase + p;
    this.#captured.clear();
  }

  /** The bytes of the captured value, which ends in front of window position `p`; the caller owns them. */
  endCapture(p: number): Uint8Array {
    this.#spillCapture(p);
    const bytes = this.#captured.toBytes();
    this.#captureStart = -1;
    this.#captured.clear();
    return bytes;
  }

  /**
   * Runs user code. Its conversions may use the scratch memory: the machine's registers are in the run, its
   * output is moved away first, and its window is loaded again afterwards if need be. Window positions have
   * changed then: the machine reads its registers again.
   */
  callOut<T>(userCode: () => T): T {
    const { scratch } = this;
    this.out = this.flush(this.out);
    if (this.source === scratch.input) this.source = scratch.input.slice(0, this.end);
    const floor = scratch.stackFloor;
    scratch.stackFloor = this.top;
    try {
      return userCode();
    } catch (cause) {
      if (isThriftError(cause)) throw cause;
      this.#takeBack(floor);
      throw this.valueError("FAILED_MAPPING", "user code failed", this.position, { cause });
    } finally {
      this.#takeBack(floor);
    }
  }

  /** Makes the scratch memory what it was before user code ran. */
  #takeBack(stackFloor: number): void {
    const { scratch } = this;
    scratch.stackFloor = stackFloor;
    if (scratch.owner === this) return;
    scratch.owner = this;
    this.windowBase += this.position;
    this.sourcePosition += this.position;
    this.position = 0;
    this.load(SMALL_WINDOW_SIZE);
  }

  // Streams.

  /** Takes the scratch memory for the next piece of input: what was left of the last, then `chunk`. */
  resume(carried: Uint8Array, chunk: Uint8Array, isLast: boolean): void {
    this.scratch.owner = this;
    if (this.#savedStack !== undefined) this.#restoreStack(this.#savedStack);
    let source = chunk;
    if (carried.length > 0) {
      source = new Uint8Array(carried.length + chunk.length);
      source.set(carried);
      source.set(chunk, carried.length);
    }
    this.checkSize(this.windowBase + source.length);
    this.source = source;
    this.sourcePosition = 0;
    this.sourceIsLast = isLast;
    this.position = 0;
    this.load(this.scratch.windowSize);
  }

  /** Leaves the scratch memory before any input. */
  park(): void {
    this.#savedStack = this.scratch.stack.slice(this.#base, this.top);
  }

  /** Whether the window ends with the piece of input, so that the machine needs another piece. */
  get isStarved(): boolean {
    return this.sourcePosition + this.end === this.source.length;
  }

  /** Leaves the scratch memory; returns the input that was not used, owned by the caller. */
  suspend(): Uint8Array {
    this.#spillCapture(this.position);
    this.out = this.flush(this.out);
    const rest = this.source.slice(this.sourcePosition + this.position);
    if (rest.length > MAX_TOKEN_SIZE + LONGEST_SEQUENCE) throw this.tokenTooLong(this.position);
    this.windowBase += this.position;
    this.position = 0;
    this.#savedStack = this.scratch.stack.slice(this.#base, this.top);
    this.source = this.scratch.input;
    return rest;
  }

  /** Output that nothing can change any more, removed from the run; the caller owns it. */
  takeSettledOutput(): Uint8Array {
    const { writer, writerBase } = this;
    const settled = Math.max(Math.min(this.firstOpenSlot(), writerBase + writer.length), writerBase);
    const size = settled - writerBase;
    const taken = writer.bytes.slice(0, size);
    writer.bytes.copyWithin(0, size, writer.length);
    writer.length -= size;
    if (writer.length === 0) writer.clear();
    this.writerBase = settled;
    return taken;
  }

  /** The output position of the first header that still waits for a count or size. */
  protected firstOpenSlot(): number {
    return Number.POSITIVE_INFINITY;
  }

  #restoreStack(saved: Int32Array): void {
    const { stack, stackFloor } = this.scratch;
    if (saved.length > stack.length - stackFloor) {
      throw new WireError("LIMIT_EXCEEDED", "values are nested too deep", { offset: this.windowBase });
    }
    stack.set(saved, stackFloor);
    this.#savedStack = undefined;
    const shift = stackFloor - this.#base;
    if (shift === 0) return;
    this.#base += shift;
    this.sp += shift;
    this.top += shift;
    for (let frame = this.sp; ; frame = stack[frame + FRAME_BELOW]!) {
      stack[frame + FRAME_BELOW]! += shift;
      if (frame === this.#base) break;
    }
    this.onStackMoved(shift);
  }

  /** The frames now start `shift` cells further on. */
  protected onStackMoved(shift: number): void {
    const keySets = [...this.keySets];
    this.keySets.clear();
    for (const [frame, keys] of keySets) this.keySets.set(frame + shift, keys);
  }

  // Errors.

  /** The frames' starts, the outermost value's first. */
  protected frames(): number[] {
    const { stack } = this.scratch;
    const frames: number[] = [];
    for (let frame = this.sp; frame !== this.#base; frame = stack[frame + FRAME_BELOW]!) frames.push(frame);
    return frames.reverse();
  }

  /** Appends the path from the value of a frame to what is in work inside it. */
  protected abstract pushPathSteps(steps: FormatStep[], frame: number): void;

  /**
   * An error at window position `p`, about the innermost open struct or container itself. The machine has
   * left its top frame in `sp` and its output position in `out`.
   */
  error(code: ErrorCode, message: string, p: number, details: ErrorDetails = {}): ThriftError {
    return this.#makeError(code, message, p, this.frames().slice(0, -1), details);
  }

  /** An error at window position `p` about the value in work: a field, an element, a map entry. */
  valueError(code: ErrorCode, message: string, p: number, details: ErrorDetails = {}): ThriftError {
    return this.#makeError(code, message, p, this.frames(), details);
  }

  /** An error about a key or id that the innermost struct does not have. */
  unknownField(step: FormatStep, p: number, message = "the struct has no such field"): ThriftError {
    const shown = typeof step === "string" ? unknownNameStep(step) : step;
    return this.#makeError("UNKNOWN_FIELD", message, p, this.frames().slice(0, -1), {}, shown);
  }

  tokenTooLong(p: number): ThriftError {
    return this.valueError("LIMIT_EXCEEDED", `a token is longer than ${MAX_TOKEN_SIZE} bytes`, p);
  }

  #makeError(
    code: ErrorCode,
    message: string,
    p: number,
    frames: readonly number[],
    details: ErrorDetails,
    lastStep?: FormatStep,
  ): ThriftError {
    const steps = this.#stepsOf(frames);
    if (lastStep !== undefined) steps.push(lastStep);
    const place: ErrorDetails = {
      offset: this.windowBase + p,
      path: steps.length === 0 ? undefined : describePath(steps),
      excerpt: this.excerptAt(p),
      ...details,
    };
    return isWireCode(code) ? new WireError(code, message, place) : new ConvertError(code, message, place);
  }

  /** The path of the value in work. */
  protected pathSteps(): FormatStep[] {
    return this.#stepsOf(this.frames());
  }

  #stepsOf(frames: readonly number[]): FormatStep[] {
    const steps = [...this.rootPath];
    for (const frame of frames) this.pushPathSteps(steps, frame);
    return steps;
  }

  /** A short piece of the input around window position `p`, where the input is text. */
  protected excerptAt(p: number): string | undefined {
    const from = Math.max(p - EXCERPT_REACH, 0);
    const to = Math.min(p + EXCERPT_REACH, this.end);
    // The place may lie in front of the window.
    return to > 0 ? decodeUtf8(this.scratch.input, from, to) : undefined;
  }
}
