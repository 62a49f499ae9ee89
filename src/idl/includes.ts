import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import type { Document, IncludeNode } from "./ast.ts";
import { createDiagnostic, type Diagnostic, MAX_DIAGNOSTICS } from "./diagnostics.ts";
import { cleanFileName, directoryOf, isAbsolute, joinFileName } from "./file-names.ts";
import { parseDocument } from "./parser.ts";

/** A root file and everything that it includes, parsed but not linked. */
export interface LoadedIdl {
  /** The key of the root file in `documents`. */
  readonly root: string;
  /** By resolved file name, the root first, then in the order in which they were reached. */
  readonly documents: ReadonlyMap<string, Document>;
  /** Syntax errors and missing includes; empty when everything parsed. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many problems were found, those included that `diagnostics` leaves out. */
  readonly total: number;
  /** Whether reading has ended early because of them, so that there may be more than `total`. */
  readonly endedEarly: boolean;
  /** Files that are not valid UTF-8, with the place of the first U+FFFD that stands for what is wrong. */
  readonly invalidUtf8: ReadonlyMap<string, number>;
  /** Whether definitions are missing, so that linking would miss them everywhere. */
  readonly incomplete: boolean;
}

/** A file by the name under which its document is kept, with its text. */
export interface IncludedSource {
  readonly fileName: string;
  readonly source: string;
}

/** A file with what reading it has shown. */
export interface SourceFile extends IncludedSource {
  /** The place in `source` of what is not valid UTF-8 in the file. */
  readonly invalidUtf8?: number;
}

/** Where the text of included files comes from. */
export interface IncludeOptions {
  /** Files in memory, by name. Names are compared after cleaning, so `./a.thrift` is `a.thrift`. */
  readonly sources?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined;
  /** Asked first for every include; `undefined` leaves it to the other ways. What it throws becomes the cause. */
  readonly resolveInclude?: ((include: string, fromFile: string) => IncludedSource | undefined) | undefined;
  /** Searched after the directory of the including file, in this order. */
  readonly includeDirs?: readonly string[] | undefined;
}

/**
 * More files than any IDL has: `resolveInclude` can answer with new ones forever, and so can links between directories.
 */
const MAX_FILES = 10_000;

/** What reading a file gave: its text, or why it cannot be had; `undefined` when there is no such file. */
export type ReadResult = Omit<SourceFile, "fileName"> | { readonly problem: string } | undefined;

/**
 * Loads a file and its includes from memory.
 *
 * An include is looked for with `resolveInclude`; then in `sources`, relative to the including file, below
 * each of `includeDirs`, and as it is written. Every file is parsed once; cycles are fine. Bad text, missing
 * files, and more than 10,000 files end in `diagnostics`.
 *
 * Throws `ThriftError`: `INVALID_OPTION` when an option has the wrong shape, `FAILED_MAPPING` when
 * `resolveInclude` throws.
 */
export function loadDocuments(source: string, fileName: string, options: IncludeOptions = {}): LoadedIdl {
  const walk = walkIncludes({ fileName, source }, options, cleanFileName);
  let step = walk.next();
  while (!step.done) {
    step = walk.next(undefined);
  }
  return step.value;
}

/**
 * The search for includes as a dialogue, shared by its synchronous and asynchronous uses: yields the name of
 * a file that may exist, and expects the result of reading it. Never yields a file twice.
 *
 * `identify` gives names of one file the same result, whatever their spelling.
 */
export function* walkIncludes(
  root: SourceFile,
  options: IncludeOptions,
  identify: (fileName: string) => string,
): Generator<string, LoadedIdl, ReadResult> {
  const walker = new IncludeWalker(options, identify);
  walker.add(root);
  // A map can grow while it is iterated: documents that are found are visited in their turn.
  for (const document of walker.documents.values()) {
    for (const include of document.includes) {
      yield* walker.resolve(include, document);
      if (walker.hasTooMany) {
        walker.reportTooMany(include, document);
        return walker.loaded(root.fileName);
      }
    }
  }
  return walker.loaded(root.fileName);
}

class IncludeWalker {
  readonly documents = new Map<string, Document>();
  readonly #invalidUtf8 = new Map<string, number>();
  readonly #diagnostics: Diagnostic[] = [];
  #total = 0;
  #endedEarly = false;
  #incomplete = false;
  readonly #options: IncludeOptions;
  readonly #identify: (fileName: string) => string;
  readonly #sources: ReadonlyMap<string, string>;
  readonly #includeDirs: readonly string[];
  /** The key in `documents` by identity. */
  readonly #nameOf = new Map<string, string>();
  /** What reading gave for files that are no document. */
  readonly #failures = new Map<string, ReadResult>();

  constructor(options: IncludeOptions, identify: (fileName: string) => string) {
    this.#options = options;
    this.#identify = identify;
    this.#sources = cleanSources(options.sources);
    this.#includeDirs = checkIncludeDirs(options.includeDirs);
  }

  add({ fileName, source, invalidUtf8 }: SourceFile): void {
    if (invalidUtf8 !== undefined) {
      this.#invalidUtf8.set(fileName, invalidUtf8);
    }
    const { document, diagnostics, endedEarly } = parseDocument(source, fileName);
    this.documents.set(fileName, document);
    this.#nameOf.set(this.#identify(fileName), fileName);
    this.#diagnostics.push(...diagnostics.slice(0, MAX_DIAGNOSTICS - this.#diagnostics.length));
    this.#total += diagnostics.length;
    this.#endedEarly ||= endedEarly;
    this.#incomplete ||= diagnostics.length > 0;
  }

  get hasTooMany(): boolean {
    return this.documents.size > MAX_FILES;
  }

  /** Reports that the walk ends at this include. */
  reportTooMany(include: IncludeNode, from: Document): void {
    const message = `more than ${MAX_FILES} files are included; the last one is \`${include.resolved}\``;
    // In front, as it is the reason for which others may be missing.
    this.#diagnostics.unshift(createDiagnostic(from, include, message));
    this.#total++;
    this.#endedEarly = true;
    this.#incomplete = true;
  }

  loaded(root: string): LoadedIdl {
    return {
      root,
      documents: this.documents,
      diagnostics: this.#diagnostics,
      total: this.#total,
      endedEarly: this.#endedEarly,
      invalidUtf8: this.#invalidUtf8,
      incomplete: this.#incomplete,
    };
  }

  /** Sets `include.resolved`, or reports that nothing was found. */
  *resolve(include: IncludeNode, from: Document): Generator<string, void, ReadResult> {
    const custom = this.#resolveByOption(include.path, from.fileName);
    if (custom !== undefined) {
      include.resolved = this.#addOnce(custom);
      return;
    }
    const candidates = this.#candidatesOf(include.path, from.fileName);
    let problem: string | undefined;
    for (const candidate of candidates) {
      const name = this.#nameOf.get(this.#identify(candidate)) ?? this.#addFromMemory(candidate);
      if (name !== undefined) {
        include.resolved = name;
        return;
      }
      const result = this.#failures.has(candidate) ? this.#failures.get(candidate) : yield candidate;
      if (result !== undefined && "source" in result) {
        include.resolved = this.#addOnce({ fileName: candidate, ...result });
        return;
      }
      this.#failures.set(candidate, result);
      problem ??= result === undefined ? undefined : `cannot read \`${candidate}\`: ${result.problem}`;
    }
    this.#total++;
    // Hints are costly, so nothing is described that would not be kept.
    if (this.#diagnostics.length < MAX_DIAGNOSTICS) {
      const message = problem ?? this.#describeMissing(include.path, from.fileName, candidates);
      this.#diagnostics.push(createDiagnostic(from, include, message));
    }
  }

  #resolveByOption(include: string, fromFile: string): IncludedSource | undefined {
    const { resolveInclude } = this.#options;
    if (resolveInclude === undefined) {
      return undefined;
    }
    let found: IncludedSource | undefined;
    try {
      found = resolveInclude(include, fromFile);
    } catch (cause) {
      const message = `\`resolveInclude\` failed for \`${include}\`, included by \`${fromFile}\``;
      throw new ThriftError("FAILED_MAPPING", message, { cause });
    }
    if (found === undefined) {
      return undefined;
    }
    if (typeof found?.fileName !== "string" || typeof found.source !== "string") {
      const message = "`resolveInclude` must return `{ fileName, source }`, both strings, or `undefined`";
      throw new ThriftError("INVALID_OPTION", message);
    }
    return { fileName: found.fileName, source: found.source };
  }

  #addFromMemory(candidate: string): string | undefined {
    const source = this.#sources.get(candidate);
    return source === undefined ? undefined : this.#addOnce({ fileName: candidate, source });
  }

  /** The key of the document, which is parsed unless it is known. */
  #addOnce(file: SourceFile): string {
    const known = this.#nameOf.get(this.#identify(file.fileName));
    if (known !== undefined) {
      return known;
    }
    this.add(file);
    return file.fileName;
  }

  #candidatesOf(include: string, fromFile: string): ReadonlySet<string> {
    const candidates = new Set<string>();
    if (include !== "" && !isAbsolute(include)) {
      for (const directory of [directoryOf(fromFile), ...this.#includeDirs]) {
        candidates.add(joinFileName(directory, include));
      }
    }
    if (include !== "") {
      candidates.add(cleanFileName(include));
    }
    return candidates;
  }

  #describeMissing(include: string, fromFile: string, candidates: ReadonlySet<string>): string {
    const tried = [...candidates].map((candidate) => `\`${candidate}\``).join(", ");
    const message = `cannot find the included file \`${include}\``;
    const known = [...this.#sources.keys(), ...this.documents.keys()].filter((name) => name !== fromFile);
    return withHint(tried === "" ? message : `${message} (tried ${tried})`, include, known);
  }
}

function cleanSources(sources: IncludeOptions["sources"]): ReadonlyMap<string, string> {
  if (sources === undefined) {
    return new Map();
  }
  if (typeof sources !== "object" || sources === null) {
    throw new ThriftError(
      "INVALID_OPTION",
      "option `sources` must be an object or a Map of texts by file name",
    );
  }
  const entries = sources instanceof Map ? sources.entries() : Object.entries(sources);
  const cleaned = new Map<string, string>();
  for (const [fileName, source] of entries) {
    if (typeof fileName !== "string" || typeof source !== "string") {
      throw new ThriftError("INVALID_OPTION", "option `sources` must hold texts by file name, both strings");
    }
    cleaned.set(cleanFileName(fileName), source);
  }
  return cleaned;
}

function checkIncludeDirs(directories: IncludeOptions["includeDirs"]): readonly string[] {
  if (directories === undefined) {
    return [];
  }
  if (!Array.isArray(directories) || directories.some((directory) => typeof directory !== "string")) {
    throw new ThriftError("INVALID_OPTION", "option `includeDirs` must be an array of directory names");
  }
  return directories;
}
