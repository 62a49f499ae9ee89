import { describe, expect, it } from "vitest";
import { tokenize } from "../../src/idl/lexer.ts";
import { TokenKind } from "../../src/idl/token-table.ts";

const KIND_NAMES = new Map(Object.entries(TokenKind).map(([name, kind]) => [kind, name]));

/** Every token as `KIND text`, without the last one; symbols are their text. */
function lex(source: string): string[] {
  const tokens = tokenize(source);
  const texts: string[] = [];
  for (let index = 0; index < tokens.length - 1; index++) {
    const text = source.slice(tokens.start(index), tokens.end(index));
    const kind = tokens.kind(index);
    texts.push(kind > TokenKind.INVALID ? text : `${KIND_NAMES.get(kind)} ${text}`);
  }
  expect(tokens.kind(tokens.length - 1)).toBe(TokenKind.END);
  expect(tokens.start(tokens.length - 1)).toBe(source.length);
  return texts;
}

/** `text: problem` of every token that has one. */
function problemsOf(source: string): string[] {
  const tokens = tokenize(source);
  const problems: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const problem = tokens.problem(index);
    if (problem !== undefined) {
      problems.push(`${source.slice(tokens.start(index), tokens.end(index))}: ${problem}`);
    }
  }
  return problems;
}

describe("tokens", () => {
  it.each<[source: string, tokens: string[]]>([
    ["", []],
    ["struct", ["WORD struct"]],
    ["_a.b_1.C", ["WORD _a.b_1.C"]],
    ["a..b c.", ["WORD a..b", "WORD c."]],
    ["&()*,:;<=>[]{}", ["&", "(", ")", "*", ",", ":", ";", "<", "=", ">", "[", "]", "{", "}"]],
    ["0 12 -3 +4 007", ["INT 0", "INT 12", "INT -3", "INT +4", "INT 007"]],
    ["0x1F -0xabc +0x0 0o17", ["INT 0x1F", "INT -0xabc", "INT +0x0", "INT 0o17"]],
    ["1.5 .5 -.5 +1.0", ["DOUBLE 1.5", "DOUBLE .5", "DOUBLE -.5", "DOUBLE +1.0"]],
    ["1e3 1E+3 1.5e-3 .5e1", ["DOUBLE 1e3", "DOUBLE 1E+3", "DOUBLE 1.5e-3", "DOUBLE .5e1"]],
    ["e10 1e 1ex", ["WORD e10", "INT 1", "WORD e", "INT 1", "WORD ex"]],
    ["1-2", ["INT 1", "INT -2"]],
    ["1Y=2", ["INT 1", "WORD Y", "=", "INT 2"]],
    ["0x 0xg 0X1 0o8", ["INT 0", "WORD x", "INT 0", "WORD xg", "INT 0", "WORD X1", "INT 0", "WORD o8"]],
    [`"a" 'b'`, ['STRING "a"', "STRING 'b'"]],
    [`"it's" 'a "b"'`, [`STRING "it's"`, `STRING 'a "b"'`]],
    [
      String.raw`"a\"b" '\'' "\\"`,
      [String.raw`STRING "a\"b"`, String.raw`STRING '\''`, String.raw`STRING "\\"`],
    ],
    ['"a\nb" c', ['STRING "a\nb"', "WORD c"]],
    ["a // b\nc", ["WORD a", "WORD c"]],
    ["a # b\r\nc", ["WORD a", "WORD c"]],
    ["a // b\rc", ["WORD a", "WORD c"]],
    ["a // b", ["WORD a"]],
    [
      "a /* b */ c /**/ d /***/ e /** f **/ g /* * / */ h",
      ["a", "c", "d", "e", "g", "h"].map((w) => `WORD ${w}`),
    ],
    ["\ufeffa", ["WORD a"]],
    ["a\t\v\r\n b", ["WORD a", "WORD b"]],
  ])("%j", (source, tokens) => {
    expect(lex(source)).toEqual(tokens);
    expect(problemsOf(source)).toEqual([]);
  });

  it("a byte order mark in the text is not skipped", () => {
    expect(lex("a \ufeff")).toEqual(["WORD a", "INVALID \ufeff"]);
  });
});

describe("tokens with a problem", () => {
  it.each<[source: string, tokens: string[], problems: string[]]>([
    ["1. x", ["DOUBLE 1.", "WORD x"], ["1.: a digit is missing after the decimal point"]],
    ['"abc', ['STRING "abc'], ['"abc: this string is never closed, `"` is missing']],
    ["'abc\nd", ["STRING 'abc", "WORD d"], ["'abc: this string is never closed, `'` is missing"]],
    ["a /* b", ["WORD a", "INVALID /* b"], ["/* b: this comment is never closed, `*/` is missing"]],
    ["a /*/", ["WORD a", "INVALID /*/"], ["/*/: this comment is never closed, `*/` is missing"]],
    [
      "Größe",
      ["WORD Größe"],
      ["Größe: `ö` is not allowed in a name; names are made of ASCII letters, digits, `_` and `.`"],
    ],
    [
      "名字",
      ["WORD 名字"],
      ["名字: `名` is not allowed in a name; names are made of ASCII letters, digits, `_` and `.`"],
    ],
    [
      "a𝒳b",
      ["WORD a𝒳b"],
      ["a𝒳b: `𝒳` is not allowed in a name; names are made of ASCII letters, digits, `_` and `.`"],
    ],
    ["（", ["（"], ["（: unexpected character `（` (U+FF08); did you mean `(`?"]],
    ["、", ["、"], ["、: unexpected character `、` (U+3001); did you mean `,`?"]],
  ])("%j", (source, tokens, problems) => {
    expect(lex(source)).toEqual(tokens);
    expect(problemsOf(source)).toEqual(problems);
  });

  it.each(["$", "@", "/", "-", "+", ".", "\f", "\0", "\u00a0", "“", "😀", "\ud800"])(
    "%j is no token",
    (source) => {
      expect(lex(source)).toEqual([`INVALID ${source}`]);
    },
  );

  it("after a quote that is never closed, strings end with their line", () => {
    expect(lex('"a\n\\"b\nc')).toEqual(['STRING "a', "INVALID \\", 'STRING "b', "WORD c"]);
  });
});

describe("doc comments", () => {
  it.each<[source: string, doc: string | undefined]>([
    ["/** a */ x", "/** a */ x"],
    ["/** a */ /** b */ x", "/** b */ x"],
    ["/** a */ // c\n x", "/** a */ // c\n x"],
    ["/* a */ x", undefined],
    ["/**/ x", undefined],
    ["// a\n x", undefined],
  ])("of %j", (source, doc) => {
    const start = tokenize(source).doc(0);
    expect(start === undefined ? undefined : source.slice(start)).toBe(doc);
  });

  it("belongs to the token behind it", () => {
    const tokens = tokenize("a /** d */ b c");
    expect([tokens.doc(0), tokens.doc(1), tokens.doc(2)]).toEqual([undefined, 2, undefined]);
  });
});
