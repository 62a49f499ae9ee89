import { createReadStream } from "node:fs";
import { ByteWriter, isThriftError, WireError } from "../index.ts";
import type { BegunMessage, MessageConverter } from "./converters.ts";
import {
  type Codec,
  concat,
  createDecoder,
  createEncoder,
  decodeText,
  encodeText,
  isSpace,
} from "./encoding.ts";
import { ExitCode } from "./exit-code.ts";
import type { Form, Format } from "./formats.ts";
import { appendFramed, createSplitter, type Framing, type Message } from "./framing.ts";
import { guessHint, type InputFacts } from "./hints.ts";
import { type Input, openInput } from "./input.ts";
import type { Io } from "./io.ts";
import { MessageError } from "./message-error.ts";
import { type Output, openOutput } from "./output.ts";
import { type Progress, startProgress } from "./progress.ts";
import { Reindenter } from "./reindent.ts";
import { count, report, reportMessageError } from "./report.ts";

/** A conversion with everything decided. */
export interface ConvertJob {
  /** Files, `-` for the standard streams. */
  readonly input: string;
  readonly output: string;
  readonly source: InputFacts;
  readonly targetFormat: Format;
  readonly targetForm: Form;
  readonly converter: MessageConverter;
  readonly pretty: boolean;
  /** Bytes of a message. */
  readonly maxSize: number;
  /** Of many messages, leave out those that cannot be converted. */
  readonly keepGoing: boolean;
  readonly quiet: boolean;
}

/** A single message up to this size is converted as a whole, so that nothing comes out when it has an error. */
const WHOLE_SIZE = 1024 * 1024;
/** Output is written in pieces of about this size. */
const BATCH_SIZE = 64 * 1024;
const PRETTY_INDENT = 2;
const LINE_FEED = 0x0a;

/** Runs the job and returns the exit code. Throws `MessageError`, `IoError`, `ClosedPipe`. */
export async function convert(job: ConvertJob, io: Io): Promise<number> {
  const input = await openInput(job.input, io);
  const toTerminal = job.output === "-" && io.stdout.isTTY === true;
  const progress = startProgress(io, job.quiet ? undefined : input.size, toTerminal);
  let output: Output | undefined;
  try {
    output = await openOutput(job.output, io);
    const conversion = new Conversion(job, io, input, output, progress);
    const code = await (job.source.form.framing === "none"
      ? conversion.one()
      : conversion.many(job.source.form.framing));
    await output.commit();
    return code;
  } catch (error) {
    await output?.discard();
    throw error;
  } finally {
    progress.stop();
    input.close();
  }
}

class Conversion {
  readonly #job: ConvertJob;
  readonly #io: Io;
  readonly #input: Input;
  readonly #output: Output;
  readonly #progress: Progress;
  /** From here to the output. */
  readonly #batch: ByteWriter = new ByteWriter({
    capacity: 2 * BATCH_SIZE,
    maxSize: Number.MAX_SAFE_INTEGER,
  });
  /** The message in work. */
  readonly #converted: ByteWriter = new ByteWriter({ maxSize: Number.MAX_SAFE_INTEGER });
  readonly #encoder: Codec;
  #exceptions = 0;

  constructor(job: ConvertJob, io: Io, input: Input, output: Output, progress: Progress) {
    this.#job = job;
    this.#io = io;
    this.#input = input;
    this.#output = output;
    this.#progress = progress;
    const { encoding, framing } = job.targetForm;
    // Where each message is a line, its text is made by itself.
    this.#encoder = createEncoder(framing === "lines" ? "raw" : encoding);
  }

  async one(): Promise<number> {
    const chunks = this.#readDecoded();
    const head: Uint8Array[] = [];
    const isComplete = await gather(chunks, head, WHOLE_SIZE);
    const message = concat(head);
    try {
      const begun = isComplete ? undefined : this.#job.converter.begin(message, this.#converted);
      if (begun === undefined) await this.#convertWhole(head, chunks, isComplete);
      else await this.#convertStreaming(message, chunks, begun);
    } catch (error) {
      throw await this.#explain(error, message, isComplete);
    }
    await this.#finish(this.#job.targetFormat === "json");
    return this.#exceptions > 0 ? ExitCode.EXCEPTION : ExitCode.OK;
  }

  async many(framing: Exclude<Framing, "none">): Promise<number> {
    const { maxSize } = this.#job;
    const splitter = createSplitter(framing, maxSize);
    let messages = 0;
    let failures = 0;
    const convertAll = async (group: Iterable<Message>): Promise<void> => {
      for (const message of group) {
        messages++;
        if (!(await this.#convertOneOfMany(message))) failures++;
        if (this.#batch.length >= BATCH_SIZE) await this.#flush();
      }
    };
    try {
      for await (const chunk of this.#readDecoded()) {
        await convertAll(splitter.push(chunk));
        await this.#flush();
      }
      await convertAll(splitter.end());
    } catch (error) {
      // The messages in front of the error are good.
      await this.#flush();
      throw toMessageError(error) ?? error;
    }
    await this.#finish(false);
    this.#progress.stop();
    if (failures > 0)
      await report(this.#io, `${failures} of ${count(messages, "message")} could not be converted`);
    if (this.#exceptions > 0 && !this.#job.quiet) {
      await report(this.#io, `${this.#exceptions} of ${count(messages, "message")} carry an exception`);
    }
    if (failures > 0) return ExitCode.FAILED;
    return this.#exceptions > 0 ? ExitCode.EXCEPTION : ExitCode.OK;
  }

  /** Whether the message could be converted; throws when it is the last thing to be tried. */
  async #convertOneOfMany(message: Message): Promise<boolean> {
    const { source, converter, keepGoing, targetFormat, targetForm } = this.#job;
    const converted = this.#converted;
    converted.clear();
    try {
      const isText = source.form.framing === "lines" && source.form.encoding !== "raw";
      const bytes = isText ? decodeText(source.form.encoding, message.bytes) : message.bytes;
      if (converter.convertInto(bytes, converted) !== undefined) this.#exceptions++;
    } catch (error) {
      const located = toMessageError(error)?.at({
        label: message.place,
        // One hint is enough.
        hint: keepGoing ? undefined : this.#hintInside(error, message),
      });
      if (located === undefined) throw error;
      if (!keepGoing) throw located;
      this.#progress.stop();
      await reportMessageError(this.#io, located);
      return false;
    }
    if (targetFormat === "json") this.#appendJsonLine();
    else this.#appendThrift(targetForm);
    return true;
  }

  /** What may have been forgotten about the messages, apart from their framing. */
  #hintInside(error: unknown, { bytes }: Message): string | undefined {
    const { source } = this.#job;
    const located = toMessageError(error);
    if (located === undefined || source.format === "json" || source.form.framing === "lines")
      return undefined;
    if (bytes.length === 0) return "the message is empty";
    return guessHint(located.error, bytes, { ...source, form: { encoding: "raw", framing: "none" } });
  }

  #appendJsonLine(): void {
    const json = this.#converted.view();
    // JSON that a string field carries may have line breaks of its own.
    if (json.includes(LINE_FEED)) new Reindenter(0).push(json, this.#batch);
    else this.#batch.append(json);
    this.#batch.append(Uint8Array.of(LINE_FEED));
  }

  #appendThrift({ framing, encoding }: Form): void {
    const bytes = this.#converted.view();
    appendFramed(framing, framing === "lines" ? encodeText(encoding, bytes) : bytes, this.#batch);
  }

  async #convertWhole(
    pieces: Uint8Array[],
    rest: AsyncIterator<Uint8Array>,
    isComplete: boolean,
  ): Promise<void> {
    const { maxSize, converter, targetFormat, targetForm, pretty } = this.#job;
    if (!isComplete && !(await gather(rest, pieces, maxSize))) {
      const message = `the message is larger than the limit of ${maxSize} bytes`;
      throw new WireError("LIMIT_EXCEEDED", message, { offset: maxSize });
    }
    const notice = converter.convertInto(concat(pieces), this.#converted);
    if (targetFormat === "thrift") this.#appendThrift(targetForm);
    else if (pretty) new Reindenter(PRETTY_INDENT).push(this.#converted.view(), this.#batch);
    else this.#batch.append(this.#converted.view());
    if (notice === undefined) return;
    this.#exceptions++;
    this.#progress.stop();
    if (!this.#job.quiet) await report(this.#io, notice);
  }

  async #convertStreaming(
    head: Uint8Array,
    rest: AsyncGenerator<Uint8Array>,
    { bodyStart, transforms }: BegunMessage,
  ): Promise<void> {
    const reindenter = this.#job.pretty ? new Reindenter(PRETTY_INDENT) : undefined;
    this.#batch.append(this.#converted.view());
    let stream = toStream(head.subarray(bodyStart), rest);
    for (const transform of transforms) stream = stream.pipeThrough(transform);
    const reader = stream.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        if (reindenter === undefined) this.#batch.append(next.value);
        else reindenter.push(next.value, this.#batch);
        await this.#flush();
      }
    } catch (error) {
      throw isThriftError(error) ? new MessageError(error, { offsetBase: bodyStart }) : error;
    } finally {
      // Ends the reading of the input when the output has failed.
      await reader.cancel().catch(() => {});
    }
  }

  /** Adds what can be found out about the place and the cause of an error in the only message. */
  async #explain(error: unknown, head: Uint8Array, isComplete: boolean): Promise<unknown> {
    const located = toMessageError(error);
    if (located === undefined) return error;
    const { source } = this.#job;
    const hint = guessHint(located.error, head, source);
    if (source.format !== "json" || located.error.offset === undefined) return located.at({ hint });
    // What goes wrong at the end does so behind the text, not on a line that its last line feed begins.
    const offset = isComplete ? Math.min(located.error.offset, endOfText(head)) : located.error.offset;
    const line = await lineAt(this.#input.file, head, offset);
    return located.at({ hint, line, offset });
  }

  async *#readDecoded(): AsyncGenerator<Uint8Array, void, undefined> {
    const { encoding, framing } = this.#job.source.form;
    const decoder = createDecoder(framing === "lines" ? "raw" : encoding);
    for await (const chunk of this.#input.chunks) {
      const bytes = decodePart(() => decoder.push(chunk));
      if (bytes.length > 0) yield bytes;
      this.#progress.advance(chunk.length);
    }
    const bytes = decodePart(() => decoder.end());
    if (bytes.length > 0) yield bytes;
  }

  async #flush(): Promise<void> {
    await this.#output.write(this.#encoder.push(this.#batch.view()));
    this.#batch.clear();
  }

  async #finish(addLineFeed: boolean): Promise<void> {
    if (addLineFeed) this.#batch.append(Uint8Array.of(LINE_FEED));
    await this.#flush();
    await this.#output.write(this.#encoder.end());
  }
}

/** `undefined` for what is no error of a message. */
function toMessageError(error: unknown): MessageError | undefined {
  if (error instanceof MessageError) return error;
  return isThriftError(error) ? new MessageError(error, {}) : undefined;
}

/** Errors of the encoding have offsets in the text, whatever the message. */
function decodePart(decode: () => Uint8Array): Uint8Array {
  try {
    return decode();
  } catch (error) {
    throw toMessageError(error) ?? error;
  }
}

/** Takes chunks until the input ends, which is `true`, or there are more than `size` bytes. */
async function gather(
  chunks: AsyncIterator<Uint8Array>,
  pieces: Uint8Array[],
  size: number,
): Promise<boolean> {
  let gathered = pieces.reduce((total, piece) => total + piece.length, 0);
  while (gathered <= size) {
    const next = await chunks.next();
    if (next.done) return true;
    pieces.push(next.value);
    gathered += next.value.length;
  }
  return false;
}

function toStream(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    async pull(controller) {
      const next = await rest.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await rest.return();
    },
  });
}

/** Where the white space at the end begins. */
function endOfText(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1]!)) end--;
  return end;
}

/**
 * The line of an offset, 1-based: from the beginning of the input where that has it, else from the file.
 * `undefined` when it is unknown, and for the first line, which goes without saying.
 */
async function lineAt(
  file: string | undefined,
  head: Uint8Array,
  offset: number,
): Promise<number | undefined> {
  let line = 1;
  if (offset <= head.length) line += countLines(head.subarray(0, offset));
  else if (file !== undefined) {
    try {
      for await (const chunk of createReadStream(file, { end: offset - 1 })) line += countLines(chunk);
    } catch {
      return undefined;
    }
  }
  return line > 1 ? line : undefined;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}
