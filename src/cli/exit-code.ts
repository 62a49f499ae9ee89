import { constants } from "node:os";

/** What the process ends with; part of the command line's contract. */
export const ExitCode = {
  OK: 0,
  /** A message could not be converted. */
  FAILED: 1,
  /** The command line makes no sense. */
  USAGE: 2,
  /** The IDL has errors. */
  IDL: 3,
  /** A file or stream could not be read or written. */
  IO: 4,
  /** The message was converted, and is an exception. */
  EXCEPTION: 5,
  /** A bug in this program: EX_SOFTWARE of sysexits.h. */
  INTERNAL: 70,
} as const;

/** What shells expect of a process that a signal has ended. */
const SIGNAL_BASE = 128;

export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return SIGNAL_BASE + constants.signals[signal];
}

/** The codes as a paragraph of the help. */
export const EXIT_CODE_HELP: string = `Exit codes:
  0  done; also when whoever reads the output stops reading
  1  a message could not be converted
  2  the command line is wrong
  3  the IDL has errors
  4  a file or stream could not be read or written
  5  converted, and a message is an exception (an application exception in an
     envelope; a declared one under --exceptions throw)
  70  a bug in this program
  129, 130, 143  ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM`;
