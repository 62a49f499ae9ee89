import { checkAttached, isBytes } from "../bytes/is-bytes.ts";
import { failInput } from "./arguments.ts";
import type { MachineRun } from "./machine-run.ts";

const NOTHING = new Uint8Array(0);

/**
 * A transform stream around one run, which it keeps for itself. `runMachine` says whether the message is
 * complete.
 */
export function streamRun<R extends MachineRun>(
  run: R,
  runMachine: (run: R) => boolean,
): TransformStream<Uint8Array, Uint8Array> {
  let carried: Uint8Array = NOTHING;
  run.park();

  function push(chunk: Uint8Array, isLast: boolean): Uint8Array {
    run.resume(carried, chunk, isLast);
    while (!runMachine(run) && !run.isStarved) run.refill();
    carried = run.suspend();
    return run.takeSettledOutput();
  }

  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (!isBytes(chunk)) failInput("stream", "chunks of Uint8Array", chunk);
      if (chunk.length === 0) return checkAttached("stream: the bytes of the chunk", chunk);
      const output = push(chunk, false);
      if (output.length > 0) controller.enqueue(output);
    },
    flush(controller) {
      const output = push(NOTHING, true);
      if (output.length > 0) controller.enqueue(output);
    },
  });
}
