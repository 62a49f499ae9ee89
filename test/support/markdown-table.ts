/** A table of a Markdown text: its cells as written, with `\|` as `|`. */
export interface MarkdownTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const HEADING = /^#{1,6} +(.*)$/;

/** The tables below a heading, up to the next one. Throws when there is no such heading or no table. */
export function tablesBelow(markdown: string, heading: string): MarkdownTable[] {
  const lines = markdown.split(/\r?\n/);
  const start = lines.findIndex((line) => HEADING.exec(line)?.[1] === heading);
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const tables: { header: string[]; rows: string[][] }[] = [];
  let isInside = false;
  for (const line of lines.slice(start + 1)) {
    if (HEADING.test(line)) break;
    const cells = cellsOf(line);
    if (cells === undefined) isInside = false;
    else if (!isInside) {
      tables.push({ header: cells, rows: [] });
      isInside = true;
    } else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) tables.at(-1)!.rows.push(cells);
  }
  if (tables.length === 0) throw new Error(`there is no table below "${heading}"`);
  return tables;
}

function cellsOf(line: string): string[] | undefined {
  if (!line.startsWith("|")) return undefined;
  // Cells end at a bar without a backslash.
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  return cells.slice(1, -1);
}

/** The pieces of code in a cell: what stands between backquotes. */
export function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}
