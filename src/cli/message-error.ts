import { ThriftError } from "../index.ts";

/** What the command line knows of the place of an error, beside what the library knows. */
export interface MessagePlace {
  /** Which of many messages: `line 3`. */
  readonly label?: string | undefined;
  /** To be added to the library's offset: what stands in front of the part that was converted. */
  readonly offsetBase?: number | undefined;
  /** The offset in the input, where that is not the library's. */
  readonly offset?: number | undefined;
  /** The line of the input, 1-based, where the input is JSON of several lines. */
  readonly line?: number | undefined;
  /** What to try instead. */
  readonly hint?: string | undefined;
}

/** A message that could not be converted. */
export class MessageError extends Error {
  readonly error: ThriftError;
  readonly place: MessagePlace;

  constructor(error: ThriftError, place: MessagePlace) {
    super(error.message, { cause: error });
    this.error = error;
    this.place = place;
  }

  /** The same error with more about its place. */
  at(place: MessagePlace): MessageError {
    return new MessageError(this.error, { ...this.place, ...place });
  }
}

/**
 * An error in what the input has become on its way, at its path only: the offset is none in the input, and so is the
 * excerpt.
 */
export function midwayError(error: ThriftError): MessageError {
  const { code, path } = error;
  return new MessageError(new ThriftError(code, bareMessage(error), { path, cause: error }), {});
}

/** One line: the code, what is wrong and where. */
export function describeError(error: ThriftError, place: MessagePlace = {}): string {
  const { path } = error;
  const { label, offsetBase = 0, line, hint } = place;
  const offset = place.offset ?? (error.offset === undefined ? undefined : error.offset + offsetBase);
  const where: string[] = [];
  if (path) where.push(`at ${path}`);
  if (line !== undefined) where.push(`line ${line}`);
  if (offset !== undefined) where.push(`offset ${offset}`);
  const parts = [label === undefined ? "" : `${label}: `, `${error.code} ${bareMessage(error)}`];
  if (where.length > 0) parts.push(` (${where.join(", ")})`);
  if (hint !== undefined) parts.push(`; ${hint}`);
  return parts.join("");
}

/** The message without the place that `ThriftError` appends. */
function bareMessage({ message, path, offset }: ThriftError): string {
  const places = [`at ${path}, offset ${offset}`, `at ${path}`, `offset ${offset}`];
  const suffix = places.map((place) => ` (${place})`).find((place) => message.endsWith(place));
  return suffix === undefined ? message : message.slice(0, -suffix.length);
}
