import { didYouMean } from "./suggest.ts";

/**
 * `message`, and behind it ``; did you mean `User`?`` when one of `candidates` looks like `name`, which does
 * not exist.
 */
export function withHint(message: string, name: string, candidates: Iterable<string>): string {
  const hint = didYouMean(name, candidates);
  return hint === undefined ? message : `${message}; ${hint}`;
}
