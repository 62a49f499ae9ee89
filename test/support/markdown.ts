/** The code of one section of a Markdown text, as one program with what it must print. */
export interface MarkdownProgram {
  /** The heading of the section, and the line of its first block, 1-based. */
  readonly name: string;
  readonly code: string;
  /** What its `text` blocks say, or `undefined` when it has none. */
  readonly output: string | undefined;
}

const FENCE = /^```(\w*)\s*$/;
const HEADING = /^#{1,6} +(.*)$/;

/**
 * The `ts` blocks below each heading, joined to one program per heading, so that a later block can go on from
 * an earlier one. `text` blocks that follow a `ts` block of the section are what the program prints up to there.
 */
export function programsOf(markdown: string): MarkdownProgram[] {
  const programs: { name: string; code: string[]; output: string[] }[] = [];
  let heading = "top";
  let current: (typeof programs)[number] | undefined;
  const lines = markdown.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const title = HEADING.exec(lines[index]!)?.[1];
    if (title !== undefined) {
      heading = title;
      current = undefined;
    }
    const language = FENCE.exec(lines[index]!)?.[1];
    if (language === undefined) continue;
    const start = index + 1;
    do index++;
    while (index < lines.length && !FENCE.test(lines[index]!));
    const block = lines.slice(start, index);
    if (language === "ts") {
      current ??=
        programs[programs.push({ name: `${heading} (line ${start + 1})`, code: [], output: [] }) - 1]!;
      current.code.push(...block);
    } else if (language === "text") {
      current?.output.push(...block);
    }
  }
  return programs.map(({ name, code, output }) => ({
    name,
    code: `${code.join("\n")}\n`,
    output: output.length === 0 ? undefined : `${output.join("\n")}\n`,
  }));
}
