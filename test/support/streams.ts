import { concat } from "./bytes.ts";

/** What came out of a stream before it ended or failed. */
export interface StreamOutcome {
  readonly chunks: readonly Uint8Array[];
  readonly bytes: Uint8Array;
  /** What the stream failed with; `undefined` when it ended well. */
  readonly error: unknown;
}

/** Sends the chunks through a transform and collects the output, also up to a failure. */
export async function pump(
  chunks: Iterable<Uint8Array>,
  transform: TransformStream<Uint8Array, Uint8Array>,
): Promise<StreamOutcome> {
  const output: Uint8Array[] = [];
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader();
  const feeding = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  // The reader reports the failure; without a handler the writer's copy would be an unhandled rejection.
  feeding.catch(() => {});
  let error: unknown;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) output.push(next.value);
    await feeding;
  } catch (reason) {
    error = reason;
  }
  return { chunks: output, bytes: concat(output), error };
}
