import { type FileHandle, open } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { type InputStream, type Io, IoError, reasonOf } from "./io.ts";

/** Where the data comes from. To be closed in the end. */
export interface Input {
  /** The file, or `undefined` for what cannot be read again. */
  readonly file: string | undefined;
  /** Bytes, where that is known. */
  readonly size: number | undefined;
  /** The data, once. Throws `IoError`, and the reason of the signal when that aborts. */
  readonly chunks: AsyncIterable<Uint8Array>;
  close(): void;
}

const CHUNK_SIZE = 256 * 1024;

/** Opens a file, or the standard input for `-`. Throws `IoError`. */
export async function openInput(name: string, io: Io): Promise<Input> {
  if (name === "-") return createInput(io.stdin, "the standard input", io, undefined, undefined);
  let handle: FileHandle | undefined;
  try {
    handle = await open(name, "r");
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new IoError(`cannot read \`${name}\`: it is a directory`);
    const isFile = stats.isFile();
    const stream = handle.createReadStream({ highWaterMark: CHUNK_SIZE });
    return createInput(stream, `\`${name}\``, io, isFile ? name : undefined, isFile ? stats.size : undefined);
  } catch (error) {
    await handle?.close();
    throw error instanceof IoError ? error : readFailure(`\`${name}\``, error);
  }
}

function createInput(
  stream: InputStream,
  name: string,
  { signal }: Io,
  file: string | undefined,
  size: number | undefined,
): Input {
  addAbortSignal(signal, stream);
  return { file, size, chunks: read(stream, name, signal), close: () => stream.destroy() };
}

async function* read(stream: InputStream, name: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of stream) {
      signal.throwIfAborted();
      yield chunk as Uint8Array;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(name, error);
  }
}

function readFailure(name: string, error: unknown): IoError {
  return new IoError(`cannot read ${name}: ${reasonOf(error)}`, { cause: error });
}
