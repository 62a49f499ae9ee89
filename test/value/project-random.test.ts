import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StructDescriptor } from "../../src/descriptor/types.ts";
import { Value } from "../../src/value/value.ts";
import { message } from "../support/arbitraries.ts";
import { toHex } from "../support/bytes.ts";
import { decodeWithNpmThrift } from "../support/npm-thrift.ts";
import { createRandom, type Random } from "../support/random.ts";
import { rootType, type SchemaModel, type TypeModel, type ValueModel } from "../support/schema.ts";
import { PROTOCOLS } from "./fixtures.ts";
import { plainOf, structOfModel, valueOfModel } from "./random-message.ts";

/** The schema with some fields of its structs, under other names. Unions keep theirs: one must stay. */
function subset(random: Random, schema: SchemaModel): SchemaModel {
  const structs = [...schema.structs.values()].map((struct) => ({
    ...struct,
    fields: struct.fields
      .filter(() => struct.flavor === "union" || random.chance(0.6))
      .map((field) => ({ ...field, name: `${field.name}_`, alias: undefined })),
  }));
  return { ...schema, structs: new Map(structs.map((struct) => [struct.name, struct])) };
}

/** What of a value is left in the subset of its schema: fields by id. */
function pick(from: SchemaModel, to: SchemaModel, type: TypeModel, value: ValueModel): ValueModel {
  switch (type.kind) {
    case "list":
    case "set":
      return (value as readonly ValueModel[]).map((element) => pick(from, to, type.element, element));
    case "map":
      return (value as readonly (readonly [ValueModel, ValueModel])[]).map(([key, element]) => [
        pick(from, to, type.key, key),
        pick(from, to, type.value, element),
      ]);
    case "struct": {
      const { fields } = from.structs.get(type.name)!;
      const kept = to.structs.get(type.name)!.fields;
      const members: [string, ValueModel][] = [];
      for (const [name, member] of value as ReadonlyMap<string, ValueModel>) {
        const field = fields.find((candidate) => candidate.name === name)!;
        const target = kept.find(({ id }) => id === field.id);
        if (target !== undefined) members.push([target.name, pick(from, to, target.type, member)]);
      }
      return new Map(members);
    }
    default:
      return value;
  }
}

describe.each(PROTOCOLS)("random subsets of random messages, in %s", (protocol) => {
  it("project gives what is picked from the JavaScript value, and what npm thrift reads", () => {
    const property = fc.property(message(), fc.nat(), (model, seed) => {
      const smaller = subset(createRandom(seed), model.schema);
      const to = structOfModel(smaller);
      const value = valueOfModel(model, structOfModel(model.schema), protocol);
      const before = toHex(value.bytes);
      const cut = value.project(to, { required: "omit" });
      cut.validate();
      const picked = pick(model.schema, smaller, rootType(model.schema), model.value);
      expect(cut.toJS()).toEqual(plainOf(smaller, rootType(smaller), picked));
      expect(decodeWithNpmThrift(smaller, rootType(smaller), cut.toBytes(), protocol)).toEqual(picked);
      // The same again, from the other end.
      const js = plainOf(smaller, rootType(smaller), picked);
      const encoded = Value.of(to, js, { protocol, missing: { required: "omit" } });
      expect(cut.size).toBe(protocol === "binary" ? encoded.size : cut.size);
      expect(value.project(to).toJS()).toEqual(encoded.toJS());
      expect(toHex(value.bytes)).toBe(before);
    });
    fc.assert(property, { numRuns: 60, seed: 10 });
  });

  it("default: write gives what Value.of gives for missing fields", () => {
    const property = fc.property(message(), fc.nat(), (model, seed) => {
      const smaller = subset(createRandom(seed), model.schema);
      const from: StructDescriptor = structOfModel(smaller);
      const to = structOfModel(withNames(model.schema));
      const value = valueOfModel(model, structOfModel(model.schema), protocol).project(from);
      const cut = value.project(to, { required: "omit", default: "write" });
      cut.validate();
      const filled = Value.of(to, value.toJS(), {
        protocol,
        missing: { required: "omit", default: "write" },
      });
      expect(cut.toJS()).toEqual(filled.toJS());
    });
    fc.assert(property, { numRuns: 40, seed: 11 });
  });
});

/** The names that `subset` gives. */
function withNames(schema: SchemaModel): SchemaModel {
  return subset({ ...createRandom(0), chance: () => true }, schema);
}
