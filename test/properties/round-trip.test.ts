import fc from "fast-check";
import { parse as parseLossless } from "lossless-json";
import { describe, expect, it } from "vitest";
import { type MessageModel, message, withBlanks } from "../support/arbitraries.ts";
import { chunksOf, fromUtf8, toHex, utf8, withNoise } from "../support/bytes.ts";
import {
  encodeLiteral,
  jsonToThrift,
  type MaskRule,
  parseIdl,
  type StructDescriptor,
  type ThriftToJsonOptions,
  thriftToJson,
} from "../support/engines.ts";
import { matchThriftError } from "../support/errors.ts";
import { decodeWithNpmThrift, encodeWithNpmThrift } from "../support/npm-thrift.ts";
import {
  type FieldModel,
  rootType,
  type SchemaModel,
  type TypeModel,
  toIdl,
  toJsonText,
  typeExpression,
} from "../support/schema.ts";
import { pump } from "../support/streams.ts";
import { inSchemaOrder, toLiteral, toLossless, withoutFields } from "./model-values.ts";

/**
 * Random schemas with random values. The model that they are made of, npm `thrift`, `JSON.parse` and
 * `lossless-json` know nothing of the library, so what all agree on is right.
 */

const PROTOCOLS = ["binary", "compact"] as const;
const RUNS = 60;

function root({ schema }: MessageModel): StructDescriptor {
  return parseIdl(toIdl(schema)).struct(schema.root);
}

function hasBooleanElements({ structs }: SchemaModel): boolean {
  return [...structs.values()].some(({ fields }) =>
    fields.some(({ type }) => /[<,] ?bool/.test(typeExpression(type))),
  );
}

describe.each(PROTOCOLS)("%s", (protocol) => {
  const assert = (seed: number, check: (model: MessageModel) => void, numRuns = RUNS): void =>
    fc.assert(fc.property(message(), check), { seed, numRuns });

  it("JSON → Thrift → JSON is the identity, and the Thrift is that of npm thrift", () => {
    assert(101, (model) => {
      const { schema, value, json } = model;
      const type = root(model);
      const thrift = jsonToThrift(type, { protocol }).convert(json);
      expect(thriftToJson(type, { protocol }).convertToString(withNoise(thrift))).toBe(json);
      const theirs = encodeWithNpmThrift(schema, rootType(schema), value, protocol);
      // As the type of elements, npm thrift writes the other number of the two that mean bool in compact.
      if (protocol === "binary" || !hasBooleanElements(schema)) expect(toHex(thrift)).toBe(toHex(theirs));
      expect(thriftToJson(type, { protocol }).convertToString(theirs)).toBe(json);
      expect(
        toJsonText(schema, rootType(schema), decodeWithNpmThrift(schema, rootType(schema), thrift, protocol)),
      ).toBe(json);
    });
  });

  it("the JSON is what JSON.parse and lossless-json read", () => {
    assert(102, (model) => {
      const { schema, value, json } = model;
      const thrift = encodeWithNpmThrift(schema, rootType(schema), value, protocol);
      const text = fromUtf8(thriftToJson(root(model), { protocol }).convert(thrift));
      expect(JSON.parse(text)).toEqual(JSON.parse(json));
      // lossless-json takes the key `__proto__` for the prototype.
      if (text.includes("__proto__")) return;
      expect(parseLossless(text)).toEqual(toLossless(schema, rootType(schema), value));
    });
  });

  it("blanks and the order of members make no difference", () => {
    const spaced = message().chain((model) => withBlanks(model.json).map((text) => ({ model, text })));
    fc.assert(
      fc.property(spaced, ({ model, text }) => {
        const converter = jsonToThrift(root(model), { protocol });
        expect(toHex(converter.convert(utf8(text)))).toBe(toHex(converter.convert(model.json)));
      }),
      { seed: 103, numRuns: RUNS },
    );
  });

  it("in chunks of any size, both ways", async () => {
    const cut = fc.tuple(
      message(),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(cut, async ([model, sizes]) => {
        const type = root(model);
        const toThrift = jsonToThrift(type, { protocol });
        const thrift = toThrift.convert(model.json);
        const there = await pump(chunksOf(utf8(model.json), sizes), toThrift.stream());
        expect(there.error).toBeUndefined();
        expect(toHex(there.bytes)).toBe(toHex(thrift));
        const back = await pump(chunksOf(thrift, sizes), thriftToJson(type, { protocol }).stream());
        expect(back.error).toBeUndefined();
        expect(fromUtf8(back.bytes)).toBe(model.json);
      }),
      { seed: 104, numRuns: RUNS },
    );
  });

  it("every way to spell numbers and names leads back to the same Thrift", () => {
    const options: readonly ThriftToJsonOptions[] = [
      { int64: "string" },
      { enums: "name" },
      { int64: "string", enums: "name", duplicateKeys: "error" },
    ];
    assert(105, (model) => {
      const type = root(model);
      const thrift = jsonToThrift(type, { protocol }).convert(model.json);
      for (const each of options) {
        const text = thriftToJson(type, { ...each, protocol }).convertToString(thrift);
        const quotedNumbers = each.int64 === "string" ? "accept" : "reject";
        expect(toHex(jsonToThrift(type, { protocol, quotedNumbers }).convert(text))).toBe(toHex(thrift));
      }
    });
  });

  it("encodeLiteral of a value is the Thrift of its JSON", () => {
    assert(106, (model) => {
      const { schema, value } = model;
      const ordered = inSchemaOrder(schema, rootType(schema), value);
      const type = root(model);
      const encoded = encodeLiteral(type, toLiteral(schema, rootType(schema), value), protocol);
      const text = toJsonText(schema, rootType(schema), ordered);
      expect(toHex(encoded)).toBe(toHex(jsonToThrift(type, { protocol }).convert(text)));
      expect(thriftToJson(type, { protocol }).convertToString(encoded)).toBe(text);
    });
  });

  it("what is missing is filled alike in both directions", () => {
    const missing = { required: "write", default: "write", optional: "write" } as const;
    assert(107, (model) => {
      const type = root(model);
      const thrift = jsonToThrift(type, { protocol }).convert(model.json);
      // A union that is missing is written without a member.
      const unions = "any" as const;
      const plain = thriftToJson(type, { protocol, unions, missing: { required: "omit" } });
      const filled = jsonToThrift(type, { protocol, missing }).convert(model.json);
      const text = thriftToJson(type, { protocol, missing }).convertToString(thrift);
      expect(text).toBe(plain.convertToString(filled));
    });
  });

  it("masked fields leave no trace", () => {
    const masked = message().chain((model) => {
      const { fields } = model.schema.structs.get(model.schema.root)!;
      return fc.subarray([...fields]).map((hidden) => ({ model, hidden }));
    });
    fc.assert(
      fc.property(masked, ({ model, hidden }) => {
        const { schema, value, json } = model;
        const type = root(model);
        const mask: MaskRule = {
          fields: new Map(hidden.map(({ id }) => [id, "skip" as const])),
          otherFields: "keep",
        };
        const names = new Set(hidden.map(({ name }) => name));
        const members = new Map(
          [...(value as ReadonlyMap<string, never>)].filter(([name]) => !names.has(name)),
        );
        const expected = toJsonText(schema, rootType(schema), members);
        const thrift = jsonToThrift(type, { protocol }).convert(json);
        // A masked member of a union leaves it without any.
        const unions = "any" as const;
        expect(thriftToJson(type, { protocol, mask, unions }).convertToString(thrift)).toBe(expected);
        const short = jsonToThrift(type, { protocol, mask, unions }).convert(json);
        expect(
          thriftToJson(type, { protocol, unions, missing: { required: "omit" } }).convertToString(short),
        ).toBe(expected);
      }),
      { seed: 108, numRuns: RUNS },
    );
  });
});

it("binary and compact say the same", () => {
  fc.assert(
    fc.property(message(), (model) => {
      const type = root(model);
      const texts = PROTOCOLS.map((protocol) => {
        const thrift = jsonToThrift(type, { protocol }).convert(model.json);
        return thriftToJson(type, { protocol }).convertToString(thrift);
      });
      expect(texts[0]).toBe(texts[1]);
    }),
    { seed: 109, numRuns: RUNS },
  );
});

describe.each(PROTOCOLS)("a reader with another version of the schema, %s", (protocol) => {
  /** Fields are chosen by struct and name. */
  interface Changed {
    readonly model: MessageModel;
    readonly changed: ReadonlySet<string>;
  }
  const keyOf = (struct: string, field: string): string => `${struct}.${field}`;
  const changedFields = message().chain((model): fc.Arbitrary<Changed> => {
    const all = [...model.schema.structs.values()].flatMap(({ name, fields }) =>
      fields.map((field) => keyOf(name, field.name)),
    );
    return fc.subarray(all).map((keys) => ({ model, changed: new Set(keys) }));
  });
  const LENIENT: ThriftToJsonOptions = { protocol, unions: "any", missing: { required: "omit" } };

  function withFields(
    schema: SchemaModel,
    change: (struct: string, field: FieldModel) => FieldModel | undefined,
  ): SchemaModel {
    const structs = [...schema.structs.values()].map((struct) => ({
      ...struct,
      fields: struct.fields.flatMap((field) => change(struct.name, field) ?? []),
    }));
    return { ...schema, structs: new Map(structs.map((struct) => [struct.name, struct])) };
  }

  /** A type of another form on the wire, whatever the first one is. */
  function otherType({ kind }: TypeModel): TypeModel {
    return kind === "double" ? { kind: "set", element: { kind: "bool" } } : { kind: "double" };
  }

  it("fields that it lacks are passed over", () => {
    fc.assert(
      fc.property(changedFields, ({ model, changed }) => {
        const { schema, value } = model;
        const keep = (struct: string, field: string): boolean => !changed.has(keyOf(struct, field));
        const smaller = withFields(schema, (struct, field) => (keep(struct, field.name) ? field : undefined));
        const type = parseIdl(toIdl(smaller)).struct(schema.root);
        const thrift = encodeWithNpmThrift(schema, rootType(schema), value, protocol);
        const expected = withoutFields(schema, rootType(schema), value, keep);
        const text = toJsonText(schema, rootType(schema), expected);
        expect(thriftToJson(type, LENIENT).convertToString(thrift)).toBe(text);
        const strict = thriftToJson(type, { ...LENIENT, unknownFields: "error" });
        if (text === model.json) expect(strict.convertToString(thrift)).toBe(text);
        else {
          try {
            strict.convert(thrift);
          } catch (error) {
            matchThriftError(error, { code: "UNKNOWN_FIELD" });
            return;
          }
          expect.unreachable("no error");
        }
      }),
      { seed: 110, numRuns: RUNS },
    );
  });

  it("fields whose type has changed are an error, or passed over", () => {
    fc.assert(
      fc.property(changedFields, ({ model, changed }) => {
        const { schema, value } = model;
        const keep = (struct: string, field: string): boolean => !changed.has(keyOf(struct, field));
        const other = withFields(schema, (struct, field) =>
          keep(struct, field.name) ? field : { ...field, type: otherType(field.type) },
        );
        const type = parseIdl(toIdl(other)).struct(schema.root);
        const thrift = encodeWithNpmThrift(schema, rootType(schema), value, protocol);
        const expected = withoutFields(schema, rootType(schema), value, keep);
        const text = toJsonText(schema, rootType(schema), expected);
        expect(thriftToJson(type, { ...LENIENT, mismatch: "skip" }).convertToString(thrift)).toBe(text);
        const strict = thriftToJson(type, LENIENT);
        if (text === model.json) expect(strict.convertToString(thrift)).toBe(text);
        else {
          try {
            strict.convert(thrift);
          } catch (error) {
            matchThriftError(error, { code: "TYPE_MISMATCH" });
            return;
          }
          expect.unreachable("no error");
        }
      }),
      { seed: 111, numRuns: RUNS },
    );
  });

  it("fields in any order", () => {
    const shuffled = message().chain((model) => {
      const { schema, value } = model;
      const members = [...(value as ReadonlyMap<string, never>)];
      return fc
        .shuffledSubarray(members, { minLength: members.length })
        .map((order) => ({ model, json: toJsonText(schema, rootType(schema), new Map(order)) }));
    });
    fc.assert(
      fc.property(shuffled, ({ model, json }) => {
        const type = root(model);
        const thrift = jsonToThrift(type, { protocol }).convert(json);
        expect(thriftToJson(type, { protocol }).convertToString(thrift)).toBe(json);
      }),
      { seed: 112, numRuns: RUNS },
    );
  });
});
