import type { CallContext } from "../conv/context.ts";
import type { Settings } from "../conv/options.ts";
import type { Program } from "../conv/program.ts";
import { FINISHED, runMachine, STARVED } from "./machine.ts";
import type { Run } from "./run.ts";

const NOTHING = new Uint8Array(0);

/** A transform stream around one run, which it keeps for itself. */
export function createStream(
  run: Run,
  program: Program,
  settings: Settings,
  call: CallContext,
): TransformStream<Uint8Array, Uint8Array> {
  let carried: Uint8Array = NOTHING;
  run.start(program, settings, call);
  run.park();

  function push(chunk: Uint8Array, isLast: boolean): Uint8Array {
    run.resume(carried, chunk, isLast);
    for (;;) {
      const outcome = runMachine(run);
      if (outcome === FINISHED) break;
      if (outcome === STARVED && run.isStarved) break;
      run.refill();
    }
    carried = run.suspend();
    return run.takeSettledOutput();
  }

  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (chunk.length === 0) return;
      const output = push(chunk, false);
      if (output.length > 0) controller.enqueue(output);
    },
    flush(controller) {
      const output = push(NOTHING, true);
      if (output.length > 0) controller.enqueue(output);
    },
  });
}
