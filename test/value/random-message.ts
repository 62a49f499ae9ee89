import type { StructDescriptor } from "../../src/descriptor/types.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import { fieldId, type PathStep } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import type { Protocol } from "../../src/wire/ttype.ts";
import type { MessageModel } from "../support/arbitraries.ts";
import { withNoise } from "../support/bytes.ts";
import { encodeWithNpmThrift } from "../support/npm-thrift.ts";
import type { Random } from "../support/random.ts";
import { rootType, type SchemaModel, type TypeModel, toIdl, type ValueModel } from "../support/schema.ts";

export function structOfModel(schema: SchemaModel): StructDescriptor {
  return parseIdl(toIdl(schema)).struct(schema.root);
}

/** The message as npm `thrift` encodes it, within noise. */
export function valueOfModel(
  { schema, value }: MessageModel,
  type: StructDescriptor,
  protocol: Protocol,
): Value {
  const bytes = encodeWithNpmThrift(schema, rootType(schema), value, protocol);
  return Value.from(type, withNoise(bytes), { protocol });
}

/** What `toJS` must give for a value. */
export function plainOf(schema: SchemaModel, type: TypeModel, value: ValueModel): unknown {
  switch (type.kind) {
    case "list":
      return (value as readonly ValueModel[]).map((element) => plainOf(schema, type.element, element));
    case "set":
      return new Set(
        (value as readonly ValueModel[]).map((element) => plainOf(schema, type.element, element)),
      );
    case "map": {
      const map = new Map<unknown, unknown>();
      for (const [key, element] of value as readonly (readonly [ValueModel, ValueModel])[]) {
        const name = plainOf(schema, type.key, key);
        // The keys 0 and −0 are one to a Map; the first counts.
        if (!map.has(name)) map.set(name, plainOf(schema, type.value, element));
      }
      return map;
    }
    case "struct": {
      const { fields } = schema.structs.get(type.name)!;
      const members = [...(value as ReadonlyMap<string, ValueModel>)].map(([name, member]) => [
        name,
        plainOf(schema, fields.find((field) => field.name === name)!.type, member),
      ]);
      // Also makes a property that is called `__proto__`.
      return Object.fromEntries(members);
    }
    default:
      return value;
  }
}

export interface RandomPath {
  readonly steps: PathStep[];
  readonly type: TypeModel;
  /** What is there; `undefined` when the data lacks it. */
  readonly value: ValueModel | undefined;
}

/** A path that values of the message's type can have; most lead to something. */
export function randomPath(random: Random, { schema, value }: MessageModel, protocol: Protocol): RandomPath {
  const steps: PathStep[] = [];
  let type = rootType(schema);
  let at: ValueModel | undefined = value;
  while (random.chance(0.85)) {
    switch (type.kind) {
      case "struct": {
        const { fields } = schema.structs.get(type.name)!;
        if (fields.length === 0) return { steps, type, value: at };
        const members: ReadonlyMap<string, ValueModel> =
          (at as ReadonlyMap<string, ValueModel> | undefined) ?? new Map();
        const present = fields.filter(({ name }) => members.has(name));
        const field = random.pick(present.length > 0 && random.chance(0.8) ? present : fields);
        steps.push(random.chance(0.5) ? field.name : fieldId(field.id));
        at = members.get(field.name);
        type = field.type;
        break;
      }
      case "list":
      case "set": {
        const elements = (at ?? []) as readonly ValueModel[];
        const index = random.int(0, elements.length);
        steps.push(index);
        at = elements[index];
        type = type.element;
        break;
      }
      case "map": {
        const entries = (at ?? []) as readonly (readonly [ValueModel, ValueModel])[];
        if (entries.length === 0) return { steps, type, value: at };
        const [key, element] = random.pick(entries);
        steps.push(keyStep(random, schema, type.key, key, protocol));
        at = element;
        type = type.value;
        break;
      }
      default:
        return { steps, type, value: at };
    }
  }
  return { steps, type, value: at };
}

/** One of the forms that lead to an entry with that key. */
export function keyStep(
  random: Random,
  schema: SchemaModel,
  type: TypeModel,
  key: ValueModel,
  protocol: Protocol,
): PathStep {
  switch (type.kind) {
    case "byte":
    case "i16":
    case "i32":
      return random.chance(0.5) ? (key as number) : BigInt(key as number);
    case "enum": {
      const { members } = schema.enums.get(type.name)!;
      const name = [...members].find(([, number]) => number === key)?.[0];
      return name !== undefined && random.chance(0.5) ? name : (key as number);
    }
    case "i64":
      return Number.isSafeInteger(Number(key)) && random.chance(0.5) ? Number(key) : (key as bigint);
    case "string":
      return random.chance(0.5) ? (key as string) : new TextEncoder().encode(key as string);
    case "bool":
    case "double":
    case "binary":
    case "uuid":
      return key as PathStep;
    default:
      return encodeWithNpmThrift(schema, type, key, protocol);
  }
}
