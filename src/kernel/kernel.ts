import {
  CONVERTED,
  type Direction,
  FAILED,
  KernelInstance,
  type KernelProgram,
  MAX_ROOM,
  type Room,
  TOO_LARGE,
} from "./instance.ts";
import { kernelModule } from "./module.ts";

/**
 * The instances that conversions share: a small one for nearly all messages, and a larger one as long as the garbage
 * collector leaves it. The kernel never calls JavaScript, so no conversion begins while another one runs, and an
 * output is valid until the next conversion begins.
 */

/** More than this at once would need more stack than WebAssembly is sure to have. */
export const MAX_KERNEL_DEPTH = 512;

/** Pages that no message reaches are never touched. */
const USUAL_ROOM: Room = { programs: 2 * 1024 * 1024, stack: 256 * 1024, message: 4 * 1024 * 1024 };

/** Of the room for messages. Bitmaps of open structs and keys of open maps stand on the stack. */
const STACK_SHARE = 1 / 4;

export interface KernelLimits {
  readonly maxSize: number;
  readonly maxDepth: number;
  readonly maxLength: number;
  readonly maxOutputSize: number;
}

let usual: KernelInstance | undefined;
let larger: WeakRef<KernelInstance> | undefined;

/**
 * How many messages the usual instance has converted since the larger one did, and after how many that is let go; 0 when
 * there is nothing to let go.
 */
let sinceLarger = 0;
let patience = 0;
const FIRST_PATIENCE = 256;
const LAST_PATIENCE = 1_048_576;

/**
 * V8 looks for large garbage when buffers of this size in all have been made, not when one has become garbage: it would
 * leave the memory where it is as long as only small messages follow.
 */
const PRESSURE = 64 * 1024 * 1024;

/** Whether the runtime can run the kernel. */
export function hasKernel(): boolean {
  return usualInstance() !== undefined;
}

function usualInstance(): KernelInstance | undefined {
  return (usual ??= createInstance(USUAL_ROOM));
}

function createInstance(room: Room): KernelInstance | undefined {
  const module = kernelModule();
  if (module === undefined || room.message > MAX_ROOM) return undefined;
  try {
    return new KernelInstance(module, room);
  } catch {
    return undefined;
  }
}

/**
 * Converts `input`. Returns the instance that has the output, or `undefined` when the input is wrong, or larger than the
 * memory that can be had: then the TypeScript machine must run, which says what is wrong. `hasKernel()` is true.
 */
export function convertBytes(
  direction: Direction,
  program: KernelProgram,
  input: Uint8Array,
  limits: KernelLimits,
): KernelInstance | undefined {
  const instance = usual!;
  const size = input.length;
  // Nothing is no message: the machine says so, or that the memory of the input is gone.
  if (size === 0 || size > limits.maxSize) return undefined;
  if (instance.holds(size)) {
    instance.bytes.set(input, instance.inputStart);
    const outcome = instance.convert(direction, program, size, limits.maxDepth, limits.maxLength);
    if (patience !== 0) ageLarger();
    if (outcome === CONVERTED) return withinLimit(instance, limits);
    if (outcome === FAILED) return undefined;
  }
  return convertLarge(direction, program, size, limits, (larger) => {
    larger.bytes.set(input, larger.inputStart);
    return size;
  });
}

/** Converts text like `convertBytes`; `undefined` also for text with a lone surrogate. */
export function convertText(
  direction: Direction,
  program: KernelProgram,
  input: string,
  limits: KernelLimits,
): KernelInstance | undefined {
  const instance = usual!;
  // A unit of UTF-16 takes at most three bytes of UTF-8.
  const most = input.length * 3;
  if (instance.holds(most)) {
    const size = instance.loadText(input);
    if (size < 0 || size > limits.maxSize) return undefined;
    const outcome = instance.convert(direction, program, size, limits.maxDepth, limits.maxLength);
    if (patience !== 0) ageLarger();
    if (outcome === CONVERTED) return withinLimit(instance, limits);
    if (outcome === FAILED) return undefined;
  }
  return convertLarge(direction, program, most, limits, (larger) => larger.loadText(input));
}

function withinLimit(instance: KernelInstance, { maxOutputSize }: KernelLimits): KernelInstance | undefined {
  return instance.outputEnd - instance.outputStart <= maxOutputSize ? instance : undefined;
}

/**
 * Lets go of the larger instance, which has not been wanted for a while. A few times more and more rarely: as long as the
 * job goes on that has used it, the collector leaves it alone.
 */
function ageLarger(): void {
  if (++sinceLarger < patience) return;
  patience = patience === LAST_PATIENCE ? 0 : patience * 16;
  larger = undefined;
  try {
    // Never touched: it costs address space, for a moment.
    void new ArrayBuffer(PRESSURE);
  } catch {
    // Without memory for that, a collection is under way anyway.
  }
}

/** Writes the input to an instance; returns its size, or −1 for text that no UTF-8 can hold. */
type Load = (instance: KernelInstance) => number;

/** `most`: what the input takes at most. */
function convertLarge(
  direction: Direction,
  program: KernelProgram,
  most: number,
  limits: KernelLimits,
  load: Load,
): KernelInstance | undefined {
  let message = most * FIRST_ROOM + USUAL_ROOM.message;
  for (;;) {
    const instance = largerInstance(program, message);
    if (instance === undefined) return undefined;
    const size = load(instance);
    if (size < 0 || size > limits.maxSize) return undefined;
    const outcome = instance.convert(direction, program, size, limits.maxDepth, limits.maxLength);
    if (outcome !== TOO_LARGE) return outcome === CONVERTED ? withinLimit(instance, limits) : undefined;
    // All that an output within its limit can need has been tried.
    if (instance.room.message > most * MOST_ROOM + limits.maxOutputSize * 2) return undefined;
    message = instance.room.message * 2;
  }
}

/** Room for a message of a size: JSON of common data is about 1.5 times as long as its Thrift. */
const FIRST_ROOM = 4;
/** Room that the input, its margin and the worst string of Thrift→JSON take, in sizes of the input. */
const MOST_ROOM = 8;

function largerInstance(program: KernelProgram, message: number): KernelInstance | undefined {
  const programs = Math.max(program.code.length * 4 + program.data.length + 64, USUAL_ROOM.programs);
  sinceLarger = 0;
  patience = FIRST_PATIENCE;
  const known = larger?.deref();
  if (known !== undefined && known.room.message >= message && known.room.programs >= programs) return known;
  const instance =
    createLarger(
      Math.max(message, doubled(known?.room.message)),
      Math.max(programs, known?.room.programs ?? 0),
    ) ?? createLarger(message, programs);
  larger = instance === undefined ? undefined : new WeakRef(instance);
  return instance;
}

/** Messages that grow get few instances: a job keeps alive what its weak references have led to. */
function doubled(room = 0): number {
  return Math.min(room * 2, MAX_DOUBLED);
}

const MAX_DOUBLED = 256 * 1024 * 1024;

function createLarger(message: number, programs: number): KernelInstance | undefined {
  const stack = Math.max(Math.ceil(message * STACK_SHARE), USUAL_ROOM.stack);
  return createInstance({ programs, stack, message });
}
