import type { Readable, Writable } from "node:stream";

/** Standard streams as terminals describe themselves. */
export type InputStream = Readable & { readonly isTTY?: boolean };
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything that the command line needs from its process. */
export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the process shall end; the reason is the name of the signal. */
  readonly signal: AbortSignal;
}

/** Whoever read the output has stopped reading. Not an error: there is nobody left to work for. */
export class ClosedPipe extends Error {}

/** A file or stream that cannot be read or written. */
export class IoError extends Error {}

/**
 * Writes and waits until the stream has taken the chunk. Throws `ClosedPipe` when its reader is gone, `IoError`
 * for other failures.
 */
export async function writeTo(stream: OutputStream, chunk: Uint8Array | string): Promise<void> {
  if (chunk.length === 0) return;
  try {
    await new Promise<void>((resolve, reject) => {
      stream.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    if (isClosedPipe(error)) throw new ClosedPipe();
    throw new IoError(`cannot write the standard output: ${reasonOf(error)}`, { cause: error });
  }
}

const CLOSED_PIPE_CODES: ReadonlySet<string> = new Set(["EPIPE", "ERR_STREAM_DESTROYED", "EOF"]);

/** Tells people something. That nobody is there to read it changes nothing else. */
export async function tell(io: Io, text: string): Promise<void> {
  try {
    await writeTo(io.stderr, text);
  } catch (error) {
    if (!(error instanceof ClosedPipe || error instanceof IoError)) throw error;
  }
}

export function isClosedPipe(error: unknown): boolean {
  return CLOSED_PIPE_CODES.has(systemCode(error));
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Why the system refuses, for people. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  return REASONS[code] ?? (code || (error instanceof Error ? error.message : String(error)));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or directory",
  ENOTDIR: "part of the path is not a directory",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  EIO: "the device failed",
  ERR_INVALID_ARG_VALUE: "no file can have such a name",
};

/** Whether a file is missing, as opposed to out of reach. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === "ENOENT";
}
