import { describe, expect, test } from "vitest";
import { NO_ANNOTATIONS } from "../../src/descriptor/annotations.ts";
import { ContainerTypes } from "../../src/descriptor/container.ts";
import { createEnum } from "../../src/descriptor/enum.ts";
import { createField } from "../../src/descriptor/field.ts";
import { SCALARS } from "../../src/descriptor/scalars.ts";
import { createStruct, type StructParts } from "../../src/descriptor/struct.ts";
import type { StructDescriptor, TypeDescriptor } from "../../src/descriptor/types.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { TType } from "../../src/wire/ttype.ts";

function structOf(
  fields: readonly { id: number; name: string; alias?: string; type?: TypeDescriptor }[],
  parts: Partial<StructParts> = {},
): StructDescriptor {
  return createStruct({
    flavor: "struct",
    role: undefined,
    name: "S",
    fileName: "main.thrift",
    annotations: NO_ANNOTATIONS,
    doc: undefined,
    fieldKeys: "alias",
    fields: (parent) =>
      fields.map(({ id, name, alias, type }) =>
        createField(parent, {
          id,
          name,
          alias: alias ?? name,
          type: type ?? SCALARS.i32,
          requiredness: "default",
          defaultValue: undefined,
          annotations: NO_ANNOTATIONS,
          doc: undefined,
          mappings: { http: [] },
        }),
      ),
    ...parts,
  });
}

describe("scalars", () => {
  test("one object per kind, with its wire type", () => {
    expect(Object.values(SCALARS).map(({ kind, ttype }) => [kind, ttype])).toEqual([
      ["bool", TType.BOOL],
      ["byte", TType.BYTE],
      ["i16", TType.I16],
      ["i32", TType.I32],
      ["i64", TType.I64],
      ["double", TType.DOUBLE],
      ["string", TType.STRING],
      ["binary", TType.STRING],
      ["uuid", TType.UUID],
    ]);
  });
});

describe("containers", () => {
  test("are one object per combination, with the name that IDL would write", () => {
    const types = new ContainerTypes();
    const list = types.list(SCALARS.i32);
    const map = types.map(SCALARS.string, types.set(list));
    expect([list.ttype, types.set(list).ttype, map.ttype]).toEqual([TType.LIST, TType.SET, TType.MAP]);
    expect(map.name).toBe("map<string,set<list<i32>>>");
    expect(types.list(SCALARS.i32)).toBe(list);
    expect(types.map(SCALARS.string, types.set(list))).toBe(map);
    expect(types.map(SCALARS.binary, types.set(list))).not.toBe(map);
    expect(types.set(SCALARS.i32)).not.toBe(list);
  });

  test("long names are cut", () => {
    const types = new ContainerTypes();
    let type: TypeDescriptor = SCALARS.i32;
    for (let i = 0; i < 60; i++) {
      type = types.map(type, type);
    }
    expect(type.name.length).toBeLessThan(500);
  });
});

describe("enums", () => {
  const type = createEnum({
    name: "E",
    members: new Map(
      [["A", 1] as const, ["B", 1] as const, ["__proto__", 2] as const].map(([name, value]) => [
        name,
        { name, value, annotations: NO_ANNOTATIONS, doc: undefined },
      ]),
    ),
    annotations: NO_ANNOTATIONS,
    doc: undefined,
  });

  test("names and numbers", () => {
    expect([
      type.valueOf("A"),
      type.valueOf("B"),
      type.valueOf("__proto__"),
      type.valueOf("toString"),
    ]).toEqual([1, 1, 2, undefined]);
    expect([type.nameOf(1), type.nameOf(2), type.nameOf(3), type.nameOf(1.5)]).toEqual([
      "A",
      "__proto__",
      undefined,
      undefined,
    ]);
  });

  test("comparing and printing an enum does not break", () => {
    expect(`${type}`).toBe("[object Object]");
    expect((type as unknown) === type.valueOf(undefined as never)).toBe(true);
  });
});

describe("structs", () => {
  test.each<[string, number[]]>([
    ["small", [1, 2, 3]],
    ["with gaps", [7, 1, 900]],
    ["large", [30000, 1024, 1023, 0]],
    ["negative", [-1, -32768, 5]],
    ["none", []],
  ])("fieldById: %s ids", (_, ids) => {
    const struct = structOf(ids.map((id) => ({ id, name: `f${id}` })));
    expect(ids.map((id) => struct.fieldById(id)?.name)).toEqual(ids.map((id) => `f${id}`));
    for (const id of [-2, 4, 1022, 32767, 0.5, Number.NaN, 2 ** 31]) {
      expect(struct.fieldById(id)?.id).toBe(ids.includes(id) ? id : undefined);
    }
  });

  test("fields are built on first use, once, with the struct as their parent", () => {
    let built = 0;
    const struct = structOf([], {
      fields: () => {
        built++;
        return [];
      },
    });
    expect(built).toBe(0);
    expect(struct.fieldByKey("a")).toBeUndefined();
    expect(struct.fieldKeys.size).toBe(0);
    expect(built).toBe(1);
    const other = structOf([{ id: 1, name: "a" }]);
    expect(other.fields[0]?.parent).toBe(other);
  });

  test("building fails again when it failed once", () => {
    const struct = structOf([], {
      fields: () => {
        throw new Error("no");
      },
    });
    expect(() => struct.fields).toThrow("no");
    expect(() => struct.fieldById(1)).toThrow("no");
  });

  test.each(["__proto__", "constructor", "hasOwnProperty", ""])("%j as a name and a key", (name) => {
    const struct = structOf([{ id: 1, name: "a", alias: name }]);
    expect(struct.fieldByKey(name)?.id).toBe(1);
    expect(struct.fieldByName(name)).toBeUndefined();
    expect(structOf([]).fieldByKey(name)).toBeUndefined();
  });
});

describe("base", () => {
  const base = "struct Base {}\nstruct BaseResp {}\nstruct Other {}";
  const fields = "1: base.Base a, 2: base.BaseResp b, 3: base.Other c, 4: list<base.Base> d, 5: T e";

  test.each<[string, (string | undefined)[]]>([
    ["base.thrift", ["request", "response", undefined, undefined, "request"]],
    ["idl/base.thrift", ["request", "response", undefined, undefined, "request"]],
    ["my/base.thr", [undefined, undefined, undefined, undefined, undefined]],
  ])("marked by type, through typedefs: %s", (file, expected) => {
    const idl = parseIdl(`include "${file}"\ntypedef base.Base T\nstruct R { ${fields} }`, {
      sources: { [file]: base },
    });
    expect(idl.struct("R").fields.map((field) => field.base)).toEqual(expected);
  });

  test("not by name alone", () => {
    expect(parseIdl("struct Base {}\nstruct R { 1: Base b }").struct("R").fields[0]?.base).toBeUndefined();
    const own = parseIdl("struct Base {}\nstruct R { 1: Base b }", { fileName: "x/base.thrift" });
    expect(own.struct("R").fields[0]?.base).toBe("request");
  });
});

test("annotations and docs of everything", () => {
  const idl = parseIdl(`
/** A struct. */
struct S { /** A field. */ 1: i32 a (k = "1", flag, k = "2") } (s = "x")
/** An enum. */
enum E { A (m = "y") } (e = "z")
/** A service. */
service V { /** A method. */ void m(1: i32 x (arg = "q")) (me = "w") } (sv = "v")`);
  const struct = idl.struct("S");
  expect([struct.doc, struct.fields[0]?.doc, idl.enum("E").doc, idl.service().doc]).toEqual([
    "A struct.",
    "A field.",
    "An enum.",
    "A service.",
  ]);
  expect([...(struct.fields[0]?.annotations ?? [])]).toEqual([
    ["k", ["1", "2"]],
    ["flag", ["1"]],
  ]);
  expect(struct.annotations.get("s")).toEqual(["x"]);
  expect(idl.enum("E").annotations.get("e")).toEqual(["z"]);
  expect(idl.service().annotations.get("sv")).toEqual(["v"]);
  expect(idl.service().method("m").annotations.get("me")).toEqual(["w"]);
  expect(idl.service().method("m").args.fields[0]?.annotations.get("arg")).toEqual(["q"]);
});
