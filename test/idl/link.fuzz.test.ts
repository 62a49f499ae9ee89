import fc from "fast-check";
import { expect, test } from "vitest";
import type { StructDescriptor, TypeDescriptor } from "../../src/descriptor/types.ts";
import { IdlError } from "../../src/idl/diagnostics.ts";
import { type Idl, parseIdl } from "../../src/idl/idl.ts";

/** Few names, so that definitions collide, refer to each other and form cycles. */
const name = fc.constantFrom("A", "B", "C", "D", "x", "__proto__");
const typeName = fc.oneof(
  name,
  fc.constantFrom("i32", "byte", "string", "bool", "double", "o.A", "o.B", "p.A"),
);
const type = fc.oneof(
  { weight: 4, arbitrary: typeName },
  typeName.map((element) => `list<${element}>`),
  typeName.map((element) => `set<${element}>`),
  fc.tuple(typeName, typeName).map(([key, value]) => `map<${key}, ${value}>`),
);
const { literal } = fc.letrec<{ literal: string }>((tie) => ({
  literal: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      "0",
      "1",
      "300",
      "1.5",
      '"A"',
      '"x"',
      "true",
      "[]",
      "{}",
      "A",
      "B",
      "x",
      "A.x",
      "o.A",
      "o.E.x",
    ),
    fc.array(tie("literal"), { maxLength: 2 }).map((elements) => `[${elements.join(", ")}]`),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom('"A"', '"x"'), tie("literal")), tie("literal")), {
        maxLength: 2,
      })
      .map((entries) => `{${entries.map(([key, value]) => `${key}: ${value}`).join(", ")}}`),
  ),
}));
const field = fc
  .record({
    id: fc.constantFrom("", "1: ", "2: ", "3: ", "-1: ", "70000: "),
    requiredness: fc.constantFrom("", "required ", "optional "),
    type,
    name,
    value: fc.option(literal, { nil: undefined }),
    annotations: fc.constantFrom("", '(api.key = "k")', '(api.none = "")', '(agw.to_snake = "true")'),
  })
  .map(
    (f) =>
      `${f.id}${f.requiredness}${f.type} ${f.name}${f.value === undefined ? "" : ` = ${f.value}`} ${f.annotations}`,
  );
const fields = fc.array(field, { maxLength: 3 }).map((list) => list.join("\n"));
const method = fc
  .record({
    oneway: fc.constantFrom("", "oneway "),
    type: fc.oneof(fc.constant("void"), type),
    name,
    args: fields,
  })
  .map((m) => `${m.oneway}${m.type} ${m.name}(${m.args})`);
const definition = fc.oneof(
  fc.tuple(type, name).map(([target, alias]) => `typedef ${target} ${alias}`),
  fc.tuple(type, name, literal).map(([of, constant, value]) => `const ${of} ${constant} = ${value}`),
  fc
    .tuple(name, fc.array(name, { maxLength: 3 }))
    .map(([e, members]) => `enum ${e} { ${members.join(", ")} }`),
  fc
    .tuple(fc.constantFrom("struct", "union", "exception"), name, fields)
    .map(([flavor, struct, list]) => `${flavor} ${struct} { ${list} }`),
  fc
    .tuple(
      name,
      fc.option(fc.oneof(name, fc.constant("o.S")), { nil: undefined }),
      fc.array(method, { maxLength: 2 }),
    )
    .map(
      ([service, parent, list]) =>
        `service ${service} ${parent ? `extends ${parent}` : ""} { ${list.join("\n")} }`,
    ),
);

const OTHER =
  "struct A { 1: B b (api.none = '') }\ntypedef list<A> B\nenum E { x }\nconst i32 A = 1\nservice S { B m() }";

/** Everything that descriptors can reach is there and consistent. */
function walk(idl: Idl): void {
  const seen = new Set<TypeDescriptor>();
  const queue: TypeDescriptor[] = [...idl.structs.values(), ...idl.enums.values(), ...idl.typedefs.values()];
  for (const service of idl.services.values()) {
    for (const { args, result, returnType, exceptions } of service.methods) {
      queue.push(args, result, ...(returnType === undefined ? [] : [returnType]));
      expect(exceptions.length).toBe(result.fields.length - (returnType === undefined ? 0 : 1));
    }
  }
  for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
    if (!seen.has(current)) {
      seen.add(current);
      queue.push(...partsOf(current));
    }
  }
}

function partsOf(current: TypeDescriptor): TypeDescriptor[] {
  switch (current.kind) {
    case "list":
    case "set":
      return [current.element];
    case "map":
      return [current.key, current.value];
    case "struct":
      return checkedFields(current);
    default:
      return [];
  }
}

function checkedFields(struct: StructDescriptor): TypeDescriptor[] {
  return struct.fields.map((found) => {
    expect(found.parent).toBe(struct);
    expect(struct.fieldById(found.id)).toBe(found);
    expect(struct.fieldByName(found.name)).toBe(found);
    return found.type;
  });
}

test("any IDL links or ends in an IdlError, and what links is complete", () => {
  let linked = 0;
  fc.assert(
    fc.property(fc.array(definition, { minLength: 1, maxLength: 6 }), (definitions) => {
      const source = `include "o.thrift"\n${definitions.join("\n")}`;
      let idl: Idl;
      try {
        idl = parseIdl(source, { sources: { "o.thrift": OTHER } });
      } catch (error) {
        expect(error).toBeInstanceOf(IdlError);
        return;
      }
      linked++;
      walk(idl);
    }),
    { seed: 20260, numRuns: 3000 },
  );
  // Otherwise the definitions are too random to prove anything.
  expect(linked).toBeGreaterThan(200);
});
