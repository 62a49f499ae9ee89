import { decodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import { ThriftError } from "../errors.ts";
import {
  type IncludeOptions,
  type LoadedIdl,
  type ReadResult,
  type SourceFile,
  walkIncludes,
} from "./includes.ts";

/** As {@link IncludeOptions}; files in memory come before those on disk. */
export interface ReadOptions extends IncludeOptions {
  /** Ends the loading: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a file and its includes from disk. An include is looked for as by `loadDocuments`, where names that
 * are not in memory are read: relative to the including file, below each of `includeDirs`, and as written,
 * that is, relative to the working directory. Documents are named as the caller and the includes spell them;
 * a file that is reached by several spellings is one document. Files are read as UTF-8; what is not valid becomes
 * U+FFFD, and `invalidUtf8` says where.
 *
 * Throws `ThriftError`: `NOT_FOUND` when the root file cannot be read, `INVALID_OPTION` when there is no
 * file system (a browser) or `file` is neither a name nor a `file:` URL; and the reason of `signal`.
 */
export async function readDocuments(file: string | URL, options: ReadOptions = {}): Promise<LoadedIdl> {
  const { signal } = options;
  signal?.throwIfAborted();
  const disk = openDisk();
  const fileName = disk.nameOf(file);
  const root = rootSource(fileName, await disk.read(fileName, signal));
  const walk = walkIncludes(root, disk.portable(options), disk.identify);
  let step = walk.next();
  while (!step.done) {
    step = walk.next(await disk.read(step.value, signal));
  }
  return step.value;
}

/** {@link readDocuments} that blocks until it is done. `signal` is looked at before every file. */
export function readDocumentsSync(file: string | URL, options: ReadOptions = {}): LoadedIdl {
  const { signal } = options;
  signal?.throwIfAborted();
  const disk = openDisk();
  const fileName = disk.nameOf(file);
  const root = rootSource(fileName, disk.readSync(fileName, signal));
  const walk = walkIncludes(root, disk.portable(options), disk.identify);
  let step = walk.next();
  while (!step.done) {
    step = walk.next(disk.readSync(step.value, signal));
  }
  return step.value;
}

function rootSource(fileName: string, result: ReadResult): SourceFile {
  if (result !== undefined && "source" in result) {
    return { fileName, ...result };
  }
  const problem = result === undefined ? "there is no such file" : result.problem;
  throw new ThriftError("NOT_FOUND", `cannot read \`${fileName}\`: ${problem}`);
}

/** The file system, as far as it is needed here. */
interface Disk {
  nameOf(file: string | URL): string;
  /** The options with directories that are spelt with `/`. */
  portable(options: ReadOptions): IncludeOptions;
  /** The absolute name, the same for all spellings of one. */
  identify(fileName: string): string;
  read(fileName: string, signal: AbortSignal | undefined): Promise<ReadResult>;
  readSync(fileName: string, signal: AbortSignal | undefined): ReadResult;
}

/** Asked for only when called, so that this module loads where there is no file system. */
function openDisk(): Disk {
  // Not every global `process` is Node's: bundlers provide some that lack the function.
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const fs = process?.getBuiltinModule?.("node:fs");
  const path = process?.getBuiltinModule?.("node:path");
  const url = process?.getBuiltinModule?.("node:url");
  if (fs === undefined || path === undefined || url === undefined) {
    throw new ThriftError(
      "INVALID_OPTION",
      "there is no file system here to load IDL from; use `parseIdl` with the option `sources` or `resolveInclude`",
    );
  }
  return {
    nameOf(file) {
      if (typeof file === "string" && file !== "") {
        return withSlashes(file, path.sep);
      }
      if (file instanceof URL && file.protocol === "file:") {
        return withSlashes(url.fileURLToPath(file), path.sep);
      }
      throw new ThriftError("INVALID_OPTION", "the IDL file must be given as a name or as a `file:` URL");
    },
    portable(options) {
      const { includeDirs } = options;
      return Array.isArray(includeDirs) && path.sep === "\\"
        ? {
            ...options,
            includeDirs: includeDirs.map((directory) => withSlashes(String(directory), path.sep)),
          }
        : options;
    },
    identify: (fileName) => path.resolve(fileName),
    async read(fileName, signal) {
      try {
        return decodeSource(await fs.promises.readFile(fileName, { signal }));
      } catch (error) {
        signal?.throwIfAborted();
        return describeFailure(error);
      }
    },
    readSync(fileName, signal) {
      signal?.throwIfAborted();
      try {
        return decodeSource(fs.readFileSync(fileName));
      } catch (error) {
        return describeFailure(error);
      }
    },
  };
}

function decodeSource(bytes: Uint8Array): ReadResult {
  const invalid = validateUtf8(bytes, 0, bytes.length);
  const source = decodeUtf8(bytes);
  return invalid < 0 ? { source } : { source, invalidUtf8: decodeUtf8(bytes, 0, invalid).length };
}

/** Windows takes both slashes; includes and diagnostics use this one. */
function withSlashes(fileName: string, separator: string): string {
  return separator === "\\" ? fileName.replaceAll("\\", "/") : fileName;
}

function describeFailure(error: unknown): ReadResult {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown failure";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ENAMETOOLONG":
    // A name that no file can have, such as one with a zero byte.
    case "ERR_INVALID_ARG_VALUE":
      return undefined;
    case "EISDIR":
      return { problem: "it is a directory" };
    case "EACCES":
    case "EPERM":
      return { problem: "permission denied" };
    default:
      return { problem: code };
  }
}
