/** Names longer than this are compared by case only: nobody mistypes them, and the comparison is quadratic. */
const MAX_COMPARED_LENGTH = 64;
/** Candidates beyond this number are compared by case only, so that one hint stays within a few milliseconds. */
const MAX_COMPARED_CANDIDATES = 2000;
/** Candidates are not looked at beyond this number. */
const MAX_CANDIDATES = 100_000;
/** One typing error is forgiven for every so many characters, up to this number of errors. */
const CHARACTERS_PER_ERROR = 3;
const MAX_ERRORS = 3;

/**
 * A hint such as ``did you mean `User`?`` for a name that does not exist, or `undefined` when no candidate
 * is close. Close are names that differ in case or underscores, in a few typed characters, or by a
 * prefix that only one of them has (`User` and `base.User`). The cost is bounded whatever the names and their number.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = foldCase(name);
  const wantedTail = lastSegment(wanted);
  const tolerance = Math.min(Math.floor(name.length / CHARACTERS_PER_ERROR), MAX_ERRORS);
  let best: string | undefined;
  let bestScore = tolerance + 1;
  let seen = 0;
  for (const candidate of candidates) {
    if (++seen > MAX_CANDIDATES || bestScore === 0) {
      break;
    }
    if (candidate === name || candidate === "") {
      continue;
    }
    const folded = foldCase(candidate);
    const score = folded === wanted ? 0 : scoreOf(folded, wanted, wantedTail, seen, bestScore);
    if (score < bestScore || (score === 0 && best === undefined)) {
      best = candidate;
      bestScore = score;
    }
  }
  return best === undefined ? undefined : `did you mean \`${best}\`?`;
}

/** What makes one name less likely than another; `limit` or more when it is no better than the best so far. */
function scoreOf(folded: string, wanted: string, wantedTail: string, seen: number, limit: number): number {
  // Half a point: a forgotten prefix is likelier than a wrong letter, and less likely than a wrong case.
  const onePrefixed = folded.includes(".") !== wanted.includes(".");
  const prefixScore = onePrefixed && lastSegment(folded) === wantedTail ? 0.5 : limit;
  if (seen > MAX_COMPARED_CANDIDATES || Math.max(folded.length, wanted.length) > MAX_COMPARED_LENGTH) {
    return prefixScore;
  }
  return Math.min(prefixScore, editDistance(folded, wanted, limit));
}

function foldCase(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * How many characters to insert, delete, replace or swap with their neighbour turn `a` into `b`
 * (optimal string alignment), or `limit` as soon as it is certain that so many are needed.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) {
    return limit;
  }
  const width = b.length + 1;
  // Three rows, used in turn, of the table of distances between the beginnings of `a` and `b`.
  const rows = new Uint8Array(3 * width);
  for (let column = 0; column < width; column++) {
    rows[column] = column;
  }
  for (let row = 1; row <= a.length; row++) {
    const current = (row % 3) * width;
    const previous = ((row + 2) % 3) * width;
    const beforePrevious = ((row + 1) % 3) * width;
    rows[current] = row;
    let smallest = row;
    for (let column = 1; column < width; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      let cost = Math.min(
        rows[previous + column]! + 1,
        rows[current + column - 1]! + 1,
        rows[previous + column - 1]! + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1);
      if (swapped) {
        cost = Math.min(cost, rows[beforePrevious + column - 2]! + 1);
      }
      rows[current + column] = cost;
      smallest = Math.min(smallest, cost);
    }
    if (smallest >= limit) {
      return limit;
    }
  }
  return Math.min(rows[(a.length % 3) * width + b.length]!, limit);
}
