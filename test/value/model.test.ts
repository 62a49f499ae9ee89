import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import type { Missing, SetOptions } from "../../src/value/edit-options.ts";
import { compilePath } from "../../src/value/route.ts";
import { Value } from "../../src/value/value.ts";
import type { Protocol } from "../../src/wire/ttype.ts";
import { message } from "../support/arbitraries.ts";
import { toHex } from "../support/bytes.ts";
import { decodeWithNpmThrift, encodeWithNpmThrift } from "../support/npm-thrift.ts";
import { createRandom, type Random } from "../support/random.ts";
import {
  isContainer,
  rootType,
  type SchemaModel,
  type TypeModel,
  type ValueModel,
} from "../support/schema.ts";
import {
  checkRemovable,
  hasEncodedKeys,
  isThere,
  ModelError,
  type ModelPath,
  modelDelete,
  modelSet,
  randomEditPath,
  sampleValue,
} from "./edit-model.ts";
import { PROTOCOLS } from "./fixtures.ts";
import { plainOf, structOfModel, valueOfModel } from "./random-message.ts";

const RUNS = 40;
const EDITS = 8;
const SEED = 20;

/** What gives the same error code as the model, or the model's result. */
function outcome<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof ModelError || isThriftError(error)) return error.code;
    throw error;
  }
}

/** One of the forms in which a value can be put: of either protocol, typed or not; scalars also as they are. */
function formOf(
  random: Random,
  schema: SchemaModel,
  type: TypeModel,
  value: ValueModel,
  descriptor: Value["descriptor"],
  own: Protocol,
  isEncodedKey: boolean,
): unknown {
  if (!isContainer(type) && random.chance(0.5)) return value;
  const protocol = isEncodedKey || hasEncodedKeys(schema, type) ? own : random.pick(PROTOCOLS);
  const put = Value.from(descriptor, encodeWithNpmThrift(schema, type, value, protocol), { protocol });
  return random.chance(0.5) ? put : (put.node satisfies ThriftNode);
}

const MISSING: readonly Missing[] = ["insert", "skip", "create"];

function optionsOf(missing: Missing): SetOptions | undefined {
  if (missing === "create") return { createParents: true };
  return missing === "skip" ? { missing } : undefined;
}

describe.each(PROTOCOLS)("random edits in %s", (protocol) => {
  it("set and delete do to the bytes what the model does to a JavaScript value", () => {
    const property = fc.property(message(), fc.nat(), (message, seed) => {
      const { schema } = message;
      const random = createRandom(seed);
      const type = structOfModel(schema);
      const root = rootType(schema);
      let model = message.value;
      const value = valueOfModel(message, type, protocol);
      for (let edit = 0; edit < EDITS; edit++) {
        const { bytes } = value;
        const before = toHex(bytes);
        const path = randomEditPath(random, schema, model, protocol);
        const { target } = compilePath(type, path.steps);
        const way = random.chance(0.3) ? compilePath(type, path.steps) : path.steps;
        const wasThere = isThere(schema, model, path.model);
        if (path.steps.length === 0) continue;
        if (random.chance(0.6)) {
          const put = sampleValue(random, schema, path.target);
          const missing = random.pick(MISSING);
          const form = formOf(random, schema, path.target, put, target, protocol, path.inSet);
          const wanted = outcome(() => modelSet(schema, root, model, path.model, put, missing));
          const got = outcome(() => value.set(way, form, optionsOf(missing)));
          expect(got).toBe(typeof wanted === "string" ? wanted : wasThere);
          if (typeof wanted === "string") expect(toHex(value.bytes)).toBe(before);
          else model = wanted;
        } else {
          const required = random.chance(0.7) ? "remove" : "error";
          const wanted = outcome(() => {
            if (required === "error") checkRemovable(schema, path.model);
            return modelDelete(schema, root, model, [path.model]);
          });
          const got = outcome(() => value.delete(way, { required }));
          expect(got).toBe(typeof wanted === "string" ? wanted : wasThere);
          if (got !== true) expect(toHex(value.bytes)).toBe(before);
          if (typeof wanted !== "string") model = wanted;
        }
        expect(toHex(bytes)).toBe(before);
        value.validate();
        expect(value.toJS()).toEqual(plainOf(schema, root, model));
        expect(value.has(path.steps)).toBe(isThere(schema, model, path.model));
      }
      expect(decodeWithNpmThrift(schema, root, value.toBytes(), protocol)).toEqual(model);
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  it("setMany is many set", () => {
    const property = fc.property(message(), fc.nat(), (message, seed) => {
      const { schema } = message;
      const random = createRandom(seed);
      const type = structOfModel(schema);
      let model = message.value;
      const missing = random.pick(MISSING);
      const single = valueOfModel(message, type, protocol);
      const many = valueOfModel(message, type, protocol);
      const entries: [path: ModelPath["steps"], value: unknown][] = [];
      for (let edit = 0; edit < 6; edit++) {
        const path = randomEditPath(random, schema, model, protocol);
        const put = sampleValue(random, schema, path.target);
        const wanted = outcome(() => modelSet(schema, rootType(schema), model, path.model, put, missing));
        if (typeof wanted === "string") continue;
        model = wanted;
        entries.push([
          path.steps,
          formOf(
            random,
            schema,
            path.target,
            put,
            compilePath(type, path.steps).target,
            protocol,
            path.inSet,
          ),
        ]);
      }
      for (const [path, put] of entries) single.set(path, put, optionsOf(missing));
      many.setMany(entries, optionsOf(missing));
      many.validate();
      expect(many.toJS()).toEqual(plainOf(schema, rootType(schema), model));
      expect(single.toJS()).toEqual(many.toJS());
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  it("deleteMany takes out all of the paths, as they were", () => {
    const property = fc.property(message(), fc.nat(), (message, seed) => {
      const { schema, value: model } = message;
      const random = createRandom(seed);
      const value = valueOfModel(message, structOfModel(schema), protocol);
      const paths = Array.from({ length: 5 }, () => randomEditPath(random, schema, model, protocol)).filter(
        ({ steps }) => steps.length > 0,
      );
      value.deleteMany(
        paths.map(({ steps }) => steps),
        { required: "remove" },
      );
      const wanted = modelDelete(
        schema,
        rootType(schema),
        model,
        paths.map((path) => path.model),
      );
      value.validate();
      expect(value.toJS()).toEqual(plainOf(schema, rootType(schema), wanted));
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
