const OPENING = "/**";
const CLOSING = "*/";

/**
 * The text of the doc comment that starts at `start`: without the column of stars, without the indentation
 * that its lines share, without blank lines around it. `undefined` when nothing is left. Lines are joined by
 * LF, and Markdown inside keeps its relative indentation.
 */
export function cleanDocComment(source: string, start: number): string | undefined {
  const bodyStart = start + OPENING.length;
  const body = source.slice(bodyStart, source.indexOf(CLOSING, bodyStart));
  if (!/[\r\n]/.test(body)) {
    return trimStars(body).trim() || undefined;
  }
  const [first = "", ...rest] = body.split(/\r\n|\n|\r/);
  const following = rest.map(withoutStar);
  const indent = sharedIndent(following);
  const lines = [trimStars(first).trim(), ...following.map((line) => line.slice(indent).trimEnd())];
  const from = lines.findIndex((line) => line !== "");
  const to = lines.findLastIndex((line) => line !== "");
  return from < 0 ? undefined : lines.slice(from, to + 1).join("\n");
}

/** The line without the star that it may start with; a line of nothing but stars is blank. */
function withoutStar(line: string): string {
  const text = line.trimStart();
  if (trimStars(text).trim() === "") {
    return "";
  }
  return text.startsWith("*") ? text.slice(1) : line;
}

function trimStars(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charAt(start) === "*") {
    start++;
  }
  while (end > start && text.charAt(end - 1) === "*") {
    end--;
  }
  return text.slice(start, end);
}

/** How many white-space characters every line that is not blank starts with. */
function sharedIndent(lines: readonly string[]): number {
  let indent = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const text = line.trimStart();
    if (text !== "") {
      indent = Math.min(indent, line.length - text.length);
    }
  }
  return Number.isFinite(indent) ? indent : 0;
}
