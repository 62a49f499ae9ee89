/** Longer names get no hint and are no hint: nobody mistypes them, and so the work for one pair is bounded. */
const MAX_LENGTH = 128;
/** Candidates beyond this number are compared by case only, so that one hint stays within a few milliseconds. */
const MAX_COMPARED_CANDIDATES = 2000;
/** Candidates are not looked at beyond this number. */
const MAX_CANDIDATES = 100_000;
/** One typing error is forgiven for every so many characters, up to this number of errors. */
const CHARACTERS_PER_ERROR = 3;
const MAX_ERRORS = 3;
/**
 * What a prefix counts that only one name has: a forgotten prefix is likelier than a wrong letter, and less likely
 * than a wrong case.
 */
const PREFIX_SCORE = 0.5;

const ASCII_END = 0x80;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;
const UNDERSCORE = 0x5f;

/**
 * A hint such as ``did you mean `User`?`` for a name that does not exist, or `undefined` when no candidate
 * is close. Close are names that differ in case or underscores, in a few typed characters, or by a
 * prefix that only one of them has (`User` and `base.User`). The cost is bounded whatever the names and their number:
 * names of more than 128 characters are passed over, and so are candidates behind the first 100,000.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) {
    return undefined;
  }
  const wanted = foldCase(name);
  const tolerance = Math.min(Math.floor(name.length / CHARACTERS_PER_ERROR), MAX_ERRORS);
  // Three rows, used in turn, of the table of distances between the beginnings of two names.
  const rows = new Uint8Array(3 * (wanted.length + 1));
  let best: string | undefined;
  let bestScore = tolerance + 1;
  let seen = 0;
  for (const candidate of candidates) {
    if (++seen > MAX_CANDIDATES || bestScore === 0) {
      break;
    }
    if (candidate === name || candidate === "" || candidate.length > MAX_LENGTH) {
      continue;
    }
    const isCompared = seen <= MAX_COMPARED_CANDIDATES;
    const score = scoreOf(candidate, wanted, bestScore, isCompared ? rows : undefined);
    if (score < bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best === undefined ? undefined : `did you mean \`${best}\`?`;
}

/** What makes one name less likely than another; `limit` or more when it is no better than the best so far. */
function scoreOf(candidate: string, wanted: string, limit: number, rows: Uint8Array | undefined): number {
  if (mayEndAlike(candidate, wanted)) {
    if (foldsTo(candidate, 0, wanted)) {
      return 0;
    }
    const dot = candidate.lastIndexOf(".");
    const wantedDot = wanted.lastIndexOf(".");
    if (dot < 0 !== wantedDot < 0 && foldsTo(candidate, dot + 1, wanted.slice(wantedDot + 1))) {
      return PREFIX_SCORE;
    }
  }
  return rows !== undefined && limit > 1 && wanted.length - candidate.length < limit
    ? editDistance(foldCase(candidate), wanted, limit, rows)
    : limit;
}

/** Whether the last characters of `name` and of `folded` do not already tell that they end differently. */
function mayEndAlike(name: string, folded: string): boolean {
  const unit = name.charCodeAt(name.length - 1);
  return unit === UNDERSCORE || unit >= ASCII_END || toLower(unit) === folded.charCodeAt(folded.length - 1);
}

function toLower(unit: number): number {
  return unit >= UPPER_A && unit <= UPPER_Z ? unit + TO_LOWER : unit;
}

function foldCase(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** Whether `foldCase(name.slice(from))` is `folded`; most names differ in their first character, so none is made. */
function foldsTo(name: string, from: number, folded: string): boolean {
  // Folding takes underscores away and adds nothing, but for letters such as `İ`, which names of Thrift do not have.
  if (name.length - from < folded.length) {
    return false;
  }
  let matched = 0;
  for (let index = from; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    if (unit >= ASCII_END) {
      return foldCase(name.slice(from)) === folded;
    }
    if (unit !== UNDERSCORE) {
      if (toLower(unit) !== folded.charCodeAt(matched)) {
        return false;
      }
      matched++;
    }
  }
  return matched === folded.length;
}

/**
 * How many characters to insert, delete, replace or swap with their neighbour turn `a` into `b`
 * (optimal string alignment), or `limit` as soon as it is certain that so many are needed.
 */
function editDistance(a: string, b: string, limit: number, rows: Uint8Array): number {
  if (Math.abs(a.length - b.length) >= limit) {
    return limit;
  }
  // What both begin and end with costs nothing.
  let start = 0;
  let aEnd = a.length;
  let bEnd = b.length;
  while (start < aEnd && start < bEnd && a.charCodeAt(start) === b.charCodeAt(start)) {
    start++;
  }
  while (aEnd > start && bEnd > start && a.charCodeAt(aEnd - 1) === b.charCodeAt(bEnd - 1)) {
    aEnd--;
    bEnd--;
  }
  const height = aEnd - start;
  const length = bEnd - start;
  const width = length + 1;
  // Cells further than this from the diagonal cannot be below `limit`, and are not filled in.
  const reach = limit - 1;
  for (let column = 0; column <= Math.min(limit, length); column++) {
    rows[column] = column;
  }
  for (let row = 1; row <= height; row++) {
    const current = (row % 3) * width;
    const previous = ((row + 2) % 3) * width;
    const beforePrevious = ((row + 1) % 3) * width;
    const first = Math.max(1, row - reach);
    const last = Math.min(length, row + reach);
    // The neighbours of the cells to fill in hold what an earlier row has left there.
    let smallest = Math.min(row - first + 1, limit);
    rows[current + first - 1] = smallest;
    if (last < length) {
      rows[current + last + 1] = limit;
    }
    for (let column = first; column <= last; column++) {
      const aUnit = a.charCodeAt(start + row - 1);
      const bUnit = b.charCodeAt(start + column - 1);
      let cost = Math.min(
        rows[previous + column]! + 1,
        rows[current + column - 1]! + 1,
        rows[previous + column - 1]! + (aUnit === bUnit ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        aUnit === b.charCodeAt(start + column - 2) &&
        a.charCodeAt(start + row - 2) === bUnit;
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
  return Math.min(rows[(height % 3) * width + length]!, limit);
}
