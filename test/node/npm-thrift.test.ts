import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { message, valueModel } from "../support/arbitraries.ts";
import { withNoise } from "../support/bytes.ts";
import { decodeWithNpmThrift, encodeWithNpmThrift } from "../support/npm-thrift.ts";
import {
  rootType,
  type SchemaModel,
  type TypeModel,
  toJsonText,
  type ValueModel,
} from "../support/schema.ts";
import { PROTOCOLS } from "./plain.ts";

/**
 * Messages that npm `thrift` has written, edited, and read by npm `thrift` again: what it reads must be what the same
 * edits make of the decoded value.
 */

const TTYPES: Readonly<Record<TypeModel["kind"], TType>> = {
  bool: TType.BOOL,
  byte: TType.BYTE,
  i16: TType.I16,
  i32: TType.I32,
  i64: TType.I64,
  double: TType.DOUBLE,
  string: TType.STRING,
  binary: TType.STRING,
  uuid: TType.UUID,
  enum: TType.I32,
  list: TType.LIST,
  set: TType.SET,
  map: TType.MAP,
  struct: TType.STRUCT,
};

type Members = ReadonlyMap<string, ValueModel>;

interface Change {
  /** Which field, of all. */
  readonly field: number;
  readonly other: Members;
  readonly remove: boolean;
  /** Goes on into a list that is there, to the element with this number or to the end. */
  readonly element: number | undefined;
}

function withChanges(model: { schema: SchemaModel; value: ValueModel }): fc.Arbitrary<readonly Change[]> {
  const other = valueModel(model.schema, rootType(model.schema)) as fc.Arbitrary<unknown>;
  const change = fc.record({
    field: fc.nat(),
    other: other as fc.Arbitrary<Members>,
    remove: fc.boolean(),
    element: fc.option(fc.nat(4), { nil: undefined }),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 });
}

describe.each(PROTOCOLS)("npm thrift reads what edits have made: %s", (protocol) => {
  it("fields set, inserted, removed; elements replaced, appended, removed", () => {
    const edits = message().chain((model) => fc.tuple(fc.constant(model), withChanges(model)));
    fc.assert(
      fc.property(edits, ([{ schema, value }, changes]) => {
        const root = rootType(schema);
        const { fields } = schema.structs.get(schema.root)!;
        if (fields.length === 0) return;
        const bytes = encodeWithNpmThrift(schema, root, value, protocol);
        const node = ThriftNode.from(TType.STRUCT, withNoise(bytes), { protocol });
        const members = new Map(value as Members);
        const nodeFor = (type: TypeModel, each: ValueModel): ThriftNode => {
          const encoded = encodeWithNpmThrift(schema, type, each, protocol);
          return ThriftNode.from(TTYPES[type.kind], encoded, { protocol });
        };
        for (const { field, other, remove, element } of changes) {
          const { name, id, type } = fields[field % fields.length]!;
          const current = members.get(name);
          const put = other.get(name);
          if (type.kind === "list" && Array.isArray(current) && element !== undefined) {
            const elements = [...(current as readonly ValueModel[])];
            const index = Math.min(element, elements.length);
            const source = (put as readonly ValueModel[] | undefined)?.[0];
            if (remove) {
              expect(node.delete([fieldId(id), index])).toBe(index < elements.length);
              elements.splice(index, 1);
            } else if (source !== undefined) {
              expect(node.set([fieldId(id), index], nodeFor(type.element, source))).toBe(
                index < elements.length,
              );
              elements[index] = source;
            }
            members.set(name, elements);
          } else if (remove) {
            expect(node.delete(fieldId(id))).toBe(current !== undefined);
            members.delete(name);
          } else if (put !== undefined) {
            expect(node.set(fieldId(id), nodeFor(type, put))).toBe(current !== undefined);
            members.set(name, put);
          }
        }
        node.validate();
        const decoded = decodeWithNpmThrift(schema, root, node.toBytes(), protocol) as Members;
        const text = (name: string, each: Members): string =>
          toJsonText(schema, fields.find((field) => field.name === name)!.type, each.get(name)!);
        // Insertion decides the order: compared by name.
        expect([...decoded.keys()].sort()).toEqual([...members.keys()].sort());
        for (const name of members.keys()) expect(text(name, decoded)).toBe(text(name, members));
      }),
      { seed: 501, numRuns: 60 },
    );
  });

  it("all fields of a message built with structOf", () => {
    fc.assert(
      fc.property(message(), ({ schema, value }) => {
        const root = rootType(schema);
        const from = ThriftNode.from(TType.STRUCT, encodeWithNpmThrift(schema, root, value, protocol), {
          protocol,
        });
        const built = ThriftNode.structOf(from as Iterable<never>, protocol);
        const decoded = decodeWithNpmThrift(schema, root, built.bytes, protocol);
        expect(toJsonText(schema, root, decoded)).toBe(toJsonText(schema, root, value));
        const other = protocol === "binary" ? "compact" : "binary";
        const transcoded = ThriftNode.of(TType.STRUCT, from, other);
        transcoded.validate();
        const back = decodeWithNpmThrift(schema, root, transcoded.bytes, other);
        expect(toJsonText(schema, root, back)).toBe(toJsonText(schema, root, value));
      }),
      { seed: 502, numRuns: 40 },
    );
  });
});
