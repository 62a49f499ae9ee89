import { Readable, Writable } from "node:stream";
import type { Io } from "../../../src/cli/io.ts";
import { run } from "../../../src/cli/run.ts";

export interface RunOptions {
  /** Chunks, or one chunk; nothing by default. */
  readonly stdin?: string | Uint8Array | Iterable<string | Uint8Array>;
  readonly env?: Readonly<Record<string, string>>;
  /** The streams that are terminals. */
  readonly terminals?: readonly ("stdin" | "stdout" | "stderr")[];
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** As UTF-8. */
  readonly out: string;
  readonly err: string;
}

/** Collects what is written to it. */
export class Sink extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly isTTY: boolean;
  readonly columns = 100;

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error) => void): void {
    this.#chunks.push(Buffer.from(chunk));
    callback();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Runs a command line in this process. */
export async function runCli(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { stdin = [], env = {}, terminals = [], signal = new AbortController().signal } = options;
  const chunks = typeof stdin === "string" || stdin instanceof Uint8Array ? [stdin] : [...stdin];
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const stdout = new Sink(terminals.includes("stdout"));
  const stderr = new Sink(terminals.includes("stderr"));
  const io: Io = {
    stdin: Object.assign(input, { isTTY: terminals.includes("stdin") }),
    stdout,
    stderr,
    env,
    signal,
  };
  const code = await run(argv, io);
  return { code, stdout: stdout.bytes, out: stdout.bytes.toString(), err: stderr.bytes.toString() };
}

/** Splits a command line at blanks; text in single quotes stays together. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
}
