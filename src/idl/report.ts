import { withHint } from "../hint.ts";
import type { Span } from "./ast.ts";
import {
  createDiagnostic,
  createNote,
  type Diagnostic,
  type DiagnosticNote,
  MAX_DIAGNOSTICS,
} from "./diagnostics.ts";
import type { FileScope } from "./symbols.ts";

/** A second place that explains a problem. */
export interface NotePlace {
  readonly scope: FileScope;
  readonly span: Span;
  readonly message: string;
}

/** The name that does not exist, for a "did you mean". */
export interface MissingName {
  readonly name: string;
  /** The names that exist. They are walked only for a problem that is kept, so there may be many. */
  readonly candidates: Iterable<string>;
}

export interface ReportDetails {
  /** Walked only for a problem that is kept, and no further than there is room for notes. */
  readonly notes?: Iterable<NotePlace>;
  readonly missing?: MissingName;
}

/** Warnings are collected up to this number, which is more than anybody reads. */
const MAX_WARNINGS = 1000;

/** Warnings beyond this number get no hint: a hint walks over all names that exist. Errors are no more than that. */
const MAX_HINTED_WARNINGS = MAX_DIAGNOSTICS;

/** Notes to one problem; the others would say the same. */
const MAX_NOTES = 10;

interface Entry {
  readonly diagnostic: Diagnostic;
  readonly start: number;
}

/** Collects the problems that linking finds, in any order. */
export class Reporter {
  readonly #errors: Entry[] = [];
  readonly #warnings: Entry[] = [];
  #errorCount = 0;
  #hintedWarnings = 0;

  /** The number of errors, also of those that are not described. */
  get errorCount(): number {
    return this.#errorCount;
  }

  error(scope: FileScope, span: Span, message: string, details?: ReportDetails): void {
    this.#errorCount++;
    if (this.#errors.length < MAX_DIAGNOSTICS) {
      this.#errors.push(createEntry(scope, span, hinted(message, details?.missing), details?.notes));
    }
  }

  warn(scope: FileScope, span: Span, message: string, details?: ReportDetails): void {
    if (this.#warnings.length < MAX_WARNINGS) {
      const missing = this.#hintedWarnings < MAX_HINTED_WARNINGS ? details?.missing : undefined;
      this.#hintedWarnings += missing === undefined ? 0 : 1;
      this.#warnings.push(createEntry(scope, span, hinted(message, missing), details?.notes));
    }
  }

  /** By file in the order of `fileNames`, then by place. */
  errors(fileNames: readonly string[]): Diagnostic[] {
    return sorted(this.#errors, fileNames);
  }

  /** As {@link errors}. */
  warnings(fileNames: readonly string[]): Diagnostic[] {
    return sorted(this.#warnings, fileNames);
  }
}

function hinted(message: string, missing: MissingName | undefined): string {
  return missing === undefined ? message : withHint(message, missing.name, missing.candidates);
}

function createEntry(scope: FileScope, span: Span, message: string, places: Iterable<NotePlace> = []): Entry {
  const notes: DiagnosticNote[] = [];
  for (const place of places) {
    notes.push(createNote(place.scope.document, place.span, place.message));
    if (notes.length === MAX_NOTES) {
      break;
    }
  }
  return { start: span.start, diagnostic: createDiagnostic(scope.document, span, message, notes) };
}

function sorted(entries: readonly Entry[], fileNames: readonly string[]): Diagnostic[] {
  const order = new Map(fileNames.map((fileName, index) => [fileName, index]));
  const rank = ({ diagnostic }: Entry): number => order.get(diagnostic.fileName) ?? order.size;
  return [...entries]
    .sort((a, b) => rank(a) - rank(b) || a.start - b.start)
    .map(({ diagnostic }) => diagnostic);
}
