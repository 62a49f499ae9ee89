/** A text with the name by which diagnostics call it. A `Document` is one. */
export interface SourceText {
  readonly fileName: string;
  readonly source: string;
}

export interface SourcePosition {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units; a byte order mark does not count. */
  readonly column: number;
  /** The whole line without its line break. */
  readonly lineText: string;
}

const BYTE_ORDER_MARK = 0xfeff;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where the text proper starts: behind the byte order mark if there is one. */
export function startOfText(source: string): number {
  return source.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
}

/**
 * Line and column of an offset in UTF-16 units. Lines end with LF, CR LF or CR; an offset at a line break
 * belongs to the line that it ends. Offsets beyond the text mean its end.
 */
export function locate(text: SourceText, offset: number): SourcePosition {
  const starts = lineStarts(text);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const start = starts[low]!;
  const end = endOfLine(text.source, low + 1 < starts.length ? starts[low + 1]! : text.source.length);
  const column = Math.min(Math.max(offset, start), Math.max(end, start)) - start + 1;
  return { line: low + 1, column, lineText: text.source.slice(start, Math.max(end, start)) };
}

/** The offset of the line break in front of `next`, the start of the next line or the end of the text. */
function endOfLine(source: string, next: number): number {
  let end = next;
  if (source.charCodeAt(end - 1) === LINE_FEED) {
    end--;
  }
  return source.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
}

/** Line starts per text, so that a text with many diagnostics is scanned once. Only a cache. */
const lineStartsOf = new WeakMap<SourceText, readonly number[]>();

function lineStarts(text: SourceText): readonly number[] {
  const known = lineStartsOf.get(text);
  if (known !== undefined) {
    return known;
  }
  const { source } = text;
  const starts = [startOfText(source)];
  for (let index = 0; index < source.length; index++) {
    const unit = source.charCodeAt(index);
    if (unit === LINE_FEED || (unit === CARRIAGE_RETURN && source.charCodeAt(index + 1) !== LINE_FEED)) {
      starts.push(index + 1);
    }
  }
  lineStartsOf.set(text, starts);
  return starts;
}

/** Longer lines are cut around the caret: what fits a wide terminal. */
const MAX_EXCERPT_LENGTH = 120;
const CUT = "…";

/** The line, or of one with more than `length` UTF-16 units the `length` around `column`, half of them before it. */
export function lineAround({ lineText, column }: SourcePosition, length: number): string {
  const from = startAround(lineText, column, length);
  return lineText.slice(from, from + length);
}

/** Where the `length` units around `column` start; the line's ends are not passed. */
function startAround(lineText: string, column: number, length: number): number {
  return Math.max(0, Math.min(column - 1 - Math.floor(length / 2), lineText.length - length));
}

/**
 * The source line and below it a line with a caret under `column`. Tabs are kept in both lines, so that
 * they align whatever the tab width; control characters are replaced, so that nothing acts on a terminal;
 * very long lines are cut around the caret.
 */
export function renderExcerpt({ lineText, column }: SourcePosition): string {
  const from = startAround(lineText, column, MAX_EXCERPT_LENGTH);
  const to = Math.min(from + MAX_EXCERPT_LENGTH, lineText.length);
  const before = (from > 0 ? CUT : "") + visible(lineText.slice(from, column - 1));
  const after = visible(lineText.slice(Math.max(column - 1, from), to)) + (to < lineText.length ? CUT : "");
  let indent = "";
  for (const character of before) {
    indent += character === "\t" ? "\t" : isWide(character.codePointAt(0)!) ? "  " : " ";
  }
  return `${before}${after}\n${indent}^`;
}

function visible(text: string): string {
  // C0 and C1 controls other than the tab, and the marks that reorder text.
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Whether terminals draw the character two columns wide: the blocks of Unicode's East Asian Wide that matter. */
function isWide(codePoint: number): boolean {
  return (
    (codePoint >= 0x1100 && codePoint <= 0x115f) ||
    (codePoint >= 0x2e80 && codePoint <= 0xa4cf) ||
    (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0xfe30 && codePoint <= 0xfe6f) ||
    (codePoint >= 0xff00 && codePoint <= 0xff60) ||
    (codePoint >= 0xffe0 && codePoint <= 0xffe6) ||
    codePoint >= 0x1f300
  );
}
