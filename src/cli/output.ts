import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ClosedPipe, type Io, IoError, isClosedPipe, isMissing, reasonOf, writeTo } from "./io.ts";

/** Where the data goes. Every output is committed or discarded in the end. */
export interface Output {
  /** Throws `IoError` and `ClosedPipe`. */
  write(chunk: Uint8Array): Promise<void>;
  /** Keeps what was written. Throws `IoError`. */
  commit(): Promise<void>;
  /** Forgets what was written, as far as that is possible. Does not throw. */
  discard(): Promise<void>;
}

/**
 * Opens a file, or the standard output for `-`. A file appears, or is replaced, only when the output is committed:
 * until then the data is in a temporary file beside it. Devices and pipes are written directly. Throws `IoError`.
 */
export async function openOutput(name: string, io: Io): Promise<Output> {
  if (name === "-" || name === "/dev/stdout") {
    return {
      write: (chunk) => writeTo(io.stdout, chunk),
      commit: async () => {},
      discard: async () => {},
    };
  }
  try {
    const target = await findTarget(name);
    if (!target.replaceable) return new FileOutput(name, await open(target.path, "a"), undefined);
    const temporary = join(
      dirname(target.path),
      `.${basename(target.path)}.${process.pid}-${Date.now().toString(36)}.tmp`,
    );
    const { path, mode } = target;
    return new FileOutput(name, await open(temporary, "wx", mode), { temporary, path, mode });
  } catch (error) {
    throw error instanceof IoError ? error : writeFailure(name, error);
  }
}

interface Target {
  readonly path: string;
  /** Whether it is, or will be, an ordinary file. */
  readonly replaceable: boolean;
  /** The permissions of the file that exists. */
  readonly mode?: number;
}

const PERMISSIONS = 0o777;

/** Names that lead to what the process has open, which must not be replaced even where that is a file. */
const OPEN_FILES = /^\/(?:dev|proc)\//;

async function findTarget(name: string): Promise<Target> {
  if (OPEN_FILES.test(name)) return { path: name, replaceable: false };
  let path: string;
  try {
    // The file behind a symbolic link is replaced, not the link.
    path = await realpath(name);
  } catch (error) {
    if (isMissing(error)) return { path: name, replaceable: true };
    throw error;
  }
  const stats = await stat(path);
  if (stats.isDirectory()) throw new IoError(`cannot write \`${name}\`: it is a directory`);
  return stats.isFile()
    ? { path, replaceable: true, mode: stats.mode & PERMISSIONS }
    : { path, replaceable: false };
}

/** How a temporary file becomes the real one. */
interface Replacement {
  readonly temporary: string;
  readonly path: string;
  readonly mode: number | undefined;
}

class FileOutput implements Output {
  readonly #name: string;
  readonly #file: FileHandle;
  readonly #replacement: Replacement | undefined;

  constructor(name: string, file: FileHandle, replacement: Replacement | undefined) {
    this.#name = name;
    this.#file = file;
    this.#replacement = replacement;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(chunk);
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  async commit(): Promise<void> {
    const replacement = this.#replacement;
    try {
      // The mode of `open` is subject to the umask.
      if (replacement?.mode !== undefined) await this.#file.chmod(replacement.mode);
      await this.#file.close();
      if (replacement !== undefined) await rename(replacement.temporary, replacement.path);
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    if (this.#replacement !== undefined)
      await rm(this.#replacement.temporary, { force: true }).catch(() => {});
  }
}

function writeFailure(name: string, error: unknown): Error {
  if (isClosedPipe(error)) return new ClosedPipe();
  return new IoError(`cannot write \`${name}\`: ${reasonOf(error)}`, { cause: error });
}
