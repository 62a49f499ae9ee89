import { TType } from "../wire/ttype.ts";
import type { Annotations } from "./annotations.ts";
import type { EnumDescriptor, EnumMember } from "./types.ts";

/** What an enum is made of. */
export interface EnumParts {
  readonly name: string;
  /** In textual order, each name once; kept, not copied. */
  readonly members: ReadonlyMap<string, EnumMember>;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
}

class Enum implements EnumDescriptor {
  readonly kind = "enum";
  readonly ttype: typeof TType.I32 = TType.I32;
  readonly name: string;
  readonly members: ReadonlyMap<string, EnumMember>;
  readonly values: ReadonlyMap<string, number>;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  #names: ReadonlyMap<number, string> | undefined;

  constructor(parts: EnumParts) {
    this.name = parts.name;
    this.members = parts.members;
    this.values = new Map([...parts.members].map(([name, { value }]) => [name, value]));
    this.annotations = parts.annotations;
    this.doc = parts.doc;
  }

  valueOf(): EnumDescriptor;
  valueOf(name: string): number | undefined;
  valueOf(name?: string): EnumDescriptor | number | undefined {
    // Without an argument this is `Object.prototype.valueOf`, which `==` and `+` call.
    return name === undefined ? this : this.values.get(name);
  }

  nameOf(value: number): string | undefined {
    return (this.#names ??= firstNames(this.values)).get(value);
  }
}

function firstNames(values: ReadonlyMap<string, number>): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of values) {
    if (!names.has(value)) {
      names.set(value, name);
    }
  }
  return names;
}

export function createEnum(parts: EnumParts): EnumDescriptor {
  return new Enum(parts);
}
