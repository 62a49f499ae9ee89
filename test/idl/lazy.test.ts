import { expect, test, vi } from "vitest";
import { builtinAnnotations } from "../../src/annotation/registry.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { errorsOf, idlErrorOf } from "./problems.ts";

/** `count` structs with ten fields each, which use each other. */
function manyStructs(count: number): string {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    lines.push(`struct S${i} {`);
    for (let field = 1; field <= 10; field++) {
      const type =
        field === 3 ? `list<S${(i * 7 + field) % count}>` : field === 5 ? "map<string, i64>" : "string";
      lines.push(`  ${field}: optional ${type} field${field}`);
    }
    lines.push("}");
  }
  return lines.join("\n");
}

test("fields are built on first use, and once", () => {
  const idl = parseIdl(manyStructs(50));
  const struct = idl.struct("S7");
  const resolveField = vi.spyOn(Object.getPrototypeOf(builtinAnnotations), "resolveField");
  try {
    expect(struct.fields).toHaveLength(10);
    expect(resolveField).toHaveBeenCalledTimes(10);
    expect(struct.fieldByName("field3")).toBe(struct.fieldById(3));
    expect(struct.fields).toBe(struct.fields);
    expect(resolveField).toHaveBeenCalledTimes(10);
  } finally {
    resolveField.mockRestore();
  }
});

test("container types are one object per combination", () => {
  const idl = parseIdl(
    "struct A { 1: list<i32> a, 2: list<i32> b, 3: map<string, list<i32>> c }\nstruct B { 1: map<string, list<i32>> c }",
  );
  const [a, b, c] = idl.struct("A").fields;
  expect(a?.type).toBe(b?.type);
  expect(c?.type).toBe(idl.struct("B").fields[0]?.type);
  expect(c?.type.kind === "map" && c.type.value).toBe(a?.type);
});

test("5,000 structs with 10 fields: linking looks at each field once", () => {
  const resolveField = vi.spyOn(Object.getPrototypeOf(builtinAnnotations), "resolveField");
  try {
    const idl = parseIdl(manyStructs(5000));
    expect(idl.structs.size).toBe(5000);
    expect(resolveField).toHaveBeenCalledTimes(50_000);
  } finally {
    resolveField.mockRestore();
  }
});

/** Following the chain anew from each of its links, 10^10 steps, would run into the timeout of a test. */
const LENGTH = 100_000;

function lines(line: (index: number) => string): string {
  return Array.from({ length: LENGTH }, (_, index) => line(index)).join("\n");
}

test("a chain of 100,000 typedefs, written backwards", () => {
  const idl = parseIdl(`${lines((i) => `typedef T${i + 1} T${i}`)}\ntypedef i32 T${LENGTH}`);
  expect(idl.type("list<T0>").name).toBe("list<i32>");
});

test("a chain of 100,000 constants, written backwards", () => {
  const idl = parseIdl(
    `${lines((i) => `const i32 C${i} = C${i + 1}`)}\nconst i64 C${LENGTH} = 5\nstruct S { 1: i64 d = C0 }`,
  );
  expect(idl.struct("S").fieldById(1)?.defaultValue).toBe(5n);
});

test("a cycle of 100,000 typedefs", () => {
  const errors = errorsOf(lines((i) => `typedef T${(i + 1) % LENGTH} T${i}`));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^1:12 typedef `T0` stands for itself; /);
});

test.each([100, 101, 1000])("%d problems: 100 are described, all are counted", (count) => {
  const fields = Array.from({ length: count }, (_, i) => `${i + 1}: Foo f${i}`).join("\n");
  const error = idlErrorOf(`struct S {\n${fields}\n}`);
  expect(error.diagnostics).toHaveLength(100);
  expect(error).toMatchObject({ total: count, endedEarly: false });
  expect(error.message).toMatch(new RegExp(`\\n\\(and ${count - 1} more problems\\)$`));
});
