/** A command line that makes no sense. `message` says what to do about it. */
export class UsageError extends Error {}
