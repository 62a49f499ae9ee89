import { describe, expect, it } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import { createDiagnostic, createNote, IdlError } from "../../src/idl/diagnostics.ts";
import { parseDocument } from "../../src/idl/parser.ts";
import { locate, renderExcerpt } from "../../src/idl/source.ts";

const at = (start: number) => ({ start, end: start + 1 });

describe("locate", () => {
  it.each<[source: string, offset: number, line: number, column: number, lineText: string]>([
    ["", 0, 1, 1, ""],
    ["abc", 0, 1, 1, "abc"],
    ["abc", 3, 1, 4, "abc"],
    ["abc", 99, 1, 4, "abc"],
    ["a\nbc\nd", 0, 1, 1, "a"],
    ["a\nbc\nd", 1, 1, 2, "a"],
    ["a\nbc\nd", 2, 2, 1, "bc"],
    ["a\nbc\nd", 3, 2, 2, "bc"],
    ["a\nbc\nd", 5, 3, 1, "d"],
    ["a\r\nb", 1, 1, 2, "a"],
    ["a\r\nb", 2, 1, 2, "a"],
    ["a\r\nb", 3, 2, 1, "b"],
    ["a\rb", 2, 2, 1, "b"],
    ["a\r\rb", 3, 3, 1, "b"],
    ["a\n\r\nb", 4, 3, 1, "b"],
    ["a\n", 2, 2, 1, ""],
    ["\n\n", 1, 2, 1, ""],
    ["\ufeffabc", 0, 1, 1, "abc"],
    ["\ufeffabc", 1, 1, 1, "abc"],
    ["\ufeffabc\nd", 5, 2, 1, "d"],
    ["😀a", 2, 1, 3, "😀a"],
  ])("%j at %d", (source, offset, line, column, lineText) => {
    expect(locate({ fileName: "a", source }, offset)).toEqual({ line, column, lineText });
  });
});

describe("the excerpt", () => {
  it.each<[lineText: string, column: number, excerpt: string]>([
    ["abc", 1, "abc\n^"],
    ["abc", 3, "abc\n  ^"],
    ["abc", 4, "abc\n   ^"],
    ["", 1, "\n^"],
    ["\t\ta b", 5, "\t\ta b\n\t\t  ^"],
    ["a\tb", 3, "a\tb\n \t^"],
    ["名字 x", 4, "名字 x\n     ^"],
    ["😀 x", 4, "😀 x\n   ^"],
    ["a\u001b[31mb\u202e", 8, "a\ufffd[31mb\ufffd\n       ^"],
  ])("of %j at column %d", (lineText, column, excerpt) => {
    expect(renderExcerpt({ line: 1, lineText, column })).toBe(excerpt);
  });

  it.each<[column: number, shown: string, caret: number]>([
    [1, `X${"a".repeat(119)}…`, 0],
    [61, `${"a".repeat(60)}X${"a".repeat(59)}…`, 60],
    [500, `…${"a".repeat(60)}X${"a".repeat(59)}…`, 61],
    [1000, `…${"a".repeat(119)}X`, 120],
  ])("of a long line is cut around column %d", (column, shown, caret) => {
    const lineText = `${"a".repeat(column - 1)}X${"a".repeat(1000 - column)}`;
    expect(renderExcerpt({ line: 1, lineText, column })).toBe(`${shown}\n${" ".repeat(caret)}^`);
  });
});

describe("a diagnostic", () => {
  const first = { fileName: "dir/a.thrift", source: "struct A {}\n\tstruct A {}\n" };

  it("says where, shows the line with a caret, then the notes", () => {
    const note = createNote(first, at(7), "first defined here");
    const diagnostic = createDiagnostic(first, at(20), "`A` is defined twice", [note]);
    expect(diagnostic).toEqual({
      message: [
        "dir/a.thrift:2:9: `A` is defined twice",
        "\tstruct A {}",
        "\t       ^",
        "dir/a.thrift:1:8: note: first defined here",
      ].join("\n"),
      fileName: "dir/a.thrift",
      line: 2,
      column: 9,
      lineText: "\tstruct A {}",
      notes: [{ message: "first defined here", fileName: "dir/a.thrift", line: 1, column: 8 }],
    });
  });

  it.each<[length: number, column: number, start: number]>([
    [1000, 1, 0],
    [1000, 700, 0],
    [1000, 1001, 0],
    [1001, 1, 0],
    [1001, 501, 0],
    [1001, 502, 1],
    [1001, 1002, 1],
    [5000, 500, 0],
    [5000, 3001, 2500],
    [5000, 5001, 4000],
  ])("of a line of %d characters, at column %d, has the 1,000 from offset %d on", (length, column, start) => {
    const line = Array.from({ length }, (_, index) => String.fromCharCode(0x61 + (index % 26))).join("");
    const text = { fileName: "a", source: `first\n${line}\nlast` };
    const diagnostic = createDiagnostic(text, at("first\n".length + column - 1), "m");
    expect(diagnostic).toMatchObject({ line: 2, column, lineText: line.slice(start, start + 1000) });
    expect(diagnostic.message).toBe(
      `a:2:${column}: m\n${renderExcerpt({ line: 2, column, lineText: line })}`,
    );
  });

  it("is made from a parsed document as well", () => {
    const { document } = parseDocument(first.source, first.fileName);
    expect(createDiagnostic(document, document.definitions[1]!.name, "x").message).toBe(
      "dir/a.thrift:2:9: x\n\tstruct A {}\n\t       ^",
    );
  });

  it("many of them take linear time", () => {
    const text = { fileName: "a", source: "x\n".repeat(50_000) };
    for (let offset = 0; offset < 100_000; offset += 2) {
      expect(createDiagnostic(text, at(offset), "m").line).toBe(offset / 2 + 1);
    }
  });
});

describe("IdlError", () => {
  const problem = createDiagnostic({ fileName: "a", source: "x" }, at(0), "wrong");

  it.each<[count: number, message: string]>([
    [1, "a:1:1: wrong\nx\n^"],
    [2, "a:1:1: wrong\nx\n^\n(and 1 more problem)"],
    [3, "a:1:1: wrong\nx\n^\n(and 2 more problems)"],
  ])("of %d", (count, message) => {
    const error = new IdlError(Array.from({ length: count }, () => problem));
    expect(error.message).toBe(message);
    expect(error.name).toBe("IdlError");
    expect(isThriftError(error, "INVALID_IDL")).toBe(true);
    expect(error.diagnostics).toHaveLength(count);
    expect(error).toMatchObject({ total: count, endedEarly: false });
  });

  it.each<[total: number, endedEarly: boolean, more: string]>([
    [2, false, "(and 1 more problem)"],
    [150, false, "(and 149 more problems)"],
    [2, true, "(and at least 1 more problem)"],
    [150, true, "(and at least 149 more problems)"],
  ])("of one diagnostic, %d problems, ended early: %s", (total, endedEarly, more) => {
    const error = new IdlError([problem], total, endedEarly);
    expect(error.message).toBe(`a:1:1: wrong\nx\n^\n${more}`);
    expect(error).toMatchObject({ total, endedEarly });
  });
});
