import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { message } from "../support/arbitraries.ts";
import { hex } from "../support/bytes.ts";
import { thriftToJson } from "../support/engines.ts";
import type { SchemaModel } from "../support/schema.ts";
import { feed, make, PROTOCOLS, typeOf, UUID } from "./fixtures.ts";
import { structOfModel, valueOfModel } from "./random-message.ts";

const INFINITY = Number.POSITIVE_INFINITY;

/** `JSON.stringify` knows no −0. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** `toJSON` has the names of fields, the conversion their keys. */
function withoutAliases(schema: SchemaModel): SchemaModel {
  const structs = [...schema.structs.values()].map((struct) => ({
    ...struct,
    fields: struct.fields.map((field) => ({ ...field, alias: undefined })),
  }));
  return { ...schema, structs: new Map(structs.map((struct) => [struct.name, struct])) };
}

describe.each(PROTOCOLS)("JSON.stringify in %s", (protocol) => {
  it.each<[type: string, js: unknown, json: string]>([
    ["bool", true, "true"],
    ["byte", -1, "-1"],
    ["i64", 2n ** 53n + 1n, '"9007199254740993"'],
    ["double", 0.1, "0.1"],
    ["double", Number.NaN, '"NaN"'],
    ["double", INFINITY, '"Infinity"'],
    ["double", -INFINITY, '"-Infinity"'],
    ["string", 'a"\n\u2028', '"a\\"\\n\u2028"'],
    ["binary", hex`00ff`, '"AP8="'],
    ["binary", hex``, '""'],
    ["uuid", UUID, `"${UUID}"`],
    ["Color", "GREEN", "2"],
    ["list<i64>", [1, 2], '["1","2"]'],
    ["list<double>", [Number.NaN, 1.5], '["NaN",1.5]'],
    ["set<string>", ["b", "a"], '["b","a"]'],
    ["set<binary>", [hex`01`], '["AQ=="]'],
    ["map<string,i32>", { b: 1, a: 2 }, '{"b":1,"a":2}'],
    ["map<i64,i64>", { "-5": 6 }, '{"-5":"6"}'],
    ["map<binary,binary>", new Map([[hex`00ff`, hex`01`]]), '{"AP8=":"AQ=="}'],
    ["map<bool,i32>", { false: 1 }, '{"false":1}'],
    [
      "map<double,i32>",
      [
        [-0, 1],
        [INFINITY, 2],
      ],
      '{"-0":1,"Infinity":2}',
    ],
    ["map<Color,i32>", { RED: 1 }, '{"1":1}'],
    ["map<uuid,i32>", { [UUID]: 1 }, `{"${UUID}":1}`],
    ["map<Point,i32>", [[{ x: 1 }, 2]], '[[{"x":1},2]]'],
    ["map<Point,i32>", [], "[]"],
    ["map<list<i64>,i32>", [[[1], 2]], '[[["1"],2]]'],
    ["map<string,i32>", JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    ["Point", { x: 1, label: "l" }, '{"x":1,"label":"l"}'],
    ["Shape", { radius: 5 }, '{"radius":5}'],
    ["Odd", JSON.parse('{"__proto__":1,"toString":{"a":2}}'), '{"__proto__":1,"toString":{"a":2}}'],
  ])("%s %o → %s", (type, js, json) => {
    const value = make(type, js, protocol);
    expect(JSON.stringify(value)).toBe(json);
    expect(JSON.stringify({ in: [value] })).toBe(`{"in":[${json}]}`);
    const converter = thriftToJson(typeOf(type), { protocol, int64: "string", nonFinite: "string" });
    expect(JSON.parse(converter.convertToString(value.toBytes()))).toEqual(JSON.parse(json));
  });

  it("of random messages agrees with thriftToJson", () => {
    const property = fc.property(message(), (model) => {
      const schema = withoutAliases(model.schema);
      const type = structOfModel(schema);
      const value = valueOfModel({ ...model, schema }, type, protocol);
      const text = thriftToJson(type, { protocol, int64: "string" }).convertToString(value.bytes);
      expect(JSON.parse(JSON.stringify(value))).toEqual(withoutMinusZero(JSON.parse(text)));
    });
    fc.assert(property, { numRuns: 50, seed: 9 });
  });

  it("takes parts of a value", () => {
    const value = feed(protocol);
    expect(JSON.stringify([value.get(["items", 0, "author"]), value.get("flags")])).toBe(
      '[{"id":"11","name":"Ann","verified":true},[true,false,true]]',
    );
  });
});
